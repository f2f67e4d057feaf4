"""The promises: how often each is kept, its four facets, and where the distance between them comes from."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from portance.charter import Charter
from portance.charter.promise import FACETS, Promise
from portance.views.figure import MISSING, Figure, Rows, same, shown_for
from portance.views.naming import Naming, everyone
from portance.views.reading import Row, Tables, figure, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

TERMS = ("expected_intended", "intended_offered", "offered_lived")
TOTAL = "expected_lived"
MOST_SEGMENTS = 12
_NO_ROW: Row = defaultdict(lambda: None)
_MONTH = re.compile(r"\d{4}-\d{2}(-01)?$")


@dataclass(frozen=True, slots=True)
class FacetMark:
    """One facet of a promise: its value, where that comes from, and why it is missing where it is."""

    facet: str
    label: str
    figure: Figure
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class GapTerm:
    """One term of the waterfall: a shortfall above zero, a margin below, in words in ``said``."""

    gap: str
    label: str
    figure: Figure
    said: str
    interval: str
    owner: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trend:
    """How often a promise was kept in one period."""

    period: str
    figure: Figure
    unfinished: bool = False
    """Whether the data end within it: it is told, and not drawn beside whole months."""


@dataclass(frozen=True, slots=True)
class SegmentRate:
    """How often a promise was kept for one segment."""

    segment: str
    kept: Figure


@dataclass(frozen=True, slots=True)
class PromiseView:
    """One promise as it is lived.

    ``kept`` is kept / (kept + broken). ``total`` is expected less lived, exactly the sum of ``terms`` when none of
    them is missing (``additive``).
    """

    key: str
    says: str
    both: tuple[str, str]
    journey: str
    owners: tuple[str, ...]
    owner_names: tuple[str, ...]
    functional: str
    better: str
    unit: str
    kept: Figure
    counts: tuple[int, int, int, int]
    limit: str
    limit_source: str
    trend: tuple[Trend, ...]
    facets: tuple[FacetMark, ...]
    terms: tuple[GapTerm, ...]
    total: GapTerm | None
    additive: bool
    conformance: tuple[GapTerm, ...]
    segments: tuple[SegmentRate, ...]
    rows: Rows
    broken_rows: Rows

    @property
    def missing(self) -> tuple[FacetMark, ...]:
        """The facets that nothing tells."""
        return tuple(mark for mark in self.facets if mark.figure.shown == "missing")

    @property
    def undeclared(self) -> tuple[FacetMark, ...]:
        """The missing facets that the charter could declare: all but the lived one."""
        return tuple(mark for mark in self.missing if mark.facet != "lived")

    @property
    def short(self) -> bool:
        """Whether customers live less than they expect, as far as is known."""
        found = self.total.figure.value if self.total else None
        return found is not None and found > 0


def build(
    charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech
) -> tuple[PromiseView, ...]:
    """Every declared promise, and those that only the tables know, the least kept first."""
    rates = _by_promise(tables, "promise_rates")
    trends = _by_promise(tables, "promise_trend")
    facets = _by_promise(tables, "facets")
    gaps = _by_promise(tables, "gaps")
    keys = list(dict.fromkeys([*charter.promises, *rates, *facets, *gaps]))
    views = [
        _view(
            key,
            charter.promises.get(key),
            (rates.get(key, []), trends.get(key, []), facets.get(key, []), gaps.get(key, [])),
            run=run,
            naming=naming,
            speech=speech,
        )
        for key in keys
    ]
    return tuple(sorted(views, key=lambda view: (view.kept.value is None, view.kept.value or 0.0)))


def _by_promise(tables: Tables, name: str) -> dict[str, list[Row]]:
    held: dict[str, list[Row]] = defaultdict(list)
    for row in tables.rows(name):
        held[text(row["promise"])].append(row)
    return held


def _view(
    key: str,
    declared: Promise | None,
    rows: tuple[list[Row], list[Row], list[Row], list[Row]],
    *,
    run: RunFacts,
    naming: Naming,
    speech: Speech,
) -> PromiseView:
    rates, trends, facets, gaps = rows
    better = declared.better if declared else "lower"
    whole_rate = next((row for row in rates if everyone(row["segment"])), _NO_ROW)
    marks = tuple(_mark(facet, facets, declared, naming) for facet in FACETS)
    unit = next((mark.figure.unit for mark in marks if mark.figure.unit), declared_unit(declared))
    native = {text(row["gap"]): row for row in gaps if everyone(row["segment"]) and row["scale"] == "native"}
    points = {
        text(row["gap"]): row for row in gaps if everyone(row["segment"]) and row["scale"] == "conformance"
    }
    terms = (
        tuple(term(gap, native.get(gap, _NO_ROW), unit, naming, speech) for gap in TERMS) if native else ()
    )
    total = term(TOTAL, native[TOTAL], unit, naming, speech) if TOTAL in native else None
    segments = sorted(
        (
            SegmentRate(naming.segment(row["segment"]), _kept(row))
            for row in rates
            if not everyone(row["segment"])
        ),
        key=lambda rate: (
            rate.kept.shown != "point",
            rate.kept.value if rate.kept.shown == "point" and rate.kept.value is not None else 0.0,
            rate.segment,
        ),
    )
    functional = text(next((row["functional"] for row in facets if row["functional"]), None))
    return PromiseView(
        key=key,
        says=naming.promise(key),
        both=(declared.says.in_("fr"), declared.says.in_("en")) if declared else (key, key),
        journey=naming.journey(declared.journey if declared else None),
        owners=naming.functions(declared.owners) if declared else (),
        owner_names=declared.owners if declared else (),
        functional=said_functional(functional or (declared.functional if declared else ""), naming, speech),
        better=better,
        unit=unit,
        kept=_kept(whole_rate) if whole_rate is not _NO_ROW else MISSING,
        counts=(
            whole(whole_rate["kept"]),
            whole(whole_rate["broken"]),
            whole(whole_rate["pending"]),
            whole(whole_rate["void"]),
        ),
        limit=naming.word("limit", text(whole_rate["limit_source"])) if whole_rate["limit_source"] else "",
        limit_source=text(whole_rate["limit_source"]),
        trend=tuple(_trend(row, run) for row in sorted(trends, key=_when) if everyone(row["segment"])),
        facets=marks,
        terms=terms,
        total=total,
        additive=bool(terms) and all(found.figure.value is not None for found in terms),
        conformance=tuple(
            term(gap, row, "share", naming, speech) for gap, row in points.items() if gap.endswith("_lived")
        ),
        segments=tuple(segments[:MOST_SEGMENTS]),
        rows=run.rows("clocks", same(promise=key)),
        broken_rows=run.rows("clocks", same(promise=key, state="broken")),
    )


def declared_unit(declared: Promise | None) -> str:
    """The unit in which a promise is read: of its clock, of its measure, or a share."""
    if declared is None:
        return ""
    if declared.clock:
        return declared.clock.unit
    return "share" if declared.functional == "share" else declared.unit or ""


def said_functional(functional: str, naming: Naming, speech: Speech) -> str:
    """How a promise is read: *nine customers in ten* for p90, the mean, the median, the share."""
    if functional.startswith("p") and functional[1:].isdigit():
        return speech.say("functional.percentile", percent=f"{functional[1:]}")
    return naming.word("functional", functional)


def _kept(row: Row) -> Figure:
    found = figure(row, "rate", "share")
    seen = whole(row["kept"]) + whole(row["broken"])
    return replace(found, n=found.n if found.n is not None else seen)


def _when(row: Row) -> str:
    return text(row["period_start"] if row["period_start"] is not None else row["period"])


def _trend(row: Row, run: RunFacts) -> Trend:
    found = figure(row, "rate", "share")
    # The table of months holds no persons: its journeys stand in for them.
    when = _when(row)[:10]
    # A year and month alone, or a day: the month is read of both, of a week or a quarter it is not asked.
    month = date.fromisoformat(f"{when[:7]}-01") if _MONTH.match(when) else None
    shown = shown_for(found.persons or found.n, found.value, row["shown"])
    return Trend(when, replace(found, shown=shown), month is not None and run.unfinished(month))


def _mark(facet: str, rows: list[Row], declared: Promise | None, naming: Naming) -> FacetMark:
    label = naming.word("facet", facet)
    row = next((row for row in rows if row["facet"] == facet and everyone(row["segment"])), None)
    if row is None:
        return FacetMark(facet, label, MISSING, "", naming.reason("not_declared"))
    found = figure(row, unit=text(row["unit"]) or declared_unit(declared))
    if found.value is None and found.shown == "point":
        found = replace(found, shown="missing")
    reason = naming.reason(row["reason"] or ("not_declared" if found.shown == "missing" else None))
    return FacetMark(facet, label, found, text(row["source"]), reason)


def term(gap: str, row: Row, unit: str, naming: Naming, speech: Speech) -> GapTerm:
    """A gap in words: what is missing, what is to spare, never a negative number."""
    found = figure(row, unit=text(row["unit"]) or unit)
    found = in_points(found)
    if row is _NO_ROW or (found.value is None and found.shown == "point"):
        found = replace(found, shown="missing")
    said, interval = shortfall(found, speech)
    reason = naming.reason(row["reason"] or ("facet_missing" if found.shown == "missing" else None))
    owners = naming.functions(row["owner"])
    return GapTerm(
        gap, naming.word("gap", gap), found, said, interval, naming.joined(owners) if owners else "", reason
    )


def in_points(found: Figure) -> Figure:
    """A gap between two shares, in points out of a hundred; a gap in another unit as it is."""
    if found.unit not in ("share", "rate", "proportion"):
        return found

    def scaled(value: float | None) -> float | None:
        return None if value is None else value * 100

    return replace(
        found, value=scaled(found.value), low=scaled(found.low), high=scaled(found.high), unit="points"
    )


def shortfall(found: Figure, speech: Speech) -> tuple[str, str]:
    """A gap in words and its interval: above zero it is missing, below zero to spare; no sign is ever shown."""
    if found.shown == "suppressed":
        return speech.too_few(found), ""
    if found.value is None:
        return speech.say("gap.unknown"), ""
    digits = speech.precision(found)

    def say(value: float) -> str:
        amount = speech.amount(abs(value), found.unit, found.currency, digits)
        zero = amount == speech.amount(0.0, found.unit, found.currency, digits)
        if zero:
            return speech.say("gap.none")
        return speech.say("gap.lacks" if value > 0 else "gap.spare", amount=amount)

    interval = ""
    if found.low is not None and found.high is not None and found.low != found.high:
        if found.low < 0 < found.high:
            interval = speech.say("gap.either", low=say(found.low), high=say(found.high))
        else:
            ends = sorted((abs(found.low), abs(found.high)))
            interval = speech.interval(replace(found, low=ends[0], high=ends[1]))
    if found.shown == "interval":
        return (interval or speech.too_few(found)), ""
    return say(found.value), interval
