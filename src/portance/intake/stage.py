"""Intake: the extracts of the silos come in; what is refused is kept, with its reason.

What counts is decided by receipts. One file read once under one mapping is one receipt; reading it again does
nothing. A file that has grown or changed adds what is new and counts what it says again.

When the mapping of a source changes (its declaration in the charter, the company's zone, or a look-up's content),
its files are read again under the new one, and what the old mapping made of the same file gives way in the same
transaction: wholly where the file still holds what it held, else from the earliest instant that it still reaches
back to, so that a window of the last thirty days does not erase the years before it. Receipts whose file is gone
stay as they were read; their refused rows can be replayed.

A load that is undone does not come back by itself: its content is read again only when its source is named in
``receive(only=…)``. Files that had relied on it (their rows were counted as its duplicates) are read again.
"""

import difflib
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from portance.charter import Charter, document
from portance.charter.checking import activities, activity_problems, attribute_names, readable
from portance.charter.source import Lookup, Source
from portance.clock import Clock
from portance.engine import Engine, Progress, extracts, literal
from portance.engine.extracts import Extract
from portance.errors import CharterError, ExtractError, PortanceError, Problem, StateError
from portance.intake import columns, reading
from portance.intake.columns import KINDS, Kind
from portance.intake.event_logs import completed
from portance.intake.keeping import TABLE, Keeping, Kept, telling_apart
from portance.intake.mapping import GOOD, REFUSED, YEAR_US, Candidates, Joined, Mapper, Path_, Shape, Unmapped
from portance.intake.reading import Reading
from portance.intake.zones import DAY_US, Zones
from portance.store import Receipt, State

READER = 1
"""Raised when the same file and mapping would be read otherwise: all files are then read again."""
_FEW = 4
_FIRST = "intake_first_file"
_TOLERATED = 0.01
"""``check`` tells of refusals from this share of an entry's rows on; single bad rows are what refusals are for."""


@dataclass(frozen=True, slots=True)
class _Load:
    """A file that is to be read."""

    source: str
    path: Path
    file: str
    content: str
    mapping: str


class Intake:
    """Receives the extracts of a charter's sources into its state, and shows them as tables of an engine."""

    def __init__(self, charter: Charter, state: State, engine: Engine, clock: Clock) -> None:
        self._charter, self._state, self._engine, self._clock = charter, state, engine, clock
        self._zones: Zones | None = None
        self._seen: dict[str, set[str]] = {}
        self._met: set[str] | None = None

    # ---- receiving

    def receive(
        self, progress: Progress | None = None, only: Sequence[str] | None = None
    ) -> tuple[Receipt, ...]:
        """Read what is new in the files of all sources, or of those in ``only``; the receipts that were published.

        Each file is published whole or not at all, one transaction each: a run that ends early resumes with the
        next file. Raises ``CharterError`` where files are missing or mappings do not fit them, ``ExtractError``
        where a file cannot be read at all, ``StateError`` where nothing can be kept.
        """
        self._engine.rows("set enable_progress_bar = false")
        loads = [load for load in self._planned(only) if self._wanted(load, asked=only is not None)]
        received: list[Receipt] = []
        for number, load in enumerate(loads, 1):
            if progress:
                progress(f"{load.source}: {load.file}", number, len(loads))
            received.append(self._load(load))
        return tuple(received)

    def _planned(self, only: Sequence[str] | None) -> list[_Load]:
        """Every file of the chosen sources, with its content and the mapping in force; all that is missing at once."""
        unknown = sorted(set(only or ()) - set(self._charter.sources))
        if unknown:
            near = difflib.get_close_matches(unknown[0], list(self._charter.sources), n=1)
            raise CharterError([self._at((), f"source {unknown[0]!r}", f"one of {', '.join(self._charter.sources)}",
                                         "Name a declared source.", near[0] if near else None)])  # fmt: skip
        loads: list[_Load] = []
        problems: list[Problem] = []
        for name, source in self._charter.sources.items():
            if (only is not None and name not in only) or self._locked(source):
                continue
            try:
                paths = reading.expand(self._charter.folder, source.paths)
                mapping = self._mapping(source)
            except ExtractError as error:
                problems.append(self._unread(("sources", name, "read"), error))
                continue
            loads += [_Load(name, path, self._shown(path), reading.digest(path), mapping) for path in paths]
        if problems:
            raise CharterError(problems)
        return loads

    def _locked(self, source: Source) -> bool:
        """Whether a source speaks of employees whose representatives have not been consulted yet: it is not opened."""
        if not source.of_employees:
            return False
        employees, zone = self._charter.employees, ZoneInfo(self._charter.company.timezone)
        return employees is None or not employees.unlocked(self._clock().astimezone(zone).date())

    def _wanted(self, load: _Load, *, asked: bool) -> bool:
        for receipt in self._state.manifest.receipts(load.source):
            if receipt.kind == "file" and receipt.content == load.content and receipt.mapping == load.mapping:
                if receipt.live and not receipt.again and receipt.until_us is None:
                    return False
                if receipt.undone and not asked:
                    return False
        return True

    def _mapping(self, source: Source) -> str:
        """What tells whether a source would be read as before."""
        declared = source.model_dump(mode="json", by_alias=True, exclude={"name": True, "read": True})
        for late in ("work", "employee_answers"):  # keys that came later leave what was read before as it is
            if declared[late] is None:
                del declared[late]
        looked = {
            name: [reading.digest(path) for path in reading.expand(self._charter.folder, _patterns(lookup))]
            for name, lookup in source.lookups.items()
        }
        for lookup in declared["lookups"].values():
            lookup.pop("read")
        company = self._charter.company
        text = json.dumps(
            [READER, declared, looked, company.timezone, company.currency == "USD"], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _shown(self, path: Path) -> str:
        try:
            return path.resolve().relative_to(self._charter.folder.resolve()).as_posix()
        except ValueError:
            return path.resolve().as_posix()

    def _load(self, load: _Load) -> Receipt:
        source = self._charter.sources[load.source]
        extract = self._read(source, load.path, "intake_extract")
        try:
            return self._keep(load, source, extract)
        except Unmapped as error:
            raise CharterError(error.problems) from error
        finally:
            extracts.drop(self._engine, extract.table)

    def _read(self, source: Source, path: Path, table: str, rows: int | None = None) -> Extract:
        how = Reading(source.format, source.sheet, source.encoding, source.separator, source.nulls)
        return reading.read(self._engine, table, path, how, self._state.scratch, rows=rows)

    def _keep(self, load: _Load, source: Source, extract: Extract) -> Receipt:
        received_us = self._now_us()
        candidates = self._candidates(load.source, source, extract, load.mapping, received_us)
        earlier = self._state.manifest.receipts(load.source)
        mine = self._state.manifest.next_id()
        giving_way = _giving_way(earlier, load, candidates.kind)
        compared = [
            receipt for receipt in earlier if receipt.live and self._compared(receipt, load, giving_way)
        ]
        keeping = Keeping(self._engine, load.source, mine, candidates)
        try:
            keeping.make()
            keeping.settle(lambda hashes: self._kept(self._holding(load.source, compared, hashes)))
            counts = keeping.counts(extract)
            receipt = Receipt(
                mine, "file", load.source, load.file, load.content, load.mapping, received_us,
                rows=extract.rows + extract.malformed, candidates=counts.candidates, accepted=counts.accepted,
                duplicate=counts.duplicate, refused=counts.refused, not_happened=counts.not_happened, versions=counts.versions,
            )  # fmt: skip
            _balanced(receipt)
            base = sum(one.rows for one in earlier if one.kind == "file")
            changed = [*self._replaced(giving_way, receipt, load, keeping.kind), *(
                replace(one, again=False) for one in earlier if one.again and one.content == load.content and one not in giving_way
            )]  # fmt: skip
            return self._publish(
                receipt, keeping, extract, base=base, shape=candidates.shape, changed=changed
            )
        finally:
            keeping.release()

    def _candidates(
        self, name: str, source: Source, extract: Extract, mapping: str, received_us: int
    ) -> Candidates:
        source = completed(source, extract.headers)
        joined = self._joined(name, source, extract)
        shape = Shape.of(self._state.manifest.shape(name, mapping))

        def at(where: Path_, *told: str | None) -> Problem:
            return self._at(("sources", name, *where), *told)

        mapper = Mapper(
            self._engine, self._zoned(received_us), source, extract, joined, shape=shape, at=at,
            zone=self._charter.company.timezone, currency=self._charter.company.currency, received_us=received_us,
            separator=source.separator, secret=self._state.secret("employees") if source.of_employees else "",
        )  # fmt: skip
        return mapper.candidates()

    def _joined(self, name: str, source: Source, extract: Extract) -> list[Joined]:
        found: list[Joined] = []
        problems: list[Problem] = []
        for number, (key, lookup) in enumerate(source.lookups.items()):
            where: Path_ = ("sources", name, "lookups", key)
            paths = reading.expand(self._charter.folder, _patterns(lookup))
            if len(paths) != 1:
                problems.append(
                    self._at(
                        (*where, "read"),
                        f"{len(paths)} files",
                        "one file",
                        "Name the one file that tells more.",
                    )
                )
                continue
            table = f"intake_lookup_{number}"
            how = Reading(lookup.format, None, None, None, source.nulls)
            told = reading.read(self._engine, f"{table}_all", paths[0], how, self._state.scratch)
            there = (*lookup.on.values(), *lookup.take.values())
            problems += [
                self._missing((*where, "on"), name_, extract)
                for name_ in lookup.on
                if not extract.named(name_)
            ]
            problems += [
                self._missing((*where, "take"), name_, told) for name_ in there if not told.named(name_)
            ]
            if problems:
                continue
            keys = ", ".join(
                f"trim(cast({column.name} as varchar))"
                for name_ in lookup.on.values()
                if (column := told.named(name_))
            )
            self._engine.rows(
                f"create or replace temp table {table} as select * from {table}_all "
                f"qualify row_number() over (partition by {keys} order by rowid) = 1"
            )
            extracts.drop(self._engine, f"{table}_all")
            single = replace(told, table=table)
            found.append(
                Joined(single, dict(lookup.on), dict(lookup.take), told.rows - self._engine.count(table))
            )
        if problems:
            raise Unmapped(problems)
        return found

    def _publish(
        self, receipt: Receipt, keeping: Keeping, extract: Extract, *, base: int, shape: Shape,
        changed: Sequence[Receipt], places: str | None = None,
    ) -> Receipt:  # fmt: skip
        """Write the files of a receipt, then make it count; nothing counts where any of it fails."""
        state, engine = self._state, self._engine
        try:
            if receipt.refused:
                refused = keeping.refusals(extract, receipt.file, places=places)
                self._write(state.refusals(receipt.id), f"{refused} order by row_number, line, entry")
            extracts.drop(engine, extract.table)  # the memory is wanted for what follows
            if receipt.accepted:
                self._write(state.record(receipt.source, receipt.id), keeping.accepted(base, places))
                if keeping.kind is columns.INTERACTIONS:
                    if keeping.has("verbatim"):
                        self._write(state.verbatims(receipt.id), keeping.verbatims())
                    if keeping.has("links"):
                        self._write(state.links(receipt.source, receipt.id), keeping.links())
            self._counted(receipt)
            state.manifest.publish(receipt, shape=shape.plain(), changed=changed)
        except BaseException:
            state.forget((receipt,))
            raise
        finally:
            engine.rows("set preserve_insertion_order = false")
        state.forget(tuple(one for one in changed if not one.live))
        return receipt

    def _write(self, path: Path, sql: str) -> None:
        self._state.keep(path, lambda partial: self._engine.write(sql, partial))

    def _counted(self, receipt: Receipt) -> None:
        """What stands in the file is what was counted."""
        path = self._state.record(receipt.source, receipt.id)
        written = int(pq.read_metadata(path).num_rows) if path.exists() else 0
        if written != receipt.accepted:
            raise StateError(
                f"{receipt.file}: {receipt.accepted} rows were accepted and {written} written. Nothing of it was kept; "
                "this is a fault of Portance, please report it with the charter."
            )

    def _compared(self, receipt: Receipt, load: _Load, giving_way: Sequence[Receipt]) -> bool:
        """Whether a load is compared with an earlier receipt: not where that one gives way, now or at its own turn."""
        if receipt in giving_way:
            return False
        here = receipt.file == load.file or not (self._charter.folder / receipt.file).exists()
        return here or receipt.mapping == load.mapping

    def _holding(self, source: str, receipts: Sequence[Receipt], hashes: str) -> Sequence[Receipt]:
        """Those of a source's receipts that hold any of some ids: a thousand files are not opened for each new one."""
        if len(receipts) <= _FEW:
            return receipts
        table, engine = f"intake_seen_{sorted(self._charter.sources).index(source)}", self._engine
        known = self._seen.get(source)
        if known is None:
            known = self._seen[source] = set()
            engine.rows(f"create or replace temp table {table} (h ubigint, receipt varchar)")
        fresh = [one for one in receipts if one.id not in known]
        paths = [str(path) for one in fresh if (path := self._state.record(one.source, one.id)).exists()]
        if paths:
            listed = ", ".join(map(literal, paths))
            engine.rows(
                f"insert into {table} select hash(interaction_id), receipt from read_parquet([{listed}])"
            )
        known |= {one.id for one in fresh}
        holding = {
            row[0] for row in engine.rows(f"select distinct receipt from {table} where h in ({hashes})")
        }
        return [one for one in receipts if one.id in holding]

    def _kept(self, receipts: Sequence[Receipt]) -> Kept:
        records = tuple(path for one in receipts if (path := self._state.record(one.source, one.id)).exists())
        verbatims = tuple(path for one in receipts if (path := self._state.verbatims(one.id)).exists())
        return Kept(records, verbatims, any(one.versions for one in receipts))

    def _replaced(
        self, giving_way: Sequence[Receipt], by: Receipt, load: _Load, kind: Kind
    ) -> Iterator[Receipt]:
        """What earlier receipts of a file become when it was read again under another mapping."""
        if _whole(giving_way, load) or kind is not columns.INTERACTIONS:
            yield from (replace(one, superseded=by.id) for one in giving_way)
            return
        earliest = self._engine.rows(f"select min(t_us) from {TABLE} where status = {GOOD}")[0][0]
        if earliest is not None:  # where nothing could be read, nothing gives way
            for one in giving_way:
                yield replace(one, until_us=earliest if one.until_us is None else min(earliest, one.until_us))

    # ---- undoing and replaying

    def undo(self, receipt: str) -> Receipt:
        """Take a load back: its rows, verbatims and refusals are removed. Gives the receipt as it has become.

        Files received later whose rows were counted as duplicates or versions of it are read again by the next
        ``receive``; what it had taken the place of, when its source is named in ``receive(only=…)``. Raises ``StateError`` where there is no such receipt or it counts no more.
        """
        receipts = {one.id: one for one in self._state.manifest.receipts()}
        found = receipts.get(receipt)
        if found is None:
            near = difflib.get_close_matches(receipt, list(receipts), n=1)
            raise StateError(
                f"no receipt {receipt!r}. "
                + (f"Did you mean {near[0]!r}?" if near else "Nothing was received yet.")
            )
        if not found.live:
            raise StateError(
                f"receipt {receipt!r} of {found.file} counts no more: it was undone or read again."
            )
        taken = replace(found, undone=True)
        changed = [taken]
        for one in receipts.values():
            if one.id == found.replays:
                changed.append(
                    replace(
                        one,
                        candidates=one.candidates + found.candidates,
                        refused=one.refused + found.candidates,
                    )
                )
            elif (
                one.live
                and one.source == found.source
                and one.id > found.id
                and (one.duplicate or one.versions)
            ):
                changed.append(replace(one, again=True))
            elif (
                one.live and (one.source, one.file) == (found.source, found.file) and one.until_us is not None
            ):
                changed.append(replace(one, until_us=None))
        self._state.manifest.change(changed)
        self._state.forget((taken,))
        return taken

    def replay(self, only: Sequence[str] | None = None) -> tuple[Receipt, ...]:
        """Read refused rows again under the charter as it now stands; the receipts of what was read.

        The rows move from the receipt that refused them to the replay's, with their counts. A row that lacks the
        form of the others cannot be replayed: it has no cells; mend it where it was exported.
        """
        replayed: list[Receipt] = []
        for name, source in self._charter.sources.items():
            if only is None or name in only:
                for receipt in self._state.manifest.receipts(name):
                    if receipt.live and receipt.refused and self._state.refusals(receipt.id).exists():
                        try:
                            done = self._replay(receipt, source)
                        except Unmapped as error:
                            raise CharterError(error.problems) from error
                        if done is not None:
                            replayed.append(done)
        return tuple(replayed)

    def _replay(self, receipt: Receipt, source: Source) -> Receipt | None:
        engine, table = self._engine, "intake_extract"
        path = literal(str(self._state.refusals(receipt.id)))
        taken = {
            one.replays for one in self._state.manifest.receipts(receipt.source) if one.live and one.replays
        }
        if receipt.id in taken:
            return None
        rows = engine.arrow(
            f"select row_number, min(raw) as raw from read_parquet({path}) where entry is not null group by row_number order by row_number"
        )
        if rows.num_rows == 0:
            return None
        headers = list(
            dict.fromkeys(key for raw in rows.column("raw").to_pylist() for key in json.loads(raw))
        )
        extract = extracts.raw_rows(engine, table, rows.select(["raw"]), headers)
        earlier = self._state.manifest.receipts(receipt.source)
        origin = receipt
        while origin.replays is not None:
            origin = next(one for one in earlier if one.id == origin.replays)
        base = sum(one.rows for one in earlier if one.kind == "file" and one.id < origin.id)
        places = pa.table(
            {"rn": pa.array(range(rows.num_rows), pa.int64()), "file_row": rows.column("row_number")}
        )
        engine.table("intake_file_rows", places)
        engine.rows(
            f"create or replace temp table intake_places as select rn, file_row, cast({base} + file_row as bigint) as row_number from intake_file_rows"
        )
        engine.rows(
            "create or replace temp table intake_pairs as select distinct p.rn, r.entry from intake_places p "
            f"join read_parquet({path}) r on r.row_number = p.file_row where r.entry is not null"
        )
        received_us = self._now_us()
        mapping = self._mapping(source)
        candidates = self._candidates(receipt.source, source, extract, mapping, received_us)
        mine = self._state.manifest.next_id()
        keeping = Keeping(engine, receipt.source, mine, candidates)
        try:
            keeping.make(only="intake_pairs")
            live = [one for one in earlier if one.live]
            everything = self._kept(live)
            keeping.settle(lambda _: everything, late=everything)
            counts = keeping.counts(extract)
            if counts.candidates == 0:
                return None
            again = Receipt(
                mine, "replay", receipt.source, receipt.file, receipt.content, mapping, received_us, rows=0,
                candidates=counts.candidates, accepted=counts.accepted, duplicate=counts.duplicate, refused=counts.refused,
                not_happened=counts.not_happened, versions=counts.versions, replays=receipt.id,
            )  # fmt: skip
            _balanced(again)
            moved = replace(
                receipt,
                candidates=receipt.candidates - counts.candidates,
                refused=receipt.refused - counts.candidates,
            )
            _balanced(moved)
            return self._publish(
                again,
                keeping,
                extract,
                base=0,
                shape=candidates.shape,
                changed=[moved],
                places="intake_places",
            )
        finally:
            keeping.release()
            extracts.drop(engine, table)

    # ---- what has come in, as tables

    def receipts(self) -> tuple[Receipt, ...]:
        """Every load that was published, oldest first, undone ones included."""
        return self._state.manifest.receipts()

    def tables(self) -> None:
        """Make accepted, refusals, readings, responses, responsibility_answers, work_events, employee_answers, receipts and links."""
        receipts = [one for one in self._state.manifest.receipts() if one.live]
        shown = [one for one in receipts if not self._hidden(one.source)]
        for kind in KINDS:
            self._table(kind, [one for one in shown if self._kind(one.source) is kind])
        self._refusals_table(receipts)
        self._links_table(receipts)
        listed = [
            {"receipt": one.id, "source": one.source, "file": one.file, "received_us": one.received_us, "candidates": one.candidates,
             "accepted": one.accepted, "duplicate": one.duplicate, "refused": one.refused, "not_happened": one.not_happened,
             "versions": one.versions, "folded": self._folded(one), "undone": one.undone}
            for one in self._state.manifest.receipts() if one.superseded is None
        ]  # fmt: skip
        schema = pa.schema([(name, _ARROW[kind]) for name, kind in columns.RECEIPT])
        self._engine.table("receipts", pa.Table.from_pylist(listed, schema=schema))

    def _folded(self, receipt: Receipt) -> int:
        """Rows of a load that a later row of the same file hides under the same id, though they tell different things.

        Counted from the files of record, which hold every version: so it is told of earlier loads too.
        """
        path = self._state.record(receipt.source, receipt.id)
        if not (receipt.live and receipt.versions and path.exists()):
            return 0
        if self._kind(receipt.source) is not columns.INTERACTIONS:
            return 0
        rows = f"read_parquet({literal(str(path))})"
        (found,) = self._engine.rows(
            f"select coalesce(sum(n - 1), 0) from (select count(*) as n from {rows} where interaction_id in "
            f"(select interaction_id from {rows} where version > 1) "
            f"group by interaction_id having {telling_apart(columns.INTERACTIONS)})"
        )
        return int(found[0])

    def refusals(self) -> pa.Table:
        """Every refused row that counts, without its raw text."""
        self._refusals_table([one for one in self._state.manifest.receipts() if one.live])
        return self._engine.arrow("select * from refusals order by source, receipt, row_number, line, entry")

    def _hidden(self, source: str) -> bool:
        """Whether what was read of a source is locked again, because the day of the consultation was taken back."""
        declared = self._charter.sources.get(source)
        return declared is not None and self._locked(declared)

    def _kind(self, source: str) -> Kind:
        declared = self._charter.sources.get(source)
        if declared is None:
            return columns.Kind("", (), ())  # the charter no longer has it: its rows are kept, and not shown
        if declared.readings:
            return columns.READINGS
        if declared.responses:
            return columns.RESPONSES
        if declared.work:
            return columns.WORKS
        if declared.employee_answers:
            return columns.EMPLOYEE_ANSWERS
        return columns.RESPONSIBILITIES if declared.responsibility else columns.INTERACTIONS

    def _table(self, kind: Kind, receipts: Sequence[Receipt]) -> None:
        found = {
            one.id: path for one in receipts if (path := self._state.record(one.source, one.id)).exists()
        }
        paths = list(found.values())
        held = _schemas(paths)
        typed = self._typed(kind, held)
        if not paths:
            cells = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in typed)
            self._engine.rows(f"create or replace view {kind.table} as select {cells} limit 0")
            return
        cells = ", ".join(
            f"cast({'r.' + name if name in held or name not in _late(kind, typed) else 'null'} as {type_}) as {name}"
            for name, type_ in typed
        )
        sql = f"select {cells} from read_parquet([{', '.join(literal(str(path)) for path in paths)}], union_by_name = true) r"
        tests = []
        bounded = [one for one in receipts if one.until_us is not None and one.id in found]
        tests += [f"not (r.receipt = {literal(one.id)} and r.t_us >= {one.until_us})" for one in bounded]
        if any(one.versions for one in receipts) or bounded:
            # few rows have a later version: the others are not compared with anything
            changed = f"{kind.table}_versions"
            files = ", ".join(literal(str(path)) for path in paths)
            self._engine.rows(
                f"create or replace table {changed} as select source as s, interaction_id as i, max(version) as v from "
                f"read_parquet([{files}], union_by_name = true) r where r.version > 1{''.join(f' and {test}' for test in tests)} group by all"
            )
            sql += f" left join {changed} v on v.i = r.interaction_id and v.s = r.source"
            tests.append("(v.v is null or r.version = v.v)")
        self._engine.rows(
            f"create or replace view {kind.table} as {sql}"
            + (f" where {' and '.join(tests)}" if tests else "")
        )

    def _typed(self, kind: Kind, held: dict[str, str]) -> list[tuple[str, str]]:
        if kind is not columns.INTERACTIONS:
            return [*kind.columns, ("source", "VARCHAR"), ("receipt", "VARCHAR")]
        declared = {f"id_{name}" for source in self._charter.sources.values() for name in source.identifiers}
        declared |= {f"id_{name}" for name in self._charter.identifiers}
        ids = sorted(declared | {name for name in held if name.startswith("id_")})
        extra = sorted(
            {f"a_{name}" for name in attribute_names(self._charter)}
            | {name for name in held if name.startswith("a_")}
        )
        head = [*columns.HEAD[:6]]
        return [
            *head,
            *kind.columns,
            *((name, "VARCHAR") for name in ids),
            *((name, held.get(name, "VARCHAR")) for name in extra),
        ]

    def _refusals_table(self, receipts: Sequence[Receipt]) -> None:
        replayed = [one.replays for one in receipts if one.replays]
        paths = [path for one in receipts if (path := self._state.refusals(one.id)).exists()]
        if not paths:
            cells = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.REFUSAL)
            self._engine.rows(f"create or replace view refusals as select {cells} limit 0")
            return
        hidden = (
            f" where not (entry is not null and receipt in ({', '.join(map(literal, replayed))}))"
            if replayed
            else ""
        )
        cells = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in columns.REFUSAL)
        files = ", ".join(literal(str(path)) for path in paths)
        self._engine.rows(
            # a file that has grown brings its refused rows again: each is told once, by the last load that met it
            f"create or replace view refusals as select {cells} from read_parquet([{files}], union_by_name = true){hidden} "
            "qualify receipt = max(receipt) over (partition by source, file, raw, entry, reason, column_name)"
        )

    def _links_table(self, receipts: Sequence[Receipt]) -> None:
        paths = [path for one in receipts if (path := self._state.links(one.source, one.id)).exists()]
        names = ("interaction_id", "identifier_type", "identifier_value", "qualifier")
        if paths:
            files = ", ".join(literal(str(path)) for path in paths)
            self._engine.rows(
                f"create or replace view links as select distinct {', '.join(names)} from read_parquet([{files}])"
            )
        else:
            cells = ", ".join(f"cast(null as varchar) as {name}" for name in names)
            self._engine.rows(f"create or replace view links as select {cells} limit 0")

    # ---- checking

    def check(self, rows: int = 20_000) -> tuple[Problem, ...]:
        """What does not fit between the charter and the first rows of its files; nothing is kept.

        Files that are missing, columns that vanished, formulas that cannot be computed, dates whose day and month
        cannot be told apart, look-ups with several rows a key, functions and channels in the data that are not
        declared, activities that the charter names and no row holds (where all were read), ids that rows which tell different things share, in one file or from the
        first to the last, and what more than one row in a hundred would be refused for, with an example of each.
        """
        problems: list[Problem] = [*self._names_to_hide()]
        self._met = _translated(self._charter)
        for name, source in self._charter.sources.items():
            if self._locked(source):
                continue
            try:
                paths = reading.expand(self._charter.folder, source.paths)
                few = dict.fromkeys((paths[0], paths[-1]))
                if len(few) < len(paths):
                    self._met = None
                for path in few:
                    problems += self._checked(name, source, path, rows, first=paths[0])
            except ExtractError as error:
                problems.append(self._unread(("sources", name, "read"), error))
            except Unmapped as error:
                problems += error.problems
            except CharterError as error:
                problems += error.problems
        if not problems and activities(self._charter) is None:
            problems += activity_problems(self._charter, self._met, self._at)
        return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line))

    def _names_to_hide(self) -> Iterator[Problem]:
        """A file of employees' names that is not there: what customers write is not read without it."""
        listed = self._charter.voices.names
        if listed is not None and not (self._charter.folder / listed).is_file():
            yield self._at(
                ("voices", "names"), f"{listed!r}, where no file is", "a text file with one name on each line, in UTF-8",
                "Give its path from the charter's folder, or leave the line out.",
            )  # fmt: skip

    def _checked(self, name: str, source: Source, path: Path, rows: int, first: Path) -> Iterator[Problem]:
        engine = self._engine
        extract = self._read(source, path, "intake_extract", rows)
        try:
            candidates = self._candidates(name, source, extract, "", self._now_us())
            for key, joined in zip(source.lookups, self._joined(name, source, extract), strict=True):
                if joined.duplicates:
                    yield self._at(
                        ("sources", name, "lookups", key), f"{joined.duplicates} rows that repeat a key", "at most one row for each key",
                        "The first is taken: say whether that is right by leaving one, or join on more columns.",
                    )  # fmt: skip
            for where, form in candidates.doubts:
                yield self._at(
                    ("sources", name, *where), f"dates such as {form.example!r}, whose day and month no row tells apart",
                    f"the order of day and month (read as {form.order} first)", "Give the format under 'dates', such as '%d/%m/%Y'.",
                )  # fmt: skip
            keeping = Keeping(engine, name, "check", candidates)
            try:
                keeping.make()
                self._meet(candidates.kind, whole=extract.rows < rows)
                yield from self._refused(name, candidates, path)
                yield from self._undeclared(name, source, candidates.kind)
                doubtful = [*self._identifying(name, source, keeping, path)]
                if candidates.kind is columns.INTERACTIONS:
                    if path == first:
                        keeping.leave(_FIRST)
                    elif not doubtful:
                        doubtful = [*self._numbered_anew(name, source, keeping, first, path)]
                yield from doubtful
            finally:
                keeping.release()
            if extract.malformed > _TOLERATED * (extract.rows + extract.malformed):
                line, reason, raw = engine.rows(
                    f"select line, reason, left(raw, 60) from {extract.table}_refused order by line limit 1"
                )[0]
                yield self._at(
                    ("sources", name, "read"), f"{extract.malformed} rows without the form of the others in {path.name} ({reason}; line {line}: {raw!r})",
                    f"rows of {len(extract.columns)} cells", "Give 'separator' or 'encoding', or export the file again.",
                )  # fmt: skip
        finally:
            extracts.drop(engine, extract.table)

    def _meet(self, kind: Kind, *, whole: bool) -> None:
        """Remember the activities of a file: a name is held against them only where every row was read."""
        if not whole:
            self._met = None
        if self._met is not None and kind is columns.INTERACTIONS:
            found = self._engine.rows(f"select distinct activity from {TABLE} where activity is not null")
            self._met |= {row[0] for row in found}

    def _refused(self, name: str, candidates: Candidates, path: Path) -> Iterator[Problem]:
        found = self._engine.rows(
            f"select entry, problem, n, row, given, total from (select entry, problem, count(*) as n, min(rn) + 1 as row, arg_min(given, rn) as given, "
            f"sum(count(*)) over (partition by entry) as total, status from {TABLE} group by entry, problem, status) where status = {REFUSED} order by entry, problem"
        )
        for entry, problem, count, row, given, total in found:
            if count <= _TOLERATED * int(total):
                continue
            check = candidates.checks[problem]
            where: Path_ = ("interactions", entry) if candidates.kind is columns.INTERACTIONS else ()
            yield self._at(
                ("sources", name, *where), f"{given!r} in {check.column!r} at row {row} of {path.name} ({check.reason}; {count} of {total} rows)",
                check.expected, check.remedy,
            )  # fmt: skip

    def _identifying(self, name: str, source: Source, keeping: Keeping, path: Path) -> Iterator[Problem]:
        """A column mapped to ``id`` that identifies something else than an interaction: most of its rows would vanish."""
        for shared in keeping.shared():
            if shared.rows <= _TOLERATED * shared.of:
                continue
            given = f"column {source.interactions[shared.entry].id!r}" if source.interactions else "the id"
            yield self._at(
                ("sources", name, "interactions", shared.entry, "id"),
                f"{given}: {shared.rows} of {shared.of} rows of {path.name} share {shared.ids} id{'s' * (shared.ids != 1)} and tell different "
                f"cases, activities or instants (such as {shared.example!r} on rows {shared.first} and {shared.second})",
                "a column whose value stands for one interaction: under one id only the last row counts, the others become its past versions",
                "Map the column that numbers the interactions, or leave 'id' out: Portance then derives one. What is shared belongs under 'case' or 'identifiers'.",
            )  # fmt: skip

    def _numbered_anew(
        self, name: str, source: Source, keeping: Keeping, first: Path, path: Path
    ) -> Iterator[Problem]:
        """A column mapped to ``id`` that each file fills for itself: what earlier files told would vanish behind the last."""
        for shared in keeping.apart(_FIRST):
            if shared.rows <= _TOLERATED * shared.of:
                continue
            given = f"column {source.interactions[shared.entry].id!r}" if source.interactions else "the id"
            yield self._at(
                ("sources", name, "interactions", shared.entry, "id"),
                f"{given}: {shared.rows} of {shared.of} rows of {path.name} have an id of {first.name} and tell "
                f"another case or another customer, at another instant (such as {shared.example!r} on rows {shared.first} of {first.name} and {shared.second} of {path.name})",
                "a column whose value stands for one interaction in all files: under one id only the last row counts, the others become its past versions",
                "Map the column that numbers the interactions of all files, or leave 'id' out: Portance then derives one.",
            )  # fmt: skip

    def _undeclared(self, name: str, source: Source, kind: Kind) -> Iterator[Problem]:
        charter = self._charter
        employees = charter.employees
        questions, tasks = (set(employees.questions), set(employees.tasks)) if employees else (set(), set())
        known: list[tuple[str, set[str], str]] = {
            "accepted": [("function", set(charter.functions), "function"), ("channel", set(charter.channels), "channel")],
            "readings": [("indicator", set(readable(charter)), "indicator")],
            "responses": [("promise", set(charter.promises), "promise")],
            "responsibility_answers": [("from_function", set(charter.functions), "function"), ("to_function", set(charter.functions), "function")],
            "work_events": [("function", set(charter.functions), "function"), ("for_function", set(charter.functions), "function"), ("task", tasks, "task")],
            "employee_answers": [("function", set(charter.functions), "function"), ("question", questions, "question to employees")],
        }[kind.table]  # fmt: skip
        for column, names, noun in known:
            if not names:
                continue
            listed = ", ".join(map(literal, sorted(names)))
            found = self._engine.rows(
                f"select {column}, count(*), min(entry) from {TABLE} where status = 0 and {column} is not null and {column} not in ({listed}) group by 1 order by 2 desc, 1 limit 20"
            )
            for value, count, entry in found:
                near = difflib.get_close_matches(value, sorted(names), n=1)
                where: Path_ = (
                    ("interactions", entry, column)
                    if kind is columns.INTERACTIONS
                    else (_section(source), column)
                )
                yield self._at(
                    ("sources", name, *where), f"{noun} {value!r} in the data ({count} rows)", f"a declared {noun} ({', '.join(sorted(names)[:12])})",
                    f"Declare it, or translate it: {{column: …, map: {{{value}: NAME}}}}.", near[0] if near else None,
                )  # fmt: skip

    # ---- telling

    def _at(self, where: Path_, *told: str | None) -> Problem:
        path = self._charter.path
        try:
            return document.load(path).problem(where, *told)  # type: ignore[arg-type]
        except PortanceError:
            return Problem(path, 0, document.dotted(where), *told)  # type: ignore[arg-type]

    def _missing(self, where: Path_, header: str, extract: Extract) -> Problem:
        near = difflib.get_close_matches(header, extract.headers, n=1)
        return self._at(where, f"column {header!r}", f"a column of the file ({', '.join(extract.headers[:15])})",
                        "Write the header as the file has it.", near[0] if near else None)  # fmt: skip

    def _unread(self, where: Path_, error: ExtractError) -> Problem:
        return self._at(where, f"{error.file}: {error.given}", error.expected, error.remedy)

    def _now_us(self) -> int:
        return int(self._clock().timestamp() * 1_000_000)

    def _zoned(self, received_us: int) -> Zones:
        last = (received_us + 10 * YEAR_US) // DAY_US + 2
        if self._zones is None or self._zones.last < last:
            self._zones = Zones(self._engine, last)
        return self._zones


def _translated(charter: Charter) -> set[str]:
    """The activities that a charter gives to rows by itself, whether or not any row has them yet."""
    named = [entry.activity for source in charter.sources.values() for entry in source.interactions]
    return {name for one in named for name in (one.is_, one.otherwise, *one.map.values()) if name is not None}


def _patterns(lookup: Lookup) -> tuple[str, ...]:
    return (lookup.read,) if isinstance(lookup.read, str) else lookup.read


def _giving_way(earlier: Sequence[Receipt], load: _Load, kind: Kind) -> list[Receipt]:
    """The receipts of a file whose place a load takes: read under another mapping, or parts of it read by replays."""
    mine = [one for one in earlier if one.live and one.file == load.file]
    found = [
        one for one in mine
        if one.mapping != load.mapping or one.until_us is not None or (one.kind == "replay" and not _read_whole(earlier, load))
    ]  # fmt: skip
    # without instants there is no telling which rows the file no longer holds: then all stay, and are compared
    return found if kind is columns.INTERACTIONS or _whole(found, load) else []


def _whole(receipts: Sequence[Receipt], load: _Load) -> bool:
    """Whether a file still holds all that receipts of it hold: unchanged, and nothing came from earlier states of it."""
    files = [one for one in receipts if one.kind == "file"]
    if not files:
        return True
    last = files[-1]
    return (
        last.content == load.content and sum(one.accepted for one in files) <= last.accepted + last.duplicate
    )


def _read_whole(earlier: Sequence[Receipt], load: _Load) -> bool:
    """Whether a file was already read whole under the mapping in force."""
    return any(
        one.live and one.kind == "file" and one.file == load.file and one.mapping == load.mapping
        for one in earlier
    )


def _balanced(receipt: Receipt) -> None:
    """What went in must have come out, one by one: asserted at run time, for it is what everything rests on."""
    out = receipt.accepted + receipt.duplicate + receipt.refused + receipt.not_happened
    if out != receipt.candidates:
        raise StateError(
            f"{receipt.file}: {receipt.candidates} candidates went in and {out} came out. Nothing of it was kept; this is a "
            "fault of Portance, please report it with the charter."
        )


def _section(source: Source) -> str:
    for name in ("readings", "responses", "work", "employee_answers"):
        if getattr(source, name):
            return name
    return "responsibility"


_ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
_HELD: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (pa.types.is_boolean, "BOOLEAN"), (pa.types.is_integer, "BIGINT"), (pa.types.is_floating, "DOUBLE"),
    (pa.types.is_timestamp, "TIMESTAMP"), (pa.types.is_date, "DATE"),
)  # fmt: skip


def _schemas(paths: Sequence[Path]) -> dict[str, str]:
    """The columns that files of record hold, with a type that holds all of theirs."""
    found: dict[str, str] = {}
    for path in paths:
        try:
            schema = pq.read_schema(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise StateError(
                f"the file of record {path} is damaged ({error}). Undo its receipt {path.stem!r} and receive its extract again."
            ) from error
        for column in schema:
            kind = next((name for test, name in _HELD if test(column.type)), "VARCHAR")
            before = found.get(column.name, kind)
            same = {before, kind}
            found[column.name] = (
                kind if len(same) == 1 else "DOUBLE" if same == {"BIGINT", "DOUBLE"} else "VARCHAR"
            )
    return found


def _late(kind: Kind, typed: Sequence[tuple[str, str]]) -> set[str]:
    """The columns that a file of record may lack: identifiers and attributes."""
    fixed = {name for name, _ in (*columns.HEAD, *kind.columns)}
    return {name for name, _ in typed} - fixed
