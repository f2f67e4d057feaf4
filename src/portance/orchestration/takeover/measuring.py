"""How well machines hand over: what is carried, how long it takes, whether it settles the matter, and who stays trapped."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.estimation import Estimate, by_person, quantile, ratio, shown_for
from portance.journeys.columns import Columns
from portance.orchestration.takeover import records, steps

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
FEWEST_ALIKE = 30
"""Sessions that a machine kept for one intent, without which nothing is estimated of what it would have settled."""
LEAST_SUPPORTED = 0.5
LONG = 0.95
"""A session is long when it lasts longer than so many of those that the machine settles."""
_SECOND_US = 1_000_000
_Z = 1.96


def take_over(charter: Charter, engine: Engine, as_of_us: int, seed: int) -> dict[str, pa.Table]:
    """The table ``takeovers``: one row per machine, and one per machine and function that received from it.

    Without any session with a machine there is one row, which says so.
    """
    made = steps.steps(charter, Columns(charter, engine.columns_or_none("interactions")), as_of_us)
    engine.run(made)
    sessions = _read(engine, charter, as_of_us)
    engine.drop(*reversed(steps.MADE))
    if not sessions.size:
        return {"takeovers": records.table([_nothing("no_machine_session")])}
    return {"takeovers": records.table(list(_rows(charter, sessions, seed)))}


def _nothing(reason: str) -> dict[str, object]:
    return {"handovers": 0, "persons": 0, "sessions": 0, "shown": "suppressed", "reason": reason}


@dataclass(frozen=True, slots=True)
class Sessions:
    """Sessions with machines, one element of every array each. Flags that are not known are false where their ``_known`` is.

    ``machine`` is None where the charter names none. ``handed``: passed on by the machine. ``over``: followed by a human, or passed on
    to nobody. Times are in seconds, NaN where unknown.
    """

    who: Integers
    machine: Texts
    function: Texts
    to_function: Texts
    intent: Texts
    over: Flags
    handed: Flags
    unanswered: Flags
    again: Flags
    again_known: Flags
    wait: Floats
    answered: Flags
    solved: Flags
    solved_known: Flags
    asked: Flags
    judged: Flags
    reached: Flags
    needed: Flags
    reach: Floats
    late: Flags
    kept: Flags
    kept_well: Flags

    @property
    def size(self) -> int:
        """How many sessions."""
        return len(self.who)

    def where(self, flags: Flags) -> "Sessions":
        """Some of the sessions."""
        return Sessions(*(getattr(self, name)[flags] for name in Sessions.__slots__))


def _read(engine: Engine, charter: Charter, as_of_us: int) -> Sessions:
    told = engine.arrow(f"select * from {steps.SESSIONS} order by who, t_us, end_us")

    def numbers(name: str) -> Floats:
        return np.asarray(told[name].cast(pa.float64()).to_numpy(), dtype=np.float64)

    def flags(name: str) -> Flags:
        return np.asarray([value is True for value in told[name].to_pylist()], dtype=bool)

    def texts(name: str) -> Texts:
        return np.array(told[name].to_pylist(), dtype=object)

    within, follow_up = charter.takeover.within, charter.dosage.resolved_within
    t, end, first, reached_us = (numbers(name) for name in ("t_us", "end_us", "first_us", "reached_us"))
    outcome, intent = texts("outcome"), texts("intent")
    judged: Flags = t <= as_of_us - within
    has_first, reached = ~np.isnan(first), ~np.isnan(reached_us)
    handed = outcome == "transferred"
    unanswered = handed & ~has_first & judged
    over = (has_first & (outcome != "resolved")) | unanswered
    waited = np.nan_to_num(numbers("first_wait_ms")) * 1000
    wait = np.where(has_first, np.maximum(first - end, 0) + waited, np.minimum(within, as_of_us - end))
    to_reach = np.maximum(reached_us - end, 0) + np.nan_to_num(numbers("reached_wait_ms")) * 1000
    asked = flags("asked_human")
    solved, solved_known = _solved(told, reached, over & ~reached & judged, as_of_us - follow_up, follow_up)
    returned = numbers("return_us")
    kept = (t <= as_of_us - max(within, follow_up)) & ~has_first & ~handed & _known(intent)
    well = kept & (outcome == "resolved") & ~(returned - end <= follow_up)
    duration = numbers("duration_ms")
    machine, function = texts("machine"), texts("function")
    return Sessions(
        who=np.asarray(told["who"].combine_chunks().dictionary_encode().indices.to_numpy(), dtype=np.int64), machine=machine,
        function=function, to_function=texts("to_function"), intent=intent, over=over, handed=handed, unanswered=unanswered,
        again=flags("again"), again_known=flags("again_known"), wait=wait / _SECOND_US, answered=has_first & ~flags("gave_up"),
        solved=solved, solved_known=solved_known, asked=asked, judged=judged, reached=reached,
        needed=judged & (asked | handed | np.isin(outcome, ["unresolved", "abandoned"])),
        reach=np.where(reached, to_reach, within) / _SECOND_US, late=flags("failed_before") | _long(machine, function, duration, well),
        kept=kept, kept_well=well,
    )  # fmt: skip


def _known(values: Texts) -> Flags:
    return np.array([value is not None for value in values], dtype=bool)


def _solved(
    told: pa.Table, reached: Flags, missed: Flags, last_us: int, follow_up: int
) -> tuple[Flags, Flags]:
    """Whether the human settled it, and whether that is known: no return for the same reason, and no failure told.

    Where nobody answered, it is not.
    """
    outcome = np.array(told["reached_outcome"].to_pylist(), dtype=object)
    intent = _known(np.array(told["reached_intent"].to_pylist(), dtype=object))
    end = np.asarray(told["reached_end_us"].cast(pa.float64()).to_numpy(), dtype=np.float64)
    back = np.asarray(told["reached_return_us"].cast(pa.float64()).to_numpy(), dtype=np.float64)
    failed = reached & ((outcome == "unresolved") | (intent & (back - end <= follow_up)))
    settled = reached & ~failed & (end <= last_us) & (intent | (outcome == "resolved"))
    return settled, settled | failed | missed


def _long(machine: Texts, function: Texts, duration: Floats, well: Flags) -> Flags:
    """Sessions longer than nearly all that the same machine settles."""
    found = np.zeros(len(machine), dtype=bool)
    for name, where in sorted(set(zip(machine, function, strict=True)), key=str):
        mine = (machine == name) & (function == where) & ~np.isnan(duration)
        settled = duration[mine & well]
        if len(settled) >= FEWEST_ALIKE:
            found |= mine & (duration > np.quantile(settled, LONG, method="higher"))
    return found


def _rows(charter: Charter, sessions: Sessions, seed: int) -> Iterator[dict[str, object]]:
    keys = sorted(
        {(name or "", where or "") for name, where in zip(sessions.machine, sessions.function, strict=True)}
    )
    for name, where in keys:
        mine = sessions.where(
            np.array(
                [
                    (a or "") == name and (b or "") == where
                    for a, b in zip(sessions.machine, sessions.function, strict=True)
                ]
            )
        )
        declared = charter.machines.get(name)
        head: dict[str, object] = {
            "machine": name or None,
            "function": where or None,
            "path": declared.human if declared else None,
        }
        yield head | _machine(charter, mine, _seed(seed, name, where))
        for to in sorted({value for value in mine.to_function[mine.over] if value is not None}):
            part = mine.where(mine.over & (mine.to_function == to))
            reasons: list[str] = []
            told = _handovers(charter, part, _seed(seed, name, where, to), reasons)
            persons = len(np.unique(part.who))
            yield head | told | {
                "to_function": to, "sessions": part.size, "persons": persons, "shown": shown_for(persons), "reason": _joined(reasons),
            }  # fmt: skip


def _machine(charter: Charter, mine: Sessions, seed: int) -> dict[str, object]:
    """Everything about one machine, whoever receives from it."""
    reasons: list[str] = []
    told = _handovers(charter, mine.where(mine.over), seed, reasons)
    asked = mine.where(mine.asked & mine.judged)
    if charter.takeover.asked_human is None:
        reasons.append("asked_human_not_declared")
    elif not asked.size:
        reasons.append("nobody_asked")
    told |= _share("trapped", asked.who, ~asked.reached, seed)
    told["people_trapped"] = _people(asked.who, ~asked.reached)
    needed = mine.where(mine.needed)
    told |= _share("reachable", needed.who, needed.reached, seed)
    judged = mine.where(mine.judged)
    told |= _share("reached", judged.who, judged.reached, seed)
    told |= _interval(
        "reach_s", quantile(needed.reach, 0.5, seed=seed, ended=needed.reached, persons=needed.who)
    )
    early = _premature(mine, seed)
    told |= early.figures
    reasons.append(early.reason)
    persons = len(np.unique(mine.who))
    return told | {
        "sessions": mine.size, "asked": asked.size, "persons": persons, "shown": shown_for(persons), "reason": _joined(reasons),
    }  # fmt: skip


def _handovers(charter: Charter, over: Sessions, seed: int, reasons: list[str]) -> dict[str, object]:
    """What became of sessions that a human took over, or should have."""
    if not over.size:
        reasons.append("no_handover")
    told: dict[str, object] = {"handovers": over.size, "unanswered": int(over.unanswered.sum())}
    known = over.where(over.again_known)
    if over.size and not known.size:
        reasons.append("asked_again_unknown")
    told |= _share("asked_again", known.who, known.again, seed)
    told["people_again"] = _people(known.who, known.again)
    settled = over.where(over.solved_known)
    if over.size and not settled.size:
        reasons.append("too_recent_or_no_intent")
    told |= _share("solved", settled.who, settled.solved, seed)
    handed = over.where(over.handed)
    told |= _interval(
        "wait_s", quantile(handed.wait, 0.5, seed=seed, ended=handed.answered, persons=handed.who)
    )
    long = handed.wait > charter.takeover.wait / _SECOND_US
    told |= _share("waited_long", handed.who, long, seed)
    told["people_long"] = _people(handed.who, long)
    return told | _share("late", over.who, over.late, seed)


@dataclass(frozen=True, slots=True)
class _Early:
    """What is estimated of hand-overs that came too early, and on what ground, or why nothing is."""

    reason: str
    figures: dict[str, object] = field(default_factory=dict)


def _premature(mine: Sessions, seed: int) -> _Early:
    """The share of early hand-overs that the machine would have settled, as if they were like the sessions that it kept.

    Those that are handed over are harder, so it is a share at most. Each intent weighs as much as its hand-overs; the variances of
    the shares of intents add up. Nothing where too few hand-overs have sessions of their intent to be held against.
    """
    early = mine.handed & mine.over & ~mine.late & ~mine.asked
    if not early.any():
        return _Early("nothing_early")
    weights, values, errors = [], [], []
    for intent in sorted({value for value in mine.intent[early] if value is not None}):
        alike = mine.kept & (mine.intent == intent)
        if int(alike.sum()) < FEWEST_ALIKE:
            continue
        share = _ratio(mine.who[alike], mine.kept_well[alike], seed)
        if share.value is None or share.ci_low is None or share.ci_high is None:
            continue
        weights.append(int((early & (mine.intent == intent)).sum()))
        values.append(share.value)
        errors.append((share.ci_high - share.ci_low) / (2 * _Z))
    whole = sum(weights)
    if whole < LEAST_SUPPORTED * int(early.sum()):
        return _Early("premature_no_support")
    value = sum(w * v for w, v in zip(weights, values, strict=True)) / whole
    half = _Z * math.sqrt(sum((w * e) ** 2 for w, e in zip(weights, errors, strict=True))) / whole
    shown = shown_for(len(np.unique(mine.who[early])))
    if shown == "suppressed":
        return _Early("premature_no_support")
    limits = {"premature_low": max(value - half, 0.0), "premature_high": min(value + half, 1.0)}
    return _Early("premature_at_most", {"premature": value if shown == "point" else None, **limits})


# ---- figures


def _ratio(who: Integers, flags: Flags, seed: int) -> Estimate:
    numbers = np.unique(who, return_inverse=True)[1]
    return ratio(by_person(numbers, flags, np.ones(len(flags))), seed=seed, n=len(flags), proportion=True)


def _share(name: str, who: Integers, flags: Flags, seed: int) -> dict[str, object]:
    return _interval(name, _ratio(who, flags, seed)) if len(who) else {}


def _people(who: Integers, flags: Flags) -> int | None:
    """How many persons have the flag; nothing where too few stand behind it."""
    whole = len(np.unique(who))
    return None if shown_for(whole) == "suppressed" else len(np.unique(who[flags]))


def _interval(name: str, estimate: Estimate) -> dict[str, object]:
    return {name: estimate.value, f"{name}_low": estimate.ci_low, f"{name}_high": estimate.ci_high}


def _joined(reasons: Sequence[str]) -> str | None:
    return ",".join(reasons) or None


def _seed(seed: int, *parts: str) -> int:
    """A seed of its own for each row, whatever else is measured beside it."""
    text = "/".join((str(seed), *parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
