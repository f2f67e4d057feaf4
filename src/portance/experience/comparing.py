"""The gaps between the facets of a promise, on each scale."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from portance.charter.promise import Promise
from portance.estimation import Drawn
from portance.experience import valuing
from portance.experience.gap import PAIRS, SCALES, Gap, Scale
from portance.experience.measuring import Reading, Scope
from portance.experience.population import unit_of


def gaps(scope: Scope, found: Mapping[str, Reading]) -> Iterator[Gap]:
    """Six gaps on every scale that the promise has; null with a reason where one of its two facets is missing."""
    for scale in SCALES:
        if scale == "points" and scope.promise.anchors is None:
            continue
        for name in PAIRS:
            yield _gap(scope, scale, name, found)


def _gap(scope: Scope, scale: Scale, name: str, found: Mapping[str, Reading]) -> Gap:
    first, second, nature = PAIRS[name]
    a, b = found[first], found[second]
    promise = scope.promise
    unit = {"native": unit_of(promise), "conformance": "share", "points": "points"}[scale]
    gap = Gap(
        promise=scope.name, segment=scope.segment, gap=name, scale=scale, value=None, ci_low=None, ci_high=None,
        owner=", ".join(promise.owners) or None, unit=unit, functional=promise.functional, nature=nature,
    )  # fmt: skip
    reason = _unsaid(promise, scale) or _missing(a) or _missing(b) or _apart(a, b, scale, promise)
    left, right = _drawn(a, scale, promise), _drawn(b, scale, promise)
    if reason is not None or left is None or right is None:
        return replace(gap, method="none", reason=reason or "no observation")
    if left.certain and right.certain:
        return replace(gap, value=left.value - right.value, sign_robust=_sign(a, b, scale))
    n, persons = _counts(a, b, found["lived"], scale)
    apart = _bounded(left.less(right), (right if left.certain else left).method)
    estimate = apart.estimate(n=n, persons=persons)
    return replace(
        gap, value=estimate.value, ci_low=estimate.ci_low, ci_high=estimate.ci_high, n=n, persons=persons,
        shown=estimate.shown, method=estimate.method, reason=estimate.reason,
        sign_robust=_sign(a, b, scale) if estimate.value is not None else None,
        weight_note=a.facet.weight_note or b.facet.weight_note or found["lived"].facet.weight_note,
    )  # fmt: skip


def _unsaid(promise: Promise, scale: Scale) -> str | None:
    """Why a promise has no gaps on a scale."""
    if scale == "conformance" and promise.functional == "share":
        return "the native scale is already a share"
    if scale == "conformance" and promise.functional == "mean":
        return "a mean names no share of journeys to reach"
    if scale == "points" and promise.functional == "share":
        return "a share is its own scale"
    if (
        scale == "points"
        and promise.anchors
        and valuing.rising(promise.anchors) != (promise.better == "higher")
    ):
        return f"the anchors go the other way than {promise.better} is better"
    return None


def _apart(a: Reading, b: Reading, scale: Scale, promise: Promise) -> str | None:
    """Why two facets cannot be set against each other: a level declared at a percentile is no mean of points."""
    declared = any(side.native is not None and side.native.certain for side in (a, b))
    if scale == "points" and declared and promise.functional != "mean":
        return f"points are means, declared at another functional ({promise.functional})"
    return None


def _missing(reading: Reading) -> str | None:
    if reading.native is not None:
        return None
    return f"{reading.facet.facet}: {reading.facet.reason or 'no observation'}"


def _drawn(reading: Reading, scale: Scale, promise: Promise) -> Drawn | None:
    """The facet's figure on a scale, turned so that higher is better.

    A facet that asks more is lived within by fewer: what it stands for rises as its conformance falls.
    """
    if scale == "native":
        return reading.native.oriented(promise.better) if reading.native else None
    if scale == "conformance":
        return reading.conformance.oriented("lower") if reading.conformance else None
    return reading.points


def _counts(a: Reading, b: Reading, lived: Reading, scale: Scale) -> tuple[int, int]:
    """How many observations and persons stand behind a gap: of its rarer uncertain side."""
    if scale == "conformance":
        return lived.facet.n, lived.facet.persons
    sides = [side.facet for side in (a, b) if side.native is not None and not side.native.certain]
    return min(side.n for side in sides), min(side.persons for side in sides)


def _bounded(apart: Drawn, method: str) -> Drawn:
    """Where both sides are out of reach their difference is not bounded at all."""
    low = np.where(np.isnan(apart.low), -math.inf, apart.low)
    high = np.where(np.isnan(apart.high), math.inf, apart.high)
    return Drawn(apart.value, low, high, method)


def _sign(a: Reading, b: Reading, scale: Scale) -> str | None:
    if scale != "points" or not a.shapes or not b.shapes:
        return None
    apart = np.sign([left - right for left, right in zip(a.shapes, b.shapes, strict=True)])
    return f"{int(np.sum(apart == apart[0]))}/{len(apart)}"
