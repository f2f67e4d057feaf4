"""The sums and counts that an indicator is built from: two that share one move together by construction.

A measure is read as its aggregates, each over the rows of its ``where``: an average is a sum over a count. Two
indicators that share a numerator or a denominator are coupled whatever the customers do (Pearson 1897, on ratios
with a common part), and so are two shares of one whole: where one column says ``resolved`` it does not say
``transferred``. An imported indicator says what it is built from (``built_from``); naming another indicator there
means: built from it.
"""

import sqlglot
from sqlglot import exp

from portance.charter import Charter

_AGGREGATES = (
    exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.LogicalOr, exp.LogicalAnd, exp.Avg, exp.First, exp.Last,
)  # fmt: skip
_COMPARED = (exp.EQ, exp.NEQ, exp.In)


def components(charter: Charter, name: str) -> frozenset[str]:
    """What an indicator is built from, each as a text that is the same wherever the same is counted."""
    held = charter.indicators[name]
    found = {f"indicator: {name}"}
    for part in held.built_from:
        found.add(
            f"indicator: {part}" if part in charter.indicators else f"told: {' '.join(part.lower().split())}"
        )
    if held.measure is not None:
        rows = f"{held.of} where {_text(_parsed(held.where))}" if held.where else held.of
        for node in _parsed(held.measure).find_all(*_AGGREGATES):
            found |= {f"{part} of {rows}" for part in _parts(node)}
    return frozenset(found)


def coupled(one: frozenset[str], other: frozenset[str]) -> tuple[str, ...]:
    """What two indicators share, in order; empty where nothing couples them."""
    return tuple(sorted(one & other))


def _parsed(text: str) -> exp.Expr:
    tree = sqlglot.parse_one(text, dialect="duckdb")
    assert isinstance(tree, exp.Expr)  # noqa: S101  the charter checked it
    return tree


def _text(node: exp.Expr) -> str:
    return node.sql(dialect="duckdb", normalize=True, comments=False)


def _parts(node: exp.Expr) -> set[str]:
    inside = node.this
    if isinstance(node, exp.Avg):
        return {f"sum({_text(inside)})", f"count({_text(inside)})"} | _shares(inside)
    if isinstance(node, (exp.Sum, exp.CountIf)) or (
        isinstance(node, exp.Count) and not isinstance(inside, exp.Star)
    ):
        return {f"{node.key}({_text(inside)})"} | (
            _shares(inside) if not isinstance(inside, exp.Distinct) else set()
        )
    return {_text(node)}


def _shares(inside: exp.Expr) -> set[str]:
    """The column of which a yes-or-no summand tells one value: another value of it is another share of one whole."""
    node = inside.unnest()
    if isinstance(node, exp.Case):
        branches = node.args.get("ifs") or []
        if (
            node.this is not None
            or len(branches) != 1
            or not isinstance(branches[0].args["true"], exp.Literal)
        ):
            return set()
        node = branches[0].this.unnest()
    if isinstance(node, exp.Cast):
        node = node.this.unnest()
    while isinstance(node, exp.Not):
        node = node.this.unnest()
    if isinstance(node, exp.Column) and inside.find(exp.Cast) is not None:
        return {f"shares by {node.name.lower()}"}
    if not isinstance(node, _COMPARED) or not isinstance(node.this, exp.Column):
        return set()
    others = node.expressions if isinstance(node, exp.In) else [node.expression]
    if all(isinstance(other, exp.Literal) for other in others):
        return {f"shares by {node.this.name.lower()}"}
    return set()
