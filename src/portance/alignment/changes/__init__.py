"""Dated changes held against breaks before and after, and what nothing holds together."""
