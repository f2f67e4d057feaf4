"""The quantile of values, some of which may still be running, with its interval by person."""

import numpy as np
import numpy.typing as npt

from portance.estimation.curve import Curve
from portance.estimation.drawing import MOST_PERSONS, Wanted, means_drawn, quantiles_drawn
from portance.estimation.estimate import DRAWS, Estimate


def quantile(
    values: npt.ArrayLike,
    q: float,
    *,
    seed: int,
    ended: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    persons: npt.ArrayLike | None = None,
    draws: int = DRAWS,
    most_persons: int = MOST_PERSONS,
) -> Estimate:
    """The smallest value that a share ``q`` of observations does not exceed.

    One row per observation: its value; whether it had ``ended`` (all, where absent); its weight (1); whose it is (each its own
    person). Where some had not ended, the distribution is Kaplan and Meier's; a quantile that it does not reach is null with
    the reason ``beyond follow-up``, and bounded from below by what was seen.
    """
    if not 0 < q < 1:
        raise ValueError(f"a quantile lies between 0 and 1, given {q}")
    curve = Curve(values, ended=ended, weights=weights, persons=_numbered(persons))
    if not curve.n:
        return Estimate(None, None, None, 0, 0, "suppressed", "none", "no observation")
    drawn = quantiles_drawn([curve], q, seed=seed, draws=draws, most_persons=most_persons)[0]
    return drawn.estimate(n=curve.n, persons=curve.exposed)


def mean(
    values: npt.ArrayLike,
    *,
    seed: int,
    ended: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    persons: npt.ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    draws: int = DRAWS,
) -> Estimate:
    """The mean of values, one row per observation as for :func:`quantile`.

    ``bounds`` are the least and the largest possible value, where there are such. While the largest values have not ended the
    mean is null with the reason ``beyond follow-up``; its lower limit counts them as if they ended now.
    """
    curve = Curve(values, ended=ended, weights=weights, persons=_numbered(persons))
    if not curve.n:
        return Estimate(None, None, None, 0, 0, "suppressed", "none", "no observation")
    drawn = means_drawn([Wanted(curve, bounds=bounds)], seed=seed, draws=draws)[0]
    return drawn.estimate(n=curve.n, persons=curve.exposed)


def _numbered(persons: npt.ArrayLike | None) -> npt.NDArray[np.int64] | None:
    if persons is None:
        return None
    return np.unique(np.asarray(persons), return_inverse=True)[1].astype(np.int64)
