"""The stage that holds indicators, responsibilities, incentives and decisions against each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from portance.alignment import flooring, records
from portance.alignment.arbitration.deciding import Decisions
from portance.alignment.arbitration.evidence import gather
from portance.alignment.arbitration.remembering import remember
from portance.alignment.brakes.function_effects import function_effects
from portance.alignment.brakes.measuring import brakes
from portance.alignment.changes.following import follow
from portance.alignment.changes.records import changes_table, loose_ends_table
from portance.alignment.changes.tying import loose_ends
from portance.alignment.conflicts import Conflicts, find_conflicts
from portance.alignment.incentives.aligning import angles
from portance.alignment.incentives.linting import lint
from portance.alignment.incentives.records import angles_table, incentives_table
from portance.alignment.indicators import paneling
from portance.alignment.indicators.panel import Moved, Panel, Steered
from portance.alignment.indicators.trimming import trimmed
from portance.alignment.responsibility.stating import responsibility
from portance.alignment.scoreboards.measuring import watermelons
from portance.alignment.structure.effects import effects_of
from portance.alignment.structure.meeting import target_sets
from portance.alignment.structure.opposing import severity, structural_conflicts
from portance.alignment.structure.records import conflicts_table, target_sets_table
from portance.charter import Charter
from portance.clock import Clock, now
from portance.engine import Engine, Progress
from portance.store.state import State

_PLAN = (
    ("panel", "A reading of one unit and one period.", ("interactions", "journeys", "readings")),
    ("conflicts", "An ordered pair of indicators and a kind of evidence.", ("panel",)),
    ("target_sets", "A target of a set tested together.", ("panel", "lever_responses")),
    (
        "watermelons",
        "A scope in which every indicator can be met while customers lose.",
        ("panel", "journeys", "breaks"),
    ),
    (
        "responsibility",
        "A function held to own something by another.",
        ("responsibility_answers", "journeys", "passages"),
    ),
    ("incentives", "A fault of a scorecard.", ("conflicts", "panel")),
    ("changes", "A dated change and a passage.", ("seams", "breaks")),
    ("decisions", "An arbitration.", ("conflicts", "lever_responses")),
    ("brakes", "A measure of one of the three brakes.", ("journeys", "seams", "conflicts")),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One panel, what is declared of it, and what was found in it."""

    panel: Panel
    steered: Mapping[str, Steered]
    moved: Mapping[str, Moved]
    found: Conflicts


class Alignment:
    """Reads ``interactions``, the tables of journeys, ``readings`` and ``responsibility_answers``; makes its own tables.

    ``decisions`` is the door to arbitrations; they rest on what the last :meth:`align` left in ``state``.
    """

    def __init__(self, charter: Charter, engine: Engine, state: State, clock: Clock = now) -> None:
        self._charter, self._engine, self._state = charter, engine, state
        self.decisions = Decisions(charter, state, clock)

    def close(self) -> None:
        """Let go of what is open."""
        self.decisions.close()

    def plan(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """What :meth:`align` makes: name, what a row of it is, what it reads."""
        return _PLAN

    def align(
        self, as_of_us: int, run_id: str, *, scans: Sequence[Mapping[str, Any]] = (), seed: int = 0, progress: Progress | None = None,
        valued: Charter | None = None,
    ) -> None:  # fmt: skip
        """Make every table of the stage. ``run_id`` names the scan that later decisions rest on; ``scans`` are the earlier ones.

        ``valued`` is the charter with values that this scan has measured in place of declared ones.
        """

        def tell(part: str) -> None:
            if progress:
                names = [name for name, _, _ in _PLAN]
                progress(part, names.index(part) + 1, len(names))

        charter, engine = valued or self._charter, self._engine
        tell("panel")
        engine.run([flooring.TEAMS])
        panels = paneling.panels(charter, engine, as_of_us)
        tell("conflicts")
        compared = [self._compare(charter, panel, seed) for panel in panels]
        responses = records.responses_table([one.found.responses for one in compared])
        engine.table("lever_responses", responses)
        engine.table(
            "tests_to_run", records.tests_table([test for one in compared for test in one.found.tests])
        )
        tell("target_sets")
        empirical = [
            replace(row, severity=severity(charter, row.from_indicator, row.to_indicator))
            for one in compared
            for row in one.found.conflicts
        ]
        declared = effects_of(charter)
        measured = effects_of(charter, responses)
        found = pa.concat_tables(
            [
                records.conflicts_table(empirical),
                conflicts_table(structural_conflicts(charter, declared, seed)),
            ]
        )
        engine.table("conflicts", found)
        conflicts = found.to_pylist()
        levers = {name: lever for one in reversed(compared) for name, lever in one.moved.items()}
        sets = target_sets(
            charter, paneling.levels(panels), measured, seed, levers=levers or paneling.moved(charter)
        )
        engine.table("target_sets", target_sets_table(sets))
        tell("watermelons")
        self._keep(watermelons(charter, engine, panels, seed))
        tell("responsibility")
        self._keep(responsibility(charter, engine, seed))
        tell("incentives")
        engine.table("incentives", incentives_table(lint(charter, panels, conflicts)))
        engine.table("incentive_angles", angles_table(angles(charter, panels, measured, seed)))
        tell("changes")
        engine.table("changes", changes_table(follow(charter, engine, as_of_us)))
        engine.table("loose_ends", loose_ends_table(loose_ends(charter)))
        tell("decisions")
        self._remember(compared, conflicts, run_id, as_of_us)
        self._keep(self.decisions.tables())
        tell("brakes")
        engine.table("brakes", brakes(charter, engine, seed, scans))
        engine.table("function_effects", function_effects(charter, engine))

    def _compare(self, charter: Charter, panel: Panel, seed: int) -> Compared:
        steered, moved = paneling.steered(charter, panel), paneling.moved(charter, panel)
        return Compared(panel, steered, moved, find_conflicts(trimmed(panel), steered, moved, seed=seed))

    def _keep(self, tables: Mapping[str, pa.Table]) -> None:
        for name, table in tables.items():
            self._engine.table(name, table)

    def _remember(
        self, compared: Sequence[Compared], conflicts: Sequence[Mapping[str, Any]], run_id: str, as_of_us: int
    ) -> None:
        """Keep what arbitrations rest on: the panel with the most levers, then the most indicators."""
        if not compared:
            return
        main = max(compared, key=lambda one: (len(one.panel.levers), len(one.panel.indicators)))
        shown = [row[0] for row in self._engine.rows("select team from team_floors order by team")]
        remember(
            self._state,
            gather(
                main.panel, main.steered, main.moved, main.found.responses, conflicts, run_id=run_id,
                as_of=self._day(as_of_us), shown_teams=shown,
            ),
            main.panel,
        )  # fmt: skip

    def _day(self, as_of_us: int) -> date:
        zone = ZoneInfo(self._charter.company.timezone)
        return datetime.fromtimestamp(as_of_us // 1_000_000, UTC).astimezone(zone).date()
