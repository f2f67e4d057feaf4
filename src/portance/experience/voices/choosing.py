"""Which sentences are worth a person's minute: in doubt, said by many, and unlike those already asked.

Nothing is learnt of how good a reader is from sentences chosen like this: they are not like the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portance.experience.voices.words import Integers, into_words

CANDIDATES = 1_500
"""Sentences among which the choice is made: more make a person wait and teach little else."""
WIDTH = 512
_LEAST_FAR = 0.15
"""What is left of the use of a sentence that says wholly what was asked before."""
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The most useful of some sentences, first to last: ``places`` among them, how ``useful`` each is (above nil, no unit),
    and its words as a unit vector, ``shape`` (candidates, ``WIDTH``).
    """  # fmt: skip

    places: Integers
    useful: Floats
    shape: Floats


def candidates(
    texts: Sequence[str], common: Mapping[str, int], unsure: Floats, like: Sequence[int], seed: int
) -> Candidates:
    """The most useful of ``texts``. ``common`` counts the sentences that hold each word, ``unsure`` (texts,) is the doubt
    about each from 0 to 1, ``like`` (texts,) how many sentences say the same. Ties are drawn by lot, from ``seed``.
    """  # fmt: skip
    if not texts:
        return Candidates(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros((0, WIDTH)))
    words = into_words([" ".join(text.split()) for text in texts])
    known = np.asarray([common[word] for word in words.vocabulary], dtype=np.float64)
    most = max(float(np.log1p(known).max()), 1.0) if len(known) else 1.0
    sizes = np.diff(words.starts)
    of = np.repeat(np.arange(len(texts)), sizes)
    # words that nobody else uses, and those that everybody does, teach little
    share = np.log1p(known) / most
    teaches = (share * (1.2 - share))[words.ids]
    typical = np.bincount(of, teaches, len(texts)) / np.maximum(sizes, 1)
    often = np.log2(1 + np.asarray(like, dtype=np.float64))
    length = np.clip(sizes / 6, 0.3, 1) * np.clip(40 / np.maximum(sizes, 1), 0.3, 1)
    chance = np.random.default_rng(seed).random(len(texts)) * 1e-9
    useful = unsure * (0.2 + typical) * (0.5 + often) * length + chance
    best = np.argsort(-useful, kind="stable")[:CANDIDATES]
    shape = np.zeros((len(best), WIDTH))
    for row, place in enumerate(best.tolist()):
        run = words.ids[words.starts[place] : words.starts[place + 1]]
        np.add.at(shape[row], _bucket(words.vocabulary, run), 1 / np.log2(2 + known[run]))
    shape /= np.maximum(np.linalg.norm(shape, axis=1, keepdims=True), 1e-12)
    return Candidates(best, useful[best], shape)


def chosen(among: Candidates, asked: Sequence[int], free: Flags, count: int) -> list[int]:
    """Rows of at most ``count`` of the ``free`` candidates to ask now, the most useful first: unlike each other and ``asked``."""
    far = np.ones(len(among.useful))
    for row in asked:
        far = np.minimum(far, 1 - among.shape @ among.shape[row])
    left, found = free.copy(), list[int]()
    while len(found) < count and left.any():
        worth = np.where(left, among.useful * (_LEAST_FAR + np.maximum(far, 0)), -1.0)
        best = int(worth.argmax())
        found.append(best)
        left[best] = False
        far = np.minimum(far, 1 - among.shape @ among.shape[best])
    return found


def _bucket(vocabulary: list[str], run: Integers) -> Integers:
    """A place for each word, the same in every run of Python."""
    return np.asarray([sum(ord(one) * 31**at for at, one in enumerate(vocabulary[word][:6])) % WIDTH for word in run], dtype=np.int64)  # fmt: skip
