"""Whether a text is said in displeasure, neither, or in pleasure: a lexicon at once, a learnt reader as labels come.

Before any label the lexicon's tone decides. Each label moves some of the decision to a reader that learns from labels and
sees the tone as well; after ``TRUST`` labels both speak alike. In a language that nobody labelled, the reader knows only
the tone, the concepts and (with the encoder) the meaning.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from portance.experience.voices.models.lexicon import COLUMNS, tones
from portance.experience.voices.models.making import ENCODERS
from portance.experience.voices.models.words import folded

Floats = npt.NDArray[np.float64]
Dense = Callable[[Sequence[str]], Floats]
Tone = Literal["negative", "neutral", "positive"]
POLARITIES: tuple[Tone, ...] = ("negative", "neutral", "positive")
TRUST = 20
"""So many labels weigh as much as the lexicon."""
BALANCE, LAST = 0.6, 0.4
"""The tone of the whole text, and of its second half: people end on what they mean."""
CUTS = (-0.04, 0.2)
"""Below the first negative, above the second positive. The second is higher: courtesy is not praise."""
STEEPNESS = 15.0
TONE_WEIGHT = 0.3
"""Of the lexicon's columns beside the words: heavier, and they drown what only this company's customers say."""


def toned(texts: Sequence[str]) -> Floats:
    """What the lexicon alone says: probabilities (texts, 3) in the order of ``POLARITIES``."""
    found = tones([folded(text) for text in texts])
    value = BALANCE * found[:, COLUMNS.index("balance")] + LAST * found[:, COLUMNS.index("last")]
    not_negative = 1 / (1 + np.exp(-STEEPNESS * (value - CUTS[0])))
    positive = 1 / (1 + np.exp(-STEEPNESS * (value - CUTS[1])))
    return np.column_stack([1 - not_negative, not_negative - positive, positive])


class Polarity:
    """The polarity of texts. ``encoder`` is one of ``ENCODERS``; ``meaning`` an encoder to share, if there is one."""

    def __init__(
        self,
        encoder: str = "words",
        seed: int = 0,
        meaning: Dense | None = None,
    ) -> None:
        from portance.experience.voices.models.classical import (
            TONE,
            Classical,
        )  # scikit-learn: a second to import

        if encoder not in ENCODERS:
            raise ValueError(f"given encoder {encoder!r}, expected one of {', '.join(ENCODERS)}")
        if encoder != "words" and meaning is None:
            from portance.experience.voices.models.encoder import shared

            meaning = shared(encoder)
        self._encoder = encoder
        dense = [_weighted(lambda texts: tones([folded(text) for text in texts]), TONE_WEIGHT)]
        if meaning is not None:
            dense.append(meaning)
        self._reader = Classical(name=encoder, dense=dense, kinds=TONE, seed=seed)
        self._labels = 0

    @property
    def name(self) -> str:
        """``lexicon`` before anything was learnt, then what reads."""
        return self._encoder if self._reader.classes else "lexicon"

    def fit(
        self,
        texts: Sequence[str],
        languages: Sequence[str],
        polarities: Sequence[Tone],
        *,
        weights: Sequence[float] | None = None,
    ) -> None:
        """Learn from labelled texts; all three polarities must have been seen, else the lexicon goes on alone.

        ``weights`` (texts,), above nil, say how much each label is trusted (alike without them).
        """
        unknown = sorted(set(polarities) - set(POLARITIES))
        if unknown:
            raise ValueError(f"given polarity {unknown[0]!r}, expected one of {', '.join(POLARITIES)}")
        self._labels = len(polarities)
        self._reader.fit(texts, languages, [frozenset((one,)) for one in polarities], weights=weights)
        if len(self._reader.classes) < len(POLARITIES):
            self._reader.fit((), (), ())

    def predict(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Probabilities (texts, 3) in the order of ``POLARITIES``, moved so that the likeliest is the one to give."""
        told = toned(texts)
        if not self._reader.classes:
            return told
        read = self._reader.predict(texts, languages) / self._reader.thresholds
        read = read / read.sum(axis=1, keepdims=True)
        places = [self._reader.classes.index(one) for one in POLARITIES]
        trust = self._labels / (self._labels + TRUST)
        mixed = np.exp(
            trust * np.log(np.clip(read[:, places], 1e-9, 1)) + (1 - trust) * np.log(np.clip(told, 1e-9, 1))
        )
        return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), dtype=np.float64)

    def say(self, texts: Sequence[str], languages: Sequence[str]) -> list[Tone]:
        """The likeliest polarity of each text."""
        return [POLARITIES[place] for place in self.predict(texts, languages).argmax(axis=1)]


def _weighted(columns: Dense, weight: float) -> Dense:
    return lambda texts: weight * columns(texts)
