"""The tiny extract and the charter that ``portance new`` starts from where no file is given.

Sixty orders of an invented shop, made by counting: every fifth is late, its customer calls, and service and
carrier hand the question back and forth. Enough to see a broken seam, a promise and a refusal-free first scan.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from portance.charter import drafting
from portance.charter.drafting import Flow, Noted
from portance.errors import CharterError, Problem
from portance.intake.guessing import FILE, Draft, already_there

EXTRACT = "extracts/orders.csv"
_ORDERS = 60
_FIRST = date(2025, 1, 6)
_HEADERS = ("order", "customer", "step", "service", "channel", "at", "promised_on", "result")


def start(folder: Path, *, language: str) -> Draft:
    """Write the tiny extract to ``folder`` and give its charter, not written yet; never replaces a file."""
    if (folder / FILE).exists():
        raise already_there(folder / FILE)
    extract = folder / EXTRACT
    extract.parent.mkdir(parents=True, exist_ok=True)
    try:
        with extract.open("x", encoding="utf-8", newline="") as stream:
            stream.write(_rows())
    except FileExistsError:
        problem = Problem(
            extract,
            0,
            "extract",
            "a file that is there already",
            "a folder without it",
            "Choose another folder, or start from your file: portance new DIR --from FILE.",
        )
        raise CharterError([problem]) from None
    values = _values(language)
    head = _head(language)
    draft = Draft(folder, drafting.text(values, head), drafting.plain(values))
    draft.check()
    return draft


def _rows() -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADERS)
    for number in range(1, _ORDERS + 1):
        for step, service, channel, at, promised, result in _order(number):
            told = promised.isoformat() if promised else ""
            writer.writerow(
                [
                    f"C{number:03}",
                    f"K{(number * 7) % 53:02}",
                    step,
                    service,
                    channel,
                    at.isoformat(sep=" "),
                    told,
                    result,
                ]
            )
    return out.getvalue()


def _order(number: int) -> Iterator[tuple[str, str, str, datetime, date | None, str]]:
    day = _FIRST + timedelta(days=number // 2)
    late = number % 5 == 0

    def on(days: int, hour: int) -> datetime:
        return datetime.combine(day + timedelta(days=days), time(hour, number % 60))

    yield "ordered", "sales", "web", on(0, 9), day + timedelta(days=4), ""
    yield "prepared", "warehouse", "", on(1, 10), None, ""
    yield "shipped", "carrier", "", on(2, 8), None, ""
    if late:
        yield "asked", "service", "phone", on(5, 11), None, "transferred"
        yield "looked up", "carrier", "phone", on(5, 15), None, "transferred"
        yield "answered", "service", "phone", on(6, 10), None, "unresolved"
        if number % 10 == 0:
            yield "asked", "service", "phone", on(7, 9), None, "resolved"
    yield "delivered", "carrier", "", on(8 if late else 3, 14), None, ""


def _head(language: str) -> list[str]:
    if language == "fr":
        return [
            "Une charte pour commencer : soixante commandes d'une boutique inventée, dans extracts/orders.csv.",
            "Scannez-la telle quelle, puis remplacez l'extrait par les vôtres : portance new DOSSIER --from FICHIERS.",
        ]
    return [
        "A charter to start from: sixty orders of an invented shop, in extracts/orders.csv.",
        "Scan it as it is, then put your own extracts in its place: portance new DIR --from FILES.",
    ]


def _values(language: str) -> dict[str, Any]:
    def say(fr: str, en: str) -> str:
        return fr if language == "fr" else en

    return {
        "portance": 1,
        "company": Flow({"name": say("Ma boutique", "My shop"), "currency": "EUR", "timezone": "Europe/Paris", "language": language}),
        "functions": Noted({
            "sales": Flow({"name": {"fr": "Ventes", "en": "Sales"}}),
            "warehouse": Flow({"name": {"fr": "Entrepôt", "en": "Warehouse"}}),
            "carrier": Noted(Flow({"name": {"fr": "Transporteur", "en": "Carrier"}, "kind": "partner"}), beside=say("un partenaire", "a partner")),
            "service": Flow({"name": {"fr": "Service client", "en": "Customer service"}}),
        }, (say("qui tient le client, à un moment ou à un autre", "who holds the customer at some point"),)),
        "sources": Noted({
            "orders": {
                "read": EXTRACT,
                "case": Noted(Flow({"order": "order"}), beside=say("ce qui fait un dossier", "what makes a case")),
                "identifiers": Noted(Flow({"account": "customer"}), beside=say("qui est le client", "who the customer is")),
                "interactions": [{
                    "activity": Noted(Flow({"column": "step"}), beside=say("lu dans la colonne step", "read from the column step")),
                    "at": "at",
                    "function": Flow({"column": "service"}),
                    "channel": Flow({"column": "channel"}),
                    "due_at": Noted("promised_on", beside=say("la date annoncée au client", "the date announced to the customer")),
                    "outcome": Flow({"column": "result"}),
                    "initiated_by": Noted({"formula": "case when step in ('ordered', 'asked') then 'customer' else 'company' end"}),
                }],
            },
        }, (say("les fichiers de chaque silo, et ce que dit une ligne", "the files of each silo, and what a row tells"),)),
        "journeys": {"purchase": Flow({"by": "case", "name": {"fr": "Achat", "en": "Purchase"}})},
        "breaks": Noted({
            "long_wait": Noted(Flow({"seam_over": "3 days"}), beside=say("d'une main à l'autre", "from one hand to the next")),
            "ping_pong": Noted(Flow({"between": "function"}), beside=say("renvoyé, puis repris", "sent away, then taken back")),
        }, (say("dix sortes de ruptures sont cherchées ; voici celles que vous réglez", "ten kinds of breaks are looked for; here are those that you set"),)),
        "promises": {
            "announced_day": {
                "says": Flow({"fr": "Chez vous au plus tard le jour annoncé", "en": "At your door by the announced day"}),
                "journey": "purchase",
                "owners": Flow(["warehouse", "carrier"]),
                "clock": Flow({"from": "ordered", "to": "delivered", "unit": "days"}),
                "offered": Noted(
                    Flow({"at_most": 4, "source": say("contrat du transporteur", "carrier contract")}), beside=say("ce que les moyens permettent", "what the means allow"),
                ),
                "expected": Noted(Flow({"due": "ordered"}), beside=say("la date annoncée à chacun", "the date announced to each")),
            },
        },
    }  # fmt: skip
