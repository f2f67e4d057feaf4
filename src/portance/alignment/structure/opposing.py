"""Structural conflicts: the signs of levers, the opposition index, chains of reactions (Yu 1997; Wellman 1990)."""

import math
from collections.abc import Iterator, Mapping
from itertools import permutations

import numpy as np

from portance.alignment.structure.effects import Effects, Floats, drawn, effects_of
from portance.alignment.structure.structural_conflict import StructuralConflict, Verdict
from portance.charter import Charter
from portance.estimation import DRAWS, limits


def structural_conflicts(
    charter: Charter, effects: Effects | None = None, seed: int = 0
) -> tuple[StructuralConflict, ...]:
    """What the charter alone says of every ordered pair of indicators that levers tie together.

    A pair that shares a lever is told by it, both ways. A pair that shares none is told by chains of three steps:
    improving the first by one of its levers moves a third indicator; where that harms it, its owner pulls another of
    its levers back, which moves the second. Chains of both signs are ``ambiguous``: never guessed. ``effects``
    replaces the declared ones (see ``effects_of``).
    """
    effects = effects_of(charter) if effects is None else effects
    oriented = _oriented(charter, effects)
    draws = {key: values * _better(charter, key[1]) for key, values in drawn(effects, DRAWS, seed).items()}
    found = []
    for first, second in permutations(charter.indicators, 2):
        shared = [
            lever
            for lever in charter.levers
            if oriented.get((lever, first), 0) != 0 and oriented.get((lever, second), 0) != 0
        ]
        told = (
            _direct(charter, (effects, draws, oriented), (first, second), shared)
            if shared
            else _chained(charter, oriented, (first, second))
        )
        if told is not None:
            found.append(told)
    return tuple(found)


def _better(charter: Charter, indicator: str) -> int:
    return 1 if charter.indicators[indicator].better == "higher" else -1


def _oriented(charter: Charter, effects: Effects) -> dict[tuple[str, str], int | None]:
    """The sign of each effect, turned so that plus improves; null where it is not known."""
    found: dict[tuple[str, str], int | None] = {}
    for (lever, indicator), sized in effects.items():
        if lever in charter.levers and indicator in charter.indicators:
            found[lever, indicator] = None if sized.sign is None else sized.sign * _better(charter, indicator)
    return found


# ---- levers that move both


def _direct(
    charter: Charter,
    known: tuple[Effects, Mapping[tuple[str, str], Floats], Mapping[tuple[str, str], int | None]],
    pair: tuple[str, str],
    shared: list[str],
) -> StructuralConflict:
    effects, draws, oriented = known
    signs = {}
    for lever in shared:
        one, other = oriented[lever, pair[0]], oriented[lever, pair[1]]
        signs[lever] = None if one is None or other is None else one * other
    index, low, high, strength = _index(charter, effects, draws, pair)
    told = set(signs.values())
    reason = None
    if told in ({-1}, {1}):
        sign = told.pop()
    else:
        reason = "unknown_sign" if None in told else "both_ways"
        bounds = (low, high) if low is not None and high is not None else (index, index)
        sign = (
            0
            if bounds[0] is None or bounds[1] is None
            else 1
            if bounds[0] > 0
            else -1
            if bounds[1] < 0
            else 0
        )
    verdict: Verdict = "conflict" if sign == -1 else "synergy" if sign == 1 else "not_detectable"
    levers = (
        sorted(
            (lever for lever in shared if sign == 0 or signs[lever] == sign),
            key=lambda lever: (-abs(strength.get(lever, 0.0)), lever),
        )
        or shared
    )
    return StructuralConflict(
        from_indicator=pair[0], to_indicator=pair[1], from_function=charter.indicators[pair[0]].function,
        to_function=charter.indicators[pair[1]].function, kind="structural", effect=index, ci_low=low, ci_high=high,
        verdict=verdict, lever=",".join(levers), path=None,
        severity=severity(charter, *pair) if verdict == "conflict" else 0, reason=reason,
    )  # fmt: skip


def _index(
    charter: Charter, effects: Effects, draws: Mapping[tuple[str, str], Floats], pair: tuple[str, str]
) -> tuple[float | None, float | None, float | None, dict[str, float]]:
    """The opposition index, its interval where an effect is told with doubt, and each lever's part in it."""
    ranged = {name: held.range for name, held in charter.levers.items() if held.range is not None}
    both = [name for name in ranged if (name, pair[0]) in effects and (name, pair[1]) in effects]
    if not both:
        return None, None, None, {}
    rows, clouds = [], []
    for indicator in pair:
        mine = [(name, ranged[name][1] - ranged[name][0]) for name in ranged if (name, indicator) in effects]
        better = _better(charter, indicator)
        rows.append({name: effects[name, indicator].value * better * width for name, width in mine})
        clouds.append({name: draws[name, indicator] * width for name, width in mine})
    lengths = [math.hypot(*row.values()) for row in rows]
    if 0 in lengths:
        return None, None, None, {}
    parts = {name: rows[0][name] * rows[1][name] / lengths[0] / lengths[1] for name in both}
    doubted = any(
        not effects[name, indicator].certain
        for name in ranged
        for indicator in pair
        if (name, indicator) in effects
    )
    if not doubted:
        return sum(parts.values()), None, None, parts
    crossed = np.sum([clouds[0][name] * clouds[1][name] for name in both], axis=0)
    norms = [np.sqrt(np.sum([values**2 for values in cloud.values()], axis=0)) for cloud in clouds]
    low, high = limits(crossed / (norms[0] * norms[1]))
    return sum(parts.values()), low, high, parts


# ---- chains of reactions


def _chained(
    charter: Charter, oriented: Mapping[tuple[str, str], int | None], pair: tuple[str, str]
) -> StructuralConflict | None:
    paths = list(_paths(charter, oriented, pair))
    if not paths:
        return None
    signs = {sign for sign, _ in paths}
    verdict: Verdict
    reason = None
    if None in signs:
        verdict, reason = "not_detectable", "unknown_sign"
    elif len(signs) > 1:
        verdict, reason = "not_detectable", "ambiguous"
    else:
        verdict = "conflict" if signs == {-1} else "synergy"
    path = paths[0][1]
    return StructuralConflict(
        from_indicator=pair[0], to_indicator=pair[1], from_function=charter.indicators[pair[0]].function,
        to_function=charter.indicators[pair[1]].function, kind="indirect", effect=None, ci_low=None, ci_high=None,
        verdict=verdict, lever=path[0], path=" > ".join(path),
        severity=severity(charter, *pair) if verdict == "conflict" else 0, reason=reason,
    )  # fmt: skip


def _paths(
    charter: Charter, oriented: Mapping[tuple[str, str], int | None], pair: tuple[str, str]
) -> Iterator[tuple[int | None, tuple[str, str, str]]]:
    """Every chain from improving the first to the second, with the sign of what comes of it for the second."""
    first, second = pair
    for pulled in _pulled(charter, oriented, first):
        for third in charter.indicators:
            if third in pair or oriented.get((pulled, third), 0) == 0:
                continue
            one, other = oriented[pulled, first], oriented[pulled, third]
            harmed = None if one is None or other is None else one * other
            if harmed == 1:
                continue  # nobody reacts to being helped
            for answered in _pulled(charter, oriented, third):
                if answered == pulled or oriented.get((answered, second), 0) == 0:
                    continue
                back, final = oriented[answered, third], oriented[answered, second]
                known = harmed is not None and back is not None and final is not None
                yield (
                    (back * final if known and back is not None and final is not None else None),
                    (
                        pulled,
                        third,
                        answered,
                    ),
                )


def _pulled(charter: Charter, oriented: Mapping[tuple[str, str], int | None], indicator: str) -> list[str]:
    """The levers by which an indicator's owner moves it: those that it names, else all that move it."""
    named = charter.indicators[indicator].levers or tuple(charter.levers)
    return [lever for lever in named if oriented.get((lever, indicator), 0) != 0]


# ---- bonuses


def severity(charter: Charter, first: str, second: str) -> int:
    """0, 1 where one bonus pays both indicators, 2 where bonuses of two functions do."""
    payers: list[set[str]] = []
    for name in (first, second):
        held = charter.indicators[name]
        mine = {card.function for card in charter.scorecards.values() if name in card.indicators}
        payers.append(mine | ({held.function} if held.bonus else set()))
    if not payers[0] or not payers[1]:
        return 0
    return 2 if len(payers[0] | payers[1]) > 1 and any(a != b for a in payers[0] for b in payers[1]) else 1
