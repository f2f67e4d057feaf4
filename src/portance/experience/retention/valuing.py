"""What a lost customer costs: the margin that staying would have brought, else what the company declares.

The expected margin still to come is the sum over the horizon of the chance to be still there, times the margin of a
period, discounted (science of customer lifetime value: Gupta, Lehmann and Stuart 2004); never revenue.
"""

import numpy as np

from portance.charter import Charter
from portance.charter.declared import Money
from portance.engine import Engine
from portance.estimation import by_person, ratio
from portance.experience.retention.customer_value import CustomerValue
from portance.experience.retention.lives import Lives, rows_at_risk

MARGIN = "customer_margin"
"""The declared worth of one period (week or month, as retention counts) of a customer who stays."""
LOST = "lost_customer"
DISCOUNT = "discount"
_YEARLY = 0.08
"""What a year takes off an amount to come where the charter does not say."""
_FEWEST_DEPARTURES = 30
_PER_YEAR = {"week": 365.25 / 7, "month": 12.0}


def lost_customer(charter: Charter, engine: Engine) -> CustomerValue | None:
    """The value of a lost customer: measured by the stage that follows customers where it could, else declared, else none."""
    if engine.columns_or_none("customer_value") is not None:
        rows = engine.rows(
            "select low, value, high, source, n from customer_value where what = 'lost_customer'"
        )
        if rows and None not in rows[0][:3]:
            low, value, high, source, n = rows[0]
            return CustomerValue(
                low, value, high, "measured" if source == "measured" else "declared", int(n or 0)
            )
    return declared(charter, LOST)


def declared(charter: Charter, name: str) -> CustomerValue | None:
    """An amount that the charter declares, with its range."""
    money = charter.values.get(name)
    if money is None:
        return None
    low, high = money.range or (money.value, money.value)
    return CustomerValue(low, money.value, high, "declared")


def measured(charter: Charter, lives: Lives | None, seed: int) -> CustomerValue | None:
    """The margin that a customer who is there today is expected still to bring within the horizon.

    Its range is that of the hazard of leaving and of the declared margin together. ``None`` without a declared margin, or
    with fewer than thirty departures seen.
    """
    margin = charter.values.get(MARGIN)
    if margin is None or lives is None or charter.retention is None or not lives.n:
        return None
    rows = rows_at_risk(lives)
    if int(rows.left.sum()) < _FEWEST_DEPARTURES:
        return None
    periods = np.maximum(lives.last - lives.first, 0)
    groups = by_person(np.arange(lives.n), lives.left & (periods > 0), periods)
    hazard = ratio(groups, seed=seed, proportion=True)
    if hazard.value is None or hazard.ci_low is None or hazard.ci_high is None:
        return None
    rate = _rate(charter) / _PER_YEAR[charter.retention.period]
    low, high = margin.range or (margin.value, margin.value)
    return CustomerValue(
        _worth(hazard.ci_high, low, rate, lives.horizon),
        _worth(hazard.value, margin.value, rate, lives.horizon),
        _worth(hazard.ci_low, high, rate, lives.horizon),
        "measured",
        hazard.persons,
    )


def _rate(charter: Charter) -> float:
    said: Money | None = charter.values.get(DISCOUNT)
    return said.value if said is not None else _YEARLY


def _worth(hazard: float, margin: float, rate: float, horizon: int) -> float:
    """Margin at the end of each period, for those still there."""
    steps = np.arange(1, horizon + 1)
    return float(margin * (((1 - hazard) / (1 + rate)) ** steps).sum())
