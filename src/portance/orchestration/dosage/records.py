"""The tables that dosage makes, and how rows become them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

_T, _I, _R, _B = pa.string(), pa.int64(), pa.float64(), pa.bool_()
Row = dict[str, Any]


def _shares(*names: str) -> dict[str, pa.DataType]:
    return {f"{name}{end}": _R for name in names for end in ("", "_low", "_high")}


SCHEMAS: Mapping[str, pa.Schema] = {
    name: pa.schema(list(columns.items()))
    for name, columns in {
        "dosage": {
            "intent": _T, "segment": _T, "outcome": _T, "human": _R, "machine": _R, "effect": _R, "ci_low": _R,
            "ci_high": _R, "n": _I, "ess": _R, "grade": _T, "verdict": _T, "compared": _T, "raw": _R, "raw_low": _R,
            "raw_high": _R, "overlap": _R, "dropped": _I, "persons": _I, "reason": _T, "q": _R, "shown": _T,
        },
        "containment": {
            "machine": _T, "intent": _T, "sessions": _I,
            **_shares("contained", "deflected", "resolved", "false_containment", "handed", "abandoned"),
            "persons": _I, "estimated": _B, "reason": _T, "shown": _T,
        },
        "dose_curve": {
            "desk": _T, "intent": _T, "dose": _R, "arrivals": _R, "load": _R, "agents": _R, "wait_s": _R, "within": _R,
            "abandoned": _R, "value": _R, "value_low": _R, "value_high": _R, "current": _B, "best": _B, "saturated": _B,
            "model": _T, "unit": _T, "reason": _T, "wait_measured_s": _R, "wait_measured_low": _R, "wait_measured_high": _R,
            "wait_measured_n": _I, "fit": _T,
        },
        "queues": {
            "desk": _T, "contacts": _I, "hours": _R, "arrivals": _R, "agents": _R, "concurrency": _I, "model": _T, "within_s": _R,
            "handling_s": _R, "handling_n": _I, "handling_from": _T, "alone_s": _R, "attention": _R, "attention_from": _T,
            **{f"attention_{end}": _R for end in ("measured", "low", "high")}, "attention_n": _I, "patience_s": _R, "patience_from": _T,
            **{f"patience_{end}": _R for end in ("measured", "low", "high")}, "waited": _I, "abandoned": _I, "patience_fit": _T,
            "fit_at_s": _R, "fit_gone": _R, "fit_low": _R, "fit_high": _R, "fit_exponential": _R, "reason": _T,
        },
        "machines": {
            "machine": _T, "verdict": _T, "sessions": _I,
            **_shares("contained", "resolved", "false_containment", "handed", "abandoned"),
            "effect": _R, "ci_low": _R, "ci_high": _R, "raw": _R, "grade": _T, "promise": _T, **_shares("kept"),
            "intended": _R, "human_path": _B, "persons": _I, "reason": _T, "shown": _T,
        },
        "left_out": {
            "intent": _T, "segment": _T, "channel": _T, "measure": _T, **_shares("share"), **_shares("others"),
            "persons": _I, "verdict": _T, "reason": _T, "shown": _T,
        },
        "phoned_for": {
            "intent": _T, "channel": _T, "function": _T, "contacts": _I, **_shares("share"), "duration_s": _R,
            **_shares("resolved"), "hours_per_week": _R, "persons": _I, "reason": _T, "shown": _T,
        },
        "remaining": {
            "change": _T, "function": _T, "intent": _T, "measure": _T, "unit": _T, **_shares("before"), **_shares("after"),
            **_shares("difference"), "since": pa.date32(), "indicator": _T, "target": _R, "target_since": pa.date32(),
            "stale": _B, "hours": _R, "posts": _R, "levers": _T, "contacts": _I, "persons": _I, "verdict": _T,
            "reason": _T, "shown": _T,
        },
    }.items()
}  # fmt: skip
"""Every table of dosage with its columns, in order."""


def table(name: str, rows: Sequence[Row], *, reason: str | None = None) -> pa.Table:
    """Rows as the table ``name``; the same columns with or without rows. An empty one carries ``reason`` in its metadata."""
    schema = SCHEMAS[name]
    made = pa.table({field.name: [row.get(field.name) for row in rows] for field in schema}, schema=schema)
    return made.replace_schema_metadata({"reason": reason}) if reason and not rows else made
