"""Customers followed from the first interaction to a departure, or to the last complete period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from portance.charter import Charter
from portance.charter.retention import Retention
from portance.engine import Engine, literal
from portance.experience.retention.lives import UNKNOWN, Counts, Floats, Integers, Lives
from portance.journeys.columns import Columns

MOST_CELLS = 600_000
"""Customers times periods: beyond it every second, third… customer is followed, so that memory and time are kept."""
FEWEST_PERIODS = 6
_RECENT_DAYS = 91
_LONG = 2
"""A promise missed by so many times its limit is a long gap."""
_MOST_VALUES = 8
_FEWEST_VALUE = 100
_DAYS = {"week": 7.0, "month": 30.4375}
NO_REASON = "unknown"


@dataclass(frozen=True, slots=True)
class Followed:
    """The lives, with what curves read: days from the first interaction to the departure or to what is last known.

    ``keys`` are the customers' numbers in the engine. ``sampled``: one in so many was taken. ``why`` where nothing can be
    followed.
    """

    lives: Lives | None
    keys: Integers
    days: Floats
    gone: Integers
    """1 + the place of the reason where the customer left, 0 where lost from sight."""
    entered_us: Integers
    sampled: int
    why: str | None = None


def nobody(why: str) -> Followed:
    """Nothing to follow, and why."""
    none = np.zeros(0, dtype=np.int64)
    return Followed(None, none, np.zeros(0), none, none, 1, why)


def follow(charter: Charter, engine: Engine, as_of_us: int) -> Followed:
    """The lives of the customers who are known as persons, up to ``as_of_us``.

    Where a departure is a silence it is dated at the last interaction before it; who was heard of less than that silence
    ago is followed up to then and no further.
    """
    told = charter.retention
    if told is None:
        return nobody("not_declared")
    if engine.columns_or_none("interactions") is None:
        return nobody("no_interactions")
    people, start_us = engine.rows(
        f"select count(distinct person_key), min(t_us) from interactions where person_key is not null and t_us <= {as_of_us}"
    )[0]
    if not people:
        return nobody("no_known_customers")
    spanned = max(1, round((as_of_us - start_us) / 86_400e6 / _DAYS[told.period]))
    step = -(-people * spanned // MOST_CELLS)
    some = f"person_key is not null and t_us <= {as_of_us}" + (
        f" and person_key % {step} = 0" if step > 1 else ""
    )
    seen_until = as_of_us - (told.silent_after or 0)
    bounds = _bounds(charter, engine, told, some, seen_until)
    if len(bounds) - 1 < FEWEST_PERIODS:
        return nobody("too_short")
    entries = engine.arrow(
        f"select person_key, min(t_us) as t_us from interactions where {some} group by person_key order by person_key"
    )
    keys = _numbers(entries["person_key"])
    entered = _numbers(entries["t_us"])
    when, reason, reasons = departures(charter, engine, told, some, as_of_us=as_of_us, keys=keys)
    periods = len(bounds) - 1
    first = _period(bounds, entered)
    kept = first < periods - 1
    keys, entered, when, reason, first = keys[kept], entered[kept], when[kept], reason[kept], first[kept]
    if not len(keys):
        return nobody("too_short")
    left = (when >= 0) & (when <= seen_until)
    # a silence begins after the last interaction: it is a departure of the period that follows
    ended = _period(bounds, when) + (1 if told.silent_after is not None else 0)
    inside = left & (ended < periods)
    last = np.where(inside, ended, periods - 1)
    lives = Lives(
        first=first, last=last, left=inside & (ended > first), reason=np.where(inside, reason, UNKNOWN), reasons=reasons,
        contacts=np.zeros((0, 0), dtype=np.float32), exposures={}, recent=_periods_in(told, _RECENT_DAYS),
        horizon=_periods_in(told, told.horizon / 86_400e6), after_silence=told.silent_after is not None,
    )  # fmt: skip
    contacts, channels = _contacts(engine, told, some, bounds, keys)
    # who has left in the very first period has no period at risk
    lives = Lives(
        first=lives.first, last=lives.last, left=lives.left, reason=lives.reason, reasons=lives.reasons, contacts=contacts,
        exposures=_exposures(charter, engine, as_of_us, bounds, keys), recent=lives.recent, horizon=lives.horizon,
        held=_held(charter, engine, told, some, bounds=bounds, keys=keys), fixed=segments_of(charter, engine, keys), channels=channels,
        after_silence=lives.after_silence,
    )  # fmt: skip
    until = np.where(left, when, seen_until)
    return Followed(
        lives, keys, np.maximum(until - entered, 0) / 86_400e6, np.where(left, reason + 1, 0), entered, step
    )


def _numbers(column: object) -> Integers:
    return np.asarray(column.to_numpy(), dtype=np.int64)  # type: ignore[attr-defined]


def _periods_in(told: Retention, days: float) -> int:
    return max(1, round(days / _DAYS[told.period]))


def _bounds(charter: Charter, engine: Engine, told: Retention, some: str, until_us: int) -> Integers:
    """The instants at which local weeks (from Monday) or months begin, from the first interaction to the last whole one."""
    start_us = engine.rows(f"select min(t_us) from interactions where {some}")[0][0]
    if start_us is None:
        return np.zeros(0, dtype=np.int64)
    zone = ZoneInfo(charter.company.timezone)
    start = datetime.fromtimestamp(start_us // 1_000_000, UTC).astimezone(zone).date()
    day = start - timedelta(days=start.weekday()) if told.period == "week" else start.replace(day=1)
    bounds = []
    while True:
        at = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        bounds.append((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
        if bounds[-1] > until_us + 1:
            return np.array(bounds[:-1], dtype=np.int64)
        day = day + timedelta(days=7) if told.period == "week" else (day + timedelta(days=31)).replace(day=1)


def _period(bounds: Integers, at: Integers) -> Integers:
    return np.asarray(np.searchsorted(bounds, at, side="right") - 1)


def departures(
    charter: Charter, engine: Engine, told: Retention, some: str, *, as_of_us: int, keys: Integers
) -> tuple[Integers, Integers, tuple[str, ...]]:
    """For each customer of ``keys`` (ascending) the instant of the first departure (-1: none) and the place of its reason.

    ``some`` says in SQL which interactions are read.
    """
    when = np.full(len(keys), -1, dtype=np.int64)
    reason = np.full(len(keys), UNKNOWN, dtype=np.int64)
    if told.silent_after is not None:
        gone = engine.arrow(
            "select person_key, min(t_us) as t_us from (select person_key, t_us, lead(t_us) over (partition by person_key order by t_us, tie) as next_us "
            f"from interactions where {some}) as spaced where coalesce(next_us, {as_of_us}) - t_us > {told.silent_after} group by person_key"
        )
        key = _numbers(gone["person_key"])
        at_place = np.minimum(np.searchsorted(keys, key), max(len(keys) - 1, 0))
        known = keys[at_place] == key if len(keys) else np.zeros(len(key), dtype=bool)
        when[at_place[known]], reason[at_place[known]] = _numbers(gone["t_us"])[known], 0
        return when, reason, ("silence",)
    columns = Columns(charter, engine.columns("interactions"))
    why = f"cast(({columns.scalar(told.reason)}) as varchar)" if told.reason else "cast(null as varchar)"
    rows = engine.rows(
        f"select person_key, t_us, {why} as reason from interactions where {some} and activity in ({_listed(told.left)}) "
        "order by person_key, t_us, tie"
    )
    names: dict[str, int] = {}
    place_of = {int(key): place for place, key in enumerate(keys)}
    for key, at, given in rows:
        place = place_of.get(key)
        if place is not None and when[place] < 0:
            when[place] = at
            reason[place] = names.setdefault(str(given) if given is not None else NO_REASON, len(names))
    return when, reason, tuple(names) or (NO_REASON,)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(literal(name) for name in names) or "''"


def _counted(rows: object, bounds: Integers, keys: Integers) -> Counts:
    """Counts per customer and period from a table of ``person_key``, ``t_us`` and ``n``."""
    key, at = _numbers(rows["person_key"]), _numbers(rows["t_us"])  # type: ignore[index]
    n = np.asarray(rows["n"].to_numpy(), dtype=np.float64)  # type: ignore[index]
    person = np.minimum(np.searchsorted(keys, key), max(len(keys) - 1, 0))
    period = _period(bounds, at)
    known = (keys[person] == key) & (period >= 0) & (period < len(bounds) - 1)
    width = len(bounds) - 1
    flat = np.bincount(person[known] * width + period[known], n[known], len(keys) * width)
    return flat.reshape(len(keys), width).astype(np.float32)


def _contacts(
    engine: Engine, told: Retention, some: str, bounds: Integers, keys: Integers
) -> tuple[
    Counts,
    dict[str, Counts],
]:
    """Interactions by period, those that end the relation left out; the same for the most frequent channels."""
    query = (
        f"select person_key, t_us, 1 as n from interactions where {some}"
        f" and coalesce(activity, '') not in ({_listed(told.left)})"
    )
    contacts = _counted(engine.arrow(query), bounds, keys)
    named = engine.columns("interactions").get("channel") is not None
    common = (
        engine.rows(
            f"select channel, count(*) as n from interactions where {some} and channel is not null group by channel order by n desc, channel limit 5"
        )
        if named
        else []
    )
    return contacts, {
        str(channel): _counted(engine.arrow(f"{query} and channel = {literal(channel)}"), bounds, keys)
        for channel, _ in common[1:]
    }


def _exposures(
    charter: Charter, engine: Engine, as_of_us: int, bounds: Integers, keys: Integers
) -> dict[str, Counts]:
    """Breaks by kind, promises by name (``promise:<name>``), and those missed by far (``gap:<name>``)."""
    found = {}
    if engine.columns_or_none("breaks") is not None:
        for (kind,) in engine.rows(
            "select distinct kind from breaks where kind <> 'broken_promise' order by kind"
        ):
            found[str(kind)] = _counted(
                engine.arrow(
                    "select p.person_key, b.at_us as t_us, 1 as n from breaks as b join persons as p on b.person_id = p.person_id "
                    f"where b.kind = {literal(kind)} and b.at_us <= {as_of_us}"
                ),
                bounds,
                keys,
            )
    if engine.columns_or_none("clocks") is not None:
        for name in charter.promises:
            missed = (
                "select p.person_key, coalesce(c.limit_us, c.ended_us, c.started_us) as t_us, 1 as n from clocks as c "
                f"join persons as p on c.person_id = p.person_id where c.promise = {literal(name)} and c.state = 'broken' "
                f"and coalesce(c.limit_us, c.ended_us, c.started_us) <= {as_of_us}"
            )
            found[f"promise:{name}"] = _counted(engine.arrow(missed), bounds, keys)
            far = _counted(
                engine.arrow(f"{missed} and c.value_ms is not null and c.value_ms >= {_LONG} * c.limit_ms"),
                bounds,
                keys,
            )
            found[f"gap:{name}"] = far
    return found


def _held(
    charter: Charter, engine: Engine, told: Retention, some: str, *, bounds: Integers, keys: Integers
) -> npt.NDArray[np.int8] | None:
    """Whether leaving is hard, as last known at the end of each period."""
    if told.held_when is None:
        return None
    columns = Columns(charter, engine.columns("interactions"))
    held = f"({columns.scalar(told.held_when)})"
    rows = engine.arrow(
        f"select person_key, t_us, cast({held} as integer) as held from interactions where {some} and {held} is not null "
        "order by person_key, t_us, tie"
    )
    person = np.minimum(np.searchsorted(keys, _numbers(rows["person_key"])), max(len(keys) - 1, 0))
    known = keys[person] == _numbers(rows["person_key"])
    period = _period(bounds, _numbers(rows["t_us"]))
    known &= period < len(bounds) - 1
    state = np.full((len(keys), len(bounds) - 1), UNKNOWN, dtype=np.int8)
    # in order of time: the last one of a period stays
    state[person[known], period[known]] = _numbers(rows["held"])[known]
    for at in range(1, state.shape[1]):
        state[:, at] = np.where(state[:, at] == UNKNOWN, state[:, at - 1], state[:, at])
    return state


def segments_of(charter: Charter, engine: Engine, keys: Integers) -> Floats:
    """Dummies of the most frequent values of each declared segment, read at the customer's first journey that has it."""
    there = engine.columns_or_none("journeys") or {}
    columns: list[Floats] = []
    for name in charter.segments:
        if f"segment_{name}" not in there:
            continue
        rows = engine.rows(
            f'select p.person_key, arg_min(cast(j."segment_{name}" as varchar), j.started_us) from journeys as j '
            f'join persons as p on j.person_id = p.person_id where j."segment_{name}" is not null group by p.person_key'
        )
        value = np.full(len(keys), "", dtype=object)
        if rows and len(keys):
            key = np.array([row[0] for row in rows], dtype=np.int64)
            place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
            for at, row in zip(
                place[keys[place] == key],
                np.array([row[1] for row in rows], dtype=object)[keys[place] == key],
                strict=True,
            ):
                value[at] = row
        names, counts = np.unique(value.astype(str), return_counts=True)
        order = np.argsort(-counts, kind="stable")[1 : _MOST_VALUES + 1]
        columns += [(value == names[at]).astype(np.float64) for at in order if counts[at] >= _FEWEST_VALUE]
    return np.column_stack(columns) if columns else np.zeros((len(keys), 0))
