"""What improving one indicator brings and what it costs the other, in money over twelve months, drawn jointly."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
DRAWS = 4000
FEWEST_SOUND = 0.95
Worth = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Net:
    """Money over twelve months and all units: median, 90 % interval, and the probability that it is a loss."""

    low: float
    median: float
    high: float
    p_negative: float


def priced(
    means: Floats,
    covariance: Floats,
    df: float,
    gained: Worth | None,
    harmed: Worth,
    *,
    times: float,
    seed: int,
) -> Net | None:
    """The net of a pair from the means and the covariance of three figures.

    These are the year's sums of both responses to a lever (oriented: positive is better) and the settled response of
    the first in its standard deviations, which the sums are divided by: what one standard deviation of improvement brings.
    ``times`` is the number of units. Without a worth of the first its gain counts for nothing. None where
    what the lever does to its own indicator is so uncertain that its sign changes between draws.
    """
    generator = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    wide = np.sqrt(df / (2 * special.gammaincinv(df / 2, generator.uniform(0.0, 1.0, DRAWS))))
    drawn = means + (generator.standard_normal((DRAWS, 3)) @ root.T) * wide[:, None]
    sound = drawn[:, 2] * means[2] > 0
    if sound.mean() < FEWEST_SOUND:
        return None
    drawn = drawn[sound]
    gain = _worths(generator, gained, len(drawn)) if gained is not None else np.zeros(len(drawn))
    net = (drawn[:, 0] * gain + drawn[:, 1] * _worths(generator, harmed, len(drawn))) / drawn[:, 2] * times
    low, median, high = np.quantile(net, [0.05, 0.5, 0.95])
    return Net(float(low), float(median), float(high), float(np.mean(net < 0)))


def _worths(generator: np.random.Generator, worth: Worth, n: int) -> Floats:
    low, value, high = worth
    if not low < high:
        return np.full(n, value)
    return generator.triangular(low, min(max(value, low), high), high, n)
