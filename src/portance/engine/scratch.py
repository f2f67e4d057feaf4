"""The folder in which an engine spills: gone when the engine closes, and cleared by the next one if its process was killed.

What is spilled holds what customers said and who they are, so it must not outlive a killed process. A living process holds
a lock on its folder, which the system lets go however the process ends; a folder that nobody holds is left over.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "portance-"
_HELD = "held"


class Scratch:
    """A new folder of one's own within ``within`` (the system's folder for temporary files without it).

    Raises :class:`OSError` where none can be made.
    """

    def __init__(self, within: Path | None = None) -> None:
        within = Path(tempfile.gettempdir()) if within is None else within
        _clear_left_over(within)
        # by another name until it is held: who clears what is left over does not look at it
        made = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=within))
        self._handle: int | None = None
        try:
            self._handle = _held(made / _HELD, os.O_CREAT)
            self.folder = made.rename(within / made.name[1:])
        except OSError:
            self._let_go(made)
            raise

    def close(self) -> None:
        """Remove the folder; a second time changes nothing."""
        self._let_go(self.folder)

    def _let_go(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _clear_left_over(within: Path) -> None:
    """Remove folders that no living process holds; one that is another user's, or cannot be removed, stays."""
    for folder in within.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            handle = _held(folder / _HELD)
            try:
                shutil.rmtree(folder)
            finally:
                os.close(handle)


def _held(path: Path, flags: int = 0) -> int:
    """A lock on a file, kept until its handle closes. Raises :class:`OSError` where another holds it, or there is no such file."""
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | flags, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
