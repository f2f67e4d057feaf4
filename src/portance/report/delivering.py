"""Writing a scan where it was asked for: tables, report.html, report.xlsx and report.json, all or nothing."""

import ctypes
import errno
import glob
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portance.errors import PortanceError, StateError
from portance.report import page, record, workbook
from portance.views import scanned
from portance.workspace import Scan

_OURS = frozenset({"report.html", "report.json", "report.xlsx", "tables"})
_EXCHANGE = 2
_HERE = -100


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was written, and its first words."""

    language: str
    interactions: int
    persons: int
    journeys: int
    breaks: int
    refused: int
    folded: int
    """Accepted rows that others hide under the same id."""
    spoiled: int
    """Lines of the file of labels that cannot be read."""
    findings: tuple[str, ...]
    files: tuple[Path, ...]


def refuse_foreign(out: Path) -> None:
    """A ``PortanceError`` where the output folder holds something that a scan did not write: it would be replaced."""
    if out.is_file():
        raise PortanceError(f"--out {out}: given a file, expected a folder. Name another place.")
    if not out.is_dir():
        return
    foreign = sorted(entry.name for entry in out.iterdir() if entry.name not in _OURS)
    if foreign:
        raise PortanceError(
            f"--out {out}: the folder holds {', '.join(foreign[:3])}{', …' if len(foreign) > 3 else ''}, which no scan "
            "wrote; the whole folder is replaced at each scan. Name a folder of its own."
        )


def deliver(
    scan: Scan, out: Path | str, language: str, progress: Callable[[str, str, int, int], None] | None = None
) -> Delivered:  # fmt: skip
    """Write everything beside ``out`` first, then put it in place in one move; only then is the scan one to compare with."""
    out = Path(out)
    refuse_foreign(out)

    def tell(what: str, number: int) -> None:
        if progress:
            progress("report", what, number, 4)

    partial = out.parent / f".{out.name}.partial-{os.getpid()}"
    _sweep(out)
    try:
        partial.mkdir(parents=True)
        tell("tables", 1)
        rows = scan.publish(partial / "tables", language)
        tell("report.html", 2)
        report = scanned.report(scan, rows, "fr" if language == "fr" else "en")
        (partial / "report.html").write_text(page.html(report), encoding="utf-8")
        tell("report.xlsx", 3)
        workbook.xlsx(report, partial / "report.xlsx")
        tell("report.json", 4)
        (partial / "report.json").write_text(record.json(report), encoding="utf-8")
        _put(partial, out)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StateError(
                f"no room left on the disk for {out}: nothing there was changed. Free some space and run again."
            ) from error
        raise StateError(f"{out} cannot be written ({error.strerror}): nothing there was changed.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    scan.remember()
    return Delivered(
        language=language,
        interactions=scan.count("interactions"), persons=scan.count("persons"), journeys=scan.count("journeys"),
        breaks=scan.count("breaks"), refused=scan.count("refusals"),
        folded=report.limits.totals.folded if report.limits.totals else 0, spoiled=scan.spoiled_labels,
        findings=tuple(finding.text.in_(language) for finding in scan.findings),
        files=tuple(out / name for name in ("report.html", "report.xlsx", "report.json", "tables")),
    )  # fmt: skip


def _sweep(out: Path) -> None:
    """Remove what killed scans left beside the output folder: nobody else would, and it holds what customers lived."""
    for kind in ("partial", "old"):
        head = f".{out.name}.{kind}-"
        for left in out.parent.glob(f"{glob.escape(head)}*"):
            process = left.name.removeprefix(head)
            if process.isdecimal() and not _runs(int(process)):
                shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # another user's, or no process at all: not ours to judge
    return True


def _put(partial: Path, out: Path) -> None:
    """Exchange the two folders in one call where the system can; the old one is removed with the partial one."""
    if not out.exists():
        partial.rename(out)
        return
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        done = libc.renameat2(_HERE, os.fsencode(partial), _HERE, os.fsencode(out), _EXCHANGE) == 0
    except (OSError, AttributeError):
        done = False
    if not done:
        aside = out.parent / f".{out.name}.old-{os.getpid()}"
        out.rename(aside)
        partial.rename(out)
        shutil.rmtree(aside, ignore_errors=True)
