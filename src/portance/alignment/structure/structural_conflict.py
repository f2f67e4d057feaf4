"""A structural conflict: two indicators that a declared lever, or a chain of them, pulls apart."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["conflict", "synergy", "no_effect", "not_detectable"]


@dataclass(frozen=True, slots=True)
class StructuralConflict:
    """One ordered pair, from the charter alone, without any reading.

    ``kind`` is ``structural`` (a lever moves both) or ``indirect`` (improving the first harms the owner of a third,
    whose own lever then moves the second). ``effect`` is the opposition index: the cosine of what the levers can do
    to each, both turned so that more is better; -1 where every move of a lever that improves one harms the other
    as much as it can. Null where no shared lever has a range, and for chains, of which only the sign is told.
    ``lever``: the shared levers that oppose the two (that unite them, in a synergy), comma-separated, the strongest
    first; the first lever of a chain. ``path`` is the chain between the two. ``severity``: 1 where one bonus pays
    both, 2 where two functions' bonuses do. ``reason``: ``ambiguous`` (chains of both signs), ``unknown_sign`` (a
    range of an effect holds zero), ``both_ways`` (one shared lever opposes, another unites).
    """

    from_indicator: str
    to_indicator: str
    from_function: str
    to_function: str
    kind: Literal["structural", "indirect"]
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    verdict: Verdict
    lever: str | None
    path: str | None
    severity: int
    reason: str | None = None
    grade: str = "E"
    design: str = "declared"
