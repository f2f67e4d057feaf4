"""Four companies of one trade that differ by one thing each: three in which two functions undo each other, one healthy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from portance.worlds.company.drawing import WARM_UP, Drawn, surrounded
from portance.worlds.company.steering import CAMPAIGN, LEVERS, PROMISED, TARGET
from portance.worlds.company.world import World

TEAMS, WEEKS = 24, 52


@dataclass(frozen=True, slots=True)
class Story:
    """What exists in a company, and which pairs of indicators tell it.

    ``strengths`` are parameters of its nature, the same for all teams; ``levels`` moves where a lever stands on
    average, in shares of its range; ``tells`` are the ordered pairs that make the story; others that follow from it are in its
    truth.
    """

    number: int
    strengths: Mapping[str, float]
    tells: tuple[tuple[str, str], ...]
    levels: Mapping[int, float]
    watermelon: bool = False


STORIES: Mapping[str, Story] = {
    "healthy": Story(0, {}, (), {}),
    "sell_or_retain": Story(
        1,
        {
            "late": 1.0, "deliver_days": 4.2, "complains": 0.75, "delay_logit": 0.42, "poor_leads": 1.0,
            "leave_frustrated": 0.22, "cancel": 0.07,
        },
        (("conversion", "cancellations"), ("conversion", "departures")),
        {PROMISED: -0.05, CAMPAIGN: 0.0},
    ),
    "short_calls": Story(
        2,
        {"rush": 9.0, "resolve_simple": 2.1, "resolve_complex": 1.3, "leave_frustrated": 0.22, "autonomy_logit": 1.2},
        (("handling_time", "first_contact_resolution"), ("handling_time", "departures")),
        {TARGET: -0.15},
        watermelon=True,
    ),
    "on_time": Story(
        3,
        {"hurried_releases": 0.92, "rekey_s": 150.0, "pace_logit": 3.0, "learn": 0.42},
        (("releases_on_time", "adoption"), ("releases_on_time", "handling_time")),
        {},
    ),
}  # fmt: skip


def told(name: str, seed: int) -> World:
    """The company of a story, as it lived; the same seed gives the same one."""
    story = STORIES[name]
    rng = np.random.default_rng([seed, story.number, 307])
    company = surrounded(rng, seed, 10_000 + story.number, TEAMS, WEEKS)
    quiet: dict[str, Any] = {
        "needs": 8.0, "open_s": 7200.0, "leads": 17.0, "deliver_days": 2.5, "cancel": 0.05, "resolve_simple": 3.4,
        "resolve_complex": 2.7, "autonomy_logit": 1.6, "leave_frustrated": 0.10, "waiting": 0.8, "learn": 0.5, "patience_s": 3600.0,
    } | dict(story.strengths)  # fmt: skip
    spread = {name: 0.05 * rng.standard_normal(TEAMS) for name in quiet}
    nature = replace(
        company.nature,
        **{
            key: np.full(TEAMS, value)
            if key in ("late", "open_s", "hurried_releases")
            else value * np.exp(spread[key])
            for key, value in quiet.items()
        },
    )
    settings = company.settings.copy()
    for place, shift in story.levels.items():
        lever = LEVERS[place]
        moved = settings[..., place] + shift * (lever.high - lever.low)
        settings[..., place] = np.clip(moved, lever.low, lever.high)
    planted = tuple(
        key for key in ("late", "poor_leads", "rush", "hurried_releases") if key in story.strengths
    )
    return World(
        Drawn(company.seed, "observed", nature, company.conditions, settings, company.changes, planted, WARM_UP,
              hidden_sets=False, code=company.code), WEEKS,
    )  # fmt: skip
