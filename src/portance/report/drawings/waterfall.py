"""Where the gap between expected and lived comes from: three terms, each with its owner, and their sum."""

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, fit, width
from portance.views.promises import GapTerm, PromiseView
from portance.views.speech import Speech

WIDE, NARROW = 430, 330
_ROW = 46.0
_BAR = 13.0
_FEWEST_LETTERS = 8
"""A name cut shorter than this tells nobody anything: the table has it whole."""


def waterfall(promise: PromiseView, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` where a term is missing: a part of a sum says nothing of the whole."""
    if not promise.additive or promise.total is None or promise.total.figure.value is None:
        return None
    values = [term.figure.value or 0.0 for term in promise.terms]
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    low, high = min(sums), max(sums)
    span = (high - low) or 1.0

    def x(value: float) -> float:
        return 1 + (value - low) / span * (wide - 2)

    rows = len(values) + 1
    canvas = Canvas(
        name,
        (wide, _ROW * rows + 4),
        speech.say("promise.waterfall"),
        speech.say(
            "promise.waterfall_desc", terms=", ".join(f"{term.label} : {term.said}" for term in promise.terms)
        ),
    )
    for index in range(len(values)):
        end, top = x(sums[index + 1]), index * _ROW + 24
        canvas.add("line", x1=end, y1=top, x2=end, y2=top + _ROW, kind="leader")
    for index, term in enumerate(promise.terms):
        _row(canvas, term, index, (x(sums[index]), x(sums[index + 1])))
    _row(canvas, promise.total, rows - 1, (x(0), x(sums[-1])), head=speech.say("promise.total"))
    return canvas.svg()


def _row(canvas: Canvas, term: GapTerm, index: int, ends: tuple[float, float], head: str = "") -> None:
    top = index * _ROW
    said = fit(term.said, canvas.width * 0.55, 13, bold=True)
    room = canvas.width - width(said, 13, bold=True) - 14
    label = fit(head or term.label, room, 13, bold=bool(head))
    canvas.text(0, top + 16, label, "strong halo" if head else "label halo")
    owner = "" if head else fit(term.owner, room - width(label, 13) - 10, 12)
    if owner == term.owner or len(owner) >= _FEWEST_LETTERS:
        canvas.text(width(label, 13) + 10, top + 16, owner, "quiet halo", full=term.owner)
    value = term.figure.value or 0.0
    canvas.text(canvas.width, top + 16, said, "strong halo" if value <= 0 else "lost-text halo", anchor="end")
    left, right = sorted(ends)
    if value == 0:
        canvas.add("line", x1=left, y1=top + 22, x2=left, y2=top + 26 + _BAR, kind="axis")
        return
    place: dict[str, object] = {"x": left, "y": top + 24, "width": max(1.5, right - left), "height": _BAR}
    if value > 0:
        canvas.add("rect", **place, fill=canvas.hatch)
    else:
        canvas.add("rect", **place, kind="spare")
