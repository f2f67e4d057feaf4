"""Opposed levers, chains of reactions, and targets that cannot be met together: against plain counting."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panelled_company import charter

from portance.alignment.indicators.panel import Moved
from portance.alignment.structure.effects import effects_of
from portance.alignment.structure.meeting import System, irreducible, smallest, target_sets
from portance.alignment.structure.opposing import structural_conflicts
from portance.alignment.structure.records import conflicts_table, target_sets_table


def _indicator(better="higher", function="service", **more):
    return {"function": function, "better": better} | more


def _found(made, **more):
    return {(one.from_indicator, one.to_indicator): one for one in structural_conflicts(made, **more)}


def test_a_lever_that_helps_one_and_harms_the_other_opposes_them():
    made = charter(
        indicators={"talk": _indicator("lower"), "solved": _indicator(), "nps": _indicator(function="sales")},
        levers={"pace": {"range": [0, 10], "effects": {"talk": -2, "solved": -0.1, "nps": -3}}},
    )
    found = _found(made)
    assert len(found) == 6
    pair = found["talk", "solved"]
    assert (pair.verdict, pair.kind, pair.lever, pair.grade) == ("conflict", "structural", "pace", "E")
    assert pair.effect == pytest.approx(-1)
    assert found["solved", "talk"].effect == pytest.approx(-1)
    assert found["solved", "nps"].verdict == "synergy"
    assert found["solved", "nps"].effect == pytest.approx(1)


def test_the_index_is_the_cosine_of_what_the_levers_can_do():
    made = charter(
        indicators={"one": _indicator(), "other": _indicator("lower")},
        levers={
            "a": {"range": [0, 2], "effects": {"one": 1, "other": 3}},
            "b": {"range": [0, 1], "effects": {"one": 4, "other": -1}},
            "c": {"range": [0, 5], "effects": {"other": 1}},
        },
    )
    first, second = np.array([2, 4, 0]), np.array([-6, 1, -5])
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    pair = _found(made)["one", "other"]
    assert pair.effect == pytest.approx(cosine)
    assert (pair.verdict, pair.reason) == ("conflict", "both_ways")
    assert pair.lever == "a"


def test_an_effect_of_unknown_sign_is_not_guessed():
    lever = {"range": [0, 1], "effects": {"one": 1, "other": {"value": 0.2, "range": [-1, 1]}}}
    made = charter(indicators={"one": _indicator(), "other": _indicator()}, levers={"a": lever})
    pair = _found(made)["one", "other"]
    assert (pair.verdict, pair.reason, pair.severity) == ("not_detectable", "unknown_sign", 0)
    assert pair.ci_low == pytest.approx(-1)
    assert pair.ci_high == pytest.approx(1)
    measured = pa.table({
        "lever": ["a"], "indicator": ["other"], "horizon_periods": [8], "effect": [-0.5], "ci_low": [-0.7], "ci_high": [-0.3],
        "df": [20.0], "grade": ["C"], "design": ["lever"], "low": [0.0], "high": [1.0],
    })  # fmt: skip
    assert _found(made, effects=effects_of(made, measured))["one", "other"].verdict == "conflict"
    doubtful = measured.set_column(7, "grade", pa.array(["D"]))
    assert _found(made, effects=effects_of(made, doubtful))["one", "other"].verdict == "not_detectable"


def _chain(**more):
    levers = {
        "script": {"effects": {"sales": 1, "returns": 2}},  # more sales, more returns
        "controls": {"effects": {"returns": -1, "delay": 3}},  # which controls answer, and they delay
    }
    return charter(
        indicators={
            "sales": _indicator(function="sales", bonus=0.2),
            "returns": _indicator("lower", "service"),
            "delay": _indicator("lower", "billing", bonus=0.1),
        },
        levers=levers | more,
    )


def test_a_chain_goes_through_the_one_who_is_harmed_and_reacts():
    found = _found(_chain())
    pair = found["sales", "delay"]
    assert (pair.kind, pair.verdict, pair.path, pair.severity) == (
        "indirect", "conflict", "script > returns > controls", 2,
    )  # fmt: skip
    assert pair.effect is None
    # the other way round nobody is harmed: more controls, less returns
    assert ("delay", "sales") in found
    assert found["delay", "sales"].path == "controls > returns > script"


def test_chains_of_both_signs_are_told_as_unknown():
    found = _found(_chain(refund={"effects": {"returns": -1, "delay": -1}}))
    assert (found["sales", "delay"].verdict, found["sales", "delay"].reason) == (
        "not_detectable",
        "ambiguous",
    )


def test_bonuses_make_it_worse():
    both = {"indicators": {"talk": 0.5, "solved": 0.5}}
    base = {
        "indicators": {"talk": _indicator("lower"), "solved": _indicator(function="sales")},
        "levers": {"pace": {"effects": {"talk": -2, "solved": -0.1}}},
    }
    assert _found(charter(**base))["talk", "solved"].severity == 0
    one = {"scorecards": {"centre": both | {"function": "service"}}}
    assert _found(charter(**base, **one))["talk", "solved"].severity == 1
    two = {
        "scorecards": {
            "centre": {"function": "service", "indicators": {"talk": 1}},
            "shop": {"function": "sales", "indicators": {"solved": 1}},
        }
    }
    assert _found(charter(**base, **two))["talk", "solved"].severity == 2


# ---- targets together


def _two_targets(effect=0.01, **more):
    return charter(
        indicators={
            "talk": _indicator("lower", target=240),
            "solved": _indicator(target=0.8),
            "nps": _indicator(target=10, function="sales"),
            "other": _indicator(target=10),
        },
        levers={
            "pace": {"range": [0, 100], "current": 50, "effects": {"talk": -1, "solved": -effect if isinstance(effect, float) else effect}},
            "gifts": {"range": [0, 1], "current": 0, "effects": {"nps": 20}},
        }
        | more,
    )  # fmt: skip


LEVELS = {"talk": 270.0, "solved": 0.7, "nps": 0.0, "other": 3.0}


def test_the_smallest_set_that_cannot_be_met_is_told():
    (one,) = target_sets(_two_targets(), LEVELS)
    assert (one.feasible, one.probability) == (False, None)
    rows = {aim.indicator: aim for aim in one.rows}
    assert set(rows) == {"talk", "solved"}
    assert rows["talk"].reachable == pytest.approx(220)
    assert rows["solved"].reachable == pytest.approx(1.2)
    assert 240 < rows["talk"].together < 270.0
    assert rows["solved"].together < 0.8
    table = target_sets_table([one])
    assert table.column("feasible").to_pylist() == [False, False]


def test_what_can_be_met_is_told_too():
    (one,) = target_sets(_two_targets(effect=0.0005), LEVELS | {"solved": 0.85})
    assert one.feasible
    assert {aim.indicator for aim in one.rows} == {"talk", "solved", "nps"}
    assert all(aim.together is not None for aim in one.rows)


def test_doubt_on_an_effect_gives_the_probability_that_it_is_impossible():
    # talk needs 30 of pace; solved may lose .03 by it, .001 for each: two ninths of the triangle from 0 to -.003
    made = _two_targets(effect={"value": -0.0015, "range": [-0.003, 0]})
    (one,) = target_sets(made, LEVELS | {"solved": 0.83}, seed=3)
    assert not one.feasible
    assert one.probability == pytest.approx(7 / 9, abs=0.05)
    (other,) = target_sets(made, LEVELS | {"solved": 0.88}, seed=3)
    assert other.feasible
    assert other.probability == pytest.approx(2 / 81, abs=0.02)


def test_unknown_bounds_never_make_it_impossible():
    free = {"pace": {"effects": {"talk": -1, "solved": 0.01}}}
    (one,) = target_sets(_two_targets(**free), LEVELS)
    assert one.feasible
    assert next(aim for aim in one.rows if aim.indicator == "talk").reachable is None
    here = {
        name: Moved(name, low=0, high=100 if name == "pace" else 1, current=90) for name in ("pace", "gifts")
    }
    assert not target_sets(_two_targets(), LEVELS | {"solved": 1.2}, levers=here)[0].feasible
    somewhere = here | {"pace": Moved("pace", low=0, high=100)}
    assert target_sets(_two_targets(), LEVELS | {"solved": 1.2, "nps": 30.0}, levers=somewhere)[0].feasible


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3), st.integers(2, 6), st.data())
def test_sets_that_cannot_be_met_are_smallest_and_irreducible(levers, rows, data):
    number = st.integers(-4, 4)
    table = np.array([[data.draw(number) for _ in range(levers)] for _ in range(rows)], dtype=float)
    wanted = np.array([data.draw(st.integers(-6, 6)) for _ in range(rows)], dtype=float)
    made = System(
        tuple("abcdef"[:rows]), table, wanted, np.full(levers, -1.0), np.full(levers, 1.0), np.ones(rows)
    )
    everything = list(range(rows))
    impossible = [
        set(some)
        for size in range(1, rows + 1)
        for some in combinations(everything, size)
        if not made.holds(some)
    ]
    if not impossible:
        assert made.holds(everything)
        return
    assert not made.holds(everything)
    found = smallest(made, everything)
    assert len(found) == min(len(some) for some in impossible)
    assert set(found) in impossible
    filtered = irreducible(made, everything)
    assert set(filtered) in impossible
    assert not any(some < set(filtered) for some in impossible)


def test_rows_fill_the_table_of_conflicts():
    table = conflicts_table(structural_conflicts(_chain()))
    assert table.num_rows == len(structural_conflicts(_chain()))
    assert set(table.column("design").to_pylist()) == {"declared"}
    assert table.column("net_median").null_count == table.num_rows
    assert conflicts_table(()).schema == table.schema
