"""The dose of human at a desk: the wait that it makes above, what it is worth below, where it saturates, and today."""

from markupsafe import Markup

from portance.report.drawings.canvas import Box, Canvas, element, fit, path, width
from portance.report.drawings.scale import Scale, axis, over
from portance.views.people import told as saying
from portance.views.people.dosage import Dose, DoseCurve
from portance.views.speech import Speech

WIDE, NARROW = 430, 330
_PANEL, _HEAD, _TOP, _FOOT = 104.0, 24.0, 22.0, 42.0
_LEFT, _RIGHT = 50.0, 14.0


def dose(curve: DoseCurve, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` with fewer than three settings."""
    points = curve.points
    if len(points) < 3:
        return None
    across = over((point.dose for point in points), _LEFT, wide - _RIGHT, zero=False, bounds=(0.0, 1.0))
    panels = [(speech.say("dose.wait"), _waits(points), "seconds")]
    values = [(point, value, point.low, point.high) for point in points if (value := point.value) is not None]
    panels.append((speech.say("dose.value"), values, curve.unit))
    panels = [panel for panel in panels if len(panel[1]) > 1]
    if not panels:
        return None
    tall = _TOP + (_HEAD + _PANEL) * len(panels) + _FOOT
    canvas = Canvas(
        name, (wide, tall), speech.say("dose.of", desk=curve.label), speech.many("dose.desc", len(points))
    )
    full = [point.dose for point in points if point.saturated]
    for index, panel in enumerate(panels):
        _panel(canvas, panel, across, (_TOP + (_HEAD + _PANEL) * index, min(full) if full else None), speech)
    foot = tall - _FOOT
    axis(canvas, across, "share", (foot - 4, foot), speech)
    said = speech.say("dose.axis")
    canvas.text(wide - _RIGHT, foot + 34, fit(said, wide - _RIGHT, 13), "label", anchor="end", full=said)
    _today(canvas, points, across, foot, speech)
    return canvas.svg("dose")


Held = list[tuple[Dose, float, float | None, float | None]]
Panel = tuple[str, Held, str]


def _waits(points: tuple[Dose, ...]) -> Held:
    return [(point, point.wait_s, None, None) for point in points if point.wait_s is not None]


def _panel(
    canvas: Canvas, panel: Panel, across: Scale, place: tuple[float, float | None], speech: Speech
) -> None:
    title, held, unit = panel
    top, full = place
    head, foot = top + _HEAD + 4, top + _HEAD + _PANEL - 8
    # A saturated desk waits without bound: the scale is that of the settings that hold.
    sound = [one for one in held if not one[0].saturated] or held
    share = unit == "share"
    values = [value for _, *figures in sound for value in figures if value is not None]
    up = over(
        values,
        foot,
        head,
        zero=unit == "seconds",
        least=0.04 if share else 0.0,
        bounds=(0.0, 1.0) if share else (0.0, None),
    )
    if full is not None:
        canvas.add(
            "rect",
            x=across.at(full),
            y=head,
            width=max(2.0, across.right - across.at(full)),
            height=foot - head,
            fill=canvas.unknown,
        )
    canvas.text(0, top + 15, fit(title, canvas.width, 13, bold=True), "strong halo", full=title)
    for value in up.ticks(3):
        canvas.add("line", x1=across.left, y1=up.at(value), x2=across.right, y2=up.at(value), kind="grid")
        said = saying.seconds(value, speech) if unit == "seconds" else ""
        said = _short(value, speech) if said else _tick(value, unit, speech)
        canvas.text(across.left - 6, up.at(value) + 4, said, "tick", anchor="end")
    band = [(point, low, high) for point, _, low, high in held if low is not None and high is not None]
    if len(band) > 1:
        outline: list[str | float] = []
        for point, _, high in band:
            outline += ["L" if outline else "M", across.at(point.dose), up.at(high)]
        for point, low, _ in reversed(band):
            outline += ["L", across.at(point.dose), up.at(low)]
        canvas.add("path", d=path([*outline, "Z"]), kind="band lived")
    line: list[str | float] = []
    drawn = sound if unit == "seconds" else held
    for point, value, _, _ in drawn:
        line += ["L" if line else "M", across.at(point.dose), up.at(value)]
    canvas.add("path", d=path(line), kind="line")
    for point, value, _, _ in drawn:
        x, y = across.at(point.dose), up.at(value)
        if point.current:
            canvas.add("circle", cx=x, cy=y, r=6, kind="mark lived")
        elif point.best:
            shape = path(["M", x, y - 7.5, "L", x + 7.5, y, "L", x, y + 7.5, "L", x - 7.5, y, "Z"])
            canvas.place(element("path", d=shape, kind="mark offered"))


def _short(seconds: float, speech: Speech) -> str:
    """A wait beside an axis: seconds, then minutes."""
    if seconds >= 7_200:
        return fit(f"{speech.compact(seconds / 3600)}\u00a0h", _LEFT - 8, 11)
    if seconds < 90:
        return f"{speech.number(seconds, 0 if float(seconds).is_integer() else 1)}\u00a0s"
    return f"{speech.number(seconds / 60, 0 if seconds >= 600 else 1)}\u00a0min"


def _tick(value: float, unit: str, speech: Speech) -> str:
    return speech.percent(value, 0) if unit == "share" else speech.number(value, 1)


def _today(canvas: Canvas, points: tuple[Dose, ...], across: Scale, foot: float, speech: Speech) -> None:
    """What the disc and the diamond mean, over the lines that carry them."""
    taken: list[Box] = []
    for wanted, key, kind in (("current", "dose.here", "axis"), ("best", "dose.best_mark", "target")):
        point = next((one for one in points if getattr(one, wanted)), None)
        if point is None or (wanted == "best" and point.current):
            continue
        said = speech.say(key)
        long = width(said, 12, bold=True)
        x = across.at(point.dose)
        start = min(max(0.0, x - long / 2), canvas.width - long)
        box = Box(start, 2, long, 14)
        canvas.add("line", x1=x, y1=_TOP - 2, x2=x, y2=foot, kind=kind)
        if any(box.meets(other) for other in taken):
            # Too near each other: the second stands beside the first, on the side on which it lies.
            other = taken[0]
            start = other.x + other.width + 8 if x >= other.x + other.width / 2 else other.x - long - 8
            box = Box(start, 2, long, 14)
            if start < 0 or start + long > canvas.width:
                continue
        taken.append(box)
        canvas.text(start, 14, said, "small-strong halo")
