"""The steps against plain Python, on interactions that nobody chose."""

import json
from itertools import pairwise

import company
import pytest
import twin_of_journeys as twin
from company import DAY_US, HOUR_US, T0
from hypothesis import HealthCheck, given, settings

AGREE = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
AS_OF = T0 + 32 * DAY_US
CALENDAR = {
    "hours": {day: ["9:00-12:30", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": ["2025-03-12"],
}
VARIANTS = {
    "by person": company.charter(
        breaks={"asked_again": {"activities": ["identify", "order"]}, "long_wait": {"seam_over": "3 hours"}},
        promises={"delivered": {"says": "soon", "journey": "care", "clock": {"from": "order", "to": "deliver"},
                                "expected": {"due": "order"}, "offered": {"at_most": 2}, "owners": ["sales"],
                                "void_when": "activity = 'identify' and function = 'billing'"}},
    ),
    "by case": company.charter(
        journeys={"care": {"by": "case"}},
        calendars={"shop": CALENDAR},
        breaks={"repeat_contact": {"same": "anything", "within": "1 day"}, "ping_pong": {"between": "team"},
                "asked_again": {"activities": ["identify"], "within": "1 day"},
                "long_wait": {"seam_over": "3 hours", "calendar": "shop"}},
        promises={"delivered": {"says": "soon", "journey": "care", "clock": {"from": "order", "to": "deliver", "unit": "hours"},
                                "intended": {"at_most": 20}}},
    ),
    "some of them": company.charter(
        journeys={"care": {"by": "person", "gap": "8 hours", "where": "channel = 'phone' or outcome is null"}},
        promises={"delivered": {"says": "soon", "journey": "care", "clock": {"from": "order", "to": "order"},
                                "intended": {"at_most": 0.1}}},
    ),
}  # fmt: skip
WHERE = {"some of them": lambda row: row["channel"] == "phone" or row["outcome"] is None}


@pytest.mark.parametrize("name", VARIANTS)
@AGREE
@given(rows=company.logs())
def test_every_table_equals_its_twin(engine, name, rows):
    charter = VARIANTS[name]
    journey, where = charter.journeys["care"], WHERE.get(name)
    company.built(engine, charter, rows, AS_OF)
    cut = twin.journeys(rows, "care", journey, where)

    found = {}
    for placed in company.dicts(
        engine, "select journey_id, interaction_id from journey_interactions order by journey_id, position"
    ):
        found.setdefault(placed["journey_id"], []).append(placed["interaction_id"])
    assert found == {
        identity: [row["interaction_id"] for row in members] for identity, members in cut.items()
    }

    _check_journeys(engine, charter, cut)
    calendar = charter.calendars.get("shop")
    told_breaks = company.breaks(engine)
    expected = twin.breaks(
        rows, "care", journey, charter.breaks, AS_OF, zone="Europe/Paris", calendar=calendar, where=where
    )
    built_in = [made for made in told_breaks if made.kind != "broken_promise"]
    assert {twin.told(made) for made in built_in} == expected
    assert len(built_in) == len(expected)
    _check_seams(engine, cut, told_breaks, calendar)
    _check_clocks(engine, charter, cut, told_breaks)
    follows = {(row["from_activity"], row["to_activity"]): (row["n"], row["journeys"])
               for row in company.dicts(engine, "select * from directly_follows")}  # fmt: skip
    assert follows == twin.directly_follows(cut)


def _check_journeys(engine, charter, cut):
    told = {row["journey_id"]: row for row in company.dicts(engine, "select * from journeys")}
    assert told.keys() == cut.keys()
    for identity, members in cut.items():
        row = told[identity]
        assert (row["started_us"], row["ended_us"]) == (members[0]["t_us"], members[-1]["t_us"])
        assert row["interactions"] == len(members)
        assert row["functions"] == len({m["function"] for m in members} - {None})
        assert row["channels"] == len({m["channel"] for m in members} - {None})
        assert row["seams"] == sum(twin.is_seam(a, b) for a, b in pairwise(members))
        assert (row["first_activity"], row["last_activity"]) == (
            members[0]["activity"],
            members[-1]["activity"],
        )
        assert row["person_id"] == next((m["person_id"] for m in members if m["person_id"]), None)
        assert row["weight"] == 1.0
    counted = {
        row["journey_id"]: row["n"]
        for row in company.dicts(engine, "select journey_id, count(*) as n from breaks group by all")
    }
    assert {identity: row["breaks"] for identity, row in told.items() if row["breaks"]} == counted


def _check_seams(engine, cut, told_breaks, calendar):
    told = {(seam.journey_id, seam.to_interaction): seam for seam in company.seams(engine)}
    at = {}
    for made in told_breaks:
        at.setdefault((made.journey_id, made.interaction_id), set()).add(made.kind)
    expected = {
        (identity, b["interaction_id"]): (a, b, place)
        for identity, members in cut.items()
        for place, (a, b) in enumerate(pairwise(members), 2)
        if twin.is_seam(a, b)
    }
    assert told.keys() == expected.keys()
    for key, (a, b, place) in expected.items():
        seam = told[key]
        assert (seam.seam_position, seam.from_interaction) == (place, a["interaction_id"])
        assert (seam.from_function, seam.to_function) == (a["function"], b["function"])
        assert (seam.from_channel, seam.to_channel, seam.from_actor, seam.to_actor) == (
            a["channel"], b["channel"], a["actor"], b["actor"])  # fmt: skip
        assert (seam.left_us, seam.reached_us) == (a["t_us"], b["t_us"])
        assert seam.elapsed_ms == (b["t_us"] - a["t_us"]) // 1000
        changed = [twin.differ(a[column], b[column]) for column in ("function", "channel", "actor")]
        assert [seam.function_changed, seam.channel_changed, seam.actor_changed] == changed
        assert seam.break_kinds == ",".join(sorted(at.get(key, ())))
        assert seam.broken == (key in at)
        open_us = twin.business_us(calendar, "Europe/Paris", a["t_us"], b["t_us"]) if calendar else None
        assert seam.business_ms == (None if open_us is None else open_us // 1000)


def _check_clocks(engine, charter, cut, told_breaks):
    promise = charter.promises["delivered"]
    clock = promise.clock
    unit = {"days": DAY_US, "hours": HOUR_US}[clock.unit]
    level = promise.offered or promise.intended
    due = promise.expected.due if promise.expected else None
    void = (
        (lambda row: row["activity"] == "identify" and row["function"] == "billing")
        if promise.void_when
        else None
    )
    expected = {}
    for identity, members in cut.items():
        made = twin.clock(
            members,
            clock.from_,
            clock.to,
            limit_us=round(level.at_most * unit),
            due=due,
            as_of_us=AS_OF,
            void=void,
        )
        if made:
            expected[identity] = made
    told = {row["journey_id"]: row for row in company.dicts(engine, "select * from clocks")}
    assert {
        identity: (row["state"], row["started_us"], row["ended_us"], row["value_ms"], row["limit_us"])
        for identity, row in told.items()
    } == {identity: (*made[:3], made[3] // 1000, made[4]) for identity, made in expected.items()}
    assert all(row["censored"] == (row["ended_us"] is None) for row in told.values())
    broken = {made.journey_id: made for made in told_breaks if made.kind == "broken_promise"}
    assert broken.keys() == {identity for identity, made in expected.items() if made[0] == "broken"}
    for identity, made in broken.items():
        members, (_, _started, ended, _, limit) = cut[identity], expected[identity]
        assert made.promise == "delivered"
        assert made.at_us == (ended if ended is not None else limit)
        if ended is None:
            owner = promise.owners[0] if promise.owners else None
            assert (made.from_function, made.to_function, made.interaction_id) == (
                members[-1]["function"], owner, members[-1]["interaction_id"])  # fmt: skip
        else:
            place = [m["interaction_id"] for m in members].index(made.interaction_id)
            assert (members[place]["t_us"], members[place]["activity"]) == (ended, clock.to)
            assert (made.from_function, made.to_function) == (
                members[place - 1]["function"] if place else None, members[place]["function"])  # fmt: skip


@settings(AGREE, max_examples=5)
@given(rows=company.logs())
def test_arrival_does_not_matter_and_evidence_stays_with_the_person(engine, rows):
    charter = VARIANTS["by person"]
    tables = ("journeys", "seams", "breaks", "clocks", "directly_follows", "break_rates", "passages")
    company.built(engine, charter, rows, AS_OF)
    first = {table: engine.rows(f"select * from {table} order by all") for table in tables}
    company.built(engine, charter, rows[::-1], AS_OF)
    assert {table: engine.rows(f"select * from {table} order by all") for table in tables} == first

    placed = [row[0] for row in engine.rows("select interaction_id from journey_interactions")]
    assert sorted(placed) == sorted(row["interaction_id"] for row in rows if row["person_key"] is not None)
    person_of = {row["interaction_id"]: row["person_id"] for row in rows}
    for made in company.breaks(engine):
        assert {person_of[cited] for cited in json.loads(made.evidence)} == {made.person_id}
