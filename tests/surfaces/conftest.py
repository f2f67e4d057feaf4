"""A small company, scanned once for all tests of the surfaces."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from meridian import write

from portance.cli.main import portance


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished scan in English."""
    folder = tmp_path_factory.mktemp("meridian")
    charter = write(folder)
    done = CliRunner().invoke(
        portance, ["scan", str(charter), "--out", str(folder / "report"), "--language", "en"]
    )
    assert done.exit_code == 0, done.output
    return folder
