"""What is true of Hélienne: what nobody in it can see whole, written apart from what its systems export."""

import json
import math
from pathlib import Path
from typing import Any

from portance.worlds.self_care.living import (
    HELD,
    HUMAN,
    INTENTS,
    LEAVES,
    MACHINE,
    SEVERITY,
    TRAPPED,
    TROUBLE,
    Company,
)


def write(company: Company, folder: Path) -> None:
    """Write ``truth.json`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(told(company), ensure_ascii=False, indent=2)
    (folder / "truth.json").write_bytes(f"{text}\n".encode())


def told(company: Company) -> dict[str, Any]:
    """The truth as values: effects by what would have been, rates by what really was."""
    sessions = [contact for contact in company.contacts if contact.machine]
    asked = [contact for contact in sessions if contact.asked_human]
    closed = [contact for contact in sessions if contact.outcome == "resolved"]
    handed = [contact for contact in company.contacts if contact.activity == "reprise"]
    answered = [answer for answer in company.answers if answer.answered_s is not None]
    return {
        "world": "self_care",
        "seed": company.seed,
        "sessions": len(sessions),
        "asked_for_a_person": len(asked),
        "trapped": sum(contact.trapped for contact in sessions),
        "closed_by_the_machine": len(closed),
        "closed_and_not_settled": sum(not contact.settled for contact in closed),
        "taken_over": len(handed),
        "asked_again_at_take_over": sum(contact.asked_again for contact in handed),
        "settles": {intent: _settling(company, intent) for intent in INTENTS if intent != "horaires"},
        "human_minus_machine": {
            intent: round(_effect(company, intent), 4) for intent in INTENTS if intent != "horaires"
        },
        "asked": len(company.answers),
        "answered": len(answered),
        "satisfaction_of_all": round(
            sum(answer.satisfaction for answer in company.answers) / len(company.answers), 4
        ),
        "satisfaction_of_answerers": round(
            sum(answer.satisfaction for answer in answered) / len(answered), 4
        ),
        "departures": len(company.departures),
        "log_hazard": {"trouble": TROUBLE, "trapped": TRAPPED, "held": round(math.log(HELD), 4)},
        "monthly_hazard": LEAVES,
    }


def _effect(company: Company, intent: str) -> float:
    """By how much a person would settle more of the first requests of an intent than the machine, all else the same."""
    told = _settling(company, intent)
    return told["human"] - told["machine"]


def _settling(company: Company, intent: str) -> dict[str, float]:
    """The share of the first requests of an intent that each would settle, had it been given all of them."""
    firsts = {
        contact.issue: contact
        for contact in company.contacts
        if contact.turn == 0 and contact.intent == intent
    }
    return {
        who: round(
            sum(_settles(odds, contact.severity, intent) for contact in firsts.values()) / len(firsts), 4
        )
        for who, odds in (("human", HUMAN), ("machine", MACHINE))
    }


def _settles(odds: dict[str, float], severity: float, intent: str) -> float:
    return 1 / (1 + math.exp(-(odds[intent] - SEVERITY * severity)))
