"""How journeys flow from function to function, by the order in which they meet them: the map of the report."""

from portance.engine import Step

STEPS_TOLD = 6
"""The map tells this many passages from the start of a journey; later ones are in the table of passages."""


def steps() -> tuple[Step, ...]:
    """Runs of one function in a row, then the passages between consecutive runs; reads ``journey_interactions`` and ``seams``."""
    return (
        Step(
            "function_runs",
            f"""
            with marked as (
              select journey_key, journey_id, journey_type, position, function,
                     lag(function) over (partition by journey_key order by position) as previous_function
              from journey_interactions where function is not null
            ), numbered as (
              select journey_key, journey_id, journey_type, position, function,
                     row_number() over (partition by journey_key order by position) as step
              from marked where previous_function is null or previous_function <> function
            )
            select journey_key, journey_id, journey_type, position, function, step from numbered where step <= {STEPS_TOLD + 1}
            """,
            ("journey_interactions",),
            "One run of interactions of a journey at one function.",
        ),
        Step(
            "flows",
            f"""
            select a.journey_type, a.step, a.function as from_function, b.function as to_function, count(*) as journeys,
                   cast(sum(case when s.broken then 1 else 0 end) as bigint) as broken
            from function_runs a
            left join function_runs b on a.journey_key = b.journey_key and b.step = a.step + 1
            left join seams s on b.journey_id = s.journey_id and b.position = s.seam_position
            where a.step <= {STEPS_TOLD}
            group by a.journey_type, a.step, a.function, b.function
            """,
            ("function_runs", "seams"),
            "How many journeys go from one function to the next at one step, and for how many that broke.",
        ),
    )
