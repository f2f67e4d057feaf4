"""Hazards in discrete time and curves, against what others compute and what can be counted by hand."""

import numpy as np
import pytest

from portance.estimation.hazard import fit_hazard, inverse
from portance.estimation.surviving import leaving, staying


def _rows(seed=0, n=4000, people=900):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.standard_normal(n), rng.random(n) < 0.2, rng.gamma(2, 3, n)]).astype(
        float
    )
    y = rng.random(n) < inverse(x @ np.array([-2.5, 0.4, 0.7, 0.02]), "cloglog")
    return x, y, np.sort(rng.integers(0, people, n))


@pytest.mark.parametrize("link", ["cloglog", "logit"])
def test_the_fit_and_its_errors_by_person_are_those_of_statsmodels(link):
    api = pytest.importorskip("statsmodels.api")
    x, y, persons = _rows()
    links = {"cloglog": api.families.links.CLogLog(), "logit": api.families.links.Logit()}
    theirs = api.GLM(y.astype(float), x, family=api.families.Binomial(link=links[link])).fit(
        cov_type="cluster", cov_kwds={"groups": persons, "use_correction": False}, tol=1e-12
    )
    ours = fit_hazard(x, y, persons, link=link, prior_sd=None)
    assert ours.converged
    np.testing.assert_allclose(ours.coefficients, theirs.params, rtol=1e-6, atol=1e-8)
    groups = len(np.unique(persons))
    np.testing.assert_allclose(np.sqrt(np.diag(ours.robust) * (groups - 1) / groups), theirs.bse, rtol=0.02)
    plain = api.GLM(y.astype(float), x, family=api.families.Binomial(link=links[link])).fit()
    np.testing.assert_allclose(np.sqrt(np.diag(ours.model)), plain.bse, rtol=1e-3)


def test_the_order_of_rows_and_the_start_change_nothing():
    x, y, persons = _rows(1)
    order = np.random.default_rng(2).permutation(len(y))
    one = fit_hazard(x, y, persons)
    other = fit_hazard(x[order], y[order], persons[order], start=np.array([-1.0, 2.0]))
    np.testing.assert_allclose(one.coefficients, other.coefficients, atol=1e-6)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("all_end", [True, False])
def test_an_exposure_after_which_nobody_or_everybody_leaves_keeps_a_finite_effect(all_end):
    rng = np.random.default_rng(3)
    exposed = np.arange(2000) < 40
    y = (rng.random(2000) < 0.05) & ~exposed | (exposed & all_end)
    fit = fit_hazard(np.column_stack([np.ones(2000), exposed]).astype(float), y, np.arange(2000))
    assert np.isfinite(fit.coefficients).all()
    assert np.isfinite(fit.errors()).all()
    assert abs(fit.coefficients[1]) < 12
    assert fit.errors()[1] > 0.1


def test_those_still_there_are_counted_by_hand():
    # 1 leaves at 1, 1 lost from sight at 2, 1 leaves at 3 with 3 at risk, 2 stay until 5
    told = staying(
        np.array([1.0, 2.0, 3.0, 5.0, 5.0]),
        np.array([True, False, True, False, False]),
        np.array([0.0, 1, 2, 3, 5, 6]),
    )
    np.testing.assert_allclose(told.share[:5], [1, 4 / 5, 4 / 5, 4 / 5 * 2 / 3, 4 / 5 * 2 / 3])
    assert np.isnan(told.share[5])
    assert list(told.at_risk) == [5, 5, 4, 3, 2, 0]
    assert np.all(told.low[:5] <= told.share[:5])
    assert np.all(told.share[:5] <= told.high[:5])
    assert told.low[0] < 1


def test_reasons_that_exclude_each_other_are_counted_by_hand():
    # six customers: reason 1 at 1, lost from sight at 2, reason 2 at 3, reason 1 at 4, two stay until 6
    times = np.array([1.0, 2.0, 3.0, 4.0, 6.0, 6.0])
    causes = np.array([1, 0, 2, 1, 0, 0])
    marks = np.array([0.5, 1.0, 3.0, 4.0, 6.0])
    first, second = leaving(times, causes, 1, marks), leaving(times, causes, 2, marks)
    s1 = 5 / 6
    s3 = s1 * 3 / 4
    np.testing.assert_allclose(first.share, [0, 1 / 6, 1 / 6, 1 / 6 + s3 / 3, 1 / 6 + s3 / 3])
    np.testing.assert_allclose(second.share, [0, 0, s1 / 4, s1 / 4, s1 / 4])
    there = staying(times, causes > 0, marks)
    np.testing.assert_allclose(there.share + first.share + second.share, 1)
    # nobody has left for the second reason yet: the interval still says that some could have
    assert second.low[1] == 0
    assert second.high[1] > 0.1


def test_one_reason_alone_is_the_complement_of_staying_with_the_same_interval():
    rng = np.random.default_rng(4)
    times, causes = rng.exponential(10, 300).round(1), (rng.random(300) < 0.5).astype(int)
    marks = np.array([2.0, 5.0, 9.0])
    gone, there = leaving(times, causes, 1, marks), staying(times, causes > 0, marks)
    np.testing.assert_allclose(gone.share, 1 - there.share)
    np.testing.assert_allclose(gone.low, 1 - there.high, atol=2e-3)
    np.testing.assert_allclose(gone.high, 1 - there.low, atol=2e-3)


def test_treating_other_reasons_as_lost_from_sight_would_say_too_much():
    rng = np.random.default_rng(5)
    times = rng.exponential(5, 2000)
    causes = np.where(rng.random(2000) < 0.5, 1, 2)
    marks = np.array([10.0])
    told = leaving(times, causes, 1, marks).share[0]
    naive = 1 - staying(times, causes == 1, marks).share[0]
    assert abs(told - 0.5 * (1 - np.exp(-2))) < 0.03
    assert naive > told + 0.1
