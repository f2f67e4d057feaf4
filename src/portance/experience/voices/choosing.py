"""Which sentences are worth a person's minute: by turns one drawn by lot, and one that is in doubt and like none asked before.

What is drawn by lot teaches what is usual, in its proportions; what is in doubt teaches what is hard. By turns they do about as
well as lot alone; doubt weighed with frequency and unlikeness came out behind it (``docs/explanation/methods/reading-texts.md``).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portance.experience.voices.words import Integers, into_words

CANDIDATES = 1_500
"""Sentences that are drawn to choose from: more make a person wait, and the most doubtful of very many are oddities."""
WIDTH = 512
ALIKE = 0.8
"""Sentences whose words are so much alike (cosine) teach the same: the second is passed over while it is in doubt only."""
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Some of all sentences in the order of their lot: ``places`` among all, how much ``doubt`` there is of each (0 to 1),
    and its words as a unit vector, ``shape`` (candidates, ``WIDTH``).
    """  # fmt: skip

    places: Integers
    doubt: Floats
    shape: Floats


def candidates(  # noqa: PLR0917  the sentences, what is known of each, and how many
    texts: Sequence[str],
    common: Mapping[str, int],
    unsure: Floats,
    like: Sequence[int],
    seed: int,
    most: int = CANDIDATES,
) -> Candidates:
    """At most ``most`` of ``texts``, by lot. ``common`` counts the sentences that hold each word, ``unsure`` (texts,) is the
    doubt about each from 0 to 1, ``like`` (texts,) how many sentences say the same: so many times as likely is it drawn.

    The lot of a sentence depends on its words and on ``seed``: it stays what it is while others come and go.
    """  # fmt: skip
    if not texts:
        return Candidates(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros((0, WIDTH)))
    # the smallest of exponential times whose rates are the weights: a draw without putting back (Efraimidis, Spirakis 2006)
    times = [-np.log(_uniform(text, seed)) / max(many, 1) for text, many in zip(texts, like, strict=True)]
    drawn = np.argsort(times, kind="stable")[:most]
    words = into_words([" ".join(texts[place].split()) for place in drawn.tolist()])
    known = np.asarray([common[word] for word in words.vocabulary], dtype=np.float64)
    shape = np.zeros((len(drawn), WIDTH))
    for row in range(len(drawn)):
        run = words.ids[words.starts[row] : words.starts[row + 1]]
        np.add.at(shape[row], _bucket(words.vocabulary, run), 1 / np.log2(2 + known[run]))
    shape /= np.maximum(np.linalg.norm(shape, axis=1, keepdims=True), 1e-12)
    return Candidates(drawn, np.asarray(unsure, dtype=np.float64)[drawn], shape)


def chosen(among: Candidates, asked: Sequence[int], free: Flags, count: int) -> list[int]:
    """Rows of at most ``count`` of the ``free`` candidates to ask now: by turns the next by lot, and the most doubtful one.

    After an even number of sentences ``asked`` it is the turn of the lot. Nothing that is nearly asked already comes by doubt,
    unless nothing else is left.
    """
    apart = np.ones(len(among.doubt), dtype=bool)
    for row in asked:
        apart &= among.shape @ among.shape[row] < ALIKE
    left, found = free.copy(), list[int]()
    while len(found) < count and left.any():
        by_lot = (len(asked) + len(found)) % 2 == 0
        some = left & apart if (left & apart).any() else left
        best = int(left.argmax()) if by_lot else int(np.where(some, among.doubt, -1.0).argmax())
        found.append(best)
        left[best] = False
        apart &= among.shape @ among.shape[best] < ALIKE
    return found


def _uniform(text: str, seed: int) -> float:
    """A number above 0, below 1, that looks drawn by lot and is the same for the same text."""
    drawn = hashlib.blake2b(f"{seed} {text}".encode(), digest_size=7).digest()
    return (int.from_bytes(drawn, "big") + 0.5) / 2**56


def _bucket(vocabulary: list[str], run: Integers) -> Integers:
    """A place for each word, the same in every run of Python."""
    return np.asarray([sum(ord(one) * 31**at for at, one in enumerate(vocabulary[word][:6])) % WIDTH for word in run], dtype=np.int64)  # fmt: skip
