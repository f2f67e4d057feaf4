"""The one door through which figures about employees leave: whoever asks, a stage, a report or a person, asks here.

What it refuses and what it changes is told in ``docs/explanation/employees.md``; in short:

- nothing at all before the day on which the employees' representatives were consulted;
- nothing about fewer than the floor of persons, nor where one person did more than half of the work;
- nothing finer than a team and a week;
- no figure that could be subtracted from those already told, now or in any scan before, to leave fewer than the floor
  of persons: joiners, leavers and changed answers included. The earlier figure then stands, and is told to stand;
- in no more than six figures over the same days does one person's answer to one question count;
- every figure carries a small error, drawn once and kept, and is told in steps;
- a share over teams carries one that hides a whole team, and with it anyone in it.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from scipy import stats

from portance.experience.employees import blurring, differencing
from portance.experience.employees.facts import (
    EPOCH,
    MONDAY,
    UNDATED,
    WEEK_DAYS,
    Facts,
    Flags,
    Floats,
    Group,
    Integers,
    Window,
)
from portance.experience.employees.journal import Journal, Release

FLOOR = 10
"""Fewer persons than this and nothing is told; a company can only ask for more."""
DOMINANT = 0.5
"""Nothing is told where one person did more of the work than this."""
FEWEST_FOR_POINT = 30
"""Fewer persons than this and only the interval is told."""
FEWEST_TEAMS = 6
"""Fewer teams than this and no share over teams is told."""
COUNTED_BY = 5
DOUBLED = 2
"""A figure about given days is told once, and once more where so many times as many persons stand behind it: it would
otherwise be told anew with every scan, and its errors would average out."""
Reason = Literal[
    "locked", "journal_unreadable", "no_data", "too_few", "too_few_units", "one_person_dominates", "one_team_dominates", "differs_by_few",
    "could_be_isolated", "told_enough", "earlier_figure",
]  # fmt: skip
Statistic = Literal["mean", "share", "spread"]
_LEAST_VARIANCE, _MOST_VARIANCE = 0.01, 0.25
"""Of values between 0 and 1: the most there can be, and the least that is believed."""
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door says: a figure with its interval, or why there is none.

    ``value`` is null where only the interval may be told; ``middle`` is what further figures are made from.
    ``employees`` are counted down to a multiple of five. ``reason`` is null, or ``earlier_figure`` where an earlier
    figure stands because the new one would tell of few.
    """

    value: float | None
    low: float | None
    high: float | None
    middle: float | None
    error: float | None
    employees: int
    shown: Literal["suppressed", "interval", "point"]
    reason: Reason | None = None

    @property
    def told(self) -> bool:
        """Whether there is a figure."""
        return self.middle is not None


@dataclass(frozen=True, slots=True)
class Pooled:
    """A share over teams, its interval, and of how many teams and cases; or why there is none.

    ``value`` is null below thirty teams. ``reason`` is null, or ``earlier_figure`` where an earlier figure stands.
    """

    value: float | None
    low: float | None
    high: float | None
    teams: int | None
    cases: int | None
    employees: int | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question to the door. ``agreeing``: from which value on a person counts, and whether upwards; ``among``: of these persons only."""

    topic: str
    group: Group
    window: Window
    statistic: Statistic
    agreeing: tuple[float, bool] | None = None
    among: Integers | None = None

    @property
    def kind(self) -> str:
        """What the journal calls the statistic."""
        return (
            self.statistic
            if self.agreeing is None
            else f"{self.statistic} {self.agreeing[0]:g} {self.agreeing[1]}"
        )


def refused(reason: Reason) -> Answer:
    """No figure, and why."""
    return Answer(None, None, None, None, None, 0, "suppressed", reason)


@dataclass(frozen=True, slots=True)
class Cells:
    """Means by team and period for a regression over all of them, (units, periods), NaN where fewer than the floor stand behind one.

    They are no result: only coefficients and shares over all teams leave the stage, through :meth:`Protected.coefficient` and
    :meth:`Protected.pooled`. ``topics`` are those that the means are of.
    """

    units: tuple[str, ...]
    values: Floats
    employees: int
    topics: tuple[str, ...] = ()


class Protected:
    """Answers questions about groups of employees, and keeps what may not be told.

    ``facts`` by topic. ``clock`` is not asked: whether the consultation has taken place is given as ``unlocked``.
    ``blurred=False`` and ``watchful=False`` exist for attacks in tests, which must succeed without them.
    """

    def __init__(
        self, facts: Mapping[str, Facts], journal: Journal, *, unlocked: bool, floor: int = FLOOR, blurred: bool = True,
        watchful: bool = True,
    ) -> None:  # fmt: skip
        self._journal = journal
        self._floor = max(floor, FLOOR)
        self._closed: Reason | None = None if unlocked else "locked"
        if unlocked and not journal.readable:
            self._closed = "journal_unreadable"
        self._facts = dict(facts) if self._closed is None else {}
        self._blurred, self._watchful = blurred, watchful
        self._places: dict[tuple[str | None, str | None], set[str]] | None = None

    @property
    def closed(self) -> Reason | None:
        """Why nothing at all is told; null where the door answers."""
        return self._closed

    @property
    def floor(self) -> int:
        """How many persons a figure has at least."""
        return self._floor

    def topics(self) -> tuple[str, ...]:
        """What can be asked about."""
        return tuple(self._facts)

    def functions(self, topic: str) -> tuple[str, ...]:
        """The functions that a topic has rows of."""
        return self._labels(topic, lambda facts: facts.functions)

    def teams(self, topic: str) -> tuple[str, ...]:
        """The teams that a topic has rows of."""
        return self._labels(topic, lambda facts: facts.teams)

    def last_day(self, topics: Iterable[str]) -> int | None:
        """The last day, from 1970, on which anything was recorded under the topics."""
        days = [day for topic in topics if topic in self._facts and (day := self._facts[topic].last_day())]
        return (max(days) - EPOCH).days if days else None

    def first_day(self, topics: Iterable[str]) -> int | None:
        """The first day, from 1970, on which anything was recorded under the topics."""
        days = [day for topic in topics if topic in self._facts and (day := self._facts[topic].first_day())]
        return (min(days) - EPOCH).days if days else None

    # ---- figures

    def mean(self, topic: str, group: Group, window: Window) -> Answer:
        """The mean over persons, each counting once, with an interval that knows of the error."""
        return self._figure(_Asked(topic, group, window, "mean"))

    def share(
        self, topic: str, group: Group, window: Window, from_: float, *, upwards: bool = True
    ) -> Answer:
        """The share of persons whose value is ``from_`` or beyond."""
        return self._figure(_Asked(topic, group, window, "share", (from_, upwards)))

    def means(self, topic: str, group: Group, windows: Sequence[Window]) -> tuple[Answer, ...]:
        """The mean of the same persons in several windows: who is not in all of them counts in none."""
        facts = self._facts.get(topic)
        if self._closed or facts is None:
            return tuple(refused(self._closed or "no_data") for _ in windows)
        always = _always(facts, group, windows)
        return tuple(self._figure(_Asked(topic, group, window, "mean", among=always)) for window in windows)

    def cells(self, topics: Sequence[str], starts: Sequence[int], days: int) -> Cells:
        """Team means over periods of ``days`` (a multiple of weeks) that begin on ``starts``, of the topics' mean, turned to 0-1."""
        if days % WEEK_DAYS or days < WEEK_DAYS:
            raise ValueError("a period is made of whole weeks")
        held = [self._facts[topic] for topic in topics if topic in self._facts]
        units = sorted({str(team) for facts in held for team in facts.teams.tolist() if team is not None})
        values = np.full((len(units), len(starts)), np.nan)
        persons: set[str] = set()
        for row, team in enumerate(units):
            for column, start in enumerate(starts):
                window = Window(EPOCH + timedelta(start), EPOCH + timedelta(start + days))
                by_person: dict[str, list[float]] = {}
                for facts in held:
                    members, shares, volumes = _persons(facts, facts.rows(Group(team=team), window))
                    if volumes is not None and _dominated(volumes):
                        continue
                    for member, share in zip(members.tolist(), shares.tolist(), strict=True):
                        by_person.setdefault(facts.names[member], []).append(share)
                if len(by_person) >= self._floor:
                    values[row, column] = float(np.mean([np.mean(own) for own in by_person.values()]))
                    persons.update(by_person)
        return Cells(tuple(units), values, len(persons) // COUNTED_BY * COUNTED_BY, tuple(topics))

    def pooled(self, topic: str, statistic: str, cells: Cells, window: Window, parts: Mapping[str, tuple[float, int]]) -> Pooled:  # fmt: skip
        """A share over teams of something that was made with ``cells``: by team how much of how many cases, counted from what customers live.

        Remembered with the persons behind the cells of these teams, as any figure of theirs. How far a person can move what a
        regression makes of all cells is not known; how far a team can move the share is, and the error is made for that.
        """
        if self._closed:
            return Pooled(None, None, None, None, None, None, self._closed)
        parts = {team: part for team, part in parts.items() if part[1] > 0}
        cases = sum(of for _, of in parts.values())
        if len(parts) < FEWEST_TEAMS:
            return Pooled(None, None, None, None, None, None, "too_few_units" if parts else "no_data")
        largest = max(of for _, of in parts.values()) / cases
        if largest > DOMINANT:
            return Pooled(None, None, None, None, None, None, "one_team_dominates")
        who, what, undated = self._behind(cells.topics, frozenset(parts), window)
        if len(who) < self._floor:
            return Pooled(None, None, None, None, None, None, "too_few")
        start, end = (date.min, date.max) if undated else (window.start, window.end)
        new = Release(
            topic, statistic, f"teams/{window.name}", f"{window.start}..{window.end}", start, end, who, what, 0.0, len(who), 1.0,
            len(parts), cases, largest,
        )  # fmt: skip
        found = self._remembered(new, lambda: self._noisy(new, math.fsum(part for part, _ in parts.values()) / cases, largest / blurring.EPSILON))  # fmt: skip
        if isinstance(found, str):
            return Pooled(None, None, None, None, None, None, found)
        release, reason = found
        noise = release.largest / blurring.EPSILON if self._blurred else 0.0
        # as if all cases of a team went the same way: no variance between teams is needed, which would tell of them
        variance = max(release.share * (1 - release.share), _LEAST_VARIANCE) * release.largest
        half = float(stats.t.ppf(0.975, release.teams - 1)) * math.sqrt(variance + 2 * noise * noise)
        return Pooled(
            release.share if release.teams >= FEWEST_FOR_POINT else None, max(release.share - half, 0.0), min(release.share + half, 1.0),
            release.teams, release.cases, release.employees // COUNTED_BY * COUNTED_BY, reason,
        )  # fmt: skip

    def coefficient(self, name: str, value: float, error: float) -> float:
        """A coefficient over all teams as it may be told: moved a little and rounded, the same each time."""
        if not self._blurred:
            return value
        drawn = self._journal.drawn("coefficient", name, repr(value), repr(error))
        return blurring.nudged(value, error, drawn)

    def moved(self, name: str, value: float, size: float, step: float) -> float:
        """A figure that HR made of whole teams as it may be told: with an error of this mean size, in steps; the same each time."""
        if not self._blurred:
            return value
        drawn = self._journal.drawn("moved", name, repr(value), repr(size))
        return blurring.in_steps(value + blurring.laplace(drawn, size), step)

    def headcount(self, *groups: Group) -> int:
        """How many persons were ever seen in some groups, counted down to a multiple of five; 0 where below the floor."""
        if self._places is None:
            self._places = {}
            for facts in self._facts.values():
                for member, *place in {
                    *zip(
                        facts.employees.tolist(), facts.functions.tolist(), facts.teams.tolist(), strict=True
                    )
                }:
                    self._places.setdefault((place[0], place[1]), set()).add(facts.names[member])
        names: set[str] = set()
        for group in groups:
            for (function, team), people in self._places.items():
                if group.function in (None, function) and group.team in (None, team):
                    names |= people
        return len(names) // COUNTED_BY * COUNTED_BY if len(names) >= self._floor else 0

    def work_weeks(self, topic: str, group: Group, windows: Sequence[Window]) -> tuple[float, ...]:
        """By window, what a mean of work by week is multiplied by to be all the work: persons times weeks.

        Who is not there in all windows is in no mean (see :meth:`means`), and is taken to work as the others do.
        """
        facts = self._facts.get(topic)
        if facts is None:
            return tuple(0.0 for _ in windows)
        always = _always(facts, group, windows)
        found = []
        for window in windows:
            rows = facts.rows(group, window)
            kept = rows & np.isin(facts.employees, always)
            weeks = len({*_weeks(facts.days[kept])})
            whole, part = (
                len({*zip(facts.employees[of].tolist(), _weeks(facts.days[of]), strict=True)})
                for of in (rows, kept)
            )
            found.append(len(always) * weeks * whole / part if part else 0.0)
        return tuple(found)

    def covered(self, topic: str, group: Group, window: Window) -> frozenset[tuple[str | None, int]]:
        """The teams and weeks (from the first Monday of 1970) of which a topic has anything."""
        facts = self._facts.get(topic)
        if facts is None:
            return frozenset()
        rows = facts.rows(group, window)
        return frozenset(zip(facts.teams[rows].tolist(), _weeks(facts.days[rows]), strict=True))

    def close(self) -> None:
        """Write down what was told; before that, none of it may leave the stage."""
        self._journal.close()

    # ---- behind the door

    def _labels(self, topic: str, of: Callable[[Facts], "np.typing.NDArray[np.object_]"]) -> tuple[str, ...]:
        facts = self._facts.get(topic)
        return (
            ()
            if facts is None
            else tuple(sorted({str(name) for name in of(facts).tolist() if name is not None}))
        )

    def _figure(self, asked: "_Asked") -> Answer:
        release = self._release(asked)
        if isinstance(release, str):
            return refused(release)
        found, reason = release
        facts = self._facts[asked.topic]
        noise = blurring.scale(found.employees) if self._blurred else 0.0
        counted = max(found.employees // COUNTED_BY * COUNTED_BY, self._floor)
        error = math.sqrt(self._variance(asked, found.share) / counted + 2 * noise * noise)
        half = float(stats.t.ppf(0.975, counted - 1)) * error
        low = facts.low if asked.agreeing is None else 0.0
        reach = found.reach if asked.agreeing is None else 1.0
        value = low + reach * found.share
        shown: Literal["interval", "point"] = "point" if counted >= FEWEST_FOR_POINT else "interval"
        return Answer(
            value if shown == "point" else None, low + reach * max(found.share - half, 0.0),
            low + reach * min(found.share + half, 1.0), value, reach * error, counted, shown, reason,
        )  # fmt: skip

    def _variance(self, asked: "_Asked", share: float) -> float:
        """The variance between persons that an interval is made with: from figures that were told, never from the group's own values."""
        if asked.agreeing is not None:
            return max(share * (1 - share), _LEAST_VARIANCE)
        told = [
            release
            for release in self._journal.about(asked.topic)
            if release.statistic == "spread" and release.meets(asked.window.start, asked.window.end)
        ]
        release = told[-1] if told else self._spread(asked)
        return _MOST_VARIANCE if release is None else min(max(release.share, _LEAST_VARIANCE), _MOST_VARIANCE)

    def _spread(self, asked: "_Asked") -> Release | None:
        made = self._release(_Asked(asked.topic, Group(), asked.window, "spread"))
        return None if isinstance(made, str) else made[0]

    def _release(self, asked: "_Asked") -> tuple[Release, Reason | None] | Reason:
        if self._closed:
            return self._closed
        facts = self._facts.get(asked.topic)
        if facts is None:
            return "no_data"
        rows = facts.rows(asked.group, asked.window)
        if asked.among is not None:
            rows &= np.isin(facts.employees, asked.among)
        members, shares, volumes = _persons(facts, rows)
        if len(members) < self._floor:
            return "too_few" if len(members) else "no_data"
        if volumes is not None and _dominated(volumes):
            return "one_person_dominates"
        who, what = self._digests(facts, rows)
        window = asked.window
        # an answer without a day is the same in every window
        start, end = (
            (date.min, date.max) if (facts.days[rows] == UNDATED).any() else (window.start, window.end)
        )
        new = Release(
            asked.topic, asked.kind, f"{asked.group.label}/{window.name}", f"{window.start}..{window.end}", start, end, who, what,
            0.0, len(members), facts.high - facts.low,
        )  # fmt: skip
        return self._remembered(new, lambda: self._share(asked, rows, members, shares, new))

    def _remembered(self, new: Release, make: Callable[[], float]) -> tuple[Release, Reason | None] | Reason:
        """The figure asked for, made and remembered; the earlier one where it stands; or why there is none."""
        told = [one for one in self._journal.about(new.topic) if one.statistic == new.statistic]
        for release in told:
            if release.states == new.states:
                return release, None
        same = [one for one in told if (one.label, one.asked) == (new.label, new.asked)]
        if self._watchful and same and new.employees < DOUBLED * same[-1].employees:
            return same[-1], "earlier_figure"
        problem = self._problem(new, told) if self._watchful else None
        if problem:
            earlier = [one for one in told if one.label == new.label and one.employees >= self._floor]
            return (earlier[-1], "earlier_figure") if earlier else problem
        made = replace(new, share=make())
        self._journal.add(made)
        return made, None

    def _behind(self, topics: Sequence[str], teams: Collection[str], window: Window) -> tuple[frozenset[int], frozenset[int], bool]:  # fmt: skip
        """Who of some teams said anything under the topics, who said what, as digests, and whether any of it has no day."""
        said: dict[str, list[str]] = {}
        undated = False
        for topic in topics:
            facts = self._facts.get(topic)
            if facts is None:
                continue
            rows = facts.rows(Group(), window) & np.array([team in teams for team in facts.teams.tolist()], dtype=bool)  # fmt: skip
            undated |= bool((facts.days[rows] == UNDATED).any())
            for name, what in _said(facts, rows):
                said.setdefault(name, []).append(f"{topic} {what}")
        return (
            frozenset(self._journal.digest("person", name) for name in said),
            frozenset(self._journal.digest("person said", name, *what) for name, what in said.items()),
            undated,
        )

    def _digests(self, facts: Facts, rows: Flags) -> tuple[frozenset[int], frozenset[int]]:
        """Who is in, and who is in with what: each as a digest."""
        told = list(_said(facts, rows))
        return (
            frozenset(self._journal.digest("person", name) for name, _ in told),
            frozenset(self._journal.digest("person said", name, what) for name, what in told),
        )

    def _problem(self, new: Release, told: Sequence[Release]) -> Reason | None:
        """Why a figure cannot be told beside those that were, if so."""
        for old in told:
            changed = differencing.apart(new.members, old.members)
            if old.meets(new.start, new.end):
                # who stayed but said something else is as much of a difference as who came or went
                changed += len(new.states - old.states) - len(new.members - old.members)
            if 0 < changed < self._floor:
                return "differs_by_few"
        meeting = [old for old in self._journal.about(new.topic) if old.meets(new.start, new.end)]
        counts: dict[int, int] = {}
        for old in meeting:
            for member in old.members & new.members:
                counts[member] = counts.get(member, 0) + 1
        if max(counts.values(), default=0) >= blurring.MOST_FIGURES:
            return "told_enough"
        same = [old.members for old in meeting if old.statistic == new.statistic]
        if differencing.isolates(new.members, same, self._floor):
            return "could_be_isolated"
        return None

    def _share(self, asked: "_Asked", rows: Flags, members: Integers, shares: Floats, new: Release) -> float:
        facts = self._facts[asked.topic]
        if asked.agreeing is not None:
            from_, upwards = asked.agreeing
            agree = facts.values >= from_ - _ROUNDING if upwards else facts.values <= from_ + _ROUNDING
            agreed = replace(facts, values=agree.astype(np.float64), low=0.0, high=1.0, work=False)
            exact = float(_persons(agreed, rows)[1].mean())
        elif asked.statistic == "spread":
            functions = _function_of(facts, rows, members)
            parts = [shares[functions == one] for one in np.unique(functions)]
            exact = float(sum(np.sum((part - part.mean()) ** 2) for part in parts)) / len(shares)
        else:
            exact = float(shares.mean())
        return self._noisy(new, exact, blurring.scale(len(members)))

    def _noisy(self, new: Release, exact: float, size: float) -> float:
        """A share as it is told: with an error of this mean size, drawn from what the figure is made of."""
        if not self._blurred:
            return exact
        drawn = self._journal.drawn("error", new.topic, new.statistic, *(f"{state:x}" for state in sorted(new.states)))  # fmt: skip
        return blurring.stepped(exact + blurring.laplace(drawn, size))


def _always(facts: Facts, group: Group, windows: Sequence[Window]) -> Integers:
    """Who of a group is there in every window."""
    seen = [set(facts.employees[facts.rows(group, window)].tolist()) for window in windows]
    return np.array(sorted(set.intersection(*seen)), dtype=np.int64)


def _said(facts: Facts, rows: Flags) -> Iterator[tuple[str, str]]:
    """Each person of some rows, by number, with all that the rows hold of the person."""
    order = np.flatnonzero(rows)
    order = order[np.lexsort((facts.values[order], facts.days[order], facts.employees[order]))]
    for part in np.split(order, np.flatnonzero(np.diff(facts.employees[order])) + 1) if len(order) else ():
        yield facts.names[int(facts.employees[part[0]])], facts.days[part].tobytes().hex() + facts.values[part].tobytes().hex()  # fmt: skip


def _weeks(days: Integers) -> list[int]:
    return [int(week) for week in (days - MONDAY) // WEEK_DAYS]


def _persons(facts: Facts, rows: Flags) -> tuple[Integers, Floats, Floats | None]:
    """Persons of some rows, each with the person's value on 0 to 1, and how much of the work each did."""
    members, place = np.unique(facts.employees[rows], return_inverse=True)
    sums = np.asarray(np.bincount(place, facts.values[rows], len(members)), dtype=np.float64)
    counts = len({*_weeks(facts.days[rows])}) if facts.work else np.bincount(place, minlength=len(members))
    shares = np.clip((sums / np.maximum(counts, 1) - facts.low) / (facts.high - facts.low), 0.0, 1.0)
    return members, shares, sums if facts.work else None


def _dominated(volumes: Floats) -> bool:
    total = float(volumes.sum())
    return total > 0 and float(volumes.max()) > DOMINANT * total


def _function_of(facts: Facts, rows: Flags, members: Integers) -> "np.typing.NDArray[np.str_]":
    """The function in which each person has most rows, by name where several have as many."""
    place = np.searchsorted(members, facts.employees[rows])
    names, codes = np.unique(np.array([str(name) for name in facts.functions[rows]]), return_inverse=True)
    counts = np.zeros((len(members), len(names)))
    np.add.at(counts, (place, codes), 1.0)
    return np.asarray(names[counts.argmax(axis=1)])
