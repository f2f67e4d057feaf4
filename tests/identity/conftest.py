import pytest

from portance.engine import Engine


@pytest.fixture(scope="session")
def engine():
    with Engine(threads=1) as opened:
        yield opened
