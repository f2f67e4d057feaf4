"""The journeys: how many of each type, the passages that they take most, and some broken ones told step by step."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from portance.charter import Charter
from portance.views.figure import Figure, Rows, same, shown_for
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, instant, number, text, whole
from portance.views.run import RunFacts

MOST_EXAMPLES = 3
MOST_STEPS = 8
MOST_FOLLOWS = 8


@dataclass(frozen=True, slots=True)
class Follow:
    """One activity directly followed by another: how often, in how many journeys."""

    from_activity: str
    to_activity: str
    n: int
    journeys: int


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One stop of a journey. ``waited_ms`` is the time since the stop before; ``breaks`` are what failed there."""

    at: datetime | None
    function: str
    channel: str
    activity: str
    waited_ms: float | None
    breaks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """One broken journey under a pseudonym; ``more`` stops come after those told."""

    pseudonym: str
    steps: tuple[TimelineStep, ...]
    more: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class JourneyTypeView:
    """One type of journey. ``sampled`` when its counts come from a sample of the journeys."""

    key: str
    label: str
    by: str
    journeys: int | None
    people: int | None
    broken: Figure
    seams: int | None
    breaks: int | None
    sampled: int | None
    follows: tuple[Follow, ...]
    variants: tuple[tuple[str, int], ...]
    examples: tuple[Timeline, ...]
    rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming) -> tuple[JourneyTypeView, ...]:
    """Every declared type of journey, and those that only the tables know."""
    found = {text(row["journey_type"]): row for row in tables.rows("journey_types")}
    sample: dict[str, list[Row]] = defaultdict(list)
    if not found:
        for row in tables.rows("journeys"):
            sample[text(row["journey_type"])].append(row)
    partial = bool(sample) and tables.count("journeys") < run.counts.get("journeys", 0)
    told = _timelines(tables, run, naming)
    keys = dict.fromkeys([*charter.journeys, *found, *sample, *told])
    views = []
    for key in keys:
        declared = charter.journeys.get(key)
        counts = found.get(key) or (_counted(sample[key]) if sample.get(key) else {})
        journeys, broken = number(counts.get("journeys")), number(counts.get("broken"))
        share = number(
            counts.get("rate")
        )  # weighted where the extract is a sample: not the ratio of the counts
        if share is None and journeys and broken is not None and counts.get("shown") in (None, "point"):
            share = broken / journeys
        views.append(
            JourneyTypeView(
                key=key,
                label=naming.journey(key),
                by=naming.word("by", declared.by) if declared else "",
                journeys=_int(journeys),
                people=_int(number(counts.get("people"))),
                broken=Figure(
                    share,
                    number(counts.get("ci_low")),
                    number(counts.get("ci_high")),
                    "share",
                    _int(journeys),
                    shown=shown_for(None, share, counts.get("shown")),
                ),
                seams=_int(number(counts.get("seams"))),
                breaks=_int(number(counts.get("breaks"))),
                sampled=len(sample[key]) if partial and sample.get(key) else None,
                follows=_follows(tables, key),
                variants=_variants(tables, key),
                examples=tuple(told.get(key, ())[:MOST_EXAMPLES]),
                rows=run.rows("journeys", same(journey_type=key)),
            )
        )
    return tuple(views)


def pseudonym(journey_id: str) -> str:
    """Eight signs that stand for a journey: a case number may name a customer, this does not."""
    return hashlib.md5(journey_id.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:8]


def _int(value: float | None) -> int | None:
    return None if value is None else round(value)


def _counted(rows: list[Row]) -> Row:
    people = {row["person_id"] for row in rows if row["person_id"] is not None}
    return {
        "journeys": len(rows),
        "people": len(people),
        "broken": sum(1 for row in rows if whole(row["breaks"]) > 0),
        "seams": sum(whole(row["seams"]) for row in rows),
        "breaks": sum(whole(row["breaks"]) for row in rows),
    }


def _follows(tables: Tables, key: str) -> tuple[Follow, ...]:
    rows = [row for row in tables.rows("directly_follows") if row["journey_type"] == key]
    rows.sort(key=lambda row: (-whole(row["n"]), text(row["from_activity"]), text(row["to_activity"])))
    return tuple(
        Follow(text(row["from_activity"]), text(row["to_activity"]), whole(row["n"]), whole(row["journeys"]))
        for row in rows[:MOST_FOLLOWS]
    )


def _variants(tables: Tables, key: str) -> tuple[tuple[str, int], ...]:
    rows = [row for row in tables.rows("variants") if row["journey_type"] == key]
    rows.sort(key=lambda row: (-whole(row["journeys"]), text(row["variant"])))
    return tuple((text(row["variant"]), whole(row["journeys"])) for row in rows[:5])


def _timelines(tables: Tables, run: RunFacts, naming: Naming) -> dict[str, list[Timeline]]:
    """Broken journeys of the samples: from their interactions where they are given, else from their seams."""
    held: dict[str, list[Row]] = defaultdict(list)
    name = "sample_interactions" if tables.count("sample_interactions") else "seams"
    for row in tables.rows(name, 5_000):
        held[text(row["journey_id"])].append(row)
    told: dict[str, list[tuple[int, str, Timeline]]] = defaultdict(list)
    for journey_id, rows in held.items():
        rows.sort(
            key=lambda row: whole(row["position"] if row["seam_position"] is None else row["seam_position"])
        )
        steps = (_stops if name == "sample_interactions" else _stops_of_seams)(rows, naming)
        kinds = {kind for step in steps for kind in step.breaks}
        if not kinds:
            continue
        timeline = Timeline(
            pseudonym=pseudonym(journey_id),
            steps=tuple(steps[:MOST_STEPS]),
            more=max(0, len(steps) - MOST_STEPS),
            rows=run.rows("seams", f"md5(journey_id) LIKE '{pseudonym(journey_id)}%'", "position"),
        )
        # Journeys that fail in several ways and still fit on a line tell most.
        rank = 10 * len(kinds) - max(0, len(steps) - MOST_STEPS)
        told[text(rows[0]["journey_type"])].append((-rank, journey_id, timeline))
    return {
        key: [timeline for _, _, timeline in sorted(found, key=lambda entry: entry[:2])]
        for key, found in told.items()
    }


def _stops(rows: list[Row], naming: Naming) -> list[TimelineStep]:
    steps = []
    before: float | None = None
    for row in rows:
        at = number(row["t_us"])
        steps.append(
            TimelineStep(
                at=instant(row["t_us"]),
                function=naming.function(row["function"]),
                channel=naming.function(row["channel"]) if row["channel"] else "",
                activity=text(row["activity"]),
                waited_ms=None if at is None or before is None else (at - before) / 1_000,
                breaks=naming.breaks(row["break_kinds"]),
            )
        )
        before = at
    return steps


def _stops_of_seams(rows: list[Row], naming: Naming) -> list[TimelineStep]:
    if not rows:
        return []
    first = rows[0]
    steps = [_stop(first, "from", naming, first["left_us"])]
    for row in rows:
        broken = naming.breaks(row["break_kinds"]) if row["broken"] else ()
        steps.append(
            _stop(row, "to", naming, row["reached_us"], waited_ms=number(row["elapsed_ms"]), breaks=broken)
        )
    return steps


def _stop(
    row: Row,
    side: str,
    naming: Naming,
    at: object,
    *,
    waited_ms: float | None = None,
    breaks: tuple[str, ...] = (),
) -> TimelineStep:
    channel = row[f"{side}_channel"]
    return TimelineStep(
        at=instant(at),
        function=naming.function(row[f"{side}_function"]),
        channel=naming.function(channel) if channel else "",
        activity="",
        waited_ms=waited_ms,
        breaks=breaks,
    )
