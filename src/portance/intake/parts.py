"""The parts that the columns of one file play: its case, its times, its activity, its function, its people.

Names say what a column is meant for, counts say whether it can be; a part that nothing fits stays empty.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from portance.charter.naming import words
from portance.intake import words as vocabulary
from portance.intake.profiling import NOTHING, Column, Profile, varies

Role = Literal["log", "record", "list", "lookup", "left"]
"""An event a row; several times a row; one time a row; no time but one row for each key; nothing that can be used."""


Choose = Callable[["Table", list[Column]], Column | None]
"""Which of the columns that are still free plays a part, if any."""


@dataclass(slots=True)
class Table:
    """A file with the parts that its columns play."""

    profile: Profile
    name: str
    role: Role
    times: list[Column]
    """Those that tell when something happened, in the order of their medians."""
    due: list[Column]
    key: Column | None = None
    unique: Column | None = None
    parts: dict[str, Column] = field(default_factory=dict)
    persons: list[Column] = field(default_factory=list)
    lookups: "list[tuple[Table, Column, Column, list[Column]]]" = field(default_factory=list)
    case_name: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.profile.columns

    def used(self) -> set[str]:
        """The headers that play a part already."""
        named = {column.header for column in (*self.times, *self.due, *self.persons, *self.parts.values())}
        return named | {column.header for column in (self.key, self.unique) if column is not None}


def has(column: Column, wanted: Iterable[str]) -> bool:
    return not set(column.words).isdisjoint(wanted)


def _starts(column: Column, beginnings: Iterable[str]) -> bool:
    return any(word.startswith(beginning) for word in column.words for beginning in beginnings)


def repeats(column: Column) -> float:
    return column.filled / column.distinct if column.distinct else 0.0


def usable(column: Column) -> bool:
    """Whether a column can be named in a charter and tells anything."""
    return column.kind != "empty" and len(column.header) <= 200 and column.header.isprintable()


def read_table(profile: Profile, name: str) -> Table:
    columns = [column for column in profile.columns if usable(column)]
    dated = [column for column in columns if column.is_time and not has(column, vocabulary.NOT_LIVED)]
    due = [column for column in dated if _starts(column, vocabulary.DUE)]
    lived = [column for column in dated if column not in due]
    if not lived and due and len(columns) <= 4:  # a file whose only time is called a target is still a log
        lived, due = due[:1], due[1:]
    lived = _ordered(lived)
    key = _case_key(profile, columns, lived)
    unique = next(
        (column for column in columns if is_unique(column, profile) and not has(column, vocabulary.PERSON)),
        None,
    )
    unique = unique or next((column for column in columns if is_unique(column, profile)), None)
    role: Role = (
        "log" if key else "record" if len(lived) > 1 else "list" if lived else "lookup" if unique else "left"
    )
    table = Table(profile, name, role, lived, due, key=key, unique=unique)
    _assign(table, columns)
    return table


def _ordered(times: list[Column]) -> list[Column]:
    """Times in their usual order: by how often each comes after the others, on the rows that have both."""
    if len(times) < 2:
        return times
    after = {column.header: 0.0 for column in times}
    for column in times:
        for other in times:
            mine, theirs = instants(column), instants(other)
            both = (mine != NOTHING) & (theirs != NOTHING)
            if other is not column and both.any():
                later = mine[both] - theirs[both]
                after[column.header] += float((later > 0).mean() + (later == 0).mean() / 2)
    return sorted(times, key=lambda column: (after[column.header], column.place))


def instants(column: Column) -> npt.NDArray[np.int64]:
    return column.instants if column.instants is not None else np.empty(0, np.int64)


def is_unique(column: Column, profile: Profile) -> bool:
    coded = column.kind in ("integer", "text") and column.mean_length <= 80 and column.spaced < 0.5
    return coded and column.filled == profile.rows and column.distinct == profile.rows and profile.rows > 1


def _case_key(profile: Profile, columns: list[Column], lived: list[Column]) -> Column | None:
    """The column whose values come back with other times, and which settles most other columns."""
    best: tuple[float, int, Column] | None = None
    for column in columns:
        if (
            column.kind not in ("integer", "text")
            or column.filled < 0.5 * profile.rows
            or column.mean_length > 80
        ):
            continue
        if repeats(column) < 1.05 or column.distinct < 2 or (column.spaced > 0.9 and column.mean_length > 40):
            continue
        named = _case_score(column)
        if column.distinct * 200 < profile.rows and named < 2:
            continue
        if max((varies(column, time) for time in lived), default=0.0) < 0.5:
            continue
        others = [
            other for other in columns if other is not column and other not in lived and other.distinct > 1
        ]
        settled = sum(varies(column, other) < 0.05 for other in others) / len(others) if others else 0.5
        fine = min(1.0, 4 * column.distinct / profile.rows)
        coded = column.words[-1:] and (column.words[-1] in vocabulary.IDENTIFYING or len(column.words) == 1)
        if not coded and settled < 0.2 and fine < 0.2:
            continue
        score = named + 2 * settled + fine
        if score >= 1.8 and (best is None or score > best[0]):
            best = (score, column.place, column)
    return best[2] if best else None


def _case_score(column: Column) -> float:
    if column.header.lower() in ("case:concept:name", "case id", "case_id", "caseid"):
        return 5.0
    if has(
        column,
        vocabulary.TEAM | vocabulary.FUNCTION | vocabulary.AGENT | vocabulary.STATUS | vocabulary.PLACE,
    ):
        return -2.0
    if has(column, vocabulary.CASE):
        return 2.0
    return -0.7 if has(column, vocabulary.PERSON) or has(column, vocabulary.INTENT) else 0.0


def _assign(table: Table, columns: list[Column]) -> None:
    """Which column plays which part; each plays one."""
    if table.key and table.role == "log":
        moving = [column for column in table.times if varies(table.key, column) >= 0.5]
        moving.sort(key=lambda column: (not has(column, vocabulary.CHANGED), column.place))
        table.parts["time"] = moving[0]
    elif table.times:
        table.parts["time"] = table.times[0]
    free = [column for column in columns if not column.is_time and column is not table.key]
    table.persons = [column for column in free if identifies(column)]
    free = [column for column in free if column not in table.persons and column is not table.unique]
    for part, choose in _PARTS.items():
        chosen = choose(table, free)
        if chosen is not None:
            table.parts[part] = chosen
            free.remove(chosen)
    if "function" not in table.parts and "team" in table.parts:
        table.parts["function"] = table.parts["team"]
    if not table.persons and "verbatim" in table.parts and table.role != "log":
        table.persons = [column for column in free if identifies(column, vocabulary.AUTHOR)][:1]


def identifies(column: Column, wanted: frozenset[str] = vocabulary.PERSON) -> bool:
    """Whether its values can stand for a customer: a fitting name, codes, and enough of them."""
    if column.kind not in ("integer", "text") or column.mean_length > 80 or not has(column, wanted):
        return False
    if has(column, vocabulary.NOT_IDENTIFYING | vocabulary.AGENT) or column.spaced > 0.5:
        return False
    last = column.words[-1]
    if not (last in vocabulary.IDENTIFYING or last in wanted):
        return False
    return column.distinct >= max(2, min(20, 0.05 * column.filled))


def _named(wanted: frozenset[str], low: int, high: int, *, without: frozenset[str] = frozenset()) -> Choose:
    """Chooses the column of a fitting name and of so many values: one that changes within cases, the fullest first."""

    def choose(table: Table, free: list[Column]) -> Column | None:
        fitting = [
            column for column in free
            if has(column, wanted) and not has(column, without) and low <= column.distinct <= high
            and column.kind in ("text", "flag", "integer") and column.mean_length <= 60
        ]  # fmt: skip
        fitting.sort(
            key=lambda column: (
                column.kind == "flag",
                not lively(table, column),
                -column.filled,
                column.place,
            )
        )
        return fitting[0] if fitting else None

    return choose


def lively(table: Table, column: Column) -> bool:
    """Whether it changes within cases: a step, a team; what does not is a trait of the case."""
    return table.role != "log" or table.key is None or varies(table.key, column) >= 0.02


def _activity(table: Table, free: list[Column]) -> Column | None:
    if table.role == "record":
        return None  # each of its times is one
    exact = [
        column
        for column in free
        if column.header.lower()
        in ("concept:name", "activity", "activité", "event_type", "event type", "action")
    ]
    if exact and exact[0].distinct > 1:
        return exact[0]
    for wanted in (vocabulary.ACTIVITY, vocabulary.STATUS, None):
        fitting = [
            column for column in free
            if column.kind == "text" and 2 <= column.distinct <= 200 and column.mean_length <= 60 and lively(table, column)
            and (has(column, wanted) if wanted else table.role == "log" and column.distinct <= 60 and not has(column, vocabulary.TEAM | vocabulary.FUNCTION | vocabulary.AGENT | vocabulary.CHANNEL))
            and not has(column, vocabulary.PLACE - vocabulary.STATUS)
        ]  # fmt: skip
        if fitting:
            return fitting[0] if table.role == "log" or wanted is not vocabulary.STATUS else None
    return None


def _rating(_table: Table, free: list[Column]) -> Column | None:
    fitting = [
        column for column in free
        if has(column, vocabulary.RATING) and column.kind in ("integer", "number") and column.low is not None and column.high is not None
        and column.low >= 0 and column.high <= 10 and 2 <= column.distinct <= 21
    ]  # fmt: skip
    return fitting[0] if fitting else None


def _verbatim(_table: Table, free: list[Column]) -> Column | None:
    fitting = [
        column
        for column in free
        if column.kind == "text" and has(column, vocabulary.VERBATIM) and column.distinct > 1
    ]
    fitting = [column for column in fitting if column.mean_length >= 12 and column.spaced >= 0.3] or fitting[
        :0
    ]
    fitting.sort(key=lambda column: -column.mean_length)
    return fitting[0] if fitting else None


def _vocal(table: Table, free: list[Column]) -> Column | None:
    """The column whose values say how things ended."""
    offered = [*free, *([table.parts["activity"]] if "activity" in table.parts else [])]
    fitting = [
        column
        for column in offered
        if has(column, vocabulary.OUTCOME)
        and column.kind == "text"
        and column.distinct <= 40
        and len(outcomes(column)) > 0
    ]
    fitting = [column for column in fitting if "resolved" in outcomes(column) or len(outcomes(column)) > 1]
    chosen = fitting[0] if fitting else None
    if chosen is not None and chosen not in free:
        table.parts["outcome"] = chosen  # the step itself tells it
        return None
    return chosen


def outcomes(column: Column) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    standard = frozenset({"complete", "completed"}) if "transition" in column.words else frozenset()
    for value in column.values():
        said = set(words(value)) - standard  # "complete" ends every event of a log, well or badly
        for outcome, wanted in vocabulary.OUTCOMES.items():
            if said & wanted:
                negated = outcome == "resolved" and said & vocabulary.NEGATIONS
                found.setdefault("unresolved" if negated else outcome, []).append(value)
                break
    return found


def _initiator(_table: Table, free: list[Column]) -> Column | None:
    for column in free:
        said = {word for value in column.values() for word in words(value)}
        if (
            has(column, vocabulary.INITIATOR)
            and column.distinct <= 4
            and said & vocabulary.CUSTOMER
            and said & vocabulary.COMPANY
        ):
            return column
    return None


def _actor(_table: Table, free: list[Column]) -> Column | None:
    for column in free:
        said = {word for value in column.values() for word in words(value)}
        if (
            column.kind == "text"
            and column.distinct <= 6
            and said & vocabulary.MACHINE
            and said & vocabulary.HUMAN
        ):
            return column
    return None


def _seconds(wanted: frozenset[str]) -> Choose:
    def choose(_table: Table, free: list[Column]) -> Column | None:
        fitting = [
            column
            for column in free
            if has(column, wanted)
            and column.kind in ("integer", "number")
            and (column.low is None or column.low >= 0)
        ]
        return fitting[0] if fitting else None

    return choose


_PARTS: dict[str, Choose] = {
    "initiated_by": _initiator,
    "actor": _actor,
    "activity": _activity,
    "rating": _rating,
    "verbatim": _verbatim,
    "function": _named(vocabulary.FUNCTION, 2, 5000, without=vocabulary.PLACE),
    "team": _named(vocabulary.TEAM, 2, 20_000, without=vocabulary.PLACE),
    "service": _named(vocabulary.SERVICE, 2, 500, without=vocabulary.PLACE | vocabulary.AGENT),
    "channel": _named(vocabulary.CHANNEL, 1, 30),
    "channel_type": _named(frozenset({"contact"}), 2, 30, without=vocabulary.PERSON | vocabulary.INTENT),
    "agent": _named(
        vocabulary.AGENT, 2, 100_000, without=vocabulary.PLACE | vocabulary.STATUS | vocabulary.PERSON
    ),
    "outcome": _vocal,
    "wait": _seconds(vocabulary.WAIT),
    "duration": _seconds(vocabulary.DURATION),
    "cost": _seconds(vocabulary.COST),
    "intent": _named(vocabulary.INTENT, 2, 300, without=vocabulary.NPS),
    "language": _named(vocabulary.LANGUAGE, 1, 60),
}
