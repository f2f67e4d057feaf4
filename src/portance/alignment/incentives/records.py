"""The tables ``incentives`` and ``incentive_angles``."""

import json
from collections.abc import Sequence

import pyarrow as pa

from portance.alignment.incentives.incentive import Incentive, IncentiveAngle

INCENTIVES = pa.schema([
    ("scorecard", pa.string()), ("function", pa.string()), ("rule", pa.string()), ("severity", pa.string()),
    ("indicators", pa.string()), ("value", pa.float64()), ("bound", pa.float64()), ("detail", pa.string()),
])  # fmt: skip
INCENTIVE_ANGLES = pa.schema([
    ("scorecard", pa.string()), ("function", pa.string()), ("cosine", pa.float64()), ("ci_low", pa.float64()),
    ("ci_high", pa.float64()), ("degrees", pa.float64()), ("terms", pa.int64()), ("grade", pa.string()), ("reason", pa.string()),
])  # fmt: skip


def incentives_table(rows: Sequence[Incentive]) -> pa.Table:
    """Faults of scorecards as rows; indicators are separated by commas, details stand as JSON."""
    columns = {name: [getattr(row, name) for row in rows] for name in INCENTIVES.names}
    columns["indicators"] = [",".join(row.indicators) for row in rows]
    columns["detail"] = [json.dumps(dict(row.detail), ensure_ascii=False) for row in rows]
    return pa.table(columns, schema=INCENTIVES)


def angles_table(rows: Sequence[IncentiveAngle]) -> pa.Table:
    """Angles as rows."""
    return pa.table(
        {name: [getattr(row, name) for row in rows] for name in INCENTIVE_ANGLES.names},
        schema=INCENTIVE_ANGLES,
    )
