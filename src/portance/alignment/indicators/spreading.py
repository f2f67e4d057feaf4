"""The states of a lever, spread over the periods of every unit: the last known one is carried forward, none backwards."""

import numpy as np
import numpy.typing as npt

from portance.alignment.indicators.dating import Integers
from portance.alignment.indicators.panel import Values

Floats = npt.NDArray[np.float64]


def spread(units: Integers, days: Integers, values: Floats, *, count: int, edges: Integers) -> Values:
    """The mean state of a lever in each unit and period, shape (``count``, periods), by days.

    Row i says that unit ``units[i]`` was set to ``values[i]`` from day ``days[i]`` on; of two rows of one unit and
    day the last counts. ``edges`` are the first days of the periods and the day after the last one. A period that
    starts before the first known state is missing.
    """
    periods = len(edges) - 1
    if not len(units):
        return np.full((count, periods), np.nan)
    order = np.lexsort((np.arange(len(units)), days, units))
    units, days, values = units[order], days[order], values[order]
    last = np.append((units[1:] != units[:-1]) | (days[1:] != days[:-1]), True)
    units, days, values = units[last], days[last], values[last]
    lowest = min(int(days.min()), int(edges[0])) - 1
    width = max(int(days.max()), int(edges[-1])) - lowest + 2
    keys = units * width + (days - lowest)
    lasting = np.where(np.append(units[1:] == units[:-1], False), np.append(np.diff(days), 0), 0)
    lived = np.concatenate([[0.0], np.cumsum(values * lasting)])[:-1]
    asked = np.arange(count, dtype=np.int64)[:, None] * width + (edges - lowest)[None, :]
    at = np.searchsorted(keys, asked, side="right") - 1
    known = (at >= 0) & (units[np.maximum(at, 0)] == np.arange(count)[:, None])
    at = np.maximum(at, 0)
    until = lived[at] + values[at] * (edges[None, :] - days[at])
    mean = (until[:, 1:] - until[:, :-1]) / np.diff(edges)[None, :]
    # a change on the first day after a period is none within it
    before = np.maximum(np.searchsorted(keys, asked[:, 1:] - 1, side="right") - 1, 0)
    steady = at[:, :-1] == before
    return np.where(known[:, :-1], np.where(steady, values[at[:, :-1]], mean), np.nan)
