"""What was planted is found, what was not is not, and what cannot be seen is said not to be."""

from dataclasses import replace

import numpy as np
import pytest
from conflicting_company import Company, company, spread

from portance.alignment.conflicts import Conflict, Conflicts, Responses, find_conflicts
from portance.alignment.conflicts.comparing import compared


def _found(one: Company, **options: float) -> Conflicts:
    return find_conflicts(one.panel, one.steered, one.moved, **options)  # type: ignore[arg-type]


def _pair(found: Conflicts, a: str, b: str) -> Conflict:
    return next(c for c in found.conflicts if (c.from_indicator, c.to_indicator) == (a, b))


@pytest.fixture(scope="module")
def drawn() -> tuple[Company, Conflicts]:
    one = company()
    return one, _found(one)


def test_a_planted_conflict_is_found_with_its_size(drawn: tuple[Company, Conflicts]) -> None:
    one, found = drawn
    pair = _pair(found, "fast", "solved")
    # a second less of `fast` costs 0.4 of `solved`: 20 s and 8 points per unit of pace
    truth = -0.4 * spread(one.panel, "fast") / spread(one.panel, "solved")
    assert (pair.verdict, pair.grade, pair.kind, pair.design, pair.lever) == (
        "conflict",
        "A",
        "empirical",
        "lever",
        "pace",
    )
    assert pair.ci_low is not None
    assert pair.ci_high is not None
    assert pair.ci_low <= truth <= pair.ci_high < 0
    assert pair.effect_native == pytest.approx(pair.effect * spread(one.panel, "solved"))  # type: ignore[operator]
    assert pair.per == pytest.approx(spread(one.panel, "fast"))
    assert (pair.native_unit, pair.per_unit) == ("%", "s")


def test_a_slow_harm_is_found_at_its_full_size(drawn: tuple[Company, Conflicts]) -> None:
    one, found = drawn
    pair = _pair(found, "fast", "loyal")
    truth = -0.06 * spread(one.panel, "fast") / spread(one.panel, "loyal")
    assert pair.verdict == "conflict"
    assert pair.ci_low is not None
    assert pair.ci_high is not None
    assert pair.ci_low <= truth <= pair.ci_high


def test_every_ordered_pair_is_told_once(drawn: tuple[Company, Conflicts]) -> None:
    pairs = [(c.from_indicator, c.to_indicator) for c in drawn[1].conflicts]
    assert len(pairs) == len(set(pairs)) == 20


def test_hardly_anything_else_is_called_a_conflict(drawn: tuple[Company, Conflicts]) -> None:
    arrows = {(c.from_indicator, c.to_indicator) for c in drawn[1].conflicts if c.verdict == "conflict"}
    assert arrows >= {("fast", "solved"), ("fast", "loyal")}
    assert len(arrows) <= 3  # one false in ten is what q = 0.10 accepts


def test_without_a_planted_conflict_hardly_anything_is_said() -> None:
    arrows = [
        c for seed in range(5) for c in _found(company(seed, harm=0.0)).conflicts if c.verdict == "conflict"
    ]
    assert len(arrows) <= 1


def test_a_benefit_is_a_synergy() -> None:
    assert _pair(_found(company(harm=-0.8)), "fast", "solved").verdict == "synergy"


def test_no_effect_is_only_said_where_the_interval_says_so() -> None:
    found = _found(company(units=60, weeks=104, noise=0.6))
    for pair in found.conflicts:
        inside = (
            pair.ci_low is not None and pair.ci_high is not None and pair.smallest_of_interest is not None
            and -pair.smallest_of_interest < pair.ci_low and pair.ci_high < pair.smallest_of_interest
        )  # fmt: skip
        assert pair.verdict != "no_effect" or inside
    assert _pair(found, "fast", "idle").verdict == "no_effect"


@pytest.mark.parametrize(
    ("assigned", "grades"), [("drawn", "A"), ("planned", "B"), (None, "CD"), ("reactive", "CD")]
)
def test_the_grade_is_earned_by_how_levers_were_set(assigned: str | None, grades: str) -> None:
    assert _pair(_found(company(assigned=assigned)), "fast", "solved").grade in grades


def test_what_worsens_before_the_lever_moves_is_not_the_levers_doing() -> None:
    pair = _pair(_found(company(assigned="planned", anticipated=True)), "fast", "solved")
    assert "lead_placebo" in pair.refuted
    assert pair.grade == "D"


def test_levers_that_never_moved_leave_an_association_at_best() -> None:
    found = _found(company(still=True))
    assert {c.grade for c in found.conflicts} <= {"C", "D", "E"}
    assert {c.design for c in found.conflicts} == {"panel"}
    assert not found.responses.levers


def test_eight_units_and_26_weeks_say_what_they_cannot_see() -> None:
    found = _found(company(units=8, weeks=26, harm=0.15))
    pair = _pair(found, "fast", "solved")
    assert pair.verdict == "not_detectable"
    assert pair.smallest_detectable is not None
    assert pair.smallest_detectable > 0.15
    test = next(t for t in found.tests if (t.from_indicator, t.to_indicator) == ("fast", "solved"))
    assert test.lever == "pace"
    assert test.change is not None
    assert test.change < 0 or test.change > 0
    assert abs(test.change) <= 1.0
    if test.feasible:
        assert test.power is not None
        assert test.power >= 0.8
        assert test.units is not None
        assert test.units <= 8
    else:
        assert test.reason == "more_units_needed"


def test_an_indicator_without_a_lever_cannot_be_tested() -> None:
    found = _found(company(units=8, weeks=26))
    test = next(t for t in found.tests if t.from_indicator == "idle")
    assert (test.feasible, test.reason, test.lever) == (False, "no_lever", None)


def test_five_units_say_nothing_at_all() -> None:
    found = _found(company(units=5))
    assert {(c.verdict, c.reason, c.effect) for c in found.conflicts} == {
        ("not_detectable", "too_few_units", None)
    }


def test_what_shares_its_counts_is_mechanical() -> None:
    one = company()
    steered = dict(one.steered)
    for name in ("fast", "solved"):
        steered[name] = replace(steered[name], components=frozenset({"calls", name}))
    found = find_conflicts(one.panel, steered, one.moved)
    for pair in (_pair(found, "fast", "solved"), _pair(found, "solved", "fast")):
        assert (pair.kind, pair.grade, pair.verdict, pair.reason) == (
            "mechanical",
            "E",
            "not_detectable",
            "components",
        )
        assert pair.q is None
    assert _pair(found, "fast", "loyal").verdict == "conflict"


def test_simpson_is_told() -> None:
    one = company()
    values = one.panel.values.copy()
    # where teams are fast they also solve much, though inside each team speed costs solving
    values[:, :, 1] -= 3.0 * (values[:, :, 0].mean(axis=1, keepdims=True) - 200)
    values[:, :, 0] += np.linspace(-60, 60, 24)[:, None]
    values[:, :, 1] -= np.linspace(-60, 60, 24)[:, None]
    found = find_conflicts(replace(one.panel, values=values), one.steered, one.moved)
    pair = _pair(found, "fast", "solved")
    assert pair.within is not None
    assert pair.between is not None
    assert pair.pooled is not None
    assert pair.within < 0 < pair.pooled
    assert pair.between > 0
    assert pair.verdict == "conflict"


def test_the_three_correlations_are_over_what_both_have() -> None:
    rng = np.random.default_rng(3)
    y = rng.standard_normal((6, 9, 3)) + 5 * rng.standard_normal((6, 1, 3))
    y[rng.random(y.shape) < 0.2] = np.nan
    y[2, :, 1] = np.nan
    between, within, pooled = compared(y)
    both = np.isfinite(y[:, :, 0]) & np.isfinite(y[:, :, 1])
    a, b = (np.where(both, y[:, :, k], np.nan) for k in (0, 1))
    units = both.any(axis=1)
    a, b, both = a[units], b[units], both[units]
    means = np.nanmean(a, axis=1), np.nanmean(b, axis=1)
    assert pooled[0, 1] == pytest.approx(np.corrcoef(a[both], b[both])[0, 1])
    assert between[0, 1] == between[1, 0] == pytest.approx(np.corrcoef(*means)[0, 1])
    inner = (a - means[0][:, None])[both], (b - means[1][:, None])[both]
    assert within[1, 0] == pytest.approx(np.corrcoef(*inner)[0, 1])


def test_missing_readings_leave_the_effect_where_it_was(drawn: tuple[Company, Conflicts]) -> None:
    whole = _pair(drawn[1], "fast", "solved")
    holes = _pair(_found(company(missing=0.15)), "fast", "solved")
    assert holes.verdict == "conflict"
    assert holes.observations < whole.observations
    assert holes.effect == pytest.approx(whole.effect, abs=0.12)


def test_money_needs_the_worth_of_what_is_harmed(drawn: tuple[Company, Conflicts]) -> None:
    one, found = drawn
    pair = _pair(found, "fast", "solved")
    # a standard deviation of `fast` gains 2 a second; it costs 0.4 points of `solved` at 10 to 12 each
    assert pair.net_low is not None
    assert pair.net_median is not None
    assert pair.net_high is not None
    assert pair.net_low < pair.net_median < pair.net_high < 0
    gain, loss = 2.0, 0.4 * 11.7
    expected = (gain - loss) * spread(one.panel, "fast") * 24 * 52
    assert pair.net_median == pytest.approx(expected, rel=0.35)
    assert pair.p_net_negative is not None
    assert pair.p_net_negative > 0.9
    assert _pair(found, "fast", "tidy").net_median is None


def test_a_lever_that_does_not_move_its_indicator_bounds_nothing() -> None:
    one = company()
    steered = dict(one.steered)
    steered["idle"] = replace(steered["idle"], levers=("training",))
    found = find_conflicts(one.panel, steered, one.moved)
    pair = _pair(found, "idle", "solved")
    assert (pair.verdict, pair.reason, pair.ci_low) == ("not_detectable", "lever_weak", None)


def test_the_same_seed_gives_the_same_answer(drawn: tuple[Company, Conflicts]) -> None:
    one, found = drawn
    assert _found(one).conflicts == found.conflicts


def test_responses_draw_what_they_report(drawn: tuple[Company, Conflicts]) -> None:
    responses = drawn[1].responses
    assert responses.effect.shape == (3, 2, 5)
    draws = responses.draws(4000, seed=1)
    assert draws.shape == (4000, 3, 2, 5)
    assert draws.mean(axis=0) == pytest.approx(responses.effect, abs=6 * float(responses.error.max()) / 60)
    settled = draws[:, 0, 0]
    # Student's draws are a little wider than their errors
    assert settled.std(axis=0) / responses.error[0, 0] == pytest.approx(1.05, abs=0.12)
    low, high = responses.interval()
    assert ((low < responses.effect) & (responses.effect < high)).all()
    assert responses.effect[0, 0, 0] == pytest.approx(-20, abs=2)


def test_responses_beyond_what_was_followed_are_extrapolated(drawn: tuple[Company, Conflicts]) -> None:
    responses = drawn[1].responses
    assert responses.horizons == (13, 52, 156)
    assert responses.extrapolated[2].all()
    assert not responses.extrapolated[0].any()


def test_responses_survive_being_written(drawn: tuple[Company, Conflicts]) -> None:
    responses = drawn[1].responses
    again = Responses.from_json(responses.to_json())
    assert np.array_equal(again.effect, responses.effect)
    assert np.array_equal(again.draws(10, seed=3), responses.draws(10, seed=3))
    assert again.grade == responses.grade
    assert again.levers == responses.levers
