"""The journal of decisions: what was asked, answered, signed and found afterwards, entry by entry, never edited.

Every entry is written once. The database refuses to change or remove one; each carries the SHA-256 of its content
and of the entry before it, so that a change made behind the database's back is found by :meth:`Journal.verify`.
The hash of a decision is the one of its ``signed`` entry: that of the canonical JSON of what was locked.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    Text,
    event,
    func,
    select,
)  # fmt: skip

from portance.errors import StateError
from portance.store.database import connect, told

SCHEMA = 1
"""The version of the journal; a newer one is refused rather than guessed at."""

Kind = Literal[
    "opened", "option", "asked", "reply", "dissent", "withdrawn", "signed", "superseded", "reviewed"
]
_ONCE = ("opened", "withdrawn", "signed", "superseded")
_BEFORE_SIGNING = ("option", "asked", "withdrawn", "signed")
_AFTER_SIGNING = ("superseded", "reviewed")
_DAMAGED = "If it is damaged, keep it aside and restore a copy of it: decisions cannot be made anew from the extracts."


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``content`` is the hash of ``body``; ``chain`` that of everything up to here."""

    number: int
    decision: str
    kind: str
    at: datetime
    body: dict[str, Any]
    content: str
    chain: str


@dataclass(frozen=True, slots=True)
class Tampered:
    """An entry that is not what was written: which, and what does not hold."""

    number: int
    decision: str
    kind: str
    what: Literal["content", "chain", "missing"]


_META = MetaData()
_STATE = Table(
    "state", _META, Column("name", String(40), primary_key=True), Column("value", String(200), nullable=False)
)
_JOURNAL = Table(
    "decision_journal",
    _META,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("decision", String(20), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("content", String(64), nullable=False),
    Column("chain", String(64), nullable=False),
)
Index(
    "decision_journal_once",
    _JOURNAL.c.decision,
    _JOURNAL.c.kind,
    unique=True,
    sqlite_where=_JOURNAL.c.kind.in_(_ONCE),
    postgresql_where=_JOURNAL.c.kind.in_(_ONCE),
)
for _what in ("update", "delete"):
    event.listen(
        _JOURNAL,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
            f"create trigger decision_journal_no_{_what} before {_what} on decision_journal "
            "begin select raise(abort, 'an entry of the journal of decisions is never changed'); end"
        ).execute_if(dialect="sqlite"),
    )
event.listen(
    _JOURNAL,
    "after_create",
    DDL(  # type: ignore[no-untyped-call]  # as above
        "create trigger decision_journal_locked before insert on decision_journal "
        f"when new.kind in {_BEFORE_SIGNING} and exists (select 1 from decision_journal where decision = new.decision "
        "and kind in ('signed', 'withdrawn')) begin select raise(abort, 'this decision is closed'); end"
    ).execute_if(dialect="sqlite"),
)


def canonical(content: Mapping[str, Any]) -> str:
    """The one way to write a content as JSON: keys sorted, no spaces, text as it is, no number that is not one."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a content, in hexadecimal."""
    return _sha(canonical(content))


class Journal:
    """The decisions of one state, in the database of its manifest. Only the holder of the state's lock opens it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = connect(path)
        with told(path, "opening the decisions", _DAMAGED), self._engine.begin() as connection:
            _META.create_all(connection)
            self._versioned(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def open(self, body: Mapping[str, Any], at: datetime) -> str:
        """Write the ``opened`` entry of a new question and tell its id, such as ``d0007``."""
        with told(self.path, "opening a question", _DAMAGED), self._engine.begin() as connection:
            count = connection.execute(
                select(func.count()).select_from(_JOURNAL).where(_JOURNAL.c.kind == "opened")
            ).scalar()
            decision = f"d{(count or 0) + 1:04d}"
            self._append(connection, decision, "opened", body, at)
        return decision

    def add(self, decision: str, kind: Kind, body: Mapping[str, Any], at: datetime) -> Entry:
        """Write one more entry of a decision.

        Raises ``StateError`` where the decision does not exist, where it is closed to this kind of entry, or where
        such an entry can exist only once.
        """
        with told(self.path, f"keeping {kind} of {decision}", _DAMAGED), self._engine.begin() as connection:
            _refuse(decision, kind, self._kinds(connection, decision))
            return self._append(connection, decision, kind, body, at)

    def sign(self, decision: str, locked: Mapping[str, Any], at: datetime) -> str:
        """Lock a decision and tell its hash; the one that it supersedes is told so in the same transaction."""
        with told(self.path, f"signing {decision}", _DAMAGED), self._engine.begin() as connection:
            _refuse(decision, "signed", self._kinds(connection, decision))
            opened = connection.execute(
                select(_JOURNAL.c.body).where(_JOURNAL.c.decision == decision, _JOURNAL.c.kind == "opened")
            ).scalar_one()
            entry = self._append(connection, decision, "signed", locked, at)
            earlier = json.loads(opened).get("supersedes")
            if earlier:
                _refuse(earlier, "superseded", self._kinds(connection, earlier))
                self._append(connection, earlier, "superseded", {"by": decision}, at)
        return entry.content

    def entries(self, decision: str | None = None) -> tuple[Entry, ...]:
        """All entries in the order in which they were written, or those of one decision."""
        query = select(_JOURNAL).order_by(_JOURNAL.c.number)
        if decision is not None:
            query = query.where(_JOURNAL.c.decision == decision)
        with told(self.path, "reading the decisions", _DAMAGED), self._engine.connect() as connection:
            return tuple(_entry(row) for row in connection.execute(query))

    def verify(self) -> tuple[Tampered, ...]:
        """Recompute every hash: the entries that are not what was written, none if all hold.

        It finds an entry that was changed, and one that was removed before the last. It cannot find that the whole
        journal was rewritten, or its end cut off: compare the hash of a signed decision with a copy kept elsewhere.
        """
        found: list[Tampered] = []
        chain, number = "", 0
        with told(self.path, "verifying the decisions", _DAMAGED), self._engine.connect() as connection:
            rows = connection.execute(select(_JOURNAL).order_by(_JOURNAL.c.number)).all()
        for row in rows:
            if row.number != number + 1:
                found.append(Tampered(row.number, row.decision, row.kind, "missing"))
            elif _chained(chain, row.decision, row.kind, row.at_us, row.content) != row.chain:
                found.append(Tampered(row.number, row.decision, row.kind, "chain"))
            if _sha(row.body) != row.content:
                found.append(Tampered(row.number, row.decision, row.kind, "content"))
            chain, number = row.chain, row.number
        return tuple(found)

    def _kinds(self, connection: Connection, decision: str) -> set[str]:
        return set(
            connection.execute(select(_JOURNAL.c.kind).where(_JOURNAL.c.decision == decision)).scalars()
        )

    def _append(
        self, connection: Connection, decision: str, kind: Kind, body: Mapping[str, Any], at: datetime
    ) -> Entry:
        last = connection.execute(
            select(_JOURNAL.c.number, _JOURNAL.c.chain).order_by(_JOURNAL.c.number.desc()).limit(1)
        ).first()
        text = canonical(body)
        at_us = (at.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
        content = _sha(text)
        number = int(last.number) + 1 if last else 1
        chain = _chained(last.chain if last else "", decision, kind, at_us, content)
        connection.execute(
            _JOURNAL.insert().values(
                number=number, decision=decision, kind=kind, at_us=at_us, body=text, content=content, chain=chain
            )
        )  # fmt: skip
        return Entry(number, decision, kind, at, json.loads(text), content, chain)

    def _versioned(self, connection: Connection) -> None:
        found = connection.execute(select(_STATE.c.value).where(_STATE.c.name == "decisions")).scalar()
        if found is None:
            connection.execute(_STATE.insert().values(name="decisions", value=str(SCHEMA)))
        elif int(found) > SCHEMA:
            raise StateError(
                f"the decisions in {self.path.parent} were written by a newer Portance (schema {found}, this one knows "
                f"{SCHEMA}): install the newer version."
            )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _refuse(decision: str, kind: str, kinds: set[str]) -> None:
    if not kinds:
        raise StateError(f"there is no decision {decision}. See portance decide list.")
    if "withdrawn" in kinds:
        raise StateError(f"{decision} was withdrawn: open a new question.")
    if kind in _BEFORE_SIGNING and "signed" in kinds:
        raise StateError(f"{decision} is signed and locked: it can be superseded, not changed.")
    if kind in _AFTER_SIGNING and "signed" not in kinds:
        raise StateError(f"{decision} is not signed yet.")
    if kind == "superseded" and "superseded" in kinds:
        raise StateError(f"{decision} is superseded already: supersede the decision that took its place.")


def _entry(row: Any) -> Entry:
    at = _EPOCH + timedelta(microseconds=row.at_us)
    try:
        body = json.loads(row.body)
    except ValueError as error:
        raise StateError(
            f"entry {row.number} of the decisions ({row.decision}, {row.kind}) is not what was written. {_DAMAGED}"
        ) from error
    return Entry(row.number, row.decision, row.kind, at, body, row.content, row.chain)


def _chained(before: str, decision: str, kind: str, at_us: int, content: str) -> str:
    return _sha("\n".join((before, decision, kind, str(at_us), content)))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
