"""From what was heard to what can be compared: each text beside its customer's past and what became of the customer.

The past is read before the journey that the text speaks of (a month at most): what the irritant did before it was written
about is part of its effect, never of what is held equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine, Step, literal
from portance.experience.irritants.complaining import Complaints, complaints
from portance.experience.irritants.gathered import Flags, Floats, Gathered, Integers
from portance.experience.placing import placed
from portance.experience.retention.following import departures, segments_of

_DAY_US = 86_400_000_000
CONTACT_DAYS = 30
_LOST_DAYS = (365, 180, 90, 60, 30)
"""Within so many days a customer is lost: the longest that half of the texts, or more, can be followed for."""
_MONTH = 30 * _DAY_US
_QUARTER = 91 * _DAY_US
_MOST_VALUES = 4
_SCALES = {"csat": (1.0, 5.0), "nps": (0.0, 10.0), "ces": (1.0, 7.0)}

PLACED = "voice_texts_placed"
"""Each text with the journey that it speaks of."""

_SAID = Step(
    name="voice_texts",
    sql="""
    select interaction_id as tie, person_id, cast(null as varchar) as case_id, t_us from interactions
    where interaction_id in (select interaction_id from voices)""",
    reads=("interactions", "voices"),
    note="One text, for the journey that it speaks of.",
)

_SUFFERED = (
    "irritant is not null and copy_of is null and coalesce(treated, true) and (coalesce(kind, '') = 'complaint' "
    "or (coalesce(kind, '') not in ('suggestion', 'praise') and polarity = 'negative') or (coalesce(kind, '') = 'suggestion' and {suggestion}))"
)
"""What counts as suffering from an irritant: praise of the same thing does not, a suggestion is counted apart."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the texts say, counted: by irritant, texts that carry it, suggestions about it, public texts that name it."""

    gathered: Gathered
    interactions: tuple[str, ...]
    names: tuple[str, ...]
    suggestions: dict[str, int]
    public: dict[str, int]
    lost_known: bool
    complaints: Complaints


def hear_costs(charter: Charter, engine: Engine, as_of_us: int) -> Heard | None:
    """Gather the table ``voices`` with the interactions; ``None`` where nothing was heard."""
    if engine.columns_or_none("voices") is None or engine.columns_or_none("interactions") is None:
        return None
    marks = engine.arrow(
        "select irritant, count(distinct interaction_id) as n, coalesce(kind, '') = 'suggestion' as suggested, coalesce(\"public\", false) as is_public "
        f"from voices where {_SUFFERED.format(suggestion='true')} group by all order by irritant"
    ).to_pylist()
    names = tuple(sorted({row["irritant"] for row in marks}))
    if not names:
        return None
    suggestions = dict.fromkeys(names, 0) | _summed(marks, suggested=True)
    public = {
        name: sum(
            row["n"] for row in marks if row["irritant"] == name and row["is_public"] and not row["suggested"]
        )
        for name in names
    }
    texts = engine.arrow(
        "select v.interaction_id, any_value(i.person_key) as person_key, any_value(i.t_us) as t_us, any_value(i.channel) as channel, "
        "any_value(i.rating) as rating, any_value(v.language) as language "
        "from voices as v join interactions as i on v.interaction_id = i.interaction_id "
        f'where v.copy_of is null and coalesce(v.treated, true) and not coalesce(v."public", false) and i.t_us <= {as_of_us} '
        "group by v.interaction_id order by v.interaction_id"
    )
    scales = _scales(engine)
    told_of = complaints(charter, engine)
    gathered, lost_known = _gather(charter, engine, as_of_us, texts, told_of, names=names, scales=scales)
    ids = tuple(texts["interaction_id"].to_pylist())
    return Heard(gathered, ids, names, suggestions, public, lost_known, told_of)


def _summed(marks: Sequence[dict[str, object]], *, suggested: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in marks:
        if row["suggested"] == suggested and not row["is_public"]:
            name, n = str(row["irritant"]), row["n"]
            found[name] = found.get(name, 0) + (n if isinstance(n, int) else 0)
    return found


def _scales(engine: Engine) -> dict[str, str]:
    """Which scale each rated interaction with a text is on."""
    if "rating_scale" not in engine.columns("interactions"):
        return {}
    rows = engine.rows(
        "select interaction_id, rating_scale from interactions where rating is not null and rating_scale is not null "
        "and interaction_id in (select interaction_id from voices)"
    )
    return {str(key): str(scale) for key, scale in rows}


def _gather(
    charter: Charter, engine: Engine, as_of_us: int, texts: pa.Table, told_of: Complaints, *, names: Sequence[str], scales: dict[str, str]
) -> tuple[Gathered, bool]:  # fmt: skip
    n = texts.num_rows
    known = np.array([key is not None for key in texts["person_key"].to_pylist()], dtype=bool)
    person = np.array([-1 if key is None else key for key in texts["person_key"].to_pylist()], dtype=np.int64)
    # nobody known behind a text: it stands for itself, and nothing is known of what came after
    customer = np.where(known, person, -1 - np.arange(n))
    at = np.array(texts["t_us"].to_pylist(), dtype=np.int64)
    places = {key: number for number, key in enumerate(texts["interaction_id"].to_pylist())}
    irritants = _carried(engine, places, names)
    past = _Past.of(engine, charter, told_of, as_of_us)
    cutoff = _cutoff(engine, places, at)
    language = np.array([value or "" for value in texts["language"].to_pylist()], dtype=str)
    dummies = _dummies([texts["channel"].to_pylist(), list(language)])
    fixed = segments_of(charter, engine, np.unique(person[known])) if known.any() else np.zeros((0, 0))
    fixed_of = np.zeros((n, fixed.shape[1]))
    if known.any() and fixed.shape[1]:
        fixed_of[known] = fixed[np.searchsorted(np.unique(person[known]), person[known])]
    shared = np.hstack([_calendar(at), dummies, fixed_of])
    before = np.hstack([past.known(person, cutoff), shared])
    earlier = np.hstack([past.known(person, cutoff - _MONTH), shared])
    control = np.where(known, past.contacts(person, cutoff - _MONTH, cutoff), np.nan)
    outcomes = np.full((n, 3), np.nan)
    lost, lost_days = _lost(charter, engine, as_of_us, person, at)
    outcomes[:, 0] = np.where(known, lost, np.nan)
    over = CONTACT_DAYS * _DAY_US
    seen = known & (at + over <= as_of_us)
    outcomes[:, 1] = np.where(seen, past.contacts(person, at + 1_000_000, at + over), np.nan)
    if past.complaints is not None:
        outcomes[:, 2] = np.where(seen, _between(past.complaints, person, at + 1_000_000, at + over), np.nan)
    if np.isfinite(lost).any():
        # a contact within a month is only read where the departure is, so that both speak of the same texts
        outcomes[~np.isfinite(outcomes[:, 0]), 1:] = np.nan
    return Gathered(
        np.unique(customer, return_inverse=True)[1].astype(np.int64), irritants, before, outcomes, lost_days, CONTACT_DAYS,
        _points(texts, scales), language, earlier, control,
    ), bool(np.isfinite(lost).any())  # fmt: skip


def _carried(engine: Engine, places: dict[str, int], names: Sequence[str]) -> dict[str, Flags]:
    carried = {name: np.zeros(len(places), dtype=bool) for name in names}
    for interaction, name in engine.rows(
        f'select distinct interaction_id, irritant from voices where not coalesce("public", false) and {_SUFFERED.format(suggestion="false")}'
    ):
        if interaction in places:
            carried[name][places[interaction]] = True
    return carried


def _cutoff(engine: Engine, places: dict[str, int], at: Integers) -> Integers:
    """When the journey that each text speaks of began, a month before the text at the earliest."""
    cutoff = at.copy()
    if engine.columns_or_none("journey_interactions") is not None:
        engine.run([_SAID, placed(PLACED, _SAID.name, _MONTH)])
        for interaction, started in engine.rows(
            f"select p.tie, j.started_us from {PLACED} as p join journeys as j on j.journey_id = p.journey_id"
        ):
            if interaction in places:
                cutoff[places[interaction]] = min(cutoff[places[interaction]], started)
    return np.maximum(cutoff, at - _MONTH) - 1


@dataclass(frozen=True, slots=True)
class _Past:
    """Instants per customer, as one sorted array of customer and time."""

    touches: Integers
    breaks: Integers
    complaints: Integers | None
    texts: Integers
    entered: dict[int, int]

    @classmethod
    def of(cls, engine: Engine, charter: Charter, told_of: Complaints, as_of_us: int) -> "_Past":
        there = f"person_key in (select i.person_key from voices as v join interactions as i on v.interaction_id = i.interaction_id) and t_us <= {as_of_us}"
        columns = engine.columns("interactions")
        ends = charter.retention.left if charter.retention else ()
        ended = " and coalesce(activity, '') not in (" + ", ".join(map(literal, ends)) + ")" if ends else ""
        told = (
            engine.rows(f"select count(*) from interactions where initiated_by = 'customer' and {there}")[0][
                0
            ]
            if "initiated_by" in columns
            else 0
        )
        asked = " and initiated_by = 'customer'" if told else ""
        touches = engine.arrow(f"select person_key, t_us from interactions where {there}{asked}{ended}")
        broke = (
            engine.arrow(
                "select p.person_key, b.at_us as t_us from breaks as b join persons as p on b.person_id = p.person_id"
            )
            if engine.columns_or_none("breaks") is not None
            else None
        )
        complained = engine.arrow(
            f"select person_key, t_us from interactions where {there} and {told_of.condition(engine)}"
        )
        texts = engine.arrow(
            "select i.person_key, i.t_us from interactions as i where i.person_key is not null and i.interaction_id in (select interaction_id from voices)"
        )
        entered = dict(
            engine.rows(f"select person_key, min(t_us) from interactions where {there} group by person_key")
        )
        return cls(
            _keyed(touches), _keyed(broke) if broke is not None else np.zeros(0, dtype=np.int64),
            _keyed(complained) if complained.num_rows else None, _keyed(texts), entered,
        )  # fmt: skip

    def contacts(self, person: Integers, start: Integers, end: Integers) -> Floats:
        """Contacts from ``start`` to ``end`` (both included)."""
        return _between(self.touches, person, start, end)

    def known(self, person: Integers, until: Integers) -> Floats:
        """What was known of each customer at an instant: volume, breaks, texts, time since the first contact."""
        zero = np.zeros_like(until)
        entered = np.array(
            [self.entered.get(int(key), at) for key, at in zip(person, until, strict=True)], dtype=np.int64
        )
        days = np.maximum(until - entered, 0) / _DAY_US
        return np.column_stack(
            [
                np.log1p(self.contacts(person, until - _QUARTER, until)),
                np.log1p(self.contacts(person, zero, until - _QUARTER)),
                np.log1p(_between(self.breaks, person, until - _QUARTER, until)),
                np.log1p(_between(self.breaks, person, zero, until - _QUARTER)),
                np.log1p(_between(self.texts, person, zero, until)),
                np.log1p(days),
                days > _QUARTER / _DAY_US,
            ]
        ).astype(np.float64)


_SECONDS = 1 << 33
"""More than two centuries of them: one number holds a customer and an instant."""


def _keyed(rows: pa.Table) -> Integers:
    key = np.asarray(rows["person_key"].to_numpy(), dtype=np.int64)
    at = np.asarray(rows["t_us"].to_numpy(), dtype=np.int64)
    return np.sort(_combined(key, at))


def _combined(key: Integers, at: Integers) -> Integers:
    """Customers and instants, to the second, in one number: they sort by customer, then by time."""
    return np.asarray(key * _SECONDS + np.clip(at // 1_000_000, 0, _SECONDS - 1))


def _between(keyed: Integers, person: Integers, start: Integers, end: Integers) -> Floats:
    low = np.searchsorted(keyed, _combined(person, np.maximum(start, 0)), side="left")
    high = np.searchsorted(keyed, _combined(person, np.maximum(end, 0)), side="right")
    return np.asarray(np.maximum(high - low, 0), dtype=np.float64)


def _calendar(at: Integers) -> Floats:
    """When a text was written: its place in the span, squared, and the season."""
    if not len(at):
        return np.zeros((0, 4))
    width = max(int(np.ptp(at)), 1)
    x = (at - at.min()) / width
    year = 2 * np.pi * at / (365.25 * _DAY_US)
    return np.column_stack([x, x**2, np.sin(year), np.cos(year)])


def _dummies(columns: Sequence[Sequence[object]]) -> Floats:
    made = []
    for values in columns:
        known = np.array(["" if value is None else str(value) for value in values], dtype=str)
        names, counts = np.unique(known, return_counts=True)
        order = np.argsort(-counts, kind="stable")[1 : _MOST_VALUES + 1]
        made += [(known == names[place]).astype(np.float64) for place in order]
    return np.column_stack(made) if made else np.zeros((len(columns[0]), 0))


def _lost(
    charter: Charter, engine: Engine, as_of_us: int, person: Integers, at: Integers
) -> tuple[Floats, int]:
    """Whether each text's customer left within so many days of it; NaN where not followed so long, or already gone."""
    told = charter.retention
    if told is None or not len(at):
        return np.full(len(at), np.nan), 0
    keys = np.unique(person[person >= 0])
    when, _, _ = departures(
        charter, engine, told, f"person_key is not null and t_us <= {as_of_us}", as_of_us=as_of_us, keys=keys
    )
    until = as_of_us - (told.silent_after or 0)
    wanted = min(told.horizon // _DAY_US, _LOST_DAYS[0])
    tried = [days for days in _LOST_DAYS if days <= wanted] or [int(wanted)]
    days = next((days for days in tried if np.mean(at + days * _DAY_US <= until) >= 0.5), tried[-1])
    place = np.minimum(np.searchsorted(keys, person), max(len(keys) - 1, 0))
    left = np.where(person >= 0, when[place] if len(keys) else -1, -1)
    # a silence is dated at the last interaction, which may be the text; an act of leaving comes after it
    first = at if told.silent_after is not None else at + 1
    lost = (left >= first) & (left <= at + days * _DAY_US)
    gone = (left >= 0) & (left < first)
    return np.where((at + days * _DAY_US <= until) & ~gone, lost.astype(np.float64), np.nan), days


def _points(texts: pa.Table, scales: dict[str, str]) -> Floats:
    """Ratings given with a text, from 0 to 100; those on a scale that is not known stand between their least and most."""
    rating = np.array([np.nan if value is None else float(value) for value in texts["rating"].to_pylist()])
    points = np.full(len(rating), np.nan)
    names = [scales.get(key, "") for key in texts["interaction_id"].to_pylist()]
    for scale in set(names):
        mine = np.array([name == scale for name in names]) & np.isfinite(rating)
        if not mine.any():
            continue
        low, high = _SCALES.get(scale, (float(rating[mine].min()), float(rating[mine].max())))
        if high > low:
            points[mine] = np.clip(100 * (rating[mine] - low) / (high - low), 0, 100)
    return points
