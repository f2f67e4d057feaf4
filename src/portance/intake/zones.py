"""Local times to instants, by tables of a zone's offsets: one hash join on the day instead of a calendar per row.

The tables come from the same IANA data as Python's ``zoneinfo``, so that a run gives the same instants wherever it
runs. Local time is cut into pieces of one meaning: ``PLAIN``, ``FOLD`` (told twice by the clock: the earlier
instant is taken) and ``GAP`` (skipped by the clock: no such time).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from portance.engine import Engine

PLAIN, FOLD, GAP = 0, 1, 2
DAY_US = 86_400_000_000
FIRST_DAY = 7_305
"""1990-01-01, in days since 1970: before it a time is taken for a mistake of the clock."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARGIN = 3
_STEP = 7
"""Days between two looks at a zone's offset: no zone has changed twice within a week since 1990."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone between two days: its tables' names in the engine, or its one offset where it never changes."""

    name: str
    local: str
    utc: str
    starts: str
    constant_us: int | None


def _offset_us(zone: ZoneInfo, second: int) -> int:
    offset = (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset() or timedelta()
    return (offset.days * 86_400 + offset.seconds) * 1_000_000


def transitions(zone: ZoneInfo, first_day: int, last_day: int) -> tuple[int, list[tuple[int, int]]]:
    """The offset in force at the start of ``first_day``, then (instant, offset from then on), in microseconds."""
    start = previous = _offset_us(zone, first_day * 86_400)
    found: list[tuple[int, int]] = []
    for day in range(first_day, last_day, _STEP):
        low, high = day * 86_400, min(day + _STEP, last_day) * 86_400
        after = _offset_us(zone, high)
        if after == previous:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset_us(zone, middle) == previous else (low, middle)
        found.append((high * 1_000_000, after))
        previous = after
    return start, found


Piece = tuple[int, int, int, int, int]


def _local_pieces(start: int, changes: list[tuple[int, int]], first: int, last: int) -> list[Piece]:
    """(from, to, offset, quality, instant at which a gap ends), local microseconds, without overlap."""
    pieces: list[Piece] = []
    begin, offset = first + start, start
    for instant, after in changes:
        before_end, after_start = instant + offset, instant + after
        if after >= offset:
            pieces.append((begin, before_end, offset, PLAIN, 0))
            pieces.append((before_end, after_start, offset, GAP, instant))
            begin = after_start
        else:
            pieces.append((begin, after_start, offset, PLAIN, 0))
            pieces.append((after_start, before_end, offset, FOLD, 0))
            begin = before_end
        offset = after
    pieces.append((begin, last + offset, offset, PLAIN, 0))
    return [piece for piece in pieces if piece[0] < piece[1]]


def _by_day(pieces: list[Piece]) -> pa.Table:
    """Each piece, repeated for each local day that it touches, so that a join on the day finds it."""
    table = np.array(pieces, dtype=np.int64)
    first, last = table[:, 0] // DAY_US, (table[:, 1] - 1) // DAY_US
    days = np.concatenate([np.arange(low, high + 1) for low, high in zip(first, last, strict=True)])
    repeated = np.repeat(table, last - first + 1, axis=0)
    names = ("from_us", "to_us", "offset_us", "quality", "resume_us")
    return pa.table({"day": days, **{name: repeated[:, place] for place, name in enumerate(names)}})


def _starts(pieces: list[Piece], first_day: int, last_day: int) -> pa.Table:
    """The first instant of each local day, though its midnight may be skipped or doubled."""
    table = np.array(pieces, dtype=np.int64)
    days = np.arange(first_day, last_day)
    held = table[np.searchsorted(table[:, 0], days * DAY_US, side="right") - 1]
    instants = np.where(held[:, 3] == GAP, held[:, 4], days * DAY_US - held[:, 2])
    return pa.table({"day": days, "start_us": instants})


@lru_cache(maxsize=32)
def _tables(name: str, first: int, last: int) -> tuple[pa.Table, pa.Table, pa.Table, int | None]:
    """Local pieces, UTC pieces, starts of days, and the one offset of a zone that never changes."""
    start, changes = transitions(ZoneInfo(name), first, last)
    pieces = _local_pieces(start, changes, first * DAY_US, last * DAY_US)
    edges = [first * DAY_US, *(instant for instant, _ in changes), last * DAY_US]
    offsets = [start, *(offset for _, offset in changes)]
    utc = [(edges[place], edges[place + 1], offset, PLAIN, 0) for place, offset in enumerate(offsets)]
    return _by_day(pieces), _by_day(utc), _starts(pieces, first + 1, last - 1), None if changes else start


class Zones:
    """The zone tables of one engine, made when first asked for, from 1990 to a last day."""

    def __init__(self, engine: Engine, last_day: int) -> None:
        self.last = last_day
        self._engine, self._last = engine, last_day + _MARGIN
        self._made: dict[str, Zone] = {}

    def zone(self, name: str) -> Zone:
        """The tables of a zone: ``local`` (day, from_us, to_us, offset_us, quality, resume_us), ``utc``, ``starts``."""
        if name not in self._made:
            self._made[name] = self._make(name, len(self._made))
        return self._made[name]

    def _make(self, name: str, number: int) -> Zone:
        local, utc, starts, constant_us = _tables(name, FIRST_DAY - _MARGIN, self._last)
        zone = Zone(
            name,
            f"intake_zone_local_{number}",
            f"intake_zone_utc_{number}",
            f"intake_zone_starts_{number}",
            constant_us,
        )
        if constant_us is None:
            self._engine.table(zone.local, local)
            self._engine.table(zone.utc, utc)
        self._engine.table(zone.starts, starts)
        return zone
