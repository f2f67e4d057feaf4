"""The invented company of ``shown_company`` with its voices, questions, employees, machines and departures, and what a scan would give."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import shown_company

from portance.charter import Charter
from portance.views.run import RunFacts, TableFile


def _named(fr: str, en: str, **rest: object) -> dict[str, object]:
    return {"name": {"fr": fr, "en": en}, **rest}


DECLARED: dict[str, object] = {
    "voices": {
        "irritants": {
            "line_cut": _named("Ligne coupée à l’emménagement", "Line cut on moving in", owners=["network"], seam=["sales", "network"]),
            "slow_answer": _named("Réponse trop lente", "Slow answer", promise="right_first_time", owners=["service"]),
            "unclear_bill": _named("Facture incompréhensible", "Unclear bill", promise="clear_bill"),
        },
        "public": ["reviews"],
    },
    "surveys": {
        "recommend": _named("Recommanderiez-vous Voltaine ?", "Would you recommend Voltaine?", rating="nps", satisfied=9, target=0.55, precision=0.02, function="marketing"),
        "effort": _named("Facilité de la dernière démarche", "Ease of the last request", rating="ces", target=5.0, function="service"),
        "delivery_note": _named("Note de livraison", "Delivery rating", rating="csat", function="logistics"),
    },
    "pressure": {"activities": ["newsletter", "sales call"]},
    "employees": {
        "consulted": "2025-02-01",
        "tools": {"single_view": _named("Vue client unique", "Single customer view", since="2025-03-01", entitled=240)},
        "tasks": {"open_line": _named("Ouvrir la ligne", "Open the line", journey="subscription", activity="move_in")},
        "questions": {"first": _named("Le client passe d’abord", "Customers come first", means="customer_priority"), "guess": _named("Nos clients nous recommandent", "Our customers recommend us", means="recommendation")},
        "figures": {"absence": _named("Absentéisme", "Absence rate", means="absence", unit="share")},
    },
    "ambitions": {
        "effortless": {"says": {"fr": "Zéro effort pour nos clients", "en": "No effort for our customers"}, "owner": "service"},
        "on_the_day": {"says": {"fr": "Livrés le jour dit, partout", "en": "Delivered on the day, everywhere"}, "owner": "logistics", "budget": 400_000, "promise": "delivered_in_time"},
    },
    "beliefs": {"board_kept": {"promise": "delivered_in_time", "by": "Comité exécutif", "value": 0.8, "on": "2025-01-05"}},
    "machines": {
        "assistant": _named("Assistant en ligne", "Online assistant", function="digital"),
        "voice_menu": _named("Serveur vocal", "Voice menu", function="service", human=False),
    },
    "desks": {"phone": _named("Accueil téléphonique", "Phone desk", function="service", channel="phone", agents=40, within="3 minutes", source="comité de direction")},
    "retention": {"left": ["terminated"]},
}  # fmt: skip


def charter(**changes: object) -> Charter:
    """What the company declares, people and machines included."""
    return shown_company.charter(**(DECLARED | changes))


def _around(name: str, value: float, half: float) -> dict[str, object]:
    return {name: value, f"{name}_low": value - half, f"{name}_high": value + half}


def irritants() -> list[dict[str, object]]:
    def one(
        rank: int, name: str, share: float, severity: float, loss: float | None, **rest: object
    ) -> dict[str, object]:
        lost = None if loss is None else loss / 9e6
        held: dict[str, object] = {"irritant": name, "language": None, "n": round(share * 8_000), "persons": round(share * 2_600), "promise": None, "seam": None, "owners": "", "grade": "C", "rank": rank, "public_only": False, "suggestions": 0, "shown": "point", "reason": None, "complaints_from": "guessed", "complaint_names": "Réclamation"}  # fmt: skip
        held |= _around("share", share, 0.006) | _around("severity", 100 * severity, 5.0)
        for column, value in (("loss", loss), ("lost", lost), ("contacts", None if loss is None else loss / 9e5), ("complaints", None if loss is None else loss / 4e6)):  # fmt: skip
            held |= (
                {column: None, f"{column}_low": None, f"{column}_high": None}
                if value is None
                else _around(column, value, value * 0.4)
            )
        return held | rest

    return [
        one(
            1,
            "line_cut",
            0.021,
            0.71,
            310_000.0,
            seam="sales>network",
            owners="network, sales",
            grade="B",
            suggestions=12,
        ),
        one(
            2,
            "slow_answer",
            0.164,
            0.33,
            190_000.0,
            promise="right_first_time",
            owners="service",
            suggestions=41,
        ),
        one(3, "unclear_bill", 0.118, 0.27, 84_000.0, promise="clear_bill", suggestions=87),
        one(4, "rude_tone", 0.034, 0.52, 41_000.0, loss_low=-9_000.0, owners="service", grade="D"),
        one(5, "website_down", 0.052, 0.12, None, grade="E", reason="few_persons"),
        one(6, "rare_thing", 0.004, 0.6, None, persons=12, shown="interval", grade="E"),
        one(7, "hardly_any", 0.001, 0.6, None, persons=3, shown="suppressed", grade="E"),
        one(8, "ads", 0.0, 0.0, None, grade="E") | {"public_only": True, "share": None, "severity": None},
    ]


def voices() -> list[dict[str, object]]:
    given = ["model"] * 70 + ["words"] * 21 + ["person"] * 9
    return [
        {"interaction_id": f"i{place}", "person_id": f"p{place % 40}", "sentence": 0, "language": "fr", "treated": True, "kind": "suggestion" if place % 9 == 0 else "complaint", "irritant": "slow_answer", "polarity": "negative", "score": 0.8, "given_by": giver, "model": "words", "copy_of": None, "public": False}
        for place, giver in enumerate(given)
    ]  # fmt: skip


def silent() -> list[dict[str, object]]:
    base: dict[str, object] = {
        "segment": "all",
        "r_indicator": 0.81,
        "bias_bound": 0.2,
        "ece": 0.03,
        "slope": 0.94,
        "calibrated": True,
        "warning": "",
        "reason": None,
        "shown": "point",
        "verdict": "missed",
    }
    return [
        base | {"question": "recommend", "unit": "share", "naive": 0.62, "naive_low": 0.60, "naive_high": 0.64, "estimate": 0.49, "ci_low": 0.455, "ci_high": 0.52, "band_low": 0.37, "band_high": 0.60, "flips_at": 0.07, "answers": 2_104, "asked": 24_300, "people": 31_000, "rate": 0.087, "follow_up": 220, "warning": "cannot_be_excluded, late_answers_differ", "target": 0.55},
        base | {"question": "effort", "unit": "", "naive": 5.3, "naive_low": 5.2, "naive_high": 5.4, "estimate": 5.2, "ci_low": 5.0, "ci_high": 5.4, "band_low": 4.4, "band_high": 5.9, "flips_at": None, "answers": 890, "asked": 6_000, "people": 12_000, "rate": 0.148, "follow_up": 150, "target": 5.0, "verdict": "not_detectable"},
        base | {"question": "recommend", "segment": "b2b", "unit": "share", "naive": 0.5, "naive_low": 0.3, "naive_high": 0.7, "estimate": 0.44, "ci_low": 0.25, "ci_high": 0.63, "band_low": 0.2, "band_high": 0.8, "flips_at": None, "answers": 22, "asked": 300, "people": 400, "rate": 0.07, "follow_up": 60, "target": 0.55, "shown": "interval"},
        base | {"question": "delivery_note", "unit": "", "naive": None, "naive_low": None, "naive_high": None, "estimate": None, "ci_low": None, "ci_high": None, "band_low": None, "band_high": None, "flips_at": None, "answers": 3, "asked": 40, "people": 500, "rate": 0.07, "follow_up": None, "target": None, "shown": "suppressed", "reason": "few_persons", "verdict": None},
    ]  # fmt: skip


def pressure() -> list[dict[str, object]]:
    rows = []
    for function, scale in ((None, 1.0), ("marketing", 0.6), ("sales", 0.3)):
        for month in range(1, 13):
            over, rate = scale * (0.08 + 0.012 * month), 0.19 - 0.008 * month
            rows.append(
                {"function": function, "period": date(2024 + (month + 7) // 12, (month + 7) % 12 + 1, 1), "persons": 9_000, "contacts": round(21_000 * scale), "per_person": 2.3 * scale, "over": round(9_000 * over), "over_share": over, "over_low": over - 0.006, "over_high": over + 0.006, "asked": 4_000, "answers": round(4_000 * rate), "response_rate": rate, "rate_low": rate - 0.01, "rate_high": rate + 0.01, "uncounted": round(1_500 * scale)}
            )  # fmt: skip
    return rows


def symmetry() -> list[dict[str, object]]:
    def one(
        step: str, measure: str, customer: float | None, employee: float | None, state: str, **rest: object
    ) -> dict[str, object]:
        held: dict[str, object] = {
            "journey_type": "subscription",
            "step": step,
            "function": "service",
            "measure": measure,
            "unit": "",
            "employees": 46,
            "persons": 1_900,
            "state": state,
            "shown": "point",
            "reason": None,
        }
        for side, value in (("customer", customer), ("employee", employee)):
            held |= {
                side: value,
                f"{side}_low": None if value is None else value * 0.9,
                f"{side}_high": None if value is None else value * 1.1,
            }
        gap = None if customer is None or employee is None else customer - employee
        held |= {
            "balance": gap,
            "ci_low": None if gap is None else gap - 1,
            "ci_high": None if gap is None else gap + 1,
        }
        return held | rest

    return [
        one("move_in", "effort_tools", 2.0, 9.0, "customer_only"),
        one("first_bill", "effort_tools", 4.0, 3.8, "balanced"),
        one("ask_for_help_with_the_box", "effort_tools", 6.0, 2.1, "employee_only"),
        one("terminate", "effort_tools", 5.0, None, "not_detectable", employees=6, shown="suppressed"),
        one("move_in", "effort_minutes", 6.0, 41.0, "customer_only", unit="minutes"),
        one("first_bill", "effort_minutes", 12.0, 15.0, "both_low", unit="minutes"),
        one("move_in", "balance", 61.0, 38.0, "customer_only", unit="points", margin=-12.0, margin_low=-16.0, margin_high=-8.0),
    ]  # fmt: skip


def reality() -> list[dict[str, object]]:
    base: dict[str, object] = {
        "missing": None,
        "n": None,
        "unit": "share",
        "shown": "point",
        "reason": None,
    } | {f"{side}{end}": None for side in ("said", "lived", "gap") for end in ("", "_low", "_high")}
    return [
        base | {"part": "action", "subject": "effortless", "missing": "budget, standard, action"},
        base | {"part": "action", "subject": "on_the_day", "missing": ""},
        base | {"part": "perception", "subject": "all", "n": 320} | _around("said", 0.84, 0.04) | _around("lived", 0.39, 0.05) | _around("gap", 0.45, 0.07),
        base | {"part": "belief", "subject": "board_kept", "said": 0.8, "n": 2_900} | _around("lived", 0.61, 0.02) | _around("gap", 0.19, 0.02),
        base | {"part": "prediction", "subject": "service", "n": 320} | _around("said", 0.5, 0.06) | _around("lived", 0.49, 0.03) | _around("gap", 0.01, 0.07),
    ]  # fmt: skip


def dosage() -> list[dict[str, object]]:
    base: dict[str, object] = {
        "segment": "all",
        "compared": "human_machine",
        "n": 4_200,
        "ess": 900.0,
        "persons": 3_100,
        "dropped": 210,
        "reason": None,
        "grade": "C",
        "overlap": 0.93,
    }

    def one(
        intent: str, outcome: str, figures: tuple[float | None, float, float], verdict: str, **rest: object
    ) -> dict[str, object]:
        effect, raw, half = figures
        return base | {
            "intent": intent, "outcome": outcome, "human": None if effect is None else 0.7 + effect / 2, "machine": None if effect is None else 0.7 - effect / 2, "effect": effect,
            "ci_low": None if effect is None else effect - half, "ci_high": None if effect is None else effect + half, "raw": raw, "raw_low": raw - half / 2, "raw_high": raw + half / 2, "verdict": verdict,
        } | rest  # fmt: skip

    return [
        one("moving", "resolved", (0.18, -0.06, 0.04), "human", grade="B"),
        one("bill_explained", "resolved", (0.02, -0.09, 0.03), "either"),
        one("meter_reading", "resolved", (-0.05, -0.11, 0.02), "machine"),
        one(
            "complaint",
            "resolved",
            (None, -0.2, 0.05),
            "no_support",
            grade="E",
            overlap=0.04,
            reason="no_overlap",
        ),
        one("moving", "resolved", (0.07, 0.01, 0.03), "human", compared="human_handover"),
        one("moving", "repeat", (-0.11, 0.04, 0.03), "human"),
        one("meter_reading", "repeat", (0.01, 0.05, 0.02), "not_detectable"),
        one("moving", "cost", (6.2, 7.9, 0.8), "machine") | {"human": 8.4, "machine": 2.2},
        one("moving", "effort", (-0.6, -0.1, 0.2), "human") | {"human": 2.1, "machine": 2.7},
    ]


def containment() -> list[dict[str, object]]:
    def one(machine: str, intent: str | None, sessions: int, **parts: float) -> dict[str, object]:
        held: dict[str, object] = {
            "machine": machine,
            "intent": intent,
            "sessions": sessions,
            "persons": sessions // 2,
        }
        for name, value in parts.items():
            held |= _around(name, value, 0.015)
        return held | (
            {"deflected": None, "deflected_low": None, "deflected_high": None}
            if "deflected" not in parts
            else {}
        )

    return [
        one(
            "assistant",
            None,
            18_400,
            contained=0.71,
            resolved=0.44,
            false_containment=0.27,
            handed=0.20,
            abandoned=0.09,
            deflected=0.21,
        ),
        one(
            "voice_menu",
            None,
            51_200,
            contained=0.39,
            resolved=0.31,
            false_containment=0.08,
            handed=0.52,
            abandoned=0.09,
        ),
        one(
            "assistant",
            "moving",
            2_100,
            contained=0.60,
            resolved=0.22,
            false_containment=0.38,
            handed=0.31,
            abandoned=0.09,
        ),
    ]


def dose_curve() -> list[dict[str, object]]:
    rows = []
    for step in range(11):
        dose = 0.1 * step
        full = dose > 0.75
        rows.append(
            {"desk": "phone", "intent": None, "dose": dose, "arrivals": 400 * dose, "load": 34 * dose, "agents": 40.0, "wait_s": 14_400.0 if full else 12 + 260 * dose**4, "within": 0.9 - 0.7 * dose**4, "abandoned": 0.01 + 0.3 * dose**4, "value": 0.52 + 0.4 * dose - 0.36 * dose**3, "value_low": 0.49 + 0.4 * dose - 0.37 * dose**3, "value_high": 0.55 + 0.4 * dose - 0.35 * dose**3, "current": step == 3, "best": step == 6, "saturated": full}
        )  # fmt: skip
    return rows


def takeovers() -> list[dict[str, object]]:
    base: dict[str, object] = {"to_function": "service", "shown": "point", "reason": None}
    return [
        base | {"machine": "assistant", "function": "digital", "handovers": 3_680, "asked": 1_204, "persons": 3_010, "wait_s": 410.0, "wait_s_low": 380.0, "wait_s_high": 450.0} | _around("asked_again", 0.46, 0.02) | _around("solved", 0.58, 0.02) | _around("trapped", 0.12, 0.01) | _around("reachable", 0.81, 0.02) | _around("premature", 0.06, 0.01) | _around("late", 0.31, 0.02),
        base | {"machine": "voice_menu", "function": "service", "handovers": 26_000, "asked": 9_100, "persons": 14_000, "wait_s": 95.0, "wait_s_low": 90.0, "wait_s_high": 101.0} | _around("asked_again", 0.21, 0.01) | _around("solved", 0.71, 0.01) | _around("trapped", 0.03, 0.005) | _around("reachable", 0.96, 0.01) | _around("premature", 0.02, 0.01) | _around("late", 0.08, 0.01),
        base | {"machine": "old_menu", "function": "service", "handovers": 3, "asked": 3, "persons": 3, "wait_s": 20.0, "wait_s_low": None, "wait_s_high": None, "shown": "suppressed", "reason": "few_persons"} | _around("asked_again", 0.3, 0.1) | _around("solved", 0.5, 0.1) | _around("trapped", 0.1, 0.05) | _around("reachable", 0.9, 0.1) | _around("premature", 0.0, 0.0) | _around("late", 0.0, 0.0),
    ]  # fmt: skip


def takeover_policy() -> list[dict[str, object]]:
    learnt, replayed = datetime(2025, 6, 2, 9, tzinfo=UTC), datetime(2025, 6, 3, 9, tzinfo=UTC)
    rows: list[dict[str, object]] = []

    def put(part: str, figure: str, value: float | None, half: float | None = None, *, unit: str = "score", basis: str = "predicted", n: int | None = None, **rest: object) -> None:  # fmt: skip
        ends = {"low": None, "high": None} if half is None or value is None else {"low": value - half, "high": value + half}  # fmt: skip
        rows.append({"position": len(rows) + 1, "part": part, "figure": figure, "basis": basis, "value": value, "unit": unit, "n": n, "conversations": n, "shown": "point", "at": learnt if part in ("learnt", "held_out") else replayed, "reason": None} | ends | rest)  # fmt: skip

    for figure, count in (("conversations", 640), ("turns", 6_210), ("asked", 1_180)):
        put("learnt", figure, count, unit="count", basis="counted")
    for figure, score in (("f1", 0.64), ("precision", 0.61), ("recall", 0.67), ("gt1", 0.66), ("gt2", 0.75), ("gt3", 0.79)):  # fmt: skip
        put("held_out", figure, score, 0.03, basis="measured", n=640)
    for figure, count in (("conversations", 4_300), ("turns", 39_500), ("seen", 12)):
        put("replay", figure, count, unit="count", basis="counted")
    put("replay", "handed", 0.31, 0.014, unit="share", n=4_300)
    put("replay", "turn", 5.0, 1.0, unit="turns", n=1_333)
    put("replay", "into", 0.52, 0.02, unit="share", n=1_333)
    put("replay", "solved_anyway", 0.22, 0.03, unit="share", n=610)
    put("replay", "spared", 0.68, 0.03, unit="share", n=980)
    put("replay", "sooner", 3.0, 1.0, unit="turns", n=420)
    put("replay", "f1", None, basis="measured", shown=None, reason="no_labels")
    for figure, share, count in (("circles", 0.58, 773), ("said", 0.31, 413), ("length", 0.11, 147)):
        put("reason", figure, share, 0.02, unit="share", n=count, conversations=1_333)
    return rows


def stall(verdict: str = "no_alarm") -> list[dict[str, object]]:
    base: dict[str, object] = {"period": None, "basis": "measured", "teams": 24, "employees": 310, "weeks": 2, "persistence": None, "observed": None, "verdict": None, "reason": None, "n": 61}  # fmt: skip
    earned = verdict == "alarm"
    low = 0.04 if earned else -0.11
    rows = [
        base | {"figure": "skill", "value": low + 0.08, "low": low, "high": low + 0.16, "unit": "score", "verdict": verdict},
        base | {"figure": "warned", "value": None, "low": 0.31, "high": 0.52, "unit": "share", "n": 38, "teams": 22},
        base | {"figure": "lead", "value": None, "low": 1.2, "high": 2.8, "unit": "weeks", "n": 38, "teams": 22},
        base | {"figure": "false_alarms", "value": None, "low": 0.05, "high": 0.22, "unit": "share", "n": 88, "reason": "earlier_figure"},
    ]  # fmt: skip
    if earned:
        rows.append(base | {"figure": "risk", "basis": "predicted", "value": 0.21, "low": 0.08, "high": 0.36, "unit": "share", "n": None})  # fmt: skip
    for place in range(18):
        told, fell = 0.16 + 0.006 * (place % 7), 0.10 + 0.02 * (place % 9)
        seen = place < 14
        rows.append(base | {"figure": "curve", "basis": "predicted", "period": date(2025, 1, 6) + timedelta(14 * place), "value": told, "unit": "share", "persistence": 0.18, "observed": fell if seen else None, "low": fell - 0.06 if seen else None, "high": fell + 0.1 if seen else None, "n": None})  # fmt: skip
    return rows


def retention() -> list[dict[str, object]]:
    base: dict[str, object] = {
        "journey_type": None,
        "persons": 12_400,
        "departures": 1_330,
        "design": "marginal",
        "reason_null": None,
        "verdict": "more_leave",
        "grade": "C",
    }

    def one(
        exposure: str, reason: str, lost: float, half: float, ratio: float, **rest: object
    ) -> dict[str, object]:
        return base | {"exposure": exposure, "reason": reason, "lost_per_100": lost, "lost_low": lost - half, "lost_high": lost + half, "hazard_ratio": ratio, "ci_low": ratio * 0.85, "ci_high": ratio * 1.17, "exposed": 2_140, "soon_per_100": lost, "soon_low": lost - half, "soon_high": lost + half, "soon_periods": 3, "whole": lost > half} | rest  # fmt: skip

    return [
        one("promise:delivered_in_time", "free", 4.1, 0.9, 1.62, grade="B"),
        one("promise:delivered_in_time", "held", 0.4, 0.5, 1.05, verdict="not_detectable"),
        one("promise:delivered_in_time", "all", 3.2, 0.8, 1.5, grade="B"),
        one("repeat_contact", "all", 2.3, 0.7, 1.31),
        one("long_wait", "all", 0.3, 0.9, 1.04, verdict="not_detectable", grade="E"),
        one("ping_pong", "all", 2.0, 3.0, 1.4, persons=4, exposed=4, shown="suppressed"),
    ]  # fmt: skip


def rows() -> dict[str, list[dict[str, object]]]:
    """Every table of people and machines, as plain rows."""
    curve = [
        {"group": group, "month": month, "at_risk": 9_000 - 200 * month, "staying": 1 - slope * month, "low": 1 - slope * month - 0.01, "high": min(1.0, 1 - slope * month + 0.01)}
        for group, slope in (("all", 0.012), ("free", 0.013), ("held", 0.004), ("exposed:promise:delivered_in_time", 0.018), ("not_exposed:promise:delivered_in_time", 0.009))
        for month in range(19)
    ]  # fmt: skip
    return {
        "irritants": irritants(),
        "voices": voices(),
        "voice_examples": [
            {"irritant": "slow_answer", "language": "fr", "kind": "complaint", "text": "J’ai attendu [durée] sans réponse, j’ai fini par rappeler."},
            {"irritant": "slow_answer", "language": "en", "kind": "complaint", "text": "Nobody answered for [number] days."},
            {"irritant": "unclear_bill", "language": "fr", "kind": "suggestion", "text": "Il faudrait détailler les frais sur la facture."},
        ],
        "voice_counts": [
            {"source": "reviews", "language": "fr", "verbatims": 7_900, "treated": 7_900, "sentences": 18_300, "copies": 412, "masked": 1_904, "kinds": "{}"},
            {"source": "reviews", "language": "en", "verbatims": 610, "treated": 610, "sentences": 1_480, "copies": 9, "masked": 88, "kinds": "{}"},
            {"source": "reviews", "language": "other", "verbatims": 133, "treated": 0, "sentences": 0, "copies": 0, "masked": 12, "kinds": "{}"},
        ],
        "silent": silent(),
        "restraint": [
            {"question": "recommend", "function": "marketing", "answers": 2_104, "asked": 24_300, "precision": 0.019, "wanted": 0.02, "needed": 1_980, "stop": True, "per_week": 60.0, "weeks_to_go": 0.0, "reason": "enough"},
            {"question": "effort", "function": "service", "answers": 890, "asked": 6_000, "precision": 0.1, "wanted": 0.05, "needed": 2_130, "stop": False, "per_week": 90.0, "weeks_to_go": 13.8, "reason": "more_needed"},
            {"question": "delivery_note", "function": "logistics", "answers": 3, "asked": 40, "precision": None, "wanted": None, "needed": None, "stop": None, "per_week": None, "weeks_to_go": None, "reason": "few_persons"},
        ],
        "pressure": pressure(),
        "symmetry": symmetry(),
        "thrust": [
            {"lag_weeks": 3, "effect": 0.21, "ci_low": 0.08, "ci_high": 0.34, "reverse": 0.03, "reverse_low": -0.06, "reverse_high": 0.12, "units": 24, "periods": 52, "grade": "C", "verdict": "thrust_first", "reason": None},
            {"lag_weeks": 1, "effect": 0.02, "ci_low": -0.1, "ci_high": 0.14, "reverse": 0.03, "reverse_low": -0.06, "reverse_high": 0.12, "units": 24, "periods": 52, "grade": "E", "verdict": "not_detectable", "reason": None},
        ],
        "stall": stall(),
        "adoption": [
            {"tool": "single_view", "since": date(2025, 3, 1), "entitled": 240, "users": 91, "share": 0.38, "low": 0.32, "high": 0.44, "workarounds": 0.27, "on_time": False, "shown": "point", "reason": None, "kept": 0.64, "kept_low": 0.52, "kept_high": 0.76, "followed": 75, "kept_shown": "point", "kept_reason": None},
            {"tool": "new_form", "since": date(2025, 5, 1), "entitled": 8, "users": 6, "share": 0.75, "low": 0.4, "high": 0.9, "workarounds": 1.0, "on_time": None, "shown": "suppressed", "reason": "floor", "kept": None, "kept_low": None, "kept_high": None, "followed": None, "kept_shown": "suppressed", "kept_reason": "none_followed"},
        ],
        "simplified": [
            {"change": "chatbot", "journey_type": "subscription", "step": "move_in", "customer_before": 7.0, "customer_after": 2.0, "employee_before": 8.0, "employee_after": 9.0, "verdict": "customer_only", "reason": None},
        ],
        "artificial_reality": reality(),
        "employee_figures": [
            {"figure": "absence", "means": "absence", "unit": "all", "period": date(2025, 4, 1), "value": 0.081, "customer_measure": None, "association": None, "low": 0.07, "high": 0.09, "n": 210, "shown": "point", "reason": None},
            {"figure": "absence", "means": "absence", "unit": "all", "period": None, "value": None, "customer_measure": "journeys_without_break", "association": -0.24, "low": -0.41, "high": -0.05, "n": 210, "shown": "point", "reason": None},
        ],
        "dosage": dosage(),
        "containment": containment(),
        "dose_curve": dose_curve(),
        "queues": [
            {"desk": "phone", "patience_fit": "sooner", "abandoned": 812, "fit_at_s": 14.0, "fit_gone": 0.11, "fit_exponential": 0.04, "attention": 0.5, "attention_low": 0.44, "attention_high": 0.57, "attention_from": "measured"},
        ],
        "machines": [
            {"machine": "assistant", "verdict": "repair", **_around("resolved", 0.44, 0.02), **_around("false_containment", 0.27, 0.02), **_around("kept", 0.62, 0.01), "effect": 0.12, "ci_low": 0.08, "ci_high": 0.16, "persons": 9_000, "reason": "false_containment, human_settles_more"},
            {"machine": "voice_menu", "verdict": "not_detectable", **_around("resolved", 0.31, 0.02), **_around("false_containment", 0.08, 0.01), **_around("kept", 0.8, 0.01), "effect": None, "ci_low": None, "ci_high": None, "persons": 9_000, "reason": "interval_too_wide"},
        ],
        "left_out": [
            {"intent": "moving", "segment": "age=over_75", "channel": "web", "measure": "never_succeeds", **_around("share", 0.31, 0.04), **_around("others", 0.09, 0.01), "persons": 410, "verdict": "left_out", "shown": "point", "reason": "machine_only"},
        ],
        "phoned_for": [
            {"intent": "delivery_slot", "channel": "phone", "function": "logistics", "contacts": 2_310, **_around("share", 0.94, 0.01), "duration_s": 95.0, **_around("resolved", 0.91, 0.01), "hours_per_week": 61.0, "persons": 1_800, "shown": "point", "reason": "one_channel_short_settled"},
        ],
        "remaining": [
            {"change": "chatbot", "function": "service", "intent": None, "measure": "handling_s", "unit": "seconds", **_around("before", 312.0, 9.0), **_around("after", 441.0, 12.0), **_around("difference", 129.0, 15.0), "stale": True, "hours": -120.0, "posts": -3.4, "persons": 4_000, "verdict": "harder", "shown": "point", "reason": None},
            {"change": "chatbot", "function": "service", "intent": None, "measure": "repeat", "unit": "share", **_around("before", 0.12, 0.01), **_around("after", 0.17, 0.01), **_around("difference", 0.05, 0.014), "stale": None, "hours": None, "posts": None, "persons": 4_000, "verdict": "harder", "shown": "point", "reason": None},
        ],
        "answer_times": [
            {"desk": "phone", "channel": "phone", "function": "service", "answered": 41_000, "within_share": 0.64, "low": 0.63, "high": 0.65, "median_s": 122.0, "p90_s": 711.0, "standard_s": 180.0, "announced_s": 120.0, "expected_s": 150.0, "verdict": "missed"},
        ],
        "continuity": [
            {"journey_type": "repair", "journeys": 2_100, "persons": 1_900, "same_adviser": 0.23, "low": 0.21, "high": 0.25, "advisers": 2.9, "shown": "point", **_around("effect", -0.06, 0.02)},
        ],
        "contact_reasons": [
            {"coded": None, "text_says": None, "n": 900, "share": None, "agreement": 0.61, "kappa": 0.44, "hides": None},
            {"coded": "billing", "text_says": None, "n": 480, "share": 0.53, "agreement": 0.4, "kappa": None, "hides": True},
            {"coded": "billing", "text_says": "slow_answer", "n": 310, "share": 0.22, "agreement": None, "kappa": None, "hides": None},
            {"coded": "moving", "text_says": "line_cut", "n": 3, "share": 0.02, "agreement": None, "kappa": None, "hides": None},
        ],
        "takeovers": takeovers(),
        "takeover_policy": takeover_policy(),
        "retention": retention(),
        "retention_curve": curve,
        "customer_value": [
            {"what": "lost_customer", "value": 420.0, "low": 250.0, "high": 700.0, "source": "declared", "n": None},
            {"what": "kept_promise:delivered_in_time", "value": 13.4, "low": 8.8, "high": 18.2, "source": "measured", "n": 2_140},
        ],
    }  # fmt: skip


def people_tables() -> dict[str, pa.Table]:
    """The tables of people and machines alone."""
    return {name: shown_company.table_of(held) for name, held in rows().items()}


def tables(journeys: int = 2_400) -> dict[str, pa.Table]:
    """Every table that a report reads."""
    return shown_company.tables(journeys=journeys) | people_tables()


def run_facts(**changes: object) -> RunFacts:
    """What the run says of itself, its tables of people and machines included."""
    facts = shown_company.run_facts(**changes)
    if "tables" in changes:
        return facts
    more = {name: TableFile(f"tables/{name}.parquet", len(held)) for name, held in rows().items()}
    return shown_company.run_facts(**(changes | {"tables": {**facts.tables, **more}}))
