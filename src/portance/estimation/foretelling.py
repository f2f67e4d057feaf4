"""Whether signs foretell a fall beyond what today's level already tells: out of time, against persistence, with an interval.

Units by period. A unit that stands at or above a level falls when it stands below it at any of the next periods. Once a horizon, two
logistic regressions are fitted on what was over by then, and nothing later: *persistence* on the level of the day alone, and
the other on the level and the signs. Both tell the chance of a fall from each period until they are fitted again. What is
judged are those chances, by the Brier skill score against persistence (Brier 1950; Murphy 1973; Jolliffe and Stephenson 2012).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
FEWEST_UNITS = 6
FEWEST_FALLS = 10
"""In what is learnt from, and in what is judged: with fewer, one fall more or less would decide."""
FEWEST_BLOCKS = 4
"""Stretches as long as the horizon that are judged: fewer, and their spread cannot be told."""
_STRENGTH = 1.0
_NEVER_VARIES = 1e-9


@dataclass(frozen=True, slots=True)
class Foretold:
    """Brier skill against persistence with its 95 % interval, and every chance told, (units, periods), NaN where none was.

    ``happened`` is 1 where a fall followed within the horizon, 0 where none did, NaN where that is not known (yet), or where
    the unit stood below already. ``reason`` says why there is no skill; chances may be there nevertheless.
    """

    skill: float | None
    low: float | None
    high: float | None
    error: float | None
    told: Floats = field(repr=False)
    persistence: Floats = field(repr=False)
    happened: Floats = field(repr=False)
    units: int
    origins: int
    falls: int
    reason: str | None = None

    @property
    def earned(self) -> bool:
        """Whether the signs surely foretell better than persistence."""
        return self.low is not None and self.low > 0


def falls(level: Floats, adequate: float, horizon: int) -> Floats:
    """By unit and period: whether a unit at or above ``adequate`` is below it within the next ``horizon`` periods; NaN where unknown."""
    units, periods = level.shape
    found = np.full((units, periods), np.nan)
    for at in range(periods - 1):
        ahead = level[:, at + 1 : at + 1 + horizon]
        above = level[:, at] >= adequate
        fell = (ahead < adequate).any(axis=1)
        stood = np.isfinite(ahead).all(axis=1) & (ahead.shape[1] == horizon)
        found[above & fell, at] = 1.0
        found[above & ~fell & stood, at] = 0.0
    # a fall that has been seen counts only once the whole horizon is over: else the latest origins would hold falls alone
    found[:, max(periods - horizon, 0) :] = np.nan
    return found


def foretell(level: Floats, signs: Sequence[Floats], adequate: float, horizon: int) -> Foretold:
    """Foretell falls of ``level`` (units, periods) below ``adequate`` from ``signs`` of the same shape, at every origin in turn."""
    units, periods = level.shape
    happened = falls(level, adequate, horizon)
    cube = np.stack([level, *signs], axis=-1)
    whole = np.isfinite(cube).all(axis=-1) & (level >= adequate)
    told, persisting = np.full((units, periods), np.nan), np.full((units, periods), np.nan)
    for origin in range(0, periods, horizon):
        # what is learnt from was over at the origin: its horizon ends there at the latest
        past = (whole & np.isfinite(happened))[:, : max(origin - horizon + 1, 0)]
        outcome = happened[:, : past.shape[1]][past]
        fell = int(outcome.sum())
        if fell < FEWEST_FALLS or len(outcome) - fell < FEWEST_FALLS:
            continue
        rows = cube[:, : past.shape[1]][past]
        now = np.zeros_like(whole)
        now[:, origin : origin + horizon] = whole[:, origin : origin + horizon]
        if now.any():
            told[now] = _chances(rows, outcome, cube[now])
            persisting[now] = _chances(rows[:, :1], outcome, cube[now][:, :1])
    return _judged(told, persisting, happened, horizon)


def _chances(rows: Floats, outcome: Floats, asked: Floats) -> Floats:
    """The chances of ``asked`` by a logistic regression on ``rows``, lightly held towards none of them mattering."""
    from sklearn.linear_model import LogisticRegression

    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    kept = spread > _NEVER_VARIES
    if not kept.any():
        return np.full(len(asked), outcome.mean())
    scaled = (rows[:, kept] - middle[kept]) / spread[kept]
    model = LogisticRegression(C=_STRENGTH).fit(scaled, outcome)
    # a value beyond any that was seen counts as the farthest seen: the line is not drawn past what it was learnt on
    held = np.clip((asked[:, kept] - middle[kept]) / spread[kept], scaled.min(axis=0), scaled.max(axis=0))
    return np.asarray(model.predict_proba(held)[:, 1], dtype=np.float64)


def _judged(told: Floats, persisting: Floats, happened: Floats, horizon: int) -> Foretold:
    judged = np.isfinite(told) & np.isfinite(happened)
    fell = int(happened[judged].sum()) if judged.any() else 0
    origins, units = np.flatnonzero(judged.any(axis=0)), np.flatnonzero(judged.any(axis=1))

    def nothing(reason: str) -> Foretold:
        return Foretold(None, None, None, None, told, persisting, happened, len(units), len(origins), fell, reason)  # fmt: skip

    if fell < FEWEST_FALLS:
        return nothing("too_few_falls")
    if len(units) < FEWEST_UNITS:
        return nothing("too_few_units")
    blocks = (np.arange(told.shape[1]) - origins[0]) // horizon
    if len(np.unique(blocks[origins])) < FEWEST_BLOCKS:
        return nothing("too_few_periods")
    mine = np.where(judged, (told - happened) ** 2, 0.0)
    other = np.where(judged, (persisting - happened) ** 2, 0.0)
    skill = 1 - float(mine.sum() / other.sum())
    by_unit = np.stack([mine.sum(axis=1), other.sum(axis=1)], axis=1)[units]
    by_block = np.array(
        [
            (mine[:, blocks == block].sum(), other[:, blocks == block].sum())
            for block in np.unique(blocks[origins])
        ]
    )
    cells = np.array(
        [
            (mine[unit, blocks == block].sum(), other[unit, blocks == block].sum())
            for unit in units
            for block in np.unique(blocks[origins])
        ]
    )
    # units share weeks and weeks share units: clustered both ways (Cameron, Gelbach and Miller 2011), never below either
    each = _jackknifed(by_unit), _jackknifed(by_block)
    error = math.sqrt(max(sum(each) - _jackknifed(cells), *each))
    half = float(stats.t.ppf(0.975, min(len(by_unit), len(by_block)) - 1)) * error
    return Foretold(skill, skill - half, skill + half, error, told, persisting, happened, len(units), len(origins), fell)  # fmt: skip


def _jackknifed(parts: Floats) -> float:
    """The variance of a skill by leaving out one part after the other."""
    left = parts.sum(axis=0) - parts
    skills = 1 - left[:, 0] / np.maximum(left[:, 1], 1e-12)
    many = len(parts)
    return float((many - 1) / many * ((skills - skills.mean()) ** 2).sum())
