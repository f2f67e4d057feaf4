"""Reading every promise on every journey: when its clock started, whether it ended, and what was allowed.

A clock starts at the first interaction of one activity and ends at the first of another at or after that instant.
It counts plain time, opening hours, or days (of the calendar, or open ones); an announced day is compared as an
instant, the last microsecond of that local day. What still runs is counted up to ``as_of`` and marked as censored.
"""

import math
from dataclasses import dataclass

from portance.charter import Charter
from portance.charter.promise import Clock, Level, Promise
from portance.engine import Step, literal
from portance.journeys.breaking import CLUSTER
from portance.journeys.columns import Columns

UNIT_US = {
    "seconds": 1_000_000, "minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000,
    "calendar_days": 86_400_000_000, "business_hours": 3_600_000_000, "business_days": 86_400_000_000,
}  # fmt: skip
"""Microseconds of one unit; a day that is counted stands as 24 h."""
EVERY_DAY = "local"
"""The calendar in which every day counts: whoever counts calendar days reads this one."""
_SLOT = 900_000_000
_COLUMNS = (
    "journey_key", "cluster", "journey_id", "person_id", "promise", "state", "started_us", "ended_us", "limit_us",
    "value_ms", "limit_ms", "due_ms", "censored", "start_interaction", "end_position", "position",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """What a promise allows: the announced date where one is known, else a number in the clock's unit."""

    due: str | None
    number: float | None
    due_first: bool


def limit_of(promise: Promise) -> Limit:
    """The limit in force: what customers expect, else what is offered, else what is intended."""
    levels = [level for level in (promise.expected, promise.offered, promise.intended) if level is not None]
    due = next((level.due for level in levels if level.due), None)
    number = next((level.limit for level in levels if level.limit is not None), None)
    first: Level | None = next((level for level in levels if level.due or level.limit is not None), None)
    return Limit(due, number, bool(first and first.due))


def calendar_of(clock: Clock) -> str | None:
    """The table of slots that a clock counts on; ``None`` for plain time."""
    if clock.unit == "calendar_days":
        return EVERY_DAY
    return clock.calendar if clock.unit.startswith("business") else None


def timed(charter: Charter) -> Step:
    """All promises together, with the keys that later steps read."""
    names = [f"timing_{name}" for name in charter.promises]
    if not names:
        nothing = ", ".join(
            f"cast(null as {_TYPES.get(column, 'bigint')}) as {column}" for column in _COLUMNS
        )
        return Step(
            "timed",
            f"select * from (select {nothing}) as nothing where false",
            note="No promise is declared.",
        )
    return Step(
        name="timed",
        sql=" union all ".join(f"select {', '.join(_COLUMNS)} from {name}" for name in names),
        reads=tuple(names),
        note="One promise on one journey, with its keys.",
    )


_TYPES = {
    "journey_id": "varchar", "person_id": "varchar", "promise": "varchar", "state": "varchar", "censored": "boolean",
    "start_interaction": "varchar",
}  # fmt: skip


def timing(charter: Charter, name: str, columns: Columns, as_of_us: int, *, boolean: bool) -> Step:
    """One promise on the journeys of its type; ``boolean`` tells what its measure gives."""
    promise = charter.promises[name]
    if promise.clock is not None:
        return _clocked(name, promise, promise.clock, as_of_us)
    return _measured(name, promise, columns, boolean=boolean)


def _voided(name: str, promise: Promise) -> tuple[str, str, str]:
    """A CTE of the journeys that release the company, how to join it, and the condition."""
    if promise.void_when is None:
        return "", "", "false"
    cte = (
        f'voided as (select distinct journey_key as void_key from journey_interactions where "void_{name}"), '
    )
    return cte, " left join voided on void_key = journey_key", "void_key is not null"


# ---- clocks


def _clocked(name: str, promise: Promise, clock: Clock, as_of_us: int) -> Step:
    limit = limit_of(promise)
    calendar = calendar_of(clock)
    due = limit.due if limit.due is not None else None
    activities = ", ".join(
        literal(activity) for activity in dict.fromkeys([clock.from_, clock.to, *([due] if due else [])])
    )
    start, end = literal(clock.from_), literal(clock.to)
    void_cte, void_join, void = _voided(name, promise)
    announced = (
        f"""announced as (
          select journey_key, arg_min(due_us, case when due_us is not null then position end) as due_us
          from heard where activity = {literal(due)} group by journey_key
        ), """
        if due
        else ""
    )
    due_us = "announced.due_us" if due else "cast(null as bigint)"
    due_join = " left join announced using (journey_key)" if due else ""
    counted = _plain(clock) if calendar is None else _slotted(clock, calendar)
    allowed = _allowed(limit, promise, clock, counted)
    sql = f"""
        with heard as (
          select journey_key, {CLUSTER} as cluster, journey_id, person_id, position, t_us, activity, due_us, interaction_id
          from journey_interactions where journey_type = {literal(promise.journey)} and activity in ({activities})
        ), begun as (
          select journey_key, arg_min(cluster, position) as cluster, arg_min(journey_id, position) as journey_id,
            arg_min(person_id, case when person_id is not null then position end) as person_id,
            min(t_us) as started_us, min(position) as start_position,
            arg_min(interaction_id, position) as start_interaction
          from heard where activity = {start} group by journey_key
        ), {announced}ended as (
          select heard.journey_key, min(t_us) as ended_us, min(position) as end_position
          from heard join begun on begun.journey_key = heard.journey_key
          where activity = {end} and t_us >= started_us and position <> start_position group by heard.journey_key
        ), lasts as (
          select journey_key, position as last_position from journey_interactions
          where next_us is null and journey_type = {literal(promise.journey)}
        ), {void_cte}run as (
          select journey_key, cluster, journey_id, person_id, started_us, ended_us, start_interaction, end_position,
            coalesce(end_position, last_position) as position, {void} as void, {due_us} as due_us,
            coalesce(ended_us, greatest(started_us, {as_of_us})) as finish_us
          from begun left join ended using (journey_key) left join lasts using (journey_key){due_join}{void_join}
        ), counted as ({counted.sql})
        select journey_key, cluster, journey_id, person_id, {literal(name)} as promise,
          {_state(promise, allowed)} as state, started_us, ended_us, {allowed.limit_us} as limit_us,
          value_ms, {allowed.limit_ms} as limit_ms, due_ms, ended_us is null as censored, start_interaction,
          end_position, position
        from counted{allowed.join}"""
    reads = ["journey_interactions"]
    if calendar:
        reads.append(f"slots_{calendar}")
        if allowed.join:
            reads.append(f"days_{calendar}" if clock.unit != "business_hours" else f"slots_{calendar}")
    return Step(
        name=f"timing_{name}",
        sql=sql,
        reads=tuple(dict.fromkeys(reads)),
        note=f"The promise {name} on one journey.",
        keep=False,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """How a clock counts: the query that adds ``value_ms`` and ``due_ms``, and where its limit falls."""

    sql: str
    clock: Clock
    calendar: str | None


def _plain(clock: Clock) -> _Counted:
    return _Counted(
        "select *, (finish_us - started_us) // 1000 as value_ms, (due_us - started_us) // 1000 as due_ms from run",
        clock,
        None,
    )


def _slotted(clock: Clock, calendar: str) -> _Counted:
    """Time on a table of slots: each instant finds its quarter of an hour by equality."""
    slots = f"slots_{calendar}"
    if clock.unit == "business_hours":

        def at(alias: str, instant: str) -> str:
            part = f"case when {alias}.is_open then {instant} - {alias}.slot * {_SLOT} else 0 end"
            return f"({alias}.open_us + {part})"

        begin = at("s", "started_us")
        value_us = f"({at('f', 'finish_us')} - {begin})"
        value = f"{value_us} // 1000"
        due = f"({at('d', 'due_us')} - {begin}) // 1000"
        more = f", {value_us} as value_us, {begin} as begin_us"
    else:
        value = "(f.open_days - s.open_days) * 86400000"
        due = "(d.open_days - s.open_days) * 86400000"
        more = ", s.open_days as begin_days"
    return _Counted(
        f"""
          select run.*, {value} as value_ms, {due} as due_ms{more} from run
          left join {slots} as s on s.slot = started_us // {_SLOT}
          left join {slots} as f on f.slot = finish_us // {_SLOT}
          left join {slots} as d on d.slot = due_us // {_SLOT}
        """,
        clock,
        calendar,
    )


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The limit as SQL: its instant, its length, what it joins, and whether the time counted is beyond it."""

    limit_us: str
    limit_ms: str
    join: str
    beyond: str
    known: str


def _allowed(limit: Limit, promise: Promise, clock: Clock, counted: _Counted) -> _Allowed:
    unit = UNIT_US[clock.unit]
    number_us = None if limit.number is None else round(limit.number * unit)
    join, limit_us, beyond = "", "cast(null as bigint)", "false"
    higher = promise.better == "higher"
    if number_us is not None:
        if counted.calendar is None:
            limit_us = f"started_us + {number_us}"
            beyond = f"finish_us - started_us {'>=' if higher else '>'} {number_us}"
        elif clock.unit == "business_hours":
            beyond = f"value_us {'>=' if higher else '>'} {number_us}"
            # the open slot in which the allowed time runs out; a limit that ends with a slot belongs to that slot
            reached = f"(begin_us + {number_us})"
            join = (
                f" left join (select slot, open_us from slots_{counted.calendar} where is_open) as l "
                f"on l.open_us = (({reached} - 1) // {_SLOT}) * {_SLOT}"
            )
            limit_us = f"l.slot * {_SLOT} + {reached} - l.open_us"
        else:
            days = math.floor(limit.number or 0)
            exact = round((limit.number or 0) * 86_400_000)
            beyond = f"value_ms {'>=' if higher else '>'} {exact}"
            join = f" left join days_{counted.calendar} as l on l.open_days = begin_days + {days}"
            limit_us = "l.ends_us"
    limit_ms = "cast(null as bigint)" if number_us is None else f"cast({number_us // 1000} as bigint)"
    known = "true" if number_us is not None else "false"
    if limit.due_first:
        beyond = (
            f"case when due_us is not null then finish_us {'>=' if higher else '>'} due_us else {beyond} end"
        )
        limit_us = f"coalesce(due_us, {limit_us})"
        limit_ms = f"case when due_us is not null then due_ms else {limit_ms} end"
        known = f"(due_us is not null or {known})"
    return _Allowed(limit_us, limit_ms, join, beyond, known)


def _state(promise: Promise, allowed: _Allowed) -> str:
    """Kept, broken, pending or void. Where more is better, time that has been reached cannot be lost again."""
    if promise.better == "higher":
        return (
            f"case when void then 'void' when not {allowed.known} then 'pending' when {allowed.beyond} then 'kept' "
            "when ended_us is null then 'pending' else 'broken' end"
        )
    return (
        f"case when void then 'void' when not {allowed.known} then 'pending' when {allowed.beyond} then 'broken' "
        "when ended_us is null then 'pending' else 'kept' end"
    )


# ---- measures


def _measured(name: str, promise: Promise, columns: Columns, *, boolean: bool) -> Step:
    measure = columns.aggregate(promise.measure or "", lambda column: f'"given_{column}"')
    void_cte, void_join, void = _voided(name, promise)
    limit = limit_of(promise).number
    if boolean:
        value = "case when measured then 1000 else 0 end"
        limit_ms, kept = "cast(1000 as bigint)", "measured"
    else:
        value = "floor(measured * 1000 + 0.5)"
        limit_ms = "cast(null as bigint)" if limit is None else f"cast({round(limit * 1000)} as bigint)"
        kept = (
            ""
            if limit is None
            else f"value_ms {'<=' if promise.better == 'lower' else '>='} {round(limit * 1000)}"
        )
    state = (
        "case when void then 'void' else 'pending' end"
        if not kept
        else f"case when void then 'void' when {kept} then 'kept' else 'broken' end"
    )
    sql = f"""
        with told as (
          select journey_key, arg_min({CLUSTER}, position) as cluster,
            max(case when position = 1 then journey_id end) as journey_id,
            arg_min(person_id, case when person_id is not null then position end) as person_id,
            min(t_us) as started_us, max(t_us) as ended_us, count(*) as position, {measure} as measured
          from journey_interactions where journey_type = {literal(promise.journey)} group by journey_key
        ), {void_cte}valued as (
          select *, cast({value} as bigint) as value_ms from told where measured is not null
        ), released as (select *, {void} as void from valued{void_join})
        select journey_key, cluster, journey_id, person_id, {literal(name)} as promise, {state} as state, started_us,
          ended_us, cast(null as bigint) as limit_us, value_ms, {limit_ms} as limit_ms, cast(null as bigint) as due_ms,
          false as censored, cast(null as varchar) as start_interaction, cast(null as bigint) as end_position, position
        from released"""
    return Step(
        name=f"timing_{name}",
        sql=sql,
        reads=("journey_interactions",),
        note=f"The promise {name} on one journey.",
        keep=False,
    )
