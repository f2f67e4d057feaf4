"""People and machines as one value: six sections, and what to declare to get those that are missing."""

from dataclasses import dataclass

from portance.charter import Charter
from portance.views.naming import Naming
from portance.views.people import dosage, mirror, retention, silent, takeover, voices
from portance.views.reading import Tables
from portance.views.run import RunFacts
from portance.views.speech import Speech

SECTIONS = ("voices", "silent", "mirror", "dosage", "takeover", "retention")
"""The anchors, in the order in which an executive reads them."""


@dataclass(frozen=True, slots=True)
class People:
    """Every section; ``told`` are the anchors with something to read, ``missing`` those that wait for a declaration."""

    voices: voices.Voices
    silent: silent.Silent
    mirror: mirror.Sides
    dosage: dosage.HumanMachine
    takeover: takeover.TakeOver
    retention: retention.Staying

    @property
    def told(self) -> tuple[str, ...]:
        """The sections that have something to read."""
        return tuple(name for name in SECTIONS if getattr(self, name).state != "empty")

    @property
    def missing(self) -> tuple[str, ...]:
        """The sections for which nothing is declared."""
        return tuple(name for name in SECTIONS if getattr(self, name).state == "empty")


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> People:
    """The sections from the tables of a run; a table that is absent reads as empty."""
    return People(
        voices=voices.build(charter, tables, run, naming, speech),
        silent=silent.build(charter, tables, run, naming, speech),
        mirror=mirror.build(charter, tables, run, naming, speech),
        dosage=dosage.build(charter, tables, run, naming, speech),
        takeover=takeover.build(charter, tables, run, naming, speech),
        retention=retention.build(charter, tables, run, naming, speech),
    )
