"""What is counted over journeys: passages between functions, rates of breaks, and what a source does not show."""

from dataclasses import dataclass
from typing import Literal

Shown = Literal["point", "interval", "suppressed"]
ClusteredBy = Literal["person", "case"]
Question = Literal["no_person", "no_journey", "no_function", "undeclared_function"]


@dataclass(frozen=True, slots=True)
class Passage:
    """All seams from one function to another: how many, how many people, how often they break, what that costs.

    ``rate`` is weighted where the charter samples; counts are not. The interval is by person, or by case where
    nobody is known (``clustered_by``).
    """

    journey_type: str
    from_function: str
    to_function: str
    seams: int
    broken: int
    people: int
    people_broken: int
    rate: float | None
    ci_low: float | None
    ci_high: float | None
    cost_cents: int | None
    cost_low_cents: int | None
    cost_high_cents: int | None
    median_elapsed_ms: int | None
    shown: Shown
    clustered_by: ClusteredBy


@dataclass(frozen=True, slots=True)
class BreakRate:
    """How often one kind of break happens among what could have broken so; ``off`` with its reason otherwise.

    ``censored`` counts what is too recent to be judged. ``people`` had something at risk, ``people_broken`` a break.
    """

    journey_type: str
    kind: str
    at_risk: int
    broken: int
    people: int
    people_broken: int
    rate: float | None
    ci_low: float | None
    ci_high: float | None
    status: Literal["on", "off"]
    reason: str | None
    censored: int
    shown: Shown
    clustered_by: ClusteredBy
