"""The tables of retention: their columns, the same with and without rows."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from portance.experience.retention.effect import Effect

_TEXT, _INT, _REAL = pa.string(), pa.int64(), pa.float64()
RETENTION = pa.schema(
    [
        ("exposure", _TEXT), ("journey_type", _TEXT), ("reason", _TEXT), ("hazard_ratio", _REAL), ("ci_low", _REAL), ("ci_high", _REAL),
        ("lost_per_100", _REAL), ("lost_low", _REAL), ("lost_high", _REAL), ("exposed", _INT), ("persons", _INT), ("departures", _INT),
        ("grade", _TEXT), ("verdict", _TEXT), ("design", _TEXT), ("reason_null", _TEXT), ("q", _REAL), ("smallest_detectable", _REAL),
        ("failed", _TEXT), ("exposed_departures", _INT), ("sampled", _INT),
        ("soon_per_100", _REAL), ("soon_low", _REAL), ("soon_high", _REAL), ("soon_periods", _INT), ("whole", pa.bool_()),
    ]
)  # fmt: skip
CURVE = pa.schema(
    [
        ("group", _TEXT), ("month", _INT), ("at_risk", _INT), ("staying", _REAL), ("low", _REAL), ("high", _REAL), ("reason", _TEXT),
        ("left", _REAL), ("left_low", _REAL), ("left_high", _REAL),
    ]
)  # fmt: skip
VALUE = pa.schema(
    [
        ("what", _TEXT), ("value", _REAL), ("low", _REAL), ("high", _REAL), ("source", _TEXT), ("n", _INT), ("grade", _TEXT), ("reason", _TEXT),
    ]
)  # fmt: skip


def effect_row(one: Effect, sampled: int) -> dict[str, Any]:
    """An effect as a row of ``retention``."""
    return {
        "exposure": one.exposure, "journey_type": None, "reason": one.reason, "hazard_ratio": one.hazard_ratio, "ci_low": one.ci_low,
        "ci_high": one.ci_high, "lost_per_100": one.lost_per_100, "lost_low": one.lost_low, "lost_high": one.lost_high,
        "exposed": one.exposed, "persons": one.persons, "departures": one.departures, "grade": one.grade, "verdict": one.verdict,
        "design": one.design, "reason_null": one.why, "q": one.q, "smallest_detectable": one.smallest_detectable,
        "failed": ",".join(one.failed) or None, "exposed_departures": one.exposed_departures, "sampled": sampled,
        "soon_per_100": one.soon_per_100, "soon_low": one.soon_low, "soon_high": one.soon_high, "soon_periods": one.soon_periods,
        "whole": one.whole,
    }  # fmt: skip


def table(schema: pa.Schema, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows as a table of a schema."""
    return pa.Table.from_pylist(list(rows), schema=schema)
