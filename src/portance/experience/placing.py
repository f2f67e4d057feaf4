"""Which journey an answer, an asking or a text speaks of: one rule for all that customers say.

The journey that holds it, the one that began first where several do; else the journey whose case it names; else the last
journey that its person had started by then, if that had not ended too long before.
"""

from portance.engine import Step, literal

_FAR_US = 9_000_000_000_000_000


def placed(name: str, rows: str, within_us: int, journey: str | None = None) -> Step:
    """The rows of a table with the ``journey_id`` that each speaks of; those that speak of none are left out.

    ``rows`` has the columns tie (the interaction's id where it is one), person_id, case_id and t_us. ``journey`` is the
    only type of journeys that counts; any where absent. ``within_us``: how long after its end a journey is still spoken of.
    """
    kind = f" and j.journey_type = {literal(journey)}" if journey is not None else ""
    return Step(
        name=name,
        sql=f"""
        with found as (
          select r.tie, j.journey_id, 1 as rule, j.started_us as nearest from {rows} as r
          join journey_interactions as x on x.interaction_id = r.tie
          join journeys as j on j.journey_id = x.journey_id{kind}
          union all
          select r.tie, j.journey_id, 2 as rule, j.started_us as nearest from {rows} as r
          join journeys as j on j.case_id = r.case_id{kind}
          union all
          select r.tie, j.journey_id, 3 as rule, -j.started_us as nearest from {rows} as r
          join journeys as j on j.person_id = r.person_id{kind}
            and j.started_us <= coalesce(r.t_us, {_FAR_US}) and coalesce(r.t_us, 0) <= j.ended_us + {within_us}
        ), chosen as (
          select tie, journey_id, row_number() over (partition by tie order by rule, nearest, journey_id) as place from found
        )
        select r.*, c.journey_id from {rows} as r join chosen as c on c.tie = r.tie and c.place = 1""",
        reads=(rows, "journey_interactions", "journeys"),
        note="What was said, with the journey that it speaks of.",
    )
