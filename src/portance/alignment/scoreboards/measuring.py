"""Watermelons: how often the customer is lost although every indicator is met, and what the scoreboard is worth."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from portance.alignment.indicators.panel import Panel
from portance.alignment.scoreboards import judging, records, visiting
from portance.alignment.scoreboards.gaming import gaming
from portance.alignment.scoreboards.judging import NOTHING, Judged, added_up
from portance.alignment.scoreboards.lighting import Lights, days, lights
from portance.alignment.scoreboards.visiting import Grid, Passed, clustered
from portance.alignment.summing import Sums, read_sums, student
from portance.charter import Charter
from portance.engine import Engine, Step, literal
from portance.estimation import Estimate, Shown

COMPANY = "company"
JOURNEY = "journey"
_FOUR = ("lost_green", "green", "lost_other", "other")
_SCOPED = "scoreboard_scope"
_SCALE = 1_000_000
"""What a journey adds to an area is kept in millionths of its largest, so that sums are the same in any order."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose lights are looked at, on whose journeys: all, those of one function, or on one type of journey."""

    name: str
    function: str | None = None
    journey_type: str | None = None


def scopes(charter: Charter, lit: Sequence[Lights]) -> tuple[Scope, ...]:
    """The company, each function that has a target, each type of journey."""
    functions = sorted({name for one in lit for name in one.functions})
    return (
        Scope(COMPANY),
        *(Scope(f"function:{name}", function=name) for name in functions),
        *(Scope(f"journey:{name}", journey_type=name) for name in charter.journeys),
    )


def watermelons(
    charter: Charter, engine: Engine, panels: Sequence[Panel], seed: int = 0
) -> dict[str, pa.Table]:
    """The tables ``watermelons``, ``scoreboard`` and ``gaming``; ``watermelon_customers`` is made in the engine.

    Reads the tables of journeys (``journey_interactions``, ``broken``, ``timed``, ``weights``) and ``team_floors``. Only
    the bootstrap of ``gaming`` draws from ``seed``.
    """
    lit = [one for panel in panels if (one := lights(panel, charter.indicators)).indicators]
    made = visiting.grids(lit)
    engine.table("watermelon_customers", records.table(records.CUSTOMERS, []))
    if not made or not visiting.prepare(engine, made, sampled=charter.sampling is not None):
        return {
            "watermelons": records.table(records.WATERMELONS, []),
            "scoreboard": records.table(records.SCOREBOARD, []),
            "gaming": gaming(charter, made, None, seed),
        }
    through = visiting.passed(engine, made)
    rows: list[dict[str, object]] = []
    board: list[dict[str, object]] = []
    for scope in scopes(charter, lit):
        for grid, flow in zip(made, through, strict=True):
            if scope.journey_type is not None and scope.journey_type not in flow.weight:
                continue
            rows += _units(engine, scope, grid, flow)
            board += _board(scope, grid, flow)
    rows += _journeys(charter, engine, lit)
    _customers(charter, engine, made)
    rows.sort(key=lambda row: (str(row["scope"]), row["unit"] != JOURNEY, str(row["unit"])))
    engine.drop(_SCOPED)
    visiting.clear(engine, made)
    return {
        "watermelons": records.table(records.WATERMELONS, rows),
        "scoreboard": records.table(records.SCOREBOARD, board),
        "gaming": gaming(charter, made, through, seed),
    }


# ---- from sums to figures


def lift_limits(sums: Sums) -> tuple[float, float, float]:
    """The rate where all was green over the rate where not, with its 95 % interval on the logarithm.

    Where one of the two rates is nil the interval is made of the limits of each (Donner and Zou 2012, by recovery).
    """
    green, other = sums.value(0, 1), sums.value(2, 3)
    if not (math.isfinite(green) and math.isfinite(other)) or other <= 0:
        return math.nan, math.nan, math.nan
    lift = green / other
    if green > 0 and sums.clusters > 1:
        gradient = sums.gradient(0, 1) / green - sums.gradient(2, 3) / other
        half = student(sums.clusters) * sums.error(gradient)
        return lift, lift * math.exp(-half), lift * math.exp(half)
    high, low = sums.limits(0, 1, proportion=True)[1], sums.limits(2, 3, proportion=True)[0]
    return lift, 0.0, high / low if low > 0 else math.inf


def _row(
    scope: Scope, unit: str, sums: Sums, judged: Judged, *, green: int, lost: int, n: int, persons: int, reason: str | None
) -> dict[str, object]:  # fmt: skip
    if not green:
        reason = "never_green"
    elif green == n:
        reason = reason or "always_green"
    rate: Estimate = sums.figure(0, 1, proportion=True, n=n, persons=persons, reason=reason)
    lift, low, high = lift_limits(sums)
    shown: Shown = "suppressed" if reason == "few_clusters" else rate.shown
    hidden, bare = shown == "suppressed", shown != "point"
    return {
        "scope": scope.name, "unit": unit, "green": green, "lost": None if hidden else lost,
        "rate": None if hidden else rate.value, "ci_low": None if hidden else rate.ci_low,
        "ci_high": None if hidden else rate.ci_high, "lift": None if bare else lift, "lift_low": None if hidden else low,
        "lift_high": None if hidden else high, "auc": None if bare else judged.value, "auc_low": None if hidden else judged.low,
        "auc_high": None if hidden else judged.high, "n": n, "persons": persons, "shown": shown, "reason": reason or rate.reason,
    }  # fmt: skip


# ---- cells: a unit in a period


def _units(engine: Engine, scope: Scope, grid: Grid, flow: Passed) -> list[dict[str, object]]:
    lit = grid.lights.of(scope.function)
    if not lit.indicators:
        return []
    green, measured = lit.counts()
    weight, lost, journeys, journeys_lost = flow.over(scope.journey_type)
    seen = (measured > 0) & (journeys > 0)
    if not seen.any():
        return []
    all_green = seen & (green == measured)
    other = seen & ~all_green
    cluster, reason = clustered(np.where(seen, journeys, 0.0))
    people = int(cluster.max()) + 1
    four = np.column_stack(
        [
            added_up(cluster.ravel(), np.where(mask, values, 0.0).ravel(), people)
            for mask, values in ((all_green, lost), (all_green, weight), (other, lost), (other, weight))
        ]
    )
    share = green[seen] / measured[seen]
    judged, _ = judging.judge(share, (weight - lost)[seen], lost[seen], cluster[seen])
    if reason == "few_clusters":
        judged = Judged(judged.value, math.nan, math.nan)
    return [
        _row(
            scope, f"{grid.panel.unit_kind} × {grid.panel.period_kind}", Sums.of(four), judged,
            green=round(float(journeys[all_green].sum())), lost=round(float(journeys_lost[all_green].sum())),
            n=round(float(journeys[seen].sum())), persons=_persons(engine, scope, grid), reason=reason,
        )
    ]  # fmt: skip


def _persons(engine: Engine, scope: Scope, grid: Grid) -> int:
    mine = f"c.cell >= {grid.offset} and c.cell < {grid.offset + grid.size}"
    if scope.function is not None:
        mine += f" and c.function = {literal(scope.function)}"
    kind = f" where j.journey_type = {literal(scope.journey_type)}" if scope.journey_type else ""
    return int(
        engine.rows(
            f"with lit as (select c.cell from {visiting.CELLS} as c where {mine} group by c.cell "
            "having sum(c.green) = sum(c.measured)) "
            f"select count(distinct j.cluster) from {visiting.VISITS} as v join lit on lit.cell = v.cell "
            f"join {visiting.JUDGED} as j on j.journey_key = v.journey_key{kind}"
        )[0][0]
    )


def _board(scope: Scope, grid: Grid, flow: Passed) -> list[dict[str, object]]:
    """What each indicator is worth: its own light, and the scoreboard with and without it, on the same customers."""
    lit = grid.lights.of(scope.function)
    if not lit.indicators:
        return []
    green, measured = lit.counts()
    weight, lost, journeys, _ = flow.over(scope.journey_type)
    passing = journeys > 0
    cluster, reason = clustered(np.where(measured > 0, journeys, 0.0))
    rows: list[dict[str, object]] = []
    for place, name in enumerate(lit.indicators):
        seen = passing & lit.measured[:, :, place]
        kept_here, lost_here, cluster_here = (weight - lost)[seen], lost[seen], cluster[seen]
        mine = lit.green[:, :, place][seen].astype(np.float64)
        others = measured[seen] - 1
        # without any other indicator the scoreboard says the same everywhere
        rest = np.where(others > 0, (green[seen] - mine) / np.maximum(others, 1), 0.5)
        alone, _ = judging.judge(mine, kept_here, lost_here, cluster_here)
        whole, added = judging.judge(
            green[seen] / np.maximum(measured[seen], 1), kept_here, lost_here, cluster_here
        )
        without, added_without = judging.judge(rest, kept_here, lost_here, cluster_here)
        people = len(np.unique(cluster_here))
        gain = judging.difference(whole, without, added - added_without, people)
        if reason == "few_clusters":
            alone, gain = _bare(alone), _bare(gain)
        rows.append({
            "scope": scope.name, "indicator": name, "function": lit.functions[place], "auc": alone.value,
            "auc_low": alone.low, "auc_high": alone.high, "auc_without": without.value, "gain": gain.value,
            "gain_low": gain.low, "gain_high": gain.high, "n": round(float(journeys[seen].sum())),
        })  # fmt: skip
    return rows


def _bare(judged: Judged) -> Judged:
    return Judged(judged.value, math.nan, math.nan)


# ---- journeys: all that was measured where they passed


def _journeys(charter: Charter, engine: Engine, lit: Sequence[Lights]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    parts: list[str] = []
    functions = sorted({name for one in lit for name in one.functions})
    for number, function in enumerate((None, *functions)):
        scope = Scope(COMPANY) if function is None else Scope(f"function:{function}", function=function)
        part = f"watermelon_part_{number}"
        engine.run([_scoped(function), _part(part, scope.name, by_type=function is None)])
        parts.append(part)
        rows += _journey_row(engine, scope)
        if function is None:
            for name in charter.journeys:
                rows += _journey_row(engine, Scope(f"journey:{name}", journey_type=name))
    engine.run([
        Step("watermelon_parts", " union all ".join(f"select * from {part}" for part in parts), tuple(parts),
             "One journey lost while everything was green, in one scope.")
    ])  # fmt: skip
    engine.drop(*parts)
    return rows


def _scoped(function: str | None) -> Step:
    mine = "" if function is None else f" where c.function = {literal(function)}"
    return Step(
        name=_SCOPED,
        sql=f"""
        with met as (
          select v.journey_key, cast(sum(c.green) as bigint) as green, cast(sum(c.measured) as bigint) as measured,
            min(v.cell) as cell
          from {visiting.VISITS} as v join {visiting.CELLS} as c on c.cell = v.cell{mine} group by v.journey_key
        )
        select j.journey_key, j.journey_type, j.cluster, j.lost, j.weight, m.green, m.measured, m.cell
        from met as m join {visiting.JUDGED} as j on j.journey_key = m.journey_key""",
        reads=(visiting.VISITS, visiting.CELLS, visiting.JUDGED),
        note="One journey, with how many of the indicators that it met were green.",
    )


def _part(name: str, scope: str, *, by_type: bool) -> Step:
    lost = f"from {_SCOPED} where lost = 1 and green = measured"
    typed = (
        f" union all select 'journey:' || journey_type as scope, journey_key, cell {lost}" if by_type else ""
    )
    return Step(
        name, f"select {literal(scope)} as scope, journey_key, cell {lost}{typed}", (_SCOPED,),
        "One journey lost while everything was green.",
    )  # fmt: skip


def _journey_row(engine: Engine, scope: Scope) -> list[dict[str, object]]:
    kind = f" where journey_type = {literal(scope.journey_type)}" if scope.journey_type else ""
    levels = engine.rows(
        "select green, measured, cast(sum(weight * (1 - lost)) as bigint), cast(sum(weight * lost) as bigint), "
        f"count(*), cast(sum(lost) as bigint) from {_SCOPED}{kind} group by green, measured order by green, measured"
    )
    if not levels:
        return []
    full = [row[0] == row[1] for row in levels]
    four = (
        "sum(case when green = measured then weight * lost else 0 end) as lost_green, "
        "sum(case when green = measured then weight else 0 end) as green, "
        "sum(case when green <> measured then weight * lost else 0 end) as lost_other, "
        "sum(case when green <> measured then weight else 0 end) as other"
    )
    sums = read_sums(engine, f"select {four} from {_SCOPED}{kind} group by cluster", _FOUR)
    persons = engine.rows(
        f"select count(distinct cluster) from {_SCOPED}{kind or ' where true'} and green = measured"
    )[0][0]
    return [
        _row(
            scope, JOURNEY, sums, _judged(engine, levels, kind),
            green=sum(row[4] for row, whole in zip(levels, full, strict=True) if whole),
            lost=sum(row[5] for row, whole in zip(levels, full, strict=True) if whole), n=sum(row[4] for row in levels),
            persons=int(persons), reason=None,
        )
    ]  # fmt: skip


def _judged(engine: Engine, levels: Sequence[tuple[int, ...]], kind: str) -> Judged:
    """The area over journeys, with its interval by person."""
    ranks, place = np.unique([row[0] / row[1] for row in levels], return_inverse=True)
    kept, lost = (
        added_up(place, np.array([float(row[side]) for row in levels]), len(ranks)) for side in (2, 3)
    )
    made = judging.area(kept, lost)
    if made is None:
        return NOTHING
    largest = max(float(np.abs(made.kept).max()), float(np.abs(made.lost).max())) or 1.0
    unit = largest / _SCALE
    engine.table(
        "scoreboard_levels",
        pa.table(
            {
                "green": pa.array([row[0] for row in levels], pa.int64()),
                "measured": pa.array([row[1] for row in levels], pa.int64()),
                "kept": pa.array(np.rint(made.kept[place] / unit).astype(np.int64)),
                "lost": pa.array(np.rint(made.lost[place] / unit).astype(np.int64)),
            }
        ),
    )
    clusters, squares, with_kept, with_lost = engine.rows(
        "with added as (select s.cluster, sum(s.weight * case when s.lost = 1 then l.lost else l.kept end) as score, "
        "max(1 - s.lost) as kept, max(s.lost) as lost "
        f"from (select * from {_SCOPED}{kind}) as s join scoreboard_levels as l on l.green = s.green and l.measured = s.measured "
        "group by s.cluster) select count(*), sum(cast(score as hugeint) * cast(score as hugeint)), sum(kept), sum(lost) from added"
    )[0]
    low, high = judging.limits(
        made.value, float(squares) * unit * unit, int(clusters), float(min(with_kept, with_lost))
    )
    engine.drop("scoreboard_levels")
    return Judged(made.value, low, high)


# ---- the customers concerned


def _customers(charter: Charter, engine: Engine, made: Sequence[Grid]) -> None:
    """List them. A team is named only where its floor holds; where nothing tells, none is."""
    floors = {COMPANY, *charter.functions}
    if engine.columns_or_none("team_floors") is not None:
        floors |= {row[0] for row in engine.rows("select team from team_floors")}
    cells, units, starts = [], [], []
    for grid in made:
        free = grid.panel.unit_kind not in {"team", COMPANY}  # the company's own readings may be told by team
        named = [unit if free or unit in floors else None for unit in grid.panel.units]
        periods = days(grid.panel)
        cells += list(range(grid.offset, grid.offset + grid.size))
        units += named * len(periods)
        starts += [start for start in periods for _ in named]
    engine.table(
        visiting.PLACES,
        pa.table(
            {"cell": cells, "unit": units, "period_start": starts},
            schema=pa.schema([("cell", pa.int64()), ("unit", pa.string()), ("period_start", pa.date32())]),
        ),
    )
    timed = engine.columns_or_none("timed") is not None
    promised = (
        " union select journey_key, 'broken_promise' as kind from timed where state = 'broken'"
        if timed
        else ""
    )
    engine.run(
        [
            Step(
                name="watermelon_customers",
                sql=f"""
                with who as (
                  select i.journey_key, max(i.journey_id) as journey_id, min(i.person_id) as person_id
                  from journey_interactions as i
                  join (select distinct journey_key from watermelon_parts) as p on p.journey_key = i.journey_key
                  group by i.journey_key
                ), why as (
                  select journey_key, string_agg(kind, ',' order by kind) as outcome
                  from (select distinct journey_key, kind from broken{promised}) as told group by journey_key
                )
                select p.scope, w.person_id, w.journey_id, c.unit, c.period_start, y.outcome
                from watermelon_parts as p join who as w on w.journey_key = p.journey_key
                join {visiting.PLACES} as c on c.cell = p.cell join why as y on y.journey_key = p.journey_key""",
                reads=(
                    "journey_interactions", "watermelon_parts", "broken", visiting.PLACES, *(("timed",) if timed else ()),
                ),
                note="One journey that was lost while everything that it met was green.",
            )
        ]
    )  # fmt: skip
    engine.drop("watermelon_parts")
