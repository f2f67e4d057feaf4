"""The findings: one sentence each, with its figure, its evidence, its owners, their reply, and the rows behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portance.charter import Charter
from portance.views.figure import MISSING, Figure, Rows
from portance.views.methods import METHODS
from portance.views.naming import Naming
from portance.views.promises import in_points, shortfall
from portance.views.reading import Row, Tables, figure, names, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech, clean

ABOUT_DATA = frozenset({"missing", "blind", "refused"})
"""Kinds of finding that speak of what is known rather than of customers."""
_SAID = {"promise": "finding.kept", "seam": "finding.broken", "break": "finding.cases"}


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding. ``said`` is its figure in words; ``draft`` until the functions that it names have replied."""

    rank: int
    key: str
    kind: str
    kind_label: str
    title: str
    text: str
    titles: tuple[str, str]
    texts: tuple[str, str]
    figure: Figure
    said: str
    interval: str
    grade: str
    grade_label: str
    owners: tuple[str, ...]
    owner_names: tuple[str, ...]
    people: int
    money: Figure
    from_function: str | None
    to_function: str | None
    promise: str | None
    draft: bool
    named: bool
    reply: str
    method: str
    rows: Rows | None

    @property
    def about_data(self) -> bool:
        """Whether it speaks of what is known rather than of customers."""
        return self.kind in ABOUT_DATA


def build(
    charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech
) -> tuple[FindingView, ...]:
    """Every finding of the table ``findings``, by rank."""
    rows = sorted(tables.rows("findings"), key=lambda row: (whole(row["rank"]), text(row["key"])))
    return tuple(_finding(row, charter, run, naming, speech) for row in rows)


def _finding(row: Row, charter: Charter, run: RunFacts, naming: Naming, speech: Speech) -> FindingView:
    language = speech.language
    titles = (text(row["title_fr"] or row["title"]), text(row["title_en"] or row["title"]))
    texts = (text(row["text_fr"] or row["text"]), text(row["text_en"] or row["text"]))
    chosen = 0 if language == "fr" else 1
    found = replace(figure(row), persons=whole(row["people"]), shown="point")
    if row["shown"] in ("interval", "suppressed"):
        found = replace(found, shown=row["shown"])
    elif found.value is None:
        found = MISSING
    said, interval = speech.figure(found), speech.interval(found)
    if text(row["kind"]) == "gap" and found.value is not None:
        said, interval = shortfall(in_points(found), speech)
    if text(row["kind"]) in _SAID and found.value is not None and found.unit == "share":
        said = speech.say(_SAID[text(row["kind"])], figure=said)
    owners = names(row["owners"])
    named = bool(owners or row["from_function"] or row["to_function"])
    currency = text(row["currency"]) or charter.company.currency
    amount, low, high = (number(row[name]) for name in ("money", "money_low", "money_high"))
    reply = text(row[f"reply_{language}"] or row["reply"])
    if not reply and text(row["status"]) == "replied":
        reply = _replies(charter, owners, naming, language)
    grade = text(row["grade"])
    method = text(row["method"])
    return FindingView(
        rank=whole(row["rank"]),
        key=text(row["key"]),
        kind=text(row["kind"]),
        kind_label=naming.word("kind", text(row["kind"])),
        title=clean(titles[chosen]),
        text=clean(texts[chosen]),
        titles=titles,
        texts=texts,
        figure=found,
        said=said,
        interval=interval,
        grade=grade,
        grade_label=naming.word("grade", grade),
        owners=naming.functions(owners),
        owner_names=owners,
        people=whole(row["people"]),
        money=Figure(
            amount, low, high, "money", shown="missing" if amount is None else "point", currency=currency
        ),
        from_function=row["from_function"],
        to_function=row["to_function"],
        promise=row["promise"],
        draft=named and text(row["status"]) != "replied",
        named=named,
        reply=clean(reply),
        method=method if method in METHODS else "findings",
        rows=run.rows(text(row["rows_table"]), text(row["rows_filter"])) if row["rows_table"] else None,
    )


def _replies(charter: Charter, owners: Iterable[str], naming: Naming, language: str) -> str:
    told = []
    for name in owners:
        function = charter.functions.get(name)
        if function and function.reply:
            told.append(f"{naming.function(name)} : {function.reply.in_(language)}")
    return " — ".join(told)
