"""What levers seem to do when their histories are given to other units: nothing, if the answer was theirs.

Each shuffle deals all lever histories, week by week as they were, to units drawn anew; conditions and readings stay where
they are. Studentised, so that units of unequal size do not matter (Janssen 1997; DiCiccio & Romano 2017).
"""

import numpy as np
import numpy.typing as npt

from portance.alignment.conflicts.absorbing import Absorber
from portance.alignment.conflicts.lagging import laid_out
from portance.alignment.conflicts.regressing import alike, fitted, products
from portance.alignment.conflicts.responding import Responded, conditions
from portance.alignment.indicators.panel import Panel

Floats = npt.NDArray[np.float64]

SHUFFLED_UNITS = 60
"""Up to this many units: beyond, the limit laws need no such check."""
SHUFFLES = 99


def shuffled(panel: Panel, found: Responded, outcomes: list[int], *, seed: int) -> Floats:
    """The share of shuffles in which a lever seems to do as much, shape (levers, indicators); NaN where not asked."""
    levers = len(found.layout.levers)
    starts = found.layout.starts[:2]
    p = np.full((levers, len(panel.indicators)), np.nan)
    held = conditions(panel)
    x = laid_out(found.states, starts)
    settled = np.arange(levers) * len(starts) + len(starts) - 1
    generator = np.random.default_rng(seed)
    orders = [generator.permutation(len(panel.units)) for _ in range(SHUFFLES)]
    ready = np.asarray(np.isfinite(held).all(axis=2))
    readings = panel.values[:, :, outcomes]
    for present, places in alike(ready[:, :, None] & np.isfinite(readings)):
        absorber = Absorber(present)
        y = absorber.swept(readings[:, :, places])
        beside = absorber.swept(held)
        history = None if not present.all() else absorber.swept(x)

        def strength(order: npt.NDArray[np.int_], present_all: Floats | None = history) -> Floats:
            # a complete panel is swept the same whoever has which history
            moved = present_all[order] if present_all is not None else absorber.swept(x[order])  # noqa: B023 - used at once
            cross = products(absorber, np.concatenate([moved, beside], axis=2), y)  # noqa: B023 - used at once
            fit = fitted(cross, jackknife=False)
            with np.errstate(invalid="ignore", divide="ignore"):
                t: Floats = np.abs(fit.coefficients[settled]) / np.sqrt(
                    (fit.sandwich[:, settled] ** 2).sum(axis=0)
                )
            return t

        real = strength(np.arange(len(panel.units)))
        as_much = sum((strength(order) >= real).astype(np.float64) for order in orders)
        p[:, np.asarray(outcomes)[places]] = (1 + np.asarray(as_much)) / (1 + SHUFFLES)
    return p
