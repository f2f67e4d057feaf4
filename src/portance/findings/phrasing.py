"""How findings are said, in French and in English: figures with their intervals, never a cause that was not shown."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from babel.numbers import format_currency, format_decimal, format_percent

from portance.charter import Charter
from portance.charter.declared import Language, Text

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}

BREAK_WORDS: dict[str, tuple[str, str]] = {
    "repeat_contact": ("contact répété", "repeat contact"),
    "useless_transfer": ("transfert inutile", "useless transfer"),
    "ping_pong": ("renvoi de l’un à l’autre", "ping-pong"),
    "forced_channel_switch": ("changement de canal forcé", "forced channel switch"),
    "long_wait": ("attente trop longue", "long wait"),
    "abandonment": ("abandon", "abandonment"),
    "dead_end": ("impasse automatique", "dead end"),
    "broken_promise": ("promesse non tenue", "broken promise"),
    "reopened": ("dossier rouvert", "reopened case"),
    "asked_again": ("client contraint de se répéter", "customer asked again"),
}
UNIT_WORDS: dict[str, tuple[str, str]] = {
    "seconds": ("secondes", "seconds"),
    "minutes": ("minutes", "minutes"),
    "hours": ("heures", "hours"),
    "days": ("jours", "days"),
    "calendar_days": ("jours calendaires", "calendar days"),
    "business_hours": ("heures ouvrées", "business hours"),
    "business_days": ("jours ouvrés", "business days"),
}


def said(make: Callable[[Language], str]) -> Text:
    """The same sentence in both languages, French with its unbreakable spaces."""
    return Text(fr=_spaced(make("fr")), en=make("en"))


def _spaced(text: str) -> str:
    text = re.sub(r" ([;?!%€])", "\u202f\\1", text)
    text = re.sub(r" ([:»])", "\u00a0\\1", text)
    return text.replace("« ", "«\u00a0")


def word(words: dict[str, tuple[str, str]], key: str, language: Language) -> str:
    """A word of a list, or the key itself."""
    pair = words.get(key)
    return key.replace("_", " ") if pair is None else pair[0 if language == "fr" else 1]


def count(value: float, language: Language) -> str:
    """A whole number."""
    return format_decimal(round(value), format="#,##0", locale=_LOCALES[language])


def number(value: float, language: Language, *, fine: bool = False) -> str:
    """A number with one decimal below 100 (two where it is ``fine``), none above."""
    pattern = "#,##0.00" if fine else "#,##0" if abs(value) >= 100 or value == round(value) else "#,##0.0"
    return format_decimal(value, format=pattern, locale=_LOCALES[language])


def percent(value: float, language: Language, *, fine: bool | None = None) -> str:
    """A share, with one decimal near either end (``fine``), so that small differences there can be read."""
    if fine if fine is not None else _near_an_end(value):
        pattern = "#,##0.0 %" if language == "fr" else "#,##0.0%"
    else:
        pattern = "#,##0 %" if language == "fr" else "#,##0%"
    return format_percent(value, format=pattern, locale=_LOCALES[language])


def _near_an_end(value: float) -> bool:
    return 0 < value < 0.0995 or 0.9005 < value < 1


def shares(row: Mapping[str, float | None], name: str, language: Language) -> str:
    """A share and its interval, told to the same decimal."""
    values = (row[name], row["ci_low"], row["ci_high"])
    told = [value for value in values if value is not None]
    fine = any(map(_near_an_end, told)) and not any(0.0995 <= value <= 0.9005 for value in told[:1])
    return measured(*values, partial(percent, fine=fine), language)


def money(value: float, currency: str, language: Language) -> str:
    """An amount, without cents."""
    return format_currency(
        round(value),
        currency,
        format="¤#,##0" if language == "en" else "#,##0 ¤",
        locale=_LOCALES[language],
        currency_digits=False,
    )


def measured(
    value: float | None, low: float | None, high: float | None, make: Callable[[float, Language], str], language: Language
) -> str:  # fmt: skip
    """A figure with its interval in brackets; the interval alone where too few persons stand behind the figure."""
    to = "à" if language == "fr" else "to"
    if low is not None and high is not None:
        between = _once(
            make(low, language), make(high, language), None if value is None else make(value, language)
        )
        if between is not None:
            least, most, unit = between
            if value is None:
                return f"{'de ' if language == 'fr' else ''}{least} {to} {most}{unit}"
            return f"{make(value, language)} ({least} {to} {most})"
    if value is None:
        if low is None or high is None:
            return "—"
        return f"{'de ' if language == 'fr' else ''}{make(low, language)} {to} {make(high, language)}"
    if low is None and high is None:
        return make(value, language)
    if low is None or high is None:
        bound = low if low is not None else high
        least = (
            ("au moins" if language == "fr" else "at least")
            if high is None
            else ("au plus" if language == "fr" else "at most")
        )
        return f"{make(value, language)} ({least} {make(bound or 0.0, language)})"
    return f"{make(value, language)} ({make(low, language)} {to} {make(high, language)})"


_COUNTED = re.compile(r"(?P<number>[-−+]?\d[\d\s.,]*?)(?P<unit>\s+[^\W\d].*)$", re.DOTALL)
"""A number and the words that follow it; a sign such as %, or a currency, is no word and stays with each."""


def _once(low: str, high: str, value: str | None) -> tuple[str, str, str] | None:
    """Both ends without their unit, and that unit, where all say the same one in words: it is said once."""
    found = [_COUNTED.fullmatch(said) for said in (low, high, *([] if value is None else [value]))]
    if not all(found):
        return None
    units = [one["unit"] for one in found if one]
    if len({re.sub(r"s\b", "", unit) for unit in units}) > 1:
        return None
    ends = [one["number"] for one in found if one]
    return ends[0], ends[1], units[1]


def people(value: int, language: Language, *, known: bool = True) -> str:
    """How many customers; cases where no source tells who they are."""
    if language == "fr":
        return f"{count(value, language)} {'client' if known else 'dossier'}{'s' if value > 1 else ''}"
    return f"{count(value, language)} {'customer' if known else 'case'}{'' if value == 1 else 's'}"


def functions(charter: Charter, first: str | None, second: str | None, language: Language) -> str:
    """Both sides of a seam."""
    a, b = charter.label(first, language), charter.label(second, language)
    if first == second or second is None:
        return f"Au sein de {a}" if language == "fr" else f"Within {a}"
    if first is None:
        return f"À l’arrivée chez {b}" if language == "fr" else f"On reaching {b}"
    return f"Entre {a} et {b}" if language == "fr" else f"Between {a} and {b}"


def functional(name: str, language: Language) -> str:
    """Where a promise is read, in brackets: nothing for a share, whose figure says it."""
    if name == "share":
        return ""
    words = {
        "mean": ("en moyenne", "on average"),
        "median": ("pour un client sur deux", "for one customer in two"),
    }
    if name in words:
        return f" ({word(words, name, language)})"
    return f" ({name[1:]}e centile)" if language == "fr" else f" (percentile {name[1:]})"


def sql_text(value: str | None) -> str:
    """A value as the right side of an SQL equality that also holds for null."""
    return "is null" if value is None else "= '" + value.replace("'", "''") + "'"


def replied(charter: Charter, owners: Sequence[str]) -> dict[str, Any]:
    """The status and the reply of a finding about functions of which one has replied; else nothing."""
    for name in owners:
        function = charter.functions.get(name)
        if function and function.replied:
            return {"status": "replied", "reply": function.reply}
    return {}
