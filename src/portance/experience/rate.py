"""How often a promise is kept, customer by customer."""

from dataclasses import dataclass
from datetime import date

from portance.estimation import Shown


@dataclass(frozen=True, slots=True)
class PromiseRate:
    """Journeys of one promise in one segment by state; ``rate`` is kept / (kept + broken), weighted, by person.

    ``limit_source`` is what each journey was held against: ``due`` (the date announced to that customer), ``expected``,
    ``offered`` or ``intended`` (a declared number), ``measure`` (a flag of the journey itself), null where nothing is.
    """

    promise: str
    segment: str
    kept: int
    broken: int
    pending: int
    void: int
    rate: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    persons: int
    shown: Shown
    method: str
    reason: str | None
    limit_source: str | None
    weight_note: str | None


@dataclass(frozen=True, slots=True)
class PromisePeriod:
    """As :class:`PromiseRate`, for the journeys that started in one local month; ``pending`` ones may still change it."""

    promise: str
    segment: str
    period_start: date
    period: str
    kept: int
    broken: int
    pending: int
    rate: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    persons: int
    shown: Shown
    reason: str | None
