"""A timing: one promise, read on one journey."""

from dataclasses import dataclass
from typing import Literal

State = Literal["kept", "broken", "pending", "void"]


@dataclass(frozen=True, slots=True)
class Timing:
    """One row of ``clocks``: a journey on which a promise's clock started, or that its measure could be read on.

    Milliseconds are counted as the clock counts: opening hours where it is a business clock, whole days of 24 h where
    it counts days. A measure stands in thousandths. ``pending``: it still runs, or no limit is known for it.
    """

    journey_id: str
    person_id: str | None
    promise: str
    state: State
    started_us: int
    ended_us: int | None
    limit_us: int | None
    value_ms: int | None
    limit_ms: int | None
    due_ms: int | None
    censored: bool
