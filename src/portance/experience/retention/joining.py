"""Exposures that are one event under two names: told as one, so that neither hides nor doubles the other.

A session that leads nowhere is an abandonment too. Side by side in one regression, each would be told beside the other,
and what they share would be nobody's.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from portance.experience.retention.adjusting import exposed_flags
from portance.experience.retention.lives import Counts, Flags, Lives, rows_at_risk, up_to

SAME = 0.6
"""Of the customers' periods in which one of two exposures is recent, so many have both: the two are one."""
AND = "+"
"""Between the names of exposures told as one; no declared name holds it."""


def joined(lives: Lives) -> Lives:
    """The same lives, twins among their exposures joined under ``a+b``, names in order; far misses among themselves.

    The closest pair is joined first and looked at as one from then on, so that a chain of neighbours does not become one.
    """
    rows = rows_at_risk(lives)
    flags = {name: exposed_flags(lives, rows, up_to(counts))[0] for name, counts in lives.exposures.items()}
    found: dict[str, Counts] = {}
    for far in (False, True):
        counts = {name: held for name, held in lives.exposures.items() if name.startswith("gap:") is far}
        found |= _joined(counts, {name: flags[name] for name in counts})
    return replace(lives, exposures=found)


def parts(exposure: str) -> tuple[str, ...]:
    """The exposures that a name stands for."""
    return tuple(exposure.split(AND))


def _joined(counts: dict[str, Counts], flags: dict[str, Flags]) -> dict[str, Counts]:
    while True:
        pair = _closest(flags)
        if pair is None:
            return counts
        name = AND.join(sorted(one for held in pair for one in parts(held)))
        # the joined name keeps the place of the first: the order of exposures stays that of the charter
        counts = {
            (name if held == pair[0] else held): (
                np.maximum(kept, counts[pair[1]]) if held == pair[0] else kept
            )
            for held, kept in counts.items()
            if held != pair[1]
        }
        met = flags.pop(pair[0]) | flags.pop(pair[1])
        flags = {held: met if held == name else flags[held] for held in counts}


def _closest(flags: Mapping[str, Flags]) -> tuple[str, str] | None:
    """The two that share most, where they share enough; the first of equals."""
    names, best, found = list(flags), SAME, None
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            either = int((flags[one] | flags[other]).sum())
            share = int((flags[one] & flags[other]).sum()) / either if either else 0.0
            if share >= best and (found is None or share > best):
                best, found = share, (one, other)
    return found
