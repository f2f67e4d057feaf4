"""A promise: what customers were led to expect, measurable on each of their journeys."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from portance.charter.declared import Declared, Formula, Name, Text

Facet = Literal["intended", "offered", "expected", "lived"]
FACETS: tuple[Facet, ...] = ("expected", "intended", "offered", "lived")
"""In the order of the waterfall: from what customers expect to what they live."""
Functional = Annotated[str, StringConstraints(pattern=r"^(mean|median|share|p([1-9]|[1-9][0-9]))$")]
Unit = Literal["seconds", "minutes", "hours", "days", "calendar_days", "business_hours", "business_days"]


class Clock(Declared):
    """The time on each journey from the first interaction of one activity to the first of another after it."""

    from_: str = Field(alias="from")
    to: str
    unit: Unit = "days"
    calendar: Name | None = None


class Level(Declared):
    """A declared value of a facet: a limit, who set it and when; or where it is read from.

    ``due`` reads the date announced to each customer, at the interaction of that activity; ``responses`` reads
    the answers to a question.
    """

    at_most: float | None = None
    at_least: float | None = None
    due: str | None = None
    responses: str | None = None
    by: str | None = None
    source: str | None = None
    since: date | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [self.at_most is not None, self.at_least is not None, bool(self.due), bool(self.responses)]
        if sum(given) != 1:
            raise ValueError("a facet is given one of: at_most, at_least, due, responses")
        return self

    @property
    def limit(self) -> float | None:
        """The declared number, where there is one."""
        return self.at_most if self.at_most is not None else self.at_least


class Anchors(Declared):
    """What customers find unacceptable, adequate and desirable, in the promise's unit: the 0, 50 and 100 of points."""

    unacceptable: float
    adequate: float
    desired: float
    by: str | None = None
    since: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        up = self.unacceptable < self.adequate < self.desired
        if not up and not self.unacceptable > self.adequate > self.desired:
            raise ValueError(
                "anchors go one way: unacceptable, adequate, desired, each strictly better than the one before"
            )
        return self


class Promise(Declared):
    """What customers of a journey were led to expect, as its owners intend it, offer it, and as it is lived."""

    says: Text
    journey: Name
    owners: tuple[Name, ...] = ()
    clock: Clock | None = None
    measure: Formula | None = None
    """Instead of a clock: one value per journey, such as ``last(made_sla)`` or ``count(distinct team)``."""
    better: Literal["lower", "higher"] = "lower"
    functional: Functional = "p90"
    unit: str | None = None
    """The unit of ``measure``, for the reader."""
    intended: Level | None = None
    offered: Level | None = None
    expected: Level | None = None
    anchors: Anchors | None = None
    void_when: Formula | None = None
    """Journeys for which this is true at any interaction release the company from the promise."""
    segments: tuple[Name, ...] = ()
    weight: Annotated[float, Field(gt=0)] | None = None
    """How much it counts for customers beside the other promises."""

    @model_validator(mode="before")
    @classmethod
    def _measured(cls, value: Any) -> Any:
        if isinstance(value, dict) and "measure" in value and "functional" not in value:
            return value | {"functional": "share"}
        return value

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.clock is None) == (self.measure is None):
            raise ValueError("a promise is measured by a clock or by a measure, one of the two")
        if self.clock and self.functional == "share":
            raise ValueError(
                "a clock is read at mean, median or a percentile such as p90; its kept rate is always told beside it"
            )
        if self.functional == "share" and "better" not in self.model_fields_set:
            object.__setattr__(self, "better", "higher")
        wrong = "at_least" if self.better == "lower" else "at_most"
        for facet in ("intended", "offered", "expected"):
            level = getattr(self, facet)
            if level and getattr(level, wrong) is not None:
                raise ValueError(f"{facet} says {wrong}, but {self.better} is better for this promise")
            if level and level.due and not self.clock:
                raise ValueError(f"{facet} reads a due date, which needs a clock")
        return self

    def level(self, facet: str) -> Level | None:
        """What is declared of a facet; ``lived`` is never declared."""
        value = getattr(self, facet, None)
        return value if isinstance(value, Level) else None
