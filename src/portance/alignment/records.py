"""What was found of conflicts as tables: one column per field, the same with or without rows."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pyarrow as pa

from portance.alignment.conflicts import Conflict, ProposedTest, Responses
from portance.alignment.structure.records import CONFLICTS

_TYPES = {"str": pa.string(), "float": pa.float64(), "int": pa.int64(), "bool": pa.bool_()}
_RESPONSES = pa.schema(
    [
        ("lever", pa.string()), ("indicator", pa.string()), ("horizon_periods", pa.int64()), ("effect", pa.float64()),
        ("ci_low", pa.float64()), ("ci_high", pa.float64()), ("df", pa.float64()), ("grade", pa.string()), ("design", pa.string()),
        ("low", pa.float64()), ("high", pa.float64()),
    ]
)  # fmt: skip


def conflicts_table(rows: Sequence[Conflict]) -> pa.Table:
    """Empirical and mechanical conflicts as rows of the table ``conflicts``."""
    return pa.table(
        {name: [getattr(row, name) for row in rows] for name in CONFLICTS.names}, schema=CONFLICTS
    )


def tests_table(rows: Sequence[ProposedTest]) -> pa.Table:
    """Tests to run as rows."""
    schema = pa.schema([(field.name, _arrow(field.type)) for field in fields(ProposedTest)])
    return pa.table({name: [getattr(row, name) for row in rows] for name in schema.names}, schema=schema)


def responses_table(found: Sequence[Responses]) -> pa.Table:
    """What each lever does to each indicator at each horizon; what cannot be said has no row."""
    rows: list[dict[str, Any]] = []
    for one in found:
        low, high = one.interval()
        for place in np.argwhere(np.isfinite(one.effect)):
            horizon, lever, indicator = map(int, place)
            rows.append(
                {
                    "lever": one.levers[lever], "indicator": one.indicators[indicator], "horizon_periods": one.horizons[horizon],
                    "effect": float(one.effect[horizon, lever, indicator]), "ci_low": _finite(low[horizon, lever, indicator]),
                    "ci_high": _finite(high[horizon, lever, indicator]), "df": float(one.df[lever, indicator]),
                    "grade": one.grade[lever][indicator], "design": "lever", "low": _finite(one.low[lever]), "high": _finite(one.high[lever]),
                }
            )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_RESPONSES)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _arrow(kind: Any) -> pa.DataType:
    written = kind.__name__ if isinstance(kind, type) else str(kind)
    return _TYPES.get(written.removesuffix(" | None"), pa.string())
