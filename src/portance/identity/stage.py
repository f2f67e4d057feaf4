"""Identity: accepted interactions in, the same interactions with their person out.

Two interactions that show the same identifier are one person's. Values that mean nobody never connect; a value
that would tie too many persons is kept as a link. Everything here is deterministic: connections that are only
probable, or decided by a person, would come as further rows of ``joins`` under a ``rule`` of their own.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from portance.charter import Charter
from portance.engine import Engine, Progress
from portance.identity import steps
from portance.identity.connecting import Connected, Flags, Integers, connect
from portance.identity.identifier import IdentifierType, case_like, identifier_types
from portance.identity.minting import KNOWN, Register, former, named

LARGE = 20
"""More identifiers than this, orders and cases apart, and a person is listed for a look."""
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of one type as given, and for each the index of its compared text, -1 where it means nobody."""

    given: pa.Table
    index: Integers
    texts: pa.Array
    first: Integers
    """For each compared text, the place of the first interaction that shows it."""
    as_given: pa.Array
    """For each compared text, how that interaction writes it."""


@dataclass(frozen=True, slots=True)
class _Nodes:
    """All identifiers that may tell who, numbered in the order of first sight."""

    kind: Integers
    """The index of their type."""
    own: Flags
    """Whether they are the customer's own rather than the number of an affair."""
    text: pa.Array
    given: pa.Array
    before: pa.Array
    """The person for whom each was first seen, null if it is new."""
    seen: Integers
    codes: tuple[Integers, ...]
    """For each type, the number of each of its compared texts."""


class Identity:
    """Who is who: makes ``interactions``, ``identifiers``, ``persons``, ``joins``, ``aliases`` and ``large_persons``.

    ``folder`` remembers the names of persons between runs; without it they are the same again as long as the
    receipts come in the same order.
    """

    def __init__(self, charter: Charter, engine: Engine, folder: Path) -> None:
        self._charter, self._engine = charter, engine
        self._register = Register(folder)

    def resolve(self, progress: Progress | None = None) -> None:
        """Read ``accepted`` (and ``receipts``, for the instant of the latest, where it is there) and make the tables."""
        engine = self._engine
        names = [name.removeprefix("id_") for name in engine.columns("accepted") if name.startswith("id_")]
        types = identifier_types(names, self._charter)
        listed = [type_.name for type_ in types]
        latest_us = self._receipts()
        engine.run([steps.given(name) for name in listed], progress)
        values = [self._values(type_) for type_ in types]
        nodes = self._nodes(types, values)
        for type_, found, codes in zip(types, values, nodes.codes, strict=True):
            code = pa.array(np.where(found.index < 0, -1, codes[found.index]), mask=found.index < 0)
            engine.table(f"identity_code_{type_.name}", found.given.append_column("code", code))
        who, seats = self._connected(types, nodes.own, progress)
        self._publish(types, nodes, who, seats, latest_us)
        engine.run([*steps.interactions(listed), *steps.people(listed)], progress)
        engine.drop(
            "identity_shown", "identity_nodes", "identity_roots", "identity_person_of", "identity_people",
            "identity_joins", "identity_known", "identity_receipts",
            *(f"identity_{kind}_{name}" for kind in ("given", "code", "person") for name in listed),
        )  # fmt: skip

    def _receipts(self) -> int | None:
        """Rank receipts in the order in which they were published; gives the instant of the latest, where receipts tell it.

        Their ids keep that order. Instants do not: a clock that is set back between two loads would name persons otherwise.
        """
        engine = self._engine
        told = engine.rows("select count(*) from information_schema.tables where table_name = 'receipts'")
        received = dict(engine.rows("select receipt, received_us from receipts")) if told[0][0] else {}
        rows = sorted(engine.rows("select distinct receipt, source from accepted"))
        sources = {source: rank for rank, source in enumerate(sorted({row[1] for row in rows}), 1)}
        table = {
            "receipt": pa.array([row[0] for row in rows], pa.string()),
            "place": pa.array(range(1, len(rows) + 1), pa.int64()),
            "source_rank": pa.array([sources[row[1]] for row in rows], pa.int64()),
        }
        engine.table("identity_receipts", pa.table(table))
        instants = [received[row[0]] for row in rows if received.get(row[0]) is not None]
        return instants[-1] if instants else None

    def _values(self, type_: IdentifierType) -> _Values:
        rows = self._engine.arrow(
            f'select given, tie, sources::bigint as sources, interactions::bigint as interactions from "identity_given_{type_.name}" order by tie'
        )
        self._engine.drop(f"identity_given_{type_.name}")
        compared = type_.compared(rows["given"].combine_chunks()).dictionary_encode()
        index = compared.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        newest = np.maximum.accumulate(index) if len(index) else index
        places = np.flatnonzero(np.diff(newest, prepend=-1))
        first = rows["tie"].to_numpy()[places]
        nobody = type_.nobody(compared.dictionary)
        return _Values(
            given=rows.select(["given", "sources", "interactions"]),
            index=np.where(nobody[index], -1, index),
            texts=compared.dictionary,
            first=np.where(nobody, _NEVER, first),
            as_given=rows["given"].combine_chunks().take(pa.array(places)),
        )

    def _nodes(self, types: tuple[IdentifierType, ...], values: list[_Values]) -> _Nodes:
        usable = [np.flatnonzero(found.first != _NEVER) for found in values]
        kind = np.repeat(np.arange(len(types)), [len(kept) for kept in usable])
        first = np.empty(len(kind), dtype=np.int64)
        start, spans = 0, []
        for found, kept in zip(values, usable, strict=True):
            spans.append(slice(start, start + len(kept)))
            first[spans[-1]] = found.first[kept]
            start += len(kept)
        text = _taken([found.texts for found in values], usable)
        given = _taken([found.as_given for found in values], usable)
        seen, before = self._seen(types, kind, text)
        order = np.lexsort((kind, first, seen))
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order))
        codes = []
        for found, kept, span in zip(values, usable, spans, strict=True):
            code = np.full(len(found.texts), -1, dtype=np.int64)
            code[kept] = number[span]
            codes.append(code)
        cases, placed = case_like(self._charter), pa.array(order)
        own = np.array([type_.name not in cases for type_ in types], dtype=np.bool_)
        kind = kind[order]
        return _Nodes(
            kind=kind, own=own[kind], text=text.take(placed), given=given.take(placed), before=before.take(placed),
            seen=seen[order], codes=tuple(codes),
        )  # fmt: skip

    def _seen(
        self, types: tuple[IdentifierType, ...], kind: Integers, text: pa.Array
    ) -> tuple[Integers, pa.Array]:
        """Which identifiers were seen before: their place in the order of first sight, and for whom."""
        seen = np.full(len(text), _NEVER, dtype=np.int64)
        known = self._register.known()
        if not len(known):
            return seen, pa.nulls(len(text), pa.string())
        engine = self._engine
        type_names = pa.array([type_.name for type_ in types], pa.string()).take(pa.array(kind))
        engine.table("identity_known", known)
        engine.table(
            "identity_nodes", pa.table({"node": np.arange(len(text)), "type": type_names, "text": text})
        )
        found = engine.arrow(
            "select n.node, k.seen, k.person_id from identity_nodes n "
            "join identity_known k on k.identifier_value = n.text and k.identifier_type = n.type"
        )
        node = found["node"].to_numpy()
        seen[node] = found["seen"].to_numpy()
        back = np.full(len(text), -1, dtype=np.int64)
        back[node] = np.arange(len(node))
        return seen, found["person_id"].combine_chunks().take(pa.array(back, mask=back < 0))

    def _connected(
        self, types: tuple[IdentifierType, ...], own: Flags, progress: Progress | None
    ) -> tuple[Connected, Integers]:
        """Who is who, and for each showing the place of the interaction that first shows it."""
        width = len(types)
        if width < 2:  # one type alone: each value is a person, there is nothing to connect
            nothing = np.empty((0, width), dtype=np.int64)
            return connect(nothing, tuple(type_.cap for type_ in types), own), np.empty(0, dtype=np.int64)
        self._engine.run([steps.shown([type_.name for type_ in types])], progress)
        rows = self._engine.arrow("select * from identity_shown order by tie")
        self._engine.drop("identity_shown")
        shown = np.column_stack(
            [
                pc.fill_null(rows[f"c{index}"], -1).to_numpy().astype(np.int64, copy=False)
                for index in range(width)
            ]
        )
        return connect(shown, tuple(type_.cap for type_ in types), own), rows["tie"].to_numpy()

    def _publish(
        self,
        types: tuple[IdentifierType, ...],
        nodes: _Nodes,
        who: Connected,
        seats: Integers,
        latest_us: int | None,
    ) -> None:
        """Name the persons, remember them, and hand the engine what the last steps read."""
        engine, n = self._engine, len(nodes.text)
        roots = np.flatnonzero((who.first == np.arange(n)) & ~who.link)
        names = named(roots, nodes.before.take(pa.array(roots)), self._minted(types, nodes, roots))
        key = np.full(n, -1, dtype=np.int64)
        key[roots] = np.arange(len(roots))
        key = np.where(who.link, -1, key[who.first])
        person_id = names.person_ids.take(pa.array(key, mask=key < 0))
        engine.table(
            "identity_person_of",
            pa.table({"code": np.arange(n), "person_id": person_id, "person_key": pa.array(key + 1, mask=key < 0), "link": who.link}),
        )  # fmt: skip
        merged = key >= 0
        own_count = np.bincount(key[merged & nodes.own], minlength=len(roots))
        engine.table(
            "identity_people",
            pa.table(
                {
                    "person_id": names.person_ids,
                    "person_key": np.arange(1, len(roots) + 1),
                    "identifiers": np.bincount(key[merged], minlength=len(roots)),
                    "own_identifiers": own_count,
                    "large": own_count > LARGE,
                }
            ),
        )
        self._joins(types, nodes, who, seats, person_id)
        self._remember(types, nodes, person_id, names.person_ids, latest_us)

    def _minted(self, types: tuple[IdentifierType, ...], nodes: _Nodes, roots: Integers) -> pa.Array:
        """The name that each root would give: a hash of the identifier, the same wherever it is made."""
        engine, places = self._engine, pa.array(roots)
        type_names = pa.array([type_.name for type_ in types], pa.string()).take(pa.array(nodes.kind[roots]))
        table = {"place": np.arange(len(roots)), "type": type_names, "text": nodes.text.take(places)}
        engine.table("identity_roots", pa.table(table))
        minted = engine.arrow(
            "select place, 'p' || substr(md5(type || chr(31) || text), 1, 20) as person_id from identity_roots"
        )
        return minted["person_id"].combine_chunks().take(pa.array(np.argsort(minted["place"].to_numpy())))

    def _joins(
        self,
        types: tuple[IdentifierType, ...],
        nodes: _Nodes,
        who: Connected,
        seats: Integers,
        person_id: pa.Array,
    ) -> None:
        joined = np.flatnonzero(who.through >= 0)
        beside = who.parent[joined]
        type_names = pa.array([type_.name for type_ in types], pa.string())
        before, before_beside = nodes.before.take(pa.array(joined)), nodes.before.take(pa.array(beside))
        person = person_id.take(pa.array(joined))
        other = pc.and_(pc.not_equal(before, person), pc.fill_null(pc.not_equal(before, before_beside), True))
        self._engine.table(
            "identity_joins",
            pa.table(
                {
                    "person_id": person,
                    "identifier_type": type_names.take(pa.array(nodes.kind[joined])),
                    "identifier_value": nodes.given.take(pa.array(joined)),
                    "with_type": type_names.take(pa.array(nodes.kind[beside])),
                    "with_value": nodes.given.take(pa.array(beside)),
                    "joined_person_id": pc.if_else(
                        pc.fill_null(other, False), before, pa.scalar(None, pa.string())
                    ),
                    "tie": seats[who.through[joined]],
                }
            ),
        )

    def _remember(
        self,
        types: tuple[IdentifierType, ...],
        nodes: _Nodes,
        person_id: pa.Array,
        current: pa.Array,
        latest_us: int | None,
    ) -> None:
        known, kept = self._register.known(), self._register.aliases()
        type_names = pa.array([type_.name for type_ in types], pa.string())
        new = np.flatnonzero((nodes.seen == _NEVER) & np.asarray(pc.is_valid(person_id)))
        start = int(pc.max(known["seen"]).as_py() or 0) if len(known) else 0
        added = pa.table(
            [
                type_names.take(pa.array(nodes.kind[new])),
                nodes.text.take(pa.array(new)),
                person_id.take(pa.array(new)),
                pa.array(np.arange(start + 1, start + 1 + len(new))),
            ],
            schema=KNOWN,
        )
        aliases = kept
        if len(known):
            old = np.flatnonzero(np.asarray(pc.is_valid(nodes.before)) & np.asarray(pc.is_valid(person_id)))
            issued = nodes.before.take(pa.array(old)).dictionary_encode()
            codes = issued.indices.to_numpy()
            _, earliest = np.unique(codes, return_index=True)
            holders = person_id.take(pa.array(old[earliest]))
            aliases = former(issued.dictionary, holders, current, kept, latest_us)
        if len(added) or not aliases.equals(kept) or not self._register.known_file.exists():
            self._register.keep(pa.concat_tables([known, added]), aliases)
        self._engine.table("aliases", aliases)


def _taken(texts: list[pa.Array], places: list[Integers]) -> pa.Array:
    parts = [text.take(pa.array(kept)).cast(pa.string()) for text, kept in zip(texts, places, strict=True)]
    return pa.concat_arrays(parts) if parts else pa.array([], pa.string())
