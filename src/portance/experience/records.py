"""The tables that experience publishes, and how its values become their rows."""

from collections.abc import Sequence
from dataclasses import fields

import pyarrow as pa

from portance.experience.facet import Facet
from portance.experience.gap import Gap
from portance.experience.rate import PromisePeriod, PromiseRate

_TYPES = {
    "str": pa.string(),
    "str | None": pa.string(),
    "Scale": pa.string(),
    "Shown": pa.string(),
    "int": pa.int64(),
    "int | None": pa.int64(),
    "float | None": pa.float64(),
    "date": pa.date32(),
    "date | None": pa.date32(),
}
Row = Facet | Gap | PromiseRate | PromisePeriod


def schema(kind: type[Row]) -> pa.Schema:
    """The columns of the table of one kind of value, in the order of its fields."""
    return pa.schema([(field.name, _TYPES[_written(field.type)]) for field in fields(kind)])


def table(kind: type[Row], rows: Sequence[Row]) -> pa.Table:
    """Values as a table; the same columns with or without rows."""
    columns = {field.name: [_cell(row, field.name) for row in rows] for field in fields(kind)}
    return pa.table(columns, schema=schema(kind))


def _cell(row: Row, name: str) -> object:
    """A declared number has no sample behind it: its sizes are empty, not zero."""
    value = getattr(row, name)
    return None if name in ("n", "persons") and value == 0 and isinstance(row, (Facet, Gap)) else value


def _written(kind: object) -> str:
    if isinstance(kind, str):
        return kind
    if kind == Gap.__annotations__["scale"]:
        return "Scale"
    if kind == Gap.__annotations__["shown"]:
        return "Shown"
    return kind.__name__ if isinstance(kind, type) else str(kind).replace("datetime.", "")
