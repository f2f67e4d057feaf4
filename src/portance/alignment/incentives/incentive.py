"""What a scorecard pays: faults found by reading it, and its angle to what customers value."""

from dataclasses import dataclass
from typing import Literal

Rule = Literal[
    "opposed", "mechanical", "cliff", "no_customer", "no_long_term", "noise", "individual", "too_many", "uncontrollable",
    "weights",
]  # fmt: skip
Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Incentive:
    """One fault of one scorecard.

    ``indicators`` are those concerned. ``value`` is what was found, ``bound`` the limit of the rule, in the unit of the
    rule (see the method page). ``detail`` holds more, by name, fit for JSON.
    """

    scorecard: str
    function: str
    rule: Rule
    severity: Severity
    indicators: tuple[str, ...]
    value: float | None
    bound: float | None
    detail: tuple[tuple[str, float | str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class IncentiveAngle:
    """The angle, over the levers, between what a scorecard pays and what customers value.

    ``cosine`` is 1 where every move of a lever that pays is worth as much to customers, -1 where it costs them as much.
    The 95 % interval comes from the doubt about the effects: null where none is told. ``terms`` counts the levers.
    ``grade`` is that of the weakest effect used. ``reason``, where there is no figure: ``no_levers`` (none has a range
    and an effect), ``no_customer_value`` (no lever is known to move an indicator that speaks of customers),
    ``paid_unmoved`` (no lever is known to move what is paid); where there is one: ``by_reach`` (no readings to put the
    indicators on one scale: each is told by what the levers can do to it).
    """

    scorecard: str
    function: str
    cosine: float | None
    ci_low: float | None
    ci_high: float | None
    degrees: float | None
    terms: int
    grade: str
    reason: str | None = None
