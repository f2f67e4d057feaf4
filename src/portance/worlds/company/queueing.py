"""Waiting for one of several agents, first come first served, many queues at once."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def waits(
    lane: Whole, arrival: Floats, service: Floats, patience: Floats, agents: Whole
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """How long each call waits, and whether its caller left before being answered.

    ``lane`` (calls,) says which queue a call joins, in ascending order; within a queue ``arrival`` ascends. Times
    are in seconds, ``agents`` (queues,) counts those who answer each queue. A caller whose wait would exceed their
    ``patience`` leaves after it and takes nobody's time. The recursion is that of Kiefer and Wolfowitz (1955): the
    instants at which the agents of a queue become free are kept sorted, and the next call of every queue is served
    at once, so that the number of steps is that of the busiest queue.
    """
    held = np.bincount(lane, minlength=agents.size)
    first = np.concatenate(([0], np.cumsum(held)[:-1]))
    place = np.arange(lane.size) - first[lane]
    busiest_first = np.argsort(-held, kind="stable")
    rank = np.empty(agents.size, dtype=np.int64)
    rank[busiest_first] = np.arange(agents.size)
    columns = rank[lane]
    shape = (int(held.max(initial=0)), agents.size)
    table = np.zeros((3, *shape))
    table[0, place, columns] = arrival
    table[1, place, columns] = service
    table[2, place, columns] = patience
    most = int(agents.max(initial=1))
    free = np.where(np.arange(most)[:, None] < agents[busiest_first][None, :], 0.0, np.inf)
    still = np.searchsorted(-held[busiest_first], -np.arange(shape[0]), side="left")
    waited = np.zeros(shape)
    left = np.zeros(shape, dtype=bool)
    for step in range(shape[0]):
        n = int(still[step])
        at, service_, patient = table[:, step, :n]
        spare = free[:, :n]
        wait = np.maximum(spare[0] - at, 0.0, out=waited[step, :n])
        gone = np.greater(wait, patient, out=left[step, :n])
        until = at + wait
        until += service_
        np.copyto(until, spare[0], where=gone)
        for server in range(1, most):
            other = spare[server]
            np.minimum(until, other, out=spare[server - 1])
            np.maximum(until, other, out=until)
        spare[most - 1] = until
    np.minimum(waited, table[2], out=waited)
    return waited[place, columns], left[place, columns]
