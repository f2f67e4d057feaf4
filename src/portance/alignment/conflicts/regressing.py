"""Many outcomes are regressed on the same columns at once, with errors clustered by unit.

The units' cross products are formed once; estimates, each unit's part in them, the jackknife over units and the
wild bootstrap are all made from those. CV1 is the usual sandwich with (G/(G-1))·((N-1)/(N-k)); CV3 is the jackknife
over units (Bell & McCaffrey 2002; MacKinnon, Nielsen & Webb 2023), which keeps its size with few or unequal units.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import linalg, special

from portance.alignment.conflicts.absorbing import Absorber

Floats = npt.NDArray[np.float64]
JACKKNIFED = 200
"""Up to so many units the jackknife is exact with missing readings too."""
COLLINEAR = 1e-9
"""A column of which less than this share is its own (not explained by the columns before it) is left out."""


@dataclass(frozen=True, slots=True)
class Products:
    """Cross products of swept columns, unit by unit: ``xx`` (units, P, P), ``xy`` (units, P, K), ``yy`` (K).

    ``readings`` rows stand behind them; ``effects`` were swept out, ``period_effects`` of them not nested in units. Where
    readings are missing and both kinds of effects were swept out, ``x`` and ``y`` are the swept columns themselves and
    ``present`` tells the readings: the jackknife needs them.
    """

    xx: Floats
    xy: Floats
    yy: Floats
    readings: int
    effects: int
    period_effects: int
    x: Floats | None = None
    y: Floats | None = None
    present: npt.NDArray[np.bool_] | None = None

    def turned(self, turn: Floats) -> "Products":
        """The products of other columns, which are sums of these: ``turn`` (P, fewer)."""
        return replace(
            self, xx=turn.T @ self.xx @ turn, xy=turn.T @ self.xy, x=None if self.x is None else self.x @ turn
        )

    def first(self, many: int) -> "Products":
        """The products of the first columns only."""
        return replace(
            self,
            xx=self.xx[:, :many, :many],
            xy=self.xy[:, :many],
            x=None if self.x is None else self.x[:, :, :many],
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients (P, K) of K outcomes on P columns, and each unit's part in them.

    ``parts`` (units, P, K): covariances of coefficients are sums over units of products of parts (CV3). ``sandwich``
    has the same use for CV1. ``classical`` (P, K) are errors for independent rows, ``informed`` (P) how many units
    worth of information a column has (Carter, Schnepel & Steigerwald 2017), ``df`` the rows less what was
    estimated. Columns left out as collinear have NaN.
    """

    coefficients: Floats
    parts: Floats
    sandwich: Floats
    classical: Floats
    informed: Floats
    df: int
    kept: npt.NDArray[np.bool_]
    inverse: Floats
    scores: Floats


def products(absorber: Absorber, x: Floats, y: Floats) -> Products:
    """The cross products of columns ``x`` (units, T, P) and outcomes ``y`` (units, T, K) that ``absorber`` has swept."""
    turned = np.swapaxes(x, 1, 2)
    uneven = not absorber.even and absorber.both and x.shape[0] <= JACKKNIFED
    return Products(
        turned @ x, turned @ y, np.einsum("gtk,gtk->k", y, y),
        absorber.readings, absorber.effects, absorber.period_effects,
        x if uneven else None, y if uneven else None, absorber.present if uneven else None,
    )  # fmt: skip


def regressed(
    y: Floats, x: Floats, *, units: bool = True, periods: bool = True, jackknife: bool = True
) -> list[tuple[npt.NDArray[np.intp], Fit]]:
    """Outcomes ``y`` (units, T, K) on columns ``x`` (units, T, P) with unit and period effects, over what is read of both.

    Outcomes that are read at the same places share one :class:`Fit`: (which outcomes, fit). A cross-section is a panel
    of one period, each row a unit, with ``units=False``.
    """
    ready = np.asarray(np.isfinite(x).all(axis=2))
    found = []
    for present, places in alike(ready[:, :, None] & np.isfinite(y)):
        absorber = Absorber(present, units=units, periods=periods)
        cross = products(absorber, absorber.swept(x), absorber.swept(y[:, :, places]))
        found.append((places, fitted(cross, jackknife=jackknife)))
    return found


def alike(present: npt.NDArray[np.bool_]) -> list[tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp]]]:
    """Outcomes that are read at the same places, together: (where, which)."""
    groups: dict[bytes, list[int]] = {}
    for outcome in range(present.shape[2]):
        groups.setdefault(np.packbits(present[:, :, outcome]).tobytes(), []).append(outcome)
    return [(present[:, :, places[0]], np.asarray(places)) for places in groups.values()]


def independent(gram: Floats, tolerance: float = COLLINEAR) -> npt.NDArray[np.bool_]:
    """Which columns, in their order, are not (nearly) combinations of those before them."""
    size = gram.shape[0]
    work = gram.copy()
    first = np.diag(gram).copy()
    kept = np.zeros(size, dtype=bool)
    for column in range(size):
        own = work[column, column]
        if own > tolerance * max(first[column], 1e-300) and first[column] > 0:
            kept[column] = True
            row = work[column].copy()
            work -= np.outer(row, row) / own
    return kept


def fitted(cross: Products, *, jackknife: bool = True) -> Fit:
    """The joint regression of every outcome on every column."""
    units, size, _ = cross.xy.shape
    gram = cross.xx.sum(axis=0)
    kept = independent(gram)
    places = np.flatnonzero(kept)
    xx, xy = cross.xx[:, places][:, :, places], cross.xy[:, places]
    gram = gram[np.ix_(places, places)]
    inverse = _inverted(gram)
    b = inverse @ xy.sum(axis=0)
    scores = xy - xx @ b
    residual = np.maximum(cross.yy - np.einsum("pk,pk->k", b, xy.sum(axis=0)), 0.0)
    df = cross.readings - cross.effects - len(places)
    active = int(np.count_nonzero(np.einsum("gpp->g", xx) > 0)) if len(places) else 0
    variance = residual / max(df, 1)
    classical = np.sqrt(np.outer(np.diag(inverse), variance))
    nested = cross.readings - len(places) - cross.period_effects
    small = active / max(active - 1, 1) * (cross.readings - 1) / max(nested, 1)
    direct = inverse @ scores
    sandwich = np.sqrt(small) * direct
    if jackknife:
        parts = np.zeros_like(scores)
        ratio = active / max(active - 1, 1)
        if cross.x is not None and cross.y is not None and cross.present is not None:
            x = cross.x[:, :, places]
            left = cross.y - x @ b
            weights = cross.present.astype(np.float64)
            for unit in np.flatnonzero(cross.present.any(axis=1)):
                own, moved = _uneven(weights, x, left, int(unit))
                parts[unit] = _without(gram - xx[unit] - own, scores[unit] + moved, np.diag(gram))
        else:
            for place in range(units):
                parts[place] = _without(gram - ratio * xx[place], ratio * scores[place], np.diag(gram))
        parts -= parts.sum(axis=0) / max(active, 1)
        parts *= np.sqrt((active - 1) / max(active, 1))
    else:
        parts = sandwich
    leverage = np.einsum("gij,ip,jp->gp", xx, inverse, inverse)
    informed = leverage.sum(axis=0) ** 2 / np.maximum((leverage**2).sum(axis=0), 1e-300)

    def widened(of: Floats, axis: int) -> Floats:
        shape = list(of.shape)
        shape[axis] = size
        whole = np.full(shape, np.nan)
        index: list[slice | npt.NDArray[np.intp]] = [slice(None)] * of.ndim
        index[axis] = places
        whole[tuple(index)] = of
        return whole

    return Fit(
        widened(b, 0), widened(parts, 1), widened(sandwich, 1), widened(classical, 0), widened(informed, 0),
        df, kept, inverse, scores,
    )  # fmt: skip


def degrees(informed: npt.ArrayLike, units: int) -> Floats:
    """Student's degrees of freedom of jackknifed errors when so many units' worth of information is there.

    One and a half times the informed units less one, at most the units less one: with a lever moved in 2 to 24 of 24
    units, a true nil is then rejected in .03 to .05 of trials at 5 % (``bench/gates/few.py``); the units less one alone
    reject it in up to .16.
    """
    found: Floats = np.clip(1.5 * (np.asarray(informed, dtype=np.float64) - 1), 1.0, max(units - 1, 1))
    return found


def _inverted(gram: Floats) -> Floats:
    if not len(gram):
        return gram
    scale = 1 / np.sqrt(np.diag(gram))
    inner = linalg.inv(gram * np.outer(scale, scale))
    inverse: Floats = inner * np.outer(scale, scale)
    return inverse


def _without(rest: Floats, scores: Floats, diagonal: Floats) -> Floats:
    """What the coefficients lose when one unit is left out: ``rest`` are the products of the others.

    In a balanced panel the two-way sweep of the others takes G/(G-1) times the unit's products away.
    """
    scale = 1 / np.sqrt(np.maximum(diagonal, 1e-300))
    scaled = rest * np.outer(scale, scale)
    right = scores * scale[:, None]
    try:
        solved = linalg.solve(scaled, right, assume_a="pos", check_finite=False)
    except linalg.LinAlgError:
        # a column that lives in this unit only: without it, nothing is known of the column
        solved = np.linalg.pinv(scaled, rcond=1e-10, hermitian=True) @ right
        solved[np.diag(scaled) < 1e-8] = np.inf
    out: Floats = solved * scale[:, None]
    return out


def _uneven(weights: Floats, x: Floats, left: Floats, unit: int) -> tuple[Floats, Floats]:
    """What leaving a unit out changes through the periods' effects, where readings are missing: (products, scores).

    The periods' own equations without the unit, solved for what the unit has in each period.
    """
    counts = weights.sum(axis=1)
    others = weights.copy()
    others[unit] = 0.0
    by_period = others.sum(axis=0)
    periods = others.T @ (others / np.maximum(counts, 1.0)[:, None])
    # the common level is nobody's, and a period without other readings has no effect to speak of
    whole = np.diag(by_period + (by_period == 0)) - periods + 1 / len(by_period)
    own = x[unit]
    try:
        solved = linalg.solve(whole, np.concatenate([own, left[unit]], axis=1), check_finite=False)
    except linalg.LinAlgError:
        solved = np.linalg.pinv(whole, hermitian=True) @ np.concatenate([own, left[unit]], axis=1)
    return own.T @ solved[:, : own.shape[1]], own.T @ solved[:, own.shape[1] :]


WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
BOOTSTRAPS = 1999


def widening(cross: Products, fit: Fit, columns: npt.NDArray[np.intp], *, seed: int) -> Floats:
    """What errors are multiplied by so that Student's limits become those of the wild cluster bootstrap.

    Webb's six weights (2014), scores of the unrestricted fit (the fast form of MacKinnon 2022), 95 % two-sided. Shape
    (columns, outcomes); at least 1.
    """
    units, _, outcomes = cross.xy.shape
    places = np.flatnonzero(fit.kept)
    xx = cross.xx[:, places][:, :, places]
    weights = np.random.default_rng(seed).choice(WEBB, (BOOTSTRAPS, units))
    out = np.ones((len(columns), outcomes))
    for row, column in enumerate(columns):
        at = np.flatnonzero(places == column)
        if not len(at):
            continue
        direction = fit.inverse[at[0]]
        through = np.einsum("p,gpq->gq", direction, xx) @ fit.inverse
        df = float(degrees(fit.informed[column], units))
        limit = float(special.stdtrit(df, 0.975))
        for outcome in range(outcomes):
            own = fit.scores[:, :, outcome] @ direction
            spread = through @ fit.scores[:, :, outcome].T
            moved = weights @ own
            error = np.sqrt(((weights * own - weights @ spread.T) ** 2).sum(axis=1) * units / (units - 1))
            error_cv3 = float(np.sqrt((fit.parts[:, column, outcome] ** 2).sum()))
            error_cv1 = float(np.sqrt((own**2).sum() * units / (units - 1)))
            if not error_cv1 > 0:
                continue
            reached = float(np.quantile(np.abs(moved) / np.maximum(error, 1e-300), 0.95))
            out[row, outcome] = max(reached * error_cv1 / (limit * error_cv3), 1.0)
    return out
