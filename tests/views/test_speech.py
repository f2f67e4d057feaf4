"""Figures as French and English write them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.views.figure import Figure, Rows, same, shown_for
from portance.views.speech import Speech, clean

FR, EN = Speech("fr", "EUR", "Europe/Paris"), Speech("en", "GBP", "Europe/London")


def test_numbers():
    assert FR.number(1234567.8, 1) == "1\u202f234\u202f567,8"
    assert EN.number(1234567.8, 1) == "1,234,567.8"
    assert FR.number(None) == "—"


def test_percent():
    assert FR.percent(0.213) == "21,3\u202f%"
    assert EN.percent(0.213, 0) == "21%"


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        (840, "840\u00a0€", "£840"),
        (31_240, "31,2\u00a0k€", "£31.2k"),
        (999_600, "1,0\u00a0M€", "£1.0m"),
        (1.2e9, "1,2\u00a0Md€", "£1.2bn"),
        (4.2e12, "4\u202f200\u00a0Md€", "£4,200bn"),
    ],
)
def test_money_is_rounded_as_one_says_it(amount, french, english):
    assert FR.money(amount) == french
    assert EN.money(amount) == english


def test_a_negative_amount_keeps_its_sign_before_the_symbol():
    assert EN.money(-3) == "-£3"


def test_both_ends_of_an_amount_share_one_scale():
    figure = Figure(9_870, 7_402, 13_818, "money", currency="EUR")
    assert FR.figure(figure) == "9,9\u00a0k€"
    assert FR.interval(figure) == "7,4 à 13,8\u00a0k€"
    assert EN.interval(Figure(9_870, 7_402, 13_818, "money", currency="GBP")) == "£7.4k to £13.8k"


def test_a_wide_interval_takes_the_decimals_away():
    assert FR.figure(Figure(0.2134, 0.17, 0.26)) == "21\u202f%"
    assert FR.interval(Figure(0.2134, 0.17, 0.26)) == "17 à 26\u202f%"
    assert FR.figure(Figure(0.2134, 0.205, 0.22)) == "21,3\u202f%"


def test_small_samples_tell_no_more_than_they_may():
    few = Figure(0.5, 0.1, 0.9, persons=3, shown="suppressed")
    assert FR.figure(few) == "trop peu (<5)"
    # Eight persons are not fewer than five: where a higher floor hides a figure, five is not what is said.
    assert FR.figure(replace(few, persons=8)) == "trop peu"
    assert EN.figure(replace(few, persons=None)) == "too few"
    assert FR.figure(replace(few, persons=0)) == "—"
    assert FR.interval(few) == ""
    assert FR.figure(Figure(0.5, 0.1, 0.9, shown="interval")) == "10 à 90\u202f%"
    assert FR.figure(Figure(None, shown="missing")) == "—"


@pytest.mark.parametrize(
    ("persons", "said", "shown"),
    [(4, None, "suppressed"), (5, None, "interval"), (29, None, "interval"), (30, None, "point"), (4, "point", "suppressed"),
     (500, "interval", "interval"), (None, None, "point")],
)  # fmt: skip
def test_the_rule_of_small_numbers(persons, said, shown):
    assert shown_for(persons, 0.5, said) == shown


def test_durations_take_the_unit_that_fits():
    assert FR.duration(40_000) == "40\u00a0secondes"
    assert FR.duration(3 * 3_600_000) == "3\u00a0heures"
    assert FR.duration(86_400_000 * 3) == "3\u00a0jours"
    assert EN.duration(90 * 60_000) == "1.5 hours"
    assert FR.amount(1.5, "hours") == "1,5\u00a0heure"
    assert FR.amount(3, "business_days") == "3 jours ouvrés"


def test_instants_are_told_in_the_zone_of_the_company():
    assert FR.instant(datetime(2025, 7, 1, 22, 30, tzinfo=UTC)) == "2 juil. 2025, 00:30"
    assert FR.day(date(2025, 3, 3)) == "3 mars 2025"
    assert FR.day(date(2025, 3, 1)) == "1er mars 2025"
    assert EN.day(date(2025, 3, 1)) == "1 March 2025"
    assert FR.day(date(2025, 3, 11)) == "11 mars 2025"
    assert EN.period(date(2025, 1, 6), date(2025, 8, 31)) == "6 January 2025 to 31 August 2025"


@pytest.mark.parametrize(
    ("share", "said", "plural"),
    [(0.2, "un client sur cinq", False), (0.246, "un client sur quatre", False), (0.0, "0,0\u202f% des clients", True),
     (0.8, "80\u202f% des clients", True), (0.071, "7,1\u202f% des clients", True)],
)  # fmt: skip
def test_a_share_of_people_is_said_in_words_only_where_they_are_true(share, said, plural):
    assert FR.among(share) == (said, plural)


@given(st.floats(min_value=0, max_value=1))
@settings(max_examples=100, deadline=None)
def test_one_in_so_many_is_never_far_from_the_share(share):
    words = [
        f"one in {name}" for name in ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    ]
    said = EN.among(share)[0]
    for index, word in enumerate(words):
        if word.split()[-1] in said.split():
            assert abs(1 / (index + 2) - share) <= 0.015


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_a_cleaned_text_holds_no_sign_that_hides_or_turns(text):
    found = clean(text)
    assert len(found) == len(text)
    assert not any(ord(letter) < 32 or letter in "\u202e\u2066\u200f\x7f" for letter in found)
    found.encode()


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_the_rows_behind_a_figure_cannot_be_talked_out_of_their_quotes(name, value):
    import sqlglot

    sql = Rows("seams", "tables/seams.parquet", same(function=value)).sql
    parsed = sqlglot.parse(sql, dialect="duckdb")
    assert len(parsed) == 1
    where = parsed[0].args["where"]
    assert len(list(where.find_all(sqlglot.exp.Literal))) == 1
    assert not list(where.find_all(sqlglot.exp.Or, sqlglot.exp.Subquery))


def test_a_null_in_a_condition_reads_as_null():
    assert same(function=None, kind="x'y") == "function IS NULL AND kind = 'x''y'"
