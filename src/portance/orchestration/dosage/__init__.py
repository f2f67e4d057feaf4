"""The dose of human and machine: what each does to customers, the wait that the dose makes, and who is left out."""

from portance.orchestration.dosage.dosing import dose

__all__ = ["dose"]
