"""Documents say what the code does: generated pages are current, links lead somewhere, one concept has one word."""

import re
import sys
from pathlib import Path

import pytest

from portance.charter.charter import Charter
from portance.publication import RESULT_TABLES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "examples").rglob("*.md")])

sys.path.insert(0, str(ROOT / "tools"))
import generate  # noqa: E402


@pytest.mark.parametrize("name", sorted(generate.pages()))
def test_generated_pages_are_current(name: str):
    assert (ROOT / "docs/reference" / name).read_text() == generate.pages()[name], "run: make golden"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{target} in {page.name}"


def glossary() -> dict[str, str]:
    text = (ROOT / "docs/explanation/glossary.md").read_text()
    return {
        word.lower(): line for line in text.splitlines() for word in re.findall(r"^- \*\*(.+?)\*\*", line)
    }


ENTRY = {
    "interactions": "interaction", "refusals": "refusal", "receipts": "receipt", "persons": "person", "identifiers": "identifier",
    "journeys": "journey", "seams": "seam", "breaks": "break", "clocks": "clock", "passages": "passage", "break_rates": "break",
    "flows": "flow", "blind_spots": "blind spot", "facets": "facet", "gaps": "gap", "promise_rates": "promise",
    "promise_trend": "promise", "findings": "finding", "directly_follows": "flow", "readings": "reading",
    "conflicts": "conflict", "tests_to_run": "conflict", "target_sets": "target set", "lever_responses": "response",
    "watermelons": "watermelon", "watermelon_customers": "watermelon", "scoreboard": "scoreboard", "gaming": "gaming",
    "responsibility": "responsibility", "responsibility_measures": "responsibility", "owned_seams": "seam", "brakes": "brake",
    "function_effects": "function", "incentives": "incentive", "incentive_angles": "incentive", "changes": "change",
    "loose_ends": "loose end", "decisions": "decision", "decision_options": "decision", "decision_forecasts": "decision",
    "decision_effects": "decision", "calibration": "calibration", "tradeoffs": "trade-off",
    "voices": "voice", "voice_examples": "voice", "voice_counts": "voice", "irritants": "irritant", "silent": "silent",
    "restraint": "restraint", "pressure": "pressure", "silent_comparisons": "silent", "pressure_answers": "pressure", "retention": "retention", "retention_curve": "retention",
    "customer_value": "value", "symmetry": "symmetry", "thrust": "symmetry", "stall": "symmetry", "adoption": "employees", "simplified": "symmetry",
    "artificial_reality": "artificial reality", "employee_figures": "employees", "dosage": "dosage", "containment": "containment",
    "dose_curve": "dosage", "queues": "desk", "machines": "machine", "left_out": "dosage", "phoned_for": "dosage", "remaining": "dosage",
    "takeovers": "takeover", "takeover_policy": "takeover", "answer_times": "answer time", "continuity": "continuity", "contact_reasons": "label",
}  # fmt: skip


@pytest.mark.parametrize("table", [table.name for table in RESULT_TABLES])
def test_every_table_is_a_word_of_the_glossary(table: str):
    assert ENTRY[table] in glossary()


DECLARED = {
    "functions": "function", "channels": "channel", "identifiers": "identifier", "calendars": "calendar", "sources": "source",
    "journeys": "journey type", "promises": "promise", "segments": "segment", "indicators": "indicator", "levers": "lever",
    "values": "value", "context": "condition", "scorecards": "scorecard", "changes": "change", "surveys": "survey",
    "pressure": "pressure", "employees": "employees", "ambitions": "ambition", "beliefs": "belief", "machines": "machine",
    "desks": "desk", "dosage": "dosage", "takeover": "takeover", "retention": "retention", "voices": "voice",
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(DECLARED))
def test_every_declared_noun_is_a_word_of_the_glossary(key: str):
    assert key in Charter.model_fields
    assert DECLARED[key] in glossary()


def test_the_glossary_has_the_french_word_of_each():
    missing = [
        word
        for word, line in glossary().items()
        if not re.search(r"\*\* \([^)]+\):", line.replace("« passage entre deux services »", "x"))
    ]
    assert missing == []


def test_decisions_are_all_listed():
    index = (ROOT / "docs/decisions/README.md").read_text()
    for page in (ROOT / "docs/decisions").glob("0*.md"):
        assert f"({page.name})" in index


def test_every_method_named_by_a_finding_has_its_page():
    sources = (ROOT / "src/portance/findings").glob("*.py")
    named = {name for source in sources for name in re.findall(r'method="([a-z-]+)"', source.read_text())}
    assert len(named) > 5
    for name in named:
        assert (ROOT / "docs/explanation/methods" / f"{name}.md").exists(), name
