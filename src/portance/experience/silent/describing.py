"""How every journey is described, answered or not: by what happened in it and before it, never by the answer."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.charter import Charter
from portance.charter.formula import names_in
from portance.charter.journey_type import BREAK_KINDS
from portance.engine import Engine, Step, literal
from portance.experience.scoring import scores
from portance.experience.silent.sample import Floats, Integers, Sample
from portance.experience.surveying import Surveyed, lived

MOST_NAMES = 6
"""So many of the most frequent channels, functions and intents have a column of their own."""
RAREST = 0.005
"""A mark that fewer or more than this share of journeys bear tells nothing of them."""
MOST_JOURNEYS = 100_000
"""Beyond it a part of the persons, drawn once and for all, stands for them."""
LATE = 0.99
"""The share of answers that had come after the time that is left to the last journeys."""
_DAY_US = 86_400_000_000
_LONG = ("waited", "longest_wait", "handled", "lasted", "cost", "contacts", "before", "tenure")
"""Measured quantities with long tails, read by their logarithm."""


def describe(charter: Charter, engine: Engine, found: Surveyed, as_of_us: int) -> Sample | None:
    """The sample of a survey's journeys, those left out that could still be answered; ``None`` without any."""
    segments = [name for name, segment in charter.segments.items() if "rating" not in names_in(segment.by)]
    met = _met(engine, found)
    steps, columns = _steps(charter, found, met, segments)
    engine.run(steps)
    rows = engine.arrow(f"select * from survey_{found.name}_sample order by journey_id")
    if not rows.num_rows:
        return None
    started, ended = _integers(rows, "started_us"), _integers(rows, "ended_us")
    persons = _persons(rows["person_id"].combine_chunks())
    y = scores(found.survey, _floats(rows, "value"))
    answered_us, asked_us = _floats(rows, "answered_us"), _floats(rows, "asked_us")
    asked = np.isfinite(asked_us) | np.isfinite(y) if found.asked else np.ones(len(y), dtype=bool)
    drawn = np.isfinite(_floats(rows, "follow_up_us"))
    after = drawn & np.isfinite(y) & ~(answered_us < _floats(rows, "follow_up_us"))
    followed = np.where(after, y, np.nan)
    y = np.where(after, np.nan, y)
    since = np.where(np.isfinite(asked_us) & ~(asked_us > answered_us), asked_us, ended.astype(np.float64))
    delay = np.where(np.isfinite(y), np.maximum(answered_us - since, 0.0), np.nan)
    asks = np.where(np.isfinite(_floats(rows, "asks")), _floats(rows, "asks"), 1.0).astype(np.int64)
    table = np.column_stack([_read(rows, name) for name in columns]) if columns else np.zeros((len(y), 0))
    history, names = _history(persons, started, _floats(rows, "contacts"), _floats(rows, "first_us"))
    x, kept = _telling(np.column_stack([table, history]), (*columns, *names))
    told = {
        name: np.array(rows[f"segment_{name}"].to_pylist(), dtype=object)
        for name in segments
    }  # fmt: skip
    sample = Sample(
        y, asked, x, kept, persons, _floats(rows, "weight"), started, ended, delay, asks, drawn, followed, told,
    )  # fmt: skip
    return sample.where(_settled(sample, found.survey.within, as_of_us))


def _settled(sample: Sample, within_us: int, as_of_us: int) -> npt.NDArray[np.bool_]:
    """The journeys whose answer would have come by now: as long ago as nearly all answers take."""
    known = sample.delay_us[np.isfinite(sample.delay_us)]
    grace = min(float(np.quantile(known, LATE)), float(within_us)) if len(known) else float(within_us)
    kept: npt.NDArray[np.bool_] = sample.ended_us <= as_of_us - grace
    return kept


def sized(sample: Sample, seed: int) -> Sample:
    """The sample, or a part of its persons where it is larger than models need."""
    if len(sample) <= MOST_JOURNEYS:
        return sample
    people = int(sample.persons.max()) + 1
    drawn = np.random.default_rng(seed).random(people) < MOST_JOURNEYS / len(sample)
    return sample.where(drawn[sample.persons])


def _met(engine: Engine, found: Surveyed) -> dict[str, list[str]]:
    """The most frequent channels, functions and intents of the journeys."""
    met = {}
    for column in ("channel", "function", "intent"):
        rows = engine.rows(
            f"select {column}, count(*) as n from journey_interactions where journey_type = ? and {column} is not null "
            f"and {lived(found.left_out)} group by {column} order by n desc, {column} limit {MOST_NAMES}",
            [found.journey],
        )
        met[column] = [row[0] for row in rows]
    return met


def _steps(
    charter: Charter, found: Surveyed, met: dict[str, list[str]], segments: Sequence[str]
) -> tuple[list[Step], list[str]]:
    """The steps that make the sample's table, and the columns of it that describe a journey."""
    kind, prefix = literal(found.journey), f"survey_{found.name}"
    held = lived(found.left_out, "j.activity")
    measures = {
        "contacts": "count(*)",
        "by_customer": _counted("j.initiated_by = 'customer'"),
        "by_company": _counted("j.initiated_by = 'company'"),
        "functions": "count(distinct j.function)",
        "channels": "count(distinct j.channel)",
        "waited": "sum(j.wait_ms)",
        "longest_wait": "max(j.wait_ms)",
        "handled": "sum(j.duration_ms)",
        "lasted": "max(j.t_us) - min(j.t_us)",
        "cost": "sum(j.cost_cents)",
        "machine": _counted("j.actor = 'machine'"),
        "resolved": _counted("j.outcome = 'resolved'"),
        "unresolved": _counted("j.outcome = 'unresolved'"),
        "transferred": _counted("j.outcome = 'transferred'"),
        "abandoned": _counted("j.outcome = 'abandoned'"),
        "repeated": _counted("j.asked_again"),
    }
    for column, names in met.items():
        for number, name in enumerate(names):
            measures[f"{column}_{number}"] = f"max(case when j.{column} = {literal(name)} then 1 else 0 end)"
    told = ", ".join(f"cast({sql} as bigint) as {name}" for name, sql in measures.items())
    steps = [
        Step(
            name=f"{prefix}_lived",
            sql=f"""
            select j.journey_id, max(j.t_us) as ended_us, {told}
            from journey_interactions as j where j.journey_type = {kind} and {held} group by j.journey_id""",
            reads=("journey_interactions",),
            note="What one journey was, its answer and its askings apart.",
        )
    ]
    rules = {one: charter.breaks.rule(one).when for one in BREAK_KINDS if not charter.breaks.rule(one).off}
    kinds = [one for one, when in rules.items() if not when or "rating" not in names_in(when)]
    steps.append(
        Step(
            name=f"{prefix}_broken",
            sql=f"""
            select b.journey_id, {", ".join(f"{_counted(f'b.kind = {literal(one)}')} as break_{one}" for one in kinds) or "count(*) as breaks"}
            from breaks as b join journey_interactions as j
              on j.interaction_id = b.interaction_id and j.journey_id = b.journey_id and {held}
            where b.journey_type = {kind} group by b.journey_id""",
            reads=("breaks", "journey_interactions"),
            note="The breaks of one journey by kind.",
        )
    )
    promises = [
        name for name, promise in charter.promises.items()
        if promise.journey == found.journey and not (promise.measure and "rating" in names_in(promise.measure))
    ]  # fmt: skip
    kept = {
        f"{state}_{number}": _counted(f"promise = {literal(name)} and state = '{state}'")
        for number, name in enumerate(promises)
        for state in ("kept", "broken")
    }
    if kept:
        steps.append(
            Step(
                name=f"{prefix}_clocks",
                sql=f"select journey_id, {', '.join(f'{sql} as {name}' for name, sql in kept.items())} from clocks group by journey_id",
                reads=("clocks",),
                note="The promises of one journey, kept and broken.",
            )
        )
    added = [*(f"break_{one}" for one in kinds), *kept]
    columns = [*measures, *added]
    asking = found.asked is not None
    steps.append(
        Step(
            name=f"{prefix}_sample",
            sql=f"""
            select l.*, {"".join(f"coalesce({name}, 0) as {name}, " for name in added)}
              j.person_id, j.started_us, j.weight, p.first_us, t.value, t.answered_us,
              {"q.asked_us, q.asks, q.follow_up_us" if asking else "cast(null as bigint) as asked_us, cast(null as bigint) as asks, cast(null as bigint) as follow_up_us"}
              {"".join(f', j."segment_{name}"' for name in segments)}
            from {prefix}_lived as l join journeys as j on j.journey_id = l.journey_id
            left join persons as p on p.person_id = j.person_id
            left join {prefix}_broken as b on b.journey_id = l.journey_id
            {f"left join {prefix}_clocks as k on k.journey_id = l.journey_id" if kept else ""}
            left join {found.tied} as t on t.journey_id = l.journey_id
            {f"left join {found.asked} as q on q.journey_id = l.journey_id" if asking else ""}""",
            reads=(
                f"{prefix}_lived", "journeys", "persons", f"{prefix}_broken", found.tied,
                *((f"{prefix}_clocks",) if kept else ()), *((found.asked,) if found.asked else ()),
            ),
            note="One journey, as it is described, and its answer where there is one.",
        )
    )  # fmt: skip
    return steps, columns


def _counted(condition: str) -> str:
    return f"cast(sum(case when {condition} then 1 else 0 end) as bigint)"


def _history(
    persons: Integers, started: Integers, contacts: Floats, first_us: Floats
) -> tuple[Floats, tuple[str, ...]]:
    """What came before each journey: contacts and journeys of the same person, how long known, and when it started."""
    order = np.lexsort((np.arange(len(persons)), started, persons))
    place = np.empty(len(order))
    earlier = np.empty(len(order))
    sorted_persons = persons[order]
    fresh = np.flatnonzero(np.diff(sorted_persons, prepend=-1))
    number = np.arange(len(order)) - np.repeat(fresh, np.diff(np.append(fresh, len(order))))
    summed = np.cumsum(contacts[order]) - contacts[order]
    place[order] = number
    earlier[order] = summed - np.repeat(summed[fresh], np.diff(np.append(fresh, len(order))))
    tenure = np.maximum(started - np.where(np.isfinite(first_us), first_us, started), 0) / _DAY_US
    days = (started - started.min()) / _DAY_US
    season = 2 * np.pi * (started / _DAY_US / 365.2425)
    made = np.column_stack([np.log1p(earlier), place, np.log1p(tenure), days, np.sin(season), np.cos(season)])
    return made, ("before", "journeys_before", "tenure", "day", "season_sin", "season_cos")


def _telling(x: Floats, names: Sequence[str]) -> tuple[Floats, tuple[str, ...]]:
    """The columns that differ between journeys, the same one told twice left out."""
    kept: list[int] = []
    seen: set[bytes] = set()
    for number in range(x.shape[1]):
        column = x[:, number]
        usual = np.bincount(np.unique(column, return_inverse=True)[1]).max()
        token = np.ascontiguousarray(column).tobytes()
        if len(column) - usual > RAREST * len(column) and token not in seen:
            kept.append(number)
            seen.add(token)
    return x[:, kept], tuple(names[number] for number in kept)


def with_segments(sample: Sample, most: dict[str, int]) -> Sample:
    """The sample described by its segments too: each of their reported values is a mark."""
    marks, names = [], []
    for name, values in sample.segments.items():
        for value in frequent(values, most.get(name, 20)):
            mark = (values == value).astype(np.float64)
            if RAREST < mark.mean() < 1 - RAREST:
                marks.append(mark)
                names.append(f"segment_{name}={value}")
    if not marks:
        return sample
    return Sample(
        sample.y, sample.asked, np.column_stack([sample.x, *marks]), (*sample.columns, *names), sample.persons,
        sample.weights, sample.started_us, sample.ended_us, sample.delay_us, sample.asks, sample.drawn, sample.followed,
        sample.segments,
    )  # fmt: skip


def frequent(values: npt.NDArray[np.object_], most: int) -> list[str]:
    """The most frequent values, ties in their own order."""
    counts: dict[str, int] = {}
    for value in values:
        if value is not None:
            counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: (-counts[value], value))[:most]


def _persons(ids: pa.Array) -> Integers:
    coded = ids.dictionary_encode()
    people = len(coded.dictionary)
    codes = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    nobody = codes < 0
    codes[nobody] = people + np.arange(int(nobody.sum()))
    return codes


def _read(rows: pa.Table, name: str) -> Floats:
    values = np.nan_to_num(_floats(rows, name))
    return np.log1p(np.maximum(values, 0.0)) if name in _LONG else values


def _floats(rows: pa.Table, name: str) -> Floats:
    column = rows[name].combine_chunks().cast(pa.float64(), safe=False)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _integers(rows: pa.Table, name: str) -> Integers:
    return np.asarray(
        rows[name].combine_chunks().cast(pa.int64(), safe=False).to_numpy(zero_copy_only=False),
        dtype=np.int64,
    )
