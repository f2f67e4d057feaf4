"""What a treatment changes when cases were not drawn by lot: cross-fitted augmented inverse-probability weighting.

Right where either the outcome or the treatment is well told by what is known beforehand (Robins, Rotnitzky and Zhao
1994; Chernozhukov et al. 2018). It holds for those who could have met either treatment, and refuses where they are
too few (Crump, Hotz, Imbens and Mitnik 2009). What is not recorded and moves both stays in the result.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.estimation.nuisance import filled, folds_of, one_thread, outcome_told, propensity_told

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LEAST_ARM = 20
"""Fewer treated or untreated rows (or clusters) than this, and nothing is estimated."""
LEAST_OVERLAP = 0.2
"""An effect that holds for less than this share of those it is asked about is not told as theirs."""
_EXTREME = 1e-3


@dataclass(frozen=True, slots=True)
class Contrast:
    """The mean effect of a treatment, in the outcome's unit, and how far the data can carry it.

    ``effect`` is treated minus untreated for the rows kept, ``low`` and ``high`` its interval; ``raw`` is the plain
    difference of means of all rows, with its own. ``treated_mean`` and ``control_mean`` are what those kept would
    show all treated and all untreated. ``ess`` is the smaller effective size of the two weighted arms, ``overlap``
    the share of rows kept after trimming, ``most_weight`` the largest share of an arm that one row carries.
    Without support, ``effect`` and its limits are NaN and ``reason`` says why: ``too_few``, ``no_overlap``,
    ``never_varies``.
    """

    effect: float
    low: float
    high: float
    raw: float
    raw_low: float
    raw_high: float
    treated_mean: float
    control_mean: float
    n: int
    treated: int
    ess: float
    overlap: float
    dropped: int
    most_weight: float
    supported: bool
    reason: str | None
    error: float = math.nan
    p: float = math.nan


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The mean that all would have answered, from those who did; what each row's answer and silence were expected to be.

    ``propensities`` and ``predictions`` have one value per row, each told by models that had not seen it. ``reason`` is
    a code where nothing can be estimated, and the numbers are NaN.
    """

    estimate: float
    low: float
    high: float
    error: float
    n: int
    answered: int
    ess: float
    propensities: Floats
    predictions: Floats
    reason: str | None = None


def contrast(
    y: npt.ArrayLike,
    treated: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    seed: int = 0,
    folds: int = 5,
    trim: tuple[float, float] = (0.05, 0.95),
    least_ess: float = 100,
    level: float = 0.95,
    estimand: Literal["all", "treated"] = "all",
    propensity: npt.ArrayLike | None = None,
) -> Contrast:
    """The effect of ``treated`` (n,) on ``y`` (n,) at given covariates ``x`` (n, p), all known before the treatment.

    ``clusters`` (n,), whose rows move together (a person's), of any type. Rows whose probability of treatment lies
    outside ``trim`` are left out; ``estimand`` ``treated`` asks for the effect on those who were treated and trims
    above only, which suits rare treatments. Rows with a missing outcome are left out. Holes in ``x`` are filled and
    marked. ``propensity`` (n,): what :func:`propensities` told for the same rows, clusters and seed, to ask it once for
    many outcomes.
    """
    outcome, arm = np.asarray(y, dtype=np.float64).ravel(), np.asarray(treated).astype(bool).ravel()
    known = np.isfinite(outcome)
    table = np.asarray(x, dtype=np.float64).reshape(len(outcome), -1)
    cluster = _numbered(clusters, len(outcome))
    outcome, arm, table, cluster = outcome[known], arm[known], table[known], cluster[known]
    cluster = np.unique(cluster, return_inverse=True)[1]
    n, some = len(outcome), int(arm.sum())
    raw = _raw(outcome, arm, cluster, level)
    groups = [len(np.unique(cluster[arm])), len(np.unique(cluster[~arm]))]
    if min(some, n - some, *groups) < LEAST_ARM:
        return _refused("too_few", n, some, raw)
    if float(np.ptp(outcome)) == 0.0:
        return _refused("never_varies", n, some, raw)
    table = filled(table)
    fold = folds_of(cluster, arm, min(folds, *groups), seed)
    with one_thread():
        if propensity is None:
            e = propensity_told(arm, table, fold)
        else:
            e = np.asarray(propensity, dtype=np.float64)[known]
        e = np.clip(e, _EXTREME, 1 - _EXTREME)
        kept = (e <= trim[1]) & ((e >= trim[0]) | (estimand == "treated"))
        asked = kept if estimand == "all" else kept & arm
        overlap = float(asked.sum() / (n if estimand == "all" else some))
        dropped = int(n - kept.sum())
        if estimand == "all":
            weights = np.where(arm, 1 / e, 1 / (1 - e)) * kept
        else:
            weights = np.where(arm, 1.0, e / (1 - e)) * kept
        ess, most = _effective([weights[arm], weights[~arm]])
        if overlap < LEAST_OVERLAP or ess < least_ess:
            return _refused("no_overlap", n, some, raw, ess=ess, overlap=overlap, dropped=dropped, most=most)
        told = outcome_told(outcome, arm.astype(np.int64), table, fold, groups=2)
    own = np.where(arm, told[:, 1], told[:, 0])
    rest = outcome - own
    # Weights that add up to one in each arm: a single improbable row moves the figure less (Hájek 1971).
    up = np.where(arm, weights, 0.0) / weights[arm].sum()
    down = np.where(arm, 0.0, weights) / weights[~arm].sum()
    share = asked / asked.sum()
    if estimand == "all":
        high_mean = float(share @ told[:, 1] + up @ rest)
        low_mean = float(share @ told[:, 0] + down @ rest)
        moved = share * (told[:, 1] - told[:, 0]) + (up - down) * rest
    else:
        high_mean = float(share @ outcome)
        low_mean = float(share @ told[:, 0] + down @ rest)
        moved = share * (outcome - told[:, 0]) - down * rest
    effect = high_mean - low_mean
    error = _clustered(moved - share * effect, cluster)
    df = max(min(ess, *groups) - 1, 1.0)
    half = float(special.stdtrit(df, (1 + level) / 2)) * error
    p = float(2 * special.stdtr(df, -abs(effect) / error)) if error > 0 else math.nan
    return Contrast(
        effect, effect - half, effect + half, *raw, high_mean, low_mean, n, some, ess, overlap, dropped, most,
        supported=True, reason=None, error=error, p=p,
    )  # fmt: skip


def propensities(
    treated: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    seed: int = 0,
    folds: int = 5,
) -> Floats:
    """The probability of treatment (n,), told for each row by models that had not seen its cluster; NaN in too small arms."""
    arm = np.asarray(treated).astype(bool).ravel()
    cluster = _numbered(clusters, len(arm))
    groups = [len(np.unique(cluster[arm])), len(np.unique(cluster[~arm]))]
    if min(groups) < LEAST_ARM:
        return np.full(len(arm), math.nan)
    table = filled(np.asarray(x, dtype=np.float64).reshape(len(arm), -1))
    with one_thread():
        return propensity_told(arm, table, folds_of(cluster, arm, min(folds, *groups), seed))


def adjusted_mean(
    y: npt.ArrayLike,
    answered: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    seed: int = 0,
    folds: int = 5,
    floor: float = 0.01,
    level: float = 0.95,
) -> Adjusted:
    """The mean of ``y`` over all rows, where it is known for those who ``answered`` only (NaN for others).

    Each row gives its prediction, and those who answered what the prediction missed, over the probability that they
    answered (at least ``floor``). Right where answering depends on ``x`` alone.
    """
    outcome = np.asarray(y, dtype=np.float64).ravel()
    said = np.asarray(answered).astype(bool).ravel() & np.isfinite(outcome)
    n, some = len(outcome), int(said.sum())
    table = np.asarray(x, dtype=np.float64).reshape(n, -1)
    cluster = _numbered(clusters, n)
    nowhere = np.full(n, math.nan)
    groups = len(np.unique(cluster[said]))
    if groups < LEAST_ARM:
        return Adjusted(
            math.nan, math.nan, math.nan, math.nan, n, some, float(groups), nowhere, nowhere, "too_few"
        )
    table = filled(table)
    fold = folds_of(cluster, said, min(folds, groups), seed)
    outcome = np.where(said, outcome, 0.0)
    with one_thread():
        e = np.ones(n) if some == n else np.clip(propensity_told(said, table, fold), floor, 1.0)
        told = outcome_told(outcome, np.zeros(n, dtype=np.int64), table, fold, groups=1, used=said)[:, 0]
    weights = np.where(said, 1 / e, 0.0)
    missed = np.where(said, outcome - told, 0.0)
    moved = told / n + weights * missed / weights.sum()
    estimate = float(moved.sum())
    error = _clustered(moved - estimate / n, cluster)
    ess, _ = _effective([weights[said]])
    df = max(min(ess, groups) - 1, 1.0)
    half = float(special.stdtrit(df, (1 + level) / 2)) * error
    return Adjusted(estimate, estimate - half, estimate + half, error, n, some, ess, e, told)


def _numbered(clusters: npt.ArrayLike | None, n: int) -> Integers:
    if clusters is None:
        return np.arange(n)
    return np.asarray(np.unique(np.asarray(clusters), return_inverse=True)[1], dtype=np.int64).ravel()


def _clustered(influence: Floats, cluster: Integers) -> float:
    """The standard error of a sum of influences, clusters moving as one."""
    sums = np.bincount(cluster, influence)
    many = len(sums)
    return math.sqrt(many / max(many - 1, 1) * float(sums @ sums))


def _effective(arms: list[Floats]) -> tuple[float, float]:
    """The smaller effective size of weighted arms, and the largest share of an arm that one row carries."""
    sizes, most = [], 0.0
    for weights in arms:
        total = float(weights.sum())
        sizes.append(total**2 / float(weights @ weights) if total > 0 else 0.0)
        most = max(most, float(weights.max()) / total if total > 0 else 1.0)
    return min(sizes), most


def _raw(
    y: Floats, arm: npt.NDArray[np.bool_], cluster: Integers, level: float
) -> tuple[float, float, float]:
    if not arm.any() or arm.all():
        return math.nan, math.nan, math.nan
    means = y[arm].mean(), y[~arm].mean()
    difference = float(means[0] - means[1])
    influence = np.where(arm, (y - means[0]) / arm.sum(), -(y - means[1]) / (~arm).sum())
    groups = min(len(np.unique(cluster[arm])), len(np.unique(cluster[~arm])))
    half = float(special.stdtrit(max(groups - 1, 1), (1 + level) / 2)) * _clustered(influence, cluster)
    return difference, difference - half, difference + half


def _refused(
    reason: str, n: int, treated: int, raw: tuple[float, float, float], *, ess: float = math.nan,
    overlap: float = math.nan, dropped: int = 0, most: float = math.nan,
) -> Contrast:  # fmt: skip
    nan = math.nan
    return Contrast(
        nan, nan, nan, *raw, nan, nan, n, treated, ess, overlap, dropped, most, supported=False, reason=reason
    )
