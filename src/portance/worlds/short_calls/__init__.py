"""Cassenay presses calls to be short: problems come back, customers leave, and customer service is all green."""

from pathlib import Path

from portance.worlds.company import telling


def make(folder: Path, seed: int) -> int:
    """Write the world into ``folder``; how many interactions really happened."""
    return telling.write("short_calls", folder, seed)
