"""Take-over: whether a human can be reached, who is trapped, who must say it all again, how long it takes, what is settled."""

from dataclasses import dataclass

from portance.charter import Charter
from portance.views.figure import Rows, same
from portance.views.naming import Naming
from portance.views.people.told import Grid, Said, held, level, wait
from portance.views.reading import Row, Tables, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_PATHS = 8
SHARES = ("reachable", "trapped", "asked_again", "solved")
"""The shares that are drawn side by side, in the order in which a customer meets them."""


@dataclass(frozen=True, slots=True)
class Path:
    """One machine's way to a human."""

    machine: str
    label: str
    to: str
    handovers: int
    shares: tuple[tuple[str, Said], ...]
    wait: Said
    premature: Said
    late: Said
    sentence: str
    no_way: bool
    reason: str
    rows: Rows

    def share(self, name: str) -> Said:
        """One of the shares that are drawn."""
        return dict(self.shares)[name]


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The section. ``paths`` are drawn, the worst first."""

    state: str
    headline: str
    paths: tuple[Path, ...]
    table: Grid | None
    rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> TakeOver:
    """The section from ``takeovers``."""
    # A row without a machine only tells why there is none; that is said where what is missing stands.
    rows = [row for row in tables.rows("takeovers") if row["machine"] is not None or whole(row["handovers"])]
    paths = [_path(row, charter, run, naming, speech) for row in rows]
    paths.sort(
        key=lambda one: (
            -(one.share("trapped").figure.low or 0.0) if one.share("trapped").known else 0.0,
            -one.handovers,
            one.label,
        )
    )
    # A machine as a whole stands for those to whom it hands over; they are in the table.
    alone = [one for one in paths if not one.to] or paths
    return TakeOver(
        state="found" if paths else "none" if charter.machines and tables.has("takeovers") else "empty",
        headline=next((one.sentence for one in alone if one.sentence), ""),
        paths=tuple(one for one in alone if any(said.ends for _, said in one.shares))[:MOST_PATHS],
        table=_table(paths, run, speech),
        rows=run.rows("takeovers", "", "machine"),
    )  # fmt: skip


def _path(row: Row, charter: Charter, run: RunFacts, naming: Naming, speech: Speech) -> Path:
    machine = text(row["machine"])
    declared = charter.machines.get(machine)
    shares = tuple((name, level(held(row, name, "share", n="handovers"), speech)) for name in SHARES)
    found = dict(shares)
    label = naming.machine(machine) if machine else naming.function(text(row["function"]) or None)
    trapped, again = found["trapped"], found["asked_again"]
    sentence = ""
    if trapped.point and trapped.figure.low and trapped.figure.low > 0:
        sentence = speech.say("takeover.headline_trapped", machine=label, times=speech.times(trapped.point))
    elif again.point and again.figure.low and again.figure.low > 0:
        sentence = speech.say("takeover.headline_again", machine=label, times=speech.times(again.point))
    return Path(
        machine, label, naming.function(text(row["to_function"]) or None) if row["to_function"] else "",
        whole(row["handovers"]), shares, wait(held(row, "wait_s", "seconds", low=_low(row, "wait"), high=_high(row, "wait")), speech),
        level(held(row, "premature", "share", n="handovers"), speech), level(held(row, "late", "share", n="handovers"), speech),
        sentence, declared is not None and declared.human is False, naming.reason(row["reason"]),
        run.rows("takeovers", same(machine=machine)),
    )  # fmt: skip


def _low(row: Row, name: str) -> str:
    return f"{name}_s_low" if number(row[f"{name}_s_low"]) is not None else f"{name}_low"


def _high(row: Row, name: str) -> str:
    return f"{name}_s_high" if number(row[f"{name}_s_high"]) is not None else f"{name}_high"


def _table(paths: list[Path], run: RunFacts, speech: Speech) -> Grid | None:
    if not paths:
        return None
    say = speech.say
    return Grid(
        say("takeover.table"),
        (
            say("col.machine"), say("col.to_human"), say("col.handovers"), *(say(f"takeover.{name}") for name in SHARES),
            say("takeover.wait"), say("takeover.premature"), say("takeover.late"),
        ),
        tuple(
            (
                one.label, say("takeover.no_way") if one.no_way else one.to or one.reason or "—", speech.number(one.handovers),
                *(said for _, said in one.shares), one.wait, one.premature, one.late,
            )
            for one in paths
        ),
        run.rows("takeovers", "", "machine"),
        numeric=frozenset(range(2, 10)),
    )  # fmt: skip
