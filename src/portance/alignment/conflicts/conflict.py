"""A conflict: what improving one indicator does to another, how well that is known, and what it costs."""

from dataclasses import dataclass
from typing import Literal

from portance.alignment.conflicts.responses import Responses

Kind = Literal["empirical", "structural", "indirect", "mechanical"]
Verdict = Literal["conflict", "synergy", "no_effect", "not_detectable"]
Design = Literal["lever", "panel", "declared", "construction"]
Grade = Literal["A", "B", "C", "D", "E"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One ordered pair: ``from_indicator`` is improved by one of its within-unit standard deviations and kept there.

    ``effect`` is what becomes of ``to_indicator`` in the long run, in its own within-unit standard deviations, NEGATIVE
    WHERE IT IS HARMED; the 95 % interval is open (null) on both sides where the data do not bound it. ``q`` is the share of false
    discoveries at which the verdict would be given (Benjamini-Hochberg over all ordered pairs, one-sided).
    ``effect_native`` is the same in ``native_unit`` with its sign as measured, per improvement by ``per`` (``per_unit``).
    ``net_*`` is money over twelve months, all units of the panel, 90 %; null where ``to`` has no declared worth.
    ``smallest_detectable`` is the effect that this panel would have shown four times in five (two-sided, 5 %).
    ``between``, ``within`` and ``pooled`` are correlations oriented the same way: never evidence, told because they may disagree.
    ``bias_bound`` is how far something unseen as strong as the strongest condition could move the effect;
    ``refuted`` lists the refutations that failed: ``lead_placebo``, ``placebo_outcome``, ``sign_stability``,
    ``shuffled``, ``levers_disagree``, ``projection``.
    ``reason`` says why there is no more: ``too_few_units``, ``lever_weak``, ``never_varied``, ``too_few_readings``, ``refuted``,
    ``unstable``, ``components`` (built from the same counts), ``small`` (seen, but below the smallest effect of interest).
    """

    from_indicator: str
    to_indicator: str
    from_function: str
    to_function: str
    kind: Kind
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    q: float | None
    grade: Grade
    verdict: Verdict
    net_low: float | None = None
    net_median: float | None = None
    net_high: float | None = None
    p_net_negative: float | None = None
    effect_native: float | None = None
    native_low: float | None = None
    native_high: float | None = None
    native_unit: str = ""
    per: float | None = None
    per_unit: str = ""
    design: Design = "panel"
    lever: str | None = None
    lag_periods: int | None = None
    units: int = 0
    periods: int = 0
    observations: int = 0
    smallest_detectable: float | None = None
    smallest_of_interest: float | None = None
    between: float | None = None
    within: float | None = None
    pooled: float | None = None
    robustness: float | None = None
    bias_bound: float | None = None
    placebo_lead_p: float | None = None
    placebo_outcome_p: float | None = None
    sign_stability: float | None = None
    refuted: str = ""
    reason: str | None = None
    path: str | None = None
    severity: int = 0


@dataclass(frozen=True, slots=True)
class ProposedTest:
    """What to try where nothing can be seen: move ``lever`` by ``change`` in half of ``units``, drawn by lot, for ``periods``.

    ``power`` is the probability of seeing an effect of ``smallest_effect`` (SD of ``to``) at 5 %, two-sided.
    ``reason`` where it is not feasible: ``more_units_needed``, ``longer_than_two_years``, ``no_lever``, ``no_range``,
    ``lever_unknown`` (nobody knows what the lever does to its own indicator), ``never_varied``.
    """

    from_indicator: str
    to_indicator: str
    lever: str | None
    units: int | None
    periods: int | None
    period_kind: str
    change: float | None
    power: float | None
    smallest_effect: float
    feasible: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Every ordered pair, the tests to run, and what each lever does to each indicator."""

    conflicts: tuple[Conflict, ...]
    tests: tuple[ProposedTest, ...]
    responses: Responses
