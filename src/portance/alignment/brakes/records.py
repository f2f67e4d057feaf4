"""The tables of the three brakes and of the effects of functions, column by column."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

_D, _N, _S = pa.float64(), pa.int64(), pa.string()
BRAKES = pa.schema(
    [
        ("brake", _S), ("measure", _S), ("journey_type", _S), ("period", _S), ("value", _D), ("ci_low", _D), ("ci_high", _D),
        ("unit", _S), ("n", _N), ("persons", _N), ("shown", _S), ("reason", _S), ("slope", _D), ("slope_low", _D),
        ("slope_high", _D), ("trend", _S),
    ]
)  # fmt: skip
EFFECTS = pa.schema(
    [
        ("function", _S), ("direction", _S), ("other", _S), ("through", _S), ("item", _S), ("value", _D), ("ci_low", _D),
        ("ci_high", _D), ("unit", _S), ("grade", _S), ("verdict", _S), ("people", _N), ("money", _D),
    ]
)  # fmt: skip


def table(schema: pa.Schema, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows as a table of these columns; what a row doesn't tell is null."""
    return pa.table({name: [row.get(name) for row in rows] for name in schema.names}, schema=schema)
