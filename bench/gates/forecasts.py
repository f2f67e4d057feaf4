"""Forecasts of arbitrations against the counterfactual run: coverage of 90 % intervals, sign of the net.

One world per figure: a random company whose lever is set somewhere else, within its range or a little beyond what was
seen, and kept there. ``python bench/gates/forecasts.py --worlds 400 --seed 1`` prints the table; ``--json FILE`` keeps
every case.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from portance.alignment.arbitration.evidence import HORIZONS, gather
from portance.alignment.arbitration.forecasting import simulate
from portance.alignment.arbitration.question import Move, Option
from portance.alignment.conflicts import find_conflicts
from portance.estimation import wilson
from portance.worlds.company import draw

KINDS = ("observed", "null", "nonlinear", "lagged", "hidden", "gamed")
CLEAR = 0.05


@dataclass(frozen=True)
class Case:
    """One forecast of one indicator, or of the net (indicator ``net``), and the truth."""

    seed: int
    kind: str
    lever: str
    setting: float
    horizon: str
    indicator: str
    low: float
    median: float
    high: float
    truth: float
    p_negative: float
    extrapolated: bool
    grade: str
    spread: float


def cases(seed: int, kind: str, horizons: tuple[str, ...]) -> list[Case]:
    world = draw(seed, kind)
    panel = world.panel()
    steered = {one.name: one for one in world.steered}
    moved = {one.name: one for one in world.moved}
    found = find_conflicts(panel, steered, moved, seed=seed)
    rows = [asdict(row) for row in found.conflicts]
    evidence = gather(panel, steered, moved, found.responses, rows, run_id=str(seed), as_of=date(2026, 1, 1))
    generator = np.random.default_rng([seed, 99])
    levers = [one for one in evidence.settings if one.name in found.responses.levers]
    if not levers:
        return []
    lever = levers[int(generator.integers(len(levers)))]
    setting = float(generator.uniform(lever.low, lever.high))
    told = simulate(evidence, [Option(1, (Move("lever", lever.name, setting),))], seed=seed)[0]
    made = []
    for place, horizon in enumerate(HORIZONS):
        if horizon not in horizons:
            continue
        truth = world.counterfactual({lever.name: setting}, evidence.periods[place])
        here = [row for row in told.forecasts if row.horizon == horizon and row.team is None]
        made += [
            Case(
                seed, kind, lever.name, setting, horizon, row.indicator, row.low, row.median, row.high,
                truth.deltas[row.indicator], float("nan"), row.extrapolated, row.grade,
                world.truth.spreads[row.indicator],
            )
            for row in here
        ]  # fmt: skip
        net = told.net[:, place]
        if np.isfinite(net).all() and here:
            low, median, high = np.quantile(net, [0.05, 0.5, 0.95])
            made.append(
                Case(
                    seed, kind, lever.name, setting, horizon, "net", low, median, high, truth.net,
                    float(np.mean(net < 0)), here[0].extrapolated, max(row.grade for row in here), float("nan"),
                )
            )  # fmt: skip
    return made


def table(found: Iterable[Case]) -> list[str]:
    found = list(found)
    lines = [
        f"{'kind':<12}{'horizon':<12}{'figure':<12}{'cases':>7}{'inside':>8}{'wilson':>16}{'clear':>7}{'sign':>7}"
    ]
    for kind in dict.fromkeys(case.kind for case in found):
        for horizon in HORIZONS:
            for figure in ("indicators", "net"):
                some = [
                    case
                    for case in found
                    if case.kind == kind
                    and case.horizon == horizon
                    and (case.indicator == "net") == (figure == "net")
                ]
                if not some:
                    continue
                inside = sum(case.low <= case.truth <= case.high for case in some)
                low, high = wilson(inside, len(some))
                clear = [case for case in some if case.p_negative < CLEAR or case.p_negative > 1 - CLEAR]
                right = sum((case.p_negative < CLEAR) == (case.truth > 0) for case in clear)
                sign = f"{right / len(clear):.3f}" if clear else "-"
                lines.append(
                    f"{kind:<12}{horizon:<12}{figure:<12}{len(some):>7}{inside / len(some):>8.3f}"
                    f"{f'{low:.3f} {high:.3f}':>16}{len(clear):>7}{sign:>7}"
                )
    return lines


def _one(task: tuple[int, str, tuple[str, ...]]) -> list[Case]:
    return cases(*task)


def main() -> int:
    """Run the worlds and print coverage and signs by kind of world and horizon; 1 where a gate does not hold."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--worlds", type=int, default=400, help="worlds per kind")
    reader.add_argument("--seed", type=int, default=1, help="the first seed")
    reader.add_argument("--kinds", default="observed")
    reader.add_argument("--horizons", default="quarter,year")
    reader.add_argument("--processes", type=int, default=1)
    reader.add_argument("--json", type=Path, default=None)
    given = reader.parse_args()
    horizons = tuple(given.horizons.split(","))
    tasks = [
        (seed, kind, horizons)
        for kind in given.kinds.split(",")
        for seed in range(given.seed, given.seed + given.worlds)
    ]
    started = time.perf_counter()
    found: list[Case] = []
    with ProcessPoolExecutor(given.processes) as pool:
        for some in pool.map(_one, tasks, chunksize=2):
            found += some
    print("\n".join(table(found)))
    print(f"{len(tasks)} worlds in {time.perf_counter() - started:.0f} s")
    if given.json:
        given.json.write_text(json.dumps([asdict(case) for case in found]))
    gated = [case for case in found if case.indicator == "net" and case.kind == "observed"]
    if not gated:
        return 0
    inside = float(np.mean([case.low <= case.truth <= case.high for case in gated]))
    clear = [case for case in gated if case.p_negative < CLEAR or case.p_negative > 1 - CLEAR]
    sign = float(np.mean([(case.p_negative < CLEAR) == (case.truth > 0) for case in clear])) if clear else 1.0
    print(f"observed, net: inside {inside:.3f} (gate .85 to .95), sign {sign:.3f} (gate .90)")
    return 0 if 0.85 <= inside <= 0.95 and sign >= 0.90 else 1


if __name__ == "__main__":
    sys.exit(main())
