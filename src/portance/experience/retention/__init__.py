"""Retention: what breaks and broken promises do to staying, for those who may leave and those who are held."""
