"""What becomes of the sessions of each machine, as one bar of a hundred percent; under each part its interval."""

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, fit, width
from portance.views.people.dosage import Containment
from portance.views.people.told import Said
from portance.views.speech import Speech

WIDE, NARROW = 880, 340
_ROW, _BAR = 74.0, 20.0


def stacked(bars: tuple[Containment, ...], name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` without a machine to draw."""
    if not bars:
        return None
    canvas = Canvas(
        name, (wide, _ROW * len(bars)), speech.say("containment"), speech.many("containment.desc", len(bars))
    )
    for index, bar in enumerate(bars):
        _bar(canvas, bar, _ROW * index, speech)
    return canvas.svg("stacked")


def _bar(canvas: Canvas, bar: Containment, top: float, speech: Speech) -> None:
    wide = canvas.width
    sessions = f"{speech.compact(bar.sessions)} {speech.say('col.sessions').lower()}"
    room = wide - width(sessions, 12) - 16
    canvas.text(0, top + 17, fit(bar.label, room, 13, bold=True), "strong", full=bar.label)
    canvas.text(wide, top + 17, sessions, "quiet", anchor="end")
    y, start, free = top + 26, 0.0, 0.0
    inner = wide - 2
    canvas.add("rect", x=1, y=y, width=inner, height=_BAR, kind="track")
    for part, said in bar.parts:
        value = said.point if said.point is not None else sum(said.ends) / 2 if said.ends else None
        if value is None:
            continue
        long = inner * max(0.0, min(value, 1.0 - start))
        x = 1 + inner * start
        _part(canvas, part, x, y, long)
        if said.ends:
            low, high = (1 + inner * min(1.0, start + max(0.0, end)) for end in said.ends)
            if high - low > 1.5:
                canvas.add("line", x1=low, y1=y + _BAR + 4, x2=high, y2=y + _BAR + 4, kind="whisker thin")
        free = _label(canvas, said, (x + long / 2, y + _BAR + 20), free, speech)
        start += long / inner


def _label(canvas: Canvas, said: Said, place: tuple[float, float], free: float, speech: Speech) -> float:
    """The figure of a part under its middle, where it does not lie on the one before."""
    middle, y = place
    text = speech.percent(said.point, 0) if said.point is not None else said.text
    long = width(text, 12, bold=True)
    start = min(max(0.0, middle - long / 2), canvas.width - long)
    if start < free:
        return free
    canvas.text(start, y, text, "small-strong")
    return start + long + 8


def _part(canvas: Canvas, part: str, x: float, y: float, long: float) -> None:
    spot: dict[str, object] = {"x": x, "y": y, "width": max(0.0, long - 1), "height": _BAR}
    if part == "false_containment":
        canvas.add("rect", **spot, fill=canvas.hatch)
    elif part == "abandoned":
        canvas.add("rect", **spot, fill=canvas.unknown)
    else:
        canvas.add("rect", **spot, kind="node" if part == "resolved" else "flow")
