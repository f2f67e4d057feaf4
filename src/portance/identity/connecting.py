"""Identifiers that interactions show together, connected into persons.

Identifiers are numbered by the order in which they were first seen; a *showing* is one distinct combination of
identifiers on an interaction. Types without a cap connect first. Then, type by type, a value that would tie more
persons than its cap becomes a link; it is judged against the persons formed before its type's turn, all its
values at once, so that neither the order of rows nor the order of values changes who is who. Only
persons who have an identifier of their own count: five orders of a guest are five affairs, not five persons.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Connected:
    """Who is who among ``n`` identifiers.

    ``first``: for each identifier, the earliest identifier of its person (itself where it stands alone).
    ``link``: identifiers that tie too many persons to merge them; they belong to nobody.
    ``parent``: the identifier next to which each one was joined to its person, -1 for the earliest.
    ``through``: the showing (row) that joined it, -1 likewise.
    """

    first: Integers
    link: Flags
    parent: Integers
    through: Integers


def connect(shown: Integers, caps: tuple[int | None, ...], own: Flags) -> Connected:
    """Connect identifiers by their showings.

    ``shown``: one row per showing in order of first appearance, one column per type in the order in which types
    connect, -1 where there is none. ``caps``: for each column, the most persons one of its values may tie.
    ``own``: for each identifier, whether it is a customer's own rather than the number of an affair.
    """
    n = len(own)
    labels = np.arange(n, dtype=np.int64)
    link = np.zeros(n, dtype=np.bool_)
    rows = np.arange(len(shown), dtype=np.int64)
    hub = np.full(len(shown), -1, dtype=np.int64)
    pairs: list[tuple[Integers, Integers, Integers]] = []
    pending: list[tuple[Integers, Integers]] = []
    for column, cap in enumerate(caps):
        values = shown[:, column].astype(np.int64)
        if cap is not None:
            labels, pending = _merged(labels, pending), []
            link |= _over(values, np.where(hub >= 0, _persons(labels, own)[hub], -1), cap, n)
            values = np.where((values >= 0) & link[values], -1, values)
        both = (values >= 0) & (hub >= 0)
        if both.any():
            left, right = hub[both], values[both]
            pending.append((left, right))
            pairs.append((left, right, rows[both] * len(caps) + column))
        hub = np.where(hub >= 0, hub, values)
    labels = _merged(labels, pending)
    first = _earliest(labels)
    parent, through = _forest(first, pairs, n)
    return Connected(first, link, parent, np.where(through >= 0, through // max(len(caps), 1), -1))


def _persons(labels: Integers, own: Flags) -> Integers:
    """The labels of those who have an identifier of their own, -1 for the others."""
    somebody = np.zeros(len(labels), dtype=np.bool_)
    somebody[labels[own]] = True
    return np.where(somebody[labels], labels, -1)


def _over(values: Integers, persons: Integers, cap: int, n: int) -> Flags:
    """The identifiers that stand beside more than ``cap`` different persons."""
    told = (values >= 0) & (persons >= 0)
    beside = np.unique(values[told] * n + persons[told])
    return np.asarray(np.bincount(beside // n, minlength=n) > cap, dtype=np.bool_)


def _merged(labels: Integers, pairs: list[tuple[Integers, Integers]]) -> Integers:
    """The labels after pairs of identifiers have been connected."""
    if not pairs:
        return labels
    left = labels[np.concatenate([pair[0] for pair in pairs])]
    right = labels[np.concatenate([pair[1] for pair in pairs])]
    n = len(labels)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(n, n))
    _, found = connected_components(graph, directed=False)
    return np.asarray(found, dtype=np.int64)[labels]


def _earliest(labels: Integers) -> Integers:
    """For each identifier the lowest number that shares its label."""
    if not len(labels):
        return labels
    _, lowest, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(lowest[inverse], dtype=np.int64)


def _forest(
    first: Integers, pairs: list[tuple[Integers, Integers, Integers]], n: int
) -> tuple[Integers, Integers]:
    """Who was joined by what: the earliest pairs that suffice, as each identifier's parent and the pair's place."""
    parent = np.full(n, -1, dtype=np.int64)
    through = np.full(n, -1, dtype=np.int64)
    if not pairs:
        return parent, through
    left, right, place = (np.concatenate([pair[part] for pair in pairs]) for part in range(3))
    key = np.minimum(left, right) * n + np.maximum(left, right)
    order = np.lexsort((place, key))
    key, place = key[order], place[order]
    kept = np.concatenate([[True], key[1:] != key[:-1]])
    key, place = key[kept], place[kept]
    low, high = key // n, key % n
    # a place is unique, below 2^53 and never 0 here: as a weight it makes the spanning tree of the earliest pairs
    tree = minimum_spanning_tree(csr_array((place + 1.0, (low, high)), shape=(n, n))).tocoo()
    roots = np.flatnonzero(first == np.arange(n))
    size = n + 1  # one more node above all roots: one walk visits every person
    up = csr_array(
        (
            np.ones(len(tree.row) + len(roots)),
            (np.concatenate([tree.row, np.full(len(roots), n)]), np.concatenate([tree.col, roots])),
        ),
        shape=(size, size),
    )
    _, before = breadth_first_order(up, n, directed=False, return_predecessors=True)
    before = np.asarray(before[:n], dtype=np.int64)
    joined = (before >= 0) & (before < n)
    parent[joined] = before[joined]
    children = np.flatnonzero(joined)
    wanted = np.minimum(children, parent[children]) * n + np.maximum(children, parent[children])
    through[children] = place[np.searchsorted(key, wanted)]
    return parent, through
