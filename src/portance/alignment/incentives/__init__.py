"""Scorecards read for what they make worth doing."""
