"""What customers live at one step of a journey: how well, and with how much effort; each figure by person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.charter.employees import Task
from portance.engine import literal
from portance.estimation import Estimate, by_person, ratio
from portance.experience.employees.facts import MONDAY, WEEK_DAYS, Floats, Window
from portance.experience.employees.setting import Setting
from portance.experience.population import PER_UNIT
from portance.experience.valuing import linear

_US_PER_DAY = 86_400_000_000
_STEPS = """
with rated as (
  select interaction_id, rating, rating_scale from interactions where rating is not null
), broken as (
  select interaction_id, count(*) as breaks, count(*) filter (kind = 'asked_again') as again from breaks group by interaction_id
)
select i.journey_id, coalesce(i.person_id, i.journey_id) as person, count(*) as times,
       count(distinct i.channel) as channels, sum(coalesce(i.wait_ms, 0)) / 60000.0 as waited,
       count(i.wait_ms) as waits, sum(coalesce(i.duration_ms, 0) + coalesce(i.wait_ms, 0)) / 60000.0 as minutes,
       count(i.duration_ms) as lasting,
       count(*) filter (i.outcome = 'transferred') as transferred, count(i.outcome) as outcomes,
       count(*) filter (coalesce(i.asked_again, false) or coalesce(b.again, 0) > 0) as again,
       count(*) filter (coalesce(b.breaks, 0) > 0) as broken,
       sum(case r.rating_scale when 'nps' then r.rating * 10 when 'csat' then (r.rating - 1) * 25
           when 'ces' then (r.rating - 1) / 6.0 * 100 end) as rating,
       count(*) filter (r.rating_scale in ('nps', 'csat', 'ces')) as ratings{promised}
from journey_interactions i left join broken b on i.interaction_id = b.interaction_id
left join rated r on i.interaction_id = r.interaction_id{clocks}
where {where} group by i.journey_id, coalesce(i.person_id, i.journey_id) order by i.journey_id
"""
_PROMISED = ", max(c{number}.kept) as kept_{number}, max(c{number}.value_ms) as value_{number}"
_CLOCKS = """
left join (select journey_id, case when state = 'kept' then 100.0 else 0.0 end as kept, value_ms from clocks
           where promise = {promise} and state in ('kept', 'broken')) as c{number} on i.journey_id = c{number}.journey_id"""


@dataclass(frozen=True, slots=True)
class Step:
    """What customers live at a step: ``level`` on 0 to 100, and their efforts in their own units."""

    level: Estimate
    efforts: dict[str, Estimate]
    parts: tuple[str, ...]
    by_week: dict[tuple[str | None, int], int]
    """How often customers took the step, by team and week."""


def at_step(setting: Setting, task: Task, window: Window) -> Step | None:
    """What was lived at the step that a task serves; none where nobody took it in the window.

    The level of a journey is the mean of what is known of it, each on 0 to 100: whether its promises were kept (points
    between the anchors where they are declared), the share of the step's occurrences that did not break, and ratings.
    """
    charter, engine, seed = setting.charter, setting.engine, setting.seed
    first, after = (day * _US_PER_DAY for day in window.days)
    where = f"i.journey_type = {literal(task.journey)} and i.activity = {literal(task.activity)} and i.t_us >= {first} and i.t_us < {after}"
    if task.function:
        where += f" and (i.function is null or i.function = {literal(task.function)})"
    promises = [one for one, declared in charter.promises.items() if declared.journey == task.journey]
    promised = "".join(_PROMISED.format(number=number) for number in range(len(promises)))
    clocks = "".join(
        _CLOCKS.format(number=number, promise=literal(one)) for number, one in enumerate(promises)
    )
    rows = engine.arrow(_STEPS.format(where=where, promised=promised, clocks=clocks))
    if not rows.num_rows:
        return None
    _, persons = np.unique(np.array(rows["person"].to_pylist()), return_inverse=True)
    column = {one: _floats(rows, one) for one in rows.column_names if one not in ("journey_id", "person")}
    times = column["times"]
    scores = [100 * (1 - column["broken"] / times)]
    weights = [np.ones(len(times))]
    parts = ["breaks"]
    if column["ratings"].any():
        scores.append(np.nan_to_num(column["rating"]) / np.maximum(column["ratings"], 1))
        weights.append((column["ratings"] > 0).astype(np.float64))
        parts.append("ratings")
    for number, promise in enumerate(promises):
        score = _worth(charter, promise, column[f"kept_{number}"], column[f"value_{number}"])
        known = np.isfinite(score)
        if known.any():
            scores.append(np.nan_to_num(score))
            weights.append(known.astype(np.float64))
            parts.append(f"promise:{promise}")
    level = np.sum([weight * score for weight, score in zip(weights, scores, strict=True)], axis=0) / np.sum(
        weights, axis=0
    )

    def per(above: str, below: str) -> Estimate:
        return ratio(
            by_person(persons, column[above], column[below]),
            seed=seed,
            n=int(column[below].sum()),
            proportion=False,
        )

    each = np.ones(len(times))
    efforts = {
        "effort_steps": ratio(by_person(persons, times, each), seed=seed, n=len(times), proportion=False),
        "effort_tools": ratio(
            by_person(persons, column["channels"], each), seed=seed, n=len(times), proportion=False
        ),
        "effort_rekeying": per("again", "times"),
    }
    if column["waits"].any():
        efforts["effort_waits"] = per("waited", "times")
    if column["lasting"].any():
        efforts["effort_minutes"] = per("minutes", "times")
    if column["outcomes"].any():
        efforts["autonomy"] = per("transferred", "outcomes")
    taken = {
        (team, int(week)): int(many)
        for team, week, many in engine.rows(
            f"select team, cast(floor((floor(i.t_us / {_US_PER_DAY}) - {MONDAY}) / {WEEK_DAYS}) as bigint), count(*) "
            f"from journey_interactions i where {where} group by 1, 2"
        )
    }
    lived = ratio(by_person(persons, level, each), seed=seed, n=len(times), proportion=False)
    return Step(_within(lived), efforts, tuple(parts), taken)


def _within(level: Estimate) -> Estimate:
    """Limits do not leave the scale."""
    low = None if level.ci_low is None else max(level.ci_low, 0.0)
    high = None if level.ci_high is None else min(level.ci_high, 100.0)
    return Estimate(level.value, low, high, level.n, level.persons, level.shown, level.method, level.reason)


def _worth(charter: Charter, promise: str, kept: Floats, value_ms: Floats) -> Floats:
    """By journey, what a promise was worth on 0 to 100: points between the anchors, else kept or not; NaN where not known."""
    declared = charter.promises[promise]
    if declared.anchors is None or declared.clock is None:
        return kept
    points = linear(declared.anchors)(value_ms / PER_UNIT[declared.clock.unit])
    return np.where(np.isfinite(kept) & np.isfinite(value_ms), points, kept)


def _floats(rows: pa.Table, name: str) -> Floats:
    return np.asarray(
        rows[name].combine_chunks().cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False),
        dtype=np.float64,
    )


def ambition(charter: Charter, journey: str) -> float | None:
    """What the company aims at for a journey, on 0 to 100: the share of journeys on which its promises are intended to hold.

    A promise read at a percentile is intended for that share of journeys; where anchors are declared, the points of
    its intended limit. The mean over the journey's promises; none where nothing is intended.
    """
    aims: list[float] = []
    for promise in charter.promises.values():
        level = promise.intended
        if promise.journey != journey or level is None or level.limit is None:
            continue
        if promise.anchors and promise.clock:
            aims.append(float(linear(promise.anchors)(np.array([level.limit]))[0]))
        elif promise.functional == "share":
            aims.append(100.0 * level.limit)
        elif promise.functional.startswith("p"):
            aims.append(float(promise.functional[1:]))
    return float(np.mean(aims)) if aims else None


def parts_told(parts: Sequence[str]) -> str:
    """What a level is made of, as one code."""
    return "+".join(parts)
