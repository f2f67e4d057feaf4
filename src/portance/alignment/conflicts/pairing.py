"""The effect of one indicator's improvement on another, from what their levers do to both.

The effect of a pair is a ratio of two responses to the same lever. Its interval is Fieller's (1954), which is
Anderson & Rubin's for one lever: right however weakly the lever moves the first indicator. Several levers of one
indicator are weighted by what is known of their first response, as two-stage least squares does, and tested
for telling the same story (Sargan 1958; Hansen 1982).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.alignment.conflicts.responding import Responded

Floats = npt.NDArray[np.float64]

STRONG = 10.0
"""The square of t above which a lever's hold on its own indicator counts as strong (Staiger & Stock 1997)."""
DISAGREE = 0.05
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Seen:
    """What the data say of one ordered pair, oriented: a negative ``effect`` harms ``to``.

    ``effect`` and all that is measured like it are in standard deviations of ``to`` per one of ``from``. ``low`` and
    ``high`` are NaN where the data do not bound it. ``p_harm`` and ``p_benefit`` are one-sided; ``lost`` is the largest
    bias from something unseen as strong as the strongest condition (NaN without conditions). ``lead_p`` and
    ``earlier_p`` ask whether a move shows before it is made, in ``to`` near and far ahead; ``own_lead_p`` in ``from``.
    ``agreement_p`` asks whether several levers tell the same, ``shuffled_p`` whether other units' lever histories would have told
    as much; ``projection`` is the effect by local projection, where there is no lever. What was not asked is NaN.
    ``strength`` is the square of the first response's t; ``stability`` the share of units without which the sign stays.
    """

    effect: float
    low: float
    high: float
    error: float
    df: float
    p_harm: float
    p_benefit: float
    lever: str | None
    weights: Floats
    strength: float
    lead_p: float
    earlier_p: float
    own_lead_p: float
    agreement_p: float
    shuffled_p: float
    projection: float
    stability: float
    robustness: float
    lost: float
    rows: int


def fieller(
    above: float, below: float, *, var_above: float, var_below: float, both: float, limit: float
) -> tuple[float, float]:
    """The limits of a ratio from the variances and the covariance of its two parts; NaN where nothing bounds it."""
    a = below * below - limit * limit * var_below
    if a <= 0:
        return math.nan, math.nan
    b = above * below - limit * limit * both
    c = above * above - limit * limit * var_above
    root = math.sqrt(max(b * b - a * c, 0.0))
    return (b - root) / a, (b + root) / a


def detectable(error: float, df: float) -> float:
    """The smallest effect that a two-sided test at 5 % finds four times in five."""
    return float(special.stdtrit(df, 0.975) + special.stdtrit(df, POWER)) * error


def by_levers(found: Responded, levers: list[int], pair: tuple[int, int], scale: float) -> Seen:
    """The pair of indicators (from, to) through these levers; ``scale`` turns native ratios into oriented SD."""
    a, b = pair
    chosen = levers
    agreement = math.nan
    if len(levers) > 1:
        agreement = _agreement(found, levers, a, b)
        if agreement < DISAGREE:
            chosen = [max(levers, key=lambda lever: _strength(found, lever, a))]
    first = found.settled[chosen, a]
    own = found.parts[:, chosen, -1, a]
    if len(chosen) == 1:
        weights: Floats = np.ones(1)
    else:
        covariance = own.T @ own
        weights = np.asarray(np.linalg.lstsq(covariance, first, rcond=1e-10)[0], dtype=np.float64)
        weights = weights / np.abs(weights).sum()
    above = float(weights @ found.settled[chosen, b])
    below = float(weights @ first)
    part_above, part_below = found.parts[:, chosen, -1, b] @ weights, own @ weights
    wider = float(found.wider[chosen, b].max()), float(found.wider[chosen, a].max())
    var_above, var_below = (
        float(part_above @ part_above) * wider[0] ** 2,
        float(part_below @ part_below) * wider[1] ** 2,
    )
    both = float(part_above @ part_below) * wider[0] * wider[1]
    df = float(min(found.df[chosen, b].min(), found.df[chosen, a].min()))
    effect = above / below * scale
    error = math.sqrt(var_above) / abs(below) * abs(scale)
    limit = float(special.stdtrit(df, 0.975))
    low, high = sorted(
        end * scale
        for end in fieller(above, below, var_above=var_above, var_below=var_below, both=both, limit=limit)
    )
    strength = below * below / var_below
    bounded = math.isfinite(low)
    t = effect / error if error > 0 else math.nan
    without = (above - part_above) / (below - part_below)
    touched = np.abs(part_above) + np.abs(part_below) > 0
    stability = (
        float(np.mean(np.sign(without[touched] * scale) == np.sign(effect))) if touched.any() else math.nan
    )
    main = max(chosen, key=lambda lever: _strength(found, lever, a))
    lost = float(found.lost[main, b]) / abs(float(found.settled[main, a])) * abs(scale)
    names = found.layout.levers
    return Seen(
        effect=effect,
        low=low,
        high=high,
        error=error,
        df=df,
        p_harm=float(special.stdtr(df, t)) if bounded else math.nan,
        p_benefit=float(special.stdtr(df, -t)) if bounded else math.nan,
        lever=",".join(names[lever] for lever in chosen),
        weights=np.asarray(weights, dtype=np.float64),
        strength=strength,
        lead_p=_least(found.lead_p[chosen, b]),
        earlier_p=_least(found.earlier_p[chosen, b]),
        own_lead_p=_least(found.lead_p[chosen, a]),
        agreement_p=agreement,
        shuffled_p=math.nan,
        projection=math.nan,
        stability=stability,
        robustness=float(found.robust[main, b]),
        lost=lost,
        rows=int(found.rows[b]),
    )


def _least(p: Floats) -> float:
    """The least of several p-values, corrected for their number (Bonferroni)."""
    known = p[np.isfinite(p)]
    return min(float(known.min()) * len(known), 1.0) if len(known) else math.nan


def _strength(found: Responded, lever: int, a: int) -> float:
    part = found.parts[:, lever, -1, a]
    variance = float(part @ part)
    return float(found.settled[lever, a]) ** 2 / variance if variance > 0 else 0.0


def _agreement(found: Responded, levers: list[int], a: int, b: int) -> float:
    """The p-value of all levers having the same ratio."""
    first, second = found.settled[levers, a], found.settled[levers, b]
    own, other = found.parts[:, levers, -1, a], found.parts[:, levers, -1, b]
    weights = np.linalg.lstsq(own.T @ own, first, rcond=1e-10)[0]
    ratio = float(weights @ second) / float(weights @ first)
    apart, parts = second - ratio * first, other - ratio * own
    covariance = parts.T @ parts
    value = float(apart @ np.linalg.lstsq(covariance, apart, rcond=1e-10)[0])
    size = len(levers) - 1
    df = max(float(found.df[levers, b].min()) - size, 1.0)
    return float(special.fdtrc(size, df, value / size))
