"""The company's own policy: kept with its replay, told as rows, and never more than what was replayed."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from labelled_talks import talks

from portance.orchestration.takeover import keeping, learning, telling
from portance.orchestration.takeover.describing import FAMILIES
from portance.orchestration.takeover.policy import NAMES, Policy
from portance.orchestration.takeover.replaying import Replay, replay
from portance.store.state import State

_AT = datetime(2025, 9, 1, 8, tzinfo=UTC)
_LATER = datetime(2025, 9, 2, 8, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("fewer_trees")


@pytest.fixture(scope="module")
def policy(fewer_trees):
    return learning.learn(talks(60), seed=3)


@pytest.fixture(scope="module")
def other(fewer_trees):
    return learning.learn(talks(62, seed=4), seed=4)


@pytest.fixture(scope="module")
def done(policy):
    return replay(policy, talks(80, seed=5, solved=lambda number, _turn, _label: number % 2 == 0))


@pytest.fixture
def state(tmp_path: Path):
    with State(tmp_path / ".portance") as held:
        yield held


def _rows(kept):
    return {(row["part"], row["figure"]): row for row in telling.told(kept).to_pylist()}


def test_a_replay_is_read_back_as_it_was_told(done):
    assert Replay.from_json(json.loads(json.dumps(done.as_json()))) == done


def test_a_policy_and_its_replay_are_kept(state, policy, done):
    assert keeping.kept(state) == keeping.Kept()
    keeping.keep_policy(state, policy, _AT)
    assert keeping.kept(state).replay is None
    keeping.keep_replay(state, policy, done, _LATER)
    held = keeping.kept(state)
    assert held.policy is not None
    assert held.policy.to_json() == policy.to_json()
    assert (held.learnt_at, held.replay, held.replayed_at) == (_AT, done, _LATER)


def test_what_a_replay_told_of_another_policy_is_never_told_of_this_one(state, policy, other, done):
    keeping.keep_policy(state, policy, _AT)
    keeping.keep_replay(state, policy, done, _LATER)
    keeping.keep_policy(state, other, _LATER)
    held = keeping.kept(state)
    assert (held.learnt_at, held.replay) == (_LATER, None)
    state.policy.write_text(policy.to_json(), encoding="utf-8")
    held = keeping.kept(state)
    assert held.policy is not None
    assert (held.learnt_at, held.replay) == (None, None), "its dates are those of another policy"


def test_a_policy_brought_to_be_replayed_becomes_the_one_kept(state, policy, other, done):
    keeping.keep_policy(state, other, _AT)
    keeping.keep_replay(state, policy, done, _LATER)
    held = keeping.kept(state)
    assert held.policy is not None
    assert held.policy.to_json() == policy.to_json()
    assert (held.learnt_at, held.replay) == (None, done), "when it was learnt, nobody said"


def test_what_is_kept_outlives_the_opening_of_the_state(tmp_path, policy, done):
    for _ in range(2):
        with State(tmp_path / ".portance") as state:
            if not state.policy.exists():
                keeping.keep_policy(state, policy, _AT)
                keeping.keep_replay(state, policy, done, _LATER)
            assert keeping.kept(state).replay == done


@pytest.mark.parametrize("damage", ["", "{}", "[]", "not json", '{"portance_takeover_policy": 1}'])
def test_a_damaged_policy_is_told_and_stops_nothing(state, policy, damage):
    keeping.keep_policy(state, policy, _AT)
    state.policy.write_text(damage, encoding="utf-8")
    held = keeping.kept(state)
    assert held == keeping.Kept(damaged=True)
    (row,) = telling.told(held).to_pylist()
    assert (row["value"], row["reason"]) == (None, "policy_unreadable")


@pytest.mark.parametrize("damage", ["", "[]", '{"portance_takeover_replay": 1}', "whole"])
def test_a_damaged_replay_is_not_told(state, policy, done, damage):
    keeping.keep_policy(state, policy, _AT)
    keeping.keep_replay(state, policy, done, _LATER)
    told = json.loads(state.replay.read_text(encoding="utf-8"))
    del told["replay"]["handed"]
    state.replay.write_text(json.dumps(told) if damage == "whole" else damage, encoding="utf-8")
    held = keeping.kept(state)
    assert held.policy is not None
    assert held.replay is None


def test_each_figure_says_whether_it_was_measured_or_only_predicted(policy, done):
    rows = _rows(keeping.Kept(policy, _AT, done, _LATER))
    assert rows["learnt", "conversations"]["value"] == 60
    assert {row["basis"] for (part, _), row in rows.items() if part == "learnt"} == {"counted"}
    assert {row["basis"] for (part, _), row in rows.items() if part == "held_out"} == {"measured"}
    for name in ("handed", "turn", "into", "solved_anyway", "spared", "sooner"):
        assert rows["replay", name]["basis"] == "predicted", name
    for name in ("f1", "gt1", "gt2", "gt3"):
        assert rows["replay", name]["basis"] == "measured", name
    assert rows["replay", "sooner"]["reason"] == "no_human_came"
    assert rows["replay", "handed"]["value"] == done.handed.value
    assert rows["replay", "handed"]["at"] == _LATER
    assert rows["held_out", "f1"]["at"] == _AT


def test_every_score_lies_in_its_interval(policy):
    for name in ("f1", "precision", "recall", "gt1", "gt2", "gt3"):
        low, high = policy.measured.intervals[name]
        assert 0 <= low <= getattr(policy.measured, name) <= high <= 1
        assert low < high


def test_a_score_without_an_interval_is_not_told(policy):
    told = json.loads(policy.to_json())
    del told["measured"]["intervals"]
    old = Policy.from_json(json.dumps(told))
    row = _rows(keeping.Kept(old, None))["held_out", "f1"]
    assert (row["value"], row["reason"]) == (None, "learn_again")


def test_reasons_add_up_and_those_of_a_few_conversations_are_gathered(policy, done):
    signs = (("wording", 40), ("like_own", 3), ("customer_repeats", 3), ("turn", 4), ("sentiment", 2))
    held = Replay(**{name: getattr(done, name) for name in done.__slots__} | {"signs": signs})
    rows = {figure: row for (part, figure), row in _rows(keeping.Kept(policy, _AT, held, _LATER)).items() if part == "reason"}  # fmt: skip
    assert list(rows) == ["said", "circles", "others"]
    assert [row["n"] for row in rows.values()] == [40, 6, 6]
    assert sum(row["value"] for row in rows.values()) == pytest.approx(1)
    assert all(row["low"] < row["value"] < row["high"] for row in rows.values())


def test_a_reason_behind_fewer_than_five_conversations_is_not_told(policy, done):
    held = Replay(**{name: getattr(done, name) for name in done.__slots__} | {"signs": (("wording", 40), ("turn", 4))})  # fmt: skip
    row = _rows(keeping.Kept(policy, _AT, held, _LATER))["reason", "others"]
    assert (row["value"], row["low"], row["high"], row["n"], row["shown"]) == (None, None, None, None, "suppressed")  # fmt: skip


def test_every_sign_has_a_family():
    assert set(FAMILIES) == set(NAMES)


def test_a_replay_of_a_few_conversations_tells_no_figure(policy):
    few = replay(policy, talks(4, seed=9))
    rows = _rows(keeping.Kept(policy, _AT, few, _LATER))
    assert rows["replay", "handed"]["value"] is None
    assert rows["replay", "handed"]["low"] is None
    assert rows["replay", "handed"]["shown"] == "suppressed"
