"""Figures with their intervals, by person: ratios, means, quantiles, with weights and open journeys."""

from portance.estimation.curve import Curve
from portance.estimation.drawing import Drawn, Wanted, means_drawn, quantiles_drawn, settled
from portance.estimation.estimate import BEYOND, DRAWS, Estimate, Shown, limits, shown_for, told
from portance.estimation.quantile import mean, quantile
from portance.estimation.ratio import by_person, ratio, wilson

__all__ = [
    "BEYOND",
    "DRAWS",
    "Curve",
    "Drawn",
    "Estimate",
    "Shown",
    "Wanted",
    "by_person",
    "limits",
    "mean",
    "means_drawn",
    "quantile",
    "quantiles_drawn",
    "ratio",
    "settled",
    "shown_for",
    "told",
    "wilson",
]
