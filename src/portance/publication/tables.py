"""Every result table that a scan publishes: the part of the public contract that analysts join on.

Instants are UTC. Money is in units of the company's currency. No table names the agent who handled an
interaction; ``team`` is empty where fewer than five agents stand behind it, or one of them holds more than half.
"""

from portance.publication.alignment import ALIGNMENT_TABLES
from portance.publication.dosage import DOSAGE_TABLES
from portance.publication.employees import EMPLOYEE_TABLES
from portance.publication.retention import RETENTION_TABLES
from portance.publication.silent import SILENT_TABLES
from portance.publication.table import Column, ResultTable
from portance.publication.takeover import TAKEOVER_TABLES
from portance.publication.voices import VOICE_TABLES

_TEXT, _INT, _REAL, _BOOL, _AT = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP WITH TIME ZONE"


def _at(column: str, name: str) -> str:
    return f"make_timestamptz({column}) as {name}"


_AT_NAME = '"at"'  # a word of DuckDB's grammar
_INTERVAL = (
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
)
_SHOWN = Column(
    "shown", _TEXT, "What may be shown: point (30 persons or more), interval (5 to 29), suppressed (fewer)."
)

INTERACTIONS = ResultTable(
    "interactions",
    "One row per accepted interaction, in its latest version, tied to its person where an identifier allows it.",
    ("interactions",),
    f"""
    select i.interaction_id, i.person_id, {_at("i.t_us", "occurred_at")}, {_at("i.due_us", "due_at")},
           i.duration_ms / 1000.0 as duration_s, i.wait_ms / 1000.0 as wait_s, i.source, i.channel, i.function, i.actor,
           case when f.team is not null then i.team end as team, i.activity, i.intent, i.case_id, i.outcome,
           i.initiated_by, i.cost_cents / 100.0 as cost, i.rating, i.rating_scale, i.has_verbatim, i.language,
           i.time_quality, i.version, {{attributes}} as attributes{{identifiers}}
    from interactions i left join team_floors f on i.team = f.team
    """,
    (
        Column("interaction_id", _TEXT, "The extract's own id, scoped by its source, or a stable hash."),
        Column("person_id", _TEXT, "Who; empty where no identifier ties the interaction to a person."),
        Column("occurred_at", _AT, "When it happened, to the microsecond, UTC."),
        Column("due_at", _AT, "The deadline announced with it; a due day runs to its last microsecond."),
        Column("duration_s", _REAL, "How long it lasted, in seconds."),
        Column("wait_s", _REAL, "How long the customer waited for it, in seconds."),
        Column("source", _TEXT, "The source that told of it."),
        Column("channel", _TEXT, "The channel."),
        Column("function", _TEXT, "The function that held the customer."),
        Column("actor", _TEXT, "human or machine."),
        Column(
            "team",
            _TEXT,
            "The team, where at least five agents stand behind it and none holds more than half.",
        ),
        Column("activity", _TEXT, "What happened."),
        Column("intent", _TEXT, "What the customer wanted."),
        Column("case_id", _TEXT, "The case (order, ticket, …), within its key."),
        Column("outcome", _TEXT, "resolved, unresolved, transferred or abandoned."),
        Column("initiated_by", _TEXT, "customer or company."),
        Column("cost", _REAL, "What it cost, in the company's currency."),
        Column("rating", _REAL, "The rating that came with it."),
        Column("rating_scale", _TEXT, "csat, nps or ces."),
        Column("has_verbatim", _BOOL, "Whether the customer wrote something; the text itself is kept apart."),
        Column("language", _TEXT, "The language of the verbatim."),
        Column(
            "time_quality",
            _TEXT,
            "ambiguous (a doubled local hour, read as the earlier) or day (no time of day); else empty.",
        ),
        Column("version", "INTEGER", "1, or more where later extracts changed its content."),
        Column("attributes", _TEXT, "The charter's attributes that have a value, as JSON."),
    ),
    "person_id, occurred_at, interaction_id",
    (("id_<type>", "The value of each identifier type, as the source gave it."),),
)

REFUSALS = ResultTable(
    "refusals",
    "One row per row, or per interaction of a row, that was not accepted. The raw text is kept apart.",
    ("refusals",),
    "select source, receipt, file, row_number, line, entry, reason, column_name, given, expected, remedy from refusals",
    (
        Column("source", _TEXT, "The source."),
        Column("receipt", _TEXT, "The load in which it was refused."),
        Column("file", _TEXT, "The file, relative to the charter."),
        Column("row_number", _INT, "Its row in the file; 1 is the first row of data."),
        Column("line", _INT, "Its line in the file, where the format has lines."),
        Column(
            "entry", "SMALLINT", "Which interaction of the row, from 0; empty when the whole row was refused."
        ),
        Column("reason", _TEXT, "Why, as a code; each is explained in the reference of refusals."),
        Column("column_name", _TEXT, "The column concerned."),
        Column("given", _TEXT, "What was given, shortened."),
        Column("expected", _TEXT, "What was expected."),
        Column("remedy", _TEXT, "What to do."),
    ),
    "source, receipt, row_number, entry",
)

RECEIPTS = ResultTable(
    "receipts",
    "One row per load of a file: accepted + duplicate + refused + not_happened = candidates, always.",
    ("receipts",),
    f"select receipt, source, file, {_at('received_us', 'received_at')}, candidates, accepted, duplicate, refused, not_happened, versions, folded, undone from receipts",
    (
        Column("receipt", _TEXT, "The load."),
        Column("source", _TEXT, "The source."),
        Column("file", _TEXT, "The file, relative to the charter."),
        Column("received_at", _AT, "When it was read."),
        Column("candidates", _INT, "Rows times mapping entries."),
        Column("accepted", _INT, "Interactions (or answers, or readings) that went to the record."),
        Column("duplicate", _INT, "Already there, with the same content."),
        Column("refused", _INT, "Not accepted, each with its reason."),
        Column(
            "not_happened", _INT, "Entries whose instant is empty: an order not delivered is not an error."
        ),
        Column(
            "versions", _INT, "Accepted as a new version of an interaction that was there with other content."
        ),
        Column(
            "folded",
            _INT,
            "Accepted, but hidden by a later row of the same file with the same mapped id, though case, activity or instant differ: the id is probably not one.",
        ),
        Column("undone", _BOOL, "Whether the load was taken back."),
    ),
    "received_at, receipt",
)

PERSONS = ResultTable(
    "persons",
    "One row per customer, over all their identifiers.",
    ("persons",),
    f"select person_id, identifiers, interactions, sources, {_at('first_us', 'first_at')}, {_at('last_us', 'last_at')} from persons",
    (
        Column("person_id", _TEXT, "The person, minted once and kept from scan to scan."),
        Column("identifiers", _INT, "How many identifiers are joined."),
        Column("interactions", _INT, "How many interactions."),
        Column("sources", _INT, "How many sources know the person."),
        Column("first_at", _AT, "First interaction."),
        Column("last_at", _AT, "Last interaction."),
    ),
    "person_id",
)

IDENTIFIERS = ResultTable(
    "identifiers",
    "One row per identifier: whose it is, or why it joins nobody.",
    ("identifiers",),
    "select identifier_type, identifier_value, person_id, kind, sources, interactions from identifiers",
    (
        Column("identifier_type", _TEXT, "Its type, as the charter names it."),
        Column("identifier_value", _TEXT, "Its value."),
        Column("person_id", _TEXT, "The person; empty for what joins nobody."),
        Column(
            "kind",
            _TEXT,
            "merged; link (shared by too many persons to merge them); ignored (a value that means nothing).",
        ),
        Column("sources", _INT, "How many sources show it."),
        Column("interactions", _INT, "How many interactions carry it."),
    ),
    "identifier_type, identifier_value",
)

JOURNEYS = ResultTable(
    "journeys",
    "One row per journey.",
    ("journeys",),
    f"""
    select journey_id, journey_type, person_id, case_id, {_at("started_us", "started_at")}, {_at("ended_us", "ended_at")},
           interactions, functions, channels, seams, breaks, weight, first_activity, last_activity{{segments}} from journeys
    """,
    (
        Column("journey_id", _TEXT, "type:case, or type:person:number."),
        Column("journey_type", _TEXT, "The declared type."),
        Column("person_id", _TEXT, "Who; the first person met where a case ties several."),
        Column("case_id", _TEXT, "The case, for journeys by case."),
        Column("started_at", _AT, "First interaction."),
        Column("ended_at", _AT, "Last interaction."),
        Column("interactions", _INT, "How many interactions."),
        Column("functions", _INT, "How many functions it met."),
        Column("channels", _INT, "How many channels it used."),
        Column("seams", _INT, "How many seams it crossed."),
        Column("breaks", _INT, "How many breaks it suffered."),
        Column(
            "weight", _REAL, "How many journeys it stands for, where the extract is a sample; 1 otherwise."
        ),
        Column("first_activity", _TEXT, "First activity."),
        Column("last_activity", _TEXT, "Last activity."),
    ),
    "journey_type, journey_id",
    (("segment_<name>", "The journey's value of each declared segment."),),
)

SEAMS = ResultTable(
    "seams",
    "One row per passage between two consecutive interactions of a journey where function, channel or actor changes.",
    ("seams",),
    f"""
    select journey_id, journey_type, person_id, seam_position as position, from_interaction, to_interaction, from_function, to_function,
           from_channel, to_channel, from_actor, to_actor, {_at("left_us", "left_at")}, {_at("reached_us", "reached_at")},
           elapsed_ms / 1000.0 as elapsed_s, business_ms / 1000.0 as business_s, function_changed, channel_changed,
           actor_changed, broken, break_kinds from seams
    """,
    (
        Column("journey_id", _TEXT, "The journey."),
        Column("journey_type", _TEXT, "Its type."),
        Column("person_id", _TEXT, "Who."),
        Column("position", _INT, "Position of the receiving interaction in its journey, from 1."),
        Column("from_interaction", _TEXT, "The interaction before."),
        Column("to_interaction", _TEXT, "The interaction after."),
        Column("from_function", _TEXT, "Who held the customer before."),
        Column("to_function", _TEXT, "Who receives."),
        Column("from_channel", _TEXT, "Channel before."),
        Column("to_channel", _TEXT, "Channel after."),
        Column("from_actor", _TEXT, "Actor before."),
        Column("to_actor", _TEXT, "Actor after."),
        Column("left_at", _AT, "Instant of the interaction before."),
        Column("reached_at", _AT, "Instant of the interaction after."),
        Column("elapsed_s", _REAL, "Seconds between the two."),
        Column(
            "business_s", _REAL, "The same in opening hours, where the charter names a calendar for waits."
        ),
        Column("function_changed", _BOOL, "Whether the function changes."),
        Column("channel_changed", _BOOL, "Whether the channel changes."),
        Column("actor_changed", _BOOL, "Whether human and machine change places."),
        Column("broken", _BOOL, "Whether a break of the journey surfaces at the receiving interaction."),
        Column("break_kinds", _TEXT, "Which kinds, sorted, separated by commas."),
    ),
    "journey_id, position",
)

BREAKS = ResultTable(
    "breaks",
    "One row per seam or step that failed the customer.",
    ("breaks",),
    f"""
    select journey_id, person_id, kind, {_at("at_us", _AT_NAME)}, from_function, to_function, interaction_id, evidence,
           journey_type, promise, cost_cents / 100.0 as cost from breaks
    """,
    (
        Column("journey_id", _TEXT, "The journey."),
        Column("person_id", _TEXT, "Who."),
        Column("kind", _TEXT, "The kind of break; each is defined in the methods."),
        Column("at", _AT, "When it surfaced."),
        Column("from_function", _TEXT, "Who held the customer before."),
        Column("to_function", _TEXT, "Where it surfaces."),
        Column("interaction_id", _TEXT, "The interaction at which it surfaces."),
        Column("evidence", _TEXT, "JSON list of the interactions that show it."),
        Column("journey_type", _TEXT, "The journey's type."),
        Column("promise", _TEXT, "The promise that was broken, for that kind."),
        Column("cost", _REAL, "What it costs by the charter's values; empty where none is declared."),
    ),
    'journey_id, "at", kind, interaction_id',
)

CLOCKS = ResultTable(
    "clocks",
    "One row per journey and promise that bears on it: kept, broken, pending or void.",
    ("clocks",),
    f"""
    select journey_id, person_id, promise, state, {_at("started_us", "started_at")}, {_at("ended_us", "ended_at")},
           {_at("limit_us", "limit_at")}, value_ms / 1000.0 as value, limit_ms / 1000.0 as "limit", censored from clocks
    """,
    (
        Column("journey_id", _TEXT, "The journey."),
        Column("person_id", _TEXT, "Who."),
        Column("promise", _TEXT, "The promise."),
        Column("state", _TEXT, "kept, broken, pending (not over, and still in time) or void (released)."),
        Column("started_at", _AT, "When the clock started."),
        Column("ended_at", _AT, "When it stopped; empty when it did not."),
        Column("limit_at", _AT, "The latest instant that keeps the promise."),
        Column("value", _REAL, "Seconds on the promise's clock, or its measure."),
        Column("limit", _REAL, "What was allowed, on the same scale."),
        Column("censored", _BOOL, "Whether the value is only known to be larger."),
    ),
    "promise, journey_id",
)

PASSAGES = ResultTable(
    "passages",
    "Seams summarised: one row per type of journey and pair of functions.",
    ("passages",),
    """
    select journey_type, from_function, to_function, seams, broken, people, people_broken, rate, ci_low, ci_high, shown,
           clustered_by, median_elapsed_ms / 1000.0 as median_elapsed_s, cost_cents / 100.0 as cost,
           cost_low_cents / 100.0 as cost_low, cost_high_cents / 100.0 as cost_high from passages
    """,
    (
        Column("journey_type", _TEXT, "The type of journey."),
        Column("from_function", _TEXT, "Who held the customer before."),
        Column("to_function", _TEXT, "Who receives."),
        Column("seams", _INT, "How many times the passage was crossed."),
        Column("broken", _INT, "How many of them broke."),
        Column("people", _INT, "How many people crossed it."),
        Column("people_broken", _INT, "How many of them suffered a break there."),
        Column("rate", _REAL, "Share of crossings that broke, weighted where the extract is a sample."),
        *_INTERVAL,
        _SHOWN,
        Column(
            "clustered_by",
            _TEXT,
            "person, or case where no person is known: what moves together in the interval.",
        ),
        Column("median_elapsed_s", _REAL, "Median seconds from one side to the other."),
        Column("cost", _REAL, "What its breaks cost by the charter's values."),
        Column("cost_low", _REAL, "The same at the low end of the values' ranges."),
        Column("cost_high", _REAL, "The same at the high end."),
    ),
    "people_broken desc, journey_type, from_function, to_function",
)

BREAK_RATES = ResultTable(
    "break_rates",
    "How often each kind of break happens among what could have broken; kinds that could not be looked for say why.",
    ("break_rates",),
    "select journey_type, kind, status, reason, at_risk, broken, people, people_broken, rate, ci_low, ci_high, shown, clustered_by, censored from break_rates",
    (
        Column("journey_type", _TEXT, "The type of journey."),
        Column("kind", _TEXT, "The kind of break."),
        Column("status", _TEXT, "on, or off."),
        Column("reason", _TEXT, "Why it is off."),
        Column("at_risk", _INT, "How many times it could have happened and been seen."),
        Column("broken", _INT, "How many times it did."),
        Column("people", _INT, "How many people it could have happened to."),
        Column("people_broken", _INT, "How many people suffered it."),
        Column(
            "rate",
            _REAL,
            "broken over at_risk, weighted where the extract is a sample; empty under 30 persons.",
        ),
        *_INTERVAL,
        _SHOWN,
        Column("clustered_by", _TEXT, "person, or case where no person is known."),
        Column("censored", _INT, "Left out because the extract ends too soon to tell."),
    ),
    "journey_type, kind",
)

DIRECTLY_FOLLOWS = ResultTable(
    "directly_follows",
    "Which activity follows which.",
    ("directly_follows",),
    "select journey_type, from_activity, to_activity, n, journeys from directly_follows",
    (
        Column("journey_type", _TEXT, "The type of journey."),
        Column("from_activity", _TEXT, "An activity."),
        Column("to_activity", _TEXT, "The next one in the journey."),
        Column("n", _INT, "How many times."),
        Column("journeys", _INT, "In how many journeys."),
    ),
    "journey_type, n desc, from_activity, to_activity",
)

FLOWS = ResultTable(
    "flows",
    "The map of flows: passages between functions by their order in the journey, the first six steps.",
    ("flows",),
    "select journey_type, step, from_function, to_function, journeys, broken from flows",
    (
        Column("journey_type", _TEXT, "The type of journey."),
        Column("step", _INT, "From the step-th function met to the next, from 1."),
        Column("from_function", _TEXT, "The function left; empty never."),
        Column("to_function", _TEXT, "The function reached; empty where the journey ends."),
        Column("journeys", _INT, "How many journeys; how many they stand for where the extract is a sample."),
        Column("broken", _INT, "For how many of them the passage broke."),
    ),
    "journey_type, step, journeys desc, from_function, to_function",
)

BLIND_SPOTS = ResultTable(
    "blind_spots",
    "What each source cannot tell: interactions without person, without journey, without function.",
    ("blind_spots",),
    "select source, function, question, interactions, blind, share from blind_spots",
    (
        Column("source", _TEXT, "The source."),
        Column("function", _TEXT, "The function, or empty for all."),
        Column("question", _TEXT, "no_person, no_journey, no_function or undeclared_function."),
        Column("interactions", _INT, "Interactions of the source."),
        Column("blind", _INT, "Those of them that are blind in this way."),
        Column("share", _REAL, "blind over interactions."),
    ),
    "source, question, function",
)

FACETS = ResultTable(
    "facets",
    "One row per promise, segment and facet: intended, offered, expected, lived, read at the promise's functional.",
    ("facets",),
    "select promise, segment, facet, functional, value, unit, n, ci_low, ci_high, source, persons, shown, reason from facets",
    (
        Column("promise", _TEXT, "The promise."),
        Column("segment", _TEXT, "all, or name=value."),
        Column("facet", _TEXT, "intended, offered, expected or lived."),
        Column("functional", _TEXT, "mean, median, p90, share, …: the same for every facet of a promise."),
        Column("value", _REAL, "The value, in the promise's unit; empty where the facet is not declared."),
        Column("unit", _TEXT, "The unit."),
        Column("n", _INT, "Journeys or answers behind it; empty for a declared number."),
        *_INTERVAL,
        Column("source", _TEXT, "Where it comes from."),
        Column("persons", _INT, "Persons behind it."),
        _SHOWN,
        Column("reason", _TEXT, "Why the value is empty."),
    ),
    "promise, segment, facet",
)

GAPS = ResultTable(
    "gaps",
    "One row per promise, segment, pair of facets and scale; positive is a shortfall.",
    ("gaps",),
    "select promise, segment, gap, scale, value, ci_low, ci_high, owner, unit, n, persons, shown, reason from gaps",
    (
        Column("promise", _TEXT, "The promise."),
        Column("segment", _TEXT, "all, or name=value."),
        Column("gap", _TEXT, "first facet minus second, oriented so that higher is better."),
        Column("scale", _TEXT, "native, conformance (share of journeys lived within) or points (0 to 100)."),
        Column("value", _REAL, "The shortfall; negative where there is a margin."),
        *_INTERVAL,
        Column("owner", _TEXT, "Who it belongs to by nature, then the promise's owners."),
        Column("unit", _TEXT, "The unit."),
        Column("n", _INT, "Journeys behind it."),
        Column("persons", _INT, "Persons behind it."),
        _SHOWN,
        Column("reason", _TEXT, "Why the value is empty."),
    ),
    "promise, segment, scale, gap",
)

PROMISE_RATES = ResultTable(
    "promise_rates",
    "How often each promise was kept for the customer it was made to.",
    ("promise_rates",),
    "select promise, segment, kept, broken, pending, void, rate, ci_low, ci_high, n, persons, shown, limit_source from promise_rates",
    (
        Column("promise", _TEXT, "The promise."),
        Column("segment", _TEXT, "all, or name=value."),
        Column("kept", _INT, "Journeys in which it was kept."),
        Column("broken", _INT, "Journeys in which it was broken."),
        Column("pending", _INT, "Journeys not over and still in time."),
        Column("void", _INT, "Journeys that release the company."),
        Column("rate", _REAL, "kept over kept and broken, weighted where the extract is a sample."),
        *_INTERVAL,
        Column("n", _INT, "kept and broken."),
        Column("persons", _INT, "Persons behind it."),
        _SHOWN,
        Column("limit_source", _TEXT, "Which facet gave the limit: expected, offered or intended."),
    ),
    "promise, segment",
)

PROMISE_TREND = ResultTable(
    "promise_trend",
    "The same by month in which the clock started.",
    ("promise_trend",),
    "select promise, period_start, n, kept, broken, rate, ci_low, ci_high from promise_trend",
    (
        Column("promise", _TEXT, "The promise."),
        Column("period_start", "DATE", "First day of the month."),
        Column("n", _INT, "kept and broken."),
        Column("kept", _INT, "Kept."),
        Column("broken", _INT, "Broken."),
        Column("rate", _REAL, "kept over n."),
        *_INTERVAL,
    ),
    "promise, period_start",
)

READINGS = ResultTable(
    "readings",
    "Readings of indicators, levers and conditions: as functions keep them, and as the charter's formulas give them.",
    ("panel",),
    """
    select p.indicator, p.role, case when p.unit_kind <> 'team' or p.source <> 'formula' or f.team is not null then p.unit end as unit,
           p.unit_kind, p.period_start, p.period_kind as period, p.value, p.n, p.source,
           (select min(r.receipt) from readings r where r.indicator = p.indicator and r.unit is not distinct from p.unit and r.period_start = p.period_start and r.source = p.source) as receipt
    from panel p left join team_floors f on p.unit = f.team
    """,
    (
        Column("indicator", _TEXT, "The indicator, the lever or the condition."),
        Column("role", _TEXT, "indicator, lever or context."),
        Column("unit", _TEXT, "What it is a reading of; empty for a team whose floor does not hold."),
        Column(
            "unit_kind", _TEXT, "team, function, channel, journey_type, a segment, an attribute or company."
        ),
        Column("period_start", "DATE", "First day of the period."),
        Column("period", _TEXT, "day, week, month or quarter."),
        Column("value", _REAL, "The reading."),
        Column("n", _INT, "Observations behind it; empty where it was imported."),
        Column("source", _TEXT, "The source that gave it, or formula."),
        Column("receipt", _TEXT, "The load that gave it; empty for a formula."),
    ),
    "indicator, unit, period_start",
)

FINDINGS = ResultTable(
    "findings",
    "What the scan found: one sentence each, ranked, with its figure, interval, evidence, owners and rows.",
    ("findings",),
    """
    select rank, kind, {title} as title, {text} as text, value, ci_low, ci_high, unit, grade, owners, people, money,
           money_low, money_high, key, status, n, from_function, to_function, promise, rows_table, rows_filter, method from findings
    """,
    (
        Column("rank", _INT, "1 concerns the most people."),
        Column("kind", _TEXT, "seam, break, promise, gap, missing, blind or refused."),
        Column("title", _TEXT, "What it is about, in the chosen language."),
        Column("text", _TEXT, "The sentence, in the chosen language."),
        Column("value", _REAL, "The figure."),
        *_INTERVAL,
        Column("unit", _TEXT, "share, or a unit of time."),
        Column("grade", _TEXT, "Evidence, A to E; see the method of findings."),
        Column("owners", _TEXT, "The functions on both sides, separated by commas."),
        Column("people", _INT, "People concerned in the extract."),
        Column("money", _REAL, "What it costs by the charter's values; empty where none is declared."),
        Column("money_low", _REAL, "The same at the low end of the values' ranges."),
        Column("money_high", _REAL, "The same at the high end."),
        Column("key", _TEXT, "The same from scan to scan."),
        Column("status", _TEXT, "draft, until a function that it names has replied; then replied."),
        Column("n", _INT, "Cases behind the figure."),
        Column("from_function", _TEXT, "One side of the seam."),
        Column("to_function", _TEXT, "The other."),
        Column("promise", _TEXT, "The promise concerned."),
        Column("rows_table", _TEXT, "The table in which the rows behind it stand."),
        Column("rows_filter", _TEXT, "The SQL condition that selects them."),
        Column("method", _TEXT, "The method page."),
    ),
    "rank",
)

RESULT_TABLES: tuple[ResultTable, ...] = (
    INTERACTIONS, REFUSALS, RECEIPTS, PERSONS, IDENTIFIERS, JOURNEYS, SEAMS, BREAKS, CLOCKS, PASSAGES, BREAK_RATES,
    DIRECTLY_FOLLOWS, FLOWS, BLIND_SPOTS, FACETS, GAPS, PROMISE_RATES, PROMISE_TREND, READINGS, *ALIGNMENT_TABLES,
    *VOICE_TABLES, *SILENT_TABLES, *RETENTION_TABLES, *EMPLOYEE_TABLES, *DOSAGE_TABLES, *TAKEOVER_TABLES, FINDINGS,
)  # fmt: skip
