"""Figures with their resamples, drawn together so that differences between them keep their intervals coherent.

Every interval is a percentile interval over ``draws`` resamples of persons. Up to 5,000 persons the persons themselves are
drawn again; beyond, the limit law of that is drawn instead: joint normal scores with the covariance found between persons.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from portance.estimation.curve import Curve
from portance.estimation.estimate import BEYOND, DRAWS, FEWEST_FOR_POINT, Estimate, Floats, limits, told

MOST_PERSONS = 5_000
"""Up to so many persons a quantile is resampled person by person."""
FEWEST_BEYOND = 10
"""With fewer independent observations on either side of a quantile, order statistics bound it instead."""
_ROUNDING = 1e-18
"""What is left of a variance that is nothing: all observations of one person, say, whose influences cancel out."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure and its resamples; ``low`` and ``high`` differ where a resample is known only within bounds.

    ``value`` is infinite or NaN where the data do not reach it, ``high`` infinite where nothing bounds it from above.
    """

    value: float
    low: Floats
    high: Floats
    method: str

    @property
    def certain(self) -> bool:
        """Whether it was declared rather than drawn."""
        return len(self.low) == 1

    def oriented(self, better: str) -> "Drawn":
        """The same figure, turned so that higher is better."""
        return self if better == "higher" else Drawn(-self.value, -self.high, -self.low, self.method)

    def less(self, other: "Drawn") -> "Drawn":
        """The difference, resample by resample."""
        with np.errstate(invalid="ignore"):  # two figures out of reach: NaN, which the reader has to unbound
            return Drawn(self.value - other.value, self.low - other.high, self.high - other.low, self.method)

    def estimate(self, *, n: int, persons: int) -> Estimate:
        """The figure with its 95 % interval, as far as it may be shown."""
        known = math.isfinite(self.value)
        reason = None if known else (BEYOND if n else "no observation")
        low, high = limits(self.low)[0], limits(self.high)[1]
        return told(
            self.value if known else None, low, high, n=n, persons=persons, method=self.method, reason=reason
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mean to be drawn: of the values of a curve, or of what each is ``worth``.

    ``beyond`` is the worth of values larger than any seen to end (NaN: not known). ``bounds`` are the least and the
    largest worth, where there are such.
    """

    curve: Curve
    worth: Callable[[Floats], Floats] | None = None
    beyond: float = math.nan
    bounds: tuple[float, float] | None = None


def settled(value: float) -> Drawn:
    """A declared figure: it has no sampling error, and one resample, itself."""
    return Drawn(value, np.asarray([value]), np.asarray([value]), "declared")


def quantiles_drawn(
    curves: Sequence[Curve], q: float, *, seed: int, draws: int = DRAWS, most_persons: int = MOST_PERSONS
) -> list[Drawn]:
    """The quantile ``q`` of several curves over the same persons, resampled together."""
    values = [curve.quantile(q) for curve in curves]
    influences = np.array(
        [curve.level_influence(_seen(curve, value)) for curve, value in zip(curves, values, strict=True)]
    )
    sizes = [
        _independent(curve, curve.level(_seen(curve, value)), float(influence @ influence))
        for curve, value, influence in zip(curves, values, influences, strict=True)
    ]
    people = max((curve.people for curve in curves), default=0)
    few = any(
        curve.exposed < FEWEST_FOR_POINT or size * min(q, 1 - q) < FEWEST_BEYOND
        for curve, size in zip(curves, sizes, strict=True)
    )
    if not few and people <= most_persons:
        counts = person_counts(people, seed=seed, draws=draws)
        method = f"bootstrap by person, {draws} resamples"
        found = [curve.resampled(counts, q) for curve in curves]
        return [
            Drawn(value, _at_least_seen(figures, curve), figures, method)
            for curve, value, figures in zip(curves, values, found, strict=True)
        ]
    scores = joint_scores(influences, seed=seed, draws=draws)
    drawn = []
    for curve, value, influence, size, score in zip(curves, values, influences, sizes, scores, strict=True):
        if few:
            # exact for independent observations: the number of them below the quantile is binomial
            trials = max(round(size), 1)
            under = stats.binom.ppf(special.ndtr(score), trials, q)
            low = np.where(under >= 1, curve.quantiles(under / trials), -math.inf)
            high = curve.quantiles((under + 1) / trials)
            drawn.append(
                Drawn(value, _at_least_seen(low, curve), high, "order statistics at the effective size")
            )
        else:
            error = math.sqrt(curve.exposed / (curve.exposed - 1) * float(influence @ influence))
            figures = curve.quantiles(q + score * error)
            drawn.append(
                Drawn(value, _at_least_seen(figures, curve), figures, "Woodruff, variance by person")
            )
    return drawn


def means_drawn(wanted: Sequence[Wanted], *, seed: int, draws: int = DRAWS) -> list[Drawn]:
    """Several means over the same persons, resampled together.

    A mean within bounds gets a Wilson-type interval, which stays inside them and is never of no width.
    A mean that open observations leave unknown is bounded: by the worth of what was seen, the rest at either bound.
    """
    influences, variances = [], []
    for want in wanted:
        influence = want.curve.mean_influence(want.worth, beyond=_or(want.beyond, _least(want)))
        influences.append(influence)
        persons = want.curve.exposed
        variances.append(persons / max(persons - 1, 1) * float(influence @ influence))
    scores = joint_scores(np.array(influences), seed=seed, draws=draws)
    drawn = []
    for want, variance, score in zip(wanted, variances, scores, strict=True):
        curve = want.curve
        df = max(curve.exposed - 1, 1)
        students = stats.t.ppf(special.ndtr(score), df)
        value = curve.mean(want.worth, beyond=want.beyond)
        seen = value if math.isfinite(value) else curve.mean(want.worth, beyond=_least(want))
        if want.bounds is None:
            figures = seen + students * math.sqrt(variance)
            method = "linearised by person, Student"
        else:
            least, most = want.bounds
            share, spread = (seen - least) / (most - least), variance / (most - least) ** 2
            size = _independent(curve, share, spread)
            certain = spread <= 0 or size <= 0
            figures = least + (most - least) * wilson_draws(share, size, score if certain else students)
            method = "linearised by person, Wilson at the effective size"
        high = figures
        if curve.n and not math.isfinite(value):
            high = np.full(draws, math.inf if want.bounds is None else want.bounds[1])
        drawn.append(Drawn(value, figures, high, method))
    return drawn


def person_counts(people: int, *, seed: int, draws: int = DRAWS) -> npt.NDArray[np.float32]:
    """How many times each person comes in each resample: ``draws`` rows that each add up to ``people``."""
    generator = np.random.default_rng(seed)
    counts = np.empty((draws, people), dtype=np.float32)
    for start in range(0, draws, 128):  # in parts, to stay in the processor's cache
        rows = min(128, draws - start)
        taken = generator.integers(0, people, size=(rows, people), dtype=np.uint32).astype(np.int64)
        taken += np.arange(rows)[:, None] * people
        counts[start : start + rows] = np.bincount(taken.ravel(), minlength=rows * people).reshape(
            rows, people
        )
    return counts


def joint_scores(influences: Floats, *, seed: int, draws: int = DRAWS) -> Floats:
    """Normal scores, one row per figure, correlated as the figures are; each of unit variance.

    The scores are the quantiles of the normal law in random order rather than random numbers, so that the interval
    of a figure alone has no noise of its own.
    """
    figures = len(influences)
    generator = np.random.default_rng(seed)
    ladder = special.ndtri(np.arange(1, draws + 1) / (draws + 1))
    scores = np.array([generator.permutation(ladder) for _ in range(figures)])
    if figures == 1:
        return scores
    covariance = influences @ influences.T
    scale = np.sqrt(np.diag(covariance))
    correlation = np.eye(figures)
    sound = scale > 0
    both = np.ix_(sound, sound)
    correlation[both] = covariance[both] / np.outer(scale[sound], scale[sound])
    return np.asarray(np.linalg.cholesky(correlation + 1e-9 * np.eye(figures)) @ scores)


def wilson_draws(share: float, size: float, scores: Floats) -> Floats:
    """Shares whose percentiles are the Wilson limits of ``share`` out of ``size`` at each level."""
    if size <= 0 or not math.isfinite(share):
        return np.asarray(special.ndtr(scores), dtype=np.float64)
    share = min(max(share, 0.0), 1.0)
    square = scores**2
    half = scores * np.sqrt(share * (1 - share) / size + square / (4 * size * size))
    return np.clip((share + square / (2 * size) + half) / (1 + square / size), 0.0, 1.0)


def _independent(curve: Curve, share: float, variance: float) -> float:
    """How many independent observations would leave a share this uncertain; persons, weighted, where it does not vary."""
    if variance > _ROUNDING and 0 < share < 1:
        return share * (1 - share) / variance
    if not curve.n:
        return 0.0
    held = np.bincount(curve.persons, weights=curve.weights)
    return float(held.sum() ** 2 / (held @ held))


def _seen(curve: Curve, value: float) -> float:
    """The value, or the last one up to which anything is known."""
    return value if math.isfinite(value) else curve.reach


def _at_least_seen(figures: Floats, curve: Curve) -> Floats:
    """Out of reach means: larger than anything that was seen."""
    return np.where(np.isposinf(figures), curve.reach, figures)


def _least(want: Wanted) -> float:
    """What a value beyond follow-up is worth at the least, so that the mean is bounded from below."""
    if want.bounds is not None:
        return want.bounds[0]
    return want.curve.reach if want.worth is None else math.nan


def _or(value: float, other: float) -> float:
    return value if math.isfinite(value) else other
