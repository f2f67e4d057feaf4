"""The map of one type of journey: what follows what, who hands over to whom, and the ways that customers go.

The steps say what a journey is; this is their presorted twin for maps alone. Names become numbers once, interactions
are sorted once, and every figure is then a count over neighbours. The tests prove it equal to the steps.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from portance.charter import Charter
from portance.engine import Engine
from portance.journeys.columns import Columns
from portance.journeys.cutting import belongs

UNKNOWN = "?"
"""How a variant that is spelled tells a step whose activity is not known."""
SEPARATOR = " > "
_DENSE = 4_000_000
_WORD = 64
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Map:
    """Three tables, each with the most frequent first, then by name.

    ``directly_follows`` (from_activity, to_activity, n), ``handovers`` (from_function, to_function, n: the function
    changes), ``variants`` (activities, a list in order, null where unknown; journeys). ``journeys`` counts them all.
    """

    journeys: int
    directly_follows: pa.Table
    handovers: pa.Table
    variants: pa.Table

    def spelled(self, most: int) -> list[tuple[str, int]]:
        """The most frequent variants as texts, activities joined by ``>``, with their journeys."""
        first = self.variants.slice(0, most).to_pylist()
        return [
            (
                SEPARATOR.join(UNKNOWN if activity is None else activity for activity in row["activities"]),
                row["journeys"],
            )
            for row in first
        ]


def trace(charter: Charter, engine: Engine, name: str, columns: Columns) -> Map:
    """Read the interactions of one type of journey, sort them once, and count."""
    journey = charter.journeys[name]
    held = belongs(journey, columns)
    activities = _names(engine, columns.bare("activity"), held)
    functions = _names(engine, columns.bare("function"), held)
    engine.table("activity_codes", _codes("activity", activities))
    engine.table("function_codes", _codes("function", functions))
    person = journey.by == "person"
    cases = (
        ""
        if person
        else f"join (select case_id, row_number() over () - 1 as key from (select distinct case_id from interactions where {held})) "
        "as numbered using (case_id) "
    )
    told = engine.arrow(
        f"select {'person_key' if person else 'key'} as key, t_us, tie, activity_code, function_code "
        f"from (select {columns.read('activity')}, {columns.read('function')}, t_us, tie, "
        f"{'person_key' if person else 'case_id'} from interactions where {held}) as told {cases}"
        "left join activity_codes using (activity) left join function_codes using (function)"
    )
    engine.drop("activity_codes", "function_codes")
    # 0 stands for what is not known, so that a name's place is its code less one
    codes = [pc.fill_null(told[f"{what}_code"], 0).to_numpy() for what in ("activity", "function")]
    t_us = told["t_us"].to_numpy()
    order = np.lexsort((told["tie"].to_numpy(), t_us))
    gap = journey.gap if person else None
    starts, activity, function = _sorted(
        told["key"].to_numpy(), t_us, codes, counts=(len(activities), len(functions)), order=order, gap=gap
    )
    follows = _pairs(activity, starts, len(activities) + 1)
    hands = _pairs(function, starts | np.append(True, function[1:] == function[:-1]), len(functions) + 1)
    first = np.flatnonzero(starts)
    return Map(
        journeys=len(first),
        directly_follows=_paired(follows, activities, "activity"),
        handovers=_paired(hands, functions, "function"),
        variants=_variants(activity, activities, first),
    )


def _names(engine: Engine, column: str, held: str) -> pa.Array:
    """The different names of a column, sorted, so that codes sort as names do."""
    found = engine.arrow(f"select distinct {column} as name from interactions where {held}")
    names = pc.drop_null(found["name"].combine_chunks()).cast(pa.string())
    return names.take(pc.sort_indices(names))


def _codes(what: str, names: pa.Array) -> pa.Table:
    return pa.table({what: names, f"{what}_code": pa.array(np.arange(1, len(names) + 1), pa.int32())})


def _sorted(
    keys: Integers,
    t_us: Integers,
    codes: list[Integers],
    *,
    counts: tuple[int, int],
    order: Integers,
    gap: int | None,
) -> tuple[npt.NDArray[np.bool_], Integers, Integers]:
    """Where a journey starts, and the codes, by (key, time). ``order`` is the order of time.

    Key, place in time and codes usually fit into one word of 64 bits: sorting the words sorts everything, and
    nothing has to be fetched from all over memory afterwards.
    """
    bits = [
        int(keys.max(initial=0)).bit_length(),
        len(order).bit_length(),
        *(count.bit_length() for count in counts),
    ]
    key: Integers | Words
    if sum(bits) > _WORD or keys.min(initial=0) < 0:
        order = order[np.argsort(keys[order], kind="stable")]
        key, places, activity, function = keys[order], order, codes[0][order], codes[1][order]
    else:
        words: Words = keys[order].astype(np.uint64)
        for values, width in zip(
            (np.arange(len(order)), codes[0][order], codes[1][order]), bits[1:], strict=True
        ):
            words <<= np.uint64(width)
            words |= values.astype(np.uint64)
        words.sort()
        function, activity, in_time = (_taken(words, width) for width in reversed(bits[1:]))
        key, places = words, order[in_time] if gap is not None else in_time
    starts = np.ones(len(key), dtype=bool)
    starts[1:] = key[1:] != key[:-1]
    if gap is not None:
        starts[1:] |= np.diff(t_us[places]) > gap
    return starts, activity, function


def _taken(words: Words, width: int) -> Integers:
    """The lowest bits of every word, which are shifted out of it."""
    low = (words & np.uint64((1 << width) - 1)).astype(np.int64)
    words >>= np.uint64(width)
    return low


def _pairs(code: Integers, breaks: npt.NDArray[np.bool_], count: int) -> tuple[Integers, Integers, Integers]:
    """How often each code follows another: (from, to, n), where neither is unknown and nothing starts between them."""
    held = ~breaks[1:] & (code[1:] > 0) & (code[:-1] > 0)
    pair = code[:-1][held].astype(np.int64) * count + code[1:][held]
    if count * count <= _DENSE:
        totals = np.bincount(pair, minlength=count * count)
        pair = np.flatnonzero(totals)
        totals = totals[pair]
    else:
        pair, totals = np.unique(pair, return_counts=True)
    return pair // count - 1, pair % count - 1, totals


def _paired(pairs: tuple[Integers, Integers, Integers], names: pa.Array, what: str) -> pa.Table:
    source, target, totals = pairs
    table = pa.table(
        {
            f"from_{what}": names.take(pa.array(source)),
            f"to_{what}": names.take(pa.array(target)),
            "n": totals,
        }
    )
    return table.sort_by([("n", "descending"), (f"from_{what}", "ascending"), (f"to_{what}", "ascending")])


def _variants(activity: Integers, names: pa.Array, first: Integers) -> pa.Table:
    """Journeys with the same activities in the same order: each one's codes, laid end to end, are one text of bytes."""
    narrow = np.dtype(
        np.uint8 if len(names) < 256 else ">u4"
    )  # the larger byte first, so that texts sort as codes do
    laid = np.ascontiguousarray(activity.astype(narrow))
    ends = np.append(first, len(laid)).astype(np.int64) * narrow.itemsize
    texts = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(first), [None, pa.py_buffer(ends), pa.py_buffer(laid)]
    )
    counted = pa.Table.from_struct_array(pc.value_counts(texts)).sort_by(
        [("counts", "descending"), ("values", "ascending")]
    )
    chosen = counted["values"].combine_chunks()
    read = np.frombuffer(chosen.buffers()[2] or b"", dtype=narrow)
    offsets = np.frombuffer(chosen.buffers()[1], dtype=np.int64, count=len(chosen) + 1) // narrow.itemsize
    steps = pa.DictionaryArray.from_arrays(pa.array(read.astype(np.int32) - 1, mask=read == 0), names)
    lists = pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), steps)
    return pa.table({"activities": lists, "journeys": counted["counts"]})
