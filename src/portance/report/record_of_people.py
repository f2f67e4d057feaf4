"""What report.json tells of people and machines: codes and numbers, in no language, no text of a customer, no employee."""

import math
from typing import Any

from portance.views.figure import Figure
from portance.views.people.dosage import Effect
from portance.views.people.mirror import Sides, Tool
from portance.views.people.section import People
from portance.views.people.stall import METHOD, Stall
from portance.views.people.told import Said
from portance.views.people.voices import Irritant

Plain = dict[str, Any]
_MOST = 80


def sections(held: People) -> Plain:
    """The six sections by their keys."""
    voices, silent, dosage, staying = held.voices, held.silent, held.dosage, held.retention
    return {
        "voices": {
            "irritants": [_irritant(one) for one in voices.listed],
            "public": [one.irritant for one in voices.public],
        },
        "silent": {
            "questions": [
                {
                    "question": one.question, "segment": one.segment, "naive": _figure(one.naive.figure), "estimate": _figure(one.estimate.figure),
                    "band_low": _number(one.band.figure.low) if one.band.known else None, "band_high": _number(one.band.figure.high) if one.band.known else None,
                    "target": _number(one.target), "flips_at": _number(one.flips_at) if one.estimate.known else None, "answers": one.answers,
                    "asked": one.asked, "people": one.people, "follow_up": one.follow_up, "verdict": one.verdict or None,
                }
                for one in silent.all[:_MOST]
            ],
            "restraint": [
                {"question": one.question, "answers": one.answers, "asked": one.asked, "needed": one.needed, "stop": one.stop} for one in silent.restraint
            ],
            "pressure": [
                {"month": month.period.isoformat(), "over_share": _ends(month.over), "response_rate": _ends(month.rate)}
                for month in (silent.pressure.months if silent.pressure else ())
            ],
        },
        "mirror": _mirror(held.mirror),
        "dosage": {
            "effects": [_effect(one) for outcome in dosage.outcomes for one in outcome.effects],
            "containment": [
                {"machine": one.machine, "intent": one.intent or None, "sessions": one.sessions, "contained": _ends(one.contained), "deflected": _ends(one.deflected)}
                | {name: _ends(said) for name, said in one.parts}
                for one in dosage.bars
            ],
            "curves": [
                {
                    "desk": curve.desk, "intent": curve.intent or None, "fit": curve.fit or None,
                    "measured_wait": None if curve.measured is None else _figure(curve.measured),
                    "points": [
                        {
                            "dose": _number(point.dose), "wait_s": _number(point.wait_s), "value": _number(point.value), "ci_low": _number(point.low),
                            "ci_high": _number(point.high), "current": point.current, "best": point.best, "saturated": point.saturated,
                        }
                        for point in curve.points
                    ],
                }
                for curve in dosage.curves
            ],
            "machines": [{"machine": one.machine, "verdict": one.verdict} for one in dosage.machines],
        },
        "takeover": {
            "paths": [
                {"machine": one.machine, "handovers": one.handovers, "wait": _figure(one.wait.figure)} | {name: _ends(said) for name, said in one.shares}
                for one in held.takeover.paths
            ],
            "policy": {
                "state": held.takeover.policy.state,
                "turned_on": False,
                "figures": [
                    {"part": one.part, "figure": one.figure, "basis": one.basis} | _figure(one.said.figure) | {"unit": one.unit}
                    for one in held.takeover.policy.figures
                ],
            },
        },
        "retention": {
            "exposures": [
                {
                    "exposure": one.exposure, "journey_type": one.journey or None, "reason": one.reason or "all", "soon_per_100": _ends(one.soon),
                    "lost_per_100": _ends(one.lost), "hazard_ratio": _ends(one.ratio), "grade": one.grade or None, "verdict": one.verdict or None,
                }
                for one in staying.exposures[:_MOST]
            ],
            "curves": [{"group": curve.group, "months": len(curve.points), "staying": _number(curve.points[-1].staying)} for panel in staying.curves for curve in panel.curves],
        },
    }  # fmt: skip


def _irritant(one: Irritant) -> Plain:
    return {
        "irritant": one.irritant, "language": one.language or None, "rank": one.rank, "frequency": _ends(one.frequency), "severity": _ends(one.severity),
        "loss": _ends(one.loss), "lost": _ends(one.lost), "contacts": _ends(one.contacts), "complaints": _ends(one.complaints),
        "suggestions": one.suggestions if one.suggestions >= 5 else None, "grade": one.grade or None,
    }  # fmt: skip


def _mirror(held: Sides) -> Plain:
    return {
        "locked": held.locked,
        "steps": [
            {
                "journey_type": panel.journey, "step": step.step, "measure": panel.measure, "customer": _ends(step.customer), "employee": _ends(step.employee),
                "balance": _ends(step.balance), "state": step.state or None,
            }
            for panel in held.panels
            for step in panel.steps
        ],
        "ambitions": [{"ambition": one.subject, "missing": list(one.missing)} for one in held.ambitions],
        "distances": [
            {"part": one.part, "subject": one.subject, "said": _ends(one.said), "lived": _ends(one.lived), "gap": _ends(one.gap)} for one in held.distances
        ],
        "stall": None if held.stall is None else _stall(held.stall),
        "adoption": [_tool(one) for one in held.tools],
    }  # fmt: skip


def _stall(held: Stall) -> Plain:
    reason = next((one.reason for one in held.figures if one.name == "skill"), "")
    return {
        "method": METHOD, "verdict": held.verdict, "reason": reason or None, "weeks": held.weeks, "employees": held.employees,
        "figures": [
            {"figure": one.name, "basis": one.basis} | _figure(one.said.figure)
            | {"unit": one.unit, "n": one.n, "teams": one.teams, "reason": one.reason or None}
            for one in held.figures
        ],
        "curve": [
            {
                "from_day": point.day.isoformat(), "basis": "predicted", "teams": point.teams, "predicted": _number(point.told),
                "persistence": _number(point.persistence), "observed": _number(point.observed), "observed_low": _number(point.low),
                "observed_high": _number(point.high),
            }
            for point in held.points
        ],
    }  # fmt: skip


def _tool(one: Tool) -> Plain:
    return {
        "tool": one.tool, "method": METHOD, "since": None if one.since is None else one.since.isoformat(), "entitled": one.entitled,
        "share": _ends(one.share), "workarounds": _ends(one.workarounds), "employees": one.employees, "reason": one.reason or None,
        "kept": _ends(one.kept), "followed": one.followed, "kept_reason": one.kept_reason or None, "on_time": one.on_time,
    }  # fmt: skip


def _effect(one: Effect) -> Plain:
    return {
        "intent": one.intent, "segment": one.segment, "outcome": one.outcome, "compared": one.compared or None, "effect": _ends(one.adjusted),
        "raw": _ends(one.raw), "unit": one.adjusted.figure.unit, "overlap": _number(one.overlap), "n": one.n, "verdict": one.verdict or None, "grade": one.grade or None,
    }  # fmt: skip


def _ends(said: Said) -> Plain:
    """What may be told of a figure: the rules of small numbers hold here as on the page."""
    figure = said.figure
    return {
        "value": _number(figure.value) if figure.shown == "point" else None,
        "ci_low": _number(figure.low) if figure.known else None,
        "ci_high": _number(figure.high) if figure.known else None,
    }


def _figure(figure: Figure) -> Plain:
    return {
        "value": _number(figure.value) if figure.shown == "point" else None,
        "ci_low": _number(figure.low) if figure.known else None,
        "ci_high": _number(figure.high) if figure.known else None,
        "unit": figure.unit,
        "n": figure.n if figure.known else None,
        "shown": figure.shown,
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
