"""A type of journey, and the rules by which steps and seams of journeys count as broken."""

from typing import Any, Literal

from pydantic import model_validator

from portance.charter.declared import Declared, Duration, Formula, Name, Span, Text

BREAK_KINDS = (
    "repeat_contact", "useless_transfer", "ping_pong", "forced_channel_switch", "long_wait", "abandonment",
    "dead_end", "broken_promise", "reopened", "asked_again",
)  # fmt: skip
DAY_US = 86_400_000_000


class JourneyType(Declared):
    """A way that customers go: all interactions of a case, or of a person until a silence longer than ``gap``."""

    name: Text | None = None
    by: Literal["case", "person"]
    case: Name | None = None
    """Which case key, where sources declare several."""
    gap: Span = 7 * DAY_US
    where: Formula | None = None
    """Only interactions for which this is true belong to it."""


class BreakRule(Declared):
    """What every kind of break can be told: not to look for it, its own condition, what one costs."""

    off: bool = False
    when: Formula | None = None
    """The company's own definition: an interaction for which this is true is a break of this kind."""
    cost: Name | None = None
    """Which declared value one break of this kind costs."""

    @model_validator(mode="before")
    @classmethod
    def _off(cls, value: Any) -> Any:
        return {"off": True} if value is False or value == "off" else value


class RepeatContact(BreakRule):
    within: Span = 7 * DAY_US
    same: Literal["intent", "anything"] = "intent"
    cost: Name | None = "contact"


class UselessTransfer(BreakRule):
    cost: Name | None = "contact"


class PingPong(BreakRule):
    between: Literal["function", "team"] = "function"
    cost: Name | None = "contact"


class ForcedChannelSwitch(BreakRule):
    within: Span = 7 * DAY_US
    cost: Name | None = "contact"


class LongWait(BreakRule):
    over: Duration = 5 * 60_000_000
    """The wait at one interaction (``wait_s``) above which it is a break."""
    seam_over: Duration | None = None
    """The time between the two sides of a seam whose receiving side acts for the company; off unless given."""
    calendar: Name | None = None
    """Count ``seam_over`` in the opening hours of this calendar."""


class Abandonment(BreakRule):
    ignore_under: Duration = 5_000_000
    """Someone who hangs up at once did not wait: abandoned waits up to this length are not counted."""


class DeadEnd(BreakRule):
    within: Span = DAY_US
    """How long to wait for a next interaction before saying that a machine session led nowhere."""


class BrokenPromise(BreakRule):
    pass


class Reopened(BreakRule):
    within: Span = 30 * DAY_US
    cost: Name | None = "contact"


class AskedAgain(BreakRule):
    activities: tuple[str, ...] = ()
    """Activities in which the customer is asked to tell who they are or what happened."""
    within: Span = 7 * DAY_US


class BreakRules(Declared):
    """One rule for each kind of break; what is not said keeps its default."""

    repeat_contact: RepeatContact = RepeatContact()
    useless_transfer: UselessTransfer = UselessTransfer()
    ping_pong: PingPong = PingPong()
    forced_channel_switch: ForcedChannelSwitch = ForcedChannelSwitch()
    long_wait: LongWait = LongWait()
    abandonment: Abandonment = Abandonment()
    dead_end: DeadEnd = DeadEnd()
    broken_promise: BrokenPromise = BrokenPromise()
    reopened: Reopened = Reopened()
    asked_again: AskedAgain = AskedAgain()

    def rule(self, kind: str) -> BreakRule:
        """The rule of one kind."""
        value = getattr(self, kind)
        if not isinstance(value, BreakRule):
            raise TypeError(kind)
        return value
