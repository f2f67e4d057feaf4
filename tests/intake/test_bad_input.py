"""What real exports do wrong: none of it crashes, none of it loses or changes anything silently."""

import gzip
import random

import pytest

from portance.errors import CharterError, ExtractError

GOOD = "C1,A1,call,2025-01-10 09:00:00,30,resolved"


def _problems(company):
    with company.open() as opened:
        return opened.intake.check()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b""), "an empty file"),
        (lambda path: path.mkdir(), "a folder"),
        (lambda _: None, "no such file"),
    ],
)
def test_a_file_that_is_none_is_a_problem_with_a_remedy(company, make, said):
    make(company.folder / "calls.csv")
    with pytest.raises(CharterError) as error:
        company.receive()
    (problem,) = error.value.problems
    assert said in problem.given
    assert problem.remedy
    assert problem.path == "sources.calls.read"
    assert [said in one.given for one in _problems(company)] == [True]


def test_the_nearest_file_is_named(company):
    company.file("call.csv", "x\n")
    with pytest.raises(CharterError, match=r"Did you mean 'call\.csv'"):
        company.receive()


def test_a_file_of_blanks_and_a_pattern_without_files(company):
    company.file("calls.csv", "\n \n")
    with pytest.raises(ExtractError, match="blanks"):
        company.receive()
    company.change(read="*.tsv")
    with pytest.raises(CharterError, match="no file matches"):
        company.receive()


def test_a_header_alone_is_a_load_of_nothing(company):
    company.calls()
    receipt = company.receive()
    assert (receipt.candidates, receipt.accepted) == (0, 0)
    assert company.rows("select count(*) from accepted") == [(0,)]


def test_a_wrong_separator_is_told_with_the_right_one(company):
    company.calls(GOOD)
    company.change(separator=";")
    with pytest.raises(CharterError) as error:
        company.receive()
    assert all("separator looks like ','" in problem.remedy for problem in error.value.problems)


def test_a_vanished_column_is_told_with_the_nearest_and_its_line(company):
    company.calls("C1,A1,call,2025-01-10 09:00:00,30,resolved", header="case,customer,what,att,wait,outcome")
    with pytest.raises(CharterError) as error:
        company.receive()
    (problem,) = error.value.problems
    assert problem.nearest == "att"
    assert problem.path == "sources.calls.interactions[0].at"
    assert "at: at" in (company.folder / "charter.yaml").read_text().splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    ("separator", "encoding", "ending"),
    [
        (",", "utf-8", "\n"),
        (";", "utf-8-sig", "\r\n"),
        ("\t", "cp1252", "\r\n"),
        ("|", "latin-1", "\n"),
        (";", "utf-16", "\r\n"),
        (",", "utf-16-le", "\n"),
        ("\t", "utf-16-be", "\n"),
        (";", "utf-32", "\n"),
    ],
)
def test_any_encoding_separator_and_line_end_gives_the_same_rows(company, separator, encoding, ending):
    rows = [["case", "customer", "what", "at", "wait", "outcome"]]
    rows += [[f"C{i}", f"Aé{i}", "à vérifier", "2025-01-10 09:00:00", "1", "resolved"] for i in range(20)]
    text = ending.join(separator.join(row) for row in rows) + ending
    company.file("calls.csv", text.encode(encoding))
    receipt = company.receive()
    assert (receipt.accepted, receipt.refused) == (20, 0)
    assert company.rows(
        "select distinct activity, count(distinct id_account) from accepted group by all"
    ) == [("à vérifier", 20)]


def test_one_row_of_another_encoding_does_not_spoil_the_accents_of_the_others(company):
    good = "\n".join(f"C{i},Aé{i},déjà vu,2025-01-10 09:00:00,1,resolved" for i in range(50)).encode()
    bad = "C99,Aé,déjà,2025-01-10 09:00:00,1,resolved".encode("latin-1")
    company.file("calls.csv", b"case,customer,what,at,wait,outcome\n" + good + b"\n" + bad + b"\n")
    receipt = company.receive()
    assert (receipt.accepted, receipt.refused) == (50, 1)
    assert company.rows("select distinct activity from accepted") == [("déjà vu",)]
    assert company.refused()[0][0] == "not_text"


def test_ragged_rows_are_refused_with_their_line_and_raw_text(company):
    company.calls(
        GOOD,
        "C2,A2,call",
        GOOD.replace("C1", "C3"),
        "C4,A4,call,2025-01-10 10:00:00,1,resolved,more,still",
        "C5,A5,call,2025-02-30,1,resolved",
    )
    receipt = company.receive()
    assert (receipt.candidates, receipt.accepted, receipt.refused) == (5, 2, 3)
    assert {(reason, line, row) for reason, _, _, row, line in company.refused()} == {
        ("too_few_cells", 3, None),
        ("too_many_cells", 5, None),
        ("unreadable_time", None, 5),
    }
    with company.open() as opened:
        raw = opened.engine.rows(
            f"select raw from read_parquet('{opened.state.refusals(receipt.id)}') where line = 3"
        )
    assert raw == [("C2,A2,call",)]


def test_an_unclosed_quote_keeps_what_it_swallowed(company):
    company.calls(GOOD, 'C2,"A2,call,2025-01-10 10:00:00,1,resolved', GOOD.replace("C1", "C3"))
    receipt = company.receive()
    assert receipt.accepted == 1
    assert company.refused()[0][0] == "unclosed_quote"
    with company.open() as opened:
        ((raw,),) = opened.engine.rows(f"select raw from read_parquet('{opened.state.refusals(receipt.id)}')")
    assert "C3" in raw


def test_quoted_line_ends_quotes_and_separators_are_cells(company):
    company.entry(verbatim="note")
    company.calls(
        'C1,A1,call,2025-01-10 09:00:00,1,resolved,"two\nlines, ""quoted"""', 'C2,A2,call,2025-01-10 09:00:00,1,resolved,""',
        header="case,customer,what,at,wait,outcome,note",
    )  # fmt: skip
    receipt = company.receive()
    assert receipt.accepted == 2
    assert company.rows("select has_verbatim from accepted order by row_number") == [(True,), (False,)]
    with company.open() as opened:
        assert opened.engine.rows(
            f"select text from read_parquet('{opened.state.verbatims(receipt.id)}')"
        ) == [('two\nlines, "quoted"',)]


def test_line_ends_of_both_kinds_are_read(company):
    company.file("calls.csv", f"case,customer,what,at,wait,outcome\r\n{GOOD}\n{GOOD.replace('C1', 'C2')}\r\n")
    assert company.receive().accepted == 2


def test_duplicate_and_empty_headers_are_told_apart(company):
    company.change(attributes={"one": "note", "two": "note_2", "third": "column_9"})
    company.calls(GOOD + ",a,b,c", header="case,customer,what,at,wait,outcome,note,note,")
    company.receive()
    assert company.rows("select a_one, a_two, a_third from accepted") == [("a", "b", "c")]


def test_headers_are_never_sql(company):
    wild = 'x"; drop table accepted; --'
    company.change(attributes={"wild": wild})
    escaped = wild.replace('"', '""')
    company.calls(GOOD + ",1", header=f'case,customer,what,at,wait,outcome,"{escaped}"')
    company.receive()
    assert company.rows("select a_wild from accepted") == [(1,)]


def test_a_million_characters_in_a_cell(company):
    company.entry(verbatim="note")
    company.calls(GOOD + "," + "é" * 1_000_000, header="case,customer,what,at,wait,outcome,note")
    receipt = company.receive()
    assert receipt.accepted == 1
    with company.open() as opened:
        assert opened.engine.rows(
            f"select length(text) from read_parquet('{opened.state.verbatims(receipt.id)}')"
        ) == [(1_000_000,)]


def test_a_line_beyond_all_measure_is_refused_and_the_others_read(company):
    company.calls(
        GOOD, "C2,A2," + "x" * 17_000_000 + ",2025-01-10 09:00:00,1,resolved", GOOD.replace("C1", "C3")
    )
    receipt = company.receive()
    assert receipt.accepted == 2
    assert [row[0] for row in company.refused()] == ["line_too_long"]


def test_nul_bytes_stay_in_their_cell(company):
    company.calls(GOOD, "C2,A\x002,call,2025-01-10 09:00:00,1,resolved")
    receipt = company.receive()
    assert (receipt.accepted, receipt.refused) == (2, 0)
    assert company.rows("select id_account from accepted order by row_number") == [("A1",), ("A\x002",)]


def test_a_cut_gz_is_an_error_and_nothing_of_it_is_kept(company):
    noise = random.Random(5)
    rows = "\n".join(f"C{noise.random()},A,call,2025-01-10 09:00:00,1,resolved" for _ in range(5000))
    packed = gzip.compress(f"case,customer,what,at,wait,outcome\n{rows}\n".encode())
    company.change(read="calls.csv.gz")
    company.file("calls.csv.gz", packed[: len(packed) // 2])
    with pytest.raises(ExtractError, match="cut or damaged"):
        company.receive()
    assert company.rows("select count(*) from accepted") == [(0,)]
    company.file("calls.csv.gz", packed)
    assert company.receive().accepted == 5000


def test_a_gz_whose_bytes_changed_is_an_error(company):
    packed = bytearray(gzip.compress(b"case,customer,what,at,wait,outcome\n" + GOOD.encode() * 50))
    packed[-6] ^= 0xFF
    company.change(read="calls.csv.gz")
    company.file("calls.csv.gz", bytes(packed))
    with pytest.raises(ExtractError, match="damaged"):
        company.receive()


def test_a_cut_parquet_is_an_error(company):
    import pyarrow as pa
    import pyarrow.parquet as pq

    company.change(read="calls.parquet")
    names = ("case", "customer", "what", "at", "wait", "outcome")
    pq.write_table(
        pa.table(dict(zip(names, ([part] for part in GOOD.split(",")), strict=True))),
        company.folder / "calls.parquet",
    )
    whole = (company.folder / "calls.parquet").read_bytes()
    company.file("calls.parquet", whole[: len(whole) // 2])
    with pytest.raises(ExtractError, match="not whole Parquet"):
        company.receive()
    company.file("calls.parquet", whole)
    assert company.receive().accepted == 1


def test_text_called_gz_or_xlsx_does_not_crash(company):
    company.change(read="calls.xlsx")
    company.file("calls.xlsx", "not a workbook")
    with pytest.raises(ExtractError, match="workbook"):
        company.receive()


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2025-02-30 10:00:00", "unreadable_time"),
        ("not a date", "unreadable_time"),
        ("2025-03-30 02:30:00", "no_such_local_time"),
        ("1970-01-01 00:00:00", "implausible_time"),
        ("2106-02-07 06:28:15", "implausible_time"),
        ("0001-01-01", "implausible_time"),
        ("9999-12-31 23:59:59", "implausible_time"),
        ("2025-06-03 12:00:01", "implausible_time"),
        ("infinity", "unreadable_time"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_its_reason(company, at, reason):
    company.calls(GOOD, f"C2,A2,call,{at},1,resolved")
    receipt = company.receive()
    assert (receipt.accepted, receipt.refused) == (1, 1)
    assert company.refused() == [(reason, "at", at, 2, None)]


def test_a_doubled_local_time_is_the_earlier_one_and_says_so(company):
    company.calls(
        "C1,A1,call,2024-10-27 02:30:00,1,resolved", "C2,A2,call,2024-10-27T02:30:00+01:00,1,resolved"
    )
    company.receive()
    assert company.rows("select t_us, time_quality from accepted order by row_number") == [
        (1729989000000000, "ambiguous"), (1729992600000000, None),
    ]  # fmt: skip


def test_negative_lengths_and_strange_numbers_are_refused(company):
    company.calls(
        *(
            f"C{i},A,call,2025-01-10 09:00:00,{wait},resolved"
            for i, wait in enumerate(["-5", "abc", '"1,5"', "0:00:90", "1e999", '"1,234"', "0:01:30", "12.5"])
        )
    )
    company.receive()
    assert [(reason, given) for reason, _, given, _, _ in company.refused()] == [
        ("negative", "-5"), ("not_a_number", "abc"), ("not_a_number", "1,5"), ("not_a_number", "0:00:90"), ("not_a_number", "1e999"),
    ]  # fmt: skip
    assert company.rows("select wait_ms from accepted order by row_number") == [
        (1234000,),
        (90000,),
        (12500,),
    ]


def test_a_number_that_no_sum_could_bear_is_refused(company):
    given = ["5e13", "99999999999999", "9e11"]
    company.calls(*(f"C{i},A,call,2025-01-10 09:00:00,{wait},resolved" for i, wait in enumerate(given)))
    company.receive()
    assert [(reason, told) for reason, _, told, _, _ in company.refused()] == [
        ("implausible_number", "5e13"),
        ("implausible_number", "99999999999999"),
    ]
    assert company.rows("select wait_ms from accepted") == [(9 * 10**14,)]


def test_words_outside_the_vocabulary_are_refused(company):
    company.calls(
        "C1,A1,call,2025-01-10 09:00:00,1,Resolved",
        "C2,A1,call,2025-01-10 09:00:00,1,closed",
        "C3,A1,call,2025-01-10 09:00:00,1,",
    )
    receipt = company.receive()
    assert (receipt.accepted, receipt.refused) == (2, 1)
    assert company.refused()[0][:3] == ("unknown_value", "outcome", "closed")
    assert company.rows("select outcome from accepted order by row_number") == [("resolved",), (None,)]


def test_an_empty_time_is_not_a_refusal(company):
    company.calls(GOOD, "C2,A2,call,,1,resolved", "C3,A3,call,NULL,1,resolved", "C4,A3,call,?,1,resolved")
    receipt = company.receive()
    assert (receipt.candidates, receipt.accepted, receipt.not_happened, receipt.refused) == (4, 1, 3, 0)
