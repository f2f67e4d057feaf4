"""Who is left out by what is digital only, and what people phone for because it is nowhere else."""

import numpy as np

from portance.charter import Charter
from portance.estimation import shown_for
from portance.orchestration.dosage.comparing import MOST_SEGMENTS
from portance.orchestration.dosage.contacts import UNKNOWN, Booleans, Contacts, Texts
from portance.orchestration.dosage.containing import share, told
from portance.orchestration.dosage.issues import Sessions
from portance.orchestration.dosage.records import Row

ONLY = 0.98
"""From this share of contacts on, a way is called the only one."""
FEWEST = 30
_GAP = 0.05
_SHORT = 0.75
_SETTLED = 0.7
_MOST = 20


def left_out(charter: Charter, contacts: Contacts, sessions: Sessions, seed: int) -> list[Row]:
    """The rows of ``left_out``: for each intent that machines alone treat, and each segment's value, who never comes and who never succeeds.

    Each share is told beside that of all the other values of the segment.
    """
    rows: list[Row] = []
    for intent in _kinds(contacts):
        here = contacts.intent == intent
        served = here & (contacts.human | contacts.machine)
        if served.sum() < FEWEST or contacts.machine[served].mean() < ONLY:
            continue
        channel = _commonest(contacts.channel[served])
        came = np.bincount(contacts.person[served], minlength=contacts.persons) > 0
        good = served & sessions.mature & ~sessions.failed & ~sessions.repeated
        mature = np.bincount(contacts.person[served & sessions.mature], minlength=contacts.persons) > 0
        settled = np.bincount(contacts.person[good], minlength=contacts.persons) > 0
        for name in charter.segments:
            of_person = np.full(contacts.persons, UNKNOWN, dtype=object)
            of_person[contacts.person] = contacts.segments[name]
            values, counts = np.unique(of_person[of_person != UNKNOWN].astype(str), return_counts=True)
            for value in values[np.argsort(-counts, kind="stable")][:MOST_SEGMENTS]:
                inside, outside = of_person == value, (of_person != value) & (of_person != UNKNOWN)
                for measure, base, flag in (
                    ("never_succeeds", mature, ~settled),
                    ("never_comes", np.ones_like(came), ~came),
                ):
                    row = _beside(
                        intent,
                        f"{name}={value}",
                        channel,
                        measure,
                        inside=inside & base,
                        outside=outside & base,
                        flag=flag,
                        seed=seed,
                    )
                    if row is not None:
                        rows.append(row)
    rows.sort(
        key=lambda row: (
            row["verdict"] != "left_out",
            -(row["share_low"] or 0.0),
            row["intent"],
            row["segment"],
            row["measure"],
        )
    )
    return rows


def _beside(
    intent: str, segment: str, channel: str | None, measure: str, *, inside: Booleans, outside: Booleans, flag: Booleans, seed: int,
) -> Row | None:  # fmt: skip
    mine, others = np.flatnonzero(inside), np.flatnonzero(outside)
    if not len(mine) or not len(others):
        return None
    here, there = share(mine, flag[mine], seed), share(others, flag[others], seed)
    clear = None not in (here.ci_low, there.ci_high) and (here.ci_low or 0.0) > (there.ci_high or 0.0) + _GAP
    # That fewer of a segment come may be that fewer need it: only failing is told as being left out.
    verdict = (
        "left_out" if clear and measure == "never_succeeds" else "comes_less" if clear else "not_detectable"
    )
    return {
        "intent": intent, "segment": segment, "channel": channel, "measure": measure, **told("share", here), **told("others", there),
        "persons": len(mine), "verdict": verdict, "reason": "need_unknown" if measure == "never_comes" else "machine_only",
        "shown": shown_for(len(mine)),
    }  # fmt: skip


def phoned_for(charter: Charter, contacts: Contacts, sessions: Sessions, seed: int) -> list[Row]:
    """The rows of ``phoned_for``: intents that come by one channel served by humans only, are short, are settled, and have no machine."""
    rows: list[Row] = []
    durations = contacts.duration_s[contacts.human & (contacts.duration_s > 0)]
    usual = float(np.median(durations)) if len(durations) else None
    served_by_machine = {intent for machine in charter.machines.values() for intent in machine.intents}
    span = float(np.ptp(contacts.t_us)) / (7 * 86_400e6)
    for intent in _kinds(contacts):
        here = np.flatnonzero((contacts.intent == intent) & (contacts.human | contacts.machine))
        if len(here) < FEWEST or intent in served_by_machine or contacts.machine[here].any():
            continue
        channel = _commonest(contacts.channel[here])
        if channel is None or charter.channels.get(channel) is None:
            kind = "mixed"
        else:
            kind = charter.channels[channel].kind
        alone = share(contacts.person[here], contacts.channel[here] == channel, seed)
        mature = here[sessions.mature[here]]
        if (
            kind == "machine"
            or channel is None
            or not len(mature)
            or (alone.value or alone.ci_low or 0.0) < ONLY
        ):
            continue
        settled = share(contacts.person[mature], ~sessions.failed[mature] & ~sessions.repeated[mature], seed)
        known = contacts.duration_s[here][contacts.duration_s[here] > 0]
        median = float(np.median(known)) if len(known) else None
        if usual is None or median is None or median > _SHORT * usual or (settled.ci_low or 0.0) < _SETTLED:
            continue
        persons = len(np.unique(contacts.person[here]))
        shown = shown_for(persons)
        rows.append({
            "intent": intent, "channel": channel, "function": _commonest(contacts.function[here]), "contacts": len(here),
            **told("share", alone), "duration_s": median if shown == "point" else None, **told("resolved", settled),
            "hours_per_week": float(known.mean()) * len(here) / 3600 / span if span > 0 and shown == "point" else None,
            "persons": persons, "reason": "one_channel_short_settled", "shown": shown,
        })  # fmt: skip
    rows.sort(key=lambda row: (-row["contacts"], row["intent"]))
    return rows[:_MOST]


def _kinds(contacts: Contacts) -> list[str]:
    return [str(kind) for kind in np.unique(contacts.intent.astype(str)) if kind != UNKNOWN]


def _commonest(values: Texts) -> str | None:
    kinds, counts = np.unique(values[values != UNKNOWN].astype(str), return_counts=True)
    return str(kinds[int(np.argmax(counts))]) if len(kinds) else None
