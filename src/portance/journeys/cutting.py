"""Cutting what happened into journeys: interactions sorted once by (person or case, instant, tie).

Two windows over the same order. The first finds where a journey starts; the second numbers the journeys and their
steps and brings each interaction what came just before it. Everything else is read from these columns, row by row.

A *run* is a stretch of interactions at the same unit (a function or a team). ``run_from`` is the unit before the
previous run and ``run_position`` where the previous run began, which is all that a ping-pong needs.
"""

from collections.abc import Sequence

from portance.charter import Charter
from portance.charter.journey_type import JourneyType
from portance.engine import Step, literal
from portance.journeys.columns import Columns

CARRIED = (
    "interaction_id", "person_id", "person_key", "t_us", "tie", "local_day", "due_us", "duration_ms", "wait_ms",
    "cost_cents", "channel", "function", "actor", "team", "activity", "intent", "outcome", "initiated_by",
    "asked_again",
)  # fmt: skip
PREVIOUS = ("interaction_id", "function", "channel", "actor", "team", "outcome", "activity")
_JOURNEYS_OF_ONE = 1 << 24
"""More journeys than one person can have: a journey's key is its person's key and its number, side by side."""

Extra = tuple[str, str]
"""A column that a formula of the charter adds: its name and its SQL over ``interactions``."""


def belongs(journey: JourneyType, columns: Columns) -> str:
    """The condition under which an interaction belongs to journeys of a type."""
    if journey.by == "person":
        held = f"{columns.bare('person_key')} is not null"
    else:
        held = f"{columns.bare('case_id')} is not null"
        if journey.case:
            held += f" and {columns.bare('case_key')} = {literal(journey.case)}"
    return f"{held} and coalesce({columns.scalar(journey.where)}, false)" if journey.where else held


def journey_id(name: str, journey: JourneyType) -> str:
    """The SQL of a journey's public id: ``type:case``, or ``type:person:n``."""
    if journey.by == "case":
        return f"{literal(name + ':')} || case_id"
    return f"{literal(name + ':')} || person_id || ':' || cast(n as varchar)"


def placing(
    charter: Charter, name: str, columns: Columns, extras: Sequence[Extra], period: tuple[int, int] | None
) -> Step:
    """Each interaction of the journeys of one type: which journey, which step of it, and what came before."""
    journey = charter.journeys[name]
    index, types = list(charter.journeys).index(name), len(charter.journeys)
    person = journey.by == "person"
    window = f"partition by {'person_key' if person else 'case_id'} order by t_us, tie"
    so_far = f"({window} rows between unbounded preceding and current row)"
    before = f"({window} rows between unbounded preceding and 1 preceding)"
    unit = charter.breaks.ping_pong.between

    starts = (
        f"coalesce(t_us - lag(t_us) over w > {journey.gap}, true)" if person else "row_number() over w = 1"
    )
    read = [columns.read(column) for column in CARRIED]
    case = columns.read("case_id") if not person else "cast(null as varchar) as case_id"
    given = [f'{sql} as "{extra}"' for extra, sql in extras]
    extra_names = [f'"{extra}"' for extra, _ in extras]

    key = f"person_key * {_JOURNEYS_OF_ONE} + n" if person else "first_tie"
    numbered = (
        f"cast(sum(case when starts then 1 else 0 end) over {so_far} as bigint) as n, "
        f"max(case when starts then number end) over {so_far} as first_number"
        if person
        else f"cast(null as bigint) as n, cast(1 as bigint) as first_number, first_value(tie) over {so_far} as first_tie"
    )
    began = ""
    if period is not None:
        began = f", max(case when starts then t_us end) over {so_far} as began_us"
    lags = ", ".join(
        f"case when starts then null else lag({column}) over w end as previous_{'us' if column == 't_us' else column}"
        for column in ("t_us", *PREVIOUS)
    )
    run_starts = "starts or unit is distinct from unit_before"
    start_us, end_us = period or (0, 0)
    inside = f"began_us >= {start_us} and began_us < {end_us}" if period else "true"
    sql = f"""
        with told as (
          select {", ".join(read)}, {case}{"".join(", " + text for text in given)}
          from interactions where {belongs(journey, columns)}
        ), ordered as (
          select *, row_number() over w as number, {starts} as starts,
            {unit} as unit, lag({unit}) over w as unit_before
          from told window w as ({window})
        ), cut as (
          select *, {numbered}{began}, {lags},
            case when lead(starts) over w then null else lead(t_us) over w end as next_us,
            max(case when {run_starts} then number end) over {before} as run_number,
            last_value(case when {run_starts} then case when starts then '' else coalesce(unit_before, '') end end
              ignore nulls) over {before} as run_from
          from ordered window w as ({window})
        )
        select {literal(name)} as journey_type, ({key}) * {types} + {index} as journey_key,
          {"n" if person else "cast(null as bigint) as n"}, case_id,
          cast(number - first_number + 1 as bigint) as position,
          {", ".join(CARRIED)}, previous_us, {", ".join(f"previous_{column}" for column in PREVIOUS)}, next_us,
          run_from, cast(run_number - first_number + 1 as bigint) as run_position,
          {inside} as inside{"".join(", " + text for text in extra_names)}
        from cut"""
    return Step(
        name=f"placing_{name}",
        sql=sql,
        reads=("interactions",),
        note=f"One interaction of a journey of type {name}, with what came just before it.",
        keep=False,
    )


def placed(charter: Charter) -> Step:
    """All types of journeys together, kept: everything after reads this table."""
    names = [f"placing_{name}" for name in charter.journeys]
    return Step(
        name="placed",
        sql=" union all ".join(f"select * from {name}" for name in names),
        reads=tuple(names),
        note="One interaction of one journey, of any type.",
    )


def journey_interactions(charter: Charter, extras: Sequence[Extra]) -> Step:
    """The placed interactions of the journeys that are kept, with the ids that people read."""
    if len(charter.journeys) == 1:
        ((name, journey),) = charter.journeys.items()
        identity = journey_id(name, journey)
    else:
        identity = (
            "case journey_type "
            + " ".join(
                f"when {literal(name)} then {journey_id(name, journey)}"
                for name, journey in charter.journeys.items()
            )
            + " end"
        )
    added = "".join(f', "{extra}"' for extra, _ in extras)
    return Step(
        name="journey_interactions",
        sql=f"""
        select journey_key, {identity} as journey_id, journey_type, n, case_id, position, {", ".join(CARRIED)},
          previous_us, {", ".join(f"previous_{column}" for column in PREVIOUS)}, next_us, run_from, run_position{added}
        from placed where inside""",
        reads=("placed",),
        note="One interaction of one journey that started inside the period, with its public id.",
        keep=False,
    )


def journeys(charter: Charter, seam: str) -> Step:
    """One row per journey; ``seam`` is the condition under which an interaction receives one."""
    segments = "".join(
        f', arg_min("segment_{name}", case when "segment_{name}" is not null then position end) as "segment_{name}"'
        for name in charter.segments
    )
    names = "".join(f', "segment_{name}"' for name in charter.segments)
    weight = (
        "coalesce(arg_min(weight, case when weight is not null then position end), 1e0)"
        if charter.sampling
        else "1e0"
    )
    return Step(
        name="journeys",
        sql=f"""
        with gathered as (
          select journey_key, journey_type,
            max(case when position = 1 then journey_id end) as journey_id,
            {_person(charter)} as person_id,
            max(case when position = 1 then case_id end) as case_id,
            min(t_us) as started_us, max(t_us) as ended_us, count(*) as interactions,
            count(distinct function) as functions, count(distinct channel) as channels,
            cast(sum(case when {seam} then 1 else 0 end) as bigint) as seams,
            {weight} as weight,
            max(case when position = 1 then activity end) as first_activity,
            max(case when next_us is null then activity end) as last_activity{segments}
          from journey_interactions group by journey_key, journey_type
        ), counted as (
          select journey_key, count(*) as breaks from broken group by journey_key
        )
        select journey_id, journey_type, person_id, case_id, started_us, ended_us, interactions,
          functions, channels, seams, coalesce(breaks, 0) as breaks, weight, first_activity, last_activity{names}
        from gathered left join counted using (journey_key)""",
        reads=("journey_interactions", "broken"),
        note="One journey.",
    )


def _person(charter: Charter) -> str:
    if all(journey.by == "person" for journey in charter.journeys.values()):
        return "max(case when position = 1 then person_id end)"
    return "arg_min(person_id, case when person_id is not null then position end)"


def directly_follows() -> Step:
    """How often one activity follows another at once, and in how many journeys."""
    return Step(
        name="directly_follows",
        sql="""
        with followed as (
          select journey_type, previous_activity, activity, journey_key, count(*) as n
          from journey_interactions where previous_activity is not null and activity is not null
          group by journey_type, previous_activity, activity, journey_key
        )
        select journey_type, previous_activity as from_activity, activity as to_activity,
          cast(sum(n) as bigint) as n, count(*) as journeys
        from followed group by journey_type, previous_activity, activity""",
        reads=("journey_interactions",),
        note="One activity after another.",
    )
