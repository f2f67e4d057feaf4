"""What may be said of a pair: the refutations it failed, its evidence grade, and its verdict."""

import math
from collections.abc import Sequence

from portance.alignment.conflicts.conflict import Grade, Verdict
from portance.alignment.conflicts.pairing import STRONG, Seen
from portance.alignment.indicators.panel import Assigned

PLACEBO = 0.05
CLEARLY = 0.01
"""Lots owe nothing to the past: only a plain sign of the contrary speaks against them."""
STABLE = 0.8


def refutations(seen: Seen) -> tuple[str, ...]:
    """The refutations that a pair failed; what was not asked (NaN) is not failed."""
    failed = []
    if seen.lead_p < PLACEBO or seen.own_lead_p < PLACEBO / 5:
        failed.append("lead_placebo")
    if seen.earlier_p < PLACEBO:
        failed.append("placebo_outcome")
    if seen.stability < STABLE:
        failed.append("sign_stability")
    if seen.agreement_p < PLACEBO:
        failed.append("levers_disagree")
    if seen.shuffled_p > PLACEBO:
        failed.append("shuffled")
    if seen.projection * seen.effect < 0:
        failed.append("projection")
    return tuple(failed)


def survives(seen: Seen) -> bool:
    """Whether the interval keeps its sign against something unseen as strong as the strongest condition.

    Never without an observed condition to compare with.
    """
    if not math.isfinite(seen.lost) or not math.isfinite(seen.low):
        return False
    return seen.low - seen.lost > 0 or seen.high + seen.lost < 0


def by_lever(seen: Seen, assigned: Sequence[Assigned | None], failed: Sequence[str]) -> Grade:
    """A where lots decided, B where a plan did and nothing showed before; else C at best, where it survives.

    ``assigned`` is how the changes of the levers concerned were decided.
    """
    strong = seen.strength >= STRONG
    before = "lead_placebo" in failed or "placebo_outcome" in failed
    chance = "sign_stability" in failed or "shuffled" in failed
    if strong and not chance and all(how == "drawn" for how in assigned) and not seen.lead_p < CLEARLY:
        return "A"
    if strong and not before and not chance and all(how in ("drawn", "planned") for how in assigned):
        return "B"
    holds = not before and not chance and survives(seen)
    return "C" if holds else "D"


def verdict(
    seen: Seen, q_harm: float, q_benefit: float, q: float, smallest: float
) -> tuple[Verdict, str | None]:
    """What is concluded, and why no more is: ``small`` where an effect is seen that nobody cares about."""
    if not math.isfinite(seen.low):
        return "not_detectable", "lever_weak"
    if q_harm <= q and seen.effect < 0:
        if seen.effect <= -smallest:
            return "conflict", None
    elif q_benefit <= q and seen.effect > 0 and seen.effect >= smallest:
        return "synergy", None
    if seen.low > -smallest and seen.high < smallest:
        return "no_effect", None
    return "not_detectable", "small" if min(q_harm, q_benefit) <= q else None
