"""What declarations alone tell: opposed levers, and targets that cannot be met together."""
