"""What leaders hold to be true of customers, and whether they said so before they could have read it."""

import json
from datetime import date, datetime
from typing import Any

from portance.charter.surveys import Belief
from portance.experience.employees.journal import FOLDER
from portance.store.state import State

_FILE = "beliefs.json"
_SCANS = "scans.json"


class Beliefs:
    """Since when each figure has been shown by scans of this company, and which beliefs were entered by then.

    A belief is late where it is dated after the first scan that showed its figure, where a scan showed the figure
    before without that belief being in the charter, or where its value was changed since.
    """

    def __init__(self, state: State, today: date) -> None:
        self._state, self._today = state, today
        kept = _read(state, f"{FOLDER}/{_FILE}")
        known = kept if isinstance(kept, dict) else {}
        self._shown: dict[str, str] = dict(known.get("shown", {}))
        self._entered: dict[str, list[Any]] = dict(known.get("entered", {}))
        scans = _read(state, _SCANS)
        self._scans: list[dict[str, Any]] = scans if isinstance(scans, list) else []
        self._before = frozenset(self._shown)

    def show(self, figure: str) -> date:
        """The first day on which a figure (``promise:name`` or ``survey:name``) was shown; from now on, it is."""
        days = [
            datetime.fromisoformat(scan["at"]).date()
            for scan in self._scans
            if figure in scan.get("findings", {})
        ]
        if figure in self._shown:
            days.append(date.fromisoformat(self._shown[figure]))
        first = min([*days, self._today])
        self._shown[figure] = first.isoformat()
        return first

    def late(self, name: str, figure: str, belief: Belief) -> bool:
        """Whether a belief was entered after its figure could be read."""
        told = [belief.value, belief.on.isoformat(), belief.by]
        earlier = self._entered.get(name)
        seen_before = figure in self._before
        first = self.show(figure)
        unlike = seen_before and earlier is not None and earlier[:2] != told[:2]
        absent = seen_before and earlier is None
        if earlier is None or not seen_before:
            self._entered[name] = [*told, absent]
        marked = bool(self._entered[name][3])
        return belief.on > first or unlike or marked

    def close(self) -> None:
        """Remember, for the next scan."""
        text = json.dumps(
            {"shown": self._shown, "entered": self._entered}, ensure_ascii=False, sort_keys=True
        )
        self._state.keep(self._state.folder / FOLDER / _FILE, lambda partial: _written(partial, text))


def _written(path: Any, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _read(state: State, name: str) -> Any:
    file = state.folder / name
    try:
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    except (OSError, ValueError):
        return None
