"""Answer times, continuity and coded reasons, on logs whose truth is written out."""

import random

import numpy as np
import pyarrow as pa
import pytest
from handed_company import DAY_US, HOUR_US, MINUTE_US, T0, Log, handing_charter

from portance.engine import Engine
from portance.orchestration.answering.answering import answer
from portance.orchestration.answering.coding import kappa
from portance.orchestration.answering.following import difference

AS_OF = T0 + 60 * DAY_US
PHONES = {
    "function": "service",
    "channel": "phone",
    "agents": 10,
    "within": "60 s",
    "share": 0.8,
    "source": "decided",
    "announced": "2 min",
}


@pytest.fixture
def engine():
    with Engine(threads=1) as opened:
        yield opened


def _told(engine, log, **declared):
    charter = handing_charter(**declared)
    log.into(engine, charter, AS_OF)
    return {name: table.to_pylist() for name, table in answer(charter, engine, AS_OF, 0).items()}


def test_nothing_at_all_gives_reasons(engine):
    told = _told(engine, Log())
    assert [rows[0]["reason"] for rows in told.values()] == [
        "no_desk_and_no_wait",
        "no_adviser_known",
        "no_text_read",
    ]


def test_those_who_gave_up_are_offered_and_not_answered(engine):
    log = Log()
    for person in range(100):
        gave_up = person < 30
        log.human(
            person,
            person * HOUR_US,
            "abandoned" if gave_up else "resolved",
            wait_ms=20_000 if gave_up else 40_000 if person < 90 else 600_000,
        )
    (row,) = _told(engine, log, desks={"phones": PHONES})["answer_times"]
    assert (row["offered"], row["answered"], row["gave_up"]) == (100, 70, pytest.approx(0.3))
    assert row["within_share"] == pytest.approx(0.6)  # 60 of 100, not 60 of 70
    assert row["verdict"] == "missed"
    assert row["median_s"] == pytest.approx(40)
    assert row["p90_s"] == pytest.approx(600)
    assert row["gap_s"] == pytest.approx(-20)  # the eightieth percentile of those who stay is 40 s
    assert row["announced_share"] == pytest.approx(0.6)


def test_a_standard_is_kept_missed_or_not_to_be_told(engine):
    def verdict(kept, of):
        log = Log()
        for person in range(of):
            log.human(person, person * MINUTE_US, wait_ms=10_000 if person < kept else 90_000)
        return _told(engine, log, desks={"phones": PHONES})["answer_times"][0]["verdict"]

    assert [verdict(190, 200), verdict(120, 200), verdict(160, 200), verdict(3, 3)] == [
        "kept",
        "missed",
        "not_detectable",
        "not_detectable",
    ]


def test_waits_are_counted_in_opening_hours(engine):
    log = Log()
    for person in range(40):  # from 17:50 for 16 h: open ten minutes on the day, fifty on the next
        log.human(person, 9 * HOUR_US + 50 * MINUTE_US, wait_ms=16 * 3_600_000)
    hours = {"day": {"hours": {day: ["09:00 - 18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}}}
    (row,) = _told(engine, log, calendars=hours, desks={"phones": PHONES | {"calendar": "day"}})[
        "answer_times"
    ]
    assert (row["hours"], row["median_s"]) == ("business", pytest.approx(3600))


def test_a_written_contact_is_answered_when_the_function_next_writes(engine):
    log = Log()
    for person in range(60):
        log.human(person, 0, None, channel="email", wait_ms=None, duration_ms=None)
        if person < 45:
            log.human(
                person,
                2 * HOUR_US,
                None,
                channel="email",
                wait_ms=None,
                initiated_by="company",
                duration_ms=None,
            )
    desk = {"function": "service", "channel": "email", "agents": 3, "within": "4 hours", "source": "decided"}
    (row,) = _told(engine, log, desks={"mails": desk})["answer_times"]
    assert (row["measured"], row["answered"], row["pending"]) == ("reply", 45, 15)
    assert row["median_s"] == pytest.approx(7200)
    assert row["within_share"] == pytest.approx(
        0.75
    )  # the others have been waiting for longer than the standard


def test_a_contact_of_the_last_minute_is_not_missed_yet(engine):
    log = Log()
    for person in range(60):
        log.human(person, 0 if person < 40 else 60 * DAY_US - HOUR_US, None, channel="email", wait_ms=None)
        if person < 40:
            log.human(person, HOUR_US, None, channel="email", wait_ms=None, initiated_by="company")
    desk = {"function": "service", "channel": "email", "agents": 3, "within": "4 hours", "source": "decided"}
    (row,) = _told(engine, log, desks={"mails": desk})["answer_times"]
    assert (row["within_share"], row["pending"]) == (1, 20)


def test_a_desk_that_nothing_tells_of_is_not_measurable(engine):
    log = Log()
    log.human(1, 0)
    desk = {"function": "billing", "channel": "email", "agents": 3}
    rows = _told(engine, log, desks={"mails": desk})["answer_times"]
    assert [(row["desk"], row["verdict"]) for row in rows] == [
        ("mails", "not_measurable"),
        (None, "no_standard"),
    ]


def test_machines_and_calls_of_the_company_are_no_contacts(engine):
    log = Log()
    for person in range(40):
        log.human(person, 0)
        log.human(person, HOUR_US, initiated_by="company", wait_ms=999_000)
        log.session(person, 2 * HOUR_US, function="service", channel="phone", wait_ms=999_000)
    (row,) = _told(engine, log, desks={"phones": PHONES})["answer_times"]
    assert (row["offered"], row["p90_s"]) == (40, pytest.approx(30))


def test_what_customers_expect_is_read_from_their_answers(engine):
    engine.table(
        "responses",
        pa.table(
            {
                "respondent": [f"r{n}" for n in range(40)],
                "question": ["wait"] * 40,
                "value": [25.0] * 20 + [35.0] * 20,
                "weight": [1.0] * 40,
            }
        ),
    )
    log = Log()
    for person in range(50):
        log.human(person, 0, wait_ms=20_000 if person < 20 else 30_000)
    (row,) = _told(engine, log, desks={"phones": PHONES | {"expected": "wait"}})["answer_times"]
    assert (row["expected_s"], row["expected_share"]) == (pytest.approx(25), pytest.approx(0.4))


# ---- continuity


def _followed(same_every, persons=120, agents=8, came_back=(0.1, 0.5), seed=0):
    """Each person is met twice; the same adviser every so often; they come back with a chance that depends on it."""
    log, chance = Log(), random.Random(seed)
    for person in range(persons):
        same = person % same_every == 0
        first = chance.randrange(agents)
        second = first if same else (first + 1 + chance.randrange(agents - 1)) % agents
        log.human(person, 0, "unresolved", agent=f"a{first}", intent="bill")
        log.human(person, 10 * DAY_US, agent=f"a{second}", intent="bill")
        if chance.random() < came_back[0 if same else 1]:
            log.human(person, 12 * DAY_US, agent=None, intent="bill")
    return log


def test_the_share_with_one_adviser_and_what_goes_with_it(engine):
    (row,) = _told(engine, _followed(2, persons=400))["continuity"]
    assert (row["journeys"], row["same_adviser"], row["advisers"]) == (
        400,
        pytest.approx(0.5),
        pytest.approx(1.5),
    )
    assert (row["verdict"], row["grade"]) == ("rarer", "D")
    assert row["effect_low"] < -0.4 < row["effect_high"]


@pytest.mark.parametrize(("agents", "reason"), [(4, "few_advisers"), (8, None)])
def test_fewer_than_five_advisers_are_never_told(engine, agents, reason):
    (row,) = _told(engine, _followed(2, agents=agents))["continuity"]
    assert row["reason"] == reason
    assert (row["same_adviser"] is None) == (reason is not None)


def test_one_adviser_who_holds_most_is_never_told(engine):
    log = _followed(2)
    for row in log.rows:
        row["agent"] = row["agent"] if row["tie"] % 5 == 0 else "a0"
    (row,) = _told(engine, log)["continuity"]
    assert (row["reason"], row["same_adviser"], row["effect"]) == ("one_adviser_dominates", None, None)


def test_few_persons_with_many_advisers_are_never_told(engine):
    (row,) = _told(engine, _followed(2, persons=9))["continuity"]
    assert (row["reason"], row["same_adviser"]) == ("few_persons", None)


def test_no_adviser_is_in_any_table(engine):
    told = _told(engine, _followed(2), desks={"phones": PHONES})
    assert not any(
        isinstance(value, str) and value.startswith("a") and value[1:].isdigit()
        for rows in told.values()
        for row in rows
        for value in row.values()
    )
    assert engine.columns_or_none("continuity_contacts") is None


def test_a_change_of_adviser_by_transfer_is_not_held_against_continuity(engine):
    log = _followed(2, persons=400)
    for row in log.rows:
        if row["outcome"] == "unresolved":
            row["outcome"] = "transferred"
    (row,) = _told(engine, log)["continuity"]
    assert (row["effect"], row["reason"]) == (None, "too_few_pairs")
    assert row["same_adviser"] == pytest.approx(0.5)


def test_reasons_that_come_back_more_do_not_pass_for_the_adviser():
    """Simpson: hard reasons meet more advisers and come back more; within each reason there is no difference."""
    generator = np.random.default_rng(1)
    inside, naive = 0, []
    for _ in range(60):
        hard = generator.random(800) < 0.5
        same = generator.random(800) < np.where(hard, 0.2, 0.8)
        back = generator.random(800) < np.where(hard, 0.5, 0.1)
        naive.append(back[same].mean() - back[~same].mean())
        made = difference(back, same, hard.astype(np.int64), np.arange(800) // 2)
        inside += made[1] <= 0 <= made[2]
    assert np.mean(naive) < -0.15
    assert inside >= 53


def test_reasons_without_both_sides_tell_nothing():
    flags = np.array([True, False, True, False])
    assert (
        difference(flags, np.array([True, True, False, False]), np.array([0, 0, 1, 1]), np.arange(4)) is None
    )


# ---- coded reasons


def _voices(engine, said, **more):
    base = {"treated": True, "public": False, "copy_of": None, "score": 1.0}
    rows = [
        {"interaction_id": f"i{number:06}", "irritant": irritant} | base | more for number, irritant in said
    ]
    engine.table("voices", pa.Table.from_pylist(rows, schema=pa.schema([("interaction_id", pa.string()), ("irritant", pa.string()), ("treated", pa.bool_()), ("public", pa.bool_()), ("copy_of", pa.string()), ("score", pa.float64())])))  # fmt: skip


def _coded(engine, pairs, **more):
    log = Log()
    for person, (code, _) in enumerate(pairs):
        log.human(person, person * MINUTE_US, intent=code)
    _voices(engine, [(number + 1, text) for number, (_, text) in enumerate(pairs)], **more)
    rows = _told(engine, log)["contact_reasons"]
    return {(row["coded"], row["text_says"]): row for row in rows}


def test_codes_that_say_what_texts_say_agree(engine):
    told = _coded(engine, [("bill", "wrong_bill"), ("parcel", "late_parcel")] * 60)
    assert told[None, None]["kappa"] == pytest.approx(1)
    assert told["bill", None]["agreement"] == pytest.approx(1)
    assert not told["bill", "wrong_bill"]["hides"]


def test_codes_given_at_random_do_not_agree(engine):
    chance = random.Random(4)
    told = _coded(
        engine,
        [
            (chance.choice(["bill", "parcel"]), chance.choice(["wrong_bill", "late_parcel"]))
            for _ in range(400)
        ],
    )
    row = told[None, None]
    assert row["kappa_low"] < 0.1
    assert row["kappa_high"] < 0.3


def test_a_code_that_tells_none_hides_what_is_written_under_it(engine):
    pairs = (
        [("bill", "wrong_bill")] * 60
        + [("parcel", "late_parcel")] * 60
        + [("Autre", "late_parcel")] * 80
        + [("Autre", "wrong_bill")] * 15
    )
    told = _coded(engine, pairs)
    assert told["Autre", None]["other"]
    assert told["Autre", None]["share"] == pytest.approx(95 / 215)
    assert told["Autre", None]["agreement"] is None
    assert told["Autre", "late_parcel"]["hides"]
    assert not told["Autre", "wrong_bill"]["hides"]


def test_a_wrong_code_hides_the_reason_that_texts_tell(engine):
    pairs = [("bill", "bill")] * 60 + [("parcel", "parcel")] * 60 + [("info", "parcel")] * 60
    told = _coded(engine, pairs)
    assert told["info", "parcel"]["hides"]
    assert told["info", None]["agreement"] == 0
    assert not told["parcel", "parcel"]["hides"]


def test_cells_of_few_persons_are_left_out(engine):
    told = _coded(
        engine, [("bill", "wrong_bill")] * 60 + [("bill", "rude_agent")] * 9 + [("rare", "wrong_bill")] * 9
    )
    assert ("bill", "rude_agent") not in told
    assert (told["rare", None]["n"], told["rare", None]["share"], told["rare", None]["shown"]) == (
        None,
        None,
        "suppressed",
    )


@pytest.mark.parametrize("more", [{"public": True}, {"copy_of": "i000001"}, {"treated": False}])
def test_public_reviews_copies_and_unread_texts_do_not_count(engine, more):
    told = _coded(engine, [("bill", "wrong_bill")] * 60, **more)
    assert told[None, None]["reason"] == "no_coded_reason_with_a_text"


def test_kappa_by_hand():
    # 20 yes-yes, 15 no-no, 5 yes-no, 10 no-yes: seen .7, by chance .5
    one = np.array(["y"] * 25 + ["n"] * 25)
    other = np.array(["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15)
    value, low, high = kappa(one, other, np.arange(50), 0)
    assert value == pytest.approx(0.4)
    assert low < 0.4 < high


def test_one_single_code_agrees_with_nothing_beyond_chance():
    assert kappa(np.array(["y"] * 9), np.array(["y"] * 9), np.arange(9), 0) == (None, None, None)
