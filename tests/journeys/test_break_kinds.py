"""One small story for each kind of break, and for what is close to it but is none."""

import json

import company
import pytest
from company import DAY_US, HOUR_US, T0, row

AS_OF = T0 + 60 * DAY_US
MINUTE_US = 60_000_000


def told(engine, rows, as_of=AS_OF, **declared):
    company.built(engine, company.charter(**declared), rows, as_of)
    return [
        (made.kind, made.from_function, made.to_function, made.interaction_id, json.loads(made.evidence))
        for made in company.breaks(engine)
    ]


def contact(number, t_us, **more):
    return row(number, t_us, initiated_by="customer", **{"intent": "fault", "function": "service"} | more)


def test_a_second_contact_for_the_same_intent_is_a_repeat(engine):
    rows = [contact(1, T0, function="sales"), contact(2, T0 + 3 * DAY_US)]
    assert told(engine, rows) == [("repeat_contact", "sales", "service", "i2", ["i1", "i2"])]


def test_a_repeat_on_the_last_instant_of_the_window_still_counts(engine):
    rows = [contact(1, T0), contact(2, T0 + 7 * DAY_US)]
    assert [evidence for *_, evidence in told(engine, rows)] == [["i1", "i2"]]


@pytest.mark.parametrize(
    "second",
    [
        contact(2, T0 + 7 * DAY_US + 1),
        contact(2, T0 + DAY_US, intent="bill"),
        contact(2, T0 + DAY_US, person=2),
        contact(2, T0 + DAY_US, intent=None),
        row(2, T0 + DAY_US, initiated_by="company", intent="fault"),
    ],
    ids=["too late", "another intent", "another person", "no intent", "the company calls back"],
)
def test_what_is_no_repeat(engine, second):
    assert told(engine, [contact(1, T0), second]) == []


def test_a_repeat_is_found_across_cases_of_one_person(engine):
    rows = [contact(1, T0), contact(2, T0 + DAY_US, case_id="c2")]
    found = told(engine, rows, journeys={"care": {"by": "case"}})
    assert [(kind, evidence) for kind, _, _, _, evidence in found] == [("repeat_contact", ["i1", "i2"])]


def test_who_was_handed_over_does_not_repeat(engine):
    rows = [contact(1, T0, outcome="transferred"), contact(2, T0 + HOUR_US, function="billing")]
    assert told(engine, rows) == []


def test_a_transfer_that_comes_back_or_goes_on_is_useless(engine):
    rows = [
        row(1, T0, function="sales", team="t1", outcome="transferred"),
        row(2, T0 + 1, function="sales", team="t1", outcome="transferred"),
        row(3, T0 + 2, function="billing", outcome="transferred"),
        row(4, T0 + 3, function="service"),
    ]
    assert told(engine, rows, breaks={"ping_pong": "off"}) == [
        ("useless_transfer", "sales", "sales", "i2", ["i1", "i2"]),
        ("useless_transfer", "sales", "billing", "i3", ["i2", "i3"]),
    ]


def test_a_ping_pong_goes_there_and_back_over_whole_runs(engine):
    functions = ["sales", "sales", "billing", "billing", "sales", None, "billing"]
    rows = [row(n, T0 + n, function=function) for n, function in enumerate(functions)]
    assert told(engine, rows) == [("ping_pong", "billing", "sales", "i4", ["i1", "i2", "i4"])]


def test_a_ping_pong_between_teams_counts_teams(engine):
    rows = [row(n, T0 + n, function="sales", team=team) for n, team in enumerate("aba")]
    assert told(engine, rows) == []
    rules = {"ping_pong": {"between": "team"}}
    assert told(engine, rows, breaks=rules) == [("ping_pong", "sales", "sales", "i2", ["i0", "i1", "i2"])]


@pytest.mark.parametrize("silence_before", [1, 2])
def test_a_silence_ends_a_ping_pong(engine, silence_before):
    rows = [
        row(n, T0 + n + (8 * DAY_US if n >= silence_before else 0), function=function)
        for n, function in enumerate(("sales", "billing", "sales"))
    ]
    assert told(engine, rows) == []


def test_who_is_left_alone_and_comes_back_by_another_channel_was_forced_to(engine):
    rows = [
        contact(1, T0, channel="web", outcome="unresolved"),
        contact(2, T0 + HOUR_US, channel="phone", intent="bill"),
    ]
    assert told(engine, rows) == [("forced_channel_switch", "service", "service", "i2", ["i1", "i2"])]


def test_a_long_wait_is_above_its_limit(engine):
    rows = [
        row(1, T0, function="sales", wait_ms=300_000),
        row(2, T0 + 1, function="billing", wait_ms=300_001),
    ]
    assert told(engine, rows) == [("long_wait", "sales", "billing", "i2", ["i2"])]


def test_a_seam_that_the_company_lets_wait_is_a_long_wait(engine):
    rows = [
        row(1, T0, function="sales"),
        row(2, T0 + 2 * HOUR_US, function="billing", initiated_by="company"),
        contact(3, T0 + 5 * HOUR_US, function="sales"),
    ]
    rules = {"long_wait": {"seam_over": "1 hour"}, "ping_pong": "off"}
    assert told(engine, rows, breaks=rules) == [("long_wait", "sales", "billing", "i2", ["i1", "i2"])]


def test_nights_do_not_count_in_opening_hours(engine):
    friday_evening, monday_morning = T0 + 4 * DAY_US + 8 * HOUR_US, T0 + 7 * DAY_US + HOUR_US // 2
    rows = [row(1, friday_evening, function="sales"), row(2, monday_morning, function="billing")]
    hours = {day: ["9:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    declared = {"calendars": {"desk": {"hours": hours}}}
    for over, expected in (("30 minutes", []), ("29 minutes", ["long_wait"])):
        rules = {"long_wait": {"seam_over": over, "calendar": "desk"}}
        assert [kind for kind, *_ in told(engine, rows, breaks=rules, **declared)] == expected
    (seam,) = company.seams(engine)
    assert seam.business_ms == 30 * 60_000
    assert seam.elapsed_ms == (2 * 24 + 16) * 3_600_000 + 30 * 60_000


def test_who_hangs_up_at_once_did_not_abandon(engine):
    rows = [
        row(n, T0 + n, function="sales", outcome="abandoned", wait_ms=wait)
        for n, wait in enumerate([None, 5_000, 5_001])
    ]
    assert [identity for _, _, _, identity, _ in told(engine, rows)] == ["i0", "i2"]


def test_a_machine_that_solves_nothing_and_leads_nowhere_is_a_dead_end(engine):
    session = {"actor": "machine", "initiated_by": "customer", "outcome": "unresolved", "function": "service"}
    rows = [row(1, T0, **session), row(2, T0 + 2 * DAY_US, **session), row(3, T0 + 3 * DAY_US, actor="human")]
    assert told(engine, rows) == [("dead_end", None, "service", "i1", ["i1"])]
    assert told(engine, rows[:1], as_of=T0 + DAY_US - 1) == []


def test_what_was_solved_and_comes_back_is_reopened(engine):
    rows = [
        row(1, T0, function="sales", outcome="resolved"),
        row(2, T0 + DAY_US, function="billing", outcome="unresolved"),
    ]
    assert told(engine, rows) == [("reopened", "sales", "billing", "i2", ["i1", "i2"])]


def test_a_customer_who_tells_again_who_they_are(engine):
    rows = [
        row(1, T0, function="sales", activity="identify", team="a"),
        row(2, T0 + 1, function="sales", activity="identify", team="a"),
        row(3, T0 + 2, function="billing", activity="identify", team="a"),
        row(4, T0 + 3, function="billing", activity="identify", team="a"),
        row(5, T0 + 4, function="billing", asked_again=True),
    ]
    rules = {"asked_again": {"activities": ["identify"]}}
    assert told(engine, rows, breaks=rules) == [
        ("asked_again", "sales", "billing", "i3", ["i2", "i3"]),
        ("asked_again", "billing", "billing", "i4", ["i2", "i4"]),
        ("asked_again", "billing", "billing", "i5", ["i5"]),
    ]


@pytest.mark.parametrize(
    "kind", ["ping_pong", "repeat_contact", "broken_promise", "long_wait", "asked_again"]
)
def test_a_company_may_define_a_kind_itself(engine, kind):
    rows = [
        contact(1, T0, function="sales"),
        contact(2, T0 + 1, function="billing", a_state="lost", asked_again=True, wait_ms=600_000),
        contact(3, T0 + 2, function="sales"),
    ]
    others = dict.fromkeys(("repeat_contact", "ping_pong", "long_wait", "asked_again"), "off")
    found = told(engine, rows, breaks=others | {kind: {"when": "state = 'lost'"}})
    assert found == [(kind, "sales", "billing", "i2", ["i2"])]


def test_ids_with_quotes_stay_readable_json(engine):
    rows = [
        row(1, T0, function="sales", interaction_id='a"b\\c', outcome="resolved"),
        contact(2, T0 + 1, interaction_id="d'e"),
    ]
    assert [evidence for *_, evidence in told(engine, rows)] == [['a"b\\c', "d'e"]]


def test_a_break_costs_what_the_charter_says(engine):
    values = {"contact": {"value": 6.5, "range": [5, 8], "source": "controlling"}}
    told(engine, [contact(1, T0, function="sales"), contact(2, T0 + DAY_US)], values=values)
    assert [made.cost_cents for made in company.breaks(engine)] == [650]
    (passage,) = company.dicts(engine, "select * from passages")
    assert (passage["cost_cents"], passage["cost_low_cents"], passage["cost_high_cents"]) == (650, 500, 800)
    assert (passage["shown"], passage["rate"], passage["median_elapsed_ms"]) == (
        "suppressed",
        None,
        86_400_000,
    )


def test_every_kind_that_cannot_be_seen_says_why(engine):
    told(engine, [row(1, T0, function="sales")], breaks={"ping_pong": "off"})
    rates = {rate["kind"]: rate for rate in company.dicts(engine, "select * from break_rates")}
    assert len(rates) == 10
    assert {rate["status"] for rate in rates.values()} == {"off"}
    assert rates["ping_pong"]["reason"] == "turned off in the charter"
    assert rates["abandonment"]["reason"] == "needs the column outcome"
    assert "initiated_by" in rates["repeat_contact"]["reason"]
