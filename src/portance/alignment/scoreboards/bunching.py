"""Bunching: too many readings just on the good side of a target, and customers worse off there than the curve says.

The counterfactual is a smooth density: a Poisson regression of the counts in narrow bins on a cubic of the distance to the
target, without the bins next to it (Chetty, Friedman, Olsen and Pistaferri 2011; Kleven 2016). The units are drawn again
for its error, and the same excess at places without any target says how badly a smooth curve fits these readings at all.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FEWEST_READINGS = 200
REACH, INSIDE, OUTSIDE = 12, 2, 2
"""Bins looked at on either side; bins just inside and just outside the target that the curve is not fitted to."""
LUMP = 0.2
"""Where one single value has so large a share of the readings, nothing smooth can stand for them."""
DRAWS = 199
_DEGREE = 3
_ROUNDS = 25
_FEWEST_NEAR = 60


@dataclass(frozen=True, slots=True)
class Excess:
    """The share of all readings that stand just inside the target beyond the smooth curve; ``width`` is one bin's."""

    share: float
    low: float
    high: float
    p: float
    width: float


def bin_width(distances: Floats) -> float:
    """A bin of about a fifth of the spread, a whole number of steps where readings are rounded."""
    first, third = (float(value) for value in np.percentile(distances, [25, 75]))
    spread = (third - first) / 1.349 or float(np.std(distances))
    width = 0.2 * spread * (FEWEST_READINGS / len(distances)) ** 0.2
    values = np.unique(np.round(distances, 12))
    if len(values) < len(distances) / 3 and len(values) > 1:
        step = float(np.diff(values).min())
        width = max(1, round(width / step)) * step
    return float(width)


def excess(distances: Floats, clusters: Integers, *, seed: int) -> Excess | str:
    """The excess of readings just inside a target, at distance 0 and more; or the code of why it cannot be told.

    ``distances`` are oriented so that the target is met from 0 up; ``clusters`` are what is drawn again.
    """
    if len(distances) < FEWEST_READINGS:
        return "few_readings"
    width = bin_width(distances)
    if width <= 0:
        return "no_variation"
    # readings at the target itself met it: rounding must not push them out
    place = np.floor(distances / width + 1e-9).astype(np.int64)
    near = (place >= -2 * REACH) & (place < 2 * REACH)
    people = int(clusters.max()) + 1
    counts = np.zeros((people, 4 * REACH))
    np.add.at(counts, (clusters[near], place[near] + 2 * REACH), 1.0)
    whole = counts.sum(axis=0)
    sides = whole[REACH : 2 * REACH - OUTSIDE].sum(), whole[2 * REACH + INSIDE : 3 * REACH].sum()
    if min(sides) < _FEWEST_NEAR / 2:
        return "target_far"
    if float(np.unique(np.round(distances, 12), return_counts=True)[1].max()) > LUMP * len(distances):
        return "not_smooth"
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(people, np.full(people, 1 / people), size=DRAWS).astype(np.float64) @ counts
    share, spread = _excess(whole[None, :], 2 * REACH)[0], np.std(_excess(drawn, 2 * REACH), ddof=1)
    elsewhere = [
        float(_excess(whole[None, :], at, spared=2 * REACH)[0])
        for at in range(REACH + 1, 3 * REACH, INSIDE + OUTSIDE)
        if abs(at - 2 * REACH) >= 2 * INSIDE + OUTSIDE and _supported(whole, at)
    ]
    # what a smooth curve misses at places without target is error too; two fitted readings of it are needed
    misfit = math.sqrt(float(np.mean(np.square(elsewhere)))) if len(elsewhere) > 1 else 0.0
    error = max(float(spread), misfit) / len(distances)
    if error <= 0:
        return "no_variation"
    half = float(stats.t.ppf(0.975, max(people - 1, 1))) * error
    figure = float(share) / len(distances)
    if figure + half < 0:  # a surely negative excess is a curve that doesn't fit
        return "not_smooth"
    return Excess(
        figure, figure - half, figure + half, float(stats.t.sf(figure / error, max(people - 1, 1))), width
    )


def _supported(whole: Floats, at: int) -> bool:
    return min(float(whole[at - REACH : at].sum()), float(whole[at : at + REACH].sum())) >= _FEWEST_NEAR


def _excess(counts: Floats, at: int, spared: int | None = None) -> Floats:
    """Readings beyond the curve in the bins just inside ``at``, one figure per row of counts; ``spared`` is not fitted to."""
    low, high = max(at - REACH, 0), min(at + REACH, counts.shape[1])
    bins = np.arange(low, high)
    fitted = (bins < at - OUTSIDE) | (bins >= at + INSIDE)
    if spared is not None:
        fitted &= (bins < spared - OUTSIDE) | (bins >= spared + INSIDE)
    x = (bins - at + 0.5) / REACH
    design = np.vander(x, _DEGREE + 1, increasing=True)
    expected = _poisson(counts[:, low:high], design, fitted)
    inside = (bins >= at) & (bins < at + INSIDE)
    return np.asarray((counts[:, low:high] - expected)[:, inside].sum(axis=1), dtype=np.float64)


def _poisson(counts: Floats, design: Floats, fitted: npt.NDArray[np.bool_]) -> Floats:
    """What a Poisson regression on the ``fitted`` bins expects in every bin, for each row of counts."""
    x, y = design[fitted], counts[:, fitted]
    beta = np.zeros((len(counts), design.shape[1]))
    beta[:, 0] = np.log(np.maximum(y.mean(axis=1), 0.1))
    ridge = 1e-6 * np.eye(design.shape[1])
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(beta @ x.T, -20, 20))
        gradient = (y - mean) @ x
        bend = np.einsum("dn,nj,nk->djk", mean, x, x) + ridge
        step = np.linalg.solve(bend, gradient[:, :, None])[:, :, 0]
        beta += np.clip(step, -2, 2)
        if float(np.abs(step).max()) < 1e-8:
            break
    return np.asarray(np.exp(np.clip(beta @ design.T, -20, 20)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Worse:
    """How much worse customers are just inside the target than the curve through both sides says, and its one-sided p.

    ``most`` is the upper end of its 95 % interval, in standard deviations of the outcome between readings.
    """

    value: float
    p: float
    most: float


def worse_inside(
    distances: Floats, harm: Floats, weights: Floats, clusters: Integers, width: float
) -> Worse | None:
    """The step of ``harm`` in the bins just inside the target, over a quadratic of the distance and cluster means.

    ``None`` where too few readings stand on either side.
    """
    near = (np.abs(distances) < REACH / 2 * width) & (weights > 0) & np.isfinite(harm)
    z, y, w, c = distances[near] / width, harm[near], weights[near], clusters[near]
    inside = ((z >= -1e-9) & (z < INSIDE)).astype(np.float64)
    if inside.sum() < 15 or ((z < 0) & (z >= -INSIDE - OUTSIDE)).sum() < 15:
        return None
    columns = np.column_stack([inside, z, z * z])
    _, place = np.unique(c, return_inverse=True)
    held = np.bincount(place, w)
    centred = np.column_stack([
        column - (np.bincount(place, w * column) / held)[place] for column in (*columns.T, y)
    ])  # fmt: skip
    x, outcome = centred[:, :3], centred[:, 3]
    bend = (x * w[:, None]).T @ x
    if np.linalg.matrix_rank(bend) < 3 or len(held) < 6:
        return None
    back = np.linalg.inv(bend)
    beta = back @ (x * w[:, None]).T @ outcome
    residual = (outcome - x @ beta) * w
    scores = np.zeros((len(held), 3))
    np.add.at(scores, place, x * residual[:, None])
    groups = len(held)
    variance = back @ (scores.T @ scores) @ back * groups / (groups - 1)
    error = math.sqrt(max(float(variance[0, 0]), 0.0))
    if error <= 0:
        return None
    value, spread = float(beta[0]), math.sqrt(float(w @ outcome**2) / float(w.sum()))
    most = (value + float(stats.t.ppf(0.975, groups - 1)) * error) / spread
    return Worse(value, float(stats.t.sf(value / error, groups - 1)), most)
