"""Values to the text of a charter that a person likes to read: in order, in blocks, with comments beside them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 108
_PLAIN = re.compile(r"^[A-Za-zÀ-ÿ_(/.][^\x00-\x1f\x7f-\x9f]*$")
_LENGTH = re.compile(r"^\d+(\.\d+)? [a-z]+$")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "<<", ".nan", ".inf"})


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with its comments: lines ``above`` its key, and one ``beside`` it. An absent value leaves the comments alone."""

    value: Any
    above: tuple[str, ...] = ()
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A mapping or a list that stands on one line, ``{…}`` or ``[…]``, where it fits."""

    value: Mapping[str, Any] | Sequence[Any]


ABSENT = object()
"""The value of a ``Noted`` that is a comment only."""


def text(values: Mapping[str, Any], head: Sequence[str] = ()) -> str:
    """The YAML text of a charter; read again it gives the same values."""
    lines = [_comment(line) for line in head]
    for key, value in values.items():
        block = list(_entry(key, value, 0))
        if len(block) > 1 and lines and lines[-1]:
            lines.append("")  # air around what has several lines
        lines += block
        if len(block) > 1:
            lines.append("")
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def plain(value: Any) -> Any:
    """The same values without comments and styles."""
    if isinstance(value, (Noted, Flow)):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items() if _bare(inner) is not ABSENT}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value if _bare(inner) is not ABSENT]
    return value


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Noted) else value


def _comment(line: str) -> str:
    clean = " ".join(_printable(line).split())
    return f"# {clean}" if clean else ""


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in line)


def _notes(value: Any, pad: str) -> Iterator[str]:
    if isinstance(value, Noted):
        for line in value.above:
            yield pad + (_comment(line) or "#")


def _beside(line: str, value: Any) -> str:
    if isinstance(value, Noted) and value.beside:
        return f"{line}  {_comment(value.beside)}"
    return line


def _entry(key: str, value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    yield from _notes(value, pad)
    bare = _bare(value)
    if bare is ABSENT:
        return
    start = f"{pad}{_key(key)}:"
    one_line = _one_line(bare, len(start) + 1)
    if one_line is not None:
        yield _beside(f"{start} {one_line}", value)
        return
    yield _beside(start, value)
    inner = _opened(bare)
    if isinstance(inner, Mapping):
        for name, part in inner.items():
            yield from _entry(str(name), part, depth + 1)
        return
    for item in inner:
        yield from _item(item, depth + 1)


def _item(value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    yield from _notes(value, pad)
    bare = _bare(value)
    if bare is ABSENT:
        return
    one_line = _one_line(bare, len(pad) + 2)
    if one_line is not None:
        yield _beside(f"{pad}- {one_line}", value)
        return
    inner = _opened(bare)
    if not isinstance(inner, Mapping):
        yield _beside(f"{pad}- {flow(inner)}", value)
        return
    dash = True
    for name, part in inner.items():
        for line in _entry(str(name), part, depth + 1):
            if dash and not line.lstrip().startswith("#"):
                yield f"{pad}- {line[len(pad) + 2 :]}"
                dash = False
            else:
                yield line


def _opened(value: Any) -> Any:
    """What stands in a block; what a line could not hold keeps its parts on one line each."""
    if not isinstance(value, Flow):
        return value
    if isinstance(value.value, Mapping):
        return {key: _flat(part) for key, part in value.value.items()}
    return [_flat(part) for part in value.value]


def _flat(value: Any) -> Any:
    return Flow(value) if isinstance(value, (Mapping, list, tuple)) else value


def _one_line(value: Any, used: int) -> str | None:
    """The value on the line of its key, or ``None`` where it needs a block."""
    if isinstance(value, Flow):
        line = flow(value.value)
        return line if len(line) + used <= WIDTH or not value.value else None
    if isinstance(value, Mapping):
        return None if value else "{}"
    if isinstance(value, (list, tuple)):
        return None if value else "[]"
    return scalar(value)


def flow(value: Any) -> str:
    """A value on one line."""
    bare = plain(value)
    if isinstance(bare, dict):
        return "{" + ", ".join(f"{_key(key, inside=True)}: {flow(part)}" for key, part in bare.items()) + "}"
    if isinstance(bare, list):
        return "[" + ", ".join(flow(part) for part in bare) + "]"
    return scalar(bare, inside=True)


def _key(key: str, *, inside: bool = False) -> str:
    return (
        key if key == "on" else scalar(key, inside=inside)
    )  # a word of charters, and plain text in YAML 1.2


def scalar(value: Any, *, inside: bool = False) -> str:
    """A single value: plain where that is safe (``inside``: within ``{}`` or ``[]``), quoted otherwise."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    written = str(value)
    if _LENGTH.match(written):
        return written
    risky = (
        not _PLAIN.match(written)
        or written.lower() in _WORDS
        or written != written.strip()
        or ": " in written
        or " #" in written
        or written.endswith(":")
        or not written.isprintable()
        or written[:3] == "..."
        or (written[0] == "." and written[1:2].isdigit())
        or (inside and (any(sign in written for sign in "{}[],") or ":" in written))
    )
    if not risky:
        return written
    if written.isprintable() and "'" not in written and ("\\" in written or '"' in written):
        return f"'{written}'"
    return _double(written)


def _double(written: str) -> str:
    quoted = json.dumps(written, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in quoted)


def _escaped(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
