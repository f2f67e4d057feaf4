"""A person is named once, and keeps the name."""

import shutil

import pyarrow.parquet as pq
import pytest
from people import charter, resolve

from portance.errors import StateError

ANY = charter(["account", "order", "phone"])


def test_a_grown_extract_keeps_names(tmp_path):
    first = [{"account": "A"}, {"account": "B"}]
    before = resolve(first, tmp_path, ANY)
    after = resolve([*first, {"account": "C"}, {"account": "A", "order": "1"}], tmp_path, ANY)
    assert [after.person("i1"), after.person("i2")] == [before.person("i1"), before.person("i2")]
    assert after.person("i4") == before.person("i1")
    assert after.aliases == []


def test_when_two_turn_out_to_be_one_the_earlier_name_survives(tmp_path):
    rows = [{"account": "A", "receipt": "r1"}, {"order": "1", "receipt": "r1"}]
    before = resolve(rows, tmp_path, ANY, {"r1": 1000})
    rows.append({"account": "A", "order": "1", "receipt": "r2"})
    after = resolve(rows, tmp_path, ANY, {"r1": 1000, "r2": 2000})
    assert after.groups() == {frozenset({"i1", "i2", "i3"})}
    assert after.person("i1") == before.person("i1")
    assert after.aliases == [
        {"person_id": before.person("i2"), "alias_of": before.person("i1"), "since_us": 2000}
    ]
    assert [(row["identifier_value"], row["joined_person_id"], row["through"]) for row in after.joins] == [
        ("1", before.person("i2"), "i3")
    ]
    again = resolve(rows, tmp_path, ANY, {"r1": 1000, "r2": 2000})
    assert (again.aliases, again.joins) == (after.aliases, after.joins)


def test_a_name_that_moved_twice_points_at_who_bears_it_now(tmp_path):
    rows = [{"account": "A"}, {"order": "1"}, {"account": "Z"}]
    names = [resolve(rows, tmp_path, ANY).person(f"i{n}") for n in (1, 2, 3)]
    rows.append({"account": "Z", "order": "1"})
    resolve(rows, tmp_path, ANY)
    rows.append({"account": "A", "order": "1"})
    found = resolve(rows, tmp_path, ANY)
    assert {row["person_id"]: row["alias_of"] for row in found.aliases} == {
        names[1]: names[0],
        names[2]: names[0],
    }


def test_the_same_receipts_in_order_give_the_same_names(tmp_path):
    rows = [
        {"account": "A", "receipt": "r1"}, {"order": "1", "receipt": "r1"}, {"order": "1", "account": "A", "receipt": "r2"},
        {"account": "B", "order": "2", "receipt": "r2"}, {"account": "B", "order": "3", "receipt": "r3"},
    ]  # fmt: skip
    order = {"r1": 1, "r2": 2, "r3": 3}
    for count in (2, 4, 5):
        grown = resolve(rows[:count], tmp_path / "grown", ANY, order)
    at_once = resolve(rows, tmp_path / "at_once", ANY, order)
    assert [row["person_id"] for row in grown.interactions] == [
        row["person_id"] for row in at_once.interactions
    ]
    shutil.rmtree(tmp_path / "grown")
    rebuilt = resolve(rows, tmp_path / "grown", ANY, order)
    assert rebuilt.persons == at_once.persons


@pytest.mark.parametrize("instants", [(1, 2), (2, 1), (1, 1)], ids=["in order", "clock set back", "at once"])
def test_the_order_of_loads_orders_persons_not_sources_nor_the_clock(tmp_path, instants):
    rows = [
        {"source": "a", "receipt": "r2", "order": "1"},
        {"source": "a", "receipt": "r2", "order": "1", "account": "A"},
        {"source": "z", "receipt": "r1", "account": "A"},
    ]
    alone = resolve([{"account": "A"}], tmp_path / "1", ANY)
    found = resolve(rows, tmp_path / "2", ANY, dict(zip(("r1", "r2"), instants, strict=True)))
    assert found.person("i1") == alone.person("i1")


def test_an_undone_load_takes_the_person_away_and_not_the_name(tmp_path):
    both = [{"account": "A", "receipt": "r1"}, {"account": "A", "order": "1", "receipt": "r2"}]
    name = resolve(both, tmp_path, ANY).person("i1")
    assert resolve([{"order": "1", "receipt": "r2"}], tmp_path, ANY).person("i1") == name
    assert resolve(both, tmp_path, ANY).person("i1") == name


def test_when_a_telephone_turns_out_to_be_shared_the_first_keeps_the_name(tmp_path):
    rows = [{"account": "A", "phone": "0411111112"}, {"account": "B", "phone": "0411111112"}]
    before = resolve(rows, tmp_path, ANY)
    assert before.person("i1") == before.person("i2")
    rows += [{"account": name, "phone": "0411111112"} for name in "CD"]
    after = resolve(rows, tmp_path, ANY)
    assert after.person("i1") == before.person("i1")
    assert len({after.person(f"i{n}") for n in (1, 2, 3, 4)}) == 4
    assert resolve(rows, tmp_path, ANY).persons == after.persons


def test_writing_an_identifier_differently_later_keeps_the_name(tmp_path):
    company = charter(["email", "order"])
    before = resolve([{"email": "M@m.fr"}], tmp_path, company)
    after = resolve([{"email": "m@m.fr", "order": "1"}], tmp_path, company)
    assert after.person("i1") == before.person("i1")


def test_nothing_new_writes_nothing(tmp_path):
    rows = [{"account": "A", "order": "1"}]
    resolve(rows, tmp_path, ANY)
    kept = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    resolve(rows, tmp_path, ANY)
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == kept
    assert set(kept) == {"identifiers.parquet", "aliases.parquet"}


def test_a_damaged_register_says_what_to_do(tmp_path):
    resolve([{"account": "A"}], tmp_path, ANY)
    (tmp_path / "identifiers.parquet").write_bytes(b"PAR1 truncated")
    with pytest.raises(StateError, match=r"cannot be read.*Restore it, or remove its folder"):
        resolve([{"account": "A"}], tmp_path, ANY)


def test_a_full_disk_leaves_the_register_as_it_was(tmp_path, monkeypatch):
    resolve([{"account": "A"}], tmp_path, ANY)
    kept = (tmp_path / "identifiers.parquet").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(StateError, match="No space left"):
        resolve([{"account": "A"}, {"account": "B"}], tmp_path, ANY)
    assert (tmp_path / "identifiers.parquet").read_bytes() == kept
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]
