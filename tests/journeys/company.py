"""A small charter and small logs of interactions, written in the tests as tables."""

import pyarrow as pa
from hypothesis import strategies as st

from portance.charter import Charter
from portance.engine import Engine
from portance.journeys.break_ import Break
from portance.journeys.columns import CANONICAL
from portance.journeys.seam import Seam
from portance.journeys.stage import Journeys

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
T0 = 1_741_593_600_000_000  # Monday 2025-03-10 08:00 UTC
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip


def charter(**declared) -> Charter:
    """A charter with one source; everything else as given."""
    base = {
        "portance": 1,
        "company": {"name": "Company", "timezone": "Europe/Paris"},
        "functions": {name: {} for name in ("sales", "service", "billing")},
        "sources": {
            "crm": {
                "read": "crm.csv",
                "case": "ticket",
                "interactions": [
                    {"activity": {"column": "what"}, "at": "when", "state": "state", "made": "made"}
                ],
            }
        },
        "journeys": {"care": {"by": "person", "gap": "7 days"}},
    }
    return Charter.model_validate(base | declared)


def row(number, t_us, **told):
    """One interaction; what is not told is null, its person and its case are numbers 1 unless told."""
    person = told.pop("person", 1)
    base = dict.fromkeys(CANONICAL) | {
        "interaction_id": f"i{number}", "tie": number * 256, "t_us": t_us, "local_day": t_us // DAY_US, "source": "crm",
        "person_key": person, "person_id": None if person is None else f"p{person}", "case_key": "ticket",
        "case_id": "c1", "a_state": None, "a_made": None,
    }  # fmt: skip
    return base | told


def arrow(rows) -> pa.Table:
    types = {name: _ARROW[kind] for name, kind in CANONICAL.items()} | {
        "a_state": pa.string(),
        "a_made": pa.bool_(),
    }
    schema = pa.schema(list(types.items()))
    return pa.table({name: [row[name] for row in rows] for name in types}, schema=schema)


def built(engine: Engine, declared: Charter, rows, as_of_us=None, period=None) -> Engine:
    """The engine with the tables of the stage over ``rows``."""
    engine.table("interactions", arrow(rows))
    as_of = as_of_us if as_of_us is not None else max((row["t_us"] for row in rows), default=T0)
    Journeys(declared, engine).build(as_of, period)
    return engine


def breaks(engine: Engine) -> list[Break]:
    return [
        Break(*values) for values in engine.rows("select * from breaks order by at_us, kind, interaction_id")
    ]


def seams(engine: Engine) -> list[Seam]:
    return [Seam(*values) for values in engine.rows("select * from seams order by journey_id, seam_position")]


def dicts(engine: Engine, sql: str) -> list[dict]:
    return engine.arrow(sql).to_pylist()


_OFFSETS = st.one_of(
    st.integers(0, 40).map(lambda hours: hours * HOUR_US // 2),
    st.sampled_from([0, DAY_US, 7 * DAY_US, 7 * DAY_US + 1, 8 * DAY_US, 31 * DAY_US]),
)


@st.composite
def logs(draw, most=24):
    """Interactions with nulls, ties, equal instants, nobody's, no function's; in any order of arrival."""
    count = draw(st.one_of(st.integers(0, 3), st.integers(most // 2, most)))
    rows = []
    for number in range(count):
        t_us = T0 + draw(_OFFSETS)
        person = draw(st.sampled_from([1, 1, 1, 2, 2, None]))
        rows.append(
            row(
                number, t_us, person=person,
                case_id=draw(st.sampled_from(["c1", "c1", "c2", None])),
                function=draw(st.sampled_from(["sales", "service", "billing", None])),
                channel=draw(st.sampled_from(["phone", "web", None])),
                actor=draw(st.sampled_from(["human", "machine", None])),
                team=draw(st.sampled_from(["t1", "t2", None])),
                activity=draw(st.sampled_from(["identify", "order", "deliver", None])),
                intent=draw(st.sampled_from(["fault", "bill", None])),
                outcome=draw(st.sampled_from(["resolved", "unresolved", "transferred", "abandoned", None])),
                initiated_by=draw(st.sampled_from(["customer", "company", None])),
                wait_ms=draw(st.sampled_from([None, 0, 5_000, 5_001, 300_000, 300_001])),
                asked_again=draw(st.sampled_from([None, False, True])),
                due_us=draw(st.sampled_from([None, t_us, t_us + DAY_US])),
            )
        )  # fmt: skip
    return draw(st.permutations(rows))
