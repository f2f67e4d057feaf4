"""How past forecasts fared: how often their 90 % interval held what was observed, and on which side they err."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from portance.estimation import wilson

_HALF = float(stats.norm.ppf(0.95))


@dataclass(frozen=True, slots=True)
class Announced:
    """A forecast of a metric over its window (90 % interval) and what the review observed (95 % interval)."""

    low: float
    median: float
    high: float
    observed: float
    observed_low: float
    observed_high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Forecasts against what followed.

    ``inside90`` counts observations within the forecast's 90 % interval once the doubt of the observation itself is added
    (an effect measured with error would otherwise miss a perfect forecast). ``coverage`` is its share of ``judged`` with
    Wilson's 95 % interval. ``bias`` is the mean miss in units of both doubts together, negative where less came than
    was announced.
    """

    decisions: int
    judged: int
    inside90: int
    coverage: float | None
    cover_low: float | None
    cover_high: float | None
    sign_right: int
    bias: float | None


def calibrate(announced: Sequence[Announced], decisions: int) -> Calibration:
    """The calibration of all forecasts that could be judged, out of so many signed decisions."""
    usable = [one for one in announced if np.isfinite([one.low, one.median, one.high, one.observed]).all()]
    if not usable:
        return Calibration(decisions, 0, 0, None, None, None, 0, None)
    inside, right, misses = 0, 0, []
    for one in usable:
        spread = (one.high - one.low) / (2 * _HALF)
        error = (one.observed_high - one.observed_low) / (2 * float(stats.norm.ppf(0.975)))
        both = float(np.hypot(spread, error))
        miss = one.observed - one.median
        inside += abs(miss) <= _HALF * both
        right += bool(np.sign(one.observed) == np.sign(one.median))
        misses.append(float(np.sign(one.median)) * miss / both if both > 0 else 0.0)
    count = len(usable)
    low, high = wilson(inside, count)
    return Calibration(
        decisions, count, int(inside), inside / count, low, high, int(right), float(np.mean(misses))
    )
