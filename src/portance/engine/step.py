"""A step of the analysis, as a value: the text of one query and the name of the table that it makes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One query in the DuckDB dialect, executed by ``Engine.run`` alone.

    ``reads`` are the tables that it selects from. ``keep=False`` leaves it as a view, computed where it is
    read: for steps that only one later step reads. ``note`` says in one line what a row of it is.
    """

    name: str
    sql: str
    reads: tuple[str, ...] = ()
    note: str = ""
    keep: bool = True


@dataclass(frozen=True, slots=True)
class StepRun:
    """What one step took: processor and wall time in seconds, and the rows that it made (-1 for a view)."""

    name: str
    cpu_s: float
    wall_s: float
    rows: int
