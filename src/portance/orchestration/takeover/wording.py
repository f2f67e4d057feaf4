"""What words tell: a linear model over weighted terms, small enough to be read and to be written as JSON."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from portance.orchestration.takeover.describing import BLOCKS, Described

Flags = npt.NDArray[np.bool_]
LEAST_CONVERSATIONS = 10
"""A term said in fewer conversations is not learnt: it would tell about those, and could be a name."""
_STRENGTH = 0.3
_MOST_ROUNDS = 300


@dataclass(frozen=True, slots=True)
class Wording:
    """The score of a turn's words: ``bias`` plus, for each term, its weight times how much it stands out in its block.

    ``terms`` gives each term's inverse frequency and weight. A term stands out by (1 + ln count) × inverse frequency, each block
    scaled to length 1. A score above 0 speaks for a take-over.
    """

    bias: float
    terms: Mapping[str, tuple[float, float]] = field(repr=False)

    def score(self, described: Described) -> float:
        """The score of a turn."""
        return self.bias + sum(self.parts(described).values())

    def parts(self, described: Described) -> dict[str, float]:
        """What each known term adds to the score."""
        found: dict[str, float] = {}
        for block in described.terms:
            standing = _standing(block, {term: told[0] for term in block if (told := self.terms.get(term))})
            for term, value in standing.items():
                found[term] = value * self.terms[term][1]
        return found

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"bias": self.bias, "terms": {term: list(told) for term, told in self.terms.items()}}

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> "Wording":
        """The wording that :meth:`as_json` told."""
        return Wording(
            float(told["bias"]),
            {str(term): (float(idf), float(weight)) for term, (idf, weight) in told["terms"].items()},
        )


def _standing(block: Counter[str], rarity: Mapping[str, float]) -> dict[str, float]:
    made = {term: (1 + math.log(count)) * rarity[term] for term, count in block.items() if term in rarity}
    length = math.sqrt(sum(value * value for value in made.values()))
    return {term: value / length for term, value in made.items()} if length else {}


def fit(described: Sequence[Described], owners: Sequence[int], labels: Flags, *, seed: int) -> Wording:
    """Learn a wording from turns, the conversation that each belongs to, and their labels."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    seen: Counter[str] = Counter()
    heard: dict[int, set[str]] = {}
    for one, owner in zip(described, owners, strict=True):
        mine = heard.setdefault(owner, set())
        for block in one.terms:
            mine.update(block)
    for mine in heard.values():
        seen.update(mine)
    kept = {
        term: place
        for place, term in enumerate(sorted(term for term, n in seen.items() if n >= LEAST_CONVERSATIONS))
    }
    turns: Counter[str] = Counter()
    for one in described:
        for block in one.terms:
            turns.update(term for term in block if term in kept)
    rarity = {term: math.log((1 + len(described)) / (1 + turns[term])) + 1 for term in kept}
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for one in described:
        for block in one.terms[:BLOCKS]:
            for term, value in _standing(block, rarity).items():
                columns.append(kept[term])
                values.append(value)
        starts.append(len(columns))
    if not kept or labels.all() or not labels.any():
        return Wording(0.0, {})
    matrix = csr_matrix((values, columns, starts), shape=(len(described), len(kept)))
    model = LogisticRegression(
        C=_STRENGTH, max_iter=_MOST_ROUNDS, class_weight="balanced", solver="liblinear", random_state=seed
    ).fit(matrix, labels)
    weights = model.coef_[0]
    return Wording(
        float(model.intercept_[0]),
        {term: (rarity[term], float(weights[place])) for term, place in kept.items()},
    )
