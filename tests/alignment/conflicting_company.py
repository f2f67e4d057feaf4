"""Small made-up panels with a planted truth, for the tests of conflicts: three levers, five indicators."""

from dataclasses import dataclass

import numpy as np

from portance.alignment.indicators.panel import Moved, Panel, Steered

INDICATORS = ("fast", "solved", "loyal", "tidy", "idle")
LEVERS = ("pace", "training")


@dataclass(frozen=True)
class Company:
    panel: Panel
    steered: dict[str, Steered]
    moved: dict[str, Moved]


def company(
    seed: int = 0, *, units: int = 24, weeks: int = 52, harm: float = 0.8, assigned: str | None = "drawn",
    anticipated: bool = False, missing: float = 0.0, still: bool = False, hidden: float = 0.0, noise: float = 1.0,
) -> Company:  # fmt: skip
    """``pace`` makes ``fast`` better at once and, by ``harm``, ``solved`` worse over four weeks, and ``loyal`` after it.

    ``training`` moves ``tidy`` alone. Nothing moves ``idle``. ``anticipated`` readings worsen before the move;
    ``still`` levers never move; ``hidden`` moves lever and ``loyal`` together.
    """
    rng = np.random.default_rng(seed)
    states = np.zeros((units, weeks + 20, 2))
    unseen = np.cumsum(rng.standard_normal((units, weeks + 20)), axis=1) * 0.25
    for unit in range(units):
        for lever in range(2):
            dates = np.sort(rng.choice(np.arange(22, weeks + 16), 3, replace=False))
            for start, end in zip([0, *dates], [*dates, weeks + 20], strict=True):
                level = rng.uniform(-1, 1) + hidden * unseen[unit, max(start - 1, 0)]
                states[unit, start:end, lever] = 0 if still else level
    context = rng.standard_normal((units, weeks + 20))
    shown = slice(20, None)
    pace, training = states[..., 0], states[..., 1]
    past = np.stack([np.roll(pace, lag, axis=1) for lag in range(4)]).mean(axis=0)
    later = np.stack([np.roll(pace, lag, axis=1) for lag in range(2, 9)]).mean(axis=0)
    error = noise * rng.standard_normal((5, units, weeks + 20))
    season = rng.standard_normal((1, weeks + 20))
    if anticipated:
        past = np.roll(past, -5, axis=1)
    told = np.stack([
        200 - 20 * pace + 10 * error[0] + 4 * context + 5 * season,
        50 - harm * 10 * past + 5 * error[1] - 3 * context + rng.normal(0, 10, (units, 1)),
        10 - harm * 1.5 * later + error[2] + hidden * 2 * unseen,
        5 + 2 * training + 1.5 * error[3],
        100 + 3 * error[4] + context,
    ], axis=2)[:, shown]  # fmt: skip
    told = np.where(rng.random(told.shape) < missing, np.nan, told)
    values = np.concatenate([told, states[:, shown], context[:, shown, None]], axis=2)
    panel = Panel(
        INDICATORS, LEVERS, ("mix",), tuple(f"team {unit}" for unit in range(units)), "team",
        np.datetime64("2025-01-06") + 7 * np.arange(weeks), "week", values, np.full(values.shape, np.nan),
    )  # fmt: skip
    steered = {
        "fast": Steered("fast", "service", -1, "s", levers=("pace",), worth=(1.0, 2.0, 3.0)),
        "solved": Steered("solved", "quality", 1, "%", worth=(5.0, 10.0, 20.0)),
        "loyal": Steered("loyal", "customers", 1, "points", worth=(40.0, 60.0, 80.0)),
        "tidy": Steered("tidy", "back office", 1, "points", levers=("training",)),
        "idle": Steered("idle", "archive", 1, "points"),
    }
    moved = {name: Moved(name, low=-1.0, high=1.0, assigned=assigned) for name in LEVERS}  # type: ignore[arg-type]
    return Company(panel, steered, moved)


def spread(panel: Panel, name: str) -> float:
    """The standard deviation within units, by its definition."""
    values = panel.of(name)
    return float(np.sqrt(np.nanmean((values - np.nanmean(values, axis=1, keepdims=True)) ** 2)))
