"""What the results amount to: which findings are told, how they are ranked, how they are said."""

from pathlib import Path

import pytest

from portance.charter import Charter, read
from portance.findings.detecting import Results, detect, grade
from portance.findings.finding import Finding
from portance.findings.stage import ranked

CHARTER = """
portance: 1
company: {name: Meridian, currency: EUR, language: fr}
functions:
  sales: {name: {fr: Ventes, en: Sales}}
  logistics: {name: {fr: Logistique, en: Logistics}, replied: 2026-01-05, reply: Mesure contestée}
sources:
  orders:
    read: orders.csv
    case: order_id
    identifiers: {account: customer}
    interactions: [{activity: ordered, at: at, function: sales}, {activity: delivered, at: delivered, function: logistics}]
journeys: {purchase: {by: case}}
promises:
  on_time:
    says: {fr: Chez vous en 5 jours, en: At your door in 5 days}
    journey: purchase
    owners: [logistics]
    clock: {from: ordered, to: delivered}
    offered: {at_most: 5}
"""


@pytest.fixture
def charter(tmp_path: Path) -> Charter:
    file = tmp_path / "charter.yaml"
    file.write_text(CHARTER, encoding="utf-8")
    return read(file)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def passage(**changed: object) -> dict[str, object]:
    row: dict[str, object] = {
        "journey_type": "purchase", "from_function": "sales", "to_function": "logistics", "seams": 1200, "broken": 240,
        "people": 1000, "people_broken": 210, "rate": 0.2, "ci_low": 0.18, "ci_high": 0.22, "shown": "point",
        "cost_cents": 156000, "cost_low_cents": 120000, "cost_high_cents": 192000,
    }  # fmt: skip
    return row | changed


def found(charter: Charter, **tables: object) -> list[Finding]:
    return [finding for finding in detect(charter, Results(**tables)) if finding.kind != "missing"]  # type: ignore[arg-type]


def test_a_seam_is_said_with_its_interval_its_people_its_cost_and_who_stands_for_it(charter: Charter):
    kinds = [
        {
            "journey_type": "purchase",
            "from_function": "sales",
            "to_function": "logistics",
            "kind": "broken_promise",
            "people": 200,
        }
    ]
    [finding] = found(charter, passages=[passage()], passage_kinds=kinds)
    assert plain(finding.text.in_("fr")) == (
        "Entre Ventes et Logistique, 20 % (18 % à 22 %) des passages rompent : 210 clients sur 1 000, 1 560 € ; "
        "surtout : promesse non tenue. Aucune promesse déclarée n’engage les deux côtés."
    )
    assert " %" not in finding.text.in_("fr"), "a line may not break before the sign"
    assert (
        "Between Sales and Logistics, 20% (18% to 22%) of passages break: 210 customers of 1,000, €1,560"
        in finding.text.in_("en")
    )
    assert finding.owners == ("sales", "logistics")
    assert (
        finding.rows_filter
        == "journey_type = 'purchase' and from_function = 'sales' and to_function = 'logistics' and broken"
    )


def test_a_finding_is_a_draft_until_a_function_has_replied(charter: Charter):
    [finding] = found(charter, passages=[passage()])
    assert (finding.status, finding.reply and finding.reply.in_("fr")) == ("replied", "Mesure contestée")
    [draft] = found(charter, passages=[passage(to_function="sales")])
    assert draft.status == "draft"


def test_few_people_are_not_told_of(charter: Charter):
    assert found(charter, passages=[passage(people_broken=4)]) == []
    assert found(charter, passages=[passage(shown="suppressed")]) == []


def test_ranking_follows_the_people_that_the_lower_end_leaves(charter: Charter):
    sure = passage(people_broken=100, rate=0.5, ci_low=0.45)
    vague = passage(from_function="logistics", to_function="sales", people_broken=150, rate=0.5, ci_low=0.2)
    order = ranked(found(charter, passages=[vague, sure]))
    assert [finding.from_function for finding in order] == ["sales", "logistics"]


def test_what_is_wrong_with_the_data_comes_after_what_is_wrong_for_customers(charter: Charter):
    blind = [
        {
            "source": "orders",
            "function": None,
            "question": "no_person",
            "interactions": 100,
            "blind": 40,
            "share": 0.4,
        }
    ]
    order = ranked(found(charter, passages=[passage()], blind_spots=blind))
    assert [finding.kind for finding in order] == ["seam", "blind"]
    assert "40 % des interactions de « orders » ne peuvent être rattachées à une personne" in plain(
        order[1].text.in_("fr")
    )


def test_a_facet_that_is_not_declared_is_told_and_not_guessed(charter: Charter):
    [finding] = [one for one in detect(charter, Results()) if one.kind == "missing"]
    assert "voulue, attendue" in finding.text.in_("fr")
    assert "intended, expected" in finding.text.in_("en")


def test_a_gap_names_its_largest_term_and_is_never_negative(charter: Charter):
    def gap(name: str, value: float) -> dict[str, object]:
        return {"promise": "on_time", "segment": "all", "gap": name, "scale": "native", "value": value, "ci_low": value - 0.5,
                "ci_high": value + 0.5, "unit": "days", "n": 900, "persons": 800}  # fmt: skip

    rows = [
        gap("expected_lived", 4),
        gap("expected_intended", 1),
        gap("intended_offered", -1),
        gap("offered_lived", 4),
    ]
    [finding] = found(charter, gaps=rows)
    assert "il manque 4 jours (3,5 à 4,5) au vécu" in plain(finding.text.in_("fr"))
    assert "on fait moins que ce que les moyens permettent (4 jours)" in plain(finding.text.in_("fr"))
    assert found(charter, gaps=[gap("expected_lived", -2)]) == []
    assert found(charter, gaps=[gap("expected_lived", 0.4)]) == [], (
        "an interval that holds zero is no finding"
    )


@pytest.mark.parametrize(
    ("persons", "blind", "expected"),
    [(30, 0.1, "A"), (29, 0.0, "C"), (500, 0.2, "C"), (4, 0.0, "E"), (500, 0.5, "E")],
)
def test_the_evidence_grade(persons: int, blind: float, expected: str):
    assert grade(persons, blind) == expected


def test_the_cost_of_a_kind_of_break_has_the_range_of_the_declared_value(charter: Charter):
    from portance.charter.declared import Money

    priced = charter.model_copy(
        update={"values": {"contact": Money(value=6.5, range=(5, 8), source="controlling")}}
    )
    rate = {"journey_type": "purchase", "kind": "repeat_contact", "status": "on", "at_risk": 100, "broken": 20, "people": 80,
            "people_broken": 20, "rate": 0.2, "ci_low": 0.15, "ci_high": 0.25, "shown": "point"}  # fmt: skip
    costs = [{"journey_type": "purchase", "kind": "repeat_contact", "cost_cents": 13000}]
    [finding] = found(priced, break_rates=[rate], break_kind_costs=costs)
    assert (finding.money, finding.money_low, finding.money_high) == (130.0, 100.0, 160.0)
