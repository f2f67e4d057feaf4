"""charter.yaml to a :class:`Charter`: every problem at once, with its line, its remedy and the nearest known name."""

import difflib
import hashlib
import re
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)  # fmt: skip

from portance.charter import checking
from portance.charter.charter import Charter
from portance.errors import CharterError, Problem

Path_ = tuple[str | int, ...]
_MOST_BYTES = 1_000_000
_MOST_NODES = 100_000
_MOST_DEPTH = 40


class Document:
    """A charter as written: its plain values, the line of each key, and what is wrong with the writing itself."""

    def __init__(
        self, file: Path, values: Any, lines: dict[Path_, int], digest: str, problems: Iterable[Problem] = ()
    ) -> None:
        self.file, self.values, self.lines, self.digest = file, values, lines, digest
        self.problems = tuple(problems)

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a path, or of the nearest of its parents that is written."""
        parts = tuple(path)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return self.lines.get(parts, 1)

    def problem(
        self, path: Sequence[str | int], given: str, expected: str, remedy: str, nearest: str | None = None
    ) -> Problem:
        """A problem that stands at a path of this document."""
        return Problem(self.file, self.line(path), dotted(path), given, expected, remedy, nearest)


def dotted(path: Sequence[str | int]) -> str:
    """A path as a person writes it: ``sources.orders.interactions[0].at``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text or "charter"


def load(file: Path) -> Document:
    """Read the YAML of a charter; a ``CharterError`` where it is not one."""

    def refuse(line: int, given: str, expected: str, remedy: str) -> CharterError:
        return CharterError([Problem(file, line, "charter", given, expected, remedy)])

    try:
        with file.open("rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise refuse(
            0, "no such file", "a charter.yaml", "Start one with: portance new DIR --from FILES"
        ) from None
    except IsADirectoryError:
        raise refuse(
            0, "a folder", "a charter.yaml", f"Name the file in it: {file / 'charter.yaml'}"
        ) from None
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise refuse(
            0, f"a file that cannot be read ({told})", "a readable file", "Check its name and permissions."
        ) from error
    return parse(raw, file)


def parse(raw: bytes, file: Path) -> Document:
    """The document in the bytes of a charter that stands, or will stand, at ``file``."""

    def refuse(line: int, given: str, expected: str, remedy: str) -> CharterError:
        return CharterError([Problem(file, line, "charter", given, expected, remedy)])

    if len(raw) > _MOST_BYTES:
        raise refuse(
            0, f"more than {_MOST_BYTES:,} bytes", f"a charter of at most {_MOST_BYTES:,} bytes",
            "Is this an extract rather than a charter?",
        )  # fmt: skip
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        byte = f"byte 0x{raw[error.start]:02x}, which is not UTF-8"
        raise refuse(line, byte, "text in UTF-8", "Save the file again as UTF-8.") from None
    try:
        root = _composed(text)
    except _WritingError as error:
        raise refuse(error.line, error.given, error.expected, error.remedy) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = " ".join(part.strip() for part in (error.context, error.problem) if part)
        remedy = (
            "Indent with spaces: YAML takes no tabs."
            if "\\t" in told
            else "Look at this line and the one before it."
        )
        raise refuse(mark.line + 1 if mark else 1, told or "text that is not YAML", "YAML", remedy) from None
    except (YAMLError, ValueError, RecursionError) as error:
        told = (str(error).splitlines() or ["text that is not YAML"])[0]
        raise refuse(_strange(text), told, "YAML", "Remove what is not plain text from the file.") from None
    if root is None or root.kind != "mapping":
        told = (
            "nothing"
            if root is None
            else "a list"
            if root.kind == "sequence"
            else "a single value"
            if root.text
            else "nothing"
        )
        raise refuse(1, told, "a mapping that starts with 'portance: 1'", "See the charter reference.")
    unfolding = _Unfolding(file)
    try:
        values = unfolding.value(root, ())
    except _WritingError as error:
        raise refuse(error.line, error.given, error.expected, error.remedy) from None
    return Document(file, values, unfolding.lines, hashlib.sha256(raw).hexdigest(), unfolding.problems)


def _strange(text: str) -> int:
    """The line of the first character that YAML does not take; 1 where there is none."""
    found = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", text)
    return text[: found.start()].count("\n") + 1 if found else 1


class _WritingError(Exception):
    """Why a text is not a charter's YAML, and on which line."""

    def __init__(self, line: int, given: str, expected: str, remedy: str) -> None:
        self.line, self.given, self.expected, self.remedy = line, given, expected, remedy
        super().__init__(given)


@dataclass(slots=True)
class _Node:
    """A piece of YAML as written; ``plain`` text may stand for a number, a truth value or nothing."""

    kind: typing.Literal["mapping", "sequence", "scalar"]
    line: int
    text: str = ""
    plain: bool = False
    items: "list[_Node]" = field(default_factory=list)
    """Of a mapping: key, value, key, value…"""


def _composed(text: str) -> _Node | None:
    """The nodes of one YAML document, from its events: nothing is constructed, no tag is followed."""
    anchors: dict[str, _Node] = {}
    open_: list[_Node] = []
    opened: set[str] = set()
    root: _Node | None = None
    documents = nodes = 0
    names: list[str | None] = []
    for event in YAML(typ="safe", pure=True).parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _WritingError(
                    line,
                    "a second document after '---'",
                    "one charter in a file",
                    "Keep one, or make two files.",
                )
        if isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            node = open_.pop()
            name = names.pop()
            if name:
                opened.discard(name)
                anchors[name] = node
            continue
        if not isinstance(event, NodeEvent):
            continue
        nodes += 1
        if nodes > _MOST_NODES or len(open_) > _MOST_DEPTH:
            raise _WritingError(
                line, "values nested or repeated beyond measure", f"at most {_MOST_DEPTH} levels and {_MOST_NODES:,} values",
                "Is this an extract rather than a charter?",
            )  # fmt: skip
        found = _node(event, line, anchors, opened)
        if open_:
            open_[-1].items.append(found)
        else:
            root = found
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            open_.append(found)
            names.append(event.anchor)
            if event.anchor:
                opened.add(event.anchor)
        elif isinstance(event, ScalarEvent) and event.anchor:
            anchors[event.anchor] = found
    return root


def _node(event: Event, line: int, anchors: dict[str, _Node], opened: set[str]) -> _Node:
    if isinstance(event, AliasEvent):
        if event.anchor in opened:
            raise _WritingError(
                line,
                f"*{event.anchor} inside itself",
                "plain YAML",
                "Write the values out instead of the alias.",
            )
        if event.anchor not in anchors:
            near = difflib.get_close_matches(str(event.anchor), list(anchors), n=1)
            meant = f" Did you mean *{near[0]}?" if near else ""
            raise _WritingError(
                line,
                f"*{event.anchor}, which no &{event.anchor} before it names",
                "an alias of something above",
                f"Quote it if it is a text.{meant}",
            )
        return anchors[event.anchor]
    tag = getattr(event, "tag", None)
    if tag is not None:
        shown = str(tag).replace("tag:yaml.org,2002:", "!!")
        raise _WritingError(
            line,
            f"the tag {shown}",
            "plain YAML without tags",
            "Remove the tag, or quote the text that starts with '!'.",
        )
    if isinstance(event, ScalarEvent):
        return _Node("scalar", line, str(event.value), plain=event.style is None or event.style == "")
    return _Node("mapping" if isinstance(event, MappingStartEvent) else "sequence", line)


_INTEGER = re.compile(r"^[-+]?[0-9]{1,30}$")
_BASED = re.compile(r"^0(x[0-9a-fA-F]{1,16}|o[0-7]{1,20})$")
_NUMBER = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?$")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def _scalar(text: str) -> Any:
    """What plain text stands for in the core schema of YAML 1.2; dates stay text until a field asks for one."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    return float(text) if _NUMBER.match(text) and len(text) <= 60 else text


class _Unfolding:
    """Nodes to plain values, aliases written out, the line of each path noted."""

    def __init__(self, file: Path) -> None:
        self.file, self.left = file, _MOST_NODES
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: _Node, path: Path_) -> Any:
        self.left -= 1
        if self.left < 0:
            raise _WritingError(
                node.line,
                "aliases that unfold beyond measure",
                f"at most {_MOST_NODES:,} values",
                "Write the values out instead of *aliases.",
            )
        if node.kind == "scalar":
            return _scalar(node.text) if node.plain else node.text
        if node.kind == "sequence":
            result = []
            for index, item in enumerate(node.items):
                self.lines[(*path, index)] = item.line
                result.append(self.value(item, (*path, index)))
            return result
        return self._mapping(node, path)

    def _mapping(self, node: _Node, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        merged: list[_Node] = []
        for key, value in zip(node.items[::2], node.items[1::2], strict=True):
            if key.kind != "scalar":
                self._problem(
                    key.line,
                    path,
                    f"a {key.kind} as a key",
                    "a name as a key",
                    "Look at the colons and brackets of this line.",
                )
                continue
            if key.plain and key.text == "<<":
                merged += value.items if value.kind == "sequence" else [value]
                continue
            here = (*path, key.text)
            if key.text in result:
                self._problem(
                    key.line, here, f"the key {key.text!r} a second time (first on line {self.lines[here]})",
                    "each key once", "Remove one of the two, or put them together.",
                )  # fmt: skip
                continue
            self.lines[here] = key.line
            result[key.text] = self.value(value, here)
        for other in merged:
            if other.kind != "mapping":
                self._problem(
                    other.line,
                    (*path, "<<"),
                    f"a {other.kind} behind <<",
                    "an alias of a mapping",
                    "Write <<: *name.",
                )
                continue
            written = dict(self.lines)  # a key written here keeps its own line
            result = self._mapping(other, path) | result
            self.lines |= written
        return result

    def _problem(self, line: int, path: Path_, given: str, expected: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, dotted(path), given, expected, remedy))


def read(file: Path | str) -> Charter:
    """The charter in a file, valid in itself; a ``CharterError`` with every problem otherwise.

    Whether its files exist and their columns are there is checked on the real rows, by the intake.
    """
    return checked(load(Path(file)))


def checked(document: Document) -> Charter:
    """The charter that a document declares; a ``CharterError`` with every problem where it cannot be used."""
    problems = [*document.problems, *_misspelt(document)]
    try:
        charter = Charter.model_validate(
            document.values | {"path": document.file, "digest": document.digest}, context={"written": True}
        )
    except ValidationError as error:
        told = {problem.path for problem in problems}
        problems += [problem for problem in _translated(document, error) if problem.path not in told]
        raise CharterError(sorted(problems, key=lambda problem: problem.line)) from None
    problems += list(checking.problems(charter, document.problem))
    if problems:
        raise CharterError(sorted(problems, key=lambda problem: problem.line))
    return charter


def _misspelt(document: Document) -> Iterator[Problem]:
    """Keys of an interaction that resemble a known one: an attribute may have any other name."""
    from portance.charter.source import Entry

    sources = document.values.get("sources")
    known = sorted(_keys(Entry))
    for name, source in sources.items() if isinstance(sources, dict) else ():
        entries = source.get("interactions") if isinstance(source, dict) else None
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            for key in entry if isinstance(entry, dict) else ():
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
                if key not in known and near:
                    yield document.problem(
                        ("sources", name, "interactions", index, key), f"key {key!r}", "a known key, or an attribute with a name of its own",
                        f"Write {near[0]!r}; an attribute that is truly named {key!r} goes under the source's 'attributes'.", near[0],
                    )  # fmt: skip


def _keys(model: type[BaseModel]) -> list[str]:
    return [
        field.alias or name for name, field in model.model_fields.items() if name not in {"path", "digest"}
    ]


def _inside(annotation: Any, part: str | int) -> Any:
    """The type that stands at ``part`` inside a type."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _inside(arguments[0], part)
    if origin in (typing.Union, types.UnionType):
        found = [inner for argument in arguments if (inner := _inside(argument, part)) is not None]
        return found[0] if found else None
    if origin is dict:
        return arguments[1]
    if origin in (tuple, list) and isinstance(part, int):
        return arguments[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if part in (name, field.alias):
                return field.annotation
    return None


def _model(annotation: Any) -> type[BaseModel] | None:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return next((model for argument in arguments if (model := _model(argument))), None)
    return None


def _location(document: Document, location: Sequence[str | int]) -> tuple[str | int, ...]:
    """Where an error stands in the document: without the names of branches that the validator adds."""
    path: list[str | int] = []
    node: Any = document.values
    for part in location:
        if part == "[key]":
            break
        if isinstance(node, dict) and part in node:  # noqa: SIM114 two kinds of steps, and types that tell them apart
            node = node[part]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            node = node[part]
        elif part == location[-1] and isinstance(part, str) and isinstance(node, dict) and "[" not in part:
            node = None  # a key that is missing
        else:
            continue
        path.append(part)
    return tuple(path)


_EXPECTED = {
    "string_type": "a text", "int_type": "a whole number", "float_type": "a number", "bool_type": "true or false",
    "dict_type": "a mapping", "tuple_type": "a list", "list_type": "a list", "model_type": "a mapping",
    "int_parsing": "a whole number", "float_parsing": "a number", "bool_parsing": "true or false",
    "date_parsing": "a date such as 2025-03-31", "date_from_datetime_parsing": "a date such as 2025-03-31",
    "date_from_datetime_inexact": "a date without a time", "date_type": "a date such as 2025-03-31",
    "model_attributes_type": "a mapping", "datetime_parsing": "a date or a date and time", "datetime_from_date_parsing": "a date or a date and time",
}  # fmt: skip


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _translated(document: Document, error: ValidationError) -> Iterator[Problem]:
    seen = set()
    for detail in error.errors(include_url=False):
        path = _location(document, detail["loc"])
        problem = _problem(document, path, detail)
        key = (problem.line, problem.path)
        if key not in seen:  # one key, one problem: branches of a union say the same thing twice
            seen.add(key)
            yield problem


def _problem(document: Document, path: tuple[str | int, ...], detail: ErrorDetails) -> Problem:
    kind, given = detail["type"], _shown(detail["input"])
    context: dict[str, Any] = detail.get("ctx") or {}
    if kind == "extra_forbidden":
        annotation: Any = Charter
        for part in path[:-1]:
            annotation = _inside(annotation, part)
        model = _model(annotation)
        known = _keys(model) if model else []
        near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
        remedy = f"Rename it to {near[0]!r}." if near else "Remove it, or see the charter reference."
        return document.problem(
            path,
            f"key {str(path[-1])!r}",
            f"one of {', '.join(sorted(known))}",
            remedy,
            near[0] if near else None,
        )
    if kind == "missing":
        return document.problem(path, "nothing", f"the key {str(path[-1])!r}", f"Add {str(path[-1])!r} here.")
    if kind == "literal_error":
        choices = [choice.strip("'") for choice in str(context["expected"]).replace(" or ", ", ").split(", ")]
        near = difflib.get_close_matches(str(detail["input"]), choices, n=1)
        return document.problem(
            path, given, f"one of {', '.join(choices)}", "Choose one of these.", near[0] if near else None
        )
    if kind == "string_pattern_mismatch":
        if detail["loc"][-1] == "[key]":
            expected, remedy = (
                "a name: a letter, then letters, digits or _",
                "Rename it; the words that people read go into 'name'.",
            )
        else:
            expected, remedy = (
                f"a text of the form {context.get('pattern')}",
                "See the charter reference for this key.",
            )
        return document.problem(path, given, expected, remedy)
    if kind == "value_error":
        return document.problem(path, given, str(context.get("error", detail["msg"])), "Mend this value.")
    expected = _EXPECTED.get(kind, detail["msg"][0].lower() + detail["msg"][1:])
    quoted = kind == "string_type" and isinstance(detail["input"], (int, float, bool))
    return document.problem(path, given, expected, "Put it in quotes." if quoted else "Mend this value.")
