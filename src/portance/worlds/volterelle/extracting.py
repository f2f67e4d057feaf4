"""What four systems of Volterelle write down of what happened, each in its own way, and what they get wrong."""

import csv
import io
import json
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from portance.worlds.judging import in_order
from portance.worlds.lived import Lived, Person
from portance.worlds.volterelle.living import COLLECTORS, FIRST, LAST, PARIS, TEST_EMAIL, TEST_PHONE, Company

GUESTS, CAPITALS = 0.20, 0.08
ACCOUNT_WRITTEN, ORDER_WRITTEN, LOGGED_IN, NUMBER_HIDDEN, OTHER_NUMBER = 0.70, 0.62, 0.75, 0.04, 0.01
NO_TEAM = 0.01
RESENT = 0.02
IMPOSSIBLE_DATES, NEGATIVE_DURATIONS, SKIPPED_HOURS, TEST_ORDERS, CORRECTED, CUT_LINES = 6, 8, 4, 12, 40, 2

_STEPS = {
    "expédition": "EXPEDIE",
    "passage manqué": "PASSAGE_INFRUCTUEUX",
    "livraison": "LIVRE",
}
_NATURES = {
    "appel": "Appel",
    "panne déclarée": "Déclaration de panne",
    "chatbot": "Assistant en ligne",
    "chat": "Conversation",
    "intervention": "Intervention",
}
_CHANNELS = {"phone": "Téléphone", "chat": "Chat", "on_site": "À domicile"}
_OUTCOMES = {
    "resolved": "Résolu",
    "unresolved": "Non résolu",
    "transferred": "Transféré",
    "abandoned": "Abandonné",
}
_DIRECTIONS = {"customer": "Entrant", "company": "Sortant", None: "Transfert"}
_DEPOTS = ("Lille", "Lyon", "Rennes", "Vitry")


class Extracts:
    """Writes the files of a company that has lived, and notes on each interaction what was written of it."""

    def __init__(self, company: Company, seed: int) -> None:
        self._company = company
        self._chance = random.Random(f"{seed} as written")
        self.counts: dict[str, dict[str, int]] = {}
        """For each source what an intake must count: candidates, duplicate, versions, refused, not_happened."""

    def write(self, folder: Path) -> None:
        """Write every file into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        self._orders(folder / "commandes.csv")
        self._contacts(folder / "contacts.csv")
        self._parcels(folder / "livraisons.jsonl")
        self._invoices(folder / "factures.xlsx")
        self._panel(folder / "attentes.csv")
        self._indicators(folder / "indicateurs.xlsx")
        self._told()

    def _of(self, source: str) -> list[Lived]:
        return in_order([step for step in self._company.lived if step.source == source])

    # ---- the web shop: UTF-8 with a BOM, commas, instants with their offset

    def _orders(self, file: Path) -> None:
        for number in range(TEST_ORDERS):  # somebody tests in production
            day = FIRST + timedelta(days=20 * number + 3)
            person = Person(90_000 + number, [], TEST_EMAIL, TEST_PHONE, "Île-de-France", "particulier")
            test = Lived(
                PARIS.at(day, 33_000), "commandes", person, "commande", "shop", "web", "machine", "customer", order=f"VTEST{number:02d}",
                due=day + timedelta(days=5),
                details={"carrier": "Véloxia", "family": "cuisson", "region": person.region, "kind": person.kind, "amount": "1.00"},
            )  # fmt: skip
            self._company.lived.append(test)
        steps = self._of("commandes")
        cancelled = {step.order: step for step in steps if step.activity == "annulation"}
        bought = [step for step in steps if step.activity == "commande"]
        rows = []
        for row, step in enumerate(bought, 1):
            person, order = _person(step), step.order or ""
            account, email, phone = self._buyer(person)
            stop = cancelled.get(step.order)
            rows.append(
                [
                    order, account, email, phone, _iso_local(step.at), _iso_local(stop.at) if stop else "", str(step.due),
                    step.details["family"], step.details["carrier"], step.details["region"], step.details["kind"], step.details["amount"],
                ]
            )  # fmt: skip
            shows = {"order": order, "account": account, "email": email, "phone": phone}
            for entry, written in enumerate((step, stop)):
                if written:
                    written.row, written.entry, written.id = row, entry, f"{order}-{written.activity}"
                    written.shows = {
                        type_: value for type_, value in shows.items() if value and value != "null"
                    }
                    if person.email == TEST_EMAIL:
                        written.shows = {"order": order}
        header = [
            "numero", "client", "courriel", "telephone", "passee_le", "annulee_le", "promise_pour", "famille", "transporteur", "region",
            "clientele", "montant",
        ]  # fmt: skip
        file.write_bytes(b"\xef\xbb\xbf" + _csv([header, *rows], ",").encode())
        self.counts["commandes"] = {
            "candidates": 2 * len(rows),
            "not_happened": len(rows) - len(cancelled),
            "refused": 0,
            "duplicate": 0,
        }

    def _buyer(self, person: Person) -> tuple[str, str, str]:
        chance = self._chance
        if person.email == TEST_EMAIL:
            return "null", person.email, person.phone
        account = "" if chance.random() < GUESTS else chance.choice(person.accounts)
        email = person.email.title() if chance.random() < CAPITALS else person.email
        return account, email, self._dialled(person.phone)

    def _dialled(self, phone: str) -> str:
        parts = [phone[place : place + 2] for place in range(0, len(phone), 2)]
        return self._chance.choice(("", "", " ", ".")).join(parts)

    # ---- the call centre: Windows-1252, semicolons, decimal commas, local wall clock

    def _contacts(self, file: Path) -> None:
        chance = self._chance
        for number in range(
            SKIPPED_HOURS
        ):  # the tool's clock was not told of summer time: an hour that never was
            person = chance.choice(self._company.persons)
            step = Lived(
                PARIS.at(date(2025, 3, 30), 3 * 3600), "contacts", person, "chatbot", "digital", "chat", "machine", "customer",
                "resolved", "suivi", "Assistant", None, 0.0, 60.0 + number, refused="local_time_skipped",
            )  # fmt: skip
            self._company.lived.append(step)
        steps = self._of("contacts")
        alone = [
            step for step in steps if not step.refused and step.outcome == "resolved" and not step.planted
        ]
        spoilt = chance.sample(alone, IMPOSSIBLE_DATES + NEGATIVE_DURATIONS)
        for step in spoilt[:IMPOSSIBLE_DATES]:
            step.refused = "impossible_date"
        for step in spoilt[IMPOSSIBLE_DATES:]:
            step.refused = "negative_duration"
        written: dict[int, tuple[dict[str, str], dict[str, str]]] = {}
        rows = []
        for row, step in enumerate(steps, 1):
            step.row, step.id = row, f"K{row:06d}"
            if step.call not in written or not step.call:
                written[step.call] = self._caller(step)
            cells, step.shows = written[step.call][0], dict(written[step.call][1])
            step.order = step.shows.get("order")
            if step.function != COLLECTORS and step.channel == "phone" and chance.random() < NO_TEAM:
                step.function = step.team = None
            rows.append(
                [
                    step.id, self._wall_clock(step), _NATURES[step.activity], _DIRECTIONS[step.initiated_by],
                    _CHANNELS[step.channel or "phone"], step.team or "", step.agent or "", cells["client"], cells["telephone"],
                    cells["commande"], (step.intent or "").capitalize(), _OUTCOMES[step.outcome] if step.outcome else "",
                    _comma(step.wait_s), _comma(-45.0 if step.refused == "negative_duration" else step.duration_s),
                    "" if step.asked_again is None else "O" if step.asked_again else "N",
                ]
            )  # fmt: skip
        header = [
            "contact", "date_heure", "nature", "sens", "canal", "equipe", "agent", "n° client", "téléphone", "n° commande", "motif", "issue",
            "attente_s", "durée_s", "identité_redemandée",
        ]  # fmt: skip
        file.write_bytes(_csv([header, *rows], ";").encode("cp1252"))
        refused = sum(step.refused is not None for step in steps)
        self.counts["contacts"] = {
            "candidates": len(rows),
            "not_happened": 0,
            "refused": refused,
            "duplicate": 0,
        }

    def _caller(self, step: Lived) -> tuple[dict[str, str], dict[str, str]]:
        """What is asked of a customer and typed in; and which identifiers that amounts to."""
        chance, person = self._chance, _person(step)
        cells, shows = {"client": "", "telephone": "", "commande": ""}, {}
        chat = step.channel == "chat"
        repair = step.intent == "panne" and not chat
        known = chance.random() < (LOGGED_IN if chat else ACCOUNT_WRITTEN)
        if known:
            cells["client"] = shows["account"] = chance.choice(person.accounts)
        elif not chat and chance.random() < 0.1:
            cells["client"] = "INCONNU"
        asked = chance.random() < ORDER_WRITTEN and (known or not chat)
        if step.order and (asked or repair):  # a repair under warranty needs the number of the order
            cells["commande"] = shows["order"] = step.order
        if step.channel == "phone" and step.team != COLLECTORS:
            draw = chance.random()
            if draw < NUMBER_HIDDEN:
                cells["telephone"] = "anonyme"
            elif draw < NUMBER_HIDDEN + OTHER_NUMBER:  # from a friend's
                cells["telephone"] = shows["phone"] = f"02619{chance.randrange(10**5):05d}"
            else:
                cells["telephone"] = shows["phone"] = self._dialled(person.phone)
        return cells, shows

    def _wall_clock(self, step: Lived) -> str:
        if step.refused == "impossible_date":
            return "31/06/2025 10:00:00"
        if step.refused == "local_time_skipped":
            return f"30/03/2025 02:{10 + int(step.duration_s or 0) - 60:02d}:00"
        return f"{PARIS.local(step.at):%d/%m/%Y %H:%M:%S}"

    # ---- logistics: JSON Lines, UTC, sent again when in doubt

    def _parcels(self, file: Path) -> None:
        chance = self._chance
        steps = self._of("livraisons")
        lines, row, resent = [], 0, 0
        corrected = set(chance.sample(range(len(steps)), CORRECTED))
        for place, step in enumerate(steps):
            row += 1
            step.row, step.id, step.shows = row, f"L{place + 1:06d}", {"order": step.order or ""}
            told = {
                "evenement": step.id, "commande": step.order, "etape": _STEPS[step.activity],
                "horodatage": datetime.fromtimestamp(step.at, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "transporteur": step.details["carrier"], "depot": chance.choice(_DEPOTS),
            }  # fmt: skip
            lines.append(json.dumps(told, ensure_ascii=False))
            if place in corrected:
                row += 1
                step.row = row
                lines.append(json.dumps(told | {"depot": "Vitry-Nord"}, ensure_ascii=False))
            elif chance.random() < RESENT:
                row, resent = row + 1, resent + 1
                lines.append(lines[-1])
        lines += [f'{{"evenement": "L9999{place:02d}", "commande": "V25' for place in range(CUT_LINES)]
        # the exporter was restarted in the middle of a line
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.counts["livraisons"] = {
            "candidates": len(lines),
            "not_happened": 0,
            "refused": CUT_LINES,
            "duplicate": resent,
            "versions": CORRECTED,
        }

    # ---- billing: a workbook, with a total at the bottom

    def _invoices(self, file: Path) -> None:
        chance = self._chance
        steps = self._of("factures")
        guests = {
            step.order
            for step in self._company.lived
            if step.source == "commandes" and "account" not in step.shows
        }
        rows: list[list[Any]] = []
        for row, step in enumerate(steps, 1):
            person = _person(step)
            account = "" if step.order in guests else chance.choice(person.accounts)
            step.row, step.id = row, f"F{row:06d}"
            step.shows = {
                type_: value for type_, value in (("order", step.order or ""), ("account", account)) if value
            }
            amount = round(chance.lognormvariate(5.6, 0.6), 2)
            local = PARIS.local(step.at).replace(tzinfo=None)
            rows.append(
                [
                    step.id, account or None, step.order, step.activity.capitalize(), local,
                    amount if step.activity == "facture" else -round(amount / 4, 2),
                ]
            )  # fmt: skip
        total = [None, None, None, "Total", None, round(sum(row[5] for row in rows), 2)]
        header = ["Numéro", "Client", "Commande", "Type", "Émise le", "Montant TTC"]
        _workbook(file, "Factures", header, [*rows, total])
        self.counts["factures"] = {
            "candidates": len(rows),
            "not_happened": 0,
            "refused": 0,
            "duplicate": 0,
        }

    # ---- what customers expect, and what functions are steered by

    def _panel(self, file: Path) -> None:
        chance = self._chance
        rows = [
            [
                f"R{number:03d}",
                "Sous combien de jours ouvrés attendez-vous un réparateur ?",
                chance.choices((1, 2, 3, 4, 5), (18, 40, 26, 9, 7))[0],
                f"{date(2025, 5, 5) + timedelta(days=number % 26):%d/%m/%Y}",
            ]
            for number in range(180)
        ]
        header = ["répondant", "question", "réponse", "date"]
        file.write_bytes(_csv([header, *rows], ";").encode("cp1252"))

    def _indicators(self, file: Path) -> None:
        chance = self._chance
        rows: list[list[Any]] = []
        for week in range((LAST - FIRST).days // 7):
            monday = FIRST + timedelta(days=7 * week)
            rows.append(["on_time_dispatch", "Entrepôt", monday, round(chance.gauss(97.1, 0.7), 1)])
            rows.append(["sales_per_adviser", "Ventes Paris", monday, round(chance.gauss(41, 3), 1)])
            rows += [
                ["calls_per_hour", team, monday, round(chance.gauss(7.4, 0.5), 2)]
                for team in ("Lyon 1", "Lyon 2", "Rabat 1")
            ]
        _workbook(file, "Indicateurs", ["Indicateur", "Équipe", "Semaine du", "Valeur"], rows)

    # ---- what all of it together tells

    def _told(self) -> None:
        """Whether each interaction tells who: a number that several persons have, or that is the only thing shown, may not."""
        holders: dict[str, set[int]] = {}
        for step in self._company.lived:
            if "phone" in step.shows and len(step.shows) > 1 and not step.refused:
                holders.setdefault(_digits(step.shows["phone"]), set()).add(_person(step).number)
        for step in self._company.lived:
            phone = _digits(step.shows.get("phone", ""))
            step.known = bool(set(step.shows) - {"phone"}) or (
                bool(phone) and len(holders.get(phone, ())) <= 1
            )


def _person(step: Lived) -> Person:
    if step.person is None:
        raise TypeError("everyone at Volterelle is somebody")
    return step.person


def _digits(phone: str) -> str:
    return phone.replace(" ", "").replace(".", "")


def _iso_local(at: int) -> str:
    return PARIS.local(at).isoformat(timespec="seconds")


def _comma(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".replace(".", ",")


def _csv(rows: Iterable[list[Any]], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _workbook(file: Path, sheet: str, header: list[str], rows: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(str(file), {"default_date_format": "dd/mm/yyyy hh:mm:ss"})
    book.set_properties({"title": sheet, "created": datetime(2025, 11, 3)})  # noqa: DTZ001 (a workbook's dates have no zone)
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, header, book.add_format({"bold": True}))
    page.freeze_panes(1, 0)
    for place, row in enumerate(rows, 1):
        page.write_row(place, 0, row)
    book.close()
