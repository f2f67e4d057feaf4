"""What HR counts (absence, turnover, training, vacancies) beside what customers live: whole teams only, an association at best."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from portance.charter.employees import EmployeeFigure
from portance.estimation.lagging import lagged
from portance.experience.employees import blurring
from portance.experience.employees.facts import EPOCH, WEEK_DAYS, Group
from portance.experience.employees.preceding import lift
from portance.experience.employees.setting import Setting

MEASURE = "journeys_without_break"
MONTH_DAYS = 4 * WEEK_DAYS
_ROWS = """
select unit, period_start, avg(value) as value from readings where indicator = ? and value is not null and unit is not null
group by unit, period_start order by unit, period_start
"""


def figures(setting: Setting) -> Iterator[dict[str, Any]]:
    """The rows of ``employee_figures``: for each figure its quarters over all teams large enough, then its association."""
    if setting.engine.columns_or_none("readings") is None:
        return
    for name, declared in setting.employees.figures.items():
        if setting.door.closed:
            yield _row(name, declared, "all", None) | {"reason": setting.door.closed, "shown": "suppressed"}
            continue
        rows = setting.engine.rows(_ROWS, [name])
        if rows:
            yield from _figure(
                setting, name, declared, [(str(unit), day, float(value)) for unit, day, value in rows]
            )


def _figure(setting: Setting, name: str, declared: EmployeeFigure, rows: list[tuple[str, date, float]]) -> Iterator[dict[str, Any]]:  # fmt: skip
    sizes = {unit: setting.door.headcount(Group(team=unit)) for unit in {unit for unit, _, _ in rows}}
    large = [row for row in rows if sizes[row[0]] >= setting.door.floor]
    if not large:
        yield _row(name, declared, "all", None) | {"reason": "too_few", "shown": "suppressed"}
        return
    quarters = sorted({_quarter(day) for _, day, _ in large})
    for quarter in quarters:
        of = [(unit, value) for unit, day, value in large if _quarter(day) == quarter]
        units = {unit for unit, _ in of}
        people = setting.door.headcount(*(Group(team=unit) for unit in units))
        weight = sum(sizes[unit] for unit in units)
        exact = (
            sum(sizes[unit] * float(np.mean([value for one, value in of if one == unit])) for unit in units)
            / weight
        )
        reach = _reach(declared, [value for _, value in of])
        told = (
            _blurred(setting, f"figure {name} {quarter}", exact, reach, people) if reach else {"value": exact}
        )
        yield _row(name, declared, "all", quarter) | told | {"n": people, "shown": "point"}
    yield _associated(
        setting,
        name,
        declared,
        large,
        setting.door.headcount(*(Group(team=unit) for unit in {row[0] for row in large})),
    )


def _associated(setting: Setting, name: str, declared: EmployeeFigure, rows: list[tuple[str, date, float]], people: int) -> dict[str, Any]:  # fmt: skip
    """Within teams, four weeks by four weeks: when the figure stands higher, do fewer journeys break at the same time?"""
    units = tuple(sorted({unit for unit, _, _ in rows}))
    days = [(day - EPOCH).days for _, day, _ in rows]
    first, many = min(days), (max(days) - min(days)) // MONTH_DAYS + 1
    sums, counts = np.zeros((len(units), many)), np.zeros((len(units), many))
    for (unit, _, value), day in zip(rows, days, strict=True):
        place = units.index(unit), (day - first) // MONTH_DAYS
        sums[place] += value
        counts[place] += 1
    with np.errstate(invalid="ignore"):
        values = np.where(counts > 0, sums / counts, np.nan)
    found = lagged(lift(setting, units, first, many, MONTH_DAYS), values, 0, own=False)
    row = _row(name, declared, "all", None) | {"customer_measure": MEASURE, "n": people}
    if found.reason:
        return row | {"reason": found.reason, "shown": "suppressed"}
    effect = setting.door.coefficient(f"figure {name}", found.effect, found.error)
    low, high = found.limits()
    half = (high - low) / 2
    return row | {
        "association": effect,
        "low": round(effect - half, 2),
        "high": round(effect + half, 2),
        "shown": "point",
    }


def _blurred(setting: Setting, called: str, exact: float, reach: float, people: int) -> dict[str, float]:
    """A figure of people moved by as much as one of them could move it, within what the error leaves open."""
    size = reach * blurring.scale(people)
    value = max(setting.door.moved(called, exact, size, reach * blurring.STEP), 0.0)
    half = size * math.log(20)  # beyond which one error in twenty lies
    return {"value": value, "low": max(value - half, 0.0), "high": value + half}


def _reach(declared: EmployeeFigure, values: list[float]) -> float:
    """By how much one person could differ from another in a figure; posts are no people."""
    largest = max(abs(value) for value in values)
    if declared.means == "vacancies":
        return 0.0
    if largest <= 1:
        return 1.0
    return 100.0 if largest <= 100 and declared.unit in ("%", "percent", "pct") else 4 * largest


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _row(name: str, declared: EmployeeFigure, unit: str, period: date | None) -> dict[str, Any]:
    return {"figure": name, "means": declared.means, "unit": unit, "period": period}
