"""Decisions on a line of time: when each was signed, the window in which it is judged, its review and its verdict."""

from collections.abc import Callable
from datetime import date, timedelta

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, element, fit, path, width
from portance.views.alignment.decisions import DecisionView
from portance.views.speech import Speech

_Place = Callable[[date], float]
WIDE, NARROW = 880, 340
_ROW, _HEAD = 54.0, 26.0
_TAIL = 8.0


def timeline(
    decisions: tuple[DecisionView, ...], as_of: date | None, name: str, speech: Speech, wide: float = WIDE
) -> Markup | None:
    """The drawing, or ``None`` where no decision has been signed; the latest decision stands first."""
    told = [one for one in decisions if one.signed]
    if not told:
        return None
    days = [day for one in told for day in (one.signed, one.review, *one.window) if day]
    days += [as_of] if as_of else []
    first, last = min(days), max(days)
    span = max((last - first).days, 30)
    first -= timedelta(days=round(span * 0.03))
    span = round(span * 1.07)
    canvas = Canvas(
        name,
        (wide, _HEAD + _ROW * len(told) + _TAIL),
        speech.say("timeline"),
        speech.many("timeline.desc", len(told)),
    )

    def x(day: date) -> float:
        return 8 + (day - first).days / span * (wide - 16)

    foot = canvas.height - _TAIL
    _months(canvas, (first, first + timedelta(days=span)), x, speech)
    if as_of:
        canvas.add("line", x1=x(as_of), y1=_HEAD - 8, x2=x(as_of), y2=foot, kind="target")
    for index, one in enumerate(told):
        _row(canvas, one, _HEAD + _ROW * index, x)
    return canvas.svg()


def _row(canvas: Canvas, one: DecisionView, top: float, x: _Place) -> None:
    axis = top + 36
    verdict = one.verdict_label
    room = canvas.width
    if verdict:
        canvas.text(
            canvas.width,
            top + 16,
            verdict,
            "lost-text halo" if one.verdict == "refuted" else "strong halo",
            anchor="end",
        )
        room -= width(verdict, 13, bold=True) + 14
    canvas.text(
        0,
        top + 16,
        fit(one.option or one.question, room, 13, bold=True),
        "strong halo",
        full=one.option or one.question,
    )
    start, end = one.signed, one.review
    if start is None:
        return
    canvas.add("line", x1=x(start), y1=axis, x2=x(end or start), y2=axis, kind="axis")
    since, until = one.window
    if since and until:
        canvas.add(
            "rect", x=x(since), y=axis - 4, width=max(2.0, x(until) - x(since)), height=8, rx=2, kind="window"
        )
    canvas.place(element("circle", cx=x(start), cy=axis, r=6, kind="mark lived"))
    if end:
        place = x(end)
        kind = (
            "mark expected"
            if one.verdict and one.verdict != "refuted"
            else "mark refuted"
            if one.verdict == "refuted"
            else "mark hollow expected"
        )
        canvas.add(
            "path",
            d=path(
                ["M", place, axis - 8, "L", place + 8, axis, "L", place, axis + 8, "L", place - 8, axis, "Z"]
            ),
            kind=kind,
        )


def _months(canvas: Canvas, days: tuple[date, date], x: _Place, speech: Speech) -> None:
    """A mark at quarters, or at years where there are many."""
    first, last = days
    foot = canvas.height - _TAIL
    months = (last.year - first.year) * 12 + last.month - first.month
    step = 1 if months <= 4 else 3 if months <= 20 else 6 if months <= 40 else 12
    free = 0.0
    for index in range(months + 2):
        month = first.month - 1 + index
        day = date(first.year + month // 12, month % 12 + 1, 1)
        if not first <= day <= last or (day.month - 1) % step:
            continue
        canvas.add("line", x1=x(day), y1=_HEAD - 6, x2=x(day), y2=foot, kind="grid")
        said = speech.month(day.isoformat())
        long = width(said, 11)
        start = max(0.0, x(day) - long / 2)
        if start >= free and start + long <= canvas.width:
            canvas.text(start, 12, said, "tick")
            free = start + long + 14
