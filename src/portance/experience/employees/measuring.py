"""Everything about employees that a scan tells, through one door and into seven tables."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa

from portance.charter import Charter
from portance.charter.declared import Change
from portance.charter.employees import Employees, Task
from portance.engine import Engine
from portance.experience.employees import (
    accompanying,
    adopting,
    balancing,
    gathering,
    mirroring,
    preceding,
    records,
    stalling,
)
from portance.experience.employees.balancing import Changed, Efforts
from portance.experience.employees.believing import Beliefs
from portance.experience.employees.facts import EPOCH, Window, quarters, split
from portance.experience.employees.protecting import Protected
from portance.experience.employees.setting import Setting
from portance.store.state import State


def measure_employees(  # noqa: PLR0917  the form in which every stage is asked
    charter: Charter,
    engine: Engine,
    state: State,
    as_of_us: int,
    today: date,
    seed: int,
    *,
    key: bytes | None = None,
) -> dict[str, pa.Table]:
    """The tables ``symmetry``, ``thrust``, ``stall``, ``adoption``, ``simplified``, ``artificial_reality`` and ``employee_figures``.

    ``today`` decides whether the consultation has taken place. ``key`` (32 bytes) is what errors are drawn from in a
    state that has none yet; drawn by lot where absent, so that two fresh states tell slightly different figures.
    Nothing is returned before the journal of what is told has been written.
    """
    employees = charter.employees or Employees()
    door = gathering.opened(charter, engine, state, today, key=key)
    setting = Setting(charter, employees, engine, door, _window(door, as_of_us), as_of_us, today, seed)
    beliefs = Beliefs(state, today)
    efforts, changes = _efforts(setting)
    panel = preceding.panel(setting) if employees.questions else None
    made = {
        "symmetry": records.table(records.SYMMETRY, list(balancing.symmetry(setting, efforts))),
        "thrust": records.table(
            records.THRUST, list(preceding.thrust(setting, panel)) if employees.questions else []
        ),
        "stall": records.table(
            records.STALL, list(stalling.stall(setting, panel)) if employees.questions else []
        ),
        "adoption": records.table(records.ADOPTION, list(adopting.adoption(setting))),
        "simplified": records.table(records.SIMPLIFIED, list(balancing.simplified(changes))),
        "artificial_reality": records.table(
            records.ARTIFICIAL_REALITY, list(mirroring.artificial_reality(setting, beliefs))
        ),
        "employee_figures": records.table(records.EMPLOYEE_FIGURES, list(accompanying.figures(setting))),
    }
    door.close()
    beliefs.close()
    return made


def _window(door: Protected, as_of_us: int) -> Window:
    """Four calendar quarters, up to the last of which employees' sources tell anything."""
    as_of = datetime.fromtimestamp(as_of_us // 1_000_000, UTC).date()
    last = door.last_day(door.topics())
    return quarters(as_of if last is None else min(EPOCH + timedelta(last), as_of))


def _efforts(setting: Setting) -> tuple[dict[str, Efforts], list[Changed]]:
    """Both sides' efforts at each task now, and around the dated changes that it may owe them to."""
    now: dict[str, Efforts] = {}
    changes: list[Changed] = []
    for name, task in setting.employees.tasks.items():
        about = [
            (one, change)
            for one, change in setting.charter.changes.items()
            if concerns(setting.charter, change, task)
        ]
        around = [(one, split(setting.window, change.since, one)) for one, change in about]
        windows = [setting.window, *(window for _, parts in around if parts for window in parts)]
        found = balancing.in_windows(setting, name, task, windows)
        now[name] = found[0]
        sides = iter(found[1:])
        for one, parts in around:
            if parts is None:
                changes.append(Changed(task, one, None, None, "outside_window"))
            else:
                changes.append(Changed(task, one, next(sides), next(sides), setting.door.closed))
    return now, changes


def concerns(charter: Charter, change: Change, task: Task) -> bool:
    """Whether a change may have touched a task: by its journey, its function, or the journey of its promise."""
    promise = charter.promises.get(change.promise) if change.promise else None
    journey = change.journey or (promise.journey if promise else None)
    if journey is not None and journey != task.journey:
        return False
    return journey is not None or (change.function is not None and change.function == task.function)
