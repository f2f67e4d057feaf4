"""A log of interactions of a chosen size, the same for a seed: persons who come in episodes, near-random activities.

Columns are those that journeys read. Rows stand in order of arrival, as a store keeps them: nothing is sorted by
person. About eight interactions for each person, in three episodes; activities, functions and channels are nearly
uniform, the worst case for whoever counts variants.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FUNCTIONS = (
    "sales", "marketing", "logistics", "billing", "digital", "service",
    "returns", "fraud", "claims", "field", "partners", "legal",
)  # fmt: skip
CHANNELS = ("phone", "web", "email", "shop", "chat")
ACTIVITIES = 24
PER_PERSON = 8
START_US = 1_735_689_600_000_000  # 2025-01-01
HOUR_US = 3_600_000_000
DAY_US = 86_400_000_000


def _chosen(
    rng: np.random.Generator, values: tuple[str | None, ...], odds: tuple[float, ...], rows: int
) -> pa.Array:
    codes = rng.choice(len(values), rows, p=odds).astype(np.int8)
    known = [value for value in values if value is not None]  # the unknown comes last, and is no value
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes >= len(known)), pa.array(known))


def _named(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    text = np.char.zfill(numbers.astype(f"U{width}"), width)
    return pa.array(np.char.add(prefix, text))


def generate(rows: int, seed: int = 7) -> pa.Table:
    """A table of ``rows`` interactions, one person in about eight rows, ordered by time."""
    rng = np.random.default_rng(seed)
    persons = max(1, rows // PER_PERSON)
    person = np.sort(rng.integers(0, persons, rows))
    first = np.r_[True, person[1:] != person[:-1]]
    apart = np.where(
        rng.random(rows) < 0.3,
        rng.exponential(40 * DAY_US, rows),
        rng.exponential(14 * HOUR_US, rows),
    ).astype(np.int64)
    apart[rng.random(rows) < 0.01] = 0  # the same instant: only the tie-break tells them apart
    begun = START_US + rng.integers(0, 250 * DAY_US, rows)
    steps = np.where(first, begun, apart)
    total = np.cumsum(steps)
    base = np.maximum.accumulate(np.where(first, np.arange(rows), 0))
    t_us = total - total[base] + steps[base]
    order = np.argsort(t_us, kind="stable")
    person, t_us = person[order], t_us[order]
    number = np.arange(rows, dtype=np.int64)
    activity = rng.integers(0, ACTIVITIES, rows).astype(np.int8)
    function = rng.integers(0, len(FUNCTIONS), rows)
    no_function = rng.random(rows) < 0.02
    wait = rng.exponential(120_000, rows).astype(np.int64)
    return pa.table({
        "interaction_id": pa.array([f"{n:016x}" for n in rng.permutation(rows)]),
        "person_id": _named("p", person, 8),
        "person_key": pa.array(person + 1, pa.int64()),
        "tie": pa.array(number * 256, pa.int64()),
        "source": _chosen(rng, ("crm", "calls", "shop"), (0.5, 0.3, 0.2), rows),
        "t_us": pa.array(t_us, pa.int64()),
        "local_day": pa.array((t_us // DAY_US).astype(np.int32), pa.int32()),
        "due_us": pa.array(t_us + 3 * DAY_US, pa.int64(), mask=activity != 0),
        "duration_ms": pa.array(rng.integers(1_000, 900_000, rows), pa.int64()),
        "wait_ms": pa.array(wait, pa.int64(), mask=rng.random(rows) < 0.4),
        "cost_cents": pa.array(rng.integers(50, 2_000, rows), pa.int64()),
        "channel": _chosen(rng, CHANNELS, (0.3, 0.25, 0.2, 0.15, 0.1), rows),
        "function": pa.DictionaryArray.from_arrays(
            pa.array(function.astype(np.int8), mask=no_function), pa.array(FUNCTIONS)
        ),
        "actor": _chosen(rng, ("human", "machine", None), (0.6, 0.35, 0.05), rows),
        "team": pa.DictionaryArray.from_arrays(
            pa.array((function * 4 + rng.integers(0, 4, rows)).astype(np.int8)),
            pa.array([f"team {n:02d}" for n in range(4 * len(FUNCTIONS))]),
        ),
        "activity": pa.DictionaryArray.from_arrays(
            pa.array(activity), pa.array([f"activity {n:02d}" for n in range(ACTIVITIES)])
        ),
        "intent": _chosen(
            rng, ("billing", "delivery", "fault", "move", "cancel", None), (0.2, 0.2, 0.2, 0.15, 0.15, 0.1), rows
        ),
        "case_key": _chosen(rng, ("case",), (1.0,), rows),
        "case_id": _named("c", person, 8),
        "outcome": _chosen(
            rng, ("resolved", "unresolved", "transferred", "abandoned", None), (0.45, 0.15, 0.15, 0.1, 0.15), rows
        ),
        "initiated_by": _chosen(rng, ("customer", "company", None), (0.55, 0.4, 0.05), rows),
        "asked_again": pa.array(rng.random(rows) < 0.03, mask=rng.random(rows) < 0.5),
    })  # fmt: skip


def written(rows: int, folder: Path, seed: int = 7) -> Path:
    """The Parquet file of such a log in ``folder``, made once."""
    path = folder / f"interactions-{rows}-{seed}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        making = path.with_suffix(".making")
        pq.write_table(generate(rows, seed), making, compression="zstd", row_group_size=122_880)
        making.rename(path)
    return path
