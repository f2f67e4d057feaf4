"""The methods of the silent majority, each against a truth that can be computed."""

import math

import numpy as np
import pytest
from scipy import stats

from portance.charter.surveys import Survey
from portance.experience import scoring
from portance.experience.silent import adjusting, bounding, calibrating, following_up, representing, resisting


def covered(n: int, p: float, d: float, *, adjusted: bool) -> float:
    """The exact coverage of an interval of the net score, over every possible count of promoters and detractors."""
    total = 0.0
    truth = 100 * (p - d)
    for up in range(n + 1):
        chance = stats.binom.pmf(up, n, p)
        down = np.arange(n - up + 1)
        chances = chance * stats.binom.pmf(down, n - up, d / (1 - p))
        for count, weight in zip(down, chances, strict=True):
            a, b = up / n, count / n
            if adjusted:
                low, high = scoring.adjusted_wald(a, b, n)
            else:
                half = 196 * math.sqrt(max(a + b - (a - b) ** 2, 0) / n)
                low, high = 100 * (a - b) - half, 100 * (a - b) + half
            total += weight * (low <= truth <= high)
    return total


@pytest.mark.parametrize(
    ("n", "plain", "adjusted"), [(10, 0.792, 0.944), (30, 0.874, 0.959), (100, 0.935, 0.954)]
)
def test_the_net_score_interval_covers_as_published(n: int, plain: float, adjusted: float) -> None:
    assert covered(n, 0.85, 0.02, adjusted=False) == pytest.approx(plain, abs=0.01)
    assert covered(n, 0.85, 0.02, adjusted=True) == pytest.approx(adjusted, abs=0.01)


@pytest.mark.parametrize(("n", "half"), [(30, 27), (100, 15), (400, 7.5), (1000, 4.8)])
def test_the_net_score_half_width_is_the_published_one(n: int, half: float) -> None:
    low, high = scoring.adjusted_wald(0.45, 0.20, n)
    assert (high - low) / 2 == pytest.approx(half, rel=0.05)


def test_each_kind_of_answer_is_scored_in_its_unit() -> None:
    values = np.array([0.0, 6.0, 7.0, 8.0, 9.0, 10.0, np.nan])
    assert scoring.scores(Survey(rating="nps"), values)[:6].tolist() == [-100, -100, 0, 0, 100, 100]
    assert np.isnan(scoring.scores(Survey(rating="nps"), values)[6])
    assert scoring.scores(Survey(rating="csat", satisfied=4), np.array([3.0, 4.0, 5.0])).tolist() == [0, 1, 1]
    effort = Survey(rating="ces", better="lower", satisfied=2)
    assert scoring.scores(effort, np.array([1.0, 2.0, 3.0])).tolist() == [1, 1, 0]


def test_answers_of_the_same_persons_count_for_less() -> None:
    y = np.repeat([0.0, 1.0] * 30, 10)
    once = scoring.naive(Survey(rating="csat", satisfied=4), y, np.arange(600), np.ones(600), seed=0)
    same = scoring.naive(
        Survey(rating="csat", satisfied=4), y, np.repeat(np.arange(60), 10), np.ones(600), seed=0
    )
    assert same.design == pytest.approx(10, rel=0.1)
    assert once.design == 1
    assert same.high - same.low > 2.5 * (once.high - once.low)


def test_the_r_indicator_is_that_of_the_true_probabilities_and_noise_does_not_lower_it() -> None:
    rng = np.random.default_rng(3)
    n = 20_000
    e = np.where(rng.random(n) < 0.5, 0.05, 0.25)
    said = rng.random(n) < e
    persons, weights = np.arange(n), np.ones(n)
    noisy = e + rng.normal(0, 0.05, n)
    found = representing.represent(said, noisy, persons, weights, 1.0)
    # the part of the probabilities that a noisy estimate can tell: its reliability is e's share of the variance
    told = 0.1 * math.sqrt(0.01 / (0.01 + 0.0025))
    assert found.r == pytest.approx(1 - 2 * told, abs=0.02)
    assert found.low < found.r < found.high
    lot = representing.represent(rng.random(n) < 0.15, noisy, persons, weights, 1.0)
    assert lot.high >= 0.99, "a draw by lot looks like one, whatever the noise of the probabilities"


def test_the_bias_bound_holds_the_bias() -> None:
    rng = np.random.default_rng(4)
    n = 30_000
    x = rng.normal(size=n)
    e = 1 / (1 + np.exp(2 - x))
    y = x + rng.normal(size=n)
    said = rng.random(n) < e
    found = representing.represent(said, e, np.arange(n), np.ones(n), float(y.std()))
    assert abs(y[said].mean() - y.mean()) <= found.bias_bound


def test_a_model_that_is_right_passes_and_one_that_is_too_sure_or_shifted_does_not() -> None:
    rng = np.random.default_rng(5)
    p = rng.beta(4, 2, 4000)
    y = (rng.random(4000) < p).astype(float)
    right = calibrating.calibrate(p, y, (0.0, 1.0), binary=True)
    assert right.passed
    assert right.ece <= 0.05
    odds = np.log(p / (1 - p))
    sure = calibrating.calibrate(1 / (1 + np.exp(-2 * odds)), y, (0.0, 1.0), binary=True)
    assert not sure.passed
    assert sure.slope < 0.8
    assert sure.reason == "not_calibrated"
    shifted = calibrating.calibrate(np.clip(p + 0.1, 0, 1), y, (0.0, 1.0), binary=True)
    assert not shifted.passed
    assert shifted.ece > 0.05
    flat = calibrating.calibrate(np.full(4000, y.mean()), y, (0.0, 1.0), binary=True)
    assert not flat.passed, "what tells nobody apart is no prediction"


def test_too_few_later_answers_are_not_judged() -> None:
    found = calibrating.calibrate(np.full(199, 0.5), np.tile([0.0, 1.0], 100)[:199], (0.0, 1.0), binary=True)
    assert not found.passed
    assert found.reason == "few_later_answers"


def test_predictions_are_judged_on_answers_that_came_after_those_learnt_from() -> None:
    rng = np.random.default_rng(6)
    n = 3000
    when = np.arange(n)
    x = rng.normal(size=(n, 2))
    y = x[:, 0] + rng.normal(size=n)
    y[int(0.8 * n) :] -= 3  # what customers say changes: a model of the past must be caught
    said = rng.random(n) < 0.5
    later, told = calibrating.predict_later(np.where(said, y, np.nan), said, x, np.arange(n), when, seed=0)
    assert when[later].min() > when[said & ~later].max()
    ends = (float(y.min()), float(y.max()))
    assert not calibrating.calibrate(told[later], y[later], ends, binary=False).passed


def test_a_band_moves_only_what_silence_can_move() -> None:
    found = bounding.band(3.0, 3.2, 0.9, least=-0.5, most=0.5, ends=(1.0, 5.0))
    assert (found.low, found.high) == pytest.approx((2.55, 3.65))
    nobody = bounding.band(3.0, 3.2, 0.0, least=-0.5, most=0.5, ends=(1.0, 5.0))
    assert (nobody.low, nobody.high) == (3.0, 3.2)
    assert bounding.band(1.1, 4.9, 1.0, least=-0.5, most=0.5, ends=(1.0, 5.0)).low == 1.0


def test_a_conclusion_flips_where_its_interval_reaches_the_target() -> None:
    assert bounding.flips_at("above", 0.72, 0.78, 0.70, 0.9) == pytest.approx(-0.02 / 0.9)
    assert bounding.flips_at("below", 0.60, 0.66, 0.70, 0.9) == pytest.approx(0.04 / 0.9)
    assert bounding.flips_at(None, 0.6, 0.8, 0.7, 0.9) is None
    assert bounding.flips_at("above", 0.72, 0.78, 0.70, 0.0) is None


def test_a_follow_up_grows_with_doubt_and_never_exceeds_the_silent() -> None:
    assert following_up.size(100_000, 0.9, 1.0, 0.2) == 156  # 77.7 answers, one in two answering
    assert following_up.size(100_000, 0.9, 1.0, 0.1) > 4 * 150
    assert following_up.size(40, 0.9, 1.0, 0.01) == 40
    assert following_up.size(0, 0.0, 1.0, 0.1) is None


def test_late_answers_that_say_otherwise_are_seen_and_those_that_do_not_are_not() -> None:
    rng = np.random.default_rng(7)
    n = 900
    delay, persons, weights = rng.exponential(size=n), np.arange(n), np.ones(n)
    known = rng.normal(size=(n, 4))
    noise = rng.normal(size=n)
    assert not resisting.late(noise, delay, known, persons=persons, weights=weights).shows
    late = resisting.late(noise - 0.5 * delay, delay, known, persons=persons, weights=weights)
    assert late.shows
    assert late.high < 0
    same = resisting.late(noise, np.zeros(n), known, persons=persons, weights=weights)
    assert math.isnan(same.value), "answers all given at once have no late ones"
    assert not same.shows


@pytest.mark.parametrize("hidden", ["curve", "mark"])
def test_a_group_that_never_answers_is_found_in_a_measure_or_a_mark(hidden: str) -> None:
    rng = np.random.default_rng(8)
    n = 4000
    x = np.column_stack([rng.normal(size=n), rng.integers(0, 2, n)]).astype(float)
    never = x[:, 0] > 1 if hidden == "curve" else x[:, 1] == 1
    said = (rng.random(n) < 0.2) & ~never
    assert adjusting.unheard(x, said) == (0 if hidden == "curve" else 1)
    assert adjusting.unheard(x, rng.random(n) < 0.2) is None


def test_all_who_answer_the_same_are_not_modelled() -> None:
    said = np.arange(1000) % 2 == 0
    found = adjusting.fit(
        np.where(said, 4.0, np.nan),
        said,
        np.random.default_rng(0).normal(size=(1000, 2)),
        np.arange(1000),
        seed=0,
    )
    assert found.reason == "never_varies"
    told = adjusting.figure(
        np.where(said, 4.0, np.nan), said, found, persons=np.arange(1000), weights=np.ones(1000)
    )
    assert told.reason == "never_varies"
    assert math.isnan(told.value)
