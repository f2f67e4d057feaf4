"""Every ordered pair at once against pyfixest called pair by pair: the same estimates and errors, and how much sooner.

    python bench/gates/pairs.py --pyfixest /path/to/a/python/that/has/it
    python bench/gates/pairs.py --large        # 2,000 units, 260 weeks, 60 indicators: time and peak memory of find_conflicts

Each indicator is regressed on last period's readings of all, with unit and period effects, clustered by unit (CV1). Readings are
missing at random in the unbalanced panels, differently for each indicator. pyfixest runs in a process of its own, on a sample of pairs.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "src"))

import numpy as np  # noqa: E402 - after the threads are counted

SIZES = ((24, 52, 12), (100, 104, 20), (400, 104, 20))


def panel(units: int, periods: int, many: int, missing: float, seed: int = 1):
    rng = np.random.default_rng(seed)
    y = rng.standard_normal((units, periods + 1, many))
    for t in range(1, periods + 1):
        y[:, t] += 0.4 * y[:, t - 1] + 0.1 * np.roll(y[:, t - 1], 1, axis=1)
    y += rng.standard_normal((units, 1, many)) + rng.standard_normal((1, periods + 1, many))
    now, past = y[:, 1:].copy(), y[:, :-1].copy()
    if missing:
        now[rng.random(now.shape) < missing] = np.nan
        past[rng.random(past.shape[:2]) < missing] = np.nan
    return now, past


def ours(y, x, repeats: int = 5):
    from portance.alignment.conflicts.regressing import regressed

    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        fits = regressed(y, x, jackknife=False)
        times.append(time.perf_counter() - start)
    estimates, errors = np.full((2, x.shape[2], y.shape[2]), np.nan)
    for places, fit in fits:
        estimates[:, places] = fit.coefficients
        errors[:, places] = np.sqrt((fit.sandwich**2).sum(axis=0))
    return estimates, errors, float(np.median(times))


def compare(python: str, sample: int) -> None:
    head = (
        "units",
        "periods",
        "indicators",
        "missing",
        "pyfixest ms",
        "ours ms",
        "times",
        "estimates",
        "errors",
    )
    print(" ".join(f"{name:>11s}" for name in head))
    for units, periods, many in SIZES:
        for missing in (0.0, 0.05):
            y, x = panel(units, periods, many, missing)
            estimates, errors, spent = ours(y, x)
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "panel.npz"
                np.savez(file, y=y, x=x)
                told = subprocess.run([python, HERE.parent / "reference" / "pyfixest_pairs.py", file, str(sample)],
                                      capture_output=True, text=True, check=True).stdout  # fmt: skip
            theirs = json.loads(told.strip().splitlines()[-1])
            apart = np.array([
                (abs(estimates[a, b] - estimate), abs(errors[a, b] / error - 1)) for a, b, estimate, error in theirs["pairs"]
            ]).max(axis=0)  # fmt: skip
            each = spent / (many * (many - 1))
            print(f"{units:11d} {periods:11d} {many:11d} {missing:11.2f} {1e3 * theirs['seconds']:11.2f} {1e3 * each:11.4f} "
                  f"{theirs['seconds'] / each:11.0f} {apart[0]:11.1e} {apart[1]:11.1e}", flush=True)  # fmt: skip


def large(
    units: int = 2000, weeks: int = 260, many: int = 60, levers: int = 12, missing: float = 0.01
) -> None:
    from portance.alignment.conflicts import find_conflicts
    from portance.alignment.indicators.panel import Moved, Panel, Steered

    rng = np.random.default_rng(0)
    values = np.empty((units, weeks, many + levers + 2))
    values[:, :, :many] = rng.standard_normal((units, weeks, many))
    for lever in range(levers):
        moves = np.where(rng.random((units, weeks)) < 1 / 20, rng.standard_normal((units, weeks)), 0.0)
        values[:, :, many + lever] = np.cumsum(moves, axis=1)
        values[:, :, lever] += 0.3 * values[:, :, many + lever]
        values[:, :, lever + levers] -= 0.05 * values[:, :, many + lever]
    values[:, :, -2:] = rng.standard_normal((units, weeks, 2))
    if missing:
        # the same weeks of a unit are missing in three groups of indicators, as where three systems feed them
        for first in range(0, many, many // 3):
            values[:, :, first : first + many // 3][rng.random((units, weeks)) < missing] = np.nan
    names = tuple(f"i{k}" for k in range(many))
    pulls = tuple(f"l{k}" for k in range(levers))
    made = Panel(names, pulls, ("c0", "c1"), tuple(map(str, range(units))), "team",
                 np.datetime64("2020-01-06") + 7 * np.arange(weeks), "week", values, np.full((1, 1, 1), np.nan))  # fmt: skip
    steered = {n: Steered(n, "f", 1, levers=(pulls[k],) if k < levers else ()) for k, n in enumerate(names)}
    start = time.perf_counter()
    found = find_conflicts(made, steered, {n: Moved(n, low=-1, high=1, assigned="drawn") for n in pulls})
    spent = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    arrows = sum(c.verdict == "conflict" for c in found.conflicts)
    print(f"{units} units, {weeks} weeks, {many} indicators, {levers} levers, {missing:.0%} missing: "
          f"{spent:.0f} s, peak {peak:.2f} GB, {len(found.conflicts)} pairs, {arrows} conflicts (planted {levers})")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pyfixest", help="a Python that has pyfixest")
    parser.add_argument("--pairs", type=int, default=40, help="how many pairs pyfixest is called for")
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    if options.pyfixest:
        compare(options.pyfixest, options.pairs)
    if options.large:
        large()


if __name__ == "__main__":
    main()
