"""One question: those who answer, all customers as estimated, the band of what silence could hide, and the target."""

from markupsafe import Markup

from portance.report.drawings.canvas import Box, Canvas, element, fit, path, width
from portance.report.drawings.scale import axis, dot, over, spread
from portance.views.people.silent import Silence
from portance.views.people.told import Said
from portance.views.speech import Speech

WIDE, NARROW = 430, 330
_ROW, _HEAD, _FOOT = 44.0, 22.0, 22.0
_PAD = 12.0


def silence(held: Silence, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` where there are not two figures to hold against each other."""
    if not held.drawable:
        return None
    rows = [
        (speech.say("silent.naive"), held.naive),
        (speech.say("silent.estimate"), held.estimate),
        (speech.say("silent.band"), held.band),
    ]
    share = held.unit in ("share", "rate", "proportion")
    values = [*spread(said for _, said in rows), *([held.target] if held.target is not None else [])]
    scale = over(
        values,
        _PAD,
        wide - _PAD,
        zero=False,
        least=0.04 if share else 0.2,
        bounds=(0.0, 1.0) if share else (None, None),
    )
    foot = _HEAD + _ROW * len(rows)
    canvas = Canvas(
        name, (wide, foot + _FOOT), held.label,
        speech.say("silent.drawing_desc", naive=held.naive.text, estimate=held.estimate.text, band=held.band.text),
    )  # fmt: skip
    axis(canvas, scale, held.unit, (_HEAD, foot), speech)
    if held.target is not None:
        place = scale.at(held.target)
        canvas.add("line", x1=place, y1=_HEAD - 4, x2=place, y2=foot, kind="target")
        said = speech.say("silent.target", value=held.target_said)
        long = width(said, 12)
        canvas.text(min(max(0.0, place - long / 2), wide - long), 13, said, "quiet halo")
    for index, (label, figure) in enumerate(rows):
        top = _HEAD + _ROW * index
        _row(canvas, label, figure, top, wide)
        y = top + 32
        if index < 2:
            dot(canvas, figure, scale, y, hollow=index == 0)
        elif figure.ends:
            low, high = (scale.at(value) for value in figure.ends)
            canvas.add("rect", x=low, y=y - 6, width=max(2.0, high - low), height=12, fill=canvas.unknown)
            canvas.add("rect", x=low, y=y - 6, width=max(2.0, high - low), height=12, kind="heat-none")
            if held.target is not None and figure.ends[0] < held.target < figure.ends[1]:
                # Within the band the conclusion can turn: the diamond is where it does.
                place = scale.at(held.target)
                turn = path(
                    ["M", place, y - 7.5, "L", place + 7.5, y, "L", place, y + 7.5, "L", place - 7.5, y, "Z"]
                )
                canvas.place(element("path", d=turn, kind="mark expected"))
    return canvas.svg("silence")


def _row(canvas: Canvas, label: str, figure: Said, top: float, wide: float) -> None:
    said = f"{figure.text} ({figure.interval})" if figure.interval else figure.text
    said = fit(said, wide * 0.62, 13, bold=True)
    room = wide - width(said, 13, bold=True) - 12
    box = Box(0, top + 4, room, 16)
    canvas.text(box.x, top + 17, fit(label, room, 13), "label halo", full=label)
    canvas.text(wide, top + 17, said, "strong halo" if figure.known else "quiet halo", anchor="end")
