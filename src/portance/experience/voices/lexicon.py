"""Words and phrases that mean something, found in all sentences at once.

A pattern is written as it is said, without accents or capitals mattering:

- ``remboursement`` a word; ``rembours*`` every word that starts so; ``site|appli`` either;
- ``pas de reponse`` words that follow one another; ``pas .. reponse`` with up to three others between;
- ``~prix`` a subject: it counts only in a sentence that complains.

A negation up to four words before cancels a pattern (« pas d'attente »), unless the pattern holds one itself.
"""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portance.experience.voices.folding import fold, listed
from portance.experience.voices.words import Integers, Words

GAP = ".."
_MOST_BETWEEN = 3
REACH = 4
"""Words over which a negation reaches."""
NEGATIONS = {
    "fr": listed("ne n pas jamais aucun aucune sans ni guere zero"),
    "en": listed("not no never without t cannot dont didnt doesnt wasnt isnt wont cant neither nor none hardly zero"),
}  # fmt: skip
NO_NEGATION = {
    "fr": ("jamais vu", "jamais connu", "jamais eu autant|tel|telle", "pas seulement", "pas que", "ne|n cesse*", "n arrete|arretent pas", "pas normal|normale", "pas etonn*"),
    "en": ("never seen", "never had such", "not only", "t stop", "not just", "never been so"),
}  # fmt: skip
"""Phrases whose negation denies nothing that follows."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pattern:
    """``parts`` are the alternatives of each word (``GAP`` alone for a gap); ``weight`` and ``label`` are the caller's."""

    language: str
    parts: tuple[tuple[str, ...], ...]
    label: int = 0
    weight: float = 1.0
    subject: bool = False
    negated: bool = False


def pattern(language: str, written: str, label: int = 0, weight: float = 1.0) -> Pattern | None:
    """A pattern from how it is written; ``None`` where nothing is left of it."""
    subject = written.strip().startswith("~")
    parts: list[tuple[str, ...]] = []
    for part in _spaced(written.strip().lstrip("~")):
        if part == GAP:
            parts.append((GAP,))
        else:
            parts.append(tuple(one for one in part.split("|") if one.strip("*")))
    while parts and parts[0] == (GAP,):
        parts.pop(0)
    while parts and parts[-1] == (GAP,):
        parts.pop()
    parts = [part for part in parts if part]
    if not parts:
        return None
    negations = NEGATIONS.get(language, frozenset())
    return Pattern(
        language,
        tuple(parts),
        label,
        weight,
        subject,
        any(one in negations for part in parts for one in part),
    )


def _spaced(written: str) -> list[str]:
    """The words of a pattern, folded and parted as those of texts are."""
    parts = []
    for part in written.split():
        if part == GAP:
            parts.append(part)
            continue
        small = fold(part).replace("œ", "oe").replace("æ", "ae")
        kept = "".join(one if one.isalnum() or one in "*|" else " " for one in small)
        parts += kept.split()
    return parts


@dataclass(frozen=True, slots=True)
class Matches:
    """Where patterns stand: their number, the sentence, the first and the last word."""

    pattern: Integers
    sentence: Integers
    first: Integers
    last: Integers


class Finder:
    """The places of every word of some sentences, asked for pattern by pattern. ``languages`` has one entry a sentence."""

    def __init__(self, words: Words, languages: Sequence[str]) -> None:
        self.words = words
        self.sentence = words.sentence
        self._order = np.argsort(words.ids, kind="stable")
        self._bounds = np.searchsorted(words.ids[self._order], np.arange(len(words.vocabulary) + 1))
        self._language = np.asarray(languages, dtype=object)
        self._ids: dict[str, Integers] = {}

    def find(self, patterns: Sequence[Pattern]) -> Matches:
        """Every place of every pattern in sentences of its language."""
        found: list[tuple[Integers, Integers, Integers]] = []
        for number, one in enumerate(patterns):
            first, last = self._places(one.parts)
            if len(first):
                found.append((np.full(len(first), number, dtype=np.int64), first, last))
        if not found:
            none = np.zeros(0, dtype=np.int64)
            return Matches(none, none, none, none)
        which, first, last = (np.concatenate(columns) for columns in zip(*found, strict=True))
        sentence = self.sentence[first]
        spoken = np.asarray([one.language for one in patterns], dtype=object)[which]
        mine = np.asarray(self._language[sentence] == spoken, dtype=bool)
        return Matches(which[mine], sentence[mine], first[mine], last[mine])

    def standing(self, written: Iterable[str]) -> Flags:
        """Whether each word is one of some."""
        flags = np.zeros(len(self.words.ids), dtype=bool)
        flags[self._at(tuple(written))] = True
        return flags

    def negations(self) -> Integers:
        """How many negations stand before each place, those that deny nothing left out; (words + 1,)."""
        flags = np.zeros(len(self.words.ids), dtype=bool)
        for language, written in NEGATIONS.items():
            places = self._at(tuple(sorted(written)))
            flags[places[self._language[self.sentence[places]] == language]] = True
        idle = [
            made
            for language, several in NO_NEGATION.items()
            for one in several
            if (made := pattern(language, one))
        ]
        matches = self.find(idle)
        for shift in range(3):
            at = matches.first + shift
            flags[at[at <= matches.last]] = False
        return np.concatenate([[0], np.cumsum(flags)])

    def _at(self, alternatives: tuple[str, ...]) -> Integers:
        """The places of the words that one of the alternatives means, in order."""
        ids = self._meant(alternatives)
        if not len(ids):
            return np.zeros(0, dtype=np.int64)
        runs = [self._order[self._bounds[one] : self._bounds[one + 1]] for one in ids]
        return np.sort(np.concatenate(runs)) if len(runs) > 1 else np.asarray(runs[0], dtype=np.int64)

    def _meant(self, alternatives: tuple[str, ...]) -> Integers:
        key = "|".join(alternatives)
        if key not in self._ids:
            vocabulary = self.words.vocabulary
            ids: list[int] = []
            for one in alternatives:
                stem = one.rstrip("*")
                low = bisect.bisect_left(vocabulary, stem)
                high = bisect.bisect_left(vocabulary, stem + "\uffff") if one.endswith("*") else low + (low < len(vocabulary) and vocabulary[low] == stem)  # fmt: skip
                ids += range(low, high)
            self._ids[key] = np.unique(np.asarray(ids, dtype=np.int64))
        return self._ids[key]

    def _places(self, parts: tuple[tuple[str, ...], ...]) -> tuple[Integers, Integers]:
        first = self._at(parts[0])
        last = first
        gap = False
        for part in parts[1:]:
            if part == (GAP,):
                gap = True
                continue
            if not len(first):
                break
            wanted = np.zeros(len(self.words.vocabulary) + 1, dtype=bool)
            wanted[self._meant(part)] = True
            reached = np.full(len(first), -1, dtype=np.int64)
            for step in range(1, _MOST_BETWEEN + 2 if gap else 2):
                at = np.minimum(last + step, len(self.words.ids) - 1)
                met = (reached < 0) & (last + step < len(self.words.ids)) & wanted[self.words.ids[at]]
                met &= self.sentence[at] == self.sentence[first]
                reached[met] = at[met]
            kept = reached >= 0
            first, last, gap = first[kept], reached[kept], False
        return first, last
