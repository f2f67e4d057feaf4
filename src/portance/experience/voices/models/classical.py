"""The reader of the base: words, pieces of words and concepts, and a linear reader of them; seconds, no download.

With an encoder (the extra ``verbatim``) each text's meaning is added to the same features. Sentences in a language that
was never labelled are read by a second reader that knows only what languages share: concepts, and meaning.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from portance.experience.voices.models.analyst import Labels, learnt
from portance.experience.voices.models.featuring import TONE, TOPIC, Dense, Features
from portance.experience.voices.models.heads import Head, head

__all__ = ["TONE", "TOPIC", "Classical"]
Floats = npt.NDArray[np.float64]
NATIVE = 20
"""A language with so many labelled sentences is read by its own words."""
BATCH = 10_000
"""Texts turned into rows at once: what bounds memory."""


class Classical:
    """An :class:`Analyst` of features and hyperplanes. ``dense`` adds columns of its own to each text.

    ``name`` is ``words``, or that of the encoder whose columns are added. Results depend on ``seed`` and labels alone.
    """

    def __init__(
        self, *, name: str = "words", dense: Sequence[Dense] = (), kinds: Sequence[str] = TOPIC, seed: int = 0
    ) -> None:
        self._name, self._dense, self._kinds, self._seed = name, tuple(dense), tuple(kinds), seed
        self._classes: tuple[str, ...] = ()
        self._readers: dict[bool, tuple[Features, Head]] = {}
        self._seen: tuple[list[str], npt.NDArray[np.bool_], Floats] = (
            [],
            np.zeros((0, 0), dtype=bool),
            np.zeros(0),
        )
        self._native: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self._name

    @property
    def classes(self) -> tuple[str, ...]:
        return self._classes

    @property
    def exclusive(self) -> bool:
        return False not in self._readers or self._readers[False][1].exclusive

    @property
    def thresholds(self) -> Floats:
        return self._readers[False][1].thresholds if False in self._readers else np.zeros(0)

    def fit(
        self,
        texts: Sequence[str],
        languages: Sequence[str],
        labels: Labels,
        *,
        weights: Sequence[float] | None = None,
    ) -> None:
        """As :class:`Analyst` says. ``weights`` (texts,), above nil, say how much each text's labels are trusted (alike)."""
        trust = np.ones(len(texts)) if weights is None else np.asarray(weights, dtype=np.float64)
        if trust.shape != (len(texts),) or not (np.isfinite(trust) & (trust > 0)).all():
            raise ValueError("given weights, expected one finite number above nil per text")
        self._classes, self._readers = learnt(labels), {}
        members = np.array([[one in several for one in self._classes] for several in labels], dtype=bool)
        if not self._classes or (len(self._classes) == 1 and members.all()):
            self._classes = ()
            return
        self._seen = (list(texts), members, trust / trust.mean())
        counts = {language: list(languages).count(language) for language in set(languages)}
        most = max(counts.values())
        self._native = frozenset(one for one, count in counts.items() if count >= min(NATIVE, most))
        self._reader(shared=False)

    def predict(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        told = np.zeros((len(texts), len(self._classes)))
        if not self._classes:
            return told
        foreign = np.array([language not in self._native for language in languages], dtype=bool)
        for shared in (False, True):
            places = np.flatnonzero(foreign == shared)
            for start in range(0, len(places), BATCH):
                some = places[start : start + BATCH]
                features, reader = self._reader(shared=shared)
                found = reader.predict(features.of([texts[place] for place in some]))
                # One set of thresholds serves both readers: the shared one's probabilities are brought to it.
                told[some] = _brought(found, reader, self.thresholds)
        return told

    def _reader(self, *, shared: bool) -> tuple[Features, Head]:
        """The reader of a kind, learnt when it is first needed."""
        if shared not in self._readers:
            texts, members, trust = self._seen
            features = Features(self._dense, kinds=self._kinds, shared=shared)
            rows = features.learn(texts)
            made = head(rows, members, self._seed, trust=trust, counts=features.counted)
            self._readers[shared] = features, made
        return self._readers[shared]


def _brought(told: Floats, reader: Head, thresholds: Floats) -> Floats:
    """Probabilities moved so that they cross ``thresholds`` where they crossed the reader's own."""
    if reader.exclusive:
        moved = told * (thresholds / reader.thresholds)
        return np.asarray(moved / moved.sum(axis=1, keepdims=True), dtype=np.float64)
    if np.array_equal(reader.thresholds, thresholds):
        return told
    own, wanted = reader.thresholds, thresholds
    odds = told / np.maximum(1 - told, 1e-9) * ((1 - own) / own) * (wanted / (1 - wanted))
    return np.asarray(odds / (1 + odds), dtype=np.float64)
