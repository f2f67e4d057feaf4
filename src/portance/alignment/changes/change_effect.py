"""What became of breaks after something was changed, and initiatives that nothing holds together."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Verdict = Literal["gone", "reduced", "moved", "accelerated", "unchanged", "not_detectable"]
LooseKind = Literal[
    "initiative_without_promise", "initiative_without_sponsor", "initiative_without_budget", "initiatives_overlap",
    "promise_without_indicator", "indicator_without_promise",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """One dated change, at one passage, for one kind of break (``all``: any).

    ``before`` and ``after`` are the shares of seams that broke, as they were; without functions, the shares of journeys
    that met a break. ``difference`` is what the weeks after depart by from where the weeks before were heading (and
    from what happened at the passages not concerned, at grade B), with its 95 % interval. ``n_before`` and ``n_after``
    count weeks. ``moved_to`` is the passage of the same journey that rose. ``reason``: ``too_few_weeks``,
    ``never_varies``, ``too_few_points`` (nothing can be told); ``concurrent`` (another change within four weeks),
    ``bad_run_before`` and ``anticipated`` (the four weeks before were unlike those before them, and are left out),
    ``control_moved`` (what fell here rose elsewhere, so that elsewhere is no comparison).
    """

    change: str
    function: str | None
    journey_type: str
    from_function: str | None
    to_function: str | None
    kind: str
    since: date
    before: float | None
    after: float | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    n_before: int
    n_after: int
    grade: str
    verdict: Verdict
    moved_to: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """An initiative, a promise or an indicator that lacks something, or an initiative that overlaps ``other``."""

    kind: LooseKind
    subject: str
    function: str | None
    other: str | None = None
    since: date | None = None
