"""The dose of human and machine of a company, from its interactions: every table of it, in one pass."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine, literal
from portance.estimation.doubly_robust import Contrast, contrast
from portance.orchestration.dosage.comparing import ALL, Cell, Issues, compared, design, issues
from portance.orchestration.dosage.contacts import UNKNOWN, Contacts, Floats, Integers, read_contacts
from portance.orchestration.dosage.containing import automations, containment, machines_of
from portance.orchestration.dosage.curving import curves
from portance.orchestration.dosage.excluding import left_out, phoned_for
from portance.orchestration.dosage.issues import follow
from portance.orchestration.dosage.judging import judged
from portance.orchestration.dosage.queues import queues, told
from portance.orchestration.dosage.records import SCHEMAS, table
from portance.orchestration.dosage.remaining import remaining

_LOST_WITHIN_US = 90 * 86_400_000_000


def dose(charter: Charter, engine: Engine, as_of_us: int, seed: int) -> dict[str, pa.Table]:
    """The tables ``dosage``, ``containment``, ``dose_curve``, ``queues``, ``machines``, ``left_out``, ``phoned_for`` and ``remaining``.

    Reads ``interactions``, and ``breaks`` and ``promise_rates`` where there are. Without contacts the tables are empty.
    """
    contacts = read_contacts(charter, engine)
    if contacts is None:
        return {name: table(name, [], reason="no_contact") for name in SCHEMAS}
    value = charter.values.get("contact")
    costs = {name: one.cost for name, one in charter.machines.items() if one.cost is not None}
    sessions = follow(
        contacts, charter.dosage.resolved_within, as_of_us, (costs, value.value if value else float("nan"))
    )
    found = issues(charter, contacts, sessions, _breaks(engine), _lost(charter, engine, contacts, as_of_us))
    by_machine = {name: assigned(charter, name) for name in machines_of(charter, contacts)}
    rows, effects = compared(charter, contacts, found, _by_intent(charter, contacts, by_machine), seed)
    contained = containment(charter, contacts, sessions, seed)
    judgements = {name: _on(contacts, found, name, seed, effects) for name in by_machine}
    desks = queues(charter, contacts, as_of_us=as_of_us, seed=seed)
    tables = {
        "dosage": rows, "containment": contained,
        "dose_curve": curves(desks, contacts, sessions, found, effects), "queues": [told(one) for one in desks],
        "machines": judged(charter, engine, contained, {name: one for name, one in judgements.items() if one is not None}, by_machine),
        "left_out": left_out(charter, contacts, sessions, seed), "phoned_for": phoned_for(charter, contacts, sessions, seed),
        "remaining": remaining(charter, contacts, sessions),
    }  # fmt: skip
    reason = (
        "no_machine"
        if not contacts.machine.any()
        else "no_human"
        if not contacts.human.any()
        else "nothing_found"
    )
    return {name: table(name, made, reason=reason) for name, made in tables.items()}


def assigned(charter: Charter, machine: str) -> str:
    """The grade that the way of sending customers to a machine earns: a lever of its name drawn by lot, A; planned and dated, B; else C."""
    lever = charter.levers.get(machine)
    if lever is not None and lever.assigned == "drawn":
        return "A"
    if lever is not None and lever.assigned == "planned" and any(True for _ in automations(charter, machine)):
        return "B"
    return "C"


def _by_intent(charter: Charter, contacts: Contacts, by_machine: dict[str, str]) -> dict[str, str]:
    """The grade of each intent: the weakest of the machines that treat it, as declared, else as they were met for it."""
    grades: dict[str, set[str]] = {}
    for name, grade in by_machine.items():
        declared = charter.machines[name].intents if name in charter.machines else ()
        met = np.unique(contacts.intent[contacts.named == name].astype(str)).tolist()
        for intent in declared or (kind for kind in met if kind != UNKNOWN):
            grades.setdefault(intent, set()).add(grade)
    found = {intent: max(kinds) for intent, kinds in grades.items()}
    if by_machine and len(set(by_machine.values())) == 1:
        found["all"] = next(iter(by_machine.values()))
    return found


def _on(
    contacts: Contacts, found: Issues, machine: str, seed: int, effects: Mapping[tuple[str, str], Contrast]
) -> Contrast | None:
    """What humans settle more than one machine, on the intents that it treats; None where it opens no issue.

    ``effects`` are those by intent and segment, already told: that of its intent is its own where the question is the same.
    """
    named = contacts.named[found.rows]
    mine = named == machine
    if not mine.any():
        return None
    intents = contacts.intent[found.rows].astype(str)
    treated = np.isin(intents, np.unique(intents[mine]))
    rows = np.flatnonzero(mine | (found.human & treated))
    kinds = np.unique(intents[rows])[:20]
    x = np.column_stack(
        [found.covariates[rows], *[(intents[rows] == kind).astype(np.float64) for kind in kinds[1:]]]
    )
    told = effects.get((kinds[0], ALL)) if len(kinds) == 1 else None
    if told is not None and told.n == len(rows) == treated.sum():
        # The machine is the only one on its only intent. Where no channel is held equal either, all is the same.
        cell = Cell(kinds[0], ALL, "human_machine", rows)
        if design(contacts, found, rows, cell).shape[1] == x.shape[1]:
            return told
    return contrast(
        found.outcomes["resolved"][rows],
        found.human[rows],
        x,
        clusters=contacts.person[found.rows[rows]],
        seed=seed,
    )


def _breaks(engine: Engine) -> dict[int, Integers]:
    """When each person lived a break, in order of time; none where journeys were not rebuilt."""
    if engine.columns_or_none("breaks") is None:
        return {}
    rows = engine.arrow(
        "select i.person_key, b.at_us from breaks b join (select distinct person_id, person_key from interactions where person_key is not null) i "
        "on i.person_id = b.person_id where b.at_us is not null order by i.person_key, b.at_us"
    )
    keys = _keys(engine)
    whose, at = rows["person_key"].to_numpy(), rows["at_us"].to_numpy()
    met = np.isin(whose, keys)
    person, at = np.searchsorted(keys, whose[met]), at[met]
    edges = np.flatnonzero(np.diff(person)) + 1
    held = {}
    for start, group in zip(np.r_[0, edges], np.split(at, edges), strict=True):
        if len(group):
            held[int(person[start])] = np.asarray(group, dtype=np.int64)
    return held


def _keys(engine: Engine) -> Integers:
    """The persons of contacts, in the order in which contacts number them."""
    found = engine.columns_or_none("interactions") or {}
    begun = "coalesce(initiated_by, 'customer')" if "initiated_by" in found else "'customer'"
    rows = engine.arrow(
        f"select distinct person_key from interactions where person_key is not null and {begun} = 'customer'"
    )
    return np.unique(np.asarray(rows["person_key"].to_numpy(), dtype=np.int64))


def _lost(charter: Charter, engine: Engine, contacts: Contacts, as_of_us: int) -> Floats | None:
    """For each contact whether its person left within 90 days after it, NaN where that is not seen whole; None without departures."""
    if charter.retention is None or not charter.retention.left:
        return None
    wanted = ", ".join(literal(name) for name in charter.retention.left)
    rows = engine.arrow(
        f"select person_key, min(t_us) as t_us from interactions where activity in ({wanted}) and person_key is not null group by 1"
    )
    keys = _keys(engine)
    left = np.full(contacts.persons, np.iinfo(np.int64).max)
    gone = rows["person_key"].to_numpy()
    place = np.searchsorted(keys, gone)
    known = (place < len(keys)) & (keys[np.minimum(place, len(keys) - 1)] == gone)
    left[place[known]] = rows["t_us"].to_numpy()[known]
    at = left[contacts.person]
    lost = ((at > contacts.t_us) & (at - contacts.t_us <= _LOST_WITHIN_US)).astype(np.float64)
    lost[(contacts.t_us + _LOST_WITHIN_US > as_of_us) | (at <= contacts.t_us)] = np.nan
    return lost
