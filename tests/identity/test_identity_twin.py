"""The steps and the union-find that a reader can follow agree, whatever the rows and their order."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import charter, resolve, twin

from portance.identity.connecting import connect

COMPANY = charter(["account", "email", "order", "phone"], caps={"phone": 2})

_ROW = st.fixed_dictionaries(
    {},
    optional={
        "account": st.sampled_from(["A", "B", "C", "D", "E", "null", " A "]),
        "order": st.sampled_from(["1", "2", "3", "4", "5", "0"]),
        "email": st.sampled_from(["a@a.fr", "A@A.fr", "b@b.fr", "c@c.fr", "test@t.fr"]),
        "phone": st.sampled_from(["0411223344", "04 11 22 33 44", "0155667788", "0600000000"]),
        "source": st.sampled_from(["desk", "shop"]),
    },
)
_ROWS = st.lists(_ROW, max_size=14)
_MODEST = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_MODEST
@given(_ROWS)
def test_the_twin_agrees(engine, rows):
    with tempfile.TemporaryDirectory() as folder:
        found = resolve(rows, Path(folder), COMPANY, engine=engine)
    groups, links = twin(rows, COMPANY)
    assert found.groups() == {frozenset(f"i{place + 1}" for place in group) for group in groups}
    assert {row["identifier_type"] for row in found.identifiers if row["kind"] == "link"} == {
        type_ for type_, _ in links
    }
    assert len(found.joins) == sum(row["identifiers"] - 1 for row in found.persons)
    assert sum(row["interactions"] for row in found.persons) == sum(
        row["person_id"] is not None for row in found.interactions
    )
    assert len(found.interactions) == len({row["tie"] for row in found.interactions}) == len(rows)


@_MODEST
@given(st.data())
def test_the_order_of_arrival_changes_nobody(engine, data):
    rows = data.draw(_ROWS)
    named = [row | {"interaction_id": f"i{place}"} for place, row in enumerate(rows)]
    shuffled = data.draw(st.permutations(named))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        assert (
            resolve(named, Path(one), COMPANY, engine=engine).groups()
            == resolve(shuffled, Path(other), COMPANY, engine=engine).groups()
        )


@_MODEST
@given(_ROWS, st.integers(0, 14), st.integers(0, 14))
def test_a_grown_extract_never_renames_the_earliest(engine, rows, a, b):
    """Loads come one after the other: each person keeps the name of the earliest of those who became one."""
    free = charter(["account", "order"])
    rows = [{key: value for key, value in row.items() if key in ("account", "order")} for row in rows]
    cuts = sorted({min(a, len(rows)), min(b, len(rows)), len(rows)})
    stamped = []
    for place, row in enumerate(rows):
        load = next(index for index, cut in enumerate(cuts) if place < cut)
        stamped.append(row | {"receipt": f"r{load}"})
    received = {f"r{load}": load for load in range(len(cuts))}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        issued: set[str] = set()
        for cut in cuts:
            grown = resolve(stamped[:cut], Path(one), free, received, engine)
            issued |= {row["person_id"] for row in grown.persons}
        at_once = resolve(stamped, Path(other), free, received, engine)
    assert [row["person_id"] for row in grown.interactions] == [
        row["person_id"] for row in at_once.interactions
    ]
    assert {row["person_id"] for row in grown.aliases} == issued - {row["person_id"] for row in grown.persons}


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(-1, 3)] * 3), max_size=12),
    st.tuples(st.none() | st.integers(1, 3), st.integers(1, 3), st.integers(1, 2)),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_every_join_has_its_evidence(showings, caps, own):
    """Three types of four values each: who was joined by what is a tree over each person, and each branch was shown."""
    rows = sorted({row for row in showings if sum(value >= 0 for value in row) >= 2})
    shown = np.array(
        [[value + 4 * place if value >= 0 else -1 for place, value in enumerate(row)] for row in rows],
        dtype=np.int64,
    ).reshape(-1, 3)
    who = connect(shown, caps, np.array(own))
    for identifier in range(12):
        if who.parent[identifier] < 0:
            assert who.first[identifier] == identifier
            continue
        evidence = set(shown[who.through[identifier]])
        assert {identifier, who.parent[identifier]} <= evidence
        assert who.first[identifier] == who.first[who.parent[identifier]] < identifier
        assert not who.link[identifier]
