"""What is held equal between customers before their exposures are compared: time, tenure, volume, channels, segment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portance.experience.retention.lives import Flags, Floats, Integers, Lives, Rows, between, up_to

MOST_CALENDAR = 36
"""Up to so many periods each has an effect of its own; beyond, a smooth curve with one bend for every four."""
_TENURE_KNOTS = (0.1, 0.35, 0.65, 0.9)
_MOST_CHANNELS = 4


@dataclass(frozen=True, slots=True)
class Baseline:
    """The columns that adjust, per row, and how to have the moving ones at other times.

    ``calendar`` has one row per period; ``tenure`` one per number of periods since the first contact.
    ``steady`` (rows, columns) are those that belong to the customer: volume, channels, segment.
    """

    calendar: Floats
    tenure: Floats
    steady: Floats
    names: tuple[str, ...]

    def of(self, rows: Rows) -> Floats:
        """The columns of rows, the first of ones."""
        ones = np.ones((len(rows.person), 1))
        longest = len(self.tenure) - 1
        return np.hstack(
            [
                ones,
                self.calendar[rows.period],
                self.tenure[np.minimum(rows.tenure, longest)],
                self.steady,
            ]
        )


def baseline(lives: Lives, rows: Rows) -> Baseline:
    """The adjusting columns for rows of those at risk; constant ones are left out."""
    calendar = _calendar(lives.periods, rows.period)
    longest = int(rows.tenure.max(initial=1))
    tenure = _natural(np.log1p(np.arange(longest + 1)), np.log1p(rows.tenure), _TENURE_KNOTS)
    steady, names = _steady(lives, rows)
    return Baseline(calendar, tenure, steady, names)


def _calendar(periods: int, seen: Integers) -> Floats:
    """Dummies but one, the most frequent, or a natural spline over many periods."""
    counts = np.bincount(seen, minlength=periods)
    there = np.flatnonzero(counts)
    if len(there) <= MOST_CALENDAR:
        kept = [period for period in there if period != int(np.argmax(counts))]
        table = np.zeros((periods, len(kept)))
        table[kept, np.arange(len(kept))] = 1.0
        return table
    bends = max(4, len(there) // 4)
    return _natural(
        np.arange(periods, dtype=np.float64),
        seen.astype(np.float64),
        tuple(np.linspace(0.02, 0.98, bends)),
    )


def _natural(at: Floats, seen: Floats, places: Sequence[float]) -> Floats:
    """A natural cubic spline at ``at``, its knots at quantiles of ``seen``; linear outside them, scaled to about one."""
    knots = np.unique(np.quantile(seen, places)) if len(seen) else np.zeros(0)
    width = float(np.ptp(knots)) if len(knots) > 1 else 1.0
    middle = float(knots.mean()) if len(knots) else 0.0
    z, k = (at - middle) / width, (knots - middle) / width
    columns = [z]
    if len(k) >= 3:

        def bend(number: int) -> Floats:
            cubes = np.maximum(z - k[number], 0) ** 3 - np.maximum(z - k[-1], 0) ** 3
            return np.asarray(cubes / (k[-1] - k[number]))

        columns += [bend(number) - bend(len(k) - 2) for number in range(len(k) - 2)]
    return np.column_stack(columns)


def _steady(lives: Lives, rows: Rows) -> tuple[Floats, tuple[str, ...]]:
    summed = up_to(lives.contacts)
    start = rows.period - lives.recent
    recent = between(summed, rows.person, start, rows.period)
    before = between(summed, rows.person, np.zeros_like(start), np.maximum(start, 0))
    span = np.maximum(start - lives.first[rows.person], 0)
    columns = [
        np.log1p(recent),
        np.log1p(before / np.maximum(span, 1)),
        (span > 0).astype(np.float64),
    ]
    names = ["contacts_recent", "contacts_before", "known_before"]
    total = between(summed, rows.person, np.zeros_like(start), rows.period)
    for channel in sorted(lives.channels)[:_MOST_CHANNELS]:
        share = between(up_to(lives.channels[channel]), rows.person, np.zeros_like(start), rows.period)
        columns.append(share / np.maximum(total, 1.0))
        names.append(f"channel_{channel}")
    if lives.fixed.size:
        columns += list(lives.fixed[rows.person].T)
        names += [f"fixed_{place}" for place in range(lives.fixed.shape[1])]
    kept = [(column, name) for column, name in zip(columns, names, strict=True) if np.ptp(column) > 1e-9]
    if not kept:
        return np.zeros((len(rows.person), 0)), ()
    return np.column_stack([column for column, _ in kept]), tuple(name for _, name in kept)


def person_means(values: Floats, person: Integers, people: int) -> Floats:
    """The mean of each column over the rows of each customer; zero for those without rows."""
    counts = np.maximum(np.bincount(person, minlength=people), 1)
    return (
        np.column_stack(
            [np.bincount(person, values[:, place], people) / counts for place in range(values.shape[1])]
        )
        if values.shape[1]
        else np.zeros((people, 0))
    )


def exposed_flags(lives: Lives, rows: Rows, counts: Floats) -> tuple[Flags, Flags]:
    """Whether each row's customer was exposed within the recent periods, and whether before them."""
    start = rows.period - lives.recent
    recent = between(counts, rows.person, start, rows.period) > 0
    older = between(counts, rows.person, np.zeros_like(start), np.maximum(start, 0)) > 0
    return recent, older
