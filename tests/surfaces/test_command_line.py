"""The command line on a small company: what is written, what is said, what is refused."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from meridian import write

from portance.cli.main import portance
from portance.publication import RESULT_TABLES


def run(*words: object) -> Result:
    return CliRunner().invoke(portance, [str(word) for word in words])


def test_a_scan_writes_the_four_outputs_and_says_where(scanned: Path):
    report = scanned / "report"
    assert {entry.name for entry in report.iterdir()} == {
        "report.html",
        "report.json",
        "report.xlsx",
        "tables",
    }


def test_report_json_keeps_to_the_contract(scanned: Path):
    told = json.loads((scanned / "report/report.json").read_text())
    assert told["schema"] == 1
    assert {"portance", "schema", "company", "period", "counts", "promises", "findings", "tables"} <= set(
        told
    )
    assert all((scanned / "report" / table["path"]).exists() for table in told["tables"].values())
    assert told["counts"]["interactions"] == 60 * 2 + 40


@pytest.mark.parametrize("table", RESULT_TABLES, ids=lambda table: table.name)
def test_published_tables_are_what_the_reference_says(scanned: Path, table):
    path = scanned / "report/tables" / f"{table.name}.parquet"
    if table.name == "readings":
        assert not path.exists(), "no source gives readings: the table is absent"
        return
    found = {row[0]: row[1] for row in duckdb.sql(f"describe select * from '{path}'").fetchall()}
    extra = tuple(pattern.split("<")[0] for pattern, _ in table.extra)
    documented = {column.name: column.type for column in table.columns}
    assert {name: kind for name, kind in found.items() if name in documented} == documented
    assert (
        all(name.startswith(extra) for name in found if name not in documented)
        if extra
        else set(found) == set(documented)
    )


def test_no_published_table_names_an_agent(scanned: Path):
    for path in (scanned / "report/tables").glob("*.parquet"):
        columns = [row[0] for row in duckdb.sql(f"describe select * from '{path}'").fetchall()]
        assert "agent" not in columns
        for column in columns:
            assert duckdb.sql(
                f"select count(*) from '{path}' where cast(\"{column}\" as varchar) like '%agent1%'"
            ).fetchall()[0] == (0,)


def test_a_team_of_seven_agents_is_shown_and_one_held_by_a_single_agent_is_not(tmp_path: Path, scanned: Path):
    teams = (
        f"select count(*) filter (where team = 'desk') from '{scanned}/report/tables/interactions.parquet'"
    )
    assert duckdb.sql(teams).fetchall()[0] == (40,)
    charter = write(tmp_path / "small")
    calls = charter.parent / "calls.csv"
    calls.write_text(
        calls.read_text().replace("agent3", "agent0").replace("agent6", "agent0").replace("agent5", "agent0")
    )
    assert run("scan", charter, "--out", tmp_path / "report").exit_code == 0
    assert duckdb.sql(f"select count(team) from '{tmp_path}/report/tables/interactions.parquet'").fetchall()[
        0
    ] == (0,)


def test_every_row_is_accounted_for(scanned: Path):
    rows = duckdb.sql(f"select * from '{scanned}/report/tables/receipts.parquet'").fetchall()
    assert len(rows) == 2
    kept = duckdb.sql(
        f"select bool_and(accepted + duplicate + refused + not_happened = candidates), sum(refused) from '{scanned}/report/tables/receipts.parquet'"
    ).fetchall()[0]
    assert kept == (True, 1)
    refusal = duckdb.sql(f"select source, given from '{scanned}/report/tables/refusals.parquet'").fetchall()
    assert refusal == [("calls", "31/02/2026 09:00")]


def test_rows_that_an_id_hides_are_told_by_the_scan(tmp_path: Path):
    charter = write(tmp_path)
    text = charter.read_text()
    charter.write_text(text.replace("at: ordered_at,", "at: ordered_at, id: customer,"))
    done = run("scan", charter, "--out", tmp_path / "report", "--language", "en")
    assert done.exit_code == 0, done.output
    assert "10 accepted rows hide under an id" in done.output  # sixty orders of fifty customers
    hidden = duckdb.sql(
        f"select source, folded from '{tmp_path}/report/tables/receipts.parquet' order by source"
    ).fetchall()
    assert hidden == [("calls", 0), ("orders", 10)]


def test_every_finding_opens_onto_its_rows(scanned: Path):
    findings = json.loads((scanned / "report/report.json").read_text())["findings"]
    assert findings
    for finding in findings:
        opened = finding["rows"]
        rows = duckdb.sql(
            f"select count(*) from '{scanned}/report/{opened['path']}' where {opened['where']}"
        ).fetchall()
        assert rows[0][0] > 0, finding["key"]


def test_a_second_scan_reads_nothing_again_and_finds_the_same(tmp_path: Path):
    charter = write(tmp_path)
    assert run("scan", charter, "--out", tmp_path / "report").exit_code == 0
    first = duckdb.sql(
        f"select * exclude (occurred_at) from '{tmp_path}/report/tables/interactions.parquet' order by all"
    ).fetchall()
    assert run("scan", charter, "--out", tmp_path / "report").exit_code == 0
    assert (
        duckdb.sql(
            f"select * exclude (occurred_at) from '{tmp_path}/report/tables/interactions.parquet' order by all"
        ).fetchall()
        == first
    )
    assert duckdb.sql(f"select count(*) from '{tmp_path}/report/tables/receipts.parquet'").fetchall()[0] == (
        2,
    )


def test_what_changed_is_told_when_the_extract_grows(tmp_path: Path):
    charter = write(tmp_path)
    assert run("scan", charter, "--out", tmp_path / "report").exit_code == 0
    write(tmp_path, orders=120)
    assert run("scan", charter, "--out", tmp_path / "report", "--language", "en").exit_code == 0
    assert duckdb.sql(f"select count(*) from '{tmp_path}/report/tables/journeys.parquet'").fetchall()[0] == (
        120,
    )
    assert "previous scan" in (tmp_path / "report/report.html").read_text()


def test_a_load_can_be_undone_and_listed(tmp_path: Path):
    charter = write(tmp_path)
    assert run("scan", charter, "--out", tmp_path / "report").exit_code == 0
    receipts = duckdb.sql(
        f"select receipt from '{tmp_path}/report/tables/receipts.parquet' where source = 'calls'"
    ).fetchall()
    assert "calls" in run("loads", "list", charter).output
    assert run("loads", "undo", charter, receipts[0][0]).exit_code == 0
    assert "undone" in run("loads", "list", charter).output
    unknown = run("loads", "undo", charter, "nothing")
    assert unknown.exit_code == 1
    assert "nothing" in unknown.output


def test_a_period_keeps_whole_journeys(tmp_path: Path):
    charter = write(tmp_path)
    done = run("scan", charter, "--out", tmp_path / "report", "--from", "2026-03-05", "--to", "2026-03-08")
    assert done.exit_code == 0, done.output
    days = duckdb.sql(
        f"select distinct cast(started_at at time zone 'Europe/Paris' as date)::varchar from '{tmp_path}/report/tables/journeys.parquet' order by 1"
    ).fetchall()
    assert days == [("2026-03-05",), ("2026-03-06",), ("2026-03-07",)]


def test_the_plan_is_told_before_anything_runs(tmp_path: Path):
    charter = write(tmp_path)
    done = run("scan", charter, "--out", tmp_path / "report", "--plan")
    assert done.exit_code == 0
    assert "seams" in done.output
    assert not (tmp_path / "report").exists()
    explained = run("scan", charter, "--out", tmp_path / "report", "--explain")
    assert "cpu s" in explained.output


def test_spark_is_answered_clearly(tmp_path: Path):
    done = run("scan", write(tmp_path), "--out", tmp_path / "report", "--engine", "spark://127.0.0.1:7077")
    assert done.exit_code == 1
    assert "--engine duckdb" in done.output


def test_a_charter_with_problems_tells_them_all_and_exits_1(tmp_path: Path):
    charter = write(tmp_path)
    charter.write_text(
        charter.read_text()
        .replace("owners: [logistics]", "owners: [logistic]")
        .replace("journey: purchase", "journey: purchases")
    )
    done = run("check", charter)
    assert done.exit_code == 1
    assert "2 problems" in done.output
    assert "Did you mean 'logistics'?" in done.output


def test_a_vanished_column_is_told_with_its_nearest_name(tmp_path: Path):
    charter = write(tmp_path)
    orders = tmp_path / "orders.csv"
    orders.write_bytes(orders.read_bytes().replace(b"delivered_at", b"delivered_on"))
    for done in (run("check", charter), run("scan", charter, "--out", tmp_path / "report")):
        assert done.exit_code == 1
        assert "delivered_at" in done.output
        assert "delivered_on" in done.output


def test_an_output_folder_that_is_not_ours_is_left_alone(tmp_path: Path):
    charter = write(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/photo.jpg").write_bytes(b"x")
    done = run("scan", charter, "--out", tmp_path / "mine")
    assert done.exit_code == 1
    assert "photo.jpg" in done.output
    assert (tmp_path / "mine/photo.jpg").exists()


def test_a_disk_that_fills_while_the_report_is_written_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    charter = write(tmp_path)
    assert run("scan", charter, "--out", tmp_path / "report").exit_code == 0
    before = (tmp_path / "report/report.html").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portance.report.workbook.xlsx", full)
    done = run("scan", charter, "--out", tmp_path / "report")
    assert done.exit_code == 1
    assert "no room left" in done.output
    assert (tmp_path / "report/report.html").read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir() if "partial" in entry.name] == []


def test_two_runs_give_the_same_tables(tmp_path: Path):
    for name in ("one", "two"):
        charter = write(tmp_path / name)
        assert run("scan", charter, "--out", tmp_path / name / "report").exit_code == 0
    for path in sorted((tmp_path / "one/report/tables").glob("*.parquet")):
        other = tmp_path / "two/report/tables" / path.name
        skip = "exclude (received_at)" if path.stem == "receipts" else ""
        assert (
            duckdb.sql(f"select * {skip} from '{path}'").fetchall()
            == duckdb.sql(f"select * {skip} from '{other}'").fetchall()
        ), path.name


def test_the_folder_can_move(tmp_path: Path):
    charter = write(tmp_path / "here")
    assert run("scan", charter, "--out", tmp_path / "here/report").exit_code == 0
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert run("scan", tmp_path / "there/charter.yaml", "--out", tmp_path / "there/report").exit_code == 0
    assert duckdb.sql(f"select count(*) from '{tmp_path}/there/report/tables/receipts.parquet'").fetchall()[
        0
    ] == (2,)


def test_conflicts_are_printed_or_what_to_declare_to_see_any(tmp_path: Path):
    charter = write(tmp_path)
    english = run("conflicts", charter, "--language", "en")
    assert english.exit_code == 0, english.output
    assert english.output.strip()
    assert "indicator" in english.output
    french = run("conflicts", charter, "--language", "fr")
    assert "indicateur" in french.output
