"""What the results of the stages amount to: one candidate finding for each thing that a person should be told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portance.charter import Charter
from portance.charter.declared import Language
from portance.findings.finding import Finding, Grade
from portance.findings.phrasing import (
    BREAK_WORDS,
    UNIT_WORDS,
    count,
    functional,
    functions,
    measured,
    money,
    number,
    people,
    percent,
    replied,
    said,
    shares,
    sql_text,
    word,
)

Row = dict[str, Any]
FEWEST_BROKEN = 5
"""A passage is told of from this many people broken on: fewer could be recognised, and prove little."""
MOST_SEAMS = 15
"""Passages beyond these, the fewest people first to go, are in the table of passages: a list of a hundred is not read."""
BLIND_TOLD = 0.05
REFUSED_TOLD = 0.005
_SURE, _LIKELY = 30, 5
_BLIND_LIKELY, _BLIND_WEAK = 0.1, 0.3


@dataclass(frozen=True, slots=True)
class Results:
    """What the stages gave, as plain rows; an absent table has none."""

    passages: Sequence[Row] = ()
    passage_kinds: Sequence[Row] = ()
    """journey_type, from_function, to_function, kind, people."""
    break_rates: Sequence[Row] = ()
    break_kind_costs: Sequence[Row] = ()
    """journey_type, kind, cost_cents."""
    promise_rates: Sequence[Row] = ()
    promise_people: dict[str, int] | None = None
    facets: Sequence[Row] = ()
    gaps: Sequence[Row] = ()
    blind_spots: Sequence[Row] = ()
    receipts: Sequence[Row] = ()
    known: bool = True
    """Whether any source tells who the customers are; where none does, cases are counted and called so."""


def detect(charter: Charter, results: Results) -> Iterator[Finding]:
    """Every candidate, unranked."""
    blind = _no_person(results)
    seams = sorted(_seams(charter, results, blind), key=lambda finding: (-finding.people_low, finding.key))
    yield from seams[:MOST_SEAMS]
    yield from _kinds(charter, results, blind)
    yield from _promises(charter, results, blind)
    yield from _gaps(charter, results, blind)
    yield from _missing(charter)
    yield from _blind(charter, results)
    yield from _refused(results)


def _no_person(results: Results) -> float:
    rows = [row for row in results.blind_spots if row["question"] == "no_person" and row["function"] is None]
    total = sum(row["interactions"] for row in rows)
    return sum(row["blind"] for row in rows) / total if total else 0.0


def grade(persons: int, blind: float) -> Grade:
    """The evidence of a measured frequency: A for 30 persons or more and few blind interactions, down to E.

    It grades how well the extract shows the figure, not what causes it: no cause is told.
    """
    if persons >= _SURE and blind <= _BLIND_LIKELY:
        return "A"
    if persons >= _LIKELY and blind <= _BLIND_WEAK:
        return "C"
    return "E"


def _shared_promise(charter: Charter, first: str, second: str) -> bool:
    return any(first in promise.owners and second in promise.owners for promise in charter.promises.values())


def _several(charter: Charter) -> bool:
    return len(charter.journeys) > 1


def _sampled(charter: Charter, language: Language) -> str:
    """Beside a weighted rate, counts are those of the extract, and say so."""
    if charter.sampling is None:
        return ""
    return " dans l’extrait (taux redressé)" if language == "fr" else " in the extract (weighted rate)"


def _seams(charter: Charter, results: Results, blind: float) -> Iterator[Finding]:
    currency = charter.company.currency
    for row in results.passages:
        first, second = row["from_function"], row["to_function"]
        if (
            row["people_broken"] < FEWEST_BROKEN
            or row["shown"] == "suppressed"
            or first is None
            or second is None
        ):
            continue
        kinds = sorted(
            (item for item in results.passage_kinds if (item["journey_type"], item["from_function"], item["to_function"]) == (row["journey_type"], first, second)),
            key=lambda item: (-item["people"], item["kind"]),
        )  # fmt: skip
        top = kinds[0]["kind"] if kinds else None
        worth = _amount(row, "cost_cents")
        shared = _shared_promise(charter, first, second)

        def title(language: Language) -> str:
            text = functions(charter, first, second, language)
            if _several(charter):
                text += f" ({charter.journey_label(row['journey_type'], language)})"
            return text

        def text(language: Language) -> str:
            where = title(language)
            sample = _sampled(charter, language)
            rate = shares(row, "rate", language)
            cost = "" if not worth else f", {money(worth, currency, language)}"
            if language == "fr":
                main = f" ; surtout : {word(BREAK_WORDS, top, language)}" if top else ""
                duty = (
                    "" if shared or first == second else " Aucune promesse déclarée n’engage les deux côtés."
                )
                return f"{where}, {rate} des passages rompent : {people(row['people_broken'], language, known=results.known)} sur {count(row['people'], language)}{sample}{cost}{main}.{duty}"
            main = f"; mostly: {word(BREAK_WORDS, top, language)}" if top else ""
            duty = "" if shared or first == second else " No declared promise binds both sides."
            return f"{where}, {rate} of passages break: {people(row['people_broken'], language, known=results.known)} of {count(row['people'], language)}{sample}{cost}{main}.{duty}"

        share = _surely(row, row["seams"])
        owners = (first,) if first == second else (first, second)
        yield Finding(
            key=f"seam:{row['journey_type']}:{first}>{second}", kind="seam", title=said(title), text=said(text),
            value=row["rate"], ci_low=row["ci_low"], ci_high=row["ci_high"], unit="share", n=row["seams"],
            grade=grade(row["people"], blind), owners=owners, people=row["people_broken"],
            people_low=row["people_broken"] * share, money=worth, money_low=_amount(row, "cost_low_cents"),
            money_high=_amount(row, "cost_high_cents"), from_function=first, to_function=second, rows_table="seams",
            rows_filter=f"journey_type {sql_text(row['journey_type'])} and from_function {sql_text(first)} and to_function {sql_text(second)} and broken",
            method="breaks", **replied(charter, owners),
        )  # fmt: skip


def _surely(row: Row, cases: int) -> float:
    """The part of the people counted that the lower end of the interval leaves, from 0 to 1."""
    rate = row["rate"] if row["rate"] is not None else row["broken"] / cases
    return min(row["ci_low"] / rate, 1.0) if rate and row["ci_low"] is not None else 0.0


def _amount(row: Row, column: str) -> float | None:
    cents = row.get(column)
    return None if cents is None else cents / 100


def _kinds(charter: Charter, results: Results, blind: float) -> Iterator[Finding]:
    costs = {(row["journey_type"], row["kind"]): row["cost_cents"] for row in results.break_kind_costs}
    for row in results.break_rates:
        if (
            row["status"] != "on"
            or (row["people_broken"] or 0) < FEWEST_BROKEN
            or row["rate"] is None
            or row["kind"] == "broken_promise"
        ):
            continue
        cents = costs.get((row["journey_type"], row["kind"]))
        worth = cents / 100 if cents else None

        def title(language: Language) -> str:
            text = word(BREAK_WORDS, row["kind"], language)
            text = text[0].upper() + text[1:]
            return (
                f"{text} ({charter.journey_label(row['journey_type'], language)})"
                if _several(charter)
                else text
            )

        def text(language: Language) -> str:
            what = title(language)
            rate = shares(row, "rate", language)
            cost = "" if not worth else f", {money(worth, charter.company.currency, language)}"
            if language == "fr":
                return f"{what} : {rate} des cas où cela pouvait arriver, {people(row['people_broken'], language, known=results.known)}{cost}."
            return f"{what}: {rate} of the times when it could happen, {people(row['people_broken'], language, known=results.known)}{cost}."

        share = _surely(row, row["at_risk"])
        yield Finding(
            key=f"break:{row['journey_type']}:{row['kind']}", kind="break", title=said(title), text=said(text),
            value=row["rate"], ci_low=row["ci_low"], ci_high=row["ci_high"], unit="share", n=row["at_risk"],
            grade=grade(row["people"], blind), owners=(), people=row["people_broken"], people_low=row["people_broken"] * share,
            money=worth, money_low=_bound(charter, row["kind"], worth, 0), money_high=_bound(charter, row["kind"], worth, 1),
            rows_table="breaks", rows_filter=f"journey_type {sql_text(row['journey_type'])} and kind = '{row['kind']}'",
            method="breaks",
        )  # fmt: skip


def _bound(charter: Charter, kind: str, worth: float | None, end: int) -> float | None:
    """The cost of all breaks of a kind at one end of the range of the declared value that one costs."""
    value = charter.values.get(charter.breaks.rule(kind).cost or "")
    if worth is None or value is None or value.range is None or not value.value:
        return None
    return worth * value.range[end] / value.value


def _promises(charter: Charter, results: Results, blind: float) -> Iterator[Finding]:
    concerned = results.promise_people or {}
    for row in results.promise_rates:
        promise = charter.promises.get(row["promise"])
        if (
            promise is None
            or row["segment"] != "all"
            or row["ci_low"] is None
            or row["shown"] == "suppressed"
        ):
            continue
        broken = int(concerned.get(row["promise"]) or row["broken"])
        if broken < FEWEST_BROKEN:
            continue

        def text(language: Language) -> str:
            rate = shares(row, "rate", language)
            if language == "fr":
                return f"« {promise.says.in_(language)} » : promesse tenue dans {rate} des parcours ; non tenue pour {people(broken, language, known=results.known)}."
            return f"“{promise.says.in_(language)}”: promise kept on {rate} of journeys; not kept for {people(broken, language, known=results.known)}."

        lost = 1 - row["rate"] if row["rate"] is not None else row["broken"] / row["n"]
        share = (1 - row["ci_high"]) / lost if lost and row["ci_high"] is not None else 0.0
        yield Finding(
            key=f"promise:{row['promise']}", kind="promise", title=promise.says, text=said(text), value=row["rate"],
            ci_low=row["ci_low"], ci_high=row["ci_high"], unit="share", n=row["n"], grade=grade(row["persons"], blind),
            owners=promise.owners, people=broken, people_low=broken * max(share, 0.0), promise=row["promise"],
            rows_table="clocks", rows_filter=f"promise = '{row['promise']}' and state = 'broken'",
            method="promises-and-gaps", **replied(charter, promise.owners),
        )  # fmt: skip


_TERMS: dict[str, tuple[str, str]] = {
    "expected_intended": ("on annonce plus que ce que l’on vise", "more is announced than is aimed at"),
    "intended_offered": (
        "on vise plus que ce que les moyens permettent",
        "more is aimed at than the means allow",
    ),
    "offered_lived": ("on fait moins que ce que les moyens permettent", "less is done than the means allow"),
}


def _unit(unit: str, language: Language) -> str:
    return "" if unit in ("share", "") else " " + word(UNIT_WORDS, unit, language)


def _quantity(value: float, unit: str, language: Language, *, fine: bool = False) -> str:
    """A shortfall in its unit; between two shares it is told in points, never in per cent."""
    if unit == "share":
        return f"{number(value * 100, language, fine=fine)} points"
    return number(value, language, fine=fine) + _unit(unit, language)


def _close(row: Row) -> bool:
    """Whether the ends of an interval are so close that one decimal would tell the same of both."""
    factor = 100 if row.get("unit") == "share" else 1
    return row["ci_low"] is not None and row["ci_high"] is not None and (row["ci_high"] - row["ci_low"]) * factor < 0.2  # fmt: skip


def _gaps(charter: Charter, results: Results, blind: float) -> Iterator[Finding]:
    native = [
        row
        for row in results.gaps
        if row["scale"] == "native" and row["segment"] == "all" and row["value"] is not None
    ]
    for name, promise in charter.promises.items():
        mine = {row["gap"]: row for row in native if row["promise"] == name}
        whole = mine.get("expected_lived") or mine.get("intended_lived") or mine.get("offered_lived")
        if whole is None or whole["value"] <= 0 or (whole["ci_low"] is not None and whole["ci_low"] <= 0):
            continue
        terms = (
            [mine[key] for key in _TERMS if key in mine]
            if len([key for key in _TERMS if key in mine]) == len(_TERMS)
            else []
        )
        largest = max(terms, key=lambda row: row["value"]) if terms else None
        unit = whole.get("unit") or ""

        def text(language: Language) -> str:
            size = measured(
                whole["value"],
                whole["ci_low"],
                whole["ci_high"],
                lambda value, lang: _quantity(value, unit, lang, fine=_close(whole)),
                language,
            )
            first = {"expected_lived": ("l’attendu", "what is expected"), "intended_lived": ("le voulu", "what is intended"), "offered_lived": ("le proposé", "what is offered")}[whole["gap"]]  # fmt: skip
            where = functional(promise.functional, language)
            main = ""
            if largest is not None and largest["value"] > 0:
                part = word(_TERMS, largest["gap"], language)
                main = f" {'Le plus gros de l’écart' if language == 'fr' else 'Most of it'} : {part} ({_quantity(largest['value'], unit, language)})."
            if language == "fr":
                return f"« {promise.says.in_(language)} » : il manque {size} au vécu pour rejoindre {first[0]}{where}.{main}"
            return f"“{promise.says.in_(language)}”: what is lived falls {size} short of {first[1]}{where}.{main.replace(' :', ':')}"

        rate = next(
            (row for row in results.promise_rates if row["promise"] == name and row["segment"] == "all"), None
        )
        concerned = (results.promise_people or {}).get(name, rate["broken"] if rate else 0)
        yield Finding(
            key=f"gap:{name}", kind="gap", title=promise.says, text=said(text), value=whole["value"],
            ci_low=whole["ci_low"], ci_high=whole["ci_high"], unit=unit, n=whole["n"] or 0,
            grade=grade(whole["persons"] or 0, blind), owners=promise.owners, people=concerned,
            people_low=concerned * 0.99, promise=name, rows_table="gaps",
            rows_filter=f"promise = '{name}' and segment = 'all'", method="promises-and-gaps",
            **replied(charter, promise.owners),
        )  # fmt: skip


_FACET_WORDS = {
    "intended": ("voulue", "intended"),
    "offered": ("proposée", "offered"),
    "expected": ("attendue", "expected"),
}


def _missing(charter: Charter) -> Iterator[Finding]:
    for name, promise in charter.promises.items():
        absent = [facet for facet in _FACET_WORDS if promise.level(facet) is None]
        if not absent and promise.owners:
            continue

        def text(language: Language) -> str:
            names = ", ".join(word(_FACET_WORDS, facet, language) for facet in absent)
            if language == "fr":
                parts = [
                    f"facette non déclarée : {names}" if absent else "",
                    "" if promise.owners else "aucun garant déclaré",
                ]
                return f"« {promise.says.in_(language)} » : {' ; '.join(part for part in parts if part)}. Sans déclaration, rien n’est deviné."
            parts = [
                f"facet not declared: {names}" if absent else "",
                "" if promise.owners else "no owner declared",
            ]
            return f"“{promise.says.in_(language)}”: {'; '.join(part for part in parts if part)}. What is not declared is not guessed."

        yield Finding(
            key=f"missing:{name}", kind="missing", title=promise.says, text=said(text), value=float(len(absent)), ci_low=None,
            ci_high=None, unit="facets", n=len(_FACET_WORDS), grade="A", owners=promise.owners, people=0, people_low=0.0,
            promise=name, rows_table="facets", rows_filter=f"promise = '{name}' and value is null", method="promises-and-gaps",
        )  # fmt: skip


_BLIND_WORDS = {
    "no_person": ("ne peuvent être rattachées à une personne", "cannot be tied to a person"),
    "no_journey": ("n’appartiennent à aucun parcours", "belong to no journey"),
    "no_function": ("n’ont pas de direction connue", "have no known function"),
    "undeclared_function": ("portent une direction que la charte ne déclare pas", "carry a function that the charter does not declare"),
}  # fmt: skip


def _blind(charter: Charter, results: Results) -> Iterator[Finding]:
    for row in results.blind_spots:
        if row["function"] is not None or (row["share"] or 0) < BLIND_TOLD:
            continue

        def title(language: Language) -> str:
            source = charter.sources.get(row["source"])
            name = source.name.in_(language) if source and source.name else row["source"]
            return f"Angle mort : {name}" if language == "fr" else f"Blind spot: {name}"

        def text(language: Language) -> str:
            what = word(_BLIND_WORDS, row["question"], language)
            share = percent(row["share"], language)
            if language == "fr":
                return f"{share} des interactions de « {row['source']} » {what} ({count(row['blind'], language)} sur {count(row['interactions'], language)})."
            return f"{share} of the interactions of “{row['source']}” {what} ({count(row['blind'], language)} of {count(row['interactions'], language)})."

        yield Finding(
            key=f"blind:{row['source']}:{row['question']}", kind="blind", title=said(title), text=said(text),
            value=row["share"], ci_low=None, ci_high=None, unit="share", n=row["interactions"], grade="A", owners=(),
            people=0, people_low=0.0, rows_table="blind_spots",
            rows_filter=f"source {sql_text(row['source'])} and question = '{row['question']}'", method="blind-spots",
        )  # fmt: skip


def _refused(results: Results) -> Iterator[Finding]:
    live = [row for row in results.receipts if not row["undone"]]
    for source in sorted({row["source"] for row in live}):
        mine = [row for row in live if row["source"] == source]
        refused, candidates = sum(row["refused"] for row in mine), sum(row["candidates"] for row in mine)
        if not refused or refused / candidates < REFUSED_TOLD:
            continue

        def title(language: Language) -> str:
            return f"Lignes refusées : {source}" if language == "fr" else f"Refused rows: {source}"

        def text(language: Language) -> str:
            share = percent(refused / candidates, language)
            if language == "fr":
                return f"Lignes de « {source} » refusées : {count(refused, language)} ({share}). Elles sont gardées, avec leur raison, et peuvent être rejouées."
            return f"Rows of “{source}” refused: {count(refused, language)} ({share}). They are kept with their reason and can be replayed."

        yield Finding(
            key=f"refused:{source}", kind="refused", title=said(title), text=said(text), value=refused / candidates,
            ci_low=None, ci_high=None, unit="share", n=candidates, grade="A", owners=(), people=0, people_low=0.0,
            rows_table="refusals", rows_filter=f"source {sql_text(source)}", method="intake",
        )  # fmt: skip
