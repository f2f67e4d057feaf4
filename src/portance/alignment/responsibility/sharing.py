"""Sharing out a loss between the functions that caused it together: the Shapley value (Shapley 1953).

The loss of a set S of functions is what customers lose when the functions in S perform as observed and the others as they
do at their reference. A journey that the set B of functions broke is lost with certainty while one of B performs as
observed; else each function's break of it happens with the probability reference over observed, independently. So whoever of
B comes first in an order adds 1 less the chance that all references alone would have lost it, and the others add nothing:
each of B has the same value, in closed form, however many functions there are. A function outside B has none.
"""

from collections.abc import Mapping
from math import prod
from statistics import median

Breakers = frozenset[str]


def value_of(breakers: Breakers, kept: Mapping[str, float], observed: frozenset[str]) -> float:
    """The chance that a journey broken by ``breakers`` is lost when only ``observed`` perform as observed.

    ``kept`` is, for each function, the chance that one of its breaks would have happened at its reference.
    """
    if breakers & observed:
        return 1.0
    return 1.0 - prod(1.0 - kept[name] for name in breakers)


def worth(breakers: Breakers, kept: Mapping[str, float]) -> float:
    """What a journey broken by ``breakers`` adds to the Shapley value of each of them."""
    return prod(1.0 - kept[name] for name in breakers) / len(breakers)


def completed(kept: Mapping[str, float], functions: frozenset[str]) -> dict[str, float]:
    """References for all functions: one that has none of its own has the median of the others.

    Without any the reference is that nothing breaks, and each lost journey is shared equally among those who broke it.
    """
    usual = median(kept.values()) if kept else 0.0
    return {name: kept.get(name, usual) for name in functions}
