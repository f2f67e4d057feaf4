"""Scorecards are read for known faults, and held against what customers value."""

import json
import math

import numpy as np
import pytest
from panelled_company import charter

from portance.alignment.incentives.aligning import angles
from portance.alignment.incentives.linting import lint, noise
from portance.alignment.incentives.records import angles_table, incentives_table
from portance.alignment.indicators.panel import Panel
from portance.alignment.structure.opposing import structural_conflicts
from portance.alignment.structure.records import conflicts_table

INDICATORS = {
    "talk": {"function": "service", "better": "lower", "measure": "avg(duration_s)"},
    "solved": {"function": "service", "better": "higher", "promise": "fast"},
    "loyal": {"function": "service", "better": "higher", "customer": True, "horizon": "long"},
}
LEVERS = {
    "pace": {"range": [0, 10], "effects": {"talk": -4, "solved": -0.02}},
    "training": {"range": [0, 5], "effects": {"talk": 1, "solved": 0.05, "loyal": 1}},
}


def _made(scorecards, **more):
    return charter(**({"indicators": INDICATORS, "levers": LEVERS, "scorecards": scorecards} | more))


def _card(indicators, **more):
    return {"centre": {"function": "service", "indicators": indicators} | more}


def _rules(made, **more):
    return {one.rule for one in lint(made, **more)}


def _panel(spread=1.0, units=6, periods=60, persistence=0.0, name="solved"):
    random = np.random.default_rng(1)
    values = np.empty((units, periods, 1))
    for unit in range(units):
        noise_ = random.normal(0, spread, periods)
        for t in range(1, periods):
            noise_[t] = persistence * noise_[t - 1] + math.sqrt(1 - persistence**2) * noise_[t]
        values[unit, :, 0] = unit + noise_
    days = np.datetime64("2025-01-06") + 7 * np.arange(periods)
    units_ = tuple(f"t{n}" for n in range(units))
    return Panel((name,), (), (), units_, "team", days, "week", values, np.full_like(values, np.nan))


def test_a_sound_scorecard_has_nothing_against_it():
    assert lint(_made(_card({"solved": 0.5, "loyal": 0.5})), panels=[_panel()]) == ()


def test_each_fault_is_found_by_its_rule():
    assert _rules(_made(_card({"talk": 1}))) == {"no_customer", "no_long_term"}
    assert _rules(_made(_card({"solved": {"weight": 0.5, "threshold": 0.8}, "loyal": 0.5}))) == {"cliff"}
    assert _rules(_made(_card({"solved": {"weight": 0.5, "controllable": 0.4}, "loyal": 0.5}))) == {
        "uncontrollable"
    }
    assert _rules(_made(_card({"solved": {"weight": 0.5, "controllable": 0.5}, "loyal": 0.5}))) == set()
    assert _rules(_made(_card({"solved": 0.5, "loyal": 0.5}, paid_to="individual"))) == {"individual"}
    assert _rules(_made(_card({"solved": 0.5, "loyal": 0.2}))) == {"weights"}
    many = {f"i{n}": {"function": "service", "better": "higher"} for n in range(7)} | {
        "loyal": INDICATORS["loyal"]
    }
    made = _made(_card(dict.fromkeys(many, 0.125)), indicators=many, levers={})
    (one,) = lint(made)
    assert (one.rule, one.value, one.bound) == ("too_many", 8, 7)


def test_opposed_indicators_in_one_bonus_are_told_by_their_best_evidence():
    made = _made(_card({"talk": 0.5, "solved": 0.3, "loyal": 0.2}))
    rows = conflicts_table(structural_conflicts(made)).to_pylist()
    told = {one.indicators: one for one in lint(made, conflicts=rows) if one.rule == "opposed"}
    assert set(told) == {("talk", "solved"), ("talk", "loyal")}
    assert told["talk", "solved"].severity == "high"
    doubtful = [
        row | {"verdict": "conflict", "kind": "empirical", "grade": "D", "effect": -0.1} for row in rows
        if row["from_indicator"] == "talk" and row["to_indicator"] == "solved"
    ]  # fmt: skip
    told = {one.indicators: one for one in lint(made, conflicts=[*rows, *doubtful]) if one.rule == "opposed"}
    assert (told["talk", "solved"].severity, told["talk", "solved"].value) == ("medium", -0.1)
    elsewhere = [row | {"to_indicator": "unpaid"} for row in rows]
    assert "opposed" not in _rules(made, conflicts=elsewhere)


def test_noise_above_the_step_is_told():
    spread = 2.0
    panel = _panel(spread, units=40)
    error = noise(panel, "solved", 13)
    assert error == pytest.approx(spread / math.sqrt(13), rel=0.06)
    for step, told in ((error * 0.9, {"noise"}), (error * 1.1, set())):
        made = _made(_card({"solved": {"weight": 0.5, "step": step}, "loyal": 0.5}))
        assert _rules(made, panels=[panel]) == told
    assert noise(_panel(spread, units=40, persistence=0.6), "solved", 13) > 1.6 * error
    assert noise(_panel(units=2), "solved", 13) is None


def test_the_angle_is_the_one_between_two_vectors_over_the_levers():
    made = _made(_card({"talk": 0.75, "solved": 0.25}))
    panels = [_panel(2.0, name="talk"), _panel(0.1, name="solved"), _panel(3.0, name="loyal")]
    spread = {
        one.indicators[0]: float(np.sqrt(((one.values - one.values.mean(axis=1, keepdims=True)) ** 2).mean()))
        for one in panels
    }
    paid = np.array([
        0.75 * 40 / spread["talk"] + 0.25 * -0.2 / spread["solved"], 0.75 * -5 / spread["talk"] + 0.25 * 0.25 / spread["solved"],
    ])  # fmt: skip
    valued = np.array([-0.2 / spread["solved"], 0.25 / spread["solved"] + 5 / spread["loyal"]])
    cosine = paid @ valued / np.linalg.norm(paid) / np.linalg.norm(valued)
    (found,) = angles(made, panels)
    assert found.cosine == pytest.approx(cosine)
    assert found.degrees == pytest.approx(math.degrees(math.acos(cosine)))
    assert (found.ci_low, found.terms, found.grade, found.reason) == (None, 2, "E", None)
    assert angles(made)[0].reason == "by_reach"


def test_money_weighs_what_customers_value_where_all_of_it_is_declared():
    worth = {"value": "contact", "times": 10}
    indicators = {name: held | {"worth": worth} for name, held in INDICATORS.items()}
    made = _made(
        _card({"solved": 1}), indicators=indicators, values={"contact": {"value": 5, "source": "controlling"}}
    )
    valued = np.array([-0.2, 0.25 + 5])
    paid = np.array([-0.2, 0.25])
    cosine = paid @ valued / np.linalg.norm(paid) / np.linalg.norm(valued)
    assert angles(made, [_panel(), _panel(name="loyal")])[0].cosine == pytest.approx(cosine)


def test_doubt_about_effects_widens_the_angle():
    levers = {
        "pace": {
            "range": [0, 10],
            "effects": {"talk": -4, "solved": {"value": -0.02, "range": [-0.05, 0.03]}},
        }
    }
    (found,) = angles(_made(_card({"talk": 1}), levers=levers))
    assert found.cosine == pytest.approx(-1)
    assert (found.ci_low, found.ci_high) == pytest.approx((-1, 1))


@pytest.mark.parametrize(
    ("levers", "reason"),
    [
        ({}, "no_levers"),
        ({"pace": {"effects": {"talk": -4}}}, "no_levers"),
        ({"pace": {"range": [0, 10], "effects": {"talk": -4}}}, "no_customer_value"),
        ({"pace": {"range": [0, 10], "effects": {"loyal": 1}}}, "paid_unmoved"),
    ],
)
def test_an_angle_that_cannot_be_told_says_why(levers, reason):
    (found,) = angles(_made(_card({"talk": 1}), levers=levers))
    assert (found.cosine, found.degrees, found.reason) == (None, None, reason)


def test_rows_fill_the_tables():
    made = _made(_card({"talk": {"weight": 1, "threshold": 3}}))
    table = incentives_table(lint(made))
    assert "cliff" in table.column("rule").to_pylist()
    assert all(isinstance(json.loads(text), dict) for text in table.column("detail").to_pylist())
    assert incentives_table(()).schema == table.schema
    assert angles_table(angles(made)).num_rows == 1
