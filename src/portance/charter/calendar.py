"""Opening hours and holidays."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from portance.charter.declared import Declared, Text

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Opening = Annotated[str, StringConstraints(pattern=r"^\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}$")]
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
SLOT_MINUTES = 15
"""Opening hours start and end on quarters of an hour: the grain on which business time is counted."""


class Calendar(Declared):
    """When the company is open: hours by weekday, and the days on which it is closed."""

    name: Text | None = None
    hours: dict[Day, tuple[Opening, ...]]
    holidays: tuple[date, ...] = ()
    timezone: str | None = None

    @model_validator(mode="after")
    def _quarters(self) -> Self:
        for day in self.hours:
            previous = 0
            for start, end in self.opened(day):
                if start % SLOT_MINUTES or end % SLOT_MINUTES:
                    raise ValueError(
                        f"{day}: opening hours start and end on a quarter of an hour, such as 08:30 - 18:00"
                    )
                if not previous <= start < end <= 1440:
                    raise ValueError(
                        f"{day}: opening hours follow one another, each from an earlier to a later time"
                    )
                previous = end
        return self

    def opened(self, day: Day) -> tuple[tuple[int, int], ...]:
        """The opening hours of a weekday, as minutes since midnight."""
        spans = []
        for text in self.hours.get(day, ()):
            (h1, m1), (h2, m2) = _CLOCK.findall(text)
            spans.append((int(h1) * 60 + int(m1), int(h2) * 60 + int(m2)))
        return tuple(spans)
