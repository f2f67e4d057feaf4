"""The invented company of ``shown_company`` with its indicators, levers, bonuses and decisions, and what a scan would give."""

from datetime import UTC, date, datetime

import pyarrow as pa
import shown_company

from portance.charter import Charter
from portance.views.run import RunFacts, TableFile


def _named(fr: str, en: str, **rest: object) -> dict[str, object]:
    return {"name": {"fr": fr, "en": en}, **rest}


INDICATORS = {
    "handling_time": _named("DMT", "Handling time", function="service", better="lower", target=240, unit="s", levers=["time_target"], promise="right_first_time"),
    "first_contact": _named("Résolution au premier contact", "First contact resolution", function="service", better="higher", target=0.8, unit="share", promise="right_first_time"),
    "repeat_calls": _named("Appels répétés à 7 jours", "Repeat calls within 7 days", function="service", better="lower", target=0.12, unit="share"),
    "conversion": _named("Taux de conversion", "Conversion rate", function="sales", better="higher", target=3.5, unit="%", levers=["discount"]),
    "retention": _named("Fidélité à 12 mois", "Retention at 12 months", function="marketing", better="higher", target=0.82, unit="share", horizon="long"),
    "on_time": _named("Livré à la date annoncée", "Delivered on the announced day", function="logistics", better="higher", target=0.95, unit="share", promise="delivered_in_time"),
    "delivery_cost": _named("Coût de livraison", "Delivery cost", function="logistics", better="lower", target=6.5, unit="€"),
    "bill_disputes": _named("Factures contestées", "Disputed bills", function="billing", better="lower", target=0.03, unit="share"),
    "cash_delay": _named("Délai d’encaissement", "Days to cash", function="collections", better="lower", target=28, unit="days"),
    "self_care": _named("Réglé en ligne", "Settled online", function="digital", better="higher", target=0.55, unit="share"),
    "repair_delay": _named("Délai de réparation", "Repair time", function="repairs", better="lower", target=5, unit="days"),
    "adopted": _named("Usage à 90 jours", "Use at 90 days", function="network", better="higher", target=0.7, unit="share"),
}  # fmt: skip
LEVERS = {
    "time_target": _named("Durée visée par appel", "Aimed length of a call", function="service", range=[180, 420], unit="s", current=240, effects={"handling_time": 0.8}),
    "discount": _named("Remise à l’entrée", "Entry discount", function="sales", range=[0, 30], unit="%", current=15, effects={"conversion": 0.05}),
}  # fmt: skip


def charter(**changes: object) -> Charter:
    """What the company declares, its steering included."""
    declared: dict[str, object] = {
        "indicators": INDICATORS,
        "levers": LEVERS,
        "scorecards": {
            "service_bonus": _named("Prime service client", "Customer service bonus", function="service", indicators={"handling_time": 0.7, "first_contact": 0.3}),
            "sales_bonus": _named("Prime commerciale", "Sales bonus", function="sales", paid_to="individual", indicators={"conversion": 1.0}),
        },
        "changes": {
            "chatbot": _named("Assistant en ligne", "Online assistant", since="2025-03-03", function="digital", kind="automation"),
            "new_carrier": _named("Nouveau transporteur", "New carrier", since="2025-05-01", function="logistics"),
        },
    }  # fmt: skip
    return shown_company.charter(**(declared | changes))


def conflict(first: str, second: str, grade: str, effect: float, **rest: object) -> dict[str, object]:
    """A row of ``conflicts``: an empirical one, seen on 24 teams over 52 weeks."""
    return {
        "from_indicator": first, "to_indicator": second, "from_function": INDICATORS[first]["function"], "to_function": INDICATORS[second]["function"],
        "kind": "empirical", "effect": effect, "ci_low": effect - 0.08, "ci_high": effect + 0.08, "q": 0.02, "grade": grade,
        "verdict": "conflict" if effect < 0 else "synergy", "net_low": None, "net_median": None, "net_high": None, "p_net_negative": None,
        "effect_native": None, "native_low": None, "native_high": None, "native_unit": INDICATORS[second]["unit"], "per": None,
        "per_unit": INDICATORS[first]["unit"], "design": "panel", "lever": None, "lag_periods": 2, "units": 24, "periods": 52, "observations": 1_248,
        "smallest_detectable": 0.11, "smallest_of_interest": 0.1, "between": None, "within": effect, "pooled": None, "robustness": 0.21,
        "bias_bound": 0.05, "placebo_lead_p": 0.41, "placebo_outcome_p": 0.63, "sign_stability": 1.0, "refuted": "", "reason": None, "path": None, "severity": 0,
    } | rest  # fmt: skip


def conflicts() -> list[dict[str, object]]:
    rows = [
        conflict("handling_time", "first_contact", "A", -0.31, effect_native=-0.031, native_low=-0.042, native_high=-0.020, per=20.0, net_low=-410_000.0,
                 net_median=-280_000.0, net_high=-120_000.0, p_net_negative=0.995, design="lever", lever="time_target", severity=1, between=0.12, pooled=0.02),
        conflict("conversion", "retention", "B", -0.27, effect_native=-0.012, native_low=-0.019, native_high=-0.005, per=0.4, net_low=-390_000.0,
                 net_median=-150_000.0, net_high=40_000.0, p_net_negative=0.93, lag_periods=6, lever="discount", severity=2),
        conflict("handling_time", "repeat_calls", "C", -0.22, effect_native=0.014, native_low=0.006, native_high=0.022, per=20.0, net_low=-160_000.0,
                 net_median=-88_000.0, net_high=-20_000.0, p_net_negative=0.97),
        conflict("delivery_cost", "on_time", "C", -0.24, effect_native=-0.023, native_low=-0.037, native_high=-0.009, per=0.5, sign_stability=0.78, refuted="sign_stability"),
        conflict("on_time", "adopted", "D", -0.17, effect_native=-0.011, native_low=-0.021, native_high=-0.001, per=0.02, placebo_lead_p=0.004, refuted="lead_placebo"),
        conflict("cash_delay", "bill_disputes", "D", -0.19, effect_native=0.004, native_low=0.001, native_high=0.007, per=2.0),
        conflict("self_care", "repeat_calls", "D", -0.14, effect_native=0.009, native_low=0.001, native_high=0.017, per=0.03),
        conflict("first_contact", "repeat_calls", "B", 0.41, effect_native=-0.026, native_low=-0.034, native_high=-0.018, per=0.02),
        conflict("repair_delay", "repeat_calls", "C", 0.18, effect_native=-0.008, native_low=-0.013, native_high=-0.003, per=1.0),
        conflict("conversion", "cash_delay", "E", -0.2, verdict="not_detectable", smallest_detectable=0.42, effect_native=1.2, native_low=-0.6, native_high=3.0, per=0.4, reason="too_few_readings"),
        conflict("self_care", "adopted", "E", -0.05, verdict="not_detectable", smallest_detectable=0.38),
        conflict("conversion", "handling_time", "E", -0.6, kind="structural", lever="discount", path="discount", observations=0, units=0, periods=0, lag_periods=None),
        conflict("delivery_cost", "repair_delay", "E", -0.4, kind="indirect", lever=None, path="time_target > first_contact"),
        conflict("bill_disputes", "cash_delay", "E", 0.9, kind="mechanical", verdict="no_effect"),
    ]  # fmt: skip
    quiet = [
        conflict("adopted", name, "E", 0.01, verdict="no_effect")
        for name in ("first_contact", "retention", "self_care")
    ]
    return rows + quiet


def responsibility() -> list[dict[str, object]]:
    told = {
        "marketing": {"marketing": 0.32, "digital": 0.06, "service": 0.42},
        "digital": {"marketing": 0.03, "digital": 0.55, "service": 0.25},
        "service": {"marketing": 0.21, "digital": 0.11, "service": 0.38, "sales": 0.30},
        "logistics": {"logistics": None, "sales": 0.34, "service": 0.40},
    }  # fmt: skip
    observed = {
        "marketing": (0.0, 0.03, 0.02, 0.05), "digital": (0.0, 0.11, 0.19, 0.16), "service": (0.33, 0.31, 0.38, 0.34),
        "sales": (0.33, 0.12, 0.17, 0.22), "logistics": (0.34, 0.43, 0.24, 0.23),
    }  # fmt: skip
    rows = []
    for first, shares in told.items():
        for second, share in shares.items():
            low, high = (0.03, 0.23) if share is None else (share, share)
            declared, custody, breaks, shapley = observed[second]
            rows.append(
                {
                    "subject": "customer_experience", "from_function": first, "to_function": second, "perceived_low": low, "perceived_high": high,
                    "declared": declared, "custody": custody, "breaks": breaks, "shapley": shapley, "perceived_ci_low": max(0.0, low - 0.06),
                    "perceived_ci_high": high + 0.06, "respondents": 88, "shown": "point",
                }
            )  # fmt: skip
    return rows


def brakes() -> list[dict[str, object]]:
    base = {
        "journey_type": None,
        "period": "all",
        "persons": 2_900,
        "n": 6_000,
        "shown": "point",
        "reason": None,
    }
    rows: list[dict[str, object]] = [
        base | {"brake": "scattered", "measure": "functions_per_journey", "value": 3.4, "ci_low": 3.3, "ci_high": 3.5, "unit": "", "slope": 0.04, "slope_low": 0.01, "slope_high": 0.07, "trend": "up"},
        base | {"brake": "scattered", "measure": "orphan_seams", "value": 0.41, "ci_low": 0.39, "ci_high": 0.43, "unit": "share", "trend": "flat"},
        base | {"brake": "far", "measure": "handovers_per_journey", "value": 0.62, "ci_low": 0.58, "ci_high": 0.66, "unit": "", "trend": "down"},
        base | {"brake": "far", "measure": "waiting_hours", "value": 2.3, "ci_low": 1.9, "ci_high": 2.8, "unit": "days", "trend": "not_detectable"},
        base | {"brake": "far", "measure": "settled_by_first", "value": None, "unit": "share", "n": None, "persons": 3, "shown": "suppressed"},
        base | {"brake": "opposed", "measure": "conflicts", "value": 7.0, "unit": "", "n": 132, "persons": None, "trend": None},
        base | {"brake": "opposed", "measure": "pairs_in_conflict", "value": 0.18, "ci_low": 0.11, "ci_high": 0.27, "unit": "share", "persons": None, "n": 40},
    ]  # fmt: skip
    rows += [
        base | {"brake": "scattered", "measure": "functions_per_journey", "period": f"2025-0{month}", "value": 3.1 + 0.05 * month, "unit": ""}
        for month in range(1, 9)
    ]  # fmt: skip
    return rows


def function_effects() -> list[dict[str, object]]:
    base = {"ci_low": None, "ci_high": None, "grade": None, "verdict": None, "people": None, "money": None}
    return [
        base | {"function": "service", "direction": "does", "other": None, "through": "indicator", "item": "repeat_calls", "value": 0.17, "ci_low": 0.15, "ci_high": 0.19, "unit": "share", "people": 812},
        base | {"function": "service", "direction": "does", "other": "repairs", "through": "seam", "item": "service>repairs", "value": 0.12, "ci_low": 0.1, "ci_high": 0.14, "unit": "share", "people": 140, "money": -31_000.0},
        base | {"function": "service", "direction": "receives", "other": "sales", "through": "conflict", "item": "conversion>handling_time", "value": -0.6, "unit": "deviations", "grade": "E", "verdict": "conflict"},
        base | {"function": "sales", "direction": "does", "other": "marketing", "through": "conflict", "item": "conversion>retention", "value": -0.012, "ci_low": -0.019, "ci_high": -0.005, "unit": "share", "grade": "B", "verdict": "conflict", "money": -150_000.0},
        base | {"function": "sales", "direction": "does", "other": "service", "through": "lever", "item": "discount", "value": -0.6, "unit": "deviations", "grade": "E", "verdict": "conflict"},
        base | {"function": "marketing", "direction": "receives", "other": "sales", "through": "conflict", "item": "conversion>retention", "value": -0.012, "ci_low": -0.019, "ci_high": -0.005, "unit": "share", "grade": "B", "verdict": "conflict"},
        base | {"function": "logistics", "direction": "does", "other": None, "through": "promise", "item": "delivered_in_time", "value": 0.61, "ci_low": 0.59, "ci_high": 0.63, "unit": "share", "people": 2_233},
        base | {"function": "logistics", "direction": "does", "other": None, "through": "custody", "item": "repair", "value": 0.2, "unit": "share", "people": 3},
    ]  # fmt: skip


def decisions() -> dict[str, list[dict[str, object]]]:
    signed = {
        "status": "signed",
        "opened_at": datetime(2024, 12, 2, tzinfo=UTC),
        "estimator": "interrupted",
        "supersedes": None,
        "superseded_by": None,
        "dissents": 1,
        "replies": 3,
    }
    rows: list[dict[str, object]] = [
        {"decision": "d1", "question": "DMT ou résolution ?", "from_indicator": "handling_time", "to_indicator": "first_contact", "option": None, "status": "open", "opened_at": datetime(2025, 8, 20, tzinfo=UTC), "dissents": 1, "replies": 2},
        signed | {"decision": "d2", "question": "Remise ou fidélité ?", "option": "Remise à 10 %", "signed_at": datetime(2025, 1, 8, tzinfo=UTC), "signed_by": "Comité exécutif", "metric": "retention", "window_start": date(2025, 1, 20), "window_end": date(2025, 7, 20), "forecast_low": 0.002, "forecast": 0.009, "forecast_high": 0.016, "review_date": date(2025, 7, 31), "verdict": "confirmed", "observed": 0.007, "observed_low": 0.001, "observed_high": 0.013, "detectable": 0.006, "hash": "8d2a" * 16},
        signed | {"decision": "d3", "question": "Transporteur unique ?", "option": "Deux transporteurs", "signed_at": datetime(2025, 3, 3, tzinfo=UTC), "signed_by": "Directrice des opérations", "metric": "on_time", "window_start": date(2025, 3, 10), "window_end": date(2025, 8, 10), "forecast_low": 0.01, "forecast": 0.03, "forecast_high": 0.05, "review_date": date(2025, 8, 20), "verdict": "undetermined", "observed": 0.012, "observed_low": -0.02, "observed_high": 0.044, "detectable": 0.045, "hash": "77bc" * 16},
        signed | {"decision": "d4", "question": "Relance à 3 jours ?", "option": "Relance douce", "signed_at": datetime(2025, 6, 2, tzinfo=UTC), "signed_by": "Directeur financier", "metric": "cash_delay", "window_start": date(2025, 6, 9), "window_end": date(2025, 12, 9), "forecast_low": -3.0, "forecast": -1.5, "forecast_high": 0.5, "review_date": date(2025, 12, 15), "verdict": None, "hash": "01ff" * 16},
        signed | {"decision": "d5", "question": "Assistant d’abord ?", "option": "Assistant en première main", "signed_at": datetime(2025, 2, 3, tzinfo=UTC), "signed_by": "Directeur du digital", "metric": "self_care", "window_start": date(2025, 2, 10), "window_end": date(2025, 6, 10), "forecast_low": 0.04, "forecast": 0.08, "forecast_high": 0.12, "review_date": date(2025, 6, 20), "verdict": "refuted", "observed": -0.01, "observed_low": -0.03, "observed_high": 0.01, "detectable": 0.03, "hash": "aa10" * 16},
    ]  # fmt: skip
    options: list[dict[str, object]] = [
        {"decision": "d1", "option": "DMT visée à 300 s", "chosen": False, "kind": "lever", "net_low": 40_000.0, "net_median": 190_000.0, "net_high": 330_000.0, "p_net_negative": 0.02, "p_dominated": 0.08, "regret": 60_000.0, "vetoed": None, "wins_share": 0.62},
        {"decision": "d1", "option": "Cible de résolution à 75 %", "chosen": False, "kind": "target", "net_low": -120_000.0, "net_median": -30_000.0, "net_high": 60_000.0, "p_net_negative": 0.71, "p_dominated": 0.66, "regret": 240_000.0, "vetoed": None, "wins_share": 0.11},
        {"decision": "d1", "option": "Ne rien changer", "chosen": False, "kind": "as_is", "net_low": 0.0, "net_median": 0.0, "net_high": 0.0, "p_net_negative": 0.0, "p_dominated": 0.3, "regret": 300_000.0, "vetoed": None, "wins_share": 0.27},
        {"decision": "d1", "option": "DMT visée à 200 s", "chosen": False, "kind": "lever+weight", "net_low": -300_000.0, "net_median": -160_000.0, "net_high": -20_000.0, "p_net_negative": 0.98, "p_dominated": 0.9, "regret": 480_000.0, "vetoed": "first_contact:at_least:0.7", "wins_share": 0.0},
    ]  # fmt: skip
    forecasts = [
        {"decision": "d1", "option": "DMT visée à 300 s", "indicator": indicator, "function": INDICATORS[indicator]["function"], "team": team, "horizon": horizon, "low": value * 0.6, "median": value, "high": value * 1.4, "unit": INDICATORS[indicator]["unit"], "money_low": None, "money": None, "money_high": None, "extrapolated": horizon == "three_years", "grade": "A"}
        for indicator, scale in (("handling_time", 48.0), ("first_contact", 0.07), ("repeat_calls", -0.03), ("repair_delay", -0.4))
        for team in (None, "nord")
        for horizon, value in (("quarter", scale * 0.5), ("year", scale), ("three_years", scale * 1.1))
    ]  # fmt: skip
    effects = [
        {"decision": "d2", "indicator": "conversion", "function": "sales", "role": "guardrail", "observed": -0.05, "low": -0.12, "high": 0.02, "verdict": "held", "grade": "C"},
        {"decision": "d2", "indicator": "cash_delay", "function": "collections", "role": "other", "observed": 1.1, "low": 0.2, "high": 2.0, "verdict": "harmed", "grade": "C"},
    ]  # fmt: skip
    calibration = [
        {"decisions": 9, "judged": 8, "inside90": 7, "coverage": 0.875, "cover_low": 0.53, "cover_high": 0.98, "sign_right": 7, "bias": 0.1}
    ]  # fmt: skip
    curve = []
    for step in range(13):
        setting = 180.0 + 20 * step
        handled = 60 + 0.8 * setting
        solved = 0.62 + 0.16 * (1 - (1 - step / 12) ** 2)
        half = 0.012 + 0.003 * abs(step - 4)
        curve.append(
            {"from_indicator": "handling_time", "to_indicator": "first_contact", "lever": "time_target", "setting": setting, "from_value": handled,
             "from_low": handled - 4, "from_high": handled + 4, "to_value": solved, "to_low": solved - half, "to_high": solved + half,
             "net_low": -1e5, "net": 20_000.0 * step - 60_000, "net_high": 1e5, "extrapolated": step < 1 or step > 8, "current": step == 3}
        )  # fmt: skip
    second = [
        {"from_indicator": "conversion", "to_indicator": "retention", "lever": "discount", "setting": 2.5 * step, "from_value": 2.9 + 0.08 * step, "from_low": 2.8, "from_high": 4.0,
         "to_value": 0.86 - 0.011 * step, "to_low": 0.84 - 0.012 * step, "to_high": 0.88 - 0.010 * step, "net_low": None, "net": None, "net_high": None, "extrapolated": step > 9, "current": step == 6}
        for step in range(13)
    ]  # fmt: skip
    return {
        "decisions": rows, "decision_options": options, "decision_forecasts": forecasts, "decision_effects": effects, "calibration": calibration,
        "tradeoffs": curve + second,
    }  # fmt: skip


def rows() -> dict[str, list[dict[str, object]]]:
    """Every table of alignment, as plain rows."""
    teams = {"period_kind": "week", "feasible": True, "reason": None}
    return {
        "conflicts": conflicts(),
        "tests_to_run": [
            teams | {"from_indicator": "conversion", "to_indicator": "cash_delay", "lever": "discount", "units": 16, "periods": 20, "change": 5.0, "power": 0.82, "smallest_effect": 0.2},
            teams | {"from_indicator": "self_care", "to_indicator": "adopted", "lever": None, "units": None, "periods": None, "change": None, "power": None, "smallest_effect": 0.2, "feasible": False, "reason": "no_lever"},
        ],
        "target_sets": [
            {"set_number": 1, "indicator": "handling_time", "function": "service", "target": 240.0, "current": 252.0, "reachable": 204.0, "together": 268.0, "probability": 0.97, "feasible": False},
            {"set_number": 1, "indicator": "first_contact", "function": "service", "target": 0.8, "current": 0.71, "reachable": 0.82, "together": 0.76, "probability": 0.97, "feasible": False},
            {"set_number": 1, "indicator": "retention", "function": "marketing", "target": 0.82, "current": 0.79, "reachable": 0.85, "together": 0.81, "probability": 0.97, "feasible": False},
        ],
        "watermelons": [
            {"scope": "company", "unit": "journey", "green": 2_104, "lost": 303, "rate": 0.144, "ci_low": 0.13, "ci_high": 0.159, "lift": 0.94, "lift_low": 0.83, "lift_high": 1.06, "auc": 0.52, "auc_low": 0.49, "auc_high": 0.55, "n": 6_000, "persons": 2_900, "shown": "point", "reason": None},
            {"scope": "function:service", "unit": "journey", "green": 1_320, "lost": 250, "rate": 0.19, "ci_low": 0.17, "ci_high": 0.21, "lift": 1.2, "lift_low": 1.05, "lift_high": 1.36, "auc": 0.61, "auc_low": 0.58, "auc_high": 0.64, "n": 3_000, "persons": 1_700, "shown": "point", "reason": None},
            {"scope": "journey:repair", "unit": "journey", "green": 3, "lost": 1, "rate": 0.33, "ci_low": 0.06, "ci_high": 0.79, "lift": None, "auc": None, "n": 3, "persons": 3, "shown": "suppressed", "reason": None},
            {"scope": "function:billing", "unit": "journey", "green": 0, "lost": 0, "rate": None, "n": 0, "persons": None, "shown": "missing", "reason": "never_green"},
        ],
        "scoreboard": [
            {"scope": "company", "indicator": name, "function": INDICATORS[name]["function"], "auc": 0.5 + gain, "auc_low": 0.48, "auc_high": 0.56, "auc_without": 0.5, "gain": gain, "gain_low": gain - 0.01, "gain_high": gain + 0.01, "n": 6_000}
            for name, gain in (("first_contact", 0.034), ("handling_time", -0.021), ("on_time", 0.016), ("conversion", 0.001), ("cash_delay", -0.004))
        ],
        "gaming": [
            {"indicator": "on_time", "function": "logistics", "kind": "bunching", "estimate": 0.34, "ci_low": 0.21, "ci_high": 0.47, "p": 0.001, "q": 0.01, "n": 1_200, "outcome": "adopted", "verdict": "found", "grade": "C", "reason": None},
            {"indicator": "conversion", "function": "sales", "kind": "decoupling", "estimate": -0.2, "ci_low": -0.5, "ci_high": 0.1, "p": 0.2, "q": 0.4, "n": 300, "outcome": None, "verdict": "not_detectable", "grade": "E", "reason": "few_periods"},
            {"indicator": "cash_delay", "function": "collections", "kind": "bunching", "estimate": 0.0, "ci_low": -0.1, "ci_high": 0.1, "p": 0.9, "q": 0.9, "n": 300, "outcome": None, "verdict": "not_found", "grade": "D", "reason": None},
        ],
        "responsibility": responsibility(),
        "owned_seams": [
            {"journey_type": "subscription", "from_function": "sales", "to_function": "logistics", "seams": 2_900, "people_broken": 610, "owners": "", "claims": 0, "state": "orphan", "loss": 152_000.0, "loss_low": 110_000.0, "loss_high": 210_000.0},
            {"journey_type": "repair", "from_function": "service", "to_function": "repairs", "seams": 900, "people_broken": 108, "owners": "service, repairs", "claims": 2, "state": "contested", "loss": None, "loss_low": None, "loss_high": None},
            {"journey_type": "repair", "from_function": "repairs", "to_function": "service", "seams": 20, "people_broken": 3, "owners": "", "claims": 0, "state": "orphan", "loss": 700.0, "loss_low": None, "loss_high": None},
            {"journey_type": "repair", "from_function": "digital", "to_function": "service", "seams": 800, "people_broken": 90, "owners": "service", "claims": 1, "state": "owned", "loss": 1.0, "loss_low": None, "loss_high": None},
        ],
        "brakes": brakes(),
        "function_effects": function_effects(),
        "incentives": [
            {"scorecard": "service_bonus", "function": "service", "rule": "opposed", "severity": "high", "indicators": "handling_time, first_contact", "value": -0.31, "bound": 0.0, "detail": None},
            {"scorecard": "sales_bonus", "function": "sales", "rule": "no_customer", "severity": "high", "indicators": "conversion", "value": None, "bound": None, "detail": None},
            {"scorecard": "sales_bonus", "function": "sales", "rule": "noise", "severity": "medium", "indicators": "conversion", "value": 0.42, "bound": 0.1, "detail": None},
            {"scorecard": "sales_bonus", "function": "sales", "rule": "a_new_rule", "severity": "low", "indicators": "conversion", "value": None, "bound": None, "detail": None},
        ],
        "incentive_angles": [
            {"scorecard": "service_bonus", "function": "service", "cosine": -0.42, "ci_low": -0.7, "ci_high": -0.1, "degrees": 115.0, "terms": 2, "grade": "C", "reason": None},
            {"scorecard": "sales_bonus", "function": "sales", "cosine": None, "ci_low": None, "ci_high": None, "degrees": None, "terms": 0, "grade": None, "reason": "no_levers"},
        ],
        "changes": [
            {"change": "chatbot", "function": "digital", "journey_type": "repair", "from_function": "digital", "to_function": "service", "kind": "dead_end", "since": date(2025, 3, 3), "before": 0.29, "after": 0.12, "difference": -0.17, "ci_low": -0.21, "ci_high": -0.13, "n_before": 800, "n_after": 1_100, "grade": "B", "verdict": "moved", "moved_to": "service>billing", "reason": None},
            {"change": "new_carrier", "function": "logistics", "journey_type": "subscription", "from_function": "logistics", "to_function": "service", "kind": "long_wait", "since": date(2025, 5, 1), "before": 0.34, "after": 0.33, "difference": -0.01, "ci_low": -0.05, "ci_high": 0.03, "n_before": 900, "n_after": 700, "grade": "D", "verdict": "unchanged", "moved_to": None, "reason": None},
        ],
        "loose_ends": [
            {"kind": "initiative_without_sponsor", "subject": "chatbot", "function": "digital", "other": None, "since": date(2025, 3, 3)},
            {"kind": "initiative_without_budget", "subject": "new_carrier", "function": "logistics", "other": None, "since": date(2025, 5, 1)},
            {"kind": "initiatives_overlap", "subject": "chatbot", "function": "digital", "other": "new_carrier", "since": date(2025, 5, 1)},
            {"kind": "promise_without_indicator", "subject": "clear_bill", "function": None, "other": None, "since": None},
        ],
    } | decisions()  # fmt: skip


def alignment_tables() -> dict[str, pa.Table]:
    """The tables of alignment alone."""
    return {name: shown_company.table_of(held) for name, held in rows().items()}


def tables(journeys: int = 2_400) -> dict[str, pa.Table]:
    """Every table that a report reads."""
    return shown_company.tables(journeys=journeys) | alignment_tables()


def run_facts(**changes: object) -> RunFacts:
    """What the run says of itself, its tables of alignment included."""
    facts = shown_company.run_facts(**changes)
    if "tables" in changes:
        return facts
    more = {name: TableFile(f"tables/{name}.parquet", len(held)) for name, held in rows().items()}
    more["watermelon_customers"] = TableFile("tables/watermelon_customers.parquet", 303)
    return shown_company.run_facts(**(changes | {"tables": {**facts.tables, **more}}))
