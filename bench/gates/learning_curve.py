"""How well a reader does after so many labelled sentences, drawn by lot or chosen as ``portance voices label`` does."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score

from portance.experience.voices.choosing import CANDIDATES, candidates, chosen
from portance.experience.voices.models.analyst import Analyst, Labels, given
from portance.experience.voices.words import into_words

SIZES = (25, 50, 100, 200, 400)
"""Sentences labelled when a sitting ends: the reader learns between sittings, as it does between scans."""
Make = Callable[[], Analyst]


@dataclass(frozen=True, slots=True)
class Point:
    """Mean F1 over labels (``macro``) and over decisions (``micro``) after ``labels`` sentences, on texts never chosen from."""

    labels: int
    chosen: str
    macro: float
    micro: float
    known: int


def curve(
    make: Make,
    texts: Sequence[str],
    languages: Sequence[str],
    labels: Labels,
    tested: Sequence[int],
    *,
    active: bool,
    sizes: Sequence[int] = SIZES,
    seed: int = 0,
) -> list[Point]:
    """A point per size; sentences are chosen among those that are not ``tested``, and judged on these alone.

    ``active`` chooses by turns by lot and by doubt; else the order is drawn by lot. ``known`` counts the labels
    that the reader had learnt by then.
    """
    apart = set(tested)
    pool = np.random.default_rng(seed).permutation([at for at in range(len(texts)) if at not in apart])
    order = [int(place) for place in pool]
    names = sorted({one for several in labels for one in several})
    truth = np.array([[name in labels[place] for name in names] for place in tested])
    taken: list[int] = []
    points = []
    reader: Analyst | None = None
    pooled, spoken = [texts[place] for place in order], [languages[place] for place in order]
    for size in sizes:
        more = min(size, len(order)) - len(taken)
        if active:
            taken += next_sitting(reader, pooled, spoken, taken, more, seed)
        else:
            taken += range(len(taken), len(taken) + more)
        reader = make()
        learnt_from = [order[place] for place in taken]
        reader.fit(
            [texts[place] for place in learnt_from],
            [languages[place] for place in learnt_from],
            [labels[place] for place in learnt_from],
        )
        told = given(
            reader, reader.predict([texts[place] for place in tested], [languages[place] for place in tested])
        )
        guess = np.array([[name in several for name in names] for several in told])
        points.append(
            Point(
                len(taken),
                "active" if active else "random",
                float(f1_score(truth, guess, average="macro", zero_division=0)),
                float(f1_score(truth, guess, average="micro", zero_division=0)),
                len(reader.classes),
            )
        )
    return points


def next_sitting(reader, texts, languages, taken, count, seed):  # noqa: PLR0917  what is known, and how many are asked
    """Places of ``count`` sentences that the labelling would ask next."""
    words = into_words([" ".join(text.split()) for text in texts])
    of = np.repeat(np.arange(len(texts)), np.diff(words.starts))
    each = np.unique(np.stack([of, words.ids], axis=1), axis=0)[:, 1]
    common = Counter({words.vocabulary[word]: int(n) for word, n in enumerate(np.bincount(each))})
    most = CANDIDATES + len(taken)
    among = candidates(texts, common, doubts(reader, texts, languages), [1] * len(texts), seed, most)
    gone = set(taken)
    asked = [row for row, place in enumerate(among.places.tolist()) if place in gone]
    free = np.array([place not in gone for place in among.places.tolist()], dtype=bool)
    found = [int(among.places[row]) for row in chosen(among, asked, free, count)]
    # where the most useful are all taken, the rest by the order of the pool
    rest = (place for place in range(len(texts)) if place not in gone and place not in set(found))
    return [*found, *(place for place, _ in zip(rest, range(count - len(found)), strict=False))]


def doubts(reader, texts, languages):
    """How much each answer is in doubt, 0 to 1; one for all without a reader."""
    if reader is None or not reader.classes:
        return np.ones(len(texts))
    told = reader.predict(texts, languages)
    if reader.exclusive and told.shape[1] > 1:
        against = told / reader.thresholds
        best = np.sort(against / against.sum(axis=1, keepdims=True), axis=1)
        return 1 - (best[:, -1] - best[:, -2])
    return 1 - np.abs(2 * told - 1).min(axis=1)
