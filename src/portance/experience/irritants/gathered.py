"""What customers wrote, beside what they had lived before and what became of them, as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LOST, CONTACTS, COMPLAINTS = 0, 1, 2
OUTCOMES = ("lost", "contacts", "complaints")


@dataclass(frozen=True, slots=True)
class Gathered:
    """``n`` texts, one per interaction in which a customer wrote, copies and public reviews left out.

    ``customer`` are numbers from 0. ``irritants`` says of each name which texts carry it. ``before`` (n, p) was known
    before; ``earlier`` (n, p') a month sooner, with ``control`` (n,), the contacts of that month, which no text can have
    caused. ``outcomes`` (n, 3): customer lost within ``lost_days``, contacts and complaints within ``contact_days``; NaN
    where not seen to the end or not recorded. ``points``: the rating given with the text, 0 to 100, NaN where none.
    """

    customer: Integers
    irritants: Mapping[str, Flags]
    before: Floats
    outcomes: Floats
    lost_days: int
    contact_days: int
    points: Floats
    language: npt.NDArray[np.str_]
    earlier: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    control: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def n(self) -> int:
        """How many texts."""
        return len(self.customer)
