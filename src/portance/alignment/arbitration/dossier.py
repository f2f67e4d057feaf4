"""A decision as it stands: its question, options, replies, what was locked and what was found afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from portance.alignment.arbitration.forecasting import Forecast, Note
from portance.alignment.arbitration.question import Option, Veto
from portance.alignment.arbitration.weighing import Weighed, Weighing

Status = Literal["open", "signed", "withdrawn", "superseded"]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a function answered, or that it was asked and did not (``asked``). ``late``: after the signature."""

    function: str
    kind: Literal["reply", "dissent", "asked"]
    text: str
    at: datetime
    entry: int
    late: bool


@dataclass(frozen=True, slots=True)
class OptionTold:
    """One option with its forecasts, what was assumed, and what it does to targets and conflicts.

    ``unmeetable``: the smallest set of targets that cannot be met together under it, empty where all can, None where
    no lever is measured on any. ``leaves``: conflicts (from, to) that no longer bind, as one of their indicators is dropped.
    ``entry`` is its number in the journal: who answered later had seen it.
    """

    option: Option
    forecasts: tuple[Forecast, ...]
    notes: tuple[Note, ...]
    unmeasured: tuple[str, ...]
    unmeetable: tuple[str, ...] | None
    leaves: tuple[tuple[str, str], ...]
    weighed: Weighed | None
    entry: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything of one decision.

    ``conflict`` is the row of ``conflicts`` that it was opened from, None for a free question. ``waiting`` are functions
    concerned by some option that have not answered it, nor been asked. ``locked`` is the signed content, whose SHA-256 is
    ``hash``; ``review`` the last verdict.
    """

    decision: str
    question: str
    status: Status
    opened_at: datetime
    conflict: Mapping[str, Any] | None
    vetoes: tuple[Veto, ...]
    run_id: str
    options: tuple[OptionTold, ...]
    weighing: Weighing | None
    answers: tuple[Answered, ...]
    waiting: tuple[str, ...]
    signed_at: datetime | None
    locked: Mapping[str, Any] | None
    hash: str | None
    review: Mapping[str, Any] | None
    supersedes: str | None
    superseded_by: str | None

    def option(self, number: int) -> OptionTold | None:
        """The option of that number."""
        return next((told for told in self.options if told.option.number == number), None)
