"""The wait where one agent holds several written conversations at once and they slow each other down, by simulation from a seed.

An agent who holds ``k`` conversations, each of which needs a share ``attention`` of a person, lets each advance at the speed
``min(1, 1 / (k · attention))``. How many end in a time then depends on who holds how many, for which there is no formula:
that alone is simulated. All else follows from it exactly (``queueing.queue``), so that the simulation's own error all but vanishes.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from portance.estimation.queueing import Waiting, queue

Floats = npt.NDArray[np.float64]

STEPS = 40_000
"""Arrivals and ends that are simulated at each load: over seeds, mean waits then differ by half a percent at most."""
_WARM = 0.1
_SHARES = np.array([0.3, 0.5, 0.7, 0.8, 0.9, 1.0, 1.15, 1.4])
"""The loads that are simulated, as shares of what all agents together can do; between them, rates are on a line."""


@dataclass(frozen=True, slots=True)
class ChatDesk:
    """A desk whose agents hold several conversations: ``duration`` is the mean one of a conversation alone with its agent.

    ``rates``: for each load of ``_SHARES`` and each number held from one on, how many end in the time of one duration.
    """

    agents: int
    concurrency: int
    attention: float
    duration: float
    rates: Floats

    @classmethod
    def simulated(
        cls,
        agents: int,
        *,
        concurrency: int,
        attention: float,
        duration: float,
        seed: int,
        steps: int = STEPS,
    ) -> Self:
        """The desk, with the same random numbers at every load."""
        ending = speeds(concurrency, attention)
        most = agents * float(ending.max())
        made = [_ends(share * most, agents, ending, seed=seed, steps=steps) for share in _SHARES]
        return cls(agents, concurrency, attention, duration, np.array(made))

    @property
    def most(self) -> float:
        """The load, in erlangs of conversations alone with their agent, that keeps all agents busy with all that they may hold."""
        return self.agents * float(speeds(self.concurrency, self.attention).max())

    def ends(self, rate: float) -> Floats:
        """How many conversations end in a unit of time while so many are held, from one on, at ``rate`` arrivals."""
        share = rate * self.duration / self.most
        above = int(np.clip(np.searchsorted(_SHARES, share), 1, len(_SHARES) - 1))
        weight = float(
            np.clip((share - _SHARES[above - 1]) / (_SHARES[above] - _SHARES[above - 1]), 0.0, 1.0)
        )
        return np.asarray(((1 - weight) * self.rates[above - 1] + weight * self.rates[above]) / self.duration)

    def waiting(self, rate: float, *, patience: float | None = None, within: float = 0.0) -> Waiting:
        """The wait at ``rate`` arrivals per unit of time."""
        return queue(rate, self.ends(rate), patience=patience, within=within)

    def lasting(self, rate: float, *, patience: float | None = None) -> float:
        """How long a conversation lasts on average at ``rate`` arrivals, with the others beside it."""
        made = self.waiting(rate, patience=patience)
        ends = self.ends(rate)
        if np.isinf(made.mean_wait):
            return len(ends) / float(ends[-1])
        return made.held / (rate * (1 - made.abandoned))

    def measured(self, duration: float, rate: float, *, patience: float | None = None) -> Self:
        """The same desk, where ``duration`` was measured at ``rate`` arrivals with the others beside: it is shorter alone."""
        slowest = self.concurrency * self.agents / self.most
        if rate <= 0 or slowest <= 1:
            return replace(self, duration=duration)

        def longer(alone: float) -> float:
            return replace(self, duration=alone).lasting(rate, patience=patience) - duration

        alone = duration / slowest
        if longer(alone) < 0:
            alone = float(brentq(longer, alone, duration * (1 + 1e-9), rtol=1e-9))
        return replace(self, duration=alone)


def simulated_chat(
    rate: float, agents: int, *, duration: float, concurrency: int, patience: float | None = None,
    attention: float | None = None, within: float = 0.0, seed: int = 0, steps: int = STEPS,
) -> Waiting:  # fmt: skip
    """What a chat desk gives: ``rate`` arrivals per unit of time, a mean ``duration`` when alone with an agent.

    ``attention`` defaults to one over ``concurrency``: an agent holds so many conversations without slowing them down.
    A new conversation goes to an agent who holds fewest, a waiting one to the agent who ends one, in order of arrival.
    """
    if rate <= 0:
        return Waiting(0.0, 0.0, 1.0)
    ending = speeds(concurrency, 1 / concurrency if attention is None else attention)
    told = _ends(rate * duration, agents, ending, seed=seed, steps=steps) / duration
    return queue(rate, told, patience=patience, within=within)


def speeds(concurrency: int, attention: float) -> Floats:
    """How many of its conversations an agent ends in the time of one duration, who holds 0, 1, … ``concurrency``."""
    return np.asarray(np.minimum(np.arange(concurrency + 1.0), 1 / attention))


def levelled(agents: int, ending: Floats) -> Floats:
    """The rates of ends by the number held, from one on, were conversations always spread evenly over agents."""
    held = np.arange(1, agents * (len(ending) - 1) + 1)
    each, more = held // agents, held % agents
    above = np.minimum(each + 1, len(ending) - 1)
    return np.asarray((agents - more) * ending[each] + more * ending[above])


def _ends(load: float, agents: int, by_held: Floats, *, seed: int, steps: int) -> Floats:
    """The mean rate of ends by the number held, from one on, in the time of one duration, at ``load`` arrivals in that time.

    While all places are taken nothing is to be simulated: the rate is known, and the first end brings one and the same state.
    So nobody waits here, and neither patience nor overload matter. A number that hardly ever comes is taken as spread evenly.
    """
    concurrency, places = len(by_held) - 1, agents * (len(by_held) - 1)
    rates = levelled(agents, by_held)
    ending = by_held.tolist()
    holding = [agents] + [0] * concurrency
    """Agents by the number of conversations that each holds."""
    held, least, now = 0, 0, 0.0
    time, ended = [0.0] * (places + 1), [0.0] * (places + 1)
    warm = int(steps * _WARM)
    for step, chance in enumerate(np.random.default_rng(seed).random(steps).tolist()):
        coming = load if held < places else 0.0
        total = coming + now
        if step >= warm:
            # The mean stay in this state, rather than a drawn one: less is left to chance.
            time[held] += 1 / total
            ended[held] += now / total
        left = chance * total - coming
        if left < 0 or not held:
            holding[least] -= 1
            holding[least + 1] += 1
            now += ending[least + 1] - ending[least]
            held += 1
            while least < concurrency and not holding[least]:
                least += 1
            continue
        level = 1
        while level < concurrency and left >= holding[level] * ending[level]:
            left -= holding[level] * ending[level]
            level += 1
        while not holding[level]:  # rounding alone leads past the last
            level -= 1
        holding[level] -= 1
        holding[level - 1] += 1
        now += ending[level - 1] - ending[level]
        held -= 1
        least = min(least, level - 1)
    seen = np.array(time[1:-1]) > 0
    rates[:-1][seen] = np.array(ended[1:-1])[seen] / np.array(time[1:-1])[seen]
    return rates
