"""What leads to a person without being a number: e-mails, links, handles, postal addresses, dates of birth."""

import re
from collections.abc import Callable, Iterator

Found = Iterator[tuple[int, int, str]]

_AT = r"(?:@|\s?\(at\)\s?|\s?\[at\]\s?|\s?\(arobase\)\s?|\sarobase\s)"
_DOT = r"(?:\.|\s?\(dot\)\s?|\s?\[dot\]\s?|\s?\(point\)\s?|\spoint\s)"
_EMAIL = re.compile(rf"(?i)(?<![\w<])[\w.+\-']*\w{_AT}[\w\-]+(?:{_DOT}[\w\-]+)*{_DOT}[a-z]{{2,}}(?!\w)")
_SPACED = re.compile(
    r"(?i)(?<![\w<])[\w+\-]+(?:\s?\.\s?[\w+\-]+)*\s?@\s?(?:gmail|hotmail|outlook|orange|free|wanadoo|yahoo|laposte|sfr|icloud|live|gmx|aol|bbox|msn|proton(?:mail)?)\s?\.\s?[a-z]{2,4}(?!\w)"
)
EMAILS = r"(?i)[a-z0-9_]@|@ ?(gmail|hotmail|outlook|orange|free|wanadoo|yahoo|laposte|sfr|icloud|live|gmx|aol|bbox|msn|proton)|\(at\)|\[at\]|arobase"
_URL = re.compile(
    r"(?i)(?<![\w<@])(?:https?://|www\.)[^\s<>\"']+|(?<![\w<@.])(?:[a-z0-9\-]+\.)+[a-z]{2,6}/[^\s<>\"']+"
)
URLS = r"(?i)http|www\.|[a-z]/[a-z0-9]"
_HANDLE = re.compile(r"(?<![\w@.<])@[A-Za-z_]\w{2,}")


def emails(text: str) -> Found:
    """Addresses of e-mail, also with « (at) » or « arobase », or with spaces around their signs."""
    for pattern in (_EMAIL, _SPACED):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "email"


def links(text: str) -> Found:
    """Links that have a path or a query, which often hold who clicked; a bare site is none."""
    for match in _URL.finditer(text):
        address = match[0].rstrip(".,;:!?)»")
        path = re.sub(r"(?i)^https?://", "", address).partition("/")
        if path[2] or "?" in address or "=" in address:
            yield match.start(), match.start() + len(address), "url"


def handles(text: str) -> Found:
    """Names of accounts on social networks."""
    for match in _HANDLE.finditer(text):
        yield match.start(), match.end(), "handle"


# ---- postal addresses

_NUMBER = r"\d{1,4}(?:\s?(?:bis|ter|quater|[A-Da-d](?![^\W_])))?"
_STREET = r"rue|avenue|ave?\.?|boulevard|bou?l?e?v?a?r?d\.?|bd\.?|bld\.?|all[ée]es?|impasse|chemin|ch\.|quai|ruelle|sentier|venelle|faubourg|fbg|fg|lotissement|r[ée]sidence|r[ée]s\.|lieu[- ]dit|hameau|esplanade|mont[ée]e|rond[- ]point|traverse"
_STREET_TOO = (
    r"place|cours|route|rte|passage|square|promenade|pont|port|parc|mail|voie|villa|cit[ée]|clos|domaine"
)
_WORD = r"[^\W_][\w'’\-]*"
_SMALL = (
    r"(?:de|du|des|la|le|les|l'|l’|d'|d’|de\s+la|de\s+l'|de\s+l’|aux?|en|sur|sous|et|saint|sainte|st|ste)"
)
_MORE = rf"(?:[ \-](?:{_SMALL}[ ]*)*[A-ZÀ-Ý][\w'’\-]*)"
_NAME = rf"(?:{_SMALL}\s*)*{_WORD}(?:\s(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[ée]cembre)(?:\s\d{{4}})?)?{_MORE}{{0,4}}"
_TOWN = r"(?:\s*[,\-–\n]?\s*(?:[àa]\s+)?(?:\d{2}\s?\d{3}|[A-Z]-\d{5})(?:\s+(?:[A-ZÀ-Ý][\w'’\-]*)(?:[ \-](?:(?:sur|sous|en|les|le|la|de|du|l'|d')[ \-])*[A-ZÀ-Ý0-9][\w'’\-]*){0,3}(?:\s+cedex(?:\s+\d+)?)?|\s+[a-zà-ÿ\-']{3,})?)?"
_FRENCH = re.compile(
    rf"(?<![\w<])(?:(?:appt?|appartement|b[âa]t(?:iment)?|esc(?:alier)?)\.?\s*\w{{1,4}}\s*,?\s*){{0,2}}{_NUMBER}\s*,?\s+(?:(?i:{_STREET})\s+{_NAME}|(?i:{_STREET_TOO})\s+(?:(?:de\s+la|du|des|de\s+l['’])\s*{_WORD}|d(?:e\s+|['’])[A-ZÀ-Ý][\w'’\-]*){_MORE}{{0,4}}|(?i:{_STREET_TOO})\s+[A-ZÀ-Ý][\w'’\-]*(?:[ \-][A-ZÀ-Ý][\w'’\-]*){{0,3}}){_TOWN}"
)
_LIVED = re.compile(
    rf"(?i:(?:j'?\s?habite|habitant|domicili[ée]e?|demeurant|r[ée]sidant|adresse(?:\s+(?:est|de\s+livraison|postale))?|livr[ée]e?\s+au|live\s+at|address(?:\s+is)?))\s*:?\s*(?:au|[àa]|le|la)?\s*(?P<place>\d{{0,4}}\s*(?:(?i:{_STREET}|place|route|cours|passage|square)\s+{_NAME}{_TOWN}|\d{{5}}\s+[A-ZÀ-Ýa-zà-ÿ][\w'’\-]+(?:[ \-][A-ZÀ-Ý][\w'’\-]*){{0,3}}))"
)
_POSTCODE = re.compile(
    r"(?<![\w<\-.,])(?:0[1-9]|[1-8]\d|9[0-8])\d{3}\s+(?!(?:EUR|Euros?|Points?|Km|Miles|Personnes?|Clients?)\b)[A-ZÀ-Ý][a-zà-ÿ'’A-ZÀ-Ý]{2,}(?:-[A-Za-zÀ-ÿ'’]+)*(?:\s+cedex(?:\s+\d+)?)?"
)
_ENGLISH = re.compile(
    r"(?<![\w<])\d{1,5}[A-Za-z]?,?\s+(?:[NSEW]\.?\s+)?(?:[A-Z][\w'’]*\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Terrace|Close|Crescent|Way|Place|Pl)\b\.?(?:,?\s+(?:Apt|Apartment|Unit|Flat|Suite|#)\.?\s*\w{1,5})?(?:,?\s+[A-Z][\w'’]+(?:\s[A-Z][\w'’]+)?)?(?:,?\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?|,?\s+[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})?"
)
_BRITISH = re.compile(r"(?<![\w<])[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?!\w)")
ADDRESSES = (
    r"[0-9]( ?(bis|ter|quater|[A-Da-d]))?,?\s+(?i:rue|avenue|ave?\b|bou?l|bl?v?d\b|all[ée]e|impas|chemin|ch\.|quai|ruelle|sentier|venel|faub|fb?g\b|lotis|r[ée]s|lieu|hameau|esplan|mont[ée]e|rond|trav|place |cours |route|rte|passage|square|promen|pont |port |parc |mail |voie |villa |cit[ée] |clos |domaine )|"
    r"(?i:habit|domicil|demeur|r[ée]sid|adresse|livr[ée]e? au|live at|address)|[0-9]{5}\s+[A-ZÀ-Ý]|"
    r"[0-9][A-Za-z]?,? ([NSEW]\.? )?([A-Z][a-z'’]* ){1,3}(St|Road|Rd|Ave|Lane|Ln|Dr|Boul|Blvd|Court|Ct|Sq|Terrace|Close|Crescent|Way|Pl)|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}"
)


def addresses(text: str) -> Found:
    """Postal addresses in France and in English-speaking countries, with or without their town."""
    for match in _FRENCH.finditer(text):
        yield match.start(), match.end(), "address"
    for match in _LIVED.finditer(text):
        yield match.start("place"), match.end("place"), "address"
    for pattern in (_ENGLISH, _POSTCODE, _BRITISH):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "address"


# ---- dates of birth

_MONTH = r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[ée]cembre|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|janv|f[ée]vr|avr|juil|d[ée]c)\.?"
_DATE = rf"(?:\d{{1,2}}\s?[/.\-\s]\s?\d{{1,2}}\s?[/.\-\s]\s?\d{{2,4}}|\d{{1,2}}(?:er|st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{2,4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{8}})"
_BIRTH = re.compile(
    rf"(?i)(?<![^\W_])(?:n[ée]e?s?\s+(?:[^\W\d_]+\s+){{0,2}}?(?:(?:le|un)\s+)?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s+)?|(?:date\s+(?:de\s+)?naissance|naissance|ddn|anniversaire|date\s+of\s+birth|d\.?o\.?b\.?|birth\s?(?:date|day)|born(?:\s+on)?)\s*(?:est|is|was|le|on|the|the\s+|:|=|,|\(|-|\s)*)(?P<day>{_DATE})(?!\d)"
)
BIRTHS = r"(?i)\bn[ée]e?s?\s.{0,30}[0-9]|naiss|\bddn|annivers|\bd\.?o\.?b|birth|\bborn"


def births(text: str) -> Found:
    """Dates of birth, where a word says that they are."""
    for match in _BIRTH.finditer(text):
        yield match.start("day"), match.end("day"), "birth"


FIRST: tuple[tuple[str, Callable[[str], Found]], ...] = (
    (EMAILS, emails), (URLS, links), (r"@[A-Za-z_]", handles), (BIRTHS, births),
)  # fmt: skip
LAST: tuple[tuple[str, Callable[[str], Found]], ...] = ((ADDRESSES, addresses),)
"""What may hold one (RE2), and what finds it: before numbers are looked for, and after."""
