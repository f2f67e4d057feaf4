"""Whether predicted answers may be shown: judged on later answers, which the model has not seen.

Expected calibration error over ten bins of equal size, slope of the answers on their predictions, and Brier score, all on
the figure's range taken as 0 to 1.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from portance.estimation.nuisance import filled, folds_of, one_thread, outcome_told
from portance.experience.silent.sample import Flags, Floats, Integers

MOST_ECE = 0.05
SLOPES = (0.8, 1.2)
BINS = 10
EARLIER = 0.7
"""The share of answers, the earlier ones, that the model learns from."""
FEWEST_LATER = 200
"""With fewer later answers the error of the bins alone hides whether predictions are right."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How predictions held on ``n`` later answers; ``passed`` is the gate. ``reason`` says why it cannot be judged."""

    ece: float
    slope: float
    intercept: float
    brier: float
    n: int
    passed: bool
    reason: str | None = None


def predict_later(
    y: Floats, answered: Flags, x: Floats, persons: Integers, when: Integers, *, seed: int
) -> tuple[Flags, Floats]:
    """The later answers (n,) as a mask, and what a model of the earlier ones says of every row; NaN where there are too few."""
    later = np.zeros(len(y), dtype=bool)
    if answered.sum() < 2 * FEWEST_LATER:
        return later, np.full(len(y), math.nan)
    cut = float(np.quantile(when[answered], EARLIER))
    later = when > cut
    learnt = answered & ~later
    cluster = np.unique(persons, return_inverse=True)[1].astype(np.int64)
    # fold 0 is told by all that is learnt from; the others only settle how the models are mixed
    fold = np.where(later, 0, folds_of(cluster, learnt, 4, seed) + 1).astype(np.int64)
    with one_thread():
        told = outcome_told(
            np.where(learnt, y, 0.0), np.zeros(len(y), dtype=np.int64), filled(x), fold, groups=1, used=learnt
        )
    return later & answered, told[:, 0]


def calibrate(told: Floats, seen: Floats, ends: tuple[float, float], *, binary: bool) -> Calibration:
    """How the predictions ``told`` (n,) hold against the answers ``seen`` (n,), both in the unit with these ``ends``."""
    n = len(seen)
    if n < FEWEST_LATER or not np.isfinite(told).all():
        return Calibration(
            math.nan, math.nan, math.nan, math.nan, n, passed=False, reason="few_later_answers"
        )
    width = ends[1] - ends[0]
    p, y = np.clip((told - ends[0]) / width, 0, 1), (seen - ends[0]) / width
    order = np.argsort(p, kind="stable")
    ece = float(sum(
        len(part) / n * abs(float(p[part].mean() - y[part].mean())) for part in np.array_split(order, BINS)
    ))  # fmt: skip
    brier = float(np.mean((p - y) ** 2))
    slope, intercept = _logistic(p, y) if binary else _line(p, y)
    passed = ece <= MOST_ECE and SLOPES[0] <= slope <= SLOPES[1]
    return Calibration(ece, slope, intercept, brier, n, passed, None if passed else "not_calibrated")


def _line(p: Floats, y: Floats) -> tuple[float, float]:
    varies = float(np.var(p))
    if varies <= 1e-12:
        return math.nan, math.nan
    slope = float(np.mean((p - p.mean()) * (y - y.mean()))) / varies
    return slope, float(y.mean() - slope * p.mean())


def _logistic(p: Floats, y: Floats) -> tuple[float, float]:
    """Cox's recalibration: the slope and the intercept of answers on the log-odds of their predictions."""
    odds = special.logit(np.clip(p, 1e-3, 1 - 1e-3))
    if float(np.ptp(odds)) <= 1e-9 or float(np.ptp(y)) == 0:
        return math.nan, math.nan
    design = np.column_stack([np.ones(len(p)), odds])
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        mean = special.expit(design @ beta)
        weight = np.maximum(mean * (1 - mean), 1e-9)
        step = np.linalg.solve((design * weight[:, None]).T @ design, design.T @ (y - mean))
        beta = beta + np.clip(step, -2, 2)
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(beta[1]), float(beta[0])
