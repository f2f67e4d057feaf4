"""What the results of the stages amount to, in sentences that carry their evidence."""

from portance.findings.finding import Finding
from portance.findings.stage import Findings

__all__ = ["Finding", "Findings"]
