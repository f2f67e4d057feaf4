"""A conversation: what a customer and a service said in turn, without anything else of who they are."""

from dataclasses import dataclass

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn. ``words`` are words or their ids, in order.

    ``customer``: said by the customer; machine and human agents are one service, so that a policy cannot read from who answers
    that somebody already took over. ``human``: said by a human of the service. ``sentiment`` is the customer's own and null on
    every other turn: nothing is inferred about staff. ``label``: whether a human should take over here; null where nobody said.
    ``at`` is in seconds, from any origin.
    """

    customer: bool
    words: Words
    human: bool = False
    sentiment: float | None = None
    label: bool | None = None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one conversation, in order; ``solved`` says whether the customer's matter was settled in it, where known."""

    name: str
    turns: tuple[Turn, ...]
    solved: bool | None = None
