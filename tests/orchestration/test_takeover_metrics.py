"""The metrics of take-over against cases worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portance.orchestration.takeover.judging import f1, golden_transfer

_FLAGS = st.lists(st.booleans(), min_size=1, max_size=12)


def _at(length, *places):
    return [place in places for place in range(length)]


def test_nobody_asked_and_nothing_told_is_perfect():
    assert golden_transfer(_at(5), _at(5), 1) == 1


def test_only_one_of_the_two_is_nothing():
    assert golden_transfer(_at(5, 2), _at(5), 1) == 0
    assert golden_transfer(_at(5), _at(5, 2), 1) == 0


def test_one_turn_off_by_hand():
    # exp(-1 / (2 T²)): 0.6065, 0.8825, 0.9460
    for tolerance, expected in ((1, 0.60653), (2, 0.88250), (3, 0.94596)):
        assert golden_transfer(_at(8, 4), _at(8, 5), tolerance) == pytest.approx(expected, abs=1e-5)


def test_each_told_turn_takes_its_nearest_asked_one():
    # told 1 and 6; asked 2 and 6: (exp(-1/2) + 1) / 2
    assert golden_transfer(_at(8, 2, 6), _at(8, 1, 6), 1) == pytest.approx((math.exp(-0.5) + 1) / 2, abs=1e-6)


def test_asked_turns_that_nothing_was_told_for_cost_nothing_by_the_formula():
    assert golden_transfer(_at(8, 2, 6), _at(8, 2), 1) == pytest.approx(1)


def test_without_lambda_late_and_early_cost_the_same():
    assert golden_transfer(_at(9, 4), _at(9, 6), 2) == pytest.approx(golden_transfer(_at(9, 4), _at(9, 2), 2))


def test_lambda_above_zero_makes_late_dearer_and_early_cheaper():
    # λ = 0.5, T = 1: late exp(-1 / (2 × 0.5)) = e^-1; early exp(-1 / (2 × 1.5)) = e^-1/3
    assert golden_transfer(_at(9, 4), _at(9, 5), 1, late=0.5) == pytest.approx(math.exp(-1), abs=1e-6)
    assert golden_transfer(_at(9, 4), _at(9, 3), 1, late=0.5) == pytest.approx(math.exp(-1 / 3), abs=1e-6)
    assert golden_transfer(_at(9, 4), _at(9, 3), 1, late=-0.5) == pytest.approx(math.exp(-1), abs=1e-6)


@given(_FLAGS, st.data(), st.sampled_from([1, 2, 3]), st.floats(-0.9, 0.9))
def test_golden_transfer_stays_between_nothing_and_perfect_and_widens(gold, data, tolerance, late):
    told = data.draw(st.lists(st.booleans(), min_size=len(gold), max_size=len(gold)))
    one = golden_transfer(gold, told, tolerance, late=late)
    assert 0 <= one <= golden_transfer(gold, told, tolerance + 1, late=late) + 1e-12 <= 1 + 2e-12
    assert golden_transfer(gold, gold, tolerance, late=late) == 1


@pytest.mark.parametrize(
    "wrong", [{"tolerance": 0}, {"tolerance": 1, "late": 1.0}, {"tolerance": 1, "late": -1.0}]
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(ValueError, match="given"):
        golden_transfer([True], [True], **wrong)


def test_f1_by_hand():
    # one right, one too many, two missed: 2 / (2 + 1 + 2)
    assert f1([True, True, True, False], [True, False, False, True]) == pytest.approx(0.4)
    assert f1([False, False], [False, False]) == 0
