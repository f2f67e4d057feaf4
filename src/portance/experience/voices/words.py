"""Sentences as numbers: every word of a vocabulary has one, and sentences are runs of them in one long array."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.experience.voices.folding import fold
from portance.experience.voices.masking import MASK

Integers = npt.NDArray[np.int64]
_END, _PAUSE = "\x01", "\x02"
"""Control characters stand between sentences and at commas, as words of their own."""
_OTHERS = bytes(
    ord(one) if one.isalnum() else 2 if one in ",;:()" else 10 if one == "\n" else 32
    for one in fold("".join(map(chr, range(256))))
)
EMOJI = {
    "😡": -2.0, "😠": -2.0, "🤬": -2.0, "👎": -1.5, "😞": -1.0, "😢": -1.0, "😭": -1.0, "😤": -1.5, "🙁": -1.0, "☹": -1.0, "💩": -1.5,
    "😒": -1.0, "🤮": -2.0, "😩": -1.0, "😫": -1.0, "💔": -1.0, "😖": -1.0, "🙄": -1.0, "😀": 1.0, "😃": 1.0, "😄": 1.0, "😁": 1.0, "😊": 1.5,
    "😍": 2.0, "👍": 1.5, "❤": 1.5, "🙏": 0.3, "🎉": 1.5, "😘": 1.5, "👏": 1.5, "💪": 1.0, "🥰": 2.0, "😎": 1.0, "🙂": 0.8, "👌": 1.5, "⭐": 1.0,
}  # fmt: skip
"""How a sign speaks, below zero against."""
SIGNS = {sign: f"sign{number}" for number, sign in enumerate(EMOJI)}
"""The word that stands for each sign."""


@dataclass(frozen=True, slots=True)
class Words:
    """``ids`` (words,) are places in ``vocabulary``, sorted; sentence *s* is ``ids[starts[s]:starts[s + 1]]``.

    ``clause`` (words,) is where the clause of each word starts: after the last comma, at the latest where its sentence does.
    """

    ids: Integers
    starts: Integers
    vocabulary: list[str]
    clause: Integers

    @property
    def sentence(self) -> Integers:
        """The sentence of every word."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def into_words(sentences: Sequence[str]) -> Words:
    """The words of sentences (without line ends), folded, masks left out; elisions and hyphens part words."""
    if not sentences:
        none = np.zeros(0, dtype=np.int64)
        return Words(none, np.zeros(1, dtype=np.int64), [], none)
    tokens = pa.array(_spelled(MASK.sub(" ", "\n".join(sentences))), pa.large_string()).dictionary_encode()
    found = tokens.dictionary.to_pylist()
    order = sorted(range(len(found)), key=found.__getitem__)
    rank = np.empty(len(found), dtype=np.int64)
    rank[order] = np.arange(len(found))
    indices = tokens.indices.to_numpy()
    ended = indices == found.index(_END)
    paused = indices == found.index(_PAUSE) if _PAUSE in found else np.zeros(len(indices), dtype=bool)
    kept = ~(ended | paused)
    # how many words stand before each mark: where sentences, and clauses, start
    before = np.concatenate([[0], np.cumsum(kept)])
    starts = np.concatenate([[0], before[:-1][ended]])
    marks = before[:-1][ended | paused]
    number = int(before[-1])
    clause = np.zeros(number, dtype=np.int64)
    inside = marks[marks < number]
    clause[inside] = inside
    return Words(
        rank[indices[kept]], starts.astype(np.int64), [found[place] for place in order], np.maximum.accumulate(clause)
    )  # fmt: skip


def _spelled(joined: str) -> list[str]:
    """The words of lines, and the marks; by bytes, for letters beyond the Western ones are of no language that is treated."""
    if not joined.isascii():
        for sign, word in SIGNS.items():
            joined = joined.replace(sign, f" {word} ")
        joined = joined.replace("œ", "oe").replace("Œ", "oe")
    plain = joined.encode("latin-1", "replace").translate(_OTHERS)
    spaced = plain.replace(b"\x02", b" \x02 ").replace(b"\n", b" \x01 ") + b" \x01"
    return spaced.decode("latin-1").split()
