"""What experience reads of the journeys, as SQL steps."""

from portance.charter import Charter
from portance.engine import Step

JOURNEYS = "promise_journeys"
SEGMENTS = "promise_segments"


def steps(charter: Charter) -> tuple[Step, ...]:
    """The clocks with what their journeys say of weight, person and segments; how frequent each segment is."""
    names = tuple(charter.segments)
    columns = "".join(f', j."segment_{name}"' for name in names)
    made = [
        Step(
            name=JOURNEYS,
            sql=(
                "select c.promise, c.state, c.started_us, c.value_ms, c.due_ms, c.censored, j.weight, p.person_key"
                f"{columns} from clocks as c "
                "join journeys as j on c.journey_id = j.journey_id "
                "left join persons as p on c.person_id = p.person_id"
            ),
            reads=("clocks", "journeys", "persons"),
            note="One journey of one promise, with its weight, its person and its segments.",
        )
    ]
    if names:
        counted = " union all ".join(
            f"select promise, '{name}' as segment, \"segment_{name}\" as value, count(*) as journeys "
            f'from {JOURNEYS} where "segment_{name}" is not null group by promise, "segment_{name}"'
            for name in names
        )
        made.append(
            Step(
                name=SEGMENTS,
                sql=counted,
                reads=(JOURNEYS,),
                note="How many journeys of a promise one value of a segment has.",
            )
        )
    return tuple(made)
