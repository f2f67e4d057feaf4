"""Quantiles and means, with weights and with observations that have not ended."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from portance.estimation import BEYOND, Curve, Estimate, Wanted, mean, means_drawn, quantile, quantiles_drawn


def test_the_worked_example_of_the_methods_page() -> None:
    # five parcels: 2, 3 and 5 days; one still under way after 3, one after 6
    curve = Curve([2, 3, 3, 5, 6], ended=[True, True, False, True, False])
    assert curve.times.tolist() == [2, 3, 5, 6]
    assert curve.survival == pytest.approx([4 / 5, 4 / 5 * 3 / 4, 4 / 5 * 3 / 4 * 1 / 2, 3 / 10])
    assert curve.quantile(0.4) == 3
    assert curve.quantile(0.7) == 5
    assert curve.quantile(0.9) == np.inf
    assert curve.level(4) == pytest.approx(0.4)
    assert np.isnan(curve.level(7))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40),
    st.floats(0.05, 0.95),
)
def test_the_curve_is_that_of_scipy(rows: list[tuple[int, bool]], q: float) -> None:
    values = np.array([value for value, _ in rows], dtype=float)
    ended = np.array([end for _, end in rows])
    curve = Curve(values, ended=ended)
    if not ended.any():
        assert curve.quantile(q) == np.inf
        return
    theirs = stats.ecdf(stats.CensoredData(uncensored=values[ended], right=values[~ended])).sf
    for time, share in zip(curve.times, curve.survival, strict=True):
        assert share == pytest.approx(float(theirs.evaluate(time)), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4), st.booleans()), min_size=1, max_size=25))
def test_a_weight_is_so_many_copies(rows: list[tuple[int, int, bool]]) -> None:
    values, weights, ended = (np.array(column) for column in zip(*rows, strict=True))
    weighted = Curve(values, ended=ended, weights=weights)
    copied = Curve(np.repeat(values, weights), ended=np.repeat(ended, weights))
    assert weighted.survival == pytest.approx(copied.survival, abs=1e-12)
    for q in (0.1, 0.5, 0.9):
        assert weighted.quantile(q) == copied.quantile(q)


def test_the_influence_of_a_person_is_the_derivative_by_their_weight() -> None:
    rng = np.random.default_rng(3)
    values, ended = rng.integers(1, 15, 60).astype(float), rng.random(60) < 0.7
    ended[values == values.max()] = True
    weights, persons = rng.choice([0.5, 1, 2], 60), rng.integers(0, 25, 60)
    curve = Curve(values, ended=ended, weights=weights, persons=persons, people=25)
    for worth in (None, np.sqrt, lambda x: (x <= 8).astype(float)):
        moved = []
        for person in range(25):
            more = weights * np.where(persons == person, 1 + 1e-6, 1)
            other = Curve(values, ended=ended, weights=more, persons=persons, people=25)
            moved.append((other.mean(worth) - curve.mean(worth)) / 1e-6)
        influence = curve.mean_influence(worth)
        assert influence == pytest.approx(moved, abs=1e-6)
        assert influence.sum() == pytest.approx(0, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0.5, 0.8, 0.9]))
def test_resampling_many_at_once_is_resampling_each(seed: int, open_: bool, q: float) -> None:
    rng = np.random.default_rng(seed)
    values, persons = rng.integers(1, 30, 60).astype(float), rng.integers(0, 30, 60)
    ended = (rng.random(60) < 0.8) if open_ else np.ones(60, dtype=bool)
    curve = Curve(values, ended=ended, persons=persons, people=30)
    counts = rng.multinomial(30, np.full(30, 1 / 30), size=8).astype(np.float32)
    found = curve.resampled(counts, q)
    for row, figure in zip(counts, found, strict=True):
        assert figure == Curve(values, ended=ended, weights=row[persons]).quantile(q)


def _covers(make: Callable[[int], Estimate], truth: float, runs: int) -> float:
    hits = 0
    for seed in range(runs):
        found = make(seed)
        low = -np.inf if found.ci_low is None else found.ci_low
        high = np.inf if found.ci_high is None else found.ci_high
        hits += low <= truth <= high
    return hits / runs


def _delays(seed: int, people: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray]:
    """Lognormal delays, about two for each person, alike for the same one."""
    rng = np.random.default_rng(seed)
    persons = np.repeat(np.arange(people), 1 + rng.poisson(1, people))
    return (
        rng,
        persons,
        np.exp(rng.normal(0, 0.7, people)[persons] + rng.normal(0, np.sqrt(0.51), len(persons))),
    )


@pytest.mark.parametrize(
    ("people", "q", "most"), [(150, 0.5, 5000), (150, 0.9, 5000), (600, 0.5, 0), (600, 0.9, 0)]
)
def test_intervals_cover_the_truth(people: int, q: float, most: int) -> None:
    def make(seed: int) -> Estimate:
        _, persons, values = _delays(seed, people)
        return quantile(values, q, persons=persons, seed=seed, draws=199, most_persons=most)

    assert 0.92 <= _covers(make, stats.lognorm(1).ppf(q), 400) <= 0.98


@pytest.mark.parametrize(("people", "q", "most"), [(120, 0.5, 5000), (600, 0.8, 0)])
def test_intervals_cover_the_truth_when_some_have_not_ended(people: int, q: float, most: int) -> None:
    def make(seed: int) -> Estimate:
        rng, persons, values = _delays(seed, people)
        seen = rng.exponential(6, len(values))
        ended = values <= seen
        return quantile(
            np.minimum(values, seen), q, ended=ended, persons=persons, seed=seed, draws=199, most_persons=most
        )

    assert 0.92 <= _covers(make, stats.lognorm(1).ppf(q), 400) <= 0.98


def test_weighted_intervals_cover_the_truth() -> None:
    def make(seed: int) -> Estimate:
        rng = np.random.default_rng(seed)
        slow = rng.random(200) < 0.5  # half of the sample, one in eight of the customers
        values = np.where(slow, rng.uniform(10, 20, 200), rng.uniform(0, 10, 200))
        return quantile(values, 0.5, weights=np.where(slow, 0.25, 1.75), seed=seed, draws=199)

    assert 0.92 <= _covers(make, 10 * 0.5 / 0.875, 400) <= 0.98


def test_few_observations_are_bounded_by_their_order() -> None:
    # with 20, the largest lies below the 90th percentile one time in eight: nothing bounds it from above
    found = quantile(np.arange(1, 21), 0.9, seed=0)
    assert (found.value, found.ci_high, found.shown) == (None, None, "interval")
    assert found.ci_low == 15  # P(at most 14 of 20 lie below) = 1.1 %, 15 of 20: 4.3 %
    median = quantile(np.arange(1, 13), 0.5, seed=0)
    assert (median.ci_low, median.ci_high) == (3, 10)  # the exact interval of the sign test


def test_a_quantile_beyond_follow_up_is_not_guessed() -> None:
    ended = np.arange(100) < 70
    values = np.where(ended, np.arange(100) / 10, 20.0)
    found = quantile(values, 0.9, ended=ended, seed=0)
    assert found.value is None
    assert found.reason == BEYOND
    assert found.ci_high is None
    assert found.ci_low == 20.0  # more than nine in ten surely took longer than anyone was followed
    near = quantile(values, 0.75, ended=ended, seed=0)
    assert near.value is None
    assert near.ci_low is not None
    assert 6 <= near.ci_low < 7  # but it may lie among those that ended


def test_the_mean_waits_for_the_last_one() -> None:
    values = np.arange(1.0, 41.0)
    assert mean(values, seed=0).value == 20.5
    open_ = mean(values, ended=values < 40, seed=0)
    assert open_.value is None
    assert open_.reason == BEYOND
    assert open_.ci_high is None
    assert open_.ci_low == pytest.approx(mean(values, seed=0).ci_low)
    early = mean(values, ended=values != 20, seed=0)  # one lost early: shared among those that took longer
    assert early.value == pytest.approx((sum(range(1, 20)) + 21 * np.mean(range(21, 41))) / 40)


def test_means_cover_the_truth_within_their_bounds() -> None:
    hits = 0
    for seed in range(400):
        values = np.random.default_rng(seed).beta(0.5, 4, 60)
        found = mean(values, seed=seed, bounds=(0, 1))
        assert found.ci_low is not None
        assert found.ci_high is not None
        hits += found.ci_low <= 0.5 / 4.5 <= found.ci_high
    assert 0.92 <= hits / 400 <= 0.98
    sure = mean(np.ones(40), seed=0, bounds=(0, 1))
    assert sure.value == sure.ci_high == 1
    assert sure.ci_low == pytest.approx(0.9124, abs=1e-3)  # Wilson for 40 of 40


def test_figures_drawn_together_keep_their_correlation() -> None:
    rng = np.random.default_rng(0)
    shared = rng.normal(0, 1, 400)
    first = Curve(shared + 0.02 * rng.normal(0, 1, 400), people=400)
    # Curve numbers persons by row, so both are of the same 400
    second = Curve(shared + 1 + 0.02 * rng.normal(0, 1, 400), people=400)
    for most in (0, 5000):
        a, b = quantiles_drawn([first, second], 0.5, seed=1, most_persons=most)
        apart = b.less(a).estimate(n=400, persons=400)
        alone = b.estimate(n=400, persons=400)
        assert apart.ci_low is not None
        assert apart.ci_high is not None
        assert alone.ci_low is not None
        assert alone.ci_high is not None
        assert apart.ci_high - apart.ci_low < (alone.ci_high - alone.ci_low) / 2
    a, b = means_drawn([Wanted(first), Wanted(second)], seed=1)
    assert np.corrcoef(a.low, b.low)[0, 1] > 0.95


def test_the_same_seed_gives_the_same_figures_whatever_the_order_of_rows() -> None:
    rng = np.random.default_rng(1)
    values, persons = rng.exponential(3, 300), rng.integers(0, 120, 300)
    order = rng.permutation(300)
    found = quantile(values, 0.9, persons=persons, seed=4)
    assert found == quantile(values, 0.9, persons=persons, seed=4)
    assert found == quantile(values[order], 0.9, persons=persons[order], seed=4)


def test_calls_that_cannot_mean_anything() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile([1, 2], 1.0, seed=0)
    assert quantile([], 0.5, seed=0).reason == "no observation"
    assert quantile([np.nan, 1.0], 0.5, seed=0).n == 1


@pytest.mark.parametrize("ended", [None, [True] * 92 + [False]])
def test_many_values_of_one_person_are_no_certainty(ended):
    rng = np.random.default_rng(1)
    found = quantile(rng.exponential(60, 93), 0.5, seed=0, ended=ended, persons=[7] * 93)
    assert (found.n, found.persons, found.shown) == (93, 1, "suppressed")
    assert (found.value, found.ci_low, found.ci_high) == (None, None, None)
