"""The tables that answering is told in, column by column."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

_D, _N, _S, _B = pa.float64(), pa.int64(), pa.string(), pa.bool_()


def _interval(*names: str) -> list[tuple[str, pa.DataType]]:
    return [(f"{name}{end}", _D) for name in names for end in ("", "_low", "_high")]


ANSWER_TIMES = pa.schema(
    [
        ("desk", _S), ("channel", _S), ("function", _S), ("answered", _N), ("within_share", _D), ("low", _D), ("high", _D),
        *_interval("median_s", "p90_s"), ("standard_s", _D), ("standard_share", _D), ("announced_s", _D),
        *_interval("expected_s", "gap_s", "announced_share", "expected_share", "gave_up"), ("verdict", _S), ("offered", _N),
        ("pending", _N), ("unknown", _N), ("persons", _N), ("hours", _S), ("measured", _S), ("shown", _S), ("reason", _S),
        ("people_late", _N),
    ]
)  # fmt: skip
CONTINUITY = pa.schema(
    [
        ("journey_type", _S), ("journeys", _N), ("persons", _N), ("same_adviser", _D), ("low", _D), ("high", _D),
        *_interval("advisers", "repeat_same", "repeat_other", "effect"), ("contacts", _N), ("grade", _S), ("verdict", _S),
        ("shown", _S), ("reason", _S),
    ]
)  # fmt: skip
CONTACT_REASONS = pa.schema(
    [
        ("coded", _S), ("text_says", _S), ("n", _N), ("share", _D), ("low", _D), ("high", _D), *_interval("agreement", "kappa"),
        ("persons", _N), ("other", _B), ("hides", _B), ("shown", _S), ("reason", _S),
    ]
)  # fmt: skip


def table(schema: pa.Schema, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows as a table of these columns; what a row does not tell is null."""
    return pa.table({field.name: [row.get(field.name) for row in rows] for field in schema}, schema=schema)


def nothing(schema: pa.Schema, reason: str) -> pa.Table:
    """One row that says why there is nothing to tell."""
    return table(schema, [{"shown": "suppressed", "reason": reason, "persons": 0}])
