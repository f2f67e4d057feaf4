"""The angle between what is paid and what customers value (Baker 2002, J. Human Resources 37:728-751).

Over the levers: what a lever's whole range does to what is paid, each indicator weighted as it is paid and told on one
scale (its standard deviation within units; without readings, what all levers together can do to it), against what it
does to the indicators that speak of customers, weighted by what one unit of each is worth, or by their promises' weights.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from portance.alignment.incentives.incentive import IncentiveAngle
from portance.alignment.indicators.panel import Panel
from portance.alignment.structure.effects import Effects, Floats, drawn, effects_of
from portance.charter import Charter
from portance.charter.indicator import Scorecard
from portance.estimation import DRAWS, limits


def angles(
    charter: Charter, panels: Sequence[Panel] = (), effects: Effects | None = None, seed: int = 0
) -> tuple[IncentiveAngle, ...]:
    """The angle of every scorecard; ``effects`` replaces the declared ones (see ``effects_of``)."""
    effects = effects_of(charter) if effects is None else effects
    clouds = drawn(effects, DRAWS, seed)
    spreads = _spreads(charter, panels)
    return tuple(
        _angle(charter, name, card, (effects, clouds), spreads) for name, card in charter.scorecards.items()
    )


def _angle(
    charter: Charter,
    name: str,
    card: Scorecard,
    known: tuple[Effects, Mapping[tuple[str, str], Floats]],
    spreads: Mapping[str, float],
) -> IncentiveAngle:
    effects, clouds = known
    widths = {
        lever: held.range[1] - held.range[0]
        for lever, held in charter.levers.items()
        if held.range is not None and any(key[0] == lever for key in effects)
    }
    paid = {one: held.weight for one, held in card.indicators.items()}
    valued, priced = _valued(charter, effects, widths)
    used = {one for one in (*paid, *valued) if any((lever, one) in effects for lever in widths)}
    if not widths or not used:
        return IncentiveAngle(name, card.function, None, None, None, None, 0, "E", "no_levers")
    by_reach = not (used - (set(valued) if priced else set())) <= set(spreads)
    scales = {one: _reach(effects, widths, one) if by_reach else spreads.get(one, 0.0) for one in used}
    value_scales = dict.fromkeys(valued, 1.0) if priced else scales
    point = {key: np.array([sized.value]) for key, sized in effects.items()}
    for told, reason in ((paid, "paid_unmoved"), (valued, "no_customer_value")):
        if not any((lever, one) in effects for lever in widths for one in told):
            return IncentiveAngle(name, card.function, None, None, None, None, len(widths), "E", reason)
    cosine = float(_cosine(charter, widths, point, (paid, scales), (valued, value_scales))[0])
    grade = max(sized.grade for (lever, one), sized in effects.items() if lever in widths and one in used)
    if not math.isfinite(cosine):
        return IncentiveAngle(name, card.function, None, None, None, None, len(widths), grade, "paid_unmoved")
    low = high = None
    if any(not sized.certain for (lever, one), sized in effects.items() if lever in widths and one in used):
        draws = _cosine(charter, widths, clouds, (paid, scales), (valued, value_scales))
        low, high = limits(draws[np.isfinite(draws)]) if np.isfinite(draws).sum() > DRAWS / 2 else (-1.0, 1.0)
    degrees = math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))
    reason_told = "by_reach" if by_reach else None
    return IncentiveAngle(name, card.function, cosine, low, high, degrees, len(widths), grade, reason_told)


def _valued(charter: Charter, effects: Effects, widths: Mapping[str, float]) -> tuple[dict[str, float], bool]:
    """What customers value: each indicator that speaks of them with its weight, and whether weights are money per unit.

    Money counts where every one of them that a lever moves has a declared worth; else the weight of its promise.
    """
    customers = [
        name
        for name, held in charter.indicators.items()
        if held.speaks_of_customers and any((lever, name) in effects for lever in widths)
    ]
    worths = {}
    for name in customers:
        worth = charter.indicators[name].worth
        if worth is not None and worth.value in charter.values:
            worths[name] = abs(charter.values[worth.value].value * worth.times)
    if customers and len(worths) == len(customers):
        return worths, True
    weights = {}
    for name in customers:
        promise = charter.indicators[name].promise
        declared = charter.promises[promise].weight if promise in charter.promises else None
        weights[name] = 1.0 if declared is None else declared
    return weights, False


def _spreads(charter: Charter, panels: Sequence[Panel]) -> dict[str, float]:
    """The standard deviation of each indicator around the means of its units."""
    found = {}
    for panel in panels:
        for name in panel.indicators:
            seen = panel.of(name)
            some = np.isfinite(seen).sum(axis=1) >= 2
            if name not in charter.indicators or not some.any():
                continue
            rest = seen[some] - np.nanmean(seen[some], axis=1, keepdims=True)
            spread = float(np.sqrt(np.nanmean(rest**2)))
            if spread > 0:
                found[name] = spread
    return found


def _reach(effects: Effects, widths: Mapping[str, float], indicator: str) -> float:
    return math.hypot(
        *(
            effects[lever, indicator].value * width
            for lever, width in widths.items()
            if (lever, indicator) in effects
        )
    )


def _cosine(
    charter: Charter,
    widths: Mapping[str, float],
    effects: Mapping[tuple[str, str], Floats],
    paid: tuple[Mapping[str, float], Mapping[str, float]],
    valued: tuple[Mapping[str, float], Mapping[str, float]],
) -> Floats:
    """The cosine in every draw of the effects; NaN where one of the two vectors is nothing."""
    vectors = []
    for weights, scales in (paid, valued):
        rows = []
        for lever, width in widths.items():
            parts = [
                weight
                * (1.0 if charter.indicators[one].better == "higher" else -1.0)
                * effects[lever, one]
                * width
                / scales[one]
                for one, weight in weights.items()
                if (lever, one) in effects and scales.get(one, 0.0) > 0
            ]
            rows.append(np.sum(parts, axis=0) if parts else np.zeros(len(next(iter(effects.values())))))
        vectors.append(np.array(rows))
    lengths = np.linalg.norm(vectors[0], axis=0) * np.linalg.norm(vectors[1], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine: Floats = np.where(lengths > 0, (vectors[0] * vectors[1]).sum(axis=0) / lengths, np.nan)
    return np.clip(cosine, -1.0, 1.0)
