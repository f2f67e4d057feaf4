"""Decisions: asked, simulated, answered, signed, locked, superseded, judged; and what refuses to be changed."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from arbitrated_company import evidence, noise, panel

from portance.alignment.arbitration import Decisions, remember
from portance.alignment.arbitration.question import Move
from portance.alignment.arbitration.records import SCHEMAS
from portance.alignment.arbitration.remembering import from_dict, recall_panel, to_dict
from portance.charter import read
from portance.errors import PortanceError, StateError
from portance.store import State
from portance.store.decisions import Journal, canonical, digest

CHARTER = """\
portance: 1
company: {name: Ardent, timezone: Europe/Paris, language: en}
functions: {service: {}, quality: {}, sales: {}, loyalty: {}, marketing: {}}
sources:
  orders:
    read: orders.csv
    case: order
    interactions: [{activity: ordered, at: ordered_at}]
journeys: {purchase: {by: case}}
indicators:
  handling_time: {function: service, better: lower, target: 280, unit: s, levers: [talk_target], smallest_effect: 2}
  resolution: {function: quality, better: higher, target: 72, unit: "%", smallest_effect: 0.5}
  sales: {function: sales, better: higher, smallest_effect: 0.5}
  departures: {function: loyalty, better: lower, smallest_effect: 0.2}
levers:
  talk_target: {function: service, range: [200, 400], effects: {handling_time: 1}}
  campaign: {function: marketing, range: [0, 1], effects: {sales: 8}}
changes:
  chatbot: {since: 2025-03-03, function: quality}
"""
MONDAY = datetime(2026, 4, 6, 9, tzinfo=UTC)


class Hands:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    (tmp_path / "charter.yaml").write_text(CHARTER, encoding="utf-8")
    (tmp_path / "orders.csv").write_text("order,ordered_at\n1,2026-01-01\n", encoding="utf-8")
    with State(tmp_path / ".portance") as held:
        yield held


@pytest.fixture
def decisions(state: State, clock: Hands) -> Iterator[Decisions]:
    remember(state, evidence(), readings(generator=np.random.default_rng(1), weeks=66))
    made = Decisions(read(state.folder.parent / "charter.yaml"), state, clock)
    yield made
    made.close()


def readings(generator: np.random.Generator, weeks: int, *, gained: float = 0.0):
    """Weeks from 6 January 2025; what is decided on 6 April 2026 is in force from week 65."""
    values = {
        name: level + 0.3 * noise(generator, 12, weeks, 0.2)
        for name, level in (("handling_time", 300.0), ("resolution", 70.0), ("sales", 50.0), ("departures", 10.0))
    }  # fmt: skip
    values["resolution"][:, 65:] += gained
    levers = {"talk_target": np.full((12, weeks), 300.0), "campaign": np.full((12, weeks), 0.5)}
    levers["talk_target"][:, 65:] = 330.0
    return panel(values, levers=levers)


def answered(decisions: Decisions, name: str, *, but: tuple[str, ...] = ()) -> None:
    for function in ("service", "quality", "loyalty"):
        if function not in but:
            decisions.reply(name, function, "We can live with it.")


def opened(decisions: Decisions) -> str:
    name = decisions.open(
        "Give calls the time that they need?", from_indicator="handling_time", to_indicator="resolution",
        vetoes=["resolution:at_least:65"],
    )  # fmt: skip
    decisions.propose(name, levers=["talk_target=330"])
    decisions.propose(name, targets=["handling_time=290"])
    return name


def signed(decisions: Decisions, **given) -> str:
    name = opened(decisions)
    answered(decisions, name)
    told = {
        "by": "Executive committee", "review_date": date(2026, 10, 5), "metric": "resolution", "seen": True,
        "guardrails": ["departures:at_most:12"],
    }  # fmt: skip
    decisions.sign(name, 1, **{**told, **given})
    return name


def test_evidence_and_panel_come_back_as_they_were_kept(state: State):
    known = evidence(teams=(("team 00", 240.0),))
    again = from_dict(json.loads(json.dumps(to_dict(known))))
    assert to_dict(again) == to_dict(known)
    kept = readings(np.random.default_rng(1), 66)
    remember(state, known, kept)
    held = recall_panel(state)
    assert held.columns == kept.columns
    assert (held.values == kept.values).all()
    assert (held.periods == kept.periods).all()


def test_without_a_scan_the_error_says_what_to_do(state: State, clock: Hands):
    made = Decisions(read(state.folder.parent / "charter.yaml"), state, clock)
    with pytest.raises(PortanceError, match="run portance scan"):
        made.open("Anything?")
    assert {name: made.tables()[name].num_rows for name in SCHEMAS} == {
        "decisions": 0, "decision_options": 0, "decision_forecasts": 0, "decision_effects": 0, "calibration": 1,
        "tradeoffs": 0,
    }  # fmt: skip
    made.close()


def test_an_open_question_tells_its_options_and_who_must_still_answer(decisions: Decisions):
    name = opened(decisions)
    told = decisions.dossier(name)
    assert told.status == "open"
    assert told.conflict is not None
    assert (told.conflict["grade"], told.conflict["to_function"]) == ("B", "quality")
    assert [one.option.kind for one in told.options] == ["as_is", "lever", "target"]
    assert told.weighing is not None
    assert set(told.waiting) >= {"service", "quality", "loyalty"}
    assert told.options[0].weighed is not None
    assert told.options[0].weighed.net_median == 0


def test_nothing_is_signed_before_each_function_concerned_could_answer(decisions: Decisions):
    name = opened(decisions)
    answered(decisions, name, but=("loyalty",))
    with pytest.raises(PortanceError, match="loyalty"):
        decisions.sign(name, 1, by="Committee", review_date=date(2026, 10, 5), metric="resolution", seen=True)
    decisions.asked(name, "loyalty")
    assert decisions.sign(
        name, 1, by="Committee", review_date=date(2026, 10, 5), metric="resolution", seen=True
    )


def test_an_answer_given_before_the_option_existed_is_no_answer_to_it(decisions: Decisions):
    name = opened(decisions)
    answered(decisions, name)
    decisions.propose(name, levers=["talk_target=345"])
    with pytest.raises(PortanceError, match="have not replied"):
        decisions.sign(name, 3, by="Committee", review_date=date(2026, 10, 5), metric="resolution", seen=True)


def test_cautions_must_be_seen_and_are_locked(decisions: Decisions):
    name = opened(decisions)
    answered(decisions, name)
    decisions.reply(name, "service", "Our staffing does not allow it.", dissent=True)
    with pytest.raises(PortanceError, match="dissent:service"):
        decisions.sign(name, 1, by="Committee", review_date=date(2026, 10, 5), metric="resolution")
    decisions.sign(name, 1, by="Committee", review_date=date(2026, 10, 5), metric="resolution", seen=True)
    locked = decisions.dossier(name).locked
    assert locked is not None
    assert "dissent:service" in locked["cautions"]
    assert [one["kind"] for one in locked["answers"]].count("dissent") == 1


def test_what_is_locked_is_all_that_a_later_reader_needs(decisions: Decisions):
    told = decisions.dossier(signed(decisions))
    locked = told.locked
    assert locked is not None
    assert told.hash == digest(locked)
    assert {
        "question", "conflict", "options", "chosen", "sacrificed", "decider", "answers", "date", "metric", "window",
        "estimator", "smallest_effect", "forecast", "guardrails", "stop_rule", "review_date", "evidence", "run_id",
    } <= set(locked)  # fmt: skip
    assert [one["indicator"] for one in locked["sacrificed"]] == ["handling_time"]
    assert locked["forecast"]["low"] < 3.0 < locked["forecast"]["high"]
    assert (locked["window"], locked["direction"]) == ({"start": "2026-04-06", "end": "2026-10-04"}, 1)
    assert locked["options"][1]["weighed"]["wins_share"] > 0


def test_a_signed_decision_takes_nothing_but_late_answers(decisions: Decisions):
    name = signed(decisions)
    for attempt in (
        lambda: decisions.propose(name, levers=["talk_target=350"]),
        lambda: decisions.sign(
            name, 1, by="x", review_date=date(2026, 10, 5), metric="resolution", seen=True
        ),
    ):
        with pytest.raises(PortanceError, match="signed"):
            attempt()
    for attempt in (lambda: decisions.withdraw(name), lambda: decisions.asked(name, "sales")):
        with pytest.raises(StateError, match="locked"):
            attempt()
    before = decisions.dossier(name)
    decisions.reply(name, "marketing", "Nobody asked us.", dissent=True)
    after = decisions.dossier(name)
    assert after.answers[-1].late
    assert (after.hash, after.locked) == (before.hash, before.locked)
    assert decisions.verify() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "update decision_journal set body = '{}' where kind = 'signed'",
        "delete from decision_journal where kind = 'signed'",
        "insert into decision_journal select number + 100, decision, 'option', at_us, body, content, chain from decision_journal where kind = 'signed'",
    ],
)
def test_the_database_itself_refuses(decisions: Decisions, state: State, statement: str):
    signed(decisions)
    with (
        sqlite3.connect(state.folder / "manifest.db") as connection,
        pytest.raises(sqlite3.IntegrityError, match=r"never changed|closed"),
    ):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "update decision_journal set body = replace(body, 'quality', 'nobody') where kind = 'signed'",
            "content",
        ),
        ("update decision_journal set at_us = at_us + 1 where kind = 'reply'", "chain"),
        ("delete from decision_journal where kind = 'dissent'", "missing"),
    ],
)
def test_a_change_made_behind_its_back_is_found(
    decisions: Decisions, state: State, statement: str, what: str
):
    name = opened(decisions)
    decisions.reply(name, "sales", "No.", dissent=True)
    answered(decisions, name)
    decisions.sign(name, 1, by="Committee", review_date=date(2026, 10, 5), metric="resolution", seen=True)
    assert decisions.verify() == ()
    connection = sqlite3.connect(state.folder / "manifest.db")
    with connection:
        for trigger in ("no_update", "no_delete"):
            connection.execute(f"drop trigger decision_journal_{trigger}")
        connection.execute(statement)
    connection.close()
    assert what in {found.what for found in decisions.verify()}


def test_a_decision_is_superseded_only_once_the_new_one_is_signed(decisions: Decisions):
    first = signed(decisions)
    second = decisions.supersede(first, "And at 345?")
    assert decisions.dossier(first).status == "signed"
    decisions.propose(second, levers=["talk_target=345"])
    answered(decisions, second)
    decisions.sign(second, 1, by="Committee", review_date=date(2026, 12, 5), metric="resolution", seen=True)
    assert decisions.dossier(first).status == "superseded"
    assert decisions.dossier(first).superseded_by == second
    assert decisions.dossier(second).supersedes == first
    with pytest.raises(PortanceError, match=second):
        decisions.supersede(first)
    assert decisions.verify() == ()


def test_an_open_question_is_withdrawn_and_a_signed_one_is_not(decisions: Decisions):
    name = opened(decisions)
    decisions.withdraw(name, "asked too early")
    assert decisions.dossier(name).status == "withdrawn"
    with pytest.raises(PortanceError, match="withdrawn"):
        decisions.propose(name, levers=["talk_target=330"])
    with pytest.raises(PortanceError, match="expected a signed decision"):
        decisions.supersede(name)


def test_a_question_keeps_the_evidence_that_it_was_opened_on(decisions: Decisions, state: State):
    name = opened(decisions)
    before = decisions.dossier(name)
    decisions.close()
    other = evidence(run_id="run2")
    remember(state, other, readings(np.random.default_rng(1), 66))
    again = Decisions(read(state.folder.parent / "charter.yaml"), state)
    assert again.dossier(name).options == before.options
    kept = next((state.folder / "alignment" / "evidence").iterdir())
    kept.write_text(kept.read_text().replace('"team"', '"shop"'), encoding="utf-8")
    again.close()
    last = Decisions(read(state.folder.parent / "charter.yaml"), state)
    with pytest.raises(StateError, match="not what it was"):
        last.dossier(name)
    last.close()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"review_date": date(2026, 5, 4)}, "fewer than the 12 weeks"),
        ({"window": (date(2026, 4, 6), date(2026, 11, 1))}, "inside the window"),
        ({"window": (date(2026, 3, 2), date(2026, 9, 1))}, "to start on 2026-04-06"),
        ({"metric": "resolutoin"}, "Did you mean 'resolution'"),
        ({"estimator": "guess"}, "expected its, did, staggered"),
        ({"guardrails": ["departures<12"]}, "INDICATOR:at_least:LEVEL"),
        ({"by": " "}, "--by"),
    ],
)
def test_what_cannot_be_judged_later_is_not_signed(decisions: Decisions, given: dict, says: str):
    with pytest.raises(PortanceError, match=says):
        signed(decisions, **given)


def test_a_review_waits_for_its_day_and_then_judges_what_was_locked(
    decisions: Decisions, state: State, clock: Hands
):
    name = signed(decisions)
    with pytest.raises(PortanceError, match="2026-10-05"):
        decisions.review(name)
    assert decisions.due() == ()
    clock.at = datetime(2026, 10, 6, 9, tzinfo=UTC)
    assert [one.decision for one in decisions.due()] == [name]
    remember(state, evidence(run_id="run9"), readings(np.random.default_rng(5), 92, gained=3.0))
    found = decisions.review(name)
    assert found.verdict == "confirmed"
    assert decisions.due() == ()
    told = decisions.dossier(name).review
    assert told is not None
    assert (told["verdict"], told["run_id"]) == ("confirmed", "run9")
    tables = decisions.tables()
    row = tables["decisions"].to_pylist()[0]
    assert (row["status"], row["verdict"], row["option"]) == ("signed", "confirmed", "1")
    assert row["observed_low"] < 3.0 < row["observed_high"]
    roles = {(one["indicator"], one["role"]): one for one in tables["decision_effects"].to_pylist()}
    assert roles["departures", "guardrail"]["verdict"] == "held"
    assert roles["resolution", "metric"]["function"] == "quality"
    calibration = tables["calibration"].to_pylist()[0]
    assert (calibration["decisions"], calibration["judged"], calibration["inside90"]) == (1, 1, 1)


def test_tables_have_their_columns_with_and_without_rows(decisions: Decisions):
    empty = decisions.tables()
    signed(decisions)
    opened(decisions)
    full = decisions.tables()
    for name, schema in SCHEMAS.items():
        assert empty[name].schema == schema == full[name].schema
    assert full["decisions"].num_rows == 2
    options = full["decision_options"].to_pylist()
    assert [(one["decision"], one["option"], one["chosen"]) for one in options[:3]] == [
        ("d0001", "0", False), ("d0001", "1", True), ("d0001", "2", False),
    ]  # fmt: skip
    assert full["tradeoffs"].num_rows == 11
    assert {one["team"] for one in full["decision_forecasts"].to_pylist()} == {None}


def test_two_journals_number_their_questions_apart(state: State):
    first, second = Journal(state.folder / "manifest.db"), Journal(state.folder / "manifest.db")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    names = [
        journal.open({"question": "?"}, at + timedelta(seconds=n))
        for n, journal in enumerate((first, second, first))
    ]
    assert names == ["d0001", "d0002", "d0003"]
    assert first.verify() == ()
    first.close()
    second.close()


def test_a_newer_journal_is_refused(state: State):
    Journal(state.folder / "manifest.db").close()
    with sqlite3.connect(state.folder / "manifest.db") as connection:
        connection.execute("update state set value = '99' where name = 'decisions'")
    connection.close()
    with pytest.raises(StateError, match="newer Portance"):
        Journal(state.folder / "manifest.db")


def test_canonical_json_has_one_form():
    assert canonical({"b": 1.0, "a": "é"}) == '{"a":"é","b":1.0}'
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical({"a": float("nan")})


def test_an_export_lets_someone_else_verify(decisions: Decisions):
    name = signed(decisions)
    told = decisions.export(name)
    locked = next(entry for entry in told["entries"] if entry["kind"] == "signed")
    assert digest(locked["body"]) == locked["content"] == decisions.dossier(name).hash
    assert json.loads(json.dumps(told)) == told


def test_unknown_names_are_told_with_the_nearest(decisions: Decisions):
    name = opened(decisions)
    with pytest.raises(PortanceError, match="talk_target"):
        decisions.add_option(name, (Move("lever", "talk_targt", 330.0),))
    with pytest.raises(PortanceError, match="quality"):
        decisions.reply(name, "qualty", "Yes.")
    with pytest.raises(PortanceError, match="there is no decision"):
        decisions.dossier("d0099")
