"""Invented companies whose truth is known: for the demonstration, the tests and the validation.

A world is made from a seed: what happened is simulated first, then written down the way four systems that do not
know each other would export it, warts included. The truth is written apart, where the scan never looks.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

NAMES = {
    "volterelle": "sells, delivers, bills and repairs household appliances in France; four systems, 3,000 customers",
    "sell_or_retain": "sells on delays that it cannot keep, and loses those who signed; 24 branches, a year",
    "short_calls": "presses calls to be short, and problems come back while the service is green; 24 branches, a year",
    "on_time": "releases its tool on the announced day and trains nobody; 24 branches, a year",
    "self_care": "puts an assistant before its advisers and hides the way to them; 4,000 customers, a year",
    "healthy": "the same trade and size, and no indicator harms another; 24 branches, a year",
}
"""The worlds there are, and each in a line."""


@dataclass(frozen=True, slots=True)
class Made:
    """A world on disk: its charter, its extracts, its truth apart, and how many interactions really happened."""

    name: str
    charter: Path
    extracts: Path
    truth: Path
    interactions: int


class _World(Protocol):
    def make(self, folder: Path, seed: int) -> int: ...


def make(name: str, folder: Path, seed: int = 1) -> Made:
    """Write the world ``name`` into ``folder``: ``charter.yaml``, ``extracts/`` and ``truth/``.

    The same seed gives the same bytes. A ``ValueError`` where there is no such world.
    """
    if name not in NAMES:
        raise ValueError(f"no world is called {name!r}; there are: {', '.join(sorted(NAMES))}")
    world = cast("_World", importlib.import_module(f"{__name__}.{name}"))
    interactions = world.make(folder, seed)
    return Made(name, folder / "charter.yaml", folder / "extracts", folder / "truth", interactions)
