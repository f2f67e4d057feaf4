"""What the columns of a file look like, from its first rows: kinds, formats of dates, how often values come back.

Everything here is counted, nothing is decided: :mod:`portance.intake.guessing` decides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineWorkbook

from portance.charter.naming import words
from portance.charter.source import Format
from portance.engine import Engine
from portance.engine.extracts import Column as TableColumn
from portance.engine.extracts import Extract
from portance.errors import ExtractError
from portance.intake import reading, values
from portance.intake.values import TimeForm

Kind = Literal["empty", "flag", "integer", "number", "day", "time", "text"]
ROWS = 50_000
"""How many rows of a file are looked at."""
_VALUES = 2_000
_FREQUENT = 40
_READ = 0.97
_FEW = 8
_DAY_US = 86_400_000_000
_MINUTE_US = 60_000_000
_INTEGER = re.compile(r"^[-+]?\d{1,18}$")
_NUMBER = re.compile(r"^[-+]?(\d{1,15}|\d{1,3}([ .,\u00a0\u202f]\d{3})+)?([.,]\d+)?$")
_DATED = re.compile(r"^\D{0,12}\d{1,4}\D{1,12}\d{1,4}|^(19|20)\d{6}")
"""What any written date looks like, before it is truly read."""
_EPOCH = frozenset({"timestamp", "epoch", "time", "date", "datetime", "ts", "at", "unix"})
_FLAGS = (
    {"true", "false"}, {"yes", "no"}, {"oui", "non"}, {"y", "n"}, {"o", "n"}, {"vrai", "faux"}, {"t", "f"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the rows that were looked at.

    ``codes`` number its values (-1 where empty); ``instants`` are microseconds (minimal integer where empty), of
    times only; ``frequent`` are its most frequent values with their counts.
    """

    header: str
    place: int
    kind: Kind
    filled: int
    distinct: int
    frequent: tuple[tuple[str, int], ...]
    mean_length: float
    low: float | None
    high: float | None
    dates: tuple[str, ...] = ()
    """Formats that its dates need; none where they are typed or ISO 8601."""
    unsure: bool = False
    """Whether day and month could be the other way round."""
    zoned: bool = False
    spaced: float = 0.0
    """The share of its values that hold a space: free text rather than codes."""
    vocabulary: frozenset[str] = field(default=frozenset(), repr=False)
    """All its values."""
    codes: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32), repr=False)
    instants: npt.NDArray[np.int64] | None = field(default=None, repr=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its header."""
        return words(self.header)

    @property
    def is_time(self) -> bool:
        """Whether it holds dates or instants."""
        return self.kind in ("day", "time")

    def values(self) -> tuple[str, ...]:
        """Its most frequent values."""
        return tuple(value for value, _ in self.frequent)


@dataclass(frozen=True, slots=True)
class Profile:
    """A file, or one sheet of a workbook, as it looks."""

    path: Path
    format: Format
    sheet: str | None
    rows: int
    whole: bool
    """Whether all its rows were looked at."""
    malformed: int
    columns: tuple[Column, ...]

    def column(self, header: str) -> Column | None:
        """The column of a header."""
        return next((column for column in self.columns if column.header == header), None)


NOTHING = np.iinfo(np.int64).min


def profiles(engine: Engine, path: Path, scratch: Path, *, rows: int = ROWS) -> Iterator[Profile]:
    """The profiles of a file: one, or one for each sheet of a workbook that has rows."""
    kind = reading.format_of(path, None)
    sheets: Sequence[str | None] = _sheets(path) if kind == "xlsx" else (None,)
    for sheet in sheets:
        try:
            extract = reading.read(
                engine, "profiled", path, reading.Reading(sheet=sheet), scratch, rows=rows + 1
            )
        except ExtractError:
            if len(sheets) == 1:
                raise
            continue  # an empty sheet beside full ones
        if extract.rows or len(sheets) == 1:
            yield _profile(engine, path, kind, sheet if len(sheets) > 1 else None, extract, rows=rows)
    engine.rows("drop table if exists profiled")
    engine.rows("drop table if exists profiled_refused")


def _sheets(path: Path) -> list[str]:
    try:
        return list(CalamineWorkbook.from_path(str(path)).sheet_names) or [""]
    except (CalamineError, OSError, ValueError) as error:
        raise ExtractError(
            path, f"a workbook that cannot be opened ({error})", "an XLSX workbook without a password",
            "Save it again as XLSX, or export it as CSV.",
        ) from error  # fmt: skip


def _profile(
    engine: Engine, path: Path, kind: Format, sheet: str | None, extract: Extract, *, rows: int
) -> Profile:
    names = ", ".join(column.name for column in extract.columns) or "c0"
    table = engine.arrow(f"select {names} from {extract.table} order by rowid limit {rows}")
    columns = []
    for place, column in enumerate(extract.columns):
        cells = table.column(place)
        found = _column(column.header, place, cells)
        columns.append(_timed(engine, extract.table, column, found, rows) or found)
    return Profile(path, kind, sheet, table.num_rows, extract.rows <= rows, extract.malformed, tuple(columns))


def _column(header: str, place: int, cells: pa.ChunkedArray) -> Column:
    values = pa.concat_arrays(cells.chunks) if cells.num_chunks else pa.array([], cells.type)
    text = (
        pc.utf8_trim_whitespace(values) if pa.types.is_string(values.type) else pc.cast(values, pa.string())
    )
    codes, distinct, frequent, filled = _coded(text)
    kind, low, high = _kind(values, distinct)
    return Column(
        header, place, kind, filled, len(distinct), frequent,
        mean_length=float(pc.mean(pc.utf8_length(text)).as_py() or 0), low=low, high=high,
        spaced=float(pc.mean(pc.cast(pc.match_substring(text, " "), pa.float64())).as_py() or 0), vocabulary=frozenset(distinct), codes=codes,
    )  # fmt: skip


def _coded(text: pa.Array) -> tuple[npt.NDArray[np.int32], list[str], tuple[tuple[str, int], ...], int]:
    """Codes in the order of first appearance, the distinct values, the frequent ones, and how many cells are filled."""
    encoded = text.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    distinct: list[str] = encoded.dictionary.to_pylist()
    counts = np.bincount(codes[codes >= 0], minlength=len(distinct)) if distinct else np.empty(0, np.int64)
    order = np.lexsort((np.arange(len(distinct)), -counts))[:_FREQUENT]
    return (
        codes,
        distinct,
        tuple((distinct[place], int(counts[place])) for place in order),
        int((codes >= 0).sum()),
    )


def _kind(values: pa.Array, distinct: list[str]) -> tuple[Kind, float | None, float | None]:
    if not distinct:
        return "empty", None, None
    if pa.types.is_boolean(values.type):
        return "flag", None, None
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        return "time", None, None
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        extent = pc.min_max(values)
        whole = pa.types.is_integer(values.type) or bool(pc.all(pc.equal(values, pc.trunc(values))).as_py())
        return "integer" if whole else "number", float(extent["min"].as_py()), float(extent["max"].as_py())
    some = distinct[:_VALUES]
    if {value.lower() for value in some} in _FLAGS:
        return "flag", None, None
    if all(_INTEGER.match(value) for value in some):
        if any(len(value) > 1 and value.lstrip("+-")[:1] == "0" for value in some):
            return "text", None, None  # 00123 is a code, not a number
        numbers = [int(value) for value in some]
        return "integer", float(min(numbers)), float(max(numbers))
    return ("number" if all(_NUMBER.match(value) for value in some) else "text"), None, None


def _timed(engine: Engine, table: str, column: TableColumn, found: Column, rows: int) -> Column | None:
    """A column as one of times, read as the scan will read it; ``None`` where it holds something else."""
    form = TimeForm()
    if column.type == "VARCHAR":
        if not found.distinct or not _looks_dated(found):
            return None
        form = values.time_form(engine, table, column.name, column.type, given=(), order=None)
        if form.numeric and not _EPOCH & set(found.words):
            return None
    elif column.type in ("BIGINT", "DOUBLE"):
        if not (_EPOCH & set(found.words) and found.low and found.low >= 5e8):
            return None
    elif not column.type.startswith(("TIMESTAMP", "DATE")):
        return None
    instant = values.instant(column.name, column.type, form)
    cells = engine.arrow(
        f"select coalesce({instant.local}, {instant.utc}) as t, {instant.utc} is not null as zoned from {table} order by rowid limit {rows}"
    )
    read = cells.column("t").fill_null(NOTHING).to_numpy()
    known = read[read != NOTHING]
    few = found.filled < _FEW  # in a short file a single bad cell must not hide a whole column
    enough = found.filled if few else min(_READ * found.filled, found.filled - 1)
    if not found.filled or known.size < enough:
        return None
    day = bool((known % _DAY_US == 0).all())
    return replace(
        found, kind="day" if day else "time", dates=form.formats, unsure=not form.sure, instants=read,
        zoned=bool(pc.any(cells.column("zoned")).as_py()), low=None, high=None,
    )  # fmt: skip


def _looks_dated(column: Column) -> bool:
    shown = column.values()
    return sum(bool(_DATED.match(value)) and len(value) <= 40 for value in shown) >= 0.9 * len(shown)


# ---- relations between columns


def varies(key: Column, other: Column) -> float:
    """The share of a key's values (of those that come back) for which ``other`` takes more than one value."""
    both = (key.codes >= 0) & (other.codes >= 0)
    if not both.any():
        return 0.0
    keys, others = key.codes[both].astype(np.int64), other.codes[both].astype(np.int64)
    pairs = np.unique(keys * (int(others.max()) + 1) + others) // (int(others.max()) + 1)
    _, counts = np.unique(pairs, return_counts=True)
    back = np.bincount(keys)
    again = int((back > 1).sum())
    return float((counts > 1).sum() / again) if again else 0.0


def gaps(key: Column, time: Column) -> npt.NDArray[np.int64]:
    """Microseconds between consecutive rows of one key, in the order of their times; counted in minutes, zeros left out."""
    if time.instants is None:
        return np.empty(0, np.int64)
    both = (key.codes >= 0) & (time.instants != NOTHING)
    keys, instants = (
        key.codes[both],
        time.instants[both] // _MINUTE_US * _MINUTE_US,
    )  # as coarse exports have them
    order = np.lexsort((instants, keys))
    same = np.diff(keys[order]) == 0
    found: npt.NDArray[np.int64] = np.diff(instants[order])[same]
    return found[found > 0]


def contained(mine: Column, theirs: Column) -> float:
    """The share of a column's values that a column of another file holds too."""
    return len(mine.vocabulary & theirs.vocabulary) / len(mine.vocabulary) if mine.vocabulary else 0.0
