"""Conflicts are found: every ordered pair of indicators, through levers that moved or, failing that, from the panel."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.alignment.conflicts import grading
from portance.alignment.conflicts.associating import Associated, associated
from portance.alignment.conflicts.bounding import bias_bound, robustness_value
from portance.alignment.conflicts.comparing import compared, spreads
from portance.alignment.conflicts.conflict import Conflict, Conflicts, Design, ProposedTest
from portance.alignment.conflicts.correcting import benjamini_hochberg
from portance.alignment.conflicts.lagging import HORIZONS, YEAR, starts_for
from portance.alignment.conflicts.pairing import Seen, by_levers, detectable
from portance.alignment.conflicts.pricing import Net, priced
from portance.alignment.conflicts.proposing import Swings, proposed, swings
from portance.alignment.conflicts.responding import FEWEST_UNITS, Responded, conditions, responded
from portance.alignment.conflicts.responses import Responses, packed_factor
from portance.alignment.conflicts.shuffling import SHUFFLED_UNITS, shuffled
from portance.alignment.indicators.panel import Moved, Panel, Steered

Floats = npt.NDArray[np.float64]
SMALLEST = 0.10
"""The smallest effect of interest where none is declared, in standard deviations of the indicator harmed."""

BESIDE = 0.2
"""How much of the accepted share of false discoveries a pair seen without a lever may use, against 1 with: what can at
best be a hint must not cost what can be established."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every pair is read from."""

    panel: Panel
    steered: Mapping[str, Steered]
    moved: Mapping[str, Moved]
    spread: Floats
    readings: npt.NDArray[np.int64]
    responded: Responded | None
    associated: Associated | None
    seed: int


def find_conflicts(
    panel: Panel,
    steered: Mapping[str, Steered],
    moved: Mapping[str, Moved],
    *,
    seed: int = 0,
    q: float = 0.10,
    progress: Callable[[float], None] | None = None,
) -> Conflicts:
    """Every ordered pair of the panel's indicators that are declared in ``steered``, with verdict and grade.

    ``moved`` declares the levers; one that stands in the panel without being declared is not used. ``q`` is the
    accepted share of false discoveries. ``progress`` is told a share between 0 and 1.
    """
    names = [name for name in panel.indicators if name in steered]
    y = panel.values[:, :, : len(panel.indicators)]
    told = progress if progress is not None else _silent
    through = responded(panel, moved, seed=seed, progress=lambda share: told(0.5 * share))
    steerable = {name: _own_levers(through, steered[name]) for name in names}
    beside = None
    if any(not levers for levers in steerable.values()):
        beside = associated(panel, moved, progress=lambda share: told(0.5 + 0.3 * share))
    spread = spreads(y)
    readings = np.isfinite(y).sum(axis=(0, 1))
    ground = _Ground(panel, steered, moved, spread, readings, through, beside, seed)
    told(0.8)

    pairs = [(a, b) for a in names for b in names if a != b]
    seen: dict[tuple[str, str], Seen | str] = {(a, b): _seen(ground, a, b, steerable[a]) for a, b in pairs}
    coupled = {(a, b) for a, b in pairs if steered[a].components & steered[b].components}
    asked = [pair for pair in pairs if pair not in coupled]
    found = {pair: one for pair, one in seen.items() if isinstance(one, Seen)}
    harm = _q(asked, found, {pair: one.p_harm for pair, one in found.items()})
    benefit = _q(asked, found, {pair: one.p_benefit for pair, one in found.items()})
    told(0.85)

    seen = _shuffled(ground, seen, harm, benefit, q)
    between, within, pooled = compared(y)
    place = {name: panel.indicators.index(name) for name in names}
    conflicts, wanting = [], []
    for a, b in pairs:
        signs = steered[a].better * steered[b].better
        one = _concluded(
            ground, (a, b), seen[a, b], q_harm=harm.get((a, b), math.nan), q_benefit=benefit.get((a, b), math.nan), q=q,
            coupled=(a, b) in coupled,
            charts=tuple(_known(signs * float(chart[place[a], place[b]])) for chart in (between, within, pooled)),
        )  # fmt: skip
        conflicts.append(one)
        if one.verdict == "not_detectable" and one.kind == "empirical":
            wanting.append(one)
    told(0.95)
    tests = _tests(ground, wanting)
    told(1.0)
    return Conflicts(tuple(conflicts), tests, _responses(ground))


def _silent(_share: float) -> None:
    """Nobody asked for progress."""


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _shuffled(
    ground: _Ground, seen: dict[tuple[str, str], Seen | str],
    harm: Mapping[tuple[str, str], float], benefit: Mapping[tuple[str, str], float], q: float,
) -> dict[tuple[str, str], Seen | str]:  # fmt: skip
    """What was found through a lever, held against the same with the lever's histories given to other units."""
    if ground.responded is None or len(ground.panel.units) > SHUFFLED_UNITS:
        return seen
    columns = ground.panel.indicators
    levers = ground.responded.layout.levers
    wanted = {
        pair: (levers.index(one.lever.split(",")[0]), columns.index(pair[1]))
        for pair, one in seen.items()
        if isinstance(one, Seen) and one.lever is not None
        and min(harm.get(pair, 1.0), benefit.get(pair, 1.0)) <= q
    }  # fmt: skip
    if not wanted:
        return seen
    p = shuffled(
        ground.panel, ground.responded, sorted({outcome for _, outcome in wanted.values()}), seed=ground.seed
    )
    return {
        pair: replace(one, shuffled_p=float(p[wanted[pair]]))
        if pair in wanted and isinstance(one, Seen)
        else one
        for pair, one in seen.items()
    }


def _q(
    asked: list[tuple[str, str]], found: Mapping[tuple[str, str], Seen], p: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    weights = [BESIDE if pair in found and found[pair].lever is None else 1.0 for pair in asked]
    corrected = benjamini_hochberg([p.get(pair, math.nan) for pair in asked], weights)
    return {pair: float(value) for pair, value in zip(asked, corrected, strict=True)}


def _own_levers(through: Responded | None, indicator: Steered) -> list[int]:
    if through is None:
        return []
    return [place for place, name in enumerate(through.layout.levers) if name in indicator.levers]


def _scale(ground: _Ground, a: str, b: str) -> float:
    """What turns a native ratio into oriented standard deviations; NaN where one never varies."""
    one, other = (float(ground.spread[ground.panel.indicators.index(name)]) for name in (a, b))
    signs = ground.steered[a].better * ground.steered[b].better
    return signs * one / other if one > 0 and other > 0 else math.nan


def _seen(ground: _Ground, a: str, b: str, levers: list[int]) -> Seen | str:
    """What the data say of a pair, or why they say nothing."""
    columns = ground.panel.indicators
    one, other = columns.index(a), columns.index(b)
    if len(ground.panel.units) < FEWEST_UNITS:
        return "too_few_units"
    scale = _scale(ground, a, b)
    if not math.isfinite(scale):
        return "never_varied"
    if levers and ground.responded is not None:
        able = [
            lever for lever in levers
            if np.isfinite(ground.responded.settled[lever, [one, other]]).all()
            and np.isfinite(ground.responded.parts[:, lever, -1][:, [one, other]]).all()
            and (ground.responded.parts[:, lever, -1, one] != 0).any()
        ]  # fmt: skip
        if not able:
            return "too_few_readings"
        return by_levers(ground.responded, able, (one, other), scale)
    if ground.associated is None:
        return "too_few_readings"
    return _beside(ground.associated, one, other, scale)


def _beside(found: Associated, a: int, b: int, scale: float) -> Seen | str:
    """A pair from the panel alone, in the same form as through a lever."""
    effect = float(found.effect[a, b]) * scale
    if not math.isfinite(effect):
        return (
            "unstable" if found.rows[b] and math.isfinite(float(found.direct[a, b])) else "too_few_readings"
        )
    part = found.parts[:, a, b] * scale
    error = math.sqrt(float(part @ part)) * float(found.wider[a, b])
    df, rows_df = float(found.df[a, b]), int(found.df_rows[b])
    half = float(special.stdtrit(df, 0.975)) * error
    t = effect / error if error > 0 else math.nan
    direct_t = float(found.direct_t[a, b])
    hidden = float(found.hidden_outcome[a, b]), float(found.hidden_cause[a, b])
    lost = math.nan
    if math.isfinite(hidden[1]) and found.direct[a, b]:
        # the bias of the direct effect, carried over in proportion to what settles
        share = bias_bound(float(found.direct_error[a, b]), rows_df, *hidden) / abs(float(found.direct[a, b]))
        lost = share * abs(effect)
    lead_t = float(found.lead_t[a, b])
    clear = not math.isfinite(lead_t) or abs(lead_t) < abs(t)
    lead_p = 2 * float(special.stdtr(df, -abs(lead_t))) if math.isfinite(lead_t) else math.nan
    without = effect - part[part != 0]
    return Seen(
        effect=effect, low=effect - half, high=effect + half, error=error, df=df,
        p_harm=float(special.stdtr(df, t)), p_benefit=float(special.stdtr(df, -t)), lever=None, weights=np.ones(1),
        strength=math.nan,
        # the next reading of the first is also what the second does to it: it refutes only where it is the stronger
        lead_p=max(lead_p, 0.05) if clear else lead_p,
        earlier_p=math.nan, own_lead_p=math.nan, agreement_p=math.nan, shuffled_p=math.nan,
        projection=float(found.projected[a, b]) * scale,
        stability=float(np.mean(np.sign(without) == np.sign(effect))) if len(without) else math.nan,
        robustness=robustness_value(direct_t, rows_df) if math.isfinite(direct_t) else math.nan,
        lost=lost, rows=int(found.rows[b]),
    )  # fmt: skip


def _smallest(ground: _Ground, b: str) -> float:
    declared = ground.steered[b].smallest_effect
    spread = float(ground.spread[ground.panel.indicators.index(b)])
    return abs(declared) / spread if declared is not None and spread > 0 else SMALLEST


def _concluded(
    ground: _Ground, pair: tuple[str, str], seen: Seen | str, *, q_harm: float, q_benefit: float, q: float,
    coupled: bool, charts: tuple[float | None, ...],
) -> Conflict:  # fmt: skip
    a, b = pair
    first, second = ground.steered[a], ground.steered[b]
    columns = ground.panel.indicators
    per = float(ground.spread[columns.index(a)])
    smallest = _smallest(ground, b)
    between, within, pooled = charts
    if isinstance(seen, str):
        return Conflict(
            a, b, first.function, second.function, "mechanical" if coupled else "empirical",
            None, None, None, None, "E", "not_detectable",
            design="construction" if coupled else "panel", units=len(ground.panel.units),
            periods=len(ground.panel.periods), observations=int(ground.readings[columns.index(b)]),
            smallest_of_interest=smallest, native_unit=second.unit, per=_known(per), per_unit=first.unit,
            between=between, within=within, pooled=pooled, reason="components" if coupled else seen,
        )  # fmt: skip
    spread = float(ground.spread[columns.index(b)])
    native = second.better * spread
    through = seen.lever is not None
    design: Design = "construction" if coupled else ("lever" if through else "panel")
    failed: tuple[str, ...] = () if coupled else grading.refutations(seen)
    verdict, reason = grading.verdict(seen, q_harm, q_benefit, q, smallest)
    if through:
        assigned = [ground.moved[name].assigned for name in (seen.lever or "").split(",")]
        grade = grading.by_lever(seen, assigned, failed)
    else:
        grade = "C" if not failed and grading.survives(seen) else "D"
        if failed and verdict in ("conflict", "synergy"):
            verdict, reason = "not_detectable", "refuted"
    if coupled:
        grade, verdict, reason = "E", "not_detectable", "components"
    net = None if coupled else _net(ground, a, b, seen)
    q_shown = q_harm if seen.effect < 0 else q_benefit
    # an effect oriented for the two owners, back in the unit of the second, with its sign as measured
    limits = (
        sorted((seen.low * native, seen.high * native)) if math.isfinite(seen.low) else [math.nan, math.nan]
    )
    return Conflict(
        a, b, first.function, second.function, "mechanical" if coupled else "empirical",
        _known(seen.effect), _known(seen.low), _known(seen.high), None if coupled else _known(q_shown), grade, verdict,
        net_low=net.low if net else None, net_median=net.median if net else None,
        net_high=net.high if net else None, p_net_negative=net.p_negative if net else None,
        effect_native=_known(seen.effect * native), native_low=_known(limits[0]), native_high=_known(limits[1]),
        native_unit=second.unit, per=per, per_unit=first.unit, design=design, lever=seen.lever,
        lag_periods=_lags(ground, through=through), units=len(ground.panel.units), periods=len(ground.panel.periods),
        observations=seen.rows,
        smallest_detectable=_known(detectable(seen.error, seen.df)), smallest_of_interest=smallest,
        between=between, within=within, pooled=pooled, robustness=_known(seen.robustness), bias_bound=_known(seen.lost),
        placebo_lead_p=_known(seen.lead_p), placebo_outcome_p=_known(seen.earlier_p),
        sign_stability=_known(seen.stability), refuted=",".join(failed), reason=reason,
    )  # fmt: skip


def _lags(ground: _Ground, *, through: bool) -> int | None:
    if through and ground.responded is not None:
        return ground.responded.layout.starts[-1]
    return ground.associated.lags if ground.associated is not None else None


def _net(ground: _Ground, a: str, b: str, seen: Seen) -> Net | None:
    first, second = ground.steered[a], ground.steered[b]
    if second.worth is None or not math.isfinite(seen.low):
        return None
    columns = ground.panel.indicators
    one, other = columns.index(a), columns.index(b)
    per, spread = float(ground.spread[one]), float(ground.spread[other])
    year = YEAR[ground.panel.period_kind]
    units = len(ground.panel.units)
    found = ground.responded
    if seen.lever is not None and found is not None:
        levers = [found.layout.levers.index(name) for name in seen.lever.split(",")]
        length = _lengths(found.layout.starts, year)
        sums = np.einsum(
            "l,s,lsk->k",
            seen.weights,
            length,
            found.coefficients[np.ix_(levers, range(len(length)), [one, other])],
        )
        parts = np.einsum("l,s,glsk->gk", seen.weights, length, found.parts[:, levers][:, :, :, [one, other]])
        settled = float(seen.weights @ found.settled[levers, one]) * first.better / per
        own = found.parts[:, levers, -1, one] @ seen.weights * first.better / per
        better = np.array([first.better, second.better])
        means = np.array([*(sums * better), settled])
        together = np.column_stack([parts * better, own])
        return priced(
            means, together.T @ together, seen.df, first.worth, second.worth, times=units, seed=ground.seed
        )
    means = np.array([per * year, seen.effect * spread * year, 1.0])
    covariance = np.zeros((3, 3))
    covariance[1, 1] = (seen.error * spread * year) ** 2
    return priced(means, covariance, seen.df, first.worth, second.worth, times=units, seed=ground.seed)


def _lengths(starts: tuple[int, ...], year: int) -> Floats:
    """How many periods of the year each step of the response lasts."""
    ends = [*starts[1:], year]
    return np.asarray(
        [max(min(end, year) - start, 0) for start, end in zip(starts, ends, strict=True)], dtype=np.float64
    )


def _tests(ground: _Ground, wanting: list[Conflict]) -> tuple[ProposedTest, ...]:
    if not wanting:
        return ()
    panel = ground.panel
    noise = swings(panel.values[:, :, : len(panel.indicators)], conditions(panel))
    return tuple(_test(ground, noise, one) for one in wanting)


def _test(ground: _Ground, noise: Swings, one: Conflict) -> ProposedTest:
    panel = ground.panel
    columns = panel.indicators
    a, b = columns.index(one.from_indicator), columns.index(one.to_indicator)
    spread = float(ground.spread[b])
    lever, change, moves, reason = _move(ground, one.from_indicator, a)
    if not spread > 0:
        reason = "never_varied"
    return proposed(
        noise, b, (one.from_indicator, one.to_indicator), lever=lever, change=change, moves=moves,
        smallest=one.smallest_of_interest or SMALLEST, spread=spread, units=len(panel.units), periods=len(panel.periods),
        settling=starts_for(panel.period_kind, YEAR[panel.period_kind])[-1], period_kind=panel.period_kind,
        year=YEAR[panel.period_kind], reason=reason,
    )  # fmt: skip


def _move(ground: _Ground, name: str, a: int) -> tuple[str | None, float | None, float | None, str | None]:
    """The lever to move for an indicator, by how much, and by how many of its SD that moves it: (lever, change, moves, reason)."""
    found, per = ground.responded, float(ground.spread[a])
    known = _own_levers(found, ground.steered[name])
    best: tuple[str | None, float | None, float | None, str | None] | None = None
    if found is not None:
        for place in known:
            lever = found.layout.levers[place]
            states = found.states[:, :, place]
            room = _room(
                ground.moved[lever], float(states.min()), float(states.max()), float(states[:, -1].mean())
            )
            level = float(found.settled[place, a])
            part = found.parts[:, place, -1, a]
            if room is None or not math.isfinite(level) or per <= 0:
                continue
            clear = abs(level) > float(special.stdtrit(float(found.df[place, a]), 0.975)) * math.sqrt(
                float(part @ part)
            )
            # towards a better value of its indicator
            change = math.copysign(room, level * ground.steered[name].better)
            moves = level * change / per if clear else 1.0
            if best is None or abs(moves) > abs(best[2] or 0.0):
                best = lever, change, moves, None if clear else "lever_unknown"
    if best is not None:
        return best
    declared = [lever for lever in ground.steered[name].levers if lever in ground.moved]
    if not declared:
        return None, None, None, "no_lever"
    lever = declared[0]
    states = ground.panel.of(lever) if lever in ground.panel.levers else np.full((1, 1), np.nan)
    seen = states[np.isfinite(states)]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (math.nan, math.nan)
    room = _room(ground.moved[lever], low, high, float(seen.mean()) if len(seen) else math.nan)
    return lever, room, 1.0, "no_range" if room is None else "lever_unknown"


def _room(lever: Moved, low: float, high: float, now: float) -> float | None:
    """By how much a lever may be moved for a test: half its declared range, or half of what was seen of it."""
    low = lever.low if lever.low is not None else low
    high = lever.high if lever.high is not None else high
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return None
    now = lever.current if lever.current is not None else now
    if not math.isfinite(now):
        return (high - low) / 2
    return min(max(high - now, now - low), (high - low) / 2)


def _responses(ground: _Ground) -> Responses:
    panel, found = ground.panel, ground.responded
    horizons = HORIZONS[panel.period_kind]
    units, periods = len(panel.units), len(panel.periods)
    many = len(panel.indicators)
    if found is None:
        nothing = np.zeros((0, many))
        return Responses(
            (), panel.indicators, horizons, panel.period_kind, units, periods, np.zeros((len(horizons), 0, many)),
            np.zeros((0, len(horizons), 0, many)), nothing, (), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64),
            ground.spread,
        )  # fmt: skip
    steps = [found.layout.step_at(horizon) for horizon in horizons]
    effect = np.moveaxis(found.coefficients[:, steps], 1, 0)
    parts = np.moveaxis(found.parts[:, :, steps], 2, 1) * found.wider[None, None]
    grade = tuple(
        tuple(_response_grade(ground, found, lever, k) for k in range(many))
        for lever in range(len(found.layout.levers))
    )
    low, high = (np.asarray(limit(found.states, axis=(0, 1)), dtype=np.float64) for limit in (np.min, np.max))
    return Responses(
        found.layout.levers, panel.indicators, horizons, panel.period_kind, units, periods, effect,
        packed_factor(np.nan_to_num(parts)), found.df, grade, low, high, found.followed, ground.spread,
    )  # fmt: skip


def _response_grade(ground: _Ground, found: Responded, lever: int, k: int) -> str:
    """The grade of one response: as of a pair, without a first indicator to be weak."""
    level, part = float(found.settled[lever, k]), found.parts[:, lever, -1, k]
    error, df = math.sqrt(float(part @ part)), float(found.df[lever, k])
    if not math.isfinite(level) or not math.isfinite(error):
        return "E"
    assigned = ground.moved[found.layout.levers[lever]].assigned
    before = float(np.nanmin([found.lead_p[lever, k], found.earlier_p[lever, k], 1.0]))
    if assigned == "drawn" and before >= grading.CLEARLY:
        return "A"
    if assigned == "planned" and before >= grading.PLACEBO:
        return "B"
    half = float(special.stdtrit(df, 0.975)) * error
    lost = float(found.lost[lever, k])
    if before < grading.PLACEBO or not math.isfinite(lost):
        return "D"
    return "C" if abs(level) - half > lost else "D"
