"""Which indicators work against each other, through the levers that move them: found, graded, priced, or not detectable."""

from portance.alignment.conflicts.conflict import Conflict, Conflicts, ProposedTest
from portance.alignment.conflicts.finding import find_conflicts
from portance.alignment.conflicts.responses import Responses

__all__ = ["Conflict", "Conflicts", "ProposedTest", "Responses", "find_conflicts"]
