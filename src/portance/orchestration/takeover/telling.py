"""What the company's policy is and what its replay told, as the rows of ``takeover_policy``."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import pyarrow as pa

from portance.estimation import Estimate, shown_for, wilson
from portance.orchestration.takeover.describing import FAMILIES
from portance.orchestration.takeover.keeping import Kept
from portance.orchestration.takeover.policy import Measured
from portance.orchestration.takeover.records import TAKEOVER_POLICY
from portance.orchestration.takeover.replaying import ESTIMATES, Replay

_SCORES = ("f1", "precision", "recall", "gt1", "gt2", "gt3")
_UNITS = {"handed": "share", "into": "share", "solved_anyway": "share", "spared": "share", "turn": "turns", "sooner": "turns"}  # fmt: skip
_FEWEST = 5
"""A family of reasons behind fewer conversations is gathered with the others."""
OTHERS = "others"
Row = Mapping[str, object]


def told(kept: Kept) -> pa.Table:
    """The rows, none where no policy is kept; one without figures where it cannot be read."""
    if kept.damaged:
        return _table([{"part": "learnt", "figure": "conversations", "basis": "counted", "unit": "count", "reason": "policy_unreadable"}])  # fmt: skip
    if kept.policy is None:
        return _table([])
    policy, at = kept.policy, kept.learnt_at
    rows: list[Row] = [
        _count("learnt", "conversations", policy.measured.conversations, at),
        _count("learnt", "turns", policy.labelled, at),
        _count("learnt", "asked", policy.asked, at),
        *_scores(policy.measured, at),
    ]
    if kept.replay is not None:
        rows += [*_replayed(kept.replay, kept.replayed_at), *_reasons(kept.replay, kept.replayed_at)]
    return _table(rows)


def _table(rows: list[Row]) -> pa.Table:
    held = [row | {"position": place} for place, row in enumerate(map(dict, rows), 1)]
    return pa.table(
        {field.name: [row.get(field.name) for row in held] for field in TAKEOVER_POLICY},
        schema=TAKEOVER_POLICY,
    )


def _count(part: str, figure: str, count: int, at: datetime | None) -> Row:
    return {"part": part, "figure": figure, "basis": "counted", "value": float(count), "unit": "count", "shown": "point", "at": at}  # fmt: skip


def _scores(measured: Measured, at: datetime | None) -> Iterator[Row]:
    for name in _SCORES:
        low, high = measured.intervals.get(name, (None, None))
        # Without its interval a score of an older policy is not told: it would pass for exact.
        yield {
            "part": "held_out", "figure": name, "basis": "measured", "value": None if low is None else getattr(measured, name), "low": low,
            "high": high, "unit": "score", "n": measured.turns if name in ("f1", "precision", "recall") else measured.conversations,
            "conversations": measured.conversations, "shown": shown_for(measured.conversations), "at": at,
            "reason": "learn_again" if low is None else None,
        }  # fmt: skip


def _replayed(replay: Replay, at: datetime | None) -> Iterator[Row]:
    for name in ("conversations", "turns", "seen"):
        yield _count("replay", name, getattr(replay, name), at)
    for name in ESTIMATES:
        found: Estimate | None = getattr(replay, name)
        row: dict[str, object] = {
            "part": "replay", "figure": name, "basis": "predicted" if name in _UNITS else "measured", "unit": _UNITS.get(name, "score"), "at": at,
            "reason": replay.reasons.get(name),
        }  # fmt: skip
        if found is not None:
            row |= {
                "value": found.value, "low": found.ci_low, "high": found.ci_high, "n": found.n, "conversations": found.persons,
                "shown": found.shown, "reason": found.reason,
            }  # fmt: skip
        yield row


def _reasons(replay: Replay, at: datetime | None) -> Iterator[Row]:
    """What spoke first for handing over, by family: their shares among the conversations that it would hand over."""
    counts: dict[str, int] = {}
    for sign, count in replay.signs:
        family = FAMILIES.get(sign, OTHERS)
        counts[family] = counts.get(family, 0) + count
    whole = sum(counts.values())
    gathered: dict[str, int] = {}
    for family, count in counts.items():
        name = family if count >= _FEWEST else OTHERS
        gathered[name] = gathered.get(name, 0) + count
    for family, count in sorted(gathered.items(), key=lambda pair: (pair[0] == OTHERS, -pair[1], pair[0])):
        shown = shown_for(whole if count >= _FEWEST else count)
        low, high = wilson(count, whole)
        hidden = shown == "suppressed"
        yield {
            "part": "reason", "figure": family, "basis": "predicted", "value": count / whole if shown == "point" else None,
            "low": None if hidden else low, "high": None if hidden else high, "unit": "share", "n": None if hidden else count,
            "conversations": None if hidden else whole, "shown": shown, "at": at,
        }  # fmt: skip
