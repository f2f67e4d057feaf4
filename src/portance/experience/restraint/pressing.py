"""How often customers are asked or sold something: such contacts in a moving window of each person, month by month and function by function."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Contacts:
    """One row per contact, by person and instant: numbers of the person and of the function (-1 where unknown)."""

    persons: Integers
    at_us: Integers
    functions: Integers


def ordered(persons: Integers, at_us: Integers, functions: Integers) -> Contacts:
    """Contacts by person and instant; within an instant by function, so that nothing depends on the order of rows."""
    order = np.lexsort((functions, at_us, persons))
    return Contacts(persons[order], at_us[order], functions[order])


def running(contacts: Contacts, within_us: int) -> Integers:
    """For each contact, how many its person had in the window that ends with it, itself included."""
    return _until(contacts, contacts.persons, contacts.at_us, within_us, itself=True)


def before(contacts: Contacts, persons: Integers, at_us: Integers, within_us: int) -> Integers:
    """For each instant of a person, how many contacts the window before it held, the instant itself not included."""
    return _until(contacts, persons, at_us, within_us, itself=False)


def _until(
    contacts: Contacts, persons: Integers, at_us: Integers, within_us: int, *, itself: bool
) -> Integers:
    if not len(contacts.persons) or not len(persons):
        return np.zeros(len(persons), dtype=np.int64)
    # a person's instants after those of the persons before: one ordered line for all
    first = int(min(contacts.at_us.min(), at_us.min())) - within_us - 1
    span = int(max(contacts.at_us.max(), at_us.max())) - first + 1
    code = np.unique(np.concatenate([contacts.persons, persons]), return_inverse=True)[1].astype(np.int64)
    if int(code.max()) + 1 > np.iinfo(np.int64).max // span:
        raise ValueError("too many persons over too long a time")
    line = code[: len(contacts.persons)] * span + (contacts.at_us - first)
    asked = code[len(contacts.persons) :] * span + (at_us - first)
    if itself:
        place = np.arange(len(line)) + 1
        return np.asarray(place - np.searchsorted(line, asked - within_us, side="right"), dtype=np.int64)
    until = np.searchsorted(line, asked, side="left")
    return np.asarray(until - np.searchsorted(line, asked - within_us, side="left"), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Month:
    """The contacts of one function (null: of all) in one month.

    ``over``: persons to whom it sent a contact beyond the limit, those of all functions counted; ``above``: such contacts.
    """

    function: int | None
    period: date
    persons: int
    contacts: int
    over: int
    above: int


def monthly(
    contacts: Contacts, counted: Integers, most: int, months: tuple[date, ...], month: Integers
) -> list[Month]:
    """Months and functions that had contacts. ``counted``: as :func:`running` gives; ``month``: the place of each contact's."""
    rows: list[Month] = []
    for function in (None, *np.unique(contacts.functions[contacts.functions >= 0]).tolist()):
        mine = np.ones(len(month), dtype=bool) if function is None else contacts.functions == function
        for place in np.unique(month[mine]).tolist():
            here = mine & (month == place)
            above = here & (counted > most)
            rows.append(
                Month(
                    function, months[place], len(np.unique(contacts.persons[here])), int(here.sum()),
                    len(np.unique(contacts.persons[above])), int(above.sum()),
                )
            )  # fmt: skip
    return rows
