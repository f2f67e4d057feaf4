"""A source's mapping as one query: rows of an extract to candidates, each good, not happened, or refused for a reason.

The query is built in layers, each a plain SELECT over the one before: the rows with their look-ups, the fields that
the charter names, their values, their instants, and the first thing that is wrong. Nothing of a header or a cell
ever becomes SQL text: columns have names of our own, formulas are parsed and rebuilt, names are literals.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from portance.charter import formula
from portance.charter.checking import column_formula
from portance.charter.promise import FACETS
from portance.charter.source import OUTCOMES, WORK_KINDS, Entry, Naming, Source
from portance.engine import Engine, literal
from portance.engine.extracts import TEXT, Column, Extract, plain
from portance.errors import Problem, StepError
from portance.intake import columns, periods, values
from portance.intake.columns import Kind
from portance.intake.event_logs import LINKS
from portance.intake.values import Instant, TimeForm
from portance.intake.zones import DAY_US, FIRST_DAY, GAP, Zones

At = Callable[..., Problem]
Path_ = tuple[str | int, ...]
ACTORS = ("human", "machine")
INITIATORS = ("customer", "company")
GOOD, NOT_HAPPENED, REFUSED = 0, 1, 2
YEAR_US = 366 * DAY_US
_NONE = "cast(null as {})"
_MOST = 1e15
"""No number of a company is greater; in milliseconds it is thirty thousand years."""


@dataclass(frozen=True, slots=True)
class Check:
    """A reason to refuse: when (SQL over the last layer), its code, the field, what was given, what is expected."""

    when: str
    reason: str
    column: str
    given: str
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Value:
    """A field as the charter writes it, resolved on an extract: its expression over the layer of fields, and its type."""

    sql: str
    type: str
    text: str
    header: bool
    failed: str | None = None
    """Where the formula fails on a row, or reads a cell that is not of its column's type."""


@dataclass(slots=True)
class Joined:
    """A look-up, read: its table (one row a key), and by which expressions it joins."""

    extract: Extract
    on: dict[str, str]
    take: dict[str, str]
    duplicates: int = 0


@dataclass(slots=True)
class Shape:
    """What was found of a source's columns, kept so that the next file is read as the first one was.

    ``types``: a text column that is all numbers, all true or false, or text. ``decimals``: the decimal sign.
    ``orders``: whether day or month comes first in a column of dates.
    """

    types: dict[str, str] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Shape":
        """The shape that was kept; empty before the first load."""
        return cls(*(dict(kept.get(name, {})) for name in ("types", "decimals", "orders")))

    def plain(self) -> dict[str, dict[str, str]]:
        """The shape as JSON values."""
        return {"types": self.types, "decimals": self.decimals, "orders": self.orders}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The query of a source's candidates.

    Columns: ``rn`` (from 0), ``entry``, ``status``, ``problem`` (index into ``checks``), ``given``, ``mapped_id``,
    ``verbatim``, ``links``, then the kind's columns and ``extra`` (identifiers and attributes).
    """

    sql: str
    kind: Kind
    extra: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]
    shape: Shape
    doubts: tuple[tuple[Path_, TimeForm], ...]
    scoped: frozenset[int]
    """Entries whose mapped id is shared with another entry of the same row: the entry is then part of the id."""


class Unmapped(Exception):  # noqa: N818 -- carries problems from here to the stage, which raises what a person reads
    """The mapping does not fit the extract; ``problems`` say where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


class Mapper:
    """Builds the candidates of one source on one extract."""

    def __init__(
        self, engine: Engine, zones: Zones, source: Source, extract: Extract, joined: Sequence[Joined], *,
        shape: Shape, at: At, zone: str, currency: str, received_us: int, separator: str | None = None, secret: str = "",
    ) -> None:  # fmt: skip
        self.engine, self.zones, self.source, self.extract = engine, zones, source, extract
        self.shape, self._at, self.company_zone, self.received_us = shape, at, zone, received_us
        self._prefer = "month" if currency == "USD" else "day"
        self._separator = separator
        self.secret = secret
        self._joined = tuple(joined)
        self._rows = f"{extract.table}_rows"
        self.problems: list[Problem] = []
        self.doubts: list[tuple[Path_, TimeForm]] = []
        self._names: dict[str, Column] = {column.header: column for column in extract.columns}
        self._values: dict[str, Value] = {}
        self._cells: dict[str, str] = {}
        self._forms: dict[tuple[str, tuple[str, ...]], TimeForm] = {}
        self.checks: list[Check] = []

    # ---- layer 1: rows with their look-ups, and typed cells for formulas

    def _join(self) -> None:
        cells = ["r.rowid as rn", *(f"r.{column.name}" for column in self.extract.columns)]
        joins = []
        for number, joined in enumerate(self._joined):
            alias = f"l{number}"
            conditions = []
            for here, there in joined.on.items():
                mine, theirs = self.extract.named(here), joined.extract.named(there)
                if mine is None or theirs is None:
                    continue  # told as a problem by the stage
                conditions.append(
                    f"{values.identifier('r.' + mine.name, mine.type)} = {values.identifier(alias + '.' + theirs.name, theirs.type)}"
                )
            joins.append(
                f" left join {plain(joined.extract.table)} {alias} on {' and '.join(conditions) or 'false'}"
            )
            for taken, there in joined.take.items():
                theirs = joined.extract.named(there)
                if theirs is not None:
                    cells.append(f"{alias}.{theirs.name} as {alias}_{theirs.name}")
                    self._names[taken] = Column(taken, f"{alias}_{theirs.name}", theirs.type)
        self.engine.rows(
            f"create or replace temp view {plain(self._rows)} as select {', '.join(cells)} from {plain(self.extract.table)} r{''.join(joins)}"
        )

    def _typed(self, column: Column) -> tuple[str, str | None]:
        """A column as formulas see it, and where its cell is not of the type that its column has."""
        if column.type != TEXT:
            return column.name, None
        kind, decimal = self._type(column), self._decimal(column)
        if kind == "number":
            sql = values.number(column.name, TEXT, decimal)
            whole = not self._decimals(column)
            sql = f"cast({sql} as bigint)" if whole else sql
        elif kind == "boolean":
            sql = values.boolean(column.name, TEXT)
        else:
            return column.name, None
        return sql, f"({column.name} is not null and {sql} is null)"

    def _decimals(self, column: Column) -> bool:
        return bool(
            self.engine.rows(
                f"select coalesce(bool_or(contains({column.name}, '.') or contains({column.name}, ',')), false) "
                f"from {plain(self._rows)} where {column.name} is not null"
            )[0][0]
        )

    def _type(self, column: Column) -> str:
        kept = self.shape.types.get(column.header)
        if kept is None:
            found = values.looks(self.engine, plain(self._rows), column.name, self._decimal(column))
            if found is None:
                return "text"
            kept = self.shape.types[column.header] = found
        return kept

    def _decimal(self, column: Column) -> str:
        if self.source.decimal:
            return self.source.decimal
        kept = self.shape.decimals.get(column.header)
        if kept is None:
            kept = values.decimal_of(self.engine, plain(self._rows), column.name, self._separator)
            self.shape.decimals[column.header] = kept
        return kept

    # ---- layer 2: fields

    def refer(self, text: str, where: Path_, *, formula_only: bool = False) -> Value:
        """What a value field means on this extract: an exact header, else a formula."""
        if text in self._values:
            return self._values[text]
        quoted = len(text) > 2 and text[0] == text[-1] == '"'
        column = self._names.get(text) or (self._names.get(text[1:-1]) if quoted else None)
        if formula_only and not quoted:
            column = None
        value = self._plain(column) if column is not None else self._formula(text, where)
        self._values[text] = value
        return value

    def _plain(self, column: Column) -> Value:
        return Value(column.name, column.type, column.header, header=True)

    def _formula(self, text: str, where: Path_) -> Value:
        nothing = Value("cast(null as varchar)", TEXT, text, header=False)
        try:
            used = formula.names_in(text) if column_formula(text) or text in self._names else (text,)
            missing = [name for name in used if name not in self._names]
            if missing:
                self._vanished(missing[0], text, where)
                return nothing
            bad: list[str] = []
            number = len(self._cells)

            def column(name: str) -> str:
                sql, wrong = self._typed(self._names[name])
                if wrong:
                    bad.append(wrong)
                if sql == self._names[name].name:
                    return sql
                self._cells.setdefault(sql, f"n_{number}_{len(bad)}")
                return self._cells[sql]

            built = formula.compiled(text, column, set(self._names), embedded=True)
        except formula.FormulaError as error:
            fault = error.fault
            self.problems.append(
                self._at(where, fault.given, fault.expected, "Mend the formula.", fault.nearest)
            )
            return nothing
        typed = ", ".join(f"{sql} as {name}" for sql, name in self._cells.items())
        base = f"(select *{', ' + typed if typed else ''} from {plain(self._rows)})"
        try:
            kind = str(self.engine.rows(f"describe select {built} as v from {base}")[0][1])
        except StepError as error:
            given = f"{text!r} ({error.reason.splitlines()[0][:140]})"
            self.problems.append(self._at(where, given, "a formula whose parts have types that go together",
                                          "Mend the formula; cast(x as double) reads a text as a number."))  # fmt: skip
            return nothing
        kind = (
            "DOUBLE"
            if kind.startswith("DECIMAL") or kind == "FLOAT"
            else "BIGINT"
            if kind in _WHOLE
            else kind
        )
        name = self._cells.setdefault(f"try({{'v': {built}}})", f"t_{len(self._values)}")
        cast = f"cast({name}.v as {kind})" if kind in ("DOUBLE", "BIGINT") else f"{name}.v"
        return Value(
            cast,
            kind,
            text,
            header=False,
            failed=f"({' or '.join([f'{name} is null', *dict.fromkeys(bad)])})",
        )

    def _vanished(self, name: str, text: str, where: Path_) -> None:
        headers = list(self._names)
        near = difflib.get_close_matches(name, headers, n=1, cutoff=0.6)
        if not near:
            folded = {header.casefold().replace(" ", "_"): header for header in headers}
            near = (
                [folded[name.casefold().replace(" ", "_")]]
                if name.casefold().replace(" ", "_") in folded
                else []
            )
        shown = ", ".join(headers[:15]) + (", …" if len(headers) > 15 else "")
        given = f"column {name!r}" + (f" in {text!r}" if text != name else "")
        remedy = "Write the header as the file has it."
        if len(self.extract.columns) == 1 and any(sign in headers[0] for sign in (";", ",", "\t", "|")):
            sign = next(sign for sign in (";", ",", "\t", "|") if sign in headers[0])
            remedy = f"The file was read as one column: its separator looks like {sign!r}; mend 'separator'."
        self.problems.append(
            self._at(where, given, f"a column of the file ({shown})", remedy, near[0] if near else None)
        )

    # ---- pieces of an entry

    def named(
        self, naming: Naming | None, where: Path_, known: Sequence[str] | None = None
    ) -> tuple[str, Value | None]:
        """A name: its expression, and the value that it was read from."""
        if naming is None:
            return _NONE.format("varchar"), None
        if naming.is_ is not None:
            return literal(naming.is_), None
        value = self.refer(naming.column or naming.formula or "", where, formula_only=naming.column is None)
        if naming.column is not None and naming.column not in self._names:
            return _NONE.format("varchar"), None
        found = values.text(value.sql, value.type)
        if known is not None:
            found = f"lower({found})"
        branches = "".join(
            f" when {literal(key.lower() if known is not None else key)} then {literal(to) if to is not None else 'null'}"
            for key, to in naming.map.items() if key != ""
        )  # fmt: skip
        other = literal(naming.otherwise) if naming.otherwise is not None else found
        named = f"case {found}{branches} else {other} end" if branches else found
        if naming.otherwise is not None and not branches:
            named = f"case when {found} is not null then {literal(naming.otherwise)} end"
        empty = naming.map.get("")
        otherwise = literal(empty) if empty is not None else "null"
        return f"case when {found} is null then {otherwise} else {named} end", value

    def text(self, text: str | None, where: Path_, *, identifying: bool = False) -> str:
        if text is None:
            return _NONE.format("varchar")
        value = self.refer(text, where)
        return (values.identifier if identifying else values.text)(value.sql, value.type)

    def when(self, value: Value, dates: tuple[str, ...], where: Path_) -> Instant:
        """The expressions of a time."""
        return values.instant(value.sql, value.type, self.form(value, dates, where))

    def form(self, value: Value, dates: tuple[str, ...], where: Path_) -> TimeForm:
        """How a field's times are written."""
        key = (value.text, dates)
        if key not in self._forms:
            if value.header and value.type in (TEXT, "TIMESTAMP"):
                form = values.time_form(
                    self.engine, plain(self._rows), value.sql, value.type, given=dates,
                    order=self.shape.orders.get(value.text), prefer=self._prefer,
                )  # fmt: skip
                if form.order and form.sure:
                    self.shape.orders[value.text] = form.order
                if not form.sure:
                    self.doubts.append((where, form))
            else:
                form = TimeForm(formats=dates, strict=bool(dates))
            self._forms[key] = form
        return self._forms[key]

    def attribute(self, value: Value) -> tuple[str, str, str | None]:
        """An attribute's expression, its type, and where its cell is not of that type."""
        if value.header and value.type == TEXT:
            column = self._names[value.text]
            sql, wrong = self._typed(column)
            if wrong is None:
                return values.text(sql, TEXT), TEXT, None
            kind = self._type(column)
            return (
                sql,
                "BOOLEAN" if kind == "boolean" else "BIGINT" if sql.startswith("cast(") else "DOUBLE",
                wrong,
            )
        if value.type in ("BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP"):
            return value.sql, value.type, None
        if value.type in ("DATE", "TIMESTAMP WITH TIME ZONE"):
            return f"cast({value.sql} as timestamp)", "TIMESTAMP", None
        if value.type == "INTERVAL":
            return f"epoch({value.sql})", "DOUBLE", None
        return values.text(value.sql, value.type), TEXT, None

    def has(self, name: str) -> bool:
        """Whether a text is exactly a header of the file."""
        return name in self._names

    def number_decimal(self, value: Value) -> str:
        column = self._names.get(value.text) if value.header else None
        return (
            self._decimal(column)
            if column is not None and column.type == TEXT
            else self.source.decimal or "."
        )

    # ---- the candidates

    def candidates(self) -> Candidates:
        """The query; raises ``Unmapped`` with every problem at once where the mapping does not fit."""
        self._join()
        source = self.source
        where_value = self.refer(source.where, ("where",), formula_only=True) if source.where else None
        drafts: list[_Draft]
        if source.readings:
            kind = columns.READINGS
            drafts = [_Reading(self, 0).draft()]
        elif source.responses:
            kind = columns.RESPONSES
            drafts = [_Response(self, 0).draft()]
        elif source.responsibility:
            kind = columns.RESPONSIBILITIES
            drafts = [_Answer(self, 0).draft()]
        elif source.work:
            kind = columns.WORKS
            drafts = [_Work(self, 0).draft()]
        elif source.employee_answers:
            kind = columns.EMPLOYEE_ANSWERS
            drafts = [_EmployeeAnswer(self, 0).draft()]
        else:
            kind = columns.INTERACTIONS
            drafts = [
                _Interaction(self, index, entry).draft() for index, entry in enumerate(source.interactions)
            ]
        if self.problems:
            raise Unmapped(self.problems)
        built = [(draft.outputs, draft.sql(self._fields(where_value, draft))) for draft in drafts]
        extra = _extra(outputs for outputs, _ in built)
        parts = [_part(kind, extra, outputs, sql) for outputs, sql in built]
        ids = [entry.id for entry in source.interactions if entry.id is not None]
        scoped = frozenset(
            index
            for index, entry in enumerate(source.interactions)
            if entry.id is not None and ids.count(entry.id) > 1
        )
        return Candidates(
            " union all ".join(parts), kind, extra, tuple(self.checks), self.shape, tuple(self.doubts), scoped
        )

    def _fields(self, where: Value | None, draft: "_Draft") -> str:
        """The layer that an entry reads: rows with the typed cells and the formulas' values, filtered."""
        typed = [f"{sql} as {name}" for sql, name in self._cells.items() if not name.startswith("t_")]
        tried = [f"{sql} as {name}" for sql, name in self._cells.items() if name.startswith("t_")]
        base = f"(select *{''.join(', ' + cell for cell in typed)} from {plain(self._rows)})"
        base = f"(select *{''.join(', ' + cell for cell in tried)} from {base})"
        keep = [_kept(value) for value in (where, draft.when) if value is not None]
        return base + (f" where {' and '.join(keep)}" if keep else "")


_WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "HUGEINT",
    "UBIGINT",
    "BIGINT",
)


def _kept(value: Value) -> str:
    """Rows that a condition keeps: those for which it is true, and those on which it fails (they are refused)."""
    test = f"coalesce(cast({value.sql} as boolean), false)"
    return f"({test} or {value.failed})" if value.failed else test


def _extra(outputs: Iterable[dict[str, tuple[str, str]]]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for output in outputs:
        for name, (_, kind) in output.items():
            if name.startswith(("id_", "a_")):
                before = found.get(name, kind)
                same = {before, kind}
                found[name] = (
                    kind if len(same) == 1 else "DOUBLE" if same == {"BIGINT", "DOUBLE"} else "VARCHAR"
                )
    return tuple(sorted(found.items(), key=lambda item: (item[0].startswith("a_"), item[0])))


def _part(kind: Kind, extra: Iterable[tuple[str, str]], outputs: dict[str, tuple[str, str]], sql: str) -> str:
    cells = []
    for name, type_ in (*kind.columns, *extra):
        cells.append(f"cast({f'o_{name}' if name in outputs else 'null'} as {type_}) as {name}")
    head = "rn, entry, status, problem, given, mapped_id, verbatim, links"
    return f"select {head}, {', '.join(cells)} from ({sql})"


class _Draft:
    """One entry on its way to SQL: expressions over the fields, checks in order, outputs."""

    def __init__(self, mapper: "Mapper", index: int) -> None:
        self.mapper, self.index = mapper, index
        self.when: Value | None = None
        self.outputs: dict[str, tuple[str, str]] = {}
        nothing = _NONE.format("varchar")
        self._cells: dict[str, str] = {"mapped_id": nothing, "verbatim": nothing, "links": nothing}
        self._given: dict[str, str] = {}
        self._checks: list[Check] = []
        self._joins: list[str] = []
        self._late: dict[str, str] = {}
        self._after_joins: list[str] = []
        self._absent = "false"

    @property
    def path(self) -> Path_:
        return ()

    def cell(self, name: str, sql: str) -> str:
        """A value of the second layer under a name of its own."""
        self._cells[name] = sql
        return name

    def check(self, when: str, reason: str, column: str, given: str, *told: str) -> None:
        """A reason to refuse: ``given`` is an expression over the fields, ``told`` what is expected and the remedy."""
        shown = f"g_{len(self._checks)}"
        self._given[shown] = f"left(cast({given} as varchar), 60)"
        expected, remedy = told
        self._checks.append(Check(when, reason, column, shown, expected, remedy))

    def failing(self, value: Value | None, column: str) -> None:
        """Refuse the rows on which a formula fails."""
        if value is not None and value.failed:
            name = self.cell(f"x_{len(self._cells)}", value.failed)
            self.check(name, "formula_failed", column, literal(value.text[:60]), "cells that the formula can be computed from",
                       "Mend the cell, or let the formula say what to do with it.")  # fmt: skip

    def vocabulary(self, naming: Naming | None, column: str, known: Sequence[str]) -> str:
        """A name of a closed list, checked."""
        sql, value = self.mapper.named(naming, (*self.path, column), known)
        name = self.cell(f"p_{column}", sql)
        self.failing(value, column)
        if value is not None:
            listed = ", ".join(literal(word) for word in known)
            self.check(f"{name} is not null and {name} not in ({listed})", "unknown_value", value.text,
                       values.text(value.sql, value.type), f"one of {', '.join(known)}",
                       f"Add it to the map of {column!r} in the charter.")  # fmt: skip
        return name

    def named(self, naming: Naming | None, column: str) -> str:
        """An open name."""
        sql, value = self.mapper.named(naming, (*self.path, column))
        name = self.cell(f"p_{column}", sql)
        self.failing(value, column)
        return name

    def text(
        self, text: str | None, column: str, *, at: Path_ | None = None, identifying: bool = False
    ) -> str:
        """A text value."""
        where = at or (*self.path, column)
        name = self.cell(
            f"p_{column.replace('.', '_')}", self.mapper.text(text, where, identifying=identifying)
        )
        if text is not None:
            self.failing(self.mapper.refer(text, where), column)
        return name

    def verbatim(self, text: str | None) -> str:
        """What the customer wrote, blanks and all."""
        if text is not None:
            value = self.mapper.refer(text, (*self.path, "verbatim"))
            plain_ = f"cast({value.sql} as varchar)"
            self._cells["verbatim"] = f"case when trim({plain_}) <> '' then {plain_} end"
            self.failing(value, "verbatim")
        return "verbatim"

    def attribute(self, name: str, text: str, where: Path_) -> tuple[str, str]:
        """An attribute with the type that its column or its formula has."""
        value = self.mapper.refer(text, where)
        sql, kind, wrong = self.mapper.attribute(value)
        cell = self.cell(f"p_a_{name}", sql)
        self.failing(value, name)
        if wrong:
            bad = self.cell(f"p_a_{name}_bad", wrong)
            self.check(bad, "not_of_its_type", value.text, values.text(value.sql, value.type), "a value such as the column's others",
                       "Mend the cell, add it to 'nulls', or make the attribute a text: coalesce(column, '').")  # fmt: skip
        return cell, kind

    def absent(self, test: str, value: Value | None) -> None:
        """Rows that tell of nothing that happened; a formula that fails is no absence."""
        if value is not None and value.failed:
            test = f"({test}) and not {self.cell('p_absent_failed', value.failed)}"
        self._absent = test

    def number(
        self, text: str | None, column: str, *, scale: int = 1, lowest: int | None = None, clock: bool = False
    ) -> str:
        """A number, scaled to a whole one where ``scale`` is above 1."""
        if text is None:
            return self.cell(f"p_{column}", _NONE.format("bigint" if scale > 1 else "double"))
        value = self.mapper.refer(text, (*self.path, *column.split(".")))
        read = (values.seconds if clock else values.number)(
            value.sql, value.type, self.mapper.number_decimal(value)
        )
        if scale > 1:
            read = f"try_cast(round(({read}) * {scale}) as bigint)"
        name = self.cell("p_" + column.replace(".", "_"), read)
        self.failing(value, column)
        given = values.text(value.sql, value.type)
        there = self.cell(f"{name}_there", f"{given} is not null")
        what = "a number of seconds, or h:mm:ss" if clock else "a number"
        self.check(f"{there} and {name} is null", "not_a_number", value.text, given, what,
                   "Mend the cell, add it to 'nulls', or set 'decimal'.")  # fmt: skip
        # A sum of a few such numbers would not be finite: no figure beside theirs could be told.
        most = f"{_MOST / scale:.0e}".replace("e+", "e")
        self.check(f"abs({name}) > {_MOST:.0e}", "implausible_number", value.text, given, f"a number from -{most} to {most}",
                   "Mend the cell, or add it to 'nulls'.")  # fmt: skip
        if lowest is not None:
            self.check(f"{name} < {lowest}", "negative", value.text, given, "a length of time that is not negative",
                       "Mend the cell; two times may have been subtracted the wrong way round.")  # fmt: skip
        return name

    def instant(self, text: str, column: str, dates: tuple[str, ...]) -> tuple[Value, str]:
        """A time: its three cells (``<prefix>_local``, ``_utc``, ``_day``) and ``<prefix>_there``; gives the prefix."""
        value = self.mapper.refer(text, (*self.path, column))
        found = self.mapper.when(value, dates, (*self.path, column))
        prefix = f"p_{column}"
        self.cell(f"{prefix}_local", found.local)
        self.cell(f"{prefix}_utc", found.utc)
        self.cell(f"{prefix}_day", found.day)
        self.cell(f"{prefix}_there", f"{values.text(value.sql, value.type)} is not null")
        self.failing(value, column)
        expected = (
            f"a time written {' or '.join(dates)}"
            if dates
            else "a time that exists, in ISO 8601 or as the other rows write it"
        )
        self.check(f"{prefix}_there and {prefix}_local is null and {prefix}_utc is null", "unreadable_time", value.text,
                   values.text(value.sql, value.type), expected, "Mend the cell, or give the format under 'dates'.")  # fmt: skip
        return value, prefix

    def placed(self, prefix: str, value: Value, zone_name: str, latest_us: int, latest: str) -> str:
        """The instant of a time in its zone: adds ``<prefix>_us`` and ``<prefix>_fold``; refuses what cannot be."""
        zone = self.mapper.zones.zone(zone_name)
        if zone.constant_us is not None:
            self._late[f"{prefix}_us"] = f"coalesce({prefix}_utc, {prefix}_local - ({zone.constant_us}))"
            self._late[f"{prefix}_fold"] = "false"
        else:
            alias = f"z_{prefix}"
            self._joins.append(
                f" left join {zone.local} {alias} on {alias}.day = {prefix}_local // {DAY_US} "
                f"and {prefix}_local >= {alias}.from_us and {prefix}_local < {alias}.to_us"
            )
            self._late[f"{prefix}_us"] = (
                f"coalesce({prefix}_utc, case when {alias}.quality = {GAP} then case when {prefix}_day then {alias}.resume_us end "
                f"else {prefix}_local - {alias}.offset_us end)"
            )
            self._late[f"{prefix}_fold"] = (
                f"{prefix}_utc is null and coalesce({alias}.quality = 1, false) and not {prefix}_day"
            )
            self._late[f"{prefix}_gap"] = (
                f"{prefix}_utc is null and coalesce({alias}.quality = {GAP}, false) and not {prefix}_day"
            )
            self.check(f"{prefix}_gap", "no_such_local_time", value.text, values.text(value.sql, value.type),
                       f"a time that the clocks of {zone_name} showed", "Daylight saving skips it: mend it, or give the zone of the column.")  # fmt: skip
        earliest_us = FIRST_DAY * DAY_US
        self.check(
            f"({prefix}_local is not null or {prefix}_utc is not null) and coalesce({prefix}_us not between {earliest_us} and {latest_us}, true)",
            "implausible_time", value.text, values.text(value.sql, value.type), f"a time from 1990 to {latest}",
            "Mend the cell, or the format under 'dates'; a clock may have been wrong.",
        )  # fmt: skip
        return f"{prefix}_us"

    def local_day(self, prefix: str, t_us: str, zone_name: str) -> str:
        """The day of an instant where the company is, in days since 1970."""
        company = self.mapper.zones.zone(self.mapper.company_zone)
        if company.constant_us is not None:
            elsewhere = f"({t_us} + ({company.constant_us})) // {DAY_US}"
        else:
            told = "" if zone_name != company.name else f"case when {prefix}_utc is not null then "
            key = f"{told}{t_us} // {DAY_US}{' end' if told else ''}"
            self._after_joins.append(
                f" left join {company.utc} zc on zc.day = {key} and {t_us} >= zc.from_us and {t_us} < zc.to_us"
            )
            elsewhere = f"({t_us} + zc.offset_us) // {DAY_US}"
        if company.name != zone_name:
            return elsewhere
        return f"case when {prefix}_utc is null then {prefix}_local // {DAY_US} else {elsewhere} end"

    def end_of_day(self, prefix: str, zone_name: str, due_is: str) -> str:
        """A due time: to the last microsecond of its local day where it is a day."""
        zone = self.mapper.zones.zone(zone_name)
        local = f"{prefix}_local"
        if due_is == "instant":
            return f"{prefix}_us"
        if due_is == "day":
            if zone.constant_us is not None:
                local = f"coalesce({local}, {prefix}_utc + ({zone.constant_us}))"
            else:
                self._joins.append(
                    f" left join {zone.utc} zu on zu.day = {prefix}_utc // {DAY_US} and {prefix}_utc >= zu.from_us and {prefix}_utc < zu.to_us"
                )
                local = f"coalesce({local}, {prefix}_utc + zu.offset_us)"
            whole = f"{local} is not null"
        else:
            whole = f"{prefix}_utc is null and ({prefix}_day or {local} % {DAY_US} = 0)"
        self._joins.append(
            f" left join {zone.starts} zs on zs.day = case when {whole} then {local} // {DAY_US} + 1 end"
        )
        self._late[f"{prefix}_end"] = "zs.start_us - 1"
        return f"coalesce({prefix}_end, {prefix}_us)"

    def sql(self, fields: str) -> str:
        """The query of this entry: layers of values, instants, checks, and what is wrong first."""
        # all checks of a source share one numbering, so that a refusal can say everything from its number
        base = len(self.mapper.checks)
        self.mapper.checks.extend(self._checks)
        cells = ", ".join(f"{sql} as {name}" for name, sql in {**self._cells, **self._given}.items())
        late = "".join(f", {sql} as {name}" for name, sql in self._late.items())
        layer = f"select p.*{late} from (select rn, {cells} from {fields}) p{''.join(self._joins)}"
        outputs = ", ".join(f"{sql} as o_{name}" for name, (sql, _) in self.outputs.items())
        branches = " ".join(
            f"when {check.when} then {base + number}" for number, check in enumerate(self._checks)
        )
        problem = f"case when {self._absent} then null {branches} end" if branches else "null"
        layer = f"select q.*, {outputs}, {problem} as problem from ({layer}) q{''.join(self._after_joins)}"
        status = f"case when {self._absent} then {NOT_HAPPENED} when problem is not null then {REFUSED} else {GOOD} end"
        shown = " ".join(
            f"when {base + number} then {check.given}" for number, check in enumerate(self._checks)
        )
        given = f"case problem {shown} end" if shown else "null"
        return (
            f"select *, cast({self.index} as smallint) as entry, cast({status} as tinyint) as status, "
            f"cast({given} as varchar) as given from ({layer})"
        )


class _Interaction(_Draft):
    def __init__(self, mapper: Mapper, index: int, entry: Entry) -> None:
        super().__init__(mapper, index)
        self.entry = entry

    @property
    def path(self) -> Path_:
        return ("interactions", self.index)

    def draft(self) -> Self:
        entry, source, mapper, out = self.entry, self.mapper.source, self.mapper, self.outputs
        if source.where:
            self.failing(mapper.refer(source.where, ("where",), formula_only=True), "where")
        if entry.when is not None:
            self.when = mapper.refer(
                entry.when, (*self.path, "when"), formula_only=not mapper.has(entry.when)
            )
            self.failing(self.when, "when")
        self._times(entry, source)
        activity = self.named(entry.activity, "activity")
        self.check(f"{activity} is null", "missing", entry.activity.column or "activity", "null", "an activity in each row",
                   "Give 'otherwise' in the charter, or leave such rows out with 'when'.")  # fmt: skip
        out["activity"] = (activity, TEXT)
        out["outcome"] = (self.vocabulary(entry.outcome, "outcome", OUTCOMES), TEXT)
        out["actor"] = (self.vocabulary(entry.actor, "actor", ACTORS), TEXT)
        out["initiated_by"] = (self.vocabulary(entry.initiated_by, "initiated_by", INITIATORS), TEXT)
        for column in ("function", "channel"):
            out[column] = (self.named(getattr(entry, column), column), TEXT)
        for column in ("intent", "team", "agent", "language"):
            out[column] = (self.text(getattr(entry, column), column), TEXT)
        out["duration_ms"] = (
            self.number(entry.duration_s, "duration_s", scale=1000, lowest=0, clock=True),
            "BIGINT",
        )
        out["wait_ms"] = (self.number(entry.wait_s, "wait_s", scale=1000, lowest=0, clock=True), "BIGINT")
        out["cost_cents"] = (self.number(entry.cost, "cost", scale=100), "BIGINT")
        self._rating(entry)
        verbatim = self.verbatim(entry.verbatim)
        out["has_verbatim"] = (f"{verbatim} is not null", "BOOLEAN")
        self._asked(entry)
        self._identity(entry, source)
        return self

    def _times(self, entry: Entry, source: Source) -> None:
        mapper, out = self.mapper, self.outputs
        zone_name = entry.timezone or source.timezone or mapper.company_zone
        dates = _formats(entry.dates) or _formats(source.dates)
        value, prefix = self.instant(entry.at, "at", dates)
        self.absent(f"not {prefix}_there", value)
        t_us = self.placed(
            prefix, value, zone_name, mapper.received_us + DAY_US, "the day after it was received"
        )
        out["t_us"] = (t_us, "BIGINT")
        out["time_quality"] = (
            f"case when {prefix}_day then 'day' when {prefix}_fold then 'ambiguous' end",
            TEXT,
        )
        out["local_day"] = (self.local_day(prefix, t_us, zone_name), "INTEGER")
        if entry.due_at is not None:
            due, due_prefix = self.instant(entry.due_at, "due_at", dates)
            self.placed(due_prefix, due, zone_name, mapper.received_us + 10 * YEAR_US, "ten years from now")
            out["due_us"] = (self.end_of_day(due_prefix, zone_name, source.due_is), "BIGINT")

    def _rating(self, entry: Entry) -> None:
        ratings, scales = [], []
        for scale, text in (entry.rating or {}).items():
            name = self.number(text, f"rating.{scale}")
            if scale == "nps":  # the only scale that is one everywhere
                self.check(f"{name} not between 0 and 10", "out_of_scale", text, name, "a number from 0 to 10",
                           "Mend the cell, or declare the scale that it is on.")  # fmt: skip
            ratings.append(name)
            scales.append(f"when {name} is not null then {literal(scale)}")
        if ratings:
            self.outputs["rating"] = (f"coalesce({', '.join(ratings)})", "DOUBLE")
            self.outputs["rating_scale"] = (f"case {' '.join(scales)} end", TEXT)

    def _asked(self, entry: Entry) -> None:
        if entry.asked_again is None:
            return
        value = self.mapper.refer(entry.asked_again, (*self.path, "asked_again"))
        name = self.cell("p_asked_again", values.boolean(value.sql, value.type))
        self.failing(value, "asked_again")
        there = self.cell("p_asked_again_there", f"{values.text(value.sql, value.type)} is not null")
        self.check(f"{there} and {name} is null", "not_a_boolean", value.text, values.text(value.sql, value.type),
                   "yes or no, true or false, 1 or 0", "Mend the cell, or compare it in a formula.")  # fmt: skip
        self.outputs["asked_again"] = (name, "BOOLEAN")

    def _identity(self, entry: Entry, source: Source) -> None:
        mapper, out = self.mapper, self.outputs
        ids, keys = [], []
        for key, text in (source.case or {}).items():
            name = self.text(text, f"case.{key}", at=("case", key), identifying=True)
            ids.append(name)
            keys.append(f"when {name} is not null then {literal(key)}")
        if ids:
            out["case_id"] = (f"coalesce({', '.join(ids)})", TEXT)
            out["case_key"] = (f"case {' '.join(keys)} end", TEXT)
        for kind, text in source.identifiers.items():
            out[f"id_{kind}"] = (
                self.text(text, f"identifiers.{kind}", at=("identifiers", kind), identifying=True),
                TEXT,
            )
        for name, text in source.attributes.items():
            out[f"a_{name}"] = self.attribute(name, text, ("attributes", name))
        for name, text in entry.attributes.items():
            out[f"a_{name}"] = self.attribute(name, text, (*self.path, name))
        if entry.id is not None:
            self._cells["mapped_id"] = mapper.text(entry.id, (*self.path, "id"), identifying=True)
            self.failing(mapper.refer(entry.id, (*self.path, "id")), "id")
        if source.format == "ocel" and mapper.has(LINKS):
            self._cells["links"] = mapper.text(LINKS, self.path)


class _Told(_Draft):
    """A row that tells one thing that is not an interaction."""

    def _must(self, name: str, column: str) -> None:
        self.check(
            f"{name} is null",
            "missing",
            column,
            "null",
            "a value in each row",
            "Mend the row, or leave it out with 'where'.",
        )

    def _valued(self, text: str, where: str) -> None:
        """Rows whose value is empty told nothing: they did not happen."""
        value = self.mapper.refer(text, (*self.path, where))
        self.absent(
            f"not {self.cell('p_value_given', f'{values.text(value.sql, value.type)} is not null')}", value
        )

    def _filtered(self) -> None:
        if self.mapper.source.where:
            self.failing(self.mapper.refer(self.mapper.source.where, ("where",), formula_only=True), "where")


class _Reading(_Told):
    @property
    def path(self) -> Path_:
        return ("readings",)

    def draft(self) -> Self:
        told = self.mapper.source.readings
        assert told is not None  # noqa: S101 -- chosen by the mapper
        self._filtered()
        self._valued(told.value, "value")
        indicator = self.named(told.indicator, "indicator")
        self._must(indicator, "indicator")
        value = self.mapper.refer(told.period, (*self.path, "period"))
        start = self.cell(
            "p_start",
            periods.start(
                value.sql,
                value.type,
                self.mapper.form(value, _formats(self.mapper.source.dates), (*self.path, "period")),
            ),
        )
        period = self.text(told.period, "period")
        self.check(f"{start} is null", "unreadable_period", told.period, period, "a day, a week such as 2025-W05, a month such as 2025-02, a quarter or a year",
                   "Mend the cell, or give its format under 'dates'.")  # fmt: skip
        self.outputs.update(
            indicator=(indicator, TEXT), unit=(self.text(told.unit, "unit"), TEXT), period_start=(start, "DATE"),
            period=(period, TEXT), value=(self.number(told.value, "value"), "DOUBLE"),
        )  # fmt: skip
        return self


class _Response(_Told):
    @property
    def path(self) -> Path_:
        return ("responses",)

    def draft(self) -> Self:
        told, source, mapper = self.mapper.source.responses, self.mapper.source, self.mapper
        assert told is not None  # noqa: S101 -- chosen by the mapper
        self._filtered()
        self._valued(told.value, "value")
        question = self.named(told.question, "question")
        self._must(question, "question")
        out = self.outputs
        if told.at is not None:
            zone_name = source.timezone or mapper.company_zone
            value, prefix = self.instant(told.at, "at", _formats(source.dates))
            out["t_us"] = (
                self.placed(
                    prefix, value, zone_name, mapper.received_us + DAY_US, "the day after it was received"
                ),
                "BIGINT",
            )
        out.update(
            respondent=(self.text(told.respondent, "respondent", identifying=True), TEXT), question=(question, TEXT),
            value=(self.number(told.value, "value"), "DOUBLE"), promise=(self.named(told.promise, "promise"), TEXT),
            facet=(self.vocabulary(told.facet, "facet", FACETS), TEXT), weight=(self.number(told.weight, "weight", lowest=0), "DOUBLE"),
        )  # fmt: skip
        return self


class _Answer(_Told):
    @property
    def path(self) -> Path_:
        return ("responsibility",)

    def draft(self) -> Self:
        told = self.mapper.source.responsibility
        assert told is not None  # noqa: S101 -- chosen by the mapper
        self._filtered()
        from_, to = (
            self.named(told.from_function, "from_function"),
            self.named(told.to_function, "to_function"),
        )
        self._must(from_, "from_function")
        self.absent(f"{to} is null", None)
        share = (
            self.number(told.share, "share", lowest=0) if told.share else "1.0"
        )  # a choice is a whole share
        self.outputs.update(
            respondent=(self.text(told.respondent, "respondent", identifying=True), TEXT), subject=(self.named(told.subject, "subject"), TEXT),
            from_function=(from_, TEXT), to_function=(to, TEXT), share=(share, "DOUBLE"),
        )  # fmt: skip
        return self


class _OfEmployees(_Told):
    """A row about an employee, who is a pseudonym of a pseudonym from here on."""

    def employee(self, text: str) -> str:
        """Who, hashed with the secret of this state, so that nothing that is kept can be joined with HR's files."""
        given = self.text(text, "employee", identifying=True)
        self._must(given, "employee")
        return f"case when {given} is not null then left(md5(concat({literal(self.mapper.secret)}, {given})), 24) end"

    def dated(self, text: str) -> str:
        """When, in the source's zone or the company's."""
        source, mapper = self.mapper.source, self.mapper
        value, prefix = self.instant(text, "at", _formats(source.dates))
        latest = mapper.received_us + DAY_US
        return self.placed(
            prefix, value, source.timezone or mapper.company_zone, latest, "the day after it was received"
        )


class _Work(_OfEmployees):
    @property
    def path(self) -> Path_:
        return ("work",)

    def draft(self) -> Self:
        told = self.mapper.source.work
        assert told is not None  # noqa: S101 -- chosen by the mapper
        self._filtered()
        kind = self.vocabulary(told.kind, "kind", WORK_KINDS)
        self._must(kind, "kind")
        times = self.number(told.times, "times", lowest=0) if told.times else "1.0"
        self.outputs.update(
            employee=(self.employee(told.employee), TEXT), team=(self.text(told.team, "team"), TEXT), function=(self.named(told.function, "function"), TEXT),
            task=(self.named(told.task, "task"), TEXT), kind=(kind, TEXT), tool=(self.text(told.tool, "tool"), TEXT),
            for_function=(self.named(told.for_function, "for_function"), TEXT), t_us=(self.dated(told.at), "BIGINT"),
            duration_ms=(self.number(told.duration_s, "duration_s", scale=1000, lowest=0, clock=True), "BIGINT"), times=(f"coalesce({times}, 1.0)", "DOUBLE"),
        )  # fmt: skip
        return self


class _EmployeeAnswer(_OfEmployees):
    @property
    def path(self) -> Path_:
        return ("employee_answers",)

    def draft(self) -> Self:
        told = self.mapper.source.employee_answers
        assert told is not None  # noqa: S101 -- chosen by the mapper
        self._filtered()
        self._valued(told.value, "value")
        question = self.named(told.question, "question")
        self._must(question, "question")
        if told.at is not None:
            self.outputs["t_us"] = (self.dated(told.at), "BIGINT")
        self.outputs.update(
            employee=(self.employee(told.employee), TEXT), team=(self.text(told.team, "team"), TEXT), function=(self.named(told.function, "function"), TEXT),
            question=(question, TEXT), value=(self.number(told.value, "value"), "DOUBLE"),
        )  # fmt: skip
        return self


def _formats(dates: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if dates is None else (dates,) if isinstance(dates, str) else dates
