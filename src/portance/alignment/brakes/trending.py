"""Whether a measure moves from month to month: a straight line through months, each weighed by its own error."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

FEWEST_MONTHS = 6
FLAT = 0.01
"""A trend is flat where anything larger than 1 % of the level a month is excluded."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The change a month with its 95 % interval; ``verdict`` is up, down, flat or not_detectable."""

    slope: float | None
    low: float | None
    high: float | None
    verdict: str


UNKNOWN = Trend(None, None, None, "not_detectable")


def trend(points: Sequence[tuple[int, float, float]]) -> Trend:
    """The trend of (month number, value, standard error), by weighted least squares.

    Months that differ from the line by more than their own errors allow widen the interval (never narrow it).
    """
    sound = [
        point for point in points if math.isfinite(point[1]) and math.isfinite(point[2]) and point[2] > 0
    ]
    if len(sound) < FEWEST_MONTHS:
        return UNKNOWN
    month, value, error = (np.array(column, dtype=np.float64) for column in zip(*sound, strict=True))
    weight = 1 / error**2
    x = month - float(weight @ month / weight.sum())
    below = float(weight @ x**2)
    slope = float(weight @ (x * value)) / below
    level = float(weight @ value / weight.sum())
    residual = value - level - slope * x
    excess = max(1.0, float(weight @ residual**2) / (len(sound) - 2))
    half = float(stats.t.ppf(0.975, len(sound) - 2)) * math.sqrt(excess / below)
    low, high = slope - half, slope + half
    if max(-low, high) <= FLAT * abs(level):
        verdict = "flat"
    elif low > 0 or high < 0:
        verdict = "up" if low > 0 else "down"
    else:
        verdict = "not_detectable"
    return Trend(slope, low, high, verdict)
