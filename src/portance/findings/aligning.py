"""What alignment amounts to: conflicts, targets that exclude each other, scoreboards that see nothing, seams without owner."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portance.charter import Charter
from portance.charter.declared import Language, Text
from portance.findings.finding import Finding, Grade
from portance.findings.phrasing import (
    BREAK_WORDS,
    count,
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
MOST_CONFLICTS = 12
"""Conflicts beyond these, the least proven and smallest, are in the table of conflicts."""
MOST_WATERMELONS = 5
FEWEST_LOST = 5
FEWEST_SURE = 30
ORPHANS_TOLD = 3
LOST_TOLD = 0.1
"""From this share of customers lost inside the green, by the lower end of its interval, it is told."""
BLIND_SCOREBOARD = 0.6
"""A scoreboard that is not surely better than this hardly sees who loses."""
HALVED = 0.5
"""Where customers lose half as often when all is green, the scoreboard tells something."""
_IMPOSSIBLE = 0.9
_CURRENCY = re.compile(r"^[A-Z]{3}$")
_PROVEN = {"A": 0, "B": 1, "C": 2, "D": 3, "E": 4}


@dataclass(frozen=True, slots=True)
class Aligned:
    """What alignment gave, as plain rows; an absent table has none."""

    conflicts: Sequence[Row] = ()
    target_sets: Sequence[Row] = ()
    watermelons: Sequence[Row] = ()
    watermelon_people: Mapping[str, int] = field(default_factory=dict)
    """How many customers each scope lost inside the green."""
    owned_seams: Sequence[Row] = ()
    gaming: Sequence[Row] = ()
    changes: Sequence[Row] = ()


def align(charter: Charter, results: Aligned, *, known: bool) -> Iterator[Finding]:
    """Every candidate, unranked; ``known``: whether customers are known as persons."""
    yield from _conflicts(charter, results)
    yield from _impossible(charter, results)
    yield from _watermelons(charter, results, known=known)
    yield from _orphans(charter, results, known=known)
    yield from _gamed(charter, results)
    yield from _changed(charter, results)


def _named(charter: Charter, name: str, language: Language) -> str:
    declared = charter.indicators.get(name)
    text = declared.name.in_(language) if declared and declared.name else name.replace("_", " ")
    return f"« {text} »" if language == "fr" else f"“{text}”"


def _quantity(value: float, unit: str | None, language: Language) -> str:
    """A change in its unit; between shares it is told in points."""
    if unit == "share":
        return f"{number(value * 100, language)} points"
    if unit and _CURRENCY.match(unit):
        return money(value, unit, language)
    told = (
        number(value, language)
        if abs(value) >= 1
        else f"{value:.2g}".replace(".", "," if language == "fr" else ".")
    )
    return f"{told} {unit}" if unit else told


def _level(value: float, unit: str | None, language: Language) -> str:
    """Where an indicator stands: a share is told in per cent."""
    return percent(value, language) if unit == "share" else _quantity(value, unit, language)


def _order(row: Row) -> tuple[Any, ...]:
    return (
        _PROVEN.get(row["grade"], 5),
        -abs(row["effect"] or 0.0),
        row["from_indicator"],
        row["to_indicator"],
    )


def _conflicts(charter: Charter, results: Aligned) -> Iterator[Finding]:
    found = [row for row in results.conflicts if row["kind"] == "empirical" and row["verdict"] == "conflict"]
    currency = charter.company.currency
    for row in sorted(found, key=_order)[:MOST_CONFLICTS]:
        grade: Grade = row["grade"]
        native = [row["effect_native"], row["native_low"], row["native_high"]]
        size = sorted(abs(value) for value in native[1:]) if None not in native else None

        def title(language: Language) -> str:
            a, b = (
                _named(charter, row["from_indicator"], language),
                _named(charter, row["to_indicator"], language),
            )
            return f"{a} contre {b}" if language == "fr" else f"{a} against {b}"

        def text(language: Language) -> str:
            a, b = (
                _named(charter, row["from_indicator"], language),
                _named(charter, row["to_indicator"], language),
            )
            by = _quantity(row["per"], row["per_unit"], language) if row["per"] is not None else ""
            harm = (
                ""
                if size is None
                else measured(
                    abs(native[0]),
                    size[0],
                    size[1],
                    lambda value, lang: _quantity(value, row["native_unit"], lang),
                    language,
                )
            )
            worth = _net(row, currency, language)
            if language == "fr":
                better = f"Quand {a} s’améliore" + (f" de {by}" if by else "")
                if grade in ("A", "B"):
                    return f"{better}, {b} se dégrade de {harm}.{worth}"
                if grade == "C":
                    return f"{better}, {b} se dégrade probablement de {harm}.{worth}"
                return f"Une amélioration de {a}{f' de {by}' if by else ''} va de pair avec une dégradation de {b} de {harm} : une association, pas une preuve.{worth}"
            better = f"When {a} improves" + (f" by {by}" if by else "")
            if grade in ("A", "B"):
                return f"{better}, {b} gets worse by {harm}.{worth}"
            if grade == "C":
                return f"{better}, {b} probably gets worse by {harm}.{worth}"
            return f"An improvement of {a}{f' by {by}' if by else ''} goes with a worsening of {b} by {harm}: an association, not a proof.{worth}"

        owners = tuple(dict.fromkeys((row["from_function"], row["to_function"])))
        net = row["net_median"]
        yield Finding(
            key=f"conflict:{row['from_indicator']}>{row['to_indicator']}", kind="conflict", title=said(title), text=said(text),
            value=row["effect"], ci_low=row["ci_low"], ci_high=row["ci_high"], unit="deviations", n=row["observations"] or 0,
            grade=grade, owners=owners, people=0, people_low=0.0, money=None if net is None else -net,
            money_low=None if net is None else -row["net_high"], money_high=None if net is None else -row["net_low"],
            from_function=row["from_function"], to_function=row["to_function"], rows_table="conflicts",
            rows_filter=f"from_indicator = '{row['from_indicator']}' and to_indicator = '{row['to_indicator']}'",
            method="conflicts", **replied(charter, owners),
        )  # fmt: skip


def _net(row: Row, currency: str, language: Language) -> str:
    """What it costs or brings in a year, with its 90 % interval; nothing where no worth is declared."""
    if row["net_median"] is None:
        return ""
    low, high = money(row["net_low"], currency, language), money(row["net_high"], currency, language)
    middle = money(row["net_median"], currency, language)
    if language == "fr":
        return f" Solde sur un an : {middle} ({low} à {high})."
    return f" Net over a year: {middle} ({low} to {high})."


def _impossible(charter: Charter, results: Aligned) -> Iterator[Finding]:
    for number_ in sorted({row["set_number"] for row in results.target_sets if not row["feasible"]}):
        mine = [row for row in results.target_sets if row["set_number"] == number_]
        names = tuple(row["indicator"] for row in mine)
        probability = mine[0]["probability"]

        def text(language: Language) -> str:
            told = [
                f"{_named(charter, row['indicator'], language)} ({_level(row['target'], _unit(charter, row['indicator']), language)})"
                for row in mine
            ]
            listed = _listed(told, language)
            sure = "" if probability is None or probability >= _IMPOSSIBLE else percent(probability, language)
            if language == "fr":
                tail = f" C’est vrai dans {sure} des cas que les effets connus permettent." if sure else ""
                return f"Ces {count(len(mine), language)} objectifs ne peuvent être tenus ensemble avec les leviers déclarés : {listed}. Qu’un seul soit levé, et les autres redeviennent possibles.{tail}"
            tail = f" This holds in {sure} of the cases that the known effects allow." if sure else ""
            return f"These {count(len(mine), language)} targets cannot be met together with the declared levers: {listed}. Lift any one of them and the others become possible.{tail}"

        owners = tuple(dict.fromkeys(row["function"] for row in mine))
        yield Finding(
            key=f"targets:{'+'.join(sorted(names))}", kind="targets",
            title=Text(fr="Objectifs impossibles à tenir ensemble", en="Targets that cannot be met together"), text=said(text),
            value=probability, ci_low=None, ci_high=None, unit="share", n=len(mine), grade="E", owners=owners, people=0, people_low=0.0,
            rows_table="target_sets", rows_filter=f"set_number = {number_}", method="structure", **replied(charter, owners),
        )  # fmt: skip


def _unit(charter: Charter, name: str) -> str | None:
    declared = charter.indicators.get(name)
    return declared.unit if declared else None


def _listed(parts: Sequence[str], language: Language) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + (" et " if language == "fr" else " and ") + parts[-1]


def _watermelons(charter: Charter, results: Aligned, *, known: bool) -> Iterator[Finding]:
    told = [
        row
        for row in results.watermelons
        if row["unit"] == "journey"
        and row["shown"] == "point"
        and row["lost"] >= FEWEST_LOST
        and _red_inside(row)
    ]
    people_of = results.watermelon_people
    told_already: set[tuple[int, int]] = set()
    for row in sorted(
        told, key=lambda row: (-people_of.get(row["scope"], row["lost"]) * _surely(row), row["scope"])
    )[:MOST_WATERMELONS]:
        scope = row["scope"]
        if (row["green"], row["lost"]) in told_already:  # the same indicators, under another name
            continue
        told_already.add((row["green"], row["lost"]))
        owner = scope.partition(":")[2] if scope.startswith("function:") else None
        concerned = people_of.get(scope, row["lost"])

        def title(language: Language) -> str:
            where = _scope(charter, scope, language)
            return (
                f"Tout est vert, le client perd : {where}"
                if language == "fr"
                else f"All green, the customer loses: {where}"
            )

        def text(language: Language) -> str:
            rate = shares(row, "rate", language)
            lost = people(concerned, language, known=known)
            if language == "fr":
                sees = (
                    ""
                    if row["auc"] is None
                    else f" Le tableau de bord distingue mal ceux qui perdent des autres (aire sous la courbe {_area(row['auc'], language)} ; 0,5 : aveugle)."
                )
                return f"Alors que tous les indicateurs sont atteints, {rate} des parcours tournent mal pour le client ({count(row['lost'], language)} sur {count(row['green'], language)}) : {lost}.{sees}"
            sees = (
                ""
                if row["auc"] is None
                else f" The scoreboard hardly tells those who lose from the others (area under the curve {_area(row['auc'], language)}; 0.5 is blind)."
            )
            return f"While every indicator is met, {rate} of journeys go wrong for the customer ({count(row['lost'], language)} of {count(row['green'], language)}): {lost}.{sees}"

        owners = (owner,) if owner else ()
        yield Finding(
            key=f"watermelon:{scope}", kind="watermelon", title=said(title), text=said(text), value=row["rate"], ci_low=row["ci_low"],
            ci_high=row["ci_high"], unit="share", n=row["green"], grade="A" if row["persons"] >= FEWEST_SURE else "C", owners=owners,
            people=concerned, people_low=concerned * _surely(row), rows_table="watermelon_customers",
            rows_filter=f"scope = '{scope}'", method="watermelon", **replied(charter, owners),
        )  # fmt: skip


def _surely(row: Row) -> float:
    """The part of those who lost that the lower end of the interval leaves."""
    return min(row["ci_low"] / row["rate"], 1.0) if row["rate"] else 0.0


def _red_inside(row: Row) -> bool:
    """Whether customers surely lose inside the green, and the scoreboard does not surely help to see it."""
    blind = (row["auc_low"] is None or row["auc_low"] < BLIND_SCOREBOARD) and (
        row["lift"] is None or row["lift"] > HALVED
    )
    return row["ci_low"] is not None and row["ci_low"] >= LOST_TOLD and blind


def _area(value: float, language: Language) -> str:
    return f"{value:.2f}".replace(".", "," if language == "fr" else ".")


def _scope(charter: Charter, scope: str, language: Language) -> str:
    kind, _, name = scope.partition(":")
    if kind == "function":
        return charter.label(name, language)
    if kind == "journey":
        return charter.journey_label(name, language)
    return "l’entreprise" if language == "fr" else "the company"


def _orphans(charter: Charter, results: Aligned, *, known: bool) -> Iterator[Finding]:
    orphans = [
        row for row in results.owned_seams if row["state"] == "orphan" and row["people_broken"] >= FEWEST_LOST
    ]
    for row in sorted(
        orphans, key=lambda row: (-row["people_broken"], row["from_function"], row["to_function"])
    )[:ORPHANS_TOLD]:
        first, second = row["from_function"], row["to_function"]

        def title(language: Language) -> str:
            where = functions(charter, first, second, language)
            return (
                f"Couture sans garant : {where[0].lower()}{where[1:]}"
                if language == "fr"
                else f"Seam without owner: {where[0].lower()}{where[1:]}"
            )

        def text(language: Language) -> str:
            where, lost = (
                functions(charter, first, second, language),
                people(row["people_broken"], language, known=known),
            )
            if language == "fr":
                return f"{where}, {lost} ont subi une rupture ; aucune promesse ni aucun indicateur déclaré n’y engage personne."
            return f"{where}, {lost} met a break; no declared promise or indicator binds anyone there."

        owners = tuple(dict.fromkeys((first, second)))
        yield Finding(
            key=f"orphan:{row['journey_type']}:{first}>{second}", kind="orphan", title=said(title), text=said(text),
            value=float(row["people_broken"]), ci_low=None, ci_high=None, unit="people", n=row["seams"], grade="A", owners=owners,
            people=row["people_broken"], people_low=0.0, money=row["loss"], money_low=row["loss_low"], money_high=row["loss_high"],
            from_function=first, to_function=second, rows_table="owned_seams",
            rows_filter=f"journey_type = '{row['journey_type']}' and from_function = '{first}' and to_function = '{second}'",
            method="responsibility", **replied(charter, owners),
        )  # fmt: skip


def _gamed(charter: Charter, results: Aligned) -> Iterator[Finding]:
    best: dict[tuple[str, str], Row] = {}
    for row in results.gaming:  # one row for each outcome of customers: the clearest stands
        key = (row["indicator"], row["kind"])
        if row["verdict"] == "found" and (key not in best or row["q"] < best[key]["q"]):
            best[key] = row
    for row in best.values():

        def text(language: Language) -> str:
            name = _named(charter, row["indicator"], language)
            if language == "fr":
                told = {
                    "bunching": f"les relevés de {name} se serrent juste du bon côté de l’objectif, plus que le hasard ne le voudrait",
                    "decoupling": f"depuis que {name} a un objectif, il suit moins ce que vivent les clients",
                }.get(row["kind"], f"ce que compte {name} a glissé d’une catégorie à l’autre")
                return f"{told[0].upper()}{told[1:]}. Cela se voit sur l’ensemble des équipes, et ne dit rien d’aucune."
            told = {
                "bunching": f"readings of {name} crowd just inside the target, more than chance would have it",
                "decoupling": f"since {name} has a target, it follows what customers live less",
            }.get(row["kind"], f"what {name} counts has drifted from one category to another")
            return f"{told[0].upper()}{told[1:]}. It shows over teams together, and tells nothing of any one of them."

        yield Finding(
            key=f"gaming:{row['indicator']}:{row['kind']}", kind="gaming",
            title=said(lambda language: _named(charter, row["indicator"], language)), text=said(text),
            value=row["estimate"], ci_low=row["ci_low"], ci_high=row["ci_high"], unit="share" if row["kind"] == "bunching" else "", n=row["n"],
            grade=row["grade"], owners=(row["function"],), people=0, people_low=0.0, rows_table="gaming",
            rows_filter=f"indicator = '{row['indicator']}' and kind = '{row['kind']}'", method="watermelon",
            **replied(charter, (row["function"],)),
        )  # fmt: skip


_CHANGED = {
    "gone": ("ont disparu", "are gone"),
    "reduced": ("ont reculé", "have receded"),
    "moved": ("ont reculé ici et augmenté ailleurs", "have receded here and grown elsewhere"),
    "accelerated": ("se sont multipliées", "have multiplied"),
}


def _where(charter: Charter, row: Row, language: Language) -> str:
    """The passage where breaks were counted, or the whole type of journey; and their kind, where it is one."""
    if row["from_function"] is None and row["to_function"] is None:
        label = charter.journey_label(row["journey_type"], language)
        where = f"Sur les parcours « {label} »" if language == "fr" else f"On “{label}” journeys"
    else:
        where = functions(charter, row["from_function"], row["to_function"], language)
    return where if row["kind"] == "all" else f"{where} ({word(BREAK_WORDS, row['kind'], language)})"


def _changed(charter: Charter, results: Aligned) -> Iterator[Finding]:
    for row in results.changes:
        if row["verdict"] not in _CHANGED:
            continue
        change = charter.changes.get(row["change"])
        first, second = row["from_function"], row["to_function"]

        def title(language: Language) -> str:
            return change.name.in_(language) if change and change.name else row["change"].replace("_", " ")

        def text(language: Language) -> str:
            where = _where(charter, row, language)
            verdict = _CHANGED[row["verdict"]][0 if language == "fr" else 1]
            size = measured(
                row["difference"],
                row["ci_low"],
                row["ci_high"],
                lambda value, lang: _quantity(value, "share", lang),
                language,
            )
            cause = row["grade"] in ("A", "B")
            if language == "fr":
                link = "du fait de" if cause else "depuis"
                return f"{where}, les ruptures {verdict} {link} « {title(language)} » : {size}."
            link = "because of" if cause else "since"
            return f"{where}, breaks {verdict} {link} “{title(language)}”: {size}."

        owners = tuple(dict.fromkeys(name for name in (row["function"], first, second) if name))
        yield Finding(
            key=f"change:{row['change']}:{row['journey_type']}:{first}>{second}:{row['kind']}", kind="change", title=said(title), text=said(text),
            value=row["difference"], ci_low=row["ci_low"], ci_high=row["ci_high"], unit="share", n=(row["n_before"] or 0) + (row["n_after"] or 0),
            grade=row["grade"], owners=owners, people=0, people_low=0.0, from_function=first, to_function=second, rows_table="changes",
            rows_filter=f"change = '{row['change']}' and from_function {sql_text(first)} and to_function {sql_text(second)} and kind = '{row['kind']}'", method="initiatives",
            **replied(charter, owners),
        )  # fmt: skip
