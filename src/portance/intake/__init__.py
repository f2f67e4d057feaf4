"""Stage 1: the extracts of the silos come in; what is refused is kept, with its reason."""

from portance.intake.stage import Intake

__all__ = ["Intake"]
