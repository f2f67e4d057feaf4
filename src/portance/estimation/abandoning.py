"""How long customers are ready to wait, from waits that an answer cut short, and whether that is as Erlang A takes it.

Whoever was answered would have waited longer by an unknown time: their waits are censored. The mean of exponential patience is
then all the time waited over those who gave up (the maximum of the likelihood), and the share who give up within a time,
whatever the form, is Kaplan and Meier's (1958).
"""

import math
import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Fit = Literal["exponential", "sooner", "later", "mixed"]

_QUARTILES = (0.25, 0.5, 0.75)
_LEVEL = 0.95
_AT_RISK = 30


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The share who give up within ``at``, had nobody been answered: as observed, with its interval, and as the exponential has it."""

    at: float
    observed: float
    low: float
    high: float
    exponential: float


@dataclass(frozen=True, slots=True)
class Patience:
    """The mean patience of ``n`` who waited, of whom ``gone`` gave up, with its 95 % interval, in the unit of the waits.

    ``fit``: at the quartiles of the waits of those who gave up, whether the observed curve is as the exponential says
    (as far as these data can tell), or more give up (``sooner``), fewer (``later``), or both (``mixed``); ``worst`` is
    the quartile that is farthest off. None where fewer than 30 had waited that long.
    """

    mean: float
    low: float
    high: float
    n: int
    gone: int
    fit: Fit | None
    worst: GivenUp | None


def patience_of(waits: Floats, gone: npt.NDArray[np.bool_]) -> Patience | None:
    """The patience of those who waited ``waits``, those who were answered included; None where nobody gave up.

    The interval of the mean is that of a number of events in a given exposure. The three quartiles are held against the
    exponential together, at 5 %.
    """
    waited, count = float(waits.sum()), int(gone.sum())
    if not count or waited <= 0:
        return None
    mean = waited / count
    low = 2 * waited / float(stats.chi2.ppf(0.5 + _LEVEL / 2, 2 * count + 2))
    high = 2 * waited / float(stats.chi2.ppf(0.5 - _LEVEL / 2, 2 * count))
    points = _quartiles(waits, gone, mean)
    sooner = any(point.low > point.exponential for point in points)
    later = any(point.high < point.exponential for point in points)
    fit: Fit = "mixed" if sooner and later else "sooner" if sooner else "later" if later else "exponential"
    worst = max(
        points,
        key=lambda point: abs(point.observed - point.exponential) / (point.high - point.low),
        default=None,
    )
    return Patience(mean, low, high, len(waits), count, fit if points else None, worst)


def _quartiles(waits: Floats, gone: npt.NDArray[np.bool_], mean: float) -> list[GivenUp]:
    times = np.unique(np.quantile(waits[gone], _QUARTILES, method="inverted_cdf"))
    times = times[[(waits >= at).sum() >= _AT_RISK for at in times]]
    if not len(times):
        return []
    staying = stats.ecdf(stats.CensoredData(uncensored=waits[gone], right=waits[~gone])).sf
    with (
        warnings.catch_warnings()
    ):  # the interval has no end where nobody or everybody has left, which is dropped below
        warnings.simplefilter("ignore", RuntimeWarning)
        ends = staying.confidence_interval(1 - (1 - _LEVEL) / len(_QUARTILES), method="log-log")
    curves = [1 - one.evaluate(times) for one in (staying, ends.high, ends.low)]
    return [
        GivenUp(float(at), float(share), float(low), float(high), 1 - math.exp(-float(at) / mean))
        for at, share, low, high in zip(times, *curves, strict=True)
        if math.isfinite(low) and math.isfinite(high)
    ]
