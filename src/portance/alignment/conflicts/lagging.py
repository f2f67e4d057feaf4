"""A lever's past is laid out so that each coefficient is the level reached some time after a lasting move.

With starts (0, 2, 6) the first column of a lever carries the response 0 and 1 periods after a move of one unit that is
kept, the second that after 2 to 5 periods, the third that after 6 and more: a step function of the time since the move.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SETTLED = {"day": (0, 7, 21, 42), "week": (0, 2, 5, 9), "month": (0, 1, 3), "quarter": (0, 1)}
"""When a response may change, by kind of period: the last start is when it counts as settled."""
YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4}
"""Periods of a year."""
HORIZONS = {"day": (91, 365, 1095), "week": (13, 52, 156), "month": (3, 12, 36), "quarter": (1, 4, 12)}
"""A quarter, a year and three years, in periods."""
AHEAD = {"day": (1, 28, 56), "week": (1, 4, 8), "month": (1, 2, 3), "quarter": (1, 1, 2)}
"""The two windows before a move in which nothing must answer it: (from, through, through)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a design belong to which lever and time since its move.

    ``starts`` are the first periods of each step of the response; the columns of lever ``l`` are
    ``l * len(starts)`` and the following ones, in the order of ``starts``.
    """

    levers: tuple[str, ...]
    starts: tuple[int, ...]

    def column(self, lever: int, step: int) -> int:
        """The column of a step; -1 counts from the last, the settled level."""
        return lever * len(self.starts) + (step % len(self.starts))

    def step_at(self, horizon: int) -> int:
        """The step of the response in force ``horizon`` periods after the move."""
        return int(np.searchsorted(self.starts, horizon, side="right")) - 1


def held(states: Floats) -> Floats:
    """Lever states, shape (units, periods, levers), each kept until the next one known; NaN where none ever is.

    Before the first known state, it is taken to have stood as it was first seen.
    """
    periods = states.shape[1]
    known = np.isfinite(states)
    place = np.where(known, np.arange(periods)[None, :, None], 0)
    last = np.maximum.accumulate(place, axis=1)
    first = np.argmax(known, axis=1)[:, None, :]
    last = np.maximum(last, first)
    kept: Floats = np.take_along_axis(states, last, axis=1)
    return kept


def shifted(values: Floats, by: int) -> Floats:
    """Values ``by`` periods earlier (later where negative); beyond the ends the outermost ones stand."""
    periods = values.shape[1]
    place = np.clip(np.arange(periods) - by, 0, periods - 1)
    return values[:, place]


def laid_out(states: Floats, starts: tuple[int, ...]) -> Floats:
    """The columns of every lever and step, shape (units, periods, levers × steps)."""
    units, periods, levers = states.shape
    columns = np.empty((units, periods, levers, len(starts)))
    for step, start in enumerate(starts):
        columns[..., step] = shifted(states, start)
        if step + 1 < len(starts):
            columns[..., step] -= shifted(states, starts[step + 1])
    return columns.reshape(units, periods, levers * len(starts))


def ahead(states: Floats, window: tuple[int, int, int]) -> Floats:
    """What each lever will move by in two windows to come, shape (units, periods, levers × 2)."""
    units, periods, levers = states.shape
    first, near, far = window
    columns = np.empty((units, periods, levers, 2))
    columns[..., 0] = shifted(states, -near) - shifted(states, -first + 1)
    columns[..., 1] = shifted(states, -far) - shifted(states, -near)
    return columns.reshape(units, periods, levers * 2)


def spells(states: Floats) -> Floats:
    """How many periods a state lasts on average, by lever; infinite where it never moves."""
    moves = np.count_nonzero(np.diff(states, axis=1) != 0, axis=(0, 1))
    with np.errstate(divide="ignore"):
        lasting: Floats = states.shape[0] * states.shape[1] / moves.astype(np.float64)
    return lasting


def starts_for(period_kind: str, periods: int) -> tuple[int, ...]:
    """The steps that a panel of so many periods can tell apart: settled within a quarter of its length."""
    return tuple(start for start in SETTLED[period_kind] if start <= periods // 4)


def followed(states: Floats, least_units: int = 3) -> npt.NDArray[np.int64]:
    """The longest time after a move for which so many units were still followed without another, by lever."""
    units, _, levers = states.shape
    longest = np.zeros((units, levers), dtype=np.int64)
    run = np.full((units, levers), -1, dtype=np.int64)
    moved = np.diff(states, axis=1) != 0
    for period in range(moved.shape[1]):
        run = np.where(moved[:, period], 0, np.where(run >= 0, run + 1, run))
        longest = np.maximum(longest, run)
    if units < least_units:
        return np.zeros(levers, dtype=np.int64)
    found: npt.NDArray[np.int64] = np.sort(longest, axis=0)[-least_units]
    return found
