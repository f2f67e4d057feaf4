"""A journey: the interactions of a case, or of a person until a silence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Journey:
    """One row of ``journeys``, before its segments; times in microseconds UTC.

    ``journey_id`` is ``type:case`` or ``type:person:n``, n counting a person's journeys from 1. ``functions`` and
    ``channels`` count different ones. ``person_id`` of a case is the first person known in it.
    """

    journey_id: str
    journey_type: str
    person_id: str | None
    case_id: str | None
    started_us: int
    ended_us: int
    interactions: int
    functions: int
    channels: int
    seams: int
    breaks: int
    weight: float
    first_activity: str | None
    last_activity: str | None
