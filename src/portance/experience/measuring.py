"""Reading the four facets of a promise on the journeys of one segment."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from portance.charter.promise import FACETS, Level, Promise
from portance.estimation import Curve, Drawn, Wanted, means_drawn, quantiles_drawn, settled
from portance.experience import valuing
from portance.experience.facet import ALL, NOT_DECLARED, Facet
from portance.experience.population import Floats, Population, unit_of

MOST_PERSONS_OPEN = 1_000
"""Resampling a curve with open journeys takes ten times as long as one without, so its limit law is used sooner."""
MOST_PERSONS_CLOSED = 5_000
DECLARED = ("expected", "offered", "intended")
"""In the order in which journeys read the date announced to each customer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A facet with the resamples of each scale, from which gaps are made.

    ``native`` and ``points`` are the facet's own figures; ``conformance`` the share of journeys lived within it.
    ``shapes`` are its points under each of the value functions.
    """

    facet: Facet
    native: Drawn | None = None
    conformance: Drawn | None = None
    points: Drawn | None = None
    shapes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What is measured: one promise, in one segment, as of one local day, from one seed."""

    name: str
    promise: Promise
    segment: str
    today: date
    seed: int

    def seed_for(self, purpose: str) -> int:
        """A seed of its own, the same whatever else is measured beside it."""
        text = f"{self.seed}/{self.name}/{self.segment}/{purpose}"
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def quantile_of(functional: str) -> float | None:
    """The share that a percentile functional names; null for a mean or a share."""
    if functional == "median":
        return 0.5
    return int(functional[1:]) / 100 if functional.startswith("p") else None


def readings(scope: Scope, population: Population, asked: Mapping[str, Curve]) -> dict[str, Reading]:
    """The four facets of a promise, on the journeys of one segment.

    ``asked`` has, by facet, what respondents answered to the question that it names, in the promise's unit.
    """
    lived, announced = population.lived(), population.announced()
    found = {facet: _declared(scope, facet, population) for facet in DECLARED}
    found["lived"] = Reading(
        replace(
            _empty(scope, "lived", population), source=_lived_source(scope.promise), n=lived.n, persons=lived.exposed,
            open=int((~lived.ended).sum()),
        )
    )  # fmt: skip
    curves: dict[str, Curve] = {"lived": lived} if lived.n else {}
    due = next((level.due for facet in DECLARED if (level := scope.promise.level(facet)) and level.due), None)
    for facet in DECLARED:
        level = scope.promise.level(facet)
        if level is None or level.limit is not None:
            continue
        told = (
            f"announced to each customer at {level.due!r}" if level.due else f"answers to {level.responses!r}"
        )
        row = replace(found[facet].facet, source=told)
        if level.due and level.due != due:
            row = replace(row, reason=f"another announced date is read, at {due!r}")
        elif level.due and announced.n:
            curves[facet] = announced
        elif facet in asked and asked[facet].n:
            curves[facet] = asked[facet]
        elif level.responses and scope.segment != ALL:
            # respondents are a sample of everyone; nothing says which segment each belongs to
            row = replace(row, reason="answers are not told by segment")
        else:
            row = replace(row, reason="no observation", shown="suppressed")
        found[facet] = Reading(row)
    if "lived" not in curves:
        found["lived"] = Reading(replace(found["lived"].facet, reason="no observation", shown="suppressed"))
    found |= _native(scope, found, curves)
    found |= _conformance(scope, found, lived)
    found |= _points(scope, found, curves)
    return {facet: found[facet] for facet in FACETS}


# ---- what is declared


def _empty(scope: Scope, facet: str, population: Population) -> Facet:
    return Facet(
        promise=scope.name, segment=scope.segment, facet=facet, functional=scope.promise.functional, value=None,
        unit=unit_of(scope.promise), n=0, ci_low=None, ci_high=None, source=None, weight_note=population.weight_note,
    )  # fmt: skip


def _declared(scope: Scope, facet: str, population: Population) -> Reading:
    level = scope.promise.level(facet)
    row = replace(_empty(scope, facet, population), weight_note=None)
    if level is None:
        return Reading(replace(row, reason=NOT_DECLARED))
    if level.limit is None:
        return Reading(replace(row, weight_note=population.weight_note if level.due else None))
    age = (scope.today - level.since).days if level.since else None
    row = replace(
        row, value=level.limit, source=_author(level, age), method="declared", declared_by=level.by or level.source,
        declared_since=level.since, age_days=age,
    )  # fmt: skip
    if scope.promise.functional == "share" and not 0 <= level.limit <= 1:
        return Reading(replace(row, reason=f"{level.limit:g} is declared, but a share lies between 0 and 1"))
    return Reading(row, native=settled(level.limit))


def _author(level: Level, age: int | None) -> str:
    parts = ["declared"]
    if level.by:
        parts.append(f"by {level.by}")
    if level.source:
        parts.append(f"({level.source})" if level.by else f"in {level.source}")
    if level.since:
        parts.append(f"since {level.since.isoformat()}")
    if age is not None:
        parts.append(f"({age} days old)" if age >= 0 else f"(in force in {-age} days)")
    return " ".join(parts)


def _lived_source(promise: Promise) -> str:
    if promise.clock:
        return f"clock from {promise.clock.from_!r} to {promise.clock.to!r}"
    return f"measure {promise.measure}"


# ---- native: at the functional of the promise


def _native(scope: Scope, found: dict[str, Reading], curves: dict[str, Curve]) -> dict[str, Reading]:
    """Facets on the same customers are resampled together; answers of respondents on their own."""
    made: dict[str, Reading] = {}
    for together in _groups(scope, curves):
        facets = list(together)
        held = [together[facet] for facet in facets]
        q, seed = quantile_of(scope.promise.functional), scope.seed_for("native/" + "/".join(facets))
        if q is not None:
            closed = all(curve.closed for curve in held)
            most = MOST_PERSONS_CLOSED if closed else MOST_PERSONS_OPEN
            drawn = quantiles_drawn(held, q, seed=seed, most_persons=most)
        else:
            bounds = (0.0, 1.0) if scope.promise.functional == "share" else None
            drawn = means_drawn([Wanted(curve, bounds=bounds) for curve in held], seed=seed)
        for facet, curve, figure in zip(facets, held, drawn, strict=True):
            estimate = figure.estimate(n=curve.n, persons=curve.exposed)
            row = replace(
                found[facet].facet, value=estimate.value, ci_low=estimate.ci_low, ci_high=estimate.ci_high, n=estimate.n,
                persons=estimate.persons, shown=estimate.shown, method=estimate.method, reason=estimate.reason,
            )  # fmt: skip
            made[facet] = replace(found[facet], facet=row, native=figure)
    return made


def _groups(scope: Scope, curves: dict[str, Curve]) -> list[dict[str, Curve]]:
    customers, alone = {}, []
    for facet, curve in curves.items():
        level = scope.promise.level(facet)
        if level is not None and level.responses:
            alone.append({facet: curve})
        else:
            customers[facet] = curve
    return [group for group in (customers, *alone) if group]


# ---- conformance: the share of journeys lived within each facet's value


def _conformance(scope: Scope, found: dict[str, Reading], lived: Curve) -> dict[str, Reading]:
    promise = scope.promise
    if promise.functional == "share" or not lived.n:
        return {}
    within = [facet for facet in DECLARED if math.isfinite(_value(found[facet]))]
    wanted = [_within(lived, _value(found[facet]), promise.better) for facet in within]
    made = {}
    if wanted:
        drawn = means_drawn(wanted, seed=scope.seed_for("conformance"))
        for facet, figure in zip(within, drawn, strict=True):
            estimate = figure.estimate(n=lived.n, persons=lived.exposed)
            row = replace(
                found[facet].facet,
                level=estimate.value,
                level_low=estimate.ci_low,
                level_high=estimate.ci_high,
            )
            made[facet] = replace(found[facet], facet=row, conformance=figure)
    q = quantile_of(promise.functional)
    if q is not None:
        target = settled(q if promise.better == "lower" else 1 - q)
        made["lived"] = replace(found["lived"], conformance=target)
    return made


def _within(lived: Curve, threshold: float, better: str) -> Wanted:
    """The share of journeys at least as good as a threshold; unknown where nobody was followed that long."""

    def good(values: Floats) -> Floats:
        return (values <= threshold if better == "lower" else values >= threshold).astype(np.float64)

    known = threshold <= lived.reach or lived.closed
    rest = (0.0 if better == "lower" else 1.0) if known else math.nan
    return Wanted(lived, good, beyond=rest, bounds=(0.0, 1.0))


def _value(reading: Reading) -> float:
    return reading.native.value if reading.native else math.nan


# ---- points: between declared anchors


def _points(scope: Scope, found: dict[str, Reading], curves: dict[str, Curve]) -> dict[str, Reading]:
    anchors, promise = scope.promise.anchors, scope.promise
    if (
        anchors is None
        or promise.functional == "share"
        or valuing.rising(anchors) != (promise.better == "higher")
    ):
        return {}
    worths = [shape(anchors) for shape in valuing.SHAPES]
    made: dict[str, Reading] = {}
    for facet, reading in found.items():
        if promise.functional == "mean" and reading.native is not None and reading.native.certain:
            values = [float(worth(np.asarray([reading.native.value]))[0]) for worth in worths]
            row = replace(reading.facet, points=values[0])
            made[facet] = replace(reading, facet=row, points=settled(values[0]), shapes=tuple(values))
    for together in _groups(scope, curves):
        wanted = [
            Wanted(curve, worths[0], valuing.beyond(anchors, curve, worths[0]), valuing.BOUNDS)
            for curve in together.values()
        ]
        drawn = means_drawn(wanted, seed=scope.seed_for("points/" + "/".join(together)))
        for (facet, curve), figure in zip(together.items(), drawn, strict=True):
            estimate = figure.estimate(n=curve.n, persons=curve.exposed)
            shapes = tuple(
                curve.mean(worth, beyond=valuing.beyond(anchors, curve, worth)) for worth in worths
            )
            row = replace(
                found[facet].facet, points=estimate.value, points_low=estimate.ci_low, points_high=estimate.ci_high,
                out_of_scale=valuing.out_of_scale(anchors, curve) if estimate.shown != "suppressed" else None,
            )  # fmt: skip
            made[facet] = replace(found[facet], facet=row, points=figure, shapes=shapes)
    return made
