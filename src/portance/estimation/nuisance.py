"""What covariates say of an outcome and of a treatment, told for each row by models that have not seen its cluster.

Two models of different make: ridge or logistic regression on hinges and products, and small boosted trees. The ridge is
repeated with a penalty that spares what mattered in the round before (Frommlet and Nuel 2016), so that few of many
covariates speak. How much of each model is used is settled on the rows left out ("short-stacking": Ahrens, Hansen,
Schaffer and Wiemann 2024).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_KNOTS = (0.025, 0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 0.975)
_MOST_CROSSED = 12
"""The products of so many covariates are in the basis, those that go most with what is to be told; trees look at all."""
_PENALTIES = 10.0 ** np.arange(-1, 5.5, 0.75)
_STRENGTHS = (0.003, 0.02, 0.2)
_ROUNDS = 3
_FAINT = 0.05
"""A group of columns that matters less than this, beside the mean of all, is left out of the next round."""
_NEWTON = 12
_FEW_VALUES = 6
_LEAST_TRAIN = 40


@contextmanager
def one_thread() -> Iterator[None]:
    """Numerical libraries on one thread: small models lose more to threads than they gain, and sums keep their order."""
    import sklearn.ensemble  # noqa: F401 -- only libraries that are loaded already are held to one thread
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def filled(x: npt.ArrayLike) -> Floats:
    """Covariates (n, p) without holes: the median where one is missing, with a column that says so; constants left out."""
    table = np.array(x, dtype=np.float64, ndmin=2)
    table[~np.isfinite(table)] = np.nan
    holes = np.isnan(table)
    columns: list[Floats] = []
    for place in range(table.shape[1]):
        column, missing = table[:, place], holes[:, place]
        if missing.all():
            continue
        columns.append(np.where(missing, np.median(column[~missing]), column))
        if missing.any():
            columns.append(missing.astype(np.float64))
    kept = [column for column in columns if np.ptp(column) > 0]
    return np.column_stack(kept) if kept else np.zeros((len(table), 0))


def folds_of(clusters: Integers, treated: Booleans, folds: int, seed: int) -> Integers:
    """The fold of each row: all rows of a cluster in one, clusters that hold a treated row spread evenly."""
    many = int(clusters.max()) + 1
    holding = np.bincount(clusters, treated, many) > 0
    shuffled = np.random.default_rng(seed).permutation(many)
    fold = np.empty(many, dtype=np.int64)
    place = 0
    for group in (shuffled[holding[shuffled]], shuffled[~holding[shuffled]]):
        fold[group] = (np.arange(len(group)) + place) % folds
        place += len(group)
    return fold[clusters]


@dataclass(frozen=True, slots=True)
class _Basis:
    """Hinges at quantiles, and products, of covariates cut at their own extremes: ``design`` (n, k), centred and scaled.

    ``groups``: the number of the covariate or product that each column belongs to.
    """

    design: Floats
    groups: Integers


def _expanded(
    z: Floats, knots: tuple[tuple[int, float], ...], crossed: tuple[tuple[int, int], ...]
) -> Floats:
    parts = [z]
    if knots:
        place = np.array([column for column, _ in knots])
        parts.append(np.maximum(z[:, place] - np.array([knot for _, knot in knots]), 0.0))
    if crossed:
        left, right = np.array(crossed).T
        parts.append(z[:, left] * z[:, right])
    return np.concatenate(parts, axis=1)


def _basis(x: Floats, target: Floats) -> _Basis:
    """The basis of all rows at once: it reads no outcome but to choose which covariates are multiplied."""
    n, p = x.shape
    low, high = (np.quantile(x, [0.005, 0.995], axis=0) if n else np.zeros((2, p))) if p else np.zeros((2, 0))
    # A rare yes-or-no column would be cut to a constant.
    rare = low >= high
    low, high = (
        np.where(rare, x.min(axis=0, initial=np.inf), low),
        np.where(rare, x.max(axis=0, initial=-np.inf), high),
    )
    cut = np.clip(x, low, high)
    centre, scale = cut.mean(axis=0), cut.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    z = (cut - centre) / scale
    knots: list[tuple[int, float]] = []
    for column in range(p):
        values = np.unique(z[:, column])
        if len(values) <= 2:
            continue
        at = values[1:-1] if len(values) <= _FEW_VALUES else np.unique(np.quantile(z[:, column], _KNOTS))
        knots += [(column, float(knot)) for knot in at]
    heard = sorted(np.argsort(-_heard(z, target), kind="stable")[:_MOST_CROSSED].tolist())
    crossed = [(i, j) for place, i in enumerate(heard) for j in heard[place + 1 :]]
    if len(knots) + len(crossed) + p > n / 3:
        crossed = []
    raw = _expanded(z, tuple(knots), tuple(crossed))
    raw -= raw.mean(axis=0)
    spread = raw.std(axis=0)
    raw /= np.where(spread > 1e-9, spread, 1.0)
    groups = [*range(p), *(column for column, _ in knots), *range(p, p + len(crossed))]
    return _Basis(raw, np.array(groups, dtype=np.int64))


def _heard(z: Floats, target: Floats) -> Floats:
    """How much each column, by itself or squared, goes with the target."""
    free = target - target.mean()
    squared = z**2
    return np.asarray(np.maximum(np.abs(free @ z), np.abs(free @ (squared - squared.mean(axis=0)))))


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a ridge regression reads of its rows: their number, sums of columns (k,), of products (k, k), of products with the outcome.

    Those of several folds add up, so that each row is read once however many folds leave it in.
    """

    n: int
    columns: Floats
    crossed: Floats
    pulled: Floats
    outcome: float
    squared: float

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(
            self.n + other.n, self.columns + other.columns, self.crossed + other.crossed, self.pulled + other.pulled,
            self.outcome + other.outcome, self.squared + other.squared,
        )  # fmt: skip


def _sums(design: Floats, y: Floats) -> _Sums:
    return _Sums(len(y), design.sum(axis=0), design.T @ design, design.T @ y, float(y.sum()), float(y @ y))


def _others(parts: list[_Sums]) -> list[_Sums]:
    """For each part, the sum of all the others: from both ends, since taking one away from the whole would lose digits."""
    before, after = [parts[0]], [parts[-1]]
    for part in parts[1:-1]:
        before.append(before[-1] + part)
    for part in parts[-2:0:-1]:
        after.append(after[-1] + part)
    after.reverse()
    return [after[0], *(left + right for left, right in zip(before, after[1:], strict=False)), before[-1]]


def _ridge(rows: _Sums, groups: Integers) -> tuple[float, Floats, Floats]:
    """The mean, the coefficients and how much each column was let in, of a ridge regression repeated ``_ROUNDS`` times.

    ``groups``: the number of the covariate or product that each column of the design belongs to. The penalty is chosen
    by generalised cross-validation in each round.
    """
    n, k = rows.n, len(rows.columns)
    mean = rows.outcome / n
    let_in = np.ones(k)
    if not k or n < 3:
        return mean, np.zeros(k), let_in
    centre = rows.columns / n
    crossed = rows.crossed - n * np.outer(centre, centre)
    pulled = rows.pulled - n * mean * centre
    total = rows.squared - n * mean**2
    coefficients = np.zeros(k)
    for turn in range(_ROUNDS):
        if turn:
            found = _let_in(coefficients, groups)
            if found is None:
                break
            let_in = np.where(let_in > 0, found, 0.0)
        heard = np.flatnonzero(let_in)
        scale = let_in[heard]
        shrunk = _shrunk(
            crossed[np.ix_(heard, heard)] * scale[:, None] * scale, pulled[heard] * scale, total, n
        )
        coefficients = np.zeros(k)
        coefficients[heard] = scale * shrunk
    return mean - float(centre @ coefficients), coefficients, let_in


def _let_in(coefficients: Floats, groups: Integers) -> Floats | None:
    sizes = np.bincount(groups)
    strength = np.bincount(groups, coefficients**2) / np.maximum(sizes, 1)
    mean = float(strength[sizes > 0].mean())
    if mean <= 0:
        return None
    found = np.sqrt(strength / mean)
    return np.where(found > _FAINT, found, 0.0)[groups]


def _shrunk(crossed: Floats, pulled: Floats, total: float, n: int) -> Floats:
    values, vectors = np.linalg.eigh(crossed)
    values = np.maximum(values, 0.0)
    turned = vectors.T @ pulled
    best, least = len(_PENALTIES) - 1, np.inf
    for number, penalty in enumerate(_PENALTIES):
        shrunk = turned / (values + penalty)
        rest = total - 2 * float(shrunk @ turned) + float(values @ shrunk**2)
        freedom = n - 1 - float(np.sum(values / (values + penalty)))
        if freedom > 1 and max(rest, 0.0) / freedom**2 < least * (1 - 1e-12):
            best, least = number, max(rest, 0.0) / freedom**2
    return np.asarray(vectors @ (turned / (values + _PENALTIES[best])))


def _logit(design: Floats, target: Floats, strength: float, start: Floats) -> Floats:
    """The coefficients of a penalised logistic regression, the constant first and free, by Newton's steps from ``start``."""
    full = np.column_stack([np.ones(len(design)), design])
    penalty = np.full(full.shape[1], 1 / strength)
    penalty[0] = 1e-6
    found = start.copy()
    for _ in range(_NEWTON):
        told = special.expit(full @ found)
        weights = np.maximum(told * (1 - told), 1e-6)
        slope = full.T @ (target - told) - penalty * found
        spread = full * np.sqrt(weights)[:, None]  # a product with itself takes half the work of any other
        step = np.linalg.solve(spread.T @ spread + np.diag(penalty), slope)
        reach = float(np.abs(step).max())
        found += step * min(1.0, 3.0 / max(reach, 1e-12))
        if reach < 1e-3:
            break
    return found


def _trees(kind: str, n: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    make = HistGradientBoostingRegressor if kind == "regressor" else HistGradientBoostingClassifier
    return make(
        max_iter=30, max_leaf_nodes=6, max_bins=32, learning_rate=0.15, l2_regularization=1.0, early_stopping=False,
        min_samples_leaf=max(min(20, n // 20), 5), random_state=0,
    )  # fmt: skip


def outcome_told(
    y: Floats, group: Integers, x: Floats, fold: Integers, *, groups: int, used: Booleans | None = None
) -> Floats:
    """The outcome (n, groups) that each row would show in each group, by models that saw none of its fold.

    ``used``: the rows whose outcome is known. Ridge regressions, one per group, then trees on what they leave, which
    learn from all groups together; predictions stay within the outcomes seen.
    """
    known = np.ones(len(y), dtype=bool) if used is None else used
    plain, rest = np.zeros((len(y), groups)), np.zeros((len(y), groups))
    middle = float(y[known].mean())
    free = np.where(known, y - middle, 0.0)
    basis = _basis(x, np.where(known, y, middle))
    folds = range(int(fold.max()) + 1)
    of_group = [known & (group == which) for which in range(groups)]
    read = [
        _others([_sums(basis.design[mine & (fold == number)], free[mine & (fold == number)]) for number in folds])
        for mine in of_group
    ]  # fmt: skip
    for number in folds:
        out, inside = fold == number, (fold != number) & known
        left = np.zeros(len(y))
        for which in range(groups):
            mine, rows = of_group[which], read[which][number]
            if not rows.n:
                mine, rows = known, sum((each[number] for each in read[1:]), read[0][number])
            start, coefficients, _ = _ridge(rows, basis.groups)
            told = start + basis.design @ coefficients
            plain[out, which] = middle + told[out]
            left[mine] = (free - told)[mine]
        left = left[inside]
        if len(left) >= _LEAST_TRAIN and x.shape[1] and np.ptp(left) > 0:
            arm = group[inside].astype(np.float64)[:, None] if groups > 1 else np.zeros((len(left), 0))
            model = _trees("regressor", len(left)).fit(np.hstack([x[inside], arm]), left)
            for which in range(groups):
                same = np.full((int(out.sum()), arm.shape[1]), float(which))
                rest[out, which] = model.predict(np.hstack([x[out], same]))
    for which in range(groups):
        mine = known & (group == which)
        if mine.any():
            parts = np.column_stack([np.ones(len(y)), plain[:, which], rest[:, which]])
            plain[:, which] = parts @ _blended(parts[mine], y[mine])
    return np.clip(plain, y[known].min(), y[known].max())


def propensity_told(treated: Booleans, x: Floats, fold: Integers) -> Floats:
    """The probability (n,) of being treated, for each row by models that saw none of its fold."""
    linear = np.full(len(treated), treated.mean())
    grown = linear.copy()
    if not x.shape[1]:
        return linear
    strength: float | None = None
    basis = _basis(x, treated.astype(np.float64))
    folds = range(int(fold.max()) + 1)
    free = treated - treated.mean()
    read = _others([_sums(basis.design[fold == number], free[fold == number]) for number in folds])
    for number in folds:
        out, inside = fold == number, fold != number
        target = treated[inside].astype(np.float64)
        if np.ptp(target) == 0:
            linear[out] = grown[out] = float(target.mean())
            continue
        let_in = _ridge(read[number], basis.groups)[2]
        heard = np.flatnonzero(let_in)
        design, asked = (
            basis.design[np.ix_(np.flatnonzero(rows), heard)] * let_in[heard] for rows in (inside, out)
        )
        found = np.zeros(design.shape[1] + 1)
        tried = _STRENGTHS if strength is None else (strength,)
        losses, told = [], []
        for each in tried:
            found = _logit(design, target, each, found)
            told.append(special.expit(found[0] + asked @ found[1:]))
            losses.append(_log_loss(treated[out], told[-1]))
        best = int(np.argmin(losses))
        strength, linear[out] = tried[best], told[best]
        grown[out] = (
            _trees("classifier", len(target)).fit(x[inside], treated[inside]).predict_proba(x[out])[:, 1]
            if len(target) >= _LEAST_TRAIN
            else linear[out]
        )
    parts = special.logit(np.clip(np.column_stack([linear, grown]), 1e-3, 1 - 1e-3))
    blend = _logit(parts, treated.astype(np.float64), 1e3, np.zeros(3))
    if min(blend[1:]) < 0:
        best = int(np.argmin([_log_loss(treated, linear), _log_loss(treated, grown)]))
        parts = parts[:, best : best + 1]
        blend = _logit(parts, treated.astype(np.float64), 1e3, np.zeros(2))
    return np.asarray(special.expit(blend[0] + parts @ blend[1:]))


def _blended(parts: Floats, y: Floats) -> Floats:
    """The weights of a constant, a model and its correction that tell left-out rows best; no weight is negative."""
    found = np.asarray(np.linalg.lstsq(parts, y, rcond=None)[0])
    if found[2] < 0 or found[1] < 0:
        found = np.append(np.linalg.lstsq(parts[:, :2], y, rcond=None)[0], 0.0)
    return found if found[1] >= 0 else np.array([float(y.mean()), 0.0, 0.0])


def _log_loss(target: Booleans, probability: Floats) -> float:
    right = np.where(target, probability, 1 - probability)
    return float(-np.log(np.clip(right, 1e-4, 1)).mean())
