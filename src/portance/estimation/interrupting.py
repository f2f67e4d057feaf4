"""What changed in one series at a date: interrupted time series whose interval holds with correlated noise.

The regression is Bernal, Cummins and Gasparrini's (2017, Int. J. Epidemiology 46:348-355): level and slope before,
change of level and of slope after. Newey and West's errors (1987) are told beside, not used: on simulated AR(1)
series of 24 to 104 points they cover 50 to 83 % where 95 % is said, because a slope eats the few independent
stretches. Here the noise is AR(1), its coefficient unknown: the estimate is averaged over that coefficient by its
restricted likelihood (as the marginal posterior of a flat prior), and the interval is read from the mixture.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

FEWEST_POINTS = 12
"""Points needed on each side of the date (Bernal et al. 2017 ask for as much before any slope is believed)."""
_PERSISTENCE = np.linspace(-0.5, 0.98, 38)
_POWER = 0.80


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect with its interval, its error, and the smallest effect that would have been seen four times in five.

    ``reason`` is a code, and the numbers NaN, where nothing can be estimated. ``plain_error`` is the error that the
    textbook gives (Newey-West), for comparison; NaN where the method has none.
    """

    observed: float
    low: float
    high: float
    error: float
    df: float
    p: float
    points: int
    units: int
    method: str
    reason: str | None = None
    plain_error: float = float("nan")

    @property
    def detectable(self) -> float:
        """The smallest effect that this design sees four times in five at 5 %."""
        if not np.isfinite(self.error):
            return float("nan")
        return float(self.error * (special.stdtrit(self.df, 0.975) + special.stdtrit(self.df, _POWER)))


def nothing(method: str, reason: str, points: int = 0, units: int = 0) -> Effect:
    """No effect could be estimated, and why."""
    nan = float("nan")
    return Effect(nan, nan, nan, nan, nan, nan, points, units, method, reason)


def interrupted(
    series: Floats, since: int, window: slice, *, per_year: float | None = None, leave_out: int = 0
) -> Effect:
    """The mean change of ``series`` over ``window``, against the line that it followed before the point ``since``.

    ``series`` has one value per period, NaN where missing; points between ``since`` and the window's start are a
    phase of transition and count for nothing; so do ``leave_out`` points just before ``since``. With two years or more
    before it, a yearly wave is part of the line. ``per_year``: periods in a year, None to leave the wave out.
    """
    number = np.arange(len(series))
    after = np.zeros(len(series), dtype=bool)
    after[window] = True
    before = number < since - leave_out
    used = (before | after) & np.isfinite(series)
    if int((used & before).sum()) < FEWEST_POINTS or int((used & after).sum()) < FEWEST_POINTS:
        return nothing("its", "fewer_than_12_points", int(used.sum()))
    time = (number - since)[used].astype(np.float64)
    late = after[used].astype(np.float64)
    columns = [np.ones(len(time)), time, late, late * time]
    if per_year is not None and since >= 2 * per_year:
        angle = 2 * np.pi * time / per_year
        columns += [np.sin(angle), np.cos(angle)]
    design = np.column_stack(columns)
    asked = np.zeros(design.shape[1])
    asked[2], asked[3] = 1.0, time[late > 0].mean()
    return combined(series[used], design, asked, gaps=number[used], method="its")


def combined(
    values: Floats, design: Floats, asked: Floats, *, gaps: npt.NDArray[np.int64], method: str
) -> Effect:
    """The linear combination ``asked`` of the coefficients of a regression with AR(1) noise of unknown persistence.

    ``gaps`` are the numbers of the periods: a missing period lengthens the step between its neighbours.
    """
    n, k = design.shape
    if n - k < 3 or not np.isfinite(values).all():
        return nothing(method, "too_few_points", n)
    if float(np.ptp(values)) == 0.0:
        return nothing(method, "never_varies", n)
    persistence = _PERSISTENCE[:, None]
    steps = np.diff(gaps)[None, :]
    carried = np.sign(persistence) ** steps * np.abs(persistence) ** steps
    fresh = np.sqrt(1 - carried**2)
    many = len(_PERSISTENCE)
    y = np.concatenate(
        [np.repeat(values[:1][None], many, 0), (values[1:] - carried * values[:-1]) / fresh], 1
    )
    x = np.concatenate([
        np.repeat(design[:1][None], many, 0), (design[1:] - carried[:, :, None] * design[:-1]) / fresh[:, :, None],
    ], 1)  # fmt: skip
    crossed = x.transpose(0, 2, 1) @ x
    inverse = np.linalg.pinv(crossed, hermitian=True)
    coefficients = (inverse @ (x.transpose(0, 2, 1) @ y[:, :, None]))[:, :, 0]
    rest = np.sum((y - (x @ coefficients[:, :, None])[:, :, 0]) ** 2, axis=1) / (n - k)
    logs = -0.5 * (
        (n - k) * np.log(np.maximum(rest, 1e-300))
        + 2 * np.log(fresh).sum(axis=1)
        + np.linalg.slogdet(crossed)[1]
    )
    means = coefficients @ asked
    errors = np.sqrt(np.maximum((inverse @ asked) @ asked * rest, 0.0))
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    low, high = _quantiles(np.array([0.025, 0.975]), weights, means, errors, n - k)
    observed = float(weights @ means)
    half = (high - low) / 2
    df = float(n - k)
    below = float(weights @ special.stdtr(df, -means / errors))
    return Effect(
        observed, low, high, half / float(special.stdtrit(df, 0.975)), df, 2 * min(below, 1 - below), n, 1, method,
        plain_error=_newey_west(values, design, asked),
    )  # fmt: skip


def _quantiles(
    shares: Floats, weights: Floats, means: Floats, errors: Floats, df: int
) -> tuple[float, float]:
    """The two points below which the mixture of Student laws holds ``shares``, by bisection."""
    reach = float(special.stdtrit(df, 1 - 1e-6)) * errors.max()
    low, high = np.full(2, means.min() - reach), np.full(2, means.max() + reach)
    for _ in range(36):
        middle = (low + high) / 2
        below = special.stdtr(df, (middle[:, None] - means) / errors) @ weights < shares
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found = (low + high) / 2
    return float(found[0]), float(found[1])


def _newey_west(values: Floats, design: Floats, asked: Floats) -> float:
    n, k = design.shape
    inverse = np.linalg.pinv(design.T @ design)
    scores = design * (values - design @ (inverse @ (design.T @ values)))[:, None]
    middle = scores.T @ scores
    lags = int(np.ceil(1.3 * np.sqrt(n)))  # Lazarus, Lewis, Stock and Watson 2018
    for lag in range(1, min(lags, n - 1) + 1):
        crossed = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (crossed + crossed.T)
    return float(np.sqrt(max(asked @ inverse @ middle @ inverse @ asked * n / (n - k), 0.0)))
