"""What is read too rarely to be compared is left out of a comparison, and what is left stays equally spaced."""

import numpy as np

from portance.alignment.indicators.panel import Panel
from portance.alignment.indicators.trimming import trimmed


def panel(values: np.ndarray) -> Panel:
    units, periods, many = values.shape
    return Panel(
        tuple(f"i{k}" for k in range(many)), (), (), tuple(f"u{k}" for k in range(units)), "team",
        np.datetime64("2024-01-01") + 7 * np.arange(periods), "week", values, np.full_like(values, np.nan),
    )  # fmt: skip


def full(units: int = 12, periods: int = 30, many: int = 3) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(units, periods, many))


def test_a_panel_that_is_read_everywhere_is_given_back_as_it_is():
    whole = panel(full())
    assert trimmed(whole) is whole


def test_holes_inside_do_not_cost_a_period():
    values = full()
    values[:, 14] = np.nan
    assert len(trimmed(panel(values)).periods) == 30


def test_rare_units_and_thin_ends_are_left_out_and_no_other():
    values = full()
    values[3, 4:] = np.nan
    values[:9, :5] = np.nan
    left = trimmed(panel(values))
    assert left.units == tuple(f"u{k}" for k in range(12) if k != 3)
    assert left.periods[0] == np.datetime64("2024-01-01") + 7 * 5
    assert len(left.periods) == 25
    assert np.array_equal(left.of("i1"), np.delete(values[:, 5:, 1], 3, axis=0))


def test_what_is_thin_everywhere_is_told_whole():
    values = full()
    values[np.random.default_rng(2).random(values.shape[:2]) < 0.7] = np.nan
    whole = panel(values)
    assert trimmed(whole) is whole
