"""What the systems of Hélienne write down of a year, each in its own way."""

import csv
import math
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from portance.worlds.self_care import speech
from portance.worlds.self_care.living import AGENTS, DAYS, FIRST, TEAMS, TOOL_FROM, Company, Contact

_MIDNIGHT = datetime.combine(FIRST, time())
QUESTIONS = ("moyens", "outils", "autonomie", "experience_rendue", "client_priorite", "recommandation")
TOOLS = {"facture": 6, "panne": 5, "suivi": 2, "mot de passe": 2, "contrat": 4, "horaires": 1}
"""How many applications an agent opens for one request."""
REKEYED = {"facture": 3, "panne": 2, "suivi": 0, "mot de passe": 0, "contrat": 2, "horaires": 0}
ADOPTED, ENTITLED = 0.42, 84


def write(company: Company, folder: Path) -> None:
    """Write the extracts of a company that has lived its year into ``folder``."""
    extracts = folder / "extracts"
    extracts.mkdir(parents=True, exist_ok=True)
    chance = random.Random(f"self_care {company.seed} as written")
    _sessions(company, extracts / "assistant.csv")
    _calls(company, extracts / "appels.csv")
    _rest(company, extracts)
    _surveys(company, chance, extracts / "enquetes.csv")
    _reviews(chance, extracts / "avis.csv")
    _work(company, chance, extracts / "travail.csv")
    _barometer(chance, extracts / "barometre.csv")
    _figures(chance, extracts / "rh.csv")
    _expectations(chance, extracts / "attentes.csv")
    (folder / "private").mkdir(exist_ok=True)
    (folder / "private" / "noms.txt").write_bytes(("\n".join(speech.names()) + "\n").encode())


def _local(at_s: int) -> str:
    """An instant on the wall; the company's systems write no zone."""
    return f"{_MIDNIGHT + timedelta(seconds=at_s):%Y-%m-%d %H:%M:%S}"


def _rows(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _told(contact: Contact) -> list[object]:
    customer = contact.customer
    return [
        customer.account, "pro" if customer.professional else "particulier", "60 et plus" if customer.senior else "moins de 60",
        contact.intent, contact.age_days,
        "oui" if customer.committed_until > contact.at_s // 86_400 else "non",
    ]  # fmt: skip


_CUSTOMER = ("compte", "clientele", "age", "motif", "anciennete_jours", "engage")


def _sessions(company: Company, file: Path) -> None:
    ended = {"resolved": "Clos", "transferred": "Transféré", "abandoned": "Abandonné"}
    _rows(file, ("session", "debut", *_CUSTOMER, "duree_s", "fin", "demande_conseiller"), (
        (f"S{contact.issue}-{contact.turn}", _local(contact.at_s), *_told(contact), contact.duration_s, ended[contact.outcome], "oui" if contact.asked_human else "non")
        for contact in company.contacts if contact.machine
    ))  # fmt: skip


def _calls(company: Company, file: Path) -> None:
    _rows(file, ("appel", "debut", *_CUSTOMER, "attente_s", "duree_s", "issue", "plateau", "conseiller", "nature", "deja_dit", "cout"), (
        (
            f"A{contact.issue}-{contact.turn}", _local(contact.at_s), *_told(contact), contact.wait_s, contact.duration_s,
            "Traité" if contact.outcome == "resolved" else "Non traité", contact.team, contact.agent, contact.activity,
            "oui" if contact.asked_again else "non", round(1.2 + contact.duration_s * 0.011, 2),
        )
        for contact in company.contacts if not contact.machine
    ))  # fmt: skip


def _rest(company: Company, extracts: Path) -> None:
    _rows(
        extracts / "reclamations.csv",
        ("reclamation", "le", "compte"),
        (
            (f"R{number}", _local(at), customer.account)
            for number, (at, customer, _) in enumerate(company.complaints)
        ),
    )
    _rows(
        extracts / "envois.csv",
        ("envoi", "le", "compte"),
        (
            (f"E{number}", _local(at), customer.account)
            for number, (at, customer) in enumerate(company.addressed)
        ),
    )
    _rows(
        extracts / "contrats.csv",
        ("compte", "resilie_le", "raison"),
        ((customer.account, _local(at), reason) for at, customer, reason in company.departures),
    )


def _surveys(company: Company, chance: random.Random, file: Path) -> None:
    rows: list[tuple[object, ...]] = []
    for number, answer in enumerate(company.answers):
        text, language = speech.comment(chance, answer.irritants)
        answered = answer.answered_s is not None
        wrote = answered and chance.random() < 0.85
        rows.append(
            (
                f"Q{number}", _local(answer.asked_s), answer.customer.account,
                _local(answer.answered_s) if answer.answered_s is not None else "", answer.satisfaction if answered else "",
                text if wrote else "", language if wrote else "",
            )
        )  # fmt: skip
    _rows(file, ("enquete", "envoyee_le", "compte", "repondue_le", "note", "commentaire", "langue"), rows)


def _reviews(chance: random.Random, file: Path) -> None:
    rows = []
    for number in range(160):
        text, language = speech.comment(chance, [chance.choice(list(speech.SAYS))])
        rows.append((f"P{number}", _local(chance.randrange(DAYS * 86_400)), text, language))
    _rows(file, ("avis", "publie_le", "texte", "langue"), rows)


def _work(company: Company, chance: random.Random, file: Path) -> None:
    """Moments of work behind every call: the new tool is touched by those who took to it, beside the old ones."""
    rows: list[tuple[object, ...]] = []
    takers = {
        f"{team[-1]}{agent:02d}" for team in TEAMS for agent in range(AGENTS) if chance.random() < ADOPTED
    }
    for contact in company.contacts:
        if contact.machine:
            continue
        head = (
            contact.agent,
            contact.team,
            "traiter un appel" if contact.activity == "appel" else "reprendre une session",
        )
        at = contact.at_s
        new = at // 86_400 >= TOOL_FROM
        for place in range(TOOLS[contact.intent]):
            at += 20
            rows.append((*head, _local(at), "tool", f"application {place + 1}", "", 20, 1))
        if new and contact.agent in takers:
            rows.append((*head, _local(at + 5), "tool", "poste_unique", "", 30, 1))
        elif new and chance.random() < 0.5:
            rows.append((*head, _local(at + 5), "workaround", "tableur", "", 60, 1))
        again = REKEYED[contact.intent] + (1 if new else 0)
        if again:
            rows.append((*head, _local(at + 10), "rekey", "", "", 25 * again, again))
        if contact.intent in ("facture", "panne") and chance.random() < 0.4:
            rows.append(
                (
                    *head,
                    _local(at + 20),
                    "wait",
                    "",
                    "facturation" if contact.intent == "facture" else "technique",
                    240,
                    1,
                )
            )
        if contact.intent in ("facture", "contrat") and chance.random() < 0.3:
            rows.append((*head, _local(at + 30), "limit", "", "", 0, 1))
    _rows(file, ("badge", "plateau", "tache", "le", "nature", "outil", "attend", "duree_s", "fois"), rows)


def _barometer(chance: random.Random, file: Path) -> None:
    """Four waves; people come and go between them."""
    rows: list[tuple[object, ...]] = []
    middle = {
        "moyens": 3.0,
        "outils": 2.5,
        "autonomie": 2.8,
        "experience_rendue": 2.6,
        "client_priorite": 3.9,
        "recommandation": 5.2,
    }
    for wave in range(4):
        day = (30 + 91 * wave) * 86_400
        for team in TEAMS:
            for agent in range(AGENTS):
                if chance.random() < 0.12:
                    continue
                for question in QUESTIONS:
                    tool = -0.35 if question in ("outils", "moyens") and wave >= 2 else 0.0
                    felt = (
                        middle[question]
                        + tool
                        + chance.gauss(0, 2.0 if question == "recommandation" else 0.9)
                    )
                    low, high = (0, 10) if question == "recommandation" else (1, 5)
                    rows.append(
                        (
                            f"{team[-1]}{agent:02d}",
                            team,
                            question,
                            min(high, max(low, round(felt))),
                            _local(day + chance.randrange(5 * 86_400)),
                        )
                    )
    _rows(file, ("badge", "plateau", "question", "reponse", "le"), rows)


def _figures(chance: random.Random, file: Path) -> None:
    rows: list[tuple[object, ...]] = []
    for month in range(1, 13):
        for team in TEAMS:
            period = f"2025-{month:02d}"
            rows += [
                (period, team, "absences", round(6.0 + 0.25 * month + chance.gauss(0, 0.8), 2)),
                (period, team, "departs", round(max(0.0, 1.1 + 0.06 * month + chance.gauss(0, 0.5)), 2)),
                (period, team, "formation", round(max(0.0, 5 - 0.3 * month + chance.gauss(0, 0.7)), 2)),
                (period, team, "postes_vacants", max(0, round(0.6 + 0.1 * month + chance.gauss(0, 0.7)))),
            ]
    _rows(file, ("mois", "plateau", "mesure", "valeur"), rows)


def _expectations(chance: random.Random, file: Path) -> None:
    _rows(
        file,
        ("personne", "question", "valeur"),
        (
            (f"X{number}", "attente_acceptable_s", round(60 * math.exp(chance.gauss(0.3, 0.6))))
            for number in range(220)
        ),
    )
