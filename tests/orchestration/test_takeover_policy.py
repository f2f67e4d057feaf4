"""A policy of take-over: learnt, followed online, explained, written and read back, replayed."""

import json
import random
import re
import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from labelled_talks import talks

from portance.errors import ExtractError, PortanceError
from portance.orchestration.takeover import growing, learning, reading, wording
from portance.orchestration.takeover.conversation import Turn
from portance.orchestration.takeover.policy import NAMES, Policy
from portance.orchestration.takeover.replaying import replay

pytestmark = pytest.mark.usefixtures("fewer_trees")


@pytest.fixture(scope="module")
def policy(fewer_trees):
    return learning.learn(talks(90), seed=3)


def _advice(policy, turns):
    follower = policy.follow()
    return [follower.hear(turn) for turn in turns]


_WORD = st.sampled_from(
    ["order", "parcel", "human", "please", "cannot", "help", "menu", "late", "unheard", "?"]
)
_TURN = st.builds(
    Turn, customer=st.booleans(), words=st.lists(_WORD, max_size=6).map(tuple), human=st.booleans(),
    sentiment=st.none() | st.floats(-1, 1), label=st.none() | st.booleans(), at=st.none(),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_TURN, min_size=1, max_size=10), st.lists(_TURN, max_size=6), st.integers(1, 10))
def test_nothing_said_later_changes_what_was_advised(policy, turns, future, cut):
    whole = _advice(policy, turns + future)
    assert _advice(policy, turns[:cut]) == whole[: min(cut, len(turns))]


def test_labels_and_who_answers_are_never_read(policy):
    turns = [Turn(customer=place % 2 == 0, words=("order", "human", "please")) for place in range(6)]
    other = [Turn(one.customer, one.words, human=not one.customer, label=True, at=5.0) for one in turns]
    assert _advice(policy, turns) == _advice(policy, other)


def test_a_policy_finds_what_people_labelled_on_talks_it_never_saw(policy):
    told = replay(policy, talks(120, seed=99))
    assert told.f1.value > 0.75
    assert told.gt1.value < told.gt2.value < told.gt3.value
    assert told.seen == 0


def test_what_is_measured_while_learning_is_what_new_talks_give(policy):
    told = replay(policy, talks(150, seed=123))
    assert policy.measured.f1 == pytest.approx(told.f1.value, abs=0.08)


def test_labels_drawn_by_lot_are_not_learnt():
    table = talks(60, seed=5)
    chance = random.Random(1)
    drawn = pa.array([int(chance.random() < 0.2) for _ in range(table.num_rows)])
    table = table.set_column(table.column_names.index("label"), "label", drawn)
    assert learning.learn(table).measured.f1 < 0.45


def test_the_same_seed_gives_the_same_policy(policy):
    one, again = (learning.learn(talks(55), seed=3).to_json() for _ in range(2))
    assert one == again != policy.to_json()


def test_json_brings_the_same_policy_back(policy):
    text = policy.to_json()
    again = Policy.from_json(text)
    assert again.to_json() == text
    turns = [
        Turn(customer=True, words=("human", "please")),
        Turn(customer=False, words=("cannot", "help")),
    ] * 3
    assert _advice(again, turns) == _advice(policy, turns)
    assert set(json.loads(text)) >= {"portance_takeover_policy", "cut", "trees", "wording", "measured"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "not json",
        lambda _: "[]",
        lambda text: text.replace('"portance_takeover_policy": 1', '"portance_takeover_policy": 99'),
        lambda text: json.dumps({key: value for key, value in json.loads(text).items() if key != "trees"}),
        lambda text: json.dumps(json.loads(text) | {"trees": json.loads(text)["trees"] | {"left": [[999]]}}),
        lambda text: json.dumps(json.loads(text) | {"cut": "low"}),
    ],
)
def test_a_damaged_policy_is_told_and_not_run(policy, damage):
    with pytest.raises(ExtractError, match="Learn it again") as error:
        Policy.from_json(damage(policy.to_json()), file=Path("mine.json"))
    assert str(error.value).startswith("mine.json")


def test_reasons_are_what_pushed_and_add_up(policy):
    turns = [Turn(customer=True, words=("order",)), Turn(customer=False, words=("cannot", "help"))] * 2
    turns.append(Turn(customer=True, words=("refund", "human", "please")))
    last = _advice(policy, turns)[-1]
    assert last.take_over
    assert last.reasons
    pushes = [reason.push for reason in last.reasons]
    assert pushes == sorted(pushes, reverse=True)
    assert min(pushes) > 0
    words = " ".join(word for reason in last.reasons for word in reason.words)
    assert "human" in words or "please" in words


def test_trees_written_as_arrays_score_as_scikit_learn_and_explain_every_score():
    from sklearn.ensemble import GradientBoostingClassifier

    generator = np.random.default_rng(0)
    rows = generator.normal(size=(400, 5))
    labels = rows[:, 0] + rows[:, 1] * rows[:, 2] + generator.normal(size=400) > 0.5
    trees = growing.grow(rows, labels, seed=7)
    model = GradientBoostingClassifier(
        n_estimators=growing.TREES,
        max_depth=4,
        learning_rate=0.05,
        subsample=0.6,
        max_features=0.4,
        min_samples_leaf=20,
        random_state=7,
    ).fit(rows, labels)
    assert trees.scores(rows) == pytest.approx(model.decision_function(rows), abs=1e-9)
    for row in rows[:20]:
        start, pushed = trees.pushes(row)
        assert start + pushed.sum() == pytest.approx(trees.scores(row[None, :])[0], abs=1e-9)


def test_a_word_said_in_few_conversations_is_not_in_the_policy():
    table = talks(60).to_pylist()
    for row in table:
        if row["conversation"] in {f"t{number}" for number in range(wording.LEAST_CONVERSATIONS - 1)}:
            row["text"] += " dupont"
    text = learning.learn(pa.Table.from_pylist(table)).to_json()
    assert "dupont" not in text
    assert "human" in text


def test_numbers_and_addresses_are_never_read_from_texts():
    table = pa.Table.from_pylist(
        [
            {
                "conversation": "a",
                "turn": 1,
                "role": "customer",
                "text": "Mail jean.dupont@mail.fr or 0612345678, AB12CD, see https://x.io/jean, signed Marie Durand",
            }
        ]
    )
    (turn,) = reading.read(table)[0].turns
    told = " ".join(turn.words)
    assert not re.search(r"\d|dupont|jean|ab12cd|marie|durand", told)
    assert "mail" in told


def test_sentiment_of_staff_is_never_read():
    table = pa.Table.from_pylist(
        [
            {"conversation": "a", "turn": 1, "role": "customer", "words": [1, 2], "sentiment": -0.5},
            {"conversation": "a", "turn": 2, "role": "human", "words": [3], "sentiment": -0.9},
        ]
    )
    customer, agent = reading.read(table)[0].turns
    assert (customer.sentiment, agent.sentiment) == (-0.5, None)
    assert customer.words == ("1", "2")


def _rows(**changed):
    row = {"conversation": "a", "turn": 1, "role": "customer", "text": "hello", "label": 1}
    return pa.Table.from_pylist([row | {"turn": 0}, row | changed])


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (_rows(role="boss"), "row 2, column role: 'boss'"),
        (_rows(turn=1.5), "row 2, column turn: 1.5"),
        (_rows(turn=None), "row 2, column turn: nothing"),
        (_rows(turn=0), "row 2, column turn: 0"),
        (_rows(label=2), "row 2, column label: 2"),
        (_rows(label=None), "row 2, column label: nothing"),
        (_rows(conversation=" "), "row 2, column conversation: ' '"),
        (_rows().drop_columns(["text"]), "also words"),
        (_rows().drop_columns(["label"]), "also label"),
        (_rows().slice(0, 0), "no row"),
        (_rows().append_column("Turn", pa.array([1, 2])), "each name once"),
        (_rows(text=None).append_column("words", pa.array(["1", "2"])).drop_columns(["role"]), "also role"),
        (_rows(), "1 conversations, 1 of them"),
    ],
)
def test_what_cannot_be_learnt_from_is_told_with_its_row(table, told):
    with pytest.raises(PortanceError) as error:
        learning.learn(table, file=Path("talks.parquet"))
    assert told in str(error.value)
    assert str(error.value).startswith("talks.parquet: ")
    assert "expected" in str(error.value)


def test_rows_may_come_in_any_order():
    table = talks(60, seed=8)
    shuffled = table.take(random.Random(2).sample(range(table.num_rows), table.num_rows))
    read, again = (sorted(reading.read(one), key=lambda one: one.name) for one in (table, shuffled))
    assert read == again


def test_a_replay_says_when_it_is_flattered(policy):
    told = replay(policy, talks(90))
    assert told.seen == told.conversations == 90


def test_a_replay_tells_what_would_have_been_done_and_says_what_it_cannot_know(policy):
    told = replay(policy, talks(80, seed=44))
    assert 0 < told.handed.value < 1
    assert told.turn.value > 1
    assert 0 < told.into.value <= 1
    assert told.solved_anyway is None
    assert told.load is None
    assert told.reasons == {
        "solved_anyway": "no_outcome", "spared": "nobody_needed_a_human", "sooner": "no_human_came", "load": "no_instants",
    }  # fmt: skip
    assert told.signs
    assert {name for name, _ in told.signs} <= set(NAMES)


def test_a_replay_counts_the_solved_anyway_the_spared_and_the_load(policy):
    start = datetime(2025, 3, 10, 9, tzinfo=UTC)
    table = talks(
        120, seed=45, solved=lambda number, *_: number % 3 != 0,
        at=lambda number, turn, _: start + timedelta(minutes=10 * number + turn),
    )  # fmt: skip
    told = replay(policy, table)
    assert told.solved_anyway.value == pytest.approx(2 / 3, abs=0.2)
    assert told.spared.n == 40
    assert told.load.hours == pytest.approx(20, abs=1)
    assert told.load.busiest <= 6
    assert told.load.per_hour * told.load.hours == pytest.approx(told.handed.value * told.conversations)


def test_a_replay_without_labels_says_so(policy):
    told = replay(policy, talks(30, seed=47).drop_columns(["label"]))
    assert (told.f1, told.gt1, told.gt3) == (None, None, None)
    assert {told.reasons[name] for name in ("f1", "gt1", "gt2", "gt3")} == {"no_labels"}


def test_a_replay_is_by_how_many_turns_sooner(policy):
    rows = talks(200, seed=46).to_pylist()
    for row in rows:
        if row["turn"] >= 8 and row["role"] == "machine":
            row["role"] = "human"
    told = replay(policy, pa.Table.from_pylist(rows))
    assert told.sooner.value > 0
    assert told.spared.value > 0.5


def test_the_gate_runs_end_to_end_on_a_few_dialogues(tmp_path, monkeypatch, capsys):
    rows = []
    for domain, seed in (("clothing", 61), ("makeup", 62)):
        for split in ("eval", "test"):
            rows += [
                {
                    "domain": domain, "split": split, "dialogue": f"{domain}_{split}_{row['conversation']}", "turn": row["turn"],
                    "role": int(row["role"] != "customer"), "handoff_label": row["label"], "sentiment": 0.0,
                    "word_ids": " ".join(str(sum(map(ord, word))) for word in row["text"].split()),
                }
                for row in talks(70 if split == "test" else 30, seed=seed + (split == "test")).to_pylist()
            ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "utterances.parquet")
    gate = Path(__file__).parents[2] / "bench/gates/takeover.py"
    monkeypatch.setattr(
        "sys.argv", [str(gate), str(tmp_path / "utterances.parquet"), "--judge", "--dialogues", "60"]
    )
    runpy.run_path(str(gate), run_name="__main__")
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("clothing", "makeup"))]
    assert [line.split()[1] for line in told] == ["60", "60"]
    assert all(line.endswith("pass") for line in told)
