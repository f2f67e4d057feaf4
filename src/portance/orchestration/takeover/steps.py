"""From interactions to machine sessions, each with the human who came after it, as steps in SQL."""

from portance.charter import Charter
from portance.charter.machines import Machine
from portance.engine import Step, literal
from portance.journeys.columns import Columns

SESSIONS = "takeover_sessions"
MADE = ("takeover_rows", "takeover_marked", "takeover_takers", SESSIONS)
WHO = """case when person_key is not null then 'p' || cast(person_key as varchar)
  when case_id is not null then 'c' || coalesce(case_key, '') || ':' || case_id end"""
"""Whose interactions follow one another: the person's, else the case's; nobody else can be followed."""
_READ = (
    "interaction_id", "person_key", "tie", "t_us", "duration_ms", "wait_ms", "function", "channel", "actor", "activity", "intent",
    "case_key", "case_id", "outcome", "initiated_by", "asked_again",
)  # fmt: skip
_BEFORE = "(partition by who order by position rows between unbounded preceding and 1 preceding)"


def steps(charter: Charter, columns: Columns, as_of_us: int) -> tuple[Step, ...]:
    """The steps that make :data:`SESSIONS`: one row per session of a customer with a machine."""
    return (_rows(charter, columns, as_of_us), _marked(), _takers(charter), _sessions(charter))


def _matches(machine: Machine) -> str:
    parts = [f"function = {literal(machine.function)}"]
    if machine.channel is not None:
        parts.append(f"channel = {literal(machine.channel)}")
    for column, values in (("activity", machine.activities), ("intent", machine.intents)):
        if values:
            parts.append(f"{column} in ({', '.join(map(literal, values))})")
    return f"({' and '.join(parts)})"


def _rows(charter: Charter, columns: Columns, as_of_us: int) -> Step:
    named = " ".join(
        f"when {_matches(machine)} then {literal(name)}" for name, machine in charter.machines.items()
    )
    machine = f"case {named} end" if named else "cast(null as varchar)"
    asked = charter.takeover.asked_human
    wanted = f"coalesce(({columns.scalar(asked)}), false)" if asked else "false"
    read = ", ".join(columns.read(name) for name in _READ)
    source = f"(select {read}, {wanted} as asked_human from interactions where t_us <= {as_of_us}) as told"
    return Step(
        "takeover_rows",
        f"""
        with named as (
          select {WHO} as who, interaction_id, tie, t_us,
            t_us + 1000 * (coalesce(wait_ms, 0) + coalesce(duration_ms, 0)) as end_us, duration_ms, wait_ms, function, actor,
            activity, intent, outcome, initiated_by, asked_again, asked_human,
            case when actor = 'machine' then {machine} end as machine
          from {source}
        ), kept as (
          select *, coalesce(actor = 'machine' and coalesce(initiated_by, 'customer') = 'customer'
            and (machine is not null or outcome is not null or asked_human), false) as session
          from named where who is not null
        )
        select *, lag(outcome) over (partition by who order by t_us, tie) as outcome_before,
          row_number() over (partition by who order by t_us, tie) as position
        from kept where session or actor = 'human' or (initiated_by = 'customer' and intent is not null)""",
        ("interactions",),
        "One interaction that is a machine's session, a human's, or a contact of a customer.",
    )


def _marked() -> Step:
    contact = (
        "initiated_by = 'customer' and intent is not null and coalesce(outcome_before, '') <> 'transferred'"
    )
    return Step(
        "takeover_marked",
        f"""
        select *, max(case when session then position end) over {_BEFORE} as session_position,
          last_value(case when session then coalesce(intent, '') end ignore nulls) over {_BEFORE} as session_intent,
          max(case when actor = 'human' and outcome is distinct from 'abandoned' then position end) over {_BEFORE} as human_position,
          min(case when {contact} then t_us end) over (partition by who, intent order by position
            rows between 1 following and unbounded following) as return_us
        from takeover_rows""",
        ("takeover_rows",),
        "One such interaction, with the session before it and the customer's next contact for the same reason.",
    )


def _takers(charter: Charter) -> Step:
    return Step(
        "takeover_takers",
        f"""
        select m.who, m.session_position, min(m.position) as first_position,
          min(case when m.outcome is distinct from 'abandoned' then m.position end) as reached_position
        from takeover_marked as m join takeover_marked as s on s.who = m.who and s.position = m.session_position
        where m.actor = 'human' and m.t_us <= s.end_us + {charter.takeover.within}
          and (m.initiated_by is distinct from 'company' or (m.intent is not null and m.intent = m.session_intent))
          and (s.outcome = 'transferred' or s.asked_human or s.intent is null or m.intent is null or s.intent = m.intent)
        group by m.who, m.session_position""",
        ("takeover_marked",),
        "The first human after a session, and the first who was reached.",
    )


def _sessions(charter: Charter) -> Step:
    within = charter.takeover.within
    listed = charter.breaks.asked_again.activities
    asks = f"r.activity in ({', '.join(map(literal, listed))})" if listed else "false"
    return Step(
        SESSIONS,
        f"""
        with sessions as (
          select *, lag(t_us) over v as earlier_us, lag(outcome) over v as earlier_outcome, lag(intent) over v as earlier_intent,
            lag(position) over v as earlier_position
          from takeover_marked where session window v as (partition by who order by position)
        ), repeated as (select distinct interaction_id as repeated_id from broken where kind = 'asked_again')
        select s.who, s.machine, s.function, s.intent, s.outcome, s.asked_human, s.t_us, s.end_us, s.duration_ms, s.return_us,
          coalesce(s.earlier_position > coalesce(s.human_position, 0) and s.t_us - s.earlier_us <= {within}
            and s.earlier_outcome in ('unresolved', 'abandoned', 'transferred')
            and s.earlier_intent is not distinct from s.intent, false) as failed_before,
          f.function as to_function, f.t_us as first_us, f.wait_ms as first_wait_ms, coalesce(f.outcome = 'abandoned', false) as gave_up,
          r.t_us as reached_us, r.wait_ms as reached_wait_ms, r.end_us as reached_end_us, r.outcome as reached_outcome,
          r.intent as reached_intent, r.return_us as reached_return_us,
          r.t_us is not null and (r.asked_again is not null or coalesce({asks}, false) or repeated_id is not null) as again_known,
          coalesce(r.asked_again, false) or repeated_id is not null as again
        from sessions as s
        left join takeover_takers as t on t.who = s.who and t.session_position = s.position
        left join takeover_marked as f on f.who = s.who and f.position = t.first_position
        left join takeover_marked as r on r.who = s.who and r.position = t.reached_position
        left join repeated on repeated_id = r.interaction_id""",
        ("takeover_marked", "takeover_takers", "broken"),
        "One session with a machine: what it ended in, who took over, and what came of it.",
    )
