"""Figures over observations that belong to persons, as the columns of a table."""

import hashlib

import numpy as np
import numpy.typing as npt

from portance.estimation import Estimate, by_person, ratio

Integers = npt.NDArray[np.int64]


def share_of(who: Integers, flags: npt.ArrayLike, seed: int) -> Estimate:
    """The share of observations with a flag; ``who`` are numbers of persons."""
    numbers = np.unique(who, return_inverse=True)[1]
    held = np.asarray(flags, dtype=np.float64)
    return ratio(by_person(numbers, held, np.ones(len(held))), seed=seed, n=len(held), proportion=True)


def columns(name: str, estimate: Estimate | None) -> dict[str, object]:
    """A figure and its limits under the name of its column."""
    if estimate is None:
        return {}
    return {name: estimate.value, f"{name}_low": estimate.ci_low, f"{name}_high": estimate.ci_high}


def seed_of(seed: int, *parts: str) -> int:
    """A seed of its own for each row, whatever else is measured beside it."""
    text = "/".join((str(seed), *parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
