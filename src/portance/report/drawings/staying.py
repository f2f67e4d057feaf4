"""The share of customers who stay, month after month, group by group: each line with its own dashes and its band."""

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, fit, path, width
from portance.report.drawings.scale import Scale, over, told
from portance.views.people.retention import StayCurve, StayPanel
from portance.views.speech import Speech

WIDE, NARROW = 430, 330
_TALL, _LEFT, _RIGHT, _FOOT, _LEGEND = 220.0, 46.0, 16.0, 42.0, 22.0
_STYLES = ("one", "two", "three", "four")


def staying(panel: StayPanel, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` without a curve."""
    curves = panel.curves
    if not curves:
        return None
    head = _LEGEND * len(curves) + 10
    canvas = Canvas(
        name, (wide, head + _TALL + _FOOT), panel.title, speech.many("retention.curves_desc", len(curves))
    )  # fmt: skip
    points = [point for curve in curves for point in curve.points]
    across = over((float(point.month) for point in points), _LEFT, wide - _RIGHT, bounds=(0.0, None))
    values = [
        value for point in points for value in (point.staying, point.low, point.high) if value is not None
    ]
    up = over(values, head + _TALL, head, zero=False, least=0.1, bounds=(0.0, 1.0))
    for value in up.ticks(4):
        canvas.add("line", x1=across.left, y1=up.at(value), x2=across.right, y2=up.at(value), kind="grid")
        canvas.text(across.left - 6, up.at(value) + 4, told(value, "share", up, speech), "tick", anchor="end")
    last_month = max(point.month for point in points)
    step = next(step for step in (1, 3, 6, 12, 24, 60, 10_000) if last_month / step <= 8)
    for month in range(0, last_month + 1, step):
        canvas.add(
            "line",
            x1=across.at(month),
            y1=head + _TALL - 4,
            x2=across.at(month),
            y2=head + _TALL,
            kind="axis",
        )
        canvas.text(across.at(month), head + _TALL + 14, speech.number(month), "tick", anchor="middle")
    canvas.text(wide - _RIGHT, head + _TALL + 34, speech.say("retention.axis"), "quiet", anchor="end")
    for index, curve in enumerate(curves):
        _band(canvas, curve, across, up, index)
    for index, curve in enumerate(curves):
        _line(canvas, curve, across, up, index)
        y = _LEGEND * index + 14
        canvas.add("line", x1=0, y1=y - 4, x2=34, y2=y - 4, kind=f"line stay-{_STYLES[index % 4]}")
        last = curve.points[-1]
        said = speech.percent(last.staying, 0)
        room = wide - 46 - width(said, 12, bold=True) - 12
        label = fit(curve.label, room, 12)
        canvas.text(42, y, label, "quiet", full=curve.label)
        canvas.text(42 + width(label, 12) + 8, y, said, "small-strong")
    return canvas.svg("staying")


def _line(canvas: Canvas, curve: StayCurve, across: Scale, up: Scale, index: int) -> None:
    line: list[str | float] = []
    for point in curve.points:
        line += ["L" if line else "M", across.at(point.month), up.at(point.staying)]
    canvas.add("path", d=path(line), kind=f"line stay-{_STYLES[index % 4]}")


def _band(canvas: Canvas, curve: StayCurve, across: Scale, up: Scale, index: int) -> None:
    held = [
        (point.month, point.low, point.high)
        for point in curve.points
        if point.low is not None and point.high is not None
    ]
    if len(held) < 2:
        return
    outline: list[str | float] = []
    for month, _, high in held:
        outline += ["L" if outline else "M", across.at(month), up.at(high)]
    for month, low, _ in reversed(held):
        outline += ["L", across.at(month), up.at(low)]
    canvas.add("path", d=path([*outline, "Z"]), kind=f"band stay-band-{_STYLES[index % 4]}")
