"""Ratios of sums over persons, and their intervals."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.estimation import by_person, ratio, wilson


def test_the_worked_example_of_the_methods_page() -> None:
    # 40 persons: 10 with one contact resolved, 10 with one not, 20 with two of which one resolved
    found = ratio([(1, 1, 10), (0, 1, 10), (1, 2, 20)], seed=1)
    assert found.value == 30 / 60
    assert (found.n, found.persons, found.shown) == (60, 40, "point")
    # linearised: residuals +-1/2 for 20 persons, 0 for 20; se = sqrt(40/39 * 5) / 60 = 0.0377
    assert found.ci_low == pytest.approx(0.5 - 1.96 * 0.0377, abs=0.01)
    assert found.ci_high == pytest.approx(0.5 + 1.96 * 0.0377, abs=0.01)


def test_wilson_has_its_published_values() -> None:
    # Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29
    for (k, n), limits in {
        (81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718),
    }.items():  # fmt: skip
        assert wilson(k, n) == pytest.approx(limits, abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(7, 7)[1] == 1.0


@pytest.mark.parametrize(
    ("persons", "mean_contacts", "rate"),
    [(12, 3, 0.3), (40, 3, 0.2), (300, 3, 0.2), (300, 3, 0.02), (2000, 2, 0.003)],
)
def test_intervals_by_person_cover_the_truth(persons: int, mean_contacts: float, rate: float) -> None:
    hits, runs = 0, 500
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        contacts = rng.poisson(mean_contacts, persons)
        own_rate = rng.beta(
            3 * rate, 3 * (1 - rate), persons
        )  # the contacts of one person resemble each other
        groups = np.c_[rng.binomial(contacts, own_rate), contacts, np.ones(persons)]
        found = ratio(groups, seed=seed, draws=199)
        assert found.ci_low is not None
        assert found.ci_high is not None
        hits += found.ci_low <= rate <= found.ci_high
    assert 0.92 <= hits / runs <= 0.98


def test_weighted_intervals_cover_the_truth() -> None:
    hits, runs = 0, 400
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        rare = rng.random(250) < 0.5
        broken = rng.random(250) < np.where(rare, 0.6, 0.2)
        weights = np.where(
            rare, 0.25, 1.75
        )  # rare ones were drawn more often than they are: 1 in 8, not half
        truth = (0.25 * 0.6 + 1.75 * 0.2) / 2
        found = ratio(by_person(np.arange(250), weights * broken, weights), seed=seed, draws=199, n=250)
        assert found.ci_low is not None
        assert found.ci_high is not None
        hits += found.ci_low <= truth <= found.ci_high
    assert 0.92 <= hits / runs <= 0.98


def test_drawing_groups_is_drawing_persons() -> None:
    rng = np.random.default_rng(5)
    contacts = 1 + rng.poisson(1, 200)
    resolved = rng.binomial(contacts, 0.6)
    figures = []
    for _ in range(4000):
        picked = rng.integers(0, 200, 200)
        figures.append(resolved[picked].sum() / contacts[picked].sum())
    found = ratio(np.c_[resolved, contacts, np.ones(200)], seed=3, draws=3999)
    assert found.method.startswith("bootstrap")
    assert [found.ci_low, found.ci_high] == pytest.approx(np.quantile(figures, [0.025, 0.975]), abs=0.006)


@pytest.mark.parametrize(("broken", "value"), [(0, 0.0), (1, 1.0)])
def test_nobody_or_everybody_is_not_certainty(broken: int, value: float) -> None:
    found = ratio([(broken, 1, 50)], seed=0)
    assert found.value == value
    assert found.ci_low is not None
    assert found.ci_high is not None
    assert found.ci_high - found.ci_low == pytest.approx(0.0714, abs=1e-3)  # Wilson for 0 or 50 of 50
    assert found.ci_low <= value <= found.ci_high


def test_few_persons_are_not_shown() -> None:
    assert ratio([(1, 2, 4)], seed=0).shown == "suppressed"
    assert ratio([(1, 2, 4)], seed=0).ci_low is None
    some = ratio([(1, 2, 20), (0, 1, 9)], seed=0)
    assert some.shown == "interval"
    assert some.value is None
    assert some.ci_low is not None
    assert some.reason == "fewer than 30 persons"
    assert ratio([(1, 2, 20), (0, 1, 10)], seed=0).shown == "point"
    assert ratio([], seed=0).reason == "no observation"


def test_a_cost_is_no_proportion() -> None:
    found = ratio([(0, 1, 30), (650, 1, 30)], seed=0)
    assert found.value == 325
    assert found.ci_low is not None
    assert 200 < found.ci_low < 325


def test_many_distinct_groups_are_linearised_and_say_so() -> None:
    rng = np.random.default_rng(0)
    denominators = rng.uniform(0.5, 2, 3000)
    groups = np.c_[denominators * (rng.random(3000) < 0.3), denominators, np.ones(3000)]
    found = ratio(groups, seed=0)
    assert found.method == "linearised by person, Wilson at the effective size"
    assert found.ci_low is not None
    assert found.ci_high is not None
    assert found.ci_high - found.ci_low == pytest.approx(2 * 1.96 * np.sqrt(0.21 / 3000), rel=0.15)


def test_a_million_persons_take_milliseconds() -> None:
    groups = [(k, n, 1100 * (n + k + 1)) for n in range(1, 12) for k in range(n + 1)]
    start = time.process_time()
    assert ratio(groups, seed=0).persons > 1_000_000
    assert time.process_time() - start < 0.25


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 40)), min_size=1, max_size=8))
def test_order_and_splitting_of_groups_do_not_matter(rows: list[tuple[int, int, int]]) -> None:
    groups = [(min(a, b), max(a, b), persons) for a, b, persons in rows]
    split = [(a, b, 1) for a, b, persons in reversed(groups) for _ in range(persons)]
    found = ratio(groups, seed=7)
    assert found == ratio(split, seed=7)
    assert found == ratio(groups, seed=7)
    if found.value is not None and found.ci_low is not None and found.ci_high is not None:
        assert 0 <= found.ci_low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.ci_high <= 1


def test_groups_are_made_from_observations() -> None:
    persons = np.array([0, 0, 1, 2])
    groups = by_person(persons, np.array([1.0, 0, 0, 0]), np.ones(4))
    assert groups.tolist() == [[0, 1, 2], [1, 2, 1]]
