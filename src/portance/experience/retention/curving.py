"""Curves of staying: everyone, those free to leave and those held, and the exposed against the not exposed.

Exposed and not exposed are told apart at a landmark, among those still there, and followed from it: who was exposed later
counts as not exposed, and nobody's group depends on how long they stayed (Anderson, Cain and Gelber 1983).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from portance.estimation.estimate import FEWEST_FOR_INTERVAL, FEWEST_FOR_POINT
from portance.estimation.surviving import leaving, staying
from portance.experience.retention.following import Followed
from portance.experience.retention.lives import Flags, Floats, Integers

MONTH_DAYS = 30.4375
_MOST_MONTHS = 60
_LANDMARK_DAYS = 91


def curves(followed: Followed, chosen: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows of ``retention_curve``: the share still there so many months on, overall and by reason of leaving."""
    lives = followed.lives
    if lives is None:
        return
    days, gone = followed.days, followed.gone
    yield from _curve("all", days, gone, lives.reasons, chosen)
    period_days = MONTH_DAYS if lives.periods and lives.recent <= 4 else 7.0
    landmark = round(_LANDMARK_DAYS / period_days)
    at = lives.first + landmark
    inside = at < lives.periods
    start = landmark * period_days
    there = inside & (days > start)
    if lives.held is not None:
        state = lives.held[np.arange(lives.n), np.minimum(at - 1, lives.periods - 1)]
        for name, code in (("free", 0), ("held", 1)):
            yield from _curve(name, *_from(days, gone, there & (state == code), start), lives.reasons, chosen)
    for name, counts in lives.exposures.items():
        met = np.zeros(lives.n, dtype=bool)
        for step in range(landmark):
            period = lives.first + step
            met |= counts[np.arange(lives.n), np.minimum(period, lives.periods - 1)] > 0
        if int((there & met).sum()) < FEWEST_FOR_POINT or int((there & ~met).sum()) < FEWEST_FOR_POINT:
            continue
        yield from _curve(f"exposed:{name}", *_from(days, gone, there & met, start), lives.reasons, ())
        yield from _curve(f"not_exposed:{name}", *_from(days, gone, there & ~met, start), lives.reasons, ())


def _from(days: Floats, gone: Integers, mine: Flags, start: float) -> tuple[Floats, Integers]:
    return days[mine] - start, gone[mine]


def _curve(
    group: str, days: Floats, gone: Integers, reasons: Sequence[str], chosen: Sequence[str]
) -> Iterator[dict[str, Any]]:
    if len(days) < FEWEST_FOR_INTERVAL:
        return
    months = np.arange(min(int(days.max() // MONTH_DAYS), _MOST_MONTHS) + 1)
    marks: Floats = np.asarray(months * MONTH_DAYS, dtype=np.float64)
    there = staying(days, gone > 0, marks)
    for place, month in enumerate(months):
        if there.at_risk[place] < FEWEST_FOR_INTERVAL:
            break
        point = there.at_risk[place] >= FEWEST_FOR_POINT
        yield {
            "group": group, "month": int(month), "at_risk": int(there.at_risk[place]),
            "staying": float(there.share[place]) if point else None, "low": float(there.low[place]), "high": float(there.high[place]),
            "reason": None, "left": float(1 - there.share[place]) if point else None, "left_low": float(1 - there.high[place]),
            "left_high": float(1 - there.low[place]),
        }  # fmt: skip
    if len(reasons) < 2 or not np.any(gone > 0):
        return
    by_choice = np.isin(gone - 1, [place for place, name in enumerate(reasons) if name in chosen]) & (
        gone > 0
    )
    parts = (
        [("chosen", np.where(by_choice, 1, 2)), ("not_chosen", np.where(by_choice, 2, 1))]
        if chosen
        else [(name, np.where(gone - 1 == place, 1, 2)) for place, name in enumerate(reasons)]
    )
    for name, causes in parts:
        out = leaving(days, np.where(gone > 0, causes, 0), 1, marks)
        for place, month in enumerate(months):
            if there.at_risk[place] < FEWEST_FOR_INTERVAL:
                break
            point = there.at_risk[place] >= FEWEST_FOR_POINT
            yield {
                "group": group, "month": int(month), "at_risk": int(there.at_risk[place]),
                "staying": float(there.share[place]) if point else None, "low": float(there.low[place]), "high": float(there.high[place]),
                "reason": name, "left": float(out.share[place]) if point else None, "left_low": float(out.low[place]),
                "left_high": float(out.high[place]),
            }  # fmt: skip
