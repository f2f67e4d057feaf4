"""What became of each finding since the previous scan."""

from dataclasses import dataclass

from portance.views.figure import Figure
from portance.views.naming import Naming
from portance.views.promises import in_points, shortfall
from portance.views.reading import Tables, number, text
from portance.views.run import RunFacts
from portance.views.speech import Speech, clean

_ORDER = ("worse", "new", "better", "gone", "same")


@dataclass(frozen=True, slots=True)
class Change:
    """One finding before and after, and the verdict: new, gone, better, worse or same."""

    key: str
    title: str
    before: str
    after: str
    verdict: str
    verdict_label: str


@dataclass(frozen=True, slots=True)
class Since:
    """The section *since the previous scan*; ``previous_run_id`` is null for a first scan."""

    previous_run_id: str | None
    changes: tuple[Change, ...]


def build(tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Since:
    """The section from ``changes_since``; the worse first."""
    titles = {text(row["key"]): row for row in tables.rows("findings")}
    changes = []
    for row in tables.rows("changes_since"):
        key, verdict = text(row["key"]), text(row["verdict"])
        known = titles.get(key)
        title = (
            row[f"title_{speech.language}"] or row["title"] or (known and known[f"title_{speech.language}"])
        )
        unit = text(row["unit"] or (known and known["unit"]))
        gap = key.startswith("gap:")
        changes.append(
            Change(
                key=key,
                title=clean(text(title or key)),
                before=_said(number(row["before"]), unit, speech, gap=gap),
                after=_said(number(row["after"]), unit, speech, gap=gap),
                verdict=verdict,
                verdict_label=naming.word("verdict", verdict),
            )
        )
    changes.sort(
        key=lambda change: (
            _ORDER.index(change.verdict) if change.verdict in _ORDER else len(_ORDER),
            change.title,
            change.key,
        )
    )
    return Since(run.previous_run_id, tuple(changes))


def _said(value: float | None, unit: str, speech: Speech, *, gap: bool) -> str:
    figure = Figure(value, unit=unit)
    if value is None:
        return "—"
    return shortfall(in_points(figure), speech)[0] if gap else speech.figure(figure)
