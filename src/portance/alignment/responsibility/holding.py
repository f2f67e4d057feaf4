"""Who holds the customer, and where it breaks: custody, breaks and loss by function, from events.

Custody is the time from an interaction of a function to the next interaction of the journey, waits included. A break
originates at the function that held the customer before it; where it is the first that the customer met, at that one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import stats

from portance.alignment.responsibility.sharing import completed, worth
from portance.alignment.summing import Sums
from portance.engine import Engine, Step

Floats = npt.NDArray[np.float64]
FEWEST_JOURNEYS = 30
"""A reference is read on months that saw as many journeys; below, rates are mostly chance."""
FEWEST_MONTHS = 4
REFERENCE = 0.25
WEIGHING = 0.05
_MILLION = 1_000_000
_HELD, _BROKE = "responsibility_held", "responsibility_broke"


@dataclass(frozen=True, slots=True)
class Share:
    """A function's share of something, with its 95 % interval by person."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Observed:
    """The three views of who holds what, by function, and how many persons stand behind each.

    ``kept`` tells how often a break of a function would have happened at its reference; empty where the reference is that
    nothing breaks.
    """

    custody: dict[str, Share]
    breaks: dict[str, Share]
    shapley: dict[str, Share]
    held_persons: int
    broken_persons: int
    kept: dict[str, float]


def steps(*, sampled: bool) -> tuple[Step, ...]:
    """What each person's journeys did with each function: time held, breaks, and the sets of functions that broke them."""
    weight = "w.micro" if sampled else "1"
    joined = "join weights as w on w.journey_key = i.journey_key" if sampled else ""
    reads = ("weights",) if sampled else ()
    return (
        Step(
            name=_HELD,
            sql=f"""
            select coalesce(i.person_key, -i.journey_key) as cluster, i.function,
              cast(sum((i.next_us - i.t_us) // 1000000 * {weight}) as bigint) as held
            from journey_interactions as i {joined}
            where i.next_us is not null and i.function is not null
            group by coalesce(i.person_key, -i.journey_key), i.function""",
            reads=("journey_interactions", *reads),
            note="How long one function held the journeys of one person, in seconds.",
        ),
        Step(
            name=_BROKE,
            sql=f"""
            select i.journey_key, i.cluster, coalesce(i.from_function, i.to_function) as function, count(*) as breaks,
              max({weight}) as weight
            from broken as i {joined}
            where coalesce(i.from_function, i.to_function) is not null
            group by i.journey_key, i.cluster, coalesce(i.from_function, i.to_function)""",
            reads=("broken", *reads),
            note="The breaks of one journey that originate at one function.",
        ),
        Step(
            name="responsibility_sets",
            sql=f"""
            select journey_key, cluster, max(weight) as weight, string_agg(function, '\n' order by function) as functions
            from {_BROKE} group by journey_key, cluster""",
            reads=(_BROKE,),
            note="Which functions broke one journey.",
        ),
    )


def observe(engine: Engine, *, sampled: bool) -> Observed:
    """The shares of every function found in the data; empty where there are no journeys."""
    if engine.columns_or_none("journey_interactions") is None:
        return Observed({}, {}, {}, 0, 0, {})
    engine.run(steps(sampled=sampled))
    kept = references(engine)
    custody, held = _shares(engine, _HELD, "held")
    breaks, broken = _shares(engine, _BROKE, "breaks * weight")
    shapley = _shapley(engine, kept)
    engine.drop(_HELD, "responsibility_sets", _BROKE)
    return Observed(custody, breaks, shapley, held, broken, kept)


def _shares(engine: Engine, table: str, amount: str) -> tuple[dict[str, Share], int]:
    """Each function's share of an amount, by person: sums of its own, of all, and of their products."""
    rows = engine.rows(
        f"with mine as (select cluster, function, sum({amount}) as own from {table} group by cluster, function), "
        "whole as (select cluster, sum(own) as held from mine group by cluster), "
        "all_ as (select count(*) as n, sum(held) as held, sum(cast(held as hugeint) * cast(held as hugeint)) as held2 "
        "from whole where held > 0) "
        "select m.function, sum(m.own), sum(cast(m.own as hugeint) * cast(m.own as hugeint)), "
        "sum(cast(m.own as hugeint) * cast(w.held as hugeint)), max(a.n), max(a.held), max(a.held2) "
        "from mine as m join whole as w on w.cluster = m.cluster cross join all_ as a "
        "group by m.function order by m.function"
    )
    found, persons = {}, 0
    for function, own, own2, cross, count, held, held2 in rows:
        persons = int(count or 0)
        if not held:
            continue
        sums = Sums(
            persons,
            np.array([float(own), float(held)]),
            np.array([[float(own2), float(cross)], [float(cross), float(held2)]]),
        )
        found[str(function)] = Share(sums.value(0, 1), *sums.limits(0, 1, proportion=True))
    return found, persons


# ---- references


def references(engine: Engine) -> dict[str, float]:
    """By function, its rate of broken journeys in its teams' better months over its rate: what a reference would keep.

    Each team is held against the 25th percentile of its own months, never against another team, whose work may be another.
    Months of 30 journeys or more count, in teams that have four of them; the function's months where no team has. A
    function whose months differ no more than chance has it (a test of homogeneity at 5 %) has no reference, and there are
    none at all unless every function with a twentieth of the breaks has one: references of some would charge the others.
    """
    fine, coarse = _cells(engine, "coalesce(team, '')"), _cells(engine, "''")
    found: dict[str, float] = {}
    for function in coarse:
        for cells in (fine.get(function, {}), coarse[function]):
            teams = [months for months in cells.values() if len(months) >= FEWEST_MONTHS]
            if teams:
                kept = _kept(teams)
                if kept is not None:
                    found[function] = kept
                break
    broken = engine.rows(f"select function, sum(breaks) from {_BROKE} group by function")
    whole = sum(float(count) for _, count in broken)
    weighing = {name for name, count in broken if float(count) >= WEIGHING * whole}
    return found if weighing <= found.keys() else {}


def _kept(teams: Sequence[Sequence[tuple[int, int]]]) -> float | None:
    """What the better months of these teams keep of their breaks; ``None`` where months are alike."""
    usual = better = apart = 0.0
    free = 0
    for months in teams:
        sizes, broken = (np.array(side, dtype=np.float64) for side in zip(*months, strict=True))
        rate = float(broken.sum() / sizes.sum())
        if not 0 < rate < 1:
            continue
        rates = settled(broken, sizes)
        order = np.argsort(rates, kind="stable")
        place = int(np.searchsorted(np.cumsum(sizes[order]), REFERENCE * sizes.sum() * (1 - 1e-12)))
        usual += float(broken.sum())
        better += float(sizes.sum()) * min(rate, float(rates[order][place]))
        apart += float(sizes @ (broken / sizes - rate) ** 2) / (rate * (1 - rate))
        free += len(months) - 1
    if usual <= 0 or float(stats.chi2.sf(apart, free)) > 0.05:
        return None
    return better / usual


def settled(broken: Floats, sizes: Floats) -> Floats:
    """Rates drawn to their mean by as much as chance alone moves them (beta-binomial, by moments).

    The lowest of many noisy rates is low by chance; where cells differ no more than chance has it, all have the mean.
    """
    rates, whole = broken / sizes, float(broken.sum() / sizes.sum())
    total = float(sizes.sum())
    chance = whole * (1 - whole)
    spread = float(sizes @ (rates - whole) ** 2) - (len(sizes) - 1) * chance
    between = max(0.0, spread / (total - float(sizes @ sizes) / total))
    return whole + (rates - whole) * between / (between + chance / sizes) if chance > 0 else rates


def _cells(engine: Engine, team: str) -> dict[str, dict[str, list[tuple[int, int]]]]:
    """By function and team, how many journeys each month met and how many of them it broke."""
    cells: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for function, name, touched, broken in engine.rows(
        f"""
        with met as (
          select distinct journey_key, function, {team} as team, cast(floor(local_day / 30.4375) as bigint) as month
          from journey_interactions where function is not null
        ), held as (
          select m.function, m.team, m.month, count(*) as touched, count(b.journey_key) as broken
          from met as m left join {_BROKE} as b on b.journey_key = m.journey_key and b.function = m.function
          group by m.function, m.team, m.month
        )
        select function, team, touched, broken from held where touched >= {FEWEST_JOURNEYS} order by all
        """
    ):
        cells[function][name].append((int(touched), int(broken)))
    return cells


# ---- the loss, shared out


def _shapley(engine: Engine, kept: dict[str, float]) -> dict[str, Share]:
    """Shares of the avoidable loss: what each person's journeys add to each function, in millionths of a journey."""
    sets = [
        (text, frozenset(text.split("\n")))
        for (text,) in engine.rows("select distinct functions from responsibility_sets order by functions")
    ]
    known = completed(kept, frozenset(name for _, breakers in sets for name in breakers))
    engine.table("responsibility_weights", _weights(sets, known))
    engine.run([
        Step(
            "responsibility_worth",
            "select s.cluster, w.function, cast(sum(s.weight * w.worth) as bigint) as worth from responsibility_sets as s "
            "join responsibility_weights as w on w.functions = s.functions group by s.cluster, w.function",
            ("responsibility_sets", "responsibility_weights"),
            "What the journeys of one person add to the loss of one function.",
        )
    ])  # fmt: skip
    found, _ = _shares(engine, "responsibility_worth", "worth")
    engine.drop("responsibility_worth", "responsibility_weights")
    return found


def _weights(sets: Sequence[tuple[str, frozenset[str]]], kept: dict[str, float]) -> pa.Table:
    rows = [
        (text, name, round(worth(breakers, kept) * _MILLION))
        for text, breakers in sets
        for name in sorted(breakers)
    ]
    schema = pa.schema([("functions", pa.string()), ("function", pa.string()), ("worth", pa.int64())])
    columns = {name: [row[place] for row in rows] for place, name in enumerate(schema.names)}
    return pa.table(columns, schema=schema)
