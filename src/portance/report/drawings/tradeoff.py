"""A trade-off: what one indicator becomes as a lever moves another, with its interval, today, and both targets."""

from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from portance.report.drawings.canvas import Box, Canvas, fit, path, width
from portance.views.alignment import saying
from portance.views.alignment.decisions import Curve, Point
from portance.views.speech import Speech

WIDE, NARROW = 430, 330
_TALL = 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 16.0, 22.0, 44.0, 48.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values of both indicators stand on the canvas."""

    across: tuple[float, float]
    up: tuple[float, float]
    left: float
    right: float

    def x(self, value: float) -> float:
        return self.left + (value - self.across[0]) / (self.across[1] - self.across[0]) * (
            self.right - self.left
        )

    def y(self, value: float) -> float:
        return _TOP + (self.up[1] - value) / (self.up[1] - self.up[0]) * (_TALL - _TOP - _BOTTOM)


def tradeoff(curve: Curve, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` with fewer than three settings: two points would show a line that nobody saw."""
    if len(curve.points) < 3:
        return None
    points = sorted(curve.points, key=lambda point: point.x)
    xs = [point.x for point in points]
    ys = [value for point in points for value in (point.y, point.low, point.high) if value is not None]
    up = _range(ys, curve.to_target)
    said = [(value, _tick(value, curve.to_unit, up, speech)) for value in _ticks(*up)]
    left = _LEFT + max((width(one, 11) for _, one in said), default=0.0)
    frame = _Frame(_range(xs, curve.from_target), up, left, wide - _RIGHT)
    x, y = frame.x, frame.y
    canvas = Canvas(
        name, (wide, _TALL), speech.say("curve", first=curve.from_label, second=curve.to_label),
        speech.many("curve.desc", len(points), lever=curve.lever_label),
    )  # fmt: skip
    _axes(canvas, curve, frame, said, speech)
    _goal(canvas, curve, frame)
    band = [point for point in points if point.low is not None and point.high is not None]
    if len(band) > 1:
        outline: list[str | float] = ["M", x(band[0].x), y(band[0].high or 0.0)]
        for point in band[1:]:
            outline += ["L", x(point.x), y(point.high or 0.0)]
        for point in reversed(band):
            outline += ["L", x(point.x), y(point.low or 0.0)]
        canvas.add("path", d=path([*outline, "Z"]), kind="band lived")
    _line(canvas, points, frame)
    taken = [Box(0, y(value) - 9, left - 4, 14) for value, _ in said]
    _targets(canvas, curve, frame, taken, speech)
    _today(canvas, curve, frame, taken, speech)
    return canvas.svg("trade")


def _line(canvas: Canvas, points: list[Point], frame: _Frame) -> None:
    """Solid where it was seen, dashed beyond."""
    for first, second in pairwise(points):
        beyond = first.extrapolated or second.extrapolated
        canvas.add(
            "path", d=path(["M", frame.x(first.x), frame.y(first.y), "L", frame.x(second.x), frame.y(second.y)]),
            kind="line beyond" if beyond else "line",
        )  # fmt: skip


def _goal(canvas: Canvas, curve: Curve, frame: _Frame) -> None:
    """The corner in which both targets are met, shaded lightly."""
    if curve.from_target is None or curve.to_target is None:
        return
    (x_low, x_high), (y_low, y_high) = frame.across, frame.up
    sides = (curve.from_target, x_high) if curve.from_better == "higher" else (x_low, curve.from_target)
    ends = (curve.to_target, y_high) if curve.to_better == "higher" else (y_low, curve.to_target)
    left, right, top, bottom = frame.x(sides[0]), frame.x(sides[1]), frame.y(ends[1]), frame.y(ends[0])
    canvas.add(
        "rect", x=left, y=top, width=max(0.0, right - left), height=max(0.0, bottom - top), kind="goal"
    )


def _targets(canvas: Canvas, curve: Curve, frame: _Frame, taken: list[Box], speech: Speech) -> None:
    x, y, left = frame.x, frame.y, frame.left
    if curve.from_target is not None:
        place = x(curve.from_target)
        canvas.add("line", x1=place, y1=_TOP - 8, x2=place, y2=_TALL - _BOTTOM, kind="target")
        said = speech.say("curve.target", value=saying.level(curve.from_target, curve.from_unit, speech))
        long = width(said, 12)
        start = min(max(left, place - long / 2), canvas.width - long)
        canvas.text(start, _TOP - 13, said, "quiet halo")
        taken.append(Box(start, _TOP - 25, long, 15))
    if curve.to_target is not None:
        place = y(curve.to_target)
        canvas.add("line", x1=left, y1=place, x2=canvas.width - _RIGHT, y2=place, kind="target")
        said = speech.say("curve.target", value=saying.level(curve.to_target, curve.to_unit, speech))
        long = width(said, 12)
        # On the side where the curve is far from its target, above or below the line.
        for start in (canvas.width - _RIGHT - long, left + 6):
            for base in (place - 5, place + 15):
                box = Box(start, base - 11, long, 14)
                if box.within(canvas.width, _TALL) and not any(
                    box.meets(other) for other in [*taken, *_along(curve, frame)]
                ):
                    canvas.text(start, base, said, "quiet halo")
                    taken.append(box)
                    return


def _along(curve: Curve, frame: _Frame) -> list[Box]:
    """Small boxes along the curve and its crossings, which a label must not hide."""
    x, y = frame.x, frame.y
    found = []
    points = sorted(curve.points, key=lambda point: point.x)
    for first, second in pairwise(points):
        for step in range(6):
            part = step / 5
            found.append(
                Box(
                    x(first.x + (second.x - first.x) * part) - 2,
                    y(first.y + (second.y - first.y) * part) - 2,
                    4,
                    4,
                )
            )
    return found


def _today(canvas: Canvas, curve: Curve, frame: _Frame, taken: list[Box], speech: Speech) -> None:
    point = curve.current
    if point is None:
        return
    cx, cy = frame.x(point.x), frame.y(point.y)
    canvas.add("circle", cx=cx, cy=cy, r=6.5, kind="mark lived")
    said = speech.say("curve.current")
    long = width(said, 13, bold=True)
    for start, base in (
        (cx + 12, cy - 10), (cx - long - 12, cy - 10), (cx + 12, cy + 20), (cx - long - 12, cy + 20),
        (cx - long / 2, cy - 16), (cx - long / 2, cy + 26),
    ):  # fmt: skip
        box = Box(start, base - 12, long, 16)
        if box.within(canvas.width, _TALL - _BOTTOM) and not any(
            box.meets(other) for other in [*taken, *_along(curve, frame)]
        ):
            canvas.text(start, base, said, "strong halo")
            taken.append(box)
            return


def _axes(canvas: Canvas, curve: Curve, frame: _Frame, held: list[tuple[float, str]], speech: Speech) -> None:
    x, y, left = frame.x, frame.y, frame.left
    for value, said in held:
        canvas.add("line", x1=left, y1=y(value), x2=canvas.width - _RIGHT, y2=y(value), kind="grid")
        canvas.text(left - 6, y(value) + 4, said, "tick", anchor="end")
    canvas.add("line", x1=left, y1=_TALL - _BOTTOM, x2=canvas.width - _RIGHT, y2=_TALL - _BOTTOM, kind="axis")
    free = 0.0
    for value in _ticks(*frame.across):
        said = _tick(value, curve.from_unit, frame.across, speech)
        long = width(said, 11)
        start = x(value) - long / 2
        if start < free or start + long > canvas.width:
            continue
        free = start + long + 10
        canvas.text(x(value), _TALL - _BOTTOM + 15, said, "tick", anchor="middle")
    up = " ↑" if curve.to_better == "higher" else " ↓"
    across = " →" if curve.from_better == "higher" else " ←"
    room = canvas.width - _RIGHT
    canvas.text(
        0,
        13,
        fit(f"{curve.to_label} ({speech.say('curve.better')}{up})", room, 13),
        "label",
        full=curve.to_label,
    )
    canvas.text(
        canvas.width - _RIGHT,
        _TALL - 8,
        fit(f"{curve.from_label} ({speech.say('curve.better')}{across})", room, 13),
        "label",
        anchor="end",
        full=curve.from_label,
    )


def _range(values: list[float], target: float | None) -> tuple[float, float]:
    held = [*values, *([] if target is None else [target])]
    low, high = min(held), max(held)
    room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return low - room, high + room


def _ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / 4
    power = 10.0 ** int(f"{raw:e}".split("e")[1])
    step = next((power * factor for factor in (1, 2, 2.5, 5) if power * factor >= raw), power * 10)
    first = int(low / step) * step
    return [value for value in (first + step * index for index in range(-1, 9)) if low <= value <= high]


def _tick(value: float, unit: str, span: tuple[float, float], speech: Speech) -> str:
    digits = _decimals(span)
    if unit in ("share", "rate", "proportion"):
        return speech.percent(value, 0 if span[1] - span[0] >= 0.04 else 1)
    if unit in ("%", "percent"):
        return speech.percent(value / 100, digits)
    if saying.is_money(unit, speech):
        return saying.minus(speech.money(value))
    said = saying.minus(speech.number(value, digits))
    return f"{said}\u00a0{unit}" if unit and len(unit) <= 4 else said


def _decimals(span: tuple[float, float]) -> int:
    size = span[1] - span[0]
    return 0 if size >= 8 else 1 if size >= 0.8 else 2
