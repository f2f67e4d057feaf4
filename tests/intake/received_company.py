"""A small company whose sources each test writes itself."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from ruamel.yaml import YAML

from portance import clock
from portance.charter import read
from portance.engine import Engine
from portance.intake import Intake
from portance.store import State

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
HEAD = {
    "portance": 1,
    "company": {"name": "Test", "timezone": "Europe/Paris"},
    "functions": {"service": {}, "sales": {}},
    "journeys": {"help": {"by": "person"}},
}
CALLS = {
    "read": "calls.csv",
    "case": "case",
    "identifiers": {"account": "customer"},
    "interactions": [
        {
            "activity": {"column": "what"},
            "at": "at",
            "function": "service",
            "wait_s": "wait",
            "outcome": {"column": "outcome"},
        }
    ],
}


class Company:
    """A folder with a charter and extracts, opened as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOW
        self.declare(calls=CALLS)

    def declare(self, **sources: dict[str, Any]) -> None:
        text = io.StringIO()
        YAML().dump({**HEAD, "sources": sources}, text)
        (self.folder / "charter.yaml").write_text(text.getvalue())

    def change(self, **keys: Any) -> None:
        """The calls source with some keys replaced."""
        self.declare(calls={**CALLS, **keys})

    def entry(self, **keys: Any) -> None:
        """The calls source whose one entry has some keys replaced."""
        self.change(interactions=[{**CALLS["interactions"][0], **keys}])  # type: ignore[index]

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def calls(self, *rows: str, header: str = "case,customer,what,at,wait,outcome") -> None:
        self.file("calls.csv", "\n".join((header, *rows)) + "\n")

    def open(self) -> "Opened":
        return Opened(self)

    def receive(self) -> Any:
        """Receive, and give the last receipt of all that were published."""
        with self.open() as opened:
            receipts = opened.intake.receive()
            return receipts[-1] if receipts else None

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.open() as opened:
            opened.intake.tables()
            return opened.engine.rows(sql)

    def refused(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "select reason, column_name, given, row_number, line from refusals order by row_number, line, entry"
        )


class Opened:
    def __init__(self, company: Company) -> None:
        self.charter = read(company.folder / "charter.yaml")
        self.engine = Engine(threads=1)
        self.state = State.beside(self.charter.path)
        self.intake = Intake(self.charter, self.state, self.engine, clock.fixed(company.now))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.state.close()
        self.engine.close()
