"""What clusters (persons, teams) add up to: sums and sums of products, from which any smooth figure has its interval.

Everything of one cluster moves together, so a figure needs of each cluster only its totals, and of all clusters only the
totals and their products: some dozens of numbers, whatever the number of interactions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from portance.engine import Engine
from portance.estimation import Estimate, shown_for, told, wilson
from portance.estimation.estimate import LEVEL

Floats = npt.NDArray[np.float64]
FEW = "few_persons"
"""The reason given where the floors of the estimation rules hide a figure, or its point."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals of ``k`` quantities over ``clusters``, and the sums over clusters of their products (k, k)."""

    clusters: int
    totals: Floats
    products: Floats

    @classmethod
    def of(cls, values: Floats, times: Floats | None = None) -> "Sums":
        """From one row of quantities per cluster, each row standing for ``times`` clusters."""
        rows = np.asarray(values, dtype=np.float64)
        weights = np.ones(len(rows)) if times is None else np.asarray(times, dtype=np.float64)
        live = rows.any(axis=1) & (weights > 0)
        rows, weights = rows[live], weights[live]
        return cls(round(float(weights.sum())), weights @ rows, (rows * weights[:, None]).T @ rows)

    @classmethod
    def read(cls, row: Sequence[float | int | None], quantities: int) -> "Sums":
        """From one row of a query written with :func:`summed`."""
        numbers = [float(value or 0) for value in row]
        totals = np.array(numbers[1 : quantities + 1])
        products = np.zeros((quantities, quantities))
        rest = iter(numbers[quantities + 1 :])
        for first in range(quantities):
            for second in range(first, quantities):
                products[first, second] = products[second, first] = next(rest)
        return cls(round(numbers[0]), totals, products)

    def error(self, gradient: Floats) -> float:
        """The standard error of a figure whose derivative by the totals is ``gradient``; infinite below two clusters."""
        if self.clusters < 2:
            return math.inf
        centre = float(gradient @ self.totals)
        spread = float(gradient @ self.products @ gradient) - centre * centre / self.clusters
        return math.sqrt(max(spread, 0.0) * self.clusters / (self.clusters - 1))

    def value(self, above: int, below: int) -> float:
        """The ratio of two totals; NaN over nothing."""
        bottom = float(self.totals[below])
        return float(self.totals[above]) / bottom if bottom > 0 else math.nan

    def gradient(self, above: int, below: int) -> Floats:
        """The derivative of the ratio of two totals by all totals."""
        made = np.zeros(len(self.totals))
        bottom = float(self.totals[below])
        made[above] += 1 / bottom
        made[below] -= self.value(above, below) / bottom
        return made

    def limits(self, above: int, below: int, *, proportion: bool) -> tuple[float, float]:
        """The 95 % interval of a ratio: Wilson at the effective size for a proportion, else Student."""
        value = self.value(above, below)
        if not math.isfinite(value):
            return math.nan, math.nan
        error = self.error(self.gradient(above, below))
        if not proportion:
            half = student(self.clusters) * error if math.isfinite(error) else math.inf
            return value - half, value + half
        weight = float(self.totals[below])
        square = float(self.products[below, below])
        size = weight * weight / square if square > 0 else 0.0
        certain = value * (1 - value) <= 0 or error <= 0 or not math.isfinite(error)
        if not certain:
            size = value * (1 - value) / error**2
        return wilson(value * size, size, df=None if certain else self.clusters - 1)

    def figure(
        self, above: int, below: int, *, proportion: bool, n: int, persons: int, reason: str | None = None
    ) -> Estimate:
        """The ratio of two totals as far as it may be shown to those who look; ``persons`` decide that."""
        value = self.value(above, below)
        low, high = self.limits(above, below, proportion=proportion)
        missing = not math.isfinite(value)
        return told_by_code(None if missing else value, low, high, n=n, persons=persons, reason=reason)


def student(clusters: int) -> float:
    """The quantile of Student's law that 95 % intervals over so many clusters use."""
    return float(stats.t.ppf((1 + LEVEL) / 2, max(clusters - 1, 1)))


def told_by_code(
    value: float | None, low: float | None, high: float | None, *, n: int, persons: int, reason: str | None
) -> Estimate:
    """As :func:`portance.estimation.told`, the reason being a code."""
    made = told(value, low, high, n=n, persons=persons, method="linearised by cluster", reason=reason)
    if reason is None and shown_for(persons) != "point":
        reason = FEW
    return Estimate(
        made.value, made.ci_low, made.ci_high, n, persons, made.shown, made.method, reason
    )  # fmt: skip


def summed(columns: Sequence[str]) -> str:
    """The select list that :meth:`Sums.read` reads, over one row of whole numbers per cluster.

    Products are summed as 128-bit integers, so that the order of the rows does not matter.
    """
    totals = ", ".join(f"sum({column})" for column in columns)
    products = ", ".join(
        f"sum(cast({first} as hugeint) * {second})"
        for place, first in enumerate(columns)
        for second in columns[place:]
    )
    return f"count(*), {totals}, {products}"


def read_sums(engine: Engine, clusters: str, columns: Sequence[str]) -> Sums:
    """The sums over the rows of a query that has one row per cluster."""
    return Sums.read(engine.rows(f"select {summed(columns)} from ({clusters}) as told")[0], len(columns))
