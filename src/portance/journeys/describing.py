"""What a reader is shown of journeys beside their figures: each type in numbers, its usual paths, a few that broke."""

from typing import Any

import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine, Step
from portance.estimation import ratio
from portance.journeys import flowing

MOST_EXAMPLES = 40
LONGEST_EXAMPLE = 9
MOST_VARIANTS = 5
LONGEST_VARIANT = 12
"""Paths longer than this are as many as there are journeys: they are counted, not told."""

_VARIANTS = Step(
    "variants",
    f"""
    with paths as (
      select journey_type, journey_id, string_agg(activity, ' › ' order by position) as variant, count(*) as steps
      from journey_interactions group by journey_type, journey_id
    ), counted as (
      select journey_type, variant, count(*) as journeys from paths where steps <= {LONGEST_VARIANT} group by journey_type, variant
    ), numbered as (
      select journey_type, variant, journeys,
             row_number() over (partition by journey_type order by journeys desc, variant) as rank
      from counted
    )
    select journey_type, variant, journeys from numbered where rank <= {MOST_VARIANTS}
    """,
    ("journey_interactions",),
    "A path of activities that many journeys share.",
)
_EXAMPLES = Step(
    "sample_interactions",
    f"""
    with kinds as (
      select journey_id, interaction_id, string_agg(distinct kind, ',' order by kind) as break_kinds
      from breaks group by journey_id, interaction_id
    ), failed as (
      select journey_id, count(distinct kind) as kinds from breaks group by journey_id
    ), chosen as (
      select j.journey_id, row_number() over (
               partition by j.journey_type order by f.kinds desc, j.interactions, j.journey_id) as rank
      from journeys j join failed f using (journey_id) where j.interactions between 2 and {LONGEST_EXAMPLE}
    )
    select i.journey_id, i.journey_type, i.position, i.t_us, i.function, i.channel, i.activity, k.break_kinds
    from journey_interactions i
    join chosen c on i.journey_id = c.journey_id and c.rank <= {MOST_EXAMPLES}
    left join kinds k on i.journey_id = k.journey_id and i.interaction_id = k.interaction_id
    """,
    ("journeys", "breaks", "journey_interactions"),
    "An interaction of a journey that broke, to be shown without who it was.",
)
_TYPES = """
with by_person as (
  select journey_type, coalesce(person_id, journey_id) as person, sum(weight) as journeys,
         sum(case when breaks > 0 then weight else 0 end) as broken
  from journeys group by all
)
select journey_type, broken, journeys, count(*) as persons from by_person group by all order by all
"""
_COUNTS = """
select journey_type, count(*) as journeys, count(distinct person_id) as people, count(*) filter (breaks > 0) as broken,
       coalesce(sum(seams), 0)::bigint as seams, coalesce(sum(breaks), 0)::bigint as breaks
from journeys group by journey_type order by journey_type
"""
_SCHEMA = pa.schema(
    [
        ("journey_type", pa.string()), ("journeys", pa.int64()), ("people", pa.int64()), ("broken", pa.int64()),
        ("seams", pa.int64()), ("breaks", pa.int64()), ("rate", pa.float64()), ("ci_low", pa.float64()), ("ci_high", pa.float64()),
        ("shown", pa.string()),
    ]
)  # fmt: skip


def steps() -> tuple[Step, ...]:
    """The steps that describe journeys once they are built."""
    return flowing.steps()


def describe(charter: Charter, engine: Engine, seed: int) -> None:
    """Make ``flows``, ``variants``, ``sample_interactions`` and ``journey_types`` (a share of broken journeys with its interval)."""
    if charter.sampling:
        engine.run_embedded(flowing.steps(weighted=True))
    else:
        engine.run(steps())
    engine.run_embedded((_VARIANTS, _EXAMPLES))
    groups: dict[str, list[tuple[float, float, int]]] = {}
    for name, broken, journeys, persons in engine.rows(_TYPES):
        groups.setdefault(name, []).append((float(broken), float(journeys), int(persons)))
    rows: list[dict[str, Any]] = []
    for counted in engine.arrow(_COUNTS).to_pylist():
        share = ratio(groups[counted["journey_type"]], seed=seed, proportion=True)
        rows.append(
            counted
            | {"rate": share.value, "ci_low": share.ci_low, "ci_high": share.ci_high, "shown": share.shown}
        )
    engine.table("journey_types", pa.Table.from_pylist(rows, schema=_SCHEMA))
