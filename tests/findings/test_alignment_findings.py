"""How conflicts, impossible targets, watermelons and orphans are told: causal words only where the design earns them."""

from pathlib import Path
from typing import Any

import pytest

from portance.charter import Charter, read
from portance.findings.aligning import MOST_CONFLICTS, Aligned, align
from portance.findings.finding import Finding

CHARTER = """
portance: 1
company: {name: Meridian, currency: EUR, language: fr}
functions:
  sales: {name: {fr: Ventes, en: Sales}}
  service: {name: {fr: Service client, en: Customer service}, replied: 2026-01-05, reply: Nous contestons}
sources:
  calls:
    read: calls.csv
    case: call_id
    identifiers: {account: customer}
    interactions: [{activity: called, at: at, function: service, duration_s: s, team: team}]
journeys: {help: {by: case}}
indicators:
  handling: {name: {fr: DMT, en: AHT}, function: service, measure: avg(duration_s), better: lower, unit: s, target: 240}
  resolution: {name: {fr: Résolution, en: Resolution}, function: sales, better: higher, unit: share, target: 0.8}
changes:
  bot: {name: {fr: Robot, en: Bot}, since: 2025-03-03, function: service}
"""


@pytest.fixture
def charter(tmp_path: Path) -> Charter:
    file = tmp_path / "charter.yaml"
    file.write_text(CHARTER, encoding="utf-8")
    return read(file)


def plain(text: str | None) -> str:
    return (text or "").replace("\u202f", " ").replace("\xa0", " ")


def conflict(**changed: Any) -> dict[str, Any]:
    return {
        "from_indicator": "handling", "to_indicator": "resolution", "from_function": "service", "to_function": "sales", "kind": "empirical",
        "effect": -0.4, "ci_low": -0.6, "ci_high": -0.2, "grade": "B", "verdict": "conflict", "net_low": -90_000.0, "net_median": -50_000.0,
        "net_high": -10_000.0, "effect_native": -0.031, "native_low": -0.042, "native_high": -0.02, "native_unit": "share", "per": 20.0,
        "per_unit": "s", "observations": 1248, "q": 0.01,
    } | changed  # fmt: skip


def found(charter: Charter, **tables: Any) -> list[Finding]:
    return list(align(charter, Aligned(**tables), known=True))


def test_a_conflict_of_grade_b_is_told_as_a_cause_with_its_size_and_its_net(charter: Charter):
    [finding] = found(charter, conflicts=[conflict()])
    assert plain(finding.text.fr) == (
        "Quand « DMT » s’améliore de 20 s, « Résolution » se dégrade de 3,1 points (2 à 4,2). Solde sur un an : -50 000 € (-90 000 € à -10 000 €)."
    )
    assert (finding.from_function, finding.to_function, finding.owners) == (
        "service",
        "sales",
        ("service", "sales"),
    )
    assert (finding.money, finding.money_low, finding.money_high) == (50_000.0, 10_000.0, 90_000.0)
    assert finding.status == "replied"


@pytest.mark.parametrize(
    ("grade", "french", "english"),
    [("C", "se dégrade probablement", "probably gets worse"), ("D", "une association, pas une preuve", "an association, not a proof"), ("E", "va de pair", "goes with")],
)  # fmt: skip
def test_weaker_evidence_takes_weaker_words(charter: Charter, grade: str, french: str, english: str):
    [finding] = found(charter, conflicts=[conflict(grade=grade)])
    assert french in plain(finding.text.fr)
    assert english in plain(finding.text.en)


@pytest.mark.parametrize("verdict", ["synergy", "no_effect", "not_detectable"])
def test_what_is_not_a_conflict_is_no_finding(charter: Charter, verdict: str):
    assert found(charter, conflicts=[conflict(verdict=verdict)]) == []


def test_what_is_opposed_by_construction_or_by_declaration_is_no_finding_of_its_own(charter: Charter):
    assert found(charter, conflicts=[conflict(kind="structural"), conflict(kind="mechanical")]) == []


def test_the_best_proven_conflicts_are_told_first_and_not_more_than_can_be_read(charter: Charter):
    many = [conflict(to_indicator=f"k{place}", grade="ABCD"[place % 4]) for place in range(40)]
    told = found(charter, conflicts=many)
    assert len(told) == MOST_CONFLICTS
    assert [finding.grade for finding in told] == sorted(finding.grade for finding in told)


def test_targets_that_exclude_each_other_are_one_sentence(charter: Charter):
    rows = [
        {
            "set_number": 1,
            "indicator": "handling",
            "function": "service",
            "target": 240.0,
            "probability": 1.0,
            "feasible": False,
        },
        {
            "set_number": 1,
            "indicator": "resolution",
            "function": "sales",
            "target": 0.8,
            "probability": 1.0,
            "feasible": False,
        },
        {
            "set_number": 2,
            "indicator": "handling",
            "function": "service",
            "target": 240.0,
            "probability": 0.0,
            "feasible": True,
        },
    ]
    [finding] = found(charter, target_sets=rows)
    assert (
        "ne peuvent être tenus ensemble avec les leviers déclarés : « DMT » (240 s) et « Résolution » (80 %)"
        in plain(finding.text.fr)
    )
    assert finding.grade == "E"


def watermelon(**changed: Any) -> dict[str, Any]:
    return {
        "scope": "function:service", "unit": "journey", "green": 800, "lost": 240, "rate": 0.3, "lift": 0.9, "ci_low": 0.27, "ci_high": 0.33, "auc": 0.51, "auc_low": 0.48,
        "persons": 700, "shown": "point",
    } | changed  # fmt: skip


def test_a_watermelon_says_how_many_lose_and_that_the_scoreboard_is_blind(charter: Charter):
    [finding] = found(charter, watermelons=[watermelon()], watermelon_people={"function:service": 190})
    assert (
        "30 % (27 % à 33 %) des parcours tournent mal pour le client (240 sur 800) : 190 clients."
        in plain(finding.text.fr)
    )
    assert "0,51" in plain(finding.text.fr)
    assert finding.people_low == pytest.approx(171)


@pytest.mark.parametrize(
    "changed", [{"auc_low": 0.7}, {"lift": 0.4}, {"ci_low": 0.05}, {"shown": "interval"}, {"lost": 3}]
)
def test_a_scoreboard_that_sees_or_few_who_lose_is_no_watermelon(charter: Charter, changed: dict[str, Any]):
    assert found(charter, watermelons=[watermelon(**changed)]) == []


def test_an_orphan_seam_is_told_where_customers_broke_there(charter: Charter):
    row = {
        "journey_type": "help",
        "from_function": "sales",
        "to_function": "service",
        "seams": 90,
        "people_broken": 31,
        "state": "orphan",
        "loss": None,
        "loss_low": None,
        "loss_high": None,
    }
    [finding] = found(charter, owned_seams=[row, row | {"state": "owned"}, row | {"people_broken": 2}])
    assert "Entre Ventes et Service client, 31 clients ont subi une rupture" in plain(finding.text.fr)
    assert plain(finding.title.fr) == "Couture sans garant : entre Ventes et Service client"


def change(**changed: Any) -> dict[str, Any]:
    return {
        "change": "bot", "function": "service", "journey_type": "help", "from_function": "sales", "to_function": "service", "kind": "all",
        "difference": 0.05, "ci_low": 0.03, "ci_high": 0.07, "n_before": 20, "n_after": 18, "grade": "C", "verdict": "accelerated",
    } | changed  # fmt: skip


def test_a_change_is_a_cause_only_at_a_grade_that_earns_it(charter: Charter):
    [weak] = found(charter, changes=[change()])
    [strong] = found(charter, changes=[change(grade="B")])
    assert "breaks have multiplied since “Bot”: 5 points" in plain(weak.text.en)
    assert "because of “Bot”" in plain(strong.text.en)
    assert found(charter, changes=[change(verdict="unchanged"), change(verdict="not_detectable")]) == []


def test_gaming_is_told_of_no_team(charter: Charter):
    row = {
        "indicator": "handling",
        "function": "service",
        "kind": "bunching",
        "estimate": 0.2,
        "ci_low": 0.1,
        "ci_high": 0.3,
        "q": 0.01,
        "n": 900,
        "verdict": "found",
        "grade": "C",
    }
    [finding] = found(charter, gaming=[row, row | {"verdict": "not_detectable"}])
    assert "ne dit rien d’aucune" in plain(finding.text.fr)
