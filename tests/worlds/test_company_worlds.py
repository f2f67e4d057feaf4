"""Simulated companies: the same seed gives the same company, and its truth is what its mechanisms make it."""

import hashlib
import heapq
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from portance import worlds
from portance.charter import read
from portance.estimation.queueing import erlang_c
from portance.workspace import Workspace
from portance.worlds.company import KINDS, draw, live_together
from portance.worlds.company.drawing import drawn
from portance.worlds.company.queueing import waits

STORIES = ("sell_or_retain", "short_calls", "on_time", "healthy")
SMALL = {"teams": 10, "weeks": 26}


@cache
def company(seed, kind):
    return draw(seed, kind, **SMALL)


def seed_with(mechanism, kind="observed"):
    return next(seed for seed in range(50) if mechanism in drawn(seed, kind, **SMALL).planted)


# ---- queues


def test_waits_are_those_of_a_queue_served_one_call_at_a_time():
    """Every wait and every departure of impatient callers, against a heap of the instants at which agents are free."""
    rng = np.random.default_rng(3)
    agents = np.array([1, 3, 2, 4, 2])
    lane = np.sort(rng.integers(0, 5, 400))
    arrival = np.empty(400)
    for queue in range(5):
        mine = lane == queue
        arrival[mine] = np.sort(rng.uniform(0, 9000, mine.sum()))
    service, patience = rng.exponential(200, 400), rng.exponential(150, 400)
    wait, left = waits(lane, arrival, service, patience, agents)
    assert 20 < left.sum() < 380
    for queue, number in enumerate(agents):
        free = [0.0] * number
        for call in np.flatnonzero(lane == queue):
            soonest = heapq.heappop(free)
            needed = max(soonest - arrival[call], 0.0)
            gone = needed > patience[call]
            heapq.heappush(free, soonest if gone else arrival[call] + needed + service[call])
            assert left[call] == gone
            assert wait[call] == pytest.approx(patience[call] if gone else needed, abs=1e-9)


@pytest.mark.parametrize(
    ("queue", "published"),
    [((720, 240, 55, 15), (0.2387, 8.18, 0.846)), ((200, 180, 14, 20), (0.1741, 7.84, 0.888))],
)
def test_a_stationary_queue_waits_as_erlang_says(queue, published):
    """Published cases: shares and means of queues that know nothing of each other, within three standard errors."""
    calls_an_hour, seconds, agents, within = queue
    waiting, mean, served = published
    rng = np.random.default_rng(11)
    lanes, held, settling = 240, 5500, 800
    lane = np.repeat(np.arange(lanes), held)
    arrival = np.cumsum(rng.exponential(3600 / calls_an_hour, (lanes, held)), axis=1).ravel()
    service = rng.exponential(seconds, lane.size)
    wait, left = waits(lane, arrival, service, np.full(lane.size, np.inf), np.full(lanes, agents))
    seen = wait.reshape(lanes, held)[:, settling:]
    formula = erlang_c(calls_an_hour * seconds / 3600, agents, duration=seconds, within=within)
    assert not left.any()
    assert formula.waits == pytest.approx(waiting, abs=5e-5)
    for told, known in (((seen > 0), waiting), (seen, mean), ((seen <= within), served)):
        each = told.mean(axis=1)
        error = each.std(ddof=1) / np.sqrt(lanes)
        assert error < 0.06 * known
        assert abs(each.mean() - known) < 3 * error


# ---- random companies


def test_the_same_arguments_give_the_same_company():
    first, again, other = company(1, "observed"), draw(1, "observed", **SMALL), draw(2, "observed", **SMALL)
    assert first.panel().values.tobytes() == again.panel().values.tobytes()
    assert first.truth.pairs == again.truth.pairs
    assert not np.array_equal(first.panel().values, other.panel().values, equal_nan=True)


def test_companies_that_live_side_by_side_are_as_alone():
    together = [draw(1, "observed", **SMALL), draw(3, "null", **SMALL)]
    live_together(together)
    assert together[0].panel().values.tobytes() == company(1, "observed").panel().values.tobytes()
    assert together[0].truth.pairs == company(1, "observed").truth.pairs


def test_without_mechanisms_nothing_harms_anything():
    world = company(3, "null")
    assert world.planted == ()
    assert world.truth.conflicts == ()
    untied = ("leads", "conversion", "releases_on_time")
    assert max(abs(pair.effect) for pair in world.truth.pairs if pair.from_indicator in untied) < 0.05


@pytest.mark.parametrize(
    ("mechanism", "harms", "harmed"),
    [
        ("rush", "handling_time", "first_contact_resolution"),
        ("poor_leads", "leads", "conversion"),
        ("late", "conversion", "cancellations"),
        ("hurried_releases", "releases_on_time", "adoption"),
        ("autonomy_s", "first_contact_resolution", "handling_time"),
        ("wages", "answered_in_time", "cost_to_serve"),
    ],
)
def test_a_mechanism_that_exists_harms_well_beyond_the_smallest_effect(mechanism, harms, harmed):
    pair = company(seed_with(mechanism), "observed").truth.of(harms, harmed)
    assert pair.effect < -0.2
    assert pair.conflict


def test_the_panel_shows_what_is_recorded_and_nothing_else():
    world = company(4, "hidden")
    panel = world.panel()
    assert panel.values.shape == (10, 26, 20)
    assert panel.context == ("demand", "complex_share", "new_agents")
    assert np.isnan(panel.values).mean() < 0.01
    assert [lever.assigned for lever in world.moved] == [None] * 6
    assert {row.name for row in world.steered} == set(panel.indicators)
    within = panel.of("departures") - panel.of("departures").mean(axis=1, keepdims=True)
    assert world.truth.spreads["departures"] == pytest.approx(within.std())


def test_levers_are_set_at_dates_of_each_team_and_stay_in_their_range():
    world = company(1, "observed")
    panel = world.panel()
    for lever in world.moved:
        states = panel.of(lever.name)
        moves = (np.diff(states, axis=1) != 0).sum(axis=1)
        assert states.min() >= lever.low
        assert states.max() <= lever.high
        assert 1 <= moves.min() <= moves.max() <= 5
        assert len(np.unique(moves)) > 1


def test_where_levers_never_move_none_does():
    panel = company(1, "unmoved").panel()
    assert all(np.ptp(panel.of(lever), axis=1).max() == 0 for lever in panel.levers)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_lives(kind):
    world = draw(6, kind, teams=4, weeks=14)
    assert len(world.truth.pairs) == 60
    assert np.isfinite(world.panel().of("handling_time")).all()


def test_a_kind_that_does_not_exist_names_those_that_do():
    with pytest.raises(ValueError, match="there are: observed, null"):
        draw(1, "imagined")


# ---- what a decision would do


def test_no_change_changes_nothing_at_all():
    world = company(1, "observed")
    last = world.company.settings[world.warm_up + world.weeks - 1]
    for settings in ({}, {"handling_target": last[:, 2]}):
        outcome = world.counterfactual(settings, 4)
        assert set(outcome.deltas.values()) == {0.0}
        assert outcome.net == 0.0


def test_a_lever_moves_the_indicator_of_its_owner_and_the_money_adds_up():
    world = company(seed_with("rush"), "observed")
    outcome = world.counterfactual({"handling_target": 330.0}, 8)
    assert outcome.deltas["handling_time"] < -5
    assert outcome.deltas["first_contact_resolution"] < -1
    by_hand = sum(
        row.better * outcome.deltas[row.name] * row.worth[1] for row in world.steered if row.worth is not None
    )
    assert outcome.net == pytest.approx(by_hand * 10 * 8)
    longer = world.counterfactual({"handling_target": 330.0}, 9)
    assert longer.deltas != outcome.deltas


# ---- stories


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def arrives(made: worlds.Made) -> None:
    """The charter is valid, every row is accepted, everyone is somebody, and interactions are in journeys."""
    charter = read(made.charter)
    with Workspace(charter) as workspace:
        workspace.intake.receive()
        workspace.intake.tables()
        workspace.identity.resolve()
        as_of = datetime(2026, 1, 4, 22, 59, 59, tzinfo=UTC)
        workspace.journeys.build(int(as_of.timestamp() * 1e6), None)
        engine = workspace._engine
        ((refused,),) = engine.rows("select sum(refused) from receipts")
        assert refused == 0
        told = dict(engine.rows("select activity, count(*) from interactions group by activity"))
        assert sum(told.values()) == made.interactions
        assert set(told) == {"call", "enquiry", "order", "delivery", "cancellation", "departure"}
        ((anonymous,),) = engine.rows("select count(*) from interactions where person_id is null")
        assert anonymous == 0
        ((teams, agents),) = engine.rows(
            "select count(distinct team), min(agents) from (select team, count(distinct agent) as agents "
            "from interactions where activity = 'call' group by team) as t"
        )
        assert teams == 24
        assert agents >= 5
        types = dict(engine.rows("select journey_type, count(*) from journeys group by journey_type"))
        assert set(types) == {"purchase", "request"}


def test_a_story_arrives_whole(tmp_path):
    made = worlds.make("short_calls", tmp_path, 5)
    arrives(made)
    rows = sum(file.read_bytes().count(b"\n") for file in made.extracts.iterdir())
    assert rows < 150_000
    truth = json.loads((made.truth / "truth.json").read_text(encoding="utf-8"))
    assert truth["watermelon"] == {"function": "service"}
    charter = read(made.charter)
    for effect in truth["effects"]:
        assert charter.indicators[effect["from"]].function == effect["from_function"]
        assert charter.levers[effect["lever"]].name is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_every_story_arrives_and_the_same_seed_gives_the_same_bytes(name, tmp_path):
    made = worlds.make(name, tmp_path / "one", 2)
    again = worlds.make(name, tmp_path / "two", 2)
    assert digests(made.charter.parent) == digests(again.charter.parent)
    arrives(made)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", STORIES)
def test_what_a_story_tells_is_true_in_it(name, seed, tmp_path):
    made = worlds.make(name, tmp_path, seed)
    truth = json.loads((made.truth / "truth.json").read_text(encoding="utf-8"))
    assert all(told["effect"] < -0.2 for told in truth["found"])
    assert bool(truth["found"]) == (name != "healthy")
    if name == "healthy":
        assert not any(effect["conflict"] for effect in truth["effects"])
