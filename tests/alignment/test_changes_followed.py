"""Dated changes against breaks before and after: planted truths, and what must not be told."""

import math
from datetime import date

import numpy as np
import pytest
from changed_company import fill, monday
from panelled_company import charter

from portance.alignment.changes.following import follow
from portance.alignment.changes.records import changes_table, loose_ends_table
from portance.alignment.changes.tying import loose_ends
from portance.engine import Engine

AT = 30
FUNCTIONS = {"functions": {name: {} for name in ("sales", "service", "billing", "care")}}


@pytest.fixture(scope="module")
def engine():
    with Engine(threads=1) as opened:
        yield opened


def _change(**more):
    return {
        "changes": {
            "bot": {"since": monday(AT), "function": "service", "sponsor": "digital", "budget": 1} | more
        }
    }


def _found(engine, passages, *, seed=1, weeks=60, declared=None, **more):
    made = charter(**(FUNCTIONS | (declared or _change())))
    as_of_us = fill(engine, passages, seed=seed, weeks=weeks, **more)
    return {
        (one.change, one.from_function, one.to_function, one.kind): one
        for one in follow(made, engine, as_of_us)
    }


def _step(before, after):
    return lambda week: before if week < AT else after


HERE = ("bot", "sales", "service", "long_wait")


def test_what_fell_is_told_with_its_size(engine):
    (one,) = (
        held for key, held in _found(engine, {("sales", "service"): _step(0.3, 0.1)}).items() if key == HERE
    )
    assert (one.verdict, one.grade) == ("reduced", "C")
    assert one.ci_low < -0.2 < one.ci_high
    assert one.before == pytest.approx(0.3, abs=0.03)
    assert (one.n_before, one.n_after) == (30, 30)


def test_gone_is_more_than_reduced(engine):
    assert _found(engine, {("sales", "service"): _step(0.3, 0.01)})[HERE].verdict == "gone"


def test_what_rose_is_told(engine):
    assert _found(engine, {("sales", "service"): _step(0.1, 0.25)})[HERE].verdict == "accelerated"


def test_a_trend_that_goes_on_is_no_effect(engine):
    one = _found(engine, {("sales", "service"): lambda week: 0.5 - 0.006 * week})[HERE]
    assert one.verdict in ("unchanged", "not_detectable")
    assert one.ci_low < 0 < one.ci_high
    assert one.after < one.before - 0.1


def test_equal_beyond_doubt_is_unchanged(engine):
    assert _found(engine, {("sales", "service"): _step(0.4, 0.4)}, seams=500)[HERE].verdict == "unchanged"


def test_what_happens_everywhere_is_not_the_change(engine):
    elsewhere = {("billing", "care"): _step(0.3, 0.15), ("care", "billing"): _step(0.3, 0.15)}
    found = _found(engine, elsewhere | {("sales", "service"): _step(0.3, 0.15)})
    assert (found[HERE].verdict in ("unchanged", "not_detectable"), found[HERE].grade) == (True, "B")
    found = _found(
        engine, dict.fromkeys(elsewhere, _step(0.3, 0.3)) | {("sales", "service"): _step(0.3, 0.15)}
    )
    assert (found[HERE].verdict, found[HERE].grade) == ("reduced", "B")
    assert not any(key[1] == "billing" for key in found)


def test_what_falls_here_and_rises_there_has_moved(engine):
    found = _found(
        engine,
        {
            ("sales", "service"): _step(0.3, 0.1),
            ("sales", "billing"): _step(0.1, 0.3),
            ("billing", "care"): _step(0.2, 0.2),
        },
    )
    one = found[HERE]
    assert (one.verdict, one.moved_to) == ("moved", "sales > billing")
    assert one.grade in ("C", "D")
    assert one.ci_high < 0


def test_too_few_weeks_say_so(engine):
    one = _found(engine, {("sales", "service"): _step(0.3, 0.1)}, weeks=AT + 8)[HERE]
    assert (one.verdict, one.reason, one.difference, one.grade) == (
        "not_detectable",
        "too_few_weeks",
        None,
        "E",
    )


def test_another_change_close_by_lowers_the_grade(engine):
    declared = _change()
    declared["changes"]["staff"] = {"since": monday(AT + 2)}
    one = _found(engine, {("sales", "service"): _step(0.3, 0.1)}, declared=declared)[HERE]
    assert (one.grade, one.reason, one.verdict) == ("D", "concurrent", "reduced")


def test_a_bad_run_before_is_left_out(engine):
    def chance(week):
        return 0.6 if AT - 4 <= week < AT else 0.3

    one = _found(engine, {("sales", "service"): chance}, seams=200)[HERE]
    assert (one.reason, one.grade) == ("bad_run_before", "D")
    assert one.verdict in ("unchanged", "not_detectable")


def test_a_season_is_no_effect(engine):
    def chance(week):
        return 0.3 + 0.15 * math.sin(2 * math.pi * (week + 13) / 52.18)

    declared = {"changes": {"bot": {"since": monday(66), "function": "service"}}}
    one = _found(engine, {("sales", "service"): chance}, weeks=130, declared=declared)[HERE]
    assert one.verdict in ("unchanged", "not_detectable")
    assert one.ci_low < 0 < one.ci_high


def test_only_what_the_change_concerns_is_told(engine):
    passages = {("sales", "service"): _step(0.3, 0.1), ("sales", "billing"): _step(0.3, 0.1)}
    assert {key[1:3] for key in _found(engine, passages)} == {("sales", "service"), (None, None)}
    everything = {"changes": {"bot": {"since": monday(AT)}}}
    found = _found(engine, passages, declared=everything)
    assert {key[1:3] for key in found} == {*passages, (None, None)}
    assert found["bot", None, None, "long_wait"].verdict == "reduced"
    other = {"journeys": {"care": {"by": "case"}, "other": {"by": "case"}}} | _change(journey="other")
    assert _found(engine, passages, declared=other) == {}


def test_without_effect_few_false_verdicts(engine):
    verdicts = []
    for seed in range(8):
        passages = {(first, "service"): _step(0.2, 0.2) for first in ("sales", "billing", "care")}
        found = _found(engine, passages, seed=seed, seams=30)
        verdicts += [one.verdict for key, one in found.items() if key[1] is not None]
    assert len(verdicts) == 24
    assert sum(one in ("reduced", "accelerated", "gone", "moved") for one in verdicts) <= 2


def test_no_change_no_row(engine):
    fill(engine, {("sales", "service"): _step(0.3, 0.1)}, weeks=4)
    assert follow(charter(), engine, 0) == ()
    assert changes_table(()).num_rows == 0


def test_rows_fill_the_table(engine):
    found = _found(engine, {("sales", "service"): _step(0.3, 0.1)})
    table = changes_table(list(found.values()))
    assert table.num_rows == len(found)
    assert np.isfinite(table.column("difference").to_pylist()[0])


def test_loose_ends_are_those_that_nothing_holds():
    declared = charter(
        **FUNCTIONS,
        indicators={"talk": {"function": "service", "better": "lower"}, "late": {"function": "care", "better": "lower", "promise": "fast"}},
        promises={
            "fast": {"says": "fast", "journey": "care", "clock": {"from": "a", "to": "b"}, "owners": ["service"]},
            "kind": {"says": "kind", "journey": "care", "clock": {"from": "a", "to": "b"}, "owners": ["care"]},
        },
        changes={
            "bot": {"since": date(2025, 1, 1), "until": date(2025, 3, 1), "promise": "fast", "function": "service"},
            "desk": {"since": date(2025, 2, 1), "promise": "fast", "sponsor": "boss", "budget": 0},
            "later": {"since": date(2025, 6, 1), "promise": "fast", "sponsor": "boss", "budget": 5},
        },
    )  # fmt: skip
    found = {(one.kind, one.subject, one.other) for one in loose_ends(declared)}
    assert found == {
        ("initiative_without_sponsor", "bot", None), ("initiative_without_budget", "bot", None),
        ("initiatives_overlap", "bot", "desk"), ("promise_without_indicator", "kind", None),
        ("indicator_without_promise", "talk", None),
    }  # fmt: skip
    assert loose_ends_table(loose_ends(declared)).num_rows == 5
