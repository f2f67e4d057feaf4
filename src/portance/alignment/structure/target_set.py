"""A set of targets: which can be met together with the levers there are, and the smallest sets that cannot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TargetSet:
    """Targets that were tried together.

    A set that is not ``feasible`` is irreducible: without any one of its targets the others can be met. ``rows`` has
    one entry for each target. ``probability`` is the share of draws of the effects in which the set cannot be met;
    null where no effect is told with doubt.
    """

    number: int
    feasible: bool
    probability: float | None
    rows: tuple["Aim", ...]


@dataclass(frozen=True, slots=True)
class Aim:
    """One target of a set, in the indicator's unit.

    ``reachable`` is the best that the levers can bring alone, null where a lever has no bounds; ``together`` where
    the indicator stands when what is missing to each target of the set, relative to what the levers can do to it, is
    as small as it can be for all.
    """

    indicator: str
    function: str
    target: float
    current: float
    reachable: float | None
    together: float | None
