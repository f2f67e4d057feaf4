"""The page in Chromium: light, dark, phone, print; nothing runs, nothing is cut, nothing lies on anything."""

import shutil
import subprocess

import aligned_company
import peopled_company
import pytest
import shown_company
from axe_playwright_python.sync_playwright import Axe
from hostile import MARKUP
from test_page import hostile_charter, hostile_tables

from portance.report import page
from portance.views.report import build

pytestmark = pytest.mark.browser
A4_WIDE, A4_TALL = round((210 - 28) / 25.4 * 96), round((297 - 26) / 25.4 * 96)
OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.drawing')) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    const texts = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
    for (const [words, box] of texts)
      if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 3 || box.bottom > frame.bottom + 3)
        found.push('outside: ' + words);
    for (let i = 0; i < texts.length; i++)
      for (let j = i + 1; j < texts.length; j++) {
        const [a, b] = [texts[i][1], texts[j][1]];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && tall > 4) found.push('over: ' + texts[i][0] + ' / ' + texts[j][0]);
      }
  }
  return found;
}"""
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="session")
def shown(tables):
    """The French page; its words are the longer ones."""
    return page.html(build(shown_company.charter(), tables, shown_company.run_facts(), "fr"))


@pytest.fixture(scope="session")
def aligned():
    """A page with every section of alignment; the French words are the longer ones."""
    tables = aligned_company.tables(journeys=800)
    return page.html(build(aligned_company.charter(), tables, aligned_company.run_facts(), "fr"))


@pytest.fixture(scope="session")
def peopled():
    """A page with every section on people and machines."""
    return page.html(
        build(peopled_company.charter(), peopled_company.people_tables(), peopled_company.run_facts(), "fr")
    )


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a page; whatever would run or be fetched is kept in ``faults``."""
    contexts = []

    def show(text, width=1180, height=900, scheme="light"):
        file = tmp_path / "report.html"
        file.write_text(text, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        tab = context.new_page()
        tab.faults = []
        tab.on("dialog", lambda dialog: (tab.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        tab.on("console", lambda message: tab.faults.append(f"console {message.text}"))
        tab.on(
            "request",
            lambda request: (
                None if request.url.startswith(("file:", "data:")) else tab.faults.append(request.url)
            ),
        )
        tab.goto(file.as_uri())
        return tab

    yield show
    for context in contexts:
        context.close()


def long_names(language="fr"):
    functions = {
        name: {
            "name": {
                "fr": f"{fr} et de l’accompagnement personnalisé des particuliers",
                "en": f"{en} and personal support of private customers",
            }
        }
        for name, (fr, en) in shown_company.FUNCTIONS.items()
    }
    tables = shown_company.tables(journeys=1_200)
    rows = [
        row
        | {
            "people": 10**9,
            "money": 4.2e12,
            "money_low": 3.1e12,
            "money_high": 6.5e12,
            "title_fr": row["title_fr"] * 4,
        }
        for row in tables["findings"].to_pylist()
    ]
    tables["findings"] = shown_company.table_of(rows)
    facts = shown_company.run_facts(
        counts={
            "interactions": 10**12,
            "persons": 10**9,
            "journeys": 10**10,
            "seams": 10**11,
            "breaks": 10**10,
        }
    )
    return page.html(build(shown_company.charter(functions=functions), tables, facts, language))


def empty():
    return page.html(
        build(shown_company.charter(promises={}), {}, shown_company.run_facts(counts={}, timings=()), "fr")
    )


@pytest.mark.parametrize(
    ("width", "scheme"), [(1180, "light"), (820, "light"), (390, "dark"), (320, "light")]
)
def test_nothing_is_wider_than_the_screen_and_no_label_lies_on_another(opened, shown, width, scheme):
    tab = opened(shown, width, scheme=scheme)
    assert tab.evaluate(WIDER) <= 0
    assert tab.evaluate(OVERLAPS) == []
    assert tab.faults == []


@pytest.mark.parametrize("width", [1180, 390])
def test_long_names_and_huge_numbers_keep_their_place(opened, width):
    tab = opened(long_names(), width)
    assert tab.evaluate(WIDER) <= 0
    assert tab.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("width", [1180, 390])
def test_an_empty_report_is_a_page_too(opened, width):
    tab = opened(empty(), width)
    assert tab.evaluate(WIDER) <= 0
    assert "Aucun constat" in tab.inner_text("main")


def test_on_a_phone_the_passages_are_bars_and_texts_are_large_enough(opened, shown):
    tab = opened(shown, 390, 844)
    assert tab.locator("svg.narrow-drawing").first.is_visible()
    assert not tab.locator("svg.wide-drawing").first.is_visible()
    sizes = tab.evaluate("""() => [...document.querySelectorAll('svg.drawing text')].filter(text => text.getBoundingClientRect().width)
      .map(text => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getBoundingClientRect().width / text.ownerSVGElement.viewBox.baseVal.width)""")
    assert min(sizes) >= 9.5
    small = tab.evaluate("""() => [...document.querySelectorAll('summary, nav a, .strip a')].filter(one => one.getBoundingClientRect().width)
      .filter(one => one.getBoundingClientRect().height < 24).map(one => one.textContent)""")
    assert small == []


def figured():
    """The usual page, with three headlines about people and machines that tell their figure."""
    tables = shown_company.tables()
    text = "« Assistant en ligne » règle 44 % (42 à 46 %) de ses sessions et en garde 27 % (25 à 29 %) sans les régler : le client revient pour la même chose."
    more = [
        {"rank": 90 + place, "key": f"{kind}:x", "kind": kind, "title_fr": "Demander un humain à « Assistant en ligne » et n’en joindre aucun", "title_en": "T",
         "text_fr": text, "text_en": text, "grade": "B", "people": 900, "value": 0.27, "ci_low": 0.25, "ci_high": 0.29, "unit": "share", "n": 9_000}
        for place, kind in enumerate(("machine", "silent", "takeover"))
    ]  # fmt: skip
    tables["findings"] = shown_company.table_of([*tables["findings"].to_pylist(), *more])
    text = page.html(build(shown_company.charter(), tables, shown_company.run_facts(), "fr"))
    assert text.count('class="told"') == 3
    return text


@pytest.mark.parametrize(
    "make", [None, long_names, empty, figured], ids=["usual", "long", "empty", "figured"]
)
def test_the_first_page_fits_one_sheet(opened, shown, make):
    tab = opened(make() if make else shown, A4_WIDE, A4_TALL)
    tab.emulate_media(media="print")
    assert tab.locator("section.first").bounding_box()["height"] <= A4_TALL
    assert tab.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_second_sheet_starts_with_the_detail(opened, tables, language, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
    tab = opened(page.html(build(shown_company.charter(), tables, shown_company.run_facts(), language)))
    assert tab.evaluate(OVERLAPS) == []
    tab.pdf(path=str(tmp_path / "p.pdf"), prefer_css_page_size=True)

    def sheet(number):
        return subprocess.run(
            ["pdftotext", "-f", str(number), "-l", str(number), str(tmp_path / "p.pdf"), "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert ("Ce que nous ne pouvons pas savoir" if language == "fr" else "What we cannot know") in sheet(1)
    assert sheet(2).strip().startswith("Où ça craque" if language == "fr" else "Where it breaks")


def test_the_keyboard_goes_to_the_content_first(opened, shown):
    tab = opened(shown)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


def test_details_open_by_keyboard_without_any_script(opened, shown):
    tab = opened(shown)
    tab.locator("#cracks details.data > summary").first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#cracks details.data table").first.is_visible()


def test_the_style_is_applied_under_the_policy_of_the_page(opened, shown):
    tab = opened(shown)
    assert (
        tab.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()")
        == "#ffffff"
    )
    assert tab.faults == []


def test_hostile_texts_do_nothing(opened, tables):
    facts = shown_company.run_facts(run_id=MARKUP[1], previous_run_id=MARKUP[0], engine=MARKUP[5])
    text = page.html(build(hostile_charter(), hostile_tables(tables), facts, "fr"))
    # Without the policy too: escaping alone must hold.
    bare = text.replace('http-equiv="Content-Security-Policy"', 'name="none"')
    for one in (text, bare):
        tab = opened(one)
        tab.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
        for selector in ("summary", "a", "[tabindex]"):
            for place in tab.locator(selector).all()[:25]:
                place.dispatch_event("mouseover")
                place.dispatch_event("focus")
        tab.wait_for_timeout(200)
        assert tab.faults == []
        assert tab.url.startswith("file:")
        assert tab.locator("script, iframe, img, form, base").count() == 0


@pytest.mark.parametrize(
    ("width", "scheme"), [(1180, "light"), (820, "dark"), (390, "light"), (320, "light")]
)
def test_alignment_keeps_its_place_at_every_width(opened, aligned, width, scheme):
    tab = opened(aligned, width, scheme=scheme)
    for _ in range(2):
        assert tab.evaluate(WIDER) <= 0
        assert tab.evaluate(OVERLAPS) == []
        tab.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert tab.faults == []


def test_no_arrow_label_of_the_network_lies_on_a_box(opened, aligned):
    tab = opened(aligned)
    over = tab.evaluate("""() => {
      const svg = document.querySelector('#conflicts svg.wide-drawing');
      const boxes = [...svg.querySelectorAll('.net-box')].map(one => one.getBoundingClientRect());
      return [...svg.querySelectorAll('.pill')].map(one => one.getBoundingClientRect()).filter(pill =>
        boxes.some(box => pill.left < box.right && box.left < pill.right && pill.top < box.bottom && box.top < pill.bottom)).length; }""")
    assert over == 0
    assert tab.locator("#conflicts svg.wide-drawing .pill").count() >= 4


def test_alignment_prints_and_the_contents_open_on_a_phone(opened, aligned):
    tab = opened(aligned, A4_WIDE, A4_TALL)
    tab.emulate_media(media="print")
    assert tab.evaluate(OVERLAPS) == []
    assert tab.evaluate(WIDER) <= 0
    phone = opened(aligned, 390, 844)
    contents = phone.locator("nav.only-narrow summary")
    contents.focus()
    phone.keyboard.press("Enter")
    assert phone.locator("nav.only-narrow a").first.is_visible()
    sizes = phone.evaluate("""() => [...document.querySelectorAll('svg.drawing text')].filter(text => text.getBoundingClientRect().width)
      .map(text => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getBoundingClientRect().width / text.ownerSVGElement.viewBox.baseVal.width)""")
    assert min(sizes) >= 9.5


def test_a_function_opens_its_door_by_keyboard(opened, aligned):
    tab = opened(aligned)
    tab.locator("#functions details.door > summary").first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#functions details.door .pair").first.is_visible()


CONTRAST = """() => {
  const light = colour => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map(part => { const c = part / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const paper = light(getComputedStyle(document.querySelector('main > section')).backgroundColor);
  const found = [];
  for (const one of document.querySelectorAll('main svg.drawing text, main p, main td, main th, main li, main dd, main dt')) {
    if (!one.getBoundingClientRect().width || !one.textContent.trim()) continue;
    const style = getComputedStyle(one), ink = light(one instanceof SVGElement ? style.fill : style.color);
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) found.push([Math.round(ratio * 10) / 10, one.textContent.trim().slice(0, 40)]);
  }
  return found; }"""


@pytest.mark.parametrize(
    ("width", "scheme"), [(1180, "light"), (820, "dark"), (390, "light"), (320, "light")]
)
def test_people_and_machines_keep_their_place_at_every_width(opened, peopled, width, scheme):
    tab = opened(peopled, width, scheme=scheme)
    for _ in range(2):
        assert tab.evaluate(WIDER) <= 0
        assert tab.evaluate(OVERLAPS) == []
        tab.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert tab.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_on_people_and_machines_stands_out(opened, peopled, scheme):
    tab = opened(peopled, 1180, scheme=scheme)
    tab.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert tab.evaluate(CONTRAST) == []


def test_people_and_machines_print_and_can_be_read_on_a_phone(opened, peopled):
    tab = opened(peopled, A4_WIDE, A4_TALL)
    tab.emulate_media(media="print")
    assert tab.evaluate(OVERLAPS) == []
    assert tab.evaluate(WIDER) <= 0
    phone = opened(peopled, 390, 844)
    sizes = phone.evaluate("""() => [...document.querySelectorAll('svg.drawing text')].filter(text => text.getBoundingClientRect().width)
      .map(text => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getBoundingClientRect().width / text.ownerSVGElement.viewBox.baseVal.width)""")
    assert min(sizes) >= 9.5
    phone.locator("#dosage details.data > summary").first.focus()
    phone.keyboard.press("Enter")
    assert phone.locator("#dosage details.data table").first.is_visible()


@pytest.mark.parametrize("name", ["shown", "aligned", "peopled"])
@pytest.mark.parametrize(("width", "scheme"), [(1180, "light"), (390, "dark")])
def test_no_rule_of_accessibility_is_broken(opened, request, name, width, scheme):
    """The rules of WCAG 2.2, A and AA, that a machine can judge; with every detail closed, then open."""
    tab = opened(request.getfixturevalue(name), width, scheme=scheme)
    rules = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        "resultTypes": ["violations"],
    }
    for _ in range(2):
        found = Axe().run(tab, options=rules).response
        assert len(found["passes"]) > 15, "the rules were not run"
        assert [
            (broken["id"], node["target"], node["failureSummary"])
            for broken in found["violations"]
            for node in broken["nodes"]
        ] == []
        tab.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_every_part_of_a_session_bar_has_its_figure(opened, scheme):
    short = {"resolved": 0.62, "false_containment": 0.31, "handed": 0.05, "abandoned": 0.02}
    rows = [
        row | {f"{name}{end}": share + by for name, share in short.items() for end, by in (("", 0), ("_low", -0.005), ("_high", 0.005))}
        for row in peopled_company.containment()
    ]  # fmt: skip
    held = peopled_company.people_tables() | {"containment": shown_company.table_of(rows)}
    tab = opened(page.html(build(peopled_company.charter(), held, peopled_company.run_facts(), "fr")), 390, 844, scheme=scheme)  # fmt: skip
    drawing = tab.locator("#dosage .narrow-drawing svg").first
    assert drawing.is_visible()
    texts = [text.replace("\u202f", " ").replace("\u00a0", " ") for text in drawing.locator("text").all_text_contents()]  # fmt: skip
    for figure in ("62 %", "31 %", "5 %", "Abandonné 2 %"):
        assert texts.count(figure) == 2, f"{figure}, of two machines"
    assert tab.evaluate(OVERLAPS) == []
    assert tab.evaluate(WIDER) <= 0
