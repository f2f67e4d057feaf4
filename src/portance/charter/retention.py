"""How a company knows that a customer has left."""

from typing import Literal, Self

from pydantic import model_validator

from portance.charter.declared import Declared, Formula, Span

_DAY_US = 86_400_000_000


class Retention(Declared):
    """When a relation ends: by an act of the customer, or by a silence that is long enough where there is no contract."""

    left: tuple[str, ...] = ()
    """The activities that end the relation."""
    reason: Formula | None = None
    """Why, at that interaction."""
    chosen: tuple[str, ...] = ()
    """The reasons that are the customer's own choice; all where absent."""
    silent_after: Span | None = None
    """Without a contract: gone when nothing has come for so long."""
    held_when: Formula | None = None
    """True while leaving is hard for the customer: a commitment that runs, nowhere else to go."""
    period: Literal["week", "month"] = "month"
    horizon: Span = 365 * _DAY_US

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.left) == (self.silent_after is not None):
            raise ValueError(
                "a departure is an activity ('left') or a silence ('silent_after'), one of the two"
            )
        return self
