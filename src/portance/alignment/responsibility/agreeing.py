"""How concentrated answers are and how far they agree: exact where everything is told, bounds where cells are missing.

Jensen-Shannon divergence (Lin 1991) in bits, total variation, Herfindahl-Hirschman index, Shannon's entropy in bits,
Kendall's W with ties (Kendall and Babington Smith 1939), Fleiss' kappa (1971).
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A distribution of which some cells are exact, and the rest is free among the other classes, or nobody's."""

    exact: dict[str, float]
    remainder: float

    def free(self, classes: Sequence[str]) -> list[str]:
        """The classes that may hold a part of the remainder."""
        return [name for name in classes if name not in self.exact]


def concentration(told: Told) -> tuple[float, float]:
    """The sum of squared shares: with the remainder split without end, and with all of it in one place."""
    known = sum(value * value for value in told.exact.values())
    return known, known + told.remainder**2


def entropy(told: Told) -> tuple[float, float | None]:
    """Bits of uncertainty: with the remainder in one place; without upper bound (``None``) where it may be split."""
    known = sum(_plogp(value) for value in told.exact.values()) + _plogp(told.remainder)
    return known, known if told.remainder <= 1e-12 else None


def _plogp(value: float) -> float:
    return -value * math.log2(value) if value > 0 else 0.0


def divergence(first: Floats, second: Floats) -> float:
    """The Jensen-Shannon divergence of two distributions over the same classes, in bits: 0 the same, 1 disjoint."""
    middle = (first + second) / 2

    def distance(one: Floats) -> float:
        held = one > 0
        return float((one[held] * np.log2(one[held] / middle[held])).sum())

    return max(0.0, (distance(first) + distance(second)) / 2)


def divergence_bounds(first: Told, second: Told) -> tuple[float, float]:
    """The least and the largest divergence that missing cells allow.

    The least is a convex problem over both remainders, solved in turns: given one, the other is best put in
    proportion to it. The largest lies where each remainder is all in one place.
    """
    classes = sorted({*first.exact, *second.exact})
    whole = [*classes, "", "\0"]  # nobody, and another nobody
    a, b = _fixed(first, whole), _fixed(second, whole)
    free_a, free_b = _places(first, whole), _places(second, whole)
    low = _closest(a, b, (first.remainder, second.remainder), free_a[:-1], free_b[:-1])
    high = 0.0
    for place, other in itertools.product(free_a, free_b):
        one, two = a.copy(), b.copy()
        one[place] += first.remainder
        two[other] += second.remainder
        high = max(high, divergence(one, two))
    return low, high


def _fixed(told: Told, classes: Sequence[str]) -> Floats:
    return np.array([told.exact.get(name, 0.0) for name in classes])


def _places(told: Told, classes: Sequence[str]) -> list[int]:
    return [place for place, name in enumerate(classes) if name not in told.exact]


def _closest(
    a: Floats, b: Floats, remainders: tuple[float, float], free_a: Sequence[int], free_b: Sequence[int]
) -> float:
    one, two = a.copy(), b.copy()
    one[free_a] += remainders[0] / len(free_a)
    two[free_b] += remainders[1] / len(free_b)
    before = math.inf
    for _ in range(_ROUNDS):
        for mine, other, places, rest in (
            (one, two, free_a, remainders[0]),
            (two, one, free_b, remainders[1]),
        ):
            there = float(other[places].sum())
            if rest > 0 and there > 0:
                mine[places] = rest * other[places] / there
        now = divergence(one, two)
        if before - now < 1e-13:
            break
        before = now
    return now


def variation_bounds(first: Told, second: Told) -> tuple[float, float]:
    """The least and the largest total variation (half the sum of differences) that missing cells allow, exactly.

    It is 1 less what both have in common. A remainder has most in common where it meets cells of the other that its own
    row doesn't tell, then the other's remainder; least where it meets nothing.
    """
    both = first.exact.keys() & second.exact.keys()
    common = sum(min(first.exact[name], second.exact[name]) for name in both)
    meets = min(first.remainder, sum(value for name, value in second.exact.items() if name not in both))
    met = min(second.remainder, sum(value for name, value in first.exact.items() if name not in both))
    most = common + meets + met + min(first.remainder - meets, second.remainder - met)
    return max(0.0, 1 - most), 1 - common


def kendall_w(scores: Floats) -> float | None:
    """Kendall's W of ``scores`` (raters, items), ties at their mean rank: 1 the same order, 0 none in common.

    ``None`` with fewer than two raters or items, or where everything is tied.
    """
    raters, items = scores.shape
    if raters < 2 or items < 2:
        return None
    ranks = np.empty_like(scores)
    ties = 0.0
    for place, row in enumerate(scores):
        _, inverse, counts = np.unique(row, return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        ranks[place] = (ends - (counts - 1) / 2)[inverse]
        ties += float((counts.astype(np.float64) ** 3 - counts).sum())
    sums = ranks.sum(axis=0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    below = raters**2 * (items**3 - items) - raters * ties
    return 12 * spread / below if below > 0 else None


def fleiss_kappa(counts: npt.ArrayLike) -> float | None:
    """Fleiss' kappa of ``counts`` (things, classes): how many respondents put each thing in each class.

    Every thing has the same number of respondents, two or more (``ValueError`` otherwise). ``None`` where all classes but
    one are empty: agreement beyond chance has no meaning then. Fleiss 1971, Psychological Bulletin 76:378-382.
    """
    table = np.asarray(counts, dtype=np.float64)
    raters = table.sum(axis=1)
    if len(table) == 0 or raters[0] < 2 or np.any(raters != raters[0]):
        raise ValueError("every thing is put in a class by the same number of respondents, two or more")
    each = float(raters[0])
    agreed = float((((table**2).sum(axis=1) - each) / (each * (each - 1))).mean())
    chance = float((table.mean(axis=0) / each) @ (table.mean(axis=0) / each))
    return (agreed - chance) / (1 - chance) if chance < 1 - 1e-12 else None
