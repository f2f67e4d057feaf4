"""A text as the words that count: folded, with what no two customers write alike (links, names, figures) made alike.

Handles become ``@`` and links ``url``, masked or not, figures their shape (``0``), ``#LateFlight`` the words of which it is
made, drawn out letters two, emoji words of their own, ``:-)`` an emoji too. Then words, pairs of neighbours, concepts, and concepts that stand together.
"""

import html
import re
import unicodedata
from itertools import combinations, pairwise

from portance.experience.voices.models.concepts import concepts_of

NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "cannot",
        "cant",
        "dont",
        "didnt",
        "doesnt",
        "isnt",
        "wasnt",
        "wont",
        "without",
        "hardly",
        "ne",
        "pas",
        "plus",
        "sans",
        "ni",
        "aucun",
        "aucune",
        "jamais",
    ]
)
REACH = 4
"""How many words after a negation it still denies: «ne … pas du tout bien», «not at all happy»."""
_LINK = re.compile(r"(?:https?://|www\.)\S+|<url>")
_HANDLE = re.compile(r"@\w+|<handle>")
_SMILE = re.compile(r"(?<![\w:])(?:[:;=][\-^']?[)\]dDpP](?!\w)|\(:)")
_FROWN = re.compile(r"(?<![\w:])(?:[:=][\-^']?[(\[/|](?![\w/])|:'\((?!\w))")
_HASHTAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_DRAWN = re.compile(r"(.)\1{2,}")
_FIGURES = re.compile(r"\d+(?:[.,:h]\d+)*")
_APOSTROPHE = re.compile(r"[’ʼ`]")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[!?]+|[^\w\s\x00-\x7f]")
_ENGLISH_NOT = re.compile(r"n't\b")
_MARKS = {"!": "!", "?": "?"}


def plain(text: str) -> str:
    """A text without what tells who and where: links, handles, entities; hashtags read as words. Case is kept."""
    return _spoken(_unlinked(text, " "))


def folded(text: str) -> str:
    """A text in lower case without accents, links, figures and faces of signs made alike, drawn out letters shortened."""
    text = _FROWN.sub(" 🙁 ", _SMILE.sub(" 🙂 ", _unlinked(text, " url ")))
    text = unicodedata.normalize("NFKD", _spoken(text).casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _ENGLISH_NOT.sub(" not", text.replace("can't", "can not"))
    return _DRAWN.sub(r"\1\1", _FIGURES.sub("0", text))


def _unlinked(text: str, link: str) -> str:
    return _LINK.sub(link, html.unescape(unicodedata.normalize("NFKC", text)))


def _spoken(text: str) -> str:
    """Handles made alike, hashtags as words, one kind of apostrophe and of space."""
    text = _HASHTAG.sub(lambda found: " " + _HUMP.sub(" ", found[1]), _HANDLE.sub(" @ ", text))
    return " ".join(_APOSTROPHE.sub("'", text).split())


def words(folded_text: str) -> list[str]:
    """The words and marks of a folded text; an elided article («l'») stands on its own."""
    found = []
    for word in _WORD.findall(folded_text):
        if word[0] in _MARKS:
            found.append(word[:2])
        else:
            found.extend(word.split("'"))
    return [word for word in found if word]


def terms(found: list[str]) -> list[str]:
    """Words, and pairs of neighbours."""
    return [*found, *(f"{first} {second}" for first, second in pairwise(found))]


def denied(found: list[str]) -> list[str]:
    """The words that a negation reaches: so many after it, up to the next mark."""
    reached, left = [], 0
    for word in found:
        if word in NEGATIONS:
            left = REACH
        elif word[0] in _MARKS:
            left = 0
        elif left:
            reached.append(word)
            left -= 1
    return reached


def named(found: list[str]) -> list[str]:
    """The concepts that words name, each once, sorted."""
    return sorted({concept for word in found for concept in concepts_of(word)})


def together(concepts: list[str]) -> list[str]:
    """Concepts that stand in the same text, two by two: «bag» with «broken» is neither."""
    return [f"{first}+{second}" for first, second in combinations(concepts, 2)]
