"""What persons said of sentences takes precedence, and from enough of it a model learns to say it of the others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from portance.charter import Charter
from portance.experience.voices.heard import GIVERS, Heard, Told
from portance.experience.voices.judging import KINDS, POLARITIES
from portance.experience.voices.labels import Label, Labels, digest
from portance.experience.voices.models.analyst import Analyst, given
from portance.experience.voices.recognising import TREATED
from portance.experience.voices.taxonomy import irritants

ENOUGH = 50
"""Sentences that persons have labelled from which a model learns; below, words decide."""
Maker = Callable[[], Analyst]
"""Makes a reader that has learnt nothing."""
Floats = npt.NDArray[np.float64]
_MODEL, _PERSON = GIVERS.index("model"), GIVERS.index("person")


def learn(  # noqa: PLR0917  what is learnt from, and by what
    heard: Heard,
    labels: Labels,
    charter: Charter,
    seed: int,
    masked: Callable[[str], str],
    make: Maker | None = None,
) -> Heard:
    """What was heard, with what persons said of it, and what a model learnt from them where they said enough.

    Where the charter names an endpoint, it is asked, last, of complaints in which nothing was found. ``masked`` is the
    masking: what it would still change is not sent.
    """
    marked = labels.given
    known: dict[str, list[int]] = {}
    for place, text in enumerate(heard.sentences.texts if marked else ()):
        mark = digest(text)
        if mark in marked:
            known.setdefault(mark, []).append(place)
    if len(known) >= ENOUGH:
        heard = _modelled(heard, {mark: marked[mark] for mark in known}, known, charter, seed, make)
    if charter.voices.endpoint is not None:
        _asked(heard, charter, masked)
    for mark, places in known.items():
        for place in places:
            _person(heard, place, marked[mark])
    return replace(heard, labels=len(known))


def _modelled(  # noqa: PLR0917  what is learnt from, and by what
    heard: Heard,
    marked: dict[str, Label],
    known: dict[str, list[int]],
    charter: Charter,
    seed: int,
    make: Maker | None,
) -> Heard:
    from portance.experience.voices.models.making import make as usual
    from portance.experience.voices.models.polarity import Polarity

    encoder = charter.voices.encoder
    taught = [(known[mark][0], label) for mark, label in sorted(marked.items())]
    sentences, verbatims = heard.sentences, heard.verbatims
    texts = [sentences.texts[place] for place, _ in taught]
    spoken = [verbatims.languages[sentences.verbatim[place]] for place, _ in taught]
    rows = _rows(heard)
    reader = make() if make else usual(encoder, seed)
    reader.fit(texts, spoken, [frozenset((label.kind,)) for _, label in taught])
    if reader.classes:
        chances = reader.predict(rows.texts, rows.languages)
        sets = given(reader, chances)
        for place, row in rows.each():
            for one in sorted(sets[row])[:1]:
                sentences.kind[place] = KINDS.index(one)
                sentences.given[place] = _MODEL
                sentences.score[place] = float(chances[row, reader.classes.index(one)])
                sentences.models[place] = reader.name
    tone = Polarity(encoder, seed)
    tone.fit(texts, spoken, [label.polarity for _, label in taught])
    felt = tone.predict(rows.texts, rows.languages)
    for place, row in rows.each():
        if not np.isnan(felt[row]).any():
            sentences.polarity[place] = int(felt[row].argmax())
    about = make() if make else usual(encoder, seed)
    about.fit(texts, spoken, [frozenset(label.irritants) & frozenset(heard.irritants) for _, label in taught])
    if about.classes:
        _irritants(heard, about, about.predict(rows.texts, rows.languages), rows)
    return replace(heard, model=reader.name if reader.classes else about.name if about.classes else None)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Distinct sentences of treated languages, and the places of each: what says the same is read once."""

    texts: list[str]
    languages: list[str]
    places: list[int]
    of: list[int]

    def each(self) -> Iterator[tuple[int, int]]:
        """Place among all sentences, and row among the distinct ones."""
        return zip(self.places, self.of, strict=True)


def _rows(heard: Heard) -> _Rows:
    spoken = [heard.verbatims.languages[place] for place in heard.sentences.verbatim.tolist()]
    places = [place for place, language in enumerate(spoken) if language in TREATED]
    distinct: dict[tuple[str, str], int] = {}
    of = [
        distinct.setdefault((heard.sentences.texts[place], spoken[place]), len(distinct)) for place in places
    ]
    return _Rows([text for text, _ in distinct], [language for _, language in distinct], places, of)


def _asked(heard: Heard, charter: Charter, masked: Callable[[str], str]) -> None:
    """Ask the endpoint for the irritants of complaints and suggestions in which none was found, the most frequent first."""
    from portance.experience.voices.models.endpoint import Endpoint

    endpoint = charter.voices.endpoint
    if endpoint is None:
        return
    sentences = heard.sentences
    places: dict[str, list[int]] = {}
    for place, text in enumerate(sentences.texts):
        if KINDS[sentences.kind[place]] in ("complaint", "suggestion") and not sentences.irritants[place]:
            places.setdefault(text, []).append(place)
    texts = sorted(places, key=lambda text: (-len(places[text]), text))[: endpoint.most]
    if not texts:
        return
    reader = Endpoint(
        endpoint.url, endpoint.model, key=endpoint.key, most=endpoint.most, masked=masked,
        labels={name: one.name.in_("en") if one.name else name for name, one in irritants(charter.voices).items()},
    )  # fmt: skip
    spoken = [heard.verbatims.languages[sentences.verbatim[places[text][0]]] for text in texts]
    chances = reader.predict(texts, spoken)
    for text, row, found in zip(texts, chances, given(reader, chances), strict=True):
        for place in places[text]:
            if found:
                sentences.irritants[place] = tuple(
                    Told(one, "model", float(row[reader.classes.index(one)])) for one in sorted(found)
                )
                sentences.models[place] = reader.name


def _irritants(heard: Heard, reader: Analyst, chances: Floats, rows: _Rows) -> None:
    """Irritants that the model learnt are its to say; of the others words still decide."""
    sets = given(reader, chances)
    read = np.asarray(~np.isnan(chances).any(axis=1), dtype=bool)
    learnt = frozenset(reader.classes)
    complaint, suggestion = KINDS.index("complaint"), KINDS.index("suggestion")
    places = {one: number for number, one in enumerate(reader.classes)}
    for place, row in rows.each():
        if not read[row]:
            continue
        sentences = heard.sentences
        kept = [one for one in sentences.irritants[place] if one.irritant not in learnt]
        if sentences.kind[place] in (complaint, suggestion):
            kept += [Told(one, "model", float(chances[row, places[one]])) for one in sorted(sets[row])]
            sentences.irritants[place] = tuple(kept)
        else:
            sentences.irritants[place] = ()
        sentences.models[place] = reader.name


def _person(heard: Heard, place: int, label: Label) -> None:
    sentences = heard.sentences
    sentences.kind[place] = KINDS.index(label.kind)
    sentences.polarity[place] = POLARITIES.index(label.polarity)
    sentences.given[place] = _PERSON
    sentences.score[place] = 1.0
    sentences.models[place] = None
    sentences.irritants[place] = tuple(
        Told(one, "person", 1.0) for one in label.irritants if one in heard.irritants
    )
