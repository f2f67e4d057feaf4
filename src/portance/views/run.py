"""What is known of the run itself: when, on what, with what, and where its outputs are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portance.views.figure import Rows, quoted


@dataclass(frozen=True, slots=True)
class Timing:
    """The processor time of one step, in seconds, and how many rows it made."""

    name: str
    cpu_s: float
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table written beside the report: its path, relative to the report's folder, and how many rows it has.

    ``path`` is read by DuckDB as it stands: a file, or a glob such as ``tables/interactions/*.parquet``.
    """

    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a report says of its own making.

    ``counts`` are of the whole run (interactions, persons, journeys, seams, breaks, refusals): the tables given
    to a view may be samples. ``versions`` maps a component to its version.
    """

    run_id: str
    generated_at: datetime
    as_of: datetime | None = None
    period: tuple[date, date] | None = None
    engine: str = "duckdb"
    versions: Mapping[str, str] = field(default_factory=dict)
    timings: tuple[Timing, ...] = ()
    previous_run_id: str | None = None
    tables: Mapping[str, TableFile] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    inputs_digest: str = ""
    seed: int | None = None

    def unfinished(self, month: date) -> bool:
        """Whether this month was still running when the data end: what it counts is not that of a month."""
        if self.as_of is None:
            return False
        last = self.as_of.date()
        ends = (last + timedelta(days=1)).month != last.month
        return (month.year, month.month) == (last.year, last.month) and not ends

    def rows(self, table: str, where: str = "", order: str = "") -> Rows:
        """The rows of a table as a person finds them beside the report."""
        held = self.tables.get(table)
        return Rows(table, held.path if held else f"tables/{table}.parquet", where, order)

    def where_in(self, column: str, values: tuple[str, ...]) -> str:
        """The condition that a column is one of several values."""
        return f"{column} IN ({', '.join(quoted(value) for value in values)})"
