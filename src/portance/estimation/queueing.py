"""How long customers wait for a given number of agents: Erlang's formulas.

Poisson arrivals, exponential durations, patient customers, one queue (Erlang 1917; the recursion in Angus 2001).
``load`` is arrivals per unit of time times mean duration, in erlangs.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a queue in balance gives: the share who wait, the mean wait (of all, in the unit of durations), and the share
    served within the time asked for. With at least as much load as agents, everybody waits for ever.
    """

    waits: float
    mean_wait: float
    served_within: float


def erlang_b(load: float, agents: int) -> float:
    """The share of arrivals that find every agent busy and are lost."""
    if load < 0 or agents < 0:
        raise ValueError(f"load and agents are not negative, given {load} and {agents}")
    if load == 0:
        return 1.0 if agents == 0 else 0.0
    blocked = 1.0
    for agent in range(1, agents + 1):
        blocked = load * blocked / (agent + load * blocked)
    return blocked


def erlang_c(load: float, agents: int, *, duration: float = 1.0, within: float = 0.0) -> Waiting:
    """The wait of arrivals who all stay, for a mean ``duration`` and the time ``within`` which they should be served."""
    if load >= agents:
        return Waiting(1.0, math.inf, 0.0)
    blocked = erlang_b(load, agents)
    waits = blocked / (1 - load / agents * (1 - blocked))
    spare = agents - load
    return Waiting(waits, waits * duration / spare, 1 - waits * math.exp(-spare * within / duration))
