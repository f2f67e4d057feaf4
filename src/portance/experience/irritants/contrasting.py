"""Several outcomes of those who carry an irritant against comparable others, at once: cross-fitted, doubly robust.

The effect on those who carry it: each one's outcomes, less what comparable others would show. Right where either the
outcome or who carries it is well told by a regression on what was known before (Robins, Rotnitzky and Zhao 1994). All
outcomes share their weights, so that their errors are joint. The models are a logistic and a linear regression with a
small ridge: lighter than those of ``portance.estimation.doubly_robust``, for dozens of irritants by a handful of outcomes.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.estimation.hazard import fit_hazard, inverse
from portance.estimation.nuisance import folds_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST = 20
"""Carriers, or customers among them, fewer than which nothing is estimated."""
MOST_LIKELY = 0.95
"""Beyond such a chance to carry it there is nobody to compare with."""
LEAST_KEPT = 0.5
_FOLDS = 5
_RIDGE = 1.0
_LEAST_SIZE = 30


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Effects (k,) on the carriers, their covariance (k, k) by customer, and on how many they stand.

    ``df`` are the degrees of freedom of their intervals. ``why`` says why there are none.
    """

    effects: Floats
    covariance: Floats
    carried: int
    customers: int
    df: float
    kept: float
    why: str | None = None

    def interval(self, place: int, level: float = 0.95) -> tuple[float, float]:
        """The limits of one effect."""
        half = float(special.stdtrit(self.df, (1 + level) / 2)) * math.sqrt(
            max(self.covariance[place, place], 0.0)
        )
        return float(self.effects[place]) - half, float(self.effects[place]) + half


def none(outcomes: int, carried: int, customers: int, why: str) -> Contrasts:
    """No effect, and why."""
    nan = np.full(outcomes, np.nan)
    return Contrasts(nan, np.full((outcomes, outcomes), np.nan), carried, customers, 1.0, 0.0, why)


def contrasts(
    outcomes: Floats, carries: Flags, x: Floats, customers: Integers, *, seed: int = 0
) -> Contrasts:
    """The effects of carrying on ``outcomes`` (n, k) for those who carry, at covariates ``x`` (n, p) and by customer.

    Rows with an outcome that is not known (NaN) are left out by the caller.
    """
    k = outcomes.shape[1]
    mine, others = np.unique(customers[carries]), np.unique(customers[~carries])
    if min(int(carries.sum()), len(mine), len(others)) < FEWEST:
        return none(k, int(carries.sum()), len(mine), "too_few")
    numbers = np.unique(customers, return_inverse=True)[1].astype(np.int64)
    fold = folds_of(numbers, carries, _FOLDS, seed)
    z = _standard(x)
    chance, told = np.empty(len(z)), np.empty((len(z), k))
    own: Floats | None = None
    for number in range(_FOLDS):
        out, inside = fold == number, fold != number
        own = _propensity(z[inside], carries[inside], numbers[inside], own)
        chance[out] = inverse(z[out] @ own, "logit")
        control = inside & ~carries
        told[out] = z[out] @ _ridge(z[control], outcomes[control])
    chance = np.clip(chance, 1e-4, 1 - 1e-4)
    kept = chance <= MOST_LIKELY
    asked = carries & kept
    odds = np.where(~carries & kept, chance / (1 - chance), 0.0)
    size = float(odds.sum() ** 2 / (odds @ odds)) if odds.any() else 0.0
    share = float(asked.sum() / carries.sum())
    if share < LEAST_KEPT or size < _LEAST_SIZE or int(asked.sum()) < FEWEST:
        return none(k, int(carries.sum()), len(mine), "no_comparable")
    up, down = asked / asked.sum(), odds / odds.sum()
    rest = outcomes - told
    mean, usual = up @ rest, down @ rest
    effects: Floats = np.asarray(mean - usual, dtype=np.float64)
    # each row's own pull on its arm's mean is taken out of it, as in a jackknife: few rows weigh much
    influence = (up / (1 - up))[:, None] * (rest - mean) - (down / (1 - down))[:, None] * (rest - usual)
    # by customer: what one writes and lives moves together
    summed = np.column_stack([np.bincount(numbers, influence[:, place]) for place in range(k)])
    carriers = len(np.unique(numbers[asked]))
    return Contrasts(
        effects,
        np.asarray(summed.T @ summed, dtype=np.float64),
        int(carries.sum()),
        len(mine),
        max(min(carriers, size) - 1.0, 1.0),
        share,
    )


def _standard(x: Floats) -> Floats:
    spread = x.std(axis=0)
    kept = spread > 1e-9
    scaled = (x[:, kept] - x[:, kept].mean(axis=0)) / spread[kept]
    return np.hstack([np.ones((len(x), 1)), np.clip(scaled, -5, 5)])


def _propensity(z: Floats, carries: Flags, customers: Integers, start: Floats | None) -> Floats:
    return fit_hazard(z, carries, customers, link="logit", prior_sd=1.0, start=start).coefficients


def _ridge(z: Floats, outcomes: Floats) -> Floats:
    penalty = np.full(z.shape[1], _RIDGE)
    penalty[0] = 0.0
    return np.asarray(np.linalg.solve(z.T @ z + np.diag(penalty) + 1e-9 * np.eye(z.shape[1]), z.T @ outcomes))
