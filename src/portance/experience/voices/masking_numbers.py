"""Numbers that lead to a person: cards, accounts, social security, phones, references, plates, network addresses."""

import re
from collections.abc import Callable, Iterator

import phonenumbers

from portance.experience.voices.checksums import (
    iban_length,
    is_card,
    is_iban,
    is_rib,
    is_social_security,
)
from portance.experience.voices.folding import fold

Found = Iterator[tuple[int, int, str]]
"""Where something stands (start, end), and its kind."""
_GAP = "[ \u00a0\u202f\u2009.\\-_/·]{0,2}"

# ---- bank accounts

_COUNTRY = re.compile(rf"(?<![^\W_])[A-Za-z]{{2}}{_GAP}\d{{2}}(?={_GAP}[A-Za-z0-9])")
_IBAN = re.compile(rf"[A-Za-z]{{2}}{_GAP}\d{{2}}(?:{_GAP}[A-Za-z0-9]){{11,34}}")
_RIB = re.compile(
    rf"(?<![^\W_])\d{{5}}{_GAP}\d{{5}}{_GAP}(?:[A-Za-z0-9]{_GAP}){{11}}(?:cl[ée]\s*:?\s*)?\d{{2}}(?![^\W_])"
)
ACCOUNTS = f"[A-Za-z]{{2}}{_GAP}[0-9]{{2}}({_GAP}[A-Za-z0-9]){{11}}|[0-9]{{5}}{_GAP}[0-9]{{5}}"


def accounts(text: str) -> Found:
    """IBANs of every country, whatever stands between their groups, and French accounts written without one."""
    for country in _COUNTRY.finditer(text):
        # « de 12 » opens an account as « DE12 » does: each beginning is tried for itself
        length, match = iban_length(country[0][:2].upper()), _IBAN.match(text, country.start())
        if length is None or match is None:
            continue
        characters, end = "", match.start()
        for place, one in enumerate(match[0]):
            if one.isalnum():
                characters += one.upper()
            if len(characters) == length:
                end = match.start() + place + 1
                break
        whole = len(characters) == length and (end == len(text) or not text[end].isalnum())
        # one digit mistyped leaves the account recognisable: its form alone is enough where letters cannot be words
        formed = characters[4:].isdigit() or sum(one.isdigit() for one in characters) >= 14
        if whole and (is_iban(characters) or formed):
            yield match.start(), end, "iban"
    for match in _RIB.finditer(text):
        characters = re.sub(r"(?i)cl[ée]|[^A-Za-z0-9]", "", match[0]).upper()
        if is_rib(characters) or re.search(r"\b(rib|compte|account)\b", fold(text[max(0, match.start() - 40) : match.start()])):  # fmt: skip
            yield match.start(), match.end(), "iban"


# ---- social security, cards

_SOCIAL = re.compile(
    rf"(?<![\d])[1-378]{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}(?:\d{{2}}|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}}(?:(?:{_GAP}|[ ,]*cl[ée][ :]*)\d{{2}})?(?!\d)"
)
_SOCIAL_CUE = re.compile(
    r"\b(secu|securite sociale|nir|n\W?ss|immatriculation|insee|carte vitale|social security)\b"
)
_CARD = re.compile(rf"(?<![\d+])\d(?:{_GAP}\d){{12,22}}")
_CARD_FORM = re.compile(r"[3-6]\d{3}([ \u00a0.\-/])\d{4}\1\d{4}\1\d{4}(?!\d)")
LONG = r"([0-9][ \x{00a0}\x{202f}\x{2009}.\-_/·]{0,2}){12}[0-9]|[0-9] ?[0-9]{2} ?[0-9]{2} ?2[ABab]"


def social_security(text: str) -> Found:
    """French social-security numbers with their key, or without it where something says what they are."""
    for match in _SOCIAL.finditer(text):
        characters = re.sub(r"(?i)cl[ée]|[^0-9ABab]", "", match[0])
        said = _SOCIAL_CUE.search(fold(text[max(0, match.start() - 60) : match.start()]))
        if is_social_security(characters) or (said and len(characters) >= 13):
            yield match.start(), match.end(), "ssn"


def cards(text: str) -> Found:
    """Payment cards by the Luhn sum, or by four groups of four digits where one was mistyped."""
    for match in _CARD.finditer(text):
        places = [match.start() + place for place, one in enumerate(match[0]) if one.isdigit()]
        digits = "".join(text[place] for place in places)
        for length in (16, 15, 19, 18, 17, 14, 13):
            end = places[length - 1] + 1 if length <= len(digits) else 0
            if end and (end == len(text) or not text[end].isdigit()) and is_card(digits[:length]):
                yield match.start(), end, "card"
                break
        else:
            formed = _CARD_FORM.match(text, match.start())
            if formed:
                yield formed.start(), formed.end(), "card"


# ---- phones

_SEP = "[ \u00a0\u202f\u2009.\\-/_,·]{0,3}"
_FRENCH = re.compile(
    rf"(?<![\d+])(?:(?:\+|00){_SEP}(?:33|32|41|352|377|262|590|594|596|212|213|216){_SEP}(?:\( ?0 ?\){_SEP})?|(?<![^\W_])33{_SEP}(?=[67])|\(?0\)?){_SEP}[1-9](?:{_SEP}\d){{8}}(?![\d])"
)
_SHORT = re.compile(rf"(?<![\d+])[1-9](?:{_SEP}\d{{2}}){{4}}(?!\d)")
_PHONE_CUE = re.compile(
    r"\b(tel|telephone|portable|mobile|fixe|numero|joindre|joignable|rappel\w*|appel\w*|phone|cell|call|reach|whatsapp|sms|text)\b"
)
_PLUS = re.compile(rf"(?<![\w+])\+{_SEP}[1-9](?:(?:[ \u00a0\u202f.\-/]|[ .]?\(|\)[ .]?)?\d){{7,14}}(?!\d)")
_AMERICAN = re.compile(r"(?<![\d\-])(?:1[ .\-])?(?:\(\d{3}\) ?|\d{3}[ .\-])\d{3}[ .\-]\d{4}(?![\d\-])")
_BRITISH = re.compile(r"(?<![\d+])0\d{2,4}[ \-]\d{3,4}[ \-]\d{3,4}(?!\d)|(?<![\d+])07\d{3}[ \-]?\d{6}(?!\d)")
PHONES = r"([0-9][ \x{00a0}\x{202f}\x{2009}.\-/_,·()]{0,3}){8}[0-9]"


def phones(text: str) -> Found:
    """Phones in French forms, in international ones, in American and British ones where groups show them."""
    for match in _FRENCH.finditer(text):
        yield match.start(), match.end(), "phone"
    for pattern in (_PLUS, _AMERICAN, _BRITISH):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "phone"
    for match in _SHORT.finditer(text):
        if _PHONE_CUE.search(fold(text[max(0, match.start() - 40) : match.start()])):
            yield match.start(), match.end(), "phone"
    if sum(one.isdigit() for one in text) >= 9:
        yield from _elsewhere(text)


def _elsewhere(text: str) -> Found:
    """Other countries' forms, where something beside the number says that it is a phone."""
    for region in ("FR", "GB", "US"):
        for match in phonenumbers.PhoneNumberMatcher(text, region, max_tries=20):
            before = fold(text[max(0, match.start - 40) : match.start])
            if match.raw_string.startswith(("+", "00")) or _PHONE_CUE.search(before):
                yield match.start, match.end, "phone"


_TENS = "vingt|trente|quarante|cinquante|soixante|quatre[ -]vingts?"
_UNITS = "zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
_SPOKEN_ONE = rf"(?:(?:{_TENS})(?:[ -](?:et[ -])?(?:{_UNITS})(?:[ -](?:sept|huit|neuf))?)?|dix[ -](?:sept|huit|neuf)|{_UNITS}|\d{{2}})"
_SPOKEN = re.compile(rf"(?<![^\W_])(?:zero|0)[ ,\-]+(?:{_SPOKEN_ONE}[ ,.\-]+){{3,8}}{_SPOKEN_ONE}(?![^\W_])")
SPOKEN = r"(?i)(z[ée]ro|\b0)[ ,\-]+[a-z0-9]"


def spoken_phones(text: str) -> Found:
    """Phones that are written as they are said in French: « zéro six douze trente-quatre … »."""
    for match in _SPOKEN.finditer(fold(text)):
        if any(one.isalpha() for one in match[0]):
            yield match.start(), match.end(), "phone"


# ---- references, plates, network addresses

_REFERENCE = re.compile(
    r"""(?ix)(?<![^\W_])
    (?:commandes?|dossiers?|contrats?|clients?|sinistres?|factures?|adh[ée]rents?|abonn[ée]s?|soci[ée]taires?|r[ée]f[ée]rences?|r[ée]f|colis|suivi|tickets?|
       r[ée]servations?|r[ée]clamations?|devis|avoir|compte|allocataire|passeport|carte|fid[ée]lit[ée]|assur[ée]|police|pnr|
       orders?|bookings?|cases?|claims?|polic(?:y|ies)|accounts?|confirmation|reservation|tracking|invoices?|customer|member(?:ship)?|reference|ref|passport|record\slocator|itinerary)
    \.?\s*(?:(?:client|id|code|num[ée]ro|number|no|nr|num|n\s?[°ºo.]|\#|est|is|was|porte|le|the|of|de|:|\#|\(|=|-|r[ée]f\.?|,|;)\s*){0,4}
    (?P<id>(?=(?:[\w\-/.]*\d){4})[A-Z0-9][A-Z0-9\-_/.]{2,}[A-Z0-9](?:\ \d{3,}(?!\d|\s*(?:€|eur|euro|%)))*)
    """
)
_NUMBERED = re.compile(
    r"(?i)(?<![^\W_])(?:n\s?[°º]|num[ée]ro|r[ée]f(?:[ée]rence)?\.?|#(?=\s*\d))\s*(?:de\s+)?(?:commande|dossier|contrat|client|suivi|sinistre|facture)?\s*:?\s*(?P<id>(?=(?:[\w\-/.]*\d){4})[A-Z0-9][A-Z0-9\-_/.]{2,}[A-Z0-9])"
)
_NOT_ONE = re.compile(
    r"(?i)\s*(?:€|\$|£|eur|euros?|dollars?|pounds?|%|km|kg|g|cm|mm|m2|points?|miles|ans?|jours?|mois|heures?|h|days?|years?|hours?|minutes?|mins?)(?![^\W_])"
)
_YEAR = re.compile(r"(?:19|20)\d\d|\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d\d)|\d+[.,]\d{2}")
REFERENCES = r"(?i)(command|dossier|contrat|client|sinistre|factur|adh[ée]rent|abonn|soci[ée]taire|r[ée]f|colis|suivi|ticket|r[ée]serv|r[ée]clam|devis|avoir|compte|allocataire|passep|carte|fid[ée]l|assur|polic|pnr|order|booking|case|claim|account|confirm|tracking|invoice|customer|member|record|itinerary|n ?[°º]|num[ée]ro|#)[^!?\n]{0,30}[0-9][A-Z0-9\-/_. ]{0,4}[0-9]"


def references(text: str) -> Found:
    """Numbers of orders, contracts, files and the like, where a word says so; amounts, years and durations are not."""
    for pattern in (_REFERENCE, _NUMBERED):
        for match in pattern.finditer(text):
            start, end = match.span("id")
            written = match["id"]
            if not _YEAR.fullmatch(written) and not _NOT_ONE.match(text, end):
                yield start, end, "reference"


_PLATE = re.compile(r"(?<![^\W_])[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}(?![^\W_])")
PLATES = r"[A-Z]{2}-[0-9]{3}-[A-Z]{2}"
_NETWORK = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d)"
)
NETWORKS = r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"


def plates(text: str) -> Found:
    """French vehicle plates."""
    for match in _PLATE.finditer(text):
        yield match.start(), match.end(), "plate"


def networks(text: str) -> Found:
    """Network addresses of four numbers."""
    for match in _NETWORK.finditer(text):
        yield match.start(), match.end(), "ip"


FINDERS: tuple[tuple[str, Callable[[str], Found]], ...] = (
    (ACCOUNTS, accounts), (LONG, social_security), (LONG, cards), (PHONES, phones), (SPOKEN, spoken_phones),
    (NETWORKS, networks), (REFERENCES, references), (PLATES, plates),
)  # fmt: skip
"""What may hold a number of each kind (RE2), and what finds it, in the order in which they must look."""
