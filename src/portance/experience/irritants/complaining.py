"""Which interactions are complaints: those that the charter names, else those whose activity or intent says so in a word."""

from dataclasses import dataclass

from portance.charter import Charter
from portance.charter.naming import words
from portance.engine import Engine, literal

_SAID = frozenset(
    {"complain", "complains", "complaint", "complaints", "complaining", "reclamation", "reclamations", "plainte", "plaintes"}
)  # fmt: skip
_KEYS = ("activity", "intent")


@dataclass(frozen=True, slots=True)
class Complaints:
    """The names by which complaints are known, in order; ``declared``: by the charter, else guessed from the names found."""

    names: tuple[str, ...]
    declared: bool

    @property
    def source(self) -> str | None:
        """How they are known: ``declared``, ``guessed``, or not at all."""
        return ("declared" if self.declared else "guessed") if self.names else None

    def condition(self, engine: Engine) -> str:
        """The SQL condition of a complaint over ``interactions``; what the company began is none."""
        if not self.names:
            return "false"
        listed = ", ".join(map(literal, self.names))
        found = engine.columns("interactions")
        named = " or ".join(f"coalesce({key} in ({listed}), false)" for key in _KEYS if key in found)
        return f"({named or 'false'}){_asked(engine)}"


def complaints(charter: Charter, engine: Engine) -> Complaints:
    """As declared under ``voices``, even where that is nothing; else every name of which a word says complaint."""
    told = charter.voices.complaints
    if told is not None:
        return Complaints(tuple(sorted(set(told))), declared=True)
    found: set[str] = set()
    for key in _KEYS:
        if key in engine.columns("interactions"):
            rows = engine.rows(
                f"select distinct {key} from interactions where {key} is not null{_asked(engine)}"
            )
            found |= {str(name) for (name,) in rows if _SAID & set(words(str(name)))}
    return Complaints(tuple(sorted(found)), declared=False)


def _asked(engine: Engine) -> str:
    known = "initiated_by" in engine.columns("interactions")
    return " and initiated_by is distinct from 'company'" if known else ""
