"""From answers of some to the figure of everyone: what is tied, described, estimated, bounded and refused."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from quiet_company import AS_OF_US, DAY_US, charter, company, load, step

from portance.engine import Engine
from portance.experience.silent.describing import describe
from portance.experience.silent.measuring import measure_silence
from portance.experience.surveying import surveyed

REVIEW = {"review": {"function": "service", "journey": "request", "rating": "csat"}}
REGION = {"region": {"by": "channel"}}


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as made:
        yield made


def rows_of(engine: Engine, declared: Any, told: Any) -> list[dict[str, Any]]:
    load(engine, told)
    found = measure_silence(declared, engine, AS_OF_US, seed=1)["silent"].to_pylist()
    return [dict(row) for row in found]


@pytest.fixture(scope="module")
def quiet() -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]], float]]:
    """A company whose answers depend on what was lived: its rows, comparisons and truth, computed once."""
    with Engine(threads=1) as engine:
        told = company()
        load(engine, told)
        survey = REVIEW["review"] | {"target": 3.0}
        found = measure_silence(charter({"review": survey}, segments=REGION), engine, AS_OF_US, seed=1)
        truth = float(np.mean([row["answer"] for row in told["truth"]]))
        yield found["silent"].to_pylist(), found["silent_comparisons"].to_pylist(), truth


def test_the_figure_of_everyone_holds_the_truth_where_that_of_answers_does_not(quiet: Any) -> None:
    rows, _, truth = quiet
    whole = rows[0]
    assert whole["segment"] == "all"
    assert not whole["naive_low"] <= truth <= whole["naive_high"]
    assert whole["ci_low"] <= truth <= whole["ci_high"]
    assert whole["moved_high"] < 0, "answers are surely better than what everyone would say"


def test_the_band_is_wider_than_the_interval_and_silence_can_never_be_excluded(quiet: Any) -> None:
    rows, _, _truth = quiet
    for row in rows:
        assert row["band_low"] < row["ci_low"] < row["estimate"] < row["ci_high"] < row["band_high"]
        assert row["band_low"] >= 1.0
        assert row["band_high"] <= 5.0
        assert "cannot_be_excluded" in row["warning"].split(",")
    assert rows[0]["band_from"] == "assumed"
    assert rows[0]["delta"] > 0


def test_the_difference_at_which_a_target_is_no_longer_met_or_missed_brings_the_interval_to_it(
    quiet: Any,
) -> None:
    row = quiet[0][0]
    silent = 1 - row["answers"] / row["journeys"]
    edge = row["ci_low"] if row["verdict"] == "met" else row["ci_high"]
    assert row["verdict"] in ("met", "missed")
    assert edge + row["flips_at"] * silent == pytest.approx(row["target"], abs=1e-9)


def test_segments_add_up_to_all_and_are_compared_with_the_others(quiet: Any) -> None:
    rows, compared, _ = quiet
    parts = [row for row in rows if row["segment"] != "all"]
    assert {row["segment"] for row in parts} == {"region=north", "region=south"}
    assert sum(row["journeys"] for row in parts) == rows[0]["journeys"]
    south = next(row for row in compared if row["segment"] == "region=south")
    assert south["against"] == "others"
    assert south["verdict"] == "above"
    assert south["flips_at"] < 0


def test_a_follow_up_is_sized_and_predictions_stay_hidden_unless_calibrated(quiet: Any) -> None:
    row = quiet[0][0]
    assert 0 < row["follow_up"] <= row["journeys"] - row["answers"]
    assert (row["predicted"] is not None) == row["calibrated"]


def test_the_answer_itself_and_the_asking_are_no_part_of_the_description(engine: Engine) -> None:
    told = company(persons=200, ask=True)
    load(engine, told)
    declared = charter({"review": REVIEW["review"] | {"asked": "letter"}})
    found = surveyed(declared, engine, "review")
    assert set(found.left_out) == {"letter", "review"}
    sample = describe(declared, engine, found, AS_OF_US)
    assert sample is not None
    answered = sample.answered.astype(float)
    for place, name in enumerate(sample.columns):
        seen = abs(np.corrcoef(sample.x[:, place], answered)[0, 1])
        assert seen < 0.6, f"{name} tells who answered"


def test_a_rated_step_that_is_lived_is_described_even_where_it_is_rated(engine: Engine) -> None:
    told = company(persons=100)
    for number, row in enumerate(told["interactions"]):
        if row["activity"] == "call" and number % 3 == 0:
            row |= {"rating": 4.0, "rating_scale": "csat"}
    told["interactions"] = [row for row in told["interactions"] if row["activity"] != "review"]
    load(engine, told)
    found = surveyed(charter(REVIEW), engine, "review")
    assert found.left_out == ()
    assert found.reason is None


def test_responses_are_tied_by_identifier_case_and_person_or_said_not_to_be(engine: Engine) -> None:
    told = company(persons=60)
    cases = told["journeys"][:30]
    told["responses"] = [
        {"respondent": one["case_id"], "question": "easy", "value": 4.0, "t_us": one["ended_us"] + DAY_US} for one in cases[:10]
    ] + [
        {"respondent": f" a-{one['person_id']} ".upper(), "question": "easy", "value": 3.0, "t_us": one["ended_us"] + DAY_US}
        for one in cases[10:20]
    ] + [
        {"respondent": one["person_id"], "question": "easy", "value": 2.0, "t_us": one["ended_us"] + DAY_US} for one in cases[20:]
    ]  # fmt: skip
    load(engine, told)
    declared = charter({"easy": {"question": "easy", "journey": "request", "scale": [1, 5]}})
    found = surveyed(declared, engine, "easy")
    assert (found.given, found.placed, found.reason) == (30, 30, None)
    told["responses"] = [row | {"respondent": f"x{number}"} for number, row in enumerate(told["responses"])]
    (row,) = rows_of(engine, declared, told)
    assert row["reason"] == "not_tied"
    assert row["estimate"] is None
    assert row["naive"] == pytest.approx(3.0)
    assert row["answers"] == 30


def test_an_answer_long_after_the_journey_belongs_to_none(engine: Engine) -> None:
    told = company(persons=60)
    last = {
        row["person_id"]: row["ended_us"] for row in sorted(told["journeys"], key=lambda row: row["ended_us"])
    }
    told["responses"] = [
        {"respondent": person, "question": "easy", "value": 4.0, "t_us": ended + 31 * DAY_US}
        for person, ended in last.items()
    ]
    load(engine, told)
    declared = charter({"easy": {"question": "easy", "journey": "request", "scale": [1, 5]}})
    assert surveyed(declared, engine, "easy").placed == 0


def test_journeys_that_could_still_be_answered_do_not_count_as_silent(engine: Engine) -> None:
    told = company(persons=300)
    for row in told["journeys"][:50]:
        row |= {"started_us": AS_OF_US - DAY_US, "ended_us": AS_OF_US - DAY_US}
    moved = {row["case_id"] for row in told["journeys"][:50]}
    told["interactions"] = [
        row | {"t_us": AS_OF_US - DAY_US} if row["case_id"] in moved else row
        for row in told["interactions"] if not (row["case_id"] in moved and row["activity"] == "review")
    ]  # fmt: skip
    load(engine, told)
    declared = charter(REVIEW)
    sample = describe(declared, engine, surveyed(declared, engine, "review"), AS_OF_US)
    assert sample is not None
    assert sample.ended_us.max() < AS_OF_US - DAY_US


def test_few_answers_give_the_answers_alone_and_a_reason(engine: Engine) -> None:
    (row,) = rows_of(engine, charter(REVIEW), company(persons=120))
    assert row["reason"] == "few_answers"
    assert row["estimate"] is None
    assert row["shown"] == "suppressed"
    assert row["naive"] is not None


def test_a_kind_of_customer_that_never_answers_is_not_spoken_for(engine: Engine) -> None:
    told = company(persons=800)
    silent = {row["case_id"] for row in told["journeys"] if row["person_id"].endswith(("0", "1", "2"))}
    for row in told["interactions"]:
        if row["case_id"] in silent and row["activity"] == "call":
            row["channel"] = "shop"
    told["interactions"] = [
        row for row in told["interactions"] if not (row["case_id"] in silent and row["activity"] == "review")
    ]
    (row,) = rows_of(engine, charter(REVIEW), told)
    assert row["reason"] == "no_overlap"
    assert row["estimate"] is None


def test_a_question_without_answers_or_a_company_without_journeys_gives_a_row_and_no_error(
    engine: Engine,
) -> None:
    declared = charter({"easy": {"question": "easy", "scale": [1, 5]}, **REVIEW})
    rows = rows_of(engine, declared, {"interactions": [], "journeys": [], "breaks": [], "responses": []})
    assert {row["reason"] for row in rows} == {"no_answers"} or {row["reason"] for row in rows} <= {
        "no_answers",
        "no_journeys",
    }
    assert all(row["estimate"] is None for row in rows)
    empty = measure_silence(charter({}), engine, AS_OF_US)
    assert all(table.num_rows == 0 for table in empty.values())


def test_the_order_of_rows_changes_nothing(engine: Engine) -> None:
    told = company(persons=350)
    first = rows_of(engine, charter(REVIEW), told)
    for rows in told.values():
        rows.reverse()
    second = rows_of(engine, charter(REVIEW), told)
    assert first == second


def test_a_follow_up_by_lot_shows_what_silence_hid_and_measures_the_band(engine: Engine) -> None:
    told = company(persons=1200, slope=0.9, ask=True)
    answers = [row["answer"] for row in told["truth"]]
    said = {row["case_id"] for row in told["interactions"] if row["activity"] == "review"}
    for number, journey in enumerate(told["journeys"]):
        if journey["case_id"] in said or number % 4:
            continue
        person, at = int(journey["person_id"][1:]), journey["ended_us"] + 20 * DAY_US
        told["interactions"] += [
            step(
                journey["case_id"],
                person,
                at,
                "letter",
                function="marketing",
                initiated_by="company",
                a_follow_up="true",
            ),
            step(
                journey["case_id"], person, at + DAY_US, "review", rating=answers[number], rating_scale="csat"
            ),
        ]
    (row,) = rows_of(engine, charter({"review": REVIEW["review"] | {"asked": "letter"}}), told)
    truth = float(np.mean(answers))
    assert row["band_from"] == "follow_up"
    assert "follow_up_differs" in row["warning"]
    assert row["seen_high"] < 0
    assert not row["ci_low"] <= truth <= row["ci_high"]
    assert row["band_low"] <= truth <= row["band_high"]
    assert not math.isnan(row["followed"])
