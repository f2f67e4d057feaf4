"""Functions and the arrows between their indicators: two columns of boxes, every arrow in the gutter between them."""

from dataclasses import dataclass
from itertools import permutations

from markupsafe import Markup

from portance.report.drawings.canvas import Box, Canvas, fit, path, width
from portance.views.alignment.conflicts import Network, NetworkArrow, NetworkBox
from portance.views.speech import Speech, clean

WIDE, NARROW = 880, 340
MOST_LABELS = 8
_SIDE = 272.0
"""Width of a box."""
_ROW, _HEAD, _GAP = 27.0, 26.0, 20.0
_MOST_TRIED = 7
"""With more boxes in a column their order is left as the charter has it."""
_SURE, _PROBABLE = frozenset("AB"), "C"


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an indicator stands: which side, and the height of its middle."""

    left: bool
    y: float


@dataclass(frozen=True, slots=True)
class _Curve:
    """A drawn arrow: its four points, for its path and for what may lie on it."""

    arrow: NetworkArrow
    points: tuple[tuple[float, float], ...]

    @property
    def bend(self) -> int:
        """1 and -1 for an arrow that leaves the left or the right column and comes back to it, 0 for one that crosses."""
        (x0, _), (x1, _), _, (x3, _) = self.points
        return 0 if x0 != x3 else 1 if x1 > x0 else -1

    def at(self, t: float) -> tuple[float, float]:
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        return (
            sum(weight * x for weight, (x, _) in zip(weights, self.points, strict=True)),
            sum(weight * y for weight, (_, y) in zip(weights, self.points, strict=True)),
        )


def wide(network: Network, name: str, speech: Speech) -> Markup:
    """The network at the width of a page: no arrow passes under a box, no label lies on another."""
    left, right = _shared(network)
    spots, boxes, tall = _placed(left, right)
    curves = _curves(network, spots)
    canvas = _canvas(network, name, (WIDE, tall), speech)
    taken: list[Box] = []
    for box, place in boxes:
        canvas.add("rect", x=place.x, y=place.y, width=place.width, height=place.height, rx=5, kind="net-box")
        canvas.text(
            place.x + 12,
            place.y + 18,
            fit(box.label, place.width - 24, 13, bold=True),
            "strong",
            full=box.label,
        )
        for index, (_, label) in enumerate(box.indicators):
            y = place.y + _HEAD + _ROW * index
            canvas.add("line", x1=place.x, y1=y, x2=place.x + place.width, y2=y, kind="grid")
            canvas.text(place.x + 12, y + 18, fit(label, place.width - 24, 13), "label", full=label)
        taken.append(place)
    for curve in curves:
        _arrow(canvas, curve.arrow, curve.points)
    _labels(canvas, curves, taken)
    return canvas.svg("wide-drawing")


def narrow(network: Network, name: str, speech: Speech) -> Markup:
    """The same for a phone: one arrow after the other, the strongest first."""
    labels = {key: (label, box.label) for box in network.boxes for key, label in box.indicators}
    row = 74.0
    canvas = _canvas(network, name, (NARROW, row * len(network.arrows) + 4), speech)
    for index, arrow in enumerate(network.arrows):
        top = index * row
        (first, owner), (second, other) = labels[arrow.from_indicator], labels[arrow.to_indicator]
        _pair(canvas, first, owner, top + 16)
        room: float = NARROW - 26
        if arrow.said:
            said = fit(arrow.said, 130, 13, bold=True)
            canvas.text(
                NARROW,
                top + 54,
                said,
                "lost-text" if arrow.harms else "spare-text",
                anchor="end",
                full=arrow.said,
            )
            room = NARROW - 26 - width(said, 13, bold=True) - 10
        label = fit(second, room, 13)
        canvas.text(26, top + 46, label, "label", full=second)
        canvas.text(26, top + 62, fit(other, room, 12), "quiet", full=other)
        _arrow(canvas, arrow, ((8, top + 24), (8, top + 42), (8, top + 42), (20, top + 42)))
    return canvas.svg("narrow-drawing")


def undrawn(network: Network) -> int:
    """How many arrows are left to the table."""
    return network.left_out


def _pair(canvas: Canvas, label: str, owner: str, y: float) -> None:
    kept = fit(label, NARROW * 0.62, 13)
    canvas.text(0, y, kept, "label", full=label)
    start = width(kept, 13) + 8
    canvas.text(start, y, fit(owner, NARROW - start, 12), "quiet", full=owner)


def _canvas(network: Network, name: str, size: tuple[float, float], speech: Speech) -> Canvas:
    harms = sum(arrow.harms for arrow in network.arrows)
    return Canvas(
        name, size, speech.say("network"), speech.many("network.desc", len(network.arrows), harms=harms)
    )


def _shared(network: Network) -> tuple[list[NetworkBox], list[NetworkBox]]:
    """Boxes shared between the two columns so that most arrows cross the gutter, then ordered so that few cross each other."""
    boxes = list(network.boxes)
    home = {key: place for place, box in enumerate(boxes) for key, _ in box.indicators}
    links = [(home[arrow.from_indicator], home[arrow.to_indicator]) for arrow in network.arrows]
    sizes = [_tall(box) for box in boxes]
    best: tuple[float, tuple[bool, ...]] | None = None
    for code in range(1 << max(0, len(boxes) - 1)) if len(boxes) <= 12 else [0b0101_0101_0101_0101]:
        sides = tuple(bool(code >> place & 1) for place in range(len(boxes)))
        across = sum(sides[first] != sides[second] for first, second in links)
        uneven = abs(sum(size if side else -size for size, side in zip(sizes, sides, strict=True)))
        score = (-across + uneven / (sum(sizes) or 1.0) * len(links) * 0.75, sides)
        if best is None or score < best:
            best = score
    sides = best[1] if best else ()
    left = [box for box, side in zip(boxes, sides, strict=True) if not side]
    right = [box for box, side in zip(boxes, sides, strict=True) if side]
    for _ in range(2):
        right = _ordered(network, left, right)
        left = _ordered(network, right, left)
    return left, right


def _ordered(network: Network, fixed: list[NetworkBox], moved: list[NetworkBox]) -> list[NetworkBox]:
    if not 1 < len(moved) <= _MOST_TRIED:
        return moved

    def crossings(order: list[NetworkBox]) -> float:
        spots, _, _ = _placed(fixed, order)
        ends = [(spots[arrow.from_indicator], spots[arrow.to_indicator]) for arrow in network.arrows]
        across = [
            (one.y, other.y) if one.left else (other.y, one.y)
            for one, other in ends
            if one.left != other.left
        ]
        crossed = sum(
            (a[0] - b[0]) * (a[1] - b[1]) < 0 for place, a in enumerate(across) for b in across[:place]
        )
        return crossed + sum(abs(one.y - other.y) for one, other in ends) / 4_000

    # Beyond five boxes there are too many orders to try them all.
    tried = [moved, moved[::-1]]
    if len(moved) <= 5:
        tried = [list(order) for order in permutations(moved)]
    return min(tried, key=lambda order: (crossings(order), [box.function for box in order]))


def _tall(box: NetworkBox) -> float:
    return _HEAD + _ROW * len(box.indicators)


def _placed(
    left: list[NetworkBox], right: list[NetworkBox]
) -> tuple[dict[str, _Spot], list[tuple[NetworkBox, Box]], float]:
    spots: dict[str, _Spot] = {}
    boxes: list[tuple[NetworkBox, Box]] = []
    heights = [sum(_tall(box) for box in side) + _GAP * max(0, len(side) - 1) for side in (left, right)]
    tall = max(*heights, 80.0) + 4
    for side, boxed, height in ((True, left, heights[0]), (False, right, heights[1])):
        x = 1.0 if side else WIDE - _SIDE - 1
        # The shorter column is spread, so that its arrows do not all lean one way.
        room = (tall - 4 - height) / (len(boxed) + 1) if boxed else 0.0
        y = 2 + room
        for box in boxed:
            boxes.append((box, Box(x, y, _SIDE, _tall(box))))
            for index, (key, _) in enumerate(box.indicators):
                spots[key] = _Spot(side, y + _HEAD + _ROW * (index + 0.5))
            y += _tall(box) + _GAP + room
    return spots, boxes, tall


def _curves(network: Network, spots: dict[str, _Spot]) -> list[_Curve]:
    """One curve for each arrow; those that leave or reach one indicator are set apart by a few pixels."""
    ports: dict[str, list[tuple[float, int, bool]]] = {}
    for place, arrow in enumerate(network.arrows):
        first, second = spots[arrow.from_indicator], spots[arrow.to_indicator]
        ports.setdefault(arrow.from_indicator, []).append((second.y, place, True))
        ports.setdefault(arrow.to_indicator, []).append((first.y, place, False))
    shift: dict[tuple[int, bool], float] = {}
    for held in ports.values():
        step = min(7.0, 20.0 / max(1, len(held)))
        for index, (_, place, start) in enumerate(sorted(held)):
            shift[place, start] = (index - (len(held) - 1) / 2) * step
    curves = []
    for place, arrow in enumerate(network.arrows):
        first, second = spots[arrow.from_indicator], spots[arrow.to_indicator]
        ends = []
        for spot, start in ((first, True), (second, False)):
            x = _SIDE + 3 if spot.left else WIDE - _SIDE - 3
            ends.append((x, spot.y + shift[place, start]))
        (x0, y0), (x1, y1) = ends
        if first.left != second.left:
            middle = (x0 + x1) / 2
            points = ((x0, y0), (middle, y0), (middle, y1), (x1, y1))
        else:
            out = min(150.0, 44 + abs(y1 - y0) * 0.5) * (1 if first.left else -1)
            points = ((x0, y0), (x0 + out, y0), (x1 + out, y1), (x1, y1))
        curves.append(_Curve(arrow, points))
    return curves


def _kind(arrow: NetworkArrow) -> str:
    if not arrow.harms:
        return "arrow-gain"
    return (
        "arrow-sure"
        if arrow.grade in _SURE
        else "arrow-probable"
        if arrow.grade == _PROBABLE
        else "arrow-hint"
    )


def _arrow(canvas: Canvas, arrow: NetworkArrow, points: tuple[tuple[float, float], ...]) -> None:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    tip: list[str | float]
    heading = 1 if x3 >= x2 else -1
    thick = 1.4 if not arrow.harms else 1.8 + min(2.2, abs(arrow.strength) * 5)
    end = x3 - heading * 8
    canvas.add(
        "path", Markup("<title>{}</title>").format(clean(arrow.title)) if arrow.title else None,
        d=path(["M", x0, y0, "C", x1, y1, x2, y2, end, y3]),
        kind=f"arrow {_kind(arrow)}", stroke_width=thick,
    )  # fmt: skip
    tip = ["M", x3, y3, "L", x3 - heading * 10, y3 - 5, "V", y3 + 5, "Z"]
    canvas.add("path", d=path(tip), kind="tip-harm" if arrow.harms else "tip-gain")


def _labels(canvas: Canvas, curves: list[_Curve], taken: list[Box]) -> None:
    """Figures on the strongest arrows, where they hide neither a box, nor an end of an arrow, nor another figure."""
    held = list(taken)
    for curve in curves:
        for place in (0, 3):
            x, y = curve.points[place]
            held.append(Box(x - 9, y - 3, 18, 6))
    left = MOST_LABELS
    for curve in sorted(
        curves, key=lambda one: (not one.arrow.harms, -abs(one.arrow.strength), one.arrow.title)
    ):
        if not left or not curve.arrow.said:
            continue
        said = fit(curve.arrow.said, 150, 12, bold=True)
        wide_ = width(said, 12, bold=True) + 16
        for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74):
            x, y = curve.at(t)
            box = Box(x - wide_ / 2 + curve.bend * (wide_ / 2 - 4), y - 10, wide_, 20)
            if box.within(canvas.width, canvas.height) and not any(box.meets(other) for other in held):
                canvas.pill(box, said, "" if curve.arrow.harms else "gain")
                held.append(box)
                left -= 1
                break
