"""The present instant, which tests can set."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def fixed(at: datetime) -> Clock:
    """A clock that always tells ``at``: for tests and for runs that must give the same bytes twice."""
    if at.tzinfo is None:
        raise ValueError(f"a clock needs an instant with its zone, given {at!r}")
    return lambda: at.astimezone(UTC)
