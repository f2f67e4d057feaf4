"""The company's own policy and what its last replay told, kept beside its charter; nothing here turns a policy on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from portance.errors import ExtractError
from portance.orchestration.takeover.policy import Policy
from portance.orchestration.takeover.replaying import Replay
from portance.store.state import State

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What a company keeps: its policy, when it was learnt (where that is known), and the replay of this very policy.

    ``damaged``: a policy is there and cannot be read; the other values are then null.
    """

    policy: Policy | None = None
    learnt_at: datetime | None = None
    replay: Replay | None = None
    replayed_at: datetime | None = None
    damaged: bool = False


def keep_policy(state: State, policy: Policy, learnt_at: datetime | None) -> None:
    """Keep a policy; what a replay told of the one before goes with it."""
    text = policy.to_json()
    state.keep(state.policy, lambda partial: _write(partial, text))
    _keep(state, text, learnt_at, None, None)


def keep_replay(state: State, policy: Policy, replay: Replay, at: datetime) -> None:
    """Keep what the replay of a policy told; a policy that is not the one kept becomes it."""
    before = kept(state)
    if before.policy is None or before.policy.to_json() != policy.to_json():
        keep_policy(state, policy, None)
        before = Kept(policy)
    _keep(state, policy.to_json(), before.learnt_at, replay, at)


def kept(state: State) -> Kept:
    """What is kept. A replay counts for the policy that it replayed only: of another one nothing is told."""
    try:
        text = state.policy.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Kept()
    except (OSError, UnicodeDecodeError):
        return Kept(damaged=True)
    try:
        policy = Policy.from_json(text, file=state.policy)
    except ExtractError:
        return Kept(damaged=True)
    told = _told(state.replay)
    if told.get("policy") != _digest(text):
        return Kept(policy)
    try:
        replay = None if told["replay"] is None else Replay.from_json(told["replay"])
        return Kept(policy, _instant(told["learnt_at"]), replay, _instant(told["replayed_at"]))
    except (KeyError, TypeError, ValueError):
        return Kept(policy)


def _keep(
    state: State, policy: str, learnt_at: datetime | None, replay: Replay | None, replayed_at: datetime | None
) -> None:  # fmt: skip
    told = {
        "portance_takeover_replay": FORMAT, "policy": _digest(policy), "learnt_at": learnt_at and learnt_at.isoformat(),
        "replayed_at": replayed_at and replayed_at.isoformat(), "replay": None if replay is None else replay.as_json(),
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False)
    state.keep(state.replay, lambda partial: _write(partial, text))


def _told(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and told.get("portance_takeover_replay") == FORMAT else {}


def _digest(policy: str) -> str:
    return blake2b(policy.encode(), digest_size=16).hexdigest()


def _instant(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
