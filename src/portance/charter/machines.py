"""What serves customers without a person, and the desks where persons serve them."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from portance.charter.declared import Declared, Duration, Formula, Name, Span, Text

_MINUTE_US = 60_000_000
_DAY_US = 86_400_000_000


class Machine(Declared):
    """A machine that customers meet: an assistant, a menu, a self-service; its sessions are interactions of actor ``machine``."""

    name: Text | None = None
    function: Name
    channel: Name | None = None
    activities: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    promise: Name | None = None
    """The promise that it is meant to serve."""
    human: bool | None = None
    """Whether a way to a person is offered in it."""
    cost: Annotated[float, Field(ge=0)] | None = None
    """What one session costs, in the company's currency."""


class Desk(Declared):
    """A place where persons answer: how many, how long, within what time they mean to."""

    name: Text | None = None
    function: Name
    channel: Name
    agents: Annotated[float, Field(gt=0)]
    """People who answer at the same time, on average over opening hours."""
    handling: Span | None = None
    """How long one contact takes; measured where absent."""
    patience: Span | None = None
    """How long customers wait before they give up, on average; estimated where absent."""
    concurrency: Annotated[int, Field(ge=1)] = 1
    """Conversations that one person holds at once."""
    attention: Annotated[float, Field(gt=0, le=1)] | None = None
    """The share of a person that one conversation takes while it lasts; measured where absent and the log shows it."""
    calendar: Name | None = None
    within: Span | None = None
    """The standard: how soon an answer comes …"""
    share: Annotated[float, Field(gt=0, le=1)] = 0.8
    """… and for which share of contacts."""
    announced: Duration | None = None
    """The time that customers are told."""
    expected: str | None = None
    """The question of a source of responses that asks customers what they expect, in seconds."""
    source: str | None = None

    @model_validator(mode="after")
    def _several(self) -> Self:
        if self.attention is not None and self.concurrency == 1:
            raise ValueError(
                "'attention' is for a desk where one person holds several conversations: give 'concurrency' above 1, or leave it out"
            )
        return self

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.within is not None and not self.source:
            raise ValueError(
                "a standard says where it comes from: add 'source' (no answer time is a norm by itself)"
            )
        return self


class Dosage(Declared):
    """How human and machine are compared."""

    resolved_within: Span = 7 * _DAY_US
    """Settled when the customer doesn't come back for the same reason within this time."""
    covariates: dict[Name, Formula] = {}
    """What is known of an interaction before anyone handles it, beside what Portance reads by itself."""


class Takeover(Declared):
    """What counts as a take-over that came, and came in time."""

    asked_human: Formula | None = None
    """True on an interaction in which the customer asked for a person."""
    within: Span = _DAY_US
    wait: Duration = 5 * _MINUTE_US
