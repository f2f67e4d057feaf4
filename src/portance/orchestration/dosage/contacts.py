"""What customers did, in order, one row per contact that they began: who served it, for what, and how it ended."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.journeys.columns import Columns

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

FAILED = ("abandoned", "unresolved")
UNKNOWN = ""
_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts by person and time, as columns of one length; ``person`` counts from 0.

    ``human`` and ``machine`` say who served (neither where nobody knows); ``end_us`` is the start plus what it lasted.
    ``rating``, ``duration_s``, ``wait_s`` and ``cost`` are NaN where unknown. ``covariates`` are the charter's own.
    """

    person: Integers
    t_us: Integers
    end_us: Integers
    day: Integers
    hour: Floats
    intent: Texts
    channel: Texts
    function: Texts
    activity: Texts
    outcome: Texts
    language: Texts
    case: Texts
    human: Booleans
    machine: Booleans
    named: Texts
    duration_s: Floats
    wait_s: Floats
    cost: Floats
    rating: Floats
    again: Booleans
    text: Booleans
    segments: dict[str, Texts]
    covariates: dict[str, Texts | Floats]
    persons: int

    def __len__(self) -> int:
        return len(self.person)


def read_contacts(charter: Charter, engine: Engine) -> Contacts | None:
    """The contacts of a company's customers; None where there is none. Contacts that the company began are left out."""
    found = engine.columns_or_none("interactions")
    if found is None:
        return None
    columns = Columns(charter, found)
    wanted = (
        "person_key", "t_us", "local_day", "duration_ms", "wait_ms", "cost_cents", "channel", "function", "actor",
        "activity", "intent", "case_id", "outcome", "rating", "has_verbatim", "language", "asked_again",
    )  # fmt: skip
    made = [columns.read(name) for name in wanted]
    made += [f"{columns.scalar(segment.by)} as s_{name}" for name, segment in charter.segments.items()]
    made += [f"{columns.scalar(text)} as x_{name}" for name, text in charter.dosage.covariates.items()]
    rows = engine.arrow(
        f"select {', '.join(made)} from interactions where person_key is not null "
        f"and coalesce({columns.bare('initiated_by')}, 'customer') = 'customer' "
        f"order by person_key, t_us, {columns.bare('interaction_id')}"
    )
    if not rows.num_rows:
        return None
    person = np.unique(rows["person_key"].to_numpy(), return_inverse=True)[1].astype(np.int64)
    t_us = _whole(rows, "t_us")
    duration = _real(rows, "duration_ms") * 0.001
    wait = _real(rows, "wait_ms") * 0.001
    spent = np.nan_to_num(duration) + np.nan_to_num(wait)
    actor, channel = _texts(rows, "actor"), _texts(rows, "channel")
    kinds = {name: declared.kind for name, declared in charter.channels.items()}
    kind = np.array([kinds.get(name, "mixed") for name in channel], dtype=object)
    nobody = actor == UNKNOWN
    machine = (actor == "machine") | (nobody & (kind == "machine"))
    human = (actor == "human") | (nobody & (kind == "human"))
    function, activity, intent = _texts(rows, "function"), _texts(rows, "activity"), _texts(rows, "intent")
    return Contacts(
        person=person, t_us=t_us, end_us=t_us + (spent * 1e6).astype(np.int64), day=_whole(rows, "local_day"),
        hour=_hours(t_us, _whole(rows, "local_day"), charter.company.timezone), intent=intent, channel=channel,
        function=function, activity=activity, outcome=_texts(rows, "outcome"), language=_texts(rows, "language"),
        case=_texts(rows, "case_id"), human=human & ~machine, machine=machine,
        named=_named(charter, machine, channel=channel, function=function, activity=activity, intent=intent), duration_s=duration, wait_s=wait,
        cost=_real(rows, "cost_cents") * 0.01, rating=_real(rows, "rating"),
        again=_true(rows, "asked_again"), text=_true(rows, "has_verbatim"),
        segments={name: _by_person(_texts(rows, f"s_{name}"), person) for name in charter.segments},
        covariates={name: _covariate(rows, f"x_{name}") for name in charter.dosage.covariates},
        persons=int(person.max()) + 1,
    )  # fmt: skip


def _named(
    charter: Charter, machine: Booleans, *, channel: Texts, function: Texts, activity: Texts, intent: Texts
) -> Texts:
    """The machine of each contact: as declared, the first that fits; without declaration the channel's."""
    named = np.full(len(machine), UNKNOWN, dtype=object)
    if not charter.machines:
        named[machine] = np.where(channel == UNKNOWN, "machine", channel)[machine]
        return named
    for name, declared in charter.machines.items():
        fits = machine & (named == UNKNOWN)
        if declared.channel:
            fits &= channel == declared.channel
        if declared.activities:
            fits &= np.isin(activity, declared.activities)
        if declared.intents:
            fits &= np.isin(intent, declared.intents)
        if not (declared.channel or declared.activities or declared.intents):
            fits &= (function == declared.function) | (function == UNKNOWN)
        named[fits] = name
    return named


def _hours(t_us: Integers, day: Integers, zone: str) -> Floats:
    """The local hour of the day, with the offset that each local day has at noon."""
    days, place = np.unique(day, return_inverse=True)
    local = ZoneInfo(zone)
    offsets = []
    for each in days.tolist():
        noon = datetime.fromtimestamp(each * 86_400 + 43_200, UTC).replace(tzinfo=local)
        offset = noon.utcoffset()
        offsets.append(offset.total_seconds() * 1e6 if offset else 0.0)
    since = t_us + np.array(offsets)[place] - day * float(_DAY_US)
    return np.asarray(np.clip(since / _HOUR_US, 0, 24))


def _by_person(values: Texts, person: Integers) -> Texts:
    """A person's first known value, at each of its contacts: a segment does not change with what happens."""
    first = np.full(int(person.max()) + 1, UNKNOWN, dtype=object)
    known = np.flatnonzero(values != UNKNOWN)[::-1]
    first[person[known]] = values[known]
    return np.asarray(first[person])


def _whole(rows: pa.Table, name: str) -> Integers:
    return np.asarray(rows[name].fill_null(0).to_numpy(), dtype=np.int64)


def _real(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows[name].cast(pa.float64()).to_numpy(), dtype=np.float64)


def _true(rows: pa.Table, name: str) -> Booleans:
    return np.asarray(rows[name].cast(pa.bool_()).fill_null(False).to_numpy(), dtype=bool)


def _texts(rows: pa.Table, name: str) -> Texts:
    return np.asarray(
        rows[name].cast(pa.string()).fill_null(UNKNOWN).to_numpy(zero_copy_only=False), dtype=object
    )


def _covariate(rows: pa.Table, name: str) -> Texts | Floats:
    kind = rows[name].type
    if (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    ):
        values = rows[name].cast(pa.int8()) if pa.types.is_boolean(kind) else rows[name]
        return np.asarray(values.cast(pa.float64()).to_numpy(), dtype=np.float64)
    texts = _texts(rows, name)
    try:
        return np.array([float(value) if value != UNKNOWN else np.nan for value in texts])
    except ValueError:
        return texts
