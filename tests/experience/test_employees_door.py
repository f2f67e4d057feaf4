"""The door of employees' figures holds against who knows all but one answer, and against time."""

import importlib.util
import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from portance.experience.employees import blurring, differencing
from portance.experience.employees.facts import EPOCH, UNDATED, Facts, Group, Window, quarters
from portance.experience.employees.journal import FOLDER, Journal
from portance.experience.employees.protecting import Protected
from portance.store.state import State

ROOT = Path(__file__).parents[2]
KEY = b"k" * 32
YEAR = Window(date(2026, 1, 1), date(2027, 1, 1))
DAY = (date(2026, 3, 1) - EPOCH).days
TOPIC = "answer:enabled"


def attack_gate():
    spec = importlib.util.spec_from_file_location("attack_gate", ROOT / "bench/gates/attack.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["attack_gate"] = module
    spec.loader.exec_module(module)
    return module


def facts(groups, values=None, *, days=None, work=False):
    """Rows from {team: persons}; each person's value is the same wherever the person belongs."""
    rows = [(person, team) for team, persons in groups.items() for person in persons]
    people = sorted({person for person, _ in rows})
    told = {person: float(place % 5 + 1) for place, person in enumerate(people)} | (values or {})
    return Facts(
        tuple(f"e{person}" for person in people), np.array([people.index(person) for person, _ in rows]),
        np.array([team for _, team in rows], dtype=object), np.array(["service"] * len(rows), dtype=object),
        np.array([DAY if days is None else days.get(person, DAY) for person, _ in rows]), np.array([told[person] for person, _ in rows]),
        1.0, 5.0, work,
    )  # fmt: skip


def door(groups, journal=None, *, unlocked=True, **how):
    names = {name: how.pop(name) for name in ("values", "days", "work") if name in how}
    return Protected({TOPIC: facts(groups, **names)}, journal or Journal(key=KEY), unlocked=unlocked, **how)


def ask(protected, team, window=YEAR):
    return protected.mean(TOPIC, Group(team=team), window)


# ---- the attack


@pytest.fixture(scope="module")
def gate():
    return attack_gate()


def test_no_answer_is_recovered_by_who_knows_all_the_others(gate):
    outcomes = gate.run(44, 3, blurred=True, watchful=True)
    assert not any(one.recovered or one.nearly for one in outcomes)
    assert max(one.surest for one in outcomes) < 0.9
    assert np.mean([one.guessed for one in outcomes]) < 0.45


def test_the_same_attack_recovers_every_answer_where_figures_are_exact(gate):
    outcomes = gate.run(22, 3, blurred=False, watchful=False)
    assert all(one.recovered for one in outcomes)


def test_the_journal_alone_already_keeps_some_answers(gate):
    open_door = gate.run(22, 4, blurred=False, watchful=False)
    watched = gate.run(22, 4, blurred=False, watchful=True)
    assert sum(one.told for one in watched) < sum(one.told for one in open_door)
    assert sum(one.recovered for one in watched) < sum(one.recovered for one in open_door)


# ---- floors


@pytest.mark.parametrize(
    ("many", "shown"), [(9, "suppressed"), (10, "interval"), (29, "interval"), (30, "point")]
)
def test_nothing_is_told_of_fewer_than_ten_and_no_point_of_fewer_than_thirty(many, shown):
    found = ask(door({"a": range(many)}), "a")
    assert found.shown == shown
    assert (found.value is not None) == (shown == "point")
    assert found.told == (many >= 10)
    assert found.employees % 5 == 0


def test_a_company_can_ask_for_more_than_ten_and_never_for_fewer():
    assert ask(door({"a": range(15)}, floor=20), "a").reason == "too_few"
    assert ask(door({"a": range(9)}, floor=3), "a").reason == "too_few"


def test_nothing_is_told_where_one_person_did_more_than_half_of_the_work():
    protected = door(
        {"a": range(12), "b": range(12, 24)}, values=dict.fromkeys(range(1, 24), 1.0) | {0: 12.0}, work=True
    )
    assert ask(protected, "a").reason == "one_person_dominates"
    assert ask(protected, "b").told


def test_nothing_is_told_before_the_consultation():
    locked = door({"a": range(40)}, unlocked=False)
    assert ask(locked, "a").reason == "locked"
    assert locked.topics() == ()
    assert locked.headcount(Group(team="a")) == 0
    assert not np.isfinite(locked.cells([TOPIC], [DAY], 7).values).any()


def test_a_week_is_the_shortest_that_can_be_asked_for():
    with pytest.raises(ValueError, match="week"):
        Window(date(2026, 3, 2), date(2026, 3, 8))
    with pytest.raises(ValueError, match="weeks"):
        door({"a": range(40)}).cells([TOPIC], [DAY], 6)


def test_a_cell_of_a_panel_needs_ten_persons():
    cells = door({"a": range(9), "b": range(9, 21)}).cells([TOPIC], [DAY], 7)
    assert cells.units == ("a", "b")
    assert np.isnan(cells.values[0, 0])
    assert np.isfinite(cells.values[1, 0])


# ---- differences


def test_two_groups_that_differ_by_fewer_than_ten_are_not_both_told():
    protected = door({"a": range(30), "a1": range(31), "a9": range(39), "a10": range(40)})
    assert ask(protected, "a").told
    assert ask(protected, "a1").reason == "differs_by_few"
    assert ask(protected, "a9").reason == "differs_by_few"
    assert ask(protected, "a10").told


def test_a_whole_is_not_told_where_its_parts_leave_few():
    groups = {"whole": range(45), "p1": range(20), "p2": range(20, 40)}
    protected = door(groups)
    assert [ask(protected, team).reason for team in ("whole", "p1", "p2")] == [
        None,
        None,
        "could_be_isolated",
    ]
    parts_first = door(groups)
    assert [ask(parts_first, team).reason for team in ("p1", "p2", "whole")] == [
        None,
        None,
        "could_be_isolated",
    ]


def test_three_groups_that_leave_one_person_only_together_are_not_all_told():
    # none of the pairs differs by fewer than ten; a + b - c is twice nobody and once person 0
    protected = door({"a": [0, *range(1, 16)], "b": range(16, 31), "c": range(1, 31)})
    answers = [ask(protected, team) for team in ("a", "b", "c")]
    assert [one.told for one in answers] == [True, True, False]


def test_the_audit_of_three_groups_agrees_with_every_small_combination():
    generator = np.random.default_rng(7)
    for _ in range(60):
        groups = [frozenset(np.flatnonzero(generator.random(24) < 0.5).tolist()) for _ in range(3)]
        if len({*groups}) < 3 or not all(groups[0] & other for other in groups[1:]):
            continue
        weights = [
            (x, y, z)
            for x in range(-2, 3)
            for y in range(-2, 3)
            for z in range(-2, 3)
            if (x, y, z) != (0, 0, 0)
        ]
        persons = np.array([[person in group for person in range(24)] for group in groups], dtype=float)
        left = [int(np.count_nonzero(np.array(weight) @ persons)) for weight in weights]
        if 0 < min(left) < 6:
            assert differencing.isolates(groups[0], groups[1:], 6)


def test_a_joiner_and_a_leaver_are_not_told_by_the_difference_of_two_periods():
    journal = Journal(key=KEY)
    spring, summer = Window(date(2026, 1, 1), date(2026, 4, 1)), Window(date(2026, 4, 1), date(2026, 7, 1))
    later = (date(2026, 5, 1) - EPOCH).days
    first = door({"a": range(20)}, journal)
    assert ask(first, "a", spring).told
    joined = door({"a": range(21)}, journal, days=dict.fromkeys(range(21), later))
    assert ask(joined, "a", summer).reason in ("differs_by_few", "earlier_figure")
    left = door({"a": range(19)}, Journal(key=KEY), days=dict.fromkeys(range(19), later))
    assert ask(left, "a", summer).told
    many = door({"a": range(10, 40)}, journal, days=dict.fromkeys(range(40), later))
    assert ask(many, "a", summer).told


def test_the_earlier_figure_stands_until_ten_have_come_left_or_changed_their_answer():
    journal, later = Journal(key=KEY), Window(YEAR.start, YEAR.end + timedelta(90))
    first = ask(door({"a": range(40)}, journal), "a")
    again = ask(door({"a": range(41)}, journal), "a", later)
    changed = ask(door({"a": range(40)}, journal, values=dict.fromkeys(range(9), 5.0)), "a", later)
    assert (again.value, again.reason) == (first.value, "earlier_figure")
    assert (changed.value, changed.reason) == (first.value, "earlier_figure")
    assert ask(door({"a": range(55)}, journal), "a", later).reason is None
    assert len(journal.about(TOPIC)) == 3  # two means and one spread


def test_a_figure_about_given_days_is_told_anew_only_where_twice_as_many_answered():
    journal = Journal(key=KEY)
    first = ask(door({"a": range(20)}, journal), "a")
    assert ask(door({"a": range(39)}, journal), "a").middle == first.middle
    assert ask(door({"a": range(40)}, journal), "a").reason is None


def test_an_answer_without_a_day_is_the_same_in_every_window():
    journal = Journal(key=KEY)
    undated = dict.fromkeys(range(41), UNDATED)
    first = ask(door({"a": range(40)}, journal, days=undated), "a", quarters(date(2026, 2, 1)))
    assert (
        ask(door({"a": range(40)}, journal, days=undated), "a", quarters(date(2027, 8, 1))).value
        == first.value
    )
    grown = ask(door({"a": range(41)}, journal, days=undated), "a", quarters(date(2029, 8, 1)))
    assert (grown.value, grown.reason) == (first.value, "earlier_figure")
    assert ask(door({"b": range(41)}, journal, days=undated), "b", YEAR).reason == "differs_by_few"


def test_one_persons_answer_counts_in_six_figures_over_the_same_days_at_most():
    groups = {f"t{number}": [0, *range(1 + 20 * number, 21 + 20 * number)] for number in range(9)}
    protected = door(groups)
    told = [ask(protected, team).told for team in groups]
    journal_counts = sum(told) + 1  # the spread of all of them is a figure too
    assert journal_counts <= blurring.MOST_FIGURES
    assert not told[-1]


# ---- the error


def test_the_same_question_gets_the_same_answer_under_any_name():
    protected = door({"a": range(40), "b": range(40)})
    assert ask(protected, "a") == ask(protected, "a") == ask(protected, "b")


def test_another_key_gives_another_error_and_the_interval_covers_the_truth():
    truth = np.mean([place % 5 + 1 for place in range(40)])
    found = [ask(door({"a": range(40)}, Journal(key=bytes([number]) * 32)), "a") for number in range(120)]
    assert len({one.value for one in found}) > 15
    assert np.mean([one.low <= truth <= one.high for one in found]) > 0.95
    assert abs(np.mean([one.middle for one in found]) - truth) < 0.05


def test_odds_of_any_two_answers_move_by_e_to_the_epsilon_at_most():
    gate = attack_gate()
    attempt_scale = blurring.scale(10)
    for told in np.arange(0, 1.0001, blurring.STEP):
        odds = [
            gate._likelihood(told, exact, 10, blurred=True) for exact in (0.30, 0.40)
        ]  # one of ten moves a mean by a tenth
        assert max(odds) / min(odds) <= np.exp(blurring.EPSILON) * 1.0001
    assert attempt_scale == pytest.approx(1 / (10 * blurring.EPSILON))


def test_six_figures_together_make_no_answer_certain():
    page = (ROOT / "docs/explanation/employees.md").read_text(encoding="utf-8")
    each = np.exp(blurring.EPSILON)
    together = each**blurring.MOST_FIGURES
    assert f"factor of {each:.1f} at most" in page
    assert round(together) == 90
    assert "by ninety at the very" in page
    for answers in (2, 5):
        assert together / (together + answers - 1) < 0.99
    mean_size = blurring.scale(1)
    assert f"mean size is {mean_size:.1f} divided" in page
    assert [round(4 * blurring.scale(n), 2) for n in (40, 200)] == [0.13, 0.03]
    assert round(4 * blurring.scale(10), 1) == 0.5


def test_intervals_are_made_of_told_figures_only():
    low_spread = door({"a": range(40)}, values=dict.fromkeys(range(40), 3.0))
    found = ask(low_spread, "a")
    release = next(one for one in low_spread._journal.about(TOPIC) if one.statistic == "spread")
    told = next(one for one in low_spread._journal.about(TOPIC) if one.statistic == "mean")
    assert found.middle == pytest.approx(1 + 4 * told.share)
    assert release.share * 200 == pytest.approx(round(release.share * 200))


# ---- the journal


def test_the_journal_lasts_from_one_run_to_the_next_and_names_nobody(tmp_path):
    with State(tmp_path / ".portance") as state:
        first = door({"a": range(40)}, Journal(state, key=KEY))
        told = ask(first, "a")
        first.close()
    folder = tmp_path / ".portance" / FOLDER
    text = "".join(path.read_text() for path in folder.iterdir())
    assert '"e1"' not in text
    assert (folder / "told.json").stat().st_mode & 0o077 == 0
    assert (folder / "key").stat().st_mode & 0o077 == 0
    with State(tmp_path / ".portance") as state:
        assert ask(door({"a": range(40)}, Journal(state)), "a") == told
        assert ask(door({"b": range(41)}, Journal(state)), "b").reason == "differs_by_few"


@pytest.mark.parametrize(
    "damage", ["{", "{}", '{"schema": 9, "releases": []}', '{"schema": 1, "releases": [{}]}']
)
def test_nothing_is_told_where_the_journal_cannot_be_read(damage, tmp_path):
    with State(tmp_path / ".portance") as state:
        protected = door({"a": range(40)}, Journal(state))
        ask(protected, "a")
        protected.close()
        (state.folder / FOLDER / "told.json").write_text(damage)
        assert ask(door({"a": range(40)}, Journal(state)), "a").reason == "journal_unreadable"


def test_nothing_is_told_where_the_key_is_gone_and_the_journal_is_not(tmp_path):
    with State(tmp_path / ".portance") as state:
        protected = door({"a": range(40)}, Journal(state))
        ask(protected, "a")
        protected.close()
        (state.folder / FOLDER / "key").unlink()
        assert ask(door({"a": range(40)}, Journal(state)), "a").reason == "journal_unreadable"
        assert json.loads((state.folder / FOLDER / "told.json").read_text())["releases"]


def test_joiners_count_nowhere_where_a_group_is_compared_with_itself():
    before, after = (
        Window(date(2026, 1, 1), date(2026, 4, 1)),
        Window(date(2026, 4, 1), date(2026, 7, 1), "after"),
    )
    people = dict.fromkeys(range(30), DAY)
    rows = facts({"a": range(30)}, days=people)
    later = facts({"a": range(5, 33)}, days=dict.fromkeys(range(33), DAY + 60))
    both = Facts(
        tuple(f"e{number}" for number in range(33)), np.concatenate([rows.employees, later.employees + 5]),
        np.concatenate([rows.teams, later.teams]), np.concatenate([rows.functions, later.functions]),
        np.concatenate([rows.days, later.days]), np.concatenate([rows.values, later.values]), 1.0, 5.0,
    )  # fmt: skip
    journal = Journal(key=KEY)
    answers = Protected({TOPIC: both}, journal, unlocked=True).means(TOPIC, Group(team="a"), [before, after])
    assert all(one.told for one in answers)
    means = [one for one in journal.about(TOPIC) if one.statistic == "mean"]
    assert means[0].members == means[1].members
    assert len(means[0].members) == 25


def test_coefficients_are_told_to_two_decimals_and_move_by_less_than_their_error():
    protected = door({"a": range(40)})
    told = [protected.coefficient(f"c{number}", 0.5, 0.1) for number in range(300)]
    assert all(round(one, 2) == one for one in told)
    assert np.std(told) == pytest.approx(0.0141, abs=0.005)
    assert protected.coefficient("c1", 0.5, 0.1) == told[1]


def test_quarters_are_those_of_the_calendar():
    window = quarters(date(2026, 2, 10))
    assert (window.start, window.end) == (date(2025, 4, 1), date(2026, 4, 1))
    assert window.end - window.start == timedelta(365)
