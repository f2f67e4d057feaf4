"""A break: a step or a seam of a journey that failed the customer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Break:
    """One row of ``breaks``: its kind, the function that held the customer before, and where it surfaced.

    ``evidence`` is a JSON list of interaction ids, in order of time. ``promise`` names the one that was broken.
    ``cost_cents`` is what one of its kind costs, where the charter says so.
    """

    journey_id: str
    journey_type: str
    person_id: str | None
    kind: str
    at_us: int
    from_function: str | None
    to_function: str | None
    interaction_id: str
    evidence: str
    promise: str | None
    cost_cents: int | None
