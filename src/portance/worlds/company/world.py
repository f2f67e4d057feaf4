"""A simulated company that has lived a year: what it recorded, and what is true of its levers by counterfactual runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from portance.alignment.indicators.panel import Assigned, Moved, Panel, Steered
from portance.worlds.company.drawing import HORIZON, Drawn, Kind, drawn
from portance.worlds.company.living import Case, Diary, live
from portance.worlds.company.steering import CONDITIONS, INDICATORS, LEVERS, SUMS

Floats = npt.NDArray[np.float64]
SMALLEST = 0.10
"""The smallest effect of interest, in within-team standard deviations of the indicator that is harmed."""
_NAMES = tuple(row.name for row in INDICATORS)
_BETTER = np.array([row.better for row in INDICATORS])


@dataclass(frozen=True, slots=True)
class Pair:
    """What is true of an ordered pair of indicators.

    ``effect`` is the change of ``to_indicator`` in its within-team standard deviation, negative where it is harmed,
    for an improvement of ``from_indicator`` by one of its own, both made by ``lever``. ``noise`` is the standard
    error that the finite number of simulated weeks leaves in it.
    """

    from_indicator: str
    to_indicator: str
    lever: str
    effect: float
    noise: float
    native: float
    """Change of ``to_indicator`` in its unit for one unit of ``from_indicator``, signs as measured."""
    net: float
    """Money of a team and week, by the worths of the two, for one standard deviation of improvement."""

    @property
    def conflict(self) -> bool:
        """Whether improving the one harms the other beyond the smallest effect of interest."""
        return self.effect <= -SMALLEST

    @property
    def synergy(self) -> bool:
        """Whether improving the one helps the other beyond the smallest effect of interest."""
        return self.effect >= SMALLEST


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a company's levers and indicators.

    Each lever in turn is set better for the indicator of its owner, halfway from where each team had it in each
    week to the better end of its range, from the start of the warm-up on, and kept; nobody reacts, everything else
    is the same, and the same chances fall on the same customers. The differences from the company as it was,
    averaged over teams and the weeks shown (after 12 weeks of warm-up, 36 in companies with long lags) and over the world's ``replicas`` of
    the year (the same surroundings, other chances), give ``responses``; the ratio of two differences made by one lever,
    scaled by the two within-team standard deviations of the readings of the year shown, gives a pair's effect.
    A *true conflict* is an effect of -0.10 or less.
    """

    pairs: tuple[Pair, ...]
    responses: Mapping[tuple[str, str], float]
    """(lever, indicator): change of the indicator, in its unit, for one unit of the lever, kept."""
    moves: Mapping[str, float]
    """By how much each lever was moved on average, in its unit."""
    spreads: Mapping[str, float]
    """Within-team standard deviation of each indicator over the year shown."""

    def of(self, from_indicator: str, to_indicator: str) -> Pair:
        """One ordered pair."""
        return next(
            pair for pair in self.pairs
            if (pair.from_indicator, pair.to_indicator) == (from_indicator, to_indicator)
        )  # fmt: skip

    @property
    def conflicts(self) -> tuple[Pair, ...]:
        """The true conflicts."""
        return tuple(pair for pair in self.pairs if pair.conflict)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What settings would change over a horizon, against keeping what was last set.

    ``deltas`` are changes of each indicator, mean of teams and weeks, in its unit; ``net`` is the money of all teams
    over the whole horizon by the middle worths, positive where it gains; ``before`` are the indicators without.
    """

    deltas: Mapping[str, float]
    before: Mapping[str, float]
    net: float
    weeks: int


class World:
    """One company of ``teams`` teams that lived ``weeks`` weeks; everything is computed when first asked for."""

    def __init__(self, company: Drawn, weeks: int = 52, replicas: int = 1) -> None:
        self.company, self.weeks, self.replicas = company, weeks, replicas
        self.seed, self.kind, self.planted = company.seed, company.kind, company.planted
        self.hidden_sets = company.hidden_sets
        self.teams = company.settings.shape[1]
        self.warm_up = company.warm_up

    # ---- what is recorded

    @property
    def steered(self) -> tuple[Steered, ...]:
        """The indicators as declared."""
        return tuple(
            Steered(
                row.name, row.function, row.better, row.unit, smallest_effect=SMALLEST * self._spreads[place],
                levers=(row.lever,) if row.lever else (), worth=row.worth,
                components=frozenset({row.above, row.below} - {"one", "hundreds", "thousands"}),
            )
            for place, row in enumerate(INDICATORS)
        )  # fmt: skip

    @property
    def moved(self) -> tuple[Moved, ...]:
        """The levers as declared: planned where only recorded conditions were followed, else nobody says how."""
        told: Assigned | None = None if self.kind in ("hidden", "hidden_null") else "planned"
        last = self.company.settings[self.warm_up + self.weeks - 1]
        return tuple(
            Moved(lever.name, lever.function, lever.low, lever.high, float(last[:, place].mean()), told)
            for place, lever in enumerate(LEVERS)
        )

    def panel(self) -> Panel:
        """The year as recorded: indicators, lever states and recorded conditions, teams by weeks."""
        sums = self.runs[0, 0, self.warm_up :]
        values, counts = _told(sums)
        settings = self.company.settings[self.warm_up : self.warm_up + self.weeks]
        conditions = self.company.conditions[self.warm_up : self.warm_up + self.weeks, :, : len(CONDITIONS)]
        missing = np.full((*settings.shape[:2], len(LEVERS) + len(CONDITIONS)), np.nan)
        return Panel(
            indicators=_NAMES,
            levers=tuple(lever.name for lever in LEVERS),
            context=CONDITIONS,
            units=tuple(f"team {number + 1:02d}" for number in range(self.teams)),
            unit_kind="team",
            periods=np.datetime64("2025-01-06") + 7 * np.arange(self.weeks),
            period_kind="week",
            values=np.concatenate((values, settings, conditions), axis=2).transpose(1, 0, 2).copy(),
            counts=np.concatenate((counts, missing), axis=2).transpose(1, 0, 2).copy(),
        )

    def diary(self) -> Diary:
        """What happened to whom, event by event, in the company as it was; lived again, with the same chances."""
        diary = Diary()
        live([replace(self.cases()[0], settings=self._settings[:1])], diary)
        return diary

    # ---- what is true

    @cached_property
    def truth(self) -> Truth:
        """What is true by counterfactual runs; see :class:`Truth`."""
        values = _told(self.runs[:, :, self.warm_up :])[0]
        mean = np.nanmean(values, axis=(2, 3))
        by_team = np.nanmean(values, axis=2)
        delta = (mean[:, 1:] - mean[:, :1]).mean(axis=0)
        apart = (
            (by_team[:, 1:] - by_team[:, :1]).transpose(0, 2, 1, 3).reshape(-1, len(LEVERS), len(INDICATORS))
        )
        move = (self._settings[1:] - self._settings[:1])[:, self.warm_up :]
        moves = {lever.name: float(move[place, ..., place].mean()) for place, lever in enumerate(LEVERS)}
        pairs = []
        for place, lever in enumerate(LEVERS):
            one = _NAMES.index(lever.indicator)
            for other in range(len(_NAMES)):
                if other == one:
                    continue
                ratio = delta[place, other] / delta[place, one]
                scale = self._spreads[one] / self._spreads[other]
                off = apart[:, place, other] - ratio * apart[:, place, one]
                noise = float(off.std(ddof=1) / np.sqrt(off.size) / abs(delta[place, one]) * scale)
                improvement = _BETTER[one] * self._spreads[one]
                pairs.append(
                    Pair(
                        lever.indicator, _NAMES[other], lever.name, float(ratio * scale * _BETTER[one] * _BETTER[other]),
                        noise, float(ratio),
                        _worth(one, improvement) + _worth(other, float(ratio) * improvement),
                    )
                )  # fmt: skip
        responses = {
            (lever.name, name): float(delta[place, other]) / moves[lever.name]
            for place, lever in enumerate(LEVERS)
            for other, name in enumerate(_NAMES)
        }
        return Truth(
            tuple(pairs), responses, moves, dict(zip(_NAMES, map(float, self._spreads), strict=True))
        )

    def counterfactual(self, settings: Mapping[str, float | Floats], horizon: int) -> Counterfactual:
        """What setting some levers at the end of the year shown, and keeping them so, changes over ``horizon`` weeks.

        A value stands for all teams, an array for each. Without a change the differences are exactly zero.
        """
        if not 1 <= horizon <= HORIZON:
            raise ValueError(f"a horizon is between 1 and {HORIZON} weeks, not {horizon}")
        last = self.warm_up + self.weeks
        kept = self.company.settings[: last + horizon]
        changed = kept.copy()
        names = [lever.name for lever in LEVERS]
        for name, value in settings.items():
            changed[last:, :, names.index(name)] = value
        sums = live(self._cases(np.stack((kept, changed)), last + horizon))[:, :, last:]
        values = np.nanmean(_told(sums)[0], axis=(2, 3)).mean(axis=0)
        delta = values[1] - values[0]
        net = sum(_worth(place, float(delta[place])) for place in range(len(_NAMES))) * self.teams * horizon
        return Counterfactual(
            dict(zip(_NAMES, map(float, delta), strict=True)),
            dict(zip(_NAMES, map(float, values[0]), strict=True)), net, horizon,
        )  # fmt: skip

    # ---- runs

    @cached_property
    def _settings(self) -> Floats:
        """(1 + levers, weeks, teams, levers): as it was, then each lever set better."""
        was = self.company.settings[: self.warm_up + self.weeks]
        runs = [was]
        for place, lever in enumerate(LEVERS):
            better = was.copy()
            end = lever.high if lever.up_is_better else lever.low
            better[..., place] += 0.5 * (end - better[..., place])
            runs.append(better)
        return np.stack(runs)

    def _cases(self, settings: Floats, weeks: int) -> list[Case]:
        company = self.company
        return [
            Case(company.nature, company.conditions[:weeks], settings, (self.seed, company.code, replica))
            for replica in range(self.replicas)
        ]

    def cases(self) -> list[Case]:
        """What has to be lived for the panel and the truth."""
        return self._cases(self._settings, self.warm_up + self.weeks)

    @cached_property
    def runs(self) -> Floats:
        """The sums of all runs, (replicas, 1 + levers, weeks, teams, sums)."""
        return live(self.cases())

    @cached_property
    def _spreads(self) -> Floats:
        values = _told(self.runs[0, 0, self.warm_up :])[0]
        return np.asarray(np.sqrt(np.nanmean((values - np.nanmean(values, axis=0)) ** 2, axis=(0, 1))))


def draw(seed: int, kind: Kind = "observed", teams: int = 24, weeks: int = 52, replicas: int = 1) -> World:
    """A random company of one of the ``KINDS``; the same arguments give the same one.

    With one replica the truth of a small effect has a standard error of about 0.005, at most about 0.02; each
    further replica costs as much time as the first.
    """
    return World(drawn(seed, kind, teams, weeks), weeks, replicas)


def live_together(worlds: Sequence[World]) -> None:
    """Live several worlds side by side, to the last digit as each would alone, in about two thirds of the time.

    They have the same numbers of teams, weeks and weeks of warm-up.
    """
    cases = [case for world in worlds for case in world.cases()]
    told = live(cases)
    first = 0
    for world in worlds:
        world.runs = told[first : first + world.replicas]
        first += world.replicas


def _told(sums: Floats) -> tuple[Floats, Floats]:
    """Readings and the counts behind them, last axis the indicators; a reading over nothing is NaN."""
    above = np.stack([sums[..., SUMS.index(row.above)] for row in INDICATORS], axis=-1)
    below = np.stack([sums[..., SUMS.index(row.below)] for row in INDICATORS], axis=-1)
    times = np.array([row.times for row in INDICATORS])
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(below > 0, times * above / below, np.nan)
    counted = [
        row.above if row.below in ("one", "hundreds", "thousands") else row.below for row in INDICATORS
    ]
    return values, np.stack([sums[..., SUMS.index(name)] for name in counted], axis=-1)


def _worth(place: int, change: float) -> float:
    worth = INDICATORS[place].worth
    return 0.0 if worth is None else worth[1] * change * INDICATORS[place].better
