"""The dose of human and machine: what sessions become, who does better at equal cases, the wait that a dose makes."""

import datetime as dt
import heapq
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from dosed_company import DAY_US, T0, dosing_charter, end_of, log, opened

from portance.estimation import Estimate
from portance.estimation.chatting import ChatDesk
from portance.estimation.doubly_robust import contrast
from portance.journeys.columns import CANONICAL
from portance.orchestration.dosage import dose, dosing
from portance.orchestration.dosage.comparing import _discovered, compared, issues
from portance.orchestration.dosage.contacts import read_contacts
from portance.orchestration.dosage.curving import DOSES, Flow, balanced, curves
from portance.orchestration.dosage.dosing import _by_intent, assigned
from portance.orchestration.dosage.issues import follow
from portance.orchestration.dosage.queues import Served, fit, queues
from portance.orchestration.dosage.queues import told as told_queue
from portance.orchestration.dosage.records import SCHEMAS
from portance.publication.dosage import DOSAGE_TABLES

HOUR_US = DAY_US // 24
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip


def written(*rows):
    """Interactions as they are told: (person, instant since the start in hours, actor, and what else)."""
    told = []
    for number, (person, hours, actor, *rest) in enumerate(rows):
        base = dict.fromkeys(CANONICAL) | {
            "interaction_id": f"i{number:06}", "tie": number, "person_key": person, "person_id": f"p{person}",
            "t_us": T0 + int(hours * HOUR_US), "local_day": (T0 + int(hours * HOUR_US)) // DAY_US, "source": "crm",
            "actor": actor, "channel": "phone" if actor == "human" else "chat", "intent": "bill", "activity": "asked",
            "function": "service" if actor == "human" else "digital", "initiated_by": "customer", "duration_ms": 60_000,
        }  # fmt: skip
        told.append(base | (rest[0] if rest else {}))
    columns = {name: pa.array([row[name] for row in told], _ARROW[kind]) for name, kind in CANONICAL.items()}
    for name in ("amount", "tries", "zone"):
        columns[f"a_{name}"] = pa.array([row.get(name) for row in told], pa.float64())
    return pa.table(columns)


def made(rows, **declared):
    with opened(rows) as engine:
        return {
            name: table.to_pylist()
            for name, table in dose(dosing_charter(**declared), engine, end_of(rows), 0).items()
        }


@pytest.fixture(scope="module")
def company():
    return made(
        log(11, issues=1000, effect=0.2, kind="linear"),
        segments={"side": {"by": "case when zone > 0 then 'north' else 'south' end"}},
    )


def many(*session, count=40):
    """The same story for so many persons."""
    return [(person, hours, actor, *rest) for person in range(count) for hours, actor, *rest in session]


def whole(tables):
    return next(row for row in tables["containment"] if row["intent"] == "all")


def test_every_table_is_there_with_its_columns_whatever_the_data(company):
    assert set(company) == set(SCHEMAS) == {table.name for table in DOSAGE_TABLES}
    for table in DOSAGE_TABLES:
        assert [column.name for column in table.columns] == SCHEMAS[table.name].names
    with opened(written((1, 0, "human"))) as engine:
        engine.drop("interactions")
        empty = dose(dosing_charter(), engine, T0, 0)
    assert {name: table.num_rows for name, table in empty.items()} == dict.fromkeys(SCHEMAS, 0)
    assert empty["dosage"].schema.metadata == {b"reason": b"no_contact"}


def test_a_log_of_humans_only_or_of_machines_only_says_why_nothing_is_compared():
    for actor in ("human", "machine"):
        tables = made(written(*many((0, actor))))
        assert all(row["verdict"] == "no_support" for row in tables["dosage"])
        assert not tables["dose_curve"]


def test_the_raw_comparison_is_turned_round_and_the_planted_effect_found(company):
    row = next(
        r
        for r in company["dosage"]
        if (r["intent"], r["segment"], r["outcome"]) == ("all", "all", "resolved")
    )
    assert row["raw"] < row["ci_low"]
    assert row["ci_low"] < 0.2 < row["ci_high"]
    assert row["verdict"] == "human"
    assert row["grade"] == "C"
    assert row["human"] - row["machine"] == pytest.approx(row["effect"])


def test_a_segment_is_told_beside_the_whole_and_costs_are_counted(company):
    assert {"all", "side=north", "side=south"} <= {row["segment"] for row in company["dosage"]}
    cost = next(
        r for r in company["dosage"] if (r["intent"], r["segment"], r["outcome"]) == ("all", "all", "cost")
    )
    assert cost["effect"] == pytest.approx(5, abs=1.2)
    assert cost["verdict"] == "machine"


def test_cases_that_only_humans_get_are_never_compared():
    tables = made(log(12, issues=500, kind="linear", overlap=False))
    assert {row["verdict"] for row in tables["dosage"] if row["outcome"] == "resolved"} == {"no_support"}
    assert all(row["effect"] is None and row["grade"] is None for row in tables["dosage"])
    assert all(row["value"] is None for row in tables["dose_curve"])
    assert next(iter(tables["machines"]))["effect"] is None


def test_a_return_by_another_channel_makes_containment_false():
    row = whole(made(written(*many((0, "machine"), (30, "human")))))
    assert (row["contained"], row["resolved"], row["false_containment"]) == (1.0, 0.0, 1.0)


def test_a_return_for_something_else_or_too_late_does_not():
    row = whole(made(written(*many((0, "machine"), (30, "human", {"intent": "move"}), (24 * 9, "human")))))
    assert row["resolved"] == 1.0


def test_a_session_that_a_human_takes_over_at_once_is_handed_not_contained():
    row = whole(made(written(*many((0, "machine", {"outcome": "transferred"}), (0.05, "human")))))
    assert (row["contained"], row["handed"]) == (0.0, 1.0)


def test_a_human_the_next_day_is_no_handover():
    row = whole(made(written(*many((0, "machine"), (24, "human")))))
    assert (row["handed"], row["false_containment"]) == (0.0, 1.0)


def test_a_dead_end_is_told_apart_from_what_is_settled():
    row = whole(made(written(*many((0, "machine", {"outcome": "abandoned"})))))
    assert (row["abandoned"], row["resolved"], row["false_containment"]) == (1.0, 0.0, 0.0)


def test_parts_of_containment_add_up(company):
    for row in company["containment"]:
        assert row["contained"] == pytest.approx(
            row["resolved"] + row["false_containment"] + row["abandoned"]
        )
        assert row["contained"] + row["handed"] == pytest.approx(1)


def test_the_last_window_is_left_out():
    rows = written(*many((0, "machine")), *[(100 + p, 24 * 20, "machine") for p in range(40)])
    with opened(rows) as engine:
        table = dose(dosing_charter(), engine, T0 + 21 * DAY_US, 0)["containment"].to_pylist()
    assert whole({"containment": table})["sessions"] == 40


def test_few_persons_are_never_told_a_point():
    row = whole(made(written(*many((0, "machine"), count=3))))
    assert row["shown"] == "suppressed"
    assert row["resolved"] is row["resolved_low"] is None


def test_contacts_that_the_company_began_are_no_repeat():
    row = whole(made(written(*many((0, "machine"), (30, "human", {"initiated_by": "company"})))))
    assert row["resolved"] == 1.0


def automated(control=True):
    """Weekly contacts: from week 16 on, half of those for bills go to the machine; moves go on as before."""
    rows, person = [], 0
    for week in range(32):
        for place in range(40):
            late = week >= 16 and place % 2 == 0
            rows.append((person, week * 168 + place * 0.5, "machine" if late else "human", {"duration_ms": 60_000 if late else 300_000 if week < 16 else 420_000 + place * 500}))  # fmt: skip
            if control:
                rows.append((person + 1, week * 168 + place * 0.5, "human", {"intent": "move"}))
            person += 2
    return written(*rows)


CHANGED = {"bot": {"kind": "automation", "since": "2025-04-28", "function": "digital"}}


def test_deflection_is_told_at_a_dated_change_beside_other_intents_only():
    assert dt.datetime.fromtimestamp(T0 / 1e6, dt.UTC).date() + dt.timedelta(weeks=16) == dt.date(2025, 4, 28)
    row = whole(made(automated(), changes=CHANGED))
    assert row["estimated"]
    assert row["deflected"] == pytest.approx(1.0, abs=0.05)
    assert whole(made(automated()))["reason"] == "no_dated_change"
    alone = whole(made(automated(control=False), changes=CHANGED))
    assert alone["deflected"] is None
    assert alone["reason"] == "no_control"


def test_what_remains_after_an_automation_is_harder_and_its_target_stale():
    indicator = {"function": "service", "measure": "avg(duration_s)", "better": "lower", "target": 280}
    rows = made(automated(control=False), changes=CHANGED, indicators={"handling": indicator})["remaining"]
    found = {row["measure"]: row for row in rows}
    assert found["handling_s"]["verdict"] == "harder"
    assert found["handling_s"]["stale"]
    assert found["contacts_per_week"]["difference"] == pytest.approx(-20, abs=1)
    assert found["hours_per_week"]["reason"] == "work_not_persons"
    dated = indicator | {"target": None, "targets": [["2025-05-05", 430]]}
    assert not next(r for r in made(automated(control=False), changes=CHANGED, indicators={"handling": dated})["remaining"] if r["measure"] == "handling_s")["stale"]  # fmt: skip


def test_those_who_never_succeed_where_only_a_machine_answers_are_told():
    rows = []
    for person in range(300):
        old = person % 3 == 0
        rows.append((person, person, "machine", {"zone": 1.0 if old else -1.0, "outcome": "abandoned" if old and person % 2 else "resolved"}))  # fmt: skip
    found = made(written(*rows), segments={"age": {"by": "case when zone > 0 then 'old' else 'young' end"}})[
        "left_out"
    ]
    top = found[0]
    assert (top["segment"], top["measure"], top["verdict"]) == ("age=old", "never_succeeds", "left_out")
    assert sum(row["verdict"] == "left_out" for row in found) == 1


AGES = {"age": {"by": "case when zone > 0 then 'old' else 'young' end"}}


def asked(count=400, *, fails_old=0.5, fails_young=0.05, humans=0, again=False):
    """One session each of ``count`` persons, half of them old; so many of each age fail, every ``humans``-th is answered by a person; ``again``: all succeed the next time."""
    draw, rows = np.random.default_rng(8), []
    for person in range(count):
        old = person % 2 == 0
        failed = draw.random() < (fails_old if old else fails_young)
        actor = "human" if humans and person % humans == 0 else "machine"
        rest = {"zone": 1.0 if old else -1.0, "outcome": "unresolved" if failed else "resolved"}
        rows.append((person, person, actor, rest))
        if again:
            rows.append((person, person + 400, actor, rest | {"outcome": "resolved"}))
    return written(*rows)


def excluded(rows, **declared):
    found = made(rows, segments=AGES, **declared)["left_out"]
    return {(row["segment"], row["measure"]): row for row in found}


def test_the_shares_of_those_left_out_are_the_planted_ones_and_those_of_the_others_stand_beside():
    row = excluded(asked())["age=old", "never_succeeds"]
    assert row["share_low"] < 0.5 < row["share_high"]
    assert row["others_low"] < 0.05 < row["others_high"]
    assert (row["persons"], row["verdict"], row["reason"]) == (200, "left_out", "machine_only")


def test_who_fails_as_often_as_the_others_is_not_left_out():
    found = excluded(asked(fails_old=0.5, fails_young=0.5))
    assert {row["verdict"] for row in found.values()} == {"not_detectable"}
    # Surely more, but by less than five points.
    slightly = excluded(asked(6000, fails_old=0.05, fails_young=0.02))["age=old", "never_succeeds"]
    assert slightly["share_low"] > slightly["others_high"]
    assert slightly["verdict"] == "not_detectable"


def test_who_failed_first_and_succeeded_later_did_succeed():
    row = excluded(asked(again=True))["age=old", "never_succeeds"]
    assert (row["share"], row["verdict"]) == (0.0, "not_detectable")


def test_nobody_is_left_out_of_what_humans_answer_too():
    assert excluded(asked(humans=100))["age=old", "never_succeeds"]["verdict"] == "left_out"
    assert not excluded(asked(humans=20))


def test_who_comes_less_may_need_it_less_and_is_never_left_out():
    rows = [
        (person, person, "machine", {"zone": 1.0 if person % 2 == 0 else -1.0, "intent": "move"})
        for person in range(400)
    ]
    rows += [
        (person, person + 500, "machine", {"zone": rest["zone"]})
        for person, _, _, rest in rows
        if person % 2 or person % 10 == 0
    ]
    found = made(written(*rows), segments=AGES)["left_out"]
    row = next(
        r for r in found if (r["intent"], r["segment"], r["measure"]) == ("bill", "age=old", "never_comes")
    )
    assert row["share"] == pytest.approx(0.8)
    assert row["others"] == 0.0
    assert (row["verdict"], row["reason"]) == ("comes_less", "need_unknown")
    assert "left_out" not in {r["verdict"] for r in found}


def after(rows, **declared):
    found = made(rows, changes=CHANGED, **declared)["remaining"]
    return {row["measure"]: row for row in found}


def steady(*, weeks=(12, 12), each=30, late=None, persons=None, seed=3):
    """So many human contacts a week before and after the automation of 28 April 2025; ``late`` is what differs after it."""
    rows, person = [], 0
    draw = np.random.default_rng(seed)
    for week in range(16 - weeks[0], 16 + weeks[1]):
        for place in range(each):
            told = {"duration_ms": 300_000 + int(draw.integers(-60_000, 60_000))}
            told |= (late or {}) if week >= 16 else {}
            who = person if persons is None else person % persons
            rows.append((who, week * 168 + place, "human", told))
            person += 1
    return written(*rows)


def test_what_stays_the_same_after_an_automation_is_not_harder_and_no_target_is_stale():
    indicator = {"function": "service", "measure": "avg(duration_s)", "better": "lower", "target": 280}
    found = after(steady(), indicators={"handling": indicator})
    row = found["handling_s"]
    others = [after(steady(seed=seed))["handling_s"] for seed in (1, 12)]
    assert {one["difference"] > 0 for one in (row, *others)} == {True, False}
    assert {one["verdict"] for one in (row, *others)} == {"not_detectable"}
    assert row["before"] == pytest.approx(300, abs=5)
    assert row["difference_low"] < 0 < row["difference_high"]
    assert (row["stale"], row["reason"]) == (False, "target_undated")
    assert found["contacts_per_week"]["verdict"] == "not_detectable"


def test_hours_left_to_humans_are_contacts_times_their_duration():
    row = after(steady(late={"duration_ms": 600_000}))["hours_per_week"]
    assert row["before"] == pytest.approx(30 * 300 / 3600, rel=0.02)
    assert row["after"] == pytest.approx(30 * 600 / 3600)
    assert row["hours"] == row["difference"] == pytest.approx(2.5, rel=0.02)
    assert row["posts"] == pytest.approx(row["hours"] / 35)
    assert after(steady(late={"duration_ms": 120_000}))["handling_s"]["verdict"] == "easier"


def test_customers_asked_again_after_an_automation_are_counted():
    row = after(steady(late={"asked_again": True}))["asked_again"]
    assert (row["before"], row["after"], row["verdict"]) == (0.0, 1.0, "harder")


def test_four_weeks_on_each_side_are_needed_and_an_automation():
    assert after(steady(weeks=(4, 5)))
    assert not after(steady(weeks=(3, 12)))
    assert not after(steady(weeks=(12, 3)))
    other = {"bot": CHANGED["bot"] | {"kind": "process"}}
    assert not made(steady(), changes=other)["remaining"]


def test_what_few_persons_left_to_humans_is_not_told():
    found = after(steady(persons=3))
    assert {row["shown"] for row in found.values()} == {"suppressed"}
    assert all(
        row[name] is None for row in found.values() for name in ("before", "after", "difference", "hours")
    )


def test_short_settled_calls_for_what_no_machine_treats_are_told():
    rows = many(
        (0, "human", {"intent": "hours", "duration_ms": 40_000}),
        (300, "human", {"duration_ms": 600_000}),
        count=60,
    )
    found = made(written(*rows))["phoned_for"]
    assert [row["intent"] for row in found] == ["hours"]
    assert not made(written(*rows), machines={"assistant": {"function": "digital", "intents": ["hours"]}})[
        "phoned_for"
    ]


def test_a_channel_that_nobody_declared_or_sessions_without_intent_get_no_verdict():
    undeclared = made(written(*many((0, "machine"), (30, "human"))), machines={})["machines"]
    assert [(row["verdict"], row["reason"]) for row in undeclared] == [("not_detectable", "not_declared")]
    silent = made(written(*many((0, "machine", {"intent": None}), (30, "human", {"intent": None}))))[
        "machines"
    ]
    assert [(row["verdict"], row["reason"]) for row in silent] == [("not_detectable", "intent_unknown")]


def test_an_undrawn_assignment_is_grade_c_and_a_drawn_one_grade_a():
    rows = log(13, issues=700, kind="linear")
    drawn = made(rows, levers={"assistant": {"assigned": "drawn"}})["dosage"]
    assert {row["grade"] for row in drawn if row["intent"] == "all" and row["reason"] is None} == {"A"}


PLANNED = {"assistant": {"assigned": "planned"}}


def test_a_planned_assignment_is_grade_b_only_where_its_automation_is_dated():
    told = {"levers": PLANNED, "changes": CHANGED}
    assert assigned(dosing_charter(**told), "assistant") == "B"
    assert assigned(dosing_charter(levers=PLANNED), "assistant") == "C"
    assert assigned(dosing_charter(changes=CHANGED), "assistant") == "C"
    elsewhere = {"bot": CHANGED["bot"] | {"function": "service"}}
    assert assigned(dosing_charter(levers=PLANNED, changes=elsewhere), "assistant") == "C"
    assert assigned(dosing_charter(levers={"other": {"assigned": "drawn"}}), "assistant") == "C"


def test_an_intent_has_the_weakest_grade_of_its_machines_and_all_of_them_one_grade_only_if_they_share_it():
    machines = {
        "assistant": {"function": "digital", "channel": "chat", "intents": ["bill", "card"]},
        "menu": {"function": "digital", "channel": "phone", "intents": ["move", "card"]},
    }
    charter = dosing_charter(machines=machines)
    with opened(written((1, 0, "machine"), (2, 0, "machine", {"intent": "move"}))) as engine:
        contacts = read_contacts(charter, engine)
        open_ended = read_contacts(dosing_charter(), engine)
    assert _by_intent(charter, contacts, {"assistant": "A", "menu": "C"}) == {
        "bill": "A",
        "card": "C",
        "move": "C",
    }
    assert _by_intent(charter, contacts, {"assistant": "B", "menu": "B"})["all"] == "B"
    # Without intents of its own a machine is asked for what it was met for.
    assert _by_intent(dosing_charter(), open_ended, {"assistant": "A"}) == {
        "bill": "A",
        "move": "A",
        "all": "A",
    }


def test_those_whom_the_machine_chose_to_hand_over_stay_grade_d_even_where_it_was_drawn_who_meets_it():
    rows, draw = [], np.random.default_rng(2)
    for person in range(700):
        machine, hard = draw.random() < 0.5, draw.random() < 0.5
        over = machine and draw.random() < (0.6 if hard else 0.2)
        rows.append(
            (person, person, "machine" if machine else "human", {"outcome": "transferred"} if over else {})
        )
        if over:
            rows.append((person, person + 0.05, "human"))
        if draw.random() < (0.5 if hard else 0.2):
            rows.append((person, person + 30, "human"))
    found = made(written(*rows), levers={"assistant": {"assigned": "drawn"}})["dosage"]
    grades = {
        compared: {row["grade"] for row in found if row["compared"] == compared}
        for compared in ("human_machine", "human_handover")
    }
    assert grades["human_machine"] - {None} == {"A"}
    assert grades["human_handover"] - {None} == {"D"}


def flow(**told):
    base = {
        "others": 20.0,
        "issues": 60.0,
        "handed": 0.1,
        "back": 0.5,
        "human": 0.9,
        "machine": 0.5,
        "effect_low": 0.3,
        "effect_high": 0.5,
    }
    return Flow(**(base | told))


def test_more_humans_mean_longer_waits_until_the_value_falls():
    desk = Served(agents=5, duration_s=300, patience_s=120, concurrency=1, within_s=20)
    points = [balanced(float(each), flow(), desk) for each in DOSES]
    waits = [point.waiting.mean_wait for point in points]
    assert waits == sorted(waits)
    values = [point.value for point in points]
    best = int(np.argmax(values))
    assert 0 < best < len(values) - 1
    assert values[-1] < values[best]
    roomy = [balanced(float(each), flow(), Served(50, 300, 120, 1, 20)).value for each in DOSES]
    assert roomy == sorted(roomy)


def test_the_balance_is_a_fixed_point():
    desk, told = Served(6, 300, 150, 1, 20), flow()
    point = balanced(0.6, told, desk)
    settled = point.value
    assert point.arrivals == pytest.approx(
        told.others + told.issues * (0.6 + 0.4 * told.handed + told.back * (1 - settled)), rel=1e-3
    )


def test_patient_customers_at_a_full_desk_wait_for_ever_and_are_not_settled():
    point = balanced(1.0, flow(machine=0.5, handed=0.0), Served(2, 300, None, 1, 20))
    assert np.isinf(point.waiting.mean_wait)
    assert point.value == 0.0


def test_a_chat_desk_has_as_many_places_as_its_people_hold_conversations():
    chat, phone = Served(3, 400, 200, 3, 20), Served(9, 400, 200, 1, 20)
    assert chat.waiting(75) == phone.waiting(75)
    assert (chat.model, phone.model, Served(3, 400, None, 1, 20).model) == ("chat", "erlang_a", "erlang_c")


@pytest.fixture(scope="module")
def talked():
    """One log of which the curve is asked for several desks; its contacts come about one in two hours, so they are long."""
    rows = log(15, issues=600, effect=0.15, kind="linear")
    charter, end = dosing_charter(), end_of(rows)
    with opened(rows) as engine:
        contacts = read_contacts(charter, engine)
    sessions = follow(contacts, charter.dosage.resolved_within, end, ({}, np.nan))
    found = issues(charter, contacts, sessions, {}, None)
    _, effects = compared(charter, contacts, found, {}, 0)

    def curve(waits=None, **desk):
        lived = (
            contacts if waits is None else replace(contacts, wait_s=np.where(contacts.human, waits, np.nan))
        )
        base = {
            "function": "service",
            "channel": "phone",
            "agents": 1,
            "handling": "9000 s",
            "patience": "4000 s",
        }
        several = queues(dosing_charter(desks={"written": base | desk}), lived, as_of_us=end, seed=0)
        points = curves(several, lived, sessions, found, effects)
        return [row for row in points if row["intent"] == "all"], told_queue(several[0])

    return curve


def test_conversations_that_slow_each_other_down_bend_the_curve_of_a_chat_desk(talked):
    slowed, queue = talked(concurrency=3, attention=0.7)
    places, plain = talked(concurrency=3)
    assert {row["model"] for row in slowed} == {"chat_simulated"}
    assert {row["model"] for row in places} == {"chat"}
    # The same time measured today: what slows down gets worse as more come, and better as fewer do.
    now = next(place for place, row in enumerate(places) if row["current"])
    assert slowed[-1]["wait_s"] > 1.2 * places[-1]["wait_s"]
    assert slowed[-1]["wait_s"] / slowed[now]["wait_s"] > places[-1]["wait_s"] / places[now]["wait_s"]
    assert slowed[-1]["value"] < places[-1]["value"]
    assert queue["alone_s"] < 0.95 * queue["handling_s"] == pytest.approx(0.95 * 9000)
    assert (queue["attention"], queue["attention_from"]) == (0.7, "declared")
    assert (plain["alone_s"], plain["attention_from"]) == (9000, "assumed")
    assert "conversations_not_seen_to_slow_each_other" in plain["reason"]


def test_one_conversation_at_a_time_or_none_slowed_is_erlang_exactly(talked):
    one, queue = talked(agents=3)
    three, _ = talked(concurrency=3)
    told, _ = talked(concurrency=3, attention=0.3)
    assert {row["model"] for row in one} == {"erlang_a"}
    assert queue["attention"] is queue["attention_from"] is None
    for name in ("wait_s", "abandoned", "value", "load", "arrivals"):
        assert [row[name] for row in one] == [row[name] for row in three] == [row[name] for row in told]


def test_the_curve_of_a_chat_desk_is_the_same_for_the_same_seed(talked):
    assert talked(concurrency=3, attention=0.7) == talked(concurrency=3, attention=0.7)


def test_a_balance_at_a_simulated_desk_is_a_fixed_point():
    chat = ChatDesk.simulated(3, concurrency=3, attention=0.5, duration=400, seed=0)
    desk, told = Served(3, 500, 300, 3, 20, chat), flow()
    point = balanced(0.6, told, desk)
    assert point.arrivals == pytest.approx(
        told.others + told.issues * (0.6 + 0.4 * told.handed + told.back * (1 - point.value)), rel=1e-3
    )
    assert point.waiting == desk.waiting(point.arrivals)


def called(count=400, *, patience=120.0, at_once=0.0):
    """Calls of ``count`` persons; a share ``at_once`` hang up as soon as they hear that they must wait."""
    draw = np.random.default_rng(5)
    stays = np.where(
        draw.random(count) < at_once, draw.exponential(3, count), draw.exponential(patience, count)
    )
    offered = draw.exponential(100, count)
    rows = []
    for person in range(count):
        gone = bool(stays[person] < offered[person])
        wait = {
            "wait_ms": int(1000 * min(stays[person], offered[person])),
            "outcome": "abandoned" if gone else None,
        }
        rows.append((person, 0.5 * person, "human", wait))
    return written(*rows)


def test_patience_is_measured_with_those_who_were_answered_and_its_form_is_checked():
    phone = {"hotline": {"function": "service", "channel": "phone", "agents": 6}}
    queue = made(called(), desks=phone)["queues"][0]
    assert queue["patience_from"] == "measured"
    assert queue["patience_low"] < 120 < queue["patience_high"]
    assert queue["patience_s"] == queue["patience_measured"]
    assert (queue["waited"], queue["patience_fit"]) == (400, "exponential")
    other = made(called(at_once=0.3), desks=phone)["queues"][0]
    assert other["patience_fit"] == "sooner"
    assert other["fit_low"] > other["fit_exponential"]
    declared = made(called(at_once=0.3), desks={"hotline": phone["hotline"] | {"patience": "600 s"}})[
        "queues"
    ][0]
    assert (declared["patience_s"], declared["patience_from"], declared["patience_fit"]) == (
        600,
        "declared",
        "sooner",
    )


def test_a_desk_without_handling_time_or_contacts_says_so():
    silent = written(*many((0, "human", {"duration_ms": None})))
    desks = {name: {"function": "service", "channel": name, "agents": 2} for name in ("phone", "chat")}
    found = {row["desk"]: row for row in made(silent, desks=desks)["queues"]}
    assert (found["phone"]["reason"], found["chat"]["reason"]) == ("no_handling_time", "no_contact")
    assert found["phone"]["model"] is None


def queued(*, agents=2, days=40, an_hour=8.0, handling=500.0):
    """Calls of a desk that is a queue: people who answer in order of arrival, eight hours a day."""
    draw, rows, person = np.random.default_rng(8), [], 0
    for day in range(days):
        free, now = [0.0] * agents, 0.0
        while (now := now + draw.exponential(3600 / an_hour)) < 8 * 3600:
            start, lasts = max(now, heapq.heappop(free)), draw.exponential(handling)
            heapq.heappush(free, start + lasts)
            told = {"wait_ms": int(1000 * (start - now)), "duration_ms": int(1000 * lasts)}
            rows.append((person, 24 * day + now / 3600, "human", told))
            person += 1
    return written(*rows)


def desk_of(rows, charter):
    with opened(rows) as engine:
        contacts = read_contacts(charter, engine)
    return queues(charter, contacts, as_of_us=end_of(rows), seed=0)[0]


def told_of(queue):
    return fit(queue.served.waiting(queue.arrivals).mean_wait, queue.waited)


def test_the_measured_wait_of_a_desk_that_is_a_queue_is_the_predicted_one_and_of_another_desk_is_not():
    rows = queued()
    desk = {"function": "service", "channel": "phone"}
    true, staffed, short = (
        desk_of(rows, dosing_charter(desks={"hotline": desk | {"agents": agents}})) for agents in (2, 12, 1)
    )
    assert true.waited.n == len(rows)
    waits = rows["wait_ms"].to_numpy() / 1000
    assert true.waited.value == pytest.approx(waits.mean())
    assert true.waited.ci_low < waits.mean() < true.waited.ci_high
    assert told_of(true) == "fits"
    assert told_of(staffed) == "longer"
    assert np.isinf(short.served.waiting(short.arrivals).mean_wait)
    assert fit(None, short.waited) == "shorter"


def test_time_when_the_desk_is_closed_is_no_wait():
    hours = {day: ["09:00 - 17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    rows = written(
        *((person, 24 * (person % 5) + 8.5, "human", {"wait_ms": 16 * 3_600_000}) for person in range(40))
    )
    desk = {"function": "service", "channel": "phone", "agents": 2}
    plain = desk_of(rows, dosing_charter(desks={"hotline": desk}))
    opened_ = desk_of(
        rows,
        dosing_charter(
            calendars={"office": {"hours": hours}}, desks={"hotline": desk | {"calendar": "office"}}
        ),
    )
    assert plain.waited.value == 16 * 3600
    assert opened_.waited.ci_high < 3600


@pytest.mark.parametrize(
    ("predicted", "low", "high", "told"),
    [
        (100.0, 51.0, 199.0, "fits"), (100.0, 49.0, 120.0, "not_detectable"), (100.0, 150.0, 201.0, "not_detectable"),
        (100.0, 201.0, 220.0, "longer"), (100.0, 30.0, 49.0, "shorter"), (1.0, 3.0, 10.9, "fits"), (1.0, 11.1, 12.0, "longer"),
        (None, 100.0, 110.0, "shorter"),
    ],
)  # fmt: skip
def test_a_wait_is_held_against_the_predicted_one_by_its_whole_interval(predicted, low, high, told):
    waited = Estimate((low + high) / 2, low, high, 400, 60, "point", "")
    assert fit(predicted, waited) == told
    assert (
        fit(predicted, None) == fit(predicted, replace(waited, ci_low=None, ci_high=None)) == "not_measured"
    )


def test_the_measured_wait_stands_at_the_dose_of_now_and_its_verdict_on_every_row(talked):
    near, _ = talked(agents=3)
    assert {row["fit"] for row in near} == {"not_measured"}
    assert all(row.get("wait_measured_s") is None for row in near)
    predicted = next(row["wait_s"] for row in near if row["current"])
    for times, told in ((1.2, "fits"), (40.0, "longer")):
        points, _ = talked(agents=3, waits=predicted * times)
        assert {row["fit"] for row in points} == {told}
        assert [row.get("wait_measured_s") is not None for row in points] == [
            row["current"] for row in points
        ]
        now = next(row for row in points if row["current"])
        assert now["wait_s"] == predicted, "what is measured never moves what is predicted"
        assert now["wait_measured_s"] == pytest.approx(predicted * times)
        assert now["wait_measured_low"] <= now["wait_measured_s"] <= now["wait_measured_high"]


def test_false_discoveries_are_controlled_as_published():
    p = np.array([.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1])  # fmt: skip
    assert int((_discovered(p) <= 0.05).sum()) == 4
    assert np.isnan(_discovered(np.array([np.nan, 0.01]))[0])


def test_the_same_seed_gives_the_same_tables():
    rows = log(14, issues=260, kind="linear")
    assert made(rows) == made(rows)


def test_the_only_machine_on_its_only_intent_is_told_as_its_intent_is(monkeypatch):
    rows = log(5, issues=1500)
    rows = rows.filter(pc.equal(rows["intent"], "bill"))
    asked = []

    def counted(y, *args, **told):
        asked.append(len(y))
        return contrast(y, *args, **told)

    monkeypatch.setattr(dosing, "contrast", counted)
    once = made(rows)["machines"]
    assert not asked
    monkeypatch.setattr(dosing, "compared", lambda *args: (compared(*args)[0], {}))
    assert made(rows)["machines"] == once
    assert len(asked) == 1
    assert once[0]["effect"] is not None


def test_a_machine_that_shares_its_intent_or_has_several_is_compared_apart(monkeypatch):
    rows, asked = log(5, issues=1500), []

    def counted(y, *args, **told):
        asked.append(len(y))
        return contrast(y, *args, **told)

    monkeypatch.setattr(dosing, "contrast", counted)
    made(rows)
    assert len(asked) == 1
    asked.clear()
    bills = rows.filter(pc.equal(rows["intent"], "bill"))
    odd = np.arange(len(bills)) % 2 == 1
    channel = np.where(np.array(bills["actor"].to_pylist()) == "human", "phone", np.where(odd, "chat", "web"))
    place = bills.column_names.index("channel")
    made(
        bills.set_column(place, "channel", pa.array(channel.tolist())),
        channels={"chat": {}, "web": {}, "phone": {"kind": "human"}},
        machines={name: {"function": "digital", "channel": name} for name in ("chat", "web")},
    )
    assert len(asked) == 2
