"""An adversary at the door of employees' figures: how many individual answers are recovered, with and without its protections.

The adversary knows who belongs to each group, how the protections work, and every answer but one: the target's, on a
scale of 1 to 5. Each attempt asks a pair of overlapping groups (or three, or forty; over time, with joiners and leavers;
after the data grew; under several statistics) and weighs the five possible answers by how likely each makes what was
told. An answer is **recovered** where all that remains possible lies within half a point of scale; **nearly** where
one answer has a probability of .99 or more. Without the error, nearly and recovered are the same.

``python bench/gates/attack.py --attempts 10000 --seed 1`` prints the table.
"""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from portance.experience.employees import blurring
from portance.experience.employees.facts import EPOCH, Facts, Group, Window
from portance.experience.employees.journal import Journal
from portance.experience.employees.protecting import Protected

SCALE = (1, 2, 3, 4, 5)
TOPIC = "answer:enablement"
WAVES = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))
CERTAIN = 0.99
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
    if not blurred:
        return float(abs(told - exact) < _NOTHING)
    half, size = blurring.STEP / 2, blurring.scale(persons)
    low = -math.inf if told < half else told - half
    high = math.inf if told > 1 - half else told + half
    return _below(high - exact, size) - _below(low - exact, size)


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
    print(f"\n{time.perf_counter() - started:.0f} s")
    return int(any(one.recovered or one.nearly for one in everything))


if __name__ == "__main__":
    sys.exit(main())
