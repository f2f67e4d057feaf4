"""Figures of people and machines as they are said: a value and its interval, or that there are too few to tell."""

from dataclasses import dataclass, replace

from portance.views.alignment import saying
from portance.views.figure import MISSING, Figure, Rows, shown_for
from portance.views.reading import Row, number
from portance.views.speech import Speech

_STEPS = ((90.0, 1.0, "seconds"), (90 * 60.0, 60.0, "minutes"), (48 * 3600.0, 3600.0, "hours"))
_DAY = 86_400.0
_FINE = 0.3


@dataclass(frozen=True, slots=True)
class Said:
    """A figure with its words: ``text`` is the point, the interval alone, or that there are too few; ``interval`` may be empty."""

    figure: Figure
    text: str
    interval: str = ""

    @property
    def known(self) -> bool:
        """Whether anything of it may be told."""
        return self.figure.known and (self.figure.value is not None or self.figure.low is not None)

    @property
    def ends(self) -> tuple[float, float] | None:
        """The ends to draw: its interval, or its point twice; nothing where it may not be told."""
        if not self.known:
            return None
        point = self.figure.value
        low = self.figure.low if self.figure.low is not None else point
        high = self.figure.high if self.figure.high is not None else point
        return None if low is None or high is None else (min(low, high), max(low, high))

    @property
    def point(self) -> float | None:
        """The point to draw; none where only the interval may be told."""
        return self.figure.value if self.figure.shown == "point" else None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the page: headings, rows whose cells are words or figures, and the rows behind it."""

    title: str
    headings: tuple[str, ...]
    lines: tuple[tuple[Said | str, ...], ...]
    rows: Rows
    more: int = 0
    numeric: frozenset[int] = frozenset()
    """Columns of figures, set to the right."""


NOTHING = Said(MISSING, "—")


def held(
    row: Row, name: str, unit: str, *, low: str = "", high: str = "", n: str = "n", persons: str = "persons",
    currency: str = "",
) -> Figure:  # fmt: skip
    """The figure under ``name``, its ends under ``name_low`` and ``name_high`` unless they are named."""
    people = number(row[persons])
    value = number(row[name])
    count = number(row[n])
    whole = None if people is None else round(people)
    return Figure(
        value, number(row[low or f"{name}_low"]), number(row[high or f"{name}_high"]), unit,
        None if count is None else round(count), whole, shown_for(whole, value, row["shown"]), currency,
    )  # fmt: skip


def hidden(figure: Figure, text: str) -> Said:
    """What may not be told: the words alone, the figure without any of its numbers."""
    bare = replace(figure, value=None, low=None, high=None, n=None, persons=None, shown="suppressed")
    return Said(bare, text)


def level(figure: Figure, speech: Speech) -> Said:
    """Where something stands, in its unit."""
    if figure.shown == "suppressed":
        return hidden(figure, speech.too_few(figure))
    low, high = figure.low, figure.high
    if figure.unit == "" and low is not None and high is not None and 0 < high - low < _FINE:
        # A scale of a few points: one decimal could not tell the ends apart.
        interval = saying.minus(speech.say("to", low=speech.number(low, 2), high=speech.number(high, 2)))
        if figure.shown == "interval":
            return Said(figure, interval)
        if figure.value is not None:
            return Said(figure, saying.minus(speech.number(figure.value, 2)), interval)
    return Said(
        figure,
        saying.minus(speech.figure(figure)),
        saying.minus(speech.interval(figure)) if figure.shown == "point" else "",
    )


def move(figure: Figure, speech: Speech, unit: str = "") -> Said:
    """By how much something moves, with its sign: a share moves by points, or by what ``unit`` names for each hundred."""
    if figure.unit in ("share", "rate", "proportion"):
        figure = replace(
            figure,
            unit=unit or "points",
            value=None if figure.value is None else figure.value * 100,
            low=None if figure.low is None else figure.low * 100,
            high=None if figure.high is None else figure.high * 100,
        )
    if figure.shown == "suppressed":
        return hidden(figure, speech.too_few(figure))
    if figure.value is None:
        return Said(replace(figure, shown="missing"), "—")
    if figure.unit == "money":
        text, bracket, rest = saying.money(figure.low, figure.value, figure.high, speech).partition(" [")
        interval = f"[{rest}" if bracket else ""
    else:
        text, interval = saying.told(figure.value, figure.low, figure.high, figure.unit, speech, signed=True)
    if figure.shown == "interval":
        return Said(figure, interval or speech.too_few(figure))
    return Said(figure, text, interval)


def wait(figure: Figure, speech: Speech) -> Said:
    """A length of time given in seconds, in the unit that fits it."""
    held_values = [abs(value) for value in (figure.value, figure.low, figure.high) if value is not None]
    size = abs(figure.value) if figure.value is not None else max(held_values, default=0.0)
    factor, unit = next(((by, name) for below, by, name in _STEPS if size < below), (_DAY, "days"))
    scaled = replace(
        figure,
        unit=unit,
        value=None if figure.value is None else figure.value / factor,
        low=None if figure.low is None else figure.low / factor,
        high=None if figure.high is None else figure.high / factor,
    )
    # Under a minute and a half nobody needs a tenth of a second.
    if unit == "seconds":
        scaled = replace(
            scaled,
            value=None if scaled.value is None else float(round(scaled.value)),
            low=None if scaled.low is None else float(round(scaled.low)),
            high=None if scaled.high is None else float(round(scaled.high)),
        )
    return level(scaled, speech)


def seconds(value: float | None, speech: Speech) -> str:
    """A length of time without its interval; an em dash where there is none."""
    if value is None:
        return "—"
    return speech.duration((round(value) if value < 90 else value) * 1000)
