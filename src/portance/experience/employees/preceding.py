"""Does thrust come before lift in this company's own panel, lift before thrust, both, or can it not be seen?

Teams by period: the mean of what employees say of being enabled (ten of them at least in every cell) against the share of
customers' journeys that the team served without a break from there on. Told honestly: Gelade and Young (2005) found effects
"too small to be of practical importance" in bank branches where the service-profit chain expects them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from portance.estimation.lagging import Floats, Lagged, lagged
from portance.experience.employees import gathering
from portance.experience.employees.balancing import ENABLING
from portance.experience.employees.facts import MONDAY, WEEK_DAYS
from portance.experience.employees.protecting import Cells
from portance.experience.employees.setting import Setting

LAGS_WEEKS = (1, 2, 4, 8)
GRAINS_WEEKS = (1, 2, 4, 13)
"""A period is as short as leaves ten employees in most cells."""
FEWEST_JOURNEYS = 5
_US_PER_DAY = 86_400_000_000
_SERVED = """
with served as (
  select journey_id, team, cast(floor((floor(t_us / 86400000000) - {first}) / {days}) as bigint) as period, min(t_us) as first_us
  from journey_interactions where team is not null and t_us >= {low} group by 1, 2, 3
), failed as (
  select s.journey_id, s.team, s.period, count(b.kind) as breaks
  from served s left join breaks b on b.journey_id = s.journey_id and b.at_us >= s.first_us group by 1, 2, 3
)
select team, period, count(*) as journeys, count(*) filter (breaks = 0) as sound from failed group by 1, 2 order by 1, 2
"""


def lift(setting: Setting, units: tuple[str, ...], first: int, many: int, days: int) -> Floats:
    """By team and period, the share of journeys that went on without a break; NaN below five journeys."""
    found = np.full((len(units), many), np.nan)
    place = {unit: number for number, unit in enumerate(units)}
    if not many or setting.engine.columns_or_none("journey_interactions") is None:
        return found
    sql = _SERVED.format(first=first, days=days, low=first * _US_PER_DAY)
    for team, period, journeys, sound in setting.engine.rows(sql):
        if team in place and 0 <= period < many and journeys >= FEWEST_JOURNEYS:
            found[place[team], int(period)] = sound / journeys
    return found


@dataclass(frozen=True, slots=True)
class Panel:
    """Thrust (0 to 1) and lift (share of journeys without a break) by team and period of ``weeks``, from the day ``first`` of 1970 on."""

    cells: Cells
    lift: Floats
    weeks: int
    first: int


def panel(setting: Setting) -> Panel | None:
    """Thrust and lift by team and period, the shortest period at which teams are large enough."""
    topics = [gathering.answer(name) for name in gathering.means(setting.charter, *ENABLING)]
    topics = [topic for topic in topics if topic in setting.door.topics()]
    last = setting.door.last_day(topics)
    first = setting.door.first_day(topics)
    if last is None or first is None:
        return None
    monday = (first - MONDAY) // WEEK_DAYS * WEEK_DAYS + MONDAY
    for weeks in GRAINS_WEEKS:
        days = weeks * WEEK_DAYS
        many = (last - monday) // days + 1
        cells = setting.door.cells(topics, [monday + number * days for number in range(many)], days)
        if np.isfinite(cells.values).mean() >= 0.5 or weeks == GRAINS_WEEKS[-1]:
            return Panel(cells, lift(setting, cells.units, monday, many, days), weeks, monday)
    return None


def thrust(setting: Setting, found: Panel | None) -> Iterator[dict[str, Any]]:
    """The rows of ``thrust``, one per lag; one row that says why where nothing can be estimated."""
    if found is None:
        yield _nothing(setting.door.closed or "no_data")
        return
    cells, lived, weeks = found.cells, found.lift, found.weeks
    lags = [(lag, lag // weeks) for lag in LAGS_WEEKS if lag % weeks == 0] or [(weeks, 1)]
    told = [(lag, lagged(lived, cells.values, step), lagged(cells.values, lived, step)) for lag, step in lags]
    # over all lags together a verdict is wrong at most one time in twenty
    level = 1 - 0.05 / len(told)
    for lag, forward, backward in told:
        reason = forward.reason or backward.reason
        if reason:
            yield _nothing(reason) | {"lag_weeks": lag, "units": forward.units, "periods": forward.periods}
            continue
        effect, low, high = _limits(setting, f"thrust {lag}", forward)
        reverse, reverse_low, reverse_high = _limits(setting, f"lift {lag}", backward)
        yield {
            "lag_weeks": lag, "effect": effect, "ci_low": low, "ci_high": high, "reverse": reverse, "reverse_low": reverse_low,
            "reverse_high": reverse_high, "units": forward.units, "periods": forward.periods, "grade": "D",
            "verdict": verdict(forward, backward, level), "reason": None, "employees": cells.employees,
            "smallest_detectable": round(forward.detectable, 2),
        }  # fmt: skip


def verdict(forward: Lagged, backward: Lagged, level: float) -> str:
    """Which came first, where that is beyond doubt at ``level``; a harm is no thrust."""
    first, second = (side.limits(level)[0] > 0 for side in (forward, backward))
    if first and second:
        return "both"
    return "thrust_first" if first else "lift_first" if second else "not_detectable"


def _limits(setting: Setting, name: str, found: Lagged) -> tuple[float, float, float]:
    effect = setting.door.coefficient(name, found.effect, found.error)
    low, high = found.limits()
    half = (high - low) / 2
    return effect, round(effect - half, 2), round(effect + half, 2)


def _nothing(reason: str) -> dict[str, Any]:
    return {"lag_weeks": None, "grade": None, "verdict": "not_detectable", "reason": reason}
