"""What happened between a company and its customers in a world, before any system wrote it down."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 86_400


@dataclass(slots=True)
class Person:
    """One customer, and every identifier that any system has of them."""

    number: int
    accounts: list[str]
    email: str
    phone: str
    region: str
    kind: str
    orders: list[str] = field(default_factory=list)
    shares_phone: bool = False
    """Others have the same number, so that it does not tell who calls."""


@dataclass(slots=True)
class Lived:
    """One interaction as it happened. ``at`` is in seconds since 1970 (UTC); ``wait_s`` and ``duration_s`` in seconds.

    ``planted`` are the breaks that the simulation meant. What stands below ``details`` is known once its system has
    written it down: under which id, in which row, and whether that tells who the customer was.
    """

    at: int
    source: str
    person: Person | None
    activity: str
    function: str | None
    channel: str | None = None
    actor: str | None = None
    initiated_by: str | None = None
    outcome: str | None = None
    intent: str | None = None
    team: str | None = None
    order: str | None = None
    """The order that it is about, as far as its system knows."""
    wait_s: float | None = None
    duration_s: float | None = None
    due: date | None = None
    asked_again: bool | None = None
    agent: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)
    call: int = 0
    """Conversations of one call have the same number."""
    id: str = ""
    row: int = 0
    entry: int = 0
    shows: dict[str, str] = field(default_factory=dict)
    """The identifiers that were written down: type to value."""
    known: bool = False
    """Whether one of them tells who."""
    refused: str | None = None
    """Why no intake can accept what was written."""

    @property
    def t_us(self) -> int:
        """The instant in microseconds since 1970 (UTC)."""
        return self.at * 1_000_000


@dataclass(frozen=True, slots=True)
class Zone:
    """Local days and hours of a company, as instants."""

    name: str

    def at(self, day: date, seconds: float) -> int:
        """The instant of a local wall clock, in seconds since 1970; the earlier one where it comes twice."""
        local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.name)) + timedelta(
            seconds=int(seconds)
        )
        return int(local.astimezone(UTC).timestamp())

    def local(self, at: int) -> datetime:
        """The local wall clock of an instant."""
        return datetime.fromtimestamp(at, ZoneInfo(self.name))

    def end_of(self, day: date) -> int:
        """The last second of a local day."""
        return self.at(day + timedelta(days=1), 0) - 1
