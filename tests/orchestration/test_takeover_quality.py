"""What is told of hand-overs, on logs whose truth is written out."""

import random

import pytest
from handed_company import DAY_US, HOUR_US, MINUTE_US, SECOND_US, T0, Log, handing_charter

from portance.engine import Engine
from portance.orchestration.takeover.measuring import take_over

AS_OF = T0 + 60 * DAY_US


@pytest.fixture(scope="module")
def engine():
    with Engine(threads=1) as opened:
        yield opened


def _told(engine, log, declared=None, seed=0):
    declared = declared or handing_charter()
    log.into(engine, declared, AS_OF)
    return take_over(declared, engine, AS_OF, seed)["takeovers"].to_pylist()


def _whole(rows):
    return next(row for row in rows if row["to_function"] is None)


def test_without_a_machine_one_row_says_so(engine):
    log = Log()
    log.human(1, 0)
    (row,) = _told(engine, log)
    assert (row["sessions"], row["shown"], row["reason"]) == (0, "suppressed", "no_machine_session")


def test_nothing_at_all_is_no_crash(engine):
    (row,) = _told(engine, Log())
    assert row["reason"] == "no_machine_session"


def test_context_wait_and_outcome_of_hand_overs(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, "transferred")
        again = person < 10
        # left at 60 s, reached at 100 s, answered 50 s later: 90 s
        log.human(person, 100 * SECOND_US, wait_ms=50_000, initiated_by=None, asked_again=again)
        if person < 8:  # eight come back for the same reason, four for another
            log.human(person, 2 * DAY_US)
        elif person < 12:
            log.human(person, 2 * DAY_US, intent="move")
    rows = _told(engine, log)
    row = _whole(rows)
    assert (row["machine"], row["handovers"], row["persons"], row["path"]) == ("assistant", 40, 40, True)
    assert row["asked_again"] == pytest.approx(0.25)
    assert row["asked_again_low"] < 0.25 < row["asked_again_high"]
    assert row["wait_s"] == pytest.approx(90)
    assert row["solved"] == pytest.approx(0.8)
    assert row["waited_long"] == 0
    (to,) = [one for one in rows if one["to_function"] is not None]
    assert (to["to_function"], to["solved"], to["trapped"]) == ("service", pytest.approx(0.8), None)


def test_those_who_gave_up_waiting_count_in_the_wait_and_are_not_settled(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, "transferred")
        log.human(
            person,
            MINUTE_US,
            "abandoned" if person < 25 else "resolved",
            wait_ms=10_000 if person < 25 else 400_000,
            initiated_by=None,
        )
    row = _whole(_told(engine, log))
    assert row["wait_s"] == pytest.approx(
        400
    )  # the median of answers alone; dropping nobody, at 10 s nobody was answered
    assert row["solved"] == pytest.approx(15 / 40)
    assert row["reachable"] == pytest.approx(15 / 40)


def test_a_session_passed_on_to_nobody_is_counted(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, "transferred")
        if person >= 10:
            log.human(person, MINUTE_US, initiated_by=None)
    row = _whole(_told(engine, log))
    assert (row["handovers"], row["unanswered"]) == (40, 10)
    assert row["solved"] == pytest.approx(0.75)
    assert row["waited_long"] == pytest.approx(0.25)


def test_trapped_are_those_who_asked_and_reached_nobody_in_time(engine):
    log = Log()
    for person in range(60):
        asked = person < 40
        log.session(person, 0, "unresolved", activity="asked for a person" if asked else "chat")
        if person < 30:
            log.human(person, HOUR_US if person < 20 else 3 * DAY_US)
    row = _whole(_told(engine, log))
    assert row["asked"] == 40
    assert row["trapped"] == pytest.approx(0.5)
    assert row["reachable"] == pytest.approx(20 / 60)


def test_one_who_hung_up_on_the_queue_is_still_trapped(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, activity="asked for a person")
        log.human(person, HOUR_US, "abandoned", duration_ms=0)
    row = _whole(_told(engine, log))
    assert row["trapped"] == 1


def test_those_who_asked_too_lately_are_not_judged_yet(engine):
    log = Log()
    for person in range(40):
        log.session(person, 60 * DAY_US - HOUR_US, activity="asked for a person")
    row = _whole(_told(engine, log))
    assert (row["asked"], row["trapped"]) == (0, None)
    assert "nobody_asked" in row["reason"]


def test_without_a_formula_nobody_is_said_to_be_trapped(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, activity="asked for a person")
    row = _whole(_told(engine, log, handing_charter(takeover={})))
    assert row["trapped"] is None
    assert "asked_human_not_declared" in row["reason"]
    assert row["reachable"] == 0


def test_late_is_after_a_session_that_failed_with_no_human_between(engine):
    log = Log()
    for person in range(60):
        if person < 20:  # failed once, then handed over
            log.session(person, 0, "unresolved")
        elif person < 40:  # failed once, met a human, then handed over
            log.session(person, 0, "unresolved")
            log.human(person, HOUR_US // 2)
        log.session(person, HOUR_US, "transferred")
        log.human(person, HOUR_US + 5 * MINUTE_US, initiated_by=None)
    row = _whole(_told(engine, log))
    assert row["handovers"] == 80  # those who met a human after the first session count once more
    assert row["late"] == pytest.approx(20 / 80)


def test_a_settled_session_followed_by_a_call_is_no_hand_over(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, "resolved")
        log.human(person, HOUR_US)
    assert _whole(_told(engine, log))["handovers"] == 0


def test_a_parcel_brought_by_a_human_is_no_hand_over(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, "unresolved")
        log.human(person, HOUR_US, initiated_by="company", intent=None, activity="delivery")
    row = _whole(_told(engine, log))
    assert (row["handovers"], row["reached"]) == (0, 0)


def test_a_call_back_for_the_same_reason_is_one(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, "transferred")
        log.human(person, HOUR_US, initiated_by="company")
    row = _whole(_told(engine, log))
    assert (row["handovers"], row["unanswered"]) == (40, 0)


def test_premature_is_what_the_machine_settles_of_the_same_reason_and_is_said_to_be_at_most(engine):
    log = Log()
    for person in range(200):
        if person < 100:
            log.session(person, 0, "resolved" if person < 60 else "unresolved")
        else:
            log.session(person, 0, "transferred")
            log.human(person, 5 * MINUTE_US, initiated_by=None)
    row = _whole(_told(engine, log))
    assert row["premature"] == pytest.approx(0.6)
    assert row["premature_low"] < 0.6 < row["premature_high"]
    assert "premature_at_most" in row["reason"]


def test_without_sessions_alike_nothing_is_estimated_of_premature(engine):
    log = Log()
    for person in range(100):
        log.session(person, 0, "transferred", intent="rare")
        log.human(person, 5 * MINUTE_US, initiated_by=None, intent="rare")
        log.session(1000 + person, 0, "resolved", intent="usual")
    row = _whole(_told(engine, log))
    assert row["premature"] is None
    assert "premature_no_support" in row["reason"]


def test_few_persons_are_never_told(engine):
    log = Log()
    for person in range(4):
        log.session(person, 0, "transferred", activity="asked for a person")
        log.human(person, MINUTE_US, initiated_by=None, asked_again=True)
    for row in _told(engine, log):
        assert row["shown"] == "suppressed"
        assert {row[name] for name in row if name.endswith(("_low", "_high", "_s"))} | {
            row["asked_again"],
            row["solved"],
            row["trapped"],
        } == {None}


def test_one_person_with_a_thousand_sessions_is_one_person(engine):
    log = Log()
    for number in range(300):
        log.session(1, number * HOUR_US * 4, "transferred")
        log.human(1, number * HOUR_US * 4 + MINUTE_US * 5, initiated_by=None)
    row = _whole(_told(engine, log))
    assert (row["persons"], row["shown"], row["solved"]) == (1, "suppressed", None)


def test_machines_that_the_charter_does_not_name_are_told_under_their_function(engine):
    log = Log()
    for person in range(40):
        log.session(person, 0, "transferred", channel="phone")
        log.human(person, MINUTE_US * 5, initiated_by=None)
    row = _whole(_told(engine, log))
    assert (row["machine"], row["function"], row["path"]) == (None, "digital", None)


def test_sessions_of_nobody_follow_their_case(engine):
    log = Log()
    for case in range(40):
        log.session(None, 0, "transferred", case_id=f"c{case}")
        log.human(None, MINUTE_US * 5, initiated_by=None, case_id=f"c{case}")
    row = _whole(_told(engine, log))
    assert (row["handovers"], row["persons"]) == (40, 40)


def test_the_order_of_rows_changes_nothing(engine):
    log = Log()
    chance = random.Random(3)
    for person in range(50):
        for number in range(chance.randrange(1, 4)):
            log.session(person, number * DAY_US, chance.choice(["resolved", "unresolved", "transferred"]))
            if chance.random() < 0.6:
                log.human(
                    person, number * DAY_US + HOUR_US, chance.choice(["resolved", "unresolved", "abandoned"])
                )
    one = _told(engine, log)
    chance.shuffle(log.rows)
    assert _told(engine, log) == one


def test_the_truth_is_inside_the_interval_as_often_as_it_says(engine):
    log, chance = Log(), random.Random(11)
    for world in range(30):  # each function has an assistant and customers of its own
        for person in range(60):
            usual = chance.betavariate(3, 2)  # customers differ, hand-overs of one are alike
            for number in range(chance.randrange(1, 4)):
                who, at = 1000 * world + person, number * 3 * DAY_US
                log.session(who, at, "transferred", function=f"f{world:02}", intent=f"n{number}")
                log.human(
                    who, at + MINUTE_US, initiated_by=None, asked_again=chance.random() < usual, intent=f"n{number}"
                )  # fmt: skip
    rows = [row for row in _told(engine, log) if row["to_function"] is None]
    assert len(rows) == 30
    assert sum(row["asked_again_low"] <= 0.6 <= row["asked_again_high"] for row in rows) >= 26
