"""What each lever does to each indicator, and how well that is known, all jointly.

The parts by unit of every estimate are kept, because the doubt about two responses is shared: a trade-off between
them, a ratio or a sum has its right interval only from joint draws.
"""

import base64
import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, special

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Responses:
    """The level that an indicator reaches some time after a lever moved by one of its units and was kept there.

    ``effect`` has the shape (horizons, levers, indicators), in indicator units per lever unit; NaN where nothing can be
    said. ``factor`` (any, horizons, levers, indicators): the covariance of two cells is the sum of the products of
    their factors. ``df`` (levers, indicators) are Student's degrees of freedom. ``horizons`` and ``followed`` (levers)
    count periods; what lies beyond ``followed`` extends the last level seen. ``low`` and ``high`` (levers) are the range
    of the lever that was seen. ``spread`` (indicators) is each indicator's standard deviation within units.
    """

    levers: tuple[str, ...]
    indicators: tuple[str, ...]
    horizons: tuple[int, ...]
    period_kind: str
    units: int
    periods: int
    effect: Floats
    factor: Floats
    df: Floats
    grade: tuple[tuple[str, ...], ...]
    low: Floats
    high: Floats
    followed: Integers
    spread: Floats

    @property
    def extrapolated(self) -> npt.NDArray[np.bool_]:
        """Whether a horizon lies beyond what was seen, shape (horizons, levers)."""
        beyond: npt.NDArray[np.bool_] = np.asarray(self.horizons)[:, None] > self.followed[None, :]
        return beyond

    @property
    def error(self) -> Floats:
        """Standard errors, the shape of ``effect``."""
        error: Floats = np.where(np.isnan(self.effect), np.nan, np.sqrt((self.factor**2).sum(axis=0)))
        return error

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """The limits of every response, each the shape of ``effect``."""
        half = special.stdtrit(np.maximum(self.df, 1.0), (1 + level) / 2)[None] * self.error
        return self.effect - half, self.effect + half

    def draws(self, n: int, seed: int) -> Floats:
        """Joint draws, shape (n, horizons, levers, indicators): Student's, with the doubts that cells share."""
        generator = np.random.default_rng(seed)
        normal = generator.standard_normal((n, self.factor.shape[0]))
        level = generator.uniform(0.0, 1.0, n)
        df = np.maximum(self.df, 1.0)
        # one quantile for all cells of a draw: what makes one error too small makes the others so too
        wide = np.sqrt(df[None] / (2 * special.gammaincinv(df[None] / 2, level[:, None, None])))
        cells = self.factor.reshape(self.factor.shape[0], self.effect.size)
        apart = (normal @ cells).reshape(n, *self.effect.shape)
        return np.asarray(self.effect[None] + apart * wide[:, None], dtype=np.float64)

    def to_json(self) -> str:
        """As text, every number exactly."""
        return json.dumps({
            "levers": self.levers, "indicators": self.indicators, "horizons": self.horizons,
            "period_kind": self.period_kind, "units": self.units, "periods": self.periods, "grade": self.grade,
            **{name: _packed(getattr(self, name)) for name in ("effect", "factor", "df", "low", "high", "spread")},
            "followed": self.followed.tolist(),
        })  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> "Responses":
        """What :meth:`to_json` wrote."""
        told = json.loads(text)
        return cls(
            levers=tuple(told["levers"]),
            indicators=tuple(told["indicators"]),
            horizons=tuple(told["horizons"]),
            period_kind=told["period_kind"],
            units=told["units"],
            periods=told["periods"],
            effect=_unpacked(told["effect"]),
            factor=_unpacked(told["factor"]),
            df=_unpacked(told["df"]),
            grade=tuple(tuple(row) for row in told["grade"]),
            low=_unpacked(told["low"]),
            high=_unpacked(told["high"]),
            followed=np.asarray(told["followed"], dtype=np.int64),
            spread=_unpacked(told["spread"]),
        )


def packed_factor(parts: Floats) -> Floats:
    """The same covariances from fewer rows, where there are more units than cells."""
    units = parts.shape[0]
    cells = parts.reshape(units, -1)
    if units <= cells.shape[1]:
        return parts
    upper: Floats = np.asarray(linalg.qr(cells, mode="r", check_finite=False)[0][: cells.shape[1]])
    found: Floats = upper.reshape(upper.shape[0], *parts.shape[1:])
    return found


def _packed(values: Floats) -> dict[str, object]:
    return {
        "shape": values.shape,
        "float64": base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode("ascii"),
    }


def _unpacked(told: dict[str, object]) -> Floats:
    raw = np.frombuffer(base64.b64decode(str(told["float64"])), dtype="<f8")
    shape: tuple[int, ...] = tuple(told["shape"])  # type: ignore[arg-type]
    return raw.astype(np.float64).reshape(shape)
