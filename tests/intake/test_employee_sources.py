"""Rows about employees: read only once their representatives have been consulted, under a second pseudonym."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from portance.errors import CharterError
from portance.workspace import Workspace, open_workspace

CHARTER = """
portance: 1
company: {name: T, timezone: Europe/Paris}
functions: {service: {}, logistics: {}}
sources:
  calls:
    read: calls.csv
    case: ticket
    identifiers: {account: who}
    interactions: [{activity: asked, at: at, function: service}]
  work:
    read: work.csv
    work: {employee: badge, at: at, kind: {column: kind, map: {saisie: rekey}}, team: team, function: service, for_function: {column: waits}, tool: tool, duration_s: s, times: n}
  barometer:
    read: barometer.csv
    employee_answers: {employee: badge, question: {column: item}, value: answer, team: team, at: day}
journeys: {help: {by: case}}
EMPLOYEES
"""


def _folder(tmp_path: Path, employees: str) -> Path:
    (tmp_path / "calls.csv").write_text("ticket,who,at\nt1,p1,2025-03-03 10:00\n")
    (tmp_path / "work.csv").write_text(
        "badge,at,kind,team,waits,tool,s,n\n"
        "badge-seven,2025-03-03 10:00,saisie,A,,crm,30,2\n"
        "badge-seven,2025-03-03 10:00,saisie,A,,crm,30,2\n"
        "badge-eight,2025-03-03 10:05,wait,A,logistics,,90,\n"
        "badge-eight,2025-03-03 10:06,humming,A,,,1,1\n"
        ",2025-03-03 10:07,tool,A,,crm,1,1\n"
    )
    (tmp_path / "barometer.csv").write_text(
        "badge,item,answer,team,day\nbadge-seven,means,4,A,2025-03-03\nbadge-eight,means,,A,2025-03-03\n"
    )
    (tmp_path / "charter.yaml").write_text(CHARTER.replace("EMPLOYEES", employees))
    return tmp_path / "charter.yaml"


CONSULTED = "employees: {consulted: 2025-01-15, questions: {means: {means: enablement}}}"


def _opened(path: Path, day: int = 10) -> Workspace:
    return open_workspace(path, clock=lambda: datetime(2025, 3, day, 12, tzinfo=UTC))


def test_work_and_answers_are_read_once_the_consultation_is_dated(tmp_path: Path) -> None:
    with _opened(_folder(tmp_path, CONSULTED)) as space:
        space.intake.receive()
        space.intake.tables()
        work = space.intake._engine.rows("select kind, team, function, for_function, tool, duration_ms, times from work_events order by t_us, kind, times")  # fmt: skip
        assert work == [
            ("rekey", "A", "service", None, "crm", 30000, 2.0),
            ("rekey", "A", "service", None, "crm", 30000, 2.0),
            ("wait", "A", "service", "logistics", None, 90000, 1.0),
        ]
        answers = space.intake._engine.rows("select question, value, team from employee_answers")
        assert answers == [("means", 4.0, "A")]
        refused = space.intake.refusals().to_pylist()
        assert {(row["column_name"], row["reason"]) for row in refused} == {
            ("kind", "unknown_value"),
            ("employee", "missing"),
        }


def test_no_pseudonym_that_hr_knows_is_kept(tmp_path: Path) -> None:
    with _opened(_folder(tmp_path, CONSULTED)) as space:
        space.intake.receive()
        space.intake.tables()
        known = {row[0] for row in space.intake._engine.rows("select distinct employee from work_events")}
        assert len(known) == 2
        assert known.isdisjoint({"badge-seven", "badge-eight"})
        both = space.intake._engine.rows("select count(distinct w.employee) from work_events w join employee_answers a on a.employee = w.employee")  # fmt: skip
        assert both == [(1,)], "one person is one pseudonym in both sources"
    for file in (tmp_path / ".portance" / "record").rglob("*.parquet"):
        assert b"badge-seven" not in file.read_bytes()


@pytest.mark.parametrize(
    "employees", ["employees: {questions: {means: {}}}", CONSULTED.replace("2025-01", "2025-06")]
)
def test_nothing_is_read_before_the_consultation(tmp_path: Path, employees: str) -> None:
    path = _folder(tmp_path, employees)
    (tmp_path / "work.csv").unlink()  # a locked source is not even looked for
    with _opened(path) as space:
        assert not space.intake.check()
        space.intake.receive()
        space.intake.tables()
        assert space.intake._engine.rows("select count(*) from work_events") == [(0,)]
        assert space.intake._engine.rows("select count(*) from employee_answers") == [(0,)]
        assert {one.source for one in space.intake.receipts()} == {"calls"}


def test_what_was_read_is_hidden_again_when_the_consultation_is_taken_back(tmp_path: Path) -> None:
    path = _folder(tmp_path, CONSULTED)
    with _opened(path) as space:
        space.intake.receive()
    path.write_text(path.read_text().replace("consulted: 2025-01-15, ", ""))
    with _opened(path) as space:
        space.intake.tables()
        assert space.intake._engine.rows("select count(*) from work_events") == [(0,)]


def test_a_source_about_employees_needs_their_part_of_the_charter(tmp_path: Path) -> None:
    with pytest.raises(CharterError) as caught:
        open_workspace(_folder(tmp_path, ""))
    assert any("consult" in problem.expected for problem in caught.value.problems)


def test_a_pseudonym_is_the_same_when_the_state_is_opened_again(tmp_path: Path) -> None:
    path = _folder(tmp_path, CONSULTED)
    asked = "select distinct employee from work_events order by 1"
    with _opened(path) as space:
        space.intake.receive()
        space.intake.tables()
        first = space.intake._engine.rows(asked)
    (tmp_path / "work.csv").write_text(
        "badge,at,kind,team,waits,tool,s,n\nbadge-seven,2025-03-04 10:00,tool,A,,crm,30,1\n"
    )
    with _opened(path) as space:
        space.intake.receive()
        space.intake.tables()
        again = space.intake._engine.rows(asked)
    assert set(again) <= set(first), "nobody becomes somebody else"
    assert again
