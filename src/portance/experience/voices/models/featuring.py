"""A text as numbers: what its words, pieces of words and concepts weigh (TF-IDF), and its meaning where an encoder is there.

Counts are damped (1 + log), rare words weigh more, each kind of feature is scaled to length one so that none drowns the
others. Pieces of words (2 to 5 letters) forgive spelling; concepts join both languages.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from portance.experience.voices.models.words import denied, folded, named, terms, together, words

Floats = npt.NDArray[np.float64]
Dense = Callable[[Sequence[str]], Floats]
RARE = 2
"""A word must stand in so many of the labelled texts: once is a name or a slip."""
PAIRS = DENIED = 0.5
"""The weight of pairs of concepts beside single ones, and of denied words beside words: they say the same again."""

TOPIC = ("terms", "pieces", "concepts", "together")
"""What tells what a text is about."""
TONE = ("terms", "pieces", "denied")
"""What tells how it is said: concepts say the same of a praise and of a complaint."""
WORDED = ("terms", "pieces")
"""What is written, as it is written; always first."""
SHARED = ("concepts", "together")
"""What languages have in common."""


class Features:
    """Learns which features there are; then turns texts into a sparse matrix (texts, features), float32.

    ``dense`` are functions from texts to columns of their own (the lexicon's tone, an encoder's meaning), added as they
    are. ``shared`` keeps only what both languages have in common: concepts and dense columns. ``counted`` is how many of
    the columns, the first ones, weigh words and pieces of words.
    """

    def __init__(
        self, dense: Sequence[Dense] = (), *, kinds: Sequence[str] = TOPIC, shared: bool = False
    ) -> None:
        self._dense = tuple(dense)
        self._wanted = tuple(kind for kind in kinds if not shared or kind in SHARED) or SHARED
        self._kinds: list[tuple[str, TfidfVectorizer, float]] = []
        self.counted = 0

    def learn(self, texts: Sequence[str]) -> Any:
        """Which features these texts have; a kind of which they have none is left out. Their rows."""
        documents = _documents(texts, self._wanted)
        self._kinds, rows, self.counted = [], [], 0
        for kind, vectoriser, weight in _vectorisers(self._wanted):
            try:
                found = vectoriser.fit_transform(documents[kind])
            except ValueError:  # no word at all stands in two of the texts
                continue
            self._kinds.append((kind, vectoriser, weight))
            rows.append(found * np.float32(weight))
            self.counted += found.shape[1] if kind in WORDED else 0
        return self._joined(texts, rows)

    def of(self, texts: Sequence[str]) -> Any:
        """Texts as rows."""
        documents = _documents(texts, self._wanted)
        rows = [
            vectoriser.transform(documents[kind]) * np.float32(weight)
            for kind, vectoriser, weight in self._kinds
        ]
        return self._joined(texts, rows)

    def _joined(self, texts: Sequence[str], rows: list[Any]) -> Any:
        dense = [sparse.csr_matrix(one(texts).astype(np.float32)) for one in self._dense]
        always = sparse.csr_matrix(np.ones((len(texts), 1), dtype=np.float32) * np.float32(0.1))
        return sparse.hstack([*rows, *dense, always], format="csr")


def _documents(texts: Sequence[str], kinds: Sequence[str]) -> dict[str, Sequence[Any]]:
    """What each kind of feature counts in: words, or the text itself, or concepts. Each text is folded and cut once."""
    made = [folded(text) for text in texts]
    split = [words(text) for text in made]
    concepts = [named(found) for found in split] if set(kinds) & set(SHARED) else []
    return {"terms": split, "denied": split, "pieces": made, "concepts": concepts, "together": concepts}


def _vectorisers(kinds: Sequence[str]) -> list[tuple[str, TfidfVectorizer, float]]:
    damped = {"sublinear_tf": True, "dtype": np.float32, "lowercase": False}
    every = {
        "terms": (TfidfVectorizer(analyzer=terms, min_df=RARE, **damped), 1.0),
        "pieces": (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=RARE, **damped), 1.0),
        "denied": (TfidfVectorizer(analyzer=denied, min_df=RARE, **damped), DENIED),
        "concepts": (TfidfVectorizer(analyzer=_as_is, **damped), 1.0),
        "together": (TfidfVectorizer(analyzer=together, min_df=RARE, **damped), PAIRS),
    }
    return [(kind, *every[kind]) for kind in kinds]


def _as_is(found: list[str]) -> list[str]:
    return found
