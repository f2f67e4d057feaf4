"""What a person is told, from tables that are whole, empty, absent or odd."""

import pyarrow as pa
import pytest
import shown_company

from portance.report.page import html
from portance.views import seam
from portance.views.cracks import MOST_FUNCTIONS, MOST_STEPS
from portance.views.journeys import pseudonym
from portance.views.report import build
from portance.views.speech import Speech


@pytest.fixture(scope="module")
def tables():
    return shown_company.tables(journeys=1_500)


@pytest.fixture(scope="module")
def report(tables):
    return build(shown_company.charter(), tables, shown_company.run_facts(), "fr")


def plain(text: str) -> str:
    """The text with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def one(**rows: list[dict[str, object]]) -> dict[str, pa.Table]:
    return {name: shown_company.table_of(held) for name, held in rows.items()}


def test_the_sentence_names_both_sides_and_says_how_many(report):
    assert report.summary.sentence.startswith("Entre ")
    assert "subi" in report.summary.sentence
    assert "promesse" in report.summary.second


def test_the_first_page_keeps_to_five_findings_and_three_of_a_kind(report):
    kinds = [finding.kind for finding in report.summary.findings]
    assert 3 <= len(kinds) <= 5
    assert max(kinds.count(kind) for kind in kinds) <= 3
    assert not {"blind", "missing", "refused"} & set(kinds)


def test_nothing_at_all_is_said_in_plain_words():
    empty = build(shown_company.charter(promises={}), {}, shown_company.run_facts(counts={}), "fr")
    assert empty.findings == ()
    assert empty.summary.sentence == "Ces extraits ne montrent aucun passage d’une direction à une autre."
    assert not empty.summary.looked


def test_empty_tables_read_like_absent_ones(tables):
    none = {name: table.slice(0, 0) for name, table in tables.items()}
    report = build(shown_company.charter(), none, shown_company.run_facts(), "en")
    assert report.findings == ()
    assert all(promise.kept.shown == "missing" for promise in report.promises)
    assert all(mark.figure.shown == "missing" for promise in report.promises for mark in promise.facets)


def test_a_column_that_a_table_does_not_have_is_null(tables):
    bare = {
        "passages": tables["passages"].select(
            ["journey_type", "from_function", "to_function", "rate", "people"]
        )
    }
    report = build(shown_company.charter(), bare, shown_company.run_facts(), "fr")
    assert report.cracks.ranked[0].cost.value is None


def test_passages_on_few_people_are_not_ranked(report):
    assert all(passage.people >= 30 for passage in report.cracks.ranked)
    shown = [passage.rate.shown for passage in report.cracks.unranked]
    assert shown[-1] == "suppressed"
    assert set(shown) == {"interval", "suppressed"}


def test_kinds_that_are_off_say_why_in_the_language_of_the_report(report):
    assert {off.reason for off in report.cracks.off} == {"il faut la colonne outcome"}


def test_the_map_gathers_small_functions_and_late_steps():
    rows = [
        {"journey_type": "t", "step": step, "from_function": f"f{a:02d}", "to_function": f"f{b:02d}", "journeys": 1 + (a * b) % 40, "broken": 1}
        for step in range(1, 8) for a in range(30) for b in range(30) if a != b
    ]  # fmt: skip
    rows.append(
        {
            "journey_type": "t",
            "step": 1,
            "from_function": "f00",
            "to_function": None,
            "journeys": 9,
            "broken": 0,
        }
    )
    report = build(shown_company.charter(), one(flows=rows), shown_company.run_facts(), "fr")
    (flow,) = report.cracks.flows
    names = {link.from_function for link in flow.links} | {link.to_function for link in flow.links}
    assert len(names) <= MOST_FUNCTIONS + 1
    assert max(link.step for link in flow.links) == MOST_STEPS
    told = sum(int(str(row["journeys"])) for row in rows if row["to_function"])
    assert sum(link.journeys for link in flow.links) + flow.later == told
    assert flow.gathered >= 23


def test_the_waterfall_adds_up_to_the_whole(report):
    promise = next(promise for promise in report.promises if promise.key == "delivered_in_time")
    assert promise.additive
    assert promise.total is not None
    assert sum(term.figure.value or 0 for term in promise.terms) == pytest.approx(promise.total.figure.value)
    assert [plain(term.said) for term in promise.terms] == [
        "aucun écart",
        "manque 24 heures",
        "manque 12,4 heures",
    ]


def test_gaps_between_shares_are_told_in_points(report):
    promise = next(promise for promise in report.promises if promise.key == "right_first_time")
    assert promise.total is not None
    assert plain(promise.total.said) == "manque 35,8 points"


@pytest.mark.parametrize(
    ("value", "low", "high", "said", "interval"),
    [
        (4.0, 3.0, 5.0, "manque 4 heures", "3 à 5 heures"),
        (-4.0, -5.0, -3.0, "4 heures d’avance", "3 à 5 heures"),
        (
            1.0,
            -2.0,
            4.0,
            "manque 1 heure",
            "signe incertain : de « 2 heures d’avance » à « manque 4 heures »",
        ),
        (0.0, 0.0, 0.0, "aucun écart", ""),
        (None, None, None, "écart inconnu", ""),
    ],
)
def test_a_gap_is_never_told_with_a_minus(value, low, high, said, interval):
    row = {
        "promise": "delivered_in_time",
        "segment": "all",
        "gap": "expected_lived",
        "scale": "native",
        "value": value,
        "ci_low": low,
        "ci_high": high,
        "unit": "hours",
        "persons": 200,
        "shown": "point",
    }
    report = build(shown_company.charter(), one(gaps=[row]), shown_company.run_facts(), "fr")
    total = next(promise for promise in report.promises if promise.key == "delivered_in_time").total
    assert total is not None
    assert plain(total.said) == said
    assert plain(total.interval) == interval
    assert "-" not in total.said
    assert "−" not in total.said


def test_a_facet_that_is_not_declared_is_shown_as_missing(report):
    promise = next(promise for promise in report.promises if promise.key == "clear_bill")
    assert [mark.facet for mark in promise.missing] == ["expected", "intended", "offered", "lived"]
    assert not promise.additive


def test_a_draft_waits_for_its_function(report):
    states = {finding.rank: (finding.draft, finding.reply) for finding in report.findings}
    assert states[1] == (True, "")
    assert states[2][0] is False
    assert states[2][1].startswith("Nous partageons")


def test_a_reply_that_the_charter_holds_is_found(tables):
    functions = {
        name: {"name": {"fr": fr}, "reply": {"fr": f"Vu par {fr}."}}
        for name, (fr, _) in shown_company.FUNCTIONS.items()
    }
    rows = [
        row | {"status": "replied", "reply_fr": None} for row in tables["findings"].slice(0, 1).to_pylist()
    ]
    report = build(
        shown_company.charter(functions=functions), one(findings=rows), shown_company.run_facts(), "fr"
    )
    assert "Vu par " in report.findings[0].reply


def test_broken_journeys_stand_under_a_pseudonym_that_leads_to_their_rows(report):
    example = report.journeys[0].examples[0]
    assert example.rows.sql.startswith("SELECT * FROM 'tables/seams.parquet' WHERE md5(journey_id) LIKE '")
    assert any(step.breaks for step in example.steps)
    assert all(shown_company.FUNCTIONS for step in example.steps)
    assert len(pseudonym("order:ZX-1234")) == 8
    assert "ZX" not in pseudonym("order:ZX-1234")


def test_the_pseudonym_is_what_duckdb_computes():
    import duckdb

    found = duckdb.sql("select md5('order:é-12') as it").fetchall()
    assert found[0][0].startswith(pseudonym("order:é-12"))


def test_every_load_is_accounted_for(report):
    assert report.limits.adds_up
    assert report.limits.totals is not None
    assert report.limits.totals.candidates == 59_312
    wrong = {
        "receipt": "r9",
        "source": "calls",
        "file": "x",
        "candidates": 10,
        "accepted": 3,
        "duplicate": 0,
        "refused": 0,
        "not_happened": 0,
    }
    lost = build(shown_company.charter(), one(receipts=[wrong]), shown_company.run_facts(), "fr")
    assert not lost.limits.adds_up


@pytest.mark.parametrize("language", ["fr", "en"])
def test_rows_that_an_id_hides_are_counted_and_their_source_named(language):
    load = {
        "receipt": "r1",
        "source": "calls",
        "file": "x",
        "candidates": 9,
        "accepted": 9,
        "versions": 4,
        "folded": 4,
    }
    undone = load | {"receipt": "r2", "source": "orders", "undone": True}
    told = build(shown_company.charter(), one(receipts=[load, undone]), shown_company.run_facts(), language)
    assert told.limits.totals is not None
    assert told.limits.totals.folded == 4
    assert len(told.limits.folding) == 1
    shown = html(told).replace("\u202f", " ").replace("\u00a0", " ")
    assert {"fr": "4 lignes acceptées sont masquées", "en": "4 accepted rows are hidden"}[language] in shown
    silent = build(
        shown_company.charter(), one(receipts=[load | {"folded": 0}]), shown_company.run_facts(), language
    )
    assert {"fr": "acceptées sont masquées", "en": "accepted rows are hidden"}[language] not in html(silent)


def test_refusals_are_grouped_by_reason_with_examples(report):
    group = report.limits.groups[0]
    assert (group.count, len(group.examples)) == (37, 3)
    assert group.remedy.startswith("Corriger")


def test_a_sample_of_refusals_says_so(tables):
    facts = shown_company.run_facts(counts={"refusals": 5_000})
    assert build(shown_company.charter(), tables, facts, "fr").limits.sampled == 38


def test_changes_put_the_worse_first(report):
    assert [change.verdict for change in report.since.changes] == ["worse", "better", "gone"]
    assert plain(report.since.changes[2].before) == "manque 40 points"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e308, -1e308, 1e-300])
def test_numbers_that_are_no_figures_break_nothing(value):
    row = {
        "promise": "delivered_in_time",
        "segment": "all",
        "facet": "lived",
        "functional": "p90",
        "value": value,
        "unit": "hours",
        "ci_low": value,
        "ci_high": value,
        "shown": "point",
        "persons": 100,
    }
    rate = {
        "journey_type": "repair",
        "from_function": "sales",
        "to_function": "billing",
        "seams": 10**15,
        "broken": 10**14,
        "people": 10**12,
        "people_broken": 10**11,
        "rate": value,
        "cost_cents": 10**18,
        "median_elapsed_ms": 10**15,
    }
    finding = {
        "rank": 1,
        "kind": "seam",
        "key": "k",
        "title_fr": "T",
        "text_fr": "T",
        "value": value,
        "unit": "share",
        "people": 10**12,
        "money": value,
        "owners": "sales",
    }
    build(
        shown_company.charter(),
        one(facets=[row], passages=[rate], findings=[finding]),
        shown_company.run_facts(),
        "fr",
    )


def test_the_seam_that_is_drawn_is_one_that_broke(tables):
    view = seam.build(shown_company.charter(), tables, "en")
    assert view is not None
    assert view.breaks
    assert "customer" in view.among
    assert seam.build(shown_company.charter(), {}, "en") is None


def test_a_promise_is_told_by_times_and_not_by_customers():
    assert Speech("fr").times(0.104) == "une fois sur dix"
    assert Speech("en").times(0.4) == "40% of the times"
