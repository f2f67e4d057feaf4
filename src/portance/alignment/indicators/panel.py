"""Readings as a panel of units by periods, and what is declared of its columns, as plain numbers."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]
Assigned = Literal["drawn", "planned", "reactive"]


@dataclass(frozen=True, slots=True)
class Panel:
    """Indicators, levers and conditions of the same units over the same periods.

    ``values`` has the shape (units, periods, columns), columns being ``indicators``, then ``levers``, then
    ``context``; a missing reading is NaN. ``counts`` has the same shape: how many observations stand behind a
    reading, NaN where it was imported. ``periods`` are the first days of equally spaced periods, in order.
    """

    indicators: tuple[str, ...]
    levers: tuple[str, ...]
    context: tuple[str, ...]
    units: tuple[str, ...]
    unit_kind: str
    periods: Days
    period_kind: str
    values: Values
    counts: Values

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the last axis of ``values``."""
        return (*self.indicators, *self.levers, *self.context)

    def of(self, name: str) -> Values:
        """The readings of one column, shape (units, periods)."""
        found: Values = self.values[:, :, self.columns.index(name)]
        return found


@dataclass(frozen=True, slots=True)
class Steered:
    """What is declared of an indicator, as estimators need it.

    ``better`` is 1 where more is better, else -1. ``worth`` is the money (low, value, high) of one unit of the
    indicator on one unit of the panel for one period, always positive: an improvement gains it. ``components``
    are the sums and counts that it is built from; two indicators that share one move together by construction.
    """

    name: str
    function: str
    better: int
    unit: str = ""
    target: float | None = None
    smallest_effect: float | None = None
    levers: tuple[str, ...] = ()
    worth: tuple[float, float, float] | None = None
    components: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Moved:
    """What is declared of a lever: its range, where it stands, and how its changes were decided."""

    name: str
    function: str | None = None
    low: float | None = None
    high: float | None = None
    current: float | None = None
    assigned: Assigned | None = None
