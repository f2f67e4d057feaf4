"""What is said of staying: figures with intervals, no cause below grade B, silence where nothing is proven."""

import pytest
from staying_company import staying_charter

from portance.findings.staying import stay_or_leave

PROMISES = {
    "quick": {
        "says": {"fr": "Réponse rapide", "en": "Quick answer"}, "journey": "care", "measure": "max(wait_s)", "unit": "s", "better": "lower",
        "owners": ["service"], "offered": {"at_most": 60},
    }
}  # fmt: skip


def _row(exposure="promise:quick", reason="all", **told):
    return {
        "exposure": exposure, "journey_type": None, "reason": reason, "hazard_ratio": 1.8, "ci_low": 1.4, "ci_high": 2.3, "lost_per_100": 6.0,
        "lost_low": 3.0, "lost_high": 9.0, "exposed": 400, "persons": 5000, "departures": 700, "grade": "C", "verdict": "more_leave",
        "design": "adjusted_hazard", "reason_null": None, "q": 0.001, "smallest_detectable": 4.0, "failed": None, "exposed_departures": 90,
        "sampled": 1,
    } | told  # fmt: skip


def _worths(low=4.0):
    return [
        {"what": "lost_customer", "value": 300.0, "low": 200.0, "high": 450.0, "source": "declared", "n": 0, "grade": None, "reason": None},
        {"what": "kept_promise:quick", "value": 18.0, "low": low, "high": 35.0, "source": "declared", "n": 400, "grade": "C", "reason": None},
    ]  # fmt: skip


CHARTER = staying_charter(promises=PROMISES, retention={"left": ["departure"], "horizon": "365 days"})


def test_a_broken_promise_is_told_with_its_departures_and_the_worth_of_keeping_it():
    (found,) = stay_or_leave(CHARTER, [_row()], _worths())
    assert found.kind == "retention"
    assert found.owners == ("service",)
    assert found.promise == "quick"
    assert (found.value, found.ci_low, found.ci_high) == (6.0, 3.0, 9.0)
    assert "Réponse rapide" in found.text.fr
    assert "365" in found.text.en
    assert "18" in found.text.en
    assert found.people == 400
    assert found.people_low == pytest.approx(12)
    assert (found.money, found.money_low, found.money_high) == pytest.approx((7200, 2400, 16200))


@pytest.mark.parametrize("grade", ["C", "D"])
def test_no_sentence_says_cause_where_the_design_shows_none(grade):
    (found,) = stay_or_leave(CHARTER, [_row(grade=grade)], _worths())
    assert "fait partir" not in found.text.fr
    assert "makes" not in found.text.en
    assert ("association" in found.text.en) == (grade == "D")


@pytest.mark.parametrize(
    "row",
    [
        _row(verdict="not_detectable"),
        _row(verdict="fewer_leave"),
        _row(reason="chosen"),
        _row(lost_per_100=None, lost_low=None, lost_high=None, verdict="not_detectable", grade="E"),
    ],
)
def test_where_nothing_is_proven_nothing_is_said(row):
    assert list(stay_or_leave(CHARTER, [row], [])) == []


def test_a_promise_whose_keeping_could_be_worth_nothing_has_no_price_in_the_sentence():
    (found,) = stay_or_leave(CHARTER, [_row()], _worths(low=-1.0))
    assert "18" not in found.text.en


def test_that_held_customers_stay_is_not_told_as_satisfaction():
    free = _row("any_break", "free", lost_per_100=12.0, lost_low=9.0, lost_high=15.0)
    held = _row("any_break", "held", lost_per_100=1.0, lost_low=-2.0, lost_high=4.0, verdict="not_detectable")
    (found,) = stay_or_leave(CHARTER, [free, held], [])
    assert found.key == "retention:held"
    assert "satisf" in found.text.fr
    assert list(stay_or_leave(CHARTER, [free, held | {"lost_high": 10.0}], [])) == []


def test_a_name_with_a_quote_cannot_leave_its_literal():
    (found,) = stay_or_leave(CHARTER, [_row("it's")], [])
    assert "'it''s'" in found.rows_filter
