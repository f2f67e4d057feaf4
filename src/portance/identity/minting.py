"""Names for persons: minted once from the earliest identifier, kept beside the charter, never given to anyone else."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from portance.errors import StateError

Integers = npt.NDArray[np.int64]

KNOWN = pa.schema(
    [
        ("identifier_type", pa.string()),
        ("identifier_value", pa.string()),
        ("person_id", pa.string()),
        ("seen", pa.int64()),
    ]
)
"""Each identifier as compared, the person for whom it was first seen, and its place in the order of first sight."""
ALIASES = pa.schema([("person_id", pa.string()), ("alias_of", pa.string()), ("since_us", pa.int64())])
"""Former names of persons, who bears them now, and the receipt (instant, UTC) that told so; null where not known."""


class Register:
    """What identity remembers between runs, in a folder of its own: identifiers and former names.

    It only grows: what was first said of an identifier stays, even when the load that brought it is undone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def known_file(self) -> Path:
        return self._folder / "identifiers.parquet"

    @property
    def _aliases_file(self) -> Path:
        return self._folder / "aliases.parquet"

    def known(self) -> pa.Table:
        """The identifiers seen before, columns of ``KNOWN``; no rows at the first run."""
        return self._read(self.known_file, KNOWN)

    def aliases(self) -> pa.Table:
        """The former names, columns of ``ALIASES``."""
        return self._read(self._aliases_file, ALIASES)

    def keep(self, known: pa.Table, aliases: pa.Table) -> None:
        """Replace both files, each at once: a reader finds the old or the new, whole."""
        self._write(self.known_file, known)
        self._write(self._aliases_file, aliases)

    def _read(self, file: Path, schema: pa.Schema) -> pa.Table:
        if not file.exists():
            return schema.empty_table()
        try:
            return pq.read_table(file).select(schema.names).cast(schema)
        except (pa.ArrowException, OSError, KeyError, ValueError) as error:
            raise StateError(
                f"{file} cannot be read: {error}. Restore it, or remove its folder: persons are then named again "
                "from the files of record."
            ) from error

    def _write(self, file: Path, table: pa.Table) -> None:
        partial = file.with_name(f".{file.name}.partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as sink:
                pq.write_table(table, sink, compression="zstd")
                sink.flush()
                os.fsync(sink.fileno())
            partial.replace(file)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StateError(
                f"{file} cannot be written: {error.strerror or error}. Free some space, or check the folder's permissions, and run again."
            ) from error


@dataclass(frozen=True, slots=True)
class Named:
    """Which person has which name: ``root`` (lowest identifier) to ``person_id``, both in the order of minting."""

    roots: Integers
    person_ids: pa.Array


def named(roots: Integers, before: pa.Array, minted: pa.Array) -> Named:
    """A name for each person.

    ``before``: for each root, the name under which it was first seen (null if never). ``minted``: the name that it
    would be given. Where a person has been split, the part that was seen first keeps the name.
    """
    codes = before.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    _, earliest = np.unique(codes, return_index=True)
    keeps = np.zeros(len(roots), dtype=np.bool_)
    keeps[earliest] = True
    keeps &= codes >= 0
    return Named(roots, pc.if_else(pa.array(keeps), before, minted))


def former(
    issued: pa.Array, holder: pa.Array, current: pa.Array, kept: pa.Table, since_us: int | None
) -> pa.Table:
    """The table of former names.

    ``issued``: names given so far, ``holder``: who has the earliest identifier of each now (null where it is not
    in sight), ``current``: names borne now, ``kept``: the table before.
    """
    gone = pc.and_(pc.invert(pc.is_in(issued, current)), pc.is_valid(holder))
    now = dict(zip(issued.filter(gone).to_pylist(), holder.filter(gone).to_pylist(), strict=True))
    borne = set(pc.unique(current).to_pylist()) if len(kept) else set()
    rows = {}
    for row in kept.to_pylist():
        if row["person_id"] not in borne:
            rows[row["person_id"]] = (row["alias_of"], row["since_us"])
    for person, holder_id in now.items():
        if rows.get(person, (None, None))[0] != holder_id:
            rows[person] = (holder_id, since_us)
    names = sorted(rows)
    return pa.table(
        {
            "person_id": names,
            "alias_of": [rows[name][0] for name in names],
            "since_us": [rows[name][1] for name in names],
        },
        schema=ALIASES,
    )
