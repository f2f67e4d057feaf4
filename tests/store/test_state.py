"""The folder beside the charter: its lock, its version, its manifest, what a run that ended early leaves."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import text

from portance.errors import StateError
from portance.store import Manifest, Receipt, State

FIRST = Receipt(
    "r00000001", "file", "calls", "calls.csv", "c1", "m1", 1, rows=3, candidates=3, accepted=2, refused=1
)


def test_the_state_says_who_holds_it(tmp_path):
    with (
        State(tmp_path / ".portance"),
        pytest.raises(StateError, match=f"in use by process {os.getpid()} on"),
    ):
        State(tmp_path / ".portance")
    State(tmp_path / ".portance").close()


def test_a_state_of_a_newer_version_is_refused_with_the_way_out(tmp_path):
    manifest = Manifest(tmp_path / "manifest.db")
    with manifest._engine.begin() as connection:
        connection.execute(text("update state set value = '99'"))
    manifest.close()
    with pytest.raises(StateError, match="newer Portance"):
        State(tmp_path)
    with pytest.raises(StateError, match="newer Portance"):
        State(tmp_path)  # and the lock was given back


def test_a_damaged_manifest_is_told(tmp_path):
    (tmp_path / "manifest.db").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StateError, match="cannot be used"):
        State(tmp_path)


def test_a_note_that_does_not_fit_is_no_reason_to_keep_others_out(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        with State(tmp_path), pytest.raises(StateError, match="in use by another process"):
            State(tmp_path)
    State(tmp_path).close()


def test_receipts_are_published_changed_and_read_back(tmp_path):
    with State(tmp_path) as state:
        assert state.manifest.next_id() == "r00000001"
        state.manifest.publish(FIRST, shape={"types": {"a": "number"}})
        second = replace(FIRST, id=state.manifest.next_id(), file="b.csv")
        state.manifest.publish(second, changed=[replace(FIRST, superseded=second.id)])
    with State(tmp_path) as state:
        first, last = state.manifest.receipts("calls")
        assert (first.superseded, first.live, last) == ("r00000002", False, second)
        assert state.manifest.shape("calls", "m1") == {"types": {"a": "number"}}
        assert state.manifest.shape("calls", "m2") == {}
        assert state.manifest.receipts("other") == ()


def test_the_same_receipt_twice_is_refused_whole(tmp_path):
    with State(tmp_path) as state:
        state.manifest.publish(FIRST)
        with pytest.raises(StateError):
            state.manifest.publish(replace(FIRST, rows=9), changed=[replace(FIRST, undone=True)])
        assert state.manifest.receipts() == (FIRST,)


def test_what_customers_wrote_is_readable_by_its_owner_only(tmp_path):
    with State(tmp_path / ".portance") as state:
        state.keep(state.verbatims("r00000001"), lambda path: path.write_bytes(b"x") and None)
        assert (tmp_path / ".portance").stat().st_mode & 0o077 == 0
        assert state.verbatims("r00000001").read_bytes() == b"x"


def test_opening_removes_what_no_receipt_names_and_keeps_what_one_does(tmp_path):
    with State(tmp_path) as state:
        for receipt in (FIRST, replace(FIRST, id="r00000002", undone=True)):
            state.keep(state.record("calls", receipt.id), lambda path: path.write_bytes(b"x") and None)
            state.manifest.publish(receipt)
        state.keep(state.refusals("r00000007"), lambda path: path.write_bytes(b"x") and None)
        (state.scratch / "left").write_bytes(b"x")
    with State(tmp_path) as state:
        kept = sorted(
            path.name
            for top in ("record", "private", "scratch")
            for path in (tmp_path / top).rglob("*")
            if path.is_file()
        )
        assert kept == ["r00000001.parquet"]


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    def half(path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError

    with State(tmp_path) as state:
        with pytest.raises(RuntimeError):
            state.keep(state.record("calls", "r00000001"), half)
        assert list((tmp_path / "record").rglob("*.*")) == []


def test_other_databases_may_keep_the_manifest(tmp_path):
    """Its tables are made of types that PostgreSQL has too."""
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    from portance.store import manifest

    for table in manifest._META.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))
    Manifest(tmp_path / "manifest.db").close()
