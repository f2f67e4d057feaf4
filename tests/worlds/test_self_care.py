"""The company that hides the way to a person: what its systems write, and what is true of it apart."""

import csv
import json
from pathlib import Path

import pytest

from portance import worlds
from portance.charter import read


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> worlds.Made:
    return worlds.make("self_care", tmp_path_factory.mktemp("self_care"), 3)


def _rows(made: worlds.Made, name: str) -> list[dict[str, str]]:
    with (made.extracts / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def _truth(made: worlds.Made) -> dict[str, object]:
    return json.loads((made.truth / "truth.json").read_text(encoding="utf-8"))


def test_the_charter_declares_what_concerns_people_and_machines(made: worlds.Made) -> None:
    charter = read(made.charter)
    for name in ("surveys", "employees", "ambitions", "beliefs", "machines", "desks", "retention"):
        assert getattr(charter, name), name


def test_the_same_seed_gives_the_same_bytes(made: worlds.Made, tmp_path: Path) -> None:
    again = worlds.make("self_care", tmp_path, 3)
    for file in sorted(made.extracts.iterdir()):
        assert file.read_bytes() == (again.extracts / file.name).read_bytes(), file.name


def test_the_truth_counts_what_the_extracts_hold(made: worlds.Made) -> None:
    truth, sessions = _truth(made), _rows(made, "assistant.csv")
    assert truth["sessions"] == len(sessions)
    asked = [row for row in sessions if row["demande_conseiller"] == "oui"]
    assert truth["asked_for_a_person"] == len(asked)
    assert truth["trapped"] == sum(row["fin"] == "Abandonné" for row in asked)
    assert truth["answered"] == sum(bool(row["note"]) for row in _rows(made, "enquetes.csv"))


def test_the_machine_says_closed_of_much_that_is_not_settled(made: worlds.Made) -> None:
    truth = _truth(made)
    assert truth["closed_and_not_settled"] > 0.25 * truth["closed_by_the_machine"]


def test_people_get_the_harder_requests(made: worlds.Made) -> None:
    ages = {
        name: [int(row["anciennete_jours"]) for row in _rows(made, name) if row["motif"] == "facture"]
        for name in ("assistant.csv", "appels.csv")
    }
    mean = {name: sum(found) / len(found) for name, found in ages.items()}
    assert mean["appels.csv"] > 1.3 * mean["assistant.csv"]


def test_those_who_answer_are_not_those_who_do_not(made: worlds.Made) -> None:
    truth = _truth(made)
    assert truth["satisfaction_of_all"] - truth["satisfaction_of_answerers"] > 0.08
