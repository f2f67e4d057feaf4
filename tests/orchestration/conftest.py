import pytest

from portance.orchestration.takeover import growing


@pytest.fixture(scope="module")
def fewer_trees():
    """A forest small enough to be grown in a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "TREES", 20)
        yield
