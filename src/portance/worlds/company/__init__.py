"""Simulated companies: random ones for the gates, whose truth is known by counterfactual runs."""

from portance.worlds.company.drawing import KINDS, Kind
from portance.worlds.company.world import SMALLEST, Counterfactual, Pair, Truth, World, draw, live_together

__all__ = ["KINDS", "SMALLEST", "Counterfactual", "Kind", "Pair", "Truth", "World", "draw", "live_together"]
