"""Conversations of a desk whose agents hold several at once, from a seed: an agent's slow each other down as planted."""

import math

import numpy as np

WORK = {
    "exponential": lambda draw, n: draw.exponential(400, n),
    "nearly_equal": lambda draw, n: draw.gamma(4, 100, n),
    "hardly_vary": lambda draw, n: draw.gamma(25, 16, n),
    "few_long": lambda draw, n: draw.lognormal(np.log(400) - 0.32, 0.8, n),
}
"""Forms of what a conversation needs alone, of mean 400 s."""
GOES_TO = {
    "fewest": lambda held, free: [agent for agent in free if held[agent] == min(held)],
    "any": lambda _, free: free,
    "most": lambda held, free: [agent for agent in free if held[agent] == max(held[one] for one in free)],
}
"""To whom a new conversation goes, by lot where there are several: one of those who have a place free."""


def chats(seed, *, attention, work, agents=4, concurrency=3, count=2500, load=0.75, goes_to="fewest"):
    """Begins and ends of conversations: an agent's go on at ``min(1, 1 / (held · attention))``."""
    draw = np.random.default_rng(seed)
    rate = load * agents * min(concurrency, 1 / attention) / 400
    comes, left = np.cumsum(draw.exponential(1 / rate, count)).tolist(), work(draw, count).tolist()
    lots = draw.random(count).tolist()
    begin, end = [math.inf] * count, [math.inf] * count
    speed = [0.0] + [min(1.0, 1 / (held * attention)) for held in range(1, concurrency + 1)]
    on, waiting, now, came = [[] for _ in range(agents)], [], 0.0, 0
    while came < count or any(on):
        first, over, whose = math.inf, None, None
        for held in on:
            if held:
                next_ = min(held, key=left.__getitem__)
                ready = now + left[next_] / speed[len(held)]
                if ready < first:
                    first, over, whose = ready, next_, held
        at = min(first, comes[came] if came < count else math.inf)
        for held in on:
            for one in held:
                left[one] -= (at - now) * speed[len(held)]
        now = at
        if at < first:
            waiting.append(came)
            came += 1
        else:
            end[over] = now
            whose.remove(over)
        while waiting and (free := [agent for agent in range(agents) if len(on[agent]) < concurrency]):
            who = waiting.pop(0)
            able = GOES_TO[goes_to]([len(held) for held in on], free)
            begin[who] = now
            on[able[int(lots[who] * len(able))]].append(who)
    return np.array(begin), np.array(end)
