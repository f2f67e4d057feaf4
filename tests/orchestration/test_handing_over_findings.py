"""What is said of take-overs and answers, in both languages, and when nothing is."""

import pytest
from handed_company import handing_charter

from portance.findings.handing_over import Handed, hand_over
from portance.orchestration.answering.records import ANSWER_TIMES, CONTACT_REASONS, CONTINUITY
from portance.orchestration.takeover.records import TAKEOVERS


def _row(schema, **told):
    return dict.fromkeys(schema.names) | {"shown": "point", "persons": 400} | told


def _interval(name, low, value, high):
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _machine(**told):
    return _row(
        TAKEOVERS, machine="assistant", function="digital", handovers=300, sessions=900, asked=120, **told
    )


def _found(**rows):
    charter = handing_charter(
        machines={
            "assistant": {
                "name": {"fr": "Assistant", "en": "Assistant"},
                "function": "digital",
                "channel": "chat",
                "human": True,
            }
        },
        functions={
            "digital": {"name": {"fr": "Numérique", "en": "Digital"}},
            "service": {"name": {"fr": "Relation client", "en": "Customer care"}},
            "billing": {},
        },
    )
    return list(hand_over(charter, Handed(**rows)))


def test_nothing_is_said_of_nothing():
    assert _found() == []


def test_the_trapped_are_told_in_both_languages():
    (told,) = _found(takeovers=[_machine(**_interval("trapped", 0.25, 0.32, 0.4), people_trapped=38)])
    assert (told.kind, told.grade, told.owners, told.people) == ("takeover", "A", ("digital",), 38)
    assert told.people_low == pytest.approx(38 * 0.25 / 0.32)
    assert told.text.fr.startswith(
        "Sur 120 sessions où le client demande un humain à «\u00a0Assistant\u00a0», 32\u202f% (25\u202f% à 40\u202f%)"
    )
    assert (
        told.text.en
        == "Of 120 sessions in which the customer asks “Assistant” for a human, 32% (25% to 40%) reach none within 24 h."
    )


@pytest.mark.parametrize("interval", [(0.04, 0.1, 0.2), (None, None, None)])
def test_what_is_not_sure_is_not_told(interval):
    assert _found(takeovers=[_machine(**_interval("trapped", *interval))]) == []


def test_few_persons_are_not_told():
    assert _found(takeovers=[_machine(**_interval("trapped", 0.25, None, 0.4)) | {"shown": "interval"}]) == []


def test_a_declared_way_that_does_not_lead_to_a_human_is_told():
    (told,) = _found(takeovers=[_machine(path=True, **_interval("reachable", 0.2, 0.25, 0.3))])
    assert "25% (20% to 30%)" in told.text.en
    assert _found(takeovers=[_machine(path=None, **_interval("reachable", 0.2, 0.25, 0.3))]) == []
    assert _found(takeovers=[_machine(path=True, **_interval("reachable", 0.4, 0.5, 0.6))]) == []


def test_asking_again_and_waiting_are_told_of_both_functions():
    row = _machine(
        **_interval("asked_again", 0.3, 0.35, 0.4),
        **_interval("waited_long", 0.3, 0.4, 0.5),
        people_again=80,
        people_long=90,
        wait_s=400.0,
    ) | {"to_function": "service"}
    again, waited = _found(takeovers=[row])
    assert again.owners == waited.owners == ("digital", "service")
    assert "must say again" in again.text.en
    assert waited.text.fr.endswith("la moitié attend plus de 6,7 min.")
    assert again.rows_filter == "machine = 'assistant' and function = 'digital' and to_function = 'service'"


def _desk(**told):
    return _row(
        ANSWER_TIMES,
        desk="phones",
        function="service",
        channel="phone",
        offered=900,
        standard_s=60.0,
        standard_share=0.8,
        hours="business",
        gave_up=0.12,
        **told,
    )


def test_a_missed_standard_is_told_with_those_who_gave_up():
    (told,) = _found(
        answer_times=[_desk(verdict="missed", within_share=0.6, low=0.55, high=0.65, people_late=300)]
    )
    assert (
        told.text.en
        == "Customer care (phone) answers 60% (55% to 65%) of contacts within 60 s (opening hours), the standard, where 80% are aimed at. 12% gave up."
    )
    assert "le délai fixé, pour 80\u202f% visés. 12\u202f% ont renoncé." in told.text.fr
    assert told.people_low == pytest.approx(300 * 0.35 / 0.4)


@pytest.mark.parametrize("verdict", ["kept", "not_detectable", "no_standard", "not_measurable"])
def test_no_other_verdict_is_told(verdict):
    assert _found(answer_times=[_desk(verdict=verdict, within_share=0.6, low=0.5, high=0.9)]) == []


def test_what_was_announced_is_told_where_most_wait_longer():
    (told,) = _found(
        answer_times=[_desk(verdict="kept", announced_s=30.0, **_interval("announced_share", 0.3, 0.35, 0.4))]
    )
    assert "the time that customers are told" in told.text.en


def test_continuity_is_told_as_an_association_only():
    row = _row(
        CONTINUITY,
        journey_type="care",
        journeys=500,
        same_adviser=0.1,
        low=0.08,
        high=0.12,
        verdict="rarer",
        **_interval("effect", -0.2, -0.1, -0.02),
    )
    (told,) = _found(continuity=[row])
    assert told.grade == "D"
    assert "10 (2 to 20) points fewer" in told.text.en
    assert "une association, pas une preuve" in told.text.fr
    assert _found(continuity=[row | {"verdict": "not_detectable"}]) == []


def test_codes_that_do_not_say_what_customers_write_are_told():
    whole = _row(
        CONTACT_REASONS,
        n=800,
        **_interval("agreement", 0.4, 0.45, 0.5),
        **_interval("kappa", 0.15, 0.2, 0.25),
    )
    other = _row(CONTACT_REASONS, coded="Autre", n=300, share=0.4, low=0.36, high=0.44, other=True)
    under = _row(
        CONTACT_REASONS,
        coded="Autre",
        text_says="late_parcel",
        n=200,
        share=0.66,
        low=0.6,
        high=0.7,
        other=True,
        hides=True,
    )
    wrong = _row(
        CONTACT_REASONS,
        coded="info",
        text_says="late_parcel",
        n=90,
        share=0.8,
        low=0.7,
        high=0.9,
        other=False,
        hides=True,
    )
    weak, hides, hidden = _found(contact_reasons=[whole, other, under, wrong])
    assert "κ = 0.20 (0.15 to 0.25)" in weak.text.en
    assert "first about “late parcel” (66% (60% to 70%))" in hides.text.en
    assert hidden.title.fr == "«\u00a0info\u00a0» cache «\u00a0late parcel\u00a0»"


def test_every_text_has_its_two_languages_and_no_cause():
    rows = _found(
        takeovers=[_machine(**_interval("trapped", 0.25, 0.32, 0.4), people_trapped=38)],
        answer_times=[_desk(verdict="missed", within_share=0.6, low=0.55, high=0.65, people_late=300)],
    )
    for told in rows:
        assert told.text.fr != told.text.en
        assert not any(
            word in (told.text.en + told.text.fr).lower()
            for word in ("because", "cause", "parce que", "provoque")
        )
