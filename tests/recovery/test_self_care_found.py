"""The company that hides the way to a person: what is true of it is found again, and nobody in it is given away."""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from portance import worlds
from portance.report.delivering import deliver
from portance.workspace import open_workspace
from portance.worlds.self_care.living import AGENTS, COMES_BACK, TEAMS

Rows = list[dict[str, Any]]


class Found:
    """One scan of the world, with its truth."""

    def __init__(self, folder: Path) -> None:
        made = worlds.make("self_care", folder / "company", 5)
        self.truth = json.loads((made.truth / "truth.json").read_text(encoding="utf-8"))
        with open_workspace(made.charter) as space:
            scan = space.scan()
            self.findings = scan.findings
            deliver(scan, folder / "report", "fr")
        self.report = folder / "report"

    def rows(self, name: str) -> Rows:
        return pq.read_table(self.report / "tables" / f"{name}.parquet").to_pylist()

    def row(self, name: str, **wanted: Any) -> dict[str, Any]:
        rows = [row for row in self.rows(name) if all(row[key] == value for key, value in wanted.items())]
        assert len(rows) == 1, (name, wanted, len(rows))
        return rows[0]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return Found(tmp_path_factory.mktemp("self_care_found"))


def test_what_everyone_thinks_is_found_from_those_who_answer(found: Found) -> None:
    row = found.row("silent", question="satisfaction", segment="all")
    true = found.truth["satisfaction_of_all"]
    assert row["ci_low"] - 0.02 <= true <= row["ci_high"] + 0.02
    assert row["naive_high"] < true, "the answers alone are wrong, and sure of it"
    assert row["band_low"] < true < row["band_high"]


@pytest.mark.parametrize("intent", ["facture", "panne"])
def test_a_person_settles_more_where_that_is_so(found: Found, intent: str) -> None:
    row = found.row("dosage", intent=intent, segment="all", outcome="resolved", compared="human_machine")
    settles, truth = found.truth["settles"][intent], found.truth
    # what systems can see of it: who is not settled by the machine and does not come back looks settled, those who asked it for a
    # person in vain do not; what an agent did not settle is mostly written down as such
    trapped = truth["trapped"] / (truth["sessions"] - truth["taken_over"])
    machine = (1 - trapped) * (settles["machine"] + (1 - settles["machine"]) * (1 - COMES_BACK))
    human = settles["human"] + (1 - settles["human"]) * (1 - COMES_BACK) * 0.15
    assert row["verdict"] == "human"
    assert row["ci_low"] - 0.02 <= human - machine <= row["ci_high"] + 0.02
    assert row["raw"] < row["ci_low"], "the plain comparison hides a part of it"


@pytest.mark.parametrize("intent", ["suivi", "mot de passe"])
def test_no_person_is_asked_for_where_the_machine_does_as_well(found: Found, intent: str) -> None:
    row = found.row("dosage", intent=intent, segment="all", outcome="resolved", compared="human_machine")
    assert row["verdict"] != "human"


def test_nothing_is_recommended_where_nothing_compares(found: Found) -> None:
    rows = [
        row
        for row in found.rows("dosage")
        if row["intent"] == "horaires" and row["compared"] == "human_machine"
    ]
    assert {row["verdict"] for row in rows} <= {"no_support", "not_detectable"}


def test_contained_is_not_settled(found: Found) -> None:
    row = found.row("containment", machine="assistant", intent="all")
    closed, wrong = found.truth["closed_by_the_machine"], found.truth["closed_and_not_settled"]
    assert row["contained"] > 0.85
    assert row["resolved"] < 0.65
    # what was closed, was not settled, and came back
    assert row["false_containment"] == pytest.approx(COMES_BACK * wrong / found.truth["sessions"], abs=0.04)
    assert closed > found.truth["sessions"] * 0.7
    assert found.row("machines", machine="assistant")["verdict"] == "repair"


def test_those_who_ask_for_a_person_and_get_none_are_counted(found: Found) -> None:
    row = found.row("takeovers", machine="assistant", function="digital", to_function=None)
    # some of those whom the assistant turned away reach a person by telephone within the day, and are not trapped
    true = found.truth["trapped"] / found.truth["asked_for_a_person"]
    assert row["trapped_low"] <= true
    assert true - 0.05 <= row["trapped_high"]
    # a call made at once after a session counts as a take-over too: it dilutes what those who were handed over had to say again
    again = found.truth["asked_again_at_take_over"] / found.truth["taken_over"]
    assert row["asked_again_low"] - 0.08 <= again <= row["asked_again_high"] + 0.08


def test_ambitions_miss_exactly_what_they_miss(found: Found) -> None:
    missing = {
        row["subject"]: row["missing"] or ""
        for row in found.rows("artificial_reality")
        if row["part"] == "action"
    }
    assert missing["assistant_utile"] == ""
    assert missing["humain_toujours"] == "owner,budget,standard,action"
    assert missing["une_seule_fois"] == "budget,action"


def test_the_board_believes_more_than_customers_live(found: Found) -> None:
    row = found.row("artificial_reality", part="belief", subject="direction")
    assert row["gap_low"] > 0


def test_the_irritants_that_customers_suffer_from_are_heard(found: Found) -> None:
    heard = {
        row["irritant"] for row in found.rows("irritants") if row["language"] == "all" and row["n"] >= 30
    }
    assert {"bot_dead_end", "asked_again", "long_wait", "unresolved", "billing"} <= heard
    severity = {
        row["irritant"]: row["severity"] for row in found.rows("irritants") if row["language"] == "all"
    }
    assert severity["bot_dead_end"] > severity["billing"], "rare, and worse"


def test_no_employee_and_no_personal_data_leave(found: Found) -> None:
    badges = {f"{team[-1]}{agent:02d}" for team in TEAMS for agent in range(AGENTS)}
    names = ("Karine Delmas", "Mehdi Benali", "Sophie Laurent", "Thomas Girard", "Inès Moreau")
    private = re.compile(r"06 \d\d \d\d \d\d \d\d|client\d+@example\.org|FR76")
    for file in sorted((found.report / "tables").glob("*.parquet")):
        for name, column in zip(pq.read_schema(file).names, pq.read_table(file).columns, strict=True):
            texts = {str(value) for value in column.to_pylist() if isinstance(value, str)}
            assert not texts & badges, (file.name, name)
            whole = "\n".join(texts)
            assert not private.search(whole), (file.name, name)
            assert not any(person in whole for person in names), (file.name, name)
    page = (found.report / "report.html").read_text(encoding="utf-8")
    assert not private.search(page)
    assert not any(person in page for person in names)


def test_a_finding_is_told_of_each_part_where_something_is_proven(found: Found) -> None:
    kinds = {finding.kind for finding in found.findings}
    assert {"silent", "pressure", "dosage", "machine", "takeover", "answer", "ambition"} <= kinds


def test_every_query_that_the_report_shows_runs_on_its_tables(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    import html

    import duckdb

    page = (found.report / "report.html").read_text(encoding="utf-8")
    queries = {html.unescape(text) for text in re.findall(r"<code>(SELECT .*?)</code>", page, re.DOTALL)}
    assert len(queries) > 60
    monkeypatch.chdir(found.report)
    for query in sorted(queries):
        duckdb.sql(query).limit(1).fetchall()
