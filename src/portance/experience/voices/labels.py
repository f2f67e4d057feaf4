"""What persons have said of sentences: kept beside the verbatims, by the digest of the masked sentence, never its text.

One line a decision, appended and flushed to the disk before the next question: a run that ends at any moment loses nothing.
The digest is of the words alone, so that a label survives a new scan, and a mask that changes its kind.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from portance.experience.voices.folding import fold
from portance.experience.voices.masking import MASK
from portance.store.state import full_disk

Polarity = Literal["negative", "neutral", "positive"]
Kind = Literal["complaint", "praise", "suggestion", "neutral"]


@dataclass(frozen=True, slots=True)
class Label:
    """What a person said of one sentence; ``irritants`` is empty where it holds none."""

    interaction_id: str
    sentence: int
    digest: str
    irritants: tuple[str, ...]
    polarity: Polarity
    kind: Kind
    at: str
    by: str = "person"


def digest(masked: str) -> str:
    """32 hexadecimal digits of the words of a masked sentence, whatever stands between them."""
    plain = "".join(one if one.isalnum() else " " for one in fold(MASK.sub(" ", masked)))
    return hashlib.blake2b(" ".join(plain.split()).encode(), digest_size=16).hexdigest()


class Labels:
    """The labels of a file, and the sentences that were passed over; changed by appending only."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._given: dict[str, Label] = {}
        self._skipped: set[str] = set()
        self._done: list[tuple[str, Label | None, bool]] = []
        self.spoiled = 0
        """Lines of the file that are no decision: cut short by a crash, or changed by hand. They are left as they are."""
        for line in _lines(file):
            if line is None or not self._apply(line):
                self.spoiled += 1

    @property
    def given(self) -> dict[str, Label]:
        """Labels by digest, the last one given of each."""
        return dict(self._given)

    @property
    def skipped(self) -> frozenset[str]:
        """Digests of sentences passed over."""
        return frozenset(self._skipped)

    def __len__(self) -> int:
        return len(self._given)

    def give(self, label: Label) -> None:
        """Keep a label; a second one of the same sentence replaces the first."""
        self._append(
            {
                "does": "give", "interaction_id": label.interaction_id, "sentence": label.sentence, "digest": label.digest,
                "irritants": list(label.irritants), "polarity": label.polarity, "kind": label.kind, "at": label.at, "by": label.by,
            }
        )  # fmt: skip

    def skip(self, mark: str, at: datetime) -> None:
        """Pass a sentence over: it is not asked again."""
        self._append({"does": "skip", "digest": mark, "at": at.isoformat(timespec="seconds")})

    def undo(self, at: datetime) -> str | None:
        """Take the last decision back; the digest it was about, or ``None`` where there is none left."""
        if not self._done:
            return None
        mark = self._done[-1][0]
        self._append({"does": "undo", "digest": mark, "at": at.isoformat(timespec="seconds")})
        return mark

    def _append(self, line: dict[str, Any]) -> None:
        with full_disk(f"writing {self._file.name}"):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # a line that was cut short by a crash is closed first, so that it spoils itself alone
                data = b"" if _whole(self._file) else b"\n"
                os.write(handle, data + json.dumps(line, ensure_ascii=True).encode() + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
        self._apply(line)

    def _apply(self, line: dict[str, Any]) -> bool:
        """Follow a decision; whether it is one."""
        mark = line.get("digest")
        if not isinstance(mark, str):
            return False
        if line.get("does") == "undo":
            for place in range(len(self._done) - 1, -1, -1):
                if self._done[place][0] == mark:
                    _, before, skipped = self._done.pop(place)
                    self._given.pop(mark, None)
                    self._skipped.discard(mark)
                    if before is not None:
                        self._given[mark] = before
                    if skipped:
                        self._skipped.add(mark)
                    break
            return True
        label = None if line.get("does") == "skip" else _label(line)
        if line.get("does") != "skip" and label is None:
            return False
        self._done.append((mark, self._given.get(mark), mark in self._skipped))
        self._given.pop(mark, None)
        self._skipped.discard(mark)
        if label is None:
            self._skipped.add(mark)
        else:
            self._given[mark] = label
        return True


def _label(line: dict[str, Any]) -> Label | None:
    """The label of a line; ``None`` for one that is not whole."""
    try:
        if line["polarity"] not in ("negative", "neutral", "positive") or line["kind"] not in ("complaint", "praise", "suggestion", "neutral"):  # fmt: skip
            return None
        if not isinstance(line["irritants"], list):  # the letters of a text are no irritants
            return None
        return Label(
            str(line["interaction_id"]), int(line["sentence"]), str(line["digest"]), tuple(map(str, line["irritants"])),
            line["polarity"], line["kind"], str(line["at"]), str(line.get("by", "person")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError):  # an infinite number is JSON to Python
        return None


def _lines(file: Path) -> Iterable[dict[str, Any] | None]:
    """The decisions of a file in their order; nothing in the place of a line that cannot be read."""
    if not file.exists():
        return
    for line in filter(None, file.read_bytes().split(b"\n")):
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            read = None
        yield read if isinstance(read, dict) else None


def _whole(file: Path) -> bool:
    size = file.stat().st_size
    if not size:
        return True
    with file.open("rb") as read:
        read.seek(size - 1)
        return read.read(1) == b"\n"
