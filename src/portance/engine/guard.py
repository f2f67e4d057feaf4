"""The allow-list: a step may only use constructs that mean the same on DuckDB and on Spark.

A translator alone is not enough: of the constructs that it translates without a word, many give other results
on the other engine (integer casts that round or truncate, ordered lists that lose their order, week numbers,
hashes). So a step is refused unless every node of its syntax tree stands on the list below, every window and
ordered aggregate ends in a tie-break that no two rows share, and casts go between types where they agree.
The agreement tests run the same steps against plain Python.
"""

from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from portance.engine.step import Step
from portance.errors import StepError

TIE_BREAKS = frozenset({"tie", "interaction_id", "position", "journey_id", "person_id", "seam_position"})
"""Columns that no two rows of one window share: an ORDER BY must end in one of them."""

_STRUCTURE = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.With, exp.CTE,
    exp.Subquery, exp.Union, exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star,
    exp.Literal, exp.Null, exp.Boolean, exp.Distinct, exp.Window, exp.WindowSpec, exp.Paren, exp.Tuple,
    exp.Values, exp.Exists, exp.Filter, exp.Interval, exp.Var,
)  # fmt: skip
_OPERATORS = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between,
    exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least,
    exp.DPipe, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Abs, exp.Xor, exp.IntDiv,
)  # fmt: skip
_AGGREGATES = (
    exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.ArgMax, exp.ArgMin, exp.LogicalOr, exp.LogicalAnd,
    exp.GroupConcat,
)  # fmt: skip
_WINDOWS = (exp.IgnoreNulls, exp.Lag, exp.Lead, exp.RowNumber, exp.FirstValue, exp.LastValue)
_TEXT = (exp.Lower, exp.Upper, exp.Trim, exp.Like, exp.StartsWith, exp.Replace)
_FUNCTIONS = (exp.Cast, exp.DataType, exp.Floor, exp.Div)
ALLOWED: frozenset[type[exp.Expr]] = frozenset(
    _STRUCTURE + _OPERATORS + _AGGREGATES + _WINDOWS + _TEXT + _FUNCTIONS
)
_NEEDS_ORDER = (exp.Lag, exp.Lead, exp.RowNumber, exp.FirstValue, exp.LastValue)
_INTEGER = frozenset({exp.DataType.Type.BIGINT, exp.DataType.Type.INT, exp.DataType.Type.SMALLINT})
_CASTS = _INTEGER | {exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT, exp.DataType.Type.BOOLEAN}
_JOINS_BY_PLACE = frozenset({"ASOF", "POSITIONAL", "NATURAL"})
_SHOWN = 120


def _shown(node: exp.Expr) -> str:
    text = node.sql(dialect="duckdb")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _order_problem(order: exp.Expr | None, what: exp.Expr) -> str | None:
    if order is None:
        return f"{_shown(what)} has no ORDER BY"
    last = order.expressions[-1].this
    if not isinstance(last, exp.Column) or last.name not in TIE_BREAKS:
        ties = ", ".join(sorted(TIE_BREAKS))
        return f"{_shown(what)} must end its ORDER BY in a column that no two rows share (one of {ties})"
    return None


def _window_problem(node: exp.Window, windows: dict[str, exp.Expr]) -> str | None:
    """A window that reads an order must be told one that no two rows share."""
    order, spec = node.args.get("order"), node.args.get("spec")
    alias = node.args.get("alias")
    if order is None and alias is not None and alias.name in windows:
        order = windows[alias.name].args.get("order")
        spec = spec or windows[alias.name].args.get("spec")
    if isinstance(node.this, (*_NEEDS_ORDER, exp.IgnoreNulls)) or order is not None or spec is not None:
        return _order_problem(order, node)
    return None


def _node_problem(node: exp.Expr, names: frozenset[str], windows: dict[str, exp.Expr]) -> str | None:
    if type(node) not in ALLOWED:
        return f"{_shown(node)!r} ({type(node).__name__}) is not on the list of what means the same on every engine"
    if isinstance(node, exp.Table):
        if node.args.get("db") or node.args.get("catalog") or not isinstance(node.this, exp.Identifier):
            return f"{_shown(node)!r} reads something else than a named table"
        if node.name not in names:
            return f"table {node.name!r} is not among what the step says it reads: {', '.join(sorted(names))}"
    if isinstance(node, exp.Join) and str(node.args.get("method") or "").upper() in _JOINS_BY_PLACE:
        return f"{_shown(node)}: rows are joined by equal keys, not by their place or their nearest instant"
    if isinstance(node, exp.Distinct) and node.args.get("on"):
        return f"{_shown(node)}: distinct on keeps a row that nothing chooses"
    if isinstance(node, exp.Window):
        return _window_problem(node, windows)
    if isinstance(node, exp.GroupConcat) and not node.find(exp.Order):
        return f"{_shown(node)} needs an ORDER BY inside it"
    if isinstance(node, exp.Cast) and node.to.this not in _CASTS:
        return f"{_shown(node)}: casts go to bigint, integer, boolean or varchar only"
    if isinstance(node, exp.DataType) and node.this not in _CASTS:
        return f"type {_shown(node)} is not on the list"
    if isinstance(node, exp.Div) and not isinstance(node.expression, exp.Nullif):
        return f"{_shown(node)}: a division needs nullif(…, 0) below it: dividing by zero is null here and an error there"
    if isinstance(node, exp.Floor) and not isinstance(node.parent, exp.Cast):
        return f"{_shown(node)}: floor gives a whole number there and a real one here, so it stands inside a cast"
    return None


def parse(step: Step) -> exp.Expr:
    """The syntax tree of a step's query; a ``StepError`` where it is not one single query."""
    try:
        statements = sqlglot.parse(step.sql, dialect="duckdb")
    except SqlglotError as error:
        raise StepError(step.name, f"cannot be parsed: {error}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise StepError(step.name, "a step is one SELECT, without a second statement")
    return statements[0]


@lru_cache(maxsize=1024)
def check(step: Step) -> None:
    """Refuse a step (``StepError``) that uses anything that is not proven to mean the same on every engine."""
    tree = parse(step)
    names = frozenset(step.reads) | {cte.alias for cte in tree.find_all(exp.CTE)}
    named = {
        id(window) for select in tree.find_all(exp.Select) for window in select.args.get("windows") or ()
    }
    for node in tree.walk():
        if id(node) in named:
            continue  # the definition of a window; its uses are checked
        problem = _node_problem(node, names, _windows_of(node))
        if problem:
            raise StepError(step.name, problem)


def _windows_of(node: exp.Expr) -> dict[str, exp.Expr]:
    """The windows that the SELECT around a node names; two SELECTs may use one name for two windows."""
    if not isinstance(node, exp.Window):
        return {}
    select = node.find_ancestor(exp.Select)
    return {window.name: window for window in select.args.get("windows") or ()} if select else {}
