"""Names as companies write them, and the names that a charter may declare."""

import re
import unicodedata

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])")


def words(name: str) -> tuple[str, ...]:
    """The words of a name (a header, an activity), in lower case and without accents: ``DateClôture`` gives date, cloture."""
    bare = unicodedata.normalize("NFKD", _CAMEL.sub(" ", name))
    ascii_ = "".join(sign for sign in bare if not unicodedata.combining(sign)).lower()
    return tuple(word for word in re.split(r"[^a-z0-9]+", ascii_) if word)


def slug(name: str, otherwise: str) -> str:
    """A name that a charter may declare, from any text."""
    text = "_".join(words(name))[:60].strip("_")
    return text if text[:1].isalpha() else f"{otherwise}_{text}" if text else otherwise
