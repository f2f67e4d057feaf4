"""A person teaches Portance to read what customers write, from the command line."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portance.cli.main import portance

CHARTER = """
portance: 1
company: {name: T, timezone: Europe/Paris, language: fr}
functions: {service: {name: Service}}
sources:
  enquetes:
    read: enquetes.csv
    identifiers: {account: compte}
    interactions: [{activity: réponse, at: le, id: id, function: service, initiated_by: customer, verbatim: texte}]
journeys: {demande: {by: person, gap: 7 days}}
"""
SAID = (
    "J’attends toujours mon remboursement depuis un mois.",
    "Votre robot tourne en rond, impossible de joindre un conseiller.",
    "Le conseiller m’a demandé trois fois mon numéro de dossier.",
    "Il faudrait pouvoir choisir l’heure du rendez-vous.",
    "Très bon accueil, merci beaucoup.",
    "Rappelez-moi au 06 12 34 56 78, la facture est fausse.",
)


@pytest.fixture
def charter(tmp_path: Path) -> Path:
    with (tmp_path / "enquetes.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "le", "compte", "texte"))
        writer.writerows(
            (number, f"2025-03-{number + 1:02d} 10:00", f"c{number}", text)
            for number, text in enumerate(SAID)
        )
    path = tmp_path / "charter.yaml"
    path.write_text(CHARTER, encoding="utf-8")
    return path


def _label(charter: Path, keys: str, *options: str) -> str:
    result = CliRunner().invoke(portance, ["voices", "label", str(charter), *options], input=keys)
    assert result.exit_code == 0, result.output
    return result.output


def _kept(charter: Path) -> list[dict[str, object]]:
    file = charter.parent / ".portance" / "private" / "labels.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_labels_are_kept_and_the_next_sitting_goes_on(charter: Path) -> None:
    first = _label(charter, "0\n1 2\nq\n")
    assert "2 étiquetées" in first
    second = _label(charter, "p\nq\n")
    assert "[3/" in second
    assert "3 étiquetées" in second


def test_no_text_and_no_personal_data_stand_in_what_is_kept_or_shown(charter: Path) -> None:
    shown = _label(charter, "\n" * 12)
    assert "06 12 34 56 78" not in shown
    kept = json.dumps(_kept(charter), ensure_ascii=False)
    assert "facture" not in kept
    assert "robot tourne" not in kept


def test_a_label_can_be_taken_back(charter: Path) -> None:
    shown = _label(charter, "0\nu\nq\n")
    assert "Annulé" in shown
    assert "0 étiquetées" in shown
    assert "Rien à annuler" in _label(charter, "u\nq\n")


def test_an_unclear_answer_is_asked_again_and_keeps_nothing(charter: Path) -> None:
    shown = _label(charter, "99\ns p\nwhat\nq\n")
    assert shown.count("Des numéros de 0 à") == 3
    assert "0 étiquetées" in shown


def test_it_says_when_there_is_nothing_to_label(charter: Path) -> None:
    (charter.parent / "enquetes.csv").write_text(
        "id,le,compte,texte\n1,2025-03-01 10:00,c1,\n", encoding="utf-8"
    )
    assert "Nothing to label" in _label(charter, "", "--language", "en")


def test_it_stops_after_as_many_as_were_asked_for(charter: Path) -> None:
    assert "2 labelled" in _label(charter, "0\n" * 6, "--most", "2", "--language", "en")


def test_lines_that_cannot_be_read_are_counted_aloud_and_left_as_they_are(charter: Path) -> None:
    assert "illisible" not in _label(charter, "0\n0\nq\n")
    file = charter.parent / ".portance" / "private" / "labels.jsonl"
    whole = file.read_bytes()
    first, second = whole.splitlines(keepends=True)
    damaged = first + second[:-20] + b"\n\xff\x00{{{\n[1, 2]\n" + b"[" * 100_000 + b'\n{"does": "give"}\n'
    file.write_bytes(damaged)
    shown = _label(charter, "q\n")
    assert "1 étiquetées" in shown
    assert "Lignes illisibles dans labels.jsonl\u00a0: 5." in shown
    assert file.read_bytes() == damaged
    _label(charter, "0\nq\n")
    assert file.read_bytes().startswith(damaged)


def test_a_scan_says_how_many_lines_of_labels_it_could_not_read(charter: Path) -> None:
    _label(charter, "0\nq\n")
    file, out = charter.parent / ".portance/private/labels.jsonl", str(charter.parent / "report")
    whole = file.read_bytes()
    for language, said in (
        ("fr", "Lignes illisibles dans labels.jsonl\u00a0: 2. Leurs étiquettes ne comptent pas"),
        ("en", "Lines of labels.jsonl that cannot be read: 2. Their labels do not count"),
    ):
        words = ["scan", str(charter), "--out", out, "--language", language]
        file.write_bytes(whole)
        assert said[:20] not in CliRunner().invoke(portance, words).output
        file.write_bytes(whole + b"{{{\n[1, 2]\n")
        result = CliRunner().invoke(portance, words)
        assert result.exit_code == 0, result.output
        assert said in result.output


def test_the_count_says_how_many_sentences_there_are_and_french_is_written_as_french(charter: Path) -> None:
    shown = _label(charter, "q\n")
    assert "[1/6]" in shown
    assert "étiquette\u00a0: " in shown
    assert "aucun irritant\u202f; " in shown or "\u202f; plainte" in shown
