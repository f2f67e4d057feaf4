"""The irritants that surely cost something, by what they cost at the least."""

from collections.abc import Iterator, Sequence
from typing import Any

from portance.charter import Charter
from portance.charter.declared import Language
from portance.experience.voices import taxonomy
from portance.findings.finding import Finding
from portance.findings.phrasing import measured, money, number, percent, replied, said

Row = dict[str, Any]
MOST_TOLD = 5
_RARE = 0.05


def cost_of_irritants(charter: Charter, irritants: Sequence[Row]) -> Iterator[Finding]:
    """Ranked irritants, the first few; none where every loss could be nothing."""
    told = [row for row in irritants if row["language"] == "all" and row["rank"] is not None]
    for row in sorted(told, key=lambda row: row["rank"])[:MOST_TOLD]:
        yield _costly(charter, row)


def _costly(charter: Charter, row: Row) -> Finding:
    name = row["irritant"]
    owners = tuple(owner for owner in (row["owners"] or "").split(", ") if owner)
    sides = row["seam"].split(">") if row["seam"] else (None, None)
    currency = charter.company.currency
    declared = taxonomy.irritants(charter.voices).get(name)

    def called(language: Language) -> str:
        label = declared.name.in_(language) if declared and declared.name else name.replace("_", " ")
        return f"« {label} »" if language == "fr" else f"“{label}”"

    def title(language: Language) -> str:
        if row["loss"] is None:
            return (
                f"{called(language)} coûte des clients"
                if language == "fr"
                else f"{called(language)} goes with lost customers"
            )
        least = money(row["loss_low"], currency, language)
        return (
            f"{called(language)} : au moins {least}"
            if language == "fr"
            else f"{called(language)}: at least {least}"
        )

    def text(language: Language) -> str:
        share = measured(row["share"], row["share_low"], row["share_high"], percent, language)
        parts = _effects(row, language)
        rare = row["share"] is not None and row["share"] < _RARE
        loss = (
            ""
            if row["loss"] is None
            else measured(
                row["loss"],
                row["loss_low"],
                row["loss_high"],
                lambda value, lang: money(value, currency, lang),
                language,
            )
        )
        if language == "fr":
            often = (
                f"{called(language)} vient dans {share} des textes{' : rare, mais lourd' if rare else ''}."
            )
            beside = f" Auprès de clients comparables qui ont écrit : {parts}." if parts else ""
            cost = f" Coût associé sur la période : {loss}." if loss else ""
            sure = (
                " Indice seulement : ces clients différaient déjà avant."
                if row["grade"] not in ("A", "B", "C")
                else ""
            )
            return f"{often}{beside}{cost}{_guessed(row, language)}{sure}"
        often = f"{called(language)} comes in {share} of texts{': rare, but heavy' if rare else ''}."
        beside = f" Beside comparable customers who wrote: {parts}." if parts else ""
        cost = f" Cost that goes with it over the period: {loss}." if loss else ""
        sure = (
            " A sign only: these customers already differed before."
            if row["grade"] not in ("A", "B", "C")
            else ""
        )
        return f"{often}{beside}{cost}{_guessed(row, language)}{sure}"

    lost = max(row["lost_low"] or 0.0, 0.0) * row["persons"]
    return Finding(
        key=f"irritant:{name}", kind="irritant", title=said(title), text=said(text), value=row["loss"] if row["loss"] is not None else row["lost"],
        ci_low=row["loss_low"] if row["loss"] is not None else row["lost_low"], ci_high=row["loss_high"] if row["loss"] is not None else row["lost_high"],
        unit=currency if row["loss"] is not None else "share", n=row["n"], grade=row["grade"], owners=owners, people=row["persons"],
        people_low=lost, money=row["loss"], money_low=row["loss_low"], money_high=row["loss_high"], from_function=sides[0],
        to_function=sides[1], promise=row["promise"], rows_table="irritants",
        rows_filter="irritant = '" + name.replace("'", "''") + "' and language = 'all'", method="irritants", **replied(charter, owners),
    )  # fmt: skip


def _guessed(row: Row, language: Language) -> str:
    """Said wherever complaints enter the figures and the charter does not declare what a complaint is."""
    if row["complaints_from"] != "guessed" or row["complaints_low"] is None:
        return ""
    if language == "fr":
        return f" Réclamations devinées d’après leur nom : « {row['complaint_names']} »."
    return f" Complaints guessed from their names: “{row['complaint_names']}”."


def _effects(row: Row, language: Language) -> str:
    """The parts of the effect whose interval leaves nothing out of doubt."""
    parts = []
    french = language == "fr"
    if row["lost_low"] is not None and row["lost_low"] > 0:
        told = measured(row["lost"] * 100, row["lost_low"] * 100, row["lost_high"] * 100, number, language)
        parts.append(
            f"{told} départs de plus pour 100 en {row['lost_days']} jours"
            if french
            else f"{told} more departures in 100 within {row['lost_days']} days"
        )
    for kind, said_fr, said_en in (
        ("contacts", "contacts", "contacts"),
        ("complaints", "réclamations", "complaints"),
    ):
        if row[f"{kind}_low"] is not None and row[f"{kind}_low"] > 0:
            told = measured(
                row[kind] * 100, row[f"{kind}_low"] * 100, row[f"{kind}_high"] * 100, number, language
            )
            parts.append(
                f"{told} {said_fr} de plus pour 100 en {row['contact_days']} jours"
                if french
                else f"{told} more {said_en} in 100 within {row['contact_days']} days"
            )
    if row["severity_low"] is not None and row["severity_low"] > 0:
        told = measured(row["severity"], row["severity_low"], row["severity_high"], number, language)
        parts.append(
            f"une note plus basse de {told} points sur 100"
            if french
            else f"a rating lower by {told} points in 100"
        )
    return " ; ".join(parts) if french else "; ".join(parts)
