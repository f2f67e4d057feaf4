"""An estimate: a figure that always comes with its interval, its counts, and the right to be shown."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

Shown = Literal["suppressed", "interval", "point"]
FEWEST_FOR_INTERVAL = 5
"""Below this many persons nothing is shown: the figure would tell about individuals, and tell it badly."""
FEWEST_FOR_POINT = 30
"""Below this many persons only the interval is shown: a point would be read as if it were precise."""
DRAWS = 999
"""How many resamples: an odd count below a thousand, so that the 2.5 % and 97.5 % points are resamples themselves."""
LEVEL = 0.95
BEYOND = "beyond follow-up"
"""The reason given where too many journeys are still open for the figure to be known."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; ``value`` and the limits are null where they must not be shown.

    ``n`` counts observations, ``persons`` those whom they belong to. ``shown`` says what may be told:
    ``suppressed`` (nothing), ``interval`` (the limits alone) or ``point`` (the figure and its limits).
    ``method`` names how the interval was made; ``reason`` says why something is null.
    A limit is null on its own where the data bound the figure on one side only.
    """

    value: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    persons: int
    shown: Shown
    method: str
    reason: str | None = None


def shown_for(persons: int) -> Shown:
    """What may be told of a figure that so many persons stand behind."""
    if persons < FEWEST_FOR_INTERVAL:
        return "suppressed"
    return "interval" if persons < FEWEST_FOR_POINT else "point"


def told(
    value: float | None,
    ci_low: float | None,
    ci_high: float | None,
    *,
    n: int,
    persons: int,
    method: str,
    reason: str | None = None,
) -> Estimate:
    """An estimate of which only what may be shown is left; infinite limits become null."""
    shown = shown_for(persons)
    if shown == "suppressed":
        few = f"fewer than {FEWEST_FOR_INTERVAL} persons"
        return Estimate(None, None, None, n, persons, shown, method, few if persons else "no observation")
    if shown == "interval":
        value, reason = None, reason or f"fewer than {FEWEST_FOR_POINT} persons"
    return Estimate(_finite(value), _finite(ci_low), _finite(ci_high), n, persons, shown, method, reason)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def limits(draws: Floats, level: float = LEVEL) -> tuple[float, float]:
    """The percentile interval of resampled figures: two of them, never a value between two.

    Resamples in which the figure is out of reach may be infinite.
    """
    ordered = np.sort(draws)
    tail = (1 - level) / 2 * (len(ordered) + 1)
    low = max(math.floor(tail + 1e-9) - 1, 0)
    return float(ordered[low]), float(ordered[len(ordered) - 1 - low])
