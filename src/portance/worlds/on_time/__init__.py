"""Dourcy releases its tool on the announced day and trains nobody: agents work around it and key twice."""

from pathlib import Path

from portance.worlds.company import telling


def make(folder: Path, seed: int) -> int:
    """Write the world into ``folder``; how many interactions really happened."""
    return telling.write("on_time", folder, seed)
