"""A disk that fills, at each point where something is written: told, and nothing half kept."""

import errno
import os

import pytest
from test_growth import row

from portance.engine import Engine
from portance.errors import StateError
from portance.store import state


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _write_then(fail_on: str, real):
    def write(engine, sql, path, **more):
        if fail_on in str(path):
            path.write_bytes(b"half a file")
            _full()
        real(engine, sql, path, **more)

    return write


@pytest.mark.parametrize("point", ["record", "verbatims", "refusals"])
def test_while_a_file_is_written(company, monkeypatch, point):
    company.entry(verbatim="note")
    company.calls(
        row("C1") + ",so", row("C2", wait="x") + ",so", header="case,customer,what,at,wait,outcome,note"
    )
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "write", _write_then(f"/{point}/", Engine.write))
        with pytest.raises(StateError, match="no room left"):
            company.receive()
    _nothing_is_kept(company)


@pytest.mark.parametrize("point", ["fsync", "_flush"])
def test_while_a_file_is_flushed(company, monkeypatch, point):
    company.calls(row("C1"))
    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if point == "fsync" else (state, "_flush")), _full)
        with pytest.raises(StateError, match="no room left"):
            company.receive()
    _nothing_is_kept(company)


def test_while_the_manifest_is_committed(company, monkeypatch):
    import sqlite3

    from sqlalchemy.exc import OperationalError

    company.calls(row("C1"))
    with company.open() as opened, monkeypatch.context() as patch:

        def commit(_: object) -> None:
            raise OperationalError("commit", {}, sqlite3.OperationalError("database or disk is full"))

        patch.setattr("sqlalchemy.engine.base.RootTransaction._connection_commit_impl", commit)
        with pytest.raises(StateError, match="no room left"):
            opened.state.manifest.publish(_receipt(opened))
    _nothing_is_kept(company)


def _receipt(opened):
    from portance.store import Receipt

    return Receipt(opened.state.manifest.next_id(), "file", "calls", "calls.csv", "c", "m", 0)


def test_while_an_archive_is_unpacked(company, monkeypatch):
    import gzip

    company.change(read="calls.csv.gz")
    company.file(
        "calls.csv.gz", gzip.compress(("case,customer,what,at,wait,outcome\n" + row("C1") + "\n").encode())
    )
    with monkeypatch.context() as patch:
        patch.setattr("gzip.GzipFile.read", _full)
        with pytest.raises(StateError, match="no room left"):
            company.receive()
    company.calls(row("C1"))
    company.change()
    _nothing_is_kept(company)


def _nothing_is_kept(company) -> None:
    """Neither counted nor on the disk; and with room again, everything is there."""
    assert company.rows("select count(*) from accepted") == [(0,)]
    folder = company.folder / ".portance"
    assert [
        path.name for top in ("record", "private") for path in (folder / top).rglob("*") if path.is_file()
    ] == []
    receipt = company.receive()
    assert receipt.accepted == 1
    assert receipt.accepted + receipt.refused == receipt.candidates
