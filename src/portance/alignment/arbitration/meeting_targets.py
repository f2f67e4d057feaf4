"""Whether targets can be met together with the levers there are, before and after an option, by measured responses."""

from collections.abc import Mapping

import numpy as np

from portance.alignment.arbitration.evidence import Evidence
from portance.alignment.arbitration.question import Option
from portance.alignment.structure.meeting import System, smallest


def targets_after(evidence: Evidence, option: Option) -> Mapping[str, float]:
    """The targets in force under an option: those declared, moved by it, less the indicators that it drops."""
    targets = {level.name: level.target for level in evidence.levels if level.target is not None}
    for move in option.moves:
        if move.kind == "drop":
            targets.pop(move.name, None)
        elif move.kind == "target" and move.value is not None:
            targets[move.name] = move.value
    return targets


def unmeetable(evidence: Evidence, option: Option) -> tuple[str, ...] | None:
    """The smallest set of targets that cannot be met together under an option; empty where all can.

    Levels move by the middle of each response at the longest horizon, levers within their declared ranges (the ranges
    seen, where none is declared). None where no target stands on an indicator that a lever was measured to move.
    """
    responses = evidence.responses
    targets = targets_after(evidence, option)
    names, table, wanted = [], [], []
    for level in evidence.levels:
        if level.name not in targets or level.level is None or level.name not in responses.indicators:
            continue
        if not responses.levers:
            continue
        slopes = responses.effect[-1, :, responses.indicators.index(level.name)]
        if not np.isfinite(slopes).any():
            continue
        names.append(level.name)
        table.append(level.better * np.nan_to_num(slopes))
        wanted.append(level.better * (targets[level.name] - level.level))
    if not names:
        return None
    low, high = np.zeros(len(responses.levers)), np.zeros(len(responses.levers))
    for place, name in enumerate(responses.levers):
        setting = evidence.setting(name)
        if setting is None or setting.current is None:
            continue
        bottom = setting.low if setting.low is not None else setting.seen_low
        top = setting.high if setting.high is not None else setting.seen_high
        if bottom is not None and top is not None:
            low[place], high[place] = min(bottom - setting.current, 0.0), max(top - setting.current, 0.0)
    rows = np.array(table)
    scale = np.maximum(np.abs(rows) @ np.maximum(high - low, 1e-12), np.abs(wanted))
    scale = np.where(scale > 0, scale, 1.0)
    made = System(tuple(names), rows / scale[:, None], np.array(wanted) / scale, low, high, scale)
    every = list(range(len(names)))
    return () if made.holds(every) else tuple(names[row] for row in smallest(made, every))
