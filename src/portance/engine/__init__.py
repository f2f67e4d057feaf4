"""The only place that executes SQL: steps as values, one door, an allow-list."""

from portance.engine.engine import Engine, Progress, literal, open_engine
from portance.engine.step import Step, StepRun

__all__ = ["Engine", "Progress", "Step", "StepRun", "literal", "open_engine"]
