"""The drawings of people and machines as geometry: inside their canvas, honest about what is not known, told without colour."""

from datetime import date, timedelta

import peopled_company
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_drawings import inside, parsed

from portance.report.drawings import (
    columns,
    dose,
    forest,
    foretold,
    mirror,
    pressure,
    silence,
    stacked,
    staying,
)
from portance.views.figure import Figure, Rows
from portance.views.people import told
from portance.views.people.dosage import PARTS, Containment, Dose, DoseCurve
from portance.views.people.mirror import Mirror, MirrorStep
from portance.views.people.retention import CurvePoint, StayCurve, StayPanel
from portance.views.people.silent import Silence
from portance.views.people.stall import Ahead, Stall
from portance.views.people.told import Grid
from portance.views.report import build
from portance.views.speech import Speech

SPEECH = Speech("fr")
ROWS = Rows("t", "t.parquet")
PEOPLE = build(
    peopled_company.charter(), peopled_company.people_tables(), peopled_company.run_facts(), "fr"
).people
TEXTS = st.text(min_size=1, max_size=70)
PLACE = st.floats(-1e6, 1e6)


@st.composite
def figures(draw, unit="share", values=PLACE):
    low, value, high = sorted(draw(values) for _ in range(3))
    shown = draw(st.sampled_from(["point", "interval", "suppressed", "missing"]))
    return told.level(Figure(value, low, high, unit, 50, 50, shown), SPEECH)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8), st.data())
@settings(max_examples=25, deadline=None)
def test_any_columns_stay_on_their_canvas(names, data):
    labels = tuple((name, "probable", under) for name, under in names)
    parts = tuple(
        columns.Column(title, tuple(data.draw(figures(unit)) for _ in labels))
        for title, unit in (
            ("Fréquence", "share"),
            ("Gravité", "points"),
            ("Effet : pertes associées", "money"),
            ("x", ""),
        )
    )
    inside(columns.wide(labels, parts, "c", ("t", "d"), SPEECH))
    inside(columns.narrow(labels, parts, "n", ("t", "d")))


def silence_of(naive, estimate, band, target):
    return Silence(
        "q", "all", "Question", naive.figure.unit, naive, estimate, band, target, "55 %" if target is not None else "", None, "", 9, 99, 999, "",
        9, "", "", "", "", (), "", "higher", "", ROWS,
    )  # fmt: skip


@given(st.data(), st.one_of(st.none(), PLACE), st.sampled_from(["share", "points", ""]))
@settings(max_examples=40, deadline=None)
def test_any_silence_stays_on_its_canvas(data, target, unit):
    values = st.floats(0, 1) if unit == "share" else PLACE
    held = silence_of(*(data.draw(figures(unit, values)) for _ in range(3)), target)
    for wide in (silence.WIDE, silence.NARROW):
        drawn = silence.silence(held, "s", SPEECH, wide)
        assert (drawn is None) == (not held.drawable)
        if drawn is not None:
            inside(drawn)


def test_the_band_is_hatched_and_says_where_the_conclusion_turns():
    first, second = PEOPLE.silent.drawn
    drawn = str(silence.silence(first, "s", SPEECH))
    assert "url(#s-unknown)" in drawn
    assert drawn.count('class="mark expected"') == 1, "the target lies in the band"
    assert 'class="mark hollow lived"' in drawn
    outside = silence_of(first.naive, first.estimate, first.band, 0.95)
    assert 'class="mark expected"' not in str(silence.silence(outside, "s", SPEECH))
    assert second.drawable


@pytest.mark.parametrize("wide", [pressure.WIDE, pressure.NARROW])
def test_pressure_and_response_have_a_panel_each(wide):
    drawn = pressure.pressure(PEOPLE.silent.pressure, "p", SPEECH, wide)
    inside(drawn)
    assert str(drawn).count('class="line"') == 2
    titles = [float(one.get("y")) for one in parsed(drawn).iter() if one.get("class") == "strong"]
    assert len(titles) == 2
    assert titles[1] - titles[0] > 90


def mirror_of(steps):
    return Mirror("j", "Parcours", "effort_tools", "Outils", tuple(steps), ROWS)


@given(st.lists(TEXTS, min_size=1, max_size=9), st.data())
@settings(max_examples=25, deadline=None)
def test_any_mirror_stays_on_its_canvas_on_both_sides(names, data):
    sides = figures("", st.floats(0, 1e6))
    steps = [
        MirrorStep(
            name, name, "f", data.draw(sides), data.draw(sides), told.NOTHING, "", "", 40, "", told.NOTHING
        )
        for name in names
    ]
    for wide in (mirror.WIDE, mirror.NARROW):
        drawn = mirror.mirror(mirror_of(steps), "m", SPEECH, wide)
        if drawn is None:
            assert not any(step.customer.ends and step.employee.ends for step in steps)
            continue
        inside(drawn)
        for one in parsed(drawn).iter():
            if one.tag.endswith("rect"):
                left, long = float(one.get("x")), float(one.get("width"))
                kind = one.get("class")
                assert left >= -0.5
                assert left + long <= wide + 0.5
                assert kind != "customer-bar" or left + long <= wide / 2 + 0.2
                assert kind != "node" or left >= wide / 2 - 0.2


@given(st.lists(st.tuples(TEXTS, st.lists(st.floats(0, 1), min_size=4, max_size=4)), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_parts_never_leave_their_bar(bars):
    held = []
    for label, shares in bars:
        total = sum(shares) or 1.0
        parts = tuple(
            (name, told.level(Figure(share / total, share / total, share / total, "share"), SPEECH))
            for name, share in zip(PARTS, shares, strict=True)
        )
        held.append(Containment("m", "", label, 12_345, parts, told.NOTHING, told.NOTHING, ROWS))
    for wide in (stacked.WIDE, stacked.NARROW):
        drawn = stacked.stacked(tuple(held), "b", SPEECH, wide)
        inside(drawn)
        for one in parsed(drawn).iter():
            if one.tag.endswith("rect") and one.get("y"):
                assert float(one.get("x")) + float(one.get("width")) <= wide + 0.2


def bar(*shares):
    parts = tuple((name, told.level(Figure(share, share, share, "share"), SPEECH)) for name, share in zip(PARTS, shares, strict=True))  # fmt: skip
    return Containment("m", "", "Bot", 12_345, parts, told.NOTHING, told.NOTHING, ROWS)


@pytest.mark.parametrize("wide", [stacked.WIDE, stacked.NARROW])
@pytest.mark.parametrize("shares", [(0.62, 0.31, 0.05, 0.02), (0.94, 0.02, 0.02, 0.02), (0.25, 0.25, 0.25, 0.25), (0.0, 0.0, 0.01, 0.99)])  # fmt: skip
def test_the_figure_of_every_part_can_be_read(shares, wide):
    drawn = stacked.stacked((bar(*shares), bar(0.25, 0.25, 0.25, 0.25)), "b", SPEECH, wide)
    inside(drawn)
    texts = [one.text for one in parsed(drawn).iter() if one.tag.endswith("text")]
    first = texts[texts.index("Bot") + 2 : texts.index("Bot", texts.index("Bot") + 1)]
    assert len(first) == 4
    for name, share in zip(PARTS, shares, strict=True):
        figure = SPEECH.percent(share, 0)
        assert figure in first or f"{SPEECH.say(f'containment.{name}')} {figure}" in first


def test_what_only_seems_settled_is_hatched():
    drawn = str(stacked.stacked(PEOPLE.dosage.bars, "b", SPEECH))
    assert drawn.count('fill="url(#b-hatch)"') == 2
    assert drawn.count('fill="url(#b-unknown)"') == 2


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=10), st.data(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_any_forest_stays_on_its_canvas(names, data, zero):
    lines = tuple(
        forest.Line(
            label,
            note,
            data.draw(figures("points")),
            data.draw(st.one_of(st.none(), figures("points"))),
            "sans appui",
        )
        for label, note in names
    )
    held = forest.Forest("t", "d", "points", lines, ("machine", "humain"), zero, data.draw(st.booleans()))
    for wide in (forest.WIDE, forest.NARROW):
        drawn = forest.forest(held, "f", SPEECH, wide)
        if drawn is not None:
            inside(drawn)


def test_without_support_there_is_a_raw_mark_and_no_effect():
    outcome = PEOPLE.dosage.outcomes[0]
    one = next(effect for effect in outcome.effects if not effect.supported)
    lines = (forest.Line(one.label, "", one.adjusted, one.raw, "sans appui"),)
    drawn = str(forest.forest(forest.Forest("t", "d", "points", lines), "f", SPEECH))
    assert drawn.count("<circle") == 1
    assert 'class="mark hollow lived"' in drawn
    assert ">sans appui<" in drawn


@given(
    st.lists(st.tuples(st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1e6)), st.floats(0, 1), st.booleans()), min_size=3, max_size=12, unique_by=lambda one: round(one[0], 3)),
    st.integers(0, 2), st.integers(0, 2),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_any_dose_stays_on_its_canvas(points, current, best):
    held = tuple(
        Dose(
            dose_,
            wait,
            value,
            max(0.0, value - 0.1),
            min(1.0, value + 0.1),
            0.1,
            0.9,
            4.0,
            place == current,
            place == best,
            full,
        )
        for place, (dose_, wait, value, full) in enumerate(sorted(points, key=lambda one: one[0]))
    )
    curve = DoseCurve("d", "", "Accueil", held, "", "share", ROWS)
    for wide in (dose.WIDE, dose.NARROW):
        drawn = dose.dose(curve, "d", SPEECH, wide)
        if drawn is not None:
            inside(drawn)


def test_a_saturated_desk_is_hatched_and_its_wait_is_not_drawn():
    [curve] = PEOPLE.dosage.curves
    drawn = str(dose.dose(curve, "d", SPEECH))
    assert drawn.count("url(#d-unknown)") == 2
    assert ">aujourd’hui<" in drawn
    assert 'class="mark offered"' in drawn
    assert dose.dose(DoseCurve("d", "", "", curve.points[:2], "", "share", ROWS), "d", SPEECH) is None


@given(st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=40), min_size=1, max_size=4), TEXTS)
@settings(max_examples=25, deadline=None)
def test_any_curves_of_staying_stay_on_their_canvas(held, label):
    curves = tuple(
        StayCurve(f"g{place}", label, tuple(CurvePoint(month, share, max(0.0, share - 0.02), min(1.0, share + 0.02), 90) for month, share in enumerate(shares)))
        for place, shares in enumerate(held)
    )  # fmt: skip
    panel = StayPanel("t", curves, Grid("t", (), (), ROWS))
    for wide in (staying.WIDE, staying.NARROW):
        drawn = staying.staying(panel, "s", SPEECH, wide)
        inside(drawn)
        kinds = {
            one.get("class")
            for one in parsed(drawn).iter()
            if (one.get("class") or "").startswith("line stay-")
        }
        assert len(kinds) == len(curves), "each group has dashes of its own"


@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1))),
        min_size=2,
        max_size=60,
    )
)
@settings(max_examples=25, deadline=None)
def test_what_was_told_and_what_happened_stay_on_their_canvas(held):
    day, points = date(2025, 1, 6), []
    for days, chance, happened in held:
        day += timedelta(days)
        low, high = (None, None) if happened is None else (happened * 0.9, happened * 0.9 + 0.1)
        points.append(Ahead(day, chance, happened, low, high))
    one = Stall("no_alarm", told.NOTHING, (), tuple(points), None, ROWS)
    for wide in (foretold.WIDE, foretold.NARROW):
        drawn = foretold.foretold(one, "f", SPEECH, wide)
        inside(drawn)
        kinds = [kind for part in parsed(drawn).iter() if (kind := part.get("class") or "").startswith("line stay-")]  # fmt: skip
        assert {"line stay-one", "line stay-two"} <= set(kinds)
    assert foretold.foretold(Stall("no_alarm", told.NOTHING, (), tuple(points[:1]), None, ROWS), "f", SPEECH) is None  # fmt: skip
