"""Does thrust come before lift? How often it is said where nothing was planted, and found where something was.

Worlds of teams and weeks: thrust and lift each persist from week to week, share the company's weeks, and are read with
the error of small groups; some cells are missing. ``none``: independent. ``thrust``: a standard deviation more of
thrust brings ``--effect`` of one more lift the week after. ``lift``: the reverse. ``shared``: something unseen moves
both within the same week. ``python bench/gates/thrust.py --worlds 400 --seed 1`` prints the table.
"""

import argparse
import sys
from collections import Counter

import numpy as np

from portance.estimation import wilson
from portance.estimation.lagging import lagged
from portance.experience.employees.preceding import LAGS_WEEKS, verdict

KINDS = ("none", "thrust", "lift", "shared")


def world(kind: str, generator: np.random.Generator, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """Thrust and lift as read, (teams, weeks), NaN where missing."""
    teams, weeks = int(generator.integers(8, 31)), int(generator.integers(39, 105))
    keep = generator.uniform(0.0, 0.8, 2)
    spread = np.sqrt(1 - keep**2)
    thrust, lift = np.zeros((teams, weeks)), np.zeros((teams, weeks))
    unseen = np.zeros(teams)
    now = generator.normal(size=(2, teams))
    for week in range(weeks):
        unseen = 0.5 * unseen + np.sqrt(0.75) * generator.normal(size=teams)
        before = now.copy()
        now = keep[:, None] * now + spread[:, None] * generator.normal(size=(2, teams))
        if kind == "thrust":
            now[1] += effect * before[0]
        if kind == "lift":
            now[0] += effect * before[1]
        both = 0.7 * unseen if kind == "shared" else 0.0
        thrust[:, week], lift[:, week] = now[0] + both, now[1] + both
    weekly = generator.normal(size=(2, weeks)) * 0.5
    unit = generator.normal(size=(2, teams))
    error = generator.uniform(0.2, 0.8, 2)
    thrust += unit[0][:, None] + weekly[0] + error[0] * generator.normal(size=thrust.shape)
    lift += unit[1][:, None] + weekly[1] + error[1] * generator.normal(size=lift.shape)
    thrust[generator.random(thrust.shape) < generator.uniform(0, 0.3)] = np.nan
    lift[generator.random(lift.shape) < generator.uniform(0, 0.1)] = np.nan
    return thrust, lift


def said(thrust: np.ndarray, lift: np.ndarray) -> str:
    """The verdict of a company: what the lags say, the surest first."""
    level = 1 - 0.05 / len(LAGS_WEEKS)
    found = {verdict(lagged(lift, thrust, lag), lagged(thrust, lift, lag), level) for lag in LAGS_WEEKS}
    return next((one for one in ("both", "thrust_first", "lift_first") if one in found), "not_detectable")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--effect", type=float, default=0.25)
    arguments = parser.parse_args()
    print("| worlds | n | thrust_first | lift_first | both | not_detectable | thrust_first, 95 % |")
    print("|---|---|---|---|---|---|---|")
    false = 0.0
    for number, kind in enumerate(KINDS):
        generator = np.random.default_rng([arguments.seed, number])
        counts = Counter(said(*world(kind, generator, arguments.effect)) for _ in range(arguments.worlds))
        n = arguments.worlds
        low, high = wilson(counts["thrust_first"], n)
        shares = " | ".join(
            f"{counts[one] / n:.3f}" for one in ("thrust_first", "lift_first", "both", "not_detectable")
        )
        print(f"| {kind} | {n} | {shares} | {low:.3f}-{high:.3f} |", flush=True)
        if kind == "none":
            false = counts["thrust_first"] / n
    return int(false > 0.05)


if __name__ == "__main__":
    sys.exit(main())
