"""The ratio of two sums over persons: a rate, a share, a cost per journey."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from portance.estimation.estimate import (
    DRAWS,
    FEWEST_FOR_POINT,
    LEVEL,
    Estimate,
    Floats,
    limits,
    told,
)

MOST_GROUPS = 150
"""Up to so many distinct groups the resampling itself costs milliseconds; beyond it, its limit law is used."""
FEWEST_AFFECTED = 10
"""With fewer persons on either side of a proportion, resampling them again shows too little of the doubt."""


def wilson(k: float, n: float, *, level: float = LEVEL, df: float | None = None) -> tuple[float, float]:
    """The Wilson score interval of ``k`` successes out of ``n``; both may be effective (fractional) counts.

    ``df`` replaces the normal quantile by Student's, where the variance itself comes from few persons.
    (0, 1) where ``n`` is 0.
    """
    if n <= 0:
        return 0.0, 1.0
    tail = (1 + level) / 2
    z = float(stats.norm.ppf(tail) if df is None else stats.t.ppf(tail, max(df, 1)))
    p, shrink = k / n, 1 + z * z / n
    middle = (p + z * z / (2 * n)) / shrink
    half = z / shrink * math.sqrt(max(p * (1 - p) / n + z * z / (4 * n * n), 0.0))
    return (0.0 if k <= 0 else max(middle - half, 0.0)), (1.0 if k >= n else min(middle + half, 1.0))


def ratio(
    groups: Sequence[Sequence[float]] | npt.ArrayLike,
    *,
    seed: int,
    draws: int = DRAWS,
    n: int | None = None,
    proportion: bool | None = None,
) -> Estimate:
    """The sum of numerators over the sum of denominators, with its interval by person.

    ``groups`` has one row ``(numerator, denominator, persons)`` per distinct pair: how many persons have exactly
    these two sums. All interactions of a person move together, so resampling persons is drawing how often each
    group comes up: one multinomial per resample, whatever the number of persons. Persons with neither numerator nor denominator
    are not at risk and do not count.

    ``n`` is how many observations stand behind it (the denominators added up where absent, which is right
    without weights). ``proportion`` says that the ratio lies between 0 and 1; found from the groups where absent.
    """
    table = np.asarray(groups, dtype=np.float64).reshape(-1, 3)
    table = table[((table[:, 0] != 0) | (table[:, 1] != 0)) & (table[:, 2] > 0)]
    pairs, place = np.unique(_paired(table[:, 0], table[:, 1]), return_inverse=True)
    counts = _totals(place, table[:, 2], len(pairs))
    numerators, denominators = pairs.real, pairs.imag
    persons = round(float(counts.sum()))
    above, below = float(numerators @ counts), float(denominators @ counts)
    observations = round(below) if n is None else n
    if not persons or below <= 0:
        return told(None, None, None, n=observations, persons=persons, method="none", reason="no observation")
    value = above / below
    if proportion is None:
        proportion = bool(np.all((numerators >= 0) & (numerators <= denominators)))
    few = proportion and _few_affected(numerators, denominators, counts, persons)

    if 1 < len(pairs) <= MOST_GROUPS and not few:
        generator = np.random.default_rng(seed)
        resampled = generator.multinomial(persons, counts / counts.sum(), size=draws)
        with np.errstate(divide="ignore", invalid="ignore"):
            figures = (resampled @ numerators) / (resampled @ denominators)
        low, high = limits(figures[np.isfinite(figures)])
        method = f"bootstrap by person, {draws} resamples"
    elif proportion:
        low, high = _effective_wilson(numerators, denominators, counts, value)
        method = "linearised by person, Wilson at the effective size"
    else:
        error = _standard_error(numerators, denominators, counts, value)
        half = float(stats.t.ppf((1 + LEVEL) / 2, max(persons - 1, 1))) * error
        low, high = value - half, value + half
        method = "linearised by person, Student"
    return told(value, low, high, n=observations, persons=persons, method=method)


def by_person(persons: npt.ArrayLike, numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> Floats:
    """The groups that :func:`ratio` reads, from one row per observation; ``persons`` are numbers from 0."""
    numbers = np.asarray(persons, dtype=np.int64)
    pairs, counts = np.unique(
        _paired(_totals(numbers, numerators), _totals(numbers, denominators)), return_counts=True
    )
    return np.column_stack([pairs.real, pairs.imag, counts.astype(np.float64)])


def _totals(places: npt.ArrayLike, values: npt.ArrayLike, least: int = 0) -> Floats:
    return np.asarray(np.bincount(np.asarray(places), np.asarray(values), least), dtype=np.float64)


def _paired(numerators: Floats, denominators: Floats) -> npt.NDArray[np.complex128]:
    """Both sums in one number, because complex numbers sort by their parts, and faster than rows do."""
    pairs = np.empty(len(numerators), dtype=np.complex128)
    pairs.real, pairs.imag = numerators, denominators
    return pairs


def _few_affected(numerators: Floats, denominators: Floats, counts: Floats, persons: int) -> bool:
    touched = float(counts[numerators > 0].sum())
    spared = float(counts[numerators < denominators].sum())
    return persons < FEWEST_FOR_POINT or min(touched, spared) < FEWEST_AFFECTED


def _standard_error(numerators: Floats, denominators: Floats, counts: Floats, value: float) -> float:
    persons = float(counts.sum())
    if persons < 2:
        return math.inf
    residuals = numerators - value * denominators
    return math.sqrt(persons / (persons - 1) * float(counts @ residuals**2)) / float(denominators @ counts)


def _effective_wilson(
    numerators: Floats, denominators: Floats, counts: Floats, value: float
) -> tuple[float, float]:
    """Wilson at the number of independent observations that would give the variance found between persons.

    Where that variance is nil (nobody affected, or everybody) the persons themselves are counted, less what unequal
    denominators take away: nothing says that the observations of one person are independent.
    """
    persons = float(counts.sum())
    error = _standard_error(numerators, denominators, counts, value)
    kish = float(denominators @ counts) ** 2 / float(denominators**2 @ counts)
    certain = value * (1 - value) <= 0 or error <= 0
    size = kish if certain else value * (1 - value) / error**2
    return wilson(value * size, size, df=None if certain else persons - 1)
