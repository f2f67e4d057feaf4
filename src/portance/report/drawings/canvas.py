"""What every drawing shares: escaped elements, unique names, and an estimate of how wide a text is."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from portance.views.speech import clean

_PLAIN = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84,
    84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39,
    34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59,
    52, 64, 34, 64, 84,
)  # fmt: skip
"""Hundredths of the font size for the signs 32 to 126 in DejaVu Sans, the widest of the fonts that may be met."""
_WIDE = 104
_BOLD = 1.12
_GAP = 3.0


def width(text: str, size: float = 13.0, *, bold: bool = False) -> float:
    """How wide a text may be, in pixels: an upper estimate over the fonts of the page."""
    total = 0
    for letter in text:
        code = ord(letter)
        if 32 <= code < 127:
            total += _PLAIN[code - 32]
            continue
        base = unicodedata.normalize("NFD", letter)[0]
        if unicodedata.combining(letter):
            continue
        if 32 <= ord(base) < 127:
            total += _PLAIN[ord(base) - 32]
        elif letter in "\u202f\u00a0\u2009’":
            total += 32
        else:
            total += _WIDE
    return total / 100 * size * (_BOLD if bold else 1.0)


def fit(text: str, room: float, size: float = 13.0, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than ``room`` pixels; empty where nothing fits."""
    text = clean(text)
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(kept.rstrip() + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…" if kept else ""


def lines(text: str, room: float, size: float = 13.0, *, bold: bool = False) -> list[str]:
    """A name on one line, or on two where it has several words, each cut where it is still too long."""
    text = clean(text)
    if width(text, size, bold=bold) <= room or " " not in text:
        return [fit(text, room, size, bold=bold)]
    words = text.split(" ")
    best = min(
        range(1, len(words)),
        key=lambda cut: max(
            width(" ".join(words[:cut]), size, bold=bold), width(" ".join(words[cut:]), size, bold=bold)
        ),
    )
    if any(width(" ".join(part), size, bold=bold) > room for part in (words[:best], words[best:])):
        # Too long for two lines: the first takes what it can, so that words are lost at the end alone.
        held = [cut for cut in range(1, len(words)) if width(" ".join(words[:cut]), size, bold=bold) <= room]
        best = max(held, default=best)
    return [fit(" ".join(part), room, size, bold=bold) for part in (words[:best], words[best:])]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, to see what would lie over what."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        """Whether the two come nearer than a small gap."""
        return (
            self.x < other.x + other.width + _GAP
            and other.x < self.x + self.width + _GAP
            and self.y < other.y + other.height + _GAP
            and other.y < self.y + self.height + _GAP
        )

    def within(self, width: float, height: float) -> bool:
        """Whether it lies on a canvas of this size."""
        return self.x >= 0 and self.y >= 0 and self.x + self.width <= width and self.y + self.height <= height


class Canvas:
    """An SVG drawing of a given size in pixels; ``name`` makes its ids unique on the page."""

    def __init__(self, name: str, size: tuple[float, float], title: str, desc: str) -> None:
        self.name, self.title, self.desc = name, clean(title), clean(desc)
        self.width, self.height = size
        self._parts: list[Markup] = []
        self._hatched = self._unknown = False

    @property
    def hatch(self) -> str:
        """The fill that means *broken*: hatching, so that colour is not alone to say it."""
        self._hatched = True
        return f"url(#{self.name}-hatch)"

    @property
    def unknown(self) -> str:
        """The fill that means *not published*: hatching without the colour of what broke."""
        self._unknown = True
        return f"url(#{self.name}-unknown)"

    def add(self, tag: str, content: str | None = None, /, **attributes: object) -> None:
        """An element; ``kind`` is its class, underscores in attribute names become hyphens, numbers are rounded."""
        self._parts.append(element(tag, content, **attributes))

    def place(self, drawn: Markup) -> None:
        """An element that was made with :func:`element`."""
        self._parts.append(drawn)

    def text(
        self, x: float, y: float, content: str, kind: str = "", *, anchor: str = "start", full: str = ""
    ) -> None:
        """A text on its baseline; ``full`` is told on hovering where the text was cut."""
        held: str | Markup = escape(clean(content))
        if full and full != content:
            held = Markup("<title>{}</title>{}").format(clean(full), clean(content))
        self.add("text", held, x=x, y=y, kind=kind, text_anchor=None if anchor == "start" else anchor)

    def pill(self, box: Box, content: str, tone: str = "") -> None:
        """A badge with a figure: its ground hides what lies under it; ``tone`` where it is not what broke."""
        kinds = (f"pill {tone}", f"pill-text {tone}") if tone else ("pill", "pill-text")
        self.add(
            "rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=box.height / 2, kind=kinds[0]
        )
        self.text(box.x + box.width / 2, box.y + box.height / 2 + 4.2, content, kinds[1], anchor="middle")

    def svg(self, kind: str = "", style: Markup | None = None) -> Markup:
        """The drawing; ``style`` makes it stand alone, outside of a page."""
        head = [
            element("title", escape(self.title), id=f"{self.name}-title"),
            element("desc", escape(self.desc), id=f"{self.name}-desc"),
        ]
        if style:
            head.append(element("style", style))
        if self._hatched:
            head.append(_hatch(f"{self.name}-hatch", "lost-ground", "lost-line"))
        if self._unknown:
            head.append(_hatch(f"{self.name}-unknown", "unknown-ground", "unknown-line"))
        # role="group": a drawing that may hold links is no single image to a reader of screens.
        return element(
            "svg",
            Markup("").join([*head, *self._parts]),
            xmlns="http://www.w3.org/2000/svg" if style else None,
            kind=f"drawing {kind}".strip(),
            viewBox=f"0 0 {_number(self.width)} {_number(self.height)}",
            width=self.width,
            height=self.height,
            role="group",
            aria_labelledby=f"{self.name}-title {self.name}-desc",
        )


def element(tag: str, content: str | None = None, /, **attributes: object) -> Markup:
    """One SVG element; ``content`` that is not ``Markup`` is escaped, and so is every attribute."""
    held = []
    for name, value in attributes.items():
        if value is None or value == "":
            continue
        key = "class" if name == "kind" else name.replace("_", "-")
        said = _number(value) if isinstance(value, int | float) else str(value)
        held.append(f' {key}="{escape(said)}"')
    opened = f"<{tag}{''.join(held)}"
    drawn = f"{opened}/>" if content is None else f"{opened}>{escape(content)}</{tag}>"
    return Markup(drawn)  # noqa: S704 - tag and names are ours, the rest was escaped above


def icon(inner: Markup, width: float, height: float, kind: str = "") -> Markup:
    """A small drawing that repeats what is written beside it."""
    box = f"0 0 {_number(width)} {_number(height)}"
    return element("svg", inner, kind=kind, viewBox=box, width=width, height=height, aria_hidden="true")


def both(wide: Markup | None, narrow: Markup | None) -> Markup:
    """A drawing for wide pages and one for phones, of which the page shows the one that fits; nothing where one lacks."""
    if wide is None or narrow is None:
        return Markup("")
    return Markup('<div class="wide-drawing">{}</div><div class="narrow-drawing">{}</div>').format(
        wide, narrow
    )


def path(points: Iterable[str | float]) -> str:
    """The commands and numbers of a path, on one line."""
    return " ".join(_number(part) if isinstance(part, int | float) else part for part in points)


def _hatch(name: str, ground: str, line: str) -> Markup:
    inner = element("rect", width=7, height=7, kind=ground) + element("rect", width=2.6, height=7, kind=line)
    pattern = element(
        "pattern", inner, id=name, width=7, height=7, patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )  # fmt: skip
    return element("defs", pattern)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
