"""Where a journey breaks: the ten kinds, each as a condition on an interaction and on what came just before it.

Three kinds look further than one interaction back, and have steps of their own: a repeat looks for the person's
latest contact in any journey of the type, being asked again for the same activity anywhere earlier in the journey,
and a broken promise reads the clocks. The other seven are conditions on one row of ``journey_interactions``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portance.charter import Charter
from portance.charter.journey_type import BREAK_KINDS
from portance.engine import Step, literal
from portance.journeys.crossing import SEAM

CLUSTER = "coalesce(person_key, -journey_key)"
"""Who stands behind a row, as a number: the person, or the journey where nobody is known."""
_LEFT_ALONE = "('unresolved', 'abandoned')"
_LOOKED_UP = ("asked_again", "broken_promise", "repeat_contact")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of break under a charter's rules, as conditions in SQL over ``journey_interactions``.

    ``broken``: an interaction is a break. ``at_risk``: an interaction could have become one, or have led to one.
    ``recent``: it could, but too little time has passed to judge. ``judged``: of a break, that what led to it counts
    at risk. ``pair``: when the interaction before it is evidence too. ``runs``: the evidence is the two runs before it.
    """

    name: str
    broken: str
    at_risk: str
    recent: str = "false"
    judged: str = "true"
    pair: str = "true"
    runs: bool = False


def kinds(charter: Charter, as_of_us: int) -> tuple[Kind, ...]:
    """The kinds that the charter does not turn off, as conditions."""
    return tuple(
        _declared(kind) if charter.breaks.rule(kind).when else _built_in(charter, kind, as_of_us)
        for kind in BREAK_KINDS
        if not charter.breaks.rule(kind).off
    )


def looked_up(charter: Charter) -> tuple[str, ...]:
    """The kinds that read more than one row, in this charter."""
    on = [
        kind
        for kind in _LOOKED_UP
        if not charter.breaks.rule(kind).off and not charter.breaks.rule(kind).when
    ]
    if "broken_promise" in on and not charter.promises:
        on.remove("broken_promise")
    if "asked_again" in on and not charter.breaks.asked_again.activities:
        on.remove("asked_again")
    return tuple(on)


def _declared(kind: str) -> Kind:
    return Kind(kind, broken=f'"when_{kind}"', at_risk="true", pair="false")


def _built_in(charter: Charter, kind: str, as_of_us: int) -> Kind:
    rules = charter.breaks
    match kind:
        case "repeat_contact":
            risk = "initiated_by = 'customer' and coalesce(outcome, '') <> 'transferred'"
            if rules.repeat_contact.same == "intent":
                risk += " and intent is not null"
            last = as_of_us - rules.repeat_contact.within
            return Kind(kind, "false", f"{risk} and t_us <= {last}", f"{risk} and t_us > {last}")
        case "useless_transfer":
            moved = "previous_outcome = 'transferred'"
            back = "(function is not distinct from previous_function and team is not distinct from previous_team)"
            return Kind(kind, f"{moved} and ({back} or coalesce(outcome = 'transferred', false))", moved)
        case "ping_pong":
            unit = rules.ping_pong.between
            moved = f"{unit} <> previous_{unit}"
            return Kind(kind, f"{moved} and run_from = {unit}", moved, runs=True)
        case "forced_channel_switch":
            within, last = rules.forced_channel_switch.within, as_of_us - rules.forced_channel_switch.within
            broken = (
                f"channel <> previous_channel and previous_outcome in {_LEFT_ALONE} and initiated_by = 'customer'"
                f" and t_us - previous_us <= {within}"
            )
            left = f"outcome in {_LEFT_ALONE}"
            return Kind(
                kind,
                broken,
                f"{left} and t_us <= {last}",
                f"{left} and t_us > {last}",
                f"previous_us <= {last}",
            )
        case "long_wait":
            return _long_wait(charter)
        case "abandonment":
            short = rules.abandonment.ignore_under
            waited = f"(wait_ms is null or wait_ms * 1000 > {short})"
            return Kind(
                kind, f"outcome = 'abandoned' and {waited}", f"outcome <> 'abandoned' or (outcome is not null and {waited})", pair="false"
            )  # fmt: skip
        case "dead_end":
            within = rules.dead_end.within
            session = "actor = 'machine' and initiated_by = 'customer' and outcome is not null"
            alone = f"(next_us is null or next_us - t_us > {within})"
            seen = f"t_us + {within} <= {as_of_us}"
            return Kind(
                kind, f"{session} and outcome in {_LEFT_ALONE} and {seen} and {alone}", f"{session} and {seen}",
                f"{session} and not {seen}", pair="false",
            )  # fmt: skip
        case "reopened":
            within, last = rules.reopened.within, as_of_us - rules.reopened.within
            broken = (
                f"previous_outcome = 'resolved' and t_us - previous_us <= {within}"
                " and (initiated_by = 'customer' or outcome in ('unresolved', 'transferred'))"
            )
            done = "outcome = 'resolved'"
            return Kind(
                kind,
                broken,
                f"{done} and t_us <= {last}",
                f"{done} and t_us > {last}",
                f"previous_us <= {last}",
            )
        case "asked_again":
            listed = ", ".join(literal(activity) for activity in rules.asked_again.activities)
            risk = "asked_again is not null" + (f" or activity in ({listed})" if listed else "")
            return Kind(kind, "coalesce(asked_again, false)", risk, pair="false")
        case _:
            return Kind(kind, "false", "false")


def _long_wait(charter: Charter) -> Kind:
    rule = charter.breaks.long_wait
    waited = f"wait_ms * 1000 > {rule.over}"
    if rule.seam_over is None:
        return Kind("long_wait", waited, "wait_ms is not null", pair="false")
    company = f"{SEAM} and coalesce(initiated_by, '') <> 'customer'"
    took = "business_ms * 1000" if rule.calendar else "t_us - previous_us"
    seam = f"coalesce({company} and {took} > {rule.seam_over}, false)"
    return Kind(
        "long_wait", f"(coalesce({waited}, false) or {seam})", f"wait_ms is not null or coalesce({company}, false)", pair=seam
    )  # fmt: skip


# ---- the kinds that look further back


def repeats(charter: Charter) -> Step:
    """Contacts that follow an earlier one of the same person too soon; people go from one journey to another."""
    rule = charter.breaks.repeat_contact
    same = rule.same == "intent"
    parted = ["journey_type"] if len(charter.journeys) > 1 else []
    parted += ["coalesce(person_key, -journey_key)", *(["intent"] if same else [])]
    brought = ("t_us", "interaction_id", "function", "outcome", "journey_key", "inside")
    lags = ", ".join(f"lag({column}) over w as earlier_{column}" for column in brought)
    return Step(
        name="repeats",
        sql=f"""
        with contacts as (
          select journey_type, journey_key, {CLUSTER} as cluster, position, inside, t_us, {lags}
          from placed where initiated_by = 'customer'{" and intent is not null" if same else ""}
          window w as (partition by {", ".join(parted)} order by t_us, tie)
        )
        select journey_type, journey_key, cluster, position, inside, earlier_t_us, earlier_interaction_id,
          earlier_function, earlier_journey_key, earlier_inside
        from contacts
        where t_us - earlier_t_us <= {rule.within} and coalesce(earlier_outcome, '') <> 'transferred'""",
        reads=("placed",),
        note="A contact that repeats an earlier one of the same person.",
    )


def asked(charter: Charter) -> Step:
    """Activities asked of the customer a second time elsewhere: the latest earlier place that differs.

    Along the same activity of one journey, the latest earlier row with another value is the one just before the
    current stretch of equal values: one window finds the stretches, the next carries their beginnings along.
    """
    rule = charter.breaks.asked_again
    listed = ", ".join(literal(activity) for activity in rule.activities)
    sides = " union all ".join(
        f"select journey_key, position, t_us, activity, {literal(side)} as side, {side} as place "
        f"from journey_interactions where activity in ({listed}) and {side} is not null"
        for side in ("function", "channel", "team")
    )
    window = "partition by journey_key, activity, side order by position"
    so_far = f"({window} rows between unbounded preceding and current row)"
    return Step(
        name="asked",
        sql=f"""
        with sides as ({sides}), stretches as (
          select *, lag(place) over w as place_before, lag(position) over w as position_before,
            lag(t_us) over w as us_before
          from sides window w as ({window})
        ), elsewhere as (
          select journey_key, position, t_us,
            max(case when place <> place_before then position_before end) over {so_far} as other_position,
            max(case when place <> place_before then us_before end) over {so_far} as other_us
          from stretches
        )
        select journey_key, position, max(other_position) as other_position
        from elsewhere where t_us - other_us <= {rule.within} group by journey_key, position""",
        reads=("journey_interactions",),
        note="An interaction that asks again what another function, channel or team had asked.",
    )


def marked(names: tuple[str, ...]) -> Step:
    """Which interactions the kinds with steps of their own found broken."""
    read = {
        "repeat_contact": ("repeats", "where inside"),
        "asked_again": ("asked", ""),
        "broken_promise": ("timed", "where state = 'broken'"),
    }
    parts = " union all ".join(
        "select journey_key, position, "
        + ", ".join(f"{'true' if name == other else 'false'} as found_{other}" for other in names)
        + f" from {read[name][0]} {read[name][1]}"
        for name in names
    )
    return Step(
        name="marked",
        sql=f"select journey_key, position, {', '.join(f'bool_or(found_{name}) as found_{name}' for name in names)} "
        f"from ({parts}) as found group by journey_key, position",
        reads=tuple(read[name][0] for name in names),
        note="An interaction that a kind with a step of its own found broken.",
        keep=False,
    )


def break_kinds(listed: tuple[Kind, ...], names: tuple[str, ...]) -> str:
    """The SQL of the kinds of break at one interaction: sorted, joined by commas, empty where there is none."""
    parts = []
    for kind in sorted(listed, key=lambda kind: kind.name):
        condition = [kind.broken] if kind.broken != "false" else []
        condition += [f"found_{kind.name}"] if kind.name in names else []
        if condition:
            parts.append(f"case when {' or '.join(condition)} then {literal(',' + kind.name)} else '' end")
    return f"trim({' || '.join(parts)}, ',')" if parts else "''"


# ---- all of them together


def broken(
    charter: Charter, listed: tuple[Kind, ...], names: tuple[str, ...], costs: Mapping[str, int | None]
) -> Step:
    """Every break, with its keys: one branch per kind."""
    rule = charter.breaks.long_wait
    branches, reads = [], ["journey_interactions"]
    for kind in listed:
        cost = _cost(costs.get(kind.name))
        if kind.name in names:
            reads.append(
                {"repeat_contact": "repeats", "asked_again": "asked", "broken_promise": "timed"}[kind.name]
            )
        if kind.name == "repeat_contact" and kind.name in names:
            branches.append(_repeat_branch(cost))
        elif kind.name == "broken_promise" and kind.name in names:
            branches.append(_promise_branch(charter, cost))
        elif kind.name == "asked_again" and kind.name in names:
            branches.append(_asked_branch(cost))
        elif kind.name == "long_wait" and rule.calendar and rule.seam_over is not None and not rule.when:
            reads.append("business_waits")
            branches.append(_row_branch(kind, cost, "left join business_waits using (journey_key, position)"))
        elif kind.broken != "false":
            branches.append(_row_branch(kind, cost))
    if not branches:
        branches.append(_row_branch(Kind("abandonment", "false", "false"), "cast(null as bigint)"))
    return Step(
        name="broken",
        sql=" union all ".join(branches),
        reads=tuple(dict.fromkeys(reads)),
        note="One break, with its keys.",
    )


def _cost(cents: int | None) -> str:
    return "cast(null as bigint)" if cents is None else f"cast({cents} as bigint)"


def _id(column: str) -> str:
    """An id inside a JSON text."""
    return f"replace(replace({column}, '\\', '\\\\'), '\"', '\\\"')"


def evidence(*columns: str) -> str:
    """The SQL of a JSON list of ids."""
    return "'[\"' || " + " || '\",\"' || ".join(_id(column) for column in columns) + " || '\"]'"


_HEAD = f"select journey_key, {CLUSTER} as cluster, position, journey_id, journey_type, person_id"


def _row_branch(kind: Kind, cost: str, joined: str = "") -> str:
    if kind.runs:
        return _run_branch(kind, cost)
    alone, both = evidence("interaction_id"), evidence("previous_interaction_id", "interaction_id")
    told = {"true": both, "false": alone}.get(
        kind.pair, f"case when {kind.pair} then {both} else {alone} end"
    )
    return (
        f"{_HEAD}, {literal(kind.name)} as kind, t_us as at_us, previous_function as from_function, "
        f"function as to_function, interaction_id, {told} as evidence, "
        f"cast(null as varchar) as promise, {cost} as cost_cents, {kind.judged} as judged "
        f"from journey_interactions {joined} where {kind.broken}"
    )


def _run_branch(kind: Kind, cost: str) -> str:
    told = evidence("b.previous_interaction_id", "b.interaction_id", "x.interaction_id")
    return (
        "select x.journey_key, coalesce(x.person_key, -x.journey_key) as cluster, x.position, x.journey_id, "
        f"x.journey_type, x.person_id, {literal(kind.name)} as kind, x.t_us as at_us, "
        "x.previous_function as from_function, "
        f"x.function as to_function, x.interaction_id, {told} as evidence, cast(null as varchar) as promise, "
        f"{cost} as cost_cents, true as judged "
        f"from (select * from journey_interactions where {kind.broken}) as x join journey_interactions as b "
        "on b.journey_key = x.journey_key and b.position = x.run_position"
    )


def _repeat_branch(cost: str) -> str:
    told = evidence("r.earlier_interaction_id", "x.interaction_id")
    return (
        "select x.journey_key, r.cluster, x.position, x.journey_id, x.journey_type, x.person_id, "
        "'repeat_contact' as kind, x.t_us as at_us, r.earlier_function as from_function, x.function as to_function, "
        f"x.interaction_id, {told} as evidence, cast(null as varchar) as promise, {cost} as cost_cents, "
        "false as judged from repeats as r join journey_interactions as x "
        "on x.journey_key = r.journey_key and x.position = r.position where r.inside"
    )


def _asked_branch(cost: str) -> str:
    alone, both = evidence("x.interaction_id"), evidence("y.interaction_id", "x.interaction_id")
    return (
        "select x.journey_key, coalesce(x.person_key, -x.journey_key) as cluster, x.position, x.journey_id, "
        "x.journey_type, x.person_id, 'asked_again' as kind, x.t_us as at_us, x.previous_function as from_function, "
        f"x.function as to_function, x.interaction_id, case when y.interaction_id is null then {alone} else {both} end "
        f"as evidence, cast(null as varchar) as promise, {cost} as cost_cents, true as judged "
        "from journey_interactions as x left join asked as a on a.journey_key = x.journey_key and a.position = x.position "
        "left join journey_interactions as y on y.journey_key = a.journey_key and y.position = a.other_position "
        "where coalesce(x.asked_again, false) or a.position is not null"
    )


def _promise_branch(charter: Charter, cost: str) -> str:
    owners = " ".join(
        f"when {literal(name)} then {literal(promise.owners[0])}"
        for name, promise in charter.promises.items()
        if promise.owners
    )
    owner = f"case t.promise {owners} end" if owners else "cast(null as varchar)"
    alone = evidence("x.interaction_id")
    both = evidence("t.start_interaction", "x.interaction_id")
    return (
        "select x.journey_key, coalesce(x.person_key, -x.journey_key) as cluster, x.position, x.journey_id, "
        "x.journey_type, x.person_id, 'broken_promise' as kind, "
        "case when t.end_position is not null then t.ended_us else coalesce(t.limit_us, t.ended_us) end as at_us, "
        "case when t.end_position is not null then x.previous_function else x.function end as from_function, "
        f"case when t.end_position is not null then x.function else {owner} end as to_function, x.interaction_id, "
        f"case when coalesce(t.start_interaction, x.interaction_id) = x.interaction_id then {alone} else {both} end "
        f"as evidence, t.promise, {cost} as cost_cents, true as judged "
        "from (select * from timed where state = 'broken') as t join journey_interactions as x "
        "on x.journey_key = t.journey_key and x.position = t.position"
    )
