"""What happened at Hélienne in a year: customers, their requests, who handled them, and what came of it."""

import math
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST = date(2025, 1, 6)
DAYS = 364
CUSTOMERS = 4_000
HIDDEN_FROM = 210
"""From this day on the assistant offers the way to a person to fewer of those who ask."""
TOOL_FROM = 126
"""The day on which the agents' new tool was delivered."""
REACHABLE = (0.75, 0.30)
"""How often one who asks the assistant for a person gets one, before and after."""
COMES_BACK = 0.75
INTENTS = ("suivi", "facture", "panne", "mot de passe", "horaires", "contrat")
_OFTEN = (0.26, 0.20, 0.20, 0.14, 0.08, 0.12)
HUMAN = {"suivi": 1.3, "facture": 1.5, "panne": 1.1, "mot de passe": 1.6, "horaires": 3.0, "contrat": 1.2}
MACHINE = {"suivi": 1.5, "facture": -0.7, "panne": -0.9, "mot de passe": 1.7, "horaires": 0.0, "contrat": 0.2}
"""How well each settles a request of middling severity, as log odds."""
SEVERITY = 0.9
"""What one more of severity takes from those log odds."""
LEAVES, MOVES = 0.009, 0.002
"""Monthly hazards: leaving by choice without any trouble, and moving away."""
TROUBLE, TRAPPED = 0.9, 1.3
"""What unsettled requests, and being trapped, in the three months before add to the log hazard of leaving."""
HELD = 0.25
"""What a commitment leaves of that hazard."""
TEAMS = tuple(f"Plateau {letter}" for letter in "ABCDEF")
AGENTS = 14


@dataclass(slots=True)
class Customer:
    """One customer; days count from the first."""

    number: int
    professional: bool
    senior: bool
    frailty: float
    committed_until: int
    left_on: int | None = None
    reason: str | None = None
    troubles: list[int] = field(default_factory=list)
    traps: list[int] = field(default_factory=list)

    @property
    def account(self) -> str:
        """The number of the account."""
        return f"H{self.number:05d}"


@dataclass(slots=True)
class Contact:
    """One time that a customer was handled, by a person or by the machine; seconds count from the first midnight."""

    at_s: int
    customer: Customer
    issue: int
    turn: int
    intent: str
    machine: bool
    activity: str
    severity: float
    age_days: int
    outcome: str
    """As it was written down."""
    settled: bool
    """As it was."""
    wait_s: int = 0
    duration_s: int = 0
    team: str | None = None
    agent: str | None = None
    asked_human: bool = False
    asked_again: bool = False
    trapped: bool = False


@dataclass(slots=True)
class Request:
    """What a customer wants, and how hard it is."""

    customer: Customer
    issue: int
    intent: str
    severity: float
    age_days: int


@dataclass(slots=True)
class Answer:
    """An asked customer: what they would say, and whether they did."""

    asked_s: int
    customer: Customer
    issue: int
    satisfaction: int
    answered_s: int | None
    irritants: tuple[str, ...]


class Company:
    """Hélienne for a year; everything follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._chance = random.Random(f"self_care {seed}")
        self.customers: list[Customer] = []
        self.contacts: list[Contact] = []
        self.complaints: list[tuple[int, Customer, int]] = []
        self.addressed: list[tuple[int, Customer]] = []
        self.answers: list[Answer] = []
        self.departures: list[tuple[int, Customer, str]] = []
        self._issues = 0

    def live(self) -> None:
        """Let the year happen, month by month for each customer."""
        chance = self._chance
        for number in range(CUSTOMERS):
            customer = Customer(
                number, chance.random() < 0.2, chance.random() < 0.3, chance.gammavariate(1.6, 1 / 1.6),
                chance.randrange(0, 540) if chance.random() < 0.5 else -1,
            )  # fmt: skip
            self.customers.append(customer)
            for month in range(13):
                if not self._month(customer, month):
                    break
        self.contacts.sort(key=lambda contact: (contact.at_s, contact.customer.number, contact.turn))
        self.answers.sort(key=lambda answer: (answer.asked_s, answer.customer.number))
        self.addressed.sort(key=lambda sent: (sent[0], sent[1].number))

    # ---- one month of one customer

    def _month(self, customer: Customer, month: int) -> bool:
        """What happens to a customer in 28 days; false once they have gone."""
        chance, start = self._chance, month * 28
        letters = 1 if month < 5 else 2 if month < 8 else 4
        for _ in range(letters if chance.random() < 0.8 else 0):
            self.addressed.append(
                ((start + chance.randrange(28)) * 86_400 + 9 * 3600 + chance.randrange(3600), customer)
            )
        for _ in range(_poisson(chance, 0.33 * customer.frailty)):
            self._issue(customer, start + chance.randrange(28))
        last = start + 27
        recent = [day for day in customer.troubles if last - 84 < day <= last]
        trapped = [day for day in customer.traps if last - 84 < day <= last]
        hazard = LEAVES * math.exp(TROUBLE * bool(recent) + TRAPPED * bool(trapped))
        hazard *= HELD if customer.committed_until > last else 1.0
        drawn = chance.random()
        gone = (
            "service"
            if drawn < hazard * 0.6
            else "prix"
            if drawn < hazard
            else "déménagement"
            if drawn < hazard + MOVES
            else None
        )
        if gone is None or last + 1 >= DAYS:
            return last + 1 < DAYS
        customer.left_on, customer.reason = last, gone
        self.departures.append((last * 86_400 + 11 * 3600 + chance.randrange(20_000), customer, gone))
        return False

    def _issue(self, customer: Customer, day: int) -> None:
        chance = self._chance
        if day >= DAYS:
            return
        self._issues += 1
        issue = self._issues
        intent = chance.choices(INTENTS, _OFTEN)[0]
        severity = chance.gauss(0.25 * (customer.frailty - 1), 1.0)
        age = max(0, round(math.exp(1.4 + 0.7 * severity)) - 1)
        request = Request(customer, issue, intent, severity, age)
        first = True
        trapped = again = waited = False
        turns = 0
        when = day
        while turns < 4 and when < DAYS:
            wish = (
                -0.5
                + 1.0 * severity
                + 0.7 * customer.senior
                + (3.0 if intent == "horaires" else 0.0)
                + (0.0 if first else 1.2)
            )
            machine = chance.random() > 1 / (1 + math.exp(-wish))
            done, contacts = self._handle(request, turns, when, machine=machine)
            self.contacts += contacts
            trapped |= any(contact.trapped for contact in contacts)
            again |= any(contact.asked_again for contact in contacts)
            waited |= any(contact.wait_s > 300 for contact in contacts)
            turns += len(contacts)
            if done:
                break
            customer.troubles.append(when)
            if trapped:
                customer.traps.append(when)
            if chance.random() > COMES_BACK:
                break
            first = False
            when += 1 + chance.randrange(5)
            request.age_days += 3
        if turns >= 3 and chance.random() < 0.25 and when + 2 < DAYS:
            self.complaints.append(
                ((when + 2) * 86_400 + 10 * 3600 + chance.randrange(20_000), customer, issue)
            )
        if chance.random() < 0.6 and when + 2 < DAYS:
            self._ask(
                customer,
                issue,
                when + 1,
                turns - 1,
                trapped=trapped,
                again=again,
                waited=waited,
                intent=intent,
            )

    def _handle(self, request: Request, turn: int, day: int, *, machine: bool) -> tuple[bool, list[Contact]]:
        chance = self._chance
        at = day * 86_400 + (
            8 * 3600 + chance.randrange(11 * 3600) if not machine else 7 * 3600 + chance.randrange(15 * 3600)
        )
        if not machine:
            contact = self._answered(request, turn, at, "appel")
            return contact.settled, [contact]
        session = Contact(
            at, request.customer, request.issue, turn, request.intent, True, "session assistant", request.severity, request.age_days, "resolved", False,
            duration_s=60 + int(chance.expovariate(1 / 150)),
        )  # fmt: skip
        session.asked_human = (
            chance.random() < 0.10 + 0.22 * (request.severity > 0.5) + 0.10 * request.customer.senior
        )
        if session.asked_human:
            if chance.random() < REACHABLE[day >= HIDDEN_FROM]:
                session.outcome = "transferred"
                after = self._answered(request, turn + 1, at + session.duration_s + 20, "reprise")
                after.asked_again = chance.random() < 0.55
                return after.settled, [session, after]
            session.trapped, session.outcome = True, "abandoned"
            return False, [session]
        session.settled = chance.random() < 1 / (
            1 + math.exp(-(MACHINE[request.intent] - SEVERITY * request.severity))
        )
        return session.settled, [session]

    def _answered(self, request: Request, turn: int, at: int, activity: str) -> Contact:
        chance = self._chance
        busy = 1.0 + 0.8 * ((at // 86_400) % 7 == 0)
        wait = int(chance.expovariate(1 / (110 * busy)))
        team = chance.choice(TEAMS)
        settled = chance.random() < 1 / (1 + math.exp(-(HUMAN[request.intent] - SEVERITY * request.severity)))
        duration = 120 + int(chance.gammavariate(2.5, 90 + 40 * max(request.severity, 0.0)))
        return Contact(
            at + wait, request.customer, request.issue, turn, request.intent, False, activity, request.severity, request.age_days,
            "resolved" if settled or chance.random() < 0.15 else "unresolved", settled, wait, duration, team,
            f"{team[-1]}{chance.randrange(AGENTS):02d}",
        )  # fmt: skip

    # ---- asking

    def _ask(
        self,
        customer: Customer,
        issue: int,
        day: int,
        repeats: int,
        *,
        trapped: bool,
        again: bool,
        waited: bool,
        intent: str,
    ) -> None:
        chance = self._chance
        felt = (
            4.3
            - 0.7 * repeats
            - 0.9 * trapped
            - 0.5 * again
            - 0.5 * waited
            - 0.3 * (intent == "facture")
            + chance.gauss(0, 0.6)
        )
        satisfaction = min(5, max(1, round(felt)))
        asked = day * 86_400 + 10 * 3600 + chance.randrange(7200)
        letters = 1 if day < 140 else 2 if day < 224 else 4
        willing = -0.3 - 0.35 * letters + 0.9 * (repeats > 0) + 0.8 * trapped - 0.5 * customer.senior
        answers = chance.random() < 1 / (1 + math.exp(-willing))
        irritants = [
            name for name, there in (
                ("bot_dead_end", trapped), ("asked_again", again), ("long_wait", waited), ("unresolved", repeats > 0), ("billing", intent == "facture"),
            ) if there
        ]  # fmt: skip
        later = asked + 3600 + chance.randrange(4 * 86_400) if answers else None
        if later is not None and later >= DAYS * 86_400:
            later = None
        self.answers.append(Answer(asked, customer, issue, satisfaction, later, tuple(irritants)))


def _poisson(chance: random.Random, mean: float) -> int:
    bound, count, product = math.exp(-mean), 0, chance.random()
    while product > bound:
        count += 1
        product *= chance.random()
    return count


def day_of(at_s: int) -> date:
    """The day of an instant."""
    return FIRST + timedelta(days=at_s // 86_400)
