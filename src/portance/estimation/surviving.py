"""How many are still there after so long, and how many have left for each reason, with some lost from sight.

Kaplan and Meier (1958) with Greenwood's variance and intervals on the log-log scale; Aalen and Johansen (1978) for
reasons that exclude each other, with the variance of the delta method (Marubini and Valsecchi 1995).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Staying:
    """At each mark: how many are at risk just after it, the share still there, and its interval; NaN beyond follow-up."""

    marks: Floats
    at_risk: Integers
    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Leaving:
    """At each mark: the share that has left for one reason, and its interval; NaN beyond follow-up."""

    marks: Floats
    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class _Steps:
    times: Floats
    at_risk: Floats
    ended: Floats
    survival: Floats
    """Just after each time."""
    last: float


def _steps(times: Floats, causes: Integers) -> _Steps:
    ended_at = np.unique(times[causes > 0])
    ordered = np.sort(times)
    at_risk = len(times) - np.searchsorted(ordered, ended_at, side="left")
    gone = np.sort(times[causes > 0])
    ended = np.searchsorted(gone, ended_at, side="right") - np.searchsorted(gone, ended_at, side="left")
    survival = np.asarray(np.cumprod(1 - ended / np.maximum(at_risk, 1)), dtype=np.float64)
    return _Steps(
        ended_at, at_risk.astype(float), ended.astype(float), survival, float(times.max(initial=0.0))
    )


def staying(times: Floats, ended: npt.NDArray[np.bool_], marks: Floats, *, level: float = 0.95) -> Staying:
    """The share still there at ``marks``; ``times`` are follow-up, ``ended`` false where it was lost from sight."""
    steps = _steps(times, ended.astype(np.int64))
    z = float(stats.norm.ppf((1 + level) / 2))
    place = np.searchsorted(steps.times, marks, side="right") - 1
    before = np.r_[1.0, steps.survival]
    with np.errstate(divide="ignore", invalid="ignore"):
        term = steps.ended / (steps.at_risk * (steps.at_risk - steps.ended))
    greenwood = np.r_[0.0, np.cumsum(np.where(np.isfinite(term), term, 0.0))]
    share, variance = before[place + 1], greenwood[place + 1]
    at_risk = len(times) - np.searchsorted(np.sort(times), marks, side="left")
    low, high = _log_log(share, np.sqrt(variance), z)
    # before anyone has left, the most that could have is what a binomial of nobody allows
    nobody = share >= 1
    low = np.where(nobody, np.where(at_risk > 0, (1 - level) ** (1 / np.maximum(at_risk, 1)), 0.0), low)
    seen = marks <= steps.last
    return Staying(marks, at_risk, _only(share, seen), _only(low, seen), _only(high, seen))


def leaving(times: Floats, causes: Integers, cause: int, marks: Floats, *, level: float = 0.95) -> Leaving:
    """The share that has left for reason ``cause`` by ``marks``; ``causes`` are 0 where lost from sight, else from 1."""
    steps = _steps(times, causes)
    if not len(steps.times):
        seen = marks <= steps.last
        nil = np.zeros(len(marks))
        most = np.full(len(marks), 1 - (1 - level) ** (1 / max(len(times), 1)))
        return Leaving(marks, _only(nil, seen), _only(nil, seen), _only(most, seen))
    gone = np.sort(times[causes == cause])
    mine = (
        np.searchsorted(gone, steps.times, side="right") - np.searchsorted(gone, steps.times, side="left")
    ).astype(float)
    before = np.r_[1.0, steps.survival[:-1]]
    added = before * mine / steps.at_risk
    so_far = np.cumsum(added)
    z = float(stats.norm.ppf((1 + level) / 2))
    share, error = np.zeros(len(marks)), np.zeros(len(marks))
    n, d = steps.at_risk, steps.ended
    with np.errstate(divide="ignore", invalid="ignore"):
        all_ended = np.where(n > d, d / (n * (n - d)), 0.0)
    for number, mark in enumerate(marks):
        upto = int(np.searchsorted(steps.times, mark, side="right"))
        if not upto:
            continue
        total = so_far[upto - 1]
        left = total - so_far[:upto]
        variance = (
            (left**2 * all_ended[:upto]).sum()
            + (before[:upto] ** 2 * (n[:upto] - mine[:upto]) * mine[:upto] / n[:upto] ** 3).sum()
            - 2 * (left * before[:upto] * mine[:upto] / n[:upto] ** 2).sum()
        )
        share[number], error[number] = total, np.sqrt(max(float(variance), 0.0))
    high_stay, low_stay = 1 - share, 1 - share
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(share < 1, error / np.maximum(1 - share, 1e-300), 0.0)
    low_stay, high_stay = _log_log(1 - share, spread, z)
    none = share <= 0
    most = 1 - (1 - level) ** (1 / max(len(times), 1))
    seen = marks <= steps.last
    return Leaving(
        marks,
        _only(share, seen),
        _only(np.where(none, 0.0, 1 - high_stay), seen),
        _only(np.where(none, most, 1 - low_stay), seen),
    )


def _log_log(share: Floats, relative: Floats, z: float) -> tuple[Floats, Floats]:
    """Limits of a share from its relative error, on the scale log(-log share): they stay within 0 and 1."""
    inside = (share > 0) & (share < 1)
    kept = np.where(inside, share, 0.5)
    half = z * relative / np.abs(np.log(kept))
    low = np.where(inside, kept ** np.exp(half), share)
    high = np.where(inside, kept ** np.exp(-half), share)
    return low, high


def _only(values: Floats, seen: npt.NDArray[np.bool_]) -> Floats:
    return np.where(seen, values, np.nan)
