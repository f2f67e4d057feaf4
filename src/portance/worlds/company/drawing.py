"""Random companies: which mechanisms exist in them, how strong they are, what surrounds them and who sets what when."""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from portance.worlds.company.nature import Nature
from portance.worlds.company.steering import HIDDEN, LEVERS

Floats = npt.NDArray[np.float64]
Kind = Literal["observed", "null", "hidden", "hidden_null", "nonlinear", "lagged", "gamed", "unmoved"]
KINDS: tuple[Kind, ...] = get_args(Kind)
WARM_UP, LONG_WARM_UP = 12, 36
"""Weeks lived before the first that is shown, so that habits and frustration have settled; long where lags are."""
SHORTEST = 12
HORIZON = 156
"""Weeks after those that are shown for which a company can be asked what a decision would do."""

_HARMS = ("rush", "poor_leads", "starts", "late", "hurried_releases", "autonomy_s", "autonomy_cost", "wages")
_NULL = ("null", "hidden_null")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A company before it has lived: its nature, conditions (weeks, teams, 4) and settings (weeks, teams, levers).

    Weeks run from the warm-up to the last of the horizon. ``planted`` names the harmful mechanisms that exist.
    """

    seed: int
    kind: Kind
    nature: Nature
    conditions: Floats
    settings: Floats
    changes: npt.NDArray[np.bool_]
    """Weeks (weeks, teams, levers) in which a lever is set anew."""
    planted: tuple[str, ...]
    warm_up: int
    hidden_sets: bool
    """Whether those who set levers react to the hidden condition."""
    code: int
    """With the seed, the key of its chances."""


def drawn(seed: int, kind: Kind, teams: int = 24, weeks: int = 52) -> Drawn:
    """Draw a company; the same arguments give the same one."""
    if kind not in KINDS:
        raise ValueError(f"no kind of company is called {kind!r}; there are: {', '.join(KINDS)}")
    if weeks < SHORTEST:
        raise ValueError(f"a company is shown for at least {SHORTEST} weeks, not {weeks}")
    rng = np.random.default_rng([seed, KINDS.index(kind), teams, weeks, 101])
    nature, planted = _nature(rng, kind, teams)
    warm_up = LONG_WARM_UP if kind == "lagged" else WARM_UP
    conditions = _conditions(rng, teams, warm_up + weeks + HORIZON)
    hidden_sets = bool(rng.random() < 0.5) and kind in ("hidden", "hidden_null")
    settings, changes = _settings(rng, kind, conditions, (warm_up, warm_up + weeks), hidden_sets=hidden_sets)
    return Drawn(
        seed, kind, nature, conditions, settings, changes, planted, warm_up, hidden_sets, KINDS.index(kind)
    )


def surrounded(rng: np.random.Generator, seed: int, code: int, teams: int, weeks: int) -> Drawn:
    """A company without any harmful mechanism, among random surroundings, to which a story adds its own."""
    nature, _ = _nature(rng, "null", teams)
    conditions = _conditions(rng, teams, WARM_UP + weeks + HORIZON)
    settings, changes = _settings(rng, "observed", conditions, (WARM_UP, WARM_UP + weeks), hidden_sets=False)
    return Drawn(
        seed, "observed", nature, conditions, settings, changes, (), WARM_UP, hidden_sets=False, code=code
    )


def _nature(rng: np.random.Generator, kind: Kind, teams: int) -> tuple[Nature, tuple[str, ...]]:
    def around(middle: float, spread: float = 0.1) -> Floats:
        return np.asarray(middle * np.exp(spread * rng.standard_normal(teams)))

    def logit(middle: float, spread: float = 0.15) -> Floats:
        return np.asarray(middle + spread * rng.standard_normal(teams))

    def strength(low: float, high: float) -> Floats:
        return around(rng.uniform(low, high), 0.15)

    none = np.zeros(teams)
    nature = Nature(
        needs=around(12.5, 0.12), need_s=around(270.0, 0.06), complex_times=around(1.7, 0.05), slack=around(0.3, 0.1),
        give=around(0.35, 0.1), newcomer_times=around(1.25, 0.05), resolve_simple=logit(1.9), resolve_complex=logit(0.75),
        newcomer_logit=around(0.45), autonomy_logit=strength(1.0, 1.5), open_s=np.full(teams, 10_800.0), returns=around(0.75, 0.03), patience_s=around(900.0),
        leads=around(52.0, 0.15), campaign_gain=strength(0.7, 1.1), convert=logit(-0.7), delay_logit=strength(0.28, 0.4),
        deliver_days=around(4.0, 0.05), cancel=around(0.10), releases=around(10.0, 0.1), on_time=logit(0.5),
        pace_logit=strength(1.8, 2.6), learn=around(0.34), forget=around(0.10), rekey_s=strength(60.0, 90.0),
        leave=around(0.004), leave_frustrated=strength(0.08, 0.12), calm=np.full(teams, rng.uniform(0.55, 0.75)),
        notice=np.full(teams, float(rng.integers(1, 4))), score=around(4.4, 0.02),
        rush=strength(5.0, 8.0), rush_from=none, poor_leads=strength(0.5, 0.9), starts=np.clip(strength(0.8, 1.0), 0, 1), late=np.ones(teams), complains=none,
        hurried_releases=np.clip(strength(0.75, 0.9), 0, 0.97), autonomy_s=strength(70.0, 130.0),
        autonomy_cost=strength(10.0, 16.0), wages=strength(22.0, 36.0), waiting=strength(0.8, 1.2), saturation=none,
        gamed=none, hidden=none,
    )  # fmt: skip
    on = rng.random(len(_HARMS)) < 0.6
    waiting = rng.random() < 0.7
    planted = tuple(name for name, here in zip(_HARMS, on, strict=True) if here and kind not in _NULL)
    off: dict[str, Any] = {name: none for name in _HARMS if name not in planted}
    if not waiting:
        off["waiting"] = none
    nature = replace(nature, **off)
    if kind in ("hidden", "hidden_null"):
        nature = replace(nature, hidden=np.ones(teams) * rng.uniform(0.8, 1.2))
    elif kind == "nonlinear":
        nature = replace(
            nature, saturation=np.full(teams, 3.0), rush_from=np.full(teams, 0.22) * (nature.rush > 0),
            rush=nature.rush * 2.2,
        )  # fmt: skip
    elif kind == "lagged":
        nature = replace(
            nature, notice=np.full(teams, float(rng.integers(8, 15))), calm=np.full(teams, rng.uniform(0.88, 0.93)),
            leave_frustrated=nature.leave_frustrated * 0.4, learn=nature.learn * 0.25, forget=nature.forget * 0.25,
        )  # fmt: skip
    elif kind == "gamed":
        nature = replace(nature, gamed=np.full(teams, rng.uniform(0.3, 0.6)))
    return nature, planted


def _walk(rng: np.random.Generator, weeks: int, teams: int, memory: float) -> Floats:
    """A stationary series of each team, mean 0 and spread 1, that remembers ``memory`` of the week before."""
    shocks = rng.standard_normal((weeks, teams))
    told = np.empty((weeks, teams))
    told[0] = shocks[0]
    for week in range(1, weeks):
        told[week] = memory * told[week - 1] + np.sqrt(1 - memory**2) * shocks[week]
    return told


def _conditions(rng: np.random.Generator, teams: int, weeks: int) -> Floats:
    week = np.arange(weeks)[:, None]
    season = 0.12 * np.sin(2 * np.pi * (week / 52 + rng.random())) + 0.05 * np.sin(
        4 * np.pi * (week / 52 + rng.random())
    )
    company = 0.04 * rng.standard_normal((weeks, 1))
    demand = np.exp(season + company + 0.13 * _walk(rng, weeks, teams, 0.9))
    complex_ = 0.35 + 0.05 * rng.standard_normal(teams) + 0.07 * _walk(rng, weeks, teams, 0.92)
    new = 0.28 + 0.04 * rng.standard_normal(teams) + 0.09 * _walk(rng, weeks, teams, 0.94)
    hidden = _walk(rng, weeks, teams, 0.93)
    return np.stack((demand, np.clip(complex_, 0.08, 0.7), np.clip(new, 0.02, 0.7), hidden), axis=-1)


def _settings(
    rng: np.random.Generator, kind: Kind, conditions: Floats, shown: tuple[int, int], *, hidden_sets: bool
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Levers set at a few dates of each team's own, partly in reaction to what was seen in the four weeks before."""
    total, teams, _ = conditions.shape
    seen = np.stack(
        (np.log(conditions[..., 0]), conditions[..., 1], conditions[..., 2], conditions[..., HIDDEN]), axis=-1
    )
    seen = (seen - seen.mean(axis=(0, 1))) / seen.std(axis=(0, 1))
    settings = np.empty((total, teams, len(LEVERS)))
    changes = np.zeros((total, teams, len(LEVERS)), dtype=bool)
    for place, lever in enumerate(LEVERS):
        watched = rng.permutation(3)[:2]
        reacts = rng.choice((-1.0, 1.0), 2) * rng.uniform(0.5, 1.0, 2)
        moved_by_hidden = rng.choice((-1.0, 1.0)) * rng.uniform(0.7, 1.1) if hidden_sets else 0.0
        for team in range(teams):
            often = int(rng.integers(2, 6))
            dates = np.sort(rng.choice(np.arange(shown[0] + 3, shown[1] - 3), often, replace=False))
            luck = rng.standard_normal(often + 1)
            home = 0.25 * rng.standard_normal()
            starts = [0, *dates]
            for number, start in enumerate(starts):
                before = seen[max(start - 4, 0) : max(start, 1), team].mean(axis=0)
                pull = float(reacts @ before[watched]) + moved_by_hidden * float(before[HIDDEN])
                level = 0.5 + 0.12 * home + 0.20 * pull + 0.33 * luck[number]
                end = starts[number + 1] if number < often else total
                settings[start:end, team, place] = lever.low + (lever.high - lever.low) * np.clip(
                    level, 0.0, 1.0
                )
                changes[start, team, place] = number > 0
                if kind == "unmoved":
                    settings[:, team, place] = settings[0, team, place]
                    changes[:, team, place] = False
                    break
    return settings, changes
