"""Stage 2, who is who: identifiers shared between interactions connect into persons."""

from portance.identity.stage import Identity

__all__ = ["Identity"]
