"""How well a policy's turns agree with the turns at which people said that a human should take over."""

import math
from collections.abc import Iterable, Sequence

_BESIDE = 1e-7
"""Keeps a tolerance from being nil, as in the authors' code."""


def f1(said: Iterable[bool], told: Iterable[bool]) -> float:
    """The harmonic mean of precision and recall of ``told`` against what people ``said``; 0 where nothing is right."""
    both = said_only = told_only = 0
    for gold, mine in zip(said, told, strict=True):
        both += gold and mine
        said_only += gold and not mine
        told_only += mine and not gold
    whole = 2 * both + said_only + told_only
    return 2 * both / whole if whole else 0.0


def golden_transfer(
    said: Sequence[bool], told: Sequence[bool], tolerance: int, *, late: float = 0.0
) -> float:
    """Golden transfer within tolerance of one conversation (Liu et al. 2021, AAAI 35(7):5841-5849), between 0 and 1.

    1 where nobody asked for a take-over and none was told, 0 where only one of the two did; else the mean, over the turns
    p that were told, of the best exp(-(p - q)² / (2 (T + ε)² (1 - λ sgn(p - q)))) over the turns q that people said.
    ``late`` is λ, between -1 and 1: above 0, being late costs more than being as early; at 0 both cost the same.
    """
    if tolerance < 1:
        raise ValueError(f"the tolerance is at least 1 turn, given {tolerance}")
    if not -1 < late < 1:
        raise ValueError(f"what lateness costs lies between -1 and 1, given {late}")
    gold = [place for place, flag in enumerate(said) if flag]
    mine = [place for place, flag in enumerate(told) if flag]
    if not gold or not mine:
        return float(not gold and not mine)
    width = 2 * (tolerance + _BESIDE) ** 2
    return sum(max(_nearness(p - q, width, late) for q in gold) for p in mine) / len(mine)


def _nearness(off: int, width: float, late: float) -> float:
    sign = (off > 0) - (off < 0)
    return math.exp(-off * off / (width * (1 - late * sign)))
