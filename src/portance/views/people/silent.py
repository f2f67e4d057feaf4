"""The customers who answer nothing: what is measured, what is estimated for all, and what silence could hide."""

from dataclasses import dataclass
from datetime import date

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import Figure, Rows, same, shown_for
from portance.views.naming import Naming, everyone
from portance.views.people.told import Grid, Said, held, level
from portance.views.reading import Row, Tables, names, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech, clean

MOST_QUESTIONS = 4
MOST_MONTHS = 36
_ALWAYS = "cannot_be_excluded"
"""A warning that holds for every survey: it is told quietly."""


@dataclass(frozen=True, slots=True)
class Silence:
    """One question asked of one segment: those who answered, all customers as estimated, and the band of what is not known."""

    question: str
    segment: str
    label: str
    unit: str
    naive: Said
    estimate: Said
    band: Said
    target: float | None
    target_said: str
    flips_at: float | None
    flips_said: str
    answers: int
    asked: int
    people: int
    rate: str
    follow_up: int
    verdict: str
    verdict_label: str
    sentence: str
    counts: str
    warnings: tuple[str, ...]
    caution: str
    better: str
    reason: str
    rows: Rows

    @property
    def drawable(self) -> bool:
        """Whether there are two figures to hold against each other."""
        return sum(one.ends is not None for one in (self.naive, self.estimate, self.band)) >= 2


@dataclass(frozen=True, slots=True)
class Restraint:
    """How many answers a question still needs, and whether to stop asking."""

    question: str
    function: str
    sentence: str
    stop: bool
    needed: int | None
    answers: int
    asked: int


@dataclass(frozen=True, slots=True)
class Month:
    """One month: how often each customer was addressed, how many too often, and how many of those asked answered."""

    period: date
    label: str
    per_person: Said
    over: Said
    rate: Said
    persons: int
    unfinished: bool = False
    """Whether the data end within it: it is told, and not drawn beside whole months."""


@dataclass(frozen=True, slots=True)
class Pressure:
    """Contact pressure and the response rate, month by month, and who addresses customers too often."""

    months: tuple[Month, ...]
    sentence: str
    counted: str
    """Which contacts are counted, and how many of the company's are not."""
    within: tuple[str, ...]
    """What more contacts go with, within the same customers: one sentence for each question where it is established."""
    functions: Grid | None
    table: Grid | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class Silent:
    """The section: ``drawn`` questions over all customers; ``segments`` are in the table."""

    state: str
    headline: str
    drawn: tuple[Silence, ...]
    all: tuple[Silence, ...]
    unseen: tuple[Silence, ...]
    table: Grid | None
    restraint: tuple[Restraint, ...]
    asking: Grid | None
    pressure: Pressure | None
    rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Silent:
    """The section from ``silent``, ``restraint`` and ``pressure``."""
    found = tuple(_silence(row, charter, run, naming, speech) for row in tables.rows("silent"))
    known = [one for one in found if one.estimate.known or one.naive.known]
    main = sorted(
        (one for one in known if everyone(one.segment)), key=lambda one: (not one.drawable, -one.asked, one.question)
    )  # fmt: skip
    restraint = [_restraint(row, naming, speech) for row in tables.rows("restraint")]
    pressure = _pressure(tables, charter, run, naming, speech)
    return Silent(
        state="found" if known or restraint or pressure else "none" if found else "empty",
        headline=_headline(main or known, speech),
        drawn=tuple(one for one in main if one.drawable)[:MOST_QUESTIONS],
        all=found,
        unseen=tuple(one for one in found if not one.estimate.known and everyone(one.segment)),
        table=_table(known, run, speech),
        restraint=tuple(sorted(restraint, key=lambda one: (not one.stop, one.question))),
        asking=_asking(tables, run, naming, speech),
        pressure=pressure,
        rows=run.rows("silent", "", "question, segment"),
    )


def _silence(row: Row, charter: Charter, run: RunFacts, naming: Naming, speech: Speech) -> Silence:
    question, segment, unit = text(row["question"]), text(row["segment"]), text(row["unit"])
    unit = "" if unit == "scale" else unit
    survey = charter.surveys.get(question)
    answers, asked, people = (whole(row[name]) for name in ("answers", "asked", "people"))
    # What is told rests on those who answered, not on the customers whom it is told of.
    shown = shown_for(answers, number(row["estimate"]), row["shown"])
    estimate = level(
        Figure(number(row["estimate"]), number(row["ci_low"]), number(row["ci_high"]), unit, answers, answers, shown), speech
    )  # fmt: skip
    shown = shown_for(answers, number(row["naive"]), row["shown"])
    naive = level(
        Figure(number(row["naive"]), number(row["naive_low"]), number(row["naive_high"]), unit, answers, answers, shown), speech
    )  # fmt: skip
    ends = number(row["band_low"]), number(row["band_high"])
    band_shown = (
        "interval"
        if None not in ends and shown != "suppressed"
        else "suppressed"
        if shown == "suppressed"
        else "missing"
    )
    band = level(Figure(None, *ends, unit, answers, answers, band_shown), speech)  # type: ignore[arg-type]
    target = number(row["target"])
    flips = number(row["flips_at"])
    label = naming.survey(question)
    if not everyone(segment):
        label = f"{label} ({naming.segment(segment)})"
    rate = number(row["rate"])
    verdict = text(row["verdict"])
    return Silence(
        question=question, segment=segment, label=label, unit=unit, naive=naive, estimate=estimate, band=band,
        target=target, target_said=saying.level(target, unit, speech) if target is not None else "",
        flips_at=flips, flips_said=_flips(flips, unit, speech),
        answers=answers, asked=asked, people=people, rate=speech.percent(rate) if rate is not None else "",
        follow_up=whole(row["follow_up"]), verdict=verdict, verdict_label=_verdict(verdict, text(row["against"]), naming),
        sentence=_sentence(label, naive, estimate, band, speech),
        counts=_counts(answers, asked, people, speech),
        warnings=tuple(naming.word("silent_warning", code) for code in names(row["warning"]) if code != _ALWAYS),
        caution=naming.word("silent_warning", _ALWAYS) if _ALWAYS in names(row["warning"]) else "",
        better=survey.better if survey else "higher", reason=naming.reason(row["reason"]),
        rows=run.rows("silent", same(question=question)),
    )  # fmt: skip


def _flips(value: float | None, unit: str, speech: Speech) -> str:
    """By how much the silent must differ for the conclusion to turn."""
    return "" if value is None else speech.say("silent.flips", by=saying.move(abs(value), unit, speech))


def _counts(answers: int, asked: int, people: int, speech: Speech) -> str:
    return speech.say(
        "silent.counts",
        answers=speech.many("silent.answers", answers),
        asked=speech.number(asked),
        people=speech.many("people", people),
    )


def _sentence(label: str, naive: Said, estimate: Said, band: Said, speech: Speech) -> str:
    if estimate.point is None or naive.point is None:
        if estimate.known:
            return speech.say("silent.sentence_interval", question=label, interval=estimate.text)
        return speech.say("silent.sentence_naive", question=label, naive=naive.text) if naive.known else ""
    low, high = estimate.figure.low, estimate.figure.high
    inside = low is not None and high is not None and low <= naive.point <= high
    # Two figures held against each other are told to the same decimals.
    share = naive.figure.unit == "share"
    told = speech.percent(naive.point, speech.precision(estimate.figure) or 0) if share else naive.text
    said = speech.say(
        "silent.sentence_same" if inside else "silent.sentence",
        question=label, naive=told, estimate=estimate.text,
        interval=estimate.interval,
    )  # fmt: skip
    return f"{said} {speech.say('silent.sentence_band', band=band.text)}" if band.known else said


def _headline(found: list[Silence], speech: Speech) -> str:
    """The question whose two figures are the farthest apart, else the greatest."""
    told = [one for one in found if one.naive.point is not None and one.estimate.point is not None]
    if not told:
        return speech.say("silent.none") if found else ""
    first = max(told, key=_apart)
    return first.sentence


def _apart(one: Silence) -> float:
    """How many half-widths of its interval the estimate lies from what those who answered say."""
    if one.estimate.point is None or one.naive.point is None or one.estimate.ends is None:
        return 0.0
    half = (one.estimate.ends[1] - one.estimate.ends[0]) / 2 or 1.0
    return abs(one.estimate.point - one.naive.point) / half


def _table(found: list[Silence], run: RunFacts, speech: Speech) -> Grid | None:
    if not found:
        return None
    return Grid(
        speech.say("silent.table"),
        tuple(speech.say(f"col.{name}") for name in ("question", "naive", "estimate", "band", "answers", "asked", "people", "response_rate")),
        tuple(
            (
                one.label, one.naive, one.estimate, one.band, speech.number(one.answers), speech.number(one.asked),
                speech.number(one.people), one.rate or "—",
            )
            for one in found
        ),
        run.rows("silent", "", "question, segment"),
        numeric=frozenset(range(1, 8)),
    )  # fmt: skip


def _restraint(row: Row, naming: Naming, speech: Speech) -> Restraint:
    needed = number(row["needed"])
    stop = row["stop"] is True
    weeks = number(row["weeks_to_go"])
    label = naming.survey(text(row["question"]))
    if stop:
        said = speech.say("restraint.stop", question=label)
    elif needed is None or text(row["reason"]) not in ("more_needed", "few_answers", ""):
        said = speech.say("restraint.unknown", question=label, reason=naming.reason(row["reason"]) or "—")
    else:
        said = speech.many("restraint.needed", max(0, round(needed) - whole(row["answers"])), question=label)
        if weeks is not None:
            said += " " + speech.many("restraint.weeks", max(1, round(weeks)))
    return Restraint(
        text(row["question"]), naming.function(text(row["function"]) or None), said, stop,
        None if needed is None else round(needed), whole(row["answers"]), whole(row["asked"]),
    )  # fmt: skip


def _asking(tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Grid | None:
    rows = tables.rows("restraint")
    if not rows:
        return None
    return Grid(
        speech.say("restraint.table"),
        tuple(speech.say(f"col.{name}") for name in ("question", "who_asks", "answers", "asked", "reached", "wanted", "needed", "stop")),
        tuple(
            (
                naming.survey(text(row["question"])), naming.function(text(row["function"]) or None), speech.number(whole(row["answers"])),
                speech.number(whole(row["asked"])), _half(row["precision"], row, speech), _half(row["wanted"], row, speech),
                speech.number(number(row["needed"])), speech.say("restraint.yes" if row["stop"] is True else "restraint.no"),
            )
            for row in rows
        ),
        run.rows("restraint"),
        numeric=frozenset(range(2, 7)),
    )  # fmt: skip


def _half(value: object, row: Row, speech: Speech) -> str:
    found = number(value)
    unit = text(row["unit"])
    return "—" if found is None else f"±\u00a0{saying.move(found, '' if unit == 'scale' else unit, speech)}"


def _pressure(
    tables: Tables, charter: Charter, run: RunFacts, naming: Naming, speech: Speech
) -> Pressure | None:
    every = tables.rows("pressure")
    rows = [row for row in every if whole(row["contacts"]) or whole(row["asked"])]
    over_all = sorted((row for row in rows if not row["function"]), key=lambda row: str(row["period"]))
    months = tuple(_month(row, run, speech) for row in over_all[-MOST_MONTHS:])
    others = sum(whole(row["uncounted"]) for row in every if not row["function"])
    if not months and not others:
        return None
    counted = _counted(charter, others, speech)
    if not months:
        return Pressure((), "", counted, (), None, None, run.rows("pressure", "", "period"))
    by_function: dict[str, Row] = {}
    finished = [row for row in rows if row["function"] and not run.unfinished(_period(row))]
    for row in sorted(
        finished or (row for row in rows if row["function"]), key=lambda row: str(row["period"])
    ):
        by_function[text(row["function"])] = row
    last = next((month for month in reversed(months) if not month.unfinished), months[-1])
    most = whole(over_all[-1]["most"]) or charter.pressure.most
    sentence = ""
    if last.over.known:
        sentence = speech.say("pressure.sentence", share=last.over.text, most=most, month=last.label)
    functions = Grid(
        speech.say("pressure.functions"),
        tuple(speech.say(f"col.{name}") for name in ("function", "contacts", "per_person", "over_share", "response_rate")),
        tuple(
            (
                naming.function(name), speech.number(whole(row["contacts"])), _month(row, run, speech).per_person,
                _month(row, run, speech).over, _month(row, run, speech).rate,
            )
            for name, row in sorted(by_function.items(), key=lambda item: (-whole(item[1]["contacts"]), item[0]))
        ),
        run.rows("pressure", "function IS NOT NULL", "period DESC"),
        numeric=frozenset(range(1, 5)),
    ) if by_function else None  # fmt: skip
    table = Grid(
        speech.say("pressure"),
        tuple(speech.say(f"col.{name}") for name in ("period", "people", "per_person", "over_share", "response_rate")),
        tuple((one.label, speech.number(one.persons), one.per_person, one.over, one.rate) for one in months),
        run.rows("pressure", "", "period"),
        numeric=frozenset(range(1, 5)),
    )  # fmt: skip
    return Pressure(
        months,
        sentence,
        counted,
        _within(tables, naming, speech),
        functions,
        table,
        run.rows("pressure", "", "period"),
    )


def _counted(charter: Charter, others: int, speech: Speech) -> str:
    """What counts as pressure, as the charter declares it; what does not, and how to have it counted."""
    french = speech.language == "fr"
    named = ", ".join(f"« {clean(one)} »" if french else f"“{clean(one)}”" for one in charter.asking)
    told = [speech.say("pressure.counted", activities=named) if named else speech.say("pressure.nothing")]
    if others:
        told.append(speech.many("pressure.uncounted", others))
    return " ".join(told)


def _within(tables: Tables, naming: Naming, speech: Speech) -> tuple[str, ...]:
    told = []
    for row in tables.rows("pressure_answers"):
        if text(row["verdict"]) != "goes_with_fewer":
            continue
        said = saying.told(
            number(row["per_contact"]),
            number(row["ci_low"]),
            number(row["ci_high"]),
            "share",
            speech,
            signed=True,
        )
        told.append(
            speech.say(
                "pressure.within",
                question=naming.survey(text(row["question"])),
                change=" ".join(said).strip(),
            )
        )
    return tuple(told)


def _verdict(verdict: str, against: str, naming: Naming) -> str:
    """Against the target, or against the others or the weeks before."""
    key = (
        f"{verdict}_{against}"
        if against in ("others", "before") and verdict in ("above", "below")
        else verdict
    )
    return naming.word("silent_verdict", key) if verdict else ""


def _period(row: Row) -> date:
    return row["period"] if isinstance(row["period"], date) else date.fromisoformat(str(row["period"])[:10])


def _month(row: Row, run: RunFacts, speech: Speech) -> Month:
    period = _period(row)
    label, unfinished = speech.month(period.isoformat()), run.unfinished(period)
    persons = whole(row["persons"])
    alone = Figure(
        number(row["per_person"]),
        None,
        None,
        "",
        None,
        persons,
        shown_for(persons, number(row["per_person"])),
    )
    asked = whole(row["asked"])
    rate = Figure(
        number(row["response_rate"]), number(row["rate_low"]), number(row["rate_high"]), "share", asked, asked,
        shown_for(asked, number(row["response_rate"])) if asked else "missing",
    )  # fmt: skip
    return Month(
        period, speech.say("month_so_far", month=label) if unfinished else label, level(alone, speech),
        level(held(row, "over_share", "share", low="over_low", high="over_high"), speech), level(rate, speech), persons, unfinished,
    )  # fmt: skip
