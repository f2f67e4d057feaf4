"""The three brakes: scattered responsibilities, decisions far from the ground, indicators that oppose each other."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from portance.alignment.brakes import records, steps
from portance.alignment.brakes.trending import Trend, trend
from portance.alignment.responsibility.owning import Owned, owned_seams
from portance.alignment.summing import Sums
from portance.charter import Charter
from portance.engine import Engine
from portance.estimation import quantile, wilson

Row = dict[str, object]
FOLLOWED = 0.95
"""A month counts in a trend once so many journeys in a hundred would have had the time to end."""
_PROVEN = frozenset({"A", "B", "C"})


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure that is a ratio of two sums over journeys: what is above, what is below, in the columns of journeys.

    ``scale`` brings the ratio to its ``unit``. Where no journey has anything below, ``reason`` says why.
    """

    brake: str
    name: str
    above: str
    below: str
    unit: str
    reason: str
    scale: float = 1.0
    proportion: bool = False


MEASURES = (
    Measured("scattered", "functions_per_journey", "functions", "case when functions > 0 then 1 else 0 end", "functions", "no_function"),
    Measured("scattered", "custody_entropy", "millibits", "1", "bits", "no_journey", 1 / steps.MILLIBITS),
    Measured("scattered", "orphan_seams", "orphan", "handovers", "share", "no_seam", proportion=True),
    Measured("scattered", "contested_seams", "contested", "handovers", "share", "no_seam", proportion=True),
    Measured("far", "handovers_per_journey", "handovers", "1", "handovers", "no_journey"),
    Measured("far", "handovers_before_resolution", "handovers_before * resolved", "resolved", "handovers", "no_resolution"),
    Measured("far", "waiting_share", "waited", "lasted", "share", "no_duration", proportion=True),
    Measured("far", "waiting_hours", "waited", "1", "hours", "no_journey", 1 / 3600),
    Measured("far", "settled_by_first", "settled", "judged", "share", "no_outcome", proportion=True),
)  # fmt: skip


def brakes(
    charter: Charter, engine: Engine, seed: int = 0, scans: Sequence[Mapping[str, Any]] | None = None
) -> pa.Table:
    """The table ``brakes``: each measure over all, by type of journey and by month of the journeys' start.

    Reads the tables of journeys, ``owned_seams`` (else what the charter alone says of seams), ``conflicts`` and
    ``decisions`` where they are there. ``scans`` are the runs that are remembered, each with its instant ``at`` and its
    ``findings`` by key.
    """
    seams = _seams(charter, engine)
    rows: list[Row] = []
    span = steps.prepare(engine, seams, sampled=charter.sampling is not None)
    if span is not None:
        rows += _over_journeys(engine, span)
        engine.drop(steps.FACTS)
    rows.append(_told("far", "approvals", "approvals", reason="not_in_data"))
    rows.append(_arbitrated(engine, scans, seed))
    rows += _opposed(charter, engine)
    return records.table(records.BRAKES, rows)


def _seams(charter: Charter, engine: Engine) -> list[Owned]:
    if engine.columns_or_none("owned_seams") is None:
        return owned_seams(charter, engine, {})
    columns = ", ".join(Owned.__dataclass_fields__)
    return [
        Owned(*row)
        for row in engine.rows(
            f"select {columns} from owned_seams order by journey_type, from_function, to_function"
        )
    ]


def _told(brake: str, measure: str, unit: str, **told: object) -> Row:
    return {"brake": brake, "measure": measure, "unit": unit, "period": "all", "shown": "suppressed"} | told


# ---- over journeys


def _over_journeys(engine: Engine, span: tuple[int, int]) -> list[Row]:
    rows: list[Row] = []
    longest = engine.rows(f"select quantile_disc(lasted, {FOLLOWED}) from {steps.FACTS}")[0][0] or 0
    # journeys that started lately have not had the time that others had: their months would look like a change
    whole = _whole_months(span[0], span[1] - math.ceil(longest / 86_400))
    for by_type in (False, True):
        monthly = _sums(engine, by_type=by_type, by_month=True)
        for key, found in _sums(engine, by_type=by_type, by_month=False).items():
            months = {
                month: one for (kind, month), one in monthly.items() if kind == key[0] and month is not None
            }
            for place, measure in enumerate(MEASURES):
                points = [
                    (month, sums.value(0, 1) * measure.scale, sums.error(sums.gradient(0, 1)) * measure.scale)
                    for month, one in sorted(months.items())
                    if month in whole
                    for sums in (one[place][0],)
                    if sums.totals[1] > 0
                ]
                rows.append(_row(measure, key[0], "all", found[place], trend(points)))
                rows += [
                    _row(measure, key[0], f"{month // 12}-{month % 12 + 1:02}", one[place], None)
                    for month, one in sorted(months.items())
                    if one[place][1]
                ]
    return rows


def _row(
    measure: Measured, journey_type: str | None, period: str, found: tuple[Sums, int], moved: Trend | None
) -> Row:
    sums, n = found
    below = float(sums.totals[1])
    estimate = sums.figure(
        0, 1, proportion=measure.proportion, n=n, persons=sums.clusters if below > 0 else 0,
        reason=None if below > 0 else measure.reason,
    )  # fmt: skip
    made: Row = {
        "brake": measure.brake, "measure": measure.name, "journey_type": journey_type, "period": period,
        "value": _scaled(estimate.value, measure), "ci_low": _scaled(estimate.ci_low, measure),
        "ci_high": _scaled(estimate.ci_high, measure), "unit": measure.unit, "n": n, "persons": estimate.persons,
        "shown": estimate.shown, "reason": estimate.reason,
    }  # fmt: skip
    if moved is not None and estimate.shown == "point":
        made |= {
            "slope": moved.slope,
            "slope_low": moved.low,
            "slope_high": moved.high,
            "trend": moved.verdict,
        }
    elif moved is not None:
        made["trend"] = "not_detectable"
    return made


def _scaled(value: float | None, measure: Measured) -> float | None:
    """In the measure's unit; what it counts is never below nothing."""
    return None if value is None else max(value, 0.0) * measure.scale


def _sums(
    engine: Engine, *, by_type: bool, by_month: bool
) -> dict[tuple[str | None, int | None], list[tuple[Sums, int]]]:
    """By type and month: for each measure its sums over persons, and how many journeys stand behind it."""
    keys = [*(["journey_type"] if by_type else []), *(["month"] if by_month else [])]
    inner, outer = [], []
    for place, measure in enumerate(MEASURES):
        inner += [
            f"sum(weight * ({measure.above})) as a{place}", f"sum(weight * ({measure.below})) as b{place}",
            f"sum(case when ({measure.below}) > 0 then 1 else 0 end) as n{place}",
        ]  # fmt: skip
        outer += [
            f"sum(case when b{place} > 0 then 1 else 0 end)", f"sum(a{place})", f"sum(b{place})",
            f"sum(cast(a{place} as hugeint) * cast(a{place} as hugeint))",
            f"sum(cast(a{place} as hugeint) * cast(b{place} as hugeint))",
            f"sum(cast(b{place} as hugeint) * cast(b{place} as hugeint))", f"sum(n{place})",
        ]  # fmt: skip
    listed = "".join(f"{key}, " for key in keys)
    grouped = f"group by {', '.join(keys)} order by {', '.join(keys)}" if keys else ""
    found = {}
    for row in engine.rows(
        f"select {listed}{', '.join(outer)} from (select {listed}cluster, {', '.join(inner)} from {steps.FACTS} "
        f"group by {listed}cluster) as told {grouped}"
    ):
        kind = row[0] if by_type else None
        month = row[len(keys) - 1] if by_month else None
        numbers = row[len(keys) :]
        found[kind, month] = [
            (Sums.read(numbers[7 * place : 7 * place + 6], 2), int(numbers[7 * place + 6] or 0))
            for place in range(len(MEASURES))
        ]
    return found


def _whole_months(first: int, last: int) -> frozenset[int]:
    """The months that the journeys' days cover to their end: a month cut short would look like a change."""
    epoch = date(1970, 1, 1)
    start, end = epoch + timedelta(days=first), epoch + timedelta(days=last)
    low = start.year * 12 + start.month - 1 + (start.day > 1)
    after = end + timedelta(days=1)
    return frozenset(range(low, after.year * 12 + after.month - 1))


# ---- from a finding to its arbitration


def _arbitrated(engine: Engine, scans: Sequence[Mapping[str, Any]] | None, seed: int) -> Row:
    """The median of the days from the first scan that found a conflict to the decision on it; open ones are still running."""
    name, unit = "finding_to_arbitration", "days"
    if not scans:
        return _told("far", name, unit, reason="no_scans")
    seen: dict[frozenset[str], datetime] = {}
    for scan in scans:
        for key in scan["findings"]:
            match = re.fullmatch(r"conflict:(\w+)>(\w+)", key)
            if match:
                pair, instant = frozenset(match.groups()), _instant(scan["at"])
                seen[pair] = min(seen.get(pair, instant), instant)
    if not seen:
        return _told("far", name, unit, reason="no_conflict_found")
    signed: dict[frozenset[str], datetime] = {}
    if engine.columns_or_none("decisions") is not None:
        for first, second, instant in engine.rows(
            "select from_indicator, to_indicator, min(signed_at) from decisions "
            "where signed_at is not null and from_indicator is not null and to_indicator is not null group by all order by all"
        ):
            pair, at = frozenset({first, second}), _instant(instant)
            signed[pair] = min(signed.get(pair, at), at)
    latest = max(_instant(scan["at"]) for scan in scans)
    pairs = sorted(seen, key=sorted)
    ended = [pair in signed for pair in pairs]
    days = [max((signed.get(pair, latest) - seen[pair]) / timedelta(days=1), 0.0) for pair in pairs]
    found = quantile(days, 0.5, ended=ended, seed=seed)
    # those counted are conflicts, not persons: there is nobody to protect, only little to learn from
    few = len(pairs) < 5
    return _told(
        "far", name, unit, value=found.value, ci_low=found.ci_low, ci_high=found.ci_high, n=len(pairs), shown=found.shown,
        reason="few_conflicts" if few else "undecided" if found.value is None and not any(ended) else None,
    )  # fmt: skip


def _instant(value: object) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


# ---- indicators that oppose each other


def _opposed(charter: Charter, engine: Engine) -> list[Row]:
    known = engine.columns_or_none("conflicts") is not None
    pairs = (
        engine.rows(
            "select from_indicator, to_indicator, from_function, to_function, verdict, grade from conflicts "
            "where kind = 'empirical' order by from_indicator, to_indicator"
        )
        if known
        else []
    )
    tested = [row for row in pairs if row[4] != "not_detectable"]
    found = [row for row in tested if row[4] == "conflict" and row[5] in _PROVEN]
    if not tested:
        reason = "not_detectable" if pairs else "no_pair_tested"
        return [
            _told("opposed", "pairs_in_conflict", "share", n=0, reason=reason),
            _told("opposed", "conflicts_per_function", "conflicts", n=0, reason=reason),
            _told("opposed", "bonus_in_conflict", "share", n=0, reason=reason),
        ]
    functions = {one.function for one in charter.indicators.values()}
    touching = sum(len({row[2], row[3]} & functions) for row in found)
    paid = {name for name, one in charter.indicators.items() if one.bonus} | {
        name for card in charter.scorecards.values() for name in card.indicators
    }
    struck = paid & {name for row in found for name in row[:2]}
    rows = [
        _counted("pairs_in_conflict", len(found), len(tested), "share"),
        # a census of what was found: nothing was sampled, so there is no interval
        _told(
            "opposed", "conflicts_per_function", "conflicts", value=touching / len(functions), n=len(functions),
            shown="point", reason="census",
        ),
    ]  # fmt: skip
    if paid:
        return [*rows, _counted("bonus_in_conflict", len(struck), len(paid), "share")]
    return [*rows, _told("opposed", "bonus_in_conflict", "share", n=0, reason="no_bonus")]


def _counted(measure: str, some: int, all_: int, unit: str) -> Row:
    low, high = wilson(some, all_)
    return _told("opposed", measure, unit, value=some / all_, ci_low=low, ci_high=high, n=all_, shown="point")
