"""The tables that the silent majority gives, column by column."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

_D, _N, _S, _B = pa.float64(), pa.int64(), pa.string(), pa.bool_()
SILENT = pa.schema(
    [
        ("question", _S), ("segment", _S), ("estimate", _D), ("ci_low", _D), ("ci_high", _D), ("band_low", _D),
        ("band_high", _D), ("flips_at", _D), ("answers", _N), ("asked", _N), ("people", _N), ("naive", _D),
        ("naive_low", _D), ("naive_high", _D), ("rate", _D), ("r_indicator", _D), ("bias_bound", _D), ("ece", _D),
        ("slope", _D), ("calibrated", _B), ("follow_up", _N), ("warning", _S), ("unit", _S), ("target", _D), ("verdict", _S),
        ("reason", _S), ("shown", _S), ("journeys", _N), ("against", _S), ("delta", _D), ("band_from", _S), ("r_low", _D),
        ("r_high", _D), ("brier", _D), ("predicted", _D), ("moved", _D), ("moved_low", _D), ("moved_high", _D),
        ("late", _D), ("late_low", _D), ("late_high", _D), ("seen", _D), ("seen_low", _D), ("seen_high", _D),
        ("followed", _N), ("effective", _D), ("function", _S), ("better", _S),
    ]
)  # fmt: skip
COMPARISONS = pa.schema(
    [
        ("question", _S), ("segment", _S), ("against", _S), ("difference", _D), ("ci_low", _D), ("ci_high", _D),
        ("q", _D), ("flips_at", _D), ("delta", _D), ("verdict", _S), ("unit", _S), ("reason", _S),
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
