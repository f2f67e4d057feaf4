"""How well a reader does after so many labelled sentences, chosen by lot or as the most useful: what an hour's work buys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score

from portance.experience.voices.models.analyst import Analyst, Labels, given
from portance.experience.voices.models.choosing import most_useful

SIZES = (25, 50, 100, 200, 400)
ROUNDS = 25
"""Sentences labelled between two refits of the reader that chooses."""
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

    ``active`` refits and chooses again every ``ROUNDS`` sentences, as a person who labels in several sittings would.
    ``known`` counts the labels that the reader had learnt by then.
    """
    apart = set(tested)
    pool = np.random.default_rng(seed).permutation(
        [place for place in range(len(texts)) if place not in apart]
    )
    order = [int(place) for place in pool]
    names = sorted({one for several in labels for one in several})
    truth = np.array([[name in labels[place] for name in names] for place in tested])
    chosen: list[int] = []
    points = []
    reader: Analyst | None = None
    pool_texts = [texts[place] for place in order]
    pool_languages = [languages[place] for place in order]
    for size in sizes:
        while len(chosen) < min(size, len(order)):
            more = min(ROUNDS, size - len(chosen))
            if active:
                picked = most_useful(reader, pool_texts, pool_languages, more, seed=seed, taken=chosen)
            else:
                picked = list(range(len(chosen), min(len(chosen) + more, len(order))))
            if not picked:
                break
            chosen.extend(picked)
            if active or len(chosen) == min(size, len(order)):
                reader = make()
                learnt_from = [order[place] for place in chosen]
                reader.fit(
                    [texts[place] for place in learnt_from],
                    [languages[place] for place in learnt_from],
                    [labels[place] for place in learnt_from],
                )
        if reader is None:
            break
        told = given(
            reader, reader.predict([texts[place] for place in tested], [languages[place] for place in tested])
        )
        guess = np.array([[name in several for name in names] for several in told])
        points.append(
            Point(
                len(chosen),
                "active" if active else "random",
                float(f1_score(truth, guess, average="macro", zero_division=0)),
                float(f1_score(truth, guess, average="micro", zero_division=0)),
                len(reader.classes),
            )
        )
    return points
