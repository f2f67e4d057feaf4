"""A policy: at each turn, whether a human should take over now, and what speaks for it."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from portance.errors import ExtractError
from portance.orchestration.takeover.conversation import Conversation, Turn
from portance.orchestration.takeover.describing import HISTORY, SIGNS, Describer, history
from portance.orchestration.takeover.growing import Trees
from portance.orchestration.takeover.wording import Wording

FORMAT = 1
MOST_REASONS = 3
MOST_TERMS = 3
NAMES: tuple[str, ...] = (*SIGNS, *HISTORY)
_WORDING = len(SIGNS)


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that spoke for a take-over: its name, its value at this turn, by how many log-odds it pushed, and which words."""

    sign: str
    value: float
    push: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What a policy says once a turn is heard. ``chance``: that a person would say so here; ``first``: it had not said so before."""

    turn: int
    chance: float
    take_over: bool
    first: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """How a policy did on conversations that it had not learnt from, each part in turn held out.

    ``intervals`` gives the ends of the 95 % interval of each figure, by conversation; a policy written before there were
    any has none.
    """

    f1: float
    precision: float
    recall: float
    gt1: float
    gt2: float
    gt3: float
    turns: int
    conversations: int
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """When a human should take over, learnt from labelled conversations.

    ``cut`` is the log-odds from which it says so. ``learnt_from`` are digests of the conversations, by which a replay knows those that
    the policy has already seen. Nothing in it can say which person said anything.
    """

    wording: Wording
    trees: Trees
    cut: float
    measured: Measured
    learnt_from: frozenset[str] = field(repr=False)
    labelled: int
    asked: int
    seed: int

    def follow(self) -> "Follower":
        """A follower for one conversation."""
        return Follower(self)

    def knows(self, conversation: Conversation) -> bool:
        """Whether it was learnt from this conversation."""
        return digest(conversation) in self.learnt_from

    def to_json(self) -> str:
        """The policy as JSON: numbers and words only, nothing that runs."""
        return json.dumps(
            {
                "portance_takeover_policy": FORMAT, "names": list(NAMES), "wording": self.wording.as_json(), "trees": self.trees.as_json(),
                "cut": self.cut, "measured": asdict(self.measured), "learnt_from": sorted(self.learnt_from), "labelled": self.labelled,
                "asked": self.asked, "seed": self.seed,
            },
            ensure_ascii=False,
        )  # fmt: skip

    @staticmethod
    def from_json(text: str, *, file: Path = Path("policy.json")) -> "Policy":
        """The policy that :meth:`to_json` told; an :class:`ExtractError` where it is not one."""
        remedy = "Learn it again: portance takeover learn."
        try:
            told = json.loads(text)
        except ValueError as error:
            raise ExtractError(file, f"not JSON ({error})", "a policy", remedy) from error
        if not isinstance(told, Mapping) or "portance_takeover_policy" not in told:
            raise ExtractError(file, "JSON without a policy in it", "a policy", remedy)
        if told["portance_takeover_policy"] != FORMAT or told.get("names") != list(NAMES):
            raise ExtractError(file, "a policy of another version", f"version {FORMAT}", remedy)
        try:
            return _told(told)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ExtractError(
                file, f"a damaged policy ({error!r})", "a policy as it was written", remedy
            ) from error


def _told(told: Mapping[str, Any]) -> Policy:
    trees = Trees.from_json(told["trees"])
    shape = trees.feature.shape
    shapes = {part.shape for part in (trees.feature, trees.threshold, trees.left, trees.right, trees.value)}
    nodes = np.concatenate([trees.left.ravel(), trees.right.ravel()])
    if (
        len(shape) != 2
        or len(shapes) != 1
        or trees.feature.max() >= len(NAMES)
        or nodes.max() >= shape[1]
        or nodes.min() < 0
    ):
        raise ValueError("its trees do not hold together")
    cut = float(told["cut"])
    if not math.isfinite(cut):
        raise ValueError("its cut is no number")
    intervals = told["measured"].get("intervals", {})
    measured = Measured(
        **told["measured"]
        | {"intervals": {str(name): (float(low), float(high)) for name, (low, high) in intervals.items()}}
    )
    return Policy(
        Wording.from_json(told["wording"]), trees, cut, measured,
        frozenset(map(str, told["learnt_from"])), int(told["labelled"]), int(told["asked"]), int(told["seed"]),
    )  # fmt: skip


class Follower:
    """Follows one conversation and gives advice after every turn; it only ever knows the turns that it was fed."""

    __slots__ = ("_describer", "_heard", "_policy", "_said")

    def __init__(self, policy: Policy) -> None:
        self._policy, self._describer = policy, Describer()
        self._heard: list[float] = []
        self._said = False

    def hear(self, turn: Turn) -> Advice:
        """Hear the next turn and say whether a human should take over now."""
        described = self._describer.hear(turn)
        parts = self._policy.wording.parts(described)
        self._heard.append(self._policy.wording.bias + sum(parts.values()))
        row = np.array([*described.signs, *history(self._heard)])
        score = float(self._policy.trees.scores(row[None, :])[0])
        wanted = score >= self._policy.cut
        first = wanted and not self._said
        self._said |= wanted
        return Advice(
            turn=len(self._heard), chance=1 / (1 + math.exp(-score)), take_over=wanted, first=first,
            reasons=self._reasons(row, parts) if wanted else (),
        )  # fmt: skip

    def _reasons(
        self, row: np.ndarray[Any, np.dtype[np.float64]], parts: Mapping[str, float]
    ) -> tuple[Reason, ...]:
        """What pushed most towards a take-over; the wording with its own words."""
        _, pushed = self._policy.trees.pushes(row)
        made = []
        for place in np.argsort(-pushed, kind="stable")[:MOST_REASONS]:
            if pushed[place] <= 0:
                break
            told = sorted((term for term in parts if parts[term] > 0), key=lambda term: (-parts[term], term))
            words = tuple(told[:MOST_TERMS]) if place == _WORDING else ()
            made.append(Reason(NAMES[place], float(row[place]), float(pushed[place]), words))
        return tuple(made)


def digest(conversation: Conversation) -> str:
    """What a conversation is known by, from what was said and by whom; it cannot be turned back."""
    said = json.dumps([[turn.customer, *turn.words] for turn in conversation.turns], ensure_ascii=False)
    return blake2b(said.encode(), digest_size=8).hexdigest()
