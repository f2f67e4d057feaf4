"""Hazards in discrete time: how likely an ending is in each period, given that it has not come yet.

A binary regression over rows of one person in one period, by a complementary log-log link (the discrete form of
proportional hazards: Prentice and Gloeckler 1978) or a logit. Errors are by person: all rows of a person move together
(Liang and Zeger 1986).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Link = Literal["cloglog", "logit"]

PRIOR_SD = 3.0
"""A normal prior of this spread on every coefficient but the first keeps it finite where nobody, or everybody, ended.

A hazard twenty times higher lies within one such spread: with a dozen endings the prior weighs next to nothing.
"""
_MOST_STEPS = 50
_HALVINGS = 20
_CLOSE = 1e-6
_LEAST, _MOST = -30.0, 3.5


@dataclass(frozen=True, slots=True)
class HazardFit:
    """The coefficients of a fit, their covariance by person and under the model, and whether the search settled."""

    coefficients: Floats
    robust: Floats
    model: Floats
    link: Link
    converged: bool
    rows: int
    ended: int

    @property
    def covariance(self) -> Floats:
        """The covariance by person, widened where the model's own says more.

        With few endings behind a coefficient, what varies between persons is seen too little of.
        """
        robust, model = np.diag(self.robust), np.diag(self.model)
        with np.errstate(divide="ignore", invalid="ignore"):
            wider = np.sqrt(np.where(robust > 0, np.maximum(model / robust, 1.0), 1.0))
        covariance: Floats = self.robust * np.outer(wider, wider)
        alone = robust <= 0
        covariance[alone, alone] = model[alone]
        return covariance

    def errors(self) -> Floats:
        """The standard error of each coefficient."""
        return np.sqrt(np.diag(self.covariance))


def inverse(eta: Floats, link: Link) -> Floats:
    """The probability of ending in a period at a linear predictor."""
    kept = np.clip(eta, _LEAST, _MOST if link == "cloglog" else -_LEAST)
    if link == "cloglog":
        return np.asarray(-np.expm1(-np.exp(kept)))
    return np.asarray(1.0 / (1.0 + np.exp(-kept)))


def _pieces(eta: Floats, link: Link) -> tuple[Floats, Floats]:
    """The probability, and its derivative by the linear predictor."""
    kept = np.clip(eta, _LEAST, _MOST if link == "cloglog" else -_LEAST)
    if link == "cloglog":
        rate = np.exp(kept)
        return -np.expm1(-rate), rate * np.exp(-rate)
    chance = 1.0 / (1.0 + np.exp(-kept))
    return chance, chance * (1 - chance)


def fit_hazard(
    x: Floats,
    ended: npt.NDArray[np.bool_],
    persons: Integers,
    *,
    link: Link = "cloglog",
    prior_sd: float | None = PRIOR_SD,
    start: Floats | None = None,
) -> HazardFit:
    """Fit by Fisher scoring. ``x`` (rows, columns) begins with a column of ones; ``persons`` says whose each row is.

    ``prior_sd`` of ``None`` is plain maximum likelihood. Columns are scaled inside, so that the prior means the same for
    each: one for a step of 0 to 1 where a column lies within that, one standard deviation elsewhere. ``start`` are
    coefficients near the answer, for the first columns.
    """
    y = ended.astype(np.float64)
    scale = _scales(x)
    z = x / scale
    penalty = np.zeros(z.shape[1])
    if prior_sd is not None:
        penalty[1:] = prior_sd**-2
    beta = np.zeros(z.shape[1])
    rate = min(max(float(y.mean()) if len(y) else 0.5, 1e-6), 1 - 1e-6)
    beta[0] = np.log(-np.log1p(-rate)) if link == "cloglog" else np.log(rate / (1 - rate))
    if start is not None:
        beta[: len(start)] = start * scale[: len(start)]
    tiny = 1e-10
    last, converged = _objective(z, y, beta, penalty, link), False
    information = np.eye(z.shape[1])
    for _ in range(_MOST_STEPS):
        residual, weight = _weights(z @ beta, y, link)
        gradient = residual @ z - penalty * beta
        information = (z * weight[:, None]).T @ z + np.diag(penalty)
        step = np.linalg.solve(information + tiny * np.eye(len(beta)), gradient)
        taken, share = beta + step, 1.0
        value = _objective(z, y, taken, penalty, link)
        for _ in range(_HALVINGS):
            if value >= last - 1e-12 * abs(last):
                break
            share /= 2
            taken = beta + share * step
            value = _objective(z, y, taken, penalty, link)
        moved = float(np.max(np.abs(taken - beta)))
        beta, last = taken, value
        if moved < _CLOSE:
            converged = True
            break
    residual, weight = _weights(z @ beta, y, link)
    information = (z * weight[:, None]).T @ z + np.diag(penalty)
    scores = z * residual[:, None]
    bread = np.linalg.pinv(information, hermitian=True)
    summed = _by_person(scores, persons)
    groups = len(summed)
    meat = summed.T @ summed * (groups / max(groups - 1, 1))
    outer = np.outer(scale, scale)
    return HazardFit(
        beta / scale, bread @ meat @ bread / outer, bread / outer, link, converged, len(y), int(ended.sum())
    )


def _scales(x: Floats) -> Floats:
    low, high = x.min(axis=0), x.max(axis=0)
    spread = x.std(axis=0)
    inside = (low >= 0) & (high <= 1)
    return np.where(inside | (spread <= 0), 1.0, np.maximum(spread, 1e-12))


def _objective(z: Floats, y: Floats, beta: Floats, penalty: Floats, link: Link) -> float:
    chance = np.clip(inverse(z @ beta, link), 1e-15, 1 - 1e-15)
    return float(np.where(y > 0, np.log(chance), np.log1p(-chance)).sum() - 0.5 * (penalty * beta**2).sum())


def _weights(eta: Floats, y: Floats, link: Link) -> tuple[Floats, Floats]:
    """Each row's score and expected information, by its linear predictor."""
    chance, slope = _pieces(eta, link)
    variance = np.maximum(chance * (1 - chance), 1e-15)
    return (y - chance) * slope / variance, slope**2 / variance


def _by_person(scores: Floats, persons: Integers) -> Floats:
    if not len(persons):
        return np.zeros((1, scores.shape[1]))
    if np.any(np.diff(persons) < 0):
        order = np.argsort(persons, kind="stable")
        scores, persons = scores[order], persons[order]
    starts = np.flatnonzero(np.r_[True, np.diff(persons) != 0])
    return np.asarray(np.add.reduceat(scores, starts, axis=0))
