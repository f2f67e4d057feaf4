"""What functions steer by: indicators, the levers that move them, what is paid on them, and the conditions around."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from portance.charter.declared import Declared, Formula, Name, Text

PERIODS = ("day", "week", "month", "quarter")
UNITS = ("team", "function", "channel", "journey_type")
"""What a reading can be of without being declared; segments and attributes can be units too."""
COMPANY = "company"
Horizon = Literal["short", "long"]
Of = Literal["interactions", "journeys"]


def _per(value: tuple[str, ...]) -> tuple[str, ...]:
    """A unit and a period, or a period alone for the whole company."""
    if len(value) not in (1, 2) or value[-1] not in PERIODS or (len(value) == 2 and value[0] in PERIODS):
        raise ValueError(
            f"write [UNIT, PERIOD], such as [team, week], where PERIOD is one of {', '.join(PERIODS)}"
        )
    if value == ("team", "day"):
        raise ValueError(
            "a team is read by week at the finest: a day of a team is soon a person's; write [team, week]"
        )
    return value


Per = Annotated[tuple[Name, ...], AfterValidator(_per)]
"""``(unit, period)``; the period alone counts the whole company."""


class Counted(Declared):
    """What is counted for units and periods."""

    per: Per = ("team", "week")

    @property
    def unit_kind(self) -> str:
        """What a reading is of: team, function, channel, journey_type, a segment, an attribute, or company."""
        return self.per[0] if len(self.per) > 1 else COMPANY

    @property
    def period_kind(self) -> str:
        """day, week, month or quarter."""
        return self.per[-1]


class Worth(Declared):
    """What one unit of an indicator is worth on one unit of measure for one period: a declared value, so many times."""

    value: Name
    times: float = 1.0


class Indicator(Counted):
    """What a function is steered by: its formula or its readings, its direction, its target, its share of the bonus."""

    name: Text | None = None
    function: Name
    promise: Name | None = None
    measure: Formula | None = None
    of: Of = "interactions"
    """Whether the formula is over interactions, or over journeys at the period in which they start."""
    where: Formula | None = None
    better: Literal["lower", "higher"]
    target: float | None = None
    targets: tuple[tuple[date, float], ...] = ()
    """The targets there have been, each with its first day, the earliest first."""
    unit: str | None = None
    levers: tuple[Name, ...] = ()
    bonus: Annotated[float, Field(ge=0, le=1)] | None = None
    smallest_effect: Annotated[float, Field(gt=0)] | None = None
    """The smallest change that matters, in its own unit."""
    worth: Worth | None = None
    built_from: tuple[str, ...] = ()
    """The sums and counts behind an imported indicator: one that shares them moves with it by construction."""
    customer: bool | None = None
    horizon: Horizon = "short"

    @model_validator(mode="after")
    def _dated(self) -> Self:
        days = [day for day, _ in self.targets]
        if days != sorted(set(days)):
            raise ValueError("targets go from the earliest day to the latest, one for each day")
        return self

    @property
    def speaks_of_customers(self) -> bool:
        """Whether it tells what customers live: as declared, else whether it serves a promise."""
        return self.promise is not None if self.customer is None else self.customer

    def aimed_at(self, day: date) -> float | None:
        """The target in force on ``day``; before the first dated one there is none, without any it is ``target``."""
        if not self.targets:
            return self.target
        return next((value for since, value in reversed(self.targets) if since <= day), None)

    @property
    def aim(self) -> float | None:
        """The target now: as declared, else the latest of its history."""
        if self.target is not None or not self.targets:
            return self.target
        return self.targets[-1][1]


class Effect(Declared):
    """What one unit more of a lever is held to do to an indicator, in the indicator's unit, and who says so."""

    value: float
    range: tuple[float, float] | None = None
    source: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"value": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.range and not self.range[0] <= self.value <= self.range[1]:
            raise ValueError(f"the value {self.value} lies outside its range {list(self.range)}")
        return self


class Lever(Declared):
    """Something that a function can set: a target, a number of people, a script, a date.

    Its state in each unit comes as readings under its name, or as ``changes`` for the whole company.
    """

    name: Text | None = None
    function: Name | None = None
    range: tuple[float, float] | None = None
    unit: str | None = None
    current: float | None = None
    assigned: Literal["drawn", "planned", "reactive"] | None = None
    """How its changes were decided: by lot, by plan, in reaction to results. Unknown where absent."""
    effects: dict[Name, Effect] = {}
    changes: tuple[tuple[date, float], ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.range and self.range[0] >= self.range[1]:
            raise ValueError(f"a range goes from the lower to the higher, given {list(self.range)}")
        days = [day for day, _ in self.changes]
        if days != sorted(set(days)):
            raise ValueError("changes go from the earliest day to the latest, one for each day")
        return self


class Condition(Counted):
    """A measured condition that is nobody's indicator, such as the mix of calls: a covariate.

    Without a formula it is read from readings under its name.
    """

    name: Text | None = None
    measure: Formula | None = None
    of: Of = "interactions"
    where: Formula | None = None


class Paid(Declared):
    """How an indicator counts in a scorecard: its weight, and the shape of what is paid on it."""

    weight: Annotated[float, Field(gt=0)]
    threshold: float | None = None
    """All or nothing at this value."""
    step: Annotated[float, Field(gt=0)] | None = None
    """What separates two levels of pay, in the indicator's unit."""
    horizon: Horizon | None = None
    controllable: Annotated[float, Field(ge=0, le=1)] | None = None
    """The share of its movement that those who are paid on it can command."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"weight": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else value


class Scorecard(Declared):
    """What a bonus is paid on: its indicators and their weights, and to whom it is paid."""

    name: Text | None = None
    function: Name
    paid_to: Literal["executive", "manager", "team", "individual"] = "team"
    indicators: dict[Name, Paid]
