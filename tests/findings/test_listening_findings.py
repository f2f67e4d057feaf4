"""What silence and surveys amount to is told with its figures, or not at all."""

from datetime import date
from typing import Any

import pytest

from portance.charter import Charter
from portance.experience.restraint import records as restraint_records
from portance.experience.silent import records as silent_records
from portance.findings.listening import listen
from portance.publication.silent import SILENT_TABLES


def charter(**more: Any) -> Charter:
    return Charter.model_validate(
        {
            "portance": 1, "company": {"name": "Example"}, "functions": {"service": {"name": "Service"}, "sales": {"name": "Ventes"}},
            "sources": {}, "journeys": {"request": {"by": "case"}},
            "surveys": {"review": {"name": {"fr": "Avis", "en": "Review"}, "function": "service", "rating": "csat", "satisfied": 4, "target": 0.7}},
        }
        | more
    )  # fmt: skip


def row(**other: Any) -> dict[str, Any]:
    return {
        "question": "review", "segment": "all", "estimate": 0.72, "ci_low": 0.705, "ci_high": 0.735, "band_low": 0.53, "band_high": 0.92,
        "flips_at": -0.006, "answers": 800, "journeys": 8000, "people": 6000, "naive": 0.81, "naive_low": 0.78, "naive_high": 0.84,
        "rate": 0.1, "moved": -0.09, "moved_low": -0.12, "moved_high": -0.06, "follow_up": 250, "band_from": "assumed",
        "delta": 0.22, "warning": "cannot_be_excluded", "unit": "share", "target": 0.7, "verdict": "met", "against": "target",
        "function": "service", "better": "higher",
    } | other  # fmt: skip


def pressed(function: str | None, month: int, over: int, persons: int = 1000) -> dict[str, Any]:
    share = over / persons
    return {
        "function": function, "period": date(2025, month, 1), "persons": persons, "contacts": 3 * persons, "over": over,
        "over_share": share, "over_low": share * 0.9, "over_high": share * 1.1, "above": 2 * over, "most": 4, "within_days": 30.0,
    }  # fmt: skip


def test_a_figure_of_answers_alone_is_told_beside_that_of_everyone_and_what_silence_hides() -> None:
    found = {one.key: one for one in listen(charter(), [row()], [], [])}
    told = found["silent:review"]
    assert (told.kind, told.grade, told.people) == ("silent", "C", 5400)
    for figure in ("81 %", "72 %", "53 %", "92 %", "250", "10 %"):
        assert figure in told.text.in_("fr").replace("\u202f", " ").replace("\u00a0", " ")
    for figure in ("81%", "72%", "53%", "92%", "250", "10%"):
        assert figure in told.text.in_("en")
    assert "plus satisfaits" in told.title.in_("fr")


def test_a_conclusion_that_a_small_difference_undoes_is_told_and_one_that_holds_is_not() -> None:
    fragile = [one for one in listen(charter(), [row()], [], []) if one.key.endswith(":flips")]
    assert len(fragile) == 1
    assert "0.6 points" in fragile[0].text.in_("en")
    sure = listen(charter(), [row(flips_at=-0.3)], [], [])
    assert not any(one.key.endswith(":flips") for one in sure)


@pytest.mark.parametrize(
    "other",
    [
        {"moved_low": -0.02, "moved_high": 0.01},
        {"moved": -0.001, "moved_low": -0.002, "moved_high": -0.0005},
        {"estimate": None, "flips_at": None},
    ],
)
def test_nothing_is_told_where_nothing_is_proven(other: dict[str, Any]) -> None:
    assert list(listen(charter(), [row(flips_at=None) | other], [], [])) == []


def test_those_who_address_beyond_the_limit_now_are_told_and_those_who_stopped_are_not() -> None:
    rows = [
        pressed("sales", 6, 300),
        pressed("service", 1, 400),
        pressed("service", 6, 10),
        pressed(None, 6, 500),
    ]
    (told,) = [one for one in listen(charter(pressure={"most": 4}), [], [], rows) if one.kind == "pressure"]
    assert [one for one in listen(charter(), [], [], rows) if one.kind == "pressure"] == [], (
        "no limit was declared"
    )
    assert told.owners == ("sales",)
    assert (told.people, told.value) == (300, 0.3)
    assert "trop" in told.title.in_("fr").lower()


def test_a_question_with_answers_enough_says_what_could_be_spared_and_an_association_as_one() -> None:
    needs = {
        "question": "review",
        "function": "service",
        "answers": 800,
        "needed": 300,
        "spared": 5000,
        "stop": True,
        "wanted": 0.05,
        "unit": "share",
    }
    beside = {
        "question": "review", "verdict": "goes_with_fewer", "per_contact": -0.02, "ci_low": -0.03, "ci_high": -0.01,
        "month_high": -0.001, "first_rate": 0.2, "last_rate": 0.12,
    }  # fmt: skip
    (told,) = listen(charter(), [], [needs], [], [beside])
    english = told.text.in_("en")
    assert "5,000 askings" in english
    assert "an association" in english
    assert "20% to 12%" in english
    assert not any(verb in english for verb in ("causes", "because", "reduces"))


def test_every_published_column_is_one_that_the_stage_makes() -> None:
    made = {
        "silent": silent_records.SILENT, "silent_comparisons": silent_records.COMPARISONS, "restraint": restraint_records.RESTRAINT,
        "pressure": restraint_records.PRESSURE, "pressure_answers": restraint_records.ASSOCIATION,
    }  # fmt: skip
    assert {table.name for table in SILENT_TABLES} == set(made)
    for table in SILENT_TABLES:
        assert [column.name for column in table.columns] == made[table.name].names
