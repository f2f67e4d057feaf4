"""A small charter with indicators, small logs, and the readings that plain Python makes of them."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from portance.charter import Charter
from portance.journeys.columns import CANONICAL
from portance.journeys.stage import Journeys

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
ZONE = ZoneInfo("Europe/Paris")
EPOCH = date(1970, 1, 1)
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip
TEAM_WEEK = {
    "talk": {
        "function": "service",
        "measure": "avg(duration_s)",
        "where": "channel = 'phone'",
        "better": "lower",
    },
    "solved": {
        "function": "service",
        "measure": "avg(cast(outcome = 'resolved' as int))",
        "better": "higher",
    },
    "sales": {"function": "sales", "measure": "count(*)", "where": "activity = 'sale'", "better": "higher"},
    "spent": {"function": "sales", "measure": "sum(cost)", "better": "lower"},
    "per_case": {"function": "service", "measure": "count(*) / count(distinct case_id)", "better": "lower"},
    "opening": {"function": "service", "measure": "first(duration_s)", "better": "lower"},
}
JOURNEY_MONTH = {
    "reopened": {"measure": "avg(broke_reopened)", "of": "journeys", "better": "lower"},
    "in_time": {"measure": "avg(cast(kept_fast as int))", "of": "journeys", "better": "higher"},
    "broken": {"measure": "count(*)", "where": "breaks > 0", "of": "journeys", "better": "lower"},
    "lasting": {"measure": "avg(duration_s)", "where": "area = 'north'", "of": "journeys", "better": "lower"},
}  # fmt: skip


def charter(**declared) -> Charter:
    """A charter with one source; everything else as given."""
    base = {
        "portance": 1,
        "company": {"name": "Company", "timezone": "Europe/Paris"},
        "functions": {name: {} for name in ("sales", "service", "billing")},
        "sources": {
            "crm": {
                "read": "crm.csv", "case": "ticket",
                "interactions": [{"activity": {"column": "what"}, "at": "when", "region": "region", "shop": "shop"}],
            },
            "kpis": {"read": "kpis.csv", "readings": {"indicator": {"column": "kpi"}, "unit": "team", "period": "week", "value": "value"}},
            "later": {"read": "later.csv", "readings": {"indicator": {"column": "kpi"}, "unit": "team", "period": "week", "value": "value"}},
        },
        "journeys": {"care": {"by": "case"}},
        "segments": {"area": {"by": "region"}},
        "promises": {
            "fast": {"says": "fast", "journey": "care", "clock": {"from": "call", "to": "sale", "unit": "hours"}, "intended": {"at_most": 30}},
        },
    }  # fmt: skip
    return Charter.model_validate(base | declared)


def row(number, t_us, **told):
    """One interaction; what is not told is null."""
    day = (datetime.fromtimestamp(t_us // 1_000_000, UTC).astimezone(ZONE).date() - EPOCH).days
    base = dict.fromkeys(CANONICAL) | {
        "interaction_id": f"i{number}", "tie": number * 256, "t_us": t_us, "local_day": day, "source": "crm",
        "person_key": 1, "person_id": "p1", "case_key": "ticket", "case_id": "c1", "a_region": None, "a_shop": None,
    }  # fmt: skip
    return base | told


def fill(engine, declared, rows, readings=(), as_of_us=None):
    """Put a log and readings into an engine, with the journeys of the log; the instant up to which it tells."""
    types = {name: _ARROW[kind] for name, kind in CANONICAL.items()}
    types |= {"a_region": pa.string(), "a_shop": pa.int64()}
    schema = pa.schema(list(types.items()))
    engine.table(
        "interactions", pa.table({name: [one[name] for one in rows] for name in types}, schema=schema)
    )
    columns = {
        "indicator": pa.string(),
        "unit": pa.string(),
        "period_start": pa.date32(),
        "value": pa.float64(),
        "source": pa.string(),
    }
    engine.table(
        "readings",
        pa.table(
            {name: [one[i] for one in readings] for i, name in enumerate(columns)},
            schema=pa.schema(list(columns.items())),
        ),
    )  # fmt: skip
    as_of_us = max(one["t_us"] for one in rows) if as_of_us is None else as_of_us
    Journeys(declared, engine).build(as_of_us)
    return as_of_us


def week(day_number):
    """The Monday of a day, told by its number since 1970."""
    day = EPOCH + timedelta(days=day_number)
    return day - timedelta(days=day.weekday())


def month(day_number):
    return (EPOCH + timedelta(days=day_number)).replace(day=1)


def _mean(values):
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _seconds(one):
    return None if one["duration_ms"] is None else one["duration_ms"] / 1000


def by_team(rows, as_of_us):
    """The readings of ``TEAM_WEEK``, in plain Python: {(indicator, team, Monday): value}."""
    first = min(one["local_day"] for one in rows)
    last = (datetime.fromtimestamp(as_of_us // 1_000_000, UTC).astimezone(ZONE).date() - EPOCH).days
    groups = defaultdict(list)
    for one in sorted(rows, key=lambda one: (one["t_us"], one["tie"])):
        monday = week(one["local_day"])
        start = (monday - EPOCH).days
        if one["team"] is not None and start >= first and start + 6 <= last:
            groups[one["team"], monday].append(one)
    found = {}
    sellers = {team for (team, _), held in groups.items() if any(one["activity"] == "sale" for one in held)}
    for (team, monday), held in groups.items():
        found["talk", team, monday] = _mean(_seconds(one) for one in held if one["channel"] == "phone")
        found["solved", team, monday] = _mean(
            None if one["outcome"] is None else float(one["outcome"] == "resolved") for one in held
        )
        found["sales", team, monday] = (
            float(sum(one["activity"] == "sale" for one in held)) if team in sellers else None
        )
        costs = [one["cost_cents"] / 100 for one in held if one["cost_cents"] is not None]
        found["spent", team, monday] = sum(costs) if costs else None
        cases = {one["case_id"] for one in held} - {None}
        found["per_case", team, monday] = len(held) / len(cases) if cases else None
        found["opening", team, monday] = next(
            (_seconds(one) for one in held if one["duration_ms"] is not None), None
        )
    return {key: value for key, value in found.items() if value is not None}


def by_journey(engine, as_of_us):
    """The readings of ``JOURNEY_MONTH`` by segment, in plain Python over the tables of journeys."""
    journeys = engine.rows('select journey_id, started_us, ended_us, breaks, "segment_area" from journeys')
    kept = {
        row[0]: row[1] for row in engine.rows("select journey_id, state from clocks where promise = 'fast'")
    }
    reopened = defaultdict(int)
    for (journey,) in engine.rows("select journey_id from breaks where kind = 'reopened'"):
        reopened[journey] += 1
    first = engine.rows("select min(local_day) from interactions")[0][0]
    last = (datetime.fromtimestamp(as_of_us // 1_000_000, UTC).astimezone(ZONE).date() - EPOCH).days
    groups = defaultdict(list)
    for journey, started, ended, breaks, area in journeys:
        day = (datetime.fromtimestamp(started // 1_000_000, UTC).astimezone(ZONE).date() - EPOCH).days
        start = month(day)
        after = (start + timedelta(days=32)).replace(day=1)
        if area is not None and (start - EPOCH).days >= first and (after - EPOCH).days - 1 <= last:
            groups[area, start].append((journey, ended - started, breaks))
    found = {}
    broken = {area for (area, _), held in groups.items() if any(one[2] > 0 for one in held)}
    for (area, start), held in groups.items():
        found["reopened", area, start] = _mean(float(reopened[one[0]]) for one in held)
        found["in_time", area, start] = _mean(
            {"kept": 1.0, "broken": 0.0}.get(kept.get(one[0])) for one in held
        )
        found["broken", area, start] = float(sum(one[2] > 0 for one in held)) if area in broken else None
        found["lasting", area, start] = _mean(one[1] / 1e6 for one in held) if area == "north" else None
    return {key: value for key, value in found.items() if value is not None}


def told(panel):
    """The indicators of a panel as {(name, unit, first day): value}."""
    return {
        (name, panel.units[u], panel.periods[t].astype(object)): float(panel.of(name)[u, t])
        for name in panel.indicators
        for u in range(len(panel.units))
        for t in range(len(panel.periods))
        if panel.of(name)[u, t] == panel.of(name)[u, t]
    }
