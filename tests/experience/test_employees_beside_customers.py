"""Both sides of a step come out as they were made, and nothing comes out where it must not."""

from datetime import date, timedelta

import mirrored_company as made
import numpy as np
import pytest

from portance.engine import Engine
from portance.estimation.lagging import lagged
from portance.experience.employees import records
from portance.experience.employees.balancing import Side, difference, state
from portance.experience.employees.believing import Beliefs
from portance.experience.employees.measuring import measure_employees
from portance.experience.employees.mirroring import prediction
from portance.experience.employees.preceding import verdict
from portance.publication.employees import EMPLOYEE_TABLES
from portance.store.state import State

KEY = b"k" * 32
TYPES = {"double": "DOUBLE", "int64": "BIGINT", "string": "VARCHAR", "bool": "BOOLEAN", "date32[day]": "DATE"}


def measured(charter, engine, folder, *, today=made.TODAY, key=KEY):
    with State(folder / ".portance") as state:
        tables = measure_employees(charter, engine, state, made.AS_OF_US, today, 0, key=key)
    return {name: table.to_pylist() for name, table in tables.items()}


@pytest.fixture(scope="module")
def company():
    """2.5 calls a journey, 1.5 from July on; nine screens a call; half of the people use the tool."""
    absence = [
        ("absence", f"T{team}", made.START + timedelta(7 * week), 0.06 + 0.01 * team) for team in range(6) for week in range(52)
    ]  # fmt: skip
    with made.mirrored(customer={"calls": 2.5, "after": 1.5}, readings=absence) as engine:
        yield engine


@pytest.fixture(scope="module")
def customers_only():
    """A few customers, and nothing from employees."""
    with made.mirrored(customer={"teams": 2, "weeks": 8}, work_rows=(), answer_rows=()) as engine:
        yield engine


@pytest.fixture(scope="module")
def told(company, tmp_path_factory):
    return measured(made.mirrored_charter(), company, tmp_path_factory.mktemp("mirror"))


def row(rows, **those):
    (found,) = [one for one in rows if all(one[name] == value for name, value in those.items())]
    return found


# ---- symmetry


def test_both_sides_of_a_step_are_told_in_the_same_unit(told):
    effort = row(told["symmetry"], measure="effort_steps")
    assert effort["customer_low"] < 2.0 < effort["customer_high"]
    assert (
        effort["employee_low"] < 10.0 < effort["employee_high"]
    )  # nine screens, and a re-keying for each nine
    assert effort["ci_low"] < effort["balance"] < effort["ci_high"] < 0
    assert effort["state"] == "customer_only"
    assert effort["employees"] % 5 == 0


def test_levels_are_on_one_scale_and_say_what_they_are_made_of(told):
    balance = row(told["symmetry"], measure="balance")
    assert balance["scale"].startswith("declared:breaks+promise:soon") or "promise:soon" in balance["scale"]
    assert 0 <= balance["customer_low"] <= balance["customer_high"] <= 100
    assert balance["ambition"] == 90.0
    assert balance["margin"] == pytest.approx(min(balance["customer"], balance["employee"]) - 90.0)


def test_levels_follow_what_employees_say(company, tmp_path):
    found = []
    for mean in (2.0, 4.5):
        with Engine(threads=1, memory="500MB") as engine:
            for name in (
                "interactions",
                "journey_interactions",
                "breaks",
                "clocks",
                "journeys",
                "promise_rates",
            ):
                engine.table(name, company.arrow(f"select * from {name}"))
            questions = {"enabled": {}}
            made.staffed(engine, (), made.answers(mean=mean, questions=questions))
            rows = measured(made.mirrored_charter(), engine, tmp_path / str(mean))["symmetry"]
            found.append(row(rows, measure="balance"))
    assert found[0]["employee_high"] < 45
    assert found[1]["employee_low"] > 70
    assert found[0]["state"] == "customer_only"


def test_a_path_shortened_for_the_customer_alone_is_seen(told):
    found = row(told["simplified"], change="portal")
    assert found["customer_after_high"] < found["customer_before_low"]
    assert found["verdict"] == "customer_only"


def test_a_path_shortened_for_both_is_not_called_one_sided(company, tmp_path):
    with Engine(threads=1, memory="500MB") as engine:
        for name in ("interactions", "journey_interactions", "breaks", "clocks", "journeys", "promise_rates"):
            engine.table(name, company.arrow(f"select * from {name}"))
        made.staffed(engine, made.work(after=2.0), made.answers())
        assert (
            row(measured(made.mirrored_charter(), engine, tmp_path)["simplified"], change="portal")["verdict"]
            == "both"
        )


@pytest.mark.parametrize(
    ("customer", "employee", "expected"),
    [
        ((80, 72, 88), (78, 70, 86), "not_detectable"), ((80, 78, 82), (78, 76, 80), "balanced"),
        ((80, 75, 85), (50, 45, 55), "customer_only"), ((50, 45, 55), (80, 75, 85), "employee_only"),
        ((40, 35, 45), (42, 37, 47), "both_low"),
    ],
)  # fmt: skip
def test_who_fares_well_is_said_only_beyond_doubt(customer, employee, expected):
    sides = [Side(*(float(one) for one in side), 50, "point") for side in (customer, employee)]
    assert state("balance", *sides) == expected


def test_less_effort_is_faring_better():
    assert (
        state("effort_steps", Side(2.0, 1.9, 2.1, 50, "point"), Side(9.0, 8.0, 10.0, 50, "point"))
        == "customer_only"
    )
    assert (
        state("effort_steps", Side(9.0, 8.0, 10.0, 50, "point"), Side(2.0, 1.9, 2.1, 50, "point"))
        == "employee_only"
    )


def test_a_side_without_interval_gives_no_difference():
    nothing = Side(None, None, None, 0, "suppressed", "too_few")
    assert difference(nothing, Side(1.0, 0.5, 1.5, 40, "point")) == (None, None, None)


# ---- adoption, figures


def test_adoption_covers_the_share_that_was_made(told):
    found = row(told["adoption"], tool="desk")
    assert found["low"] <= 0.5 <= found["high"]
    assert found["workarounds_low"] <= 2 / 14 <= found["workarounds_high"]
    assert found["on_time"] is True
    assert found["users"] % 5 == 0


def adopters(*, weeks=30, keep=0.6, late=0, away=0, begin=6):
    """84 persons who work each week; all begin with the tool in one week, the ``late`` ones near the end; the ``away`` ones then leave."""
    rows, chance = [], np.random.default_rng(8)
    for one in range(84):
        person = (f"e{one}", f"T{one % 6}", "service", "answer")
        first = weeks - 5 if one < late else begin
        stays, gone = chance.random() < keep, late <= one < late + away
        for week in range(weeks):
            day = made.at(made.START + timedelta(7 * week))
            if not gone or week <= first + 1:
                rows.append((*person, "tool", "crm", None, day, 60_000, 1.0))
            if week == first or (stays and not gone and week == first + 6):
                rows.append((*person, "tool", "desk", None, day, 30_000, 1.0))
    return rows


def adopted(rows, folder):
    with made.mirrored(customer={"teams": 2, "weeks": 8}, work_rows=rows, answer_rows=()) as engine:
        return row(measured(made.mirrored_charter(), engine, folder)["adoption"], tool="desk")


def kept_of(rows):
    """In plain Python: how many could be followed, and the share of them who used the tool again from day 30 to 57."""
    day, last = 86_400_000_000, max(one[7] for one in rows)
    first, keeps, there = {}, {}, {}
    for who, *_, tool, _, at, _, _ in rows:
        if tool == "desk":
            first[who] = min(at, first.get(who, at))
    for who, *_, tool, _, at, _, _ in rows:
        if 30 * day <= at - first[who] < 58 * day:
            there[who] = True
            keeps[who] = keeps.get(who, False) or tool == "desk"
    followed = [who for who in there if first[who] + 57 * day <= last]
    return len(followed), sum(keeps[who] for who in followed) / len(followed)


@pytest.mark.parametrize("apart", [{}, {"late": 20, "away": 22}])
def test_who_still_uses_a_tool_a_month_on_is_told_of_those_who_could_be_followed(tmp_path, apart):
    rows = adopters(**apart)
    followed, share = kept_of(rows)
    assert followed == 84 - sum(apart.values())
    found = adopted(rows, tmp_path)
    assert (found["followed"], found["kept_shown"], found["kept_reason"]) == (followed // 5 * 5, "point", None)  # fmt: skip
    assert found["kept_low"] <= share <= found["kept_high"]


def test_using_a_tool_within_the_first_month_alone_is_not_keeping_it(tmp_path):
    rows = adopters(keep=0.0)
    again = [(*one[:7], one[7] + 29 * 86_400_000_000, *one[8:]) for one in rows if one[5] == "desk"]
    beyond = [(*one[:7], one[7] + 58 * 86_400_000_000, *one[8:]) for one in rows if one[5] == "desk"]
    found = adopted(rows + again + beyond, tmp_path / "near")
    assert found["kept_high"] < 0.3
    on_the_day = [(*one[:7], one[7] + 30 * 86_400_000_000, *one[8:]) for one in rows if one[5] == "desk"]
    assert adopted(rows + on_the_day, tmp_path / "far")["kept_low"] > 0.7


@pytest.mark.parametrize(("late", "reason"), [(84, "none_followed"), (75, "too_few")])
def test_too_few_who_can_be_followed_tell_nothing(tmp_path, late, reason):
    found = adopted(adopters(late=late), tmp_path)
    assert (found["kept"], found["kept_low"], found["kept_high"], found["followed"]) == (None,) * 4
    assert (found["kept_shown"], found["kept_reason"]) == ("suppressed", reason)
    assert found["low"] is not None, "who uses it is told all the same"


def test_figures_of_teams_are_told_over_all_of_them_and_never_one_by_one(told):
    rows = told["employee_figures"]
    assert {one["unit"] for one in rows} == {"all"}
    quarters = [one for one in rows if one["figure"] == "absence" and one["period"]]
    assert [one["period"] for one in quarters] == [date(2025, month, 1) for month in (1, 4, 7, 10)]
    assert sum(one["low"] <= 0.085 <= one["high"] for one in quarters) >= 3  # of four intervals at 95 %
    assert any(one["value"] != pytest.approx(0.085, abs=1e-6) for one in quarters)


def test_teams_of_fewer_than_ten_are_in_no_figure(company, tmp_path):
    readings = [("absence", f"T{team}", made.START, 0.06) for team in range(6)]
    with Engine(threads=1, memory="500MB") as engine:
        for name in ("interactions", "journey_interactions", "breaks"):
            engine.table(name, company.arrow(f"select * from {name}"))
        made.staffed(engine, (), made.answers(size=9), readings)
        found = measured(made.mirrored_charter(employees={"consulted": "2024-12-01", "questions": made.QUESTIONS, "figures": {"absence": {"means": "absence"}}}), engine, tmp_path)  # fmt: skip
    assert [one["reason"] for one in found["employee_figures"]] == ["too_few"]


# ---- artificial reality


def test_an_ambition_lacks_what_it_was_not_given(customers_only, tmp_path):
    charter = made.mirrored_charter(
        ambitions={
            "whole": {"says": "A", "owner": "service", "budget": 1000, "promise": "soon", "actions": ["portal"], "since": "2025-06-01"},
            "late": {"says": "B", "owner": "service", "budget": 1000, "promise": "soon", "actions": ["portal"], "since": "2025-01-01"},
            "words": {"says": "C"},
        }
    )  # fmt: skip
    rows = measured(charter, customers_only, tmp_path)["artificial_reality"]
    missing = {one["subject"]: one["missing"] for one in rows if one["part"] == "action"}
    assert missing == {"whole": None, "late": "action", "words": "owner,budget,standard,action", "all": None}
    assert row(rows, part="action", subject="all")["gap"] == pytest.approx(2 / 3)
    assert row(rows, part="action", subject="all")["gap_low"] is None


def test_an_action_may_still_begin_within_its_ninety_days(customers_only, tmp_path):
    charter = made.mirrored_charter(
        ambitions={
            "new": {"says": "A", "owner": "service", "budget": 1, "promise": "soon", "since": "2025-12-20"}
        }
    )
    found = row(measured(charter, customers_only, tmp_path)["artificial_reality"], subject="new")
    assert (found["missing"], found["reason"]) == (None, "within_90_days")


def test_employees_see_what_is_said_and_predict_what_customers_say(told):
    rows = told["artificial_reality"]
    perception = row(rows, part="perception", subject="all")
    assert perception["gap_low"] < 0 < perception["gap_high"]
    predicted = row(rows, part="prediction", subject="all")
    assert predicted["said_low"] < 70 < predicted["said_high"]
    assert predicted["unit"] == "points"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(-3.0, 4.0, "lucid"), (12.0, 20.0, "too_high"), (-20.0, -1.0, "too_low"), (-20.0, 20.0, None)],
)
def test_a_prediction_is_judged_beyond_doubt_only(low, high, said):
    assert prediction(low, high) == said


def believed(value, on):
    return made.mirrored_charter(
        beliefs={"board": {"promise": "soon", "by": "CEO", "value": value, "on": on}}
    )


def test_a_belief_entered_before_the_first_scan_is_told_and_one_after_is_late(customers_only, tmp_path):
    first = measured(believed(0.95, "2026-01-20"), customers_only, tmp_path)
    found = row(first["artificial_reality"], part="belief")
    assert found["reason"] is None
    assert found["gap"] == pytest.approx(0.15)
    later = measured(believed(0.81, "2026-02-20"), customers_only, tmp_path, today=date(2026, 3, 1))
    assert row(later["artificial_reality"], part="belief")["reason"] == "late"


def test_a_belief_that_is_changed_or_antedated_once_the_figure_was_shown_is_late(customers_only, tmp_path):
    measured(believed(0.95, "2026-01-20"), customers_only, tmp_path / "changed")
    changed = measured(believed(0.81, "2026-01-20"), customers_only, tmp_path / "changed")
    assert row(changed["artificial_reality"], part="belief")["reason"] == "late"
    measured(made.mirrored_charter(), customers_only, tmp_path / "antedated")
    antedated = measured(believed(0.81, "2025-01-20"), customers_only, tmp_path / "antedated")
    assert row(antedated["artificial_reality"], part="belief")["reason"] == "late"
    again = measured(believed(0.81, "2025-01-20"), customers_only, tmp_path / "antedated")
    assert row(again["artificial_reality"], part="belief")["reason"] == "late"


def test_scans_kept_by_an_earlier_version_count_as_having_shown(tmp_path):
    with State(tmp_path / ".portance") as state:
        (state.folder / "scans.json").write_text(
            '[{"run_id": "a", "at": "2025-12-01T10:00:00+00:00", "findings": {"promise:soon": {}}}]'
        )
        beliefs = Beliefs(state, made.TODAY)
        charter = believed(0.9, "2025-12-24")
        assert beliefs.late("board", "promise:soon", charter.beliefs["board"])


# ---- thrust before lift


def panel(generator, effect, teams=14, weeks=70):
    thrust = generator.normal(size=(teams, weeks))
    lift = generator.normal(size=(teams, weeks))
    lift[:, 1:] += effect * thrust[:, :-1]
    thrust[generator.random(thrust.shape) < 0.1] = np.nan
    return thrust + generator.normal(size=(teams, 1)), lift + generator.normal(size=(1, weeks))


def test_a_planted_lead_is_found_with_its_size():
    thrust, lift = panel(np.random.default_rng(1), 0.4)
    found = lagged(lift, thrust, 1)
    low, high = found.limits()
    assert low < 0.4 / np.sqrt(1.16) < high  # in standard deviations of lift
    assert low > 0
    assert verdict(found, lagged(thrust, lift, 1), 0.9875) == "thrust_first"
    assert verdict(lagged(thrust, lift, 1), found, 0.9875) == "lift_first"


def test_where_nothing_leads_nothing_is_said_to():
    said = []
    for seed in range(60):
        thrust, lift = panel(np.random.default_rng(seed), 0.0, weeks=45)
        said += [verdict(lagged(lift, thrust, lag), lagged(thrust, lift, lag), 0.9875) for lag in (1, 2)]
    assert np.mean([one == "thrust_first" for one in said]) <= 0.05


@pytest.mark.parametrize(
    ("shape", "reason"),
    [((5, 60), "too_few_units"), ((10, 6), "too_few_periods"), ((10, 1), "too_few_periods")],
)
def test_a_panel_too_small_says_so(shape, reason):
    values = np.random.default_rng(0).normal(size=(2, *shape))
    assert lagged(values[0], values[1], 1).reason == reason


def test_a_panel_that_never_varies_says_so():
    assert (
        lagged(np.ones((10, 40)), np.random.default_rng(0).normal(size=(10, 40)), 1).reason == "never_varies"
    )


def test_the_lead_is_found_through_the_door(tmp_path):
    generator = np.random.default_rng(4)
    teams, weeks = 8, 45
    mood = generator.normal(size=(teams, weeks))
    broken = np.full((teams, weeks), 0.4)
    broken[:, 1:] -= 0.3 * np.tanh(mood[:, :-1])
    charter = made.mirrored_charter()
    with made.customers(
        Engine(threads=1, memory="500MB"),
        charter,
        weeks=weeks,
        teams=teams,
        per_week=20,
        calls=1.0,
        broken=broken,
    ) as engine:
        rows = [
            (f"e{team}-{one}", f"T{team}", "service", "enabled", float(np.clip(round(3 + mood[team, week] + generator.normal(0, 0.7)), 1, 5)), made.at(made.START + timedelta(7 * week)))
            for team in range(teams) for week in range(weeks) for one in range(10)
        ]  # fmt: skip
        found = measured(charter, made.staffed(engine, (), rows), tmp_path)["thrust"]
    first = row(found, lag_weeks=1)
    assert first["verdict"] == "thrust_first"
    assert first["ci_low"] > 0
    assert (first["units"], first["grade"]) == (teams, "D")


# ---- what must not come out


def test_everything_about_employees_is_locked_before_the_consultation(company, tmp_path):
    for consulted in (None, "2026-02-02"):
        employees = made.mirrored_charter().employees.model_dump(exclude={"consulted"}) | {
            "consulted": consulted
        }
        found = measured(made.mirrored_charter(employees=employees), company, tmp_path / str(consulted))
        assert all(one["employee_low"] is None and one["reason"] == "locked" for one in found["symmetry"])
        assert [one["reason"] for one in found["thrust"]] == ["locked"]
        assert [(one["value"], one["reason"]) for one in found["stall"]] == [(None, "locked")]
        assert [(one["share"], one["reason"]) for one in found["adoption"]] == [(None, "locked")]
        assert all(one["reason"] == "locked" for one in found["employee_figures"])
        assert found["simplified"]
        hidden = [name for name in found["simplified"][0] if name.startswith("employee")]
        assert all(not one[name] for one in found["simplified"] for name in hidden)
        assert all(
            one["said"] is None
            for one in found["artificial_reality"]
            if one["part"] in ("perception", "prediction")
        )
        assert not (tmp_path / str(consulted) / ".portance/employees/told.json").exists()


def test_no_table_about_employees_has_a_place_for_a_person_a_team_or_a_rank():
    assert [table.name for table in EMPLOYEE_TABLES] == [
        "symmetry", "thrust", "stall", "adoption", "simplified", "artificial_reality", "employee_figures",
    ]  # fmt: skip
    names = {column.name for table in EMPLOYEE_TABLES for column in table.columns}
    assert not names & {"agent", "person_id", "badge", "pseudonym", "team", "rank"}


def test_no_name_of_a_person_or_a_team_is_in_any_table(told):
    for name, rows in told.items():
        for one in rows:
            for value in one.values():
                assert not str(value).startswith(("e0-", "e1-", "T0", "T1")), name


def test_a_second_scan_tells_the_same_and_a_grown_one_keeps_the_earlier_figure(company, tmp_path):
    charter = made.mirrored_charter()
    first = measured(charter, company, tmp_path)
    assert measured(charter, company, tmp_path) == first
    with Engine(threads=1, memory="500MB") as engine:
        for name in ("interactions", "journey_interactions", "breaks", "clocks", "journeys", "promise_rates"):
            engine.table(name, company.arrow(f"select * from {name}"))
        joiner = [
            ("new", "T0", "service", question, 1.0, made.at(date(2025, 11, 3))) for question in made.QUESTIONS
        ]
        made.staffed(engine, made.work(), [*made.answers(), *joiner])
        grown = measured(charter, engine, tmp_path)
    before, after = (row(rows["symmetry"], measure="balance") for rows in (first, grown))
    assert (after["employee_low"], after["employee_high"]) == (
        before["employee_low"],
        before["employee_high"],
    )
    assert after["reason"] == "earlier_figure"


def test_a_company_that_declares_nothing_of_employees_has_empty_tables(customers_only, tmp_path):
    found = measured(made.mirrored_charter(employees=None, changes={}), customers_only, tmp_path)
    assert all(rows == [] for rows in found.values())


def test_declared_tables_have_the_columns_that_are_made():
    schemas = (records.SYMMETRY, records.THRUST, records.STALL, records.ADOPTION, records.SIMPLIFIED, records.ARTIFICIAL_REALITY, records.EMPLOYEE_FIGURES)  # fmt: skip
    for table, schema in zip(EMPLOYEE_TABLES, schemas, strict=True):
        assert [(column.name, column.type) for column in table.columns] == [
            (field.name, TYPES[str(field.type)]) for field in schema
        ]
