"""Which customers passed where: the journeys that a unit handled in a period, and whether each was lost.

A journey belongs to every cell (a unit in a period) that handled one of its interactions on a day of that period. It is
lost when it broke, or when a promise made to it was broken; a journey on which a promise is still pending and nothing broke
is not judged.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.alignment.indicators import dating
from portance.alignment.indicators.panel import Panel
from portance.alignment.scoreboards.lighting import Lights
from portance.charter.indicator import COMPANY
from portance.engine import Engine, Step, literal

VISITS, JUDGED, CELLS, PLACES = (
    "scoreboard_visits",
    "scoreboard_judged",
    "scoreboard_cells",
    "scoreboard_places",
)
Floats = npt.NDArray[np.float64]
FEWEST_CLUSTERS = 6
"""Below so many units nothing can be inferred from how they differ: periods are the clusters instead."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one panel as numbers: ``offset`` + place of the period × units + place of the unit.

    The smallest cell of a journey is so the earliest one.
    """

    lights: Lights
    offset: int

    @property
    def panel(self) -> Panel:
        """The panel whose cells these are."""
        return self.lights.panel

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.panel.units) * len(self.panel.periods)

    def laid_out(self, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Values of (units, periods) in the order of the cells' numbers."""
        return np.asarray(values.T.reshape(-1), dtype=np.int64)

    def counted(self, rows: Mapping[str, npt.NDArray[np.int64]], value: str) -> Floats:
        """Counts told by cell as an array of (units, periods)."""
        mine = (rows["cell"] >= self.offset) & (rows["cell"] < self.offset + self.size)
        flat = np.bincount(rows["cell"][mine] - self.offset, rows[value][mine], self.size)
        return np.asarray(flat.reshape(len(self.panel.periods), len(self.panel.units)).T, dtype=np.float64)


def grids(lit: Sequence[Lights]) -> tuple[Grid, ...]:
    """The cells of all panels, numbered one panel after another."""
    made, offset = [], 0
    for lights in lit:
        grid = Grid(lights, offset)
        made.append(grid)
        offset += grid.size
    return tuple(made)


def unit_columns(
    kind: str, units: Collection[str], placed: Collection[str], given: Collection[str]
) -> tuple[tuple[str, bool], ...]:
    """Where the units of a kind stand: columns of journeys' interactions, or (true) an attribute of interactions.

    What is kept for the whole company may still be told by team or by function, under their names.
    """
    if kind == COMPANY:
        whole = ((literal(COMPANY), False),) if COMPANY in units else ()
        if len(units) == len(whole):
            return whole
        return (*whole, *((f"i.{name}", False) for name in ("team", "function") if name in placed))
    if kind in placed:
        return ((f'i."{kind}"', False),)
    if f"segment_{kind}" in placed:
        return ((f'i."segment_{kind}"', False),)
    if f"a_{kind}" in given:
        return ((f'a."a_{kind}"', True),)
    return ()


def prepare(engine: Engine, made: Sequence[Grid], *, sampled: bool) -> bool:
    """Make the tables of visits, judged journeys and cells; false where no panel's units handle interactions."""
    placed = engine.columns_or_none("journey_interactions")
    if placed is None:
        return False
    given = engine.columns_or_none("interactions") or {}
    steps: list[Step] = []
    for number, grid in enumerate(made):
        columns = unit_columns(grid.panel.unit_kind, grid.panel.units, placed, given)
        if not columns:
            continue
        _register(engine, grid, number)
        steps.append(_visits(number, grid, columns))
    if not steps:
        return False
    union = Step(
        VISITS, " union all ".join(f"select * from {step.name}" for step in steps), tuple(step.name for step in steps),
        "One journey that one unit handled in one period.",
    )  # fmt: skip
    timed = engine.columns_or_none("timed") is not None
    engine.table(CELLS, _cells(made))
    engine.run([*steps, union, _judged(sampled=sampled, timed=timed)])
    return True


def clear(engine: Engine, made: Sequence[Grid]) -> None:
    """Forget the tables of visits once everything is read from them."""
    numbered = [
        f"scoreboard_{kind}_{number}" for number in range(len(made)) for kind in ("visits", "units", "days")
    ]
    engine.drop(VISITS, JUDGED, CELLS, PLACES, *numbered)


def _register(engine: Engine, grid: Grid, number: int) -> None:
    engine.table(
        f"scoreboard_units_{number}",
        pa.table(
            {"unit": list(grid.panel.units), "code": range(len(grid.panel.units))},
            schema=pa.schema([("unit", pa.string()), ("code", pa.int64())]),
        ),
    )
    starts = grid.panel.periods.astype("datetime64[D]")
    ends = dating.after(starts, grid.panel.period_kind)
    told = [
        (day, place)
        for place, (start, end) in enumerate(zip(dating.numbers(starts), dating.numbers(ends), strict=True))
        for day in range(int(start), int(end))
    ]
    engine.table(
        f"scoreboard_days_{number}",
        pa.table({"local_day": [day for day, _ in told], "place": [place for _, place in told]},
                 schema=pa.schema([("local_day", pa.int32()), ("place", pa.int64())])),
    )  # fmt: skip


def _visits(number: int, grid: Grid, columns: Sequence[tuple[str, bool]]) -> Step:
    units, calendar = f"scoreboard_units_{number}", f"scoreboard_days_{number}"
    parts = [
        f"select i.journey_key, {grid.offset} + d.place * {len(grid.panel.units)} + u.code as cell "
        f"from journey_interactions as i{_ATTRIBUTES if given else ''} "
        f"join {units} as u on cast({column} as varchar) = u.unit join {calendar} as d on d.local_day = i.local_day"
        for column, given in columns
    ]
    attributes = ("interactions",) if any(given for _, given in columns) else ()
    return Step(
        name=f"scoreboard_visits_{number}",
        sql=f"select distinct journey_key, cell from ({' union all '.join(parts)}) as met",
        reads=("journey_interactions", units, calendar, *attributes),
        note=f"One journey that one {grid.panel.unit_kind} handled in one {grid.panel.period_kind}.",
        keep=False,
    )


_ATTRIBUTES = " join interactions as a on a.interaction_id = i.interaction_id"


def _judged(*, sampled: bool, timed: bool) -> Step:
    promised = " union all select journey_key from timed where state = 'broken'" if timed else ""
    pending = "select distinct journey_key from timed where state = 'pending'"
    weight = "w.micro" if sampled else "1"
    return Step(
        name=JUDGED,
        sql=f"""
        with held as (
          select journey_key, journey_type, min(person_key) as person
          from journey_interactions group by journey_key, journey_type
        ), struck as (
          select distinct journey_key from (select journey_key from broken{promised}) as told
        ), waiting as ({pending if timed else "select journey_key from struck where false"})
        select h.journey_key, h.journey_type, coalesce(h.person, -h.journey_key) as cluster,
          cast(case when s.journey_key is not null then 1 else 0 end as bigint) as lost,
          cast({weight} as bigint) as weight
        from held as h left join struck as s on s.journey_key = h.journey_key
        left join waiting as p on p.journey_key = h.journey_key
        {"join weights as w on w.journey_key = h.journey_key" if sampled else ""}
        where s.journey_key is not null or p.journey_key is null""",
        reads=(
            "journey_interactions",
            "broken",
            *(("timed",) if timed else ()),
            *(("weights",) if sampled else ()),
        ),
        note="One journey of which it is known whether the customer was lost.",
    )


def _cells(made: Sequence[Grid]) -> pa.Table:
    cells, functions, green, measured = [], [], [], []
    for grid in made:
        for function in sorted(set(grid.lights.functions)):
            lit, seen = (grid.laid_out(counts) for counts in grid.lights.of(function).counts())
            place = np.flatnonzero(seen)
            cells.append(place + grid.offset)
            functions += [function] * len(place)
            green.append(lit[place])
            measured.append(seen[place])
    none = [np.zeros(0, dtype=np.int64)]
    return pa.table(
        {
            "cell": pa.array(np.concatenate(cells or none), pa.int64()),
            "function": pa.array(functions, pa.string()),
            "green": pa.array(np.concatenate(green or none), pa.int64()),
            "measured": pa.array(np.concatenate(measured or none), pa.int64()),
        }
    )


@dataclass(frozen=True, slots=True)
class Passed:
    """How many journeys of one type each cell handled, and how many of them were lost; weighted, and counted."""

    weight: dict[str, Floats]
    lost: dict[str, Floats]
    journeys: dict[str, Floats]
    journeys_lost: dict[str, Floats]

    def over(self, journey_type: str | None) -> tuple[Floats, Floats, Floats, Floats]:
        """The four counts for one type of journey, or all."""
        kinds = (self.weight, self.lost, self.journeys, self.journeys_lost)
        if journey_type is not None:
            first, second, third, fourth = (kind[journey_type] for kind in kinds)
        else:
            first, second, third, fourth = (np.sum(np.stack(list(kind.values())), axis=0) for kind in kinds)
        return first, second, third, fourth


def passed(engine: Engine, made: Sequence[Grid]) -> list[Passed]:
    """What passed through the cells of each panel, by type of journey."""
    rows = engine.arrow(
        f"select v.cell, j.journey_type, cast(sum(j.weight) as bigint) as weight, "
        f"cast(sum(j.weight * j.lost) as bigint) as lost, count(*) as journeys, "
        f"cast(sum(j.lost) as bigint) as journeys_lost "
        f"from {VISITS} as v join {JUDGED} as j on j.journey_key = v.journey_key group by v.cell, j.journey_type"
    )
    types = np.array(rows["journey_type"].to_pylist(), dtype=object)
    names = sorted(set(types.tolist()))
    columns = {
        name: rows[name].to_numpy().astype(np.int64) for name in ("cell", "weight", "lost", "journeys", "journeys_lost")
    }  # fmt: skip
    found = []
    for grid in made:
        told: dict[str, dict[str, Floats]] = {
            key: {} for key in ("weight", "lost", "journeys", "journeys_lost")
        }
        for name in names:
            mine = {key: values[types == name] for key, values in columns.items()}
            for key, by_type in told.items():
                by_type[name] = grid.counted(mine, key)
        if not names:
            nothing = np.zeros((len(grid.panel.units), len(grid.panel.periods)))
            for by_type in told.values():
                by_type[""] = nothing
        found.append(Passed(**told))
    return found


def clustered(flow: Floats) -> tuple[npt.NDArray[np.int64], str | None]:
    """The cluster of each cell (units, periods): its unit, or its period where units are too few."""
    units, periods = flow.shape
    by_unit = np.repeat(np.arange(units)[:, None], periods, axis=1)
    if int((flow.sum(axis=1) > 0).sum()) >= FEWEST_CLUSTERS:
        return by_unit, None
    by_period = np.repeat(np.arange(periods)[None, :], units, axis=0)
    enough = int((flow.sum(axis=0) > 0).sum()) >= FEWEST_CLUSTERS
    return by_period, "by_period" if enough else "few_clusters"
