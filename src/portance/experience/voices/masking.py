"""Personal data is hidden before anything else sees a text; what is left in its place says what was there.

Each finder looks only into texts that may hold what it finds, which RE2 tells of a whole column at once. They look one
after another, so that a card is not taken for a phone, and what one has hidden no later one touches: masking a masked
text changes nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from portance.experience.voices import masking_numbers, masking_places
from portance.experience.voices.folding import fold
from portance.experience.voices.masking_names import Names

KINDS = (
    "address", "birth", "card", "email", "handle", "iban", "ip", "name", "phone", "plate", "reference", "ssn", "url",
)  # fmt: skip
"""What is hidden; a mask is the kind between angle brackets, in every language."""
MASK = re.compile(rf"<(?:{'|'.join(KINDS)})>")
_FINDERS = (*masking_places.FIRST, *masking_numbers.FINDERS, *masking_places.LAST)
Spans = Iterator[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Masked:
    """Masked texts in their order, and how many data of each kind were hidden in each."""

    texts: list[str]
    counts: list[Counter[str]]

    @property
    def hidden(self) -> Counter[str]:
        """How many of each kind in all."""
        total: Counter[str] = Counter()
        for one in self.counts:
            total.update(one)
        return total


_NOTHING: Counter[str] = Counter()


class Masker:
    """Hides personal data; ``names`` are names that the company knows, hidden wherever they stand."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = Names(names)

    def mask(self, text: str) -> str:
        """One text without the personal data in it."""
        return self.mask_all([text]).texts[0]

    def mask_all(self, texts: Sequence[str]) -> Masked:
        """Texts without the personal data in them."""
        made = list(texts)
        counts: list[Counter[str]] = [_NOTHING] * len(made)
        column = pa.array(made, pa.large_string())
        for may_hold, find in _FINDERS:
            for place in _holding(column, may_hold):
                self._hide(made, counts, place, find)
        for may_hold, find in self._names.finders():
            for place in _holding(column, may_hold):
                self._hide(made, counts, place, find)
        for place in self._naming(made):
            self._hide(made, counts, place, self._names.listed)
        return Masked(made, counts)

    def _naming(self, texts: list[str]) -> Iterator[int]:
        """The texts that hold a word of the lists."""
        sure, listed = self._names.sure, self._names.any
        for place, text in enumerate(texts):
            met = listed.intersection(_words(text))
            # a name that is a word as well counts with a capital, or before what only persons do
            if met and (
                not met.isdisjoint(sure)
                or _DOES.search(text)
                or any(one.title() in text or one.upper() in text for one in met)
            ):
                yield place

    @staticmethod
    def _hide(made: list[str], counts: list[Counter[str]], place: int, find: Callable[[str], Spans]) -> None:
        text = made[place]
        spans = sorted(find(text), key=lambda span: (span[0], -span[1]))
        if not spans:
            return
        hidden = [match.span() for match in MASK.finditer(text)]
        parts, last = [], 0
        found: Counter[str] = Counter(counts[place])
        for start, end, kind in spans:
            if start < last or start >= end or any(start < stop and end > begin for begin, stop in hidden):
                continue
            parts += [text[last:start], f"<{kind}>"]
            last = end
            found[kind] += 1
        made[place] = "".join([*parts, text[last:]])
        counts[place] = found


def _holding(column: pa.Array, may_hold: str) -> list[int]:
    flags = pc.match_substring_regex(column, may_hold)
    places: list[int] = pc.indices_nonzero(flags).to_pylist()
    return places


def _words(text: str) -> list[str]:
    """The folded words of a text; by bytes where its letters are Western, which is twenty times sooner."""
    try:
        return text.encode("latin-1").translate(_WESTERN).decode("ascii").split()
    except UnicodeEncodeError:
        return _APART.sub(" ", fold(text)).split()


_DOES = re.compile(r"\b(?:m['’]a(?:vait)?|nous a|told|helped|au t[ée]l|votre [ée]coute)\b")
_APART = re.compile(r"[^a-z]+")
_WESTERN = bytes(ord(one) if "a" <= one <= "z" else 32 for one in fold("".join(map(chr, range(256)))))
