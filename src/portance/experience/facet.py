"""A facet: one of the four experiences of a promise, read at the promise's functional."""

from dataclasses import dataclass
from datetime import date

from portance.estimation import Shown

NOT_DECLARED = "not declared"
ALL = "all"
"""The segment of everyone."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of one promise in one segment, in the promise's unit; null with a ``reason``, never guessed.

    ``value`` is the promise's ``functional`` (mean, median, share, a percentile) of that facet. A declared number has no
    interval: it carries who declared it and since when instead. ``level`` is the share of journeys lived within this facet's
    value; ``points`` what the facet is worth between the declared anchors (0 unacceptable, 50 adequate, 100 desired), and
    ``out_of_scale`` the share of values outside them. ``open`` counts observations that had not ended.
    """

    promise: str
    segment: str
    facet: str
    functional: str
    value: float | None
    unit: str
    n: int
    ci_low: float | None
    ci_high: float | None
    source: str | None
    persons: int = 0
    shown: Shown = "point"
    method: str = "none"
    reason: str | None = None
    open: int = 0
    declared_by: str | None = None
    declared_since: date | None = None
    age_days: int | None = None
    level: float | None = None
    level_low: float | None = None
    level_high: float | None = None
    points: float | None = None
    points_low: float | None = None
    points_high: float | None = None
    out_of_scale: float | None = None
    weight_note: str | None = None
