"""Both sides of a step: what the customer lives there, and what those live who serve it; their difference with its interval."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portance.charter.employees import Task
from portance.estimation import Estimate
from portance.experience.employees import gathering, lived
from portance.experience.employees.facts import Group, Window
from portance.experience.employees.protecting import Answer, refused
from portance.experience.employees.setting import Setting

ENABLING = ("enablement", "workload", "autonomy", "tools", "experience_delivered")
"""What thrust is made of."""
EFFORTS: Mapping[str, tuple[str, ...]] = {
    "effort_steps": ("tool", "rekey", "workaround"),
    "effort_tools": ("tool",),
    "effort_rekeying": ("rekey",),
    "effort_waits": (gathering.WAITED,),
    "effort_minutes": (gathering.MINUTES,),
    "autonomy": ("limit",),
}
"""What an employee has to do for one step taken by a customer, measure by measure: kinds of events added up."""
UNITS = {"effort_waits": "minutes", "effort_minutes": "minutes", "autonomy": "times"}
ADEQUATE = 50.0
CLOSE = 10.0
"""Two levels this near each other, beyond doubt, are balanced."""
CLOSE_SHARE = 0.2
"""Two efforts this near each other, as a share of the larger, are balanced."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side's figure: where it stands, its limits, and how many stand behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    shown: str
    reason: str | None = None

    @property
    def bounded(self) -> bool:
        """Whether it has an interval."""
        return self.low is not None and self.high is not None

    @property
    def middle(self) -> float:
        """Its value, or the middle of its interval where only that is shown."""
        return self.value if self.value is not None else ((self.low or 0.0) + (self.high or 0.0)) / 2


def of_customers(found: Estimate | None) -> Side:
    """The customers' side."""
    if found is None:
        return Side(None, None, None, 0, "suppressed", "no_step")
    return Side(found.value, found.ci_low, found.ci_high, found.persons, found.shown, found.reason)


def of_employees(answer: Answer, times: float = 1.0) -> Side:
    """The employees' side, in another unit where ``times`` says so."""

    def scaled(value: float | None) -> float | None:
        return None if value is None else value * times

    return Side(
        scaled(answer.value),
        scaled(answer.low),
        scaled(answer.high),
        answer.employees,
        answer.shown,
        answer.reason,
    )


def together(answers: Sequence[Answer], *, mean: bool) -> Answer:
    """Figures of the same persons added up or averaged; their errors may all go the same way, so they are added too."""
    told = [answer for answer in answers if answer.told]
    if not told:
        return answers[0] if answers else refused("no_data")
    share = 1 / len(told) if mean else 1.0
    pointed = all(answer.value is not None for answer in told)
    middle = share * math.fsum(answer.middle or 0.0 for answer in told)
    low = share * math.fsum(answer.low or 0.0 for answer in told)
    high = share * math.fsum(answer.high or 0.0 for answer in told)
    return Answer(
        middle if pointed else None, low, high, middle, share * math.fsum(answer.error or 0.0 for answer in told),
        min(answer.employees for answer in told), "point" if pointed else "interval",
        next((answer.reason for answer in told if answer.reason), None),
    )  # fmt: skip


Efforts = tuple[lived.Step | None, dict[str, Side]]
"""The customers' step, and the employees' side of each effort."""


def in_windows(setting: Setting, name: str, task: Task, windows: Sequence[Window]) -> list[Efforts]:
    """Both sides' efforts in each window, employees' ones of those who were there in all windows."""
    group = Group(function=task.function)
    door = setting.door
    steps = [lived.at_step(setting, task, window) for window in windows]
    topic = gathering.work(name, gathering.MINUTES)
    topic = (
        topic
        if topic in door.topics()
        else next((one for one in door.topics() if one.startswith(f"work:{name}:")), "")
    )
    weeks = door.work_weeks(topic, group, windows)
    times = [
        of / many if (many := _taken(door.covered(topic, group, window), step)) else None
        for window, step, of in zip(windows, steps, weeks, strict=True)
    ]
    found: list[dict[str, Side]] = [{} for _ in windows]
    kinds = {kind for kinds in EFFORTS.values() for kind in kinds}
    told = {kind: door.means(gathering.work(name, kind), group, windows) for kind in sorted(kinds)}
    for measure, of in EFFORTS.items():
        for place in range(len(windows)):
            parts = [told[kind][place] for kind in of if told[kind][place].reason != "no_data"]
            answer = together(parts, mean=False)
            factor = times[place]
            if answer.told and factor is None:
                answer = refused("no_data")
            found[place][measure] = of_employees(answer, factor or 1.0)
    return list(zip(steps, found, strict=True))


def _taken(cells: Collection[tuple[str | None, int]], step: lived.Step | None) -> int:
    """How often customers took the step in the teams and weeks of which work is known."""
    if step is None or not cells:
        return 0
    if {team for team, _ in step.by_week} & {team for team, _ in cells} - {None}:
        return sum(many for cell, many in step.by_week.items() if cell in cells)
    weeks = {week for _, week in cells}
    return sum(many for (_, week), many in step.by_week.items() if week in weeks)


def thrust(setting: Setting, group: Group) -> Answer:
    """How well employees are enabled, on 0 to 100: the mean of the questions that tell of it."""
    asked = gathering.means(setting.charter, *ENABLING)
    found = [setting.door.mean(gathering.answer(question), group, setting.window) for question in asked]
    return together([answer for answer in found if answer.reason != "no_data"] or found, mean=True)


def symmetry(setting: Setting, efforts: Mapping[str, Efforts]) -> Iterator[dict[str, Any]]:
    """The rows of ``symmetry``: one per task and measure."""
    levels: dict[str | None, Answer] = {}
    for name, task in setting.employees.tasks.items():
        step, sides = efforts.get(name) or (lived.at_step(setting, task, setting.window), {})
        if task.function not in levels:
            levels[task.function] = thrust(setting, Group(function=task.function))
        lift, push = of_customers(step.level if step else None), of_employees(levels[task.function])
        aim = lived.ambition(setting.charter, task.journey)
        yield _row(task, "balance", lift, push, "points") | {
            "scale": f"declared:{lived.parts_told(step.parts)}" if step else None,
            "task": name,
            "ambition": aim,
            **_margin(lift, push, aim),
        }
        for measure in EFFORTS:
            customer = of_customers(step.efforts.get(measure) if step else None)
            employee = sides.get(
                measure, Side(None, None, None, 0, "suppressed", setting.door.closed or "no_data")
            )
            if not employee.bounded and employee.reason == "no_data":
                continue
            yield _row(task, measure, customer, employee, UNITS.get(measure, "times")) | {
                "scale": "native",
                "task": name,
            }


def _row(task: Task, measure: str, customer: Side, employee: Side, unit: str) -> dict[str, Any]:
    apart, low, high = difference(customer, employee)
    shown = "suppressed" if not employee.bounded else employee.shown
    if shown == "point" and customer.shown != "point":
        shown = customer.shown
    return {
        "journey_type": task.journey, "step": task.activity, "function": task.function, "measure": measure,
        "customer": customer.value, "customer_low": customer.low, "customer_high": customer.high, "employee": employee.value,
        "employee_low": employee.low, "employee_high": employee.high, "balance": apart, "ci_low": low, "ci_high": high,
        "unit": unit, "employees": employee.n or None, "persons": customer.n or None,
        "state": state(measure, customer, employee), "shown": shown,
        "reason": employee.reason or (customer.reason if not customer.bounded else None),
    }  # fmt: skip


def difference(first: Side, second: Side) -> tuple[float | None, float | None, float | None]:
    """The first less the second; the limits as of two independent figures (MOVER, Zou and Donner 2008)."""
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return None, None, None
    apart = first.middle - second.middle
    low = apart - math.hypot(first.middle - first.low, second.high - second.middle)
    high = apart + math.hypot(first.high - first.middle, second.middle - second.low)
    return (apart if first.value is not None and second.value is not None else None), low, high


def state(measure: str, customer: Side, employee: Side) -> str:
    """Who fares well: ``customer_only`` where the customer surely fares better than those who serve, and so on."""
    _, low, high = difference(customer, employee)
    if low is None or high is None or customer.high is None or employee.high is None:
        return "not_detectable"
    if measure == "balance":
        if customer.high < ADEQUATE and employee.high < ADEQUATE:
            return "both_low"
        better, worse, near = low > 0, high < 0, CLOSE
    else:  # an effort: who has less of it fares better
        better, worse, near = high < 0, low > 0, CLOSE_SHARE * max(customer.middle, employee.middle)
    if -near <= low and high <= near:
        return "balanced"
    return "customer_only" if better else "employee_only" if worse else "not_detectable"


def _margin(lift: Side, push: Side, aim: float | None) -> dict[str, float | None]:
    """How far the weaker side is above what the company aims at; below zero it aims higher than it flies."""
    if aim is None or lift.low is None or lift.high is None or push.low is None or push.high is None:
        return {"margin": None, "margin_low": None, "margin_high": None}
    pointed = lift.value is not None and push.value is not None
    return {
        "margin": min(lift.middle, push.middle) - aim if pointed else None,
        "margin_low": min(lift.low, push.low) - aim,
        "margin_high": min(lift.high, push.high) - aim,
    }


@dataclass(frozen=True, slots=True)
class Changed:
    """A dated change at a task, with both sides before and after it; ``reason`` where there is no before or no after."""

    task: Task
    change: str
    before: Efforts | None
    after: Efforts | None
    reason: str | None = None


def simplified(changes: Sequence[Changed]) -> Iterator[dict[str, Any]]:
    """The rows of ``simplified``: per dated change and task that it may concern, the steps of both sides before and after."""
    for changed in changes:
        task = changed.task
        before, after = (_steps(side, changed.reason) for side in (changed.before, changed.after))
        yield {
            "change": changed.change, "journey_type": task.journey, "step": task.activity, "function": task.function,
            "unit": "times", **_told("customer_before", before[0]), **_told("customer_after", after[0]),
            **_told("employee_before", before[1]), **_told("employee_after", after[1]), "verdict": _verdict(before, after),
            "reason": changed.reason or before[1].reason or after[1].reason,
            "employees": min(before[1].n, after[1].n) or None, "persons": min(before[0].n, after[0].n) or None,
        }  # fmt: skip


def _steps(efforts: Efforts | None, reason: str | None) -> tuple[Side, Side]:
    """How many steps a customer takes, and an employee for each of them."""
    if efforts is None:
        nothing = Side(None, None, None, 0, "suppressed", reason)
        return nothing, nothing
    return of_customers(efforts[0].efforts["effort_steps"] if efforts[0] else None), efforts[1][
        "effort_steps"
    ]


def _told(name: str, side: Side) -> dict[str, float | None]:
    return {name: side.value, f"{name}_low": side.low, f"{name}_high": side.high}


def _moved(before: Side, after: Side) -> str:
    """``less``, ``more``, ``same`` (within a fifth of what it was) or ``unknown``."""
    _, low, high = difference(after, before)
    if low is None or high is None:
        return "unknown"
    near = CLOSE_SHARE * before.middle
    if high < 0:
        return "less"
    if low > 0:
        return "more"
    return "same" if -near <= low and high <= near else "unknown"


def _verdict(before: tuple[Side, Side], after: tuple[Side, Side]) -> str:
    """Whose path became shorter."""
    customer, employee = _moved(before[0], after[0]), _moved(before[1], after[1])
    if "unknown" in (customer, employee):
        return "not_detectable"
    if customer == "less":
        return "both" if employee == "less" else "customer_only"
    return "employee_only" if employee == "less" else "neither"
