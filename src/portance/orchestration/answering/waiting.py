"""How soon people answer, in the hours in which a desk is open, those who gave up counted among the rest."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.charter import Charter
from portance.charter.machines import Desk
from portance.engine import Engine, Step
from portance.estimation import Estimate, quantile, shown_for
from portance.journeys import opening
from portance.journeys.columns import Columns
from portance.orchestration.answering import records
from portance.orchestration.answering.figures import columns, seed_of, share_of

CONTACTS = "answer_contacts"
WHO = """case when person_key is not null then 'p' || cast(person_key as varchar)
  when case_id is not null then 'c' || coalesce(case_key, '') || ':' || case_id else 'n' || cast(tie as varchar) end"""
"""Whose contact it is; one that nothing ties to anybody stands for itself."""
_READ = (
    "person_key", "case_key", "case_id", "tie", "t_us", "function", "channel", "actor", "initiated_by", "wait_ms", "outcome",
)  # fmt: skip
_SECOND_US = 1_000_000
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts at one desk: whose, how many seconds it took, whether that was an answer, and whether it may still come.

    A contact without either is one whose customer gave up after so long.
    """

    who: Integers
    seconds: Floats
    answered: Flags
    pending: Flags
    unknown: int
    measured: str


def answer_times(charter: Charter, engine: Engine, as_of_us: int, seed: int) -> pa.Table:
    """The table ``answer_times``: each declared desk, then each function and channel whose waits are known without one."""
    engine.run([_step(Columns(charter, engine.columns_or_none("interactions")), as_of_us)])
    try:
        rows = list(_rows(charter, engine, as_of_us, seed))
    finally:
        engine.drop(CONTACTS)
    return (
        records.table(records.ANSWER_TIMES, rows)
        if rows
        else records.nothing(records.ANSWER_TIMES, "no_desk_and_no_wait")
    )


def _step(read: Columns, as_of_us: int) -> Step:
    return Step(
        CONTACTS,
        f"""
        with named as (
          select {", ".join(map(read.read, _READ))} from interactions where t_us <= {as_of_us}
        ), owned as (
          select {WHO} as who, tie, t_us, function, channel, actor, initiated_by, wait_ms, outcome from named
        ), followed as (
          select *, min(case when initiated_by = 'company' then t_us end) over (
            partition by who, function order by t_us, tie rows between 1 following and unbounded following) as reply_us
          from owned
        )
        select who, t_us, function, channel, wait_ms, outcome = 'abandoned' as gave_up, reply_us from followed
        where actor is distinct from 'machine' and initiated_by is distinct from 'company'
          and function is not null and channel is not null""",
        ("interactions",),
        "One contact of a customer with a desk, with the next word of the company.",
    )


def _rows(charter: Charter, engine: Engine, as_of_us: int, seed: int) -> Iterator[dict[str, object]]:
    for name, desk in charter.desks.items():
        contacts = _contacts(charter, engine, desk.function, desk.channel, desk=desk, as_of_us=as_of_us)
        expected = _expected(engine, desk, seed_of(seed, name, "expected"))
        yield {"desk": name} | _row(
            desk.function, desk.channel, contacts, desk=desk, expected=expected, seed=seed_of(seed, name)
        )
    held = {(desk.function, desk.channel) for desk in charter.desks.values()}
    pairs = engine.rows(
        f"select function, channel from {CONTACTS} where wait_ms is not null group by all order by all"
    )
    for function, channel in pairs:
        if (function, channel) not in held:
            contacts = _contacts(charter, engine, function, channel, desk=None, as_of_us=as_of_us)
            yield _row(
                function, channel, contacts, desk=None, expected=None, seed=seed_of(seed, function, channel)
            )


def _contacts(
    charter: Charter, engine: Engine, function: str, channel: str, *, desk: Desk | None, as_of_us: int
) -> Contacts:
    told = engine.arrow(
        f"select who, t_us, wait_ms, coalesce(gave_up, false) as gave_up, reply_us from {CONTACTS} "
        "where function = ? and channel = ? order by t_us, who, wait_ms",
        [function, channel],
    )
    who = np.unique(np.array(told["who"].to_pylist(), dtype=np.str_), return_inverse=True)[1].astype(np.int64)
    start, wait, reply = (
        np.asarray(told[name].cast(pa.float64()).to_numpy(), dtype=np.float64)
        for name in ("t_us", "wait_ms", "reply_us")
    )
    gave_up = np.asarray(told["gave_up"].to_pylist(), dtype=bool)
    waits = bool((~np.isnan(wait)).any())
    if waits:
        end, answered, known = start + 1000 * wait, ~gave_up, ~np.isnan(wait)
        pending = np.zeros(len(start), dtype=bool)
    else:
        answered = ~np.isnan(reply)
        end, pending = np.where(answered, reply, as_of_us), ~answered & ~gave_up
        known = answered | pending  # nobody says when those who gave up did
        if not answered.any():
            known = np.zeros(len(start), dtype=bool)
    calendar = charter.calendars.get(desk.calendar) if desk and desk.calendar else None
    spent = opening.between(calendar, charter.company.timezone, start[known], end[known])
    return Contacts(
        who[known],
        spent / _SECOND_US,
        answered[known],
        pending[known],
        int((~known).sum()),
        "wait" if waits else "reply",
    )


def _expected(engine: Engine, desk: Desk, seed: int) -> Estimate | None:
    """The median of what customers say they expect, in seconds."""
    if desk.expected is None or engine.columns_or_none("responses") is None:
        return None
    told = engine.arrow(
        "select respondent, value, coalesce(weight, 1.0) as weight from responses where question = ? and value is not null "
        "order by respondent, value",
        [desk.expected],
    )
    if not told.num_rows:
        return None
    persons = np.array(
        [
            str(who) if who is not None else f"#{place}"
            for place, who in enumerate(told["respondent"].to_pylist())
        ]
    )
    values, weights = (told[name].cast(pa.float64()).to_numpy() for name in ("value", "weight"))
    return quantile(values, 0.5, seed=seed, persons=persons, weights=weights)


def _row(
    function: str,
    channel: str,
    contacts: Contacts,
    *,
    desk: Desk | None,
    expected: Estimate | None,
    seed: int,
) -> dict[str, object]:
    persons = len(np.unique(contacts.who))
    shown = shown_for(persons)
    head: dict[str, object] = {
        "channel": channel, "function": function, "answered": int(contacts.answered.sum()), "offered": len(contacts.who),
        "pending": int(contacts.pending.sum()), "unknown": contacts.unknown, "persons": persons, "measured": contacts.measured,
        "hours": "business" if desk and desk.calendar else "plain", "shown": shown,
        "standard_s": _seconds(desk.within) if desk else None, "standard_share": desk.share if desk and desk.within is not None else None,
        "announced_s": _seconds(desk.announced) if desk else None, **columns("expected_s", expected),
    }  # fmt: skip
    if not len(contacts.who):
        return head | {"verdict": "not_measurable", "reason": "no_wait_and_no_reply"}
    for name, q in (("median_s", 0.5), ("p90_s", 0.9)):
        head |= columns(name, _taken(contacts, q, seed))
    left = ~contacts.answered & ~contacts.pending
    if contacts.measured == "wait":
        head |= columns("gave_up", share_of(contacts.who, left, seed))
    if desk is None or desk.within is None:
        head["verdict"] = "no_standard"
    else:
        kept = _within(contacts, desk.within / _SECOND_US, seed)
        if kept is not None:
            head |= {"within_share": kept.value, "low": kept.ci_low, "high": kept.ci_high}
        head["verdict"] = _verdict(kept, desk.share)
        if shown != "suppressed":
            late = ~(contacts.answered & (contacts.seconds <= desk.within / _SECOND_US)) & ~contacts.pending
            head["people_late"] = len(np.unique(contacts.who[late]))
        head |= _gap(contacts, desk, seed)
    if desk and desk.announced is not None:
        head |= columns("announced_share", _within(contacts, desk.announced / _SECOND_US, seed))
    if expected is not None and expected.value is not None:
        head |= columns("expected_share", _within(contacts, expected.value, seed))
    return head


def _seconds(us: int | None) -> float | None:
    return None if us is None else us / _SECOND_US


def _taken(contacts: Contacts, q: float, seed: int) -> Estimate:
    return quantile(contacts.seconds, q, seed=seed, ended=contacts.answered, persons=contacts.who)


def _within(contacts: Contacts, seconds: float, seed: int) -> Estimate | None:
    """The share of all contacts that were answered within a time: who gave up was not; what may still be is left out."""
    soon = contacts.answered & (contacts.seconds <= seconds)
    decided = ~(contacts.pending & (contacts.seconds <= seconds))
    return share_of(contacts.who[decided], soon[decided], seed) if decided.any() else None


def _gap(contacts: Contacts, desk: Desk, seed: int) -> dict[str, object]:
    """By how many seconds the time within which the standard's share is answered lies beyond the standard."""
    if desk.within is None or not 0 < desk.share < 1:
        return {}
    standard = desk.within / _SECOND_US
    told = columns("gap_s", _taken(contacts, desk.share, seed))
    return {name: value - standard if isinstance(value, float) else None for name, value in told.items()}


def _verdict(kept: Estimate | None, share: float) -> str:
    if kept is None or kept.ci_low is None or kept.ci_high is None:
        return "not_detectable"
    if kept.ci_high < share:
        return "missed"
    return "kept" if kept.ci_low >= share else "not_detectable"
