"""Watermelons: the rates, the validity of the scoreboard, and who is concerned, against plain Python and planted truths."""

import math
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from passed_company import (
    MONDAY,
    area_twin,
    instant,
    lived,
    panel_of,
    passing_charter,
    passing_row,
    watermelon_twin,
)

from portance.alignment.scoreboards import judging
from portance.alignment.scoreboards.measuring import watermelons
from portance.alignment.summing import Sums
from portance.engine import Engine

TEAMS = [f"t{number}" for number in range(8)]
TARGETS = {"pace": ("lower", 10), "quality": ("higher", 5)}


def random_log(seed, journeys=400, weeks=6):
    """Journeys of one to three interactions at random teams; the last one is abandoned one time in four."""
    draw = np.random.default_rng(seed)
    rows = []
    for case in range(journeys):
        person = int(draw.integers(1, journeys // 2)) if draw.random() < 0.9 else None
        day = MONDAY + timedelta(days=int(draw.integers(0, weeks * 7 - 3)))
        for step in range(int(draw.integers(1, 4))):
            rows.append(
                passing_row(
                    len(rows), instant(day + timedelta(days=step), 9), case_id=f"c{case}", person_key=person,
                    team=str(draw.choice([*TEAMS, "elsewhere"])), function=str(draw.choice(["service", "billing"])),
                    outcome="abandoned" if draw.random() < 0.2 else "resolved",
                )
            )  # fmt: skip
    return rows


def random_panel(seed, weeks=6):
    draw = np.random.default_rng(seed)
    pace = draw.normal(9.5, 1, (len(TEAMS), weeks))
    quality = draw.normal(5.3, 1, (len(TEAMS), weeks))
    pace[draw.random(pace.shape) < 0.1] = np.nan
    quality[:, 0] = np.nan
    return panel_of({"pace": pace, "quality": quality}, TEAMS)


@pytest.fixture(scope="module")
def measured():
    with Engine(threads=1) as engine:
        declared = passing_charter()
        rows = random_log(1)
        panel = random_panel(2)
        lived(engine, declared, rows)
        lost = {row[0] for row in engine.rows("select distinct journey_id from breaks")}
        tables = watermelons(declared, engine, [panel], seed=3)
        customers = engine.arrow("select * from watermelon_customers").to_pylist()
        yield rows, lost, panel, tables, customers


def told(tables, scope, unit):
    found = [
        row for row in tables["watermelons"].to_pylist() if row["scope"] == scope and row["unit"] == unit
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("scope", "names"),
    [("company", ("pace", "quality")), ("function:service", ("pace",)), ("function:billing", ("quality",)),
     ("journey:care", ("pace", "quality"))],
)  # fmt: skip
def test_journeys_agree_with_plain_python(measured, scope, names):
    rows, lost, panel, tables, _ = measured
    met = watermelon_twin(rows, lost, panel, TARGETS, names)
    green = [gone for one, all_, gone in met.values() if one == all_]
    other = [gone for one, all_, gone in met.values() if one != all_]
    row = told(tables, scope, "journey")
    assert (row["n"], row["green"], row["lost"]) == (len(met), len(green), sum(green))
    assert row["rate"] == pytest.approx(sum(green) / len(green))
    assert row["lift"] == pytest.approx((sum(green) / len(green)) / (sum(other) / len(other)))
    assert row["auc"] == pytest.approx(area_twin([(one / all_, gone) for one, all_, gone in met.values()]))
    assert row["ci_low"] < row["rate"] < row["ci_high"]
    assert row["auc_low"] < row["auc"] < row["auc_high"]


def test_visits_of_cells_agree_with_plain_python(measured):
    rows, lost, panel, tables, _ = measured
    visits = set()
    weeks = [start.astype(object) for start in panel.periods]
    for row in rows:
        week = (row["local_day"] - (MONDAY - date(1970, 1, 1)).days) // 7
        if row["team"] in TEAMS and 0 <= week < len(weeks):
            visits.add(("care:" + row["case_id"], TEAMS.index(row["team"]), week))
    pace, quality = panel.of("pace"), panel.of("quality")
    pairs, people = [], set()
    for journey, unit, week in visits:
        lights = [pace[unit, week] <= 10] if not math.isnan(pace[unit, week]) else []
        lights += [quality[unit, week] >= 5] if not math.isnan(quality[unit, week]) else []
        if lights:
            pairs.append((sum(lights) / len(lights), journey in lost, journey))
    green = [gone for share, gone, _ in pairs if share == 1]
    owner = {"care:" + row["case_id"]: row["person_key"] or row["case_id"] for row in rows}
    people = {owner[journey] for share, _, journey in pairs if share == 1}
    row = told(tables, "company", "team × week")
    assert (row["n"], row["green"], row["lost"], row["persons"]) == (
        len(pairs),
        len(green),
        sum(green),
        len(people),
    )
    assert row["auc"] == pytest.approx(area_twin([(share, gone) for share, gone, _ in pairs]))


def test_the_customers_listed_are_those_lost_in_the_green(measured):
    rows, lost, panel, _, customers = measured
    for scope, names in (("company", ("pace", "quality")), ("function:service", ("pace",))):
        met = watermelon_twin(rows, lost, panel, TARGETS, names)
        expected = {journey for journey, (one, all_, gone) in met.items() if gone and one == all_}
        listed = [row["journey_id"] for row in customers if row["scope"] == scope]
        assert sorted(listed) == sorted(expected)
    assert all(set(row["outcome"].split(",")) <= {"abandonment", "ping_pong"} for row in customers)


def test_no_team_is_named_without_its_floor(measured):
    *_, customers = measured
    assert customers
    assert {row["unit"] for row in customers} == {None}


def test_a_team_that_may_be_shown_is_named():
    with Engine(threads=1) as engine:
        declared = passing_charter()
        lived(engine, declared, random_log(1))
        engine.table("team_floors", pa.table({"team": ["t1"]}))
        watermelons(declared, engine, [random_panel(2)])
        named = {row[0] for row in engine.rows("select distinct unit from watermelon_customers")}
        assert named == {None, "t1"}


def planted(engine, seed, *, blind):
    """240 journeys a week at 12 teams: a watermelon is lost one time in three whatever the light; else red weeks lose."""
    draw = np.random.default_rng(seed)
    teams, weeks = [f"t{number}" for number in range(12)], 12
    pace = np.where(draw.random((12, weeks)) < 0.7, 8.0, 12.0)
    rows = []
    for week in range(weeks):
        for team in range(12):
            for _ in range(20):
                red = pace[team, week] > 10
                chance = 1 / 3 if blind else (0.6 if red else 0.05)
                number = len(rows)
                rows.append(
                    passing_row(
                        number, instant(MONDAY + timedelta(days=7 * week + int(draw.integers(0, 7)))),
                        case_id=f"c{number}", person_key=number, team=teams[team], function="service",
                        outcome="abandoned" if draw.random() < chance else "resolved",
                    )
                )  # fmt: skip
    declared = passing_charter()
    lived(engine, declared, rows)
    return watermelons(declared, engine, [panel_of({"pace": pace}, teams)])


def test_a_planted_watermelon_is_found_and_its_scoreboard_is_blind():
    with Engine(threads=1) as engine:
        tables = planted(engine, 5, blind=True)
    for unit in ("journey", "team × week"):
        row = told(tables, "company", unit)
        assert row["ci_low"] < 1 / 3 < row["ci_high"]
        assert row["lift_low"] < 1 < row["lift_high"]
        assert row["auc_low"] < 0.5 < row["auc_high"]
        assert row["ci_high"] - row["ci_low"] < 0.1
    board = tables["scoreboard"].to_pylist()
    assert board[0]["gain_low"] < 0 < board[0]["gain_high"]


def test_a_scoreboard_that_sees_is_told_valid():
    with Engine(threads=1) as engine:
        tables = planted(engine, 6, blind=False)
    row = told(tables, "company", "journey")
    assert row["ci_high"] < 0.1
    assert row["lift_high"] < 0.2
    assert row["auc_low"] > 0.7
    board = tables["scoreboard"].to_pylist()[0]
    assert board["auc_without"] == 0.5
    assert board["gain_low"] > 0.2


def test_nothing_green_says_so():
    with Engine(threads=1) as engine:
        declared = passing_charter()
        lived(engine, declared, random_log(1, journeys=60))
        tables = watermelons(declared, engine, [panel_of({"pace": np.full((8, 6), 99.0)}, TEAMS)])
        row = told(tables, "company", "journey")
        assert (row["green"], row["rate"], row["reason"], row["shown"]) == (
            0,
            None,
            "never_green",
            "suppressed",
        )


def test_a_journey_with_a_pending_promise_is_not_judged():
    promise = {
        "says": "soon", "journey": "care", "clock": {"from": "call", "to": "answer", "unit": "hours"},
        "intended": {"at_most": 48},
    }  # fmt: skip
    declared = passing_charter(promises={"soon": promise})
    rows = [
        passing_row(
            number, instant(MONDAY), case_id=f"c{number}", person_key=number, team="t0", activity="call",
            function="service", outcome="resolved",
        )
        for number in range(40)
    ]  # fmt: skip
    rows += [
        passing_row(
            100 + number, instant(MONDAY, 10), case_id=f"c{number}", person_key=number, team="t0", activity="answer",
            function="service",
        )
        for number in range(30)
    ]  # fmt: skip
    with Engine(threads=1) as engine:
        lived(engine, declared, rows, as_of_us=instant(MONDAY, 12))
        tables = watermelons(declared, engine, [panel_of({"pace": np.full((1, 2), 5.0)}, ["t0"])])
    assert told(tables, "company", "journey")["n"] == 30


def test_without_journeys_the_tables_are_empty():
    with Engine(threads=1) as engine:
        tables = watermelons(passing_charter(), engine, [random_panel(2)])
        assert tables["watermelons"].num_rows == tables["scoreboard"].num_rows == 0
        assert engine.count("watermelon_customers") == 0


def test_intervals_of_areas_cover():
    """Teams differ in how greenness tells: the interval by team covers the area of the company at about 95 %."""
    draw = np.random.default_rng(9)
    inside = 0
    # each team's light is right with its own chance, centred on 0.7: the area of all is then 0.7
    for _ in range(300):
        teams, each = 20, 60
        right = np.clip(draw.normal(0.7, 0.08, teams), 0, 1)
        cluster = np.repeat(np.arange(teams), each)
        lost = draw.random(teams * each) < 0.4
        level = np.where(draw.random(teams * each) < right[cluster], ~lost, lost).astype(float)
        judged, _ = judging.judge(level, (~lost).astype(float), lost.astype(float), cluster)
        inside += judged.low <= 0.7 <= judged.high
    assert 0.91 <= inside / 300 <= 0.985


def test_sums_give_the_same_interval_as_their_rows():
    rows = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 3.0], [1.0, 4.0]])
    whole = Sums.of(np.repeat(rows, 10, axis=0))
    grouped = Sums.of(rows, np.full(4, 10.0))
    assert whole.limits(0, 1, proportion=True) == pytest.approx(grouped.limits(0, 1, proportion=True))
    residual = rows[:, 0] - 0.5 * rows[:, 1]
    error = math.sqrt(40 / 39 * 10 * float(residual @ residual)) / 100
    assert whole.error(whole.gradient(0, 1)) == pytest.approx(error)


def test_what_the_company_keeps_by_team_meets_the_journeys_of_these_teams():
    declared, rows = passing_charter(), random_log(1, journeys=120)
    with Engine(threads=1) as engine:
        lived(engine, declared, rows)
        values = np.full((3, 6), 5.0)
        values[1:] = 99.0
        panel = panel_of({"pace": values}, ["company", "t3", "service"], unit_kind="company")
        row = told(watermelons(declared, engine, [panel]), "company", "journey")
    days = [(MONDAY - date(1970, 1, 1)).days + offset for offset in (0, 42)]
    cases = {row["case_id"] for row in rows if days[0] <= row["local_day"] < days[1]}
    red = {
        row["case_id"] for row in rows
        if days[0] <= row["local_day"] < days[1] and (row["team"] == "t3" or row["function"] == "service")
    }  # fmt: skip
    assert (row["n"], row["green"]) == (len(cases), len(cases - red))


def test_the_worked_example_of_the_method_page():
    levels, lost = np.array([1, 1, 1, 0.5, 0.5]), np.array([1.0, 0, 0, 0, 1])
    judged, added = judging.judge(levels, 1 - lost, lost, np.arange(5))
    assert judged.value == pytest.approx(3.5 / 6)
    assert added.sum() == pytest.approx(0)
