"""What an exposure does to staying: found where it is planted, not where it is not, and not where leaving explains it."""

from dataclasses import replace

import numpy as np
import pytest
from staying_company import world

from portance.experience.retention.adjusting import exposed_flags
from portance.experience.retention.comparing import effects
from portance.experience.retention.joining import joined, parts
from portance.experience.retention.lives import Lives, rows_at_risk, up_to


def _one(lives, reason="all", **told):
    return next(one for one in effects(lives, ("long_wait",), **told) if one.reason == reason)


def test_a_break_that_drives_customers_away_is_found_and_told_as_departures():
    one = _one(world(1, harm=1.0))
    assert one.verdict == "more_leave"
    assert one.grade in ("C", "D")
    assert one.ci_low < np.exp(1.0) < one.ci_high
    assert 0 < one.lost_low < one.lost_per_100 < one.lost_high < 60


def test_where_nothing_is_done_the_smallest_effect_that_would_have_shown_is_told():
    one = _one(world(100, harm=0.0))
    assert one.verdict == "not_detectable"
    assert one.smallest_detectable > 0
    assert one.soon_low < 0 < one.soon_high
    assert one.lost_low < 0 < one.lost_high
    assert not one.whole


@pytest.mark.parametrize("seed", [2, 11, 12])
def test_departures_while_recent_say_no_more_and_no_less_than_the_ratio_of_hazards(seed):
    one = _one(world(seed, harm=0.3))
    assert (one.soon_low > 0) == (one.ci_low > 1)
    assert (one.soon_high < 0) == (one.ci_high < 1)
    assert (one.soon_per_100 > 0) == (one.hazard_ratio > 1)
    assert one.soon_periods == 3


def test_what_is_sure_while_recent_is_told_although_the_horizon_is_not():
    """An effect that turns round once it is older leaves the horizon open; the verdict is of the recent effect."""
    lives = replace(world(21, harm=1.0, people=1600), horizon=12)
    one = _one(lives)
    # those who stayed through it stay for good: nobody leaves while the break is older
    met = np.cumsum(lives.exposures["long_wait"], axis=1)
    at = lives.last
    older = met[np.arange(lives.n), np.maximum(at - 4, 0)] > 0
    recent = met[np.arange(lives.n), at - 1] - met[np.arange(lives.n), np.maximum(at - 4, 0)] > 0
    spared = lives.left & older & ~recent
    turned = _one(replace(lives, left=lives.left & ~spared, reason=np.where(spared, -1, lives.reason)))
    assert one.verdict == turned.verdict == "more_leave"
    assert turned.lost_per_100 < one.lost_per_100
    assert not turned.whole
    assert turned.soon_low > 0


def test_over_a_horizon_no_longer_than_what_is_recent_both_are_the_same():
    one = _one(replace(world(1, harm=1.0), horizon=2))
    assert one.soon_periods == 2
    assert abs(one.soon_per_100 - one.lost_per_100) < 0.15 * one.soon_per_100


def test_twins_are_told_as_one_and_neither_hides_nor_doubles_the_other():
    lives = world(1, harm=1.0)
    breaks = lives.exposures["long_wait"]
    rng = np.random.default_rng(1)
    twin = breaks * (rng.random(breaks.shape) < 0.97)
    apart = rng.binomial(lives.contacts.astype(int), 0.1).astype(np.float32)
    both = replace(lives, exposures={"long_wait": breaks, "dead_end": twin, "ping_pong": apart})
    made = joined(both)
    assert list(made.exposures) == ["dead_end+long_wait", "ping_pong"]
    assert parts("dead_end+long_wait") == ("dead_end", "long_wait")
    np.testing.assert_array_equal(made.exposures["dead_end+long_wait"], breaks)
    alone = _one(replace(lives, exposures={"long_wait": breaks, "ping_pong": apart}))
    split = {one.exposure: one for one in effects(both, tuple(both.exposures))}
    together = next(one for one in effects(made, tuple(made.exposures)) if "+" in one.exposure)
    assert together.hazard_ratio == pytest.approx(alone.hazard_ratio, rel=0.02)
    width = np.log(split["long_wait"].ci_high / split["long_wait"].ci_low)
    assert width > 1.5 * np.log(together.ci_high / together.ci_low)


def test_a_chain_of_neighbours_does_not_become_one_and_nothing_is_no_twin_of_nothing():
    people, months = 400, 8
    first = np.zeros(people, int)
    lives = world(1, people=people, months=months)
    lives = replace(lives, first=first, last=np.full(people, months - 1), left=np.zeros(people, bool))

    def met(start, end):
        counts = np.zeros((people, months), np.float32)
        counts[start:end, 0] = 1
        return counts

    # a with b share 70 of 130, c with b too: neither pair is one; d and e are
    chain = {"a": met(0, 100), "b": met(30, 130), "c": met(60, 160), "d": met(200, 300), "e": met(210, 300)}
    nothing = {"f": met(0, 0), "g": met(0, 0)}
    assert list(joined(replace(lives, exposures=chain | nothing)).exposures) == [
        "a",
        "b",
        "c",
        "d+e",
        "f",
        "g",
    ]
    # a with b share 80 of 120; what they are together shares too little with c
    longer = {"a": met(0, 100), "b": met(20, 120), "c": met(41, 141)}
    assert list(joined(replace(lives, exposures=longer)).exposures) == ["a+b", "c"]


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_breaks_that_leaving_itself_brings_never_reach_grade_c(seed):
    one = _one(world(seed, reverse=True))
    assert one.hazard_ratio > 2
    assert one.grade == "D"
    assert "just_before_leaving" in one.failed


def test_what_happens_in_the_period_of_the_departure_or_after_is_no_exposure():
    counts = np.zeros((2, 6), dtype=np.float32)
    counts[0, 3] = counts[0, 4] = counts[1, 2] = 1
    lives = Lives(
        np.zeros(2, int), np.array([3, 5]), np.array([True, False]), np.array([0, -1]), ("choice",), np.ones((2, 6), np.float32),
        {"long_wait": counts}, 2, 3,
    )  # fmt: skip
    rows = rows_at_risk(lives)
    recent, older = exposed_flags(lives, rows, up_to(counts))
    told = {
        (int(p), int(t)): (bool(r), bool(o))
        for p, t, r, o in zip(rows.person, rows.period, recent, older, strict=True)
    }
    assert not any(told[0, t][0] for t in (1, 2, 3))
    assert told[1, 2] == (False, False)
    assert told[1, 3] == told[1, 4] == (True, False)
    assert told[1, 5] == (False, True)


def test_after_a_silence_only_periods_that_follow_a_contact_are_at_risk():
    contacts = np.array([[1, 0, 1, 0, 0, 0]], np.float32)
    lives = Lives(
        np.zeros(1, int),
        np.array([3]),
        np.array([True]),
        np.array([0]),
        ("silence",),
        contacts,
        {},
        3,
        3,
        after_silence=True,
    )
    rows = rows_at_risk(lives)
    assert rows.period.tolist() == [1, 3]
    assert rows.left.tolist() == [False, True]


def test_the_same_seed_gives_the_same_figures_and_another_nearly_the_same():
    lives = world(6, harm=0.8, people=600)
    first, again, other = (effects(lives, ("long_wait",), seed=seed)[0] for seed in (1, 1, 2))
    assert first == again
    assert first.lost_per_100 == other.lost_per_100
    assert abs(first.lost_low - other.lost_low) < 0.25 * (first.lost_high - first.lost_low)


def test_those_held_are_told_apart_from_those_who_may_leave():
    lives = world(7, harm=1.2, people=1600)
    rng = np.random.default_rng(7)
    captive = rng.random(lives.n) < 0.5
    # the held cannot leave but by accident: their departures no longer follow breaks
    spared = captive & lives.left & (rng.random(lives.n) < 0.7)
    held = np.repeat(captive[:, None], lives.periods, axis=1).astype(np.int8)
    mixed = replace(lives, left=lives.left & ~spared, reason=np.where(spared, -1, lives.reason), held=held)
    told = {one.reason: one for one in effects(mixed, ("long_wait",))}
    assert {"all", "free", "held"} <= set(told)
    assert told["free"].lost_per_100 > told["held"].lost_per_100
    assert told["free"].persons + told["held"].persons >= told["all"].persons - 5


def test_reasons_are_told_apart_and_add_up_to_all_departures():
    lives = world(8, harm=1.2, people=1600)
    other = lives.left & (np.random.default_rng(8).random(lives.n) < 0.4)
    two = replace(lives, reasons=("choice", "move"), reason=np.where(other, 1, lives.reason))
    told = {one.reason: one for one in effects(two, ("long_wait",), chosen=("choice",))}
    assert told["chosen"].departures + told["not_chosen"].departures == told["all"].departures
    assert abs(told["chosen"].lost_per_100 + told["not_chosen"].lost_per_100 - told["all"].lost_per_100) < 2.0


@pytest.mark.parametrize("share", [0.0, 0.01])
def test_too_few_departures_give_no_figure(share):
    lives = world(9, people=400)
    left = lives.left & (np.random.default_rng(1).random(lives.n) < share)
    for one in effects(replace(lives, left=left, reason=np.where(left, 0, -1)), ("long_wait",)):
        assert one.lost_per_100 is None
        assert one.grade == "E"
        assert one.why == "too_few_departures"


def test_an_exposure_that_nobody_met_says_so():
    lives = world(10, people=800)
    empty = replace(
        lives,
        exposures={"long_wait": lives.exposures["long_wait"], "ping_pong": np.zeros_like(lives.contacts)},
    )
    told = {one.exposure: one for one in effects(empty, ("long_wait", "ping_pong"))}
    assert told["ping_pong"].why == "too_few_exposed"
    assert told["ping_pong"].hazard_ratio is None
