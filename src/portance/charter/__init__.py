"""What the company declares: charter.yaml to checked, frozen values."""

from portance.charter.charter import Charter
from portance.charter.document import read

__all__ = ["Charter", "read"]
