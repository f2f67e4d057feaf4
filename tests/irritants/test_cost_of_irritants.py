"""What irritants cost: a rare failure rises above a frequent trifle, and nothing doubtful is ranked."""

from dataclasses import replace

import numpy as np
import pytest
from writing_company import texts

from portance.estimation.doubly_robust import contrast
from portance.experience.irritants.contrasting import contrasts
from portance.experience.irritants.cost import Worth
from portance.experience.irritants.costing import costs
from portance.experience.irritants.gathered import CONTACTS, LOST

WORTHS = {LOST: Worth(200, 300, 420), CONTACTS: Worth(5, 7, 9)}


def test_a_rare_failure_that_ruins_rises_above_a_frequent_trifle():
    gathered = texts(1)
    first, second = costs(gathered, WORTHS)
    assert (first.irritant, first.rank) == ("ruined", 1)
    assert first.n < second.n / 5
    assert first.lost.low > 0.2
    assert first.lost.low < 0.4 < first.lost.high
    assert first.loss.low > 0
    assert first.severity.low < 40 < first.severity.high


def test_what_only_heavy_customers_write_about_is_not_blamed_for_their_leaving():
    gathered = texts(2)
    trifle = next(one for one in costs(gathered, WORTHS) if one.irritant == "trifle")
    flag = gathered.irritants["trifle"]
    raw = gathered.outcomes[flag, LOST].mean() - gathered.outcomes[~flag, LOST].mean()
    assert raw > 0.06
    assert trifle.lost.low < 0 < trifle.lost.high
    assert trifle.rank is None
    assert trifle.why == "not_detectable"


def test_the_light_estimate_agrees_with_the_heavy_one():
    gathered = texts(3, n=1500)
    flag = gathered.irritants["trifle"]
    light = contrasts(gathered.outcomes[:, :2], flag, gathered.before, gathered.customer)
    heavy = contrast(
        gathered.outcomes[:, 0], flag, gathered.before, clusters=gathered.customer, estimand="treated"
    )
    assert abs(light.effects[0] - heavy.effect) < 1.2 * heavy.error
    low, high = light.interval(0)
    assert 0.6 < (high - low) / (heavy.high - heavy.low) < 1.6


def test_amounts_that_are_not_sure_widen_the_loss_and_no_amount_leaves_customers_alone():
    gathered = texts(4)
    sure = costs(gathered, {LOST: Worth(300, 300, 300)})[0]
    unsure = costs(gathered, {LOST: Worth(100, 300, 500)})[0]
    assert unsure.loss.high - unsure.loss.low > sure.loss.high - sure.loss.low
    assert unsure.loss.value == pytest.approx(sure.loss.value)
    none = costs(gathered, {})[0]
    assert none.loss.value is None
    assert (none.irritant, none.rank) == ("ruined", 1)


def test_few_customers_are_neither_shown_nor_ranked():
    gathered = texts(5)
    few = np.zeros(gathered.n, dtype=bool)
    few[np.unique(gathered.customer, return_index=True)[1][:9]] = True
    some = np.zeros(gathered.n, dtype=bool)
    some[np.unique(gathered.customer, return_index=True)[1][:25]] = True
    outcomes = gathered.outcomes.copy()
    outcomes[few | some, LOST] = 1.0
    found = {
        one.irritant: one
        for one in costs(replace(gathered, irritants={"few": few, "some": some}, outcomes=outcomes), WORTHS)
    }
    assert found["few"].shown == "suppressed"
    assert found["few"].loss.low is None
    assert found["few"].share.low is None
    assert found["some"].shown == "interval"
    assert found["some"].rank is None


def test_texts_that_cannot_be_followed_have_no_cost_and_say_so():
    gathered = texts(6)
    blind = replace(gathered, outcomes=np.full((gathered.n, 3), np.nan))
    for one in costs(blind, WORTHS):
        assert one.why == "no_follow_up"
        assert one.loss.low is None
        assert one.severity.low is not None or one.irritant


def test_who_has_nobody_to_be_compared_with_gets_no_figure():
    gathered = texts(7)
    alone = gathered.before[:, 0] > 0.5
    told = contrasts(
        gathered.outcomes[:, :2], alone, np.column_stack([gathered.before, 20.0 * alone]), gathered.customer
    )
    assert told.why == "no_comparable"
    assert np.isnan(told.effects).all()


def test_carriers_who_already_differed_before_lower_the_grade():
    gathered = texts(8)
    flag = gathered.irritants["ruined"]
    control = gathered.control + 2.0 * flag
    one = costs(replace(gathered, control=control), WORTHS)[0]
    assert one.irritant == "ruined"
    assert one.grade == "D"


def test_the_same_seed_gives_the_same_costs():
    gathered = texts(9, n=1200)
    assert costs(gathered, WORTHS, seed=3) == costs(gathered, WORTHS, seed=3)
