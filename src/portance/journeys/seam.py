"""A seam: the passage between two consecutive interactions where function, channel or actor changes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seam:
    """One row of ``seams``: what the customer left, what was reached, and whether it held.

    ``seam_position`` is the place of the receiving interaction in its journey, from 2. ``business_ms`` is null
    unless long waits are counted in opening hours. ``break_kinds`` are sorted, joined by commas, empty when none.
    """

    journey_id: str
    journey_type: str
    person_id: str | None
    seam_position: int
    from_interaction: str
    to_interaction: str
    from_function: str
    to_function: str
    from_channel: str | None
    to_channel: str | None
    from_actor: str | None
    to_actor: str | None
    left_us: int
    reached_us: int
    elapsed_ms: int
    business_ms: int | None
    function_changed: bool
    channel_changed: bool
    actor_changed: bool
    broken: bool
    break_kinds: str
