"""Waits with patience and with several conversations at once, against published and derived figures."""

import itertools
import math

import numpy as np
import pytest

from portance.estimation.chatting import ChatDesk, simulated_chat
from portance.estimation.queueing import erlang_a, erlang_b, erlang_c, queue


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


def test_a_queue_with_as_many_ends_as_places_is_erlangs():
    for load in (0.7, 4.2, 8.9):
        told, made = erlang_c(load, 9, duration=3, within=1), queue(load / 3, np.arange(1, 10) / 3, within=1)
        assert made.mean_wait == pytest.approx(told.mean_wait, rel=1e-9)
        assert made.served_within == pytest.approx(told.served_within, abs=1e-12)
        assert made.held == pytest.approx(told.held) == pytest.approx(load)
    assert math.isinf(queue(3.1, np.arange(1, 10) / 3).mean_wait)
    assert queue(0.0, np.arange(1, 10) / 3).mean_wait == 0.0


def test_chat_without_slowing_down_is_a_queue_of_as_many_places():
    told = erlang_a(8.5, 9, patience=150, duration=60, within=20)
    made = simulated_chat(8.5 / 60, 3, duration=60, concurrency=3, patience=150, within=20, seed=4)
    assert made.mean_wait == pytest.approx(told.mean_wait, rel=1e-9)
    assert made.abandoned == pytest.approx(told.abandoned, rel=1e-9)
    assert made.served_within == pytest.approx(told.served_within, abs=1e-9)


def solved_chat(rate, agents, *, duration, concurrency, attention):
    """The mean wait of patient customers, from the balance of every state: who holds how many, and how many wait up to 400."""
    speed = [min(held, 1 / attention) / duration for held in range(concurrency + 1)]
    full = (concurrency,) * agents
    states = [*itertools.combinations_with_replacement(range(concurrency + 1), agents), *range(1, 401)]
    place = {state: number for number, state in enumerate(states)}
    flow = np.zeros((len(states), len(states)))
    for state in states:
        if isinstance(state, int) or state == full:
            waiting = state if isinstance(state, int) else 0
            if waiting < 400:
                flow[place[state], place[waiting + 1]] += rate
            if waiting:
                flow[place[state], place[waiting - 1 or full]] += agents * speed[-1]
                continue
        else:
            flow[place[state], place[tuple(sorted((state[0] + 1, *state[1:])))]] += rate
        for number, held in enumerate(state):
            if held:
                fewer = tuple(sorted((*state[:number], held - 1, *state[number + 1 :])))
                flow[place[state], place[fewer]] += speed[held]
    balance = flow.T - np.diag(flow.sum(axis=1))
    balance[-1] = 1.0
    chance = np.linalg.solve(balance, np.eye(len(states))[-1])
    return sum(chance[place[number]] * number for number in range(1, 401)) / rate


@pytest.mark.parametrize(
    ("agents", "concurrency", "attention", "share"),
    [(3, 3, 0.5, 0.85), (4, 2, 0.7, 0.8), (2, 4, 1.0, 0.8), (5, 3, 0.4, 0.9)],
)
def test_a_chat_desk_waits_as_the_balance_of_all_its_states_has_it(agents, concurrency, attention, share):
    desk = ChatDesk.simulated(agents, concurrency=concurrency, attention=attention, duration=60, seed=3)
    rate = share * desk.most / 60
    exact = solved_chat(rate, agents, duration=60, concurrency=concurrency, attention=attention)
    assert desk.waiting(rate).mean_wait == pytest.approx(exact, rel=0.01)
    assert exact > 1.1 * erlang_c(rate * 60, agents * concurrency, duration=60).mean_wait


def test_the_simulation_adds_no_error_to_speak_of():
    def told(seed):
        desk = ChatDesk.simulated(20, concurrency=3, attention=0.5, duration=400, seed=seed)
        return desk.waiting(0.95 * desk.most / 400).mean_wait

    assert told(0) == told(0)
    waits = np.array([told(seed) for seed in range(6)])
    assert 0 < waits.std() < 0.01 * waits.mean()


def test_conversations_that_slow_each_other_down_make_longer_waits():
    free = simulated_chat(0.1, 3, duration=60, concurrency=3, attention=1 / 3, patience=300)
    slow = simulated_chat(0.1, 3, duration=60, concurrency=3, attention=0.6, patience=300)
    assert slow.mean_wait > 1.5 * free.mean_wait
    assert math.isinf(simulated_chat(1.0, 3, duration=60, concurrency=3).mean_wait)
    assert simulated_chat(0.0, 3, duration=60, concurrency=3).mean_wait == 0.0


@pytest.mark.parametrize("patience", [None, 200.0])
def test_a_duration_measured_beside_others_is_shorter_alone_and_comes_back(patience):
    desk = ChatDesk.simulated(6, concurrency=3, attention=0.6, duration=400, seed=0)
    rate = 0.015
    made = desk.measured(400, rate, patience=patience)
    assert 400 / 1.8 < made.duration < 395
    assert made.lasting(rate, patience=patience) == pytest.approx(400, rel=1e-6)
    # Hardly anyone beside: as alone. Never fewer than three beside: as slow as it gets.
    assert desk.measured(400, 1e-6, patience=patience).duration == pytest.approx(400, rel=1e-3)
    assert desk.measured(400, 10.0, patience=patience).duration == pytest.approx(400 / 1.8, rel=0.02)
