"""What a value is worth between declared anchors: 0 unacceptable, 50 adequate, 100 desired."""

from collections.abc import Callable

import numpy as np

from portance.charter.promise import Anchors
from portance.estimation import Curve
from portance.experience.population import Floats

Worth = Callable[[Floats], Floats]
BOUNDS = (0.0, 100.0)


def rising(anchors: Anchors) -> bool:
    """Whether the anchors say that more is better."""
    return anchors.unacceptable < anchors.desired


def linear(anchors: Anchors) -> Worth:
    """Straight between the anchors, and flat outside them."""
    known = sorted([(anchors.unacceptable, 0.0), (anchors.adequate, 50.0), (anchors.desired, 100.0)])
    at, points = zip(*known, strict=True)
    return lambda values: np.interp(values, at, points)


def concave(anchors: Anchors) -> Worth:
    """The first points count most: the square root, from 0 to 100."""
    straight = linear(anchors)
    return lambda values: 10 * np.sqrt(straight(values))


def loss_averse(anchors: Anchors) -> Worth:
    """A point under what is adequate counts twice one above it."""
    straight = linear(anchors)
    return lambda values: np.where(straight(values) < 50, 2 * straight(values) - 50, straight(values))


SHAPES = (linear, concave, loss_averse)
"""The three value functions under which the sign of a gap is tried."""


def beyond(anchors: Anchors, curve: Curve, worth: Worth) -> float:
    """What a value is worth that is only known to be larger than all that ended; NaN where it could be anything."""
    last = anchors.desired if rising(anchors) else anchors.unacceptable
    return float(worth(np.asarray([last]))[0]) if curve.reach >= last else float("nan")


def out_of_scale(anchors: Anchors, curve: Curve) -> float | None:
    """The share of observations whose value lies outside the anchors."""
    if not curve.n:
        return None
    low, high = sorted((anchors.unacceptable, anchors.desired))
    outside = (curve.values < low) | (curve.values > high)
    return float(curve.weights[outside].sum() / curve.weights.sum())
