"""The schema that editors check against accepts what the charter accepts, and both pages are current."""

import re
from pathlib import Path
from typing import Any

import pytest

from portance.charter.charter import Charter
from portance.charter.declared import Declared
from portance.charter.document import load, parse
from portance.charter.journey_type import BreakRule
from portance.charter.schema import DURATION, PARTS, duration_text, keys, published, reference, schema

ROOT = Path(__file__).parents[2]
WHOLE = schema()
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def faults(value: Any, node: dict[str, Any], where: str = "") -> list[str]:
    """What is wrong with a value: as much of JSON Schema as the published one uses."""
    if "$ref" in node:
        return faults(value, WHOLE["$defs"][node["$ref"].rpartition("/")[2]], where)
    if "anyOf" in node:
        told = [faults(value, branch, where) for branch in node["anyOf"]]
        return [] if [] in told else min(told, key=len)
    if ("const" in node and value != node["const"]) or ("enum" in node and value not in node["enum"]):
        return [f"{where}: {value!r}"]
    kinds = node.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(
        isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in kinds
    ):
        return [f"{where}: {value!r} is not {kinds}"]
    found = []
    if isinstance(value, str):
        if "pattern" in node and not re.search(node["pattern"], value):
            found.append(f"{where}: {value!r} does not fit")
        if not node.get("minLength", 0) <= len(value) <= node.get("maxLength", 10**6):
            found.append(f"{where}: {value!r} is too long or too short")
    if isinstance(value, dict):
        found += [f"{where}: {key} is missing" for key in node.get("required", ()) if key not in value]
        for key, inner in value.items():
            fitting = [
                part for pattern, part in node.get("patternProperties", {}).items() if re.search(pattern, key)
            ]
            part = node.get("properties", {}).get(
                key, fitting[0] if fitting else node.get("additionalProperties", {})
            )
            found += (
                [f"{where}.{key} is not known"]
                if part is False
                else faults(inner, part if isinstance(part, dict) else {}, f"{where}.{key}")
            )
    if isinstance(value, list) and isinstance(node.get("items"), dict):
        for index, inner in enumerate(value):
            found += faults(inner, node["items"], f"{where}[{index}]")
    return found


def models(model: type[Declared]) -> set[str]:
    return {model.__name__, *WHOLE["$defs"]}


def test_every_part_of_the_charter_has_its_keys_told() -> None:
    assert {part.model.__name__ for part in PARTS} == models(Charter)
    for part in PARTS:
        assert set(part.keys) == set(keys(part.model)), part.where
        for key in part.keys.values():
            assert key.meaning.endswith((".", "…")), key


def test_the_pages_are_current() -> None:
    for name, text in (("charter.schema.json", published()), ("charter.md", reference())):
        assert (ROOT / "docs/reference" / name).read_text(encoding="utf-8") == text, (
            "run: python tools/generate.py"
        )


def test_a_full_charter_fits_the_schema() -> None:
    assert faults(load(Path(__file__).with_name("full.yaml")).values, WHOLE) == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.where or "charter")
def test_every_example_fits_its_key(part: Any) -> None:
    node = WHOLE if part.model is Charter else WHOLE["$defs"][part.model.__name__]
    node = next((item for item in node.get("anyOf", []) if "properties" in item), node)
    for name, key in part.keys.items():
        value = parse(f"it: {key.example}".encode(), Path("example")).values["it"]
        assert faults(value, node["properties"][name], name) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("company", {"name": "A", "curency": "EUR"}),
        ("journeys", {"help": {"by": "cases"}}),
        ("journeys", {"help": {"by": "person", "gap": 7}}),
        ("journeys", {"help": {"by": "person", "gap": "7 moons"}}),
        ("journeys", {"é": {"by": "case"}}),
        ("breaks", {"ping_pong": {"betwen": "team"}}),
        ("breaks", {"ping_pong": True}),
        ("portance", 2),
    ],
)
def test_what_the_charter_refuses_does_not_fit(path: str, value: Any) -> None:
    values = load(Path(__file__).with_name("full.yaml")).values | {path: value}
    assert faults(values, WHOLE)


@pytest.mark.parametrize(
    "value", [{"ping_pong": False}, {"ping_pong": "off"}, {"reopened": {"within": "2 weeks"}}]
)
def test_short_forms_fit(value: Any) -> None:
    assert faults(load(Path(__file__).with_name("full.yaml")).values | {"breaks": value}, WHOLE) == []
    assert issubclass(type(Charter.model_fields["breaks"].default.ping_pong), BreakRule)


def test_lengths_of_time_are_told_as_they_are_written() -> None:
    for us, text in (
        (5_000_000, "5 seconds"),
        (300_000_000, "5 minutes"),
        (86_400_000_000, "1 day"),
        (604_800_000_000, "7 days"),
    ):
        assert duration_text(us) == text
        assert re.match(DURATION, text)
