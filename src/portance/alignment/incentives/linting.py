"""A reading of scorecards: what is known to go wrong with what is paid (Kerr 1975; Holmström and Milgrom 1991; Baker 2002)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from portance.alignment.incentives.incentive import Incentive, Rule, Severity
from portance.alignment.indicators.coupling import components, coupled
from portance.alignment.indicators.dating import PER_YEAR
from portance.alignment.indicators.panel import Panel
from portance.charter import Charter
from portance.charter.indicator import Scorecard

MOST_INDICATORS = 7
LEAST_CONTROL = 0.5
_PAY_PERIODS = {"short": 0.25, "long": 1.0}
"""Years over which a short and a long horizon are paid: a quarter, a year."""
_RANK: Mapping[str, int] = {"high": 0, "medium": 1, "low": 2}
_WEIGHTS_OFF = 0.01


def lint(
    charter: Charter, panels: Sequence[Panel] = (), conflicts: Sequence[Mapping[str, Any]] = ()
) -> tuple[Incentive, ...]:
    """Every fault of every scorecard, the gravest first. ``conflicts`` are rows of the table of that name."""
    found: list[Incentive] = []
    for name, card in charter.scorecards.items():
        mine = [
            *_opposed(name, card, conflicts), *_mechanical(charter, name, card), *_shapes(charter, name, card),
            *_noise(charter, name, card, panels), *_missing(charter, name, card),
        ]  # fmt: skip
        found += sorted(mine, key=lambda one: _RANK[one.severity])
    return tuple(found)


def _fault(
    name: str,
    card: Scorecard,
    rule: Rule,
    severity: Severity,
    indicators: Sequence[str] = (),
    *,
    value: float | None = None,
    bound: float | None = None,
    **detail: float | str | None,
) -> Incentive:
    return Incentive(
        name, card.function, rule, severity, tuple(indicators), value, bound, tuple(detail.items())
    )


def _opposed(name: str, card: Scorecard, conflicts: Sequence[Mapping[str, Any]]) -> Iterator[Incentive]:
    """Two paid indicators of which improving one is known, or declared, to harm the other; the best evidence of each pair."""
    best: dict[frozenset[str], Mapping[str, Any]] = {}
    for row in conflicts:
        pair = frozenset((row["from_indicator"], row["to_indicator"]))
        if row["verdict"] == "conflict" and len(pair) == 2 and pair <= set(card.indicators):
            held = best.get(pair)
            if held is None or (row["grade"], row["kind"] != "empirical") < (
                held["grade"],
                held["kind"] != "empirical",
            ):
                best[pair] = row
    for pair, row in best.items():
        severity: Severity = "medium" if row["kind"] == "indirect" or row["grade"] == "D" else "high"
        share = min(card.indicators[one].weight for one in pair) / sum(
            one.weight for one in card.indicators.values()
        )
        yield _fault(
            name, card, "opposed", severity, [one for one in card.indicators if one in pair], value=row["effect"], bound=0.0,
            kind=str(row["kind"]), grade=str(row["grade"]), lever=row["lever"], share_of_smaller=share,
        )  # fmt: skip


def _mechanical(charter: Charter, name: str, card: Scorecard) -> Iterator[Incentive]:
    """Two paid indicators that are built from the same sums: one result is paid twice."""
    parts = {one: components(charter, one) for one in card.indicators}
    listed = list(card.indicators)
    for place, first in enumerate(listed):
        for second in listed[place + 1 :]:
            shared = coupled(parts[first], parts[second])
            if shared:
                yield _fault(name, card, "mechanical", "low", (first, second), shares=shared[0])


def _shapes(charter: Charter, name: str, card: Scorecard) -> Iterator[Incentive]:
    total = sum(paid.weight for paid in card.indicators.values())
    if abs(total - 1) > _WEIGHTS_OFF:
        yield _fault(name, card, "weights", "low", list(card.indicators), value=total, bound=1.0)
    if len(card.indicators) > MOST_INDICATORS:
        yield _fault(
            name, card, "too_many", "low", list(card.indicators), value=float(len(card.indicators)), bound=float(MOST_INDICATORS),
        )  # fmt: skip
    for one, paid in card.indicators.items():
        if paid.threshold is not None:
            target = charter.indicators[one].aim
            yield _fault(
                name,
                card,
                "cliff",
                "medium",
                (one,),
                value=paid.weight / total,
                bound=paid.threshold,
                target=target,
            )
        if paid.controllable is not None and 1 - paid.controllable > LEAST_CONTROL:
            yield _fault(
                name,
                card,
                "uncontrollable",
                "medium",
                (one,),
                value=1 - paid.controllable,
                bound=LEAST_CONTROL,
            )


def _missing(charter: Charter, name: str, card: Scorecard) -> Iterator[Incentive]:
    customers = [one for one in card.indicators if charter.indicators[one].speaks_of_customers]
    if card.paid_to == "individual" and customers:
        yield _fault(name, card, "individual", "high", customers)
    if not customers:
        yield _fault(name, card, "no_customer", "high", list(card.indicators))
    horizons = {paid.horizon or charter.indicators[one].horizon for one, paid in card.indicators.items()}
    if "long" not in horizons:
        yield _fault(name, card, "no_long_term", "medium", list(card.indicators))


def _noise(charter: Charter, name: str, card: Scorecard, panels: Sequence[Panel]) -> Iterator[Incentive]:
    """Steps of pay that are smaller than what chance alone moves a unit's mean over the time that is paid."""
    for one, paid in card.indicators.items():
        panel = next((held for held in panels if one in held.indicators), None)
        if paid.step is None or panel is None:
            continue
        years = _PAY_PERIODS[paid.horizon or charter.indicators[one].horizon]
        periods = max(1, round(years * PER_YEAR[panel.period_kind]))
        error = noise(panel, one, periods)
        if error is not None and error > paid.step:
            yield _fault(
                name, card, "noise", "high", (one,), value=error, bound=paid.step, periods=float(periods),
                unit_kind=panel.unit_kind,
            )  # fmt: skip


def noise(panel: Panel, indicator: str, periods: int) -> float | None:
    """The standard error of one unit's mean over ``periods``: what it would move by without anything having changed.

    Readings are taken around their unit's mean and their period's; each unit's share of lag-one correlation widens the
    error as it does for a first-order autoregression. Null with fewer than three units or eight periods.
    """
    seen = panel.of(indicator)
    known = np.isfinite(seen)
    enough = known.sum(axis=1) >= 8
    if int(enough.sum()) < 3:
        return None
    rest = np.where(known, seen, np.nan)[enough]
    rest = rest - np.nanmean(rest, axis=1, keepdims=True)
    shown = np.isfinite(rest)
    rest = rest - np.where(shown.any(axis=0), np.nansum(rest, axis=0) / np.maximum(shown.sum(axis=0), 1), 0.0)
    units, columns = int(shown.shape[0]), int(shown.any(axis=0).sum())
    freedom = int(shown.sum()) - units - columns + 1
    if freedom < 1:
        return None
    variance = float(np.nansum(rest**2)) / freedom
    both = shown[:, 1:] & shown[:, :-1]
    crossed = float(np.sum(rest[:, 1:][both] * rest[:, :-1][both]))
    squares = float(np.sum(rest[:, :-1][both] ** 2))
    persistence = 0.0 if squares <= 0 else min(max(crossed / squares, 0.0), 0.95)
    lags = np.arange(1, periods)
    widened = 1 + 2 * float(np.sum((1 - lags / periods) * persistence**lags))
    return math.sqrt(variance * widened / periods)
