"""What counts as a complaint: what the charter lists; else what a name says in French or English, and it is said to be a guess."""

import unicodedata

import numpy as np
import pytest
from writing_company import DAY_US, START_US, interaction, tables, voice, writing_charter

from portance.engine import Engine
from portance.experience.irritants.complaining import complaints
from portance.experience.irritants.ranking import cost_irritants
from portance.findings.costing_irritants import cost_of_irritants

TODAY = START_US + 300 * DAY_US
VALUES = {
    "lost_customer": {"value": 300, "range": [200, 420], "source": "finance"},
    "complaint": {"value": 40, "range": [30, 50], "source": "finance"},
}


@pytest.fixture
def engine():
    with Engine(threads=1) as made:
        yield made


def known(engine, rows, **voices):
    tables(engine, rows, [voice(rows[0], "late")])
    return complaints(writing_charter(voices=voices), engine)


def counted(engine, found):
    return engine.rows(f"select count(*) from interactions where {found.condition(engine)}")[0][0]


@pytest.mark.parametrize(
    "name",
    [
        "réclamation", "Réclamations", "RÉCLAMATION", "reclamation", "dépôt de réclamation", unicodedata.normalize("NFD", "réclamation"),
        "plainte", "Plaintes reçues", "complaint", "Complaints", "COMPLAINT_FORM", "formal-complaint", "CustomerComplaint", "complain",
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["activity", "intent"])
def test_french_and_english_names_are_guessed_alike(engine, name, key):
    rows = [interaction(1, 3), interaction(2, 4), interaction(3, 5, **{key: name})]
    found = known(engine, rows)
    assert (found.names, found.source) == ((name,), "guessed")
    assert counted(engine, found) == 1


@pytest.mark.parametrize("name", ["call", "proclamation", "explained", "complainte", "déclaration", "claim"])
def test_names_that_only_look_like_it_are_not_guessed(engine, name):
    found = known(engine, [interaction(1, 3), interaction(2, 4, activity=name)])
    assert (found.names, found.source) == ((), None)
    assert counted(engine, found) == 0


def test_what_is_declared_counts_and_nothing_is_guessed_beside_it(engine):
    rows = [interaction(1, 3), interaction(2, 4, "litige"), interaction(3, 5, intent="litige"), interaction(4, 6, "complaint")]  # fmt: skip
    found = known(engine, rows, complaints=["litige"])
    assert (found.names, found.source) == (("litige",), "declared")
    assert counted(engine, found) == 2
    none = known(engine, rows, complaints=[])
    assert (none.names, none.source) == ((), None)
    assert counted(engine, none) == 0


def test_an_answer_of_the_company_to_a_complaint_is_none(engine):
    rows = [
        interaction(1, 3, "complaint"), interaction(2, 4, "complaint", initiated_by=None),
        interaction(1, 5, "answer to complaint", initiated_by="company"), interaction(3, 5, "complaint", initiated_by="company"),
    ]  # fmt: skip
    found = known(engine, rows)
    assert found.names == ("complaint",)
    assert counted(engine, found) == 2


def _company(activity, people=900):
    """One text each; those who write of a delay complain half the time within a month, others one time in twenty."""
    rng = np.random.default_rng(3)
    rows, voices = [], []
    for person in range(1, people + 1):
        day = float(rng.uniform(40, 190))
        text = interaction(person, day, "message", has_verbatim=True)
        rows += [interaction(person, day - float(rng.uniform(1, 30))), text]
        late = person % 5 == 0
        voices.append(voice(text, "late" if late else None))
        if rng.random() < (0.55 if late else 0.05):
            rows.append(interaction(person, day + float(rng.uniform(1, 25)), activity))
        if rng.random() < (0.5 if late else 0.1):
            rows.append(interaction(person, day + float(rng.uniform(26, 60)), "departure"))
    return rows, voices


@pytest.mark.parametrize(
    ("activity", "listed", "source"),
    [("Réclamations", None, "guessed"), ("litige", ["litige"], "declared"), ("litige", None, None)],
)
def test_the_table_and_the_finding_tell_where_complaints_come_from(engine, activity, listed, source):
    tables(engine, *_company(activity))
    charter = writing_charter(
        retention={"left": ["departure"], "horizon": "90 days"},
        values=VALUES,
        voices={"complaints": listed},
    )
    (row,) = cost_irritants(charter, engine, TODAY, 0)["irritants"].to_pylist()
    assert row["complaints_from"] == source
    assert row["complaint_names"] == (activity if source else None)
    (finding,) = cost_of_irritants(charter, [row])
    french, english = finding.text.in_("fr").replace("\u00a0", " "), finding.text.in_("en")
    assert ("devinées d’après leur nom : « Réclamations »" in french) == (source == "guessed")
    assert ("guessed from their names: “Réclamations”" in english) == (source == "guessed")
    if source is None:
        assert row["complaints"] is None
    else:
        assert row["complaints_low"] < 0.5 < row["complaints_high"]
