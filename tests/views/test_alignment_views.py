"""What is said of alignment: causal verbs by grade, units, Simpson, what cannot be seen, and the order of what is told."""

from dataclasses import replace
from datetime import timedelta

import aligned_company
import pytest
import shown_company
from aligned_company import conflict

from portance.views.alignment import saying
from portance.views.report import build
from portance.views.speech import Speech


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def aligned(language="fr", **rows):
    held = {name: shown_company.table_of(one) for name, one in rows.items()}
    return build(aligned_company.charter(), held, aligned_company.run_facts(), language).alignment


@pytest.fixture(scope="module")
def whole():
    tables = aligned_company.alignment_tables()
    return build(aligned_company.charter(), tables, aligned_company.run_facts(), "fr").alignment


NATIVE = {"effect_native": -0.031, "native_low": -0.042, "native_high": -0.020, "per": 20.0}


@pytest.mark.parametrize(
    ("grade", "said"),
    [
        ("A", "Quand « DMT » baisse de 20 secondes, « Résolution au premier contact » recule de 3,1 points [2,0 ; 4,2]."),
        ("B", "Quand « DMT » baisse de 20 secondes, « Résolution au premier contact » recule de 3,1 points [2,0 ; 4,2]."),
        ("C", "Quand « DMT » baisse de 20 secondes, « Résolution au premier contact » recule probablement de 3,1 points [2,0 ; 4,2]."),
        ("D", "Une baisse de « DMT » de 20 secondes est associée à un recul de « Résolution au premier contact » de 3,1 points [2,0 ; 4,2]."),
        ("E", "Une baisse de « DMT » de 20 secondes est associée à un recul de « Résolution au premier contact » de 3,1 points [2,0 ; 4,2]."),
    ],
)  # fmt: skip
def test_the_verb_follows_the_grade(grade, said):
    found = aligned(conflicts=[conflict("handling_time", "first_contact", grade, -0.31, **NATIVE)])
    assert plain(found.conflicts.all[0].sentence) == said


def test_english_says_the_same():
    found = aligned("en", conflicts=[conflict("handling_time", "first_contact", "C", -0.31, **NATIVE)])
    assert plain(found.conflicts.all[0].sentence) == (
        "When “Handling time” falls by 20 seconds, “First contact resolution” probably falls by 3.1 points [2.0, 4.2]."
    )


def test_harm_to_what_should_be_low_is_a_rise():
    row = conflict(
        "handling_time",
        "repeat_calls",
        "A",
        -0.2,
        effect_native=0.014,
        native_low=0.006,
        native_high=0.022,
        per=20.0,
    )
    view = aligned(conflicts=[row]).conflicts
    assert "« Appels répétés à 7 jours » augmente de 1,4 point [0,6 ; 2,2]" in plain(view.all[0].sentence)
    assert plain(view.network.arrows[0].said) == "+1,4 point"


def test_the_surest_come_first_and_a_failed_attempt_is_told(whole):
    grades = [view.grade for view in whole.conflicts.cards]
    assert grades == sorted(grades)
    weak = next(
        view
        for view in whole.conflicts.all
        if view.from_indicator == "delivery_cost" and view.kind == "empirical"
    )
    assert weak.weakened == ("le sens change quand on retire une unité",)
    assert [check.held for check in weak.checks if check.name == "sign"] == [False]
    assert [check.held for check in weak.checks if check.name == "lead"] == [True]


def test_simpson_is_told_where_the_sign_turns(whole):
    first = whole.conflicts.cards[0]
    assert "0,12 entre unités" in plain(first.simpson)
    assert whole.conflicts.cards[1].simpson == ""


def test_money_tells_its_interval_and_the_risk(whole):
    first = whole.conflicts.cards[0]
    assert plain(first.money) == "−280 k€ [−410 k€ ; −120 k€]"
    assert "plus de 99 %" in plain(first.loses)
    assert whole.conflicts.cards[3].money == ""


def test_what_cannot_be_seen_says_from_where_and_which_test_to_run(whole):
    first, second = whole.conflicts.unseen
    assert plain(first.invisible) == "2,5 jours"
    assert "16 équipes" in plain(first.test)
    assert "20 semaines" in plain(first.test)
    assert "Remise à l’entrée" in first.test
    assert plain(second.test) == "Aucune épreuve praticable : aucun levier déclaré"


def test_opposition_by_levers_is_told_once_and_not_where_readings_proved_it():
    both = [
        conflict(*pair, "E", -0.6, kind="structural", lever="discount")
        for pair in (("conversion", "retention"), ("retention", "conversion"), ("conversion", "on_time"))
    ]
    proven = conflict("conversion", "retention", "B", -0.2)
    found = aligned(conflicts=[proven, *both]).conflicts
    assert [(view.from_indicator, view.to_indicator) for view in found.structural] == [
        ("conversion", "on_time")
    ]


def test_targets_that_exclude_each_other_are_one_sentence(whole):
    [one] = whole.conflicts.targets
    assert plain(one.sentence).startswith(
        "Trois objectifs, signés par Service client et Marketing, ne peuvent pas être tenus ensemble"
    )
    assert plain(one.sentence).endswith("Certitude : 97 %.")
    assert one.lines[1][1:3] == ("80\u202f%", "71\u202f%")


def test_nothing_found_is_not_said_to_be_nothing():
    rows = [conflict("self_care", "adopted", "E", -0.05, verdict="not_detectable")]
    assert "Ce n’est pas la preuve d’une entente" in aligned(conflicts=rows).conflicts.headline


def test_a_blind_scoreboard_is_said_to_see_nothing(whole):
    main = whole.watermelons.main
    assert main.scope == "company"
    assert plain(main.sentence) == "Quand tout est vert, le client perd quand même une fois sur sept."
    assert "ne voit rien" in main.sees
    assert main.lift_said.startswith("autant que")
    assert whole.watermelons.worth[0].said == "aide à voir le client"
    assert whole.watermelons.worth[-1].said == "brouille la vue"


@pytest.mark.parametrize(
    ("auc", "low", "high", "said"),
    [(0.4, 0.35, 0.45, "se trompe de sens"), (0.6, 0.56, 0.64, "à peine"), (0.7, 0.66, 0.74, "une partie"), (0.8, 0.7, 0.9, "voit bien"), (0.7, 0.45, 0.95, "ne voit rien")],
)  # fmt: skip
def test_validity_is_said_in_words(auc, low, high, said):
    row = aligned_company.rows()["watermelons"][0] | {"auc": auc, "auc_low": low, "auc_high": high}
    assert said in aligned(watermelons=[row]).watermelons.main.sees


def test_few_customers_are_not_told():
    row = aligned_company.rows()["watermelons"][0] | {"persons": 4, "shown": None}
    found = aligned(watermelons=[row]).watermelons
    assert found.main is None
    assert found.state == "none"


def test_a_published_matrix_gives_shares_and_bounds_never_guesses(whole):
    [matrix] = whole.responsibility.matrices
    assert matrix.cell("marketing", "digital").low == 0.06
    own = matrix.cell("logistics", "logistics")
    assert (own.known, own.low, own.high) == (False, 0.03, 0.23)
    assert matrix.cell("marketing", "sales").low is None
    assert (
        plain(matrix.claims[0])
        == "Digital s’attribue 55 % de la responsabilité ; les autres lui en accordent 8 %."
    )


def test_brakes_keep_small_samples_and_tell_trends(whole):
    scattered, far, opposed = whole.responsibility.brakes
    assert [one.trend for one in scattered.measures] == ["up", "flat"]
    assert len(scattered.measures[0].months) == 8
    assert next(one for one in far.measures if one.measure == "settled_by_first").said == "trop peu (<5)"
    assert opposed.measures[0].said == "7"
    assert plain(scattered.measures[0].interval) == "[3,3 ; 3,5]"


def test_every_function_has_a_door_or_is_named_as_silent(whole):
    told = {one.function for one in whole.functions.functions}
    assert told == {"service", "sales", "marketing", "logistics"}
    assert len(whole.functions.silent) == len(shown_company.FUNCTIONS) - 4


def test_options_are_told_without_naming_a_winner(whole):
    [question] = whole.decisions.questions
    said = " ".join(plain(one) for one in question.summary)
    assert "2 options ne sont pas dominées" in said
    assert "l’emporte sous 62 % des pondérations" in said
    assert "franchit un seuil de veto : « Résolution au premier contact » au moins 70 %" in said
    assert all(line.cells[2].endswith("(hors du vécu)") for line in question.options[0].forecasts)
    assert len(question.options[0].forecasts) == 4, "teams stay in the table"


def test_a_decision_tells_its_forecast_and_its_verdict(whole):
    last = {view.decision: view for view in whole.decisions.signed}
    assert [view.decision for view in whole.decisions.signed] == ["d4", "d3", "d5", "d2"]
    assert plain(last["d3"].judged).endswith("il aurait fallu au moins 4,5 points pour le voir.")
    assert plain(last["d2"].forecast) == "+0,9 point [0,2 ; 1,6]"
    assert not last["d4"].due
    assert "87,5 %" in plain(whole.decisions.calibration) or "88 %" in plain(whole.decisions.calibration)


def test_a_review_that_was_not_held_is_due():
    row = next(one for one in aligned_company.decisions()["decisions"] if one["decision"] == "d4")
    found = aligned(decisions=[row | {"review_date": "2025-07-01"}])
    assert found.decisions.signed[0].due
    assert "1 décision est" in plain(found.decisions.headline) or "1 décision attend" in plain(
        found.decisions.headline
    )


def test_bonuses_and_changes_are_told_in_sentences(whole):
    held = whole.incentives
    assert held.lints[0].severity == "high"
    assert "paie contre le client" in held.angles[0].sentence
    assert held.changes[0].verdict == "moved"
    assert "Service client → Facturation" in held.changes[0].sentence
    assert held.loose[0].kind == "initiative_without_sponsor"


@pytest.mark.parametrize(
    ("value", "unit", "fr", "en"),
    [
        (0.031, "share", "3,1 points", "3.1 points"),
        (-2.0, "%", "−2 points", "−2 points"),
        (0.5, "€", "0,50 €", "€0.50"),
        (-1500.0, "€", "−1 500 €", "-€1,500"),
        (20.0, "s", "20 secondes", "20 seconds"),
        (1.5, "days", "1,5 jour", "1.5 days"),
        (12.0, "tickets", "12 tickets", "12 tickets"),
        (3.0, "", "3", "3"),
    ],
)
def test_moves_are_said_in_their_unit(value, unit, fr, en):
    assert plain(saying.move(value, unit, Speech("fr"))) == fr
    assert plain(saying.move(value, unit, Speech("en"))) in (en, en.replace("-€", "−€"))


def test_intervals_and_values_share_their_decimals():
    said, interval = saying.told(0.0124, 0.002, 0.0227, "share", Speech("fr"), signed=True)
    assert (plain(said), plain(interval)) == ("+1,2 point", "[0,2 ; 2,3]")
    assert saying.told(None, 1.0, 2.0, "s", Speech("fr")) == ("—", "")
    assert saying.probability(0.999, Speech("en")) == "over 99%"


def entropy(value, low, high, **rest):
    return {
        "brake": "scattered", "measure": "custody_entropy", "journey_type": None, "period": "all", "persons": 2_900, "n": 6_000, "shown": "point",
        "reason": None, "value": value, "ci_low": low, "ci_high": high, "unit": "bits",
    } | rest  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
def test_bits_are_told_as_so_many_functions_with_equal_shares(language):
    months = [
        entropy(bits, None, None, period=f"2025-0{month}") for month, bits in ((1, 0.0), (2, 1.0), (3, 2.0))
    ]
    [measure] = aligned(language, brakes=[entropy(1.0, 0.0, 2.0), *months]).responsibility.brakes[0].measures
    assert (measure.figure.value, measure.figure.low, measure.figure.high, measure.figure.unit) == (
        2.0,
        1.0,
        4.0,
        "functions",
    )
    assert measure.months == (("2025-01", 1.0), ("2025-02", 2.0), ("2025-03", 4.0))
    assert "bit" not in f"{measure.said} {measure.interval}"
    assert measure.said.startswith("2")


def test_bits_that_are_not_known_are_no_function():
    [measure] = (
        aligned(brakes=[entropy(None, None, None, n=None, persons=None, reason="no_duration")])
        .responsibility.brakes[0]
        .measures
    )
    assert (measure.figure.value, measure.figure.low, measure.figure.high, measure.said) == (
        None,
        None,
        None,
        "—",
    )


def test_a_month_that_is_not_over_is_in_no_small_line():
    facts = aligned_company.run_facts()
    tables = {"brakes": shown_company.table_of(aligned_company.brakes())}

    def months(facts):
        found = (
            build(aligned_company.charter(), tables, facts, "fr").alignment.responsibility.brakes[0].measures
        )
        return next(one.months for one in found if one.measure == "functions_per_journey")

    whole, cut = months(facts), months(replace(facts, as_of=facts.as_of - timedelta(days=5)))
    assert [month for month, _ in whole] == [f"2025-0{month}" for month in range(1, 9)]
    assert cut == whole[:-1]
