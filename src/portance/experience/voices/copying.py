"""Texts that say again what another one said: mails sent twice, reposts, one ticket in two tools. Time is linear.

Two people who both write « colis en retard » are two people: copies of another person's text are long enough not to be
chance, longer still where both are known. MinHash (Broder 1997) over runs of four words; what falls in one bucket is compared with the first that fell there.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portance.experience.voices.words import Integers, Words

_RUN = 4
_BANDS, _ROWS = 8, 4
SAME = 0.8
"""Share of runs of words (Jaccard) from which two texts are one."""
FEWEST_WORDS, FEWEST_OF_TWO = 8, 20
"""Words under which only the same person's text can be a copy; and, the second, where two different persons are known."""
Hashes = npt.NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Prints:
    """What texts are compared by: ``signatures`` (texts, 32), ``whole`` (texts,) of all their words, ``sizes`` in words."""

    signatures: Hashes
    whole: Hashes
    sizes: Integers


def prints(words: Words, first: Integers) -> Prints:
    """Prints of texts; text *t* is the sentences ``first[t]`` to ``first[t + 1]`` of ``words``."""
    starts = words.starts[first]
    sizes = np.diff(starts)
    spelled = np.asarray([zlib.crc32(word.encode()) | zlib.adler32(word.encode()) << 32 for word in words.vocabulary], dtype=np.uint64)  # fmt: skip
    ids = _mixed(spelled)[words.ids] if len(words.ids) else np.zeros(0, dtype=np.uint64)
    text = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(ids), dtype=np.uint64) - starts[text].astype(np.uint64)
    whole = _summed(_mixed(ids + place * _MIX), starts, sizes)
    runs = ids.copy()
    for shift in range(1, _RUN):
        inside = np.concatenate([ids[shift:], np.zeros(min(shift, len(ids)), dtype=np.uint64)])
        last = place + np.uint64(shift) >= sizes[text].astype(np.uint64)
        inside[last] = 0
        runs = _mixed(runs * _MIX + inside)
    # the last runs of a text are shorter: a text of fewer than four words has one run all the same
    short = place.astype(np.int64) > np.maximum(sizes[text] - _RUN, 0)
    signatures = np.zeros((len(sizes), _BANDS * _ROWS), dtype=np.uint64)
    filled = sizes > 0
    if filled.any():
        for number in range(_BANDS * _ROWS):
            hashed = _mixed(runs + np.uint64((number + 1) * 0xD1B54A32D192ED03 % 2**64))
            hashed[short] = np.iinfo(np.uint64).max
            signatures[filled, number] = np.minimum.reduceat(hashed, starts[:-1][filled])
    return Prints(signatures, whole, sizes)


def copies(made: Prints, persons: Sequence[str | None], order: Integers) -> Integers:
    """For each text the one it copies, or -1. ``order`` lists the texts from the earliest; originals are never copies."""
    of = np.full(len(made.sizes), -1, dtype=np.int64)
    seen: dict[tuple[object, ...], int] = {}
    rows = np.asarray(
        made.signatures.reshape(-1, _BANDS, _ROWS) + np.arange(1, _ROWS + 1).astype(np.uint64), np.uint64
    )
    bands: Hashes = _mixed(rows).sum(axis=2, dtype=np.uint64)
    met = np.zeros(len(made.sizes), dtype=bool)
    for band in range(_BANDS):
        _, place, counts = np.unique(bands[:, band], return_inverse=True, return_counts=True)
        met |= counts[place] > 1
    # a text that shares no bucket with any other has nothing to be compared with
    for text in order[(met & (made.sizes > 0))[order]].tolist():
        size = int(made.sizes[text])
        keys: list[tuple[object, ...]] = list(enumerate(bands[text].tolist()))
        if size < FEWEST_OF_TWO:
            # a short text is looked for among those of its writer, or among those that nobody is known to have written
            keys = [(persons[text], *key) for key in keys]
        for key in keys:
            original = seen.get(key)
            if original is not None and _copies(made, persons, original, text):
                of[text] = original
                break
        else:
            for key in keys:
                seen.setdefault(key, text)
            if size >= FEWEST_OF_TWO:
                for key in keys:
                    seen.setdefault((persons[text], *key), text)
    return of


def _copies(made: Prints, persons: Sequence[str | None], one: int, other: int) -> bool:
    if made.whole[one] != made.whole[other] and not (
        min(int(made.sizes[one]), int(made.sizes[other])) >= _RUN and _alike(made, one, other)
    ):
        return False
    least = min(int(made.sizes[one]), int(made.sizes[other]))
    if persons[one] is not None and persons[one] == persons[other]:
        return True
    if persons[one] is not None and persons[other] is not None:
        return least >= FEWEST_OF_TWO
    return least >= FEWEST_WORDS


def _alike(made: Prints, one: int, other: int) -> bool:
    """Whether as many of the smallest runs agree as two texts share that are one."""
    return float(np.mean(made.signatures[one] == made.signatures[other])) >= SAME


def _mixed(values: Hashes) -> Hashes:
    values = values ^ (values >> np.uint64(30))
    values = values * np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)), dtype=np.uint64)


def _summed(values: Hashes, starts: Integers, sizes: Integers) -> Hashes:
    total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(values, dtype=np.uint64)])
    found = total[starts[1:]] - total[starts[:-1]]
    found[sizes == 0] = 0
    return np.asarray(found, dtype=np.uint64)


def together(made: Sequence[Prints]) -> Prints:
    """Prints of several pieces as one, in their order."""
    if not made:
        none = np.zeros(0, dtype=np.uint64)
        return Prints(np.zeros((0, _BANDS * _ROWS), dtype=np.uint64), none, np.zeros(0, dtype=np.int64))
    return Prints(
        np.concatenate([one.signatures for one in made]),
        np.concatenate([one.whole for one in made]),
        np.concatenate([one.sizes for one in made]),
    )
