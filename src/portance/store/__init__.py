"""What is kept between runs, beside the charter: the folder, its lock, its manifest, its files of record."""

from portance.store.manifest import Manifest, Receipt
from portance.store.state import State

__all__ = ["Manifest", "Receipt", "State"]
