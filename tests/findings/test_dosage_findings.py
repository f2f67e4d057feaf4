"""What is said of human and machine: only what is proven, in both languages, with its figures."""

import pytest

from portance.charter import Charter
from portance.findings.dosing import Dosed, dosed
from portance.orchestration.dosage.records import SCHEMAS

COMPANY = Charter.model_validate(
    {
        "portance": 1,
        "company": {"name": "Company"},
        "functions": {"digital": {}, "service": {}},
        "channels": {"phone": {}},
        "sources": {
            "crm": {"read": "crm.csv", "interactions": [{"activity": {"column": "what"}, "at": "when"}]}
        },
        "journeys": {"care": {"by": "person", "gap": "30 days"}},
        "machines": {"assistant": {"function": "digital", "channel": "chat"}},
        "desks": {"hotline": {"function": "service", "channel": "phone", "agents": 6}},
    }
)


def row(table, **told):
    return dict.fromkeys(SCHEMAS[table].names) | told


def parts(name, value, low, high):
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def machine(verdict="repair", **told):
    base = {
        "machine": "assistant", "verdict": verdict, "sessions": 900, "persons": 700, "shown": "point", "effect": 0.12, "ci_low": 0.06,
        "ci_high": 0.18, "raw": -0.05, "grade": "C", "reason": "human_settles_more,false_containment",
        **parts("resolved", 0.4, 0.37, 0.43), **parts("false_containment", 0.35, 0.32, 0.38),
    }  # fmt: skip
    return row("machines", **(base | told))


def effect(**told):
    base = {
        "intent": "bill", "segment": "all", "outcome": "resolved", "effect": 0.1, "ci_low": 0.04, "ci_high": 0.16, "raw": -0.08,
        "n": 3000, "persons": 2000, "grade": "C", "verdict": "human", "compared": "human_machine",
    }  # fmt: skip
    return row("dosage", **(base | told))


def point(dose, value, low, high, **told):
    return row("dose_curve", desk="hotline", intent="all", dose=dose, value=value, value_low=low, value_high=high, wait_s=90.0 * dose, **({"current": False, "best": False} | told))  # fmt: skip


def said(**tables):
    return list(dosed(COMPANY, Dosed(**tables)))


def test_a_machine_that_keeps_without_settling_is_told_with_the_reason_for_the_raw_figure():
    found = said(machines=[machine()])
    assert [one.kind for one in found] == ["machine"]
    english, french = found[0].text.in_("en"), found[0].text.in_("fr")
    assert "35% (32% to 38%)" in english
    assert "probably settles more" in english
    assert "the harder cases go to humans" in english
    assert "règle probablement plus" in french
    assert found[0].owners == ("digital",)
    assert found[0].people_low == pytest.approx(0.32 * 700)


def test_nothing_is_said_without_proof_or_with_few_persons():
    assert not said(machines=[machine("not_detectable")])
    assert not said(machines=[machine(shown="interval")])
    assert not said(
        dosage=[
            effect(verdict="no_support", effect=None),
            effect(verdict="not_detectable"),
            effect(compared="human_handover"),
        ]
    )
    assert not said(left_out=[row("left_out", verdict="comes_less", share=0.5, share_low=0.4)])
    assert not said(remaining=[row("remaining", stale=False, difference=10.0, difference_low=5.0)])
    assert not said()


def test_no_causal_verb_below_grade_b():
    lower, upper = (next(iter(said(dosage=[effect(grade=grade)]))).text for grade in ("C", "A"))
    assert "probably raises" in lower.in_("en")
    assert "augmente probablement" in lower.in_("fr")
    assert "probably" not in upper.in_("en")


def test_a_better_dose_is_told_only_where_its_whole_interval_gains():
    now, best = point(0.3, 0.6, 0.58, 0.62, current=True), point(0.6, 0.65, 0.61, 0.69, best=True)
    found = said(dose_curve=[now, best])
    assert "From 30% to 60% human" in found[0].text.in_("en")
    assert said(dose_curve=[now | {"fit": "fits"}, best])
    assert not any(said(dose_curve=[now | {"fit": fit}, best]) for fit in ("longer", "shorter"))
    assert not said(dose_curve=[now, point(0.6, 0.65, 0.57, 0.73, best=True)])
    assert not said(dose_curve=[now | {"best": True}])


def test_those_left_out_and_what_is_phoned_for_are_told():
    left = row("left_out", intent="claim", segment="age=old", verdict="left_out", persons=200, **parts("share", 0.6, 0.5, 0.7), **parts("others", 0.2, 0.1, 0.3))  # fmt: skip
    phoned = row("phoned_for", intent="hours", channel="phone", function="service", contacts=500, persons=400, duration_s=45.0, hours_per_week=6.0, shown="point", **parts("resolved", 0.95, 0.93, 0.97))  # fmt: skip
    told = said(left_out=[left], phoned_for=[phoned])
    assert [one.key for one in told] == ["left_out:claim:age=old", "phoned_for:hours"]
    assert all("None" not in one.text.in_(language) for one in told for language in ("fr", "en"))
