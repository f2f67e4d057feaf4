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
"""How a variant tells a step whose activity is not known."""
SEPARATOR = " > "
_DENSE = 4_000_000
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Map:
    """Three tables, each with the most frequent first, then by name.

    ``directly_follows`` (from_activity, to_activity, n), ``handovers`` (from_function, to_function, n: the function
    changes), ``variants`` (variant, journeys: activities in order, joined by ``>``). ``journeys`` counts them all,
    ``different`` the variants, of which ``variants`` may hold the first ones only.
    """

    journeys: int
    different: int
    directly_follows: pa.Table
    handovers: pa.Table
    variants: pa.Table


def trace(charter: Charter, engine: Engine, name: str, columns: Columns, most: int | None) -> Map:
    """Read the interactions of one type of journey, sort them once, and count."""
    journey = charter.journeys[name]
    key = "person_key" if journey.by == "person" else "case_id"
    told = engine.arrow(
        f"select {key} as key, t_us, tie, {columns.read('activity')}, {columns.read('function')} "
        f"from interactions where {belongs(journey, columns)}"
    )
    keys = _numbered(told["key"])[0] if journey.by == "case" else told["key"].to_numpy()
    t_us = told["t_us"].to_numpy()
    order = np.lexsort((told["tie"].to_numpy(), t_us, keys))
    keys, t_us = keys[order], t_us[order]
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = keys[1:] != keys[:-1]
    if journey.by == "person":
        starts[1:] |= np.diff(t_us) > journey.gap
    activity, activities = _numbered(told["activity"])
    function, functions = _numbered(told["function"])
    activity, function = activity[order], function[order]
    follows = _pairs(activity, starts, len(activities))
    hands = _pairs(function, starts | np.append(True, function[1:] == function[:-1]), len(functions))
    first = np.flatnonzero(starts)
    different, variants = _variants(activity, activities, first, most)
    return Map(
        journeys=len(first),
        different=different,
        directly_follows=_paired(follows, activities, "activity"),
        handovers=_paired(hands, functions, "function"),
        variants=variants,
    )


def _numbered(column: pa.ChunkedArray) -> tuple[Integers, pa.Array]:
    """A column of names as numbers into its different names; -1 where it is null."""
    encoded = column.dictionary_encode()
    if not encoded.num_chunks:
        return np.zeros(0, dtype=np.int64), pa.array([], column.type)
    if any(chunk.dictionary is not encoded.chunk(0).dictionary for chunk in encoded.chunks):
        encoded = encoded.unify_dictionaries()
    codes = [pc.fill_null(chunk.indices, -1).to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
    return np.concatenate(codes), encoded.chunk(0).dictionary


def _pairs(code: Integers, breaks: npt.NDArray[np.bool_], count: int) -> tuple[Integers, Integers, Integers]:
    """How often each number follows another: (from, to, n), where neither is unknown and nothing starts between them."""
    held = ~breaks[1:] & (code[1:] >= 0) & (code[:-1] >= 0)
    pair = code[:-1][held].astype(np.int64) * count + code[1:][held]
    if count * count <= _DENSE:
        totals = np.bincount(pair, minlength=count * count)
        pair = np.flatnonzero(totals)
        totals = totals[pair]
    else:
        pair, totals = np.unique(pair, return_counts=True)
    return pair // max(count, 1), pair % max(count, 1), totals


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


def _variants(activity: Integers, names: pa.Array, first: Integers, most: int | None) -> tuple[int, pa.Table]:
    """Journeys with the same activities in the same order: each one's numbers, laid end to end, are one text of bytes."""
    code = np.where(activity < 0, len(names), activity)
    narrow: npt.NDArray[np.unsignedinteger] = code.astype(np.uint8 if len(names) < 256 else np.uint32)
    width = narrow.itemsize
    ends = np.append(first, len(code)).astype(np.int64) * width
    texts = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(first), [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(narrow))]
    )
    counted = pc.value_counts(texts)
    different, totals = counted.field("values"), counted.field("counts").to_numpy()
    kept = np.argsort(-totals, kind="stable")
    if most is not None and len(kept) > most:
        kept = np.flatnonzero(
            totals >= totals[kept[most - 1]]
        )  # all that tie with the last one, cut by name below
    chosen = different.take(pa.array(kept))
    offsets = np.frombuffer(chosen.buffers()[1], dtype=np.int64)[
        chosen.offset : chosen.offset + len(chosen) + 1
    ]
    data = chosen.buffers()[2]
    read = (
        np.frombuffer(data, dtype=narrow.dtype)
        if data is not None and len(chosen)
        else np.zeros(0, narrow.dtype)
    )
    words = pa.concat_arrays([names, pa.array([UNKNOWN])]).cast(pa.large_string()).take(pa.array(read))
    lists = pa.ListArray.from_arrays(pa.array((offsets // width).astype(np.int32)), words)
    table = pa.table(
        {
            "variant": pc.binary_join(lists, pa.scalar(SEPARATOR, pa.large_string())).cast(pa.string()),
            "journeys": totals[kept],
        }
    )
    table = table.sort_by([("journeys", "descending"), ("variant", "ascending")])
    return len(different), table.slice(0, most)
