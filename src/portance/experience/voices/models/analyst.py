"""What every reader of texts can do: learn from labelled sentences, and tell which labels others deserve.

Labels are sets: a sentence may carry none, one or several. A reader is refitted from the labels at each scan (seconds
for a few thousand sentences), so nothing trained is ever written to disk and no file of a model can be tampered with.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = Sequence[frozenset[str]]
FEWEST = 3
"""A label seen fewer times than this is not learnt: whatever a model said of it would come from one or two sentences."""


@runtime_checkable
class Analyst(Protocol):
    """A reader of texts. ``classes`` are the labels that it has learnt, in the order of the columns of ``predict``.

    ``name`` is what the column ``model`` of a published table says. ``thresholds`` (classes,) is the probability from
    which a label is given where labels can stand together; all of these are empty before ``fit``. ``exclusive`` says that
    every sentence it learnt from carried exactly one label: then the likeliest one is given, and thresholds are nil.
    """

    @property
    def name(self) -> str: ...

    @property
    def classes(self) -> tuple[str, ...]: ...

    @property
    def thresholds(self) -> Floats: ...

    @property
    def exclusive(self) -> bool: ...

    def fit(self, texts: Sequence[str], languages: Sequence[str], labels: Labels) -> None:
        """Learn from sentences (``languages``: fr, en, or anything else); forgets what was learnt before.

        With nothing to learn from (no label seen ``FEWEST`` times) ``classes`` stays empty, and nothing is raised.
        """

    def predict(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Probabilities (texts, classes); NaN in the row of a text that could not be read: it is untreated."""


def given(analyst: Analyst, probabilities: Floats) -> list[frozenset[str]]:
    """The labels that each row of ``probabilities`` deserves; none for a row of NaN."""
    classes = analyst.classes
    if not classes:
        return [frozenset() for _ in probabilities]
    if analyst.exclusive:
        read = ~np.isnan(probabilities).any(axis=1)
        against = np.nan_to_num(probabilities / analyst.thresholds, nan=-1.0)
        best = np.where(read, against.argmax(axis=1), -1)
        return [frozenset((classes[place],)) if place >= 0 else frozenset() for place in best]
    above = probabilities >= analyst.thresholds
    return [frozenset(classes[place] for place in np.flatnonzero(row)) for row in above]


def learnt(labels: Labels, fewest: int = FEWEST) -> tuple[str, ...]:
    """The labels seen often enough to be learnt, sorted."""
    counts: dict[str, int] = {}
    for several in labels:
        for one in several:
            counts[one] = counts.get(one, 0) + 1
    return tuple(sorted(one for one, count in counts.items() if count >= fewest))
