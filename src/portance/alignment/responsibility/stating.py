"""Responsibility as it is declared, perceived and observed, side by side, and how far the three agree."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.alignment.responsibility import agreeing, answers, records
from portance.alignment.responsibility.agreeing import Told
from portance.alignment.responsibility.answers import CUSTOMER_EXPERIENCE, Row
from portance.alignment.responsibility.holding import Observed, Share, observe
from portance.alignment.responsibility.owning import declared_shares, owned_seams
from portance.charter import Charter
from portance.engine import Engine
from portance.estimation import shown_for
from portance.estimation.estimate import limits

Floats = npt.NDArray[np.float64]
Measure = dict[str, object]
MANY, FEWER = 6, 199
"""Pairs of functions grow as the square of their number: beyond six, fewer resamples are taken of them."""


def responsibility(charter: Charter, engine: Engine, seed: int = 0) -> dict[str, pa.Table]:
    """The tables ``responsibility``, ``responsibility_measures`` and ``owned_seams``.

    Reads ``responsibility_answers``, ``passages`` and the tables of journeys, each where it is there. What is declared and
    observed is told of the customer experience, the subject of journeys; other subjects are told as they are perceived.
    """
    perceived = answers.rows(answers.read_answers(engine), seed=seed)
    observed = observe(engine, sampled=charter.sampling is not None)
    visible = [row for row in perceived if not row.hidden]
    subjects = sorted({CUSTOMER_EXPERIENCE, *(row.subject for row in perceived)})
    rows: list[Measure] = []
    measures: list[Measure] = []
    for subject in subjects:
        mine = [row for row in perceived if row.subject == subject]
        functions = _functions(charter, mine, observed if subject == CUSTOMER_EXPERIENCE else None)
        rows += _table(charter, subject, mine, functions, observed)
        told = [row for row in visible if row.subject == subject]
        measures += _measures(subject, told, functions)
        if subject == CUSTOMER_EXPERIENCE:
            measures += _agreement(told, observed, functions)
            measures += _observed(observed)
    own = {
        row.function: row.shares.get(row.function, 0.0)
        for row in visible
        if row.subject == CUSTOMER_EXPERIENCE
    }
    seams = [asdict(seam) for seam in owned_seams(charter, engine, own)]
    return {
        "responsibility": _made(records.RESPONSIBILITY, rows),
        "responsibility_measures": _made(records.MEASURES, measures),
        "owned_seams": _made(records.SEAMS, seams),
    }


def _made(schema: pa.Schema, rows: Sequence[Measure]) -> pa.Table:
    return pa.table({name: [row[name] for row in rows] for name in schema.names}, schema=schema)


def _functions(charter: Charter, rows: Sequence[Row], observed: Observed | None) -> list[str]:
    """The declared functions in their order, then those that answers or events add."""
    found = list(charter.functions)
    others = {row.function for row in rows} | {name for row in rows for name in row.shares}
    if observed is not None:
        others |= {*observed.custody, *observed.breaks}
    return [*found, *sorted(others - set(found))]


def _table(
    charter: Charter, subject: str, rows: Sequence[Row], functions: Sequence[str], observed: Observed
) -> Iterator[Measure]:
    by_function = {row.function: row for row in rows}
    mine = subject == CUSTOMER_EXPERIENCE
    declared = declared_shares(charter) if mine else {}

    def seen(shares: dict[str, Share], name: str, persons: int) -> float | None:
        if not mine or not shares or shown_for(persons) != "point":
            return None
        return shares[name].value if name in shares else 0.0

    for from_ in functions:
        row = by_function.get(from_)
        hidden = row is None or row.hidden
        for to in functions:
            low, high = (None, None) if row is None or hidden else row.bounds(to)
            ci_low, ci_high = (None, None) if row is None or hidden else row.intervals.get(to, (None, None))
            yield {
                "subject": subject, "from_function": from_, "to_function": to, "perceived_low": low, "perceived_high": high,
                "declared": declared.get(to, 0.0) if declared else None, "custody": seen(observed.custody, to, observed.held_persons),
                "breaks": seen(observed.breaks, to, observed.broken_persons),
                "shapley": seen(observed.shapley, to, observed.broken_persons), "perceived_ci_low": ci_low,
                "perceived_ci_high": ci_high, "respondents": None if row is None else row.respondents,
                "shown": "suppressed" if row is not None and row.hidden else "point",
            }  # fmt: skip


# ---- measures over the rows that may be shown


def _measure(  # noqa: PLR0917  the columns of the table, in its order
    subject: str, name: str, function: str | None, low: float | None, high: float | None,
    interval: tuple[float | None, float | None] = (None, None), n: int | None = None,
) -> Measure:  # fmt: skip
    return {
        "subject": subject, "measure": name, "function": function, "low": low, "high": high, "ci_low": interval[0],
        "ci_high": interval[1], "n": n,
    }  # fmt: skip


def told_of(row: Row, functions: Sequence[str]) -> Told:
    """A row as bounds are computed from it: what respondents name nobody for is told too, as nobody's."""
    if row.published:
        return Told(dict(row.shares), row.remainder)
    exact = {name: row.shares.get(name, 0.0) for name in functions}
    return Told(exact | {_NOBODY: row.remainder}, 0.0)


_NOBODY = "\1"
"""Sorts before every name and is none."""


def _drawn(row: Row, functions: Sequence[str], draw: int) -> Floats:
    if row.drawn is None:
        return answers.vector(row, functions)
    return answers.vector(row, functions, dict(zip(row.shares, row.drawn[draw].tolist(), strict=True)))


def _interval(
    rows: Sequence[Row], functions: Sequence[str], figure: Callable[[list[Floats]], float]
) -> tuple[float | None, float | None]:
    """The 95 % interval by respondent of a figure of several rows; none unless all of them come from respondents."""
    if not rows or any(row.drawn is None for row in rows):
        return None, None
    draws = min(len(row.drawn) for row in rows if row.drawn is not None)
    if len(rows) > MANY:
        draws = min(draws, FEWER)
    found = np.array([figure([_drawn(row, functions, draw) for row in rows]) for draw in range(draws)])
    low, high = limits(found[np.isfinite(found)]) if np.isfinite(found).any() else (math.nan, math.nan)
    return (low, high) if math.isfinite(low) else (None, None)


def _asked(rows: Sequence[Row]) -> int | None:
    """How many respondents stand behind rows; none of published ones."""
    counts = [row.respondents for row in rows if row.respondents is not None]
    return sum(counts) if len(counts) == len(rows) and counts else None


def _measures(subject: str, rows: Sequence[Row], functions: Sequence[str]) -> Iterator[Measure]:
    place = {name: number for number, name in enumerate(functions)}
    for row in rows:
        told = told_of(row, functions)
        low, high = agreeing.concentration(told)
        yield _measure(
            subject, "concentration", row.function, low, high,
            _interval([row], functions, lambda drawn: float(drawn[0] @ drawn[0])), row.respondents,
        )  # fmt: skip
        least, most = agreeing.entropy(told)
        yield _measure(
            subject, "entropy", row.function, least, most, _interval([row], functions, _bits), row.respondents
        )
        others = [other for other in rows if other.function != row.function]
        # a published row that doesn't tell its own share says nothing of how it sees itself
        if others and not (row.published and row.function not in row.shares):
            yield _ego(subject, row, others, functions, place)
    pairs = [(first, second) for number, first in enumerate(rows) for second in rows[number + 1 :]]
    if not pairs:
        return
    tolds = {row.function: told_of(row, functions) for row in rows}
    for name, bounds, exact in (
        ("jsd", agreeing.divergence_bounds, agreeing.divergence),
        ("total_variation", agreeing.variation_bounds, _variation),
    ):
        found = np.array([bounds(tolds[first.function], tolds[second.function]) for first, second in pairs])
        yield _measure(
            subject, name, None, float(found[:, 0].mean()), float(found[:, 1].mean()),
            _interval(rows, functions, _mean_of_pairs(exact)), _asked(rows),
        )  # fmt: skip
    common = [name for name in functions if all(not row.published or name in row.shares for row in rows)]
    named = [name for name in common if any(row.shares.get(name, 0.0) > 0 for row in rows)]
    scores = np.array([[row.shares.get(name, 0.0) for name in named] for row in rows])
    w = agreeing.kendall_w(scores) if named else None
    if w is not None:
        at = [place[name] for name in named]
        yield _measure(
            subject, "kendall_w", None, w, w,
            _interval(rows, functions, lambda drawn: _or_nan(agreeing.kendall_w(np.array([one[at] for one in drawn])))), _asked(rows),
        )  # fmt: skip


def _ego(
    subject: str, row: Row, others: Sequence[Row], functions: Sequence[str], place: dict[str, int]
) -> Measure:
    """What a function gives itself less what the others give it on average, over those of whom it is known.

    A row that is published without this cell bounds it.
    """
    mine = row.bounds(row.function)
    theirs = np.array([other.bounds(row.function) for other in others])
    low, high = mine[0] - float(theirs[:, 1].mean()), mine[1] - float(theirs[:, 0].mean())
    at = place[row.function]

    def inflation(drawn: list[Floats]) -> float:
        return float(drawn[0][at] - np.mean([one[at] for one in drawn[1:]]))

    together = [row, *others]
    return _measure(
        subject,
        "ego_inflation",
        row.function,
        low,
        high,
        _interval(together, functions, inflation),
        _asked(together),
    )


def _bits(drawn: list[Floats]) -> float:
    held = drawn[0][drawn[0] > 0]
    return float(-(held * np.log2(held)).sum())


def _variation(first: Floats, second: Floats) -> float:
    return float(np.abs(first - second).sum()) / 2


def _mean_of_pairs(figure: Callable[[Floats, Floats], float]) -> Callable[[list[Floats]], float]:
    def mean(drawn: list[Floats]) -> float:
        return float(
            np.mean([figure(one, two) for number, one in enumerate(drawn) for two in drawn[number + 1 :]])
        )

    return mean


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


# ---- against what is observed


def _agreement(rows: Sequence[Row], observed: Observed, functions: Sequence[str]) -> Iterator[Measure]:
    """How much of each function's answers agrees with where breaks originate: 1 less the total variation."""
    if not observed.breaks or shown_for(observed.broken_persons) != "point":
        return
    where = {name: share.value for name, share in observed.breaks.items()}
    truth = np.array([*(where.get(name, 0.0) for name in functions), 0.0])
    for row in rows:
        low, high = agreeing.variation_bounds(
            told_of(row, functions),
            Told({name: where.get(name, 0.0) for name in functions} | {_NOBODY: 0.0}, 0.0),
        )
        yield _measure(
            CUSTOMER_EXPERIENCE, "agreement_observed", row.function, 1 - high, 1 - low,
            _interval([row], functions, lambda drawn: 1 - _variation(drawn[0], truth)), row.respondents,
        )  # fmt: skip


def _observed(observed: Observed) -> Iterator[Measure]:
    """The observed shares with their intervals by person."""
    for name, shares, persons in (
        ("custody", observed.custody, observed.held_persons), ("breaks", observed.breaks, observed.broken_persons),
        ("shapley", observed.shapley, observed.broken_persons),
    ):  # fmt: skip
        shown = shown_for(persons)
        for function, share in sorted(shares.items()):
            value = share.value if shown == "point" else None
            interval = (None, None) if shown == "suppressed" else (share.low, share.high)
            yield _measure(CUSTOMER_EXPERIENCE, name, function, value, value, interval, persons)
    if shown_for(observed.broken_persons) == "point":
        for function, kept in sorted(observed.kept.items()):
            yield _measure(CUSTOMER_EXPERIENCE, "shapley_reference", function, kept, kept)
