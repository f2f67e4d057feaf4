"""Human and machine: what machines settle and only seem to, what each does to customers, the dose and the wait it makes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import FEWEST_PERSONS, Figure, Rows, same, shown_for
from portance.views.naming import Naming, everyone
from portance.views.people.told import Grid, Said, held, level, move, seconds, wait
from portance.views.reading import Row, Tables, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech, clean

MOST_BARS = 8
MOST_EFFECTS = 12
MOST_CURVES = 4
OUTCOMES = ("resolved", "repeat", "effort", "satisfaction", "cost", "lost")
PARTS = ("resolved", "false_containment", "handed", "abandoned")
"""What becomes of a machine's sessions: settled, kept without being settled, handed to a person, given up."""
REFUTED = ("longer", "shorter")
_GOOD_DOWN = frozenset({"repeat", "effort", "cost", "lost"})


@dataclass(frozen=True, slots=True)
class Containment:
    """What becomes of the sessions of a machine, for one intent or for all."""

    machine: str
    intent: str
    label: str
    sessions: int
    parts: tuple[tuple[str, Said], ...]
    contained: Said
    deflected: Said
    rows: Rows

    def part(self, name: str) -> Said:
        """One of what becomes of the sessions."""
        return dict(self.parts)[name]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a human does that a machine does not, for one intent and segment: human minus machine, adjusted and raw."""

    intent: str
    segment: str
    outcome: str
    compared: str
    label: str
    adjusted: Said
    raw: Said
    human: Said
    machine: Said
    overlap: float | None
    overlap_said: str
    supported: bool
    grade: str
    grade_label: str
    verdict: str
    verdict_label: str
    sentence: str
    n: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The effects on one outcome, and on which side of zero a human helps."""

    outcome: str
    label: str
    unit: str
    down_is_better: bool
    effects: tuple[Effect, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Dose:
    """One setting of a curve: the share that humans take, the wait that it makes, and what it is worth."""

    dose: float
    wait_s: float | None
    value: float | None
    low: float | None
    high: float | None
    abandoned: float | None
    within: float | None
    agents: float | None
    current: bool
    best: bool
    saturated: bool


@dataclass(frozen=True, slots=True)
class DoseCurve:
    """The dose of human at one desk, with the wait that it makes and where it saturates."""

    desk: str
    intent: str
    label: str
    points: tuple[Dose, ...]
    sentence: str
    unit: str
    rows: Rows
    assumed: str = ""
    """What its waits rest on: how customers give up, and whether conversations slow each other down."""
    measured: Figure | None = None
    """The mean wait measured at the dose of now, in seconds."""
    fit: str = ""
    """Whether that is what the curve predicts there; see the table."""
    checked: str = ""
    """Both waits beside each other, and what follows for the curve; empty where it is said once for several."""

    @property
    def refuted(self) -> bool:
        """Whether the measured wait refutes the curve."""
        return self.fit in REFUTED


@dataclass(frozen=True, slots=True)
class Refused:
    """Curves of one desk that its measured wait refutes, all for the same reason: said once, with the reasons for contact."""

    about: str
    checked: str


@dataclass(frozen=True, slots=True)
class MachineView:
    """One machine against the experience that it is meant to give."""

    machine: str
    label: str
    verdict: str
    verdict_label: str
    sentence: str
    figures: tuple[tuple[str, Said], ...]
    reason: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class HumanMachine:
    """The section."""

    state: str
    headline: str
    bars: tuple[Containment, ...]
    containment: Grid | None
    outcomes: tuple[Outcome, ...]
    effects: Grid | None
    curves: tuple[DoseCurve, ...]
    refused: tuple[Refused, ...]
    machines: tuple[MachineView, ...]
    left_out: Grid | None
    phoned_for: Grid | None
    remaining: Grid | None
    answer_times: Grid | None
    continuity: Grid | None
    contact_reasons: Grid | None
    reasons_said: str
    rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> HumanMachine:
    """The section from ``dosage``, ``containment``, ``dose_curve``, ``queues``, ``machines`` and what people and desks answer."""
    make = _Maker(charter, run, naming, speech)
    containment = [make.containment(row) for row in tables.rows("containment")]
    effects = [make.effect(row) for row in tables.rows("dosage")]
    outcomes = tuple(make.outcomes(effects))
    curves, refused = make.refused(tuple(make.curves(tables.rows("dose_curve"), tables.rows("queues"))))
    machines = tuple(
        sorted((make.machine(row) for row in tables.rows("machines")), key=lambda one: (one.verdict in ("not_detectable", ""), one.label))
    )  # fmt: skip
    whole_ = [one for one in containment if everyone(one.intent)]
    bars = sorted(whole_ or containment, key=lambda one: (-one.sessions, one.label))
    grids = {
        name: make.grid(name, tables.rows(name), columns)
        for name, columns in (("left_out", _LEFT_OUT), ("phoned_for", _PHONED), ("remaining", _REMAINING))
    }
    # A row that counts nothing only tells why: a table of dashes would say less than what is missing does.
    answering = make.answer_times(
        [row for row in tables.rows("answer_times") if whole(row["answered"]) or row["desk"]]
    )
    continuity = make.continuity([row for row in tables.rows("continuity") if whole(row["journeys"])])
    reasons, reasons_said = make.contact_reasons(tables.rows("contact_reasons"))
    anything = (
        containment
        or effects
        or curves
        or machines
        or answering
        or continuity
        or reasons
        or any(grids.values())
    )
    built = any(tables.has(name) for name in ("dosage", "containment", "answer_times"))
    return HumanMachine(
        state="found" if anything else "none" if built and (charter.machines or charter.desks) else "empty",
        headline=_headline(machines, bars, outcomes, speech),
        bars=tuple(one for one in bars if any(said.ends for _, said in one.parts))[:MOST_BARS],
        containment=make.containments(containment), outcomes=outcomes, effects=make.effects(effects), curves=curves, refused=refused,
        machines=machines, left_out=grids["left_out"], phoned_for=grids["phoned_for"], remaining=grids["remaining"],
        answer_times=answering, continuity=continuity, contact_reasons=reasons, reasons_said=reasons_said,
        rows=run.rows("dosage", "", "outcome, intent, segment"),
    )  # fmt: skip


def _headline(
    machines: tuple[MachineView, ...], bars: list[Containment], outcomes: tuple[Outcome, ...], speech: Speech
) -> str:
    """A machine to withdraw or repair first; else one that keeps what it does not settle; else the plainest effect."""
    for verdict in ("withdraw", "repair"):
        for machine in machines:
            if machine.verdict == verdict:
                return machine.sentence
    false = [one for one in bars if (one.part("false_containment").point or 0.0) > 0]
    if false:
        worst = max(false, key=lambda one: one.part("false_containment").figure.low or 0.0)
        said = worst.part("false_containment")
        return speech.say("dosage.headline_false", machine=worst.label, times=speech.times(said.point or 0.0))
    for outcome in outcomes:
        for effect in outcome.effects:
            if effect.verdict in ("human", "machine"):
                return effect.sentence
    return speech.say("dosage.headline_none") if outcomes else ""


_LEFT_OUT = (
    ("intent", ("intent",), "name"), ("segment", ("segment",), "segment"), ("measure", ("measure",), "left_out_measure"), ("share", ("share",), "share"),
    ("others", ("others",), "share"), ("people", ("persons",), "people"), ("verdict", ("verdict",), "left_out_verdict"),
)  # fmt: skip
_PHONED = (
    ("intent", ("intent",), "name"), ("function", ("function",), "function"), ("contacts", ("contacts",), "count"), ("by_phone", ("share",), "share"),
    ("settled", ("resolved",), "share"), ("hours_per_week", ("hours_per_week",), "number"),
)  # fmt: skip
_REMAINING = (
    ("change", ("change",), "change"), ("function", ("function",), "function"), ("measure", ("measure",), "remaining_measure"), ("before", ("before",), "plain"),
    ("after", ("after",), "plain"), ("difference_of", ("difference",), "move"), ("hours_per_week", ("hours",), "number"),
    ("verdict", ("verdict",), "remaining_verdict"), ("note", ("stale",), "remaining"),
)  # fmt: skip
Columns = tuple[tuple[str, tuple[str, ...], str], ...]


class _Maker:
    def __init__(self, charter: Charter, run: RunFacts, naming: Naming, speech: Speech) -> None:
        self._charter, self._run, self._naming, self._speech = charter, run, naming, speech

    def containment(self, row: Row) -> Containment:
        machine, intent = text(row["machine"]), text(row["intent"])
        label = self._naming.machine(machine)
        if not everyone(intent):
            label = f"{label} · {self._intent(intent)}"
        parts = tuple((name, level(held(row, name, "share", n="sessions"), self._speech)) for name in PARTS)
        return Containment(
            machine, intent, label, whole(row["sessions"]), parts, level(held(row, "contained", "share", n="sessions"), self._speech),
            level(held(row, "deflected", "share", n="sessions"), self._speech), self._run.rows("containment", same(machine=machine)),
        )  # fmt: skip

    def containments(self, found: list[Containment]) -> Grid | None:
        if not found:
            return None
        say = self._speech.say
        return Grid(
            say("containment"),
            (say("col.machine"), say("col.sessions"), *(say(f"containment.{name}") for name in ("contained", *PARTS, "deflected"))),
            tuple((one.label, self._speech.number(one.sessions), one.contained, *(said for _, said in one.parts), one.deflected) for one in found[:40]),
            self._run.rows("containment", "", "machine, intent"), max(0, len(found) - 40), frozenset(range(1, 8)),
        )  # fmt: skip

    def _intent(self, intent: str) -> str:
        return clean(intent.replace("_", " ")) if not everyone(intent) else self._speech.say("every_intent")

    def effect(self, row: Row) -> Effect:
        speech, outcome = self._speech, text(row["outcome"])
        intent, segment = text(row["intent"]), text(row["segment"])
        unit = "money" if outcome == "cost" else "" if outcome in ("effort", "satisfaction") else "share"
        label = self._intent(intent)
        if not everyone(segment):
            label = f"{label} · {self._naming.segment(segment)}"
        compared = text(row["compared"])
        if compared == "human_handover":
            label = f"{label} · {speech.say('compared.human_handover')}"
        verdict = text(row["verdict"])
        supported = verdict != "no_support"
        adjusted = held(row, "effect", unit, low="ci_low", high="ci_high", currency=speech.currency)
        raw = held(row, "raw", unit, currency=speech.currency)
        sides = [
            level(Figure(number(row[name]), None, None, unit, None, adjusted.persons, shown_for(adjusted.persons, number(row[name])), speech.currency), speech)
            for name in ("human", "machine")
        ]  # fmt: skip
        said = move(adjusted, speech)
        grade, overlap = text(row["grade"]), number(row["overlap"])
        return Effect(
            intent=intent, segment=segment, outcome=outcome, compared=compared, label=label,
            adjusted=said if supported else move(Figure(None, unit=unit, shown="missing"), speech),
            raw=move(raw, speech), human=sides[0], machine=sides[1], overlap=overlap,
            overlap_said="" if overlap is None else speech.percent(overlap, 0), supported=supported,
            grade=grade, grade_label=self._naming.word("grade", grade) if grade else "", verdict=verdict,
            verdict_label=self._naming.word("dose_verdict", verdict) if verdict else "",
            sentence=self._sentence(label, outcome, grade, said, verdict), n=whole(row["n"]), reason=self._naming.reason(row["reason"]),
        )  # fmt: skip

    def _sentence(self, label: str, outcome: str, grade: str, said: Said, verdict: str) -> str:
        if verdict not in ("human", "machine") or said.figure.value is None:
            return ""
        key = "dosage.effect_sure" if grade in ("A", "B") else "dosage.effect_linked"
        figure = f"{said.text} {said.interval}".strip()
        return self._speech.say(
            key, intent=label, outcome=self._speech.say(f"outcome.{outcome}"), effect=figure,
            side=self._speech.say(f"dose_verdict.{verdict}"),
        )  # fmt: skip

    def outcomes(self, effects: list[Effect]) -> Iterable[Outcome]:
        order = {name: place for place, name in enumerate(OUTCOMES)}
        grouped: dict[str, list[Effect]] = {}
        for effect in effects:
            if effect.outcome in order:
                grouped.setdefault(effect.outcome, []).append(effect)
        for outcome in sorted(grouped, key=lambda name: order[name]):
            found = sorted(
                grouped[outcome],
                key=lambda one: (
                    not one.supported,
                    one.compared == "human_handover",
                    not everyone(one.segment),
                    -one.n,
                    one.label,
                ),
            )
            yield Outcome(
                outcome, self._speech.say(f"outcome.{outcome}"), found[0].adjusted.figure.unit, outcome in _GOOD_DOWN,
                tuple(found[:MOST_EFFECTS]), self._run.rows("dosage", same(outcome=outcome), "intent, segment"),
            )  # fmt: skip

    def effects(self, found: list[Effect]) -> Grid | None:
        if not found:
            return None
        say = self._speech.say
        told = found[:80]
        return Grid(
            say("effects"),
            tuple(say(f"col.{name}") for name in ("intent", "outcome", "human", "machine", "difference", "raw", "overlap", "observations", "verdict", "evidence")),
            tuple(
                (
                    one.label, say(f"outcome.{one.outcome}") if one.outcome in OUTCOMES else one.outcome, one.human, one.machine,
                    one.adjusted if one.supported else say("dose_verdict.no_support"), one.raw, one.overlap_said or "—",
                    self._speech.number(one.n), one.verdict_label or one.reason or "—", one.grade_label or "—",
                )
                for one in told
            ),
            self._run.rows("dosage", "", "outcome, intent, segment"), len(found) - len(told), frozenset(range(2, 8)),
        )  # fmt: skip

    def curves(self, rows: list[Row], queues: list[Row]) -> Iterable[DoseCurve]:
        assumed = {text(row["desk"]): self._assumed(row) for row in queues}
        grouped: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            grouped.setdefault((text(row["desk"]), text(row["intent"])), []).append(row)
        for (desk, intent), held_ in sorted(grouped.items())[:MOST_CURVES]:
            points = tuple(
                sorted(
                    (_dose(row) for row in held_ if number(row["dose"]) is not None), key=lambda one: one.dose
                )
            )
            label = self._naming.desk(desk) if desk else "—"
            if not everyone(intent):
                label = f"{label} · {self._intent(intent)}"
            fit = text(held_[0]["fit"])
            if fit in REFUTED:
                # Of a curve that does not hold for this desk, no dose is the best one; where it fills up only scales the drawing.
                points = tuple(replace(point, best=False) for point in points)
            now = next((row for row in held_ if row["current"] is True), held_[0])
            found = held(
                now, "wait_measured_s", "seconds", low="wait_measured_low", high="wait_measured_high", n="wait_measured_n"
            )  # fmt: skip
            yield DoseCurve(
                desk, intent, label, points, self._curve_sentence(points, refuted=fit in REFUTED), text(held_[0]["unit"]) or "share",
                self._run.rows("dose_curve", same(desk=desk), "intent, dose"), assumed.get(desk, ""),
                found if found.value is not None else None, fit, self._checked(points, found, fit),
            )  # fmt: skip

    def refused(self, curves: tuple[DoseCurve, ...]) -> tuple[tuple[DoseCurve, ...], tuple[Refused, ...]]:
        """The curves without what several of a desk share, and that, said once."""
        shared: dict[tuple[str, str], list[DoseCurve]] = {}
        for curve in curves:
            if curve.refuted:
                shared.setdefault((curve.desk, curve.checked), []).append(curve)
        said = {key: held_ for key, held_ in shared.items() if len(held_) > 1}
        return (
            tuple(replace(one, checked="") if (one.desk, one.checked) in said else one for one in curves),
            tuple(
                Refused(
                    self._speech.say(
                        "dose.refuted_of", desk=self._naming.desk(desk) if desk else "—",
                        intents=self._naming.joined(self._intent(one.intent) for one in held_),
                    ),
                    checked,
                )
                for (desk, checked), held_ in said.items()
            ),
        )  # fmt: skip

    def _checked(self, points: tuple[Dose, ...], measured: Figure, fit: str) -> str:
        """The predicted and the measured wait at the dose of now, each named for what it is, and what that says of the curve."""
        speech, today = self._speech, next((one for one in points if one.current), None)
        if today is None or not speech.knows(f"dose_fit.{fit}"):
            return ""
        if measured.value is None:
            return speech.say("dose_fit.not_measured")
        predicted = speech.say("dose.endless") if today.wait_s is None else seconds(today.wait_s, speech)
        said = wait(measured, speech)
        both = speech.many(
            "dose.measured", measured.n or 0, predicted=predicted, measured=said.text, interval=said.interval
        )  # fmt: skip
        return f"{both} {speech.say(f'dose_fit.{fit}')}"

    def _curve_sentence(self, points: tuple[Dose, ...], *, refuted: bool) -> str:
        speech = self._speech
        today = next((one for one in points if one.current), None)
        best = next((one for one in points if one.best), None)
        full = next((one for one in points if one.saturated), None)
        parts = []
        if today and today.wait_s is not None:
            parts.append(
                speech.say(
                    "dose.today", dose=speech.percent(today.dose, 0), wait=seconds(today.wait_s, speech)
                )
            )
        if best and (today is None or abs(best.dose - today.dose) > 1e-9):
            parts.append(
                speech.say("dose.best", dose=speech.percent(best.dose, 0), wait=seconds(best.wait_s, speech))
            )
        elif best and today:
            parts.append(speech.say("dose.is_best"))
        if full and not refuted:
            parts.append(speech.say("dose.saturated", dose=speech.percent(full.dose, 0)))
        return " ".join(parts)

    def _assumed(self, queue: Row) -> str:
        speech, parts = self._speech, []
        fit = text(queue["patience_fit"])
        if fit == "exponential":
            parts.append(speech.many("patience.fits", whole(queue["abandoned"])))
        elif speech.knows(f"patience.{fit}"):
            parts.append(
                speech.say(
                    f"patience.{fit}", at=seconds(number(queue["fit_at_s"]), speech),
                    seen=speech.percent(number(queue["fit_gone"]), 0), said=speech.percent(number(queue["fit_exponential"]), 0),
                )
            )  # fmt: skip
        source = text(queue["attention_from"])
        if source == "assumed":
            parts.append(speech.say("dose.not_slowed"))
        elif source in ("measured", "declared"):
            ends = [speech.percent(number(queue[f"attention_{end}"]), 0) for end in ("low", "high")]
            key = "dose.slowed_measured" if source == "measured" else "dose.slowed"
            parts.append(
                speech.say(
                    key, share=speech.percent(number(queue["attention"]), 0), low=ends[0], high=ends[1]
                )
            )
        return " ".join(parts)

    def machine(self, row: Row) -> MachineView:
        speech, name, verdict = self._speech, text(row["machine"]), text(row["verdict"])
        label = self._naming.machine(name)
        figures = []
        for column in ("resolved", "false_containment", "handed", "abandoned", "kept"):
            said = level(held(row, column, "share"), speech)
            if said.known and not 0 <= (said.figure.value or 0.0) <= 1:
                continue
            if said.known:
                key = "machine.kept" if column == "kept" else f"containment.{column}"
                figures.append((speech.say(key), said))
        effect = move(held(row, "effect", "share", low="ci_low", high="ci_high"), speech)
        if effect.known and effect.figure.value is not None:
            figures.append((speech.say("machine.effect"), effect))
        key = f"machine.{verdict}"
        return MachineView(
            name, label, verdict, self._naming.word("machine_verdict", verdict) if verdict else "—",
            speech.say(key if speech.knows(key) else "machine.not_detectable", machine=label), tuple(figures), self._naming.reason(row["reason"]),
            self._run.rows("machines", same(machine=name)),
        )  # fmt: skip

    def grid(self, name: str, rows: list[Row], columns: Columns) -> Grid | None:
        """A list of rows with the columns that the table has, each under the first name that it goes by."""
        if not rows:
            return None
        present = set().union(*(row.keys() for row in rows))
        kept = [
            (heading, found, kind)
            for heading, choices, kind in columns
            if (found := next((choice for choice in choices if choice in present), None)) is not None
            and any(row[found] is not None for row in rows)
        ]
        if not kept:
            return None
        told = rows[:30]
        return Grid(
            self._speech.say(name), tuple(self._speech.say(f"col.{heading}") for heading, _, _ in kept),
            tuple(tuple(self._cell(row, column, kind) for _, column, kind in kept) for row in told),
            self._run.rows(name), len(rows) - len(told),
            frozenset(place for place, (_, _, kind) in enumerate(kept) if kind in ("share", "count", "people", "number", "plain", "move")),
        )  # fmt: skip

    def _cell(self, row: Row, column: str, kind: str) -> Said | str:
        speech, value = self._speech, row[column]
        if kind == "share":
            return level(held(row, column, "share", **self._ends(row, column)), speech)
        if kind == "move":
            return _measured(move, row, column, speech)
        if kind in ("count", "people"):
            found = number(value)
            few = found is not None and 0 < found < FEWEST_PERSONS and kind == "people"
            return speech.say("too_few") if few else speech.number(found)
        if kind == "number":
            return (
                "—" if text(row["shown"]) == "suppressed" else saying.minus(speech.number(number(value), 0))
            )
        if kind == "plain":
            return _measured(level, row, column, speech)
        if kind == "function":
            return self._naming.function(text(value) or None)
        if kind == "segment":
            return self._naming.segment(text(value) or None)
        if kind == "change":
            return self._naming.change(text(value) or None)
        if kind == "remaining":
            return speech.say("remaining.stale") if value is True else "—"
        code = text(value)
        if kind == "left_out_measure":
            return self._naming.word("left_out_measure", code)
        if kind == "left_out_verdict":
            return self._naming.word("left_out_verdict", code)
        if kind == "remaining_measure":
            return self._naming.word("remaining_measure", code)
        if kind == "remaining_verdict":
            return self._naming.word("remaining_verdict", code)
        return self._naming.anything(text(value) or None)

    @staticmethod
    def _ends(row: Row, column: str) -> dict[str, str]:
        """Where the ends of a figure stand: under its own name, else under ``low`` or ``ci_low``."""
        for low, high in ((f"{column}_low", f"{column}_high"), ("low", "high"), ("ci_low", "ci_high")):
            if row[low] is not None:
                return {"low": low, "high": high}
        return {}

    def answer_times(self, rows: list[Row]) -> Grid | None:
        if not rows:
            return None
        speech, say = self._speech, self._speech.say
        return Grid(
            say("answer_times"),
            tuple(say(f"col.{name}") for name in ("desk", "answered", "within_share", "median_wait", "p90_wait", "standard", "announced_wait", "expected_wait", "verdict")),
            tuple(
                (
                    self._naming.desk(text(row["desk"])) if row["desk"] else self._naming.function(text(row["function"]) or None),
                    speech.number(whole(row["answered"])), level(held(row, "within_share", "share", low="low", high="high", n="answered"), speech),
                    *(seconds(number(row[name]), speech) for name in ("median_s", "p90_s", "standard_s", "announced_s", "expected_s")),
                    self._naming.word("answer_verdict", text(row["verdict"])) if row["verdict"] else self._naming.reason(row["reason"]) or "—",
                )
                for row in rows
            ),
            self._run.rows("answer_times"), numeric=frozenset(range(1, 8)),
        )  # fmt: skip

    def continuity(self, rows: list[Row]) -> Grid | None:
        if not rows:
            return None
        speech, say = self._speech, self._speech.say
        return Grid(
            say("continuity"),
            tuple(say(f"col.{name}") for name in ("journey", "journeys", "same_adviser", "advisers", "repeat_with_same")),
            tuple(
                (
                    self._naming.journey(text(row["journey_type"]) or None), speech.number(whole(row["journeys"])),
                    level(held(row, "same_adviser", "share", low="low", high="high", n="journeys"), speech),
                    "—" if row["shown"] == "suppressed" else speech.number(number(row["advisers"]), 1),
                    move(held(row, "effect", "share"), speech),
                )
                for row in rows
            ),
            self._run.rows("continuity"), numeric=frozenset({1, 2, 3, 4}),
        )  # fmt: skip

    def contact_reasons(self, rows: list[Row]) -> tuple[Grid | None, str]:
        pairs = [row for row in rows if row["coded"] is not None and row["text_says"] is not None]
        hiding = {text(row["coded"]) for row in rows if row["hides"] is True}
        over_all = next((row for row in rows if number(row["kappa"]) is not None), None)
        said = ""
        if over_all is not None and number(over_all["agreement"]) is not None:
            said = self._speech.say(
                "reasons.agreement", share=self._speech.percent(number(over_all["agreement"]), 0),
                kappa=self._speech.number(number(over_all["kappa"]), 2),
            )  # fmt: skip
        if not pairs:
            return None, said
        wrong = sorted(pairs, key=lambda row: (text(row["coded"]) not in hiding, -whole(row["n"])))
        told = wrong[:12]
        return Grid(
            self._speech.say("contact_reasons"), tuple(self._speech.say(f"col.{name}") for name in ("coded", "text_says", "contacts", "share")),
            tuple(
                (
                    self._intent(text(row["coded"])), self._naming.irritant(text(row["text_says"]) or None),
                    self._speech.say("too_few") if whole(row["n"]) < 5 else self._speech.number(whole(row["n"])),
                    "—" if whole(row["n"]) < 5 else self._speech.percent(number(row["share"]), 0),
                )
                for row in told
            ),
            self._run.rows("contact_reasons", "", "n DESC"), len(wrong) - len(told), frozenset({2, 3}),
        ), said  # fmt: skip


def _measured(say: Callable[[Figure, Speech], Said], row: Row, column: str, speech: Speech) -> Said:
    """A figure in the unit that its row names; durations in the one that fits."""
    unit = text(row["unit"])
    found = held(
        row, column, unit if unit in ("share", "hours", "") else "seconds" if unit in ("s", "seconds") else ""
    )
    return wait(found, speech) if found.unit == "seconds" and say is level else say(found, speech)


def _dose(row: Row) -> Dose:
    return Dose(
        number(row["dose"]) or 0.0, number(row["wait_s"]), number(row["value"]), number(row["value_low"]), number(row["value_high"]),
        number(row["abandoned"]), number(row["within"]), number(row["agents"]), row["current"] is True, row["best"] is True, row["saturated"] is True,
    )  # fmt: skip
