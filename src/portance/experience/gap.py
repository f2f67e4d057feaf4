"""A gap: how far one facet of a promise falls short of another."""

from dataclasses import dataclass
from typing import Literal

from portance.estimation import Shown

Scale = Literal["native", "conformance", "points"]
SCALES: tuple[Scale, ...] = ("native", "conformance", "points")
PAIRS: dict[str, tuple[str, str, str]] = {
    "expected_lived": ("expected", "lived", "outcome"),
    "expected_intended": ("expected", "intended", "communication"),
    "intended_offered": ("intended", "offered", "means"),
    "offered_lived": ("offered", "lived", "delivery"),
    "intended_lived": ("intended", "lived", "execution"),
    "expected_offered": ("expected", "offered", "commitment"),
}
"""Gap to its two facets and its nature: which of the company's trades it comes from. Only three are independent."""
WATERFALL = ("expected_intended", "intended_offered", "offered_lived")
"""The three terms that add up to ``expected_lived``."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Facet *a* less facet *b* of one promise in one segment, oriented so that a positive gap is a shortfall.

    ``scale`` is ``native`` (the promise's unit), ``conformance`` (share of journeys) or ``points`` (0 to 100 between anchors).
    ``owner`` names the promise's owners; ``nature`` the trade that the gap speaks of: communication (more is announced than
    aimed at), means (more is aimed at than enabled), delivery (less is done than enabled), and their sums. ``sign_robust``,
    on points, says under how many of three value functions the sign is the same.
    """

    promise: str
    segment: str
    gap: str
    scale: Scale
    value: float | None
    ci_low: float | None
    ci_high: float | None
    owner: str | None
    unit: str
    functional: str
    nature: str
    n: int = 0
    persons: int = 0
    shown: Shown = "point"
    method: str = "declared"
    reason: str | None = None
    sign_robust: str | None = None
    weight_note: str | None = None
