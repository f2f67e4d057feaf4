"""The entry: every text read, masked, cut and judged, in pieces; then what persons said of sentences, and what a model learns."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine, Progress
from portance.experience.voices import copying, learning, records, texts
from portance.experience.voices.cutting import cut
from portance.experience.voices.heard import GIVERS, Heard, Sentences, Told, Verbatims
from portance.experience.voices.judging import Judged, Reader
from portance.experience.voices.labels import Labels
from portance.experience.voices.masking import Masker
from portance.experience.voices.recognising import OTHER, recognise
from portance.experience.voices.taxonomy import irritants
from portance.experience.voices.turning import Turns
from portance.store.state import State

PIECE = 10_000
"""Texts that are treated together: what bounds the memory."""


def hear(
    charter: Charter, engine: Engine, state: State, seed: int = 0, progress: Progress | None = None
) -> dict[str, pa.Table]:
    """The tables ``voices``, ``voice_examples`` and ``voice_counts``; with their columns and no row where nothing is written.

    Raises ``CharterError`` where the file of names cannot be read: nothing is read without it.
    """
    return records.tables(listen(charter, engine, state, seed, progress), charter)


def listen(
    charter: Charter, engine: Engine, state: State, seed: int = 0, progress: Progress | None = None
) -> Heard:
    """What customers wrote, masked and judged. The same seed and the same labels give the same result."""
    found = texts.written(engine, state)
    masker = Masker(texts.names(charter, engine) if found.texts else ())
    turns = Turns(charter.voices.customer, charter.voices.others)
    heard = treat(found, charter, turns, masker, progress)
    return learning.learn(heard, Labels(state.labels), charter, seed, masker.mask)


def treat(
    found: texts.Written, charter: Charter, turns: Turns, masker: Masker, progress: Progress | None = None
) -> Heard:
    """Texts to judged sentences by words alone."""
    reader = Reader(irritants(charter.voices))
    usual = charter.company.language
    verbatims = Verbatims(found.interactions, found.persons, found.sources)
    pieces: list[Sentences] = []
    made: list[copying.Prints] = []
    common: Counter[str] = Counter()
    total = -(-len(found.texts) // PIECE)
    for number, start in enumerate(range(0, len(found.texts), PIECE), 1):
        if progress:
            progress("voices", number, total)
        piece = slice(start, start + PIECE)
        # nothing but this line sees what was written: from here on texts are masked
        masked = masker.mask_all(turns.read(found.texts[piece]))
        languages = recognise(masked.texts, found.languages[piece], usual)
        cuts = [
            sentences if language != OTHER else [" ".join(text.split())]
            for sentences, language, text in zip(cut(masked.texts), languages, masked.texts, strict=True)
        ]
        flat = [sentence for sentences in cuts for sentence in sentences]
        counts = np.asarray([len(sentences) for sentences in cuts], dtype=np.int64)
        of = np.repeat(np.arange(len(cuts)), counts)
        spoken = [languages[place] for place in of.tolist()]
        judged = reader.judge(flat, spoken)
        first = np.concatenate([[0], np.cumsum(counts)])
        made.append(copying.prints(judged.words, first))
        common.update(_counted(judged))
        verbatims.languages += languages
        verbatims.hidden += masked.counts
        pieces.append(_sentences(flat, of + start, np.arange(len(flat)) - first[of], judged, reader.names))
    order = np.arange(len(found.texts))
    verbatims.copy_of = copying.copies(copying.together(made), found.persons, order)
    return Heard(verbatims, _joined(pieces), common, reader.names, 0, None)


def _sentences(
    flat: list[str], verbatim: np.ndarray, number: np.ndarray, judged: Judged, names: Sequence[str]
) -> Sentences:
    told = [
        tuple(Told(names[label], "words", strength) for label in several) if several else ()
        for several, strength in zip(judged.irritants, judged.strength.tolist(), strict=True)
    ]
    return Sentences(
        texts=flat, verbatim=verbatim, number=number, polarity=judged.polarity, kind=judged.kind,
        given=np.full(len(flat), GIVERS.index("words"), dtype=np.int64), score=judged.strength, irritants=told, models=[None] * len(flat),
    )  # fmt: skip


def _counted(judged: Judged) -> dict[str, int]:
    counts = np.bincount(judged.words.ids, minlength=len(judged.words.vocabulary)).tolist()
    return dict(zip(judged.words.vocabulary, counts, strict=True))


def _joined(pieces: Sequence[Sentences]) -> Sentences:
    none = np.zeros(0, dtype=np.int64)
    whole: dict[str, np.ndarray] = {
        name: np.concatenate([none, *(getattr(piece, name) for piece in pieces)])
        for name in ("verbatim", "number", "polarity", "kind", "given")
    }
    return Sentences(
        texts=[text for piece in pieces for text in piece.texts],
        score=np.concatenate([np.zeros(0), *(piece.score for piece in pieces)]),
        irritants=[told for piece in pieces for told in piece.irritants],
        models=[model for piece in pieces for model in piece.models],
        **whole,
    )
