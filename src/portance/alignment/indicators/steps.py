"""Readings as SQL steps: one query for all the indicators of a kind of unit and a kind of period.

A journey is of the period in which it starts, in the company's local time, and of the unit that its first
interaction to know one has (its team, its function, its channel, an attribute), or of its type, or of its segment.
An interaction is of the unit that it names; where the unit is a segment or a type of journey, of the one of the
journey that it belongs to.

Where the charter declares how the extract was sampled, sums, counts and averages over journeys are weighted: they speak
of all customers, while ``n`` counts the journeys that were seen. What is counted over interactions is not weighted.

Names over journeys: ``journey_type``, ``interactions``, ``functions``, ``channels``, ``seams``, ``breaks``,
``duration_s`` (from the first instant to the last), ``first_activity``, ``last_activity``, every segment by its
name, ``kept_<promise>`` (true, false, or null while it runs, where it is void and where the journey never came to
it) and ``broke_<kind>`` (how many breaks of that kind).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portance.alignment.indicators.counting import Counting, counting
from portance.charter import Charter
from portance.charter.checking import interaction_names, journey_names
from portance.charter.formula import names_in
from portance.charter.indicator import COMPANY, Condition, Indicator
from portance.charter.journey_type import BREAK_KINDS
from portance.engine import Step, literal
from portance.journeys.columns import Columns

JOURNEYS = "panel_journeys"
_OWN = frozenset({"team", "function", "channel"})


@dataclass(frozen=True, slots=True)
class Block:
    """The columns of one panel that one query gives: those over interactions, or those over journeys."""

    unit_kind: str
    period_kind: str
    of: str
    names: tuple[str, ...]

    @property
    def table(self) -> str:
        """The table of its readings: ``unit``, ``period_day``, then ``v0``, ``n0``, ``v1``, ``n1``, …"""
        return f"panel_{self.unit_kind}_{self.period_kind}_{self.of}"


def declared(charter: Charter) -> dict[str, Indicator | Condition]:
    """Every indicator, then every condition, by name."""
    return {**charter.indicators, **charter.context}


def blocks(charter: Charter) -> tuple[Block, ...]:
    """What has to be computed: the indicators and conditions that have a formula, by panel and by what they count."""
    found: dict[tuple[str, str, str], list[str]] = {}
    steering = {(held.unit_kind, held.period_kind) for held in charter.indicators.values()}
    for name, held in declared(charter).items():
        if held.measure is not None and (held.unit_kind, held.period_kind) in steering:
            found.setdefault((held.unit_kind, held.period_kind, held.of), []).append(name)
    return tuple(Block(*key, tuple(names)) for key, names in found.items())


def days_table(period_kind: str) -> str:
    """The table of the local days that lie in whole periods: ``calendar_day``, ``period_day``."""
    return f"panel_days_{period_kind}"


def spans_table(period_kind: str) -> str:
    """The table of whole periods as instants: ``period_day``, ``from_us``, ``until_us``."""
    return f"panel_spans_{period_kind}"


def journeys(charter: Charter) -> tuple[Step, ...]:
    """The journeys with what formulas over them may name; no step where none is over journeys."""
    texts = [
        text
        for held in declared(charter).values()
        if held.of == "journeys" and held.measure is not None
        for text in (held.measure, held.where)
        if text is not None
    ]
    if not texts:
        return ()
    used = {name for text in texts for name in names_in(text)}
    made = ["j.*"]
    joins, reads = [], ["journeys"]
    promises = [name for name in charter.promises if f"kept_{name}" in used]
    if promises:
        kept = ", ".join(
            f"bool_or(state = 'kept') filter (where promise = {literal(name)} and state in ('kept', 'broken')) "
            f'as "kept_{name}"'
            for name in promises
        )
        joins.append(
            f"left join (select journey_id as kept_id, {kept} from clocks group by journey_id) as k on j.journey_id = k.kept_id"
        )
        made += [f'k."kept_{name}"' for name in promises]
        reads.append("clocks")
    kinds = [kind for kind in BREAK_KINDS if f"broke_{kind}" in used]
    if kinds:
        broke = ", ".join(
            f"cast(sum(case when kind = {literal(kind)} then 1 else 0 end) as bigint) as counted_{kind}"
            for kind in kinds
        )
        joins.append(
            f"left join (select journey_id as broke_id, {broke} from breaks group by journey_id) as b on j.journey_id = b.broke_id"
        )
        made += [f"coalesce(b.counted_{kind}, 0) as broke_{kind}" for kind in kinds]
        reads.append("breaks")
    return (
        Step(
            name=JOURNEYS,
            sql=f"select {', '.join(made)} from journeys as j {' '.join(joins)}",
            reads=tuple(reads),
            note="One journey, with the promises that it kept and the breaks that it met.",
            keep=False,
        ),
    )


def readings(charter: Charter, columns: Columns, block: Block, types: Mapping[str, str] | None) -> Step:
    """The readings of a block; ``types`` are what each ``v`` gives untouched, ``None`` for that untouched query."""
    counted = [_counting(charter, columns, block, name) for name in block.names]
    ordered = any(one.ordered for one in counted)
    sql, reads = _grouped(charter, columns, block, counted, ordered=ordered)
    note = f"One {block.unit_kind} in one {block.period_kind}: what was counted over {block.of}."
    if types is None:
        return Step(block.table, sql, reads, note)
    cells = []
    for number, one in enumerate(counted):
        value = f"v{number}"
        if types[value] == "BOOLEAN":
            value = f"cast({value} as bigint)"
        value = f"({value}) * 1e0"
        if one.added:  # a unit that never has such rows is not counted as zero in every period
            value = f"case when max(n{number}) over (partition by unit) > 0 then {value} end"
        cells.append(f"{value} as v{number}, n{number}")
    return Step(
        block.table,
        f"with grouped as ({sql}) select unit, period_day, {', '.join(cells)} from grouped",
        reads,
        note,
    )


def _counting(charter: Charter, columns: Columns, block: Block, name: str) -> Counting:
    held = declared(charter)[name]
    assert held.measure is not None  # noqa: S101  a block holds formulas only
    if block.of == "interactions":
        return counting(held.measure, held.where, columns.named, interaction_names(charter))
    segments = frozenset(charter.segments)

    def named(column: str) -> str:
        if column == "duration_s":
            return "((ended_us - started_us) * 0.000001)"
        return f'"segment_{column}"' if column in segments else f'"{column}"'

    weight = "weight" if charter.sampling is not None else None
    return counting(held.measure, held.where, named, journey_names(charter), weight=weight)


def _grouped(
    charter: Charter, columns: Columns, block: Block, counted: Sequence[Counting], *, ordered: bool
) -> tuple[str, tuple[str, ...]]:
    over_journeys = block.of == "journeys"
    rows = JOURNEYS if over_journeys else "interactions"
    order = "started_us, journey_id" if over_journeys else "t_us, tie"
    source = (
        f"(select *, row_number() over (order by {order}) as position from {rows}) as r"
        if ordered
        else f"{rows} as r"
    )
    if over_journeys:
        calendar = spans_table(block.period_kind)
        when = "r.started_us >= p.from_us and r.started_us < p.until_us"
    else:
        calendar, when = days_table(block.period_kind), "r.local_day = p.calendar_day"
    unit, join, more = _unit(charter, columns, block)
    cells = ", ".join(f"{one.value} as v{number}, {one.n} as n{number}" for number, one in enumerate(counted))
    sql = (
        f"select {unit} as unit, period_day, {cells} from {source} join {calendar} as p on {when} {join} "
        f"where {unit} is not null group by {unit}, period_day"
    )
    return sql, tuple(dict.fromkeys((rows, calendar, *more)))


def _unit(charter: Charter, columns: Columns, block: Block) -> tuple[str, str, tuple[str, ...]]:
    """The SQL of the unit of a row, the join that it needs, and the tables of that join."""
    kind, over_journeys = block.unit_kind, block.of == "journeys"
    if kind == COMPANY:
        return literal(COMPANY), "", ()
    if over_journeys and (kind == "journey_type" or (kind in charter.segments and kind not in _OWN)):
        return (kind if kind == "journey_type" else f'"segment_{kind}"'), "", ()
    if over_journeys:
        own = kind in _OWN
        column = kind if own else f"cast({columns.named(kind)} as varchar)"
        rows = (
            f"select journey_id as held_id, position as place, {column} as held from journey_interactions"
            if own
            else "select journey_id as held_id, position as place, held from journey_interactions as h "
            f"join (select tie as held_tie, {column} as held from interactions) as i on h.tie = i.held_tie"
        )
        first = "arg_min(held, case when held is not null then place end)"
        join = (
            f"left join (select held_id, {first} as held_unit from ({rows}) as s group by held_id) as u "
            "on r.journey_id = u.held_id"
        )
        return (
            "held_unit",
            join,
            ("journey_interactions", "interactions") if not own else ("journey_interactions",),
        )
    if kind in _OWN:
        return columns.bare(kind), "", ()
    if kind == "journey_type" or kind in charter.segments:
        rows = (
            "select distinct tie as held_tie, journey_type as held_unit from journey_interactions"
            if kind == "journey_type"
            else f'select h.tie as held_tie, min(j."segment_{kind}") as held_unit from journey_interactions as h '
            "join journeys as j on h.journey_id = j.journey_id group by h.tie"
        )
        reads = ("journey_interactions",) if kind == "journey_type" else ("journey_interactions", "journeys")
        return "held_unit", f"join ({rows}) as u on r.tie = u.held_tie", reads
    return f"cast({columns.named(kind)} as varchar)", "", ()


def panel(charter: Charter, made: Iterable[Block]) -> Step:
    """All readings as rows: those of formulas, then what was told (``panel_told``, in numbers). Computed where it is read."""
    parts, reads = [], []
    for block in made:
        reads.append(block.table)
        for number, name in enumerate(block.names):
            role = "indicator" if name in charter.indicators else "context"
            parts.append(
                f"select {literal(name)} as indicator, {literal(role)} as role, unit, {literal(block.unit_kind)} as unit_kind, "
                f"p.period_start, {literal(block.period_kind)} as period_kind, v{number} as value, n{number} as n, "
                f"'formula' as source from {block.table} join panel_periods as p on {block.table}.period_day = p.day_number "
                f"where v{number} is not null"
            )
    parts.append(
        "select l.indicator, l.role, u.unit, l.unit_kind, p.period_start, l.period_kind, t.value, cast(null as bigint) as n, "
        "l.source from panel_told as t join panel_labels as l on t.label = l.label "
        "join panel_units as u on t.unit_number = u.unit_number join panel_periods as p on t.period_day = p.day_number"
    )
    return Step(
        name="panel",
        sql=" union all ".join(parts),
        reads=(*reads, "panel_periods", "panel_told", "panel_labels", "panel_units"),
        note="One reading of one indicator, lever or condition, for one unit in one period.",
        keep=False,
    )
