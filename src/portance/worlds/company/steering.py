"""What the simulated company steers by: its functions, indicators, levers and the conditions that it records."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Followed:
    """An indicator as it is declared: who owns it, which way is better, and what it divides by what."""

    name: str
    function: str
    better: int
    unit: str
    lever: str | None
    above: str
    below: str
    times: float = 1.0
    worth: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """A lever: its function, the ends of its range, and which end suits the indicator of its owner."""

    name: str
    function: str
    low: float
    high: float
    up_is_better: bool
    indicator: str
    unit: str = ""


INDICATORS = (
    Followed("leads", "marketing", 1, "leads", "campaign", "leads", "one", 1.0, (4.0, 6.0, 9.0)),
    Followed("conversion", "sales", 1, "%", "promised_delay", "orders", "leads", 100.0, (25.0, 40.0, 55.0)),
    Followed("cancellations", "loyalty", -1, "%", None, "cancelled", "orders", 100.0, (8.0, 14.0, 20.0)),
    Followed("handling_time", "service", -1, "s", "handling_target", "talk_s", "handled", 1.0),
    Followed("answered_in_time", "service", 1, "%", "staffing", "in_time", "offered", 100.0),
    Followed("first_contact_resolution", "loyalty", 1, "%", "autonomy", "settled", "answered", 100.0),
    Followed("releases_on_time", "digital", 1, "%", "release_pace", "on_time", "releases", 100.0),
    Followed("adoption", "operations", 1, "%", None, "in_tool", "answered_by", 100.0),
    Followed("cost_to_serve", "finance", -1, "EUR", None, "cost", "hundreds", 1.0, (4.0, 6.0, 8.0)),
    Followed("satisfaction", "loyalty", 1, "points", None, "scores", "surveyed"),
    Followed(
        "departures", "loyalty", -1, "per 1,000", None, "departed", "thousands", 1.0, (40.0, 72.0, 110.0)
    ),
)
"""``above`` and ``below`` are sums of a team's week; none of these indicators shares one with another."""

LEVERS = (
    Set("campaign", "marketing", 0.0, 1.0, True, "leads"),
    Set("promised_delay", "sales", 3.0, 7.0, False, "conversion", "days"),
    Set("handling_target", "service", 330.0, 570.0, False, "handling_time", "s"),
    Set("staffing", "service", 1.5, 3.1, True, "answered_in_time", "agents"),
    Set("autonomy", "loyalty", 0.0, 1.0, True, "first_contact_resolution"),
    Set("release_pace", "digital", 0.0, 1.0, True, "releases_on_time"),
)
CONDITIONS = ("demand", "complex_share", "new_agents")
SUMS = tuple(dict.fromkeys(name for row in INDICATORS for name in (row.above, row.below)))
"""What is added up for each team and week."""

CAMPAIGN, PROMISED, TARGET, STAFFING, AUTONOMY, PACE = range(len(LEVERS))
DEMAND, COMPLEX, NEW, HIDDEN = range(4)
