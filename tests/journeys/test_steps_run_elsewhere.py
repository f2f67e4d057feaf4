"""Every step passes the allow-list, and is text that Spark's dialect can say."""

import company
import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from portance.engine import Step
from portance.engine.guard import check
from portance.journeys import tracing
from portance.journeys.stage import Journeys

EVERYTHING = company.charter(
    calendars={"desk": {"hours": {"mon": ["9:00-17:00"]}}},
    journeys={"care": {"by": "person", "where": "channel <> 'spam'"}, "ticket": {"by": "case", "case": "ticket"}},
    breaks={
        "asked_again": {"activities": ["identify"]}, "long_wait": {"seam_over": "1 hour", "calendar": "desk"},
        "dead_end": {"when": "state = 'it''s \"lost\"'"}, "ping_pong": {"between": "team"},
    },
    promises={
        "fast": {"says": "x", "journey": "care", "clock": {"from": "a", "to": "b"}, "expected": {"due": "a"}, "offered": {"at_most": 2}},
        "open": {"says": "x", "journey": "care", "clock": {"from": "a", "to": "b", "unit": "business_hours", "calendar": "desk"}, "offered": {"at_most": 2}},
        "days": {"says": "x", "journey": "care", "clock": {"from": "a", "to": "b", "unit": "business_days", "calendar": "desk"}, "offered": {"at_most": 2}},
        "local": {"says": "x", "journey": "ticket", "clock": {"from": "a", "to": "b", "unit": "calendar_days"}, "expected": {"due": "c"}},
        "made": {"says": "x", "journey": "ticket", "measure": "last(made)"},
        "mean": {"says": "x", "journey": "ticket", "measure": "avg(duration_s)", "functional": "mean", "intended": {"at_most": 60},
                 "void_when": "outcome = 'abandoned'"},
    },
    segments={"channel": {"by": "channel"}, "long": {"by": "case when duration_s > 60.5 then 'long' else 'short' end"}},
    sampling={"weight": "case when state = 'x' then 0.25 else 1 end"},
    values={"contact": {"value": 6.5, "source": "controlling"}},
)  # fmt: skip


def planned(engine) -> tuple[Step, ...]:
    engine.drop("interactions")
    return Journeys(EVERYTHING, engine).steps(company.T0, (0, company.T0))


def test_a_plan_can_be_made_and_checked_before_there_is_anything(engine):
    steps = planned(engine)
    assert len({step.name for step in steps}) == len(steps)
    assert all(step.note for step in steps)
    known = {"interactions", "slots_desk", "days_desk", "slots_local", "days_local"}
    for step in steps:
        check(step)
        assert set(step.reads) <= known, step.name
        known.add(step.name)


def test_every_step_can_be_said_in_the_dialect_of_spark(engine):
    for step in planned(engine):
        (text,) = sqlglot.transpile(
            step.sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE
        )
        assert isinstance(sqlglot.parse_one(text, dialect="spark", error_level=ErrorLevel.RAISE), exp.Query)


def test_the_plan_is_what_runs(engine):
    rows = [
        company.row(1, company.T0, function="sales"),
        company.row(2, company.T0 + 1, function="billing", a_state="x"),
    ]
    engine.trace.clear()
    company.built(engine, EVERYTHING, rows)
    assert [run.name for run in engine.trace] == [
        step.name for step in Journeys(EVERYTHING, engine).steps(company.T0)
    ]


def test_times_before_1970_and_long_after_are_only_numbers(engine):
    rows = [
        company.row(1, -10 * company.DAY_US - 1, function="sales", activity="a"),
        company.row(2, -10 * company.DAY_US, function="billing", activity="b"),
        company.row(3, 4_291_747_200_000_000, function="sales", activity="a"),  # 2106
    ]
    company.built(engine, company.charter(calendars={"desk": {"hours": {"mon": ["9:00-17:00"]}}},
                                          breaks={"long_wait": {"seam_over": "1 hour", "calendar": "desk"}}), rows)  # fmt: skip
    assert engine.count("journeys") == 2
    assert [(seam.elapsed_ms, seam.business_ms) for seam in company.seams(engine)] == [(0, 0)]


@pytest.mark.parametrize("word", [64, 8], ids=["packed", "too large to pack"])
@pytest.mark.parametrize("by", ["person", "case"])
def test_the_map_counts_as_the_steps_do(engine, by, word, monkeypatch):
    monkeypatch.setattr(tracing, "_WORD", word)
    rows = [
        company.row(n, company.T0 + n * 50 * company.HOUR_US * (1 + n % 5), person=n % 4, case_id=f"c{n % 3}",
                    activity=["a", "b", None, "c"][n * n % 4], function=["sales", "billing", None][n * n % 3])
        for n in range(60)
    ]  # fmt: skip
    charter = company.charter(journeys={"care": {"by": by}})
    company.built(engine, charter, rows)
    told = Journeys(charter, engine).map("care")
    follows = engine.rows("select from_activity, to_activity, n from directly_follows order by n desc, 1, 2")
    assert [tuple(row.values()) for row in told.directly_follows.to_pylist()] == follows
    assert [tuple(row.values()) for row in told.handovers.to_pylist()] == engine.rows(
        "select previous_function, function, count(*) from journey_interactions where previous_function <> function "
        "group by all order by 3 desc, 1, 2"
    )
    variants = engine.rows(
        "select variant, count(*) from (select string_agg(coalesce(activity, '?'), ' > ' order by position) as variant "
        "from journey_interactions group by journey_key) group by all order by 2 desc, 1"
    )
    spelled = told.spelled(100)
    assert sorted(spelled) == sorted(variants)
    assert [count for _, count in spelled] == [count for _, count in variants]
    assert told.journeys == engine.count("journeys")
    assert told.spelled(1) == spelled[:1]


def test_many_activities_and_none_are_mapped_too(engine):
    names = [f"step {n:03d}" for n in range(300)]
    rows = [company.row(n, company.T0 + n, activity=name) for n, name in enumerate(names)]
    charter = company.charter()
    company.built(engine, charter, rows)
    assert Journeys(charter, engine).map("care").spelled(5) == [(" > ".join(names), 1)]
    company.built(engine, charter, [])
    told = Journeys(charter, engine).map("care")
    assert (told.journeys, told.variants.num_rows, told.handovers.num_rows) == (0, 0, 0)
