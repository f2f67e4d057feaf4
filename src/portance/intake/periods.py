"""The first day of a period as indicators are kept: a day, a week, a month, a quarter, a year."""

from portance.intake.values import TimeForm, instant


def start(cell: str, kind: str, form: TimeForm) -> str:
    """The first day (DATE) of a period written as ``2025-W05``, ``2025-02``, ``02/2025``, ``2025-Q1``, ``2025`` or a date."""
    if kind == "DATE":
        return cell
    if kind.startswith("TIMESTAMP"):
        return f"cast({cell} as date)"
    if kind in ("BIGINT", "DOUBLE"):
        year = f"case when {cell} between 1990 and 2100 and {cell} = trunc({cell}) then make_date(cast({cell} as integer), 1, 1) end"
        return f"coalesce({year}, {_day(cell, kind, form)})"
    if kind != "VARCHAR":
        return "cast(null as date)"
    text = f"upper(trim({cell}))"
    first = f"cast({text}[1:4] as integer)"
    week = f"cast(regexp_extract({text}, '(\\d+)$', 1) as integer)"
    fourth = f"make_date({first}, 1, 4)"  # the 4th of January is always in week 1
    monday = f"{fourth} - cast(isodow({fourth}) - 1 as integer) + ({week} - 1) * 7"
    return (
        f"case when regexp_full_match({text}, '\\d{{4}}[- ]?[WS](0?[1-9]|[1-4]\\d|5[0-3])') then {monday} "
        f"when regexp_full_match({text}, '\\d{{4}}[-/](0?[1-9]|1[0-2])') then make_date({first}, {week}, 1) "
        f"when regexp_full_match({text}, '(0?[1-9]|1[0-2])[-/]\\d{{4}}') then make_date({week}, cast(regexp_extract({text}, '^(\\d+)', 1) as integer), 1) "
        f"when regexp_full_match({text}, '\\d{{4}}[- ]?[QT][1-4]') then make_date({first}, {week} * 3 - 2, 1) "
        f"when regexp_full_match({text}, '(19|20)\\d{{2}}') then make_date({first}, 1, 1) "
        f"else {_day(cell, kind, form)} end"
    )


def _day(cell: str, kind: str, form: TimeForm) -> str:
    found = instant(cell, kind, form)
    return f"cast(make_timestamp(coalesce({found.local}, {found.utc})) as date)"
