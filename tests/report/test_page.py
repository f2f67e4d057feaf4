"""The page: one file, no script, everything escaped, readable by a machine that reads aloud."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pyarrow as pa
import pytest
import shown_company
from hostile import MARKUP

from portance.report import page
from portance.views.report import build

VOID = {"meta", "link", "rect", "path", "circle", "line", "img", "br", "input"}


class Reader(HTMLParser):
    """Tags in order, ids, and whether elements close in the order in which they opened."""

    def __init__(self):
        super().__init__()
        self.ids, self.tags, self.open, self.wrong, self.attributes, self.links = [], [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.fixture(scope="module")
def found(shown):
    return read(shown)


def test_elements_close_in_the_order_in_which_they_opened(found):
    assert found.wrong == []
    assert found.open == []


def test_ids_are_unique_and_links_inside_the_page_lead_somewhere(found):
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)


def test_nothing_is_fetched_and_nothing_runs(found, shown):
    assert "script" not in found.tags
    assert "iframe" not in found.tags
    assert not [
        name for _, name, _ in found.attributes if name.startswith("on") or name in ("style", "src", "srcset")
    ]
    assert all(link.startswith(("#", "data:image/svg+xml,")) for link in found.links)
    assert not re.findall(r"https?://(?!www\.w3\.org/)", shown)
    assert "url(http" not in shown


def test_the_policy_of_the_page_allows_its_own_style_only(found):
    policy = next(
        value
        for tag, name, value in found.attributes
        if tag == "meta" and name == "content" and "default-src" in value
    )
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy


def test_the_language_is_told(shown, language):
    assert f'<html lang="{language}"' in shown


def test_drawings_are_groups_with_a_title_and_a_description(shown):
    drawings = re.findall(r'<svg class="drawing[^>]*>', shown)
    assert drawings
    for drawing in drawings:
        assert 'role="group"' in drawing
        names = re.search(r'aria-labelledby="([^"]+)"', drawing).group(1).split()
        assert all(f'id="{name}"' in shown for name in names)


def test_each_drawing_has_its_figures_as_a_table(found):
    assert found.tags.count("table") >= 8


def test_headings_do_not_skip_a_level(found):
    levels = [int(tag[1]) for tag in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_it_is_small(shown):
    assert len(shown.encode()) < 600_000


def test_the_same_report_gives_the_same_page(tables):
    first, second = (
        page.html(build(shown_company.charter(), tables, shown_company.run_facts(), "fr")) for _ in range(2)
    )
    assert first == second


def test_english_holds_no_french(tables):
    text = page.html(build(shown_company.charter(), tables, shown_company.run_facts(), "en"))
    body = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    for word in ("promesse", "couture", "clients touchés", "lignes", "Données", "jours"):
        assert word not in re.sub(r"extraits?|Corriger.*?rejouer|campagne|comité", "", body), word


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "name", [None, "passages", "flows", "gaps", "facets", "promise_rates", "break_rates", "findings", "seams"]
)
def test_any_table_may_be_missing(tables, language, name):
    held = {} if name is None else {key: table for key, table in tables.items() if key != name}
    text = page.html(build(shown_company.charter(), held, shown_company.run_facts(), language))
    assert read(text).wrong == []
    assert "None" not in re.sub(r"<[^>]*>", "", text)


def hostile_tables(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Every text of every table replaced by something hostile, in turn."""
    held = {}
    turn = 0
    for name, table in tables.items():
        columns = {}
        for column in table.column_names:
            values = table[column].to_pylist()
            kept = name == "promise_rates" and column in ("promise", "segment", "shown")
            if pa.types.is_string(table[column].type) and not kept:
                values = [
                    None if value is None else MARKUP[(turn := turn + 1) % len(MARKUP)] for value in values
                ]
            columns[column] = values
        held[name] = pa.table(columns)
    return held


def hostile_charter():
    bad = "<script>alert(1)</script>"
    functions = {
        name: {"name": {"fr": MARKUP[index % len(MARKUP)]}}
        for index, name in enumerate(shown_company.FUNCTIONS)
    }
    declared = shown_company.charter(functions=functions, company={"name": bad, "currency": "EUR"})
    promises = {
        name: promise.model_copy(update={"says": promise.says.model_copy(update={"fr": bad, "en": bad})})
        for name, promise in declared.promises.items()
    }
    return declared.model_copy(update={"promises": promises})


def test_hostile_texts_stay_texts(tables):
    facts = shown_company.run_facts(
        run_id=MARKUP[0], previous_run_id=MARKUP[1], engine=MARKUP[2], versions={MARKUP[3]: MARKUP[4]}
    )
    for held in (
        hostile_tables(tables),
        hostile_tables({**tables, "passages": tables["passages"].drop_columns(["shown"])}),
    ):
        text = page.html(build(hostile_charter(), held, facts, "fr"))
        found = read(text)
        assert "script" not in found.tags
        assert not {"img", "iframe", "form", "input", "base", "math", "body2"} & set(found.tags)
        assert not [name for _, name, _ in found.attributes if name.startswith("on")]
        assert found.tags.count("style") == 1
        assert found.tags.count("link") == 1
        assert found.wrong == []
        assert "\x00" not in text
        assert "\u202e" not in text
        assert all(link.startswith(("#", "data:image/svg+xml,")) for link in found.links)


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
def test_every_text_and_every_mark_stands_out_from_its_ground(shown, theme):
    blocks = re.findall(r":root \{(.*?)\}", shown, flags=re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[theme]))
    for text in ("ink", "soft", "lost", "accent", "spare"):
        assert contrast(colours[text], colours["paper"]) >= 4.5, text
        assert contrast(colours[text], colours["draft" if text != "lost" else "paper"]) >= 4.5, text
    for text in ("ink", "soft", "accent"):
        assert contrast(colours[text], colours["ground"]) >= 4.5, text
    for mark in ("node", "expected", "intended", "offered", "lived", "strong-line", "lost", "spare"):
        assert contrast(colours[mark], colours["paper"]) >= 3, mark
    assert contrast(colours["lost"], colours["lost-ground"]) >= 3
    assert contrast(colours["lost"], colours["flow"]) >= 2.5
