"""The risk of a stall: an alarm only where the margin surely foretells, never a team by name, predicted never as measured."""

import importlib.util
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import mirrored_company as made
import numpy as np
import pytest

from portance.estimation.foretelling import foretell
from portance.experience.employees import records
from portance.experience.employees.facts import EPOCH, Facts, Window
from portance.experience.employees.journal import Journal
from portance.experience.employees.preceding import Panel
from portance.experience.employees.protecting import Cells, Protected
from portance.experience.employees.setting import Setting
from portance.experience.employees.stalling import signs, stall
from portance.store.state import State

ROOT = Path(__file__).parents[2]
MONDAY = (date(2024, 1, 1) - EPOCH).days


TOPIC = "answer:enabled"
WINDOW = Window(date(2024, 1, 1), date(2025, 12, 29))


def facts(*, teams=20, size=12, joined=0, changed=0):
    """Employees of these teams, each with one answer; ``joined`` more in the first team, ``changed`` with another answer."""
    people = teams * size + joined
    values = np.array([float(person % 5 + 1) for person in range(people)])
    values[:changed] = 6 - values[:changed] + (values[:changed] == 3)
    places = [f"T{person // size if person < teams * size else 0}" for person in range(people)]
    return Facts(
        tuple(f"e{person}" for person in range(people)), np.arange(people), np.array(places, dtype=object),
        np.array(["service"] * people, dtype=object), np.full(people, MONDAY + 30), values, 1.0, 5.0,
    )  # fmt: skip


def door(journal=None, *, unlocked=True, held=None, **how):
    return Protected({TOPIC: held or facts()}, journal or Journal(key=b"k" * 32), unlocked=unlocked, **how)


def setting(*, unlocked=True, window=WINDOW, **how):
    charter = made.mirrored_charter()
    given = how.pop("door", None) or door(unlocked=unlocked, **how)
    return Setting(charter, charter.employees, None, given, window, 0, date(2025, 12, 29), 0)


def panel(seed, *, lead, teams=20, periods=96, weeks=1):
    """Teams whose lift follows their thrust ``lead`` periods later, or does not follow it at all."""
    chance = np.random.default_rng(seed)
    mood = np.zeros((teams, periods + 10))
    for at in range(1, periods + 10):
        mood[:, at] = 0.7 * mood[:, at - 1] + 0.7 * chance.normal(size=teams)
    lift = mood[:, 10 - lead : periods + 10 - lead] if lead else mood[::-1, 10:]
    thrust = np.clip(0.55 + 0.1 * mood[:, 10:], 0, 1)
    cells = Cells(tuple(f"T{team}" for team in range(teams)), thrust, 10 * teams, (TOPIC,))
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
    for name, most in (("warned", 1), ("lead", 8), ("false_alarms", 1)):
        found = figure(earned, name)
        assert 0 <= found["low"] < found["high"] <= most, name
        behind = 12 * found["teams"] // 5 * 5
        assert (found["value"], found["employees"], found["reason"]) == (None, behind, None), (
            "at most twenty teams: no point"
        )
        assert found["n"] > found["teams"] >= 6


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


# ---- through the door, like any figure of employees


def past(rows):
    return {row["figure"]: row for row in rows if row["figure"] in ("warned", "lead", "false_alarms")}


def counted(given):
    """In plain Python, from the chances: falls warned of, weeks ahead, and stretches of eight weeks without a fall but with an alarm."""
    lift, thrust = 100 * given.lift, 100 * given.cells.values
    found = foretell(lift, signs(lift, thrust, np.zeros(lift.shape[1]), 1), 50.0, 8)
    falls, warned, weeks, quiet, alarms = 0, 0, 0, 0, 0
    for unit in range(len(lift)):
        told, came = found.told[unit], found.happened[unit]
        for at in range(len(came)):
            if came[at] == 1 and np.isfinite(told[at]) and (at + 1 == len(came) or came[at + 1] != 1):
                before = at
                while before > 0 and came[before - 1] == 1:
                    before -= 1
                ahead = [at + 1 - one for one in range(max(before, at - 7), at + 1) if told[one] >= 0.5]
                falls, warned, weeks = falls + 1, warned + bool(ahead), weeks + max(ahead, default=0)
        for start in range(0, len(came), 8):
            judged = [
                one for one in range(start, min(start + 8, len(came))) if np.isfinite(told[one] + came[one])
            ]
            if judged and not any(came[one] for one in judged):
                quiet, alarms = quiet + 1, alarms + any(told[one] >= 0.5 for one in judged)
    return {
        "warned": (warned / falls, falls),
        "lead": (weeks / falls, falls),
        "false_alarms": (alarms / quiet, quiet),
    }


def test_what_alarms_did_is_counted_right_and_told_within_its_interval():
    exact = counted(panel(2, lead=5))
    inside = []
    for number in range(20):
        told = past(stall(setting(door=door(Journal(key=bytes([number]) * 32))), panel(2, lead=5)))
        for name, (share, n) in exact.items():
            assert told[name]["n"] == n
            inside.append(told[name]["low"] <= share <= told[name]["high"])
    assert np.mean(inside) > 0.9


def test_what_alarms_did_is_locked_refused_and_remembered_like_any_figure_of_employees():
    given = panel(2, lead=5)
    locked = past(stall(setting(unlocked=False), given))
    assert len(locked) == 3
    assert {(row["value"], row["low"], row["high"], row["n"], row["teams"], row["employees"], row["reason"]) for row in locked.values()} == {(None,) * 6 + ("locked",)}  # fmt: skip
    few = door(held=facts(size=12, teams=20), floor=500)
    assert {row["reason"] for row in past(stall(setting(door=few), given)).values()} == {"too_few"}
    journal = Journal(key=b"k" * 32)
    told = past(stall(setting(door=door(journal)), given))
    assert {one.statistic: len(one.members) for one in journal.about("stall")} == {name: 12 * row["teams"] for name, row in told.items()}  # fmt: skip


def test_a_person_who_joins_or_changes_an_answer_changes_nothing_that_is_told():
    journal, given = Journal(key=b"k" * 32), panel(2, lead=5)
    other = replace(given, cells=replace(given.cells, values=1.1 - given.cells.values))
    assert counted(other)["warned"][1] == counted(given)["warned"][1]
    assert counted(other)["warned"] != counted(given)["warned"], "the answers would make another figure"
    first = past(stall(setting(door=door(journal)), given))
    for held in (facts(joined=1), facts(changed=9)):
        again = past(stall(setting(door=door(journal, held=held), window=Window(WINDOW.start, date(2026, 3, 30))), other))  # fmt: skip
        assert {row["reason"] for row in again.values()} == {"earlier_figure"}
        for name, row in again.items():
            assert [row[end] for end in ("low", "high", "n")] == [
                first[name][end] for end in ("low", "high", "n")
            ]
    later = Window(WINDOW.start, date(2026, 3, 30))
    whole = past(stall(setting(door=door(journal, held=facts(changed=240)), window=later), other))
    assert {row["reason"] for row in whole.values()} == {None}
    assert any(whole[name]["low"] != first[name]["low"] for name in first)
    # six figures over the same days hold one answer: twice three were told
    third = past(stall(setting(door=door(journal, held=facts(size=14)), window=Window(WINDOW.start, date(2026, 6, 29))), given))  # fmt: skip
    assert {row["reason"] for row in third.values()} == {"earlier_figure"}


def test_no_share_is_told_that_one_team_makes():
    cells = panel(2, lead=5).cells
    even = {f"T{team}": (1.0, 4) for team in range(6)}
    told = door().pooled("stall", "warned", cells, WINDOW, even)
    assert (told.teams, told.cases, told.employees, told.reason) == (6, 24, 70, None)
    five = {team: part for team, part in even.items() if team != "T0"}
    assert door().pooled("stall", "warned", cells, WINDOW, five).reason == "too_few_units"
    assert door().pooled("stall", "warned", cells, WINDOW, five | {"T0": (0.0, 0)}).reason == "too_few_units"
    assert (
        door().pooled("stall", "warned", cells, WINDOW, even | {"T9": (3.0, 30)}).reason
        == "one_team_dominates"
    )
    assert door().pooled("stall", "warned", cells, WINDOW, {}).reason == "no_data"


def test_figures_over_teams_last_from_one_run_to_the_next(tmp_path):
    given = panel(2, lead=5)
    with State(tmp_path / ".portance") as state:
        first = door(Journal(state, key=b"k" * 32))
        told = past(stall(setting(door=first), given))
        first.close()
    with State(tmp_path / ".portance") as state:
        assert past(stall(setting(door=door(Journal(state))), given)) == told


def attack_gate():
    spec = importlib.util.spec_from_file_location("stall_attack_gate", ROOT / "bench/gates/attack.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["stall_attack_gate"] = module
    spec.loader.exec_module(module)
    return module


def test_no_answer_is_recovered_from_what_alarms_did_and_exact_figures_give_some_away():
    gate = attack_gate()
    held, bare = (gate.run_stall(5, 5, blurred=blurred) for blurred in (True, False))
    assert sum(one.told for one in held) == sum(one.told for one in bare) > 0
    assert any(one.recovered for one in bare), "else it is no attack"
    assert not any(one.recovered or one.nearly for one in held)
    assert max(one.surest for one in held) < 0.5


def test_no_one_is_found_out_by_who_still_uses_a_tool():
    gate = attack_gate()
    held = gate.run_kept(40, 6, blurred=True, watchful=True)
    assert not any(one.recovered or one.nearly for one in held)
    bare = gate.run_kept(40, 6, blurred=False, watchful=False)
    assert all(one.recovered for one in bare)
