"""Effects of units and of periods are swept out of a panel exactly, whatever readings are missing.

Where every unit has a reading in every period the closed form is used (a reading less its unit's mean, less its
period's mean, plus the mean of all). Elsewhere the normal equations of both sets of effects are solved once for
each pattern of missing readings, the larger set eliminated (Abowd, Creecy & Kramarz 2002); no iteration, no tolerance.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Absorber:
    """Sweeps unit effects, period effects, or both, out of columns that are read where ``present``.

    ``present`` has the shape (units, periods). ``effects`` counts the independent effects swept out, and
    ``period_effects`` those that do not belong to one unit, the common level among them.
    """

    __slots__ = (
        "_by_period", "_by_unit", "_inverse", "_weights", "both", "effects", "even", "period_effects", "present",
        "readings",
    )  # fmt: skip

    def __init__(self, present: Mask, *, units: bool = True, periods: bool = True) -> None:
        weights = present.astype(np.float64)
        by_unit, by_period = weights.sum(axis=1), weights.sum(axis=0)
        self.present = present
        self._weights: Floats | None = None if bool(present.all()) else weights
        self._by_unit: Floats | None = np.maximum(by_unit, 1.0) if units else None
        self._by_period: Floats | None = np.maximum(by_period, 1.0) if periods else None
        self._inverse: Floats | None = None
        self.even, self.both = self._weights is None, units and periods
        self.readings = int(by_unit.sum())
        seen_units, seen_periods = int(np.count_nonzero(by_unit)), int(np.count_nonzero(by_period))
        if units and periods:
            rank = seen_periods - 1 if self._weights is None else self._eliminate(weights, by_period)
            self.period_effects = rank + 1
            self.effects = seen_units + rank
        else:
            self.period_effects = seen_periods if periods else int(units)
            self.effects = seen_units if units else self.period_effects

    def _eliminate(self, weights: Floats, by_period: Floats) -> int:
        """The pseudo-inverse of the periods' equations once the units are eliminated; its rank."""
        assert self._by_unit is not None  # noqa: S101 - a fact of the only caller, for the type checker
        schur = np.diag(by_period) - weights.T @ (weights / self._by_unit[:, None])
        values, vectors = np.linalg.eigh(schur)
        sound = values > max(float(values[-1]), 1.0) * 1e-10
        self._inverse = (vectors[:, sound] / values[sound]) @ vectors[:, sound].T
        return int(np.count_nonzero(sound))

    def swept(self, columns: Floats) -> Floats:
        """The columns, shape (units, periods, any), less the effects; 0 where there is no reading.

        What stands in missing places is not looked at.
        """
        x: Floats = columns if self._weights is None else np.where(self.present[:, :, None], columns, 0.0)
        if self._by_unit is None and self._by_period is None:
            return x
        if self._by_period is None:
            assert self._by_unit is not None  # noqa: S101 - as above
            return self._kept(x - (x.sum(axis=1) / self._by_unit[:, None])[:, None, :])
        if self._by_unit is None:
            return self._kept(x - (x.sum(axis=0) / self._by_period[:, None])[None, :, :])
        if self._weights is None:
            swept: Floats = x - x.mean(axis=1, keepdims=True)
            swept -= swept.mean(axis=0, keepdims=True)
            return swept
        assert self._inverse is not None  # noqa: S101 - as above
        sums = x.sum(axis=1)
        right = x.sum(axis=0) - self._weights.T @ (sums / self._by_unit[:, None])
        of_period = self._inverse @ right
        of_unit = (sums - self._weights @ of_period) / self._by_unit[:, None]
        x -= of_period[None, :, :]  # a copy of our own, and large: no second one
        x -= of_unit[:, None, :]
        x *= self._weights[:, :, None]
        return x

    def _kept(self, swept: Floats) -> Floats:
        return swept if self._weights is None else swept * self._weights[:, :, None]
