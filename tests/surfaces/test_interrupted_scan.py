"""A scan that is killed: what the next one finds is what an undisturbed one finds."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from meridian import write

from portance.cli.main import portance
from portance.clock import Clock, fixed, now
from portance.workspace import open_workspace

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from portance.clock import fixed
from portance.identity.minting import Register
from portance.store import Manifest
from portance.workspace import open_workspace

charter, point, count, at = sys.argv[1:]
held = {"load": (Manifest, "publish"), "names": (Register, "_write")}[point.split("_")[1]]
done, left = getattr(*held), [int(count)]

def killed(*args, **kept):
    left[0] -= 1
    if left[0] == 0 and point.startswith("before"):
        os.kill(os.getpid(), signal.SIGKILL)
    found = done(*args, **kept)
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

setattr(*held, killed)
with open_workspace(Path(charter), threads=1, clock=fixed(datetime.fromisoformat(at))) as workspace:
    workspace.intake.receive()
    workspace.intake.tables()
    workspace.identity.resolve()
"""


def names(charter: Path, clock: Clock = now) -> list[tuple[str, str]]:
    """Each interaction with its person, after a run that nothing disturbs."""
    with open_workspace(charter, threads=1, clock=clock) as workspace:
        workspace.intake.receive()
        workspace.intake.tables()
        workspace.identity.resolve()
        found = workspace._engine.rows("select interaction_id, person_id from interactions order by all")
        assert workspace._engine.count("aliases") == 0
        return found


@pytest.mark.parametrize("point", ["before_load 2", "after_load 1", "after_load 2", "after_names 1"])
def test_persons_have_the_same_names_wherever_a_scan_is_killed(tmp_path: Path, point: str) -> None:
    """Taken up again under a clock that was set back, as after a power cut or on a restored machine."""
    undisturbed = names(write(tmp_path / "undisturbed"))
    charter = write(tmp_path / "killed")
    where, count = point.split()
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(charter), where, count, NOON.isoformat()],
        check=False,
        env=os.environ,
    )
    assert ended.returncode == -signal.SIGKILL
    found = names(charter, fixed(NOON - timedelta(hours=1)))
    assert found == undisturbed
    assert len({person for _, person in found}) == 50


KILLED_BEFORE_DELIVERY = """
import os, signal, sys
from portance.cli.main import portance
from portance.report import delivering

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

delivering._put = killed
portance(["scan", *sys.argv[1:]])
"""


def scans(charter: Path) -> list[tuple[str, bool]]:
    kept = json.loads((charter.parent / ".portance/scans.json").read_text())
    return [(run["run_id"], run["delivered"]) for run in kept]


def test_a_scan_killed_before_its_report_is_there_is_not_listed_as_delivered(tmp_path: Path) -> None:
    charter, report = write(tmp_path), tmp_path / "report"
    words = ["scan", str(charter), "--out", str(report), "--threads", "1"]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE_DELIVERY, *words[1:]], check=False, env=os.environ
    )
    assert ended.returncode == -signal.SIGKILL
    assert not report.exists()
    ((run, delivered),) = scans(charter)
    assert not delivered
    assert CliRunner().invoke(portance, words).exit_code == 0
    assert report.exists()
    assert scans(charter) == [(run, True)]


def test_a_scan_is_compared_with_the_last_that_was_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    charter = write(tmp_path)
    words = ["scan", str(charter), "--out", str(tmp_path / "report"), "--threads", "1"]
    assert CliRunner().invoke(portance, words).exit_code == 0
    ((first, _),) = scans(charter)
    write(tmp_path, orders=90)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("portance.report.workbook.xlsx", full)
        assert CliRunner().invoke(portance, words).exit_code == 1
    (failed, delivered), kept = scans(charter)
    assert (delivered, kept) == (False, (first, True))
    write(tmp_path, orders=120)
    with open_workspace(charter, threads=1) as workspace:
        scan = workspace.scan()
        assert scan.previous == first != failed
        assert scan.run_id not in (first, failed)
