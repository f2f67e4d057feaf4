"""The risk of a stall: an alarm only where the margin surely foretells, never a team by name, predicted never as measured."""

from datetime import date, timedelta

import mirrored_company as made
import numpy as np
import pytest

from portance.experience.employees import records
from portance.experience.employees.facts import EPOCH, Window
from portance.experience.employees.journal import Journal
from portance.experience.employees.preceding import Panel
from portance.experience.employees.protecting import Cells, Protected
from portance.experience.employees.setting import Setting
from portance.experience.employees.stalling import signs, stall

MONDAY = (date(2024, 1, 1) - EPOCH).days


def setting(*, unlocked=True):
    door = Protected({}, Journal(key=b"k" * 32), unlocked=unlocked)
    window = Window(date(2024, 1, 1), date(2025, 12, 29))
    charter = made.mirrored_charter()
    return Setting(charter, charter.employees, None, door, window, 0, date(2025, 12, 29), 0)


def panel(seed, *, lead, teams=20, periods=96, weeks=1):
    """Teams whose lift follows their thrust ``lead`` periods later, or does not follow it at all."""
    chance = np.random.default_rng(seed)
    mood = np.zeros((teams, periods + 10))
    for at in range(1, periods + 10):
        mood[:, at] = 0.7 * mood[:, at - 1] + 0.7 * chance.normal(size=teams)
    lift = mood[:, 10 - lead : periods + 10 - lead] if lead else mood[::-1, 10:]
    thrust = np.clip(0.55 + 0.1 * mood[:, 10:], 0, 1)
    cells = Cells(tuple(f"T{team}" for team in range(teams)), thrust, 10 * teams)
    return Panel(cells, np.clip(0.58 + 0.08 * lift + 0.01 * chance.normal(size=lift.shape), 0, 1), weeks, MONDAY)  # fmt: skip


@pytest.fixture(scope="module")
def earned():
    return list(stall(setting(), panel(2, lead=5)))


@pytest.fixture(scope="module")
def unearned():
    return list(stall(setting(), panel(3, lead=0)))


def figure(rows, name):
    return next((row for row in rows if row["figure"] == name), None)


def test_a_margin_that_comes_before_the_fall_earns_an_alarm(earned):
    skill = figure(earned, "skill")
    assert skill["verdict"] == "alarm"
    assert 0 < skill["low"] < skill["value"] < skill["high"] < 1
    risk = figure(earned, "risk")
    assert risk["basis"] == "predicted"
    assert 6 <= risk["teams"] <= 20, "those that have not fallen already"
    assert 0 <= risk["low"] <= risk["value"] <= risk["high"] <= 1
    lead = figure(earned, "lead")
    assert 1 <= lead["low"] <= lead["high"] <= 8
    assert 0 < figure(earned, "warned")["low"] < 1
    false = figure(earned, "false_alarms")
    assert false["low"] < false["value"] < false["high"]


def test_a_margin_that_does_not_earns_none_and_both_curves_are_told(unearned):
    assert figure(unearned, "skill")["verdict"] == "no_alarm"
    assert figure(unearned, "risk") is None
    curve = [row for row in unearned if row["figure"] == "curve"]
    assert len(curve) > 50
    assert {row["basis"] for row in curve} == {"predicted"}
    assert all(row["low"] <= row["observed"] <= row["high"] for row in curve if row["observed"] is not None)
    assert all(0 <= row["value"] <= 1 for row in curve)


def test_what_is_not_over_is_not_told_as_having_happened(earned):
    curve = [row for row in earned if row["figure"] == "curve"]
    last = EPOCH + timedelta(MONDAY + 7 * 96)
    assert curve[-1]["period"] == last
    for row in curve:
        over = row["period"] + timedelta(weeks=8) <= last
        assert (row["observed"] is not None) == over, row["period"]


def test_no_team_can_be_told_apart(earned):
    table = records.table(records.STALL, earned)
    told = str(table.to_pylist())
    assert not [team for team in range(20) if f"T{team}" in told]
    assert min(row["teams"] for row in earned if row["teams"]) >= 6


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (lambda: stall(setting(unlocked=False), None), "locked"),
        (lambda: stall(setting(), None), "no_data"),
        (lambda: stall(setting(), panel(1, lead=5, weeks=13)), "periods_too_long"),
        (lambda: stall(setting(), panel(1, lead=5, teams=5)), "too_few_units"),
        (lambda: stall(setting(), panel(1, lead=5, periods=12)), "too_few_falls"),
    ],
)
def test_where_nothing_can_be_judged_no_alarm_is_told(given, reason):
    rows = list(given())
    assert (figure(rows, "skill")["verdict"], figure(rows, "skill")["reason"]) == ("not_measurable", reason)
    assert figure(rows, "risk") is None


def test_a_team_that_is_not_known_has_no_sign():
    lift = np.array([[60.0, 70, 80, 55, 52, 51, 60, 70, 66]])
    thrust = np.array([[50.0, 50, 50, 50, np.nan, 50, 50, 50, 58]])
    margin, trend, speed = signs(lift, thrust, np.array([0, 1.0, 0, 0, 0, 0, 1, 0, 0]), 1)
    assert np.isnan(margin[0, 4])
    assert margin[0, 8] == 58
    assert trend[0, 8] == 8
    assert np.isnan(trend[0, :8]).all()
    assert speed[0].tolist() == [0, 1, 1, 1, 1, 1, 2, 2, 2]
