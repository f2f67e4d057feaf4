"""What every declared value shares: frozen, strict about its keys, and the small types that they are made of."""

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)  # fmt: skip

Language = Literal["fr", "en"]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=64)]
"""A declared name: a letter, then letters, digits or underscores. It becomes column text, file text, URL text."""
Formula = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
"""An SQL expression over declared names, checked by ``portance.charter.formula`` before anything runs it."""


class Declared(BaseModel):
    """Base of everything that a charter declares: frozen, and a key that it does not know is a problem."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True, allow_inf_nan=False
    )


class Text(Declared):
    """A text in French, English or both; one language stands in for the other where it is alone."""

    fr: str | None = None
    en: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"fr": value, "en": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _said(self) -> Self:
        if not self.fr and not self.en:
            raise ValueError("a text needs at least one language, fr or en")
        return self

    def in_(self, language: str) -> str:
        """The text in ``language``, or in the other where that one is missing."""
        first, second = (self.fr, self.en) if language == "fr" else (self.en, self.fr)
        return first or second or ""


_UNITS_US = {
    "s": 1_000_000, "second": 1_000_000, "min": 60_000_000, "minute": 60_000_000, "h": 3_600_000_000,
    "hour": 3_600_000_000, "d": 86_400_000_000, "day": 86_400_000_000, "week": 604_800_000_000,
}  # fmt: skip
_CENTURY_US = 36_500 * _UNITS_US["day"]
"""No window of a customer's life is longer; sums of instants and durations stay far within 64 bits."""
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)\s*([a-z]+)$")


def duration_us(value: Any) -> int:
    """Microseconds of a duration such as ``7 days``, ``5 min`` or ``36 h``; a ``ValueError`` that says how to write it."""
    match = _DURATION.match(value.strip().lower()) if isinstance(value, str) else None
    unit = match.group(2) if match else ""
    factor = _UNITS_US.get(unit) or _UNITS_US.get(unit.removesuffix("s"))
    if match is None or factor is None:
        raise ValueError(
            "a duration is a number and a unit: '30 s', '5 minutes', '36 hours', '7 days', '2 weeks'"
        )
    length = round(float(match.group(1)) * factor)
    if length > _CENTURY_US:
        raise ValueError("a duration of at most 36500 days (100 years)")
    return length


def _duration(value: Any, info: ValidationInfo) -> Any:
    written = bool(info.context and info.context.get("written"))  # a bare number in a charter says no unit
    if isinstance(value, int) and not isinstance(value, bool) and not written:
        return value
    return duration_us(value)


Duration = Annotated[
    int,
    BeforeValidator(_duration),
    Field(ge=0, json_schema_extra={"type": "string", "examples": ["5 minutes", "7 days"]}),
]
"""A length of time, written ``7 days``, held in microseconds."""


def _span(value: Any, info: ValidationInfo) -> Any:
    length = _duration(value, info)
    if length == 0:
        raise ValueError("a duration above zero, such as '20 s' or '7 days'")
    return length


Span = Annotated[
    int,
    BeforeValidator(_span),
    Field(ge=1, json_schema_extra={"type": "string", "examples": ["5 minutes", "7 days"]}),
]
"""A duration that cannot be nothing, as the window in which something is looked for."""


class Company(Declared):
    """Who declares: name, ISO 4217 currency, IANA time zone, and the language of its reports."""

    name: str
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"
    timezone: str = "UTC"
    language: Language = "fr"


class Function(Declared):
    """A part of the organisation, or a partner of it, that owns steps, promises or indicators."""

    name: Text | None = None
    kind: Literal["internal", "partner", "outsourced"] = "internal"
    replied: date | None = None
    reply: Text | None = None


class Channel(Declared):
    """A means by which customers and the company meet."""

    name: Text | None = None
    kind: Literal["human", "machine", "mixed"] = "mixed"


class Identifier(Declared):
    """A type of identifier. More persons than ``cap`` behind one value make it a link, not a merge."""

    name: Text | None = None
    cap: Annotated[int, Field(ge=1)] | None = None
    ignore: tuple[str, ...] = ()
    """Values that mean nobody, beside the well-known ones; ``*`` stands for any text."""


class Change(Declared):
    """Something dated that was changed: a release, an automation, a campaign, a staffing decision."""

    name: Text | None = None
    kind: Literal["release", "automation", "campaign", "staffing", "process", "other"] = "other"
    since: date
    until: date | None = None
    function: Name | None = None
    promise: Name | None = None
    journey: Name | None = None
    sponsor: str | None = None
    budget: float | None = None


class Money(Declared):
    """What one unit of something is worth, in the company's currency, with its range and where it comes from."""

    name: Text | None = None
    value: float
    range: tuple[float, float] | None = None
    source: str
    since: date | None = None
    approved_by: str | None = None

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.range and not self.range[0] <= self.value <= self.range[1]:
            raise ValueError(f"the value {self.value} lies outside its range {list(self.range)}")
        return self


class Segment(Declared):
    """A way to tell customers apart: a formula over the columns of interactions, read at a journey's first one that has it."""

    name: Text | None = None
    by: Formula
    most: Annotated[int, Field(ge=1, le=200)] = 20
    """How many of its values are reported, the most frequent first."""


class Sampling(Declared):
    """How the extract was sampled: the weight of a journey, so that rates speak of all customers."""

    weight: Formula
    source: str | None = None
