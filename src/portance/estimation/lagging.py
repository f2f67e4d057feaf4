"""Does one thing come before another within units? A panel regression on the past, with unit and period effects.

For a lag of ``k`` periods, ``y[u, t] = unit + period + effect * x[u, t - k] + own * y[u, t - k] + error``, both in
standard deviations within unit and period (a local projection, Jorda 2005, with fixed effects). Errors are by unit:
the jackknife over units with Student's law (Bell and McCaffrey 2002; MacKinnon, Nielsen and Webb 2023). The bias of
order 1/T that unit effects bring to a lagged outcome (Nickell 1981) is small beside the error from some thirty periods on.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
FEWEST_UNITS = 6
FEWEST_PERIODS = 8
"""Periods in which a unit is read at both ends of the lag, on average."""
_ROUNDS = 200
_SETTLED = 1e-10
_POWER = 0.80


@dataclass(frozen=True, slots=True)
class Lagged:
    """An effect at a lag, in standard deviations per standard deviation; NaN with a ``reason`` where nothing can be estimated."""

    effect: float
    error: float
    df: float
    units: int
    periods: int
    n: int
    reason: str | None = None

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """Its interval."""
        half = float(special.stdtrit(self.df, (1 + level) / 2)) * self.error if self.df > 0 else float("nan")
        return self.effect - half, self.effect + half

    @property
    def detectable(self) -> float:
        """The smallest effect that would have been seen four times in five at 5 %."""
        if self.df <= 0:
            return float("nan")
        return float(self.error * (special.stdtrit(self.df, 0.975) + special.stdtrit(self.df, _POWER)))


def _nothing(reason: str, units: int, periods: int, n: int) -> Lagged:
    nan = float("nan")
    return Lagged(nan, nan, 0.0, units, periods, n, reason)


def swept(columns: Floats, present: npt.NDArray[np.bool_]) -> Floats:
    """Columns (units, periods, any) less the effects of unit and period where ``present``, 0 elsewhere; by turns until settled."""
    x = np.where(present[:, :, None], columns, 0.0)
    by_unit = np.maximum(present.sum(axis=1), 1)[:, None, None]
    by_period = np.maximum(present.sum(axis=0), 1)[None, :, None]
    for _ in range(_ROUNDS):
        moved = x.sum(axis=1, keepdims=True) / by_unit
        x = np.where(present[:, :, None], x - moved, 0.0)
        other = x.sum(axis=0, keepdims=True) / by_period
        x = np.where(present[:, :, None], x - other, 0.0)
        if (
            float(np.abs(moved).max(initial=0.0)) < _SETTLED
            and float(np.abs(other).max(initial=0.0)) < _SETTLED
        ):
            break
    return x


def lagged(y: Floats, x: Floats, lag: int, *, own: bool = True) -> Lagged:
    """The effect on ``y`` of ``x`` a number of periods before; both (units, periods), NaN where missing.

    ``own`` holds what ``y`` was then. A lag of 0 with ``own=False`` is the association within units.
    """
    periods = y.shape[1]
    if lag >= periods:
        return _nothing("too_few_periods", y.shape[0], 0, 0)
    now, before, past = y[:, lag:], x[:, : periods - lag], y[:, : periods - lag]
    stack = np.stack([now, before, past] if own else [now, before], axis=2)
    present = np.isfinite(stack).all(axis=2)
    read = present.sum(axis=1)
    present &= (read >= 2)[:, None]
    units, n = int((present.sum(axis=1) > 0).sum()), int(present.sum())
    seen = int((present.sum(axis=0) > 0).sum())
    if units < FEWEST_UNITS:
        return _nothing("too_few_units", units, seen, n)
    if n < units * FEWEST_PERIODS:
        return _nothing("too_few_periods", units, seen, n)
    clean = swept(np.nan_to_num(stack), present)
    spread = np.sqrt((clean**2).sum(axis=(0, 1)) / n)
    if float(spread[:2].min()) < _SETTLED:
        return _nothing("never_varies", units, seen, n)
    clean /= np.maximum(spread, _SETTLED)
    rows = np.flatnonzero(present.sum(axis=1) > 0)
    target, design = clean[rows, :, 0], clean[rows, :, 1:]
    cross = np.einsum("upi,upj->uij", design, design)
    with_y = np.einsum("upi,up->ui", design, target)
    whole, right = cross.sum(axis=0), with_y.sum(axis=0)
    coefficients = np.linalg.pinv(whole, hermitian=True) @ right
    without = np.array([
        (np.linalg.pinv(whole - cross[place], hermitian=True) @ (right - with_y[place]))[0] for place in range(len(rows))
    ])  # fmt: skip
    error = float(np.sqrt((units - 1) / units * np.sum((without - coefficients[0]) ** 2)))
    return Lagged(float(coefficients[0]), error, float(units - 1), units, seen, n)
