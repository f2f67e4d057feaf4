"""How the values of indicators are said: levels in their unit, moves as points where the level is a share."""

import math

from portance.views.speech import Speech, clean

_SHARES = frozenset({"share", "rate", "proportion"})
_PERCENTS = frozenset({"%", "percent", "pct", "per cent", "pour cent"})
_POINTS = frozenset({"points", "point", "pts", "pt", "pp"})
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "R$": "BRL"}
_HORIZONS = ("quarter", "year", "three_years")
_SMALL_MONEY = 1_000


def is_money(unit: str, speech: Speech) -> bool:
    """Whether a unit is an amount of money in the company's currency."""
    return unit in ("money", speech.currency) or _SIGNS.get(unit) == speech.currency


def level(value: float | None, unit: str, speech: Speech, digits: int | None = None) -> str:
    """Where an indicator stands, in its unit."""
    if value is None:
        return "—"
    if unit in _SHARES:
        return minus(speech.percent(value, _fine(value * 100) if digits is None else digits))
    if unit in _PERCENTS:
        return minus(speech.percent(value / 100, _fine(value) if digits is None else digits))
    return _amount(value, unit, speech, digits)


def move(value: float | None, unit: str, speech: Speech, digits: int | None = None) -> str:
    """By how much an indicator moves: a share moves by points."""
    if value is None:
        return "—"
    if unit in _SHARES:
        return _amount(value * 100, "points", speech, digits)
    if unit in _PERCENTS or unit in _POINTS:
        return _amount(value, "points", speech, digits)
    return _amount(value, unit, speech, digits)


def bracket(low: float | None, high: float | None, unit: str, speech: Speech, of: float | None = None) -> str:
    """An interval in brackets, without its unit: [2,0 ; 4,2]; empty where there is none."""
    if low is None or high is None:
        return ""
    factor = 100 if unit in _SHARES else 1
    digits = decimals([low, high, *([] if of is None else [of])], factor)
    first, last = (minus(speech.number(value * factor, digits)) for value in sorted((low, high)))
    return speech.say("interval.brackets", low=first, high=last)


def deviations(value: float, speech: Speech) -> str:
    """A move in standard deviations."""
    return minus(speech.many_amount("unit.deviations", value, 2))


def money(low: float | None, value: float | None, high: float | None, speech: Speech) -> str:
    """An amount and its interval on one scale; the sign is told."""
    if value is None:
        return speech.say("first.money_none")
    most = max(abs(held) for held in (value, low or 0.0, high or 0.0))
    said = minus(speech.money(value, "", most))
    said = f"+{said}" if value > 0 else said
    if low is None or high is None:
        return said
    first, last = (minus(speech.money(held, "", most)) for held in (low, high))
    return f"{said} {speech.say('interval.brackets', low=first, high=last)}"


def horizon(name: str, speech: Speech) -> str:
    """A quarter, 12 or 36 months."""
    return speech.say(f"horizon.{name}") if name in _HORIZONS else name


def probability(share: float | None, speech: Speech) -> str:
    """A probability without false precision: under 1 %, over 99 %."""
    if share is None:
        return "—"
    if share < 0.01:
        return speech.say("probability.under", percent=speech.percent(0.01, 0))
    if share > 0.99:
        return speech.say("probability.over", percent=speech.percent(0.99, 0))
    return speech.percent(share, 0)


def p_value(value: float | None, speech: Speech) -> str:
    """A p-value to two decimals."""
    if value is None:
        return "—"
    return f"p < {speech.number(0.01, 2)}" if value < 0.01 else f"p = {speech.number(value, 2)}"


def decimals(values: list[float], factor: float = 1.0) -> int:
    """Decimals that tell an interval's ends apart: one below ten, more where it is narrower, at most three."""
    held = [value * factor for value in values if math.isfinite(value)]
    if not held or all(abs(value - round(value)) < 1e-9 for value in held):
        return 0
    width = max(held) - min(held) or max(abs(value) for value in held)
    if width <= 0 or width >= 10:
        return 0
    return max(1, min(3, math.ceil(-math.log10(width))))


def told(
    value: float | None,
    low: float | None,
    high: float | None,
    unit: str,
    speech: Speech,
    *,
    signed: bool = False,
) -> tuple[str, str]:
    """A move and its interval in brackets, with the same decimals; ``signed`` puts a plus before what grows."""
    if value is None:
        return "—", ""
    factor = 100 if unit in _SHARES else 1
    digits = decimals([held for held in (value, low, high) if held is not None], factor)
    said = move(value, unit, speech, digits)
    return f"+{said}" if signed and value > 0 else said, bracket(low, high, unit, speech, value)


def minus(text: str) -> str:
    """A text with the true minus sign before its number."""
    return f"−{text[1:]}" if text.startswith("-") else text.replace("£-", "−£").replace("€-", "−€")


def _amount(value: float, unit: str, speech: Speech, digits: int | None) -> str:
    unit = clean(unit)
    if is_money(unit, speech):
        if abs(value) >= _SMALL_MONEY or float(value).is_integer():
            return minus(speech.money(value))
        said = speech.number(abs(value), 2 if digits is None or digits else 0)
        sign = "−" if value < 0 else ""
        symbol = next((held for held, code in _SIGNS.items() if code == speech.currency), speech.currency)
        return f"{sign}{said}\u00a0{symbol}" if speech.language == "fr" else f"{sign}{symbol}{said}"
    return minus(
        speech.amount(
            value, "points" if unit in _POINTS else unit, digits=_fine(value) if digits is None else digits
        )
    )


def _fine(value: float) -> int:
    """Decimals of a number that stands alone: as few as tell it, at most two."""
    if abs(value) >= 100:
        return 0
    return next(
        (digits for digits in (0, 1) if abs(value - round(value, digits)) < 1e-9), 1 if abs(value) >= 1 else 2
    )
