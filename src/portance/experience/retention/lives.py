"""Customers' lives as arrays: who came when, who left when and why, what happened to each in every period."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.float32]

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Lives:
    """``n`` customers over ``T`` periods of equal kind, numbered from 0.

    A customer is at risk from the period after ``first`` (that of the first interaction) to ``last``, the period of the
    departure where ``left``, else the last one seen. ``reason`` is a place in ``reasons``, -1 for none. ``contacts`` and
    each of ``exposures`` count, per customer and period, interactions and breaks of one kind, whatever the customer had
    become by then: what comes after a departure is a test, never an explanation. ``held`` is 1, 0 or -1 (not known), as it
    stands at the end of each period. ``fixed`` (n, p) does not change over time. ``recent`` is how many periods an
    exposure counts as recent. ``after_silence``: a departure is a silence, and can only follow a period with a contact.
    """

    first: Integers
    last: Integers
    left: Flags
    reason: Integers
    reasons: tuple[str, ...]
    contacts: Counts
    exposures: Mapping[str, Counts]
    recent: int
    horizon: int
    held: npt.NDArray[np.int8] | None = None
    fixed: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    channels: Mapping[str, Counts] = field(default_factory=dict)
    after_silence: bool = False

    @property
    def n(self) -> int:
        """How many customers."""
        return len(self.first)

    @property
    def periods(self) -> int:
        """How many periods."""
        return int(self.contacts.shape[1])


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of those at risk: one customer in one period, ordered by customer and period."""

    person: Integers
    period: Integers
    tenure: Integers
    left: Flags
    reason: Integers
    """Where it ended: why. -1 elsewhere."""
    held: Integers
    """As it stood at the end of the period before."""


def rows_at_risk(lives: Lives) -> Rows:
    """Every period in which a customer could have left; after silence, only those that follow a contact."""
    length = np.maximum(lives.last - lives.first, 0)
    person = np.repeat(np.arange(lives.n), length)
    starts = np.cumsum(length) - length
    tenure = np.arange(int(length.sum())) - np.repeat(starts, length) + 1
    period = lives.first[person] + tenure
    if lives.after_silence:
        active = lives.contacts[person, period - 1] > 0
        person, period, tenure = person[active], period[active], tenure[active]
    left = lives.left[person] & (period == lives.last[person])
    held = (
        np.full(len(person), UNKNOWN, dtype=np.int64)
        if lives.held is None
        else lives.held[person, period - 1].astype(np.int64)
    )
    reason = np.where(left, lives.reason[person], UNKNOWN)
    return Rows(person, period, tenure, left, reason, held)


def up_to(counts: Counts) -> Floats:
    """How many so far at the start of each period: column ``t`` holds what came in periods before ``t``."""
    summed = np.zeros((counts.shape[0], counts.shape[1] + 1))
    np.cumsum(counts, axis=1, out=summed[:, 1:])
    return summed


def between(summed: Floats, person: Integers, start: Integers, end: Integers) -> Floats:
    """How many came in periods from ``start`` (included) to ``end`` (excluded)."""
    return summed[person, np.maximum(end, 0)] - summed[person, np.clip(start, 0, None)]
