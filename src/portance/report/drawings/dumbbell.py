"""The four facets of one promise on one scale: each with its own shape, the lived one with its interval."""

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, element, fit, path, width
from portance.views.promises import FacetMark, PromiseView
from portance.views.speech import Speech

WIDE, NARROW = 430, 330
_PAD = 14.0
_NEAR = 13.0
_LINE = 20.0


def dumbbell(promise: PromiseView, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` where no facet is known."""
    known = [held for held in promise.facets if held.figure.known and _ends(held)]
    if not known:
        return None
    low, high = _domain(known, promise.unit)
    span = high - low

    def x(value: float) -> float:
        return _PAD + (min(max(value, low), high) - low) / span * (wide - 2 * _PAD)

    centres = {held.facet: x(sum(_ends(held)) / len(_ends(held))) for held in known}
    stacks, tall = _stacked(centres)
    axis = 26.0 + tall / 2
    labels, levels = _labels(known, centres, wide, speech)
    canvas = Canvas(
        name,
        (wide, axis + tall / 2 + 16 + _LINE * levels),
        speech.say("promise.facets"),
        speech.say(
            "promise.dumbbell_desc",
            marks=", ".join(f"{held.label} {speech.figure(held.figure)}" for held in known),
        ),
    )
    free = 0.0
    for value in _ticks(low, high):
        said = _tick(value, promise.unit, span, speech)
        long = width(said, 11)
        start = x(value) - long / 2
        if start < free or start + long > wide:
            continue
        free = start + long + 8
        canvas.add("line", x1=x(value), y1=16, x2=x(value), y2=axis + tall / 2 + 6, kind="grid")
        canvas.text(x(value), 11, said, "tick", anchor="middle")
    canvas.add("line", x1=_PAD, y1=axis, x2=wide - _PAD, y2=axis, kind="axis")
    _distance(canvas, promise, centres, axis)
    for held in known:
        if held.figure.low is not None and held.figure.high is not None:
            left, right = x(held.figure.low), x(held.figure.high)
            y = axis + stacks[held.facet]
            canvas.add(
                "rect",
                x=left,
                y=y - 3,
                width=max(1.5, right - left),
                height=6,
                rx=3,
                kind=f"band {held.facet}",
            )
    for held in known:
        y = axis + stacks[held.facet]
        place, level, said = labels[held.facet]
        base = axis + tall / 2 + 22 + level * _LINE
        canvas.add("line", x1=centres[held.facet], y1=y, x2=centres[held.facet], y2=base - 11, kind="leader")
        canvas.place(mark(held.facet, centres[held.facet], y, hollow=held.figure.shown == "interval"))
        canvas.add(
            "text",
            Markup('{} <tspan class="strong">{}</tspan>').format(held.label, said),
            x=place,
            y=base,
            kind="label halo",
        )
    return canvas.svg()


def mark(facet: str, x: float, y: float, *, hollow: bool = False) -> Markup:
    """The mark of a facet: diamond expected, square intended, triangle offered, disc lived."""
    kind = f"mark {facet}" + (" hollow" if hollow else "")
    if facet == "lived":
        return element("circle", cx=x, cy=y, r=6.5, kind=kind)
    if facet == "intended":
        return element("rect", x=x - 5.5, y=y - 5.5, width=11, height=11, kind=kind)
    if facet == "offered":
        return element("path", d=path(["M", x, y - 7, "L", x + 7, y + 5.5, "H", x - 7, "Z"]), kind=kind)
    return element(
        "path", d=path(["M", x, y - 7.5, "L", x + 7.5, y, "L", x, y + 7.5, "L", x - 7.5, y, "Z"]), kind=kind
    )


def _ends(held: FacetMark) -> list[float]:
    if held.figure.shown == "interval":
        return [value for value in (held.figure.low, held.figure.high) if value is not None]
    return [] if held.figure.value is None else [held.figure.value]


def _domain(known: list[FacetMark], unit: str) -> tuple[float, float]:
    values = [
        value
        for held in known
        for value in (*_ends(held), held.figure.low, held.figure.high)
        if value is not None
    ]
    low, high = min(values), max(values)
    if low > 0 and low < 0.6 * high and unit != "share":
        low = 0.0
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    top = high + room
    bottom = low - room if low != 0 else low
    if unit == "share":
        return max(0.0, bottom), min(1.0, top)
    return bottom, top


def _stacked(centres: dict[str, float]) -> tuple[dict[str, float], float]:
    """Marks that would lie on one another, set one above the other around the axis."""
    groups: list[list[str]] = []
    for facet, place in sorted(centres.items(), key=lambda item: (item[1], item[0])):
        if groups and place - centres[groups[-1][-1]] < _NEAR:
            groups[-1].append(facet)
        else:
            groups.append([facet])
    offsets = {}
    for group in groups:
        for index, facet in enumerate(group):
            offsets[facet] = (index - (len(group) - 1) / 2) * (_NEAR + 2)
    return offsets, (max(len(group) for group in groups) - 1) * (_NEAR + 2) + 16


def _labels(
    known: list[FacetMark], centres: dict[str, float], wide: float, speech: Speech
) -> tuple[dict[str, tuple[float, int, str]], int]:
    """Where each label starts and on which line, so that none lies on another or leaves the drawing."""
    ends: list[float] = []
    places = {}
    for held in sorted(known, key=lambda held: (centres[held.facet], held.facet)):
        said = fit(speech.figure(held.figure), wide - 90, 13, bold=True)
        long = width(held.label + " ", 13) + width(said, 13, bold=True)
        start = min(max(0.0, centres[held.facet] - long / 2), max(0.0, wide - long))
        level = next((index for index, end in enumerate(ends) if start > end + 10), len(ends))
        if level == len(ends):
            ends.append(0.0)
        ends[level] = start + long
        places[held.facet] = (start, level, said)
    return places, len(ends)


def _distance(canvas: Canvas, promise: PromiseView, centres: dict[str, float], axis: float) -> None:
    if "expected" not in centres or "lived" not in centres:
        return
    left, right = sorted((centres["expected"], centres["lived"]))
    place: dict[str, object] = {"x": left, "y": axis - 4, "width": right - left, "height": 8}
    if promise.short:
        canvas.add("rect", **place, fill=canvas.hatch)
    else:
        canvas.add("rect", **place, kind="flow")


def _ticks(low: float, high: float) -> list[float]:
    span = high - low
    raw = span / 4
    power = 10.0 ** _exponent(raw)
    step = next((power * factor for factor in (1, 2, 2.5, 5) if power * factor >= raw), power * 10)
    first = int(low / step) * step
    found = [first + step * index for index in range(8)]
    return [value for value in found if low <= value <= high]


def _tick(value: float, unit: str, span: float, speech: Speech) -> str:
    if unit == "share":
        return speech.percent(value, 0)
    return speech.compact(value) if span >= 10_000 else speech.number(value, _decimals(span))


def _exponent(value: float) -> int:
    return int(f"{value:e}".split("e")[1])


def _decimals(span: float) -> int:
    return 0 if span >= 8 else 1 if span >= 0.8 else 2
