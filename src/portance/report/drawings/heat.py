"""Who names whom, as a heat map: darker is more, a thick frame is what one claims, hatching is what was not published."""

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, fit, lines, width
from portance.views.alignment.responsibility import Matrix, Share
from portance.views.speech import Speech

WIDE, NARROW = 560, 340
_CELL, _HEAD = 46.0, 42.0
_LABEL = 150.0
_STEPS = (0.05, 0.15, 0.30, 0.45)


def wide(matrix: Matrix, name: str, speech: Speech) -> Markup:
    """The map: a row for each function that answers, a column for each that is named."""
    columns = len(matrix.columns)
    # Names over narrow columns cannot be read: a map of few columns is no wider than it needs.
    cell = min(110.0, (WIDE + 190 * (columns > 4) - _LABEL) / max(1, columns))
    canvas = _canvas(
        matrix, name, (_LABEL + cell * columns + 2, _HEAD + _CELL * len(matrix.rows_of) + 3), speech
    )
    for place, (_, label) in enumerate(matrix.columns):
        x = _LABEL + cell * (place + 0.5)
        told = lines(label, cell - 6, 12)
        for index, line in enumerate(told):
            canvas.text(
                x,
                _HEAD - 10 - 14 * (len(told) - 1 - index),
                line,
                "quiet",
                anchor="middle",
                full=label if line.endswith("…") else "",
            )
    for index, (row, label) in enumerate(matrix.rows_of):
        top = _HEAD + _CELL * index
        canvas.text(0, top + _CELL / 2 + 4.5, fit(label, _LABEL - 12, 13), "label", full=label)
        for place, (column, _) in enumerate(matrix.columns):
            _cell(canvas, matrix.cell(row, column), (_LABEL + cell * place, top, cell), speech)
    for index, (row, _) in enumerate(matrix.rows_of):
        for place, (column, _) in enumerate(matrix.columns):
            if row == column:
                canvas.add(
                    "rect", x=_LABEL + cell * place + 1.5, y=_HEAD + _CELL * index + 1.5, width=cell - 3, height=_CELL - 3, kind="own-cell",
                )  # fmt: skip
    return canvas.svg("wide-drawing heat")


def narrow(matrix: Matrix, name: str, speech: Speech) -> Markup:
    """The same for a phone: each function that answers, with a bar for each that it names."""
    row, head = 25.0, 30.0
    known = {
        key: [(label, matrix.cell(key, column)) for column, label in matrix.columns if matrix.cell(key, column).high is not None]
        for key, _ in matrix.rows_of
    }  # fmt: skip
    tall = sum(head + row * len(cells) + 8 for cells in known.values())
    canvas = _canvas(matrix, name, (NARROW, tall + 2), speech)
    top = 0.0
    for key, label in matrix.rows_of:
        canvas.text(0, top + 18, fit(label, NARROW, 13, bold=True), "strong", full=label)
        top += head
        for other, cell in known[key]:
            said = _said(cell, speech)
            canvas.text(4, top + 13, fit(other, 118, 12), "quiet", full=other)
            long = 130.0
            low, high = cell.low or 0.0, cell.high or 0.0
            canvas.add(
                "rect",
                x=126,
                y=top + 3,
                width=max(1.0, long * low),
                height=12,
                kind="own-bar" if cell.own else "kept-bar",
            )
            if not cell.known:
                canvas.add(
                    "rect",
                    x=126 + long * low,
                    y=top + 3,
                    width=max(1.5, long * (high - low)),
                    height=12,
                    fill=canvas.unknown,
                )
            canvas.text(NARROW, top + 13, said, "small-strong" if cell.own else "quiet", anchor="end")
            top += row
        top += 8
    return canvas.svg("narrow-drawing")


def _canvas(matrix: Matrix, name: str, size: tuple[float, float], speech: Speech) -> Canvas:
    return Canvas(
        name, size, speech.say("heat", subject=matrix.label), speech.many("heat.desc", len(matrix.cells))
    )


def _cell(canvas: Canvas, cell: Share, place: tuple[float, float, float], speech: Speech) -> None:
    x, y, wide_ = place
    middle, base = x + wide_ / 2, y + _CELL / 2 + 4.5
    spot: dict[str, object] = {"x": x + 1, "y": y + 1, "width": wide_ - 2, "height": _CELL - 2}
    if cell.low is None or cell.high is None:
        canvas.add("rect", **spot, kind="heat-none")
        canvas.text(
            middle,
            base,
            speech.say("too_few") if cell.hidden and wide_ > 90 else "—",
            "quiet",
            anchor="middle",
        )
        return
    if not cell.known:
        canvas.add("rect", **spot, fill=canvas.unknown)
        said = fit(_said(cell, speech), wide_ - 6, 12, bold=True)
        long = width(said, 12, bold=True) + 8
        canvas.add("rect", x=middle - long / 2, y=base - 13, width=long, height=18, rx=3, kind="heat-ground")
        canvas.text(middle, base, said, "small-strong", anchor="middle", full=_said(cell, speech))
        return
    step = sum(cell.low >= bound for bound in _STEPS)
    canvas.add("rect", **spot, kind=f"heat-{step}")
    canvas.text(
        middle,
        base,
        _said(cell, speech),
        f"heat-text{' on-dark' if step == len(_STEPS) else ''}",
        anchor="middle",
    )


def _said(cell: Share, speech: Speech) -> str:
    if cell.known:
        return speech.percent(cell.low, 0)
    return speech.say(
        "heat.bounds", low=speech.number(round(100 * (cell.low or 0.0))), high=speech.percent(cell.high, 0)
    )
