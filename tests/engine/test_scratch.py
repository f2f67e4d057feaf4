"""What an engine spills is gone when it closes, and when its process was killed, with the next engine."""

import signal
import subprocess
import sys

import pytest

from portance.engine import Engine
from portance.engine.scratch import Scratch
from portance.errors import StateError

SPILLING = """
import os, sys
from pathlib import Path
import pyarrow as pa
from portance.engine import Engine
engine = Engine(memory="60MB", threads=1, scratch=Path(sys.argv[1]))
for part in range(6):
    engine.table(f"said_{part}", pa.table({"said": [os.urandom(400).hex() for _ in range(30_000)]}))
print("spilled", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def spilling(tmp_path):
    """A process whose engine has spilled into ``tmp_path`` and goes on."""
    process = subprocess.Popen(
        [sys.executable, "-c", SPILLING, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "spilled\n"
    yield process
    process.kill()
    process.communicate()


def test_the_folder_of_a_killed_process_is_cleared_by_the_next_engine(tmp_path, spilling):
    (left,) = tmp_path.iterdir()
    assert any((left / "spill").iterdir())
    spilling.send_signal(signal.SIGKILL)
    spilling.wait()
    assert left.exists()
    with Engine(scratch=tmp_path) as engine:
        assert list(tmp_path.iterdir()) == [engine.folder]
    assert not any(tmp_path.iterdir())


def test_the_folder_of_a_living_process_stays(tmp_path, spilling):
    (held,) = tmp_path.iterdir()
    before = sorted(held.rglob("*"))
    with Engine(scratch=tmp_path):
        pass
    assert list(tmp_path.iterdir()) == [held]
    assert sorted(held.rglob("*")) == before
    assert spilling.poll() is None


def test_what_is_not_an_engine_s_own_stays(tmp_path):
    (tmp_path / "portance-notes").mkdir()
    (tmp_path / "portance-notes" / "plan.txt").write_text("ours")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "held").touch()
    (tmp_path / "portance-link").symlink_to(tmp_path / "elsewhere")
    Scratch(tmp_path).close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["elsewhere", "portance-link", "portance-notes"]
    assert (tmp_path / "elsewhere" / "held").exists()


def test_closing_twice_changes_nothing_and_no_folder_is_a_clear_error(tmp_path):
    made = Scratch(tmp_path)
    made.close()
    made.close()
    with pytest.raises(StateError, match="TMPDIR"):
        Engine(scratch=tmp_path / "absent")
