"""What changed where something was changed, against where it was not: differences in differences, dates alike or not.

Every unit that changed is compared with the units that had not changed by the end of its own window, over the same
periods (Callaway and Sant'Anna 2021, J. of Econometrics 225:200-230, with the mean of what came before as base, so
that one noisy period does not carry the comparison). A unit gives one number, so the correlation of its own noise
over time is in the spread between units (Bertrand, Duflo and Mullainathan 2004, QJE 119:249-275); with few units
Student's law has few degrees of freedom (Donald and Lang 2007; Welch's for two groups of unequal spread).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from portance.estimation.interrupting import Effect, nothing

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEWEST_UNITS = 2
"""Units needed on each side: with one there is no spread to compare with."""
FEWEST_PERIODS = 4
"""Periods needed before and after."""


@dataclass(frozen=True, slots=True)
class Lead:
    """One stretch of the event study: periods before (negative) or after the change, and the difference found."""

    first: int
    last: int
    effect: float
    low: float
    high: float


def contrasted(
    values: Floats, changed: Mapping[int, int], *, phase: int, length: int, most_before: int, method: str
) -> Effect:
    """The mean difference in differences over each changed unit's window.

    ``values`` has the shape (units, periods). ``changed`` gives, for the number of each unit that changed, the number
    of the period from which it did; the others never did. A window starts ``phase`` periods after a unit's change and
    lasts ``length``; ``most_before`` periods before the change are the base.
    """
    first = {unit: (at + phase, at + phase + length) for unit, at in changed.items()}
    return _contrast(values, changed, first, most_before=most_before, method=method)


def event_study(values: Floats, changed: Mapping[int, int], *, stretch: int, most: int) -> tuple[Lead, ...]:
    """Differences in differences by stretches of periods around the change, the last stretch before it being the base.

    Before the change they should be nothing: both kinds of units moved alike.
    """
    leads: list[Lead] = []
    for number in range(-most, most):
        if number == -1:
            continue
        windows = {unit: (at + number * stretch, at + (number + 1) * stretch) for unit, at in changed.items()}
        bases = {unit: (at - stretch, at) for unit, at in changed.items()}
        effect = _contrast(values, changed, windows, most_before=stretch, method="event_study", bases=bases)
        if effect.reason is None:
            leads.append(
                Lead(number * stretch, (number + 1) * stretch - 1, effect.observed, effect.low, effect.high)
            )
    return tuple(leads)


def pre_trend(values: Floats, changed: Mapping[int, int], *, most_before: int) -> float:
    """The p-value of a different slope before the change, units that changed against those that did not; NaN if unseen."""
    if not changed:
        return float("nan")
    until = min(changed.values())
    since = max(0, until - most_before)
    part = values[:, since:until]
    if part.shape[1] < 2 * FEWEST_PERIODS:
        return float("nan")
    slopes = np.array([_slope(row) for row in part])
    mine = np.zeros(len(values), dtype=bool)
    mine[list(changed)] = True
    one, other = slopes[mine & np.isfinite(slopes)], slopes[~mine & np.isfinite(slopes)]
    if min(len(one), len(other)) < FEWEST_UNITS:
        return float("nan")
    return _welch(one, other)[3]


def _contrast(
    values: Floats, changed: Mapping[int, int], windows: Mapping[int, tuple[int, int]], *, most_before: int, method: str,
    bases: Mapping[int, tuple[int, int]] | None = None,
) -> Effect:  # fmt: skip
    periods = values.shape[1]
    never = np.full(len(values), periods + 10**6)
    for unit, at in changed.items():
        never[unit] = at
    own: list[float] = []
    lent = np.zeros(len(values))
    squares = np.zeros(len(values))
    lenders: list[int] = []
    for unit, (start, end) in windows.items():
        base = (bases or {}).get(unit, (max(0, changed[unit] - most_before), changed[unit]))
        if start < 0 or base[0] < 0 or end > periods or start >= end or base[1] <= base[0]:
            continue
        others = np.flatnonzero((never >= max(end, base[1])) & (np.arange(len(values)) != unit))
        level = _period_levels(values[others])
        gained = _gain(values[unit] - level, base, (start, end))
        theirs = np.array([_gain(values[other] - level, base, (start, end)) for other in others])
        known = others[np.isfinite(theirs)] if len(others) else others
        if not np.isfinite(gained) or len(known) < FEWEST_UNITS:
            continue
        theirs = theirs[np.isfinite(theirs)]
        own.append(gained - float(theirs.mean()))
        lent[known] += (theirs - theirs.mean()) / len(known)
        squares[known] = 1.0
        lenders.append(len(known))
    if len(own) < FEWEST_UNITS:
        few = len(windows) < FEWEST_UNITS
        reason = "too_few_units_changed" if few else "too_few_units_to_compare"
        return nothing(method, reason, periods, len(own))
    effects = np.array(own)
    count, fewest = len(effects), min(lenders)
    mine = float(effects.var(ddof=1)) / count
    theirs_variance = float(np.sum((lent / count) ** 2)) * fewest / max(fewest - 1, 1)
    error = float(np.sqrt(mine + theirs_variance))
    if error == 0.0:
        return nothing(method, "never_varies", periods, count)
    df = (mine + theirs_variance) ** 2 / (mine**2 / (count - 1) + theirs_variance**2 / max(fewest - 1, 1))
    observed = float(effects.mean())
    half = float(stats.t.ppf(0.975, df)) * error
    p = 2 * float(stats.t.sf(abs(observed) / error, df))
    units = count + int(squares.sum())
    return Effect(observed, observed - half, observed + half, error, df, p, periods, units, method)


def _gain(row: Floats, base: tuple[int, int], window: tuple[int, int]) -> float:
    before, after = row[base[0] : base[1]], row[window[0] : window[1]]
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    if len(before) < min(FEWEST_PERIODS, base[1] - base[0]):
        return float("nan")
    if len(after) < min(FEWEST_PERIODS, window[1] - window[0]):
        return float("nan")
    return float(after.mean() - before.mean())


def _period_levels(values: Floats) -> Floats:
    """What all the compared units shared in each period, their own levels apart: missing cells then bend nothing."""
    if not len(values):
        return np.full(values.shape[1], np.nan)
    known = np.isfinite(values)
    if known.all():
        whole: Floats = values.mean(axis=0)
        return whole
    filled = np.where(known, values, 0.0)
    per_unit, per_period = known.sum(axis=1), known.sum(axis=0)
    unit, period = np.zeros(len(values)), np.zeros(values.shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        for _ in range(30):
            unit = np.where(
                per_unit > 0, (filled.sum(axis=1) - known @ np.nan_to_num(period)) / per_unit, 0.0
            )
            period = np.where(per_period > 0, (filled.sum(axis=0) - unit @ known) / per_period, np.nan)
    shared: Floats = period
    return shared


def _slope(row: Floats) -> float:
    known = np.isfinite(row)
    if int(known.sum()) < 2 * FEWEST_PERIODS:
        return float("nan")
    time = np.arange(len(row))[known].astype(np.float64)
    time -= time.mean()
    return float(time @ row[known] / (time @ time))


def _welch(one: Floats, other: Floats) -> tuple[float, float, float, float]:
    """The difference of two means, its error, its degrees of freedom and its p-value."""
    a, b = float(one.var(ddof=1)) / len(one), float(other.var(ddof=1)) / len(other)
    difference, error = float(one.mean() - other.mean()), float(np.sqrt(a + b))
    if error == 0.0:
        return difference, 0.0, float(len(one) + len(other) - 2), 1.0 if difference == 0 else 0.0
    df = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1))
    return difference, error, df, 2 * float(stats.t.sf(abs(difference) / error, df))
