"""Contact pressure over the response rate, month by month: two aligned panels, each with its own scale."""

import math
from collections.abc import Callable

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, fit, path, width
from portance.report.drawings.scale import Scale, over, spread, told
from portance.views.people.silent import Month, Pressure
from portance.views.people.told import Said
from portance.views.speech import Speech

WIDE, NARROW = 880, 340
_PANEL, _HEAD, _FOOT, _RIGHT = 96.0, 26.0, 24.0, 62.0


def pressure(held: Pressure, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` with fewer than three months that are over."""
    months = tuple(month for month in held.months if not month.unfinished)
    if len(months) < 3:
        return None
    panels: list[tuple[str, Callable[[Month], Said]]] = [
        (speech.say("pressure.over"), lambda month: month.over),
        (speech.say("pressure.rate"), lambda month: month.rate),
    ]
    shown = [(title, [read(month) for month in months]) for title, read in panels]
    shown = [
        (title, figures) for title, figures in shown if sum(figure.ends is not None for figure in figures) > 1
    ]
    if not shown:
        return None
    tall = (_HEAD + _PANEL) * len(shown) + _FOOT
    canvas = Canvas(
        name, (wide, tall), speech.say("pressure"), speech.many("pressure.desc", len(months), first=months[0].label, last=months[-1].label)
    )  # fmt: skip
    left = 44.0
    across = Scale(0.0, float(len(months) - 1), left + 6, wide - _RIGHT)
    for index, panel in enumerate(shown):
        _panel(canvas, panel, across, (_HEAD + _PANEL) * index, speech)
    foot = tall - _FOOT
    step = (across.right - across.left) / (len(months) - 1)
    stride = max(1, math.ceil((max(width(month.label, 11) for month in months) + 14) / step))
    for place in range(len(months) - 1, -1, -stride):
        label = months[place].label
        long = width(label, 11)
        start = min(max(0.0, across.at(place) - long / 2), wide - long)
        canvas.text(start, foot + 15, label, "tick")
    return canvas.svg("pressure")


def _panel(canvas: Canvas, panel: tuple[str, list[Said]], across: Scale, top: float, speech: Speech) -> None:
    title, figures = panel
    canvas.text(0, top + 16, fit(title, canvas.width, 13, bold=True), "strong", full=title)
    head, foot = top + _HEAD + 4, top + _HEAD + _PANEL - 8
    up = over(spread(figures), foot, head, least=0.04, bounds=(0.0, 1.0))
    for value in up.ticks(2):
        canvas.add("line", x1=across.left - 6, y1=up.at(value), x2=across.right, y2=up.at(value), kind="grid")
        said = told(value, "share", up, speech)
        canvas.text(across.left - 10, up.at(value) + 4, said, "tick", anchor="end")
    told_ = [(place, figure) for place, figure in enumerate(figures) if figure.ends]
    band: list[str | float] = []
    for place, figure in told_:
        band += ["L" if band else "M", across.at(place), up.at((figure.ends or (0, 0))[1])]
    for place, figure in reversed(told_):
        band += ["L", across.at(place), up.at((figure.ends or (0, 0))[0])]
    canvas.add("path", d=path([*band, "Z"]), kind="band lived")
    line: list[str | float] = []
    points = [(place, figure.point) for place, figure in told_ if figure.point is not None]
    for place, value in points:
        line += ["L" if line else "M", across.at(place), up.at(value)]
    if len(points) > 1:
        canvas.add("path", d=path(line), kind="line")
    if points:
        place, value = points[-1]
        canvas.add("circle", cx=across.at(place), cy=up.at(value), r=3.6, kind="mark lived")
        said = fit(figures[place].text, _RIGHT - 8, 12, bold=True)
        canvas.text(
            across.at(place) + 9, min(max(up.at(value) + 4, head + 4), foot + 4), said, "small-strong"
        )
