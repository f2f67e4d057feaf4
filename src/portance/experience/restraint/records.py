"""The tables that restraint gives, column by column."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

_D, _N, _S, _B = pa.float64(), pa.int64(), pa.string(), pa.bool_()
RESTRAINT = pa.schema(
    [
        ("question", _S), ("function", _S), ("answers", _N), ("asked", _N), ("precision", _D), ("wanted", _D),
        ("needed", _N), ("stop", _B), ("per_week", _D), ("weeks_to_go", _D), ("reason", _S), ("unit", _S),
        ("journeys", _N), ("design", _D), ("spared", _N),
    ]
)  # fmt: skip
PRESSURE = pa.schema(
    [
        ("function", _S), ("period", pa.date32()), ("persons", _N), ("contacts", _N), ("per_person", _D), ("over", _N),
        ("over_share", _D), ("over_low", _D), ("over_high", _D), ("asked", _N), ("answers", _N), ("response_rate", _D),
        ("rate_low", _D), ("rate_high", _D), ("above", _N), ("most", _N), ("within_days", _D),
        ("uncounted", _N),
    ]
)  # fmt: skip
ASSOCIATION = pa.schema(
    [
        ("question", _S), ("function", _S), ("per_contact", _D), ("ci_low", _D), ("ci_high", _D), ("between", _D),
        ("persons", _N), ("occasions", _N), ("per_month", _D), ("month_low", _D), ("month_high", _D), ("first_rate", _D),
        ("last_rate", _D), ("grade", _S), ("verdict", _S), ("reason", _S),
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
