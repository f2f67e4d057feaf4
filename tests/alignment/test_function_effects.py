"""What a function does and receives: every function is there, effects are told at both ends, figures are those of their source."""

import pyarrow as pa
import pytest
from passed_company import company_log, lived, passing_charter

from portance.alignment.brakes.function_effects import function_effects
from portance.alignment.responsibility.stating import responsibility
from portance.engine import Engine


@pytest.fixture(scope="module")
def effects():
    declared = passing_charter(
        promises={
            "soon": {"says": "soon", "journey": "care", "owners": ["billing"], "clock": {"from": "call", "to": "answer"},
                     "intended": {"at_most": 2}},
        },
        indicators={
            "pace": {"function": "service", "better": "lower", "measure": "count(*)", "unit": "s"},
            "joy": {"function": "sales", "better": "higher", "measure": "count(*)", "customer": True},
        },
        levers={
            "training": {"function": "people", "effects": {"pace": {"value": -2, "range": [-3, -1]}, "joy": 0.5}},
            "script": {"function": "service", "effects": {"pace": -1}},
        },
    )  # fmt: skip
    with Engine(threads=1) as engine:
        lived(engine, declared, company_log(4, journeys=300))
        for name, table in responsibility(declared, engine).items():
            engine.table(name, table)
        conflict = {
            "from_indicator": "pace", "to_indicator": "joy", "from_function": "service", "to_function": "sales", "kind": "empirical",
            "effect": -0.3, "ci_low": -0.4, "ci_high": -0.2, "grade": "C", "verdict": "conflict", "net_median": -1000.0,
        }  # fmt: skip
        engine.table("conflicts", pa.table({key: [value] for key, value in conflict.items()}))
        board = {
            "scope": "company",
            "indicator": "pace",
            "auc": 0.6,
            "auc_low": 0.55,
            "auc_high": 0.65,
            "n": 900,
        }
        engine.table("scoreboard", pa.table({key: [value] for key, value in board.items()}))
        response = {
            "lever": "training", "indicator": "joy", "horizon_periods": 4, "effect": 0.1, "ci_low": -0.2, "ci_high": 0.4, "grade": "D",
        }  # fmt: skip
        engine.table("lever_responses", pa.table({key: [value] for key, value in response.items()}))
        passages = engine.arrow("select * from passages").to_pylist()
        yield function_effects(declared, engine).to_pylist(), passages


def where(rows, **told):
    return [row for row in rows if all(row[key] == value for key, value in told.items())]


def test_every_function_is_there_even_one_that_meets_no_customer(effects):
    rows, _ = effects
    assert {row["function"] for row in rows} == {"sales", "service", "billing", "people"}
    (custody,) = where(rows, function="people", through="custody", item="custody")
    assert (custody["value"], custody["grade"]) == (0.0, "A")
    assert {row["other"] for row in where(rows, function="people", direction="does", through="lever")} == {
        "service",
        "sales",
    }


def test_a_conflict_is_told_at_both_functions_and_to_customers(effects):
    rows, _ = effects
    found = where(rows, through="conflict")
    assert {(row["function"], row["direction"], row["other"]) for row in found} == {
        ("service", "does", "sales"), ("sales", "receives", "service"), ("service", "does", None),
    }  # fmt: skip
    assert {(row["value"], row["ci_low"], row["grade"], row["verdict"], row["money"]) for row in found} == {
        (-0.3, -0.4, "C", "conflict", -1000.0)
    }


def test_seams_are_those_of_passages_on_both_sides(effects):
    rows, passages = effects
    between = [row for row in passages if row["from_function"] != row["to_function"]]
    assert between
    for row in between:
        (does,) = where(
            rows, function=row["from_function"], direction="does", other=row["to_function"], through="seam"
        )
        (receives,) = where(
            rows,
            function=row["to_function"],
            direction="receives",
            other=row["from_function"],
            through="seam",
        )
        assert does["value"] == receives["value"] == row["rate"]
        assert does["people"] == row["people_broken"]


def test_a_measured_lever_takes_the_place_of_a_declared_effect(effects):
    rows, _ = effects
    (joy,) = where(rows, function="people", through="lever", item="training>joy")
    assert (joy["value"], joy["grade"], joy["verdict"]) == (0.1, "D", "not_detectable")
    (pace,) = where(rows, function="service", direction="receives", through="lever", item="training>pace")
    assert (pace["value"], pace["grade"], pace["verdict"], pace["other"]) == (-2.0, "E", "helps", "people")
    # a lever on one's own indicator is no effect on others
    assert not where(rows, item="script>pace")


def test_indicators_say_whether_they_see_customers(effects):
    rows, _ = effects
    (pace,) = where(rows, through="indicator", item="pace")
    assert (pace["verdict"], pace["value"]) == ("informative", 0.6)
    (joy,) = where(rows, through="indicator", item="joy")
    assert (joy["verdict"], joy["value"], joy["grade"]) == ("not_detectable", None, None)


def test_a_promise_is_told_at_its_owner_even_unmeasured(effects):
    rows, _ = effects
    (promise,) = where(rows, through="promise")
    assert (promise["function"], promise["other"], promise["verdict"]) == ("billing", None, "not_detectable")


def test_without_any_table_each_function_still_has_its_row():
    with Engine(threads=1) as engine:
        rows = function_effects(passing_charter(indicators={}), engine).to_pylist()
    assert {row["function"] for row in rows} == {"sales", "service", "billing", "people"}
    assert {row["verdict"] for row in rows} == {"not_detectable"}
