"""Periods in the company's local time: days, weeks that start on Monday, months, quarters."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from portance.alignment.indicators.panel import Days

Integers = npt.NDArray[np.int64]
_MONDAY = np.datetime64("1970-01-05", "D")


def _month(days: Days) -> Days:
    return days.astype("datetime64[M]").astype("datetime64[D]")


def _quarter(days: Days) -> Days:
    months = days.astype("datetime64[M]").astype(np.int64)
    return (months // 3 * 3).astype("datetime64[M]").astype("datetime64[D]")


_STARTS: dict[str, Callable[[Days], Days]] = {
    "day": lambda days: days,
    "week": lambda days: _MONDAY + (days - _MONDAY) // np.timedelta64(7, "D") * np.timedelta64(7, "D"),
    "month": _month,
    "quarter": _quarter,
}
_MONTHS = {"month": 1, "quarter": 3}
PER_YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0}
"""How many periods of a kind a year has."""


def starts(days: Days, period_kind: str) -> Days:
    """The first day of the period that each day lies in."""
    return _STARTS[period_kind](days.astype("datetime64[D]"))


def after(first: Days, period_kind: str) -> Days:
    """The first day of the period that follows each one, given its own first day."""
    if period_kind in _MONTHS:
        return (first.astype("datetime64[M]") + np.timedelta64(_MONTHS[period_kind], "M")).astype(
            "datetime64[D]"
        )
    return first + np.timedelta64(7 if period_kind == "week" else 1, "D")


def span(first: np.datetime64, last: np.datetime64, period_kind: str) -> Days:
    """The first days of all periods from the one of ``first`` to the one of ``last``, equally spaced."""
    days = np.arange(first, last + np.timedelta64(1, "D"), dtype="datetime64[D]")
    return np.unique(starts(days, period_kind))


def whole(first: np.datetime64, last: np.datetime64, period_kind: str) -> Days:
    """The first days of the periods that lie wholly between two days, both included."""
    if last < first:
        return np.empty(0, dtype="datetime64[D]")
    found = span(first, last, period_kind)
    inside = (found >= first) & (after(found, period_kind) <= last + np.timedelta64(1, "D"))
    kept: Days = found[inside]
    return kept


def numbers(days: Days) -> Integers:
    """Days as their number since 1970-01-01."""
    return days.astype("datetime64[D]").astype(np.int64)


def midnights_us(days: Days, zone: ZoneInfo) -> Integers:
    """The instants, in microseconds, at which local days start."""
    return np.array([_midnight_us(day, zone) for day in days.astype(object)], dtype=np.int64)


def _midnight_us(day: date, zone: ZoneInfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000_000
