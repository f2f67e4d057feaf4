"""Volterelle: the same seed gives the same bytes, and its truth holds together."""

import csv
import hashlib
import io
import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from portance import worlds
from portance.charter import read


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return worlds.make("volterelle", tmp_path_factory.mktemp("volterelle"), 7)


@pytest.fixture(scope="module")
def truth(made):
    tables = {file.stem: pq.read_table(file).to_pylist() for file in made.truth.glob("*.parquet")}
    return tables | {"summary": json.loads((made.truth / "truth.json").read_text(encoding="utf-8"))}


def test_the_same_seed_gives_the_same_bytes(made, tmp_path):
    again = worlds.make("volterelle", tmp_path, 7)
    assert _digests(again.charter.parent) == _digests(made.charter.parent)


def test_another_seed_gives_another_year(made, tmp_path):
    other = _digests(worlds.make("volterelle", tmp_path, 8).charter.parent)
    assert {file for file, digest in _digests(made.charter.parent).items() if digest == other[file]} == {
        "charter.yaml"
    }


def test_a_world_that_does_not_exist_names_those_that_do(tmp_path):
    with pytest.raises(ValueError, match=r"there are: .*volterelle"):
        worlds.make("atlantis", tmp_path, 1)


ABOUT_PEOPLE = {"sampling", "surveys", "employees", "ambitions", "beliefs", "machines", "desks", "retention"}
"""Kinds of declaration that another company shows."""


def test_the_charter_is_valid_and_shows_every_other_kind_of_declaration(made):
    charter = read(made.charter)
    fields = set(type(charter).model_fields) - ABOUT_PEOPLE
    assert [name for name in sorted(fields) if not getattr(charter, name)] == []
    facets = {
        name: [facet for facet in ("intended", "offered", "expected") if promise.level(facet)]
        for name, promise in charter.promises.items()
    }
    assert facets["announced_day"] == ["intended", "offered", "expected"]
    assert facets["right_bill"] == ["intended"]


def test_each_system_writes_in_its_own_way(made):
    raw = {file.name: file.read_bytes() for file in made.extracts.iterdir()}
    assert raw["commandes.csv"].startswith(b"\xef\xbb\xbfnumero,")
    with pytest.raises(UnicodeDecodeError):
        raw["contacts.csv"].decode("utf-8")
    assert "Téléphone;" in raw["contacts.csv"].decode("cp1252")
    assert raw["livraisons.jsonl"].count(b"\n") > 10_000
    assert raw["factures.xlsx"][:2] == b"PK"
    assert "26/10/2025 02:" in raw["contacts.csv"].decode("cp1252"), "the hour that comes twice"
    assert "30/03/2025 02:" in raw["contacts.csv"].decode("cp1252"), "the hour that never was"


def test_every_interaction_stands_where_the_truth_says(made, truth):
    rows = list(
        csv.DictReader(
            io.StringIO((made.extracts / "contacts.csv").read_bytes().decode("cp1252")), delimiter=";"
        )
    )
    told = [row for row in truth["interactions"] if row["source"] == "contacts"]
    assert [row["id"] for row in told] == [row["contact"] for row in rows]
    assert all(
        (row["order"] or "") == written["n° commande"] for row, written in zip(told, rows, strict=True)
    )


def test_the_accounts_of_the_intake_add_up(truth):
    summary = truth["summary"]
    for source, count in summary["receipts"].items():
        accepted = count["candidates"] - count["refused"] - count["not_happened"] - count["duplicate"]
        interactions = summary["blind"][source]["interactions"]
        assert accepted == interactions + count.get("versions", 0), source
    assert summary["accepted"] == summary["interactions"] - sum(summary["refusals"].values())


def test_an_identifier_that_tells_who_is_never_two_persons(truth):
    held: dict[tuple[str, str], set[int]] = {}
    for row in truth["persons"]:
        value = row["identifier_value"]
        value = (
            value.lower() if row["identifier_type"] == "email" else value.replace(" ", "").replace(".", "")
        )
        held.setdefault((row["identifier_type"], value), set()).add(row["person"])
    shared = Counter(type_ for (type_, _), persons in held.items() if len(persons) > 1)
    assert set(shared) == {"phone"}
    assert max(len(persons) for persons in held.values()) >= 30, "the switchboard"


def test_journeys_hold_each_interaction_once(truth):
    for type_ in ("purchase", "support"):
        held = Counter(
            id_ for row in truth["journeys"] if row["journey_type"] == type_ for id_ in row["interactions"]
        )
        assert set(held.values()) == {1}


def test_a_seam_is_broken_where_a_break_surfaces(truth):
    breaks = {(row["journey"], row["interaction"]) for row in truth["breaks"]}
    assert all(row["broken"] == ((row["journey"], row["to_interaction"]) in breaks) for row in truth["seams"])


PLANTED = (
    "repeat_contact", "useless_transfer", "ping_pong", "forced_channel_switch", "abandonment", "dead_end", "broken_promise", "reopened",
    "asked_again",
)  # fmt: skip


@pytest.mark.parametrize("kind", PLANTED)
def test_what_was_planted_is_there_by_the_definitions(truth, kind):
    """Nearly all: what nobody could have written down (an unknown caller, a missing team) cannot be judged."""
    planted = {
        row["id"]
        for row in truth["interactions"]
        if kind in row["planted"].split(",") and row["refused"] is None and row["known"]
    }
    judged = {row["interaction"] for row in truth["breaks"] if row["kind"] == kind}
    assert len(planted) >= 30
    least = {"forced_channel_switch": 0.65, "dead_end": 0.65, "repeat_contact": 0.65, "reopened": 0.8}
    assert len(planted & judged) / len(planted) >= least.get(kind, 0.9)


def test_one_pair_of_functions_is_the_worst_by_a_margin(truth):
    often = [row for row in truth["summary"]["passages"] if row["seams"] >= 100]
    worst = {(row["from_function"], row["to_function"]) for row in often[:2]}
    assert worst == {("service", "sales")}, "in purchases and in requests"
    assert often[1]["rate"] - often[2]["rate"] > 0.08
    assert len({round(row["rate"], 1) for row in often}) >= 6, "rates that can be told apart"


def test_the_planted_rate_of_late_parcels_is_lived(truth):
    states = truth["summary"]["promises"]["announced_day"]
    assert 0.07 < states["broken"] / (states["broken"] + states["kept"]) < 0.14
    assert states["pending"] > 0
    assert states["void"] > 0
