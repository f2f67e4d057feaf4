"""Write the pages that are generated from the code: run after a change, read the difference, commit it."""

from pathlib import Path

from portance.publication import RESULT_TABLES

REFERENCE = Path(__file__).parents[1] / "docs/reference"


def tables_page() -> dict[str, str]:
    """The reference of result tables: an index, and a page for each."""
    pages = {}
    index = [
        "# Result tables",
        "",
        "Parquet files in `tables/`, written by every scan. Instants are UTC. A table that could not be built is absent;",
        "one without rows is written empty. Join them on `journey_id`, `person_id` and `interaction_id`:",
        "",
        "```sql",
        "select b.kind, count(*) from 'report/tables/breaks.parquet' b",
        "join 'report/tables/journeys.parquet' j using (journey_id) group by all order by 2 desc",
        "```",
        "",
        "| table | one row is |",
        "|---|---|",
    ]
    for table in RESULT_TABLES:
        index.append(f"| [{table.name}]({table.name}.md) | {table.note} |")
        lines = [f"# {table.name}", "", table.note, "", "| column | type | meaning |", "|---|---|---|"]
        lines += [f"| `{column.name}` | {column.type.lower()} | {column.note} |" for column in table.columns]
        lines += [f"| `{name}` | varchar | {note} |" for name, note in table.extra]
        pages[f"tables/{table.name}.md"] = "\n".join(lines) + "\n"
    pages["tables/README.md"] = "\n".join(index) + "\n"
    return pages


def cli_page() -> dict[str, str]:
    """The reference of commands, from their own help."""
    import click
    from click.testing import CliRunner

    from portance.cli.main import portance

    lines = [
        "# Command line",
        "",
        "Exit status: 0 done (refused rows are not failures), 1 something to mend, 2 usage.",
        "",
    ]

    def tell(command: click.Command, path: list[str]) -> None:
        text = (
            CliRunner()
            .invoke(portance, [*path[1:], "--help"], terminal_width=100, prog_name="portance")
            .output
        )
        lines.extend([f"## {' '.join(path)}", "", "```text", text.rstrip(), "```", ""])
        if isinstance(command, click.Group):
            for name in sorted(command.commands):
                tell(command.commands[name], [*path, name])

    tell(portance, ["portance"])
    return {"command-line.md": "\n".join(lines).rstrip() + "\n"}


def refusals_page() -> dict[str, str]:
    """The reference of refusals: each reason in both languages."""
    from portance.views.wording import WORDS

    lines = [
        "# Reasons of refusal",
        "",
        "A refused row is kept with its raw text and its reason; see the table [refusals](tables/refusals.md).",
        "",
    ]
    lines += ["| reason | English | français |", "|---|---|---|"]
    for key, (fr, en) in sorted(WORDS.items()):
        if key.startswith("refused."):
            lines.append(f"| `{key.removeprefix('refused.')}` | {en} | {fr} |")
    return {"refusals.md": "\n".join(lines) + "\n"}


def picture() -> str:
    """The seam that stands on the front page: a real one of the example company, drawn as reports draw."""
    import tempfile

    from portance import worlds
    from portance.report.drawings.seam import seam
    from portance.views import scanned
    from portance.workspace import open_workspace

    with tempfile.TemporaryDirectory() as name:
        made = worlds.make("volterelle", Path(name), 1)
        with open_workspace(made.charter) as workspace:
            view = scanned.broken_seam(workspace.scan(), "en")
    if view is None:
        raise SystemExit("the example company has no broken seam to draw")
    return seam(view)


def front_page() -> None:
    """Put what its ten lines print under the ten lines of the README."""
    import re
    import subprocess
    import sys
    import tempfile

    from portance import worlds

    page = REFERENCE.parents[1] / "README.md"
    text = page.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    if code is None:
        raise SystemExit("the README has no Python block")
    with tempfile.TemporaryDirectory() as name:
        worlds.make("volterelle", Path(name) / "build/company", 1)
        done = subprocess.run(
            [sys.executable, "-c", code[1]], cwd=name, capture_output=True, text=True, check=True
        )
    shown = re.sub(r"```text\n.*?```", lambda _: f"```text\n{done.stdout}```", text, flags=re.DOTALL)
    page.write_text(shown, encoding="utf-8")


def pages() -> dict[str, str]:
    """Every generated page: its path below docs/reference, and its text."""
    from portance.charter.schema import published, reference

    charter = {"charter.schema.json": published(), "charter.md": reference()}
    return tables_page() | cli_page() | refusals_page() | charter


def main() -> None:
    """Write them all."""
    for name, text in pages().items():
        path = REFERENCE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)
    front_page()
    (REFERENCE.parent / "seam.svg").write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
