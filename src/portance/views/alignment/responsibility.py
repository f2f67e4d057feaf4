"""Who is believed to answer for what, against what is declared and observed; and the three brakes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portance.views.alignment import saying
from portance.views.figure import Figure, Rows, same, shown_for
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, names, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech, clean

BRAKES = ("scattered", "far", "opposed")
MOST_SUBJECTS = 4
MOST_SIDES = 8
MOST_SEAMS = 8
MOST_MEASURES = 5
_ALL = frozenset({"", "all"})
_SEEN = 0.005
"""A share that rounds to nothing tells nothing."""
_LOUD = 0.10
"""A share by which a function must claim more than others grant before it is worth a sentence."""
_MONTH = re.compile(r"\d{4}-\d{2}(-01)?$")


@dataclass(frozen=True, slots=True)
class Share:
    """What one function answers of another: a share, or the bounds of one that was not published."""

    from_function: str
    to_function: str
    low: float | None
    high: float | None
    ci: tuple[float | None, float | None]
    own: bool
    hidden: bool

    @property
    def known(self) -> bool:
        """Whether it is one number, not two bounds."""
        return self.low is not None and self.high is not None and self.high - self.low < 0.0005


@dataclass(frozen=True, slots=True)
class Observed:
    """What is declared and observed of one function, each a share of the whole; null where it is not known."""

    function: str
    label: str
    declared: float | None
    custody: float | None
    breaks: float | None
    shapley: float | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """One subject asked: who answers whom. ``cells`` hold every pair of ``rows`` by ``columns``."""

    subject: str
    label: str
    rows_of: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    cells: tuple[Share, ...]
    claims: tuple[str, ...]
    observed: tuple[Observed, ...]
    respondents: int | None
    rows: Rows

    def cell(self, row: str, column: str) -> Share:
        """The cell of a pair."""
        return next(one for one in self.cells if (one.from_function, one.to_function) == (row, column))


@dataclass(frozen=True, slots=True)
class OwnedSeam:
    """A passage that nobody answers for, or that several claim."""

    label: str
    journey: str
    state: str
    sentence: str
    people: int
    loss: Figure
    rows: Rows


@dataclass(frozen=True, slots=True)
class BrakeMeasure:
    """One measure of a brake over all of the period, and where it goes."""

    measure: str
    label: str
    journey: str
    said: str
    interval: str
    n: str
    trend: str
    trend_said: str
    months: tuple[tuple[str, float], ...]
    reason: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Brake:
    """One of the three brakes, with what measures it."""

    name: str
    title: str
    lead: str
    measures: tuple[BrakeMeasure, ...]
    more: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The section: what is believed and observed, the passages without or with too many owners, the three brakes."""

    state: str
    headline: str
    matrices: tuple[Matrix, ...]
    more_subjects: int
    seams: tuple[OwnedSeam, ...]
    orphans: int
    contested: int
    brakes: tuple[Brake, ...]
    rows: Rows
    seam_rows: Rows


def build(tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Responsibility:
    """The section from ``responsibility``, ``owned_seams`` and ``brakes``."""
    by_subject: dict[str, list[Row]] = {}
    for row in tables.rows("responsibility"):
        by_subject.setdefault(text(row["subject"]), []).append(row)
    matrices = [_matrix(subject, rows, run, naming, speech) for subject, rows in by_subject.items()]
    seams = tables.rows("owned_seams")
    orphans = sum(row["state"] == "orphan" for row in seams)
    contested = sum(row["state"] == "contested" for row in seams)
    built = any(tables.count(name) for name in ("responsibility", "owned_seams", "brakes"))
    claims = [claim for matrix in matrices for claim in matrix.claims]
    return Responsibility(
        state="found" if built else "empty",
        headline=claims[0] if claims else _seam_headline(orphans, contested, speech),
        matrices=tuple(matrices[:MOST_SUBJECTS]),
        more_subjects=max(0, len(matrices) - MOST_SUBJECTS),
        seams=tuple(_seam(row, run, naming, speech) for row in _worst(seams)),
        orphans=orphans,
        contested=contested,
        brakes=tuple(_brake(name, tables.rows("brakes"), run, naming, speech) for name in BRAKES) if tables.count("brakes") else (),
        rows=run.rows("responsibility"),
        seam_rows=run.rows("owned_seams", "state <> 'owned'", "people_broken DESC"),
    )  # fmt: skip


def _seam_headline(orphans: int, contested: int, speech: Speech) -> str:
    if orphans:
        return speech.many("responsibility.headline.orphans", orphans)
    return speech.many("responsibility.headline.contested", contested) if contested else ""


def _matrix(subject: str, rows: list[Row], run: RunFacts, naming: Naming, speech: Speech) -> Matrix:
    asked = [row for row in rows if row["from_function"] is not None]
    told = [
        row
        for row in asked
        if number(row["perceived_low"]) is not None or number(row["perceived_high"]) is not None
    ]
    froms = _unique(text(row["from_function"]) for row in told)[:MOST_SIDES]
    tos = _unique([*froms, *(text(row["to_function"]) for row in told)])[:MOST_SIDES]
    held = {(text(row["from_function"]), text(row["to_function"])): row for row in told}
    cells = []
    for first in froms:
        for second in tos:
            row = held.get((first, second))
            if row is None:
                cells.append(Share(first, second, None, None, (None, None), first == second, hidden=False))
                continue
            few = text(row["shown"]) == "suppressed"
            low, high = number(row["perceived_low"]), number(row["perceived_high"])
            cells.append(
                Share(
                    first, second, None if few else low, None if few else high,
                    (None, None) if few else (number(row["perceived_ci_low"]), number(row["perceived_ci_high"])), first == second, hidden=few,
                )
            )  # fmt: skip
    respondents = [whole(row["respondents"]) for row in rows if row["respondents"] is not None]
    return Matrix(
        subject=subject, label=_subject(subject, naming, speech),
        rows_of=tuple((name, _side(name, naming, speech)) for name in froms),
        columns=tuple((name, _side(name, naming, speech)) for name in tos),
        cells=tuple(cells), claims=_claims(cells, froms, naming, speech), observed=_observed(rows, naming, speech),
        respondents=max(respondents) if respondents else None, rows=run.rows("responsibility", same(subject=subject)),
    )  # fmt: skip


def _subject(subject: str, naming: Naming, speech: Speech) -> str:
    key = f"subject.{subject}"
    if speech.knows(key):
        return speech.say(key)
    return clean(subject.replace("_", " ")) if subject else naming.word("subject", "customer_experience")


def _side(name: str, naming: Naming, speech: Speech) -> str:
    return speech.say(f"side.{name}") if speech.knows(f"side.{name}") else naming.function(name)


def _unique(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


def _claims(cells: list[Share], froms: list[str], naming: Naming, speech: Speech) -> tuple[str, ...]:
    """Who claims more than others grant: the greatest distance first, only where both sides were published."""
    found = []
    for name in froms:
        own = next((one for one in cells if one.own and one.from_function == name and one.known), None)
        others = [one for one in cells if not one.own and one.to_function == name and one.known]
        if own is None or own.low is None or not others:
            continue
        granted = sum(one.low or 0.0 for one in others) / len(others)
        distance = own.low - granted
        if abs(distance) >= _LOUD:
            key = "claims.more" if distance > 0 else "claims.less"
            said = speech.say(
                key,
                function=naming.function(name),
                own=speech.percent(own.low, 0),
                others=speech.percent(granted, 0),
            )
            found.append((-abs(distance), name, said))
    return tuple(said for _, _, said in sorted(found))


def _observed(rows: list[Row], naming: Naming, speech: Speech) -> tuple[Observed, ...]:
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        for key in ("declared", "custody", "breaks", "shapley"):
            value = number(row[key])
            if value is not None and row["to_function"]:
                found.setdefault(text(row["to_function"]), {}).setdefault(key, value)
    ordered = sorted(
        found.items(), key=lambda item: (-item[1].get("breaks", item[1].get("custody", 0.0)), item[0])
    )
    # A function with nothing declared and nothing observed would only be a row of zeros.
    ordered = [item for item in ordered if any(value >= _SEEN for value in item[1].values())]
    return tuple(
        Observed(
            name,
            _side(name, naming, speech),
            *(held.get(key) for key in ("declared", "custody", "breaks", "shapley")),
        )
        for name, held in ordered[:MOST_SIDES]
    )


def _worst(seams: list[Row]) -> list[Row]:
    open_ = [row for row in seams if text(row["state"]) in ("orphan", "contested")]
    return sorted(
        open_,
        key=lambda row: (-whole(row["people_broken"]), text(row["from_function"]), text(row["to_function"])),
    )[:MOST_SEAMS]


def _seam(row: Row, run: RunFacts, naming: Naming, speech: Speech) -> OwnedSeam:
    state = text(row["state"])
    owners = naming.functions(names(row["owners"]))
    first, second = naming.function(row["from_function"]), naming.function(row["to_function"])
    people = whole(row["people_broken"])
    loss = number(row["loss"])
    return OwnedSeam(
        label=f"{first} → {second}",
        journey=naming.journey(row["journey_type"]),
        state=state,
        sentence=speech.say("seam_state.contested", owners=naming.joined(owners)) if state == "contested" else speech.say("seam_state.orphan"),
        people=people,
        loss=Figure(loss, number(row["loss_low"]), number(row["loss_high"]), "money", shown=shown_for(people, loss)),
        rows=run.rows("owned_seams", same(journey_type=row["journey_type"], from_function=row["from_function"], to_function=row["to_function"])),
    )  # fmt: skip


def _brake(name: str, rows: list[Row], run: RunFacts, naming: Naming, speech: Speech) -> Brake:
    mine = [row for row in rows if text(row["brake"]) == name]
    months: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in mine:
        value = number(row["value"])
        if (
            text(row["period"]) not in _ALL
            and value is not None
            and not _unfinished(text(row["period"]), run)
        ):
            months.setdefault((text(row["measure"]), text(row["journey_type"])), []).append(
                (text(row["period"]), value)
            )
    whole_ones = [row for row in mine if text(row["period"]) in _ALL]
    # What concerns every journey is told before its parts.
    whole_ones.sort(key=lambda row: (row["journey_type"] is not None, number(row["value"]) is None))
    measures = [
        _measure(
            row,
            tuple(sorted(months.get((text(row["measure"]), text(row["journey_type"])), []))),
            naming,
            speech,
        )
        for row in whole_ones
    ]
    return Brake(
        name, speech.say(f"brake.{name}"), speech.say(f"brake_means.{name}"), tuple(measures[:MOST_MEASURES]),
        max(0, len(measures) - MOST_MEASURES), run.rows("brakes", same(brake=name), "measure, period"),
    )  # fmt: skip


def _unfinished(period: str, run: RunFacts) -> bool:
    return bool(_MONTH.match(period)) and run.unfinished(date.fromisoformat(f"{period[:7]}-01"))


def _functions(bits: float | None) -> float | None:
    """As many functions that hold equal shares of the time have this entropy: 0 bits one, 1 bit two."""
    return None if bits is None else 2**bits


def _measure(row: Row, months: tuple[tuple[str, float], ...], naming: Naming, speech: Speech) -> BrakeMeasure:
    measure, unit = text(row["measure"]), text(row["unit"])
    people = number(row["persons"])
    value, low, high = (number(row[name]) for name in ("value", "ci_low", "ci_high"))
    if unit == "bits":
        # Nobody decides in bits. Both grow together, so the ends of the interval stay its ends.
        unit, value, low, high = "functions", _functions(value), _functions(low), _functions(high)
        months = tuple((month, 2**bits) for month, bits in months)
    count = None if people is None else round(people)
    shown = shown_for(count, value, row["shown"])
    found = Figure(value, low, high, unit, whole(row["n"]) or None, count, shown)
    trend = text(row["trend"])
    # Without anyone behind it, the reason tells more than that they are few.
    said = speech.too_few(found) if shown == "suppressed" and (count or not row["reason"]) else "—"
    if shown == "point":
        said = saying.level(value, unit, speech)
    elif shown == "interval":
        said = speech.interval(found) or said
    return BrakeMeasure(
        measure=measure, label=naming.word("brake_measure", measure), journey=naming.journey(row["journey_type"]) if row["journey_type"] else "",
        said=said, interval=saying.bracket(found.low, found.high, unit, speech, value) if shown == "point" else "",
        n="" if found.n is None else f"n = {speech.number(found.n)}", trend=trend if shown == "point" else "",
        trend_said=speech.say(f"trend.{trend}") if shown == "point" and speech.knows(f"trend.{trend}") else "",
        months=months if shown == "point" else (), reason=naming.reason(row["reason"]), figure=found,
    )  # fmt: skip
