"""How the store's database is opened, and how what goes wrong in it is told."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from portance.errors import StateError

_LEAST_BYTES = 1_000_000


def connect(path: Path) -> Engine:
    """An engine on the SQLite file at ``path``: write-ahead log, every commit flushed, every write begins immediate."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})
    event.listen(engine, "connect", _configured)
    event.listen(engine, "begin", _immediate)
    return engine


@contextmanager
def told(path: Path, doing: str, remedy: str) -> Iterator[None]:
    """Tell what the database says as a ``StateError``: what was being done, and what to do if the file is damaged."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        if isinstance(cause, sqlite3.OperationalError) and ("full" in str(cause) or _no_room(path)):
            raise StateError(
                f"no room left on the disk while {doing} in {path.name}. Nothing of it was kept: "
                "free some space and run again."
            ) from error
        raise StateError(f"{path} cannot be used while {doing}: {cause}. {remedy}") from error


def _no_room(path: Path) -> bool:
    """Whether the disk is full: SQLite tells it as an input or output error where its shared memory does not fit."""
    return shutil.disk_usage(path.parent).free < _LEAST_BYTES


def _configured(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin says BEGIN IMMEDIATE, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"pragma {pragma}")


def _immediate(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate")
