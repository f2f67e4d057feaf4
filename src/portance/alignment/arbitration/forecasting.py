"""What an option would do to every function's indicators over a quarter, a year and three years, with its doubt.

The responses of indicators to levers are drawn jointly and read in the light of each other (``shrinking``). Four
things are added to what the regression says:

- **bend**: the slope over a move differs from the measured one by the measured bend (``bending``), in proportion to
  how far the middle of the move lies from the middle of the range seen, hence more beyond it. Where the bend is poorly
  measured, a normal law around nothing holds it, as wide at the edge of the range as ``BEND`` times the response.
- **onset**: a response is at its first measured level after the time it takes to settle; what share of it is there at
  once is unknown, every share as likely.
- **drift**: another year is not the one that was measured. The slope differs by a factor of spread ``DRIFT``.
- **fading**: beyond the longest time after a change that was followed, the last level seen is carried on, and each
  doubling of that time lets it differ by a further factor of spread ``FADING``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from portance.alignment.arbitration.evidence import HORIZONS, Evidence, Horizon, Level, Setting
from portance.alignment.arbitration.question import Move, Option
from portance.alignment.arbitration.shrinking import shrunk
from portance.alignment.conflicts.lagging import SETTLED

Floats = npt.NDArray[np.float64]
Note = tuple[str, Mapping[str, str | float | None]]
"""A code, and what its sentence is filled with."""

DRAWS = 2000
BEND = 0.80
DRIFT = 0.20
FADING = 0.25
LEVEL = 0.90
GRADES = "ABCDE"
Reason = Literal["not_measured", "no_lever"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """One indicator's change under an option.

    ``median`` is the mean change over the horizon, in the indicator's unit, with its 90 % interval; ``money`` what it
    amounts to over all units and the periods of the horizon (gained where positive), None where the indicator has no
    declared worth. ``team`` is None for the whole company.
    """

    option: int
    indicator: str
    function: str
    team: str | None
    horizon: Horizon
    low: float
    median: float
    high: float
    unit: str
    money_low: float | None
    money: float | None
    money_high: float | None
    extrapolated: bool
    grade: str


@dataclass(frozen=True, slots=True)
class Simulated:
    """One option, simulated: forecasts, and the draws behind them for what compares options.

    ``change`` has the shape (draws, horizons, indicators), 0 where nothing is known to happen; ``net`` (draws,
    horizons) is the money of all indicators that have a worth, NaN where none has. ``notes`` tell what was assumed.
    """

    option: Option
    forecasts: tuple[Forecast, ...]
    change: Floats
    net: Floats
    path: Mapping[str, Floats]
    notes: tuple[Note, ...]
    unmeasured: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shift:
    """A lever's move: the mean change over units, and that change weighed by how far its middle lies from what was seen."""

    lever: int
    mean: float
    bent: float
    outside: bool


@dataclass(frozen=True, slots=True)
class Draws:
    """Everything random, drawn once for all options, so that they are compared in the same possible worlds."""

    responses: Floats
    bend: Floats
    drift: Floats
    fading: Floats
    onset: Floats
    declared: Floats
    worth: Floats
    size: Floats


def draw(evidence: Evidence, *, n: int = DRAWS, seed: int = 0) -> Draws:
    """Draw ``n`` possible worlds."""
    responses = evidence.responses
    generator = np.random.default_rng([seed, 1])
    cells = (len(responses.levers), len(responses.indicators))
    drawn = shrunk(responses, responses.draws(n, seed), generator)
    size = np.sqrt((drawn**2).mean(axis=0))
    bend = _bent(
        evidence, size[-1] if len(responses.horizons) else size, generator.standard_normal((n, *cells))
    )
    names = len(evidence.levels)
    worth = np.full((n, names), np.nan)
    for place, level in enumerate(evidence.levels):
        share = generator.uniform(size=n)
        if level.worth is not None:
            worth[:, place] = _triangular(share, level.worth) * level.better
    return Draws(
        drawn,
        bend,
        generator.standard_normal((n, *cells)),
        generator.standard_normal((n, *cells)),
        generator.uniform(size=(n, *cells)),
        generator.uniform(size=(n, names)),
        worth,
        size,
    )


def _bent(evidence: Evidence, size: Floats, normal: Floats) -> Floats:
    """Draws of the bend of each cell: what was measured of it, and the law that holds it where that is little."""
    prior = BEND * size
    with np.errstate(invalid="ignore", divide="ignore"):
        known = np.isfinite(evidence.bend) & (evidence.bend_error > 0)
        trust = np.where(known, prior**2 / (prior**2 + evidence.bend_error**2), 0.0)
    middle = np.where(known, trust * np.nan_to_num(evidence.bend), 0.0)
    drawn: Floats = middle + np.sqrt(1 - trust) * prior * normal
    return drawn


def simulate(
    evidence: Evidence,
    options: Sequence[Option],
    *,
    n: int = DRAWS,
    seed: int = 0,
    drawn: Draws | None = None,
) -> tuple[Simulated, ...]:
    """Simulate options in the same possible worlds, in their order."""
    worlds = draw(evidence, n=n, seed=seed) if drawn is None else drawn
    return tuple(_simulated(evidence, option, worlds) for option in options)


def times(evidence: Evidence) -> tuple[int, ...]:
    """The periods after a decision at which levels are known.

    The responses' horizons, and before the first of them one period after the decision and the time to settle.
    """
    horizons = evidence.responses.horizons
    settled = max(SETTLED[evidence.period_kind][-1], 2)
    if not horizons:
        return (1,)
    return (1, settled, *horizons) if horizons[0] > settled else horizons


def target_setting(evidence: Evidence, level: Level, target: float) -> tuple[Setting, float, bool] | None:
    """The lever through which a target acts, the setting that reaches it, and whether its declared range had to cut it.

    Of the levers declared for the indicator, the one whose measured response is the clearest; None where none is measured.
    """
    responses = evidence.responses
    if level.level is None or level.name not in responses.indicators:
        return None
    k = responses.indicators.index(level.name)
    best: tuple[float, Setting, float] | None = None
    for name in level.levers:
        setting = evidence.setting(name)
        if setting is None or name not in responses.levers or setting.current is None:
            continue
        place = responses.levers.index(name)
        slope, error = float(responses.effect[-1, place, k]), float(responses.error[-1, place, k])
        if not np.isfinite(slope) or slope == 0 or not error > 0:
            continue
        clarity = abs(slope) / error
        if clarity > (best[0] if best else 2.0):
            best = (clarity, setting, slope)
    if best is None:
        return None
    _, setting, slope = best
    wanted = float(setting.current or 0.0) + (target - level.level) / slope
    low = -np.inf if setting.low is None else setting.low
    high = np.inf if setting.high is None else setting.high
    kept = float(np.clip(wanted, low, high))
    return setting, kept, kept != wanted


def over(horizons: Sequence[int], lengths: Sequence[int]) -> Floats:
    """Weights of the levels at ``horizons`` in the mean level over the first so many periods, shape (lengths, horizons)."""
    return np.stack([over_window(horizons, 0, length) for length in lengths])


def over_window(horizons: Sequence[int], start: int, end: int) -> Floats:
    """Weights of the levels at ``horizons`` in the mean level from period ``start`` (after the decision) to ``end``.

    Straight from nothing at the decision, through the horizons, and held after the last.
    """
    known = np.concatenate([[0.0], np.asarray(horizons, dtype=np.float64)])
    middles = np.arange(max(start, 0), max(end, start + 1), dtype=np.float64) + 0.5
    weights: Floats = np.stack(
        [np.interp(middles, known, one) for one in np.eye(len(known))[1:]], axis=1
    ).mean(axis=0)
    return weights


def limits(values: Floats, level: float = LEVEL) -> tuple[float, float, float]:
    """The low limit, the median and the high limit of draws."""
    tail = (1 - level) / 2
    low, median, high = np.quantile(values, [tail, 0.5, 1 - tail])
    return float(low), float(median), float(high)


# ---- one option


def _simulated(evidence: Evidence, option: Option, drawn: Draws) -> Simulated:
    responses, n = evidence.responses, len(drawn.responses)
    names = [level.name for level in evidence.levels]
    notes: list[Note] = []
    settings: list[tuple[str, float]] = []
    for move in option.moves:
        settings += _settings(evidence, move, notes)
    shifts = [shift for name, value in settings if (shift := _shift(evidence, name, value)) is not None]
    for name, _ in settings:
        if name not in responses.levers:
            notes.append(("lever_not_measured", {"lever": name}))
    reached, outside = _reached(evidence, shifts, drawn)
    averaged = over(times(evidence), evidence.periods)
    many = len(HORIZONS)
    change = np.zeros((n, many, len(names)))
    path: dict[str, Floats] = {}
    grades: dict[str, str] = {}
    unmeasured: list[str] = []
    for place, name in enumerate(names):
        if not shifts or name not in responses.indicators:
            if shifts:
                unmeasured.append(name)
            continue
        k = responses.indicators.index(name)
        mine = reached[:, :, k]
        if np.isnan(mine).any():
            unmeasured.append(name)
            continue
        path[name] = mine
        change[:, :, place] = mine @ averaged.T
        grades[name] = max(responses.grade[shift.lever][k] for shift in shifts)
    for move in option.moves:
        if move.kind != "redesign" or move.indicator not in names:
            continue
        place = names.index(move.indicator)
        low, high = float(move.low or 0.0), float(move.high or 0.0)
        declared = low + (high - low) * drawn.declared[:, place]
        change[:, :, place] += declared[:, None]
        path[move.indicator] = (
            path.get(move.indicator, np.zeros((n, len(times(evidence))))) + declared[:, None]
        )
        grades[move.indicator] = "E"
        if move.indicator in unmeasured:
            unmeasured.remove(move.indicator)
    lengths = np.asarray(evidence.periods, dtype=np.float64)
    money = change * drawn.worth[:, None, :] * evidence.units * lengths[None, :, None]
    touched = [place for place, name in enumerate(names) if name in grades]
    valued = [place for place in touched if evidence.levels[place].worth is not None]
    net = np.full((n, many), np.nan)
    if option.number == 0:
        net = np.zeros((n, many))
    elif valued:
        net = money[:, :, valued].sum(axis=2)
    beyond = _beyond(evidence, shifts)
    found = [
        _forecast(
            option.number, evidence.levels[place], None, HORIZONS[h], change=change[:, h, place],
            money=money[:, h, place] if place in valued else None,
            extrapolated=bool(beyond[h]) or outside, grade=grades[names[place]],
        )
        for place in touched
        for h in range(many)
    ]  # fmt: skip
    found += _by_team(evidence, option, settings, drawn, grades, outside=outside, beyond=beyond)
    if not touched and option.number:
        notes.append(("no_measured_consequence", {}))
    return Simulated(option, tuple(found), change, net, path, tuple(notes), tuple(unmeasured))


def _settings(evidence: Evidence, move: Move, notes: list[Note]) -> list[tuple[str, float]]:
    """The settings of levers that a move amounts to."""
    value = float(move.value or 0.0)
    if move.kind == "lever":
        return [(move.name, value)]
    if move.kind != "target":
        return []
    level = evidence.level(move.name)
    found = target_setting(evidence, level, value) if level is not None else None
    if found is None:
        notes.append(("target_without_lever", {"indicator": move.name}))
        return []
    setting, kept, cut = found
    notes.append(
        ("target_cut_by_range" if cut else "target_through_lever",
         {"indicator": move.name, "lever": setting.name, "setting": kept})
    )  # fmt: skip
    return [(setting.name, kept)]


def _shift(
    evidence: Evidence, name: str, value: float, states: Sequence[float] | None = None
) -> _Shift | None:
    setting = evidence.setting(name)
    if setting is None or name not in evidence.responses.levers:
        return None
    lever = evidence.responses.levers.index(name)
    low, high = float(evidence.responses.low[lever]), float(evidence.responses.high[lever])
    before = np.asarray(setting.states if states is None else states, dtype=np.float64)
    if not len(before) or not high > low:
        return None
    moved = value - before
    middle, half = (low + high) / 2, (high - low) / 2
    distance = ((value + before) / 2 - middle) / half
    return _Shift(
        lever,
        float(moved.mean()),
        float((moved * distance).mean()),
        bool(value < low - 1e-9 or value > high + 1e-9),
    )


def _reached(evidence: Evidence, shifts: Sequence[_Shift], drawn: Draws) -> tuple[Floats, bool]:
    """Levels reached at each of ``times`` (draws, times, indicators), and whether a setting lies outside what was seen."""
    responses = evidence.responses
    n, many, at = len(drawn.responses), len(responses.horizons), times(evidence)
    total = np.zeros((n, len(at), len(responses.indicators)))
    early = len(at) - many if many else 0
    for shift in shifts:
        size = drawn.size[None, :, shift.lever, :]
        followed = max(float(responses.followed[shift.lever]), 1.0)
        doublings = np.log2(np.maximum(np.asarray(responses.horizons) / followed, 1.0))
        level = (
            shift.mean * drawn.responses[:, :, shift.lever, :]
            + shift.bent * drawn.bend[:, None, shift.lever, :]
            + size * shift.mean * DRIFT * drawn.drift[:, None, shift.lever, :]
            + size * shift.mean * FADING * doublings[None, :, None] * drawn.fading[:, None, shift.lever, :]
        )
        total[:, early:] += level
        if early:
            total[:, 0] += drawn.onset[:, shift.lever, :] * level[:, 0]
            total[:, 1] += level[:, 0]
    return total, any(shift.outside for shift in shifts)


def _beyond(evidence: Evidence, shifts: Sequence[_Shift]) -> npt.NDArray[np.bool_]:
    """Whether each of the three horizons lies beyond the longest time after a change that was followed."""
    if not shifts:
        return np.zeros(len(HORIZONS), dtype=bool)
    followed = min(int(evidence.responses.followed[shift.lever]) for shift in shifts)
    beyond: npt.NDArray[np.bool_] = np.asarray(evidence.periods) > followed
    return beyond


def _by_team(
    evidence: Evidence, option: Option, settings: Sequence[tuple[str, float]], drawn: Draws, grades: Mapping[str, str],
    *, outside: bool, beyond: npt.NDArray[np.bool_],
) -> list[Forecast]:  # fmt: skip
    """What each team that may be shown gains and loses: a setting moves a team by how far it stands from it."""
    teams: dict[str, dict[str, float]] = {}
    for name, _ in settings:
        setting = evidence.setting(name)
        for team, state in setting.teams if setting else ():
            teams.setdefault(team, {})[name] = state
    averaged = over(times(evidence), evidence.periods)
    found: list[Forecast] = []
    for team, states in sorted(teams.items()):
        if len(states) < len({name for name, _ in settings}):
            continue
        shifts = [
            shift
            for name, value in settings
            if (shift := _shift(evidence, name, value, [states[name]])) is not None
        ]
        reached, _ = _reached(evidence, shifts, drawn)
        for place, level in enumerate(evidence.levels):
            if level.name not in grades or grades[level.name] == "E":
                continue
            mine = reached[:, :, evidence.responses.indicators.index(level.name)]
            change = mine @ averaged.T
            for h, horizon in enumerate(HORIZONS):
                worth = drawn.worth[:, place] * evidence.periods[h]
                money = change[:, h] * worth if level.worth is not None else None
                found.append(
                    _forecast(
                        option.number, level, team, horizon, change=change[:, h], money=money, extrapolated=bool(beyond[h]) or outside,
                        grade=grades[level.name],
                    )
                )  # fmt: skip
    return found


def _forecast(
    option: int, level: Level, team: str | None, horizon: Horizon, *, change: Floats, money: Floats | None,
    extrapolated: bool, grade: str,
) -> Forecast:  # fmt: skip
    low, median, high = limits(change)
    worth: tuple[float | None, float | None, float | None] = (
        (None, None, None) if money is None else limits(money)
    )
    return Forecast(
        option,
        level.name,
        level.function,
        team,
        horizon,
        low,
        median,
        high,
        level.unit,
        *worth,
        extrapolated,
        grade,
    )


def _triangular(share: Floats, worth: tuple[float, float, float]) -> Floats:
    """The triangular law's quantiles; one number where its ends meet."""
    low, mode, high = worth
    if not high > low:
        return np.full(len(share), mode)
    turn = (mode - low) / (high - low)
    left = low + np.sqrt(share * (high - low) * max(mode - low, 0.0))
    right = high - np.sqrt((1 - share) * (high - low) * max(high - mode, 0.0))
    return np.where(share < turn, left, right)
