"""What a charter's declarations must hold between them: every name that is used is declared, every formula is allowed."""

import difflib
import re
from collections.abc import Callable, Collection, Iterator
from zoneinfo import ZoneInfo, available_timezones

from portance.charter import formula
from portance.charter.charter import Charter
from portance.charter.indicator import COMPANY, UNITS, Condition, Indicator
from portance.charter.journey_type import BREAK_KINDS
from portance.charter.promise import FACETS, Level
from portance.charter.source import OUTCOMES, WORK_KINDS, Entry, Naming, Source
from portance.errors import Problem

At = Callable[..., Problem]
Where = tuple[str | int, ...]
_DAY_US = 86_400_000_000
_SHORTEST_US = {"week": 7 * _DAY_US, "month": 28 * _DAY_US}
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,63}$", re.ASCII)


def problems(charter: Charter, at: At) -> Iterator[Problem]:
    """Every problem between the declarations of a charter; ``at`` makes a problem for a path of the document."""
    yield from _company(charter, at)
    for name, source in charter.sources.items():
        yield from _source(charter, source, ("sources", name), at)
    yield from _journeys(charter, at)
    yield from _promises(charter, at)
    yield from _steering(charter, at)
    yield from _customers(charter, at)
    yield from _employees(charter, at)
    yield from _machines(charter, at)
    yield from activity_problems(charter, activities(charter), at)


def _unknown(where: Where, given: str, known: Collection[str], noun: str, at: At) -> Problem:
    names = sorted(known)
    near = difflib.get_close_matches(given, names, n=1)
    shown = ", ".join(names[:15]) or "none is declared"
    return at(
        where,
        repr(given),
        f"a declared {noun} ({shown})",
        f"Declare it, or use the name of a declared {noun}.",
        near[0] if near else None,
    )


def _zone(where: Where, zone: str | None, at: At) -> Iterator[Problem]:
    if zone is None:
        return
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        near = difflib.get_close_matches(zone, sorted(available_timezones()), n=1)
        yield at(
            where,
            repr(zone),
            "an IANA time zone such as Europe/Paris",
            "Write its name as the IANA database does.",
            near[0] if near else None,
        )


def _formula(
    where: Where,
    text: str | None,
    at: At,
    names: Collection[str] | None,
    *,
    aggregate: bool = False,
    embedded: bool = False,
) -> Iterator[Problem]:
    if text is None:
        return
    try:
        formula.check(text, names, aggregate=aggregate, embedded=embedded)
    except formula.FormulaError as error:
        yield at(where, error.fault.given, error.fault.expected, "Mend the formula.", error.fault.nearest)


def _company(charter: Charter, at: At) -> Iterator[Problem]:
    yield from _zone(("company", "timezone"), charter.company.timezone, at)
    given = {name for source in charter.sources.values() for name in source.identifiers}
    for name in charter.identifiers:
        if name not in given:
            yield _unknown(("identifiers", name), name, given, "identifier of a source", at)
    for name, calendar in charter.calendars.items():
        yield from _zone(("calendars", name, "timezone"), calendar.timezone, at)
    for name, change in charter.changes.items():
        if change.function and change.function not in charter.functions:
            yield _unknown(("changes", name, "function"), change.function, charter.functions, "function", at)
        if change.promise and change.promise not in charter.promises:
            yield _unknown(("changes", name, "promise"), change.promise, charter.promises, "promise", at)
        if change.journey and change.journey not in charter.journeys:
            yield _unknown(("changes", name, "journey"), change.journey, charter.journeys, "journey", at)


def column_formula(text: str) -> bool:
    """Whether a value field is a formula rather than the bare name of a column (any text without SQL in it).

    A column whose own name holds such signs is written in double quotes: ``"price (EUR)"``.
    """
    quoted = len(text) > 2 and text[0] == text[-1] == '"'
    words = f" {text.lower()} "
    return quoted or any(sign in text for sign in "()+*/<>='|") or (" case " in words and " when " in words)


def _values(entry: Entry) -> Iterator[tuple[str, str]]:
    for key in (
        "at",
        "id",
        "intent",
        "team",
        "agent",
        "due_at",
        "duration_s",
        "wait_s",
        "cost",
        "verbatim",
        "language",
        "asked_again",
    ):
        text = getattr(entry, key)
        if text is not None:
            yield key, text
    yield from entry.attributes.items()
    for scale, text in (entry.rating or {}).items():
        yield f"rating.{scale}", text


def _source(charter: Charter, source: Source, where: Where, at: At) -> Iterator[Problem]:
    yield from _zone((*where, "timezone"), source.timezone, at)
    yield from _formula((*where, "where"), source.where, at, None, embedded=True)
    for part, columns in (
        ("case", source.case or {}),
        ("identifiers", source.identifiers),
        ("attributes", source.attributes),
    ):
        for key, text in columns.items():
            yield from _value((*where, part, key), text, at)
    for name in source.attributes:
        yield from _attribute((*where, "attributes", name), name, at)
    for index, entry in enumerate(source.interactions):
        here = (*where, "interactions", index)
        yield from _zone((*here, "timezone"), entry.timezone, at)
        yield from _formula((*here, "when"), entry.when, at, None, embedded=True)
        for key, text in _values(entry):
            yield from _value((*here, *key.split(".")), text, at)
        for name in entry.attributes:
            yield from _attribute((*here, name), name, at)
        yield from _names(entry.function, (*here, "function"), charter.functions, "function", at)
        yield from _names(entry.channel, (*here, "channel"), charter.channels or None, "channel", at)
        yield from _names(entry.actor, (*here, "actor"), ("human", "machine"), "actor", at)
        yield from _names(
            entry.initiated_by, (*here, "initiated_by"), ("customer", "company"), "initiator", at
        )
        yield from _names(entry.outcome, (*here, "outcome"), OUTCOMES, "outcome", at)
        yield from _names(entry.activity, (*here, "activity"), None, "activity", at)
    yield from _told(charter, source, where, at)


def _told(charter: Charter, source: Source, where: Where, at: At) -> Iterator[Problem]:
    """What stands in a source of readings, of responses or of responsibilities."""
    for part, held in (
        ("readings", source.readings),
        ("responses", source.responses),
        ("responsibility", source.responsibility),
        ("work", source.work),
        ("employee_answers", source.employee_answers),
    ):
        for key, text in held or ():
            if isinstance(text, str):
                yield from _value((*where, part, key), text, at)
    if source.readings:
        measured = readable(charter)
        yield from _names(
            source.readings.indicator, (*where, "readings", "indicator"), measured, "indicator", at
        )
    if source.responses:
        here = (*where, "responses")
        yield from _names(source.responses.question, (*here, "question"), None, "question", at)
        yield from _names(source.responses.promise, (*here, "promise"), charter.promises, "promise", at)
        yield from _names(source.responses.facet, (*here, "facet"), FACETS, "facet", at)
    if source.responsibility:
        for key in ("from_function", "to_function"):
            yield from _names(
                getattr(source.responsibility, key),
                (*where, "responsibility", key),
                charter.functions,
                "function",
                at,
            )
        yield from _names(
            source.responsibility.subject, (*where, "responsibility", "subject"), None, "subject", at
        )
    yield from _told_of_employees(charter, source, where, at)


def _told_of_employees(charter: Charter, source: Source, where: Where, at: At) -> Iterator[Problem]:
    if not source.of_employees:
        return
    if charter.employees is None:
        yield at(
            where, "rows about employees", "the part 'employees' of the charter, with the day of the consultation",
            "Add 'employees: {consulted: DATE}': nothing about employees is read without it.",
        )  # fmt: skip
        return
    if source.work:
        here = (*where, "work")
        yield from _names(source.work.kind, (*here, "kind"), WORK_KINDS, "kind of work", at)
        yield from _names(source.work.function, (*here, "function"), charter.functions, "function", at)
        yield from _names(
            source.work.for_function, (*here, "for_function"), charter.functions, "function", at
        )
        yield from _names(source.work.task, (*here, "task"), charter.employees.tasks or None, "task", at)
    if source.employee_answers:
        here = (*where, "employee_answers")
        told = source.employee_answers
        yield from _names(
            told.question, (*here, "question"), charter.employees.questions, "question to employees", at
        )
        yield from _names(told.function, (*here, "function"), charter.functions, "function", at)


def _value(where: Where, text: str, at: At) -> Iterator[Problem]:
    if column_formula(text):
        yield from _formula(where, text, at, None, embedded=True)


def _attribute(where: Where, name: str, at: At) -> Iterator[Problem]:
    """An attribute becomes a column beside the canonical ones, and a name in formulas."""
    if name in formula.INTERACTION_NAMES | {"t_us", "person_id", "case_key", "agent"}:
        yield at(
            where,
            f"the attribute {name!r}",
            "a name that no interaction has already",
            f"Rename it, such as {name}_given.",
        )
    elif not _NAME.match(name):
        suggested = re.sub(r"\W+", "_", name).strip("_").lower() or "attribute"
        yield at(
            where,
            f"the attribute {name!r}",
            "a name: a letter, then letters, digits or _",
            f"Write {suggested}: '{name}'.",
        )


def _names(
    naming: Naming | None, where: Where, known: Collection[str] | None, noun: str, at: At
) -> Iterator[Problem]:
    if naming is None:
        return
    yield from _formula(where, naming.formula, at, None, embedded=True)
    if known is None:
        return
    closed = noun in {"actor", "initiator", "outcome", "facet", "kind of work"}
    for name in [naming.is_, naming.otherwise, *naming.map.values()]:
        if name is not None and name not in known:
            if closed:
                near = difflib.get_close_matches(name, sorted(known), n=1)
                yield at(
                    where,
                    repr(name),
                    f"one of {', '.join(known)}",
                    "Use one of these, or read it with {column: …, map: {…}}.",
                    near[0] if near else None,
                )
            else:
                yield _unknown(where, name, known, noun, at)


def attribute_names(charter: Charter) -> frozenset[str]:
    """The attributes that the sources give to interactions."""
    found = set()
    for source in charter.sources.values():
        found |= set(source.attributes)
        for entry in source.interactions:
            found |= set(entry.attributes)
    return frozenset(found)


def interaction_names(charter: Charter) -> frozenset[str]:
    """The names that formulas over interactions may use."""
    return formula.INTERACTION_NAMES | attribute_names(charter)


def activities(charter: Charter) -> frozenset[str] | None:
    """The activities that the sources name; ``None`` where some are read from data and any may come."""
    found = set()
    for source in charter.sources.values():
        if source.format in ("xes", "ocel"):
            return None
        for entry in source.interactions:
            if entry.activity.is_ is None:
                return None
            found.add(entry.activity.is_)
    return frozenset(found)


def activity_problems(charter: Charter, known: Collection[str] | None, at: At) -> Iterator[Problem]:
    """The activities that a charter names and that are not among ``known``; none where that is unknown."""
    yield from _among(at, *((where, name, known, "activity") for where, name in _named_activities(charter)))


def _named_activities(charter: Charter) -> Iterator[tuple[Where, str | None]]:
    """Every place of a charter that names an activity."""
    listed: list[tuple[Where, Collection[str]]] = [
        (("breaks", "asked_again", "activities"), charter.breaks.asked_again.activities),
        (("pressure", "activities"), charter.pressure.activities),
        (("retention", "left"), charter.retention.left if charter.retention else ()),
        *(
            (("machines", name, "activities"), machine.activities)
            for name, machine in charter.machines.items()
        ),
    ]
    if not any(entry.intent for source in charter.sources.values() for entry in source.interactions):
        # with intents any name may come; without, a complaint is an activity
        listed.append((("voices", "complaints"), charter.voices.complaints or ()))
    for where, names in listed:
        yield from (((*where, place), name) for place, name in enumerate(names))
    for key, promise in charter.promises.items():
        if promise.clock:
            yield ("promises", key, "clock", "from"), promise.clock.from_
            yield ("promises", key, "clock", "to"), promise.clock.to
        for facet in ("intended", "offered", "expected"):
            level = promise.level(facet)
            yield ("promises", key, facet, "due"), (level.due or None) if level else None
    for key, survey in charter.surveys.items():
        yield ("surveys", key, "activity"), survey.activity
        yield ("surveys", key, "asked"), survey.asked
    for key, task in charter.employees.tasks.items() if charter.employees else ():
        yield ("employees", "tasks", key, "activity"), task.activity


def case_keys(charter: Charter) -> frozenset[str]:
    """The keys by which sources declare cases."""
    return frozenset(key for source in charter.sources.values() for key in source.case or {})


def _journeys(charter: Charter, at: At) -> Iterator[Problem]:
    names = interaction_names(charter)
    keys = case_keys(charter)
    for name, journey in charter.journeys.items():
        where: Where = ("journeys", name)
        yield from _formula((*where, "where"), journey.where, at, names)
        if journey.by == "case":
            if journey.case and journey.case not in keys:
                yield _unknown((*where, "case"), journey.case, keys, "case key", at)
            if not journey.case and len(keys) > 1:
                yield at(
                    (*where, "case"),
                    "nothing",
                    f"one of the case keys {', '.join(sorted(keys))}",
                    "Say which case the journey follows.",
                )
            if not keys and not any(source.format in ("xes", "ocel") for source in charter.sources.values()):
                yield at(
                    where,
                    "by: case",
                    "a source that declares its case",
                    "Add 'case: COLUMN' to a source, or write by: person.",
                )
    for kind in type(charter.breaks).model_fields:
        rule = charter.breaks.rule(kind)
        yield from _formula(("breaks", kind, "when"), rule.when, at, names)
        if rule.cost and "cost" in rule.model_fields_set and rule.cost not in charter.values:
            yield _unknown(("breaks", kind, "cost"), rule.cost, charter.values, "value", at)
    calendar = charter.breaks.long_wait.calendar
    if calendar and calendar not in charter.calendars:
        yield _unknown(("breaks", "long_wait", "calendar"), calendar, charter.calendars, "calendar", at)
    for name, segment in charter.segments.items():
        yield from _formula(("segments", name, "by"), segment.by, at, names)
    if charter.sampling:
        yield from _formula(("sampling", "weight"), charter.sampling.weight, at, names)


def _promises(charter: Charter, at: At) -> Iterator[Problem]:
    names = interaction_names(charter)
    for name, promise in charter.promises.items():
        where: Where = ("promises", name)
        if promise.journey not in charter.journeys:
            yield _unknown((*where, "journey"), promise.journey, charter.journeys, "journey", at)
        for index, owner in enumerate(promise.owners):
            if owner not in charter.functions:
                yield _unknown((*where, "owners", index), owner, charter.functions, "function", at)
        for index, segment in enumerate(promise.segments):
            if segment not in charter.segments:
                yield _unknown((*where, "segments", index), segment, charter.segments, "segment", at)
        if promise.clock:
            if promise.clock.calendar and promise.clock.calendar not in charter.calendars:
                yield _unknown(
                    (*where, "clock", "calendar"), promise.clock.calendar, charter.calendars, "calendar", at
                )
            if promise.clock.unit.startswith("business") and not promise.clock.calendar:
                yield at(
                    (*where, "clock", "calendar"),
                    "nothing",
                    f"the calendar in which {promise.clock.unit} are counted",
                    "Declare opening hours under 'calendars' and name them here.",
                )
        yield from _formula((*where, "measure"), promise.measure, at, names, aggregate=True)
        yield from _formula((*where, "void_when"), promise.void_when, at, names)
        yield from _same(promise.intended, promise.offered, where, at)


def _same(intended: Level | None, offered: Level | None, where: Where, at: At) -> Iterator[Problem]:
    """The ambition and what is in force are two declarations: equal numbers need two dates or two authors."""
    if intended is None or offered is None or intended.limit is None or intended.limit != offered.limit:
        return
    if (intended.since, intended.by, intended.source) == (offered.since, offered.by, offered.source):
        yield at(
            (*where, "offered"),
            "the same declaration as 'intended'",
            "another date, author or source",
            "Say who put it in force and when, or leave it out.",
        )


def _steering(charter: Charter, at: At) -> Iterator[Problem]:
    for name, indicator in charter.indicators.items():
        where: Where = ("indicators", name)
        if _undeclared(charter, indicator.function):
            yield _unknown((*where, "function"), indicator.function, charter.functions, "function", at)
        if indicator.promise and indicator.promise not in charter.promises:
            yield _unknown((*where, "promise"), indicator.promise, charter.promises, "promise", at)
        for index, lever in enumerate(indicator.levers):
            if lever not in charter.levers:
                yield _unknown((*where, "levers", index), lever, charter.levers, "lever", at)
        if indicator.worth and indicator.worth.value not in charter.values:
            yield _unknown((*where, "worth", "value"), indicator.worth.value, charter.values, "value", at)
        yield from _counted(charter, indicator, where, at)
    for name, lever_ in charter.levers.items():
        if lever_.function and _undeclared(charter, lever_.function):
            yield _unknown(("levers", name, "function"), lever_.function, charter.functions, "function", at)
        for indicator_name in lever_.effects:
            if indicator_name not in charter.indicators:
                yield _unknown(
                    ("levers", name, "effects", indicator_name),
                    indicator_name,
                    charter.indicators,
                    "indicator",
                    at,
                )
    for name, condition in charter.context.items():
        yield from _counted(charter, condition, ("context", name), at)
    for name, card in charter.scorecards.items():
        if _undeclared(charter, card.function):
            yield _unknown(("scorecards", name, "function"), card.function, charter.functions, "function", at)
        for indicator_name in card.indicators:
            if indicator_name not in charter.indicators:
                yield _unknown(
                    ("scorecards", name, "indicators", indicator_name),
                    indicator_name,
                    charter.indicators,
                    "indicator",
                    at,
                )
    yield from _one_name(charter, at)


def _undeclared(charter: Charter, function: str) -> bool:
    """Whether an owner is a slip; where no function is declared all are read from data, and an owner is only named."""
    return bool(charter.functions) and function not in charter.functions


def _counted(charter: Charter, counted: Indicator | Condition, where: Where, at: At) -> Iterator[Problem]:
    """The formulas of an indicator or a condition, and what it is counted for."""
    journeys = counted.of == "journeys"
    names = journey_names(charter) if journeys else interaction_names(charter)
    yield from _formula((*where, "measure"), counted.measure, at, names, aggregate=True)
    yield from _formula((*where, "where"), counted.where, at, names)
    known = {*UNITS, COMPANY, *charter.segments, *attribute_names(charter)}
    if counted.measure and counted.unit_kind not in known:
        yield at(
            (*where, "per", 0), repr(counted.unit_kind), f"what it is counted for: one of {', '.join(sorted(known))}",
            "Use one of these, or declare a segment.", next(iter(difflib.get_close_matches(counted.unit_kind, sorted(known), n=1)), None),
        )  # fmt: skip


def readable(charter: Charter) -> frozenset[str]:
    """The names that readings may carry: indicators, levers, conditions, and figures about teams."""
    figures = charter.employees.figures if charter.employees else {}
    return frozenset({*charter.indicators, *charter.context, *charter.levers, *figures})


def journey_names(charter: Charter) -> frozenset[str]:
    """The names that formulas over journeys may use."""
    return frozenset(
        {
            *formula.JOURNEY_NAMES,
            *charter.segments,
            *(f"kept_{name}" for name in charter.promises),
            *(f"broke_{kind}" for kind in BREAK_KINDS),
        }
    )


def _one_name(charter: Charter, at: At) -> Iterator[Problem]:
    """Readings name what they are of: an indicator, a lever and a condition never share a name."""
    figures = charter.employees.figures if charter.employees else {}
    for first, second, one, other in (
        ("levers", "indicators", charter.levers, charter.indicators), ("context", "indicators", charter.context, charter.indicators),
        ("context", "levers", charter.context, charter.levers), ("employees.figures", "indicators", figures, charter.indicators),
        ("employees.figures", "levers", figures, charter.levers), ("employees.figures", "context", figures, charter.context),
    ):  # fmt: skip
        for name in sorted(set(one) & set(other)):
            yield at(
                (*first.split("."), name),
                repr(name),
                f"a name that {second} do not use",
                f"Rename it, such as {name}_set.",
            )


def _among(at: At, *uses: tuple[Where, str | None, Collection[str] | None, str]) -> Iterator[Problem]:
    """Names that must be declared, each with where it stands and what it names; any may come where none is known."""
    for where, name, known, noun in uses:
        if name is not None and known is not None and name not in known:
            yield _unknown(where, name, known, noun, at)


def _customers(charter: Charter, at: At) -> Iterator[Problem]:
    """What is declared of voices, surveys, pressure, beliefs and retention."""
    functions = charter.functions or None
    for index, source in enumerate(charter.voices.public):
        yield from _among(at, (("voices", "public", index), source, charter.sources, "source"))
    for name, irritant in charter.voices.irritants.items():
        where: Where = ("voices", "irritants", name)
        for language in ("fr", "en"):
            for place, written in enumerate(getattr(irritant.words, language)):
                if not any(sign.isalnum() for sign in written):
                    yield at(
                        (*where, "words", language, place), f"{written!r}, which no text holds", "a word or a phrase",
                        "Write a word, or remove this one; '..' stands between two words, for any few others.",
                    )  # fmt: skip
        owned = [
            ((*where, "owners", place), owner, functions, "function")
            for place, owner in enumerate(irritant.owners)
        ]
        crossed = [
            ((*where, "seam", place), owner, functions, "function")
            for place, owner in enumerate(irritant.seam or ())
        ]
        yield from _among(
            at, ((*where, "promise"), irritant.promise, charter.promises, "promise"), *owned, *crossed
        )
    for name, survey in charter.surveys.items():
        where = ("surveys", name)
        yield from _among(
            at,
            ((*where, "function"), survey.function, functions, "function"), ((*where, "journey"), survey.journey, charter.journeys, "journey"),
        )  # fmt: skip
        yield from _on_scale((*where, "satisfied"), survey.satisfied, survey.ends, at)
        if survey.question and survey.scale is None:
            yield at(
                (*where, "scale"), "nothing", "the two ends of the scale of its answers", "Add 'scale: [0, 10]' or the like."
            )  # fmt: skip
    for name, belief in charter.beliefs.items():
        where = ("beliefs", name)
        yield from _among(
            at, ((*where, "promise"), belief.promise, charter.promises, "promise"),
            ((*where, "survey"), belief.survey, charter.surveys, "survey"),
        )  # fmt: skip
    if charter.retention:
        names = interaction_names(charter)
        shortest = _SHORTEST_US[charter.retention.period]
        if charter.retention.horizon < shortest:
            yield at(
                ("retention", "horizon"), f"a horizon of {charter.retention.horizon / _DAY_US:g} days", f"at least one period, here a {charter.retention.period}",
                "Give a longer horizon, or 'period: week' with one of a week or more.",
            )  # fmt: skip
        for key, text in (("reason", charter.retention.reason), ("held_when", charter.retention.held_when)):
            yield from _formula(("retention", key), text, at, names)


def _on_scale(
    where: Where, value: float | None, ends: tuple[float, float] | None, at: At
) -> Iterator[Problem]:
    """A bound on answers lies on their scale: beyond it, everyone or nobody would pass."""
    if value is not None and ends is not None and not ends[0] <= value <= ends[1]:
        low, high = (f"{end:g}" for end in ends)
        yield at(
            where, f"{value:g}", f"a value on the scale of the answers, {low} to {high}",
            f"Write a value between {low} and {high}, or mend 'scale'.",
        )  # fmt: skip


def _employees(charter: Charter, at: At) -> Iterator[Problem]:
    functions = charter.functions or None
    for name, ambition in charter.ambitions.items():
        where: Where = ("ambitions", name)
        begun = [
            ((*where, "actions", place), action, charter.changes, "change")
            for place, action in enumerate(ambition.actions)
        ]
        yield from _among(
            at, ((*where, "owner"), ambition.owner, functions, "function"),
            ((*where, "promise"), ambition.promise, charter.promises, "promise"),
            ((*where, "indicator"), ambition.indicator, charter.indicators, "indicator"), *begun,
        )  # fmt: skip
    if charter.employees is None:
        return
    for name, question in charter.employees.questions.items():
        yield from _on_scale(("employees", "questions", name, "agree"), question.agree, question.scale, at)
    for name, tool in charter.employees.tools.items():
        yield from _among(
            at, (("employees", "tools", name, "change"), tool.change, charter.changes, "change")
        )
    for name, task in charter.employees.tasks.items():
        where = ("employees", "tasks", name)
        yield from _among(
            at, ((*where, "journey"), task.journey, charter.journeys, "journey"),
            ((*where, "function"), task.function, functions, "function"),
        )  # fmt: skip


def _machines(charter: Charter, at: At) -> Iterator[Problem]:
    functions, channels = charter.functions or None, charter.channels or None
    names = interaction_names(charter)
    for name, machine in charter.machines.items():
        where: Where = ("machines", name)
        for key in ("activities", "intents"):
            if key in machine.model_fields_set and not getattr(machine, key):
                yield at(
                    (*where, key), "an empty list, by which no session is known", f"the {key} of its sessions",
                    "List them, or leave the key out: sessions are then known by the other keys.",
                )  # fmt: skip
        yield from _among(
            at, ((*where, "function"), machine.function, functions, "function"), ((*where, "channel"), machine.channel, channels, "channel"),
            ((*where, "promise"), machine.promise, charter.promises, "promise"),
        )  # fmt: skip
    for name, desk in charter.desks.items():
        where = ("desks", name)
        yield from _among(
            at, ((*where, "function"), desk.function, functions, "function"), ((*where, "channel"), desk.channel, channels, "channel"),
            ((*where, "calendar"), desk.calendar, charter.calendars, "calendar"),
        )  # fmt: skip
    for name, text in charter.dosage.covariates.items():
        yield from _formula(("dosage", "covariates", name), text, at, names)
    yield from _formula(("takeover", "asked_human"), charter.takeover.asked_human, at, names)
