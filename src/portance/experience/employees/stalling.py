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

from portance.estimation import wilson
from portance.estimation.foretelling import FEWEST_UNITS, Flags, Floats, Foretold, foretell
from portance.experience.employees.balancing import ADEQUATE
from portance.experience.employees.facts import EPOCH, WEEK_DAYS
from portance.experience.employees.preceding import Panel
from portance.experience.employees.setting import Setting

HORIZON_WEEKS = 8
SPEED_WEEKS = 13
ALARM = 0.5
"""A fall is then more likely than not."""
Part = tuple[float, int]
"""Of one team: how much of how many cases."""


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
    for row in (_skill(setting, found), *_done(setting, found, panel), *_now(setting, found), *_curve(setting, found, panel)):  # fmt: skip
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


def _done(setting: Setting, found: Foretold, panel: Panel) -> Iterator[dict[str, Any]]:
    """How the alarms would have done in the quarters that are told: falls warned of, how long before, and alarms where no fall came.

    What is counted (falls, and stretches of eight weeks without one) comes from what customers live; only whether an alarm was
    told comes from employees, and leaves through the door as a share over teams.
    """
    if found.skill is None:
        return
    alarmed = np.nan_to_num(found.told) >= ALARM
    judged = np.isfinite(found.told) & np.isfinite(found.happened)
    inside = _inside(setting, panel, alarmed.shape[1])
    horizon = HORIZON_WEEKS // panel.weeks
    warned, lead, false = dict[str, Part](), dict[str, Part](), dict[str, Part]()
    for unit, team in enumerate(panel.cells.units):
        falls = [
            at for at in _starts(found.happened[unit] == 1.0, horizon, found.told[unit]) if inside[at[-1]]
        ]
        ahead = [next((at[-1] + 1 - origin for origin in at if alarmed[unit, origin]), 0) for at in falls]
        warned[team] = float(np.count_nonzero(ahead)), len(falls)
        lead[team] = sum(ahead) / horizon, len(falls)
        quiet = [
            alarmed[unit, at].any() for at in _quiet(found.happened[unit], judged[unit] & inside, horizon)
        ]
        false[team] = float(sum(quiet)), len(quiet)
    for figure, unit_, times, parts in (
        ("warned", "share", 1, warned), ("lead", "weeks", HORIZON_WEEKS, lead), ("false_alarms", "share", 1, false),
    ):  # fmt: skip
        told = setting.door.pooled("stall", figure, panel.cells, setting.window, parts)
        value, low, high = (None if end is None else times * end for end in (told.value, told.low, told.high))
        yield {
            "figure": figure, "basis": "measured", "unit": unit_, "value": value, "low": low, "high": high, "n": told.cases,
            "teams": told.teams, "employees": told.employees, "reason": told.reason,
        }  # fmt: skip


def _inside(setting: Setting, panel: Panel, many: int) -> Flags:
    """Which periods end within the quarters that are told."""
    first, after = setting.window.days
    ends = panel.first + (np.arange(many) + 1) * panel.weeks * WEEK_DAYS
    return np.asarray((ends > first) & (ends <= after))


def _quiet(happened: Floats, judged: Flags, horizon: int) -> Iterator[Any]:
    """Stretches as long as the horizon whose judged periods were followed by no fall: these periods."""
    for start in range(0, len(judged), horizon):
        at = start + np.flatnonzero(judged[start : start + horizon])
        if len(at) and (happened[at] == 0.0).all():
            yield at


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
    low, high = (round(float(np.clip(chance + np.quantile(off, q), 0, 1)), 2) for q in (0.025, 0.975))
    # how many teams are more likely than not to fall would be an exact count of what their employees say
    yield {
        "figure": "risk", "basis": "predicted", "unit": "share", "value": chance, "low": min(low, chance), "high": max(high, chance),
        "teams": int(counts[places[-1]]),
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
