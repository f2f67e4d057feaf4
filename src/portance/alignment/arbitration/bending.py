"""How the response of an indicator to a lever bends: the slope is not the same at both ends of what was seen.

Each indicator is regressed on every lever's recent state and its square at once, unit and period effects and
conditions held as for the responses themselves, errors clustered by unit (Liang and Zeger 1986).
"""

import numpy as np
import numpy.typing as npt

from portance.alignment.conflicts.absorbing import Absorber
from portance.alignment.conflicts.lagging import SETTLED, held, shifted
from portance.alignment.conflicts.regressing import alike
from portance.alignment.conflicts.responding import conditions
from portance.alignment.conflicts.responses import Responses
from portance.alignment.indicators.panel import Panel

Floats = npt.NDArray[np.float64]

_ROWS_PER_COLUMN = 8


def bends(panel: Panel, responses: Responses) -> tuple[Floats, Floats]:
    """By how much the slope grows from the middle of the range seen to its upper end, and its standard error.

    Both have the shape (levers, indicators), in indicator units per lever unit; NaN where nothing can be said.
    """
    many = len(responses.levers)
    found = np.full((many, len(panel.indicators)), np.nan)
    error = np.full_like(found, np.nan)
    if not many:
        return found, error
    states = held(np.stack([panel.of(name) for name in responses.levers], axis=2))
    middle, half = (responses.low + responses.high) / 2, (responses.high - responses.low) / 2
    settled = SETTLED[panel.period_kind][-1]
    scaled = (states - middle) / half
    columns = np.concatenate(
        [_recent(scaled, settled), _recent(scaled**2, settled), conditions(panel)], axis=2
    )
    size = columns.shape[2]
    y = panel.values[:, :, : len(panel.indicators)]
    ready = np.isfinite(columns).all(axis=2)
    squares = slice(many, 2 * many)
    for present, places in alike(ready[:, :, None] & np.isfinite(y)):
        absorber = Absorber(present)
        units = int(np.count_nonzero(present.any(axis=1)))
        if units < 6 or absorber.readings - absorber.effects < _ROWS_PER_COLUMN * size:
            continue
        x = absorber.swept(columns)
        flat = x.reshape(-1, size)
        inverse = np.linalg.pinv(flat.T @ flat, rcond=1e-9, hermitian=True)
        for block in np.array_split(places, max(1, len(places) // 16)):
            target = absorber.swept(y[:, :, block])
            coefficients = inverse @ (flat.T @ target.reshape(-1, len(block)))
            rest = target - np.einsum("utp,pk->utk", x, coefficients)
            scores = np.einsum("utp,utk->upk", x, rest)
            parts = np.einsum("qp,upk->uqk", inverse[squares], scores)
            errors = np.sqrt((parts**2).sum(axis=0) * units / (units - 1))
            found[:, block] = 2 * coefficients[squares] / half[:, None]
            error[:, block] = 2 * errors / half[:, None]
    blind = ~(error > 0)
    found[blind] = error[blind] = np.nan
    return found, error


def _recent(values: Floats, periods: int) -> Floats:
    """The mean of each value and those of the periods before it, over as long as a response takes to settle."""
    total = values.copy()
    for lag in range(1, periods + 1):
        total += shifted(values, lag)
    return total / (periods + 1)
