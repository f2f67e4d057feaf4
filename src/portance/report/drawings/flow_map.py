"""The map of flows: functions in the order in which customers meet them, ribbons as wide as their journeys, breaks hatched."""

from collections import defaultdict
from dataclasses import dataclass, field

from markupsafe import Markup

from portance.report.drawings.canvas import Box, Canvas, fit, path, width
from portance.views.cracks import FlowLink, FlowMap
from portance.views.figure import FEWEST_FOR_POINT, FEWEST_PERSONS
from portance.views.naming import OTHERS
from portance.views.speech import Speech

WIDE, NARROW = 880, 340
MOST_RIBBONS = 60
MOST_BADGES = 6
MOST_BARS = 8
_NODE = 10
_LABEL = 24.0
"""Height kept above a node for its label."""
_SIDE = 148.0
"""Width kept at the right for the labels of the last column."""
_SEEN = 1.8
"""Hatching thinner than this would be noise: it is left out, and the table tells it."""
_WORTH = 0.05
"""A share below this gets no badge: the map is for what breaks."""
_THIN = 7.0
"""A ribbon thinner than this cannot carry a badge."""


@dataclass
class _Node:
    column: int
    name: str
    label: str
    value: int = 0
    y: float = 0.0
    height: float = 0.0
    left: float = 0.0
    right: float = 0.0
    links: list[FlowLink] = field(default_factory=list)


def wide(flow: FlowMap, name: str, speech: Speech) -> Markup:
    """The map at the width of a page: at most sixty ribbons, the greatest."""
    columns = _columns(flow)
    canvas = _canvas(flow, name, (WIDE, _height(columns)), speech)
    places = _places(columns, canvas.height)
    spacing = _spacing(columns)
    nodes = [node for column in columns for node in column]
    taken = [Box(_x(node.column, spacing), node.y, _NODE, node.height) for node in nodes]
    ribbons = _ribbons(flow, places)
    for link, y0, y1, thick in ribbons:
        _ribbon(canvas, link, _x(link.step - 1, spacing) + _NODE, _x(link.step, spacing), (y0, y1, thick))
    taken += [_node(canvas, node, spacing, len(columns), speech) for node in nodes]
    _badges(canvas, ribbons, spacing, taken, speech)
    return canvas.svg("wide-drawing")


def narrow(flow: FlowMap, name: str, speech: Speech) -> Markup:
    """The same for a phone, where a map would be too small to read: the passages as bars, the most broken first."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for link in flow.links:
        found = sums[link.from_label, link.to_label]
        found[0] += link.journeys
        found[1] += link.broken
    bars = sorted(sums.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))[:MOST_BARS]
    most = max((counts[0] for _, counts in bars), default=1)
    row = 50
    canvas = _canvas(flow, name, (NARROW, row * len(bars) + 4), speech)
    for index, ((first, last), (journeys, broken)) in enumerate(bars):
        top = index * row
        count = speech.compact(journeys)
        room = NARROW - width(count, 13) - 12
        both = fit(f"{first} → {last}", room, 13)
        if both.endswith("…"):
            half = (room - width(" → ", 13)) / 2
            both = f"{fit(first, half, 13)} → {fit(last, half, 13)}"
        canvas.text(0, top + 16, both, "label", full=f"{first} → {last}")
        canvas.text(NARROW, top + 16, count, "quiet", anchor="end")
        long = max(2.0, (NARROW - 64) * journeys / most)
        lost = long * broken / journeys if journeys else 0.0
        canvas.add("rect", x=0, y=top + 23, width=long, height=14, kind="flow")
        if broken:
            canvas.add("rect", x=0, y=top + 23, width=max(1.5, lost), height=14, fill=canvas.hatch)
        if broken and journeys >= FEWEST_FOR_POINT:
            said = speech.percent(broken / journeys, 0 if broken * 10 >= journeys else 1)
            canvas.text(long + 6, top + 34.5, said, "lost-text")
    return canvas.svg("narrow-drawing")


def undrawn(flow: FlowMap) -> int:
    """How many ribbons are left to the table."""
    return max(0, len(flow.links) - MOST_RIBBONS)


def _canvas(flow: FlowMap, name: str, size: tuple[float, float], speech: Speech) -> Canvas:
    total = sum(link.journeys for link in flow.links)
    desc = speech.many("flow.desc", total, broken=flow.broken)
    return Canvas(name, size, speech.say("flow.of", journey=flow.label), desc)


def _columns(flow: FlowMap) -> list[list[_Node]]:
    last = max(link.step for link in flow.links)
    held: list[dict[str, _Node]] = [{} for _ in range(last + 1)]
    into: dict[tuple[int, str], int] = defaultdict(int)
    out: dict[tuple[int, str], int] = defaultdict(int)
    for link in flow.links:
        ends = (
            (link.step - 1, link.from_function, link.from_label),
            (link.step, link.to_function, link.to_label),
        )
        for column, name, label in ends:
            node = held[column].setdefault(name, _Node(column, name, label))
            node.links.append(link)
        out[link.step - 1, link.from_function] += link.journeys
        into[link.step, link.to_function] += link.journeys
    columns = []
    for index, nodes in enumerate(held):
        for name, node in nodes.items():
            node.value = max(into[index, name], out[index, name])
        columns.append(sorted(nodes.values(), key=lambda node: (node.name == OTHERS, -node.value, node.name)))
    return _untangled(columns)


def _untangled(columns: list[list[_Node]]) -> list[list[_Node]]:
    """Nodes near those that they are tied to, by weighted mean place; *others* stay last."""
    for sweep in range(4):
        forward = sweep % 2 == 0
        order = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
        for index in order:
            beside = columns[index - 1 if forward else index + 1]
            place = {node.name: position for position, node in enumerate(beside)}
            weights = {node.name: _mean_place(node, index, place, forward=forward) for node in columns[index]}
            columns[index].sort(
                key=lambda node: (node.name == OTHERS, weights[node.name], -node.value, node.name)
            )
    return columns


def _mean_place(node: _Node, column: int, place: dict[str, int], *, forward: bool) -> float:
    total = weight = 0.0
    for link in node.links:
        if forward and link.step == column:
            total += place.get(link.from_function, 0) * link.journeys
            weight += link.journeys
        elif not forward and link.step == column + 1:
            total += place.get(link.to_function, 0) * link.journeys
            weight += link.journeys
    return total / weight if weight else 0.0


def _height(columns: list[list[_Node]]) -> float:
    most = max(len(column) for column in columns)
    return float(min(430, max(240, 170 + 30 * most)))


def _spacing(columns: list[list[_Node]]) -> float:
    return (WIDE - _SIDE - _NODE) / max(1, len(columns) - 1)


def _x(column: int, spacing: float) -> float:
    return column * spacing


def _places(columns: list[list[_Node]], height: float) -> dict[tuple[int, str], _Node]:
    scale = min(
        (height - _LABEL * len(column) - 6) / max(1, sum(node.value for node in column)) for column in columns
    )
    places = {}
    for column in columns:
        used = sum(max(2.0, node.value * scale) for node in column) + _LABEL * len(column)
        y = max(0.0, (height - 6 - used) * 0.25)
        for node in column:
            node.y, node.height = y + _LABEL, max(2.0, node.value * scale)
            y = node.y + node.height
            places[node.column, node.name] = node
    return places


def _ribbons(
    flow: FlowMap, places: dict[tuple[int, str], _Node]
) -> list[tuple[FlowLink, float, float, float]]:
    drawn = sorted(
        flow.links, key=lambda link: (-link.journeys, link.step, link.from_function, link.to_function)
    )
    drawn = drawn[:MOST_RIBBONS]
    order = {key: node.y for key, node in places.items()}
    starts: dict[tuple[int, str, str], tuple[float, float]] = {}
    for link in sorted(drawn, key=lambda link: order[link.step, link.to_function]):
        node = places[link.step - 1, link.from_function]
        thick = node.height * link.journeys / node.value
        starts[link.step, link.from_function, link.to_function] = (node.y + node.right, thick)
        node.right += thick
    ribbons = []
    for link in sorted(drawn, key=lambda link: order[link.step - 1, link.from_function]):
        node = places[link.step, link.to_function]
        y0, thick = starts[link.step, link.from_function, link.to_function]
        ribbons.append((link, y0, node.y + node.left, thick))
        node.left += node.height * link.journeys / node.value
    return sorted(ribbons, key=lambda ribbon: (-ribbon[3], ribbon[0].step, ribbon[0].from_function))


def _ribbon(canvas: Canvas, link: FlowLink, x0: float, x1: float, place: tuple[float, float, float]) -> None:
    y0, y1, thick = place
    lost = thick * link.rate
    if lost < _SEEN:
        lost = 0.0
    held = thick - lost
    if held > 0:
        canvas.add("path", d=_curve(x0, x1, y0, y1, held), kind="flow")
    if lost > 0:
        canvas.add("path", d=_curve(x0, x1, y0 + held, y1 + held, lost), fill=canvas.hatch)


def _curve(x0: float, x1: float, y0: float, y1: float, thick: float) -> str:
    middle = (x0 + x1) / 2
    return path(
        ["M", x0, y0, "C", middle, y0, middle, y1, x1, y1, "V", y1 + thick, "C", middle, y1 + thick, middle, y0 + thick, x0,
         y0 + thick, "Z"]
    )  # fmt: skip


def _node(canvas: Canvas, node: _Node, spacing: float, columns: int, speech: Speech) -> Box:
    x = _x(node.column, spacing)
    canvas.add("rect", x=x, y=node.y, width=_NODE, height=node.height, rx=1.5, kind="node")
    count = speech.compact(node.value) if node.value >= FEWEST_PERSONS else f"<{FEWEST_PERSONS}"
    last = node.column == columns - 1
    if last:
        left, room = x + _NODE + 7, WIDE - x - _NODE - 9
        base = min(node.y + max(10.0, min(node.height / 2 + 4, node.height)), canvas.height - 4)
    else:
        left, room = x, spacing - 14
        base = node.y - 7
    label = fit(node.label, room - width(count, 12) - 6, 13, bold=True)
    canvas.add(
        "text",
        Markup('<title>{}</title>{} <tspan class="quiet">{}</tspan>').format(node.label, label, count),
        x=left,
        y=base,
        kind="label halo",
    )
    long = width(label, 13, bold=True) + width(count, 12) + 6
    return Box(left, base - 12, long, 16)


def _badges(
    canvas: Canvas,
    ribbons: list[tuple[FlowLink, float, float, float]],
    spacing: float,
    taken: list[Box],
    speech: Speech,
) -> None:
    left = MOST_BADGES
    for link, y0, y1, thick in sorted(ribbons, key=lambda ribbon: (-ribbon[0].broken, ribbon[0].step)):
        if not left or not link.broken:
            return
        if link.journeys < FEWEST_FOR_POINT or thick < _THIN or link.rate < _WORTH:
            continue
        said = speech.percent(link.rate, 0 if link.rate >= 0.1 else 1)
        ends = (_x(link.step - 1, spacing) + _NODE, _x(link.step, spacing))
        box = _room(ends, (y0, y1, thick), taken, width(said, 12, bold=True) + 16, canvas)
        if box:
            canvas.pill(box, said)
            taken.append(box)
            left -= 1


def _room(
    ends: tuple[float, float],
    place: tuple[float, float, float],
    taken: list[Box],
    wide: float,
    canvas: Canvas,
) -> Box | None:
    """A place for a badge on its ribbon that hides neither a label, nor a node, nor another badge."""
    y0, y1, thick = place
    x0, x1 = ends
    for t in (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78):
        u = 1 - t
        x = u**3 * x0 + 3 * (u * u * t + u * t * t) * (x0 + x1) / 2 + t**3 * x1
        y = (u**3 + 3 * u * u * t) * y0 + (3 * u * t * t + t**3) * y1 + thick / 2
        box = Box(x - wide / 2, y - 10, wide, 20)
        if box.within(canvas.width, canvas.height) and not any(box.meets(other) for other in taken):
            return box
    return None
