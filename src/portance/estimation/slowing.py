"""How much of a person one conversation takes, from how long conversations last while more or fewer are held.

What a conversation needs does not depend on how many are held when it begins. So the ``attention`` is the one for which the
work done in each, slowed as ``chatting`` slows it, goes neither up nor down with that number: no form of durations is assumed.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.estimation.chatting import levelled, speeds

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
    begin: Floats, end: Floats, *, agents: int, concurrency: int, blocks: Integers
) -> Attention | None:
    """The attention of conversations from ``begin`` to ``end``; those of one of the ``blocks`` (days) vary together.

    ``agents`` are those who answer at the same time, taken to hold equally many. The interval is the range that the data do
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
    place = np.empty(len(times), dtype=np.int64)
    place[order] = np.arange(len(times))
    first, last = place[: len(begin)], place[len(begin) :]
    away = held[first] - held[first].mean()
    if not away.any():
        return None
    tried = np.linspace(1 / concurrency, 1.0, _GRID)
    scores = np.empty(_GRID)
    for number, attention in enumerate(tried.tolist()):
        work = _work(levelled(agents, speeds(concurrency, attention)), held, spans, first, last)
        parts = np.bincount(block, away * (work - work.mean()))
        scores[number] = parts.sum() / max(math.sqrt(float(parts @ parts)), 1e-12)
    # The work counted falls as attention grows, most where many are held: so the score goes down through nought.
    falling = np.minimum.accumulate(scores)
    most = float(special.stdtrit(len(kinds) - 1, 0.975))
    if falling[0] < -most:
        return None
    low, value, high = (float(np.interp(at, -falling, tried)) for at in (-most, 0.0, most))
    return Attention(value, low, high, len(begin))


def _work(rates: Floats, held: Integers, spans: Floats, first: Integers, last: Integers) -> Floats:
    """The work done in each conversation, where all that are held advance as ``rates`` of ends by number say."""
    speed = rates[np.clip(held, 1, len(rates)) - 1] / np.maximum(held, 1)
    done = np.concatenate([[0.0], np.cumsum(speed * spans)])
    return np.asarray(done[last] - done[first])
