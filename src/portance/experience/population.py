"""The journeys that one promise was made to, all of them or those of one segment."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.charter.promise import Promise
from portance.estimation import Curve

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PER_UNIT = {
    "seconds": 1_000.0,
    "minutes": 60_000.0,
    "hours": 3_600_000.0,
    "days": 86_400_000.0,
    "calendar_days": 86_400_000.0,
    "business_hours": 3_600_000.0,
    "business_days": 86_400_000.0,
}
"""Milliseconds of a clock in one of its unit; clocks already count calendar and business time as such."""
PER_MEASURE = 1_000.0
"""A measure is kept in thousandths."""
STATES = ("kept", "broken", "pending", "void")


def unit_of(promise: Promise) -> str:
    """The unit in which a promise is told: its clock's, ``share``, or what the charter calls it."""
    if promise.clock:
        return promise.clock.unit
    return "share" if promise.functional == "share" else promise.unit or ""


@dataclass(frozen=True, slots=True)
class Population:
    """One row per journey, ordered by its own columns alone, so that results do not depend on who read them first.

    ``values`` and ``due`` are in the promise's unit, NaN where there is none. ``state`` indexes :data:`STATES`.
    ``persons`` are numbers from 0; a journey without a person is one of its own.
    """

    values: Floats
    ended: Flags
    due: Floats
    state: npt.NDArray[np.int8]
    weights: Floats
    started_us: Integers
    persons: Integers

    @property
    def people(self) -> int:
        """How many persons there are."""
        return int(self.persons.max()) + 1 if len(self.persons) else 0

    @property
    def weight_note(self) -> str | None:
        """That figures are weighted, where they are."""
        return "weighted by the sampling weights of the charter" if np.any(self.weights != 1) else None

    def where(self, rows: Flags | Integers) -> "Population":
        """The journeys picked by ``rows``, their persons numbered anew."""
        persons = _numbered(self.persons[rows])
        return Population(
            values=self.values[rows], ended=self.ended[rows], due=self.due[rows], state=self.state[rows],
            weights=self.weights[rows], started_us=self.started_us[rows], persons=persons,
        )  # fmt: skip

    def is_(self, *states: str) -> Flags:
        """Which journeys are in one of ``states``."""
        among = np.zeros(len(STATES), dtype=bool)
        among[[STATES.index(state) for state in states]] = True
        return among[self.state]

    def lived(self) -> Curve:
        """What was lived: how the values of journeys that were not released are distributed."""
        held = ~self.is_("void")
        return Curve(
            self.values[held], ended=self.ended[held], weights=self.weights[held], persons=self.persons[held],
            people=self.people,
        )  # fmt: skip

    def announced(self) -> Curve:
        """What was announced to each customer: how the durations given to them are distributed."""
        held = ~self.is_("void")
        return Curve(
            self.due[held], weights=self.weights[held], persons=self.persons[held], people=self.people
        )


def read_population(rows: pa.Table, promise: Promise) -> tuple[Population, Integers]:
    """The journeys of a promise from its rows of ``promise_journeys``, and the row that each comes from."""
    scale = PER_UNIT[promise.clock.unit] if promise.clock else PER_MEASURE
    values = _numbers(rows, "value_ms") / scale
    if promise.functional == "share":
        values = np.where(np.isnan(values), np.nan, (values != 0).astype(np.float64))
    due = _numbers(rows, "due_ms") / scale
    encoded = rows["state"].combine_chunks().dictionary_encode()
    place = np.array([STATES.index(state) for state in encoded.dictionary.to_pylist()], dtype=np.int8)
    state = place[encoded.indices.to_numpy(zero_copy_only=False)] if rows.num_rows else np.zeros(0, np.int8)
    censored = rows["censored"].combine_chunks().fill_null(False).to_numpy(zero_copy_only=False).astype(bool)
    weights = np.nan_to_num(_numbers(rows, "weight"), nan=1.0)
    started = _numbers(rows, "started_us")
    keys = _numbers(rows, "person_key")
    order = _own_order(values, censored, started, due, keys, state, weights)
    known = ~np.isnan(keys[order])
    persons = np.empty(rows.num_rows, dtype=np.int64)
    persons[known] = _numbered(keys[order][known].astype(np.int64))
    people = int(persons[known].max()) + 1 if known.any() else 0
    persons[~known] = people + np.arange(int((~known).sum()))
    population = Population(
        values=values[order], ended=~censored[order], due=due[order], state=state[order], weights=weights[order],
        started_us=np.nan_to_num(started[order]).astype(np.int64), persons=persons,
    )  # fmt: skip
    return population, order


def _numbers(rows: pa.Table, name: str) -> Floats:
    column = rows[name].combine_chunks().cast(pa.float64(), safe=False)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _numbered(keys: Integers) -> Integers:
    """Keys numbered from 0 in their order; keys are dense, so marking those present is faster than sorting them."""
    present = np.zeros(int(keys.max()) + 1 if len(keys) else 0, dtype=bool)
    present[keys] = True
    return np.asarray((np.cumsum(present) - 1)[keys], dtype=np.int64)


def _own_order(values: Floats, *others: npt.NDArray[Any]) -> Integers:
    """Rows by value, and within one value in an order that depends on their contents alone.

    Rows come from the engine in any order. Mixing all columns into one number takes one sort where sorting by each of
    them takes seven; rows that are equal in all of them may stand for one another.
    """
    mixed = np.zeros(len(values), dtype=np.uint64)
    for column in (values, *others):
        bits = np.ascontiguousarray(column, dtype=np.float64).view(np.uint64)
        mixed = (mixed ^ bits) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed)
    return order[np.argsort(values[order], kind="stable")]
