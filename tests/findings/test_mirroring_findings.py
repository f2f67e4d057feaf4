"""What is told of both sides of a step: only beyond doubt, of no person and no team, and never as a cause."""

import re

import pytest

from portance.charter import Charter
from portance.findings.mirroring import Mirrored, mirror

CAUSAL = re.compile(
    r"caus(e|es|ed)\b(?!s are possible)|parce que|because|entraîne|leads to|provoque", re.IGNORECASE
)


@pytest.fixture
def charter():
    return Charter.model_validate({
        "portance": 1,
        "company": {"name": "Meridian"},
        "functions": {"service": {"name": {"fr": "Service client", "en": "Customer service"}}},
        "sources": {"crm": {"read": "crm.csv", "case": "id", "interactions": [{"activity": "call", "at": "when"}]}},
        "journeys": {"care": {"by": "case", "name": {"fr": "Aide", "en": "Help"}}},
        "promises": {"soon": {"says": {"fr": "Réglé en deux jours", "en": "Solved in two days"}, "journey": "care", "clock": {"from": "call", "to": "end"}}},
        "changes": {"portal": {"since": "2025-07-01", "name": {"fr": "Portail", "en": "Portal"}}},
        "employees": {"tools": {"desk": {"since": "2025-02-03", "name": {"fr": "Bureau", "en": "Desk"}}}},
        "ambitions": {"first": {"says": {"fr": "Le client d’abord", "en": "Customers first"}}},
        "beliefs": {"board": {"promise": "soon", "by": "CEO", "value": 0.95, "on": "2025-01-01"}},
    })  # fmt: skip


def step(**changed):
    return {
        "journey_type": "care", "step": "call", "function": "service", "measure": "effort_steps", "customer": 2.0, "customer_low": 1.9,
        "customer_high": 2.1, "employee": 9.0, "employee_low": 8.2, "employee_high": 9.8, "balance": -7.0, "ci_low": -7.9, "ci_high": -6.1,
        "unit": "times", "employees": 80, "persons": 900, "state": "customer_only", "shown": "point", "reason": None, "task": "answer",
        "ambition": None, "margin": None, "margin_low": None, "margin_high": None,
    } | changed  # fmt: skip


def reality(part, **changed):
    return {
        "part": part, "subject": "all", "said": 0.8, "said_low": 0.7, "said_high": 0.9, "lived": 0.4, "lived_low": 0.3, "lived_high": 0.5,
        "gap": 0.4, "gap_low": 0.2, "gap_high": 0.6, "missing": None, "n": 80, "unit": "share", "shown": "point", "reason": None, "function": None,
    } | changed  # fmt: skip


def told(charter, **tables):
    return list(mirror(charter, Mirrored(**tables)))


def plain(text):
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_two_gestures_of_the_customer_and_nine_of_the_team_are_one_sentence(charter):
    (finding,) = told(charter, symmetry=[step()])
    assert "le client agit 2 (1,9 à 2,1) fois" in plain(finding.text.fr)
    assert "the team makes 9 (8.2 to 9.8) moves" in finding.text.en
    assert finding.owners == ("service",)
    assert (finding.kind, finding.status) == ("symmetry", "draft")


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "not_detectable"},
        {"employee_low": 4.0},
        {"employee_low": None},
        {"state": "balanced"},
        {"measure": "effort_minutes"},
    ],
)
def test_an_effort_that_is_not_surely_twice_as_long_is_no_finding(charter, changed):
    assert told(charter, symmetry=[step(**changed)]) == []


def test_a_side_that_fares_worse_is_told_with_its_risk_of_stall(charter):
    level = step(
        measure="balance", customer=80.0, customer_low=78.0, customer_high=82.0, employee=45.0, employee_low=40.0, employee_high=50.0,
        balance=35.0, ci_low=29.0, ci_high=41.0, unit="points", ambition=90.0, margin=-45.0, margin_low=-50.0, margin_high=-40.0,
    )  # fmt: skip
    (finding,) = told(charter, symmetry=[level])
    assert "risque de décrochage" in finding.text.fr
    assert "at least 40 points" in finding.text.en
    assert told(charter, symmetry=[level | {"ci_low": 5.0}]) == []
    assert "stall" not in told(charter, symmetry=[level | {"margin_high": 3.0}])[0].text.en


def test_an_ambition_without_means_says_what_it_lacks(charter):
    rows = [
        reality("action", subject="first", said=1.0, lived=0.0, gap=1.0, gap_low=None, gap_high=None, missing="owner,budget", n=1),
        reality("action", said=1.0, lived=0.0, gap=1.0, gap_low=None, gap_high=None, n=1),
    ]  # fmt: skip
    (finding,) = told(charter, artificial_reality=rows)
    assert plain(finding.text.fr) == "« Le client d’abord » : sans responsable, budget."
    assert finding.title.en == "Ambitions without means: 1 of 1"
    assert told(charter, artificial_reality=[rows[0] | {"missing": None}, rows[1] | {"gap": 0.0}]) == []


def test_a_belief_entered_late_is_not_held_against_anyone(charter):
    row = reality("belief", subject="board", said=0.95, said_low=None, said_high=None, lived=0.8, lived_low=0.78, lived_high=0.82, gap=0.15, gap_low=0.13, gap_high=0.17)  # fmt: skip
    (finding,) = told(charter, artificial_reality=[row])
    assert "CEO said 95%" in finding.text.en
    assert told(charter, artificial_reality=[row | {"reason": "late"}]) == []
    assert told(charter, artificial_reality=[row | {"gap_low": -0.01}]) == []


def test_thrust_before_lift_is_told_as_coming_before(charter):
    row = {
        "lag_weeks": 2,
        "effect": 0.3,
        "ci_low": 0.1,
        "ci_high": 0.5,
        "units": 12,
        "verdict": "thrust_first",
        "employees": 200,
    }
    (finding,) = told(charter, thrust=[row | {"lag_weeks": 1, "verdict": "not_detectable"}, row])
    assert finding.grade == "D"
    assert "Coming before is not causing" in finding.text.en
    assert told(charter, thrust=[row | {"verdict": "both"}]) == []


def test_no_sentence_says_cause_and_none_names_a_person_or_a_team(charter):
    before = {
        f"{side}_{when}{end}": 2.0
        for side in ("customer", "employee")
        for when in ("before", "after")
        for end in ("", "_low", "_high")
    }
    found = told(
        charter,
        symmetry=[step(), step(measure="balance", ci_low=20.0, ci_high=30.0, balance=25.0)],
        simplified=[before | {"change": "portal", "journey_type": "care", "step": "call", "function": "service", "verdict": "customer_only", "employees": 80}],
        adoption=[{"tool": "desk", "share": 0.3, "low": 0.2, "high": 0.4, "workarounds": 0.2, "workarounds_low": 0.1, "workarounds_high": 0.3, "on_time": True, "employees": 80}],
        artificial_reality=[reality("perception")],
    )  # fmt: skip
    assert len(found) == 5
    for finding in found:
        for text in (finding.text.fr, finding.text.en):
            assert not CAUSAL.search(
                text.replace("d’autres causes sont possibles", "").replace("other causes are possible", "")
            )
            assert not re.search(r"\be\d+-\d+|\bT\d\b", text)


def test_a_step_is_told_by_the_name_of_its_task_in_both_languages(charter):
    task = {"journey": "care", "activity": "call", "function": "service"}
    base = charter.model_dump(mode="json", exclude_unset=True)
    named = Charter.model_validate(base | {"employees": base["employees"] | {"tasks": {"answer": task | {"name": {"fr": "Répondre à l’appel", "en": "Take the call"}}}}})  # fmt: skip
    bare = Charter.model_validate(base | {"employees": base["employees"] | {"tasks": {"answer": task}}})
    (finding,) = told(named, symmetry=[step()])
    assert (
        plain(finding.title.fr) == "Simple pour le client, pas pour l’équipe : « Répondre à l’appel » (Aide)"
    )
    assert finding.title.en == "Simple for the customer, not for the team: “Take the call” (Help)"
    for other in (told(bare, symmetry=[step()]), told(named, symmetry=[step(task="not declared")])):
        assert plain(other[0].title.fr).endswith("« call » (Aide)")
        assert other[0].title.en.endswith("“call” (Help)")
