"""A result table as a contract: its columns, what each means, and the query that gives its rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its DuckDB type as published in Parquet, and what it means (unit included)."""

    name: str
    type: str
    note: str


@dataclass(frozen=True, slots=True)
class ResultTable:
    """One published table. ``sql`` selects its columns, in order, from the tables of the engine.

    ``needs`` are the tables without which it is absent. ``extra`` are columns that depend on the charter
    (identifiers, attributes, segments): a pattern and what it means.
    """

    name: str
    note: str
    needs: tuple[str, ...]
    sql: str
    columns: tuple[Column, ...]
    order: str = ""
    extra: tuple[tuple[str, str], ...] = ()


def as_made(name: str, note: str, order: str, *columns: Column) -> ResultTable:
    """A table that is published as the stage made it: its columns by name, in the order of ``order``."""
    written = ", ".join(f'"{column.name}"' for column in columns)
    return ResultTable(name, note, (name,), f"select {written} from {name}", columns, order)
