"""The three brakes against plain Python, their trends on planted ones, and what cannot be told."""

import itertools
import math
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from passed_company import DAY_US, instant, lived, passing_charter, passing_row

from portance.alignment.brakes.measuring import MEASURES, brakes
from portance.alignment.brakes.trending import trend
from portance.alignment.responsibility.stating import responsibility
from portance.engine import Engine

HOUR_US = DAY_US // 24
CONFLICTS = pa.schema(
    [
        ("from_indicator", pa.string()), ("to_indicator", pa.string()), ("from_function", pa.string()),
        ("to_function", pa.string()), ("kind", pa.string()), ("verdict", pa.string()), ("grade", pa.string()),
    ]
)  # fmt: skip


def walking_log(seed, journeys=500, months=9, *, more=0.0):
    """Journeys of one to six steps between functions; ``more`` adds steps with the months."""
    draw = np.random.default_rng(seed)
    rows = []
    for case in range(journeys):
        month = int(draw.integers(0, months))
        start = instant(date(2025, 1 + month, 1) + timedelta(days=int(draw.integers(0, 28))), 1)
        steps = 1 + int(draw.poisson(1.5 + more * month))
        for step in range(steps):
            rows.append(
                passing_row(
                    len(rows), start + step * int(draw.integers(1, 9)) * HOUR_US, case_id=f"c{case}", person_key=case // 2,
                    function=str(draw.choice(["sales", "service", "billing"])),
                    outcome=str(draw.choice(["resolved", "unresolved"])) if draw.random() < 0.5 else None,
                )
            )  # fmt: skip
    rows.append(
        passing_row(
            len(rows), instant(date(2025, 9, 30), 12), case_id="last", person_key=None, function="sales"
        )
    )
    return rows


def promised(**more):
    promise = {
        "says": "soon", "journey": "care", "owners": ["service"], "clock": {"from": "call", "to": "answer"},
        "intended": {"at_most": 2},
    }  # fmt: skip
    return passing_charter(promises={"soon": promise}, indicators={}, **more)


@pytest.fixture(scope="module")
def measured():
    rows = walking_log(1)
    declared = promised()
    with Engine(threads=1) as engine:
        lived(engine, declared, rows)
        for name, table in responsibility(declared, engine).items():
            engine.table(name, table)
        made = brakes(declared, engine).to_pylist()
    return rows, made


def told(made, measure, journey_type=None, period="all"):
    found = [
        row
        for row in made
        if (row["measure"], row["journey_type"], row["period"]) == (measure, journey_type, period)
    ]
    assert len(found) == 1
    return found[0]


def walked(rows):
    cases = defaultdict(list)
    for row in rows:
        cases[row["case_id"]].append(row)
    for steps in cases.values():
        yield sorted(steps, key=lambda row: (row["t_us"], row["tie"]))


def twin(rows):
    """Every measure in plain Python."""
    sums = defaultdict(lambda: [0.0, 0.0])

    def add(name, above, below):
        sums[name][0] += above
        sums[name][1] += below

    for steps in walked(rows):
        pairs = list(itertools.pairwise(steps))
        changes = [(one, after) for one, after in pairs if one["function"] != after["function"]]
        held = defaultdict(float)
        for one, after in pairs:
            held[one["function"]] += after["t_us"] - one["t_us"]
        whole = sum(held.values())
        bits = (
            -sum(time / whole * math.log2(time / whole) for time in held.values() if time) if whole else 0.0
        )
        waited = sum(after["t_us"] - one["t_us"] for one, after in changes)
        resolved = next((place for place, row in enumerate(steps) if row["outcome"] == "resolved"), None)
        add("functions_per_journey", len({row["function"] for row in steps}), 1)
        add("custody_entropy", bits, 1)
        add(
            "orphan_seams",
            sum("service" not in (one["function"], after["function"]) for one, after in changes),
            len(changes),
        )
        add("contested_seams", 0, len(changes))
        add("handovers_per_journey", len(changes), 1)
        add("waiting_share", waited, steps[-1]["t_us"] - steps[0]["t_us"])
        add("waiting_hours", waited / HOUR_US, 1)
        if resolved is not None:
            before = [after for _, after in changes if steps.index(after) <= resolved]
            add("handovers_before_resolution", len(before), 1)
        if any(row["outcome"] for row in steps):
            first = steps[0]["function"]
            settled = resolved is not None and all(row["function"] == first for row in steps[: resolved + 1])
            add("settled_by_first", settled, 1)
    return {name: above / below for name, (above, below) in sums.items()}


@pytest.mark.parametrize("measure", [measure.name for measure in MEASURES])
def test_measures_agree_with_plain_python(measured, measure):
    rows, made = measured
    row = told(made, measure)
    assert row["value"] == pytest.approx(
        twin(rows)[measure], abs=2e-3 if measure == "custody_entropy" else 1e-9
    )
    assert row["ci_low"] <= row["value"] <= row["ci_high"]
    assert row["value"] == told(made, measure, "care")["value"]


def test_months_agree_with_plain_python(measured):
    rows, made = measured
    march = {
        row["case_id"]
        for row in (steps[0] for steps in walked(rows))
        if date(1970, 1, 1) + timedelta(days=row["local_day"]) >= date(2025, 3, 1)
        and date(1970, 1, 1) + timedelta(days=row["local_day"]) < date(2025, 4, 1)
    }
    expected = twin([row for row in rows if row["case_id"] in march])
    for measure in ("functions_per_journey", "waiting_share", "settled_by_first"):
        assert told(made, measure, "care", "2025-03")["value"] == pytest.approx(expected[measure])
    assert told(made, "functions_per_journey", None, "2025-03")["n"] == len(march)


def test_a_planted_trend_is_seen_and_a_steady_company_has_none():
    declared = promised()
    with Engine(threads=1) as engine:
        lived(engine, declared, walking_log(2, journeys=900, more=0.25))
        rising = told(brakes(declared, engine).to_pylist(), "handovers_per_journey")
        lived(engine, declared, walking_log(3, journeys=900))
        steady = told(brakes(declared, engine).to_pylist(), "handovers_per_journey")
    # two steps in three change function: 0.25 steps more each month are a sixth of a handover more
    assert rising["slope_low"] < 0.25 * 2 / 3 < rising["slope_high"]
    assert rising["trend"] == "up"
    assert steady["trend"] in {"flat", "not_detectable"}


def test_trends_cover_and_stay_silent_where_nothing_moves():
    draw = np.random.default_rng(5)
    up = down = 0
    for _ in range(400):
        errors = draw.uniform(0.5, 1.5, 12)
        found = trend([(month, 10 + draw.normal(0, error), error) for month, error in enumerate(errors)])
        up += found.verdict == "up"
        down += found.verdict == "down"
    assert up + down <= 32
    assert trend([(month, 1.0, 0.1) for month in range(5)]).verdict == "not_detectable"
    assert trend([(month, 1.0, 0.001) for month in range(12)]).verdict == "flat"
    # surely rising, by a thousandth of the level a month: that is flat
    assert trend([(month, 1.0 + 0.001 * month, 0.001) for month in range(12)]).verdict == "flat"
    assert trend([(month, 1.0 - 0.02 * month, 0.01) for month in range(12)]).verdict == "down"


def test_the_month_cut_short_by_the_extract_is_in_no_trend():
    rows = [row for row in walking_log(4) if row["local_day"] <= (date(2025, 6, 10) - date(1970, 1, 1)).days]
    with Engine(threads=1) as engine:
        lived(engine, promised(), rows)
        made = brakes(promised(), engine).to_pylist()
    # January to May: five whole months are too few
    assert told(made, "functions_per_journey")["trend"] == "not_detectable"
    assert told(made, "functions_per_journey")["slope"] is None


def test_without_outcomes_resolution_is_not_told():
    rows = [row | {"outcome": None} for row in walking_log(1, journeys=80)]
    with Engine(threads=1) as engine:
        lived(engine, promised(), rows)
        made = brakes(promised(), engine).to_pylist()
    assert told(made, "handovers_before_resolution")["reason"] == "no_resolution"
    assert told(made, "settled_by_first")["reason"] == "no_outcome"
    assert told(made, "settled_by_first")["value"] is None
    assert told(made, "approvals")["reason"] == "not_in_data"
    assert told(made, "finding_to_arbitration")["reason"] == "no_scans"
    assert told(made, "pairs_in_conflict")["reason"] == "no_pair_tested"


def paired(engine, rows):
    columns = {name: [row[place] for row in rows] for place, name in enumerate(CONFLICTS.names)}
    engine.table("conflicts", pa.table(columns, schema=CONFLICTS))


def steered():
    indicators = {
        name: {"function": function, "better": "higher", "measure": "count(*)"} | more
        for name, function, more in (
            ("a", "sales", {"bonus": 0.3}), ("b", "service", {"bonus": 0.2}), ("c", "billing", {}),
        )
    }  # fmt: skip
    return passing_charter(
        indicators=indicators, scorecards={"chief": {"function": "billing", "indicators": {"c": 1, "a": 1}}}
    )


def test_conflicts_are_counted_among_the_pairs_that_could_be_tested():
    with Engine(threads=1) as engine:
        paired(
            engine,
            [
                ("a", "b", "sales", "service", "empirical", "conflict", "C"),
                ("b", "a", "service", "sales", "empirical", "no_effect", "C"),
                ("a", "c", "sales", "billing", "empirical", "conflict", "D"),
                ("c", "a", "billing", "sales", "empirical", "not_detectable", None),
                ("b", "c", "service", "billing", "structural", "conflict", "E"),
            ],
        )
        made = brakes(steered(), engine).to_pylist()
    row = told(made, "pairs_in_conflict")
    assert (row["value"], row["n"]) == (pytest.approx(1 / 3), 3)
    assert row["ci_low"] < 1 / 3 < row["ci_high"]
    assert told(made, "conflicts_per_function")["value"] == pytest.approx(2 / 3)
    # a, b and c are paid on; a and b oppose each other
    assert told(made, "bonus_in_conflict")["value"] == pytest.approx(2 / 3)


def test_the_time_to_an_arbitration_counts_what_still_waits():
    day = datetime(2025, 1, 1, tzinfo=UTC)
    findings = {f"conflict:{one}>x{number}": {} for number, one in enumerate("abcdefg")}
    scans = [
        {"at": day.isoformat(), "findings": findings},
        {"at": (day + timedelta(days=100)).isoformat(), "findings": findings},
    ]
    with Engine(threads=1) as engine:
        signed = [
            (f"x{number}", one, day + timedelta(days=10 * (number + 1))) for number, one in enumerate("abcd")
        ]
        engine.table(
            "decisions",
            pa.table(
                {
                    "from_indicator": [row[0] for row in signed], "to_indicator": [row[1] for row in signed],
                    "signed_at": pa.array([row[2] for row in signed], pa.timestamp("us", "UTC")),
                }
            ),
        )  # fmt: skip
        row = told(brakes(steered(), engine, scans=scans).to_pylist(), "finding_to_arbitration")
    # four of seven decided after 10 to 40 days, three still wait: the median is the fourth
    assert (row["value"], row["shown"], row["n"]) == (None, "interval", 7)
    assert row["ci_low"] <= 40
    assert row["ci_high"] is None or row["ci_high"] >= 40


def test_the_worked_example_of_the_method_page():
    day = date(2025, 3, 4)
    told_ = [("sales", 9, None), ("service", 11, None), ("billing", 12, "resolved"), ("billing", 13, None)]
    rows = [
        passing_row(
            40 * case + number,
            instant(day, hour),
            case_id=f"c{case}",
            person_key=case,
            function=function,
            outcome=outcome,
        )
        for case in range(30)
        for number, (function, hour, outcome) in enumerate(told_)
    ]
    with Engine(threads=1) as engine:
        lived(engine, promised(), rows)
        made = brakes(promised(), engine).to_pylist()
    expected = {
        "functions_per_journey": 3, "handovers_per_journey": 2, "handovers_before_resolution": 2, "custody_entropy": 1.5,
        "waiting_hours": 3, "waiting_share": 0.75, "settled_by_first": 0,
    }  # fmt: skip
    for measure, value in expected.items():
        assert told(made, measure)["value"] == pytest.approx(value)
