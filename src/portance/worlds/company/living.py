"""The weeks of a simulated company, call by call: needs, queues, agents, promises, releases, people who leave.

Nothing here is a linear formula of the levers: an indicator is counted over events, and an event comes out of who
called when, who was free, how much time was given, and what happened to the same customer before. It is what a
process simulator such as SimPy would do; it is written in numpy because thousands of companies have to be lived
for the gates, and a step that serves the next call of every queue of every company costs little more than one.

A *lane* is a team in a run of a case; ``lanes = cases × runs × teams``. All runs of a case draw the same chances
for the same customer's same problem: draws belong to a problem and to the attempt at settling it, not to the order
in which things happen, so that two runs differ by what a lever changed and by nothing else.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from portance.worlds.company.nature import (
    AGAIN_WITHIN,
    CUSTOMERS,
    DAYS,
    IN_TIME_S,
    MOST_ATTEMPTS,
    USERS,
    Nature,
    stacked,
)
from portance.worlds.company.queueing import Whole, waits
from portance.worlds.company.steering import (
    AUTONOMY,
    CAMPAIGN,
    COMPLEX,
    DEMAND,
    HIDDEN,
    NEW,
    PACE,
    PROMISED,
    STAFFING,
    SUMS,
    TARGET,
)

Floats = npt.NDArray[np.float64]
Small = npt.NDArray[np.float32]
Truths = npt.NDArray[np.bool_]

_POOL = 1 << 17
"""Rows of chances for calls that follow from others; which one is a function of the problem and the attempt."""
_HOUR = 0
_UNIFORMS, _NORMALS = 9, 3
"""Of a call; what each is for is read in ``_day``."""
_ANSWERS = 0.12
_CALLS_BACK = 0.6
_CALL_COST, _COMPLEX_COST, _LATE_COST = 6.0, 4.0, 15.0
BASE, START, LATE = range(3)
"""What brings a call: a problem, starting with what was bought, a promise broken."""
_WEEK_STRIDE = 1 << 20


@dataclass(frozen=True, slots=True)
class Case:
    """A company to live: its teams, its surroundings, the settings of each run, and the key of its chances.

    ``conditions`` is (weeks, teams, 4): demand, share of complex problems, share of new agents, the hidden one.
    ``settings`` is (runs, weeks, teams, levers).
    """

    nature: Nature
    conditions: Floats
    settings: Floats
    key: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls, flat: whose (lane × customers + customer), about which problem, and how much time that takes by luck.

    ``problem`` is a number that holds, from its lowest bits: the attempt (3 bits), whether it is complex (1), what
    brought it (2), and a number that every run of a case gives to the same problem.
    """

    slot: Whole
    problem: Whole
    need: Small

    def where(self, chosen: Truths | Whole) -> "Calls":
        """The chosen calls."""
        return Calls(self.slot[chosen], self.problem[chosen], self.need[chosen])


def _joined(parts: list[Calls]) -> Calls:
    return Calls(
        np.concatenate([part.slot for part in parts]),
        np.concatenate([part.problem for part in parts]),
        np.concatenate([part.need for part in parts]),
    )


def _numbered(number: Whole, kind: int, complex_: Truths) -> Whole:
    """The problem of a first call."""
    return np.asarray((number << 6) | (kind << 4) | (complex_.astype(np.int64) << 3))


@dataclass(slots=True)
class Diary:
    """What happened in the first run of the first case, event by event, as columns by name; kept when asked for."""

    calls: list[dict[str, npt.NDArray[np.generic]]] = field(default_factory=list)
    leads: list[dict[str, npt.NDArray[np.generic]]] = field(default_factory=list)
    """Those that did not sign."""
    orders: list[dict[str, npt.NDArray[np.generic]]] = field(default_factory=list)
    departures: list[dict[str, npt.NDArray[np.generic]]] = field(default_factory=list)
    releases: list[dict[str, npt.NDArray[np.generic]]] = field(default_factory=list)


def live(cases: list[Case], diary: Diary | None = None) -> Floats:
    """Live some companies side by side; the sums of each, shape (cases, runs, weeks, teams, ``SUMS``).

    All cases have as many runs, weeks and teams. The same case gives the same sums whatever lives beside it.
    """
    return _Living(cases, diary).lived()


class _Living:
    def __init__(self, cases: list[Case], diary: Diary | None) -> None:
        self.cases, self.diary = cases, diary
        self.runs, self.weeks, self.teams, _ = cases[0].settings.shape
        self.lanes = len(cases) * self.runs * self.teams
        self.nature = stacked([case.nature for case in cases], self.runs)
        self.conditions = np.concatenate(
            [np.tile(case.conditions, (1, self.runs, 1)) for case in cases], axis=1
        )
        self.settings = np.concatenate([run for case in cases for run in case.settings], axis=1)
        self.adopted = np.concatenate(
            [np.tile(_start(case, self.teams), (self.runs, 1)) for case in cases]
        )  # fmt: skip
        self.upset = np.zeros((self.lanes, CUSTOMERS), dtype=np.float32)
        self.due: dict[int, list[Calls]] = defaultdict(list)
        self.sums = {name: np.zeros((self.weeks + 64, self.lanes)) for name in SUMS}
        self.pool = np.concatenate(
            [_chances(np.random.default_rng([*case.key, 7]), _POOL) for case in cases]
        )  # fmt: skip
        self.pool_of_lane = np.repeat(np.arange(len(cases)) * _POOL, self.runs * self.teams)

    def lived(self) -> Floats:
        for week in range(self.weeks):
            self._week(week)
        self.sums["one"][:] = 1.0
        self.sums["hundreds"][:] = CUSTOMERS / 100
        self.sums["thousands"][:] = CUSTOMERS / 1000
        told = np.stack([self.sums[name][: self.weeks] for name in SUMS], axis=-1)
        shape = (self.weeks, len(self.cases), self.runs, self.teams, len(SUMS))
        return np.ascontiguousarray(told.reshape(shape).transpose(1, 2, 0, 3, 4))

    # ---- a week

    def _week(self, week: int) -> None:
        rngs = [np.random.default_rng([*case.key, 11, week]) for case in self.cases]
        self.week = week
        self.now = self.conditions[week]
        self.set = self.settings[week]
        self._orders(rngs)
        self._needs(rngs)
        duty = np.concatenate(
            [np.tile(rng.random((DAYS, self.teams)), (1, self.runs)) for rng in rngs], axis=1
        )
        self._prepare()
        for day in range(DAYS):
            agents = np.maximum(np.floor(self.set[:, STAFFING] + duty[day]), 1).astype(np.int64)
            self.sums["cost"][week] += self.nature.wages * agents
            self._day(week * DAYS + day, agents)
        self._releases(rngs)
        self._departures(rngs)

    def _tiled(self, per_case: list[Whole]) -> tuple[Whole, Whole]:
        """Lanes of events whose teams are given for each case, and their rows among all cases' events."""
        lanes, rows, first = [], [], 0
        for number, teams in enumerate(per_case):
            base = number * self.runs * self.teams
            for run in range(self.runs):
                lanes.append(teams + (base + run * self.teams))
                rows.append(np.arange(first, first + teams.size))
            first += teams.size
        return np.concatenate(lanes), np.concatenate(rows)

    # ---- what brings calls: problems, and orders

    def _needs(self, rngs: list[np.random.Generator]) -> None:
        teams, days, drawn, numbers = [], [], [], []
        for case, rng in zip(self.cases, rngs, strict=True):
            rate = case.nature.needs * case.conditions[self.week, :, DEMAND]
            held = rng.poisson(rate, (DAYS, self.teams))
            size = int(held.sum())
            teams.append(np.repeat(np.tile(np.arange(self.teams), DAYS), held.ravel()))
            days.append(np.repeat(np.arange(DAYS), held.sum(axis=1)))
            drawn.append(
                np.column_stack(
                    (rng.random((size, 2), np.float32), rng.standard_normal((size, 1), np.float32))
                )
            )
            numbers.append(np.arange(size) + self.week * _WEEK_STRIDE)
        lanes, rows = self._tiled(teams)
        chance, day, number = np.concatenate(drawn), np.concatenate(days), np.concatenate(numbers)
        mine = chance[rows]
        calls = Calls(
            lanes * CUSTOMERS + (mine[:, 0] * CUSTOMERS).astype(np.int64),
            _numbered(number[rows], BASE, mine[:, 1] < self.now[lanes, COMPLEX]),
            mine[:, 2],
        )
        for today in range(DAYS):
            self.due[self.week * DAYS + today].append(calls.where(day[rows] == today))

    def _orders(self, rngs: list[np.random.Generator]) -> None:
        nature, week = self.nature, self.week
        teams, drawn, numbers = [], [], []
        for case, rng in zip(self.cases, rngs, strict=True):
            most = case.nature.leads * case.conditions[week, :, DEMAND] * (1 + case.nature.campaign_gain)
            held = rng.poisson(most)
            teams.append(np.repeat(np.arange(self.teams), held))
            size = int(held.sum())
            drawn.append(
                np.column_stack(
                    (rng.random((size, 9), np.float32), rng.standard_normal((size, 2), np.float32))
                )
            )
            numbers.append(np.arange(size) + self.week * _WEEK_STRIDE)
        lane, rows = self._tiled(teams)
        chance, number = np.concatenate(drawn), np.concatenate(numbers)
        pressure = self.set[:, CAMPAIGN]
        bend = np.maximum(nature.saturation, 1e-6)
        bent = np.expm1(-bend * pressure) / np.expm1(-bend)
        share = (1 + nature.campaign_gain * bent) / (1 + nature.campaign_gain)
        came = chance[rows, 0] < share[lane]
        lane, rows = lane[came], rows[came]
        mine = chance[rows]
        self.sums["leads"][week] += np.bincount(lane, minlength=self.lanes)
        poor = nature.poor_leads * pressure
        sign = (
            nature.convert + nature.delay_logit * (5 - self.set[:, PROMISED]) - poor
            + 0.35 * (self.now[:, DEMAND] - 1) - 0.15 * nature.hidden * self.now[:, HIDDEN]
        )  # fmt: skip
        signed = mine[:, 1] < _share(sign)[lane]
        if self.diary is not None:
            lost = ~signed & (lane < self.teams)
            self.diary.leads.append({
                "team": lane[lost], "customer": (mine[lost, 3] * CUSTOMERS).astype(np.int64),
                "day": week * DAYS + (mine[lost, 4] * DAYS).astype(np.int64),
            })  # fmt: skip
        lane, rows, mine = lane[signed], rows[signed], mine[signed]
        self.sums["orders"][week] += np.bincount(lane, minlength=self.lanes)
        promised = self.set[lane, PROMISED]
        # Where deliveries do not take the time they take, the means follow the promise: it is kept as often as ever.
        takes = nature.deliver_days[lane] * np.exp(0.32 * mine[:, 9])
        takes = np.where(nature.late[lane] > 0, takes, takes * promised / 5)
        late = takes > promised
        harm = np.where(nature.late[lane] > 0, nature.late[lane] * 0.35 * late, 0.0)
        # Pressed customers who signed all the same regret it: a share of what the pressure talked them into.
        off = nature.cancel[lane] + harm + 0.16 * poor[lane]
        cancelled = mine[:, 2] < off
        self.sums["cancelled"][week] += np.bincount(lane[cancelled], minlength=self.lanes)
        hurt = late & (nature.late[lane] > 0)
        gesture = np.where(hurt, _LATE_COST * np.exp(0.5 * mine[:, 10]), 0.0)
        self.sums["cost"][week] += np.bincount(lane, gesture, minlength=self.lanes)
        customer = (mine[:, 3] * CUSTOMERS).astype(np.int64)
        slot = lane * CUSTOMERS + customer
        np.add.at(self.upset.reshape(-1), slot[hurt], np.float32(1.8))
        day = week * DAYS + (mine[:, 4] * DAYS).astype(np.int64)
        asks = mine[:, 6] < nature.starts[lane]
        numbered = number[rows]
        self._schedule(
            Calls(slot[asks], _numbered(numbered[asks], START, mine[asks, 5] < 0.3), mine[asks, 10]),
            (day + 1 + (mine[:, 7] * 6).astype(np.int64))[asks],
        )
        tells = hurt & (mine[:, 8] < nature.complains[lane])
        self._schedule(
            Calls(
                slot[tells],
                _numbered(numbered[tells], LATE, np.ones(int(tells.sum()), dtype=bool)),
                mine[tells, 10],
            ),
            (day + 1 + np.ceil(promised).astype(np.int64))[tells],
        )
        if self.diary is not None:
            ours = lane < self.teams
            self.diary.orders.append({
                "team": lane[ours], "customer": customer[ours], "day": day[ours], "promised": promised[ours],
                "takes": takes[ours], "cancelled": cancelled[ours], "late": late[ours],
                "gesture": gesture[ours],
            })  # fmt: skip

    def _schedule(self, calls: Calls, days: Whole) -> None:
        for day in np.unique(days):
            self.due[int(day)].append(calls.where(days == day))

    # ---- a day of calls

    def _prepare(self) -> None:
        """What agents would do this week with a call, by lane: one row for each of the names in ``_day``."""
        nature, now, at = self.nature, self.now, self.set
        moved = nature.hidden * now[:, HIDDEN]
        autonomy = at[:, AUTONOMY]
        takes = nature.need_s * (1 + nature.slack) * np.exp(0.05 * moved)
        self.lane_week = np.stack((
            now[:, NEW], takes, nature.complex_times, nature.newcomer_times, at[:, TARGET], nature.give,
            nature.resolve_simple + 0.5 * nature.autonomy_logit * autonomy - 0.3 * moved,
            nature.resolve_complex + nature.autonomy_logit * autonomy - 0.3 * moved,
            nature.newcomer_logit, nature.rush, nature.rush_from, nature.rekey_s, nature.autonomy_s * autonomy,
            nature.patience_s, nature.returns, nature.waiting, nature.gamed, nature.score - 0.15 * moved,
            nature.autonomy_cost * autonomy, nature.open_s,
        )).astype(np.float32)  # fmt: skip

    def _day(self, day: int, agents: Whole) -> None:
        calls = _joined(self.due.pop(day))
        lane = calls.slot // CUSTOMERS
        row = self.pool_of_lane[lane] + (((calls.problem + 1) * 0x9E3779B97F4A7C1 >> 20) & (_POOL - 1))
        order = np.argsort(lane + 0.999 * self.pool[row, _HOUR], kind="stable")
        calls, lane = calls.where(order), lane[order]
        hour, agent, fresh, luck, returns, later, patient, asked, game, strict, mood, gesture = (
            np.ascontiguousarray(np.take(self.pool, row[order], axis=0).T)
        )
        (
            new, takes, complex_times, newcomer_times, target, give, simple_logit, complex_logit, newcomer_logit, rush,
            rush_from, rekey_s, extra_s, patience_s, likely_returns, waiting, gamed, scored, gift, open_s,
        ) = np.take(self.lane_week, lane, axis=1)  # fmt: skip
        hard = (calls.problem >> 3 & 1).astype(bool)
        newcomer = fresh < new
        user = (agent * USERS).astype(np.int64)
        in_tool = self.adopted.reshape(-1)[lane * USERS + user]
        would = takes * np.exp(np.float32(0.45) * calls.need)
        would *= np.where(hard, complex_times, 1) * np.where(newcomer, newcomer_times, 1)
        budget = target * np.exp(np.float32(0.3) * strict)
        talk = np.minimum(would, budget + give * np.maximum(would - budget, 0))
        logit = np.where(hard, complex_logit, simple_logit) - newcomer_logit * newcomer
        logit -= rush * np.maximum(1 - talk / would - rush_from, 0)
        settled = luck * (1 + np.exp(-logit)) < 1
        service = talk + rekey_s * ~in_tool + extra_s
        arrival = hour.astype(np.float64) * open_s
        wait, left = waits(
            lane,
            arrival,
            service.astype(np.float64),
            (-patience_s * np.log1p(-patient)).astype(np.float64),
            agents,
        )
        answered = ~left
        settled &= answered
        again = np.where(left, returns < _CALLS_BACK, ~settled & (returns < likely_returns))
        again &= (calls.problem & 7) < MOST_ATTEMPTS
        delay = 1 + (9 * later**1.7).astype(np.int64)
        delay = np.where(left, 1 + (delay > 4), delay)
        soon = again & answered & (delay <= AGAIN_WITHIN)
        chosen = np.flatnonzero(again)
        self._schedule(
            Calls(calls.slot[chosen], calls.problem[chosen] + 1, calls.need[chosen]), day + delay[chosen]
        )
        waited = wait.astype(np.float32)
        upset = self.upset.reshape(-1)
        np.add.at(
            upset,
            calls.slot,
            np.float32(0.5) * left + (answered & ~settled) + waiting * waited * np.float32(1 / 600),
        )
        split = answered & (service > target) & (game < gamed)
        surveyed = np.flatnonzero(answered & (asked < _ANSWERS))
        score = np.clip(
            np.rint(
                scored - np.float32(1.3) * ~settled - waiting * np.minimum(waited / 300, 1) + np.float32(0.7) * mood
            )[surveyed], 1, 5,
        )  # fmt: skip
        helped = np.flatnonzero(settled & hard)
        gifts = gift[helped] * np.exp(np.float32(0.5) * gesture[helped])
        counted = lane[answered]
        self._add("offered", lane)
        self._add("answered", counted)
        self._add("answered_by", counted)
        self._add("handled", counted, 1 + split[answered])
        self._add("talk_s", counted, service[answered])
        self._add("in_time", lane[answered & (wait <= IN_TIME_S)])
        self._add("settled", lane[answered & ~soon])
        self._add("in_tool", lane[answered & in_tool])
        self._add("surveyed", lane[surveyed])
        self._add("scores", lane[surveyed], score)
        self._add("cost", lane, _CALL_COST + _COMPLEX_COST * hard)
        self._add("cost", lane[helped], gifts)
        if self.diary is not None:
            ours = lane < self.teams
            answers = np.zeros(lane.size)
            answers[surveyed] = score
            cost = _CALL_COST + _COMPLEX_COST * hard.astype(np.float64)
            cost[helped] += gifts
            self.diary.calls.append({
                "team": lane[ours], "customer": calls.slot[ours] % CUSTOMERS, "day": np.full(int(ours.sum()), day),
                "at": arrival[ours], "wait": wait[ours], "left": left[ours], "talk": service[ours],
                "settled": settled[ours], "problem": calls.problem[ours], "user": user[ours],
                "in_tool": in_tool[ours], "score": answers[ours], "cost": cost[ours],
            })  # fmt: skip

    def _add(self, name: str, lane: Whole, amounts: npt.NDArray[np.generic] | None = None) -> None:
        self.sums[name][self.week] += np.bincount(lane, amounts, minlength=self.lanes)

    # ---- the tool, and those who leave

    def _releases(self, rngs: list[np.random.Generator]) -> None:
        nature, week, now = self.nature, self.week, self.now
        moved = nature.hidden * now[:, HIDDEN]
        held = np.concatenate(
            [
                np.tile(rng.poisson(case.nature.releases), self.runs)
                for case, rng in zip(self.cases, rngs, strict=True)
            ]
        )
        drawn = np.concatenate([np.tile(rng.random((self.teams, 40)), (self.runs, 1)) for rng in rngs])
        chance = _share(nature.on_time + nature.pace_logit * (self.set[:, PACE] - 0.5) - 0.3 * moved)
        chance = chance + (1 - chance) * nature.gamed
        kept = (drawn < chance[:, None]) & (np.arange(40) < held[:, None])
        self.sums["releases"][week] += np.minimum(held, 40)
        self.sums["on_time"][week] += kept.sum(axis=1)
        moves = np.concatenate([np.tile(rng.random((self.teams, USERS)), (self.runs, 1)) for rng in rngs])
        takes_up = nature.learn * (1 - nature.hurried_releases * self.set[:, PACE]) * (1 - 0.4 * now[:, NEW])
        takes_up = takes_up * np.exp(-0.2 * moved)
        self.adopted = np.where(self.adopted, moves >= nature.forget[:, None], moves < takes_up[:, None])
        if self.diary is not None:
            self.diary.releases.append({
                "team": np.arange(self.teams), "week": np.full(self.teams, week),
                "held": np.minimum(held, 40)[: self.teams], "kept": kept.sum(axis=1)[: self.teams],
            })  # fmt: skip

    def _departures(self, rngs: list[np.random.Generator]) -> None:
        nature = self.nature
        self.upset *= nature.calm.astype(np.float32)[:, None]
        moved = np.exp(0.35 * nature.hidden * self.now[:, HIDDEN])
        hazard = np.minimum(self.upset, 3.0) * (nature.leave_frustrated / 3).astype(np.float32)[:, None]
        hazard += nature.leave.astype(np.float32)[:, None]
        hazard *= moved.astype(np.float32)[:, None]
        shape = (len(self.cases), self.runs, self.teams, CUSTOMERS)
        drawn = np.stack([rng.random((self.teams, CUSTOMERS), np.float32) for rng in rngs])
        leaves = drawn[:, None] < hazard.reshape(shape)
        case, run, team, customer = np.nonzero(leaves)
        lane = (case * self.runs + run) * self.teams + team
        self.upset[lane, customer] = 0.0
        spread = (drawn[case, team, customer].astype(np.float64) * 1e6) % 1.0
        after = np.floor(spread * (nature.notice[lane] + 1)).astype(np.int64)
        np.add.at(self.sums["departed"], (self.week + after, lane), 1.0)
        if self.diary is not None:
            ours = lane < self.teams
            self.diary.departures.append({
                "team": lane[ours], "customer": customer[ours],
                "decided": np.full(int(ours.sum()), self.week), "week": (self.week + after)[ours],
            })  # fmt: skip


def _share(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


def _chances(rng: np.random.Generator, rows: int) -> Small:
    return np.column_stack(
        (rng.random((rows, _UNIFORMS), np.float32), rng.standard_normal((rows, _NORMALS), np.float32))
    )


def _start(case: Case, teams: int) -> Truths:
    even = case.nature.learn / (case.nature.learn + case.nature.forget)
    return np.random.default_rng([*case.key, 5]).random((teams, USERS)) < even[:, None]
