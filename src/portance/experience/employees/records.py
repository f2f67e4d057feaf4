"""The tables about employees, column by column."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

_D, _N, _S, _B, _T = pa.float64(), pa.int64(), pa.string(), pa.bool_(), pa.date32()
SYMMETRY = pa.schema(
    [
        ("journey_type", _S), ("step", _S), ("function", _S), ("measure", _S), ("customer", _D), ("customer_low", _D),
        ("customer_high", _D), ("employee", _D), ("employee_low", _D), ("employee_high", _D), ("balance", _D), ("ci_low", _D),
        ("ci_high", _D), ("unit", _S), ("employees", _N), ("persons", _N), ("state", _S), ("shown", _S), ("reason", _S),
        ("task", _S), ("scale", _S), ("ambition", _D), ("margin", _D), ("margin_low", _D), ("margin_high", _D),
    ]
)  # fmt: skip
THRUST = pa.schema(
    [
        ("lag_weeks", _N), ("effect", _D), ("ci_low", _D), ("ci_high", _D), ("reverse", _D), ("reverse_low", _D),
        ("reverse_high", _D), ("units", _N), ("periods", _N), ("grade", _S), ("verdict", _S), ("reason", _S), ("employees", _N),
        ("smallest_detectable", _D),
    ]
)  # fmt: skip
STALL = pa.schema(
    [
        ("figure", _S), ("period", _T), ("basis", _S), ("value", _D), ("low", _D), ("high", _D), ("unit", _S), ("n", _N), ("teams", _N),
        ("employees", _N), ("weeks", _N), ("persistence", _D), ("observed", _D), ("verdict", _S), ("reason", _S),
    ]
)  # fmt: skip
ADOPTION = pa.schema(
    [
        ("tool", _S), ("since", _T), ("entitled", _N), ("users", _N), ("share", _D), ("low", _D), ("high", _D),
        ("workarounds", _D), ("on_time", _B), ("shown", _S), ("reason", _S), ("workarounds_low", _D), ("workarounds_high", _D),
        ("employees", _N), ("kept", _D), ("kept_low", _D), ("kept_high", _D), ("followed", _N), ("kept_shown", _S), ("kept_reason", _S),
    ]
)  # fmt: skip
SIMPLIFIED = pa.schema(
    [
        ("change", _S), ("journey_type", _S), ("step", _S), ("customer_before", _D), ("customer_before_low", _D),
        ("customer_before_high", _D), ("customer_after", _D), ("customer_after_low", _D), ("customer_after_high", _D),
        ("employee_before", _D), ("employee_before_low", _D), ("employee_before_high", _D), ("employee_after", _D),
        ("employee_after_low", _D), ("employee_after_high", _D), ("verdict", _S), ("reason", _S), ("function", _S),
        ("employees", _N), ("persons", _N), ("unit", _S),
    ]
)  # fmt: skip
ARTIFICIAL_REALITY = pa.schema(
    [
        ("part", _S), ("subject", _S), ("said", _D), ("said_low", _D), ("said_high", _D), ("lived", _D), ("lived_low", _D),
        ("lived_high", _D), ("gap", _D), ("gap_low", _D), ("gap_high", _D), ("missing", _S), ("n", _N), ("unit", _S),
        ("shown", _S), ("reason", _S), ("function", _S),
    ]
)  # fmt: skip
EMPLOYEE_FIGURES = pa.schema(
    [
        ("figure", _S), ("means", _S), ("unit", _S), ("period", _T), ("value", _D), ("customer_measure", _S), ("association", _D),
        ("low", _D), ("high", _D), ("n", _N), ("shown", _S), ("reason", _S),
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
