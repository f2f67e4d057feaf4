"""What employees' sources tell, brought to the door: answers turned so that 100 is best, work by week of a person."""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.charter.employees import EmployeeQuestion, Employees
from portance.engine import Engine, literal
from portance.experience.employees.facts import EPOCH, MONDAY, UNDATED, WEEK_DAYS, Facts, Floats
from portance.experience.employees.journal import Journal
from portance.experience.employees.protecting import Protected
from portance.store.state import State

KINDS = ("tool", "rekey", "wait", "limit", "workaround")
MINUTES = "minutes"
WAITED = "wait_minutes"
"""Minutes of everything, and of waits for another function, beside the kinds that are counted."""
_COVERED, _ROOM = 0.95, 1.5
"""Work half as much again above what so many persons stay below counts as that much: one person cannot make a figure."""
_ANSWERS = f"""
select employee, team, "function", question, value, coalesce(cast(floor(t_us / 86400000000) as bigint), {UNDATED}) as day
from employee_answers where value is not null and employee is not null order by question, employee, day, value, team, "function"
"""
_WEEK = "cast(floor((floor(t_us / 86400000000) - 4) / 7) as bigint)"
_KINDS_SQL = ", ".join(
    f"coalesce(sum(coalesce(times, 1)) filter (kind = '{kind}'), 0) as {kind}" for kind in KINDS
)
_TASK = f"""
select employee, team, "function", {_WEEK} as week, {_KINDS_SQL}, sum(coalesce(duration_ms, 0)) / 60000 as {MINUTES},
       coalesce(sum(duration_ms) filter (kind = 'wait'), 0) / 60000 as {WAITED}
from work_events where employee is not null and t_us is not null and task = ? group by 1, 2, 3, 4 order by employee, week, team, "function"
"""
_TOOL = """
with marks as (
  select employee, max(case when tool = ? and kind in ('tool', 'rekey') then 1 else 0 end) as uses,
         max(case when kind = 'workaround' and (tool is null or tool = ? or tool not in ({declared})) then 1 else 0 end) as avoids
  from work_events where employee is not null and t_us is not null and {week} >= ? group by employee
), places as (
  select employee, team, "function", max({week}) as week from work_events
  where employee is not null and t_us is not null and {week} >= ? group by employee, team, "function"
)
select p.employee, p.team, p."function", p.week, m.uses, m.avoids from places p join marks m on p.employee = m.employee
order by p.employee, p.team, p."function"
"""

_KEPT = """
with uses as (
  select employee, t_us from work_events
  where employee is not null and t_us is not null and tool = ? and kind in ('tool', 'rekey') and {week} >= ?
), started as (
  select employee, min(t_us) as first_us from uses group by employee
), spans as (
  select employee, first_us + {low} as low_us, first_us + {high} as high_us from started
  where first_us + {high} <= (select max(t_us) from work_events) + {day}
), marks as (
  select s.employee, max(case when u.t_us >= s.low_us and u.t_us < s.high_us then 1 else 0 end) as keeps
  from spans s join uses u on s.employee = u.employee group by s.employee
), there as (
  select distinct s.employee from spans s join work_events e on s.employee = e.employee where e.t_us >= s.low_us and e.t_us < s.high_us
), places as (
  select employee, team, "function", max({week}) as week from work_events
  where employee is not null and t_us is not null and {week} >= ? group by employee, team, "function"
)
select p.employee, p.team, p."function", p.week, m.keeps
from places p join marks m on p.employee = m.employee join there t on p.employee = t.employee
order by p.employee, p.team, p."function"
"""
KEPT_DAYS = (30, 58)
"""Who still uses a tool a month on: once at least from the 30th day after the first use to the 57th."""
_US_PER_DAY = 86_400_000_000


def answer(question: str) -> str:
    """The topic of a question to employees."""
    return f"answer:{question}"


def work(task: str, kind: str) -> str:
    """The topic of a kind of work event in a task, or of the minutes spent on it."""
    return f"work:{task}:{kind}"


def used(tool: str) -> str:
    """The topic of who uses a tool."""
    return f"used:{tool}"


def kept(tool: str) -> str:
    """The topic of who still uses a tool a month after the first time, of those who could be followed so long."""
    return f"kept:{tool}"


def avoided(tool: str) -> str:
    """The topic of who works around a tool."""
    return f"avoided:{tool}"


def opened(
    charter: Charter, engine: Engine, state: State | None, today: date, *, key: bytes | None = None
) -> Protected:
    """The door of a company, with everything that its employees' sources tell behind it; closed where they may not be read."""
    employees = charter.employees
    unlocked = employees is not None and employees.unlocked(today)
    if employees is None or not unlocked:
        return Protected({}, Journal(key=key or b"\0" * 32), unlocked=False)
    facts = dict(_answers(employees, engine))
    facts.update(_worked(employees, engine))
    return Protected(facts, Journal(state, key=key), unlocked=True, floor=employees.floor)


def turned(question: EmployeeQuestion, value: float) -> float:
    """An answer on 0 to 100, 100 at the better end of its scale."""
    low, high = question.scale
    share = (value - low) / (high - low)
    return 100.0 * (share if question.better == "higher" else 1.0 - share)


def _answers(employees: Employees, engine: Engine) -> Iterator[tuple[str, Facts]]:
    if engine.columns_or_none("employee_answers") is None:
        return
    rows = engine.arrow(_ANSWERS)
    asked = np.array(rows["question"].to_pylist(), dtype=object)
    for name, question in employees.questions.items():
        mine = np.flatnonzero(asked == name)
        if len(mine):
            own = rows.take(pa.array(mine))
            values = np.array([turned(question, value) for value in own["value"].to_pylist()])
            yield (
                answer(name),
                _facts(own, own["day"].to_numpy().astype(np.int64), np.clip(values, 0.0, 100.0), 0.0, 100.0),
            )


def _worked(employees: Employees, engine: Engine) -> Iterator[tuple[str, Facts]]:
    if engine.columns_or_none("work_events") is None:
        return
    for name in employees.tasks:
        rows = engine.arrow(_TASK, [name])
        for kind in (*KINDS, MINUTES, WAITED) if rows.num_rows else ():
            found = _of_task(rows, kind)
            if found is not None:
                yield work(name, kind), found
    for name, tool in employees.tools.items():
        since = ((tool.since - EPOCH).days - MONDAY) // WEEK_DAYS
        declared = ", ".join(literal(one) for one in employees.tools)
        rows = engine.arrow(_TOOL.format(week=_WEEK, declared=declared), [name, name, since, since])
        days = (
            rows["week"].to_numpy().astype(np.int64) * WEEK_DAYS + MONDAY
        )  # when each was last seen at work
        for column, topic in (("uses", used(name)), ("avoids", avoided(name))) if rows.num_rows else ():
            yield topic, _facts(rows, days, _floats(rows, column), 0.0, 1.0)
        low, high = (days * _US_PER_DAY for days in KEPT_DAYS)
        lasting = engine.arrow(
            _KEPT.format(week=_WEEK, low=low, high=high, day=_US_PER_DAY), [name, since, since]
        )
        if lasting.num_rows:
            days = lasting["week"].to_numpy().astype(np.int64) * WEEK_DAYS + MONDAY
            yield kept(name), _facts(lasting, days, _floats(lasting, "keeps"), 0.0, 1.0)


def _of_task(rows: pa.Table, kind: str) -> Facts | None:
    """One row per person, team, function and week of the task: how much of a kind there was, none included."""
    values = _floats(rows, kind)
    if not values.any():
        return None
    days = rows["week"].to_numpy().astype(np.int64) * WEEK_DAYS + MONDAY
    _, place = np.unique(np.array(rows["employee"].to_pylist()), return_inverse=True)
    by_week = np.bincount(place, values) / len(np.unique(days))
    most = 2.0 ** np.ceil(np.log2(max(_ROOM * float(np.quantile(by_week, _COVERED)), 1e-3)))
    return _facts(rows, days, values, 0.0, float(most), work=True)


def _floats(rows: pa.Table, name: str) -> Floats:
    return np.asarray(
        rows[name].combine_chunks().cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64
    )


def _facts(rows: pa.Table, days: np.ndarray, values: np.ndarray, low: float, high: float, *, work: bool = False) -> Facts:  # fmt: skip
    names, place = np.unique(
        np.array([str(name) for name in rows["employee"].to_pylist()]), return_inverse=True
    )
    return Facts(
        tuple(names.tolist()), place.astype(np.int64), np.array(rows["team"].to_pylist(), dtype=object),
        np.array(rows["function"].to_pylist(), dtype=object), days, values.astype(np.float64), low, high, work,
    )  # fmt: skip


def means(charter: Charter, *wanted: str) -> Mapping[str, EmployeeQuestion]:
    """The questions that tell of something, by name."""
    if charter.employees is None:
        return {}
    return {
        name: question for name, question in charter.employees.questions.items() if question.means in wanted
    }
