"""Arrow tables as rows of plain values; a table or a column that is absent reads as empty."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from portance.views.figure import Figure, shown_for

Row = Mapping[str, Any]


class Tables:
    """The tables of a run by name."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables

    def has(self, name: str) -> bool:
        """Whether the run built this table, with rows or without."""
        return name in self._tables

    def count(self, name: str) -> int:
        """How many rows a table has; none where it is absent."""
        return self._tables[name].num_rows if name in self._tables else 0

    def columns(self, name: str) -> frozenset[str]:
        """The columns that a table has."""
        return frozenset(self._tables[name].column_names) if name in self._tables else frozenset()

    def rows(self, name: str, most: int | None = None) -> list[Row]:
        """The rows of a table, at most ``most``, as mappings that read an absent column as null."""
        table = self._tables.get(name)
        if table is None:
            return []
        if most is not None:
            table = table.slice(0, most)
        return [_Reading(row) for row in table.to_pylist()]

    def top(self, name: str, by: str, most: int) -> list[Row]:
        """The ``most`` rows with the greatest ``by``; equal ones in the order of the table."""
        table = self._tables.get(name)
        if table is None or by not in table.column_names:
            return self.rows(name, most)
        numbered = table.append_column("portance_row", pa.array(range(table.num_rows)))
        order = pc.sort_indices(
            numbered, sort_keys=[(by, "descending"), ("portance_row", "ascending")], null_placement="at_end"
        )
        return [_Reading(row) for row in table.take(order.slice(0, most)).to_pylist()]

    def tally(self, name: str, by: Iterable[str], sums: Iterable[str] = ()) -> list[Row]:
        """Rows of a table counted as ``rows`` by columns, with sums: the most frequent first, then by name."""
        table = self._tables.get(name)
        if table is None or table.num_rows == 0:
            return []
        keys = [key for key in by if key in table.column_names]
        added = [key for key in sums if key in table.column_names]
        grouped = table.group_by(keys, use_threads=False).aggregate(
            [([], "count_all"), *((key, "sum") for key in added)]
        )
        rows = []
        for row in grouped.to_pylist():
            named = {key: row[key] for key in keys}
            named |= {key: row[f"{key}_sum"] for key in added}
            rows.append(_Reading(named | {"rows": row["count_all"]}))
        return sorted(rows, key=lambda row: (-row["rows"], *(str(row[key]) for key in keys)))


class _Reading(dict[str, Any]):
    """A row in which a column that the table does not have is null."""

    def __missing__(self, key: str) -> None:
        return None


def text(value: object) -> str:
    """A text cell; empty where it is null."""
    return "" if value is None else str(value)


def whole(value: object) -> int:
    """A count; 0 where it is null or not a finite number."""
    found = number(value)
    return 0 if found is None else round(found)


def number(value: object) -> float | None:
    """A number; null where it is null, not finite, or no number at all."""
    if value is None or isinstance(value, bool | str | bytes):
        return None
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def names(value: object) -> tuple[str, ...]:
    """A list of names, given as a list or as text with commas."""
    if value is None:
        return ()
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, Iterable):
        return ()
    return tuple(str(part).strip() for part in parts if part is not None and str(part).strip())


def instant(value: object) -> datetime | None:
    """An instant in UTC from microseconds or a timestamp; null where it is neither or out of the calendar."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    found = number(value)
    if found is None:
        return None
    try:
        return datetime.fromtimestamp(found / 1_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def figure(row: Row, value: str = "value", unit: str | None = None, currency: str = "") -> Figure:
    """The figure that a row holds under ``value``, ``ci_low``, ``ci_high``, ``unit``, ``n``, persons, ``shown``."""
    persons = number(row["persons"] if row["persons"] is not None else row["people"])
    held = number(row[value])
    people = None if persons is None else round(persons)
    count = number(row["n"])
    return Figure(
        value=held,
        low=number(row["ci_low"]),
        high=number(row["ci_high"]),
        unit=unit if unit is not None else text(row["unit"]),
        n=None if count is None else round(count),
        persons=people,
        shown=shown_for(people, held, row["shown"]),
        currency=currency,
    )
