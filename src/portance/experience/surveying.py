"""Which journeys a question was asked about, and which were answered: every survey tied to the journeys it speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass

from portance.charter import Charter
from portance.charter.surveys import Survey
from portance.engine import Engine, Step, literal
from portance.experience.placing import placed

ENOUGH_TIED = 0.8
"""A survey of which fewer answers than this can be tied to a journey tells nothing about who was silent."""
ONLY_ANSWERS = 0.9
"""An activity that carries an answer this often is the answer itself: it is no part of what the customer lived."""
FOLLOW_UP = "a_follow_up"
"""The attribute of an asking that says it was drawn by lot among those who had not answered."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A survey whose answers are in the engine.

    ``answers`` is the table of all of them (tie, person_id, case_id, t_us, value); ``tied`` the table of journeys that
    answered (journey_id, answered_us, value, answers); ``asked`` that of journeys asked (journey_id, asked_us, asks,
    last_asked_us, follow_up_us), null where everyone is. ``left_out`` are the activities that are no part of what was
    lived: the answer itself and the asking. ``reason``: why nothing is known of the silent (``no_answers``,
    ``not_tied``, ``no_journeys``).
    """

    name: str
    survey: Survey
    journey: str
    answers: str
    tied: str
    asked: str | None
    left_out: tuple[str, ...]
    given: int
    placed: int
    reason: str | None


def surveyed(charter: Charter, engine: Engine, name: str) -> Surveyed:
    """Tie the answers of a survey to journeys, in tables of the engine that bear its name."""
    survey = charter.surveys[name]
    answers, tied = f"survey_{name}_answers", f"survey_{name}_tied"
    engine.run([_answers(engine, survey, answers)])
    given = engine.count(answers)
    untied = engine.rows(_UNTIED, [survey.question])[0][0] if survey.question is not None else 0
    left_out = _left_out(engine, survey)
    if not engine.count("journeys"):
        return Surveyed(name, survey, "", answers, tied, None, left_out, given, 0, "no_journeys")
    journey = survey.journey or _most_answered(charter, engine, answers)
    engine.run([
        placed(f"survey_{name}_placed", answers, survey.within, journey),
        _last(tied, f"survey_{name}_placed"),
    ])  # fmt: skip
    tied_to_one = engine.count(f"survey_{name}_placed")
    asked = None
    if survey.asked is not None:
        asked = f"survey_{name}_asked"
        asking = f"survey_{name}_asking"
        engine.run([
            _asking(engine, survey.asked, asking), placed(f"{asking}_placed", asking, survey.within, journey),
            _asked(asked, f"{asking}_placed"),
        ])  # fmt: skip
    all_given = given + int(untied)
    reason = None
    if not all_given:
        reason = "no_answers"
    elif tied_to_one < ENOUGH_TIED * all_given:
        reason = "not_tied"
    elif not engine.rows("select 1 from journeys where journey_type = ? limit 1", [journey]):
        reason = "no_journeys"
    return Surveyed(name, survey, journey, answers, tied, asked, left_out, all_given, tied_to_one, reason)


def lived(left_out: Sequence[str], column: str = "activity") -> str:
    """The condition under which an interaction is part of what was lived."""
    if not left_out:
        return "true"
    names = ", ".join(literal(one) for one in left_out)
    return f"({column} is null or {column} not in ({names}))"


_UNTIED = "select count(*) from responses where question = ? and value is not null and respondent is null"


def _answers(engine: Engine, survey: Survey, name: str) -> Step:
    if survey.question is None:
        activity = f" and activity = {literal(survey.activity)}" if survey.activity else ""
        return Step(
            name=name,
            sql=f"""
            select interaction_id as tie, person_id, cast(null as varchar) as case_id, t_us, rating as value
            from interactions
            where rating is not null and rating_scale = {literal(survey.rating or "")}{activity}""",
            reads=("interactions",),
            note="One answer: a rating on an interaction.",
        )
    known = engine.columns_or_none("identifiers") is not None
    owners = (
        "select lower(trim(identifier_value)) as written, min(person_id) as person_id from identifiers "
        "where person_id is not null group by lower(trim(identifier_value)) having min(person_id) = max(person_id)"
        if known
        else "select person_id as written, person_id from persons"
    )
    return Step(
        name=name,
        sql=f"""
        with given as (
          select respondent, t_us, max(value) as value from responses
          where question = {literal(survey.question)} and value is not null and respondent is not null
          group by respondent, t_us
        ), owned as ({owners})
        select g.respondent || ':' || coalesce(cast(g.t_us as varchar), '') as tie,
          coalesce(p.person_id, o.person_id) as person_id, g.respondent as case_id, g.t_us, g.value
        from given as g
        left join persons as p on p.person_id = g.respondent
        left join owned as o on o.written = lower(trim(g.respondent))""",
        reads=("responses", "persons", *(("identifiers",) if known else ())),
        note="One answer to a question, with the person that its respondent is known as.",
    )


def _asking(engine: Engine, activity: str, name: str) -> Step:
    drawn = (
        f"case when lower(coalesce({FOLLOW_UP}, '')) in ('true', 't', '1', 'yes', 'oui', 'vrai', 'drawn') then t_us end"
        if FOLLOW_UP in engine.columns("interactions")
        else "cast(null as bigint)"
    )
    return Step(
        name=name,
        sql=f"""
        select interaction_id as tie, person_id, cast(null as varchar) as case_id, t_us, {drawn} as value
        from interactions where activity = {literal(activity)}""",
        reads=("interactions",),
        note="One asking, and its instant once more where it was drawn by lot.",
    )


def _last(name: str, placed: str) -> Step:
    return Step(
        name=name,
        sql=f"""
        with numbered as (
          select journey_id, t_us, value, row_number() over (partition by journey_id order by t_us desc, tie) as place,
            count(*) over (partition by journey_id) as answers
          from {placed}
        )
        select journey_id, t_us as answered_us, value, answers from numbered where place = 1""",
        reads=(placed,),
        note="One journey that was answered about, with its last answer.",
    )


def _asked(name: str, placed: str) -> Step:
    return Step(
        name=name,
        sql=f"""
        select journey_id, min(t_us) as asked_us, max(t_us) as last_asked_us, count(*) as asks, min(value) as follow_up_us
        from {placed} group by journey_id""",
        reads=(placed,),
        note="One journey that was asked about.",
    )


def _left_out(engine: Engine, survey: Survey) -> tuple[str, ...]:
    found = [survey.asked] if survey.asked else []
    if survey.question is None:
        rows = engine.rows(
            "select activity, count(*), count(rating) from interactions where activity is not null and activity in "
            "(select activity from interactions where rating is not null and rating_scale = ?) "
            "group by activity order by activity",
            [survey.rating],
        )
        only = [row[0] for row in rows if row[2] >= ONLY_ANSWERS * row[1]]
        others = engine.rows("select count(distinct activity) from interactions")[0][0]
        if len(only) + len(found) < others:  # where everything is rated, the rated steps are what was lived
            found += only
    return tuple(dict.fromkeys(found))


def _most_answered(charter: Charter, engine: Engine, answers: str) -> str:
    """The type of journeys that holds most answers; where none does, the type with most journeys."""
    rows = engine.rows(
        f"select journey_type, count(*) from journey_interactions where interaction_id in (select tie from {answers}) "
        "group by journey_type"
    ) or engine.rows("select journey_type, count(*) from journeys group by journey_type")
    order = list(charter.journeys)
    return str(
        min(rows, key=lambda row: (-row[1], order.index(row[0]) if row[0] in order else len(order)))[0]
    )
