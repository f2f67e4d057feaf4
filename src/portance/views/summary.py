"""The first page: what to conclude, in five minutes."""

import re
from dataclasses import dataclass

from portance.views.cracks import Cracks, FlowMap, Passage
from portance.views.findings import FindingView
from portance.views.limits import Limits
from portance.views.naming import Naming
from portance.views.promises import PromiseView
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_FINDINGS = 5
MOST_OF_A_KIND = 3
MOST_PROMISES = 4
MOST_UNKNOWNS = 5
COUNTED = ("persons", "journeys", "interactions", "seams", "breaks")


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something the scan saw, and the word that it counts."""

    name: str
    value: int
    said: str
    label: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page. ``more`` findings stand in their own section; ``looked`` is whether blind spots were looked for."""

    sentence: str
    second: str
    counts: tuple[Count, ...]
    findings: tuple[FindingView, ...]
    more: int
    flow: FlowMap | None
    promises: tuple[PromiseView, ...]
    more_promises: int
    unknowns: tuple[str, ...]
    looked: bool
    headlines: tuple[tuple[str, str, str], ...] = ()
    """What indicators do to each other and to customers: the anchor of a section, a sentence of it, and the one that tells its figure, if any."""


def build(
    *,
    run: RunFacts,
    findings: tuple[FindingView, ...],
    cracks: Cracks,
    promises: tuple[PromiseView, ...],
    limits: Limits,
    heard: str,
    naming: Naming,
    speech: Speech,
) -> Summary:
    """The first page from the other sections; ``heard`` is what customers write most, empty where nobody wrote."""
    shown = _varied([finding for finding in findings if not finding.about_data])
    sentence, second = _sentence(shown, cracks, promises, naming, speech)
    headlines = _headlines(findings, shown, speech)
    if heard and not shown:
        if not cracks.ranked and not cracks.unranked:
            sentence, second = heard, sentence
        else:
            headlines = (*headlines, ("voices", heard, ""))
    return Summary(
        sentence=sentence,
        second=second,
        counts=tuple(
            Count(
                name,
                run.counts[name],
                speech.compact(run.counts[name]),
                speech.many(f"count.{name}", run.counts[name]),
            )
            for name in COUNTED
            if name in run.counts and not (name == "persons" and speech.cases)
        ),
        findings=shown,
        more=len(findings) - len(shown),
        flow=cracks.flows[0] if cracks.flows else None,
        promises=promises[:MOST_PROMISES],
        more_promises=max(0, len(promises) - MOST_PROMISES),
        unknowns=_unknowns(cracks, promises, limits, naming, speech),
        looked=limits.looked,
        headlines=headlines,
    )


_ALIGNED = {"conflict": "conflicts", "targets": "conflicts", "watermelon": "watermelons"}
_EARNED = frozenset({"A", "B", "C"})
_PEOPLE = {
    "irritant": "voices", "silent": "silent", "pressure": "silent", "symmetry": "mirror", "ambition": "mirror", "dosage": "dosage", "machine": "dosage",
    "answer": "dosage", "takeover": "takeover", "retention": "retention",
}  # fmt: skip
_MOST_PEOPLE = 3
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«“])")


def _headlines(
    findings: tuple[FindingView, ...], shown: tuple[FindingView, ...], speech: Speech
) -> tuple[tuple[str, str, str], ...]:
    """The first finding of each kind about indicators that the list above does not hold; conflicts from grade C on."""
    told = []
    for kind, anchor in _ALIGNED.items():
        first = next((finding for finding in findings if finding.kind == kind), None)
        if first is None or first in shown or (kind == "conflict" and first.grade not in _EARNED):
            continue
        told.append((anchor, first.text if kind == "conflict" else first.title, ""))
    return (*told, *_of_people(findings, shown, speech))


def _of_people(
    findings: tuple[FindingView, ...], shown: tuple[FindingView, ...], speech: Speech
) -> tuple[tuple[str, str, str], ...]:
    """The first finding of each section on people and machines that the list above does not hold: three at most, from grade C on."""
    told: dict[str, tuple[str, str]] = {}
    seen = {_PEOPLE[finding.kind] for finding in shown if finding.kind in _PEOPLE}
    for finding in findings:
        anchor = _PEOPLE.get(finding.kind)
        if anchor and anchor not in told and anchor not in seen and finding.grade in _EARNED:
            told[anchor] = finding.title, _figured(finding, speech)
    return tuple((anchor, *said) for anchor, said in told.items())[:_MOST_PEOPLE]


def _figured(finding: FindingView, speech: Speech) -> str:
    """The sentence of a finding that tells its figure, with of how many; empty where it has no interval."""
    found = finding.figure
    if not found.known or found.low is None or found.high is None:
        return ""
    sentence = next((one for one in _SENTENCES.split(finding.text) if any(letter.isdigit() for letter in one)), "").rstrip(".")  # fmt: skip
    if not sentence:
        return ""
    n = speech.number(found.n) if found.n else ""
    return f"{sentence} (n = {n})." if n and n not in sentence else f"{sentence}."


def _varied(findings: list[FindingView]) -> tuple[FindingView, ...]:
    """The first findings by rank, at most three of a kind, so that one kind does not hide the others."""
    held: dict[str, int] = {}
    shown = []
    for finding in findings:
        if held.get(finding.kind, 0) < MOST_OF_A_KIND:
            shown.append(finding)
            held[finding.kind] = held.get(finding.kind, 0) + 1
        if len(shown) == MOST_FINDINGS:
            break
    return tuple(shown)


def _sentence(
    findings: tuple[FindingView, ...],
    cracks: Cracks,
    promises: tuple[PromiseView, ...],
    naming: Naming,
    speech: Speech,
) -> tuple[str, str]:
    """The sentence of the month, from the first finding; and a second one about what duty or money it carries."""
    if not findings:
        if cracks.ranked and cracks.ranked[0].people_broken:
            return _of_passage(cracks.ranked[0], speech), ""
        if not cracks.flows and not cracks.ranked and not cracks.unranked:
            return speech.say("sentence.no_passage"), ""
        return speech.say("sentence.nothing"), speech.say("sentence.nothing_second")
    first = findings[0]
    if first.kind == "seam" and first.from_function and first.to_function and first.figure.known:
        sides = (naming.function(first.from_function), naming.function(first.to_function))
        passage = next(
            (
                held
                for held in cracks.ranked
                if (held.from_label, held.to_label) == sides and held.people_broken == first.people
            ),
            None,
        )
        if passage:
            return _of_passage(passage, speech), _duty(first, promises, speech)
    if first.kind == "promise" and first.figure.value is not None and first.promise:
        times = speech.times(1 - first.figure.value)
        return (
            speech.say("sentence.promise", promise=naming.promise(first.promise), times=times),
            _duty(first, promises, speech),
        )
    return first.text or first.title, _duty(first, promises, speech)


def _of_passage(passage: Passage, speech: Speech) -> str:
    among, plural = speech.among(passage.people_broken / passage.people if passage.people else 0.0)
    key = "sentence.within" if passage.from_label == passage.to_label else "sentence.seam"
    return speech.say(
        f"{key}_many" if plural else key, first=passage.from_label, second=passage.to_label, among=among
    )


def _duty(finding: FindingView, promises: tuple[PromiseView, ...], speech: Speech) -> str:
    parts = []
    if finding.people:
        parts.append(speech.many("people", finding.people))
    if finding.money.value is not None:
        parts.append(speech.interval(finding.money) or speech.figure(finding.money))
    sides = {finding.from_function, finding.to_function} - {None}
    if finding.kind == "seam" and len(sides) > 1:
        bound = any(set(finding.owners) <= set(promise.owners) for promise in promises)
        parts.append(speech.say("duty.bound" if bound else "duty.none"))
    elif finding.owners:
        parts.append(speech.say("duty.owners", owners=", ".join(finding.owners)))
    else:
        parts.append(speech.say("duty.nobody"))
    return " · ".join(parts)


def _unknowns(
    cracks: Cracks, promises: tuple[PromiseView, ...], limits: Limits, naming: Naming, speech: Speech
) -> tuple[str, ...]:
    said: list[str] = []
    # Functions that no charter declares are easily mended; interactions of nobody are not.
    blind = sorted(
        (spot for spot in limits.blind if not spot.function),
        key=lambda spot: (spot.question == "undeclared_function", -spot.share),
    )
    said += [
        speech.say(
            "unknown.blind",
            share=speech.percent(spot.share, 0 if spot.share >= 0.1 else 1),
            source=spot.source,
            what=spot.label,
        )
        for spot in blind[:2]
    ]
    lacking = [promise for promise in promises if promise.undeclared]
    if lacking:
        facets = dict.fromkeys(mark.label for promise in lacking for mark in promise.undeclared)
        said.append(
            speech.many("unknown.facets", len(lacking), facets=naming.joined(facets), of=len(promises))
        )
    kinds = list(dict.fromkeys(off.label for off in cracks.off))
    if kinds:
        said.append(
            speech.many(
                "unknown.off",
                len(kinds),
                kinds=naming.joined(
                    kinds
                    if len(kinds) <= 4
                    else (*kinds[:3], speech.many("unknown.off_more", len(kinds) - 3))
                ),
            )
        )
    censored = sum(kind.censored for kind in cracks.kinds)
    if censored:
        said.append(speech.many("unknown.censored", censored))
    few = len(cracks.unranked)
    if few:
        said.append(speech.many("unknown.few", few))
    pending = sum(promise.counts[2] for promise in promises)
    if pending:
        said.append(speech.many("unknown.pending", pending))
    return tuple(said[:MOST_UNKNOWNS])
