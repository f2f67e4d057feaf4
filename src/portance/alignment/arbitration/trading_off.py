"""The curve of a conflict: what two opposed indicators become as the lever between them goes over its range."""

from dataclasses import dataclass, replace

import numpy as np

from portance.alignment.arbitration.evidence import Evidence
from portance.alignment.arbitration.forecasting import Draws, draw, limits, simulate
from portance.alignment.arbitration.question import Move, Option
from portance.alignment.arbitration.weighing import YEAR

SETTINGS = 11


@dataclass(frozen=True, slots=True)
class TradeOff:
    """One setting of the lever: both indicators over the year after it, with 90 % intervals.

    ``net`` is the money over that year of all indicators that have a declared worth, against leaving the lever where it is.
    """

    from_indicator: str
    to_indicator: str
    lever: str
    setting: float
    from_value: float
    from_low: float
    from_high: float
    to_value: float
    to_low: float
    to_high: float
    net_low: float | None
    net: float | None
    net_high: float | None
    extrapolated: bool
    current: bool


def trade_offs(evidence: Evidence, *, settings: int = SETTINGS, seed: int = 0) -> tuple[TradeOff, ...]:
    """The curve of every conflict that has a lever whose responses were measured."""
    found: list[TradeOff] = []
    whole = tuple(
        replace(setting, teams=()) for setting in evidence.settings
    )  # a curve is told of all units together
    evidence = replace(evidence, settings=whole)
    drawn = draw(evidence, seed=seed)
    seen: set[tuple[str, str, str]] = set()
    for row in evidence.conflicts:
        key = (str(row["from_indicator"]), str(row["to_indicator"]), str(row.get("lever") or ""))
        if row.get("verdict") == "conflict" and key[2] and key not in seen:
            seen.add(key)
            found += curve(evidence, *key, settings=settings, drawn=drawn)
    return tuple(found)


def curve(
    evidence: Evidence, from_indicator: str, to_indicator: str, lever: str, *, settings: int = SETTINGS,
    drawn: Draws | None = None,
) -> tuple[TradeOff, ...]:  # fmt: skip
    """The settings from one end of the lever's range to the other, and the present one; none where nothing is measured."""
    setting = evidence.setting(lever)
    one, other = evidence.level(from_indicator), evidence.level(to_indicator)
    if setting is None or one is None or other is None or one.level is None or other.level is None:
        return ()
    low = setting.low if setting.low is not None else setting.seen_low
    high = setting.high if setting.high is not None else setting.seen_high
    if low is None or high is None or setting.current is None:
        return ()
    places = [evidence.levels.index(one), evidence.levels.index(other)]
    at = sorted({*map(float, np.linspace(low, high, settings)), setting.current})
    options = [Option(number, (Move("lever", lever, value),)) for number, value in enumerate(at, 1)]
    worlds = draw(evidence) if drawn is None else drawn
    found = []
    for value, told in zip(at, simulate(evidence, options, drawn=worlds), strict=True):
        if one.name not in told.path or other.name not in told.path:
            return ()
        here, there = (limits(told.change[:, YEAR, place]) for place in places)
        net: tuple[float | None, float | None, float | None] = (None, None, None)
        if np.isfinite(told.net).all():
            net = limits(told.net[:, YEAR])
        beyond = (setting.seen_low is not None and value < setting.seen_low) or (
            setting.seen_high is not None and value > setting.seen_high
        )
        found.append(
            TradeOff(
                one.name, other.name, lever, value, one.level + here[1], one.level + here[0], one.level + here[2],
                other.level + there[1], other.level + there[0], other.level + there[2], *net, beyond,
                value == setting.current,
            )
        )  # fmt: skip
    return tuple(found)
