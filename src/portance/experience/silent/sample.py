"""The journeys that a question speaks of: who answered, and how every one of them is described."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """One row per journey, answered or not; all arrays of the same length.

    ``y``: the last answer in the figure's unit, NaN where silent. ``asked``: whether the customer was asked. ``x`` (n, p):
    what is known of everyone, its columns named by ``columns``. ``persons``: numbers; a journey of nobody known is its own.
    ``ended_us``: the end of what was lived. ``asks``: how often asked before the answer, 1 where that is not recorded.
    ``delay_us``: from the asking, or the end, to the answer; NaN where silent. ``drawn``: asked again by lot while silent;
    their answers stand in ``followed`` and not in ``y``. ``segments``: for each declared segment, the value of each row.
    """

    y: Floats
    asked: Flags
    x: Floats
    columns: tuple[str, ...]
    persons: Integers
    weights: Floats
    started_us: Integers
    ended_us: Integers
    delay_us: Floats
    asks: Integers
    drawn: Flags
    followed: Floats
    segments: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict)

    @property
    def answered(self) -> Flags:
        """Who answered, follow-up answers apart."""
        return np.isfinite(self.y)

    def __len__(self) -> int:
        return len(self.y)

    def where(self, mine: Flags | Integers) -> "Sample":
        """The same, of some rows only."""
        return Sample(
            self.y[mine], self.asked[mine], self.x[mine], self.columns, self.persons[mine], self.weights[mine],
            self.started_us[mine], self.ended_us[mine], self.delay_us[mine], self.asks[mine], self.drawn[mine],
            self.followed[mine], {name: values[mine] for name, values in self.segments.items()},
        )  # fmt: skip
