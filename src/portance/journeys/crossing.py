"""Crossing from one function, channel or actor to another: the seams."""

from portance.charter import Charter
from portance.engine import Step

SEAM = (
    "(previous_function is not null and function is not null and (function <> previous_function"
    " or coalesce(channel <> previous_channel, false) or coalesce(actor <> previous_actor, false)))"
)
"""Where an interaction receives a seam. An unknown channel or actor is no change; an unknown function draws none."""


def crossed(charter: Charter, break_kinds: str, *, marked: bool) -> Step:
    """The seams with their keys and the SQL of the kinds by which they broke; ``marked``: some kinds stand there."""
    business = charter.breaks.long_wait.calendar is not None
    joined = "left join business_waits using (journey_key, position)" if business else ""
    found = "left join marked using (journey_key, position)" if marked else ""
    reads = [
        "journey_interactions",
        *(["marked"] if marked else []),
        *(["business_waits"] if business else []),
    ]
    return Step(
        name="crossed",
        sql=f"""
        with told as (
        select journey_key, coalesce(person_key, -journey_key) as cluster, journey_id, journey_type, person_id,
          position as seam_position, previous_interaction_id as from_interaction, interaction_id as to_interaction,
          previous_function as from_function, function as to_function,
          previous_channel as from_channel, channel as to_channel, previous_actor as from_actor, actor as to_actor,
          previous_us as left_us, t_us as reached_us, (t_us - previous_us) // 1000 as elapsed_ms,
          {"business_ms" if business else "cast(null as bigint) as business_ms"},
          function <> previous_function as function_changed,
          coalesce(channel <> previous_channel, false) as channel_changed,
          coalesce(actor <> previous_actor, false) as actor_changed,
          {break_kinds} as break_kinds
        from journey_interactions {found} {joined}
        where {SEAM}
        )
        select *, break_kinds <> '' as broken from told""",
        reads=tuple(reads),
        note="One seam, with its keys.",
    )


def business_waits(calendar: str) -> Step:
    """The opening time between the two sides of each seam."""
    slots = f"slots_{calendar}"
    return Step(
        name="business_waits",
        sql=f"""
        select journey_key, position,
          ((b.open_us + case when b.is_open then t_us - b.slot * 900000000 else 0 end)
          - (a.open_us + case when a.is_open then previous_us - a.slot * 900000000 else 0 end)) // 1000 as business_ms
        from journey_interactions
        join {slots} as a on a.slot = previous_us // 900000000
        join {slots} as b on b.slot = t_us // 900000000
        where {SEAM}""",
        reads=("journey_interactions", slots),
        note="The opening time that one seam took.",
    )
