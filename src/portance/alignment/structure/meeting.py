"""Joint feasibility: whether targets can be met together, and the smallest set that cannot.

Each target is a row of a linear programme over the levers, within their bounds:
d_i (level_i + sum of effect_li * (x_l - where l stands) - target_i) >= 0. Whether a set of rows can hold is settled by
HiGHS (Huangfu and Hall 2018). Where all cannot, the smallest set that cannot is found by hitting sets (Ignatiev,
Previti, Liffiton and Marques-Silva 2015, "Smallest MUS extraction with minimal hitting set dualization"): a smallest
hitting set of the corrections found so far is tried; where it can be met it is grown until it cannot be any more, and
what is left out is one more correction. The set so found is smallest, hence irreducible. Beyond a number of rounds the
deletion filter (Chinneck and Dravnieks 1991) gives an irreducible one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from portance.alignment.indicators.panel import Moved
from portance.alignment.structure.effects import Effects, Floats, drawn, effects_of
from portance.alignment.structure.target_set import Aim, TargetSet
from portance.charter import Charter

DRAWS = 399
MOST_SETS = 10
_MOST_ROUNDS = 200
_TOLERANCE = 1e-7
"""Of a target, relative to what the levers can do to it: met to the last digit is met."""


@dataclass(frozen=True, slots=True)
class System:
    """Rows ``table @ moves >= wanted`` for levers moved by ``low`` to ``high`` from where they stand, oriented and scaled.

    ``scale`` is what one unit of a row is in the indicator's unit.
    """

    names: tuple[str, ...]
    table: Floats
    wanted: Floats
    low: Floats
    high: Floats
    scale: Floats

    def holds(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> bool:
        """Whether some setting meets all these rows."""
        return self.closest(rows)[0] <= _TOLERANCE

    def closest(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> tuple[float, Floats]:
        """What is missing at the best compromise (never below -1: more is of no use), and the moves that make it."""
        some = list(rows)
        levers = self.table.shape[1]
        if not some:
            return 0.0, np.zeros(levers)
        upper = np.column_stack([-self.table[some], -np.ones(len(some))])
        cost = np.append(np.zeros(levers), 1.0)
        bounds = [*zip(self.low, self.high, strict=True), (-1.0, None)]
        solved = linprog(cost, A_ub=upper, b_ub=-self.wanted[some], bounds=bounds, method="highs")
        if not solved.success:
            return float("inf"), np.zeros(levers)
        return float(solved.x[-1]), np.asarray(solved.x[:-1], dtype=np.float64)


def target_sets(
    charter: Charter,
    levels: Mapping[str, float],
    effects: Effects | None = None,
    seed: int = 0,
    *,
    levers: Mapping[str, Moved] | None = None,
) -> tuple[TargetSet, ...]:
    """The targets that levers move, tried together: one feasible set, or the smallest sets that cannot be met.

    ``levels`` is where each indicator stands. An indicator without target, level or effect of a lever is left out. A
    lever stands where ``levers`` (see ``moved``) says, within the bounds that it says; without a known state it may move
    by its whole range either way, without bounds by anything: what is not known never makes a set impossible. After a
    set is found its target that is farthest out of reach is laid aside, and the rest is tried again.
    """
    effects = effects_of(charter) if effects is None else effects
    moved = levers if levers is not None else _declared(charter)
    made = system(charter, levels, effects, moved)
    if not made.names:
        return ()
    left = list(range(len(made.names)))
    found: list[tuple[list[int], bool]] = []
    while len(found) < MOST_SETS and not made.holds(left):
        together = smallest(made, left)
        found.append((together, False))
        missing = [made.closest([row])[0] for row in together]
        laid = together[int(np.argmax(missing))] if max(missing) > _TOLERANCE else together[-1]
        left = [row for row in left if row != laid]
    if not found:
        found.append((left, True))
    clouds = drawn({key: sized for key, sized in effects.items() if key[1] in made.names}, DRAWS, seed)
    doubted = {key[1] for key, sized in effects.items() if not sized.certain}
    sets = []
    for number, (rows, feasible) in enumerate(found, 1):
        probability = None
        if any(made.names[row] in doubted for row in rows):
            probability = _impossible(
                charter, levels, (effects, clouds), moved, [made.names[row] for row in rows]
            )
        sets.append(TargetSet(number, feasible, probability, _aims(charter, levels, made, rows)))
    return tuple(sets)


def system(
    charter: Charter, levels: Mapping[str, float], effects: Effects, levers: Mapping[str, Moved]
) -> System:
    """The rows of all targets that levers move; effects, levels and bounds as plain numbers."""
    used = [name for name in charter.levers if any(key[0] == name for key in effects)]
    names = tuple(
        name
        for name, held in charter.indicators.items()
        if held.aim is not None and name in levels and any(effects.get((lever, name)) for lever in used)
    )
    table = np.array([[_slope(effects, lever, name) for lever in used] for name in names]).reshape(
        len(names), len(used)
    )
    low, high = np.empty(len(used)), np.empty(len(used))
    for place, lever in enumerate(used):
        low[place], high[place] = _reach(levers.get(lever))
    better = np.array([1.0 if charter.indicators[name].better == "higher" else -1.0 for name in names])
    aims = np.array([charter.indicators[name].aim or 0.0 for name in names])
    now = np.array([levels[name] for name in names])
    wanted = better * (aims - now)
    oriented = better[:, None] * table
    width = np.where(np.isfinite(high - low), high - low, 1.0)
    scale = np.maximum(np.abs(oriented) @ width, np.abs(wanted)) if names else np.empty(0)
    scale = np.where(scale > 0, scale, 1.0)
    return System(names, oriented / scale[:, None], wanted / scale, low, high, scale)


def smallest(made: System, rows: Sequence[int]) -> list[int]:
    """The smallest set of rows that cannot be met together; of several of one size, one of them."""
    corrections: list[set[int]] = []
    for _ in range(_MOST_ROUNDS):
        tried = _hitting(corrections, rows)
        if not made.holds(tried):
            return tried
        grown = list(tried)
        # rows that the compromise already meets come for free
        _, moves = made.closest(grown)
        for row in rows:
            if row in grown:
                continue
            if float(made.table[row] @ moves - made.wanted[row]) >= -_TOLERANCE / 2 and made.holds(
                [*grown, row]
            ):
                grown.append(row)
        for row in rows:
            if row not in grown and made.holds([*grown, row]):
                grown.append(row)
        corrections.append(set(rows) - set(grown))
    return irreducible(made, rows)


def irreducible(made: System, rows: Sequence[int]) -> list[int]:
    """A set that cannot be met, and can without any one of its rows: the deletion filter."""
    kept = list(rows)
    for row in rows:
        rest = [other for other in kept if other != row]
        if not made.holds(rest):
            kept = rest
    return kept


def _hitting(corrections: Sequence[set[int]], rows: Sequence[int]) -> list[int]:
    """A smallest set that meets every correction."""
    if not corrections:
        return []
    place = {row: number for number, row in enumerate(rows)}
    table = np.zeros((len(corrections), len(rows)))
    for number, correction in enumerate(corrections):
        table[number, [place[row] for row in correction]] = 1.0
    solved = milp(
        np.ones(len(rows)), integrality=np.ones(len(rows)), bounds=Bounds(0, 1),
        constraints=LinearConstraint(table, lb=1.0),
    )  # fmt: skip
    return [row for row in rows if solved.x[place[row]] > 0.5]


def _slope(effects: Effects, lever: str, indicator: str) -> float:
    sized = effects.get((lever, indicator))
    return 0.0 if sized is None else sized.value


def _declared(charter: Charter) -> dict[str, Moved]:
    found = {}
    for name, lever in charter.levers.items():
        low, high = lever.range or (None, None)
        current = (
            lever.current if lever.current is not None else lever.changes[-1][1] if lever.changes else None
        )
        found[name] = Moved(name, lever.function, low, high, current, lever.assigned)
    return found


def _reach(lever: Moved | None) -> tuple[float, float]:
    """How far a lever can be moved from where it stands."""
    if lever is None or lever.low is None or lever.high is None:
        return -np.inf, np.inf
    if lever.current is None:
        return lever.low - lever.high, lever.high - lever.low
    return min(lever.low - lever.current, 0.0), max(lever.high - lever.current, 0.0)


def _impossible(
    charter: Charter,
    levels: Mapping[str, float],
    effects: tuple[Effects, Mapping[tuple[str, str], Floats]],
    levers: Mapping[str, Moved],
    names: Sequence[str],
) -> float:
    """The share of draws of the effects in which some targets cannot be met together."""
    made = system(charter, levels, effects[0], levers)
    rows = [made.names.index(name) for name in names]
    used = [name for name in charter.levers if any(key[0] == name for key in effects[0])]
    better = [1.0 if charter.indicators[name].better == "higher" else -1.0 for name in names]
    never = 0
    for draw in range(DRAWS):
        table = made.table.copy()
        for row, name, sign in zip(rows, names, better, strict=True):
            for place, lever in enumerate(used):
                if (lever, name) in effects[1]:
                    table[row, place] = sign * effects[1][lever, name][draw] / made.scale[row]
        never += not System(made.names, table, made.wanted, made.low, made.high, made.scale).holds(rows)
    return never / DRAWS


def _aims(
    charter: Charter, levels: Mapping[str, float], made: System, rows: Sequence[int]
) -> tuple[Aim, ...]:
    missing, moves = made.closest(rows)
    found = []
    for row in rows:
        name = made.names[row]
        held = charter.indicators[name]
        sign = 1.0 if held.better == "higher" else -1.0
        with np.errstate(invalid="ignore"):  # a lever that does nothing to it may be unbounded
            gains = np.where(made.table[row] > 0, made.table[row] * made.high, made.table[row] * made.low)
        best = float(np.nansum(np.where(made.table[row] == 0, 0.0, gains)))
        found.append(
            Aim(
                name, held.function, float(held.aim or 0.0), levels[name],
                levels[name] + sign * best * float(made.scale[row]) if np.isfinite(best) else None,
                levels[name] + sign * float(made.table[row] @ moves) * float(made.scale[row]) if np.isfinite(missing) else None,
            )
        )  # fmt: skip
    return tuple(found)
