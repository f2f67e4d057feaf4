"""Where no lever moved: every indicator is regressed on the past of all, unit and period effects swept out.

The effect of a pair is what the outcome settles at when the first indicator is held one unit higher and all the others
respond, read from the joint dynamics (a vector autoregression with unit and period effects; Holtz-Eakin, Newey &
Rosen 1988). It is an association: what moved the first indicator is not known. Short panels are corrected by the
split-panel jackknife (Dhaene & Jochmans 2015).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.alignment.conflicts.absorbing import Absorber
from portance.alignment.conflicts.bounding import benchmarked
from portance.alignment.conflicts.lagging import held, laid_out, starts_for
from portance.alignment.conflicts.regressing import BOOTSTRAPS, WEBB, alike
from portance.alignment.conflicts.responding import (
    FEW_UNITS,
    FEWEST_ROWS_PER_COLUMN,
    FEWEST_UNITS,
    MOST_MISSING,
    conditions,
    usable,
)
from portance.alignment.indicators.panel import Moved, Panel

Floats = npt.NDArray[np.float64]

MOST_LAGS = 4
AHEAD_BY = 8
"""How far the local projections look."""
SHORT = 20
"""Below this many periods the bias of an outcome's own past (Nickell 1981) is corrected."""
JACKKNIFED = 200
"""Up to this many units each is left out in turn; beyond, the plain sandwich is as good and far quicker."""


@dataclass(frozen=True, slots=True)
class Associated:
    """Settled effects (K, K): row the indicator that is held higher, column the one that answers; native units.

    ``parts`` (units, K, K) as in :class:`~portance.alignment.conflicts.regressing.Fit`, ``wider`` (K, K) what few units
    multiply errors by. ``projected`` (K, K) is the same effect by local projection (Jorda 2005): what a passing rise of the
    first adds up to in the second over eight periods, over what it adds up to in the first. ``direct`` (K, K) is the first
    lag alone with its classical error and t, ``df_rows`` (K) its degrees of freedom; ``lead_t`` (K, K) the t of the
    first indicator's next reading. ``hidden_outcome`` and ``hidden_cause`` (K, K): what something unseen would explain,
    were it as strong as the strongest condition; NaN without conditions. ``rows`` (K) counts readings.
    """

    effect: Floats
    parts: Floats
    df: Floats
    wider: Floats
    projected: Floats
    lags: int
    lead_t: Floats
    direct_t: Floats
    direct: Floats
    direct_error: Floats
    df_rows: npt.NDArray[np.int64]
    hidden_outcome: Floats
    hidden_cause: Floats
    rows: npt.NDArray[np.int64]


def associated(
    panel: Panel,
    moved: Mapping[str, Moved],
    *,
    lags: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Associated | None:
    """The joint dynamics of all indicators; None with fewer than six units, or too few readings for any lag."""
    units, periods = panel.values.shape[:2]
    outcomes = len(panel.indicators)
    if units < FEWEST_UNITS or outcomes < 2:
        return None
    y = panel.values[:, :, :outcomes]
    read = np.array(
        [
            np.mean(np.isfinite(y[:, :, k])) >= 1 - MOST_MISSING and np.nanstd(y[:, :, k]) > 0
            for k in range(outcomes)
        ]
    )
    inside = np.flatnonzero(read)
    if len(inside) < 2:
        return None
    names = usable(panel, tuple(name for name in panel.levers if name in moved))
    beside = [conditions(panel)]
    if names:
        states = held(np.stack([panel.of(name) for name in names], axis=2))
        # two indicators that answer one lever at different speeds would seem to answer each other
        beside.append(laid_out(states, starts_for(panel.period_kind, periods)))
    z = np.concatenate(beside, axis=2)
    spare = units * periods - units - periods
    most = 0
    for count in range(1, MOST_LAGS + 1):
        if (len(inside) * count + z.shape[2]) * FEWEST_ROWS_PER_COLUMN <= spare and periods > 3 * count + 3:
            most = count
    if not most:
        return None
    chosen = lags if lags is not None else _lags_by_bic(y[:, :, inside], z, most)
    whole = _dynamics(y, inside, z, chosen, progress)
    if whole is None or periods >= SHORT:
        return whole
    half = periods // 2
    first = _dynamics(y[:, :half], inside, z[:, :half], 1, None)
    second = _dynamics(y[:, half:], inside, z[:, half:], 1, None)
    if first is None or second is None:
        return whole
    corrected = 2 * whole.effect - (first.effect + second.effect) / 2
    parts = 2 * whole.parts - (first.parts + second.parts) / 2
    return Associated(
        corrected, parts, whole.df, whole.wider, whole.projected, whole.lags, whole.lead_t, whole.direct_t, whole.direct,
        whole.direct_error, whole.df_rows, whole.hidden_outcome, whole.hidden_cause, whole.rows,
    )  # fmt: skip


def _past(y: Floats, lag: int, lags: int) -> Floats:
    """Readings ``lag`` periods before those from ``lags`` on."""
    return y[:, lags - lag : y.shape[1] - lag]


def _lags_by_bic(y: Floats, z: Floats, most: int) -> int:
    """The number of lags with the least Schwarz criterion, over the same readings for each."""
    some = slice(None) if y.shape[0] <= JACKKNIFED else slice(0, JACKKNIFED)
    y, z = y[some], z[some]
    periods = y.shape[1]
    now = y[:, most:]
    x = np.concatenate([*(_past(y, lag, most) for lag in range(1, most + 1)), z[:, most:]], axis=2)
    present = np.isfinite(x).all(axis=2) & np.isfinite(now).all(axis=2)
    if int(present.sum()) < 2 * x.shape[2] + y.shape[0] + periods:
        return 1
    absorber = Absorber(present)
    x, now = absorber.swept(x).reshape(-1, x.shape[2]), absorber.swept(now).reshape(-1, y.shape[2])
    gram, xy, yy = x.T @ x, x.T @ now, (now * now).sum(axis=0)
    best, least = 1, np.inf
    for lags in range(1, most + 1):
        columns = np.r_[0 : lags * y.shape[2], most * y.shape[2] : x.shape[1]]
        b = np.linalg.lstsq(gram[np.ix_(columns, columns)], xy[columns], rcond=1e-12)[0]
        left = np.maximum(yy - (b * xy[columns]).sum(axis=0), 1e-300)
        n = absorber.readings
        value = n * float(np.log(left).sum()) + y.shape[2] * len(columns) * np.log(n)
        if value < least:
            best, least = lags, value
    return best


def _dynamics(
    y: Floats, inside: npt.NDArray[np.intp], z: Floats, lags: int, progress: Callable[[float], None] | None
) -> Associated | None:
    units, _, outcomes = y.shape
    many = len(inside)
    now = y[:, lags:]
    x = np.empty((units, now.shape[1], many * lags + z.shape[2]))
    for lag in range(1, lags + 1):
        x[:, :, (lag - 1) * many : lag * many] = _past(y, lag, lags)[:, :, inside]
    x[:, :, many * lags :] = z[:, lags:]
    ready = np.asarray(np.isfinite(x).all(axis=2))
    size = x.shape[2]
    slope = np.zeros((many, many))
    slope_parts = np.zeros((units, many, many))
    direct, direct_error = np.full((outcomes, outcomes), np.nan), np.full((outcomes, outcomes), np.nan)
    hidden_outcome, hidden_cause = (
        np.full((outcomes, outcomes), np.nan),
        np.full((outcomes, outcomes), np.nan),
    )
    rows, df_rows = np.zeros(outcomes, dtype=np.int64), np.zeros(outcomes, dtype=np.int64)
    place_of = {int(k): place for place, k in enumerate(inside)}
    groups = alike(ready[:, :, None] & np.isfinite(now[:, :, inside]))
    for done, (present, found) in enumerate(groups):
        absorber = Absorber(present)
        if (
            absorber.readings - absorber.effects < size + 10
            or np.count_nonzero(present.any(axis=1)) < FEWEST_UNITS
        ):
            return None
        swept = absorber.swept(x)
        which = inside[found]
        target = absorber.swept(now[:, :, which])
        flat = swept.reshape(-1, size)
        gram = flat.T @ flat
        inverse = np.linalg.pinv(gram, rcond=1e-10, hermitian=True)
        b = inverse @ (flat.T @ target.reshape(-1, len(which)))
        left = target - swept @ b
        df = absorber.readings - absorber.effects - size
        scores = np.swapaxes(swept, 1, 2) @ left
        active = int(np.count_nonzero(present.any(axis=1)))
        if units <= JACKKNIFED:
            parts = np.empty_like(scores)
            ratio = active / (active - 1)
            for unit in range(units):
                own = swept[unit].T @ swept[unit]
                parts[unit] = np.linalg.lstsq(gram - ratio * own, ratio * scores[unit], rcond=1e-10)[0]
            parts = (parts - parts.sum(axis=0) / active) * np.sqrt((active - 1) / active)
        else:
            parts = (inverse @ scores) * np.sqrt(active / (active - 1))
        variance = (left**2).sum(axis=(0, 1)) / max(df, 1)
        rows[which], df_rows[which] = absorber.readings, df
        for at, k in enumerate(which):
            row = place_of[int(k)]
            slope[:, row] = b[: many * lags, at].reshape(lags, many).sum(axis=0)
            slope_parts[:, :, row] = parts[:, : many * lags, at].reshape(units, lags, many).sum(axis=1)
            direct[inside, k] = b[:many, at]
            direct_error[inside, k] = np.sqrt(np.diag(inverse)[:many] * variance[at])
        if z.shape[2]:
            cross = flat.T @ target.reshape(-1, len(which))
            unseen = _benchmarks(gram, cross, (target**2).sum(axis=(0, 1)), many, many * lags)
            hidden_outcome[np.ix_(inside, which)], hidden_cause[np.ix_(inside, which)] = unseen
        if progress is not None:
            progress((done + 1) / len(groups))
    effect, parts_all = np.full((outcomes, outcomes), np.nan), np.full((units, outcomes, outcomes), np.nan)
    for place, k in enumerate(inside):
        settled, settled_parts = _held(slope.T, np.swapaxes(slope_parts, 1, 2), place)
        effect[k, inside] = settled
        parts_all[:, k, inside] = settled_parts
    with np.errstate(invalid="ignore", divide="ignore"):
        direct_t = direct / direct_error
    df_of = np.full((outcomes, outcomes), float(units - 1))
    wider = _widened(parts_all) if units < FEW_UNITS else np.ones((outcomes, outcomes))
    lead_t = _leads(y, inside, z, lags)
    projected = _projected(y, inside, x, lags)
    return Associated(
        effect, parts_all, df_of, wider, projected, lags, lead_t, direct_t, direct, direct_error, df_rows,
        hidden_outcome, hidden_cause, rows,
    )  # fmt: skip


def _held(dynamics: Floats, parts: Floats, place: int) -> tuple[Floats, Floats]:
    """Where every indicator settles when one is held a unit higher, with each unit's part in it.

    ``dynamics`` (to, from) sums the lags. NaN where the joint dynamics do not settle.
    """
    size = dynamics.shape[0]
    rest = np.delete(np.arange(size), place)
    inner = dynamics[np.ix_(rest, rest)]
    out, out_parts = np.full(size, np.nan), np.full((parts.shape[0], size), np.nan)
    out[place], out_parts[:, place] = 1.0, 0.0
    if not len(rest) or np.max(np.abs(np.linalg.eigvals(inner))) >= 1:
        return out, out_parts
    through = np.linalg.inv(np.eye(len(rest)) - inner)
    settled = through @ dynamics[rest, place]
    out[rest] = settled
    level = np.ones(size)
    level[rest] = settled
    moved = parts @ level
    out_parts[:, rest] = moved[:, rest] @ through.T
    return out, out_parts


def _widened(parts: Floats) -> Floats:
    """What errors are multiplied by with few units: the wild bootstrap of the units' parts (Kline & Santos 2012)."""
    units, outcomes, _ = parts.shape
    weights = np.random.default_rng(units).choice(WEBB, (BOOTSTRAPS, units))
    limit = float(special.stdtrit(units - 1, 0.975))
    wider = np.ones((outcomes, outcomes))
    for row in range(outcomes):
        own = np.nan_to_num(parts[:, row])
        moved = weights @ own
        apart = own[None] * weights[:, :, None] - moved[:, None] / units
        error = np.sqrt((apart**2).sum(axis=1) * units / (units - 1))
        reached = np.quantile(np.abs(moved) / np.maximum(error, 1e-300), 0.95, axis=0)
        wider[row] = np.maximum(reached / limit, 1.0)
    return wider


def _projected(y: Floats, inside: npt.NDArray[np.intp], x: Floats, lags: int) -> Floats:
    """The effect by local projection, (from, to); NaN where too few readings are complete."""
    units, periods, outcomes = y.shape
    many = len(inside)
    out = np.full((outcomes, outcomes), np.nan)
    if units > JACKKNIFED or periods < lags + 3 * AHEAD_BY:
        return out
    total = np.zeros((many, many))
    total[:] = np.eye(many)  # at once, a rise is itself
    for ahead_by in range(1, AHEAD_BY + 1):
        now = y[:, lags + ahead_by - 1 :, inside]
        past = x[:, : now.shape[1]]
        present = np.asarray(np.isfinite(past).all(axis=2) & np.isfinite(now).all(axis=2))
        absorber = Absorber(present)
        if absorber.readings - absorber.effects < 2 * x.shape[2]:
            return out
        flat = absorber.swept(past).reshape(-1, x.shape[2])
        target = absorber.swept(now).reshape(-1, many)
        total += (np.linalg.lstsq(flat.T @ flat, flat.T @ target, rcond=1e-10)[0])[:many]
    own = np.diag(total).copy()
    own[own <= 0] = np.nan
    out[np.ix_(inside, inside)] = total / own[:, None]
    return out


def _leads(y: Floats, inside: npt.NDArray[np.intp], z: Floats, lags: int) -> Floats:
    """The t of each indicator's next reading in each outcome's equation, own next reading apart: (from, to)."""
    units, _, outcomes = y.shape
    out = np.full((outcomes, outcomes), np.nan)
    if units > JACKKNIFED:
        return out
    many = len(inside)
    now, later = y[:, lags:-1, inside], y[:, lags + 1 :, inside]
    x = np.concatenate(
        [*(_past(y[:, :-1], lag, lags)[:, :, inside] for lag in range(1, lags + 1)), z[:, lags:-1]], axis=2
    )
    present = np.isfinite(x).all(axis=2) & np.isfinite(now).all(axis=2) & np.isfinite(later).all(axis=2)
    if int(present.sum()) < 2 * x.shape[2] + units + y.shape[1]:
        return out
    absorber = Absorber(present)
    # both are cleared of the past and of the present of the outcome: what is left of the next reading must not know it
    flat = absorber.swept(x).reshape(-1, x.shape[2])
    a, b = absorber.swept(now).reshape(-1, many), absorber.swept(later).reshape(-1, many)
    basis = np.linalg.pinv(flat.T @ flat, rcond=1e-10, hermitian=True)
    a, b = a - flat @ (basis @ (flat.T @ a)), b - flat @ (basis @ (flat.T @ b))
    df = absorber.readings - absorber.effects - x.shape[2] - 1
    r = (b.T @ a) / np.sqrt(np.outer((b * b).sum(axis=0), (a * a).sum(axis=0)))
    r = np.clip(r, -0.999999, 0.999999)
    out[np.ix_(inside, inside)] = r * np.sqrt(max(df, 1) / (1 - r * r))
    return out


def _benchmarks(gram: Floats, xy: Floats, yy: Floats, many: int, first: int) -> tuple[Floats, Floats]:
    """What something unseen would explain of (outcome, cause), were it as strong as the strongest column from ``first`` on.

    Causes are the first ``many`` columns: the indicators one period before.
    """
    size = gram.shape[0]

    def left(columns: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
        inverse = np.linalg.pinv(gram[np.ix_(columns, columns)], rcond=1e-10, hermitian=True)
        of = np.full(size, np.nan)
        of[columns] = 1 / np.maximum(np.diag(inverse), 1e-300)
        return of, yy - np.einsum("pk,pq,qk->k", xy[columns], inverse, xy[columns])

    everything = np.arange(size)
    cause, outcome = left(everything)
    strongest, by_outcome, by_cause = (np.full((many, len(yy)), start) for start in (-1.0, np.nan, np.nan))
    for column in range(first, size):
        cause_less, outcome_less = left(everything[everything != column])
        r2_cause = np.clip(1 - cause[:many] / cause_less[:many], 0, 1)
        r2_outcome = np.clip(1 - outcome / np.maximum(outcome_less, 1e-300), 0, 1)
        for row in range(many):
            for k in range(len(yy)):
                unseen = benchmarked(float(r2_cause[row]), float(r2_outcome[k]))
                strength = unseen[0] * unseen[1] / max(1 - unseen[1], 1e-12)
                if strength > strongest[row, k]:
                    strongest[row, k] = strength
                    by_outcome[row, k], by_cause[row, k] = unseen
    return by_outcome, by_cause
