"""A policy of take-overs, learnt and replayed from the command line."""

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from click.testing import CliRunner

from portance.cli.main import portance

sys.path.insert(0, str(Path(__file__).parents[1] / "orchestration"))

from labelled_talks import talks


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(portance, ["takeover", *arguments])
    return result.exit_code, result.output


def test_a_policy_is_learnt_written_and_replayed(tmp_path: Path) -> None:
    turns, policy = tmp_path / "turns.parquet", tmp_path / "made" / "policy.json"
    pq.write_table(talks(60, seed=1), turns)
    code, told = _run("learn", str(turns), "--policy", str(policy))
    assert code == 0, told
    assert "F1" in told
    assert json.loads(policy.read_text())
    code, told = _run("replay", str(turns), "--policy", str(policy), "--language", "fr")
    assert code == 0, told
    assert "s’y flatte" in told, "conversations that it was learnt from are said to be so"
    assert "confiées à un conseiller\u00a0: " in told
    assert "\u202f; n = 60)" in told
    bare = tmp_path / "bare.parquet"
    pq.write_table(talks(12, seed=2).select(["conversation", "turn", "role", "text"]), bare)
    code, told = _run("replay", str(bare), "--policy", str(policy), "--language", "fr")
    assert code == 0, told
    assert "(tous les tours ne sont pas étiquetés)" in told
    assert "(aucune colonne ne dit comment les conversations ont fini)" in told
    assert "no_" not in told


def test_a_file_that_is_not_a_policy_is_refused_with_what_to_do(tmp_path: Path) -> None:
    turns, policy = tmp_path / "turns.csv", tmp_path / "policy.json"
    pa_csv.write_csv(talks(12, seed=1), turns)
    policy.write_text("{}")
    code, told = _run("replay", str(turns), "--policy", str(policy))
    assert code == 1
    assert "portance takeover learn" in told
    assert "Traceback" not in told


def test_turns_without_what_is_needed_are_told_by_name(tmp_path: Path) -> None:
    turns = tmp_path / "turns.csv"
    turns.write_text("conversation,role\na,customer\n")
    code, told = _run("learn", str(turns), "--policy", str(tmp_path / "p.json"))
    assert code == 1
    assert "turn" in told
    assert not (tmp_path / "p.json").exists()


def test_a_policy_kept_beside_a_charter_is_told_by_its_scan(tmp_path: Path) -> None:
    turns, past, company = tmp_path / "turns.parquet", tmp_path / "past.parquet", tmp_path / "company"
    pq.write_table(talks(60, seed=1), turns)
    pq.write_table(talks(60, seed=7), past)
    charter = company / "charter.yaml"
    assert CliRunner().invoke(portance, ["new", str(company)]).exit_code == 0
    code, told = _run("replay", str(past), "--charter", str(charter))
    assert code == 1
    assert "portance takeover learn" in told
    code, told = _run("learn", str(turns), "--charter", str(charter))
    assert code == 0, told
    assert not Path("policy.json").exists()
    assert _scanned(charter, tmp_path)["state"] == "learnt"
    code, told = _run("replay", str(past), "--charter", str(charter))
    assert code == 0, told
    held = _scanned(charter, tmp_path)
    assert (held["state"], held["turned_on"]) == ("replayed", False)
    figures = {(one["part"], one["figure"]): one for one in held["figures"]}
    assert figures["learnt", "conversations"]["value"] == 60
    handed = figures["replay", "handed"]
    assert handed["basis"] == "predicted"
    assert handed["ci_low"] < handed["value"] < handed["ci_high"]
    table = pq.read_table(tmp_path / "out" / "tables" / "takeover_policy.parquet")
    assert table.num_rows == len(held["figures"])


def _scanned(charter: Path, folder: Path) -> dict[str, Any]:
    done = CliRunner().invoke(portance, ["scan", str(charter), "--out", str(folder / "out"), "--quiet"])
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    policy: dict[str, Any] = told["takeover"]["policy"]
    return policy
