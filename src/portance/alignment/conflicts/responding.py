"""Every indicator is regressed on the past of all levers at once, to find the level that each settles at.

Unit and period effects are swept out, observed conditions held (now, over the last weeks, and squared). An indicator's
own past is not among the columns: a lever works through it, and holding it would hide the slow part of a response.
What future moves of a lever seem to do is estimated beside, and must be nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.alignment.conflicts.absorbing import Absorber
from portance.alignment.conflicts.bounding import benchmarked
from portance.alignment.conflicts.lagging import (
    AHEAD,
    Layout,
    ahead,
    followed,
    held,
    laid_out,
    shifted,
    spells,
    starts_for,
)
from portance.alignment.conflicts.regressing import (
    JACKKNIFED,
    Fit,
    Products,
    alike,
    degrees,
    fitted,
    products,
    widening,
)
from portance.alignment.indicators.panel import Moved, Panel

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FEWEST_UNITS = 6
"""With fewer units no doubt can be estimated, and nothing is claimed."""
FEW_UNITS = 12
"""Below this many units the wild bootstrap widens the intervals where Student's would be too narrow."""
MOST_MISSING = 0.3
"""A condition of which more than this share is missing is not held: it would cost more readings than it is worth."""
FEWEST_ROWS_PER_COLUMN = 8


@dataclass(frozen=True, slots=True)
class Responded:
    """Settled and passing responses of K indicators to L levers, in native units, with each unit's part in them.

    ``coefficients`` (L, S, K) by step of the ``layout``, ``parts`` (units, L, S, K) as in
    :class:`~portance.alignment.conflicts.regressing.Fit`, ``df`` (L, K) Student's degrees of freedom, ``wider`` (L, K) what
    errors are multiplied by for few units and for a response that may settle later than taken. ``lead_p`` and ``earlier_p``
    (L, K): what the moves of the coming periods, and of those after, seem to do. ``robust`` (L, K) is the
    robustness value, ``lost`` (L, K) the largest bias of the settled response from something unseen that is as strong as
    the strongest condition; NaN without conditions. ``rows`` (K) counts readings, ``followed`` (L) periods.
    """

    layout: Layout
    states: Floats
    coefficients: Floats
    parts: Floats
    df: Floats
    wider: Floats
    lead_p: Floats
    earlier_p: Floats
    robust: Floats
    lost: Floats
    rows: npt.NDArray[np.int64]
    followed: npt.NDArray[np.int64]

    @property
    def settled(self) -> Floats:
        """The level reached for good, shape (L, K)."""
        level: Floats = self.coefficients[:, -1]
        return level


def conditions(panel: Panel) -> Floats:
    """What is held of the conditions, shape (units, periods, columns): now, the four periods before, and squared."""
    columns: list[Floats] = []
    for name in panel.context:
        values = panel.of(name)
        if np.mean(~np.isfinite(values)) > MOST_MISSING:
            continue
        spread = float(np.nanstd(values))
        if not spread > 0:
            continue
        scaled = (values - np.nanmean(values)) / spread
        recent = np.stack([shifted(scaled, lag) for lag in range(1, 5)])
        known = np.isfinite(recent)
        total = np.where(known, recent, 0.0).sum(axis=0)
        columns += [scaled, total / np.maximum(known.sum(axis=0), 1), scaled**2]
    if not columns:
        return np.zeros((len(panel.units), len(panel.periods), 0))
    return np.stack(columns, axis=2)


def usable(panel: Panel, names: tuple[str, ...]) -> tuple[str, ...]:
    """The levers that moved in three units or more, and not everywhere alike."""
    found = []
    for name in names:
        states = held(panel.of(name)[:, :, None])
        if not np.isfinite(states).all():
            continue
        moved = np.flatnonzero((np.diff(states[:, :, 0], axis=1) != 0).any(axis=1))
        apart = Absorber(np.ones(states.shape[:2], dtype=bool)).swept(states)
        own = (apart[:, :, 0] ** 2).sum(axis=1)
        if len(moved) >= 3 and own.sum() > 1e-9 * float((states**2).sum() + 1e-300):
            found.append(name)
    return tuple(found)


def responded(
    panel: Panel,
    moved: Mapping[str, Moved],
    *,
    seed: int,
    starts: tuple[int, ...] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Responded | None:
    """The responses of all indicators to all levers that moved; None where none did, or with fewer than six units."""
    units, periods = panel.values.shape[:2]
    names = usable(panel, tuple(name for name in panel.levers if name in moved))
    if not names or units < FEWEST_UNITS:
        return None
    states = held(np.stack([panel.of(name) for name in names], axis=2))
    held_conditions = conditions(panel)
    chosen = starts if starts is not None else starts_for(panel.period_kind, periods)
    while (
        len(chosen) > 1
        and (len(names) * len(chosen) + held_conditions.shape[2]) * FEWEST_ROWS_PER_COLUMN
        > units * periods - units - periods
    ):
        chosen = (*chosen[:-2], chosen[-1]) if len(chosen) > 2 else chosen[:1]
    layout = Layout(names, chosen)
    x = np.concatenate(
        [laid_out(states, chosen), held_conditions, ahead(states, AHEAD[panel.period_kind])], axis=2
    )
    size, steps = len(names), len(chosen)
    columns, extra = size * steps, held_conditions.shape[2]
    y = panel.values[:, :, : len(panel.indicators)]
    outcomes = y.shape[2]
    ready: Mask = np.asarray(np.isfinite(x).all(axis=2))
    if float(spells(states).min()) < chosen[-1]:
        # moves this frequent are likely to have been made shortly before the first period too
        ready[:, : chosen[-1]] = False

    coefficients = np.full((size, steps, outcomes), np.nan)
    parts = np.full((units, size, steps, outcomes), np.nan)
    wider = np.ones((size, outcomes))
    df, lead_p, earlier_p, robust, lost = (np.full((size, outcomes), np.nan) for _ in range(5))
    rows = np.zeros(outcomes, dtype=np.int64)
    groups = alike(ready[:, :, None] & np.isfinite(y))
    done = 0
    for present, places in groups:
        if int(np.count_nonzero(present.any(axis=1))) < FEWEST_UNITS:
            continue
        absorber = Absorber(present)
        if absorber.readings - absorber.effects < columns + extra + 10:
            continue
        swept = absorber.swept(x)
        for block in np.array_split(places, max(1, len(places) // 16)):
            cross = products(absorber, swept, absorber.swept(y[:, :, block]))
            main = cross.first(columns + extra)
            full = fitted(main)
            last = np.arange(size) * steps + steps - 1
            one = _settled_in(main, full, last, columns, extra, seed=seed)
            level = full.coefficients[:columns].reshape(size, steps, -1)
            part = full.parts[:, :columns].reshape(units, size, steps, -1)
            if steps > 2:
                joined = _joined(main, size, steps)
                short = fitted(joined)
                two = _settled_in(joined, short, np.arange(size) * 2 + 1, 2 * size, extra, seed=seed)
                share, more = _trusted(level[:, -1], part[:, :, -1], short, size)
                for into, of in ((level, short.coefficients), (part, short.parts)):
                    axis = into.ndim - 3
                    late = of.take(np.arange(size) * 2 + 1, axis=axis)
                    into[..., 1:, :] += share[:, None] * (late[..., None, :] - into[..., 1:, :])
                one = one + share * (two - one)
                one[0] *= more
            coefficients[:, :, block], parts[:, :, :, block] = level, part
            wider[:, block], df[:, block], robust[:, block], lost[:, block] = one
            rows[block] = absorber.readings
            lead_p[:, block], earlier_p[:, block] = _leads(
                fitted(cross, jackknife=units <= JACKKNIFED), columns + extra, size
            )
            done += len(block)
            if progress is not None:
                progress(done / outcomes)
    return Responded(
        layout,
        states,
        coefficients,
        parts,
        df,
        wider,
        lead_p,
        earlier_p,
        robust,
        lost,
        rows,
        followed(states),
    )


def _leads(fit: Fit, first: int, levers: int) -> tuple[Floats, Floats]:
    """Two-sided p-values of the columns ahead, (levers, outcomes) for the near and for the far window."""
    beta = fit.coefficients[first:]
    error = np.sqrt((fit.parts[:, first:] ** 2).sum(axis=0))
    df = degrees(fit.informed[first:], len(fit.parts))[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2 * special.stdtr(df, -np.abs(beta / error))
    return p.reshape(levers, 2, -1)[:, 0], p.reshape(levers, 2, -1)[:, 1]


def _joined(cross: Products, levers: int, steps: int) -> Products:
    """The same regression with all steps of a lever after the first made one: its columns are sums of the others'."""
    columns = cross.xy.shape[1]
    turn = np.zeros((columns, columns - levers * (steps - 2)))
    for lever in range(levers):
        turn[lever * steps, lever * 2] = 1.0
        turn[lever * steps + 1 : (lever + 1) * steps, lever * 2 + 1] = 1.0
    rest = columns - levers * steps
    turn[columns - rest :, levers * 2 :] = np.eye(rest)
    return cross.turned(turn)


def _trusted(level: Floats, part: Floats, short: Fit, levers: int) -> tuple[Floats, Floats]:
    """How far the quick answer may stand for the slow one, cell by cell, and what errors are multiplied by for it.

    Taking the response as settled after the first step uses all later periods and is far more precise, but wrong where the
    response is slow. The squared difference of the two, less what chance makes it, estimates that wrong; the
    two are weighted to the least expected squared error (as James & Stein do), the more cautious of a cell's
    own difference and the mean one of its indicator being believed. The wrong that is left is added to the variance.
    """
    late = np.arange(levers) * 2 + 1
    apart = short.coefficients[late] - level
    chance = ((short.parts[:, late] - part) ** 2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        excess = np.nanmean(apart**2 / chance, axis=0) - 1
        wrong = np.maximum(apart**2 - chance, np.maximum(excess, 0.0) * chance)
        share = chance / (chance + wrong)
    share = np.where(np.isfinite(share), share, 0.0)
    mixed = part + share * (short.parts[:, late] - part)
    variance = (mixed**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        more = np.sqrt(1 + share**2 * wrong / variance)
    return share, np.where(np.isfinite(more), more, 1.0)


def _settled_in(
    cross: Products, fit: Fit, last: npt.NDArray[np.intp], first: int, extra: int, *, seed: int
) -> Floats:
    """Of the settled columns ``last``, shape (4, levers, outcomes): what errors are multiplied by, degrees of freedom, robustness value, largest bias."""
    outcomes = cross.xy.shape[2]
    shape = (len(last), outcomes)
    wider = widening(cross, fit, last, seed=seed) if cross.xx.shape[0] < FEW_UNITS else np.ones(shape)
    df = np.broadcast_to(degrees(fit.informed[last], len(cross.xx))[:, None], shape).copy()
    plain = fit.classical[last]
    with np.errstate(invalid="ignore", divide="ignore"):
        f = np.abs(fit.coefficients[last] / plain) / np.sqrt(max(fit.df, 1))
    robust = 0.5 * (np.sqrt(f**4 + 4 * f**2) - f**2)
    lost = np.full(shape, np.nan)
    if extra:
        outcome, cause = _strongest(cross, fit, last, first)
        with np.errstate(invalid="ignore", divide="ignore"):
            lost = plain * np.sqrt(fit.df) * np.sqrt(np.minimum(outcome, 1) * cause / (1 - cause))
    return np.stack([wider, df, robust, lost])


def _strongest(cross: Products, fit: Fit, last: npt.NDArray[np.intp], first: int) -> tuple[Floats, Floats]:
    """The partial shares of the strongest condition, turned into those of something unseen as strong."""
    gram, xy = cross.xx.sum(axis=0), cross.xy.sum(axis=0)
    size = gram.shape[0]
    kept = np.flatnonzero(fit.kept)
    outcomes = xy.shape[1]

    def left(columns: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
        """What is left of each column given the other ``columns``, and of each outcome given all of them."""
        inverse = np.linalg.pinv(gram[np.ix_(columns, columns)], hermitian=True)
        of_column = np.full(size, np.nan)
        of_column[columns] = 1 / np.maximum(np.diag(inverse), 1e-300)
        return of_column, cross.yy - np.einsum("pk,pq,qk->k", xy[columns], inverse, xy[columns])

    whole_cause, whole_outcome = left(kept)
    best_outcome, best_cause = np.full((len(last), outcomes), np.nan), np.full((len(last), outcomes), np.nan)
    score = np.full((len(last), outcomes), -1.0)
    for start in range(first, size, 3):
        rest = kept[(kept < start) | (kept >= start + 3)]
        if len(rest) == len(kept):
            continue
        cause, outcome = left(rest)
        for row, column in enumerate(last):
            if not fit.kept[column]:
                continue
            r2_cause = float(np.clip(1 - whole_cause[column] / cause[column], 0, 1))
            for k in range(outcomes):
                r2_outcome = float(np.clip(1 - whole_outcome[k] / outcome[k], 0, 1))
                unseen = benchmarked(r2_cause, r2_outcome)
                strength = unseen[0] * unseen[1] / max(1 - unseen[1], 1e-12)
                if strength > score[row, k]:
                    score[row, k] = strength
                    best_outcome[row, k], best_cause[row, k] = unseen
    return best_outcome, best_cause
