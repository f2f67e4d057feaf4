"""What was heard of all texts: masked sentences with what words, a model or a person say of each."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from portance.experience.voices.words import Integers

GIVERS = ("words", "model", "person")


@dataclass(frozen=True, slots=True)
class Told:
    """One irritant of one sentence: who says so, and how surely (0 to 1)."""

    irritant: str
    given_by: str
    score: float


@dataclass(slots=True)
class Verbatims:
    """One entry a text, in order of time. ``copy_of`` is the place of the text that it says again, or -1."""

    interactions: list[str]
    persons: list[str | None]
    sources: list[str]
    languages: list[str] = field(default_factory=list)
    hidden: list[Counter[str]] = field(default_factory=list)
    copy_of: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(slots=True)
class Sentences:
    """One entry a sentence of a text that is treated. ``verbatim`` is its text, ``number`` its place there from 0.

    ``polarity`` and ``kind`` are places in ``judging.POLARITIES`` and ``judging.KINDS``; ``given`` in ``GIVERS``: who gave them;
    ``score`` how surely. ``irritants`` may come from others than the kind: each says who gave it.
    """

    texts: list[str]
    verbatim: Integers
    number: Integers
    polarity: Integers
    kind: Integers
    given: Integers
    score: npt.NDArray[np.float64]
    irritants: list[tuple[Told, ...]]
    models: list[str | None]


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything that was heard; the texts in it are masked. ``common`` counts the sentences that hold each word."""

    verbatims: Verbatims
    sentences: Sentences
    common: Counter[str]
    irritants: tuple[str, ...]
    labels: int
    """Sentences of this scan that a person has labelled."""
    model: str | None
    """The model that learnt from them, where there were enough."""
