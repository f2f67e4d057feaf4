"""How often an alarm is earned where the margin does foretell a fall, and where it does not.

Run: python bench/gates/stall.py [--companies 400]. Simulated companies of 8 to 30 teams and 52 to 104 weeks, with persistence,
weeks that all teams share, errors of reading and missing cells:

- none: what employees say moves on its own;
- shared: something unseen moves all teams' customers and all teams' employees, each in its own weeks;
- follows: what employees say follows what customers live, and never comes before it;
- planted: what customers live follows what employees say six weeks later.
"""

import argparse

import numpy as np

from portance.estimation import wilson
from portance.estimation.foretelling import foretell
from portance.experience.employees.balancing import ADEQUATE
from portance.experience.employees.stalling import HORIZON_WEEKS, signs

WORLDS = ("none", "shared", "follows", "planted")
LAG = 6


def company(world: str, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lift and thrust by team and week on 0 to 100, and the changes of each week."""
    teams, weeks = int(chance.integers(8, 31)), int(chance.integers(52, 105))
    warm = 20
    own, mood = (_walk(chance, teams, weeks + warm) for _ in range(2))
    common, common_mood = (_walk(chance, 1, weeks + warm) for _ in range(2))
    if world == "planted":
        lift = 0.55 * own + np.roll(mood, LAG, axis=1)
    elif world == "follows":
        lift, mood = own, 0.55 * mood + np.roll(own, 1, axis=1)
    elif world == "shared":
        lift, mood = 0.8 * own + 0.6 * common, 0.8 * mood + 0.6 * common_mood
    else:
        lift = own
    level = 56 + 3 * chance.normal(size=(teams, 1)) + 6 * lift[:, warm:]
    thrust = 58 + 4 * chance.normal(size=(teams, 1)) + 8 * mood[:, warm:]
    level = np.clip(level + 2.5 * chance.normal(size=level.shape), 0, 100)
    thrust = np.clip(thrust + 2.5 * chance.normal(size=thrust.shape), 0, 100)
    for table in (level, thrust):
        table[chance.random(table.shape) < 0.03] = np.nan
    return level, thrust, (chance.random(weeks) < 0.06).astype(float)


def _walk(chance: np.random.Generator, units: int, weeks: int) -> np.ndarray:
    """Persistent, of standard deviation 1."""
    kept = 0.85
    found = np.zeros((units, weeks))
    found[:, 0] = chance.normal(size=units)
    for week in range(1, weeks):
        found[:, week] = kept * found[:, week - 1] + np.sqrt(1 - kept * kept) * chance.normal(size=units)
    return found


def main() -> None:
    """Print how often an alarm is earned in each world."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--companies", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{'worlds':9} {'n':>4} {'judged':>7} {'earned':>7} {'95 %':>13} {'skill, median':>14}")
    for number, world in enumerate(WORLDS):
        chance = np.random.default_rng([given.seed, number])
        skills, earned = [], 0
        for _ in range(given.companies):
            level, thrust, changes = company(world, chance)
            found = foretell(level, signs(level, thrust, changes, 1), ADEQUATE, HORIZON_WEEKS)
            earned += found.earned
            if found.skill is not None:
                skills.append(found.skill)
        low, high = wilson(earned, given.companies)
        share = earned / given.companies
        print(f"{world:9} {given.companies:>4} {len(skills):>7} {share:>7.3f} {low:>6.3f}-{high:<6.3f} {np.median(skills):>14.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
