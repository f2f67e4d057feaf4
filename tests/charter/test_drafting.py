"""What is drafted is read again as the same values, whatever stands in them."""

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portance.charter.document import parse
from portance.charter.drafting import ABSENT, Flow, Noted, plain, text


def read_again(written: str) -> Any:
    return parse(written.encode(), Path("charter.yaml")).values


def test_comments_stand_above_and_beside_and_are_no_values() -> None:
    values = {
        "portance": 1,
        "company": Flow({"name": "Café: « A »", "currency": "EUR"}),
        "functions": {
            "sales": Noted(Flow({"name": {"fr": "Ventes", "en": "Sales"}}), beside="found 12 times")
        },
        "sources": Noted(
            {
                "orders": {
                    "read": "extracts/orders.csv",
                    "interactions": [
                        Noted(Flow({"activity": "bought", "at": "bought at"}), above=("the first one",)),
                        Noted(ABSENT, above=("3 columns look like deadlines: a, b, c",)),
                    ],
                }
            },
            above=("what each silo gives",),
        ),
    }
    written = text(values, head=("A charter.", "", "Second line\nof comment"))
    assert read_again(written) == plain(values)
    assert (
        written
        == """\
# A charter.

# Second line of comment
portance: 1
company: {name: "Café: « A »", currency: EUR}

functions:
  sales: {name: {fr: Ventes, en: Sales}}  # found 12 times

# what each silo gives
sources:
  orders:
    read: extracts/orders.csv
    interactions:
      # the first one
      - {activity: bought, at: bought at}
      # 3 columns look like deadlines: a, b, c
"""
    )


def test_what_does_not_fit_on_a_line_becomes_a_block() -> None:
    values = {
        "map": Flow({f"a rather long value {n}": f"name_{n}" for n in range(9)}),
        "list": [Flow([1, 2]), {"a": 1, "b": [2]}],
    }
    written = text(values)
    assert max(map(len, written.splitlines())) < 60
    assert read_again(written) == plain(values)


_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["yes", "null", "0x1f", "1e3", ".5", "..", "-", "- a", "a: b", "a #b", "#a", "'", '"', "<<", "a:", "%a", "@a", "`", "!a", "&a", "*a", "? a", "{a}", "[a]", "a,b", "2025-01-01", " a", "a\tb", "é\n", "\x85", "\u2028", "\ufeff", "(a)"]),
)  # fmt: skip
_trees = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and list(left) == list(right)
            and all(_same(left[key], right[key]) for key in left)
        )
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(_same, left, right))
    return (type(left) is type(right) and left == right) or (
        isinstance(left, float) and isinstance(right, int) and left == right
    )


@settings(max_examples=250, deadline=None)
@given(
    values=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6),
        _trees,
        min_size=1,
        max_size=4,
    ),
    flat=st.booleans(),
    note=st.text(max_size=8),
)
def test_any_values_are_read_again_as_they_were(values: dict[str, Any], flat: bool, note: str) -> None:
    drafted = {
        key: Noted(
            Flow(value) if flat and isinstance(value, (dict, list)) else value, above=(note,), beside=note
        )
        for key, value in values.items()
    }
    assert _same(plain(drafted), read_again(text(drafted, head=(note,))))
