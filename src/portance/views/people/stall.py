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


@dataclass(frozen=True, slots=True)
class Ahead:
    """One period: the share of teams told to fall from then on, and the share that did, with its interval."""

    day: date
    told: float
    observed: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Stall:
    """``verdict``: alarm, no_alarm or not_measurable. ``sentences`` say it, ``points`` draw it; ``earned`` where an alarm may be told."""

    verdict: str
    skill: Said
    sentences: tuple[str, ...]
    points: tuple[Ahead, ...]
    table: Grid | None
    rows: Rows

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
        Ahead(row["period"], chance, number(row["observed"]), number(row["low"]), number(row["high"]))
        for row in rows
        if text(row["figure"]) == "curve"
        and isinstance(row["period"], date)
        and (chance := number(row["value"])) is not None
    )
    said = _score(skill, speech)
    behind = run.rows("stall", same(figure="curve"), "period")
    if verdict not in ("alarm", "no_alarm") or not said.known:
        sentence = speech.say("stall.unknown", reason=naming.reason(skill["reason"] or "no_data"))
        return Stall("not_measurable", NOTHING, (sentence,), points, _table(points, behind, speech), behind)
    teams = speech.many("units.team", whole(skill["teams"]))
    given = {"skill": " ".join(part for part in (said.text, said.interval and f"[{said.interval}]") if part), "falls": speech.many("stall.falls", whole(skill["n"])), "teams": teams}  # fmt: skip
    sentences = [speech.say(f"stall.{verdict}", **given)]
    if verdict == "alarm":
        sentences += _alarm(found, speech)
    return Stall(verdict, said, tuple(sentences), points, _table(points, behind, speech), behind)


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


def _alarm(found: dict[str, Row], speech: Speech) -> list[str]:
    """What is told ahead now, and how such alarms did before."""

    def said(name: str, unit: str) -> str:
        row = found.get(name)
        if row is None or number(row["low"]) is None:
            return "—"
        value = number(row["value"])
        shown: Shown = "interval" if value is None else "point"
        told = level(Figure(value, number(row["low"]), number(row["high"]), unit, None, None, shown), speech)
        return f"{told.text} [{told.interval}]" if told.interval else told.text

    sentences = []
    if "risk" in found:
        row = found["risk"]
        sentences.append(speech.say("stall.risk", share=said("risk", "share"), n=speech.number(whole(row["n"])), teams=speech.many("units.team", whole(row["teams"]))))  # fmt: skip
    sentences.append(speech.say("stall.past", warned=said("warned", "share"), lead=said("lead", "weeks"), false=said("false_alarms", "")))  # fmt: skip
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
