"""The tables of structure: rows of ``conflicts`` without readings, and ``target_sets``."""

from collections.abc import Sequence
from dataclasses import fields

import pyarrow as pa

from portance.alignment.structure.structural_conflict import StructuralConflict
from portance.alignment.structure.target_set import TargetSet

_TEXTS = (
    "from_indicator", "to_indicator", "from_function", "to_function", "kind", "grade", "verdict", "native_unit",
    "per_unit", "design", "lever", "refuted", "reason", "path",
)  # fmt: skip
_COUNTS = ("lag_periods", "units", "periods", "observations", "severity")
_COLUMNS = (
    "from_indicator", "to_indicator", "from_function", "to_function", "kind", "effect", "ci_low", "ci_high", "q", "grade",
    "verdict", "net_low", "net_median", "net_high", "p_net_negative", "effect_native", "native_low", "native_high",
    "native_unit", "per", "per_unit", "design", "lever", "lag_periods", "units", "periods", "observations",
    "smallest_detectable", "smallest_of_interest", "between", "within", "pooled", "robustness", "bias_bound",
    "placebo_lead_p", "placebo_outcome_p", "sign_stability", "refuted", "reason", "path", "severity",
)  # fmt: skip
CONFLICTS = pa.schema([
    (name, pa.string() if name in _TEXTS else pa.int64() if name in _COUNTS else pa.float64()) for name in _COLUMNS
])  # fmt: skip
TARGET_SETS = pa.schema([
    ("set_number", pa.int64()), ("indicator", pa.string()), ("function", pa.string()), ("target", pa.float64()),
    ("current", pa.float64()), ("reachable", pa.float64()), ("together", pa.float64()), ("probability", pa.float64()),
    ("feasible", pa.bool_()),
])  # fmt: skip


def conflicts_table(rows: Sequence[StructuralConflict]) -> pa.Table:
    """Structural conflicts as rows of the table ``conflicts``; what only readings tell is null."""
    known = {field.name for field in fields(StructuralConflict)}
    columns = {
        name: [getattr(row, name) for row in rows] if name in known else [""] * len(rows) if name == "refuted" else [None] * len(rows)
        for name in _COLUMNS
    }  # fmt: skip
    return pa.table(columns, schema=CONFLICTS)


def target_sets_table(sets: Sequence[TargetSet]) -> pa.Table:
    """Sets of targets as rows of the table ``target_sets``."""
    rows = [
        (one.number, aim.indicator, aim.function, aim.target, aim.current, aim.reachable, aim.together, one.probability, one.feasible)
        for one in sets
        for aim in one.rows
    ]  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * len(TARGET_SETS)
    return pa.table([list(column) for column in columns], schema=TARGET_SETS)
