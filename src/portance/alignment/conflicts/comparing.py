"""How two indicators go together: within units, between units, and all readings thrown in one heap.

Correlations say nothing about who does what to whom. They are kept for one purpose: where the three have different
signs, a chart of the heap shows the reverse of what happens inside every unit (Simpson 1951; Bickel, Hammel & O'Connell 1975).
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FEWEST = 10
"""With fewer readings of both, no correlation is told."""


def compared(y: Floats) -> tuple[Floats, Floats, Floats]:
    """Correlations (K, K) between units, within units, pooled; over readings present in both, NaN where there are too few."""
    known = np.isfinite(y)
    mask = known.astype(np.float64)
    middle = np.where(known, y, 0.0).sum(axis=(0, 1)) / np.maximum(known.sum(axis=(0, 1)), 1)
    x = np.where(known, y - middle, 0.0)
    turned, turned_mask = np.swapaxes(x, 1, 2), np.swapaxes(mask, 1, 2)
    # by unit and pair, over what both have: readings, the sum of the first, of its squares, of the products
    n, total = turned_mask @ mask, turned @ mask
    squares, both = np.swapaxes(x * x, 1, 2) @ mask, turned @ x
    shared = np.maximum(n, 1.0)
    other = np.swapaxes(total, 1, 2)
    within = _ratio((both - total * other / shared).sum(axis=0), (squares - total**2 / shared).sum(axis=0))
    readings = np.maximum(n.sum(axis=0), 1.0)
    heap = total.sum(axis=0)
    pooled = _ratio(both.sum(axis=0) - heap * heap.T / readings, squares.sum(axis=0) - heap**2 / readings)
    seen = (n > 0).astype(np.float64)
    units = np.maximum(seen.sum(axis=0), 1.0)
    mean = total / shared * seen
    means = mean.sum(axis=0)
    between = _ratio(
        (mean * np.swapaxes(mean, 1, 2)).sum(axis=0) - means * means.T / units,
        (mean**2).sum(axis=0) - means**2 / units,
    )
    few = (n.sum(axis=0) < FEWEST) | ((n > 1).sum(axis=0) < 2)
    for chart in (between, within, pooled):
        chart[few] = np.nan
    return between, within, pooled


def _ratio(products: Floats, squares: Floats) -> Floats:
    """Correlations from sums of products (K, K) and sums of squares of the first over what it shares with the second."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = products / np.sqrt(squares * squares.T)
    return np.where(np.isfinite(found), np.clip(found, -1, 1), np.nan)


def spreads(y: Floats) -> Floats:
    """The standard deviation of each column within its units, shape (K): over readings, about the unit's mean."""
    known = np.isfinite(y)
    count = np.maximum(known.sum(axis=1), 1)
    filled = np.where(known, y, 0.0)
    about = np.where(known, filled - (filled.sum(axis=1) / count)[:, None], 0.0)
    total = np.maximum(known.sum(axis=(0, 1)), 1)
    return np.asarray(np.sqrt((about**2).sum(axis=(0, 1)) / total), dtype=np.float64)
