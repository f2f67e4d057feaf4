"""The tables that scoreboards give, column by column."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

_D, _N, _S = pa.float64(), pa.int64(), pa.string()
WATERMELONS = pa.schema(
    [
        ("scope", _S), ("unit", _S), ("green", _N), ("lost", _N), ("rate", _D), ("ci_low", _D), ("ci_high", _D), ("lift", _D),
        ("lift_low", _D), ("lift_high", _D), ("auc", _D), ("auc_low", _D), ("auc_high", _D), ("n", _N), ("persons", _N),
        ("shown", _S), ("reason", _S),
    ]
)  # fmt: skip
CUSTOMERS = pa.schema(
    [("scope", _S), ("person_id", _S), ("journey_id", _S), ("unit", _S), ("period_start", pa.date32()), ("outcome", _S)]
)  # fmt: skip
SCOREBOARD = pa.schema(
    [
        ("scope", _S), ("indicator", _S), ("function", _S), ("auc", _D), ("auc_low", _D), ("auc_high", _D),
        ("auc_without", _D), ("gain", _D), ("gain_low", _D), ("gain_high", _D), ("n", _N),
    ]
)  # fmt: skip
GAMING = pa.schema(
    [
        ("indicator", _S), ("function", _S), ("kind", _S), ("estimate", _D), ("ci_low", _D), ("ci_high", _D), ("p", _D), ("q", _D),
        ("n", _N), ("outcome", _S), ("verdict", _S), ("grade", _S), ("reason", _S),
    ]
)  # fmt: skip


def table(schema: pa.Schema, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows as a table of these columns; a number that is not one becomes null."""
    columns = {field.name: [_cell(row.get(field.name)) for row in rows] for field in schema}
    return pa.table(columns, schema=schema)


def _cell(value: object) -> object:
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    return value
