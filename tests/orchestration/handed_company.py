"""A company whose assistant hands over to people: a charter and logs of interactions, written in the tests as rows."""

import pyarrow as pa

from portance.charter import Charter
from portance.journeys.columns import CANONICAL
from portance.journeys.stage import Journeys

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
T0 = 1_741_593_600_000_000  # Monday 2025-03-10 08:00 UTC
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip


def handing_charter(**declared) -> Charter:
    base = {
        "portance": 1,
        "company": {"name": "Company", "timezone": "UTC"},
        "functions": {name: {} for name in ("digital", "service", "billing")},
        "channels": {name: {} for name in ("chat", "phone", "email")},
        "sources": {
            "crm": {
                "read": "crm.csv",
                "case": "ticket",
                "interactions": [{"activity": {"column": "what"}, "at": "when"}],
            }
        },
        "journeys": {"care": {"by": "person", "gap": "30 days"}},
        "machines": {"assistant": {"function": "digital", "channel": "chat", "human": True}},
        "takeover": {"asked_human": "activity = 'asked for a person'"},
    }
    return Charter.model_validate(base | declared)


class Log:
    """Interactions in the order in which they are told."""

    def __init__(self):
        self.rows = []

    def add(self, person, at, **told):
        number = len(self.rows) + 1
        base = dict.fromkeys(CANONICAL) | {
            "interaction_id": f"i{number:06}", "tie": number, "t_us": T0 + at, "local_day": (T0 + at) // DAY_US, "source": "crm",
            "person_key": person, "person_id": None if person is None else f"p{person}", "case_key": "ticket", "agent": None,
        }  # fmt: skip
        self.rows.append(base | told)

    def session(self, person, at, outcome="unresolved", **told):
        self.add(
            person, at,
            **{"actor": "machine", "function": "digital", "channel": "chat", "initiated_by": "customer", "intent": "bill",
               "activity": "chat", "outcome": outcome, "duration_ms": 60_000} | told,
        )  # fmt: skip

    def human(self, person, at, outcome="resolved", **told):
        self.add(
            person, at,
            **{"actor": "human", "function": "service", "channel": "phone", "initiated_by": "customer", "intent": "bill",
               "activity": "call", "outcome": outcome, "duration_ms": 120_000, "wait_ms": 30_000} | told,
        )  # fmt: skip

    def into(self, engine, declared, as_of_us):
        kinds = CANONICAL | {"agent": "varchar"}
        schema = pa.schema([(name, _ARROW[kind]) for name, kind in kinds.items()])
        engine.table(
            "interactions",
            pa.table({name: [row[name] for row in self.rows] for name in kinds}, schema=schema),
        )
        Journeys(declared, engine).build(as_of_us)
        return engine
