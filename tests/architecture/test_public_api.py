"""The public names are exactly those listed, and importing the package does nothing heavy."""

import subprocess
import sys

import pytest

import portance

PROMISED = {
    "Charter", "CharterError", "ExtractError", "Finding", "Period", "PortanceError", "Problem", "Scan", "StateError",
    "StepError", "UnavailableError", "Workspace", "__version__", "deliver", "open",
}  # fmt: skip
HEAVY = (
    "duckdb",
    "numpy",
    "pyarrow",
    "pydantic",
    "sqlglot",
    "sqlalchemy",
    "scipy",
    "jinja2",
    "babel",
    "rich",
)


def test_the_list_is_exact():
    assert set(portance.__all__) == PROMISED
    assert list(portance.__all__) == sorted(portance.__all__)


def test_every_promised_name_is_there():
    for name in portance.__all__:
        assert getattr(portance, name) is not None


def test_an_unknown_name_says_so():
    with pytest.raises(AttributeError, match="scans"):
        portance.scans  # noqa: B018


def loaded_after(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(','.join(sorted(m for m in {HEAVY!r} if m in sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(filter(None, out.stdout.strip().splitlines()[-1].split(",")) if out.stdout.strip() else ())


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import portance") == set()


def test_help_loads_nothing_heavy():
    run = (
        "from click.testing import CliRunner\nfrom portance.cli.main import portance\n"
        "assert CliRunner().invoke(portance, ['--help']).exit_code == 0\n"
        "assert CliRunner().invoke(portance, ['scan', '--help']).exit_code == 0"
    )
    assert loaded_after(run) == set()
