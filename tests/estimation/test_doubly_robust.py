"""The effect of a treatment that was not drawn by lot: recovered where cases compare, refused where they do not."""

import importlib.util
import math

import numpy as np
import pytest

from portance.estimation.doubly_robust import adjusted_mean, contrast, propensities


def confounded(seed, n=1500, effect=0.3, pull=1.0):
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(n, 5))
    h = np.sin(1.5 * x[:, 0]) + 0.6 * (x[:, 1] > 0.4)
    treated = draw.random(n) < 1 / (1 + np.exp(-pull * (h - h.mean())))
    return x, treated, effect * treated - h + draw.normal(size=n)


def test_the_effect_is_recovered_where_the_plain_difference_has_the_wrong_sign():
    x, treated, y = confounded(1)
    made = contrast(y, treated, x)
    assert made.raw < 0 < made.low
    assert made.low < 0.3 < made.high
    assert made.supported
    assert made.n == 1500


def test_the_same_seed_gives_the_same_figures_and_the_order_of_columns_hardly_matters():
    x, treated, y = confounded(2, 600)
    first, second = contrast(y, treated, x, seed=3), contrast(y, treated, x, seed=3)
    assert first == second
    turned = contrast(y, treated, x[:, ::-1], seed=3)
    assert turned.effect == pytest.approx(first.effect, abs=first.error)


def test_a_treatment_told_by_the_covariates_is_refused():
    x, _, y = confounded(3)
    made = contrast(y, x[:, 0] > 0, x)
    assert not made.supported
    assert made.reason == "no_overlap"
    assert math.isnan(made.effect)
    assert math.isfinite(made.raw)


def test_too_few_of_one_kind_or_of_persons_is_refused():
    x, treated, y = confounded(4, 300)
    few = np.zeros(300, dtype=bool)
    few[:12] = True
    assert contrast(y, few, x).reason == "too_few"
    persons = np.where(treated, 0, np.arange(300))
    assert contrast(y, treated, x, clusters=persons).reason == "too_few"


def test_an_outcome_that_never_varies_tells_nothing():
    x, treated, _ = confounded(5, 400)
    assert contrast(np.ones(400), treated, x).reason == "never_varies"


def test_rows_repeated_under_one_person_do_not_narrow_the_interval():
    x, treated, y = confounded(6, 500)
    once = contrast(y, treated, x, clusters=np.arange(500))
    thrice = contrast(
        np.tile(y, 3), np.tile(treated, 3), np.tile(x, (3, 1)), clusters=np.tile(np.arange(500), 3)
    )
    assert thrice.error > 0.85 * once.error
    assert contrast(np.tile(y, 3), np.tile(treated, 3), np.tile(x, (3, 1))).error < 0.75 * once.error


def test_holes_in_covariates_and_outcomes_are_borne():
    x, treated, y = confounded(7, 900)
    draw = np.random.default_rng(0)
    x[draw.random(x.shape) < 0.1] = np.nan
    y[draw.random(900) < 0.2] = np.nan
    made = contrast(y, treated, np.column_stack([x, np.full(900, np.nan)]))
    assert made.supported
    assert made.n == int(np.isfinite(y).sum())


def test_without_covariates_it_is_the_plain_difference():
    draw = np.random.default_rng(8)
    treated = draw.random(800) < 0.5
    y = draw.normal(size=800) + treated
    made = contrast(y, treated, np.zeros((800, 0)))
    assert made.effect == pytest.approx(made.raw, abs=0.02)


def test_a_propensity_told_once_serves_many_outcomes():
    x, treated, y = confounded(9, 600)
    told = propensities(treated, x)
    assert contrast(y, treated, x, propensity=told) == contrast(y, treated, x)


def test_noise_is_rarely_taken_for_an_effect():
    made = [contrast(*_nothing(seed)) for seed in range(5)]
    assert sum(one.low > 0 or one.high < 0 for one in made) <= 1


def _nothing(seed):
    x, treated, y = confounded(100 + seed, 400, effect=0.0, pull=0.6)
    return y, treated, x


def test_the_mean_of_the_silent_is_recovered_where_silence_follows_what_is_known():
    draw = np.random.default_rng(10)
    x = draw.normal(size=(3000, 4))
    y = x[:, 0] + 0.5 * x[:, 1] + draw.normal(size=3000)
    answered = draw.random(3000) < 1 / (1 + np.exp(1.2 - x[:, 0]))
    made = adjusted_mean(np.where(answered, y, np.nan), answered, x)
    assert y[answered].mean() > 0.3
    assert made.low < 0 + y.mean() < made.high
    assert made.propensities.shape == made.predictions.shape == (3000,)
    assert adjusted_mean(np.full(50, np.nan), np.zeros(50, dtype=bool), x[:50]).reason == "too_few"


needs_data = pytest.mark.skipif(
    importlib.util.find_spec("causaldata") is None, reason="causaldata is not installed"
)


def lalonde():
    pandas = pytest.importorskip("pandas")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from causaldata import cps_mixtape, nsw_mixtape

        nsw, cps = nsw_mixtape.load_pandas().data, cps_mixtape.load_pandas().data
    columns = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]
    return nsw, cps, columns, pandas


def design(frame, columns):
    x = frame[columns].to_numpy(dtype=float)
    return np.column_stack([x, x[:, -2] == 0, x[:, -1] == 0])


@needs_data
def test_lalonde_experiment_is_reproduced():
    nsw, _, columns, _ = lalonde()
    y, treated = nsw["re78"].to_numpy(dtype=float), nsw["treat"].to_numpy() == 1
    made = contrast(y, treated, design(nsw, columns))
    assert made.raw == pytest.approx(1794.34, abs=0.01)
    pooled = np.sqrt(
        ((treated.sum() - 1) * y[treated].var(ddof=1) + ((~treated).sum() - 1) * y[~treated].var(ddof=1))
        / (len(y) - 2)
    )
    assert pooled * np.sqrt(1 / treated.sum() + 1 / (~treated).sum()) == pytest.approx(632.85, abs=0.01)
    assert made.low < 1794.34 < made.high
    assert made.raw_low < made.effect < made.raw_high


@needs_data
def test_lalonde_against_the_population_survey_finds_the_sign_that_the_plain_difference_has_wrong():
    nsw, cps, columns, pandas = lalonde()
    both = pandas.concat([nsw[nsw["treat"] == 1], cps], ignore_index=True)
    y, treated = both["re78"].to_numpy(dtype=float), both["treat"].to_numpy() == 1
    made = contrast(y, treated, design(both, columns), estimand="treated", least_ess=50)
    assert made.raw == pytest.approx(-8497.5, abs=0.1)
    assert made.effect > 0
    assert made.low < 1794.34 < made.high
    assert not contrast(y, treated, design(both, columns)).supported
