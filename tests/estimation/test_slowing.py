"""The share of a person that a conversation takes, found again in logs where it was planted."""

import numpy as np
import pytest
from chat_logs import WORK, chats

from portance.estimation.slowing import attention_of


def found(begin, end, **told):
    days = np.arange(len(begin)) // 50
    return attention_of(begin, end, **({"agents": 4, "concurrency": 3, "blocks": days, "seed": 0} | told))


def planted(work, desks, **told):
    return [found(*chats(seed, attention=0.5, work=WORK[work], count=1500, **told)) for seed in range(desks)]


@pytest.mark.parametrize(
    ("work", "off"),
    [("exponential", 0.03), ("nearly_equal", 0.015), ("hardly_vary", 0.01), ("few_long", 0.03)],
)
def test_what_was_planted_is_found_whatever_the_form_of_durations(work, off):
    made = planted(work, 40)
    assert np.mean([one.value for one in made]) == pytest.approx(0.5, abs=off)
    assert sum(one.low <= 0.5 <= one.high for one in made) >= 36
    assert all(1 / 3 <= one.low < one.value < one.high <= 1 and one.n == 1500 for one in made)


def test_a_desk_where_conversations_go_elsewhere_is_told_to_slow_less_than_it_does():
    any_, most = (
        np.mean([one.value for one in planted("hardly_vary", 5, goes_to=goes)]) for goes in ("any", "most")
    )
    assert 1 / 3 < most < any_ < 0.48


def test_the_lot_that_plays_agents_hardly_counts():
    begin, end = chats(3, attention=0.5, work=WORK["nearly_equal"])
    made = [found(begin, end, seed=seed).value for seed in range(10)]
    assert 0 < np.std(made) < 0.01


def test_conversations_that_leave_each_other_alone_are_not_said_to_slow_down():
    for seed in range(5):
        made = found(*chats(seed, attention=1 / 3, work=WORK["exponential"]))
        assert made.low == pytest.approx(1 / 3)
        assert made.value < 0.4


def test_a_log_that_cannot_tell_says_nothing():
    begin, end = chats(1, attention=0.5, work=WORK["exponential"], count=400)
    assert found(begin[:150], end[:150]) is None
    assert found(begin, end, concurrency=1) is None
    assert found(begin, end, blocks=np.arange(400) // 200) is None
    assert found(begin, end, agents=1) is None, (
        "more are held than there are places: the desk is not as it is told"
    )
    apart = np.arange(400) * 1000.0
    assert found(apart, apart + 10) is None, "one at a time: nothing varies"
