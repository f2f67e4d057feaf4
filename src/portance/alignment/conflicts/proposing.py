"""The test to run where nothing can be seen: which lever, how many units, half of them drawn by lot, for how long.

Two arms, each unit compared with its own past (difference in differences of means). What a mean over some periods
varies by is read from the panel itself: the autocovariances of what units, periods and conditions leave of the
indicator, so that slow swings of a unit (the intraclass correlation) count as they should.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.alignment.conflicts.absorbing import Absorber
from portance.alignment.conflicts.conflict import ProposedTest
from portance.alignment.conflicts.pairing import POWER

Floats = npt.NDArray[np.float64]
FEWEST_UNITS = 6
MOST_UNITS = 4000


@dataclass(frozen=True, slots=True)
class Swings:
    """How much the mean of an indicator over 1, 2, … periods varies around what its unit does, shape (periods, K)."""

    variance: Floats

    def over(self, periods: int, indicator: int) -> float:
        """The variance of a mean over so many periods; beyond those seen it falls as independent stretches would."""
        most = self.variance.shape[0]
        if periods <= most:
            return float(self.variance[periods - 1, indicator])
        return float(self.variance[most - 1, indicator] * most / periods)


def swings(y: Floats, conditions: Floats) -> Swings:
    """Read from a panel; ``conditions`` are taken out first where they are read."""
    _, periods, outcomes = y.shape
    lags = max(periods // 3, 1)
    variance = np.full((periods, outcomes), np.nan)
    for k in range(outcomes):
        present = np.isfinite(y[:, :, k]) & np.isfinite(conditions).all(axis=2)
        absorber = Absorber(present)
        spare = absorber.readings - absorber.effects - conditions.shape[2]
        if spare < 10:
            continue
        left = absorber.swept(y[:, :, k : k + 1])[:, :, 0]
        if conditions.shape[2]:
            held = absorber.swept(conditions).reshape(-1, conditions.shape[2])
            left = left - (held @ np.linalg.lstsq(held, left.ravel(), rcond=1e-10)[0]).reshape(left.shape)
        left = left * present
        weight = present.astype(np.float64)
        auto = np.zeros(periods)
        for lag in range(lags):
            both = (weight[:, : periods - lag] * weight[:, lag:]).sum()
            if both > 0:
                auto[lag] = (left[:, : periods - lag] * left[:, lag:]).sum() / both
        auto *= absorber.readings / spare
        # sweeping a unit's mean out of few periods makes late covariances look negative: those count as nil
        auto[1:] = np.maximum(auto[1:], 0.0)
        for length in range(1, periods + 1):
            apart = np.arange(1, length)
            variance[length - 1, k] = (
                auto[0] + 2 * float(((1 - apart / length) * auto[1:length]).sum())
            ) / length
    return Swings(variance)


def proposed(
    noise: Swings,
    to: int,
    names: tuple[str, str],
    *,
    lever: str | None,
    change: float | None,
    moves: float | None,
    smallest: float,
    spread: float,
    units: int,
    periods: int,
    settling: int,
    period_kind: str,
    year: int,
    reason: str | None,
) -> ProposedTest:
    """The shortest test that the company's units allow, or how many units it would take within a year.

    ``moves`` is by how many of its standard deviations ``change`` of the lever moves the first indicator (its own, as
    estimated; 1 where nobody knows); ``smallest`` the effect to be seen, in ``spread`` of the second.
    """

    def told(
        n: int | None, length: int | None, power: float | None, why: str | None, *, feasible: bool
    ) -> ProposedTest:
        return ProposedTest(*names, lever, n, length, period_kind, change, power, smallest, feasible, why)

    if reason in ("no_lever", "no_range", "never_varied"):
        return told(None, None, None, reason, feasible=False)
    target = smallest * spread * abs(moves or 1.0)
    if not target > 0 or not math.isfinite(noise.over(1, to)):
        return told(None, None, None, "never_varied", feasible=False)

    def power_of(n: int, length: int) -> float:
        error = math.sqrt(4 / n * (noise.over(length, to) + noise.over(periods, to)))
        return float(special.stdtr(n - 2, target / error - special.stdtrit(n - 2, 0.975)))

    def fewest(length: int) -> int:
        """The least even number of units; power grows with it, so that halving finds it."""
        low, high = FEWEST_UNITS // 2 - 1, MOST_UNITS // 2 + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if power_of(2 * middle, length) >= POWER else (middle, high)
        return 2 * high

    even = units - units % 2
    if even >= FEWEST_UNITS:
        for length in range(max(2, year // 13), 2 * year - settling + 1, max(1, year // 26)):
            if power_of(even, length) >= POWER:
                n = fewest(length)
                return told(n, length + settling, power_of(n, length), reason, feasible=True)
    length = max(year - settling, 2)
    n = fewest(length)
    if n > MOST_UNITS:
        return told(None, length + settling, None, "more_units_needed", feasible=False)
    return told(n, length + settling, power_of(n, length), "more_units_needed", feasible=False)
