"""Breaks by week, at each passage and in each type of journey, as SQL steps.

A seam is of the week in which it is reached, a journey of the week in which it starts, weeks starting on Monday in the
company's local time (table ``change_weeks``).
"""

from portance.charter.journey_type import BREAK_KINDS
from portance.engine import Step

WEEKS = "change_weeks"
SEAMS = "change_seams"
JOURNEYS = "change_journeys"


def steps() -> tuple[Step, ...]:
    """One row per passage and week with its seams and those that broke; one per type of journey and week likewise."""
    at_seams = ", ".join(
        f"cast(sum(case when ',' || break_kinds || ',' like '%,{kind},%' then 1 else 0 end) as bigint) as {kind}"
        for kind in BREAK_KINDS
    )
    met = ", ".join(f"max(case when kind = '{kind}' then 1 else 0 end) as met_{kind}" for kind in BREAK_KINDS)
    in_journeys = ", ".join(f"cast(sum(coalesce(met_{kind}, 0)) as bigint) as {kind}" for kind in BREAK_KINDS)
    return (
        Step(
            name=SEAMS,
            sql=(
                f"select journey_type, from_function, to_function, week, count(*) as n, "
                f'cast(sum(case when broken then 1 else 0 end) as bigint) as "all", {at_seams} '
                f"from seams join {WEEKS} as w on seams.reached_us >= w.from_us and seams.reached_us < w.until_us "
                "group by journey_type, from_function, to_function, week"
            ),
            reads=("seams", WEEKS),
            note="One passage in one week: its seams, and those that broke.",
        ),
        Step(
            name=JOURNEYS,
            sql=(
                f"select j.journey_type, week, count(*) as n, "
                f'cast(sum(case when j.breaks > 0 then 1 else 0 end) as bigint) as "all", {in_journeys} '
                f"from journeys as j join {WEEKS} as w on j.started_us >= w.from_us and j.started_us < w.until_us "
                f"left join (select journey_id as met_id, {met} from breaks group by journey_id) as b on j.journey_id = b.met_id "
                "group by j.journey_type, week"
            ),
            reads=("journeys", "breaks", WEEKS),
            note="One type of journey in one week: its journeys, and those that met a break.",
        ),
    )
