"""Company formulas: SQL expressions that are parsed, checked name by name, and rebuilt; never pasted.

A formula is a scalar expression (of one row, of one interaction) or an aggregate one (over the interactions of a
unit, or of a journey, where ``first(x)`` and ``last(x)`` follow the order of the journey). It may use the
operators and functions of the engine's allow-list, and the names that it is given; nothing else.
"""

import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from portance.engine.guard import ALLOWED

INTERACTION_NAMES = frozenset({
    "interaction_id", "occurred_at", "due_at", "duration_s", "wait_s", "source", "channel", "function", "actor",
    "team", "activity", "intent", "case_id", "outcome", "initiated_by", "cost", "rating", "has_verbatim", "language",
    "asked_again",
})  # fmt: skip
"""The names of the canonical interaction that formulas may use, beside the attributes of its sources."""

_REFUSED = (
    exp.Select, exp.Subquery, exp.Table, exp.From, exp.Join, exp.Exists, exp.Window, exp.With, exp.CTE, exp.Union,
    exp.Star, exp.Values, exp.Order, exp.GroupConcat, exp.Alias, exp.Interval, exp.Var, exp.WindowSpec,
)  # fmt: skip
_AGGREGATES = (
    exp.Count,
    exp.CountIf,
    exp.Sum,
    exp.Min,
    exp.Max,
    exp.LogicalOr,
    exp.LogicalAnd,
    exp.Avg,
    exp.First,
    exp.Last,
)
_SCALARS = (
    frozenset(ALLOWED)
    - set(_REFUSED)
    - set(_AGGREGATES)
    - {exp.ArgMax, exp.ArgMin, exp.Lag, exp.Lead, exp.RowNumber}
)
_EMBEDDED = (
    exp.Div,
    exp.Mod,
    exp.Round,
    exp.Substring,
    exp.Replace if hasattr(exp, "Replace") else exp.Substring,
)
"""Also allowed where a formula reads the rows of an extract: that always runs on the embedded engine."""


@dataclass(frozen=True, slots=True)
class FormulaFault:
    """Why a formula is refused: what was given, what was expected, and the nearest name that exists."""

    given: str
    expected: str
    nearest: str | None = None


class FormulaError(ValueError):
    """A formula that is refused; ``fault`` tells why."""

    def __init__(self, fault: FormulaFault) -> None:
        self.fault = fault
        super().__init__(f"given {fault.given}, expected {fault.expected}")


def _parsed(text: str) -> exp.Expr:
    if ";" in text or "--" in text or "/*" in text or "\x00" in text:
        raise FormulaError(FormulaFault(repr(text), "one expression, without comments or a second statement"))
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except (SqlglotError, RecursionError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise FormulaError(FormulaFault(repr(text), f"an SQL expression ({reason})")) from error
    if not isinstance(tree, exp.Expr):
        raise FormulaError(FormulaFault(repr(text), "an SQL expression"))
    return tree


def check(
    text: str, names: Collection[str] | None, *, aggregate: bool = False, embedded: bool = False
) -> exp.Expr:
    """The syntax tree of a formula, or a ``FormulaError``.

    ``names`` are the columns that it may use (``None``: not known yet, any). ``aggregate``: it must be built of
    aggregates. ``embedded``: it reads rows of an extract.
    """
    tree = _parsed(text)
    allowed = (
        set(_SCALARS) | (set(_AGGREGATES) if aggregate else set()) | (set(_EMBEDDED) if embedded else set())
    )
    if aggregate:
        allowed.add(exp.Div)
    for node in tree.walk():
        if isinstance(node, exp.Star) and isinstance(node.parent, exp.Count):
            continue
        if type(node) not in allowed:
            kind = "an aggregate" if isinstance(node, _AGGREGATES) else f"{node.sql(dialect='duckdb')!r}"
            raise FormulaError(
                FormulaFault(
                    f"{kind} in {text!r}",
                    "columns, literals, comparisons, arithmetic, case, coalesce and the listed functions",
                )
            )
        if isinstance(node, exp.Column) and (node.table or (names is not None and node.name not in names)):
            known = sorted(names or ())
            near = difflib.get_close_matches(node.name, known, n=1)
            shown = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
            raise FormulaError(
                FormulaFault(
                    f"unknown name {node.sql(dialect='duckdb')!r} in {text!r}",
                    f"one of {shown}",
                    near[0] if near else None,
                )
            )
        if isinstance(node, exp.Cast) and not embedded and not _boolean(node.this):
            raise FormulaError(
                FormulaFault(
                    f"{node.sql(dialect='duckdb')!r} in {text!r}",
                    "a cast from a comparison to an integer, no other",
                )
            )
    if aggregate:
        _aggregated(tree, text)
    return tree


def _boolean(node: exp.Expr) -> bool:
    inner = node.unnest()
    return isinstance(
        inner, (exp.Predicate, exp.Column, exp.And, exp.Or, exp.Not, exp.Boolean, exp.Is, exp.In, exp.Between)
    )


def _aggregated(tree: exp.Expr, text: str) -> None:
    for column in tree.find_all(exp.Column):
        if column.find_ancestor(*_AGGREGATES) is None:
            raise FormulaError(
                FormulaFault(
                    f"{column.name!r} outside an aggregate in {text!r}",
                    "every column inside avg, sum, count, min, max, first or last",
                )
            )
    for node in tree.find_all(*_AGGREGATES):
        if node.find_ancestor(*_AGGREGATES) is not None:
            raise FormulaError(
                FormulaFault(f"an aggregate inside another in {text!r}", "one level of aggregates")
            )


def names_in(text: str) -> tuple[str, ...]:
    """The columns that a formula reads, in order of appearance, each once."""
    return tuple(dict.fromkeys(column.name for column in _parsed(text).find_all(exp.Column)))


def compiled(
    text: str,
    column: Callable[[str], str],
    names: Collection[str] | None,
    *,
    aggregate: bool = False,
    embedded: bool = False,
    order: str | None = None,
) -> str:
    """A checked formula as SQL text, each column replaced by what ``column`` gives for its name.

    ``order`` is the column along which ``first`` and ``last`` read. An average becomes an integer-safe sum over
    a count; every division is guarded against zero.
    """
    tree = check(text, names, aggregate=aggregate, embedded=embedded).copy()

    def rebuilt(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return sqlglot.parse_one(column(node.name), dialect="duckdb")
        if isinstance(node, exp.Avg):
            return exp.paren(
                exp.Div(
                    this=exp.Sum(this=node.this.copy()),
                    expression=exp.Nullif(
                        this=exp.Count(this=node.this.copy()), expression=exp.Literal.number(0)
                    ),
                )
            )
        if isinstance(node, (exp.First, exp.Last)) and order is not None:
            kind = exp.ArgMin if isinstance(node, exp.First) else exp.ArgMax
            return kind(this=node.this.copy(), expression=exp.column(order))
        if isinstance(node, exp.Div) and not isinstance(node.expression, exp.Nullif):
            return exp.Div(
                this=node.this.copy(),
                expression=exp.Nullif(this=node.expression.copy(), expression=exp.Literal.number(0)),
            )
        return node

    return tree.transform(rebuilt).sql(dialect="duckdb")
