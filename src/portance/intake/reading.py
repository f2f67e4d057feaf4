"""A file of another system, whatever its form, as an extract in the engine.

Order of work: which format it is, one pass over its bytes (content hash, encoding, whole or cut), a clean UTF-8
copy only where the bytes are not that already, then the reader of its format.

Column names given to formats that are trees:

- XES: event attributes by their key (``concept:name``, ``time:timestamp``, ``org:group``, ``org:resource``,
  ``lifecycle:transition``, …), trace attributes prefixed ``case:`` (``case:concept:name`` is the case).
- OCEL 2.0 JSON: ``event_id``, ``event_type``, ``event_time``, event attributes by their name, and for each object
  type a column ``object:<type>`` with the first related object; what is beyond the first stands in
  ``LINKS`` as JSON text. Attributes of that first object stand in ``<type>:<attribute>``.
"""

import codecs
import csv
import glob
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from portance.charter.source import Format
from portance.engine import Engine, extracts
from portance.engine.extracts import NULLS, Dialect, Extract
from portance.errors import ExtractError
from portance.intake import event_logs, workbooks
from portance.store.state import full_disk

CHUNK = 4 * 1024 * 1024
_SAMPLE = 256 * 1024
SEPARATORS = (",", ";", "\t", "|")
_ENDINGS: dict[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".ods": "xlsx",
    ".xes": "xes", ".jsonocel": "ocel",
}  # fmt: skip
_ALPHABETS = (
    "cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "mac_roman",
    "cp850", "cp437", "shift_jis", "gb18030", "big5", "euc_kr",
)  # fmt: skip
_LATIN = frozenset(
    {"cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "latin_1", "mac_roman", "cp850", "cp437"}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a source's files are to be read: what the charter says of them."""

    format: Format | None = None
    sheet: str | int | None = None
    encoding: str | None = None
    separator: str | None = None
    nulls: tuple[str, ...] = ()

    @property
    def markers(self) -> tuple[str, ...]:
        """The texts that stand for nothing."""
        return tuple(dict.fromkeys((*NULLS, *self.nulls)))


def expand(folder: Path, patterns: Sequence[str]) -> tuple[Path, ...]:
    """The files that patterns name, sorted; ``ExtractError`` where one names none, or a folder."""
    found: dict[Path, None] = {}
    for pattern in patterns:
        path = folder / pattern
        if glob.has_magic(pattern):
            matches = [Path(name) for name in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207 -- absolute patterns too
            matches = [
                match for match in matches if match.is_file() and not match.name.startswith((".", "~$"))
            ]
        else:
            matches = [path]
        if not matches:
            raise ExtractError(path, "a pattern that no file matches", "at least one file",
                               f"Look at what is in {_existing(path.parent)}, or mend the pattern.")  # fmt: skip
        for match in matches:
            _usable(match)
            found[match] = None
    return tuple(found)


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _usable(path: Path) -> None:
    if path.is_dir():
        raise ExtractError(
            path, "a folder", "a file", f"Name the files in it, for example {path.name}/*.csv."
        )
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise _absent(path) from None
    except OSError as error:
        raise ExtractError(path, f"a file that cannot be reached ({error.strerror})", "a readable file",
                           "Check its permissions.") from error  # fmt: skip
    if size == 0:
        raise ExtractError(path, "an empty file", "a header and rows",
                           "Export it again; if there is truly nothing yet, leave it out of 'read'.")  # fmt: skip


def _absent(path: Path) -> ExtractError:
    import difflib

    parent = _existing(path.parent)
    names = sorted(entry.name for entry in parent.iterdir() if entry.is_file()) if parent.is_dir() else []
    near = difflib.get_close_matches(path.name, names, n=1)
    remedy = (
        f"Did you mean {near[0]!r}?"
        if near
        else f"Put the file there, or mend 'read'. {parent} holds {', '.join(names[:8]) or 'no file'}."
    )
    return ExtractError(path, "no such file", "a file", remedy)


def format_of(path: Path, given: Format | None) -> Format:
    """The format of a file: as the charter says, else by its ending, else by how it starts."""
    if given:
        return given
    endings = [ending.lower() for ending in path.suffixes]
    if endings[-1:] == [".gz"]:
        endings.pop()
    if endings and endings[-1] == ".json":
        return "ocel" if b'"eventTypes"' in _head(path) or b'"objectTypes"' in _head(path) else "jsonl"
    if endings and endings[-1] in _ENDINGS:
        return _ENDINGS[endings[-1]]
    head = _head(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        if endings[-1:] == [".zip"]:
            raise ExtractError(
                path,
                "a zip archive",
                "an extract, or one compressed with gzip",
                "Unpack it, and name the files in it.",
            )
        return "xlsx"
    if head.lstrip()[:1] in (b"{", b"["):
        return "jsonl"
    return "xes" if b"<log" in head[:4000] else "csv"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
        if start.startswith(b"\x1f\x8b"):
            return zlib.decompressobj(wbits=31).decompress(start, _SAMPLE)
    except zlib.error:
        return b""
    except OSError as error:
        raise ExtractError(path, f"a file that cannot be read ({error.strerror or error})", "a readable file",
                           "Check its permissions.") from error  # fmt: skip
    return start


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes: what tells whether it is still the one that was read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ExtractError(path, f"a file that cannot be read ({error.strerror or error})", "a readable file",
                           "Check its permissions.") from error  # fmt: skip


def read(
    engine: Engine, table: str, path: Path, how: Reading, scratch: Path, *, rows: int | None = None
) -> Extract:
    """Read a file into a table of the engine, at most ``rows`` of it; ``ExtractError`` where it cannot be read at all."""
    kind = format_of(path, how.format)
    with ExitStack() as cleanup:
        if kind == "parquet":
            return extracts.parquet(engine, table, path, rows=rows)
        if kind == "xlsx":
            names, cells = workbooks.sheet(path, how.sheet, how.markers, rows)
            return extracts.arrow(engine, table, cells, names)
        if kind == "xes":
            names, cells = event_logs.xes(path, how.markers, rows)
            return extracts.arrow(engine, table, cells, names)
        if kind == "ocel":
            names, cells = event_logs.ocel(path, how.markers, rows)
            return extracts.arrow(engine, table, cells, names)
        clean = _clean(path, how.encoding, scratch, cleanup, whole=rows is None)
        if kind == "jsonl":
            start = _text(clean)[:1000].lstrip("\ufeff \t\r\n")
            reader = extracts.json_array if start.startswith("[") else extracts.json_lines
            return reader(engine, table, clean, nulls=how.markers, rows=rows)
        return _delimited(engine, table, clean, how, scratch=scratch, cleanup=cleanup, rows=rows)


def _delimited(
    engine: Engine,
    table: str,
    clean: Path,
    how: Reading,
    *,
    scratch: Path,
    cleanup: ExitStack,
    rows: int | None,
) -> Extract:
    text = _text(clean)
    if not text.strip():
        raise ExtractError(clean, "a file of blanks", "a header and rows", "Export it again.")
    names, dialect = sniff(text, how.separator)
    nulls = how.markers
    try:
        extract = extracts.delimited(engine, table, clean, names, dialect, nulls=nulls, rows=rows)
    except ExtractError:
        # ends of lines of both kinds between rows: the reader wants one kind
        one = _one_ending(clean, scratch)
        if one is None:
            raise
        cleanup.callback(one.unlink)
        extract = extracts.delimited(engine, table, one, names, dialect, nulls=nulls, rows=rows)
    return extract


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_SAMPLE).decode("utf-8", "replace").removeprefix("\ufeff")


def sniff(text: str, separator: str | None = None) -> tuple[tuple[str, ...], Dialect]:
    """The headers of a delimited text and how it is written, from its beginning.

    The separator is the one that cuts the first rows into the most equal cells, more than one; a ``sep=;`` line
    as spreadsheets write it is obeyed.
    """
    skip = 0
    if text[:4].lower() == "sep=" and len(text) > 5:
        first, _, text = text.partition("\n")
        separator, skip = separator or first[4:].rstrip("\r") or None, 1
    escape = (
        "\\"
        if '\\"' in text and '""' not in text.replace('\\"', "").replace(',""', "").replace(';""', "")
        else '"'
    )
    chosen = separator or max(SEPARATORS, key=lambda candidate: _evenness(text, candidate, escape))
    rows = _first_rows(text, chosen, escape, 1)
    # a blank line before the header is no header
    return extracts.headers(rows[0] if rows else []), Dialect(chosen, '"', escape, skip + 1)


def _first_rows(text: str, separator: str, escape: str, most: int) -> list[list[str]]:
    found: list[list[str]] = []
    extra: dict[str, Any] = (
        {"doublequote": True} if escape == '"' else {"doublequote": False, "escapechar": escape}
    )
    lines = io.StringIO(text.replace("\x00", " "), newline="")
    limit = csv.field_size_limit(extracts.LONGEST_LINE)
    try:
        with suppress(csv.Error):
            for row in csv.reader(lines, delimiter=separator, **extra):
                if row:
                    found.append(row)
                if len(found) >= most:
                    break
    finally:
        csv.field_size_limit(limit)
    return found


def _evenness(text: str, separator: str, escape: str) -> tuple[float, int]:
    if separator not in text:
        return (0.0, 0)
    rows = _first_rows(text, separator, escape, 60)
    rows = rows[:-1] if len(rows) > 2 else rows  # the sample may cut the last one
    width = len(rows[0]) if rows else 0
    if width < 2:
        return (0.0, 0)
    return (sum(len(row) == width for row in rows) / len(rows), width)


# ---- bytes


def _clean(path: Path, encoding: str | None, scratch: Path, cleanup: ExitStack, *, whole: bool) -> Path:
    """The file itself where it is plain UTF-8 already, else a UTF-8 copy of it in ``scratch``."""
    packed = path
    with path.open("rb") as file:
        start = file.read(2)
    if start == b"\x1f\x8b":
        packed = scratch / f"{path.name}.unpacked"
        cleanup.callback(packed.unlink, missing_ok=True)
        _unpack(path, packed, most=None if whole else 64 * 1024 * 1024)
        if packed.stat().st_size == 0:
            raise ExtractError(path, "an archive of an empty file", "a header and rows", "Export it again.")
    found = encoding or encoding_of(packed)
    if found in ("utf-8", "utf_8", "utf8") and encoding is None:
        return packed
    try:
        codecs.lookup(found)
    except LookupError:
        raise ExtractError(path, f"the encoding {found!r}", "an encoding such as utf-8, cp1252 or utf-16",
                           "Mend 'encoding' in the charter.") from None  # fmt: skip
    copy = scratch / f"{path.name}.utf8"
    cleanup.callback(copy.unlink, missing_ok=True)
    _transcode(packed, copy, found, path)
    return copy


def _unpack(path: Path, to: Path, most: int | None) -> None:
    written = 0
    with full_disk(f"unpacking {path.name}"), to.open("wb") as out:
        try:
            with gzip.open(path, "rb") as packed:
                while chunk := packed.read(CHUNK):
                    out.write(chunk)
                    written += len(chunk)
                    if most is not None and written >= most:
                        return
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ExtractError(path, f"a gzip archive that is cut or damaged after {written:,} bytes ({error})",
                               "a complete archive", "Copy or export it again. Nothing of it was taken in.") from error  # fmt: skip


def _transcode(source: Path, to: Path, encoding: str, shown: Path) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    position = 0
    with full_disk(f"rewriting {shown.name} as UTF-8"), source.open("rb") as file, to.open("wb") as out:
        first = True
        while True:
            chunk = file.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise ExtractError(
                    shown, f"byte 0x{error.object[error.start]:02x} near byte {position + error.start:,}, which is not {encoding}",
                    f"text in {encoding}", "Mend 'encoding' in the charter, or leave it out to have it found.",
                ) from None  # fmt: skip
            if first:
                text, first = text.removeprefix("\ufeff"), False
            out.write(text.encode("utf-8", "surrogatepass"))
            if not chunk:
                return
            position += len(chunk)


def encoding_of(path: Path) -> str:
    """The encoding of a file, from its byte order mark, else from all its bytes.

    UTF-8 where that holds, or where only a few bytes break it (their rows are then refused, rather than every
    accent of the file read wrongly); a Western file that is not UTF-8 is read as cp1252, which holds Latin-1.
    """
    with path.open("rb") as file:
        start = file.read(4096)
        for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
                           (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
            if start.startswith(mark):
                return "utf-8-sig" if name == "utf-8" else name
        even, odd = start[0::2].count(0), start[1::2].count(0)
        if len(start) >= 4 and max(even, odd) > len(start) / 5 and min(even, odd) < len(start) / 50:
            return "utf-16-le" if odd > even else "utf-16-be"
        file.seek(0)
        bad = _not_utf8(file)
        if bad is None:
            return "utf-8"
        file.seek(max(0, bad - 64 * 1024))
        sample = file.read(_SAMPLE)
    if _mostly_utf8(sample):
        return "utf-8"
    best = from_bytes(sample, cp_isolation=list(_ALPHABETS)).best()
    guess = best.encoding if best is not None else "cp1252"
    if guess not in _LATIN:
        return guess
    return "cp1252" if _decodes(path, "cp1252") else "latin_1"


def _not_utf8(file: io.BufferedReader) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    position = 0
    while chunk := file.read(CHUNK):
        try:
            if not chunk.isascii() or decoder.getstate()[0]:
                decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return position + error.start
        position += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return position
    return None


def _mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(character > "\x7f" for character in text) - wrong
    return right > 2 * wrong


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
    return True


def _one_ending(path: Path, scratch: Path) -> Path | None:
    """A copy whose lines all end in a line feed, or ``None`` where they already end alike."""
    copy = scratch / f"{path.name}.lines"
    changed = False
    with full_disk(f"rewriting {path.name}"), path.open("rb") as file, copy.open("wb") as out:
        for chunk in _until_feed(file):
            plain = chunk.replace(b"\r\n", b"\n")
            changed = changed or len(plain) != len(chunk)
            out.write(plain)
    if not changed:
        copy.unlink()
        return None
    return copy


def _until_feed(file: io.BufferedReader) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        if chunk.endswith(b"\r"):
            chunk += file.read(1)
        yield chunk
