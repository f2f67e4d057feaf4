"""Small letters without accents, one character for one: a place in the folded text is a place in the text."""

import sys
import unicodedata

_TABLE: dict[int, int] = {}
for _code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
    _first = unicodedata.normalize("NFD", chr(_code))[0].lower()
    if len(_first) == 1 and _first != chr(_code):
        _TABLE[_code] = ord(_first)
_TABLE.update({ord("’"): ord("'"), ord("ʼ"): ord("'"), ord("`"): ord("'"), ord("œ"): ord("o"), ord("Œ"): ord("o"), ord("æ"): ord("a")})  # fmt: skip


_WESTERN = bytes(_TABLE.get(code, code) for code in range(256))


def fold(text: str) -> str:
    """The text in small letters without accents, as long as it was; typographic apostrophes are straight."""
    try:
        # a table of bytes is some twenty times sooner than one of characters
        return (
            text.replace("’", "'").replace("œ", "o").encode("latin-1").translate(_WESTERN).decode("latin-1")
        )
    except UnicodeEncodeError:
        return text.translate(_TABLE)


def folded(word: str) -> str:
    """A word of a list as it is met in folded texts; the same object for the same word."""
    return sys.intern(fold(word).strip())


def listed(words: str) -> frozenset[str]:
    """The words of a text as a set: how lists of words are written here."""
    return frozenset(words.split())
