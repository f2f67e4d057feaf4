"""How results are printed on a terminal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from portance.cli.telling import SPOILED
from portance.report.delivering import Delivered
from portance.workspace import STAGES, Planned, ScanProgress

_MOST_FINDINGS = 5
_MOST_UNSEEN = 3


class Timed(Protocol):
    """What a step took."""

    @property
    def name(self) -> str: ...
    @property
    def cpu_s(self) -> float: ...
    @property
    def wall_s(self) -> float: ...
    @property
    def rows(self) -> int: ...


class Counted(Protocol):
    """What became of the rows of a load."""

    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def candidates(self) -> int: ...
    @property
    def accepted(self) -> int: ...
    @property
    def duplicate(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def not_happened(self) -> int: ...
    @property
    def undone(self) -> bool: ...


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[ScanProgress | None]:
    """A bar on a terminal, by stage; nothing where the output is not one."""
    console = Console(stderr=True)
    if not shown or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description:<44}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        numbers = {stage.name: number for number, stage in enumerate(STAGES, 1)}

        def tell(stage: str, what: str, number: int, of: int) -> None:
            place = f"{numbers[stage]}/{len(STAGES)} " if stage in numbers else ""
            bar.update(task, description=f"{place}{stage}: {what}"[:44], completed=number, total=of)

        yield tell


def show_plan(planned: Sequence[Planned]) -> None:
    """The steps that will run."""
    table = Table("stage", "step", "one row is", "reads", box=None, header_style="bold")
    for step in planned:
        table.add_row(step.stage, step.name, step.note, ", ".join(step.reads))
    _console().print(table)


def show_times(trace: Sequence[Timed]) -> None:
    """Where the time went, the costliest steps first."""
    table = Table("step", "cpu s", "wall s", "rows", box=None, header_style="bold")
    for run in sorted(trace, key=lambda run: -run.cpu_s)[:25]:
        table.add_row(
            run.name, f"{run.cpu_s:.2f}", f"{run.wall_s:.2f}", "view" if run.rows < 0 else f"{run.rows:,}"
        )
    _console().print(table)


def show_receipts(receipts: Sequence[Counted]) -> None:
    """What became of the rows of each load."""
    console = _console()
    if not receipts:
        console.print("No load: nothing was received, or there is nothing to replay.")
        return
    table = Table(
        Column("load", no_wrap=True), "source", Column("file", overflow="fold"), box=None, header_style="bold"
    )
    for name in ("candidates", "accepted", "duplicate", "refused", "not happened", ""):
        table.add_column(name, justify="right", no_wrap=True)
    for row in receipts:
        counts = (row.candidates, row.accepted, row.duplicate, row.refused, row.not_happened)
        table.add_row(
            row.id,
            row.source,
            row.file,
            *(f"{count:,}" for count in counts),
            "undone" if row.undone else "",
        )
    console.print(table)


class Told(Protocol):
    """One pair of indicators, in words."""

    @property
    def sentence(self) -> str: ...
    @property
    def grade_label(self) -> str: ...
    @property
    def money(self) -> str: ...
    @property
    def weakened(self) -> tuple[str, ...]: ...
    @property
    def reason(self) -> str: ...
    @property
    def test(self) -> str: ...


class Targets(Protocol):
    """Targets that cannot be met together, in words."""

    @property
    def sentence(self) -> str: ...


class Opposed(Protocol):
    """What a scan found of indicators against each other."""

    @property
    def headline(self) -> str: ...
    @property
    def cards(self) -> Sequence[Told]: ...
    @property
    def listed(self) -> Sequence[Told]: ...
    @property
    def structural(self) -> Sequence[Told]: ...
    @property
    def unseen(self) -> Sequence[Told]: ...
    @property
    def more_unseen(self) -> int: ...
    @property
    def targets(self) -> Sequence[Targets]: ...


_HEADS = {
    "fr": ("Objectifs", "Opposés par les déclarations", "Invisible dans ces données", "et {count} autres : --all les montre, la table conflicts les a tous"),
    "en": ("Targets", "Opposed by what is declared", "Not detectable in these data", "and {count} more: --all shows them, the table conflicts has them all"),
}  # fmt: skip


def show_conflicts(found: Opposed, language: str, *, whole: bool) -> None:
    """Conflicts with their evidence, then targets, then what is only declared, then what cannot be seen and its test."""
    console = _console()
    targets, declared, unseen, more = _HEADS[language]

    def line(text: str) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    line(found.headline)
    for rank, one in enumerate((*found.cards, *found.listed), 1):
        line(f"{rank}. [{one.grade_label}] {one.sentence}{' ' + one.money if one.money else ''}")
        for text in one.weakened:
            line(f"   - {text}")
    for head, rows in ((targets, found.targets), (declared, found.structural)):
        if rows:
            line(f"\n{head}")
            for row in rows:
                line(f"- {row.sentence}")
    if found.unseen:
        line(f"\n{unseen}")
        shown = found.unseen if whole else found.unseen[:_MOST_UNSEEN]
        for one in shown:
            line(
                f"- {one.sentence}{f' ({one.reason})' if one.reason else ''}{' ' + one.test if one.test else ''}"
            )
        left = len(found.unseen) - len(shown) + found.more_unseen
        if left:
            line(f"  {more.format(count=left)}")


_NOUNS = {
    "fr": (("interaction", "interactions"), ("client", "clients"), ("parcours", "parcours"), ("rupture", "ruptures"), ("refus", "refus")),
    "en": (("interaction", "interactions"), ("customer", "customers"), ("journey", "journeys"), ("break", "breaks"), ("refusal", "refusals")),
}  # fmt: skip


def _said(done: Delivered) -> str:
    counts = (done.interactions, done.persons, done.journeys, done.breaks, done.refused)
    parts = []
    for count, (one, many) in zip(counts, _NOUNS[done.language], strict=True):
        singular = count < 2 if done.language == "fr" else count == 1  # French counts none as one
        number = f"{count:,}".replace(",", "\u202f") if done.language == "fr" else f"{count:,}"
        parts.append(f"{number} {one if singular else many}")
    return ", ".join(parts) + "."


_FOLDED = {
    "fr": "Attention : {n} lignes acceptées se masquent sous un même identifiant alors qu’elles disent autre chose. Voir : portance check.",
    "en": "Attention: {n} accepted rows hide under an id that they share though they tell different things. See: portance check.",
}


def show_outcome(done: Delivered) -> None:
    """What was found, and where it was written."""
    console = _console()
    console.print(_said(done), highlight=False)
    if done.folded:
        number = f"{done.folded:,}"
        shown = number.replace(",", "\u202f") if done.language == "fr" else number
        console.print(_FOLDED[done.language].format(n=shown), highlight=False)
    if done.spoiled:
        console.print(SPOILED[done.language].format(lines=done.spoiled), highlight=False, markup=False)
    for rank, text in enumerate(done.findings[:_MOST_FINDINGS], 1):
        console.print(f"{rank}. {text}", highlight=False, markup=False)
    if not done.findings:
        console.print("Aucun constat." if done.language == "fr" else "Nothing to report.", highlight=False)
    for path in done.files:
        console.print(str(path), highlight=False, markup=False, soft_wrap=True)


_WIDE = 160


def _console() -> Console:
    """As wide as the terminal; wide where the output goes to a file or to another program."""
    console = Console(soft_wrap=True)
    return console if console.is_terminal else Console(soft_wrap=True, width=_WIDE)
