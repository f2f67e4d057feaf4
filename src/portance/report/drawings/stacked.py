"""What becomes of the sessions of each machine, as one bar of a hundred percent; under each part its interval.

A part too short for its figure beneath it has it in a second line, with the name of the part.
"""

from dataclasses import dataclass

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, fit, width
from portance.views.people.dosage import Containment
from portance.views.people.told import Said
from portance.views.speech import Speech

WIDE, NARROW = 880, 340
_ROW, _BAR, _LINE = 74.0, 20.0, 17.0


def stacked(bars: tuple[Containment, ...], name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` without a machine to draw."""
    if not bars:
        return None
    held = [_places(bar, wide, speech) for bar in bars]
    tall = sum(_ROW + _LINE * sum(place.under is None for place in places) for places in held)
    canvas = Canvas(name, (wide, tall), speech.say("containment"), speech.many("containment.desc", len(bars)))
    top = 0.0
    for bar, places in zip(bars, held, strict=True):
        top = _bar(canvas, bar, places, top, speech)
    return canvas.svg("stacked")


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of a bar: where it starts and how long it is, its figure, and where that stands; nothing where there is no room under it."""

    part: str
    said: Said
    x: float
    long: float
    text: str
    under: float | None


def _places(bar: Containment, wide: float, speech: Speech) -> list[_Place]:
    found, start, free, inner = [], 0.0, 0.0, wide - 2
    for part, said in bar.parts:
        value = said.point if said.point is not None else sum(said.ends) / 2 if said.ends else None
        if value is None:
            continue
        long = inner * max(0.0, min(value, 1.0 - start))
        x = 1 + inner * start
        text = speech.percent(said.point, 0) if said.point is not None else said.text
        room = width(text, 12, bold=True)
        left = min(max(0.0, x + long / 2 - room / 2), wide - room)
        under = left if left >= free else None
        found.append(_Place(part, said, x, long, text, under))
        free = free if under is None else left + room + 8
        start += long / inner
    return found


def _bar(canvas: Canvas, bar: Containment, places: list[_Place], top: float, speech: Speech) -> float:
    """Draws one bar; where the next one begins."""
    wide = canvas.width
    sessions = f"{speech.compact(bar.sessions)} {speech.say('col.sessions').lower()}"
    room = wide - width(sessions, 12) - 16
    canvas.text(0, top + 17, fit(bar.label, room, 13, bold=True), "strong", full=bar.label)
    canvas.text(wide, top + 17, sessions, "quiet", anchor="end")
    y, inner = top + 26, wide - 2
    canvas.add("rect", x=1, y=y, width=inner, height=_BAR, kind="track")
    below = y + _BAR + 20
    for place in places:
        _part(canvas, place.part, place.x, y, place.long)
        if place.said.ends:
            begun = (place.x - 1) / inner
            low, high = (1 + inner * min(1.0, begun + max(0.0, end)) for end in place.said.ends)
            if high - low > 1.5:
                canvas.add("line", x1=low, y1=y + _BAR + 4, x2=high, y2=y + _BAR + 4, kind="whisker thin")
        if place.under is not None:
            canvas.text(place.under, y + _BAR + 20, place.text, "small-strong")
        else:
            below += _LINE
            canvas.text(wide, below, f"{speech.say(f'containment.{place.part}')} {place.text}", "small-strong", anchor="end")  # fmt: skip
    return top + _ROW + below - (y + _BAR + 20)


def _part(canvas: Canvas, part: str, x: float, y: float, long: float) -> None:
    spot: dict[str, object] = {"x": x, "y": y, "width": max(0.0, long - 1), "height": _BAR}
    if part == "false_containment":
        canvas.add("rect", **spot, fill=canvas.hatch)
    elif part == "abandoned":
        canvas.add("rect", **spot, fill=canvas.unknown)
    else:
        canvas.add("rect", **spot, kind="node" if part == "resolved" else "flow")
