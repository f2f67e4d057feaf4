"""What a charter says of a source, row by row; and what ``check`` tells before anything is kept."""

import pytest

from portance.errors import CharterError

HEADER = "case,customer,what,at,wait,outcome"
GOOD = "C1,A1,call,2025-01-10 09:00:00,30,resolved"


def test_one_row_becomes_several_interactions_and_what_did_not_happen_is_counted(company):
    company.change(
        interactions=[
            {"activity": "ordered", "at": "placed", "function": "sales", "due_at": "due"},
            {
                "activity": "delivered",
                "at": "delivered",
                "function": "service",
                "when": "status <> 'cancelled'",
            },
        ]
    )
    header = "case,customer,placed,delivered,due,status"
    company.calls("1,A,2025-01-10 09:00:00,2025-01-12 09:00:00,2025-01-13,ok", "2,A,2025-01-10 09:00:00,,2025-01-13 18:00:00,ok",
                  "3,A,2025-01-10 09:00:00,2025-01-12 09:00:00,2025-03-30,cancelled", header=header)  # fmt: skip
    receipt = company.receive()
    assert (receipt.candidates, receipt.accepted, receipt.not_happened) == (5, 4, 1)
    assert company.rows("select case_id, entry, due_us from accepted order by row_number, entry") == [
        ("1", 0, 1736809199999999), ("1", 1, None), ("2", 0, 1736787600000000), ("3", 0, 1743371999999999),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due_is", "due"), [("auto", 1736809199999999), ("day", 1736809199999999), ("instant", 1736722800000000)]
)
def test_a_due_day_runs_to_its_end_unless_it_is_an_instant(company, due_is, due):
    company.change(due_is=due_is, interactions=[{"activity": "ordered", "at": "at", "due_at": "due"}])
    company.calls(GOOD + ",2025-01-13", header=HEADER + ",due")
    company.receive()
    assert company.rows("select due_us from accepted") == [(due,)]


def test_names_are_translated_kept_or_replaced(company):
    company.entry(
        function={"column": "dept", "map": {"CS": "service", "": "sales"}},
        channel={"column": "chan", "map": {"tel": "phone", "lost": None}, "otherwise": "other"},
        actor={"formula": "case when bot = 1 then 'machine' else 'human' end"},
    )
    company.calls(
        *(GOOD + end for end in (",CS,tel,1", ",,fax,0", ",Legal,lost,0", ",CS ,,0")),
        header=HEADER + ",dept,chan,bot",
    )
    company.receive()
    assert company.rows("select function, channel, actor from accepted order by row_number") == [
        ("service", "phone", "machine"), ("sales", "other", "human"), ("Legal", None, "human"), ("service", None, "human"),
    ]  # fmt: skip


def test_an_exact_header_wins_over_a_formula_and_headers_may_hold_anything(company):
    company.change(attributes={"sum": '"price + tax (€)"', "computed": "price + tax"})
    company.calls(GOOD + ",7,1,2", header=HEADER + ",price + tax (€),price,tax")
    company.receive()
    assert company.rows("select a_sum, a_computed from accepted") == [(7, 3)]


def test_columns_of_numbers_are_numbers_in_formulas_and_codes_are_not(company):
    company.change(attributes={"double": "price * 2", "code": "postcode", "flag": "vip", "long": "wait > 20"})
    company.calls(
        GOOD + ',"1,5",01000,true', GOOD + ',"2,5",2A004,False', header=HEADER + ",price,postcode,vip"
    )
    company.receive()
    assert company.rows("select a_double, a_code, a_flag, a_long from accepted order by row_number") == [
        (3.0, "01000", True, True), (5.0, "2A004", False, True),
    ]  # fmt: skip


def test_a_formula_that_fails_on_a_row_refuses_that_row_only(company):
    company.change(where="cast(size as integer) > 1")
    company.calls(GOOD + ",2", GOOD + ",x", GOOD + ",1", header=HEADER + ",size")
    receipt = company.receive()
    assert (receipt.candidates, receipt.accepted, receipt.refused) == (2, 1, 1)
    assert company.refused()[0][:2] == ("formula_failed", "where")


def test_look_ups_tell_more_and_never_multiply_rows(company):
    company.change(
        lookups={"accounts": {"read": "accounts.csv", "on": {"customer": "id"}, "take": {"region": "area", "person": "who"}}},
        identifiers={"account": "customer", "person": "person"}, attributes=["region"], where="region <> 'abroad'",
    )  # fmt: skip
    company.calls(GOOD, GOOD.replace("A1", "A2"), GOOD.replace("A1", "A3"), GOOD.replace("A1", "A4"))
    company.file(
        "accounts.csv", "id,area,who\nA1,north,P1\nA1,south,P2\nA2,abroad,P3\nA3.0,west,P4\nA3,east,P5\n"
    )
    receipt = company.receive()
    assert receipt.candidates == 2
    assert company.rows("select id_account, id_person, a_region from accepted order by row_number") == [
        ("A1", "P1", "north"),
        ("A3", "P5", "east"),
    ]
    with company.open() as opened:
        (problem,) = opened.intake.check()
    assert "1 rows that repeat a key" in problem.given


def test_the_zone_of_an_entry_of_a_source_and_of_the_company(company):
    company.entry(timezone="America/New_York")
    company.calls("C1,A1,call,2025-01-10 20:00:00,1,resolved")
    company.receive()
    assert company.rows("select t_us, local_day from accepted") == [(1736557200000000, 20099)]


def test_dates_that_stand_on_a_skipped_midnight_are_days(company):
    company.change(timezone="America/Sao_Paulo")
    company.calls("C1,A1,call,2018-11-04,1,resolved")
    company.receive()
    assert company.rows("select t_us, time_quality from accepted") == [(1541300400000000, "day")]


def test_declared_formats_are_the_only_ones(company):
    company.change(dates=["%d.%m.%Y %H:%M", "%d.%m.%Y"])
    company.calls(
        "C1,A1,call,10.01.2025 09:00,1,resolved",
        "C2,A1,call,11.01.2025,1,resolved",
        "C3,A1,call,2025-01-10 09:00:00,1,resolved",
    )
    receipt = company.receive()
    assert (receipt.accepted, receipt.refused) == (2, 1)
    assert company.rows("select t_us, time_quality from accepted order by row_number") == [
        (1736496000000000, None),
        (1736550000000000, "day"),
    ]


def test_ratings_money_and_asked_again(company):
    company.entry(rating={"nps": "score"}, cost="cost", asked_again="again")
    company.calls(
        *(GOOD + end for end in (",9,12.345,yes", ",11,1,no", ",,,maybe", ",,,")),
        header=HEADER + ",score,cost,again",
    )
    company.receive()
    assert company.rows("select rating, rating_scale, cost_cents, asked_again from accepted order by row_number") == [
        (9.0, "nps", 1235, True), (None, None, None, None),
    ]  # fmt: skip
    assert [row[0] for row in company.refused()] == ["out_of_scale", "not_a_boolean"]


def test_refused_rows_are_kept_raw_apart_from_the_rest(company):
    company.calls(GOOD, "C2,jean@example.org,call,soon,1,resolved")
    receipt = company.receive()
    with company.open() as opened:
        state = opened.state
        raw = opened.engine.rows(f"select raw from read_parquet('{state.refusals(receipt.id)}')")
        assert "jean@example.org" in raw[0][0]
        assert opened.intake.refusals().column_names == [
            "source", "receipt", "file", "row_number", "line", "entry", "reason", "column_name", "given", "expected", "remedy",
        ]  # fmt: skip


# ---- check


def test_check_says_nothing_of_a_source_that_fits(company):
    company.calls(GOOD)
    with company.open() as opened:
        assert opened.intake.check() == ()
        assert opened.state.manifest.receipts() == ()


def test_check_tells_a_file_of_names_to_hide_that_is_not_there(company):
    company.calls(GOOD)
    charter = company.folder / "charter.yaml"
    charter.write_text(charter.read_text() + "voices: {names: names.txt}\n")
    with company.open() as opened:
        (problem,) = opened.intake.check()
    assert problem.path == "voices.names"
    assert problem.line > 0
    assert "names.txt" in problem.given
    company.file("names.txt", "Karine Delmas\n")
    with company.open() as opened:
        assert opened.intake.check() == ()


def test_check_tells_an_id_that_stands_on_rows_which_tell_different_things(company):
    company.entry(id="customer")
    company.calls(
        GOOD, GOOD, GOOD.replace("C1", "C2"), GOOD.replace("A1", "A2"), GOOD.replace("A1", "A3")
    )  # fmt: skip
    with company.open() as opened:
        (problem,) = opened.intake.check()
    lines = (company.folder / "charter.yaml").read_text().splitlines()
    assert problem.path == "sources.calls.interactions[0].id"
    assert lines[problem.line - 1].strip() == "id: customer"
    assert "3 of 5 rows of calls.csv share 1 id" in problem.given
    assert "rows 1 and 3" in problem.given
    assert "'A1'" in problem.given
    assert "one interaction" in problem.expected
    assert "leave 'id' out" in problem.remedy


ANOTHER = {
    "numbered anew": ("D{n}", "B{n}", 11, True),
    "another case of the same customer": ("D{n}", "A{n}", 11, True),
    "corrected": ("C{n}", "A{n}", 11, False),
    "cases and customers renamed": ("D{n}", "B{n}", 10, False),
    "customers renamed, instants corrected": ("C{n}", "B{n}", 11, False),
    "no case, another customer": ("", "B{n}", 11, True),
    "no case, the same customer": ("", "A{n}", 11, False),
    "no case, no customer": ("", "", 11, False),
}


@pytest.mark.parametrize(("case", "customer", "month", "told"), ANOTHER.values(), ids=ANOTHER)
def test_check_tells_ids_that_another_file_gives_to_something_else(company, case, customer, month, told):
    def rows(case: str, customer: str, month: int) -> list[str]:
        made = [f"{n},{case},{customer},call,2024-{month}-10 09:00:00,30,resolved" for n in range(1, 41)]
        return [line.replace("{n}", line.split(",")[0]) for line in made]

    header = "number,case,customer,what,at,wait,outcome"
    company.change(
        read="calls*.csv",
        interactions=[{"activity": {"column": "what"}, "at": "at", "function": "service", "id": "number"}],
    )
    for name, lines in (
        ("calls1", rows("C{n}" if case else "", "A{n}", 10)),
        ("calls2", rows(case, customer, month)),
    ):
        company.file(f"{name}.csv", "\n".join((header, *lines)) + "\n")
    with company.open() as opened:
        problems = opened.intake.check()
        assert len(problems) == told
        opened.intake.receive()
    if told:
        (problem,) = problems
        assert problem.path == "sources.calls.interactions[0].id"
        assert problem.line > 0
        assert "column 'number': 40 of 40 rows of calls2.csv have an id of calls1.csv" in problem.given
        assert "'1' on rows 1 of calls1.csv and 1 of calls2.csv" in problem.given
        assert company.rows("select count(*) from accepted") == [(40,)]  # what the first file told is hidden


def test_check_says_nothing_of_one_id_in_a_hundred_that_another_file_gives_to_something_else(company):
    company.change(
        read="calls*.csv",
        interactions=[{"activity": {"column": "what"}, "at": "at", "function": "service", "id": "number"}],
    )
    for month, first in ((10, 0), (11, 99)):
        lines = [
            f"{first + n},C{month}-{n},A{month}-{n},call,2024-{month}-10 09:00:00,30,resolved"
            for n in range(1, 101)
        ]
        company.file(
            f"calls{month}.csv", "\n".join(("number,case,customer,what,at,wait,outcome", *lines)) + "\n"
        )
    with company.open() as opened:
        assert opened.intake.check() == ()
    company.file("calls11.csv", (company.folder / "calls11.csv").read_text().replace("\n101,", "\n99,"))
    with company.open() as opened:
        (problem,) = opened.intake.check()
    assert "2 of 100 rows" in problem.given


def named(company, **activity) -> None:
    company.entry(activity={"column": "what", **activity})
    charter = company.folder / "charter.yaml"
    charter.write_text(charter.read_text() + "pressure:\n  activities:\n    - cal\n    - call\n")


def test_check_tells_an_activity_that_no_row_holds(company):
    named(company)
    company.calls(GOOD)
    with company.open() as opened:
        (problem,) = opened.intake.check()
    lines = (company.folder / "charter.yaml").read_text().splitlines()
    assert problem.path == "pressure.activities[0]"
    assert lines[problem.line - 1].strip() == "- cal"
    assert (problem.given, problem.nearest) == ("'cal'", "call")


def test_check_says_nothing_of_an_activity_that_rows_it_has_not_read_may_hold(company):
    named(company)
    company.calls(GOOD, GOOD)
    with company.open() as opened:
        assert opened.intake.check(rows=2) == ()
        assert len(opened.intake.check(rows=3)) == 1
    named(company, map={"ring": "cal"})
    with company.open() as opened:
        assert opened.intake.check() == ()
    named(company)
    company.change(
        interactions=[{"activity": {"column": "what"}, "at": "at", "function": "service"}], read="calls*.csv"
    )
    charter = company.folder / "charter.yaml"
    charter.write_text(charter.read_text() + "pressure: {activities: [cal]}\n")
    for number in range(3):
        company.file(f"calls{number}.csv", (company.folder / "calls.csv").read_text())
    with company.open() as opened:
        assert opened.intake.check() == ()


def test_check_lets_an_id_have_versions_that_tell_the_same_thing(company):
    company.entry(id="case")
    company.calls(GOOD.replace("resolved", "unresolved"), GOOD, GOOD)
    with company.open() as opened:
        assert opened.intake.check() == ()


def test_check_lets_one_id_in_a_hundred_be_corrected_in_its_file(company):
    company.entry(id="case")
    rows = [GOOD.replace("C1", f"C{number}") for number in range(1, 300)]
    company.calls(*rows, GOOD.replace("09:00", "10:00"))
    with company.open() as opened:
        assert opened.intake.check() == ()


def test_check_tells_unparsable_dates_with_an_example_and_its_row(company):
    company.calls(GOOD, "C2,A1,call,yesterday,1,resolved")
    with company.open() as opened:
        (problem,) = opened.intake.check()
    assert problem.path == "sources.calls.interactions[0]"
    assert "'yesterday' in 'at' at row 2 of calls.csv (unreadable_time; 1 of 2 rows)" in problem.given


def test_check_tells_when_day_and_month_cannot_be_told_apart(company):
    company.calls("C1,A1,call,01/02/2025 09:00,1,resolved")
    with company.open() as opened:
        (problem,) = opened.intake.check()
    assert "read as day first" in problem.expected
    assert problem.path == "sources.calls.interactions[0].at"


def test_check_tells_of_functions_that_are_not_declared(company):
    company.entry(function={"column": "dept"})
    company.calls(GOOD + ",Service", GOOD + ",legal", header=HEADER + ",dept")
    with company.open() as opened:
        problems = opened.intake.check()
    assert [(problem.given, problem.nearest) for problem in problems] == [
        ("function 'Service' in the data (1 rows)", "service"), ("function 'legal' in the data (1 rows)", None),
    ]  # fmt: skip


def test_every_vanished_column_of_every_source_is_told_at_once(company):
    source = {
        "read": "calls.csv",
        "case": "cas",
        "interactions": [{"activity": {"column": "wat"}, "at": "at", "team": "squad", "id": "a + b"}],
    }
    company.declare(calls=source, other={**source, "read": "nothing.csv"})
    company.calls(GOOD)
    with company.open() as opened:
        problems = opened.intake.check()
    assert sorted(problem.given.split()[1] for problem in problems if problem.given.startswith("column")) == [
        "'a'",
        "'cas'",
        "'squad'",
        "'wat'",
    ]
    assert any("no such file" in problem.given for problem in problems)
    assert {problem.nearest for problem in problems} >= {"case", "what"}


def test_a_formula_whose_types_do_not_go_together_is_a_problem(company):
    company.entry(team="what - 1")
    company.entry(when="what + 1 > 2")
    company.calls(GOOD)
    with pytest.raises(CharterError, match=r"interactions\[0\]\.when"):
        company.receive()


def test_an_unknown_source_is_named_with_the_nearest(company):
    company.calls(GOOD)
    with company.open() as opened, pytest.raises(CharterError, match="Did you mean 'calls'"):
        opened.intake.receive(only=["call"])
