"""Waits with patience and with several conversations at once, against published and derived figures."""

import math

import numpy as np
import pytest

from portance.estimation.chatting import simulated_chat
from portance.estimation.queueing import erlang_a, erlang_b, erlang_c, patience_of


def test_erlang_a_gives_the_published_example():
    """48 calls a minute of a minute, 50 agents, a patience of two minutes (Mandelbaum and Zeltyn 2007, table of Erlang C and A)."""
    patient, leaving = erlang_c(48, 50, duration=60), erlang_a(48, 50, patience=120, duration=60)
    assert patient.mean_wait == pytest.approx(20.8, abs=0.05)
    assert leaving.abandoned == pytest.approx(0.031, abs=0.0005)
    assert leaving.mean_wait == pytest.approx(3.7, abs=0.05)
    assert 48 * (1 - leaving.abandoned) / 50 == pytest.approx(0.93, abs=0.005)


def test_endless_patience_is_erlang_c_and_hardly_any_is_erlang_b():
    c, a = erlang_c(9, 10, duration=3, within=1), erlang_a(9, 10, patience=1e7, duration=3, within=1)
    assert a.mean_wait == pytest.approx(c.mean_wait, rel=1e-4)
    assert a.served_within == pytest.approx(c.served_within, abs=1e-4)
    assert erlang_a(9, 10, patience=1e-6, duration=3).abandoned == pytest.approx(erlang_b(9, 10), abs=1e-4)


def test_one_agent_whose_patience_equals_the_duration_is_the_poisson_queue():
    """With equal rates of service and of leaving, the number in the system is Poisson: the exact answer is known."""
    load, agents = 3.7, 3
    states = (
        np.exp(-load)
        * load ** np.arange(80.0)
        / np.array([math.factorial(k) for k in range(80)], dtype=float)
    )
    queue = float(np.maximum(np.arange(80) - agents, 0) @ states)
    made = erlang_a(load, agents, patience=2.0, duration=2.0)
    assert made.abandoned == pytest.approx(queue / load, rel=1e-9)
    assert made.waits == pytest.approx(float(states[agents:].sum()), rel=1e-9)


def test_served_within_grows_to_all_who_stay():
    shares = [
        erlang_a(12, 10, patience=100, duration=60, within=t).served_within for t in (0, 5, 20, 60, 1e5)
    ]
    assert shares == sorted(shares)
    made = erlang_a(12, 10, patience=100, duration=60)
    assert shares[-1] == pytest.approx(1 - made.abandoned, abs=1e-9)
    assert shares[0] == pytest.approx(1 - made.waits, abs=1e-9)


def test_overload_finds_a_balance_with_patience_and_none_without():
    assert math.isinf(erlang_c(20, 10).mean_wait)
    made = erlang_a(2000, 1000, patience=1.0)
    assert made.abandoned == pytest.approx(0.5, abs=0.01)
    assert erlang_a(0, 3, patience=1.0).abandoned == 0.0
    with pytest.raises(ValueError, match="patience"):
        erlang_a(1, 1, patience=0)


def test_patience_is_measured_from_all_waits():
    draw = np.random.default_rng(0)
    stays, offered = draw.exponential(120, 20_000), draw.exponential(30, 20_000)
    waited, gone = np.minimum(stays, offered), stays < offered
    assert patience_of(float(waited.sum()), int(gone.sum())) == pytest.approx(120, rel=0.05)
    assert patience_of(10.0, 0) is None


def test_chat_without_slowing_down_is_a_queue_of_as_many_places():
    told = erlang_a(8.5, 9, patience=150, duration=60, within=20)
    made = simulated_chat(
        8.5 / 60, 3, duration=60, concurrency=3, patience=150, within=20, seed=4, arrivals=40_000
    )
    assert made.mean_wait == pytest.approx(told.mean_wait, rel=0.1)
    assert made.abandoned == pytest.approx(told.abandoned, rel=0.15)
    assert made.served_within == pytest.approx(told.served_within, abs=0.02)


def test_conversations_that_slow_each_other_down_make_longer_waits():
    free = simulated_chat(0.1, 3, duration=60, concurrency=3, attention=1 / 3, patience=300, arrivals=8000)
    slow = simulated_chat(0.1, 3, duration=60, concurrency=3, attention=0.6, patience=300, arrivals=8000)
    assert slow.mean_wait > free.mean_wait
    assert math.isinf(simulated_chat(1.0, 3, duration=60, concurrency=3).mean_wait)
    assert simulated_chat(0.1, 3, duration=60, concurrency=3, arrivals=2000) == simulated_chat(
        0.1, 3, duration=60, concurrency=3, arrivals=2000
    )
