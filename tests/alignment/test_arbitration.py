"""Options are simulated from joint draws, told in units and in money, and compared without one score."""

from dataclasses import replace

import numpy as np
import pytest
from arbitrated_company import EFFECT, ERROR, evidence, responses

from portance.alignment.arbitration import forecasting
from portance.alignment.arbitration.bending import bends
from portance.alignment.arbitration.evidence import HORIZONS
from portance.alignment.arbitration.forecasting import over_window, simulate, times
from portance.alignment.arbitration.meeting_targets import unmeetable
from portance.alignment.arbitration.question import AS_IS, Move, Option, Veto, moves_from
from portance.alignment.arbitration.shrinking import shares
from portance.alignment.arbitration.trading_off import curve, trade_offs
from portance.alignment.arbitration.weighing import weigh
from portance.errors import PortanceError


def row(told, indicator: str, horizon: str = "year", team: str | None = None):
    return next(
        one for one in told.forecasts
        if (one.indicator, one.horizon, one.team) == (indicator, horizon, team)
    )  # fmt: skip


def set_lever(value: float, name: str = "talk_target", number: int = 1) -> Option:
    return Option(number, (Move("lever", name, value),))


def test_a_lever_moves_every_indicator_by_its_response_and_money_is_change_times_worth():
    told = simulate(evidence(), [set_lever(330)])[0]
    resolution = row(told, "resolution")
    # +30 s at .10 points each, less the weeks in which it settles
    settling = over_window(times(evidence()), 0, 52).sum()
    assert 0.85 < settling <= 1.0
    assert resolution.median == pytest.approx(3.0, rel=0.12)
    assert resolution.low < 3.0 * settling < resolution.high
    assert resolution.money == pytest.approx(resolution.median * 50 * 12 * 52, rel=0.05)
    departures = row(told, "departures")
    assert departures.median < 0
    assert departures.money is not None
    assert departures.money > 0, "fewer departures gain money"
    assert row(told, "handling_time").money is None, "no worth is declared"
    assert {one.horizon for one in told.forecasts} == set(HORIZONS)


def test_the_interval_holds_what_the_joint_draws_say():
    drawn = forecasting.draw(evidence(), n=4000, seed=3)
    told = simulate(evidence(), [set_lever(330)], drawn=drawn)[0]
    change = told.change[:, HORIZONS.index("year"), 1]
    assert row(told, "resolution").low == pytest.approx(float(np.quantile(change, 0.05)))
    assert np.mean(told.net[:, 1] < 0) < 0.05


def test_beyond_what_was_seen_is_labelled_and_wider_than_in_proportion():
    # Seen: 240 to 360, followed 30 weeks
    known = replace(evidence(), bend_error=np.full((2, 4), np.nan))
    inside, beyond = simulate(known, [set_lever(330), set_lever(390, number=2)])
    assert not row(inside, "resolution", "quarter").extrapolated
    assert row(inside, "resolution", "year").extrapolated, "a year is longer than 30 weeks"
    assert row(beyond, "resolution", "quarter").extrapolated
    wide = [
        row(one, "resolution", "quarter").high - row(one, "resolution", "quarter").low
        for one in (inside, beyond)
    ]
    assert wide[1] > 1.3 * 3 * wide[0], "three times the move"
    longer = row(inside, "resolution", "three_years")
    assert (longer.high - longer.low) > (row(inside, "resolution").high - row(inside, "resolution").low)


def test_a_setting_moves_each_team_by_how_far_it_stands_from_it():
    known = evidence(teams=(("team 00", 240.0), ("team 01", 330.0)))
    told = simulate(known, [set_lever(330)])[0]
    assert row(told, "resolution", team="team 00").median > 5
    assert row(told, "resolution", team="team 01").median == pytest.approx(0.0, abs=1e-9)
    assert {one.team for one in told.forecasts} == {None, "team 00", "team 01"}
    assert {one.team for one in simulate(evidence(), [set_lever(330)])[0].forecasts} == {None}


def test_teams_that_start_apart_gain_from_the_bend_of_a_response():
    """A mean move of nothing still changes a bent response: the teams do not stand where they stood."""
    known = evidence()
    apart = replace(known.settings[0], states=(250.0, 350.0) * 6)
    bent = np.zeros((2, 4))
    bent[0, 1] = 0.08
    known = replace(known, settings=(apart, known.settings[1]), bend=bent, bend_error=np.full((2, 4), 1e-6))
    told = row(simulate(known, [set_lever(300)])[0], "resolution")
    # slope .10 + .08 (x - 300) / 60: moving from 250 and from 350 to 300 both lose .08 * 50 ** 2 / 120
    assert told.median == pytest.approx(-0.08 * 2500 / 120, rel=0.12)


def test_a_target_acts_through_the_lever_of_its_indicator():
    told = simulate(evidence(), [Option(1, (Move("target", "handling_time", 320.0),))])[0]
    code, filled = told.notes[0]
    assert code == "target_through_lever"
    assert filled["lever"] == "talk_target"
    assert filled["setting"] == pytest.approx(320.0)
    assert row(told, "resolution").median > 1


def test_a_target_out_of_the_levers_range_is_cut_and_said():
    told = simulate(evidence(), [Option(1, (Move("target", "handling_time", 500.0),))])[0]
    assert told.notes[0][0] == "target_cut_by_range"
    assert told.notes[0][1]["setting"] == 400.0


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (Move("target", "resolution", 75.0), "target_without_lever"),
        (Move("weight", "service", 2.0), "no_measured_consequence"),
        (Move("drop", "handling_time"), "no_measured_consequence"),
    ],
)
def test_what_has_no_measured_consequence_says_so_and_forecasts_nothing(move: Move, code: str):
    told = simulate(evidence(), [Option(1, (move,))])[0]
    assert told.forecasts == ()
    assert code in [note for note, _ in told.notes]


def test_a_redesign_is_told_at_its_declared_range_and_grade_e():
    told = simulate(evidence(), [Option(1, (Move("redesign", "one form", None, "resolution", 1.0, 3.0),))])[0]
    found = row(told, "resolution")
    assert found.grade == "E"
    assert found.median == pytest.approx(2.0, abs=0.06)
    assert (found.low, found.high) == (pytest.approx(1.1, abs=0.06), pytest.approx(2.9, abs=0.06))


def test_responses_that_say_nothing_are_not_forecast():
    effect = EFFECT.copy()
    effect[0, 1] = np.nan
    told = simulate(evidence(found=responses(effect)), [set_lever(330)])[0]
    assert "resolution" in told.unmeasured
    assert not [one for one in told.forecasts if one.indicator == "resolution"]


def test_targets_that_cannot_be_met_together_are_named_and_a_moved_target_frees_them():
    # 280 s asks for -20 s, which costs 2 points of resolution, whose target asks for 2 more
    assert set(unmeetable(evidence(), AS_IS) or ()) == {"handling_time", "resolution"}
    freed = Option(1, (Move("target", "handling_time", 325.0),))
    assert unmeetable(evidence(), freed) == ()
    assert unmeetable(evidence(), Option(1, (Move("drop", "handling_time"),))) == ()


def test_options_are_compared_in_the_same_worlds_and_none_is_one_number():
    options = [AS_IS, set_lever(330, number=1), set_lever(280, number=2)]
    known = evidence()
    told = simulate(known, options)
    weighing = weigh(known, told, [Veto("resolution", "at_least", 69.5)])
    as_is, longer, shorter = weighing.options
    assert as_is.net_median == 0.0
    assert longer.p_net_negative is not None
    assert longer.p_net_negative < 0.05
    assert (shorter.p_net_negative or 0) > 0.95
    assert sum(one.wins_share or 0 for one in weighing.options) == pytest.approx(1.0)
    assert (longer.regret or 0) < (shorter.regret or 0)
    assert shorter.vetoed == "resolution:at_least:69.5"
    assert longer.vetoed == ""
    # each gives up something: nobody is dominated
    assert all((one.p_dominated or 0) < 0.05 for one in weighing.options)


def test_the_weight_at_which_the_choice_turns_is_where_two_options_tie():
    known = evidence()
    options = [AS_IS, set_lever(330, number=1), set_lever(280, number=2)]
    weighing = weigh(known, simulate(known, options, n=400))
    flip = next(one for one in weighing.flips if one.of == "function" and one.criterion == "service")
    assert weighing.leader == 1
    assert flip.flips_at > flip.weight
    for weight, stays in ((flip.flips_at - 0.02, True), (flip.flips_at + 0.02, False)):
        rest = (1 - weight) / 3
        weights = {"service": weight, "quality": rest, "sales": rest, "loyalty": rest}
        leader = weigh(known, simulate(known, options, n=400), weights=weights).leader
        assert (leader == 1) is stays


def test_an_option_worse_on_everything_is_dominated():
    known = evidence()
    worse = Option(2, (Move("redesign", "slower", None, "resolution", -2.0, -1.0),))
    weighing = weigh(known, simulate(known, [AS_IS, worse]))
    assert weighing.options[1].p_dominated == 1.0
    assert weighing.options[0].p_dominated == 0.0


def test_a_trade_off_curve_runs_over_the_levers_range_and_marks_where_it_stands():
    points = trade_offs(evidence())
    assert [point.setting for point in points] == sorted(point.setting for point in points)
    assert (points[0].setting, points[-1].setting) == (200.0, 400.0)
    here = next(point for point in points if point.current)
    assert (here.setting, here.from_value, here.to_value) == (300.0, 300.0, 70.0)
    assert here.net == pytest.approx(0.0, abs=1e-6)
    assert points[0].from_value < 300 < points[-1].from_value
    assert points[0].to_value < 70 < points[-1].to_value
    assert all(point.to_low <= point.to_value <= point.to_high for point in points)
    assert points[0].extrapolated, "200 was never seen"
    assert curve(evidence(), "handling_time", "resolution", "nothing") == ()


def test_small_responses_are_read_as_noise_where_most_are_and_clear_ones_stand():
    generator = np.random.default_rng(5)
    errors = np.full(66, 0.2)
    truth = np.zeros(66)
    truth[:6] = 2.0
    share = shares(truth + errors * generator.standard_normal(66), errors)
    assert share[0] == share.max(), "most do nothing"
    noisy = ERROR.copy()
    noisy[1, 0] = 5.0
    plain = EFFECT.copy()
    plain[1, 0] = 4.0
    told = simulate(evidence(found=responses(plain, noisy)), [set_lever(0.8, "campaign")])[0]
    assert abs(row(told, "handling_time").median) < 0.3 * 4.0 * 0.3
    assert row(told, "sales").median == pytest.approx(8 * 0.3, rel=0.15)


def test_a_bent_response_is_measured():
    generator = np.random.default_rng(2)
    states = np.repeat(generator.uniform(240, 360, (12, 12)), 10, axis=1)
    scaled = (states - 300) / 60
    from arbitrated_company import panel

    readings = panel(
        {name: 3 * scaled**2 + 0.1 * generator.standard_normal(states.shape) for name in ("handling_time", "resolution", "sales", "departures")},
        levers={"talk_target": states, "campaign": np.repeat(generator.uniform(0, 1, (12, 12)), 10, axis=1)},
    )  # fmt: skip
    found, error = bends(readings, responses())
    # the slope grows from 0 to 2 * 3 / 60 at the upper end; readings answer at once here, the states are averaged
    assert found[0, 1] > 0.5 * 0.1
    assert found[0, 1] / error[0, 1] > 5
    assert abs(found[1, 1]) < 4 * error[1, 1]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"levers": ["talk_target"]}, "NAME=VALUE"),
        ({"levers": ["talk_target=many"]}, "number"),
        ({"targets": ["handling_time=nan"]}, "number"),
        ({"effects": ["resolution=1:2"]}, "--redesign"),
        ({"redesign": "one form"}, "--effect"),
        ({"redesign": "one form", "effects": ["resolution=1"]}, "LOW:HIGH"),
    ],
)
def test_what_is_written_wrong_says_how_to_write_it(given: dict, says: str):
    with pytest.raises(PortanceError, match=says):
        moves_from(**given)
