"""report.json: its schema, both languages, no more than may be told, the same bytes twice."""

import json
import re

import pytest
import shown_company

from portance.report import record
from portance.views.report import build

TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
    "null": type(None),
}


def faults(value, schema, root, where="$"):
    """What of a value does not fit a schema: the words of JSON Schema that ours uses, and no other."""
    known = {
        "$ref",
        "const",
        "enum",
        "type",
        "oneOf",
        "minimum",
        "pattern",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "description",
        "title",
        "$schema",
        "$defs",
    }
    assert set(schema) <= known, set(schema) - known
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, where)
        return
    if "const" in schema and value != schema["const"]:
        yield f"{where}: {value!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    if "oneOf" in schema and sum(not list(faults(value, one, root, where)) for one in schema["oneOf"]) != 1:
        yield f"{where}: {value!r} is not one of its forms"
    if "type" in schema:
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if not any(isinstance(value, TYPES[name]) and not isinstance(value, bool) for name in types):
            yield f"{where}: {value!r} is no {types}"
            return
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{where}: {value!r} is too small"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: {value!r} does not match"
    if isinstance(value, dict):
        yield from (f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, held in value.items():
            inner = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
            if inner is False:
                yield f"{where}: {name} is not in the schema"
            else:
                yield from faults(held, inner, root, f"{where}.{name}")
    if isinstance(value, list):
        for index, held in enumerate(value):
            yield from faults(held, schema.get("items", {}), root, f"{where}[{index}]")


@pytest.fixture(scope="module")
def told(report):
    return json.loads(record.json(report))


def test_it_fits_its_schema(told):
    schema = record.schema()
    assert list(faults(told, schema, schema)) == []
    assert told["schema"] == 1


def test_an_empty_report_fits_it_too():
    schema = record.schema()
    empty = build(
        shown_company.charter(promises={}),
        {},
        shown_company.run_facts(tables={}, counts={}, period=None, as_of=None),
        "fr",
    )
    assert list(faults(json.loads(record.json(empty)), schema, schema)) == []


def test_the_schema_refuses_what_is_wrong(told):
    schema = record.schema()
    assert list(faults(told | {"schema": 2}, schema, schema))
    assert list(faults(told | {"more": 1}, schema, schema))
    assert list(faults({key: value for key, value in told.items() if key != "run"}, schema, schema))


def test_findings_are_told_in_both_languages(told):
    assert told["findings"][0]["title"]["fr"].startswith("Entre")
    assert told["findings"][0]["title"]["en"].startswith("Between")
    assert [finding["rank"] for finding in told["findings"]] == list(range(1, len(told["findings"]) + 1))


def test_paths_are_relative(told):
    assert told["tables"]
    for table in told["tables"].values():
        assert not table["path"].startswith("/")
        assert ".." not in table["path"]


def test_the_language_of_the_page_changes_nothing_here(tables):
    first, second = (
        record.json(build(shown_company.charter(), tables, shown_company.run_facts(), language))
        for language in ("fr", "en")
    )
    french, english = json.loads(first), json.loads(second)
    for one in (french, english):
        for promise in one["promises"]:
            for gap in promise["gaps"].values():
                gap.pop("owner")
    assert french == english


def test_small_samples_keep_their_secret(tables):
    rate = {
        "promise": "delivered_in_time",
        "segment": "all",
        "kept": 2,
        "broken": 1,
        "rate": 0.66,
        "ci_low": 0.2,
        "ci_high": 0.9,
        "n": 3,
        "persons": 3,
        "shown": "suppressed",
    }
    found = json.loads(
        record.json(
            build(
                shown_company.charter(),
                {"promise_rates": shown_company.table_of([rate])},
                shown_company.run_facts(),
                "fr",
            )
        )
    )
    promise = next(promise for promise in found["promises"] if promise["promise"] == "delivered_in_time")
    assert promise["rate"] == {
        "value": None,
        "ci_low": None,
        "ci_high": None,
        "unit": "share",
        "n": None,
        "shown": "suppressed",
    }


def test_no_number_is_infinite(tables):
    finding = {
        "rank": 1,
        "kind": "seam",
        "key": "k",
        "title_fr": "T",
        "text_fr": "T",
        "value": float("inf"),
        "unit": "share",
        "grade": "A",
        "people": 3,
        "money": float("nan"),
    }
    text = record.json(
        build(
            shown_company.charter(),
            {"findings": shown_company.table_of([finding])},
            shown_company.run_facts(),
            "fr",
        )
    )
    assert "Infinity" not in text
    assert "NaN" not in text
