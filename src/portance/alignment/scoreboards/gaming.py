"""Targets that are gamed, at the level of units and periods: bunching at a target, decoupling since a target.

Both ask for two things at once, and their p is the larger of the two: readings that crowd just inside the target *and*
customers worse off there; an indicator that told what customers live *and* no longer does. What nothing measures of
customers is not detectable.
"""

import math
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import stats

from portance.alignment.scoreboards import records
from portance.alignment.scoreboards.bunching import FEWEST_READINGS, excess, worse_inside
from portance.alignment.scoreboards.decoupling import FEWEST_PERIODS, decoupled
from portance.alignment.scoreboards.lighting import aims, days
from portance.alignment.scoreboards.visiting import Grid, Passed, clustered
from portance.charter import Charter

Floats = npt.NDArray[np.float64]
FALSE_DISCOVERIES = 0.10
SMALLEST_SHARE, SMALLEST_HARM, SMALLEST_CHANGE = 0.05, 0.3, 0.2
"""What must be excluded to say that there is none: 5 % of the readings moved, an outcome worse by 0.3 SD, a slope lower by 0.2."""
LOST = "lost"
"""The outcome of those whose journeys passed there: lost or not."""


def gaming(
    charter: Charter, grids: Sequence[Grid], through: Sequence[Passed] | None, seed: int = 0
) -> pa.Table:
    """The table ``gaming``: one row per indicator with a target, kind and outcome of customers."""
    rows: list[dict[str, object]] = []
    for number, grid in enumerate(grids):
        outcomes = _outcomes(charter, grid, through[number] if through is not None else None)
        for name in grid.lights.indicators:
            told = {outcome: kept for outcome, kept in outcomes.items() if outcome != name}
            rows += _bunching(charter, grid, name, told, seed)
            rows += _decoupling(charter, grid, name, told)
    tested = [row for row in rows if row["p"] is not None]
    if tested:
        q = stats.false_discovery_control([float(str(row["p"])) for row in tested])
        for row, value in zip(tested, q, strict=True):
            row["q"] = float(value)
            _judge(row)
    return records.table(records.GAMING, rows)


def _judge(row: dict[str, object]) -> None:
    """The verdict, once the discoveries of all tests are counted together."""
    q, low, high = (float(str(row[key])) for key in ("q", "ci_low", "ci_high"))
    if q <= FALSE_DISCOVERIES:
        row["verdict"] = "found"
        return
    row["grade"] = None
    enough = high < SMALLEST_SHARE if row["kind"] == "bunching" else low > -SMALLEST_CHANGE
    row["verdict"] = "not_found" if enough or row["reason"] == "outcome_not_worse" else "not_detectable"
    if row["verdict"] == "not_detectable":
        row["reason"] = row["reason"] or "low_power"


def _outcomes(charter: Charter, grid: Grid, flow: Passed | None) -> dict[str, tuple[Floats, Floats]]:
    """What customers lived in each cell, higher being better, and its weight: journeys not lost, customers' indicators."""
    found: dict[str, tuple[Floats, Floats]] = {}
    if flow is not None:
        weight, lost, _, _ = flow.over(None)
        if weight.any():
            found[LOST] = (
                np.divide(weight - lost, weight, out=np.full_like(weight, np.nan), where=weight > 0),
                weight,
            )
    for name in grid.panel.indicators:
        declared = charter.indicators.get(name)
        if declared is not None and declared.speaks_of_customers:
            values = grid.panel.of(name) * (1 if declared.better == "higher" else -1)
            found[name] = (values, np.isfinite(values).astype(np.float64))
    return found


def _row(
    grid: Grid, name: str, kind: str, outcome: str | None, *, n: int, reason: str | None
) -> dict[str, object]:
    place = grid.lights.indicators.index(name)
    return {
        "indicator": name, "function": grid.lights.functions[place], "kind": kind, "estimate": None, "ci_low": None,
        "ci_high": None, "p": None, "q": None, "n": n, "outcome": outcome, "verdict": "not_detectable", "grade": None,
        "reason": reason,
    }  # fmt: skip


def _bunching(
    charter: Charter, grid: Grid, name: str, outcomes: dict[str, tuple[Floats, Floats]], seed: int
) -> Iterator[dict[str, object]]:
    declared = charter.indicators[name]
    target = aims(declared, days(grid.panel))[None, :]
    distance = (grid.panel.of(name) - target) * (1 if declared.better == "higher" else -1)
    known = np.isfinite(distance)
    n = int(known.sum())
    if n < FEWEST_READINGS:
        yield _row(grid, name, "bunching", None, n=n, reason="few_readings")
        return
    cluster, few = clustered(known.astype(np.float64))
    if few == "few_clusters":
        yield _row(grid, name, "bunching", None, n=n, reason=few)
        return
    key = zlib.crc32(f"{seed}/{name}/{grid.panel.unit_kind}".encode())
    found = excess(distance[known], cluster[known], seed=key)
    if isinstance(found, str):
        yield _row(grid, name, "bunching", None, n=n, reason=found)
        return
    told = False
    for outcome, (kept, weight) in outcomes.items():
        worse = worse_inside(distance[known], -kept[known], weight[known], cluster[known], found.width)
        if worse is None:
            continue
        told = True
        reason = None
        if found.p > 0.05:
            reason = "no_bunching"
        elif worse.p > 0.05:
            reason = "outcome_not_worse" if worse.most < SMALLEST_HARM else "outcome_unclear"
        yield _row(grid, name, "bunching", outcome, n=n, reason=reason) | {
            "estimate": found.share, "ci_low": found.low, "ci_high": found.high, "p": max(found.p, worse.p), "grade": "C",
        }  # fmt: skip
    if not told:
        yield _row(grid, name, "bunching", None, n=n, reason="no_outcome") | {
            "estimate": found.share, "ci_low": found.low, "ci_high": found.high,
        }  # fmt: skip


def _decoupling(
    charter: Charter, grid: Grid, name: str, outcomes: dict[str, tuple[Floats, Floats]]
) -> Iterator[dict[str, object]]:
    declared = charter.indicators[name]
    starts = days(grid.panel)
    values = grid.panel.of(name) * (1 if declared.better == "higher" else -1)
    n = int(np.isfinite(values).sum())
    for since, _ in declared.targets:
        place = next((number for number, start in enumerate(starts) if start >= since), len(starts))
        if not FEWEST_PERIODS <= place <= len(starts) - FEWEST_PERIODS:
            continue
        for outcome, (kept, weight) in outcomes.items():
            found = decoupled(values, kept, weight, place)
            if isinstance(found, str):
                yield _row(grid, name, "decoupling", outcome, n=n, reason=found)
                continue
            row = _row(grid, name, "decoupling", outcome, n=n, reason=None if found.before > 0 else "never_coupled") | {
                "estimate": found.change, "ci_low": found.low, "ci_high": found.high, "p": found.p, "grade": "C",
            }  # fmt: skip
            # a day on which nothing was decided, halfway before: where the slope already moved there, the date tells little
            if place >= 2 * FEWEST_PERIODS:
                fake = decoupled(values[:, :place], kept[:, :place], weight[:, :place], place // 2)
                if not isinstance(fake, str) and math.copysign(1, fake.low) == math.copysign(1, fake.high):
                    row |= {"grade": "D", "reason": row["reason"] or "moved_before"}
            else:
                row["grade"] = "D"
            yield row
