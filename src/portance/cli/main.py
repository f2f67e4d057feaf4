"""The command line: each command reads its arguments, calls one thing, and prints what came of it.

Nothing heavy is imported before a command runs, so that help answers at once.
"""

from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from portance.cli.deciding import decide, review
from portance.cli.taking_over import takeover
from portance.cli.telling import LANGUAGE, told
from portance.cli.voices import voices
from portance.errors import CharterError
from portance.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="portance")
def portance() -> None:
    """Shows a company where its customers' experience breaks between its functions."""


@portance.command(short_help="Write a commented charter, guessed from extracts.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An extract to start from; may be repeated.",
)
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--language",
    type=LANGUAGE,
    default="en",
    show_default=True,
    help="Language of the comments and of reports.",
)
@told
def new(folder: Path, files: tuple[Path, ...], more: tuple[Path, ...], language: str) -> None:
    r"""Write a commented charter in FOLDER, guessed from the extracts given, or with a tiny extract to start from.

    \b
    portance new mine --from extracts/*.csv
    portance scan mine/charter.yaml --out mine/report
    """
    from portance.workspace import draft

    written = draft(folder, (*files, *more), language)
    if not (files or more):
        click.echo(f"A small extract to start from: {written.files[0]}")
    click.echo(f"Wrote {written.charter}. Its doubts are comments: read them line by line.")
    click.echo(f"Next: portance scan {written.charter} --out {folder / 'report'}")


@portance.command(short_help="Tell every problem of a charter and its sources.")
@click.argument("charter", type=click.Path(path_type=Path))
@told
def check(charter: Path) -> None:
    """Validate CHARTER and its sources on real rows: every problem with its file, its line and what to do."""
    from portance.workspace import open_workspace

    with open_workspace(charter) as workspace:
        problems = workspace.intake.check()
        sources, promises = len(workspace.charter.sources), len(workspace.charter.promises)
    if problems:
        raise CharterError(problems)
    counted = (f"{sources} source{'s' * (sources != 1)}", f"{promises} promise{'s' * (promises != 1)}")
    click.echo(f"{charter}: no problem found ({', '.join(counted)}).")


@portance.command(short_help="Run every stage and write the report and the tables.")
@click.argument("charter", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to write the report and the tables to.",
)
@click.option(
    "--engine", default="duckdb", show_default=True, help="duckdb, or spark://… where it is available."
)
@click.option(
    "--language", type=LANGUAGE, default=None, help="Language of the report; the charter's where absent."
)
@click.option(
    "--from",
    "start",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only journeys that start on this day or later.",
)
@click.option(
    "--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="Only journeys that start before this day."
)
@click.option(
    "--explain", is_flag=True, help="Show the plan before running it, and where the time went after."
)
@click.option("--plan", "plan_only", is_flag=True, help="Show the plan and stop.")
@click.option("--memory", default=None, help="Most memory for the engine, such as 4GB.")
@click.option("--threads", type=click.IntRange(min=1), default=None, help="Most processors for the engine.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of the resampling behind intervals."
)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@told
def scan(
    charter: Path, out: Path, engine: str, language: str | None, start: datetime | None, end: datetime | None,
    explain: bool, plan_only: bool, memory: str | None, threads: int | None, seed: int, quiet: bool,
) -> None:  # fmt: skip
    """Read the sources of CHARTER, run every stage, and write report.html, report.json, report.xlsx and tables/."""
    from portance.cli.showing import progress_bar, show_outcome, show_plan, show_times
    from portance.report.delivering import deliver, refuse_foreign
    from portance.workspace import Period, open_workspace

    refuse_foreign(out)
    period = Period(start.date() if start else None, end.date() if end else None)
    with open_workspace(charter, engine=engine, memory=memory, threads=threads) as workspace:
        if explain or plan_only:
            show_plan(workspace.plan())
        if plan_only:
            return
        with progress_bar(shown=not quiet) as progress:
            result = workspace.scan(period=period, seed=seed, progress=progress)
            delivered = deliver(result, out, language or workspace.charter.company.language, progress)
        if explain:
            show_times(result.trace)
    if not quiet:
        show_outcome(delivered)


@portance.command(short_help="Tell which indicators work against each other.")
@click.argument("charter", type=click.Path(path_type=Path))
@click.option(
    "--language", type=LANGUAGE, default=None, help="Language of the sentences; the charter's where absent."
)
@click.option(
    "--all", "whole", is_flag=True, help="Every pair that was looked at, what could not be seen too."
)
@click.option("--memory", default=None, help="Most memory for the engine, such as 4GB.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of the resampling behind intervals."
)
@told
def conflicts(charter: Path, language: str | None, whole: bool, memory: str | None, seed: int) -> None:
    """Run every stage on the sources of CHARTER and print conflicts, targets that exclude each other, and tests to run."""
    from portance.cli.showing import progress_bar, show_conflicts
    from portance.views.scanned import report
    from portance.workspace import open_workspace

    with open_workspace(charter, memory=memory) as workspace:
        with progress_bar(shown=True) as progress:
            result = workspace.scan(seed=seed, progress=progress)
        chosen: Literal["fr", "en"] = (
            "fr" if (language or workspace.charter.company.language) == "fr" else "en"
        )
        show_conflicts(report(result, {}, chosen).alignment.conflicts, chosen, whole=whole)
        result.remember()


@portance.group()
def loads() -> None:
    """What was received from the sources, load by load."""


@loads.command("list")
@click.argument("charter", type=click.Path(path_type=Path))
@told
def list_loads(charter: Path) -> None:
    """List the loads of CHARTER with what became of their rows."""
    from portance.cli.showing import show_receipts
    from portance.workspace import open_workspace

    with open_workspace(charter) as workspace:
        show_receipts(workspace.intake.receipts())


@loads.command()
@click.argument("charter", type=click.Path(path_type=Path))
@click.argument("receipt")
@told
def undo(charter: Path, receipt: str) -> None:
    """Take the load RECEIPT back: its interactions no longer count, until it is received again by name."""
    from portance.workspace import open_workspace

    with open_workspace(charter) as workspace:
        workspace.intake.undo(receipt)
    click.echo(f"{receipt} is undone.")


@loads.command()
@click.argument("charter", type=click.Path(path_type=Path))
@click.argument("sources", nargs=-1, required=True)
@told
def receive(charter: Path, sources: tuple[str, ...]) -> None:
    """Read SOURCES now, also files whose load was undone."""
    from portance.cli.showing import show_receipts
    from portance.workspace import open_workspace

    with open_workspace(charter) as workspace:
        show_receipts(workspace.intake.receive(only=sources))


@loads.command()
@click.argument("charter", type=click.Path(path_type=Path))
@told
def replay(charter: Path) -> None:
    """Read the refused rows again under the charter as it is now."""
    from portance.cli.showing import show_receipts
    from portance.workspace import open_workspace

    with open_workspace(charter) as workspace:
        show_receipts(workspace.intake.replay())


@portance.group()
def worlds() -> None:
    """Simulated companies whose truth is known."""


@worlds.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", type=int, default=1, show_default=True)
@told
def make(name: str, folder: Path, seed: int) -> None:
    """Write the extracts, the charter and, apart, the truth of the world NAME into FOLDER."""
    from portance.worlds import make as make_world

    made = make_world(name, folder, seed)
    click.echo(f"Charter: {made.charter}\nTruth, apart: {made.truth}")


portance.add_command(decide)
portance.add_command(review)
portance.add_command(takeover)
portance.add_command(voices)
