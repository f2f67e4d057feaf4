"""Dated changes held against breaks, week by week, before and after: interrupted time series at every passage.

At each passage that a change concerns (its function on either side, its journey, its promise's journey) the weekly
share of broken seams is read as level and slope before and after (Bernal, Cummins and Gasparrini 2017), a yearly wave
where two years are there, errors correlated from week to week. Where passages exist that the change does not concern,
their pooled share is taken off week by week: what happened everywhere is not the change (grade B); else grade C. A
change within four weeks of another that may concern the same passages is graded D. Interventions follow bad months:
where the four weeks before are unlike those before them, they are left out, and the grade goes one down. Over all
changes, passages and kinds, false discoveries are held at one in ten (Benjamini and Hochberg 1995).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import stats

from portance.alignment.changes import steps
from portance.alignment.changes.change_effect import ChangeEffect, Verdict
from portance.alignment.indicators import dating
from portance.alignment.indicators.panel import Days
from portance.charter import Charter
from portance.charter.declared import Change
from portance.charter.journey_type import BREAK_KINDS
from portance.engine import Engine
from portance.estimation import wilson
from portance.estimation.interrupting import Effect, combined, nothing

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEWEST_WEEKS = 12
CLOSE = timedelta(weeks=4)
"""Two changes this close cannot be told apart."""
_JUST_BEFORE = 4
_FALSE_DISCOVERIES = 0.10
_EQUIVALENT = 0.2
"""Within a fifth of the rate before, either way, nothing that matters has changed."""
_LEFT = 0.2
"""Beyond doubt less than a fifth of the rate before: gone."""
_YEAR_WEEKS = 365.25 / 7
_FEWEST_SEAMS = 30
_FEWEST_BREAKS = 10
_CONTROL_SEAMS_PER_WEEK = 5
ALL = "all"
KINDS = (ALL, *BREAK_KINDS)

Place = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Series:
    """Per week from the first Monday: how many there were, and how many broke, by kind (kinds, weeks)."""

    place: Place
    n: Floats
    broken: Floats

    def rate(self, kind: int) -> Floats:
        """The weekly share; NaN where there was none."""
        return np.where(self.n > 0, self.broken[kind] / np.maximum(self.n, 1), np.nan)


@dataclass(frozen=True, slots=True)
class _Test:
    """One regression: where, of what, what it found, and whether the change concerns that passage."""

    change: str
    series: Series
    kind: int
    effect: Effect
    own: Effect
    grade: str
    reason: str | None
    concerned: bool
    before: Flags
    after: Flags


def follow(charter: Charter, engine: Engine, as_of_us: int) -> tuple[ChangeEffect, ...]:
    """What became of breaks at every passage that a dated change concerns. Reads ``seams``, ``journeys``, ``breaks``.

    Passages with fewer than thirty seams, and kinds with fewer than ten breaks there, are left out.
    """
    if not charter.changes:
        return ()
    mondays, series = _series(charter, engine, as_of_us)
    if not len(mondays):
        return ()
    tests = [
        test
        for name, change in charter.changes.items()
        for test in _tests(charter, (name, change), mondays, series)
    ]
    p = [test.effect.p if np.isfinite(test.effect.p) else 1.0 for test in tests]
    q = stats.false_discovery_control(p, method="bh") if p else np.empty(0)
    own_p = [test.own.p if np.isfinite(test.own.p) else 1.0 for test in tests]
    own_q = stats.false_discovery_control(own_p, method="bh") if p else np.empty(0)
    return tuple(_told(charter, tests, q, own_q))


# ---- the series


def _series(charter: Charter, engine: Engine, as_of_us: int) -> tuple[Days, list[Series]]:
    """Whole weeks, and the series of every passage and of every type of journey over them."""
    zone = ZoneInfo(charter.company.timezone)
    first, follow_up = engine.rows(
        "select min(started_us), quantile_cont(ended_us - started_us, 0.9) from journeys"
    )[0]
    if first is None:
        return np.empty(0, "datetime64[D]"), []
    low, high = (
        np.datetime64(datetime.fromtimestamp(us // 1_000_000, UTC).astimezone(zone).date(), "D")
        for us in (int(first), as_of_us)
    )
    mondays = dating.whole(low, high, "week")
    starts = dating.midnights_us(np.append(mondays, dating.after(mondays[-1:], "week")), zone)
    engine.table(
        steps.WEEKS,
        pa.table({
            "week": pa.array(np.arange(len(mondays)), pa.int64()), "from_us": pa.array(starts[:-1], pa.int64()),
            "until_us": pa.array(starts[1:], pa.int64()),
        }),
    )  # fmt: skip
    engine.run(steps.steps())
    kinds = ", ".join(f'"{kind}"' for kind in KINDS)
    found = list(
        _read(engine.arrow(f"select journey_type, from_function, to_function, week, n, {kinds} from {steps.SEAMS}"), len(mondays))
    )  # fmt: skip
    whole = _read(
        engine.arrow(
            f"select journey_type, cast(null as varchar) as from_function, cast(null as varchar) as to_function, week, n, {kinds} from {steps.JOURNEYS}"
        ),
        len(mondays),
    )
    # a journey that has just started has not yet met its breaks
    young = starts[1:] > as_of_us - float(follow_up or 0)
    for one in whole:
        one.n[young] = 0.0
        one.broken[:, young] = 0.0
        found.append(one)
    return mondays, found


def _read(rows: pa.Table, weeks: int) -> Iterator[Series]:
    held: dict[Place, Series] = {}
    week = rows["week"].to_numpy()
    counts = np.array([rows[name].to_numpy() for name in ("n", *KINDS)], dtype=np.float64)
    places = zip(
        *(rows[name].to_pylist() for name in ("journey_type", "from_function", "to_function")), strict=True
    )
    at: dict[Place, list[int]] = {}
    for number, place in enumerate(places):
        at.setdefault(place, []).append(number)
    for place in sorted(at, key=str):
        one = held[place] = Series(place, np.zeros(weeks), np.zeros((len(KINDS), weeks)))
        mine = np.array(at[place])
        one.n[week[mine]] = counts[0, mine]
        one.broken[:, week[mine]] = counts[1:, mine]
    yield from held.values()


# ---- one change


def _tests(
    charter: Charter, named: tuple[str, Change], mondays: Days, series: Sequence[Series]
) -> Iterator[_Test]:
    name, change = named
    since = np.datetime64(change.since, "D")
    before: Flags = dating.after(mondays, "week") <= since
    after: Flags = mondays >= since
    if change.until is not None:
        after = after & (
            dating.after(mondays, "week") <= np.datetime64(change.until, "D") + np.timedelta64(1, "D")
        )
    types = _types(charter, change)
    control = _pooled(
        [one for one in series if not _touches(change, types, one.place) and one.place[1] is not None]
    )
    close = _close(charter, name, change)
    for one in series:
        hit = _concerns(change, types, one.place)
        if one.n.sum() < _FEWEST_SEAMS or (not hit and one.place[0] not in types):
            continue
        for kind in range(len(KINDS)):
            if one.broken[kind].sum() < _FEWEST_BREAKS or (KINDS[kind] == ALL and _single(one)):
                continue
            own = _effect(one.rate(kind), before, after, since, mondays)
            effect, grade = own, "C"
            if hit and one.place[1] is not None and control is not None and np.isfinite(own.p):
                compared = one.rate(kind) - control.rate(kind)
                if _usable(control, before) and _usable(control, after):
                    effect, grade = _effect(compared, before, after, since, mondays), "B"
                    if not np.isfinite(effect.p):
                        effect, grade = own, "C"
            taken = (
                one.rate(kind) - control.rate(kind)
                if grade == "B" and control is not None
                else one.rate(kind)
            )
            effect, grade, reason = _just_before(taken, effect, grade, (before, after, since, mondays))
            if close and reason is None:
                reason = "concurrent"
            if close and grade in ("B", "C"):
                grade = "D"
            yield _Test(name, one, kind, effect, own, grade, effect.reason or reason, hit, before, after)


def _types(charter: Charter, change: Change) -> frozenset[str]:
    if change.journey:
        return frozenset({change.journey})
    if change.promise and change.promise in charter.promises:
        return frozenset({charter.promises[change.promise].journey})
    return frozenset(charter.journeys)


def _concerns(change: Change, types: frozenset[str], place: Place) -> bool:
    journey, first, second = place
    return journey in types and (
        change.function is None or first is None or change.function in (first, second)
    )


def _touches(change: Change, types: frozenset[str], place: Place) -> bool:
    """Whether a passage cannot serve as a comparison."""
    journey, first, second = place
    if change.function is None:
        return journey in types
    return change.function in (first, second)


def _single(one: Series) -> bool:
    """Whether all breaks of a passage are of one kind: ``all`` would tell them twice."""
    kinds = one.broken[1:].sum(axis=1)
    return bool((kinds > 0).sum() == 1 and kinds.max() == one.broken[0].sum())


def _pooled(series: Sequence[Series]) -> Series | None:
    if not series:
        return None
    return Series(
        ("", None, None),
        np.sum([one.n for one in series], axis=0),
        np.sum([one.broken for one in series], axis=0),
    )


def _usable(control: Series, side: Flags) -> bool:
    n = control.n[side]
    return bool((n > 0).sum() >= FEWEST_WEEKS and n.mean() >= _CONTROL_SEAMS_PER_WEEK)


def _close(charter: Charter, name: str, change: Change) -> bool:
    """Whether another declared change within four weeks may concern the same passages."""
    for other_name, other in charter.changes.items():
        if other_name == name or abs(other.since - change.since) > CLOSE:
            continue
        same_function = change.function is None or other.function is None or change.function == other.function
        if same_function and _types(charter, change) & _types(charter, other):
            return True
    return False


# ---- one regression


def _effect(
    rate: Floats,
    before: Flags,
    after: Flags,
    since: np.datetime64,
    mondays: Days,
    *,
    leave_out: int = 0,
) -> Effect:
    """The mean departure, over the weeks after, from where the weeks before were heading."""
    early = before.copy()
    if leave_out:
        early[np.flatnonzero(before)[-leave_out:]] = False
    used = (early | after) & np.isfinite(rate)
    if int((used & early).sum()) < FEWEST_WEEKS or int((used & after).sum()) < FEWEST_WEEKS:
        return nothing("its", "too_few_weeks", int(used.sum()))
    time = ((mondays - since) / np.timedelta64(7, "D"))[used].astype(np.float64)
    late = after[used].astype(np.float64)
    columns = [np.ones(len(time)), time, late, late * time, *_wave(time)]
    design = np.column_stack(columns)
    asked = np.zeros(design.shape[1])
    asked[2], asked[3] = 1.0, time[late > 0].mean()
    return combined(rate[used], design, asked, gaps=np.flatnonzero(used), method="its")


def _wave(time: Floats) -> list[Floats]:
    if time[-1] - time[0] < 2 * _YEAR_WEEKS:
        return []
    angle = 2 * np.pi * time / _YEAR_WEEKS
    return [np.sin(angle), np.cos(angle)]


def _just_before(
    rate: Floats, effect: Effect, grade: str, told: tuple[Flags, Flags, np.datetime64, Days]
) -> tuple[Effect, str, str | None]:
    """The effect without the four weeks before, where those are unlike the weeks before them; its interval holds both readings."""
    before, after, since, mondays = told
    used = before & np.isfinite(rate)
    if not np.isfinite(effect.p) or int(used.sum()) < FEWEST_WEEKS + _JUST_BEFORE:
        return effect, grade, None
    time = ((mondays - since) / np.timedelta64(7, "D"))[used].astype(np.float64)
    last = np.zeros(len(time))
    last[-_JUST_BEFORE:] = 1.0
    design = np.column_stack([np.ones(len(time)), time, last, *_wave(time)])
    asked = np.zeros(design.shape[1])
    asked[2] = 1.0
    unlike = combined(rate[used], design, asked, gaps=np.flatnonzero(used), method="its")
    if not np.isfinite(unlike.p) or unlike.p >= 0.05:
        return effect, grade, None
    without = _effect(rate, before, after, since, mondays, leave_out=_JUST_BEFORE)
    if not np.isfinite(without.p):
        return effect, grade, None
    reason = "anticipated" if unlike.observed * effect.observed > 0 else "bad_run_before"
    # both readings have to agree: choosing one by what the data look like would make its interval too narrow
    both = replace(
        without,
        low=min(effect.low, without.low),
        high=max(effect.high, without.high),
        p=max(effect.p, without.p),
    )
    return both, {"B": "C", "C": "D"}.get(grade, grade), reason


# ---- what is told


def _told(charter: Charter, tests: Sequence[_Test], q: Floats, own_q: Floats) -> Iterator[ChangeEffect]:
    for place, test in enumerate(tests):
        if not test.concerned:
            continue
        told = _row(charter, test, float(q[place]))
        if told.verdict in ("reduced", "gone"):
            elsewhere = _risen(tests, own_q, test)
            own_fell = np.isfinite(test.own.high) and test.own.high < 0 and own_q[place] <= _FALSE_DISCOVERIES
            if elsewhere is not None and own_fell:
                _, first, second = elsewhere.series.place
                told = replace(
                    told, verdict="moved", moved_to=f"{first} > {second}", difference=test.own.observed,
                    ci_low=test.own.low, ci_high=test.own.high, grade=max(told.grade, "C"),
                    reason=told.reason or ("control_moved" if told.grade == "B" else None),
                )  # fmt: skip
        yield told


def _risen(tests: Sequence[_Test], own_q: Floats, test: _Test) -> _Test | None:
    """The passage of the same journey where the same kind rose most, in breaks a week; null where none did beyond doubt."""
    found = [
        other
        for place, other in enumerate(tests)
        if other.change == test.change
        and other.kind == test.kind
        and other.series.place[0] == test.series.place[0]
        and None not in other.series.place
        and other is not test
        and own_q[place] <= _FALSE_DISCOVERIES
        and np.isfinite(other.own.low)
        and other.own.low > 0
    ]
    if test.series.place[1] is None:
        return None
    return max(
        found, key=lambda other: other.own.observed * float(other.series.n[other.after].mean()), default=None
    )


def _row(charter: Charter, test: _Test, q: float) -> ChangeEffect:
    change, effect = charter.changes[test.change], test.effect
    known = test.series.n > 0
    counts = [
        (test.series.broken[test.kind][side].sum(), test.series.n[side].sum())
        for side in (test.before, test.after)
    ]
    before, after = (float(broken / n) if n else None for broken, n in counts)
    shown = np.isfinite(effect.p)
    verdict: Verdict = "not_detectable"
    if shown and before is not None:
        margin = _EQUIVALENT * before
        if q <= _FALSE_DISCOVERIES and effect.high < 0:
            left = wilson(int(counts[1][0]), int(counts[1][1]))[1]
            verdict = "gone" if left <= _LEFT * before else "reduced"
        elif q <= _FALSE_DISCOVERIES and effect.low > 0:
            verdict = "accelerated"
        elif margin > 0 and effect.low >= -margin and effect.high <= margin:
            verdict = "unchanged"
    journey, first, second = test.series.place
    return ChangeEffect(
        change=test.change, function=change.function, journey_type=journey, from_function=first, to_function=second,
        kind=KINDS[test.kind], since=change.since, before=before, after=after,
        difference=float(effect.observed) if shown else None, ci_low=float(effect.low) if shown else None,
        ci_high=float(effect.high) if shown else None, n_before=int((known & test.before).sum()),
        n_after=int((known & test.after).sum()), grade=test.grade if shown else "E", verdict=verdict, reason=test.reason,
    )  # fmt: skip
