"""A charter file is read into one value, or refused with every problem at once; nothing else ever comes out."""

import copy
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portance.charter import Charter, read
from portance.charter.document import Document, checked, load
from portance.errors import CharterError, Problem

FULL = Path(__file__).with_name("full.yaml")
SMALL = """\
portance: 1
company: {name: Test}
functions:
  service: {}
sources:
  calls:
    read: calls.csv
    case: ticket
    interactions:
      - {activity: called, at: at, function: service}
journeys:
  help: {by: case}
"""


def refused(folder: Path, text: str | bytes) -> tuple[Problem, ...]:
    file = folder / "charter.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CharterError) as caught:
        read(file)
    assert caught.value.problems
    return caught.value.problems


def accepted(folder: Path, text: str) -> Charter:
    file = folder / "charter.yaml"
    file.write_text(text, encoding="utf-8")
    return read(file)


def test_a_full_charter_is_read() -> None:
    charter = read(FULL)
    assert charter.as_of == date(2025, 6, 30)
    assert charter.sources["calls"].case == {"ticket": "ticket"}
    assert charter.breaks.long_wait.seam_over == 2 * 86_400_000_000
    assert charter.promises["kept"].functional == "mean"
    assert charter.label("logistics", "fr") == "Transport"
    assert len(charter.digest) == 64


def _keys(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key)
            yield from _keys(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _keys(value, (*path, index))


FREE = (
    "calls", "customers", "kpis", "panel", "who", "kept", "mix", "centre", "desk_work", "barometer", "meter", "ease",
    "crm", "first_time", "board", "board_score", "assistant", "line", "urgent", "absence", "able",
)  # fmt: skip
"""Names that nothing else refers to: spelt otherwise, they are simply other names."""
KEYS = [path for path in _keys(load(FULL).values) if path[-2:-1] != ("map",) and path[-1] not in FREE]


def test_a_typo_in_any_key_is_told_with_the_nearest_name() -> None:
    written = load(FULL)
    silent = []
    for path in KEYS:
        values = copy.deepcopy(written.values)
        node = values
        for part in path[:-1]:
            node = node[part]
        key = str(path[-1])
        typo = key[:-1] + "q" if len(key) > 3 else key + "q"
        items = [(typo if name == key else name, value) for name, value in node.items()]
        node.clear()
        node.update(items)
        try:
            checked(Document(FULL, values, written.lines, ""))
        except CharterError as error:
            near = any(problem.nearest for problem in error.problems)
            if near and all(
                problem.line and problem.remedy and problem.expected for problem in error.problems
            ):
                continue
        silent.append(path)
    assert silent == []


def test_a_typo_in_every_key_at_once_is_one_problem_each_with_its_line(tmp_path: Path) -> None:
    text = (
        SMALL.replace("company", "compagny").replace("functions", "funktions").replace("journeys", "journies")
    )
    problems = refused(tmp_path, text)
    by_path = {problem.path: problem for problem in problems}
    assert (by_path["compagny"].line, by_path["compagny"].nearest) == (2, "company")
    assert (by_path["funktions"].line, by_path["funktions"].nearest) == (3, "functions")
    assert (by_path["journies"].line, by_path["journies"].nearest) == (11, "journeys")


def test_problems_are_in_the_order_of_the_lines(tmp_path: Path) -> None:
    lines = [
        problem.line
        for problem in refused(
            tmp_path,
            SMALL.replace("service: {}", "service: {kinds: internal}").replace("by: case", "by: cases"),
        )
    ]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (SMALL.replace("company:", "company: {name: A}\ncompany:"), 3, "a second time (first on line 2)"),
        (SMALL.replace("  service", "\tservice"), 4, "'\\t'"),
        (SMALL.replace("Test", "T\x00st"), 2, "#x0000"),
        (SMALL.encode().replace(b"Test", b"T\xe9st"), 2, "0xe9"),
        (SMALL.encode("utf-16"), 1, "0xff"),
        (SMALL + "---\n" + SMALL, 13, "a second document"),
        ("", 1, "nothing"),
        ("- 1", 1, "a list"),
        ("hello", 1, "a single value"),
        ("portance: &a\n  b: *a", 2, "*a inside itself"),
        ("portance: *other", 1, "*other, which no &other before it names"),
        ("portance: !!python/object/apply:os.system [ls]", 1, "the tag !!python/object/apply:os.system"),
        ("portance: !secret 1", 1, "the tag !secret"),
        ("portance: " + "[" * 3000 + "]" * 3000, 1, "nested"),
        ("portance: " + "{a: " * 3000 + "1" + "}" * 3000, 1, "nested"),
        ("a: " + "x" * 1_100_000, 0, "more than 1,000,000 bytes"),
        ("{a: 1}: 2\nportance: 1", 1, "a mapping as a key"),
        ("portance: [1", 1, "flow sequence"),
    ],
)  # fmt: skip
def test_what_is_not_a_charter_is_told_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, told: str
) -> None:
    problem = refused(tmp_path, text)[0]
    assert problem.line == line
    assert told in problem.given
    assert problem.remedy


def test_a_yaml_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 12):
        text += f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n"
    assert "unfold beyond measure" in refused(tmp_path, text)[0].given


def test_a_folder_and_an_absent_file_are_told(tmp_path: Path) -> None:
    for file, told in (
        (tmp_path, "a folder"),
        (tmp_path / "none.yaml", "no such file"),
        (Path("a\x00b"), "cannot be read"),
    ):
        with pytest.raises(CharterError, match=told):
            read(file)


def test_a_byte_order_mark_and_windows_lines_are_nothing_special(tmp_path: Path) -> None:
    file = tmp_path / "charter.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read(file).company.name == "Test"


def test_words_stay_words_as_in_yaml_1_2(tmp_path: Path) -> None:
    charter = accepted(
        tmp_path,
        SMALL.replace("name: Test", "name: yes").replace("  service: {}", "  service: {name: no}\n  on: {}"),
    )
    assert charter.company.name == "yes"
    assert "on" in charter.functions
    assert charter.label("service", "en") == "no"


def test_aliases_and_merges_are_written_out(tmp_path: Path) -> None:
    text = SMALL.replace(
        "      - {activity: called, at: at, function: service}",
        "      - &call {activity: called, at: at, function: service}\n      - {<<: *call, activity: answered}",
    )
    entries = accepted(tmp_path, text).sources["calls"].interactions
    assert [entry.activity.is_ for entry in entries] == ["called", "answered"]
    assert entries[1].at == "at"


def test_a_date_without_time_is_a_day(tmp_path: Path) -> None:
    assert accepted(tmp_path, SMALL + "as_of: 2025-03-31\n").as_of == date(2025, 3, 31)
    instant = accepted(tmp_path, SMALL + "as_of: 2025-03-31T12:00:00\n").as_of
    assert instant == datetime(2025, 3, 31, 12)


def test_a_day_that_does_not_exist_is_told(tmp_path: Path) -> None:
    assert "2025-02-30" in refused(tmp_path, SMALL + "as_of: 2025-02-30\n")[0].given


def test_a_bare_number_is_no_duration(tmp_path: Path) -> None:
    problem = refused(tmp_path, SMALL.replace("by: case", "by: person, gap: 7"))[0]
    assert (problem.path, problem.given) == ("journeys.help.gap", "7")
    assert "'7 days'" in problem.expected


def test_a_number_where_a_text_stands_is_to_be_quoted(tmp_path: Path) -> None:
    assert refused(tmp_path, SMALL.replace("name: Test", "name: 42"))[0].remedy == "Put it in quotes."


def test_infinity_is_no_amount(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, SMALL + "values: {contact: {value: 1e9999, source: us}}\n")[0].path
        == "values.contact.value"
    )


_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8),
    st.sampled_from(["case", "1", "7 days", "fr", "=", "*", "&a", "!x", "~", "<<", "2025-01-01", "a + b", "(select 1)"]),
)  # fmt: skip
_names = st.one_of(
    st.sampled_from([
        "portance", "company", "functions", "sources", "journeys", "promises", "breaks", "name", "read", "case", "by",
        "interactions", "activity", "at", "function", "clock", "from", "to", "map", "column", "<<", "values", "as_of",
    ]),
    st.text(max_size=4),
)  # fmt: skip
_trees = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(KEYS), _trees, max_size=3))
def test_values_that_fit_nowhere_raise_nothing_but_problems(
    tmp_path: Path, changes: dict[tuple[str | int, ...], Any]
) -> None:
    values = copy.deepcopy(load(FULL).values)
    for path, value in changes.items():
        node = values
        for part in path[:-1]:
            inside = isinstance(node, dict) and part in node
            node = (
                node[part]
                if inside or (isinstance(node, list) and isinstance(part, int) and part < len(node))
                else None
            )
        if isinstance(node, dict):
            node[path[-1]] = value
    file = tmp_path / "charter.yaml"
    file.write_text(json.dumps(values, indent=1), encoding="utf-8")  # JSON is YAML
    _read_or_told(file)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, 3000),
    length=st.integers(0, 40),
    inserted=st.text(alphabet=" \t\n:-[]{}#&*!|>'\"%@`,?~<a0é\x00", max_size=12),
)
def test_a_mangled_text_raises_nothing_but_problems(
    tmp_path: Path, start: int, length: int, inserted: str
) -> None:
    text = FULL.read_text(encoding="utf-8")
    file = tmp_path / "charter.yaml"
    file.write_text(text[:start] + inserted + text[start + length :], encoding="utf-8")
    _read_or_told(file)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200))
def test_bytes_raise_nothing_but_problems(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "charter.yaml"
    file.write_bytes(raw)
    _read_or_told(file)


def _read_or_told(file: Path) -> None:
    """Either is right; anything else raised is the failure."""
    told: CharterError | None = None
    try:
        read(file)
    except CharterError as error:
        told = error
    assert told is None or (told.problems and str(told))
