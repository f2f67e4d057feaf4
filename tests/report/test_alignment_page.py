"""The sections of alignment on the page, in the record and in the workbook: whole, empty, hostile."""

import json
import re
import warnings
from itertools import pairwise

import aligned_company
import openpyxl
import pyarrow as pa
import pytest
import shown_company
from hostile import FORMULAS, MARKUP
from test_page import hostile_charter, read
from test_record import faults

from portance.report import page, record, workbook
from portance.views.report import build

SECTIONS = ("conflicts", "watermelons", "responsibility", "functions", "decisions", "incentives")
CODES = {
    "kind", "verdict", "grade", "status", "state", "direction", "brake", "period", "trend", "horizon", "shown", "scope", "severity", "rule",
    "decision", "design", "period_kind", "role",
}  # fmt: skip
"""Columns of closed lists: with them replaced as well, sections would be empty and prove nothing."""


@pytest.fixture(scope="module")
def tables():
    return aligned_company.tables(journeys=800)


@pytest.fixture(scope="module")
def report(tables, language):
    return build(aligned_company.charter(), tables, aligned_company.run_facts(), language)


@pytest.fixture(scope="module")
def shown(report):
    return page.html(report)


def words(text: str) -> str:
    """What is read on a page, with plain spaces."""
    bare = re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", bare.replace("\u00a0", " ").replace("\u202f", " "))


def test_every_section_is_there_closed_and_reached_from_the_contents(shown):
    found = read(shown)
    assert found.wrong == []
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    for name in SECTIONS:
        assert f'<section id="{name}"' in shown
        assert found.links.count(f"#{name}") >= 2, "one in the contents of each width"
        assert f'<div id="{name}"' not in shown, "nothing is missing of it"


def test_headings_do_not_skip_a_level_and_drawings_are_told(shown):
    levels = [int(tag[1]) for tag in read(shown).tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for drawing in re.findall(r'<svg class="drawing[^>]*>', shown):
        assert 'role="group"' in drawing
        names = re.search(r'aria-labelledby="([^"]+)"', drawing).group(1).split()
        assert all(f'id="{name}"' in shown for name in names)
    for name in ("conflicts", "responsibility", "decisions"):
        section = shown.split(f'<section id="{name}"')[1].split("</section>")[0]
        for figure in re.findall(r"<figure.*?</figure>", section, flags=re.DOTALL):
            # The line of time is followed by its decisions, one by one, as a list.
            assert "<table" in figure or "timeline-title" in figure


def test_nothing_runs_nothing_is_fetched_and_it_stays_small(shown):
    found = read(shown)
    assert "script" not in found.tags
    assert not [name for _, name, _ in found.attributes if name.startswith("on") or name in ("style", "src")]
    assert not re.findall(r"https?://(?!www\.w3\.org/)", shown)
    assert len(shown.encode()) < 700_000
    assert "None" not in words(shown)
    assert "{" not in words(shown)


def test_english_holds_no_french(tables):
    english = words(page.html(build(aligned_company.charter(), tables, aligned_company.run_facts(), "en")))
    for word in (
        "indicateur",
        "écart-type",
        "équipe",
        "semaine",
        "à trancher",
        "garant",
        "données insuffisantes",
    ):
        assert word not in english, word


@pytest.mark.parametrize("name", sorted(aligned_company.rows()))
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_any_table_may_be_missing_or_empty(name, how):
    held = {key: table for key, table in aligned_company.alignment_tables().items() if key != name}
    if how == "empty":
        held[name] = aligned_company.alignment_tables()[name].slice(0, 0)
    text = page.html(build(aligned_company.charter(), held, aligned_company.run_facts(), "fr"))
    assert read(text).wrong == []
    assert "None" not in words(text)


def test_without_any_declaration_each_section_says_what_to_declare():
    empty = build(shown_company.charter(), {}, shown_company.run_facts(), "fr")
    text = page.html(empty)
    found = read(text)
    assert empty.alignment.told == ()
    assert {*SECTIONS, "missing"} <= set(found.ids)
    for code in ("indicators:", "target:", "responsibility:", "portance decide", "scorecards:"):
        assert f"<code>{code}</code>" in text
    assert "#conflicts" not in found.links


def test_declared_indicators_without_readings_are_not_said_to_agree():
    none = {"conflicts": aligned_company.alignment_tables()["conflicts"].slice(0, 0)}
    built = build(aligned_company.charter(), none, aligned_company.run_facts(), "fr")
    assert built.alignment.conflicts.state == "none"
    assert "12 indicateurs déclarés, sans relevés" in built.alignment.conflicts.headline


def hostile(tables: dict[str, pa.Table], *, codes: bool) -> dict[str, pa.Table]:
    """Every text replaced by something hostile, in turn; the closed lists too where ``codes``."""
    turn = 0
    held = {}
    for name, table in tables.items():
        columns = {}
        for column in table.column_names:
            values = table[column].to_pylist()
            if pa.types.is_string(table[column].type) and (codes or column not in CODES):
                values = [
                    None if value is None else MARKUP[(turn := turn + 1) % len(MARKUP)] for value in values
                ]
            columns[column] = values
        held[name] = pa.table(columns)
    return held


def evil_charter():
    """A charter whose every name is hostile."""
    base, bad = hostile_charter(), "</title></svg><script>alert(1)</script>"
    steered = aligned_company.charter()

    def named(held):
        return {
            name: one.model_copy(update={"name": one.name.model_copy(update={"fr": bad, "en": bad}), **({"unit": bad} if hasattr(one, "unit") else {})})
            for name, one in held.items()
        }  # fmt: skip

    return base.model_copy(
        update={
            name: named(getattr(steered, name)) for name in ("indicators", "levers", "scorecards", "changes")
        }
    )


@pytest.mark.parametrize("codes", [False, True])
def test_hostile_texts_stay_texts(codes):
    plain = aligned_company.alignment_tables()
    for charter, held in ((evil_charter(), hostile(plain, codes=codes)), (evil_charter(), plain)):
        text = page.html(build(charter, held, aligned_company.run_facts(), "fr"))
        found = read(text)
        assert not {"script", "img", "iframe", "form", "input", "base", "math"} & set(found.tags)
        assert not [name for _, name, _ in found.attributes if name.startswith("on")]
        assert found.tags.count("style") == 1
        assert found.wrong == []
        assert "\x00" not in text
        assert "\u202e" not in text
        assert all(link.startswith(("#", "data:image/svg+xml,")) for link in found.links)


def test_the_record_fits_its_schema_and_is_the_same_in_both_languages(tables):
    schema = record.schema()
    told = []
    for language in ("fr", "en"):
        one = json.loads(
            record.json(build(aligned_company.charter(), tables, aligned_company.run_facts(), language))
        )
        assert list(faults(one, schema, schema)) == []
        told.append({name: one[name] for name in (*SECTIONS, "brakes", "initiatives")})
    assert told[0] == told[1]
    first = told[0]["conflicts"]["pairs"][0]
    assert (first["from_indicator"], first["to_indicator"], first["grade"]) == (
        "handling_time",
        "first_contact",
        "A",
    )
    assert first["moves_by"] == pytest.approx(0.031)
    assert told[0]["initiatives"]["loose_ends"]["initiative_without_sponsor"] == 1


def test_small_samples_keep_their_secret_in_the_record(tables):
    told = record.record(build(aligned_company.charter(), tables, aligned_company.run_facts(), "fr"))
    few = next(one for one in told["watermelons"]["scopes"] if one["scope"] == "journey:repair")
    assert (few["value"], few["ci_low"], few["ci_high"], few["shown"]) == (None, None, None, "suppressed")
    line = next(line for one in told["functions"] for line in one["does"] if line["through"] == "custody")
    assert line["value"] is None


def test_the_workbook_has_a_sheet_for_each_table_that_was_built(tables, tmp_path):
    built = build(aligned_company.charter(), tables, aligned_company.run_facts(), "fr")
    workbook.xlsx(built, tmp_path / "a.xlsx")
    with warnings.catch_warnings():
        # The reader does not know the newer form of data bars; Excel and LibreOffice do.
        warnings.filterwarnings("ignore", message=".*xtension is not supported")
        book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames[9:] == [
        "Conflits",
        "Pastèques",
        "Responsabilité",
        "Freins",
        "Arbitrages",
        "Incitations",
    ]
    sheet = book["Conflits"]
    headings = [cell.value for cell in sheet[1]]
    assert len(headings) == len(set(headings))
    assert sheet.max_row == tables["conflicts"].num_rows + 1
    row = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert row["S’améliore"] == "DMT"
    assert row["Effet (unité du second)"] == pytest.approx(-0.031)
    watermelons = [[cell.value for cell in line] for line in book["Pastèques"].iter_rows(min_row=2)]
    assert watermelons[2][1:13] == [None] * 12, "too few customers"


def test_no_text_of_alignment_becomes_a_formula(tmp_path):
    rows = aligned_company.rows()
    bad = [
        one | {"question": text, "option": text, "signed_by": text}
        for text in FORMULAS
        for one in rows["decisions"][:1]
    ]
    lints = [
        one | {"scorecard": text, "indicators": text} for text in FORMULAS for one in rows["incentives"][:1]
    ]
    held = {"decisions": shown_company.table_of(bad), "incentives": shown_company.table_of(lints)}
    workbook.xlsx(
        build(aligned_company.charter(), held, aligned_company.run_facts(), "fr"), tmp_path / "b.xlsx"
    )
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    cells = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    for cell in cells:
        if isinstance(cell.value, str) and workbook.looks_like_formula(cell.value):
            assert cell.quotePrefix, cell.value
