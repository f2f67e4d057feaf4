"""The tables ``changes`` and ``loose_ends``."""

from collections.abc import Sequence

import pyarrow as pa

from portance.alignment.changes.change_effect import ChangeEffect, LooseEnd

CHANGES = pa.schema([
    ("change", pa.string()), ("function", pa.string()), ("journey_type", pa.string()), ("from_function", pa.string()),
    ("to_function", pa.string()), ("kind", pa.string()), ("since", pa.date32()), ("before", pa.float64()),
    ("after", pa.float64()), ("difference", pa.float64()), ("ci_low", pa.float64()), ("ci_high", pa.float64()),
    ("n_before", pa.int64()), ("n_after", pa.int64()), ("grade", pa.string()), ("verdict", pa.string()),
    ("moved_to", pa.string()), ("reason", pa.string()),
])  # fmt: skip
LOOSE_ENDS = pa.schema([
    ("kind", pa.string()), ("subject", pa.string()), ("function", pa.string()), ("other", pa.string()), ("since", pa.date32()),
])  # fmt: skip


def changes_table(rows: Sequence[ChangeEffect]) -> pa.Table:
    """Effects of changes as rows."""
    return pa.table({name: [getattr(row, name) for row in rows] for name in CHANGES.names}, schema=CHANGES)


def loose_ends_table(rows: Sequence[LooseEnd]) -> pa.Table:
    """Loose ends as rows."""
    return pa.table(
        {name: [getattr(row, name) for row in rows] for name in LOOSE_ENDS.names}, schema=LOOSE_ENDS
    )
