"""The truth of a world: journeys, seams and breaks judged in plain Python, straight from the definitions.

Written from the words of the definitions and not from the steps that the scan runs, so that each can be wrong
without the other. Everything is judged on whole lists in memory: right for a world, slow for a company.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from portance.charter import Charter
from portance.worlds.lived import Lived

Key = tuple[str | int, ...]


@dataclass(slots=True)
class Journey:
    """The interactions of a customer's affair, in order."""

    type: str
    key: str
    steps: list[Lived]


@dataclass(slots=True)
class Seam:
    """Two interactions of a journey between which function, channel or actor changes."""

    journey: Journey
    left: Lived
    right: Lived
    kinds: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Break:
    """One break: where, of which kind, and whether the simulation meant it."""

    journey: Journey
    kind: str
    at: Lived
    from_function: str | None
    promise: str | None = None

    @property
    def planted(self) -> bool:
        """Whether the simulation meant it, rather than life having it so."""
        return self.kind in self.at.planted


def in_order(steps: list[Lived]) -> list[Lived]:
    """By instant; of the same instant by source, row and entry."""
    return sorted(steps, key=lambda step: (step.at, step.source, step.row, step.entry))


def journeys_by_order(type_: str, lived: list[Lived]) -> list[Journey]:
    """All interactions about one order."""
    held: dict[str, list[Lived]] = defaultdict(list)
    for step in lived:
        if step.order is not None:
            held[step.order].append(step)
    return [Journey(type_, f"{type_}:{order}", in_order(steps)) for order, steps in sorted(held.items())]


def journeys_by_person(type_: str, lived: list[Lived], gap_s: float) -> list[Journey]:
    """All interactions of a person, until a silence longer than ``gap_s``."""
    held: dict[int, list[Lived]] = defaultdict(list)
    for step in lived:
        if step.person is not None and step.known:
            held[step.person.number].append(step)
    found = []
    for number, steps in sorted(held.items()):
        ordered, start, count = in_order(steps), 0, 0
        for place in range(1, len(ordered) + 1):
            if place == len(ordered) or ordered[place].at - ordered[place - 1].at > gap_s:
                count += 1
                found.append(Journey(type_, f"{type_}:{number}:{count}", ordered[start:place]))
                start = place
    return found


def seams(journeys: list[Journey]) -> list[Seam]:
    """Every seam of some journeys; none where a function is not known."""
    found = []
    for journey in journeys:
        for left, right in pairwise(journey.steps):
            if left.function is None or right.function is None:
                continue
            if (
                left.function != right.function
                or _differ(left.channel, right.channel)
                or _differ(left.actor, right.actor)
            ):
                found.append(Seam(journey, left, right))
    return found


def _differ(left: str | None, right: str | None) -> bool:
    return left is not None and right is not None and left != right


class Judge:
    """The breaks of some journeys of one type, by the rules of a charter, as known at ``as_of`` (seconds)."""

    def __init__(self, charter: Charter, journeys: list[Journey], as_of: int) -> None:
        self._rules = charter.breaks
        self._journeys = journeys
        self._as_of = as_of

    def breaks(self) -> list[Break]:
        """Every break but those of promises, each kind in turn."""
        kinds: tuple[tuple[str, Callable[[Journey], Iterator[tuple[Lived, str | None]]]], ...] = (
            ("useless_transfer", self._useless_transfer), ("ping_pong", self._ping_pong),
            ("forced_channel_switch", self._forced_channel_switch), ("long_wait", self._long_wait),
            ("abandonment", self._abandonment), ("dead_end", self._dead_end), ("reopened", self._reopened),
            ("asked_again", self._asked_again),
        )  # fmt: skip
        found = [
            Break(journey, kind, step, before)
            for kind, judged in kinds
            for journey in self._journeys
            for step, before in judged(journey)
        ]
        return [*found, *self._repeat_contacts()]

    def _repeat_contacts(self) -> Iterator[Break]:
        within = self._rules.repeat_contact.within / 1e6
        owner: dict[int, Journey] = {}
        held: dict[Key, list[Lived]] = defaultdict(list)
        for journey in self._journeys:
            for step in journey.steps:
                owner[id(step)] = journey
                if step.initiated_by == "customer" and step.intent is not None:
                    who: Key = (
                        ("person", step.person.number)
                        if step.person and step.known
                        else ("order", step.order or "")
                    )
                    held[(*who, step.intent)].append(step)
        for contacts in held.values():
            ordered = in_order(contacts)
            for a, b in pairwise(ordered):
                if b.at - a.at <= within and a.outcome != "transferred":
                    yield Break(owner[id(b)], "repeat_contact", b, a.function)

    @staticmethod
    def _pairs(journey: Journey) -> Iterator[tuple[Lived, Lived]]:
        return pairwise(journey.steps)

    def _useless_transfer(self, journey: Journey) -> Iterator[tuple[Lived, str | None]]:
        for a, b in self._pairs(journey):
            landed_back = (a.function, a.team) == (b.function, b.team)
            if a.outcome == "transferred" and (landed_back or b.outcome == "transferred"):
                yield b, a.function

    def _ping_pong(self, journey: Journey) -> Iterator[tuple[Lived, str | None]]:
        runs: list[tuple[str | None, Lived]] = []
        for step in journey.steps:
            if not runs or runs[-1][0] != step.function:
                runs.append((step.function, step))
        for (one, _), (other, _), (again, first) in zip(runs, runs[1:], runs[2:], strict=False):
            if one is not None and other is not None and one == again:
                yield first, other

    def _forced_channel_switch(self, journey: Journey) -> Iterator[tuple[Lived, str | None]]:
        within = self._rules.forced_channel_switch.within / 1e6
        for a, b in self._pairs(journey):
            failed = a.outcome in ("unresolved", "abandoned")
            if (
                failed
                and b.initiated_by == "customer"
                and _differ(a.channel, b.channel)
                and b.at - a.at <= within
            ):
                yield b, a.function  # fmt: skip

    def _long_wait(self, journey: Journey) -> Iterator[tuple[Lived, str | None]]:
        for before, step in zip([None, *journey.steps], journey.steps, strict=False):
            if step.wait_s is not None and step.wait_s > self._rules.long_wait.over / 1e6:
                yield step, before.function if before else None

    def _abandonment(self, journey: Journey) -> Iterator[tuple[Lived, str | None]]:
        least = self._rules.abandonment.ignore_under / 1e6
        for before, step in zip([None, *journey.steps], journey.steps, strict=False):
            if step.outcome == "abandoned" and (step.wait_s is None or step.wait_s > least):
                yield step, before.function if before else None

    def _dead_end(self, journey: Journey) -> Iterator[tuple[Lived, str | None]]:
        within = self._rules.dead_end.within / 1e6
        for place, step in enumerate(journey.steps):
            alone = step.actor == "machine" and step.initiated_by == "customer"
            if alone and step.outcome in ("unresolved", "abandoned") and step.at + within <= self._as_of:
                later = journey.steps[place + 1 :]
                if not any(other.at - step.at <= within for other in later):
                    yield step, journey.steps[place - 1].function if place else None

    def _reopened(self, journey: Journey) -> Iterator[tuple[Lived, str | None]]:
        within = self._rules.reopened.within / 1e6
        for a, b in self._pairs(journey):
            again = b.initiated_by == "customer" or b.outcome in ("unresolved", "transferred")
            if a.outcome == "resolved" and again and b.at - a.at <= within:
                yield b, a.function

    def _asked_again(self, journey: Journey) -> Iterator[tuple[Lived, str | None]]:
        for before, step in zip([None, *journey.steps], journey.steps, strict=False):
            if step.asked_again:
                yield step, before.function if before else None
