"""Promises read on journeys: opening hours, days, announced dates, measures."""

from datetime import UTC, date, datetime, timedelta

import company
import pytest
import twin_of_journeys as twin
from company import DAY_US, HOUR_US, T0, row
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.charter.calendar import Calendar
from portance.errors import StepError
from portance.journeys import opening

HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("9:00-12:30", "13:30-18:00"))
DESK = Calendar(hours=HOURS, holidays=(date(2025, 4, 21),))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(text):
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def read(engine, rows, promise, as_of, **declared):
    promises = {"kept": {"says": "x", "journey": "care"} | promise}
    company.built(engine, company.charter(promises=promises, **declared), rows, as_of)
    return company.dicts(engine, "select * from clocks order by journey_id")


def order(at, to, **more):
    rows = [row(1, us(at), activity="order", **more)]
    return rows + ([row(2, us(to), activity="deliver")] if to else [])


CLOCK = {"clock": {"from": "order", "to": "deliver"}}


@settings(max_examples=60, deadline=None)
@given(
    first=st.integers(us("2025-03-20T00:00Z"), us("2025-05-10T00:00Z")),
    apart=st.integers(0, 30 * DAY_US),
    zone=st.sampled_from(["Europe/Paris", "Asia/Kathmandu", "America/New_York"]),
)
def test_opening_time_equals_its_twin_across_daylight_saving(first, apart, zone):
    slots, _ = opening.tables(DESK, zone, us("2025-03-01T00:00Z"), us("2025-07-01T00:00Z"))
    table = {
        slot: told
        for slot, *told in zip(*(slots[name].to_pylist() for name in slots.column_names), strict=True)
    }

    def open_us(instant):
        open_us_, is_open, _ = table[instant // opening.SLOT_US]
        return open_us_ + (instant % opening.SLOT_US if is_open else 0)

    last = first + apart
    assert open_us(last) - open_us(first) == twin.business_us(DESK, zone, first, last)
    days = table[last // opening.SLOT_US][2] - table[first // opening.SLOT_US][2]
    assert days == twin.business_days(DESK, zone, first, last)


def test_a_business_clock_stops_at_night_and_on_holidays(engine):
    promise = {"clock": {"from": "order", "to": "deliver", "unit": "business_hours", "calendar": "desk"},
               "offered": {"at_most": 9}}  # fmt: skip
    desk = {"calendars": {"desk": DESK}}
    # Friday 2025-04-18 16:00 in Paris, Monday the 21st is Easter Monday
    (clock,) = read(
        engine, order("2025-04-18T14:00Z", "2025-04-22T08:00Z"), promise, us("2025-05-01T00:00Z"), **desk
    )
    assert (clock["state"], clock["value_ms"], clock["limit_ms"]) == ("kept", 3 * 3_600_000, 9 * 3_600_000)
    assert clock["limit_us"] == us("2025-04-22T15:00Z")  # 2 h on Friday, 7 h on Tuesday: 17:00 in Paris
    (clock,) = read(engine, order("2025-04-18T14:00Z", None), promise, us("2025-04-22T15:00Z"), **desk)
    assert (clock["state"], clock["censored"]) == ("pending", True)
    (clock,) = read(engine, order("2025-04-18T14:00Z", None), promise, us("2025-04-22T15:00:00.001Z"), **desk)
    assert clock["state"] == "broken"


def test_business_and_calendar_days_count_days(engine):
    rows = order("2025-04-17T21:30Z", "2025-04-22T22:30Z")  # Thursday 23:30 to Wednesday 0:30 in Paris
    for unit, calendar, days, ends in (
        ("calendar_days", None, 6, "2025-04-19T21:59:59.999999Z"),
        ("business_days", "desk", 3, "2025-04-22T21:59:59.999999Z"),
    ):
        promise = {
            "clock": {"from": "order", "to": "deliver", "unit": unit, "calendar": calendar},
            "offered": {"at_most": 2},
        }
        (clock,) = read(engine, rows, promise, us("2025-05-01T00:00Z"), calendars={"desk": DESK})
        assert clock["value_ms"] == days * 86_400_000
        assert (clock["state"], clock["limit_us"]) == ("broken", us(ends))


def test_the_announced_day_comes_before_what_is_offered(engine):
    promise = CLOCK | {"expected": {"due": "order"}, "offered": {"at_most": 2}}
    as_of = us("2025-05-01T00:00Z")
    rows = order("2025-04-01T08:00Z", "2025-04-04T08:00Z", due_us=us("2025-04-05T21:59:59.999999Z"))
    (clock,) = read(engine, rows, promise, as_of)
    assert (clock["state"], clock["limit_us"]) == ("kept", us("2025-04-05T21:59:59.999999Z"))
    assert clock["due_ms"] == clock["limit_ms"] == (4 * 24 + 14) * 3_600_000 - 1
    (clock,) = read(engine, order("2025-04-01T08:00Z", "2025-04-04T08:00Z"), promise, as_of)
    assert (clock["state"], clock["limit_ms"], clock["due_ms"]) == ("broken", 2 * 86_400_000, None)


def test_an_announced_day_is_counted_as_the_clock_counts(engine):
    due = us("2025-04-23T21:59:59.999999Z")
    for unit, allowed in (
        ("calendar_days", 6 * 86_400_000),
        ("business_days", 3 * 86_400_000),
        ("business_hours", (3 * 8 + 2) * 3_600_000),
    ):
        promise = {"clock": {"from": "order", "to": "deliver", "unit": unit, "calendar": None if unit == "calendar_days" else "desk"},
                   "expected": {"due": "order"}}  # fmt: skip
        rows = order("2025-04-17T14:00Z", None, due_us=due)
        (clock,) = read(engine, rows, promise, us("2025-04-20T00:00Z"), calendars={"desk": DESK})
        assert (clock["state"], clock["due_ms"], clock["limit_us"]) == ("pending", allowed, due)


def test_without_a_limit_a_clock_is_never_kept_nor_broken(engine):
    rows = order("2025-04-01T08:00Z", "2025-04-04T08:00Z")
    (clock,) = read(engine, rows, CLOCK, us("2025-05-01T00:00Z"))
    assert (clock["state"], clock["censored"], clock["value_ms"]) == ("pending", False, 3 * 86_400_000)


def test_where_more_is_better_time_that_was_reached_is_kept(engine):
    promise = CLOCK | {"better": "higher", "intended": {"at_least": 2}}
    for to, as_of, state in (
        (None, "2025-04-02T08:00Z", "pending"), (None, "2025-04-04T08:00Z", "kept"), ("2025-04-02T08:00Z", "2025-05-01T00:00Z", "broken"),
    ):  # fmt: skip
        (clock,) = read(engine, order("2025-04-01T08:00Z", to), promise, us(as_of))
        assert clock["state"] == state


def test_the_last_known_flag_decides(engine):
    rows = [row(1, T0, a_made=True), row(2, T0 + 1, a_made=False), row(3, T0 + 2)]
    (clock,) = read(engine, rows, {"measure": "last(made)"}, T0 + DAY_US)
    assert (clock["state"], clock["value_ms"], clock["limit_ms"]) == ("broken", 0, 1000)
    (found,) = [made for made in company.breaks(engine) if made.kind == "broken_promise"]
    assert (found.interaction_id, found.promise, found.evidence) == ("i3", "kept", '["i3"]')
    (clock,) = read(engine, rows[:1], {"measure": "last(made)"}, T0 + DAY_US)
    assert clock["state"] == "kept"


@pytest.mark.parametrize(
    ("measure", "value"),
    [("count(distinct team)", 2000), ("avg(duration_s)", 1500), ("sum(cost)", 12_300), ("first(duration_s)", 1000),
     ("count(case when team = 'a' then 1 end) / count(*)", 667), ("max(wait_s) - min(wait_s)", -0)],
)  # fmt: skip
def test_a_measure_is_kept_in_thousandths(engine, measure, value):
    rows = [
        row(1, T0, team="a", duration_ms=1000, cost_cents=1000),
        row(2, T0 + 1, team="b", duration_ms=2000, cost_cents=230, wait_ms=7),
        row(3, T0 + HOUR_US, team="a"),
    ]
    promise = {"measure": measure, "functional": "median", "intended": {"at_most": 2}}
    (clock,) = read(engine, rows, promise, T0 + DAY_US)
    assert clock["value_ms"] == value
    assert clock["state"] == ("broken" if value > 2000 else "kept")


def test_a_measure_that_is_a_text_is_refused_with_what_to_do(engine):
    with pytest.raises(StepError, match="expected a number or yes and no"):
        read(engine, [row(1, T0)], {"measure": "last(team)"}, T0)


def test_what_was_released_is_void(engine):
    rows = [*order("2025-04-01T08:00Z", None), row(3, us("2025-04-02T08:00Z"), a_state="cancelled")]
    promise = CLOCK | {"intended": {"at_most": 1}, "void_when": "state = 'cancelled'"}
    (clock,) = read(engine, rows, promise, us("2025-05-01T00:00Z"))
    assert clock["state"] == "void"
    assert company.breaks(engine) == []
