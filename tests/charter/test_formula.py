"""A formula is rebuilt from what is allowed, name by name; whatever else it holds is told, never run."""

from contextlib import suppress

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.charter import formula
from portance.charter.checking import column_formula
from portance.charter.formula import FormulaError

NAMES = {"a", "b", "c", "team"}


def fault(text: str, **how: bool) -> formula.FormulaFault:
    with pytest.raises(FormulaError) as caught:
        formula.check(text, NAMES, **how)
    return caught.value.fault


def rebuilt(text: str, **how: bool) -> str:
    return formula.compiled(text, lambda name: f'i."{name}"', NAMES, order="tie", **how)


@pytest.mark.parametrize(
    "text",
    [
        "(select 1)", "a in (select b)", "exists(select 1)", "read_csv('/etc/passwd')", "(from read_csv('x'))",
        "a; drop table x", "a -- rest", "a /* rest */", "row_number() over (order by a)", "sum(a) over ()", "t.a", "a.b",
        "*", "columns('a')", "$1", "?", ":x", "a[1]", "{'x': 1}", "[1, 2]", "list_transform([1], x -> x)", "a ilike 'x'",
        "regexp_matches(a, 'x')", "getenv('HOME')", "current_setting('x')", "now()", "random()", "interval 1 day",
        "cast(a as json)", "cast(a as int[])", "unnest(a)", "a as x", "1 limit 1", "sum(a) filter (where b)", "string_agg(a)",
        "a collate nocase", "a at time zone 'UTC'", "x'41'", "a 'x'", "#1", "select", "drop table x", "set x = 1", "pragma x",
        "attach 'x'", "copy a to 'x'", "values (1)", "", "   ", "a and", "'\x00'", "distinct a", "(a, b)", "case " * 50,
        "a & b", "a = any([1])", "struct_pack(x := a)", "e'\\n'", "$$a$$", "a.b.c.d", "strftime(a, '%Y')",
    ],
)  # fmt: skip
def test_what_is_not_a_plain_expression_is_refused_everywhere(text: str) -> None:
    for how in ({}, {"aggregate": True}, {"embedded": True}):
        assert fault(text, **how).expected


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "a" + ")" * 10_000, "(" * 1500 + "a" + ")" * 1500, "not " * 900 + "a", "- " * 900 + "a", "a" + "::int" * 700,
        "case when a then " * 100 + "1" + " end" * 100, "coalesce(" * 200 + "a" + ")" * 200, "a" + "+a" * 1500, "a" * 100_000,
        "'" + "x" * 5000 + "'", "((((((" + "a" * 3990,
    ],
)  # fmt: skip
def test_what_would_drown_a_parser_is_refused_shortly(text: str) -> None:
    for how in ({}, {"aggregate": True}, {"embedded": True}):
        told = fault(text, **how)
        assert len(told.given) + len(told.expected) < 700


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("a = 'it''s; -- fine'", "i.\"a\" = 'it''s; -- fine'"),
        ('"a" is not null and b in (1, 2)', 'NOT i."a" IS NULL AND i."b" IN (1, 2)'),
        ("case when a > 1 then 'x' else 'y' end", "CASE WHEN i.\"a\" > 1 THEN 'x' ELSE 'y' END"),
        ("cast(a = 'x' as int)", "CAST(i.\"a\" = 'x' AS INT)"),
        ("coalesce(a, b) || team", 'COALESCE(i."a", i."b") || i."team"'),
    ],
)
def test_a_plain_expression_is_rebuilt_with_its_columns(text: str, sql: str) -> None:
    assert rebuilt(text) == sql


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("avg(a)", '(SUM(i."a") / NULLIF(COUNT(i."a"), 0))'),
        ("first(a) - last(b)", 'ARG_MIN(i."a", tie) - ARG_MAX(i."b", tie)'),
        ("count(distinct team)", 'COUNT(DISTINCT i."team")'),
        ("count(*)", "COUNT(*)"),
        ("sum(a) / count(b)", 'SUM(i."a") / NULLIF(COUNT(i."b"), 0)'),
        ("last(a / b / 2)", 'ARG_MAX(i."a" / NULLIF(i."b", 0) / 2, tie)'),
    ],
)
def test_an_aggregate_is_rebuilt_to_its_last_leaf(text: str, sql: str) -> None:
    assert rebuilt(text, aggregate=True) == sql


def test_casts_over_an_extract_go_to_plain_types_only() -> None:
    assert rebuilt("cast(a as bigint)", embedded=True) == 'CAST(i."a" AS BIGINT)'
    for kind in ("json", "int[]", "decimal(9, 2)", "blob", "interval"):
        assert "a cast to" in fault(f"cast(a as {kind})", embedded=True).expected


def test_casts_outside_extracts_go_from_comparisons_to_integers_only() -> None:
    assert "no other" in fault("cast(a as varchar)").expected
    assert "no other" in fault("a + b::int > cast(a + 1 as int)").expected


def test_a_division_by_nothing_gives_nothing() -> None:
    for text in ("a / b", "a % b", "a // b"):
        assert duckdb.sql(
            f"select {rebuilt(text, embedded=True)} from (select 1 as a, 0 as b) i"
        ).fetchall() == [(None,)]


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    assert fault("tem = 'x'").nearest == "team"
    assert fault("Team = 'x'").nearest == "team"


def test_aggregates_belong_where_they_are_asked_for() -> None:
    assert "an aggregate" in fault("sum(a)").given
    assert "aggregate" in fault("a > 1", aggregate=True).expected
    assert "outside an aggregate" in fault("sum(a) - b", aggregate=True).given
    assert "inside another" in fault("sum(avg(a))", aggregate=True).given


def test_a_column_that_looks_like_a_formula_is_written_in_quotes() -> None:
    assert not column_formula("opened at")
    assert not column_formula("case:concept:name")
    assert column_formula("price / 100")
    assert column_formula('"price (EUR)"')
    assert formula.names_in('"price (EUR)"') == ("price (EUR)",)
    assert (
        formula.compiled(
            '"price (EUR)"', lambda name: f"<{name}>" if not name else '"p"', None, embedded=True
        )
        == '"p"'
    )


_pieces = st.sampled_from([
    "a", "b", "team", "x.y", "1", "'t'", "(", ")", "+", "-", "*", "/", "=", "<", " and ", " or ", " not ", " in ", ",", "case", " when ",
    " then ", " end", "select ", " from ", "sum(", "first(", "::", "int", ";", "--", "$", "[", "]", "{", "}", '"', "'", " is ", "null", "@", "?",
    "over", "like", "between", "::varchar", " filter ", "interval ", ".", "0",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(_pieces, max_size=14), aggregate=st.booleans(), embedded=st.booleans())
def test_any_text_is_refused_or_gives_sql_over_the_names_alone(
    pieces: list[str], aggregate: bool, embedded: bool
) -> None:
    text = "".join(pieces)
    try:
        sql = formula.compiled(
            text, lambda name: f'i."{name}"', NAMES, aggregate=aggregate, embedded=embedded, order="tie"
        )
    except FormulaError:
        return  # anything else raised is the failure
    statement = f"select {sql} from (select 1 as a, 2 as b, 3 as c, 4 as team, 5 as tie) i"
    assert len(duckdb.extract_statements(statement)) == 1
    with suppress(
        duckdb.BinderException,
        duckdb.ConversionException,
        duckdb.OutOfRangeException,
        duckdb.InvalidInputException,
    ):
        duckdb.sql(statement).fetchall()  # types may not go together; nothing else may go wrong
