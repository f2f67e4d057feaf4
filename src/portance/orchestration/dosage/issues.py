"""An issue: what a customer comes for, from a first contact until nothing more comes for the same within the time declared."""

from dataclasses import dataclass

import numpy as np

from portance.orchestration.dosage.contacts import (
    FAILED,
    UNKNOWN,
    Booleans,
    Contacts,
    Floats,
    Integers,
    Texts,
)

_AT_ONCE_US = 5 * 60_000_000
"""A human who follows a machine's session within this time, for the same, took it over."""
_PASSED_ON_US = 3_600_000_000
"""Within this time after a contact that was transferred, the next human goes on with it: the customer did not come back."""
_PAST_US = 90 * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Sessions:
    """What became of each contact, one value per contact, in the order of contacts.

    ``next_same``: when the same person next came for the same, by any channel, after this contact and what took it over
    (a large number where never). ``handed``: a machine's session that a human took over. ``mature``: the whole window
    after it was seen. ``first``: nothing for the same came within the window before it; ``first_of_all``: nothing ever did.
    """

    handed: Booleans
    failed: Booleans
    repeated: Booleans
    mature: Booleans
    first: Booleans
    repeats: Floats
    effort: Floats
    cost: Floats
    rating: Floats
    taken_over_by: Integers


def follow(
    contacts: Contacts, window_us: int, as_of_us: int, costs: tuple[dict[str, float], float]
) -> Sessions:
    """What became of each contact, within ``window_us``; ``costs``: of a session of each machine, and of a human contact."""
    n = len(contacts)
    order = np.lexsort(
        (
            np.arange(n),
            contacts.t_us,
            np.unique(contacts.intent.astype(str), return_inverse=True)[1],
            contacts.person,
        )
    )
    person, intent, t_us = contacts.person[order], contacts.intent[order], contacts.t_us[order]
    same_next = np.zeros(n, dtype=bool)
    same_next[:-1] = (person[:-1] == person[1:]) & (intent[:-1] == intent[1:])
    human, machine, outcome = contacts.human[order], contacts.machine[order], contacts.outcome[order]
    end = contacts.end_us[order]
    transferred = outcome == "transferred"
    following = np.zeros(n, dtype=bool)
    following[:-1] = same_next[:-1] & human[1:]
    soon = np.zeros(n, dtype=bool)
    soon[:-1] = t_us[1:] - end[:-1] <= _AT_ONCE_US
    within = np.zeros(n, dtype=bool)
    within[:-1] = t_us[1:] - end[:-1] <= window_us
    taken = machine & following & (soon | (transferred & within))
    handed = taken | (machine & transferred)
    # A chain counts as one handling: a machine's session, the human contact that took it over, and those it was passed on to.
    passed = np.zeros(n, dtype=bool)
    passed[:-1] = t_us[1:] - end[:-1] <= _PASSED_ON_US
    passed &= human & transferred & following
    last = _last_of_chain(taken | passed)
    block = np.cumsum(np.r_[True, ~same_next[:-1]]) if n else np.zeros(0, dtype=np.int64)
    ends = np.searchsorted(block, block, side="right")
    # Contacts for the same within the window after the handling: the rows of a block are in order of time.
    reach = _within(t_us, block, end[last] + window_us)
    counted = np.minimum(reach, ends)
    repeats = np.maximum(counted - (last + 1), 0).astype(np.float64)
    before = np.zeros(n, dtype=bool)
    before[1:] = same_next[:-1] & (t_us[1:] - end[:-1] <= window_us)
    failed = np.isin(outcome[last], FAILED) | (np.isin(outcome, FAILED) & ~handed)
    asked = np.cumsum(np.r_[0, contacts.again[order].astype(np.int64)])
    moved = np.cumsum(np.r_[0, transferred.astype(np.int64)])
    upto = np.maximum(counted, last + 1)
    start = np.arange(n)
    effort = (upto - start) + (asked[upto] - asked[start]) + (moved[upto] - moved[start])
    each = _costs(contacts, costs)[order]
    known = np.cumsum(np.r_[0.0, np.nan_to_num(each)])
    holes = np.cumsum(np.r_[0, np.isnan(each).astype(np.int64)])
    cost = np.where(holes[upto] == holes[start], known[upto] - known[start], np.nan)
    rating = _first_known(contacts.rating[order], start, upto)
    back = np.empty(n, dtype=np.int64)
    back[order] = start
    return Sessions(
        handed=handed[back], failed=failed[back], repeated=(repeats > 0)[back],
        mature=(end[last] + window_us <= as_of_us)[back], first=~before[back], repeats=repeats[back],
        effort=effort.astype(np.float64)[back], cost=cost[back], rating=rating[back],
        taken_over_by=np.where(taken, order[np.minimum(last, n - 1)], -1)[back],
    )  # fmt: skip


def _last_of_chain(goes_on: Booleans) -> Integers:
    """For each row, the last row of the chain that it stands in; a row that goes on is followed by the next."""
    n = len(goes_on)
    ends = np.where(goes_on, n, np.arange(n))
    return np.asarray(np.minimum.accumulate(ends[::-1])[::-1], dtype=np.int64)


def _within(t_us: Integers, block: Integers, until: Integers) -> Integers:
    """For each row, the place after the last row of its block that is not later than ``until``."""
    span = int(t_us.max() - t_us.min()) + 2 if len(t_us) else 1
    base = int(t_us.min()) if len(t_us) else 0
    # Blocks side by side on one axis of whole numbers, so that one search serves all; numbers stay far below 2^63.
    width = float(span)
    keys = block.astype(np.float64) * width + (t_us - base)
    asked = block.astype(np.float64) * width + np.minimum(until - base, span - 1)
    if len(t_us) and float(block.max()) * width < 2**52:
        return np.asarray(np.searchsorted(keys, asked, side="right"), dtype=np.int64)
    grain = 1_000_000
    whole = block * (span // grain + 2)
    return np.asarray(
        np.searchsorted(
            whole + (t_us - base) // grain, whole + np.minimum(until - base, span - 1) // grain, side="right"
        ),
        dtype=np.int64,
    )


def _first_known(values: Floats, start: Integers, stop: Integers) -> Floats:
    """The first known value from ``start`` to before ``stop``; NaN where none is."""
    n = len(values)
    place = np.where(np.isnan(values), n, np.arange(n))
    following = np.minimum.accumulate(place[::-1])[::-1]
    found = following[start]
    known = found < stop
    return np.where(known, values[np.minimum(found, n - 1)], np.nan)


def _costs(contacts: Contacts, costs: tuple[dict[str, float], float]) -> Floats:
    sessions, contact = costs
    cost = contacts.cost.copy()
    for name, value in sessions.items():
        cost[np.isnan(cost) & (contacts.named == name)] = value
    cost[np.isnan(cost) & contacts.human] = contact
    return cost


def known_before(
    contacts: Contacts, breaks: dict[int, Integers], asked: Integers
) -> tuple[list[str], Floats]:
    """What is known of each contact of ``asked`` before anyone handles it: names, and values (n, p), NaN where unknown.

    ``breaks``: when each person lived a break, in order of time.
    """
    n = len(contacts)
    start = np.searchsorted(contacts.person, contacts.person, side="left")
    number = np.arange(n) - start
    recent = np.arange(n) - np.maximum(_since(contacts, _PAST_US), start)
    first_us = contacts.t_us[start]
    bad = np.cumsum(np.r_[0, np.isin(contacts.outcome, FAILED).astype(np.int64)])
    machine = np.cumsum(np.r_[0, contacts.machine.astype(np.int64)])
    rows = np.arange(n)
    rated = np.where(np.isnan(contacts.rating), -1, rows)
    latest = np.maximum.accumulate(np.r_[-1, rated[:-1]]) if n else rated
    earlier = np.where(latest >= start, contacts.rating[np.maximum(latest, 0)], np.nan)
    gap = np.where(number > 0, contacts.t_us - contacts.t_us[np.maximum(rows - 1, 0)], _PAST_US) / 86_400e6
    lived = np.array(
        [
            np.searchsorted(breaks[person], at) if person in breaks else 0
            for person, at in zip(contacts.person[asked].tolist(), contacts.t_us[asked].tolist(), strict=True)
        ],
        dtype=np.float64,
    )
    columns: dict[str, Floats] = {
        "past_contacts": np.log1p(number)[asked], "recent_contacts": np.log1p(recent)[asked],
        "past_failed": np.log1p(bad[rows] - bad[start])[asked], "past_machine": np.log1p(machine[rows] - machine[start])[asked],
        "past_breaks": np.log1p(lived), "tenure": np.log1p((contacts.t_us - first_us) / 86_400e6)[asked],
        "last_rating": earlier[asked], "days_since": np.log1p(gap)[asked], "hour": contacts.hour[asked],
        "weekday": ((contacts.day + 3) % 7)[asked].astype(np.float64), "day": contacts.day[asked].astype(np.float64),
        "writes": contacts.text[asked].astype(np.float64),
    }  # fmt: skip
    for name, values in contacts.covariates.items():
        if values.dtype == object:
            columns |= _dummies(name, values[asked])
        else:
            columns[name] = np.asarray(values[asked], dtype=np.float64)
    columns |= _dummies("language", contacts.language[asked])
    for name, values in contacts.segments.items():
        columns |= _dummies(name, values[asked])
    return list(columns), np.column_stack(list(columns.values()))


def _since(contacts: Contacts, span_us: int) -> Integers:
    """For each contact, the place of the person's first contact within ``span_us`` before it."""
    if not len(contacts):
        return np.zeros(0, dtype=np.int64)
    base, day = int(contacts.t_us.min()), 1_000_000
    width = (int(contacts.t_us.max()) - base + span_us) // day + 2
    keys = contacts.person * width + (contacts.t_us - base) // day
    asked = contacts.person * width + np.maximum(contacts.t_us - base - span_us, 0) // day
    return np.asarray(np.searchsorted(keys, asked), dtype=np.int64)


_MOST_VALUES = 8


def _dummies(name: str, values: Texts | Floats) -> dict[str, Floats]:
    kinds, counts = np.unique(values.astype(str), return_counts=True)
    kept = kinds[np.argsort(-counts, kind="stable")][:_MOST_VALUES]
    if len(kept) < 2:
        return {}
    return {f"{name}={kind or UNKNOWN}": (values == kind).astype(np.float64) for kind in kept[1:]}
