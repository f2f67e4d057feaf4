"""The only door through which a query reaches a database."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from portance.engine import guard
from portance.engine.scratch import Scratch
from portance.engine.step import Step, StepRun
from portance.errors import StateError, StepError, UnavailableError

Progress = Callable[[str, int, int], None]
"""Called before each step with its name, its number from 1, and how many there are."""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal, quotes doubled."""
    return "'" + text.replace("'", "''") + "'"


class Engine:
    """An embedded DuckDB in memory that spills to a folder of its own and can always be thrown away.

    What it holds is a projection: the files of record stay outside it. ``close`` removes the folder; if the process is
    killed, the next engine does. ``memory`` is what its tables may take, such as ``6GB``: what does not fit is spilled.
    """

    def __init__(
        self, *, memory: str | None = None, threads: int | None = None, scratch: Path | None = None
    ) -> None:
        try:
            self._scratch = Scratch(scratch)
        except OSError as error:
            raise StateError(
                f"no folder to work in can be made ({error.strerror}): free some space, or set TMPDIR to another disk."
            ) from error
        config: dict[str, Any] = {
            "temp_directory": str(self.folder / "spill"),
            "preserve_insertion_order": False,
            "memory_limit": memory or f"{usual_memory_mb()}MB",
        }
        if threads:
            config["threads"] = threads
        try:
            self._connection = duckdb.connect(":memory:", config=config)
            self._connection.execute("set TimeZone = 'UTC'")  # not in config: icu loads with the connection
        except duckdb.Error as error:
            self._scratch.close()
            raise StateError(f"the working database cannot be opened in {self.folder}: {error}") from error
        self.trace: list[StepRun] = []

    @property
    def folder(self) -> Path:
        """Where files may stand that are needed while the engine is open."""
        return self._scratch.folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory and the folder back."""
        self._connection.close()
        self._scratch.close()

    # ---- tables that come from outside

    def parquet(self, name: str, paths: Sequence[Path]) -> None:
        """Make Parquet files readable as the table ``name``; columns are matched by name, absent ones are null."""
        files = ", ".join(literal(str(path)) for path in paths)
        self._do(
            name,
            f"create or replace view {_quoted(name)} as select * from read_parquet([{files}], union_by_name = true)",
        )

    def table(self, name: str, rows: pa.Table) -> None:
        """Copy an Arrow table in as the table ``name``."""
        self._connection.register("incoming", rows)
        try:
            self._do(name, f"create or replace table {_quoted(name)} as select * from incoming")
        finally:
            self._connection.unregister("incoming")

    # ---- the steps

    def run(self, steps: Iterable[Step], progress: Progress | None = None) -> None:
        """Check and run steps in order; each makes the table (or view) of its name."""
        listed = list(steps)
        for step in listed:
            guard.check(step)
        for number, step in enumerate(listed, 1):
            if progress:
                progress(step.name, number, len(listed))
            self._make(step)

    def run_embedded(self, steps: Iterable[Step]) -> None:
        """Run steps that only ever run here, on DuckDB (reading extracts, publishing): no allow-list."""
        for step in steps:
            self._make(step)

    def _make(self, step: Step) -> None:
        kind = "table" if step.keep else "view"
        cpu, wall = time.process_time(), time.perf_counter()
        self._do(step.name, f"create or replace {kind} {_quoted(step.name)} as {step.sql}")
        rows = self.count(step.name) if step.keep else -1
        self.trace.append(StepRun(step.name, time.process_time() - cpu, time.perf_counter() - wall, rows))

    def _do(self, name: str, sql: str) -> None:
        try:
            self._connection.execute(sql)
        except duckdb.Error as error:
            raise _told(name, error) from error

    # ---- what comes out

    def arrow(self, sql: str, parameters: Sequence[object] | None = None) -> pa.Table:
        """The rows of a query written by Portance itself, as an Arrow table."""
        try:
            return self._connection.sql(sql, params=parameters).to_arrow_table()
        except duckdb.Error as error:
            raise _told("query", error) from error

    def rows(self, sql: str, parameters: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query written by Portance itself, as tuples."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except duckdb.Error as error:
            raise _told("query", error) from error

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return int(self.rows(f"select count(*) from {_quoted(name)}")[0][0])

    def columns(self, name: str) -> dict[str, str]:
        """The columns of a table and their types, in order."""
        return {row[0]: row[1] for row in self.rows(f"describe {_quoted(name)}")}

    def columns_or_none(self, name: str) -> dict[str, str] | None:
        """The columns of a table, or ``None`` where no step has made it."""
        known = self.rows("select 1 from information_schema.tables where table_name = ?", [name])
        return self.columns(name) if known else None

    def drop(self, *names: str) -> None:
        """Forget tables or views that are no longer needed."""
        known = {
            row[0]: row[1]
            for row in self.rows("select table_name, table_type from information_schema.tables")
        }
        for name in names:
            if name in known:
                kind = "view" if known[name] == "VIEW" else "table"
                self._do(name, f"drop {kind} {_quoted(name)}")

    def write(self, sql: str, path: Path, *, row_group: int = 122_880) -> None:
        """Write a query's rows to one Parquet file (zstd)."""
        self._do(
            path.name,
            f"copy ({sql}) to {literal(str(path))} (format parquet, compression zstd, row_group_size {row_group})",
        )


_USUAL_MB = 3_000
_USUAL_SHARE = 0.6


def usual_memory_mb() -> int:
    """Megabytes that the engine takes unless told otherwise: three thousand, or 60 % of what a smaller machine has."""
    try:
        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    except (ValueError, OSError, AttributeError):
        return _USUAL_MB
    return max(256, min(_USUAL_MB, int(there * _USUAL_SHARE)))


def _told(name: str, error: Exception) -> Exception:
    text = str(error)
    if "No space left" in text or "could not write" in text.lower() or "Out of Range: No space" in text:
        return StateError(
            f"no room left on the disk while making {name!r}: free some space and run again. ({text})"
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return StateError(
            f"not enough memory for {name!r}: give --memory a higher value, or more disk. ({text})"
        )
    return StepError(name, text)


def open_engine(address: str, *, memory: str | None = None, threads: int | None = None) -> Engine:
    """The engine that ``--engine`` names; today DuckDB, embedded."""
    if address == "duckdb":
        return Engine(memory=memory, threads=threads)
    if address.startswith("spark://"):
        raise UnavailableError(
            f"engine {address!r}: this version runs its steps on the embedded DuckDB only. "
            "The steps are kept to what Spark can run, but nothing executes them there yet. Use --engine duckdb."
        )
    raise UnavailableError(f"engine {address!r} is not known: given {address!r}, expected 'duckdb'.")
