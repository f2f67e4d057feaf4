"""What a policy would have done on past conversations, told before anyone turns it on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from portance.estimation import Estimate, by_person, quantile, ratio
from portance.orchestration.takeover import judging, reading
from portance.orchestration.takeover.conversation import Conversation
from portance.orchestration.takeover.policy import Policy

Progress = Callable[[str, int, int], None]
_HOUR_S = 3600.0
_EVERY = 500
ESTIMATES = (
    "handed", "turn", "into", "solved_anyway", "spared", "sooner", "f1", "gt1", "gt2", "gt3",
)  # fmt: skip
"""The estimates of a replay, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Load:
    """Take-overs that would have come to people: in the hours that had any conversation, on average, and in the busiest."""

    per_hour: float
    busiest: int
    hours: int


@dataclass(frozen=True, slots=True)
class Replay:
    """What a policy would have done on conversations, in order of their names as read.

    ``handed``: share handed over. ``turn``: the median turn at which. ``into``: the median share of the conversation that had
    passed. ``solved_anyway``: of those it would have handed over and no human of the service had entered, the share settled all
    the same. ``spared``: of those that went to a human, or stayed unsettled, the share it would have handed over. ``sooner``: by how many
    turns before the human came, in the median (below zero: later). ``load``: what would have come to people. ``f1`` … ``gt3``: agreement
    with labels. Null, with ``reasons`` under the same name, where the table does not tell. ``seen`` counts conversations that the
    policy was learnt from: on those it flatters itself.
    """

    conversations: int
    turns: int
    seen: int
    handed: Estimate
    turn: Estimate
    into: Estimate
    solved_anyway: Estimate | None
    spared: Estimate | None
    sooner: Estimate | None
    load: Load | None
    f1: Estimate | None
    gt1: Estimate | None
    gt2: Estimate | None
    gt3: Estimate | None
    reasons: dict[str, str]
    signs: tuple[tuple[str, int], ...]
    """What spoke first for take-overs, the most frequent first."""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> "Replay":
        """The replay that :meth:`as_json` told; a :class:`TypeError`, ``KeyError`` or ``ValueError`` where it is not one."""
        held = {field.name: told[field.name] for field in fields(Replay)}
        for name in ESTIMATES:
            held[name] = None if held[name] is None else Estimate(**held[name])
        held["load"] = None if held["load"] is None else Load(**held["load"])
        held["reasons"] = {str(name): str(reason) for name, reason in held["reasons"].items()}
        held["signs"] = tuple((str(sign), int(count)) for sign, count in held["signs"])
        return Replay(**held)


@dataclass(frozen=True, slots=True)
class _Followed:
    told: tuple[bool, ...]
    first: int | None
    sign: str | None


def replay(
    policy: Policy, table: pa.Table, *, seed: int = 0, file: Path = Path("conversations"), progress: Progress | None = None
) -> Replay:  # fmt: skip
    """Replay a policy on a table of turns (its columns: :func:`reading.read`), each conversation turn by turn."""
    conversations = reading.read(table, file=file)
    followed = []
    for number, conversation in enumerate(conversations):
        if progress and number % _EVERY == 0:
            progress("replay", number + 1, len(conversations))
        followed.append(_follow(policy, conversation))
    return _replayed(policy, conversations, followed, seed)


def _follow(policy: Policy, conversation: Conversation) -> _Followed:
    follower = policy.follow()
    told, first, sign = [], None, None
    for turn in conversation.turns:
        advice = follower.hear(turn)
        told.append(advice.take_over)
        if advice.first:
            first = advice.turn
            sign = advice.reasons[0].sign if advice.reasons else None
    return _Followed(tuple(told), first, sign)


def _replayed(
    policy: Policy, conversations: Sequence[Conversation], followed: Sequence[_Followed], seed: int
) -> Replay:
    pairs = list(zip(conversations, followed, strict=True))
    handed = [(one, of) for one, of in pairs if of.first is not None]
    reasons: dict[str, str] = {}
    alone = [(one, of) for one, of in handed if one.solved is not None and not _entered(one)]
    needed = [(one, of) for one, of in pairs if _entered(one) or one.solved is False]
    met = [float((_entered(one) or 0) - (of.first or 0)) for one, of in handed if _entered(one)]
    if not alone:
        reasons["solved_anyway"] = "no_outcome"
    if not needed:
        reasons["spared"] = "nobody_needed_a_human"
    if not met:
        reasons["sooner"] = "no_human_came"
    labelled = [(one, of) for one, of in pairs if all(turn.label is not None for turn in one.turns)]
    if not labelled:
        reasons |= dict.fromkeys(("f1", "gt1", "gt2", "gt3"), "no_labels")
    load = _load(handed, conversations)
    if load is None:
        reasons["load"] = "no_instants"
    signs: dict[str, int] = {}
    for _, of in handed:
        if of.sign:
            signs[of.sign] = signs.get(of.sign, 0) + 1
    turns = [float(of.first or 0) for _, of in handed]
    into = [(of.first or 0) / len(one.turns) for one, of in handed]
    said = [[bool(turn.label) for turn in one.turns] for one, _ in labelled]
    gt = [
        _mean(
            [
                judging.golden_transfer(gold, of.told, width)
                for gold, (_, of) in zip(said, labelled, strict=True)
            ],
            seed,
        )
        if labelled
        else None
        for width in (1, 2, 3)
    ]
    return Replay(
        conversations=len(pairs), turns=sum(len(one.turns) for one in conversations), seen=sum(map(policy.knows, conversations)),
        handed=_share([of.first is not None for _, of in pairs], seed), turn=quantile(turns, 0.5, seed=seed),
        into=quantile(into, 0.5, seed=seed), solved_anyway=_share([bool(one.solved) for one, _ in alone], seed) if alone else None,
        spared=_share([of.first is not None for _, of in needed], seed) if needed else None,
        sooner=quantile(met, 0.5, seed=seed) if met else None, load=load,
        f1=_f1(said, [of.told for _, of in labelled], seed) if labelled else None, gt1=gt[0], gt2=gt[1], gt3=gt[2],
        reasons=reasons, signs=tuple(sorted(signs.items(), key=lambda pair: (-pair[1], pair[0]))),
    )  # fmt: skip


def _entered(conversation: Conversation) -> int | None:
    """The turn, from 1, at which a human of the service first speaks."""
    return next((place for place, turn in enumerate(conversation.turns, 1) if turn.human), None)


def _share(flags: Sequence[bool], seed: int) -> Estimate:
    return ratio(by_person(range(len(flags)), flags, np.ones(len(flags))), seed=seed, proportion=True)


def _mean(values: Sequence[float], seed: int) -> Estimate:
    return ratio(by_person(range(len(values)), values, np.ones(len(values))), seed=seed)


def _f1(said: Sequence[Sequence[bool]], told: Sequence[Sequence[bool]], seed: int) -> Estimate:
    """F1 as one ratio of sums over conversations: twice what both say, over what either says."""
    both = [
        sum(a and b for a, b in zip(gold, mine, strict=True)) for gold, mine in zip(said, told, strict=True)
    ]
    each = [sum(gold) + sum(mine) for gold, mine in zip(said, told, strict=True)]
    return ratio(by_person(range(len(both)), [2 * count for count in both], each), seed=seed, proportion=True)


def _load(
    handed: Sequence[tuple[Conversation, _Followed]], conversations: Sequence[Conversation]
) -> Load | None:
    hours = {int(turn.at // _HOUR_S) for one in conversations for turn in one.turns if turn.at is not None}
    if not hours:
        return None
    came: dict[int, int] = {}
    for one, of in handed:
        at = one.turns[(of.first or 1) - 1].at
        if at is not None:
            came[int(at // _HOUR_S)] = came.get(int(at // _HOUR_S), 0) + 1
    return Load(sum(came.values()) / len(hours), max(came.values(), default=0), len(hours))
