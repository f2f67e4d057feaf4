"""What levers are held or were measured to do to indicators, with how far each may be from that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import special

from portance.charter import Charter

Floats = npt.NDArray[np.float64]
_TRUSTED = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Sized:
    """The change of an indicator for one unit more of a lever, in the indicator's unit.

    ``low`` and ``high`` bound it: where declared, everything that is held possible; where measured, 95 %, with
    ``df`` degrees of freedom. Equal where no doubt is told. ``grade`` is E where declared.
    """

    value: float
    low: float
    high: float
    source: Literal["declared", "measured"] = "declared"
    grade: str = "E"
    df: float = float("inf")

    @property
    def certain(self) -> bool:
        """Whether no doubt is told."""
        return self.low == self.high

    @property
    def sign(self) -> int | None:
        """-1, 0 or 1; ``None`` where both signs are possible."""
        if self.low > 0:
            return 1
        if self.high < 0:
            return -1
        return 0 if self.low == self.high == 0 else None


Effects = Mapping[tuple[str, str], Sized]
"""By lever and indicator."""


def effects_of(charter: Charter, responses: pa.Table | None = None) -> dict[tuple[str, str], Sized]:
    """The declared effects; one that was measured at grade A to C (table ``responses``) stands instead of its declaration.

    Of several horizons the longest counts.
    """
    found = {}
    for name, lever in charter.levers.items():
        for indicator, effect in lever.effects.items():
            low, high = effect.range or (effect.value, effect.value)
            found[name, indicator] = Sized(effect.value, low, high)
    if responses is None:
        return found
    rows = sorted(responses.to_pylist(), key=lambda row: row["horizon_periods"] or 0)
    for row in rows:
        given = (row["effect"], row["ci_low"], row["ci_high"])
        if row["grade"] in _TRUSTED and all(value is not None and np.isfinite(value) for value in given):
            df = row["df"] if row["df"] is not None else float("inf")
            found[row["lever"], row["indicator"]] = Sized(*given, "measured", row["grade"], df)
    return found


def drawn(effects: Effects, draws: int, seed: int) -> dict[tuple[str, str], Floats]:
    """Effects drawn from what is known of each: a triangle over a declared range, Student's law around a measure.

    Each effect is drawn on its own, from a seed of its own: what else is drawn beside it changes nothing.
    """
    found = {}
    for key, sized in effects.items():
        if sized.certain:
            found[key] = np.full(draws, sized.value)
            continue
        random = np.random.default_rng([seed, *(ord(letter) for letter in "/".join(key))])
        if sized.source == "declared":
            found[key] = random.triangular(sized.low, sized.value, sized.high, draws)
            continue
        error = (sized.high - sized.low) / 2 / float(special.stdtrit(min(sized.df, 1e6), 0.975))
        found[key] = sized.value + error * random.standard_t(min(sized.df, 1e6), draws)
    return found
