"""What counts as received: one row per load, published in one transaction with its content hash.

The manifest decides, the files follow: a file of record exists for Portance only once its receipt is here.
SQLite today (write-ahead log, ``synchronous=FULL``, every write begins immediate); nothing here is SQLite's alone,
so that a team can keep the same tables in PostgreSQL.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    select,
    update,
)  # fmt: skip

from portance.errors import StateError
from portance.store.database import connect, told

SCHEMA = 1
"""The version of what is kept; a newer one is refused rather than guessed at."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One load of one file: what it was, what it gave, and whether it still counts.

    ``kind`` is ``file``, or ``replay`` for refused rows that were read again. ``candidates`` is always
    ``accepted + duplicate + refused + not_happened``; ``versions`` says how many of the accepted change an
    interaction that was already known. ``replays`` names the receipt whose refused rows a replay took over.
    ``superseded`` names the receipt that read the same file again under another mapping; ``until_us``: only what
    happened before that instant still counts here, the rest was read again. ``again``: its file is to be read once
    more, because a load on which it relied was undone.
    """

    id: str
    kind: str
    source: str
    file: str
    content: str
    mapping: str
    received_us: int
    rows: int = 0
    candidates: int = 0
    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    not_happened: int = 0
    versions: int = 0
    undone: bool = False
    replays: str | None = None
    superseded: str | None = None
    until_us: int | None = None
    again: bool = False

    @property
    def live(self) -> bool:
        """Whether its rows count."""
        return not self.undone and self.superseded is None


_DAMAGED = "If it is damaged, keep it aside: loads are made anew from the extracts; decisions, which it holds too, only from a copy."
_META = MetaData()
_STATE = Table(
    "state", _META, Column("name", String(40), primary_key=True), Column("value", String(200), nullable=False)
)
_RECEIPTS = Table(
    "receipts",
    _META,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),  # the seat of what will arrive otherwise than by file
    Column("source", String(64), nullable=False, index=True),
    Column("file", Text, nullable=False),
    Column("content", String(64), nullable=False, index=True),
    Column("mapping", String(64), nullable=False),
    Column("received_us", BigInteger, nullable=False),
    *(
        Column(name, BigInteger, nullable=False)
        for name in ("rows", "candidates", "accepted", "duplicate", "refused", "not_happened", "versions")
    ),
    Column("undone", Boolean, nullable=False),
    Column("replays", String(40)),
    Column("superseded", String(40)),
    Column("until_us", BigInteger),
    Column("again", Boolean, nullable=False),
)
_SHAPES = Table(
    "shapes",
    _META,
    Column("source", String(64), primary_key=True),
    Column("mapping", String(64), primary_key=True),
    Column("shape", Text, nullable=False),
)
_FIELDS = tuple(field.name for field in fields(Receipt))


class Manifest:
    """The receipts of one state, and the shapes (types, orders of dates) that its sources' columns were found to have."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = connect(path)
        with self._told("opening it"), self._engine.begin() as connection:
            _META.create_all(connection)
            self._versioned(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def receipts(self, source: str | None = None) -> tuple[Receipt, ...]:
        """All receipts in the order in which they were published, or those of one source."""
        query = select(*(_RECEIPTS.c[name] for name in _FIELDS)).order_by(_RECEIPTS.c.id)
        if source is not None:
            query = query.where(_RECEIPTS.c.source == source)
        with self._told("reading its receipts"), self._engine.connect() as connection:
            return tuple(Receipt(*row) for row in connection.execute(query))

    def next_id(self) -> str:
        """The id of the next receipt: ids sort in the order of publication."""
        with self._told("numbering a receipt"), self._engine.connect() as connection:
            last = connection.execute(
                select(_RECEIPTS.c.id).order_by(_RECEIPTS.c.id.desc()).limit(1)
            ).scalar()
        return f"r{int(last[1:]) + 1 if last else 1:08d}"

    def shape(self, source: str, mapping: str) -> dict[str, Any]:
        """What was found of a source's columns under a mapping; empty before its first load."""
        query = select(_SHAPES.c.shape).where(_SHAPES.c.source == source, _SHAPES.c.mapping == mapping)
        with self._told("reading a shape"), self._engine.connect() as connection:
            text = connection.execute(query).scalar()
        found: dict[str, Any] = json.loads(text) if text else {}
        return found

    def publish(
        self, receipt: Receipt, *, shape: Mapping[str, Any] | None = None, changed: Iterable[Receipt] = ()
    ) -> None:
        """Make a load count, together with what it changes of earlier receipts: in one transaction."""
        with self._told(f"publishing {receipt.file}"), self._engine.begin() as connection:
            connection.execute(_RECEIPTS.insert().values(**asdict(receipt)))
            for earlier in changed:
                _amend(connection, earlier)
            if shape is not None:
                key = (_SHAPES.c.source == receipt.source) & (_SHAPES.c.mapping == receipt.mapping)
                connection.execute(_SHAPES.delete().where(key))
                values = {"source": receipt.source, "mapping": receipt.mapping}
                connection.execute(
                    _SHAPES.insert().values(**values, shape=json.dumps(dict(shape), sort_keys=True))
                )

    def change(self, receipts: Iterable[Receipt]) -> None:
        """Replace receipts by what they have become, in one transaction."""
        with self._told("changing receipts"), self._engine.begin() as connection:
            for receipt in receipts:
                _amend(connection, receipt)

    def _versioned(self, connection: Connection) -> None:
        found = connection.execute(select(_STATE.c.value).where(_STATE.c.name == "schema")).scalar()
        if found is None:
            connection.execute(_STATE.insert().values(name="schema", value=str(SCHEMA)))
        elif int(found) > SCHEMA:
            raise StateError(
                f"{self.path.parent} was written by a newer Portance (schema {found}, this one knows {SCHEMA}): "
                "install the newer version, or keep that folder aside and start anew from the extracts."
            )

    def _told(self, doing: str) -> AbstractContextManager[None]:
        return told(self.path, doing, _DAMAGED)


def _amend(connection: Connection, receipt: Receipt) -> None:
    values = asdict(receipt)
    connection.execute(update(_RECEIPTS).where(_RECEIPTS.c.id == values.pop("id")).values(**values))
