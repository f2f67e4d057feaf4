"""Where it breaks: the map of flows, the passages between functions, the kinds of break."""

from collections import defaultdict
from dataclasses import dataclass

from portance.views.figure import Figure, Rows, same, shown_for
from portance.views.naming import OTHERS, Naming
from portance.views.reading import Row, Tables, figure, number, text, whole
from portance.views.run import RunFacts

MOST_FUNCTIONS = 7
MOST_STEPS = 4
SMALL = 0.04
"""A function that meets less than this share of the journeys of a step is gathered under *others* there."""
MOST_PASSAGES = 30
MOST_UNRANKED = 10


@dataclass(frozen=True, slots=True)
class FlowLink:
    """Journeys that pass from one function to the next at one step, and how many broke there."""

    step: int
    from_function: str
    to_function: str
    from_label: str
    to_label: str
    journeys: int
    broken: int

    @property
    def rate(self) -> float:
        """The share of these journeys that broke there."""
        return self.broken / self.journeys if self.journeys else 0.0


@dataclass(frozen=True, slots=True)
class FlowMap:
    """How the journeys of one type go from function to function, step by step.

    At most ``MOST_FUNCTIONS`` functions and ``MOST_STEPS`` steps; ``gathered`` functions stand under *others*
    at some step, and
    ``later`` passages come after the last step that is shown.
    """

    journey_type: str
    label: str
    links: tuple[FlowLink, ...]
    gathered: int
    later: int
    rows: Rows

    @property
    def broken(self) -> int:
        """How many of the passages shown broke."""
        return sum(link.broken for link in self.links)


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage between two functions: how often it breaks, for how many people, at what cost."""

    journey_type: str
    from_label: str
    to_label: str
    seams: int
    broken: int
    people: int
    people_broken: int
    rate: Figure
    cost: Figure
    median_elapsed_ms: float | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class BreakKind:
    """One kind of break in one type of journey, over what could have broken this way."""

    kind: str
    label: str
    means: str
    journey_type: str
    at_risk: int
    broken: int
    people: int
    censored: int
    rate: Figure
    rows: Rows


@dataclass(frozen=True, slots=True)
class OffKind:
    """A kind of break that is not looked for, and why."""

    kind: str
    label: str
    journey_type: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cracks:
    """The section *where it breaks*. ``unranked`` passages stand on too few people to be compared."""

    flows: tuple[FlowMap, ...]
    ranked: tuple[Passage, ...]
    unranked: tuple[Passage, ...]
    more: int
    kinds: tuple[BreakKind, ...]
    off: tuple[OffKind, ...]
    rows: Rows


def build(tables: Tables, run: RunFacts, naming: Naming, currency: str) -> Cracks:
    """The section from ``flows``, ``passages`` and ``break_rates``."""
    passages = [_passage(row, run, naming, currency) for row in tables.rows("passages")]
    ranked = sorted(
        (passage for passage in passages if passage.rate.shown == "point"),
        key=lambda passage: (-passage.people_broken, -passage.broken, passage.from_label, passage.to_label),
    )
    unranked = sorted(
        (passage for passage in passages if passage.rate.shown != "point"),
        key=lambda passage: (passage.rate.shown == "suppressed", passage.from_label, passage.to_label),
    )
    kinds, off = _kinds(tables, run, naming)
    few = unranked[:MOST_UNRANKED]
    return Cracks(
        flows=_flows(tables, run, naming),
        ranked=tuple(ranked[:MOST_PASSAGES]),
        unranked=tuple(few),
        more=len(passages) - min(len(ranked), MOST_PASSAGES) - len(few),
        kinds=kinds,
        off=off,
        rows=run.rows("passages", order="people_broken DESC"),
    )


def _passage(row: Row, run: RunFacts, naming: Naming, currency: str) -> Passage:
    rate = figure(row, "rate", "share")
    cents = [number(row[name]) for name in ("cost_cents", "cost_low_cents", "cost_high_cents")]
    cost, low, high = (None if value is None else value / 100 for value in cents)
    people = whole(row["people"])
    return Passage(
        journey_type=naming.journey(row["journey_type"]),
        from_label=naming.function(row["from_function"]),
        to_label=naming.function(row["to_function"]),
        seams=whole(row["seams"]),
        broken=whole(row["broken"]),
        people=people,
        people_broken=whole(row["people_broken"]),
        rate=Figure(rate.value, rate.low, rate.high, "share", whole(row["seams"]), people, rate.shown),
        cost=Figure(
            cost, low, high, "money", currency=currency, shown="missing" if cost is None else "point"
        ),
        median_elapsed_ms=number(row["median_elapsed_ms"]),
        rows=run.rows(
            "seams",
            "broken AND "
            + same(
                journey_type=row["journey_type"],
                from_function=row["from_function"],
                to_function=row["to_function"],
            ),
        ),
    )


def _kinds(
    tables: Tables, run: RunFacts, naming: Naming
) -> tuple[tuple[BreakKind, ...], tuple[OffKind, ...]]:
    on, off = [], []
    for row in tables.rows("break_rates"):
        kind, journey = text(row["kind"]), naming.journey(row["journey_type"])
        label = naming.word("break", kind)
        if text(row["status"]) == "off":
            off.append(OffKind(kind, label, journey, naming.reason(row["reason"])))
            continue
        people = whole(row["people"])
        rate = figure(row, "rate", "share")
        on.append(
            BreakKind(
                kind=kind,
                label=label,
                means=naming.word("break_means", kind),
                journey_type=journey,
                at_risk=whole(row["at_risk"]),
                broken=whole(row["broken"]),
                people=people,
                censored=whole(row["censored"]),
                rate=Figure(
                    rate.value,
                    rate.low,
                    rate.high,
                    "share",
                    whole(row["at_risk"]),
                    people,
                    # A kind that never happened has no people: its rate of zero is still known from what was at risk.
                    rate.shown if people or row["shown"] else shown_for(whole(row["at_risk"]), rate.value),
                ),
                rows=run.rows("breaks", same(kind=kind, journey_type=row["journey_type"])),
            )
        )
    on.sort(key=lambda kind: (-kind.people, -kind.broken, kind.label, kind.journey_type))
    off.sort(key=lambda kind: (kind.label, kind.journey_type))
    return tuple(on), tuple(off)


def _flows(tables: Tables, run: RunFacts, naming: Naming) -> tuple[FlowMap, ...]:
    held: dict[str, list[Row]] = defaultdict(list)
    for row in tables.rows("flows"):
        # A row without a function to go to tells where journeys end, which no ribbon shows.
        if whole(row["journeys"]) > 0 and row["from_function"] is not None and row["to_function"] is not None:
            held[text(row["journey_type"])].append(row)
    maps = [flow_map(name, rows, run, naming) for name, rows in held.items()]
    return tuple(sorted(maps, key=lambda flow: (-flow.broken, -len(flow.links), flow.label)))


def _met(rows: list[Row]) -> dict[tuple[int, str], int]:
    """How many journeys are at each function in each column of the map."""
    into: dict[tuple[int, str], int] = defaultdict(int)
    out: dict[tuple[int, str], int] = defaultdict(int)
    for row in rows:
        out[whole(row["step"]) - 1, text(row["from_function"])] += whole(row["journeys"])
        into[whole(row["step"]), text(row["to_function"])] += whole(row["journeys"])
    return {place: max(into.get(place, 0), out.get(place, 0)) for place in {*into, *out}}


def flow_map(journey_type: str, rows: list[Row], run: RunFacts, naming: Naming) -> FlowMap:
    """The flows of one type of journey, small functions gathered under *others* and late steps counted."""
    size: dict[str, int] = defaultdict(int)
    for row in rows:
        if whole(row["step"]) <= MOST_STEPS:
            size[text(row["from_function"])] += whole(row["journeys"])
            size[text(row["to_function"])] += whole(row["journeys"])
    named = sorted((name for name in size if name != OTHERS), key=lambda name: (-size[name], name))
    kept = frozenset(named[:MOST_FUNCTIONS])
    met = _met(rows)
    total: dict[int, int] = defaultdict(int)
    for (column, _), journeys in met.items():
        total[column] += journeys
    sums: dict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0, 0])
    later = 0
    hidden = set(named) - kept
    for row in rows:
        step, journeys = whole(row["step"]), whole(row["journeys"])
        if step > MOST_STEPS or step < 1:
            later += journeys
            continue
        ends = []
        for column, name in ((step - 1, text(row["from_function"])), (step, text(row["to_function"]))):
            if name in kept and met[column, name] >= SMALL * total[column]:
                ends.append(name)
            else:
                ends.append(OTHERS)
                hidden.add(name)
        first, last = ends
        found = sums[step, first, last]
        found[0] += journeys
        found[1] += min(journeys, whole(row["broken"]))
    links = (
        FlowLink(step, first, last, naming.function(first), naming.function(last), *counts)
        for (step, first, last), counts in sorted(sums.items())
    )
    return FlowMap(
        journey_type=journey_type,
        label=naming.journey(journey_type),
        links=tuple(links),
        gathered=len(hidden - {OTHERS}),
        later=later,
        rows=run.rows("flows", same(journey_type=journey_type), "step, journeys DESC"),
    )
