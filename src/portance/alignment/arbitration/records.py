"""The tables of arbitration: decisions, their options, forecasts and effects, their calibration, and the trade-offs."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

_TEXT, _REAL, _COUNT, _FLAG, _DAY = pa.string(), pa.float64(), pa.int64(), pa.bool_(), pa.date32()
_AT = pa.timestamp("us", tz="UTC")


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


SCHEMAS: Mapping[str, pa.Schema] = {
    "decisions": _schema(
        decision=_TEXT, question=_TEXT, from_indicator=_TEXT, to_indicator=_TEXT, option=_TEXT, status=_TEXT,
        opened_at=_AT, signed_at=_AT, signed_by=_TEXT, metric=_TEXT, window_start=_DAY, window_end=_DAY, estimator=_TEXT,
        smallest_effect=_REAL, forecast_low=_REAL, forecast=_REAL, forecast_high=_REAL, net_low=_REAL, net_median=_REAL,
        net_high=_REAL, review_date=_DAY, verdict=_TEXT, observed=_REAL, observed_low=_REAL, observed_high=_REAL,
        detectable=_REAL, hash=_TEXT, supersedes=_TEXT, superseded_by=_TEXT, dissents=_COUNT, replies=_COUNT,
    ),
    "decision_options": _schema(
        decision=_TEXT, option=_TEXT, moves=_TEXT, chosen=_FLAG, kind=_TEXT, net_low=_REAL, net_median=_REAL, net_high=_REAL,
        p_net_negative=_REAL, p_dominated=_REAL, regret=_REAL, vetoed=_TEXT, wins_share=_REAL,
    ),
    "decision_forecasts": _schema(
        decision=_TEXT, option=_TEXT, indicator=_TEXT, function=_TEXT, team=_TEXT, horizon=_TEXT, low=_REAL,
        median=_REAL, high=_REAL, unit=_TEXT, money_low=_REAL, money=_REAL, money_high=_REAL, extrapolated=_FLAG,
        grade=_TEXT,
    ),
    "decision_effects": _schema(
        decision=_TEXT, indicator=_TEXT, function=_TEXT, role=_TEXT, observed=_REAL, low=_REAL, high=_REAL,
        verdict=_TEXT, grade=_TEXT,
    ),
    "calibration": _schema(
        decisions=_COUNT, judged=_COUNT, inside90=_COUNT, coverage=_REAL, cover_low=_REAL, cover_high=_REAL,
        sign_right=_COUNT, bias=_REAL,
    ),
    "tradeoffs": _schema(
        from_indicator=_TEXT, to_indicator=_TEXT, lever=_TEXT, setting=_REAL, from_value=_REAL, from_low=_REAL,
        from_high=_REAL, to_value=_REAL, to_low=_REAL, to_high=_REAL, net_low=_REAL, net=_REAL, net_high=_REAL,
        extrapolated=_FLAG, current=_FLAG,
    ),
}  # fmt: skip
"""Name of each table to its columns."""


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as the table of that name; the same columns with or without rows, absent values null."""
    schema = SCHEMAS[name]
    return pa.table({column: [row.get(column) for row in rows] for column in schema.names}, schema=schema)
