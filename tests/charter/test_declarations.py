"""What single declarations accept, and what they must hold between them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from portance.charter import Charter, read
from portance.charter.calendar import Calendar
from portance.charter.declared import Money, Text, duration_us
from portance.charter.journey_type import BreakRules, JourneyType
from portance.charter.promise import Anchors, Clock, Level, Promise
from portance.charter.source import Entry, Lookup, Naming, Source
from portance.errors import CharterError, Problem

BASE = """\
portance: 1
company: {name: Test, timezone: Europe/Paris}
functions:
  sales: {name: {fr: Ventes, en: Sales}}
  service: {}
channels:
  phone: {}
sources:
  calls:
    read: calls.csv
    case: ticket
    identifiers: {account: customer}
    interactions:
      - {activity: sold, at: sold_at, function: sales}
      - {activity: served, at: served_at, function: service, channel: phone, tier: segment}
journeys:
  help: {by: case}
"""


def problems(folder: Path, text: str) -> dict[str, Problem]:
    file = folder / "charter.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CharterError) as caught:
        read(file)
    return {problem.path: problem for problem in caught.value.problems}


def charter(folder: Path, text: str) -> Charter:
    file = folder / "charter.yaml"
    file.write_text(text, encoding="utf-8")
    return read(file)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30 s", 30), ("5 min", 300), ("5 minutes", 300), ("1 hour", 3600), ("36h", 129_600), ("7 days", 604_800), ("2 Weeks", 1_209_600), ("1.5 h", 5400), ("0 s", 0)],
)  # fmt: skip
def test_durations_are_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert duration_us(text) == seconds * 1_000_000


@pytest.mark.parametrize(
    "text", ["7", "days", "7 moons", "-1 day", "1,5 h", "", "1 d 2 h", None, 7, True, "1e9 s"]
)
def test_other_durations_say_how_to_write_one(text: object) -> None:
    with pytest.raises(ValueError, match="a number and a unit"):
        duration_us(text)


def test_a_text_in_one_language_stands_for_both() -> None:
    assert Text.model_validate("Both").in_("fr") == "Both"
    assert Text(fr="Seul").in_("en") == "Seul"
    with pytest.raises(ValidationError):
        Text()


def test_a_name_is_written_read_or_computed_and_one_of_them_only() -> None:
    assert Naming.model_validate("sales").is_ == "sales"
    assert Naming.model_validate({"column": "team", "map": {"A": "sales"}}).map == {"A": "sales"}
    for wrong in ({}, {"column": "a", "formula": "b"}, {"is": "a", "column": "b"}, True):
        with pytest.raises(ValidationError):
            Naming.model_validate(wrong)


def test_keys_of_an_interaction_that_are_not_known_are_attributes() -> None:
    entry = Entry.model_validate({"activity": "a", "at": "t", "tier": "segment", "size": 3})
    assert entry.attributes == {"tier": "segment", "size": "3"}


def test_short_forms_of_sources_and_look_ups_are_written_out() -> None:
    source = Source.model_validate(
        {
            "read": "a.csv",
            "case": "ticket",
            "attributes": ["x"],
            "interactions": [{"activity": "a", "at": "t"}],
        }
    )
    assert (source.case, source.attributes, source.paths) == ({"ticket": "ticket"}, {"x": "x"}, ("a.csv",))
    lookup = Lookup.model_validate({"read": "b.csv", "on": "id", "take": ["state"]})
    assert (lookup.on, lookup.take) == ({"id": "id"}, {"state": "state"})


def test_a_source_is_one_kind_of_thing() -> None:
    for more in (
        {},
        {
            "interactions": [{"activity": "a", "at": "t"}],
            "readings": {"indicator": "x", "period": "p", "value": "v"},
        },
    ):
        with pytest.raises(ValidationError, match="one of"):
            Source.model_validate({"read": "a.csv", **more})


def test_a_promise_is_measured_one_way_and_its_facets_fit_it() -> None:
    clock = Clock(**{"from": "a", "to": "b"})
    says = Text(en="x")
    assert Promise(says=says, journey="help", clock=clock, expected=Level(due="a")).functional == "p90"
    measured = Promise.model_validate({"says": "x", "journey": "help", "measure": "last(ok)"})
    assert (measured.functional, measured.better) == ("share", "higher")
    for wrong in (
        {},
        {"clock": clock, "measure": "last(ok)"},
        {"clock": clock, "functional": "share"},
        {"clock": clock, "functional": "p0"},
        {"clock": clock, "offered": Level(at_least=3)},
        {"measure": "last(ok)", "expected": Level(due="a")},
    ):
        with pytest.raises(ValidationError):
            Promise(says=says, journey="help", **wrong)


def test_a_facet_has_one_value_and_anchors_go_one_way() -> None:
    for wrong in ({}, {"at_most": 1, "at_least": 2}, {"at_most": 1, "due": "a"}):
        with pytest.raises(ValidationError):
            Level(**wrong)
    Anchors(unacceptable=24, adequate=8, desired=1)
    with pytest.raises(ValidationError, match="one way"):
        Anchors(unacceptable=1, adequate=8, desired=1)


def test_money_lies_inside_its_range() -> None:
    with pytest.raises(ValidationError, match="outside its range"):
        Money(value=9, range=(5, 8), source="us")


def test_opening_hours_are_quarters_in_order() -> None:
    calendar = Calendar.model_validate(
        {"hours": {"mon": ["08:30-12:00", "13:00 - 18:00"], "tue": ["00:00-24:00"]}}
    )
    assert calendar.opened("mon") == ((510, 720), (780, 1080))
    assert calendar.opened("tue") == ((0, 1440),)
    assert calendar.opened("sun") == ()
    for wrong in (
        ["08:10-12:00"],
        ["12:00-08:00"],
        ["08:00-12:00", "11:00-13:00"],
        ["08:00-25:00"],
        ["8-12"],
    ):
        with pytest.raises(ValidationError):
            Calendar.model_validate({"hours": {"mon": wrong}})


def test_a_break_can_be_switched_off_in_a_word() -> None:
    rules = BreakRules.model_validate(
        {"repeat_contact": "off", "ping_pong": False, "reopened": {"within": "10 days"}}
    )
    assert rules.repeat_contact.off
    assert rules.ping_pong.off
    assert not rules.reopened.off
    assert rules.reopened.within == 10 * 86_400_000_000
    assert JourneyType(by="person").gap == 7 * 86_400_000_000


@pytest.mark.parametrize(
    ("old", "new", "path", "nearest"),
    [
        ("function: sales", "function: sale", "sources.calls.interactions[0].function", "sales"),
        ("channel: phone", "channel: fone", "sources.calls.interactions[1].channel", "phone"),
        ("function: sales", "function: sales, actor: humans", "sources.calls.interactions[0].actor", "human"),
        ("function: sales", "function: sales, outcome: resolve", "sources.calls.interactions[0].outcome", "resolved"),
        ("function: sales", "function: sales, initiated_by: client", "sources.calls.interactions[0].initiated_by", None),
        ("function: sales", "function: {column: f, map: {A: sals}}", "sources.calls.interactions[0].function", "sales"),
        ("Europe/Paris", "Europe/Pari", "company.timezone", "Europe/Paris"),
        ("by: case", "by: case, case: tiket", "journeys.help.case", "ticket"),
        ("by: case", "by: case, where: chanel = 'phone'", "journeys.help.where", "channel"),
        ("at: sold_at", "at: sold_at || (select 1)", "sources.calls.interactions[0].at", None),
        ("at: sold_at", "at: sold_at, rating: {csat: note / (select 2)}", "sources.calls.interactions[0].rating.csat", None),
        ("case: ticket", "case: {ticket: lower(ticket) || now()}", "sources.calls.case.ticket", None),
        ("{account: customer}", "{account: read_csv('x')}", "sources.calls.identifiers.account", None),
        ("tier: segment", "'my tier': segment", "sources.calls.interactions[1].my tier", None),
        ("    case: ticket", "    case: ticket\n    attributes: {source: x}", "sources.calls.attributes.source", None),
        ("channels:", "identifiers: {acount: {cap: 5}}\nchannels:", "identifiers.acount", "account"),
        ("journeys:", "breaks: {asked_again: {activities: [sale]}}\njourneys:", "breaks.asked_again.activities[0]", None),
        ("journeys:", "breaks: {long_wait: {calendar: opening}}\njourneys:", "breaks.long_wait.calendar", None),
        ("journeys:", "breaks: {reopened: {when: sum(rating) > 3}}\njourneys:", "breaks.reopened.when", None),
        ("journeys:", "breaks: {reopened: {cost: contact}}\njourneys:", "breaks.reopened.cost", None),
        ("journeys:", "segments: {tier: {by: teir}}\njourneys:", "segments.tier.by", "tier"),
        ("journeys:", "voices: {complaints: [serve]}\njourneys:", "voices.complaints[0]", "served"),
        ("journeys:", "pressure: {activities: [sol]}\njourneys:", "pressure.activities[0]", "sold"),
        ("journeys:", "sampling: {weight: 'case when tier then 2'}\njourneys:", "sampling.weight", None),
    ],
)  # fmt: skip
def test_what_does_not_hold_between_declarations_is_told(
    tmp_path: Path, old: str, new: str, path: str, nearest: str | None
) -> None:
    charter(tmp_path, BASE)
    told = problems(tmp_path, BASE.replace(old, new, 1))
    assert set(told) == {path}
    assert told[path].nearest == nearest
    assert told[path].line


PROMISE = """\
promises:
  fast:
    says: Fast
    journey: help
    clock: {from: sold, to: served, unit: hours}
    offered: {at_most: 4, by: us}
"""


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("journey: help", "journey: halp", "promises.fast.journey"),
        ("from: sold", "from: sell", "promises.fast.clock.from"),
        ("unit: hours", "unit: business_hours", "promises.fast.clock.calendar"),
        ("unit: hours", "unit: hours, calendar: open", "promises.fast.clock.calendar"),
        ("journey: help", "journey: help\n    owners: [sale]", "promises.fast.owners[0]"),
        ("journey: help", "journey: help\n    segments: [tier]", "promises.fast.segments[0]"),
        ("journey: help", "journey: help\n    void_when: outcom = 'abandoned'", "promises.fast.void_when"),
        ("offered: {at_most: 4, by: us}", "expected: {due: sells}", "promises.fast.expected.due"),
        ("offered: {at_most: 4, by: us}", "offered: {at_most: 4, by: us}\n    intended: {at_most: 4, by: us}", "promises.fast.offered"),
        ("    clock: {from: sold, to: served, unit: hours}\n    offered: {at_most: 4, by: us}", "    measure: last(tier) - tier", "promises.fast.measure"),
    ],
)  # fmt: skip
def test_what_does_not_hold_in_a_promise_is_told(tmp_path: Path, old: str, new: str, path: str) -> None:
    assert charter(tmp_path, BASE + PROMISE).promises["fast"].functional == "p90"
    assert set(problems(tmp_path, BASE + PROMISE.replace(old, new, 1))) == {path}


def test_several_case_keys_must_be_told_apart(tmp_path: Path) -> None:
    told = problems(tmp_path, BASE.replace("case: ticket", "case: {ticket: t, order: o}"))
    assert told["journeys.help.case"].expected == "one of the case keys order, ticket"


def test_a_journey_by_case_needs_a_case(tmp_path: Path) -> None:
    assert problems(tmp_path, BASE.replace("    case: ticket\n", ""))["journeys.help"].given == "by: case"


def test_functions_read_from_data_need_no_declaration(tmp_path: Path) -> None:
    assert (
        charter(tmp_path, BASE.replace("function: sales", "function: {column: team}")).label("Team 7", "fr")
        == "Team 7"
    )


def test_a_complaint_may_be_an_intent_that_only_the_data_know(tmp_path: Path) -> None:
    complaints = "voices: {complaints: [litige]}\n"
    assert set(problems(tmp_path, BASE + complaints)) == {"voices.complaints[0]"}
    told = charter(tmp_path, BASE.replace("function: sales", "function: sales, intent: why") + complaints)
    assert told.voices.complaints == ("litige",)


@pytest.mark.parametrize("declared", ["indicators", "context"])
def test_a_team_is_read_by_week_at_the_finest(tmp_path: Path, declared: str) -> None:
    told = {
        "indicators": "{calls: {function: service, measure: count(*), better: lower, per: PER}}",
        "context": "{calls: {measure: count(*), per: PER}}",
    }[declared]
    text = f"{BASE}{declared}: {told}\n"
    for per in ("[team, week]", "[team, month]", "[function, day]", "[day]"):
        charter(tmp_path, text.replace("PER", per))
    (problem,) = problems(tmp_path, text.replace("PER", "[team, day]")).values()
    assert problem.path == f"{declared}.calls.per"
    assert "[team, week]" in f"{problem.expected} {problem.remedy}"


WORK = """\
  desk:
    read: work.csv
    work: {employee: badge, at: at, kind: tool}
  barometer:
    read: barometer.csv
    employee_answers: {employee: badge, question: q1, value: answer}
employees: {consulted: 2025-01-15, questions: {q1: {means: workload}}}
"""


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("value: answer", "value: answer, verbatim: comment", "sources.barometer.employee_answers.verbatim"),
        ("kind: tool", "kind: tool, verbatim: note", "sources.desk.work.verbatim"),
        ("kind: tool", "kind: pause", "sources.desk.work.kind"),
        ("kind: tool", "kind: {column: k, map: {x: idle}}", "sources.desk.work.kind"),
        ("means: workload", "means: emotion", "employees.questions.q1.means"),
        ("consulted: 2025-01-15,", "consulted: 2025-01-15, floor: 9,", "employees.floor"),
    ],
)
def test_there_is_no_place_for_what_employees_write_feel_or_rest(
    tmp_path: Path, old: str, new: str, path: str
) -> None:
    sources, employees = WORK.split("employees:", 1)
    text = BASE.replace("journeys:\n", f"{sources}journeys:\n") + f"employees:{employees}"
    charter(tmp_path, text)
    assert set(problems(tmp_path, text.replace(old, new, 1))) == {path}


def test_attention_is_for_those_who_hold_several_conversations(tmp_path: Path) -> None:
    desk = (
        BASE
        + "desks:\n  line: {function: sales, channel: phone, agents: 3, concurrency: 3, attention: 0.5}\n"
    )
    assert charter(tmp_path, desk).desks["line"].attention == 0.5
    assert set(problems(tmp_path, desk.replace("concurrency: 3, ", ""))) == {"desks.line"}


DESK = "desks: {line: {function: service, channel: phone, agents: 4, source: ours, within: 20 s}}"


@pytest.mark.parametrize(
    ("added", "path", "line", "remedy"),
    [
        ("employees: {questions: {tools: {\n  scale: [1, 5],\n  agree: 8}}}", "employees.questions.tools.agree", 20, "between 1 and 5"),
        ("employees: {questions: {tools: {\n  agree: 0.5}}}", "employees.questions.tools.agree", 19, "between 1 and 5"),
        ("surveys: {ask: {rating: csat,\n  satisfied: 8}}", "surveys.ask.satisfied", 19, "between 1 and 5"),
        ("machines: {bot: {function: service,\n  activities: []}}", "machines.bot.activities", 19, "leave the key out"),
        ("machines: {bot: {function: service,\n  intents: []}}", "machines.bot.intents", 19, "leave the key out"),
        ("voices: {irritants: {meter: {words: {\n  fr: ['']}}}}", "voices.irritants.meter.words.fr[0]", 19, "Write a word"),
        ("voices: {irritants: {meter: {words: {\n  en: [meter, '..']}}}}", "voices.irritants.meter.words.en[1]", 19, "Write a word"),
        ("voices: {irritants: {meter: {words: {\n  en: ['~ *|*']}}}}", "voices.irritants.meter.words.en[0]", 19, "Write a word"),
    ],
)  # fmt: skip
def test_a_value_that_can_mean_nothing_is_told(
    tmp_path: Path, added: str, path: str, line: int, remedy: str
) -> None:
    told = problems(tmp_path, BASE + added + "\n")
    assert set(told) == {path}
    assert told[path].line == line
    assert remedy in told[path].remedy


def test_values_at_the_ends_of_a_scale_mean_something(tmp_path: Path) -> None:
    read_ = charter(
        tmp_path,
        BASE
        + "employees: {questions: {tools: {scale: [1, 5], agree: 5}, load: {agree: 1}}}\nsurveys: {ask: {rating: csat, satisfied: 5}}\n",
    )
    assert read_.employees is not None
    assert read_.employees.questions["tools"].agree == 5


@pytest.mark.parametrize(
    ("added", "path"),
    [
        (DESK.replace("20 s", "0 s"), "desks.line.within"),
        (DESK.replace("within", "handling: 0 min, within"), "desks.line.handling"),
        (DESK.replace("within", "patience: 0 s, within"), "desks.line.patience"),
        ("retention: {left: [served], horizon: 0 days}", "retention.horizon"),
        ("retention: {silent_after: 0 days}", "retention.silent_after"),
        ("pressure: {within: 0 days}", "pressure.within"),
        ("surveys: {ask: {rating: csat, within: 0 s}}", "surveys.ask.within"),
        ("dosage: {resolved_within: 0 days}", "dosage.resolved_within"),
        ("takeover: {within: 0 days}", "takeover.within"),
        ("breaks: {repeat_contact: {within: 0 days}}", "breaks.repeat_contact.within"),
    ],
)
def test_a_length_of_time_that_must_be_above_zero_is_told(tmp_path: Path, added: str, path: str) -> None:
    told = problems(tmp_path, f"{BASE}{added}\n")
    assert set(told) == {path}
    assert told[path].line == 18
    assert told[path].given.startswith("'0 ")
    assert "above zero" in told[path].expected


@pytest.mark.parametrize("key", ["horizon", "silent_after"])
def test_a_length_of_time_beyond_a_century_is_told(tmp_path: Path, key: str) -> None:
    left = "left: [served], " if key == "horizon" else ""
    told = problems(tmp_path, f"{BASE}retention: {{{left}{key}: 200000000 days}}\n")
    assert set(told) == {f"retention.{key}"}
    assert "100 years" in told[f"retention.{key}"].expected


def test_a_horizon_shorter_than_its_period_is_told(tmp_path: Path) -> None:
    told = problems(tmp_path, BASE + "retention: {left: [served], horizon: 3 days}\n")
    assert set(told) == {"retention.horizon"}
    assert "month" in told["retention.horizon"].expected
    short = charter(tmp_path, BASE + "retention: {left: [served], horizon: 7 days, period: week}\n")
    assert short.retention is not None
