"""Writing the published tables to Parquet, and checking that they are what the contract says."""

from pathlib import Path

from portance.alignment import flooring
from portance.engine import Engine
from portance.publication.table import ResultTable
from portance.publication.tables import RESULT_TABLES

_ANSWERS = ("readings",)
"""Tables that are published only when some source gives them."""


def publish(engine: Engine, folder: Path, language: str) -> dict[str, int]:
    """Write every table that was built to ``folder`` and tell the rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    if engine.columns_or_none("interactions"):
        engine.run([flooring.TEAMS])
    rows: dict[str, int] = {}
    for table in RESULT_TABLES:
        if any(engine.columns_or_none(name) is None for name in table.needs):
            continue
        if table.name in _ANSWERS and engine.count(table.needs[0]) == 0:
            continue
        sql = _select(engine, table, language)
        ordered = (
            f"{sql} order by {table.order}"
            if table.order and engine.count(table.needs[0]) <= _ORDERED
            else sql
        )
        engine.write(ordered, folder / f"{table.name}.parquet")
        rows[table.name] = engine.count(table.needs[0])
    return rows


_ORDERED = 2_000_000
"""Up to this many rows the files are written in the table's documented order; beyond it, in the order they come."""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _select(engine: Engine, table: ResultTable, language: str) -> str:
    columns = engine.columns(table.needs[0])
    extra = ""
    attributes = "cast(null as varchar)"
    if table.name == "interactions":
        extra = "".join(f", i.{_quoted(name)}" for name in columns if name.startswith("id_"))
        given = [name for name in columns if name.startswith("a_")]
        if given:
            packed = ", ".join(f"{_quoted(name[2:])} := i.{_quoted(name)}" for name in given)
            nothing = " and ".join(f"i.{_quoted(name)} is null" for name in given)
            attributes = f"case when not ({nothing}) then cast(to_json(struct_pack({packed})) as varchar) end"
    segments = "".join(f", {_quoted(name)}" for name in columns if name.startswith("segment_"))
    sql = table.sql.format(
        identifiers=extra,
        attributes=attributes,
        segments=segments,
        title=f"title_{language}",
        text=f"text_{language}",
    )
    typed = ", ".join(
        f"cast({_quoted(column.name)} as {column.type}) as {_quoted(column.name)}" for column in table.columns
    )
    rest = (
        [
            _quoted(name)
            for name in columns
            if name.startswith(tuple(pattern.split("<")[0] for pattern, _ in table.extra))
        ]
        if table.extra
        else []
    )
    return f"select {', '.join([typed, *rest])} from ({sql})"
