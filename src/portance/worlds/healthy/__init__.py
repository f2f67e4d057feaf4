"""Orvanne is of the same trade and size, and no indicator of it harms another."""

from pathlib import Path

from portance.worlds.company import telling


def make(folder: Path, seed: int) -> int:
    """Write the world into ``folder``; how many interactions really happened."""
    return telling.write("healthy", folder, seed)
