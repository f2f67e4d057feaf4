"""What the last scan knew that an arbitration rests on: levels, levers, targets, measured responses, conflicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from portance.alignment.arbitration.bending import bends
from portance.alignment.conflicts.responses import Responses
from portance.alignment.indicators.panel import Moved, Panel, Steered

Horizon = Literal["quarter", "year", "three_years"]
HORIZONS: tuple[Horizon, ...] = ("quarter", "year", "three_years")
PERIODS: Mapping[str, tuple[int, int, int]] = {
    "day": (91, 365, 1095),
    "week": (13, 52, 156),
    "month": (3, 12, 36),
    "quarter": (1, 4, 12),
}
"""How many periods of each kind the three horizons last."""


@dataclass(frozen=True, slots=True)
class Level:
    """Where an indicator stands: its mean over all units and the last quarter, and what is declared of it."""

    name: str
    function: str
    better: int
    unit: str
    level: float | None
    target: float | None
    smallest_effect: float | None
    worth: tuple[float, float, float] | None
    levers: tuple[str, ...]
    spread: float


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a lever stands: in each unit where that differs, its declared range, and the range that was seen.

    ``states`` are the last known values of the units; ``teams`` those of units that are teams which may be shown.
    """

    name: str
    function: str | None
    low: float | None
    high: float | None
    seen_low: float | None
    seen_high: float | None
    current: float | None
    states: tuple[float, ...]
    teams: tuple[tuple[str, float], ...]
    assigned: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it, for one run of the scan.

    ``bend`` and ``bend_error`` (levers, indicators) tell how the responses bend; see ``bending``.
    """

    run_id: str
    as_of: date
    period_kind: str
    unit_kind: str
    units: int
    levels: tuple[Level, ...]
    settings: tuple[Setting, ...]
    responses: Responses
    bend: npt.NDArray[np.float64]
    bend_error: npt.NDArray[np.float64]
    conflicts: tuple[dict[str, Any], ...]

    def level(self, indicator: str) -> Level | None:
        """The indicator of that name."""
        return next((level for level in self.levels if level.name == indicator), None)

    def setting(self, lever: str) -> Setting | None:
        """The lever of that name."""
        return next((setting for setting in self.settings if setting.name == lever), None)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that own an indicator, in the order of the charter."""
        return tuple(dict.fromkeys(level.function for level in self.levels))

    @property
    def periods(self) -> tuple[int, int, int]:
        """How many periods the horizons last."""
        return PERIODS[self.period_kind]


def gather(
    panel: Panel, steered: Mapping[str, Steered], moved: Mapping[str, Moved], responses: Responses,
    conflicts: Sequence[Mapping[str, Any]], *, run_id: str, as_of: date, shown_teams: Sequence[str] = (),
) -> Evidence:  # fmt: skip
    """Draw the evidence from what alignment computed.

    ``conflicts`` are rows of the table of that name; ``shown_teams`` the teams whose results may be shown
    (``team_floors``): no other is named in anything that is kept here.
    """
    last = PERIODS[panel.period_kind][0]
    spread = dict(zip(responses.indicators, responses.spread, strict=True))
    levels = tuple(
        Level(
            name, declared.function, declared.better, declared.unit,
            _mean(panel.of(name)[:, -last:]) if name in panel.indicators else None,
            declared.target, declared.smallest_effect, declared.worth, declared.levers, float(spread.get(name, np.nan)),
        )
        for name, declared in steered.items()
    )  # fmt: skip
    seen = {
        name: (float(low), float(high))
        for name, low, high in zip(responses.levers, responses.low, responses.high, strict=True)
    }
    teams = set(shown_teams) if panel.unit_kind == "team" else set()
    settings = []
    for name, lever in moved.items():
        states = _last(panel.of(name)) if name in panel.levers else np.empty(0)
        known = states[np.isfinite(states)]
        current = float(known.mean()) if len(known) else lever.current
        low, high = seen.get(name, (np.nan, np.nan))
        settings.append(
            Setting(
                name, lever.function, lever.low, lever.high, _finite(low), _finite(high), current,
                tuple(map(float, known)) or (() if current is None else (current,)),
                tuple(
                    (unit, float(state))
                    for unit, state in zip(panel.units, states, strict=False)
                    if unit in teams and np.isfinite(state)
                ),
                lever.assigned,
            )
        )  # fmt: skip
    return Evidence(
        run_id, as_of, panel.period_kind, panel.unit_kind, len(panel.units), levels, tuple(settings), responses,
        *bends(panel, responses), tuple(dict(row) for row in conflicts),
    )  # fmt: skip


def _mean(values: npt.NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _last(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The last known value of each row."""
    found = np.full(len(values), np.nan)
    for number, row in enumerate(values):
        known = row[np.isfinite(row)]
        if len(known):
            found[number] = known[-1]
    return found


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
