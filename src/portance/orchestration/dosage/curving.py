"""The dose of human and the wait that it makes, solved together: more humans for an intent, more load, longer waits, less gained."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portance.charter import Charter
from portance.charter.calendar import DAYS
from portance.charter.machines import Desk
from portance.estimation.doubly_robust import Contrast
from portance.estimation.queueing import Waiting, erlang_a, erlang_c, patience_of
from portance.orchestration.dosage.comparing import ALL, Issues
from portance.orchestration.dosage.contacts import Booleans, Contacts
from portance.orchestration.dosage.issues import Sessions
from portance.orchestration.dosage.records import Row

DOSES = np.round(np.arange(0, 1.0001, 0.05), 2)
MOST_INTENTS = 6
FEWEST = 30
"""Fewer contacts at a desk, or abandonments, and nothing is measured on them."""
_ROUNDS = 60
_CLOSE = 1e-6
_SOONEST = 0.05
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Served:
    """A desk as a queue, in seconds.

    Conversations held at once are as many places: how long one lasts was measured, or declared, with the others beside it.
    """

    agents: int
    duration_s: float
    patience_s: float | None
    concurrency: int
    within_s: float

    @property
    def model(self) -> str:
        """erlang_c, erlang_a or chat."""
        if self.concurrency > 1:
            return "chat"
        return "erlang_c" if self.patience_s is None else "erlang_a"

    def waiting(self, per_hour: float) -> Waiting:
        """The wait at so many arrivals an hour."""
        load, places = per_hour / _HOUR_S * self.duration_s, self.agents * self.concurrency
        if self.patience_s is None:
            return erlang_c(load, places, duration=self.duration_s, within=self.within_s)
        return erlang_a(
            load, places, patience=self.patience_s, duration=self.duration_s, within=self.within_s
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """What comes to a desk, an hour of opening: ``others`` whatever the dose; ``issues`` of the intent, that the dose shares out.

    ``handed``: the share of machine-first issues that the machine hands over. ``back``: the share of unsettled issues that
    come to the desk again. ``human`` and ``machine``: the share that each settles, with the ends of the human's.
    """

    others: float
    issues: float
    handed: float
    back: float
    human: float
    machine: float
    effect_low: float
    effect_high: float


@dataclass(frozen=True, slots=True)
class Balance:
    """A dose with the wait that it makes, in balance: what comes an hour, what it does to waits, and the share settled."""

    dose: float
    arrivals: float
    waiting: Waiting
    value: float
    low: float
    high: float


def balanced(dose: float, flow: Flow, desk: Served) -> Balance:
    """The fixed point of load and wait at one ``dose``: those not settled come back and wait with the others.

    Damped steps; the settled share falls as arrivals rise, so there is one balance.
    """
    arrivals = flow.others + flow.issues * (dose + (1 - dose) * flow.handed)
    waiting = desk.waiting(arrivals)
    for _ in range(_ROUNDS):
        settled = _settled(dose, flow, waiting, flow.human)
        following = flow.others + flow.issues * (dose + (1 - dose) * flow.handed + flow.back * (1 - settled))
        if abs(following - arrivals) <= _CLOSE * max(arrivals, 1.0):
            break
        arrivals = 0.5 * (arrivals + following)
        waiting = desk.waiting(arrivals)
    human = flow.human
    return Balance(
        dose, arrivals, waiting, _settled(dose, flow, waiting, human),
        _settled(dose, flow, waiting, min(max(flow.machine + flow.effect_low, 0.0), 1.0)),
        _settled(dose, flow, waiting, min(max(flow.machine + flow.effect_high, 0.0), 1.0)),
    )  # fmt: skip


def _settled(dose: float, flow: Flow, waiting: Waiting, human: float) -> float:
    """The share of issues that end settled; one who gives up the wait, or waits for ever, is not."""
    reached = 0.0 if math.isinf(waiting.mean_wait) else 1 - waiting.abandoned
    by_machine = flow.machine - flow.machine * flow.handed * (1 - reached)
    return dose * reached * human + (1 - dose) * by_machine


def curves(
    charter: Charter, contacts: Contacts, sessions: Sessions, found: Issues, effects: dict[tuple[str, str], Contrast],
    *, as_of_us: int,
) -> list[Row]:  # fmt: skip
    """The rows of ``dose_curve``: for each desk, the intents that machines treat too, then all of them together."""
    rows: list[Row] = []
    for name, desk in charter.desks.items():
        at_desk = _at(contacts, desk)
        hours = opened_hours(charter, contacts, desk, at_desk, as_of_us)
        served, reason = queue_of(contacts, desk, at_desk)
        if served is None or hours <= 0:
            continue
        for intent in _intents(effects):
            rows += _curve(name, intent, contacts, sessions, found, effect=effects.get((intent, ALL)), at_desk=at_desk, hours=hours, desk=served, reason=reason)  # fmt: skip
    return rows


def _at(contacts: Contacts, desk: Desk) -> Booleans:
    function = (contacts.function == desk.function) | (contacts.function == "")
    return np.asarray(contacts.human & function & (contacts.channel == desk.channel))


def queue_of(contacts: Contacts, desk: Desk, at: Booleans) -> tuple[Served | None, str | None]:
    """The desk as a queue, and what of it is assumed; None where neither declared nor measured durations exist."""
    duration_us = desk.handling
    measured = contacts.duration_s[at & (contacts.outcome != "abandoned") & (contacts.duration_s > 0)]
    if duration_us is None and len(measured) < FEWEST:
        return None, "no_handling_time"
    duration = duration_us / 1e6 if duration_us is not None else float(measured.mean())
    waits = contacts.wait_s[at & np.isfinite(contacts.wait_s)]
    gone = int((at & (contacts.outcome == "abandoned") & np.isfinite(contacts.wait_s)).sum())
    patience = desk.patience / 1e6 if desk.patience else None
    if patience is None and gone >= FEWEST:
        patience = patience_of(float(waits.sum()), gone)
    within = desk.within / 1e6 if desk.within is not None else 20.0
    reason = None if desk.within is not None else "within_20_s_for_want_of_a_standard"
    return Served(max(round(desk.agents), 1), duration, patience, desk.concurrency, within), reason


def opened_hours(charter: Charter, contacts: Contacts, desk: Desk, at: Booleans, as_of_us: int) -> float:
    """The hours of opening from the first contact to the end: by the desk's calendar, else the hours of the week that have contacts."""
    if not at.any():
        return 0.0
    first, last = (
        int(contacts.day[at].min()),
        min(int(contacts.day[at].max()), as_of_us // 86_400_000_000 + 1),
    )
    calendar = charter.calendars.get(desk.calendar) if desk.calendar else None
    days = np.arange(first, last + 1)
    weekday = (days + 3) % 7
    if calendar is not None:
        of_day = np.array([sum(stop - start for start, stop in calendar.opened(day)) / 60 for day in DAYS])
        return float(of_day[weekday].sum())
    slot = ((contacts.day[at] + 3) % 7) * 24 + np.minimum(contacts.hour[at].astype(np.int64), 23)
    counted = np.bincount(slot, minlength=168)
    used = counted >= _SOONEST * counted.max()
    return float(used.reshape(7, 24).sum(axis=1)[weekday].sum())


def _intents(effects: dict[tuple[str, str], Contrast]) -> Iterator[str]:
    yield ALL
    kinds = [intent for intent, segment in effects if segment == ALL and intent != ALL]
    yield from kinds[:MOST_INTENTS]


def _curve(
    name: str, intent: str, contacts: Contacts, sessions: Sessions, found: Issues, *, effect: Contrast | None,
    at_desk: Booleans, hours: float, desk: Served, reason: str | None,
) -> Iterator[Row]:  # fmt: skip
    here = (contacts.intent == intent) | (intent == ALL)
    mine = here[found.rows]
    # Issues that this desk could serve: opened at it, or by a machine; those of other desks stay theirs.
    mine &= at_desk[found.rows] | ~found.human
    if mine.sum() < FEWEST or (found.human[mine].all() or not found.human[mine].any()):
        return
    human = found.human[mine]
    # An issue counts within the window seen whole; contacts without that limit: each over its own time.
    seen = float(np.ptp(contacts.t_us[found.rows])) / max(float(np.ptp(contacts.t_us[at_desk])), 1.0)
    issues_an_hour = float(mine.sum()) / (hours * max(seen, 1e-9))
    all_an_hour = float(at_desk.sum()) / hours
    dose = float(human.mean())
    handed = float(found.handed[mine][~human].mean())
    settled = found.outcomes["resolved"][mine]
    supported = effect is not None and effect.supported
    if effect is not None and supported:
        by_human, by_machine = effect.treated_mean, effect.control_mean
        low, high = effect.low, effect.high
    else:
        by_human = by_machine = float(settled.mean())
        low = high = 0.0
    by_human, by_machine = (min(max(share, 0.0), 1.0) for share in (by_human, by_machine))
    served_now = desk.waiting(all_an_hour)
    reached = max(1 - served_now.abandoned, 1e-6) if math.isfinite(served_now.mean_wait) else 1.0
    # What was measured of humans already counts those who gave up: who reaches one is settled more often.
    full = min(by_human / reached, 1.0) if supported else by_human
    openings = issues_an_hour * (dose + (1 - dose) * handed)
    again = float((at_desk & here & ~sessions.first).sum()) / hours
    unsettled = issues_an_hour * max(1 - float(settled.mean()), 1e-9)
    back = min(again / unsettled, 1.0) if unsettled > 0 else 0.0
    others = max(all_an_hour - openings - unsettled * back, 0.0)
    flow = Flow(others, issues_an_hour, handed, back, full, by_machine, low / reached, high / reached)
    points = [
        (float(each), balanced(float(each), flow, desk))
        for each in np.unique(np.append(DOSES, round(dose, 4)))
    ]
    values = np.array([point.value for _, point in points])
    best = int(np.argmax(values)) if supported else None
    slots = desk.agents * desk.concurrency
    for place, (each, point) in enumerate(points):
        load = point.arrivals / _HOUR_S * desk.duration_s
        full_up = load >= slots or math.isinf(point.waiting.mean_wait)
        falling = best is not None and place > best and values[place] < values[best] - 1e-9
        yield {
            "desk": name, "intent": intent, "dose": each, "arrivals": point.arrivals, "load": load,
            "agents": float(desk.agents), "wait_s": point.waiting.mean_wait if math.isfinite(point.waiting.mean_wait) else None,
            "within": point.waiting.served_within, "abandoned": point.waiting.abandoned,
            "value": point.value if supported else None, "value_low": min(point.low, point.high) if supported else None,
            "value_high": max(point.low, point.high) if supported else None, "current": abs(each - round(dose, 4)) < 1e-9,
            "best": best == place, "saturated": bool(full_up or falling), "model": desk.model, "unit": "share",
            "reason": reason if supported else "no_support",
        }  # fmt: skip
