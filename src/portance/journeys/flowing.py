"""How journeys flow from function to function, by the order in which they meet them: the map of the report."""

from portance.engine import Step

STEPS_TOLD = 6
"""The map tells this many passages from the start of a journey; later ones are in the table of passages."""


def steps(*, weighted: bool = False) -> tuple[Step, ...]:
    """Runs of one function in a row, then the passages between consecutive runs; reads ``journey_interactions`` and ``seams``.

    ``weighted``: journeys count for as many as they stand for, so that the map agrees with the rates beside it; these
    sums of fractions are made on the embedded engine only.
    """
    journeys, broken = "count(*)", "cast(sum(case when s.broken then 1 else 0 end) as bigint)"
    join = ""
    reads: tuple[str, ...] = ("function_runs", "seams")
    if weighted:
        journeys = "cast(round(sum(j.weight)) as bigint)"
        broken = "cast(round(sum(case when s.broken then j.weight else 0 end)) as bigint)"
        join = "join journeys j on a.journey_id = j.journey_id"
        reads = (*reads, "journeys")
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
            select a.journey_type, a.step, a.function as from_function, b.function as to_function, {journeys} as journeys,
                   {broken} as broken
            from function_runs a
            {join}
            left join function_runs b on a.journey_key = b.journey_key and b.step = a.step + 1
            left join seams s on b.journey_id = s.journey_id and b.position = s.seam_position
            where a.step <= {STEPS_TOLD}
            group by a.journey_type, a.step, a.function, b.function
            """,
            reads,
            "How many journeys go from one function to the next at one step, and for how many that broke.",
        ),
    )
