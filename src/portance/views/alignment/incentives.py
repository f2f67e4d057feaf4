"""What is paid against what customers value; what changes did to breaks; initiatives with a loose end."""

from dataclasses import dataclass

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import Figure, Rows, same
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, names, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_LINTS = 8
MOST_CHANGES = 8
MOST_SUBJECTS = 6
_SEVERITIES = ("high", "medium", "low")
_WORTH_TELLING = ("moved", "gone", "reduced", "accelerated", "unchanged", "not_detectable")


@dataclass(frozen=True, slots=True)
class Lint:
    """One fault in what a scorecard pays, in a sentence."""

    scorecard: str
    label: str
    function: str
    rule: str
    severity: str
    severity_label: str
    sentence: str
    indicators: tuple[str, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Angle:
    """The angle between what a scorecard pays and what customers value; none where it cannot be measured."""

    scorecard: str
    label: str
    function: str
    degrees: float | None
    cosine: Figure
    sentence: str
    grade: str
    grade_label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Breaks of one passage before and after a dated change."""

    change: str
    label: str
    function: str
    passage: str
    since: str
    before: Figure
    after: Figure
    difference: str
    interval: str
    verdict: str
    verdict_label: str
    grade: str
    grade_label: str
    sentence: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class LooseEnds:
    """All initiatives, promises or indicators that share one loose end."""

    kind: str
    sentence: str
    subjects: tuple[str, ...]
    more: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class Incentives:
    """The section. ``state`` is of the scorecards; changes and loose ends are told where their tables are."""

    state: str
    headline: str
    lints: tuple[Lint, ...]
    more_lints: int
    angles: tuple[Angle, ...]
    changes: tuple[ChangeView, ...]
    more_changes: int
    unseen_changes: int
    loose: tuple[LooseEnds, ...]
    has_changes: bool
    rows: Rows
    change_rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Incentives:
    """The section from ``incentives``, ``incentive_angles``, ``changes`` and ``loose_ends``."""
    lints = sorted(
        (_lint(row, run, naming, speech) for row in tables.rows("incentives")),
        key=lambda one: (
            _SEVERITIES.index(one.severity) if one.severity in _SEVERITIES else 9,
            one.scorecard,
            one.rule,
        ),
    )
    angles = tuple(_angle(row, naming, speech) for row in tables.rows("incentive_angles"))
    changes = sorted(
        (_change(row, run, naming, speech) for row in tables.rows("changes")),
        key=lambda one: (
            _WORTH_TELLING.index(one.verdict) if one.verdict in _WORTH_TELLING else 9,
            one.change,
            one.passage,
        ),
    )
    seen = [one for one in changes if one.verdict != "not_detectable"]
    built = [name for name in ("incentives", "incentive_angles", "changes", "loose_ends") if tables.has(name)]
    filled = any(tables.count(name) for name in built)
    return Incentives(
        state="found" if filled else "none" if built and (charter.scorecards or charter.changes) else "empty",
        headline=_headline(lints, angles, changes, speech),
        lints=tuple(lints[:MOST_LINTS]), more_lints=max(0, len(lints) - MOST_LINTS), angles=angles,
        changes=tuple(seen[:MOST_CHANGES]), more_changes=max(0, len(seen) - MOST_CHANGES), unseen_changes=len(changes) - len(seen),
        loose=_loose(tables.rows("loose_ends"), run, naming, speech), has_changes=bool(charter.changes),
        rows=run.rows("incentives"), change_rows=run.rows("changes"),
    )  # fmt: skip


def _headline(lints: list[Lint], angles: tuple[Angle, ...], changes: list[ChangeView], speech: Speech) -> str:
    worst = next((one for one in lints if one.severity == "high"), None)
    wide = [one for one in angles if one.degrees is not None and one.degrees >= 90]
    if wide:
        return wide[0].sentence
    if worst:
        return worst.sentence
    moved = next((one for one in changes if one.verdict == "moved"), None)
    if moved:
        return moved.sentence
    return speech.many("incentives.headline", len(lints)) if lints else ""


def _lint(row: Row, run: RunFacts, naming: Naming, speech: Speech) -> Lint:
    rule, severity = text(row["rule"]), text(row["severity"])
    held = names(row["indicators"])
    quoted = (
        naming.joined(speech.say("quoted", text=naming.indicator(name)) for name in held) if held else "—"
    )
    label = naming.scorecard(text(row["scorecard"]))
    value, bound = number(row["value"]), number(row["bound"])
    key = f"lint.{rule}"
    given = {
        "card": label, "indicators": quoted, "value": "—" if value is None else saying.minus(speech.number(value, saying.decimals([value]))),
        "bound": "—" if bound is None else saying.minus(speech.number(bound, saying.decimals([bound]))),
    }  # fmt: skip
    sentence = (
        speech.say(key, **given)
        if speech.knows(key)
        else f"{label} — {naming.word('lint_rule', rule)} ({quoted})"
    )
    return Lint(
        text(row["scorecard"]), label, naming.function(row["function"]), rule, severity, naming.word("severity", severity), sentence,
        tuple(naming.indicator(name) for name in held), run.rows("incentives", same(scorecard=row["scorecard"], rule=row["rule"])),
    )  # fmt: skip


def _angle(row: Row, naming: Naming, speech: Speech) -> Angle:
    degrees = number(row["degrees"])
    cosine = Figure(
        number(row["cosine"]), number(row["ci_low"]), number(row["ci_high"]), "", whole(row["terms"]) or None
    )
    label = naming.scorecard(text(row["scorecard"]))
    reason = naming.reason(row["reason"])
    if degrees is None:
        sentence = speech.say("angle.unknown", card=label)
    else:
        low, high = cosine.low, cosine.high
        if low is not None and high is not None and low < 0 < high:
            key = "angle.either"
        else:
            key = (
                "angle.aligned"
                if degrees < 30
                else "angle.partly"
                if degrees < 75
                else "angle.across"
                if degrees <= 105
                else "angle.against"
            )
        sentence = speech.say(key, card=label, degrees=f"{speech.number(degrees)}°")
    grade = text(row["grade"])
    return Angle(
        text(row["scorecard"]),
        label,
        naming.function(row["function"]),
        degrees,
        cosine,
        sentence,
        grade,
        naming.word("grade", grade) if grade else "",
        reason,
    )


def _change(row: Row, run: RunFacts, naming: Naming, speech: Speech) -> ChangeView:
    verdict, grade = text(row["verdict"]), text(row["grade"])
    label = naming.change(text(row["change"]))
    before = Figure(number(row["before"]), unit="share", n=whole(row["n_before"]) or None)
    after = Figure(number(row["after"]), unit="share", n=whole(row["n_after"]) or None)
    passage = (
        f"{naming.function(row['from_function'])} → {naming.function(row['to_function'])}"
        if row["from_function"] or row["to_function"]
        else naming.journey(row["journey_type"])
    )
    difference = number(row["difference"])
    where = str(row["moved_to"]) if row["moved_to"] else ""
    given = {
        "change": label, "passage": passage, "kind": naming.word("break", text(row["kind"])), "before": saying.level(before.value, "share", speech), "after": saying.level(after.value, "share", speech),
        "day": speech.day(row["since"]) if row["since"] else "—",
        "moved_to": " → ".join(naming.anything(part.strip()) for part in where.split(">")) if where else "—",
    }  # fmt: skip
    key = f"changed.{verdict}"
    return ChangeView(
        text(row["change"]), label, naming.function(row["function"]), passage, speech.day(row["since"]) if row["since"] else "—", before, after,
        *saying.told(difference, number(row["ci_low"]), number(row["ci_high"]), "share", speech, signed=True), verdict, naming.word("changed_verdict", verdict),
        grade, naming.word("grade", grade) if grade else "", speech.say(key, **given) if speech.knows(key) else passage,
        run.rows("changes", same(change=row["change"], from_function=row["from_function"], to_function=row["to_function"])),
    )  # fmt: skip


def _loose(rows: list[Row], run: RunFacts, naming: Naming, speech: Speech) -> tuple[LooseEnds, ...]:
    grouped: dict[str, list[str]] = {}
    for row in rows:
        said = naming.anything(text(row["subject"]) or None)
        if row["other"]:
            said = speech.say("loose.pair", first=said, second=naming.anything(text(row["other"])))
        elif row["function"]:
            said = f"{said} ({naming.function(row['function'])})"
        grouped.setdefault(text(row["kind"]), []).append(said)
    return tuple(
        LooseEnds(
            kind,
            speech.many(f"loose.{kind}", len(subjects)) if speech.knows(f"loose.{kind}") else naming.word("loose_kind", kind),
            tuple(subjects[:MOST_SUBJECTS]), max(0, len(subjects) - MOST_SUBJECTS), run.rows("loose_ends", same(kind=kind)),
        )
        for kind, subjects in grouped.items()
    )  # fmt: skip
