"""What silence could hide: the figure if silent customers differ from answering ones of the same description.

They are let differ by up to half a standard deviation of the answers either way. An answer a standard deviation better
then changes the odds of being given by up to a factor e^0.5 = 1.65, the description held: the same measure on any scale.
"""

from dataclasses import dataclass

MOST = 0.5
"""In standard deviations of the answers."""


@dataclass(frozen=True, slots=True)
class Band:
    """Where the figure lies, sampling included, for every difference between ``least`` and ``most`` (in its unit)."""

    low: float
    high: float
    least: float
    most: float


def band(
    low: float, high: float, silent: float, *, least: float, most: float, ends: tuple[float, float]
) -> Band:
    """The band around an interval; ``silent`` is the share of customers who did not answer."""
    return Band(max(low + silent * least, ends[0]), min(high + silent * most, ends[1]), least, most)


def flips_at(verdict: str | None, low: float, high: float, against: float, silent: float) -> float | None:
    """The difference of the silent at which the interval no longer excludes ``against``.

    ``verdict`` ``above`` or ``below``; null where nothing is concluded or nobody is silent.
    """
    if verdict not in ("above", "below") or silent <= 0:
        return None
    return (against - (low if verdict == "above" else high)) / silent


def side_of(low: float, high: float, against: float) -> str | None:
    """Whether an interval lies above or below a value; null where it holds it."""
    if low >= against:
        return "above"
    return "below" if high <= against else None
