"""What a scan that was killed leaves beside the output folder, and who clears it away."""

import errno
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from portance.errors import StateError
from portance.report.delivering import deliver
from portance.workspace import Scan


class Full:
    """A scan whose tables find no room on the disk."""

    def publish(self, *_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")


def test_what_a_killed_scan_left_is_cleared_and_what_a_running_one_writes_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        left = [tmp_path / f".report.{kind}-{ended.pid}" for kind in ("partial", "old")]
        kept = [
            tmp_path / f".report.partial-{running.pid}",
            tmp_path / f".other.partial-{ended.pid}",
            tmp_path / ".report.partial-notes",
        ]
        for folder in (*left, *kept):
            (folder / "tables").mkdir(parents=True)
        with pytest.raises(StateError):
            deliver(cast("Scan", Full()), tmp_path / "report", "en")
        assert sorted(tmp_path.iterdir()) == sorted(kept)
        running.communicate(b"\n")
