import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def _absent(what: str) -> None:
    """Without a browser these tests are skipped, and fail in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser():
    """Chromium, driven by Playwright."""
    if not CHROMIUM.exists():
        _absent("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    opened = sync_playwright()
    try:
        playwright = opened.start()
    except Exception as error:  # noqa: BLE001 - its driver fails with a bare Exception where a library is missing
        _absent(f"the browser's driver does not start (apt-get install libatomic1): {error}")
    running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
    yield running
    running.close()
    playwright.stop()


@pytest.fixture(scope="session")
def tables():
    import shown_company

    return shown_company.tables()


@pytest.fixture(scope="session", params=["fr", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="session")
def report(tables, language):
    import shown_company

    from portance.views.report import build

    return build(shown_company.charter(), tables, shown_company.run_facts(), language)


@pytest.fixture(scope="session")
def shown(report):
    from portance.report import page

    return page.html(report)
