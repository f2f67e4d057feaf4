"""The tables of voices; no text but examples, masked, of what enough persons share."""

import json
import re
from collections import Counter

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.experience.voices.heard import GIVERS, Heard
from portance.experience.voices.judging import KINDS, POLARITIES
from portance.experience.voices.labels import digest
from portance.experience.voices.recognising import TREATED
from portance.experience.voices.words import into_words

VOICES = pa.schema(
    [
        ("interaction_id", pa.string()), ("person_id", pa.string()), ("sentence", pa.int64()), ("language", pa.string()),
        ("treated", pa.bool_()), ("kind", pa.string()), ("irritant", pa.string()), ("polarity", pa.string()), ("score", pa.float64()),
        ("given_by", pa.string()), ("model", pa.string()), ("copy_of", pa.string()), ("public", pa.bool_()), ("source", pa.string()),
    ]
)  # fmt: skip
EXAMPLES = pa.schema(
    [("irritant", pa.string()), ("language", pa.string()), ("kind", pa.string()), ("text", pa.string()), ("persons", pa.int64())]
)  # fmt: skip
COUNTS = pa.schema(
    [
        ("source", pa.string()), ("language", pa.string()), ("verbatims", pa.int64()), ("treated", pa.int64()), ("sentences", pa.int64()),
        ("copies", pa.int64()), ("masked", pa.int64()), ("kinds", pa.string()), ("public", pa.bool_()), ("labels", pa.int64()),
    ]
)  # fmt: skip
_MOST_EXAMPLES = 3
_WORDS, _LONGEST, _LOOKED_AT = (3, 30), 300, 500
_COMMON = 50
"""A word that so many sentences hold is common: more of them make no sentence more typical."""
_NUMBERED = re.compile(r"[0-9<@]")


def tables(heard: Heard, charter: Charter) -> dict[str, pa.Table]:
    """The three tables, with their columns whatever their rows."""
    public = frozenset(charter.voices.public)
    return {
        "voices": _voices(heard, public),
        "voice_examples": _examples(heard, public, charter.voices.fewest),
        "voice_counts": _counts(heard, public),
    }


def _voices(heard: Heard, public: frozenset[str]) -> pa.Table:
    """One row a sentence and irritant; one, with none, for a sentence that holds none."""
    sentences, verbatims = heard.sentences, heard.verbatims
    several = np.asarray([max(len(told), 1) for told in sentences.irritants], dtype=np.int64)
    row = np.repeat(np.arange(len(sentences.texts)), several)
    verbatim = sentences.verbatim[row]
    irritant: list[str | None] = []
    givers: list[str] = []
    score: list[float] = []
    model: list[str | None] = []
    for place, told in enumerate(sentences.irritants):
        giver = GIVERS[sentences.given[place]]
        if not told:
            irritant.append(None)
            givers.append(giver)
            score.append(float(sentences.score[place]))
            model.append(sentences.models[place] if giver == "model" else None)
        for one in told:
            irritant.append(one.irritant)
            givers.append(one.given_by)
            score.append(one.score)
            model.append(sentences.models[place] if one.given_by == "model" else None)
    languages = pa.array(verbatims.languages, pa.string())
    sources = pa.array(verbatims.sources, pa.string())
    language = languages.take(pa.array(verbatim))
    spoken = pa.compute.is_in(language, value_set=pa.array(TREATED))
    copy = verbatims.copy_of[verbatim]
    ids = pa.array(verbatims.interactions, pa.string())
    absent = pa.scalar(None, pa.string())

    def said(names: tuple[str, ...], places: np.ndarray) -> pa.Array:
        """What is said of sentences; nothing of those that are not treated."""
        return pa.compute.if_else(spoken, pa.array(names, pa.string()).take(pa.array(places[row])), absent)

    treated = spoken.to_numpy(zero_copy_only=False)
    return pa.table(
        [
            ids.take(pa.array(verbatim)), pa.array(verbatims.persons, pa.string()).take(pa.array(verbatim)), pa.array(sentences.number[row]),
            language, spoken, said(KINDS, sentences.kind), pa.array(irritant, pa.string()), said(POLARITIES, sentences.polarity),
            pa.array(np.asarray(score), pa.float64(), mask=~treated), pa.compute.if_else(spoken, pa.array(givers, pa.string()), absent),
            pa.array(model, pa.string()), pa.compute.if_else(pa.array(copy >= 0), ids.take(pa.array(np.maximum(copy, 0))) if len(copy) else ids, absent),
            pa.array([verbatims.sources[place] in public for place in verbatim.tolist()], pa.bool_()), sources.take(pa.array(verbatim)),
        ],
        schema=VOICES,
    )  # fmt: skip


def _examples(heard: Heard, public: frozenset[str], fewest: int) -> pa.Table:
    """A few sentences of what enough persons say: without any mask, and with no word that is written only once anywhere."""
    sentences, verbatims = heard.sentences, heard.verbatims
    groups: dict[tuple[str, str, str], list[int]] = {}
    persons: dict[tuple[str, str, str], set[object]] = {}
    for place, told in enumerate(sentences.irritants):
        if not told:
            continue
        verbatim = int(sentences.verbatim[place])
        if verbatims.copy_of[verbatim] >= 0:
            continue
        for one in told:
            key = (one.irritant, verbatims.languages[verbatim], KINDS[sentences.kind[place]])
            groups.setdefault(key, []).append(place)
            person = verbatims.persons[verbatim]
            if person is not None:
                persons.setdefault(key, set()).add(person)
            elif verbatims.sources[verbatim] in public:
                persons.setdefault(key, set()).add(
                    verbatim
                )  # who wrote a public review is unknown: one writer each
    rows: dict[str, list[object]] = {name: [] for name in EXAMPLES.names}
    for key in sorted(groups):
        count = len(persons.get(key, ()))
        if count < fewest:
            continue
        for text in _typical(heard, groups[key]):
            for name, value in zip(EXAMPLES.names, (*key, text, count), strict=True):
                rows[name].append(value)
    return pa.table(rows, schema=EXAMPLES)


def _typical(heard: Heard, places: list[int]) -> list[str]:
    """The sentences whose rarest word is the most common, and which say it most surely; a text once."""
    low, high = _WORDS
    told = {
        heard.sentences.texts[place]: max(one.score for one in heard.sentences.irritants[place])
        for place in places
    }
    fitting = [
        text
        for text in sorted(told, key=lambda text: (-told[text], text))
        if len(text) <= _LONGEST and low <= text.count(" ") + 1 <= high and not _NUMBERED.search(text)
    ][:_LOOKED_AT]
    words = into_words([" ".join(text.split()) for text in fitting])
    rarity = np.asarray([min(heard.common[word], _COMMON) for word in words.vocabulary], dtype=np.int64)
    ranked: list[tuple[int, float, str]] = []
    for number, text in enumerate(fitting):
        run = words.ids[words.starts[number] : words.starts[number + 1]]
        if len(run) and rarity[run].min() >= 2:
            ranked.append((int(rarity[run].min()), told[text], text))
    ranked.sort(key=lambda one: (-one[0], -one[1], one[2]))
    found: dict[str, str] = {}
    for _, _, text in ranked:
        found.setdefault(digest(text), text)
        if len(found) == _MOST_EXAMPLES:
            break
    return list(found.values())


def _counts(heard: Heard, public: frozenset[str]) -> pa.Table:
    verbatims, sentences = heard.verbatims, heard.sentences
    per = np.bincount(sentences.verbatim, minlength=len(verbatims.interactions))
    labelled = np.bincount(
        sentences.verbatim, sentences.given == GIVERS.index("person"), len(verbatims.interactions)
    )
    found: dict[tuple[str, str], Counter[str]] = {}
    kinds: dict[tuple[str, str], Counter[str]] = {}
    for place, (source, language) in enumerate(zip(verbatims.sources, verbatims.languages, strict=True)):
        counts = found.setdefault((source, language), Counter())
        treated = language in TREATED
        counts["verbatims"] += 1
        counts["treated"] += treated
        counts["sentences"] += int(per[place]) if treated else 0
        counts["copies"] += int(verbatims.copy_of[place] >= 0)
        counts["labels"] += int(labelled[place])
        hidden = kinds.setdefault((source, language), Counter())
        if verbatims.hidden[place]:
            hidden.update(verbatims.hidden[place])
    keys = sorted(found)
    columns = {
        name: [found[key][name] for key in keys]
        for name in ("verbatims", "treated", "sentences", "copies", "labels")
    }
    return pa.table(
        {
            "source": [key[0] for key in keys], "language": [key[1] for key in keys],
            **{name: columns[name] for name in ("verbatims", "treated", "sentences", "copies")},
            "masked": [sum(kinds[key].values()) for key in keys],
            "kinds": [json.dumps(dict(sorted(kinds[key].items()))) for key in keys],
            "public": [key[0] in public for key in keys], "labels": columns["labels"],
        },
        schema=COUNTS,
    )  # fmt: skip
