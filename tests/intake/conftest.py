"""The company of these tests, and one SQL expression at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from received_company import Company

from portance.engine import Engine


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as opened:
        yield opened


@pytest.fixture
def value(engine: Engine) -> Callable[[str], Any]:
    """The value of one SQL expression."""
    return lambda sql: engine.rows(f"select {sql}")[0][0]
