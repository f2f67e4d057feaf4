"""What customers say: what they suffer from, how often, how gravely and with what effect, each apart."""

from dataclasses import dataclass

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import Rows, same
from portance.views.naming import Naming, everyone
from portance.views.people.told import Grid, Said, held, level, move
from portance.views.reading import Row, Tables, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech, clean

MOST_DRAWN = 8
MOST_LISTED = 24
MOST_EXAMPLES = 2
MOST_SUGGESTIONS = 6
_GIVERS = ("person", "model", "words")


@dataclass(frozen=True, slots=True)
class Example:
    """A masked sentence that enough persons wrote the like of."""

    language: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Irritant:
    """One thing that customers suffer from. ``effect`` is what it costs in money, else the customers that it loses."""

    irritant: str
    language: str
    label: str
    rank: int
    frequency: Said
    severity: Said
    effect: Said
    loss: Said
    lost: Said
    contacts: Said
    complaints: Said
    grade: str
    grade_label: str
    promise: str
    seam: str
    owners: tuple[str, ...]
    suggestions: int
    public_only: bool
    reason: str
    examples: tuple[Example, ...]
    rows: Rows

    @property
    def costs(self) -> bool:
        """Whether it is established that it costs: the lower end of its effect is above zero."""
        return self.effect.figure.low is not None and self.effect.figure.low > 0


@dataclass(frozen=True, slots=True)
class Voices:
    """The section: ``drawn`` irritants by what they cost at least, ``public`` ones known from public reviews alone."""

    state: str
    headline: str
    drawn: tuple[Irritant, ...]
    listed: tuple[Irritant, ...]
    public: tuple[Irritant, ...]
    in_money: bool
    suggestions: tuple[tuple[str, int], ...]
    suggested: tuple[Example, ...]
    read: str
    untreated: str
    given: str
    masked: str
    complaints: str
    """Which interactions count as complaints, declared or guessed; empty where none do."""
    sources: Grid | None
    rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Voices:
    """The section from ``irritants``, ``voices``, ``voice_examples`` and ``voice_counts``."""
    examples = _examples(tables, charter)
    chosen = _whole(tables.rows("irritants"))
    in_money = any(number(row["loss"]) is not None for row in chosen)
    found = sorted(
        (_irritant(row, examples, run, naming, speech, in_money=in_money) for row in chosen),
        key=lambda one: (one.rank or 10**9, -(one.frequency.figure.value or 0.0), one.label, one.language),
    )
    ranked = [one for one in found if not one.public_only]
    counts = tables.rows("voice_counts")
    given = tables.tally("voices", ["given_by"])
    return Voices(
        state="found" if found or any(whole(row["verbatims"]) for row in counts) else "none" if tables.has("irritants") and tables.has("voices") and tables.count("voices") else "empty",
        headline=_headline(ranked, speech),
        drawn=tuple(ranked[:MOST_DRAWN]),
        listed=tuple(ranked[:MOST_LISTED]),
        public=tuple(one for one in found if one.public_only),
        in_money=in_money,
        suggestions=tuple((one.label, one.suggestions) for one in sorted(found, key=lambda one: (-one.suggestions, one.label)) if one.suggestions)[:MOST_SUGGESTIONS],
        suggested=tuple(one for held_ in examples.values() for one in held_ if one.kind == "suggestion")[:MOST_SUGGESTIONS],
        read=_read(counts, speech),
        untreated=_untreated(counts, naming, speech),
        given=_given(given, speech),
        masked=speech.many("voices.masked", sum(whole(row["masked"]) for row in counts)) if any(whole(row["masked"]) for row in counts) else "",
        complaints=_complaints(chosen, speech),
        sources=_sources(counts, run, naming, speech),
        rows=run.rows("irritants", "", "rank"),
    )  # fmt: skip


def _whole(rows: list[Row]) -> list[Row]:
    """The rows over all languages where there are any, else those of each language."""
    over_all = [row for row in rows if everyone(row["language"])]
    return over_all or rows


def _examples(tables: Tables, charter: Charter) -> dict[str, list[Example]]:
    """Masked sentences by irritant; the stage keeps only those that enough persons share."""
    held_: dict[str, list[Example]] = {}
    for row in tables.rows("voice_examples"):
        persons = number(row["persons"])
        if persons is not None and persons < charter.voices.fewest:
            continue
        held_.setdefault(text(row["irritant"]), []).append(
            Example(text(row["language"]), text(row["kind"]), clean(text(row["text"])))
        )
    return held_


def _irritant(
    row: Row, examples: dict[str, list[Example]], run: RunFacts, naming: Naming, speech: Speech, *, in_money: bool
) -> Irritant:  # fmt: skip
    name, language = text(row["irritant"]), text(row["language"])
    label = naming.irritant(name)
    if not everyone(language):
        label = f"{label} ({naming.word('voice_language', language)})"
    loss = move(held(row, "loss", "money", currency=speech.currency), speech)
    lost = move(held(row, "lost", "share"), speech)
    grade = text(row["grade"])
    mine = [one for one in examples.get(name, []) if one.kind != "suggestion"]
    mine.sort(key=lambda one: one.language != speech.language)
    return Irritant(
        irritant=name, language=language, label=label, rank=whole(row["rank"]),
        frequency=level(held(row, "share", "share"), speech),
        severity=move(held(row, "severity", "points"), speech),
        effect=loss if in_money else lost, loss=loss, lost=lost,
        contacts=move(held(row, "contacts", ""), speech), complaints=move(held(row, "complaints", ""), speech),
        grade=grade, grade_label=naming.word("grade", grade) if grade else "",
        promise=naming.promise(text(row["promise"])) if row["promise"] else "",
        seam=naming.anything(text(row["seam"])) if row["seam"] else "", owners=naming.functions(row["owners"]),
        suggestions=whole(row["suggestions"]), public_only=row["public_only"] is True, reason=naming.reason(row["reason"]),
        examples=tuple(mine[:MOST_EXAMPLES]), rows=run.rows("irritants", same(irritant=name)),
    )  # fmt: skip


def _headline(ranked: list[Irritant], speech: Speech) -> str:
    if not ranked:
        return speech.say("voices.none")
    first = ranked[0]
    low = first.effect.figure.low
    if first.costs and low is not None:
        if first.effect.figure.unit != "money":
            return speech.say(
                "voices.headline_lost", irritant=first.label, least=saying.move(low, "points", speech)
            )
        key = "voices.headline_sure" if first.grade in ("A", "B") else "voices.headline_linked"
        return speech.say(key, irritant=first.label, least=speech.money(low))
    often = max(ranked, key=lambda one: one.frequency.point or 0.0)
    if often.frequency.point is None:
        return speech.many("voices.headline_few", len(ranked))
    share = ", ".join(filter(None, (often.frequency.text, often.frequency.interval)))
    return speech.say("voices.headline_often", irritant=often.label, share=share)


def _read(counts: list[Row], speech: Speech) -> str:
    verbatims = sum(whole(row["verbatims"]) for row in counts)
    if not verbatims:
        return ""
    sentences = sum(whole(row["sentences"]) for row in counts)
    copies = sum(whole(row["copies"]) for row in counts)
    return speech.say(
        "voices.read",
        verbatims=speech.many("voices.verbatims", verbatims),
        sentences=speech.many("voices.sentences", sentences),
        copies=speech.many("voices.copies", copies),
    )


def _untreated(counts: list[Row], naming: Naming, speech: Speech) -> str:
    left: dict[str, int] = {}
    for row in counts:
        missing = whole(row["verbatims"]) - whole(row["treated"])
        if missing > 0:
            left[text(row["language"])] = left.get(text(row["language"]), 0) + missing
    if not left:
        return ""
    told = [
        f"{naming.word('voice_language', language)} ({speech.number(count)})"
        for language, count in sorted(left.items(), key=lambda item: -item[1])
    ]
    return speech.many("voices.untreated", sum(left.values()), which=", ".join(told))


def _given(tally: list[Row], speech: Speech) -> str:
    counts = {text(row["given_by"]): whole(row["rows"]) for row in tally if text(row["given_by"])}
    total = sum(counts.values())
    if not total:
        return ""
    told = [
        f"{speech.say(f'given_by.{giver}')} {speech.percent(counts[giver] / total, 0)}"
        for giver in _GIVERS
        if counts.get(giver)
    ]
    return speech.say("voices.given", shares=", ".join(told))


def _complaints(chosen: list[Row], speech: Speech) -> str:
    for row in chosen:
        source = text(row["complaints_from"])
        if source in ("declared", "guessed"):
            return speech.say(f"complaints.{source}", names=clean(text(row["complaint_names"])))
    return ""


def _sources(counts: list[Row], run: RunFacts, naming: Naming, speech: Speech) -> Grid | None:
    if not counts:
        return None
    return Grid(
        speech.say("voices.sources"),
        tuple(speech.say(f"col.{name}") for name in ("source", "voice_language", "verbatims", "treated", "sentences", "copies", "masked")),
        tuple(
            (
                clean(text(row["source"])) or "—", naming.word("voice_language", text(row["language"])),
                *(speech.number(whole(row[name])) for name in ("verbatims", "treated", "sentences", "copies", "masked")),
            )
            for row in counts
        ),
        run.rows("voice_counts"),
        numeric=frozenset(range(2, 7)),
    )  # fmt: skip
