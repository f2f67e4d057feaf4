"""Brévalle sells on delays that it cannot keep: customers sign, are disappointed, cancel and leave."""

from pathlib import Path

from portance.worlds.company import telling


def make(folder: Path, seed: int) -> int:
    """Write the world into ``folder``; how many interactions really happened."""
    return telling.write("sell_or_retain", folder, seed)
