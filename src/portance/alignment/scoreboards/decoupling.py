"""Decoupling: an indicator that went along with what customers live until it became a target, and no longer since.

Slopes are within units and periods, before and after the day of the target, each in its own regime (unit effects may differ
between them); both slopes share their clusters.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

FEWEST_UNITS, FEWEST_PERIODS = 6, 8
_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Decoupled:
    """The slope after less the slope before, in within-unit SD; ``p`` is that of having been coupled and no longer being so."""

    change: float
    low: float
    high: float
    before: float
    p: float


def decoupled(x: Floats, y: Floats, weights: Floats, since: int) -> Decoupled | str:
    """How the slope of ``y`` on ``x`` (units, periods) changes at period ``since``; or the code of why it cannot be told.

    Both oriented so that higher is better; NaN or weight 0 where not known.
    """
    known = np.isfinite(x) & np.isfinite(y) & (weights > 0)
    w = np.where(known, weights, 0.0)
    x, y = np.where(known, x, 0.0), np.where(known, y, 0.0)
    parts = (slice(None, since), slice(since, None))
    for part in parts:
        held = known[:, part]
        if (held.sum(axis=1) >= 2).sum() < FEWEST_UNITS:
            return "few_units"
        if (held.sum(axis=0) >= 2).sum() < FEWEST_PERIODS:
            return "few_periods"
    slopes, added, spread_x, spread_y = [], [], [], []
    for part in parts:
        wide = w[:, part]
        dx, dy = within(x[:, part], wide), within(y[:, part], wide)
        below = float((wide * dx * dx).sum())
        if below <= 1e-12 * max(float((wide * x[:, part] ** 2).sum()), 1e-300):
            return "no_variation"
        slope = float((wide * dx * dy).sum()) / below
        slopes.append(slope)
        added.append((wide * dx * (dy - slope * dx)).sum(axis=1) / below)
        spread_x.append(math.sqrt(below / wide.sum()))
        spread_y.append(math.sqrt(float((wide * dy * dy).sum()) / wide.sum()))
    # one scale for both regimes, that of before: a target also narrows what it is set on
    if spread_y[0] <= 0:
        return "no_variation"
    scale = spread_x[0] / spread_y[0]
    units = int((w.sum(axis=1) > 0).sum())
    shrink = math.sqrt(units / (units - 1))
    error_before = shrink * math.sqrt(float(added[0] @ added[0])) * scale
    moved = added[1] - added[0]
    error = shrink * math.sqrt(float(moved @ moved)) * scale
    before, change = slopes[0] * scale, (slopes[1] - slopes[0]) * scale
    if error <= 0 or error_before <= 0:
        return "no_variation"
    p_before = float(stats.t.sf(before / error_before, units - 1))
    p_change = float(stats.t.cdf(change / error, units - 1))
    half = float(stats.t.ppf(0.975, units - 1)) * error
    return Decoupled(change, change - half, change + half, before, max(p_before, p_change))


def within(values: Floats, weights: Floats) -> Floats:
    """Values less their unit and period effects, weighted, by turns until nothing moves."""
    made = values.copy()
    rows, columns = weights.sum(axis=1), weights.sum(axis=0)
    for _ in range(_ROUNDS):
        by_row = np.divide((weights * made).sum(axis=1), rows, out=np.zeros_like(rows), where=rows > 0)
        made = made - by_row[:, None]
        by_column = np.divide(
            (weights * made).sum(axis=0), columns, out=np.zeros_like(columns), where=columns > 0
        )
        made = made - by_column[None, :]
        if max(float(np.abs(by_row).max()), float(np.abs(by_column).max())) < 1e-12 * (
            1 + float(np.abs(values).max())
        ):
            break
    return np.where(weights > 0, made, 0.0)
