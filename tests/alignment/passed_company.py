"""A company of teams and weeks whose customers pass from desk to desk, and the figures that plain Python makes of them."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa

from portance.alignment.indicators.panel import Panel
from portance.charter import Charter
from portance.journeys.columns import CANONICAL
from portance.journeys.stage import Journeys

DAY_US = 86_400_000_000
MONDAY = date(2025, 3, 3)
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip


def passing_charter(**declared):
    base = {
        "portance": 1,
        "company": {"name": "Company", "timezone": "UTC"},
        "functions": {name: {} for name in ("sales", "service", "billing", "people")},
        "sources": {
            "crm": {
                "read": "crm.csv",
                "case": "ticket",
                "interactions": [{"activity": {"column": "what"}, "at": "when"}],
            }
        },
        "journeys": {"care": {"by": "case"}, "buy": {"by": "person", "gap": "7 days", "where": "false"}},
        "indicators": {
            "pace": {"function": "service", "better": "lower", "target": 10, "measure": "count(*)"},
            "quality": {"function": "billing", "better": "higher", "target": 5, "measure": "count(*)"},
        },
    }
    return Charter.model_validate(base | declared)


def passing_row(number, t_us, **told):
    base = dict.fromkeys(CANONICAL) | {
        "interaction_id": f"i{number:07}", "tie": number * 256, "t_us": t_us, "local_day": t_us // DAY_US, "source": "crm",
        "person_key": 1, "person_id": "p1", "case_key": "ticket", "case_id": "c1",
    }  # fmt: skip
    made = base | told
    if "person_key" in told and "person_id" not in told:
        made["person_id"] = None if told["person_key"] is None else f"p{told['person_key']}"
    return made


def lived(engine, declared, rows, as_of_us=None):
    """The engine with the tables of journeys over a log."""
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in CANONICAL.items()])
    engine.table(
        "interactions",
        pa.table({name: [one[name] for one in rows] for name in CANONICAL}, schema=schema),
    )
    Journeys(declared, engine).build(as_of_us or max(one["t_us"] for one in rows))
    return engine


def panel_of(values, units, *, start=MONDAY, kind="week", unit_kind="team"):
    """A panel of weeks from {indicator: array (units, periods)}."""
    stacked = np.stack(list(values.values()), axis=2).astype(float)
    step = {"week": 7, "day": 1}[kind]
    periods = np.array(
        [start + timedelta(days=step * place) for place in range(stacked.shape[1])], dtype="datetime64[D]"
    )
    return Panel(
        tuple(values), (), (), tuple(units), unit_kind, periods, kind, stacked, np.full(stacked.shape, np.nan)
    )


def instant(day, hour=9):
    return round(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()) * 1_000_000


def watermelon_twin(rows, lost, panel, targets, scope_indicators):
    """Rates of journeys over all that they met, in plain Python: {journey: (green, measured)}.

    ``targets`` is {indicator: (better, target)}; ``lost`` the journeys that were lost.
    """
    places = {unit: number for number, unit in enumerate(panel.units)}
    weeks = {start.astype(object): number for number, start in enumerate(panel.periods)}
    cells = defaultdict(set)
    for row in rows:
        day = date(1970, 1, 1) + timedelta(days=row["local_day"])
        monday = day - timedelta(days=day.weekday())
        if row["team"] in places and monday in weeks:
            cells["care:" + row["case_id"]].add((places[row["team"]], weeks[monday]))
    met = {}
    for journey, visited in cells.items():
        green = measured = 0
        for unit, week in visited:
            for name in scope_indicators:
                value = panel.of(name)[unit, week]
                if np.isnan(value):
                    continue
                better, target = targets[name]
                measured += 1
                green += value >= target if better == "higher" else value <= target
        if measured:
            met[journey] = (int(green), measured)
    return {journey: (*counts, journey in lost) for journey, counts in met.items()}


def area_twin(pairs):
    """The chance that somebody kept met a greener scoreboard than somebody lost, pair by pair."""
    kept = [level for level, lost in pairs if not lost]
    gone = [level for level, lost in pairs if lost]
    won = sum((a > b) + 0.5 * (a == b) for a in kept for b in gone)
    return won / (len(kept) * len(gone))


def company_log(seed, journeys=1200, *, uneven=True):
    """Journeys of one to four steps over four months; every other month breaks more often, where uneven."""
    draw = np.random.default_rng(seed)
    rows = []
    for case in range(journeys):
        day = int(draw.integers(0, 110))
        bad = uneven and (MONDAY + timedelta(days=day)).month % 2 == 0
        for step in range(int(draw.integers(1, 5))):
            function = str(draw.choice(["sales", "service", "billing"]))
            chance = {"sales": (0.1, 0.25), "service": (0.1, 0.6), "billing": (0.1, 0.25)}[function][bad]
            rows.append(
                passing_row(
                    len(rows), instant(MONDAY) + day * DAY_US + step * DAY_US // 2, case_id=f"c{case}", person_key=case // 2,
                    function=function, team=f"{function}{case % 3}", channel="phone",
                    outcome="abandoned" if draw.random() < chance else "unresolved",
                )
            )  # fmt: skip
    return rows
