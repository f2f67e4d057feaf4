"""The charter: everything that a company declares, in one frozen value."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from portance.charter.calendar import Calendar
from portance.charter.declared import (
    Change,
    Channel,
    Company,
    Declared,
    Function,
    Identifier,
    Money,
    Name,
    Sampling,
    Segment,
    Text,
)  # fmt: skip
from portance.charter.employees import Ambition, Employees
from portance.charter.indicator import Condition, Indicator, Lever, Scorecard
from portance.charter.journey_type import BreakRules, JourneyType
from portance.charter.machines import Desk, Dosage, Machine, Takeover
from portance.charter.promise import Promise
from portance.charter.retention import Retention
from portance.charter.source import Source
from portance.charter.surveys import Belief, Pressure, Survey
from portance.charter.voices import Voices


def _day(value: Any) -> Any:
    """A written day stays a day: it means its end, where an instant means itself."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


class Charter(Declared):
    """What a company declares of itself: functions, sources, journeys, promises, indicators, values.

    Read it with :func:`portance.charter.read`, which reports every problem at once with its line.
    """

    portance: Literal[1]
    company: Company
    as_of: Annotated[datetime | date | None, BeforeValidator(_day)] = None
    """The instant up to which the extracts tell; the latest accepted instant where absent."""
    functions: dict[Name, Function]
    channels: dict[Name, Channel] = {}
    identifiers: dict[Name, Identifier] = {}
    calendars: dict[Name, Calendar] = {}
    sources: dict[Name, Source]
    journeys: dict[Name, JourneyType]
    breaks: BreakRules = BreakRules()
    promises: dict[Name, Promise] = {}
    segments: dict[Name, Segment] = {}
    sampling: Sampling | None = None
    indicators: dict[Name, Indicator] = {}
    levers: dict[Name, Lever] = {}
    context: dict[Name, Condition] = {}
    scorecards: dict[Name, Scorecard] = {}
    changes: dict[Name, Change] = {}
    values: dict[Name, Money] = {}
    voices: Voices = Voices()
    surveys: dict[Name, Survey] = {}
    pressure: Pressure = Pressure()
    employees: Employees | None = None
    ambitions: dict[Name, Ambition] = {}
    beliefs: dict[Name, Belief] = {}
    machines: dict[Name, Machine] = {}
    desks: dict[Name, Desk] = {}
    dosage: Dosage = Dosage()
    takeover: Takeover = Takeover()
    retention: Retention | None = None

    path: Path = Field(default=Path("charter.yaml"), exclude=True, json_schema_extra={"readOnly": True})
    """Where it was read; relative paths in it start from its folder."""
    digest: str = Field(default="", exclude=True)
    """SHA-256 of the file's bytes."""

    @property
    def folder(self) -> Path:
        """The folder from which the charter's relative paths start."""
        return self.path.parent

    @property
    def asking(self) -> tuple[str, ...]:
        """The activities by which the company asks or sells something of a customer: of ``pressure``, and of surveys."""
        asked = (survey.asked for survey in self.surveys.values() if survey.asked)
        return tuple(dict.fromkeys((*self.pressure.activities, *asked)))

    def label(self, name: str | None, language: str) -> str:
        """What a person reads for a declared function or channel; a name found only in the data stands for itself."""
        if name is None:
            return "—"
        declared = self.functions.get(name) or self.channels.get(name)
        return _text(declared.name if declared else None, name, language)

    def journey_label(self, name: str, language: str) -> str:
        """What a person reads for a type of journey."""
        declared = self.journeys.get(name)
        return _text(declared.name if declared else None, name, language)


def _text(text: Text | None, name: str, language: str) -> str:
    return text.in_(language) if text else name.replace("_", " ")
