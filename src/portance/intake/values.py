"""Cells as values: how a text, a number or an instant of any export becomes a column of one type.

Everything here is SQL for the embedded engine, made of a cell's expression. A value that is given but cannot be
read comes out null: the mapping compares it with what was given and refuses the row.
"""

import re
from dataclasses import dataclass

from portance.engine import Engine, literal

_SPACES = " \u00a0\u202f'"
NUMBER = r"[+-]?(0|[1-9]\d{0,14})(\.\d+)?"
"""A text that is a number and nothing else: a leading zero makes it a code (a postcode, an account)."""
NUMBER_COMMA = r"[+-]?(0|[1-9]\d{0,14})(,\d+)?"
_ISO_TIME = r"[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
_ISO_LOCAL = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(" + _ISO_TIME + ")?"
_ISO_OFFSET = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}" + _ISO_TIME + r" ?(Z|z|UTC|GMT|[+-]\d{2}(:?\d{2})?)"
TRUE = ("true", "t", "yes", "y", "1", "oui", "o", "vrai")
FALSE = ("false", "f", "no", "n", "0", "non", "faux")


def text(cell: str, kind: str) -> str:
    """A cell as text without the blanks around it; a whole number without a fraction."""
    if kind == "VARCHAR":
        return f"nullif(trim({cell}), '')"
    if kind == "DOUBLE":
        return f"case when {cell} = trunc({cell}) and abs({cell}) < 9e15 then cast(cast({cell} as bigint) as varchar) else cast({cell} as varchar) end"
    return f"cast({cell} as varchar)"


def identifier(cell: str, kind: str) -> str:
    """A cell as an identifier: text, without the ``.0`` that spreadsheets add to numbers that may be missing."""
    plain = text(cell, kind)
    if kind != "VARCHAR":
        return plain
    return f"case when suffix({cell}, '.0') and regexp_full_match({plain}, '\\d+\\.0') then {plain}[:-3] else {plain} end"


def number(cell: str, kind: str, decimal: str) -> str:
    """A cell as a DOUBLE; groups of thousands must be whole, so that ``12,5`` never becomes 125."""
    if kind in ("DOUBLE", "BIGINT"):
        return f"case when isfinite(cast({cell} as double)) then cast({cell} as double) end"
    if kind == "INTERVAL":
        return f"epoch({cell})"
    if kind == "BOOLEAN":
        return f"cast(cast({cell} as integer) as double)"
    if kind != "VARCHAR":
        return "cast(null as double)"
    trimmed = f"trim({cell})"
    group = "[,  \u00a0\u202f'’]" if decimal == "." else "[.  \u00a0\u202f'’]"
    point = r"\." if decimal == "." else ","
    grouped = literal(rf"[+-]?\d{{1,3}}({group}\d{{3}})+({point}\d+)?")
    # a currency sign or its code, or a percent sign, says nothing of the amount
    bare = f"trim(regexp_replace({trimmed}, '^(€|\\$|£|[A-Z]{{3}}) ?|[ \u00a0\u202f]?(€|\\$|£|%|[A-Z]{{3}})$', '', 'g'))"
    kept = literal("[^0-9.+-]" if decimal == "." else "[^0-9,+-]")
    strip = f"replace(regexp_replace({bare}, {kept}, '', 'g'), ',', '.')"
    simple = literal(
        r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?" if decimal == "." else r"[+-]?(\d+,?\d*|,\d+)"
    )
    as_point = bare if decimal == "." else f"replace({bare}, ',', '.')"
    fast = literal(r"[+-]?\d{1,15}(\.\d+)?")
    quick = f"when regexp_full_match({cell}, {fast}) then cast({cell} as double) " if decimal == "." else ""
    return (
        f"case when {cell} is null then null {quick}"
        f"when regexp_full_match({bare}, {simple}) then try_cast({as_point} as double) "
        f"when regexp_full_match({bare}, {grouped}) then try_cast({strip} as double) end"
    )


def seconds(cell: str, kind: str, decimal: str) -> str:
    """A length of time in seconds as a DOUBLE: a number of them, or ``h:mm:ss``."""
    plain = number(cell, kind, decimal)
    if kind != "VARCHAR":
        return plain
    clock = (
        f"case when regexp_full_match(trim({cell}), '-?\\d{{1,4}}:[0-5]\\d:[0-5]\\d(\\.\\d+)?') then "
        f"(case when starts_with(trim({cell}), '-') then -1 else 1 end) * "
        f"(abs(cast(split_part(trim({cell}), ':', 1) as double)) * 3600 + cast(split_part(trim({cell}), ':', 2) as double) * 60 "
        f"+ cast(split_part(trim({cell}), ':', 3) as double)) end"
    )
    return f"coalesce({plain}, {clock})"


def boolean(cell: str, kind: str) -> str:
    """A cell as BOOLEAN: yes and no in the words that exports use."""
    if kind == "BOOLEAN":
        return cell
    if kind in ("BIGINT", "DOUBLE"):
        return f"case {cell} when 1 then true when 0 then false end"
    if kind != "VARCHAR":
        return "cast(null as boolean)"
    word = f"lower(trim({cell}))"
    return f"case when {word} in ({_listed(TRUE)}) then true when {word} in ({_listed(FALSE)}) then false end"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(literal(word) for word in words)


# ---- instants

_TIMES = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    "T%H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    " à %H:%M",
    " %Hh%M",
    ", %H:%M",
    ", %H:%M:%S",
)
_ORDERED = {
    "day": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y"),
    "month": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y", "%m.%d.%y"),
}
_CERTAIN = (
    "%Y.%m.%d", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%a %b %d %Y",
    "%d/%b/%Y", "%Y%m%d",
)  # fmt: skip
_WHOLE = (
    "%Y%m%d%H%M%S",
    "%Y%m%dT%H%M%S",
    "%Y%m%dT%H%M%SZ",
    "%a, %d %b %Y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S %z",
    "%d/%b/%Y:%H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y",
)
_SAMPLE = 4_000
_NO_INSTANT = "cast(null as bigint)"


@dataclass(frozen=True, slots=True)
class TimeForm:
    """How the times of one column are written.

    ``formats`` are strptime formats beside ISO 8601 (which is always read, unless ``strict``); ``order`` says which
    of day and month comes first where that matters, ``sure`` whether the rows tell it; ``numeric``: numbers are
    instants (seconds, milliseconds, a spreadsheet's days); ``days``: nearly all values are midnights, so midnights
    are dates.
    """

    formats: tuple[str, ...] = ()
    order: str | None = None
    sure: bool = True
    numeric: bool = False
    days: bool = False
    strict: bool = False
    example: str | None = None


def _has_clock(form: str) -> bool:
    return re.search(r"%[HIcXTRs]", form) is not None


def _has_zone(form: str) -> bool:
    return "%z" in form or "%Z" in form or form.endswith("Z")


@dataclass(frozen=True, slots=True)
class Instant:
    """A time as SQL: local microseconds or UTC microseconds (one of them null), and whether only its day is told."""

    local: str
    utc: str
    day: str


def instant(cell: str, kind: str, form: TimeForm) -> Instant:
    """The expressions of a time, from a cell of a type."""
    if kind == "TIMESTAMP":
        day = f"({cell} = date_trunc('day', {cell}))" if form.days else "false"
        return Instant(f"case when isfinite({cell}) then epoch_us({cell}) end", _NO_INSTANT, day)
    if kind == "DATE":
        return Instant(
            f"case when isfinite({cell}) then epoch_us(cast({cell} as timestamp)) end",
            _NO_INSTANT,
            "true",
        )
    if kind.startswith("TIMESTAMP WITH"):
        return Instant(_NO_INSTANT, f"case when isfinite({cell}) then epoch_us({cell}) end", "false")
    if kind in ("BIGINT", "DOUBLE"):
        return _from_number(f"cast({cell} as double)")
    if kind != "VARCHAR":
        return Instant(_NO_INSTANT, _NO_INSTANT, "false")
    return _from_text(f"trim({cell})", form)


def _midnight(cell: str) -> str:
    return f"regexp_full_match({cell}, '.*[ T]0?0:00(:00([.]0+)?)?')"


def _from_number(value: str) -> Instant:
    local = (
        f"case when {value} between 19000101 and 21001231 and {value} = trunc({value}) then "
        f"epoch_us(try_strptime(cast(cast({value} as bigint) as varchar), '%Y%m%d')) "
        f"when {value} between 20000 and 109574 then cast(round(({value} - 25569) * 86400000) as bigint) * 1000 end"
    )
    utc = (
        f"case when not isfinite({value}) or {value} between 19000101 and 21001231 or {value} between 20000 and 109574 then null "
        f"when abs({value}) < 5e10 then cast(round({value} * 1e6) as bigint) when abs({value}) < 5e13 then cast(round({value} * 1e3) as bigint) "
        f"when abs({value}) < 5e16 then cast({value} as bigint) when abs({value}) < 5e18 then cast(round({value} / 1e3) as bigint) end"
    )
    day = f"({value} between 19000101 and 21001231 or ({value} between 20000 and 109574 and {value} = trunc({value})))"
    return Instant(local, utc, day)


def _from_text(cell: str, form: TimeForm) -> Instant:
    clocked = [literal(item) for item in form.formats if _has_clock(item) and not _has_zone(item)]
    dated = [literal(item) for item in form.formats if not _has_clock(item)]
    zoned = [item for item in form.formats if _has_zone(item)]
    locals_, utcs, days = [], [], []
    if not form.strict:
        locals_.append(
            f"case when length({cell}) = 19 and {cell}[17] = ':' and {cell}[5] = '-' then epoch_us(try_cast({cell} as timestamp)) "
            f"when regexp_full_match({cell}, {literal(_ISO_LOCAL)}) then epoch_us(try_cast(replace({cell}, ',', '.') as timestamp)) end"
        )
        cleaned = f"regexp_replace(replace({cell}, ',', '.'), ' ?(Z|z|UTC|GMT)$', '+00')"
        utcs.append(
            f"case when length({cell}) > 16 and regexp_full_match({cell}, {literal(_ISO_OFFSET)}) then epoch_us(try_cast({cleaned} as timestamptz)) end"
        )
        days += [f"length({cell}) <= 10"]
    if clocked:
        locals_.append(f"epoch_us(try_strptime({cell}, [{', '.join(clocked)}]))")
    if dated:
        locals_.append(f"epoch_us(try_strptime({cell}, [{', '.join(dated)}]))")
        clock = f"try_strptime({cell}, [{', '.join(clocked)}]) is null" if clocked else "true"
        days.append(f"({clock} and try_strptime({cell}, [{', '.join(dated)}]) is not null)")
    for item in zoned:
        # a literal Z names UTC as %z does
        read = f"try_strptime({cell}, {literal(item)})"
        utcs.append(f"epoch_us({read})")
    if form.numeric:
        numeric = _from_number(f"try_cast({cell} as double)")
        locals_.append(numeric.local)
        utcs.append(numeric.utc)
        days.append(f"coalesce({numeric.day}, false)")
    if form.days:
        days.append(_midnight(cell))
    day = " or ".join(days) or "false"
    local = f"coalesce({', '.join(locals_)})" if len(locals_) > 1 else "".join(locals_) or _NO_INSTANT
    utc = f"coalesce({', '.join(utcs)})" if len(utcs) > 1 else "".join(utcs) or _NO_INSTANT
    return Instant(local, utc, f"({day})")


def time_form(
    engine: Engine,
    table: str,
    column: str,
    kind: str,
    *,
    given: tuple[str, ...],
    order: str | None,
    prefer: str = "day",
) -> TimeForm:
    """How the times of a text column are written: as the charter says, else guessed from its rows.

    ``order`` is what earlier loads found; ``prefer`` decides between day and month where no row does.
    """
    if kind in ("TIMESTAMP", "VARCHAR") and not given:
        days = _dates_in_disguise(engine, table, column, kind)
    else:
        days = False
    if kind != "VARCHAR":
        return TimeForm(days=days)
    if given:
        return TimeForm(formats=given, strict=True)
    sample = f"(select distinct trim({column}) as v from (select {column} from {table} where {column} is not null limit {_SAMPLE}))"
    total, iso = engine.rows(
        f"select count(*), count(*) filter (regexp_full_match(v, {literal(_ISO_LOCAL)}) or regexp_full_match(v, {literal(_ISO_OFFSET)})) from {sample}"
    )[0]
    if total == iso:
        return TimeForm(days=days)
    number = engine.rows(
        f"select count(*) filter (regexp_full_match(v, '-?\\d+(\\.\\d+)?')), count(*) filter (regexp_full_match(v, '(19|20)\\d{{12}}')) from {sample}"
    )[0]
    if number[0] + iso == total and not number[1]:
        return TimeForm(numeric=True)
    forms: dict[str, tuple[str, ...]] = {
        name: tuple(d + t for d in bases for t in _TIMES) for name, bases in _ORDERED.items()
    }
    certain = tuple(d + t for d in _CERTAIN for t in _TIMES) + _WHOLE
    shown = [str(row[0]) for row in engine.rows(f"select v from {sample} limit 1000")]
    certain = _plausible(certain, shown)
    forms = {name: _plausible(listed, shown) for name, listed in forms.items()}
    best = _counts(engine, sample, (*certain, *forms["day"], *forms["month"]))
    day = sum(sorted((best[form] for form in forms["day"]), reverse=True)[:1])
    month = sum(sorted((best[form] for form in forms["month"]), reverse=True)[:1])
    sure, chosen, example = True, order, None
    if day or month:
        if order is None:
            if day == month:
                chosen, sure, example = _order(engine, table, column, forms=forms, best=best, prefer=prefer)
            else:
                chosen = "day" if day > month else "month"
        allowed = (*certain, *forms[chosen or prefer])
    else:
        allowed = certain
    return TimeForm(
        formats=_greedy(engine, sample, allowed, best), order=chosen, sure=sure, days=days, example=example
    )


_DIRECTIVES = {
    "d": r"\d{1,2}", "m": r"\d{1,2}", "Y": r"\d{4}", "y": r"\d{2}", "H": r"\d{1,2}", "I": r"\d{1,2}", "M": r"\d{1,2}",
    "S": r"\d{1,2}", "f": r"\d{1,9}", "p": r"[AaPp]\.?[Mm]\.?", "b": r"[A-Za-z]{3}", "B": r"[A-Za-z]{3,9}", "a": r"[A-Za-z]{3}",
    "z": r"[+-]\d{2}:?\d{2}",
}  # fmt: skip


def _plausible(forms: tuple[str, ...], shown: list[str]) -> tuple[str, ...]:
    """The formats whose shape some value has: the others are not worth a column of a query."""
    kept = []
    for form in forms:
        parts = re.split(r"%(.)", form)
        pattern = "".join(
            _DIRECTIVES[part] if place % 2 else re.escape(part) for place, part in enumerate(parts)
        )
        shape = re.compile(pattern, re.ASCII)
        if any(shape.fullmatch(value) for value in shown):
            kept.append(form)
    return tuple(kept)


def _counts(engine: Engine, sample: str, forms: tuple[str, ...]) -> dict[str, int]:
    if not forms:
        return {}
    cells = ", ".join(
        f"count(*) filter (year(try_strptime(v, {literal(form)})) between 1950 and 2150)" for form in forms
    )
    return dict(zip(forms, engine.rows(f"select {cells} from {sample}")[0], strict=True))


def _greedy(engine: Engine, sample: str, allowed: tuple[str, ...], counts: dict[str, int]) -> tuple[str, ...]:
    """The formats that read the sample, the most frequent first, no more than are needed."""
    chosen: list[str] = []
    for form in sorted(
        (form for form in allowed if counts[form]), key=lambda form: (-counts[form], len(form))
    ):
        rest = (
            f"(select v from {sample} where "
            + " and ".join(f"try_strptime(v, {literal(item)}) is null" for item in chosen)
            + ")"
            if chosen
            else sample
        )
        if engine.rows(
            f"select count(*) from {rest} where year(try_strptime(v, {literal(form)})) between 1950 and 2150"
        )[0][0]:
            chosen.append(form)
        if len(chosen) == 6:
            break
    return tuple(chosen)


def _order(
    engine: Engine,
    table: str,
    column: str,
    *,
    forms: dict[str, tuple[str, ...]],
    best: dict[str, int],
    prefer: str,
) -> tuple[str, bool, str | None]:
    """Whether day or month comes first, from every row where the first ones do not tell."""
    pairs = [
        (day, day.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m"))
        for day in forms["day"]
        if best[day]
    ]
    first = " or ".join(
        f"(try_strptime(v, {literal(d)}) is not null and try_strptime(v, {literal(m)}) is null)"
        for d, m in pairs
    )
    second = " or ".join(
        f"(try_strptime(v, {literal(m)}) is not null and try_strptime(v, {literal(d)}) is null)"
        for d, m in pairs
    )
    values = f"(select distinct trim({column}) as v from {table} where {column} is not null)"
    days, months, example = engine.rows(
        f"select count(*) filter ({first}), count(*) filter ({second}), min(v) from {values}"
    )[0]
    if days == months:
        return prefer, False, str(example)
    return ("day" if days > months else "month"), True, None


def _dates_in_disguise(engine: Engine, table: str, column: str, kind: str) -> bool:
    """Whether a column of instants holds dates: 99 of 100 of its values, of 20 at least, are midnights.

    Not all of them: where daylight saving skips a midnight, systems write one o'clock.
    """
    test = f"{column} = date_trunc('day', {column})" if kind == "TIMESTAMP" else _midnight(column)
    for rows in (" limit 200", ""):
        values = f"(select {column} from {table} where {column} is not null{rows})"
        count, midnights = engine.rows(f"select count(*), count(*) filter ({test}) from {values}")[0]
        if count < 20 or midnights < 0.95 * count:
            return False
    return bool(midnights >= 0.99 * count)


# ---- numbers and codes


def decimal_of(engine: Engine, table: str, column: str, separator_hint: str | None) -> str:
    """The decimal sign of a text column, from its first rows: what the groups and the digits after it allow."""
    sample = f"(select trim({column}) as v from {table} where {column} is not null limit 20000)"
    group = "[ \u00a0\u202f'’]?"
    grouped = rf".*?[+-]?(0|[1-9]\d{{0,2}}(({group}|[.])\d{{3}})*|\d+),\d+[^,.]*"
    comma, comma_only, dot = engine.rows(
        f"select count(*) filter (regexp_full_match(v, {literal(grouped)}) "
        f"and not regexp_full_match(v, '[+-]?[1-9]\\d{{0,2}}(,\\d{{3}})+')), "
        f"count(*) filter (regexp_full_match(v, '[+-]?[1-9]\\d{{0,2}}(,\\d{{3}})+')), "
        f"count(*) filter (regexp_matches(v, '\\.\\d') and not regexp_full_match(v, '[+-]?[1-9]\\d{{0,2}}(\\.\\d{{3}})+(,\\d+)?')) from {sample}"
    )[0]
    if comma and not dot:
        return ","
    return "," if comma_only and not comma and not dot and separator_hint == ";" else "."


def looks(engine: Engine, table: str, column: str, decimal: str) -> str | None:
    """What every cell of a text column is: ``number``, ``boolean`` or ``text``; ``None`` where all are empty."""
    pattern = NUMBER if decimal == "." else NUMBER_COMMA
    quick = engine.rows(
        f"select count(*), count(*) filter (regexp_full_match(trim(v), {literal(pattern)})), count(*) filter (lower(trim(v)) in ('true', 'false')) "
        f"from (select {column} as v from {table} where {column} is not null limit 2000)"
    )[0]
    if quick[0] == 0:
        return None
    if quick[0] not in (quick[1], quick[2]):
        return "text"
    test = (
        f"regexp_full_match(trim({column}), {literal(pattern)})"
        if quick[0] == quick[1]
        else f"lower(trim({column})) in ('true', 'false')"
    )
    whole = engine.rows(f"select bool_and({test}) from {table} where {column} is not null")[0][0]
    if not whole:
        return "text"
    return "number" if quick[0] == quick[1] else "boolean"
