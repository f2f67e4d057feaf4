"""Which questions have answers enough, how hard customers are pressed, and whether answers fall."""

import math
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from portance.charter import Charter
from portance.engine import Engine, literal
from portance.estimation import wilson
from portance.estimation.estimate import FEWEST_FOR_INTERVAL
from portance.experience import scoring
from portance.experience.keeping import months
from portance.experience.restraint import records
from portance.experience.restraint.associating import Slope, between_persons, over_time, within_persons
from portance.experience.restraint.needing import half_width, needed
from portance.experience.restraint.pressing import Contacts, before, monthly, ordered, running
from portance.experience.surveying import Surveyed, lived, surveyed

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Row = dict[str, object]

WEEK_US = 7 * 86_400_000_000
QUARTER_WEEKS = 13
"""The time that a figure serves: its answers are counted over the last thirteen weeks."""
RECENT_WEEKS = 8
FEWEST_ANSWERS = 30
GRADE = "D"
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Occasions:
    """One row per journey that a question could be asked about: asked or not, answered or not, and when.

    ``settled``: asked long enough ago for the answer to have come.
    """

    found: Surveyed
    persons: Integers
    at_us: Integers
    asked: npt.NDArray[np.bool_]
    y: Floats
    settled: npt.NDArray[np.bool_]

    @property
    def answered(self) -> npt.NDArray[np.bool_]:
        """Whether each was answered."""
        return np.isfinite(self.y)


def restrain(charter: Charter, engine: Engine, as_of_us: int, seed: int = 0) -> dict[str, pa.Table]:
    """The tables ``restraint``, ``pressure`` and ``pressure_answers``.

    Reads ``interactions``, ``journey_interactions``, ``journeys``, ``persons``, ``identifiers`` and ``responses``.
    """
    told = [surveyed(charter, engine, name) for name in charter.surveys]
    asked = [_occasions(engine, found, as_of_us) if found.reason is None else None for found in told]
    contacts, others, functions = _contacts(charter, engine, as_of_us)
    known = [one for one in asked if one is not None and len(one.persons)]
    return {
        "restraint": records.table(
            records.RESTRAINT,
            [_needs(engine, found, one, as_of_us, seed) for found, one in zip(told, asked, strict=True)],
        ),
        "pressure": records.table(records.PRESSURE, _pressure(charter, contacts, others, functions, known)),
        "pressure_answers": records.table(
            records.ASSOCIATION, [_association(charter, contacts, one) for one in known]
        ),
    }


def _occasions(engine: Engine, found: Surveyed, as_of_us: int) -> Occasions:
    asking = found.asked is not None
    rows = engine.arrow(f"""
        with l as (
          select journey_id, max(t_us) as ended_us from journey_interactions
          where journey_type = {literal(found.journey)} and {lived(found.left_out)} group by journey_id
        )
        select j.journey_id, p.person_key, {"coalesce(q.asked_us, l.ended_us)" if asking else "l.ended_us"} as at_us,
          {"q.asked_us is not null" if asking else "true"} as asked, t.value, t.answered_us
        from l join journeys j on j.journey_id = l.journey_id left join persons p on p.person_id = j.person_id
        left join {found.tied} t on t.journey_id = l.journey_id
        {f"left join {found.asked} q on q.journey_id = l.journey_id" if asking else ""}
        order by j.journey_id""")
    keys = _floats(rows, "person_key")
    nobody = ~np.isfinite(keys)
    # journeys of nobody known are nobody's: numbers below zero, that no contact has
    persons = np.where(nobody, -1.0 - np.arange(len(keys)), np.nan_to_num(keys)).astype(np.int64)
    at = _floats(rows, "at_us").astype(np.int64)
    values, answered_us = _floats(rows, "value"), _floats(rows, "answered_us")
    y = scoring.scores(found.survey, values)
    told = np.isfinite(y)
    asked = rows["asked"].combine_chunks().to_numpy(zero_copy_only=False).astype(bool) | told
    delay = np.maximum(answered_us - at, 0)[told & np.isfinite(answered_us)]
    grace = (
        min(float(np.quantile(delay, 0.99)), float(found.survey.within))
        if len(delay)
        else float(found.survey.within)
    )
    return Occasions(found, persons, at, asked, y, at <= as_of_us - grace)


def _needs(engine: Engine, found: Surveyed, one: Occasions | None, as_of_us: int, seed: int) -> Row:
    """How far a question is from the precision it needs, on the answers of the last thirteen weeks."""
    survey = found.survey
    start = as_of_us - QUARTER_WEEKS * WEEK_US
    row: Row = {
        "question": found.name, "function": survey.function, "unit": scoring.unit_of(survey), "stop": False,
    }  # fmt: skip
    if one is not None:
        recent = (one.at_us > start) & (one.at_us <= as_of_us)
        said = one.answered & recent
        y, persons, population = one.y[said], one.persons[said], int(recent.sum())
        asked: int | None = int((one.asked & recent).sum())
        lately = int((one.answered & (one.at_us > as_of_us - RECENT_WEEKS * WEEK_US) & recent).sum())
        every = one.y
    else:
        told = engine.arrow(
            f"select value, t_us, coalesce(person_id, tie) as person from {found.answers} order by tie"
        )
        at = _floats(told, "t_us")
        every = scoring.scores(survey, _floats(told, "value"))
        recent = ~(at <= start) & ~(at > as_of_us)
        codes = told["person"].combine_chunks().dictionary_encode().indices
        y, persons = every[recent], codes.to_numpy(zero_copy_only=False).astype(np.int64)[recent]
        population, asked = 0, None
        lately = int((at > as_of_us - RECENT_WEEKS * WEEK_US).sum())
    ends = scoring.ends_of(survey, every)
    wanted = scoring.wanted_of(survey, ends)
    scored = scoring.naive(survey, y, persons, np.ones(len(y)), seed=seed)
    answers = len(y)
    row |= {
        "answers": answers, "asked": asked, "journeys": population or None, "wanted": wanted,
        "per_week": lately / RECENT_WEEKS,
    }  # fmt: skip
    if answers < FEWEST_ANSWERS or not scored.spread > 0:
        return row | {
            "reason": found.reason or ("few_answers" if answers < FEWEST_ANSWERS else "never_varies")
        }
    must = needed(scored.spread, scored.design, wanted, population or None)
    stop = answers >= must
    row |= {
        "precision": half_width(scored.spread, scored.design, answers, population or None), "needed": must, "stop": stop,
        "design": scored.design, "reason": found.reason or ("enough" if stop else "more_needed"),
    }  # fmt: skip
    if stop:
        # the share of askings beyond those that the needed answers took
        row |= {
            "weeks_to_go": 0.0,
            "spared": None if asked is None else math.floor(asked * (1 - must / answers)),
        }
    elif lately:
        row["weeks_to_go"] = (must - answers) / (lately / RECENT_WEEKS)
    return row


def _contacts(charter: Charter, engine: Engine, as_of_us: int) -> tuple[Contacts, Contacts, list[str]]:
    """What the company addressed to known persons: contacts that ask or sell, the others, and the functions' names."""
    names = ", ".join(literal(one) for one in charter.asking)
    asks = f"coalesce(activity in ({names}), false)" if names else "false"
    # what a customer began is nobody's pressure, even under the name of an activity that asks
    rows = engine.arrow(
        f"select person_key, t_us, function, {asks} as asks from interactions where person_key is not null and t_us <= {as_of_us} "
        f"and initiated_by is distinct from 'customer' and (initiated_by = 'company' or {asks})"
    )
    column = rows["function"].combine_chunks()
    functions = sorted({value for value in column.unique().to_pylist() if value is not None})
    place = pc.index_in(column, value_set=pa.array(functions, pa.string()))
    numbers = np.asarray(place.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    persons, at = _floats(rows, "person_key").astype(np.int64), _floats(rows, "t_us").astype(np.int64)
    asking = rows["asks"].combine_chunks().to_numpy(zero_copy_only=False).astype(bool)
    counted, others = (
        ordered(persons[which], at[which], numbers[which]) for which in (asking, ~asking)
    )  # fmt: skip
    return counted, others, functions


def _pressure(
    charter: Charter, contacts: Contacts, others: Contacts, functions: list[str], known: list[Occasions]
) -> list[Row]:
    """Contacts and answers, month by month: of all, then by the function that addressed or asked."""
    zone = ZoneInfo(charter.company.timezone)
    every = [contacts.at_us, others.at_us, *(one.at_us for one in known)]
    every = [times for times in every if len(times)]
    if not every:
        return []
    starts = list(months(min(int(t.min()) for t in every), max(int(t.max()) for t in every), zone))[:-1]
    edges = [_us(day, zone) for day in starts]
    within, most = charter.pressure.within, charter.pressure.most
    made: dict[tuple[str | None, date], Row] = {}

    def row_of(function: str | None, day: date) -> Row:
        start: Row = {
            "function": function,
            "period": day,
            "most": most,
            "within_days": within / _DAY_US,
            "contacts": 0,
            "persons": 0,
            "uncounted": 0,
        }
        return made.setdefault((function, day), start)

    place = _placed(contacts.at_us, edges)
    for month in monthly(contacts, running(contacts, within), most, tuple(starts), place):
        row = row_of(None if month.function is None else functions[month.function], month.period)
        row |= {"persons": month.persons, "contacts": month.contacts}
        if month.persons >= FEWEST_FOR_INTERVAL:
            low, high = wilson(month.over, month.persons)
            row |= {
                "per_person": month.contacts / month.persons, "over": month.over, "above": month.above,
                "over_share": month.over / month.persons, "over_low": low, "over_high": high,
            }  # fmt: skip
    place = _placed(others.at_us, edges)
    for number, name in ((-1, None), *enumerate(functions)):
        here = place if name is None else place[others.functions == number]
        for month_place, n in zip(*np.unique(here, return_counts=True), strict=True):
            row_of(name, starts[month_place])["uncounted"] = int(n)
    for function in (
        None,
        *sorted({one.found.survey.function for one in known if one.found.survey.function}),
    ):
        mine = [one for one in known if function is None or one.found.survey.function == function]
        for number, day in enumerate(starts):
            asked = answers = 0
            for one in mine:
                here = one.asked & one.settled & (_placed(one.at_us, edges) == number)
                asked += int(here.sum())
                answers += int((here & one.answered).sum())
            if not asked:
                continue
            row = row_of(function, day)
            row |= {"asked": asked, "answers": answers}
            if asked >= FEWEST_FOR_INTERVAL:
                low, high = wilson(answers, asked)
                row |= {"response_rate": answers / asked, "rate_low": low, "rate_high": high}
    return [made[key] for key in sorted(made, key=lambda key: (key[0] is not None, key[0] or "", key[1]))]


def _association(charter: Charter, contacts: Contacts, one: Occasions) -> Row:
    """Pressure and answering of one question, within persons; its response rate over time."""
    survey = one.found.survey
    zone = ZoneInfo(charter.company.timezone)
    kept = one.asked & one.settled
    row: Row = {
        "question": one.found.name,
        "function": survey.function,
        "occasions": int(kept.sum()),
        "grade": GRADE,
    }
    if not kept.any():
        return row | {"verdict": "not_detectable", "reason": "few_persons"}
    persons, at, said = one.persons[kept], one.at_us[kept], one.answered[kept].astype(np.float64)
    pressed = before(contacts, persons, at, charter.pressure.within).astype(np.float64)
    starts = list(months(int(at.min()), int(at.max()), zone))[:-1]
    month = _placed(at, [_us(day, zone) for day in starts])
    slope: Slope = within_persons(said, pressed, persons, month)
    trend = over_time(said, month.astype(np.float64), persons)
    third = max(len(starts) // 3, 1)
    verdict = "not_detectable"
    if slope.reason is None and (slope.high < 0 or slope.low > 0):
        verdict = "goes_with_fewer" if slope.high < 0 else "goes_with_more"
    return row | {
        "per_contact": slope.value, "ci_low": slope.low, "ci_high": slope.high, "between": between_persons(said, pressed),
        "persons": slope.persons, "per_month": trend.value, "month_low": trend.low, "month_high": trend.high,
        "first_rate": _mean(said[month < third]), "last_rate": _mean(said[month >= len(starts) - third]),
        "verdict": verdict, "reason": slope.reason,
    }  # fmt: skip


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) >= FEWEST_ANSWERS else None


def _placed(at_us: Integers, edges: list[int]) -> Integers:
    return np.searchsorted(np.array(edges, dtype=np.int64), at_us, side="right").astype(np.int64) - 1


def _us(day: date, zone: ZoneInfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000_000


def _floats(rows: pa.Table, name: str) -> Floats:
    column = rows[name].combine_chunks().cast(pa.float64(), safe=False)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
