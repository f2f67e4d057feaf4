"""A company whose customers call teams of advisers, and those advisers: what both live, made by hand."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.journeys.columns import CANONICAL
from portance.journeys.stage import Journeys

DAY_US = 86_400_000_000
START = date(2025, 1, 6)
TODAY = date(2026, 2, 1)
AS_OF_US = 20_453 * DAY_US
QUESTIONS = {
    "enabled": {"means": "enablement"},
    "load": {"means": "workload", "better": "lower"},
    "delivered": {"means": "experience_delivered", "agree": 4},
    "priority": {"means": "customer_priority", "agree": 4},
    "recommend": {"means": "recommendation", "scale": [0, 10]},
}
_ARROW = {
    "varchar": pa.string(), "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
}  # fmt: skip
WORK = pa.schema(
    [
        ("employee", pa.string()), ("team", pa.string()), ("function", pa.string()), ("task", pa.string()), ("kind", pa.string()),
        ("tool", pa.string()), ("for_function", pa.string()), ("t_us", pa.int64()), ("duration_ms", pa.int64()), ("times", pa.float64()),
    ]
)  # fmt: skip
ANSWERS = pa.schema(
    [
        ("employee", pa.string()), ("team", pa.string()), ("function", pa.string()), ("question", pa.string()),
        ("value", pa.float64()), ("t_us", pa.int64()),
    ]
)  # fmt: skip
READINGS = pa.schema(
    [
        ("indicator", pa.string()),
        ("unit", pa.string()),
        ("period_start", pa.date32()),
        ("value", pa.float64()),
    ]
)


def mirrored_charter(**declared):
    base = {
        "portance": 1,
        "company": {"name": "Company", "timezone": "UTC"},
        "functions": {"service": {}, "billing": {}, "digital": {}},
        "sources": {
            "crm": {"read": "crm.csv", "case": "ticket", "interactions": [{"activity": {"column": "what"}, "at": "when"}]}
        },
        "journeys": {"care": {"by": "case"}},
        "promises": {
            "soon": {
                "says": "Soon", "journey": "care", "clock": {"from": "call", "to": "solved", "unit": "days"},
                "functional": "p90", "intended": {"at_most": 2, "by": "board"},
            }
        },
        "changes": {"portal": {"since": "2025-07-01", "function": "service", "journey": "care"}},
        "employees": {
            "consulted": "2024-12-01",
            "questions": QUESTIONS,
            "figures": {"absence": {"means": "absence", "unit": "share"}, "vacancies": {"means": "vacancies"}},
            "tools": {"desk": {"since": "2025-02-03", "change": "portal"}},
            "tasks": {"answer": {"journey": "care", "activity": "call", "function": "service"}},
        },
    }  # fmt: skip
    return Charter.model_validate(base | declared)


def at(day, hour=9):
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return round(moment.timestamp()) * 1_000_000


def customers(engine, declared, *, seed=1, weeks=52, teams=6, per_week=8, after=None, calls=2.0, broken=None):
    """Journeys of calls and an end, per team and week. ``calls`` before the change of July 2025, ``after`` from then on.

    ``broken`` (teams, weeks): the share of journeys with a reopened end; a fifth where absent.
    """
    generator = np.random.default_rng(seed)
    rows, number = [], 0
    for week in range(weeks):
        day = START + timedelta(7 * week)
        mean = after if after is not None and day >= date(2025, 7, 1) else calls
        for team in range(teams):
            for one in range(per_week):
                number += 1
                times = 1 + generator.poisson(mean - 1)
                share = 0.2 if broken is None else broken[team, week]
                case = f"c{number}"
                told = {
                    "person_key": number,
                    "person_id": f"p{number}",
                    "case_key": "ticket",
                    "case_id": case,
                    "team": f"T{team}",
                }
                start = at(day + timedelta(int(one) % 5))
                rows.extend(
                    told | {
                        "t_us": start + place * 3_600_000_000, "activity": "call", "function": "service", "channel": "phone",
                        "wait_ms": int(generator.integers(0, 240_000)), "duration_ms": 300_000, "initiated_by": "customer",
                        "outcome": "transferred" if generator.random() < 0.1 else "resolved", "actor": "human",
                    }
                    for place in range(times)
                )  # fmt: skip
                bad = generator.random() < share
                rows.append(
                    told | {
                        "t_us": start + (3 if bad else 1) * DAY_US, "activity": "solved", "function": "service", "channel": "mail",
                        "rating": float(generator.integers(0, 7) if bad else generator.integers(6, 11)), "rating_scale": "nps",
                    }
                )  # fmt: skip
    rows.sort(key=lambda row: row["t_us"])
    kinds = {**CANONICAL, "rating_scale": "varchar"}
    full = [
        dict.fromkeys(kinds)
        | {
            "interaction_id": f"i{place:07}",
            "tie": place * 256,
            "local_day": row["t_us"] // DAY_US,
            "source": "crm",
        }
        | row
        for place, row in enumerate(rows)
    ]
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in kinds.items()])
    engine.table(
        "interactions", pa.table({name: [one[name] for one in full] for name in kinds}, schema=schema)
    )
    Journeys(declared, engine).build(AS_OF_US)
    rate = pa.table({"promise": ["soon"], "segment": ["all"], "rate": [0.8], "ci_low": [0.78], "ci_high": [0.82], "persons": [2000], "shown": ["point"]})  # fmt: skip
    engine.table("promise_rates", rate)
    return engine


def answers(*, seed=2, teams=6, size=14, waves=(10,), mean=3.5, functions=None, questions=QUESTIONS):
    """Rows of employees' answers on 1 to 5 (0 to 10 for a recommendation), one per person, question and week of ``waves``."""
    generator = np.random.default_rng(seed)
    rows = []
    for team in range(teams):
        function = functions[team] if functions else "service"
        for one in range(size):
            for question, told in questions.items():
                low, high = told.get("scale", (1, 5))
                for wave in waves:
                    centre = mean if low == 1 else 2 * mean
                    value = float(np.clip(round(generator.normal(centre, (high - low) / 5)), low, high))
                    rows.append(
                        (
                            f"e{team}-{one}",
                            f"T{team}",
                            function,
                            question,
                            value,
                            at(START + timedelta(7 * wave)),
                        )
                    )
    return rows


def work(
    *, seed=3, weeks=52, teams=6, size=14, screens=9.0, after=None, per_week=8, functions=None, users=0.5
):
    """Rows of work events: in all ``screens`` tools touched per call of a team that ``size`` persons share."""
    generator = np.random.default_rng(seed)
    rows = []
    for week in range(weeks):
        day = START + timedelta(7 * week)
        mean = after if after is not None and day >= date(2025, 7, 1) else screens
        for team in range(teams):
            function = functions[team] if functions else "service"
            for one in range(size):
                each = mean * per_week * 2.0 / size
                person = (f"e{team}-{one}", f"T{team}", function, "answer")
                rows.append((*person, "tool", "crm", None, at(day), 60_000, float(generator.poisson(each))))
                rows.append(
                    (*person, "rekey", "crm", None, at(day), None, float(generator.poisson(each / 9)))
                )
                rows.append((*person, "wait", None, "billing", at(day), 120_000, 1.0))
                if one < users * size and week >= 6:
                    rows.append((*person, "tool", "desk", None, at(day), 30_000, 0.0))
                if one >= 0.8 * size:
                    rows.append((*person, "workaround", "desk", None, at(day), None, 0.0))
    return rows


def staffed(engine, work_rows=(), answer_rows=(), readings=()):
    """The engine with employees' tables."""
    for name, schema, rows in (
        ("work_events", WORK, work_rows),
        ("employee_answers", ANSWERS, answer_rows),
        ("readings", READINGS, readings),
    ):
        columns = list(zip(*rows, strict=True)) if rows else [[] for _ in schema]
        engine.table(
            name,
            pa.table(
                {field.name: list(column) for field, column in zip(schema, columns, strict=True)},
                schema=schema,
            ),
        )
    return engine


def mirrored(declared=None, *, customer=None, work_rows=None, answer_rows=None, readings=()):
    """An engine with both sides of the company, to be closed."""
    charter = declared or mirrored_charter()
    engine = customers(Engine(threads=1, memory="500MB"), charter, **(customer or {}))
    return staffed(
        engine,
        work() if work_rows is None else work_rows,
        answers() if answer_rows is None else answer_rows,
        readings,
    )
