"""What is known of employees, one row each time: the only values in which a person can be told apart. They stay behind the door."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
WEEK_DAYS = 7
MONDAY = 4
"""The first Monday of 1970 is its fifth day."""
UNDATED = -(2**40)
"""The day of what has none: it belongs to every window, and is the same in all of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """A function, a team, both, or everyone. Nothing finer can be asked for."""

    function: str | None = None
    team: str | None = None

    @property
    def label(self) -> str:
        """How the journal names it."""
        return f"function={self.function or '*'}/team={self.team or '*'}"


@dataclass(frozen=True, slots=True)
class Window:
    """Days from ``start`` to the one before ``end``; at least a week of them. ``name`` says what they are to a reader."""

    start: date
    end: date
    name: str = "current"

    def __post_init__(self) -> None:
        if (self.end - self.start).days < WEEK_DAYS:
            raise ValueError(
                f"a window of employees' figures has a week at least, given {self.start} to {self.end}"
            )

    @property
    def days(self) -> tuple[int, int]:
        """First day and the one after the last, counted from 1970."""
        return (self.start - EPOCH).days, (self.end - EPOCH).days


def quarters(last: date, many: int = 4) -> Window:
    """Whole calendar quarters, the last of them the one that holds ``last``."""
    year, number = last.year, (last.month - 1) // 3
    total = year * 4 + number + 1
    return Window(_quarter(total - many), _quarter(total))


def split(window: Window, at: date, name: str) -> tuple[Window, Window] | None:
    """A window before a day and from it on, named after what happened; none where less than a week is left on a side."""
    week = timedelta(WEEK_DAYS)
    if at - window.start < week or window.end - at < week:
        return None
    return Window(window.start, at, f"before {name}"), Window(at, window.end, f"after {name}")


def _quarter(total: int) -> date:
    return date(total // 4, total % 4 * 3 + 1, 1)


@dataclass(frozen=True, slots=True)
class Facts:
    """One topic: what was answered or counted, by employee and day; everything of the same length.

    ``employees`` are numbers from 0, ``names`` what they stand for. A person's value is the mean of the person's rows,
    held between ``low`` and ``high``; where rows are ``work``, it is their sum by week of all the weeks that the group is
    known of, and nobody may have done most of it.
    """

    names: tuple[str, ...]
    employees: Integers
    teams: npt.NDArray[np.object_]
    functions: npt.NDArray[np.object_]
    days: Integers
    values: Floats
    low: float
    high: float
    work: bool = False

    def rows(self, group: Group, window: Window) -> Flags:
        """Which rows belong to a group within a window."""
        first, after = window.days
        found: Flags = (self.days >= first) & (self.days < after) | (self.days == UNDATED)
        found &= np.isfinite(self.values)
        if group.function is not None:
            found &= self.functions == group.function
        if group.team is not None:
            found &= self.teams == group.team
        return found

    def last_day(self) -> date | None:
        """The last day of which anything is known."""
        dated = self.days[self.days != UNDATED]
        return EPOCH + timedelta(int(dated.max())) if len(dated) else None

    def first_day(self) -> date | None:
        """The first day of which anything is known."""
        dated = self.days[self.days != UNDATED]
        return EPOCH + timedelta(int(dated.min())) if len(dated) else None
