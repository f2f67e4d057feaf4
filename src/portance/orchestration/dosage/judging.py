"""A verdict on each machine against the experience intended: keep, repair, withdraw, or not to be told."""

import math

from portance.charter import Charter
from portance.engine import Engine, literal
from portance.estimation import shown_for
from portance.estimation.doubly_robust import Contrast
from portance.orchestration.dosage.records import Row

_SLIGHT = 0.05
_FALSE = 0.15
_HALF = 0.5
_PARTS = ("contained", "resolved", "false_containment", "handed", "abandoned")


def judged(
    charter: Charter,
    engine: Engine,
    containment: list[Row],
    effects: dict[str, Contrast],
    grades: dict[str, str],
) -> list[Row]:
    """The rows of ``machines``. ``effects``: by machine, what a human settles more than it does, on what it treats."""
    rows: list[Row] = []
    for part in containment:
        if part["intent"] != "all":
            continue
        name = part["machine"]
        declared = charter.machines.get(name)
        effect = effects.get(name)
        kept = _kept(engine, declared.promise if declared else None)
        promise = charter.promises.get(declared.promise) if declared and declared.promise else None
        intended = promise.level("intended") if promise else None
        target = intended.limit if intended and promise and promise.functional == "share" else None
        row: Row = {
            "machine": name, "sessions": part["sessions"], "persons": part["persons"], "shown": shown_for(part["persons"]),
            **{f"{each}{end}": part.get(f"{each}{end}") for each in _PARTS for end in ("", "_low", "_high")},
            "promise": declared.promise if declared else None, "kept": kept[0], "kept_low": kept[1], "kept_high": kept[2],
            "intended": target, "human_path": declared.human if declared else None,
        }  # fmt: skip
        if effect is not None and part["persons"] >= 30:
            row |= {"raw": effect.raw if math.isfinite(effect.raw) else None}
            if effect.supported:
                row |= {
                    "effect": effect.effect,
                    "ci_low": effect.low,
                    "ci_high": effect.high,
                    "grade": grades.get(name, "C"),
                }
        if declared is None or part["reason"] == "intent_unknown":
            # A channel is not a machine because nobody sits there, and without intents no return can be told.
            row["verdict"], reasons = (
                "not_detectable",
                ["not_declared" if declared is None else "intent_unknown"],
            )
        else:
            row["verdict"], reasons = _verdict(row, supported=effect is not None and effect.supported)
        row["reason"] = ",".join(reasons) or None
        rows.append(row)
    return rows


def _verdict(row: Row, *, supported: bool) -> tuple[str, list[str]]:
    """Withdrawn where a human surely does better and half or fewer are settled; repaired where something is surely wrong."""
    reasons: list[str] = []
    if row["persons"] < 30 or row["resolved_low"] is None:
        return "not_detectable", ["too_few"]
    worse = supported and row["ci_low"] > _SLIGHT
    if worse:
        reasons.append("human_settles_more")
    if row["resolved_high"] < _HALF:
        reasons.append("settles_less_than_half")
    if row["false_containment_low"] > _FALSE:
        reasons.append("false_containment")
    if row["abandoned_low"] > _FALSE:
        reasons.append("abandoned")
    if row["intended"] is not None and row["kept_high"] is not None and row["kept_high"] < row["intended"]:
        reasons.append("promise_not_kept")
    if row["human_path"] is False:
        reasons.append("no_way_to_a_human")
    if worse and row["resolved_high"] < _HALF:
        return "withdraw", reasons
    if reasons:
        return "repair", reasons
    if supported and row["ci_high"] <= _SLIGHT and row["resolved_low"] >= _HALF:
        return "keep", ["does_as_well_as_a_human"]
    return "not_detectable", ["no_support" if not supported else "interval_too_wide"]


def _kept(engine: Engine, promise: str | None) -> tuple[float | None, float | None, float | None]:
    """How often the promise that a machine serves is kept, from what experience measured."""
    found = engine.columns_or_none("promise_rates")
    if promise is None or found is None or not {"rate", "ci_low", "ci_high", "segment"} <= set(found):
        return None, None, None
    rows = engine.rows(
        f"select rate, ci_low, ci_high from promise_rates where promise = {literal(promise)} and segment = 'all'"
    )
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else (None, None, None)
