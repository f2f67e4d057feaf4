"""Cells as values, each against plain Python."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.engine import literal
from portance.intake import values
from portance.intake.periods import start
from portance.intake.values import TimeForm
from portance.intake.zones import DAY_US, FOLD, GAP, Zones

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = (
    "Europe/Paris",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Pacific/Apia",
    "UTC",
)


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("12.5", ".", 12.5), ("-3", ".", -3), ("1,234.5", ".", 1234.5), ("1 234.5", ".", 1234.5), (".5", ".", 0.5), ("1e3", ".", 1000),
        ("12,5", ".", None), ("1,23", ".", None), ("1.2.3", ".", None), ("abc", ".", None), ("nan", ".", None), ("inf", ".", None), ("0x10", ".", None), ("1_000", ".", None),
        ("12,5", ",", 12.5), ("1.234,5", ",", 1234.5), ("1 234,5", ",", 1234.5), ("1\u202f234,50 €", ",", 1234.5), ("1.5", ",", None), ("1.234", ",", 1234),
        ("$12.50", ".", 12.5), ("12 EUR", ".", 12), ("45%", ".", 45), ("1'234", ".", 1234), ("12,34,56", ",", None), ("", ".", None),
    ],
)  # fmt: skip
def test_a_text_is_a_number_or_nothing(value, cell, decimal, number):
    assert value(values.number(f"cast({literal(cell)} as varchar)", "VARCHAR", decimal)) == number


@settings(max_examples=60, deadline=None)
@given(
    number=st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    grouped=st.booleans(),
    comma=st.booleans(),
)
def test_a_printed_number_reads_back(engine, number, grouped, comma):
    text = f"{number:,}" if grouped else str(number)
    if comma:
        text = text.translate(str.maketrans(",.", ".,"))
    sql = values.number(f"cast({literal(text)} as varchar)", "VARCHAR", "," if comma else ".")
    assert Decimal(str(engine.rows(f"select round({sql}, 2)")[0][0])) == number


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("90", 90),
        ("0:01:30", 90),
        ("25:00:00", 90000),
        ("-0:00:05", -5),
        ("0:61:00", None),
        ("1:30", None),
        ("0:00:01.5", 1.5),
    ],
)
def test_a_length_of_time_is_seconds_or_a_clock(value, cell, seconds):
    assert value(values.seconds(f"cast({literal(cell)} as varchar)", "VARCHAR", ".")) == seconds


@pytest.mark.parametrize(
    ("cell", "text"), [("123.0", "123"), ("12.50", "12.50"), (" A1 ", "A1"), ("", None), ("007", "007")]
)
def test_an_identifier_loses_blanks_and_the_fraction_of_spreadsheets(value, cell, text):
    assert value(values.identifier(f"cast({literal(cell)} as varchar)", "VARCHAR")) == text


@pytest.mark.parametrize(
    ("cells", "formats", "order", "sure"),
    [
        (["2025-01-31 10:00:00", "2025-01-31"], (), None, True),
        (["31/01/2025 10:00", "01/02/2025 11:00"], ("%d/%m/%Y %H:%M",), "day", True),
        (["01/31/2025 10:00:00 PM"], (), None, True),
        (["01/31/2025", "02/01/2025"], ("%m/%d/%Y",), "month", True),
        (["01/02/2025", "03/04/2025"], ("%d/%m/%Y",), "day", False),
        (["31/01/25 10:00:00"], ("%d/%m/%y %H:%M:%S",), "day", True),
        (["5 Jan 2025 14:05"], ("%d %b %Y %H:%M",), None, True),
        (["20250131T101500"], ("%Y%m%dT%H%M%S",), None, True),
    ],
)
def test_how_dates_are_written_is_seen_in_the_rows(engine, cells, formats, order, sure):
    engine.table("written", pa.table({"c0": pa.array(cells)}))
    form = values.time_form(engine, "written", "c0", "VARCHAR", given=(), order=None)
    if formats:
        assert (form.formats, form.order, form.sure) == (formats, order, sure)
    found = values.instant("c0", "VARCHAR", form)
    assert engine.rows(
        f"select count(*) from written where coalesce({found.local}, {found.utc}) is null"
    ) == [(0,)]


def test_the_order_of_day_and_month_is_looked_for_in_every_row(engine):
    cells = ["01/02/2025"] * 5000 + ["31/01/2025"]
    engine.table("written", pa.table({"c0": pa.array(cells)}))
    form = values.time_form(engine, "written", "c0", "VARCHAR", given=(), order=None, prefer="month")
    assert (form.order, form.sure) == ("day", True)


@pytest.mark.parametrize(
    ("cell", "kind", "utc", "local"),
    [
        ("1736499600", "BIGINT", "2025-01-10 09:00:00", None),
        ("1736499600123", "BIGINT", "2025-01-10 09:00:00.123", None),
        ("1736499600123456", "BIGINT", "2025-01-10 09:00:00.123456", None),
        ("20250110", "BIGINT", None, "2025-01-10 00:00:00"),
        ("45667.375", "DOUBLE", None, "2025-01-10 09:00:00"),
        ("0", "BIGINT", "1970-01-01 00:00:00", None),
    ],
)
def test_numbers_are_instants_by_their_size(engine, cell, kind, utc, local):
    found = values.instant(f"cast({cell} as {kind})", kind, TimeForm())
    shown = engine.rows(
        f"select cast(make_timestamp({found.utc}) as varchar), cast(make_timestamp({found.local}) as varchar)"
    )
    assert shown == [(utc, local)]


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2025-01-10T09:00:00Z", "2025-01-10 09:00:00"),
        ("2025-01-10T09:00:00.250+01:00", "2025-01-10 08:00:00.25"),
        ("2025-01-10 09:00:00-0330", "2025-01-10 12:30:00"),
        ("2025-01-10 09:00+02", "2025-01-10 07:00:00"),
        ("2025-01-10 09:00:00 UTC", "2025-01-10 09:00:00"),
        ("2025-01-10T09:00+02", "2025-01-10 07:00:00"),
    ],
)
def test_an_offset_in_the_text_wins(engine, cell, utc):
    found = values.instant(literal(cell), "VARCHAR", TimeForm())
    assert engine.rows(f"select cast(make_timestamp({found.utc}) as varchar), {found.local}") == [(utc, None)]


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2025-W01", "2024-12-30"), ("2025-W5", "2025-01-27"), ("2020-W53", "2020-12-28"), ("2025 S05", "2025-01-27"), ("2025-02", "2025-02-01"), ("02/2025", "2025-02-01"),
        ("2025-Q3", "2025-07-01"), ("2025T1", "2025-01-01"), ("2025", "2025-01-01"), ("2025-02-14", "2025-02-14"), ("soon", None), ("2025-13", None),
    ],
)  # fmt: skip
def test_a_period_starts_on_a_day(value, period, day):
    found = value(start(literal(period), "VARCHAR", TimeForm()))
    assert (found.isoformat() if found else None) == day


# ---- local times against zoneinfo


@pytest.fixture(scope="module")
def zones(engine):
    made = Zones(engine, 22_000)
    return {name: made.zone(name) for name in ZONES}


def _truth(local: datetime, zone: ZoneInfo) -> tuple[str, int | None]:
    """What Python's zoneinfo says: plain, doubled (the earlier), or skipped."""
    early = local.replace(tzinfo=zone, fold=0)
    there = early.astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) != local:
        return "gap", None
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return ("fold" if late != there else "plain"), (there - EPOCH) // timedelta(microseconds=1)


def _found(engine, zone, local_us: int) -> tuple[str, int | None]:
    if zone.constant_us is not None:
        return "plain", local_us - zone.constant_us
    rows = engine.rows(
        f"select quality, offset_us from {zone.local} where day = {local_us} // {DAY_US} and {local_us} >= from_us and {local_us} < to_us"
    )
    assert len(rows) == 1
    quality, offset = rows[0]
    return ("gap", None) if quality == GAP else ("fold" if quality == FOLD else "plain", local_us - offset)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(ZONES), seconds=st.integers(7306 * 86_400, 21_990 * 86_400))
def test_local_times_are_those_of_zoneinfo(engine, zones, name, seconds):
    local = datetime(1970, 1, 1) + timedelta(seconds=seconds)
    assert _found(engine, zones[name], seconds * 1_000_000) == _truth(local, ZoneInfo(name))


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(ZONES[:3]), data=st.data())
def test_local_times_around_a_change_of_the_clocks_are_those_of_zoneinfo(engine, zones, name, data):
    edges = engine.rows(f"select distinct from_us from {zones[name].local} where quality <> 0 order by 1")
    edge = data.draw(st.sampled_from(edges))[0]
    seconds = edge // 1_000_000 + data.draw(st.integers(-4 * 3600, 4 * 3600))
    local = datetime(1970, 1, 1) + timedelta(seconds=seconds)
    assert _found(engine, zones[name], seconds * 1_000_000) == _truth(local, ZoneInfo(name))


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(ZONES), day=st.integers(7310, 21_990))
def test_a_day_starts_at_its_first_instant(engine, zones, name, day):
    ((found,),) = engine.rows(f"select start_us from {zones[name].starts} where day = {day}")
    zone = ZoneInfo(name)
    date = (EPOCH + timedelta(days=day)).date()
    instant = EPOCH + timedelta(microseconds=found)
    there = instant.astimezone(zone)
    before = (instant - timedelta(microseconds=1)).astimezone(zone)
    if name != "Pacific/Apia":  # a whole day that was skipped starts where the next one does
        assert there.date() == date
    assert before.date() < date
