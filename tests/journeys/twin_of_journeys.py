"""Journeys, seams, breaks, clocks and follow-ups in plain Python, slowly and one row at a time: what the steps must equal.

Written from the definitions, without looking at how the steps go about it.
"""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from portance.charter.calendar import DAYS

LEFT_ALONE = {"unresolved", "abandoned"}


def ordered(rows):
    return sorted(rows, key=lambda row: (row["t_us"], row["tie"]))


def population(rows, journey, where=None):
    """The interactions that may belong to a journey of the type."""
    key = "person_key" if journey.by == "person" else "case_id"
    return [row for row in rows if row[key] is not None and (where is None or where(row))]


def journeys(rows, name, journey, where=None):
    """Journey id to its interactions in order."""
    key = "person_key" if journey.by == "person" else "case_id"
    grouped = defaultdict(list)
    for row in population(rows, journey, where):
        grouped[row[key]].append(row)
    made = {}
    for value, members in grouped.items():
        members = ordered(members)  # noqa: PLW2901 - the same interactions, in order
        if journey.by == "case":
            made[f"{name}:{value}"] = members
            continue
        number = 1
        current = [members[0]]
        for a, b in pairwise(members):
            if b["t_us"] - a["t_us"] > journey.gap:
                made[f"{name}:{a['person_id']}:{number}"] = current
                number, current = number + 1, []
            current.append(b)
        made[f"{name}:{current[-1]['person_id']}:{number}"] = current
    return made


def differ(a, b):
    return a is not None and b is not None and a != b


def is_seam(a, b):
    if a["function"] is None or b["function"] is None:
        return False
    return any(differ(a[column], b[column]) for column in ("function", "channel", "actor"))


def business_us(calendar, zone, first_us, last_us):
    """Open microseconds between two instants, hour by opening hour of each local day."""
    zone = ZoneInfo(calendar.timezone or zone)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    first, last = epoch + timedelta(microseconds=first_us), epoch + timedelta(microseconds=last_us)
    day, total = first.astimezone(zone).date(), timedelta()
    while day <= last.astimezone(zone).date():
        if day not in calendar.holidays:
            midnight = datetime(day.year, day.month, day.day)
            for start, end in calendar.opened(DAYS[day.weekday()]):
                opens = (midnight + timedelta(minutes=start)).replace(tzinfo=zone).astimezone(UTC)
                closes = (midnight + timedelta(minutes=end)).replace(tzinfo=zone).astimezone(UTC)
                total += max(min(closes, last) - max(opens, first), timedelta())
        day += timedelta(days=1)
    return total // timedelta(microseconds=1)


def business_days(calendar, zone, first_us, last_us):
    """Open local days after the first instant's day, up to the last one's."""
    zone = ZoneInfo((calendar.timezone if calendar else None) or zone)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    day = (epoch + timedelta(microseconds=first_us)).astimezone(zone).date()
    last = (epoch + timedelta(microseconds=last_us)).astimezone(zone).date()
    counted = 0
    while day < last:
        day += timedelta(days=1)
        if calendar is None or (day not in calendar.holidays and calendar.opened(DAYS[day.weekday()])):
            counted += 1
    return counted


# ---- breaks: (journey_id, kind, interaction_id) -> (from, to, evidence)


def runs(members, unit):
    """Stretches of interactions at an equal unit; a null unit is a stretch of its own value."""
    made = []
    for row in members:
        if made and made[-1][0][unit] == row[unit]:
            made[-1].append(row)
        else:
            made.append([row])
    return made


def breaks(rows, name, journey, rules, as_of_us, *, zone="UTC", calendar=None, where=None):
    """Every break but broken promises: a set of (journey, kind, from, to, interaction, evidence)."""
    found = set()
    cut = journeys(rows, name, journey, where)

    def tell(identity, kind, members, b, *others, from_="previous"):
        place = members.index(b)
        before = members[place - 1]["function"] if place else None
        evidence = tuple(row["interaction_id"] for row in (*others, b))
        found.add(
            (
                identity,
                kind,
                before if from_ == "previous" else from_,
                b["function"],
                b["interaction_id"],
                evidence,
            )
        )

    for identity, members in cut.items():
        for a, b in pairwise(members):
            apart = b["t_us"] - a["t_us"]
            if a["outcome"] == "transferred" and (
                (a["function"], a["team"]) == (b["function"], b["team"]) or b["outcome"] == "transferred"
            ):
                tell(identity, "useless_transfer", members, b, a)
            if (
                differ(a["channel"], b["channel"]) and a["outcome"] in LEFT_ALONE and b["initiated_by"] == "customer"
                and apart <= rules.forced_channel_switch.within
            ):  # fmt: skip
                tell(identity, "forced_channel_switch", members, b, a)
            if (
                a["outcome"] == "resolved" and apart <= rules.reopened.within
                and (b["initiated_by"] == "customer" or b["outcome"] in {"unresolved", "transferred"})
            ):  # fmt: skip
                tell(identity, "reopened", members, b, a)
        unit = rules.ping_pong.between
        stretches = runs(members, unit)
        for first, second, third in zip(stretches, stretches[1:], stretches[2:], strict=False):
            units = [stretch[0][unit] for stretch in (first, second, third)]
            if None not in units and units[0] == units[2]:
                tell(identity, "ping_pong", members, third[0], first[-1], second[0])
        for place, b in enumerate(members):
            a = members[place - 1] if place else None
            waited = b["wait_ms"] is not None and b["wait_ms"] * 1000 > rules.long_wait.over
            crossed = False
            if (
                rules.long_wait.seam_over is not None
                and a
                and is_seam(a, b)
                and b["initiated_by"] != "customer"
            ):
                took = (
                    business_us(calendar, zone, a["t_us"], b["t_us"]) // 1000 * 1000
                    if calendar
                    else b["t_us"] - a["t_us"]
                )
                crossed = took > rules.long_wait.seam_over
            if waited or crossed:
                tell(identity, "long_wait", members, b, *([a] if crossed else []))
            if b["outcome"] == "abandoned" and (
                b["wait_ms"] is None or b["wait_ms"] * 1000 > rules.abandonment.ignore_under
            ):
                tell(identity, "abandonment", members, b)
            later = [c for c in members[place + 1 :] if c["t_us"] - b["t_us"] <= rules.dead_end.within]
            if (
                b["actor"] == "machine" and b["initiated_by"] == "customer" and b["outcome"] in LEFT_ALONE
                and b["t_us"] + rules.dead_end.within <= as_of_us and not later
            ):  # fmt: skip
                tell(identity, "dead_end", members, b)
            other = None
            if b["activity"] in rules.asked_again.activities:
                for c in members[:place]:
                    elsewhere = any(differ(c[side], b[side]) for side in ("function", "channel", "team"))
                    if (
                        c["activity"] == b["activity"]
                        and elsewhere
                        and b["t_us"] - c["t_us"] <= rules.asked_again.within
                    ):
                        other = c
            if other or b["asked_again"]:
                tell(identity, "asked_again", members, b, *([other] if other else []))
    contacts = defaultdict(list)
    place_of = {
        row["interaction_id"]: (identity, members) for identity, members in cut.items() for row in members
    }
    same = rules.repeat_contact.same == "intent"
    for row in ordered(population(rows, journey, where)):
        if row["initiated_by"] == "customer" and (row["intent"] is not None or not same):
            who = ("person", row["person_key"]) if row["person_key"] is not None else ("case", row["case_id"])
            contacts[who, row["intent"] if same else None].append(row)
    for series in contacts.values():
        for a, b in pairwise(series):
            if b["t_us"] - a["t_us"] <= rules.repeat_contact.within and a["outcome"] != "transferred":
                identity, members = place_of[b["interaction_id"]]
                tell(identity, "repeat_contact", members, b, a, from_=a["function"])
    return found


def told(row):
    """A row of ``breaks`` as the twin tells it."""
    return (
        row.journey_id,
        row.kind,
        row.from_function,
        row.to_function,
        row.interaction_id,
        tuple(json.loads(row.evidence)),
    )


def directly_follows(cut):
    """(from, to) -> how often, in how many journeys."""
    counts, where = defaultdict(int), defaultdict(set)
    for identity, members in cut.items():
        for a, b in pairwise(members):
            if a["activity"] is not None and b["activity"] is not None:
                pair = (a["activity"], b["activity"])
                counts[pair] += 1
                where[pair].add(identity)
    return {pair: (count, len(where[pair])) for pair, count in counts.items()}


def clock(members, from_, to, *, limit_us, due, as_of_us, void=None):
    """(state, started, ended, value in us, limit instant) of a plain clock; ``None`` where it never started."""
    start = next((row for row in members if row["activity"] == from_), None)
    if start is None:
        return None
    end = next(
        (
            row
            for row in members
            if row["activity"] == to and row["t_us"] >= start["t_us"] and row is not start
        ),
        None,
    )
    dated = [
        row["due_us"]
        for row in members
        if due is not None and row["activity"] == due and row["due_us"] is not None
    ]
    announced = dated[0] if dated else None
    limit = announced if announced is not None else (None if limit_us is None else start["t_us"] + limit_us)
    ended = end["t_us"] if end else None
    finish = ended if end else max(as_of_us, start["t_us"])
    if void and any(void(row) for row in members):
        state = "void"
    elif limit is None:
        state = "pending"
    elif finish > limit:
        state = "broken"
    else:
        state = "kept" if end else "pending"
    return state, start["t_us"], ended, finish - start["t_us"], limit
