"""What is said of people and machines: ranks by what is established, floors, locks, units, and causal words by grade."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import peopled_company
import pytest
import shown_company

from portance.views.naming import Naming
from portance.views.people import told
from portance.views.report import build
from portance.views.speech import Speech


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def peopled(language="fr", charter=None, facts=None, **rows):
    held = {name: shown_company.table_of(one) for name, one in rows.items()}
    return build(
        charter or peopled_company.charter(), held, facts or peopled_company.run_facts(), language
    ).people


@pytest.fixture(scope="module")
def whole():
    return build(
        peopled_company.charter(), peopled_company.people_tables(), peopled_company.run_facts(), "fr"
    ).people


def test_nothing_declared_says_nothing_and_asks_for_every_section():
    people = build(shown_company.charter(), {}, shown_company.run_facts(), "fr").people
    assert people.told == ()
    assert people.missing == ("voices", "silent", "mirror", "dosage", "takeover", "retention")


def test_declared_and_built_but_empty_is_not_missing():
    empty = {
        name: table.slice(0, 0)
        for name, table in peopled_company.people_tables().items()
        if name not in ("voices", "irritants")
    }
    people = build(peopled_company.charter(), empty, peopled_company.run_facts(), "fr").people
    assert people.missing == ("voices", "silent")
    assert (people.dosage.state, people.takeover.state, people.retention.state) == ("none", "none", "none")


# --- voices -----------------------------------------------------------------------------------------------


def test_a_rare_failure_that_costs_stands_above_a_frequent_trifle(whole):
    first, second = whole.voices.drawn[:2]
    assert (first.irritant, second.irritant) == ("line_cut", "slow_answer")
    assert first.frequency.figure.value < second.frequency.figure.value
    assert (
        plain(whole.voices.headline)
        == "« Ligne coupée à l’emménagement » est ce qui coûte le plus : au moins 186 k€ sur la période."
    )


def test_where_no_cost_is_established_none_is_claimed():
    rows = [row | {"loss_low": -1_000.0} for row in peopled_company.irritants()]
    found = peopled(irritants=rows).voices
    assert "n’est pas établi" in found.headline
    assert not found.drawn[0].costs


def test_which_complaints_are_counted_is_told_and_a_guess_is_said_to_be_one(whole):
    assert plain(whole.voices.complaints).startswith("Les réclamations sont devinées d’après le nom")
    assert ": Réclamation." in plain(whole.voices.complaints)
    declared = [row | {"complaints_from": "declared"} for row in peopled_company.irritants()]
    assert "guess" not in peopled("en", irritants=declared).voices.complaints
    assert "declares" in peopled("en", irritants=declared).voices.complaints
    unknown = [row | {"complaints_from": None, "complaint_names": None} for row in peopled_company.irritants()]  # fmt: skip
    assert peopled(irritants=unknown).voices.complaints == ""


def test_public_reviews_tell_that_an_irritant_exists_and_no_level(whole):
    assert [one.irritant for one in whole.voices.public] == ["ads"]
    assert "ads" not in [one.irritant for one in whole.voices.drawn]


def test_few_customers_are_hidden_and_some_have_an_interval_only(whole):
    held = {one.irritant: one for one in whole.voices.drawn}
    assert held["hardly_any"].frequency.text == "trop peu (<5)"
    assert held["hardly_any"].severity.ends is None
    assert held["rare_thing"].frequency.point is None
    assert held["rare_thing"].frequency.ends is not None


def test_languages_left_unread_and_who_labelled_are_told(whole):
    assert (
        plain(whole.voices.untreated)
        == "133 textes gardés sans être lus, faute de savoir leur langue : autres langues (133)."
    )
    assert (
        plain(whole.voices.given)
        == "Qui a classé les phrases : une personne 9 %, un modèle 70 %, les mots de la liste 21 %."
    )


def test_rows_over_all_languages_stand_before_those_of_each():
    rows = peopled_company.irritants()[:1]
    both = [*rows, rows[0] | {"language": "en", "rank": 2}]
    assert [one.label for one in peopled("en", irritants=both).voices.drawn] == ["Line cut on moving in"]
    apart = peopled("en", irritants=[both[1]]).voices
    assert apart.drawn[0].label == "Line cut on moving in (English)"


def test_an_example_below_the_floor_of_the_charter_is_not_shown():
    example = {
        "irritant": "slow_answer",
        "language": "fr",
        "kind": "complaint",
        "text": "Un texte.",
        "persons": 9,
    }
    found = peopled(irritants=peopled_company.irritants(), voice_examples=[example]).voices
    assert all(not one.examples for one in found.drawn)


# --- the silent majority ----------------------------------------------------------------------------------


def test_those_who_answer_stand_beside_all_customers_and_the_band(whole):
    first = whole.silent.drawn[0]
    assert plain(first.sentence) == (
        "« Recommanderiez-vous Voltaine ? » : 62 % chez ceux qui répondent, 49 % (46 à 52 %) pour tous les clients. "
        "Le silence peut encore cacher de 37 à 60 %."
    )
    assert plain(first.flips_said) == "La conclusion se renverse si les silencieux diffèrent de 7 points."
    assert first.warnings == (
        "Ceux qui répondent tard répondent autrement : le silence paraît dépendre de la satisfaction.".replace(
            " :", "\u00a0:"
        ),
    )
    assert "aucune enquête" in first.caution


def test_an_estimate_that_holds_the_mean_of_answers_is_said_not_to_differ(whole):
    second = whole.silent.drawn[1]
    assert "n’en diffère pas" in second.sentence


def test_too_few_answers_are_neither_drawn_nor_told(whole):
    assert [one.question for one in whole.silent.drawn] == ["recommend", "effort"]
    assert [one.question for one in whole.silent.unseen] == ["delivery_note"]
    assert "trop peu" in whole.silent.unseen[0].reason


def test_a_question_that_is_precise_enough_is_to_be_stopped(whole):
    first, *others = whole.silent.restraint
    assert (first.question, first.stop) == ("recommend", True)
    said = {one.question: plain(one.sentence) for one in others}
    assert (
        said["effort"]
        == "« Facilité de la dernière démarche » : encore 1 240 réponses. À ce rythme, 14 semaines."
    )
    assert "trop peu de clients" in said["delivery_note"]


def test_pressure_and_response_are_read_apart_month_by_month(whole):
    held = whole.silent.pressure
    assert len(held.months) == 12
    assert held.months[0].period < held.months[-1].period
    assert plain(held.sentence) == "22,4 % des clients joints l’ont été plus de 4 fois (août 2025)."
    assert [line[0] for line in held.functions.lines] == ["Marketing", "Ventes"]


def test_which_contacts_are_counted_is_told_with_those_that_are_not(whole):
    told = plain(whole.silent.pressure.counted)
    assert "« newsletter », « sales call »" in told
    assert (
        "18 000 autres contacts" in told
    )  # those of all functions, twelve months, not added to each function's
    bare = [row | {"contacts": 0, "persons": 0, "per_person": None, "asked": 0, "over_share": None} for row in peopled_company.pressure()]  # fmt: skip
    charter = peopled_company.charter(pressure={})
    held = peopled(charter=charter, pressure=bare).silent.pressure
    assert (held.months, held.sentence, held.functions, held.table) == ((), "", None, None)
    assert "n’est pas mesurée" in held.counted
    assert "not measured" in peopled("en", charter=charter, pressure=bare).silent.pressure.counted


# --- customers and employees ------------------------------------------------------------------------------


def test_each_side_counts_in_its_own_word(whole):
    assert (
        plain(whole.mirror.headline) == "« move in » : 2 canaux pour le client, 9 outils pour le conseiller."
    )
    assert [panel.measure for panel in whole.mirror.panels] == ["effort_tools", "effort_minutes", "balance"]


def test_below_the_floor_the_employees_side_is_not_told_and_the_customers_is(whole):
    step = next(one for one in whole.mirror.panels[0].steps if one.step == "terminate")
    assert step.employee.text == "moins de 10 employés"
    assert step.employee.ends is None
    assert step.customer.point == 5.0
    assert (step.balance.known, step.state, step.employees) == (False, "", None)


def test_a_suppressed_value_that_a_table_holds_is_never_said():
    row = next(one for one in peopled_company.symmetry() if one["step"] == "terminate")
    leaking = row | {
        "employee": 7.0,
        "employee_low": 6.0,
        "employee_high": 8.0,
        "balance": -2.0,
        "employees": 6,
    }
    held = peopled(symmetry=[leaking]).mirror
    assert "7.0" not in str(held.table.lines)
    assert "persons=6" not in str(held)
    assert all(step.employee.ends is None for panel in held.panels for step in panel.steps)
    # The floor holds here once more, whatever the table says may be shown.
    again = peopled(symmetry=[leaking | {"shown": "point"}]).mirror
    assert "7.0" not in str(again)


@pytest.mark.parametrize(
    ("consulted", "said"),
    [(None, "Inscrivez sa date"), ("2027-01-01", "le 1er janvier 2027")],
)
def test_before_the_consultation_the_employees_side_stays_closed(consulted, said):
    declared = peopled_company.DECLARED["employees"] | {"consulted": consulted}
    held = peopled(charter=peopled_company.charter(employees=declared), **peopled_company.rows()).mirror
    assert held.locked
    assert said in plain(held.locked_said)
    assert held.panels == ()
    assert (held.table, held.thrust, held.adoption, held.simplified, held.figures) == (
        None,
        (),
        None,
        (),
        None,
    )
    assert [one.part for one in held.distances] == ["belief"], "what employees answered is closed too"
    assert held.ambitions, "ambitions are the company's own, not its employees'"


def test_the_lock_opens_on_the_day_itself():
    declared = peopled_company.DECLARED["employees"] | {"consulted": "2025-09-01"}
    facts = peopled_company.run_facts(generated_at=datetime(2025, 9, 1, 9, tzinfo=UTC))
    assert not peopled(charter=peopled_company.charter(employees=declared), facts=facts).mirror.locked


@pytest.mark.parametrize(
    ("verdict", "said"),
    [("thrust_first", "Oui, chez vous"), ("lift_first", "c’est l’inverse"), ("both", "Dans les deux sens"), ("not_detectable", "Rien ne le montre")],
)  # fmt: skip
def test_which_comes_first_is_told_honestly(verdict, said):
    row = peopled_company.rows()["thrust"][0] | {"verdict": verdict}
    [told] = peopled(thrust=[row]).mirror.thrust
    assert said in told
    assert "24 équipes × 52 semaines" in plain(told)


def test_an_ambition_tells_what_is_missing_and_the_rest_what_is_lived(whole):
    first, second = whole.mirror.ambitions
    assert first.sentence == "manque : un budget, un repère mesurable et une action".replace(" :", "\u00a0:")
    assert second.missing == ()
    assert plain(whole.mirror.ambition_sentence).startswith("1 ambition sur 2 manque")
    said = {one.part: plain(one.sentence) for one in whole.mirror.distances}
    assert (
        said["belief"]
        == "« Votre boîtier chez vous en 48 heures (Comité exécutif) » : 80,0 % selon la direction, 61,0 % chez les clients."
    )


# --- human and machine ------------------------------------------------------------------------------------


def test_a_machine_to_mend_is_told_first(whole):
    assert whole.dosage.machines[0].machine == "assistant"
    assert (
        plain(whole.dosage.headline)
        == "« Assistant en ligne » ne donne pas encore l’expérience voulue : à réparer."
    )


def test_false_containment_is_kept_apart_from_what_is_settled(whole):
    bar = next(one for one in whole.dosage.bars if one.machine == "assistant")
    assert [name for name, _ in bar.parts] == ["resolved", "false_containment", "handed", "abandoned"]
    assert bar.part("resolved").point == 0.44
    assert bar.part("false_containment").point == 0.27


def test_the_raw_difference_never_stands_for_the_effect(whole):
    effects = {one.intent: one for one in whole.dosage.outcomes[0].effects if one.compared == "human_machine"}
    assert plain(effects["moving"].adjusted.text) == "+18 points"
    assert plain(effects["moving"].raw.text) == "−6 points"
    assert effects["complaint"].adjusted.ends is None
    assert effects["complaint"].verdict_label == "sans appui"
    assert effects["complaint"].sentence == ""


def test_without_support_an_effect_in_the_table_is_not_told():
    row = next(one for one in peopled_company.dosage() if one["intent"] == "complaint")
    held = peopled(dosage=[row | {"effect": 0.5, "ci_low": 0.4, "ci_high": 0.6}]).dosage
    assert held.outcomes[0].effects[0].adjusted.ends is None
    assert "50" not in held.outcomes[0].effects[0].adjusted.text


def test_a_causal_verb_needs_grade_b(whole):
    said = {
        (one.intent, one.outcome): one.sentence
        for outcome in whole.dosage.outcomes
        for one in outcome.effects
        if one.compared == "human_machine"
    }
    assert "change le résultat" in said["moving", "resolved"]
    assert "change le résultat" not in said["moving", "repeat"]


def test_the_dose_tells_today_the_best_and_where_it_saturates(whole):
    [curve] = whole.dosage.curves
    assert (
        plain(curve.sentence)
        == "Aujourd’hui : 30 % d’humain, 14 secondes d’attente prévue. Le mieux : 60 % d’humain, 46 secondes d’attente prévue. Saturation à partir de 80 %."
    )


def waited(fit, mean, low, high, *, now=(), language="fr"):
    rows = [row | {"fit": fit} for row in peopled_company.dose_curve()]
    today = next(row for row in rows if row["current"])
    today |= dict(now) | {
        "wait_measured_s": mean, "wait_measured_low": low, "wait_measured_high": high, "wait_measured_n": 41_000,
    }  # fmt: skip
    [curve] = peopled(language, dose_curve=rows).dosage.curves
    return curve


def test_a_measured_wait_stands_beside_the_predicted_one_each_named_for_what_it_is():
    curve = waited("fits", 17.0, 16.0, 18.0)
    assert plain(curve.checked) == (
        "Attente moyenne aujourd’hui : prévue par le calcul, 14 secondes ; mesurée, 17 secondes (16 à 18 secondes, 41 000 contacts). "
        "L’attente mesurée est celle que prévoit le calcul, au double près."
    )
    assert not curve.refuted
    assert any(point.best for point in curve.points)
    [point] = [point for point in curve.points if point.current]
    assert point.wait_s != curve.measured.value == 17.0


def test_a_curve_that_the_measured_wait_refutes_points_to_no_dose():
    curve = waited("longer", 122.0, 116.0, 128.0, language="en")
    assert curve.refuted
    assert "predicted, 14 seconds; measured, 2.0 minutes (1.9 to 2.1 minutes, 41,000 contacts)" in plain(
        curve.checked
    )
    assert "Do not rely on this curve" in curve.checked
    assert plain(curve.sentence) == "Today: 30% human, a predicted wait of 14 seconds."
    assert not any(point.best for point in curve.points)


def test_a_wait_that_is_not_measured_or_not_predicted_is_said_so():
    assert "n’est pas mesurée" in waited("not_measured", None, None, None).checked
    endless = waited("shorter", 40.0, 38.0, 42.0, now={"wait_s": None})
    assert "prévue par le calcul, une attente sans fin" in endless.checked
    assert not any(peopled(dose_curve=peopled_company.dose_curve()).dosage.curves[0].checked)


def test_what_the_waits_of_a_desk_rest_on_is_said_below_its_curve(whole):
    [curve] = whole.dosage.curves
    assert plain(curve.assumed) == (
        "Les clients renoncent plus tôt que le calcul ne le suppose : en 14 secondes, 11 % auraient renoncé sans réponse, contre 4 % dans le calcul. "
        "L’attente donnée est un ordre de grandeur. Les conversations menées de front se ralentissent : chacune prend 50 % d’une personne (mesuré, de 44 % à 57 %)."
    )


def test_cost_is_in_money_and_effort_in_its_own_unit(whole):
    units = {one.outcome: one.unit for one in whole.dosage.outcomes}
    assert units == {"resolved": "points", "repeat": "points", "effort": "", "cost": "money"}


def test_few_contacts_under_a_code_are_not_counted(whole):
    told = {str(line[0]): line for line in whole.dosage.contact_reasons.lines}
    assert told["moving"][2] == "trop peu (<5)"
    assert plain(told["billing"][3]) == "22 %"


# --- take-over and staying --------------------------------------------------------------------------------


def test_who_is_trapped_comes_first_and_the_few_are_hidden(whole):
    held = whole.takeover
    assert (
        plain(held.headline)
        == "Dans « Assistant en ligne », qui demande un humain n’en obtient pas une fois sur huit (11,0 à 13,0 % ; 1 204 demandes)."
    )
    assert [one.machine for one in held.paths] == ["assistant", "voice_menu"]
    hidden = next(line for line in held.table.lines if line[0] == "old menu")
    assert {cell.text for cell in hidden[3:]} == {"trop peu (<5)"}
    assert plain(held.paths[0].wait.text) == "6,8 minutes"


def test_a_machine_as_a_whole_stands_for_those_to_whom_it_hands_over():
    rows = [peopled_company.takeovers()[0] | {"to_function": name} for name in (None, "service", "billing")]
    held = peopled(takeovers=rows).takeover
    assert [one.to for one in held.paths] == [""]
    assert len(held.table.lines) == 3


def test_who_still_uses_a_tool_is_told_with_how_many_were_followed(whole):
    kept = [line[5] for line in whole.mirror.adoption.lines]
    assert (plain(kept[0].text), plain(kept[0].interval)) == ("64 %", "52 à 76 %, 75 suivis")
    assert kept[1] == "trop tôt pour le dire"
    old = [{key: value for key, value in row.items() if not key.startswith(("kept", "followed"))} for row in peopled_company.rows()["adoption"]]  # fmt: skip
    assert peopled(adoption=old).mirror.adoption.lines[0][5].text == "—"


def test_where_no_alarm_is_earned_none_is_told_and_the_curves_are(whole):
    held = whole.mirror.stall
    assert not held.earned
    assert len(held.sentences) == 1
    assert plain(held.sentences[0]) == (
        "Aucune alarme n’est donnée, car aucune ne serait fondée : rien ne montre que prévoir par la marge fasse mieux que s’en tenir au niveau du jour (gain −0,03 [−0,11 à 0,05] ; 61 chutes, 24 équipes)."
    )
    assert len(held.points) == 18
    assert plain(held.table.lines[0][2]) == "en cours"
    assert "décrocheraient" not in str(held.sentences)


def test_an_alarm_is_told_as_predicted_beside_how_alarms_did():
    held = peopled("en", stall=peopled_company.stall("alarm")).mirror.stall
    assert held.earned
    assert held.sentences[1] == "Predicted, not measured: 21% [8 to 36%] of the teams that still hold would stall within eight weeks, about 5 of 24 teams."  # fmt: skip
    assert held.sentences[2] == (
        "Measured on the last four quarters: falls told ahead, 31 to 52% (38 falls); mean lead, 1.2 to 2.8 weeks, a fall that nothing announced "
        "counting for zero; alarms raised in stretches of eight weeks without a fall, 5 to 22%."
    )
    assert held.sentences[3].startswith("Of these figures, the earlier ones stand")


def test_figures_of_alarms_that_may_not_be_told_say_why():
    rows = [
        row | ({"value": None, "low": None, "high": None, "n": None, "teams": None, "reason": "one_team_dominates"} if row["figure"] in ("warned", "lead", "false_alarms") else {})
        for row in peopled_company.stall("alarm")
    ]  # fmt: skip
    held = peopled("en", stall=rows).mirror.stall
    assert held.sentences[2].count("one team weighs too much") == 3
    assert len(held.sentences) == 3


def test_a_stall_that_cannot_be_judged_says_why_and_nothing_of_it_before_the_consultation():
    row = {"figure": "skill", "value": None, "verdict": "not_measurable", "reason": "too_few_falls"}
    held = peopled("en", stall=[row]).mirror.stall
    assert held.sentences == ("No prediction, so no alarm: too few falls to learn from.",)
    locked = peopled_company.charter(employees={"tools": {}})
    assert peopled(charter=locked, stall=peopled_company.stall("alarm")).mirror.stall is None


def test_a_policy_is_told_as_not_turned_on_and_its_replay_as_predicted(whole):
    held = whole.takeover.policy
    assert held.state == "replayed"
    assert plain(held.learnt) == (
        "Apprise le 2 juin 2025 de 640 conversations : 1 180 tours sur 6 210 y sont annotés « un conseiller devrait prendre la main »."
    )
    assert [plain(line) for line in held.lines] == [
        "Elle aurait confié à un conseiller 31,0 % [29,6 à 32,4 %] des 4 300 conversations.",
        "Là où un conseiller est venu, elle l’aurait appelé plus tôt : de 3 [2 à 4] tours (médiane, n = 420).",
        "De celles qui sont allées à un conseiller ou sont restées sans solution, elle en aurait confié 68 % [65 à 71 %] (n = 980).",
        "De celles qu’elle aurait confiées et où personne n’est intervenu, 22 % [19 à 25 %] ont été réglées quand même : des reprises pour rien, peut-être (n = 610).",
    ]
    assert plain(held.seen).startswith("12 d’entre elles")
    assert {one.basis for one in held.figures if one.figure in ("handed", "sooner", "circles")} == {
        "predicted"
    }
    f1 = held.scores.lines[0]
    assert plain(f1[1].text) == "0,64"
    assert f1[2] == "conversations sans annotation"


def _policy(**changes):
    rows = [row | changes.get(row["figure"], {}) if row["part"] == "replay" else row for row in peopled_company.takeover_policy()]  # fmt: skip
    return peopled("en", takeover_policy=rows).takeover.policy


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.5, 2.0, "called one sooner:"), (-3.0, -1.0, "called one later ("), (-1.0, 2.0, "nothing shows")],
)
def test_sooner_is_said_only_where_the_whole_interval_is(low, high, said):
    lines = _policy(sooner={"value": (low + high) / 2, "low": low, "high": high}).lines
    assert [line for line in lines if said in line]
    assert not [line for line in lines for other in {"called one sooner:", "called one later (", "nothing shows"} - {said} if other in line]  # fmt: skip


def test_a_share_of_too_few_conversations_is_not_told():
    few = {"conversations": 4, "shown": "suppressed", "value": None, "low": None, "high": None}
    held = _policy(handed=few)
    assert not [line for line in held.lines if "It would have handed" in line and "settled" not in line]
    assert "too few" in held.predicted.lines[0][1].text


def test_what_was_not_replayed_predicts_nothing():
    rows = [row for row in peopled_company.takeover_policy() if row["part"] in ("learnt", "held_out")]
    held = peopled(takeover_policy=rows).takeover.policy
    assert (held.state, held.lines, held.predicted, held.reasons) == ("learnt", (), None, None)
    assert held.scores is not None


def test_a_policy_without_machines_still_has_its_section():
    people = peopled(charter=shown_company.charter(), takeover_policy=peopled_company.takeover_policy())
    assert people.takeover.state == "found"
    assert "takeover" in people.told


def test_departures_by_choice_stand_beside_those_who_are_held(whole):
    first = whole.retention.pairs[0]
    assert first.apart
    assert (first.first.point, first.second.point) == (4.1, 0.4)
    assert plain(first.said) == "+4,1 [3,2 ; 5,0]"
    assert all("ping" not in pair.label for pair in whole.retention.pairs), "four customers are not told"


@pytest.mark.parametrize(
    ("grade", "said"), [("B", "cela fait partir"), ("C", "partent davantage"), ("E", "partent davantage")]
)
def test_the_verb_of_leaving_follows_the_grade(grade, said):
    row = peopled_company.retention()[2] | {"grade": grade}
    headline = plain(peopled(retention=[row]).retention.headline)
    assert said in headline
    assert headline.startswith("Promesse non tenue, « Votre boîtier chez vous en 48 heures » :")


def test_what_is_not_established_is_not_a_headline():
    row = peopled_company.retention()[0] | {"lost_low": -0.2, "verdict": "not_detectable"}
    assert peopled(retention=[row]).retention.headline == "Aucun effet établi des ruptures sur les départs."


def test_the_value_of_a_lost_customer_tells_its_source(whole):
    assert [plain(one) for one in whole.retention.values] == [
        "Un client perdu : 420 € (250 à 700 €). Source : déclaré dans la charte.",
        "Tenir une fois « Votre boîtier chez vous en 48 heures » : 13 € (9 à 18 €). Source : mesuré dans ces données.",
    ]


def test_english_speaks_english():
    people = build(
        peopled_company.charter(), peopled_company.people_tables(), peopled_company.run_facts(), "en"
    ).people
    assert people.mirror.headline == "“move in”: 2 channels for the customer, 9 tools for the employee."
    assert (
        people.dosage.headline
        == "“Online assistant” does not give the experience intended yet: to be repaired."
    )
    assert (
        people.takeover.headline
        == "In “Online assistant”, who asks for a human gets none one time in eight (11.0 to 13.0%; 1,204 requests)."
    )


def finding(kind, grade="B", rank=9):
    return {"rank": rank, "key": f"{kind}:x", "kind": kind, "title_fr": f"T {kind}", "title_en": f"T {kind}", "text_fr": "…", "text_en": "…", "grade": grade, "people": 10}  # fmt: skip


def test_the_first_page_tells_three_of_these_at_most_and_only_when_proven():
    kinds = ("irritant", "irritant", "machine", "silent", "takeover", "retention")
    ahead = [finding("seam", rank=place) for place in range(1, 8)]
    rows = [*ahead, *(finding(kind, rank=10 + place) for place, kind in enumerate(kinds))]
    weak = [*ahead, *(finding(kind, "D", 10 + place) for place, kind in enumerate(kinds))]
    varied = [finding(f"other{place}", rank=place) for place in range(3)]
    for held, anchors in (([*varied, *rows], ("voices", "dosage", "silent")), ([*varied, *weak], ())):
        built = build(peopled_company.charter(), {"findings": shown_company.table_of(held)}, peopled_company.run_facts(), "fr")  # fmt: skip
        told = [anchor for anchor, *_ in built.summary.headlines]
        assert set(told) <= {"voices", "dosage", "silent"}
        assert tuple(told) == anchors


def test_seconds_are_told_in_the_unit_that_fits():
    speech = Speech("fr")
    assert [plain(told.seconds(value, speech)) for value in (None, 14.1, 410.0, 7_300.0)] == [
        "—",
        "14 secondes",
        "6,8 minutes",
        "2,0 heures",
    ]


def test_a_row_that_only_tells_why_makes_no_section_of_dashes():
    tables = peopled_company.people_tables()
    reasons = {
        name: shown_company.table_of([dict.fromkeys(tables[name].column_names) | {"shown": "suppressed", "persons": 0, "reason": reason} | more])
        for name, reason, more in (
            ("takeovers", "no_machine_session", {"handovers": 0}), ("answer_times", "no_desk_and_no_wait", {}), ("continuity", "no_adviser_known", {}),
        )
    }  # fmt: skip
    people = build(shown_company.charter(), reasons, shown_company.run_facts(), "fr").people
    assert not {"takeover", "dosage"} & set(people.told)
    assert {"takeover", "dosage"} <= set(people.missing)


def test_where_nothing_else_is_found_what_customers_write_stands_first():
    tables = {
        name: table
        for name, table in peopled_company.people_tables().items()
        if name in ("irritants", "voices", "voice_counts")
    }
    report = build(shown_company.charter(promises={}), tables, shown_company.run_facts(), "fr")
    assert report.findings == ()
    assert report.summary.sentence == report.people.voices.headline
    assert "hasard" not in report.summary.second


def test_a_segment_goes_by_the_name_that_the_charter_gives_it():
    charter = shown_company.charter(segments={"age": {"name": {"fr": "Âge", "en": "Age"}, "by": "age"}})
    naming = Naming(charter, Speech("fr", "EUR", "Europe/Paris"))
    assert plain(naming.segment("age=moins de 60")) == "Âge : moins de 60"
    assert plain(naming.segment("loyal_customer=oui")) == "loyal customer : oui"


def test_the_headline_says_which_customers_it_is_of_and_what_the_drawing_tells_apart():
    base = peopled_company.retention()[0] | {
        "verdict": "more_leave",
        "grade": "C",
        "shown": "point",
        "persons": 5_000,
    }
    rows = [
        base | {"reason": reason, "soon_per_100": soon, "soon_low": soon - 2, "soon_high": soon + 2}
        for reason, soon in (("all", 9.0), ("free", 13.0), ("held", 3.0))
    ]
    french, english = (
        plain(peopled(language, retention=rows).retention.headline) for language in ("fr", "en")
    )
    assert ", tous clients confondus, dans les" in french
    assert "sépare ceux qui sont libres de partir (+13 [11 ; 15])" in french
    assert "all customers together" in english
    alone = plain(peopled(retention=[rows[1]]).retention.headline)
    assert "parmi les clients libres de partir" in alone
    assert "sépare" not in alone


def test_the_month_in_which_the_data_end_is_told_and_not_counted_as_a_month():
    facts = peopled_company.run_facts()
    assert facts.unfinished(facts.as_of.date()) is False, "the data end with their month"
    cut = replace(facts, as_of=facts.as_of - timedelta(days=5))
    assert cut.unfinished(facts.as_of.date())
    assert not cut.unfinished(facts.as_of.date() - timedelta(days=40))
    pressure = peopled(facts=cut, **peopled_company.rows()).silent.pressure
    assert [month.unfinished for month in pressure.months if month.period.month == cut.as_of.month] in (
        [True],
        [],
    )
    assert all(("mois en cours" in month.label) == month.unfinished for month in pressure.months)


@pytest.mark.parametrize(
    ("language", "named", "written"),
    [("fr", "Ouvrir la ligne", "move in"), ("en", "Open the line", "move in")],
)
def test_a_step_bears_the_name_of_the_task_that_serves_it(language, named, written):
    naming = Naming(peopled_company.charter(), Speech(language))
    assert naming.step("move_in", "open_line") == named
    assert naming.step("move_in") == naming.step("move_in", "not_declared") == written
    assert naming.step(None) == "—"
    rows = [
        row | ({"task": "open_line"} if row["step"] == "move_in" else {})
        for row in peopled_company.symmetry()
    ]
    panel = peopled(language, symmetry=rows).mirror.panels[0]
    assert {step.label for step in panel.steps if step.step == "move_in"} == {named}
    assert written not in {step.label for step in panel.steps}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_curve_refused_for_several_reasons_for_contact_is_said_once(language):
    measured = {
        "fit": "longer",
        "wait_measured_s": 900.0,
        "wait_measured_low": 850.0,
        "wait_measured_high": 950.0,
        "wait_measured_n": 4_000,
    }
    rows = [
        row | measured | {"intent": intent}
        for row in peopled_company.dose_curve()
        for intent in ("moving", "billing")
    ]
    held = peopled(language, dose_curve=rows).dosage
    assert [curve.refuted for curve in held.curves] == [True, True]
    assert [curve.checked for curve in held.curves] == ["", ""]
    [refused] = held.refused
    assert plain(refused.about) == (
        "Accueil téléphonique (motifs : billing et moving)."
        if language == "fr"
        else "Phone desk (reasons for contact: billing and moving)."
    )
    assert refused.checked.count("15 minutes") == 1
    # the same wait predicted otherwise is another sentence, said where its curve is
    apart = [row | ({"wait_s": 33.0} if row["intent"] == "moving" and row["current"] else {}) for row in rows]
    other = peopled(language, dose_curve=apart).dosage
    assert (other.refused, all(curve.checked for curve in other.curves)) == ((), True)


def figured(kind, value, low, high, n, **rest):
    return finding(kind, rank=30) | {"value": value, "ci_low": low, "ci_high": high, "unit": "share", "n": n, "text_en": "So it is. In this place, 27% (25 to 29%) stay unsettled. More of it."} | rest  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            figured("machine", 0.27, 0.25, 0.29, 9_000),
            "In this place, 27% (25 to 29%) stay unsettled (n = 9,000).",
        ),
        (figured("machine", 0.27, 0.25, 0.29, 27), "In this place, 27% (25 to 29%) stay unsettled."),
        (figured("machine", 0.27, None, None, 9_000), ""),
        (figured("machine", None, None, None, 9_000), ""),
        (figured("machine", 0.27, 0.25, 0.29, 9_000, shown="suppressed"), ""),
        (figured("machine", 0.27, 0.25, 0.29, 9_000, text_en="Nothing is counted here."), ""),
    ],
)
def test_a_headline_of_the_first_page_tells_its_figure_where_it_has_an_interval(row, said):
    ahead = [finding(f"other{place}", rank=place) for place in range(5)]
    built = build(peopled_company.charter(), {"findings": shown_company.table_of([*ahead, row])}, peopled_company.run_facts(), "en")  # fmt: skip
    assert [one for one in built.summary.headlines if one[0] == "dosage"] == [("dosage", "T machine", said)]
