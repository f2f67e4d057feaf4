"""Boosted trees as plain arrays: grown by scikit-learn, then scored, explained and written without it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
TREES = 200
"""So many, each of them small."""
_DEPTH, _RATE = 4, 0.05
_LEAST_IN_LEAF = 20


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees side by side: one row per tree, one column per node, the root first.

    ``feature`` is -1 at a leaf. A row goes left where its value, as a 32-bit number, is at most the threshold. ``value`` of a leaf
    is what it adds to the log-odds; of an inner node, the mean of what is below it over the turns that it was grown on, so that
    the steps from root to leaf add up to the leaf.
    """

    bias: float
    feature: Integers = field(repr=False)
    threshold: Floats = field(repr=False)
    left: Integers = field(repr=False)
    right: Integers = field(repr=False)
    value: Floats = field(repr=False)

    def scores(self, rows: Floats) -> Floats:
        """The log-odds of each row."""
        return self._walk(rows, np.zeros((0, 0)))

    def pushes(self, row: Floats) -> tuple[float, Floats]:
        """The log-odds of one row as a starting value and what each feature pushed it by; they add up to it."""
        pushed = np.zeros((1, len(row)))
        score = self._walk(row[None, :], pushed)
        return float(score[0] - pushed[0].sum()), pushed[0]

    def _walk(self, rows: Floats, pushed: Floats) -> Floats:
        """Walk every tree; ``pushed``, where it has rows, takes what each feature adds on the way."""
        held = rows.astype(np.float32)
        trees = np.arange(len(self.feature))
        node = np.zeros((len(rows), len(trees)), dtype=np.int64)
        each = np.broadcast_to(np.arange(len(rows))[:, None], node.shape)
        for _ in range(_DEPTH):
            feature = self.feature[trees, node]
            inner = feature >= 0
            low = held[each, np.maximum(feature, 0)] <= self.threshold[trees, node]
            following = np.where(inner, np.where(low, self.left[trees, node], self.right[trees, node]), node)
            if len(pushed):
                step = self.value[trees, following] - self.value[trees, node]
                np.add.at(pushed, (each[inner], feature[inner]), step[inner])
            node = following
        total: Floats = self.bias + self.value[trees, node].sum(axis=1)
        return total

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"bias": self.bias} | {
            name: getattr(self, name).tolist() for name in ("feature", "threshold", "left", "right", "value")
        }

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> "Trees":
        """The trees that :meth:`as_json` told."""
        whole = {name: np.asarray(told[name], dtype=np.int64) for name in ("feature", "left", "right")}
        real = {name: np.asarray(told[name], dtype=np.float64) for name in ("threshold", "value")}
        return Trees(
            float(told["bias"]),
            whole["feature"],
            real["threshold"],
            whole["left"],
            whole["right"],
            real["value"],
        )


def grow(rows: Floats, labels: npt.NDArray[np.bool_], *, seed: int) -> Trees:
    """Grow trees that tell the labels from the rows."""
    from sklearn.ensemble import GradientBoostingClassifier

    model = GradientBoostingClassifier(
        n_estimators=TREES, max_depth=_DEPTH, learning_rate=_RATE, subsample=0.6, max_features=0.4,
        min_samples_leaf=_LEAST_IN_LEAF, random_state=seed,
    ).fit(rows, labels)  # fmt: skip
    grown = [tree.tree_ for tree in model.estimators_[:, 0]]
    nodes = max(tree.node_count for tree in grown)
    feature = np.full((len(grown), nodes), -1, dtype=np.int64)
    left, right = np.zeros((2, len(grown), nodes), dtype=np.int64)
    threshold, value = np.zeros((2, len(grown), nodes))
    for place, tree in enumerate(grown):
        count = tree.node_count
        feature[place, :count] = np.maximum(tree.feature, -1)
        threshold[place, :count] = np.where(tree.feature >= 0, tree.threshold, 0.0)
        left[place, :count], right[place, :count] = (
            np.maximum(tree.children_left, 0),
            np.maximum(tree.children_right, 0),
        )
        value[place, :count] = _RATE * _meant(tree)
    share = float(labels.mean())
    return Trees(float(np.log(share / (1 - share))), feature, threshold, left, right, value)


def _meant(tree: Any) -> Floats:
    """The value of every node: a leaf's own, and above it the mean of what is below, by turns."""
    made: Floats = tree.value[:, 0, 0].astype(np.float64)
    weight = tree.weighted_n_node_samples
    for node in range(tree.node_count - 1, -1, -1):  # children come after their parent
        low, high = tree.children_left[node], tree.children_right[node]
        if low >= 0:
            made[node] = (made[low] * weight[low] + made[high] * weight[high]) / (weight[low] + weight[high])
    return made
