"""The sheets of people and machines in the workbook: whole tables, each only where the run built it; no text of a customer."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pyarrow as pa

from portance.charter import Charter
from portance.views.figure import shown_for
from portance.views.naming import Naming
from portance.views.reading import Row, names, number, text, whole
from portance.views.run import RunFacts
from portance.views.sheets import Cell, Kind, Maker, Sheet
from portance.views.speech import Speech


def build(
    charter: Charter, tables: Mapping[str, pa.Table], run: RunFacts, speech: Speech
) -> tuple[Sheet, ...]:
    """Irritants, the silent, pressure, both sides, the stall, tools, human and machine, take-overs, answer times, departures: those with rows."""
    make = Maker(charter, tables, run, Naming(charter, speech), speech)
    locked = charter.employees is not None and not charter.employees.unlocked(run.generated_at.date())
    makers: tuple[tuple[str, Callable[[Maker], Sheet], bool], ...] = (
        ("irritants", _irritants, False), ("silent", _silent, False), ("pressure", _pressure, False), ("symmetry", _symmetry, locked),
        ("stall", _stall, locked), ("adoption", _adoption, locked),
        ("artificial_reality", _reality, locked), ("dosage", _dosage, False), ("containment", _containment, False), ("takeovers", _takeovers, False),
        ("takeover_policy", _policy, False),
        ("answer_times", _answers, False), ("retention", _retention, False),
    )  # fmt: skip
    return tuple(
        one(make) for table, one, shut in makers if not shut and table in tables and tables[table].num_rows
    )


def _sheet(
    make: Maker,
    key: str,
    table: str,
    columns: list[tuple[str, Kind]],
    row: Callable[[Row], tuple[object, ...]],
) -> Sheet:
    """A sheet in which the ends of a figure bear its name: two columns never have the same heading."""
    sheet = make.sheet(key, table, columns, row)
    headed, figure = [], ""
    for column, (name, _) in zip(sheet.columns, columns, strict=True):
        if name in ("low", "high"):
            headed.append(replace(column, heading=make.speech.say(f"end.{name}", of=figure)))
        else:
            headed.append(column)
            figure = column.heading
    return replace(sheet, columns=tuple(headed))


def _told(row: Row, persons: object, value: str) -> str:
    count = number(persons)
    return shown_for(None if count is None else round(count), number(row[value]), row["shown"])


def _ranged(row: Row, shown: str, *columns: str) -> tuple[float | None, ...]:
    """The first column is the point, the others its ends; what may not be told is empty."""
    if shown in ("suppressed", "missing"):
        return (None,) * len(columns)
    point, *ends = columns
    return (number(row[point]) if shown == "point" else None, *(number(row[end]) for end in ends))


def _irritants(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        shown = _told(held, held["persons"], "share")
        public = held["public_only"] is True
        shown = "missing" if public else shown
        return (
            number(held["rank"]), naming.irritant(text(held["irritant"])), naming.word("voice_language", text(held["language"])) if held["language"] else "",
            naming.promise(text(held["promise"])) if held["promise"] else "", naming.anything(text(held["seam"])) if held["seam"] else "",
            ", ".join(naming.functions(held["owners"])), *_ranged(held, shown, "share", "share_low", "share_high"),
            *_ranged(held, shown, "severity", "severity_low", "severity_high"), *_ranged(held, shown, "loss", "loss_low", "loss_high"),
            *_ranged(held, shown, "lost", "lost_low", "lost_high"), None if shown in ("suppressed", "missing") else whole(held["persons"]),
            text(held["grade"]), make.speech.say("voices.public") if public else make.speech.say(f"told.{shown}"), naming.reason(held["reason"]),
        )  # fmt: skip

    return _sheet(
        make,
        "irritants", "irritants",
        [("rank", "count"), ("irritant", "text"), ("voice_language", "text"), ("promise", "long"), ("seam_of", "text"), ("owners", "text"),
         ("frequency", "share"), ("low", "share"), ("high", "share"), ("severity_of", "number"), ("low", "number"), ("high", "number"),
         ("money", "money"), ("money_low", "money"), ("money_high", "money"), ("lost", "number"), ("low", "number"), ("high", "number"),
         ("people", "count"), ("grade", "text"), ("told", "text"), ("reason", "long")],
        row,
    )  # fmt: skip


def _silent(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        kind: Kind = "share" if text(held["unit"]) == "share" else "number"
        shown = _told(held, held["answers"], "estimate")
        told = shown in ("point", "interval")
        figures = (
            *_ranged(held, _told(held, held["answers"], "naive"), "naive", "naive_low", "naive_high"), *_ranged(held, shown, "estimate", "ci_low", "ci_high"),
            *(number(held[name]) if told else None for name in ("band_low", "band_high")), number(held["target"]),
        )  # fmt: skip
        return (
            naming.survey(text(held["question"])), naming.segment(held["segment"]), *(Cell(value, kind) for value in figures),
            number(held["flips_at"]) if told else None, whole(held["answers"]), whole(held["asked"]), whole(held["people"]), number(held["rate"]),
            whole(held["follow_up"]), ", ".join(naming.word("silent_warning", code) for code in names(held["warning"])), naming.reason(held["reason"]),
        )  # fmt: skip

    return _sheet(
        make,
        "silent", "silent",
        [("question", "text"), ("segment", "text"), ("naive", "number"), ("low", "number"), ("high", "number"), ("estimate", "number"), ("low", "number"),
         ("high", "number"), ("band_from", "number"), ("band_to", "number"), ("target", "number"), ("flips", "number"), ("answers", "count"), ("asked", "count"),
         ("people", "count"), ("response_rate", "share"), ("follow_up", "count"), ("warning", "long"), ("reason", "long")],
        row,
    )  # fmt: skip


def _pressure(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        shown = _told(held, held["persons"], "per_person")
        told = shown in ("point", "interval")
        asked = shown_for(whole(held["asked"]), number(held["response_rate"]))
        return (
            naming.function(held["function"]) if held["function"] else naming.segment(None), text(held["period"])[:10], whole(held["persons"]) if told else None,
            whole(held["contacts"]) if told else None, number(held["per_person"]) if told else None,
            *_ranged(held, shown, "over_share", "over_low", "over_high"), whole(held["asked"]), *_ranged(held, asked, "response_rate", "rate_low", "rate_high"),
        )  # fmt: skip

    return _sheet(
        make,
        "pressure", "pressure",
        [("function", "text"), ("period", "text"), ("people", "count"), ("contacts", "count"), ("per_person", "number"), ("over_share", "share"), ("low", "share"),
         ("high", "share"), ("asked", "count"), ("response_rate", "share"), ("low", "share"), ("high", "share")],
        row,
    )  # fmt: skip


def _symmetry(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        hidden = text(held["shown"]) == "suppressed"
        people = number(held["persons"])
        customer = shown_for(None if people is None else round(people), number(held["customer"]))
        employee = "suppressed" if hidden else "missing" if held["employee"] is None else "point"
        return (
            naming.journey(text(held["journey_type"]) or None), naming.step(text(held["step"])), naming.word("mirror_measure", text(held["measure"])),
            *_ranged(held, customer, "customer", "customer_low", "customer_high"), *_ranged(held, employee, "employee", "employee_low", "employee_high"),
            *_ranged(held, "suppressed" if hidden else "point", "balance", "ci_low", "ci_high"), text(held["unit"]),
            None if hidden else number(held["employees"]), "" if hidden or not held["state"] else naming.word("mirror_state", text(held["state"])), naming.reason(held["reason"]),
        )  # fmt: skip

    return _sheet(
        make,
        "symmetry", "symmetry",
        [("journey", "text"), ("step_name", "text"), ("measure", "text"), ("customer_side", "number"), ("low", "number"), ("high", "number"),
         ("employee_side", "number"), ("low", "number"), ("high", "number"), ("balance", "number"), ("low", "number"), ("high", "number"), ("unit", "text"),
         ("employees", "count"), ("state", "text"), ("reason", "long")],
        row,
    )  # fmt: skip


def _stall(make: Maker) -> Sheet:
    """Whether an alarm is earned and how it did; the interval of a curve is that of what happened."""
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        kind: Kind = "share" if text(held["unit"]) == "share" else "number"
        ends, curve = (number(held["low"]), number(held["high"])), text(held["figure"]) == "curve"
        none = (None, None)
        return (
            naming.word("stall.of", text(held["figure"])), text(held["period"])[:10], naming.word("basis", text(held["basis"])),
            *(Cell(value, kind) for value in (number(held["value"]), *(none if curve else ends))), text(held["unit"]),
            number(held["observed"]), *(ends if curve else none), number(held["persistence"]), number(held["n"]), number(held["teams"]),
            number(held["employees"]), naming.word("stall_verdict", text(held["verdict"])) if held["verdict"] else "", naming.reason(held["reason"]),
        )  # fmt: skip

    return _sheet(
        make,
        "stall", "stall",
        [("figure", "text"), ("from_day", "text"), ("basis", "text"), ("value", "number"), ("low", "number"), ("high", "number"), ("unit", "text"),
         ("observed", "share"), ("low", "share"), ("high", "share"), ("persistence", "share"), ("observations", "count"), ("teams", "count"),
         ("employees", "count"), ("verdict", "text"), ("reason", "long")],
        row,
    )  # fmt: skip


def _adoption(make: Maker) -> Sheet:
    naming, say = make.naming, make.speech.say

    def row(held: Row) -> tuple[object, ...]:
        shown, later = text(held["shown"]) or "missing", text(held["kept_shown"]) or "missing"
        told = shown != "suppressed"
        late = held["on_time"]
        return (
            naming.of_employees(text(held["tool"])), text(held["since"])[:10], number(held["entitled"]), number(held["users"]) if told else None,
            *_ranged(held, shown, "share", "low", "high"), *_ranged(held, shown, "workarounds", "workarounds_low", "workarounds_high"),
            number(held["employees"]) if told else None, naming.reason(held["reason"]),
            *_ranged(held, later, "kept", "kept_low", "kept_high"), number(held["followed"]) if later != "suppressed" else None,
            naming.reason(held["kept_reason"]), "" if late is None else say("adoption.on_time" if late is True else "adoption.late"),
        )  # fmt: skip

    return _sheet(
        make,
        "adoption", "adoption",
        [("tool", "text"), ("since", "text"), ("entitled", "count"), ("users", "count"), ("adopted", "share"), ("low", "share"), ("high", "share"),
         ("workarounds", "share"), ("low", "share"), ("high", "share"), ("employees", "count"), ("reason", "long"), ("kept", "share"), ("low", "share"),
         ("high", "share"), ("followed", "count"), ("kept_reason", "long"), ("on_time", "text")],
        row,
    )  # fmt: skip


def _reality(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        part, subject = text(held["part"]), text(held["subject"])
        kind: Kind = "share" if text(held["unit"]) == "share" else "number"
        hidden = "suppressed" if text(held["shown"]) == "suppressed" else "point"
        figures = (
            *_ranged(held, hidden, "said", "said_low", "said_high"), *_ranged(held, hidden, "lived", "lived_low", "lived_high"),
            *_ranged(held, hidden, "gap", "gap_low", "gap_high"),
        )  # fmt: skip
        missing = ", ".join(
            make.speech.say(f"ambition.{code}")
            for code in names(held["missing"])
            if make.speech.knows(f"ambition.{code}")
        )
        return (
            naming.word("reality_part", part), naming.ambition(subject) if part in ("action", "belief") else naming.of_employees(subject), missing,
            *(Cell(value, kind) for value in figures), text(held["unit"]), number(held["n"]), naming.reason(held["reason"]),
        )  # fmt: skip

    return _sheet(
        make,
        "artificial_reality", "artificial_reality",
        [("kind", "text"), ("subject", "long"), ("missing", "text"), ("said_value", "number"), ("low", "number"), ("high", "number"), ("lived_value", "number"),
         ("low", "number"), ("high", "number"), ("balance", "number"), ("low", "number"), ("high", "number"), ("unit", "text"), ("observations", "count"), ("reason", "long")],
        row,
    )  # fmt: skip


def _dosage(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        shown = _told(held, held["persons"], "effect")
        told = shown in ("point", "interval") and text(held["verdict"]) != "no_support"
        return (
            naming.anything(text(held["intent"]) or None), naming.segment(held["segment"]), naming.word("outcome", text(held["outcome"])),
            naming.word("compared", text(held["compared"])), *(number(held[name]) if told else None for name in ("human", "machine")),
            *_ranged(held, shown if told else "missing", "effect", "ci_low", "ci_high"), *_ranged(held, shown, "raw", "raw_low", "raw_high"),
            number(held["overlap"]), number(held["ess"]), whole(held["n"]), naming.word("dose_verdict", text(held["verdict"])) if held["verdict"] else "",
            text(held["grade"]), naming.reason(held["reason"]),
        )  # fmt: skip

    return _sheet(
        make,
        "dosage", "dosage",
        [("intent", "text"), ("segment", "text"), ("outcome", "text"), ("compared", "text"), ("human", "number"), ("machine", "number"), ("difference", "number"),
         ("low", "number"), ("high", "number"), ("raw", "number"), ("low", "number"), ("high", "number"), ("overlap", "share"), ("ess", "number"),
         ("observations", "count"), ("verdict", "text"), ("grade", "text"), ("reason", "long")],
        row,
    )  # fmt: skip


def _shares(
    make: Maker, table: str, first: list[tuple[str, Kind]], start: Callable[[Row], tuple[object, ...]], columns: tuple[str, ...]
) -> Sheet:  # fmt: skip
    """A sheet of shares with their ends, after what they are of; a heading is named by its table and column."""

    def row(held: Row) -> tuple[object, ...]:
        found: list[object] = [*start(held)]
        for name in columns:
            shown = _told(held, held["persons"], name)
            found += _ranged(held, shown, name, f"{name}_low", f"{name}_high")
        return tuple(found)

    heads: list[tuple[str, Kind]] = [*first]
    for name in columns:
        heads += [(f"{table}_{name}", "share"), ("low", "share"), ("high", "share")]
    return _sheet(make, table, table, heads, row)


def _containment(make: Maker) -> Sheet:
    def start(held: Row) -> tuple[object, ...]:
        intent = text(held["intent"])
        return (
            make.naming.machine(text(held["machine"])),
            make.naming.anything(intent) if intent else "",
            whole(held["sessions"]),
        )

    return _shares(
        make, "containment", [("machine", "text"), ("intent", "text"), ("sessions", "count")], start,
        ("contained", "resolved", "false_containment", "handed", "abandoned", "deflected"),
    )  # fmt: skip


def _takeovers(make: Maker) -> Sheet:
    def start(held: Row) -> tuple[object, ...]:
        shown = _told(held, held["persons"], "wait_s")
        return (
            make.naming.machine(text(held["machine"])), make.naming.function(text(held["to_function"]) or None), whole(held["handovers"]),
            number(held["wait_s"]) if shown == "point" else None, make.naming.reason(held["reason"]),
        )  # fmt: skip

    return _shares(
        make, "takeovers", [("machine", "text"), ("to_human", "text"), ("handovers", "count"), ("wait_s", "number"), ("reason", "long")], start,
        ("reachable", "trapped", "asked_again", "solved", "premature", "late"),
    )  # fmt: skip


def _policy(make: Maker) -> Sheet:
    def row(held: Row) -> tuple[object, ...]:
        kind: Kind = "share" if text(held["unit"]) == "share" else "number"
        shown = _told(held, held["conversations"], "value")
        return (
            make.naming.word("policy_part", text(held["part"])), make.naming.word("policy.of", text(held["figure"])), make.naming.word("basis", text(held["basis"])),
            *(Cell(value, kind) for value in _ranged(held, shown, "value", "low", "high")), whole(held["conversations"]) or None,
            make.speech.say(f"told.{shown}"), make.naming.reason(held["reason"]),
        )  # fmt: skip

    return _sheet(
        make, "takeover_policy", "takeover_policy",
        [("policy_part", "text"), ("policy_figure", "text"), ("basis", "text"), ("value", "number"), ("low", "number"), ("high", "number"),
         ("conversations", "count"), ("told", "text"), ("reason", "long")],
        row,
    )  # fmt: skip


def _answers(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        shown = _told(held, held["answered"], "within_share")
        return (
            naming.desk(text(held["desk"])) if held["desk"] else "", naming.function(text(held["function"]) or None), whole(held["answered"]),
            *_ranged(held, shown, "within_share", "low", "high"), *(number(held[name]) for name in ("median_s", "p90_s", "standard_s", "announced_s", "expected_s")),
            naming.word("answer_verdict", text(held["verdict"])) if held["verdict"] else "", naming.reason(held["reason"]),
        )  # fmt: skip

    return _sheet(
        make,
        "answer_times", "answer_times",
        [("desk", "text"), ("function", "text"), ("answered", "count"), ("within_share", "share"), ("low", "share"), ("high", "share"), ("median_s", "number"),
         ("p90_s", "number"), ("standard_s", "number"), ("announced_s", "number"), ("expected_s", "number"), ("verdict", "text"), ("reason", "long")],
        row,
    )  # fmt: skip


def _retention(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        shown = _told(held, held["persons"], "soon_per_100")
        return (
            naming.exposure(text(held["exposure"])), naming.journey(text(held["journey_type"]) or None) if held["journey_type"] else "",
            naming.word("departure", text(held["reason"]) or "all"), *_ranged(held, shown, "soon_per_100", "soon_low", "soon_high"),
            *_ranged(held, shown, "lost_per_100", "lost_low", "lost_high"),
            *_ranged(held, shown, "hazard_ratio", "ci_low", "ci_high"), whole(held["exposed"]), whole(held["persons"]), whole(held["departures"]),
            naming.word("stay_verdict", text(held["verdict"])) if held["verdict"] else "", text(held["grade"]), naming.reason(held["reason_null"]),
        )  # fmt: skip

    return _sheet(
        make,
        "retention", "retention",
        [("exposure", "text"), ("journey", "text"), ("departures_of", "text"), ("soon_per_100", "number"), ("low", "number"), ("high", "number"),
         ("lost_per_100", "number"), ("low", "number"), ("high", "number"),
         ("hazard_ratio", "number"), ("low", "number"), ("high", "number"), ("exposed", "count"), ("people", "count"), ("departures", "count"),
         ("verdict", "text"), ("grade", "text"), ("reason", "long")],
        row,
    )  # fmt: skip
