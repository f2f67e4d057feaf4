"""Staying or leaving: what breaks and gaps do to departures, who chooses and who is held, what a lost customer is worth."""

from collections.abc import Iterator
from dataclasses import dataclass

from portance.charter import Charter
from portance.views.figure import Figure, Rows, Shown, same
from portance.views.naming import Naming
from portance.views.people.told import Grid, Said, held, level, move
from portance.views.reading import Row, Tables, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_DRAWN = 10
MOST_PANELS = 2
_SURE = frozenset({"A", "B"})
_BASIS = ("all", "")
_RECENT = {"week": 13, "month": 3}
_MORE, _FEWER = "more_leave", "fewer_leave"


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one thing that customers live does to staying: departures more in each hundred while it is recent, and in all."""

    exposure: str
    journey: str
    reason: str
    reason_label: str
    label: str
    soon: Said
    lost: Said
    ratio: Said
    exposed: int
    departures: int
    grade: str
    grade_label: str
    verdict: str
    verdict_label: str
    sentence: str
    why_not: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Pair:
    """One exposure as it is drawn: departures by choice, and of those who are held; or of all, where they are not told apart."""

    label: str
    first: Said
    second: Said | None
    apart: bool
    note: str
    said: str
    exposure: tuple[str, str] = ("", "")
    """What is drawn, and in which journey."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The share that stays after so many months."""

    month: int
    staying: float
    low: float | None
    high: float | None
    at_risk: int


@dataclass(frozen=True, slots=True)
class StayCurve:
    """How one group of customers stays."""

    group: str
    label: str
    points: tuple[CurvePoint, ...]
    exposure: str = ""


@dataclass(frozen=True, slots=True)
class StayPanel:
    """Curves that start at the same moment, and the same as a table."""

    title: str
    curves: tuple[StayCurve, ...]
    table: Grid


@dataclass(frozen=True, slots=True)
class Staying:
    """The section."""

    state: str
    headline: str
    pairs: tuple[Pair, ...]
    exposures: tuple[Exposure, ...]
    table: Grid | None
    curves: tuple[StayPanel, ...]
    values: tuple[str, ...]
    horizon: str
    per: str
    rows: Rows
    curve_rows: Rows
    value_rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Staying:
    """The section from ``retention``, ``retention_curve`` and ``customer_value``."""
    days = round(charter.retention.horizon / 86_400_000_000) if charter.retention else 365
    horizon = (
        speech.many("retention.months", round(days / 30.4))
        if days >= 60
        else speech.many("retention.days", days)
    )
    period = charter.retention.period if charter.retention else "month"
    rows = tables.rows("retention")
    recent = next(
        (whole(row["soon_periods"]) for row in rows if row["soon_periods"] is not None), _RECENT[period]
    )
    soon = speech.many("retention.weeks" if period == "week" else "retention.months", recent)
    exposures = [_exposure(row, run, naming, speech, (soon, horizon)) for row in rows]
    exposures.sort(key=lambda one: (one.grade or "Z", -(one.soon.figure.low or 0.0), one.label, one.reason))
    pairs = _pairs(exposures)
    curves = tuple(
        _panels(_curves(tables.rows("retention_curve"), naming, speech), exposures, run, naming, speech)
    )
    values = tuple(said for row in tables.rows("customer_value") if (said := _value(row, naming, speech)))
    return Staying(
        state="found" if exposures or curves else "none" if charter.retention and tables.has("retention") else "empty",
        headline=_headline(exposures, pairs, speech),
        pairs=pairs,
        exposures=tuple(exposures),
        table=_table(exposures, run, speech),
        curves=curves,
        values=values,
        horizon=horizon,
        per=speech.say("retention.per", soon=soon),
        rows=run.rows("retention", "", "grade, soon_low DESC"),
        curve_rows=run.rows("retention_curve", "", '"group", month'),
        value_rows=run.rows("customer_value"),
    )  # fmt: skip


def _exposure(row: Row, run: RunFacts, naming: Naming, speech: Speech, times: tuple[str, str]) -> Exposure:
    name, journey, reason = text(row["exposure"]), text(row["journey_type"]), text(row["reason"])
    label = naming.exposure(name)
    if journey:
        label = f"{label} ({naming.journey(journey)})"
    soon, lost = (_more(row, column, speech) for column in ("soon", "lost"))
    ratio = Figure(
        number(row["hazard_ratio"]), number(row["ci_low"]), number(row["ci_high"]), "", None, None, _shown(row, "hazard_ratio")
    )  # fmt: skip
    grade, verdict = text(row["grade"]), text(row["verdict"])
    low = soon.figure.low
    sentence = ""
    if soon.figure.shown == "point" and low is not None and low > 0 and verdict == _MORE:
        key = "retention.sentence_sure" if grade in _SURE else "retention.sentence_linked"
        what = label[:1].upper() + label[1:]
        who = (
            speech.say(f"stay_among.{reason or 'all'}")
            if speech.knows(f"stay_among.{reason or 'all'}")
            else ""
        )
        told = f"{soon.text} {soon.interval}".strip()
        sentence = speech.say(
            key, what=what, who=who, lost=told, soon=times[0], whole=_in_all(row, lost, speech, times[1])
        )
    return Exposure(
        name, journey, reason, naming.word("departure", reason) if reason else naming.word("departure", "all"), label, soon, lost,
        level(ratio, speech), whole(row["exposed"]), whole(row["departures"]), grade, naming.word("grade", grade) if grade else "",
        verdict, naming.word("stay_verdict", verdict) if verdict else "", sentence,
        naming.reason(row["reason_null"]), run.rows("retention", same(exposure=name)),
    )  # fmt: skip


def _more(row: Row, name: str, speech: Speech) -> Said:
    """Departures more in each hundred, under ``soon`` or ``lost``."""
    column = f"{name}_per_100"
    figure = Figure(
        number(row[column]), number(row[f"{name}_low"]), number(row[f"{name}_high"]), "per_hundred", whole(row["departures"]),
        None if row["persons"] is None else whole(row["persons"]), _shown(row, column),
    )  # fmt: skip
    return move(figure, speech)


def _in_all(row: Row, lost: Said, speech: Speech, horizon: str) -> str:
    """What is known over the horizon, or that it cannot be told; nothing where there is no figure."""
    if lost.figure.shown != "point" or not lost.interval:
        return ""
    if row["whole"]:
        return speech.say("retention.whole_known", horizon=horizon, lost=f"{lost.text} {lost.interval}")
    return speech.say("retention.whole_unknown", horizon=horizon, interval=lost.interval)


def _shown(row: Row, name: str) -> Shown:
    if row["shown"] == "suppressed" or (row["persons"] is not None and whole(row["persons"]) < 5):
        return "suppressed"
    if number(row[name]) is None:
        return "missing"
    return "interval" if row["shown"] == "interval" else "point"


def _headline(exposures: list[Exposure], pairs: tuple[Pair, ...], speech: Speech) -> str:
    """What makes most leave; where the drawing tells other customers apart, their figures beside it."""
    told = [one for one in exposures if one.sentence]
    if not told:
        return speech.say("retention.none") if exposures else ""
    first = min(
        told, key=lambda one: (one.grade or "Z", one.reason not in _BASIS, -(one.soon.figure.low or 0.0))
    )
    if first.reason in _BASIS:
        for pair in pairs:
            if pair.apart and pair.second is not None and pair.exposure == (first.exposure, first.journey):
                figures = (_figures(said) if said.ends else said.text for said in (pair.first, pair.second))
                free, kept = figures
                return f"{first.sentence} {speech.say('retention.drawn_apart', free=free, held=kept)}"
    return first.sentence


def _pairs(exposures: list[Exposure]) -> tuple[Pair, ...]:
    """What is drawn: by choice and held side by side where both are told, else all departures."""
    grouped: dict[tuple[str, str], dict[str, Exposure]] = {}
    for one in exposures:
        grouped.setdefault((one.exposure, one.journey), {})[one.reason or "all"] = one
    found = []
    for exposure, held_ in grouped.items():
        free, kept = held_.get("free") or held_.get("chosen"), held_.get("held")
        if free and kept and (free.soon.ends or kept.soon.ends):
            found.append(
                Pair(free.label, free.soon, kept.soon, True, free.grade_label, _figures(free.soon), exposure)
            )
        else:
            alone = held_.get("all") or free or kept
            if alone and alone.soon.ends:
                label = alone.label if alone.reason in _BASIS else f"{alone.label} · {alone.reason_label}"
                said = _figures(alone.soon)
                found.append(Pair(label, alone.soon, None, False, alone.grade_label, said, exposure))
    return tuple(found[:MOST_DRAWN])


def _figures(said: Said) -> str:
    """Points in a hundred and their interval, without the unit that the title tells."""
    number_ = said.text.split("\u00a0")[0].split(" ")[0] if said.figure.shown == "point" else said.text
    return f"{number_} {said.interval}".strip()


def _table(exposures: list[Exposure], run: RunFacts, speech: Speech) -> Grid | None:
    if not exposures:
        return None
    told = exposures[:80]
    return Grid(
        speech.say("retention.table"),
        tuple(speech.say(f"col.{name}") for name in ("exposure", "departures_of", "soon_per_100", "lost_per_100", "hazard_ratio", "exposed", "departures", "verdict", "evidence")),
        tuple(
            (
                one.label, one.reason_label, one.soon, one.lost, one.ratio, speech.number(one.exposed), speech.number(one.departures),
                one.verdict_label or one.why_not or "—", one.grade_label or "—",
            )
            for one in told
        ),
        run.rows("retention", "", "grade, soon_low DESC"), len(exposures) - len(told), frozenset({2, 3, 4, 5, 6}),
    )  # fmt: skip


def _curves(rows: list[Row], naming: Naming, speech: Speech) -> list[StayCurve]:
    grouped: dict[str, list[CurvePoint]] = {}
    for row in rows:
        staying = number(row["staying"])
        if staying is None or row["shown"] == "suppressed" or row["reason"]:
            continue
        grouped.setdefault(text(row["group"]), []).append(
            CurvePoint(
                whole(row["month"]), staying, number(row["low"]), number(row["high"]), whole(row["at_risk"])
            )
        )
    found = []
    for group, points in grouped.items():
        kind, colon, exposure = group.partition(":")
        key = f"stay_group.{kind}"
        label = speech.say(key) if speech.knows(key) else naming.exposure(group)
        found.append(
            StayCurve(
                group, label, tuple(sorted(points, key=lambda point: point.month)), exposure if colon else ""
            )
        )
    return [one for one in found if len(one.points) > 1]


def _panels(
    curves: list[StayCurve], exposures: list[Exposure], run: RunFacts, naming: Naming, speech: Speech
) -> Iterator[StayPanel]:
    """All customers with those who are held and those who are not; then with and without what makes most of them leave."""
    order = ("all", "free", "held")
    whole_ = tuple(
        sorted((one for one in curves if one.group in order), key=lambda one: order.index(one.group))
    )
    if whole_:
        title = speech.say("everyone")
        yield StayPanel(title, whole_, _curve_table(title, whole_, run, speech))
    by_exposure: dict[str, list[StayCurve]] = {}
    for one in curves:
        if one.exposure:
            by_exposure.setdefault(one.exposure, []).append(one)
    ranked = list(dict.fromkeys(one.exposure for one in exposures if one.exposure in by_exposure))
    for name in (*ranked, *(name for name in by_exposure if name not in ranked))[
        : MOST_PANELS - bool(whole_)
    ]:
        label = naming.exposure(name)
        held_ = tuple(sorted(by_exposure[name], key=lambda one: one.group.startswith("not_")))
        yield StayPanel(label[:1].upper() + label[1:], held_, _curve_table(label, held_, run, speech))


def _curve_table(title: str, curves: tuple[StayCurve, ...], run: RunFacts, speech: Speech) -> Grid:
    months = sorted({point.month for curve in curves for point in curve.points})
    kept = [month for month in months if month % 3 == 0 or month == months[-1]]
    lines = []
    for month in kept:
        cells: list[Said | str] = [speech.many("retention.months", month)]
        for curve in curves:
            point = next((one for one in curve.points if one.month == month), None)
            cells.append(
                "—"
                if point is None
                else level(Figure(point.staying, point.low, point.high, "share", point.at_risk), speech)
            )
        lines.append(tuple(cells))
    return Grid(
        title, (speech.say("col.after"), *(curve.label for curve in curves)), tuple(lines),
        run.rows("retention_curve", "", '"group", month'), numeric=frozenset(range(1, len(curves) + 1)),
    )  # fmt: skip


def _value(row: Row, naming: Naming, speech: Speech) -> str:
    what, value = text(row["what"]), number(row["value"])
    if value is None:
        return ""
    said = level(held(row, "value", "money", low="low", high="high", currency=speech.currency), speech)
    figure = f"{said.text} ({said.interval})" if said.interval else said.text
    source = naming.word("value_source", text(row["source"]))
    kind, colon, rest = what.partition(":")
    if kind == "kept_promise" and colon:
        return speech.say("value.kept_promise", promise=naming.promise(rest), value=figure, source=source)
    if kind == "lost_customer":
        return speech.say("value.lost_customer", value=figure, source=source)
    return speech.say("value.other", what=naming.anything(what), value=figure, source=source)
