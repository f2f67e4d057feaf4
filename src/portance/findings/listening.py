"""What silence and surveys amount to: figures that speak of answerers only, conclusions that silence could undo, askings too many."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from portance.charter import Charter
from portance.charter.declared import Language
from portance.findings.finding import Finding
from portance.findings.phrasing import count, measured, number, percent, replied, said

Row = dict[str, Any]
MOST_SILENT, MOST_PRESSURE = 6, 4
SMALLEST_MOVE = 0.01
"""Of the range: a figure that counting the silent moves by less is not told to be moved."""
SMALLEST_OVER = 0.05
"""Told from this share of persons addressed too often, by the lower end of its interval."""
RECENT_MONTHS = 3
_RANGE = {"share": 1.0, "points": 200.0}


def listen(
    charter: Charter,
    silent: Sequence[Row],
    restraint: Sequence[Row],
    pressure: Sequence[Row],
    associations: Sequence[Row] = (),
) -> Iterator[Finding]:
    """Every candidate, unranked, from the rows of ``silent``, ``restraint``, ``pressure`` and ``pressure_answers``."""
    yield from _moved(charter, silent)
    yield from _fragile(charter, silent)
    yield from _pressed(charter, pressure)
    yield from _enough(charter, restraint, associations)


def _named(charter: Charter, name: str, language: Language) -> str:
    survey = charter.surveys.get(name)
    text = survey.name.in_(language) if survey and survey.name else name.replace("_", " ")
    return f"« {text} »" if language == "fr" else f"“{text}”"


def _range_of(charter: Charter, row: Row) -> float:
    survey = charter.surveys.get(row["question"])
    ends = survey.ends if survey else None
    return _RANGE.get(row["unit"]) or ((ends[1] - ends[0]) if ends else 1.0)


def _level(row: Row, value: float, language: Language) -> str:
    if row["unit"] == "share":  # one decimal only where it changes what is read
        return percent(value, language, fine=value < 0.05 or value > 0.95)
    if row["unit"] == "points":
        return f"{number(value, language)} points"
    return _fine(value, language)


def _apart(row: Row, value: float, language: Language) -> str:
    """A difference in the figure's unit; between shares it is told in points."""
    if row["unit"] == "scale":
        return _fine(value, language)
    return f"{number(value * (100 if row['unit'] == 'share' else 1), language)} points"


def _fine(value: float, language: Language) -> str:
    return f"{value:.2f}".replace(".", "," if language == "fr" else ".")


def _moved(charter: Charter, silent: Sequence[Row]) -> Iterator[Finding]:
    """Those who answer are not the customers: the figure of everyone surely differs from that of the answers."""
    found = [
        row for row in silent
        if row["segment"] == "all" and row["estimate"] is not None and row["naive"] is not None
        and (row["moved_low"] > 0 or row["moved_high"] < 0)
        and abs(row["moved"]) >= SMALLEST_MOVE * _range_of(charter, row)
    ]  # fmt: skip
    found.sort(key=lambda row: (-abs(row["moved"]) / _range_of(charter, row), row["question"]))
    for row in found[:MOST_SILENT]:

        def text(language: Language, row: Row = row) -> str:
            name = _named(charter, row["question"], language)
            shown = measured(
                row["estimate"],
                row["ci_low"],
                row["ci_high"],
                lambda value, lang: _level(row, value, lang),
                language,
            )
            band = [_level(row, row[key], language) for key in ("band_low", "band_high")]
            plain = _level(row, row["naive"], language)
            again = row["follow_up"]
            measured_band = row["band_from"] == "follow_up"
            if language == "fr":
                ask = (
                    f" {count(again, language)} silencieux tirés au sort et relancés suffiraient à le savoir."
                    if again and not measured_band
                    else ""
                )
                hidden = (
                    f"Une relance tirée au sort situe le chiffre de {band[0]} à {band[1]}."
                    if measured_band
                    else f"Ce que le silence peut encore cacher : de {band[0]} à {band[1]}.{ask}"
                )
                return f"{name} : {plain} d’après ceux qui répondent ({percent(row['rate'], language)} des demandes), {shown} pour tous les clients, d’après ce qu’ils ont vécu. {hidden}"
            ask = (
                f" {count(again, language)} silent ones drawn by lot and asked again would settle it."
                if again and not measured_band
                else ""
            )
            hidden = (
                f"A follow-up drawn by lot puts the figure between {band[0]} and {band[1]}."
                if measured_band
                else f"What silence can still hide: {band[0]} to {band[1]}.{ask}"
            )
            return f"{name}: {plain} by those who answer ({percent(row['rate'], language)} of askings), {shown} for all customers, by what they lived. {hidden}"

        def title(language: Language, row: Row = row) -> str:
            better = (row["moved"] < 0) == (row["better"] == "higher")
            if language == "fr":
                return (
                    "Ceux qui répondent sont plus satisfaits que les autres"
                    if better
                    else "Ceux qui répondent sont moins satisfaits que les autres"
                )
            return (
                "Those who answer are more satisfied than the others"
                if better
                else "Those who answer are less satisfied than the others"
            )

        yield _finding(charter, row, f"silent:{row['question']}", grade="C", title=title, text=text)


def _fragile(charter: Charter, silent: Sequence[Row]) -> Iterator[Finding]:
    """A target that is met or missed, unless the silent differ a little."""
    told = 0
    for row in sorted(silent, key=lambda one: (one["question"], one["segment"])):
        flips = row["flips_at"]
        if row["segment"] != "all" or row["against"] != "target" or flips is None or row["delta"] is None:
            continue
        if row["band_from"] == "follow_up" or abs(flips) > row["delta"] or told >= MOST_SILENT:
            continue
        told += 1

        def text(language: Language, row: Row = row, flips: float = flips) -> str:
            name = _named(charter, row["question"], language)
            apart, target = _apart(row, abs(flips), language), _level(row, row["target"], language)
            met = row["verdict"] == "met"
            worse = (flips < 0) == (row["better"] == "higher")
            warned = "late_answers_differ" in (row["warning"] or "")
            if language == "fr":
                late = (
                    " Les réponses tardives vont déjà dans un autre sens que les premières." if warned else ""
                )
                how = "moins" if worse else "plus"
                return f"L’objectif de {target} pour {name} est {'tenu' if met else 'manqué'} si les silencieux pensent comme ceux qui répondent et ont vécu la même chose. Il suffirait qu’ils soient {how} satisfaits de {apart} pour qu’on ne puisse plus le dire.{late}"
            late = " Late answers already differ from early ones." if warned else ""
            how = "less" if worse else "more"
            return f"The target of {target} for {name} is {'met' if met else 'missed'} if the silent think as those who answer and lived the same. If they were {how} satisfied by {apart}, it could no longer be said.{late}"

        def title(language: Language) -> str:
            return (
                "Une conclusion que le silence peut renverser"
                if language == "fr"
                else "A conclusion that silence could undo"
            )

        yield _finding(charter, row, f"silent:{row['question']}:flips", grade="D", title=title, text=text)


def _finding(charter: Charter, row: Row, key: str, *, grade: Any, title: Any, text: Any) -> Finding:
    owners = (row["function"],) if row["function"] else ()
    journeys, people = row["journeys"] or 0, row["people"] or 0
    quiet = round(people * (1 - row["answers"] / journeys)) if journeys else 0
    return Finding(
        key=key, kind="silent", title=said(title), text=said(text), value=row["estimate"], ci_low=row["ci_low"],
        ci_high=row["ci_high"], unit=row["unit"], n=row["answers"], grade=grade, owners=owners, people=quiet, people_low=0.0,
        rows_table="silent", rows_filter=f"question = '{row['question']}' and segment = '{row['segment']}'",
        method="silent-majority", **replied(charter, owners),
    )  # fmt: skip


def _pressed(charter: Charter, pressure: Sequence[Row]) -> Iterator[Finding]:
    """Functions that address customers beyond the limit, over the last months that had contacts."""
    if "pressure" not in charter.model_fields_set:
        return  # a limit that the company did not set is no reproach: the table tells it, no finding does
    by_function: dict[str, list[Row]] = {}
    for row in sorted(pressure, key=lambda one: one["period"]):
        if row["function"] is not None and row["over_share"] is not None:
            by_function.setdefault(row["function"], []).append(row)
    latest = max((row["period"] for rows in by_function.values() for row in rows), default=None)
    found = []
    for function, rows in by_function.items():
        recent = [
            row for row in rows if latest is not None and _months(row["period"], latest) < RECENT_MONTHS
        ]
        worst = max(recent, key=lambda row: (row["over_low"], row["period"]), default=None)
        if worst is not None and worst["over_low"] >= SMALLEST_OVER:
            found.append((function, worst))
    found.sort(key=lambda pair: (-pair[1]["over"], pair[0]))
    for function, row in found[:MOST_PRESSURE]:

        def text(language: Language, function: str = function, row: Row = row) -> str:
            name = charter.label(function, language)
            share = measured(row["over_share"], row["over_low"], row["over_high"], percent, language)
            month, days = (
                f"{row['period']:%m/%Y}" if language == "fr" else f"{row['period']:%Y-%m}",
                number(row["within_days"], language),
            )
            if language == "fr":
                return f"{name} : en {month}, {share} des clients qu’elle a contactés l’ont été au-delà de {row['most']} contacts en {days} jours, tous services confondus ({count(row['above'], language)} contacts de trop)."
            return f"{name}: in {month}, {share} of the customers it contacted were beyond {row['most']} contacts in {days} days, all functions counted ({count(row['above'], language)} contacts too many)."

        def title(language: Language) -> str:
            return "Des clients trop sollicités" if language == "fr" else "Customers addressed too often"

        owners = (function,)
        yield Finding(
            key=f"pressure:{function}", kind="pressure", title=said(title), text=said(text), value=row["over_share"],
            ci_low=row["over_low"], ci_high=row["over_high"], unit="share", n=row["persons"], grade="A", owners=owners,
            people=row["over"], people_low=row["over_low"] * row["persons"], rows_table="pressure",
            rows_filter=f"function = '{function}'", method="restraint", **replied(charter, owners),
        )  # fmt: skip


def _months(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


def _enough(charter: Charter, restraint: Sequence[Row], associations: Sequence[Row]) -> Iterator[Finding]:
    """Questions that have answers enough: what asking on goes with stands beside."""
    known = {row["question"]: row for row in associations}
    found = [
        row for row in restraint if row["stop"] and row["spared"] and row["answers"] >= 2 * row["needed"]
    ]
    for row in sorted(found, key=lambda one: (-one["spared"], one["question"]))[:MOST_PRESSURE]:
        beside = known.get(row["question"])

        def text(language: Language, row: Row = row, beside: Row | None = beside) -> str:
            name = _named(charter, row["question"], language)
            figures = [count(row[key], language) for key in ("answers", "needed", "spared")]
            wanted = _apart(row, row["wanted"], language)
            falls = _falling(beside, language)
            if language == "fr":
                return f"{name} a reçu {figures[0]} réponses en treize semaines ; {figures[1]} suffisent pour connaître le chiffre à {wanted} près. {figures[2]} demandes auraient pu être évitées. Plus de réponses des mêmes n’apprend rien des silencieux.{falls}"
            return f"{name} had {figures[0]} answers in thirteen weeks; {figures[1]} suffice to know the figure within {wanted}. {figures[2]} askings could have been spared. More answers from the same customers tell nothing of the silent.{falls}"

        def title(language: Language) -> str:
            return (
                "Une question qui a assez de réponses"
                if language == "fr"
                else "A question with answers enough"
            )

        owners = (row["function"],) if row["function"] else ()
        yield Finding(
            key=f"restraint:{row['question']}", kind="pressure", title=said(title), text=said(text), value=float(row["spared"]),
            ci_low=None, ci_high=None, unit="askings", n=row["answers"], grade="A", owners=owners, people=0, people_low=0.0,
            rows_table="restraint", rows_filter=f"question = '{row['question']}'", method="restraint",
            **replied(charter, owners),
        )  # fmt: skip


def _falling(row: Row | None, language: Language) -> str:
    """The response rate and what goes with it, where it surely falls or pressure surely goes with fewer answers."""
    if row is None:
        return ""
    made = ""
    first, last = row["first_rate"], row["last_rate"]
    if row["month_high"] is not None and row["month_high"] < 0 and first is not None and last is not None:
        rates = percent(first, language), percent(last, language)
        made += (
            f" Le taux de réponse est passé de {rates[0]} à {rates[1]}."
            if language == "fr"
            else f" The response rate went from {rates[0]} to {rates[1]}."
        )
    if row["verdict"] == "goes_with_fewer":
        each = [number(abs(row[key]) * 100, language) for key in ("per_contact", "ci_high", "ci_low")]
        made += (
            f" Chez une même personne, un contact de plus va de pair avec {each[0]} points de réponses en moins ({each[1]} à {each[2]}) : une association."
            if language == "fr"
            else f" Within a person, one more contact goes with {each[0]} points fewer answers ({each[1]} to {each[2]}): an association."
        )
    return made
