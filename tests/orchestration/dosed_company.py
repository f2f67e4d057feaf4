"""A company where an assistant and people answer, and where the harder cases go to people: a charter, and logs from a seed."""

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.engine import open_engine
from portance.journeys.columns import CANONICAL

DAY_US = 86_400_000_000
T0 = 1_736_150_400_000_000  # Monday 2025-01-06 08:00 UTC
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip


def dosing_charter(**declared) -> Charter:
    base = {
        "portance": 1,
        "company": {"name": "Company", "timezone": "UTC"},
        "functions": {name: {} for name in ("digital", "service")},
        "channels": {"chat": {}, "phone": {"kind": "human"}},
        "sources": {
            "crm": {
                "read": "crm.csv",
                "interactions": [{"activity": {"column": "what"}, "at": "when"}],
                "attributes": {"amount": "amount", "tries": "tries", "zone": "zone"},
            }
        },
        "journeys": {"care": {"by": "person", "gap": "30 days"}},
        "machines": {"assistant": {"function": "digital", "channel": "chat", "cost": 0.4}},
        "desks": {"hotline": {"function": "service", "channel": "phone", "agents": 6, "handling": "300 s", "patience": "180 s"}},
        "dosage": {"covariates": {"amount": "amount", "tries": "tries", "zone": "zone"}},
        "values": {"contact": {"value": 6.0, "source": "accounts"}},
    }  # fmt: skip
    return Charter.model_validate(base | declared)


def hardness(kind: str, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """How hard a case is, of mean about 0 and spread about 1, in forms that no model has by heart."""
    if kind == "linear":
        return 0.8 * a + 0.6 * b
    if kind == "waves":
        return 1.1 * np.sin(1.7 * a) + 0.7 * (b > 0.6) + 0.5 * a * b - 0.2
    return np.where(a > 0.3, np.where(b > -0.2, 1.2, -0.6), np.where(c > 0.5, 0.9, -0.7))


def log(
    seed: int,
    *,
    issues: int = 3000,
    effect: float = 0.12,
    kind: str = "waves",
    pull: float = 1.1,
    overlap: bool = True,
) -> pa.Table:
    """Issues and what followed them: hard cases go to humans and are settled less; a human adds ``effect`` to the share settled."""
    draw = np.random.default_rng(seed)
    people = issues // 2
    person = draw.integers(0, people, issues)
    t_us = (
        T0
        + (draw.random(issues) * 300).astype(np.int64) * DAY_US
        + (draw.random(issues) * 9 * 3.6e9).astype(np.int64)
    )
    a, b, c = draw.normal(size=(3, issues))
    h = hardness(kind, a, b, c)
    human = draw.random(issues) < 1 / (1 + np.exp(-pull * h + 0.2))
    if not overlap:
        human = h > np.median(h)
    trait = draw.normal(size=people)[person] * 0.04
    chance = np.clip(0.55 - 0.17 * h + trait, 0.04, 0.96 - max(effect, 0)) + effect * human
    settled = draw.random(issues) < np.clip(chance, 0, 1)
    intent = np.array(["bill", "move", "card"])[draw.integers(0, 3, issues)]
    # Each issue in a stretch of its own for its person and intent, so that what follows is told by ``settled`` alone.
    order = np.lexsort((t_us, person))
    person, t_us, a, b, c, human, settled, intent = (
        v[order] for v in (person, t_us, a, b, c, human, settled, intent)
    )
    number = np.arange(issues)
    start = np.searchsorted(person, person)
    t_us = T0 + (number - start) * 30 * DAY_US + (t_us - T0) % (20 * DAY_US)
    again = np.flatnonzero(~settled)
    rows = {
        "person": np.r_[person, person[again]], "t_us": np.r_[t_us, t_us[again] + 2 * DAY_US],
        "human": np.r_[human, np.ones(len(again), dtype=bool)], "intent": np.r_[intent, intent[again]],
        "amount": np.r_[a, a[again]], "tries": np.r_[b, b[again]], "zone": np.r_[c, c[again]],
    }  # fmt: skip
    return _interactions(rows)


def _interactions(rows: dict[str, np.ndarray]) -> pa.Table:
    n = len(rows["person"])
    human = rows["human"]
    told = {name: [None] * n for name in CANONICAL}
    told |= {
        "interaction_id": [f"i{place:07}" for place in range(n)], "tie": list(range(n)), "person_key": rows["person"].tolist(),
        "person_id": [f"p{person}" for person in rows["person"].tolist()], "t_us": rows["t_us"].tolist(),
        "local_day": (rows["t_us"] // DAY_US).tolist(), "source": ["crm"] * n, "intent": rows["intent"].tolist(),
        "actor": np.where(human, "human", "machine").tolist(), "channel": np.where(human, "phone", "chat").tolist(),
        "function": np.where(human, "service", "digital").tolist(), "activity": ["asked"] * n, "outcome": [None] * n,
        "initiated_by": ["customer"] * n, "duration_ms": np.where(human, 300_000, 90_000).tolist(),
    }  # fmt: skip
    columns = {name: pa.array(values, _ARROW[CANONICAL[name]]) for name, values in told.items()}
    columns |= {
        f"a_{name}": pa.array(rows[name].tolist(), pa.float64()) for name in ("amount", "tries", "zone")
    }
    return pa.table(columns)


def opened(rows: pa.Table):
    """An engine that holds these interactions."""
    engine = open_engine("duckdb")
    engine.table("interactions", rows)
    return engine


def end_of(rows: pa.Table) -> int:
    """An instant long after the last interaction."""
    return int(np.max(rows["t_us"].to_numpy())) + 60 * DAY_US
