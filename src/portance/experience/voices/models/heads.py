"""Linear readers of features: one hyperplane per label, then probabilities and thresholds learnt inside the labelled texts.

Each label has a support vector machine with squared hinge loss in which rare labels weigh as much as frequent ones (Fan et
al. 2008, LIBLINEAR), moved towards two naive Bayes readers of the same features: one as it is (Rennie et al. 2003), and one
whose weights a second machine has learnt (Wang and Manning 2012). All three are linear, so their sum is one plane and
costs nothing to read. Its distances are turned into probabilities (Platt 1999; with labels that exclude each other,
the multinomial form of it) and into thresholds that serve the mean F1 over labels, both on distances that each text got
from hyperplanes that had not seen it. No text outside the labelled ones plays a part.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
SOFTNESS = 0.1
"""How soft the margin is (C): labels given by people to short texts are noisy, and a hard margin would learn the noise."""
FOLDS = 4
"""Inner folds for probabilities and thresholds."""
NAIVE, SMOOTHING = 0.2, 0.3
"""The weight of the naive Bayes plane beside the first, and what is added to each of its counts."""
LEARNT, LEARNT_SMOOTHING = 0.5, 0.1
"""The same of the plane that is learnt on naive Bayes ratios."""
RARER = 0.45
"""Labels that exclude each other are compared by probability over share of the labelled texts to this power (0: the likeliest is
given, which leaves rare ones out; 1: all as if they were as frequent). One number for all companies: whatever was learnt in
its place from the labels, one number per label or this one, learnt their luck too and gave no better mean F1 on others."""
CAUTION = 8.0
"""What moving a threshold must gain, in mean F1 times the number of texts, per unit of log-odds: few texts, few moves."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was learnt of ``classes`` labels from features: planes (features + 1, classes), and how to read distances.

    A probability is the softmax (``exclusive``) or the logistic function of ``scale`` * distance + ``shift``.
    ``thresholds`` (classes,) are probabilities; exclusive labels are compared by probability over threshold.
    """

    planes: Floats
    scale: Floats
    shift: Floats
    thresholds: Floats
    exclusive: bool

    def predict(self, rows: Any) -> Floats:
        """Probabilities (texts, classes)."""
        return _probabilities(_distances(self.planes, rows), self.scale, self.shift, exclusive=self.exclusive)


def head(
    rows: Any, members: Flags, seed: int, *, trust: Floats | None = None, counts: int | None = None
) -> Head:
    """Learn from ``rows`` (texts, features) which of ``members`` (texts, classes) each label has.

    ``trust`` (texts,) is how much each text's labels count beside others (all alike without it); they count so in the
    planes alone. The first ``counts`` columns are weights of words, never negative: naive Bayes reads these (none: nil).
    """
    trust = np.ones(len(members)) if trust is None else trust
    exclusive = bool((members.sum(axis=1) == 1).all())
    folds = _folds(members, seed)
    unseen = np.zeros(members.shape)
    for fold in range(folds.max() + 1):
        learning = folds != fold
        unseen[~learning] = _distances(
            _planes(rows[learning], members[learning], seed, trust[learning], counts), rows[~learning]
        )
    scale, shift = _calibrated(unseen, members, exclusive=exclusive)
    told = _probabilities(unseen, scale, shift, exclusive=exclusive)
    thresholds = _shared(members) if exclusive else _cut(told, members)
    return Head(_planes(rows, members, seed, trust, counts), scale, shift, thresholds, exclusive)


def weights(members: Flags, trust: Floats | None = None) -> Floats:
    """How much each text counts so that labels count alike; a text with several takes their mean, none is a label too.

    ``trust`` (texts,) moves weight between the texts of a label, never between labels.
    """
    trust = np.ones(len(members)) if trust is None else trust
    every = np.column_stack([members, ~members.any(axis=1)])
    counts = trust @ every
    each = np.divide(
        len(members) / max((counts > 0).sum(), 1), counts, out=np.zeros(len(counts)), where=counts > 0
    )
    return np.asarray(trust * (every @ each) / every.sum(axis=1), dtype=np.float64)


def _planes(rows: Any, members: Flags, seed: int, trust: Floats, counts: int | None) -> Floats:
    """One hyperplane per label; a label that all or none of these texts have gets a flat one."""
    heavy = weights(members, trust)
    planes = np.zeros((rows.shape[1] + 1, members.shape[1]))
    for place in range(members.shape[1]):
        belongs = members[:, place]
        if belongs.all() or not belongs.any():
            planes[-1, place] = 1.0 if belongs.all() else -1.0
            continue
        planes[:, place] = _machine(rows, belongs, heavy, seed)
        if counts:
            planes[:counts, place] += NAIVE * _naive(rows[:, :counts], ~belongs, trust)
            planes[:, place] += LEARNT * _learnt(rows, belongs, heavy, trust, counts=counts, seed=seed)
    return planes


def _machine(rows: Any, belongs: Flags, heavy: Floats, seed: int) -> Floats:
    """The plane (features + 1,) of least squared hinge loss between the texts of a label and the others."""
    machine = LinearSVC(C=SOFTNESS, random_state=seed, max_iter=2000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the last small steps change no label
        machine.fit(rows, belongs, sample_weight=heavy)
    return np.append(machine.coef_[0], machine.intercept_[0])


def _naive(rows: Any, others: Flags, trust: Floats) -> Floats:
    """How much rarer each feature is where a label is not than it is in all texts: the logarithm of a ratio of shares."""
    everywhere, elsewhere = rows.T @ trust + SMOOTHING, rows.T @ np.where(others, trust, 0.0) + SMOOTHING
    return np.asarray(
        np.log(everywhere / everywhere.sum()) - np.log(elsewhere / elsewhere.sum()), dtype=np.float64
    )


def _learnt(rows: Any, belongs: Flags, heavy: Floats, trust: Floats, *, counts: int, seed: int) -> Floats:
    """The plane of a machine that sees each of the first ``counts`` features times its naive Bayes ratio, for plain rows."""
    counted = rows[:, :counts]
    here, elsewhere = (
        counted.T @ np.where(side, trust, 0.0) + LEARNT_SMOOTHING for side in (belongs, ~belongs)
    )
    ratio = np.ones(rows.shape[1])
    ratio[:counts] = np.log(here / here.sum()) - np.log(elsewhere / elsewhere.sum())
    plane = _machine((rows @ sparse.diags_array(ratio.astype(np.float32))).tocsr(), belongs, heavy, seed)
    plane[:-1] *= ratio
    return plane


def _distances(planes: Floats, rows: Any) -> Floats:
    return np.asarray(rows @ planes[:-1] + planes[-1], dtype=np.float64)


def _folds(members: Flags, seed: int) -> npt.NDArray[np.int64]:
    """A fold for each text, dealt out label by label, the rarest first, so that each fold has its share of each."""
    rng = np.random.default_rng(seed)
    folds = np.full(len(members), -1)
    dealt = 0
    rarest = [members[:, place] for place in np.argsort(members.sum(axis=0), kind="stable")]
    for belongs in (*rarest, np.ones(len(members), dtype=bool)):
        left = rng.permutation(np.flatnonzero(belongs & (folds < 0)))
        folds[left] = (dealt + np.arange(len(left))) % FOLDS
        dealt += len(left)
    return folds


def _probabilities(distances: Floats, scale: Floats, shift: Floats, *, exclusive: bool) -> Floats:
    logits = distances * scale + shift
    if not exclusive:
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float64)
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), dtype=np.float64)


def _calibrated(distances: Floats, members: Flags, *, exclusive: bool) -> tuple[Floats, Floats]:
    """Scale and shift of least log loss, held near 2 and nil by one text's worth of doubt per label."""
    classes = members.shape[1]

    def loss(values: Floats) -> float:
        scale = np.full(classes, np.exp(values[0])) if exclusive else np.exp(values[:classes])
        shift = values[-classes:]
        told = np.clip(_probabilities(distances, scale, shift, exclusive=exclusive), 1e-9, 1 - 1e-9)
        surprise = -np.log(told[members]).sum()
        if not exclusive:
            surprise -= np.log1p(-told[~members]).sum()
        return float(surprise + ((values - start) ** 2).sum())

    start = np.zeros(classes + (1 if exclusive else classes))
    start[:-classes] = np.log(2.0)
    best = minimize(loss, start, method="L-BFGS-B").x
    scale = np.full(classes, np.exp(best[0])) if exclusive else np.exp(best[:classes])
    return scale, best[-classes:]


def _shared(members: Flags) -> Floats:
    """Thresholds of exclusive labels, from each label's share of the texts; their product is one."""
    tilt = RARER * np.log(np.maximum(members.sum(axis=0), 1))
    return np.asarray(np.exp(tilt - tilt.mean()), dtype=np.float64)


def _cut(told: Floats, members: Flags) -> Floats:
    """Thresholds of labels that may stand together: for each the one of best F1, held near a half where texts are few."""
    cuts = np.linspace(0.1, 0.9, 33)
    best = np.full(members.shape[1], 0.5)
    for place in range(members.shape[1]):
        belongs, values = members[:, place], told[:, place]
        given = values[:, None] >= cuts[None, :]
        right = (given & belongs[:, None]).sum(axis=0)
        f1 = 2 * right / np.maximum(given.sum(axis=0) + belongs.sum(), 1)
        best[place] = cuts[int(np.argmax(f1 - CAUTION / max(belongs.sum(), 1) * np.abs(cuts - 0.5) / 4))]
    return best
