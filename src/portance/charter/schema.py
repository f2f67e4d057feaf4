"""The charter for editors (JSON Schema) and for readers (its reference page), both from the same values.

``published`` and ``reference`` give the text of the two pages; what a key means stands once, in ``KEYS``.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portance.charter.calendar import Calendar
from portance.charter.charter import Charter
from portance.charter.declared import (
    Change,
    Channel,
    Company,
    Declared,
    Function,
    Identifier,
    Money,
    Sampling,
    Segment,
    Text,
)
from portance.charter.employees import Ambition, EmployeeFigure, EmployeeQuestion, Employees, Task, Tool
from portance.charter.indicator import Condition, Effect, Indicator, Lever, Paid, Scorecard, Worth
from portance.charter.journey_type import (
    Abandonment,
    AskedAgain,
    BreakRule,
    BreakRules,
    BrokenPromise,
    DeadEnd,
    ForcedChannelSwitch,
    JourneyType,
    LongWait,
    PingPong,
    Reopened,
    RepeatContact,
    UselessTransfer,
)
from portance.charter.machines import Desk, Dosage, Machine, Takeover
from portance.charter.promise import Anchors, Clock, Level, Promise
from portance.charter.retention import Retention
from portance.charter.source import (
    EmployeeAnswers,
    Entry,
    Lookup,
    Naming,
    Readings,
    Responses,
    Responsibility,
    Source,
    Work,
)
from portance.charter.surveys import Belief, Pressure, Survey
from portance.charter.voices import Endpoint, Irritant, Voices, Words

NAME = "charter.schema.json"
DURATION = r"^\s*\d+(\.\d+)?\s*(s|seconds?|min|mins|minutes?|h|hours?|d|days?|weeks?)\s*$"
_UNITS = (
    (604_800_000_000, "week"),
    (86_400_000_000, "day"),
    (3_600_000_000, "hour"),
    (60_000_000, "minute"),
    (1_000_000, "second"),
)


@dataclass(frozen=True, slots=True)
class Key:
    """What one key of the charter means, and an example of its value."""

    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the charter: where it stands, its model, and its keys."""

    where: str
    model: type[Declared]
    keys: dict[str, Key]


_NAME = Key("What people read; one text, or one for each language.", "{fr: Ventes, en: Sales}")
_RULE = {
    "off": Key("Do not look for this kind. Short form: the kind itself is `off`.", "true"),
    "when": Key("The company's own definition, in place of the built-in one: an interaction for which this is true is a break.", "outcome = 'unresolved' and team is null"),
    "cost": Key("The declared value that one break of this kind costs.", "contact"),
}  # fmt: skip

PARTS: tuple[Part, ...] = (
    Part("", Charter, {
        "portance": Key("Version of the form of this file; always 1.", "1"),
        "company": Key("Who declares.", "{name: Olist, currency: BRL, timezone: America/Sao_Paulo, language: fr}"),
        "as_of": Key("Up to when the extracts tell; a day means its end. The latest accepted instant where absent.", "2025-06-30"),
        "functions": Key("The parts of the organisation, and partners, by name. Functions read from data need no entry.", "{sales: {name: {fr: Ventes, en: Sales}}}"),
        "channels": Key("The channels by name. Once some are declared, a plain channel name must be one of them.", "{phone: {name: Phone, kind: human}}"),
        "identifiers": Key("Settings of types of identifiers that sources give; a type without settings needs no entry.", "{phone: {cap: 20, ignore: ['0*']}}"),
        "calendars": Key("Opening hours and holidays, for waits that count in business time.", "{opening: {hours: {mon: ['08:30-18:00']}}}"),
        "sources": Key("The files of each silo and what their rows mean.", "{orders: {read: orders.csv, case: order_id, interactions: [{activity: ordered, at: ordered_at}]}}"),
        "journeys": Key("The types of journeys.", "{purchase: {by: case}}"),
        "breaks": Key("A rule for each kind of break; what is not said keeps its default.", "{long_wait: {seam_over: 2 days}}"),
        "promises": Key("What customers were led to expect.", "{announced_day: {says: By the announced day, journey: purchase, clock: {from: ordered, to: delivered}}}"),
        "segments": Key("Ways to tell customers apart.", "{state: {by: customer_state}}"),
        "sampling": Key("How many journeys each journey of the extract stands for.", "{weight: case when late then 1 else 18.65 end}"),
        "indicators": Key("What functions are steered by.", "{handling_time: {function: service, measure: avg(duration_s), better: lower}}"),
        "levers": Key("What functions can set.", "{handling_time_target: {function: service, unit: s}}"),
        "context": Key("Measured conditions that are nobody's indicator.", "{call_mix: {measure: \"avg(cast(intent = 'bill' as int))\"}}"),
        "scorecards": Key("What bonuses are paid on.", "{centre: {function: service, indicators: {handling_time: 0.6}}}"),
        "changes": Key("Dated changes: releases, automations, campaigns, staffing.", "{chatbot: {since: 2025-03-03, function: digital}}"),
        "values": Key("What things are worth in money, with their source.", "{contact: {value: 6.5, range: [5, 8], source: controlling}}"),
        "voices": Key("How the texts that customers write are read.", "{public: [reviews], names: agents.txt}"),
        "surveys": Key("The questions that customers are asked.", "{satisfaction: {function: marketing, rating: csat, target: 4}}"),
        "pressure": Key("How often a customer may be asked or sold something.", "{most: 3, within: 30 days, activities: [newsletter]}"),
        "employees": Key("The employees' side; nothing of it is read before the consultation of their representatives.", "{consulted: 2025-01-15}"),
        "ambitions": Key("What the company says that it wants for its customers.", "{first_time: {says: Solved at the first contact, owner: service}}"),
        "beliefs": Key("What those who lead hold to be true of customers, entered before they see the figures.", "{board: {promise: announced_day, by: executive committee, value: 0.9, on: 2025-01-10}}"),
        "machines": Key("What serves customers without a person.", "{assistant: {function: digital, channel: chatbot, human: true}}"),
        "desks": Key("Where persons answer customers.", "{phone: {function: service, channel: phone, agents: 14}}"),
        "dosage": Key("How human and machine are compared.", "{resolved_within: 7 days}"),
        "takeover": Key("What counts as a take-over by a person.", "{asked_human: wants_person = 'yes'}"),
        "retention": Key("How the company knows that a customer has left.", "{left: [cancelled]}"),
    }),
    Part("company", Company, {
        "name": Key("The name in titles.", "Olist"),
        "currency": Key("Currency of all amounts, ISO 4217.", "BRL"),
        "timezone": Key("Zone of local times and of days, IANA name.", "America/Sao_Paulo"),
        "language": Key("Language of reports where none is asked for.", "fr"),
    }),
    Part("a text", Text, {
        "fr": Key("In French.", "Ventes"),
        "en": Key("In English. One language stands for the other where it is alone.", "Sales"),
    }),
    Part("functions.NAME", Function, {
        "name": _NAME,
        "kind": Key("Inside the company, an independent partner, or work handed to a supplier.", "partner"),
        "replied": Key("When it replied to the findings that name it; they are drafts until then.", "2025-07-01"),
        "reply": Key("What it replied, shown beside them.", "{fr: Vu., en: Seen.}"),
    }),
    Part("channels.NAME", Channel, {
        "name": _NAME,
        "kind": Key("Who answers there.", "machine"),
    }),
    Part("identifiers.NAME", Identifier, {
        "name": _NAME,
        "cap": Key("More persons than this behind one value make it a link, not a merge.", "20"),
        "ignore": Key("Values that mean nobody, beside the well-known ones; `*` stands for any text.", "['0*', test]"),
    }),
    Part("calendars.NAME", Calendar, {
        "name": _NAME,
        "hours": Key("Opening hours by weekday (`mon` to `sun`), on quarters of an hour; a day without an entry is closed.", "{mon: ['08:30-12:00', '13:00-18:00']}"),
        "holidays": Key("Days on which it is closed.", "[2025-05-01, 2025-12-25]"),
        "timezone": Key("Zone of these hours; the company's where absent.", "Europe/Paris"),
    }),
    Part("sources.NAME", Source, {
        "name": _NAME,
        "read": Key("The file, or several; `*` and `**` stand for any name; from the charter's folder.", "extracts/orders*.csv"),
        "format": Key("The form of the files; found from their ending and first bytes where absent.", "csv"),
        "sheet": Key("Sheet of a workbook, by name or by number from 1; the first that holds rows where absent.", "Orders"),
        "encoding": Key("Encoding of text files; found from their bytes where absent.", "cp1252"),
        "separator": Key("What stands between the cells of a text file; found where absent.", "';'"),
        "decimal": Key("The decimal sign of numbers; found column by column where absent.", "','"),
        "nulls": Key("Texts that stand for nothing, beside the usual ones.", "['n.c.']"),
        "dates": Key("How times are written (strptime), one form or several; found from the rows where absent.", "'%d/%m/%Y %H:%M'"),
        "timezone": Key("Zone of this source's local times; the company's where absent.", "UTC"),
        "due_is": Key("Whether a due date runs to the end of its day; `auto`: where it is at midnight.", "day"),
        "where": Key("Rows for which this is not true are left out.", "status <> 'test'"),
        "lookups": Key("Other files that tell more of each row.", "{customers: {read: customers.csv, on: customer_id, take: [state]}}"),
        "case": Key("What makes a case: a column, or a name for its key and the column or formula.", "{order: order_id}"),
        "identifiers": Key("Identifiers that a row gives: type to column or formula.", "{account: customer_id, email: mail}"),
        "attributes": Key("What formulas may use beside the canonical columns: names, or names to columns or formulas.", "[state, priority]"),
        "interactions": Key("What interactions a row tells, one entry each.", "[{activity: ordered, at: ordered_at}]"),
        "readings": Key("Instead: rows are readings of indicators.", "{indicator: {column: kpi}, period: week, value: value}"),
        "responses": Key("Instead: rows are answers to questions.", "{respondent: id, question: {column: item}, value: answer}"),
        "responsibility": Key("Instead: rows say which function a respondent holds responsible.", "{from_function: {column: works_in}, to_function: {column: named}}"),
        "work": Key("Instead: rows are moments of employees' work.", "{employee: id, at: at, kind: {column: kind}, team: team}"),
        "employee_answers": Key("Instead: rows are employees' answers.", "{employee: id, question: {column: item}, value: answer, team: team}"),
    }),
    Part("sources.NAME.lookups.NAME", Lookup, {
        "read": Key("The other file.", "extracts/customers.csv"),
        "on": Key("The column that both share, or column here to column there; at most one row there for each value.", "customer_id"),
        "take": Key("Columns to take from it, or name here to column there.", "[customer_state]"),
        "format": Key("Its form, where its ending does not tell.", "csv"),
    }),
    Part("sources.NAME.interactions[]", Entry, {
        "activity": Key("What happens.", "ordered"),
        "at": Key("When: a column of times. An empty one means that it has not happened.", "ordered_at"),
        "id": Key("The column that identifies the interaction, so that a grown extract tells nothing twice.", "call_id"),
        "when": Key("Rows for which this is not true do not hold this interaction.", "direction = 'in'"),
        "function": Key("Which function holds the customer.", "{column: team, map: {A1: sales}, otherwise: service}"),
        "channel": Key("By which channel.", "phone"),
        "actor": Key("Who acts for the company: `human` or `machine`.", "machine"),
        "initiated_by": Key("Whose initiative: `customer` or `company`.", "customer"),
        "outcome": Key("How it ended: resolved, unresolved, transferred or abandoned.", "{column: result, map: {ok: resolved, ko: unresolved}}"),
        "intent": Key("What the customer wanted: a column or a formula.", "reason"),
        "team": Key("The team, within the function: a column or a formula.", "queue"),
        "agent": Key("Who handled it; used for continuity, in no published table.", "agent_id"),
        "due_at": Key("The date announced to this customer, or required: a column.", "promised_on"),
        "duration_s": Key("How long it lasted, in seconds: a column or a formula.", "minutes * 60"),
        "wait_s": Key("How long the customer waited before it, in seconds.", "queue_seconds"),
        "cost": Key("What it cost, in the company's currency.", "cost"),
        "rating": Key("A score that the customer gave: `csat`, `nps` or `ces` to its column.", "{csat: score}"),
        "verbatim": Key("The customer's own words: a column. Kept apart from everything else.", "comment"),
        "language": Key("The language of those words: a column.", "lang"),
        "asked_again": Key("Whether the customer had to tell again what they had told: a column or a formula.", "repeated_identification = 'y'"),
        "dates": Key("How this entry's times are written, where it is not as in the source.", "'%Y%m%d'"),
        "timezone": Key("Zone of this entry's local times, where it is not the source's.", "UTC"),
    }),
    Part("a naming", Naming, {
        "is": Key("The name itself. Short form: a plain word.", "sales"),
        "column": Key("Read it from this column.", "team"),
        "formula": Key("Compute it from columns.", "case when amount > 100 then 'large' else 'small' end"),
        "map": Key("Found value to name; a value mapped to null counts as empty.", "{A1: sales, test: null}"),
        "otherwise": Key("The name for what the map does not hold; without it the found value stands.", "service"),
    }),
    Part("sources.NAME.readings", Readings, {
        "indicator": Key("Which indicator.", "{column: kpi}"),
        "unit": Key("Of which team, function or channel: a column or a formula.", "team"),
        "period": Key("Of which day, week, month or quarter: a column.", "week"),
        "value": Key("The reading: a column or a formula.", "value"),
    }),
    Part("sources.NAME.responses", Responses, {
        "respondent": Key("Who answers: a column.", "id"),
        "question": Key("Which question.", "{column: item}"),
        "value": Key("The answer, a number: a column or a formula.", "answer"),
        "at": Key("When it was given: a column.", "answered_at"),
        "promise": Key("Which promise it speaks of.", "announced_day"),
        "facet": Key("Which facet of it.", "expected"),
        "weight": Key("How many people the respondent stands for: a column or a formula.", "w"),
    }),
    Part("sources.NAME.responsibility", Responsibility, {
        "respondent": Key("Who answers: a column.", "id"),
        "from_function": Key("The function of the respondent.", "{column: works_in}"),
        "to_function": Key("The function held responsible.", "{column: named}"),
        "subject": Key("For what.", "customer experience"),
        "share": Key("For which share, where there are several: a column or a formula.", "share"),
    }),
    Part("journeys.NAME", JourneyType, {
        "name": _NAME,
        "by": Key("All interactions of a `case`, or of a `person` until a silence.", "case"),
        "case": Key("Which case key, where sources declare several.", "order"),
        "gap": Key("By person: the silence after which a new journey starts.", "7 days"),
        "where": Key("Only interactions for which this is true belong to it.", "channel <> 'letter'"),
    }),
    Part("breaks", BreakRules, {
        "repeat_contact": Key("A customer who has to come back.", "{within: 7 days}"),
        "useless_transfer": Key("A transfer that lands where it came from, or is handed on again.", "{cost: contact}"),
        "ping_pong": Key("From one unit to another and back.", "{between: team}"),
        "forced_channel_switch": Key("A customer who fails on one channel and turns to another.", "{within: 2 days}"),
        "long_wait": Key("A wait that is too long, at an interaction or at a seam.", "{over: 5 min, seam_over: 2 days}"),
        "abandonment": Key("A customer who gives up.", "{ignore_under: 10 s}"),
        "dead_end": Key("A machine session that leads nowhere.", "{within: 1 day}"),
        "broken_promise": Key("A promise that was not kept on this journey.", "{cost: gesture}"),
        "reopened": Key("What was said to be solved and was not.", "{within: 30 days}"),
        "asked_again": Key("A customer who must tell again what they had told.", "{activities: [identified]}"),
    }),
    Part("breaks.repeat_contact", RepeatContact, {
        **_RULE,
        "within": Key("How soon another contact makes the first one repeated.", "7 days"),
        "same": Key("Whether it must be about the same intent.", "anything"),
    }),
    Part("breaks.useless_transfer", UselessTransfer, _RULE),
    Part("breaks.ping_pong", PingPong, {**_RULE, "between": Key("Between functions or between teams.", "team")}),
    Part("breaks.forced_channel_switch", ForcedChannelSwitch, {**_RULE, "within": Key("How soon the other channel must follow.", "7 days")}),
    Part("breaks.long_wait", LongWait, {
        **_RULE,
        "over": Key("The wait at one interaction (`wait_s`) above which it is a break.", "5 minutes"),
        "seam_over": Key("The time between the two sides of a seam whose receiving side acts for the company; off unless given.", "2 days"),
        "calendar": Key("Count `seam_over` in the opening hours of this calendar.", "opening"),
    }),
    Part("breaks.abandonment", Abandonment, {**_RULE, "ignore_under": Key("Abandoned waits up to this length are not counted.", "5 seconds")}),
    Part("breaks.dead_end", DeadEnd, {**_RULE, "within": Key("How long to wait for a next interaction before saying so.", "1 day")}),
    Part("breaks.broken_promise", BrokenPromise, _RULE),
    Part("breaks.reopened", Reopened, {**_RULE, "within": Key("Until when a solved matter can reopen.", "30 days")}),
    Part("breaks.asked_again", AskedAgain, {
        **_RULE,
        "activities": Key("Activities in which the customer tells who they are or what happened.", "[identified, told]"),
        "within": Key("How soon telling it again counts.", "7 days"),
    }),
    Part("promises.NAME", Promise, {
        "says": Key("The promise in the customer's words.", "{fr: Chez vous au plus tard le jour annoncé, en: At your door by the announced day}"),
        "journey": Key("The type of journey on which it holds.", "purchase"),
        "owners": Key("The functions that keep it.", "[logistics, sellers]"),
        "clock": Key("Measured by the time between two activities.", "{from: ordered, to: delivered, unit: days}"),
        "measure": Key("Or by one value per journey: an aggregate formula, where `first` and `last` follow its order.", "last(made_sla)"),
        "better": Key("Which way is better; `higher` by default where shares are measured.", "lower"),
        "functional": Key("At which every facet is read: mean, median, a percentile, or share of journeys.", "p90"),
        "unit": Key("The unit of `measure`, for the reader.", "points"),
        "intended": Key("The ambition: what those who decide want.", "{at_most: 10, by: executive committee, since: 2017-01-15}"),
        "offered": Key("What is in force: what means and contracts allow.", "{at_most: 12, source: carrier contract, since: 2016-09-01}"),
        "expected": Key("What customers expect: the date announced to each, a declared number, or answers.", "{due: ordered}"),
        "anchors": Key("The 0, 50 and 100 of points.", "{unacceptable: 20, adequate: 10, desired: 3}"),
        "void_when": Key("Journeys for which this is true at any interaction release the company.", "status = 'canceled'"),
        "segments": Key("The segments by which it is also told.", "[state]"),
        "weight": Key("How much it counts for customers beside the other promises.", "2"),
    }),
    Part("promises.NAME.clock", Clock, {
        "from": Key("The activity at whose first interaction it starts.", "ordered"),
        "to": Key("The activity at whose first interaction after that it ends.", "delivered"),
        "unit": Key("`days` are 24 hours; `calendar_days` are dates; business time needs a calendar.", "calendar_days"),
        "calendar": Key("In which opening hours business time is counted.", "opening"),
    }),
    Part("promises.NAME.intended, offered, expected", Level, {
        "at_most": Key("The limit, in the promise's unit, where lower is better.", "10"),
        "at_least": Key("The limit, where higher is better.", "0.95"),
        "due": Key("The date announced to each customer, read at the interaction of this activity.", "ordered"),
        "responses": Key("The answers to this question.", "expected_days"),
        "by": Key("Who declared it.", "executive committee"),
        "source": Key("Where it is written.", "carrier contract"),
        "since": Key("Since when.", "2017-01-15"),
    }),
    Part("promises.NAME.anchors", Anchors, {
        "unacceptable": Key("The value that is worth 0 points.", "20"),
        "adequate": Key("The value that is worth 50.", "10"),
        "desired": Key("The value that is worth 100.", "3"),
        "by": Key("Who declared them, or which study.", "panel of May"),
        "since": Key("Since when.", "2025-05-01"),
    }),
    Part("segments.NAME", Segment, {
        "name": _NAME,
        "by": Key("A formula over the columns of interactions, read at a journey's first interaction that has it.", "customer_state"),
        "most": Key("How many of its values are reported, the most frequent first.", "20"),
    }),
    Part("sampling", Sampling, {
        "weight": Key("A formula: how many journeys a journey stands for.", "case when status = 'delivered' then 18.65 else 1 end"),
        "source": Key("Who says so.", "extraction request of 12 March"),
    }),
    Part("indicators.NAME", Indicator, {
        "name": _NAME,
        "function": Key("Whose indicator it is.", "service"),
        "promise": Key("Which promise it is meant to serve.", "answered_first_time"),
        "measure": Key("An aggregate formula; absent where readings give it.", "avg(duration_s)"),
        "of": Key("Over which rows: interactions, or journeys at the period in which they start, where `breaks`, `broke_<kind>`, `kept_<promise>` and segments are names.", "journeys"),
        "where": Key("Over which of them.", "channel = 'phone'"),
        "per": Key("For what it is counted: a unit (team, function, channel, journey_type, a segment, an attribute) and a period (day, week, month, quarter); the period alone counts the whole company.", "[team, week]"),
        "better": Key("Which way is better for its function.", "lower"),
        "target": Key("Its target now.", "240"),
        "targets": Key("The targets there have been, each with its first day.", "[[2024-01-01, 300], [2025-01-01, 240]]"),
        "unit": Key("Its unit, for the reader.", "s"),
        "levers": Key("What its function sets to move it.", "[handling_time_target]"),
        "bonus": Key("Its share of variable pay, from 0 to 1.", "0.3"),
        "smallest_effect": Key("The smallest change that matters, in its unit.", "5"),
        "worth": Key("What one unit of it is worth on one unit of measure for one period: a declared value, so many times.", "{value: contact, times: 120}"),
        "built_from": Key("The sums and counts behind an imported indicator; one that shares them moves with it by construction.", "[calls, talk_seconds]"),
        "customer": Key("Whether it tells what customers live; as it serves a promise or not where absent.", "true"),
        "horizon": Key("Whether it tells of the short or the long term.", "long"),
    }),
    Part("indicators.NAME.worth", Worth, {
        "value": Key("The declared value.", "contact"),
        "times": Key("How many of them one unit of the indicator stands for.", "120"),
    }),
    Part("levers.NAME", Lever, {
        "name": _NAME,
        "function": Key("Who sets it.", "service"),
        "range": Key("Between which values it can be set.", "[180, 420]"),
        "unit": Key("Its unit, for the reader.", "s"),
        "current": Key("Where it stands; its last known state where absent.", "240"),
        "assigned": Key("How its changes were decided: by lot (`drawn`), by plan (`planned`), in reaction to results (`reactive`).", "planned"),
        "effects": Key("What one unit more is held to do to indicators, in their units.", "{handling_time: 1}"),
        "changes": Key("When it was set for the whole company, and to what. States by unit come as readings under its name.", "[[2025-01-10, 240]]"),
    }),
    Part("levers.NAME.effects.INDICATOR", Effect, {
        "value": Key("The change of the indicator for one unit more; a plain number is read as this.", "0.8"),
        "range": Key("Between which values it lies.", "[0.5, 1.1]"),
        "source": Key("Who says so.", "pilot of May"),
    }),
    Part("context.NAME", Condition, {
        "name": _NAME,
        "measure": Key("An aggregate formula; absent where readings give it.", "avg(cast(intent = 'bill' as int))"),
        "of": Key("Over which rows: interactions or journeys.", "interactions"),
        "where": Key("Over which of them.", "channel = 'phone'"),
        "per": Key("For what it is counted.", "[team, week]"),
    }),
    Part("scorecards.NAME", Scorecard, {
        "name": _NAME,
        "function": Key("Whose bonus it is.", "service"),
        "paid_to": Key("To whom: executive, manager, team or individual.", "team"),
        "indicators": Key("What is paid, by indicator: a weight, or its whole shape.", "{handling_time: 0.6, resolution: {weight: 0.4, threshold: 0.8}}"),
    }),
    Part("scorecards.NAME.indicators.INDICATOR", Paid, {
        "weight": Key("Its share of the bonus; a plain number is read as this.", "0.6"),
        "threshold": Key("All or nothing at this value.", "0.8"),
        "step": Key("What separates two levels of pay, in its unit.", "2"),
        "horizon": Key("Whether it pays for the short or the long term, where it is not the indicator's.", "long"),
        "controllable": Key("The share of its movement that those who are paid on it can command.", "0.7"),
    }),
    Part("changes.NAME", Change, {
        "name": _NAME,
        "since": Key("When it took effect.", "2025-03-03"),
        "until": Key("When it ended.", "2025-06-30"),
        "kind": Key("What it is: release, automation, campaign, staffing, process or other.", "automation"),
        "journey": Key("Which journeys it touches; all where absent.", "purchase"),
        "function": Key("Which function it concerns.", "digital"),
        "promise": Key("Which promise it is meant to serve.", "answered_first_time"),
        "sponsor": Key("Who wanted it.", "digital director"),
        "budget": Key("What it was given, in the company's currency.", "180000"),
    }),
    Part("values.NAME", Money, {
        "name": _NAME,
        "value": Key("What one is worth, in the company's currency.", "6.5"),
        "range": Key("Between which amounts it lies.", "[5, 8]"),
        "source": Key("Who says so; shown wherever the amount is.", "controlling"),
        "since": Key("Since when.", "2025-01-10"),
        "approved_by": Key("Who approved it.", "finance"),
    }),
    Part("sources.NAME.work", Work, {
        "employee": Key("Who, as a pseudonym: a column. It is hashed again before anything is kept.", "badge"),
        "at": Key("When: a column of times.", "at"),
        "kind": Key("What happened: tool (a tool touched), rekey (typed again), wait (for another function), limit (of one's autonomy), workaround.", "{column: kind, map: {saisie: rekey}}"),
        "team": Key("The team: a column.", "team"),
        "function": Key("The function that they work in.", "service"),
        "task": Key("Which declared task it belongs to.", "{column: task}"),
        "tool": Key("The tool: a column.", "application"),
        "for_function": Key("Which function one waits for.", "{column: waits_for}"),
        "duration_s": Key("How long, in seconds.", "seconds"),
        "times": Key("How often, where a row stands for several; once where absent.", "n"),
    }),
    Part("sources.NAME.employee_answers", EmployeeAnswers, {
        "employee": Key("Who, as a pseudonym: a column. It is hashed again before anything is kept.", "badge"),
        "question": Key("Which question; declared under `employees.questions`.", "{column: item}"),
        "value": Key("The answer, a number.", "answer"),
        "team": Key("The team: a column.", "team"),
        "function": Key("The function that they work in.", "{column: works_in}"),
        "at": Key("When it was given.", "answered_on"),
    }),
    Part("voices", Voices, {
        "irritants": Key("Irritants that add to the starter list, or replace the one of the same name.", "{meter: {name: {fr: Compteur, en: Meter}, words: {fr: [compteur, relevé], en: [meter]}}}"),
        "customer": Key("Marks that open a customer's turn in a transcript, beside the usual ones.", "['Abonné :']"),
        "others": Key("Marks that open anyone else's turn; what they say is not read.", "['Technicien :']"),
        "names": Key("A text file beside the charter, one employee's name on each line, hidden wherever it stands.", "private/names.txt"),
        "public": Key("Sources whose texts are public reviews: read for which irritants exist, never for levels.", "[reviews]"),
        "complaints": Key("The activities or intents by which customers complain; `[]` for none. Guessed from names where absent, and said to be.", "[réclamation, complaint form]"),
        "encoder": Key("How texts are turned into numbers: `words`; with them, the multilingual encoder of the extra `verbatim` (fast), or of the extra `e5` (better in French, slow).", "verbatim"),
        "endpoint": Key("A language model that may read masked texts; none where absent.", "{url: 'http://localhost:8000/v1', model: small}"),
        "fewest": Key("Fewer persons behind a text are never quoted; 10 or more.", "20"),
    }),
    Part("voices.irritants.NAME", Irritant, {
        "name": _NAME,
        "words": Key("The words and phrases by which it is known.", "{fr: [compteur], en: [meter]}"),
        "promise": Key("The promise that it speaks of.", "announced_day"),
        "seam": Key("Between which functions it arises: who held the customer, who receives.", "[sales, logistics]"),
        "owners": Key("The functions that answer for it.", "[logistics]"),
        "off": Key("Leave the starter irritant of this name out.", "true"),
    }),
    Part("voices.irritants.NAME.words", Words, {
        "fr": Key("In French.", "[compteur, relevé]"),
        "en": Key("In English.", "[meter, reading]"),
    }),
    Part("voices.endpoint", Endpoint, {
        "url": Key("The address, up to and including its version.", "http://localhost:8000/v1"),
        "model": Key("The model's name there.", "small"),
        "key": Key("The environment variable that holds the key.", "VOICES_KEY"),
        "most": Key("How many texts it may be sent in one scan.", "500"),
    }),
    Part("surveys.NAME", Survey, {
        "name": _NAME,
        "function": Key("Which function asks.", "marketing"),
        "journey": Key("The type of journey that it is asked about.", "purchase"),
        "rating": Key("The rating that answers it.", "csat"),
        "question": Key("Or the question of a source of responses.", "q1"),
        "activity": Key("The activity whose ratings answer it.", "review"),
        "asked": Key("The activity by which a customer is asked; everyone with a journey where absent.", "survey sent"),
        "scale": Key("The two ends of the scale; known for ratings.", "[0, 10]"),
        "better": Key("Which way is better.", "higher"),
        "satisfied": Key("Tell the share of answers at this value or better, instead of the mean.", "4"),
        "target": Key("What is aimed at, in the figure's unit.", "4.2"),
        "precision": Key("The half-width that the figure needs to be of use.", "0.1"),
        "within": Key("An answer later than this belongs to none.", "30 days"),
    }),
    Part("pressure", Pressure, {
        "most": Key("More contacts than this are too many …", "3"),
        "within": Key("… in any stretch of this length.", "30 days"),
        "activities": Key("Which activities ask or sell (campaigns, prospecting), beside those by which surveys ask. No other contact is counted.", "[newsletter, sales call]"),
    }),
    Part("employees", Employees, {
        "consulted": Key("The day on which the employees' representatives were consulted; nothing is read before it.", "2025-01-15"),
        "floor": Key("Fewer employees than this are never told of; 10 or more.", "12"),
        "questions": Key("The questions that employees are asked.", "{means: {means: enablement, scale: [1, 5], agree: 4}}"),
        "figures": Key("Figures that HR keeps for whole teams, read from readings.", "{absence: {means: absence, unit: '%'}}"),
        "tools": Key("Tools that were delivered to employees.", "{crm: {since: 2025-03-01, entitled: 240}}"),
        "tasks": Key("What employees do to serve a step of a journey.", "{move_file: {journey: help, activity: asked, function: service}}"),
    }),
    Part("employees.questions.NAME", EmployeeQuestion, {
        "name": _NAME,
        "means": Key("What it tells of.", "enablement"),
        "scale": Key("The two ends of the scale.", "[1, 5]"),
        "better": Key("Which way is better for those who answer.", "higher"),
        "agree": Key("From this answer on, towards the better end, one agrees.", "4"),
    }),
    Part("employees.figures.NAME", EmployeeFigure, {
        "name": _NAME,
        "means": Key("What it tells of.", "absence"),
        "unit": Key("Its unit, for the reader.", "'%'"),
        "better": Key("Which way is better.", "lower"),
    }),
    Part("employees.tools.NAME", Tool, {
        "name": _NAME,
        "since": Key("When it was delivered.", "2025-03-01"),
        "entitled": Key("How many employees were to use it.", "240"),
        "change": Key("The dated change that delivered it.", "crm_release"),
    }),
    Part("employees.tasks.NAME", Task, {
        "name": _NAME,
        "journey": Key("The type of journey.", "help"),
        "activity": Key("The customer's step that it serves.", "asked"),
        "function": Key("The function that does it.", "service"),
    }),
    Part("ambitions.NAME", Ambition, {
        "says": Key("What is said.", "{fr: Réglé du premier coup, en: Solved the first time}"),
        "owner": Key("The function that answers for it.", "service"),
        "budget": Key("What it was given, in the company's currency.", "180000"),
        "promise": Key("The promise by which it is measured.", "answered_first_time"),
        "indicator": Key("Or the indicator.", "first_contact_resolution"),
        "actions": Key("The dated changes by which it began.", "[training]"),
        "since": Key("When it was said.", "2025-01-10"),
    }),
    Part("beliefs.NAME", Belief, {
        "promise": Key("The promise that it is about …", "announced_day"),
        "survey": Key("… or the survey.", "satisfaction"),
        "by": Key("Who holds it: a body, never a person.", "executive committee"),
        "value": Key("The share of journeys on which the promise is kept, or the survey's figure.", "0.9"),
        "on": Key("The day on which it was entered.", "2025-01-10"),
    }),
    Part("machines.NAME", Machine, {
        "name": _NAME,
        "function": Key("The function that runs it.", "digital"),
        "channel": Key("The channel on which it answers.", "chatbot"),
        "activities": Key("The activities that are its sessions; all of the channel where absent.", "[bot session]"),
        "intents": Key("What it is meant for; anything where absent.", "[order status]"),
        "promise": Key("The promise that it is meant to serve.", "answered_first_time"),
        "human": Key("Whether a way to a person is offered in it.", "true"),
        "cost": Key("What one session costs, in the company's currency.", "0.3"),
    }),
    Part("desks.NAME", Desk, {
        "name": _NAME,
        "function": Key("The function whose people answer.", "service"),
        "channel": Key("The channel on which they answer.", "phone"),
        "agents": Key("How many answer at the same time, on average over opening hours.", "14"),
        "handling": Key("How long one contact takes; measured where absent.", "6 minutes"),
        "patience": Key("How long customers wait before they give up, on average; estimated where absent.", "4 minutes"),
        "concurrency": Key("How many conversations one person holds at once.", "3"),
        "attention": Key("The share of a person that one conversation takes while it lasts: above one over `concurrency`, conversations slow each other down; measured where absent, as far as the log shows it.", "0.5"),
        "calendar": Key("Its opening hours.", "opening"),
        "within": Key("The standard: how soon an answer comes.", "30 s"),
        "share": Key("For which share of contacts.", "0.8"),
        "announced": Key("The time that customers are told.", "2 minutes"),
        "expected": Key("The question of a source of responses that asks customers what they expect, in seconds.", "wait_expected"),
        "source": Key("Where the standard comes from; required with one, since no answer time is a norm by itself.", "contract 2024"),
    }),
    Part("dosage", Dosage, {
        "resolved_within": Key("Settled when the customer does not come back for the same reason within this time.", "7 days"),
        "covariates": Key("What is known of an interaction before anyone handles it.", "{urgent: \"cast(priority = 'high' as int)\"}"),
    }),
    Part("takeover", Takeover, {
        "asked_human": Key("True on an interaction in which the customer asked for a person.", "wants_person = 'yes'"),
        "within": Key("A person who comes later than this did not take over.", "1 day"),
        "wait": Key("A longer wait for the person is too long.", "5 minutes"),
    }),
    Part("retention", Retention, {
        "left": Key("The activities that end the relation.", "[cancelled]"),
        "reason": Key("Why, at that interaction.", "cancel_reason"),
        "chosen": Key("The reasons that are the customer's own choice; all where absent.", "[price, service]"),
        "silent_after": Key("Without a contract: gone when nothing has come for so long.", "180 days"),
        "held_when": Key("True while leaving is hard for the customer.", "committed = 'yes'"),
        "period": Key("The step of time in which staying is followed.", "month"),
        "horizon": Key("Over how long departures are told.", "365 days"),
    }),
)  # fmt: skip
"""Every part of the charter, in the order of its page."""
_HIDDEN = frozenset({"path", "digest"})


def keys(model: type[Declared]) -> tuple[str, ...]:
    """The keys of a part as they are written in a charter."""
    return tuple(field.alias or name for name, field in model.model_fields.items() if name not in _HIDDEN)


# ---- for editors


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a charter, short forms included."""
    whole: dict[str, Any] = Charter.model_json_schema(by_alias=True)
    for part in PARTS:
        node = whole if part.model is Charter else whole["$defs"][part.model.__name__]
        node["properties"] = {
            name: value for name, value in node["properties"].items() if name not in _HIDDEN
        }
        for name, key in part.keys.items():
            node["properties"][name] = _lean(node["properties"][name]) | {"description": key.meaning}
        _lean(node)
    parts = whole["$defs"]
    for name, model in ((part.model.__name__, part.model) for part in PARTS):
        if issubclass(model, BreakRule):
            parts[name] = {"anyOf": [{"enum": [False, "off"]}, parts[name]]}
    parts["Text"] = {"anyOf": [{"type": "string"}, parts["Text"]]}
    parts["Naming"] = {"anyOf": [{"type": ["string", "integer"]}, parts["Naming"]]}
    for name in ("Effect", "Paid"):
        parts[name] = {"anyOf": [{"type": "number"}, parts[name]]}
    parts["Entry"]["additionalProperties"] = {
        "type": ["string", "number"],
        "description": "An attribute: a column or a formula.",
    }
    _short(parts["Source"], "case", {"type": "string"})
    _short(parts["Source"], "attributes", {"type": "array", "items": {"type": "string"}})
    _short(parts["Lookup"], "on", {"type": "string"})
    _short(parts["Lookup"], "take", {"type": "array", "items": {"type": "string"}})
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Portance charter",
        "description": "What a company declares of itself: functions, sources, journeys, promises.",
    }
    return head | {name: value for name, value in whole.items() if name not in head}


def _short(node: dict[str, Any], name: str, short: dict[str, Any]) -> None:
    written = node["properties"][name]
    told = {key: written.pop(key) for key in ("description", "default") if key in written}
    node["properties"][name] = told | {"anyOf": [short, *written.get("anyOf", [written])]}


def _lean(node: Any) -> Any:
    """A part of the schema without what only Python means: titles, nulls as defaults, microseconds."""
    if isinstance(node, list):
        return [_lean(item) for item in node]
    if not isinstance(node, dict):
        return node
    node.pop("title", None)
    optional = "default" in node and node["default"] is None
    if node.get("type") == "string" and "examples" in node:  # a duration
        node.pop("ge", None)
        node["pattern"] = DURATION
        if isinstance(node.get("default"), int):
            node["default"] = duration_text(node["default"])
    if node.get("default", 0) in (None, [], {}) or isinstance(node.get("default"), dict):
        node.pop("default", None)
    for pattern, inner in node.get("patternProperties", {}).items():
        node["patternProperties"][pattern] = _lean(inner)
        node["additionalProperties"] = False
    for key in ("anyOf", "items", "additionalProperties", "prefixItems"):
        if key in node:
            node[key] = _lean(node[key])
    if "anyOf" in node:
        kept = [item for item in node["anyOf"] if not optional or item != {"type": "null"}]
        if len(kept) == 1:
            del node["anyOf"]
            node.update(kept[0])
        else:
            node["anyOf"] = kept
    return node


def duration_text(us: int) -> str:
    """Microseconds as a charter writes them: ``7 days``."""
    for factor, unit in _UNITS[1:]:
        if us % factor == 0 and us:
            count = us // factor
            return f"{count} {unit}" + ("s" if count > 1 else "")
    return f"{us / 1_000_000:g} s"


def published() -> str:
    """The text of ``docs/reference/charter.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


# ---- for readers


def reference() -> str:
    """The text of ``docs/reference/charter.md``."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield from (
        "# Charter",
        "",
        "A charter is one YAML 1.2 file in UTF-8. `portance check CHARTER` tells every problem at once, with its line. For completion and",
        f"checks while you write, name the [schema]({NAME}) on the first line:",
        "",
        "```yaml",
        f"# yaml-language-server: $schema={NAME}",
        "portance: 1",
        "```",
        "",
        "Three rules hold everywhere:",
        "",
        "- **Names are names, values are columns.** `function`, `channel`, `actor`, `activity`, `outcome` and `initiated_by` are read as written;",
        "  `{column: team}` reads them from the data. All other keys of an interaction name a column of the file, or are a formula over its",
        "  columns. A header that looks like a formula is written in double quotes: `at: '\"Opened (UTC)\"'`.",
        "- **Formulas are SQL expressions**: names, texts in single quotes, comparisons, `and`, `or`, `not`, `in`, `like`, `case`, arithmetic,",
        "  `coalesce`, `nullif`, `greatest`, `least`, `abs`, `lower`, `upper`, `trim`. Over rows of an extract also `substr`, `replace`, `length`,",
        "  `concat`, `round`, division and `cast`. Aggregates (`avg`, `sum`, `count`, `min`, `max`, `bool_and`, `bool_or`, `first`, `last`) stand in",
        "  `measure` only. Nothing else is understood: no subquery, no file, no window.",
        "- **Keys that an interaction does not know become attributes**, usable in formulas.",
        "",
        "A length of time is a number and a unit: `30 s`, `5 minutes`, `36 hours`, `7 days`, `2 weeks`.",
        "",
    )
    whole = schema()
    for part in PARTS:
        node = whole if part.model is Charter else whole["$defs"][part.model.__name__]
        node = next((item for item in node.get("anyOf", []) if "properties" in item), node)
        required = set(node.get("required", ()))
        yield f"## {'The file' if not part.where else f'`{part.where}`' if part.where[0] != 'a' or part.where[1] != ' ' else part.where.capitalize()}"
        yield ""
        yield _about(part)
        yield ""
        yield "| key | type | default | meaning | example |"
        yield "|---|---|---|---|---|"
        for name, key in part.keys.items():
            field = node["properties"][name]
            default = (
                "required"
                if name in required
                else f"`{_default(field['default'])}`"
                if "default" in field
                else ""
            )
            yield f"| `{name}` | {_type(field)} | {default} | {_cell(key.meaning)} | `{_cell(key.example)}` |"
        yield ""


def _about(part: Part) -> str:
    if part.where.startswith("breaks."):
        kind = part.where.removeprefix("breaks.")
        rules = next(other.keys for other in PARTS if other.model is BreakRules)
        return f"{rules[kind].meaning} Exactly: [the ten kinds](../explanation/methods/breaks.md#{kind})."
    return " ".join((part.model.__doc__ or "").split("\n\n")[0].split()).replace("``", "`")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _default(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "mapping",
    "null": "nothing",
}


def _type(node: dict[str, Any]) -> str:
    if "$ref" in node:
        return re.sub(r"(?<!^)(?=[A-Z])", " ", node["$ref"].rpartition("/")[2]).lower()
    if "enum" in node:
        return ", ".join(f"`{_default(value)}`" for value in node["enum"])
    if "const" in node:
        return f"`{_default(node['const'])}`"
    if "anyOf" in node:
        return " or ".join(dict.fromkeys(_type(item) for item in node["anyOf"]))
    kind = node.get("type")
    if kind == "string":
        return _text_type(node)
    if kind == "array":
        inner = node.get("items") or {}
        return f"list of {_type(inner)}" if inner and inner != {} else "list"
    if kind == "object":
        inner = next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
        return f"mapping to {_type(inner)}" if isinstance(inner, dict) else "mapping"
    return _WORDS.get(str(kind), str(kind))


def _text_type(node: dict[str, Any]) -> str:
    if node.get("pattern") == DURATION:
        return "length of time"
    if node.get("format") in ("date", "date-time"):
        return "date" if node["format"] == "date" else "date and time"
    return "formula" if node.get("maxLength") == 4000 else "name" if node.get("maxLength") == 64 else "text"
