"""Falls told ahead: never from the future, judged against persistence, and earned only where the signs do tell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.estimation.foretelling import falls, foretell

HORIZON = 4


def walks(chance, units, periods, kept=0.8):
    found = np.zeros((units, periods))
    found[:, 0] = chance.normal(size=units)
    for at in range(1, periods):
        found[:, at] = kept * found[:, at - 1] + np.sqrt(1 - kept * kept) * chance.normal(size=units)
    return found


def world(seed, *, lead, units=16, periods=80):
    """A level, and a sign that comes ``lead`` periods before it (0: on its own)."""
    chance = np.random.default_rng(seed)
    moved = walks(chance, units, periods + lead, 0.6)
    sign = walks(chance, units, periods, 0.6) if not lead else moved[:, lead:]
    level = moved[:, :periods] if lead else moved
    return 50 + 6 * (level + 0.5), sign


def test_a_fall_is_below_at_any_of_the_next_periods_and_known_once_they_are_over():
    level = np.array([[60.0, 60, 40, 60, 60, 60, 60], [60, 60, 60, 60, 60, 60, 40], [40, 60, 60, 60, np.nan, 60, 60]])  # fmt: skip
    found = falls(level, 50.0, 2)
    nan = np.nan
    np.testing.assert_array_equal(found[0], [1, 1, nan, 0, 0, nan, nan])
    np.testing.assert_array_equal(found[1], [0, 0, 0, 0, 1, nan, nan])
    np.testing.assert_array_equal(found[2], [nan, 0, nan, nan, nan, nan, nan])


@given(st.integers(0, 10_000), st.integers(30, 78))
@settings(max_examples=12, deadline=None)
def test_what_is_told_never_hangs_on_the_future(seed, cut):
    level, sign = world(3, lead=3)
    changed, other = level.copy(), sign.copy()
    chance = np.random.default_rng(seed)
    changed[:, cut:] = 50 + 20 * chance.normal(size=changed[:, cut:].shape)
    other[:, cut:] = 20 * chance.normal(size=other[:, cut:].shape)
    before, after = (foretell(one, [two], 50.0, HORIZON) for one, two in ((level, sign), (changed, other)))
    assert np.isfinite(before.told[:, :cut]).any()
    np.testing.assert_array_equal(before.told[:, :cut], after.told[:, :cut])
    np.testing.assert_array_equal(before.persistence[:, :cut], after.persistence[:, :cut])


def test_a_sign_that_comes_before_earns_its_alarm():
    earned = [foretell(level, [sign], 50.0, HORIZON) for level, sign in (world(seed, lead=3) for seed in range(8))]  # fmt: skip
    assert sum(one.earned for one in earned) >= 7
    assert all(one.low < one.skill < one.high < 1 for one in earned)


def test_a_sign_on_its_own_earns_none():
    found = [foretell(level, [sign], 50.0, HORIZON) for level, sign in (world(seed, lead=0) for seed in range(20))]  # fmt: skip
    assert sum(one.earned for one in found) <= 1
    assert np.median([one.skill for one in found]) < 0.02


@pytest.mark.parametrize(
    ("units", "periods", "shift", "reason"),
    [(16, 80, 40, "too_few_falls"), (4, 200, 0, "too_few_units"), (16, 22, 0, "too_few_periods")],
)
def test_too_little_to_judge_is_said(units, periods, shift, reason):
    level, sign = world(1, lead=3, units=units, periods=periods)
    found = foretell(level + shift, [sign], 50.0, HORIZON)
    assert (found.skill, found.earned, found.reason) == (None, False, reason)


def test_a_sign_that_never_varies_changes_nothing():
    level, _ = world(5, lead=0)
    found = foretell(level, [np.zeros_like(level)], 50.0, HORIZON)
    assert found.skill == pytest.approx(0.0, abs=1e-9)
    assert not found.earned
