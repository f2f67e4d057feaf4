"""Questions that a company asks its customers, and how often it may address them."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portance.charter.declared import Declared, Name, Span, Text

_DAY_US = 86_400_000_000
SCALES = {"csat": (1.0, 5.0), "nps": (0.0, 10.0), "ces": (1.0, 7.0)}


class Survey(Declared):
    """A question: who asks it, who is asked, where its answers are, and how precisely it must be known."""

    name: Text | None = None
    function: Name | None = None
    journey: Name | None = None
    rating: Literal["csat", "nps", "ces"] | None = None
    question: str | None = None
    """Instead of a rating: a question of a source of responses."""
    activity: str | None = None
    """The activity whose ratings answer it; any where absent."""
    asked: str | None = None
    """The activity by which a customer is asked; everyone with a journey where absent."""
    scale: tuple[float, float] | None = None
    better: Literal["lower", "higher"] = "higher"
    satisfied: float | None = None
    """The figure is then the share of answers at this value or better, instead of their mean."""
    target: float | None = None
    precision: Annotated[float, Field(gt=0)] | None = None
    """The half-width of the interval that the question needs to be of use."""
    within: Span = 30 * _DAY_US
    """An answer later than this after the asking belongs to none."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.rating is None) == (self.question is None):
            raise ValueError("a survey reads a rating or a question, one of the two")
        if self.scale and self.scale[0] >= self.scale[1]:
            raise ValueError(f"a scale goes from the lower to the higher end, given {list(self.scale)}")
        return self

    @property
    def ends(self) -> tuple[float, float] | None:
        """The ends of its scale: as declared, else those of its rating."""
        return self.scale or (SCALES[self.rating] if self.rating else None)


class Pressure(Declared):
    """How often a customer may be asked or sold something: more contacts than ``most`` in any ``within`` are too many."""

    most: Annotated[int, Field(ge=1)] = 4
    within: Span = 30 * _DAY_US
    activities: tuple[str, ...] = ()
    """Which activities ask or sell, beside those by which surveys ask; no other contact is pressure."""


class Belief(Declared):
    """What those who lead hold to be true of customers, entered before they see the figures."""

    promise: Name | None = None
    survey: Name | None = None
    by: str
    value: float
    """The share of journeys on which the promise is kept, or the survey's figure in its own unit."""
    on: date
    """The day on which it was entered."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.promise is None) == (self.survey is None):
            raise ValueError("a belief is about a promise or about a survey, one of the two")
        return self
