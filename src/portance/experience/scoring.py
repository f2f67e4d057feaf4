"""What answers to a question amount to before anybody asks who did not answer: a share, a mean, or a net score.

The interval of a net score is the adjusted Wald one: three answers more, of which three quarters of one promoter and of one
detractor (Rocks 2016).
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.charter.surveys import Survey
from portance.estimation import by_person, ratio
from portance.estimation.estimate import LEVEL

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Unit = Literal["share", "points", "scale"]
"""``share``: of answers at the satisfied value or better; ``points``: promoters less detractors, -100 to 100; ``scale``: mean."""

PROMOTER, DETRACTOR = 9.0, 6.0
_ADDED, _ADDED_SIDE = 3.0, 0.75


@dataclass(frozen=True, slots=True)
class Scored:
    """The figure that answers give by themselves, and its 95 % interval; NaN where there is none.

    ``spread`` is the standard deviation of answers in the figure's unit; ``design`` the factor by which repeated answers of
    the same persons, and weights, widen the variance.
    """

    value: float
    low: float
    high: float
    n: int
    persons: int
    spread: float
    design: float


def unit_of(survey: Survey) -> Unit:
    """The unit of a survey's figure."""
    if survey.satisfied is not None:
        return "share"
    return "points" if survey.rating == "nps" else "scale"


def scores(survey: Survey, values: Floats) -> Floats:
    """Each answer in the unit of the figure, whose plain mean is the figure; NaN stays NaN."""
    unit = unit_of(survey)
    if unit == "scale":
        return values
    if unit == "points":
        made = np.where(values >= PROMOTER, 100.0, np.where(values <= DETRACTOR, -100.0, 0.0))
    else:
        limit = float(survey.satisfied or 0.0)
        made = (values >= limit if survey.better == "higher" else values <= limit).astype(np.float64)
    return np.where(np.isnan(values), np.nan, made)


def ends_of(survey: Survey, values: Floats) -> tuple[float, float]:
    """The least and the largest possible figure; of a question without a scale, the answers seen."""
    unit = unit_of(survey)
    if unit != "scale":
        return (0.0, 1.0) if unit == "share" else (-100.0, 100.0)
    if survey.ends:
        return survey.ends
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)


def wanted_of(survey: Survey, ends: tuple[float, float]) -> float:
    """The half-width that a question needs: as declared, else a twentieth of its range."""
    return survey.precision if survey.precision is not None else (ends[1] - ends[0]) / 20


def adjusted_wald(
    promoters: float, detractors: float, n: float, *, level: float = LEVEL
) -> tuple[float, float]:
    """The interval of a net score, -100 to 100, from shares of ``n`` answers (which may be an effective size)."""
    size = n + _ADDED
    p = (promoters * n + _ADDED_SIDE) / size
    d = (detractors * n + _ADDED_SIDE) / size
    half = float(special.ndtri((1 + level) / 2)) * math.sqrt(max(p + d - (p - d) ** 2, 0.0) / size)
    return max(100 * (p - d - half), -100.0), min(100 * (p - d + half), 100.0)


def naive(survey: Survey, y: Floats, persons: Integers, weights: Floats, *, seed: int) -> Scored:
    """The figure of those who answered. ``y`` (n,) in the figure's unit, ``persons`` numbers, ``weights`` of rows."""
    n = len(y)
    if not n:
        return Scored(math.nan, math.nan, math.nan, 0, 0, math.nan, 1.0)
    _, person = np.unique(persons, return_inverse=True)
    people = int(person.max()) + 1
    total = float(weights.sum())
    value = float(weights @ y) / total
    spread = math.sqrt(max(float(weights @ (y - value) ** 2) / total, 0.0) * n / max(n - 1, 1))
    error = clustered(weights / total * (y - value), person)
    design = error**2 * n / spread**2 if spread > 0 else total**2 / float(weights @ weights) / n
    # fewer answers than a person gives cannot make the figure surer than that many answers
    design = max(design, 1.0) if people < n or float(np.ptp(weights)) > 0 else 1.0
    unit = unit_of(survey)
    if unit == "points":
        up, down = float(weights @ (y > 0)) / total, float(weights @ (y < 0)) / total
        low, high = adjusted_wald(up, down, n / design)
    elif unit == "share":
        told = ratio(by_person(person, weights * y, weights), seed=seed, n=n, proportion=True)
        low, high = _or_nan(told.ci_low), _or_nan(told.ci_high)
    else:
        half = float(special.stdtrit(max(people - 1, 1), (1 + LEVEL) / 2)) * error if people > 1 else math.nan
        low, high = value - half, value + half
    return Scored(value, low, high, n, people, spread, design)


def clustered(influence: Floats, cluster: Integers) -> float:
    """The standard error of a sum of influences, clusters (numbers from 0) moving as one."""
    sums = np.bincount(cluster, influence)
    many = int(np.count_nonzero(np.bincount(cluster)))
    return math.sqrt(many / max(many - 1, 1) * float(sums @ sums))


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
