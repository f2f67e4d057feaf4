"""What the documents tell people to type is typed, and what they show is what comes out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portance import worlds
from portance.charter import document

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shell(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    (folder / "bin").mkdir(exist_ok=True)
    portance = folder / "bin/portance"
    if not portance.exists():
        portance.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m portance "$@"\n')
        portance.chmod(0o755)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PATH": path, "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ("01-first-scan", "mine/report/report.html"),
        ("02-first-arbitration", "report/report.html"),
        ("03-people-and-machines", "report/report.html"),
    ],
)
def test_the_tutorial_runs_as_written(page: str, made: str, tmp_path: Path):
    said = ""
    for language, text in BLOCK.findall((ROOT / f"docs/tutorial/{page}.md").read_text()):
        if language == "sh":
            said = shell(text, tmp_path)
        elif language == "text":
            for line in text.splitlines():
                assert line in said
    assert (tmp_path / made).exists()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    worlds.make("volterelle", folder / "build/company", 1)
    return folder


def test_the_ten_lines_of_the_readme_print_what_it_shows(company: Path):
    blocks = BLOCK.findall((ROOT / "README.md").read_text())
    code = next(text for language, text in blocks if language == "python")
    shown = next(text for language, text in blocks if language == "text")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=company, capture_output=True, text=True, check=True
    )
    assert done.stdout == shown
    assert (company / "build/report/report.html").exists()


CHARTER = """\
portance: 1
company: {name: Meridian, timezone: Europe/Paris}
functions: {logistics: {}, sellers: {}, service: {}}
sources:
  orders:
    read: orders.csv
    case: order
    attributes: [order_status]
    interactions:
      - {activity: ordered, at: ordered_at}
      - {activity: delivered, at: delivered_at}
      - {activity: asked, at: asked_at}
      - {activity: called back, at: called_back_at}
journeys: {purchase: {by: case}, request: {by: case}}
"""
SNIPPETS = [
    (page, number, text)
    for page in sorted((ROOT / "docs/how-to").glob("*.md"))
    for number, (language, text) in enumerate(BLOCK.findall(page.read_text()))
    if language == "yaml"
]


@pytest.mark.parametrize(
    ("page", "number", "text"), SNIPPETS, ids=lambda value: value.stem if isinstance(value, Path) else ""
)
def test_every_snippet_of_a_charter_is_a_charter(page: Path, number: int, text: str, tmp_path: Path):
    """Snippets of one page build on one another."""
    before = "".join(snippet for other, place, snippet in SNIPPETS if other == page and place < number)
    file = tmp_path / "charter.yaml"
    file.write_text(CHARTER + before + text, encoding="utf-8")
    document.read(file)


def test_the_tables_page_reads_tables_that_exist(company: Path):
    import duckdb

    shell("portance scan build/company/charter.yaml --out report --quiet", company)
    for page in (ROOT / "docs/how-to/read-the-tables.md", ROOT / "docs/reference/tables/README.md"):
        for language, text in BLOCK.findall(page.read_text()):
            if language == "sql":
                duckdb.sql(text.replace("'report/", f"'{company}/report/")).fetchall()
