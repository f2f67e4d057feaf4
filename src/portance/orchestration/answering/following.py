"""Whether the same person follows a journey, and what goes with it; no adviser ever leaves this module."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import stats

from portance.charter import Charter
from portance.engine import Engine, Step
from portance.estimation import by_person, ratio, shown_for
from portance.journeys.breaking import CLUSTER
from portance.journeys.columns import Columns
from portance.orchestration.answering import records
from portance.orchestration.answering.figures import columns, seed_of, share_of

MADE = ("continuity_returns", "continuity_contacts", "continuity_pairs")
FEWEST_AGENTS = 5
MOST_OF_ONE = 0.5
"""No figure where one adviser holds more than this: it would be theirs."""
FEWEST_PERSONS = 10
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def continuity(charter: Charter, engine: Engine, as_of_us: int, seed: int) -> pa.Table:
    """The table ``continuity``: one row per type of journey in which people answered more than once."""
    found = engine.columns_or_none("interactions") or {}
    if "agent" not in found or not engine.rows("select 1 from interactions where agent is not null limit 1"):
        return records.nothing(records.CONTINUITY, "no_adviser_known")
    engine.run(_steps(Columns(charter, found), as_of_us))
    try:
        rows = list(_rows(engine, charter, as_of_us, seed))
    finally:
        engine.drop(*reversed(MADE))
    return (
        records.table(records.CONTINUITY, rows)
        if rows
        else records.nothing(records.CONTINUITY, "nobody_met_twice")
    )


def _steps(read: Columns, as_of_us: int) -> tuple[Step, ...]:
    wanted = ", ".join(
        map(
            read.read,
            (
                "person_key",
                "interaction_id",
                "tie",
                "t_us",
                "intent",
                "outcome",
                "initiated_by",
                "wait_ms",
                "duration_ms",
            ),
        )
    )
    contact = "initiated_by = 'customer' and coalesce(before, '') <> 'transferred'"
    return (
        Step(
            "continuity_returns",
            f"""
            with told as (
              select {wanted}, agent from interactions where t_us <= {as_of_us}
            ), ordered as (
              select *, lag(outcome) over (partition by person_key order by t_us, tie) as before
              from told where person_key is not null and intent is not null
            )
            select interaction_id, t_us + 1000 * (coalesce(wait_ms, 0) + coalesce(duration_ms, 0)) as end_us,
              min(case when {contact} then t_us end) over (partition by person_key, intent order by t_us, tie
                rows between 1 following and unbounded following) as return_us
            from ordered""",
            ("interactions",),
            "One interaction, with the person's next contact for the same reason.",
        ),
        Step(
            "continuity_contacts",
            f"""
            select j.journey_type, j.journey_key, {CLUSTER.replace("person_key", "j.person_key").replace("journey_key", "j.journey_key")} as cluster,
              j.position, j.intent, i.agent, r.end_us, r.return_us,
              lag(i.agent) over (partition by j.journey_key order by j.position) as agent_before,
              lag(j.outcome) over (partition by j.journey_key order by j.position) as outcome_before
            from journey_interactions as j join interactions as i on i.interaction_id = j.interaction_id
            left join continuity_returns as r on r.interaction_id = j.interaction_id
            where j.actor = 'human' and i.agent is not null and j.t_us <= {as_of_us}""",
            ("journey_interactions", "interactions", "continuity_returns"),
            "One contact with an adviser in a journey, with the adviser before.",
        ),
        Step(
            "continuity_pairs",
            """
            select journey_type, cluster, intent, agent = agent_before as same, end_us, return_us
            from continuity_contacts where agent_before is not null and end_us is not null and coalesce(outcome_before, '') <> 'transferred'""",
            ("continuity_contacts",),
            "One contact that follows another in a journey, unless it was passed on: whether the adviser is the same, whether the customer came back.",
        ),
    )


def _rows(engine: Engine, charter: Charter, as_of_us: int, seed: int) -> Iterator[dict[str, object]]:
    floors = {
        name: (int(agents), float(most) / float(contacts))
        for name, agents, most, contacts in engine.rows(
            "with each as (select journey_type, agent, count(*) as n from continuity_contacts group by all) "
            "select journey_type, count(*), max(n), sum(n) from each group by journey_type"
        )
    }
    journeys = engine.arrow(
        "with each as (select journey_type, journey_key, cluster, count(*) as contacts, count(distinct agent) as advisers "
        "from continuity_contacts group by all having count(*) >= 2) "
        "select journey_type, cluster, contacts, advisers from each order by all"
    )
    pairs = engine.arrow("select * from continuity_pairs order by all")
    types = np.array(journeys["journey_type"].to_pylist(), dtype=object)
    for name in sorted(set(types)):
        mine = types == name
        who, advisers = _whole(journeys, "cluster")[mine], _whole(journeys, "advisers")[mine]
        persons = len(np.unique(who))
        head: dict[str, object] = {
            "journey_type": name, "journeys": int(mine.sum()), "persons": persons, "grade": "D", "shown": shown_for(persons),
            "contacts": int(_whole(journeys, "contacts")[mine].sum()),
        }  # fmt: skip
        agents, most = floors[name]
        reason = (
            "few_advisers"
            if agents < FEWEST_AGENTS
            else "one_adviser_dominates"
            if most > MOST_OF_ONE
            else None
        )
        reason = "few_persons" if reason is None and persons < FEWEST_PERSONS else reason
        if reason:
            yield head | {"shown": "suppressed", "verdict": "not_detectable", "reason": reason}
            continue
        one = share_of(who, advisers == 1, seed_of(seed, name, "same"))
        numbers = np.unique(who, return_inverse=True)[1]
        mean = ratio(
            by_person(numbers, advisers, np.ones(len(advisers))),
            seed=seed_of(seed, name, "advisers"),
            proportion=False,
        )
        head |= {
            "same_adviser": one.value,
            "low": one.ci_low,
            "high": one.ci_high,
            **columns("advisers", mean),
        }
        yield head | _associated(
            pairs.filter(pa.compute.equal(pairs["journey_type"], name)),
            charter,
            as_of_us,
            seed_of(seed, name),
        )


def _whole(told: pa.Table, name: str) -> Integers:
    return np.asarray(told[name].to_numpy(), dtype=np.int64)


def _associated(pairs: pa.Table, charter: Charter, as_of_us: int, seed: int) -> dict[str, object]:
    """How much rarer coming back is after the same adviser than after another, at the same reason: an association."""
    follow_up = charter.dosage.resolved_within
    end = np.asarray(pairs["end_us"].cast(pa.float64()).to_numpy(), dtype=np.float64)
    back = np.asarray(pairs["return_us"].cast(pa.float64()).to_numpy(), dtype=np.float64)
    seen = end <= as_of_us - follow_up
    returned: Flags = (back - end <= follow_up)[seen]
    same = np.asarray(pairs["same"].to_pylist(), dtype=bool)[seen]
    who = _whole(pairs, "cluster")[seen]
    reason = np.unique(np.array(pairs["intent"].to_pylist(), dtype=np.str_)[seen], return_inverse=True)[1]
    if min(len(np.unique(who[same])), len(np.unique(who[~same]))) < FEWEST_PERSONS:
        return {"verdict": "not_detectable", "reason": "too_few_pairs"}
    told = {
        **columns("repeat_same", share_of(who[same], returned[same], seed)),
        **columns("repeat_other", share_of(who[~same], returned[~same], seed)),
    }
    made = difference(returned, same, reason, who)
    if made is None:
        return told | {"verdict": "not_detectable", "reason": "never_the_same_reason"}
    effect, low, high = made
    verdict = "rarer" if high < 0 else "more_frequent" if low > 0 else "not_detectable"
    return told | {"effect": effect, "effect_low": low, "effect_high": high, "verdict": verdict}


def difference(
    returned: Flags, same: Flags, stratum: Integers, who: Integers
) -> tuple[float, float, float] | None:
    """The Mantel-Haenszel difference of shares over strata, with a 95 % interval by person (linearised, Student).

    None where no stratum holds both sides.
    """
    count = int(stratum.max()) + 1 if len(stratum) else 0
    with_same = np.bincount(stratum, same, count)
    without = np.bincount(stratum, ~same, count)
    both = (with_same > 0) & (without > 0)
    if not both.any():
        return None
    a = np.bincount(stratum, same & returned, count) / np.maximum(with_same, 1)
    b = np.bincount(stratum, ~same & returned, count) / np.maximum(without, 1)
    weight = np.where(both, with_same * without / np.maximum(with_same + without, 1), 0.0)
    effect = float(weight @ (a - b) / weight.sum())
    share = weight / weight.sum()
    push = np.where(
        same,
        (returned - a[stratum]) / np.maximum(with_same, 1)[stratum],
        -(returned - b[stratum]) / np.maximum(without, 1)[stratum],
    )
    persons = np.unique(who, return_inverse=True)[1]
    added = np.bincount(persons, push * share[stratum])
    if len(added) < 2:
        return None
    error = math.sqrt(len(added) / (len(added) - 1) * float(added @ added))
    half = float(stats.t.ppf(0.975, len(added) - 1)) * error
    return effect, effect - half, effect + half
