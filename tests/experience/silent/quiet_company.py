"""A small company in the engine's tables: calls, deliveries, askings by letter, answers of some; its truth is known."""

from typing import Any

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine

DAY_US = 86_400_000_000
START_US = 1_735_689_600_000_000
AS_OF_US = START_US + 400 * DAY_US


def charter(surveys: dict[str, Any], **other: Any) -> Charter:
    return Charter.model_validate(
        {
            "portance": 1, "company": {"name": "Example", "timezone": "Europe/Paris"},
            "functions": {"service": {}, "marketing": {}}, "sources": {}, "journeys": {"request": {"by": "case"}},
            "surveys": surveys,
        } | other
    )  # fmt: skip


INTERACTIONS = pa.schema(
    [
        ("interaction_id", pa.string()), ("person_id", pa.string()), ("person_key", pa.int64()), ("case_id", pa.string()),
        ("t_us", pa.int64()), ("wait_ms", pa.int64()), ("duration_ms", pa.int64()), ("cost_cents", pa.int64()),
        ("channel", pa.string()), ("function", pa.string()), ("actor", pa.string()), ("activity", pa.string()),
        ("intent", pa.string()), ("outcome", pa.string()), ("initiated_by", pa.string()), ("asked_again", pa.bool_()),
        ("rating", pa.float64()), ("rating_scale", pa.string()), ("a_follow_up", pa.string()),
    ]
)  # fmt: skip
JOURNEYS = pa.schema(
    [
        ("journey_id", pa.string()), ("journey_type", pa.string()), ("person_id", pa.string()), ("case_id", pa.string()),
        ("started_us", pa.int64()), ("ended_us", pa.int64()), ("weight", pa.float64()), ("segment_region", pa.string()),
    ]
)  # fmt: skip
BREAKS = pa.schema(
    [("journey_id", pa.string()), ("journey_type", pa.string()), ("kind", pa.string()), ("interaction_id", pa.string())]
)  # fmt: skip
RESPONSES = pa.schema(
    [("respondent", pa.string()), ("question", pa.string()), ("value", pa.float64()), ("t_us", pa.int64())]
)  # fmt: skip
IDENTIFIERS = pa.schema(
    [("identifier_type", pa.string()), ("identifier_value", pa.string()), ("person_id", pa.string())]
)


def step(case: str, person: int | None, t_us: int, activity: str, **other: Any) -> dict[str, Any]:
    """One interaction of one case."""
    return {
        "interaction_id": f"{case}:{activity}:{t_us}", "person_id": None if person is None else f"p{person}", "person_key": person,
        "case_id": case, "t_us": t_us, "activity": activity,
    } | other  # fmt: skip


def company(
    seed: int = 0, persons: int = 1200, slope: float = 0.0, ask: bool = False
) -> dict[str, list[dict[str, Any]]]:
    """Calls whose wait and breaks move both satisfaction and answers; ``slope`` makes answers follow satisfaction itself."""
    rng = np.random.default_rng(seed)
    interactions: list[dict[str, Any]] = []
    journeys, breaks = [], []
    truth = []
    for number in range(persons * 2):
        person = int(rng.integers(persons))
        case = f"c{number}"
        start = START_US + int(rng.uniform(0, 360) * DAY_US)
        wait = float(np.exp(rng.normal(0, 0.8)))
        broken = rng.random() < 0.3
        region = "north" if person % 3 else "south"
        latent = 0.9 - 1.0 * np.log1p(wait) - 0.8 * broken + 0.9 * (region == "south") + rng.normal(0, 0.8)
        answer = 1.0 + sum(latent > cut for cut in (-1.6, -0.8, 0.0, 0.8))
        said = rng.random() < 1 / (
            1 + np.exp(-(-0.7 - 1.0 * np.log1p(wait) - 0.7 * broken + slope * (answer - 3)))
        )
        truth.append(answer)
        common = {
            "function": "service",
            "channel": "phone",
            "actor": "human",
            "initiated_by": "customer",
            "intent": "bill",
        }
        interactions.append(
            step(case, person, start, "call", wait_ms=round(wait * 60_000), duration_ms=200_000, **common)
        )
        if broken:
            again = step(case, person, start + DAY_US, "call", wait_ms=60_000, duration_ms=200_000, **common)
            interactions.append(again)
            breaks.append(
                {
                    "journey_id": f"request:{case}",
                    "journey_type": "request",
                    "kind": "repeat_contact",
                    "interaction_id": again["interaction_id"],
                }
            )
        if ask:
            interactions.append(
                step(case, person, start + 2 * DAY_US, "letter", function="marketing", initiated_by="company")
            )
        if said:
            at = start + 2 * DAY_US + int(rng.exponential(2) * DAY_US)
            interactions.append(
                step(
                    case,
                    person,
                    at,
                    "review",
                    channel="review",
                    initiated_by="customer",
                    rating=answer,
                    rating_scale="csat",
                )
            )
        mine = [one["t_us"] for one in interactions if one["case_id"] == case]
        journeys.append({
            "journey_id": f"request:{case}", "journey_type": "request", "person_id": f"p{person}", "case_id": case, "started_us": start,
            "ended_us": max(mine), "weight": 1.0, "segment_region": region,
        })  # fmt: skip
    return {
        "interactions": interactions,
        "journeys": journeys,
        "breaks": breaks,
        "responses": [],
        "truth": [{"answer": one} for one in truth],
    }


def load(engine: Engine, told: dict[str, list[dict[str, Any]]]) -> None:
    """What identity and journeys would have made, in the engine."""
    rows = told["interactions"]
    engine.table("interactions", pa.Table.from_pylist(rows, schema=INTERACTIONS))
    engine.table("journeys", pa.Table.from_pylist(told["journeys"], schema=JOURNEYS))
    engine.table("breaks", pa.Table.from_pylist(told["breaks"], schema=BREAKS))
    engine.table("responses", pa.Table.from_pylist(told.get("responses", []), schema=RESPONSES))
    keys = {row["person_id"]: row["person_key"] for row in rows if row["person_id"] is not None}
    first: dict[str, int] = {}
    for row in rows:
        if row["person_id"] is not None:
            first[row["person_id"]] = min(first.get(row["person_id"], row["t_us"]), row["t_us"])
    engine.table("persons", pa.table({
        "person_id": pa.array(list(keys), pa.string()), "person_key": pa.array(list(keys.values()), pa.int64()),
        "first_us": pa.array([first[one] for one in keys], pa.int64()),
    }))  # fmt: skip
    engine.table("identifiers", pa.Table.from_pylist(
        [{"identifier_type": "account", "identifier_value": f"A-{one}", "person_id": one} for one in keys], schema=IDENTIFIERS
    ))  # fmt: skip
    engine.table(
        "clocks", pa.table({name: pa.array([], pa.string()) for name in ("journey_id", "promise", "state")})
    )
    known = {row["case_id"]: row["journey_id"] for row in told["journeys"]}
    placed = pa.Table.from_pylist([row for row in rows if row["case_id"] in known], schema=INTERACTIONS)
    ids = [known[case] for case in placed["case_id"].to_pylist()]
    placed = placed.append_column("journey_id", pa.array(ids, pa.string()))
    engine.table(
        "journey_interactions",
        placed.append_column("journey_type", pa.array(["request"] * len(ids), pa.string())),
    )
