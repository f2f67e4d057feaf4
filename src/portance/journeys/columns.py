"""The columns of interactions, as formulas name them and as steps read them."""

from collections.abc import Callable, Collection, Mapping

import sqlglot
from sqlglot import exp

from portance.charter import Charter, formula
from portance.charter.checking import attribute_names

CANONICAL = {
    "interaction_id": "varchar", "person_id": "varchar", "person_key": "bigint", "tie": "bigint", "source": "varchar",
    "t_us": "bigint", "local_day": "integer", "due_us": "bigint", "duration_ms": "bigint", "wait_ms": "bigint",
    "cost_cents": "bigint", "channel": "varchar", "function": "varchar", "actor": "varchar", "team": "varchar",
    "activity": "varchar", "intent": "varchar", "case_key": "varchar", "case_id": "varchar", "outcome": "varchar",
    "initiated_by": "varchar", "rating": "double", "has_verbatim": "boolean", "language": "varchar",
    "asked_again": "boolean",
}  # fmt: skip
"""What journeys read of an interaction, and the type of each."""

_WRITTEN = {
    "occurred_at": "t_us",
    "due_at": "due_us",
    "duration_s": "(duration_ms * 0.001)",
    "wait_s": "(wait_ms * 0.001)",
    "cost": "(cost_cents * 0.01)",
}
"""Names of the canonical interaction whose column is kept in a smaller unit; decimals keep them exact."""


class Columns:
    """The columns that ``interactions`` has: an absent one reads as null, so that a step stands on any extract.

    ``found`` are the columns and types of the table, or ``None`` where a plan is made before there is one.
    """

    def __init__(self, charter: Charter, found: Mapping[str, str] | None) -> None:
        attributes = {f"a_{name}" for name in attribute_names(charter)}
        self._found = found
        self._names: frozenset[str] = frozenset(found if found is not None else {*CANONICAL, *attributes})
        self._formula_names: Collection[str] = {
            *formula.INTERACTION_NAMES,
            *(name.removeprefix("a_") for name in attributes),
            *(name.removeprefix("a_") for name in self._names if name.startswith("a_")),
        }

    def read(self, name: str) -> str:
        """The column ``name`` in a select list, null where it is absent."""
        return name if name in self._names else f"cast(null as {_castable(CANONICAL[name])}) as {name}"

    def bare(self, name: str) -> str:
        """The column ``name`` inside an expression, null where it is absent."""
        return name if name in self._names else f"cast(null as {_castable(CANONICAL[name])})"

    def named(self, name: str) -> str:
        """What a formula's ``name`` stands for, in columns of ``interactions``."""
        if name in _WRITTEN:
            column = {"occurred_at": "t_us", "due_at": "due_us", "duration_s": "duration_ms",
                      "wait_s": "wait_ms", "cost": "cost_cents"}[name]  # fmt: skip
            return _WRITTEN[name] if column in self._names else f"cast(null as {CANONICAL[column]})"
        if name in formula.INTERACTION_NAMES:
            return self.bare(name)
        return f'"a_{name}"' if f"a_{name}" in self._names else "cast(null as varchar)"

    def scalar(self, text: str) -> str:
        """A formula over one interaction as SQL."""
        return formula.compiled(text, self.named, self._formula_names)

    def aggregate(self, text: str, column: Callable[[str], str]) -> str:
        """A formula over the interactions of a journey as SQL; ``first`` and ``last`` read the first and last known."""
        made = formula.compiled(text, column, self._formula_names, aggregate=True, order="position")
        return sqlglot.parse_one(made, dialect="duckdb").transform(_known).sql(dialect="duckdb")


def _castable(kind: str) -> str:
    return "bigint" if kind == "double" else kind


def _known(node: exp.Expr) -> exp.Expr:
    """An ``arg_min`` that skips what is not known on every engine: the null is in what it is ordered by."""
    if isinstance(node, (exp.ArgMin, exp.ArgMax)):
        place = exp.case().when(node.this.copy().is_(exp.null()).not_(), node.expression.copy())
        return type(node)(this=node.this.copy(), expression=place)
    return node
