"""Do scans of the shipped companies tell their stories, and does the healthy one stay silent?

    python bench/gates/stories.py --seeds 1 2 3

For each company and seed: the pairs that have to be found, with their truth, what was found and at which grade; whether
the watermelon was found under its function; and how many conflicts were told that are not true.
"""

import argparse
import json
import tempfile
from pathlib import Path

from portance import worlds
from portance.charter import read
from portance.workspace import Workspace

STORIES = ("sell_or_retain", "short_calls", "on_time", "healthy")
ENOUGH = ("A", "B", "C")
LOST, BLIND = 0.1, 0.6
"""As findings tell it: surely so many lost inside the green, and a scoreboard that does not surely help to see it."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--stories", nargs="+", default=STORIES, choices=STORIES)
    arguments = parser.parse_args()
    for name in arguments.stories:
        for seed in arguments.seeds:
            with tempfile.TemporaryDirectory() as folder:
                tell(name, seed, Path(folder))


def tell(name: str, seed: int, folder: Path) -> None:
    made = worlds.make(name, folder, seed)
    truth = json.loads((made.truth / "truth.json").read_text(encoding="utf-8"))
    with Workspace(read(made.charter)) as workspace:
        scan = workspace.scan()
        conflicts = scan.table("conflicts").to_pylist()
        watermelons = scan.table("watermelons").to_pylist()
    found = {
        (row["from_indicator"], row["to_indicator"]): row
        for row in conflicts
        if row["kind"] == "empirical" and row["verdict"] == "conflict"
    }
    print(f"\n{name}, seed {seed}")
    for story in truth["found"]:
        row = found.get((story["from"], story["to"]))
        owners = row and (row["from_function"], row["to_function"]) == (
            story["from_function"],
            story["to_function"],
        )
        told = (
            "not found"
            if row is None
            else f"{row['effect']:.2f} [{row['ci_low']:.2f}, {row['ci_high']:.2f}] grade {row['grade']}"
        )
        kept = bool(row and row["grade"] in ENOUGH and owners)
        print(
            f"  {'ok ' if kept else 'NOT'} {story['from']} > {story['to']}: true {story['effect']:.2f}, {told}"
        )
    true = {(row["from"], row["to"]) for row in truth["effects"] if row["conflict"]}
    false = [pair for pair in found if pair not in true]
    listed = ", ".join(f"{' > '.join(pair)} ({found[pair]['grade']})" for pair in false)
    print(f"  told but not true: {listed or 'none'}")
    melons = [
        row["scope"]
        for row in watermelons
        if row["unit"] == "journey" and (row["ci_low"] or 0.0) >= LOST and (row["auc_low"] or 0.0) < BLIND
    ]
    expected = truth["watermelon"]
    kept = f"function:{expected['function']}" in melons if expected else name != "healthy" or not melons
    print(f"  {'ok ' if kept else 'NOT'} watermelons: {', '.join(melons) or 'none'}")


if __name__ == "__main__":
    main()
