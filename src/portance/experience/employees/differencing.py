"""What could be learnt of a few persons by setting a new group beside those already told.

Two groups: where they differ by fewer than the floor of persons, the difference of their figures is about these few.
More groups: where some sum and difference of them leaves fewer than the floor (a whole less its parts leaves the part
that was kept back). The second is decided exactly, by the rank of the groups' membership: a combination whose persons
all belong to a small set exists if and only if taking the set's columns away lowers the rank (the audit of Chin and
Özsoyoğlu 1982). Where too many small sets would have to be tried the answer is that it cannot be ruled out.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

Group = frozenset[int]
MOST_SETS = 256
"""So many small sets are tried; where groups overlap in more ways than that, nothing more is told."""


def apart(first: Group, second: Group) -> int:
    """How many persons belong to one of two groups only."""
    return len(first ^ second)


def isolates(group: Group, told: Sequence[Group], floor: int) -> bool:
    """Whether a new group and those told before, added and subtracted, could leave fewer than ``floor`` persons.

    True as well where too many ways would have to be tried.
    """
    groups = _linked(group, told)
    if len(groups) < 3:
        return any(0 < apart(group, other) < floor for other in groups[1:])
    masks: dict[int, int] = {}
    for place, members in enumerate(groups):
        for person in members:
            masks[person] = masks.get(person, 0) | 1 << place
    counts: dict[int, int] = {}
    for mask in masks.values():
        counts[mask] = counts.get(mask, 0) + 1
    atoms = sorted(counts)
    membership = np.array(
        [[mask >> place & 1 for mask in atoms] for place in range(len(groups))], dtype=np.float64
    )
    small = [place for place, mask in enumerate(atoms) if counts[mask] < floor]
    if not small:
        return False
    whole = int(np.linalg.matrix_rank(membership))
    for tried, left_out in enumerate(_largest([counts[mask] for mask in atoms], small, floor)):
        if tried >= MOST_SETS:
            return True
        if int(np.linalg.matrix_rank(np.delete(membership, left_out, axis=1))) < whole:
            return True
    return False


def _linked(group: Group, told: Sequence[Group]) -> list[Group]:
    """The new group and those that it shares persons with, directly or through others; each once."""
    left = list(dict.fromkeys(other for other in told if other != group))
    found, around = [group], set(group)
    while True:
        near = [other for other in left if not around.isdisjoint(other)]
        if not near:
            return found
        found += near
        around.update(chain.from_iterable(near))
        left = [other for other in left if other not in near]


def _largest(counts: Sequence[int], small: Sequence[int], floor: int) -> Iterator[list[int]]:
    """Sets of small atoms with fewer than ``floor`` persons together to which no other small atom can be added."""

    def grow(start: int, chosen: list[int], total: int) -> Iterator[list[int]]:
        for place in range(start, len(small)):
            if total + counts[small[place]] < floor:
                yield from grow(place + 1, [*chosen, small[place]], total + counts[small[place]])
        least = min((counts[atom] for atom in small if atom not in chosen), default=floor)
        if chosen and total + least >= floor:
            yield chosen

    yield from grow(0, [], 0)
