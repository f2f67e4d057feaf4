"""What sentences say by their words alone: which irritants, for or against, complaint, praise or suggestion.

The base that needs no label. A label of a person, then a model that learnt from persons, take precedence (see labelling).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portance.charter.voices import Irritant
from portance.experience.voices.feelings import AGAINST, FOR, NO_SUGGESTION, SUGGESTS, TURNS
from portance.experience.voices.lexicon import REACH, Finder, Matches, Pattern, pattern
from portance.experience.voices.words import EMOJI, SIGNS, Integers, Words, into_words

POLARITIES = ("negative", "neutral", "positive")
KINDS = ("complaint", "praise", "suggestion", "neutral")
_NOT_BAD, _NOT_GOOD = -0.4, -0.9
"""What is left of a word against, and of a word for, that is denied."""
_AFTER, _BEFORE = 1.5, 0.6
"""How words count after and before a « mais »."""
_LEAST = 0.5
_EVERY = ("fr", "en")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """One entry a sentence: ``irritants`` by place among the reader's, ``polarity`` and ``kind`` by place in their lists.

    ``strength`` in [0, 1) says how strongly words speak; 0 where none did. ``words`` are the sentences as numbers.
    """

    irritants: list[tuple[int, ...]]
    polarity: Integers
    kind: Integers
    strength: Floats
    words: Words


class Reader:
    """Judges sentences by the words of a company's irritants and the words for and against."""

    def __init__(self, irritants: Mapping[str, Irritant]) -> None:
        self.names = tuple(irritants)
        self._harm: list[Pattern] = []
        self._subjects: list[Pattern] = []
        for label, irritant in enumerate(irritants.values()):
            for language in _EVERY:
                for written in getattr(irritant.words, language):
                    made = pattern(language, written, label)
                    if made is not None:
                        (self._subjects if made.subject else self._harm).append(made)
        self._feelings = [
            made
            for table in (AGAINST, FOR)
            for language, weights in table.items()
            for weight, written in weights.items()
            for one in written.split(";")
            if (made := pattern(language, one, weight=weight))
        ] + [
            made
            for sign, weight in EMOJI.items()
            for language in _EVERY
            if (made := Pattern(language, ((SIGNS[sign],),), weight=weight))
        ]
        self._suggests = _listed(SUGGESTS)
        self._not_suggests = _listed(NO_SUGGESTION)

    def judge(self, sentences: Sequence[str], languages: Sequence[str]) -> Judged:
        """Judge sentences; those of a language that is not treated are neutral and say nothing."""
        words = into_words(sentences)
        finder = Finder(words, languages)
        denied = finder.negations()
        score, strength = self._score(finder, denied, languages)
        harm = finder.find(self._harm)
        labels = np.asarray([one.label for one in self._harm], dtype=np.int64)
        cancelled = _denied(harm, self._harm, denied, words)
        pairs = _pairs(harm.sentence[~cancelled], labels[harm.pattern[~cancelled]])
        # what is told to have gone wrong speaks against, and what is told not to, for
        several = np.unique(pairs[:, 0], return_counts=True)
        score[several[0]] -= 0.8 + 0.4 * several[1]
        strength[several[0]] += 1.0
        spared = _pairs(harm.sentence[cancelled], labels[harm.pattern[cancelled]])
        score[np.unique(spared[:, 0])] += 0.7
        polarity = np.where(score <= -_LEAST, 0, np.where(score >= _LEAST, 2, 1))
        suggested = self._suggested(finder)
        kind = np.where(polarity == 0, 0, np.where(polarity == 2, 1, 3))
        kind[suggested] = 2
        pairs = self._with_subjects(finder, pairs, (polarity == 0) | (kind == 2))
        told = (kind == 0) | (kind == 2)
        irritants: list[tuple[int, ...]] = [()] * len(sentences)
        for sentence, label in pairs[told[pairs[:, 0]]].tolist():
            irritants[sentence] = (*irritants[sentence], label)
        return Judged(irritants, polarity, kind, 1 - np.exp(-np.maximum(strength, 0) / 2), words)

    def _score(self, finder: Finder, denied: Integers, languages: Sequence[str]) -> tuple[Floats, Floats]:
        words = finder.words
        count = len(words.starts) - 1
        felt = finder.find(self._feelings)
        if not len(felt.first):
            return np.zeros(count), np.zeros(count)
        weights = np.asarray([one.weight for one in self._feelings])[felt.pattern]
        against = _denied(felt, self._feelings, denied, words)
        weights = np.where(against, weights * np.where(weights < 0, _NOT_BAD, _NOT_GOOD), weights)
        turn = _turning(finder, languages)[felt.sentence]
        weights = weights * np.where(turn < 0, 1.0, np.where(felt.first > turn, _AFTER, _BEFORE))
        # of patterns that share a first word, the strongest speaks
        order = np.lexsort((-np.abs(weights), felt.first))
        first = np.concatenate([[True], np.diff(felt.first[order]) > 0])
        kept = order[first]
        score = np.bincount(felt.sentence[kept], weights[kept], count)
        strength = np.bincount(felt.sentence[kept], np.abs(weights[kept]), count)
        return np.asarray(score, dtype=np.float64), np.asarray(strength, dtype=np.float64)

    def _suggested(self, finder: Finder) -> Integers:
        found, not_found = finder.find(self._suggests), finder.find(self._not_suggests)
        return np.setdiff1d(found.sentence, not_found.sentence)

    def _with_subjects(self, finder: Finder, pairs: Integers, complains: npt.NDArray[np.bool_]) -> Integers:
        """Irritants that are only a subject count where a sentence complains and nothing more precise was found."""
        found = finder.find(self._subjects)
        labels = np.asarray([one.label for one in self._subjects], dtype=np.int64)
        named = np.zeros(len(complains), dtype=bool)
        named[pairs[:, 0]] = True
        kept = complains[found.sentence] & ~named[found.sentence]
        return _pairs(
            np.concatenate([pairs[:, 0], found.sentence[kept]]),
            np.concatenate([pairs[:, 1], labels[found.pattern[kept]]]),
        )


def _listed(table: Mapping[str, str]) -> list[Pattern]:
    return [
        made
        for language, written in table.items()
        for one in written.split(";")
        if (made := pattern(language, one))
    ]


def _pairs(sentences: Integers, labels: Integers) -> Integers:
    """Distinct (sentence, label), in order."""
    both = np.stack([sentences, labels], axis=1) if len(sentences) else np.zeros((0, 2), dtype=np.int64)
    return np.unique(both, axis=0) if len(both) else both


def _denied(
    matches: Matches, patterns: Sequence[Pattern], denied: Integers, words: Words
) -> npt.NDArray[np.bool_]:
    """Whether a negation stands shortly before each match, in its sentence; patterns that hold one deny themselves."""
    if not len(matches.first):
        return np.zeros(0, dtype=bool)
    since = np.maximum(matches.first - REACH, words.clause[matches.first])
    own = np.asarray([one.negated for one in patterns], dtype=bool)[matches.pattern]
    return np.asarray((denied[matches.first] - denied[since] > 0) & ~own, dtype=bool)


def _turning(finder: Finder, languages: Sequence[str]) -> Integers:
    """The last word of each sentence after which it says what it means; -1 where there is none."""
    turns = np.full(len(finder.words.starts) - 1, -1, dtype=np.int64)
    spoken = np.asarray(languages, dtype=object)
    for language, written in TURNS.items():
        places = np.flatnonzero(finder.standing(sorted(written)))
        sentences = finder.sentence[places]
        mine = np.asarray(spoken[sentences] == language, dtype=bool)
        turns[sentences[mine]] = places[mine]  # places rise: the last one stays
    return turns
