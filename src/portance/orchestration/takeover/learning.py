"""Learning a policy from labelled conversations, and measuring it on those that it did not see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.errors import ExtractError
from portance.estimation import Estimate, by_person, ratio
from portance.orchestration.takeover import growing, judging, reading, wording
from portance.orchestration.takeover.conversation import Conversation
from portance.orchestration.takeover.describing import Described, Describer, history
from portance.orchestration.takeover.growing import Floats, Trees
from portance.orchestration.takeover.policy import Measured, Policy, digest
from portance.orchestration.takeover.wording import Wording

Progress = Callable[[str, int, int], None]
"""Called with what is being done, its number from 1 and how many there are."""
Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
FEWEST_CONVERSATIONS = 50
FEWEST_ASKED = 30
"""Below these nothing that is learnt would hold on the next conversation."""
FOLDS = 5
INNER_FOLDS = 3


@dataclass(frozen=True, slots=True)
class _Turns:
    """All turns in order, conversation after conversation: described, whose they are, their labels."""

    described: Sequence[Described]
    owners: Integers
    labels: Flags

    def part(self, places: Integers) -> "_Turns":
        return _Turns(
            [self.described[place] for place in places.tolist()], self.owners[places], self.labels[places]
        )


def learn(
    table: pa.Table, seed: int = 0, progress: Progress | None = None, *, file: Path = Path("conversations")
) -> Policy:
    """Learn when a human should take over from a table of labelled turns (its columns: :func:`reading.read`).

    Two models, one on the other: what the words tell, then how the conversation stands. What the second learns from the first
    was told by words learnt on other conversations. The cut is where F1 is best over conversations held out, and those are also
    what ``measured`` speaks of. An :class:`ExtractError` where there is too little to learn from.
    """
    conversations = reading.read(table, file=file, labelled=True)
    turns = _described(conversations)
    asked = len({int(owner) for owner, label in zip(turns.owners, turns.labels, strict=True) if label})
    if len(conversations) < FEWEST_CONVERSATIONS or asked < FEWEST_ASKED or turns.labels.all():
        raise ExtractError(
            file, f"{len(conversations)} conversations, {asked} of them with a turn labelled 1",
            f"at least {FEWEST_CONVERSATIONS} and {FEWEST_ASKED}, and turns labelled 0 beside them",
            "Label more conversations, turn by turn.",
        )  # fmt: skip
    told: Progress = progress or _untold
    scores = held_out(turns, seed, told)
    cut = best_cut(scores, turns.labels)
    told("learn from all", FOLDS + 1, FOLDS + 1)
    words, trees = _fitted(turns, FOLDS, seed)
    return Policy(
        wording=words, trees=trees, cut=cut, measured=measure(turns.owners, turns.labels, scores >= cut, seed),
        learnt_from=frozenset(map(digest, conversations)), labelled=len(turns.labels), asked=int(turns.labels.sum()), seed=seed,
    )  # fmt: skip


def _untold(_what: str, _number: int, _of: int) -> None:
    """Nobody watches."""


def held_out(turns: _Turns, seed: int, progress: Progress) -> Floats:
    """The log-odds of every turn, told by a policy learnt without its conversation."""
    scores = np.zeros(len(turns.labels))
    folds = _folds(turns.owners, FOLDS, seed)
    for fold in range(FOLDS):
        progress("learn without one part", fold + 1, FOLDS + 1)
        learnt, judged = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if not len(judged):
            continue
        words, trees = _fitted(turns.part(learnt), INNER_FOLDS, seed + fold + 1)
        scores[judged] = _scored(words, trees, turns.part(judged))
    return scores


def best_cut(scores: Floats, labels: Flags) -> float:
    """The cut at which F1 is best; between two scores, so that nothing hangs on the last digit of one."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(labels[order])
    f1 = 2 * right / (np.arange(1, len(labels) + 1) + labels.sum())
    last = np.r_[scores[order][1:] != scores[order][:-1], True]
    place = int(np.argmax(np.where(last, f1, -1.0)))
    following = scores[order][place + 1] if place + 1 < len(scores) else scores[order][place] - 1
    return float((scores[order][place] + following) / 2)


def measure(owners: Integers, said: Flags, told: Flags, seed: int = 0) -> Measured:
    """F1 over all turns, and golden transfer over conversations; intervals by conversation."""
    parts = [np.flatnonzero(owners == owner) for owner in np.unique(owners)]
    gold = [said[part].tolist() for part in parts]
    mine = [told[part].tolist() for part in parts]
    right = [
        sum(a and b for a, b in zip(one, other, strict=True)) for one, other in zip(gold, mine, strict=True)
    ]
    asked, handed = [sum(one) for one in gold], [sum(one) for one in mine]
    whole = [1.0] * len(parts)
    gt = {
        f"gt{width}": [
            judging.golden_transfer(one, other, width) for one, other in zip(gold, mine, strict=True)
        ]
        for width in (1, 2, 3)
    }
    values = {
        "f1": judging.f1(said.tolist(), told.tolist()), "precision": sum(right) / max(sum(handed), 1), "recall": sum(right) / max(sum(asked), 1),
    } | {name: float(np.mean(each)) for name, each in gt.items()}  # fmt: skip
    estimates = {
        "f1": _ratio([2 * count for count in right], [a + b for a, b in zip(asked, handed, strict=True)], seed),
        "precision": _ratio(right, handed, seed), "recall": _ratio(right, asked, seed),
    } | {name: _ratio(each, whole, seed) for name, each in gt.items()}  # fmt: skip
    intervals = {
        name: (one.ci_low, one.ci_high)
        for name, one in estimates.items()
        if one.ci_low is not None and one.ci_high is not None
    }
    return Measured(**values, turns=len(said), conversations=len(parts), intervals=intervals)


def _ratio(parts: Sequence[float], wholes: Sequence[float], seed: int) -> Estimate:
    """A ratio of sums over conversations, which move whole; no score goes beyond 1."""
    return ratio(by_person(range(len(parts)), parts, wholes), seed=seed, proportion=True)


def _described(conversations: Sequence[Conversation]) -> _Turns:
    described, owners, labels = [], [], []
    for number, conversation in enumerate(conversations):
        describer = Describer()
        for turn in conversation.turns:
            described.append(describer.hear(turn))
            owners.append(number)
            labels.append(bool(turn.label))
    return _Turns(described, np.array(owners, dtype=np.int64), np.array(labels, dtype=bool))


def _folds(owners: Integers, count: int, seed: int) -> Integers:
    """The part that each turn falls in, conversations drawn by lot."""
    names, place = np.unique(owners, return_inverse=True)
    part = np.random.default_rng(seed).permutation(len(names)) % count
    return part[place].astype(np.int64)


def _fitted(turns: _Turns, folds: int, seed: int) -> tuple[Wording, Trees]:
    heard = np.zeros(len(turns.labels))
    parts = _folds(turns.owners, folds, seed)
    for fold in range(folds):
        learnt, judged = np.flatnonzero(parts != fold), np.flatnonzero(parts == fold)
        if len(judged):
            words = _worded(turns.part(learnt), seed)
            heard[judged] = [words.score(turns.described[place]) for place in judged.tolist()]
    return _worded(turns, seed), growing.grow(_rows(turns, heard), turns.labels, seed=seed)


def _worded(turns: _Turns, seed: int) -> Wording:
    return wording.fit(turns.described, turns.owners.tolist(), turns.labels, seed=seed)


def _scored(words: Wording, trees: Trees, turns: _Turns) -> Floats:
    return trees.scores(_rows(turns, np.array([words.score(one) for one in turns.described])))


def _rows(turns: _Turns, heard: Floats) -> Floats:
    """The numbers of every turn, the wording of its conversation so far among them."""
    rows, so_far, owner = [], list[float](), -1
    for described, whose, score in zip(turns.described, turns.owners, heard, strict=True):
        if whose != owner:
            owner, so_far = whose, []
        so_far.append(float(score))
        rows.append([*described.signs, *history(so_far)])
    return np.array(rows, dtype=np.float64)
