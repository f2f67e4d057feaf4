"""How strong something unseen would have to be to undo an effect.

Robustness value and bias bound by Cinelli & Hazlett (2020), "Making sense of sensitivity: extending omitted variable
bias", J. R. Stat. Soc. B 82:39-67; E-value by VanderWeele & Ding (2017), Ann. Intern. Med. 167:268-274.
"""

import math

from scipy import special


def partial_r2(t: float, df: float) -> float:
    """The share of what is left of the outcome that a coefficient with this t explains."""
    return t * t / (t * t + df)


def robustness_value(t: float, df: float, *, share: float = 1.0, alpha: float | None = None) -> float:
    """The share of what is left of both cause and outcome that something unseen must explain, to take ``share`` of it away.

    With ``alpha``, to make it insignificant at that level (two-sided). Between 0 and 1.
    """
    f = share * abs(t) / math.sqrt(df)
    if alpha is not None:
        critical = float(special.stdtrit(df - 1, 1 - alpha / 2)) / math.sqrt(df - 1)
        f -= critical
        if f <= 0:
            return 0.0
        if f > 0 and share * abs(t) / math.sqrt(df) > 1 / critical:  # the extreme case, their equation 19
            full = (share * abs(t)) ** 2 / df
            return (full - critical**2) / (1 + full)
    return 0.5 * (math.sqrt(f**4 + 4 * f**2) - f**2)


def bias_bound(error: float, df: float, r2_outcome: float, r2_cause: float) -> float:
    """The largest bias from something unseen that explains these shares of what is left of outcome and cause.

    ``error`` is the classical standard error: the bound is algebra and knows nothing of clusters.
    """
    if r2_cause >= 1:
        return math.inf
    return error * math.sqrt(df) * math.sqrt(min(r2_outcome, 1.0) * r2_cause / (1 - r2_cause))


def benchmarked(r2_cause: float, r2_outcome: float, *, times: float = 1.0) -> tuple[float, float]:
    """What something unseen explains, were it ``times`` as strong as an observed condition: (outcome, cause).

    Given the condition's partial shares with the cause (all else held) and with the outcome (cause and all else held).
    """
    unseen_cause = min(times * r2_cause / max(1 - r2_cause, 1e-300), 1.0)
    if unseen_cause >= 1 or times * r2_cause >= 1:
        return 1.0, 1.0
    both = times * r2_cause**2 / ((1 - times * r2_cause) * (1 - r2_cause))
    if both >= 1:
        return 1.0, unseen_cause
    root = (math.sqrt(times) + math.sqrt(both)) / math.sqrt(1 - both)
    return min(root**2 * r2_outcome / max(1 - r2_outcome, 1e-300), 1.0), unseen_cause


def e_value(risk_ratio: float) -> float:
    """The risk ratio with both cause and outcome that something unseen needs, to explain this one away."""
    ratio = 1 / risk_ratio if risk_ratio < 1 else risk_ratio
    return ratio + math.sqrt(ratio * (ratio - 1))
