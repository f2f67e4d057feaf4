"""The effect of one exposure on staying, with its interval, its evidence, and what would have been seen."""

from dataclasses import dataclass, field
from typing import Literal

Grade = Literal["A", "B", "C", "D", "E"]
Verdict = Literal["more_leave", "fewer_leave", "not_detectable"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an exposure does to leaving for ``reason``: as a ratio of hazards while it is recent, and as departures.

    ``soon_per_100``: of a hundred exposed customers, how many more leave in the ``soon_periods`` in which the exposure is
    recent than had they not been exposed; the verdict is of that. ``lost_per_100``: the same over the horizon, ``whole``
    where its interval leaves out zero. ``smallest_detectable`` is what would have been seen soon four times in five.
    ``failed`` are the refutations that it did not pass. A figure that cannot be told is null, and ``why`` says so.
    """

    exposure: str
    reason: str
    hazard_ratio: float | None
    ci_low: float | None
    ci_high: float | None
    lost_per_100: float | None
    lost_low: float | None
    lost_high: float | None
    exposed: int
    persons: int
    departures: int
    exposed_departures: int
    grade: Grade
    verdict: Verdict
    design: str
    why: str | None = None
    q: float | None = None
    smallest_detectable: float | None = None
    failed: tuple[str, ...] = field(default=())
    soon_per_100: float | None = None
    soon_low: float | None = None
    soon_high: float | None = None
    soon_periods: int | None = None
    whole: bool | None = None
