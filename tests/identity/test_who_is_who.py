"""Identifiers shared between interactions connect into persons; what means nobody never does."""

import pyarrow as pa
import pytest
from people import charter, resolve, twin

from portance.identity.identifier import identifier_types

ANY = charter(["account", "order"])
DESK = charter(["account", "email", "order", "phone"])


def test_a_review_reaches_its_customer_through_the_order(tmp_path):
    found = resolve(
        [{"account": "A", "order": "7"}, {"order": "7"}, {"account": "A"}, {"account": "B"}], tmp_path, ANY
    )
    assert found.groups() == {frozenset({"i1", "i2", "i3"}), frozenset({"i4"})}
    assert [(row["identifiers"], row["interactions"], row["sources"]) for row in found.persons] == [
        (2, 3, 1),
        (1, 1, 1),
    ]
    assert [row["person_key"] for row in found.persons] == [1, 2]
    assert (found.persons[0]["first_us"], found.persons[0]["last_us"]) == (0, 2_000_000)


def test_without_an_identifier_there_is_no_person(tmp_path):
    found = resolve([{"account": "A"}, {}], tmp_path, ANY)
    assert found.person("i2") is None
    assert found.interactions[1]["person_key"] is None


def test_a_company_without_identifiers_has_interactions_all_the_same(tmp_path):
    found = resolve([{}, {}], tmp_path, charter([]))
    assert [row["person_id"] for row in found.interactions] == [None, None]
    assert (found.persons, found.identifiers, found.joins, found.aliases) == ([], [], [], [])


def test_no_interaction_at_all(tmp_path):
    found = resolve([], tmp_path, DESK)
    assert (found.interactions, found.persons) == ([], [])


def test_one_type_alone_makes_each_value_a_person(tmp_path):
    found = resolve([{"account": name} for name in "ABA"], tmp_path, charter(["account"]))
    assert found.groups() == {frozenset({"i1", "i3"}), frozenset({"i2"})}


def test_the_tie_follows_source_row_and_entry(tmp_path):
    rows = [
        {"source": "shop", "row_number": 1, "entry": 1}, {"source": "shop", "row_number": 1, "entry": 0},
        {"source": "desk", "row_number": 300}, {"source": "shop", "row_number": 0, "entry": 5},
    ]  # fmt: skip
    found = resolve(rows, tmp_path, ANY)
    assert [row["interaction_id"] for row in found.interactions] == ["i3", "i4", "i2", "i1"]
    assert found.interactions[0]["tie"] == 2**44 + 300 * 2**8


def test_two_thousand_links_of_a_chain_are_one_person(tmp_path):
    rows = [{"account": f"a{n // 2}", "order": f"o{(n + 1) // 2}"} for n in range(4000)]
    found = resolve(rows, tmp_path, ANY)
    assert len(found.persons) == 1
    assert len(found.joins) == found.persons[0]["identifiers"] - 1 == 4000


NOBODY = [
    "null", "NULL", "None", "undefined", "NaN", "n/a", "0", "00000000", "999999", "[object Object]", "anonymous", "Unknown", "test@shop.fr",
    "test+7@shop.fr", "noreply@shop.fr", "no-reply@shop.fr", "ne-pas-repondre@shop.fr", "null@null", "marie@example.com", "x@sub.example.org",
    "00000000-0000-0000-0000-000000000000", "", "   ", "-", "?", "Inconnu", "123456789",
]  # fmt: skip


def _nobody(type_: str, value: str) -> bool:
    (read,) = identifier_types([type_], DESK)
    return bool(read.nobody(read.compared(pa.array([value])))[0])


@pytest.mark.parametrize("value", NOBODY)
@pytest.mark.parametrize("type_", ["account", "email", "phone"])
def test_values_that_mean_nobody(value, type_):
    assert _nobody(type_, value)


@pytest.mark.parametrize("value", ["+33600000000", "06 00 00 00 00", "0999999999", "n° inconnu", "..."])
def test_telephone_numbers_that_mean_nobody(value):
    assert _nobody("phone", value)


@pytest.mark.parametrize(
    "value",
    [
        "11",
        "7777",
        "10",
        "marie@shop-de-test.fr",
        "contest@shop.fr",
        "testard@shop.fr",
        "nadia@na.fr",
        "nobody",
        "norbert@shop.fr",
    ],
)
def test_values_that_only_look_like_nobody(value):
    assert not _nobody("account", value)


def test_values_that_mean_nobody_never_connect(tmp_path):
    company = charter(["account", "email", "order"])
    rows = [
        {"order": str(n), type_: value} for n, value in enumerate(NOBODY, 1) for type_ in ("account", "email")
    ]
    rows = [row | {"order": str(n)} for n, row in enumerate(rows, 1001)]
    found = resolve([*rows, {"account": "null"}], tmp_path, company)
    assert found.groups() == {frozenset({f"i{n}"}) for n in range(1, len(rows) + 1)}
    assert set(found.kinds("account").values()) == set(found.kinds("email").values()) == {"ignored"}
    assert set(found.kinds("email")) == set(NOBODY), "kept as they were given"


def test_the_charter_adds_its_own_nobodies(tmp_path):
    company = charter(
        ["account", "email", "phone"], ignore={"phone": ["01 40 00 00 *"], "email": ["*@ours.fr"]}
    )
    rows = [
        {"account": "A", "phone": "0140000012", "email": "desk@Ours.fr"},
        {"account": "B", "phone": "01.40.00.00.99", "email": "shop@ours.fr"},
    ]
    found = resolve(rows, tmp_path, company)
    assert len(found.persons) == 2
    assert set(found.kinds("phone").values()) == set(found.kinds("email").values()) == {"ignored"}


def test_a_dot_in_an_ignored_value_is_a_dot(tmp_path):
    company = charter(["account", "order"], ignore={"account": ["A.1"]})
    found = resolve([{"account": "A.1", "order": "1"}, {"account": "AX1", "order": "2"}], tmp_path, company)
    assert found.kinds("account") == {"A.1": "ignored", "AX1": "merged"}


def test_writing_differs_and_the_identifier_is_the_same(tmp_path):
    rows = [
        {"email": " Marie.Durand@Shop.FR ", "phone": "06 12 34 56 78"},
        {"email": "marie.durand@shop.fr"},
        {"phone": "06.12.34.56.78"},
        {"phone": "0033 6 99 88 77 66", "account": "z"},
        {"phone": "+33(6)99-88-77-66"},
        {"account": "Z"},
    ]
    found = resolve(rows, tmp_path, DESK)
    assert found.groups() == {frozenset({"i1", "i2", "i3"}), frozenset({"i4", "i5"}), frozenset({"i6"})}
    assert " Marie.Durand@Shop.FR " in found.kinds("email"), "what was given is kept"
    assert found.persons[0]["identifiers"] == 2, "two ways of writing are one identifier"


def test_a_family_shares_a_telephone_and_a_switchboard_is_a_link(tmp_path):
    home = [{"account": f"home{n}", "phone": "0411111112"} for n in range(3)]
    office = [{"account": f"office{n}", "phone": "0155555556"} for n in range(4)]
    found = resolve([*home, *office, {"phone": "0155555556"}], tmp_path, DESK)
    assert len(found.persons) == 1 + 4
    assert found.kinds("phone") == {"0411111112": "merged", "0155555556": "link"}
    assert found.person("i8") is None, "a link alone does not tell who"


def test_a_guest_who_orders_five_times_is_one_person(tmp_path):
    guest = [{"order": str(n), "email": "g@g.fr"} for n in range(1, 6)]
    found = resolve([*guest, {"order": "1", "account": "A"}], tmp_path, DESK)
    assert len(found.persons) == 1, "orders are affairs, not persons: they do not fill the cap"


def test_the_charter_sets_the_cap(tmp_path):
    rows = [{"account": f"a{n}", "phone": "0411111112"} for n in range(2)]
    assert len(resolve(rows, tmp_path / "1", charter(["account", "phone"], caps={"phone": 1})).persons) == 2
    assert len(resolve(rows, tmp_path / "2", charter(["account", "phone"], caps={"phone": 2})).persons) == 1


def test_capped_types_are_judged_one_after_the_other(tmp_path):
    # four accounts and one telephone; an e-mail (declared first) shows that two of the accounts are one person
    company = charter(["account", "email", "phone"], caps={"email": 3, "phone": 3})
    rows = [{"account": f"a{n}", "phone": "0411111112"} for n in range(4)]
    rows += [{"account": "a0", "email": "m@m.fr"}, {"account": "a1", "email": "m@m.fr"}]
    found = resolve(rows, tmp_path, company)
    assert len(found.persons) == 1
    assert found.kinds("phone") == {"0411111112": "merged"}


def test_who_was_joined_by_what(tmp_path):
    rows = [
        {"account": "A", "order": "1"}, {"email": "m@m.fr", "order": "2"}, {"account": "A", "order": "2"}, {"account": "A", "order": "1"},
    ]  # fmt: skip
    found = resolve(rows, tmp_path, DESK)
    told = {
        (row["identifier_type"], row["identifier_value"]): (row["with_value"], row["through"], row["rule"])
        for row in found.joins
    }
    assert told == {
        ("order", "1"): ("A", "i1", "shared identifier"),
        ("order", "2"): ("A", "i3", "shared identifier"),
        ("email", "m@m.fr"): ("2", "i2", "shared identifier"),
    }


def test_strikingly_large_persons_are_listed_and_orders_do_not_count(tmp_path):
    loyal = [{"account": "A", "order": str(n)} for n in range(1, 60)]
    odd = [{"account": f"x{n}", "email": "one@shop.fr" if n else None, "order": "900"} for n in range(21)]
    found = resolve([*loyal, *odd], tmp_path, DESK)
    assert [(row["person_id"], row["identifiers"]) for row in found.large_persons] == [
        (found.person("i60"), 22)
    ]


def test_the_twin_knows_these_too():
    rows = [{"account": "A", "order": "7"}, {"order": "7"}, {"account": "B"}, {}, {"account": "null"}]
    assert twin(rows, ANY) == ({frozenset({0, 1}), frozenset({2})}, set())
