"""Planted costs of irritants, ranked again: heavier customers write more, are lost more, and meet some irritants more.

    python bench/gates/irritants.py --worlds 400 --seed 5000

Each world has about 4,000 texts of 2,500 customers and eight irritants: one rare that ruins (2 % of texts), two that matter,
three frequent trifles that only bring a contact or a little more, and two that cost nothing but go with heavy customers, who leave more
anyway. Amounts of money are drawn within the declared range. Truth: each carrier's own change, planted, times the true amounts.
`raw` ranks by the plain difference of means instead, for comparison; `count` by how often an irritant is written.
"""

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import numpy as np

NAMES = ("ruins", "matters", "weighs", "trifle", "nuisance", "detail", "heavy", "nothing")
SHARES = (0.02, 0.06, 0.05, 0.20, 0.15, 0.10, 0.08, 0.04)
LOST = (0.35, 0.11, 0.12, 0.004, 0.0, 0.0, 0.0, 0.0)
CONTACTS = (0.8, 0.3, 0.2, 0.25, 0.15, 0.05, 0.0, 0.0)
COMPLAINTS = (0.3, 0.1, 0.05, 0.0, 0.02, 0.0, 0.0, 0.0)
WITH_HEAVY = (0.2, 0.2, -0.2, 0.3, 0.5, 0.0, 1.0, 0.6)
RANGES = ((200.0, 300.0, 420.0), (5.0, 7.0, 9.0), (20.0, 30.0, 45.0))


def world(seed: int):
    """The texts of a world, and the true loss, change in P(lost) and share of each irritant."""
    from portance.experience.irritants.gathered import Gathered

    rng = np.random.default_rng(seed)
    people = 2500
    heavy = rng.standard_normal(people)
    newer = rng.random(people)
    texts = 1 + rng.poisson(0.6 * np.exp(0.5 * heavy))
    customer = np.repeat(np.arange(people), texts)
    n = len(customer)
    h, t = heavy[customer], newer[customer]
    channel = rng.integers(0, 3, n)
    size = np.exp(rng.normal(0, 0.12, 8))  # how often, in this world
    carried = np.stack(
        [
            rng.random(n) < np.clip(share * s * np.exp(w * h - w * w / 2 + 0.3 * (channel == k % 3)), 0, 0.8)
            for k, (share, s, w) in enumerate(zip(SHARES, size, WITH_HEAVY, strict=True))
        ],
        axis=1,
    )
    scale = np.exp(rng.normal(0, 0.1, 8))
    lost, contacts, complaints = (np.array(each) * scale for each in (LOST, CONTACTS, COMPLAINTS))
    base = 1 / (1 + np.exp(-(-2.9 + 0.7 * h + 0.8 * t)))
    usual = np.exp(-1.0 + 0.5 * h)
    p_lost = np.clip(base + carried @ lost, 0, 1)
    outcomes = np.column_stack(
        [
            rng.random(n) < p_lost,
            rng.poisson(usual + carried @ contacts),
            rng.poisson(0.05 * np.exp(0.3 * h) + carried @ complaints),
        ]
    ).astype(float)
    seen = rng.random(n) < 0.85
    outcomes[~seen] = np.nan
    past = np.log1p(rng.poisson(np.exp(1.5 + 0.6 * h)))
    before = np.column_stack([h + 0.2 * rng.standard_normal(n), past, t, channel == 1, channel == 2]).astype(
        float
    )
    control = rng.poisson(np.exp(-1 + 0.5 * h)).astype(float)
    amounts = np.array([rng.triangular(*each) for each in RANGES])
    truth, effect = [], []
    for k in range(8):
        mine = carried[:, k]
        without = np.clip(base + np.delete(carried, k, axis=1) @ np.delete(lost, k), 0, 1)
        change = float((p_lost - without)[mine].mean())
        effect.append(change)
        persons = len(np.unique(customer[mine]))
        truth.append(
            persons * change * amounts[0]
            + mine.sum() * (contacts[k] * amounts[1] + complaints[k] * amounts[2])
        )
    gathered = Gathered(
        customer, dict(zip(NAMES, carried.T, strict=True)), before, outcomes, 180, 30,
        np.clip(70 - 100 * p_lost + 10 * rng.standard_normal(n), 0, 100), np.full(n, "fr"), before[:, [0, 2, 3, 4]], control,
    )  # fmt: skip
    return gathered, np.array(truth), np.array(effect), carried.mean(axis=0)


def main() -> None:
    from portance.experience.irritants.cost import Worth
    from portance.experience.irritants.costing import costs

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument(
        "--bare", action="store_true", help="losses and ranks alone: no severity, no grade, sooner"
    )
    options = parser.parse_args()
    worths = {place: Worth(*each) for place, each in enumerate(RANGES)}
    began = time.perf_counter()
    right = ordered = by_count = by_raw = 0
    first = []
    loss_in, lost_in, told, grades = (np.zeros(8) for _ in range(4))
    counted = np.zeros(8)
    widths, truths = np.zeros(8), np.zeros(8)
    for number in range(options.worlds):
        gathered, truth, effect, share = world(options.seed + number)
        if options.bare:
            gathered = replace(gathered, points=np.full(gathered.n, np.nan), control=np.zeros(0))
        top = list(np.argsort(-truth)[:3])
        found = {one.irritant: one for one in costs(gathered, worths, seed=options.seed + number)}
        order = sorted((one for one in found.values() if one.rank), key=lambda one: one.rank)
        mine = [NAMES.index(one.irritant) for one in order[:3]]
        right += set(mine) == set(top)
        ordered += mine == top
        first.append(mine[:1] == top[:1])
        by_count += set(np.argsort(-share)[:3]) == set(top)
        seen = np.isfinite(gathered.outcomes).all(axis=1)
        raw = []
        for name in NAMES:
            flag = gathered.irritants[name]
            apart = gathered.outcomes[seen & flag].mean(axis=0) - gathered.outcomes[seen & ~flag].mean(axis=0)
            raw.append(flag.sum() * float(apart @ np.array([each[1] for each in RANGES])))
        by_raw += set(np.argsort(raw)[-3:]) == set(top)
        for k, name in enumerate(NAMES):
            one = found[name]
            if one.loss.low is None:
                continue
            counted[k] += 1
            loss_in[k] += one.loss.low <= truth[k] <= one.loss.high
            lost_in[k] += one.lost.low <= effect[k] <= one.lost.high
            told[k] += one.rank is not None
            grades[k] += one.grade == "C"
            widths[k] += one.loss.value
            truths[k] += truth[k]
    worlds = options.worlds
    print(f"{worlds} worlds from seed {options.seed}, {(time.perf_counter() - began) / worlds:.2f} s each")
    print(f"top three right (as a set) {right / worlds:.3f}, in order {ordered / worlds:.3f}, the first right {np.mean(first):.3f}; "
          f"by raw differences {by_raw / worlds:.3f}, by frequency {by_count / worlds:.3f}")  # fmt: skip
    print(
        f"{'irritant':10s} {'share':>6s} {'true loss':>10s} {'found':>10s} {'loss in':>8s} {'lost in':>8s} {'ranked':>7s} {'grade C':>8s}"
    )
    for k, name in enumerate(NAMES):
        print(f"{name:10s} {SHARES[k]:6.2f} {truths[k] / counted[k]:10.0f} {widths[k] / counted[k]:10.0f} {loss_in[k] / counted[k]:8.3f} "
              f"{lost_in[k] / counted[k]:8.3f} {told[k] / counted[k]:7.3f} {grades[k] / counted[k]:8.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
