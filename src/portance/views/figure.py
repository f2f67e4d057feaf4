"""A figure as a person may rely on it: value, interval, how many it stands on, and where its rows are."""

from dataclasses import dataclass
from typing import Literal

Shown = Literal["point", "interval", "suppressed", "missing"]

FEWEST_PERSONS = 5
"""Below this, nothing is told but that there are too few."""
FEWEST_FOR_POINT = 30
"""Below this, the interval is told and no point."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind a figure: a table beside the report, and the condition that picks them out.

    ``sql`` can be pasted in DuckDB, started in the folder of the report.
    """

    table: str
    path: str
    where: str = ""
    order: str = ""

    @property
    def sql(self) -> str:
        """The statement that shows these rows."""
        text = f"SELECT * FROM {quoted(self.path)}"
        if self.where:
            text += f" WHERE {self.where}"
        return f"{text} ORDER BY {self.order}" if self.order else text


def quoted(value: object) -> str:
    """A value as an SQL literal, on one line."""
    if value is None:
        return "NULL"
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return "'" + text.replace("'", "''") + "'"


def same(**columns: object) -> str:
    """The condition that each column equals its value; a null equals a null."""
    parts = (
        f"{name} IS NULL" if value is None else f"{name} = {quoted(value)}" for name, value in columns.items()
    )
    return " AND ".join(parts)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in its unit with its 95 % interval.

    ``unit`` is ``share`` (0 to 1), ``points`` (0 to 100), ``money`` (units of ``currency``), ``count``, a unit of
    time such as ``days``, or any other word, said after the number. ``n`` counts what was observed, ``persons``
    how many people it comes from.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = "share"
    n: int | None = None
    persons: int | None = None
    shown: Shown = "point"
    currency: str = ""

    @property
    def known(self) -> bool:
        """Whether anything of it may be told."""
        return self.shown in ("point", "interval")


MISSING = Figure(None, unit="", shown="missing")


def shown_for(persons: int | None, value: float | None, said: object = None) -> Shown:
    """How much of a figure may be told: what the table says of it, else by how many people it comes from."""
    if said in ("suppressed", "missing"):
        return "suppressed" if said == "suppressed" else "missing"
    if persons is not None and persons < FEWEST_PERSONS:
        return "suppressed"
    if said == "interval" or (said is None and persons is not None and persons < FEWEST_FOR_POINT):
        return "interval"
    return "missing" if value is None else "point"
