"""The workbook, read back: typed cells, whole tables, and no formula that data brought in."""

import warnings
from datetime import datetime

import openpyxl
import pyarrow as pa
import pytest
import shown_company
from hostile import FORMULAS, MARKUP
from openpyxl.utils.escape import unescape

from portance.report import workbook
from portance.views.report import build
from portance.views.speech import clean


def opened(report, path):
    workbook.xlsx(report, path)
    with warnings.catch_warnings():
        # The reader does not know the newer form of data bars; Excel and LibreOffice do.
        warnings.filterwarnings("ignore", message=".*xtension is not supported")
        return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(report, tmp_path_factory):
    return opened(report, tmp_path_factory.mktemp("book") / "report.xlsx")


def column(page, heading):
    return next(cell.column for cell in page[1] if cell.value == heading)


def test_the_sheets_are_those_that_a_controller_asks_for(book, language):
    french = [
        "Lisez-moi",
        "Constats",
        "Passages",
        "Ruptures",
        "Promesses",
        "Écarts",
        "Refus",
        "Angles morts",
        "Journal",
    ]
    english = [
        "Read me",
        "Findings",
        "Passages",
        "Breaks",
        "Promises",
        "Gaps",
        "Refusals",
        "Blind spots",
        "Ledger",
    ]
    assert book.sheetnames == (french if language == "fr" else english)


def test_every_sheet_has_a_frozen_header_and_a_filter(book):
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref.startswith("A1:")
        assert all(cell.value for cell in page[1])
        assert page.column_dimensions["A"].width >= 10


def test_cells_are_typed(book, tables):
    page = book.worksheets[2]
    headings = [cell.value for cell in page[1]]
    assert len(headings) == len(set(headings))
    first = page[2]
    assert isinstance(first[3].value, int)
    assert first[3].number_format == "#,##0"
    assert first[7].number_format == "0.0%"
    assert "€" in first[12].number_format
    assert page.auto_filter.ref.endswith(f"{tables['passages'].num_rows + 1}")
    ledger = book.worksheets[8]
    assert isinstance(ledger[2][3].value, datetime)
    assert ledger[2][3].number_format == "yyyy-mm-dd hh:mm"


def test_the_ledger_tells_rows_that_an_id_hides(tmp_path, language):
    counts = {
        "candidates": 60,
        "accepted": 58,
        "duplicate": 1,
        "refused": 1,
        "not_happened": 0,
        "versions": 12,
    }
    told = {"receipt": "r1", "source": "orders", "file": "f", "received_us": 0, "undone": False, **counts}
    held = {"receipts": pa.Table.from_pylist([told | {"folded": 10}])}
    report = build(shown_company.charter(), held, shown_company.run_facts(tables={}), language)
    ledger = opened(report, tmp_path / "folded.xlsx").worksheets[8]
    headings = [cell.value for cell in ledger[1]]
    row = dict(zip(headings, [cell.value for cell in ledger[2]], strict=True))
    fr = language == "fr"
    assert row["Masquées par leur identifiant" if fr else "Hidden under their id"] == 10
    assert row["Nouvelles versions" if fr else "New versions"] == 12
    assert row["Compte" if fr else "Account"] == ("bon" if fr else "adds up")


def test_small_samples_keep_their_secret(book):
    page = book.worksheets[2]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    interval = next(row for row in rows if row[10] and ("5 à 29" in row[10] or "5 to 29" in row[10]))
    assert interval[7] is None
    assert interval[8] is not None
    hidden = next(row for row in rows if row[10] and "<5" in row[10])
    assert hidden[3:10] == [None] * 7


def test_data_bars_are_few(book):
    bars = [page.title for page in book.worksheets if page.conditional_formatting]
    assert 1 <= len(bars) <= 4


def test_the_readme_holds_the_definitions(book, language):
    text = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    assert ("couture" if language == "fr" else "seam").lower() in text.lower()
    assert "20250831T0612-7f3a" in text


def all_cells(book):
    return [
        cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value is not None
    ]


def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path):
    bad = (*FORMULAS, *MARKUP)
    refusals = [
        {
            "source": text,
            "receipt": text,
            "file": text,
            "row_number": 1,
            "reason": text,
            "column_name": text,
            "given": text,
            "expected": text,
            "remedy": text,
        }
        for text in bad
    ]
    findings = [
        {
            "rank": 1,
            "kind": text,
            "key": text,
            "title_fr": text,
            "text_fr": text,
            "owners": text,
            "value": 0.5,
            "unit": text,
            "reply_fr": text,
            "status": "replied",
            "rows_table": text,
            "rows_filter": text,
        }
        for text in bad
    ]
    passages = [
        {
            "journey_type": text,
            "from_function": text,
            "to_function": text,
            "seams": 9,
            "people": 50,
            "rate": 0.5,
        }
        for text in bad
    ]
    held = {
        name: shown_company.table_of(rows)
        for name, rows in (("refusals", refusals), ("findings", findings), ("passages", passages))
    }
    book = opened(
        build(shown_company.charter(), held, shown_company.run_facts(tables={}, run_id="=1+1"), "fr"),
        tmp_path / "bad.xlsx",
    )
    cells = all_cells(book)
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink]
    page = book["Refus"]
    given = column(page, "Donné")
    read = [page.cell(row, given).value for row in range(2, page.max_row + 1)]
    assert len(read) == len(bad)
    for text, back in zip(bad, read, strict=True):
        assert isinstance(back, str)
        # The format writes what looks like its own escape as an escape; every reader undoes it.
        assert unescape(back) == clean(text)
    for cell in cells:
        if isinstance(cell.value, str) and workbook.looks_like_formula(cell.value):
            assert cell.quotePrefix, cell.value
            assert cell.data_type in ("s", "inlineStr")


def test_a_text_that_is_too_long_is_cut_and_says_so(tmp_path):
    long = "é" * 40_000 + "😀"
    rows = [
        {"source": "calls", "reason": "r", "given": long, "row_number": 1},
        {"source": "calls", "reason": "r", "given": "😀" * 20_000, "row_number": 2},
    ]
    report = build(
        shown_company.charter(),
        {"refusals": shown_company.table_of(rows)},
        shown_company.run_facts(tables={}),
        "fr",
    )
    page = opened(report, tmp_path / "long.xlsx")["Refus"]
    for row in (2, 3):
        text = page.cell(row, column(page, "Donné")).value
        assert len(text.encode("utf-16-le")) // 2 <= workbook.MOST_LETTERS
        assert "coupé" in text


def test_a_table_that_is_too_tall_is_cut_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 21)
    rows = shown_company.refusals()
    report = build(
        shown_company.charter(),
        {"refusals": shown_company.table_of(rows)},
        shown_company.run_facts(tables={}),
        "fr",
    )
    page = opened(report, tmp_path / "tall.xlsx")["Refus"]
    assert page.max_row == 21
    assert page.cell(21, 1).value.startswith("Coupé\u00a0: 19 lignes montrées sur 38")


def test_a_sample_says_how_many_rows_the_table_has(tmp_path, tables):
    page = opened(
        build(shown_company.charter(), tables, shown_company.run_facts(), "fr"), tmp_path / "s.xlsx"
    )["Refus"]
    assert "38 lignes montrées sur 1\u202f000" in page.cell(page.max_row, 1).value


def test_no_table_at_all_gives_a_workbook_that_says_so(tmp_path):
    book = opened(
        build(shown_company.charter(), {}, shown_company.run_facts(tables={}), "fr"), tmp_path / "none.xlsx"
    )
    assert [page.cell(2, 1).value for page in book.worksheets[1:]] == ["Aucune ligne."] * 8


def test_dates_before_the_calendar_of_spreadsheets_and_infinite_numbers(tmp_path):
    receipts = [{"receipt": "r", "source": "calls", "file": "f", "received_us": -(10**17), "candidates": 0}]
    blind = [
        {
            "source": "calls",
            "question": "no_person",
            "interactions": 2**53,
            "blind": 2**53,
            "share": float("inf"),
        }
    ]
    held = {"receipts": pa.Table.from_pylist(receipts), "blind_spots": pa.Table.from_pylist(blind)}
    opened(
        build(shown_company.charter(), held, shown_company.run_facts(tables={}), "fr"), tmp_path / "odd.xlsx"
    )
