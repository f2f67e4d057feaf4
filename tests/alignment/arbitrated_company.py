"""A company of twelve teams whose levers do known things to four indicators, and the evidence that a scan leaves of it."""

from datetime import date

import numpy as np

from portance.alignment.arbitration.evidence import Evidence, Level, Setting
from portance.alignment.conflicts.responses import Responses
from portance.alignment.indicators.panel import Panel

INDICATORS = ("handling_time", "resolution", "sales", "departures")
LEVERS = ("talk_target", "campaign")
EFFECT = np.array([[1.0, 0.10, 0.0, -0.05], [0.0, 0.0, 8.0, 2.0]])
"""Indicator unit per lever unit, (levers, indicators)."""
ERROR = np.array([[0.05, 0.01, 0.02, 0.005], [0.2, 0.02, 0.5, 0.2]])
TEAMS = tuple(f"team {number:02}" for number in range(12))


def responses(effect: np.ndarray = EFFECT, error: np.ndarray = ERROR) -> Responses:
    """Independent doubts, large degrees of freedom."""
    many = effect.size
    factor = np.zeros((many, 3, *effect.shape))
    for cell in range(many):
        place = np.unravel_index(cell, effect.shape)
        factor[(cell, slice(None), *place)] = error[place]
    return Responses(
        LEVERS, INDICATORS, (13, 52, 156), "week", 12, 60, np.stack([effect] * 3), factor,
        np.full(effect.shape, 200.0), (("B",) * 4, ("C",) * 4), np.array([240.0, 0.0]), np.array([360.0, 1.0]),
        np.array([30, 30]), np.array([20.0, 3.0, 5.0, 1.5]),
    )  # fmt: skip


def evidence(
    *, run_id: str = "run1", teams: tuple[tuple[str, float], ...] = (), found: Responses | None = None
) -> Evidence:
    """Where the company stands: talk target 300 everywhere, campaigns at one half."""
    told = responses() if found is None else found
    bend = np.zeros((2, 4))
    return Evidence(
        run_id, date(2026, 3, 30), "week", "team", 12,
        (
            Level("handling_time", "service", -1, "s", 300.0, 280.0, 2.0, None, ("talk_target",), 20.0),
            Level("resolution", "quality", 1, "%", 70.0, 72.0, 0.5, (40.0, 50.0, 60.0), (), 3.0),
            Level("sales", "sales", 1, "orders", 50.0, 54.0, 0.5, (20.0, 25.0, 30.0), ("campaign",), 5.0),
            Level("departures", "loyalty", -1, "customers", 10.0, None, 0.2, (200.0, 250.0, 300.0), (), 1.5),
        ),
        (
            Setting("talk_target", "service", 200.0, 400.0, 240.0, 360.0, 300.0, (300.0,) * 12, teams, "planned"),
            Setting("campaign", "marketing", 0.0, 1.0, 0.0, 1.0, 0.5, (0.5,) * 12, (), "drawn"),
        ),
        told, bend, np.full((2, 4), 1e-6),
        (
            {
                "from_indicator": "handling_time", "to_indicator": "resolution", "from_function": "service",
                "to_function": "quality", "verdict": "conflict", "grade": "B", "lever": "talk_target", "effect": -0.4,
                "net_low": -9e4, "net_median": -5e4, "net_high": -1e4,
            },
        ),
    )  # fmt: skip


def noise(generator: np.random.Generator, rows: int, periods: int, persistence: float) -> np.ndarray:
    """AR(1) noise of unit innovations, settled before it starts, (rows, periods)."""
    fresh = generator.standard_normal((rows, periods + 60))
    carried = np.zeros_like(fresh)
    for period in range(1, periods + 60):
        carried[:, period] = persistence * carried[:, period - 1] + fresh[:, period]
    return carried[:, 60:]


def panel(
    values: dict[str, np.ndarray], *, levers: dict[str, np.ndarray] | None = None, start: str = "2025-01-06"
) -> Panel:
    """Weekly readings of teams."""
    columns = {**values, **(levers or {})}
    stacked = np.stack(list(columns.values()), axis=2).astype(np.float64)
    units, periods, _ = stacked.shape
    return Panel(
        tuple(values), tuple(levers or ()), (), tuple(f"team {number:02}" for number in range(units)), "team",
        np.datetime64(start) + 7 * np.arange(periods), "week", stacked, np.full_like(stacked, np.nan),
    )  # fmt: skip
