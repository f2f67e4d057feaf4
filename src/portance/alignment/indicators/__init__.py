"""Readings as panels of units by periods, and what is declared of their columns."""
