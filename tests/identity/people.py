"""A small company to tell persons apart in, and the plain-Python twin of who is who."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.identity import Identity
from portance.identity.identifier import identifier_types

Row = dict[str, Any]


def charter(
    types: Iterable[str], caps: dict[str, int] | None = None, ignore: dict[str, list[str]] | None = None
) -> Charter:
    names = sorted(types)
    told = {**{name: {"cap": cap} for name, cap in (caps or {}).items()}}
    for name, values in (ignore or {}).items():
        told.setdefault(name, {})["ignore"] = values
    return Charter.model_validate(
        {
            "portance": 1,
            "company": {"name": "Somewhere"},
            "functions": {"sales": {}},
            "identifiers": told,
            "sources": {
                "desk": {
                    "read": "desk.csv",
                    "case": {"order": "order"},
                    "identifiers": {name: name for name in names},
                    "interactions": [{"activity": "call", "at": "at"}],
                }
            },
            "journeys": {"all": {"by": "person"}},
        }
    )


def accepted(rows: list[Row], types: Iterable[str]) -> pa.Table:
    """Rows are what interactions show; the rest is filled in, in order."""
    counts: dict[str, int] = {}
    filled = []
    for place, row in enumerate(rows):
        source = row.get("source", "desk")
        counts[source] = counts.get(source, 0) + 1
        filled.append(
            {
                "interaction_id": row.get("interaction_id", f"i{place + 1}"), "receipt": row.get("receipt", f"{source}-1"), "source": source,
                "entry": row.get("entry", 0), "row_number": row.get("row_number", counts[source]), "t_us": row.get("t_us", place * 1_000_000),
                "activity": "call",
            }
            | {f"id_{name}": row.get(name) for name in types}
        )  # fmt: skip
    fields = [
        ("interaction_id", pa.string()), ("receipt", pa.string()), ("source", pa.string()), ("entry", pa.int16()),
        ("row_number", pa.int64()), ("t_us", pa.int64()), ("activity", pa.string()),
        *((f"id_{name}", pa.string()) for name in types),
    ]  # fmt: skip
    return pa.Table.from_pylist(filled, schema=pa.schema(fields))


class Found:
    """The tables that identity made, as plain rows."""

    def __init__(self, engine: Engine) -> None:
        for name, order in (
            ("interactions", "tie"), ("identifiers", "identifier_type, identifier_value"), ("persons", "person_key"),
            ("joins", "person_id, identifier_type, identifier_value"), ("aliases", "person_id"), ("large_persons", "person_key"),
        ):  # fmt: skip
            setattr(self, name, engine.arrow(f'select * from "{name}" order by {order}').to_pylist())

    interactions: list[Row]
    identifiers: list[Row]
    persons: list[Row]
    joins: list[Row]
    aliases: list[Row]
    large_persons: list[Row]

    def person(self, interaction_id: str) -> str | None:
        return next(row["person_id"] for row in self.interactions if row["interaction_id"] == interaction_id)

    def groups(self) -> set[frozenset[str]]:
        """Who is who, names apart: the interactions of each person."""
        held: dict[str, set[str]] = {}
        for row in self.interactions:
            if row["person_id"] is not None:
                held.setdefault(row["person_id"], set()).add(row["interaction_id"])
        return {frozenset(ids) for ids in held.values()}

    def kinds(self, type_: str) -> dict[str, str]:
        return {
            row["identifier_value"]: row["kind"]
            for row in self.identifiers
            if row["identifier_type"] == type_
        }


def resolve(
    rows: list[Row],
    folder: Path,
    company: Charter,
    receipts: dict[str, int] | None = None,
    engine: Engine | None = None,
) -> Found:
    """Who is who among some rows; ``engine`` saves the time to open one."""
    if engine is None:
        with Engine(threads=1) as own:
            return resolve(rows, folder, company, receipts, own)
    engine.table("accepted", accepted(rows, list(company.sources["desk"].identifiers)))
    engine.drop("receipts")
    if receipts is not None:
        table = {
            "receipt": pa.array(list(receipts), pa.string()),
            "received_us": pa.array(list(receipts.values()), pa.int64()),
        }
        engine.table("receipts", pa.table(table))
    Identity(company, engine, folder).resolve()
    return Found(engine)


def twin(rows: list[Row], company: Charter) -> tuple[set[frozenset[int]], set[tuple[str, str]]]:
    """Who is who by a union-find that a reader can follow: groups of row places, and the links."""
    types = identifier_types(list(company.sources["desk"].identifiers), company)
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    def usable(row: Row, type_) -> tuple[str, str] | None:
        given = row.get(type_.name)
        if given is None:
            return None
        compared = type_.compared(pa.array([given]))
        return None if type_.nobody(compared)[0] else (type_.name, compared[0].as_py())

    links: set[tuple[str, str]] = set()
    before: list = []
    for type_ in types:
        if type_.cap is not None:
            beside: dict[tuple[str, str], set[tuple[str, str]]] = {}
            for row in rows:
                value = usable(row, type_)
                held = {root(node) for other in before if (node := usable(row, other)) and node not in links}
                if value:
                    beside.setdefault(value, set()).update(
                        held & {root(node) for node in list(parent) if node[0] != "order"}
                    )
            links |= {value for value, persons in beside.items() if len(persons) > type_.cap}
        for row in rows:
            value = usable(row, type_)
            for other in before:
                node = usable(row, other)
                if value and node and value not in links and node not in links:
                    parent[root(value)] = root(node)
        before.append(type_)
    groups: dict[tuple[str, str], set[int]] = {}
    for place, row in enumerate(rows):
        nodes = [node for type_ in types if (node := usable(row, type_)) and node not in links]
        if nodes:
            groups.setdefault(root(nodes[0]), set()).add(place)
    return {frozenset(places) for places in groups.values()}, links
