"""One measure of each step on both sides of one axis: the customer on the left, the employees on the right."""

from markupsafe import Markup

from portance.report.drawings.canvas import Canvas, fit
from portance.report.drawings.scale import Scale, over, spread
from portance.views.people.mirror import Mirror, MirrorStep
from portance.views.people.told import Said
from portance.views.speech import Speech

WIDE, NARROW = 880, 340
_BAR = 14.0


def mirror(held: Mirror, name: str, speech: Speech, wide: float = WIDE) -> Markup | None:
    """The drawing, or ``None`` where no step is known on both sides."""
    if not held.drawable:
        return None
    phone = wide < 500
    head, row = 26.0, 66.0 if phone else 48.0
    canvas = Canvas(
        name, (wide, head + row * len(held.steps) + 4), speech.say("mirror.of", measure=held.label, journey=held.journey_label),
        speech.many("mirror.desc", len(held.steps)),
    )  # fmt: skip
    middle = wide / 2
    values = spread([side for step in held.steps for side in (step.customer, step.employee)])
    scale = over(values, 0.0, middle - 6)
    canvas.text(0, 15, fit(speech.say("mirror.customer"), middle - 20, 13, bold=True), "strong")
    canvas.text(
        wide, 15, fit(speech.say("mirror.employee"), middle - 20, 13, bold=True), "strong", anchor="end"
    )
    for index, step in enumerate(held.steps):
        top = head + row * index
        canvas.add("line", x1=0, y1=top, x2=wide, y2=top, kind="grid")
        _step(canvas, step, top, scale, phone=phone)
    return canvas.svg("mirror")


def _step(canvas: Canvas, step: MirrorStep, top: float, scale: Scale, *, phone: bool) -> None:
    wide, middle = canvas.width, canvas.width / 2
    base = top + 18
    if phone:
        canvas.text(0, base, fit(step.label, wide, 13, bold=True), "label halo", full=step.label)
        base += 18
    else:
        canvas.text(
            middle,
            base,
            fit(step.label, wide - 380, 13, bold=True),
            "strong halo",
            anchor="middle",
            full=step.label,
        )
    for side, anchor, x in ((step.customer, "start", 0.0), (step.employee, "end", wide)):
        said = fit(side.text, middle - 16 if phone else 180, 12, bold=True)
        canvas.text(
            x, base, said, "small-strong halo" if side.known else "quiet halo", anchor=anchor, full=side.text
        )
    y = base + 8
    canvas.add("line", x1=middle, y1=y - 2, x2=middle, y2=y + _BAR + 2, kind="axis")
    _bar(canvas, step.customer, y, scale, -1)
    _bar(canvas, step.employee, y, scale, 1)


def _bar(canvas: Canvas, said: Said, y: float, scale: Scale, way: int) -> None:
    """A bar from the axis outwards, and its interval as a thin line; hollow where only the interval may be told."""
    if said.ends is None:
        return
    middle = canvas.width / 2
    low, high = (abs(scale.at(value) - scale.at(0.0)) for value in said.ends)
    if said.point is not None:
        long = max(1.5, abs(scale.at(said.point) - scale.at(0.0)))
        canvas.add(
            "rect",
            x=middle if way > 0 else middle - long,
            y=y,
            width=long,
            height=_BAR,
            kind="node" if way > 0 else "customer-bar",
        )
    else:
        start = middle + way * min(low, high) if way > 0 else middle - max(low, high)
        canvas.add("rect", x=start, y=y, width=max(1.5, abs(high - low)), height=_BAR, kind="track")
    if abs(high - low) > 2:
        ends = sorted((middle + way * low, middle + way * high))
        kind = "whisker on-bar" if said.point is not None else "whisker"
        canvas.add("line", x1=ends[0], y1=y + _BAR / 2, x2=ends[1], y2=y + _BAR / 2, kind="whisker-ground")
        canvas.add("line", x1=ends[0], y1=y + _BAR / 2, x2=ends[1], y2=y + _BAR / 2, kind=kind)
