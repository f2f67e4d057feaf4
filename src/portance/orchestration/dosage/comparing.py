"""What a human does that a machine does not, at equal cases: by intent, by segment, by outcome."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from portance.charter import Charter
from portance.estimation import shown_for
from portance.estimation.doubly_robust import Contrast, contrast, propensities
from portance.orchestration.dosage.contacts import UNKNOWN, Booleans, Contacts, Floats, Integers, Texts
from portance.orchestration.dosage.issues import Sessions, known_before
from portance.orchestration.dosage.records import Row

Outcome = Literal["resolved", "repeat", "effort", "satisfaction", "cost", "lost"]
OUTCOMES: tuple[Outcome, ...] = ("resolved", "repeat", "effort", "satisfaction", "cost", "lost")
BETTER_UP = frozenset({"resolved", "satisfaction"})
ALL = "all"
MOST_INTENTS = 12
MOST_SEGMENTS = 8
FEWEST = 200
"""An intent or a segment with fewer issues is told with all others only."""
MOST_ROWS = 15_000
_LEAST_EACH = 0.02
_FALSE_RATE = 0.10
_NEGLIGIBLE = {"resolved": 0.02, "repeat": 0.02, "effort": 0.1, "satisfaction": 0.1, "lost": 0.01}


@dataclass(frozen=True, slots=True)
class Cell:
    """One question: which issues, who was met first, and what became of them."""

    intent: str
    segment: str
    compared: Literal["human_machine", "human_handover"]
    rows: Integers


@dataclass(frozen=True, slots=True)
class Issues:
    """The issues that can be compared: the contact that opened each (``rows``), and what followed, one value each."""

    rows: Integers
    human: Booleans
    handed: Booleans
    outcomes: dict[Outcome, Floats]
    names: tuple[str, ...]
    covariates: Floats


def issues(
    charter: Charter, contacts: Contacts, sessions: Sessions, breaks: dict[int, Integers], lost: Floats | None
) -> Issues:
    """The first contact of each issue whose window was seen whole. ``lost``: for each contact, whether its person left after it."""
    served = contacts.human | contacts.machine
    known = contacts.intent != UNKNOWN
    if known.any():  # what nobody knows the reason of can neither be repeated nor compared
        served &= known
    rows = np.flatnonzero(sessions.first & sessions.mature & served)
    names, table = known_before(contacts, breaks, rows)
    resolved = ~sessions.failed & ~sessions.repeated
    outcomes: dict[Outcome, Floats] = {
        "resolved": resolved[rows].astype(np.float64), "repeat": sessions.repeated[rows].astype(np.float64),
        "effort": sessions.effort[rows], "satisfaction": _oriented(charter, sessions.rating[rows]),
        "cost": sessions.cost[rows],
    }  # fmt: skip
    if lost is not None:
        outcomes["lost"] = lost[rows]
    return Issues(rows, contacts.human[rows], sessions.handed[rows], outcomes, tuple(names), table)


def _oriented(charter: Charter, rating: Floats) -> Floats:
    """Ratings as customers gave them, turned round where the company's scale is better low."""
    lower = [
        survey
        for survey in charter.surveys.values()
        if survey.rating and getattr(survey, "better", "higher") == "lower"
    ]
    return (
        -rating if lower and len(lower) == len([s for s in charter.surveys.values() if s.rating]) else rating
    )


def cells(charter: Charter, contacts: Contacts, found: Issues) -> Iterator[Cell]:
    """All issues; the most frequent intents; where machines are declared, the most frequent values of each segment too."""
    both = np.arange(len(found.rows))
    intent = contacts.intent[found.rows]
    asked: list[tuple[str, str, Integers]] = [(ALL, ALL, both)]
    kinds = [kind for kind, _ in _frequent(intent, MOST_INTENTS)]
    asked += [(kind, ALL, np.flatnonzero(intent == kind)) for kind in kinds]
    for name, declared in charter.segments.items() if charter.machines else ():
        values = contacts.segments[name][found.rows]
        for value, _ in _frequent(values, min(MOST_SEGMENTS, declared.most)):
            asked.append((ALL, f"{name}={value}", np.flatnonzero(values == value)))
    for kind, segment, rows in asked:
        if not len(rows):
            continue
        yield Cell(kind, segment, "human_machine", rows)
        handed = rows[found.human[rows] | found.handed[rows]]
        if found.handed[rows].sum() >= 20 and segment == ALL:
            yield Cell(kind, segment, "human_handover", handed)


def _frequent(values: Texts, most: int) -> list[tuple[str, int]]:
    known = values[values != UNKNOWN].astype(str)
    kinds, counts = np.unique(known, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return [(str(kinds[place]), int(counts[place])) for place in order if counts[place] >= FEWEST]


def compared(
    charter: Charter, contacts: Contacts, found: Issues, grades: dict[str, str], seed: int
) -> tuple[list[Row], dict[tuple[str, str], Contrast]]:
    """The rows of ``dosage``, and what a human does to resolution by (intent, segment), for curves and verdicts.

    ``grades``: by intent, the grade that the way of assigning earns (A drawn by lot, B by plan); C elsewhere.
    """
    rows: list[Row] = []
    if not (
        contacts.intent != UNKNOWN
    ).any():  # any contact of the person then counts as coming back for the same
        grades = {ALL: "D"}
    kept: dict[tuple[str, str], Contrast] = {}
    chances: list[float] = []
    for cell in cells(charter, contacts, found):
        mine = _sampled(contacts.person[found.rows[cell.rows]], cell.rows, seed)
        people = contacts.person[found.rows[mine]]
        human = found.human[mine]
        x = design(contacts, found, mine, cell)
        told = propensities(human, x, clusters=people, seed=seed)
        refused: Contrast | None = None
        done: list[tuple[Floats, Contrast]] = []
        for outcome in OUTCOMES:
            values = found.outcomes.get(outcome)
            if values is None or not np.isfinite(values[mine]).any():
                continue
            y = values[mine]
            whole = bool(np.isfinite(y).all())
            twin = next((one for one in done if whole and _affine(one[0], y) is not None), None)
            if twin is not None:
                made = _scaled(twin[1], _affine(twin[0], y) or (1.0, 0.0))
            elif refused is not None and whole:
                made = contrast(y, human, np.zeros((len(y), 0)), clusters=people, seed=seed, trim=(1.0, 0.0))
                made = _as(refused, made)
            else:
                made = contrast(y, human, x, clusters=people, seed=seed, propensity=told if whole else None)
            if whole:
                done.append((y, made))
            if whole and not made.supported and made.reason == "no_overlap":
                refused = made
            if outcome == "resolved" and cell.compared == "human_machine":
                kept[cell.intent, cell.segment] = made
            rows.append(_row(cell, outcome, made, len(np.unique(people[np.isfinite(y)])), grades))
            chances.append(made.p if made.supported and math.isfinite(made.p) else math.nan)
    for row, q in zip(rows, _discovered(np.array(chances)), strict=True):
        row["q"] = None if math.isnan(q) else q
        row["verdict"] = _verdict(row)
    return rows, kept


def _affine(y: Floats, other: Floats) -> tuple[float, float] | None:
    """The slope and start of a line on which one outcome gives the other exactly; None where there is none."""
    low, high = int(np.argmin(y)), int(np.argmax(y))
    if y[low] == y[high]:
        return None
    slope = float((other[high] - other[low]) / (y[high] - y[low]))
    start = float(other[low] - slope * y[low])
    return (slope, start) if slope and np.allclose(start + slope * y, other, rtol=0, atol=1e-9) else None


def _scaled(made: Contrast, line: tuple[float, float]) -> Contrast:
    """The contrast of an outcome that is another one on a line: those settled and those who come back, mostly."""
    slope, start = line
    ends = sorted((slope * made.low, slope * made.high))
    raw = sorted((slope * made.raw_low, slope * made.raw_high))
    return replace(
        made, effect=slope * made.effect, low=ends[0], high=ends[1], raw=slope * made.raw, raw_low=raw[0], raw_high=raw[1],
        treated_mean=start + slope * made.treated_mean, control_mean=start + slope * made.control_mean,
        error=abs(slope) * made.error,
    )  # fmt: skip


def _as(refused: Contrast, raw: Contrast) -> Contrast:
    """The refusal of the same rows, with the plain comparison of another outcome."""
    nan = math.nan
    return Contrast(
        nan, nan, nan, raw.raw, raw.raw_low, raw.raw_high, nan, nan, raw.n, raw.treated, refused.ess, refused.overlap,
        refused.dropped, refused.most_weight, supported=False, reason=refused.reason,
    )  # fmt: skip


def _sampled(person: Integers, rows: Integers, seed: int) -> Integers:
    """At most ``MOST_ROWS`` rows, whole persons drawn by the seed: more would cost time and tell nothing more."""
    if len(rows) <= MOST_ROWS:
        return rows
    people, place = np.unique(person, return_inverse=True)
    share = MOST_ROWS / len(rows)
    return rows[(np.random.default_rng(seed).random(len(people)) < share)[place]]


def design(contacts: Contacts, found: Issues, mine: Integers, cell: Cell) -> Floats:
    """What is known beforehand, with the intent where several are together, and the channel where it does not say who serves."""
    parts = [found.covariates[mine]]
    human = found.human[mine]
    if cell.intent == ALL:
        parts += _columns(contacts.intent[found.rows[mine]], None)
    parts += _columns(contacts.channel[found.rows[mine]], human)
    return np.column_stack(parts)


def _columns(values: Texts, human: Booleans | None) -> list[Floats]:
    made = []
    kinds, counts = np.unique(values.astype(str), return_counts=True)
    for kind in kinds[np.argsort(-counts, kind="stable")][:20]:
        here = values == kind
        if human is not None and not _LEAST_EACH < human[here].mean() < 1 - _LEAST_EACH:
            continue
        made.append(here.astype(np.float64))
    return made


def _row(cell: Cell, outcome: Outcome, made: Contrast, persons: int, grades: dict[str, str]) -> Row:
    shown = shown_for(persons)
    told = made.supported and shown == "point"
    bounds = made.supported and shown != "suppressed"
    raw = shown == "point" and math.isfinite(made.raw)
    grade = "D" if cell.compared == "human_handover" else grades.get(cell.intent, "C")
    return {
        "intent": cell.intent, "segment": cell.segment, "outcome": outcome, "human": made.treated_mean if told else None,
        "machine": made.control_mean if told else None, "effect": made.effect if told else None,
        "ci_low": made.low if bounds else None, "ci_high": made.high if bounds else None, "n": made.n,
        "ess": _known(made.ess), "grade": grade if made.supported else None, "compared": cell.compared,
        "raw": made.raw if raw else None, "raw_low": made.raw_low if raw else None, "raw_high": made.raw_high if raw else None,
        "overlap": _known(made.overlap), "dropped": made.dropped, "persons": persons, "reason": made.reason, "shown": shown,
    }  # fmt: skip


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _verdict(row: Row) -> str:
    """Who does better, where it is proven over the whole grid; ``either`` where what matters is excluded."""
    if row["reason"] in ("no_overlap", "too_few") or row["ci_low"] is None:
        return "not_detectable" if row["reason"] == "never_varies" else "no_support"
    low, high = row["ci_low"], row["ci_high"]
    slight = _NEGLIGIBLE.get(row["outcome"], 0.0)
    if row["q"] is not None and row["q"] <= _FALSE_RATE and (low > 0 or high < 0):
        return "human" if (low > 0) == (row["outcome"] in BETTER_UP) else "machine"
    return "either" if slight and -slight <= low and high <= slight else "not_detectable"


def _discovered(p: Floats) -> Floats:
    """The false discovery rate at which each would be told (Benjamini and Hochberg 1995); NaN stays NaN."""
    q = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if not len(known):
        return q
    order = known[np.argsort(p[known], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(0, 1)
    return q
