"""The formula of an indicator or a condition as SQL: its value, and how many observations stand behind it.

Only the rows for which ``where`` is true count: each aggregate is filtered, so that one pass over the rows gives
all the indicators of a unit and a period. How many observations ``n``: the rows of the denominator of a ratio (for
an average, the rows whose value is known), else the rows for which ``where`` is true. A sum or a count over no row
is zero in a period in which the unit was seen, as long as the unit has such rows in some other period; everything
else over no row is missing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from portance.charter import formula

AGGREGATES = (
    exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.LogicalOr, exp.LogicalAnd, exp.ArgMin, exp.ArgMax,
)  # fmt: skip
_ADDED = (exp.Count, exp.CountIf, exp.Sum)


@dataclass(frozen=True, slots=True)
class Counting:
    """One column of a panel as SQL over grouped rows; ``added`` says that it is a sum or a count."""

    value: str
    n: str
    added: bool
    ordered: bool
    """Whether it reads the first or the last of something, along the column ``position``."""


def counting(
    measure: str,
    where: str | None,
    named: Callable[[str], str],
    names: Collection[str],
    *,
    weight: str | None = None,
) -> Counting:
    """The SQL of a measure over the rows for which ``where`` is true; ``named`` gives the column behind a name.

    ``weight`` is the column that says for how many rows one stands: sums and counts follow it, ``n`` does not.
    """
    made = formula.compiled(measure, named, names, aggregate=True, order="position")
    tree = sqlglot.parse_one(made, dialect="duckdb").transform(_known)
    condition = None
    if where is not None:
        condition = sqlglot.parse_one(formula.compiled(where, named, names), dialect="duckdb")
    added = not any(
        isinstance(node, (exp.Div, *AGGREGATES)) and not isinstance(node, _ADDED) for node in tree.walk()
    )
    n = _filtered(_behind(tree), condition).sql(dialect="duckdb", comments=False)
    if weight is not None:
        tree = tree.transform(_weighted, exp.column(weight))
    value = _filtered(tree, condition).sql(dialect="duckdb", comments=False)
    if added:
        value = f"case when {n} = 0 then 0 else {value} end"
    return Counting(value, n, added, tree.find(exp.ArgMin, exp.ArgMax) is not None)


def _known(node: exp.Expr) -> exp.Expr:
    """A first or last that skips what is not known on every engine: the null is in what it is ordered by."""
    if isinstance(node, (exp.ArgMin, exp.ArgMax)):
        place = exp.case().when(node.this.copy().is_(exp.null()).not_(), node.expression.copy())
        return type(node)(this=node.this.copy(), expression=place)
    return node


def _weighted(node: exp.Expr, weight: exp.Expr) -> exp.Expr:
    """A sum or a count of rows that stand for several; distinct values are counted as they are."""
    inside = node.this
    if isinstance(node, exp.Sum) and not isinstance(inside, exp.Distinct):
        return exp.Sum(this=exp.Mul(this=exp.paren(inside.copy()), expression=weight.copy()))
    if isinstance(node, exp.Count) and not isinstance(inside, exp.Distinct):
        if isinstance(inside, exp.Star):
            return exp.Sum(this=weight.copy())
        told = exp.case().when(inside.copy().is_(exp.null()).not_(), weight.copy())
        return exp.func("coalesce", exp.Sum(this=told), exp.Literal.number(0))
    return node


def _behind(tree: exp.Expr) -> exp.Expr:
    """The count of the rows behind a measure: those of the denominator where it is a ratio."""
    ratio = tree.find(exp.Div)
    below = ratio.expression.find(*AGGREGATES) if ratio is not None else None
    if below is None or (isinstance(below, exp.Count) and isinstance(below.this, exp.Star)):
        return exp.Count(this=exp.Star())
    inside = below.this
    if isinstance(inside, exp.Distinct):
        inside = inside.expressions[0]
    return exp.Count(this=inside.copy())


def _filtered(tree: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """The tree with every aggregate reading only the rows for which the condition is true."""
    if condition is None:
        return tree
    root = tree.copy()
    for node in list(root.find_all(*AGGREGATES)):
        only = exp.Filter(this=node.copy(), expression=exp.Where(this=condition.copy()))
        if node is root:
            return only
        node.replace(only)
    return root
