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


@pytest.fixture(scope="session")
def browser():
    """Chromium; where it is missing these tests are skipped, and fail in CI."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed: apt-get install chromium")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield running
        running.close()


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
