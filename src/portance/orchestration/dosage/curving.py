"""The dose of human and the wait that it makes, solved together: more humans for an intent, more load, longer waits, less gained."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portance.estimation.doubly_robust import Contrast
from portance.estimation.queueing import Waiting
from portance.orchestration.dosage.comparing import ALL, Issues
from portance.orchestration.dosage.contacts import Contacts
from portance.orchestration.dosage.issues import Sessions
from portance.orchestration.dosage.queues import FEWEST, Queue, Served, fit
from portance.orchestration.dosage.records import Row

DOSES = np.round(np.arange(0, 1.0001, 0.05), 2)
MOST_INTENTS = 6
_ROUNDS = 60
_CLOSE = 1e-6


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
    queues: list[Queue],
    contacts: Contacts,
    sessions: Sessions,
    found: Issues,
    effects: dict[tuple[str, str], Contrast],
) -> list[Row]:
    """The rows of ``dose_curve``: for each desk, the intents that machines treat too, then all of them together."""
    rows: list[Row] = []
    for queue in queues:
        if queue.served is None:
            continue
        for intent in _intents(effects):
            rows += _curve(
                queue, intent, contacts, sessions, found, desk=queue.served, effect=effects.get((intent, ALL))
            )
    return rows


def _intents(effects: dict[tuple[str, str], Contrast]) -> Iterator[str]:
    yield ALL
    kinds = [intent for intent, segment in effects if segment == ALL and intent != ALL]
    yield from kinds[:MOST_INTENTS]


def _curve(
    queue: Queue, intent: str, contacts: Contacts, sessions: Sessions, found: Issues, *, desk: Served, effect: Contrast | None
) -> Iterator[Row]:  # fmt: skip
    at_desk, hours, all_an_hour = queue.at, queue.hours, queue.arrivals
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
    now = next(place for place, (each, _) in enumerate(points) if _is(each, dose))
    today = points[now][1].waiting.mean_wait
    fits = fit(today if math.isfinite(today) else None, queue.waited)
    for place, (each, point) in enumerate(points):
        load = desk.load(point.arrivals)
        full_up = load >= desk.most or math.isinf(point.waiting.mean_wait)
        falling = best is not None and place > best and values[place] < values[best] - 1e-9
        yield {
            "desk": queue.desk, "intent": intent, "dose": each, "arrivals": point.arrivals, "load": load,
            "agents": float(desk.agents), "wait_s": point.waiting.mean_wait if math.isfinite(point.waiting.mean_wait) else None,
            "within": point.waiting.served_within, "abandoned": point.waiting.abandoned,
            "value": point.value if supported else None, "value_low": min(point.low, point.high) if supported else None,
            "value_high": max(point.low, point.high) if supported else None, "current": place == now,
            "best": best == place, "saturated": bool(full_up or falling), "model": desk.model, "unit": "share",
            "reason": queue.reason if supported else "no_support", "fit": fits, **(_measured(queue) if place == now else {}),
        }  # fmt: skip


def _is(each: float, dose: float) -> bool:
    return abs(each - round(dose, 4)) < 1e-9


def _measured(queue: Queue) -> Row:
    """The measured wait, that stands at the dose of now and at no other."""
    waited = queue.waited
    if waited is None:
        return {}
    return {
        "wait_measured_s": waited.value, "wait_measured_low": waited.ci_low, "wait_measured_high": waited.ci_high, "wait_measured_n": waited.n,
    }  # fmt: skip
