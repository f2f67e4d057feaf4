"""Whether a string of digits is a card, a bank account or a French social-security number, by its own arithmetic."""

import re

_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
    "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
    "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29,
    "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22,
    "VG": 24, "XK": 20,
}  # fmt: skip
"""Characters of an IBAN by country (ISO 13616)."""
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_CARDS = re.compile(r"3[0-9]|4|5[0-9]|6[0-9]|2[2-7]")


def is_card(digits: str) -> bool:
    """Whether digits are a payment card: a known first digit, 13 to 19 of them, and the Luhn sum (ISO/IEC 7812)."""
    if not 13 <= len(digits) <= 19 or not _CARDS.match(digits) or len(set(digits)) < 2:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def iban_length(country: str) -> int | None:
    """How many characters the IBANs of a country have; ``None`` for a country that has none."""
    return _LENGTHS.get(country)


def is_iban(text: str) -> bool:
    """Whether capitals and digits without spaces are an IBAN: the length of its country, and 1 modulo 97 (ISO 7064)."""
    if len(text) != _LENGTHS.get(text[:2]) or not text.isalnum() or not text.isascii():
        return False
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1


def is_rib(text: str) -> bool:
    """Whether 23 capitals and digits are a French account (bank, branch, number, key): its key closes it modulo 97."""
    digits = text.translate(_RIB_LETTERS)
    if len(digits) != 23 or not digits.isdigit() or len(set(digits)) < 3:
        return False
    bank, branch, account, key = int(digits[:5]), int(digits[5:10]), int(digits[10:21]), int(digits[21:])
    return 97 - (89 * bank + 15 * branch + 3 * account) % 97 == key


def is_social_security(text: str) -> bool:
    """Whether 15 characters are a French social-security number: a month it knows, and the key of its 13 first."""
    body, key = text[:13].upper().replace("2A", "19", 1).replace("2B", "18", 1), text[13:]
    if len(body) != 13 or not body.isdigit() or len(key) != 2 or not key.isdigit():
        return False
    month = int(body[3:5])
    if body[0] not in "12378" or not (1 <= month <= 12 or 20 <= month <= 42 or 50 <= month <= 99):
        return False
    return 97 - int(body) % 97 == int(key)
