"""How values are distributed when some are still running: the weighted Kaplan-Meier curve.

Without open observations and with equal weights it is the plain empirical distribution, step for step.
"""

import math
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from portance.estimation.estimate import Floats, Integers

Number = TypeVar("Number", np.float32, np.float64)

_ROUNDING = 1e-12
"""Sums of weights reach a level such as 0.9 only up to rounding: 9 times 0.1 is a little less."""


class Curve:
    """The weighted Kaplan-Meier estimate of the distribution of ``values``.

    ``ended`` is false where the value is only known to be larger (a journey still open); ``weights`` count how many
    observations one stands for; ``persons`` are numbers from 0 up to ``people``, the same for every curve that is to
    be compared with this one. Observations without a value (NaN) or without weight are left out.
    At equal times, what ended ends before what was lost from sight.
    """

    __slots__ = (
        "_at", "_d", "_first", "_y", "ended", "exposed", "people", "persons", "survival", "times", "values", "weights",
    )  # fmt: skip

    def __init__(
        self,
        values: npt.ArrayLike,
        *,
        ended: npt.ArrayLike | None = None,
        weights: npt.ArrayLike | None = None,
        persons: npt.ArrayLike | None = None,
        people: int | None = None,
    ) -> None:
        x = np.asarray(values, dtype=np.float64)
        e = np.ones(len(x), dtype=bool) if ended is None else np.asarray(ended, dtype=bool)
        w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
        p = np.arange(len(x)) if persons is None else np.asarray(persons, dtype=np.int64)
        self.people = people if people is not None else (int(p.max()) + 1 if len(p) else 0)
        known = np.isfinite(x) & (w > 0)
        if not known.all():
            x, e, w, p = x[known], e[known], w[known], p[known]
        order = np.argsort(x, kind="stable")
        self.values: Floats = x[order]
        self.ended: npt.NDArray[np.bool_] = e[order]
        self.weights: Floats = w[order]
        self.persons: Integers = p[order]
        self.exposed = int(np.count_nonzero(np.bincount(self.persons, minlength=1))) if len(x) else 0
        """How many persons stand behind it."""

        new = np.ones(len(x), dtype=bool)
        new[1:] = self.values[1:] != self.values[:-1]
        self._first: Integers = np.flatnonzero(new)
        self._at: Integers = np.cumsum(new) - 1
        self.times: Floats = self.values[self._first]
        leaving = _sums(self.weights, self._first)
        self._d: Floats = _sums(self.weights * self.ended, self._first)
        self._y: Floats = np.cumsum(leaving[::-1])[::-1]
        self.survival: Floats = survived(self._d, leaving, open_=not bool(self.ended.all()))
        """The share whose value is larger than each of ``times``."""

    @property
    def n(self) -> int:
        """How many observations have a value."""
        return len(self.values)

    @property
    def closed(self) -> bool:
        """Whether every observation has ended."""
        return bool(self.ended.all())

    @property
    def reach(self) -> float:
        """The largest value seen, ended or not: beyond it nothing is known. NaN without observations."""
        return float(self.times[-1]) if self.n else math.nan

    @property
    def left(self) -> float:
        """The share of which nothing is known but that its value lies beyond the last one seen to end."""
        return float(self.survival[-1]) if self.n else 1.0

    def quantile(self, q: float) -> float:
        """The smallest value that a share ``q`` does not exceed; infinite where the curve does not get there."""
        return float(self.quantiles(np.asarray([q]))[0])

    def quantiles(self, levels: Floats) -> Floats:
        """As :meth:`quantile`, at many levels; levels of 0 or less give the smallest value."""
        if not self.n:
            return np.full(len(levels), math.nan)
        place = np.searchsorted(1 - self.survival, levels - _ROUNDING, side="left")
        # the first step of the curve is an end, but the first time may belong to something still open
        place = np.maximum(place, int(np.argmax(self._d > 0)))
        return np.append(self.times, math.inf)[np.where(self._d.any(), place, len(self.times))]

    def level(self, threshold: float) -> float:
        """The share whose value is at most ``threshold``; NaN where nobody was followed that long."""
        if not self.n or (threshold > self.reach and self.left > _ROUNDING):
            return math.nan
        place = self._place(threshold)
        return 1 - float(self.survival[place]) if place >= 0 else 0.0

    def mean(self, worth: Callable[[Floats], Floats] | None = None, *, beyond: float = math.nan) -> float:
        """The mean value, or the mean of what each value is ``worth``.

        ``beyond`` is the worth of a value larger than any that was seen to end; NaN (the mean is not known) unless given.
        """
        if not self.n:
            return math.nan
        steps, worths = self._steps(worth)
        rest = self.left * beyond if self.left > _ROUNDING else 0.0
        return float(steps @ worths) + rest

    # ---- what one observation weighs in a figure: the derivative by its weight, times its weight

    def level_influence(self, threshold: float) -> Floats:
        """By person: what each adds to :meth:`level`. They sum to 0, and their squares to its variance."""
        return self.mean_influence(lambda values: (values <= threshold).astype(np.float64))

    def mean_influence(
        self, worth: Callable[[Floats], Floats] | None = None, *, beyond: float = 0.0
    ) -> Floats:
        """By person: what each adds to :meth:`mean`."""
        if not self.n:
            return np.zeros(self.people)
        steps, worths = self._steps(worth)
        parts = steps * worths
        later = np.cumsum(parts[::-1])[::-1] - parts + self.left * beyond
        change = later - worths * self.survival
        own, hazard = self._hazards()
        mine = np.where(self.ended, own[self._at] * change[self._at], 0.0)
        run = np.cumsum(hazard * change)[self._at]
        return _by(self.persons, self.weights * (run - mine), self.people)

    def _place(self, threshold: float) -> int:
        return int(np.searchsorted(self.times, threshold, side="right")) - 1

    def _steps(self, worth: Callable[[Floats], Floats] | None) -> tuple[Floats, Floats]:
        before = np.concatenate([[1.0], self.survival[:-1]])
        return before - self.survival, self.times if worth is None else worth(self.times)

    def _hazards(self) -> tuple[Floats, Floats]:
        after = self._y - self._d
        sound = after > _ROUNDING * max(float(self._y[0]), 1.0)
        own = np.divide(1.0, after, out=np.zeros_like(after), where=sound)
        return own, self._d / self._y * own

    # ---- the same curve, resampled

    def resampled(self, counts: npt.NDArray[np.float32], q: float) -> Floats:
        """The quantile ``q`` when each person comes ``counts[draw, person]`` times; infinite where not reached."""
        if self.closed:
            return self._resampled_closed(counts, q)
        mass = counts[:, self.persons] * self.weights.astype(np.float32)
        leaving = _sums(mass, self._first)
        deaths = _sums(mass * self.ended.astype(np.float32), self._first)
        place = first_at_least(1 - survived(deaths, leaving, open_=True), q)
        return np.append(self.times, math.inf)[place]

    def _resampled_closed(self, counts: npt.NDArray[np.float32], q: float) -> Floats:
        """As above when all have ended: only the neighbourhood of the quantile has to be resampled value by value."""
        sd = float(np.sqrt(np.sum(self.level_influence(self.quantile(q)) ** 2)))
        shares = 1 - self.survival
        last = len(self.times) - 1
        low = int(np.searchsorted(shares, q - 8 * sd - 0.01))
        high = min(int(np.searchsorted(shares, q + 8 * sd + 0.01)), last)
        start = int(self._first[low]) if low <= last else self.n
        stop = int(self._first[high + 1]) if high < last else self.n
        total = counts @ _by(self.persons, self.weights, self.people).astype(np.float32)
        under = _by(self.persons[:start], self.weights[:start], self.people).astype(np.float32)
        near = counts[:, self.persons[start:stop]] * self.weights[start:stop].astype(np.float32)
        shares_near = np.cumsum(_sums(near, self._first[low : high + 1] - start), axis=1, dtype=np.float64)
        shares_near += (counts @ under)[:, None]
        shares_near /= np.maximum(total, 1e-30)[:, None]
        place = low + first_at_least(shares_near, q)
        return np.append(self.times, math.inf)[np.minimum(place, last + 1)]


def _by(persons: Integers, values: Floats, people: int) -> Floats:
    return np.asarray(np.bincount(persons, values, people), dtype=np.float64)


def _sums(values: npt.NDArray[Number], first: Integers) -> npt.NDArray[Number]:
    """Sums over runs of the last axis that start at ``first``."""
    if values.shape[-1] == len(first):
        return values
    return np.add.reduceat(values, first, axis=-1) if len(first) else values


def survived(ends: npt.NDArray[np.floating], leaving: npt.NDArray[np.floating], *, open_: bool) -> Floats:
    """The product-limit of the shares that go on, along the last axis; never below 0."""
    risk = np.cumsum(leaving[..., ::-1], axis=-1, dtype=np.float64)[..., ::-1]
    if not open_:
        first = risk[..., :1] if risk.shape[-1] else risk
        return np.maximum((risk - leaving) / first, 0.0) if risk.shape[-1] else risk
    going_on = 1 - np.divide(ends, risk, out=np.zeros_like(risk), where=risk > 0)
    return np.cumprod(np.maximum(going_on, 0.0), axis=-1)


def first_at_least(shares: Floats, q: float) -> Integers:
    """For each row, the first column whose share reaches ``q``; the number of columns where none does."""
    reached = shares >= q - 1e-6 * (1 - q)
    place = np.where(reached.any(axis=1), reached.argmax(axis=1), shares.shape[1])
    return np.asarray(place, dtype=np.int64)
