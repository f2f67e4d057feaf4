"""What report.json tells of alignment: codes and numbers, in no language, at most as many as the page draws and lists."""

import math
from datetime import date
from typing import Any

from portance.views.alignment.conflicts import ConflictView, TargetSet
from portance.views.alignment.decisions import Curve, DecisionView, OptionView
from portance.views.alignment.functions import EffectLine
from portance.views.alignment.responsibility import Matrix
from portance.views.alignment.section import Alignment
from portance.views.alignment.watermelons import Watermelon
from portance.views.figure import Figure

Plain = dict[str, Any]


def sections(held: Alignment) -> Plain:
    """The eight sections by their keys."""
    watermelons, responsibility = held.watermelons, held.responsibility
    scopes = [one for one in (watermelons.main, *watermelons.others) if one is not None]
    return {
        "conflicts": {
            "pairs": [_pair(view) for view in held.conflicts.all],
            "not_detectable": [_pair(view) for view in held.conflicts.unseen],
            "target_sets": [_targets(one) for one in held.conflicts.targets],
        },
        "watermelons": {
            "scopes": [_scope(one) for one in scopes],
            "scoreboard": [
                {"indicator": one.indicator, **_interval(one.gain)} for one in watermelons.worth
            ],
            "gaming": [{"indicator": one.indicator, "kind": one.kind, "grade": one.grade} for one in watermelons.gaming],
        },
        "responsibility": {
            "subjects": [_matrix(one) for one in responsibility.matrices],
            "orphan_seams": responsibility.orphans,
            "contested_seams": responsibility.contested,
        },
        "brakes": [
            {
                "brake": brake.name,
                "measures": [
                    {"measure": one.measure, **_interval(one.figure), "unit": one.figure.unit, "trend": one.trend or None}
                    for one in brake.measures
                ],
            }
            for brake in responsibility.brakes
        ],
        "functions": [
            {
                "function": one.function,
                "does": [_line(line) for line in one.does],
                "receives": [_line(line) for line in one.receives],
            }
            for one in held.functions.functions
        ],
        "decisions": {
            "open": [_decision(view) for view in held.decisions.questions],
            "signed": [_decision(view) for view in held.decisions.signed],
            "tradeoffs": [_curve(curve) for curve in held.decisions.curves],
            "calibration": {name: _number(value) for name, value in held.decisions.calibration_figures},
        },
        "incentives": {
            "faults": [
                {"scorecard": one.scorecard, "rule": one.rule, "severity": one.severity} for one in held.incentives.lints
            ],
            "angles": [
                {"scorecard": one.scorecard, "degrees": _number(one.degrees), **_interval(one.cosine)}
                for one in held.incentives.angles
            ],
        },
        "initiatives": {
            "changes": [
                {
                    "change": one.change, "before": _number(one.before.value), "after": _number(one.after.value),
                    "verdict": one.verdict, "grade": one.grade or None,
                }
                for one in held.incentives.changes
            ],
            "loose_ends": {one.kind: len(one.subjects) + one.more for one in held.incentives.loose},
        },
    }  # fmt: skip


def _pair(view: ConflictView) -> Plain:
    native = view.native
    low, median, high = view.net
    return {
        "from_indicator": view.from_indicator,
        "to_indicator": view.to_indicator,
        "from_function": view.from_function,
        "to_function": view.to_function,
        "kind": view.kind,
        "verdict": view.verdict,
        "grade": view.grade,
        "effect": _number(view.strength),
        "ci_low": _number(view.low),
        "ci_high": _number(view.high),
        "moves_by": None if native is None else _number(native[0]),
        "unit": view.native_unit,
        "net": None
        if median is None
        else {
            "low": _number(low),
            "median": _number(median),
            "high": _number(high),
            "p_negative": _number(view.p_net_negative),
        },
        "refuted": list(view.refuted),
    }


def _targets(one: TargetSet) -> Plain:
    return {"indicators": list(one.indicators), "probability": _number(one.probability)}


def _scope(one: Watermelon) -> Plain:
    return {
        "scope": one.scope,
        **_interval(one.rate),
        "lift": _point(one.lift),
        "auc": _point(one.auc),
        "shown": one.rate.shown,
    }


def _matrix(one: Matrix) -> Plain:
    cells = [
        {"from_function": cell.from_function, "to_function": cell.to_function, "low": _number(cell.low), "high": _number(cell.high)}
        for cell in one.cells
        if cell.low is not None or cell.high is not None
    ]  # fmt: skip
    return {"subject": one.subject, "respondents": one.respondents, "perceived": cells}


def _line(line: EffectLine) -> Plain:
    return {
        "other": line.other, "through": line.through, "item": line.item, **_interval(line.figure), "unit": line.figure.unit,
        "grade": line.grade or None, "verdict": line.verdict or None,
    }  # fmt: skip


def _decision(view: DecisionView) -> Plain:
    return {
        "decision": view.decision, "question": view.question, "status": view.status, "option": view.option or None,
        "opened": _day(view.opened), "signed": _day(view.signed), "review": _day(view.review), "verdict": view.verdict or None,
        "options": [_option(one) for one in view.options], "dissents": view.dissents, "replies": view.replies,
    }  # fmt: skip


def _option(one: OptionView) -> Plain:
    low, median, high = one.net
    return {
        "option": one.option, "net_low": _number(low), "net_median": _number(median), "net_high": _number(high),
        "p_net_negative": _number(one.p_net_negative), "p_dominated": _number(one.dominated), "wins_share": _number(one.wins),
        "vetoed": bool(one.vetoed),
    }  # fmt: skip


def _curve(curve: Curve) -> Plain:
    return {
        "from_indicator": curve.from_indicator, "to_indicator": curve.to_indicator, "lever": curve.lever, "settings": len(curve.points)
    }  # fmt: skip


def _interval(figure: Figure) -> Plain:
    """What may be told of a figure: the rules of small numbers hold here as on the page."""
    return {
        "value": _point(figure),
        "ci_low": _number(figure.low) if figure.known else None,
        "ci_high": _number(figure.high) if figure.known else None,
    }


def _point(figure: Figure) -> float | None:
    return _number(figure.value) if figure.shown == "point" else None


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
