"""Loose ends: initiatives without promise, sponsor or means, initiatives that overlap, promises and indicators apart."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from portance.alignment.changes.change_effect import LooseEnd, LooseKind
from portance.alignment.changes.following import CLOSE
from portance.charter import Charter
from portance.charter.declared import Change


def loose_ends(charter: Charter) -> tuple[LooseEnd, ...]:
    """Everything declared that nothing holds together, from the charter alone.

    Two initiatives overlap where they serve one promise or concern one function at the same time; one without an end
    counts for four weeks.
    """
    return (*_initiatives(charter), *_overlaps(charter), *_apart(charter))


def _initiatives(charter: Charter) -> Iterator[LooseEnd]:
    for name, change in charter.changes.items():
        lacking: tuple[tuple[LooseKind, bool], ...] = (
            ("initiative_without_promise", change.promise is None),
            ("initiative_without_sponsor", not change.sponsor),
            ("initiative_without_budget", change.budget is None),
        )
        for kind, lacks in lacking:
            if lacks:
                yield LooseEnd(kind, name, change.function, since=change.since)


def _overlaps(charter: Charter) -> Iterator[LooseEnd]:
    for (first, one), (second, other) in combinations(charter.changes.items(), 2):
        shared = (one.promise is not None and one.promise == other.promise) or (
            one.function is not None and one.function == other.function
        )
        if shared and max(one.since, other.since) <= min(_end(one), _end(other)):
            yield LooseEnd("initiatives_overlap", first, one.function, second, max(one.since, other.since))


def _end(change: Change) -> date:
    return change.until if change.until is not None else change.since + CLOSE


def _apart(charter: Charter) -> Iterator[LooseEnd]:
    served = {held.promise for held in charter.indicators.values()}
    for name, promise in charter.promises.items():
        if name not in served:
            yield LooseEnd("promise_without_indicator", name, promise.owners[0] if promise.owners else None)
    for name, held in charter.indicators.items():
        if held.promise is None:
            yield LooseEnd("indicator_without_promise", name, held.function)
