"""How much of a person one conversation takes, from how long conversations last while more or fewer are held.

What a conversation needs does not depend on how many are held when it begins. So the ``attention`` is the one for which the
work done in each, slowed as ``chatting`` slows it, goes neither up nor down with that number: no form of durations is assumed.
Who held it is not asked: agents are played anew over the log, as ``chatting`` gives them conversations.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.estimation.chatting import speeds

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FEWEST = 200
"""Fewer conversations tell nothing."""
_FEWEST_BLOCKS = 20
_GRID = 30
_BEYOND = 0.1


@dataclass(frozen=True, slots=True)
class Attention:
    """The share of a person that a conversation takes, with its 95 % interval, from ``n`` conversations.

    From one over the conversations that one person may hold (none slows another down) to one.
    """

    value: float
    low: float
    high: float
    n: int


def attention_of(
    begin: Floats, end: Floats, *, agents: int, concurrency: int, blocks: Integers, seed: int
) -> Attention | None:
    """The attention of conversations from ``begin`` to ``end``; those of one of the ``blocks`` (days) vary together.

    ``agents`` are those who answer at the same time; a new conversation goes to one who holds fewest, by lot (``seed``) where
    several do. The interval is the range that the data do
    not refute: all of it where they tell nothing. None where there are fewer than 200 conversations or 20 blocks, where a
    person holds one, where it never varies how many are held, or where more are held than there are places for more than a
    tenth of the time, or work falls with how many are held: the desk is then not as it is told.
    """
    known = end > begin
    begin, end = begin[known], end[known]
    kinds, block = np.unique(blocks[known], return_inverse=True)
    if concurrency < 2 or len(begin) < FEWEST or len(kinds) < _FEWEST_BLOCKS:
        return None
    times = np.concatenate([begin, end])
    starts = np.arange(len(times)) < len(begin)
    # One that ends at an instant leaves its place to one that begins then.
    order = np.lexsort((starts, times))
    held = np.cumsum(np.where(starts[order], 1, -1))
    spans = np.diff(times[order], append=times[order][-1])
    if float(spans[held > agents * concurrency].sum()) > _BEYOND * float(spans[held > 0].sum()):
        return None
    found = np.empty(len(begin))
    found[order[starts[order]]] = held[starts[order]]
    away = found - found.mean()
    if not away.any():
        return None
    spent = _spent(times[order], order, agents=agents, concurrency=concurrency, seed=seed)
    tried = np.linspace(1 / concurrency, 1.0, _GRID)
    scores = np.empty(_GRID)
    for number, attention in enumerate(tried.tolist()):
        work = spent @ (speeds(concurrency, attention)[1:] / np.arange(1, concurrency + 1))
        parts = np.bincount(block, away * (work - work.mean()))
        scores[number] = parts.sum() / max(math.sqrt(float(parts @ parts)), 1e-12)
    # The work counted falls as attention grows, most where many are held: so the score goes down through nought.
    falling = np.minimum.accumulate(scores)
    most = float(special.stdtrit(len(kinds) - 1, 0.975))
    if falling[0] < -most:
        return None
    low, value, high = (float(np.interp(at, -falling, tried)) for at in (-most, 0.0, most))
    return Attention(value, low, high, len(begin))


def _spent(times: Floats, order: Integers, *, agents: int, concurrency: int, seed: int) -> Floats:
    """How long each conversation went on while its agent held one, two, … ``concurrency``: one row each, in units of ``times``.

    ``order`` numbers what happens at each of the ``times``: of n conversations, 0 to n - 1 begin and n to 2 n - 1 end. Were all
    taken to hold the mean number, attention came out too high: a new conversation goes where fewest are held.
    """
    count = len(order) // 2
    lots = np.random.default_rng(seed).random(len(order)).tolist()
    holds, since = [0] * agents, [0.0] * agents
    clocks = [[0.0] * concurrency for _ in range(agents)]
    """For each agent, how long so many were held until ``since``; of more than there are places, each goes on more slowly."""
    by = [0] * count
    spent = np.zeros((count, concurrency))
    for time, number, lot in zip(times.tolist(), order.tolist(), lots, strict=True):
        begins = number < count
        if begins:
            fewest = min(holds)
            free = [agent for agent, held in enumerate(holds) if held == fewest]
            by[number] = free[int(lot * len(free))]
        conversation = number if begins else number - count
        agent = by[conversation]
        held, clock = holds[agent], clocks[agent]
        if held:
            clock[min(held, concurrency) - 1] += (time - since[agent]) * min(1.0, concurrency / held)
        since[agent] = time
        holds[agent] += 1 if begins else -1
        spent[conversation] += clock if not begins else [-one for one in clock]
    return spent
