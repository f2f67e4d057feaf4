"""The drawings of people and machines that the templates place, each for a wide page and for a phone."""

from collections.abc import Callable

from markupsafe import Markup

from portance.report.drawings import (
    columns,
    dose,
    forest,
    foretold,
    mirror,
    pressure,
    silence,
    stacked,
    staying,
)
from portance.report.drawings.canvas import both, element, icon
from portance.views.figure import Figure
from portance.views.people import told
from portance.views.people.dosage import Containment, Dose, DoseCurve, Outcome
from portance.views.people.mirror import Mirror, Sides
from portance.views.people.retention import Staying, StayPanel
from portance.views.people.silent import Pressure, Silence
from portance.views.people.stall import Stall
from portance.views.people.takeover import SHARES, TakeOver
from portance.views.people.voices import Voices
from portance.views.speech import Speech


class PeopleDrawings:
    """What the sections on people and machines draw."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    def irritants(self, held: Voices) -> Markup:
        """Frequency, severity and effect of each irritant, in aligned columns."""
        say = self._speech.say
        told_ = held.drawn
        parts = (
            columns.Column(say("voices.frequency"), tuple(one.frequency for one in told_)),
            columns.Column(say("voices.severity"), tuple(one.severity for one in told_)),
            columns.Column(say("voices.effect_money" if held.in_money else "voices.effect_lost"), tuple(one.effect for one in told_), say("voices.loss" if held.in_money else "voices.lost")),
        )  # fmt: skip
        labels = tuple((one.label, one.grade_label, one.promise or say("voices.unserved")) for one in told_)
        words = say("voices.drawing"), self._speech.many("voices.drawing_desc", len(told_))
        return self._columns(labels, parts, "irritants", words)

    def paths(self, held: TakeOver) -> Markup:
        """The way to a human, machine by machine, in aligned columns."""
        say = self._speech.say
        parts = tuple(
            columns.Column(say(f"takeover.{name}"), tuple(one.share(name) for one in held.paths), whole=True)
            for name in SHARES
        )
        labels = tuple(
            (
                one.label,
                "",
                f"{say('takeover.wait')} {one.wait.text}"
                if one.wait.known
                else say("takeover.no_way")
                if one.no_way
                else one.to,
            )
            for one in held.paths
        )
        words = say("takeover.drawing"), self._speech.many("takeover.desc", len(held.paths))
        return self._columns(labels, parts, "paths", words)

    def _columns(
        self,
        labels: tuple[columns.Label, ...],
        parts: tuple[columns.Column, ...],
        name: str,
        words: tuple[str, str],
    ) -> Markup:
        parts = tuple(part for part in parts if any(cell.known or cell.text != "—" for cell in part.cells))
        if not parts:
            return Markup("")
        return both(
            columns.wide(labels, parts, name, words, self._speech), columns.narrow(labels, parts, f"{name}-narrow", words)
        )  # fmt: skip

    def silence(self, one: Silence, name: str) -> Markup:
        """Those who answer, all as estimated, and what silence could hide."""
        return self._both(
            lambda wide, key: silence.silence(one, key, self._speech, wide),
            name,
            silence.WIDE,
            silence.NARROW,
        )

    def pressure(self, held: Pressure) -> Markup:
        """Contact pressure over the response rate, month by month."""
        return self._both(
            lambda wide, key: pressure.pressure(held, key, self._speech, wide),
            "pressure",
            pressure.WIDE,
            pressure.NARROW,
        )

    def mirror(self, panel: Mirror, name: str) -> Markup:
        """One measure of each step, the customer on the left, the employees on the right."""
        return self._both(
            lambda wide, key: mirror.mirror(panel, key, self._speech, wide), name, mirror.WIDE, mirror.NARROW
        )

    def distances(self, held: Sides) -> Markup:
        """What is said beside what is lived: shares on one scale; the rest is told in words."""
        shares = tuple(
            one
            for one in held.distances
            if one.said.figure.unit == "share" and one.lived.figure.unit == "share"
        )
        lines = tuple(forest.Line(one.label, "", one.lived, one.said) for one in shares)
        words = self._speech.say("distances"), self._speech.many("distances.desc", len(lines))
        drawn = forest.Forest(*words, "share", lines, zero=False, diamond=True)
        return self._forest(drawn, "distances")

    def stacked(self, bars: tuple[Containment, ...]) -> Markup:
        """What becomes of the sessions of each machine."""
        return self._both(
            lambda wide, key: stacked.stacked(bars, key, self._speech, wide),
            "sessions",
            stacked.WIDE,
            stacked.NARROW,
        )

    def effects(self, outcome: Outcome, name: str) -> Markup:
        """Human minus machine, adjusted beside raw, for one outcome."""
        say = self._speech.say
        lines = tuple(
            forest.Line(
                one.label, " · ".join(part for part in (say("effects.overlap", share=one.overlap_said) if one.overlap_said else "", one.grade_label) if part),
                one.adjusted, one.raw,
                "" if one.supported else say("dose_verdict.no_support"),
            )
            for one in outcome.effects
        )  # fmt: skip
        sides = (say("effects.machine_better"), say("effects.human_better"))
        drawn = forest.Forest(
            say("effects.of", outcome=outcome.label), self._speech.many("effects.desc", len(lines)), outcome.unit, lines,
            sides[::-1] if outcome.down_is_better else sides,
        )  # fmt: skip
        return self._forest(drawn, name)

    def dose(self, curve: DoseCurve, name: str) -> Markup:
        """The dose of human, the wait that it makes and what it is worth."""
        return self._both(
            lambda wide, key: dose.dose(curve, key, self._speech, wide), name, dose.WIDE, dose.NARROW
        )

    def departures(self, held: Staying) -> Markup:
        """What each exposure does to departures, by choice and held."""
        say = self._speech.say
        lines = tuple(
            forest.Line(one.label, one.note, one.first, one.second, said=one.said) for one in held.pairs
        )
        return self._forest(forest.Forest(held.per, self._speech.many("retention.desc", len(lines)), "per_hundred", lines, (say("stay_verdict.fewer_leave"), say("stay_verdict.more_leave"))), "departures")  # fmt: skip

    def staying(self, panel: StayPanel, name: str) -> Markup:
        """The share of customers who stay, group by group."""
        return self._both(
            lambda wide, key: staying.staying(panel, key, self._speech, wide),
            name,
            staying.WIDE,
            staying.NARROW,
        )

    def foretold(self, held: Stall) -> Markup:
        """What was told ahead of a stall, and what happened."""
        return self._both(
            lambda wide, key: foretold.foretold(held, key, self._speech, wide),
            "foretold",
            foretold.WIDE,
            foretold.NARROW,
        )

    def part(self, name: str) -> Markup:
        """The mark of what becomes of a session, for a legend."""
        fill = {"false_containment": "url(#hatch)", "abandoned": "url(#unknown-hatch)"}.get(name)
        return icon(
            element(
                "rect",
                x=0.5,
                y=0.5,
                width=15,
                height=9,
                fill=fill,
                kind="" if fill else "node" if name == "resolved" else "flow",
            ),
            16,
            10,
        )

    def lock(self) -> Markup:
        """A padlock beside the word that says the same."""
        body = element("rect", x=2, y=7, width=12, height=8, rx=1.5, kind="node")
        bow = element("path", d="M5 7V5a3 3 0 0 1 6 0v2", kind="lock-bow")
        return icon(body + bow, 16, 16)

    def seconds(self, value: float | None) -> str:
        """A wait in words."""
        return told.seconds(value, self._speech)

    def worth(self, point: Dose, curve: DoseCurve) -> str:
        """What a dose is worth, with its interval."""
        if point.value is None:
            return "—"
        said = told.level(Figure(point.value, point.low, point.high, curve.unit), self._speech)
        return f"{said.text} ({said.interval})" if said.interval else said.text

    def _forest(self, held: forest.Forest, name: str) -> Markup:
        return self._both(
            lambda wide, key: forest.forest(held, key, self._speech, wide), name, forest.WIDE, forest.NARROW
        )

    @staticmethod
    def _both(make: Callable[[float, str], Markup | None], name: str, wide: float, narrow: float) -> Markup:
        return both(make(wide, name), make(narrow, f"{name}-narrow"))
