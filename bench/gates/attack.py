"""An adversary at the door of employees' figures: how many individual answers are recovered, with and without its protections.

The adversary knows who belongs to each group, how the protections work, and every answer but one: the target's, on a
scale of 1 to 5. Each attempt asks a pair of overlapping groups (or three, or forty; over time, with joiners and leavers;
after the data grew; under several statistics) and weighs the five possible answers by how likely each makes what was
told. An answer is **recovered** where all that remains possible lies within half a point of scale; **nearly** where
one answer has a probability of .99 or more. Without the error, nearly and recovered are the same.

Two more tables: who still uses a tool a month on (``kept``: a yes or a no, asked of everyone at scan after scan, while more
people can be followed), and what alarms of a stall did (``stall``: the falls told ahead, how long, and false alarms, over all
teams; the target gives the same answer week after week, which moves the regression that tells the alarms as far as a person can).

``python bench/gates/attack.py --attempts 10000 --seed 1`` prints the tables.
"""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np

from portance.charter import Charter
from portance.charter.employees import Employees
from portance.engine import Engine
from portance.experience.employees import blurring, stalling
from portance.experience.employees.facts import EPOCH, Facts, Group, Window
from portance.experience.employees.journal import Journal, Release
from portance.experience.employees.preceding import Panel
from portance.experience.employees.protecting import Protected
from portance.experience.employees.setting import Setting

SCALE = (1, 2, 3, 4, 5)
TOPIC = "answer:enablement"
WAVES = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))
CERTAIN = 0.99
_CHARTER = {
    "portance": 1,
    "company": {"name": "Company", "timezone": "UTC"},
    "functions": {"service": {}},
    "sources": {"crm": {"read": "crm.csv", "case": "ticket", "interactions": [{"activity": {"column": "what"}, "at": "when"}]}},
    "journeys": {"care": {"by": "case"}},
}  # fmt: skip
_NOTHING = 1e-12


@dataclass(frozen=True)
class Query:
    """One question: of whom, in which wave, which statistic (None: the mean; else the share at or above)."""

    group: frozenset[int]
    wave: int = 0
    from_: int | None = None
    version: int = 0


@dataclass(frozen=True)
class Attempt:
    """Queries in their order, and the data: answers by version, person and wave (0: none)."""

    kind: str
    queries: tuple[Query, ...]
    answers: np.ndarray
    target: int
    wave: int


def attempts(seed: int, many: int) -> Iterator[Attempt]:
    """Attempts of every kind in turn."""
    generator = np.random.default_rng(seed)
    for number in range(many):
        kind = KINDS[number % len(KINDS)]
        yield _attempt(kind, generator)


KINDS = (
    "one apart",
    "few apart",
    "overlap",
    "complement",
    "union",
    "joiner",
    "leaver",
    "grown",
    "corrected",
    "many",
    "statistics",
)


def _attempt(kind: str, generator: np.random.Generator) -> Attempt:
    people = int(generator.integers(40, 160))
    shares = generator.dirichlet((1.0, 2.0, 3.0, 3.0, 2.0))
    answers = np.repeat(generator.choice(SCALE, size=people, p=shares)[None, :, None], len(WAVES), axis=2)
    answers = np.repeat(answers, 2, axis=0)
    order = generator.permutation(people)
    target, rest = int(order[0]), order[1:]
    take = lambda low, high: frozenset(rest[low:high].tolist())  # noqa: E731 - read where it stands
    size = int(generator.integers(10, 25))
    few = int(generator.integers(1, 10))
    me = frozenset((target,))
    a, b, c = take(0, size), take(size, size + 12), take(size + 12, size + 12 + few - 1)
    wave = 0
    match kind:
        case "one apart":
            queries = [Query(a), Query(a | me)]
        case "few apart":
            queries = [Query(a | c | me), Query(a)]
        case "overlap":
            start = int(generator.integers(0, size))
            queries = [
                Query(a | me),
                Query(take(start, start + size) | (me if generator.random() < 0.5 else frozenset())),
            ]
        case "complement":
            queries = [Query(a | b | c | me), Query(a), Query(b)]
        case "union":
            queries = [Query(a), Query(b), Query(a | b | me), Query(a | me)]
        case "joiner":
            wave = 1
            answers[:, target, 0] = 0
            queries = [Query(a | me, 0), Query(a | me, 1), Query(a | me, 2)]
        case "leaver":
            answers[:, target, 1:] = 0
            queries = [Query(a | me, 0), Query(a | me, 1), Query(a | me, 2)]
        case "grown":
            answers[0, target, :] = 0
            queries = [Query(a | me, 0, version=0), *(Query(a | me, 0, version=1) for _ in range(4))]
        case "corrected":
            answers[0, target, :] = answers[0, target, 0] % 5 + 1
            queries = [Query(a | me, 0, version=0), *(Query(a | me, 0, version=1) for _ in range(4))]
        case "many":
            queries = [
                Query(frozenset(generator.choice(rest, size=20, replace=False).tolist()) | me)
                for _ in range(12)
            ]
        case _:
            queries = [
                Query(a | me),
                *(Query(a | me, from_=level) for level in (2, 3, 4, 5)),
                Query(a | b | me),
            ]
    return Attempt(kind, tuple(queries), answers, target, wave)


def _facts(attempt: Attempt, answers: np.ndarray) -> tuple[Facts, ...]:
    """The data as the door holds them, one per version; every group asked about is a team of its own."""
    groups = list(dict.fromkeys(query.group for query in attempt.queries))
    found = []
    for version in range(2):
        rows = [
            (person, f"t{place}", (start - EPOCH).days + 20, float(answers[version, person, wave]))
            for place, group in enumerate(groups)
            for person in sorted(group)
            for wave, start in enumerate(WAVES)
            if answers[version, person, wave] > 0
        ]
        employees, teams, days, values = zip(*rows, strict=True)
        found.append(
            Facts(
                tuple(f"e{number}" for number in range(answers.shape[1])), np.array(employees), np.array(teams, dtype=object),
                np.array(["service"] * len(rows), dtype=object), np.array(days), np.array(values), 1.0, 5.0,
            )
        )  # fmt: skip
    return tuple(found)


def _told(attempt: Attempt, *, blurred: bool, watchful: bool, key: bytes) -> list[tuple[Query, float]]:
    """What the door tells: the new figures only, each on 0 to 1. Every figure that the journal keeps counts as seen."""
    groups = list(dict.fromkeys(query.group for query in attempt.queries))
    journal = Journal(key=key)
    facts = _facts(attempt, attempt.answers)
    seen: list[tuple[Query, float]] = []
    known = 0
    for query in attempt.queries:
        door = Protected(
            {TOPIC: facts[query.version]}, journal, unlocked=True, blurred=blurred, watchful=watchful
        )
        window = Window(WAVES[query.wave], WAVES[query.wave] + timedelta(89))
        team = Group(team=f"t{groups.index(query.group)}")
        if query.from_ is None:
            door.mean(TOPIC, team, window)
        else:
            door.share(TOPIC, team, window, float(query.from_))
        for release in journal.about(TOPIC)[known:]:
            whole = (
                frozenset(range(attempt.answers.shape[1])) if release.statistic == "spread" else query.group
            )
            seen.append(
                (
                    Query(
                        whole, query.wave, -1 if release.statistic == "spread" else query.from_, query.version
                    ),
                    release.share,
                )
            )
        known = len(journal.about(TOPIC))
    return seen


def _exact(attempt: Attempt, query: Query, answer: int) -> tuple[float, int]:
    """The figure if the target had answered so, and of how many persons."""
    held = attempt.answers[query.version, :, query.wave].copy()
    if attempt.kind == "corrected" and query.version == 0:
        pass  # the first answer, later corrected, is known; the corrected one is sought
    elif held[attempt.target] > 0:
        held[attempt.target] = answer
    asked = query.group if query.from_ != -1 else frozenset().union(*(one.group for one in attempt.queries))
    values = held[sorted(asked)]
    values = values[values > 0]
    if query.from_ == -1:
        return float(np.var((values - 1) / 4)), len(values)
    return float(np.mean(values >= query.from_) if query.from_ else np.mean((values - 1) / 4)), len(values)


def _likelihood(told: float, exact: float, persons: int, *, blurred: bool) -> float:
    """How likely the door would have said so."""
    return _within(told, exact, blurring.scale(persons) if blurred else 0.0)


def _below(x: float, size: float) -> float:
    return 1 - math.exp(-x / size) / 2 if x >= 0 else math.exp(x / size) / 2


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to: what is left of the five answers."""

    kind: str
    told: int
    recovered: bool
    nearly: bool
    guessed: bool
    surest: float


def attack(attempt: Attempt, *, blurred: bool, watchful: bool, key: bytes) -> Outcome:
    """One attempt against one door."""
    seen = _told(attempt, blurred=blurred, watchful=watchful, key=key)
    weights = np.array([
        math.prod(_likelihood(told, *_exact(attempt, query, answer), blurred=blurred) for query, told in seen) for answer in SCALE
    ])  # fmt: skip
    truth = int(attempt.answers[1, attempt.target, attempt.wave])
    odds = weights / weights.sum()
    possible = [answer for answer, weight in zip(SCALE, odds, strict=True) if weight > _NOTHING]
    recovered = max(possible) - min(possible) < 1 and possible[0] == truth
    best = int(odds.argmax())
    return Outcome(
        attempt.kind,
        len(seen),
        recovered,
        bool(odds[best] >= CERTAIN),
        SCALE[best] == truth,
        float(odds[best]),
    )


def run(
    many: int, seed: int, *, blurred: bool, watchful: bool, each: Callable[[int], None] | None = None
) -> list[Outcome]:
    """So many attempts, each on a company and a journal of its own."""
    found = []
    for number, attempt in enumerate(attempts(seed, many)):
        found.append(attack(attempt, blurred=blurred, watchful=watchful, key=number.to_bytes(32, "big")))
        if each:
            each(number + 1)
    return found


# ---- who still uses a tool a month on


def run_kept(many: int, seed: int, *, blurred: bool, watchful: bool) -> list[Outcome]:
    """So many attempts on a yes or a no: who can be followed so far, asked at four scans; the target comes in at one of them."""
    found = []
    for number in range(many):
        generator = np.random.default_rng([seed, number])
        people = int(generator.integers(14, 120))
        keeps = (generator.random(people) < 0.6).astype(float)
        since = np.sort(generator.integers(0, 4, size=people))
        since[:12] = 0
        target = int(generator.integers(0, people))
        given = {"blurred": blurred, "watchful": watchful, "key": number.to_bytes(32, "big")}
        told_, _ = _scanned(keeps, since, **given)
        weights = []
        for answer in (0.0, 1.0):
            held = keeps.copy()
            held[target] = answer
            # what the exact figures of the same scans would be, were this the answer
            exact = {(one.start, one.statistic, len(one.members)): one.share for one in _scanned(held, since, blurred=False, watchful=watchful, key=given["key"])[0]}  # fmt: skip
            weights.append(math.prod(
                _likelihood(one.share, exact[one.start, one.statistic, len(one.members)], one.employees, blurred=blurred)
                for one in told_ if (one.start, one.statistic, len(one.members)) in exact
            ))  # fmt: skip
        found.append(_weighed("kept", len(told_), np.array(weights), (0, 1), int(keeps[target])))
    return found


def _scanned(keeps: np.ndarray, since: np.ndarray, *, blurred: bool, watchful: bool, key: bytes) -> tuple[tuple[Release, ...], list[float | None]]:  # fmt: skip
    """Four quarters' scans: everyone who can be followed by then, and what was told."""
    journal, ends = Journal(key=key), []
    people = len(keeps)
    for scan in range(4):
        there = np.flatnonzero(since <= scan)
        day = (WAVES[0] - EPOCH).days + 91 * scan + 20
        held = Facts(
            tuple(f"e{number}" for number in range(people)), there, np.array(["t"] * len(there), dtype=object),
            np.array(["service"] * len(there), dtype=object), np.full(len(there), day), keeps[there], 0.0, 1.0,
        )  # fmt: skip
        door = Protected({"kept:tool": held}, journal, unlocked=True, blurred=blurred, watchful=watchful)
        start = WAVES[0] + timedelta(91 * scan)
        ends.append(
            door.mean("kept:tool", Group(), Window(start - timedelta(274), start + timedelta(91))).low
        )
    return journal.about("kept:tool"), ends


# ---- what alarms of a stall did

STALL_TEAMS, STALL_SIZE, STALL_WEEKS = 8, 10, 72


def run_stall(many: int, seed: int, *, blurred: bool) -> list[Outcome]:
    """So many attempts on a person who answers the same each week, from the shares that tell what alarms did."""
    found = []
    for number in range(many):
        generator = np.random.default_rng([seed, number])
        answers, lift = _stalling(generator)
        team, person = (int(generator.integers(0, size)) for size in (STALL_TEAMS, STALL_SIZE))
        truth = int(generator.choice(SCALE))
        answers[team, person] = truth
        key = number.to_bytes(32, "big")
        releases = _alarms(answers, lift, blurred=blurred, key=key)
        weights = []
        for answer in SCALE:
            held = answers.copy()
            held[team, person] = answer
            exact = {one.statistic: one for one in _alarms(held, lift, blurred=False, key=key)}
            weights.append(math.prod(
                _within(one.share, exact[one.statistic].share, one.largest / blurring.EPSILON if blurred else 0.0) for one in releases
            ))  # fmt: skip
        found.append(_weighed("stall", len(releases), np.array(weights), SCALE, truth))
    return found


def _stalling(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Answers by team, person and week, and the lift that follows their mean four weeks later."""
    mood = np.zeros((STALL_TEAMS, STALL_WEEKS + 4))
    for at in range(1, STALL_WEEKS + 4):
        mood[:, at] = 0.8 * mood[:, at - 1] + 0.6 * generator.normal(size=STALL_TEAMS)
    said = 3 + 0.9 * mood[:, None, 4:] + generator.normal(size=(STALL_TEAMS, STALL_SIZE, STALL_WEEKS))
    lift = 0.56 + 0.08 * mood[:, :STALL_WEEKS] + 0.01 * generator.normal(size=(STALL_TEAMS, STALL_WEEKS))
    return np.clip(np.rint(said), 1, 5), np.clip(lift, 0, 1)


def _alarms(answers: np.ndarray, lift: np.ndarray, *, blurred: bool, key: bytes) -> tuple[Release, ...]:
    """What a scan tells of alarms: the shares that pass the door."""
    teams, size, weeks = answers.shape
    people = teams * size
    monday = (date(2025, 1, 6) - EPOCH).days
    employees = np.repeat(np.arange(people), weeks)
    held = Facts(
        tuple(f"e{number}" for number in range(people)), employees,
        np.array([f"T{person // size}" for person in employees.tolist()], dtype=object), np.array(["service"] * len(employees), dtype=object),
        np.tile(monday + 7 * np.arange(weeks), people), answers.reshape(people, weeks).ravel(), 1.0, 5.0,
    )  # fmt: skip
    journal = Journal(key=key)
    door = Protected({TOPIC: held}, journal, unlocked=True, blurred=blurred)
    charter = Charter.model_validate(_CHARTER)
    window = Window(date(2025, 1, 1), date(2026, 7, 1))
    setting = Setting(charter, Employees(), cast("Engine", None), door, window, 0, date(2026, 7, 1), 0)
    cells = door.cells([TOPIC], [monday + 7 * week for week in range(weeks)], 7)
    list(stalling.stall(setting, Panel(cells, lift, 1, monday)))
    return journal.about("stall")


def _within(told_: float, exact: float, size: float) -> float:
    """How likely a share would have been told so, with an error of this mean size."""
    if not size:
        return float(abs(told_ - exact) < _NOTHING)
    half = blurring.STEP / 2
    low = -math.inf if told_ < half else told_ - half
    high = math.inf if told_ > 1 - half else told_ + half
    return _below(high - exact, size) - _below(low - exact, size)


def _weighed(kind: str, told_: int, weights: np.ndarray, scale: Sequence[int], truth: int) -> Outcome:
    """What is left of the possible answers."""
    odds = weights / weights.sum()
    possible = [answer for answer, weight in zip(scale, odds, strict=True) if weight > _NOTHING]
    best = int(odds.argmax())
    recovered = len(possible) == 1 and possible[0] == truth and told_ > 0
    return Outcome(kind, told_, recovered, bool(odds[best] >= CERTAIN), scale[best] == truth, float(odds[best]))  # fmt: skip


def told(outcomes: Sequence[Outcome], name: str) -> Iterator[str]:
    """The rows of the table."""
    n = len(outcomes)
    yield (
        f"| {name} | {n} | {sum(one.told for one in outcomes)} | {sum(one.recovered for one in outcomes)} "
        f"| {sum(one.nearly for one in outcomes)} | {sum(one.guessed for one in outcomes) / n:.3f} "
        f"| {max(one.surest for one in outcomes):.3f} |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument(
        "--stalls", type=int, default=200, help="attempts on what alarms of a stall did; each takes a second"
    )
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started = time.perf_counter()

    def show(number: int) -> None:
        if sys.stderr.isatty() and number % 200 == 0:
            print(f"\r{number}", end="", file=sys.stderr)

    print("| door | attempts | figures told | recovered | nearly (.99) | best guess right | surest |")
    print("|---|---|---|---|---|---|---|")
    everything: list[Outcome] = []
    for name, blurred, watchful in (
        ("floor alone", False, False), ("floor and journal, no error", False, True), ("floor and error, no journal", True, False),
        ("as it is", True, True),
    ):  # fmt: skip
        many = arguments.attempts if blurred and watchful else max(arguments.attempts // 5, 1)
        outcomes = run(many, arguments.seed, blurred=blurred, watchful=watchful, each=show)
        for row in told(outcomes, name):
            print(row, flush=True)
        everything = outcomes
    print(
        "\n| kind (as it is) | attempts | figures told | recovered | nearly (.99) | best guess right | surest |"
    )
    print("|---|---|---|---|---|---|---|")
    for kind in Counter(one.kind for one in everything):
        for row in told([one for one in everything if one.kind == kind], kind):
            print(row)
    print("\n| figure | attempts | figures told | recovered | nearly (.99) | best guess right | surest |")
    print("|---|---|---|---|---|---|---|")
    few = max(arguments.attempts // 10, 1)
    for name, blurred in (("exact", False), ("as it is", True)):
        for kind, outcomes in (
            ("kept", run_kept(few, arguments.seed, blurred=blurred, watchful=blurred)), ("stall", run_stall(arguments.stalls, arguments.seed, blurred=blurred)),
        ):  # fmt: skip
            for row in told(outcomes, f"{kind}, {name}"):
                print(row, flush=True)
            everything = everything + outcomes if blurred else everything
    print(f"\n{time.perf_counter() - started:.0f} s")
    return int(any(one.recovered or one.nearly for one in everything))


if __name__ == "__main__":
    sys.exit(main())
