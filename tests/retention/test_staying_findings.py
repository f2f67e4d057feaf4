"""What is said of staying: figures with intervals, no cause below grade B, silence where nothing is proven."""

from datetime import UTC, datetime

import pytest
from staying_company import staying_charter

from portance.experience.retention.records import CURVE, RETENTION, VALUE, table
from portance.findings.staying import stay_or_leave
from portance.views.naming import Naming
from portance.views.people.retention import build
from portance.views.reading import Tables
from portance.views.run import RunFacts
from portance.views.speech import Speech

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
        "sampled": 1, "soon_per_100": 4.0, "soon_low": 2.0, "soon_high": 7.0, "soon_periods": 3, "whole": True,
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
    assert (found.value, found.ci_low, found.ci_high) == (4.0, 2.0, 7.0)
    assert "Réponse rapide" in found.text.fr
    assert "Dans les 3 mois qui suivent" in found.text.fr
    assert "4 (2 to 7) more leave" in found.text.en
    assert "Over a year, the difference is 6 (3 to 9) in 100." in found.text.en
    assert "18" in found.text.en
    assert found.people == 400
    assert found.people_low == pytest.approx(8)
    assert (found.money, found.money_low, found.money_high) == pytest.approx((7200, 2400, 16200))


def test_where_the_horizon_cannot_be_told_it_is_said_and_no_amount_is_made_of_it():
    (found,) = stay_or_leave(CHARTER, [_row(lost_low=-1.9, lost_high=7.7, whole=False)], _worths())
    assert "Sur un an, on ne peut pas le dire\u00a0: de -1,9 à 7,7 pour 100." in found.text.fr
    assert "Over a year, it cannot be told: -1.9 to 7.7 in 100." in found.text.en
    assert (found.money, found.money_low, found.money_high) == (None, None, None)
    assert found.people_low == pytest.approx(8)


def test_a_horizon_no_longer_than_what_is_recent_is_not_told_twice():
    short = staying_charter(
        promises=PROMISES, retention={"left": ["departure"], "horizon": "91 days", "period": "week"}
    )
    (found,) = stay_or_leave(short, [_row(soon_periods=13)], [])
    assert "13 semaines" in found.text.fr
    assert "13 weeks" in found.text.en
    assert "Over" not in found.text.en


def test_two_exposures_told_as_one_are_both_named_and_keep_their_promise_and_owners():
    (found,) = stay_or_leave(CHARTER, [_row("abandonment+dead_end")], _worths())
    assert found.title.fr == "Abandon et impasse automatique\u00a0: des clients s’en vont"
    assert found.title.en == "Abandonment and dead end: customers leave"
    (found,) = stay_or_leave(CHARTER, [_row("promise:quick+repeat_contact")], _worths())
    assert "Réponse rapide" in found.text.fr
    assert "contact répété" in found.text.fr
    assert (found.promise, found.owners) == ("quick", ("service",))
    assert "18" in found.text.en


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
    free = _row("any_break", "free", soon_per_100=12.0, soon_low=9.0, soon_high=15.0)
    held = _row("any_break", "held", soon_per_100=1.0, soon_low=-2.0, soon_high=4.0, verdict="not_detectable")
    (found,) = stay_or_leave(CHARTER, [free, held], [])
    assert found.key == "retention:held"
    assert "satisf" in found.text.fr
    assert list(stay_or_leave(CHARTER, [free, held | {"soon_high": 10.0}], [])) == []


def test_a_name_with_a_quote_cannot_leave_its_literal():
    (found,) = stay_or_leave(CHARTER, [_row("it's")], [])
    assert "'it''s'" in found.rows_filter


@pytest.mark.parametrize(
    ("exposure", "fr", "en"),
    [
        ("abandonment+dead_end", "abandon et impasse automatique", "abandonment and dead end"),
        (
            "promise:quick+reopened+repeat_contact",
            "dossier rouvert, contact répété et ",
            "reopened case, repeat contact and ",
        ),
    ],
)
def test_the_page_names_exposures_told_as_one_as_the_finding_does(exposure, fr, en):
    for language, said in (("fr", fr), ("en", en)):
        label = Naming(CHARTER, Speech(language)).exposure(exposure)
        assert label.startswith(said)
        assert "+" not in label


def test_the_page_tells_the_recent_effect_and_that_the_horizon_is_not_known():
    row = _row("abandonment+dead_end", lost_low=-1.9, lost_high=7.7, whole=False)
    tables = Tables(
        {
            "retention": table(RETENTION, [row]),
            "retention_curve": table(CURVE, []),
            "customer_value": table(VALUE, []),
        }
    )
    page = {language: _page(tables, language) for language in ("fr", "en")}
    assert "dans les 3 mois qui suivent. En 12 mois, on ne peut pas le dire [−1,9" in page["fr"].headline
    assert "within the 3 months that follow. Within 12 months, it cannot be told [−1.9" in page["en"].headline
    assert page["fr"].pairs[0].first.point == 4.0


def _page(tables, language):
    speech = Speech(language)
    facts = RunFacts("run", datetime(2026, 6, 1, tzinfo=UTC))
    return build(CHARTER, tables, facts, Naming(CHARTER, speech), speech)
