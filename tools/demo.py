"""Scan the example company and show its report: what `make demo` runs."""

import argparse
import os
import shutil
import sys
import webbrowser
from pathlib import Path

from portance import worlds
from portance.cli.main import portance

EXAMPLE = "volterelle"


def main() -> int:
    """Make the company, scan it with the command line that users have, and open the report where there is a screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--open", choices=["yes", "no"], default="yes")
    parser.add_argument("--language", choices=["fr", "en"], default="fr")
    asked = parser.parse_args()
    company = asked.out.parent / "company"
    shutil.rmtree(company, ignore_errors=True)
    made = worlds.make(EXAMPLE, company, seed=1)
    print(f"{EXAMPLE}: an invented company, made from a seed. Its charter: {made.charter}", flush=True)
    portance(
        ["scan", str(made.charter), "--out", str(asked.out), "--language", asked.language],
        standalone_mode=False,
    )
    page = (asked.out / "report.html").resolve()
    screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if asked.open == "yes" and screen and not os.environ.get("CI"):
        webbrowser.open(page.as_uri())
    return 0


if __name__ == "__main__":
    sys.exit(main())
