"""The whole of alignment as one value: six sections, and what to declare to get those that are missing."""

from dataclasses import dataclass

from portance.charter import Charter
from portance.views.alignment import conflicts, decisions, functions, incentives, responsibility, watermelons
from portance.views.naming import Naming
from portance.views.reading import Tables
from portance.views.run import RunFacts
from portance.views.speech import Speech

SECTIONS = ("conflicts", "watermelons", "responsibility", "functions", "decisions", "incentives")
"""The anchors, in the order in which an executive reads them."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Every section; ``told`` are the anchors with something to read, ``missing`` those that wait for a declaration."""

    conflicts: conflicts.Conflicts
    watermelons: watermelons.Watermelons
    responsibility: responsibility.Responsibility
    functions: functions.Functions
    decisions: decisions.Decisions
    incentives: incentives.Incentives

    @property
    def told(self) -> tuple[str, ...]:
        """The sections that have something to read."""
        return tuple(name for name in SECTIONS if getattr(self, name).state != "empty")

    @property
    def missing(self) -> tuple[str, ...]:
        """The sections whose tables were not built."""
        return tuple(name for name in SECTIONS if getattr(self, name).state == "empty")


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Alignment:
    """The sections from the tables of a run; a table that is absent reads as empty."""
    return Alignment(
        conflicts=conflicts.build(charter, tables, run, naming, speech),
        watermelons=watermelons.build(charter, tables, run, naming, speech),
        responsibility=responsibility.build(tables, run, naming, speech),
        functions=functions.build(charter, tables, run, naming, speech),
        decisions=decisions.build(charter, tables, run, naming, speech),
        incentives=incentives.build(charter, tables, run, naming, speech),
    )
