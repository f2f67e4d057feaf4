"""Which sentences a person should label next: those that teach most, unlike each other.

Three in four are those that the reader doubts most (the smallest margin to another answer; Settles 2012), spread over what
is talked about; one in four is drawn by lot, so that the reader also hears of what it is wrongly sure of. Nothing is
learnt of how good the reader is from sentences chosen like this: they are harder than the rest.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from portance.experience.voices.models.analyst import Analyst
from portance.experience.voices.models.words import folded, named, words

Floats = npt.NDArray[np.float64]
BY_LOT = 4
"""One sentence in so many is drawn by lot."""
LOOKED_AT = 5_000
"""Sentences among which the choice is made: more make a person wait and teach little else."""
FEWEST_WORDS = 3
LIKENESS = 0.5
"""How much doubt a sentence loses for being wholly like one that is already chosen."""


def most_useful(
    analyst: Analyst | None,
    texts: Sequence[str],
    languages: Sequence[str],
    n: int,
    *,
    seed: int = 0,
    taken: Sequence[int] = (),
) -> list[int]:
    """Places in ``texts`` of at most ``n`` sentences to label, the most useful first; never one of ``taken``.

    Without a reader that has learnt something the sentences are spread over what is talked about.
    """
    rng = np.random.default_rng(seed)
    gone = set(taken)
    left = np.array([place for place in range(len(texts)) if place not in gone], dtype=np.int64)
    looked = np.sort(rng.choice(left, LOOKED_AT, replace=False)) if len(left) > LOOKED_AT else left
    if not len(looked) or n <= 0:
        return []
    split = [words(folded(texts[place])) for place in looked]
    doubts = _doubts(analyst, [texts[place] for place in looked], [languages[place] for place in looked])
    doubts = np.where([len(found) >= FEWEST_WORDS for found in split], doubts, -1.0)
    signs = [frozenset(named(found)) | frozenset(found) for found in split]
    chosen: list[int] = []
    likeness = np.zeros(len(looked))
    order = rng.permutation(len(looked))
    for turn in range(min(n, len(looked))):
        free = np.ones(len(looked), dtype=bool)
        free[chosen] = False
        if turn % BY_LOT == BY_LOT - 1:
            place = int(next(one for one in order if free[one]))
        else:
            worth = np.where(free, doubts - LIKENESS * likeness, -np.inf)
            place = int(np.argmax(worth))
        chosen.append(place)
        likeness = np.maximum(likeness, [_alike(signs[place], other) for other in signs])
    return [int(looked[place]) for place in chosen]


def _doubts(analyst: Analyst | None, texts: list[str], languages: list[str]) -> Floats:
    """How much each answer is in doubt, 0 to 1; one for all without a reader, and for texts that it could not read."""
    if analyst is None or not analyst.classes:
        return np.ones(len(texts))
    told = analyst.predict(texts, languages)
    if analyst.exclusive and told.shape[1] > 1:
        against = told / analyst.thresholds
        best = np.sort(against / against.sum(axis=1, keepdims=True), axis=1)
        doubt = 1 - (best[:, -1] - best[:, -2])
    else:
        doubt = 1 - np.abs(told - analyst.thresholds).min(axis=1)
    return np.asarray(np.nan_to_num(doubt, nan=1.0), dtype=np.float64)


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    """What two sets of signs share, over what both hold (Jaccard)."""
    either = len(first | second)
    return len(first & second) / either if either else 1.0
