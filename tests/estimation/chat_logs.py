"""Conversations of a desk whose agents hold several at once, from a seed: an agent's slow each other down as planted."""

import numpy as np

WORK = {
    "exponential": lambda draw, n: draw.exponential(400, n),
    "nearly_equal": lambda draw, n: draw.gamma(4, 100, n),
    "few_long": lambda draw, n: draw.lognormal(np.log(400) - 0.32, 0.8, n),
}
"""Forms of what a conversation needs alone, of mean 400 s."""


def chats(seed, *, attention, work, agents=4, concurrency=3, count=2500, load=0.75):
    """Begins and ends of conversations: a new one goes to whom holds fewest; an agent's go on at ``min(1, 1 / (held · attention))``."""
    draw = np.random.default_rng(seed)
    rate = load * agents * min(concurrency, 1 / attention) / 400
    comes, left = np.cumsum(draw.exponential(1 / rate, count)), work(draw, count)
    begin, end, holder = np.full(count, np.inf), np.full(count, np.inf), np.full(count, -1)
    waiting, now, came = [], 0.0, 0
    while came < count or (holder >= 0).any():
        held = np.bincount(holder[holder >= 0], minlength=agents)
        open_ = np.flatnonzero(holder >= 0)
        speed = np.minimum(1, 1 / (held[holder[open_]] * attention))
        ready = now + left[open_] / speed
        first = ready.min(initial=np.inf)
        at = min(first, comes[came] if came < count else np.inf)
        left[open_] -= (at - now) * speed
        now = at
        if at < first:
            waiting.append(came)
            came += 1
        else:
            over = open_[ready.argmin()]
            end[over], held[holder[over]], holder[over] = now, held[holder[over]] - 1, -1
        while waiting and held.min() < concurrency:
            who, agent = waiting.pop(0), held.argmin()
            begin[who], holder[who] = now, agent
            held[agent] += 1
    return begin, end
