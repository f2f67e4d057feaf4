"""Extracts that grow, change, are undone, replayed, or read under another mapping."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portance.errors import StateError


def row(case: str, hour: int = 9, what: str = "call", wait: str = "1", outcome: str = "resolved") -> str:
    return f"{case},A1,{what},2025-01-10 {hour:02}:00:00,{wait},{outcome}"


def counts(receipt) -> tuple[int, ...]:
    out = (receipt.accepted, receipt.duplicate, receipt.refused, receipt.not_happened)
    assert sum(out) == receipt.candidates
    return out


def live(company, columns: str = "count(*)") -> list:
    return company.rows(f"select {columns} from accepted order by 1")


def test_a_file_that_has_not_changed_is_not_read_again(company):
    company.calls(row("C1"))
    assert company.receive() is not None
    assert company.receive() is None


def test_a_grown_file_adds_what_is_new(company):
    company.calls(row("C1"), row("C2"))
    company.receive()
    company.calls(row("C1"), row("C2"), row("C3"))
    assert counts(company.receive()) == (1, 2, 0, 0)
    assert live(company, "case_id, version") == [("C1", 1), ("C2", 1), ("C3", 1)]
    numbers = company.rows("select count(distinct (source, row_number, entry)), count(*) from accepted")
    assert numbers == [(3, 3)]


def test_identical_rows_are_several_interactions_once(company):
    company.calls(row("C1"), row("C1"), row("C1"))
    assert counts(company.receive()) == (3, 0, 0, 0)
    company.calls(row("C1"), row("C1"), row("C1"), row("C1"))
    assert counts(company.receive()) == (1, 3, 0, 0)
    assert company.rows("select count(distinct interaction_id), count(*) from accepted") == [(4, 4)]


def test_changed_content_is_a_counted_version_and_the_old_one_stays(company):
    company.entry(verbatim="note")
    header = "case,customer,what,at,wait,outcome,note"
    company.calls(row("C1", outcome="unresolved") + ",why?", row("C2") + ",", header=header)
    first = company.receive()
    company.calls(row("C1") + ",why?", row("C2") + ",so good", header=header)
    second = company.receive()
    assert counts(second) == (2, 0, 0, 0)
    assert second.versions == 2
    assert live(company, "case_id, outcome, version, row_number") == [
        ("C1", "resolved", 2, 1),
        ("C2", "resolved", 2, 2),
    ]
    with company.open() as opened:
        kept = opened.engine.rows(
            f"select outcome from read_parquet('{opened.state.record('calls', first.id)}') order by row_number"
        )
    assert kept == [("unresolved",), ("resolved",)]
    company.calls(row("C1") + ",why?", row("C2") + ",so good", row("C3") + ",", header=header)
    assert counts(company.receive()) == (1, 2, 0, 0)


def test_a_mapped_id_is_scoped_by_its_source_and_may_have_versions_in_one_file(company):
    company.entry(id="id")
    header = "id,case,customer,what,at,wait,outcome"
    log = (
        "7," + row("C1", outcome="unresolved"),
        "8," + row("C1"),
        "7," + row("C1", outcome="unresolved"),
        "7," + row("C1", 10),
    )
    company.calls(*log, header=header)
    receipt = company.receive()
    assert (counts(receipt), receipt.versions) == ((3, 1, 0, 0), 1)
    assert live(company, "interaction_id, version, outcome") == [
        ("calls:7", 2, "resolved"),
        ("calls:8", 1, "resolved"),
    ]
    company.calls(*log, "9," + row("C9"), header=header)
    receipt = company.receive()
    assert (counts(receipt), receipt.versions) == ((1, 4, 0, 0), 0)
    assert live(company, "interaction_id, version") == [("calls:7", 2), ("calls:8", 1), ("calls:9", 1)]


def folded(company) -> list[tuple[int, int]]:
    return company.rows("select versions, folded from receipts order by receipt")


def test_rows_that_an_id_which_is_not_one_folds_are_counted(company):
    company.entry(id="customer")
    company.calls(row("C1"), row("C2"), row("C3", 10), row("C3", 10))
    assert counts(company.receive()) == (3, 1, 0, 0)
    assert live(company) == [(1,)]
    assert folded(company) == [(2, 2)]


def test_what_changes_in_a_later_extract_or_beside_the_key_folds_nothing(company):
    company.entry(id="case")
    company.calls(row("C1", outcome="unresolved"), row("C1"), row("C2"), row("C3"))
    company.receive()
    company.calls(row("C1", outcome="unresolved"), row("C1"), row("C2", 11), row("C3", outcome="unresolved"))
    company.receive()
    assert folded(company) == [(1, 0), (2, 0)]


def test_an_undone_load_and_one_without_versions_fold_nothing(company):
    company.entry(id="customer")
    company.calls(row("C1"), row("C2"))
    receipt = company.receive()
    with company.open() as opened:
        opened.intake.undo(receipt.id)
    company.calls(row("C4"))
    company.receive()
    assert folded(company) == [(1, 0), (0, 0)]


def test_one_mapped_id_for_several_entries_of_a_row_names_each(company):
    entry = {"activity": "opened", "at": "at", "function": "service", "id": "case"}
    company.change(interactions=[entry, {**entry, "activity": "closed", "at": "end"}])
    company.calls(
        row("C1") + ",2025-01-11 09:00:00", row("C2") + ",", header="case,customer,what,at,wait,outcome,end"
    )
    assert counts(company.receive()) == (3, 0, 0, 1)
    assert company.rows("select count(distinct interaction_id) from accepted") == [(3,)]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_in_whatever_slices_a_file_arrives_the_result_is_that_of_the_whole(tmp_path_factory, data):
    from received_company import Company

    rows = data.draw(
        st.lists(
            st.builds(row, st.sampled_from(["C1", "C2", "C3"]), st.integers(8, 11)), min_size=1, max_size=12
        )
    )
    cuts = sorted(data.draw(st.sets(st.integers(1, len(rows)), max_size=3)) | {len(rows)})
    grown, whole = (Company(tmp_path_factory.mktemp("company")) for _ in range(2))
    for cut in cuts:
        grown.calls(*rows[:cut])
        receipt = grown.receive()
        assert receipt.accepted + receipt.duplicate == cut
    whole.calls(*rows)
    whole.receive()
    columns = "interaction_id, version, row_number, t_us, case_id, wait_ms"
    ordered = columns.replace("row_number, ", "")
    assert live(grown, ordered) == live(whole, ordered)
    assert grown.rows("select count(distinct row_number), count(*) from accepted") == [(len(rows), len(rows))]


def test_overlapping_monthly_files_count_what_both_hold_once(company):
    company.change(read="calls*.csv")
    company.file("calls1.csv", "case,customer,what,at,wait,outcome\n" + row("C1") + "\n" + row("C2") + "\n")
    company.file("calls2.csv", "case,customer,what,at,wait,outcome\n" + row("C2") + "\n" + row("C3") + "\n")
    with company.open() as opened:
        receipts = opened.intake.receive()
    assert [counts(one) for one in receipts] == [(2, 0, 0, 0), (1, 1, 0, 0)]
    assert live(company, "case_id") == [("C1",), ("C2",), ("C3",)]


def test_many_files_are_compared_with_those_that_hold_their_ids(company):
    company.change(read="calls*.csv")
    header = "case,customer,what,at,wait,outcome"
    for number in range(8):
        rows = [row(f"C{number}"), row(f"C{number + 1}"), row("twice"), row("twice")]
        company.file(f"calls{number}.csv", "\n".join([header, *rows]) + "\n")
    with company.open() as opened:
        receipts = opened.intake.receive()
    assert [counts(one) for one in receipts] == [(4, 0, 0, 0)] + [(1, 3, 0, 0)] * 7
    assert company.rows("select count(*), count(distinct interaction_id) from accepted") == [(11, 11)]


def test_undoing_takes_a_load_back_and_brings_back_what_relied_on_it(company):
    company.calls(row("C1"), row("C2"))
    first = company.receive()
    company.calls(row("C1"), row("C2"), row("C3"))
    company.receive()
    with company.open() as opened:
        assert opened.intake.undo(first.id).undone
        assert not any(path.exists() for path in opened.state.files(first))
        with pytest.raises(StateError, match="counts no more"):
            opened.intake.undo(first.id)
        with pytest.raises(StateError, match="Did you mean"):
            opened.intake.undo("r000001")
    assert live(company, "case_id") == [("C3",)]
    assert counts(company.receive()) == (2, 1, 0, 0)
    assert live(company, "case_id") == [("C1",), ("C2",), ("C3",)]


def test_what_was_undone_comes_back_only_when_asked_for(company):
    company.calls(row("C1"))
    first = company.receive()
    with company.open() as opened:
        opened.intake.undo(first.id)
    assert company.receive() is None
    with company.open() as opened:
        (again,) = opened.intake.receive(only=["calls"])
    assert counts(again) == (1, 0, 0, 0)


def test_an_undone_version_gives_the_earlier_one_back(company):
    company.calls(row("C1", outcome="unresolved"))
    company.receive()
    company.calls(row("C1"))
    second = company.receive()
    assert live(company, "outcome") == [("resolved",)]
    with company.open() as opened:
        opened.intake.undo(second.id)
    assert live(company, "outcome") == [("unresolved",)]


def test_another_mapping_reads_the_files_again_and_takes_their_place(company):
    company.calls(row("C1"), row("C2", outcome="closed"))
    assert counts(company.receive()) == (1, 0, 1, 0)
    company.entry(outcome={"column": "outcome", "map": {"closed": "resolved"}})
    assert counts(company.receive()) == (2, 0, 0, 0)
    assert live(company, "case_id, receipt") == [("C1", "r00000002"), ("C2", "r00000002")]
    assert company.refused() == []
    assert company.rows("select receipt from receipts") == [("r00000002",)]
    assert not (company.folder / ".portance/record/calls/r00000001.parquet").exists()
    assert company.receive() is None


def test_another_mapping_does_not_erase_what_a_rolling_file_no_longer_holds(company):
    company.calls(row("C1", 8), row("C2", 9), row("C3", 10))
    company.receive()
    company.calls(row("C3", 10), row("C4", 11))
    assert counts(company.receive()) == (1, 1, 0, 0)
    company.entry(activity="contact")
    assert counts(company.receive()) == (2, 0, 0, 0)
    assert live(company, "case_id, activity") == [
        ("C1", "call"),
        ("C2", "call"),
        ("C3", "contact"),
        ("C4", "contact"),
    ]


def test_a_mapping_that_comes_back_reads_again(company):
    company.calls(row("C1", 8), row("C2", 9), row("C3", 10))
    company.receive()
    company.calls(row("C3", 10), row("C4", 11))
    company.receive()
    company.entry(activity="contact")
    company.receive()
    company.change()
    assert counts(company.receive()) == (2, 0, 0, 0)
    assert live(company, "case_id, activity") == [
        ("C1", "call"),
        ("C2", "call"),
        ("C3", "call"),
        ("C4", "call"),
    ]
    assert company.receive() is None


def test_undoing_a_load_under_another_mapping_shows_what_it_had_covered(company):
    company.calls(row("C1", 8), row("C2", 9))
    company.receive()
    company.calls(row("C2", 9), row("C3", 10))
    company.entry(activity="contact")
    second = company.receive()
    assert live(company, "case_id, activity") == [("C1", "call"), ("C2", "contact"), ("C3", "contact")]
    with company.open() as opened:
        opened.intake.undo(second.id)
    assert live(company, "case_id, activity") == [("C1", "call"), ("C2", "call")]


def test_a_mapping_that_reads_nothing_erases_nothing(company):
    company.calls(row("C1", 8))
    company.receive()
    company.calls(row("C1", 8), row("C2", 9))
    company.change(dates="%d/%m/%Y")
    assert counts(company.receive()) == (0, 0, 2, 0)
    assert live(company, "case_id") == [("C1",)]


def test_a_file_that_is_gone_stays_as_it_was_read(company):
    company.change(read="calls*.csv")
    company.file("calls1.csv", "case,customer,what,at,wait,outcome\n" + row("C1") + "\n")
    company.receive()
    (company.folder / "calls1.csv").rename(company.folder / "archived.csv")
    company.file("calls2.csv", "case,customer,what,at,wait,outcome\n" + row("C1") + "\n" + row("C2") + "\n")
    assert counts(company.receive()) == (1, 1, 0, 0)
    assert live(company, "case_id") == [("C1",), ("C2",)]


def test_refused_rows_are_replayed_once_the_charter_is_mended(company):
    company.change(read="calls*.csv")
    company.calls(row("C1"), row("C2", outcome="closed"), row("C3", wait="-4"), "C4,A4,call")
    assert counts(company.receive()) == (1, 0, 3, 0)
    (company.folder / "calls.csv").unlink()
    mended = {"column": "outcome", "map": {"closed": "resolved"}}
    company.change(
        read="calls*.csv",
        interactions=[
            {
                "activity": {"column": "what"},
                "at": "at",
                "function": "service",
                "wait_s": "wait",
                "outcome": mended,
            }
        ],
    )
    with company.open() as opened:
        (replayed,) = opened.intake.replay()
        assert counts(replayed) == (1, 0, 1, 0)
        assert opened.state.manifest.receipts()[0].refused == 1
    assert live(company, "case_id, row_number") == [("C1", 1), ("C2", 2)]
    assert [(reason, row_number) for reason, _, _, row_number, _ in company.refused()] == [
        ("negative", 3),
        ("too_few_cells", None),
    ]
    totals = company.rows("select sum(candidates), sum(accepted), sum(refused) from receipts")
    assert totals == [(4, 2, 2)]
    with company.open() as opened:
        opened.intake.undo(replayed.id)
    assert live(company, "case_id") == [("C1",)]
    assert len(company.refused()) == 3


def test_a_replayed_row_takes_an_ordinal_of_its_own(company):
    company.change(read="calls*.csv")
    company.calls(row("C1", outcome="closed"), row("C1"))
    company.receive()
    (company.folder / "calls.csv").unlink()
    mended = {"column": "outcome", "map": {"closed": "resolved"}}
    company.change(
        read="calls*.csv",
        interactions=[{"activity": {"column": "what"}, "at": "at", "function": "service", "outcome": mended}],
    )
    with company.open() as opened:
        (replayed,) = opened.intake.replay()
    assert counts(replayed) == (1, 0, 0, 0)
    assert replayed.versions == 0
    assert company.rows("select count(distinct interaction_id), count(*) from accepted") == [(2, 2)]


def test_a_look_up_that_changes_is_another_mapping(company):
    company.change(
        lookups={"accounts": {"read": "accounts.csv", "on": {"customer": "id"}, "take": ["region"]}},
        attributes=["region"],
    )
    company.calls(row("C1"))
    company.file("accounts.csv", "id,region\nA1,north\nA1,south\nA2,west\n")
    company.receive()
    assert live(company, "a_region") == [("north",)]
    company.file("accounts.csv", "id,region\nA1,east\n")
    company.receive()
    assert live(company, "a_region") == [("east",)]


def test_the_type_that_a_column_was_found_to_have_stays(company):
    company.change(attributes=["score"])
    header = "case,customer,what,at,wait,outcome,score"
    company.calls(row("C1") + ",3", header=header)
    company.receive()
    company.calls(row("C1") + ",3", row("C2") + ",4.5", row("C3") + ",high", header=header)
    assert counts(company.receive()) == (1, 1, 1, 0)
    assert live(company, "case_id, a_score") == [("C1", 3.0), ("C2", 4.5)]
    assert company.refused()[0][:3] == ("not_of_its_type", "score", "high")


def test_a_run_that_ends_early_leaves_nothing_that_counts_and_the_next_one_cleans_up(company):
    company.calls(row("C1"))
    stray = company.folder / ".portance/record/calls/r00000001.parquet"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half")
    (stray.parent / "r00000009.parquet.partial").write_bytes(b"half")
    with company.open() as opened:
        assert not stray.exists()
        assert list(stray.parent.iterdir()) == []
        opened.intake.receive()
    assert live(company, "case_id") == [("C1",)]


def test_a_refused_row_of_a_grown_file_is_told_once_and_stays_when_it_leaves_the_file(company):
    bad = row("C2").replace("2025-01-10", "2025-02-31")
    company.calls(row("C1"), bad)
    assert counts(company.receive()) == (1, 0, 1, 0)
    company.calls(row("C1"), bad, row("C3"))
    assert counts(company.receive()) == (1, 1, 1, 0)
    assert len(company.refused()) == 1
    company.calls(row("C3"), row("C4"))
    company.receive()
    assert len(company.refused()) == 1, "the row left the file, and was never accepted: it is still kept"
