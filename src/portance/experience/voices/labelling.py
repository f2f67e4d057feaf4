"""The sentences that are worth a person's minute; what the person says is kept at once.

Every other one is drawn by lot, so that a reader learns what is usual; the one between is uncertain (words say little, or the
model hesitates) and unlike those already asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np

from portance.charter import Charter
from portance.clock import Clock, now
from portance.engine import Engine, Progress
from portance.experience.voices.choosing import CANDIDATES, Candidates, candidates, chosen
from portance.experience.voices.heard import GIVERS, Heard
from portance.experience.voices.hearing import listen
from portance.experience.voices.judging import KINDS, POLARITIES
from portance.experience.voices.labels import Kind, Label, Labels, Polarity, digest
from portance.experience.voices.learning import ENOUGH
from portance.experience.voices.recognising import TREATED
from portance.store.state import State

HOUR = 200
"""Sentences that a person goes through in an hour."""
_FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """One masked sentence to label, with what is thought of it so far and by whom; ``like`` sentences say the same."""

    interaction_id: str
    sentence: int
    digest: str
    text: str
    language: str
    irritants: tuple[str, ...]
    polarity: Polarity
    kind: Kind
    given_by: str
    score: float
    like: int


@dataclass(frozen=True, slots=True)
class Done:
    """How far the labelling is: sentences labelled and passed over, how many a model needs, how many are left."""

    labelled: int
    skipped: int
    enough: int
    hour: int
    left: int
    spoiled: int = 0
    """Lines of the file of labels that cannot be read: their labels count for nothing."""


class Labelling:
    """A person's way through the sentences: ``next``, then ``give``, ``skip`` or ``undo``. Stop and come back at any time."""

    def __init__(self, heard: Heard, labels: Labels, clock: Clock = now, seed: int = 0) -> None:
        self._heard, self._labels, self._clock = heard, labels, clock
        # whatever was labelled so far, as many are left to choose from
        known = CANDIDATES + len(labels.given) + len(labels.skipped)
        self._questions, self._among = _questions(heard, seed, known)
        self._place = {question.digest: place for place, question in enumerate(self._questions)}

    @classmethod
    def open(  # noqa: PLR0917  what hearing needs, and a clock
        cls, charter: Charter, engine: Engine, state: State, seed: int = 0, progress: Progress | None = None, clock: Clock = now
    ) -> Self:  # fmt: skip
        """Hear what customers wrote (the table ``interactions`` must be there) and take the labels up where they are."""
        return cls(listen(charter, engine, state, seed, progress), Labels(state.labels), clock, seed)

    @property
    def irritants(self) -> tuple[str, ...]:
        """The irritants that a sentence may be given."""
        return self._heard.irritants

    @property
    def progress(self) -> Done:
        """How far it is."""
        open_ = sum(self._open(question) for question in self._questions)
        return Done(len(self._labels), len(self._labels.skipped), ENOUGH, HOUR, open_, self._labels.spoiled)

    def next(self, count: int = 1) -> tuple[Question, ...]:
        """The sentences to label now: by turns one drawn by lot, and one in doubt that is like none asked before."""
        asked = [
            self._place[mark]
            for mark in sorted((*self._labels.given, *self._labels.skipped))
            if mark in self._place
        ]
        free = np.asarray([self._open(question) for question in self._questions], dtype=bool)
        return tuple(self._questions[row] for row in chosen(self._among, asked, free, count))

    def give(self, question: Question, irritants: Sequence[str], polarity: Polarity, kind: Kind) -> Label:
        """Keep what a person says of a sentence; ``ValueError`` for an irritant that the company does not read for."""
        unknown = [one for one in irritants if one not in self._heard.irritants]
        if unknown:
            raise ValueError(f"given {unknown[0]!r}, expected one of {', '.join(self._heard.irritants)}")
        if polarity not in POLARITIES or kind not in KINDS:
            raise ValueError(
                f"given {polarity!r} and {kind!r}, expected one of {POLARITIES} and one of {KINDS}"
            )
        label = Label(
            question.interaction_id, question.sentence, question.digest, tuple(dict.fromkeys(irritants)), polarity, kind, self._at()
        )  # fmt: skip
        self._labels.give(label)
        return label

    def skip(self, question: Question) -> None:
        """Pass over a sentence that cannot be judged; it is not asked again."""
        self._labels.skip(question.digest, self._clock())

    def undo(self) -> Question | None:
        """Take the last decision back, of this sitting or an earlier one; the sentence, where it is still there."""
        mark = self._labels.undo(self._clock())
        return None if mark is None or mark not in self._place else self._questions[self._place[mark]]

    def _open(self, question: Question) -> bool:
        return question.digest not in self._labels.given and question.digest not in self._labels.skipped

    def _at(self) -> str:
        at: datetime = self._clock()
        return at.isoformat(timespec="seconds")


def _questions(heard: Heard, seed: int, most: int) -> tuple[list[Question], Candidates]:
    """Distinct sentences by lot, as questions and as what they are chosen by."""
    sentences, verbatims = heard.sentences, heard.verbatims
    firsts: dict[str, int] = {}
    like: dict[str, int] = {}
    for place, text in enumerate(sentences.texts):
        verbatim = int(sentences.verbatim[place])
        if verbatims.languages[verbatim] not in TREATED or text.count(" ") + 1 < _FEWEST_WORDS:
            continue
        mark = digest(text)
        firsts.setdefault(mark, place)
        like[mark] = like.get(mark, 0) + int(verbatims.copy_of[verbatim] < 0)
    marks, places = list(firsts), list(firsts.values())
    unsure = np.asarray([_unsure(heard, place) for place in places])
    among = candidates(
        [sentences.texts[place] for place in places],
        heard.common,
        unsure,
        [like[mark] for mark in marks],
        seed,
        most,
    )
    return [
        _question(heard, places[row], marks[row], like[marks[row]]) for row in among.places.tolist()
    ], among


def _unsure(heard: Heard, place: int) -> float:
    """How little is known of a sentence, from 0 to 1: a complaint without irritant most of all, where words decide."""
    sentences = heard.sentences
    score = float(sentences.score[place])
    if GIVERS[sentences.given[place]] == "model":
        told = [abs(2 * one.score - 1) for one in sentences.irritants[place]]
        return 1 - min([abs(2 * score - 1), *told])
    kind, several = KINDS[sentences.kind[place]], len(sentences.irritants[place])
    if kind == "complaint":
        return 1.0 if not several else 0.7 if several > 1 else 0.75 - 0.3 * score
    if kind == "suggestion":
        return 0.8
    return 0.55 if kind == "neutral" else 0.5 - 0.3 * score


def _question(heard: Heard, place: int, mark: str, like: int) -> Question:
    sentences, verbatims = heard.sentences, heard.verbatims
    verbatim = int(sentences.verbatim[place])
    polarity: Polarity = POLARITIES[sentences.polarity[place]]  # type: ignore[assignment]
    kind: Kind = KINDS[sentences.kind[place]]  # type: ignore[assignment]
    return Question(
        interaction_id=verbatims.interactions[verbatim], sentence=int(sentences.number[place]), digest=mark,
        text=sentences.texts[place], language=verbatims.languages[verbatim],
        irritants=tuple(one.irritant for one in sentences.irritants[place]), polarity=polarity, kind=kind,
        given_by=GIVERS[sentences.given[place]], score=float(sentences.score[place]), like=like,
    )  # fmt: skip
