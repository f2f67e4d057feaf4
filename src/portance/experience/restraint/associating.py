"""Whether the same person answers less after having been addressed more: an association, within persons.

Answering is set against the contacts of the window before, each less its mean over the person's occasions and over the
month; persons move as one in the error. What made a person be addressed more may also keep them from answering.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
FEWEST_PERSONS = 100
"""Persons asked at least twice, under different pressure."""
_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Slope:
    """The change of the probability of answering per unit, with its 95 % interval; ``reason`` where there is none."""

    value: float
    low: float
    high: float
    persons: int
    n: int
    reason: str | None = None


def within_persons(answered: Floats, pressure: Floats, persons: Integers, months: Integers) -> Slope:
    """The slope of answering on contacts within persons and months; all arrays by occasion."""
    code = np.unique(persons, return_inverse=True)[1]
    times = np.bincount(code)
    kept = times[code] > 1
    nowhere = Slope(math.nan, math.nan, math.nan, 0, int(kept.sum()), "few_persons")
    if not kept.any():
        return nowhere
    person = np.unique(code[kept], return_inverse=True)[1]
    month = np.unique(months[kept], return_inverse=True)[1]
    x, y = _centred(pressure[kept], person, month), _centred(answered[kept], person, month)
    moved = int((np.bincount(person, x**2) > 1e-9).sum())
    below = float(x @ x)
    if moved < FEWEST_PERSONS or below <= 1e-9 * len(x):
        return nowhere
    slope = float(x @ y) / below
    return _told(slope, np.bincount(person, x * (y - slope * x)) / below, moved, int(kept.sum()))


def over_time(answered: Floats, months: Floats, persons: Integers) -> Slope:
    """The change of the response rate per month, over all occasions."""
    code = np.unique(persons, return_inverse=True)[1]
    people = int(code.max()) + 1 if len(code) else 0
    x = months - months.mean() if len(months) else months
    below = float(x @ x)
    if people < FEWEST_PERSONS or below <= 0:
        return Slope(
            math.nan,
            math.nan,
            math.nan,
            people,
            len(x),
            "few_persons" if people < FEWEST_PERSONS else "one_month",
        )
    slope = float(x @ answered) / below
    rest = answered - answered.mean() - slope * x
    return _told(slope, np.bincount(code, x * rest) / below, people, len(x))


def between_persons(answered: Floats, pressure: Floats) -> float:
    """The plain slope over all occasions: for comparison, never evidence."""
    x = pressure - pressure.mean()
    return float(x @ answered / (x @ x)) if float(x @ x) > 0 else math.nan


def _told(slope: float, influence: Floats, persons: int, n: int) -> Slope:
    many = len(influence)
    error = math.sqrt(many / max(many - 1, 1) * float(influence @ influence))
    half = float(special.stdtrit(max(persons - 1, 1), 0.975)) * error
    return Slope(slope, slope - half, slope + half, persons, n)


def _centred(values: Floats, person: Integers, month: Integers) -> Floats:
    made = values.astype(np.float64)
    sizes = np.bincount(person), np.bincount(month)
    for _ in range(_ROUNDS):
        by_person = np.bincount(person, made) / sizes[0]
        made = made - by_person[person]
        by_month = np.bincount(month, made) / sizes[1]
        made = made - by_month[month]
        if float(np.abs(by_month).max()) < 1e-10:
            break
    return made
