"""What was ever told about employees is remembered, so that a later question cannot be subtracted from an earlier one.

The journal lies in the state folder and holds no name and no answer: who stood behind a figure, and that what they
said had not changed since, are kept as digests under a key drawn for this company (HMAC-SHA-256, 64 bits kept).
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from portance.store.state import State

FOLDER = "employees"
_KEY = "key"
_TOLD = "told.json"
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Release:
    """One figure that was told: of what, of whom, over which days, and what was said.

    ``asked`` are the days that were asked about. ``members`` are the digests of the persons behind it, ``states`` of the persons with what they had said by then.
    ``share`` is the figure on 0 to 1 as it was told, ``reach`` what 1 stands for in the figure's unit. A share over teams has
    ``teams`` and ``cases``, and ``largest``, the share of the cases that one team has at most.
    """

    topic: str
    statistic: str
    label: str
    asked: str
    start: date
    end: date
    members: frozenset[int]
    states: frozenset[int]
    share: float
    employees: int
    reach: float
    teams: int = 0
    cases: int = 0
    largest: float = 0.0

    def meets(self, start: date, end: date) -> bool:
        """Whether it is about some of the same days."""
        return self.start < end and start < self.end


class Journal:
    """The releases of one company, in their order. Without a state they live as long as the object.

    Where the kept journal cannot be read, ``readable`` is false: then nothing may be told, for nobody knows what was.
    """

    def __init__(self, state: State | None = None, *, key: bytes | None = None) -> None:
        self._state = state
        self._fresh = False
        self.readable = True
        self._releases: dict[str, list[Release]] = {}
        self._key = key or b""
        if state is not None:
            self._open(state.folder / FOLDER, key)
        elif not self._key:
            self._key = secrets.token_bytes(32)

    def _open(self, folder: Path, key: bytes | None) -> None:
        told, held = folder / _TOLD, folder / _KEY
        try:
            if held.exists():
                self._key = bytes.fromhex(held.read_text(encoding="ascii").strip())
            elif told.exists():
                self.readable = False  # its digests mean nothing without the key they were made with
                return
            else:
                self._key = key or secrets.token_bytes(32)
                self._write(held, self._key.hex())
            if told.exists():
                kept = json.loads(told.read_text(encoding="utf-8"))
                self.readable = kept["schema"] == _SCHEMA
                for row in kept["releases"] if self.readable else ():
                    self._hold(_release(row))
        except (OSError, ValueError, KeyError, TypeError):
            self.readable = False
        if len(self._key) < 16:
            self.readable = False

    def digest(self, *parts: str) -> int:
        """A number of 64 bits that only who has the key can make again."""
        return int.from_bytes(self.drawn(*parts)[:8], "big")

    def drawn(self, *parts: str) -> bytes:
        """Bytes that look drawn by lot and are always the same for the same parts."""
        return hmac.new(self._key, "\x1f".join(parts).encode(), hashlib.sha256).digest()

    def about(self, topic: str) -> tuple[Release, ...]:
        """Everything that was told about a topic, the earliest first."""
        return tuple(self._releases.get(topic, ()))

    def add(self, release: Release) -> None:
        """Remember a release; :meth:`close` writes it down."""
        self._hold(release)
        self._fresh = True

    def close(self) -> None:
        """Write the journal, whole or not at all; before any figure that it holds leaves the stage."""
        if self._state is None or not self._fresh:
            return
        rows = [_row(release) for release in self._all()]
        self._write(self._state.folder / FOLDER / _TOLD, json.dumps({"schema": _SCHEMA, "releases": rows}))
        self._fresh = False

    def _hold(self, release: Release) -> None:
        self._releases.setdefault(release.topic, []).append(release)

    def _all(self) -> Iterator[Release]:
        for releases in self._releases.values():
            yield from releases

    def _write(self, path: Path, text: str) -> None:
        if self._state is not None:
            self._state.keep(path, lambda partial: _private(partial, text))


def _private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _packed(numbers: Iterable[int]) -> str:
    return base64.b64encode(np.array(sorted(numbers), dtype=">u8").tobytes()).decode("ascii")


def _unpacked(text: str) -> frozenset[int]:
    return frozenset(np.frombuffer(base64.b64decode(text, validate=True), dtype=">u8").tolist())


def _row(release: Release) -> dict[str, Any]:
    return {
        "topic": release.topic, "statistic": release.statistic, "label": release.label, "asked": release.asked, "start": release.start.isoformat(),
        "end": release.end.isoformat(), "members": _packed(release.members), "states": _packed(release.states),
        "share": release.share, "employees": release.employees, "reach": release.reach,
        **({"teams": release.teams, "cases": release.cases, "largest": release.largest} if release.teams else {}),
    }  # fmt: skip


def _release(row: dict[str, Any]) -> Release:
    return Release(
        str(row["topic"]), str(row["statistic"]), str(row["label"]), str(row["asked"]), date.fromisoformat(row["start"]), date.fromisoformat(row["end"]),
        _unpacked(row["members"]), _unpacked(row["states"]), float(row["share"]), int(row["employees"]), float(row["reach"]),
        int(row.get("teams", 0)), int(row.get("cases", 0)), float(row.get("largest", 0.0)),
    )  # fmt: skip
