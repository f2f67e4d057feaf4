"""The risk of a stall: whether an alarm is earned, what it would have done, and what was told ahead beside what happened."""

from dataclasses import dataclass
from datetime import date

from portance.views.alignment import saying
from portance.views.figure import Figure, Rows, Shown, same
from portance.views.naming import Naming
from portance.views.people.told import NOTHING, Grid, Said, level
from portance.views.reading import Row, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

METHOD = "symmetry"
FIGURES = ("skill", "warned", "lead", "false_alarms", "risk")


@dataclass(frozen=True, slots=True)
class Ahead:
    """One period: the share of teams told to fall from then on, by the level of the day alone too, and the share that did, with its interval."""

    day: date
    told: float
    observed: float | None
    low: float | None
    high: float | None
    teams: int = 0
    persistence: float | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One figure of the alarm: whether it was measured or is predicted, of how many cases and teams, and the code of why it is missing."""

    name: str
    basis: str
    said: Said
    unit: str
    n: int | None
    teams: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Stall:
    """``verdict``: alarm, no_alarm or not_measurable. ``sentences`` say it, ``points`` draw it; ``earned`` where an alarm may be told.

    ``employees`` stand behind the thrust, counted down to a multiple of five; periods are of ``weeks``.
    """

    verdict: str
    skill: Said
    sentences: tuple[str, ...]
    points: tuple[Ahead, ...]
    table: Grid | None
    rows: Rows
    figures: tuple[Judged, ...] = ()
    employees: int | None = None
    weeks: int | None = None

    @property
    def earned(self) -> bool:
        """Whether an alarm may be told."""
        return self.verdict == "alarm"


def build(rows: list[Row], run: RunFacts, naming: Naming, speech: Speech) -> Stall | None:
    """From the rows of ``stall``; nothing where there are none."""
    found = {text(row["figure"]): row for row in rows if text(row["figure"]) != "curve"}
    skill = found.get("skill")
    if skill is None:
        return None
    verdict = text(skill["verdict"])
    points = tuple(
        Ahead(
            row["period"],
            chance,
            number(row["observed"]),
            number(row["low"]),
            number(row["high"]),
            whole(row["teams"]),
            number(row["persistence"]),
        )
        for row in rows
        if text(row["figure"]) == "curve"
        and isinstance(row["period"], date)
        and (chance := number(row["value"])) is not None
    )
    said = _score(skill, speech)
    judged = tuple(_judged(name, found[name], speech) for name in FIGURES if name in found)
    facts = (judged, _counted(skill["employees"]), _counted(skill["weeks"]))
    behind = run.rows("stall", same(figure="curve"), "period")
    if verdict not in ("alarm", "no_alarm") or not said.known:
        sentence = speech.say("stall.unknown", reason=naming.reason(skill["reason"] or "no_data"))
        return Stall(
            "not_measurable", NOTHING, (sentence,), points, _table(points, behind, speech), behind, *facts
        )
    teams = speech.many("units.team", whole(skill["teams"]))
    given = {"skill": " ".join(part for part in (said.text, said.interval and f"[{said.interval}]") if part), "falls": speech.many("stall.falls", whole(skill["n"])), "teams": teams}  # fmt: skip
    sentences = [speech.say(f"stall.{verdict}", **given)]
    if verdict == "alarm":
        sentences += _alarm({one.name: one for one in judged}, naming, speech)
    return Stall(verdict, said, tuple(sentences), points, _table(points, behind, speech), behind, *facts)


def _counted(value: object) -> int | None:
    return None if number(value) is None else whole(value)


def _judged(name: str, row: Row, speech: Speech) -> Judged:
    """A figure as it may be told: a point, its interval alone, or that there is none."""
    value, unit = number(row["value"]), text(row["unit"])
    shown: Shown = (
        "point" if value is not None else "interval" if number(row["low"]) is not None else "missing"
    )
    n = _counted(row["n"])
    figure = Figure(
        value, number(row["low"]), number(row["high"]), "" if unit == "score" else unit, n, None, shown
    )
    said = _score(row, speech) if name == "skill" else level(figure, speech)
    return Judged(name, text(row["basis"]) or "measured", said if shown != "missing" else NOTHING, unit, n, _counted(row["teams"]), text(row["reason"]))  # fmt: skip


def _score(row: Row, speech: Speech) -> Said:
    value = number(row["value"])
    figure = Figure(value, number(row["low"]), number(row["high"]), "", whole(row["n"]), None, "missing" if value is None else "point")  # fmt: skip
    if value is None:
        return NOTHING
    ends = [saying.minus(speech.number(end, 2)) for end in (figure.low, figure.high) if end is not None]
    return Said(
        figure,
        saying.minus(speech.number(value, 2)),
        speech.say("to", low=ends[0], high=ends[1]) if len(ends) == 2 else "",
    )


def _alarm(judged: dict[str, Judged], naming: Naming, speech: Speech) -> list[str]:
    """What is told ahead now, and how such alarms did before."""

    def said(name: str) -> str:
        one = judged.get(name)
        if one is None or not one.said.known:
            return naming.reason(one.reason) if one is not None and one.reason else "—"
        return f"{one.said.text} [{one.said.interval}]" if one.said.interval else one.said.text

    sentences = []
    risk = judged.get("risk")
    if risk is not None and risk.said.figure.value is not None:
        # how many teams that makes is what the told share amounts to: the exact count would tell of what employees say
        about = round(risk.said.figure.value * (risk.teams or 0))
        sentences.append(speech.say("stall.risk", n=speech.number(about), share=said("risk"), teams=speech.many("units.team", risk.teams or 0)))  # fmt: skip
    warned = judged.get("warned")
    falls = speech.many("stall.falls", warned.n) if warned is not None and warned.n else "—"
    sentences.append(speech.say("stall.past", warned=said("warned"), falls=falls, lead=said("lead"), false=said("false_alarms")))  # fmt: skip
    if any(one.reason == "earlier_figure" for one in judged.values()):
        sentences.append(speech.say("stall.earlier"))
    return sentences


def _table(points: tuple[Ahead, ...], behind: Rows, speech: Speech) -> Grid | None:
    if not points:
        return None
    say = speech.say

    def happened(point: Ahead) -> Said | str:
        if point.observed is None:
            return say("stall.not_over")
        return level(Figure(point.observed, point.low, point.high), speech)

    return Grid(
        say("stall.curves"), (say("col.from_day"), say("stall.told"), say("stall.happened")),
        tuple((speech.day(point.day), speech.percent(point.told, 0), happened(point)) for point in reversed(points)),
        behind, numeric=frozenset({1, 2}),
    )  # fmt: skip
