"""Arbitration: a conflict laid open, decided, recorded, and judged at its date."""

from portance.alignment.arbitration.deciding import Decisions
from portance.alignment.arbitration.dossier import Dossier, OptionTold
from portance.alignment.arbitration.evidence import Evidence, gather
from portance.alignment.arbitration.remembering import recall, remember
from portance.alignment.arbitration.reviewing import Review
from portance.alignment.arbitration.trading_off import TradeOff, trade_offs

__all__ = [
    "Decisions",
    "Dossier",
    "Evidence",
    "OptionTold",
    "Review",
    "TradeOff",
    "gather",
    "recall",
    "remember",
    "trade_offs",
]
