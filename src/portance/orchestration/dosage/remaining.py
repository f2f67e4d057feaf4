"""What an automation leaves to humans: whether what remains is harder, whose targets are older than that, how many hours."""

import math
from typing import Literal

import numpy as np

from portance.charter import Charter
from portance.charter.declared import Change
from portance.charter.indicator import Indicator
from portance.estimation import shown_for
from portance.orchestration.dosage.contacts import Booleans, Contacts, Floats, Integers
from portance.orchestration.dosage.containing import weeks_around
from portance.orchestration.dosage.issues import Sessions
from portance.orchestration.dosage.records import Row

_FEWEST_WEEKS = 4
_MOST_WEEKS = 26
_WEEK_HOURS = 35.0
"""Hours of one post a week (the legal week in France): it tells the size of work, never a number of persons."""
Measure = Literal["handling_s", "repeat", "asked_again", "hours_per_week", "contacts_per_week"]


def remaining(charter: Charter, contacts: Contacts, sessions: Sessions) -> list[Row]:
    """The rows of ``remaining``: for each dated automation and function that answers, human contacts before and after.

    Up to 26 weeks on each side; the same contacts, less what the machine took: a difference of mix, not an effect on the same cases.
    """
    rows: list[Row] = []
    for name, change in charter.changes.items():
        if change.kind != "automation":
            continue
        number, before, after = weeks_around(contacts, change.since)
        before, after = min(before, _MOST_WEEKS), min(after, _MOST_WEEKS)
        if before < _FEWEST_WEEKS or after < _FEWEST_WEEKS:
            continue
        for function in _functions(charter, contacts, change):
            mine = contacts.human & (contacts.function == function) & (number >= -before) & (number < after)
            if mine.sum() < 60:
                continue
            rows += _sides(
                charter,
                name,
                change,
                function,
                contacts=contacts,
                sessions=sessions,
                mine=mine,
                number=number,
            )
    return rows


def _functions(charter: Charter, contacts: Contacts, change: Change) -> list[str]:
    """The functions where humans answer what the change touched; with a function of its own that has humans, that one."""
    found = {str(kind) for kind in np.unique(contacts.function[contacts.human].astype(str)) if kind}
    if change.function in found:
        return [str(change.function)]
    return [name for name in charter.functions if name in found][:4]


def _sides(
    charter: Charter, name: str, change: Change, function: str, *, contacts: Contacts, sessions: Sessions,
    mine: Booleans, number: Integers,
) -> list[Row]:  # fmt: skip
    late = number >= 0
    measures: dict[Measure, tuple[Floats, str]] = {
        "handling_s": (np.where(contacts.duration_s > 0, contacts.duration_s, np.nan), "seconds"),
        "repeat": (np.where(sessions.mature, sessions.repeated.astype(np.float64), np.nan), "share"),
        "asked_again": (contacts.again.astype(np.float64), "share"),
    }  # fmt: skip
    rows: list[Row] = []
    persons = len(np.unique(contacts.person[mine]))
    for measure, (values, unit) in measures.items():
        known = mine & np.isfinite(values)
        if min((known & late).sum(), (known & ~late).sum()) < 30 or float(np.ptp(values[known])) == 0.0:
            continue
        sides = [_mean(values[known & side], contacts.person[known & side]) for side in (~late, late)]
        (m0, e0), (m1, e1) = sides
        error = math.hypot(e0, e1)
        low, high = m1 - m0 - 1.96 * error, m1 - m0 + 1.96 * error
        row: Row = {
            "change": name, "function": function, "measure": measure, "unit": unit, "before": m0, "before_low": m0 - 1.96 * e0,
            "before_high": m0 + 1.96 * e0, "after": m1, "after_low": m1 - 1.96 * e1, "after_high": m1 + 1.96 * e1,
            "difference": m1 - m0, "difference_low": low, "difference_high": high, "since": change.since,
            "contacts": int(known.sum()), "persons": persons, "verdict": "harder" if low > 0 else "easier" if high < 0 else "not_detectable",
            "reason": None, "stale": None, "shown": shown_for(persons),
        }  # fmt: skip
        if measure == "handling_s":
            row["levers"] = levers(charter, function)
            row |= _target(charter, function, change, harder=low > 0)
        rows.append(_hidden(row))
    volumes = [_weekly(number[mine & side]) for side in (~late, late)]
    (v0, s0), (v1, s1) = volumes
    durations = [row for row in rows if row["measure"] == "handling_s"]
    rows.append(
        _volume(name, function, change, persons, "contacts_per_week", unit="contacts", sides=(v0, s0, v1, s1))
    )
    if durations and durations[0]["before"] is not None:
        d0, d1 = durations[0]["before"] / 3600, durations[0]["after"] / 3600
        hours = _volume(
            name,
            function,
            change,
            persons,
            "hours_per_week",
            unit="hours",
            sides=(v0 * d0, s0 * d0, v1 * d1, s1 * d1),
        )
        hours["hours"] = hours["difference"]
        hours["posts"] = None if hours["difference"] is None else hours["difference"] / _WEEK_HOURS
        hours["reason"] = "work_not_persons"
        rows.append(hours)
    return rows


def _mean(values: Floats, person: Integers) -> tuple[float, float]:
    """The mean and its standard error, persons moving as one."""
    mean = float(values.mean())
    sums = np.bincount(np.unique(person, return_inverse=True)[1], values - mean)
    many = len(sums)
    return mean, math.sqrt(many / max(many - 1, 1) * float(sums @ sums)) / len(values)


def _weekly(weeks: Integers) -> tuple[float, float]:
    counts = np.unique(weeks, return_counts=True)[1].astype(np.float64)
    return float(counts.mean()), float(counts.std(ddof=1) / math.sqrt(len(counts))) if len(
        counts
    ) > 1 else math.inf


def _volume(
    name: str, function: str, change: Change, persons: int, measure: Measure, *, unit: str, sides: tuple[float, float, float, float]
) -> Row:  # fmt: skip
    v0, s0, v1, s1 = sides
    error = math.hypot(s0, s1)
    low, high = v1 - v0 - 1.96 * error, v1 - v0 + 1.96 * error
    row: Row = {
        "change": name, "function": function, "measure": measure, "unit": unit, "before": v0, "before_low": v0 - 1.96 * s0,
        "before_high": v0 + 1.96 * s0, "after": v1, "after_low": v1 - 1.96 * s1, "after_high": v1 + 1.96 * s1,
        "difference": v1 - v0, "difference_low": low, "difference_high": high, "since": change.since, "persons": persons,
        "verdict": "more" if low > 0 else "less" if high < 0 else "not_detectable", "shown": shown_for(persons),
    }  # fmt: skip
    return _hidden(
        {
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in row.items()
        }
    )


def _hidden(row: Row) -> Row:
    """Without the figures that so few persons do not allow."""
    if row["shown"] == "point":
        return row
    ends = () if row["shown"] == "interval" else ("_low", "_high")
    gone = {f"{name}{end}" for name in ("before", "after", "difference") for end in ("", *ends)} | {
        "hours",
        "posts",
    }
    return {key: None if key in gone else value for key, value in row.items()}


def _target(charter: Charter, function: str, change: Change, *, harder: bool) -> Row:
    """The function's handling-time target, and whether it is older than the change of what comes while that grew harder."""
    for name, indicator in charter.indicators.items():
        if indicator.function != function or not _of_duration(indicator) or indicator.aim is None:
            continue
        since = indicator.targets[-1][0] if indicator.targets else None
        old = since is None or since < change.since
        return {
            "indicator": name, "target": indicator.aim, "target_since": since, "stale": bool(old and harder),
            "reason": "target_undated" if since is None else None,
        }  # fmt: skip
    return {}


def levers(charter: Charter, function: str) -> str | None:
    """The declared levers of what this function is steered by, to be read in the tables of conflicts."""
    named = {lever for one in charter.indicators.values() if one.function == function for lever in one.levers}
    named |= {name for name, lever in charter.levers.items() if lever.function == function}
    return ",".join(sorted(named)) or None


def _of_duration(indicator: Indicator) -> bool:
    return indicator.better == "lower" and indicator.measure is not None and "duration_s" in indicator.measure
