"""Gamed targets: planted bunching and decoupling are found, honest ones are not, and what cannot be told says so."""

from datetime import timedelta

import numpy as np
import pytest
from passed_company import MONDAY, panel_of, passing_charter

from portance.alignment.scoreboards import visiting
from portance.alignment.scoreboards.bunching import excess, worse_inside
from portance.alignment.scoreboards.decoupling import decoupled, within
from portance.alignment.scoreboards.gaming import gaming
from portance.alignment.scoreboards.lighting import lights


def shifted(draw, units=24, periods=52, *, gamed):
    """Handling times around a target of 240; a part of those up to 12 s above is written as if inside."""
    level = draw.normal(0, 8, (units, 1))
    true = 243 + level + draw.normal(0, 15, (units, periods))
    moved = (true > 240) & (true < 252) & (draw.random(true.shape) < gamed)
    told = np.where(moved, 240 - draw.exponential(2.0, true.shape), true)
    return told, moved


def judged(values, outcome, declared):
    panel = panel_of({"pace": values, "joy": outcome}, [f"t{number}" for number in range(len(values))])
    made = visiting.grids([lights(panel, declared.indicators)])
    return gaming(declared, made, None, seed=1).to_pylist()


def steered(**pace):
    return passing_charter(
        indicators={
            "pace": {"function": "service", "better": "lower", "measure": "count(*)", "target": 240} | pace,
            "joy": {"function": "people", "better": "higher", "measure": "count(*)", "customer": True},
        }
    )


def told(rows, kind):
    found = [row for row in rows if row["indicator"] == "pace" and row["kind"] == kind]
    assert len(found) == 1
    return found[0]


def test_a_target_that_is_gamed_is_found():
    draw = np.random.default_rng(1)
    values, moved = shifted(draw, gamed=0.5)
    joy = 4 - 0.02 * (values - 240) - 1.0 * moved + draw.normal(0, 0.5, values.shape)
    row = told(judged(values, joy, steered()), "bunching")
    assert (row["verdict"], row["outcome"], row["grade"]) == ("found", "joy", "C")
    assert row["ci_low"] > 0
    assert row["ci_low"] < moved.mean() < row["ci_high"] + 0.03


def test_bunching_without_harm_is_not_gaming():
    draw = np.random.default_rng(2)
    values, _ = shifted(draw, gamed=0.5)
    joy = 4 - 0.02 * (values - 240) + draw.normal(0, 0.5, values.shape)
    row = told(judged(values, joy, steered()), "bunching")
    assert (row["verdict"], row["reason"], row["grade"]) == ("not_found", "outcome_not_worse", None)


def test_honest_readings_are_rarely_said_to_bunch():
    found = 0
    for seed in range(60):
        draw = np.random.default_rng(100 + seed)
        values, _ = shifted(draw, units=12, periods=30, gamed=0.0)
        clusters = np.repeat(np.arange(12), 30)
        made = excess((240 - values).ravel(), clusters, seed=seed)
        found += not isinstance(made, str) and made.p < 0.05
    assert found <= 7


def test_readings_that_are_rounded_are_not_bunching():
    found = 0
    for seed in range(20):
        draw = np.random.default_rng(200 + seed)
        values = np.round(shifted(draw, units=12, periods=52, gamed=0.0)[0] / 5) * 5
        made = excess((240 - values).ravel(), np.repeat(np.arange(12), 52), seed=seed)
        found += not isinstance(made, str) and made.p < 0.05
    assert found <= 3


def test_too_few_readings_are_not_detectable():
    draw = np.random.default_rng(3)
    values, _ = shifted(draw, units=8, periods=20, gamed=0.5)
    row = told(judged(values, values, steered()), "bunching")
    assert (row["verdict"], row["reason"], row["n"]) == ("not_detectable", "few_readings", 160)


def test_a_target_far_from_all_readings_is_not_detectable():
    draw = np.random.default_rng(4)
    values, _ = shifted(draw, gamed=0.0)
    row = told(judged(values, values, steered(target=900)), "bunching")
    assert (row["verdict"], row["reason"]) == ("not_detectable", "target_far")


def test_readings_in_lumps_are_not_judged():
    draw = np.random.default_rng(12)
    clusters = np.repeat(np.arange(20), 30)
    lumps = np.where(draw.random(600) < 0.3, 0.08, 0.08 - draw.exponential(0.1, 600))
    assert excess(lumps, clusters, seed=1) == "not_smooth"
    assert excess(np.ones(600), clusters, seed=1) == "no_variation"


def test_without_any_outcome_of_customers_nothing_is_said_of_gaming():
    draw = np.random.default_rng(5)
    values, _ = shifted(draw, gamed=0.5)
    declared = passing_charter(
        indicators={"pace": {"function": "service", "better": "lower", "measure": "count(*)", "target": 240}}
    )
    panel = panel_of({"pace": values}, [f"t{number}" for number in range(24)])
    row = told(
        gaming(declared, visiting.grids([lights(panel, declared.indicators)]), None).to_pylist(), "bunching"
    )
    assert (row["verdict"], row["reason"]) == ("not_detectable", "no_outcome")
    assert row["ci_low"] > 0


def test_being_worse_inside_is_told_apart_from_a_slope():
    draw = np.random.default_rng(6)
    z = draw.uniform(-6, 6, 2000)
    clusters = draw.integers(0, 20, 2000)
    smooth = 0.1 * z + draw.normal(0, 0.3, 2000)
    stepped = smooth + 0.4 * ((z >= 0) & (z < 2))
    assert worse_inside(z, smooth, np.ones(2000), clusters, 1.0).p > 0.01
    found = worse_inside(z, stepped, np.ones(2000), clusters, 1.0)
    assert found.p < 1e-6
    assert found.value == pytest.approx(0.4, abs=0.1)


def regimes(draw, before, after, *, units=20, periods=40, since=20):
    x = draw.normal(0, 1, (units, periods)) + draw.normal(0, 1, (units, 1)) + draw.normal(0, 1, (1, periods))
    slope = np.where(np.arange(periods) < since, before, after)
    y = (
        slope * x
        + draw.normal(0, 1, x.shape)
        + draw.normal(0, 2, (units, 1))
        + draw.normal(0, 1, (1, periods))
    )
    return x, y


def test_a_slope_that_falls_at_the_target_is_found():
    draw = np.random.default_rng(7)
    x, y = regimes(draw, 0.8, 0.1)
    since = (MONDAY + timedelta(days=7 * 20)).isoformat()
    declared = steered(target=None, targets=[[since, 0]])
    row = told(judged(-x, y, declared), "decoupling")
    assert (row["verdict"], row["grade"]) == ("found", "C")
    assert row["ci_low"] < -0.7 * 0.78 + 0.1 < 0
    assert row["ci_high"] < 0


def test_a_slope_that_holds_is_not_found():
    draw = np.random.default_rng(8)
    x, y = regimes(draw, 0.8, 0.8)
    since = (MONDAY + timedelta(days=7 * 20)).isoformat()
    row = told(judged(-x, y, steered(target=None, targets=[[since, 0]])), "decoupling")
    assert row["verdict"] in {"not_found", "not_detectable"}
    assert row["ci_low"] < 0 < row["ci_high"]


def test_what_never_went_together_cannot_come_apart():
    false = 0
    for seed in range(100):
        draw = np.random.default_rng(300 + seed)
        made = decoupled(*regimes(draw, 0.0, 0.0, units=10, periods=24, since=12), np.ones((10, 24)), 12)
        false += made.p < 0.05
    assert false <= 3


def test_effects_of_units_and_periods_are_taken_off_an_unbalanced_panel():
    draw = np.random.default_rng(9)
    weights = draw.integers(0, 4, (7, 9)).astype(float)
    values = draw.normal(0, 1, (7, 9))
    made = within(values, weights)
    rows, columns = np.nonzero(weights)
    design = np.column_stack([np.eye(7)[rows], np.eye(9)[columns]])
    root = np.sqrt(weights[rows, columns])
    y = values[rows, columns]
    beta = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]
    np.testing.assert_allclose(made[rows, columns], y - design @ beta, atol=1e-8)
