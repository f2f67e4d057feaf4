"""A finding: one sentence, its figure, its interval, its evidence, its owners, and the rows behind it."""

from dataclasses import dataclass
from typing import Literal

from portance.charter.declared import Text

Kind = Literal[
    "seam", "break", "promise", "gap", "conflict", "targets", "watermelon", "orphan", "gaming", "change", "irritant", "silent", "pressure",
    "symmetry", "ambition", "dosage", "machine", "takeover", "answer", "retention", "missing", "blind", "refused",
]  # fmt: skip
Grade = Literal["A", "B", "C", "D", "E"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scan found, in both languages.

    ``key`` stays the same from scan to scan. ``people`` counts customers concerned in the extract; ``people_low``
    is what the lower end of the interval still leaves of them, by which findings are ranked. Money is in units of
    the company's currency. ``rows_filter`` is the SQL condition that selects the rows behind it in ``rows_table``.
    A finding that names a function is a draft until that function has replied.
    """

    key: str
    kind: Kind
    title: Text
    text: Text
    value: float | None
    ci_low: float | None
    ci_high: float | None
    unit: str
    n: int
    grade: Grade
    owners: tuple[str, ...]
    people: int
    people_low: float
    money: float | None = None
    money_low: float | None = None
    money_high: float | None = None
    from_function: str | None = None
    to_function: str | None = None
    promise: str | None = None
    status: Literal["draft", "replied"] = "draft"
    reply: Text | None = None
    rows_table: str = ""
    rows_filter: str = ""
    method: str = ""
