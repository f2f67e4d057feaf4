"""How long customers wait for a given number of agents: Erlang's formulas, with and without patience.

Poisson arrivals, exponential durations, one queue (Erlang 1917; the recursion in Angus 2001). Where customers give up,
after a patience that is exponential too, the queue is Palm's (1957), called Erlang A (Mandelbaum and Zeltyn 2007).
``load`` is arrivals per unit of time times mean duration, in erlangs.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a queue in balance gives: the share who wait, the mean wait (of all, in the unit of durations), the share
    served within the time asked for (of all), and the share who give up. With at least as much load as agents and
    endless patience, everybody waits for ever. ``held``: how many are being served, on average.
    """

    waits: float
    mean_wait: float
    served_within: float
    abandoned: float = 0.0
    held: float = 0.0


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
        return Waiting(1.0, math.inf, 0.0, held=float(agents))
    blocked = erlang_b(load, agents)
    waits = blocked / (1 - load / agents * (1 - blocked))
    spare = agents - load
    return Waiting(
        waits, waits * duration / spare, 1 - waits * math.exp(-spare * within / duration), held=load
    )


def erlang_a(
    load: float, agents: int, *, patience: float, duration: float = 1.0, within: float = 0.0
) -> Waiting:
    """The wait of arrivals who give up after a mean ``patience``, in the unit of ``duration`` and ``within``.

    ``mean_wait`` counts those who give up for as long as they waited. Whatever the load, the queue finds a balance.

    With ``j`` waiting before one who never gives up, the wait is a sum of exponentials whose rates grow by one over the
    patience, which is minus the patience times the logarithm of a beta variable: so no integral is needed.
    """
    if load < 0 or agents < 1 or patience <= 0 or duration <= 0:
        raise ValueError(
            f"given load {load}, agents {agents}, patience {patience}, duration {duration}: all are above nought"
        )
    if load == 0:
        return Waiting(0.0, 0.0, 1.0)
    return queue(load / duration, np.arange(1, agents + 1) / duration, patience=patience, within=within)


def queue(
    arriving: float, ends: npt.NDArray[np.float64], *, patience: float | None = None, within: float = 0.0
) -> Waiting:
    """The wait at so many arrivals per unit of time, where ``ends`` end in it while 1, 2, … are served; the last holds with a queue too.

    ``ends`` may be means over how those served are spread: the numbers of a queue in balance depend on nothing else.
    """
    most = float(ends[-1])
    if arriving <= 0:
        return Waiting(0.0, 0.0, 1.0)
    if patience is None and arriving >= most:
        return Waiting(1.0, math.inf, 0.0, held=float(len(ends)))
    logs = np.concatenate([[0.0], np.cumsum(np.log(arriving / ends))])
    serving = np.arange(len(ends) + 1)
    if patience is None:
        states = np.exp(logs - logs.max())
        states[-1] /= 1 - arriving / most
        states /= states.sum()
        waits, spare = float(states[-1]), most - arriving
        return Waiting(
            waits, waits / spare, 1 - waits * math.exp(-spare * within), held=float(states @ serving)
        )
    leaving = 1 / patience
    # Beyond the mean queue by so many deviations of a Poisson count, states weigh nothing; nor, below full load, beyond
    # so many waiting that even endless patience would not bring them about.
    longest = 50 + max(arriving - most, 0.0) * patience + 12 * math.sqrt(arriving * patience + 1)
    if arriving < most:
        longest = min(longest, 50 + 40 / -math.log(arriving / most))
    waiting = np.arange(1, int(longest) + 1)
    logs = np.concatenate([logs, logs[-1] + np.cumsum(np.log(arriving / (most + waiting * leaving)))])
    states = np.exp(logs - logs.max())
    states /= states.sum()
    found_busy = states[len(ends) :]
    number = np.arange(len(found_busy))
    mean_queue = float(found_busy @ number)
    ratio = most / leaving
    kept = ratio / (ratio + number + 1)
    in_time = 1 - special.betainc(ratio + 1, number + 1, math.exp(-within * leaving)) if within > 0 else 0.0
    return Waiting(
        waits=float(found_busy.sum()), mean_wait=mean_queue / arriving,
        served_within=float(states[: len(ends)].sum() + found_busy @ (kept * in_time)),
        abandoned=leaving * mean_queue / arriving,
        held=float(states @ np.minimum(np.arange(len(states)), len(ends))),
    )  # fmt: skip
