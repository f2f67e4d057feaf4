"""Whether a decision did what was announced: the estimator, the window and the smallest effect locked when it was signed.

``its`` reads the metric's mean over units as one interrupted series; ``did`` compares units that changed with units
that did not; ``staggered`` does so where they changed at different dates. What the data do not allow is
``not_measurable``, with its reason. The verdict:

- **confirmed**: the whole interval lies on the announced side, beyond the smallest effect of interest;
- **refuted**: the interval excludes the smallest effect in the announced direction;
- **undetermined**: neither; the detectable effect says what would have been seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from portance.alignment.arbitration.contrasting import contrasted, event_study, pre_trend
from portance.alignment.arbitration.evidence import PERIODS
from portance.alignment.indicators.panel import Panel
from portance.estimation.interrupting import (
    Effect,
    combined,
    interrupted,
    nothing,
)

Floats = npt.NDArray[np.float64]
Estimator = Literal["its", "did", "staggered"]
Verdict = Literal["confirmed", "refuted", "undetermined", "not_measurable"]
SideVerdict = Literal[
    "harmed", "improved", "no_effect", "not_detectable", "held", "breached", "not_measurable"
]

JUST_BEFORE = {"day": 28, "week": 4, "month": 1, "quarter": 1}
"""Periods just before the change, in which an anticipation or a bad run would show."""
_P = 0.05
_BAD_RUN = 2.0
"""A run just before the change is bad where its mean lies so many of its own errors on the wrong side of its line."""
_FALSE_DISCOVERIES = 0.10


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A level that an indicator must hold while the decision runs."""

    indicator: str
    side: Literal["at_least", "at_most"]
    level: float


@dataclass(frozen=True, slots=True)
class Locked:
    """What was locked when a decision was signed, as its review needs it.

    ``since`` is the day from which the change was in force; the window is its first and last day. ``direction`` is 1
    where the metric was announced to rise, -1 to fall; ``smallest_effect`` is in its unit and positive. ``lever``: units
    whose state of it changed from ``since`` on are those that changed, unless ``changed`` names them with their dates.
    ``drawn``: which units changed was drawn by lot. ``declared_changes`` are other dated changes (name, first day).
    """

    metric: str
    since: date
    window_start: date
    window_end: date
    estimator: Estimator
    smallest_effect: float
    direction: int
    lever: str | None = None
    changed: Mapping[str, date] = field(default_factory=dict)
    guardrails: tuple[Guardrail, ...] = ()
    drawn: bool = False
    declared_changes: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Something that would mislead the verdict: looked for and not seen (``passed``), seen, or not possible to look for."""

    name: Literal["anticipation", "regression_to_the_mean", "concurrent_change", "seasonality", "pre_trend"]
    state: Literal["passed", "failed", "not_checked"]
    p: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SideEffect:
    """What happened meanwhile to a guardrail (its level over the window) or to another indicator (its change)."""

    indicator: str
    role: Literal["metric", "guardrail", "other"]
    observed: float | None
    low: float | None
    high: float | None
    verdict: str
    grade: str


@dataclass(frozen=True, slots=True)
class Review:
    """The verdict on a decision, what it rests on, and what happened beside."""

    verdict: Verdict
    reason: str | None
    effect: Effect
    grade: str
    checks: tuple[Check, ...]
    sides: tuple[SideEffect, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """A panel, what was locked, which units changed from which period, and the numbers of the periods that matter."""

    panel: Panel
    locked: Locked
    changed: Mapping[int, int]
    since: int
    start: int
    end: int

    def series(self, name: str) -> Floats:
        """One value per period over the units that changed, all where that is not known."""
        units = sorted(self.changed) or range(len(self.panel.units))
        return mean_of_units(self.panel.of(name)[list(units)])


def review(
    panel: Panel,
    locked: Locked,
    better: Mapping[str, int],
    smallest: Mapping[str, float | None] | None = None,
) -> Review:
    """Judge a decision on the readings of its window.

    ``better``: 1 or -1 for each indicator; ``smallest``: their smallest effects of interest, where declared.
    """
    if locked.metric not in panel.indicators:
        return _not_measurable("metric_without_readings", locked)
    span = _span(panel, locked)
    if isinstance(span, str):
        return _not_measurable(span, locked)
    since, start, end = span
    changed, unclear = _changed(panel, locked, since)
    case = _Case(panel, locked, changed, since, start, end)
    effect = _effect(case, locked.metric)
    if unclear and effect.reason is None and locked.estimator != "its":
        effect = nothing(locked.estimator, unclear)
    checks = _checks(case, better.get(locked.metric, 1))
    grade = _grade(locked, checks)
    sides = _sides(case, better, smallest or {}, grade)
    if effect.reason is not None:
        verdict: Verdict = "not_measurable"
        return Review(verdict, effect.reason, effect, "E", checks, sides)
    verdict, reason = _verdict(case, effect, checks)
    metric = SideEffect(locked.metric, "metric", effect.observed, effect.low, effect.high, verdict, grade)
    return Review(verdict, reason, effect, grade, checks, (metric, *sides))


def judged(effect: Effect, smallest_effect: float, direction: int) -> Verdict:
    """The verdict that an interval gives, before the checks."""
    if effect.reason is not None:
        return "not_measurable"
    near, far = sorted((direction * effect.low, direction * effect.high))
    if near >= smallest_effect and near > 0:
        return "confirmed"
    if far < smallest_effect or far <= 0:
        return "refuted"
    return "undetermined"


def _verdict(case: _Case, effect: Effect, checks: Sequence[Check]) -> tuple[Verdict, str | None]:
    """A design whose own assumption fails measures nothing; what was confirmed after a bad run must be so without it."""
    locked = case.locked
    failed = {check.name for check in checks if check.state == "failed"}
    if "pre_trend" in failed:
        return "not_measurable", "moved_apart_before"
    found = judged(effect, locked.smallest_effect, locked.direction)
    if found == "confirmed" and "regression_to_the_mean" in failed and locked.estimator == "its":
        without = _effect(case, locked.metric, leave_out=JUST_BEFORE[case.panel.period_kind])
        if judged(without, locked.smallest_effect, locked.direction) != "confirmed":
            return "undetermined", "followed_a_bad_run"
    return found, None


# ---- time and units


def _span(panel: Panel, locked: Locked) -> tuple[int, int, int] | str:
    """Numbers of the periods: the first that begins at the change or later, and the window's; else a reason."""
    periods = panel.periods.astype("datetime64[D]")
    if len(periods) < 2:
        return "no_readings_after"
    step = periods[1] - periods[0]
    since = int(np.searchsorted(periods, np.datetime64(locked.since)))
    start = int(np.searchsorted(periods, np.datetime64(locked.window_start)))
    last = np.datetime64(locked.window_end)
    end = int(np.searchsorted(periods + step - np.timedelta64(1, "D"), last, side="right"))
    if since >= len(periods) or start >= len(periods) or end <= start:
        return "no_readings_after"
    if periods[-1] + 2 * step <= last:
        return "readings_end_before_the_window"
    return since, max(start, since), end


def _changed(panel: Panel, locked: Locked, since: int) -> tuple[dict[int, int], str | None]:
    """Units that changed and from which period; a reason where that is not recorded."""
    periods = panel.periods.astype("datetime64[D]")
    if locked.changed:
        found = {
            panel.units.index(unit): int(np.searchsorted(periods, np.datetime64(day)))
            for unit, day in locked.changed.items()
            if unit in panel.units
        }
        return found, None
    if locked.lever is None or locked.lever not in panel.levers:
        return {}, "units_that_changed_unknown"
    states = panel.of(locked.lever)
    found = {}
    for unit, row in enumerate(states):
        before = row[:since][np.isfinite(row[:since])]
        if not len(before):
            continue
        away = np.flatnonzero(np.isfinite(row[since:]) & (row[since:] != before[-1]))
        if len(away):
            found[unit] = since + int(away[0])
    return found, None if found else "no_unit_changed"


def _effect(case: _Case, name: str, *, leave_out: int = 0) -> Effect:
    panel, locked, changed = case.panel, case.locked, case.changed
    values, since, start, end = panel.of(name), case.since, case.start, case.end
    if locked.estimator == "its":
        per_year = float(PERIODS[panel.period_kind][1])
        return interrupted(
            case.series(name)[:end],
            since,
            slice(start, end),
            per_year=per_year if per_year > 1 else None,
            leave_out=leave_out,
        )
    if not changed:
        return nothing(locked.estimator, "units_that_changed_unknown", values.shape[1])
    if len(changed) == len(panel.units) and len(set(changed.values())) == 1:
        return nothing(locked.estimator, "no_unit_left_unchanged", values.shape[1], len(changed))
    before = PERIODS[panel.period_kind][1]
    if locked.estimator == "did":
        changed = dict.fromkeys(changed, min(changed.values()))
    return contrasted(
        values[:, :end], changed, phase=start - since, length=_length(locked, changed, start, end),
        most_before=before, method=locked.estimator,
    )  # fmt: skip


def _length(locked: Locked, changed: Mapping[int, int], start: int, end: int) -> int:
    """Where dates differ, what the last unit to change still has of the window, so that all are read over as long."""
    if locked.estimator != "staggered":
        return end - start
    lag = max(changed.values()) - min(changed.values())
    return max(end - start - lag, 1)


def mean_of_units(values: Floats) -> Floats:
    """One value per period: the mean over units, each unit's own level set apart.

    A unit that does not report in a period then does not bend the series.
    """
    known = np.isfinite(values)
    rows = known.mean(axis=1) >= 0.5
    if not rows.any():
        return np.full(values.shape[1], np.nan)
    kept, there = values[rows], known[rows]
    own = np.array([row[mask].mean() for row, mask in zip(kept, there, strict=True)])
    apart = np.where(there, kept - own[:, None], 0.0)
    count = there.sum(axis=0)
    series: Floats = np.where(count > 0, apart.sum(axis=0) / np.maximum(count, 1), np.nan) + own.mean()
    return series


# ---- checks


def _checks(case: _Case, better: int) -> tuple[Check, ...]:
    panel, locked, changed = case.panel, case.locked, case.changed
    since, start, end = case.since, case.start, case.end
    values = panel.of(locked.metric)
    just = JUST_BEFORE[panel.period_kind]
    found: list[Check] = []
    if locked.estimator == "its":
        series = case.series(locked.metric)
        found.append(_anticipated(series, since, just))
        found.append(_bad_run(series, since, just, better))
        found.append(_season(panel, since, start, end))
    elif changed and len(changed) < len(panel.units):
        before = PERIODS[panel.period_kind][1]
        p = pre_trend(values, changed, most_before=before)
        found.append(_by_p("pre_trend", p, _leads(values, changed, just)))
        shifted = {unit: at - just for unit, at in changed.items() if at - just > 0}
        early = contrasted(values, shifted, phase=0, length=just, most_before=before, method="did")
        found.append(_by_p("anticipation", early.p if early.reason is None else float("nan")))
        found.append(Check("seasonality", "passed", detail="shared_by_units_compared"))
    else:
        found.append(Check("pre_trend", "not_checked"))
    first, last = panel.periods[max(since - just, 0)], panel.periods[end - 1]
    meanwhile = [
        name
        for name, day in locked.declared_changes
        if np.datetime64(first, "D") <= np.datetime64(day) <= np.datetime64(last, "D")
    ]
    state: Literal["passed", "failed"] = "failed" if meanwhile else "passed"
    found.append(Check("concurrent_change", state, detail=",".join(sorted(meanwhile))))
    return tuple(found)


def _by_p(
    name: Literal["anticipation", "regression_to_the_mean", "pre_trend"], p: float, detail: str = ""
) -> Check:
    if not np.isfinite(p):
        return Check(name, "not_checked")
    return Check(name, "failed" if p < _P else "passed", p, detail)


def _anticipated(series: Floats, since: int, just: int) -> Check:
    """A jump in the last periods before the change, against the line before them."""
    known = np.flatnonzero(np.isfinite(series[:since]))
    if len(known) < just + 8:
        return Check("anticipation", "not_checked")
    late = (known >= since - just).astype(np.float64)
    design = np.column_stack([np.ones(len(known)), known - since, late]).astype(np.float64)
    jump = combined(series[known], design, np.array([0.0, 0.0, 1.0]), gaps=known, method="anticipation")
    return _by_p("anticipation", jump.p if jump.reason is None else float("nan"))


def _bad_run(series: Floats, since: int, just: int, better: int) -> Check:
    """Decisions follow bad months, and bad months are followed by better ones whatever is decided."""
    known = series[:since][np.isfinite(series[:since])]
    if len(known) < just + 8:
        return Check("regression_to_the_mean", "not_checked")
    earlier, last = known[:-just], known[-just:]
    time = np.arange(len(known), dtype=np.float64)
    slope, level = np.polyfit(time[:-just], earlier, 1)
    expected = level + slope * time[-just:]
    spread = float((earlier - level - slope * time[:-just]).std(ddof=2))
    if spread == 0:
        return Check("regression_to_the_mean", "passed")
    below = better * float((last - expected).mean()) / spread
    state: Literal["passed", "failed"] = "failed" if below < -_BAD_RUN / np.sqrt(just) else "passed"
    return Check("regression_to_the_mean", state, detail=f"{below:.2f}")


def _season(panel: Panel, since: int, start: int, end: int) -> Check:
    year = PERIODS[panel.period_kind][1]
    if since >= 2 * year:
        return Check("seasonality", "passed", detail="yearly_wave_held")
    if since >= year and end - start >= year:
        return Check("seasonality", "passed", detail="whole_years")
    return Check("seasonality", "failed", detail="less_than_two_years_before")


def _leads(values: Floats, changed: Mapping[int, int], stretch: int) -> str:
    leads = event_study(values, changed, stretch=stretch, most=3)
    return ";".join(f"{lead.first}:{lead.effect:.4g}" for lead in leads if lead.first < 0)


def _grade(locked: Locked, checks: Sequence[Check]) -> str:
    """A by lot, B where every check that applies holds, C where a season could be it, D where something else could."""
    failed = {check.name for check in checks if check.state == "failed"}
    if failed & {"concurrent_change", "pre_trend", "regression_to_the_mean", "anticipation"}:
        return "D"
    if "seasonality" in failed or any(check.state == "not_checked" for check in checks):
        return "C"
    return "A" if locked.drawn and locked.estimator != "its" else "B"


# ---- beside


def _sides(
    case: _Case, better: Mapping[str, int], smallest: Mapping[str, float | None], grade: str
) -> tuple[SideEffect, ...]:
    found = [_guarded(case, guardrail) for guardrail in case.locked.guardrails]
    others = [name for name in case.panel.indicators if name != case.locked.metric]
    effects = [_effect(case, name) for name in others]
    adjusted = _benjamini_hochberg([effect.p for effect in effects])
    for name, effect, q in zip(others, effects, adjusted, strict=True):
        if effect.reason is not None:
            found.append(SideEffect(name, "other", None, None, None, "not_measurable", "E"))
            continue
        found.append(
            SideEffect(
                name, "other", effect.observed, effect.low, effect.high,
                _side(effect, q, better.get(name, 1), smallest.get(name)), grade,
            )
        )  # fmt: skip
    return tuple(found)


def _side(effect: Effect, q: float, better: int, smallest: float | None) -> SideVerdict:
    if q <= _FALSE_DISCOVERIES:
        return "improved" if better * effect.observed > 0 else "harmed"
    if smallest is not None and max(abs(effect.low), abs(effect.high)) < smallest:
        return "no_effect"
    return "not_detectable"


def _guarded(case: _Case, guardrail: Guardrail) -> SideEffect:
    if guardrail.indicator not in case.panel.indicators:
        return SideEffect(guardrail.indicator, "guardrail", None, None, None, "not_measurable", "E")
    series = case.series(guardrail.indicator)[case.start : case.end]
    known = np.flatnonzero(np.isfinite(series))
    if len(known) < 4:
        return SideEffect(guardrail.indicator, "guardrail", None, None, None, "not_measurable", "E")
    level = combined(series[known], np.ones((len(known), 1)), np.array([1.0]), gaps=known, method="level")
    if level.reason is not None:
        value = float(series[known].mean())
        level = Effect(value, value, value, 0.0, 1.0, 0.0, len(known), 1, "level")
    side = 1 if guardrail.side == "at_least" else -1
    inside = sorted((side * (level.low - guardrail.level), side * (level.high - guardrail.level)))
    verdict = "held" if inside[0] >= 0 else "breached" if inside[1] < 0 else "not_detectable"
    return SideEffect(guardrail.indicator, "guardrail", level.observed, level.low, level.high, verdict, "D")


def _benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p-values (Benjamini and Hochberg 1995); those that are not known stay 1 and do not count."""
    known = [place for place, value in enumerate(p) if np.isfinite(value)]
    adjusted = [1.0] * len(p)
    if known:
        values = stats.false_discovery_control(np.clip([p[place] for place in known], 0, 1))
        for place, value in zip(known, values, strict=True):
            adjusted[place] = float(value)
    return adjusted


def _not_measurable(reason: str, locked: Locked) -> Review:
    return Review("not_measurable", reason, nothing(locked.estimator, reason), "E", (), ())
