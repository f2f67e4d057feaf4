"""The table of irritants from what was heard: copies once, praise never, suggestions and public reviews apart."""

import numpy as np
import pyarrow as pa
import pytest
from writing_company import DAY_US, START_US, interaction, tables, voice, writing_charter

from portance.engine import Engine
from portance.experience.irritants.gathering import hear_costs
from portance.experience.irritants.ranking import cost_irritants
from portance.findings.costing_irritants import cost_of_irritants

TODAY = START_US + 300 * DAY_US
VALUES = {
    "lost_customer": {"value": 300, "range": [200, 420], "source": "finance"},
    "contact": {"value": 7, "range": [5, 9], "source": "finance"},
}


@pytest.fixture
def engine():
    with Engine(threads=1) as made:
        yield made


def _company(seed=0, people=700, *, ruin=0.5):
    rng = np.random.default_rng(seed)
    rows, voices = [], []
    for person in range(1, people + 1):
        day = float(rng.uniform(40, 190))
        rows += [interaction(person, float(past)) for past in rng.uniform(0, day - 32, rng.integers(1, 4))]
        ruined, trifle = person % 9 == 0, person % 4 == 0
        text = interaction(
            person, day, "message", has_verbatim=True, rating=1.0 if ruined else 4.0, rating_scale="csat"
        )
        rows.append(text)
        voices.append(voice(text, "late" if ruined else None))
        if trifle:
            voices.append(voice(text, "website", sentence=1))
        if rng.random() < (0.08 + ruin * ruined):
            rows.append(interaction(person, day + float(rng.uniform(2, 60)), "departure"))
    return rows, voices


def _journeys(ids, started_us, ended_us, person_id=None):
    """Journeys of one person, or of nobody; all of the same time."""
    n = len(ids)
    return pa.table(
        {
            "journey_id": pa.array(ids, pa.string()),
            "person_id": pa.array([person_id] * n, pa.string()),
            "case_id": pa.array([None] * n, pa.string()),
            "started_us": pa.array([started_us] * n, pa.int64()),
            "ended_us": pa.array([ended_us] * n, pa.int64()),
        }
    )


def _told(engine, **declared):
    charter = writing_charter(
        retention={"left": ["departure"], "horizon": "90 days"}, values=VALUES, **declared
    )
    table = cost_irritants(charter, engine, TODAY, 0)["irritants"]
    return charter, {row["irritant"]: row for row in table.to_pylist() if row["language"] == "all"}


def test_a_company_without_texts_has_an_empty_table(engine):
    tables(engine, [interaction(1, 3)], [])
    assert _told(engine)[1] == {}
    engine.drop("voices")
    assert _told(engine)[1] == {}


def test_what_ruins_is_ranked_first_with_its_effect_its_severity_and_a_finding(engine):
    tables(engine, *_company())
    charter, told = _told(engine)
    late = told["late"]
    assert late["rank"] == 1
    assert late["lost_low"] < 0.5 < late["lost_high"]
    assert late["lost_days"] == 90
    assert late["severity"] == pytest.approx(75, abs=10)
    assert late["share"] == pytest.approx(1 / 9, abs=0.01)
    assert told["website"]["rank"] is None
    (finding,) = cost_of_irritants(charter, list(told.values()))
    assert "retard" in finding.text.fr.lower() or "late" in finding.key
    assert " fait partir" not in finding.text.fr  # no cause below grade B
    assert finding.money_low == late["loss_low"]


def test_copies_praise_suggestions_and_public_reviews_do_not_count_as_suffering(engine):
    rows, voices = _company(people=400)
    of = {row["interaction_id"]: row for row in rows if row["activity"] == "message"}
    before = sum(one["irritant"] == "late" for one in voices)
    some = [row for row in of.values() if row["person_key"] % 9 != 0][:60]
    voices += [voice(row, "late", sentence=5, copy_of="elsewhere") for row in some[:15]]
    voices += [voice(row, "late", sentence=5, kind="praise", polarity="positive") for row in some[15:30]]
    voices += [voice(row, "late", sentence=5, kind="suggestion") for row in some[30:45]]
    reviews = [interaction(None, 100 + n / 100, "review") for n in range(40)]
    voices += [voice(row, "late", public=True) for row in reviews] + [
        voice(row, "smell", public=True) for row in reviews
    ]
    tables(engine, rows + reviews, voices)
    _, told = _told(engine)
    assert told["late"]["n"] == before
    assert told["late"]["suggestions"] == 15
    smell = told["smell"]
    assert smell["public_only"]
    assert (smell["share"], smell["loss"], smell["lost"], smell["rank"]) == (None, None, None, None)
    assert smell["reason"] == "public_only"


def test_a_text_is_not_compared_over_a_time_that_nobody_has_seen(engine):
    rows, voices = _company(people=600, ruin=0.0)
    # the latest texts all leave at once, too near the end to be followed for ninety days
    late_texts = [row for row in rows if row["activity"] == "message"][:60]
    for row in late_texts:
        row["t_us"] = START_US + 299 * DAY_US
        rows.append(interaction(row["person_key"], 299.5, "departure"))
    tables(engine, rows, voices)
    _, told = _told(engine)
    assert told["late"]["lost_low"] < 0 < told["late"]["lost_high"]


def test_a_text_of_nobody_known_counts_for_frequency_and_for_nothing_else(engine):
    rows, voices = _company(people=300)
    alone = [interaction(None, 50 + n / 100, "message", has_verbatim=True) for n in range(200)]
    tables(engine, rows + alone, voices + [voice(row, "noise") for row in alone])
    _, told = _told(engine)
    assert told["noise"]["n"] == 200
    assert told["noise"]["share"] is not None
    assert told["noise"]["loss"] is None
    assert told["noise"]["reason"] == "no_follow_up"


def test_without_departures_or_worth_the_table_says_what_is_missing(engine):
    tables(engine, *_company(people=300))
    charter = writing_charter()
    rows = cost_irritants(charter, engine, TODAY, 0)["irritants"].to_pylist()
    assert all(row["loss"] is None and row["lost"] is None for row in rows)
    assert all(row["rank"] is None for row in rows)


def test_owners_are_the_declared_ones_else_those_at_the_broken_seam_of_the_same_journeys(engine):
    rows, voices = _company(people=400)
    tables(engine, rows, voices)
    of = [one for one in voices if one["irritant"] == "late"]
    journeys = [
        {"journey_id": f"j{one['interaction_id']}", "interaction_id": one["interaction_id"]} for one in voices
    ]
    engine.table("journey_interactions", pa.Table.from_pylist(journeys))
    engine.table("journeys", _journeys([one["journey_id"] for one in journeys], START_US, START_US))
    seams = [
        {
            "journey_id": f"j{one['interaction_id']}",
            "from_function": "sales",
            "to_function": "billing",
            "broken": True,
        }
        for one in of
    ]
    engine.table("seams", pa.Table.from_pylist(seams))
    _, told = _told(engine)
    assert (told["late"]["seam"], told["late"]["owners"]) == ("sales>billing", "billing")
    assert (told["website"]["seam"], told["website"]["owners"]) == (None, None)
    _, told = _told(
        engine, voices={"irritants": {"late": {"owners": ["service"], "seam": ["service", "sales"]}}}
    )
    assert (told["late"]["seam"], told["late"]["owners"]) == ("service>sales", "service")


def _lived(engine, late, *, held):
    """Journeys of the late, one that began first and whose seam broke, one after it that went well; texts stand in those ``held``."""
    day = {one["interaction_id"]: START_US + 20 * DAY_US for one in late}
    journeys = [
        {
            "journey_id": f"{kind}{one['interaction_id']}", "person_id": one["person_id"], "case_id": None,
            "started_us": day[one["interaction_id"]] + after * DAY_US, "ended_us": START_US + 200 * DAY_US,
        }
        for one in late
        for kind, after in (("first", 0), ("second", 1))
    ]  # fmt: skip
    engine.table("journeys", pa.Table.from_pylist(journeys, schema=_journeys([], 0, 0).schema))
    standing = [
        {"journey_id": f"{kind}{one['interaction_id']}", "interaction_id": one["interaction_id"]}
        for one in late
        for kind in held
    ]
    schema = pa.schema([("journey_id", pa.string()), ("interaction_id", pa.string())])
    engine.table("journey_interactions", pa.Table.from_pylist(standing, schema=schema))
    seams = [
        {
            "journey_id": f"{kind}{one['interaction_id']}",
            "from_function": "sales",
            "to_function": to,
            "broken": True,
        }
        for one in late
        for kind, to in (("first", "service"), ("second", "billing"))
    ]
    engine.table("seams", pa.Table.from_pylist(seams))


@pytest.mark.parametrize(
    ("held", "seam"),
    [((), "sales>billing"), (("first", "second"), "sales>service"), (("second",), "sales>billing")],
)
def test_an_irritant_hangs_on_the_journey_that_its_texts_speak_of(engine, held, seam):
    """The first that holds a text where several do, the last that its customer had started where none does."""
    rows, voices = _company(people=400)
    tables(engine, rows, voices)
    _lived(engine, [one for one in voices if one["irritant"] == "late"], held=held)
    assert _told(engine)[1]["late"]["seam"] == seam


def test_each_language_is_counted_and_not_costed(engine):
    rows, voices = _company(people=400)
    for number, one in enumerate(voices):
        one["language"] = "en" if (number // 2) % 2 else "fr"
    tables(engine, rows, voices)
    charter = writing_charter(values=VALUES)
    found = cost_irritants(charter, engine, TODAY, 0)["irritants"].to_pylist()
    english = next(row for row in found if (row["irritant"], row["language"]) == ("website", "en"))
    french = next(row for row in found if (row["irritant"], row["language"]) == ("website", "fr"))
    everyone = next(row for row in found if (row["irritant"], row["language"]) == ("website", "all"))
    assert english["loss"] is None
    assert english["n"] + french["n"] == everyone["n"]


@pytest.mark.parametrize("held", [True, False])
def test_the_past_of_a_text_ends_where_the_journey_that_it_speaks_of_began(engine, held):
    before = [interaction(1, day) for day in (60, 70)]
    inside = [interaction(1, day) for day in (100, 101, 102)]
    text = interaction(1, 110, "answer", has_verbatim=True)
    tables(engine, [*before, *inside, text], [voice(text, "late")])
    held_ids = [row["interaction_id"] for row in (*inside, *([text] if held else []))]
    engine.table(
        "journey_interactions", pa.table({"journey_id": ["j1"] * len(held_ids), "interaction_id": held_ids})
    )
    engine.table("journeys", _journeys(["j1"], START_US + 100 * DAY_US, START_US + 102 * DAY_US, "p1"))
    heard = hear_costs(writing_charter(), engine, TODAY)
    assert np.expm1(heard.gathered.before[0, 0]) == pytest.approx(2)
    engine.drop("journey_interactions")
    alone = hear_costs(writing_charter(), engine, TODAY)
    assert np.expm1(alone.gathered.before[0, 0]) == pytest.approx(5)


def test_the_past_of_a_text_in_a_long_journey_ends_a_month_before_it(engine):
    inside = [interaction(1, day) for day in (40, 75, 90)]
    text = interaction(1, 110, "answer", has_verbatim=True)
    tables(engine, [*inside, text], [voice(text, "late")])
    held_ids = [row["interaction_id"] for row in (*inside, text)]
    engine.table(
        "journey_interactions", pa.table({"journey_id": ["j1"] * len(held_ids), "interaction_id": held_ids})
    )
    engine.table("journeys", _journeys(["j1"], START_US + 40 * DAY_US, START_US + 110 * DAY_US, "p1"))
    heard = hear_costs(writing_charter(), engine, TODAY)
    assert np.expm1(heard.gathered.before[0, 0]) == pytest.approx(2)  # days 40 and 75, not 90
