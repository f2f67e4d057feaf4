"""Arbitration on the command line: ask, simulate, answer, sign, judge; what is refused is told."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from portance.alignment.arbitration import Decisions, remember
from portance.cli.main import portance
from portance.store import State
from portance.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parents[1] / "alignment"))

from arbitrated_company import evidence, noise, panel

CHARTER = """\
portance: 1
company: {name: Ardent, timezone: Europe/Paris, language: fr}
functions: {service: {name: {fr: Service client, en: Customer service}}, quality: {}, sales: {}, loyalty: {}, marketing: {}}
sources:
  orders:
    read: orders.csv
    case: order
    interactions: [{activity: ordered, at: ordered_at}]
journeys: {purchase: {by: case}}
indicators:
  handling_time: {function: service, better: lower, target: 280, levers: [talk_target], smallest_effect: 2}
  resolution: {function: quality, better: higher, target: 72, smallest_effect: 0.5}
  sales: {function: sales, better: higher, smallest_effect: 0.5}
  departures: {function: loyalty, better: lower, smallest_effect: 0.2}
levers:
  talk_target: {function: service, range: [200, 400], effects: {handling_time: 1}}
  campaign: {function: marketing, range: [0, 1], effects: {sales: 8}}
"""


def scanned(folder: Path, run_id: str, *, weeks: int, gained: float = 0.0) -> None:
    """What a scan of the company leaves."""
    generator = np.random.default_rng(3)
    values = {
        name: level + 0.3 * noise(generator, 12, weeks, 0.2)
        for name, level in (("handling_time", 300.0), ("resolution", 70.0), ("sales", 50.0), ("departures", 10.0))
    }  # fmt: skip
    values["resolution"][:, 65:] += gained
    levers = {"talk_target": np.full((12, weeks), 300.0), "campaign": np.full((12, weeks), 0.5)}
    with State(folder / ".portance") as state:
        remember(state, evidence(run_id=run_id), panel(values, levers=levers))


@pytest.fixture
def company(tmp_path: Path) -> Path:
    (tmp_path / "charter.yaml").write_text(CHARTER, encoding="utf-8")
    (tmp_path / "orders.csv").write_text("order,ordered_at\n1,2026-01-01\n", encoding="utf-8")
    scanned(tmp_path, "run1", weeks=66)
    return tmp_path


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """The instant at which the commands run, which the test moves."""
    held = {"at": datetime(2026, 4, 6, 9, tzinfo=UTC)}
    monkeypatch.setattr(
        Workspace, "decisions", property(lambda self: Decisions(self.charter, self.state, lambda: held["at"]))
    )
    return held


def run(*arguments: object) -> Result:
    return CliRunner().invoke(portance, [str(argument) for argument in arguments])


def said(*arguments: object) -> str:
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_decision_from_question_to_verdict(company: Path, today: dict[str, datetime]):
    charter = company / "charter.yaml"
    opening = ("--from", "handling_time", "--to", "resolution", "--veto", "resolution:at_least:69.5")
    assert "d0001" in said("decide", "open", charter, "--question", "Laisser du temps ?", *opening)
    first = said("decide", "options", charter, "d0001", "--lever", "talk_target=330")
    assert "Option 1" in first
    assert "Sur un an" in first
    assert "resolution" in first
    second = said("decide", "options", charter, "d0001", "--target", "handling_time=280", "--language", "en")
    assert "talk target, set to 280" in second
    assert "Limit probably crossed: resolution at least 69.5" in second
    refused = run(
        "decide", "sign", charter, "d0001", "--option", 1, "--by", "Comité", "--review", "2026-10-05", "--metric",
        "resolution",
    )  # fmt: skip
    assert refused.exit_code == 1
    assert "have not replied" in refused.output
    said("decide", "reply", charter, "d0001", "--function", "service", "--text", "D'accord.")
    said("decide", "reply", charter, "d0001", "--function", "quality", "--text", "Non.", "--dissent")
    for name in ("loyalty", "sales", "marketing"):
        said("decide", "asked", charter, "d0001", "--function", name)
    signature = said(
        "decide", "sign", charter, "d0001", "--option", 1, "--by", "Comité", "--review", "2026-10-05", "--metric",
        "resolution", "--guardrail", "departures:at_most:12", "--seen",
    )  # fmt: skip
    locked = signature.split("SHA-256 ")[1].split()[0]
    shown = said("decide", "show", charter, "d0001")
    assert locked in shown
    assert "quality, le 06/04/2026, en désaccord : Non." in shown
    assert "Renoncement : handling time" in shown
    assert "Aucune décision à revoir" in said("review", charter)
    early = run("review", charter, "d0001")
    assert early.exit_code == 1
    assert "2026-10-05" in early.output
    today["at"] = datetime(2026, 10, 6, 9, tzinfo=UTC)
    scanned(company, "run2", weeks=92, gained=3.0)
    judged = said("review", charter)
    assert "d0001 : confirmé" in judged
    assert "garde-fou tenu" in judged
    assert "confirmé" in said("decide", "list", charter)
    assert "1 sur 1" in said("decide", "list", charter)
    assert "intact" in said("decide", "verify", charter)
    told = json.loads(said("decide", "export", charter, "d0001"))
    assert [entry["content"] for entry in told["entries"] if entry["kind"] == "signed"] == [locked]
    assert "d0002" in said("decide", "supersede", charter, "d0001")
    assert "d0002" in said("decide", "withdraw", charter, "d0002", "--reason", "trop tôt")


def test_what_is_written_wrong_is_told_in_one_line(company: Path, today: dict[str, datetime]):
    charter = company / "charter.yaml"
    for arguments, says in (
        (("decide", "show", charter, "d0009"), "there is no decision d0009"),
        (("decide", "open", charter, "--question", "?", "--from", "resolution"), "both --from and --to"),
        (
            ("decide", "open", charter, "--question", "?", "--veto", "resolution>3"),
            "INDICATOR:at_least:LEVEL",
        ),
    ):
        done = run(*arguments)
        assert done.exit_code == 1
        assert says in done.output
        assert len(done.output.strip().splitlines()) == 1


def test_before_any_scan_the_remedy_is_told(tmp_path: Path):
    (tmp_path / "charter.yaml").write_text(CHARTER, encoding="utf-8")
    (tmp_path / "orders.csv").write_text("order,ordered_at\n1,2026-01-01\n", encoding="utf-8")
    done = run("decide", "open", tmp_path / "charter.yaml", "--question", "Anything?")
    assert done.exit_code == 1
    assert "run portance scan" in done.output
    assert "Aucune décision" in said("decide", "list", tmp_path / "charter.yaml")
