"""Verdicts on planted series: intervals that cover, effects confirmed, refuted, or not seen, and what misleads."""

from datetime import date

import numpy as np
import pytest
from arbitrated_company import noise, panel

from portance.alignment.arbitration.contrasting import contrasted, event_study, pre_trend
from portance.alignment.arbitration.reviewing import Guardrail, Locked, judged, review
from portance.estimation.interrupting import interrupted

START = date(2026, 1, 5)
"""Week 52 of panels that start on 6 January 2025."""


def locked(**given) -> Locked:
    told = {
        "metric": "resolution", "since": START, "window_start": START, "window_end": date(2026, 7, 5), "estimator": "its",
        "smallest_effect": 0.5, "direction": 1,
    }  # fmt: skip
    return Locked(**{**told, **given})


def readings(generator: np.random.Generator, *, teams: int = 12, periods: int = 78, persistence: float = 0.3):
    shared = noise(generator, 1, periods, persistence)
    return (
        70 + generator.standard_normal((teams, 1)) * 3 + shared + 0.7 * noise(generator, teams, periods, 0.3)
    )


@pytest.mark.parametrize(("before", "after", "persistence"), [(12, 12, 0.4), (52, 26, 0.3), (52, 26, 0.7)])
def test_intervals_of_interrupted_series_cover_correlated_noise(before: int, after: int, persistence: float):
    """300 series: the textbook's errors cover 50 to 80 % here; a slope, a level and AR(1) noise at once."""
    generator = np.random.default_rng(11)
    series = noise(generator, 300, before + after, persistence)
    time = np.arange(before + after)
    series += 0.03 * time + 2.0 * (time >= before)
    inside, plain = 0, 0
    for one in series:
        effect = interrupted(one, before, slice(before, before + after))
        inside += effect.low < 2.0 < effect.high
        plain += abs(effect.observed - 2.0) < 1.96 * effect.plain_error
    assert 0.90 <= inside / 300 <= 0.99
    assert plain < inside


@pytest.mark.parametrize(("changed", "others", "staggered"), [(4, 8, False), (3, 3, False), (8, 12, True)])
def test_intervals_of_differences_in_differences_cover_shared_shocks(
    changed: int, others: int, staggered: bool
):
    generator = np.random.default_rng(12)
    inside = 0
    for _ in range(300):
        values = noise(generator, changed + others, 60, 0.5) + noise(generator, 1, 60, 0.8)
        dates = {unit: 24 + 3 * unit if staggered else 30 for unit in range(changed)}
        for unit, at in dates.items():
            values[unit, at:] += 1.5
        effect = contrasted(values, dates, phase=0, length=12, most_before=20, method="did")
        inside += effect.low < 1.5 < effect.high
    assert 0.91 <= inside / 300 <= 0.99


def test_missing_readings_do_not_bend_the_comparison():
    generator = np.random.default_rng(13)
    values = np.add.outer(np.arange(10.0), np.linspace(0, 30, 60)) + 0.05 * generator.standard_normal(
        (10, 60)
    )
    values[:4, 30:] += 2.0
    values[5, 30:45] = np.nan
    values[2, :20] = np.nan
    values[7, ::2] = np.nan
    effect = contrasted(values, dict.fromkeys(range(4), 30), phase=0, length=20, most_before=30, method="did")
    assert effect.observed == pytest.approx(2.0, abs=0.1)


def test_an_event_study_shows_nothing_before_and_the_effect_after():
    generator = np.random.default_rng(14)
    values = 0.2 * generator.standard_normal((16, 60))
    values[:6, 30:] += 1.0
    leads = event_study(values, dict.fromkeys(range(6), 30), stretch=6, most=3)
    assert [lead.first for lead in leads] == [-18, -12, 0, 6, 12]
    assert all(abs(lead.effect) < 0.3 for lead in leads if lead.first < 0)
    assert all(lead.low > 0.5 for lead in leads if lead.first >= 0)
    drifting = values + np.outer(np.arange(16) < 6, np.arange(60)) * 0.05
    assert pre_trend(drifting, dict.fromkeys(range(6), 30), most_before=30) < 0.01


@pytest.mark.parametrize(
    ("low", "high", "direction", "verdict"),
    [
        (0.6, 2.0, 1, "confirmed"),
        (-2.0, -0.6, -1, "confirmed"),
        (0.4, 2.0, 1, "undetermined"),
        (-0.3, 0.4, 1, "refuted"),
        (-2.0, -0.6, 1, "refuted"),
        (-1.0, 1.0, 1, "undetermined"),
    ],
)
def test_the_verdict_is_where_the_interval_lies(low: float, high: float, direction: int, verdict: str):
    from portance.estimation.interrupting import Effect

    effect = Effect((low + high) / 2, low, high, 0.1, 30.0, 0.1, 60, 1, "its")
    assert judged(effect, 0.5, direction) == verdict


def test_a_large_effect_is_confirmed_none_is_refuted_and_a_noisy_one_undetermined():
    generator = np.random.default_rng(21)
    quiet = readings(generator, persistence=0.0) * 0.2
    bumped = quiet.copy()
    bumped[:, 52:] += 3.0
    better = {"resolution": 1}
    found = review(panel({"resolution": bumped}), locked(), better)
    assert found.verdict == "confirmed"
    assert found.effect.low <= 3.0 <= found.effect.high
    assert review(panel({"resolution": quiet}), locked(smallest_effect=1.0), better).verdict == "refuted"
    noisy = review(panel({"resolution": 5 * readings(generator, persistence=0.6)}), locked(), better)
    assert noisy.verdict == "undetermined"
    assert noisy.effect.detectable > 0.5


def test_units_that_changed_are_found_by_their_lever_and_compared_with_the_others():
    generator = np.random.default_rng(122)
    values = readings(generator)
    values[:6, 52:] += 2.0
    lever = np.full((12, 78), 300.0)
    lever[:6, 52:] = 340.0
    found = review(
        panel({"resolution": values, "sales": readings(generator)}, levers={"talk_target": lever}),
        locked(estimator="did", lever="talk_target", drawn=True),
        {"resolution": 1, "sales": 1},
    )
    assert found.verdict == "confirmed"
    assert found.grade == "A"
    assert found.effect.units == 12
    sales = next(side for side in found.sides if side.indicator == "sales")
    assert sales.verdict == "not_detectable"


def test_units_that_changed_at_different_dates_are_read_over_windows_of_one_length():
    generator = np.random.default_rng(23)
    values = readings(generator)
    lever = np.full((12, 78), 300.0)
    for unit in range(5):
        lever[unit, 52 + 2 * unit :] = 340.0
        values[unit, 52 + 2 * unit :] += 2.0
    found = review(
        panel({"resolution": values}, levers={"talk_target": lever}),
        locked(estimator="staggered", lever="talk_target"), {"resolution": 1},
    )  # fmt: skip
    assert found.verdict == "confirmed"
    assert found.effect.low < 2.0 < found.effect.high


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"metric": "nothing"}, "metric_without_readings"),
        ({"since": date(2026, 5, 1), "window_start": date(2026, 5, 1)}, "fewer_than_12_points"),
        ({"window_end": date(2027, 5, 1)}, "readings_end_before_the_window"),
        ({"estimator": "did"}, "units_that_changed_unknown"),
        ({"estimator": "did", "lever": "talk_target"}, "no_unit_left_unchanged"),
    ],
)
def test_what_data_do_not_allow_is_not_measurable_and_says_why(given: dict, reason: str):
    generator = np.random.default_rng(24)
    lever = np.full((12, 78), 300.0)
    lever[:, 52:] = 340.0
    known = panel({"resolution": readings(generator)}, levers={"talk_target": lever})
    found = review(known, locked(**given), {"resolution": 1})
    assert (found.verdict, found.reason) == ("not_measurable", reason)


def test_groups_that_moved_apart_before_measure_nothing():
    generator = np.random.default_rng(25)
    values = 0.3 * readings(generator)
    values[:6] += 0.1 * np.arange(78)
    lever = np.full((12, 78), 300.0)
    lever[:6, 52:] = 340.0
    found = review(
        panel({"resolution": values}, levers={"talk_target": lever}),
        locked(estimator="did", lever="talk_target"), {"resolution": 1},
    )  # fmt: skip
    assert (found.verdict, found.reason) == ("not_measurable", "moved_apart_before")


def test_what_was_decided_after_a_bad_run_is_confirmed_only_if_it_is_so_without_it():
    """Four bad weeks, a decision, and all is as it was before them: the bad weeks ended, nothing else."""
    generator = np.random.default_rng(26)
    values = 0.2 * readings(generator, persistence=0.0)
    values[:, 48:52] -= 2.0
    found = review(panel({"resolution": values}), locked(smallest_effect=0.1), {"resolution": 1})
    state = {check.name: check.state for check in found.checks}
    assert state["regression_to_the_mean"] == "failed"
    assert found.verdict != "confirmed"
    assert found.grade == "D"
    values[:, 52:] += 3.0
    assert review(panel({"resolution": values}), locked(), {"resolution": 1}).verdict == "confirmed"


def test_another_change_meanwhile_and_an_unseen_season_cost_the_grade():
    generator = np.random.default_rng(27)
    values = 0.2 * readings(generator, persistence=0.0)
    values[:, 52:] += 3.0
    known = panel({"resolution": values})
    alone = review(known, locked(), {"resolution": 1})
    assert alone.grade == "C", "one year before: a season cannot be told apart"
    beside = review(known, locked(declared_changes=(("chatbot", date(2026, 2, 2)),)), {"resolution": 1})
    assert beside.grade == "D"
    check = next(check for check in beside.checks if check.name == "concurrent_change")
    assert check.detail == "chatbot"
    before = review(known, locked(declared_changes=(("chatbot", date(2025, 2, 2)),)), {"resolution": 1})
    assert before.grade == "C"


def test_a_guardrail_is_held_or_breached_and_side_effects_are_corrected_for_their_number():
    generator = np.random.default_rng(128)
    values = {
        name: 0.2 * readings(generator, persistence=0.0) for name in ("resolution", "sales", "departures")
    }
    values["resolution"][:, 52:] += 3.0
    values["departures"][:, 52:] += 2.0
    for number in range(8):
        values[f"other_{number}"] = 0.2 * readings(generator, persistence=0.0)
    rails = (Guardrail("sales", "at_least", 10.0), Guardrail("departures", "at_most", 14.0))
    found = review(panel(values), locked(guardrails=rails), {"resolution": 1, "sales": 1, "departures": -1})
    held = {side.indicator: side.verdict for side in found.sides if side.role == "guardrail"}
    assert held == {"sales": "held", "departures": "breached"}
    others = {side.indicator: side.verdict for side in found.sides if side.role == "other"}
    assert others["departures"] == "harmed"
    assert (
        sum(verdict in ("harmed", "improved") for name, verdict in others.items() if name.startswith("other"))
        <= 1
    )
