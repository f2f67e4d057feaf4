"""What breaks and broken promises do to staying: the tables ``retention``, ``retention_curve`` and ``customer_value``."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.estimation.nuisance import one_thread
from portance.experience.retention import records
from portance.experience.retention.comparing import effects
from portance.experience.retention.curving import curves
from portance.experience.retention.customer_value import CustomerValue
from portance.experience.retention.effect import Effect
from portance.experience.retention.following import Followed, follow
from portance.experience.retention.joining import joined, parts
from portance.experience.retention.lives import Counts, Lives
from portance.experience.retention.valuing import LOST, declared, measured

ANY = "any_break"
REPEATED = "repeated_breaks"
_REPEATS = 3
"""Breaks, of whatever kind, that make a customer one to whom it happens again and again."""
_DRAWS = 4000
_Z = 1.959964


def stay(charter: Charter, engine: Engine, as_of_us: int, seed: int) -> dict[str, pa.Table]:
    """Follow customers and tell what keeps them from staying; the same seed gives the same figures.

    Reads ``interactions``, ``persons``, ``breaks``, ``clocks`` and ``journeys``. Without a declared departure, or with too
    little to follow, the tables are empty or say why.
    """
    followed = follow(charter, engine, as_of_us)
    told = charter.retention
    found: list[Effect] = []
    if followed.lives is not None and told is not None:
        with one_thread():
            lives = joined(followed.lives)
            found = _effects(lives, told.chosen, seed)
        followed = replace(followed, lives=lives)
    rows = [records.effect_row(one, followed.sampled) for one in found]
    if not rows and followed.why not in (None, "not_declared"):
        rows = [_nothing(followed)]
    worth = measured(charter, followed.lives, seed) or declared(charter, LOST)
    return {
        "retention": records.table(records.RETENTION, rows),
        "retention_curve": records.table(
            records.CURVE, list(curves(followed, told.chosen if told is not None else ()))
        ),
        "customer_value": records.table(records.VALUE, _worths(charter, worth, found, seed)),
    }


def _nothing(followed: Followed) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(records.RETENTION.names)
    return empty | {
        "exposure": ANY, "reason": "all", "exposed": 0, "persons": len(followed.keys), "departures": 0, "grade": "E",
        "verdict": "not_detectable", "design": "none", "reason_null": followed.why, "exposed_departures": 0, "sampled": followed.sampled,
    }  # fmt: skip


def _effects(lives: Lives, chosen: Sequence[str], seed: int) -> list[Effect]:
    """All kinds of break side by side; any break, alone; many breaks, beside any; each long gap, beside shorter ones."""
    gaps = {name: counts for name, counts in lives.exposures.items() if name.startswith("gap:")}
    plain = {name: counts for name, counts in lives.exposures.items() if name not in gaps}
    found = effects(replace(lives, exposures=plain), tuple(plain), chosen=chosen, seed=seed)
    if plain:
        total: Counts = np.asarray(np.sum(list(plain.values()), axis=0), dtype=np.float32)
        any_lives = replace(lives, exposures={ANY: total})
        found += effects(any_lives, (ANY,), chosen=chosen, seed=seed)
        many = _repeated(total, lives.recent)
        found += [
            one
            for one in effects(
                replace(lives, exposures={ANY: total, REPEATED: many}), (ANY, REPEATED), chosen=chosen, seed=seed, only=("all",)
            )
            if one.exposure == REPEATED
        ]  # fmt: skip
    for name, far in gaps.items():
        missed = {f"promise:{one.removeprefix('gap:')}" for one in parts(name)}
        near = {one: np.maximum(plain[one] - far, 0) for one in plain if missed & set(parts(one))}
        if not far.any() or not near:
            continue
        beside = {**plain, **near, name: far}
        found += [
            one
            for one in effects(
                replace(lives, exposures=beside), tuple(beside), chosen=chosen, seed=seed, only=("all",)
            )
            if one.exposure == name
        ]
    return found


def _repeated(total: Counts, recent: int) -> Counts:
    """A mark in the periods in which a break brings those of the recent periods to three or more."""
    summed = np.cumsum(total, axis=1)
    before = np.zeros_like(summed)
    before[:, recent:] = summed[:, :-recent]
    return ((summed - before >= _REPEATS) & (total > 0)).astype(np.float32)


def _worths(
    charter: Charter, worth: CustomerValue | None, found: Sequence[Effect], seed: int
) -> list[dict[str, Any]]:
    """What a lost customer is worth, and one kept promise: the departures that breaking it brings, at that worth."""
    if worth is None:
        return []
    rows: list[dict[str, Any]] = [
        {
            "what": LOST, "value": worth.value, "low": worth.low, "high": worth.high, "source": worth.source, "n": worth.n,
            "grade": None, "reason": None,
        }
    ]  # fmt: skip
    generator = np.random.default_rng(seed)
    for name in charter.promises:
        broken = f"promise:{name}"
        one = next((one for one in found if broken in parts(one.exposure) and one.reason == "all"), None)
        if one is None:
            continue
        row: dict[str, Any] = {
            "what": f"kept_promise:{name}", "value": None, "low": None, "high": None, "source": worth.source, "n": one.exposed,
            "grade": one.grade, "reason": one.why,
        }  # fmt: skip
        if one.lost_per_100 is not None and one.lost_low is not None and one.lost_high is not None:
            lost = one.lost_per_100 / 100
            spread = (one.lost_high - one.lost_low) / 100 / (2 * _Z)
            drawn = (lost + spread * generator.standard_normal(_DRAWS)) * money_draws(
                worth, generator, _DRAWS
            )
            low, high = np.quantile(drawn, [0.025, 0.975])
            row |= {"value": lost * worth.value, "low": float(low), "high": float(high)}
        rows.append(row)
    return rows


def money_draws(
    worth: CustomerValue, generator: np.random.Generator, draws: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Draws of an amount within its range, most often near its value: triangular."""
    if worth.high <= worth.low:
        return np.full(draws, worth.value)
    return generator.triangular(worth.low, min(max(worth.value, worth.low), worth.high), worth.high, draws)
