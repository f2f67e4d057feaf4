"""Seams and breaks by week with a planted change, as the tables that changes are read from."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

ZONE = ZoneInfo("Europe/Paris")
START = date(2023, 1, 2)


def monday(week):
    return START + timedelta(weeks=week)


def _us(week):
    day = monday(week)
    return round(datetime(day.year, day.month, day.day, 12, tzinfo=ZONE).timestamp()) * 1_000_000


def fill(engine, passages, *, seed=0, seams=80, weeks=60, journey="care"):
    """``passages``: {(from, to): week -> probability that a seam breaks by a long wait}; the instant of the last one."""
    random = np.random.default_rng(seed)
    rows = {
        name: []
        for name in ("journey_type", "from_function", "to_function", "reached_us", "broken", "break_kinds")
    }
    journeys = {name: [] for name in ("journey_id", "journey_type", "started_us", "ended_us", "breaks")}
    breaks = {"journey_id": [], "kind": []}
    for (first, second), chance in passages.items():
        for week in range(weeks):
            n = random.poisson(seams)
            broke = random.random(n) < np.clip(chance(week), 0, 1)
            rows["journey_type"] += [journey] * n
            rows["from_function"] += [first] * n
            rows["to_function"] += [second] * n
            rows["reached_us"] += [_us(week)] * n
            rows["broken"] += broke.tolist()
            rows["break_kinds"] += ["long_wait" if one else "" for one in broke]
            for number, one in enumerate(broke.tolist()):
                name = f"{first}>{second}:{week}:{number}"
                journeys["journey_id"].append(name)
                journeys["journey_type"].append(journey)
                journeys["started_us"].append(_us(week))
                journeys["ended_us"].append(_us(week))
                journeys["breaks"].append(int(one))
                if one:
                    breaks["journey_id"].append(name)
                    breaks["kind"].append("long_wait")
    engine.table("seams", pa.table(rows))
    engine.table("journeys", pa.table(journeys))
    engine.table("breaks", pa.table(breaks))
    return _us(weeks)
