"""The stage that compares the four experiences of every promise, hears what customers say and do not say, and sees the employees' side."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.charter.declared import Money
from portance.charter.promise import Promise
from portance.clock import Clock, now
from portance.engine import Engine, Progress, Step, literal
from portance.estimation import Curve
from portance.experience import steps as written
from portance.experience.comparing import gaps
from portance.experience.employees.measuring import measure_employees
from portance.experience.facet import ALL, Facet
from portance.experience.gap import Gap
from portance.experience.irritants.ranking import cost_irritants
from portance.experience.keeping import rate, trend
from portance.experience.measuring import DECLARED, Scope, readings
from portance.experience.population import Flags, Population, read_population
from portance.experience.rate import PromisePeriod, PromiseRate
from portance.experience.records import table
from portance.experience.restraint.restraining import restrain
from portance.experience.retention.staying import stay
from portance.experience.retention.valuing import LOST, lost_customer
from portance.experience.silent.measuring import measure_silence
from portance.experience.voices.hearing import hear
from portance.experience.voices.labelling import Labelling
from portance.store.state import State


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found of all promises, as it was written to the tables."""

    facets: tuple[Facet, ...]
    gaps: tuple[Gap, ...]
    rates: tuple[PromiseRate, ...]
    trend: tuple[PromisePeriod, ...]


_PLAN = (
    ("voices", "A sentence that a customer wrote.", ("interactions",)),
    ("silent", "A question and a segment.", ("interactions", "responses")),
    ("restraint", "A question.", ("interactions", "responses")),
    ("retention", "An exposure and a reason to leave.", ("interactions", "breaks", "clocks")),
    ("irritants", "An irritant and a language.", ("voices", "retention")),
    ("employees", "A step of a journey, both sides of it.", ("work_events", "employee_answers", "journeys")),
)


class Experience:
    """The four facets of every promise, their gaps, and how often it is kept; then people: customers' words, silence and staying, and employees.

    :meth:`measure` reads the tables ``clocks``, ``journeys``, ``persons`` and, where a facet asks for answers, ``responses``; it
    makes ``facets``, ``gaps``, ``promise_rates`` and ``promise_trend``. :meth:`listen` makes the tables of :meth:`plan` and theirs.
    """

    def __init__(self, charter: Charter, engine: Engine, clock: Clock = now) -> None:
        self._charter, self._engine, self._clock = charter, engine, clock

    def plan(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """What :meth:`listen` makes: name, what a row of it is, what it reads."""
        return _PLAN

    def steps(self, as_of_us: int) -> tuple[Step, ...]:  # noqa: ARG002  every stage's steps are asked for as of an instant
        """The steps that run before figures are made; none without promises."""
        return written.steps(self._charter) if self._charter.promises else ()

    def measure(self, as_of_us: int, seed: int = 0, progress: Progress | None = None) -> Measured:
        """Measure every promise in every segment, and write the tables. The same seed gives the same bytes."""
        steps = self.steps(as_of_us)
        total = len(steps) + len(self._charter.promises)
        self._engine.run(
            steps, None if progress is None else lambda name, number, _: progress(name, number, total)
        )
        zone = ZoneInfo(self._charter.company.timezone)
        today = datetime.fromtimestamp(as_of_us // 1_000_000, UTC).astimezone(zone).date()
        facets: list[Facet] = []
        found: list[Gap] = []
        rates: list[PromiseRate] = []
        periods: list[PromisePeriod] = []
        for number, (name, promise) in enumerate(self._charter.promises.items(), len(steps) + 1):
            if progress:
                progress(name, number, total)
            asked = self._answers(name, promise)
            for segment, population in self._populations(name, promise):
                scope = Scope(name, promise, segment, today, seed)
                read = readings(scope, population, asked if segment == ALL else {})
                facets += [reading.facet for reading in read.values()]
                found += gaps(scope, read)
                rates.append(rate(scope, population))
                if segment == ALL:
                    periods += trend(scope, population, zone)
        for table_name, kind, rows in (
            ("facets", Facet, facets), ("gaps", Gap, found), ("promise_rates", PromiseRate, rates),
            ("promise_trend", PromisePeriod, periods),
        ):  # fmt: skip
            self._engine.table(table_name, table(kind, rows))
        return Measured(tuple(facets), tuple(found), tuple(rates), tuple(periods))

    def listen(self, as_of_us: int, state: State, *, seed: int = 0, progress: Progress | None = None) -> None:
        """Make the tables about people, from the texts and the labels in ``state`` too. The same seed gives the same figures."""
        charter, engine = self._charter, self._engine
        zone = ZoneInfo(charter.company.timezone)
        today = self._clock().astimezone(zone).date()
        parts: tuple[Callable[[], Mapping[str, pa.Table]], ...] = (
            lambda: hear(charter, engine, state, seed, progress),
            lambda: measure_silence(charter, engine, as_of_us, seed),
            lambda: restrain(charter, engine, as_of_us, seed),
            lambda: stay(charter, engine, as_of_us, seed),
            lambda: cost_irritants(charter, engine, as_of_us, seed),
            lambda: measure_employees(charter, engine, state, as_of_us, today, seed),
        )
        for number, ((name, _, _), part) in enumerate(zip(_PLAN, parts, strict=True), 1):
            if progress:
                progress(name, number, len(_PLAN))
            for table_name, rows in part().items():
                engine.table(table_name, rows)

    def valued(self) -> Charter:
        """The charter with the value of a lost customer as it was measured, where it could be; for the stages that come after."""
        worth, declared = lost_customer(self._charter, self._engine), self._charter.values
        if worth is None or worth.source != "measured":
            return self._charter
        money = Money(value=worth.value, range=(worth.low, worth.high), source="measured")
        name = declared[LOST].name if LOST in declared else None
        values = {**declared, LOST: money.model_copy(update={"name": name})}
        return self._charter.model_copy(update={"values": values})

    def labelling(self, state: State, seed: int = 0, progress: Progress | None = None) -> Labelling:
        """The sentences of this scan's texts, for a person to label."""
        return Labelling.open(self._charter, self._engine, state, seed, progress, self._clock)

    def _populations(self, name: str, promise: Promise) -> Iterator[tuple[str, Population]]:
        """Everyone, then the most frequent values of each segment that the promise is told by."""
        rows = self._engine.arrow(f"select * from {written.JOURNEYS} where promise = {literal(name)}")
        everyone, order = read_population(rows, promise)
        yield ALL, everyone
        names = promise.segments or tuple(self._charter.segments)
        for segment in names:
            column = rows[f"segment_{segment}"].combine_chunks().dictionary_encode()
            held = {value: number for number, value in enumerate(column.dictionary.to_pylist())}
            codes = np.asarray(column.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)[
                order
            ]
            for value in self._most_frequent(name, segment):
                mine: Flags = codes == held[value]
                yield f"{segment}={value}", everyone.where(mine)

    def _most_frequent(self, name: str, segment: str) -> list[str]:
        rows = self._engine.rows(
            f"select value from {written.SEGMENTS} where promise = {literal(name)} and segment = {literal(segment)} "
            f"order by journeys desc, value limit {self._charter.segments[segment].most}"
        )
        return [row[0] for row in rows]

    def _answers(self, name: str, promise: Promise) -> dict[str, Curve]:
        """The answers to the question that a facet names; one that says it is about another promise does not count."""
        found: dict[str, Curve] = {}
        for facet in DECLARED:
            level = promise.level(facet)
            if level is None or not level.responses:
                continue
            rows: pa.Table = self._engine.arrow(
                "select value, weight, respondent from responses "
                f"where question = {literal(level.responses)} and value is not null "
                f"and (promise is null or promise = {literal(name)}) and (facet is null or facet = {literal(facet)}) "
                "order by respondent, t_us, value, weight"
            )
            respondents = np.array([str(value) for value in rows["respondent"].to_pylist()], dtype=object)
            known = np.array([value is not None for value in rows["respondent"].to_pylist()], dtype=bool)
            persons = np.arange(len(respondents))
            if known.any():
                people, number = np.unique(respondents[known].astype(str), return_inverse=True)
                persons[known] = number
                persons[~known] = len(people) + np.arange(int((~known).sum()))
            weights = rows["weight"].combine_chunks().fill_null(1.0).to_numpy(zero_copy_only=False)
            found[facet] = Curve(rows["value"].to_numpy(), weights=weights, persons=persons)
        return found
