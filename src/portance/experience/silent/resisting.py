"""Signs that silence depends on satisfaction itself: those who answer late, or only when asked again, or when drawn by lot.

Late answerers stand between early ones and the silent (the continuum of resistance: Lin and Schaeffer 1995). If, for the
same description, they answer otherwise, so may the silent. Only a follow-up drawn by lot among the silent measures it.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from portance.estimation.estimate import LEVEL
from portance.experience.scoring import clustered
from portance.experience.silent.sample import Flags, Floats, Integers

FEWEST_ON_A_SIDE = 30
ALWAYS = "cannot_be_excluded"
"""That silence depends on satisfaction itself can never be excluded by answers alone."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference with its 95 % interval, of ``n`` answers; NaN where there are too few."""

    value: float
    low: float
    high: float
    n: int

    @property
    def shows(self) -> bool:
        """Whether it surely is not nil."""
        return self.low > 0 or self.high < 0


def late(missed: Floats, delay: Floats, known: Floats, *, persons: Integers, weights: Floats) -> Difference:
    """What the latest third of answers say beyond their description, less what the earliest third does.

    ``missed``: answers less their predictions; ``delay`` until each, of any unit; ``known`` (n, k): what the description
    says in short (predictions, log-odds of answering), held.
    """
    first, last = (np.quantile(delay, q) for q in (1 / 3, 2 / 3)) if len(delay) else (0.0, 0.0)
    return _between(missed, delay > last, delay <= first, known, persons=persons, weights=weights)


def reminded(
    missed: Floats, asks: Integers, known: Floats, *, persons: Integers, weights: Floats
) -> Difference:
    """What those who answered after they were asked again say beyond their description, less the others."""
    return _between(missed, asks > 1, asks <= 1, known, persons=persons, weights=weights)


def held(propensities: Floats, predictions: Floats) -> Floats:
    """A description in short (n, 4): the log-odds of answering and the predicted answer, and both squared."""
    odds = special.logit(np.clip(propensities, 1e-3, 1 - 1e-3))
    columns = [(one - one.mean()) / (float(one.std()) or 1.0) for one in (odds, predictions)]
    return np.column_stack([*columns, *(one**2 for one in columns)])


def followed_up(
    answers: Floats,
    predictions: Floats,
    persons: Integers,
    *,
    silent: Floats,
    expected: float,
    error: float,
    share: float,
) -> Difference:
    """How far silent customers differ from answering ones of their description, by a draw by lot among them.

    ``answers`` and ``predictions`` of those drawn who answered; ``silent``: predictions of all who had been silent;
    ``expected``: what the silent are estimated to say without the draw, with the ``error`` of that figure of everyone;
    ``share``: the silent among everyone.
    """
    n = len(answers)
    if len(np.unique(persons)) < FEWEST_ON_A_SIDE:
        return Difference(math.nan, math.nan, math.nan, n)
    person = np.unique(persons, return_inverse=True)[1]
    missed = answers - predictions
    value = float(silent.mean() + missed.mean()) - expected
    own = clustered((missed - missed.mean()) / n, person)
    return _told(value, math.hypot(own, error / share), int(person.max()), n)


def _between(
    missed: Floats, one: Flags, other: Flags, known: Floats, *, persons: Integers, weights: Floats
) -> Difference:
    n = int(one.sum() + other.sum())
    groups = [len(np.unique(persons[side])) for side in (one, other)]
    if min(groups) < FEWEST_ON_A_SIDE:
        return Difference(math.nan, math.nan, math.nan, n)
    rows = one | other
    person = np.unique(persons[rows], return_inverse=True)[1]
    design = np.column_stack([one[rows].astype(np.float64), np.ones(n), known[rows]])
    heavy = design * weights[rows][:, None]
    back = np.linalg.pinv(heavy.T @ design)
    coefficients = back @ heavy.T @ missed[rows]
    scores = (heavy @ back[0]) * (missed[rows] - design @ coefficients)
    return _told(float(coefficients[0]), clustered(scores, person), min(groups) - 1, n)


def _told(value: float, error: float, df: int, n: int) -> Difference:
    half = float(special.stdtrit(max(df, 1), (1 + LEVEL) / 2)) * error
    return Difference(value, value - half, value + half, n)
