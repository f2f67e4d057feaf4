"""How often journeys break: by person, weighted, and without what is too recent to judge."""

import company
import pytest
from company import DAY_US, HOUR_US, T0, row

from portance.errors import CharterError


def rates(engine):
    return {rate["kind"]: rate for rate in company.dicts(engine, "select * from break_rates")}


def contacts(persons, repeating):
    """Two contacts for each person; only the first of them repeats soon."""
    rows = []
    for person in range(1, persons + 1):
        later = DAY_US if person <= repeating else 20 * DAY_US
        told = {"person": person, "initiated_by": "customer", "intent": "fault", "function": "service"}
        rows += [row(2 * person, T0, **told), row(2 * person + 1, T0 + later, **told)]
    return rows


def test_a_rate_counts_contacts_that_were_followed(engine):
    company.built(engine, company.charter(), contacts(40, 10), T0 + 60 * DAY_US)
    rate = rates(engine)["repeat_contact"]
    assert (rate["at_risk"], rate["broken"], rate["people"], rate["people_broken"]) == (80, 10, 40, 10)
    assert rate["rate"] == pytest.approx(10 / 80)
    assert rate["ci_low"] < rate["rate"] < rate["ci_high"]
    assert (rate["status"], rate["shown"], rate["censored"], rate["clustered_by"]) == (
        "on",
        "point",
        0,
        "person",
    )


def test_the_last_days_cannot_show_a_repeat_yet(engine):
    company.built(engine, company.charter(), contacts(40, 10), T0 + 20 * DAY_US)
    rate = rates(engine)["repeat_contact"]
    assert (rate["at_risk"], rate["broken"], rate["censored"]) == (50, 10, 30)


def test_weights_make_the_rate_speak_of_everybody(engine):
    rows = contacts(40, 10)
    for told in rows:
        told["a_state"] = "sampled" if told["person_key"] <= 10 else "all"
    weighted = company.charter(sampling={"weight": "case when state = 'sampled' then 0.1 else 1 end"})
    company.built(engine, weighted, rows, T0 + 60 * DAY_US)
    rate = rates(engine)["repeat_contact"]
    assert (rate["at_risk"], rate["broken"]) == (80, 10)
    assert rate["rate"] == pytest.approx(10 * 0.1 / (20 * 0.1 + 60))
    assert {weight for (weight,) in engine.rows("select weight from journeys")} == {0.1, 1.0}


def test_without_persons_the_case_stands_for_them(engine):
    rows = [
        row(2 * case + step, T0 + step, person=None, case_id=f"c{case}", function=function, outcome="resolved",
            initiated_by="customer")
        for case in range(35)
        for step, function in enumerate(("sales", "billing"))
    ]  # fmt: skip
    company.built(engine, company.charter(journeys={"care": {"by": "case"}}), rows, T0 + 60 * DAY_US)
    rate = rates(engine)["reopened"]
    assert (rate["people"], rate["clustered_by"], rate["at_risk"], rate["broken"]) == (35, "case", 70, 35)
    (passage,) = company.dicts(engine, "select * from passages")
    assert (passage["people"], passage["seams"], passage["broken"], passage["clustered_by"]) == (
        35,
        35,
        35,
        "case",
    )
    assert passage["rate"] == 1.0


def test_a_period_keeps_journeys_that_started_inside(engine):
    rows = [
        row(1, T0, function="sales", initiated_by="customer", intent="fault"),
        row(2, T0 + HOUR_US, function="billing"),
        row(3, T0 + 8 * DAY_US, function="sales", initiated_by="customer", intent="fault"),
        row(4, T0 + 9 * DAY_US, function="billing"),
        row(5, T0 + 30 * DAY_US, function="sales"),
    ]
    rules = {"repeat_contact": {"within": "10 days"}}
    declared = company.charter(breaks=rules)
    company.built(engine, declared, rows, T0 + 60 * DAY_US, (T0 + DAY_US, T0 + 10 * DAY_US))
    assert engine.rows("select journey_id, started_us, interactions from journeys") == [
        ("care:p1:2", T0 + 8 * DAY_US, 2)
    ]
    assert [seam.to_interaction for seam in company.seams(engine)] == ["i4"]
    (found,) = company.breaks(engine)  # what came before the period is still known
    assert (found.kind, found.evidence) == ("repeat_contact", '["i1","i3"]')


def test_two_types_of_journey_live_side_by_side(engine):
    rows = [row(n, T0 + n * 8 * DAY_US, function=f) for n, f in enumerate(("sales", "billing", "sales"))]
    types = {"care": {"by": "person"}, "ticket": {"by": "case", "where": "function is not null"}}
    company.built(engine, company.charter(journeys=types), rows)
    ids = [identity for (identity,) in engine.rows("select journey_id from journeys order by 1")]
    assert ids == ["care:p1:1", "care:p1:2", "care:p1:3", "ticket:c1"]
    assert {made.journey_type for made in company.breaks(engine)} == {"ticket"}
    keys = engine.rows("select count(distinct journey_key) from journey_interactions")
    assert keys == [(4,)]


def test_segments_are_read_where_a_journey_first_tells_them(engine):
    rows = [row(1, T0), row(2, T0 + 1, channel="web"), row(3, T0 + 2, channel="phone")]
    declared = company.charter(segments={"channel": {"by": "channel"}, "hours": {"by": "duration_s > 1.5"}})
    company.built(engine, declared, rows)
    assert engine.rows("select segment_channel, segment_hours from journeys") == [("web", None)]


def test_blind_spots_say_what_a_source_does_not_show(engine):
    rows = [
        row(1, T0, person=None, function="sales"),
        row(2, T0, function=None),
        row(3, T0, function="legal"),
        row(4, T0, function="sales"),
    ]
    company.built(engine, company.charter(), rows)
    told = {(spot["function"], spot["question"]): (spot["interactions"], spot["blind"], spot["share"])
            for spot in company.dicts(engine, "select * from blind_spots")}  # fmt: skip
    assert told[None, "no_person"] == (4, 1, 0.25)
    assert told[None, "no_journey"] == (4, 1, 0.25)
    assert told[None, "no_function"] == (4, 1, 0.25)
    assert told[None, "undeclared_function"] == (4, 1, 0.25)
    assert told["sales", "no_person"] == (2, 1, 0.5)
    assert told["legal", "undeclared_function"] == (1, 1, 1.0)


def test_without_any_interaction_every_table_is_there(engine):
    company.built(
        engine,
        company.charter(
            promises={
                "fast": {
                    "says": "x",
                    "journey": "care",
                    "measure": "count(*)",
                    "better": "lower",
                    "functional": "p90",
                    "intended": {"at_most": 2},
                }
            }
        ),
        [],
    )
    for table in ("journeys", "seams", "breaks", "clocks", "directly_follows", "passages", "blind_spots"):
        assert engine.count(table) == 0
    assert engine.count("break_rates") == 10


def test_without_a_type_of_journey_nothing_belongs_anywhere(engine):
    company.built(engine, company.charter(journeys={}), [row(1, T0)])
    assert engine.count("journeys") == 0


@pytest.mark.parametrize(
    ("declared", "where", "given"),
    [
        ({"retention": {"left": ["gone"], "held_when": "state"}}, "retention.held_when", "'state', which gives text"),
        ({"takeover": {"asked_human": "state"}}, "takeover.asked_human", "'state', which gives text"),
        ({"dosage": {"covariates": {"age": "cast(state as int)"}}}, "dosage.covariates.age", "'cast(state as int)', which fails"),
    ],
)  # fmt: skip
def test_a_formula_that_the_data_do_not_bear_is_told_with_its_place(engine, declared, where, given):
    rows = [told | {"a_state": "oui"} for told in contacts(4, 1)]
    with pytest.raises(CharterError) as caught:
        company.built(engine, company.charter(**declared), rows, T0 + 60 * DAY_US)
    (problem,) = caught.value.problems
    assert problem.path == where
    assert problem.given.startswith(given)
    assert "interactions" not in problem.given


def test_a_condition_over_text_is_a_condition(engine):
    rows = [told | {"a_state": "oui"} for told in contacts(4, 1)]
    declared = {
        "retention": {"left": ["gone"], "held_when": "state = 'oui'"},
        "takeover": {"asked_human": "asked_again"},
    }
    company.built(engine, company.charter(**declared), rows, T0 + 60 * DAY_US)
    assert rates(engine)
