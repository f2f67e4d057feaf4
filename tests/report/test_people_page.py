"""The sections on people and machines on the page, in the record and in the workbook: whole, empty, locked, hostile."""

import json
import re
import warnings
from itertools import pairwise

import openpyxl
import peopled_company
import pyarrow as pa
import pytest
import shown_company
from hostile import FORMULAS, MARKUP
from test_alignment_page import words
from test_page import hostile_charter, read
from test_record import faults

from portance.report import page, record, workbook
from portance.views.report import build

SECTIONS = ("voices", "silent", "mirror", "dosage", "takeover", "retention")
CODES = {
    "shown", "grade", "verdict", "state", "measure", "outcome", "compared", "part", "kind", "given_by", "language", "reason", "unit", "means",
    "question", "machine", "missing", "warning", "source", "segment", "desk", "group", "what", "against",
}  # fmt: skip
"""Columns of closed lists or names of the charter: with them replaced as well, sections would be empty and prove nothing."""


@pytest.fixture(scope="module")
def tables():
    return peopled_company.people_tables()


@pytest.fixture(scope="module")
def shown(tables, language):
    return page.html(build(peopled_company.charter(), tables, peopled_company.run_facts(), language))


def section(text: str, name: str) -> str:
    return text.split(f'<section id="{name}"')[1].split("</section>", maxsplit=1)[0]


def test_every_section_is_there_closed_and_reached_from_the_contents(shown):
    found = read(shown)
    assert found.wrong == []
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    for name in SECTIONS:
        assert f'<section id="{name}"' in shown
        assert found.links.count(f"#{name}") >= 2, "one in the contents of each width"


def test_headings_do_not_skip_a_level_and_drawings_have_a_name_and_a_table(shown):
    levels = [int(tag[1]) for tag in read(shown).tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for drawing in re.findall(r'<svg class="drawing[^>]*>', shown):
        names = re.search(r'aria-labelledby="([^"]+)"', drawing).group(1).split()
        assert all(f'id="{name}"' in shown for name in names)
    for name in SECTIONS:
        found = section(shown, name)
        assert '<svg class="drawing' in found, name
        assert "<table" in found, name
        assert "tables/" in found, "the rows behind"
        assert 'href="#method-' in found, name


def test_nothing_runs_nothing_is_fetched_and_it_stays_small(shown):
    found = read(shown)
    assert "script" not in found.tags
    assert not [name for _, name, _ in found.attributes if name.startswith("on") or name in ("style", "src")]
    assert not re.findall(r"https?://(?!www\.w3\.org/)", shown)
    assert len(shown.encode()) < 500_000
    assert "None" not in words(shown)
    assert "{" not in words(shown)


def test_english_holds_no_french(tables):
    english = words(page.html(build(peopled_company.charter(), tables, peopled_company.run_facts(), "en")))
    for word in (
        "sollicit",
        "irritants relev",
        "équipes",
        "sans appui",
        "réponses",
        "départs",
        "à retirer",
        "moins de",
    ):
        assert word not in english, word


@pytest.mark.parametrize("name", sorted(peopled_company.rows()))
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_any_table_may_be_missing_or_empty(tables, name, how):
    held = {key: table for key, table in tables.items() if key != name}
    if how == "empty":
        held[name] = tables[name].slice(0, 0)
    text = page.html(build(peopled_company.charter(), held, peopled_company.run_facts(), "fr"))
    assert read(text).wrong == []
    assert "None" not in words(text)


@pytest.mark.parametrize("name", sorted(peopled_company.rows()))
def test_a_table_may_hold_one_row_of_nothing(tables, name):
    bare = {column: pa.nulls(1, tables[name][column].type) for column in tables[name].column_names}
    if name == "pressure":
        bare["period"] = tables[name]["period"].slice(0, 1)
    text = page.html(
        build(peopled_company.charter(), {name: pa.table(bare)}, peopled_company.run_facts(), "fr")
    )
    assert read(text).wrong == []
    assert "None" not in words(text)


def test_without_any_declaration_each_section_says_what_to_declare():
    text = page.html(build(shown_company.charter(), {}, shown_company.run_facts(), "fr"))
    found = read(text)
    assert {*SECTIONS, "missing"} <= set(found.ids)
    for code in ("verbatim:", "surveys:", "employees:", "machines:", "retention:"):
        assert f"<code>{code}</code>" in text
    assert "#voices" not in found.links


def test_locked_says_so_says_what_to_do_and_shows_no_employee(tables):
    declared = peopled_company.DECLARED["employees"] | {"consulted": None}
    built = build(peopled_company.charter(employees=declared), tables, peopled_company.run_facts(), "fr")
    found = section(page.html(built), "mirror")
    assert "<code>employees: {consulted: …}</code>" in found
    assert "Côté équipes" in words(found)
    assert "9 outils" not in words(found)
    assert "Adoption" not in words(found)
    told = record.record(built)["mirror"]
    assert told["locked"]
    assert told["steps"] == []
    assert [one["part"] for one in told["distances"]] == ["belief"]
    assert (told["stall"], told["adoption"]) == (None, [])
    assert not {"Miroir", "Décrochage", "Adoption des outils", "Réalité artificielle"} & {sheet.name for sheet in built.sheets}  # fmt: skip


def test_customers_words_are_shown_only_masked_and_are_in_no_other_file(tables, tmp_path):
    built = build(peopled_company.charter(), tables, peopled_company.run_facts(), "fr")
    assert "[durée]" in page.html(built)
    assert "[durée]" not in record.json(built)
    workbook.xlsx(built, tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert not [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if "[durée]" in str(cell.value)
    ]


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
    peopled = peopled_company.charter()
    text = next(iter(peopled.surveys.values())).name.model_copy(update={"fr": bad, "en": bad})

    def named(held):
        return {name: one.model_copy(update={"name": text}) for name, one in held.items()}

    employees = peopled.employees.model_copy(
        update={
            name: named(getattr(peopled.employees, name))
            for name in ("questions", "figures", "tools", "tasks")
        }
    )
    return base.model_copy(
        update={
            "surveys": named(peopled.surveys), "machines": named(peopled.machines), "desks": named(peopled.desks), "employees": employees,
            "ambitions": {name: one.model_copy(update={"says": text}) for name, one in peopled.ambitions.items()},
            "beliefs": {name: one.model_copy(update={"by": bad}) for name, one in peopled.beliefs.items()},
            "voices": peopled.voices.model_copy(update={"irritants": named(peopled.voices.irritants)}), "retention": peopled.retention,
        }
    )  # fmt: skip


@pytest.mark.parametrize("codes", [False, True])
def test_hostile_texts_stay_texts(tables, codes):
    for held in (hostile(tables, codes=codes), tables):
        text = page.html(build(evil_charter(), held, peopled_company.run_facts(), "fr"))
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
            record.json(build(peopled_company.charter(), tables, peopled_company.run_facts(), language))
        )
        assert list(faults(one, schema, schema)) == []
        told.append({name: one[name] for name in SECTIONS})
    assert told[0] == told[1]
    first = told[0]["voices"]["irritants"][0]
    assert (first["irritant"], first["rank"], first["loss"]["value"]) == ("line_cut", 1, 310_000.0)
    assert told[0]["dosage"]["effects"][-1]["unit"] == "money"


def test_small_samples_keep_their_secret_in_the_record(tables):
    told = record.record(build(peopled_company.charter(), tables, peopled_company.run_facts(), "fr"))
    few = next(one for one in told["voices"]["irritants"] if one["irritant"] == "hardly_any")
    assert set(few["frequency"].values()) == {None}
    step = next(one for one in told["mirror"]["steps"] if one["step"] == "terminate")
    assert set(step["employee"].values()) == {None}
    gone = next(one for one in told["retention"]["exposures"] if one["exposure"] == "ping_pong")
    assert set(gone["lost_per_100"].values()) == {None}


@pytest.mark.parametrize("verdict", ["alarm", "no_alarm"])
def test_the_record_tells_the_stall_and_the_tools_with_their_method_interval_and_number(tables, verdict):
    held = tables | {"stall": shown_company.table_of(peopled_company.stall(verdict))}
    told = record.record(build(peopled_company.charter(), held, peopled_company.run_facts(), "fr"))
    schema = record.schema()
    assert list(faults(told, schema, schema)) == []
    stall = told["mirror"]["stall"]
    assert (stall["method"], stall["verdict"], stall["employees"], stall["weeks"]) == (
        "symmetry",
        verdict,
        310,
        2,
    )
    figures = {one["figure"]: one for one in stall["figures"]}
    assert ("risk" in figures) == (verdict == "alarm")
    assert figures["skill"]["shown"] == "point"
    assert figures["skill"]["ci_low"] < figures["skill"]["value"] < figures["skill"]["ci_high"]
    assert (figures["warned"]["value"], figures["warned"]["ci_low"], figures["warned"]["n"], figures["warned"]["teams"]) == (None, 0.31, 38, 22)  # fmt: skip
    assert {name for name, one in figures.items() if one["basis"] == "predicted"} <= {"risk"}
    assert figures["false_alarms"]["reason"] == "earlier_figure"
    assert stall["curve"][0] == {"from_day": "2025-01-06", "basis": "predicted", "teams": 24, "predicted": 0.16, "persistence": 0.18, "observed": 0.1, "observed_low": pytest.approx(0.04), "observed_high": 0.2}  # fmt: skip
    assert stall["curve"][-1]["observed"] is None
    used, few = told["mirror"]["adoption"]
    assert used["kept"] == {"value": 0.64, "ci_low": 0.52, "ci_high": 0.76}
    assert (used["method"], used["followed"], used["on_time"]) == ("symmetry", 75, False)
    assert {*few["share"].values(), *few["kept"].values(), few["followed"]} == {None}
    assert f'href="#method-{stall["method"]}"' in page.html(build(peopled_company.charter(), held, peopled_company.run_facts(), "fr"))  # fmt: skip


def test_a_stall_that_cannot_be_judged_is_in_the_record_with_its_reason(tables):
    row = {
        "figure": "skill",
        "value": None,
        "basis": "measured",
        "unit": "score",
        "verdict": "not_measurable",
        "reason": "too_few_falls",
        "n": 3,
        "teams": 8,
    }
    held = tables | {"stall": shown_company.table_of([row])}
    told = record.record(build(peopled_company.charter(), held, peopled_company.run_facts(), "fr"))["mirror"][
        "stall"
    ]
    assert (told["verdict"], told["reason"], told["curve"]) == ("not_measurable", "too_few_falls", [])
    assert (told["figures"][0]["value"], told["figures"][0]["shown"], told["figures"][0]["n"]) == (
        None,
        "missing",
        3,
    )


def test_the_workbook_has_a_sheet_for_each_table_that_was_built(tables, tmp_path):
    built = build(peopled_company.charter(), tables, peopled_company.run_facts(), "fr")
    workbook.xlsx(built, tmp_path / "a.xlsx")
    with warnings.catch_warnings():
        # The reader does not know the newer form of data bars; Excel and LibreOffice do.
        warnings.filterwarnings("ignore", message=".*xtension is not supported")
        book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames[9:] == [
        "Irritants", "Silencieux", "Sollicitation", "Miroir", "Décrochage", "Adoption des outils", "Réalité artificielle", "Humain et machine", "Machines", "Reprises", "Politique de reprise",
        "Délais de réponse", "Départs",
    ]  # fmt: skip
    for name in book.sheetnames[9:]:
        headings = [cell.value for cell in book[name][1]]
        assert len(headings) == len(set(headings)), name
    rows = {row[1]: row for row in book["Irritants"].iter_rows(min_row=2, values_only=True)}
    assert rows["Ligne coupée à l’emménagement"][12] == 310_000.0
    assert rows["hardly any"][6:19] == (None,) * 13
    assert rows["ads"][6:19] == (None,) * 13, "public reviews give no level"
    mirror = {(row[1], row[2]): row for row in book["Miroir"].iter_rows(min_row=2, values_only=True)}
    assert mirror["terminate", "Canaux et outils"][6:12] == (None,) * 6
    stalled = list(book["Décrochage"].iter_rows(min_row=2, values_only=True))
    assert stalled[0][:7] == ("Gain sur le niveau du jour", None, "mesuré", -0.03, -0.11, 0.05, "score")
    assert (stalled[0][11:13], stalled[0][14]) == ((61, 24), "aucune alarme fondée")
    curve = [row for row in stalled if row[2] == "prévu"]
    assert curve[0][:10] == ("Équipes qui décrochent, période par période", "2025-01-06", "prévu", 0.16, None, None, "share", 0.1, pytest.approx(0.04), 0.2)  # fmt: skip
    assert curve[-1][7:10] == (None,) * 3, "not over yet"
    tools = {row[0]: row for row in book["Adoption des outils"].iter_rows(min_row=2, values_only=True)}
    assert tools["Vue client unique"][12:16] == (0.64, 0.52, 0.76, 75)
    assert tools["new form"][3:11] == (None,) * 8


def test_no_text_of_people_becomes_a_formula(tmp_path):
    base = peopled_company.rows()
    held = {
        "irritants": shown_company.table_of([one | {"irritant": text, "owners": text} for text in FORMULAS for one in base["irritants"][:1]]),
        "takeovers": shown_company.table_of([one | {"machine": text, "reason": text} for text in FORMULAS for one in base["takeovers"][:1]]),
    }  # fmt: skip
    workbook.xlsx(
        build(peopled_company.charter(), held, peopled_company.run_facts(), "fr"), tmp_path / "b.xlsx"
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


def test_a_policy_of_takeovers_is_shown_as_predicted_and_as_not_turned_on(shown, language):
    found = words(section(shown, "takeover"))
    off, predicted = (
        ("Elle n’est pas en service", "Prévu, non mesuré")
        if language == "fr"
        else ("It is not turned on", "Predicted, not measured")
    )
    assert off in found
    assert predicted in found
    would = "Elle aurait confié" if language == "fr" else "It would have handed"
    assert found.index(predicted) < found.index(would), "said to be predicted before any figure"


@pytest.mark.parametrize(
    ("rows", "command"),
    [
        ([], "portance takeover learn CONVERSATIONS --charter charter.yaml"),
        ([row for row in peopled_company.takeover_policy() if row["part"] == "learnt"], "portance takeover replay CONVERSATIONS --charter charter.yaml"),
        ([{"part": "learnt", "figure": "conversations", "value": None, "reason": "policy_unreadable"}], "portance takeover learn CONVERSATIONS --charter charter.yaml"),
    ],
)  # fmt: skip
def test_where_no_policy_is_learnt_or_replayed_the_command_to_run_is_told(tables, language, rows, command):
    held = dict(tables)
    if rows:
        held["takeover_policy"] = shown_company.table_of(rows)
    else:
        del held["takeover_policy"]
    found = section(page.html(build(peopled_company.charter(), held, peopled_company.run_facts(), language)), "takeover")  # fmt: skip
    assert f"<code>{command}</code>" in found
    assert "Prévu, non mesuré" not in found
    assert "Predicted, not measured" not in found
