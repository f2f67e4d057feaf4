"""How many silent customers to ask again, drawn by lot, so that their answers settle what silence hides."""

import math

ANSWERING = 0.5
"""The share of a followed-up draw that is counted on to answer: a call-back or a short message, not the same form again."""
_Z = 1.959963984540054


def size(silent: int, share_silent: float, spread: float, wanted: float) -> int | None:
    """How many to draw among ``silent`` customers for a half-width ``wanted`` of what they add to the figure.

    ``share_silent``: the share of all who are silent; ``spread``: the standard deviation of what is not told by their
    description. Null where nobody is silent or nothing is wanted.
    """
    if silent <= 0 or wanted <= 0 or not math.isfinite(spread):
        return None
    answers = (_Z * spread * share_silent / wanted) ** 2
    answers = answers / (1 + answers / silent)
    return min(math.ceil(answers / ANSWERING), silent)
