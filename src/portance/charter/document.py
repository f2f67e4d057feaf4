"""charter.yaml to a :class:`Charter`: every problem at once, with its line, its remedy and the nearest known name."""

import difflib
import hashlib
import types
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from portance.charter import checking
from portance.charter.charter import Charter
from portance.errors import CharterError, Problem

Path_ = tuple[str | int, ...]
_MOST_BYTES = 5_000_000
_MOST_NODES = 200_000


class Document:
    """A charter as written: its plain values, and the line of each key."""

    def __init__(self, file: Path, values: Any, lines: dict[Path_, int], digest: str) -> None:
        self.file, self.values, self.lines, self.digest = file, values, lines, digest

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
        raw = file.read_bytes()
    except FileNotFoundError:
        raise refuse(
            0, "no such file", "a charter.yaml", "Start one with: portance new DIR --from FILES"
        ) from None
    except IsADirectoryError:
        raise refuse(
            0, "a folder", "a charter.yaml", f"Name the file in it: {file / 'charter.yaml'}"
        ) from None
    except OSError as error:
        raise refuse(
            0, f"a file that cannot be read ({error.strerror})", "a readable file", "Check its permissions."
        ) from error
    if len(raw) > _MOST_BYTES:
        raise refuse(
            0,
            f"{len(raw):,} bytes",
            f"a charter of at most {_MOST_BYTES:,} bytes",
            "Is this an extract rather than a charter?",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise refuse(
            line,
            f"byte 0x{raw[error.start]:02x}, which is not UTF-8",
            "text in UTF-8",
            "Save the file again as UTF-8.",
        ) from None
    yaml = YAML(typ="rt")
    try:
        root = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = " ".join(part.strip() for part in (error.context, error.problem) if part)
        raise refuse(
            mark.line + 1 if mark else 1,
            told or "text that is not YAML",
            "YAML",
            "Look at this line and the one before it.",
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise refuse(
            1, str(error).splitlines()[0], "YAML", "Remove what is not plain text from the file."
        ) from None
    if not isinstance(root, CommentedMap):
        raise refuse(
            1,
            "nothing" if root is None else type(root).__name__,
            "a mapping that starts with 'portance: 1'",
            "See the charter reference.",
        )
    lines: dict[Path_, int] = {}
    left = [_MOST_NODES]
    try:
        values = _plain(root, (), lines, left)
    except (RecursionError, OverflowError):
        raise refuse(
            1, "aliases that unfold without end", "plain YAML", "Write the values out instead of *aliases."
        ) from None
    return Document(file, values, lines, hashlib.sha256(raw).hexdigest())


def _plain(node: Any, path: Path_, lines: dict[Path_, int], left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise OverflowError
    if isinstance(node, CommentedMap):
        result = {}
        for key, value in node.items():
            name = key if isinstance(key, str) else str(key)
            lines[(*path, name)] = node.lc.key(key)[0] + 1 if key in node.lc.data else lines.get(path, 1)
            result[name] = _plain(value, (*path, name), lines, left)
        return result
    if isinstance(node, CommentedSeq):
        for index in range(len(node)):
            lines[(*path, index)] = node.lc.item(index)[0] + 1
        return [_plain(value, (*path, index), lines, left) for index, value in enumerate(node)]
    if isinstance(node, str):
        return str(node)
    if isinstance(node, float):
        return float(node)
    if isinstance(node, int) and not isinstance(node, bool):
        return int(node)
    return node


def read(file: Path | str) -> Charter:
    """The charter in a file, valid in itself; a ``CharterError`` with every problem otherwise.

    Whether its files exist and their columns are there is checked on the real rows, by the intake.
    """
    document = load(Path(file))
    problems = list(_misspelt(document))
    try:
        charter = Charter.model_validate(document.values | {"path": document.file, "digest": document.digest})
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
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.8)
                if key not in known and near:
                    yield document.problem(
                        ("sources", name, "interactions", index, key), f"key {key!r}", "a known key, or an attribute with a name of its own",
                        f"Write {near[0]!r}, or give the attribute another name.", near[0],
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
        if (isinstance(node, dict) and part in node) or (
            isinstance(node, list) and isinstance(part, int) and part < len(node)
        ):
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
    return document.problem(path, given, expected, "Mend this value.")
