"""Each function's door: what it does to customers and to the other functions, and theirs to it."""

from dataclasses import dataclass

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import FEWEST_PERSONS, Figure, Rows, same
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_LINES = 6
_UNSEEN = frozenset({"not_detectable", "no_effect"})
"""What cannot be seen, or is nothing, is left to the table."""
_TELLING = frozenset({"conflict", "harms"})


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One effect of a function on another, or on customers."""

    direction: str
    other: str | None
    other_label: str
    through: str
    through_label: str
    item: str
    item_label: str
    figure: Figure
    said: str
    interval: str
    grade: str
    grade_label: str
    verdict: str
    verdict_label: str
    people: int | None
    money: str


@dataclass(frozen=True, slots=True)
class FunctionView:
    """One function: what it does, what it receives; the greatest first."""

    function: str
    label: str
    sentence: str
    does: tuple[EffectLine, ...]
    receives: tuple[EffectLine, ...]
    more: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class Functions:
    """The section, one door for each function of the charter of which something is known."""

    state: str
    functions: tuple[FunctionView, ...]
    silent: tuple[str, ...]
    rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Functions:
    """The section from ``function_effects``."""
    by_function: dict[str, list[Row]] = {}
    for row in tables.rows("function_effects"):
        by_function.setdefault(text(row["function"]), []).append(row)
    order = {name: place for place, name in enumerate(charter.functions)}
    found = sorted(by_function, key=lambda name: (order.get(name, len(order)), name))
    return Functions(
        state="found" if found else "empty",
        functions=tuple(_function(name, by_function[name], run, naming, speech) for name in found),
        silent=tuple(naming.function(name) for name in charter.functions if name not in by_function),
        rows=run.rows("function_effects"),
    )


def _function(name: str, rows: list[Row], run: RunFacts, naming: Naming, speech: Speech) -> FunctionView:
    ordered = sorted(
        rows,
        key=lambda row: (
            row["other"] is not None,
            text(row["verdict"]) not in _TELLING,
            -abs(number(row["money"]) or 0.0),
            -whole(row["people"]),
            text(row["grade"]) or "Z",
            text(row["item"]),
        ),
    )
    seen = [row for row in ordered if text(row["verdict"]) not in _UNSEEN and row["value"] is not None]
    does = [_line(row, naming, speech) for row in seen if row["direction"] == "does"]
    receives = [_line(row, naming, speech) for row in seen if row["direction"] == "receives"]
    shown = (does[:MOST_LINES], receives[:MOST_LINES])
    return FunctionView(
        function=name,
        label=naming.function(name),
        sentence=_sentence(does, receives, speech),
        does=tuple(shown[0]),
        receives=tuple(shown[1]),
        more=len(rows) - len(shown[0]) - len(shown[1]),
        rows=run.rows("function_effects", same(function=name)),
    )


def _sentence(does: list[EffectLine], receives: list[EffectLine], speech: Speech) -> str:
    hit = {line.other_label for line in does if line.other is not None}
    from_ = {line.other_label for line in receives if line.other is not None}
    customers = sum(line.other is None for line in does)
    parts = []
    if customers:
        parts.append(speech.many("functions.on_customers", customers))
    if hit:
        parts.append(speech.many("functions.on_functions", len(hit)))
    if from_:
        parts.append(speech.many("functions.from_functions", len(from_)))
    return " · ".join(parts)


def _line(row: Row, naming: Naming, speech: Speech) -> EffectLine:
    unit = text(row["unit"])
    people = None if row["people"] is None else whole(row["people"])
    few = people is not None and 0 < people < FEWEST_PERSONS
    value = None if few else number(row["value"])
    shown = "suppressed" if few else "missing" if value is None else "point"
    low, high = (None, None) if few else (number(row["ci_low"]), number(row["ci_high"]))
    figure = Figure(value, low, high, unit, None, people, shown)  # type: ignore[arg-type]
    through, grade, verdict = text(row["through"]), text(row["grade"]), text(row["verdict"])
    amount = number(row["money"])
    return EffectLine(
        direction=text(row["direction"]), other=row["other"],
        other_label=naming.function(row["other"]) if row["other"] else speech.say("functions.customers"),
        through=through, through_label=naming.word("through", through), item=text(row["item"]), item_label=naming.anything(text(row["item"]) or None),
        figure=figure, said=speech.say("too_few") if few else _said(value, unit, through, speech),
        interval="" if unit in ("sd", "deviations") and low is None else saying.bracket(low, high, unit, speech, value), grade=grade, grade_label=naming.word("grade", grade) if grade else "",
        verdict=verdict, verdict_label=naming.word("conflict_verdict", verdict) if verdict else "",
        people=None if few else people, money="" if amount is None or few else saying.money(None, amount, None, speech),
    )  # fmt: skip


def _said(value: float | None, unit: str, through: str, speech: Speech) -> str:
    if unit in ("sd", "deviations"):
        return "—" if value is None else saying.deviations(value, speech)
    return (
        saying.told(value, None, None, unit, speech)[0]
        if through in ("conflict", "lever")
        else saying.level(value, unit, speech)
    )
