"""Company formulas: SQL expressions that are parsed, checked name by name, and rebuilt; never pasted.

A formula is a scalar expression (of one row, of one interaction) or an aggregate one (over the interactions of a
unit, or of a journey, where ``first(x)`` and ``last(x)`` follow the order of the journey). It may use the
operators and functions of the engine's allow-list, and the names that it is given; nothing else.
"""

import difflib
import re
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
JOURNEY_NAMES = frozenset(
    {
        "journey_type",
        "interactions",
        "functions",
        "channels",
        "seams",
        "breaks",
        "duration_s",
        "first_activity",
        "last_activity",
    }
)
"""The names of a journey that formulas may use, beside segments, ``kept_<promise>`` and ``broke_<kind>``."""

_REFUSED = (
    exp.Select, exp.Subquery, exp.Table, exp.From, exp.Join, exp.Exists, exp.Window, exp.With, exp.CTE, exp.Union,
    exp.Star, exp.Values, exp.Order, exp.Ordered, exp.GroupConcat, exp.Alias, exp.TableAlias, exp.Interval, exp.Var,
    exp.WindowSpec, exp.Group, exp.Having, exp.Tuple, exp.Distinct, exp.Filter, exp.Where, exp.ArgMax, exp.ArgMin,
    exp.Lag, exp.Lead, exp.RowNumber, exp.FirstValue, exp.LastValue, exp.Xor,
)  # fmt: skip
_AGGREGATES = (
    exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.LogicalOr, exp.LogicalAnd, exp.Avg, exp.First, exp.Last,
)  # fmt: skip
_SCALARS = frozenset(ALLOWED) - set(_REFUSED) - set(_AGGREGATES)
_AGGREGATED = frozenset({*_AGGREGATES, exp.Div, exp.Distinct})
_EMBEDDED = frozenset({exp.Div, exp.Mod, exp.Round, exp.Substring, exp.Replace, exp.Length, exp.Concat})
"""Also allowed where a formula reads the rows of an extract: that always runs on the embedded engine."""
_INTEGERS = frozenset({exp.DataType.Type.BIGINT, exp.DataType.Type.INT, exp.DataType.Type.SMALLINT})
_EMBEDDED_TYPES = _INTEGERS | {
    exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT, exp.DataType.Type.BOOLEAN, exp.DataType.Type.DOUBLE,
    exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP,
}  # fmt: skip
_MOST_CHARACTERS = 4000
_MOST_DEPTH = 60
"""Of brackets and of ``case``: far beyond what a person writes, far below what a parser survives."""
_MOST_LEVELS = 200
"""Of the parsed expression, where ``a + b + c`` is one level for each sign: the databases stop at 1,000."""
_SHOWN = 100
_QUOTED = re.compile("'(?:[^']|'')*'" + '|"(?:[^"]|"")*"')
_NESTING = re.compile(r"[()\[\]{}]|\bcase\b|\bend\b", re.IGNORECASE)
_CHAIN = re.compile(r"(?:\bnot\b\s*|[-+~@]\s*){2,}", re.IGNORECASE)
_SIGN = re.compile(r"not|[-+~@]", re.IGNORECASE)


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


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _refused(given: str, expected: str, nearest: str | None = None) -> FormulaError:
    return FormulaError(FormulaFault(given, expected, nearest))


def _parsed(text: str) -> exp.Expr:
    shown = _shown(text)
    bare = _QUOTED.sub("''", text)
    if any(sign in bare for sign in (";", "--", "/*")) or "\x00" in text:
        raise _refused(shown, "one expression, without comments or a second statement")
    if len(text) > _MOST_CHARACTERS:
        raise _refused(f"{len(text):,} characters", f"a formula of at most {_MOST_CHARACTERS:,}")
    if _depth(bare) > _MOST_DEPTH:
        raise _refused(shown, f"at most {_MOST_DEPTH} brackets or cases inside one another")
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except RecursionError:
        raise _refused(shown, "an SQL expression that is nested less deeply") from None
    except (SqlglotError, ValueError) as error:
        raise _refused(shown, f"an SQL expression ({_reason(error)})") from error
    if not isinstance(tree, exp.Expr):
        raise _refused(shown, "an SQL expression")
    if _levels(tree) > _MOST_LEVELS:
        raise _refused(shown, "an SQL expression that is nested less deeply")
    return tree


def _levels(tree: exp.Expr) -> int:
    """How deep an expression is, a step that is not a binary sign counting for three: parsers recurse on those."""
    levels = {id(tree): 0}
    for node in tree.walk(bfs=True):
        if node.parent is not None and node is not tree:
            levels[id(node)] = levels[id(node.parent)] + (1 if isinstance(node.parent, exp.Binary) else 3)
    return max(levels.values())


def _reason(error: Exception) -> str:
    found = getattr(error, "errors", None)
    told = str(found[0].get("description") or "") if found else str(error).split("\n", maxsplit=1)[0]
    return told.removesuffix(".") or "it cannot be parsed"


def _depth(text: str) -> int:
    """How deep brackets, cases and chains of ``not`` or ``-`` go."""
    deep = most = 0
    for sign in _NESTING.findall(text):
        deep += -1 if sign in ")]}" or sign.lower() == "end" else 1
        most = max(most, deep)
    chains = [len(_SIGN.findall(chain.group())) for chain in _CHAIN.finditer(text)]
    return max([most, *chains])


def _nearest(name: str, known: Collection[str]) -> str | None:
    folded = {other.casefold(): other for other in known}
    if name.casefold() in folded:
        return folded[name.casefold()]
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return near[0] if near else None


def check(
    text: str, names: Collection[str] | None, *, aggregate: bool = False, embedded: bool = False
) -> exp.Expr:
    """The syntax tree of a formula, or a ``FormulaError``.

    ``names`` are the columns that it may use (``None``: not known yet, any). ``aggregate``: it must be built of
    aggregates. ``embedded``: it reads rows of an extract.
    """
    tree = _parsed(text)
    shown = _shown(text)
    allowed = (
        _SCALARS | (_AGGREGATED if aggregate else frozenset()) | (_EMBEDDED if embedded else frozenset())
    )
    for node in tree.walk():
        if isinstance(node, exp.Star) and isinstance(node.parent, exp.Count):
            continue
        if isinstance(node, exp.Distinct) and not isinstance(node.parent, exp.Count):
            raise _refused(f"'distinct' in {shown}", "distinct inside count only")
        if type(node) not in allowed:
            kind = "an aggregate" if isinstance(node, _AGGREGATES) else _shown(node.sql(dialect="duckdb"))
            raise _refused(f"{kind} in {shown}", _expected(aggregate=aggregate, embedded=embedded))
        if isinstance(node, exp.Column) and (node.table or (names is not None and node.name not in names)):
            known = sorted(names or ())
            listed = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
            given = _shown(node.sql(dialect="duckdb"))
            raise _refused(f"unknown name {given} in {shown}", f"one of {listed}", _nearest(node.name, known))
        if isinstance(node, exp.Cast):
            _cast(node, shown, embedded=embedded)
    if aggregate:
        _aggregated(tree, shown)
    return tree


def _expected(*, aggregate: bool, embedded: bool) -> str:
    text = "names, texts, numbers, comparisons, and, or, not, in, between, like, case, + - * and the functions coalesce, nullif, greatest, least, abs, lower, upper, trim"
    if embedded:
        text += ", substr, replace, length, concat, round"
    return text + (
        ", inside avg, sum, count, min, max, bool_and, bool_or, first or last" if aggregate else ""
    )


def _cast(node: exp.Cast, shown: str, *, embedded: bool) -> None:
    given = f"{_shown(node.sql(dialect='duckdb'))} in {shown}"
    if embedded:
        if node.to.this not in _EMBEDDED_TYPES or node.to.expressions:
            raise _refused(given, "a cast to bigint, integer, double, varchar, boolean, date or timestamp")
    elif node.to.this not in _INTEGERS or not _boolean(node.this):
        raise _refused(given, "a cast from a comparison to an integer, no other")


def _boolean(node: exp.Expr) -> bool:
    inner = node.unnest()
    return isinstance(
        inner, (exp.Predicate, exp.Column, exp.And, exp.Or, exp.Not, exp.Boolean, exp.Is, exp.In, exp.Between)
    )


def _aggregated(tree: exp.Expr, shown: str) -> None:
    if tree.find(*_AGGREGATES) is None:
        raise _refused(shown, "an aggregate: avg, sum, count, min, max, bool_and, bool_or, first or last")
    for column in tree.find_all(exp.Column):
        if column.find_ancestor(*_AGGREGATES) is None:
            raise _refused(
                f"{column.name!r} outside an aggregate in {shown}",
                "every column inside avg, sum, count, min, max, first or last",
            )
    for node in tree.find_all(*_AGGREGATES):
        if node.find_ancestor(*_AGGREGATES) is not None:
            raise _refused(f"an aggregate inside another in {shown}", "one level of aggregates")


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

    def named(node: exp.Expr) -> exp.Expr:
        return (
            sqlglot.parse_one(column(node.name), dialect="duckdb") if isinstance(node, exp.Column) else node
        )

    return _rewritten(tree.transform(named), order).sql(dialect="duckdb", comments=False)


def _rewritten(tree: exp.Expr, order: str | None) -> exp.Expr:
    """The tree with averages, ends and divisions made safe, from the leaves to the root so that none is missed."""
    root = tree
    for node in reversed(list(tree.walk(bfs=True))):
        safe = _safe(node, order)
        if safe is node:
            continue
        if node is root:
            root = safe
        else:
            node.replace(safe)
    return root


def _never_zero(node: exp.Expr) -> bool:
    return isinstance(node, exp.Nullif) or (
        isinstance(node, exp.Literal) and not node.is_string and float(node.name) != 0
    )


def _safe(node: exp.Expr, order: str | None) -> exp.Expr:
    if isinstance(node, exp.Avg):
        count = exp.Nullif(this=exp.Count(this=node.this.copy()), expression=exp.Literal.number(0))
        return exp.paren(exp.Div(this=exp.Sum(this=node.this.copy()), expression=count))
    if (
        isinstance(node, exp.Not)
        and isinstance(node.parent, (exp.Neg, exp.Binary))
        and not isinstance(node.parent, exp.Connector)
    ):
        return exp.paren(node.copy())  # without brackets DuckDB cannot read a not behind a sign
    if isinstance(node, (exp.First, exp.Last)) and order is not None:
        kind = exp.ArgMin if isinstance(node, exp.First) else exp.ArgMax
        return kind(this=node.this.copy(), expression=exp.column(order))
    if isinstance(node, (exp.Div, exp.Mod, exp.IntDiv)) and not _never_zero(node.expression):
        divisor = exp.Nullif(this=node.expression.copy(), expression=exp.Literal.number(0))
        return type(node)(this=node.this.copy(), expression=divisor)
    return node
