"""Answers that suffice, customers addressed too often, and what the same persons answer after more contacts."""

import itertools
import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.charter import Charter
from portance.engine import Engine
from portance.experience.restraint import associating, needing, pressing
from portance.experience.restraint.restraining import restrain

DAY_US = 86_400_000_000
AS_OF_US = 1_767_225_600_000_000
MAIL = {"activities": ["mail"]}


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as made:
        yield made


def declared(**other: Any) -> Charter:
    return Charter.model_validate(
        {
            "portance": 1, "company": {"name": "Example", "timezone": "Europe/Paris"}, "functions": {"sales": {}, "service": {}},
            "sources": {}, "journeys": {"request": {"by": "case"}},
            "surveys": {"review": {"function": "service", "journey": "request", "rating": "csat", "satisfied": 4, "asked": "letter"}},
        } | other
    )  # fmt: skip


COLUMNS = pa.schema(
    [
        ("interaction_id", pa.string()), ("person_id", pa.string()), ("person_key", pa.int64()), ("case_id", pa.string()),
        ("t_us", pa.int64()), ("function", pa.string()), ("activity", pa.string()), ("initiated_by", pa.string()),
        ("rating", pa.float64()), ("rating_scale", pa.string()),
    ]
)  # fmt: skip


def load(engine: Engine, rows: list[dict[str, Any]]) -> None:
    """Interactions of requests, one journey per case."""
    for number, row in enumerate(rows):
        row |= {"interaction_id": f"i{number}", "person_id": f"p{row['person_key']}"}
    engine.table("interactions", pa.Table.from_pylist(rows, schema=COLUMNS))
    held = pa.Table.from_pylist([row for row in rows if row.get("case_id")], schema=COLUMNS)
    ids = [f"request:{case}" for case in held["case_id"].to_pylist()]
    held = held.append_column("journey_id", pa.array(ids, pa.string()))
    engine.table(
        "journey_interactions",
        held.append_column("journey_type", pa.array(["request"] * len(ids), pa.string())),
    )
    journeys: dict[str, dict[str, Any]] = {}
    for row in held.to_pylist():
        mine = journeys.setdefault(row["case_id"], {
            "journey_id": row["journey_id"], "journey_type": "request", "person_id": row["person_id"], "case_id": row["case_id"],
            "started_us": row["t_us"], "ended_us": row["t_us"],
        })  # fmt: skip
        mine["started_us"], mine["ended_us"] = (
            min(mine["started_us"], row["t_us"]),
            max(mine["ended_us"], row["t_us"]),
        )
    names = ("journey_id", "journey_type", "person_id", "case_id")
    schema = pa.schema(
        [*((name, pa.string()) for name in names), ("started_us", pa.int64()), ("ended_us", pa.int64())]
    )
    engine.table("journeys", pa.Table.from_pylist(list(journeys.values()), schema=schema))
    keys = sorted({row["person_key"] for row in rows})
    engine.table(
        "persons",
        pa.table(
            {
                "person_id": pa.array([f"p{key}" for key in keys], pa.string()),
                "person_key": pa.array(keys, pa.int64()),
            }
        ),
    )


def asked(person: int, case: int, at: int, answer: float | None) -> list[dict[str, Any]]:
    rows = [
        {"person_key": person, "case_id": f"c{case}", "t_us": at - DAY_US, "function": "service", "activity": "call", "initiated_by": "customer"},
        {"person_key": person, "case_id": f"c{case}", "t_us": at, "function": "service", "activity": "letter", "initiated_by": "company"},
    ]  # fmt: skip
    if answer is not None:
        rows.append(
            {
                "person_key": person,
                "case_id": f"c{case}",
                "t_us": at + DAY_US,
                "activity": "review",
                "rating": answer,
                "rating_scale": "csat",
            }
        )
    return rows


def test_the_answers_needed_are_those_of_the_textbook() -> None:
    assert needing.needed(0.5, 1.0, 0.05, None) == 385
    assert needing.needed(0.5, 1.0, 0.05, 1000) == 278
    assert needing.needed(0.5, 2.0, 0.05, None) == 769
    assert needing.needed(70, 1.0, 10, 1000) == 159


@given(
    spread=st.floats(0.1, 100), design=st.floats(1, 20), wanted=st.floats(0.01, 10),
    population=st.integers(10, 10**6),
)  # fmt: skip
def test_the_answers_needed_give_the_half_width_wanted(
    spread: float, design: float, wanted: float, population: int
) -> None:
    must = needing.needed(spread, design, wanted, population)
    assert 1 <= must <= population + 1
    if must < population:
        assert needing.half_width(spread, design, max(must, 2), population) <= wanted * (1 + 1e-9)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(-1, 2)), min_size=1, max_size=40),
    st.integers(1, 30),
)
def test_contacts_in_the_window_are_those_counted_one_by_one(
    told: list[tuple[int, int, int]], within: int
) -> None:
    persons, at, functions = (np.array(column, dtype=np.int64) for column in zip(*told, strict=True))
    contacts = pressing.ordered(persons, at, functions)
    rows = list(zip(contacts.persons, contacts.at_us, strict=True))
    expected = [
        sum(
            1
            for q, (other, t) in enumerate(rows)
            if other == person and now - within < t <= now and q <= place
        )
        for place, (person, now) in enumerate(rows)
    ]
    assert pressing.running(contacts, within).tolist() == expected
    before = [
        sum(1 for other, t in rows if other == person and now - within <= t < now)
        for person, now in zip(persons, at, strict=True)
    ]
    assert pressing.before(contacts, persons, at, within).tolist() == before


def test_the_function_that_goes_beyond_the_limit_is_counted_and_not_those_before_it(engine: Engine) -> None:
    rows: list[dict[str, Any]] = []
    start = AS_OF_US - 40 * DAY_US
    for person in range(10):
        rows += [
            {
                "person_key": person,
                "t_us": start + day * DAY_US,
                "function": "sales" if day < 4 else "service",
                "activity": "mail",
                "initiated_by": "company",
            }
            for day in range(6)
        ]
    load(engine, rows)
    made = restrain(declared(surveys={}, pressure=MAIL), engine, AS_OF_US)["pressure"].to_pylist()
    by = {row["function"]: row for row in made}
    assert (by["sales"]["over"], by["service"]["over"], by[None]["over"]) == (0, 10, 10)
    assert (by["service"]["above"], by["service"]["contacts"]) == (20, 20)
    assert by["service"]["over_low"] > 0.6
    assert by[None]["per_person"] == 6


def test_under_five_persons_pressure_says_nothing_of_them(engine: Engine) -> None:
    rows: list[dict[str, Any]] = [
        {
            "person_key": person,
            "t_us": AS_OF_US - day * DAY_US,
            "function": "sales",
            "activity": "mail",
            "initiated_by": "company",
        }
        for person, day in itertools.product(range(4), range(6))
    ]
    load(engine, rows)
    made = restrain(declared(surveys={}, pressure=MAIL), engine, AS_OF_US)["pressure"].to_pylist()
    assert made
    assert all(row["over"] is None and row["per_person"] is None for row in made)


def test_a_question_with_answers_enough_is_told_to_stop_and_one_without_is_not(engine: Engine) -> None:
    rng = np.random.default_rng(0)
    rows = [
        row
        for n in range(900)
        for row in asked(n, n, AS_OF_US - int(rng.uniform(10, 85)) * DAY_US, 5.0 if n % 3 else 2.0)
    ]
    load(engine, rows)
    (row,) = restrain(declared(), engine, AS_OF_US)["restraint"].to_pylist()
    assert row["answers"] == 900
    assert row["journeys"] == 900
    assert row["stop"]
    assert row["reason"] == "enough"
    assert row["precision"] == pytest.approx(0.0)
    assert row["needed"] == needing.needed(math.sqrt(2 / 9), 1.0, 0.05, 900)
    assert row["spared"] == math.floor(900 * (1 - row["needed"] / 900))
    few = [
        row
        for n in range(900)
        for row in asked(n, n, AS_OF_US - (10 + n % 70) * DAY_US, 5.0 if n % 2 else 2.0)
        if n % 9 == 0 or row["activity"] != "review"
    ]
    load(engine, few)
    (row,) = restrain(declared(), engine, AS_OF_US)["restraint"].to_pylist()
    assert not row["stop"]
    assert row["reason"] == "more_needed"
    assert row["weeks_to_go"] > 0


def test_response_rates_leave_out_askings_too_recent_to_have_been_answered(engine: Engine) -> None:
    rows = [row for n in range(60) for row in asked(n, n, AS_OF_US - 20 * DAY_US, 5.0)]
    rows += [row for n in range(60, 120) for row in asked(n, n, AS_OF_US, None)]
    load(engine, rows)
    made = restrain(declared(), engine, AS_OF_US)["pressure"].to_pylist()
    assert sum(row["asked"] or 0 for row in made if row["function"] is None) == 60
    assert next(row for row in made if row["function"] == "service" and row["asked"])["response_rate"] == 1.0


def test_the_same_person_answering_less_under_pressure_is_seen_and_persons_who_differ_are_not() -> None:
    rng = np.random.default_rng(1)
    persons = np.repeat(np.arange(600), 5)
    months = np.tile(np.arange(5), 600)
    talkative = rng.uniform(0.1, 0.7, 600)
    # those who answer little are addressed much: between persons it looks as if pressure silenced them
    pressure = rng.poisson(6 * (1 - talkative))[persons] + rng.poisson(1.5, 3000)
    unmoved = (rng.random(3000) < talkative[persons]).astype(float)
    flat = associating.within_persons(unmoved, pressure.astype(float), persons, months)
    assert associating.between_persons(unmoved, pressure.astype(float)) < -0.02
    assert flat.low < 0 < flat.high
    extra = rng.poisson(1.5, 3000)
    moved = (rng.random(3000) < np.clip(talkative[persons] - 0.06 * extra, 0, 1)).astype(float)
    seen = associating.within_persons(moved, extra.astype(float), persons, months)
    assert seen.high < 0
    assert seen.low < -0.05 < seen.high + 0.02
    few = associating.within_persons(moved[:50], extra[:50].astype(float), persons[:50], months[:50])
    assert few.reason == "few_persons"
    assert math.isnan(few.value)


def test_a_season_that_everybody_shares_is_not_pressure() -> None:
    rng = np.random.default_rng(2)
    persons, months = np.repeat(np.arange(500), 6), np.tile(np.arange(6), 500)
    pressure = rng.poisson(1 + months)
    said = (rng.random(3000) < 0.6 - 0.07 * months).astype(float)
    slope = associating.within_persons(said, pressure.astype(float), persons, months)
    assert slope.low < 0 < slope.high
    trend = associating.over_time(said, months.astype(float), persons)
    assert trend.high < 0
    assert trend.low < -0.07 < trend.high


def test_nothing_declared_and_nothing_known_gives_empty_tables(engine: Engine) -> None:
    load(engine, [])
    made = restrain(declared(surveys={}), engine, AS_OF_US)
    assert {name: table.num_rows for name, table in made.items()} == {
        "restraint": 0,
        "pressure": 0,
        "pressure_answers": 0,
    }
    with_survey = restrain(declared(), engine, AS_OF_US)["restraint"].to_pylist()
    assert with_survey[0]["reason"] in ("no_answers", "no_journeys")
    assert not with_survey[0]["stop"]


def test_only_the_activities_named_are_pressure(engine: Engine) -> None:
    rows: list[dict[str, Any]] = [
        {
            "person_key": person,
            "t_us": AS_OF_US - day * DAY_US,
            "function": "sales",
            "activity": activity,
            "initiated_by": "company",
        }
        for person, day, activity in itertools.product(range(6), range(6), ("delivery", "mail"))
    ]
    load(engine, rows)
    named = declared(surveys={}, pressure={"activities": ["mail"], "most": 2, "within": "7 days"})
    made = restrain(named, engine, AS_OF_US)["pressure"].to_pylist()
    assert sum(row["contacts"] for row in made if row["function"] is None) == 36
    assert sum(row["uncounted"] for row in made if row["function"] is None) == 36
    assert {row["most"] for row in made} == {2}
    assert min(row["period"] for row in made) >= date(2025, 12, 1)


def addressed(activity: str, function: str, **told: Any) -> list[dict[str, Any]]:
    """Ten persons, each addressed six times in ten days by one activity."""
    return [
        {
            "person_key": person,
            "t_us": AS_OF_US - (20 + day) * DAY_US,
            "function": function,
            "activity": activity,
            "initiated_by": "company",
        }
        | told
        for person, day in itertools.product(range(10), range(6))
    ]


def test_a_delivery_notice_and_an_answer_press_nobody_where_nothing_is_declared(engine: Engine) -> None:
    asked_for = addressed("request", "service", initiated_by="customer", case_id="c1")
    answers = addressed("answer", "service", case_id="c1")
    load(engine, asked_for + answers + addressed("delivery notice", "sales"))
    made = restrain(declared(surveys={}), engine, AS_OF_US)["pressure"].to_pylist()
    by = {row["function"]: row for row in made}
    assert {name: (row["contacts"], row["persons"], row["uncounted"]) for name, row in by.items()} == {
        None: (0, 0, 120),
        "sales": (0, 0, 60),
        "service": (0, 0, 60),
    }
    assert all(row["over"] is None and row["above"] is None for row in made)


def test_the_askings_of_a_survey_press_without_being_listed_and_add_up_with_campaigns(engine: Engine) -> None:
    load(engine, addressed("letter", "service") + addressed("delivery notice", "sales"))
    (row,) = [
        one
        for one in restrain(declared(), engine, AS_OF_US)["pressure"].to_pylist()
        if one["function"] is None and one["contacts"]
    ]
    assert (row["contacts"], row["over"], row["above"], row["uncounted"]) == (60, 10, 20, 60)
    load(engine, addressed("letter", "service") + addressed("campaign", "sales"))
    listed = declared(pressure={"activities": ["campaign"], "most": 10})
    (row,) = [
        one
        for one in restrain(listed, engine, AS_OF_US)["pressure"].to_pylist()
        if one["function"] is None and one["contacts"]
    ]
    # neither alone is beyond ten: the limit is the customer's, not the function's
    assert (row["contacts"], row["over"], row["above"], row["uncounted"]) == (120, 10, 20, 0)


def test_what_a_customer_began_presses_nobody_even_under_the_name_of_a_campaign(engine: Engine) -> None:
    rows = addressed("mail", "sales", initiated_by="customer") + addressed(
        "mail", "service", initiated_by=None
    )
    load(engine, rows)
    made = restrain(declared(surveys={}, pressure=MAIL), engine, AS_OF_US)["pressure"].to_pylist()
    assert {row["function"]: row["contacts"] for row in made} == {None: 60, "service": 60}
    assert all(row["uncounted"] == 0 for row in made)
