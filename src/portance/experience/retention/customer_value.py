"""What a lost customer is worth, and where the figure comes from."""

from dataclasses import dataclass
from typing import Literal

Source = Literal["measured", "declared"]


@dataclass(frozen=True, slots=True)
class CustomerValue:
    """An amount in the company's currency, with its range. ``n``: customers behind it, 0 where it is declared."""

    low: float
    value: float
    high: float
    source: Source
    n: int = 0
