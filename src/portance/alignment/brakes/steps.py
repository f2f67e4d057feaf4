"""What each journey went through, as whole numbers: how many functions, who held it, how often it was handed over."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import log2

import pyarrow as pa

from portance.alignment.responsibility.owning import Owned
from portance.engine import Engine, Step

FACTS = "brake_facts"
_EPOCH = date(1970, 1, 1)
_PARTS = 1_000
MILLIBITS = 1_000


def prepare(engine: Engine, seams: Sequence[Owned], *, sampled: bool) -> tuple[int, int] | None:
    """Make ``brake_facts``; the first and last local day of the journeys, or ``None`` without journeys."""
    if engine.columns_or_none("journey_interactions") is None:
        return None
    first, last = engine.rows("select min(local_day), max(local_day) from journey_interactions")[0]
    if first is None:
        return None
    _small_tables(engine, int(first), int(last), seams)
    engine.run([_HELD, _ENTROPY, _FIRSTS, _MOVES, _facts(sampled=sampled)])
    engine.drop(
        "brake_held",
        "brake_entropy",
        "brake_firsts",
        "brake_moves",
        "brake_bits",
        "brake_months",
        "brake_states",
    )
    return int(first), int(last)


def _small_tables(engine: Engine, first: int, last: int, seams: Sequence[Owned]) -> None:
    days = list(range(first, last + 1))
    months = [(day.year * 12 + day.month - 1) for day in (_EPOCH + timedelta(days=number) for number in days)]
    engine.table(
        "brake_months",
        pa.table({"local_day": pa.array(days, pa.int32()), "month": pa.array(months, pa.int64())}),
    )
    parts = list(range(_PARTS + 1))
    bits = [round(-part / _PARTS * log2(part / _PARTS) * MILLIBITS * _PARTS) if part else 0 for part in parts]
    engine.table(
        "brake_bits", pa.table({"part": pa.array(parts, pa.int64()), "bits": pa.array(bits, pa.int64())})
    )
    engine.table(
        "brake_states",
        pa.table(
            {
                "journey_type": pa.array([seam.journey_type for seam in seams], pa.string()),
                "from_function": pa.array([seam.from_function for seam in seams], pa.string()),
                "to_function": pa.array([seam.to_function for seam in seams], pa.string()),
                "orphan": pa.array([int(seam.state == "orphan") for seam in seams], pa.int64()),
                "contested": pa.array([int(seam.state == "contested") for seam in seams], pa.int64()),
            }
        ),
    )


_HELD = Step(
    "brake_held",
    """
    select journey_key, function, cast(sum((next_us - t_us) // 1000) as bigint) as held
    from journey_interactions where next_us is not null and function is not null group by journey_key, function""",
    ("journey_interactions",),
    "How long one function held one journey, in milliseconds.",
)
_ENTROPY = Step(
    "brake_entropy",
    f"""
    with whole as (select journey_key, cast(sum(held) as bigint) as held from brake_held group by journey_key),
    parted as (
      select h.journey_key, cast(floor(h.held * {_PARTS}e0 / nullif(w.held, 0) + 0.5) as bigint) as part
      from brake_held as h join whole as w on w.journey_key = h.journey_key where w.held > 0
    )
    select p.journey_key, cast(sum(b.bits) as bigint) // {_PARTS} as millibits
    from parted as p join brake_bits as b on b.part = p.part group by p.journey_key""",
    ("brake_held", "brake_bits"),
    "Over how many hands the time of one journey is spread, in thousandths of a bit.",
)
_FIRSTS = Step(
    "brake_firsts",
    """
    select journey_key, journey_type, coalesce(min(person_key), -journey_key) as cluster,
      min(case when position = 1 then local_day end) as local_day, count(distinct function) as functions,
      min(case when outcome = 'resolved' then position end) as resolved_at,
      max(case when outcome is not null then 1 else 0 end) as judged,
      arg_min(function, case when function is not null then position end) as first_function,
      (max(t_us) - min(t_us)) // 1000000 as lasted
    from journey_interactions group by journey_key, journey_type""",
    ("journey_interactions",),
    "One journey: who met the customer first, and when it was resolved.",
)
_MOVES = Step(
    "brake_moves",
    """
    select i.journey_key,
      cast(sum(case when i.function <> i.previous_function then 1 else 0 end) as bigint) as handovers,
      cast(sum(case when i.function <> i.previous_function and i.position <= f.resolved_at then 1 else 0 end) as bigint)
        as handovers_before,
      cast(sum(case when i.function <> i.previous_function then (i.t_us - i.previous_us) // 1000000 else 0 end) as bigint)
        as waited,
      max(case when i.position <= f.resolved_at and i.function <> f.first_function then 1 else 0 end) as passed_on,
      cast(sum(case when i.function <> i.previous_function then coalesce(s.orphan, 0) else 0 end) as bigint) as orphan,
      cast(sum(case when i.function <> i.previous_function then coalesce(s.contested, 0) else 0 end) as bigint) as contested
    from journey_interactions as i join brake_firsts as f on f.journey_key = i.journey_key
    left join brake_states as s on s.journey_type = i.journey_type and s.from_function = i.previous_function
      and s.to_function = i.function
    group by i.journey_key""",
    ("journey_interactions", "brake_firsts", "brake_states"),
    "How often one journey was handed over, how long it waited for that, and whose seams it crossed.",
)


def _facts(*, sampled: bool) -> Step:
    weight = "w.micro" if sampled else "1"
    joined = "join weights as w on w.journey_key = f.journey_key" if sampled else ""
    return Step(
        FACTS,
        f"""
        select f.journey_type, f.cluster, m.month, cast({weight} as bigint) as weight, f.functions, f.lasted,
          coalesce(e.millibits, 0) as millibits, case when f.resolved_at is not null then 1 else 0 end as resolved,
          f.judged, case when f.resolved_at is not null and o.passed_on = 0 then 1 else 0 end as settled,
          o.handovers, o.handovers_before, o.waited, o.orphan, o.contested
        from brake_firsts as f join brake_moves as o on o.journey_key = f.journey_key
        join brake_months as m on m.local_day = f.local_day
        left join brake_entropy as e on e.journey_key = f.journey_key {joined}""",
        ("brake_firsts", "brake_moves", "brake_months", "brake_entropy", *(("weights",) if sampled else ())),
        "One journey and what its customer went through.",
    )
