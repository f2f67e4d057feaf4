"""What respondents say of who is responsible: shares by function asked and function named, with bounds where cells are missing.

A source gives one row per choice or share of a respondent, or published shares without respondents. What a published row
leaves out is a remainder: it may belong to any function that the row doesn't name, or to nobody. It is never imputed.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portance.engine import Engine
from portance.estimation import by_person, ratio

CUSTOMER_EXPERIENCE = "customer_experience"
_SAID_SO = frozenset({"customer experience", "customer_experience", "cx", "experience client", "expérience client",
                      "l'expérience client", "l’expérience client"})  # fmt: skip
FEWEST_RESPONDENTS = 10
"""Employees are shown in groups of ten or more."""
_ROUNDING = 1e-9
Answer = tuple[str | None, str | None, str, str | None, float, str]
"""respondent, subject, from_function, to_function, share, source"""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """How the people of one function share out one subject.

    ``shares`` are exact where they are told; ``remainder`` is what the row leaves out. ``drawn`` has, for functions in the
    order of ``shares``, resamples of the respondents (draws, functions), none for published rows. ``intervals`` are 95 %.
    """

    subject: str
    function: str
    shares: dict[str, float]
    remainder: float
    respondents: int | None
    intervals: dict[str, tuple[float | None, float | None]]
    drawn: Floats | None

    @property
    def hidden(self) -> bool:
        """Whether so few answered that nothing of them may be shown."""
        return self.respondents is not None and self.respondents < FEWEST_RESPONDENTS

    @property
    def published(self) -> bool:
        """Whether it comes from a published table rather than from respondents."""
        return self.respondents is None

    def bounds(self, function: str) -> tuple[float, float]:
        """The least and the most that the row can give to a function."""
        if function in self.shares:
            return self.shares[function], self.shares[function]
        return 0.0, self.remainder if self.published else 0.0


def subject_of(text: str | None) -> str:
    """The subject as tables name it; none asked, and the usual names of it, are the customer experience."""
    told = (text or "").strip()
    return CUSTOMER_EXPERIENCE if not told or told.lower() in _SAID_SO else told


def read_answers(engine: Engine) -> list[Answer]:
    """The rows of ``responsibility_answers``, in an order of their own."""
    if engine.columns_or_none("responsibility_answers") is None:
        return []
    return [
        (row[0], row[1], row[2], row[3], float(row[4]), row[5])
        for row in engine.rows(
            "select respondent, subject, from_function, to_function, coalesce(share, 1.0), source "
            "from responsibility_answers where from_function is not null order by all"
        )
    ]


def rows(answers: Iterable[Answer], *, seed: int = 0, draws: int = 999) -> list[Row]:
    """One row per subject and function asked. Shares above 1 in a source make all of its shares percentages.

    Where respondents of a function answered, published shares of it are left aside: the finer source is the one that
    has an interval.
    """
    held = list(answers)
    largest: dict[str, float] = defaultdict(float)
    for answer in held:
        largest[answer[5]] = max(largest[answer[5]], answer[4])
    told: dict[tuple[str, str], dict[tuple[str, str], dict[str, float]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(float))
    )
    published: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for respondent, subject, from_, to, share, source in held:
        value = share / 100 if largest[source] > 1 + _ROUNDING else share
        key = (subject_of(subject), from_)
        if respondent is None:
            if to is not None:
                # the same cell published twice: the first source in order is kept
                published[key].setdefault(to, value)
        elif to is not None:
            told[key][source, respondent][to] += value
    made = [_asked(key, people, seed, draws) for key, people in told.items()]
    made += [_published(key, cells) for key, cells in published.items() if key not in told]
    return sorted(made, key=lambda row: (row.subject, row.function))


def _published(key: tuple[str, str], cells: dict[str, float]) -> Row:
    whole = sum(cells.values())
    shares = {name: value / max(whole, 1.0) for name, value in cells.items()}
    return Row(*key, shares, max(0.0, 1.0 - whole), None, {}, None)


def _asked(
    key: tuple[str, str], people: dict[tuple[str, str], dict[str, float]], seed: int, draws: int
) -> Row:
    names = sorted({name for shares in people.values() for name in shares})
    table = np.array([[shares.get(name, 0.0) for name in names] for _, shares in sorted(people.items())])
    # several whole choices of one respondent, or points that add up to more than one, share one voice
    table = table / np.maximum(table.sum(axis=1, keepdims=True), 1.0)
    means = table.mean(axis=0)
    count = len(table)
    own = zlib.crc32(f"{seed}/{key[0]}/{key[1]}".encode())
    intervals: dict[str, tuple[float | None, float | None]] = {}
    for place, name in enumerate(names):
        groups = by_person(np.arange(count), table[:, place], np.ones(count))
        found = ratio(groups, seed=own + place, proportion=True)
        intervals[name] = (found.ci_low, found.ci_high)
    patterns, counts = np.unique(table, axis=0, return_counts=True)
    times = np.random.default_rng(own).multinomial(count, counts / count, size=draws)
    shares = {name: float(value) for name, value in zip(names, means, strict=True)}
    return Row(*key, shares, max(0.0, 1.0 - float(means.sum())), count, intervals, times @ patterns / count)


def vector(row: Row, functions: Sequence[str], shares: dict[str, float] | None = None) -> Floats:
    """The shares of a row as a vector over functions, and last what goes to none of them."""
    given = row.shares if shares is None else shares
    values = [given.get(name, 0.0) for name in functions]
    return np.array([*values, max(0.0, 1.0 - sum(values))])
