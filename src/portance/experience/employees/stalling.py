"""Whether the margin before the stall foretells that customers' lived experience will fall, on the company's own teams.

A team falls when the share of its journeys that go on without a break, at half or more, is below half within eight weeks. What
might tell of it beyond that share itself: the margin min(lift, thrust), the trend of the thrust, the speed at which things
change. An alarm is told only where these surely foretell better than persistence does; see :mod:`portance.estimation.foretelling`.
"""

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
from scipy import stats

from portance.estimation import by_person, quantile, ratio, wilson
from portance.estimation.foretelling import FEWEST_UNITS, Floats, Foretold, foretell
from portance.experience.employees.balancing import ADEQUATE
from portance.experience.employees.facts import EPOCH, WEEK_DAYS
from portance.experience.employees.preceding import Panel
from portance.experience.employees.setting import Setting

HORIZON_WEEKS = 8
SPEED_WEEKS = 13
ALARM = 0.5
"""A fall is then more likely than not."""


def signs(lift: Floats, thrust: Floats, changes: Floats, weeks: int) -> tuple[Floats, Floats, Floats]:
    """What might foretell, by team and period: the margin, the trend of the thrust, and how many changes began in the last 13 weeks.

    ``lift`` and ``thrust`` are (teams, periods) on 0 to 100, ``changes`` counts those of each period. What is intended, W, is
    one number for all periods, so that min(lift, thrust) tells all that the margin min(lift, thrust) - W does.
    """
    back = HORIZON_WEEKS // weeks
    trend = np.full_like(thrust, np.nan)
    for at in range(back, thrust.shape[1]):
        before = thrust[:, at - back : at]
        known = np.isfinite(before).sum(axis=1)
        mean = np.nansum(before, axis=1) / np.maximum(known, 1)
        trend[:, at] = np.where(known > 0, thrust[:, at] - mean, np.nan)
    speed = np.convolve(changes, np.ones(-(-SPEED_WEEKS // weeks)))[: len(changes)]
    return np.minimum(lift, thrust), trend, np.broadcast_to(speed, lift.shape)


def stall(setting: Setting, panel: Panel | None) -> Iterator[dict[str, Any]]:
    """The rows of ``stall``: whether an alarm is earned, how it would have done, and both curves."""
    if panel is None or panel.weeks > HORIZON_WEEKS:
        yield _unknown("periods_too_long" if panel else setting.door.closed or "no_data")
        return
    lift, thrust = 100 * panel.lift, 100 * panel.cells.values
    changes = np.zeros(lift.shape[1])
    for change in setting.charter.changes.values():
        period = ((change.since - EPOCH).days - panel.first) // (panel.weeks * WEEK_DAYS)
        if 0 <= period < len(changes):
            changes[period] += 1
    found = foretell(lift, signs(lift, thrust, changes, panel.weeks), ADEQUATE, HORIZON_WEEKS // panel.weeks)
    common = {"employees": panel.cells.employees, "weeks": panel.weeks}
    for row in (_skill(setting, found), *_done(setting, found, panel.weeks), *_now(setting, found), *_curve(setting, found, panel)):  # fmt: skip
        yield common | row


def _unknown(reason: str) -> dict[str, Any]:
    return {"figure": "skill", "basis": "measured", "unit": "score", "verdict": "not_measurable", "reason": reason}  # fmt: skip


def _skill(setting: Setting, found: Foretold) -> dict[str, Any]:
    counts = {"teams": found.units, "n": found.falls}
    if found.skill is None or found.error is None or found.low is None or found.high is None:
        return _unknown(found.reason or "no_data") | counts
    value = setting.door.coefficient("stall", found.skill, found.error)
    return {
        "figure": "skill", "basis": "measured", "unit": "score", "value": value, "low": round(value + found.low - found.skill, 2),
        "high": round(value + found.high - found.skill, 2), "verdict": "alarm" if found.earned else "no_alarm", **counts,
    }  # fmt: skip


def _done(setting: Setting, found: Foretold, weeks: int) -> Iterator[dict[str, Any]]:
    """How the alarms would have done: falls warned of, how long before, and false alarms in a quarter over all teams."""
    if found.skill is None:
        return
    horizon = HORIZON_WEEKS // weeks
    alarmed = np.nan_to_num(found.told) >= ALARM
    fallen, warned, leads, whose = list[int](), list[float](), list[float](), list[int]()
    false = 0
    for unit in range(len(alarmed)):
        for at in _starts(found.happened[unit] == 1.0, horizon, found.told[unit]):
            ahead = [origin for origin in at if alarmed[unit, origin]]
            fallen.append(unit)
            warned.append(float(bool(ahead)))
            if ahead:
                leads.append(float((at[-1] + 1 - ahead[0]) * weeks))
                whose.append(unit)
        for episode in _runs(alarmed[unit]):
            false += bool((found.happened[unit, episode] == 0.0).all())
    quarters = found.origins * weeks / SPEED_WEEKS
    share = ratio(by_person(fallen, warned, [1.0] * len(fallen)), seed=setting.seed, proportion=True)
    yield _estimated("warned", "share", (share.value, share.ci_low, share.ci_high), share.n, share.persons)
    if leads:
        lead = quantile(leads, 0.5, seed=setting.seed, persons=np.array(whose))
        yield _estimated("lead", "weeks", (lead.value, lead.ci_low, lead.ci_high), lead.n, lead.persons)
    low = float(stats.chi2.ppf(0.025, 2 * false)) / 2 if false else 0.0
    high = float(stats.chi2.ppf(0.975, 2 * (false + 1))) / 2
    yield _estimated(
        "false_alarms", "per_quarter", (false / quarters, low / quarters, high / quarters), false, found.units
    )


def _starts(fell: np.ndarray, horizon: int, told: Floats) -> Iterator[list[int]]:
    """By fall, the origins within the horizon before it at which a chance was told; the last of them is the period just before."""
    for run in _runs(fell):
        at = [origin for origin in run[-horizon:] if np.isfinite(told[origin])]
        if at and at[-1] == run[-1]:
            yield at


def _runs(flags: np.ndarray) -> list[list[int]]:
    """Stretches of periods, one after the other, at which a flag is up."""
    places = np.flatnonzero(flags)
    return [part.tolist() for part in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(part)]


def _estimated(figure: str, unit: str, ends: tuple[float | None, float | None, float | None], n: int, teams: int) -> dict[str, Any]:  # fmt: skip
    value, low, high = ends
    return {"figure": figure, "basis": "measured", "unit": unit, "value": value, "low": low, "high": high, "n": n, "teams": teams}  # fmt: skip


def _now(setting: Setting, found: Foretold) -> Iterator[dict[str, Any]]:
    """Where an alarm is earned: the share of teams that are told to fall within eight weeks of the last origin, as far off as it was before."""
    counts = np.isfinite(found.told).sum(axis=0)
    places = np.flatnonzero(counts >= FEWEST_UNITS)
    if not found.earned or not len(places):
        return
    off = [
        found.happened[judged, origin].mean() - found.told[judged, origin].mean()
        for origin in places
        if (judged := np.isfinite(found.told[:, origin]) & np.isfinite(found.happened[:, origin])).sum()
        >= FEWEST_UNITS
    ]
    last = found.told[:, places[-1]]
    spread = float(np.nanstd(last)) / math.sqrt(int(counts[places[-1]]))
    chance = min(max(setting.door.coefficient("stall now", float(np.nanmean(last)), spread), 0.0), 1.0)
    low, high = (float(np.clip(chance + np.quantile(off, q), 0, 1)) for q in (0.025, 0.975))
    yield {
        "figure": "risk", "basis": "predicted", "unit": "share", "value": chance, "low": min(low, chance), "high": max(high, chance),
        "n": int((last >= ALARM).sum()), "teams": int(counts[places[-1]]),
    }  # fmt: skip


def _curve(setting: Setting, found: Foretold, panel: Panel) -> Iterator[dict[str, Any]]:
    """By origin with six teams at least: the share of teams told to fall, the same by persistence, and the share that did."""
    for origin in range(found.told.shape[1]):
        told = found.told[:, origin]
        there = np.isfinite(told)
        many = int(there.sum())
        if many < FEWEST_UNITS:
            continue
        seen = there & np.isfinite(found.happened[:, origin])
        fell, judged = int(np.nansum(found.happened[seen, origin])), int(seen.sum())
        low, high = wilson(fell, judged) if judged >= FEWEST_UNITS else (None, None)
        mean, error = float(told[there].mean()), float(told[there].std() / np.sqrt(many))
        yield {
            "figure": "curve", "basis": "predicted", "unit": "share", "teams": many,
            "period": EPOCH + timedelta(panel.first + (origin + 1) * panel.weeks * WEEK_DAYS),
            "value": min(max(setting.door.coefficient(f"stall {origin}", mean, error), 0.0), 1.0),
            "persistence": float(found.persistence[there, origin].mean()),
            "observed": fell / judged if judged >= FEWEST_UNITS else None, "low": low, "high": high,
        }  # fmt: skip
