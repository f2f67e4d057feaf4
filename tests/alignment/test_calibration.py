"""Past forecasts against what followed."""

import numpy as np
import pytest

from portance.alignment.arbitration.calibrating import Announced, calibrate
from portance.estimation import wilson


def announced(median: float, observed: float, *, spread: float = 1.0, error: float = 0.1) -> Announced:
    return Announced(
        median - 1.645 * spread, median, median + 1.645 * spread, observed, observed - 1.96 * error, observed + 1.96 * error
    )  # fmt: skip


def test_nothing_judged_says_nothing():
    found = calibrate([], 3)
    assert (found.decisions, found.judged, found.coverage, found.bias) == (3, 0, None, None)


def test_coverage_has_wilsons_interval_and_bias_says_that_less_came_than_was_announced():
    cases = [announced(2.0, 1.0)] * 8 + [announced(-2.0, -1.0)] * 1 + [announced(2.0, -4.0)]
    found = calibrate(cases, 12)
    assert (found.judged, found.inside90, found.sign_right) == (10, 9, 9)
    assert (found.cover_low, found.cover_high) == pytest.approx(wilson(9, 10))
    assert found.bias is not None
    assert found.bias < -1


def test_perfect_forecasts_seen_with_error_are_covered_nine_times_in_ten():
    generator = np.random.default_rng(4)
    cases = [
        announced(2.0, truth + generator.normal(0, 0.8), error=0.8)
        for truth in generator.normal(2.0, 1.0, 2000)
    ]
    found = calibrate(cases, 2000)
    assert found.coverage == pytest.approx(0.90, abs=0.02)
    assert found.bias == pytest.approx(0.0, abs=0.06)
