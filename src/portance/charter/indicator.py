"""What functions steer by: indicators, the levers that move them, and the conditions that are nobody's indicator."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from portance.charter.declared import Declared, Formula, Name, Text

Grain = Literal["team", "function", "channel", "day", "week", "month", "quarter"]


class Indicator(Declared):
    """What a function is steered by: its formula or its readings, its direction, its target, its share of the bonus."""

    name: Text | None = None
    function: Name
    promise: Name | None = None
    measure: Formula | None = None
    where: Formula | None = None
    per: tuple[Grain, ...] = ("team", "week")
    better: Literal["lower", "higher"]
    target: float | None = None
    unit: str | None = None
    levers: tuple[Name, ...] = ()
    bonus: Annotated[float, Field(ge=0, le=1)] | None = None


class Lever(Declared):
    """Something that a function can set: a target, a number of people, a script, a date."""

    name: Text | None = None
    function: Name | None = None
    range: tuple[float, float] | None = None
    unit: str | None = None
    effects: dict[Name, float] = {}
    changes: tuple[tuple[date, float], ...] = ()


class Condition(Declared):
    """A measured condition that is nobody's indicator, such as the mix of calls: a covariate."""

    name: Text | None = None
    measure: Formula
    where: Formula | None = None
    per: tuple[Grain, ...] = ("team", "week")
