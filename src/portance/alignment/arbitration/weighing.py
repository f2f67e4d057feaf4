"""How options compare: never by one score, but by what each would need to be the best.

Criteria are the indicators that some option moves, each as improvement over the year in its own standard deviation
within units. Told side by side: money with its doubt; the probability that another option is at least as good on
every criterion and better on one (Pareto); the share of all possible weights of functions under which an option wins
(stochastic multicriteria acceptability, Lahdelma and Salminen 2001, Operations Research 49:444-454); the weights at
which the choice turns; the limits that nobody may cross (veto, after Roy); and the largest regret, in money, left by
one chance in twenty (Savage 1951, at a quantile so that it does not grow with the number of draws).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from portance.alignment.arbitration.evidence import HORIZONS, Evidence
from portance.alignment.arbitration.forecasting import Simulated, limits
from portance.alignment.arbitration.question import Veto

Floats = npt.NDArray[np.float64]

YEAR = HORIZONS.index("year")
REGRET = 0.95
VETOED = 0.5
AT_RISK = 0.05
_EQUAL = 1e-12


@dataclass(frozen=True, slots=True)
class Crossed:
    """A veto and the probability that an option crosses it within the year."""

    veto: Veto
    probability: float

    @property
    def vetoed(self) -> bool:
        """More likely crossed than not."""
        return self.probability >= VETOED


@dataclass(frozen=True, slots=True)
class Weighed:
    """One option among the others, over the year. Money is None where no indicator that it moves has a declared worth."""

    option: int
    kind: str
    net_low: float | None
    net_median: float | None
    net_high: float | None
    p_net_negative: float | None
    p_dominated: float | None
    regret: float | None
    crossed: tuple[Crossed, ...]
    wins_share: float | None

    @property
    def vetoed(self) -> str:
        """The vetoes that it would more likely cross than not, joined by commas."""
        return ",".join(str(one.veto) for one in self.crossed if one.vetoed)


@dataclass(frozen=True, slots=True)
class Flip:
    """A weight at which the choice turns: that of one function or indicator, all others kept in proportion."""

    criterion: str
    of: Literal["function", "indicator"]
    weight: float
    flips_at: float
    leader: int
    to: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """All options, the leader under equal weights of functions, and what would turn it."""

    options: tuple[Weighed, ...]
    leader: int | None
    flips: tuple[Flip, ...]
    criteria: tuple[str, ...]


def weigh(
    evidence: Evidence, simulated: Sequence[Simulated], vetoes: Sequence[Veto] = (), *,
    weights: Mapping[str, float] | None = None, seed: int = 0,
) -> Weighing:  # fmt: skip
    """Compare options that were simulated in the same possible worlds.

    ``weights``: of functions, 1 where absent; they set where flips are read from, not the shares of wins.
    """
    gains, places = _gains(evidence, simulated)
    functions = tuple(dict.fromkeys(evidence.levels[place].function for place in places))
    members = np.array(
        [[evidence.levels[place].function == name for place in places] for name in functions],
        dtype=np.float64,
    ).reshape(len(functions), len(places))
    if functions:
        members /= members.sum(axis=1, keepdims=True)
    by_function = gains @ members.T
    dominated = _dominated(gains) if len(places) else None
    wins = _wins(by_function, seed) if functions else None
    nets = np.stack([one.net[:, YEAR] for one in simulated], axis=1)
    regrets = _regrets(nets)
    options = tuple(
        Weighed(
            one.option.number, one.option.kind, *_net(nets[:, number]),
            None if dominated is None else float(dominated[number]), regrets[number],
            _crossed(evidence, one, vetoes), None if wins is None else float(wins[number]),
        )
        for number, one in enumerate(simulated)
    )  # fmt: skip
    if not len(places):
        return Weighing(options, None, (), ())
    base = np.array([float((weights or {}).get(name, 1.0)) for name in functions])
    base = base / base.sum() if base.sum() > 0 else np.full(len(base), 1 / len(base))
    middle, numbers = np.median(by_function, axis=0), [one.option.number for one in simulated]
    scores = middle @ base
    leader = int(np.argmax(scores))
    flips = _flips(middle, base, functions, "function", leader=leader, numbers=numbers)
    spread = base @ members
    flips += _flips(
        np.median(gains, axis=0), spread, tuple(evidence.levels[place].name for place in places), "indicator", leader=leader,
        numbers=numbers,
    )  # fmt: skip
    return Weighing(
        options, numbers[leader], tuple(flips), tuple(evidence.levels[place].name for place in places)
    )


def _gains(evidence: Evidence, simulated: Sequence[Simulated]) -> tuple[Floats, list[int]]:
    """Improvements over the year, shape (draws, options, criteria), and the indicators that some option moves."""
    changes = np.stack([one.change[:, YEAR] for one in simulated], axis=1)
    places = [place for place in range(changes.shape[2]) if np.any(changes[:, :, place] != 0)]
    scale = np.array([_scale(evidence, place) for place in places])
    better = np.array([evidence.levels[place].better for place in places], dtype=np.float64)
    return changes[:, :, places] * better / scale, places


def _scale(evidence: Evidence, place: int) -> float:
    level = evidence.levels[place]
    for candidate in (level.spread, level.smallest_effect):
        if candidate is not None and np.isfinite(candidate) and candidate > 0:
            return float(candidate)
    return 1.0


def _dominated(gains: Floats) -> Floats:
    draws, options, _ = gains.shape
    found = np.zeros((draws, options), dtype=bool)
    for one in range(options):
        for other in range(options):
            if one != other:
                apart = gains[:, other] - gains[:, one]
                found[:, one] |= (apart >= -_EQUAL).all(axis=1) & (apart > _EQUAL).any(axis=1)
    return np.asarray(found.mean(axis=0), dtype=np.float64)


def _wins(by_function: Floats, seed: int) -> Floats:
    """Shares of (world, weights) pairs in which each option is first; options that tie share the win."""
    draws, _, functions = by_function.shape
    weights = np.random.default_rng([seed, 2]).dirichlet(np.ones(functions), size=draws)
    scores = np.einsum("dof,df->do", by_function, weights)
    first = scores >= scores.max(axis=1, keepdims=True) - _EQUAL
    return np.asarray((first / first.sum(axis=1, keepdims=True)).mean(axis=0), dtype=np.float64)


def _regrets(nets: Floats) -> list[float | None]:
    known: npt.NDArray[np.bool_] = np.asarray(np.isfinite(nets).all(axis=0))
    if int(known.sum()) < 2:
        return [None] * nets.shape[1]
    best = nets[:, known].max(axis=1)
    return [
        float(np.quantile(best - nets[:, number], REGRET)) if known[number] else None
        for number in range(nets.shape[1])
    ]


def _net(draws: Floats) -> tuple[float | None, float | None, float | None, float | None]:
    if not np.isfinite(draws).all():
        return None, None, None, None
    low, median, high = limits(draws)
    return low, median, high, float(np.mean(draws < 0))


def _crossed(evidence: Evidence, one: Simulated, vetoes: Sequence[Veto]) -> tuple[Crossed, ...]:
    found = []
    for veto in vetoes:
        place = next(
            (number for number, level in enumerate(evidence.levels) if level.name == veto.indicator), None
        )
        if place is None or evidence.levels[place].level is None:
            continue
        level = float(evidence.levels[place].level or 0.0) + one.change[:, YEAR, place]
        crossed = level < veto.level if veto.side == "at_least" else level > veto.level
        found.append(Crossed(veto, float(np.mean(crossed))))
    return tuple(found)


def _flips(
    gains: Floats, base: Floats, names: Sequence[str], of: Literal["function", "indicator"], *, leader: int,
    numbers: Sequence[int],
) -> list[Flip]:  # fmt: skip
    """For each criterion, the weight nearest to its own at which another option overtakes the leader.

    With weight w on a criterion and the rest in proportion, the lead is linear in w: it ends at one point at most.
    """
    found = []
    for k, name in enumerate(names):
        rest = base.copy()
        rest[k] = 0.0
        if rest.sum() <= 0:
            continue
        rest /= rest.sum()
        lead_alone = gains[leader, k] - gains[:, k]
        lead_rest = (gains[leader] - gains) @ rest
        nearest: tuple[float, int] | None = None
        for other in range(len(gains)):
            slope = lead_alone[other] - lead_rest[other]
            if other == leader or abs(slope) < _EQUAL:
                continue
            at = -lead_rest[other] / slope
            if 0.0 <= at <= 1.0 and (nearest is None or abs(at - base[k]) < abs(nearest[0] - base[k])):
                nearest = (float(at), other)
        if nearest is not None:
            found.append(Flip(name, of, float(base[k]), nearest[0], numbers[leader], numbers[nearest[1]]))
    return found
