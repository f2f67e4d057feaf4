"""What becomes of a machine's sessions: settled, kept without being settled, handed to a human, given up."""

import datetime as dt
import math
from collections.abc import Iterator

import numpy as np

from portance.charter import Charter
from portance.charter.declared import Change
from portance.estimation import Estimate, by_person, ratio, shown_for
from portance.estimation.interrupting import Effect, interrupted
from portance.orchestration.dosage.contacts import UNKNOWN, Booleans, Contacts, Integers
from portance.orchestration.dosage.issues import Sessions
from portance.orchestration.dosage.records import Row

ALL = "all"
MOST_INTENTS = 12
_WEEKS = 12
_EPOCH = dt.date(1970, 1, 1)
_FEW_A_WEEK = 5
_MOSTLY = 0.5


def containment(charter: Charter, contacts: Contacts, sessions: Sessions, seed: int) -> list[Row]:
    """The rows of ``containment``: each machine as a whole, then its most frequent intents. The last window is left out."""
    rows = []
    for machine in machines_of(charter, contacts):
        mine = contacts.named == machine
        for intent in (ALL, *_intents(contacts, mine & sessions.mature)):
            at = np.flatnonzero(mine & sessions.mature & ((contacts.intent == intent) | (intent == ALL)))
            if not len(at):
                if intent == ALL and mine.any():
                    rows.append({"machine": machine, "intent": ALL, "sessions": 0, "persons": 0, "reason": "beyond_follow_up", "estimated": False, "shown": "suppressed"})  # fmt: skip
                continue
            parts = split(sessions, at)
            row: Row = {
                "machine": machine,
                "intent": intent,
                "sessions": len(at),
                "persons": len(np.unique(contacts.person[at])),
            }
            for name, flags in parts.items():
                row |= told(name, share(contacts.person[at], flags, seed))
            row["shown"] = shown_for(row["persons"])
            effect, weekly, reason = avoided(charter, contacts, machine, intent)
            unknown = float((contacts.intent[at] == UNKNOWN).mean()) > _MOSTLY
            row["estimated"], row["reason"] = effect is not None, "intent_unknown" if unknown else reason
            if effect is not None and weekly > 0:
                row |= {"deflected": -effect.observed / weekly, "deflected_low": -effect.high / weekly, "deflected_high": -effect.low / weekly}  # fmt: skip
            rows.append(row)
    return rows


def machines_of(charter: Charter, contacts: Contacts) -> list[str]:
    """The machines that are declared, else those that are met."""
    found = sorted({str(name) for name in np.unique(contacts.named.astype(str))} - {UNKNOWN})
    return [name for name in charter.machines if name in found] if charter.machines else found


def split(sessions: Sessions, at: Integers) -> dict[str, Booleans]:
    """What became of the sessions ``at``. Contained: no human took over; it is one of resolved, false containment, abandoned."""
    handed, failed, repeated = sessions.handed[at], sessions.failed[at], sessions.repeated[at]
    contained = ~handed
    return {
        "contained": contained, "resolved": contained & ~failed & ~repeated, "false_containment": contained & ~failed & repeated,
        "handed": handed, "abandoned": contained & failed,
    }  # fmt: skip


def share(person: Integers, flags: Booleans, seed: int) -> Estimate:
    """The share of contacts for which ``flags`` holds, its interval by person."""
    numbers = np.unique(person, return_inverse=True)[1]
    return ratio(
        by_person(numbers, flags.astype(np.float64), np.ones(len(flags))), seed=seed, proportion=True
    )


def told(name: str, estimate: Estimate) -> Row:
    """A figure and its ends as columns."""
    return {name: estimate.value, f"{name}_low": estimate.ci_low, f"{name}_high": estimate.ci_high}


def _intents(contacts: Contacts, mine: Booleans) -> list[str]:
    kinds, counts = np.unique(contacts.intent[mine].astype(str), return_counts=True)
    return [str(kinds[place]) for place in np.argsort(-counts, kind="stable") if kinds[place] != UNKNOWN][
        :MOST_INTENTS
    ]


def automations(charter: Charter, machine: str) -> Iterator[tuple[str, Change]]:
    """The dated automations that concern a machine: of its function or promise; of any where only one machine is declared."""
    declared = charter.machines.get(machine)
    for name, change in charter.changes.items():
        if change.kind != "automation":
            continue
        close = declared is not None and (
            name == machine
            or (change.promise is not None and change.promise == declared.promise)
            or (change.function is not None and change.function == declared.function)
        )
        if close or (change.function is None and change.promise is None and len(charter.machines) <= 1):
            yield name, change


def weeks_around(contacts: Contacts, since: dt.date) -> tuple[Integers, int, int]:
    """The whole weeks of each contact, counted from a change: their number, how many before, how many after."""
    day = (since - _EPOCH).days
    number = (contacts.day - day) // 7
    first, last = int(contacts.day.min()), int(contacts.day.max())
    return number, (day - first) // 7, (last + 1 - day) // 7


def avoided(
    charter: Charter, contacts: Contacts, machine: str, intent: str
) -> tuple[Effect | None, float, str | None]:
    """The change of weekly human contacts for what the machine treats at its date, beside the other intents, and its sessions a week.

    Without a dated change, or without other intents to compare with, nothing says what would have come: a reason.
    """
    reason: str | None = "no_dated_change"
    mine = contacts.named == machine
    covered = (
        {str(kind) for kind in np.unique(contacts.intent[mine].astype(str))} if intent == ALL else {intent}
    )
    inside = np.isin(contacts.intent.astype(str), list(covered)) & (contacts.intent != UNKNOWN)
    control = (
        contacts.human & ~np.isin(contacts.intent.astype(str), list(covered)) & (contacts.intent != UNKNOWN)
    )
    if intent != ALL:
        every = {str(kind) for kind in np.unique(contacts.intent[mine].astype(str))}
        control &= ~np.isin(contacts.intent.astype(str), list(every))
    for _, change in automations(charter, machine):
        number, before, after = weeks_around(contacts, change.since)
        if before < _WEEKS or after < _WEEKS:
            reason = "fewer_than_12_weeks"
            continue
        used = (number >= -before) & (number < after)
        length = before + after
        human = np.bincount(number[used & inside & contacts.human] + before, minlength=length).astype(
            np.float64
        )
        beside = np.bincount(number[used & control] + before, minlength=length).astype(np.float64)
        if beside.min(initial=math.inf) < _FEW_A_WEEK:
            reason = "no_control"
            continue
        scale = float(beside[before:].mean())
        effect = interrupted(human / beside * scale, before, slice(before, length))
        if effect.reason is not None:
            reason = effect.reason
            continue
        weekly = (
            float((used & mine & ((contacts.intent == intent) | (intent == ALL)) & (number >= 0)).sum())
            / after
        )
        return effect, weekly, None
    return None, 0.0, reason
