"""From a company's tables to what is told of staying: who is followed, until when, and what a customer is worth."""

import numpy as np
import pyarrow as pa
import pytest
from staying_company import DAY_US, START_US, broke, interaction, staying_charter, tables

from portance.engine import Engine
from portance.experience.retention.following import follow
from portance.experience.retention.staying import stay
from portance.experience.retention.valuing import lost_customer

TODAY = START_US + 400 * DAY_US


@pytest.fixture
def engine():
    with Engine(threads=1) as made:
        yield made


def _company(seed=0, people=500):
    rng = np.random.default_rng(seed)
    rows, breaks = [], []
    for person in range(1, people + 1):
        days = np.sort(rng.uniform(0, 399, rng.integers(2, 14)))
        rows += [interaction(person, day) for day in days]
        left = 999.0
        for day in days[:-1]:
            if rng.random() < 0.15:
                breaks.append(broke(person, day))
                if rng.random() < 0.45 and day < 360:
                    left = min(left, day + rng.uniform(25, 60))
        if rng.random() < 0.2:
            left = min(left, rng.uniform(40, 399))
        if left < 399:
            rows = [
                row for row in rows if row["person_key"] != person or row["t_us"] < START_US + left * DAY_US
            ]
            if not any(row["person_key"] == person for row in rows[-30:]):
                rows.append(interaction(person, 0.5))
            rows.append(
                interaction(
                    person, left, "departure", outcome="resolved", intent=str(rng.choice(["price", "moved"]))
                )
            )
    return rows, breaks


def test_without_a_declared_departure_the_tables_are_empty(engine):
    tables(engine, *_company(people=20))
    made = stay(staying_charter(), engine, TODAY, 0)
    assert {name: table.num_rows for name, table in made.items()} == {
        "retention": 0,
        "retention_curve": 0,
        "customer_value": 0,
    }


@pytest.mark.parametrize("rows", [[], [interaction(1, 3)], [interaction(None, 3), interaction(None, 300)]])
def test_next_to_nothing_gives_a_reason_and_no_figure(engine, rows):
    tables(engine, rows)
    made = stay(staying_charter(retention={"left": ["departure"]}), engine, TODAY, 0)["retention"].to_pylist()
    assert len(made) <= 1
    assert all(row["lost_per_100"] is None and row["reason_null"] for row in made)


def test_a_whole_company_is_followed_to_figures_curves_and_the_worth_of_a_kept_promise(engine):
    rows, breaks = _company(people=700)
    tables(engine, rows, breaks)
    clocks = pa.Table.from_pylist(
        [
            {"journey_id": one["journey_id"], "person_id": one["person_id"], "promise": "quick", "state": "broken", "started_us": one["at_us"],
             "ended_us": one["at_us"], "limit_us": one["at_us"], "value_ms": 10, "limit_ms": 8, "due_ms": None, "censored": False}
            for one in breaks
        ]
    )  # fmt: skip
    engine.table("clocks", clocks)
    told = staying_charter(
        retention={"left": ["departure"], "reason": "intent", "chosen": ["price"]},
        promises={"quick": {"says": "Quick", "journey": "care", "measure": "max(wait_s)", "unit": "s", "better": "lower", "owners": ["service"], "offered": {"at_most": 60}}},
        values={"lost_customer": {"value": 300, "range": [200, 450], "source": "finance"}},
    )  # fmt: skip
    engine.drop("breaks")
    made = stay(told, engine, TODAY, 0)
    one = next(
        row
        for row in made["retention"].to_pylist()
        if (row["exposure"], row["reason"]) == ("promise:quick", "all")
    )
    assert one["verdict"] == "more_leave"
    assert one["soon_low"] > 0
    assert one["whole"] == (one["lost_low"] > 0 or one["lost_high"] < 0)
    assert {row["reason"] for row in made["retention"].to_pylist()} >= {"all", "chosen", "not_chosen"}
    kept = next(row for row in made["customer_value"].to_pylist() if row["what"] == "kept_promise:quick")
    assert 0 < kept["low"] < kept["value"] < kept["high"]
    assert kept["value"] == pytest.approx(one["lost_per_100"] / 100 * 300)
    groups = {row["group"] for row in made["retention_curve"].to_pylist()}
    assert {"all", "exposed:promise:quick", "not_exposed:promise:quick"} <= groups
    shares = [
        row["staying"]
        for row in made["retention_curve"].to_pylist()
        if row["group"] == "all" and row["reason"] is None
    ]
    assert shares == sorted(shares, reverse=True)
    engine.table("customer_value", made["customer_value"])
    assert lost_customer(told, engine).source == "declared"
    again = stay(told, engine, TODAY, 0)
    assert again["retention"].equals(made["retention"])


def test_a_promise_and_a_break_that_are_one_event_are_told_as_one_and_keep_the_worth_of_the_promise(engine):
    rows, breaks = _company(people=400)
    tables(engine, rows, breaks)
    clocks = [
        {"journey_id": one["journey_id"], "person_id": one["person_id"], "promise": "quick", "state": "broken", "started_us": one["at_us"],
         "ended_us": one["at_us"], "limit_us": one["at_us"], "value_ms": 10, "limit_ms": 8, "due_ms": None, "censored": False}
        for one in breaks
    ]  # fmt: skip
    engine.table("clocks", pa.Table.from_pylist(clocks))
    told = staying_charter(
        retention={"left": ["departure"]},
        promises={"quick": {"says": "Quick", "journey": "care", "measure": "max(wait_s)", "unit": "s", "better": "lower", "owners": ["service"], "offered": {"at_most": 60}}},
        values={"lost_customer": {"value": 300, "source": "finance"}},
    )  # fmt: skip
    made = stay(told, engine, TODAY, 0)
    exposures = {row["exposure"] for row in made["retention"].to_pylist()}
    assert {"long_wait+promise:quick", "any_break"} <= exposures
    assert not {"long_wait", "promise:quick"} & exposures
    one, whole = (
        next(
            row for row in made["retention"].to_pylist() if (row["exposure"], row["reason"]) == (name, "all")
        )
        for name in ("long_wait+promise:quick", "any_break")
    )
    # told twice under two names, it is one break: any break is that one
    assert one["hazard_ratio"] == pytest.approx(whole["hazard_ratio"])
    assert "kept_promise:quick" in made["customer_value"]["what"].to_pylist()
    groups = {row["group"] for row in made["retention_curve"].to_pylist()}
    assert "exposed:long_wait+promise:quick" in groups


def test_a_silence_is_dated_at_the_last_interaction_and_the_recent_ones_are_lost_from_sight(engine):
    rows = [interaction(1, day) for day in range(0, 395, 20)]
    rows += [interaction(2, day) for day in (0, 20, 40, 60)]
    rows += [interaction(3, day) for day in (0, 30, 200, 220)]
    rows += [interaction(4, day) for day in (0, *range(80, 380, 50))]
    tables(engine, rows)
    told = staying_charter(retention={"silent_after": "90 days"})
    followed = follow(told, engine, TODAY)
    assert followed.days[[1, 2]].tolist() == [60.0, 30.0]
    assert followed.gone.tolist() == [0, 1, 1, 0]
    # customer 1 was heard of less than ninety days ago: nothing is known of after that
    assert followed.days[0] == pytest.approx(310)
    assert followed.lives.left.tolist() == [False, True, True, False]
    # day 60 is the first of March 2024: the departure is of the month after the last contact
    assert followed.lives.last[1] == 3


def test_an_activity_that_ends_the_relation_counts_once_and_only_up_to_the_last_whole_period(engine):
    rows = [
        interaction(1, 0),
        interaction(1, 70, "departure"),
        interaction(1, 200, "departure"),
        interaction(2, 0),
    ]
    rows += [interaction(2, 398, "departure")]
    tables(engine, rows)
    followed = follow(staying_charter(retention={"left": ["departure"]}), engine, TODAY)
    assert followed.lives.left.tolist() == [True, False]
    assert followed.lives.last.tolist() == [2, followed.lives.periods - 1]
    assert followed.lives.contacts.sum() == 2  # departures are no contacts
    assert followed.days.tolist() == [70.0, 398.0]
    assert followed.gone.tolist() == [1, 1]


def test_being_held_is_what_was_last_known_and_unknown_before(engine):
    rows = [
        interaction(1, 0),
        interaction(1, 40, a_engaged=True),
        interaction(1, 100, a_engaged=False),
        interaction(2, 0),
    ]
    tables(engine, rows, extra={"a_engaged": pa.bool_()})
    followed = follow(
        staying_charter(retention={"left": ["departure"], "held_when": "engaged"}), engine, TODAY
    )
    held = followed.lives.held
    assert held[0, :5].tolist() == [-1, 1, 1, 0, 0]
    assert set(held[1].tolist()) == {-1}


def test_who_is_exposed_after_the_landmark_does_not_count_as_exposed(engine):
    """Staying long enough to be exposed must not look like an effect of it."""
    rng = np.random.default_rng(3)
    rows, breaks = [], []
    for person in range(1, 401):
        left = float(np.clip(rng.exponential(300), 1, 2000))
        days = [0.0, *np.arange(20, min(left, 398), 25)]
        rows += [interaction(person, day) for day in days]
        breaks += [broke(person, day) for day in days if rng.random() < 0.15]
        if left < 399:
            rows.append(interaction(person, left, "departure"))
    tables(engine, rows, breaks)
    made = stay(staying_charter(retention={"left": ["departure"]}), engine, TODAY, 0)
    at_six = {row["group"]: row for row in made["retention_curve"].to_pylist() if row["month"] == 6}
    exposed, others = at_six["exposed:long_wait"], at_six["not_exposed:long_wait"]
    assert exposed["low"] < others["staying"] < exposed["high"] + 0.05
    told = next(row for row in made["retention"].to_pylist() if row["exposure"] == "long_wait")
    assert told["verdict"] == "not_detectable"


def test_the_worth_of_a_customer_is_the_margin_still_expected_where_it_is_declared(engine):
    rows, breaks = _company(people=300)
    tables(engine, rows, breaks)
    told = staying_charter(
        retention={"left": ["departure"]},
        values={"customer_margin": {"value": 20, "range": [15, 25], "source": "finance"}, "lost_customer": {"value": 1, "source": "habit"},
                "discount": {"value": 0.0, "source": "finance"}},
    )  # fmt: skip
    made = stay(told, engine, TODAY, 0)["customer_value"]
    engine.table("customer_value", made)
    worth = lost_customer(told, engine)
    assert worth.source == "measured"
    assert worth.low < worth.value < worth.high < 12 * 25
    lives = follow(told, engine, TODAY).lives
    hazard = lives.left.sum() / np.maximum(lives.last - lives.first, 0).sum()
    assert worth.value == pytest.approx(20 * ((1 - hazard) ** np.arange(1, 13)).sum())


def test_without_any_declared_worth_there_is_none(engine):
    assert lost_customer(staying_charter(), engine) is None
    money = {"lost_customer": {"value": 400, "range": [250, 700], "source": "finance"}}
    declared = lost_customer(staying_charter(values=money), engine)
    assert (declared.low, declared.value, declared.high, declared.source) == (250, 400, 700, "declared")
