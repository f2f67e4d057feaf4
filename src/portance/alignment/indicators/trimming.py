"""The part of a panel that is read often enough to be compared: rarely read units, and thin periods at either end, left out."""

from dataclasses import replace

import numpy as np

from portance.alignment.indicators.panel import Panel

READ = 0.8
"""A unit, or a period at either end, stays where this share of its readings of indicators is there."""
FEWEST_UNITS, FEWEST_PERIODS = 6, 8


def trimmed(panel: Panel, share: float = READ) -> Panel:
    """The panel without the units and the first and last periods that are read least; itself where nothing is thin.

    One at a time, the thinnest first. Periods inside stay, so that they remain equally spaced. Where fewer than six
    units or eight periods would be left the whole panel is given back: thin everywhere, it is told as such.
    """
    many = len(panel.indicators)
    if not many or not panel.values.size:
        return panel
    read = np.isfinite(panel.values[:, :, :many]).mean(axis=2)
    units, first, last = np.ones(len(panel.units), dtype=bool), 0, len(panel.periods)
    by_unit, by_period = read.sum(axis=1), read.sum(axis=0)
    while units.sum() >= FEWEST_UNITS and last - first >= FEWEST_PERIODS:
        rates = np.where(units, by_unit / (last - first), np.inf)
        worst = int(rates.argmin())
        ends = {place: by_period[place] / units.sum() for place in (first, last - 1)}
        end = min(ends, key=lambda place: ends[place])
        if min(rates[worst], ends[end]) >= share:
            break
        if ends[end] < rates[worst]:
            by_unit -= read[:, end]
            first, last = (first + 1, last) if end == first else (first, last - 1)
        else:
            by_period -= read[worst]
            units[worst] = False
    if (
        units.sum() < FEWEST_UNITS
        or last - first < FEWEST_PERIODS
        or (units.all() and last - first == len(panel.periods))
    ):
        return panel
    kept = np.flatnonzero(units)
    return replace(
        panel,
        units=tuple(panel.units[unit] for unit in kept),
        periods=panel.periods[first:last],
        values=panel.values[kept, first:last],
        counts=panel.counts[kept, first:last],
    )
