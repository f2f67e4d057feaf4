"""Readings become panels: SQL against plain Python, what is told, where levers stand."""

from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from panelled_company import (
    DAY_US,
    HOUR_US,
    JOURNEY_MONTH,
    TEAM_WEEK,
    ZONE,
    by_journey,
    by_team,
    charter,
    fill,
    row,
    told,
)

from portance.alignment.indicators import dating
from portance.alignment.indicators.paneling import levels, moved, panels, steered
from portance.alignment.indicators.spreading import spread
from portance.engine import Engine
from portance.errors import StepError

MONDAY_US = round(datetime(2025, 3, 3, 9, tzinfo=ZONE).timestamp()) * 1_000_000


@pytest.fixture(scope="module")
def engine():
    with Engine(threads=1) as opened:
        yield opened


@st.composite
def logs(draw):
    count = draw(st.integers(3, 40))
    rows = [
        row(
            number,
            MONDAY_US + draw(st.integers(-8 * 24, 75 * 24)) * HOUR_US,
            team=draw(st.sampled_from(["a", "b", None])),
            channel=draw(st.sampled_from(["phone", "web"])),
            activity=draw(st.sampled_from(["call", "sale", "note"])),
            outcome=draw(st.sampled_from(["resolved", "unresolved", None])),
            duration_ms=draw(st.sampled_from([None, 1500, 60_000, 61_000])),
            cost_cents=draw(st.sampled_from([None, 250, 1000])),
            case_id=draw(st.sampled_from(["c1", "c2", "c3", "c4", None])),
            function=draw(st.sampled_from(["service", "sales"])),
            initiated_by=draw(st.sampled_from(["customer", "company"])),
            a_region=draw(st.sampled_from(["north", "south", None])),
            a_shop=draw(st.sampled_from([1, 2, None])),
        )
        for number in range(count)
    ]
    return rows, MONDAY_US + draw(st.integers(20, 80)) * DAY_US


@settings(max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(logs())
def test_sql_and_plain_python_read_the_same(engine, log):
    rows, as_of_us = log
    as_of_us = max(as_of_us, *(one["t_us"] for one in rows))
    declared = charter(
        indicators=TEAM_WEEK
        | {
            name: held | {"function": "service", "per": ["area", "month"]}
            for name, held in JOURNEY_MONTH.items()
        }
    )
    fill(engine, declared, rows, as_of_us=as_of_us)
    found = {
        (panel.unit_kind, panel.period_kind): told(panel) for panel in panels(declared, engine, as_of_us)
    }
    assert found.get(("team", "week"), {}) == pytest.approx(by_team(rows, as_of_us))
    assert found.get(("area", "month"), {}) == pytest.approx(by_journey(engine, as_of_us))
    listed = engine.rows("select indicator, unit, period_start, value, role, source from panel")
    everything = {(name, unit, day): value for name, unit, day, value, _, _ in listed}
    assert everything == pytest.approx({k: v for one in found.values() for k, v in one.items()})
    assert {(role, source) for *_, role, source in listed} <= {("indicator", "formula")}


def _weekly(weeks, team, **more):
    return [
        row(
            1000 * team + n,
            MONDAY_US + n * DAY_US,
            team=f"t{team}",
            duration_ms=1000,
            channel="phone",
            **more,
        )
        for n in range(7 * weeks)
    ]


def test_weeks_that_the_extract_cuts_are_left_out(engine):
    rows = [one for one in _weekly(4, 1) if one["t_us"] >= MONDAY_US + 2 * DAY_US]
    declared = charter(indicators={"talk": TEAM_WEEK["talk"]})
    fill(engine, declared, rows)
    (panel,) = panels(declared, engine)
    assert panel.periods.astype(object).tolist() == [date(2025, 3, 10), date(2025, 3, 17), date(2025, 3, 24)]
    (panel,) = panels(declared, engine, rows[-1]["t_us"] - DAY_US)
    assert len(panel.periods) == 2
    assert panel.counts[:, :, 0].tolist() == [[7.0, 7.0]]


def test_told_readings_join_and_what_is_computed_or_told_before_stays(engine):
    declared = charter(
        indicators={"talk": TEAM_WEEK["talk"], "nps": {"function": "service", "better": "higher"}},
        context={"rain": {}},
    )
    readings = [
        ("talk", "t1", date(2025, 3, 3), 99.0, "kpis"),  # computed: set aside
        ("talk", "t1", date(2025, 2, 24), 98.0, "kpis"),  # before the extract: kept
        ("nps", "t1", date(2025, 3, 5), 10.0, "kpis"),  # lies in the week of the 3rd
        ("nps", "t1", date(2025, 3, 3), 11.0, "later"),  # told by an earlier source
        ("nps", "t9", date(2025, 3, 10), 12.0, "later"),  # a unit of its own
        ("nps", "t1", date(2026, 3, 10), 13.0, "later"),  # not yet begun
        ("rain", "t1", date(2025, 3, 3), 3.0, "kpis"),
    ]
    fill(engine, declared, _weekly(2, 1), readings)
    (panel,) = panels(declared, engine)
    assert panel.columns == ("talk", "nps", "rain")
    assert panel.units == ("t1", "t9")
    assert panel.of("talk").tolist()[0] == [98.0, 1.0, 1.0]
    assert told(panel)["nps", "t1", date(2025, 3, 3)] == 10.0
    assert told(panel)["nps", "t9", date(2025, 3, 10)] == 12.0
    assert np.isnan(panel.counts[0, 0, 0])
    aside = engine.rows("select indicator, source, reason, n from panel_set_aside order by all")
    assert aside == [
        ("nps", "later", "future", 1), ("nps", "later", "repeated", 1), ("talk", "kpis", "computed", 1),
    ]  # fmt: skip
    rows = engine.rows("select role, source, count(*) from panel group by all order by all")
    assert rows == [
        ("context", "kpis", 1),
        ("indicator", "formula", 2),
        ("indicator", "kpis", 2),
        ("indicator", "later", 1),
    ]


def test_a_lever_stands_where_it_was_last_set_and_is_unknown_before(engine):
    declared = charter(
        indicators={"talk": TEAM_WEEK["talk"]},
        levers={
            "pace": {"function": "service", "changes": [[date(2025, 3, 10), 5.0], [date(2025, 3, 20), 7.0]]}
        },
    )
    readings = [
        ("pace", "t2", date(2025, 3, 17), 1.0, "kpis"),
        ("pace", "t7", date(2025, 3, 17), 1.0, "kpis"),
    ]
    fill(engine, declared, [*_weekly(4, 1), *_weekly(4, 2)], readings)
    (panel,) = panels(declared, engine)
    assert panel.columns == ("talk", "pace")
    first, second = panel.of("pace")
    assert first[1:] == pytest.approx([5.0, (3 * 5 + 4 * 7) / 7, 7.0])
    assert second[1:] == pytest.approx([5.0, (3 * 1 + 4 * 7) / 7, 7.0])
    assert np.isnan([first[0], second[0]]).all()
    assert engine.rows("select reason, n from panel_set_aside") == [("no_unit", 1)]
    assert engine.rows("select count(*) from panel where role = 'lever'") == [(6,)]
    lever = moved(declared, panel)["pace"]
    assert (lever.low, lever.high, lever.current) == (pytest.approx(31 / 7), 7.0, 7.0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(-10, 40), st.sampled_from([0.0, 1.5, -2.0, 7.0])),
        max_size=12,
    ),
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
)
def test_states_are_means_over_days(events, lengths):
    edges = np.cumsum([0, *lengths])
    made = spread(
        *(
            np.array([event[i] for event in events], dtype=kind)
            for i, kind in enumerate((np.int64, np.int64, np.float64))
        ),
        count=3,
        edges=edges,
    )
    for unit in range(3):
        for period in range(len(lengths)):
            mean = []
            for day in range(edges[period], edges[period + 1]):
                known = [
                    (at, i, value) for i, (who, at, value) in enumerate(events) if who == unit and at <= day
                ]
                mean.append(max(known)[2] if known else np.nan)
            assert made[unit, period] == pytest.approx(np.mean(mean), nan_ok=True)


def test_periods_of_every_kind_tile_the_days():
    days = np.arange("2023-11-01", "2025-02-01", dtype="datetime64[D]")
    for kind in ("day", "week", "month", "quarter"):
        first = dating.starts(days, kind)
        assert ((first <= days) & (days < dating.after(first, kind))).all()
        assert (np.unique(first) == dating.span(days[0], days[-1], kind)).all()
    assert (np.unique(dating.starts(days, "week")).astype(object).tolist()[1]).weekday() == 0


@pytest.mark.parametrize(
    ("per", "of", "units"),
    [
        (["shop", "week"], "interactions", {"1", "2"}),
        (["shop", "week"], "journeys", {"1", "2"}),
        (["area", "week"], "interactions", {"north", "south"}),
        (["journey_type", "week"], "interactions", {"care"}),
        (["team", "week"], "journeys", {"t1", "t2"}),
        (["week"], "journeys", {"company"}),
        (["function", "week"], "interactions", {"service"}),
    ],
)
def test_readings_are_of_any_kind_of_unit(engine, per, of, units):
    rows = [
        row(
            2 * n + half, MONDAY_US + n * DAY_US, case_id=f"c{n}", team=f"t{1 + n % 2}" if half else None, a_region="north" if n % 3 else "south",
            a_shop=1 + n % 2 if half else None, function="service",
        )
        for n in range(28)
        for half in (0, 1)
    ]  # fmt: skip
    declared = charter(
        indicators={
            "many": {"function": "service", "measure": "count(*)", "of": of, "per": per, "better": "lower"}
        }
    )
    fill(engine, declared, rows)
    (panel,) = panels(declared, engine)
    assert set(panel.units) == units
    whole = 28 if of == "journeys" or per[0] == "shop" else 56
    assert np.nansum(panel.values) == whole
    assert levels([panel])["many"] == pytest.approx(whole / 4 / len(units))


def test_journeys_of_a_sample_stand_for_all(engine):
    rows = [
        row(
            n,
            MONDAY_US + n * HOUR_US * 12,
            case_id=f"c{n}",
            a_region="north" if n % 3 else "south",
            duration_ms=1000,
        )
        for n in range(28)
    ]
    measures = {
        "many": "count(*)",
        "shops": "count(distinct first_activity)",
        "south": "avg(cast(area = 'south' as int))",
    }
    measures["regions"] = "count(area)"
    declared = charter(
        sampling={"weight": "case when region = 'south' then 10 else 1 end"},
        indicators={
            name: {
                "function": "service",
                "measure": measure,
                "of": "journeys",
                "per": ["week"],
                "better": "lower",
            }
            for name, measure in measures.items()
        },
    )
    fill(engine, declared, rows)
    (panel,) = panels(declared, engine)
    south = np.array([5, 5])
    assert panel.of("many")[0] == pytest.approx(10 * south + (14 - south))
    assert panel.of("regions")[0] == pytest.approx(panel.of("many")[0])
    assert panel.of("south")[0] == pytest.approx(10 * south / panel.of("many")[0])
    assert panel.counts[0, :, 0].tolist() == [14, 14]
    assert "shops" in panel.indicators


def test_a_measure_that_gives_a_text_is_refused(engine):
    declared = charter(
        indicators={"odd": {"function": "service", "measure": "max(channel)", "better": "lower"}}
    )
    fill(engine, declared, _weekly(2, 1))
    with pytest.raises(StepError, match="odd gives varchar"):
        panels(declared, engine)


def test_what_is_declared_comes_as_plain_numbers():
    declared = charter(
        values={"contact": {"value": 6.0, "range": [5, 8], "source": "controlling"}},
        indicators={
            "talk": TEAM_WEEK["talk"]
            | {
                "worth": {"value": "contact", "times": -10},
                "targets": [[date(2025, 1, 1), 300], [date(2025, 2, 1), 240]],
                "unit": "s",
            }
        },
    )
    held = steered(declared)["talk"]
    assert (held.better, held.target, held.worth, held.unit) == (-1, 240.0, (50.0, 60.0, 80.0), "s")


def test_without_indicators_there_is_no_panel_and_the_table_is_empty(engine):
    fill(engine, charter(), _weekly(2, 1))
    assert panels(charter(), engine) == ()
    assert engine.rows("select * from panel") == []
    assert levels(()) == {}
