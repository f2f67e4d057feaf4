"""The drawings of alignment as geometry: inside their canvas, no label over another, arrows never under a box."""

import aligned_company
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_drawings import inside, parsed

from portance.report.drawings import heat, network, timeline, tradeoff
from portance.report.drawings.canvas import Box
from portance.views.alignment.conflicts import Network, NetworkArrow, NetworkBox
from portance.views.alignment.decisions import Curve, Point
from portance.views.alignment.responsibility import Matrix, Share
from portance.views.figure import Rows
from portance.views.report import build
from portance.views.speech import Speech

SPEECH = Speech("fr")
ROWS = Rows("t", "t.parquet")


@st.composite
def networks(draw):
    boxes = []
    for function in range(draw(st.integers(1, 9))):
        label = draw(st.text(min_size=1, max_size=50))
        held = tuple(
            (f"i{function}_{place}", draw(st.text(min_size=1, max_size=60)))
            for place in range(draw(st.integers(1, 4)))
        )
        boxes.append(NetworkBox(f"f{function}", label, held))
    keys = [key for box in boxes for key, _ in box.indicators]
    arrows = tuple(
        NetworkArrow(
            draw(st.sampled_from(keys)), draw(st.sampled_from(keys)), draw(st.booleans()), draw(st.sampled_from("ABCDE")),
            draw(st.floats(-3, 3)), draw(st.sampled_from(["", "−3,1 points", "+12 345 secondes", "−1 234 567 €"])), "…",
        )
        for _ in range(draw(st.integers(1, 12)))
    )  # fmt: skip
    return Network(tuple(boxes), arrows, 0)


def rectangles(drawing, kind):
    return [
        Box(*(float(one.get(name)) for name in ("x", "y", "width", "height")))
        for one in parsed(drawing).iter()
        if one.tag.endswith("rect") and kind in (one.get("class") or "").split()
    ]


def apart(first: Box, second: Box) -> bool:
    return (
        first.x + first.width <= second.x + 0.2 or second.x + second.width <= first.x + 0.2
        or first.y + first.height <= second.y + 0.2 or second.y + second.height <= first.y + 0.2
    )  # fmt: skip


@given(networks())
@settings(max_examples=30, deadline=None)
def test_no_box_and_no_label_of_a_network_lies_on_another(net):
    drawing = network.wide(net, "n", SPEECH)
    inside(drawing)
    boxes = [*rectangles(drawing, "net-box"), *rectangles(drawing, "pill")]
    for place, one in enumerate(boxes):
        assert one.within(network.WIDE + 1, float(parsed(drawing).get("height")) + 1)
        assert all(apart(one, other) for other in boxes[:place])
    assert len(rectangles(drawing, "pill")) <= network.MOST_LABELS
    inside(network.narrow(net, "m", SPEECH))


@given(networks())
@settings(max_examples=20, deadline=None)
def test_no_arrow_passes_under_a_box(net):
    left, right = network._shared(net)
    spots, boxes, _ = network._placed(left, right)
    for curve in network._curves(net, spots):
        for step in range(41):
            x, y = curve.at(step / 40)
            for _, box in boxes:
                inside_box = box.x + 1 < x < box.x + box.width - 1 and box.y < y < box.y + box.height
                assert not inside_box


def test_arrows_say_their_grade_without_colour():
    net = Network(
        (NetworkBox("a", "A", (("x", "X"),)), NetworkBox("b", "B", (("y", "Y"), ("z", "Z")))),
        tuple(NetworkArrow("x", "y", harms, grade, -0.2, "", "") for harms, grade in ((True, "A"), (True, "C"), (True, "D"), (False, "B"))), 0,
    )  # fmt: skip
    drawn = str(network.wide(net, "n", SPEECH))
    for kind in ("arrow-sure", "arrow-probable", "arrow-hint", "arrow-gain"):
        assert f'class="arrow {kind}"' in drawn
    assert drawn.count("tip-gain") == 1


@st.composite
def matrices(draw):
    names = draw(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=8, unique=True))
    keys = [(f"f{place}", name) for place, name in enumerate(names)]
    cells = []
    for first, _ in keys:
        for second, _ in keys:
            low, high = sorted((draw(st.floats(0, 1)), draw(st.floats(0, 1))))
            kind = draw(st.sampled_from(["point", "bounds", "none"]))
            values = (None, None) if kind == "none" else (low, low) if kind == "point" else (low, high)
            cells.append(Share(first, second, *values, (None, None), first == second, hidden=False))
    return Matrix(
        "s", draw(st.text(min_size=1, max_size=40)), tuple(keys), tuple(keys), tuple(cells), (), (), 10, ROWS
    )


@given(matrices())
@settings(max_examples=25, deadline=None)
def test_any_heat_map_stays_on_its_canvas(matrix):
    inside(heat.wide(matrix, "h", SPEECH))
    inside(heat.narrow(matrix, "g", SPEECH))


def test_what_was_not_published_is_hatched_and_what_one_claims_is_framed():
    cells = (
        Share("a", "a", 0.4, 0.4, (None, None), own=True, hidden=False),
        Share("a", "b", 0.03, 0.23, (None, None), own=False, hidden=False),
    )
    matrix = Matrix("s", "S", (("a", "A"),), (("a", "A"), ("b", "B")), cells, (), (), 10, ROWS)
    drawn = str(heat.wide(matrix, "h", SPEECH))
    assert "url(#h-unknown)" in drawn
    assert drawn.count('class="own-cell"') == 1
    assert "3 à 23" in drawn


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e5), st.booleans()), min_size=3, max_size=12, unique_by=lambda one: one[0]),
    st.one_of(st.none(), st.floats(-1e6, 1e6)), st.one_of(st.none(), st.floats(-1e6, 1e6)), st.sampled_from(["share", "%", "s", "€", "", "tickets"]),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_any_trade_off_stays_on_its_canvas(points, x_target, y_target, unit):
    held = tuple(
        Point(x, y, y - half, y + half, float(place), None, beyond, place == 1) for place, (x, y, half, beyond) in enumerate(points)
    )  # fmt: skip
    curve = Curve(
        "a",
        "b",
        "Un indicateur dont le nom est long",
        "Un autre",
        unit,
        unit,
        "l",
        "Levier",
        "s",
        held,
        x_target,
        y_target,
        "lower",
        "higher",
        "",
        ROWS,
    )
    for wide in (tradeoff.WIDE, tradeoff.NARROW):
        inside(tradeoff.tradeoff(curve, "t", SPEECH, wide))


def test_beyond_what_was_seen_is_dashed_and_today_is_marked():
    points = tuple(
        Point(float(x), float(x), x - 1.0, x + 1.0, float(x), None, x > 3, x == 2) for x in range(6)
    )
    curve = Curve("a", "b", "A", "B", "s", "s", "l", "L", "s", points, 1.0, 4.0, "lower", "higher", "", ROWS)
    drawn = str(tradeoff.tradeoff(curve, "t", SPEECH))
    assert drawn.count('class="line beyond"') == 2
    assert "aujourd’hui" in drawn
    assert drawn.count('class="target"') == 2
    assert tradeoff.tradeoff(Curve("a", "b", "A", "B", "s", "s", "l", "L", "s", points[:2], None, None, "lower", "higher", "", ROWS), "t", SPEECH) is None  # fmt: skip


@pytest.mark.parametrize("wide", [timeline.WIDE, timeline.NARROW])
def test_a_timeline_holds_its_decisions(wide):
    report = build(
        aligned_company.charter(), aligned_company.alignment_tables(), aligned_company.run_facts(), "fr"
    )
    held = report.alignment.decisions
    drawing = timeline.timeline(held.signed, held.as_of, "t", SPEECH, wide)
    inside(drawing)
    drawn = str(drawing)
    assert all(view.option in drawn for view in held.signed)
    assert 'class="mark hollow expected"' in drawn
    assert 'class="mark refuted"' in drawn
    assert timeline.timeline((), None, "t", SPEECH) is None
