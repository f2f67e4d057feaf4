"""The wait where one agent holds several written conversations at once, by simulation from a seed.

No closed formula holds once conversations slow each other down: an agent who holds ``k`` of them, each of which needs a
share ``attention`` of a person, lets each advance at the speed ``min(1, 1 / (k · attention))``.
"""

import heapq
from collections import deque

import numpy as np

from portance.estimation.queueing import Waiting

ARRIVALS = 40_000
_WARM = 0.1


def simulated_chat(
    rate: float,
    agents: int,
    *,
    duration: float,
    concurrency: int,
    patience: float | None = None,
    attention: float | None = None,
    within: float = 0.0,
    seed: int = 0,
    arrivals: int = ARRIVALS,
) -> Waiting:
    """What a chat desk gives: ``rate`` arrivals per unit of time, a mean ``duration`` when alone with an agent.

    ``attention`` defaults to one over ``concurrency``: an agent holds so many conversations without slowing them down. A new
    conversation goes to the agent who holds fewest, a waiting one to the agent who ends one, in order of arrival.
    The first tenth of arrivals warms up and is not counted.
    """
    if rate <= 0:
        return Waiting(0.0, 0.0, 1.0)
    need = 1 / concurrency if attention is None else attention
    draw = np.random.default_rng(seed)
    comes = np.cumsum(draw.exponential(1 / rate, arrivals)).tolist()
    work = draw.exponential(duration, arrivals).tolist()
    patient = (draw.exponential(patience, arrivals) if patience else np.full(arrivals, np.inf)).tolist()
    if patience is None and rate * duration >= agents * min(concurrency, 1 / need):
        return Waiting(1.0, float("inf"), 0.0)
    speeds = [1.0] + [min(1.0, 1 / (held * need)) for held in range(1, concurrency + 1)]
    # Work that an agent has done for each of the conversations held, since the start: a conversation ends when that
    # reaches what it was at its start plus its own work, so changes of speed move nobody in the order of ends.
    done, since, version = [0.0] * agents, [0.0] * agents, [0] * agents
    ends: list[list[tuple[float, int]]] = [[] for _ in range(agents)]
    least: list[tuple[int, int]] = [(0, agent) for agent in range(agents)]
    heapq.heapify(least)
    events: list[tuple[float, int, int]] = []
    queue: deque[int] = deque()
    waits = [0.0] * arrivals
    gone = [False] * arrivals

    def advance(agent: int, at: float) -> None:
        done[agent] += (at - since[agent]) * speeds[len(ends[agent])]
        since[agent] = at

    def plan(agent: int) -> None:
        version[agent] += 1
        held = len(ends[agent])
        if held:
            at = since[agent] + max(ends[agent][0][0] - done[agent], 0.0) / speeds[held]
            heapq.heappush(events, (at, agent, version[agent]))
        if held < concurrency:
            heapq.heappush(least, (held, agent))

    def take(agent: int, who: int, at: float) -> None:
        waits[who] = at - comes[who]
        heapq.heappush(ends[agent], (done[agent] + work[who], who))

    def free() -> int | None:
        while least:
            held, agent = least[0]
            heapq.heappop(least)
            if held == len(ends[agent]) and held < concurrency:
                return agent
        return None

    def release(until: float) -> None:
        while events and events[0][0] <= until:
            at, agent, planned = heapq.heappop(events)
            if planned != version[agent]:
                continue
            advance(agent, at)
            heapq.heappop(ends[agent])
            while queue:
                who = queue.popleft()
                if comes[who] + patient[who] < at:
                    waits[who], gone[who] = patient[who], True
                    continue
                take(agent, who, at)
                break
            plan(agent)

    for who, at in enumerate(comes):
        release(at)
        agent = free()
        if agent is None:
            queue.append(who)
            continue
        advance(agent, at)
        take(agent, who, at)
        plan(agent)
    release(float("inf"))
    counted = slice(int(arrivals * _WARM), None)
    waited, left = np.array(waits[counted]), np.array(gone[counted])
    return Waiting(
        float((waited > 0).mean()),
        float(waited.mean()),
        float(((waited <= within) & ~left).mean()),
        float(left.mean()),
    )
