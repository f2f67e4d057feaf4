"""Which journey an answer or a text speaks of, on journeys planted for each rule."""

import pyarrow as pa
import pytest

from portance.engine import Engine
from portance.experience.placing import placed

DAY_US = 86_400_000_000
MONTH_US = 30 * DAY_US
_SAID = pa.schema(
    [("tie", pa.string()), ("person_id", pa.string()), ("case_id", pa.string()), ("t_us", pa.int64())]
)
_JOURNEYS = (
    # journey, type, person, case, first day, last day
    ("old", "care", "p1", None, 10, 12),
    ("new", "care", "p1", None, 40, 45),
    ("order", "purchase", "p1", "c7", 30, 50),
    ("life", "relation", "p1", None, 0, 300),
    ("other", "care", "p2", None, 90, 95),
)


@pytest.fixture
def engine():
    with Engine(threads=1) as made:
        names = ("journey_id", "journey_type", "person_id", "case_id", "started_us", "ended_us")
        columns = list(zip(*_JOURNEYS, strict=True))
        times = [pa.array([day * DAY_US for day in column], pa.int64()) for column in columns[4:]]
        made.table(
            "journeys",
            pa.table([*(pa.array(column, pa.string()) for column in columns[:4]), *times], names=list(names)),
        )
        held = [("order", "held"), ("new", "held"), ("old", "elsewhere")]
        made.table(
            "journey_interactions",
            pa.table({"journey_id": [one for one, _ in held], "interaction_id": [one for _, one in held]}),
        )
        yield made


def spoken_of(engine, *, person="p1", case=None, day=None, tie="said", within_us=MONTH_US, journey=None):
    row = {
        "tie": tie,
        "person_id": person,
        "case_id": case,
        "t_us": None if day is None else int(day * DAY_US),
    }
    engine.table("said", pa.Table.from_pylist([row], schema=_SAID))
    engine.run([placed("said_placed", "said", within_us, journey)])
    rows = engine.rows("select journey_id from said_placed")
    return rows[0][0] if rows else None


def test_what_stands_in_journeys_speaks_of_the_one_that_began_first(engine):
    assert spoken_of(engine, tie="held", day=46) == "order"
    assert spoken_of(engine, tie="held", day=46, journey="care") == "new"


def test_a_journey_that_holds_it_comes_before_the_case_and_the_case_before_the_person(engine):
    assert spoken_of(engine, tie="elsewhere", case="c7", day=46) == "old"
    assert spoken_of(engine, case="c7", day=46) == "order"
    assert spoken_of(engine, case="c7", person="p2", day=96) == "order"
    assert spoken_of(engine, case="unknown", day=46) == "new"


def test_else_it_speaks_of_the_last_journey_that_its_person_had_started(engine):
    assert spoken_of(engine, day=46) == "new"
    assert spoken_of(engine, day=39.9) == "order"
    assert spoken_of(engine, day=39.9, journey="care") == "old"
    assert spoken_of(engine, day=None, journey="care") == "new"


def test_a_journey_that_ended_too_long_ago_is_not_spoken_of(engine):
    assert spoken_of(engine, day=45 + 30, journey="care") == "new"
    assert spoken_of(engine, day=45 + 30.1, journey="care") is None
    assert spoken_of(engine, day=45 + 36, journey="care", within_us=2 * MONTH_US) == "new"


def test_nobody_speaks_of_nothing(engine):
    assert spoken_of(engine, person=None, day=46) is None
    assert spoken_of(engine, person="p3", day=46) is None


def test_one_row_said_speaks_of_one_journey_even_where_two_began_together(engine):
    twice = engine.arrow("select * from journeys")
    again = engine.arrow("select 'a_' || journey_id as journey_id, * exclude (journey_id) from journeys")
    engine.table("journeys", pa.concat_tables([twice, again.select(twice.column_names)]))
    assert spoken_of(engine, day=46) == "a_new"
    assert engine.count("said_placed") == 1
