"""Eight months at Volterelle: customers order, parcels are late, customers ask, are passed around, and ask again.

Every chance is a planted rate, written down with the truth under ``RATES``.
"""

import math
import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portance.worlds.lived import DAY, Lived, Person, Zone

PARIS = Zone("Europe/Paris")
FIRST, LAST = date(2025, 3, 3), date(2025, 11, 2)
HOUR = 3600

REGIONS = {"Île-de-France": 0.34, "Nord": 0.18, "Ouest": 0.20, "Est": 0.12, "Sud": 0.16}
FAMILIES = {"gros électroménager": 0.55, "petit électroménager": 0.33, "cuisson": 0.12}
CARRIERS = {"Véloxia": 0.58, "Transrive": 0.42}

ORDERS = 6800

LATE = {"Véloxia": 0.04, "Transrive": 0.13}
LATE_IN_SOUTH = {"Véloxia": 0.07, "Transrive": 0.30}
LOST, CANCELLED = 0.004, 0.03
ASKS_WHEN_LATE, ASKS_BEFORE_DELIVERY = 0.85, 0.26
CHATBOT_FIRST, CHATBOT_HANDS_OVER, CALLS_AFTER_CHATBOT = 0.45, 0.40, 0.62
WRONG_DOOR = 0.24
CHATBOT_FAILS = {"livraison": 0.72, "suivi": 0.30, "facture": 0.66, "panne": 0.50}
SERVICE_TO_SALES = {"livraison": 0.40, "suivi": 0.16}
SALES_PASSES_BACK = 0.66
SERVICE_UNRESOLVED = 0.16
CALLS_AGAIN_UNRESOLVED, CALLS_AGAIN_ABANDONED = 0.6, 0.6
BILLING_ERROR, BILLING_TO_SERVICE, BILLING_UNRESOLVED, CREDIT_FORGOTTEN = 0.07, 0.14, 0.18, 0.30
ASKED_AGAIN = 0.30
BREAKS_DOWN, REPAIR_LATE = 0.06, 0.24

RATES: dict[str, float | dict[str, float]] = {
    "late": LATE, "late in the south": LATE_IN_SOUTH, "lost": LOST, "cancelled": CANCELLED, "asks when late": ASKS_WHEN_LATE,
    "asks before delivery": ASKS_BEFORE_DELIVERY, "goes to the chatbot first": CHATBOT_FIRST, "chatbot fails": CHATBOT_FAILS,
    "chatbot hands over": CHATBOT_HANDS_OVER, "calls after the chatbot failed": CALLS_AFTER_CHATBOT, "calls sales instead of service": WRONG_DOOR, "service passes to sales": SERVICE_TO_SALES,
    "sales passes back": SALES_PASSES_BACK, "service leaves unresolved": SERVICE_UNRESOLVED,
    "calls again when unresolved": CALLS_AGAIN_UNRESOLVED, "calls again when abandoned": CALLS_AGAIN_ABANDONED,
    "billing error": BILLING_ERROR, "billing passes to service": BILLING_TO_SERVICE,
    "billing leaves unresolved": BILLING_UNRESOLVED, "credit note forgotten": CREDIT_FORGOTTEN,
    "asked again after a transfer": ASKED_AGAIN, "breaks down": BREAKS_DOWN, "repair late": REPAIR_LATE,
}  # fmt: skip
"""Every chance by which the simulation goes, under the name that the truth gives it."""

_FIRST_NAMES = (
    "Adèle", "Agathe", "Alban", "Anaïs", "Bastien", "Camille", "Cédric", "Chloé", "Clément", "Colette", "Damien", "Élise", "Fanny", "Gaspard",
    "Hélène", "Inès", "Jérôme", "Karim", "Léonie", "Lucas", "Maëlle", "Mehdi", "Nadia", "Noël", "Océane", "Pauline", "Quentin", "Rémi",
    "Salomé", "Thaïs", "Ulysse", "Valérie", "Wassim", "Yann", "Zoé",
)  # fmt: skip
_LAST_NAMES = (
    "Aubier", "Bellanger", "Cazenave", "Delmas", "Escoffier", "Ferrand", "Garrigue", "Hamelin", "Imbert", "Jourdan", "Kermadec", "Lestang",
    "Marchal", "Nogaret", "Ollivier", "Pelissier", "Quéméner", "Rouvière", "Sauvage", "Tessier", "Urbain", "Vasseur", "Weber", "Ybert",
)  # fmt: skip
_PLAIN = str.maketrans("àâäéèêëîïôöùûüçÉ", "aaaeeeeiioouuucE")
_MAILS = ("postalune.fr", "courrielle.fr", "boitabois.net", "mailoc.fr")
SWITCHBOARD = "0199004200"
"""The switchboard of an office building: forty companies call from it. 01 99 00 is kept for fiction."""
TEST_EMAIL, TEST_PHONE = "test@volterelle.fr", "0600000000"
HOLIDAYS = (
    date(2025, 4, 21), date(2025, 5, 1), date(2025, 5, 8), date(2025, 5, 29), date(2025, 6, 9), date(2025, 7, 14),
    date(2025, 8, 15), date(2025, 11, 1),
)  # fmt: skip

TEAMS = {
    "service": ("Lyon 1", "Lyon 2", "Rabat 1"),
    "sales": ("Ventes Paris",),
    "billing": ("Comptabilité clients",),
    "repair": ("Atelier",),
}
QUEUE_S = {"service": 75, "sales": 40, "billing": 110, "repair": 70}
"""The usual wait, in seconds; nearly twice as long on Mondays."""
PATIENCE_S = 1150
COLLECTORS = "Recouvrement"
CONTACTS = "contacts"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a customer wants: about which order, and why."""

    person: Person
    order: str
    intent: str


class Company:
    """The simulation: ``live()`` fills ``persons`` and ``lived``, everything as it really happened."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.persons: list[Person] = []
        self.lived: list[Lived] = []
        self.calls = 0

    def live(self) -> None:
        """Live through the period."""
        self._found()
        days = sorted(self.chance.randrange((LAST - FIRST).days - 1) for _ in range(ORDERS))
        for number, day in enumerate(days, 250_001):
            self._order(self.chance.choice(self.persons), f"V{number}", FIRST + timedelta(days=day))
        self._by_night()
        self._collect()
        self.lived = [step for step in self.lived if PARIS.local(step.at).date() <= LAST]

    # ---- who there is

    def _found(self) -> None:
        chance = self.chance
        mobiles = chance.sample(range(10_000), 2600)
        for number in range(3000):
            first, last = chance.choice(_FIRST_NAMES), chance.choice(_LAST_NAMES)
            address = f"{first}.{last}{number}".translate(_PLAIN).lower() + f"@{chance.choice(_MAILS)}"
            kind = "professionnel" if chance.random() < 0.12 else "particulier"
            accounts = [f"C{204_000 + number * 7}"]
            if chance.random() < 0.05:  # registered twice, a year apart
                accounts.append(f"C{310_000 + number * 3}")
            phone = f"063998{mobiles[number]:04d}" if number < 2600 else f"046571{number:04d}"
            self.persons.append(Person(number, accounts, address, phone, self._drawn(REGIONS), kind))
        offices = [person for person in self.persons if person.kind == "professionnel"]
        for person in chance.sample(offices, 40):
            person.phone, person.shares_phone = SWITCHBOARD, True
        at_home = [
            person for person in self.persons if person.kind == "particulier" and not person.shares_phone
        ]
        for one, other in zip(at_home[0:240:2], at_home[1:240:2], strict=True):  # couples
            other.phone, other.region = one.phone, one.region
            one.shares_phone = other.shares_phone = True

    def _drawn(self, shares: dict[str, float]) -> str:
        return self.chance.choices(list(shares), list(shares.values()))[0]

    # ---- when things happen

    def _open(self, at: int, first: float = 9.0, last: float = 18.5) -> int:
        """The next instant, from ``at`` on, at which people answer; spread over the day that it falls on."""
        local = PARIS.local(at)
        day, hour = local.date(), local.hour + local.minute / 60
        if hour >= last - 0.25:
            day, hour = day + timedelta(days=1), first
        while day.weekday() == 6 or day in HOLIDAYS:
            day, hour = day + timedelta(days=1), first
        start = max(hour, first)
        seconds = (
            start + 0.02 + min(self.chance.expovariate(0.5), (last - start) * self.chance.uniform(0.6, 0.98))
        ) * HOUR
        return PARIS.at(day, seconds) + self.chance.randrange(60)

    def _soon(self, at: int, days: float) -> int:
        return at + int(self.chance.uniform(0.15, days) * DAY)

    # ---- orders

    def _order(self, person: Person, number: str, day: date) -> None:
        """All that comes of one order."""
        chance = self.chance
        at = PARIS.at(day, min(max(chance.gauss(15.5, 4.2), 0.2), 23.9) * HOUR + chance.randrange(60))
        person.orders.append(number)
        family, carrier = self._drawn(FAMILIES), self._drawn(CARRIERS)
        promised = day + timedelta(days=chance.choice((4, 4, 5, 5, 6) if family[0] == "p" else (5, 6, 6, 7)))
        bought = Lived(
            at, "commandes", person, "commande", "shop", "web", "machine", "customer", order=number, due=promised,
            details={
                "carrier": carrier, "family": family, "region": person.region, "kind": person.kind,
                "amount": f"{chance.lognormvariate(5.6, 0.6):.2f}",
            },
        )  # fmt: skip
        self.lived.append(bought)
        if chance.random() < CANCELLED:
            self.lived.append(
                replace(
                    bought,
                    at=at + int(chance.uniform(1, 20) * HOUR),
                    activity="annulation",
                    due=None,
                    planted=set(),
                )
            )
            return
        if chance.random() < ASKS_BEFORE_DELIVERY:
            self._ask(Matter(person, number, "suivi"), self._open(at + int(chance.uniform(4, 60) * HOUR), 8))
        shipped = self._open(at + int(chance.uniform(0.5, 1.6) * DAY), 6, 17)
        self._parcel(shipped, bought, "expédition", "warehouse", None)
        delivered = self._deliver(bought, promised, shipped)
        if delivered is None:
            return
        self._invoice(Matter(person, number, "facture"), delivered + int(chance.uniform(1, 4) * HOUR))
        if family != "petit électroménager" and chance.random() < BREAKS_DOWN:
            self._break_down(Matter(person, number, "panne"), delivered + int(chance.uniform(15, 80) * DAY))

    def _parcel(self, at: int, bought: Lived, activity: str, function: str, channel: str | None) -> Lived:
        step = Lived(
            at, "livraisons", bought.person, activity, function, channel, "human", "company", order=bought.order,
            details=bought.details,
        )  # fmt: skip
        self.lived.append(step)
        return step

    def _deliver(self, bought: Lived, promised: date, shipped: int) -> int | None:
        """The parcel's way; when it arrived, or ``None`` if it never did."""
        chance, region = self.chance, bought.details["region"]
        risk = (LATE_IN_SOUTH if region == "Sud" else LATE)[bought.details["carrier"]]
        lost, late = chance.random() < LOST, chance.random() < risk
        soonest = PARIS.local(shipped).date() + timedelta(days=1)
        if lost or late:
            if bought.person and chance.random() < ASKS_WHEN_LATE:
                matter = Matter(bought.person, bought.order or "", "livraison")
                self._ask(matter, self._open(PARIS.at(promised + timedelta(days=1), 8.5 * HOUR)))
            if lost:
                return None
            day = promised + timedelta(days=1 + min(int(chance.expovariate(0.5)), 9))
            if chance.random() < 0.35:
                missed = PARIS.at(max(promised, soonest), chance.uniform(8.5, 17) * HOUR)
                self._parcel(missed, bought, "passage manqué", "carriers", "delivery")
        else:
            day = min(max(promised - timedelta(days=chance.choice((0, 0, 1, 1, 2))), soonest), promised)
        at = max(PARIS.at(day, chance.uniform(8, 19.5) * HOUR), shipped + HOUR)
        step = self._parcel(at, bought, "livraison", "carriers", "delivery")
        if late:
            step.planted.add("broken_promise")
        return step.at

    def _invoice(self, matter: Matter, at: int) -> None:
        """The bill, wrong now and then."""
        self.lived.append(
            Lived(at, "factures", matter.person, "facture", "billing", "email", "machine", "company", order=matter.order)
        )  # fmt: skip
        if self.chance.random() < BILLING_ERROR:
            self._ask(matter, self._open(at + int(self.chance.uniform(1, 9) * DAY)))

    def _break_down(self, matter: Matter, at: int) -> None:
        """The machine stops: a call to declare it, then a technician, on time or long after."""
        chance = self.chance
        at = self._open(at)
        if chance.random() < 0.3:
            bot = self._chat(matter, at - int(chance.uniform(0.3, 3) * HOUR))
            if bot.outcome != "unresolved":
                return
        self._leg(matter, at, "repair", "customer", activity="panne déclarée").outcome = "resolved"
        day = PARIS.local(at).date()
        late = chance.random() < REPAIR_LATE
        for _ in range(chance.randint(9, 12) if late else chance.randint(1, 4)):
            day += timedelta(days=1)
            while day.weekday() >= 5 or day in HOLIDAYS:
                day += timedelta(days=1)
        visit = Lived(
            PARIS.at(day, chance.uniform(8.5, 17) * HOUR), CONTACTS, matter.person, "intervention", "repair", "on_site", "human", "company",
            "resolved", matter.intent, "Tournée " + matter.person.region, matter.order,
            duration_s=round(chance.uniform(20, 90)) * 60.0, agent=f"T{chance.randrange(12):02d}",
        )  # fmt: skip
        if late:
            visit.planted.add("broken_promise")
            if chance.random() < 0.5:  # no news after five days: they call again
                again = self._leg(matter, self._open(at + 5 * DAY), "repair", "customer")
                again.outcome = "resolved"
                again.planted.add("repeat_contact")
        self.lived.append(visit)

    # ---- what comes besides

    def _by_night(self) -> None:
        """Four chats in the hour that the night of 26 October has twice: the first time that it comes."""
        for minute in (4, 17, 31, 48):
            person = self._customer()
            at = PARIS.at(date(2025, 10, 26), 2 * HOUR + minute * 60)
            self._chat(Matter(person, person.orders[-1], "suivi"), at).outcome = "resolved"

    def _collect(self) -> None:
        """Calls by a collecting agency that the charter does not know of."""
        for fortnight in range(14):
            person = self._customer()
            at = PARIS.at(FIRST + timedelta(days=40 + 14 * fortnight), 10.5 * HOUR)
            step = self._leg(Matter(person, person.orders[0], "impayé"), at, "billing", "company")
            step.function = step.team = COLLECTORS
            step.outcome, step.wait_s = "unresolved", 0.0

    def _customer(self) -> Person:
        return self.chance.choice([person for person in self.persons if person.orders])

    # ---- contacts

    def _ask(self, matter: Matter, at: int) -> None:
        """A customer wants an answer: from the chatbot first, or by telephone at once."""
        chance = self.chance
        if chance.random() >= CHATBOT_FIRST:
            self._call(matter, at)
            return
        bot = self._chat(matter, at)
        if bot.outcome != "unresolved":
            return
        if chance.random() < CALLS_AFTER_CHATBOT:
            later = self._open(bot.at + int(chance.uniform(0.2, 2) * HOUR))
            self._call(matter, later, planted={"forced_channel_switch", "repeat_contact"})
        else:
            bot.planted.add("dead_end")

    def _chat(self, matter: Matter, at: int) -> Lived:
        """A session with the chatbot, which hands over to a human in office hours, sometimes."""
        chance = self.chance
        fails = chance.random() < CHATBOT_FAILS[matter.intent]
        self.calls += 1
        step = Lived(
            at, CONTACTS, matter.person, "chatbot", "digital", "chat", "machine", "customer", "unresolved" if fails else "resolved",
            matter.intent, "Assistant", matter.order, 0.0, float(chance.randrange(40, 400)), call=self.calls,
        )  # fmt: skip
        self.lived.append(step)
        if fails and 8 <= PARIS.local(at).hour < 19 and chance.random() < CHATBOT_HANDS_OVER:
            step.outcome = "transferred"  # in the same window, to somebody who reads what was said
            human = self._leg(matter, at + 400, "service", None, activity="chat")
            human.channel, human.call, human.outcome = "chat", step.call, "resolved"
            human.wait_s = min(human.wait_s or 0.0, 90.0)
        return step

    def _leg(
        self, matter: Matter, at: int, function: str, by: str | None, *, activity: str = "appel"
    ) -> Lived:
        """One conversation with a human; its outcome is the caller's to set."""
        chance = self.chance
        team = chance.choice(TEAMS[function])
        monday = PARIS.local(at).weekday() == 0
        wait = (
            math.floor(
                chance.lognormvariate(math.log(QUEUE_S[function] * (1.9 if monday else 1.0)), 0.95) * 2
            )
            / 2
        )
        self.calls += 1
        step = Lived(
            at, CONTACTS, matter.person, activity, function, "phone", "human", by, None, matter.intent, team, matter.order, wait,
            float(max(30, int(chance.gauss(330, 140)))), asked_again=False, call=self.calls,
            agent=f"A{TEAMS[function].index(team)}{function[0]}{chance.randrange(14):02d}",
        )  # fmt: skip
        self.lived.append(step)
        return step

    def _call(self, matter: Matter, at: int, tries: int = 0, planted: Collection[str] = ()) -> None:
        """A call, passed on or not, and what follows when it does not help."""
        chance = self.chance
        function = "billing" if matter.intent == "facture" else "service"
        if function == "service" and chance.random() < WRONG_DOOR:
            function = "sales"  # the voice menu offers sales first
        step = self._leg(matter, at, function, "customer")
        step.planted.update(planted)
        if (step.wait_s or 0.0) > chance.expovariate(1 / PATIENCE_S) + 20:
            step.outcome, step.duration_s = "abandoned", 0.0
            step.planted.add("abandonment")
            again = CALLS_AGAIN_ABANDONED
        else:
            last = self._handled(step, matter)
            again = CALLS_AGAIN_UNRESOLVED if last.outcome == "unresolved" else 0.0
            if matter.intent == "facture" and last.outcome == "resolved":
                self._credit(matter, last.at)
                return
        if tries < 3 and chance.random() < again:
            later = self._open(self._soon(step.at, 3.5))
            self._call(matter, later, tries + 1, {"repeat_contact"})

    def _handled(self, step: Lived, matter: Matter) -> Lived:
        """The outcome of a call that was answered; the last conversation of it."""
        chance = self.chance
        if step.function == "sales":
            step.outcome = "transferred"
            second = self._passed(step, matter, "service")
            second.outcome = "unresolved" if chance.random() < SERVICE_UNRESOLVED else "resolved"
            return second
        if step.function == "billing":
            passes, unresolved, target = BILLING_TO_SERVICE, BILLING_UNRESOLVED, "service"
        else:
            passes, unresolved, target = (
                SERVICE_TO_SALES.get(matter.intent, 0.05),
                SERVICE_UNRESOLVED,
                "sales",
            )
        draw = chance.random()
        if draw >= passes:
            step.outcome = "unresolved" if draw < passes + unresolved else "resolved"
            return step
        step.outcome = "transferred"
        second = self._passed(step, matter, target)
        if target == "sales" and chance.random() < SALES_PASSES_BACK:
            second.outcome = "transferred"
            second.planted.add("useless_transfer")
            third = self._passed(second, matter, "service")
            third.planted.add("ping_pong")
            third.outcome = "unresolved" if chance.random() < 0.3 else "resolved"
            return third
        second.outcome = "unresolved" if chance.random() < 0.2 else "resolved"
        return second

    def _passed(self, step: Lived, matter: Matter, function: str) -> Lived:
        """The next conversation of the same call."""
        at = step.at + int((step.wait_s or 0) + (step.duration_s or 0)) + self.chance.randrange(5, 40)
        second = self._leg(matter, at, function, None)
        second.call = step.call
        if self.chance.random() < ASKED_AGAIN:
            second.asked_again = True
            second.planted.add("asked_again")
        return second

    def _credit(self, matter: Matter, at: int) -> None:
        """The credit note that was announced on the telephone, unless it is forgotten and the customer calls again."""
        chance = self.chance
        if chance.random() < CREDIT_FORGOTTEN:
            again = self._leg(matter, self._open(self._soon(at + 2 * DAY, 2.5)), "billing", "customer")
            again.outcome = "resolved"
            again.planted |= {"reopened", "repeat_contact"}
            at = again.at
        noted = self._open(at + int(chance.uniform(1, 5) * DAY))
        self.lived.append(
            Lived(noted, "factures", matter.person, "avoir", "billing", None, "human", "company", order=matter.order)
        )  # fmt: skip
