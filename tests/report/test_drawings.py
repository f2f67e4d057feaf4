"""Drawings as text: inside their canvas, well formed, told without colour."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
import shown_company
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.report.drawings import dumbbell, flow_map, seam, trend, waterfall
from portance.report.drawings.canvas import Canvas, fit, lines, width
from portance.views import seam as one_seam
from portance.views.cracks import flow_map as flow_of
from portance.views.naming import Naming
from portance.views.promises import build as build_promises
from portance.views.reading import Tables
from portance.views.report import build
from portance.views.speech import Speech

SPEECH = Speech("fr")
CHARTER = shown_company.charter()
FACTS = shown_company.run_facts()
SIZES = {"tick": 11, "quiet": 12, "pill-text": 12, "small-strong": 12, "name": 17}


def parsed(drawing) -> ET.Element:
    return ET.fromstring(str(drawing))  # noqa: S314 - our own drawing


def inside(drawing) -> None:
    """Every text lies on the canvas, by the widest font that may be met."""
    root = parsed(drawing)
    _, _, wide, tall = (float(part) for part in root.get("viewBox").split())
    for text in root.iter():
        if not text.tag.endswith("text"):
            continue
        words = "".join(
            part
            for part in [
                text.text or "",
                *(
                    child.text + (child.tail or "") if child.tag.endswith("tspan") else child.tail or ""
                    for child in text
                ),
            ]
        )
        size = next((SIZES[kind] for kind in (text.get("class") or "").split() if kind in SIZES), 13)
        long = width(words, size)
        x, y = float(text.get("x")), float(text.get("y"))
        left = {"end": x - long, "middle": x - long / 2}.get(text.get("text-anchor"), x)
        assert left >= -long * 0.12 - 1, words
        assert left + long <= wide * 1.02 + 2, words
        assert 0 < y <= tall + 1, words


@st.composite
def flows(draw):
    names = draw(st.lists(st.text(min_size=1, max_size=40), min_size=2, max_size=14, unique=True))
    rows = []
    for _ in range(draw(st.integers(1, 60))):
        journeys = draw(st.one_of(st.integers(1, 50), st.integers(1, 10**12)))
        rows.append(
            {
                "journey_type": "t", "step": draw(st.integers(1, 7)), "from_function": draw(st.sampled_from(names)),
                "to_function": draw(st.sampled_from(names)), "journeys": journeys, "broken": draw(st.integers(0, journeys)),
            }
        )  # fmt: skip
    return [
        *rows,
        {
            "journey_type": "t",
            "step": 1,
            "from_function": names[0],
            "to_function": names[1],
            "journeys": 1,
            "broken": 0,
        },
    ]


@given(flows())
@settings(max_examples=25, deadline=None)
def test_any_map_is_well_formed_and_stays_on_its_canvas(rows):
    flow = flow_of("t", rows, FACTS, Naming(CHARTER, SPEECH))
    for drawing in (flow_map.wide(flow, "a", SPEECH), flow_map.narrow(flow, "b", SPEECH)):
        inside(drawing)


@pytest.fixture(scope="module")
def promises(tables):
    return build(shown_company.charter(), tables, shown_company.run_facts(), "fr").promises


@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e9), st.floats(0, 1e3), st.sampled_from(["point", "interval", "missing"])),
        min_size=4,
        max_size=4,
    ),
    st.sampled_from(["days", "share", "", "business_days"]),
)
@settings(max_examples=25, deadline=None)
def test_any_facets_stay_on_their_canvas(values, unit):
    rows = [
        {"promise": "delivered_in_time", "segment": "all", "facet": facet, "value": value if shown == "point" else None, "unit": unit,
         "ci_low": None if shown == "missing" else value - half, "ci_high": None if shown == "missing" else value + half, "persons": 100 if shown == "point" else 20,
         "shown": None if shown == "missing" else shown}
        for facet, (value, half, shown) in zip(("expected", "intended", "offered", "lived"), values, strict=True)
    ]  # fmt: skip
    tables = Tables({"facets": shown_company.table_of(rows)})
    views = build_promises(CHARTER, tables, FACTS, Naming(CHARTER, SPEECH), SPEECH)
    promise = next(promise for promise in views if promise.key == "delivered_in_time")
    for wide in (dumbbell.WIDE, dumbbell.NARROW):
        drawing = dumbbell.dumbbell(promise, "d", SPEECH, wide)
        if drawing:
            inside(drawing)


def test_each_facet_has_a_shape_of_its_own(promises):
    shapes = {
        facet: re.sub(r"[\d.\- ]+", "", re.sub(r'class="[^"]*"', "", dumbbell.mark(facet, 10, 10)))
        for facet in ("expected", "intended", "offered", "lived")
    }
    assert len(set(shapes.values())) == 4


def test_what_broke_is_hatched_and_not_only_red(promises, tables):
    promise = next(promise for promise in promises if promise.key == "delivered_in_time")
    assert "url(#w-hatch)" in str(waterfall.waterfall(promise, "w", SPEECH))
    assert '<pattern id="w-hatch"' in str(waterfall.waterfall(promise, "w", SPEECH))


def test_a_waterfall_with_a_term_missing_is_not_drawn(promises):
    promise = next(promise for promise in promises if promise.key == "clear_bill")
    assert waterfall.waterfall(promise, "w", SPEECH) is None
    assert dumbbell.dumbbell(promise, "d", SPEECH) is None
    assert trend.trend(promise, "t", SPEECH) is None


def test_a_trend_tells_its_ends(promises):
    promise = next(promise for promise in promises if promise.key == "delivered_in_time")
    inside(trend.trend(promise, "t", SPEECH))
    assert "janv. 2025" in str(trend.trend(promise, "t", SPEECH))


def test_a_trend_ends_with_the_last_month_that_is_over(promises):
    promise = next(promise for promise in promises if promise.key == "delivered_in_time")
    last = promise.trend[-1]
    assert not last.unfinished
    cut = replace(promise, trend=(*promise.trend[:-1], replace(last, unfinished=True)))
    without = replace(promise, trend=promise.trend[:-1])
    drawn = str(trend.trend(cut, "t", SPEECH))
    assert drawn == str(trend.trend(without, "t", SPEECH))
    assert SPEECH.month(last.period) in str(trend.trend(promise, "t", SPEECH))
    assert SPEECH.month(last.period) not in drawn
    # with one month alone that is over there is no line
    assert (
        trend.trend(replace(promise, trend=(promise.trend[0], replace(last, unfinished=True))), "t", SPEECH)
        is None
    )


def test_the_picture_of_a_seam_stands_alone(tables):
    for language in ("fr", "en"):
        view = one_seam.build(shown_company.charter(), tables, language)
        drawing = seam.seam(view)
        root = parsed(drawing)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "prefers-color-scheme: dark" in drawing
        assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")
        inside(drawing)


def test_texts_and_attributes_are_escaped():
    canvas = Canvas("x", (100, 100), "<b>", '"&')
    canvas.text(1, 10, "<script>", full="</title>")
    canvas.add("rect", x=1, kind='"><script>')
    drawn = str(canvas.svg())
    assert "<script>" not in drawn
    parsed(drawn)


@given(st.text(max_size=80), st.floats(10, 300))
@settings(max_examples=150, deadline=None)
def test_a_fitted_text_fits(text, room):
    assert width(fit(text, room), 13) <= room


def test_accents_do_not_make_a_text_wider():
    assert width("éàü") == width("eau")
    assert width("漢字") > width("ab")


def test_a_name_too_long_for_two_lines_loses_words_at_its_end_alone():
    label = "dossier rouvert, contact répété et promesse non tenue, «\u00a0Réglé en une seule fois\u00a0»"
    first, second = lines(label, 200, 13)
    assert label.startswith(first)
    assert label[len(first) + 1 :].startswith(second.rstrip("…"))
    assert second.endswith("…")
    assert lines("renvoi de l’un à l’autre", 110, 13) == ["renvoi de", "l’un à l’autre"]
