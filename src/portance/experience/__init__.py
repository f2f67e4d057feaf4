"""Promises: four facets of each, the gaps between them, and how often they are kept."""

from portance.experience.stage import Experience

__all__ = ["Experience"]
