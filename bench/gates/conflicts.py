"""Are conflicts found that exist, and only those? Random simulated companies against their counterfactual truth.

    python bench/gates/conflicts.py --worlds 400                      # seeds 0 to 399, of every kind
    python bench/gates/conflicts.py --worlds 400 --commit             # seeds drawn from the hash of the commit
    python bench/gates/conflicts.py --kinds observed null --worlds 40 --units 40 --weeks 104

A pair is a true conflict where the counterfactual run harms it by the smallest effect of interest (0.10 SD) or more.
*recall*: true conflicts declared. *false*: declared, but not true (the strict count: an effect of -0.09 counts as false;
*far* counts those whose truth is above -0.05). *arrows*: false conflicts per company, with those of pairs that have no
counterfactual truth where nothing harmful was planted. *cover*: 95 % intervals that hold the truth, of those that are
bounded. *sign*: conflicts whose truth is a synergy, and the reverse; *turned*: companies most of whose arrows
have the wrong sign. Pairs labelled as coupled by construction are left out and counted. Intervals of figures draw companies again.
"""

import argparse
import hashlib
import itertools
import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "src"))

import numpy as np  # noqa: E402 - after the threads are counted

KINDS = ("observed", "null", "hidden", "hidden_null", "nonlinear", "lagged", "gamed", "unmoved")
MAIN = ("observed", "null", "hidden", "hidden_null", "nonlinear", "lagged")


def seeds(count: int, *, commit: bool) -> list[int]:
    if not commit:
        return list(range(count))
    told = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=HERE, capture_output=True, text=True, check=True
    ).stdout
    first = hashlib.sha256(f"conflicts {told.strip()}".encode()).digest()
    return [int(s) for s in np.random.default_rng(list(first)).choice(2**31, count, replace=False)]


def one(task):
    """What a company shows of every pair: (from, to, truth, effect, low, high, verdict, grade, kind)."""
    kind, seed, units, weeks = task
    from portance.alignment.conflicts import find_conflicts
    from portance.worlds.company import draw

    world = draw(seed, kind, teams=units, weeks=weeks)
    truth = {(pair.from_indicator, pair.to_indicator): pair.effect for pair in world.truth.pairs}
    panel = world.panel()
    steered, moved = ({one.name: one for one in some} for some in (world.steered, world.moved))
    start = time.process_time()
    found = find_conflicts(panel, steered, moved, seed=seed)
    spent = time.process_time() - start
    pairs = [
        (c.from_indicator, c.to_indicator, truth.get((c.from_indicator, c.to_indicator)), c.effect, c.ci_low, c.ci_high,
         c.verdict, c.grade, c.kind, c.reason, c.refuted)
        for c in found.conflicts
    ]  # fmt: skip
    return {"kind": kind, "seed": seed, "pairs": pairs, "seconds": spent}


def counted(world, smallest=0.10):
    """Sums of one company, which figures are ratios of."""
    n = dict.fromkeys(
        ("true", "found", "declared", "false", "far", "bounded", "covered", "asked", "untold", "sign", "turned", "coupled",
         "coupled_true", "declared_abc", "false_abc", "harmless"), 0)  # fmt: skip
    wrong = 0
    for _, _, truth, _, low, high, verdict, _, kind, *_ in world["pairs"]:
        if kind == "mechanical":
            n["coupled"] += 1
            n["coupled_true"] += truth is not None and truth <= -smallest
            continue
        if truth is None:
            n["untold"] += verdict == "conflict"
            continue
        n["asked"] += 1
        n["true"] += truth <= -smallest
        n["found"] += truth <= -smallest and verdict == "conflict"
        if low is not None:
            n["bounded"] += 1
            n["covered"] += low <= truth <= high
        arrow = -1 if verdict == "conflict" else 1 if verdict == "synergy" else 0
        if arrow:
            wrong += 1 if arrow * truth < 0 else -1
            n["sign"] += arrow * truth <= -smallest
        if verdict == "conflict":
            n["declared"] += 1
            n["false"] += truth > -smallest
            n["far"] += truth > -smallest / 2
    for _, _, truth, _, _, _, verdict, grade, kind, *_ in world["pairs"]:
        if kind != "mechanical" and truth is not None and verdict == "conflict" and grade in "ABC":
            n["declared_abc"] += 1
            n["false_abc"] += truth > -smallest
    n["turned"] = int(wrong > 0)
    n["worlds"] = 1
    n["arrows"] = n["false"] + (n["untold"] if not n["true"] else 0)
    return n


FIGURES = {
    "recall": ("found", "true"), "false": ("false", "declared"), "far": ("far", "declared"),
    "false A-C": ("false_abc", "declared_abc"), "cover": ("covered", "bounded"), "arrows": ("arrows", "worlds"),
    "sign": ("sign", "worlds"), "turned": ("turned", "worlds"), "bounded": ("bounded", "asked"),
}  # fmt: skip


def table(worlds):
    print(f"{'':12s} {'worlds':>6s} " + " ".join(f"{name:>19s}" for name in FIGURES) + f" {'seconds':>8s}")
    rng = np.random.default_rng(0)
    for kind in dict.fromkeys(world["kind"] for world in worlds):
        mine = [world for world in worlds if world["kind"] == kind]
        sums = [counted(world) for world in mine]
        cells = []
        for above, below in FIGURES.values():
            a, b = (np.array([n[name] for n in sums], dtype=float) for name in (above, below))
            if not b.sum():
                cells.append(f"{'-':>19s}")
                continue
            again = rng.integers(0, len(mine), (999, len(mine)))
            drawn = a[again].sum(axis=1) / np.maximum(b[again].sum(axis=1), 1)
            low, high = np.quantile(drawn, [0.025, 0.975])
            cells.append(f"{a.sum() / b.sum():7.3f} {low:5.3f}-{high:5.3f}")
        print(
            f"{kind:12s} {len(mine):6d} " + " ".join(cells) + f" {np.mean([w['seconds'] for w in mine]):8.2f}"
        )
    print()
    print(f"{'':12s} {'grade':>6s} {'conflicts':>9s} {'false':>6s}  share;   no truth told   coupled (true)")
    for kind in dict.fromkeys(world["kind"] for world in worlds):
        mine = [world for world in worlds if world["kind"] == kind]
        sums = [counted(world) for world in mine]
        for grade in "ABCDE":
            told = [
                p
                for w in mine
                for p in w["pairs"]
                if p[6] == "conflict" and p[7] == grade and p[2] is not None
            ]
            if told:
                false = sum(p[2] > -0.10 for p in told)
                print(f"{kind:12s} {grade:>6s} {len(told):9d} {false:6d}  {false / len(told):5.3f}")
        print(f"{kind:12s} {'':>6s} {'':>9s} {'':>6s}  {'':5s}; {sum(n['untold'] for n in sums):14d} "
              f"{sum(n['coupled'] for n in sums):8d} ({sum(n['coupled_true'] for n in sums)})")  # fmt: skip
    print()
    edges = (-9, -0.5, -0.4, -0.3, -0.25, -0.2, -0.15, -0.1, -0.05, 0, 9)
    print("share declared a conflict, by true effect (n)")
    for kind in dict.fromkeys(world["kind"] for world in worlds):
        mine = [
            p
            for w in worlds
            if w["kind"] == kind
            for p in w["pairs"]
            if p[2] is not None and p[8] != "mechanical"
        ]
        cells = []
        for low, high in itertools.pairwise(edges):
            inside = [p[6] == "conflict" for p in mine if low < p[2] <= high]
            cells.append(
                f"{high:+.2f}: {np.mean(inside):.2f} ({len(inside)})" if inside else f"{high:+.2f}: -"
            )
        print(f"{kind:12s} " + "  ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kinds", nargs="*", default=list(MAIN), choices=KINDS)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--units", type=int, default=24)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument(
        "--commit", action="store_true", help="seeds from the hash of the commit, to be looked at once"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--out", type=Path, help="every pair, as JSON lines; what is there already is not run again"
    )
    options = parser.parse_args()

    chosen = seeds(options.worlds, commit=options.commit)
    tasks = [(kind, seed, options.units, options.weeks) for seed in chosen for kind in options.kinds]
    worlds = []
    if options.out and options.out.exists():
        worlds = [json.loads(line) for line in options.out.read_text().splitlines()]
        there = {(world["kind"], world["seed"]) for world in worlds}
        tasks = [task for task in tasks if task[:2] not in there]
    # spawned, not forked: a library's threads do not survive a fork
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for done, world in enumerate(pool.imap_unordered(one, tasks, chunksize=4), 1):
            worlds.append(world)
            if options.out:
                with options.out.open("a") as file:
                    file.write(json.dumps(world) + "\n")
            if done % 50 == 0:
                print(f"{done} of {len(tasks)}", file=sys.stderr, flush=True)
    worlds.sort(key=lambda world: (KINDS.index(world["kind"]), world["seed"]))
    which = "from the commit" if options.commit else f"0 to {options.worlds - 1}"
    print(f"{options.units} units, {options.weeks} weeks; seeds {which}")
    table(worlds)


if __name__ == "__main__":
    main()
