"""What can go wrong for a person who uses Portance.

    PortanceError
    ├── CharterError       the charter, or a file that it names, cannot be used as it stands
    ├── ExtractError       a file cannot be read at all (a row that cannot is a refusal, not an error)
    ├── StateError         what is kept beside the charter is locked, newer, damaged, or has no room left
    ├── StepError          a step of the analysis uses something that is not proven safe, or failed
    └── UnavailableError   something that was asked for is not part of this installation

Bad *data* is a value (a refusal, a problem); a bad *call* is an exception. Each message says what was given,
what was expected, and what to do.
"""

from dataclasses import dataclass
from pathlib import Path


class PortanceError(Exception):
    """Anything that Portance tells a person instead of doing what was asked."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a charter or in a file that it names.

    ``line`` counts from 1 in ``file``; 0 when the problem belongs to the file as a whole.
    ``path`` is where it stands in the document, for example ``sources.orders.case``.
    """

    file: Path
    line: int
    path: str
    given: str
    expected: str
    remedy: str
    nearest: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        near = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{where}: {self.path}: given {self.given}, expected {self.expected}.{near} {self.remedy}".rstrip()


class CharterError(PortanceError):
    """The charter cannot be used as it stands; ``problems`` holds every reason at once."""

    def __init__(self, problems: "tuple[Problem, ...] | list[Problem]") -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = "1 problem" if count == 1 else f"{count} problems"
        super().__init__(
            "\n".join([f"{head} in the charter:", *(f"  {problem}" for problem in self.problems)])
        )


class ExtractError(PortanceError):
    """A file cannot be read at all: what it is, what was expected, what to do."""

    def __init__(self, file: Path, given: str, expected: str, remedy: str) -> None:
        self.file, self.given, self.expected, self.remedy = file, given, expected, remedy
        super().__init__(f"{file}: {given}; expected {expected}. {remedy}")


class StateError(PortanceError):
    """What is kept beside the charter cannot be used now: locked, newer, damaged, or the disk is full."""


class StepError(PortanceError):
    """A step uses what is not proven to mean the same on every engine, or failed while it ran."""

    def __init__(self, step: str, reason: str) -> None:
        self.step, self.reason = step, reason
        super().__init__(f"step {step!r}: {reason}")


class UnavailableError(PortanceError):
    """Something that was asked for is not part of this installation."""
