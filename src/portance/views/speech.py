"""How a figure, a date or an amount is said in French and in English."""

import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, TypeGuard
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_currency_symbol
from babel.units import format_unit

from portance.views.figure import FEWEST_PERSONS, Figure
from portance.views.wording import WORDS, Key

Language = Literal["fr", "en"]
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_BEYOND = 1e15
_ONE_IN_TEN = 0.085
_NARROW = "\u202f"
_SHARES = frozenset({"share", "rate", "proportion"})
_TIMES = {
    "seconds": "duration-second", "minutes": "duration-minute", "hours": "duration-hour",
    "days": "duration-day", "calendar_days": "duration-day", "s": "duration-second", "min": "duration-minute",
    "h": "duration-hour", "d": "duration-day", "weeks": "duration-week",
}  # fmt: skip
_STEPS_MS = (
    (1_000, 90_000, "duration-second"),
    (60_000, 90 * 60_000, "duration-minute"),
    (3_600_000, 48 * 3_600_000, "duration-hour"),
)
_DAY_MS = 86_400_000


class Speech:
    """One language, with the currency and the time zone of a company.

    ``cases`` where no person is known: what would be said of customers is said of cases.
    """

    def __init__(
        self, language: Language, currency: str = "EUR", zone: str = "UTC", *, cases: bool = False
    ) -> None:
        self.language, self.currency, self.cases = language, currency, cases
        self._french = language == "fr"
        self._locale = _locale(_LOCALES[language])
        self._zone = ZoneInfo(zone)

    def say(self, key: Key, **given: object) -> str:
        """The wording of ``key``, its placeholders filled with what is given (numbers as this language writes them)."""
        text = self._words(key)
        filled = {name: self.number(value) if _counts(value) else value for name, value in given.items()}
        return text.format(**filled) if filled else text

    def _words(self, key: Key) -> str:
        pair = (WORDS.get(f"{key}.case") if self.cases else None) or WORDS[key]
        return pair[0 if self._french else 1]

    def knows(self, key: str) -> bool:
        """Whether there is a wording for a key made from data."""
        return key in WORDS

    def many(self, key: Key, count: float, **given: object) -> str:
        """The wording of ``key`` for a count: its singular and plural stand on both sides of ``|``."""
        text = self._words(key)
        one, _, more = text.partition("|")
        # French says 1,5 heure and 0 client in the singular; English keeps the singular for exactly one.
        single = abs(count) < 2 if self._french else count == 1
        filled = {name: self.number(value) if _counts(value) else value for name, value in given.items()}
        return (one if single or not more else more).format(n=self.number(count), **filled)

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with its separators; an em dash where there is none."""
        if value is None:
            return "—"
        if abs(value) >= _BEYOND:
            return f"{value:.2e}"
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self._locale)

    def compact(self, value: float) -> str:
        """A large count in a narrow place: 1 234, then 12,3 k, 4,6 M."""
        factor, suffix = _scale(value, ("k", "M", "Md" if self._french else "bn"))
        if not suffix:
            return self.number(value)
        return (
            f"{self.number(value / factor, _digits(value / factor))}{_NARROW if self._french else ''}{suffix}"
        )

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share from 0 to 1 as a percentage."""
        if share is None:
            return "—"
        sign = f"{_NARROW}%" if self._french else "%"
        return self.number(share * 100, digits) + sign

    def money(self, amount: float | None, currency: str = "", beside: float | None = None) -> str:
        """An amount rounded as a person would say it: 840 €, 31 k€, 1,2 M€; on the scale of ``beside`` where given."""
        if amount is None:
            return "—"
        said, suffix = self._on_scale(amount, amount if beside is None else beside)
        symbol = get_currency_symbol(currency or self.currency, locale=self._locale)
        if self._french:
            return f"{said}\u00a0{suffix}{symbol}"
        return f"-{symbol}{said[1:]}{suffix}" if said.startswith("-") else f"{symbol}{said}{suffix}"

    def money_between(self, low: float, high: float, currency: str = "") -> str:
        """From one amount to another, on one scale."""
        last = self.money(high, currency)
        first = self._on_scale(low, high)[0] if self._french else self.money(low, currency, high)
        return self.say("to", low=first, high=last)

    def _on_scale(self, amount: float, beside: float) -> tuple[str, str]:
        factor, suffix = _scale(beside, ("k", "M", "Md") if self._french else ("k", "m", "bn"))
        return self.number(amount / factor, _digits(max(1.0, abs(beside) / factor)) if suffix else 0), suffix

    def duration(self, milliseconds: float | None) -> str:
        """A length of time in the unit that fits it."""
        if milliseconds is None:
            return "—"
        for factor, below, unit in _STEPS_MS:
            if abs(milliseconds) < below:
                return self._unit(milliseconds / factor, unit)
        return self._unit(milliseconds / _DAY_MS, "duration-day")

    def day(self, value: date | datetime | None) -> str:
        """A date: 1er mars 2025, 3 mars 2025, 3 March 2025."""
        if value is None:
            return "—"
        local = value.astimezone(self._zone) if isinstance(value, datetime) and value.tzinfo else value
        said = format_date(local, format="long", locale=self._locale)
        return f"1er {said[2:]}" if self._french and local.day == 1 else said

    def instant(self, value: datetime | None) -> str:
        """An instant in the company's zone, to the minute."""
        if value is None:
            return "—"
        local = value.astimezone(self._zone) if value.tzinfo else value
        pattern = "d MMM y, HH:mm"
        return format_datetime(local, format=pattern, locale=self._locale)

    def month(self, period: str) -> str:
        """A month given as its first day, ``2018-03-01``; any other text stands for itself."""
        try:
            found = date.fromisoformat(period)
        except ValueError:
            return period
        return format_date(found, format="MMM y", locale=self._locale)

    def short_instant(self, value: datetime | None) -> str:
        """An instant without its year, for a timeline."""
        if value is None:
            return "—"
        local = value.astimezone(self._zone) if value.tzinfo else value
        return format_datetime(local, format="d MMM, HH:mm", locale=self._locale)

    def period(self, start: date | None, end: date | None) -> str:
        """From one day to another."""
        if start is None or end is None:
            return self.day(end or start)
        return self.say("period", start=self.day(start), end=self.day(end))

    def amount(self, value: float | None, unit: str, currency: str = "", digits: int | None = None) -> str:
        """A value in its unit, as it stands in a sentence."""
        if value is None:
            return "—"
        if unit in _SHARES:
            return self.percent(value, 1 if digits is None else digits)
        if unit == "money":
            return self.money(value, currency)
        if unit == "points":
            return self.many_amount("unit.points", value, _digits(value) if digits is None else digits)
        shown = (0 if float(value).is_integer() else _digits(value)) if digits is None else digits
        if unit in _TIMES:
            return self._unit(value, _TIMES[unit], shown)
        if self.knows(f"unit.{unit}"):
            return self.many_amount(f"unit.{unit}", value, shown)
        said = self.number(value, shown)
        return said if unit in ("", "count") else f"{said}\u00a0{unit}"

    def many_amount(self, key: Key, value: float, digits: int) -> str:
        """A number that may have decimals, with the word that counts it."""
        one, _, more = self._words(key).partition("|")
        single = abs(value) < 2 if self._french else value == 1
        return (one if single or not more else more).format(n=self.number(value, digits))

    def too_few(self, figure: Figure) -> str:
        """That too few stand behind a figure; nothing where nobody does, and no floor where another than five holds."""
        if figure.persons == 0:
            return "—"
        below = figure.persons is not None and figure.persons < FEWEST_PERSONS
        return self.say("too_few" if below else "too_few_to_tell")

    def figure(self, figure: Figure) -> str:
        """What is told of a figure: its point, only its interval, that there are too few, or that it is missing."""
        if figure.shown == "suppressed":
            return self.too_few(figure)
        if figure.shown == "interval":
            return self.interval(figure) or self.too_few(figure)
        if figure.value is None:
            return "—"
        if figure.unit == "money":
            return self.money(figure.value, figure.currency, figure.high)
        return self.amount(figure.value, figure.unit, figure.currency, self.precision(figure))

    def interval(self, figure: Figure) -> str:
        """The interval of a figure; empty where there is none to tell."""
        if not figure.known or figure.low is None or figure.high is None:
            return ""
        digits = self.precision(figure)
        if figure.unit == "money":
            return self.money_between(figure.low, figure.high, figure.currency)
        factor = 100 if figure.unit in _SHARES else 1
        low = self.number(figure.low * factor, digits or 0)
        return self.say("to", low=low, high=self.amount(figure.high, figure.unit, figure.currency, digits))

    def precision(self, figure: Figure) -> int | None:
        """Decimals that the interval can bear: none where it is wider than five points."""
        if figure.unit in _SHARES:
            wide = figure.low is not None and figure.high is not None and figure.high - figure.low >= 0.05
            return 0 if wide else 1
        if figure.unit == "count":
            return 0
        values = [abs(value) for value in (figure.value, figure.low, figure.high) if value is not None]
        if figure.unit == "money" or not values:
            return None
        if all(float(value).is_integer() for value in values):
            return 0
        return _digits(max(values))

    def among(self, share: float) -> tuple[str, bool]:
        """A share of people as one says it, and whether that is a plural: *one in five*, else *12 % of customers*."""
        if share >= _ONE_IN_TEN:
            whole = round(1 / share)
            if 2 <= whole <= 10 and abs(share - 1 / whole) <= 0.015:
                return self.say(f"one_in.{whole}"), False
        return self.say("percent_of_people", percent=self.percent(share, 0 if share >= 0.1 else 1)), True

    def times(self, share: float) -> str:
        """A share of the times: *one time in five*, else *in 12 % of the times*."""
        if share >= _ONE_IN_TEN:
            whole = round(1 / share)
            if 2 <= whole <= 10 and abs(share - 1 / whole) <= 0.015:
                return self.say(f"one_time_in.{whole}")
        return self.say("percent_of_times", percent=self.percent(share, 0 if share >= 0.1 else 1))

    def _unit(self, value: float, unit: str, digits: int | None = None) -> str:
        if abs(value) >= _BEYOND:
            return self.number(value)
        shown = _digits(value) if digits is None else digits
        pattern = "#,##0" + ("." + "0" * shown if shown and not float(value).is_integer() else "")
        return format_unit(value, unit, length="long", format=pattern, locale=self._locale)


def clean(text: str) -> str:
    """A text of unknown origin, safe to stand in a line: no control character, none that turns the direction."""
    if text.isprintable():
        return text
    kept = []
    for letter in text:
        if letter in "\t\n\r":
            kept.append(" ")
        elif unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Co") or letter in _TURNING:
            kept.append("\ufffd")
        else:
            kept.append(letter)
    return "".join(kept)


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@lru_cache(maxsize=4)
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def _counts(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _digits(value: float) -> int:
    """Decimals for about three significant figures, at most two."""
    size = abs(value)
    if size == 0 or size >= 100:
        return 0
    return 1 if size >= 1 else 2


def _scale(value: float, suffixes: tuple[str, str, str]) -> tuple[float, str]:
    """What to divide a large amount by, and how that is written; nothing below ten thousand."""
    if abs(value) < 10_000:
        return 1.0, ""
    for factor, suffix in zip((1e3, 1e6, 1e9), suffixes, strict=True):
        # 999.6 k rounds to 1 000 k, which is said 1 M.
        if abs(value) / factor < 999.5:
            return factor, suffix
    return 1e9, suffixes[2]
