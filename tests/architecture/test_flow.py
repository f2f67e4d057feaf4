"""The order of the stages is told once, and everything that repeats it agrees."""

import tomllib
from pathlib import Path

import portance
from portance.workspace import STAGES

ROOT = Path(__file__).parents[2]


def layers() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    flow = next(contract for contract in contracts if contract["id"] == "flow")
    return [name.strip() for layer in flow["layers"] for name in layer.split("|")]


def test_the_import_contract_has_the_stages_in_reverse():
    names = [stage.name for stage in STAGES]
    assert [layer for layer in reversed(layers()) if layer in names] == names


def test_the_package_docstring_tells_the_same_flow():
    flow = (portance.__doc__ or "").split("The flow:")[1]
    positions = [flow.index(stage.name) for stage in STAGES]
    assert positions == sorted(positions)


def test_how_it_flows_tells_the_stages_in_order():
    text = (ROOT / "docs/explanation/how-it-flows.md").read_text()
    positions = [text.index(f"**{stage.name}**") for stage in STAGES]
    assert positions == sorted(positions)


def test_every_package_is_in_the_contract():
    packages = {path.parent.name for path in (ROOT / "src/portance").glob("*/__init__.py")}
    assert packages <= set(layers())


def test_nobody_makes_a_drawer():
    names = {path.stem for path in (ROOT / "src/portance").rglob("*.py")}
    assert not names & {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "misc",
        "manager",
        "service",
        "models",
    }
