"""Take-over: whether a human can be reached, who is trapped, who must say it all again, how long it takes, what is settled; and the policy learnt."""

from collections.abc import Iterator
from dataclasses import dataclass

from portance.charter import Charter
from portance.views.figure import Rows, same
from portance.views.naming import Naming
from portance.views.people.told import Grid, Said, held, level, wait
from portance.views.reading import Row, Tables, instant, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_PATHS = 8
SCORES = ("f1", "precision", "recall", "gt1", "gt2", "gt3")
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
class Told:
    """One figure of the policy: what it says, and whether it was measured or is only predicted."""

    part: str
    figure: str
    label: str
    basis: str
    unit: str
    said: Said
    reason: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of take-overs, which is not turned on. ``state``: none, unreadable, learnt or replayed.

    ``lines`` tell what its replay predicts, ``figures`` are all that is known of it, ``scores`` and ``reasons`` their tables.
    """

    state: str
    learnt: str
    replayed: str
    seen: str
    lines: tuple[str, ...]
    figures: tuple[Told, ...]
    scores: Grid | None
    predicted: Grid | None
    reasons: Grid | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The section. ``paths`` are drawn, the worst first; ``policy`` is what was learnt, and what its replay told."""

    state: str
    headline: str
    paths: tuple[Path, ...]
    table: Grid | None
    rows: Rows
    policy: Policy


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> TakeOver:
    """The section from ``takeovers`` and ``takeover_policy``."""
    policy = _policy(tables.rows("takeover_policy"), run, naming, speech)
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
        state=(
            "found" if paths or policy.state != "none" else "none" if charter.machines and tables.has("takeovers") else "empty"
        ),
        headline=next((one.sentence for one in alone if one.sentence), ""),
        paths=tuple(one for one in alone if any(said.ends for _, said in one.shares))[:MOST_PATHS],
        table=_table(paths, run, speech),
        rows=run.rows("takeovers", "", "machine"), policy=policy,
    )  # fmt: skip


def _policy(rows: list[Row], run: RunFacts, naming: Naming, speech: Speech) -> Policy:
    parts = {(text(row["part"]), text(row["figure"])): row for row in rows}
    first = parts.get(("learnt", "conversations"))
    behind = run.rows("takeover_policy", "", "position")
    if first is None or first["value"] is None:
        state = "none" if first is None else "unreadable"
        return Policy(state, "", "", "", (), (), None, None, None, behind)

    def count(part: str, figure: str) -> int:
        row = parts.get((part, figure))
        return 0 if row is None else whole(row["value"])

    figures = tuple(_told(row, naming, speech) for row in rows)
    replayed = count("replay", "conversations")
    day = speech.day(instant(first["at"])) if first["at"] is not None else ""
    again = parts.get(("replay", "conversations"))
    seen = count("replay", "seen")
    sample = speech.many("policy.conversations", count("learnt", "conversations"))
    asked, turns = speech.number(count("learnt", "asked")), speech.number(count("learnt", "turns"))
    return Policy(
        "replayed" if again is not None else "learnt",
        speech.say("policy.learnt_on" if day else "policy.learnt", day=day, conversations=sample, asked=asked, turns=turns),
        speech.say("policy.replayed", day=speech.day(instant(again["at"])), conversations=speech.many("policy.conversations", replayed)) if again is not None else "",
        speech.many("policy.seen", seen) if seen else "",
        tuple(_lines(parts, speech)) if again is not None else (), figures, _scores(figures, run, speech),
        _grid("predicted", figures, run, speech), _grid("reason", figures, run, speech), behind,
    )  # fmt: skip


def _told(row: Row, naming: Naming, speech: Speech) -> Told:
    unit = {"score": "", "turns": ""}.get(text(row["unit"]), text(row["unit"]))
    return Told(
        text(row["part"]), text(row["figure"]), naming.word("policy.of", text(row["figure"])), text(row["basis"]), text(row["unit"]),
        level(held(row, "value", unit, low="low", high="high", persons="conversations"), speech), naming.reason(row["reason"]),
    )  # fmt: skip


def _lines(parts: dict[tuple[str, str], Row], speech: Speech) -> Iterator[str]:
    """What the replay predicts, a sentence for each figure that is known."""
    for name in ("handed", "sooner", "spared", "solved_anyway"):
        row = parts.get(("replay", name))
        if row is None:
            continue
        share = name != "sooner"
        found = level(
            held(row, "value", "share" if share else "", low="low", high="high", persons="conversations"),
            speech,
        )
        if not found.known:
            continue
        said = f"{found.text} [{found.interval}]" if found.interval else found.text
        given = {"said": said, "n": speech.number(found.figure.n)}
        if share:
            yield speech.say(f"policy.{name}", **given)
            continue
        # Earlier or later only where the whole interval is on one side of the moment at which a human came.
        low, high = found.figure.low, found.figure.high
        if low is not None and low > 0:
            yield speech.say("policy.sooner", **given)
        elif high is not None and high < 0:
            yield speech.say("policy.later", **given)
        else:
            yield speech.say("policy.same_time", **given)


def _scores(figures: tuple[Told, ...], run: RunFacts, speech: Speech) -> Grid | None:
    """Agreement with labels: while it learnt, and on the conversations replayed where those are labelled."""
    say = speech.say
    found = {(one.part, one.figure): one for one in figures}

    def cell(part: str, name: str) -> Said | str:
        one = found.get((part, name))
        return "—" if one is None else one.said if one.said.known else one.reason or one.said

    lines = tuple((say(f"policy.of.{name}"), cell("held_out", name), cell("replay", name)) for name in SCORES)
    return Grid(
        say("policy.scores"), (say("col.policy_figure"), say("col.held_out"), say("col.replayed")), lines,
        run.rows("takeover_policy", same(basis="measured"), "position"), numeric=frozenset({1, 2}),
    )  # fmt: skip


def _grid(kind: str, figures: tuple[Told, ...], run: RunFacts, speech: Speech) -> Grid | None:
    """What the replay predicts, or what spoke first for handing over; nothing where it was not replayed."""
    say = speech.say
    part = "replay" if kind == "predicted" else kind
    held_ones = [one for one in figures if one.part == part and one.basis == "predicted"]
    if not held_ones:
        return None
    lines = tuple(
        (one.label, one.said if one.said.known or not one.reason else one.reason) for one in held_ones
    )
    return Grid(
        say(f"policy.{kind}"), (say(f"col.policy_{kind}"), say("col.would")), lines,
        run.rows("takeover_policy", same(part=part, basis="predicted"), "position"), numeric=frozenset({1}),
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
        sentence = _headline("trapped", label, trapped, _sample("asked", row["asked"], speech), speech)
    elif again.point and again.figure.low and again.figure.low > 0:
        sentence = _headline("again", label, again, _sample("handed", row["handovers"], speech), speech)
    return Path(
        machine, label, naming.function(text(row["to_function"]) or None) if row["to_function"] else "",
        whole(row["handovers"]), shares, wait(held(row, "wait_s", "seconds", low=_low(row, "wait"), high=_high(row, "wait")), speech),
        level(held(row, "premature", "share", n="handovers"), speech), level(held(row, "late", "share", n="handovers"), speech),
        sentence, declared is not None and declared.human is False, naming.reason(row["reason"]),
        run.rows("takeovers", same(machine=machine)),
    )  # fmt: skip


def _headline(name: str, label: str, said: Said, sample: str, speech: Speech) -> str:
    """How often it happens, with its interval and of how many."""
    return speech.say(f"takeover.headline_{name}", machine=label, times=speech.times(said.point or 0.0), interval=said.interval, sample=sample)  # fmt: skip


def _sample(of: str, count: object, speech: Speech) -> str:
    """Of how many, where it is known."""
    n = number(count)
    return speech.many(f"takeover.sample_{of}", round(n)) if n else ""


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
