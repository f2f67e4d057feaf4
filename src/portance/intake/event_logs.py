"""Event logs of process mining as flat columns of text: XES (IEEE 1849) and OCEL 2.0 JSON."""

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree as ET

import pyarrow as pa

from portance.charter.source import Entry, Source
from portance.errors import ExtractError

LINKS = "links"
"""The column of an OCEL extract that holds, as JSON, the related objects beyond the first of each type."""
_BATCH = 50_000
_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


class _Columns:
    """Cells gathered row by row, turned to Arrow in batches, with columns that may appear late."""

    def __init__(self, nulls: tuple[str, ...]) -> None:
        self._nulls = frozenset(nulls)
        self._cells: dict[str, list[str | None]] = {}
        self._rows = 0
        self._done: list[pa.Table] = []
        self.total = 0

    def add(self, row: dict[str, str]) -> None:
        for name, value in row.items():
            cells = self._cells.get(name)
            if cells is None:
                cells = self._cells[name] = [None] * self._rows
            cells.append(None if value in self._nulls else value)
        self._rows += 1
        self.total += 1
        for cells in self._cells.values():
            if len(cells) < self._rows:
                cells.append(None)
        if self._rows >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._done.append(
                pa.table({name: pa.array(cells, pa.string()) for name, cells in self._cells.items()})
            )
            self._cells = {name: [] for name in self._cells}
            self._rows = 0

    def table(self) -> tuple[list[str], pa.Table]:
        self._flush()
        names = list(self._cells)
        full = [part.select([name for name in names if name in part.column_names]) for part in self._done]
        whole = (
            pa.concat_tables(full, promote_options="default")
            if full
            else pa.table({name: pa.array([], pa.string()) for name in names})
        )
        return names, whole.select(names) if names else whole


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def xes(path: Path, nulls: tuple[str, ...], rows: int | None = None) -> tuple[list[str], pa.Table]:
    """The events of an XES log, streamed; memory holds one trace at a time beside the columns."""
    columns = _Columns(nulls)
    try:
        with _opened(path) as file:
            trace: dict[str, str] = {}
            context: list[str] = []
            for moment, element in ET.iterparse(file, events=("start", "end")):  # noqa: S314 -- expat bounds what entities unfold to
                tag = _local(element.tag)
                if moment == "start":
                    context.append(tag)
                    if tag == "trace":
                        trace = {}
                    continue
                context.pop()
                inside = context[-1] if context else ""
                if tag in _VALUES and inside == "trace":
                    trace[f"case:{element.get('key', '')}"] = element.get("value", "")
                elif tag == "event":
                    row = dict(trace)
                    for child in element:
                        if _local(child.tag) in _VALUES:
                            row[child.get("key", "")] = child.get("value", "")
                    columns.add(row)
                    element.clear()
                    if rows is not None and columns.total >= rows:
                        return columns.table()
                elif tag == "trace":
                    element.clear()
    except (ET.ParseError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ExtractError(path, f"a log that cannot be followed to its end ({error})", "a complete XES log",
                           "Export or copy it again. Nothing of it was taken in.") from error  # fmt: skip
    if not columns.total:
        raise ExtractError(
            path, "a log without events", "an XES log of traces and events", "Export it again."
        )
    return columns.table()


def ocel(path: Path, nulls: tuple[str, ...], rows: int | None = None) -> tuple[list[str], pa.Table]:
    """The events of an OCEL 2.0 log, one row each; its objects as identifiers, in the order of the relations."""
    try:
        with _opened(path) as file:
            log = json.load(file)
        objects = {str(item["id"]): item for item in log.get("objects", [])}
        events: list[dict[str, Any]] = list(log["events"])
        types = [str(item["name"]) for item in log.get("objectTypes", [])] or list(
            Counter(str(item["type"]) for item in objects.values())
        )
        columns = _Columns(nulls)
        for event in events[:rows]:
            columns.add(_flat(event, objects, types))
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        EOFError,
        zlib.error,
        OSError,
        RecursionError,
    ) as error:
        raise ExtractError(path, f"a file that is not an OCEL 2.0 log ({type(error).__name__}: {error})",
                           "JSON with events, objects and their types", "Export it again as OCEL 2.0 JSON.") from error  # fmt: skip
    if not columns.total:
        raise ExtractError(path, "a log without events", "an OCEL 2.0 log with events", "Export it again.")
    return columns.table()


def completed(source: Source, headers: Sequence[str]) -> Source:
    """An OCEL source that says nothing of its events: each is an interaction, its objects are identifiers and cases.

    The case of an event is the first of its objects, in the order of the log's object types.
    """
    if source.interactions or source.format != "ocel":
        return source
    objects = {
        re.sub(r"\W", "_", name[7:], flags=re.ASCII): name for name in headers if name.startswith("object:")
    }
    entry = Entry.model_validate({"activity": {"column": "event_type"}, "at": "event_time", "id": "event_id"})
    return source.model_copy(
        update={
            "interactions": (entry,), "case": source.case or objects, "identifiers": source.identifiers or objects,
        }
    )  # fmt: skip


def _flat(event: dict[str, Any], objects: dict[str, dict[str, Any]], types: list[str]) -> dict[str, str]:
    row = {"event_id": str(event["id"]), "event_type": str(event["type"]), "event_time": str(event["time"])}
    for attribute in event.get("attributes", []):
        row[str(attribute["name"])] = _cell(attribute.get("value"))
    first: dict[str, str] = {}
    rest: list[list[str]] = []
    for relation in event.get("relationships", []):
        named = str(relation["objectId"])
        held = objects.get(named)
        kind = str(held["type"]) if held else "unknown"
        if kind in first:
            rest.append([kind, named, str(relation.get("qualifier", ""))])
        else:
            first[kind] = named
    for kind in [*types, *(name for name in first if name not in types)]:
        if kind in first:
            row[f"object:{kind}"] = first[kind]
            for attribute in objects.get(first[kind], {}).get("attributes", []):
                row.setdefault(f"{kind}:{attribute['name']}", _cell(attribute.get("value")))
        else:
            row[f"object:{kind}"] = ""
    row[LINKS] = json.dumps(rest, ensure_ascii=False) if rest else ""
    return row


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
