"""Effects one under the other around a line: a full mark with its interval, and a hollow one to hold against it."""

from dataclasses import dataclass

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, element, fit, lines, path, width
from portance.report.drawings.scale import Scale, axis, dot, over, spread
from portance.views.people.told import Said
from portance.views.speech import Speech

WIDE, NARROW = 880, 340
_LABEL, _SAID = 280.0, 190.0
_FOOT = 22.0


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its name, a quiet note, its figure in full, one to hold against it, and what is said where there is none."""

    label: str
    note: str
    full: Said
    hollow: Said | None
    missing: str = ""
    said: str = ""
    """Its figure in words, where the title of the drawing tells the unit."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Rows on one scale. ``sides`` are what lies left and right of zero; ``zero`` is whether the scale turns around it."""

    title: str
    desc: str
    unit: str
    lines: tuple[Line, ...]
    sides: tuple[str, str] = ("", "")
    zero: bool = True
    diamond: bool = False
    """Whether the hollow mark is a diamond: what is said, held against what is lived."""


def forest(held: Forest, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` where no row has a figure."""
    marks = [said for line in held.lines for said in (line.full, line.hollow) if said and said.ends]
    if not marks:
        return None
    phone = wide < 500
    head = 24.0 if any(held.sides) else 6.0
    row = 66.0 if phone else 54.0
    left, right = (8.0, wide - 8.0) if phone else (_LABEL, wide - _SAID - 16)
    share = held.unit == "share"
    scale = over(
        spread(marks),
        left,
        right,
        zero=held.zero,
        least=0.02 if share else 0.5,
        bounds=(0.0, 1.0) if share and not held.zero else (None, None),
    )
    foot = head + row * len(held.lines)
    canvas = Canvas(name, (wide, foot + _FOOT), held.title, held.desc)
    axis(canvas, scale, "" if held.unit in ("points", "per_hundred") else held.unit, (head, foot), speech)
    _sides(canvas, held, scale)
    for index, line in enumerate(held.lines):
        _line(canvas, held, line, head + row * index, scale, phone=phone)
    return canvas.svg("forest")


def _sides(canvas: Canvas, held: Forest, scale: Scale) -> None:
    zero = scale.at(0.0)
    for said, anchor, x, room in (
        (f"← {held.sides[0]}", "end", zero - 8, zero - scale.left), (f"{held.sides[1]} →", "start", zero + 8, scale.right - zero),
    ):  # fmt: skip
        told = fit(said, room - 8, 12)
        if len(said) > 3 and told == said:
            canvas.text(x, 15, told, "quiet halo", anchor=anchor)


def _line(canvas: Canvas, held: Forest, line: Line, top: float, scale: Scale, *, phone: bool) -> None:
    wide = canvas.width
    told_ = line.said or f"{line.full.text} {line.full.interval}".strip()
    said = told_ if line.full.known else line.missing or line.full.text
    kind = "small-strong halo" if line.full.known else "quiet halo"
    canvas.add("line", x1=0, y1=top, x2=wide, y2=top, kind="grid")
    if phone:
        canvas.text(0, top + 16, fit(line.label, wide, 13), "strong halo", full=line.label)
        short = fit(said, wide * 0.62, 12, bold=True)
        canvas.text(0, top + 33, short, kind, full=said)
        room = wide - width(short, 12, bold=True) - 12
        note = fit(line.note, room, 12)
        if note == line.note:
            canvas.text(wide, top + 33, note, "quiet halo", anchor="end")
        y = top + 50
    else:
        told = lines(line.label, _LABEL - 16, 13, bold=True)
        base = top + (16 if len(told) > 1 else 23) + (0 if line.note else 8)
        for index, part in enumerate(told):
            canvas.text(0, base + 16 * index, part, "label", full=line.label if part.endswith("…") else "")
        canvas.text(0, base + 16 * len(told), fit(line.note, _LABEL - 16, 12), "quiet", full=line.note)
        canvas.text(wide - _SAID, top + 31, fit(said, _SAID, 12, bold=True), kind, full=said)
        y = top + 27
    both = line.hollow is not None and line.hollow.ends is not None
    if line.hollow is not None and both:
        if held.diamond and line.hollow.point is not None:
            place, at = scale.at(line.hollow.point), y
            _interval(canvas, line.hollow, scale, at + 7)
            shape = path(
                ["M", place, at - 6.5, "L", place + 6.5, at, "L", place, at + 6.5, "L", place - 6.5, at, "Z"]
            )
            canvas.place(element("path", d=shape, kind="mark expected"))
        else:
            dot(canvas, line.hollow, scale, y + 7, hollow=True)
    dot(canvas, line.full, scale, y if held.diamond else y - 6 if both else y)


def _interval(canvas: Canvas, said: Said, scale: Scale, y: float) -> None:
    if said.ends and scale.at(said.ends[1]) - scale.at(said.ends[0]) > 2:
        canvas.add(
            "line", x1=scale.at(said.ends[0]), y1=y, x2=scale.at(said.ends[1]), y2=y, kind="whisker thin"
        )
