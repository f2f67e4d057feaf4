"""Portance shows a company where its customers' experience breaks between its functions.

    import portance

    with portance.open("charter.yaml") as workspace:
        scan = workspace.scan()
        for finding in scan.findings:
            print(finding.text.in_("en"))
        portance.deliver(scan, "report", language="fr")

The flow: charter (what is declared) -> intake -> identity -> journeys -> experience -> alignment
-> orchestration -> findings -> views -> report.
Names listed in ``__all__`` are promised; everything else may change.
"""

from typing import TYPE_CHECKING, Any

from portance.errors import (
    CharterError,
    ExtractError,
    PortanceError,
    Problem,
    StateError,
    StepError,
    UnavailableError,
)
from portance.version import __version__

if TYPE_CHECKING:
    from portance.charter import Charter
    from portance.findings import Finding
    from portance.report.delivering import deliver
    from portance.workspace import Period, Scan, Workspace
    from portance.workspace import open_workspace as open  # noqa: A004 - the word that users expect

__all__ = [
    "Charter",
    "CharterError",
    "ExtractError",
    "Finding",
    "Period",
    "PortanceError",
    "Problem",
    "Scan",
    "StateError",
    "StepError",
    "UnavailableError",
    "Workspace",
    "__version__",
    "deliver",
    "open",
]

_LATER = {
    "Charter": ("portance.charter", "Charter"),
    "Finding": ("portance.findings", "Finding"),
    "Period": ("portance.workspace", "Period"),
    "Scan": ("portance.workspace", "Scan"),
    "Workspace": ("portance.workspace", "Workspace"),
    "deliver": ("portance.report.delivering", "deliver"),
    "open": ("portance.workspace", "open_workspace"),
}


def __getattr__(name: str) -> Any:
    """Import the heavy names when they are first used, so that help and errors answer at once."""
    if name not in _LATER:
        raise AttributeError(f"module 'portance' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _LATER[name]
    return getattr(import_module(module), attribute)
