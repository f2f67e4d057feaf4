"""The stage that weighs human against machine, watches take-overs, and times answers."""

from collections.abc import Callable, Mapping

import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine, Progress
from portance.orchestration.answering.answering import answer
from portance.orchestration.dosage.dosing import dose
from portance.orchestration.takeover import keeping, telling
from portance.orchestration.takeover.measuring import take_over
from portance.store.state import State

Part = Callable[[Charter, Engine, int, int], Mapping[str, pa.Table]]
_PARTS: tuple[tuple[str, str, tuple[str, ...], Part], ...] = (
    (
        "dosage",
        "An intent, a segment and an outcome, human against machine.",
        ("interactions", "journeys"),
        dose,
    ),
    ("takeovers", "A machine and the function that takes over.", ("interactions", "seams"), take_over),
    ("answer_times", "A desk, a channel or a function.", ("interactions", "responses"), answer),
)


class Orchestration:
    """Reads ``interactions``, the tables of journeys and ``voices``; makes ``dosage``, ``takeovers``, ``answer_times`` and theirs, ``takeover_policy``."""

    def __init__(self, charter: Charter, engine: Engine, state: State | None = None) -> None:
        self._charter, self._engine, self._state = charter, engine, state

    def plan(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """What :meth:`orchestrate` makes: name, what a row of it is, what it reads."""
        policy = ("takeover_policy", "A figure of the policy of take-overs or of its replay.", ())
        return (*((name, note, reads) for name, note, reads, _ in _PARTS), policy)

    def orchestrate(self, as_of_us: int, *, seed: int = 0, progress: Progress | None = None) -> None:
        """Make every table of the stage. The same seed gives the same figures."""
        for number, (name, _, _, part) in enumerate(_PARTS, 1):
            if progress:
                progress(name, number, len(_PARTS))
            for table, rows in part(self._charter, self._engine, as_of_us, seed).items():
                self._engine.table(table, rows)
        kept = keeping.Kept() if self._state is None else keeping.kept(self._state)
        self._engine.table("takeover_policy", telling.told(kept))
