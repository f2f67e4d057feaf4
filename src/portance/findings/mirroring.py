"""What both sides of a step amount to, and what is said against what is there: few findings, silent where nothing is proven."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portance.charter import Charter
from portance.charter.declared import Language, Text
from portance.findings.finding import Finding
from portance.findings.phrasing import count, measured, number, percent, replied, said, sql_text

Row = Mapping[str, Any]
MOST_STEPS = 3
MOST_BELIEFS = 2
TOLD_GAP = 10.0
"""Levels this far apart, beyond doubt, are told."""
TOLD_TIMES = 2.0
"""An employee's path this many times the customer's, beyond doubt, is told."""
PERCEIVED = 0.10
_LACKS = {
    "owner": ("responsable", "owner"),
    "budget": ("budget", "budget"),
    "standard": ("norme mesurable", "measurable standard"),
    "action": ("action commencée dans les 90 jours", "action begun within 90 days"),
}
_METHOD = "mirror"


@dataclass(frozen=True, slots=True)
class Mirrored:
    """The rows of the employees' tables; an absent table has none."""

    symmetry: Sequence[Row] = ()
    thrust: Sequence[Row] = ()
    adoption: Sequence[Row] = ()
    simplified: Sequence[Row] = ()
    artificial_reality: Sequence[Row] = ()


def mirror(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    """Every candidate, unranked: kinds ``symmetry`` and ``ambition``."""
    yield from _efforts(charter, results)
    yield from _levels(charter, results)
    yield from _simplified(charter, results)
    yield from _adopted(charter, results)
    yield from _ahead(charter, results)
    yield from _ambitions(charter, results)
    yield from _perceived(charter, results)
    yield from _believed(charter, results)


def _step(charter: Charter, row: Row, language: Language) -> str:
    """A step as the charter names the task that serves it, else its activity as it is written."""
    journey = charter.journey_label(row["journey_type"], language)
    tasks = charter.employees.tasks if charter.employees else {}
    task = tasks.get(row.get("task") or "")
    step = task.name.in_(language) if task is not None and task.name is not None else row["step"]
    return f"« {step} » ({journey})" if language == "fr" else f"“{step}” ({journey})"


def _owners(row: Row) -> tuple[str, ...]:
    return (row["function"],) if row.get("function") else ()


def _finding(charter: Charter, row: Row, *, key: str, title: Text, text: Text, figures: tuple[float | None, float | None, float | None], unit: str, table: str, where: str, people: int = 0, kind: Any = "symmetry", grade: Any = "C", method: str = _METHOD, n: int | None = None) -> Finding:  # fmt: skip
    owners = _owners(row)
    return Finding(
        key=key, kind=kind, title=title, text=text, value=figures[0], ci_low=figures[1], ci_high=figures[2], unit=unit,
        n=n if n is not None else int(row.get("employees") or 0), grade=grade, owners=owners, people=people, people_low=float(people),
        from_function=row.get("function"), rows_table=table, rows_filter=where, method=method, **replied(charter, owners),
    )  # fmt: skip


def _interval(row: Row, name: str, language: Language) -> str:
    return measured(row[name], row[f"{name}_low"], row[f"{name}_high"], number, language)


def _where(row: Row, *names: str) -> str:
    return " and ".join(f'"{name}" {sql_text(row[name])}' for name in names)


# ---- two sides of a step


def _efforts(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    """So many times for the customer, so many screens for the employee."""
    rows = [
        row
        for row in results.symmetry
        if row["measure"] == "effort_steps"
        and row["state"] == "customer_only"
        and row["employee_low"] is not None
        and row["employee_low"] >= TOLD_TIMES * (row["customer_high"] or 0.0)
    ]
    for row in sorted(rows, key=lambda row: (-row["employee_low"], row["task"]))[:MOST_STEPS]:

        def title(language: Language) -> str:
            step = _step(charter, row, language)
            return (
                f"Simple pour le client, pas pour l’équipe : {step}"
                if language == "fr"
                else f"Simple for the customer, not for the team: {step}"
            )

        def text(language: Language) -> str:
            customer, employee = _interval(row, "customer", language), _interval(row, "employee", language)
            people = count(row["employees"], language)
            if language == "fr":
                return f"À l’étape {_step(charter, row, language)}, le client agit {customer} fois par parcours ; chaque fois, l’équipe fait {employee} gestes : écrans, ressaisies, contournements ({people} collaborateurs au moins)."
            return f"At the step {_step(charter, row, language)} the customer acts {customer} times per journey; each time, the team makes {employee} moves: screens, re-keyings, workarounds (at least {people} employees)."

        yield _finding(
            charter, row, key=f"symmetry:effort:{row['task']}", title=said(title), text=said(text), unit="times", table="symmetry",
            figures=(row["employee"], row["employee_low"], row["employee_high"]), where=_where(row, "task", "measure"),
        )  # fmt: skip


def _levels(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    """One side fares well and the other does not, or neither does."""
    rows = [row for row in results.symmetry if row["measure"] == "balance" and _apart(row)]
    for row in sorted(
        rows, key=lambda row: (row["state"] != "both_low", -abs(row["balance"] or 0.0), row["task"])
    )[:MOST_STEPS]:

        def title(language: Language) -> str:
            step = _step(charter, row, language)
            words = {
                "customer_only": (f"Le client est porté, l’équipe ne suit pas : {step}", f"The customer is carried, the team is not: {step}"),
                "employee_only": (f"L’équipe est bien armée, le client ne le vit pas : {step}", f"The team is well equipped, the customer does not feel it: {step}"),
                "both_low": (f"Ni le client ni l’équipe ne sont portés : {step}", f"Neither the customer nor the team is carried: {step}"),
            }[row["state"]]  # fmt: skip
            return words[0 if language == "fr" else 1]

        def text(language: Language) -> str:
            customer, employee = _interval(row, "customer", language), _interval(row, "employee", language)
            margin = _margin(row, language)
            if language == "fr":
                return f"Sur 100, les clients vivent {customer} à cette étape (portance client), ceux qui les servent se disent outillés à {employee} (poussée interne).{margin}"
            return f"Out of 100, customers live {customer} at this step (lift), those who serve them say they are enabled at {employee} (thrust).{margin}"

        yield _finding(
            charter, row, key=f"symmetry:balance:{row['task']}", title=said(title), text=said(text), unit="points", table="symmetry",
            figures=(row["balance"], row["ci_low"], row["ci_high"]), where=_where(row, "task", "measure"),
        )  # fmt: skip


def _apart(row: Row) -> bool:
    if row["state"] == "both_low":
        return True
    if row["ci_low"] is None or row["ci_high"] is None:
        return False
    return bool(row["ci_low"] >= TOLD_GAP or row["ci_high"] <= -TOLD_GAP)


def _margin(row: Row, language: Language) -> str:
    if row["margin_high"] is None or row["margin_high"] >= 0:
        return ""
    short = number(-row["margin_high"], language)
    if language == "fr":
        return f" L’ambition ({number(row['ambition'], language)}) est au-dessus de ce qui porte, d’au moins {short} points : risque de décrochage."
    return f" The ambition ({number(row['ambition'], language)}) lies above what carries it by at least {short} points: a risk of stall."


def _simplified(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    for row in [row for row in results.simplified if row["verdict"] == "customer_only"][:MOST_STEPS]:
        change = charter.changes.get(row["change"])

        def title(language: Language) -> str:
            name = change.name.in_(language) if change and change.name else row["change"].replace("_", " ")
            return (
                f"Simplifié pour le client, pas pour l’équipe : {name}"
                if language == "fr"
                else f"Simplified for the customer, not for the team: {name}"
            )

        def text(language: Language) -> str:
            parts = [
                _interval(row, f"{side}_{when}", language)
                for side in ("customer", "employee")
                for when in ("before", "after")
            ]
            if language == "fr":
                return f"Depuis ce changement, le client agit {parts[1]} fois par parcours au lieu de {parts[0]} ; chaque fois, l’équipe fait {parts[3]} gestes, contre {parts[2]} avant. Avant et après : d’autres causes sont possibles."
            return f"Since this change the customer acts {parts[1]} times per journey instead of {parts[0]}; each time the team makes {parts[3]} moves, against {parts[2]} before. Before and after: other causes are possible."

        yield _finding(
            charter, row, key=f"symmetry:simplified:{row['change']}:{row['journey_type']}:{row['step']}", title=said(title), text=said(text),
            figures=(row["employee_after"], row["employee_after_low"], row["employee_after_high"]), unit="times", table="simplified",
            where=_where(row, "change", "journey_type", "step"), grade="D",
        )  # fmt: skip


def _adopted(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    """Delivered, and not used by most."""
    for row in [row for row in results.adoption if row["high"] is not None and row["high"] < 0.5][
        :MOST_STEPS
    ]:
        tool = charter.employees.tools.get(row["tool"]) if charter.employees else None

        def title(language: Language) -> str:
            name = tool.name.in_(language) if tool and tool.name else row["tool"].replace("_", " ")
            if language == "fr":
                return f"{'Livré à l’heure' if row['on_time'] else 'Livré'}, pas adopté : {name}"
            return f"{'Delivered on time' if row['on_time'] else 'Delivered'}, not adopted: {name}"

        def text(language: Language) -> str:
            used = measured(row["share"], row["low"], row["high"], percent, language)
            around = measured(
                row["workarounds"], row["workarounds_low"], row["workarounds_high"], percent, language
            )
            worked = row["workarounds_low"] is not None and row["workarounds_low"] > 0
            if language == "fr":
                return f"Part de ceux qui devaient l’utiliser et l’utilisent : {used}." + (
                    f" Part de ceux qui le contournent : {around}." if worked else ""
                )
            return f"Share of those who were to use it and do: {used}." + (
                f" Share of those who work around it: {around}." if worked else ""
            )

        yield _finding(
            charter, row, key=f"symmetry:adoption:{row['tool']}", title=said(title), text=said(text), unit="share", table="adoption",
            figures=(row["share"], row["low"], row["high"]), where=_where(row, "tool"),
        )  # fmt: skip


def _ahead(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    """The first lag at which thrust comes before lift."""
    row = next((row for row in results.thrust if row["verdict"] == "thrust_first"), None)
    if row is None:
        return

    def title(language: Language) -> str:
        return (
            "La poussée interne précède la portance client"
            if language == "fr"
            else "Thrust comes before lift"
        )

    def text(language: Language) -> str:
        effect = measured(row["effect"], row["ci_low"], row["ci_high"], number, language)
        weeks = count(row["lag_weeks"], language)
        if language == "fr":
            return f"Dans une même équipe, un écart-type de plus de ce que disent les collaborateurs de leurs moyens va de pair, {weeks} semaine(s) plus tard, avec {effect} écart-type de parcours sans rupture en plus ({count(row['units'], language)} équipes). L’inverse ne se voit pas. Venir avant n’est pas causer."
        return f"Within a team, one standard deviation more of what employees say of their means goes, {weeks} week(s) later, with {effect} standard deviations more of journeys without a break ({count(row['units'], language)} teams). The reverse is not seen. Coming before is not causing."

    yield _finding(
        charter, row, key="symmetry:thrust", title=said(title), text=said(text), unit="sd", table="thrust", grade="D",
        figures=(row["effect"], row["ci_low"], row["ci_high"]), where="verdict = 'thrust_first'",
    )  # fmt: skip


# ---- what is said against what is there


def _ambitions(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    rows = [row for row in results.artificial_reality if row["part"] == "action"]
    whole = next((row for row in rows if row["subject"] == "all"), None)
    lacking = [row for row in rows if row["missing"] and row["subject"] != "all"]
    if whole is None or not lacking:
        return

    def title(language: Language) -> str:
        many, of = count(len(lacking), language), count(whole["n"], language)
        return (
            f"Des ambitions sans moyens : {many} sur {of}"
            if language == "fr"
            else f"Ambitions without means: {many} of {of}"
        )

    def text(language: Language) -> str:
        told = []
        for row in lacking[:MOST_STEPS]:
            ambition = charter.ambitions.get(row["subject"])
            name = ambition.says.in_(language) if ambition else row["subject"]
            without = ", ".join(
                _LACKS[code][0 if language == "fr" else 1] for code in row["missing"].split(",")
            )
            told.append(f"« {name} » : sans {without}" if language == "fr" else f"“{name}”: no {without}")
        more = len(lacking) - len(told)
        rest = (f" ; et {more} autre(s)" if language == "fr" else f"; and {more} more") if more else ""
        return (" ; " if language == "fr" else "; ").join(told) + rest + "."

    yield _finding(
        charter, whole, key="ambition:action", title=said(title), text=said(text), kind="ambition", unit="share", grade="A",
        figures=(whole["gap"], None, None), table="artificial_reality", where="part = 'action' and missing is not null",
        method="artificial-reality", n=whole["n"],
    )  # fmt: skip


def _perceived(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    row = next(
        (
            row
            for row in results.artificial_reality
            if row["part"] == "perception" and row["subject"] == "all"
        ),
        None,
    )
    if row is None or row["gap_low"] is None or row["gap_low"] < PERCEIVED:
        return

    def title(language: Language) -> str:
        return (
            "Ce que l’entreprise dit, ce que ses équipes voient"
            if language == "fr"
            else "What the company says, what its people see"
        )

    def text(language: Language) -> str:
        says = measured(row["said"], row["said_low"], row["said_high"], percent, language)
        lives = measured(row["lived"], row["lived_low"], row["lived_high"], percent, language)
        if language == "fr":
            return f"Part des collaborateurs pour qui l’entreprise dit le client prioritaire : {says} ; part de ceux qui sont satisfaits de l’expérience qu’ils offrent : {lives}."
        return f"Share of employees for whom the company says that the customer comes first: {says}; share satisfied with the experience that they deliver: {lives}."

    yield _finding(
        charter, row, key="ambition:perception", title=said(title), text=said(text), kind="ambition", unit="share", n=row["n"],
        figures=(row["gap"], row["gap_low"], row["gap_high"]), table="artificial_reality", where="part = 'perception'",
        method="artificial-reality",
    )  # fmt: skip


def _believed(charter: Charter, results: Mirrored) -> Iterator[Finding]:
    """A belief entered in time that customers do not live; one entered late proves nothing and is not told."""
    rows = [
        row
        for row in results.artificial_reality
        if row["part"] == "belief" and row["reason"] != "late" and row["gap_low"] is not None and row["unit"] == "share"
        and (row["gap_low"] > PERCEIVED / 2 or row["gap_high"] < -PERCEIVED / 2)
    ]  # fmt: skip
    for row in sorted(rows, key=lambda row: (-abs(row["gap"] or 0.0), row["subject"]))[:MOST_BELIEFS]:
        belief = charter.beliefs.get(row["subject"])
        if belief is None:
            continue
        promise = charter.promises.get(belief.promise or "")
        survey = charter.surveys.get(belief.survey or "")

        def title(language: Language) -> str:
            about = promise.says if promise else survey.name if survey and survey.name else None
            name = about.in_(language) if about else (belief.promise or belief.survey or "").replace("_", " ")
            return (
                f"Ce que croit la direction, ce que vivent les clients : {name}"
                if language == "fr"
                else f"What leaders believe, what customers live: {name}"
            )

        def text(language: Language) -> str:
            lives = measured(row["lived"], row["lived_low"], row["lived_high"], percent, language)
            if language == "fr":
                return f"{belief.by} donnait {percent(row['said'], language, fine=False)} avant de voir les chiffres ; les clients vivent {lives}."
            return f"{belief.by} said {percent(row['said'], language, fine=False)} before seeing the figures; customers live {lives}."

        yield _finding(
            charter, row, key=f"ambition:belief:{row['subject']}", title=said(title), text=said(text), kind="ambition", unit="share",
            figures=(row["gap"], row["gap_low"], row["gap_high"]), table="artificial_reality", where=_where(row, "part", "subject"),
            method="artificial-reality", n=int(row["n"] or 0), grade="B",
        )  # fmt: skip
