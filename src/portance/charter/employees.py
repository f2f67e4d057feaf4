"""What a company declares of its employees' side: consultation, questions, tools, tasks, and what it says it will do."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portance.charter.declared import Declared, Name, Text

FEWEST_EMPLOYEES = 10
"""Results about employees rest on at least as many; a charter can only ask for more."""
Means = Literal[
    "enablement", "workload", "autonomy", "tools", "experience_delivered", "customer_priority", "recommendation", "other",
]  # fmt: skip


class EmployeeQuestion(Declared):
    """A question to employees, and what it tells of their work."""

    name: Text | None = None
    means: Means = "other"
    scale: tuple[float, float] = (1, 5)
    better: Literal["lower", "higher"] = "higher"
    agree: float | None = None
    """From this answer on (towards the better end) a person agrees."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.scale[0] >= self.scale[1]:
            raise ValueError(f"a scale goes from the lower to the higher end, given {list(self.scale)}")
        return self


class EmployeeFigure(Declared):
    """A figure that HR keeps for whole teams, read from readings under its name."""

    name: Text | None = None
    means: Literal["absence", "turnover", "training", "vacancies", "other"] = "other"
    unit: str | None = None
    better: Literal["lower", "higher"] = "lower"


class Tool(Declared):
    """A tool that was delivered to employees."""

    name: Text | None = None
    since: date
    entitled: Annotated[int, Field(ge=1)] | None = None
    """How many employees were to use it."""
    change: Name | None = None
    """The dated change that delivered it."""


class Task(Declared):
    """What employees do to serve one step of a customer's journey."""

    name: Text | None = None
    journey: Name
    activity: str
    """The customer's step: the activity that it serves."""
    function: Name | None = None


class Employees(Declared):
    """The employees' side. Nothing about them is read before the day of the consultation of their representatives."""

    consulted: date | None = None
    floor: Annotated[int, Field(ge=FEWEST_EMPLOYEES)] = FEWEST_EMPLOYEES
    questions: dict[Name, EmployeeQuestion] = {}
    figures: dict[Name, EmployeeFigure] = {}
    tools: dict[Name, Tool] = {}
    tasks: dict[Name, Task] = {}

    def unlocked(self, today: date) -> bool:
        """Whether the consultation has taken place by ``today``."""
        return self.consulted is not None and self.consulted <= today


class Ambition(Declared):
    """What a company says that it wants for its customers, and what stands behind it."""

    says: Text
    owner: Name | None = None
    budget: Annotated[float, Field(ge=0)] | None = None
    promise: Name | None = None
    """The promise by which it is measured."""
    indicator: Name | None = None
    """Or the indicator."""
    actions: tuple[Name, ...] = ()
    """The dated changes by which it began."""
    since: date | None = None
