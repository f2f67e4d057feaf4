"""The table of irritants: its columns, the same with and without rows."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

_TEXT, _INT, _REAL, _BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
IRRITANTS = pa.schema(
    [
        ("irritant", _TEXT), ("language", _TEXT), ("n", _INT), ("share", _REAL), ("severity", _REAL), ("loss_low", _REAL), ("loss", _REAL),
        ("loss_high", _REAL), ("promise", _TEXT), ("seam", _TEXT), ("owners", _TEXT), ("persons", _INT), ("share_low", _REAL),
        ("share_high", _REAL), ("severity_low", _REAL), ("severity_high", _REAL), ("lost", _REAL), ("lost_low", _REAL), ("lost_high", _REAL),
        ("contacts", _REAL), ("contacts_low", _REAL), ("contacts_high", _REAL), ("complaints", _REAL), ("complaints_low", _REAL),
        ("complaints_high", _REAL), ("grade", _TEXT), ("rank", _INT), ("public_only", _BOOL), ("suggestions", _INT), ("shown", _TEXT),
        ("reason", _TEXT), ("break_kind", _TEXT), ("lost_days", _INT), ("contact_days", _INT), ("value_source", _TEXT),
        ("complaints_from", _TEXT), ("complaint_names", _TEXT),
    ]
)  # fmt: skip


def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows as the table ``irritants``."""
    empty: dict[str, Any] = dict.fromkeys(IRRITANTS.names)
    return pa.Table.from_pylist([empty | row for row in rows], schema=IRRITANTS)
