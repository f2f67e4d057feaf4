"""How many answers a figure needs for the half-width of the interval that is wanted."""

import math

_Z = 1.959963984540054


def needed(spread: float, design: float, wanted: float, population: int | None) -> int:
    """Answers for a half-width ``wanted`` at 95 %.

    ``spread``: standard deviation of answers, in the same unit; ``design``: the factor by which answers of the same
    persons widen the variance; ``population``: all that could be asked about, of which answers are a part, or null.
    """
    if wanted <= 0:
        raise ValueError(f"a half-width is positive, given {wanted}")
    free = design * (_Z * spread / wanted) ** 2
    if population:
        free = free / (1 + free / population)
    return max(math.ceil(free - 1e-9), 1)


def half_width(spread: float, design: float, answers: int, population: int | None) -> float:
    """The half-width at 95 % that so many answers give."""
    if answers < 2:
        return math.nan
    left = max(1 - answers / population, 0.0) if population else 1.0
    return _Z * spread * math.sqrt(design * left / answers)
