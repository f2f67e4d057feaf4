"""From candidates to files of record: which are new, which say again what is known, which change it.

Ids. A mapped id is scoped by its source. Without one, the id is a hash of source, entry, the kind's key (for an
interaction: case, activity, instant) and an ordinal that counts identical ones in the order of the file; never of
the whole row, whose other columns change from one extract to the next.

The same id again: with the same content it is a duplicate; with other content a new version, the old one kept.
Content is compared column by column with the latest kept version. Where one extract holds several rows of one
mapped id, each is compared with the row before it and with every kept version, so that reading the extract again
adds nothing.

A row that tells another case, activity or instant under an id of the same file is a version too, and it is told:
it is likelier that the column identifies something else (a customer, a ticket) than that the file corrects itself.
From one file to another an activity or an instant may well change; a case, or every identifier, and the instant with it, may not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from portance.engine import Engine, literal
from portance.engine.extracts import Extract, plain
from portance.intake.columns import HEAD, Kind
from portance.intake.mapping import GOOD, NOT_HAPPENED, REFUSED, Candidates, Check

TABLE = "intake_candidates"
_MANY, _IDS, _KNOWN, _FATES, _CHECKS, _KEPT = (
    f"intake_{name}" for name in ("many", "ids", "known", "fates", "checks", "kept")
)
ID_LENGTH = 24
"""Hexadecimal digits of a derived id: 96 bits, enough for a thousand billion interactions."""


def telling_apart(kind: Kind) -> str:
    """SQL over rows grouped by id: whether they tell several things, not one that changed."""
    told = f"hash({', '.join(kind.key)})"
    return f"min({told}) <> max({told})"


@dataclass(frozen=True, slots=True)
class Shared:
    """The ids of one entry that stand on rows which tell different things, of one file or of two; the first as an example."""

    entry: int
    rows: int
    of: int
    ids: int
    example: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The files of record against which a load is compared, with what customers wrote in them."""

    records: tuple[Path, ...] = ()
    verbatims: tuple[Path, ...] = ()
    versions: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the candidates of one load."""

    candidates: int
    accepted: int
    duplicate: int
    refused: int
    not_happened: int
    versions: int


def _files(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(path)) for path in paths)}], union_by_name = true)"


class Keeping:
    """The candidates of one load in the engine, from their table to the files that a receipt publishes."""

    def __init__(self, engine: Engine, source: str, receipt: str, candidates: Candidates) -> None:
        self._engine, self._source, self._receipt, self._of = engine, source, receipt, candidates
        self._typed = (*candidates.kind.columns, *candidates.extra)
        # how well a time is known depends on the file that tells it: no change of what happened
        self._content = tuple(column for column in self._typed if column[0] != "time_quality")
        self._made = [TABLE]

    @property
    def kind(self) -> Kind:
        """What the rows are."""
        return self._of.kind

    def _table(self, name: str, sql: str) -> int:
        self._engine.rows(f"create or replace temp table {plain(name)} as {sql}")
        self._made.append(name)
        return self._engine.count(name)

    def _derived(self, ordinal: str) -> str:
        parts = [literal(self._source), "cast(entry as varchar)"]
        parts += [f"coalesce(cast({name} as varchar), '')" for name in self.kind.key]
        return f"left(md5(concat_ws(chr(31), {', '.join(parts)}, {ordinal})), {ID_LENGTH})"

    def make(self, only: str | None = None) -> None:
        """Compute the candidates; ``only`` names a table of the (rn, entry) that count."""
        scope = literal(f"{self._source}:")
        if self._of.scoped:
            listed = ", ".join(map(str, sorted(self._of.scoped)))
            scope = f"{scope} || case when entry in ({listed}) then entry || ':' else '' end"
        identity = f"case when status <> {GOOD} then null when mapped_id is not null then {scope} || mapped_id else {self._derived(literal('1'))} end"
        among = f" semi join {plain(only)} o on o.rn = c.rn and o.entry = c.entry" if only else ""
        self._table(TABLE, f"select c.*, {identity} as interaction_id from ({self._of.sql}) c{among}")

    def shared(self) -> tuple[Shared, ...]:
        """By entry, the mapped ids that several rows share though they tell different things; rows count from 1."""
        found = self._engine.rows(
            f"with rows_ as (select interaction_id, entry, mapped_id, rn, hash({', '.join(self.kind.key)}) as told from {TABLE} "
            f"where status = {GOOD} and mapped_id is not null), "
            f"ids as (select interaction_id, min(entry) as entry, any_value(mapped_id) as id, count(*) as n, min(rn) as first, "
            f"min(rn) filter (told <> opened) as second, count(*) filter (told <> opened) > 0 as apart from "
            f"(select *, first_value(told) over (partition by interaction_id order by rn, entry) as opened from rows_) "
            f"group by interaction_id) select entry, coalesce(sum(n) filter (apart), 0), sum(n), count(*) filter (apart), "
            f"arg_min(id, first) filter (apart), min(first) filter (apart), arg_min(second, first) filter (apart) "
            f"from ids group by entry having count(*) filter (apart) > 0 order by entry"
        )
        return tuple(
            Shared(entry, int(rows), int(of), ids, example, first + 1, second + 1)
            for entry, rows, of, ids, example, first, second in found
        )

    def leave(self, table: str) -> None:
        """Leave what the rows of each mapped id tell for another load to be held against; rows of one id: the last."""
        told = ", ".join(("t_us", "case_id", *map(plain, self._identifiers())))
        self._engine.rows(
            f"create or replace temp table {plain(table)} as select interaction_id, rn, {told} from {TABLE} "
            f"where status = {GOOD} and mapped_id is not null "
            f"qualify row_number() over (partition by interaction_id order by rn desc, entry desc) = 1"
        )

    def apart(self, table: str) -> tuple[Shared, ...]:
        """By entry, the mapped ids which another load that was left in ``table`` gave to something else.

        That is: at another instant, and of another case; where either tells no case, of other identifiers, all of them.
        """
        there = self._engine.columns(table)
        ids = [plain(name) for name in self._identifiers() if name in there]
        both = " or ".join(f"(c.{name} is not null and b.{name} is not null)" for name in ids) or "false"
        same = " or ".join(f"coalesce(c.{name} = b.{name}, false)" for name in ids) or "false"
        other = f"coalesce(c.case_id <> b.case_id, ({both}) and not ({same}))"
        found = self._engine.rows(
            f"with held as (select c.entry, c.mapped_id, c.rn, c.interaction_id, b.rn as before, "
            f"b.interaction_id is not null and c.t_us <> b.t_us and {other} as apart "
            f"from {TABLE} c left join {plain(table)} b on b.interaction_id = c.interaction_id "
            f"where c.status = {GOOD} and c.mapped_id is not null) "
            f"select entry, count(*) filter (apart), count(*), count(distinct interaction_id) filter (apart), "
            f"arg_min(mapped_id, rn) filter (apart), arg_min(before, rn) filter (apart), min(rn) filter (apart) "
            f"from held group by entry having count(*) filter (apart) > 0 order by entry"
        )
        return tuple(
            Shared(entry, rows, of, ids_, example, first + 1, second + 1)
            for entry, rows, of, ids_, example, first, second in found
        )

    def _identifiers(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self._of.extra if name.startswith("id_"))

    # ---- which are what

    def settle(self, among: Callable[[str], Kept], *, late: Kept | None = None) -> None:
        """Number identical ones, compare with what is kept, decide what each candidate is.

        ``among`` gives what to compare with, told a query of the hashes ``h`` of this load's ids. ``late``: the
        load is a replay, whose rows come after others of the same key that these files hold.
        """
        hashed = "interaction_id, rn, entry, mapped_id is null as derived, " + ", ".join(self.kind.key)
        many = self._table(
            _MANY,
            f"select {hashed} from {TABLE} where status = {GOOD} and hash(interaction_id) in "
            f"(select hash(interaction_id) as h from {TABLE} where status = {GOOD} group by h having count(*) > 1)",
        )
        before = "0"
        if late is not None and late.records:
            self._kept(late)
            # rows that come late take the ordinals after those that are taken
            same = " and ".join(f"k.{name} is not distinct from m.{name}" for name in self.kind.key)
            before = (
                f"(select count(distinct k.interaction_id) from {_KEPT} k where k.entry = m.entry and {same})"
            )
            self._table(_MANY, f"select {hashed} from {TABLE} where status = {GOOD}")
            many = 1
        numbered = f"select *, row_number() over (partition by interaction_id order by rn, entry) + {before} as n from {_MANY} m where derived"
        renamed = self._table(
            _IDS,
            f"select rn, entry, {self._derived('cast(n as varchar)')} as renamed from ({numbered}) where n > 1"
            if many else "select 0::bigint as rn, 0::smallint as entry, '' as renamed limit 0",
        )  # fmt: skip
        self._base = TABLE
        if renamed:
            self._base = (
                f"(select c.* exclude (interaction_id), coalesce(i.renamed, c.interaction_id) as interaction_id "
                f"from {TABLE} c left join {_IDS} i on i.rn = c.rn and i.entry = c.entry)"
            )
        kept = among(f"select hash(interaction_id) as h from {self._base} c where c.status = {GOOD}")
        if kept.records:
            self._kept(kept)
        self._fate(kept, repeated=bool(many))

    def _kept(self, kept: Kept) -> None:
        verbatims = (
            f" left join {_files(kept.verbatims)} v on v.interaction_id = r.interaction_id and v.version = r.version"
            if kept.verbatims else ""
        )  # fmt: skip
        text = "v.text" if kept.verbatims else "null::varchar"
        self._engine.rows(
            f"create or replace temp view {_KEPT} as select r.*, {text} as verbatim_text from {_files(kept.records)} r{verbatims}"
        )
        self._made.append(_KEPT)

    def _same(self, left: str, right: str) -> str:
        """Whether two rows tell the same, column by column."""
        there = self._engine.columns(_KEPT)
        tests = [f"{left}.verbatim is not distinct from {right}.verbatim_text"]
        for name, kind in self._content:
            other = there.get(name)
            if other is None:
                tests.append(f"{left}.{name} is null")
            elif other == kind or {other, kind} <= {"BIGINT", "DOUBLE", "INTEGER"}:
                tests.append(f"{left}.{name} is not distinct from {right}.{name}")
            else:
                tests.append(
                    f"cast({left}.{name} as varchar) is not distinct from cast({right}.{name} as varchar)"
                )
        return " and ".join(tests)

    def _fate(self, kept: Kept, *, repeated: bool) -> None:
        known = "select rn, entry, '' as interaction_id, 0 as version, 0::bigint as kept_row, 0::smallint as kept_entry, false as same from range(0) t(rn), range(0) u(entry)"
        if kept.records:
            last = (
                f"(select * from {_KEPT} qualify row_number() over (partition by interaction_id order by version desc) = 1)"
                if kept.versions
                else _KEPT
            )
            known = (
                f"select c.rn, c.entry, c.interaction_id, k.version, k.row_number as kept_row, k.entry as kept_entry, {self._same('c', 'k')} as same "
                f"from {self._base} c join {last} k on k.interaction_id = c.interaction_id where c.status = {GOOD}"
            )
        count = self._table(_KNOWN, known)
        if not count and not repeated:
            self._fates = 0
            return
        content = ", ".join(f"'{name}': c.{name}" for name, _ in self._content)
        several = (
            f"select c.rn, c.entry, c.interaction_id, {{{content}, 'verbatim': c.verbatim}} as content from {self._base} c "
            f"where c.status = {GOOD} and c.mapped_id is not null and c.interaction_id in "
            f"(select interaction_id from {_MANY} where not derived group by interaction_id having count(*) > 1)"
        )
        anywhere = (
            f"exists (select 1 from {_KEPT} k join {self._base} c on c.interaction_id = k.interaction_id where c.rn = s.rn and c.entry = s.entry and {self._same('c', 'k')})"
            if kept.records else "false"
        )  # fmt: skip
        self._fates = self._table(
            _FATES,
            f"with several as ({several}), judged as ("
            f"select s.rn, s.entry, s.interaction_id, "
            f"coalesce(s.content is not distinct from lag(s.content) over w and row_number() over w > 1, false) or {anywhere} as duplicate "
            f"from several s window w as (partition by s.interaction_id order by s.rn, s.entry) "
            f"union all select rn, entry, interaction_id, same from {_KNOWN} where interaction_id not in (select interaction_id from several)) "
            f"select j.rn, j.entry, j.duplicate, k.kept_row, k.kept_entry, cast(coalesce(k.version, 0) + "
            f"sum(case when j.duplicate then 0 else 1 end) over (partition by j.interaction_id order by j.rn, j.entry) as integer) as version "
            f"from judged j left join {_KNOWN} k on k.rn = j.rn and k.entry = j.entry",
        )

    def counts(self, extract: Extract) -> Counts:
        """What became of each candidate; a row without the form of the others counts as one, refused."""
        total, absent, refused = self._engine.rows(
            f"select count(*), count(*) filter (status = {NOT_HAPPENED}), count(*) filter (status = {REFUSED}) from {TABLE}"
        )[0]
        duplicate, versions = 0, 0
        if self._fates:
            duplicate, versions = self._engine.rows(
                f"select count(*) filter (duplicate), count(*) filter (not duplicate and version > 1) from {_FATES}"
            )[0]
        good = total - absent - refused
        return Counts(
            total + extract.malformed,
            good - duplicate,
            duplicate,
            refused + extract.malformed,
            absent,
            versions,
        )

    # ---- the files

    def accepted(self, base: int, places: str | None = None) -> str:
        """The rows of record, in the order of the file."""
        row = f"cast({base} + c.rn + 1 as bigint)" if places is None else "p.row_number"
        version, join, keep = "1", "", ""
        if self._fates:
            row = f"case when f.kept_entry = c.entry then coalesce(f.kept_row, {row}) else {row} end"
            version = "coalesce(f.version, 1)"
            join = f" left join {_FATES} f on f.rn = c.rn and f.entry = c.entry"
            keep = " and not coalesce(f.duplicate, false)"
        if places is not None:
            join += f" join {plain(places)} p on p.rn = c.rn"
        head = {
            "interaction_id": "c.interaction_id", "version": f"cast({version} as integer)", "receipt": literal(self._receipt),
            "source": literal(self._source), "entry": "c.entry", "row_number": row,
        }  # fmt: skip
        cells = [f"{head[name]} as {name}" for name, _ in HEAD] + [f"c.{name}" for name, _ in self._typed]
        return f"select {', '.join(cells)} from {self._base} c{join} where c.status = {GOOD}{keep}"

    def _with(self, column: str, cells: str) -> str:
        version, join, keep = "1", "", ""
        if self._fates:
            version, join = (
                "coalesce(f.version, 1)",
                f" left join {_FATES} f on f.rn = c.rn and f.entry = c.entry",
            )
            keep = " and not coalesce(f.duplicate, false)"
        cells = cells.replace("{version}", f"cast({version} as integer)")
        return f"select {cells} from {self._base} c{join} where c.status = {GOOD} and c.{column} is not null{keep}"

    def verbatims(self) -> str:
        """What customers wrote: interaction_id, version, language, text."""
        language = "c.language" if any(name == "language" for name, _ in self._typed) else "null::varchar"
        return self._with(
            "verbatim",
            f"c.interaction_id, {{version}} as version, {language} as language, c.verbatim as text",
        )

    def links(self) -> str:
        """Related objects beyond the first of each type: interaction_id, identifier_type, identifier_value, qualifier."""
        inner = self._with("links", "c.interaction_id, unnest(cast(c.links as json[])) as link")
        return f"select interaction_id, link ->> 0 as identifier_type, link ->> 1 as identifier_value, link ->> 2 as qualifier from ({inner})"

    def has(self, column: str) -> bool:
        """Whether any good candidate has a value in a column."""
        return bool(
            self._engine.rows(f"select count(*) from {TABLE} where status = {GOOD} and {column} is not null")[
                0
            ][0]
        )

    def refusals(self, extract: Extract, file: str, *, places: str | None = None, skip: int = 1) -> str:
        """The refused rows with their raw text (a JSON object by header, or the line itself)."""
        self._engine.table(_CHECKS, _described(self._of.checks))
        pairs = ", ".join(
            f"{literal(column.header)}, cast(r.{column.name} as varchar)" for column in extract.columns
        )
        number, join = "c.rn + 1", ""
        if places is not None:
            number, join = "p.file_row", f" join {plain(places)} p on p.rn = c.rn"
        elif extract.malformed and self._single_lines(extract):
            shift = f"(select count(*) from (select line - {skip} - row_number() over (order by line) as good from {plain(extract.table + '_refused')}) m where m.good < c.rn + 1)"
            number = f"c.rn + 1 + {shift}"
        here = (
            f"{literal(self._source)} as source, {literal(self._receipt)} as receipt, {literal(file)} as file"
        )
        rows = (
            f"select {here}, cast({number} as bigint) as row_number, null::bigint as line, c.entry, k.reason, k.column_name, c.given, "
            f"k.expected, k.remedy, cast(json_object({pairs}) as varchar) as raw from {TABLE} c "
            f"join {plain(extract.table)} r on r.rowid = c.rn join {_CHECKS} k on k.problem = c.problem{join} where c.status = {REFUSED}"
        )
        return (
            f"{rows} union all select {here}, null::bigint, line, null::smallint, reason, null::varchar, left(given, 60), "
            f"{literal(f'a row of {len(extract.columns)} cells, in UTF-8' if extract.columns else 'a JSON object')}, "
            f"{literal('Mend the row where it was exported, or give the separator and the encoding of the file.')}, raw "
            f"from {plain(extract.table + '_refused')}"
        )

    def _single_lines(self, extract: Extract) -> bool:
        texts = [column.name for column in extract.columns if column.type == "VARCHAR"]
        test = " or ".join(f"contains({name}, chr(10))" for name in texts) or "false"
        return not self._engine.rows(f"select coalesce(bool_or({test}), false) from {plain(extract.table)}")[
            0
        ][0]

    def release(self) -> None:
        """Give the memory back."""
        self._engine.rows(f"drop view if exists {_KEPT}")
        for name in self._made:
            if name != _KEPT:
                self._engine.rows(f"drop table if exists {plain(name)}")


def _described(checks: Sequence[Check]) -> pa.Table:
    return pa.table({
        "problem": pa.array(range(len(checks)), pa.int64()),
        "reason": pa.array([check.reason for check in checks], pa.string()),
        "column_name": pa.array([check.column for check in checks], pa.string()),
        "expected": pa.array([check.expected for check in checks], pa.string()),
        "remedy": pa.array([check.remedy for check in checks], pa.string()),
    })  # fmt: skip
