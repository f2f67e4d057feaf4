"""What is said against what is lived: ambitions without means, a priority that its people do not see, beliefs, predictions."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from portance.charter.employees import Ambition
from portance.charter.surveys import Survey
from portance.engine import literal
from portance.estimation import Estimate, by_person, ratio
from portance.experience.employees import gathering
from portance.experience.employees.balancing import Side, difference, of_customers, of_employees
from portance.experience.employees.believing import Beliefs
from portance.experience.employees.facts import Group
from portance.experience.employees.setting import Setting

STARTED_WITHIN = timedelta(days=90)
AGREES = 75.0
"""From three quarters of a scale on a person agrees, where the charter does not say: 4 of 5."""
ALL = "all"
LUCID = 10.0
"""A prediction this near, beyond doubt, is right."""


def artificial_reality(setting: Setting, beliefs: Beliefs) -> Iterator[dict[str, Any]]:
    """The rows of ``artificial_reality``: action, perception, belief, prediction; they are never added up."""
    yield from _actions(setting)
    yield from _perception(setting)
    yield from _beliefs(setting, beliefs)
    yield from _predictions(setting)


# ---- declared ambitions, and what stands behind them


def _actions(setting: Setting) -> Iterator[dict[str, Any]]:
    """A census of what is declared, so without intervals."""
    found = [(name, lacking(setting, ambition)) for name, ambition in setting.charter.ambitions.items()]
    for name, (missing, early) in found:
        yield {
            "part": "action", "subject": name, "said": 1.0, "lived": 0.0 if missing else 1.0, "gap": 1.0 if missing else 0.0,
            "missing": ",".join(missing) or None, "n": 1, "unit": "share", "shown": "point",
            "reason": "within_90_days" if early else None,
        }  # fmt: skip
    if found:
        met = sum(not missing for _, (missing, _) in found) / len(found)
        yield {
            "part": "action", "subject": ALL, "said": 1.0, "lived": met, "gap": 1.0 - met, "n": len(found), "unit": "share",
            "shown": "point",
        }  # fmt: skip


def lacking(setting: Setting, ambition: Ambition) -> tuple[tuple[str, ...], bool]:
    """What an ambition lacks of owner, budget, standard and action; and whether its 90 days are still running."""
    today = datetime.fromtimestamp(setting.as_of_us // 1_000_000, UTC).date()
    charter = setting.charter
    promise = charter.promises.get(ambition.promise) if ambition.promise else None
    indicator = charter.indicators.get(ambition.indicator) if ambition.indicator else None
    limits = [level for level in (promise.intended, promise.offered) if level is not None] if promise else []
    standard = bool(limits) or (indicator is not None and indicator.aim is not None)
    until = today if ambition.since is None else min(today, ambition.since + STARTED_WITHIN)
    begun = any(charter.changes[name].since <= until for name in ambition.actions if name in charter.changes)
    early = not begun and ambition.since is not None and today < ambition.since + STARTED_WITHIN
    missing = [
        name
        for name, there in (
            ("owner", ambition.owner is not None), ("budget", ambition.budget is not None), ("standard", standard),
            ("action", begun or early),
        )
        if not there
    ]  # fmt: skip
    return tuple(missing), early


# ---- the customer comes first, it is said


def _perception(setting: Setting) -> Iterator[dict[str, Any]]:
    says = next(iter(gathering.means(setting.charter, "customer_priority")), None)
    lives = next(iter(gathering.means(setting.charter, "experience_delivered")), None)
    if says is None and lives is None:
        return
    topics = [gathering.answer(name) for name in (says, lives) if name]
    functions = sorted({one for topic in topics for one in setting.door.functions(topic)})
    for function in (None, *functions):
        said, lived = (_agreeing(setting, name, function) for name in (says, lives))
        gap, low, high = _apart_of_same(said, lived)
        yield {
            "part": "perception", "subject": function or ALL, "function": function, **_three("said", said), **_three("lived", lived),
            "gap": gap, "gap_low": low, "gap_high": high, "n": min(said.n, lived.n) or None, "unit": "share",
            "shown": _least(said, lived), "reason": said.reason or lived.reason,
        }  # fmt: skip


def _agreeing(setting: Setting, name: str | None, function: str | None) -> Side:
    if name is None:
        return Side(None, None, None, 0, "suppressed", "not_asked")
    question = setting.employees.questions[name]
    from_ = AGREES if question.agree is None else gathering.turned(question, question.agree)
    return of_employees(
        setting.door.share(gathering.answer(name), Group(function=function), setting.window, from_)
    )


def _apart_of_same(first: Side, second: Side) -> tuple[float | None, float | None, float | None]:
    """The difference of two figures of the same persons: their errors may go opposite ways, so the widths are added."""
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return None, None, None
    pointed = first.value is not None and second.value is not None
    return (
        (first.middle - second.middle if pointed else None),
        first.low - second.high,
        first.high - second.low,
    )


# ---- what leaders believe


def _beliefs(setting: Setting, beliefs: Beliefs) -> Iterator[dict[str, Any]]:
    for name, belief in setting.charter.beliefs.items():
        figure = f"promise:{belief.promise}" if belief.promise else f"survey:{belief.survey}"
        if belief.promise:
            lived, unit = of_promise(setting, belief.promise), "share"
        else:
            survey = setting.charter.surveys[belief.survey or ""]
            lived, unit = of_survey(setting, survey), "share" if survey.satisfied is not None else "answer"
        late = beliefs.late(name, figure, belief)
        said = Side(belief.value, belief.value, belief.value, 0, "point")
        gap, low, high = difference(said, lived)
        yield {
            "part": "belief", "subject": name, "said": belief.value, **_three("lived", lived), "gap": gap, "gap_low": low,
            "gap_high": high, "n": lived.n or None, "unit": unit, "shown": lived.shown,
            "reason": "late" if late else lived.reason,
        }  # fmt: skip
    for name in setting.charter.promises:
        beliefs.show(f"promise:{name}")
    for name in setting.charter.surveys:
        beliefs.show(f"survey:{name}")


def of_promise(setting: Setting, name: str) -> Side:
    """How often a promise is kept, of all customers."""
    if setting.engine.columns_or_none("promise_rates") is None:
        return Side(None, None, None, 0, "suppressed", "no_data")
    sql = f"select rate, ci_low, ci_high, persons, shown from promise_rates where segment = 'all' and promise = {literal(name)}"
    rows = setting.engine.rows(sql)
    if not rows:
        return Side(None, None, None, 0, "suppressed", "no_data")
    rate, low, high, persons, shown = rows[0]
    return Side(rate, low, high, int(persons or 0), str(shown), None)


def of_survey(setting: Setting, survey: Survey, function: str | None = None) -> Side:
    """What those who answered a survey said: the share satisfied, or the mean answer. The silent are not in it."""
    if survey.question is not None:
        sql = (
            "select coalesce(respondent, cast(row_number() over (order by t_us, value) as varchar)), value from responses "
            f"where question = {literal(survey.question)} and value is not null"
        )
    else:
        sql = (
            "select coalesce(person_id, interaction_id), rating from interactions where rating is not null "
            f"and rating_scale = {literal(survey.rating or '')}"
        )
        if survey.activity:
            sql += f" and activity = {literal(survey.activity)}"
        if function:
            sql += (
                " and interaction_id in (select i.interaction_id from journey_interactions i where i.journey_id in "
                f'(select journey_id from journey_interactions where "function" = {literal(function)}))'
            )
    found = _answered(setting, sql, survey.satisfied, upwards=survey.better == "higher")
    return Side(None, None, None, 0, "suppressed", "not_asked") if found is None else of_customers(found)


def _answered(setting: Setting, sql: str, satisfied: float | None, *, upwards: bool) -> Estimate | None:
    rows = setting.engine.rows(sql + " order by 1, 2")
    if not rows:
        return None
    places = {person: place for place, person in enumerate(dict.fromkeys(row[0] for row in rows))}
    persons = [places[row[0]] for row in rows]
    values = [float(row[1]) for row in rows]
    if satisfied is not None:
        values = [float(value >= satisfied if upwards else value <= satisfied) for value in values]
    groups = by_person(persons, values, [1.0] * len(values))
    return ratio(groups, seed=setting.seed, n=len(values), proportion=satisfied is not None)


# ---- whether employees know what customers would say


def _predictions(setting: Setting) -> Iterator[dict[str, Any]]:
    """Recommendation as employees predict it, and as customers express it, both on 0 to 100."""
    asked = next(iter(gathering.means(setting.charter, "recommendation")), None)
    if asked is None:
        return
    topic = gathering.answer(asked)
    declared = next((one for one in setting.charter.surveys.values() if one.rating == "nps"), None)
    survey = Survey(rating="nps", activity=declared.activity if declared else None)
    for function in (None, *setting.door.functions(topic)) if not setting.door.closed else (None,):
        said = of_employees(setting.door.mean(topic, Group(function=function), setting.window))
        told = of_survey(setting, survey, function)
        lived = Side(_ten(told.value), _ten(told.low), _ten(told.high), told.n, told.shown, told.reason)
        gap, low, high = difference(said, lived)
        yield {
            "part": "prediction", "subject": function or ALL, "function": function, **_three("said", said), **_three("lived", lived),
            "gap": gap, "gap_low": low, "gap_high": high, "n": said.n or None, "unit": "points", "shown": _least(said, lived),
            "reason": said.reason or lived.reason or prediction(low, high),
        }  # fmt: skip


def prediction(low: float | None, high: float | None) -> str | None:
    """Whether a prediction is right: ``lucid``, ``too_high``, ``too_low``, or null where it cannot be told."""
    if low is None or high is None:
        return None
    if low >= -LUCID and high <= LUCID:
        return "lucid"
    return "too_high" if low > 0 else "too_low" if high < 0 else None


def _ten(value: float | None) -> float | None:
    return None if value is None else 10 * value


def _three(name: str, side: Side) -> dict[str, float | None]:
    return {name: side.value, f"{name}_low": side.low, f"{name}_high": side.high}


def _least(first: Side, second: Side) -> str:
    order = ("suppressed", "interval", "point")
    return order[min(order.index(first.shown), order.index(second.shown))]
