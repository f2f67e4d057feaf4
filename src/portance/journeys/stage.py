"""The stage: from interactions to journeys, seams, breaks, clocks, and how often they break."""

from dataclasses import fields
from types import NoneType
from typing import Any, get_args, get_type_hints

import pyarrow as pa

from portance.charter import Charter, document
from portance.charter.journey_type import BREAK_KINDS, JourneyType
from portance.engine import Engine, Progress, Step
from portance.errors import CharterError, PortanceError, Problem, StepError
from portance.journeys import clocking, counting, opening, steps, tracing
from portance.journeys.columns import Columns
from portance.journeys.passage import BreakRate, Passage

_BEYOND_US = 3 * 366 * 86_400_000_000
"""How far past the last instant opening hours are laid out: no limit that still runs falls later."""
_MEASURED = frozenset({
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "FLOAT", "UTINYINT", "USMALLINT",
    "UINTEGER", "UBIGINT",
})  # fmt: skip


class Journeys:
    """Cuts ``interactions`` into journeys, finds their seams and breaks, and reads every promise on them.

    Collaborators: the charter, and the engine that holds the table ``interactions`` (the plan can be made before).
    """

    def __init__(self, charter: Charter, engine: Engine) -> None:
        if not charter.journeys:  # nothing belongs anywhere, and every table is there, empty
            charter = charter.model_copy(
                update={"journeys": {"none": JourneyType(by="person", where="false")}}
            )
        self._charter, self._engine = charter, engine

    def steps(self, as_of_us: int, period: tuple[int, int] | None = None) -> tuple[Step, ...]:
        """Every SQL step, in order, as values. ``period``: only journeys that started in [from, to), in microseconds."""
        columns = Columns(self._charter, self._found())
        return steps.steps(self._charter, columns, as_of_us, period, self._booleans(columns))

    def build(
        self, as_of_us: int, period: tuple[int, int] | None = None, progress: Progress | None = None
    ) -> None:
        """Make the tables of this stage in the engine. ``as_of_us`` is the instant up to which extracts tell."""
        self._refuse_formulas()
        self._lay_out(as_of_us)
        self._engine.run(self.steps(as_of_us, period), progress)
        self._engine.table("passages", _table(Passage, counting.passages(self._charter, self._engine)))
        rates = counting.break_rates(self._charter, self._engine, self._why_off())
        self._engine.table("break_rates", _table(BreakRate, rates))
        self._engine.drop("exposures")

    def map(self, journey_type: str) -> tracing.Map:
        """What follows what in one type of journey, who hands over to whom, and the ways that customers go."""
        return tracing.trace(self._charter, self._engine, journey_type, Columns(self._charter, self._found()))

    # ---- what the table of interactions is like

    def _found(self) -> dict[str, str] | None:
        return self._engine.columns_or_none("interactions")

    def _refuse_formulas(self) -> None:
        """A ``CharterError`` where what is declared of people and machines cannot be computed over these interactions."""
        columns, charter, problems = Columns(self._charter, self._found()), self._charter, []
        told: list[tuple[tuple[str, ...], str | None, bool]] = [
            (("takeover", "asked_human"), charter.takeover.asked_human, True),
            *((("dosage", "covariates", name), text, False) for name, text in charter.dosage.covariates.items()),
        ]  # fmt: skip
        if charter.retention:
            told += [
                (("retention", "held_when"), charter.retention.held_when, True),
                (("retention", "reason"), charter.retention.reason, False),
            ]
        for where, text, condition in told:
            if text is None:
                continue
            sql = columns.scalar(text)
            try:
                kind = self._engine.rows(f"describe select {sql} as told from interactions")[0][1]
                self._engine.rows(f"select count({sql}) from interactions")
            except StepError as error:
                given, expected = f"{text!r}, which fails ({error.reason.splitlines()[0]})", "a formula that can be computed on every row"  # fmt: skip
            else:
                if kind == "BOOLEAN" or not condition:
                    continue
                given, expected = f"{text!r}, which gives {'text' if kind == 'VARCHAR' else kind.lower()}", "yes or no for each interaction"  # fmt: skip
            remedy = f"Compare it with a value: {text} = 'yes'." if condition else "Mend the formula, or the cells that it reads."  # fmt: skip
            try:
                line = document.load(charter.path).line(where)
            except PortanceError:  # a charter that stands in no file
                line = 0
            problems.append(Problem(charter.path, line, document.dotted(where), given, expected, remedy))
        if problems:
            raise CharterError(problems)

    def _booleans(self, columns: Columns) -> frozenset[str]:
        """The promises whose measure says yes or no; a ``StepError`` for one that is neither that nor a number."""
        if self._found() is None:
            return frozenset()
        found = set()
        for name, promise in self._charter.promises.items():
            if promise.measure is None:
                continue
            sql = columns.aggregate(promise.measure, columns.named)
            kind = self._engine.rows(
                f"describe select {sql} as measured from (select *, tie as position from interactions)"
            )[0][1]
            if kind not in _MEASURED and not kind.startswith("DECIMAL"):
                raise StepError(
                    f"timing_{name}",
                    f"the measure {promise.measure!r} gives {kind.lower()}, expected a number or yes and no. "
                    "Compare it with a value, or count what it tells.",
                )
            if kind == "BOOLEAN":
                found.add(name)
        return frozenset(found)

    def _lay_out(self, as_of_us: int) -> None:
        """Lay the opening hours that clocks and waits need out over the time that interactions span."""
        wanted = {
            calendar
            for promise in self._charter.promises.values()
            if promise.clock and (calendar := clocking.calendar_of(promise.clock))
        }
        if self._charter.breaks.long_wait.calendar:
            wanted.add(self._charter.breaks.long_wait.calendar)
        if not wanted:
            return
        first, last = self._engine.rows("select min(t_us), max(t_us) from interactions")[0]
        first, last = min(first or as_of_us, as_of_us), max(last or as_of_us, as_of_us) + _BEYOND_US
        for name in sorted(wanted):
            slots, days = opening.tables(
                self._charter.calendars.get(name), self._charter.company.timezone, first, last
            )
            self._engine.table(f"slots_{name}", slots)
            self._engine.table(f"days_{name}", days)

    def _why_off(self) -> dict[str, str]:
        """The kinds of break that are not looked for, each with its reason."""
        columns = Columns(self._charter, self._found())
        seen = self._engine.rows(
            "select "
            + ", ".join(
                f"coalesce(bool_or({condition}), false)"
                for condition in (
                    f"{columns.bare('initiated_by')} = 'customer'", f"{columns.bare('intent')} is not null",
                    f"{columns.bare('outcome')} = 'transferred'", f"{columns.bare('outcome')} is not null",
                    f"{columns.bare('channel')} is not null", f"{columns.bare('wait_ms')} is not null",
                    f"{columns.bare('actor')} is not null", f"{columns.bare('asked_again')} is not null",
                    f"{columns.bare('function')} is not null", f"{columns.bare('team')} is not null",
                )
            )
            + " from interactions"
        )[0]  # fmt: skip
        contact, intent, transferred, outcome, channel, wait, actor, again, function, team = seen
        rules = self._charter.breaks
        unit = function if rules.ping_pong.between == "function" else team
        needs = {
            "repeat_contact": [
                (contact, "needs the column initiated_by, with contacts of customers"),
                (intent or rules.repeat_contact.same != "intent", "needs the column intent, or 'same: anything'"),
            ],
            "useless_transfer": [(transferred, "needs the column outcome, with transferred")],
            "ping_pong": [(unit, f"needs the column {rules.ping_pong.between}")],
            "forced_channel_switch": [
                (channel, "needs the column channel"), (outcome, "needs the column outcome"),
                (contact, "needs the column initiated_by, with contacts of customers"),
            ],
            "long_wait": [(wait or rules.long_wait.seam_over is not None, "needs the column wait_s, or 'seam_over'")],
            "abandonment": [(outcome, "needs the column outcome")],
            "dead_end": [
                (actor, "needs the column actor"), (outcome, "needs the column outcome"),
                (contact, "needs the column initiated_by, with contacts of customers"),
            ],
            "broken_promise": [(bool(self._charter.promises), "needs a promise")],
            "reopened": [(outcome, "needs the column outcome")],
            "asked_again": [
                (again or bool(rules.asked_again.activities), "needs the column asked_again, or 'activities'")
            ],
        }  # fmt: skip
        off = {}
        for kind in BREAK_KINDS:
            rule = rules.rule(kind)
            if rule.off:
                off[kind] = "turned off in the charter"
            elif not rule.when:
                missing = [reason for there, reason in needs[kind] if not there]
                if missing:
                    off[kind] = "; ".join(missing)
        return off


_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


def _table(value: type[Passage] | type[BreakRate], rows: list[Any]) -> pa.Table:
    hints = get_type_hints(value)
    schema = pa.schema([(field.name, _arrow(hints[field.name])) for field in fields(value)])
    return pa.table({name: [getattr(row, name) for row in rows] for name in schema.names}, schema=schema)


def _arrow(hint: Any) -> pa.DataType:
    for inner in (hint, *get_args(hint)):
        if inner in _TYPES:
            return _TYPES[inner]
        if isinstance(inner, str):
            return pa.string()
    return pa.string() if hint is not NoneType else pa.null()
