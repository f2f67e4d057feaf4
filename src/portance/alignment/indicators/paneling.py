"""Readings into panels: what formulas give, what was told, and where the levers stood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from portance.alignment.indicators import dating, steps
from portance.alignment.indicators.coupling import components
from portance.alignment.indicators.panel import Days, Moved, Panel, Steered, Values
from portance.alignment.indicators.spreading import spread
from portance.charter import Charter
from portance.charter.indicator import COMPANY
from portance.engine import Engine, Step, literal
from portance.errors import StepError
from portance.journeys.columns import Columns

MOST_CELLS = 250_000_000
"""Two gigabytes of readings in one panel: beyond it the unit is not something that is steered."""
_COLUMNS_AT_ONCE = 16
_NUMBERS = frozenset({
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "FLOAT", "UTINYINT", "USMALLINT", "UINTEGER",
    "UBIGINT", "UHUGEINT", "BOOLEAN",
})  # fmt: skip
TOLD = pa.schema([
    ("label", pa.int64()), ("unit_number", pa.int64()), ("period_day", pa.int64()), ("value", pa.float64()),
])  # fmt: skip
_LABEL = pa.schema([
    ("label", pa.int64()), ("indicator", pa.string()), ("role", pa.string()), ("unit_kind", pa.string()),
    ("period_kind", pa.string()), ("source", pa.string()),
])  # fmt: skip
SET_ASIDE = pa.schema([
    ("indicator", pa.string()), ("unit_kind", pa.string()), ("period_kind", pa.string()), ("source", pa.string()),
    ("reason", pa.string()), ("n", pa.int64()),
])  # fmt: skip
Reason = str
"""``computed`` (a formula gives it already), ``repeated`` (an earlier source gives it), ``future`` (after the
instant up to which extracts tell), ``no_unit`` (a lever of a unit that no panel has)."""


Codes = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Told:
    """The readings of one name that were told, in the order of the sources.

    ``unit`` and ``source`` are places in ``units`` and ``sources``; ``day`` is the first day of the period.
    """

    units: Texts
    unit: Codes
    days: Days
    values: npt.NDArray[np.float64]
    sources: Texts
    source: Codes

    def where(self, kept: npt.NDArray[np.bool_] | Codes) -> "Told":
        """Some of them."""
        return Told(
            self.units, self.unit[kept], self.days[kept], self.values[kept], self.sources, self.source[kept]
        )

    def placed(self, units: Texts) -> Codes:
        """The place of each in ``units`` (sorted); -1 where it is none of them."""
        if not len(units):
            return np.full(len(self.unit), -1)
        place = np.minimum(np.searchsorted(units, self.units), len(units) - 1)
        found: Codes = np.where(units[place] == self.units, place, -1)[self.unit]
        return found


class _Record:
    """What panels say of themselves besides their figures: what was told, and what was set aside of it."""

    def __init__(self) -> None:
        self._aside: dict[tuple[str, str, str, str, Reason], int] = {}
        self._labels: dict[tuple[str, str, str, str, str], int] = {}
        self._units: dict[str, int] = {}
        self._rows: list[pa.Table] = []

    def put_aside(self, key: tuple[str, str, str], held: Told, reason: Reason) -> None:
        """Count readings that are not used, by source."""
        for source, n in zip(*np.unique(held.source, return_counts=True), strict=True):
            whole = (*key, str(held.sources[source]), reason)
            self._aside[whole] = self._aside.get(whole, 0) + int(n)

    def add(
        self,
        name: tuple[str, str],
        kind: tuple[str, str],
        source: str,
        cells: tuple[Texts, Codes, Days, Values],
    ) -> None:
        """Keep the rows of one name, role and source: units, the place of each row in them, its period, its value."""
        units, unit, days, values = cells
        label = self._labels.setdefault((*name, *kind, source), len(self._labels))
        known = np.array(
            [self._units.setdefault(str(one), len(self._units)) for one in units], dtype=np.int64
        )
        self._rows.append(
            pa.table(
                [
                    pa.array(np.full(len(unit), label), pa.int64()), pa.array(known[unit], pa.int64()),
                    pa.array(dating.numbers(days), pa.int64()), pa.array(values, pa.float64()),
                ],
                schema=TOLD,
            )
        )  # fmt: skip

    def keep(self, engine: Engine) -> None:
        """Make the tables."""
        engine.table("panel_told", pa.concat_tables([*self._rows, TOLD.empty_table()]))
        columns = list(zip(*self._labels, strict=True)) or [()] * 5
        engine.table(
            "panel_labels", pa.table([list(range(len(self._labels))), *map(list, columns)], schema=_LABEL)
        )
        engine.table(
            "panel_units",
            pa.table(
                {
                    "unit_number": pa.array(range(len(self._units)), pa.int64()),
                    "unit": pa.array(list(self._units), pa.string()),
                }
            ),
        )
        aside = sorted(self._aside.items())
        columns = list(zip(*(key for key, _ in aside), strict=True)) or [()] * 5
        engine.table(
            "panel_set_aside", pa.table([*map(list, columns), [n for _, n in aside]], schema=SET_ASIDE)
        )


def panels(charter: Charter, engine: Engine, as_of_us: int | None = None) -> tuple[Panel, ...]:
    """The panels of a charter: one for each kind of unit and of period that an indicator is kept for.

    Reads ``interactions``, the tables of journeys, and ``readings`` where it is there. A computed reading is of a
    period that lies wholly between the first day of the interactions and the day of ``as_of_us`` (their last
    instant where it is not given). Told readings join the panel that their name declares; where a formula gives the
    same unit and period, or an earlier source does, they are set aside and counted in ``panel_set_aside``. Makes
    ``panel`` (a view) and ``panel_set_aside``.
    """
    zone = ZoneInfo(charter.company.timezone)
    first, last, today = _known_days(engine, zone, as_of_us)
    made = steps.blocks(charter)
    kinds = {held.period_kind for held in charter.indicators.values()}
    for kind in sorted(kinds):
        _calendar(
            engine,
            kind,
            dating.whole(first, last, kind) if first is not None and last is not None else None,
            zone,
        )
    _compute(charter, engine, made)
    told = _told(charter, engine)
    record = _Record()
    found = []
    for unit_kind, period_kind in dict.fromkeys(
        (held.unit_kind, held.period_kind) for held in charter.indicators.values()
    ):
        mine = [block for block in made if (block.unit_kind, block.period_kind) == (unit_kind, period_kind)]
        built = _Building(charter, engine, _Kind(unit_kind, period_kind, today), record).build(mine, told)
        if built is not None:
            found.append(built)
    record.keep(engine)
    days = np.unique(np.concatenate([*(panel.periods for panel in found), np.empty(0, "datetime64[D]")]))
    engine.table(
        "panel_periods",
        pa.table({"day_number": pa.array(dating.numbers(days)), "period_start": pa.array(days, pa.date32())}),
    )
    kept = [block for block in made if engine.columns_or_none(block.table)]
    engine.run([steps.panel(charter, kept)])
    return tuple(found)


def steered(charter: Charter, panel: Panel | None = None) -> dict[str, Steered]:
    """What is declared of the indicators of a panel (of all, without one), as plain numbers."""
    found = {}
    for name in panel.indicators if panel is not None else charter.indicators:
        held = charter.indicators[name]
        worth = None
        if held.worth is not None and held.worth.value in charter.values:
            money, times = charter.values[held.worth.value], abs(held.worth.times)
            low, high = money.range or (money.value, money.value)
            worth = (low * times, money.value * times, high * times)
        found[name] = Steered(
            name=name, function=held.function, better=1 if held.better == "higher" else -1, unit=held.unit or "",
            target=held.aim, smallest_effect=held.smallest_effect, levers=held.levers, worth=worth,
            components=components(charter, name),
        )  # fmt: skip
    return found


def moved(charter: Charter, panel: Panel | None = None) -> dict[str, Moved]:
    """What is declared of the levers, and what a panel saw of them where that is not declared.

    The range is the one seen where none is declared; where it stands is the declared state, else the last change
    of the whole company, else the median over units of the last period in which it is known.
    """
    found = {}
    for name, lever in charter.levers.items():
        low, high = lever.range or (None, None)
        current = lever.current
        if current is None and lever.changes:
            current = lever.changes[-1][1]
        if panel is not None and name in panel.levers:
            seen = panel.of(name)
            known = np.isfinite(seen)
            if lever.range is None and known.any() and float(seen[known].min()) < float(seen[known].max()):
                low, high = float(seen[known].min()), float(seen[known].max())
            if current is None and known.any():
                final = int(np.flatnonzero(known.any(axis=0))[-1])
                current = float(np.median(seen[known[:, final], final]))
        found[name] = Moved(name, lever.function, low, high, current, lever.assigned)
    return found


def levels(panels_: Sequence[Panel], periods: int = 8) -> dict[str, float]:
    """Where each indicator stands: the mean over units of its last ``periods`` periods that have readings."""
    found = {}
    for panel in panels_:
        for name in panel.indicators:
            seen = panel.of(name)
            last = np.flatnonzero(np.isfinite(seen).any(axis=0))[-periods:]
            if len(last):
                found[name] = float(np.nanmean(seen[:, last]))
    return found


# ---- what formulas give


def _known_days(
    engine: Engine, zone: ZoneInfo, as_of_us: int | None
) -> tuple[np.datetime64 | None, np.datetime64 | None, np.datetime64]:
    if engine.columns_or_none("interactions") is None:
        first, latest = None, None
    else:
        first, latest = engine.rows("select min(local_day), max(t_us) from interactions")[0]
    instant = as_of_us if as_of_us is not None else latest
    if instant is None:
        return None, None, np.datetime64("9999-12-31", "D")
    day = np.datetime64(_local_day(int(instant), zone), "D")
    if first is None:
        return None, None, day
    return np.datetime64(int(first), "D"), day, day


def _local_day(instant_us: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC).astimezone(zone).date().isoformat()


def _calendar(engine: Engine, kind: str, periods: Days | None, zone: ZoneInfo) -> None:
    """The days and the instants of whole periods, as tables."""
    starts = np.empty(0, "datetime64[D]") if periods is None else periods
    ends = dating.after(starts, kind)
    lengths = dating.numbers(ends) - dating.numbers(starts)
    owner = np.repeat(dating.numbers(starts), lengths)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    engine.table(
        steps.days_table(kind),
        pa.table(
            {"calendar_day": pa.array(owner + within, pa.int64()), "period_day": pa.array(owner, pa.int64())}
        ),
    )
    engine.table(
        steps.spans_table(kind),
        pa.table({
            "period_day": pa.array(dating.numbers(starts), pa.int64()),
            "from_us": pa.array(dating.midnights_us(starts, zone), pa.int64()),
            "until_us": pa.array(dating.midnights_us(ends, zone), pa.int64()),
        }),
    )  # fmt: skip


def _compute(charter: Charter, engine: Engine, made: Sequence[steps.Block]) -> None:
    there = engine.columns_or_none("interactions")
    if there is None or not made:
        return
    columns = Columns(charter, there)
    engine.run(steps.journeys(charter))
    listed: list[Step] = []
    for block in made:
        untouched = steps.readings(charter, columns, block, None)
        types = {row[0]: row[1] for row in engine.rows(f"describe {untouched.sql}")}
        for number, name in enumerate(block.names):
            kind = types[f"v{number}"]
            if kind not in _NUMBERS and not kind.startswith("DECIMAL"):
                raise StepError(
                    block.table,
                    f"the measure of {name} gives {kind.lower()}, expected a number or yes and no. "
                    "Count it, or compare it with a value.",
                )
        listed.append(steps.readings(charter, columns, block, types))
    engine.run(listed)


# ---- what was told


def _told(charter: Charter, engine: Engine) -> dict[str, Told]:
    """The readings that sources give, by name, sources in the order of the charter."""
    if engine.columns_or_none("readings") is None:
        return {}
    known = "indicator is not null and period_start is not null and value is not null"
    found = {}
    for (name,) in engine.rows(f"select distinct indicator from readings where {known} order by indicator"):
        rows = engine.arrow(
            f"select coalesce(nullif(trim(unit), ''), {literal(COMPANY)}) as unit, period_start, value, source "
            f"from readings where {known} and indicator = {literal(name)} order by period_start, unit, source, value"
        )
        units, unit = _coded(rows["unit"])
        sources, source = _coded(rows["source"])
        ranks = {one: number for number, one in enumerate(charter.sources)}
        rank = np.array([ranks.get(str(one), len(ranks)) for one in sources], dtype=np.int64)
        days = rows["period_start"].to_numpy().astype("datetime64[D]")
        told = Told(units, unit, days, rows["value"].to_numpy(), sources, source)
        found[str(name)] = told.where(np.argsort(rank[source], kind="stable")) if len(rank) else told
    return found


def _coded(column: pa.ChunkedArray) -> tuple[Texts, Codes]:
    coded = column.combine_chunks().dictionary_encode()
    return np.array(coded.dictionary.to_pylist(), dtype=str), coded.indices.to_numpy().astype(np.int64)


# ---- one panel


@dataclass(frozen=True, slots=True)
class _Kind:
    unit: str
    period: str
    today: np.datetime64


class _Building:
    """The making of one panel."""

    def __init__(self, charter: Charter, engine: Engine, kind: _Kind, record: _Record) -> None:
        self._charter, self._engine, self._kind, self._record = charter, engine, kind, record
        self._mine = [
            name
            for name, held in steps.declared(charter).items()
            if (held.unit_kind, held.period_kind) == (kind.unit, kind.period)
        ]

    def build(self, blocks: Sequence[steps.Block], told: Mapping[str, Told]) -> Panel | None:
        """The panel, or nothing where none of its indicators has a reading."""
        present = {name: self._begun(name, held) for name, held in told.items() if name in self._mine}
        tables = [block for block in blocks if self._engine.columns_or_none(block.table)]
        units, days = self._axes(tables, list(present.values()))
        names = self._mine
        if not len(units) or not len(days):
            return None
        if len(units) * len(days) * (len(names) + len(self._charter.levers)) > MOST_CELLS:
            raise StepError(
                f"panel_{self._kind.unit}_{self._kind.period}",
                f"{len(units):,} units over {len(days):,} periods are too many to steer by. "
                "Use a unit with fewer values, or a longer period, under 'per'.",
            )
        values = np.full((len(units), len(days), len(names)), np.nan)
        counts = np.full_like(values, np.nan)
        for block in tables:
            self._fill(block, (units, dating.numbers(days)), values, counts)
        for name, held in present.items():
            self._join(name, held, (units, days), values[:, :, names.index(name)])
        seen = [name for k, name in enumerate(names) if np.isfinite(values[:, :, k]).any()]
        indicators = tuple(name for name in seen if name in self._charter.indicators)
        context = tuple(name for name in seen if name in self._charter.context)
        if not indicators:
            return None
        known = np.isfinite(values[:, :, [names.index(name) for name in indicators]]).any(axis=(0, 2))
        inside = slice(int(np.flatnonzero(known)[0]), int(np.flatnonzero(known)[-1]) + 1)
        days, values, counts = days[inside], values[:, inside], counts[:, inside]
        states = self._states(told, (units, days))
        if states or seen != names:
            first = [names.index(name) for name in indicators]
            last = [names.index(name) for name in context]
            set_ = np.stack(list(states.values()), axis=2) if states else values[:, :, :0]
            values = np.concatenate([values[:, :, first], set_, values[:, :, last]], axis=2)
            unknown = np.full(set_.shape, np.nan)
            counts = np.concatenate([counts[:, :, first], unknown, counts[:, :, last]], axis=2)
        return Panel(
            indicators=indicators, levers=tuple(states), context=context, units=tuple(str(unit) for unit in units),
            unit_kind=self._kind.unit, periods=days, period_kind=self._kind.period, values=values, counts=counts,
        )  # fmt: skip

    def _key(self, name: str) -> tuple[str, str, str]:
        return name, self._kind.unit, self._kind.period

    def _begun(self, name: str, held: Told) -> Told:
        """The readings whose period has begun."""
        begun = dating.starts(held.days, self._kind.period) <= self._kind.today
        self._record.put_aside(self._key(name), held.where(~begun), "future")
        return held.where(begun)

    def _axes(self, tables: Sequence[steps.Block], told: Sequence[Told]) -> tuple[Texts, Days]:
        units: set[str] = set()
        edges = [held.days for held in told]
        for block in tables:
            units |= {row[0] for row in self._engine.rows(f"select distinct unit from {block.table}")}
            low, high = self._engine.rows(f"select min(period_day), max(period_day) from {block.table}")[0]
            if low is not None:
                edges.append(np.array([low, high], dtype=np.int64).astype("datetime64[D]"))
        for held in told:
            units |= set(held.units[np.unique(held.unit)].tolist())
        days = np.concatenate([*edges, np.empty(0, "datetime64[D]")])
        if not len(days):
            return np.empty(0, dtype=str), days
        return np.array(sorted(units), dtype=str), dating.span(days.min(), days.max(), self._kind.period)

    def _fill(self, block: steps.Block, axes: tuple[Texts, Codes], values: Values, counts: Values) -> None:
        """Put the readings of a block in their places, a few columns at a time."""
        units, starts = axes
        for first in range(0, len(block.names), _COLUMNS_AT_ONCE):
            some = block.names[first : first + _COLUMNS_AT_ONCE]
            cells = ", ".join(f"v{first + i}, n{first + i}" for i in range(len(some)))
            rows = self._engine.arrow(f"select unit, period_day, {cells} from {block.table}")
            named, code = _coded(rows["unit"])
            unit = np.searchsorted(units, named)[code]
            period = np.searchsorted(starts, rows["period_day"].to_numpy())
            for i, name in enumerate(some):
                value = pc.cast(rows[f"v{first + i}"], pa.float64()).to_numpy()
                known = np.isfinite(value)
                column = self._mine.index(name)
                values[unit, period, column] = np.where(known, value, np.nan)
                n = pc.cast(rows[f"n{first + i}"], pa.float64()).to_numpy()
                counts[unit, period, column] = np.where(known, n, np.nan)

    def _join(self, name: str, held: Told, axes: tuple[Texts, Days], values: Values) -> None:
        """Put what was told where no formula gives anything."""
        units, days = axes
        unit = held.placed(units)
        period = np.searchsorted(days, dating.starts(held.days, self._kind.period))
        taken = np.isfinite(values[unit, period])
        first = np.zeros(len(unit), dtype=bool)
        first[np.unique(unit * len(days) + period, return_index=True)[1]] = True
        self._record.put_aside(self._key(name), held.where(taken), "computed")
        self._record.put_aside(self._key(name), held.where(~taken & ~first), "repeated")
        kept = first & ~taken
        values[unit[kept], period[kept]] = held.values[kept]
        role = "indicator" if name in self._charter.indicators else "context"
        for number, source in enumerate(held.sources):
            mine = kept & (held.source == number)
            cells = (units, unit[mine], days[period[mine]], held.values[mine])
            self._record.add((name, role), (self._kind.unit, self._kind.period), str(source), cells)

    def _states(self, told: Mapping[str, Told], axes: tuple[Texts, Days]) -> dict[str, Values]:
        """Where each lever stood; one of which nothing is known is left out."""
        units, days = axes
        edges = np.append(dating.numbers(days), dating.numbers(dating.after(days[-1:], self._kind.period)))
        everywhere = np.arange(len(units), dtype=np.int64)
        found: dict[str, Values] = {}
        for name, lever in self._charter.levers.items():
            dated = [
                (dating.numbers(np.array([day], dtype="datetime64[D]"))[0], value)
                for day, value in lever.changes
            ]
            own: list[tuple[Codes, Codes, Values]] = []
            if (held := told.get(name)) is not None:
                place, whole = held.placed(units), held.units[held.unit] == COMPANY
                mine = np.flatnonzero(place >= 0)[::-1]  # of two sources the first counts: it comes last
                own.append((place[mine], dating.numbers(held.days)[mine], held.values[mine]))
                general = np.flatnonzero(whole & (place < 0))[::-1]
                dated += list(zip(dating.numbers(held.days)[general], held.values[general], strict=True))
                self._record.put_aside(self._key(name), held.where((place < 0) & ~whole), "no_unit")
            # what is set for the whole company comes first: of one day, a unit's own state counts
            shared = [
                (everywhere, np.full(len(units), day), np.full(len(units), value)) for day, value in dated
            ]
            events = [*shared, *own]
            if not events:
                continue
            unit, day, value = (np.concatenate([event[i] for event in events]) for i in range(3))
            state = spread(unit, day, value.astype(np.float64), count=len(units), edges=edges)
            at, period = np.nonzero(np.isfinite(state))
            if len(at):
                found[name] = state
                kind = (self._kind.unit, self._kind.period)
                self._record.add(
                    (name, "lever"), kind, "levers", (units, at, days[period], state[at, period])
                )
        return found
