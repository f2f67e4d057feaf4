"""What was told ahead and what happened, period by period, on one scale: two lines, and the interval of what happened."""

from datetime import timedelta

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, path
from portance.report.drawings.scale import Scale, over, told
from portance.views.people.stall import Ahead, Stall
from portance.views.speech import Speech

WIDE, NARROW = 880, 340
_TALL, _LEFT, _RIGHT, _FOOT, _LEGEND = 190.0, 46.0, 20.0, 34.0, 22.0
_LINES = {"happened": "line stay-one", "told": "line stay-two"}
_GAP_DAYS = 62
"""A line is not drawn across a longer silence."""


def foretold(held: Stall, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` with fewer than two periods."""
    points = held.points
    if len(points) < 2:
        return None
    head = _LEGEND * 2 + 8
    canvas = Canvas(name, (wide, head + _TALL + _FOOT), speech.say("stall.curves"), speech.many("stall.desc", len(points)))  # fmt: skip
    first = points[0].day
    across = over(((point.day - first).days for point in points), _LEFT, wide - _RIGHT)
    values = [
        value
        for point in points
        for value in (point.told, point.observed, point.low, point.high)
        if value is not None
    ]
    up = over(values, head + _TALL, head, least=0.1, bounds=(0.0, 1.0))
    for value in up.ticks(4):
        canvas.add("line", x1=across.left, y1=up.at(value), x2=across.right, y2=up.at(value), kind="grid")
        canvas.text(_LEFT - 6, up.at(value) + 4, told(value, "share", up, speech), "tick", anchor="end")
    for share, anchor in ((0.0, "start"), (1.0, "end")):
        days = (points[-1].day - first).days * share
        canvas.text(across.at(days), head + _TALL + 18, speech.day(first + timedelta(days)), "tick", anchor=anchor)  # fmt: skip
    _band(canvas, [point for point in points if point.low is not None], first.toordinal(), across, up)
    for place, key in enumerate(_LINES):
        _line(canvas, points, key, across, up)
        y = _LEGEND * place + 14
        canvas.add("line", x1=0, y1=y - 4, x2=34, y2=y - 4, kind=_LINES[key])
        canvas.text(42, y, speech.say(f"stall.{key}"), "quiet")
    return canvas.svg("foretold")


def _line(canvas: Canvas, points: tuple[Ahead, ...], key: str, across: Scale, up: Scale) -> None:
    line: list[str | float] = []
    before = None
    for point in points:
        value = point.observed if key == "happened" else point.told
        if value is None:
            continue
        apart = before is None or (point.day - before).days > _GAP_DAYS
        line += ["M" if apart else "L", across.at((point.day - points[0].day).days), up.at(value)]
        before = point.day
    if line:
        canvas.add("path", d=path(line), kind=_LINES[key])


def _band(canvas: Canvas, held: list[Ahead], start: int, across: Scale, up: Scale) -> None:
    if len(held) < 2:
        return
    outline: list[str | float] = []
    for point, end in [*((point, point.high) for point in held), *((point, point.low) for point in reversed(held))]:  # fmt: skip
        outline += ["L" if outline else "M", across.at(point.day.toordinal() - start), up.at(end or 0.0)]
    canvas.add("path", d=path([*outline, "Z"]), kind="band stay-band-one")
