"""A source: the files of one silo, and what their rows mean."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from portance.charter.declared import Declared, Formula, Name, Text

Outcome = Literal["resolved", "unresolved", "transferred", "abandoned"]
WORK_KINDS = ("tool", "rekey", "wait", "limit", "workaround")
OUTCOMES: tuple[Outcome, ...] = ("resolved", "unresolved", "transferred", "abandoned")
Format = Literal["csv", "jsonl", "parquet", "xlsx", "xes", "ocel"]


class Naming(Declared):
    """Where a name comes from: written here (``is``), read from a column, or computed by a formula.

    In the charter a plain word is the name itself; ``{column: …}`` reads it from the data, ``map`` translates
    what is found, ``otherwise`` stands for what the map does not hold (without it the found value is kept).
    """

    is_: str | None = Field(default=None, alias="is")
    column: str | None = None
    formula: Formula | None = None
    map: dict[str, str | None] = {}
    otherwise: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"is": str(value)} if isinstance(value, (str, int)) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.is_, self.column, self.formula)) != 1:
            raise ValueError(
                "give a name, or {column: …} to read it from the data, or {formula: …} to compute it"
            )
        return self


class Entry(Declared):
    """What one row tells of one interaction. Names are names; everything else is a column or a formula over columns.

    Keys that Portance does not know become attributes, usable in formulas.
    """

    model_config = Declared.model_config | {"extra": "allow"}

    activity: Naming
    at: Formula
    id: Formula | None = None
    when: Formula | None = None
    """Rows for which this is not true do not hold this interaction."""
    function: Naming | None = None
    channel: Naming | None = None
    actor: Naming | None = None
    initiated_by: Naming | None = None
    outcome: Naming | None = None
    intent: Formula | None = None
    team: Formula | None = None
    agent: Formula | None = None
    due_at: Formula | None = None
    duration_s: Formula | None = None
    wait_s: Formula | None = None
    cost: Formula | None = None
    rating: dict[Literal["csat", "nps", "ces"], Formula] | None = None
    verbatim: Formula | None = None
    language: Formula | None = None
    asked_again: Formula | None = None
    dates: str | tuple[str, ...] | None = None
    timezone: str | None = None
    """The zone of this entry's local times, where it is not the source's."""

    @property
    def attributes(self) -> dict[str, str]:
        """The keys that Portance does not know: attribute name to column or formula."""
        return {key: str(value) for key, value in (self.__pydantic_extra__ or {}).items()}


class Lookup(Declared):
    """Another file that tells more of a row: joined on columns, at most one row of it for each."""

    read: str | tuple[str, ...]
    on: dict[str, str]
    """Column here to column there."""
    take: dict[str, str]
    """Name here to column there."""
    format: Format | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, dict):
            value = dict(value)
            if isinstance(value.get("on"), str):
                value["on"] = {value["on"]: value["on"]}
            if isinstance(value.get("take"), list):
                value["take"] = {str(name): str(name) for name in value["take"]}
        return value


class Readings(Declared):
    """Rows that are readings of an indicator: long (a column names the indicator) or one indicator by name."""

    indicator: Naming
    unit: Formula | None = None
    period: Formula
    value: Formula


class Responses(Declared):
    """Rows that are answers to questions."""

    respondent: Formula
    question: Naming
    value: Formula
    at: Formula | None = None
    promise: Naming | None = None
    facet: Naming | None = None
    weight: Formula | None = None


class Responsibility(Declared):
    """Rows that say which function a respondent holds responsible, by choice or by share."""

    respondent: Formula | None = None
    from_function: Naming
    to_function: Naming
    subject: Naming | None = None
    share: Formula | None = None


class Work(Declared):
    """Rows that are moments of employees' work: a tool touched, a re-keying, a wait, a limit, a workaround.

    Read only once the consultation of their representatives is dated, and told only of groups.
    """

    employee: Formula
    """A pseudonym; it is hashed once more before anything is kept."""
    at: Formula
    kind: Naming
    team: Formula | None = None
    function: Naming | None = None
    task: Naming | None = None
    tool: Formula | None = None
    for_function: Naming | None = None
    """Whom one waits for."""
    duration_s: Formula | None = None
    times: Formula | None = None


class EmployeeAnswers(Declared):
    """Rows that are employees' answers to questions; read and told as their work is."""

    employee: Formula
    question: Naming
    value: Formula
    team: Formula | None = None
    function: Naming | None = None
    at: Formula | None = None


class Source(Declared):
    """The files of one silo and what a row of them means."""

    name: Text | None = None
    read: str | tuple[str, ...]
    format: Format | None = None
    sheet: str | int | None = None
    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=4)] | None = None
    decimal: Literal[".", ","] | None = None
    nulls: tuple[str, ...] = ()
    dates: str | tuple[str, ...] | None = None
    """Formats of local times, such as ``%d/%m/%Y %H:%M``; guessed from the rows where absent."""
    timezone: str | None = None
    due_is: Literal["auto", "day", "instant"] = "auto"
    """Whether a due date runs to the end of its local day; ``auto``: it does when it falls on midnight."""
    where: Formula | None = None
    lookups: dict[Name, Lookup] = {}
    case: dict[Name, Formula] | None = None
    identifiers: dict[Name, Formula] = {}
    attributes: dict[Name, Formula] = {}
    interactions: tuple[Entry, ...] = ()
    readings: Readings | None = None
    responses: Responses | None = None
    responsibility: Responsibility | None = None
    work: Work | None = None
    employee_answers: EmployeeAnswers | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, dict):
            value = dict(value)
            if isinstance(value.get("case"), str):
                value["case"] = {value["case"]: value["case"]}
            if isinstance(value.get("attributes"), list):
                value["attributes"] = {str(name): str(name) for name in value["attributes"]}
        return value

    @model_validator(mode="after")
    def _kind(self) -> Self:
        kinds = [
            bool(self.interactions),
            bool(self.readings),
            bool(self.responses),
            bool(self.responsibility),
            bool(self.work),
            bool(self.employee_answers),
        ]
        if sum(kinds) != 1 and self.format != "ocel":
            raise ValueError(
                "a source holds one of: interactions, readings, responses, responsibility, work, employee_answers"
            )
        return self

    @property
    def of_employees(self) -> bool:
        """Whether its rows are about employees."""
        return self.work is not None or self.employee_answers is not None

    @property
    def paths(self) -> tuple[str, ...]:
        """The patterns of its files, as written."""
        return (self.read,) if isinstance(self.read, str) else self.read
