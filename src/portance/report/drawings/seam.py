"""The picture of one seam, standing alone: two functions, one customer, what was lost between them."""

from markupsafe import Markup

from portance.report.drawings.canvas import Box, Canvas, fit, path, width
from portance.views.seam import SeamView

WIDE, TALL = 760, 236
_STYLE = Markup("""
text { font: 14px -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; fill: #16202c }
.ground { fill: #fff; stroke: #d9dee6 }
.box { fill: #f5f6f8; stroke: #2a3a52; stroke-width: 1.5 }
.name { font-size: 17px; font-weight: 600 }
.quiet, .small { fill: #545f6e }
.small { font-size: 13px }
.way { fill: none; stroke: #2a3a52; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round }
.customer { fill: #2a3a52 }
.lost-ground { fill: #f6d5d2 } .lost-line { fill: #a8201a }
.pill { fill: #fff; stroke: #a8201a; stroke-width: 1.5 } .pill-text { font-size: 13px; font-weight: 600; fill: #a8201a }
@media (prefers-color-scheme: dark) {
text { fill: #e8edf4 } .ground { fill: #151b24; stroke: #2d3745 } .box { fill: #1d2530; stroke: #c8d3e2 }
.quiet, .small { fill: #a7b2c1 } .way { stroke: #c8d3e2 } .customer { fill: #c8d3e2 }
.lost-ground { fill: #4a2124 } .lost-line { fill: #ff8a80 } .pill { fill: #151b24; stroke: #ff8a80 } .pill-text { fill: #ff8a80 }
}
""")
_BOX = 200.0
_TORN = ("l", 5, -8, "l", 6, 15, "l", 5, -11)
_TORN_BACK = ("l", -5, 8, "l", -6, -15, "l", -5, 11)


def seam(view: SeamView) -> str:
    """An SVG document: readable alone, light or dark, without script or font of its own."""
    speech = view.speech
    lost = ", ".join(view.breaks)
    canvas = Canvas(
        "seam",
        (WIDE, TALL),
        speech.say("seam.title"),
        speech.say("seam.desc", first=view.first, second=view.second, lost=lost),
    )
    canvas.add("rect", x=0.5, y=0.5, width=WIDE - 1, height=TALL - 1, rx=8, kind="ground")
    left, right = 30.0, WIDE - 30.0 - _BOX
    middle = 118.0
    canvas.add("rect", x=left + _BOX, y=middle - 34, width=right - left - _BOX, height=68, fill=canvas.hatch)
    for x, name, channel, when in (
        (left, view.first, view.first_channel, view.left_at),
        (right, view.second, view.second_channel, view.reached_at),
    ):
        canvas.add("rect", x=x, y=middle - 56, width=_BOX, height=112, rx=6, kind="box")
        canvas.text(
            x + _BOX / 2, middle - 24, fit(name, _BOX - 20, 17, bold=True), "name", anchor="middle", full=name
        )
        canvas.text(x + _BOX / 2, middle - 2, fit(channel, _BOX - 20, 13), "small", anchor="middle")
        canvas.text(x + _BOX / 2, middle + 42, speech.short_instant(when), "small", anchor="middle")
    _customer(canvas, left + _BOX / 2, middle + 16)
    _customer(canvas, right + _BOX / 2, middle + 16)
    start, end, way = left + _BOX, right, middle + 16
    cut = (start + end) / 2
    canvas.add("path", d=path(["M", left + _BOX / 2 + 16, way, "H", start + 18, *_TORN]), kind="way")
    tip = right + _BOX / 2 - 16
    canvas.add("path", d=path(["M", tip, way, "H", end - 18, *_TORN_BACK]), kind="way")
    canvas.add("path", d=path(["M", tip - 7, way - 7, "l", 7, 7, "l", -7, 7]), kind="way")
    kinds = view.breaks[:3]
    top = middle - 12 - 26 * (len(kinds) - 1) / 2
    for index, kind in enumerate(kinds):
        said = fit(kind, end - start - 24, 13, bold=True)
        wide = width(said, 13, bold=True) + 18
        canvas.pill(Box(cut - wide / 2, top + 26 * index, wide, 22), said)
    if view.elapsed_ms is not None:
        canvas.text(
            cut,
            middle - 46,
            speech.say("seam.later", time=speech.duration(view.elapsed_ms)),
            "small",
            anchor="middle",
        )
    canvas.text(left, 36, speech.say("seam.title"), "name")
    if view.among:
        canvas.text(
            left, TALL - 28, speech.say("seam.one_customer").capitalize() + ", " + view.among, "quiet"
        )
    return str(canvas.svg(style=_STYLE)) + "\n"


def _customer(canvas: Canvas, x: float, y: float) -> None:
    canvas.add("circle", cx=x, cy=y - 6, r=5, kind="customer")
    canvas.add("path", d=path(["M", x - 9, y + 10, "a", 9, 9, 0, 0, 1, 18, 0, "Z"]), kind="customer")
