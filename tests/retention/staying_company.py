"""Customers who stay or leave: as arrays, and as the tables that a scan would have made of their company."""

import json
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.experience.retention.lives import Lives
from portance.journeys.columns import CANONICAL

DAY_US = 86_400_000_000
START_US = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip


def staying_charter(**declared):
    base = {
        "portance": 1,
        "company": {"name": "Company", "timezone": "UTC"},
        "functions": {name: {} for name in ("sales", "service", "billing")},
        "sources": {
            "crm": {
                "read": "crm.csv",
                "case": "ticket",
                "interactions": [{"activity": {"column": "what"}, "at": "when", "engaged": "engaged"}],
            }
        },
        "journeys": {"care": {"by": "case"}},
    }
    return Charter.model_validate(base | declared)


def interaction(person, day, activity="call", **told):
    number = f"{person}-{day:.3f}-{activity}"
    return dict.fromkeys(CANONICAL) | {
        "interaction_id": f"i{number}", "tie": 0, "t_us": START_US + int(day * DAY_US), "local_day": 19723 + int(day),
        "source": "crm", "person_key": person, "person_id": None if person is None else f"p{person}", "activity": activity,
        "initiated_by": "customer", "channel": "phone",
    } | told  # fmt: skip


def broke(person, day, kind="long_wait", **told):
    return {
        "journey_id": f"j{person}", "journey_type": "care", "person_id": f"p{person}", "kind": kind, "at_us": START_US + int(day * DAY_US),
        "from_function": None, "to_function": "service", "interaction_id": f"i{person}", "evidence": json.dumps([]), "promise": None,
        "cost_cents": None,
    } | told  # fmt: skip


BREAKS = pa.schema(
    [(name, pa.int64() if name in ("at_us", "cost_cents") else pa.string()) for name in broke(1, 0)]
)


def tables(engine, rows, breaks=(), extra=None):
    """The interactions, persons and breaks of a log, in an engine; ``extra`` are other columns of interactions and types."""
    schema = pa.schema(
        [(name, _ARROW[kind]) for name, kind in CANONICAL.items()] + list((extra or {}).items())
    )
    engine.table("interactions", pa.Table.from_pylist(list(rows), schema=schema))
    engine.run_embedded([])
    keys = sorted({row["person_key"] for row in rows if row["person_key"] is not None})
    engine.table(
        "persons",
        pa.table({"person_id": [f"p{key}" for key in keys], "person_key": pa.array(keys, pa.int64())}),
    )
    engine.table("breaks", pa.Table.from_pylist(list(breaks), schema=BREAKS))


def world(seed, *, harm=0.0, people=1200, months=14, reverse=False):
    """Lives in which busy customers meet more breaks and leave more; ``harm``: the log hazard ratio of a recent break."""
    rng = np.random.default_rng(seed)
    busy = rng.gamma(2.0, 0.4, people)
    first = rng.integers(0, 4, people)
    month = np.arange(months)
    here = month[None, :] >= first[:, None]
    contacts = (rng.poisson(busy[:, None], (people, months)) * here).astype(np.float32)
    contacts[np.arange(people), first] += 1
    breaks = rng.binomial(contacts.astype(int), 0.12).astype(np.float32)
    summed = np.concatenate([np.zeros((people, 1)), np.cumsum(contacts, axis=1)], axis=1)
    met = np.concatenate([np.zeros((people, 1)), np.cumsum(breaks, axis=1)], axis=1)
    left, last = np.zeros(people, dtype=bool), np.full(people, months - 1)
    when = np.where(rng.random(people) < 0.3, rng.integers(2, months, people), months + 9)
    if reverse:
        mine = (when < months) & (rng.random(people) < 0.8) & (when - 1 >= first)
        breaks[mine, when[mine] - 1] += 1
        contacts[mine, when[mine] - 1] += 1
    for t in range(1, months):
        recent = met[:, t] - met[:, max(t - 3, 0)] > 0
        volume = np.log1p(summed[:, t] - summed[:, max(t - 3, 0)])
        hazard = 1 - np.exp(-np.exp(-4.2 + harm * recent + 0.4 * volume))
        goes = (when == t) if reverse else rng.random(people) < hazard
        goes &= ~left & (t > first)
        left |= goes
        last = np.where(goes, t, last)
    return Lives(first, last, left, np.where(left, 0, -1), ("choice",), contacts, {"long_wait": breaks}, 3, 6)
