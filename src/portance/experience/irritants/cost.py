"""What one irritant costs, with its interval, its frequency, its severity and its effect apart."""

from dataclasses import dataclass
from typing import Literal

from portance.estimation import Shown

Grade = Literal["A", "B", "C", "D", "E"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its limits; null where it cannot be told."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What one unit costs, in the company's currency, with its range."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Cost:
    """One irritant: ``n`` texts of ``persons`` customers carry it.

    ``lost`` is the change of the chance to lose who carries it, ``contacts`` and ``complaints`` how many more of them;
    ``severity`` the points of rating (0 to 100) that go with it, worse above zero. ``loss`` is money over the extract.
    ``rank`` from 1, by the lower end of the loss; none where the loss could be nothing.
    """

    irritant: str
    n: int
    persons: int
    share: Figure
    severity: Figure
    lost: Figure
    contacts: Figure
    complaints: Figure
    loss: Figure
    grade: Grade
    shown: Shown
    rank: int | None = None
    why: str | None = None
