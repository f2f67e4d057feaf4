"""A small line of kept rates, month by month, within their intervals."""

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, path, width
from portance.views.promises import PromiseView
from portance.views.speech import Speech

WIDE, TALL = 250, 64
_LEFT, _TOP, _BOTTOM = 4.0, 8.0, 18.0


def trend(promise: PromiseView, name: str, speech: Speech) -> Markup | None:
    """The drawing, or ``None`` with fewer than two months to tell."""
    told = [
        point
        for point in promise.trend
        if point.figure.shown == "point" and point.figure.value is not None and not point.unfinished
    ]
    if len(told) < 2:
        return None
    lows = [point.figure.low if point.figure.low is not None else point.figure.value or 0.0 for point in told]
    highs = [
        point.figure.high if point.figure.high is not None else point.figure.value or 0.0 for point in told
    ]
    low, high = min(lows), max(highs)
    span = max(high - low, 0.02)
    last = speech.percent(told[-1].figure.value, 0)
    right = WIDE - width(last, 12, bold=True) - 10
    step = (right - _LEFT) / (len(told) - 1)

    def x(index: int) -> float:
        return _LEFT + index * step

    def y(value: float) -> float:
        return _TOP + (high - value) / span * (TALL - _TOP - _BOTTOM)

    months = [speech.month(point.period) for point in told]
    canvas = Canvas(
        name,
        (WIDE, TALL),
        speech.say("promise.trend"),
        speech.say(
            "promise.trend_desc",
            first=months[0],
            last=months[-1],
            low=speech.percent(low, 0),
            high=speech.percent(high, 0),
        ),
    )
    band: list[str | float] = ["M", x(0), y(highs[0])]
    for index, value in enumerate(highs):
        band += ["L", x(index), y(value)]
    for index in range(len(told) - 1, -1, -1):
        band += ["L", x(index), y(lows[index])]
    canvas.add("path", d=path([*band, "Z"]), kind="band lived")
    line: list[str | float] = []
    for index, point in enumerate(told):
        line += ["L" if line else "M", x(index), y(point.figure.value or 0.0)]
    canvas.add("path", d=path(line), kind="line")
    end = y(told[-1].figure.value or 0.0)
    canvas.add("circle", cx=x(len(told) - 1), cy=end, r=3.2, kind="mark lived")
    canvas.text(right + 8, min(max(end + 4, 11.0), TALL - _BOTTOM + 2), last, "small-strong")
    canvas.text(_LEFT, TALL - 3, months[0], "tick")
    if len(told) > 1 and width(months[0], 11) + width(months[-1], 11) + 12 < right:
        canvas.text(right, TALL - 3, months[-1], "tick", anchor="end")
    return canvas.svg("small-drawing")


def months(points: tuple[tuple[str, float], ...], label: str, name: str, speech: Speech) -> Markup | None:
    """A small line without a scale, for a measure whose figure stands beside it; ``None`` with fewer than three months."""
    if len(points) < 3:
        return None
    wide, tall = 110.0, 26.0
    values = [value for _, value in points]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = (wide - 8) / (len(points) - 1)
    line: list[str | float] = []
    for index, value in enumerate(values):
        line += ["L" if line else "M", 4 + index * step, 4 + (high - value) / span * (tall - 8)]
    first, last = (
        speech.month(points[end][0] if len(points[end][0]) > 7 else f"{points[end][0]}-01") for end in (0, -1)
    )
    canvas = Canvas(
        name, (wide, tall), label,
        speech.say("brake.trend_desc", first=first, last=last, low=speech.number(low, 2), high=speech.number(high, 2)),
    )  # fmt: skip
    canvas.add("path", d=path(line), kind="line")
    canvas.add("circle", cx=wide - 4, cy=float(line[-1]), r=2.6, kind="mark lived")
    return canvas.svg("small-drawing spark")
