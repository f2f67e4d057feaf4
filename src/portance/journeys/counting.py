"""Counting breaks and passages by person: small groups of persons with the same two sums, ready for an interval.

Every figure is a ratio of two sums over persons. The steps bring a person down to (broken, at risk), and then count
how many persons have exactly these two: some dozens of rows, whatever the number of interactions.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portance.charter import Charter
from portance.charter.declared import Money
from portance.charter.journey_type import BREAK_KINDS
from portance.engine import Engine, Step, literal
from portance.estimation import Estimate, ratio
from portance.journeys.breaking import CLUSTER, Kind
from portance.journeys.columns import Columns
from portance.journeys.cutting import belongs
from portance.journeys.passage import BreakRate, ClusteredBy, Passage

_MICRO = 1_000_000
"""Sampling weights are added up as whole millionths, so that sums are the same in any order."""


# ---- steps


def steps(charter: Charter, listed: Sequence[Kind], names: Sequence[str], as_of_us: int) -> tuple[Step, ...]:
    """The counts behind ``break_rates`` and ``passages``."""
    made = [_weights()] if charter.sampling else []
    return (*made, _exposures(charter, listed, names, as_of_us), _exposure_groups(charter, listed),
            _passage_people(charter), _passage_groups(), _passage_costs(charter), _known_people())  # fmt: skip


def _weights() -> Step:
    return Step(
        name="weights",
        sql="""
        with read as (
          select journey_key, coalesce(arg_min(weight, case when weight is not null then position end), 1e0) as weight
          from journey_interactions group by journey_key
        )
        select journey_key, cast(floor(weight * 1000000 + 0.5) as bigint) as micro from read""",
        reads=("journey_interactions",),
        note="How many millionths of a journey one journey of the sample stands for.",
    )


def _exposures(charter: Charter, listed: Sequence[Kind], names: Sequence[str], as_of_us: int) -> Step:
    """Per person and type: what was at risk, what broke, what is too recent, for each kind."""
    sampled = charter.sampling is not None
    sides = [(side, kind.name) for kind in listed for side in ("risk", "hit", "recent")]

    def row(values: dict[tuple[str, str], str], key: str) -> str:
        flags = ", ".join(
            f"case when {values[side]} then 1 else 0 end as {side[0]}_{side[1]}"
            if side in values
            else f"0 as {side[0]}_{side[1]}"
            for side in sides
        )
        return f"select journey_type, {key}{', ' if flags else ''}{flags}"

    key = f"{CLUSTER} as cluster, journey_key"
    at_risk = {
        (side, kind.name): condition
        for kind in listed
        if kind.name != "broken_promise" or kind.name not in names
        for side, condition in (("risk", kind.at_risk), ("recent", kind.recent))
        if condition != "false"
    }
    hits = {
        ("hit", kind.name): f"kind = {literal(kind.name)}"
        for kind in listed
        if kind.name != "repeat_contact" or kind.name not in names
    }
    parts = [
        f"{row(at_risk, key)} from journey_interactions",
        f"{row(hits, 'cluster, journey_key')} from broken where judged",
    ]
    reads = ["journey_interactions", "broken"]
    if "repeat_contact" in names:
        last = as_of_us - charter.breaks.repeat_contact.within
        repeated = row({("hit", "repeat_contact"): "true"}, "cluster, earlier_journey_key as journey_key")
        parts.append(f"{repeated} from repeats where earlier_inside and earlier_t_us <= {last}")
        reads.append("repeats")
    if "broken_promise" in names:
        types = " ".join(
            f"when {literal(name)} then {literal(promise.journey)}"
            for name, promise in charter.promises.items()
        )
        promised = row(
            {
                ("risk", "broken_promise"): "state in ('kept', 'broken')",
                ("recent", "broken_promise"): "state = 'pending'",
            },
            "cluster, journey_key",
        ).replace("select journey_type", f"select case promise {types} end as journey_type")
        parts.append(f"{promised} from timed")
        reads.append("timed")
    sums = "".join(f", cast(sum({side}_{kind}) as bigint) as {side}_{kind}" for side, kind in sides)
    if sampled:
        sums += "".join(
            f", cast(sum({side}_{kind} * micro) as bigint) as weighted_{side}_{kind}"
            for side, kind in sides
            if side != "recent"
        )
        reads.append("weights")
    joined = " join weights using (journey_key)" if sampled else ""
    return Step(
        name="exposures",
        sql=f"select journey_type, cluster{sums} from ({' union all '.join(parts)}) as told{joined} "
        "group by journey_type, cluster",
        reads=tuple(reads),
        note="One person in journeys of one type: what could break, and what did.",
    )


def _exposure_groups(charter: Charter, listed: Sequence[Kind]) -> Step:
    prefix = "weighted_" if charter.sampling else ""
    parts = [
        f"""
        select journey_type, {literal(kind.name)} as kind, {prefix}hit_{kind.name} as numerator,
          {prefix}risk_{kind.name} as denominator, count(*) as persons,
          cast(sum(case when hit_{kind.name} > 0 then 1 else 0 end) as bigint) as struck,
          cast(sum(hit_{kind.name}) as bigint) as broken, cast(sum(risk_{kind.name}) as bigint) as at_risk,
          cast(sum(recent_{kind.name}) as bigint) as recent
        from exposures
        where hit_{kind.name} > 0 or risk_{kind.name} > 0 or recent_{kind.name} > 0
        group by journey_type, {prefix}hit_{kind.name}, {prefix}risk_{kind.name}"""
        for kind in listed
    ]
    nothing = (
        "select journey_type, '' as kind, cluster as numerator, cluster as denominator, cluster as persons, "
        "cluster as struck, cluster as broken, cluster as at_risk, cluster as recent from exposures where false"
    )
    return Step(
        name="exposure_groups",
        sql=" union all ".join(parts) or nothing,
        reads=("exposures",),
        note="How many persons have exactly so many breaks of one kind among so many chances.",
    )


def _passage_people(charter: Charter) -> Step:
    sampled = charter.sampling is not None
    weighted = (
        ", cast(sum(micro) as bigint) as denominator, cast(sum(case when broken then micro else 0 end) as bigint) as numerator"
        if sampled
        else ", count(*) as denominator, cast(sum(case when broken then 1 else 0 end) as bigint) as numerator"
    )
    return Step(
        name="passage_people",
        sql=f"""
        select journey_type, from_function, to_function, cluster, count(*) as seams,
          cast(sum(case when broken then 1 else 0 end) as bigint) as broken{weighted}
        from crossed{" join weights using (journey_key)" if sampled else ""}
        group by journey_type, from_function, to_function, cluster""",
        reads=("crossed", *(("weights",) if sampled else ())),
        note="One person's seams from one function to another.",
        keep=False,
    )


def _passage_groups() -> Step:
    return Step(
        name="passage_groups",
        sql="""
        select journey_type, from_function, to_function, numerator, denominator, count(*) as persons,
          cast(sum(case when broken > 0 then 1 else 0 end) as bigint) as struck,
          cast(sum(seams) as bigint) as seams, cast(sum(broken) as bigint) as broken
        from passage_people group by journey_type, from_function, to_function, numerator, denominator""",
        reads=("passage_people",),
        note="How many persons have exactly so many broken seams among so many, from one function to another.",
    )


def _passage_costs(charter: Charter) -> Step:
    sampled = charter.sampling is not None
    counted = "cast(sum(micro) as bigint)" if sampled else f"count(*) * {_MICRO}"
    return Step(
        name="passage_costs",
        sql=f"""
        select c.journey_type, c.from_function, c.to_function, b.kind, {counted} as micro
        from broken as b join crossed as c on c.journey_key = b.journey_key and c.seam_position = b.position
        {"join weights as w on w.journey_key = b.journey_key" if sampled else ""}
        where b.cost_cents is not null
        group by c.journey_type, c.from_function, c.to_function, b.kind""",
        reads=("broken", "crossed", *(("weights",) if sampled else ())),
        note="How many breaks of one kind that cost something happened at the seams from one function to another.",
    )


def _known_people() -> Step:
    return Step(
        name="known_people",
        sql="select journey_type, count(person_key) as known from placed where inside group by journey_type",
        reads=("placed",),
        note="How many interactions of one type of journey have a known person.",
    )


def blind_spots(charter: Charter, columns: Columns) -> tuple[Step, ...]:
    """What a source does not show: nobody known, no journey, no function, a function that nobody declared."""
    held = " or ".join(
        f"coalesce({belongs(journey, columns)}, false)" for journey in charter.journeys.values()
    )
    declared = ", ".join(literal(name) for name in charter.functions) or "''"
    function = columns.bare("function")
    flags = {
        "no_person": f"{columns.bare('person_key')} is null",
        "no_journey": f"not ({held})",
        "no_function": f"{function} is null",
        "undeclared_function": f"coalesce({function} not in ({declared}), false)",
    }
    counted = ", ".join(
        f"cast(sum(case when {condition} then 1 else 0 end) as bigint) as {question}"
        for question, condition in flags.items()
    )
    names = ("source", "function")
    one = Step(
        name="blind_counts",
        sql=f"select {', '.join(f'{columns.bare(name)} as {name}' for name in names)}, count(*) as interactions, {counted} "
        f"from interactions group by {columns.bare('source')}, {function}",
        reads=("interactions",),
        note="What one function of one source does not show.",
    )
    whole = " union all ".join(
        f"select source, cast(null as varchar) as function, {literal(question)} as question, "
        f"cast(sum(interactions) as bigint) as interactions, cast(sum({question}) as bigint) as blind "
        "from blind_counts group by source"
        for question in flags
    )
    parts = " union all ".join(
        f"select source, function, {literal(question)} as question, interactions, {question} as blind "
        "from blind_counts where function is not null"
        for question in ("no_person", "no_journey", "undeclared_function")
    )
    two = Step(
        name="blind_spots",
        sql=f"select *, blind / nullif(interactions, 0) as share from ({whole} union all {parts}) as told",
        reads=("blind_counts",),
        note="What one source does not show, whole (no function) or for one function.",
    )
    return one, two


# ---- figures


@dataclass(slots=True)
class _Group:
    groups: list[tuple[int, int, int]]
    people: int = 0
    struck: int = 0
    broken: int = 0
    at_risk: int = 0
    recent: int = 0


def _clustered(engine: Engine) -> dict[str, ClusteredBy]:
    return {
        name: "person" if known else "case"
        for name, known in engine.rows("select journey_type, known from known_people")
    }


def _estimated(group: _Group, key: Iterable[str]) -> Estimate:
    """The seed comes from what is estimated, so that two runs give the same interval."""
    return ratio(group.groups, seed=zlib.crc32(" ".join(key).encode()), n=group.at_risk, proportion=True)


def break_rates(charter: Charter, engine: Engine, why_off: dict[str, str]) -> list[BreakRate]:
    """One row per type of journey and kind, in the order of the glossary; ``why_off`` tells which are off."""
    found: dict[tuple[str, str], _Group] = {}
    rows = engine.rows(
        "select journey_type, kind, numerator, denominator, persons, struck, broken, at_risk, recent "
        "from exposure_groups order by all"
    )
    for journey_type, kind, numerator, denominator, persons, struck, broken, at_risk, recent in rows:
        group = found.setdefault((journey_type, kind), _Group([]))
        group.recent += recent
        if denominator > 0:
            group.groups.append((numerator, denominator, persons))
            group.people += persons
            group.struck += struck
            group.broken += broken
            group.at_risk += at_risk
    clustered = _clustered(engine)
    made = []
    for journey_type in charter.journeys:
        for kind in BREAK_KINDS:
            by = clustered.get(journey_type, "person")
            if kind in why_off:
                made.append(
                    BreakRate(
                        journey_type,
                        kind,
                        0,
                        0,
                        0,
                        0,
                        None,
                        None,
                        None,
                        "off",
                        why_off[kind],
                        0,
                        "suppressed",
                        by,
                    )
                )
                continue
            group = found.get((journey_type, kind), _Group([]))
            told = _estimated(group, (journey_type, kind))
            made.append(BreakRate(
                journey_type, kind, group.at_risk, group.broken, group.people, group.struck, told.value, told.ci_low,
                told.ci_high, "on", told.reason, group.recent, told.shown, by,
            ))  # fmt: skip
    return made


def passages(charter: Charter, engine: Engine) -> list[Passage]:
    """One row per pair of functions between which customers pass, by type of journey."""
    found: dict[tuple[str, str, str], _Group] = {}
    rows = engine.rows(
        "select journey_type, from_function, to_function, numerator, denominator, persons, struck, seams, broken "
        "from passage_groups order by all"
    )
    for journey_type, from_, to, numerator, denominator, persons, struck, seams, broken in rows:
        group = found.setdefault((journey_type, from_, to), _Group([]))
        group.groups.append((numerator, denominator, persons))
        group.people += persons
        group.struck += struck
        group.broken += broken
        group.at_risk += seams
    costs: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for journey_type, from_, to, kind, micro in engine.rows(
        "select journey_type, from_function, to_function, kind, micro from passage_costs order by all"
    ):
        costs.setdefault((journey_type, from_, to), []).append((kind, micro))
    medians = {
        (row[0], row[1], row[2]): row[3]
        for row in engine.rows(
            "select journey_type, from_function, to_function, quantile_disc(elapsed_ms, 0.5) from crossed group by all"
        )
    }
    clustered = _clustered(engine)
    made = []
    for key, group in found.items():
        told = _estimated(group, key)
        value, low, high = _costed(charter, costs.get(key, []))
        made.append(Passage(
            *key, group.at_risk, group.broken, group.people, group.struck, told.value, told.ci_low, told.ci_high,
            value, low, high, medians[key], told.shown, clustered.get(key[0], "person"),
        ))  # fmt: skip
    return made


def cost_of(charter: Charter, kind: str) -> Money | None:
    """What one break of a kind costs, where the charter declares that value."""
    name = charter.breaks.rule(kind).cost
    return charter.values.get(name) if name else None


def cents(amount: float) -> int:
    """Money in cents."""
    return round(amount * 100)


def _costed(charter: Charter, counts: Sequence[tuple[str, int]]) -> tuple[int | None, int | None, int | None]:
    """The cost of counted breaks and its range, in cents; null where no kind of break has a declared value."""
    if not any(cost_of(charter, kind) for kind in BREAK_KINDS):
        return None, None, None
    value = low = high = 0
    for kind, micro in counts:
        money = cost_of(charter, kind)
        if money is not None:
            least, most = money.range or (money.value, money.value)
            value += micro * cents(money.value)
            low += micro * cents(least)
            high += micro * cents(most)
    return round(value / _MICRO), round(low / _MICRO), round(high / _MICRO)
