"""Whether the dose of human and machine is told rightly: worlds in which harder cases go to humans, and queues simulated apart.

    python bench/gates/dosage.py [worlds] [first seed] [--waits [--chat]] [--read] [--each]

``--read``: whether what a log tells of a desk (patience, the share of a person that a conversation takes) is what was planted.

The worlds are logs of interactions, read as a company's would be. The queues are simulated here by other code than the
product's: a list of the instants at which each agent is free, or small steps of time for written conversations.
"""

import heapq
import math
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / part) for part in ("orchestration", "estimation")]

from chat_logs import WORK, chats  # noqa: E402
from dosed_company import dosing_charter, end_of, log, opened  # noqa: E402  the tests' company

from portance.estimation.abandoning import patience_of  # noqa: E402
from portance.estimation.chatting import ChatDesk  # noqa: E402
from portance.estimation.doubly_robust import contrast  # noqa: E402
from portance.estimation.queueing import erlang_a, erlang_c  # noqa: E402
from portance.estimation.slowing import attention_of  # noqa: E402
from portance.orchestration.dosage import comparing  # noqa: E402
from portance.orchestration.dosage.contacts import read_contacts  # noqa: E402
from portance.orchestration.dosage.issues import follow  # noqa: E402
from portance.orchestration.dosage.queues import Served  # noqa: E402

KINDS = ("linear", "waves", "steps")
EFFECTS = (0.0, 0.05, 0.1)


def answered(rows, seed):
    """The contrast on resolution over all issues, by the product's own reading of the log."""
    charter, engine = dosing_charter(), opened(rows)
    contacts = read_contacts(charter, engine)
    end = end_of(rows)
    sessions = follow(contacts, charter.dosage.resolved_within, end, ({}, float("nan")))
    found = comparing.issues(charter, contacts, sessions, {}, None)
    cell = next(iter(comparing.cells(charter, contacts, found)))
    x = comparing.design(contacts, found, cell.rows, cell)
    engine.close()
    return contrast(
        found.outcomes["resolved"], found.human, x, clusters=contacts.person[found.rows], seed=seed
    )


def worlds(count, first):
    held = {}
    for number in range(count):
        kind, effect = KINDS[number % 3], EFFECTS[number // 3 % 3]
        seed = first + number
        made = answered(log(seed, issues=3000, effect=effect, kind=kind, pull=1.2), seed)
        held.setdefault((kind, effect), []).append(made)
        if "--each" in sys.argv:
            print(
                "world",
                seed,
                kind,
                effect,
                made.effect,
                made.low,
                made.high,
                made.error,
                made.raw,
                made.supported,
                sep="\t",
                flush=True,
            )
        if number % 60 == 59:
            print(f"  {number + 1} worlds", file=sys.stderr, flush=True)
    print(
        f"{'confounding':<12} {'effect':>6} {'worlds':>6} {'mean':>7} {'sd':>6} {'error':>6} {'cover':>6} {'raw':>7} {'wrong sign':>10} {'told':>5}"
    )
    every = []
    for (kind, effect), made in sorted(held.items()):
        every += [(effect, one) for one in made]
        line(kind, effect, made)
    for effect in EFFECTS:
        line("all", effect, [one for planted, one in every if planted == effect])
    cover = np.mean([one.low <= effect <= one.high for effect, one in every])
    wrong = np.mean([one.raw < 0 for effect, one in every if effect > 0])
    print(f"coverage over {len(every)} worlds: {cover:.3f} (asked .92 to .98); raw sign wrong where a human helps: {wrong:.3f}; "
          f"unsupported: {sum(not one.supported for _, one in every)}")  # fmt: skip


def line(kind, effect, made):
    cover = np.mean([one.low <= effect <= one.high for one in made])
    means = np.array([one.effect for one in made])
    told = np.mean([one.low > 0 or one.high < 0 for one in made])
    print(f"{kind:<12} {effect:6.2f} {len(made):6d} {means.mean():7.4f} {means.std():6.4f} {np.mean([one.error for one in made]):6.4f} "
          f"{cover:6.3f} {np.mean([one.raw for one in made]):7.4f} {np.mean([one.raw < 0 for one in made]):10.3f} {told:5.2f}", flush=True)  # fmt: skip


def refusals(count, first):
    made = [
        answered(log(first + number, issues=3000, kind=KINDS[number % 3], overlap=False), number)
        for number in range(count)
    ]
    print(f"worlds without overlap: {sum(one.reason == 'no_overlap' for one in made)} of {count} refused")


def queue(rate, agents, *, duration, patience, within, seed, arrivals):
    """First come first served: each agent's free instant in a heap; who would wait longer than the patience leaves."""
    draw = np.random.default_rng(seed)
    at = np.cumsum(draw.exponential(1 / rate, arrivals))
    work = draw.exponential(duration, arrivals)
    stays = draw.exponential(patience, arrivals) if patience else np.full(arrivals, math.inf)
    free = [0.0] * agents
    waited, gone = np.zeros(arrivals), np.zeros(arrivals, dtype=bool)
    for who in range(arrivals):
        soonest = free[0]
        wait = max(soonest - at[who], 0.0)
        if wait > stays[who]:
            waited[who], gone[who] = stays[who], True
            continue
        waited[who] = wait
        heapq.heapreplace(free, at[who] + wait + work[who])
    cut = slice(arrivals // 20, None)
    return waited[cut].mean(), ((waited[cut] <= within) & ~gone[cut]).mean(), gone[cut].mean()


def stepped_chat(rate, agents, *, duration, concurrency, attention, patience, seed, span, step, desks=200):
    """Many desks side by side in small steps of time: each conversation ends in a step with its chance, newcomers go where fewest are."""
    draw = np.random.default_rng(seed)
    held, waiting = np.zeros((desks, agents), dtype=int), np.zeros(desks, dtype=int)
    waited, gone, came = 0.0, 0, 0
    for number in range(int(span / step)):
        speed = np.minimum(1.0, 1 / np.maximum(held * attention, 1e-9))
        held -= draw.binomial(held, 1 - np.exp(-speed * step / duration))
        left = (
            draw.binomial(waiting, 1 - math.exp(-step / patience)) if patience else np.zeros(desks, dtype=int)
        )
        new = draw.poisson(rate * step, desks)
        waiting += new - left
        while True:
            place = held.argmin(axis=1)
            able = np.flatnonzero((waiting > 0) & (held[np.arange(desks), place] < concurrency))
            if not len(able):
                break
            held[able, place[able]] += 1
            waiting[able] -= 1
        if number * step > 0.25 * span:
            waited, gone, came = waited + waiting.sum() * step, gone + left.sum(), came + new.sum()
    return waited / came, gone / came


def waits():
    print(
        f"{'queue':<9} {'agents':>6} {'load':>5} {'predicted':>10} {'simulated':>10} {'off':>6} {'gone':>6} {'gone sim':>8}"
    )
    worst = 0.0
    for agents, duration in () if "--chat" in sys.argv else ((3, 300), (14, 180), (55, 240)):
        for share in (0.6, 0.75, 0.85, 0.92):
            rate = share * agents / duration
            told = erlang_c(share * agents, agents, duration=duration, within=20)
            many = 1_200_000 if share > 0.8 else 500_000
            seen, within, _ = queue(rate, agents, duration=duration, patience=None, within=20, seed=agents + int(share * 100), arrivals=many)  # fmt: skip
            worst = max(
                worst,
                row(
                    "erlang_c",
                    agents,
                    share,
                    waits=(told.mean_wait, seen),
                    within=told.served_within - within,
                ),
            )
        for share in (0.8, 0.95, 1.1, 1.4):
            rate = share * agents / duration
            told = erlang_a(share * agents, agents, patience=150, duration=duration, within=20)
            seen, within, gone = queue(rate, agents, duration=duration, patience=150, within=20, seed=agents + int(share * 100), arrivals=400_000)  # fmt: skip
            worst = max(worst, row("erlang_a", agents, share, waits=(told.mean_wait, seen), gone=(told.abandoned, gone), within=told.served_within - within))  # fmt: skip
    for agents, concurrency, attention in ((3, 3, 0.5), (6, 2, 0.5), (4, 3, 1 / 3)):
        most = agents * min(concurrency, 1 / attention)
        for share, patience in ((0.8, None), (0.9, None), (0.95, 200), (1.2, 200)):
            rate = share * most / 400
            chat = None  # as the curve of doses is made: as many places where none slows another, else simulated from its seed
            if attention * concurrency > 1:
                chat = ChatDesk.simulated(agents, concurrency=concurrency, attention=attention, duration=400, seed=0)  # fmt: skip
            told = Served(agents, 400, patience, concurrency, 20, chat).waiting(rate * 3600)
            seen, gone = stepped_chat(rate, agents, duration=400, concurrency=concurrency, attention=attention, patience=patience, seed=2, span=60_000, step=1.0, desks=600)  # fmt: skip
            worst = max(
                worst, row("chat", agents, share, waits=(told.mean_wait, seen), gone=(told.abandoned, gone))
            )
    print(f"largest difference of a mean wait of a second or more: {worst:.1%} (asked under 10 %)")


STAYS = {
    "exponential": lambda draw, n: draw.exponential(120, n),
    "a fifth leave at once": lambda draw, n: np.where(draw.random(n) < 0.2, draw.exponential(5, n), draw.exponential(200, n)),
    "nobody before 15 s": lambda draw, n: 15 + draw.exponential(100, n),
    "Weibull 1.5": lambda draw, n: draw.weibull(1.5, n) * 130,
}  # fmt: skip


def read(seeds):
    for name, stays in STAYS.items():
        for count in (500, 2000):
            made = []
            for seed in range(seeds * 10):
                draw = np.random.default_rng(700_000 + seed)
                patience, offered = (
                    stays(draw, count),
                    np.where(draw.random(count) < 0.5, 0, draw.exponential(40, count)),
                )
                made.append(patience_of(np.minimum(patience, offered), patience < offered))
            refuted = np.mean([one.fit != "exponential" for one in made])
            covered = np.mean([one.low <= 120 <= one.high for one in made])
            print(f"patience {name:<22} {count:5d} waits, {np.mean([one.gone for one in made]):4.0f} gave up: mean {np.mean([one.mean for one in made]):6.1f} "
                  f"120 covered {covered:.3f} refuted {refuted:.3f}", flush=True)  # fmt: skip
    for attention in (1 / 3, 0.5, 0.8):
        for name in WORK:
            slowed(seeds, name, attention)
    for desk in DESKS:
        for name in WORK:
            slowed(seeds, name, **desk)
    for goes_to in ("any", "most"):
        for name in ("exponential", "hardly_vary"):
            slowed(seeds, name, 0.5, goes_to=goes_to)


DESKS = (
    {"attention": 0.7, "agents": 2, "concurrency": 2, "count": 1000},
    {"attention": 0.5, "agents": 8, "concurrency": 4, "load": 0.85},
    {"attention": 0.5, "count": 600},
)


def slowed(seeds, name, attention, **desk):
    told = []
    for seed in range(900_000, 900_000 + seeds):
        begin, end = chats(seed, attention=attention, work=WORK[name], **desk)
        days = np.arange(len(begin)) * 50 // len(begin)
        told.append(attention_of(begin, end, agents=desk.get("agents", 4), concurrency=desk.get("concurrency", 3), blocks=days, seed=seed))  # fmt: skip
    none = sum(one is None for one in told)
    told = [one for one in told if one is not None]
    alone = 1 / desk.get("concurrency", 3)
    print(f"attention {attention:.2f} {name:<13} mean {np.mean([one.value for one in told]):.3f} spread {np.std([one.value for one in told]):.3f} "
          f"covered {np.mean([one.low - 1e-9 <= attention <= one.high + 1e-9 for one in told]):.3f} "
          f"told to slow {np.mean([one.low > alone + 1e-9 for one in told]):.3f} refused {none} {desk}", flush=True)  # fmt: skip


def row(name, agents, share, *, waits, gone=(0.0, 0.0), within=0.0):
    told, seen = waits
    off = abs(told - seen) / seen if seen >= 1 else 0.0
    print(f"{name:<9} {agents:6d} {share:5.2f} {told:10.2f} {seen:10.2f} {off:6.1%} {gone[0]:6.3f} {gone[1]:8.3f}  served within off {within:+.3f}", flush=True)  # fmt: skip
    return off


def main():
    numbers = [int(text) for text in sys.argv[1:] if text.isdigit()]
    count, first = (numbers + [405, 500_000][len(numbers) :])[:2]
    if "--waits" in sys.argv:
        waits()
        return
    if "--read" in sys.argv:
        read(numbers[0] if numbers else 200)
        return
    worlds(count, first)
    refusals(max(count // 7, 6), first + 100_000)


if __name__ == "__main__":
    main()
