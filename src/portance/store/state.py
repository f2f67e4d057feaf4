"""The folder beside the charter in which everything is kept between runs."""

import errno
import fcntl
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from portance.errors import StateError
from portance.store.manifest import Manifest, Receipt

FOLDER = ".portance"
_PARTIAL = ".partial"


class State:
    """The ``.portance`` folder of one charter, held by one process at a time.

    ``record/<source>/`` holds the files of record, ``private/`` what customers wrote and the raw text of refused
    rows, ``scratch/`` what a run leaves only while it lasts, ``manifest.db`` what counts as received. A file that
    the manifest does not name was left by a run that ended early: it is removed when the folder is opened.

    Raises ``StateError`` when another process holds it, when a newer Portance wrote it, or when the disk is full.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with full_disk(f"opening {folder}"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = _locked(folder / "lock")
            try:
                self.manifest = Manifest(folder / "manifest.db")
                self._sweep()
            except BaseException:
                os.close(self._lock)
                raise

    @classmethod
    def beside(cls, charter: Path) -> Self:
        """The state of the charter at a path."""
        return cls(charter.parent / FOLDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let another process have the folder."""
        self.manifest.close()
        with suppress(OSError):
            os.close(self._lock)

    # ---- where things are

    @property
    def scratch(self) -> Path:
        """A folder for what lives no longer than the run; emptied when the state is opened."""
        path = self.folder / "scratch"
        with full_disk(f"making {path}"):
            path.mkdir(exist_ok=True)
        return path

    def record(self, source: str, receipt: str) -> Path:
        """The file of record of a receipt: its accepted rows."""
        return self.folder / "record" / source / f"{receipt}.parquet"

    def links(self, source: str, receipt: str) -> Path:
        """Identifiers of a receipt's interactions beyond the first of each type."""
        return self.folder / "record" / source / f"{receipt}.links.parquet"

    def verbatims(self, receipt: str) -> Path:
        """What customers wrote, in a receipt."""
        return self.folder / "private" / "verbatims" / f"{receipt}.parquet"

    def secret(self, name: str) -> str:
        """A secret of this state, 128 random bits, made when it is first asked for; it leaves with the folder."""
        path = self.folder / "secrets" / name
        if not path.exists():
            made = secrets.token_hex(16)
            self.keep(path, lambda partial: _private(partial, made))
        return path.read_text(encoding="ascii").strip()

    def refusals(self, receipt: str) -> Path:
        """The refused rows of a receipt with their raw text."""
        return self.folder / "private" / "refusals" / f"{receipt}.parquet"

    @property
    def labels(self) -> Path:
        """What persons said of sentences: digests and labels, no text; no receipt names it."""
        return self.folder / "private" / "labels.jsonl"

    @property
    def policy(self) -> Path:
        """The company's policy of take-overs, as it was learnt."""
        return self.folder / "takeover" / "policy.json"

    @property
    def replay(self) -> Path:
        """When that policy was learnt, and what its last replay told."""
        return self.folder / "takeover" / "replay.json"

    def files(self, receipt: Receipt) -> tuple[Path, ...]:
        """Every file that a receipt may have."""
        return (
            self.record(receipt.source, receipt.id),
            self.links(receipt.source, receipt.id),
            self.verbatims(receipt.id),
            self.refusals(receipt.id),
        )

    # ---- changing it

    def keep(self, path: Path, write: Callable[[Path], None]) -> None:
        """Let ``write`` make a file under another name, flush it, and give it its name: whole or not at all."""
        partial = path.with_name(path.name + _PARTIAL)
        try:
            with full_disk(f"writing {path.name}"):
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write(partial)
                with partial.open("rb") as written:
                    os.fsync(written.fileno())
                partial.replace(path)
                _flush(path.parent)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise

    def forget(self, receipts: Iterator[Receipt] | tuple[Receipt, ...]) -> None:
        """Remove the files of receipts that no longer count."""
        for receipt in receipts:
            for path in self.files(receipt):
                with suppress(OSError):
                    path.unlink()

    def _sweep(self) -> None:
        """Remove what a run that ended early has left: it may hold personal data that nothing refers to."""
        wanted = {
            path for receipt in self.manifest.receipts() if receipt.live for path in self.files(receipt)
        } | {self.labels}
        for top in ("record", "private", "scratch"):
            for path in sorted((self.folder / top).rglob("*"), reverse=True):
                if path.is_file() and path not in wanted:
                    path.unlink()
                elif path.is_dir() and top == "scratch":
                    path.rmdir()


@contextmanager
def full_disk(doing: str) -> Iterator[None]:
    """Tell a full or unwritable disk as a ``StateError`` that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StateError(
                f"no room left on the disk while {doing}. Nothing of it was kept: free some space and run again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StateError(
                f"not allowed to write while {doing}: {error.strerror}. Give yourself the right to write there."
            ) from error
        raise


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _locked(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(handle, 400).decode("utf-8", "replace").strip() or "another process"
        os.close(handle)
        raise StateError(
            f"{path.parent} is in use by {holder}. Wait until it has ended, or end it, and run again."
        ) from error
    since = datetime.now(UTC).isoformat(timespec="seconds")
    with suppress(OSError):  # the lock holds without its note, which only tells others who we are
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} on {socket.gethostname()}, since {since}\n".encode(), 0)
    return handle


def _private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="ascii")
