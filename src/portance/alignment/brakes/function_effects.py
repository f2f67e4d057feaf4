"""What every function does to customers and to the other functions, and what they do to it, from the tables of others.

Support functions too: a function that never meets a customer still acts through its indicators, its levers and what it was
given to keep. Nothing is estimated here; every figure keeps the interval, the grade and the verdict of where it comes from.
"""

from collections.abc import Iterator

import pyarrow as pa

from portance.alignment.brakes import records
from portance.charter import Charter
from portance.engine import Engine

Row = dict[str, object]
DOES, RECEIVES = "does", "receives"
BLIND = 0.5
_EVENTS = "A"
"""What was counted on customers' own journeys: no design is needed to say that it happened."""


def function_effects(charter: Charter, engine: Engine) -> pa.Table:
    """The table ``function_effects``, in the order of the charter's functions; ``other`` is null for customers.

    Reads ``conflicts``, ``scoreboard``, ``passages``, ``promise_rates``, ``responsibility_measures``, ``lever_responses``
    and ``breaks``, each where it is there. Every declared function has its custody, nil where it never holds a customer.
    """
    rows: list[Row] = [
        *_conflicts(charter, engine), *_indicators(charter, engine), *_seams(engine), *_promises(charter, engine),
        *_custody(charter, engine), *_levers(charter, engine),
    ]  # fmt: skip
    order = {name: place for place, name in enumerate(charter.functions)}
    rows.sort(
        key=lambda row: (
            order.get(str(row["function"]), len(order)), str(row["function"]), str(row["direction"]), str(row["through"]),
            str(row["item"]), str(row["other"] or ""),
        )
    )  # fmt: skip
    return records.table(records.EFFECTS, rows)


def _read(engine: Engine, table: str, columns: str, where: str = "true") -> list[tuple[object, ...]]:
    if engine.columns_or_none(table) is None:
        return []
    return list(engine.rows(f"select {columns} from {table} where {where} order by all"))


def _both(function: object, other: object, row: Row) -> Iterator[Row]:
    """An effect of one function on another, told at both."""
    yield row | {"function": function, "direction": DOES, "other": other}
    yield row | {"function": other, "direction": RECEIVES, "other": function}


def _conflicts(charter: Charter, engine: Engine) -> Iterator[Row]:
    """What improving an indicator does to those of others; on customers where the other one speaks of them."""
    for first, second, from_, to, kind, effect, low, high, grade, verdict, money in _read(
        engine, "conflicts",
        "from_indicator, to_indicator, from_function, to_function, kind, effect, ci_low, ci_high, grade, verdict, net_median",
        "verdict in ('conflict', 'synergy') and kind <> 'mechanical'",
    ):  # fmt: skip
        unit = "sd_per_sd" if kind == "empirical" else "opposition"
        row: Row = {
            "through": "conflict", "item": f"{first}>{second}", "value": effect, "ci_low": low, "ci_high": high, "unit": unit,
            "grade": grade, "verdict": verdict, "money": money,
        }  # fmt: skip
        if from_ != to:
            yield from _both(from_, to, row)
        declared = charter.indicators.get(str(second))
        if declared is not None and declared.speaks_of_customers:
            yield row | {"function": from_, "direction": DOES, "other": None}


def _indicators(charter: Charter, engine: Engine) -> Iterator[Row]:
    """Whether an indicator being green says anything of those who are not lost, on the whole company's scoreboard."""
    told = {
        str(row[0]): row[1:]
        for row in _read(engine, "scoreboard", "indicator, auc, auc_low, auc_high", "scope = 'company'")
    }
    for name, indicator in charter.indicators.items():
        auc, low, high = told.get(name, (None, None, None))
        verdict = "not_detectable"
        if isinstance(low, float) and isinstance(high, float):
            verdict = "blind" if low <= BLIND <= high else "informative" if low > BLIND else "misleading"
        yield {
            "function": indicator.function, "direction": DOES, "other": None, "through": "indicator", "item": name, "value": auc,
            "ci_low": low, "ci_high": high, "unit": "auc", "grade": "D" if auc is not None else None, "verdict": verdict,
        }  # fmt: skip


def _seams(engine: Engine) -> Iterator[Row]:
    """What breaks where one function hands over to another, and what breaks inside one."""
    for kind, from_, to, rate, low, high, people, cents, shown in _read(
        engine, "passages",
        "journey_type, from_function, to_function, rate, ci_low, ci_high, people_broken, cost_cents, shown",
    ):  # fmt: skip
        row: Row = {
            "through": "seam", "item": kind, "value": rate, "ci_low": low, "ci_high": high, "unit": "share", "grade": _EVENTS,
            "verdict": None if shown == "point" else "not_detectable", "people": None if shown == "suppressed" else people,
            "money": None if cents is None or shown == "suppressed" else float(str(cents)) / 100,
        }  # fmt: skip
        if from_ == to:
            yield row | {"function": from_, "direction": DOES, "other": None}
        else:
            yield from _both(from_, to, row)


def _promises(charter: Charter, engine: Engine) -> Iterator[Row]:
    """How often the promises that a function owns are kept to customers."""
    told = {
        str(row[0]): row[1:]
        for row in _read(
            engine, "promise_rates", "promise, rate, ci_low, ci_high, persons", "segment = 'all'"
        )
    }
    for name, promise in charter.promises.items():
        rate, low, high, people = told.get(name, (None, None, None, None))
        for owner in promise.owners:
            yield {
                "function": owner, "direction": DOES, "other": None, "through": "promise", "item": name, "value": rate, "ci_low": low,
                "ci_high": high, "unit": "share", "grade": _EVENTS if rate is not None else None,
                "verdict": None if low is not None else "not_detectable", "people": people,
            }  # fmt: skip


def _custody(charter: Charter, engine: Engine) -> Iterator[Row]:
    """How much of customers' time a function holds, and how many of their breaks start with it."""
    told = {
        (str(row[0]), str(row[1])): row[2:]
        for row in _read(
            engine, "responsibility_measures", "measure, function, low, ci_low, ci_high, n",
            "measure in ('custody', 'breaks') and function is not null",
        )
    }  # fmt: skip
    seen = {measure for measure, _ in told}
    functions = [*charter.functions, *sorted({name for _, name in told} - set(charter.functions))]
    for name in functions:
        for measure in ("custody", "breaks"):
            absent = (0.0 if measure in seen else None, None, None, None)
            value, low, high, people = told.get((measure, name), absent)
            yield {
                "function": name, "direction": DOES, "other": None, "through": "custody", "item": measure, "value": value,
                "ci_low": low, "ci_high": high, "unit": "share", "grade": _EVENTS if measure in seen else None,
                "verdict": None if measure in seen else "not_detectable", "people": people,
            }  # fmt: skip


def _levers(charter: Charter, engine: Engine) -> Iterator[Row]:
    """What a function's levers do to the indicators of others, measured in the long run, else as declared."""
    measured: dict[tuple[str, str], tuple[object, ...]] = {}
    for row in _read(
        engine, "lever_responses", "lever, indicator, horizon_periods, effect, ci_low, ci_high, grade",
        "effect is not null",
    ):  # fmt: skip
        measured[str(row[0]), str(row[1])] = row[3:]
    for name, lever in charter.levers.items():
        indicators = {*lever.effects, *(one for which, one in measured if which == name)}
        for indicator in sorted(indicators):
            declared = charter.indicators.get(indicator)
            if declared is None or lever.function is None or declared.function == lever.function:
                continue
            if (name, indicator) in measured:
                value, low, high, grade = measured[name, indicator]
            else:
                effect = lever.effects[indicator]
                value, (low, high), grade = effect.value, effect.range or (None, None), "E"
            made: Row = {
                "through": "lever", "item": f"{name}>{indicator}", "value": value, "ci_low": low, "ci_high": high,
                "unit": declared.unit, "grade": grade, "verdict": _felt(value, low, high, declared.better),
            }  # fmt: skip
            yield from _both(lever.function, declared.function, made)


def _felt(value: object, low: object, high: object, better: str) -> str:
    """Whether more of the lever surely helps or harms the indicator; what is declared without range is taken at its word."""
    ends = [float(str(one)) for one in (low, high) if one is not None] or [float(str(value))]
    if min(ends) > 0 or max(ends) < 0:
        return "helps" if (min(ends) > 0) == (better == "higher") else "harms"
    return "not_detectable"
