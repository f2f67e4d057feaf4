"""Files of other systems as tables: the only place where a foreign file meets the database.

Every reader makes a temporary table whose columns are named ``c0``, ``c1``, … in the order of the file (so that no
header, whatever its characters, ever becomes SQL) and whose ``rowid`` counts the rows in the order of the file,
from 0. Rows that do not have the form of the others go to ``<table>_refused(line, reason, given, raw)``.
Everything after that is vectorised SQL; only formats that are trees (XLSX, XES, OCEL) pass through Python.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from portance.engine.engine import Engine, literal
from portance.errors import ExtractError, StepError

NULLS = ("", "NULL", "null", "N/A", "n/a", "NA", "None", "none", "?", "-", "NaN", "nan", "NaT", "#N/A", r"\N")
"""What exports write where they have nothing to say."""
LONGEST_LINE = 16 * 1024 * 1024
_BUFFER = 2 * LONGEST_LINE
TEXT = "VARCHAR"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an extract: its header as a person reads it, its name in the table, its type there."""

    header: str
    name: str
    type: str = TEXT


@dataclass(frozen=True, slots=True)
class Extract:
    """A file read into a table: its columns in order, its rows, and how many rows lacked the form of the others.

    ``lines`` tells whether each row stands on one line, the header on the first, so that a line number is a row
    number.
    """

    table: str
    columns: tuple[Column, ...]
    rows: int
    malformed: int = 0
    lines: bool = False

    def named(self, header: str) -> Column | None:
        """The column that carries a header, exactly."""
        return next((column for column in self.columns if column.header == header), None)

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers in order."""
        return tuple(column.header for column in self.columns)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited file is written."""

    separator: str = ","
    quote: str = '"'
    escape: str = '"'
    skip: int = 1
    """Lines, or quoted records, before the first row."""


def headers(names: Sequence[object]) -> tuple[str, ...]:
    """Headers that can be told apart: blanks trimmed, an empty one named by its place, a second one numbered."""
    found: list[str] = []
    for place, name in enumerate(names, 1):
        text = str(name).strip().lstrip("\ufeff").strip() if name is not None else ""
        text = text or f"column_{place}"
        plain, number = text, 2
        while text in found:
            text, number = f"{plain}_{number}", number + 1
        found.append(text)
    return tuple(found)


def plain(name: str) -> str:
    """A table's name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def _strings(values: Iterable[str]) -> str:
    return "[" + ", ".join(literal(value) for value in values) + "]"


@contextmanager
def _in_order(engine: Engine) -> Iterator[None]:
    """Rows keep the order of the file: ``rowid`` is then their number."""
    engine.rows("set preserve_insertion_order = true")
    try:
        yield
    finally:
        engine.rows("set preserve_insertion_order = false")


def drop(engine: Engine, table: str) -> None:
    """Give the memory of an extract back."""
    for name in (table, f"{table}_refused", "reject_errors", "reject_scans"):
        engine.rows(f"drop table if exists {plain(name)}")


def _refused(engine: Engine, table: str, sql: str | None = None) -> int:
    empty = "select null::bigint as line, null::varchar as reason, null::varchar as given, null::varchar as raw limit 0"
    engine.rows(f"create temp table {plain(table + '_refused')} as {sql or empty}")
    return engine.count(f"{table}_refused")


def _counted(engine: Engine, table: str) -> int:
    return engine.count(table)


def _limit(rows: int | None) -> str:
    return f" limit {rows}" if rows is not None else ""


# ---- delimited text


def delimited(
    engine: Engine, table: str, path: Path, names: Sequence[str], dialect: Dialect, *,
    nulls: Sequence[str] = NULLS, rows: int | None = None,
) -> Extract:  # fmt: skip
    """Read a UTF-8 delimited file, every cell as text; a row of another width is set apart with its line.

    Raises ``ExtractError`` where the file as a whole cannot be followed.
    """
    drop(engine, table)
    columns = "{" + ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(names))) + "}"
    options = (
        f"auto_detect = false, header = false, skip = {dialect.skip}, delim = {literal(dialect.separator)}, "
        f"quote = {literal(dialect.quote)}, escape = {literal(dialect.escape)}, comment = '', strict_mode = true, "
        f"null_padding = false, store_rejects = true, rejects_limit = 0, nullstr = {_strings(nulls)}, "
        f"max_line_size = {LONGEST_LINE}, buffer_size = {_BUFFER}, compression = 'none', columns = {columns}"
    )
    with _in_order(engine):
        try:
            engine.rows(
                f"create temp table {plain(table)} as select * from read_csv({literal(str(path))}, {options}){_limit(rows)}"
            )
        except StepError as error:
            raise ExtractError(
                path, f"text that does not follow one form ({_first(error.reason)})",
                f"rows of {len(names)} cells between {dialect.separator!r}",
                "Export it again, or give its 'separator' and 'encoding' in the charter.",
            ) from error  # fmt: skip
    malformed = _refused(
        engine, table,
        "select line, case min(error_type) when 'MISSING COLUMNS' then 'too_few_cells' when 'TOO MANY COLUMNS' then "
        "'too_many_cells' when 'UNQUOTED VALUE' then 'unclosed_quote' when 'INVALID ENCODING' then 'not_text' when "
        "'LINE SIZE OVER MAXIMUM' then 'line_too_long' else 'malformed' end as reason, min(error_message) as given, "
        "ltrim(min(csv_line), chr(10) || chr(13)) as raw from reject_errors group by line, line_byte_position order by line",
    )  # fmt: skip
    return Extract(
        table,
        tuple(Column(name, f"c{place}") for place, name in enumerate(names)),
        _counted(engine, table),
        malformed,
    )


def _first(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), text)[:160]


# ---- JSON


def json_lines(
    engine: Engine, table: str, path: Path, *, nulls: Sequence[str] = NULLS, rows: int | None = None
) -> Extract:
    """Read a file of one JSON object a line; a line that is not one is set apart. Nested values stay JSON text."""
    drop(engine, table)
    lines = f"{table}_lines"
    options = (
        "auto_detect = false, header = false, delim = '\x1f', quote = '', escape = '', strict_mode = true, "
        "store_rejects = true, rejects_limit = 0, compression = 'none', columns = {'line': 'VARCHAR'}, "
        f"max_line_size = {LONGEST_LINE}, buffer_size = {_BUFFER}"
    )
    with _in_order(engine):
        engine.rows(
            f"create or replace temp table {plain(lines)} as select * from read_csv({literal(str(path))}, {options}){_limit(rows)}"
        )
        engine.rows(f"create or replace temp table {plain(lines + '_good')} as select line from {plain(lines)} "
                    "where json_type(case when json_valid(line) then line end) = 'OBJECT'")  # fmt: skip
    malformed = _refused(
        engine, table,
        f"select rowid + 1 as line, 'not_json' as reason, left(line, 60) as given, line as raw from {plain(lines)} "
        "where line is not null and trim(line) <> '' and not coalesce(json_type(case when json_valid(line) then line end) = 'OBJECT', false) "
        "union all select line, 'line_too_long', min(error_message), min(csv_line) from reject_errors group by line order by 1",
    )  # fmt: skip
    extract = _keyed(engine, table, f"{lines}_good", malformed, nulls)
    engine.rows(f"drop table {plain(lines)}")
    engine.rows(f"drop table {plain(lines + '_good')}")
    return extract


def json_array(
    engine: Engine, table: str, path: Path, *, nulls: Sequence[str] = NULLS, rows: int | None = None
) -> Extract:
    """Read a file that is one JSON array of objects."""
    drop(engine, table)
    items = f"{table}_items"
    with _in_order(engine):
        try:
            engine.rows(
                f"create or replace temp table {plain(items)} as select json::varchar as line from "
                f"read_json_objects({literal(str(path))}, format = 'array', maximum_object_size = {LONGEST_LINE}){_limit(rows)}"
            )
        except StepError as error:
            raise ExtractError(path, f"text that is not a JSON array of objects ({_first(error.reason)})",
                               "[{…}, {…}] or one object a line", "Export it again; it may have been cut.") from error  # fmt: skip
    extract = _keyed(engine, table, items, _refused(engine, table), nulls)
    engine.rows(f"drop table {plain(items)}")
    return extract


def _keyed(engine: Engine, table: str, lines: str, malformed: int, nulls: Sequence[str]) -> Extract:
    found = engine.rows(
        f"select key, min(place) from (select unnest(json_keys(line)) as key, generate_subscripts(json_keys(line), 1) "
        f"as place from {plain(lines)}) group by key order by 2, 1"
    )
    names = [str(row[0]) for row in found]
    if not names:
        engine.rows(f"create temp table {plain(table)} as select null::varchar as c0 limit 0")
        return Extract(table, (), 0, malformed, lines=True)
    pointers = _strings("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
    cells = ", ".join(
        f"case when v[{place}] in ({', '.join(map(literal, nulls))}) then null else v[{place}] end as c{place - 1}"
        for place in range(1, len(names) + 1)
    )
    with _in_order(engine):
        engine.rows(
            f"create temp table {plain(table)} as select {cells} from "
            f"(select json_extract_string(line, {pointers}) as v from {plain(lines)})"
        )
    columns = tuple(Column(name, f"c{place}") for place, name in enumerate(headers(names)))
    return Extract(table, columns, _counted(engine, table), malformed, lines=False)


# ---- typed tables


def parquet(engine: Engine, table: str, path: Path, *, rows: int | None = None) -> Extract:
    """Read a Parquet file with its own types; nested values become text."""
    drop(engine, table)
    source = f"read_parquet({literal(str(path))})"
    try:
        described = engine.rows(f"describe select * from {source}")
        kept = [(str(row[0]), str(row[1])) for row in described]
        cells = ", ".join(_cell(name, kind, place) for place, (name, kind) in enumerate(kept))
        with _in_order(engine):
            engine.rows(f"create temp table {plain(table)} as select {cells} from {source}{_limit(rows)}")
    except StepError as error:
        raise ExtractError(path, f"a file that is not whole Parquet ({_first(error.reason)})", "a complete Parquet file",
                           "Copy or export it again; it may have been cut.") from error  # fmt: skip
    _refused(engine, table)
    types = engine.columns(table)
    columns = tuple(
        Column(name, f"c{place}", types[f"c{place}"])
        for place, name in enumerate(headers([name for name, _ in kept]))
    )
    return Extract(table, columns, _counted(engine, table))


_NESTED = ("STRUCT", "MAP", "UNION", "BLOB", "BIT", "UUID", "ENUM", "JSON", "TIME")


def _cell(name: str, kind: str, place: int) -> str:
    column = plain(name)
    if kind.endswith("]") or (kind.startswith(_NESTED) and not kind.startswith("TIMESTAMP")):
        return f"cast({column} as varchar) as c{place}"
    if kind.startswith("DECIMAL") or kind == "FLOAT":
        return f"cast({column} as double) as c{place}"
    if kind in ("UTINYINT", "USMALLINT", "UINTEGER", "TINYINT", "SMALLINT", "INTEGER"):
        return f"cast({column} as bigint) as c{place}"
    if kind in ("UBIGINT", "HUGEINT", "UHUGEINT"):
        return f"cast({column} as varchar) as c{place}"
    if kind in ("TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"):
        return f"cast({column} as timestamp) as c{place}"
    return f"{column} as c{place}"


def arrow(engine: Engine, table: str, rows: pa.Table, names: Sequence[str]) -> Extract:
    """Take rows that Python has read, one Arrow column per header, into a table."""
    drop(engine, table)
    renamed = rows.rename_columns([f"c{place}" for place in range(rows.num_columns)])
    if rows.num_columns == 0:
        renamed = pa.table({"c0": pa.array([], pa.string())})
    with _in_order(engine):
        engine.table(table, renamed)
    _refused(engine, table)
    types = engine.columns(table)
    columns = tuple(
        Column(name, f"c{place}", types[f"c{place}"]) for place, name in enumerate(headers(names))
    )
    return Extract(table, columns, rows.num_rows)


def raw_rows(engine: Engine, table: str, raws: pa.Table, names: Sequence[str]) -> Extract:
    """Refused rows as they were kept (a JSON object each, by header) as an extract again: for a replay."""
    drop(engine, table)
    pointers = _strings("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
    engine.table(f"{table}_raw", raws)
    cells = ", ".join(f"v[{place}] as c{place - 1}" for place in range(1, len(names) + 1))
    with _in_order(engine):
        engine.rows(
            f"create temp table {plain(table)} as select {cells} from "
            f"(select json_extract_string(raw, {pointers}) as v from {plain(table + '_raw')})"
        )
    engine.drop(f"{table}_raw")
    _refused(engine, table)
    return Extract(table, tuple(Column(name, f"c{place}") for place, name in enumerate(names)), raws.num_rows)
