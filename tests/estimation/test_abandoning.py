"""Patience from waits that answers cut short, and whether it is exponential, on planted patience."""

import numpy as np
import pytest

from portance.estimation.abandoning import patience_of


def waited(seed, stays, count=3000):
    """The waits of ``count`` customers, half of whom are answered at once, and who of them gave up."""
    draw = np.random.default_rng(seed)
    patience = stays(draw, count)
    offered = np.where(draw.random(count) < 0.5, 0.0, draw.exponential(40, count))
    return np.minimum(patience, offered), patience < offered


def exponential(draw, count):
    return draw.exponential(120, count)


def test_exponential_patience_is_found_and_not_refuted():
    made = [patience_of(*waited(seed, exponential)) for seed in range(60)]
    assert np.mean([one.mean for one in made]) == pytest.approx(120, rel=0.02)
    assert sum(one.low <= 120 <= one.high for one in made) >= 53
    assert sum(one.fit == "exponential" for one in made) >= 55
    assert all(one.low < one.mean < one.high and one.n == 3000 for one in made)


def test_answered_customers_count_for_the_time_that_they_waited():
    """Among those who gave up alone, the mean wait is that of a race with the answer: far too short."""
    waits, gone = waited(1, exponential)
    made = patience_of(waits, gone)
    assert waits[gone].mean() < 45
    assert 110 < made.mean < 130
    assert made.gone == gone.sum()


@pytest.mark.parametrize(
    ("stays", "fit"),
    [
        (
            lambda draw, n: np.where(draw.random(n) < 0.2, draw.exponential(5, n), draw.exponential(200, n)),
            "sooner",
        ),
        (lambda draw, n: draw.weibull(1.7, n) * 120, "later"),
        (lambda draw, n: 15 + draw.exponential(60, n), "mixed"),
    ],
    ids=["hanging_up_at_once", "losing_patience", "after_the_greeting"],
)
def test_patience_of_another_form_is_told_with_the_place_where_it_shows(stays, fit):
    waits, gone = waited(2, stays)
    made = patience_of(waits, gone)
    assert made.fit == fit
    worst = made.worst
    assert fit == "mixed" or (worst.observed > worst.exponential) == (fit == "sooner")
    assert not worst.low <= worst.exponential <= worst.high
    everyone = stays(np.random.default_rng(99), 200_000)
    assert worst.observed == pytest.approx((everyone <= worst.at).mean(), abs=0.03)


def test_too_little_says_nothing():
    assert patience_of(np.array([1.0, 4.0]), np.array([False, False])) is None
    assert patience_of(np.zeros(2), np.array([True, False])) is None
    few = patience_of(*waited(3, exponential, count=25))
    assert few.fit is None
    assert few.worst is None
