"""Which lights were on: whether each indicator met its target, in each unit and period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from portance.alignment.indicators.panel import Panel
from portance.charter.indicator import Indicator

Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lights:
    """The indicators of a panel that have a target: ``measured`` and ``green`` have the shape (units, periods, indicators).

    An indicator is green where its reading is as good as the target in force on the first day of the period. Without
    a reading, or before its first target, it is not measured there: neither green nor red.
    """

    panel: Panel
    indicators: tuple[str, ...]
    functions: tuple[str, ...]
    measured: Flags
    green: Flags

    def of(self, function: str | None) -> "Lights":
        """The lights of one function; all of them for ``None``."""
        if function is None:
            return self
        kept = [place for place, name in enumerate(self.functions) if name == function]
        return Lights(
            self.panel, tuple(self.indicators[place] for place in kept), tuple(self.functions[place] for place in kept),
            self.measured[:, :, kept], self.green[:, :, kept],
        )  # fmt: skip

    def counts(self) -> tuple[Integers, Integers]:
        """How many indicators were measured and how many of them green, by unit and period."""
        green: Integers = self.green.sum(axis=2).astype(np.int64)
        measured: Integers = self.measured.sum(axis=2).astype(np.int64)
        return green, measured


def days(panel: Panel) -> list[date]:
    """The first day of each period."""
    found: list[date] = panel.periods.astype("datetime64[D]").tolist()
    return found


def aims(indicator: Indicator, starts: Sequence[date]) -> npt.NDArray[np.float64]:
    """The target in force on each day; NaN where there is none."""
    return np.array([np.nan if (aim := indicator.aimed_at(day)) is None else aim for day in starts])


def lights(panel: Panel, indicators: Mapping[str, Indicator]) -> Lights:
    """The lights of a panel; an indicator without any target has none."""
    starts = days(panel)
    names, functions, measured, green = [], [], [], []
    for name in panel.indicators:
        declared = indicators.get(name)
        if declared is None:
            continue
        target = aims(declared, starts)[None, :]
        if np.isnan(target).all():
            continue
        values = panel.of(name)
        known = ~np.isnan(values) & ~np.isnan(target)
        with np.errstate(invalid="ignore"):
            met = values >= target if declared.better == "higher" else values <= target
        names.append(name)
        functions.append(declared.function)
        measured.append(known)
        green.append(known & met)
    shape = (len(panel.units), len(panel.periods), 0)
    empty = np.zeros(shape, dtype=bool)
    return Lights(
        panel, tuple(names), tuple(functions), np.stack(measured, axis=2) if names else empty,
        np.stack(green, axis=2) if names else empty,
    )  # fmt: skip
