"""The tables that the quality of take-overs and the policy are told in, column by column."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

_D, _N, _S = pa.float64(), pa.int64(), pa.string()


def _interval(*names: str) -> list[tuple[str, pa.DataType]]:
    return [(f"{name}{end}", _D) for name in names for end in ("", "_low", "_high")]


TAKEOVERS = pa.schema(
    [
        ("machine", _S), ("function", _S), ("to_function", _S), ("handovers", _N),
        *_interval("asked_again", "wait_s", "solved", "trapped", "premature", "late", "reachable"),
        ("persons", _N), ("shown", _S), ("reason", _S), ("sessions", _N), ("asked", _N), ("unanswered", _N),
        *_interval("waited_long", "reached", "reach_s"), ("path", pa.bool_()), ("people_again", _N), ("people_trapped", _N), ("people_long", _N),
    ]
)  # fmt: skip


TAKEOVER_POLICY = pa.schema(
    [
        ("position", _N), ("part", _S), ("figure", _S), ("basis", _S), ("value", _D), ("low", _D), ("high", _D), ("unit", _S), ("n", _N),
        ("conversations", _N), ("shown", _S), ("at", pa.timestamp("us", "UTC")), ("reason", _S),
    ]
)  # fmt: skip


def table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows as the table ``takeovers``; what a row does not tell is null."""
    return pa.table(
        {field.name: [row.get(field.name) for row in rows] for field in TAKEOVERS}, schema=TAKEOVERS
    )
