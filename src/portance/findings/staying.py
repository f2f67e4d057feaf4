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
_AND = "+"
_PERIODS = {
    "week": (("semaine", "semaines"), ("week", "weeks")),
    "month": (("mois", "mois"), ("month", "months")),
}
_DAYS = {"week": 7.0, "month": 30.4375}


def stay_or_leave(
    charter: Charter, retention: Sequence[Row], customer_value: Sequence[Row]
) -> Iterator[Finding]:
    """Exposures soon after which customers surely leave more often, the most proven first; then who only stays because held."""
    proven = [row for row in retention if row["reason"] == "all" and row["verdict"] == "more_leave"]
    kinds = [row for row in proven if row["exposure"] not in _WHOLE]
    order = sorted(
        kinds or proven,
        key=lambda row: (_ORDER.get(row["grade"], 5), -row["soon_low"] * row["exposed"], row["exposure"]),
    )
    worth = {row["what"]: row for row in customer_value}
    for row in order[:MOST_TOLD]:
        yield _left(charter, row, worth)
    yield from _held(charter, retention)


def exposure_named(charter: Charter, exposure: str, language: Language) -> str:
    """What a person reads for an exposure; both names where two are told as one."""
    if _AND in exposure:
        # breaks before promises: what is quoted, and not kept, is read last
        parts = sorted(exposure.split(_AND), key=lambda part: ":" in part)
        names = [exposure_named(charter, part, language) for part in parts]
        return f"{', '.join(names[:-1])} {'et' if language == 'fr' else 'and'} {names[-1]}"
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
    promises = [name for name in _promises(exposure) if name in charter.promises]
    owners = tuple(dict.fromkeys(owner for name in promises for owner in charter.promises[name].owners))
    broken = [part.partition(":")[2] for part in exposure.split(_AND) if part.startswith("promise:")]
    kept = next((held for name in broken if (held := worth.get(f"kept_promise:{name}"))), None)
    lost = worth.get("lost_customer")
    cause = row["grade"] in ("A", "B")
    concerned = row["exposed"] * (row["sampled"] or 1)

    def title(language: Language) -> str:
        name = exposure_named(charter, exposure, language)
        return (
            f"{name[0].upper()}{name[1:]} : des clients s’en vont"
            if language == "fr"
            else f"{name[0].upper()}{name[1:]}: customers leave"
        )

    def text(language: Language) -> str:
        name = exposure_named(charter, exposure, language)
        more = measured(row["soon_per_100"], row["soon_low"], row["soon_high"], number, language)
        while_recent = _soon(charter, row["soon_periods"], language)
        tail = _over_the_horizon(charter, row, language) + _worth_of(charter, kept, language)
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
            return f"Dans les {while_recent} qui suivent, {link}.{proof}{tail}"
        link = (
            f"{name} makes {more} more customers in 100 leave"
            if cause
            else f"of 100 customers who lived it ({name}), {more} more leave than among comparable ones"
        )
        proof = (
            "" if cause or row["grade"] == "C" else " It is an association: leaving may also bring the break."
        )
        return f"Within the {while_recent} that follow, {link}.{proof}{tail}"

    amounts = (None, None, None)
    # a lost customer's worth is that of the horizon: without departures told over it there is no amount
    if (
        row["whole"]
        and row["lost_low"] > 0
        and lost
        and None not in (lost["value"], lost["low"], lost["high"])
    ):
        amounts = (
            row["lost_per_100"] / 100 * concerned * lost["value"],
            row["lost_low"] / 100 * concerned * lost["low"],
            row["lost_high"] / 100 * concerned * lost["high"],
        )
    return Finding(
        key=f"retention:{exposure}", kind="retention", title=said(title), text=said(text), value=row["soon_per_100"],
        ci_low=row["soon_low"], ci_high=row["soon_high"], unit="customers per 100", n=row["persons"], grade=row["grade"], owners=owners,
        people=concerned, people_low=max(row["soon_low"] / 100 * concerned, 0.0), money=amounts[0], money_low=amounts[1], money_high=amounts[2],
        promise=promises[0] if promises else None, rows_table="retention",
        rows_filter="exposure = '" + exposure.replace("'", "''") + "' and reason = 'all'", method="retention", **replied(charter, owners),
    )  # fmt: skip


def _promises(exposure: str) -> tuple[str, ...]:
    """The promises that an exposure is about, missed or missed by far."""
    return tuple(name for part in exposure.split(_AND) if (name := part.partition(":")[2]))


def _soon(charter: Charter, periods: int, language: Language) -> str:
    """For how long what happened is recent: 3 months, 13 weeks."""
    one, many = _PERIODS[charter.retention.period if charter.retention else "month"][language == "en"]
    return f"{periods} {one if periods == 1 else many}"


def _over_the_horizon(charter: Charter, row: Row, language: Language) -> str:
    """What is known of the whole horizon, or that nothing is; nothing where it is no longer than what is recent."""
    told = charter.retention
    days = round(told.horizon / 86_400e6) if told else 0
    if told is None or row["lost_low"] is None or round(days / _DAYS[told.period]) <= row["soon_periods"]:
        return ""
    year = 360 <= days <= 370
    if row["whole"]:
        held = measured(row["lost_per_100"], row["lost_low"], row["lost_high"], number, language)
    else:
        held = measured(None, row["lost_low"], row["lost_high"], number, language)
    if language == "fr":
        over = f" Sur {'un an' if year else f'{days} jours'},"
        return (
            f"{over} l’écart est de {held} pour 100."
            if row["whole"]
            else f"{over} on ne peut pas le dire : {held} pour 100."
        )
    over = f" Over {'a year' if year else f'{days} days'},"
    return (
        f"{over} the difference is {held} in 100."
        if row["whole"]
        else f"{over} it cannot be told: {held} in 100."
    )


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
        if row["exposure"] == "any_break" and row["soon_low"] is not None
    }
    free, held = told.get("free"), told.get("held")
    if free is None or held is None or free["verdict"] != "more_leave" or held["verdict"] == "more_leave":
        return
    if free["soon_low"] <= held["soon_high"]:
        return
    grade = free["grade"]

    def text(language: Language) -> str:
        one = measured(free["soon_per_100"], free["soon_low"], free["soon_high"], number, language)
        other = measured(held["soon_per_100"], held["soon_low"], held["soon_high"], number, language)
        while_recent = _soon(charter, free["soon_periods"], language)
        if language == "fr":
            return f"Dans les {while_recent} qui suivent une rupture, {one} clients de plus sur 100 s’en vont quand partir est facile, et {other} quand partir est difficile. Que ces derniers restent ne dit pas qu’ils sont satisfaits."
        return f"Within the {while_recent} that follow a break, {one} more customers in 100 leave where leaving is easy, and {other} where it is hard. That the latter stay does not say that they are satisfied."

    yield Finding(
        key="retention:held", kind="retention", title=said(lambda language: "Ils restent parce qu’ils sont tenus" if language == "fr" else "They stay because they are held"),
        text=said(text), value=free["soon_per_100"] - held["soon_per_100"], ci_low=free["soon_low"] - held["soon_high"],
        ci_high=free["soon_high"] - held["soon_low"], unit="customers per 100", n=free["persons"] + held["persons"], grade=grade, owners=(),
        people=held["exposed"], people_low=0.0, rows_table="retention", rows_filter="exposure = 'any_break' and reason in ('free', 'held')",
        method="retention", **replied(charter, ()),
    )  # fmt: skip
