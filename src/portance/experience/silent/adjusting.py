"""The figure of all customers, from those who answered and from what is known of everyone.

Doubly robust: each journey gives what it is predicted to answer, and those that answered what the prediction missed, over
the probability that they answer (Robins, Rotnitzky and Zhao 1994; Angelopoulos et al. 2023). Right where answering depends
on what is known of the journey. Where some would never answer, nothing replaces their voice, and the figure is refused.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.estimation.doubly_robust import adjusted_mean
from portance.estimation.estimate import LEVEL
from portance.experience.scoring import clustered
from portance.experience.silent.sample import Flags, Floats, Integers

FEWEST_ANSWERS = 100
"""Persons who answered, without whom no model of all customers is made."""
FEWEST_IN_SEGMENT = 50
LEAST_EFFECTIVE = 50.0
"""So many equally weighted answers the weighted ones must be worth, over all; a segment, a third of it."""
MOST_WEIGHT = 0.10
"""No answer may stand for more than this share of all."""
MOST_UNHEARD = 0.02
"""The share of journeys that may belong to a group of which nobody answers."""
FLOOR = 0.01
LEFT = 120.0
"""What models learnt from n answers leave unadjusted: up to LEFT / n of what they moved, counted as an error of that size.

Few answers make cautious models, which leave undone about a tenth of the adjustment at 700 answers and a fifth at 270
(worlds of development); the error of sampling alone would then be too sure.
"""
_MOST_LEFT = 0.5
_EXPECTED = 10.0
_BINS = 10


@dataclass(frozen=True, slots=True)
class Fitted:
    """What models say of each row: the probability that it answers, and the answer. ``reason``: why they say nothing.

    ``few_answers``; ``no_overlap`` (some kinds of customers never answer, or a few answers stand for all);
    ``never_varies`` (all answers are the same).
    """

    propensities: Floats
    predictions: Floats
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval in the unit of the answers; NaN with a ``reason`` where it is refused.

    ``error`` counts what models may have left; ``moved`` is the figure less that of the answers alone.
    """

    value: float
    low: float
    high: float
    error: float
    df: float
    effective: float
    moved: float = math.nan
    reason: str | None = None


def _refused(reason: str, effective: float = math.nan) -> Figure:
    nan = math.nan
    return Figure(nan, nan, nan, nan, nan, effective, reason=reason)


def fit(y: Floats, answered: Flags, x: Floats, persons: Integers, *, seed: int) -> Fitted:
    """Cross-fitted propensities and predictions of every row of a sample, and whether they carry a figure at all."""
    nothing = np.full(len(y), math.nan)
    people = len(np.unique(persons[answered]))
    if people < FEWEST_ANSWERS:
        return Fitted(nothing, nothing, "few_answers")
    if float(np.ptp(y[answered])) == 0.0:
        return Fitted(nothing, nothing, "never_varies")
    if unheard(x, answered) is not None:
        return Fitted(nothing, nothing, "no_overlap")
    floor = min(FLOOR, float(answered.mean()) / 10)
    made = adjusted_mean(y, answered, x, clusters=persons, seed=seed, floor=floor)
    if made.reason is not None:
        return Fitted(nothing, nothing, made.reason)
    weights = 1 / made.propensities[answered]
    low = float((made.propensities <= floor * (1 + 1e-9)).mean())
    if low > MOST_UNHEARD or made.ess < LEAST_EFFECTIVE or float(weights.max() / weights.sum()) > MOST_WEIGHT:
        return Fitted(made.propensities, made.predictions, "no_overlap")
    return Fitted(made.propensities, made.predictions)


def unheard(x: Floats, answered: Flags) -> int | None:
    """The first covariate that sets apart a group, of some size, of which nobody answers; ``None`` where there is none."""
    n, rate = len(answered), float(answered.mean())
    for place in range(x.shape[1]):
        column = np.nan_to_num(x[:, place])
        edges = np.unique(np.quantile(column, np.linspace(0, 1, _BINS + 1)[1:-1]))
        group = np.searchsorted(edges, column, side="right")
        rows, said = np.bincount(group), np.bincount(group, answered)
        if np.any((said == 0) & (rows * rate >= _EXPECTED) & (rows > MOST_UNHEARD * n)):
            return place
    return None


def figure(
    y: Floats,
    answered: Flags,
    fitted: Fitted,
    *,
    persons: Integers,
    weights: Floats,
    mine: Flags | None = None,
) -> Figure:
    """The figure of the rows ``mine`` (all where absent), by models fitted on all of them."""
    if fitted.reason is not None:
        return _refused(fitted.reason)
    rows = np.ones(len(y), dtype=bool) if mine is None else mine
    w, said, told = weights[rows], answered[rows], fitted.predictions[rows]
    person = np.unique(persons[rows], return_inverse=True)[1]
    inverse = np.where(said, w / fitted.propensities[rows], 0.0)
    if len(np.unique(person[said])) < FEWEST_IN_SEGMENT:
        return _refused("few_answers")
    effective = float(inverse.sum() ** 2 / (inverse @ inverse))
    if effective < LEAST_EFFECTIVE / 3 or float(inverse.max() / inverse.sum()) > 3 * MOST_WEIGHT:
        return _refused("no_overlap", effective)
    seen = np.nan_to_num(y[rows])
    influence, value = _influence(w, inverse, told, np.where(said, seen - told, 0.0))
    moved = value - float(w[said] @ seen[said] / w[said].sum())
    error = math.hypot(clustered(influence, person), left(answered) * moved)
    df = max(min(effective, len(np.unique(person[said]))) - 1, 1.0)
    half = float(special.stdtrit(df, (1 + LEVEL) / 2)) * error
    return Figure(value, value - half, value + half, error, df, effective, moved)


def left(answered: Flags) -> float:
    """The share of an adjustment that models of so many answers may have left undone."""
    return min(LEFT / max(int(answered.sum()), 1), _MOST_LEFT)


def contrast(
    y: Floats,
    answered: Flags,
    fitted: Fitted,
    *,
    persons: Integers,
    weights: Floats,
    mine: Flags,
    others: Flags,
) -> Figure:
    """The figure of the rows ``mine`` less that of ``others``; the same person may be on both sides."""
    sides = [
        figure(y, answered, fitted, persons=persons, weights=weights, mine=rows) for rows in (mine, others)
    ]
    for side in sides:
        if side.reason is not None:
            return side
    whole = np.zeros(len(y))
    for sign, rows in ((1, mine), (-1, others)):
        told = fitted.predictions[rows]
        said = answered[rows]
        inverse = np.where(said, weights[rows] / fitted.propensities[rows], 0.0)
        whole[rows] += (
            sign
            * _influence(weights[rows], inverse, told, np.where(said, np.nan_to_num(y[rows]) - told, 0.0))[0]
        )
    moved = sides[0].moved - sides[1].moved
    error = math.hypot(clustered(whole, np.unique(persons, return_inverse=True)[1]), left(answered) * moved)
    value, df = sides[0].value - sides[1].value, min(side.df for side in sides)
    half = float(special.stdtrit(df, (1 + LEVEL) / 2)) * error
    return Figure(value, value - half, value + half, error, df, min(side.effective for side in sides), moved)


def _influence(weights: Floats, inverse: Floats, told: Floats, missed: Floats) -> tuple[Floats, float]:
    """What each row adds to the error, and the figure: predictions averaged, and what they missed, weights adding up to one."""
    share, up = weights / weights.sum(), inverse / inverse.sum()
    predicted, rest = float(share @ told), float(up @ missed)
    influence = share * (told - predicted) + up * (missed - rest)
    return influence, predicted + rest


def spread_of(y: Floats, answered: Flags, fitted: Fitted, weights: Floats) -> float:
    """The standard deviation of answers over all customers."""
    inverse = weights[answered] / fitted.propensities[answered]
    return _spread(y[answered], inverse)


def missed_spread(y: Floats, answered: Flags, fitted: Fitted, weights: Floats) -> float:
    """The standard deviation of what predictions miss of an answer."""
    return _spread(
        y[answered] - fitted.predictions[answered], weights[answered] / fitted.propensities[answered]
    )


def _spread(values: Floats, weights: npt.NDArray[np.float64]) -> float:
    mean = float(weights @ values) / float(weights.sum())
    return math.sqrt(float(weights @ (values - mean) ** 2) / float(weights.sum()))
