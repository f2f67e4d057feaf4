"""report.xlsx: typed cells, filters, no formula that data could bring in."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from babel.numbers import get_currency_symbol

from portance.views.report import Report
from portance.views.sheets import Cell, Sheet
from portance.views.speech import Speech, clean

MOST_ROWS = 1_048_576
"""Rows of a sheet, the header included: what the format allows."""
MOST_LETTERS = 32_767
_WIDTHS = {"text": 22, "long": 44, "count": 12, "share": 12, "number": 13, "money": 14, "instant": 17}
_LEADING = frozenset("=+-@\t\r\n|%＝＋－＠﹢﹣﹦﹫")
_SKIPPED = " \u00a0\u202f\u2009\u200b\u200c\u200d\u2060\ufeff'\""
_FIRST_YEAR = 1900


def xlsx(report: Report, path: Path) -> None:
    """Write the workbook of a report, in its language."""
    # constant_memory writes each row as it comes: a million refusals do not have to fit in memory.
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
    }
    book = xlsxwriter.Workbook(str(path), options)
    try:
        book.set_properties(
            {
                "title": report.speech.say("title", company=report.company)[:255],
                "company": report.company[:255],
                "comments": report.run.run_id,
                "created": report.run.generated_at.replace(tzinfo=None),
            }
        )
        formats = _formats(book, report)
        _readme(book, report, formats)
        for sheet in report.sheets:
            _sheet(book, sheet, report.speech, formats)
    finally:
        book.close()


def safe(text: str, speech: Speech) -> str:
    """A text as a cell can hold it: no control sign, at most 32,767 letters, and what was cut is said."""
    text = clean(text)
    if _units(text) <= MOST_LETTERS:
        return text
    note = speech.many("book.cut_text", len(text))
    kept = text[: MOST_LETTERS - len(note)]
    while _units(kept) + _units(note) > MOST_LETTERS:
        kept = kept[: -max(1, (_units(kept) + _units(note) - MOST_LETTERS) // 2)]
    return kept + note


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula once somebody edits it or saves it as CSV."""
    kept = text.lstrip(_SKIPPED)
    return bool(kept) and kept[0] in _LEADING


def _units(text: str) -> int:
    """Letters as the format counts them: those beyond the basic plane count twice."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def _formats(book: Any, report: Report) -> Mapping[str, Any]:
    symbol = get_currency_symbol(report.currency, locale="fr_FR" if report.language == "fr" else "en_GB")
    money = '#,##0 "{}"' if report.language == "fr" else '"{}"#,##0'
    top = {"valign": "top"}
    return {
        "header": book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#EEF1F5", "text_wrap": True, "valign": "top"}
        ),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "bold": book.add_format({"bold": True, **top}),
        "text": book.add_format({**top}),
        "long": book.add_format({"text_wrap": True, **top}),
        # The sign that keeps a text a text when its cell is edited; what the cell holds is unchanged.
        "quoted": book.add_format({"quote_prefix": True, **top}),
        "count": book.add_format({"num_format": "#,##0", **top}),
        "number": book.add_format({"num_format": "#,##0.0##", **top}),
        "share": book.add_format({"num_format": "0.0%", **top}),
        "money": book.add_format({"num_format": money.format(symbol.replace('"', "")), **top}),
        "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm", **top}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", **top}),
    }


def _sheet(book: Any, sheet: Sheet, speech: Speech, formats: Mapping[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, max(_WIDTHS[column.kind], min(26, len(column.heading) + 3)))
        page.write_string(0, index, column.heading, formats["header"])
    last = written = 0
    for row in sheet.rows():
        if last + 2 == MOST_ROWS and sheet.total > MOST_ROWS - 1:
            break
        last += 1
        written += 1
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            cell = value if isinstance(value, Cell) else Cell(value, column.kind)
            _cell(page, (last, index), cell, speech, formats)
    filtered = last
    if not written:
        page.write_string(1, 0, speech.say("book.no_rows"), formats["text"])
    if written < sheet.total:
        said = speech.say("book.cut_rows", kept=written, all=sheet.total, path=sheet.path)
        page.write_string(max(1, last + 1), 0, said, formats["bold"])
    page.autofilter(0, 0, max(1, filtered), len(sheet.columns) - 1)
    for index, column in enumerate(sheet.columns):
        if column.bars and filtered:
            page.conditional_format(
                1, index, filtered, index,
                {"type": "data_bar", "bar_color": "#C5D0E1", "bar_solid": True, "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1},
            )  # fmt: skip
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _cell(page: Any, place: tuple[int, int], cell: Cell, speech: Speech, formats: Mapping[str, Any]) -> None:
    value, kind = cell.value, cell.kind
    if value is None or value == "":
        return
    if isinstance(value, datetime | date) and value.year >= _FIRST_YEAR:
        page.write_datetime(*place, value, formats["instant" if isinstance(value, datetime) else "day"])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(*place, value, formats[kind if kind in _WIDTHS else "number"])
    else:
        text = safe(str(value), speech)
        style = "quoted" if looks_like_formula(text) else "long" if kind == "long" else "text"
        page.write_string(*place, text, formats[style])


def _readme(book: Any, report: Report, formats: Mapping[str, Any]) -> None:
    speech, run = report.speech, report.run
    say = speech.say
    page = book.add_worksheet(say("sheet.readme"))
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 110)
    lines: list[tuple[str, str, str]] = [
        (say("title", company=report.company), "", "title"),
        (say("book.lead"), "", "text"),
        ("", "", "text"),
        (say("making.run"), run.run_id, "bold"),
        (say("making.generated"), speech.instant(run.generated_at), "bold"),
        (say("making.as_of"), speech.instant(run.as_of), "bold"),
        (say("making.charter"), report.charter_digest or "—", "bold"),
        ("", "", "text"),
    ]
    lines += [
        (sheet.name, speech.many("book.sheet_rows", sheet.total, path=sheet.path), "bold")
        for sheet in report.sheets
    ]
    lines.append(("", "", "text"))
    lines += [(method.title, method.text, "bold") for method in report.methods.methods]
    lines.append(("", "", "text"))
    lines += [(term, meaning, "bold") for term, meaning in (*report.methods.terms, *report.methods.kinds)]
    for index, (head, body, style) in enumerate(lines):
        if head:
            page.write_string(
                index, 0, safe(head, speech), formats["quoted" if looks_like_formula(head) else style]
            )
        if body:
            page.write_string(
                index, 1, safe(body, speech), formats["quoted" if looks_like_formula(body) else "long"]
            )
    page.set_paper(9)
    page.fit_to_pages(1, 0)
