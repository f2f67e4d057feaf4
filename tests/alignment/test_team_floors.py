"""Which teams may be named: five agents or more, none above half of the work."""

import pyarrow as pa
import pytest

from portance.alignment.flooring import TEAMS
from portance.engine import Engine
from portance.publication.tables import READINGS

_ROWS = pa.schema([("team", pa.string()), ("agent", pa.string())])


def named(engine, work):
    rows = [
        {"team": team, "agent": agent}
        for team, agents in work.items()
        for agent, n in agents.items()
        for _ in range(n)
    ]
    engine.table("interactions", pa.Table.from_pylist(rows, schema=_ROWS))
    engine.run([TEAMS])
    return {row[0] for row in engine.rows("select team from team_floors")}


@pytest.mark.parametrize(
    ("shares", "shown"),
    [((1, 1, 1, 1, 1), True), ((1, 1, 1, 1), False), ((4, 1, 1, 1, 1), True), ((5, 1, 1, 1, 1), False)],
)
def test_a_team_is_named_from_five_agents_none_above_half(shares, shown):
    agents = {f"a{number}": n for number, n in enumerate(shares)}
    with Engine(threads=1) as engine:
        assert named(engine, {"desk": agents}) == ({"desk"} if shown else set())


def test_nobody_known_behind_a_team_names_none():
    with Engine(threads=1) as engine:
        assert named(engine, {"desk": {None: 40}}) == set()


def test_a_reading_that_a_formula_gives_names_a_team_only_where_its_floor_holds():
    told = [
        ("large", "team", "formula"), ("small", "team", "formula"), ("small", "team", "kpis"), ("north", "region", "formula"),
    ]  # fmt: skip
    panel = [
        {"indicator": "calls", "role": "indicator", "unit": unit, "unit_kind": kind, "period_start": None, "period_kind": "week", "value": 1.0, "n": 1, "source": source}
        for unit, kind, source in told
    ]  # fmt: skip
    texts = ("indicator", "role", "unit", "unit_kind", "period_kind", "source")
    with Engine(threads=1) as engine:
        engine.table("team_floors", pa.table({"team": ["large"]}))
        schema = pa.schema(
            [*((name, pa.string()) for name in texts), ("period_start", pa.date32()), ("value", pa.float64()), ("n", pa.int64())]
        )  # fmt: skip
        engine.table("panel", pa.Table.from_pylist(panel, schema=schema))
        engine.table(
            "readings",
            pa.table(
                [pa.array([], kind) for kind in (pa.string(), pa.string(), pa.date32(), pa.string(), pa.string())],
                names=["indicator", "unit", "period_start", "source", "receipt"],
            ),
        )  # fmt: skip
        shown = engine.rows(f"select unit, source from ({READINGS.sql}) order by source, unit nulls last")
    assert shown == [("large", "formula"), ("north", "formula"), (None, "formula"), ("small", "kpis")]
