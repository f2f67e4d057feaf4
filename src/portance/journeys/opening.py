"""Opening time as tables: each quarter of an hour says how much was open before it, so that two instants subtract.

The time between two instants while the company was open is C(later) - C(earlier), where C(t) is read from the
quarter of an hour that t falls in. Zones move by whole quarters, so a local quarter is a quarter of UTC.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.charter.calendar import DAYS, SLOT_MINUTES, Calendar

SLOT_US = SLOT_MINUTES * 60_000_000
_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1)
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def _instant(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Microseconds UTC of so many minutes after midnight on the wall clock of a zone."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - the zone comes next
    return round(
        (wall.replace(tzinfo=zone).astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC))
        / timedelta(microseconds=1)
    )


def tables(
    calendar: Calendar | None, zone_name: str, first_us: int, last_us: int
) -> tuple[pa.Table, pa.Table]:
    """The slots and the open days of a calendar that cover two instants.

    Slots: ``slot`` (instant // 900 s), ``open_us`` (open before it), ``is_open``, ``open_days`` (open days up to and with
    the local day that it falls in). Days: ``open_days`` (counting, one row per open day), ``ends_us``. Without a
    calendar every day is open, all day long.
    """
    zone = ZoneInfo((calendar.timezone if calendar else None) or zone_name)
    first = datetime.fromtimestamp(first_us / 1e6, UTC).astimezone(zone).date() - _DAY
    last = datetime.fromtimestamp(last_us / 1e6, UTC).astimezone(zone).date() + _DAY
    count = (last - first).days + 1
    holidays = set(calendar.holidays) if calendar else set()
    midnights = np.empty(count + 1, dtype=np.int64)
    opened = np.zeros(count, dtype=bool)
    spans: list[tuple[int, int]] = []
    for number in range(count + 1):
        day = first + number * _DAY
        midnights[number] = _instant(day, 0, zone)
        if number == count:
            break
        hours = calendar.opened(DAYS[day.weekday()]) if calendar else ((0, 1440),)
        if hours and day not in holidays:
            opened[number] = True
            spans += [(_instant(day, start, zone), _instant(day, end, zone)) for start, end in hours]
    slot: Integers = np.arange(midnights[0] // SLOT_US, midnights[-1] // SLOT_US, dtype=np.int64)
    is_open = np.zeros(len(slot), dtype=bool)
    for start, end in spans:
        is_open[start // SLOT_US - slot[0] : end // SLOT_US - slot[0]] = True
    before = np.concatenate([[0], np.cumsum(is_open)[:-1]]).astype(np.int64) * SLOT_US
    open_days = np.cumsum(opened).astype(np.int64)
    day_of = np.searchsorted(midnights, slot * SLOT_US, side="right") - 1
    slots = pa.table({"slot": slot, "open_us": before, "is_open": is_open, "open_days": open_days[day_of]})
    days = pa.table({"open_days": open_days[opened], "ends_us": midnights[1:][opened] - 1})
    return slots, days


def between(calendar: Calendar | None, zone_name: str, start: Floats, end: Floats) -> Floats:
    """Microseconds from one instant to the other, as many as are open; all of them without a calendar."""
    if calendar is None or not len(start):
        return end - start
    slots, _ = tables(calendar, zone_name, int(start.min()), int(end.max()))
    first = int(slots["slot"][0].as_py())
    before = slots["open_us"].to_numpy().astype(np.float64)
    is_open = slots["is_open"].to_numpy(zero_copy_only=False)

    def opened(at: Floats) -> Floats:
        slot = (at // SLOT_US).astype(np.int64)
        place = slot - first
        made: Floats = before[place] + np.where(is_open[place], at - slot * SLOT_US, 0)
        return made

    return opened(end) - opened(start)
