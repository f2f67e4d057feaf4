"""What is known of a turn when it is said: its words beside those before it, and how the conversation stands so far.

Everything here is fed one turn at a time and keeps what it needs; nothing can look ahead.
"""

import itertools
import math
from collections import Counter, deque
from dataclasses import dataclass

from portance.orchestration.takeover.conversation import Turn, Words

SIGNS: tuple[str, ...] = (
    "service", "turn", "words", "customer_turns", "service_turns", "like_own", "like_own_last", "like_other",
    "like_other_last", "in_a_row", "words_before", "service_before", "words_last_customer", "words_last_service",
    "words_customer", "words_service", "new_words", "new_own_words", "different_words", "since_customer",
    "customer_repeats", "sentiment", "sentiment_mean", "sentiment_least",
)  # fmt: skip
"""What is counted at a turn, in the order of the numbers."""
HISTORY: tuple[str, ...] = (
    "wording",
    "wording_before",
    "wording_before_that",
    "wording_most",
    "wording_mean",
    "wording_high",
)
"""What the wording told at this turn and at those before it."""
FAMILIES: dict[str, str] = {
    "wording": "said", "wording_before": "said_before", "wording_before_that": "said_before", "wording_most": "said_before",
    "wording_mean": "said_before", "wording_high": "said_before", "like_own": "circles", "like_own_last": "circles", "like_other": "circles",
    "like_other_last": "circles", "new_words": "circles", "new_own_words": "circles", "customer_repeats": "circles", "turn": "length",
    "customer_turns": "length", "service_turns": "length", "words_customer": "length", "words_service": "length", "service": "speaker",
    "in_a_row": "speaker", "service_before": "speaker", "since_customer": "speaker", "words": "messages", "words_before": "messages",
    "words_last_customer": "messages", "words_last_service": "messages", "different_words": "messages", "sentiment": "sentiment",
    "sentiment_mean": "sentiment", "sentiment_least": "sentiment",
}  # fmt: skip
"""What each number of :data:`SIGNS` and :data:`HISTORY` is about: reasons are told to people by these."""
BLOCKS = 3
"""Words of this turn, of the one before, of the one before that: each weighted on its own."""
_NOTHING = -5.0
"""Stands for the score of a turn that is not there: lower than any that is."""
_RECENT = 3


@dataclass(frozen=True, slots=True)
class Described:
    """One turn: how often each term stands in each block, and the numbers of :data:`SIGNS`."""

    terms: tuple[Counter[str], ...]
    signs: tuple[float, ...]


MOST_COMPARED = 100
"""Turns of each side that a turn is compared with, the latest ones: a conversation may be longer than any memory."""


class _Side:
    """What one side has said so far."""

    __slots__ = ("bags", "heard", "last", "length", "turns", "words")

    def __init__(self) -> None:
        self.turns, self.words, self.length, self.last = 0, 0, 0, -1
        self.heard: set[str] = set()
        self.bags: deque[frozenset[str]] = deque(maxlen=MOST_COMPARED)

    def add(self, place: int, words: Words, bag: frozenset[str]) -> None:
        self.turns, self.words, self.length, self.last = (
            self.turns + 1,
            self.words + len(words),
            len(words),
            place,
        )
        self.heard |= bag
        self.bags.append(bag)

    def likeness(self, bag: frozenset[str]) -> tuple[float, float]:
        """How like a turn is to the one most like it, and to the last."""
        if not self.bags:
            return 0.0, 0.0
        return max(_likeness(bag, other) for other in self.bags), _likeness(bag, self.bags[-1])


class Describer:
    """Describes the turns of one conversation, one after the other."""

    __slots__ = (
        "_before",
        "_count",
        "_customer",
        "_least",
        "_sentiment",
        "_sentiments",
        "_service",
        "_total",
    )

    def __init__(self) -> None:
        self._customer, self._service = _Side(), _Side()
        self._before: deque[tuple[bool, Words]] = deque(maxlen=BLOCKS)
        self._count, self._sentiments = 0, 0
        self._sentiment, self._total, self._least = 0.0, 0.0, 0.0

    def hear(self, turn: Turn) -> Described:
        """Describe the next turn."""
        bag = frozenset(turn.words)
        if turn.sentiment is not None:
            self._least = min(self._least, turn.sentiment) if self._sentiments else turn.sentiment
            self._sentiment, self._total, self._sentiments = (
                turn.sentiment,
                self._total + turn.sentiment,
                self._sentiments + 1,
            )
        made = Described(self._terms(turn), self._signs(turn, bag))
        (self._customer if turn.customer else self._service).add(self._count, turn.words, bag)
        self._before.append((turn.customer, turn.words))
        self._count += 1
        return made

    def _terms(self, turn: Turn) -> tuple[Counter[str], ...]:
        side = _side(turn.customer)
        now = Counter(f"{side}:{word}" for word in turn.words)
        now.update(f"{side}:{a} {b}" for a, b in itertools.pairwise(turn.words))
        blocks = [now]
        for back in range(1, BLOCKS):
            if len(self._before) < back:
                blocks.append(Counter())
                continue
            customer, words = self._before[-back]
            blocks.append(Counter(f"{side}-{back}{_side(customer)}:{word}" for word in words))
        return tuple(blocks)

    def _signs(self, turn: Turn, bag: frozenset[str]) -> tuple[float, ...]:
        customer, service, count = self._customer, self._service, self._count
        own, other = (customer, service) if turn.customer else (service, customer)
        before = self._before[-1] if self._before else None
        recent = list(customer.bags)[-_RECENT:]
        repeats = max((_likeness(a, b) for a, b in itertools.combinations(recent, 2)), default=0.0)
        new = sum(1 for word in bag if word not in customer.heard and word not in service.heard)
        return (
            float(not turn.customer), float(count + 1), math.log1p(len(turn.words)), float(customer.turns), float(service.turns),
            *own.likeness(bag), *other.likeness(bag), float(count - other.last - 1 if other.turns else count),
            float(len(before[1])) if before else 0.0, float(not before[0]) if before else -1.0, float(customer.length),
            float(service.length), float(customer.words), float(service.words), new / max(len(bag), 1),
            len(bag - own.heard) / max(len(bag), 1), len(bag) / max(len(turn.words), 1),
            float(count - customer.last - 1 if customer.turns else -1), repeats, self._sentiment,
            self._total / self._sentiments if self._sentiments else 0.0, self._least,
        )  # fmt: skip


def history(scores: list[float]) -> tuple[float, ...]:
    """The numbers of :data:`HISTORY` from the wording's score of every turn so far, this one last."""
    before = scores[:-1]
    return (
        scores[-1], before[-1] if before else _NOTHING, before[-2] if len(before) > 1 else _NOTHING, max(before, default=_NOTHING),
        sum(before) / len(before) if before else _NOTHING, float(sum(1 for score in before if score > 0)),
    )  # fmt: skip


def _side(customer: bool) -> str:  # noqa: FBT001 - one flag, one letter
    return "c" if customer else "s"


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard's share of words in common."""
    either = len(a | b)
    return len(a & b) / either if either else 0.0
