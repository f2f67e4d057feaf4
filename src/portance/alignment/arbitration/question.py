"""A question to arbitrate, the options that answer it, and the levels that none of them may cross."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from portance.errors import PortanceError

MoveKind = Literal["lever", "target", "weight", "drop", "redesign"]
Side = Literal["at_least", "at_most"]
SIDES: tuple[Side, ...] = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Veto:
    """A level that an indicator must not cross, whatever the option gains elsewhere (Roy's veto, one-sided)."""

    indicator: str
    side: Side
    level: float

    @classmethod
    def parse(cls, text: str) -> "Veto":
        """Read ``indicator:at_least:0.8`` or ``indicator:at_most:12``."""
        return cls(*limit(text))

    def __str__(self) -> str:
        return f"{self.indicator}:{self.side}:{self.level:g}"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that an option changes.

    ``lever``: ``name`` is set to ``value``. ``target``: the target of indicator ``name`` becomes ``value``. ``weight``:
    function or indicator ``name`` weighs ``value`` against 1. ``drop``: indicator ``name`` no longer steers anyone.
    ``redesign``: a process step is redesigned, ``name`` says how; ``low`` to ``high`` is what its author declares it
    changes of ``indicator``, in the indicator's unit, every value between as likely as another.
    """

    kind: MoveKind
    name: str
    value: float | None = None
    indicator: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question: what it changes. Number 0 is always to leave everything as it is."""

    number: int
    moves: tuple[Move, ...]

    @property
    def kind(self) -> str:
        """The kinds of its moves, each once, joined by ``+``; ``as_is`` where it changes nothing."""
        return "+".join(dict.fromkeys(move.kind for move in self.moves)) or "as_is"

    @property
    def told(self) -> str:
        """Its moves in names and numbers: ``handling_target = 500; drop leads``."""
        parts = [move.name if move.value is None else f"{move.name} = {move.value:g}" for move in self.moves]
        return "; ".join(dict.fromkeys(parts))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the journal."""
        return {"number": self.number, "moves": [asdict(move) for move in self.moves]}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Option":
        """What :meth:`to_dict` gave."""
        return cls(int(kept["number"]), tuple(Move(**move) for move in kept["moves"]))


def moves_from(
    *, levers: Sequence[str] = (), targets: Sequence[str] = (), weights: Sequence[str] = (), drops: Sequence[str] = (),
    redesign: str | None = None, effects: Sequence[str] = (),
) -> tuple[Move, ...]:  # fmt: skip
    """The moves that a person wrote: ``NAME=VALUE`` for levers, targets and weights, names for drops.

    ``redesign`` says what is redesigned, ``effects`` what that changes, ``INDICATOR=LOW:HIGH`` each.
    """
    found = [Move("lever", *assigned(text)) for text in levers]
    found += [Move("target", *assigned(text)) for text in targets]
    found += [Move("weight", *assigned(text)) for text in weights]
    found += [Move("drop", name.strip()) for name in drops]
    if redesign is None and effects:
        raise PortanceError(
            "an effect is declared of a redesign: say what is redesigned with --redesign TEXT."
        )
    if redesign is not None:
        if not redesign.strip() or not effects:
            raise PortanceError(
                "a redesign says what it changes: give --redesign TEXT and --effect INDICATOR=LOW:HIGH for each indicator "
                "that it is expected to move."
            )
        for text in effects:
            name, low, high = declared_effect(text)
            found.append(Move("redesign", redesign.strip(), None, name, low, high))
    return tuple(found)


AS_IS = Option(0, ())


def number(text: str, within: str = "") -> float:
    """A finite number that someone wrote; a plain error where it is none."""
    try:
        value = float(text.replace("\u202f", "").replace(",", "."))
    except ValueError:
        value = float("nan")
    if not math.isfinite(value):
        raise PortanceError(
            f"expected a number, given {text!r}{f' in {within!r}' if within and within != text else ''}."
        )
    return value


def limit(text: str) -> tuple[str, Side, float]:
    """Read ``INDICATOR:at_least:LEVEL`` or ``INDICATOR:at_most:LEVEL``."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) == 3 and parts[0]:
        for side in SIDES:
            if parts[1] == side:
                return parts[0], side, number(parts[2], text)
    raise PortanceError(
        f"a limit reads INDICATOR:at_least:LEVEL or INDICATOR:at_most:LEVEL, given {text!r}: write for example "
        "promise_kept:at_least:0.8."
    )


def assigned(text: str) -> tuple[str, float]:
    """Read ``NAME=VALUE``."""
    name, equals, value = text.partition("=")
    if not (name.strip() and equals):
        raise PortanceError(
            f"expected NAME=VALUE, given {text!r}: write for example handling_time_target=300."
        )
    return name.strip(), number(value.strip(), text)


def declared_effect(text: str) -> tuple[str, float, float]:
    """Read ``INDICATOR=LOW:HIGH``, what a redesign is declared to change."""
    name, equals, span = text.partition("=")
    low, colon, high = span.partition(":")
    if not (name.strip() and equals and colon):
        raise PortanceError(f"expected INDICATOR=LOW:HIGH, given {text!r}: write for example waiting=-3:-1.")
    bounds = sorted((number(low.strip(), text), number(high.strip(), text)))
    return name.strip(), bounds[0], bounds[1]
