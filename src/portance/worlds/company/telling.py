"""A story written down as its systems would export it: extracts, a charter, and the truth apart."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from portance.worlds.company.living import LATE, START, Diary
from portance.worlds.company.nature import DAYS
from portance.worlds.company.steering import CONDITIONS, INDICATORS, LEVERS
from portance.worlds.company.stories import STORIES, TEAMS, WEEKS, told
from portance.worlds.company.world import SMALLEST, World

FIRST = date(2025, 1, 6)
OPENS_AT = 9 * 3600
SIMPLE = ("suivi", "mot de passe", "changement d'adresse", "tarif", "option", "attestation")
COMPLEX = ("panne", "facture contestée", "déménagement", "débit")
TOWNS = (
    "Amiens", "Angers", "Annecy", "Avignon", "Bayonne", "Besançon", "Brest", "Caen", "Chartres", "Dijon", "Grenoble",
    "Le Mans", "Limoges", "Lorient", "Metz", "Nancy", "Nîmes", "Orléans", "Pau", "Poitiers", "Reims", "Rouen",
    "Tours", "Troyes",
)  # fmt: skip
FUNCTIONS = ("marketing", "sales", "service", "operations", "digital", "loyalty", "finance")
ASKED = 9
"""Persons asked in each function who is responsible."""

_NAMES = {
    "healthy": ("Orvanne", "une entreprise saine, où aucun indicateur n'en abîme un autre", "a healthy company, where no indicator harms another"),
    "sell_or_retain": ("Brévalle", "vendre contre fidéliser : des délais promis trop courts font signer, puis partir", "sell against retain: delays promised too short make customers sign, then leave"),
    "short_calls": ("Cassenay", "des appels courts contre des problèmes réglés : tout est vert au service client", "short calls against settled problems: everything is green in customer service"),
    "on_time": ("Dourcy", "livrer à l'heure contre être adopté : l'outil arrive à la date dite, personne ne s'y forme", "on time against adopted: the tool comes on the announced day, nobody is trained for it"),
}  # fmt: skip
_FAIR_SERVICE = "answered_in_time: {weight: 0.4}, first_contact_resolution: {weight: 0.6, horizon: long, controllable: 0.7}"
_FAIR_SALES = "conversion: {weight: 0.5}, cancellations: {weight: 0.5, horizon: long, controllable: 0.6}"
_TOLD: dict[str, dict[str, str]] = {
    "healthy": {"CONVERSION": "0.25"},
    "sell_or_retain": {
        "CONVERSION": "0.18",
        "SALES_CARD": "conversion: {weight: 0.7, threshold: 0.18}, leads: {weight: 0.3}",
        "DELAY": ", departures: {value: -0.6, range: [-1.2, 0], source: direction de la fidélisation}",
    },
    "short_calls": {
        "CONVERSION": "0.25",
        "SERVICE_CARD": "handling_time: {weight: 0.6, threshold: 520}, answered_in_time: {weight: 0.4}",
        "TARGET": ", first_contact_resolution: {value: 0.001, range: [0.0004, 0.0016], source: étude 2023}",
    },
    "on_time": {
        "CONVERSION": "0.25",
        "PACE": ", adoption: {value: -0.3, range: [-0.5, -0.1], source: direction des opérations}",
    },
}


def write(name: str, folder: Path, seed: int) -> int:
    """Write a story into ``folder``; how many interactions really happened in the year told."""
    world = told(name, seed)
    diary = world.diary()
    extracts = folder / "extracts"
    extracts.mkdir(parents=True, exist_ok=True)
    (folder / "charter.yaml").write_bytes(_charter(name).encode())
    teller = _Teller(world, diary, np.random.default_rng([seed, STORIES[name].number, 401]))
    happened = teller.calls(extracts / "appels.csv")
    happened += teller.sales(extracts / "ventes.csv")
    happened += teller.departures(extracts / "departs.csv")
    teller.releases(extracts / "livrables.csv")
    teller.settings(extracts / "reglages.csv")
    teller.conditions(extracts / "conditions.csv")
    teller.expectations(extracts / "attentes.csv")
    teller.responsible(extracts / "responsables.csv")
    (folder / "truth").mkdir(exist_ok=True)
    text = json.dumps(_truth(name, world, seed), ensure_ascii=False, indent=2)
    (folder / "truth" / "truth.json").write_bytes(f"{text}\n".encode())
    return happened


def _charter(name: str) -> str:
    company, french, english = _NAMES[name]
    blanks = {"NAME": company, "FR": french, "EN": english, "DELAY": "", "TARGET": "", "PACE": "", "SERVICE_CARD": _FAIR_SERVICE, "SALES_CARD": _FAIR_SALES}  # fmt: skip
    text = resources.files(__package__).joinpath("charter.yaml").read_text(encoding="utf-8")
    for blank, words in (blanks | _TOLD[name]).items():
        text = text.replace(f"<<{blank}>>", words)
    return text


def _truth(name: str, world: World, seed: int) -> dict[str, Any]:
    """What is true of a story: every pair by counterfactual runs, who owns it, and what has to be found."""
    story, truth = STORIES[name], world.truth
    owner = {row.name: row.function for row in INDICATORS}
    return {
        "story": name,
        "seed": seed,
        "planted": list(world.planted),
        "watermelon": {"function": "service"} if story.watermelon else None,
        "found": [
            {"from": one, "to": other, "from_function": owner[one], "to_function": owner[other], "effect": truth.of(one, other).effect}
            for one, other in story.tells
        ],
        "smallest_effect": SMALLEST,
        "effects": [
            {
                "from": pair.from_indicator, "to": pair.to_indicator, "lever": pair.lever, "effect": round(pair.effect, 4),
                "noise": round(pair.noise, 4), "conflict": pair.conflict, "from_function": owner[pair.from_indicator],
                "to_function": owner[pair.to_indicator],
            }
            for pair in truth.pairs
        ],
        "responses": [
            {"lever": lever, "indicator": indicator, "effect": value}
            for (lever, indicator), value in truth.responses.items()
        ],
    }  # fmt: skip


Row = tuple[datetime, str, str, datetime | None, date | None, datetime | None, datetime | None, float]
"""An enquiry: when, whose, where, when signed, promised for, delivered and cancelled, and the gesture made."""


class _Teller:
    """Writes what happened; days of work are numbered from the start of the warm-up, five a week."""

    def __init__(self, world: World, diary: Diary, rng: np.random.Generator) -> None:
        self.world, self.diary, self.rng = world, diary, rng
        self.start = world.warm_up * DAYS
        self.end = self.start + WEEKS * DAYS
        self.days = [
            FIRST + timedelta(days=7 * (day // DAYS) + day % DAYS) for day in range((WEEKS + 12) * DAYS)
        ]
        # A customer's place is taken by another when they decide to leave: the account tells them apart.
        self.left: dict[tuple[int, int], list[int]] = {}
        for week in diary.departures:
            for team, customer, decided in _rows(week, "team", "customer", "decided"):
                self.left.setdefault((team, customer), []).append(decided)

    def account(self, team: int, customer: int, week: int) -> str:
        """The number of the subscriber who holds a place in a week."""
        before = sum(decided < week for decided in self.left.get((team, customer), ()))
        return f"{team + 11}{customer:03d}{before:02d}"

    def _day(self, day: int) -> date:
        return self.days[day - self.start]

    def calls(self, file: Path) -> int:
        columns = (
            "team",
            "customer",
            "day",
            "at",
            "wait",
            "left",
            "talk",
            "problem",
            "user",
            "in_tool",
            "score",
            "cost",
        )
        rows: list[list[Any]] = []
        number = 0
        for day in self.diary.calls:
            if not self.start <= int(np.max(day["day"], initial=0)) < self.end:
                continue
            for team, customer, when, at, wait, left, talk, problem, user, in_tool, score, cost in _rows(
                day, *columns
            ):
                number += 1
                instant = datetime.combine(self._day(when), datetime.min.time()) + timedelta(
                    seconds=OPENS_AT + int(at)
                )
                rows.append([
                    f"A{number:06d}", f"{instant:%d/%m/%Y %H:%M:%S}", self.account(team, customer, when // DAYS), _intent(problem),
                    TOWNS[team], f"{TOWNS[team][:3].upper()}{user + 1:02d}", round(wait), "" if left else round(talk),
                    "Raccroché" if left else "Traité", "" if left else ("oui" if in_tool else "non"),
                    int(score) if score else "", f"{cost:.2f}".replace(".", ","),
                ])  # fmt: skip
        header = [
            "appel",
            "recu_le",
            "abonne",
            "motif",
            "agence",
            "conseiller",
            "attente_s",
            "duree_s",
            "issue",
            "outil",
            "note",
            "cout",
        ]
        _write(file, header, rows, ";")
        return number

    def sales(self, file: Path) -> int:
        """A row for each enquiry; what lies after the last day of the extract is not known yet."""
        rows = [*self._unsigned(), *self._signed()]
        rows.sort(key=lambda row: (row[0].date(), row[2]))
        last = datetime.combine(FIRST + timedelta(weeks=WEEKS), datetime.min.time())
        written, happened = [], 0
        for number, (asked, account, town, signed, due, delivered, off, gesture) in enumerate(rows):
            events = [
                moment if moment and moment < last else None for moment in (asked, signed, delivered, off)
            ]
            happened += sum(moment is not None for moment in events)
            shown = [f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in events]
            given = f"{gesture:.2f}" if gesture and events[2] else ""
            promised = f"{due} 00:00" if due else ""
            written.append(
                [f"D{number + 1:06d}", shown[0], account, town, shown[1], promised, *shown[2:], given]
            )
        header = [
            "demande",
            "demandee_le",
            "abonne",
            "agence",
            "signee_le",
            "promise_pour",
            "livree_le",
            "annulee_le",
            "geste",
        ]
        _write(file, header, written, ",")
        return happened

    def _unsigned(self) -> Iterator[Row]:
        for week in self.diary.leads:
            for team, customer, day in _rows(week, "team", "customer", "day"):
                if self.start <= day < self.end:
                    account = self.account(team, customer, day // DAYS)
                    yield _clock(self.rng, self._day(day)), account, TOWNS[team], None, None, None, None, 0.0

    def _signed(self) -> Iterator[Row]:
        names = ("team", "customer", "day", "promised", "takes", "late", "cancelled", "gesture")
        for week in self.diary.orders:
            for team, customer, day, promised, takes, late, cancelled, gesture in _rows(week, *names):
                if not self.start <= day < self.end:
                    continue
                asked = _clock(self.rng, self._day(day))
                signed = asked + timedelta(minutes=int(self.rng.integers(20, 90)))
                due = day + int(np.ceil(promised))
                came = (
                    max(due + 1, day + int(np.ceil(takes))) if late else min(due, day + max(1, round(takes)))
                )
                delivered = _clock(self.rng, self._day(came))
                # An order is cancelled once it has come, within two weeks.
                after = int(self.rng.integers(1, 8))
                off = _clock(self.rng, self._day(came + after)) if cancelled else None
                account = self.account(team, customer, day // DAYS)
                yield asked, account, TOWNS[team], signed, self._day(due), delivered, off, gesture

    def departures(self, file: Path) -> int:
        rows = []
        first = self.world.warm_up
        for week in self.diary.departures:
            for team, customer, decided, gone in _rows(week, "team", "customer", "decided", "week"):
                if first <= gone < first + WEEKS:
                    day = FIRST + timedelta(days=7 * (gone - first) + int(self.rng.integers(0, 6)))
                    rows.append([f"{day}", self.account(team, customer, decided), TOWNS[team]])
        rows.sort()
        _write(file, ["parti_le", "abonne", "agence"], rows, ",")
        return len(rows)

    def releases(self, file: Path) -> None:
        rows = []
        for week in self.diary.releases:
            for team, number, held, kept in _rows(week, "team", "week", "held", "kept"):
                place = number - self.world.warm_up
                if 0 <= place < WEEKS and held:
                    rows.append(
                        [TOWNS[team], f"{_monday(place)}", held, kept, f"{kept / held:.4f}".replace(".", ",")]
                    )
        _write(file, ["agence", "semaine", "livraisons", "a_l_heure", "part_a_l_heure"], rows, ";")

    def settings(self, file: Path) -> None:
        """A row where a lever is set, and one for where it stood at the start."""
        first, company = self.world.warm_up, self.world.company
        rows = [
            [
                lever.name,
                TOWNS[team],
                f"{_monday(week)}",
                f"{company.settings[first + week, team, place]:.4f}",
            ]
            for place, lever in enumerate(LEVERS)
            for team in range(TEAMS)
            for week in range(WEEKS)
            if week == 0 or company.changes[first + week, team, place]
        ]
        _write(file, ["levier", "agence", "semaine", "valeur"], rows, ",")

    def conditions(self, file: Path) -> None:
        first, company = self.world.warm_up, self.world.company
        rows = [
            [name, TOWNS[team], f"{_monday(week)}", f"{company.conditions[first + week, team, place]:.4f}"]
            for place, name in enumerate(CONDITIONS)
            for team in range(TEAMS)
            for week in range(WEEKS)
        ]
        _write(file, ["condition", "agence", "semaine", "valeur"], rows, ",")

    def expectations(self, file: Path) -> None:
        seconds = self.rng.choice((60, 120, 180, 300, 480), 150, p=(0.2, 0.3, 0.25, 0.2, 0.05))
        rows = [
            [f"R{number + 1:03d}", int(value), f"{FIRST + timedelta(days=120 + number % 30)}"]
            for number, value in enumerate(seconds)
        ]
        _write(file, ["repondant", "secondes", "date"], rows, ";")

    def responsible(self, file: Path) -> None:
        """Most name their own function or loyalty; nobody was asked in delivery, and few name it."""
        rows = []
        designated = (*FUNCTIONS, "delivery")
        for subject in ("experience", "donnees"):
            for own, function in enumerate(FUNCTIONS):
                weights = np.full(len(designated), 0.06)
                weights[own] += 0.30
                weights[designated.index("loyalty" if subject == "experience" else "digital")] += 0.25
                weights[-1] = 0.02
                for person, chosen in enumerate(
                    self.rng.choice(designated, ASKED, p=weights / weights.sum())
                ):
                    rows.append([f"{function[:3]}{person + 1}", function, str(chosen), subject])
        _write(file, ["repondant", "fonction", "designe", "sujet"], rows, ",")


def _rows(columns: dict[str, npt.NDArray[np.generic]], *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(columns[name].tolist() for name in names), strict=True))


def _intent(problem: int) -> str:
    """What a call is about: the same for every attempt at the same problem."""
    kind, hard, number = problem >> 4 & 3, problem >> 3 & 1, problem >> 6
    if kind == START:
        return "mise en service"
    if kind == LATE:
        return "livraison"
    of = COMPLEX if hard else SIMPLE
    return of[number * 2654435761 % 1_000_003 % len(of)]


def _monday(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def _clock(rng: np.random.Generator, day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(minutes=int(rng.integers(9 * 60, 18 * 60)))


def _write(file: Path, header: list[str], rows: list[list[Any]], separator: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    file.write_bytes(text.getvalue().encode())
