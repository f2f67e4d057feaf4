"""Restraint: how many answers a question still needs, who is addressed too often, and what that goes with."""
