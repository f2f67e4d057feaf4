"""How much the answers look like all customers: the R-indicator, and the most that looking unlike them can bias a mean.

R = 1 - 2 SD(e) over all customers, e the probability of answering (Schouten, Cobben and Bethlehem 2009). Estimated
probabilities differ by noise as well, which makes R too small: only what they tell of the answers of others is counted.
"""

import math
from dataclasses import dataclass

import numpy as np

from portance.experience.scoring import clustered
from portance.experience.silent.sample import Flags, Floats, Integers

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Representative:
    """``rate``: the share who answered; ``r`` between 1 (answers are like a draw by lot) and 0, with its 95 % interval.

    ``bias_bound``: the most by which what is known of customers can have moved the plain mean, in its unit.
    """

    rate: float
    r: float
    low: float
    high: float
    bias_bound: float


def represent(
    answered: Flags, propensities: Floats, persons: Integers, weights: Floats, spread: float
) -> Representative:
    """From cross-fitted ``propensities``; ``spread`` is the standard deviation of answers."""
    share = weights / weights.sum()
    rate = float(share @ answered)
    centred = propensities - float(share @ propensities)
    varies = float(share @ centred**2)
    if varies <= 0:
        return Representative(rate, 1.0, 1.0, 1.0, 0.0)
    # the slope of answers on probabilities told by models that did not see them: below 1 where these are mostly noise
    gap = answered - rate
    slope = float(share @ (centred * gap)) / varies
    person = np.unique(persons, return_inverse=True)[1]
    error = clustered(share * centred * (gap - slope * centred) / varies, person)
    told = math.sqrt(varies)
    deviation = math.sqrt(max(slope**2 - error**2, 0.0)) * told if slope > 0 else 0.0
    least, most = max(slope - _Z * error, 0.0) * told, max(slope + _Z * error, 0.0) * told
    return Representative(
        rate, 1 - 2 * deviation, max(1 - 2 * most, 0.0), 1 - 2 * least, deviation * spread / rate if rate > 0 else math.inf
    )  # fmt: skip
