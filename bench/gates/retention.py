"""Planted effects on staying, found again: simulated customers whose exposure depends on what also makes them leave.

    python bench/gates/retention.py --worlds 400 --seed 1000 [--kind planted|null|reverse] [--reason all|chosen]

Each world has 1,800 customers over 18 months. Contacts vary between customers and over time; breaks come with contacts,
more often in bad months, for newer customers and in busy periods; leaving depends on the same, on the exposure (while it is
recent, less once it is older) and has two reasons, one chosen. The truth is computed from the world's own hazards and each
customer's own contacts to come: departures within twelve months of the first exposure, with it and without, and (`soon`)
within the three months in which it is recent.
Kinds: `planted` (one exposure harms, one does little, one nothing), `null` (nothing does anything), `reverse` (who is about to
leave calls and meets breaks on the way out; no break does anything).
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import numpy as np

CUSTOMERS, MONTHS, AHEAD, RECENT, HORIZON = 1800, 18, 14, 3, 12
NAMES = ("long_wait", "useless_transfer", "dead_end")
HARM = {"planted": (0.8, 0.3, 0.0), "null": (0.0, 0.0, 0.0), "reverse": (0.0, 0.0, 0.0)}
OLDER = 0.4
CHOSEN = 0.6


def hazard(eta):
    return -np.expm1(-np.exp(np.minimum(eta, 3.0)))


def world(seed: int, kind: str):
    """A world's lives, and the truth: log hazard ratios and departures per 100 by reason."""
    from portance.experience.retention.lives import Lives

    rng = np.random.default_rng(seed)
    n, total = CUSTOMERS, MONTHS + AHEAD
    month = np.arange(total)
    bad = 0.5 * np.sin(2 * np.pi * (month + rng.integers(12)) / 12) + 0.3 * rng.standard_normal(total)
    first = np.where(rng.random(n) < 0.5, 0, rng.integers(0, MONTHS - 3, n))
    busy = rng.gamma(2.0, 0.35, n)
    segment = (rng.random((n, 2)) < (0.3, 0.5)).astype(float)
    contacts = rng.poisson(busy[:, None] * np.exp(0.3 * bad)[None, :], (n, total)).astype(np.float32)
    here = month[None, :] >= first[:, None]
    contacts *= here
    contacts[np.arange(n), first] += 1
    tenure = np.maximum(month[None, :] - first[:, None], 0)
    harm = np.array(HARM[kind])
    counts = {}
    for number, name in enumerate(NAMES):
        chance = 1 / (
            1
            + np.exp(
                -(-2.7 + 0.3 * number + 0.9 * bad[None, :] - 0.25 * np.log1p(tenure) + 0.4 * segment[:, :1])
            )
        )
        counts[name] = rng.binomial(contacts.astype(int), chance).astype(np.float32)
    leave_now = np.zeros((n, total))
    if kind == "reverse":
        deciding = 0.02 * here * (tenure > 0)
        decided = rng.random((n, total)) < deciding
        when = np.where(decided.any(axis=1), decided.argmax(axis=1), total + 5)
        for number, name in enumerate(NAMES):
            extra = rng.random(n) < (0.7, 0.5, 0.0)[number]
            mine = np.flatnonzero(extra & (when < total))
            counts[name][mine, when[mine]] += 1
            contacts[mine, when[mine]] += 1
        gone = when + 1 + (rng.random(n) < 0.15)
    summed = np.concatenate([np.zeros((n, 1)), np.cumsum(contacts, axis=1)], axis=1)

    def window(cumulated, t):
        return cumulated[:, t] - cumulated[:, max(t - RECENT, 0)]

    flags = {}
    for name in NAMES:
        so_far = np.concatenate([np.zeros((n, 1)), np.cumsum(counts[name], axis=1)], axis=1)
        now = np.stack([window(so_far, t) > 0 for t in range(total)], axis=1)
        before = np.stack([so_far[:, max(t - RECENT, 0)] > 0 for t in range(total)], axis=1)
        flags[name] = (now, before)
    volume = np.stack([np.log1p(window(summed, t)) for t in range(total)], axis=1)
    base = (
        -4.6
        + 0.9 * bad[None, :]
        - 0.25 * np.log1p(tenure)
        + 0.35 * volume
        + segment @ np.array([0.5, -0.3])[:, None]
    )
    if kind == "reverse":
        base = np.full((n, total), -6.5)
    added = sum(harm[k] * (flags[name][0] + OLDER * flags[name][1]) for k, name in enumerate(NAMES))
    # the exposure raises the hazard of choosing to leave; other reasons go their own way
    chosen_h = hazard(base + added + np.log(CHOSEN))
    other_h = hazard(base + np.log(1 - CHOSEN))
    draw = rng.random((n, total))
    at_risk = month[None, :] > first[:, None]
    leave_now = at_risk & (draw < chosen_h + other_h)
    if kind == "reverse":
        leave_now |= month[None, :] == gone[:, None]
    inside = leave_now[:, :MONTHS]
    left = inside.any(axis=1)
    last = np.where(left, inside.argmax(axis=1), MONTHS - 1)
    by_choice = draw[np.arange(n), last] < chosen_h[np.arange(n), last]
    if kind == "reverse":
        by_choice = rng.random(n) < CHOSEN
    reason = np.where(left, np.where(by_choice, 0, 1), -1)
    truth = {}
    for k, name in enumerate(NAMES):
        met = (
            (counts[name][:, :MONTHS] > 0)
            & (month[None, :MONTHS] >= first[:, None])
            & (month[None, :MONTHS] < last[:, None])
        )
        rows = np.flatnonzero(met.any(axis=1))
        start = met[rows].argmax(axis=1) + 1
        mine = base[rows] + sum(
            harm[j] * (flags[other][0][rows] + OLDER * flags[other][1][rows])
            for j, other in enumerate(NAMES)
            if j != k
        )
        at = np.minimum(start[:, None] + np.arange(HORIZON), total - 1)
        eta = np.take_along_axis(mine, at, axis=1)
        step = np.where(np.arange(HORIZON) < RECENT, harm[k], OLDER * harm[k])
        rest = hazard(np.take_along_axis(base[rows], at, axis=1) + np.log(1 - CHOSEN))
        lost = []
        for shift in (step, 0.0):
            chosen = hazard(eta + shift + np.log(CHOSEN))
            there = np.cumprod(1 - chosen - rest, axis=1)
            before = np.concatenate([np.ones((len(rows), 1)), there[:, :-1]], axis=1)
            lost.append((1 - there[:, -1], (chosen * before).sum(axis=1)))
        # while it is recent: those whose recent months all lie within what is seen
        seen = start + RECENT <= MONTHS
        soon = []
        for shift in (harm[k], 0.0):
            chosen = hazard(eta[:, :RECENT] + shift + np.log(CHOSEN))[seen]
            there = np.cumprod(1 - chosen - rest[seen, :RECENT], axis=1)
            before = np.concatenate([np.ones((len(there), 1)), there[:, :-1]], axis=1)
            soon.append((1 - there[:, -1], (chosen * before).sum(axis=1)))
        truth[name] = {
            "soon_all": 100 * float((soon[0][0] - soon[1][0]).mean()),
            "soon_chosen": 100 * float((soon[0][1] - soon[1][1]).mean()),
            "log_chosen": harm[k],
            "log_all": float(np.log(CHOSEN * np.exp(harm[k]) + 1 - CHOSEN)),
            "all": 100 * float((lost[0][0] - lost[1][0]).mean()),
            "chosen": 100 * float((lost[0][1] - lost[1][1]).mean()),
        }
    lives = Lives(
        first, last, left, reason, ("choice", "other"), contacts[:, :MONTHS],
        {name: counts[name][:, :MONTHS] for name in NAMES}, RECENT, HORIZON, None, segment,
    )  # fmt: skip
    return lives, truth


def run(kind: str, worlds: int, seed: int, reasons: tuple[str, ...]) -> None:
    from portance.experience.retention.comparing import effects

    began = time.perf_counter()
    found = {(reason, name): [] for reason in reasons for name in NAMES}
    departures = []
    for number in range(worlds):
        lives, truth = world(seed + number, kind)
        departures.append(lives.left.mean())
        for one in effects(lives, NAMES, chosen=("choice",), seed=seed + number, only=reasons):
            if one.lost_per_100 is None:
                continue
            true = truth[one.exposure]
            found[one.reason, one.exposure].append(
                (
                    true[one.reason], one.lost_per_100, one.lost_low, one.lost_high, true[f"log_{one.reason}"], np.log(one.hazard_ratio),
                    np.log(one.ci_low), np.log(one.ci_high), one.verdict != "not_detectable", one.verdict == "more_leave", one.grade,
                    ",".join(one.failed), true[f"soon_{one.reason}"], one.soon_per_100, one.soon_low, one.soon_high, one.whole,
                )
            )  # fmt: skip
    print(f"{kind}: {worlds} worlds from seed {seed}, {CUSTOMERS} customers, {MONTHS} months, {np.mean(departures):.2f} leave, "
          f"{(time.perf_counter() - began) / worlds:.2f} s each")  # fmt: skip
    print(f"{'reason':7s} {'exposure':17s} {'truth':>6s} {'found':>6s} {'covered':>8s} {'log hr':>7s} {'found':>6s} {'covered':>8s} {'soon':>6s} {'found':>6s} {'covered':>8s} {'told':>6s} {'whole':>6s} {'C of told':>9s} refuted")  # fmt: skip
    for (reason, name), rows in found.items():
        if not rows:
            continue
        table = np.array([row[:10] for row in rows], dtype=float)
        covered = np.mean((table[:, 2] <= table[:, 0]) & (table[:, 0] <= table[:, 3]))
        hr = np.mean((table[:, 6] <= table[:, 4]) & (table[:, 4] <= table[:, 7]))
        told = table[:, 8].mean()
        soon = np.array([row[12:17] for row in rows], dtype=float)
        near = np.mean((soon[:, 2] <= soon[:, 0]) & (soon[:, 0] <= soon[:, 3]))
        grades = [row[10] for row in rows if row[8]]
        best = np.mean([grade == "C" for grade in grades]) if grades else float("nan")
        codes = {}
        for row in rows:
            for code in filter(None, row[11].split(",")):
                codes[code] = codes.get(code, 0) + 1
        print(f"{reason:7s} {name:17s} {table[:, 0].mean():6.2f} {table[:, 1].mean():6.2f} {covered:8.3f} {table[:, 4].mean():7.2f} "
              f"{table[:, 5].mean():6.2f} {hr:8.3f} {soon[:, 0].mean():6.2f} {soon[:, 1].mean():6.2f} {near:8.3f} {told:6.3f} {soon[:, 4].mean():6.3f} {best:9.3f} {({k: round(v / len(rows), 2) for k, v in codes.items()})}",
              flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument(
        "--untested", action="store_true", help="leave the tests against effects out: figures alone, sooner"
    )
    parser.add_argument("--reason", choices=("all", "chosen"), action="append")
    parser.add_argument("--kind", choices=tuple(HARM), action="append")
    options = parser.parse_args()
    if options.untested:
        from portance.experience.retention import comparing
        from portance.experience.retention.refuting import Refutations

        nothing = Refutations(*[float("nan")] * 4, ())
        comparing.refutations = lambda made, *_: dict.fromkeys(made.recent, nothing)
    for kind in options.kind or HARM:
        run(kind, options.worlds, options.seed, tuple(options.reason or ("all", "chosen")))


if __name__ == "__main__":
    main()
