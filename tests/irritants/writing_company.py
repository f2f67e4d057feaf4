"""Customers who write, what their texts carry, and what becomes of them."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.experience.irritants.gathered import Gathered
from portance.journeys.columns import CANONICAL

DAY_US = 86_400_000_000
START_US = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip
VOICES = pa.schema(
    [
        ("interaction_id", pa.string()), ("person_id", pa.string()), ("sentence", pa.int64()), ("language", pa.string()),
        ("treated", pa.bool_()), ("kind", pa.string()), ("irritant", pa.string()), ("polarity", pa.string()), ("score", pa.float64()),
        ("given_by", pa.string()), ("model", pa.string()), ("copy_of", pa.string()), ("public", pa.bool_()),
    ]
)  # fmt: skip


def writing_charter(**declared):
    base = {
        "portance": 1,
        "company": {"name": "Company", "timezone": "UTC"},
        "functions": {name: {} for name in ("sales", "service", "billing")},
        "sources": {
            "crm": {"read": "crm.csv", "interactions": [{"activity": {"column": "what"}, "at": "when"}]}
        },
        "journeys": {"care": {"by": "person", "gap": "7 days"}},
    }
    return Charter.model_validate(base | declared)


def interaction(person, day, activity="call", **told):
    base = dict.fromkeys(CANONICAL) | {
        "interaction_id": f"i{person}-{day:.3f}-{activity}", "tie": 0, "t_us": START_US + int(day * DAY_US), "local_day": 19723 + int(day),
        "source": "crm", "person_key": person, "person_id": None if person is None else f"p{person}", "activity": activity,
        "initiated_by": "customer", "channel": "phone", "rating_scale": None,
    }  # fmt: skip
    return base | told


def voice(of, irritant, **told):
    return {
        "interaction_id": of["interaction_id"], "person_id": of["person_id"], "sentence": 0, "language": "fr", "treated": True,
        "kind": "complaint" if irritant else "neutral", "irritant": irritant, "polarity": "negative" if irritant else "neutral", "score": 1.0,
        "given_by": "words", "model": None, "copy_of": None, "public": False,
    } | told  # fmt: skip


def tables(engine, rows, voices):
    schema = pa.schema(
        [(name, _ARROW[kind]) for name, kind in CANONICAL.items()] + [("rating_scale", pa.string())]
    )
    engine.table("interactions", pa.Table.from_pylist(list(rows), schema=schema))
    keys = sorted({row["person_key"] for row in rows if row["person_key"] is not None})
    engine.table(
        "persons",
        pa.table({"person_id": [f"p{key}" for key in keys], "person_key": pa.array(keys, pa.int64())}),
    )
    engine.table("voices", pa.Table.from_pylist(list(voices), schema=VOICES))


def texts(seed, *, n=2400, rare=0.03, ruin=0.4):
    """Texts of heavy and light customers: a rare irritant that ruins, a trifle that heavy customers write about, others."""
    rng = np.random.default_rng(seed)
    people = n * 2 // 3
    customer = np.sort(rng.integers(0, people, n))
    heavy = rng.standard_normal(people)[customer]
    ruined = rng.random(n) < rare
    trifle = rng.random(n) < 1 / (1 + np.exp(1.2 - 1.2 * heavy))
    base = 1 / (1 + np.exp(2.6 - 0.9 * heavy))
    lost = rng.random(n) < np.clip(base + ruin * ruined, 0, 1)
    contacts = rng.poisson(np.exp(-1 + 0.5 * heavy) + 0.1 * trifle)
    before = np.column_stack([heavy, rng.standard_normal(n)])
    return Gathered(
        customer, {"ruined": ruined, "trifle": trifle}, before, np.column_stack([lost, contacts, np.full(n, np.nan)]).astype(float), 90, 30,
        np.clip(70 - 40 * ruined + rng.normal(0, 10, n), 0, 100), np.full(n, "fr"), before, rng.poisson(np.exp(-1 + 0.5 * heavy)).astype(float),
    )  # fmt: skip
