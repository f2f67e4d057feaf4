"""How well a light tells what customers live: the area under the curve of the share of green, and its interval.

The area is the chance that a customer who was not lost met a greener scoreboard than one who was lost, ties counting
half: 0.5 is a scoreboard that is blind, less than 0.5 one that misleads. Its interval comes from what each cluster adds
to it (the rank form of DeLong, DeLong and Clarke-Pearson 1988, summed by cluster as in Obuchowski 1997), on the logit
scale with Student's quantile.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portance.alignment.summing import student
from portance.estimation import wilson

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Area:
    """The area, and what one customer kept or lost at each level adds to it (their sum over customers is nil)."""

    value: float
    kept: Floats
    lost: Floats


def area(kept: Floats, lost: Floats) -> Area | None:
    """The area from how many customers were kept and lost at each level, the levels rising; ``None`` without both."""
    all_kept, all_lost = float(kept.sum()), float(lost.sum())
    if all_kept <= 0 or all_lost <= 0:
        return None
    beaten = (np.cumsum(lost) - lost / 2) / all_lost
    beating = (all_kept - np.cumsum(kept) + kept / 2) / all_kept
    value = float(kept @ beaten) / all_kept
    return Area(value, (beaten - value) / all_kept, (beating - value) / all_lost)


def limits(value: float, squares: float, clusters: int, fewest: float) -> tuple[float, float]:
    """The 95 % interval of an area from the sum over clusters of what each adds, squared.

    ``fewest`` is the smaller of how many clusters have somebody kept and somebody lost: what bounds an area of 0 or 1.
    """
    if clusters < 2:
        return 0.0, 1.0
    if not 0 < value < 1 or squares <= 0:
        return wilson(value * fewest, fewest)
    error = math.sqrt(squares * clusters / (clusters - 1)) / (value * (1 - value))
    middle, half = math.log(value / (1 - value)), student(clusters) * error
    return 1 / (1 + math.exp(half - middle)), 1 / (1 + math.exp(-half - middle))


@dataclass(frozen=True, slots=True)
class Judged:
    """An area with its interval; NaN where nobody was kept, or nobody lost."""

    value: float
    low: float
    high: float


NOTHING = Judged(math.nan, math.nan, math.nan)


def judge(
    levels: Floats, kept: Floats, lost: Floats, clusters: npt.NDArray[np.int64]
) -> tuple[Judged, Floats]:
    """The area of ``levels`` (one per row, any order), and what each cluster adds to it.

    One row per group of customers: its level, how many of them were kept and lost, the number of its cluster from 0.
    """
    people = int(clusters.max()) + 1 if len(clusters) else 0
    ranks, place = np.unique(levels, return_inverse=True)
    made = area(added_up(place, kept, len(ranks)), added_up(place, lost, len(ranks)))
    if made is None:
        return NOTHING, np.zeros(people)
    added = added_up(clusters, kept * made.kept[place] + lost * made.lost[place], people)
    live = added_up(clusters, kept + lost, people) > 0
    fewest = min(
        float(np.count_nonzero(added_up(clusters, kept, people))), float(np.count_nonzero(added_up(clusters, lost, people)))
    )  # fmt: skip
    low, high = limits(made.value, float(added @ added), int(live.sum()), fewest)
    return Judged(made.value, low, high), added


def difference(first: Judged, second: Judged, added: Floats, clusters: int) -> Judged:
    """One area less another over the same customers; ``added`` is what each cluster adds to the first less the second."""
    gain = first.value - second.value
    if not math.isfinite(gain) or clusters < 2:
        return Judged(gain, math.nan, math.nan)
    half = student(clusters) * math.sqrt(float(added @ added) * clusters / (clusters - 1))
    return Judged(gain, max(gain - half, -1.0), min(gain + half, 1.0))


def added_up(places: npt.NDArray[np.int64], values: Floats, least: int) -> Floats:
    """Values added up by place."""
    return np.asarray(np.bincount(places, values, least), dtype=np.float64)
