"""What keeps customers from staying, and what a kept promise is worth."""

from collections.abc import Iterator, Sequence
from typing import Any

from portance.charter import Charter
from portance.charter.declared import Language
from portance.findings.finding import Finding
from portance.findings.phrasing import BREAK_WORDS, measured, money, number, replied, said, word

Row = dict[str, Any]
MOST_TOLD = 4
_ORDER = {"A": 0, "B": 1, "C": 2, "D": 3, "E": 4}
_WHOLE = ("any_break", "repeated_breaks")


def stay_or_leave(
    charter: Charter, retention: Sequence[Row], customer_value: Sequence[Row]
) -> Iterator[Finding]:
    """Exposures after which customers surely leave more often, the most proven first; then who only stays because held."""
    proven = [row for row in retention if row["reason"] == "all" and row["verdict"] == "more_leave"]
    kinds = [row for row in proven if row["exposure"] not in _WHOLE]
    order = sorted(
        kinds or proven,
        key=lambda row: (_ORDER.get(row["grade"], 5), -row["lost_low"] * row["exposed"], row["exposure"]),
    )
    worth = {row["what"]: row for row in customer_value}
    for row in order[:MOST_TOLD]:
        yield _left(charter, row, worth)
    yield from _held(charter, retention)


def exposure_named(charter: Charter, exposure: str, language: Language) -> str:
    """What a person reads for an exposure."""
    kind, _, name = exposure.partition(":")
    if kind in ("promise", "gap") and name:
        promise = charter.promises.get(name)
        label = promise.says.in_(language) if promise else name.replace("_", " ")
        quoted = f"« {label} »" if language == "fr" else f"“{label}”"
        if kind == "gap":
            return f"{quoted}, manquée de loin" if language == "fr" else f"{quoted}, missed by far"
        return f"{quoted}, non tenue" if language == "fr" else f"{quoted}, not kept"
    words = BREAK_WORDS | {
        "any_break": ("rupture de parcours", "break"),
        "repeated_breaks": ("trois ruptures ou plus", "three breaks or more"),
    }
    return word(words, exposure, language)


def _left(charter: Charter, row: Row, worth: dict[str, Row]) -> Finding:
    exposure = row["exposure"]
    promise = exposure.partition(":")[2] or None
    owners = tuple(charter.promises[promise].owners) if promise in charter.promises else ()
    kept = worth.get(f"kept_promise:{promise}") if exposure.startswith("promise:") else None
    lost = worth.get("lost_customer")
    cause = row["grade"] in ("A", "B")
    concerned = row["exposed"] * (row["sampled"] or 1)
    value, sure = row["lost_per_100"] / 100 * concerned, row["lost_low"] / 100 * concerned

    def title(language: Language) -> str:
        name = exposure_named(charter, exposure, language)
        return (
            f"{name[0].upper()}{name[1:]} : des clients s’en vont"
            if language == "fr"
            else f"{name[0].upper()}{name[1:]}: customers leave"
        )

    def text(language: Language) -> str:
        name = exposure_named(charter, exposure, language)
        more = measured(row["lost_per_100"], row["lost_low"], row["lost_high"], number, language)
        days = round((charter.retention.horizon if charter.retention else 0) / 86_400e6)
        tail = _worth_of(charter, kept, language)
        if language == "fr":
            link = (
                f"{name} fait partir {more} clients de plus sur 100"
                if cause
                else f"sur 100 clients qui l’ont vécu ({name}), {more} de plus s’en vont que parmi des clients comparables"
            )
            proof = (
                ""
                if cause or row["grade"] == "C"
                else " C’est une association : partir peut aussi amener la rupture."
            )
            return f"En {days} jours, {link}.{proof}{tail}"
        link = (
            f"{name} makes {more} more customers in 100 leave"
            if cause
            else f"of 100 customers who lived it ({name}), {more} more leave than among comparable ones"
        )
        proof = (
            "" if cause or row["grade"] == "C" else " It is an association: leaving may also bring the break."
        )
        return f"Within {days} days, {link}.{proof}{tail}"

    amounts = (None, None, None)
    if lost and None not in (lost["value"], lost["low"], lost["high"]):
        amounts = (
            value * lost["value"],
            min(sure * lost["low"], sure * lost["high"]),
            row["lost_high"] / 100 * concerned * lost["high"],
        )
    return Finding(
        key=f"retention:{exposure}", kind="retention", title=said(title), text=said(text), value=row["lost_per_100"],
        ci_low=row["lost_low"], ci_high=row["lost_high"], unit="customers per 100", n=row["persons"], grade=row["grade"], owners=owners,
        people=concerned, people_low=max(sure, 0.0), money=amounts[0], money_low=amounts[1], money_high=amounts[2],
        promise=promise if promise in charter.promises else None, rows_table="retention",
        rows_filter="exposure = '" + exposure.replace("'", "''") + "' and reason = 'all'", method="retention", **replied(charter, owners),
    )  # fmt: skip


def _worth_of(charter: Charter, kept: Row | None, language: Language) -> str:
    """What keeping the promise once is worth; nothing where it could be nothing."""
    if kept is None or kept["low"] is None or kept["low"] <= 0:
        return ""
    currency = charter.company.currency
    told = measured(
        kept["value"], kept["low"], kept["high"], lambda value, lang: money(value, currency, lang), language
    )
    if language == "fr":
        basis = "marge mesurée" if kept["source"] == "measured" else "valeur déclarée d’un client"
        return f" Une promesse tenue vaut {told}, d’après la {basis}."
    basis = "measured margin" if kept["source"] == "measured" else "declared value of a customer"
    return f" One kept promise is worth {told}, by the {basis}."


def _held(charter: Charter, retention: Sequence[Row]) -> Iterator[Finding]:
    """Where breaks drive away those who are free and not those who are held: their staying is not satisfaction."""
    told = {
        row["reason"]: row
        for row in retention
        if row["exposure"] == "any_break" and row["lost_low"] is not None
    }
    free, held = told.get("free"), told.get("held")
    if free is None or held is None or free["verdict"] != "more_leave" or held["verdict"] == "more_leave":
        return
    if free["lost_low"] <= held["lost_high"]:
        return
    grade = free["grade"]

    def text(language: Language) -> str:
        one = measured(free["lost_per_100"], free["lost_low"], free["lost_high"], number, language)
        other = measured(held["lost_per_100"], held["lost_low"], held["lost_high"], number, language)
        if language == "fr":
            return f"Après une rupture, {one} clients de plus sur 100 s’en vont quand partir est facile, et {other} quand partir est difficile. Que ces derniers restent ne dit pas qu’ils sont satisfaits."
        return f"After a break, {one} more customers in 100 leave where leaving is easy, and {other} where it is hard. That the latter stay does not say that they are satisfied."

    yield Finding(
        key="retention:held", kind="retention", title=said(lambda language: "Ils restent parce qu’ils sont tenus" if language == "fr" else "They stay because they are held"),
        text=said(text), value=free["lost_per_100"] - held["lost_per_100"], ci_low=free["lost_low"] - held["lost_high"],
        ci_high=free["lost_high"] - held["lost_low"], unit="customers per 100", n=free["persons"] + held["persons"], grade=grade, owners=(),
        people=held["exposed"], people_low=0.0, rows_table="retention", rows_filter="exposure = 'any_break' and reason in ('free', 'held')",
        method="retention", **replied(charter, ()),
    )  # fmt: skip
