"""One scale of a drawing: where values stand on it, and the few marks that tell it."""

from collections.abc import Iterable
from dataclasses import dataclass

from portance.report.drawings.canvas import Canvas, width
from portance.views.alignment import saying
from portance.views.people.told import Said
from portance.views.speech import Speech

_SHARES = ("share", "rate", "proportion")


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` between two places in pixels; what lies beyond is set at the end."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """The place of a value."""
        held = min(max(value, self.low), self.high)
        return self.left + (held - self.low) / (self.high - self.low) * (self.right - self.left)

    def ticks(self, most: int = 5) -> list[float]:
        """Round values on the scale, at most about ``most``."""
        span = self.high - self.low
        raw = span / most
        power = 10.0 ** int(f"{raw:e}".split("e")[1])
        step = next((power * factor for factor in (1, 2, 2.5, 5) if power * factor >= raw), power * 10)
        first = int(self.low / step) * step
        found = (first + step * index for index in range(-1, 2 * most + 3))
        return [
            0.0 if abs(value) < step / 1e6 else value
            for value in found
            if self.low - step / 1e6 <= value <= self.high + step / 1e6
        ]


def over(
    values: Iterable[float], left: float, right: float, *, zero: bool = True, least: float = 0.0, bounds: tuple[float | None, float | None] = (None, None)
) -> Scale:  # fmt: skip
    """A scale that holds the values, zero too where asked; ``bounds`` are never left."""
    held = list(values) or [0.0]
    low, high = min(held), max(held)
    if zero:
        low, high = min(0.0, low), max(0.0, high)
    span = max(high - low, least) or abs(high) or 1.0
    room = span * 0.06
    low, high = (low if zero and low == 0 else low - room), (high if zero and high == 0 else high + room)
    if high - low < span:
        high = low + span
    first, last = bounds
    if first is not None and low < first <= high:
        low = first
    if last is not None and high > last >= low:
        high = last
    return Scale(low, high if high > low else low + 1.0, left, right)


def told(value: float, unit: str, scale: Scale, speech: Speech) -> str:
    """A mark of a scale in words."""
    span = scale.high - scale.low
    if unit in _SHARES:
        return saying.minus(speech.percent(value, 0 if span >= 0.04 else 1))
    if unit == "money":
        return saying.minus(speech.money(value)) if value else "0"
    if span >= 10_000:
        return saying.minus(speech.compact(value))
    return saying.minus(speech.number(value, 0 if span >= 6 else 1 if span >= 0.6 else 2))


def axis(
    canvas: Canvas, scale: Scale, unit: str, ends: tuple[float, float], speech: Speech, *, most: int = 5
) -> None:
    """Thin lines at the marks between two heights, and their words under the lower one where they do not lie on each other."""
    top, foot = ends
    free = 0.0
    for value in scale.ticks(most):
        place = scale.at(value)
        canvas.add("line", x1=place, y1=top, x2=place, y2=foot, kind="axis" if value == 0 else "grid")
        said = told(value, unit, scale, speech)
        long = width(said, 11)
        start = place - long / 2
        if start < max(free, 0.0) or start + long > canvas.width:
            continue
        free = start + long + 8
        canvas.text(place, foot + 14, said, "tick", anchor="middle")


def dot(
    canvas: Canvas, said: Said, scale: Scale, y: float, *, hollow: bool = False, kind: str = "lived"
) -> None:
    """A figure on its scale: the interval as a line, the point as a dot; no dot where only the interval may be told."""
    if said.ends is None:
        return
    low, high = (scale.at(value) for value in said.ends)
    thin = "whisker thin" if hollow else "whisker"
    canvas.add("line", x1=low, y1=y, x2=max(high, low + 1.5), y2=y, kind=thin)
    for end in (low, high):
        if high - low > 2:
            canvas.add("line", x1=end, y1=y - 4, x2=end, y2=y + 4, kind=thin)
    if said.point is not None:
        canvas.add(
            "circle",
            cx=scale.at(said.point),
            cy=y,
            r=4.5 if hollow else 5,
            kind=f"mark hollow {kind}" if hollow else f"mark {kind}",
        )


def spread(found: Iterable[Said]) -> list[float]:
    """Every value that figures put on a scale."""
    values = []
    for said in found:
        if said.ends:
            values += [*said.ends, *([said.point] if said.point is not None else [])]
    return values
