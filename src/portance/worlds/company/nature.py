"""How the customers, the staff and the surroundings of a simulated company behave: every number of a world."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CUSTOMERS = 600
USERS = 12
"""Persons of a team who handle its calls and use its tool."""
DAYS = 5
IN_TIME_S = 60.0
AGAIN_WITHIN = 5
"""Working days within which another call about the same problem means that the first did not settle it."""
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Nature:
    """The parameters of each team, arrays of shape (teams,). A strength of 0 means that the mechanism does not exist.

    Rates are per team and week unless said; logits are natural.
    """

    needs: Floats
    """Problems that customers have, a day, at demand 1."""
    need_s: Floats
    """Median time that a simple problem needs."""
    complex_times: Floats
    """How many times longer a complex problem needs."""
    slack: Floats
    """Share of talk beyond what the problem needs, when nothing presses."""
    give: Floats
    """Share of the time over the target that agents take all the same."""
    newcomer_times: Floats
    resolve_simple: Floats
    """Logit of settling a simple problem with all the time it needs."""
    resolve_complex: Floats
    newcomer_logit: Floats
    autonomy_logit: Floats
    """What full autonomy adds to the logit of settling."""
    open_s: Floats
    """Seconds a day during which calls come."""
    returns: Floats
    """Probability that a customer whose problem is not settled calls again."""
    patience_s: Floats
    leads: Floats
    campaign_gain: Floats
    """How many times more leads full campaign pressure brings, beyond those without any."""
    convert: Floats
    """Logit of a lead signing at a promised delay of five days."""
    delay_logit: Floats
    """What a day less promised adds to it."""
    deliver_days: Floats
    """Median days that a delivery takes."""
    cancel: Floats
    """Probability that an order is cancelled when nothing goes wrong."""
    releases: Floats
    on_time: Floats
    pace_logit: Floats
    learn: Floats
    """Probability, a week, that a person who works around the tool takes it up."""
    forget: Floats
    """Probability, a week, that a release drives a person back to the workaround."""
    rekey_s: Floats
    """Seconds that a call handled beside the tool takes more."""
    leave: Floats
    """Probability, a week, that a customer without frustration leaves."""
    leave_frustrated: Floats
    """What full frustration adds to it."""
    calm: Floats
    """Share of frustration left after a week."""
    notice: Floats
    """Weeks at most between deciding to leave and having left."""
    score: Floats
    """Mean answer of a customer with nothing to complain about, from 1 to 5."""

    rush: Floats
    """Harm of a call cut short: logit lost per share of the needed time not given."""
    rush_from: Floats
    """Share of the time that may be cut without harm."""
    poor_leads: Floats
    """Harm of campaign pressure: logit of signing lost at full pressure; some who sign cancel."""
    starts: Floats
    """Probability that an order brings a call for help with starting."""
    late: Floats
    """1 where deliveries take the time they take, so that a shorter promise is broken more often; 0 where they adapt."""
    complains: Floats
    """Probability that a broken promise brings a call."""
    hurried_releases: Floats
    """Share of training that the fastest release pace takes away."""
    autonomy_s: Floats
    """Seconds that full autonomy adds to a call."""
    autonomy_cost: Floats
    """Money that full autonomy gives away on a settled complex problem."""
    wages: Floats
    """Money for an agent on duty for a day."""
    waiting: Floats
    """Frustration of waiting ten minutes."""
    saturation: Floats
    """How bent the answer of leads to campaign pressure is: 0 in proportion, 3 nearly all of it from the first half."""
    gamed: Floats
    """Probability that a call beyond its target is split into two, and a late release dated again."""
    hidden: Floats
    """How strongly the hidden condition moves people, 0 where there is none."""


NAMES = tuple(field.name for field in fields(Nature))


def stacked(natures: list[Nature], runs: int) -> Nature:
    """The parameters of each lane, (cases × runs × teams,), from those of each case."""
    return Nature(
        **{name: np.concatenate([np.tile(getattr(one, name), runs) for one in natures]) for name in NAMES}
    )
