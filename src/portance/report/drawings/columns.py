"""Several figures of each row in columns that are aligned, each on a scale of its own, with intervals."""

from dataclasses import dataclass

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, fit, lines, width
from portance.report.drawings.scale import Scale, dot, over, spread, told
from portance.views.people.told import Said
from portance.views.speech import Speech

WIDE, NARROW = 900, 340
_LABEL, _GUTTER = 250.0, 34.0
_ROW, _HEAD, _FOOT = 56.0, 30.0, 24.0


@dataclass(frozen=True, slots=True)
class Column:
    """What one column tells, and its figure for each row."""

    title: str
    cells: tuple[Said, ...]
    short: str = ""
    """Its title on a phone."""
    whole: bool = False
    """Whether its scale runs from nothing to everything, as that of the columns beside it."""

    @property
    def unit(self) -> str:
        """The unit of its figures."""
        return next((cell.figure.unit for cell in self.cells if cell.ends), "")

    def scale(self, left: float, right: float) -> Scale:
        """A scale for all of its figures, from zero."""
        share = self.unit == "share"
        if self.whole and share:
            return Scale(0.0, 1.0, left, right)
        return over(
            spread(self.cells),
            left,
            right,
            least=0.02 if share else 0.0,
            bounds=(0.0, 1.0) if share else (None, None),
        )


Label = tuple[str, str, str]
"""A row's name, how sure it is, and what stands under it."""


def wide(
    labels: tuple[Label, ...], columns: tuple[Column, ...], name: str, words: tuple[str, str], speech: Speech
) -> Markup:
    """The rows with their names on the left; ``words`` are the drawing's title and description."""
    each = (WIDE - _LABEL) / len(columns)
    foot = _HEAD + _ROW * len(labels)
    canvas = Canvas(name, (WIDE, foot + _FOOT), *words)
    for place, column in enumerate(columns):
        left = _LABEL + each * place + _GUTTER / 2
        right = _LABEL + each * (place + 1) - _GUTTER / 2
        canvas.text(left, 16, fit(column.title, right - left, 13, bold=True), "strong", full=column.title)
        scale = column.scale(left, right)
        _marks(canvas, scale, column.unit, foot, speech)
        for row, cell in enumerate(column.cells):
            top = _HEAD + _ROW * row
            canvas.text(
                left + 6,
                top + 20,
                fit(cell.text, right - left - 6, 12, bold=True),
                "small-strong halo" if cell.known else "quiet halo",
                full=cell.text,
            )
            dot(canvas, cell, scale, top + 37)
    for row, (label, sure, under) in enumerate(labels):
        top = _HEAD + _ROW * row
        canvas.add("line", x1=0, y1=top, x2=WIDE, y2=top, kind="grid")
        note = " · ".join(part for part in (sure, under) if part)
        told_ = lines(label, _LABEL - 14, 13, bold=True)
        base = top + (14 if len(told_) > 1 else 23)
        for place, line in enumerate(told_):
            canvas.text(0, base + 16 * place, line, "label", full=label if line.endswith("…") else "")
        canvas.text(0, base + 16 * len(told_) + 2, fit(note, _LABEL - 14, 12), "quiet", full=note)
    return canvas.svg("wide-drawing columns")


def narrow(
    labels: tuple[Label, ...], columns: tuple[Column, ...], name: str, words: tuple[str, str]
) -> Markup:
    """The same for a phone: each row is a small block, its figures one under the other."""
    line, head, gap = 24.0, 26.0, 14.0
    block = head + line * len(columns) + gap
    canvas = Canvas(name, (NARROW, block * len(labels)), *words)
    names = 112.0
    said = min(
        104.0,
        max((width(cell.text, 12, bold=True) for column in columns for cell in column.cells), default=60.0),
    )
    scales = [column.scale(names + 8, NARROW - said - 12) for column in columns]
    for row, (label, sure, _) in enumerate(labels):
        top = block * row
        room = NARROW - (width(sure, 12) + 12 if sure else 0.0)
        canvas.text(0, top + 16, fit(label, room, 13, bold=True), "strong", full=label)
        canvas.text(NARROW, top + 16, sure, "quiet", anchor="end")
        for place, column in enumerate(columns):
            y = top + head + line * place
            cell, scale = column.cells[row], scales[place]
            canvas.text(0, y + 14, fit(column.short or column.title, names, 12), "quiet", full=column.title)
            canvas.add("line", x1=scale.left, y1=y + 10, x2=scale.right, y2=y + 10, kind="grid")
            if cell.ends and scale.low <= 0 <= scale.high:
                canvas.add("line", x1=scale.at(0), y1=y + 4, x2=scale.at(0), y2=y + 16, kind="axis")
            dot(canvas, cell, scale, y + 10)
            canvas.text(
                NARROW,
                y + 14,
                fit(cell.text, said + 2, 12, bold=True),
                "small-strong" if cell.known else "quiet",
                anchor="end",
                full=cell.text,
            )
    return canvas.svg("narrow-drawing")


def _marks(canvas: Canvas, scale: Scale, unit: str, foot: float, speech: Speech) -> None:
    """Marks within the column only: their words must not run into the next one."""
    free = scale.left - 10
    for value in scale.ticks(3):
        place = scale.at(value)
        canvas.add("line", x1=place, y1=_HEAD, x2=place, y2=foot, kind="axis" if value == 0 else "grid")
        said = told(value, unit, scale, speech)
        long = width(said, 11)
        start = min(max(place - long / 2, scale.left - 10), scale.right + 10 - long)
        if start < free or abs(start + long / 2 - place) > long / 2 + 1:
            continue
        free = start + long + 8
        canvas.text(start, foot + 15, said, "tick")
