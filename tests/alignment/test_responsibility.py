"""Responsibility: the published survey comes out exactly, bounds hold every completion, and events agree with plain Python."""

import itertools
import math
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from passed_company import company_log, lived, passing_charter

from portance.alignment.responsibility import agreeing, answers, holding, sharing
from portance.alignment.responsibility.agreeing import Told
from portance.alignment.responsibility.owning import declared_shares, state_of
from portance.alignment.responsibility.stating import responsibility
from portance.alignment.summing import Sums
from portance.engine import Engine

ANSWERS = pa.schema(
    [
        ("respondent", pa.string()), ("subject", pa.string()), ("from_function", pa.string()), ("to_function", pa.string()),
        ("share", pa.float64()), ("source", pa.string()), ("receipt", pa.string()),
    ]
)  # fmt: skip
SURVEY = {
    "functions": {"marketing": {}, "it": {}, "cx": {}},
    "indicators": {},
}
PUBLISHED = [
    ("marketing", "marketing", 32.0), ("marketing", "it", 6.0), ("marketing", "cx", 42.0), ("it", "marketing", 3.0),
    ("it", "it", 55.0), ("it", "cx", 25.0),
]  # fmt: skip


def answered(engine, rows):
    columns = {name: [row[place] for row in rows] for place, name in enumerate(ANSWERS.names)}
    engine.table("responsibility_answers", pa.table(columns, schema=ANSWERS))


def published(rows, subject="Customer experience"):
    return [(None, subject, from_, to, share, "article", "r") for from_, to, share in rows]


@pytest.fixture(scope="module")
def survey():
    with Engine(threads=1) as engine:
        answered(engine, published(PUBLISHED))
        made = responsibility(passing_charter(**SURVEY), engine)
    cells = {(row["from_function"], row["to_function"]): row for row in made["responsibility"].to_pylist()}
    measures = {(row["measure"], row["function"]): row for row in made["responsibility_measures"].to_pylist()}
    return cells, measures


@pytest.mark.parametrize(("from_", "to", "percent"), PUBLISHED)
def test_the_published_survey_comes_out_exactly(survey, from_, to, percent):
    cell = survey[0][from_, to]
    assert cell["perceived_low"] == cell["perceived_high"] == percent / 100
    assert (cell["respondents"], cell["perceived_ci_low"], cell["shown"]) == (None, None, "point")


def test_what_the_survey_does_not_publish_is_not_imputed(survey):
    for to in ("marketing", "it", "cx"):
        cell = survey[0]["cx", to]
        assert (cell["perceived_low"], cell["perceived_high"], cell["respondents"]) == (None, None, None)


def test_the_measures_of_the_survey_are_the_published_ones(survey):
    _, measures = survey

    def told(name, function=None):
        row = measures[name, function]
        return row["low"], row["high"]

    assert told("ego_inflation", "marketing") == pytest.approx((0.29, 0.29))
    assert told("ego_inflation", "it") == pytest.approx((0.49, 0.49))
    assert ("ego_inflation", "cx") not in measures
    assert told("concentration", "marketing") == pytest.approx((0.2824, 0.3224))
    assert told("concentration", "it") == pytest.approx((0.3659, 0.3948))
    assert measures["entropy", "marketing"]["low"] == pytest.approx(1.760, abs=5e-4)
    assert measures["entropy", "it"]["low"] == pytest.approx(1.561, abs=5e-4)
    assert measures["entropy", "it"]["high"] is None
    assert told("jsd") == pytest.approx((0.281, 0.465), abs=5e-4)
    assert math.sqrt(told("jsd")[0]) == pytest.approx(0.530, abs=5e-4)
    assert told("total_variation") == pytest.approx((0.49, 0.66))
    assert told("kendall_w") == pytest.approx((0.25, 0.25))


def test_a_function_that_a_row_leaves_out_is_bounded_by_its_remainder():
    with Engine(threads=1) as engine:
        answered(
            engine, published([("marketing", "marketing", 0.5), ("it", "marketing", 0.2), ("it", "it", 0.6)])
        )
        made = responsibility(passing_charter(**SURVEY), engine)
    cells = {(row["from_function"], row["to_function"]): row for row in made["responsibility"].to_pylist()}
    assert (cells["marketing", "it"]["perceived_low"], cells["marketing", "it"]["perceived_high"]) == (
        0.0,
        0.5,
    )
    assert cells["it", "cx"]["perceived_high"] == pytest.approx(0.2)
    ego = next(
        row for row in made["responsibility_measures"].to_pylist()
        if (row["measure"], row["function"]) == ("ego_inflation", "it")
    )  # fmt: skip
    assert (ego["low"], ego["high"]) == pytest.approx((0.1, 0.6))


def test_fleiss_kappa_of_the_published_example():
    table = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    assert agreeing.fleiss_kappa(table) == pytest.approx(0.210, abs=5e-4)
    with pytest.raises(ValueError, match="same number"):
        agreeing.fleiss_kappa([[1, 1], [2, 1]])
    assert agreeing.fleiss_kappa([[3, 0], [3, 0]]) is None


def choices(from_, counts, subject="Customer experience"):
    made = []
    for to, count in counts.items():
        for _ in range(count):
            made.append((f"{from_}{len(made)}", subject, from_, to, 1.0, "survey", "r"))
    return made


def test_respondents_give_shares_with_intervals_and_small_groups_are_hidden():
    with Engine(threads=1) as engine:
        answered(
            engine,
            choices("sales", {"service": 30, "sales": 10}) + choices("service", {"service": 9})
            + choices("billing", {"sales": 6, "service": 4}),
        )  # fmt: skip
        made = responsibility(passing_charter(), engine, seed=1)
    cells = {(row["from_function"], row["to_function"]): row for row in made["responsibility"].to_pylist()}
    cell = cells["sales", "service"]
    assert (cell["perceived_low"], cell["perceived_high"], cell["respondents"]) == (0.75, 0.75, 40)
    assert cell["perceived_ci_low"] < 0.75 < cell["perceived_ci_high"]
    assert cells["sales", "people"]["perceived_high"] == 0.0
    hidden = cells["service", "service"]
    assert (hidden["perceived_low"], hidden["perceived_ci_low"], hidden["shown"]) == (
        None,
        None,
        "suppressed",
    )
    assert cells["billing", "sales"]["perceived_low"] == 0.6
    measures = made["responsibility_measures"].to_pylist()
    assert {row["function"] for row in measures if row["measure"] == "concentration"} == {"sales", "billing"}
    variation = next(row for row in measures if row["measure"] == "total_variation")
    # the hidden function is in no measure: sales (.25, .75), billing (.6, .4)
    assert variation["low"] == pytest.approx(variation["high"]) == pytest.approx(0.35)
    assert variation["ci_low"] < 0.35 < variation["ci_high"]


def test_shares_of_one_respondent_are_one_voice():
    rows = [
        ("a", None, "sales", "sales", 60.0, "s"), ("a", None, "sales", "service", 40.0, "s"),
        ("b", None, "sales", "service", 100.0, "s"), ("c", None, "sales", "billing", 50.0, "s"),
    ]  # fmt: skip
    (row,) = answers.rows(rows)
    assert row.shares == pytest.approx({"sales": 0.2, "service": 1.4 / 3, "billing": 0.5 / 3})
    assert row.remainder == pytest.approx(0.5 / 3)
    several = [("a", None, "sales", name, 1.0, "s") for name in ("sales", "service")]
    assert answers.rows(several)[0].shares == {"sales": 0.5, "service": 0.5}


@st.composite
def partly_told(draw):
    """Two complete rows over four classes, and what a publication leaves of them."""
    tolds, wholes = [], []
    for _ in range(2):
        parts = np.array([draw(st.integers(0, 10)) for _ in range(4)], dtype=float)
        whole = parts / parts.sum() if parts.sum() else np.array([1.0, 0, 0, 0])
        kept = [place for place in range(4) if draw(st.booleans())]
        exact = {"abcd"[place]: float(whole[place]) for place in kept}
        wholes.append(whole)
        tolds.append(Told(exact, max(0.0, 1 - sum(exact.values()))))
    return tolds, wholes


@settings(max_examples=80, deadline=None)
@given(partly_told())
def test_bounds_hold_what_was_left_out(given_rows):
    (first, second), (one, two) = given_rows
    low, high = agreeing.divergence_bounds(first, second)
    assert low - 1e-6 <= agreeing.divergence(one, two) <= high + 1e-9
    low, high = agreeing.variation_bounds(first, second)
    assert low - 1e-9 <= np.abs(one - two).sum() / 2 <= high + 1e-9
    low, high = agreeing.concentration(first)
    assert low - 1e-9 <= float(one @ one) <= high + 1e-9
    assert agreeing.entropy(first)[0] - 1e-9 <= sum(-x * math.log2(x) for x in one if x > 0)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from("abcde"), st.floats(0, 1), min_size=1), st.data())
def test_the_shared_loss_is_the_shapley_value_over_all_orders(kept, data):
    """Against its definition: the mean over every order of what each function adds, over functions outside the set too."""
    names = sorted(kept)
    breakers = frozenset(data.draw(st.sets(st.sampled_from(names), min_size=1)))
    found = defaultdict(float)
    orders = list(itertools.permutations(names))
    for order in orders:
        held = frozenset()
        for name in order:
            before = sharing.value_of(breakers, kept, held)
            held |= {name}
            found[name] += (sharing.value_of(breakers, kept, held) - before) / len(orders)
    for name in names:
        expected = sharing.worth(breakers, kept) if name in breakers else 0.0
        assert found[name] == pytest.approx(expected, abs=1e-12)
    whole = sharing.value_of(breakers, kept, frozenset(names)) - sharing.value_of(breakers, kept, frozenset())
    assert sum(found.values()) == pytest.approx(whole)


@pytest.fixture(scope="module")
def seen():
    declared = passing_charter(breaks={"ping_pong": {"off": True}})
    rows = company_log(4)
    with Engine(threads=1) as engine:
        lived(engine, declared, rows)
        breaks = engine.rows("select journey_id, coalesce(from_function, to_function) from breaks")
        engine.run(holding.steps(sampled=False))
        kept = holding.references(engine)
        yield rows, breaks, kept, holding.observe(engine, sampled=False)


def test_custody_agrees_with_plain_python(seen):
    rows, _, _, observed = seen
    cases = defaultdict(list)
    for row in rows:
        cases[row["case_id"]].append(row)
    held = defaultdict(int)
    for steps in cases.values():
        for one, after in itertools.pairwise(steps):
            held[one["function"]] += after["t_us"] - one["t_us"]
    whole = sum(held.values())
    for name, time in held.items():
        share = observed.custody[name]
        assert share.value == pytest.approx(time / whole)
        assert share.low < share.value < share.high


def test_breaks_and_loss_agree_with_plain_python(seen):
    _, breaks, kept, observed = seen
    counted = defaultdict(int)
    sets = defaultdict(set)
    for journey, function in breaks:
        counted[function] += 1
        sets[journey].add(function)
    for name, count in counted.items():
        assert observed.breaks[name].value == pytest.approx(count / len(breaks))
    assert set(kept) == {"sales", "service", "billing"}
    assert 0 < kept["service"] < min(kept["sales"], kept["billing"]) < 1
    lost = defaultdict(float)
    for breakers in sets.values():
        avoidable = math.prod(1 - kept[name] for name in breakers)
        for name in breakers:
            lost[name] += avoidable / len(breakers)
    for name, value in lost.items():
        assert observed.shapley[name].value == pytest.approx(value / sum(lost.values()), abs=1e-4)
    assert observed.shapley["service"].value == max(share.value for share in observed.shapley.values())


def test_where_months_are_alike_the_reference_is_that_nothing_breaks():
    with Engine(threads=1) as engine:
        lived(engine, passing_charter(), company_log(6, journeys=500, uneven=False))
        found = holding.observe(engine, sampled=False)
        sets = defaultdict(set)
        for journey, function in engine.rows(
            "select journey_id, coalesce(from_function, to_function) from breaks"
        ):
            sets[journey].add(function)
    assert found.kept == {}
    for name, share in found.shapley.items():
        expected = sum(1 / len(breakers) for breakers in sets.values() if name in breakers) / len(sets)
        assert share.value == pytest.approx(expected, abs=1e-5)
        assert share.low < share.value < share.high


def test_rates_that_differ_by_chance_alone_have_one_reference():
    draw = np.random.default_rng(3)
    sizes = np.full(40, 50.0)
    even = holding.settled(draw.binomial(50, 0.2, 40).astype(float), sizes)
    uneven = holding.settled(draw.binomial(50, np.repeat([0.05, 0.35], 20)).astype(float), sizes)
    assert np.ptp(even) < 0.05
    assert abs(np.quantile(uneven, 0.25) - 0.05) < 0.03


def test_intervals_of_observed_shares_cover():
    """Persons differ in who breaks their journeys: the interval by person covers the true share."""
    draw = np.random.default_rng(11)
    inside = 0
    for _ in range(300):
        own = draw.poisson(draw.gamma(0.5, 2.0, 200))
        others = draw.poisson(draw.gamma(0.5, 4.0, 200))
        sums = Sums.of(np.column_stack([own, own + others]).astype(float))
        low, high = sums.limits(0, 1, proportion=True)
        inside += low <= 1 / 3 <= high
    assert 0.91 <= inside / 300 <= 0.98


def promised(owners, **more):
    promise = {
        "says": "soon", "journey": "care", "owners": owners, "clock": {"from": "call", "to": "answer"}, "intended": {"at_most": 2},
    }  # fmt: skip
    return passing_charter(promises={"soon": promise}, indicators={}, **more)


def test_seams_are_orphan_owned_or_contested():
    sides = frozenset({"sales", "service"})
    assert state_of(promised(["billing"]), "care", sides, {}) == ((), 0, "orphan")
    assert state_of(promised(["sales"]), "care", sides, {}) == (("sales",), 1, "owned")
    assert state_of(promised(["sales", "service"]), "care", sides, {}) == (
        ("sales", "service"),
        2,
        "contested",
    )
    # a second function whose own people hold it responsible contests it; 30 % exactly do not
    assert state_of(promised(["sales"]), "care", sides, {"service": 0.31})[1:] == (2, "contested")
    assert state_of(promised(["sales"]), "care", sides, {"service": 0.30})[1:] == (1, "owned")
    assert state_of(promised(["sales"]), "buy", sides, {}) == ((), 0, "orphan")


def test_what_is_declared_is_shared_between_owners():
    assert declared_shares(promised(["sales", "service"])) == {"sales": 0.5, "service": 0.5}
    assert declared_shares(promised([])) == {}


def test_seams_come_with_what_is_lost_there():
    declared = promised(
        ["billing"],
        values={"contact": {"value": 5, "range": [4, 8], "source": "finance"}},
        breaks={"abandonment": {"cost": "contact"}},
    )
    with Engine(threads=1) as engine:
        lived(engine, declared, company_log(4))
        made = responsibility(declared, engine)["owned_seams"].to_pylist()
        broken = engine.rows(
            "select count(*) from breaks where kind = 'abandonment' and from_function = 'sales' and to_function = 'service'"
        )[0][0]
    row = next(row for row in made if (row["from_function"], row["to_function"]) == ("sales", "service"))
    assert row["state"] == "orphan"
    assert (row["loss_low"], row["loss_high"]) != (row["loss"], row["loss"])
    assert row["loss"] >= broken * 5
    assert all(row["from_function"] != row["to_function"] for row in made)
